/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The interpreter: decodes code pages into micro-operations once and runs them (design section 3).
 * Semantics are elsewhere; this is the only part that knows uops, blocks and chaining, and what a
 * translator would replace.
 */
#ifndef SIM_CPU_ENGINE_H
#define SIM_CPU_ENGINE_H

#include "sim/machine.h"
#include "sim/cpu/exec.h"

/* Allocates and frees the engine's part of a CPU (cpu_new, cpu_free). */
void engine_cpu_init(struct cpu *cpu);
void engine_cpu_free(struct cpu *cpu);

/* Runs one CPU until its cycle counter reaches `until`, it halts, or the machine stops. */
void engine_run(struct cpu *cpu, int64_t until);
/* Executes exactly one instruction (predicated off counts), or takes one interruption. */
void engine_step(struct cpu *cpu);

/* Branch executors: ip/psr.ri are already the target's. Records it, runs taken-branch checks. */
void branch_taken(struct cpu *cpu, uint64_t from);

/* psr.it or cpl changed (cpu_set_psr). */
void code_mode_changed(struct cpu *cpu);
/* Modelled cycles and instructions as of the current instruction, inside or outside a block. */
static inline int64_t cpu_cycles_now(const struct cpu *cpu)
{
    return cpu->cycles + (cpu->cur ? cpu->cur->cyc : 0);
}
static inline uint64_t cpu_icount_now(const struct cpu *cpu)
{
    return cpu->icount + (cpu->cur ? cpu->cur->n : 0);
}

/* ip/psr.ri to the instruction after (va, slot) of row op. */
void cpu_advance(struct cpu *cpu, uint64_t va, unsigned slot, unsigned op);
/* Single-step hooks of intr.c: instruction breakpoints before, traps after an instruction (may
 * raise). */
void step_check_ibr(struct cpu *cpu, uint64_t ip);
void step_traps(struct cpu *cpu, uint64_t ip, unsigned slot);

/* Code coherence. Pages are named by host address: the same for RAM in the full system and --user.
 */
bool code_page_present(struct machine *m, const void *host);
void code_page_dirty(struct machine *m,
                     const void *host);                   /* a store hit a page with decoded code */
void code_flush_fetch(struct cpu *cpu);                   /* fetch translations changed, anywhere */
void code_flush_region(struct cpu *cpu, unsigned region); /* ... there (itc.i, ptc, rr) */
void code_cache_free(struct machine *m);

#endif
