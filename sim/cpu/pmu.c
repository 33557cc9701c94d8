/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Performance monitors (SDM 2:7.2). Layout of PMC4-7 and event codes as on the Itanium 2: plm 3:0,
 * ev 4, oi 5, pm 6, es 15:8, umask 19:16, threshold 22:20, enable 23 (PMC4 only), ism 25:24.
 * Counted: CPU_CYCLES (0x12) and IA64_INST_RETIRED (0x08); other events stay 0. Serves mov pmc/pmd
 * and the engine.
 */
#include "sim/cpu/engine.h"
#include "sim/cpu/pmu.h"
#include "sim/cpu/sapic.h"

#define COUNT_MASK ((1ull << PMU_WIDTH) - 1)
enum { PMC0_FR = 1, EV_INST_RETIRED = 0x08, EV_CYCLES = 0x12, PMC_OI = 1 << 5, PMC_PM = 1 << 6 };

static uint64_t pmc_mask(unsigned n)
{
    if (n == 0)
        return 0xf1; /* fr, overflow of PMD4-7 */
    if (n < 4)
        return 0;
    if (n == 4)
        return 0x03ffff7f;
    if (n <= PMU_LAST)
        return 0x037fff7f;
    return n < N_PMC ? ~0ull : 0;
}

static bool counting(const struct cpu *cpu, unsigned n)
{
    uint64_t c = cpu->pmc[n], psr = cpu->pmu_psr;
    unsigned cpl = psr >> PSR_CPL_SHIFT & 3;

    return !(cpu->pmc[0] & PMC0_FR) && (c >> cpl & 1) && (psr & (c & PMC_PM ? PSR_PP : PSR_UP));
}

static unsigned event(const struct cpu *cpu, unsigned n)
{
    return cpu->pmc[n] >> 8 & 0xff;
}

/* Accounts what happened since the last time. */
static void sync(struct cpu *cpu)
{
    int64_t now = cpu_cycles_now(cpu);
    uint64_t inow = cpu_icount_now(cpu), overflowed = 0;
    bool interrupt = false;

    for (unsigned n = PMU_FIRST; n <= PMU_LAST; n++) {
        uint64_t delta = 0;
        if (!counting(cpu, n))
            continue;
        if (event(cpu, n) == EV_CYCLES)
            delta = (uint64_t)(now - cpu->pmu_cycles);
        else if (event(cpu, n) == EV_INST_RETIRED)
            delta = inow - cpu->pmu_icount;
        if (delta > COUNT_MASK - cpu->pmd[n]) {
            overflowed |= 1ull << n;
            if (cpu->pmc[n] & PMC_OI)
                interrupt = true;
        }
        cpu->pmd[n] = (cpu->pmd[n] + delta) & COUNT_MASK;
    }
    cpu->pmu_cycles = now;
    cpu->pmu_icount = inow;
    cpu->pmc[0] |= overflowed;
    if (interrupt) {
        cpu->pmc[0] |= PMC0_FR;
        sapic_local(cpu, cpu->cr[CR_PMV]);
    }
}

/* Control changed: is there anything to count at all, and does the engine have to stop for it? */
static void rearm(struct cpu *cpu)
{
    cpu->pmu_on = false;
    for (unsigned n = PMU_FIRST; n <= PMU_LAST; n++)
        if (!(cpu->pmc[0] & PMC0_FR) && (cpu->pmc[n] & 0xf) &&
            (event(cpu, n) == EV_CYCLES || event(cpu, n) == EV_INST_RETIRED))
            cpu->pmu_on = true;
    cpu->pmu_cycles = cpu_cycles_now(cpu);
    cpu->pmu_icount = cpu_icount_now(cpu);
    cpu->pmu_psr = cpu->psr;
    if (cpu->pmu_on)
        cpu_attention(cpu);
}

void pmu_reset(struct cpu *cpu)
{
    for (unsigned n = 0; n < 32; n++)
        cpu->pmc[n] = cpu->pmd[n] = 0;
    cpu->pmc[0] = PMC0_FR; /* frozen until software says otherwise */
    cpu->pmu_on = false;
}

uint64_t pmu_read_pmc(struct cpu *cpu, unsigned n)
{
    if (n >= N_PMC)
        return 0;
    if (cpu->pmu_on)
        sync(cpu);
    return cpu->pmc[n];
}

uint64_t pmu_read_pmd(struct cpu *cpu, unsigned n)
{
    if (n >= N_PMD)
        return 0;
    if (n < PMU_FIRST || n > PMU_LAST)
        return cpu->pmd[n];
    if (cpu->pmu_on)
        sync(cpu);
    /* The 47 bits read sign-extended. */
    return (uint64_t)((int64_t)(cpu->pmd[n] << (64 - PMU_WIDTH)) >> (64 - PMU_WIDTH));
}

void pmu_write_pmc(struct cpu *cpu, unsigned n, uint64_t v)
{
    if (n >= N_PMC)
        return;
    if (cpu->pmu_on)
        sync(cpu);
    cpu->pmc[n] = v & pmc_mask(n);
    rearm(cpu);
}

void pmu_write_pmd(struct cpu *cpu, unsigned n, uint64_t v)
{
    if (n >= N_PMD)
        return;
    if (cpu->pmu_on)
        sync(cpu);
    cpu->pmd[n] = n >= PMU_FIRST && n <= PMU_LAST ? v & COUNT_MASK : v;
    rearm(cpu);
}

void pmu_mode_changed_slow(struct cpu *cpu)
{
    sync(cpu);
    cpu->pmu_psr = cpu->psr;
    cpu_attention(cpu); /* another counter may be the next to overflow */
}

int64_t pmu_next_event(struct cpu *cpu)
{
    int64_t best = INT64_MAX;

    if (likely(!cpu->pmu_on))
        return best;
    for (unsigned n = PMU_FIRST; n <= PMU_LAST; n++) {
        uint64_t left = COUNT_MASK - cpu->pmd[n] + 1;
        int64_t at;
        if (!counting(cpu, n) || !(cpu->pmc[n] & PMC_OI))
            continue;
        if (event(cpu, n) == EV_INST_RETIRED)
            left = left / 6; /* at most six instructions a cycle: look again then */
        else if (event(cpu, n) != EV_CYCLES)
            continue;
        at = cpu->pmu_cycles + (int64_t)left + 1;
        if (at < best)
            best = at;
    }
    return best;
}

void pmu_tick(struct cpu *cpu)
{
    if (cpu->pmu_on)
        sync(cpu);
}
