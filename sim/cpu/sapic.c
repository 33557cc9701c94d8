/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Local SAPIC: see sapic.h. SDM 2:5.8 (external interrupts), 2:3.3.4.2 (interval timer).
 */
#include <string.h>
#include "sim/cpu/sapic.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/exec.h"

#define TPR_MMI   (1ull << 16)
#define LVT_MASK  (1ull << 16) /* itv, pmv, cmcv, lrr */
#define LVT_RESET LVT_MASK

void sapic_reset(struct cpu *cpu)
{
    memset(cpu->irr, 0, sizeof cpu->irr);
    memset(cpu->isr_inservice, 0, sizeof cpu->isr_inservice);
    cpu->cr[CR_ITV] = cpu->cr[CR_PMV] = cpu->cr[CR_CMCV] = LVT_RESET;
    cpu->cr[CR_LRR0] = cpu->cr[CR_LRR1] = LVT_RESET;
    cpu->cr[CR_TPR] = 0;
    cpu->itc_offset = -cpu->cycles;
    cpu->itc_seen = 0;
}

/* Order of service: NMI, ExtINT, then 255 down to 16 (SDM 2:5.8.1). 0: no vector. */
static unsigned rank(int vector)
{
    return vector == SAPIC_NMI ? 257 : vector == SAPIC_EXTINT ? 256 : (unsigned)vector;
}

/* The vector of highest rank in a 256-bit set, or -1. */
static int highest(const uint64_t set[4])
{
    if (set[0] & 1ull << SAPIC_NMI)
        return SAPIC_NMI;
    if (set[0] & 1ull << SAPIC_EXTINT)
        return SAPIC_EXTINT;
    for (int i = 3; i >= 0; i--)
        if (set[i])
            return 64 * i + 63 - __builtin_clzll(set[i]);
    return -1;
}

int sapic_pending(const struct cpu *cpu)
{
    if (likely(!(cpu->irr[0] | cpu->irr[1] | cpu->irr[2] | cpu->irr[3])))
        return -1;
    const int v = highest(cpu->irr), serving = highest(cpu->isr_inservice);
    const uint64_t tpr = cpu->cr[CR_TPR];

    if (serving >= 0 && rank(v) <= rank(serving))
        return -1;
    if (v == SAPIC_NMI)
        return v;
    /* SDM 2:5.8.3.3: mmi masks all but NMI; mic does not concern ExtINT. */
    if (tpr & TPR_MMI || (v != SAPIC_EXTINT && (unsigned)v >> 4 <= (tpr >> 4 & 15)))
        return -1;
    return v;
}

static void notice(struct cpu *cpu)
{
    if ((cpu->psr & PSR_I || cpu->halted) && sapic_pending(cpu) >= 0)
        cpu_attention(cpu);
}

void sapic_raise(struct cpu *cpu, unsigned vector)
{
    if (vector > 255 || (vector < 16 && vector != SAPIC_EXTINT && vector != SAPIC_NMI))
        return;
    cpu->irr[vector >> 6] |= 1ull << (vector & 63);
    notice(cpu);
}

uint64_t sapic_read_ivr(struct cpu *cpu)
{
    int v = sapic_pending(cpu);
    if (v < 0)
        return SAPIC_SPURIOUS;
    cpu->irr[v >> 6] &= ~(1ull << (v & 63));
    cpu->isr_inservice[v >> 6] |= 1ull << (v & 63);
    return (uint64_t)v;
}

void sapic_write_eoi(struct cpu *cpu)
{
    int v = highest(cpu->isr_inservice);
    if (v >= 0)
        cpu->isr_inservice[v >> 6] &= ~(1ull << (v & 63));
    notice(cpu);
}

void sapic_write_tpr(struct cpu *cpu, uint64_t v)
{
    cpu->cr[CR_TPR] = v & (TPR_MMI | 0xf0);
    notice(cpu);
}

uint64_t sapic_read_irr(struct cpu *cpu, unsigned n)
{
    return cpu->irr[n & 3];
}

uint64_t sapic_itc(const struct cpu *cpu)
{
    return (uint64_t)cpu_cycles_now(cpu) + (uint64_t)cpu->itc_offset;
}

void sapic_timer_changed(struct cpu *cpu)
{
    /* A match needs ITC to become equal to ITM: one already passed is not seen until ITC wraps. */
    cpu->itc_seen = sapic_itc(cpu) - 1;
    cpu_attention(cpu);
}

/* Cycles from the last look at ITC to the match; more than half of time away is never. */
static inline uint64_t match_distance(const struct cpu *cpu)
{
    return cpu->cr[CR_ITM] - cpu->itc_seen - 1;
}

int64_t sapic_next_event(struct cpu *cpu)
{
    if (cpu->cr[CR_ITV] & LVT_MASK || match_distance(cpu) > INT64_MAX / 2)
        return INT64_MAX;
    return (int64_t)(cpu->cr[CR_ITM] - (uint64_t)cpu->itc_offset);
}

void sapic_tick(struct cpu *cpu)
{
    const uint64_t now = sapic_itc(cpu);
    if (match_distance(cpu) < now - cpu->itc_seen)
        sapic_local(cpu, cpu->cr[CR_ITV]);
    cpu->itc_seen = now;
}

void sapic_local(struct cpu *cpu, uint64_t vector_reg)
{
    if (!(vector_reg & LVT_MASK))
        sapic_raise(cpu, vector_reg & 0xff);
}

static void platform_event(struct cpu *cpu, uint8_t event, const char *name)
{
    if (!cpu->m->ops->event)
        sim_unimplemented(cpu, name);
    cpu->event |= event;
    cpu_attention(cpu);
}

void sapic_init_event(struct cpu *cpu)
{
    platform_event(cpu, EVENT_INIT, "INIT event without firmware");
}

void sapic_pmi_event(struct cpu *cpu)
{
    platform_event(cpu, EVENT_PMI, "platform management interrupt without firmware");
}
