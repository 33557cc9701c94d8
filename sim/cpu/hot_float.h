/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Floating-point instructions on registers that are host doubles (FR_DBL), done by the host's FPU:
 * exact twins of the executors in float_*.c for the engine's handlers (hot_fp.c). A function here
 * either does all of the instruction but psr.mfl/mfh, or returns false and has done nothing: a
 * trap, a flag to set, a special operand, a result near the ends of the range. Disabled registers
 * (psr.dfl, dfh) are the caller's.
 *
 * Registers are pointers; `shift` is FPSR_SF_SHIFT of the status field. The host rounds to nearest.
 * With fused multiply-add the compiler cannot be asked (it may not assume the host has it), so one
 * instruction is written by hand; fp_host_fma() says whether it may be used.
 */
#ifndef SIM_CPU_HOT_FLOAT_H
#define SIM_CPU_HOT_FLOAT_H

#include "sim/cpu/float_core.h"

/* Does the host have fused multiply-add? Else the multiply-add functions below must not be called.
 */
bool fp_host_fma(void);

enum fast_op { FAST_FMA, FAST_FMS, FAST_FNMA };

/* a * b + c, a * b - c, -(a * b) + c, rounded once. */
static inline double host_fma(enum fast_op op, double a, double b, double c)
{
#if defined(__x86_64__)
    if (op == FAST_FMA)
        __asm__("vfmadd213sd %2, %1, %0" : "+x"(a) : "x"(b), "x"(c));
    else if (op == FAST_FMS)
        __asm__("vfmsub213sd %2, %1, %0" : "+x"(a) : "x"(b), "x"(c));
    else
        __asm__("vfnmadd213sd %2, %1, %0" : "+x"(a) : "x"(b), "x"(c));
    return a;
#else
    return __builtin_fma(op == FAST_FNMA ? -a : a, b, op == FAST_FMS ? -c : c);
#endif
}

/* Does r = a * b + c hold exactly? May say no when it does. For operations whose I flag is not set
 * yet. */
bool fp_exact_fma(double a, double b, double c, double r);

/* Round to nearest, and an inexact result changes nothing: the flag is set already and its trap
 * disabled. */
static inline bool fp_inexact_free(uint64_t fpsr, uint64_t s)
{
    return (s & (FP_I << SF_FLAGS_SHIFT | 3 << SF_RC_SHIFT)) == FP_I << SF_FLAGS_SHIFT &&
           (fpsr & FP_I || s & SF_TD);
}
static inline bool fp_nearest(uint64_t s)
{
    return !(s & 3 << SF_RC_SHIFT);
}

/* Is it a result the host and we agree on: comfortably normal, or the zero of a zero product? lo,
 * hi: exponents. */
static inline bool fp_safe(double r, uint32_t lo, uint32_t hi, bool zero_product)
{
    uint64_t bits;
    memcpy(&bits, &r, 8);
    const uint32_t e = (uint32_t)(bits >> 52) & 0x7ff;
    return likely(e - lo <= hi - lo) || (!(bits << 1) && zero_product);
}

/* fma.d, fms.d, fnma.d; `mul`: f2 is f0. `quick`: only the common case, without a function call. */
static inline __attribute__((__always_inline__)) bool
fast_fma_d(const struct cpu *cpu, struct fr *d, const struct fr *f3, const struct fr *f4,
           const struct fr *f2, unsigned shift, enum fast_op op, bool mul, bool quick)
{
    if (unlikely(!(f3->kind & f4->kind & f2->kind)))
        return false;
    const double a = fr_dbl(f3), b = fr_dbl(f4), c = mul ? 0 : fr_dbl(f2);
    const double r = mul ? (op == FAST_FNMA ? -(a * b) : a * b) : host_fma(op, a, b, c);
    const uint64_t fpsr = cpu->ar[AR_FPSR], s = fpsr >> shift;
    /* Exponents 0 (tiny) and 1 (perhaps only by rounding), 0x7ff (overflow) are left to others. */
    if (unlikely(!fp_safe(r, 2, 0x7fe, !quick && (a == 0 || b == 0))))
        return false;
    if (unlikely(!fp_inexact_free(fpsr, s)) &&
        (quick || !fp_nearest(s) ||
         !fp_exact_fma(op == FAST_FNMA ? -a : a, b, op == FAST_FMS ? -c : c, r)))
        return false;
    fr_put_dbl(d, r);
    return true;
}

/* fma.s and so on, of operands whose product is exact in a double (singles are): the sum is rounded
 * to odd, which makes the second rounding, to single, the only one. */
static inline __attribute__((__always_inline__)) bool
fast_fma_s(const struct cpu *cpu, struct fr *d, const struct fr *f3, const struct fr *f4,
           const struct fr *f2, unsigned shift, enum fast_op op, bool mul, bool quick)
{
    if (unlikely(!(f3->kind & f4->kind & f2->kind)))
        return false;
    const double a = fr_dbl(f3), b = fr_dbl(f4), p0 = a * b;
    uint64_t bits;
    memcpy(&bits, &p0, 8);
    /* That e is exact needs a product not near the ends of the double range. */
    if (unlikely((bits >> 52 & 0x7ff) - 128 > 0x700 && (quick || !(a == 0 || b == 0))))
        return false;
    if (unlikely(host_fma(FAST_FMS, a, b, p0) != 0))
        return false;
    const double p = op == FAST_FNMA ? -p0 : p0;
    double sum = p, err = 0;
    if (!mul) {
        const double c = op == FAST_FMS ? -fr_dbl(f2) : fr_dbl(f2);
        sum = p + c;
        const double t = sum - p;
        err = (p - (sum - t)) + (c - t);
        if (err != 0) {
            memcpy(&bits, &sum, 8);
            if (!(bits & 1)) {
                bits += (err > 0) == (sum > 0) ? 1 : -1ull;
                memcpy(&sum, &bits, 8);
            }
        }
    }
    const double r = (double)(float)sum;
    const uint64_t fpsr = cpu->ar[AR_FPSR], s = fpsr >> shift;
    if (unlikely(!fp_safe(r, 1023 - 125, 1023 + 127, !quick && sum == 0 && (a == 0 || b == 0))))
        return false;
    if (unlikely(!fp_inexact_free(fpsr, s)) && (quick || !fp_nearest(s) || err != 0 || r != sum))
        return false;
    fr_put_dbl(d, r);
    return true;
}

/* fnorm without a precision completer, and fcvt.xuf of what is normalized: nothing to do when
 * doubles fit. */
static inline bool fast_norm(const struct cpu *cpu, struct fr *d, const struct fr *f3,
                             unsigned shift)
{
    if (f3->kind != FR_DBL || !(cpu->ar[AR_FPSR] >> shift & 2 << SF_PC_SHIFT))
        return false;
    *d = *f3;
    return true;
}

/* All of fma, fms, fnma without the host's help, as long as nothing is to be raised. */
bool fast_fma_soft(struct cpu *cpu, struct fr *d, const struct fr *f3, const struct fr *f4,
                   const struct fr *f2, unsigned sf, enum fp_pc pc, unsigned how);

/* fcmp: numbers only, so no flag. p1, p2: indices in cpu->pr. */
static inline bool fast_fcmp(struct cpu *cpu, const struct fr *f2, const struct fr *f3,
                             enum fp_rel rel, unsigned p1, unsigned p2)
{
    if (unlikely(!(f2->kind & f3->kind)))
        return false;
    const double a = fr_dbl(f2), b = fr_dbl(f3);
    const bool r = rel == FREL_EQ   ? a == b
                   : rel == FREL_LT ? a < b
                   : rel == FREL_LE ? a <= b
                                    : false;
    cpu->pr[p1] = r;
    cpu->pr[p2] = !r;
    return true;
}

/* fmerge.s, fmerge.ns. */
static inline bool fast_merge(struct fr *d, const struct fr *f2, const struct fr *f3, bool negate)
{
    if (unlikely(!(f2->kind & f3->kind)))
        return false;
    const uint64_t sign = (f2->sig ^ (negate ? ~0ull : 0)) & FR_INTBIT;
    d->sig = sign | (f3->sig & ~FR_INTBIT);
    d->kind = FR_DBL;
    return true;
}

/* fcvt.fx.trunc */
static inline bool fast_fcvt_fx_trunc(const struct cpu *cpu, struct fr *d, const struct fr *f2,
                                      unsigned shift)
{
    if (f2->kind != FR_DBL)
        return false;
    const double a = fr_dbl(f2);
    if (unlikely(!(__builtin_fabs(a) < 0x1p62)))
        return false;
    const int64_t i = (int64_t)a;
    if ((double)i != a) {
        const uint64_t fpsr = cpu->ar[AR_FPSR], s = fpsr >> shift;
        if (!(s & FP_I << SF_FLAGS_SHIFT) || !(fpsr & FP_I || s & SF_TD))
            return false;
    }
    fr_put_sig(d, (uint64_t)i);
    return true;
}

/* fcvt.xf of an integer that a double holds. */
static inline bool fast_fcvt_xf(struct fr *d, const struct fr *f2)
{
    const int64_t i = (int64_t)f2->sig;
    if (unlikely(f2->kind != FR_REG || f2->se != FR_EXP_INT || i > 1ll << 53 || i < -(1ll << 53)))
        return false;
    fr_put_dbl(d, (double)i);
    return true;
}

/* frcpa of two non-zero doubles: never an exception, and p2 is 1. */
static inline bool fast_frcpa(struct fr *d, const struct fr *f2, const struct fr *f3)
{
    if (unlikely(!(f2->kind & f3->kind) || !(f2->sig << 1) || !(f3->sig << 1)))
        return false;
    const struct fpn den = fp_unpack(f3);
    fr_put(d, fp_recip(&den));
    return true;
}

/* xma: enum as the completer says. */
enum fast_xma { XMA_L, XMA_H, XMA_HU };
static inline bool fast_xma(struct fr *d, const struct fr *f3, const struct fr *f4,
                            const struct fr *f2, enum fast_xma kind)
{
    if (unlikely(fr_is_natval(f3) || fr_is_natval(f4) || fr_is_natval(f2)))
        return false;
    const uint64_t a = fr_sig(f3), b = fr_sig(f4), c = fr_sig(f2);
    fr_put_sig(d, kind == XMA_L ? a * b + c
                  : kind == XMA_HU
                      ? (uint64_t)(((unsigned __int128)a * b + c) >> 64)
                      : (uint64_t)(((__int128)(int64_t)a * (int64_t)b + (__int128)c) >> 64));
    return true;
}

#endif
