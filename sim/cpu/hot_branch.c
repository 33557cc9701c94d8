/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's branch handlers. A relative branch inside its page is chained to the target's block
 * on its first execution; everything else goes through the jump cache. Counters are settled, and
 * the cycle limit is looked at, on every taken branch and only there.
 */
#include "sim/cpu/hot_branch.h"
#include "sim/cpu/hot_rse.h"
#include "sim/cpu/rse.h"

#define BUNDLE_VA(u) (cpu->page_va + ((u)->off & ~15u))

static inline void account_taken(struct cpu *cpu, const struct uop *u, uint64_t target)
{
    cpu->icount += u->n + 1;
    cpu->cycles += u->cyc + COST_TAKEN_BRANCH;
    lbr_record(cpu, BUNDLE_VA(u), target);
}

/* u[1].ptr: the target's block once known; u[1].imm before that is the code page. */
#define TAKE_CHAINED(target)                                                                       \
    do {                                                                                           \
        uint64_t ct_ = (target);                                                                   \
        account_taken(cpu, u, ct_);                                                                \
        if (unlikely(cpu->cycles >= cpu->cycle_limit)) {                                           \
            cpu->ip = ct_;                                                                         \
            return NULL;                                                                           \
        }                                                                                          \
        GOTO((const struct uop *)u[1].ptr, cpu->stk);                                              \
    } while (0)
#define TAKE_FAR(target)                                                                           \
    do {                                                                                           \
        uint64_t ft_ = (target);                                                                   \
        account_taken(cpu, u, ft_);                                                                \
        GOTO_IP(ft_);                                                                              \
    } while (0)

static HANDLER op_br_chain(HARGS)
{
    (void)stk;
    TAKE_CHAINED(cpu->page_va + u->imm);
}
static HANDLER op_br_chain_p(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    TAKE_CHAINED(cpu->page_va + u->imm);
}
static HANDLER op_br_far(HARGS)
{
    (void)stk;
    TAKE_FAR(cpu->page_va + u->imm);
}
static HANDLER op_br_far_p(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    TAKE_FAR(cpu->page_va + u->imm);
}

/* br.cloop: AR[LC] counts down to zero (SDM 3: br page). */
static HANDLER op_cloop_chain(HARGS)
{
    if (!cpu->ar[AR_LC])
        GOTO(u + 2, stk);
    cpu->ar[AR_LC]--;
    TAKE_CHAINED(cpu->page_va + u->imm);
}
static HANDLER op_cloop_far(HARGS)
{
    if (!cpu->ar[AR_LC])
        GOTO(u + 2, stk);
    cpu->ar[AR_LC]--;
    TAKE_FAR(cpu->page_va + u->imm);
}

static inline void call_frame(struct cpu *cpu, const struct uop *u)
{
    cpu->br[u->r1] = BUNDLE_VA(u) + 16;
    cpu->ar[AR_PFS] = cfm_pack(&cpu->cfm) | (cpu->ar[AR_EC] & 63) << 52 | (uint64_t)cpu->cpl << 62;
    rse_call_fast(cpu);
}
static HANDLER op_call_chain(HARGS)
{
    (void)stk;
    call_frame(cpu, u);
    TAKE_CHAINED(cpu->page_va + u->imm);
}
static HANDLER op_call_chain_p(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    call_frame(cpu, u);
    TAKE_CHAINED(cpu->page_va + u->imm);
}
static HANDLER op_call_far(HARGS)
{
    (void)stk;
    call_frame(cpu, u);
    TAKE_FAR(cpu->page_va + u->imm);
}
static HANDLER op_call_far_p(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    call_frame(cpu, u);
    TAKE_FAR(cpu->page_va + u->imm);
}
static HANDLER op_call_ind(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    uint64_t target = cpu->br[u->r2] & ~15ull;
    call_frame(cpu, u);
    TAKE_FAR(target);
}
static HANDLER op_br_ind(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    TAKE_FAR(cpu->br[u->r2] & ~15ull);
}
/* The frame returned to has registers in the backing store: the engine loads them, and the loads
 * fault, with ip already at the target (SDM 2:6.6). */
static noinline HANDLER ret_incomplete(struct cpu *cpu, const struct uop *u, uint64_t target)
{
    account_taken(cpu, u, target);
    cpu->ip = target;
    return NULL;
}
/* br.ret without a change of privilege; AR[PFS].ppl below CPL cannot raise it (SDM 3: br page). */
static HANDLER op_ret(HARGS)
{
    if (!cpu->pr[u->qp])
        GOTO(u + 2, stk);
    uint64_t pfs = cpu->ar[AR_PFS];
    if (unlikely(pfs >> 62 > cpu->cpl))
        return op_plain_branch(cpu, u + 1, stk);
    uint64_t target = cpu->br[u->r2] & ~15ull;
    rse_return_fast(cpu, pfs & ((1ull << 38) - 1));
    cpu->ar[AR_EC] = pfs >> 52 & 63;
    if (unlikely(cpu->cfle))
        return ret_incomplete(cpu, u, target);
    TAKE_FAR(target);
}

/* First execution of an in-page branch: finds or builds the target's block, then behaves like the
 * chained twin. */
static const struct uop *resolve(struct cpu *cpu, const struct uop *u)
{
    struct code_page *p = (struct code_page *)(uintptr_t)u[1].imm;
    struct uop *w = (struct uop *)(uintptr_t)u; /* blocks are the engine's own to patch */
    static const struct {
        uint16_t op;
        op_fn fn, fn_p;
    } t[] = {
        {ISA_BR_COND_B1, op_br_chain, op_br_chain_p},
        {ISA_BR_CALL_B3, op_call_chain, op_call_chain_p},
        {ISA_BR_CLOOP_B2, op_cloop_chain, op_cloop_chain},
    };
    w[1].ptr = block_entry(cpu, p, (unsigned)(u->imm >> 4) & 255);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (t[i].op == u->op)
            w->fn = u->qp ? t[i].fn_p : t[i].fn;
    return u;
}
static HANDLER op_br_resolve(HARGS)
{
    bool taken = u->op == ISA_BR_CLOOP_B2 ? cpu->ar[AR_LC] != 0 : cpu->pr[u->qp];
    if (!taken)
        GOTO(u + 2, stk);
    GOTO(resolve(cpu, u), stk);
}

unsigned hot_branch_fill(struct uop *u, const struct isa_insn *in)
{
    uint64_t rel = (u->off & ~15u) + in->imm; /* target - page_va */
    bool near = rel < 4096;
    u[1] = (struct uop){.off = u->off, .n = u->n, .cyc = u->cyc, .op = u->op, .qp = u->qp};
    switch (in->op) {
    case ISA_BR_COND_B1:
        u->fn = near ? op_br_resolve : in->qp ? op_br_far_p : op_br_far;
        break;
    case ISA_BR_CLOOP_B2:
        u->fn = near ? op_br_resolve : op_cloop_far;
        break;
    case ISA_BR_CALL_B3:
        u->fn = near ? op_br_resolve : in->qp ? op_call_far_p : op_call_far;
        break;
    case ISA_BRL_COND_X3:
        u->fn = in->qp ? op_br_far_p : op_br_far;
        break;
    case ISA_BRL_CALL_X4:
        u->fn = in->qp ? op_call_far_p : op_call_far;
        break;
    case ISA_BR_COND_B4:
        u->fn = op_br_ind;
        break;
    case ISA_BR_CALL_B5:
        u->fn = op_call_ind;
        break;
    case ISA_BR_RET_B4:
        u->fn = op_ret;
        break;
    default:
        return 0;
    }
    u->imm = rel;
    u->r1 = in->b1;
    u->r2 = in->b2;
    return 2;
}

void hot_branch_bind(struct uop *u, size_t count, struct code_page *p)
{
    for (size_t i = 0; i < count; i++) {
        if (u[i].fn == op_br_resolve) {
            u[++i].imm = (uint64_t)(uintptr_t)p;
        } else if (u[i].fn == op_ret) {
            /* The plain executor's operands, for the privilege-changing return. */
            struct xinsn *xi = page_alloc(p, sizeof *xi);
            bool last;
            fetch_insn(p->host + (u[i].off & ~15u), u[i].off & 3, &xi->in, &last);
            xi->fn = exec_lookup(xi->in.op);
            u[++i].ptr = xi;
        } else if (u[i].fn == op_br_far || u[i].fn == op_br_far_p || u[i].fn == op_call_far ||
                   u[i].fn == op_call_far_p || u[i].fn == op_cloop_far || u[i].fn == op_br_ind ||
                   u[i].fn == op_call_ind) {
            i++;
        }
    }
}

bool branch_unconditional(const struct isa_insn *in)
{
    switch (in->op) {
    case ISA_BR_COND_B1:
    case ISA_BR_CALL_B3:
    case ISA_BRL_COND_X3:
    case ISA_BRL_CALL_X4:
    case ISA_BR_COND_B4:
    case ISA_BR_CALL_B5:
    case ISA_BR_RET_B4:
    case ISA_RFI_B8:
    case ISA_EPC_B8:
        return true;
    default:
        return false;
    }
}

HANDLER op_frame_check(HARGS)
{
    if (likely(cpu->cfm.sof >= u->r1))
        NEXT();
    cpu->ip = BUNDLE_VA(u);
    cpu->psr = (cpu->psr & ~PSR_RI) | (uint64_t)(u->off & 3) << PSR_RI_SHIFT;
    cpu->step_once = true;
    return NULL;
}

/* End of the page: the next bundle is in another one. */
HANDLER op_fallthrough(HARGS)
{
    (void)stk;
    block_account(cpu, u);
    cpu->psr &= ~PSR_RI;
    GOTO_IP(cpu->page_va + u->imm);
}

/* Branches without a handler of their own, and all that leave by changing the mode. */
HANDLER op_plain_branch(HARGS)
{
    const struct xinsn *xi = u->ptr;
    (void)stk;
    cpu->cur = u;
    cpu->ip = BUNDLE_VA(u);
    cpu->psr = (cpu->psr & ~PSR_RI) | (uint64_t)(u->off & 3) << PSR_RI_SHIFT;
    cpu->branched = false;
    xi->fn(cpu, &xi->in);
    if (!cpu->branched) {
        if (unlikely(cpu->attention))
            return leave_after(cpu, u);
        cpu->psr &= ~PSR_RI;
        GOTO(u + 1, cpu->stk);
    }
    cpu->branched = false;
    cpu->icount += u->n + 1;
    cpu->cycles += u->cyc + COST_TAKEN_BRANCH;
    if (cpu->psr & PSR_RI || cpu->attention || cpu->cfle)
        return NULL;
    GOTO_IP(cpu->ip);
}
HANDLER op_plain_branch_p(HARGS)
{
    if (!cpu->pr[u->qp])
        NEXT();
    return op_plain_branch(cpu, u, stk);
}
