/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Register stack engine (SDM 2:6, 1:4.1): frames, backing store, rotation of stacked GRs.
 * The current frame is contiguous in cpu->stacked from cpu->bof; cpu->stk = &stacked[bof - 32]. Rotation of GRs is done
 * by moving data within the rotating region (rot_applied says by how much), so that reads need no arithmetic; the
 * data are put back in physical order before they become part of the dirty partition.
 */
#ifndef SIM_CPU_RSE_H
#define SIM_CPU_RSE_H

#include "sim/cpu/cpu.h"

uint64_t cfm_pack(const struct cfm *c);              /* 38 bits as in CR.IFS/AR.PFS.pfm */
struct cfm cfm_unpack(uint64_t v);

void rse_reset(struct cpu *cpu);
/* br.call: old frame's locals become dirty, new frame is the outputs. Sets cfm; ar.pfs is the caller's business. */
void rse_call(struct cpu *cpu);
/* br.ret / rfi (with pfm): restores the frame, fills what is missing (may raise, leaving an incomplete frame: RSE.CFLE). */
void rse_return(struct cpu *cpu, uint64_t pfm);
void rse_alloc(struct cpu *cpu, unsigned sof, unsigned sol, unsigned sor); /* may spill, may raise */
void rse_cover(struct cpu *cpu);                     /* cover: frame becomes empty, all of it dirty */
void rse_flush(struct cpu *cpu);                     /* flushrs */
void rse_loadrs(struct cpu *cpu);                    /* loadrs */
void rse_complete(struct cpu *cpu);                  /* finish loading an incomplete current frame (RSE.CFLE) */
void rse_rotate(struct cpu *cpu);                    /* cfm.rrb_gr changed: bring data in line */
uint64_t rse_bsp(const struct cpu *cpu);
uint64_t rse_bspstore(const struct cpu *cpu);
void rse_set_bspstore(struct cpu *cpu, uint64_t v);  /* mov ar.bspstore= */
uint64_t rse_rnat(const struct cpu *cpu);
void rse_set_rnat(struct cpu *cpu, uint64_t v);

#endif
