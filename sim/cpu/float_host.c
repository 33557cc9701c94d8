/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Out-of-line parts of hot_float.h: what the host can do, exactness of a fused multiply-add, and
 * the multiply-add in integer arithmetic.
 */
#include "sim/cpu/hot_float.h"

bool fp_host_fma(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
    return true;
#else
    return false; /* the C library's would be slower than ours */
#endif
}

/* a * b = p + e and c - r = q + t, both without error and each pair the rounded sum and the rest of
 * it, which is unique: so a * b + c - r is 0 exactly when p = -q and e = -t. Needs a product far
 * from underflow. */
bool fp_exact_fma(double a, double b, double c, double r)
{
    const double p = a * b;

    if (p == 0 ? a != 0 && b != 0 : !(__builtin_fabs(p) > 0x1p-900))
        return false;
    const double e = host_fma(FAST_FMS, a, b, p);
    const double q = c - r, x = q - c, t = (c - (q - x)) + (-r - x);
    return p == -q && e == -t;
}

bool fast_fma_soft(struct cpu *cpu, struct fr *d, const struct fr *f3, const struct fr *f4,
                   const struct fr *f2, unsigned sf, enum fp_pc pc, unsigned how)
{
    const struct fpn a = fp_unpack(f3), b = fp_unpack(f4), c = fp_unpack(f2);
    struct fp_env e;

    if (unlikely(a.cls == FPC_NAT || b.cls == FPC_NAT || c.cls == FPC_NAT))
        return false;
    if (pc == PC_DYN) {
        const uint64_t fpsr = cpu->ar[AR_FPSR], s = fpsr >> FPSR_SF_SHIFT(sf);
        struct fpv v;
        bool inexact;
        if ((s >> SF_PC_SHIFT & 3) == 3 && fp_nearest(s) && (fpsr & FP_I || s & SF_TD) &&
            fp_fma_nearest64(&a, &b, &c, how, &v, &inexact)) {
            fr_put(d, v);
            fp_set_flags(cpu, sf, inexact ? FP_I : 0);
            return true;
        }
    }
    fp_begin(&e, cpu, sf, pc);
    const struct fpv v = fp_fma(&e, &a, &b, &c, how);
    if (unlikely(e.fault || fp_trapping(&e)))
        return false;
    fr_put(d, v);
    fp_set_flags(cpu, sf, e.flags);
    return true;
}
