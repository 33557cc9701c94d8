/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The interpreter: decodes code pages into micro-operations once and runs them (design section 3). Semantics are
 * elsewhere; this is the only part that knows uops, blocks and chaining, and what a translator would replace.
 */
#ifndef SIM_CPU_ENGINE_H
#define SIM_CPU_ENGINE_H

#include "sim/machine.h"
#include "sim/cpu/exec.h"

/* Runs one CPU until its cycle counter reaches `until`, it halts, or the machine stops. */
void engine_run(struct cpu *cpu, int64_t until);
/* Executes exactly one instruction (predicated off counts), or takes one interruption. */
void engine_step(struct cpu *cpu);

/* Branch executors: ip/psr.ri are already the target's. Records it, runs taken-branch checks. */
void branch_taken(struct cpu *cpu, uint64_t from);

/* Code coherence. Pages are named by host address: the same for RAM in the full system and --user. */
bool code_page_present(struct machine *m, const void *host);
void code_page_dirty(struct machine *m, const void *host); /* a store hit a page with decoded code */
void code_flush_fetch(struct cpu *cpu);                    /* fetch translations changed (itc.i, ptc, rr, mode) */
void code_cache_free(struct machine *m);

#endif
