/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Interruptions (SDM 2:5, vectors in 2:8): raising, collecting their state, the traps and
 * breakpoints of single-stepping, and external interrupts.
 */
#include <stdio.h>
#include <string.h>
#include "sim/cpu/cost.h"
#include "sim/cpu/dispatch.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/debug/names.h"
#include "sim/debug/state.h"
#include "sim/debug/stats.h"
#include "sim/mmu/mmu.h"

/* Bits good for one instruction: cleared when it has completed (SDM 2:3.3.2). */
#define ONE_SHOT (PSR_ID | PSR_DA | PSR_DD | PSR_IA | PSR_ED)

/* ISR.code of the traps, which can come together (SDM 2:8.3). */
enum { TRAP_LP = 1 << 1, TRAP_TB = 1 << 2, TRAP_SS = 1 << 3 };

_Noreturn void cpu_raise(struct cpu *cpu, const struct intr *in)
{
    struct intr *p = cpu->pending;

    if (p != in)
        *p = *in;
    if (p->is_trap && cpu->cur) {
        p->ei = (uint8_t)cpu_slot(cpu);
        p->iipa = cpu_ip(cpu);
        if (cpu->psr & PSR_SS)
            p->isr |= TRAP_SS;
        if (cpu->psr & ONE_SHOT)
            cpu_set_psr(cpu, cpu->psr & ~ONE_SHOT);
    }
    siglongjmp(cpu->fault_env, 1);
}

static _Noreturn void raise_general(struct cpu *cpu, uint64_t code)
{
    cpu_raise(cpu, &(struct intr){.vector = VEC_GENERAL, .isr = code});
}
_Noreturn void raise_illegal_op(struct cpu *cpu)
{
    raise_general(cpu, GE_ILLEGAL_OPERATION);
}
_Noreturn void raise_priv_op(struct cpu *cpu)
{
    raise_general(cpu, GE_PRIV_OPERATION);
}
_Noreturn void raise_priv_reg(struct cpu *cpu)
{
    raise_general(cpu, GE_PRIV_REGISTER);
}
_Noreturn void raise_reserved_reg_field(struct cpu *cpu)
{
    raise_general(cpu, GE_RESERVED);
}
_Noreturn void raise_nat_reg(struct cpu *cpu, uint64_t isr_access)
{
    cpu_raise(cpu, &(struct intr){.vector = VEC_NAT_CONSUMPTION, .isr = 0x10 | isr_access});
}
_Noreturn void raise_break(struct cpu *cpu, uint64_t iim)
{
    cpu_raise(cpu, &(struct intr){.vector = VEC_BREAK, .sets = INTR_IIM, .iim = iim});
}
_Noreturn void raise_disabled_fp(struct cpu *cpu, unsigned code)
{
    cpu_raise(cpu, &(struct intr){.vector = VEC_DISABLED_FP, .isr = code});
}
_Noreturn void raise_speculation(struct cpu *cpu, uint64_t iim, uint64_t code)
{
    cpu_raise(cpu,
              &(struct intr){.vector = VEC_SPECULATION, .sets = INTR_IIM, .iim = iim, .isr = code});
}
_Noreturn void raise_virtualization(struct cpu *cpu)
{
    cpu_raise(cpu, &(struct intr){.vector = VEC_VIRTUALIZATION});
}

_Noreturn void sim_unimplemented(struct cpu *cpu, const char *what)
{
    char why[256];
    snprintf(why, sizeof why, "unimplemented: %s", what);
    fflush(stdout);
    state_fatal(cpu, stderr, why);
    cpu->m->stop = true;
    cpu->m->exit_status = 70;
    *cpu->pending = (struct intr){.vector = VEC_NONE};
    siglongjmp(cpu->fault_env, 1);
}

/* The bundle of the last instruction executed before ip/psr.ri (SDM 2:3.3.5.6): the same bundle,
 * the one before it, or where the last branch came from. */
static uint64_t last_bundle(const struct cpu *cpu)
{
    const unsigned last = (cpu->lbr_pos - 1) & 63;

    if (cpu->psr & PSR_RI)
        return cpu->ip;
    if (cpu->lbr_pos && cpu->lbr[last].to == cpu->ip)
        return cpu->lbr[last].from;
    return cpu->ip - 16;
}

/* Interruption Instruction Bundle registers: the bundle at IIP of a fault of an instruction that
 * was fetched, at IIPA of a trap. */
static void collect_bundle(struct cpu *cpu, const struct intr *in)
{
    const uint8_t *host = NULL;
    uint64_t pa;

    if (in->vector == VEC_EXT_INT || in->isr & ISR_X)
        return;
    if (!in->is_trap)
        host = code_peek(cpu, cpu->ip);
    else if (mmu_debug_translate(cpu, in->iipa, true, &pa)) /* whatever the level is now */
        host = phys_host(cpu->m, pa, 16);
    if (host) {
        memcpy(&cpu->cr[CR_IIB0], host, 8);
        memcpy(&cpu->cr[CR_IIB1], host + 8, 8);
    }
}

/* Handlers that fault in turn never get to an rfi: said aloud, and the end, before somebody waits
 * for it. The instruction count may stand still meanwhile, so that no other limit is reached. */
static bool fault_storm(struct cpu *cpu, const struct intr *in)
{
    char why[160];

    if (cpu->rfi_icount != cpu->storm_rfi) {
        cpu->storm_rfi = cpu->rfi_icount;
        cpu->storm = 0;
    }
    if (likely(!cpu->m->watchdog || ++cpu->storm < cpu->m->watchdog))
        return false;
    cpu->storm = 0;
    snprintf(why, sizeof why,
             "fault storm: %u interruptions and no rfi; the last is vector 0x%04x %s%s",
             cpu->m->watchdog, in->vector, vector_name(in->vector),
             cpu->psr & PSR_IC ? "" : ", with psr.ic 0 (iip and ipsr are an earlier one's)");
    fflush(stdout);
    state_fatal(cpu, stderr, why);
    cpu->m->stop = true;
    cpu->m->exit_status = 70;
    return true;
}

/* SDM 2:5.5, with the table of PSR fields after an interruption (2:3.3.2): everything not listed
 * becomes 0. */
void intr_deliver(struct cpu *cpu, const struct intr *in)
{
    const uint64_t psr = cpu->psr, dcr = cpu->cr[CR_DCR];
    const bool ni = !(psr & PSR_IC) || cpu->mmu->ic_inflight;

    if (unlikely(fault_storm(cpu, in)))
        return;
    if (psr & PSR_IC) {
        if (in->is_trap)
            cpu->cr[CR_IIPA] = in->iipa;
        else if (cpu->icount != cpu->rfi_icount)
            cpu->cr[CR_IIPA] = last_bundle(cpu);
        collect_bundle(cpu, in);
        cpu->cr[CR_IPSR] = psr;
        cpu->cr[CR_IIP] = cpu->ip;
        cpu->cr[CR_IFS] &= ~(1ull << 63);
        if (in->sets & INTR_IFA)
            cpu->cr[CR_IFA] = in->ifa;
        if (in->sets & INTR_ITIR)
            cpu->cr[CR_ITIR] = in->itir;
        if (in->sets & INTR_IIM)
            cpu->cr[CR_IIM] = in->iim;
        if (in->sets & INTR_IHA)
            cpu->cr[CR_IHA] = in->iha;
    }
    if (in->vector != VEC_DATA_NESTED_TLB) {
        uint64_t ei = in->is_trap ? in->ei : (psr & PSR_RI) >> PSR_RI_SHIFT;
        cpu->cr[CR_ISR] =
            in->isr | ei << ISR_EI_SHIFT | (ni ? ISR_NI : 0) | (rse_incomplete(cpu) ? ISR_IR : 0);
    }

    cpu->cfle = false;
    cpu->halted = false;
    cpu->ip = (cpu->cr[CR_IVA] & ~0x7fffull) + in->vector;
    cpu_set_psr(cpu,
                (psr & (PSR_UP | PSR_MFL | PSR_MFH | PSR_PK | PSR_DT | PSR_RT | PSR_IT | PSR_MC)) |
                    ((dcr & DCR_BE) ? PSR_BE : 0) | ((dcr & DCR_PP) ? PSR_PP : 0));
}

void intr_take(struct cpu *cpu, const struct intr *in)
{
    const struct observer *obs = cpu->m->obs;

    cpu_charge(cpu, COST_INTERRUPTION);
    STAT_INC(cpu, vector[in->vector >> 8 & 0x7f]);
    if (obs && obs->intr)
        obs->intr(obs->arg, cpu, in);
    cpu->m->ops->deliver(cpu, in);
}

bool intr_poll(struct cpu *cpu)
{
    if (unlikely(cpu->event) && cpu->m->ops->event && cpu->m->ops->event(cpu))
        return true;
    if (likely(sapic_pending(cpu) < 0))
        return false;
    /* PAL_HALT_LIGHT ends at an unmasked interrupt, whatever psr.i says. */
    cpu->halted = false;
    if (!(cpu->psr & PSR_I))
        return false;
    intr_take(cpu, &(struct intr){.vector = VEC_EXT_INT});
    return true;
}

/* Instruction breakpoints, SDM 2:7.1: pairs of address and mask; bits 3:0 of an address do not
 * count. */
void step_check_ibr(struct cpu *cpu, uint64_t ip)
{
    if ((cpu->psr & (PSR_DB | PSR_ID)) != PSR_DB)
        return;
    for (unsigned i = 0; i + 1 < N_IBR; i += 2) {
        const uint64_t ctl = cpu->ibr[i + 1];
        const uint64_t mask = (ctl | ~((1ull << 56) - 1)) & ~15ull;
        if (ctl >> 63 && ctl >> (56 + cpu->cpl) & 1 && !((ip ^ cpu->ibr[i]) & mask))
            cpu_raise(cpu, &(struct intr){
                               .vector = VEC_DEBUG, .isr = ISR_X, .sets = INTR_IFA, .ifa = ip});
    }
}

/* After (ip, slot) has completed. Priority: lower-privilege transfer, taken branch, single step
 * (SDM 2:5.6). rfi takes no trap, and the one-instruction bits it sets are for the next
 * instruction. */
void step_traps(struct cpu *cpu, uint64_t ip, unsigned slot)
{
    const uint64_t psr = cpu->psr;
    const unsigned op = cpu->step_uop.op;
    uint64_t code = 0;

    if (op == ISA_RFI_B8 && cpu->branched)
        return;
    if (psr & PSR_SS)
        code |= TRAP_SS;
    if (psr & PSR_TB && cpu->branched)
        code |= TRAP_TB;
    if (psr & PSR_LP && op == ISA_BR_RET_B4 && cpu->branched && cpu->lower_priv)
        code |= TRAP_LP;
    if (psr & ONE_SHOT)
        cpu_set_psr(cpu, psr & ~ONE_SHOT);
    if (code)
        cpu_raise(cpu, &(struct intr){.vector = code & TRAP_LP   ? VEC_LOWER_PRIV
                                                : code & TRAP_TB ? VEC_TAKEN_BRANCH
                                                                 : VEC_SINGLE_STEP,
                                      .is_trap = true,
                                      .isr = code,
                                      .ei = (uint8_t)slot,
                                      .iipa = ip});
}
