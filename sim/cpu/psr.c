/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Changes of the processor status register, and everything kept derived from it (SDM 2:3.3.2).
 * Serves rfi, interruptions, ssm/rsm/mov psr, epc, bsw and br.ret.
 */
#include "sim/cpu/psr.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/sapic.h"
#include "sim/mmu/mem.h"

/* With one of these, traps or the one-instruction bits have to be looked at around every
 * instruction. */
#define STEP_BITS (PSR_SS | PSR_TB | PSR_LP | PSR_DB | PSR_ID | PSR_IA | PSR_DA | PSR_DD | PSR_ED)
#define DATA_BITS (PSR_BE | PSR_AC | PSR_PK | PSR_DT | PSR_DB | PSR_CPL | PSR_DA | PSR_DD | PSR_ED)
/* These decide what the performance monitors count; mem_select_mode() tells them. */
#define PMU_BITS (PSR_UP | PSR_PP | PSR_SP)

static bool observed(const struct machine *m)
{
    return m->obs && (m->obs->insn || m->obs->retire || m->obs->branch);
}

static void swap_banks(struct cpu *cpu)
{
    for (unsigned i = 0; i < 16; i++) {
        struct gr t = cpu->bank[i];
        cpu->bank[i] = cpu->gr[16 + i];
        cpu->gr[16 + i] = t;
    }
}

void cpu_set_psr(struct cpu *cpu, uint64_t psr)
{
    const uint64_t changed = cpu->psr ^ psr;

    cpu->psr = psr;
    cpu->cpl = (uint8_t)((psr & PSR_CPL) >> PSR_CPL_SHIFT);
    if (changed & PSR_BN)
        swap_banks(cpu);
    if (changed & (DATA_BITS | PMU_BITS | PSR_IC))
        mem_select_mode(cpu);
    if (changed & (PSR_IT | PSR_CPL))
        code_mode_changed(cpu);

    bool step = psr & STEP_BITS || observed(cpu->m);
    if (step != cpu->single_step) {
        cpu->single_step = step;
        cpu_attention(cpu);
    }
    if (changed & psr & PSR_I && sapic_pending(cpu) >= 0)
        cpu_attention(cpu);
}

void machine_observe(struct machine *m, struct observer *o)
{
    m->obs = o;
    m->slow_mem = o && o->mem;
    for (unsigned i = 0; i < m->ncpu; i++) {
        cpu_set_psr(m->cpu[i], m->cpu[i]->psr);
        mem_select_mode(m->cpu[i]);
    }
}
