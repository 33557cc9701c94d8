/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The less common halves of fr.h: memory formats (SDM 1:5.3), reset, disabled registers.
 */
#include "sim/cpu/fr.h"
#include "sim/cpu/intr.h"

struct fpv fpv_from_sgl(uint32_t bits)
{
    uint32_t e = bits >> 23 & 0xff, sign = bits >> 31;
    uint64_t frac = (uint64_t)(bits & 0x7fffff) << 40;

    if (e == 0) /* a denormal keeps the format's least exponent, unnormalized */
        return (struct fpv){frac, frac ? FR_SGL_REBIAS + 1 : 0, sign};
    return (struct fpv){FR_INTBIT | frac, e == 0xff ? FR_EXP_SPECIAL : e + FR_SGL_REBIAS, sign};
}

struct fpv fpv_from_dbl(uint64_t bits)
{
    uint32_t e = (uint32_t)(bits >> 52) & 0x7ff, sign = (uint32_t)(bits >> 63);
    uint64_t frac = (bits & 0xfffffffffffffull) << 11;

    if (e == 0)
        return (struct fpv){frac, frac ? FR_DBL_REBIAS + 1 : 0, sign};
    return (struct fpv){FR_INTBIT | frac, e == 0x7ff ? FR_EXP_SPECIAL : e + FR_DBL_REBIAS, sign};
}

/* The stored exponent is the register's top bit over its low bits, or 0 for an unnormalized
 * significand (SDM 3:3, fp_fr_to_mem_format). */
uint32_t fpv_to_sgl(struct fpv v)
{
    uint32_t e = v.sig >> 63 ? (v.exp >> 16 & 1) << 7 | (v.exp & 0x7f) : 0;
    return v.sign << 31 | e << 23 | ((uint32_t)(v.sig >> 40) & 0x7fffff);
}

uint64_t fpv_to_dbl(struct fpv v)
{
    uint64_t e = v.sig >> 63 ? (v.exp >> 16 & 1) << 10 | (v.exp & 0x3ff) : 0;
    return (uint64_t)v.sign << 63 | e << 52 | (v.sig >> 11 & 0xfffffffffffffull);
}

void fr_put_dbl_special(struct fr *r, uint64_t bits)
{
    fr_put(r, fpv_from_dbl(bits));
}

void fr_put_sgl_special(struct fr *r, uint32_t bits)
{
    fr_put(r, fpv_from_sgl(bits));
}

void fr_put_ext(struct fr *r, const void *buf10)
{
    uint64_t sig;
    uint16_t se;

    memcpy(&sig, buf10, 8);
    memcpy(&se, (const uint8_t *)buf10 + 8, 2);
    uint32_t e = se & 0x7fff;
    if (e == 0x7fff)
        e = FR_EXP_SPECIAL;
    else if (e)
        e += FR_BIAS - 16383;
    fr_put(r, (struct fpv){sig, e, se >> 15});
}

void fr_to_ext(const struct fr *r, void *buf10)
{
    struct fpv v = fr_unpack(r);
    uint16_t se = (uint16_t)(v.sign << 15 | (v.exp >> 16 & 1) << 14 | (v.exp & 0x3fff));

    memcpy(buf10, &v.sig, 8);
    memcpy((uint8_t *)buf10 + 8, &se, 2);
}

void fr_put_fill(struct fr *r, const void *buf16)
{
    uint64_t sig, se;

    memcpy(&sig, buf16, 8);
    memcpy(&se, (const uint8_t *)buf16 + 8, 8);
    fr_put(r, (struct fpv){sig, se & 0x1ffff, se >> 17 & 1});
}

void fr_to_spill(const struct fr *r, void *buf16)
{
    struct fpv v = fr_unpack(r);
    uint64_t se = v.sign << 17 | v.exp;

    memcpy(buf16, &v.sig, 8);
    memcpy((uint8_t *)buf16 + 8, &se, 8);
}

void fr_reset(struct cpu *cpu)
{
    for (unsigned i = 0; i < 128; i++)
        fr_put_dbl(&cpu->fr[i], i == 1 ? 1.0 : 0.0);
}

void fr_check_slow(struct cpu *cpu, uint64_t access, unsigned a, unsigned b, unsigned c, unsigned d)
{
    const unsigned f[4] = {a, b, c, d};
    struct intr in = {.vector = VEC_DISABLED_FP};

    for (int i = 0; i < 4; i++) {
        if (f[i] >= 32 && cpu->psr & PSR_DFH)
            in.isr |= 2;
        else if (f[i] >= 2 && f[i] < 32 && cpu->psr & PSR_DFL)
            in.isr |= 1;
    }
    if (in.isr) {
        in.isr |= access;
        cpu_raise(cpu, &in);
    }
}
