/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Memory as the processor sees it: the host fast path, and the slow path through the architected
 * translation (SDM 2:4). Instruction executors use mem_fast_r/w first and the slow functions
 * otherwise.
 */
#ifndef SIM_MMU_MEM_H
#define SIM_MMU_MEM_H

#include <string.h>
#include "sim/cpu/cpu.h"
#include "sim/cpu/intr.h"

/* Kind of access, a bit mask. */
enum {
    ACC_R = 1,
    ACC_W = 2,
    ACC_X = 4,
    ACC_RW = 3,      /* semaphores: both are checked, ISR.r and .w set */
    ACC_SPEC = 8,    /* control-speculative load: faults may be deferred (SDM 2:5.5.5 / 1:4.4.4) */
    ACC_RSE = 16,    /* by the RSE: privilege rsc.pl, psr.rt, ISR.rs */
    ACC_NA = 32,     /* non-access (probe, tpa, fc, lfetch ...): ISR.na */
    ACC_LFETCH = 64, /* lfetch: no fault unless .fault */
    ACC_SEM = 128,   /* semaphore: must be aligned, WB (or fetchadd UCE) memory */
    ACC_ADV = 256, /* ld.a, ld.sa (not check loads): to non-speculative memory they fail (0, no ALAT
                      entry) */
    ACC_REL = 512,
    ACC_ACQ = 1024,
    ACC_ALIGN = 2048,    /* unaligned is a fault even when psr.ac = 0 (ld16, st16) */
    ACC_FETCHADD = 4096, /* with ACC_SEM: fetchadd, which UCE memory also takes */
};

/* A translation: valid to the end of the page given by ps. */
struct xlat {
    uint64_t pa;    /* physical address of va (bit 63: uncacheable alias removed) */
    uint8_t *host;  /* host address when RAM, else NULL */
    uint8_t ma;     /* memory attribute: 0 WB, 4 UC, 5 UCE, 6 WC, 7 NaTPage */
    uint8_t ps;     /* log2 page size, never below 12 */
    uint8_t ar, pl; /* access rights, for fills */
    bool write_ok;  /* a store to this page would be permitted now (dirty bit set, rights, keys):
                       fast write allowed */
    bool read_ok;
};

/* Translates va for an access at privilege pl. Returns true and *x, or false and *in = the fault
 * that the access raises (not raised here: ld.s defers it, probe returns 0). Does not check
 * alignment. m->ops->translate points here for the full system, to the user address space for
 * --user. */
bool mmu_translate(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl, struct xlat *x,
                   struct intr *in);

/* Fast path: host address of an aligned access of `size` bytes (power of two), or NULL: take the
 * slow path. The page's tag has low bits 0, so a misaligned address never matches. */
static inline void *mem_fast_r(struct cpu *cpu, uint64_t va, unsigned size)
{
    const struct dtlb_ent *e = &cpu->dtlb->r[(va >> 12) & (DTLB_SIZE - 1)];
    if (likely(e->tag == (va & (~0xfffull | (size - 1)))))
        return (void *)(uintptr_t)(va + e->add);
    return NULL;
}
static inline void *mem_fast_w(struct cpu *cpu, uint64_t va, unsigned size)
{
    const struct dtlb_ent *e = &cpu->dtlb->w[(va >> 12) & (DTLB_SIZE - 1)];
    if (likely(e->tag == (va & (~0xfffull | (size - 1)))))
        return (void *)(uintptr_t)(va + e->add);
    return NULL;
}

/* Slow path, any size 1..16, any alignment the architecture allows (10: fp extended). Raise on
 * fault (Unaligned, TLB ...), honour psr.be (buf is in the byte order of memory after swapping to
 * little-endian: buf[0] is the least significant byte), MMIO, data breakpoints, page crossing, code
 * pages, dtlb refill, trace. mem_read_slow returns false only for ACC_SPEC accesses whose fault is
 * deferred (caller sets NaT/NaTVal). */
bool mem_read_slow(struct cpu *cpu, uint64_t va, void *buf, unsigned size, unsigned acc);
void mem_write_slow(struct cpu *cpu, uint64_t va, const void *buf, unsigned size, unsigned acc);

/* Semaphores: translates for ACC_RW|ACC_SEM, faults as the manual says (Unaligned, Unsupported Data
 * Reference ...), and returns the host address of WB memory. Never NULL. Invalidates decoded code
 * on the page; ALAT is the caller's. */
void *mem_atomic(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc);

/* Whole convenience: fast, then slow. v is zero-extended. */
static inline uint64_t mem_read(struct cpu *cpu, uint64_t va, unsigned size)
{
    uint64_t v = 0;
    const void *p = mem_fast_r(cpu, va, size);
    if (likely(p != NULL))
        memcpy(&v, p, size);
    else
        mem_read_slow(cpu, va, &v, size, ACC_R);
    return v;
}
/* Stores must tell the ALATs of every CPU: alat_store() of sim/cpu/alat.h, by host address when
 * RAM. */

/* Drops the fast-path entries of all modes of this cpu, and fetch translations (cpu->igen). */
void mem_flush(struct cpu *cpu);
/* Every CPU's write entries for a host page (it became a code page). */
void mem_protect_host_page(struct machine *m, const void *host_page);

/* Selects cpu->dtlb for the current psr (dt, cpl, be, db ...): called by cpu_set_psr. */
void mem_select_mode(struct cpu *cpu);

#endif
