/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/memory: integer loads, stores, spill and fill, lfetch: values in both byte orders, base
 * updates, NaTs, speculation and its deferral, faults with their ISR (SDM 3: ld, st, lfetch pages;
 * 2:5.5.5, 2:8.3). Advanced loads as loads only: the ALAT has its own suite.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/cpu/lib/memref.h"

enum { NAT_CODE = 0x10, LFETCH_CODE = 4 };
#define UC (1ull << 63)

static unsigned size_of(const struct isa_row *row)
{
    const char *d = row->name + 2;
    return !strncmp(d, "16", 2) ? 16 : (unsigned)(*d - '0');
}
static bool is(const struct isa_row *row, const char *part)
{
    return strstr(row->name, part) != NULL;
}
static bool speculative(const struct isa_row *row)
{
    const size_t n = strlen(row->name);
    return !strcmp(row->name + n - 2, ".s") || !strcmp(row->name + n - 3, ".sa");
}
static bool has_format(const struct isa_row *row, const char *a, const char *b, const char *c)
{
    return !strcmp(row->format, a) || (b && !strcmp(row->format, b)) ||
           (c && !strcmp(row->format, c));
}
static bool load_row(const struct isa_row *row)
{
    return has_format(row, "M1", "M2", "M3");
}
static bool store_row(const struct isa_row *row)
{
    return has_format(row, "M4", "M5", NULL);
}

/* psr by the architected setter, gr and such untouched. */
static void set_psr(struct sut *s, uint64_t psr)
{
    cpu_set_psr(s->cpu, psr);
}

static const uint64_t imm9[] = {0, 1, 8, 255, (uint64_t)-1, (uint64_t)-256};
static const uint8_t regs[][3] = {{8, 9, 10}, {40, 127, 33}, {50, 3, 60}, {16, 40, 41}};

/* What the base becomes: r3 + imm (M3, M5), r3 + r2 (M2), else r3. */
static void check_base(struct sut *s, const struct isa_insn *in, uint64_t va, struct gr r2)
{
    const struct isa_row *row = &isa_rows[in->op];
    struct gr want = {va, 0};
    if (has_format(row, "M3", "M5", "M15"))
        want.v += in->imm;
    if (has_format(row, "M2", "M14", NULL)) {
        want.v += r2.v;
        want.n |= r2.n;
    }
    if (in->r1 == in->r3 && load_row(row))
        return;
    expect_u64(want.v, gr(s->cpu, in->r3)->v, "%s (%s): base", s->text, run_mode_name[s->mode]);
    expect_u64(want.n, gr(s->cpu, in->r3)->n, "%s (%s): NaT of the base", s->text,
               run_mode_name[s->mode]);
}

static void load_values(struct sut *s, const struct isa_row *row)
{
    const unsigned size = size_of(row), step = size == 16 ? 16 : size;
    for (unsigned n = 0; n < 24; n++) {
        struct isa_insn in = insn(row->op);
        const uint8_t *r = regs[n % 4];
        in.r1 = r[0];
        in.r2 = r[1];
        in.r3 = r[2];
        in.hint = n & 3;
        if (!strcmp(row->format, "M3"))
            in.imm = imm9[n % 6];
        if (!strcmp(row->format, "M1") && n % 5 == 0)
            in.r3 = in.r1; /* ld8 r8=[r8] */
        if (!strcmp(row->format, "M2") && n % 5 == 0)
            in.r1 = in.r2; /* the increment as it was before */
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            for (unsigned be = 0; be < 2; be++) {
                const uint64_t va = DATA + n * step;
                /* ld.s succeeds only on translated accesses; others are as good in physical mode.
                 */
                const uint64_t dt = speculative(row) || n & 1 ? PSR_DT : 0;
                if (!setup(s, &in, va, dt | (be ? PSR_BE : 0)))
                    return;
                const struct gr inc = n % 3 == 0 ? (struct gr){n, 1} : (struct gr){noise(), 0};
                if (!strcmp(row->format, "M2"))
                    *gr(s->cpu, in.r2) = inc;
                if (in.r1 != in.r3 && in.r1 != in.r2)
                    gr(s->cpu, in.r1)->n = 1;
                go(s);
                if (!expect_no_fault(s))
                    continue;
                const unsigned part = size == 16 ? 8 : size;
                const uint64_t want = peek(s, va, part, be);
                expect_u64(want, gr(s->cpu, in.r1)->v, "%s (%s) be %u", s->text,
                           run_mode_name[s->mode], be);
                const uint64_t nat =
                    is(row, ".fill") ? s->cpu->ar[AR_UNAT] >> (va >> 3 & 63) & 1 : 0;
                expect_u64(nat, gr(s->cpu, in.r1)->n, "%s (%s): NaT", s->text,
                           run_mode_name[s->mode]);
                if (size == 16)
                    expect_u64(peek(s, va + 8, 8, be), s->cpu->ar[AR_CSD], "%s (%s) be %u: ar.csd",
                               s->text, run_mode_name[s->mode], be);
                check_base(s, &in, va, inc);
                unchanged(s, EXCEPT_R1 | EXCEPT_R3 | (size == 16 ? EXCEPT_CSD : 0), &in);
            }
        }
    }
}

static void store_values(struct sut *s, const struct isa_row *row)
{
    const unsigned size = size_of(row);
    for (unsigned n = 0; n < 24; n++) {
        struct isa_insn in = insn(row->op);
        const uint8_t *r = regs[n % 4];
        in.r2 = n % 7 == 3 ? 0 : r[1];
        in.r3 = r[2];
        in.hint = n & 3;
        if (!strcmp(row->format, "M5"))
            in.imm = imm9[n % 6];
        if (n % 5 == 0)
            in.r2 = in.r3; /* the data is the address as it was before */
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            for (unsigned be = 0; be < 2; be++) {
                const uint64_t va = DATA + 16 + n * size;
                if (!setup(s, &in, va, be ? PSR_BE : 0))
                    return;
                const uint64_t v = gr(s->cpu, in.r2)->v, csd = s->cpu->ar[AR_CSD];
                const bool nat = is(row, ".spill") && n % 3 == 1 && in.r2 && in.r2 != in.r3;
                if (nat)
                    gr(s->cpu, in.r2)->n = 1;
                go(s);
                if (!expect_no_fault(s))
                    continue;
                const unsigned part = size == 16 ? 8 : size;
                const uint64_t m = part == 8 ? ~0ull : (1ull << 8 * part) - 1;
                expect_u64(v & m, peek(s, va, part, be), "%s (%s) be %u", s->text,
                           run_mode_name[s->mode], be);
                if (size == 16)
                    expect_u64(csd, peek(s, va + 8, 8, be), "%s (%s) be %u: upper half", s->text,
                               run_mode_name[s->mode], be);
                if (is(row, ".spill")) {
                    const uint64_t bit = 1ull << (va >> 3 & 63);
                    expect_u64((before.ar[AR_UNAT] & ~bit) | (nat ? bit : 0), s->cpu->ar[AR_UNAT],
                               "%s (%s): ar.unat", s->text, run_mode_name[s->mode]);
                }
                memcpy(after.data + (va - DATA), before.data + (va - DATA), size);
                if (in.r2 != in.r3 || strcmp(row->format, "M5"))
                    check_base(s, &in, va, (struct gr){0, 0});
                unchanged(s, EXCEPT_R3 | (is(row, ".spill") ? EXCEPT_UNAT : 0), &in);
            }
        }
    }
}

/* Misaligned: loads within aligned 8 bytes and stores within aligned 16 work with psr.ac 0 (the
 * choice of our model, as of the Itanium 2), all fault with psr.ac 1; 16-byte accesses always fault
 * (SDM 2:4.5). */
static void alignment(struct sut *s, const struct isa_row *row)
{
    const unsigned size = size_of(row);
    const bool st = store_row(row), spec = speculative(row);
    const uint64_t access = st ? ISR_W : ISR_R;
    const unsigned window = st ? 16 : 8;
    struct isa_insn in = insn(row->op);

    if (has_format(row, "M3", "M5", NULL))
        in.imm = 8;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned off = 0; off < 16; off++) {
            for (unsigned ac = 0; ac < 2; ac++) {
                const uint64_t va = DATA + 32 + off;
                if (!setup(s, &in, va, PSR_DT | (ac ? PSR_AC : 0)))
                    return;
                const uint64_t v = gr(s->cpu, in.r2)->v;
                go(s);
                const bool aligned = off % size == 0;
                const bool ok = aligned || (!ac && size < 16 && off % window + size <= window);
                if (!ok && spec) { /* psr.ic 0: deferred */
                    expect_no_fault(s);
                    expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s), misaligned: NaT", s->text,
                               run_mode_name[s->mode]);
                } else if (!ok) {
                    expect_fault(s, VEC_UNALIGNED, access);
                    expect(s->in.sets & INTR_IFA && s->in.ifa == va, "%s: ifa %#" PRIx64, s->text,
                           s->in.ifa);
                    unchanged(s, 0, &in);
                } else if (expect_no_fault(s) && !st && size < 16) {
                    expect_u64(peek(s, va, size, false), gr(s->cpu, in.r1)->v, "%s (%s) at +%u",
                               s->text, run_mode_name[s->mode], off);
                } else if (size < 16) {
                    const uint64_t m = size >= 8 ? ~0ull : (1ull << 8 * size) - 1;
                    expect_u64(v & m, peek(s, va, size, false), "%s (%s) at +%u", s->text,
                               run_mode_name[s->mode], off);
                }
            }
        }
    }
}

/* NaT addresses and data. */
static void nats(struct sut *s, const struct isa_row *row)
{
    const bool st = store_row(row), spec = speculative(row);
    struct isa_insn in = insn(row->op);

    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        if (!setup(s, &in, DATA, 0))
            return;
        gr(s->cpu, in.r3)->n = 1;
        go(s);
        if (spec) {
            expect_no_fault(s);
            expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s) with a NaT address: NaT", s->text,
                       run_mode_name[s->mode]);
            expect_u64(1, gr(s->cpu, in.r3)->n, "%s (%s) with a NaT address: base NaT", s->text,
                       run_mode_name[s->mode]);
            unchanged(s, EXCEPT_R1 | EXCEPT_R3, &in);
        } else {
            expect_fault(s, VEC_NAT_CONSUMPTION, (st ? ISR_W : ISR_R) | NAT_CODE);
            unchanged(s, 0, &in);
        }
        if (!st || is(row, ".spill"))
            continue;
        setup(s, &in, DATA, 0);
        gr(s->cpu, in.r2)->n = 1;
        go(s);
        expect_fault(s, VEC_NAT_CONSUMPTION, ISR_W | NAT_CODE);
        unchanged(s, 0, &in);
    }
}

/* psr.dt 1 and nothing in the TLB, walker off: Alternate Data TLB; with psr.ic 0 Data Nested TLB.
 * No base update. */
static void misses(struct sut *s, const struct isa_row *row)
{
    const bool st = store_row(row), spec = speculative(row);
    const uint64_t access = (st ? ISR_W : ISR_R) | (spec ? ISR_SP : 0);
    struct isa_insn in = insn(row->op);

    if (has_format(row, "M3", "M5", NULL))
        in.imm = 16;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        const uint64_t va = 0x4000000012345670;
        if (!setup(s, &in, va, PSR_DT | PSR_IC))
            return;
        go(s);
        /* Instructions in physical mode: ITLB.ed counts as 0, so that nothing is deferred (SDM
         * 2:5.5.5). */
        expect_fault(s, VEC_ALT_DTLB, access);
        expect_u64(va, s->in.ifa, "%s: ifa", s->text);
        unchanged(s, 0, &in);
        setup(s, &in, va, PSR_DT);
        go(s);
        if (spec) {
            expect_no_fault(s);
            expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s), psr.ic 0: NaT", s->text,
                       run_mode_name[s->mode]);
            check_base(s, &in, va, *gr(s->cpu, in.r2));
        } else {
            expect_fault(s, VEC_DATA_NESTED_TLB, access);
            unchanged(s, 0, &in);
        }
        set_psr(s, 0);
    }
}

/* psr.ed turns the next speculative load into a deferred one, and only those. */
static void deferral_by_ed(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        if (!setup(s, &in, DATA, PSR_DT | PSR_ED))
            return;
        sut_go(s);
        expect_no_fault(s);
        if (speculative(row))
            expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s) with psr.ed: NaT", s->text,
                       run_mode_name[s->mode]);
        else if (!is(row, ".fill"))
            expect_u64(0, gr(s->cpu, in.r1)->n, "%s (%s) with psr.ed: NaT", s->text,
                       run_mode_name[s->mode]);
    }
}

/* Uncacheable memory: a speculative load is deferred, ld.a gives 0, others load (SDM 2:4.4.6). */
static void uncacheable(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    const size_t n = strlen(row->name);
    const bool adv = !strcmp(row->name + n - 2, ".a");
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        if (!setup(s, &in, DATA | UC, 0))
            return;
        sut_go(s);
        if (size_of(row) == 16) {
            expect_fault(s, VEC_UNSUPPORTED_DATA_REF, ISR_R);
            continue;
        }
        expect_no_fault(s);
        if (speculative(row)) {
            expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s) of UC memory: NaT", s->text,
                       run_mode_name[s->mode]);
            continue;
        }
        expect_u64(adv ? 0 : peek(s, DATA, size_of(row), false), gr(s->cpu, in.r1)->v,
                   "%s (%s) of UC memory", s->text, run_mode_name[s->mode]);
    }
}

/* Physical cacheable memory has limited speculation: ld.s and ld.sa fail, ld.a succeeds (SDM
 * 2:4.4.6). */
static void limited_speculation(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    for (s->mode = 0; s->mode < RUN_MODES && size_of(row) < 16 && !is(row, ".fill"); s->mode++) {
        if (!setup(s, &in, DATA + 8, 0))
            return;
        sut_go(s);
        expect_no_fault(s);
        if (speculative(row))
            expect_u64(1, gr(s->cpu, in.r1)->n, "%s (%s) of physical memory: NaT", s->text,
                       run_mode_name[s->mode]);
        else
            expect_u64(peek(s, DATA + 8, size_of(row), false), gr(s->cpu, in.r1)->v,
                       "%s (%s) of physical memory", s->text, run_mode_name[s->mode]);
    }
}

/* Every bit of ar.unat by address bits 8:3. */
static void unat_bits(struct sut *s)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned bit = 0; bit < 64; bit++) {
            for (unsigned nat = 0; nat < 2; nat++) {
                struct isa_insn in = insn(ISA_ST8_SPILL_M4);
                if (!setup(s, &in, DATA + 8 * bit, 0))
                    return;
                gr(s->cpu, in.r2)->n = nat;
                const uint64_t old = s->cpu->ar[AR_UNAT], v = gr(s->cpu, in.r2)->v;
                sut_go(s);
                expect_no_fault(s);
                expect_u64((old & ~(1ull << bit)) | (uint64_t)nat << bit, s->cpu->ar[AR_UNAT],
                           "%s (%s): ar.unat", s->text, run_mode_name[s->mode]);
                in = insn(ISA_LD8_FILL_M1);
                sut_load(s, &in);
                sut_go(s);
                expect_u64(v, gr(s->cpu, in.r1)->v, "%s (%s)", s->text, run_mode_name[s->mode]);
                expect_u64(nat, gr(s->cpu, in.r1)->n, "%s (%s): NaT", s->text,
                           run_mode_name[s->mode]);
            }
        }
    }
}

static void lfetches(struct sut *s, const struct isa_row *row)
{
    const bool fault = is(row, ".fault");
    const uint64_t isr = ISR_R | ISR_NA;
    struct isa_insn in = insn(row->op);

    if (!strcmp(row->format, "M15"))
        in.imm = (uint64_t)-200;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        /* Good memory. */
        if (!setup(s, &in, DATA + 3, 0))
            return;
        const struct gr r2 = *gr(s->cpu, in.r2);
        go(s);
        expect_no_fault(s);
        check_base(s, &in, DATA + 3, r2);
        unchanged(s, EXCEPT_R3, &in);
        /* A NaT address. */
        setup(s, &in, DATA, 0);
        gr(s->cpu, in.r3)->n = 1;
        go(s);
        if (fault) {
            expect_fault(s, VEC_NAT_CONSUMPTION, isr | NAT_CODE | LFETCH_CODE);
            unchanged(s, 0, &in);
        } else {
            expect_no_fault(s);
            expect_u64(1, gr(s->cpu, in.r3)->n, "%s (%s): the base stays NaT", s->text,
                       run_mode_name[s->mode]);
            unchanged(s, EXCEPT_R3, &in);
        }
        /* A NaT increment. */
        if (!strcmp(row->format, "M14")) {
            setup(s, &in, DATA, 0);
            gr(s->cpu, in.r2)->n = 1;
            go(s);
            expect_no_fault(s);
            check_base(s, &in, DATA, *gr(s->cpu, in.r2));
        }
        /* No translation. */
        const uint64_t va = 0x2000000000000001;
        setup(s, &in, va, PSR_DT | PSR_IC);
        const struct gr inc = *gr(s->cpu, in.r2);
        go(s);
        if (fault) {
            expect_fault(s, VEC_ALT_DTLB, isr | LFETCH_CODE);
            unchanged(s, 0, &in);
        } else {
            expect_no_fault(s);
            check_base(s, &in, va, inc);
            unchanged(s, EXCEPT_R3, &in);
        }
        /* psr.ed: no access. */
        setup(s, &in, va, PSR_DT | PSR_IC | PSR_ED);
        sut_go(s);
        expect_no_fault(s);
        set_psr(s, 0);
    }
}

/* Base update forms: r3 must be a target, and not r1. Illegal whatever the state, if the predicate
 * is on. */
static void illegal_bases(struct sut *s, const struct isa_row *row)
{
    for (unsigned k = 0; k < 6; k++) {
        struct isa_insn in = insn(row->op);
        in.qp = 3;
        if (k / 2 == 0 && row->check & ISA_CHECK_R3)
            in.r3 = 0;
        else if (k / 2 == 1 && row->check & ISA_CHECK_R1_R3)
            in.r3 = in.r1;
        else if (k / 2 == 2 && row->check & ISA_CHECK_R3)
            in.r3 = 32 + 8;
        else
            continue;
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            sut_reset(s);
            if (!sut_load(s, &in))
                return;
            s->cpu->cfm.sof = s->cpu->cfm.sol = 8;
            s->cpu->pr[3] = k & 1;
            go(s);
            if (k & 1)
                expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
            else
                expect_no_fault(s);
            unchanged(s, 0, &in);
        }
    }
}

static void each(struct sut *s, const char *name, bool (*which)(const struct isa_row *),
                 void (*test)(struct sut *, const struct isa_row *))
{
    if (!group(name))
        return;
    for (unsigned op = 1; op < ISA_OP_COUNT; op++)
        if (which(&isa_rows[op]))
            test(s, &isa_rows[op]);
}
static bool lfetch_row(const struct isa_row *row)
{
    return !strncmp(row->name, "lfetch", 6);
}
static bool load_or_store(const struct isa_row *row)
{
    return load_row(row) || store_row(row);
}
static bool m_row(const struct isa_row *row)
{
    return row->units == 1 << ISA_UNIT_M && row->op != ISA_ALLOC_M34 &&
           !(row->attr & (ISA_ATTR_LATER | ISA_ATTR_NOQP | ISA_ATTR_NO_PRED_OFF));
}
static bool m_target_row(const struct isa_row *row)
{
    return m_row(row) && !(row->attr & ISA_ATTR_PRIV);
}
static void predicate_off(struct sut *s, const struct isa_row *row)
{
    generic_predicate_off(s, row->op);
}
static void illegal_targets(struct sut *s, const struct isa_row *row)
{
    generic_targets(s, row->op);
    illegal_bases(s, row);
}

int main(int argc, char **argv)
{
    struct sut *s = sut_new();

    suite_begin(argc, argv);
    each(s, "load-values", load_row, load_values);
    each(s, "store-values", store_row, store_values);
    each(s, "alignment", load_or_store, alignment);
    each(s, "nat-operands", load_or_store, nats);
    each(s, "tlb-misses", load_or_store, misses);
    each(s, "psr-ed", load_row, deferral_by_ed);
    each(s, "uncacheable", load_row, uncacheable);
    each(s, "limited-speculation", load_row, limited_speculation);
    if (group("unat-bits"))
        unat_bits(s);
    each(s, "lfetch", lfetch_row, lfetches);
    each(s, "predicate-off", m_row, predicate_off);
    each(s, "illegal-targets", m_target_row, illegal_targets);
    int status = suite_end();
    sut_free(s);
    return status;
}
