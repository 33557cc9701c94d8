/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Register stack engine (SDM 2:6, 1:4.1): frames, backing store, rotation of stacked GRs.
 *
 * The current frame is contiguous in cpu->stacked from cpu->bof; cpu->stk = &stacked[bof - 32]; the dirty registers lie
 * right below it. There is no clean partition: what has been stored is forgotten and read back when needed, so that
 * BSPSTORE, BSP and RNAT follow from (ar[BSPSTORE], ndirty, ar[RNAT]) alone. Only mandatory loads and stores happen, in
 * every rsc.mode (SDM 2:6.6 leaves the eager ones to the implementation).
 *
 * Rotation of GRs moves data within the rotating region (cpu->rot_applied says by how much), so that reads
 * need no arithmetic; the data are put back in physical order before they become part of the dirty partition.
 *
 * A negative cpu->ndirty is an incomplete frame (RSE.CFLE, SDM 2:6.4): its lowest -ndirty registers are still
 * in the backing store.
 */
#ifndef SIM_CPU_RSE_H
#define SIM_CPU_RSE_H

#include "sim/cpu/cpu.h"

/* Frame positions at which the linear buffer needs no attention: a frame of 96 registers fits above, stk is inside. */
enum { BOF_MIN = 32, BOF_MAX = STK_BUF - 128 };

uint64_t cfm_pack(const struct cfm *c); /* 38 bits as in CR.IFS/AR.PFS.pfm */
struct cfm cfm_unpack(uint64_t v);

/* n registers further than backing store address a (n may be negative), NaT collections included. a is 8-byte aligned. */
uint64_t rse_skip(uint64_t a, int n);
/* Number of registers (not collections) stored between addresses lo and hi >= lo. */
uint64_t rse_count(uint64_t lo, uint64_t hi);

void rse_reset(struct cpu *cpu);

/* br.call: old frame's locals become dirty, new frame is the outputs. Sets cfm, rotates predicates and FRs back
 * (rrb = 0); ar.pfs is the caller's business. Never raises. */
void rse_call(struct cpu *cpu);

/* br.ret / rfi (with pfm): restores the frame, without loading what is missing: when the result (ndirty < 0) is an
 * incomplete frame, rse_complete() is to be called once ip and psr are the target's. Never raises. A bad pfm
 * (more registers than there are, SDM 2:6.5.5) gives a frame of zero registers. */
void rse_return(struct cpu *cpu, uint64_t pfm);

/* Finishes loading an incomplete current frame; raises with ISR.rs and ISR.ir when a load faults. In the handler of
 * that fault psr.ic is 0 and the frame stays incomplete until rfi. */
void rse_complete(struct cpu *cpu);
static inline bool rse_incomplete(const struct cpu *cpu)
{
    return cpu->ndirty < 0;
}

/* alloc's frame change; may spill, may raise with nothing but spills done. Arguments checked by the caller. */
void rse_alloc(struct cpu *cpu, unsigned sof, unsigned sol, unsigned sor);
void rse_cover(struct cpu *cpu);  /* all of the frame dirty, new frame empty (cr.ifs: the caller's business) */
void rse_flush(struct cpu *cpu);  /* flushrs; may raise */
void rse_loadrs(struct cpu *cpu); /* loadrs, with its Illegal Operation checks; may raise */

/* cfm.rrb_gr, .rrb_pr changed (value before in old_rrb_pr): brings GRs and predicates in line. */
void rse_rotate(struct cpu *cpu);
void pr_rotate(struct cpu *cpu, unsigned old_rrb_pr, unsigned new_rrb_pr);

/* Application registers. mov from bspstore/rnat, to bspstore/rnat need rsc.mode 0 (Illegal Operation): the caller's. */
uint64_t rse_bsp(const struct cpu *cpu);
uint64_t rse_bspstore(const struct cpu *cpu);
void rse_set_bspstore(struct cpu *cpu, uint64_t v);
uint64_t rse_rnat(const struct cpu *cpu);
void rse_set_rnat(struct cpu *cpu, uint64_t v);

/* Physical identity of GR r (r < 32: r itself): the same for the same register across calls, returns and
 * rotation. Stacked ones are 0x10000 | 16 bits. The ALAT's key. */
unsigned rse_phys(const struct cpu *cpu, unsigned r);

/* The number of dirty words (registers and collections) between BSPSTORE and BSP, for loadrs and debuggers: 8 bytes each. */
uint64_t rse_dirty_bytes(const struct cpu *cpu);

#endif
