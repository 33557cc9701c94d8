/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The cost model: what turns executed instructions and events into modelled cycles
 * (docs/cost-model.md has the sources). The rule for issue is local to a bundle and its
 * predecessor, so that single-stepping, tracing and full speed count the same.
 */
#ifndef SIM_CPU_COST_H
#define SIM_CPU_COST_H

enum {
    COST_STOP = 1,          /* an instruction group ends: one issue cycle */
    COST_LONG_GROUP = 1,    /* a group longer than two bundles (six instructions) needs another */
    COST_TAKEN_BRANCH = 1,  /* the rest of the issue window is lost */
    COST_VHPT_WALK = 25,    /* walker hit in L2 */
    COST_INTERRUPTION = 30, /* pipeline flush and vector fetch */
    COST_RFI = 15,
    COST_RSE_REG = 1,    /* one register spilled or filled on a mandatory RSE access */
    COST_SERIALIZE = 10, /* srlz.i, sync.i */
    COST_MMIO = 200,     /* an uncached access on the front-side bus */
};

#endif
