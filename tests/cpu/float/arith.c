/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: multiply-add and conversions to and from integers, scalar and in pairs, against
 * MPFR.
 */
#include "tests/cpu/float/float.h"

/* A pseudo-random status field for an instruction, with registers f8 = f9, f10, f11. */
static struct isa_insn insn_f(unsigned op)
{
    return (struct isa_insn){
        .op = (uint16_t)op, .f1 = 8, .f2 = 9, .f3 = 10, .f4 = 11, .sf = (uint8_t)rnd_n(4)};
}

static const struct fpv zero = {0, 0, 0}, one = {1ull << 63, 0xffff, 0};

static void multiply_add(const char *name, unsigned op, enum fp_pc pc, bool neg_p, bool neg_c,
                         unsigned long n)
{
    if (!group(name))
        return;
    for (unsigned long i = count(n); i; i--) {
        struct isa_insn in = insn_f(op);
        struct fpv v[3];
        struct octl c;
        const uint64_t fpsr = rnd_fpsr();

        rnd_operands(v);
        switch (rnd_n(8)) { /* the pseudo-operations */
        case 0:             /* fmpy */
            in.f2 = 0;
            v[2] = zero;
            break;
        case 1: /* fadd, fsub */
            in.f4 = 1;
            v[1] = one;
            break;
        case 2: /* fnorm */
            in.f2 = 0;
            in.f4 = 1;
            v[2] = zero;
            v[1] = one;
            break;
        }
        set_fr(in.f3, v[0]);
        set_fr(in.f4, v[1]);
        set_fr(in.f2, v[2]);
        struct ores o;
        if (oracle_class(v[0]) == OC_NAT || oracle_class(v[1]) == OC_NAT ||
            oracle_class(v[2]) == OC_NAT) {
            o = (struct ores){.v = {0, 0x1fffe, 0}};
        } else {
            oracle_controls(&c, fpsr, in.sf, pc);
            o = oracle_fma(&c, v[0], v[1], v[2], neg_p, neg_c, in.f2 == 0);
        }
        check_result(&in, fpsr, &o, "");
    }
}

static void fcvt_fx(const char *name, unsigned op, bool is_unsigned, bool trunc)
{
    if (!group(name))
        return;
    for (unsigned long i = count(250000); i; i--) {
        struct isa_insn in = insn_f(op);
        const uint64_t fpsr = rnd_fpsr();
        struct fpv v[3];
        struct octl c;
        struct ores o;

        rnd_operands(v);
        if (rnd_n(4)) /* around the integers */
            v[2] = (struct fpv){v[2].sig, 0xffff - 3 + rnd_n(70), v[2].sign};
        in.f3 = in.f4 = 9;
        set_fr(9, v[2]);
        if (oracle_class(v[2]) == OC_NAT) {
            o = (struct ores){.v = {0, 0x1fffe, 0}};
        } else {
            uint64_t out;
            oracle_controls(&c, fpsr, in.sf, PC_DYN);
            o = oracle_to_int(&c, v[2], 64, is_unsigned, trunc, &out);
            o.v = (struct fpv){out, 0x1003e, 0};
        }
        check_result(&in, fpsr, &o, "");
    }
}

/* fcvt.xf needs no rounding: a long double holds any 64-bit integer. */
static void fcvt_xf(void)
{
    if (!group("fcvt.xf"))
        return;
    for (unsigned long i = count(100000); i; i--) {
        struct isa_insn in = insn_f(ISA_FCVT_XF_F11);
        const uint64_t fpsr = rnd_fpsr();
        struct fpv v = {(uint64_t)((int64_t)rnd() >> rnd_n(64)),
                        rnd_n(2) ? 0x1003e : rnd_n(0x1ffff), rnd_n(2)};
        struct ores o = {.v = {0, 0, 0}};

        if (rnd_n(10) == 0)
            v = (struct fpv){0, rnd_n(2) ? 0x1fffe : 0x1003e, 0};
        in.f3 = in.f4 = 9;
        set_fr(9, v);
        if (v.sig == 0 && v.exp == 0x1fffe && !v.sign) {
            o.v = v;
        } else if (v.sig) {
            const bool neg = v.sig >> 63;
            uint64_t m = neg ? 0 - v.sig : v.sig;
            unsigned e = 63;
            while (!(m >> 63)) {
                m += m;
                e--;
            }
            o.v = (struct fpv){m, 0xffff + e, neg};
        }
        check_result(&in, fpsr, &o, "");
    }
}

void test_arith(void)
{
    static const struct {
        const char *name;
        unsigned op;
        bool neg_p, neg_c;
        enum fp_pc pc;
    } t[] = {
        {"fma", ISA_FMA_F1, false, false, PC_DYN},    {"fma.s", ISA_FMA_S_F1, false, false, PC_S},
        {"fma.d", ISA_FMA_D_F1, false, false, PC_D},  {"fms", ISA_FMS_F1, false, true, PC_DYN},
        {"fms.s", ISA_FMS_S_F1, false, true, PC_S},   {"fms.d", ISA_FMS_D_F1, false, true, PC_D},
        {"fnma", ISA_FNMA_F1, true, false, PC_DYN},   {"fnma.s", ISA_FNMA_S_F1, true, false, PC_S},
        {"fnma.d", ISA_FNMA_D_F1, true, false, PC_D},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        multiply_add(t[i].name, t[i].op, t[i].pc, t[i].neg_p, t[i].neg_c, i < 3 ? 1500000 : 500000);
    fcvt_fx("fcvt.fx", ISA_FCVT_FX_F10, false, false);
    fcvt_fx("fcvt.fx.trunc", ISA_FCVT_FX_TRUNC_F10, false, true);
    fcvt_fx("fcvt.fxu", ISA_FCVT_FXU_F10, true, false);
    fcvt_fx("fcvt.fxu.trunc", ISA_FCVT_FXU_TRUNC_F10, true, true);
    fcvt_xf();
}

/* --- pairs --- */

/* A register value for a pair; now and then not in integer form, or NaTVal. */
static struct fpv rnd_pair(void)
{
    struct fpv v = {(uint64_t)rnd_single() << 32 | rnd_single(), 0x1003e, 0};
    if (rnd_n(50) == 0)
        v = (struct fpv){0, 0x1fffe, 0};
    else if (rnd_n(10) == 0)
        v.exp = rnd_n(0x1ffff), v.sign = rnd_n(2);
    return v;
}
static bool is_nat(struct fpv v)
{
    return oracle_class(v) == OC_NAT;
}
/* The half of a pair a result becomes. */
static uint32_t half(struct fpv v)
{
    if (v.exp == 0x1ffff)
        return v.sign << 31 | 0x7f800000u | (uint32_t)(v.sig << 1 >> 41);
    const uint32_t frac = (uint32_t)(v.sig >> 40) & 0x7fffff;
    return v.sign << 31 | (v.sig >> 63 ? (v.exp - (0xffff - 127)) << 23 : 0) | frac;
}

static void natval_pair(const struct isa_insn *in, uint64_t fpsr)
{
    const struct ores o = {.v = {0, 0x1fffe, 0}};
    check_result(in, fpsr, &o, "NaTVal");
}

static void pair_multiply_add(const char *name, unsigned op, bool neg_p, bool neg_c)
{
    if (!group(name))
        return;
    for (unsigned long i = count(400000); i; i--) {
        struct isa_insn in = insn_f(op);
        const uint64_t fpsr = rnd_fpsr();
        struct fpv v[3] = {rnd_pair(), rnd_pair(), rnd_pair()};
        struct octl c;
        struct ores o[2];

        if (rnd_n(5) == 0) {
            in.f2 = 0;
            v[2] = zero;
        }
        set_fr(10, v[0]);
        set_fr(11, v[1]);
        set_fr(in.f2, v[2]);
        if (is_nat(v[0]) || is_nat(v[1]) || is_nat(v[2])) {
            natval_pair(&in, fpsr);
            continue;
        }
        oracle_controls(&c, fpsr, in.sf, PC_SIMD);
        for (int h = 0; h < 2; h++)
            o[h] =
                oracle_fma(&c, fpv_from_sgl((uint32_t)(v[0].sig >> 32 * h)),
                           fpv_from_sgl((uint32_t)(v[1].sig >> 32 * h)),
                           fpv_from_sgl((uint32_t)(v[2].sig >> 32 * h)), neg_p, neg_c, in.f2 == 0);
        check_pair(&in, fpsr, &o[1], &o[0], (uint64_t)half(o[1].v) << 32 | half(o[0].v), "");
    }
}

static void pair_to_int(const char *name, unsigned op, bool is_unsigned, bool trunc)
{
    if (!group(name))
        return;
    for (unsigned long i = count(150000); i; i--) {
        struct isa_insn in = insn_f(op);
        const uint64_t fpsr = rnd_fpsr();
        const struct fpv v = rnd_pair();
        struct octl c;
        struct ores o[2];
        uint64_t out[2];

        in.f3 = in.f4 = 9;
        set_fr(9, v);
        if (is_nat(v)) {
            natval_pair(&in, fpsr);
            continue;
        }
        oracle_controls(&c, fpsr, in.sf, PC_SIMD);
        for (int h = 0; h < 2; h++)
            o[h] = oracle_to_int(&c, fpv_from_sgl((uint32_t)(v.sig >> 32 * h)), 32, is_unsigned,
                                 trunc, &out[h]);
        check_pair(&in, fpsr, &o[1], &o[0], out[1] << 32 | (uint32_t)out[0], "");
    }
}

void test_pairs(void)
{
    pair_multiply_add("fpma", ISA_FPMA_F1, false, false);
    pair_multiply_add("fpms", ISA_FPMS_F1, false, true);
    pair_multiply_add("fpnma", ISA_FPNMA_F1, true, false);
    pair_to_int("fpcvt.fx", ISA_FPCVT_FX_F10, false, false);
    pair_to_int("fpcvt.fx.trunc", ISA_FPCVT_FX_TRUNC_F10, false, true);
    pair_to_int("fpcvt.fxu", ISA_FPCVT_FXU_F10, true, false);
    pair_to_int("fpcvt.fxu.trunc", ISA_FPCVT_FXU_TRUNC_F10, true, true);
}
