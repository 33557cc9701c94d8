/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Executors on pairs of singles (SDM 1:5, 3: fpma, fpmin, fpcmp, fpcvt, fprcpa, fprsqrta pages):
 * each half runs by itself in single precision; faults and traps of both are reported together,
 * flags merged.
 *
 * f0 and f1 are read as their register format says: f1 is not a pair of ones.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/float_core.h"

/* Both halves of an operand, and the environments they run in. Index 0: low. */
struct pair {
    struct fpn h[2];
    uint64_t sig;
};

static struct pair read_pair(const struct fr *r)
{
    const uint64_t sig = fr_sig(r);
    return (struct pair){
        {fp_classify(fpv_from_sgl((uint32_t)sig)),
         fp_classify(fpv_from_sgl((uint32_t)(sig >> 32)))},
        sig,
    };
}

static void begin(struct fp_env e[2], const struct cpu *cpu, unsigned sf)
{
    fp_begin(&e[0], cpu, sf, PC_SIMD);
    e[1] = e[0];
}

/* Fault before, write, flags and trap after. */
static void finish(struct cpu *cpu, const struct isa_insn *in, const struct fp_env e[2],
                   const uint32_t v[2])
{
    if (e[0].fault | e[1].fault)
        fp_raise_fault(cpu, e[1].fault, e[0].fault);
    fr_put_sig(fr_w(cpu, in->f1), (uint64_t)v[1] << 32 | v[0]);
}
static void finish_flags(struct cpu *cpu, const struct isa_insn *in, const struct fp_env e[2])
{
    fp_set_flags(cpu, in->sf, e[0].flags | e[1].flags);
    if (fp_trapping(&e[0]) || fp_trapping(&e[1]))
        fp_raise_trap(cpu, e[1].trap, e[0].trap);
}

/* A NaTVal source: the target becomes NaTVal, true. */
static bool natval(struct cpu *cpu, const struct isa_insn *in, unsigned a, unsigned b, unsigned c)
{
    if (likely(!fr_is_natval(fr_r(cpu, a)) && !fr_is_natval(fr_r(cpu, b)) &&
               !fr_is_natval(fr_r(cpu, c))))
        return false;
    fr_put_natval(fr_w(cpu, in->f1));
    return true;
}

static void multiply_add(struct cpu *cpu, const struct isa_insn *in, unsigned how)
{
    struct fp_env e[2];
    uint32_t v[2];

    fr_check(cpu, 0, in->f1, in->f2, in->f3, in->f4);
    if (natval(cpu, in, in->f2, in->f3, in->f4))
        return;
    const struct pair a = read_pair(fr_r(cpu, in->f3)), b = read_pair(fr_r(cpu, in->f4)),
                      c = read_pair(fr_r(cpu, in->f2));
    if (in->f2 == 0)
        how |= FMA_MUL;
    begin(e, cpu, in->sf);
    for (int i = 0; i < 2; i++)
        v[i] = fpv_to_sgl(fp_fma(&e[i], &a.h[i], &b.h[i], &c.h[i], how));
    finish(cpu, in, e, v);
    finish_flags(cpu, in, e);
}
static void x_fpma(struct cpu *cpu, const struct isa_insn *in)
{
    multiply_add(cpu, in, 0);
}
static void x_fpms(struct cpu *cpu, const struct isa_insn *in)
{
    multiply_add(cpu, in, FMA_NEG_ADD);
}
static void x_fpnma(struct cpu *cpu, const struct isa_insn *in)
{
    multiply_add(cpu, in, FMA_NEG_MUL);
}

static void minmax(struct cpu *cpu, const struct isa_insn *in, bool max, bool abs)
{
    struct fp_env e[2];
    uint32_t v[2];

    fr_check(cpu, 0, in->f1, in->f2, in->f3, 0);
    if (natval(cpu, in, in->f2, in->f3, in->f3))
        return;
    const struct pair a = read_pair(fr_r(cpu, in->f2)), b = read_pair(fr_r(cpu, in->f3));
    begin(e, cpu, in->sf);
    for (int i = 0; i < 2; i++)
        v[i] = (uint32_t)((fp_minmax(&e[i], &a.h[i], &b.h[i], max, abs) ? a.sig : b.sig) >> 32 * i);
    finish(cpu, in, e, v);
    finish_flags(cpu, in, e);
}
#define MINMAX(name, max, abs)                                                                     \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        minmax(cpu, in, max, abs);                                                                 \
    }
MINMAX(fpmin, false, false)
MINMAX(fpmax, true, false)
MINMAX(fpamin, false, true)
MINMAX(fpamax, true, true)

/* fpcmp: all ones or zeros per half; neq, nlt, nle and ord are the complements. */
static void compare(struct cpu *cpu, const struct isa_insn *in, enum fp_rel rel, bool invert)
{
    struct fp_env e[2];
    uint32_t v[2];

    fr_check(cpu, 0, in->f1, in->f2, in->f3, 0);
    if (natval(cpu, in, in->f2, in->f3, in->f3))
        return;
    const struct pair a = read_pair(fr_r(cpu, in->f2)), b = read_pair(fr_r(cpu, in->f3));
    begin(e, cpu, in->sf);
    for (int i = 0; i < 2; i++)
        v[i] = fp_compare(&e[i], &a.h[i], &b.h[i], rel) != invert ? ~0u : 0;
    finish(cpu, in, e, v);
    finish_flags(cpu, in, e);
}
#define FPCMP(name, rel, invert)                                                                   \
    static void x_fpcmp_##name(struct cpu *cpu, const struct isa_insn *in)                         \
    {                                                                                              \
        compare(cpu, in, rel, invert);                                                             \
    }
FPCMP(eq, FREL_EQ, false)
FPCMP(lt, FREL_LT, false)
FPCMP(le, FREL_LE, false)
FPCMP(unord, FREL_UNORD, false)
FPCMP(neq, FREL_EQ, true)
FPCMP(nlt, FREL_LT, true)
FPCMP(nle, FREL_LE, true)
FPCMP(ord, FREL_UNORD, true)

static void convert(struct cpu *cpu, const struct isa_insn *in, bool is_unsigned, bool trunc)
{
    struct fp_env e[2];
    uint32_t v[2];

    fr_check(cpu, 0, in->f1, in->f2, 0, 0);
    if (natval(cpu, in, in->f2, in->f2, in->f2))
        return;
    const struct pair a = read_pair(fr_r(cpu, in->f2));
    begin(e, cpu, in->sf);
    for (int i = 0; i < 2; i++)
        v[i] = (uint32_t)fp_to_int(&e[i], &a.h[i], 32, is_unsigned, trunc);
    finish(cpu, in, e, v);
    finish_flags(cpu, in, e);
}
#define FPCVT(name, is_unsigned, trunc)                                                            \
    static void x_fpcvt_##name(struct cpu *cpu, const struct isa_insn *in)                         \
    {                                                                                              \
        convert(cpu, in, is_unsigned, trunc);                                                      \
    }
FPCVT(fx, false, false)
FPCVT(fx_trunc, false, true)
FPCVT(fxu, true, false)
FPCVT(fxu_trunc, true, true)

/* p2 only when both halves may go on with the iteration. */
static void seed(struct cpu *cpu, const struct isa_insn *in, bool recip)
{
    struct fp_env e[2];
    uint32_t v[2];
    bool pred[2];

    if (!cpu->pr[in->qp]) {
        pr_set(cpu, in->p2, false);
        return;
    }
    if (in->f1 < 2)
        raise_illegal_op(cpu);
    const unsigned f2 = recip ? in->f2 : in->f3;
    fr_check(cpu, 0, in->f1, f2, in->f3, 0);
    if (natval(cpu, in, f2, in->f3, in->f3)) {
        pr_set(cpu, in->p2, false);
        return;
    }
    const struct pair a = read_pair(fr_r(cpu, f2)), b = read_pair(fr_r(cpu, in->f3));
    begin(e, cpu, in->sf);
    for (int i = 0; i < 2; i++)
        v[i] = fpv_to_sgl(recip ? fp_rcpa(&e[i], &a.h[i], &b.h[i], &pred[i])
                                : fp_rsqrta(&e[i], &b.h[i], &pred[i]));
    finish(cpu, in, e, v);
    pr_set(cpu, in->p2, pred[0] && pred[1]);
    finish_flags(cpu, in, e);
}
static void x_fprcpa(struct cpu *cpu, const struct isa_insn *in)
{
    seed(cpu, in, true);
}
static void x_fprsqrta(struct cpu *cpu, const struct isa_insn *in)
{
    seed(cpu, in, false);
}

EXEC_TABLE(float_simd){
    {ISA_FPMA_F1, x_fpma},
    {ISA_FPMS_F1, x_fpms},
    {ISA_FPNMA_F1, x_fpnma},
    {ISA_FPMIN_F8, x_fpmin},
    {ISA_FPMAX_F8, x_fpmax},
    {ISA_FPAMIN_F8, x_fpamin},
    {ISA_FPAMAX_F8, x_fpamax},
    {ISA_FPCMP_EQ_F8, x_fpcmp_eq},
    {ISA_FPCMP_LT_F8, x_fpcmp_lt},
    {ISA_FPCMP_LE_F8, x_fpcmp_le},
    {ISA_FPCMP_UNORD_F8, x_fpcmp_unord},
    {ISA_FPCMP_NEQ_F8, x_fpcmp_neq},
    {ISA_FPCMP_NLT_F8, x_fpcmp_nlt},
    {ISA_FPCMP_NLE_F8, x_fpcmp_nle},
    {ISA_FPCMP_ORD_F8, x_fpcmp_ord},
    {ISA_FPCVT_FX_F10, x_fpcvt_fx},
    {ISA_FPCVT_FX_TRUNC_F10, x_fpcvt_fx_trunc},
    {ISA_FPCVT_FXU_F10, x_fpcvt_fxu},
    {ISA_FPCVT_FXU_TRUNC_F10, x_fpcvt_fxu_trunc},
    {ISA_FPRCPA_F6, x_fprcpa},
    {ISA_FPRSQRTA_F7, x_fprsqrta},
    EXEC_END,
};
