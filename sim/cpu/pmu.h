/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Performance monitors (SDM 2:7.2): four generic counters PMD4-7 with PMC4-7, freeze and overflow
 * status in PMC0. Counters are brought up to date only when somebody looks or what decides about
 * counting changes.
 */
#ifndef SIM_CPU_PMU_H
#define SIM_CPU_PMU_H

#include "sim/cpu/cpu.h"

enum { PMU_FIRST = 4, PMU_LAST = 7, PMU_WIDTH = 47, N_PMC = 16, N_PMD = 18 };

void pmu_reset(struct cpu *cpu);
uint64_t pmu_read_pmc(struct cpu *cpu, unsigned n); /* unimplemented ones read 0 */
uint64_t pmu_read_pmd(struct cpu *cpu, unsigned n);
void pmu_write_pmc(struct cpu *cpu, unsigned n, uint64_t v); /* ignored fields are dropped */
void pmu_write_pmd(struct cpu *cpu, unsigned n, uint64_t v);

/* cpu->psr or the privilege level changed; called by mem_select_mode(). */
void pmu_mode_changed_slow(struct cpu *cpu);
static inline void pmu_mode_changed(struct cpu *cpu)
{
    if (unlikely(cpu->pmu_on))
        pmu_mode_changed_slow(cpu);
}

/* Value of cpu->cycles by which a counter with interrupt on overflow may have overflowed;
 * INT64_MAX: none. The engine stops there and calls pmu_tick(), which raises PMV's interrupt if it
 * has. */
int64_t pmu_next_event(struct cpu *cpu);
void pmu_tick(struct cpu *cpu);

#endif
