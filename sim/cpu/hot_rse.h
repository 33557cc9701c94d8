/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Frame changes without memory traffic, for the engine's call, return and alloc handlers (SDM
 * 1:4.1, 2:6.5). Everything unusual is rse.c's.
 */
#ifndef SIM_CPU_HOT_RSE_H
#define SIM_CPU_HOT_RSE_H

#include "sim/cpu/rse.h"

/* br.call's part of the frame; never raises. */
static inline void rse_call_fast(struct cpu *cpu)
{
    const unsigned sol = cpu->cfm.sol;
    const int bof = cpu->bof + (int)sol;

    if (unlikely((cpu->rot_applied | cpu->cfm.rrb_pr) || bof > BOF_MAX)) {
        rse_call(cpu);
        return;
    }
    cpu->bof = bof;
    cpu->ndirty += (int)sol;
    cpu->stk += sol;
    cpu->cfm = (struct cfm){.sof = (uint8_t)(cpu->cfm.sof - sol)};
}

/* br.ret's part; see rse_return(): afterwards the frame may be incomplete. */
static inline void rse_return_fast(struct cpu *cpu, uint64_t pfm)
{
    const unsigned sof = pfm & 127, sol = pfm >> 7 & 127;
    const int bof = cpu->bof - (int)sol, ndirty = cpu->ndirty - (int)sol;

    /* pfm >> 14: sor and the rename bases */
    if (unlikely((cpu->rot_applied | cpu->cfm.rrb_pr) || (pfm & CFM_MASK) >> 14 || bof < BOF_MIN ||
                 ndirty < 0 || sol > sof || ndirty + (int)sof > N_STACKED_PHYS)) {
        rse_return(cpu, pfm);
        return;
    }
    cpu->bof = bof;
    cpu->ndirty = ndirty;
    cpu->stk -= sol;
    cpu->cfm = (struct cfm){.sof = (uint8_t)sof, .sol = (uint8_t)sol};
}

/* alloc's part; may raise, see rse_alloc(). */
static inline void rse_alloc_fast(struct cpu *cpu, unsigned sof, unsigned sol, unsigned sor)
{
    if (unlikely(cpu->ndirty + (int)sof > N_STACKED_PHYS || sor != cpu->cfm.sor)) {
        rse_alloc(cpu, sof, sol, sor);
        return;
    }
    cpu->cfm.sof = (uint8_t)sof;
    cpu->cfm.sol = (uint8_t)sol;
}

#endif
