/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Interruptions (SDM 2:5, 2:8): how executors raise them, and how they are collected and delivered.
 */
#ifndef SIM_CPU_INTR_H
#define SIM_CPU_INTR_H

#include "sim/cpu/cpu.h"

/* Vector offsets from IVA (SDM 2:5.7, table of the IVT). */
enum intr_vector {
    VEC_VHPT = 0x0000,
    VEC_ITLB = 0x0400,
    VEC_DTLB = 0x0800,
    VEC_ALT_ITLB = 0x0c00,
    VEC_ALT_DTLB = 0x1000,
    VEC_DATA_NESTED_TLB = 0x1400,
    VEC_INST_KEY_MISS = 0x1800,
    VEC_DATA_KEY_MISS = 0x1c00,
    VEC_DIRTY = 0x2000,
    VEC_INST_ACCESS = 0x2400,
    VEC_DATA_ACCESS = 0x2800,
    VEC_BREAK = 0x2c00,
    VEC_EXT_INT = 0x3000,
    VEC_VIRT_EXT_INT = 0x3400,
    VEC_PAGE_NOT_PRESENT = 0x5000,
    VEC_KEY_PERMISSION = 0x5100,
    VEC_INST_ACCESS_RIGHTS = 0x5200,
    VEC_DATA_ACCESS_RIGHTS = 0x5300,
    VEC_GENERAL = 0x5400,
    VEC_DISABLED_FP = 0x5500,
    VEC_NAT_CONSUMPTION = 0x5600,
    VEC_SPECULATION = 0x5700,
    VEC_DEBUG = 0x5900,
    VEC_UNALIGNED = 0x5a00,
    VEC_UNSUPPORTED_DATA_REF = 0x5b00,
    VEC_FP_FAULT = 0x5c00,
    VEC_FP_TRAP = 0x5d00,
    VEC_LOWER_PRIV = 0x5e00,
    VEC_TAKEN_BRANCH = 0x5f00,
    VEC_SINGLE_STEP = 0x6000,
    VEC_VIRTUALIZATION = 0x6100,
    VEC_IA32_EXCEPTION = 0x6900,
    VEC_IA32_INTERCEPT = 0x6a00,
    VEC_IA32_INTERRUPT = 0x6b00,
};

/* General Exception ISR.code values (SDM 2:8.3, table of ISR codes). */
enum {
    GE_ILLEGAL_OPERATION = 0x00,
    GE_PRIV_OPERATION = 0x10,
    GE_PRIV_REGISTER = 0x20,
    GE_RESERVED = 0x30,
    GE_ILLEGAL_DEPENDENCY = 0x40,
    GE_DISABLED_ISA = 0x40 /* ISR.code{7:4}=4: disabled ISA transition */,
};

enum { INTR_IFA = 1, INTR_ITIR = 2, INTR_IIM = 4, INTR_IHA = 8 };

/* One interruption about to be taken. isr holds code and the access bits (x w r na sp rs ...); ei,
 * ni, ir and ed are added by delivery. is_trap: raised after the instruction completed:
 * cpu->ip/psr.ri already name the next one (the engine sets them). */
struct intr {
    uint16_t vector;
    bool is_trap;
    uint8_t
        sets; /* INTR_*: which of the below to write to the control registers when psr.ic is 1 */
    uint64_t isr;
    uint64_t ifa, itir, iim, iha;
    uint8_t ei; /* of a trap, filled in by cpu_raise(): slot and bundle of the instruction that
                   trapped */
    uint64_t iipa;
};
/* No interruption at all: the engine just leaves (sim_unimplemented). */
#define VEC_NONE 0xffff

/* Raises a fault (or, with is_trap, a trap) of the current micro-operation: does not return, goes
 * to the engine, which settles ip/psr.ri/counters and calls m->ops->deliver. Architected state must
 * be as before the instruction. */
_Noreturn void cpu_raise(struct cpu *cpu, const struct intr *in);

/* The usual ones. */
_Noreturn void raise_illegal_op(struct cpu *cpu); /* General Exception, Illegal Operation */
_Noreturn void raise_priv_op(struct cpu *cpu);
_Noreturn void raise_priv_reg(struct cpu *cpu);
_Noreturn void
raise_reserved_reg_field(struct cpu *cpu); /* General Exception, Reserved Register/Field */
_Noreturn void
raise_nat_reg(struct cpu *cpu,
              uint64_t isr_access); /* Register NaT Consumption; isr_access: ISR_R/W/NA.. */
_Noreturn void raise_break(struct cpu *cpu, uint64_t iim);
_Noreturn void
raise_disabled_fp(struct cpu *cpu,
                  unsigned code); /* 1: low f2-31, 2: high f32-127, ISR.r/w by the access */
_Noreturn void raise_speculation(struct cpu *cpu, uint64_t iim, uint64_t code);
_Noreturn void raise_virtualization(struct cpu *cpu); /* psr.vm = 1 */
/* Not architected: the simulator lacks something. Prints "unimplemented: what" with IP and state,
 * stops the machine. */
_Noreturn void sim_unimplemented(struct cpu *cpu, const char *what);

/* Collects the interruption and transfers to IVA + vector (SDM 2:5.5): IPSR, IIP, IFS.v, ISR ...,
 * PSR changes, bank 0. */
void intr_deliver(struct cpu *cpu, const struct intr *in);

/* An interruption that is not of the current instruction: an external interrupt. cpu->ip and psr.ri
 * are exact. */
void intr_take(struct cpu *cpu, const struct intr *in);

/* Unmasked external interrupt (or other asynchronous event) to take now? Delivers it and returns
 * true. */
bool intr_poll(struct cpu *cpu);

#endif
