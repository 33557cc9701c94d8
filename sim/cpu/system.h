/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The plain executors of the system instructions, by file; system.c and tlb_insn.c list them by
 * row. */
#ifndef SIM_CPU_SYSTEM_H
#define SIM_CPU_SYSTEM_H

#include "sim/cpu/exec.h"

/* sysreg.c: control registers */
void x_mov_to_cr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_cr(struct cpu *cpu, const struct isa_insn *in);
/* indirect.c: the indexed register files */
void x_mov_to_rr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_rr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_pkr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_pkr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_dbr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_dbr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_ibr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_ibr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_pmc(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_pmc(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_pmd(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_pmd(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_cpuid(struct cpu *cpu, const struct isa_insn *in);
/* appreg.c: application registers */
void x_mov_to_ar(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_ar_imm(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_ar(struct cpu *cpu, const struct isa_insn *in);
/* psr_insn.c: the processor status register */
void x_mov_to_psr_l(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_psr(struct cpu *cpu, const struct isa_insn *in);
void x_mov_to_psr_um(struct cpu *cpu, const struct isa_insn *in);
void x_mov_from_psr_um(struct cpu *cpu, const struct isa_insn *in);
void x_sum(struct cpu *cpu, const struct isa_insn *in);
void x_rum(struct cpu *cpu, const struct isa_insn *in);
void x_ssm(struct cpu *cpu, const struct isa_insn *in);
void x_rsm(struct cpu *cpu, const struct isa_insn *in);
void x_srlz_d(struct cpu *cpu, const struct isa_insn *in);
void x_srlz_i(struct cpu *cpu, const struct isa_insn *in);
void x_vmsw_0(struct cpu *cpu, const struct isa_insn *in);
void x_vmsw_1(struct cpu *cpu, const struct isa_insn *in);

#endif
