/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's handlers for floating point: the fast inline forms of hot_float.h, and the plain
 * executors (float_*.c) for whatever those decline.
 *
 * Operands in the micro-operation: instructions of the F unit have f1, f2, f3, f4 in r1, r2, r3, x
 * and the status field's shift in y; those of the M unit f1 in x, f2 in y, general registers in r1,
 * r2, r3.
 */
#include "sim/cpu/dispatch.h"
#include "sim/cpu/hot_float.h"
#include "sim/cpu/hot_int.h"
#include "sim/cpu/hot_mem.h"

#define DISABLED (PSR_DFL | PSR_DFH)

static bool fill_f(struct uop *u, const struct isa_insn *in)
{
    u->r1 = in->f1;
    u->r2 = in->f2;
    u->r3 = in->f3;
    u->x = in->f4;
    u->y = (uint8_t)FPSR_SF_SHIFT(in->sf);
    u->p1 = in->p1 ? in->p1 : 64;
    u->p2 = in->p2 ? in->p2 : 64;
    u->imm = in->imm;
    return true;
}
static bool fill_m(struct uop *u, const struct isa_insn *in)
{
    u->r1 = in->r1;
    u->r2 = in->r2;
    u->r3 = in->r3;
    u->x = in->f1;
    u->y = in->f2;
    u->imm = in->imm;
    return true;
}

/* The plain executor on the instruction put together again. */
static cold void plain_f(struct cpu *cpu, const struct uop *u)
{
    const struct isa_insn in = {.op = u->op,
                                .qp = u->qp,
                                .f1 = u->r1,
                                .f2 = u->r2,
                                .f3 = u->r3,
                                .f4 = u->x,
                                .p1 = u->p1 & 63,
                                .p2 = u->p2 & 63,
                                .sf = (uint8_t)((u->y - 6) / 13),
                                .imm = u->imm};
    cpu->cur = u;
    exec_lookup(u->op)(cpu, &in);
}
static cold void plain_m(struct cpu *cpu, const struct uop *u)
{
    const struct isa_insn in = {.op = u->op,
                                .qp = u->qp,
                                .r1 = u->r1,
                                .r2 = u->r2,
                                .r3 = u->r3,
                                .f1 = u->x,
                                .f2 = u->y,
                                .imm = u->imm};
    cpu->cur = u;
    exec_lookup(u->op)(cpu, &in);
}

/* A handler of two halves, so that the common one needs no stack frame: when `fast` is true, `done`
 * ends it; else `slow`, which may call functions, does all. */
#define FAST(name, fast, done, ...)                                                                \
    static cold HANDLER op_##name##_cold(HARGS)                                                    \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_##name(HARGS)                                                                \
    {                                                                                              \
        if (likely(fast)) {                                                                        \
            done;                                                                                  \
            NEXT();                                                                                \
        }                                                                                          \
        return op_##name##_cold(cpu, u, stk);                                                      \
    }                                                                                              \
    static HANDLER op_##name##_p(HARGS)                                                            \
    {                                                                                              \
        if (likely(cpu->pr[u->qp]))                                                                \
            return op_##name(cpu, u, stk);                                                         \
        NEXT();                                                                                    \
    }
#define ENABLED (!(cpu->psr & DISABLED))
/* A kernel runs with psr.dfh set and uses registers below f32, which that does not concern. The
 * operands are where fill_m() and fill_f() put them. */
#define ENABLED_LOW(regs) (ENABLED || (!(cpu->psr & PSR_DFL) && (regs) < 32))
#define ENABLED_M         ENABLED_LOW(u->x | u->y)
#define ENABLED_F         ENABLED_LOW(u->r1 | u->r2 | u->r3 | u->x)

/* Registers: with rotation, or when all are static (f0 to f31) without. */
static inline size_t rotated(const struct cpu *cpu, unsigned f)
{
    /* fr_index() without branches: operands of all kinds come by here. */
    const unsigned i = f + (-(unsigned)(f >> 5 != 0) & cpu->cfm.rrb_fr);
    return i - (-(unsigned)(i >> 7) & 96);
}
#define R(f)      (&cpu->fr[rotated(cpu, f)])
#define STATIC(f) (&cpu->fr[(size_t)(f)])
static inline void modified(struct cpu *cpu, unsigned f)
{
    cpu->psr |= f < 32 ? PSR_MFL : PSR_MFH;
}
#define MODIFIED_R      modified(cpu, u->r1)
#define MODIFIED_STATIC cpu->psr |= PSR_MFL

/* --- multiply-add --- */

/* The second way, in integer arithmetic; the third is the executor. */
static noinline void fma_soft(struct cpu *cpu, const struct uop *u, enum fp_pc pc, unsigned how)
{
    if (u->r2 == 0)
        how |= FMA_MUL | (u->x == 1 ? FMA_NORM : 0);
    if (likely(!(cpu->psr & DISABLED)) &&
        fast_fma_soft(cpu, R(u->r1), R(u->r3), R(u->x), R(u->r2), (u->y - 6u) / 13, pc, how))
        modified(cpu, u->r1);
    else
        plain_f(cpu, u);
}

#define FMA_FORM(name, F, fast, op, mul, pc, how)                                                  \
    FAST(name, ENABLED &&fast(cpu, F(u->r1), F(u->r3), F(u->x), F(u->r2), u->y, op, mul, true),    \
         MODIFIED_##F,                                                                             \
         if (ENABLED && fast(cpu, R(u->r1), R(u->r3), R(u->x), R(u->r2), u->y, op, mul, false))    \
             MODIFIED_R;                                                                           \
         else fma_soft(cpu, u, pc, how))
#define FMA_FORMS(name, fast, op, pc, how)                                                         \
    FMA_FORM(name, R, fast, op, false, pc, how)                                                    \
    FMA_FORM(name##_mul, R, fast, op, true, pc, how)                                               \
    FMA_FORM(name##_static, STATIC, fast, op, false, pc, how)                                      \
    FMA_FORM(name##_mul_static, STATIC, fast, op, true, pc, how)
FMA_FORMS(fma_d, fast_fma_d, FAST_FMA, PC_D, 0)
FMA_FORMS(fms_d, fast_fma_d, FAST_FMS, PC_D, FMA_NEG_ADD)
FMA_FORMS(fnma_d, fast_fma_d, FAST_FNMA, PC_D, FMA_NEG_MUL)
FMA_FORMS(fma_s, fast_fma_s, FAST_FMA, PC_S, 0)
FMA_FORMS(fms_s, fast_fma_s, FAST_FMS, PC_S, FMA_NEG_ADD)
FMA_FORMS(fnma_s, fast_fma_s, FAST_FNMA, PC_S, FMA_NEG_MUL)

static bool all_static(const struct isa_insn *in)
{
    return (in->f1 | in->f2 | in->f3 | in->f4) < 32;
}
/* fms with f2 = f0 is nothing anybody writes: the general way is right for it, too. */
#define FMA_FILL(name)                                                                             \
    static bool fill_##name(struct uop *u, const struct isa_insn *in)                              \
    {                                                                                              \
        static const op_fn fn[2][2][2] = {                                                         \
            {{op_##name, op_##name##_p}, {op_##name##_static, op_##name##_static_p}},              \
            {{op_##name##_mul, op_##name##_mul_p},                                                 \
             {op_##name##_mul_static, op_##name##_mul_static_p}},                                  \
        };                                                                                         \
        u->fn = fn[in->f2 == 0][all_static(in)][in->qp != 0];                                      \
        return fp_host_fma() && fill_f(u, in);                                                     \
    }
FMA_FILL(fma_d)
FMA_FILL(fms_d)
FMA_FILL(fnma_d)
FMA_FILL(fma_s)
FMA_FILL(fms_s)
FMA_FILL(fnma_s)

/* Precision by the status field: mostly 64 bits, which the host's doubles cannot do. */
HOT(fma_dyn, fma_soft(cpu, u, PC_DYN, 0);)
HOT(fms_dyn, fma_soft(cpu, u, PC_DYN, FMA_NEG_ADD);)
HOT(fnma_dyn, fma_soft(cpu, u, PC_DYN, FMA_NEG_MUL);)
FAST(fnorm, ENABLED &&fast_norm(cpu, R(u->r1), R(u->r3), u->y), MODIFIED_R,
     fma_soft(cpu, u, PC_DYN, 0))
static bool fill_fma_dyn(struct uop *u, const struct isa_insn *in)
{
    if (in->f2 == 0 && in->f4 == 1)
        u->fn = in->qp ? op_fnorm_p : op_fnorm;
    return fill_f(u, in);
}

/* --- the rest of the F unit --- */

#define F_UNIT(name, fast) FAST(name, ENABLED_F && (fast), MODIFIED_R, plain_f(cpu, u))
F_UNIT(fmerge_s, fast_merge(R(u->r1), R(u->r2), R(u->r3), false))
F_UNIT(fmerge_ns, fast_merge(R(u->r1), R(u->r2), R(u->r3), true))
F_UNIT(fcvt_fx_trunc, fast_fcvt_fx_trunc(cpu, R(u->r1), R(u->r2), u->y))
F_UNIT(fcvt_xf, fast_fcvt_xf(R(u->r1), R(u->r2)))
F_UNIT(xma_l, fast_xma(R(u->r1), R(u->r3), R(u->x), R(u->r2), XMA_L))
F_UNIT(xma_h, fast_xma(R(u->r1), R(u->r3), R(u->x), R(u->r2), XMA_H))
F_UNIT(xma_hu, fast_xma(R(u->r1), R(u->r3), R(u->x), R(u->r2), XMA_HU))

#define FCMP(name, rel)                                                                            \
    FAST(fcmp_##name, ENABLED &&fast_fcmp(cpu, R(u->r2), R(u->r3), rel, u->p1, u->p2), (void)0,    \
         plain_f(cpu, u))                                                                          \
    static HANDLER op_fcmp_##name##_unc(HARGS)                                                     \
    {                                                                                              \
        if (cpu->pr[u->qp])                                                                        \
            return op_fcmp_##name(cpu, u, stk);                                                    \
        cpu->pr[u->p1] = cpu->pr[u->p2] = 0;                                                       \
        NEXT();                                                                                    \
    }
FCMP(eq, FREL_EQ)
FCMP(lt, FREL_LT)
FCMP(le, FREL_LE)
FCMP(unord, FREL_UNORD)

static cold HANDLER op_frcpa_cold(HARGS)
{
    plain_f(cpu, u);
    NEXT();
}
static HANDLER op_frcpa(HARGS)
{
    if (unlikely(!cpu->pr[u->qp])) {
        cpu->pr[u->p2] = 0;
        NEXT();
    }
    if (unlikely(!ENABLED || u->r1 < 2 || !fast_frcpa(R(u->r1), R(u->r2), R(u->r3))))
        return op_frcpa_cold(cpu, u, stk);
    cpu->pr[u->p2] = 1;
    MODIFIED_R;
    NEXT();
}

/* --- general registers --- */

#define GETF(name, get)                                                                            \
    FAST(getf_##name, ENABLED_M && !fr_is_natval(R(u->y)), put(G(u->r1), get(R(u->y)), 0),         \
         plain_m(cpu, u))
GETF(sig, fr_sig)
GETF(s, fr_to_sgl_bits)
GETF(d, fr_to_dbl_bits)
#define SETF(name, put)                                                                            \
    FAST(setf_##name, ENABLED_M && !G(u->r2)->n, put(R(u->x), G(u->r2)->v);                        \
         modified(cpu, u->x), plain_m(cpu, u))
#define put_sgl(r, v) fr_put_sgl_bits(r, (uint32_t)(v))
SETF(sig, fr_put_sig)
SETF(s, put_sgl)
SETF(d, fr_put_dbl_bits)

/* --- memory --- */

#define INC_none ((struct gr){0, 0})
#define INC_reg  (*G(u->r2))
#define INC_imm  ((struct gr){u->imm, 0})
/* The halves of a memory handler. `get`/`put`: between memory and register. */
#define MEM(name, check, access, upd)                                                              \
    static cold HANDLER op_##name##_cold(HARGS)                                                    \
    {                                                                                              \
        plain_m(cpu, u);                                                                           \
        if (unlikely(cpu->attention))                                                              \
            return leave_after(cpu, u);                                                            \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_##name(HARGS)                                                                \
    {                                                                                              \
        struct gr *b = G(u->r3);                                                                   \
        if (likely(check && !b->n && ENABLED_M)) {                                                 \
            access;                                                                                \
            mem_update(b, INC_##upd);                                                              \
            NEXT();                                                                                \
        }                                                                                          \
        return op_##name##_cold(cpu, u, stk);                                                      \
    }                                                                                              \
    static HANDLER op_##name##_p(HARGS)                                                            \
    {                                                                                              \
        if (likely(cpu->pr[u->qp]))                                                                \
            return op_##name(cpu, u, stk);                                                         \
        NEXT();                                                                                    \
    }

static inline uint32_t peek4(const void *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}
static inline uint64_t peek8(const void *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

/* Formats a quick load knows: all but denormals, infinities and NaNs. */
static inline bool ok4(uint32_t v)
{
    return (v >> 23 & 0xff) - 1 < 0xfe || !(v << 1);
}
static inline bool ok8(uint64_t v)
{
    return fr_dbl_ok(v);
}
static inline bool any8(uint64_t v)
{
    (void)v;
    return true;
}
static inline void put4(struct fr *r, uint32_t v)
{
    const uint64_t e = (v >> 23 & 0xff) + (v << 1 ? 1023 - 127 : 0);
    r->sig = (uint64_t)(v >> 31) << 63 | e << 52 | (uint64_t)(v & 0x7fffff) << 29;
    r->kind = FR_DBL;
}
static inline void put8(struct fr *r, uint64_t v)
{
    r->sig = v;
    r->kind = FR_DBL;
}

#define LDF(name, size, upd, ok, put)                                                              \
    MEM(name##_##upd, mem_fast_r(cpu, b->v, size) && ok(peek##size(mem_fast_r(cpu, b->v, size))),  \
        put(R(u->x), peek##size(mem_fast_r(cpu, b->v, size)));                                     \
        modified(cpu, u->x), upd)
#define LDF3(name, size, ok, put)                                                                  \
    LDF(name, size, none, ok, put) LDF(name, size, reg, ok, put) LDF(name, size, imm, ok, put)
LDF3(ldfs, 4, ok4, put4)
LDF3(ldfd, 8, ok8, put8)
LDF3(ldf8, 8, any8, fr_put_sig)

/* A pair of one static and one rotating register may turn out to be illegal: then, too, the
 * executor. */
static inline bool pair_ok(const struct cpu *cpu, const struct uop *u, const void *p)
{
    return p && (rotated(cpu, u->x) ^ rotated(cpu, u->y)) & 1;
}
#define LDFP(name, size, upd, ok, put)                                                             \
    MEM(name##_##upd,                                                                              \
        pair_ok(cpu, u, mem_fast_r(cpu, b->v, 2 * size)) &&                                        \
            ok(peek##size(mem_fast_r(cpu, b->v, 2 * size))) &&                                     \
            ok(peek##size((const uint8_t *)mem_fast_r(cpu, b->v, 2 * size) + size)),               \
        const uint8_t *p = mem_fast_r(cpu, b->v, 2 * size);                                        \
        put(R(u->x), peek##size(p)); put(R(u->y), peek##size(p + size)); modified(cpu, u->x);      \
        modified(cpu, u->y), upd)
#define LDFP2(name, size, ok, put) LDFP(name, size, none, ok, put) LDFP(name, size, imm, ok, put)
LDFP2(ldfps, 4, ok4, put4)
LDFP2(ldfpd, 8, ok8, put8)
LDFP2(ldfp8, 8, any8, fr_put_sig)

/* The ALATs are looked at by the executor. */
static inline bool storable(const struct cpu *cpu, const void *p, unsigned size, const struct fr *s)
{
    return p && !(cpu->m->alat_bloom & alat_hash(p, size)) && !fr_is_natval(s);
}
#define STF(name, size, upd, get)                                                                  \
    MEM(name##_##upd, storable(cpu, mem_fast_w(cpu, b->v, size), size, R(u->y)),                   \
        const uint##size##_bytes v = get(R(u->y));                                                 \
        memcpy(mem_fast_w(cpu, b->v, size), &v, size), upd)
#define STF2(name, size, get) STF(name, size, none, get) STF(name, size, imm, get)
typedef uint32_t uint4_bytes;
typedef uint64_t uint8_bytes;
STF2(stfs, 4, fr_to_sgl_bits)
STF2(stfd, 8, fr_to_dbl_bits)
STF2(stf8, 8, fr_sig)

/* Spill and fill: how kernels save registers, and clear pages by f0. */
#define SPILL(upd)                                                                                 \
    MEM(stf_spill_##upd,                                                                           \
        mem_fast_w(cpu, b->v, 16) &&                                                               \
            !(cpu->m->alat_bloom & alat_hash(mem_fast_w(cpu, b->v, 16), 16)),                      \
        const struct fpv v = fr_unpack(R(u->y));                                                   \
        const uint64_t se = (uint64_t)v.sign << 17 | v.exp;                                        \
        uint8_t *p = mem_fast_w(cpu, b->v, 16); memcpy(p, &v.sig, 8); memcpy(p + 8, &se, 8), upd)
SPILL(none)
SPILL(imm)
#define FILL(upd)                                                                                  \
    MEM(ldf_fill_##upd, mem_fast_r(cpu, b->v, 16), const uint8_t *p = mem_fast_r(cpu, b->v, 16);   \
        const uint64_t se = peek8(p + 8);                                                          \
        fr_put(R(u->x), ((struct fpv){peek8(p), se & 0x1ffff, se >> 17 & 1}));                     \
        modified(cpu, u->x), upd)
FILL(none)
FILL(reg)
FILL(imm)

#define H(op, name, fill)                                                                          \
    {                                                                                              \
        ISA_##op, op_##name, op_##name##_p, fill                                                   \
    }
#define HF(op, name)    H(op, name, fill_f)
#define HM(op, name)    H(op, name, fill_m)
#define HLDF(OP, name)  HM(OP##_M6, name##_none), HM(OP##_M7, name##_reg), HM(OP##_M8, name##_imm)
#define HLDFP(OP, name) HM(OP##_M11, name##_none), HM(OP##_M12, name##_imm)
#define HSTF(OP, name)  HM(OP##_M9, name##_none), HM(OP##_M10, name##_imm)
/* Runs whatever the predicate is. */
#define HALWAYS(op, name)                                                                          \
    {                                                                                              \
        ISA_##op, op_##name, NULL, fill_f                                                          \
    }

const struct hot_entry hot_fp[] = {
    H(FMA_D_F1, fma_d, fill_fma_d),
    H(FMS_D_F1, fms_d, fill_fms_d),
    H(FNMA_D_F1, fnma_d, fill_fnma_d),
    H(FMA_S_F1, fma_s, fill_fma_s),
    H(FMS_S_F1, fms_s, fill_fms_s),
    H(FNMA_S_F1, fnma_s, fill_fnma_s),
    H(FMA_F1, fma_dyn, fill_fma_dyn),
    HF(FMS_F1, fms_dyn),
    HF(FNMA_F1, fnma_dyn),
    HF(FMERGE_S_F9, fmerge_s),
    HF(FMERGE_NS_F9, fmerge_ns),
    HF(FCVT_FX_TRUNC_F10, fcvt_fx_trunc),
    HF(FCVT_XF_F11, fcvt_xf),
    HF(XMA_L_F2, xma_l),
    HF(XMA_H_F2, xma_h),
    HF(XMA_HU_F2, xma_hu),
    HF(FCMP_EQ_F4, fcmp_eq),
    HF(FCMP_LT_F4, fcmp_lt),
    HF(FCMP_LE_F4, fcmp_le),
    HF(FCMP_UNORD_F4, fcmp_unord),
    HALWAYS(FCMP_EQ_UNC_F4, fcmp_eq_unc),
    HALWAYS(FCMP_LT_UNC_F4, fcmp_lt_unc),
    HALWAYS(FCMP_LE_UNC_F4, fcmp_le_unc),
    HALWAYS(FCMP_UNORD_UNC_F4, fcmp_unord_unc),
    HALWAYS(FRCPA_F6, frcpa),
    HM(GETF_SIG_M19, getf_sig),
    HM(GETF_S_M19, getf_s),
    HM(GETF_D_M19, getf_d),
    HM(SETF_SIG_M18, setf_sig),
    HM(SETF_S_M18, setf_s),
    HM(SETF_D_M18, setf_d),
    HLDF(LDFS, ldfs),
    HLDF(LDFD, ldfd),
    HLDF(LDF8, ldf8),
    HLDFP(LDFPS, ldfps),
    HLDFP(LDFPD, ldfpd),
    HLDFP(LDFP8, ldfp8),
    HSTF(STFS, stfs),
    HSTF(STFD, stfd),
    HSTF(STF8, stf8),
    HSTF(STF_SPILL, stf_spill),
    HLDF(LDF_FILL, ldf_fill),
    HOT_END,
};
