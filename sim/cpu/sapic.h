/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The processor's side of the external interrupt architecture, the local SAPIC (SDM 2:5.8): IRR,
 * in-service vectors, TPR, IVR, EOI, the interval timer's match. The control registers LID, TPR,
 * ITV, PMV, CMCV, LRR0, LRR1 and ITM live in cpu->cr[]; IRR in cpu->irr[], in-service in
 * cpu->isr_inservice[]. Privilege, reserved-field and psr.vm checks of mov cr are the system
 * instructions' (sim/cpu/system*.c).
 */
#ifndef SIM_CPU_SAPIC_H
#define SIM_CPU_SAPIC_H

#include "sim/cpu/cpu.h"

enum { SAPIC_EXTINT = 0, SAPIC_NMI = 2, SAPIC_SPURIOUS = 15 };

void sapic_reset(struct cpu *cpu);

/* An interrupt message for this processor (from an I/O SAPIC, an IPI, the timer): vector 0, 2
 * or 16..255; others are ignored as the manual's reserved vectors. Sets the IRR bit and asks the
 * engine for attention. Safe from device code. */
void sapic_raise(struct cpu *cpu, unsigned vector);

/* Reads of cr.ivr: highest pending unmasked vector moves to in-service; 0x0f when there is none. */
uint64_t sapic_read_ivr(struct cpu *cpu);
void sapic_write_eoi(struct cpu *cpu);
void sapic_write_tpr(struct cpu *cpu, uint64_t v);    /* mic 7:4, mmi 16 */
uint64_t sapic_read_irr(struct cpu *cpu, unsigned n); /* 0..3 */

/* A pending interrupt that tpr and in-service let through (whatever psr.i says)? Its vector, or -1.
 */
int sapic_pending(const struct cpu *cpu);

/* Writes of cr.itm, cr.itv, cr.pmv, cr.cmcv, cr.lrr0/1, ar.itc: value already in place; re-arms.
 * Call sapic_timer_changed() after ar.itc, cr.itm or cr.itv changed. */
void sapic_timer_changed(struct cpu *cpu);

/* ar.itc now, exact at the current instruction. */
uint64_t sapic_itc(const struct cpu *cpu);

/* Value of cpu->cycles at the next ITM match; INT64_MAX if the timer is masked or far away. The
 * engine stops there and calls sapic_tick(). */
int64_t sapic_next_event(struct cpu *cpu);
/* Looks whether ITC has reached ITM since the last look: then pends ITV's vector. */
void sapic_tick(struct cpu *cpu);

/* Local interrupt sources with a vector register: performance monitor overflow (PMV), corrected
 * machine check (CMCV). */
void sapic_local(struct cpu *cpu, uint64_t vector_reg);

/* Platform events other than vectored interrupts: a seam. PMI goes to PAL, INIT to SAL; whoever has
 * the firmware sets cpu->m hooks. Until then they stop the machine by name. */
void sapic_init_event(struct cpu *cpu);
void sapic_pmi_event(struct cpu *cpu);

#endif
