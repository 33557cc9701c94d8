/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/integer: every row of formats A1 to A8, I5/I7 (64-bit shifts), I10 to I17, I29
 * (extensions), I30 and movl, against straightforward C written from the instruction pages of
 * SDM 3. Compare rows are read off the mnemonic.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/cpu/insn.h"

/* Field of `len` bits at `pos`, bit by bit, as the manual's {hi:lo}. */
static uint64_t bits(uint64_t v, unsigned pos, unsigned len)
{
    uint64_t r = 0;
    for (unsigned i = 0; i < len && pos + i < 64; i++)
        if (v >> (pos + i) & 1)
            r |= 1ull << i;
    return r;
}
static uint64_t sext(uint64_t v, unsigned len)
{
    if (len >= 64)
        return v;
    v = bits(v, 0, len);
    return v >> (len - 1) & 1 ? v | ~0ull << len : v;
}
static uint64_t times_pow2(uint64_t v, unsigned n)
{
    while (n--)
        v += v;
    return v;
}
/* Result{63} = 0, {62:61} = the address operand's {31:30}, {31:0} = sum. */
static uint64_t ptr4(uint64_t sum, uint64_t b)
{
    uint64_t r = bits(sum, 0, 32);
    if (b >> 30 & 1)
        r |= 1ull << 61;
    if (b >> 31 & 1)
        r |= 1ull << 62;
    return r;
}

/* a: GR r2, b: GR r3. */
typedef uint64_t (*ref_fn)(uint64_t a, uint64_t b, const struct isa_insn *in);
#define REF(name, expr)                                                                            \
    static uint64_t r_##name(uint64_t a, uint64_t b, const struct isa_insn *in)                    \
    {                                                                                              \
        (void)a, (void)b, (void)in;                                                                \
        return expr;                                                                               \
    }
REF(add, a + b)
REF(add1, a + b + 1)
REF(sub, a - b)
REF(sub1, a - b - 1)
REF(addp4, ptr4(a + b, b))
REF(and, a &b)
REF(andcm, a & ~b)
REF(or, a | b)
REF(xor, a ^ b)
REF(shladd, times_pow2(a, in->count) + b)
REF(shladdp4, ptr4(times_pow2(a, in->count) + b, b))
REF(sub_i, in->imm - b)
REF(and_i, in->imm &b)
REF(andcm_i, in->imm & ~b)
REF(or_i, in->imm | b)
REF(xor_i, in->imm ^ b)
REF(add_i, in->imm + b)
REF(addp4_i, ptr4(in->imm + b, b))
REF(movl, in->imm)
REF(zxt1, bits(b, 0, 8))
REF(zxt2, bits(b, 0, 16))
REF(zxt4, bits(b, 0, 32))
REF(sxt1, sext(b, 8))
REF(sxt2, sext(b, 16))
REF(sxt4, sext(b, 32))
REF(extr_u, bits(b, in->pos, in->len))

static uint64_t r_shl(uint64_t a, uint64_t b, const struct isa_insn *in)
{
    (void)in;
    return b > 63 ? 0 : times_pow2(a, (unsigned)b);
}
static uint64_t shift_right(uint64_t v, uint64_t n, bool sign)
{
    uint64_t fill = sign ? v >> 63 : 0;
    for (uint64_t i = 0; i < n && i < 64; i++)
        v = v / 2 | fill << 63;
    return v;
}
REF(shr, shift_right(b, a, true))
REF(shr_u, shift_right(b, a, false))
/* The right half of r2:r3 shifted right. */
static uint64_t r_shrp(uint64_t a, uint64_t b, const struct isa_insn *in)
{
    for (unsigned i = 0; i < in->count; i++) {
        b = b / 2 | (a & 1) << 63;
        a /= 2;
    }
    return b;
}
/* A field running off the left end takes its sign from bit 63. */
static uint64_t r_extr(uint64_t a, uint64_t b, const struct isa_insn *in)
{
    unsigned len = in->len;
    (void)a;
    if (in->pos + len > 64)
        len = 64 - in->pos;
    return sext(bits(b, in->pos, len), len);
}
static uint64_t deposit(uint64_t into, uint64_t field, unsigned pos, unsigned len)
{
    for (unsigned i = 0; i < len && pos + i < 64; i++) {
        into &= ~(1ull << (pos + i));
        into |= (field >> i & 1) << (pos + i);
    }
    return into;
}
REF(dep_z, deposit(0, a, in->pos, in->len))
REF(dep_z_i, deposit(0, in->imm, in->pos, in->len))
REF(dep_i, deposit(b, in->imm, in->pos, in->len))
REF(dep, deposit(b, a, in->pos, in->len))

/* Which encodings of a row to try. */
enum vary {
    V_NONE,
    V_COUNT4,
    V_COUNT64,
    V_IMM8,
    V_IMM14,
    V_IMM22,
    V_IMM64,
    V_FIELD,
    V_FIELD_IMM8,
    V_FIELD_IMM1,
    V_FIELD16
};
static const struct {
    uint16_t op;
    ref_fn ref;
    enum vary vary;
} alu[] = {
    {ISA_ADD_A1, r_add, V_NONE},
    {ISA_ADD_1_A1, r_add1, V_NONE},
    {ISA_SUB_A1, r_sub, V_NONE},
    {ISA_SUB_1_A1, r_sub1, V_NONE},
    {ISA_ADDP4_A1, r_addp4, V_NONE},
    {ISA_AND_A1, r_and, V_NONE},
    {ISA_ANDCM_A1, r_andcm, V_NONE},
    {ISA_OR_A1, r_or, V_NONE},
    {ISA_XOR_A1, r_xor, V_NONE},
    {ISA_SHLADD_A2, r_shladd, V_COUNT4},
    {ISA_SHLADDP4_A2, r_shladdp4, V_COUNT4},
    {ISA_SUB_A3, r_sub_i, V_IMM8},
    {ISA_AND_A3, r_and_i, V_IMM8},
    {ISA_ANDCM_A3, r_andcm_i, V_IMM8},
    {ISA_OR_A3, r_or_i, V_IMM8},
    {ISA_XOR_A3, r_xor_i, V_IMM8},
    {ISA_ADDS_A4, r_add_i, V_IMM14},
    {ISA_ADDP4_A4, r_addp4_i, V_IMM14},
    {ISA_ADDL_A5, r_add_i, V_IMM22},
    {ISA_SHR_I5, r_shr, V_NONE},
    {ISA_SHR_U_I5, r_shr_u, V_NONE},
    {ISA_SHL_I7, r_shl, V_NONE},
    {ISA_SHRP_I10, r_shrp, V_COUNT64},
    {ISA_EXTR_U_I11, r_extr_u, V_FIELD},
    {ISA_EXTR_I11, r_extr, V_FIELD},
    {ISA_DEP_Z_I12, r_dep_z, V_FIELD},
    {ISA_DEP_Z_I13, r_dep_z_i, V_FIELD_IMM8},
    {ISA_DEP_I14, r_dep_i, V_FIELD_IMM1},
    {ISA_DEP_I15, r_dep, V_FIELD16},
    {ISA_ZXT1_I29, r_zxt1, V_NONE},
    {ISA_ZXT2_I29, r_zxt2, V_NONE},
    {ISA_ZXT4_I29, r_zxt4, V_NONE},
    {ISA_SXT1_I29, r_sxt1, V_NONE},
    {ISA_SXT2_I29, r_sxt2, V_NONE},
    {ISA_SXT4_I29, r_sxt4, V_NONE},
    {ISA_MOVL_X2, r_movl, V_IMM64},
};

/* The n-th encoding to try; false: no more. */
static bool variant(struct isa_insn *in, enum vary v, unsigned n)
{
    static const unsigned pl[][2] = {{0, 1},  {0, 64},  {63, 1},  {63, 64}, {1, 8},
                                     {31, 2}, {32, 32}, {40, 32}, {5, 59},  {5, 60}};
    static const uint64_t imm8[] = {0, 1, 127, (uint64_t)-1, (uint64_t)-128, 0x55};
    static const uint64_t imm14[] = {0, 1, 8191, (uint64_t)-1, (uint64_t)-8192, 0x1555};
    static const uint64_t imm22[] = {0, 1, 2097151, (uint64_t)-1, (uint64_t)-2097152, 0x155555};
    const unsigned npl = sizeof pl / sizeof *pl;
    switch (v) {
    case V_NONE:
        return n == 0;
    case V_COUNT4:
        in->count = (uint8_t)(n + 1);
        return n < 4;
    case V_COUNT64:
        in->count = (uint8_t)n;
        return n < 64;
    case V_IMM8:
        in->imm = imm8[n % 6];
        return n < 6;
    case V_IMM14:
        in->imm = imm14[n % 6];
        return n < 6;
    case V_IMM22:
        in->imm = imm22[n % 6];
        return n < 6;
    case V_IMM64:
        in->imm = edge(n);
        return n < EDGES + 100;
    case V_FIELD:
        in->pos = n < npl ? (uint8_t)pl[n][0] : noise() & 63;
        in->len = n < npl ? (uint8_t)pl[n][1] : (noise() & 63) + 1;
        return n < npl + 30;
    case V_FIELD_IMM8:
        in->imm = imm8[n % 6];
        in->pos = (uint8_t)pl[n / 6 % npl][0];
        in->len = (uint8_t)pl[n / 6 % npl][1];
        return n < npl * 6;
    case V_FIELD_IMM1:
        in->imm = n & 1 ? ~0ull : 0;
        in->pos = (uint8_t)pl[n / 2 % npl][0];
        in->len = (uint8_t)pl[n / 2 % npl][1];
        return n < npl * 2;
    case V_FIELD16:
        in->pos = noise() & 63;
        in->len = (uint8_t)(n % 16 + 1);
        return n < 64;
    }
    return false;
}

/* Registers the operands go into: static, stacked, mixed, target among the sources, r0 as a source.
 */
static const uint8_t regs[][3] = {{8, 9, 10},   {40, 33, 127}, {31, 100, 2}, {9, 9, 10},
                                  {11, 12, 11}, {50, 50, 50},  {8, 0, 9},    {8, 9, 0}};

static void values(struct sut *s, unsigned op, ref_fn ref, enum vary vary)
{
    const struct isa_row *row = &isa_rows[op];
    const bool two = row_reads(row, "r2") && row_reads(row, "r3");
    struct isa_insn in = insn(op);

    for (unsigned n = 0; variant(&in, vary, n); n++) {
        const uint8_t *r = regs[n % (sizeof regs / sizeof *regs)];
        for (unsigned set = 0; set < (vary == V_NONE ? sizeof regs / sizeof *regs : 1); set++) {
            if (vary == V_NONE)
                r = regs[set];
            in.r1 = r[0];
            in.r2 = r[1];
            in.r3 = r[2];
            if (op == ISA_ADDL_A5)
                in.r3 = r[2] & 3;
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
                sut_reset(s);
                if (!sut_load(s, &in))
                    return;
                const unsigned ea = EDGES + 4, eb = two ? EDGES + 4 : EDGES + 40;
                for (unsigned i = 0; i < (two ? ea : 1); i++) {
                    for (unsigned j = 0; j < eb; j++) {
                        uint64_t a = two ? edge(i) : edge(j), b = edge(j);
                        if (in.r2 == in.r3)
                            a = b;
                        if (!in.r2)
                            a = 0;
                        else
                            *gr(s->cpu, in.r2) = (struct gr){a, 0};
                        if (!in.r3)
                            b = 0;
                        else
                            *gr(s->cpu, in.r3) = (struct gr){b, 0};
                        const uint64_t want = ref(a, b, &in);
                        sut_go(s);
                        if (s->fault || gr(s->cpu, in.r1)->v != want || gr(s->cpu, in.r1)->n) {
                            expect_no_fault(s);
                            expect_u64(want, gr(s->cpu, in.r1)->v,
                                       "%s (%s) of %#" PRIx64 ", %#" PRIx64, s->text,
                                       run_mode_name[s->mode], a, b);
                        } else {
                            expect(true, "ok");
                        }
                    }
                }
            }
        }
    }
}

/* Compares and tests: mnemonic.relation[.type]. */
struct cmp {
    char unit[40], rel[40], type[40];
};
static bool parse(const char *name, struct cmp *c)
{
    char buf[40];
    snprintf(buf, sizeof buf, "%s", name);
    char *rel = strchr(buf, '.'), *type;
    if (!rel)
        return false;
    *rel++ = 0;
    type = strchr(rel, '.');
    if (type)
        *type++ = 0;
    snprintf(c->unit, sizeof c->unit, "%s", buf);
    snprintf(c->rel, sizeof c->rel, "%s", rel);
    snprintf(c->type, sizeof c->type, "%s", type ? type : "");
    return !strcmp(buf, "cmp") || !strcmp(buf, "cmp4") || !strcmp(buf, "tbit") ||
           !strcmp(buf, "tnat") || !strcmp(buf, "tf");
}
static bool relation(const struct cmp *c, uint64_t a, uint64_t b)
{
    const char *r = c->rel;
    const bool four = !strcmp(c->unit, "cmp4");
    const uint64_t ua = four ? bits(a, 0, 32) : a, ub = four ? bits(b, 0, 32) : b;
    /* Signed order is unsigned order with the sign bit turned over. */
    const uint64_t top = four ? 1ull << 31 : 1ull << 63;
    const uint64_t sa = ua ^ top, sb = ub ^ top;
    return !strcmp(r, "eq")    ? ua == ub
           : !strcmp(r, "ne")  ? ua != ub
           : !strcmp(r, "lt")  ? sa < sb
           : !strcmp(r, "le")  ? sa <= sb
           : !strcmp(r, "gt")  ? sa > sb
           : !strcmp(r, "ge")  ? sa >= sb
           : !strcmp(r, "ltu") ? ua < ub
                               : (abort(), false);
}
/* SDM 3, cmp page, table of compare types. */
static void targets(const char *type, bool qp, bool nat, bool res, bool old1, bool old2, bool *p1,
                    bool *p2)
{
    *p1 = old1;
    *p2 = old2;
    if (!strcmp(type, "unc") && (!qp || nat)) {
        *p1 = *p2 = false;
        return;
    }
    if (!qp)
        return;
    if (!strcmp(type, "") || !strcmp(type, "unc")) {
        *p1 = nat ? false : res;
        *p2 = nat ? false : !res;
    } else if (!strcmp(type, "and")) {
        if (nat || !res)
            *p1 = *p2 = false;
    } else if (!strcmp(type, "or")) {
        if (!nat && res)
            *p1 = *p2 = true;
    } else if (!strcmp(type, "or.andcm")) {
        if (!nat && res) {
            *p1 = true;
            *p2 = false;
        }
    } else {
        abort();
    }
}

static void one_compare(struct sut *s, const struct isa_insn *in, const struct cmp *c, bool qp,
                        bool nat, bool res, unsigned old, const char *operands)
{
    bool w1, w2;
    targets(c->type, qp, nat, res, old & 1, old >> 1, &w1, &w2);
    if (!in->p1)
        w1 = true;
    if (!in->p2)
        w2 = true;
    if (in->p1)
        s->cpu->pr[in->p1] = old & 1;
    if (in->p2)
        s->cpu->pr[in->p2] = old >> 1;
    s->cpu->pr[3] = qp;
    sut_go(s);
    expect_no_fault(s);
    expect(s->cpu->pr[in->p1] == w1 && s->cpu->pr[in->p2] == w2,
           "%s (%s) qp %d, nat %d, result %d, before %d %d, of %s: expected %d %d, got %d %d",
           s->text, run_mode_name[s->mode], qp, nat, res, old & 1, old >> 1, operands, w1, w2,
           s->cpu->pr[in->p1], s->cpu->pr[in->p2]);
}

static void compare(struct sut *s, unsigned op)
{
    const struct isa_row *row = &isa_rows[op];
    struct isa_insn in = insn(op);
    const bool imm = !strcmp(row->format, "A8"), zero = !strcmp(row->format, "A7");
    struct cmp c;
    char text[64];

    if (!parse(row->name, &c))
        return;
    in.qp = 3;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned enc = 0; enc < (imm ? 5 : 3); enc++) {
            static const uint64_t imms[] = {0, 1, (uint64_t)-1, (uint64_t)-128, 127};
            if (imm)
                in.imm = imms[enc];
            in.p1 = enc == 1 ? 0 : 6;
            in.p2 = enc == 2 ? 0 : 63;
            in.r2 = zero ? 0 : enc == 1 ? 33 : 9;
            in.r3 = enc == 2 ? 44 : 10;
            sut_reset(s);
            if (!sut_load(s, &in))
                return;
            for (unsigned i = 0; i < (imm || zero ? 1 : EDGES); i++) {
                for (unsigned j = 0; j < EDGES + 8; j++) {
                    const uint64_t a = imm ? in.imm : zero ? 0 : edge(i), b = edge(j);
                    if (in.r2)
                        *gr(s->cpu, in.r2) = (struct gr){a, 0};
                    *gr(s->cpu, in.r3) = (struct gr){b, 0};
                    snprintf(text, sizeof text, "%#" PRIx64 ", %#" PRIx64, a, b);
                    one_compare(s, &in, &c, true, false, relation(&c, a, b), (i + j) & 3, text);
                }
            }
            for (unsigned k = 0; k < 16; k++) { /* NaTs, and the predicate off */
                const unsigned nat = k >> 2 & 3;
                const bool off = k & 1;
                const bool has2 = !imm && !zero;
                if (in.r2)
                    *gr(s->cpu, in.r2) = (struct gr){5, nat & 1};
                *gr(s->cpu, in.r3) = (struct gr){5, nat >> 1};
                const bool n = (has2 && nat & 1) || nat >> 1;
                const bool res = relation(&c, imm ? in.imm : zero ? 0 : 5, 5);
                for (unsigned old = 0; old < 4; old++)
                    one_compare(s, &in, &c, !off, n, res, old, "5, 5 with NaTs");
            }
        }
    }
}

/* tbit, tnat, tf: z and nz. */
static void test_bit(struct sut *s, unsigned op)
{
    const struct isa_row *row = &isa_rows[op];
    struct isa_insn in = insn(op);
    struct cmp c;
    if (!parse(row->name, &c))
        return;
    const bool nz = !strcmp(c.rel, "nz"), tnat = !strcmp(c.unit, "tnat"),
               tf = !strcmp(c.unit, "tf");
    in.qp = 3;
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        for (unsigned pos = tf ? 32 : 0; pos < (tnat ? 1 : 64); pos++) {
            in.pos = (uint8_t)pos;
            sut_reset(s);
            if (!sut_load(s, &in))
                return;
            for (unsigned k = 0; k < 32; k++) {
                const bool off = k & 1, nat = k & 2;
                const uint64_t v = k & 4 ? noise() : 1ull << pos;
                *gr(s->cpu, in.r3) = (struct gr){v, nat};
                const bool bit = tnat ? nat : tf ? s->cpu->cpuid[4] >> pos & 1 : v >> pos & 1;
                one_compare(s, &in, &c, !off, nat && !tnat && !tf, nz ? bit : !bit, k >> 3,
                            "a bit");
            }
        }
    }
}

static bool in_formats(const struct isa_row *row, const char *list)
{
    char pat[12];
    snprintf(pat, sizeof pat, " %s ", row->format);
    return strstr(list, pat) != NULL;
}

int main(int argc, char **argv)
{
    struct sut *s = sut_new();

    suite_begin(argc, argv);
    for (unsigned i = 0; i < sizeof alu / sizeof *alu; i++) {
        char name[64];
        const struct isa_row *row = &isa_rows[alu[i].op];
        snprintf(name, sizeof name, "%s%s-%s", row->name, strstr(row->operands, ",1") ? ".1" : "",
                 row->format);
        if (!group(name))
            continue;
        values(s, alu[i].op, alu[i].ref, alu[i].vary);
        generic_nat(s, alu[i].op);
    }
    static const char *const families[] = {"cmp", "cmp4", "tbit", "tnat", "tf"};
    for (unsigned f = 0; f < sizeof families / sizeof *families; f++) {
        if (!group(families[f]))
            continue;
        for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
            const struct isa_row *row = &isa_rows[op];
            const size_t n = strlen(families[f]);
            if (strncmp(row->name, families[f], n) || row->name[n] != '.')
                continue;
            if (in_formats(row, " A6 A7 A8 "))
                compare(s, op);
            else if (in_formats(row, " I16 I17 I30 "))
                test_bit(s, op);
        }
    }
    /* Every row of the A and I units and movl, whoever tests its values. */
    if (group("predicate-off"))
        for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
            const struct isa_row *row = &isa_rows[op];
            if (row->units & (1 << ISA_UNIT_I | 1 << ISA_UNIT_X) &&
                !(row->attr & (ISA_ATTR_NOQP | ISA_ATTR_NO_PRED_OFF | ISA_ATTR_LATER)))
                generic_predicate_off(s, op);
        }
    if (group("illegal-targets"))
        for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
            const struct isa_row *row = &isa_rows[op];
            if (row->units & (1 << ISA_UNIT_I | 1 << ISA_UNIT_X) && !(row->attr & ISA_ATTR_LATER))
                generic_targets(s, op);
        }
    /* No row of this suite's formats is left out of the value tests above. */
    if (group("complete"))
        for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
            const struct isa_row *row = &isa_rows[op];
            bool found = !in_formats(row, " A1 A2 A3 A4 A5 I10 I11 I12 I13 I14 I15 X2 ");
            for (unsigned i = 0; i < sizeof alu / sizeof *alu; i++)
                found |= alu[i].op == op;
            expect(found, "%s %s is not tested", row->name, row->format);
        }
    int status = suite_end();
    sut_free(s);
    return status;
}
