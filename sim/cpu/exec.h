/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What an instruction's semantics are written in. A plain executor is
 *
 *     void x_NAME(struct cpu *cpu, const struct isa_insn *in)
 *
 * called with the qualifying predicate already tested (except rows with ISA_ATTR_NO_PRED_OFF or
 * ISA_ATTR_NOQP: always called, test cpu->pr[in->qp] themselves), cpu->cur set (so it may raise),
 * privilege NOT yet checked (use exec_priv()), cpu->ip = address of its bundle and psr.ri = its
 * slot (only when the row has attribute ISA_ATTR_BRANCH; others use cpu_ip(cpu) when they need the
 * address). It leaves architected state untouched when it raises. Each file registers its executors
 * by row: EXEC_TABLE(integer) { [ISA_ADD_A1] = x_add, ... }; the engine (sim/cpu/engine.c) reports
 * a row without one as `unimplemented: <mnemonic>`. Faster twins of hot instructions live beside
 * the engine (sim/cpu/hot_*.h) and share the same inline semantics.
 *
 * A branch executor sets cpu->ip to the target bundle (psr.ri slot 0) and calls branch_taken(); the
 * engine looks at cpu->branched after it.
 */
#ifndef SIM_CPU_EXEC_H
#define SIM_CPU_EXEC_H

#include "sim/cpu/cpu.h"
#include "sim/cpu/intr.h"

typedef void (*plain_fn)(struct cpu *cpu, const struct isa_insn *in);

/* A file's executors. `next` chains nothing: engine.c lists the tables by name. */
struct exec_entry {
    uint16_t op;
    plain_fn fn;
};
#define EXEC_TABLE(name) const struct exec_entry exec_##name[] =
#define EXEC_END                                                                                   \
    {                                                                                              \
        0, NULL                                                                                    \
    }
extern const struct exec_entry exec_integer[], exec_multimedia[], exec_memory[], exec_semaphore[],
    exec_branch[], exec_rse[], exec_system[], exec_tlb[], exec_float_arith[], exec_float_misc[],
    exec_float_simd[], exec_float_mem[];

/* Address and slot of the instruction being executed. */
static inline uint64_t cpu_ip(const struct cpu *cpu)
{
    return cpu->page_va + (cpu->cur->off & ~15u);
}
static inline unsigned cpu_slot(const struct cpu *cpu)
{
    return cpu->cur->off & 3;
}

/* Charges modelled cycles beyond the static ones (TLB walks, RSE traffic ...); see sim/cpu/cost.h.
 */
static inline void cpu_charge(struct cpu *cpu, unsigned cycles)
{
    cpu->cycles += cycles;
}

/* Ask the engine to look at cpu->attention/psr/interrupts before the next instruction. */
static inline void cpu_attention(struct cpu *cpu)
{
    cpu->attention = true;
    cpu->cycle_limit = INT64_MIN;
}

/* Reads a source GR that must not be NaT (Register NaT Consumption fault otherwise). */
static inline uint64_t gr_consume(struct cpu *cpu, unsigned r, uint64_t isr_access)
{
    const struct gr *g = gr(cpu, r);
    if (unlikely(g->n))
        raise_nat_reg(cpu, isr_access);
    return g->v;
}
static inline void gr_write(struct cpu *cpu, unsigned r, uint64_t v, unsigned nat)
{
    *gr(cpu, r) = (struct gr){v, nat};
}
/* Out-of-frame targets: Illegal Operation fault (SDM 1:4.1, 2:6.1). The engine checks all
 * r1 targets of ordinary instructions itself (per block); executors need not. */

/* Privileged instruction: Privileged Operation fault unless CPL is 0; with psr.vm, Virtualization
 * fault. */
static inline void exec_priv(struct cpu *cpu)
{
    if (unlikely(cpu->cpl != 0))
        raise_priv_op(cpu);
}
static inline void exec_virt(struct cpu *cpu)
{
    if (unlikely(cpu->psr & PSR_VM))
        raise_virtualization(cpu);
}

#endif
