/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Executors of scalar floating-point arithmetic: multiply-add, compare, classify, minimum and
 * maximum, conversion to integers, reciprocal seeds (SDM 3:2, the instructions' pages). The
 * arithmetic is float_core.c's; here are operands, NaTVal, the order of faults, flags and traps.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/float_core.h"

static inline bool any_natval(const struct fpn *a, const struct fpn *b, const struct fpn *c)
{
    return a->cls == FPC_NAT || b->cls == FPC_NAT || (c && c->cls == FPC_NAT);
}

/* fma, fms, fnma: f1 = f3 * f4 + f2. */
static void multiply_add(struct cpu *cpu, const struct isa_insn *in, enum fp_pc pc, unsigned how)
{
    struct fp_env e;

    fr_check(cpu, 0, in->f1, in->f2, in->f3, in->f4);
    const struct fpn a = fp_unpack(fr_r(cpu, in->f3)), b = fp_unpack(fr_r(cpu, in->f4)),
                     c = fp_unpack(fr_r(cpu, in->f2));
    if (unlikely(any_natval(&a, &b, &c))) {
        fr_put_natval(fr_w(cpu, in->f1));
        return;
    }
    if (in->f2 == 0)
        how |= FMA_MUL | (in->f4 == 1 ? FMA_NORM : 0);
    fp_begin(&e, cpu, in->sf, pc);
    const struct fpv v = fp_fma(&e, &a, &b, &c, how);
    fp_check_fault(cpu, &e);
    fr_put(fr_w(cpu, in->f1), v);
    fp_finish(cpu, &e, in->sf);
}

#define FMA(name, pc, how)                                                                         \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        multiply_add(cpu, in, pc, how);                                                            \
    }
FMA(fma, PC_DYN, 0)
FMA(fma_s, PC_S, 0)
FMA(fma_d, PC_D, 0)
FMA(fms, PC_DYN, FMA_NEG_ADD)
FMA(fms_s, PC_S, FMA_NEG_ADD)
FMA(fms_d, PC_D, FMA_NEG_ADD)
FMA(fnma, PC_DYN, FMA_NEG_MUL)
FMA(fnma_s, PC_S, FMA_NEG_MUL)
FMA(fnma_d, PC_D, FMA_NEG_MUL)

/* fmin, fmax, famin, famax copy one of the operands as it is. */
static void minmax(struct cpu *cpu, const struct isa_insn *in, bool max, bool abs)
{
    struct fp_env e;

    fr_check(cpu, 0, in->f1, in->f2, in->f3, 0);
    const struct fpn a = fp_unpack(fr_r(cpu, in->f2)), b = fp_unpack(fr_r(cpu, in->f3));
    if (any_natval(&a, &b, NULL)) {
        fr_put_natval(fr_w(cpu, in->f1));
        return;
    }
    fp_begin(&e, cpu, in->sf, PC_DYN);
    const struct fr r = *fr_r(cpu, fp_minmax(&e, &a, &b, max, abs) ? in->f2 : in->f3);
    fp_check_fault(cpu, &e);
    *fr_w(cpu, in->f1) = r;
    fp_finish(cpu, &e, in->sf);
}

#define MINMAX(name, max, abs)                                                                     \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        minmax(cpu, in, max, abs);                                                                 \
    }
MINMAX(fmin, false, false)
MINMAX(fmax, true, false)
MINMAX(famin, false, true)
MINMAX(famax, true, true)

/* fcmp: a NaTVal clears both predicates; .unc clears them when the qualifying predicate is off. */
static void compare(struct cpu *cpu, const struct isa_insn *in, enum fp_rel rel, bool unc)
{
    struct fp_env e;

    if (unc && !cpu->pr[in->qp]) {
        pr_set(cpu, in->p1, false);
        pr_set(cpu, in->p2, false);
        return;
    }
    fr_check(cpu, 0, in->f2, in->f3, 0, 0);
    const struct fpn a = fp_unpack(fr_r(cpu, in->f2)), b = fp_unpack(fr_r(cpu, in->f3));
    if (any_natval(&a, &b, NULL)) {
        pr_set(cpu, in->p1, false);
        pr_set(cpu, in->p2, false);
        return;
    }
    fp_begin(&e, cpu, in->sf, PC_DYN);
    const bool r = fp_compare(&e, &a, &b, rel);
    fp_check_fault(cpu, &e);
    pr_set(cpu, in->p1, r);
    pr_set(cpu, in->p2, !r);
    fp_finish(cpu, &e, in->sf);
}

#define FCMP(name, rel)                                                                            \
    static void x_fcmp_##name(struct cpu *cpu, const struct isa_insn *in)                          \
    {                                                                                              \
        compare(cpu, in, rel, false);                                                              \
    }                                                                                              \
    static void x_fcmp_##name##_unc(struct cpu *cpu, const struct isa_insn *in)                    \
    {                                                                                              \
        compare(cpu, in, rel, true);                                                               \
    }
FCMP(eq, FREL_EQ)
FCMP(lt, FREL_LT)
FCMP(le, FREL_LE)
FCMP(unord, FREL_UNORD)

/* fclass9 (SDM 3: fclass page). */
enum {
    CLASS_POS = 1,
    CLASS_NEG = 2,
    CLASS_ZERO = 4,
    CLASS_UNORM = 8,
    CLASS_NORM = 0x10,
    CLASS_INF = 0x20,
    CLASS_SNAN = 0x40,
    CLASS_QNAN = 0x80,
    CLASS_NAT = 0x100,
};

static bool is_of_class(const struct fpn *a, unsigned set)
{
    static const uint16_t special[] = {
        [FPC_ZERO] = CLASS_ZERO, [FPC_FINITE] = CLASS_NORM, [FPC_INF] = CLASS_INF,
        [FPC_QNAN] = CLASS_QNAN, [FPC_SNAN] = CLASS_SNAN,   [FPC_UNSUPP] = 0,
        [FPC_NAT] = CLASS_NAT,
    };

    if (a->cls >= FPC_QNAN)
        return set & special[a->cls];
    if (!(set & (a->sign ? CLASS_NEG : CLASS_POS)))
        return false;
    return set & (a->unorm ? CLASS_UNORM : special[a->cls]);
}

static void classify(struct cpu *cpu, const struct isa_insn *in, bool unc)
{
    if (unc && !cpu->pr[in->qp]) {
        pr_set(cpu, in->p1, false);
        pr_set(cpu, in->p2, false);
        return;
    }
    fr_check(cpu, 0, in->f2, 0, 0, 0);
    const struct fpn a = fp_unpack(fr_r(cpu, in->f2));
    const bool r = is_of_class(&a, (unsigned)in->imm);
    pr_set(cpu, in->p1, r);
    pr_set(cpu, in->p2, !r && a.cls != FPC_NAT);
}

static void x_fclass_m(struct cpu *cpu, const struct isa_insn *in)
{
    classify(cpu, in, false);
}
static void x_fclass_m_unc(struct cpu *cpu, const struct isa_insn *in)
{
    classify(cpu, in, true);
}

static void convert(struct cpu *cpu, const struct isa_insn *in, bool is_unsigned, bool trunc)
{
    struct fp_env e;

    fr_check(cpu, 0, in->f1, in->f2, 0, 0);
    const struct fpn a = fp_unpack(fr_r(cpu, in->f2));
    if (a.cls == FPC_NAT) {
        fr_put_natval(fr_w(cpu, in->f1));
        return;
    }
    fp_begin(&e, cpu, in->sf, PC_DYN);
    const uint64_t v = fp_to_int(&e, &a, 64, is_unsigned, trunc);
    fp_check_fault(cpu, &e);
    fr_put_sig(fr_w(cpu, in->f1), v);
    fp_finish(cpu, &e, in->sf);
}

#define FCVT(name, is_unsigned, trunc)                                                             \
    static void x_fcvt_##name(struct cpu *cpu, const struct isa_insn *in)                          \
    {                                                                                              \
        convert(cpu, in, is_unsigned, trunc);                                                      \
    }
FCVT(fx, false, false)
FCVT(fx_trunc, false, true)
FCVT(fxu, true, false)
FCVT(fxu_trunc, true, true)

/* fcvt.xf: exact, so no status field. */
static void x_fcvt_xf(struct cpu *cpu, const struct isa_insn *in)
{
    fr_check(cpu, 0, in->f1, in->f2, 0, 0);
    const struct fr *s = fr_r(cpu, in->f2);
    if (fr_is_natval(s)) {
        fr_put_natval(fr_w(cpu, in->f1));
        return;
    }
    uint64_t sig = fr_sig(s);
    const uint32_t sign = (uint32_t)(sig >> 63);
    struct fpv v = {0, 0, 0};
    if (sig) {
        if (sign)
            sig = -sig;
        const int z = __builtin_clzll(sig);
        v = (struct fpv){sig << z, FR_EXP_INT - (uint32_t)z, sign};
    }
    fr_put(fr_w(cpu, in->f1), v);
}

/* frcpa, frsqrta (num NULL). A false predicate clears p2. */
static void seed(struct cpu *cpu, const struct isa_insn *in, bool recip)
{
    struct fp_env e;
    bool pred;

    if (!cpu->pr[in->qp]) {
        pr_set(cpu, in->p2, false);
        return;
    }
    if (in->f1 < 2)
        raise_illegal_op(cpu);
    fr_check(cpu, 0, in->f1, recip ? in->f2 : 0, in->f3, 0);
    const struct fpn b = fp_unpack(fr_r(cpu, in->f3)), a = recip ? fp_unpack(fr_r(cpu, in->f2)) : b;
    if (any_natval(&a, &b, NULL)) {
        fr_put_natval(fr_w(cpu, in->f1));
        pr_set(cpu, in->p2, false);
        return;
    }
    fp_begin(&e, cpu, in->sf, PC_DYN);
    const struct fpv v = recip ? fp_rcpa(&e, &a, &b, &pred) : fp_rsqrta(&e, &b, &pred);
    fp_check_fault(cpu, &e);
    fr_put(fr_w(cpu, in->f1), v);
    pr_set(cpu, in->p2, pred);
    fp_finish(cpu, &e, in->sf);
}

static void x_frcpa(struct cpu *cpu, const struct isa_insn *in)
{
    seed(cpu, in, true);
}
static void x_frsqrta(struct cpu *cpu, const struct isa_insn *in)
{
    seed(cpu, in, false);
}

EXEC_TABLE(float_arith){
    {ISA_FMA_F1, x_fma},
    {ISA_FMA_S_F1, x_fma_s},
    {ISA_FMA_D_F1, x_fma_d},
    {ISA_FMS_F1, x_fms},
    {ISA_FMS_S_F1, x_fms_s},
    {ISA_FMS_D_F1, x_fms_d},
    {ISA_FNMA_F1, x_fnma},
    {ISA_FNMA_S_F1, x_fnma_s},
    {ISA_FNMA_D_F1, x_fnma_d},
    {ISA_FMIN_F8, x_fmin},
    {ISA_FMAX_F8, x_fmax},
    {ISA_FAMIN_F8, x_famin},
    {ISA_FAMAX_F8, x_famax},
    {ISA_FCMP_EQ_F4, x_fcmp_eq},
    {ISA_FCMP_EQ_UNC_F4, x_fcmp_eq_unc},
    {ISA_FCMP_LT_F4, x_fcmp_lt},
    {ISA_FCMP_LT_UNC_F4, x_fcmp_lt_unc},
    {ISA_FCMP_LE_F4, x_fcmp_le},
    {ISA_FCMP_LE_UNC_F4, x_fcmp_le_unc},
    {ISA_FCMP_UNORD_F4, x_fcmp_unord},
    {ISA_FCMP_UNORD_UNC_F4, x_fcmp_unord_unc},
    {ISA_FCLASS_M_F5, x_fclass_m},
    {ISA_FCLASS_M_UNC_F5, x_fclass_m_unc},
    {ISA_FCVT_FX_F10, x_fcvt_fx},
    {ISA_FCVT_FX_TRUNC_F10, x_fcvt_fx_trunc},
    {ISA_FCVT_FXU_F10, x_fcvt_fxu},
    {ISA_FCVT_FXU_TRUNC_F10, x_fcvt_fxu_trunc},
    {ISA_FCVT_XF_F11, x_fcvt_xf},
    {ISA_FRCPA_F6, x_frcpa},
    {ISA_FRSQRTA_F7, x_frsqrta},
    EXEC_END,
};
