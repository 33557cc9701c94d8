/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's handlers for integer arithmetic, compares and moves: the same semantics as integer.c
 * (hot_int.h), with operands unpacked at decode time.
 */
#include "sim/cpu/dispatch.h"
#include "sim/cpu/hot_int.h"
#include "sim/cpu/rse.h"

#define D G(u->r1)
#define A G(u->r2)
#define B G(u->r3)

#define RR(name, expr)                                                                             \
    HOT(name, {                                                                                    \
        const struct gr *ra = A, *rb = B;                                                          \
        uint64_t a = ra->v, b = rb->v;                                                             \
        put(D, (expr), ra->n | rb->n);                                                             \
    })
#define IR(name, expr)                                                                             \
    HOT(name, {                                                                                    \
        const struct gr *rb = B;                                                                   \
        uint64_t a = u->imm, b = rb->v;                                                            \
        put(D, (expr), rb->n);                                                                     \
    })
#define UN(name, expr)                                                                             \
    HOT(name, {                                                                                    \
        const struct gr *rb = B;                                                                   \
        uint64_t b = rb->v;                                                                        \
        put(D, (expr), rb->n);                                                                     \
    })

RR(add, a + b)
RR(add_1, a + b + 1)
RR(sub, a - b)
RR(sub_1, a - b - 1)
RR(addp4, addp4(a + b, b))
RR(and, a &b)
RR(andcm, a & ~b)
RR(or, a | b)
RR(xor, a ^ b)
RR(shladd, (a << u->x) + b)
RR(shl, shl64(a, b))
RR(shr, shr64(b, a))
RR(shr_u, shru64(b, a))
RR(shrp, shrp64(a, b, u->x))
RR(dep, (b & ~u->imm) | (a << u->x & u->imm))
IR(adds, a + b)
IR(sub_imm, a - b)
IR(and_imm, a &b)
IR(andcm_imm, a & ~b)
IR(or_imm, a | b)
IR(xor_imm, a ^ b)
IR(addp4_imm, addp4(a + b, b))
UN(mov, b)
UN(sxt1, (uint64_t)(int8_t)b)
UN(sxt2, (uint64_t)(int16_t)b)
UN(sxt4, (uint64_t)(int32_t)b)
UN(zxt1, (uint8_t)b)
UN(zxt2, (uint16_t)b)
UN(zxt4, (uint32_t)b)
UN(extr, (uint64_t)((int64_t)(b << u->x) >> u->y))
UN(extr_u, b >> u->x & u->imm)
HOT(dep_z, {
    const struct gr *ra = A;
    put(D, ra->v << u->x & u->imm, ra->n);
})
HOT(dep_imm, {
    const struct gr *rb = B;
    put(D, u->x ? rb->v | u->imm : rb->v & ~u->imm, rb->n);
})
HOT(movl, put(D, u->imm, 0);)

#define CMP_NONE(name, NAT, a_, b_, rel)                                                           \
    HOT(name##_none, {                                                                             \
        uint64_t a = (a_), b = (b_);                                                               \
        cmp_none(cpu, u->p1, u->p2, (rel), (NAT));                                                 \
    })                                                                                             \
    static HANDLER op_##name##_unc(HARGS)                                                          \
    {                                                                                              \
        uint64_t a = (a_), b = (b_);                                                               \
        uint8_t qp = cpu->pr[u->qp];                                                               \
        bool res = (rel), nat = (NAT);                                                             \
        cpu->pr[u->p1] = qp & res & !nat;                                                          \
        cpu->pr[u->p2] = qp & !res & !nat;                                                         \
        NEXT();                                                                                    \
    }
#define CMP_T(name, type, NAT, a_, b_, rel)                                                        \
    HOT(name##_##type, {                                                                           \
        uint64_t a = (a_), b = (b_);                                                               \
        cmp_##type(cpu, u->p1, u->p2, (rel), (NAT));                                               \
    })
#define CMP_PAR(name, NAT, a_, b_, rel)                                                            \
    CMP_T(name, and, NAT, a_, b_, rel)                                                             \
    CMP_T(name, or, NAT, a_, b_, rel)                                                              \
    CMP_T(name, or_andcm, NAT, a_, b_, rel)
#define CMP_FAMILY(pfx, s, t)                                                                      \
    CMP_NONE(pfx##_lt, A->n | B->n, A->v, B->v, (s)a < (s)b)                                       \
    CMP_NONE(pfx##_ltu, A->n | B->n, A->v, B->v, (t)a < (t)b)                                      \
    CMP_NONE(pfx##_eq, A->n | B->n, A->v, B->v, (t)a == (t)b)                                      \
    CMP_PAR(pfx##_eq, A->n | B->n, A->v, B->v, (t)a == (t)b)                                       \
    CMP_PAR(pfx##_ne, A->n | B->n, A->v, B->v, (t)a != (t)b)                                       \
    CMP_PAR(pfx##_gt, B->n, 0, B->v, (s)a > (s)b)                                                  \
    CMP_PAR(pfx##_le, B->n, 0, B->v, (s)a <= (s)b)                                                 \
    CMP_PAR(pfx##_ge, B->n, 0, B->v, (s)a >= (s)b)                                                 \
    CMP_PAR(pfx##_lt0, B->n, 0, B->v, (s)a < (s)b)                                                 \
    CMP_NONE(pfx##_lt_i, B->n, u->imm, B->v, (s)a < (s)b)                                          \
    CMP_NONE(pfx##_ltu_i, B->n, u->imm, B->v, (t)a < (t)b)                                         \
    CMP_NONE(pfx##_eq_i, B->n, u->imm, B->v, (t)a == (t)b)                                         \
    CMP_PAR(pfx##_eq_i, B->n, u->imm, B->v, (t)a == (t)b)                                          \
    CMP_PAR(pfx##_ne_i, B->n, u->imm, B->v, (t)a != (t)b)
CMP_FAMILY(cmp, int64_t, uint64_t)
CMP_FAMILY(cmp4, int32_t, uint32_t)

/* tbit.z: imm is the bit's mask; tnat.z. */
CMP_NONE(tbit, B->n, B->v, u->imm, !(a & b))
CMP_PAR(tbit_z, B->n, B->v, u->imm, !(a & b))
CMP_PAR(tbit_nz, B->n, B->v, u->imm, (a & b) != 0)
CMP_NONE(tnat, 0, B->n, 0, a == b)

HOT(mov_from_br, put(D, cpu->br[u->r2 & 7], 0);)
HOT(mov_from_pr, put(D, pr_pack(cpu), 0);)
HOT(mov_from_pfs, put(D, cpu->ar[AR_PFS], 0);)
HOT(mov_from_lc, put(D, cpu->ar[AR_LC], 0);)

/* Falls back to the plain executor when the source is NaT: it raises. */
static void mov_to_slow(struct cpu *cpu, const struct uop *u)
{
    cpu->cur = u;
    raise_nat_reg(cpu, 0);
}
HOT(mov_to_br, {
    const struct gr *ra = A;
    if (unlikely(ra->n))
        mov_to_slow(cpu, u);
    cpu->br[u->r1 & 7] = ra->v;
})
HOT(mov_to_lc, {
    const struct gr *ra = A;
    if (unlikely(ra->n))
        mov_to_slow(cpu, u);
    cpu->ar[AR_LC] = ra->v;
})

/* alloc: x, y, p1 are sof, sol, sor. Spilling and a new sor are rare. */
static noinline void alloc_slow(struct cpu *cpu, const struct uop *u)
{
    cpu->cur = u;
    rse_alloc(cpu, u->x, u->y, u->p1);
}
static HANDLER op_alloc(HARGS)
{
    (void)stk;
    if (likely(cpu->ndirty + (int)u->x <= N_STACKED_PHYS && u->p1 == cpu->cfm.sor)) {
        cpu->cfm.sof = u->x;
        cpu->cfm.sol = u->y;
    } else {
        alloc_slow(cpu, u);
    }
    struct gr *d = reg_ptr(cpu, cpu->stk, u->r1);
    put(d, cpu->ar[AR_PFS], 0);
    if (unlikely(cpu->attention))
        return leave_after(cpu, u);
    GOTO(u + 1, cpu->stk);
}

/* --- operand filling --- */
bool hot_fill_default(struct uop *u, const struct isa_insn *in)
{
    u->r1 = in->r1;
    u->r2 = in->r2;
    u->r3 = in->r3;
    u->p1 = in->p1 ? in->p1 : 64;
    u->p2 = in->p2 ? in->p2 : 64;
    u->imm = in->imm;
    u->x = in->count;
    return true;
}
static bool fill_alloc(struct uop *u, const struct isa_insn *in)
{
    u->r1 = in->r1;
    u->x = in->sof;
    u->y = in->sol;
    u->p1 = in->sor;
    return !in->qp && in->r1 < 32u + in->sof; /* otherwise it faults, says the plain executor */
}
static bool fill_extr(struct uop *u, const struct isa_insn *in)
{
    unsigned len = in->pos + in->len > 64 ? 64 - in->pos : in->len;
    hot_fill_default(u, in);
    u->x = 64 - in->pos - len;
    u->y = 64 - len;
    return true;
}
static bool fill_extr_u(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->x = in->pos;
    u->imm = low_mask(in->len);
    return true;
}
static bool fill_dep(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->x = in->pos;
    u->imm = low_mask(in->len) << in->pos;
    return true;
}
static bool fill_dep_z_imm(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->imm = dep_field(0, in->imm, in->pos, in->len);
    return true;
}
static bool fill_dep_imm(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->x = in->imm & 1;
    u->imm = low_mask(in->len) << in->pos;
    return true;
}
static bool fill_adds(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    if (in->imm == 0)
        u->fn = in->qp ? op_mov_p : op_mov;
    else if (in->r3 == 0)
        u->fn = in->qp ? op_movl_p : op_movl;
    return true;
}
static bool fill_tbit(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->imm = 1ull << in->pos;
    return true;
}
static bool fill_from_br(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->r2 = in->b2;
    return true;
}
static bool fill_to_br(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    u->r1 = in->b1;
    return true;
}
static bool fill_from_ar(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    if (in->ar3 == AR_PFS)
        u->fn = in->qp ? op_mov_from_pfs_p : op_mov_from_pfs;
    else if (in->ar3 == AR_LC)
        u->fn = in->qp ? op_mov_from_lc_p : op_mov_from_lc;
    else
        return false;
    return true;
}
static bool fill_to_ar(struct uop *u, const struct isa_insn *in)
{
    hot_fill_default(u, in);
    return in->ar3 == AR_LC;
}

#define H(op, name, fill)                                                                          \
    {                                                                                              \
        ISA_##op, op_##name, op_##name##_p, fill                                                   \
    }
#define HU(op, name, fill)                                                                         \
    {                                                                                              \
        ISA_##op, op_##name, op_##name, fill                                                       \
    }
#define H_BASIC(OP, F, n, fill) H(OP##_##F, n##_none, fill), HU(OP##_UNC_##F, n##_unc, fill)
#define H_PAR(OP, F, n, fill)                                                                      \
    H(OP##_AND_##F, n##_and, fill), H(OP##_OR_##F, n##_or, fill),                                  \
        H(OP##_OR_ANDCM_##F, n##_or_andcm, fill)
#define H_CMP(OP, n)                                                                               \
    H_BASIC(OP##_LT, A6, n##_lt, NULL), H_BASIC(OP##_LTU, A6, n##_ltu, NULL),                      \
        H_BASIC(OP##_EQ, A6, n##_eq, NULL), H_PAR(OP##_EQ, A6, n##_eq, NULL),                      \
        H_PAR(OP##_NE, A6, n##_ne, NULL), H_PAR(OP##_GT, A7, n##_gt, NULL),                        \
        H_PAR(OP##_LE, A7, n##_le, NULL), H_PAR(OP##_GE, A7, n##_ge, NULL),                        \
        H_PAR(OP##_LT, A7, n##_lt0, NULL), H_BASIC(OP##_LT, A8, n##_lt_i, NULL),                   \
        H_BASIC(OP##_LTU, A8, n##_ltu_i, NULL), H_BASIC(OP##_EQ, A8, n##_eq_i, NULL),              \
        H_PAR(OP##_EQ, A8, n##_eq_i, NULL), H_PAR(OP##_NE, A8, n##_ne_i, NULL)

const struct hot_entry hot_alu[] = {
    {ISA_ALLOC_M34, op_alloc, NULL, fill_alloc},
    H(ADD_A1, add, NULL),
    H(ADD_1_A1, add_1, NULL),
    H(SUB_A1, sub, NULL),
    H(SUB_1_A1, sub_1, NULL),
    H(ADDP4_A1, addp4, NULL),
    H(AND_A1, and, NULL),
    H(ANDCM_A1, andcm, NULL),
    H(OR_A1, or, NULL),
    H(XOR_A1, xor, NULL),
    H(SHLADD_A2, shladd, NULL),
    H(SUB_A3, sub_imm, NULL),
    H(AND_A3, and_imm, NULL),
    H(ANDCM_A3, andcm_imm, NULL),
    H(OR_A3, or_imm, NULL),
    H(XOR_A3, xor_imm, NULL),
    H(ADDS_A4, adds, fill_adds),
    H(ADDL_A5, adds, fill_adds),
    H(ADDP4_A4, addp4_imm, NULL),
    H_CMP(CMP, cmp),
    H_CMP(CMP4, cmp4),
    H(SHR_I5, shr, NULL),
    H(SHR_U_I5, shr_u, NULL),
    H(SHL_I7, shl, NULL),
    H(SHRP_I10, shrp, NULL),
    H(EXTR_I11, extr, fill_extr),
    H(EXTR_U_I11, extr_u, fill_extr_u),
    H(DEP_Z_I12, dep_z, fill_dep),
    H(DEP_Z_I13, movl, fill_dep_z_imm),
    H(DEP_I14, dep_imm, fill_dep_imm),
    H(DEP_I15, dep, fill_dep),
    H_BASIC(TBIT_Z, I16, tbit, fill_tbit),
    H_PAR(TBIT_Z, I16, tbit_z, fill_tbit),
    H_PAR(TBIT_NZ, I16, tbit_nz, fill_tbit),
    H_BASIC(TNAT_Z, I17, tnat, NULL),
    H(SXT1_I29, sxt1, NULL),
    H(SXT2_I29, sxt2, NULL),
    H(SXT4_I29, sxt4, NULL),
    H(ZXT1_I29, zxt1, NULL),
    H(ZXT2_I29, zxt2, NULL),
    H(ZXT4_I29, zxt4, NULL),
    H(MOVL_X2, movl, NULL),
    H(MOV_I22, mov_from_br, fill_from_br),
    H(MOV_I21, mov_to_br, fill_to_br),
    H(MOV_PR_I25, mov_from_pr, NULL),
    H(MOV_I_I28, mov_from_pfs, fill_from_ar),
    H(MOV_I_I26, mov_to_lc, fill_to_ar),
    HOT_END,
};
