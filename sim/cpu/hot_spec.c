/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's handlers for speculation: control- and data-speculative loads, their checks, spill
 * and fill, lfetch. The semantics are hot_mem.h's; compilers emit these densely (GCC's data
 * speculation is on at -O2).
 */
#include "sim/cpu/dispatch.h"
#include "sim/cpu/hot_mem.h"

#define ADDR     G(u->r3)
#define DST      G(u->r1)
#define KEY      alat_key_gr(cpu, u->r1)
#define INC_none ((struct gr){0, 0})
#define INC_reg  (*G(u->r2))
#define INC_imm  ((struct gr){u->imm, 0})

/* A slow access may have asked for attention (a device, a code page). */
#define SPEC(name, stmt)                                                                           \
    HOT(name, {                                                                                    \
        cpu->cur = u;                                                                              \
        stmt;                                                                                      \
        if (unlikely(cpu->attention))                                                              \
            return leave_after(cpu, u);                                                            \
    })

#define LOADS(n, upd)                                                                              \
    SPEC(ld##n##_s_##upd, sem_ld_s(cpu, ADDR, DST, INC_##upd, n))                                  \
    SPEC(ld##n##_a_##upd, sem_ld_a(cpu, KEY, ADDR, DST, INC_##upd, n, ACC_R | ACC_ADV))            \
    SPEC(ld##n##_sa_##upd,                                                                         \
         sem_ld_a(cpu, KEY, ADDR, DST, INC_##upd, n, ACC_R | ACC_ADV | ACC_SPEC))                  \
    SPEC(ld##n##_c_clr_##upd, sem_ld_c_clr(cpu, KEY, ADDR, DST, INC_##upd, n, ACC_R))              \
    SPEC(ld##n##_c_nc_##upd, sem_ld_c_nc(cpu, KEY, ADDR, DST, INC_##upd, n))
#define LOADS_ALL(n) LOADS(n, none) LOADS(n, reg) LOADS(n, imm)
LOADS_ALL(1)
LOADS_ALL(2)
LOADS_ALL(4)
LOADS_ALL(8)
SPEC(fill_none, sem_ld_fill(cpu, ADDR, DST, INC_none))
SPEC(fill_reg, sem_ld_fill(cpu, ADDR, DST, INC_reg))
SPEC(fill_imm, sem_ld_fill(cpu, ADDR, DST, INC_imm))
SPEC(spill_none, sem_st_spill(cpu, ADDR, G(u->r2), 0))
SPEC(spill_imm, sem_st_spill(cpu, ADDR, G(u->r2), u->imm))

/* Without .fault, lfetch is its base update. */
HOT(lfetch_none, (void)cpu;)
HOT(lfetch_reg, mem_update(ADDR, INC_reg);)
HOT(lfetch_imm, mem_update(ADDR, INC_imm);)

/* chk.a: the branch is the rare case. imm: target less page_va. */
static cold HANDLER recover(HARGS)
{
    const uint64_t target = cpu->page_va + u->imm;
    (void)stk;
    cpu->icount += u->n + 1;
    cpu->cycles += u->cyc + COST_TAKEN_BRANCH;
    lbr_record(cpu, cpu->page_va + (u->off & ~15u), target);
    GOTO_IP(target);
}
#define CHK(name, key, clear)                                                                      \
    static HANDLER op_##name(HARGS)                                                                \
    {                                                                                              \
        if (likely(sem_chk_a(cpu, key(cpu, u->r1), clear)))                                        \
            NEXT();                                                                                \
        return recover(cpu, u, stk);                                                               \
    }                                                                                              \
    static HANDLER op_##name##_p(HARGS)                                                            \
    {                                                                                              \
        if (likely(!cpu->pr[u->qp] || sem_chk_a(cpu, key(cpu, u->r1), clear)))                     \
            NEXT();                                                                                \
        return recover(cpu, u, stk);                                                               \
    }
CHK(chk_a_nc_gr, alat_key_gr, false)
CHK(chk_a_clr_gr, alat_key_gr, true)
CHK(chk_a_nc_fr, alat_key_fr, false)
CHK(chk_a_clr_fr, alat_key_fr, true)

static bool fill_chk(struct uop *u, const struct isa_insn *in)
{
    u->r1 = in->op == ISA_CHK_A_NC_M23 || in->op == ISA_CHK_A_CLR_M23 ? in->f1 : in->r1;
    u->imm = (u->off & ~15u) + in->imm;
    return true;
}

#define H(op, name, fill)                                                                          \
    {                                                                                              \
        ISA_##op, op_##name, op_##name##_p, fill                                                   \
    }
#define H3(OP, name)                                                                               \
    H(OP##_M1, name##_none, NULL), H(OP##_M2, name##_reg, NULL), H(OP##_M3, name##_imm, NULL)
#define HL(n)                                                                                      \
    H3(LD##n##_S, ld##n##_s), H3(LD##n##_A, ld##n##_a), H3(LD##n##_SA, ld##n##_sa),                \
        H3(LD##n##_C_CLR, ld##n##_c_clr), H3(LD##n##_C_CLR_ACQ, ld##n##_c_clr),                    \
        H3(LD##n##_C_NC, ld##n##_c_nc)
#define HF(OP)                                                                                     \
    H(OP##_M13, lfetch_none, NULL), H(OP##_M14, lfetch_reg, NULL), H(OP##_M15, lfetch_imm, NULL)

const struct hot_entry hot_spec[] = {
    HL(1),
    HL(2),
    HL(4),
    HL(8),
    H3(LD8_FILL, fill),
    H(ST8_SPILL_M4, spill_none, NULL),
    H(ST8_SPILL_M5, spill_imm, NULL),
    HF(LFETCH),
    HF(LFETCH_EXCL),
    H(CHK_A_NC_M22, chk_a_nc_gr, fill_chk),
    H(CHK_A_CLR_M22, chk_a_clr_gr, fill_chk),
    H(CHK_A_NC_M23, chk_a_nc_fr, fill_chk),
    H(CHK_A_CLR_M23, chk_a_clr_fr, fill_chk),
    HOT_END,
};
