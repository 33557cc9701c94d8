/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The architected state of one IA-64 processor (SDM 1:3, 2:3) and how the parts of the simulator
 * reach it. Everything takes `struct cpu *` explicitly; there are no globals. Layout is chosen for
 * the interpreter: what compiled code touches on every instruction comes first.
 */
#ifndef SIM_CPU_CPU_H
#define SIM_CPU_CPU_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "isa/isa.h"
#include "sim/cpu/psr.h"
#include "sim/cpu/uop.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* A general register: 64 bits and its NaT bit (0 or 1). */
struct gr {
    uint64_t v;
    uint64_t n;
};

/* A floating-point register, SDM 1:5.1.2: 64-bit significand, 17-bit exponent, sign. A register
 * that holds zero or a normal IEEE double may instead be kept as that double (FR_DBL), so that the
 * host's FPU serves the common case; readers that want the register format use fr_get()
 * (sim/cpu/fr.h). */
enum { FR_REG, FR_DBL };
struct fr {
    uint64_t sig; /* FR_REG: significand; FR_DBL: the double's 64 bits */
    uint32_t se;  /* FR_REG: sign << 17 | exponent; FR_DBL: unspecified */
    uint32_t kind;
};

/* Current Frame Marker fields, unpacked (SDM 1:3.1.7; packed form by cfm_pack/cfm_unpack in rse.h).
 * sor is in registers (x8). */
struct cfm {
    uint8_t sof, sol, sor, rrb_gr, rrb_fr, rrb_pr;
};

#define N_STACKED_PHYS 96 /* as Itanium 2; PAL_RSE_INFO says so */
/* The stacked physical registers live in a linear buffer longer than 96, so that a frame never
 * wraps; the RSE moves the live part back to the middle when a call or return nears an end
 * (sim/cpu/rse.c). */
#define STK_BUF 2048

enum { DTLB_BITS = 10, DTLB_SIZE = 1 << DTLB_BITS };
struct dtlb_ent {
    uint64_t tag; /* virtual page (4 KiB) or ~0; */
    uint64_t add; /* host address = virtual address + add */
};
/* The host fast path for one mode (privilege, psr.dt): see sim/mmu/mem.h. */
struct dtlb {
    struct dtlb_ent r[DTLB_SIZE], w[DTLB_SIZE];
};

/* Platform events that are not vectored interrupts (SDM 2:5.1). */
enum { EVENT_INIT = 1, EVENT_PMI = 2, EVENT_MCA = 4 };

struct uop;
struct machine;
struct mmu;  /* TLBs, sim/mmu/mmu.h */
struct alat; /* sim/cpu/alat.h */
struct intr; /* sim/cpu/intr.h */

struct cpu {
    /* --- hot --- */
    struct gr *stk;   /* stk[r] is GR r, r >= 32 (points 32 entries before the frame) */
    struct gr gr[32]; /* GR 0..31, the active bank's 16..31; gr[0] is always {0, 0} */
    uint8_t pr[72];   /* predicates as virtual p0..p63, one byte 0/1 each, pr[0] is 1; [64] swallows
                         writes to p0 */
    struct dtlb *dtlb; /* fast path of the current mode; an always-empty one when no fast path is
                          allowed (big-endian data, data breakpoints, memory tracing) */
    int64_t cycles;    /* modelled cycles so far, exact at block boundaries (ar.itc = cycles +
                          itc_offset) */
    int64_t
        cycle_limit; /* leave the block loop when cycles >= this; lowered to ask for attention */
    uint64_t icount; /* instructions executed so far, exact at block boundaries */
    uint64_t alat_bloom; /* union of the valid ALAT entries' address hash; 0: ALAT empty */
    uint64_t br[8];
    struct fr fr[128]; /* virtual FR n when rrb_fr == 0; else FR 32.. via fr_index() */
    uint64_t ip;  /* bundle address; with psr.ri exact whenever the CPU is not inside a block */
    uint64_t psr; /* SDM 2:3.3.2, in the manual's bit layout; cpu_set_psr() after a change of mode
                     bits */
    const struct uop *cur; /* the micro-operation that may fault: gives IP and slot */
    uint64_t page_va;      /* virtual address of the 4 KiB page that `cur`'s block was entered at */
    struct cfm cfm;
    uint8_t cpl; /* copy of psr.cpl */

    /* --- RSE (sim/cpu/rse.c) --- */
    int32_t bof;     /* index of the frame's first register in stacked[] */
    int32_t ndirty;  /* registers (not NaT collections) below bof not yet in the backing store;
                        negative: incomplete frame */
    bool cfle;       /* br.ret or rfi left the frame incomplete: load it before the next instruction
                        (RSE.CFLE) */
    bool lower_priv; /* the current br.ret lowered the privilege: Lower-Privilege Transfer trap if
                        psr.lp */
    uint8_t rot_applied; /* rrb_gr by which the frame's data are rotated in place at this moment */
    struct gr stacked[STK_BUF];

    uint64_t ar[128];   /* application registers; special ones (bsp, bspstore, rnat, pfs, itc,
                           fpsr...) via ar accessors */
    uint64_t cr[128];   /* control registers, likewise */
    struct gr bank[16]; /* the inactive bank's r16..r31 */
    uint64_t rr[8];
    uint64_t pkr[16];
    uint64_t dbr[16], ibr[16];
    uint64_t pmc[32], pmd[32]; /* architected and implementation ones; see sim/cpu/pmu.c */
    uint64_t cpuid[5];
    int64_t itc_offset;
    bool pmu_on;        /* some performance counter may count; see sim/cpu/pmu.c for the rest */
    int64_t pmu_cycles; /* counts accounted up to here ... */
    uint64_t pmu_icount;
    uint64_t pmu_psr;    /* ... under this psr */
    uint64_t itc_seen;   /* ITC when sapic_tick() last compared it with ITM */
    uint64_t rfi_icount; /* icount right after the last rfi: IIPA is not changed by an interruption
                            there */
    uint64_t storm_rfi;  /* rfi_icount when `storm` began to count interruptions: m->watchdog */
    uint32_t storm;
    uint64_t irr[4], isr_inservice[4]; /* SAPIC: pending vectors; in service (sim/cpu/sapic.c) */
    uint32_t index;                    /* 0.. in the machine */
    bool halted;                       /* PAL_HALT_LIGHT: waiting for an interrupt */
    uint8_t event;                     /* EVENT_*: for m->ops->event */
    bool single_step; /* execute one instruction at a time: psr.ss/tb/db/id bits, tracing, gdb */
    bool branched;    /* a branch executor took its branch (branch_taken) */
    bool step_once;   /* engine: execute the next instruction alone */
    bool attention;   /* something to look at between blocks: interrupt, mode, stop request */

    struct mmu *mmu;
    struct alat *alat;
    struct machine *m;
    sigjmp_buf fault_env;     /* cpu_raise() returns to the engine through here */
    struct intr *pending;     /* the interruption being raised */
    struct dtlb dtlb_mode[8]; /* 0-3: cpl with psr.dt=1; 4: psr.dt=0 (physical); 5: RSE other mode;
                                 7: always empty */

    /* engine's own (sim/cpu/engine.c) */
    uint64_t igen[8];      /* fetch-translation generation of each region: code.c */
    struct jump_cache *jc; /* allocated by cpu_new: engine_cpu_init() */
    struct uop step_uop;   /* what cur points to while single-stepping */

    /* last 64 taken branches, for dumps: [from, to] */
    struct {
        uint64_t from, to;
    } lbr[64];
    uint64_t lbr_pos; /* taken branches so far */

    struct cpu_stats *stats; /* sim/debug/stats.h */
};

/* GR by virtual number. Writing GR 0 is refused at decode; out-of-frame writes by the engine. */
static inline struct gr *gr(struct cpu *cpu, unsigned r)
{
    return r < 32 ? &cpu->gr[r] : &cpu->stk[r];
}

/* Predicate write: p0 ignores. */
static inline void pr_set(struct cpu *cpu, unsigned p, bool v)
{
    cpu->pr[p ? p : 64] = v;
}
/* All predicates as mov r1=pr sees them (virtual order rotated back by rrb_pr is the caller's: see
 * branch.c). */
uint64_t pr_pack(const struct cpu *cpu);
void pr_unpack(struct cpu *cpu, uint64_t value);

/* Physical index of a virtual FR: rotation for f32..f127 (SDM 1:4.5.1). */
static inline unsigned fr_index(const struct cpu *cpu, unsigned f)
{
    unsigned i = f;
    if (f >= 32) {
        i += cpu->cfm.rrb_fr;
        if (i >= 128)
            i -= 96;
    }
    return i;
}

/* Sets PSR and everything derived from it: cpl, dtlb mode, single_step, bank switch (psr.bn),
 * engine's fetch mode. Does not touch ip. Notices a pending interrupt when psr.i became 1. */
void cpu_set_psr(struct cpu *cpu, uint64_t psr);

/* Reset state as PALE_RESET leaves it for the firmware / a bare-metal start: PSR 0 etc. */
void cpu_reset(struct cpu *cpu);
struct cpu *cpu_new(struct machine *m, unsigned index);
void cpu_free(struct cpu *cpu);

#endif
