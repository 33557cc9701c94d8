/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Executors that move bits of floating-point registers: merge, logical, select, integer
 * multiply-add, transfers to and from general registers; and those on status fields (SDM 3:2). They
 * signal nothing; a NaTVal source gives NaTVal.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/float_core.h"

/* fmerge: sign (negated, or with the exponent) of f2 on the rest of f3. */
enum merge { MERGE_S, MERGE_NS, MERGE_SE };
static void merge(struct cpu *cpu, const struct isa_insn *in, enum merge kind)
{
    fr_check(cpu, 0, in->f1, in->f2, in->f3, 0);
    const struct fr *f2 = fr_r(cpu, in->f2), *f3 = fr_r(cpu, in->f3);
    if (fr_is_natval(f2) || fr_is_natval(f3)) {
        fr_put_natval(fr_w(cpu, in->f1));
        return;
    }
    const struct fpv a = fr_unpack(f2);
    struct fpv v = fr_unpack(f3);
    v.sign = kind == MERGE_NS ? !a.sign : a.sign;
    if (kind == MERGE_SE)
        v.exp = a.exp;
    fr_put(fr_w(cpu, in->f1), v);
}
static void x_fmerge_s(struct cpu *cpu, const struct isa_insn *in)
{
    merge(cpu, in, MERGE_S);
}
static void x_fmerge_ns(struct cpu *cpu, const struct isa_insn *in)
{
    merge(cpu, in, MERGE_NS);
}
static void x_fmerge_se(struct cpu *cpu, const struct isa_insn *in)
{
    merge(cpu, in, MERGE_SE);
}

/* Functions of two significands a (f2) and b (f3). */
#define SIG2(name, expr)                                                                           \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        fr_check(cpu, 0, in->f1, in->f2, in->f3, 0);                                               \
        const struct fr *f2 = fr_r(cpu, in->f2), *f3 = fr_r(cpu, in->f3);                          \
        const uint64_t a = fr_sig(f2), b = fr_sig(f3);                                             \
        const bool nat = fr_is_natval(f2) || fr_is_natval(f3);                                     \
        struct fr *f1 = fr_w(cpu, in->f1);                                                         \
        if (nat)                                                                                   \
            fr_put_natval(f1);                                                                     \
        else                                                                                       \
            fr_put_sig(f1, expr);                                                                  \
    }
#define HI 0xffffffff00000000ull
#define LO 0xffffffffull
#define S0 0x80000000ull         /* sign of the low single */
#define S1 0x8000000000000000ull /* of the high one */
SIG2(fand, a &b)
SIG2(fandcm, a & ~b)
SIG2(for, a | b)
SIG2(fxor, a ^ b)
SIG2(fmix_l, (a & HI) | b >> 32)
SIG2(fmix_r, a << 32 | (b & LO))
SIG2(fmix_lr, (a & HI) | (b & LO))
SIG2(fsxt_l, (a & S1 ? HI : 0) | b >> 32)
SIG2(fsxt_r, (a & S0 ? HI : 0) | (b & LO))
SIG2(fswap, b << 32 | a >> 32)
SIG2(fswap_nl, (b << 32 | a >> 32) ^ S1)
SIG2(fswap_nr, (b << 32 | a >> 32) ^ S0)
SIG2(fpmerge_s, (a & (S1 | S0)) | (b & ~(S1 | S0)))
SIG2(fpmerge_ns, (~a & (S1 | S0)) | (b & ~(S1 | S0)))
#define SE (0xff800000ull << 32 | 0xff800000ull)
SIG2(fpmerge_se, (a & SE) | (b & ~SE))
SIG2(fpack, ((void)a, (void)b, (uint64_t)fr_to_sgl_bits(f2) << 32 | fr_to_sgl_bits(f3)))

/* Functions of three: a (f3), b (f4), c (f2). */
#define SIG3(name, expr)                                                                           \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        fr_check(cpu, 0, in->f1, in->f2, in->f3, in->f4);                                          \
        const struct fr *f3 = fr_r(cpu, in->f3), *f4 = fr_r(cpu, in->f4), *f2 = fr_r(cpu, in->f2); \
        const uint64_t a = fr_sig(f3), b = fr_sig(f4), c = fr_sig(f2);                             \
        const bool nat = fr_is_natval(f2) || fr_is_natval(f3) || fr_is_natval(f4);                 \
        struct fr *f1 = fr_w(cpu, in->f1);                                                         \
        if (nat)                                                                                   \
            fr_put_natval(f1);                                                                     \
        else                                                                                       \
            fr_put_sig(f1, expr);                                                                  \
    }
SIG3(fselect, (a & c) | (b & ~c))
/* The addend is zero-extended to 128 bits also where the product is signed (SDM 3: xma page). */
SIG3(xma_l, a *b + c)
SIG3(xma_h, (uint64_t)(((__int128)(int64_t)a * (int64_t)b + (__int128)c) >> 64))
SIG3(xma_hu, (uint64_t)(((unsigned __int128)a * b + c) >> 64))

/* --- general registers --- */

#define GETF(name, expr)                                                                           \
    static void x_getf_##name(struct cpu *cpu, const struct isa_insn *in)                          \
    {                                                                                              \
        fr_check(cpu, 0, in->f2, 0, 0, 0);                                                         \
        const struct fr *f2 = fr_r(cpu, in->f2);                                                   \
        const struct fpv v = fr_unpack(f2);                                                        \
        gr_write(cpu, in->r1, expr, fr_is_natval(f2));                                             \
    }
GETF(sig, v.sig)
GETF(exp, v.sign << 17 | v.exp)
GETF(s, fpv_to_sgl(v))
GETF(d, fpv_to_dbl(v))

#define SETF(name, put)                                                                            \
    static void x_setf_##name(struct cpu *cpu, const struct isa_insn *in)                          \
    {                                                                                              \
        fr_check(cpu, 0, in->f1, 0, 0, 0);                                                         \
        const struct gr r = *gr(cpu, in->r2);                                                      \
        struct fr *f1 = fr_w(cpu, in->f1);                                                         \
        if (r.n)                                                                                   \
            fr_put_natval(f1);                                                                     \
        else                                                                                       \
            put;                                                                                   \
    }
SETF(sig, fr_put_sig(f1, r.v))
SETF(exp, fr_put(f1, (struct fpv){FR_INTBIT, r.v & 0x1ffff, r.v >> 17 & 1}))
SETF(s, fr_put_sgl_bits(f1, (uint32_t)r.v))
SETF(d, fr_put_dbl_bits(f1, r.v))

/* --- status fields (SDM 1:5.2, 3: fsetc, fclrf, fchkf pages) --- */

/* Controls of sf from those of field 0; sf0.td and precision control 1 are reserved. */
static void x_fsetc(struct cpu *cpu, const struct isa_insn *in)
{
    const uint64_t fpsr = cpu->ar[AR_FPSR];
    const uint64_t c = ((fpsr >> FPSR_SF_SHIFT(0) & in->imm) | in->imm >> 7) & SF_CONTROLS;

    if ((in->sf == 0 && c & SF_TD) || (c >> SF_PC_SHIFT & 3) == 1)
        raise_reserved_reg_field(cpu);
    const unsigned shift = FPSR_SF_SHIFT(in->sf);
    cpu->ar[AR_FPSR] = (fpsr & ~((uint64_t)SF_CONTROLS << shift)) | c << shift;
}

static void x_fclrf(struct cpu *cpu, const struct isa_insn *in)
{
    cpu->ar[AR_FPSR] &= ~(0x3full << (FPSR_SF_SHIFT(in->sf) + SF_FLAGS_SHIFT));
}

/* Branches to the recovery code when the field has a flag that is to trap, or that field 0 has not.
 * We branch by ourselves; the Speculative Operation fault of processors that do not is never
 * needed. */
static void x_fchkf(struct cpu *cpu, const struct isa_insn *in)
{
    const uint64_t fpsr = cpu->ar[AR_FPSR];
    const uint64_t flags = fpsr >> (FPSR_SF_SHIFT(in->sf) + SF_FLAGS_SHIFT) & 0x3f;
    const uint64_t main = fpsr >> (FPSR_SF_SHIFT(0) + SF_FLAGS_SHIFT) & 0x3f;

    if (!(flags & ~(fpsr & 0x3f)) && !(flags & ~main))
        return;
    const uint64_t from = cpu->ip;
    cpu->ip = from + in->imm;
    cpu->psr &= ~PSR_RI;
    branch_taken(cpu, from);
}

EXEC_TABLE(float_misc){
    {ISA_FMERGE_S_F9, x_fmerge_s},
    {ISA_FMERGE_NS_F9, x_fmerge_ns},
    {ISA_FMERGE_SE_F9, x_fmerge_se},
    {ISA_FAND_F9, x_fand},
    {ISA_FANDCM_F9, x_fandcm},
    {ISA_FOR_F9, x_for},
    {ISA_FXOR_F9, x_fxor},
    {ISA_FMIX_L_F9, x_fmix_l},
    {ISA_FMIX_R_F9, x_fmix_r},
    {ISA_FMIX_LR_F9, x_fmix_lr},
    {ISA_FSXT_L_F9, x_fsxt_l},
    {ISA_FSXT_R_F9, x_fsxt_r},
    {ISA_FSWAP_F9, x_fswap},
    {ISA_FSWAP_NL_F9, x_fswap_nl},
    {ISA_FSWAP_NR_F9, x_fswap_nr},
    {ISA_FPMERGE_S_F9, x_fpmerge_s},
    {ISA_FPMERGE_NS_F9, x_fpmerge_ns},
    {ISA_FPMERGE_SE_F9, x_fpmerge_se},
    {ISA_FPACK_F9, x_fpack},
    {ISA_FSELECT_F3, x_fselect},
    {ISA_XMA_L_F2, x_xma_l},
    {ISA_XMA_H_F2, x_xma_h},
    {ISA_XMA_HU_F2, x_xma_hu},
    {ISA_GETF_SIG_M19, x_getf_sig},
    {ISA_GETF_EXP_M19, x_getf_exp},
    {ISA_GETF_S_M19, x_getf_s},
    {ISA_GETF_D_M19, x_getf_d},
    {ISA_SETF_SIG_M18, x_setf_sig},
    {ISA_SETF_EXP_M18, x_setf_exp},
    {ISA_SETF_S_M18, x_setf_s},
    {ISA_SETF_D_M18, x_setf_d},
    {ISA_FSETC_F12, x_fsetc},
    {ISA_FCLRF_F13, x_fclrf},
    {ISA_FCHKF_F14, x_fchkf},
    EXEC_END,
};
