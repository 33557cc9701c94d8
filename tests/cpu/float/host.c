/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: fma.d and fma.s on doubles and singles against the host's IEEE arithmetic,
 * results and flags, in all rounding modes. The host must detect tininess after rounding, as x86
 * and IA-64 do; NaNs it handles otherwise.
 */
#include <fenv.h>
#include <math.h>
#include <string.h>
#include "tests/cpu/float/float.h"

static unsigned host_flags(void)
{
    const int f = fetestexcept(FE_ALL_EXCEPT);
    return (f & FE_INVALID ? FP_V : 0) | (f & FE_OVERFLOW ? FP_O : 0) |
           (f & FE_UNDERFLOW ? FP_U : 0) | (f & FE_INEXACT ? FP_I : 0);
}
static const int host_mode[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};

static struct fpv value_d(double d)
{
    uint64_t b;
    memcpy(&b, &d, 8);
    return fpv_from_dbl(b);
}
static struct fpv value_s(float d)
{
    uint32_t b;
    memcpy(&b, &d, 4);
    return fpv_from_sgl(b);
}

/* Operations: 0 fma, 1 fadd, 2 fmpy, 3 fms, 4 fnma. */
static struct isa_insn form(unsigned kind, unsigned fma, unsigned fms, unsigned fnma)
{
    struct isa_insn in = {.op = (uint16_t)(kind == 3   ? fms
                                           : kind == 4 ? fnma
                                                       : fma),
                          .f1 = 8,
                          .f2 = 9,
                          .f3 = 10,
                          .f4 = 11,
                          .sf = (uint8_t)rnd_n(4)};
    if (kind == 1)
        in.f4 = 1;
    if (kind == 2)
        in.f2 = 0;
    return in;
}
static uint64_t fpsr_for(unsigned sf, unsigned rc)
{
    return 0x3full | (uint64_t)(rc << 4 | rnd_n(2) << 2 | 8) << (6 + 13 * sf);
}

static void doubles(void)
{
    if (!group("host-double"))
        return;
    for (unsigned long i = count(600000); i; i--) {
        const unsigned kind = rnd_n(5), rc = rnd_n(4);
        const struct isa_insn in = form(kind, ISA_FMA_D_F1, ISA_FMS_D_F1, ISA_FNMA_D_F1);
        volatile double v[3], r;
        uint64_t b;

        for (int k = 0; k < 3; k++) {
            double d;
            do {
                b = rnd_double();
                memcpy(&d, &b, 8);
            } while (isnan(d));
            v[k] = d;
        }
        if (kind == 0 && rnd_n(4) == 0)
            v[2] = -v[0] * v[1];
        if (isnan(v[2]))
            v[2] = 1;
        feclearexcept(FE_ALL_EXCEPT);
        fesetround(host_mode[rc]);
        r = kind == 0   ? fma(v[0], v[1], v[2])
            : kind == 1 ? v[0] + v[2]
            : kind == 2 ? v[0] * v[1]
            : kind == 3 ? fma(v[0], v[1], -v[2])
                        : fma(-v[0], v[1], v[2]);
        struct ores o = {.v = value_d(r), .flags = host_flags()};
        fesetround(FE_TONEAREST);
        if (isnan(r))
            o.v = (struct fpv){3ull << 62, 0x1ffff, 1};
        if (!isnan(r) && ((fpclassify(v[0]) == FP_SUBNORMAL) ||
                          (kind != 1 && fpclassify(v[1]) == FP_SUBNORMAL) ||
                          (kind != 2 && fpclassify(v[2]) == FP_SUBNORMAL)))
            o.flags |= FP_D;
        set_fr(10, value_d(v[0]));
        set_fr(11, value_d(v[1]));
        set_fr(9, value_d(v[2]));
        check_result(&in, fpsr_for(in.sf, rc), &o, "");
    }
}

static void singles(void)
{
    if (!group("host-single"))
        return;
    for (unsigned long i = count(600000); i; i--) {
        const unsigned kind = rnd_n(5), rc = rnd_n(4);
        const struct isa_insn in = form(kind, ISA_FMA_S_F1, ISA_FMS_S_F1, ISA_FNMA_S_F1);
        volatile float v[3], r;

        for (int k = 0; k < 3; k++) {
            float d;
            do {
                const uint32_t b = rnd_single();
                memcpy(&d, &b, 4);
            } while (isnan(d));
            v[k] = d;
        }
        feclearexcept(FE_ALL_EXCEPT);
        fesetround(host_mode[rc]);
        r = kind == 0   ? fmaf(v[0], v[1], v[2])
            : kind == 1 ? v[0] + v[2]
            : kind == 2 ? v[0] * v[1]
            : kind == 3 ? fmaf(v[0], v[1], -v[2])
                        : fmaf(-v[0], v[1], v[2]);
        struct ores o = {.v = value_s(r), .flags = host_flags()};
        fesetround(FE_TONEAREST);
        if (isnan(r))
            o.v = (struct fpv){3ull << 62, 0x1ffff, 1};
        if (!isnan(r) && ((fpclassify(v[0]) == FP_SUBNORMAL) ||
                          (kind != 1 && fpclassify(v[1]) == FP_SUBNORMAL) ||
                          (kind != 2 && fpclassify(v[2]) == FP_SUBNORMAL)))
            o.flags |= FP_D;
        set_fr(10, value_s(v[0]));
        set_fr(11, value_s(v[1]));
        set_fr(9, value_s(v[2]));
        check_result(&in, fpsr_for(in.sf, rc), &o, "");
    }
}

void test_host(void)
{
    doubles();
    singles();
}
