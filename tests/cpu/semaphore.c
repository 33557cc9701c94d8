/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/semaphore: xchg, cmpxchg, cmp8xchg16, fetchadd: values in both byte orders, NaTs,
 * alignment, missing translations, memory that takes no semaphores (SDM 3: their pages; 2:4.4.9;
 * 2:8.3 ISR).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/cpu/lib/memref.h"

enum { NAT_CODE = 0x10 };
#define UC     (1ull << 63)
#define ISR_RW (ISR_R | ISR_W)

static bool starts(const struct isa_row *row, const char *part)
{
    return !strncmp(row->name, part, strlen(part));
}
static bool sem_row(const struct isa_row *row)
{
    return row->attr & ISA_ATTR_SEMAPHORE && !(row->attr & ISA_ATTR_LATER);
}
/* Bytes read. */
static unsigned size_of(const struct isa_row *row)
{
    const char *d = row->name + strcspn(row->name, "1248");
    return (unsigned)(*d - '0');
}
static uint64_t mask(unsigned size)
{
    return size == 8 ? ~0ull : (1ull << 8 * size) - 1;
}
static const uint8_t regs[][3] = {{8, 9, 10},  {40, 127, 33}, {9, 9, 10},
                                  {10, 9, 10}, {8, 10, 10},   {8, 0, 41}};

static void values(struct sut *s, const struct isa_row *row)
{
    static const int64_t inc[] = {1, 4, 8, 16, -1, -4, -8, -16};
    const unsigned size = size_of(row);
    const bool wide = starts(row, "cmp8xchg16"), cmp = starts(row, "cmpxchg") || wide;

    for (unsigned n = 0; n < 48; n++) {
        struct isa_insn in = insn(row->op);
        const uint8_t *r = regs[n % 6];
        in.r1 = r[0];
        in.r2 = r[1];
        in.r3 = r[2];
        in.hint = n & 3;
        if (starts(row, "fetchadd")) {
            in.imm = (uint64_t)inc[n % 8];
            in.r2 = 0;
        }
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            for (unsigned be = 0; be < 2; be++) {
                const uint64_t va = DATA + 16 + n % 8 * size;
                if (!setup(s, &in, va, be ? PSR_BE : 0))
                    return;
                if (n % 4 == 1) /* carries and wraps */
                    memset(phys_host(s->m, va, size), n & 4 ? 0xff : 0, size);
                const uint64_t old = peek(s, va, size, be);
                /* AR[CCV]: equal; equal but for bits beyond the access; different by one bit. */
                if (n % 3 == 0)
                    s->cpu->ar[AR_CCV] = old;
                else if (n % 3 == 1)
                    s->cpu->ar[AR_CCV] = size == 8 ? old ^ 1 : old | 1ull << (8 * size);
                else
                    s->cpu->ar[AR_CCV] = old ^ 1ull << (n % (8 * size));
                const bool stores = !cmp || s->cpu->ar[AR_CCV] == old;
                const uint64_t r2 = gr(s->cpu, in.r2)->v, csd = s->cpu->ar[AR_CSD];
                if (in.r1 != in.r2 && in.r1 != in.r3)
                    gr(s->cpu, in.r1)->n = 1;
                go(s);
                if (!expect_no_fault(s))
                    continue;
                expect_u64(old, gr(s->cpu, in.r1)->v, "%s (%s) be %u", s->text,
                           run_mode_name[s->mode], be);
                expect_u64(0, gr(s->cpu, in.r1)->n, "%s (%s): NaT", s->text,
                           run_mode_name[s->mode]);
                if (stores && wide) {
                    expect_u64(r2, peek(s, va & ~15ull, 8, be), "%s (%s) be %u: lower half",
                               s->text, run_mode_name[s->mode], be);
                    expect_u64(csd, peek(s, va | 8, 8, be), "%s (%s) be %u: upper half", s->text,
                               run_mode_name[s->mode], be);
                    memcpy(after.data + ((va & ~15ull) - DATA),
                           before.data + ((va & ~15ull) - DATA), 16);
                } else if (stores) {
                    const uint64_t want = starts(row, "fetchadd") ? old + in.imm : r2;
                    expect_u64(want & mask(size), peek(s, va, size, be), "%s (%s) be %u: memory",
                               s->text, run_mode_name[s->mode], be);
                    memcpy(after.data + (va - DATA), before.data + (va - DATA), size);
                }
                unchanged(s, EXCEPT_R1, &in);
            }
        }
    }
}

static void nats(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned which = 0; which < 2; which++) {
            if (which && !row_reads(row, "r2"))
                continue;
            if (!setup(s, &in, DATA, 0))
                return;
            gr(s->cpu, which ? in.r2 : in.r3)->n = 1;
            go(s);
            expect_fault(s, VEC_NAT_CONSUMPTION, ISR_RW | NAT_CODE);
            unchanged(s, 0, &in);
        }
        /* What the target held does not matter. */
        setup(s, &in, DATA, 0);
        gr(s->cpu, in.r1)->n = 1;
        go(s);
        expect_no_fault(s);
    }
}

/* Misaligned always faults, whatever psr.ac. cmp8xchg16 names one of two aligned 8 bytes. */
static void alignment(struct sut *s, const struct isa_row *row)
{
    const unsigned size = size_of(row);
    struct isa_insn in = insn(row->op);
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned off = 0; off < 16; off++) {
            if (!setup(s, &in, DATA + off, off & 16 ? PSR_AC : 0))
                return;
            go(s);
            if (off % size) {
                expect_fault(s, VEC_UNALIGNED, ISR_RW);
                expect_u64(DATA + off, s->in.ifa, "%s: ifa", s->text);
                unchanged(s, 0, &in);
            } else {
                expect_no_fault(s);
            }
        }
    }
}

static void misses(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    const uint64_t va = 0x6000000000001000;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        if (!setup(s, &in, va, PSR_DT | PSR_IC))
            return;
        go(s);
        expect_fault(s, VEC_ALT_DTLB, ISR_RW);
        expect_u64(va, s->in.ifa, "%s: ifa", s->text);
        unchanged(s, 0, &in);
        /* Uncacheable memory (SDM 2:4.4.9): Unsupported Data Reference. */
        setup(s, &in, DATA | UC, 0);
        go(s);
        expect_fault(s, VEC_UNSUPPORTED_DATA_REF, ISR_RW);
        unchanged(s, 0, &in);
    }
}

static void generic(struct sut *s, const struct isa_row *row)
{
    generic_predicate_off(s, row->op);
    generic_targets(s, row->op);
}

static void each(struct sut *s, const char *what,
                 void (*test)(struct sut *, const struct isa_row *))
{
    for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
        char name[64];
        if (!sem_row(&isa_rows[op]))
            continue;
        snprintf(name, sizeof name, "%s-%s", isa_rows[op].name, what);
        if (group(name))
            test(s, &isa_rows[op]);
    }
}

int main(int argc, char **argv)
{
    struct sut *s = sut_new();

    suite_begin(argc, argv);
    each(s, "values", values);
    each(s, "nats", nats);
    each(s, "alignment", alignment);
    each(s, "faults", misses);
    each(s, "predicate", generic);
    int status = suite_end();
    sut_free(s);
    return status;
}
