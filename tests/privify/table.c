/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The rewriting rules against the whole instruction table (isa/table): one PASS or FAIL a property.
 *   complete   every privileged row, and every sensitive one, has a break, or is listed here with
 * why slot       the break decodes as one, in the same unit, with the same predicate and the
 * immediate distinct   two instructions that differ in what they say have different immediates
 *   others     no other row is ever matched
 *   maybe      the quick test by opcode passes all that is matched, and every break
 */
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

static uint64_t seed = 1;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int failed;
static void verdict(const char *name, const char *why, unsigned row)
{
    if (!why) {
        printf("PASS %s\n", name);
        return;
    }
    printf("FAIL %s: expected none, got %s: %s %s\n", name, why, isa_rows[row].name,
           isa_rows[row].format);
    failed = 1;
}

/* Sensitive without trapping: the manual's list, by row. */
static const uint16_t sensitive[] = {
    ISA_THASH_M46, ISA_TTAG_M46, ISA_MOV_CPUID_M43, ISA_MOV_PMD_M43, ISA_COVER_B8,
    ISA_FC_M28,    ISA_FC_I_M28, ISA_MOV_M_M29,     ISA_MOV_M_M30,   ISA_MOV_M_M31};
/* Privileged, and left alone: of the virtual machine extension (SDM 2:11) and of later processors.
 * They trap, no kernel of Itanium 2's time has them, and privop.h has no operation for them. */
static const uint16_t left[] = {ISA_VMSW_0_B8, ISA_VMSW_1_B8, ISA_MOV_MSR_M42, ISA_MOV_MSR_M43};

static bool among(const uint16_t *list, size_t n, unsigned op)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == op)
            return true;
    return false;
}
#define AMONG(list, op) among(list, sizeof list / sizeof *list, op)

/* An encoding of a row with random operands. */
static uint64_t random_slot(const struct isa_row *r)
{
    return r->match | (rnd() & ((1ull << 41) - 1) & ~r->mask);
}

static unsigned unit_of(const struct isa_row *r)
{
    return r->units & 1 << ISA_UNIT_M ? ISA_UNIT_M : ISA_UNIT_B;
}

static int by_imm(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

int main(void)
{
    const char *why[6] = {0};
    unsigned row[6] = {0}, n_break = 0;
    size_t n = 0, room = 0;
    struct said {
        uint64_t imm, canonical;
    } *seen = NULL, *more;

#define FAULT(i, text) (why[i] ? (void)0 : (void)(why[i] = (text), row[i] = op))
    for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
        const struct isa_row *r = &isa_rows[op];
        bool ours = (r->attr & ISA_ATTR_PRIV) || AMONG(sensitive, op), matched = false;

        if (!(r->units & (1 << ISA_UNIT_M | 1 << ISA_UNIT_B))) {
            if (ours)
                FAULT(0, "a unit without a break of ours");
            continue;
        }
        for (unsigned k = 0; k < 20000; k++) {
            unsigned unit = unit_of(r);
            uint64_t slot = random_slot(r), brk;
            struct isa_insn in, b;
            enum pv_kind kind;
            enum pv_match m;
            uint32_t imm;

            if (isa_decode(unit, slot, 0, &in) != ISA_OK || in.op != op)
                continue;
            m = pv_match(&in, &kind, &imm);
            if (m == PV_OTHER)
                continue;
            if (!ours)
                FAULT(3, "matched");
            if (!pv_maybe(unit, slot))
                FAULT(4, "not seen by opcode");
            matched = true;
            if (m == PV_KEEP) {
                /* Only where it traps: masks with other bits, constants into ar.k and ar.itc. */
                if (op != ISA_RSM_M44 && op != ISA_SSM_M44 && (op != ISA_MOV_M_M30 || in.ar3 == 16))
                    FAULT(0, "kept");
                continue;
            }
            brk = pv_break(&in, imm);
            if (isa_decode(unit, brk, 0, &b) != ISA_OK ||
                b.op != (unit == ISA_UNIT_M ? ISA_BREAK_M_M37 : ISA_BREAK_B_B9) || b.imm != imm ||
                b.qp != (r->attr & ISA_ATTR_NOQP ? 0 : in.qp))
                FAULT(1, "not its break");
            if (pv_is_break(unit, brk) != imm || !pv_maybe(unit, brk))
                FAULT(4, "break not recognised");
            n_break++;
            /* What the instruction says, without predicate and ignored bits. */
            in.qp = 0;
            if (n == room) {
                room = room ? 2 * room : 1 << 16;
                more = realloc(seen, room * sizeof *seen);
                if (!more) {
                    free(seen);
                    return 2;
                }
                seen = more;
            }
            seen[n].imm = (uint64_t)unit << 32 | imm;
            uint64_t ext = 0;
            if (!isa_encode(&in, &seen[n].canonical, &ext))
                FAULT(2, "not encoded again");
            /* mov ar=0 and mov ar=r0 say the same. */
            if (op == ISA_MOV_M_M30 && in.imm == 0) {
                in.op = ISA_MOV_M_M29;
                in.r2 = 0;
                isa_encode(&in, &seen[n].canonical, &ext);
            }
            n++;
        }
        if (ours && !matched && !AMONG(left, op))
            FAULT(0, "no break for");
    }
    qsort(seen, n, sizeof *seen, by_imm);
    for (size_t i = 1; i < n && !why[2]; i++)
        if (seen[i].imm == seen[i - 1].imm && seen[i].canonical != seen[i - 1].canonical) {
            struct isa_insn in;
            isa_decode((unsigned)(seen[i].imm >> 32), seen[i].canonical, 0, &in);
            why[2] = "one immediate for two";
            row[2] = in.op;
        }
    free(seen);
    verdict("complete", why[0], row[0]);
    verdict("slot", why[1], row[1]);
    verdict("distinct", why[2], row[2]);
    verdict("others", why[3], row[3]);
    verdict("maybe", why[4], row[4]);
    printf("%u breaks\n", n_break);
    return failed;
}
