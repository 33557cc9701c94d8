/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Plain executors of the integer ALU, compare, deposit/extract and test instructions (A1-A8, I5,
 * I7?, I10-I17, I26-I29, X2). Parallel (multimedia) arithmetic is in multimedia.c. Each body is its
 * instruction page's operation.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/hot_int.h"

#define D   gr(cpu, in->r1)
#define A   gr(cpu, in->r2)
#define B   gr(cpu, in->r3)
#define P1  (in->p1 ? in->p1 : 64)
#define P2  (in->p2 ? in->p2 : 64)
#define IMM (in->imm)

/* Two registers, expression over a and b. */
#define RR(name, expr)                                                                             \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        uint64_t a = A->v, b = B->v;                                                               \
        put(D, (expr), A->n | B->n);                                                               \
    }
/* Immediate and r3. */
#define IR(name, expr)                                                                             \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        uint64_t a = IMM, b = B->v;                                                                \
        put(D, (expr), B->n);                                                                      \
    }
RR(add, a + b)
RR(add_1, a + b + 1)
RR(sub, a - b)
RR(sub_1, a - b - 1)
RR(addp4, addp4(a + b, b))
RR(and, a &b)
RR(andcm, a & ~b)
RR(or, a | b)
RR(xor, a ^ b)
RR(shladd, (a << in->count) + b)
RR(shladdp4, addp4((a << in->count) + b, b))
IR(adds, a + b)
IR(sub_imm, a - b)
IR(addp4_imm, addp4(a + b, b))
IR(and_imm, a &b)
IR(andcm_imm, a & ~b)
IR(or_imm, a | b)
IR(xor_imm, a ^ b)

/* Shifts: I5/I7; the count register is r2 for shr r1=r3,r2 and r3 for shl r1=r2,r3 (instruction
 * pages). */
static void x_shl(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, shl64(A->v, B->v), A->n | B->n);
}
static void x_shr(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, shr64(B->v, A->v), A->n | B->n);
}
static void x_shr_u(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, shru64(B->v, A->v), A->n | B->n);
}
static void x_shrp(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, shrp64(A->v, B->v, in->count), A->n | B->n);
}
static void x_extr(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, extr_s(B->v, in->pos, in->len), B->n);
}
static void x_extr_u(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, extr_u(B->v, in->pos, in->len), B->n);
}
static void x_dep_z(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, dep_field(0, A->v, in->pos, in->len), A->n);
}
static void x_dep_z_imm(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, dep_field(0, IMM, in->pos, in->len), 0);
}
static void x_dep_imm(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, dep_field(B->v, IMM, in->pos, in->len), B->n);
}
static void x_dep(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, dep_field(B->v, A->v, in->pos, in->len), A->n | B->n);
}

#define EXT(name, type)                                                                            \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        put(D, (uint64_t)(type)B->v, B->n);                                                        \
    }
EXT(sxt1, int8_t)
EXT(sxt2, int16_t)
EXT(sxt4, int32_t)
EXT(zxt1, uint8_t)
EXT(zxt2, uint16_t)
EXT(zxt4, uint32_t)

static void x_movl(struct cpu *cpu, const struct isa_insn *in)
{
    put(D, IMM, 0);
}

/* Compares. .unc executes even with the predicate off, to clear both targets; the engine leaves
 * that test to us (ISA_ATTR_NO_PRED_OFF). */
#define CMP_T(name, a_, b_, nat_, type, rel)                                                       \
    static void x_##name##_##type(struct cpu *cpu, const struct isa_insn *in)                      \
    {                                                                                              \
        uint64_t a = (a_), b = (b_);                                                               \
        (void)a, (void)b;                                                                          \
        cmp_##type(cpu, P1, P2, (rel), (nat_));                                                    \
    }
#define CMP_UNC(name, a_, b_, nat_, rel)                                                           \
    static void x_##name##_unc(struct cpu *cpu, const struct isa_insn *in)                         \
    {                                                                                              \
        uint64_t a = (a_), b = (b_);                                                               \
        bool qp = cpu->pr[in->qp];                                                                 \
        (void)a, (void)b;                                                                          \
        cpu->pr[P1] = cpu->pr[P2] = 0;                                                             \
        if (qp)                                                                                    \
            cmp_none(cpu, P1, P2, (rel), (nat_));                                                  \
    }
#define CMP_BASIC(name, a, b, nat, rel)                                                            \
    CMP_T(name, a, b, nat, none, rel)                                                              \
    CMP_UNC(name, a, b, nat, rel)
#define CMP_PARALLEL(name, a, b, nat, rel)                                                         \
    CMP_T(name, a, b, nat, and, rel)                                                               \
    CMP_T(name, a, b, nat, or, rel)                                                                \
    CMP_T(name, a, b, nat, or_andcm, rel)

#define NAT_RR (A->n | B->n)
/* A6: registers; A7: r0 against a register; A8: immediate. */
#define CMP_FAMILY(pfx, s, u)                                                                      \
    CMP_BASIC(pfx##_lt, A->v, B->v, NAT_RR, (s)a < (s)b)                                           \
    CMP_BASIC(pfx##_ltu, A->v, B->v, NAT_RR, (u)a < (u)b)                                          \
    CMP_BASIC(pfx##_eq, A->v, B->v, NAT_RR, (u)a == (u)b)                                          \
    CMP_PARALLEL(pfx##_eq, A->v, B->v, NAT_RR, (u)a == (u)b)                                       \
    CMP_PARALLEL(pfx##_ne, A->v, B->v, NAT_RR, (u)a != (u)b)                                       \
    CMP_PARALLEL(pfx##_gt, 0, B->v, B->n, (s)a > (s)b)                                             \
    CMP_PARALLEL(pfx##_le, 0, B->v, B->n, (s)a <= (s)b)                                            \
    CMP_PARALLEL(pfx##_ge, 0, B->v, B->n, (s)a >= (s)b)                                            \
    CMP_PARALLEL(pfx##_lt0, 0, B->v, B->n, (s)a < (s)b)                                            \
    CMP_BASIC(pfx##_lt_i, IMM, B->v, B->n, (s)a < (s)b)                                            \
    CMP_BASIC(pfx##_ltu_i, IMM, B->v, B->n, (u)a < (u)b)                                           \
    CMP_BASIC(pfx##_eq_i, IMM, B->v, B->n, (u)a == (u)b)                                           \
    CMP_PARALLEL(pfx##_eq_i, IMM, B->v, B->n, (u)a == (u)b)                                        \
    CMP_PARALLEL(pfx##_ne_i, IMM, B->v, B->n, (u)a != (u)b)
CMP_FAMILY(cmp, int64_t, uint64_t)
CMP_FAMILY(cmp4, int32_t, uint32_t)

/* tbit, tnat, tf: .z normal/unc; z/nz for the parallel types. A NaT source counts as NaT for tbit
 * only. */
#define TEST_FAMILY(name, bit, nat)                                                                \
    CMP_BASIC(name##_z, 0, 0, nat, !(bit))                                                         \
    CMP_PARALLEL(name##_z, 0, 0, nat, !(bit))                                                      \
    CMP_PARALLEL(name##_nz, 0, 0, nat, (bit))
TEST_FAMILY(tbit, B->v >> in->pos & 1, B->n)
TEST_FAMILY(tnat, B->n, 0)
/* tf tests the CPUID[4] feature bits 32..63 (SDM 3: tf page). */
TEST_FAMILY(tf, cpu->cpuid[4] >> (in->pos) & 1, 0)

#define E(op, fn)                                                                                  \
    {                                                                                              \
        ISA_##op, x_##fn                                                                           \
    }
#define E_BASIC(OP, F, fn) E(OP##_##F, fn##_none), E(OP##_UNC_##F, fn##_unc)
#define E_PAR(OP, F, fn)                                                                           \
    E(OP##_AND_##F, fn##_and), E(OP##_OR_##F, fn##_or), E(OP##_OR_ANDCM_##F, fn##_or_andcm)
#define E_CMP(OP, fn)                                                                              \
    E_BASIC(OP##_LT, A6, fn##_lt), E_BASIC(OP##_LTU, A6, fn##_ltu), E_BASIC(OP##_EQ, A6, fn##_eq), \
        E_PAR(OP##_EQ, A6, fn##_eq), E_PAR(OP##_NE, A6, fn##_ne), E_PAR(OP##_GT, A7, fn##_gt),     \
        E_PAR(OP##_LE, A7, fn##_le), E_PAR(OP##_GE, A7, fn##_ge), E_PAR(OP##_LT, A7, fn##_lt0),    \
        E_BASIC(OP##_LT, A8, fn##_lt_i), E_BASIC(OP##_LTU, A8, fn##_ltu_i),                        \
        E_BASIC(OP##_EQ, A8, fn##_eq_i), E_PAR(OP##_EQ, A8, fn##_eq_i),                            \
        E_PAR(OP##_NE, A8, fn##_ne_i)
#define E_TEST(OP, F, fn)                                                                          \
    E_BASIC(OP##_Z, F, fn##_z), E_PAR(OP##_Z, F, fn##_z), E_PAR(OP##_NZ, F, fn##_nz)

/* clang-format off */
EXEC_TABLE(integer)
{
    E(ADD_A1, add), E(ADD_1_A1, add_1), E(SUB_A1, sub), E(SUB_1_A1, sub_1), E(ADDP4_A1, addp4), E(AND_A1, and),
        E(ANDCM_A1, andcm), E(OR_A1, or), E(XOR_A1, xor), E(SHLADD_A2, shladd),
        E(SHLADDP4_A2, shladdp4), E(SUB_A3, sub_imm), E(AND_A3, and_imm), E(ANDCM_A3, andcm_imm),
        E(OR_A3, or_imm), E(XOR_A3, xor_imm), E(ADDS_A4, adds), E(ADDP4_A4, addp4_imm),
        E(ADDL_A5, adds), E_CMP(CMP, cmp), E_CMP(CMP4, cmp4), E(SHR_I5, shr), E(SHR_U_I5, shr_u),
        E(SHL_I7, shl), E(SHRP_I10, shrp), E(EXTR_I11, extr), E(EXTR_U_I11, extr_u),
        E(DEP_Z_I12, dep_z), E(DEP_Z_I13, dep_z_imm), E(DEP_I14, dep_imm), E(DEP_I15, dep),
        E_TEST(TBIT, I16, tbit), E_TEST(TNAT, I17, tnat), E_TEST(TF, I30, tf), E(SXT1_I29, sxt1),
        E(SXT2_I29, sxt2), E(SXT4_I29, sxt4), E(ZXT1_I29, zxt1), E(ZXT2_I29, zxt2),
        E(ZXT4_I29, zxt4), E(MOVL_X2, movl), EXEC_END
};
