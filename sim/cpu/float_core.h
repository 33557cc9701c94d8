/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Floating-point arithmetic on values (SDM 1:5): no registers, no memory, only operands, the
 * controls of a status field, and the result with its flags, faults and traps. Serves the executors
 * (float_*.c), the packed ones lane by lane, and whoever emulates an instruction for firmware
 * (FPSWA).
 */
#ifndef SIM_CPU_FLOAT_CORE_H
#define SIM_CPU_FLOAT_CORE_H

#include "sim/cpu/fr.h"
#include "sim/cpu/intr.h"

/* Exceptions, as in the FPSR's trap-disable bits and each status field's flags (SDM 1:5.2). */
enum { FP_V = 1, FP_D = 2, FP_Z = 4, FP_O = 8, FP_U = 16, FP_I = 32 };
/* ISR.code of one lane: faults V, D, Z as above, and */
#define FP_SWA 8
/* of a trap: O, U, I and "the magnitude was increased by rounding". */
enum { FPT_O = 1, FPT_U = 2, FPT_I = 4, FPT_FPA = 8 };

/* Status fields of FPSR (SDM 1:5.2, figure of the FPSR). */
#define FPSR_SF_SHIFT(sf) (6 + 13 * (sf))
enum {
    SF_FTZ = 1,
    SF_WRE = 2,
    SF_PC_SHIFT = 2,
    SF_RC_SHIFT = 4,
    SF_TD = 0x40,
    SF_CONTROLS = 0x7f,
    SF_FLAGS_SHIFT = 7,
};
enum { RC_NEAREST, RC_DOWN, RC_UP, RC_ZERO };

/* Precision completer. */
enum fp_pc { PC_DYN, PC_S, PC_D, PC_SIMD };

/* The controls an operation runs under, and what it reports. */
struct fp_env {
    uint8_t rc;
    uint8_t width;  /* of the significand: 24, 53, 64 */
    uint8_t masked; /* exceptions whose traps are disabled */
    bool ftz;
    bool simd;
    uint8_t swa;        /* enum fp_swa of machine.h */
    int32_t emin, emax; /* register exponents of the least and greatest normal number */
    uint8_t flags;      /* to be ORed into the status field */
    uint8_t fault;      /* ISR.code of the fault; non-zero: no result */
    uint8_t trap;       /* FPT_*, taken if O, U or I is set */
};

/* Sets the controls from FPSR, clears the reports. */
void fp_begin(struct fp_env *e, const struct cpu *cpu, unsigned sf, enum fp_pc pc);

/* An operand, unpacked: finite ones normalized (exp may be below the register's range). */
enum fp_class { FPC_ZERO, FPC_FINITE, FPC_INF, FPC_QNAN, FPC_SNAN, FPC_UNSUPP, FPC_NAT };
struct fpn {
    uint64_t sig;
    int32_t exp;
    uint8_t sign;
    uint8_t cls;
    bool unorm; /* unnormalized, denormal or pseudo-zero: the D exception */
};

struct fpn fp_classify(struct fpv v);
static inline struct fpn fp_unpack(const struct fr *r)
{
    if (likely(r->kind == FR_DBL)) {
        uint32_t e = (uint32_t)(r->sig >> 52) & 0x7ff;
        return (struct fpn){e ? FR_INTBIT | r->sig << 11 : 0, e ? (int32_t)e + FR_DBL_REBIAS : 0,
                            (uint8_t)(r->sig >> 63), e ? FPC_FINITE : FPC_ZERO, false};
    }
    if (likely(r->sig >> 63 && (r->se & 0x1ffff) - 1 < FR_EXP_SPECIAL - 1))
        return (struct fpn){r->sig, (int32_t)(r->se & 0x1ffff), (uint8_t)(r->se >> 17), FPC_FINITE,
                            false};
    return fp_classify(fr_unpack(r));
}
static inline bool fp_is_nan(const struct fpn *a)
{
    return a->cls == FPC_QNAN || a->cls == FPC_SNAN;
}

/* How fp_fma combines: fms and fnma negate the addend or the product (never a NaN); FMA_MUL: f2 is
 * f0, a plain IEEE multiplication (SDM 3: fma page); FMA_NORM: fnorm, which no processor hands to
 * software. */
enum { FMA_NEG_ADD = 1, FMA_NEG_MUL = 2, FMA_MUL = 4, FMA_NORM = 8 };

/* Every function below: result, with e->flags/fault/trap set. When e->fault is not 0 the result
 * means nothing. NaTVal operands are the caller's. */
struct fpv fp_fma(struct fp_env *e, const struct fpn *f3, const struct fpn *f4,
                  const struct fpn *f2, unsigned how);
/* The common case of fp_fma, for division and square root: 64 bits, to nearest, nothing to report
 * but inexact. False: it is not that case, *v and *inexact mean nothing. */
bool fp_fma_nearest64(const struct fpn *f3, const struct fpn *f4, const struct fpn *f2,
                      unsigned how, struct fpv *v, bool *inexact);
struct fpv fp_div(struct fp_env *e, const struct fpn *num,
                  const struct fpn *den);                  /* finite, non-zero */
struct fpv fp_sqrt(struct fp_env *e, const struct fpn *a); /* finite, positive */
struct fpv fp_round(struct fp_env *e, unsigned sign, int32_t exp, uint64_t sig, uint64_t rest);

/* fcvt.fx[u]: the 64-bit (bits 64) or 32-bit integer. */
uint64_t fp_to_int(struct fp_env *e, const struct fpn *a, unsigned bits, bool is_unsigned,
                   bool trunc);

/* -1, 0, 1 of operands that are numbers; signs ignored if abs. */
int fp_order(const struct fpn *a, const struct fpn *b, bool abs);
/* fcmp, fpcmp. */
enum fp_rel { FREL_EQ, FREL_LT, FREL_LE, FREL_UNORD };
bool fp_compare(struct fp_env *e, const struct fpn *a, const struct fpn *b, enum fp_rel rel);
/* fmin, fmax, famin, famax: true: the first operand. */
bool fp_minmax(struct fp_env *e, const struct fpn *a, const struct fpn *b, bool max, bool abs);

/* frcpa, frsqrta and the packed ones: *pred is what goes to p2. */
struct fpv fp_rcpa(struct fp_env *e, const struct fpn *num, const struct fpn *den, bool *pred);
struct fpv fp_rsqrta(struct fp_env *e, const struct fpn *a, bool *pred);
/* The table values (SDM 3: frcpa, frsqrta pages, fp_ieee_recip and fp_ieee_recip_sqrt). a is
 * finite, not zero. */
struct fpv fp_recip(const struct fpn *a);
struct fpv fp_recip_sqrt(const struct fpn *a);

/* --- reporting (float_env.c) --- */

/* FP fault before anything is written. */
_Noreturn void fp_raise_fault(struct cpu *cpu, unsigned hi, unsigned lo);
/* FP trap, after everything is written. */
_Noreturn void fp_raise_trap(struct cpu *cpu, unsigned hi, unsigned lo);

static inline void fp_set_flags(struct cpu *cpu, unsigned sf, unsigned flags)
{
    cpu->ar[AR_FPSR] |= (uint64_t)flags << (FPSR_SF_SHIFT(sf) + SF_FLAGS_SHIFT);
}
static inline bool fp_trapping(const struct fp_env *e)
{
    return e->trap & (FPT_O | FPT_U | FPT_I);
}
/* Scalar epilogue in two halves, around the write of the result. */
static inline void fp_check_fault(struct cpu *cpu, const struct fp_env *e)
{
    if (unlikely(e->fault))
        fp_raise_fault(cpu, e->fault, 0);
}
static inline void fp_finish(struct cpu *cpu, const struct fp_env *e, unsigned sf)
{
    fp_set_flags(cpu, sf, e->flags);
    if (unlikely(fp_trapping(e)))
        fp_raise_trap(cpu, e->trap, 0);
}

#endif
