/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Floating-point registers (SDM 1:5.1): the 82-bit register format, the memory formats, and the two
 * ways a register is kept (FR_REG, FR_DBL of cpu.h). Everybody who reads or writes an FR comes
 * through here; nobody may rely on which of the two representations a register holding a double
 * has.
 */
#ifndef SIM_CPU_FR_H
#define SIM_CPU_FR_H

#include <string.h>
#include "sim/cpu/cpu.h"

#define FR_BIAS        0xffff  /* exponent of 1.0 */
#define FR_EXP_SPECIAL 0x1ffff /* infinity, NaN, unsupported */
#define FR_EXP_NATVAL  0x1fffe
#define FR_EXP_INT     0x1003e /* integers and pairs of singles: 63 + bias */
#define FR_EXP_DENORM                                                                              \
    0xc001 /* what exponent 0 with a non-zero significand means (double-extended denormals) */
#define FR_SIGN   (1u << 17)
#define FR_INTBIT (1ull << 63)
#define FR_QUIET  (1ull << 62)

/* A value in register format. */
struct fpv {
    uint64_t sig;
    uint32_t exp;  /* 17 bits */
    uint32_t sign; /* 0 or 1 */
};

/* Single and double exponents e as register exponents: e + these. */
#define FR_SGL_REBIAS (FR_BIAS - 127)
#define FR_DBL_REBIAS (FR_BIAS - 1023)

/* A double's bits that FR_DBL may hold: zero or normal. */
static inline bool fr_dbl_ok(uint64_t bits)
{
    uint32_t e = (uint32_t)(bits >> 52) & 0x7ff;
    return e - 1 < 0x7fe || !(bits << 1);
}

static inline struct fpv fr_unpack(const struct fr *r)
{
    if (r->kind == FR_DBL) {
        uint32_t e = (uint32_t)(r->sig >> 52) & 0x7ff;
        uint32_t sign = (uint32_t)(r->sig >> 63);
        if (e == 0)
            return (struct fpv){0, 0, sign};
        return (struct fpv){FR_INTBIT | r->sig << 11, e + FR_DBL_REBIAS, sign};
    }
    return (struct fpv){r->sig, r->se & 0x1ffff, r->se >> 17};
}

/* Stores the register format as it is. */
static inline void fr_put_reg(struct fr *r, uint64_t sig, uint32_t se)
{
    r->sig = sig;
    r->se = se;
    r->kind = FR_REG;
}
/* A host double that is zero or normal. */
static inline void fr_put_dbl(struct fr *r, double d)
{
    memcpy(&r->sig, &d, 8);
    r->kind = FR_DBL;
}
static inline double fr_dbl(const struct fr *r) /* of a register whose kind is FR_DBL */
{
    double d;
    memcpy(&d, &r->sig, 8);
    return d;
}
/* Any value; takes the representation that serves best. */
static inline void fr_put(struct fr *r, struct fpv v)
{
    if (!(v.sig & 0x7ff) && v.sig >> 63 && v.exp - (FR_DBL_REBIAS + 1) < 0x7fe) {
        r->sig =
            (uint64_t)v.sign << 63 | (uint64_t)(v.exp - FR_DBL_REBIAS) << 52 | (v.sig << 1) >> 12;
        r->kind = FR_DBL;
    } else if (!v.sig && !v.exp) {
        r->sig = (uint64_t)v.sign << 63;
        r->kind = FR_DBL;
    } else {
        fr_put_reg(r, v.sig, v.sign << 17 | v.exp);
    }
}
/* An integer or a pair of singles. */
static inline void fr_put_sig(struct fr *r, uint64_t sig)
{
    fr_put_reg(r, sig, FR_EXP_INT);
}
static inline void fr_put_natval(struct fr *r)
{
    fr_put_reg(r, 0, FR_EXP_NATVAL);
}
static inline bool fr_is_natval(const struct fr *r)
{
    return r->kind == FR_REG && r->se == FR_EXP_NATVAL && r->sig == 0;
}
static inline uint64_t fr_sig(const struct fr *r)
{
    return likely(r->kind == FR_REG) ? r->sig : fr_unpack(r).sig;
}

/* Memory formats (SDM 1:5.3): loads widen exactly, stores pick bits and never round or signal. */
void fr_put_dbl_special(struct fr *r, uint64_t bits); /* not for callers: denormal, infinity, NaN */
void fr_put_sgl_special(struct fr *r, uint32_t bits);
static inline void fr_put_dbl_bits(struct fr *r, uint64_t bits)
{
    if (likely(fr_dbl_ok(bits))) {
        r->sig = bits;
        r->kind = FR_DBL;
    } else {
        fr_put_dbl_special(r, bits);
    }
}
static inline void fr_put_sgl_bits(struct fr *r, uint32_t bits)
{
    uint32_t e = bits >> 23 & 0xff;
    if (likely(e - 1 < 0xfe)) {
        r->sig = (uint64_t)(bits >> 31) << 63 | (uint64_t)(e + 1023 - 127) << 52 |
                 (uint64_t)(bits & 0x7fffff) << 29;
        r->kind = FR_DBL;
    } else if (!(bits << 1)) {
        r->sig = (uint64_t)bits << 32;
        r->kind = FR_DBL;
    } else {
        fr_put_sgl_special(r, bits);
    }
}
struct fpv fpv_from_sgl(uint32_t bits);
struct fpv fpv_from_dbl(uint64_t bits);
uint32_t fpv_to_sgl(struct fpv v);
uint64_t fpv_to_dbl(struct fpv v);
static inline uint64_t fr_to_dbl_bits(const struct fr *r)
{
    return likely(r->kind == FR_DBL) ? r->sig : fpv_to_dbl(fr_unpack(r));
}
static inline uint32_t fr_to_sgl_bits(const struct fr *r)
{
    return fpv_to_sgl(fr_unpack(r));
}
/* Double-extended, 10 bytes; spill format, 16 bytes. Little-endian buffers. */
void fr_put_ext(struct fr *r, const void *buf10);
void fr_to_ext(const struct fr *r, void *buf10);
void fr_put_fill(struct fr *r, const void *buf16);
void fr_to_spill(const struct fr *r, void *buf16);

/* --- by register number (virtual; rotation applied) --- */

static inline const struct fr *fr_r(const struct cpu *cpu, unsigned f)
{
    return &cpu->fr[fr_index(cpu, f)];
}
/* The target f >= 2 of an instruction: notes the modification in psr.mfl/mfh (SDM 2:3.3.2). */
static inline struct fr *fr_w(struct cpu *cpu, unsigned f)
{
    cpu->psr |= f < 32 ? PSR_MFL : PSR_MFH;
    return &cpu->fr[fr_index(cpu, f)];
}
/* For debuggers, context switches and tests: any FR in register format. fr_set refuses f0 and f1
 * silently. */
static inline struct fpv fr_get(const struct cpu *cpu, unsigned f)
{
    return fr_unpack(fr_r(cpu, f));
}
static inline void fr_set(struct cpu *cpu, unsigned f, struct fpv v)
{
    if (f >= 2)
        fr_put(fr_w(cpu, f), v);
}
void fr_reset(struct cpu *cpu); /* all +0.0, f1 = 1.0 */

/* Disabled Floating-point Register fault when psr.dfl/dfh covers one of the registers (0: none).
 * access: ISR_R or ISR_W for loads and stores, else 0 (SDM 2:8.3, Disabled FP-Register vector). */
void fr_check_slow(struct cpu *cpu, uint64_t access, unsigned a, unsigned b, unsigned c,
                   unsigned d);
static inline void fr_check(struct cpu *cpu, uint64_t access, unsigned a, unsigned b, unsigned c,
                            unsigned d)
{
    uint64_t psr = cpu->psr;
    if (likely(!(psr & (PSR_DFL | PSR_DFH))))
        return;
    /* A kernel runs with psr.dfh set all the time and uses the low registers. */
    if (!(psr & PSR_DFL) && (a | b | c | d) < 32)
        return;
    fr_check_slow(cpu, access, a, b, c, d);
}

#endif
