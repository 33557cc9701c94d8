/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Register stack engine (SDM 2:6, 1:4.1): frames, backing store, rotation of stacked GRs.
 *
 * The current frame is contiguous in cpu->stacked from cpu->bof; cpu->stk = &stacked[bof - 32]; the
 * dirty registers lie right below it. There is no clean partition: what has been stored is
 * forgotten and read back when needed, so that BSPSTORE, BSP and RNAT follow from (ar[BSPSTORE],
 * ndirty, ar[RNAT]) alone. Only mandatory loads and stores happen, in every rsc.mode (SDM 2:6.4
 * leaves the eager ones to the implementation).
 *
 * Rotation of GRs moves data within the rotating region (cpu->rot_applied says by how much), so
 * that reads need no arithmetic; the data are put back in physical order before they become part of
 * the dirty partition.
 *
 * A negative cpu->ndirty is an incomplete frame (RSE.CFLE, SDM 2:6.8): its lowest -ndirty registers
 * are still in the backing store.
 */
#ifndef SIM_CPU_RSE_H
#define SIM_CPU_RSE_H

#include "sim/cpu/cpu.h"

/* Frame positions at which the linear buffer needs no attention: a frame of 96 registers fits
 * above, stk is inside. */
enum { BOF_MIN = 32, BOF_MAX = STK_BUF - 128 };

/* CFM as in CR.IFS and AR.PFS.pfm, 38 bits. */
#define CFM_MASK ((1ull << 38) - 1)
static inline uint64_t cfm_pack(const struct cfm *c)
{
    return (uint64_t)c->sof | (uint64_t)c->sol << 7 | (uint64_t)(c->sor >> 3) << 14 |
           (uint64_t)c->rrb_gr << 18 | (uint64_t)c->rrb_fr << 25 | (uint64_t)c->rrb_pr << 32;
}
/* Bits above 37 are ignored. Nothing is checked: rse_return() and rse_rfi() are what makes a CFM of
 * it. */
struct cfm cfm_unpack(uint64_t v);

/* n registers further than backing store address a (n may be negative), NaT collections included. a
 * is 8-byte aligned. */
uint64_t rse_skip(uint64_t a, int n);
/* Number of registers (not collections) stored between addresses lo and hi >= lo. */
uint64_t rse_count(uint64_t lo, uint64_t hi);

void rse_reset(struct cpu *cpu);

/* br.call: old frame's locals become dirty, new frame is the outputs. Sets cfm, rotates predicates
 * and FRs back (rrb = 0); ar.pfs is the caller's business. Never raises. */
void rse_call(struct cpu *cpu);

/* br.ret with AR[PFS].pfm; rfi with a valid IFS.ifm: restores the frame and loads what is missing
 * as far as that needs no slow memory access. Never raises: when something is left, the frame is
 * incomplete, cpu->cfle is set, and the engine calls rse_complete() before the target's first
 * instruction. A bad pfm (SDM 2:6.5.5: more registers than there are; also one that no alloc can
 * have made) gives a frame of zero registers. */
void rse_return(struct cpu *cpu, uint64_t pfm);
void rse_rfi(struct cpu *cpu, uint64_t ifm);
/* rfi with IFS.v = 0: the frame stays; loading an incomplete one is resumed. */
void rse_resume(struct cpu *cpu);

/* Finishes loading the current frame when cpu->cfle; with cpu->cur NULL and ip/psr.ri exact, as it
 * raises with ISR.rs and ISR.ir when a load faults. Delivery clears cfle: in the handler the frame
 * stays incomplete until rfi. */
void rse_complete(struct cpu *cpu);
static inline bool rse_incomplete(const struct cpu *cpu)
{
    return cpu->ndirty < 0;
}

/* alloc's frame change; may spill, may raise (RSE stores; Reserved Register/Field when sor changes
 * under rotation) with nothing but spills done. sof <= 96, sol and sor <= sof: checked by
 * isa_decode. */
void rse_alloc(struct cpu *cpu, unsigned sof, unsigned sol, unsigned sor);
void rse_cover(
    struct cpu *cpu); /* all of the frame dirty, new frame empty (cr.ifs: the caller's business) */
void rse_flush(struct cpu *cpu);  /* flushrs; may raise */
void rse_loadrs(struct cpu *cpu); /* loadrs, with its Illegal Operation checks; may raise */

/* New rename bases: brings the data of GRs and predicates in line and sets cfm. rrb_gr < sor or 0,
 * rrb_fr < 96, rrb_pr < 48. */
void rse_set_rrb(struct cpu *cpu, unsigned rrb_gr, unsigned rrb_fr, unsigned rrb_pr);
/* One step of a modulo-scheduled loop branch: all three bases down by one (SDM 3: br page,
 * rotate_regs). */
void rse_rotate(struct cpu *cpu);

/* Application registers. mov from bspstore/rnat, to bspstore/rnat need rsc.mode 0 (Illegal
 * Operation): the caller's. */
uint64_t rse_bsp(const struct cpu *cpu);
uint64_t rse_bspstore(const struct cpu *cpu);
void rse_set_bspstore(struct cpu *cpu, uint64_t v);
uint64_t rse_rnat(const struct cpu *cpu);
void rse_set_rnat(struct cpu *cpu, uint64_t v);

/* All of it, put aside and back: for firmware that interrupts a program and runs others on its
 * backing store in between. What those store above BSPSTORE is what the program would have. */
struct rse_state {
    struct cfm cfm;
    int32_t ndirty;
    bool cfle;
    uint8_t rot_applied;
    uint64_t bspstore, rnat;
    struct gr reg[2 * N_STACKED_PHYS]; /* the dirty ones, then the frame */
};
void rse_save(const struct cpu *cpu, struct rse_state *s);
void rse_restore(struct cpu *cpu, const struct rse_state *s);

/* The number of dirty words (registers and collections) between BSPSTORE and BSP, for loadrs and
 * debuggers: 8 bytes each. */
uint64_t rse_dirty_bytes(const struct cpu *cpu);

#endif
