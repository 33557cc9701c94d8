/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Dumps of a processor's state, for people: on a fatal error, on exit (--dump-state), from the
 * monitor.
 */
#ifndef SIM_DEBUG_STATE_H
#define SIM_DEBUG_STATE_H

#include <stdio.h>
#include "sim/machine.h"

/* Everything: position, general and floating-point registers, control and application registers,
 * TLB. */
void state_dump(struct cpu *cpu, FILE *f);
/* The last taken branches with symbols, newest last. */
void state_branches(const struct cpu *cpu, FILE *f, unsigned count);
/* For fatal errors: why, the state without FRs, and the last 64 branches. */
void state_fatal(struct cpu *cpu, FILE *f, const char *why);

void state_where(struct cpu *cpu, FILE *f); /* IP, symbol, disassembly of the instruction */
void state_gr(struct cpu *cpu, FILE *f);
void state_fr(struct cpu *cpu, FILE *f);
void state_ar(struct cpu *cpu, FILE *f);
void state_cr(struct cpu *cpu, FILE *f);
void state_debug_regs(struct cpu *cpu, FILE *f); /* rr, pkr, dbr, ibr, pmc, pmd */
void state_tlb(struct cpu *cpu, FILE *f);

/* Reads without side effects. */
uint64_t ar_value(const struct cpu *cpu, unsigned n);
uint64_t cr_value(struct cpu *cpu, unsigned n);

/* Disassembles the instruction at (ip, slot) as the CPU would fetch it; "?" when it cannot. Returns
 * buf. */
char *disasm_at(struct cpu *cpu, uint64_t ip, unsigned slot, char *buf, size_t size);

#endif
