/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Counters (--stats). Two kinds: events, counted wherever they happen by STAT_INC (all rare enough
 * that a test of one pointer costs nothing that can be measured; cpu->stats is NULL unless somebody
 * wants them), and the instruction mix (bundles, nops, groups, classes), which an observer counts
 * one instruction at a time, only for `--stats mix`. Instructions, cycles and taken branches are
 * the CPU's own (icount, cycles, lbr_pos).
 */
#ifndef SIM_DEBUG_STATS_H
#define SIM_DEBUG_STATS_H

#include <stdio.h>
#include "sim/machine.h"

struct cpu_stats {
    /* Interruptions taken, by IVA offset / 0x100. */
    uint64_t vector[0x80];

    /* Translation (sim/mmu). */
    uint64_t tc_insert, tr_insert; /* itc, itr */
    uint64_t tlb_purge;            /* ptc.*, ptr */
    uint64_t tlb_lookup; /* searches of the architected TLB: misses of the host fast path */
    uint64_t vhpt_walk, vhpt_insert; /* walks started; those that found a translation */
    uint64_t fast_flush;             /* times the host fast path was emptied */

    /* Register stack. */
    uint64_t rse_spill, rse_fill; /* registers and NaT collections stored, loaded */

    /* Memory. */
    uint64_t unaligned; /* unaligned references done */
    uint64_t mmio;      /* device accesses */

    /* Breaks that stood for an instruction and were executed as it (--privop-native), by number. */
    uint64_t privop[64];

    /* The simulator's own work. */
    uint64_t pages_decoded, pages_dropped, blocks_built;

    /* `mix`: */
    uint64_t insns, predicated_off, bundles, nops, groups;
    uint64_t loads, stores, semaphores, branches, fp;
    uint64_t unit[8]; /* by enum isa_unit */
};

#define STAT_ADD(cpu, field, n)                                                                    \
    do {                                                                                           \
        if (unlikely((cpu)->stats != NULL))                                                        \
            (cpu)->stats->field += (n);                                                            \
    } while (0)
#define STAT_INC(cpu, field) STAT_ADD(cpu, field, 1)

/* Allocates the counters of every CPU; with mix, also attaches the observer that counts
 * instructions one by one. */
void stats_start(struct machine *m, bool mix);
/* The report: per-machine sums, then per-vector counts. seconds: host time of the run, for MIPS. */
void stats_print(struct machine *m, FILE *f, double seconds);
void stats_free(struct machine *m);

/* Sums of all CPUs. */
uint64_t stats_instructions(const struct machine *m);
int64_t stats_cycles(const struct machine *m); /* of the CPU furthest along */
uint64_t stats_branches(const struct machine *m);

#endif
