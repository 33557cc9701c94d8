/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The seeds of division and square root: frcpa, frsqrta and their packed forms on values (SDM 3:
 * frcpa, fprcpa, frsqrta, fprsqrta pages).
 */
#include "sim/cpu/float_core.h"
#include "sim/machine.h"

/* Entry i of the manual's RECIP_TABLE, with the leading 1: the reciprocal of the middle of the i-th
 * of 256 intervals, to 11 bits. */
struct fpv fp_recip(const struct fpn *a)
{
    uint32_t d = 513 + 2 * (uint32_t)(a->sig >> 55 & 0xff);
    uint64_t entry = ((1u << 20) + d / 2) / d;

    return (struct fpv){entry << 53, (uint32_t)(2 * FR_BIAS - 1 - a->exp) & 0x1ffff, a->sign};
}

/* RECIP_SQRT_TABLE likewise: 128 intervals of each parity of the exponent. No entry is near a
 * rounding boundary, so the host's double gives it exactly. */
struct fpv fp_recip_sqrt(const struct fpn *a)
{
    uint32_t d = (257 + 2 * (uint32_t)(a->sig >> 56 & 0x7f)) << (a->exp & 1 ? 0 : 1);
    uint64_t entry = (uint64_t)(32768.0 / __builtin_sqrt(d) + 0.5);
    int32_t x = a->exp - FR_BIAS;

    return (struct fpv){entry << 53, (uint32_t)(FR_BIAS - 1 - (x - (x & 1)) / 2) & 0x1ffff, 0};
}

static struct fpv nan_result(struct fp_env *e, const struct fpn *nan, bool signalling)
{
    if (signalling) {
        if (e->masked & FP_V)
            e->flags |= FP_V;
        else
            e->fault |= FP_V;
    }
    if (nan)
        return (struct fpv){nan->sig | FR_QUIET, FR_EXP_SPECIAL, nan->sign};
    return (struct fpv){FR_INTBIT | FR_QUIET, FR_EXP_SPECIAL, 1};
}

/* D, and for processors that want it Software Assistance instead. False: a fault. */
static bool denormal_operand(struct fp_env *e)
{
    if (!(e->masked & FP_D))
        e->fault |= FP_D;
    else if (e->swa == FP_SWA_ITANIUM2 && !e->simd)
        e->fault |= FP_SWA;
    else
        e->flags |= FP_D;
    return !e->fault;
}

/* Operands for which iteration in the 17-bit range would go wrong: the manual requires software
 * assistance (SDM 3:3, frcpa_exception_fault_check; exponents are those of the normalized values).
 */
static bool rcpa_limits(const struct fpn *num, const struct fpn *den)
{
    int32_t est = num->exp - den->exp;

    if (num->cls != FPC_FINITE || den->cls != FPC_FINITE)
        return false;
    return den->exp <= 0 || den->exp >= 2 * FR_BIAS - 2 || est <= 2 - FR_BIAS || est >= FR_BIAS ||
           num->exp <= 64;
}

struct fpv fp_rcpa(struct fp_env *e, const struct fpn *num, const struct fpn *den, bool *pred)
{
    const struct fpn *nan = fp_is_nan(num) ? num : fp_is_nan(den) ? den : NULL;
    uint32_t sign = num->sign ^ den->sign;
    bool assist = !e->simd && rcpa_limits(num, den);

    *pred = false;
    if (num->cls == FPC_UNSUPP || den->cls == FPC_UNSUPP)
        return nan_result(e, NULL, true);
    if (nan)
        return nan_result(e, nan, num->cls == FPC_SNAN || den->cls == FPC_SNAN);
    if (num->cls == den->cls && num->cls != FPC_FINITE)
        return nan_result(e, NULL, true); /* 0/0, inf/inf */
    if (num->cls != FPC_INF && den->cls == FPC_ZERO) {
        if (e->masked & FP_Z)
            e->flags |= FP_Z;
        else
            e->fault |= FP_Z;
        return (struct fpv){FR_INTBIT, FR_EXP_SPECIAL, sign};
    }
    if (assist && e->swa != FP_SWA_NEVER) {
        e->fault |= FP_SWA;
        return (struct fpv){0, 0, 0};
    }
    if ((num->unorm || den->unorm) && !denormal_operand(e))
        return (struct fpv){0, 0, 0};
    if (num->cls == FPC_INF)
        return (struct fpv){FR_INTBIT, FR_EXP_SPECIAL, sign};
    if (num->cls == FPC_ZERO || den->cls == FPC_INF)
        return (struct fpv){0, 0, sign};
    if (assist)
        return fp_div(e, num, den); /* what the assistance would have done */
    if (!e->simd) {
        *pred = true;
        return fp_recip(den);
    }
    if (den->unorm || den->exp >= FR_BIAS + 125) {
        /* The reciprocal is no normal single. p2 is 0, software divides by the scalar instructions;
         * we leave the quotient, of which only D shows in the flags. */
        struct fp_env quiet = *e;
        quiet.masked = 0x3f;
        quiet.swa = FP_SWA_NEVER;
        return fp_div(&quiet, num, den);
    }
    int32_t est = num->exp - den->exp;
    *pred = est < 127 && est > 2 - 127 && num->exp > FR_BIAS - 127 + 24;
    return fp_recip(den);
}

struct fpv fp_rsqrta(struct fp_env *e, const struct fpn *a, bool *pred)
{
    *pred = false;
    if (a->cls == FPC_UNSUPP)
        return nan_result(e, NULL, true);
    if (fp_is_nan(a))
        return nan_result(e, a, a->cls == FPC_SNAN);
    if (a->sign && a->cls != FPC_ZERO)
        return nan_result(e, NULL, true);
    /* The scalar special results are square roots, the packed ones reciprocals of square roots. */
    if (a->cls == FPC_INF)
        return e->simd ? (struct fpv){0, 0, 0} : (struct fpv){FR_INTBIT, FR_EXP_SPECIAL, 0};
    bool assist = !e->simd && a->cls == FPC_FINITE && a->exp <= 64;
    if (assist && e->swa != FP_SWA_NEVER) {
        e->fault |= FP_SWA;
        return (struct fpv){0, 0, 0};
    }
    if (a->unorm && !denormal_operand(e))
        return (struct fpv){0, 0, 0};
    if (a->cls == FPC_ZERO)
        return e->simd ? (struct fpv){FR_INTBIT, FR_EXP_SPECIAL, a->sign}
                       : (struct fpv){0, 0, a->sign};
    if (assist)
        return fp_sqrt(e, a);
    *pred = !e->simd || a->exp > FR_BIAS - 127 + 24;
    return fp_recip_sqrt(a);
}
