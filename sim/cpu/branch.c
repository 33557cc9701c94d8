/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Branches, the instructions that move branch registers, predicates and IP, and those that change
 * privilege or bank (SDM 3:2, pages br, brl, chk, cover, clrrrb, bsw, epc, rfi, mov br, mov ip, mov
 * pr). Frames are rse.c's.
 */
#include <string.h>
#include "sim/cpu/cost.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/hot_rse.h"

#define PFS_EC(pfs)  ((pfs) >> 52 & 63)
#define PFS_PPL(pfs) ((unsigned)((pfs) >> 62))

/* Slot 0 of the bundle at target. */
static void go(struct cpu *cpu, uint64_t target)
{
    const uint64_t from = cpu->ip;
    cpu->ip = target & ~15ull;
    cpu->psr &= ~PSR_RI;
    branch_taken(cpu, from);
}

static void x_br_cond(struct cpu *cpu, const struct isa_insn *in)
{
    go(cpu, cpu->ip + in->imm);
}
static void x_br_cond_ind(struct cpu *cpu, const struct isa_insn *in)
{
    go(cpu, cpu->br[in->b2]);
}

static void call(struct cpu *cpu, const struct isa_insn *in, uint64_t target)
{
    cpu->br[in->b1] = cpu->ip + 16;
    cpu->ar[AR_PFS] = cfm_pack(&cpu->cfm) | (cpu->ar[AR_EC] & 63) << 52 | (uint64_t)cpu->cpl << 62;
    rse_call_fast(cpu);
    go(cpu, target);
}
static void x_br_call(struct cpu *cpu, const struct isa_insn *in)
{
    call(cpu, in, cpu->ip + in->imm);
}
static void x_br_call_ind(struct cpu *cpu, const struct isa_insn *in)
{
    call(cpu, in, cpu->br[in->b2]);
}

/* A return never raises privilege: ppl below cpl is ignored. */
static void x_br_ret(struct cpu *cpu, const struct isa_insn *in)
{
    const uint64_t pfs = cpu->ar[AR_PFS];
    const unsigned ppl = PFS_PPL(pfs);

    rse_return_fast(cpu, pfs & CFM_MASK);
    cpu->ar[AR_EC] = PFS_EC(pfs);
    cpu->lower_priv = ppl > cpu->cpl;
    if (cpu->lower_priv)
        cpu_set_psr(cpu, (cpu->psr & ~PSR_CPL) | (uint64_t)ppl << PSR_CPL_SHIFT);
    go(cpu, cpu->br[in->b2]);
}

/* No IA-32 instruction set here: what the manual checks first, then as an instruction that does not
 * exist. */
static void x_br_ia(struct cpu *cpu, const struct isa_insn *in)
{
    if (in->qp == 0 && rse_bspstore(cpu) == rse_bsp(cpu) && cpu->psr & PSR_DI)
        cpu_raise(cpu, &(struct intr){.vector = VEC_GENERAL, .isr = GE_DISABLED_ISA});
    raise_illegal_op(cpu);
}

/* Loop branches may only be in slot 2. */
static void need_slot2(struct cpu *cpu)
{
    if (cpu_slot(cpu) != 2)
        raise_illegal_op(cpu);
}

static void x_br_cloop(struct cpu *cpu, const struct isa_insn *in)
{
    need_slot2(cpu);
    if (cpu->ar[AR_LC]) {
        cpu->ar[AR_LC]--;
        go(cpu, cpu->ip + in->imm);
    }
}

/* One stage of a counted loop; true while it goes on. */
static bool counted_stage(struct cpu *cpu)
{
    uint64_t *lc = &cpu->ar[AR_LC], *ec = &cpu->ar[AR_EC];
    const bool more = *lc != 0 || *ec > 1;

    cpu->pr[63] = *lc != 0;
    if (*lc) {
        --*lc;
        rse_rotate(cpu);
    } else if (*ec) {
        --*ec;
        rse_rotate(cpu);
    }
    return more;
}
static void x_br_ctop(struct cpu *cpu, const struct isa_insn *in)
{
    need_slot2(cpu);
    if (counted_stage(cpu))
        go(cpu, cpu->ip + in->imm);
}
static void x_br_cexit(struct cpu *cpu, const struct isa_insn *in)
{
    need_slot2(cpu);
    if (!counted_stage(cpu))
        go(cpu, cpu->ip + in->imm);
}

/* The same of a while loop: the qualifying predicate is its condition. */
static bool while_stage(struct cpu *cpu, bool qp)
{
    uint64_t *ec = &cpu->ar[AR_EC];
    const bool more = qp || *ec > 1;

    cpu->pr[63] = 0;
    if (qp) {
        rse_rotate(cpu);
    } else if (*ec) {
        --*ec;
        rse_rotate(cpu);
    }
    return more;
}
static void x_br_wtop(struct cpu *cpu, const struct isa_insn *in)
{
    need_slot2(cpu);
    if (while_stage(cpu, cpu->pr[in->qp]))
        go(cpu, cpu->ip + in->imm);
}
static void x_br_wexit(struct cpu *cpu, const struct isa_insn *in)
{
    need_slot2(cpu);
    if (!while_stage(cpu, cpu->pr[in->qp]))
        go(cpu, cpu->ip + in->imm);
}

/* brp, nop.b, hint.b: only advice. */
static void x_nop(struct cpu *cpu, const struct isa_insn *in)
{
    (void)cpu;
    (void)in;
}

/* --- speculation checks: chk.a is in memory.c --- */

static void x_chk_s_gr(struct cpu *cpu, const struct isa_insn *in)
{
    if (gr(cpu, in->r2)->n)
        go(cpu, cpu->ip + in->imm);
}
static void x_chk_s_fr(struct cpu *cpu, const struct isa_insn *in)
{
    fr_check(cpu, 0, in->f2, 0, 0, 0);
    if (fr_is_natval(fr_r(cpu, in->f2)))
        go(cpu, cpu->ip + in->imm);
}

/* --- rename bases, bank, privilege --- */

static void x_clrrrb(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    rse_set_rrb(cpu, 0, 0, 0);
}
static void x_clrrrb_pr(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    rse_set_rrb(cpu, cpu->cfm.rrb_gr, cpu->cfm.rrb_fr, 0);
}

static void bank_switch(struct cpu *cpu, uint64_t bn)
{
    exec_priv(cpu);
    exec_virt(cpu);
    cpu_set_psr(cpu, (cpu->psr & ~PSR_BN) | bn);
}
static void x_bsw_0(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    bank_switch(cpu, 0);
}
static void x_bsw_1(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    bank_switch(cpu, PSR_BN);
}

/* A page with access rights 7 promotes to its privilege level; without translation, everything does
 * (SDM 3: epc). */
enum { AR_PROMOTE = 7 };
static void x_epc(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned cpl = 0;
    (void)in;
    if (PFS_PPL(cpu->ar[AR_PFS]) < cpu->cpl)
        raise_illegal_op(cpu);
    if (cpu->psr & PSR_IT) {
        struct xlat x;
        struct intr fault;
        cpl = cpu->cpl;
        if (!cpu->m->ops->translate(cpu, cpu_ip(cpu), ACC_X, cpl, &x, &fault))
            cpu_raise(cpu, &fault); /* the translation this was fetched by is gone */
        if (x.ar == AR_PROMOTE && x.pl < cpl)
            cpl = x.pl;
    }
    if (cpl != cpu->cpl) {
        cpu_set_psr(cpu, (cpu->psr & ~PSR_CPL) | (uint64_t)cpl << PSR_CPL_SHIFT);
        cpu_attention(cpu);
    }
}

/* Every defined bit of the PSR, SDM 2:3.3.2. */
#define PSR_DEFINED                                                                                \
    (PSR_UM | PSR_IC | PSR_I | PSR_PK | PSR_DT | PSR_DFL | PSR_DFH | PSR_SP | PSR_PP | PSR_DI |    \
     PSR_SI | PSR_DB | PSR_LP | PSR_TB | PSR_RT | PSR_CPL | PSR_IS | PSR_MC | PSR_IT | PSR_ID |    \
     PSR_DA | PSR_DD | PSR_SS | PSR_RI | PSR_ED | PSR_BN | PSR_IA | PSR_VM)

static void x_rfi(struct cpu *cpu, const struct isa_insn *in)
{
    const uint64_t ipsr = cpu->cr[CR_IPSR] & PSR_DEFINED, ifs = cpu->cr[CR_IFS];
    const uint64_t from = cpu->ip;

    (void)in;
    exec_priv(cpu);
    exec_virt(cpu);
    /* There is no IA-32 instruction set to return to, and no slot 3. */
    if (ipsr & PSR_IS || (ipsr & PSR_RI) == PSR_RI)
        raise_illegal_op(cpu);

    /* IIPA is not updated by what follows until another instruction has executed (SDM 2:3.3.5.6).
     */
    cpu->rfi_icount = cpu_icount_now(cpu) + 1;
    cpu_charge(cpu, COST_RFI);
    cpu_set_psr(cpu, ipsr);
    if (ifs >> 63)
        rse_rfi(cpu, ifs & CFM_MASK);
    else
        rse_resume(cpu);
    cpu->ip = cpu->cr[CR_IIP] & ~15ull;
    branch_taken(cpu, from);
    if (rse_incomplete(cpu) || ipsr & PSR_I)
        cpu_attention(cpu);
}

/* --- branch registers, IP, predicates --- */

static void x_mov_to_br(struct cpu *cpu, const struct isa_insn *in)
{
    cpu->br[in->b1] = gr_consume(cpu, in->r2, 0);
}
static void x_mov_from_br(struct cpu *cpu, const struct isa_insn *in)
{
    gr_write(cpu, in->r1, cpu->br[in->b2], 0);
}
static void x_mov_ip(struct cpu *cpu, const struct isa_insn *in)
{
    gr_write(cpu, in->r1, cpu_ip(cpu), 0);
}

/* mov pr works as if rrb.pr were zero: on physical predicates (SDM 3: mov pr). */
static inline unsigned pr_virtual(const struct cpu *cpu, unsigned physical)
{
    unsigned v = physical;
    if (physical >= 16) {
        v += 48u - cpu->cfm.rrb_pr;
        if (v >= 64)
            v -= 48;
    }
    return v;
}

uint64_t pr_pack(const struct cpu *cpu)
{
    uint64_t v = 0;
    if (likely(!cpu->cfm.rrb_pr)) {
        /* Eight bytes 0/1 to eight bits: the multiplication gathers them in the top byte. */
        for (unsigned i = 0; i < 64; i += 8) {
            uint64_t b;
            memcpy(&b, &cpu->pr[i], 8);
            v |= (b * 0x0102040810204080ull >> 56) << i;
        }
        return v;
    }
    for (unsigned i = 0; i < 64; i++)
        v |= (uint64_t)cpu->pr[pr_virtual(cpu, i)] << i;
    return v;
}

/* Eight bits to eight bytes 0/1: byte i of the product keeps bit i, and adding 0x7f tells whether
 * it is there. */
static inline uint64_t spread(uint64_t bits)
{
    uint64_t b = (bits & 0xff) * 0x0101010101010101ull & 0x8040201008040201ull;
    return (b + 0x7f7f7f7f7f7f7f7full) >> 7 & 0x0101010101010101ull;
}

/* The predicates that mask names. */
static void pr_write(struct cpu *cpu, uint64_t value, uint64_t mask)
{
    if (likely(!cpu->cfm.rrb_pr)) {
        for (unsigned i = 0; i < 64; i += 8, value >>= 8, mask >>= 8) {
            uint64_t m = spread(mask) * 0xff, b;
            if (!m)
                continue;
            memcpy(&b, &cpu->pr[i], 8);
            b = (b & ~m) | (spread(value) & m);
            memcpy(&cpu->pr[i], &b, 8);
        }
        cpu->pr[0] = 1;
        return;
    }
    for (unsigned i = 1; i < 64; i++)
        if (mask >> i & 1)
            cpu->pr[pr_virtual(cpu, i)] = value >> i & 1;
}

void pr_unpack(struct cpu *cpu, uint64_t value)
{
    pr_write(cpu, value, ~0ull);
}

static void x_mov_from_pr(struct cpu *cpu, const struct isa_insn *in)
{
    gr_write(cpu, in->r1, pr_pack(cpu), 0);
}
static void x_mov_to_pr(struct cpu *cpu, const struct isa_insn *in)
{
    pr_write(cpu, gr_consume(cpu, in->r2, 0), in->imm);
}
static void x_mov_to_pr_rot(struct cpu *cpu, const struct isa_insn *in)
{
    pr_write(cpu, in->imm, ~0xffffull);
}

EXEC_TABLE(branch){
    {ISA_BR_COND_B1, x_br_cond},
    {ISA_BR_COND_B4, x_br_cond_ind},
    {ISA_BR_CALL_B3, x_br_call},
    {ISA_BR_CALL_B5, x_br_call_ind},
    {ISA_BR_RET_B4, x_br_ret},
    {ISA_BR_IA_B4, x_br_ia},
    {ISA_BR_CLOOP_B2, x_br_cloop},
    {ISA_BR_CTOP_B2, x_br_ctop},
    {ISA_BR_CEXIT_B2, x_br_cexit},
    {ISA_BR_WTOP_B1, x_br_wtop},
    {ISA_BR_WEXIT_B1, x_br_wexit},
    {ISA_BRL_COND_X3, x_br_cond},
    {ISA_BRL_CALL_X4, x_br_call},
    {ISA_BRP_B6, x_nop},
    {ISA_BRP_B7, x_nop},
    {ISA_BRP_RET_B7, x_nop},
    {ISA_NOP_B_B9, x_nop},
    {ISA_HINT_B_B9, x_nop},
    {ISA_CHK_S_M_M20, x_chk_s_gr},
    {ISA_CHK_S_I_I20, x_chk_s_gr},
    {ISA_CHK_S_M21, x_chk_s_fr},
    {ISA_CLRRRB_B8, x_clrrrb},
    {ISA_CLRRRB_PR_B8, x_clrrrb_pr},
    {ISA_BSW_0_B8, x_bsw_0},
    {ISA_BSW_1_B8, x_bsw_1},
    {ISA_EPC_B8, x_epc},
    {ISA_RFI_B8, x_rfi},
    {ISA_MOV_I21, x_mov_to_br},
    {ISA_MOV_I22, x_mov_from_br},
    {ISA_MOV_IP_I25, x_mov_ip},
    {ISA_MOV_PR_I25, x_mov_from_pr},
    {ISA_MOV_PR_I23, x_mov_to_pr},
    {ISA_MOV_PR_ROT_I24, x_mov_to_pr_rot},
    EXEC_END,
};

/* --- register stack --- */

static void x_alloc(struct cpu *cpu, const struct isa_insn *in)
{
    /* It cannot be predicated, and its target is in the new frame. */
    if (in->qp || in->r1 >= 32u + in->sof)
        raise_illegal_op(cpu);
    rse_alloc_fast(cpu, in->sof, in->sol, in->sor);
    gr_write(cpu, in->r1, cpu->ar[AR_PFS], 0);
}

static void x_cover(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    if (cpu->cpl == 0)
        exec_virt(cpu);
    if (!(cpu->psr & PSR_IC))
        cpu->cr[CR_IFS] = 1ull << 63 | cfm_pack(&cpu->cfm);
    rse_cover(cpu);
    cpu_attention(cpu); /* the block was built for the frame that is gone */
}
static void x_flushrs(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    rse_flush(cpu);
}
static void x_loadrs(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    rse_loadrs(cpu);
}

EXEC_TABLE(rse){
    {ISA_ALLOC_M34, x_alloc},
    {ISA_COVER_B8, x_cover},
    {ISA_FLUSHRS_M25, x_flushrs},
    {ISA_LOADRS_M25, x_loadrs},
    EXEC_END,
};
