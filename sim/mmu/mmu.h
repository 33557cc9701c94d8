/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The architected translation machinery of one processor (SDM 2:4.1): TLBs, VHPT walker, protection
 * checks. For the system instructions (sim/cpu/tlb_insn.c), PAL and the debugger; instructions that
 * access memory use mem.h.
 */
#ifndef SIM_MMU_MMU_H
#define SIM_MMU_MMU_H

#include "sim/machine.h"

enum {
    N_TR = 64,  /* translation registers of each kind, as the Itanium 2; PAL_VM_SUMMARY says so */
    N_TC = 128, /* entries of each translation cache */
    N_PKR = 16,
    N_DBR = 8, /* data and instruction breakpoint registers, four pairs each */
    N_IBR = 8,
    IMPL_PA_BITS = 50, /* implemented physical address bits; bit 63 is the uncacheable alias */
    IMPL_VA_MSB = 60,  /* every virtual address is implemented */
};
#define IMPL_PA_MASK ((1ull << IMPL_PA_BITS) - 1)
#define PA_UC        (1ull << 63)
/* Insertable and purgeable page sizes (SDM 2:4.1.1.7): 4K 8K 16K 64K 256K 1M 4M 16M 64M 256M 1G 4G.
 */
#define PAGE_SIZES                                                                                 \
    (1ull << 12 | 1ull << 13 | 1ull << 14 | 1ull << 16 | 1ull << 18 | 1ull << 20 | 1ull << 22 |    \
     1ull << 24 | 1ull << 26 | 1ull << 28 | 1ull << 30 | 1ull << 32)

enum { MA_WB = 0, MA_UC = 4, MA_UCE = 5, MA_WC = 6, MA_NATPAGE = 7 };

/* A translation as inserted: pte as in itc's GR r2 or the VHPT entry, the rest from ITIR/IFA/RR. */
struct tlb_ent {
    uint64_t
        va; /* virtual address of the page, bits 60:0 (the TLB does not hold the region number) */
    uint64_t
        pte; /* p 0, ma 4:2, a 5, d 6, pl 8:7, ar 11:9, ppn 49:12, ed 52, ignored bits as written */
    uint32_t rid, key;
    uint8_t ps;
    bool valid;
    int16_t next; /* hash chain; -1 ends it */
};

enum { TLB_BUCKETS = 256 };
/* One TLB: e[0..N_TR) are the translation registers, the rest the cache. */
struct tlb {
    struct tlb_ent e[N_TR + N_TC];
    int16_t bucket[TLB_BUCKETS];
    uint16_t nps[64]; /* valid entries of each page size */
    uint64_t ps_mask; /* page sizes present */
    unsigned clock;   /* next cache entry to replace: round robin, so that runs repeat exactly */
};

enum { FAST_LOG = 96, FAST_MODES = 8 };
struct mmu {
    struct tlb i, d;
    bool ic_inflight; /* psr.ic changed by rsm/ssm/mov and not yet serialized (SDM 2:3.3.2) */
    bool pk;          /* psr.pk the fast path was filled under */
    uint8_t unmapped; /* complaints about accesses to nothing so far */
    bool dbr_active;  /* some data breakpoint register pair is enabled */
    /* Which fast-path entries of each mode and region were filled since its last flush: index << 1
     * | write. More than FAST_LOG: look at all of them. */
    uint32_t nfilled[FAST_MODES][8];
    uint16_t filled[FAST_MODES][8][FAST_LOG];
};

struct mmu *mmu_new(void);
void mmu_free(struct mmu *mmu);
/* Empties TLBs and fast path (reset). */
void mmu_reset(struct cpu *cpu);

static inline unsigned rr_ps(uint64_t rr)
{
    return rr >> 2 & 63;
}
static inline uint32_t rr_rid(uint64_t rr)
{
    return rr >> 8 & 0xffffff;
}
static inline unsigned va_vrn(uint64_t va)
{
    return va >> 61;
}
static inline bool page_size_ok(unsigned ps)
{
    return ps < 64 && (PAGE_SIZES >> ps & 1);
}
static inline unsigned pte_ma(uint64_t pte)
{
    return pte >> 2 & 7;
}
static inline unsigned pte_pl(uint64_t pte)
{
    return pte >> 7 & 3;
}
static inline unsigned pte_ar(uint64_t pte)
{
    return pte >> 9 & 7;
}
enum { PTE_P = 1, PTE_A = 1 << 5, PTE_D = 1 << 6 };
#define PTE_ED  (1ull << 52)
#define PTE_PPN 0x0003fffffffff000ull

static inline uint64_t tlb_pa(const struct tlb_ent *t, uint64_t va)
{
    uint64_t off = (1ull << t->ps) - 1;
    return (t->pte & PTE_PPN & ~off) | (va & off);
}

/* --- tlb.c --- */

/* Entry that translates va in region rid, or NULL. */
const struct tlb_ent *tlb_find(const struct tlb *t, uint64_t va, uint32_t rid);

/* Reserved fields or encodings in an insertion (SDM 2:4.1.1.5)? Not-present translations are hardly
 * checked. */
bool tlb_reserved(uint64_t pte, uint64_t itir);

/* itc/itr/VHPT walker. Purges overlapping cache entries; a translation register in the way is a
 * Machine Check. slot < 0: the cache. `instruction` chooses the TLB. Fields must have been checked.
 */
void tlb_insert(struct cpu *cpu, bool instruction, int slot, uint64_t va, uint64_t pte,
                uint64_t itir);

/* ptc.l, ptc.g on this processor: cache entries of both TLBs that overlap 2^ps bytes at va in
 * region rid. A translation register in the way is a Machine Check; when the purge is another
 * processor's (remote), it stays and is none: who purges cannot know it (SDM 2:4.1.1.4). */
void tlb_purge_tc(struct cpu *cpu, uint64_t va, unsigned ps, uint32_t rid, bool remote);
/* ptr.i, ptr.d: registers and cache entries of one TLB. */
void tlb_purge_tr(struct cpu *cpu, bool instruction, uint64_t va, unsigned ps, uint32_t rid);
/* ptc.e: every cache entry. */
void tlb_purge_all(struct cpu *cpu);

/* Snapshots: the entries and what is replaced next. */
struct snap;
void tlb_snapshot(struct snap *s, struct cpu *cpu);

/* A machine check of the TLB: to the OS's handler by way of the firmware, or, when there is none,
 * the end of the simulation by name. Does not return, unless cpu is another one than the one that
 * executes (ptc.g). */
void machine_check(struct cpu *cpu, const char *what);

/* --- vhpt.c --- */

uint64_t vhpt_hash(const struct cpu *cpu,
                   uint64_t va); /* thash: address of the entry, format by pta.vf */
uint64_t vhpt_tag(const struct cpu *cpu, uint64_t va); /* ttag */
/* Is the walker on for this reference (SDM 2:4.1.7)? */
bool vhpt_enabled(const struct cpu *cpu, uint64_t va, unsigned acc);
enum vhpt_result {
    VHPT_INSERTED,
    VHPT_FAILED,     /* TLB Miss fault */
    VHPT_TABLE_MISS, /* the entry's own address misses the DTLB: VHPT Translation fault */
};
enum vhpt_result vhpt_walk(struct cpu *cpu, uint64_t va, bool instruction);
/* As the walker sees it, but inserts nothing, charges nothing: for tak and the debugger. */
bool vhpt_peek(struct cpu *cpu, uint64_t va, uint64_t *pte, uint64_t *itir);

/* --- translate.c --- */

/* Kinds of non-access instruction: ISR.code{3:0} (SDM 2:5.5.2, table of non-access instructions).
 */
enum { NA_TPA = 0, NA_FC = 1, NA_PROBE = 2, NA_TAK = 3, NA_LFETCH = 4, NA_PROBE_FAULT = 5 };

/* Outcome of an access: done, raise *in, or (speculative loads) deliver NaT: *in is what was
 * deferred. */
enum xl_result { XL_OK, XL_FAULT, XL_DEFER };

/* mmu_translate with everything else that an access of `size` bytes checks: data breakpoints,
 * alignment, attributes. size 0: a mere translation. na: NA_* with ACC_NA. */
enum xl_result mmu_access(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc, unsigned pl,
                          unsigned na, struct xlat *x, struct intr *in);

/* tpa, fc, probe (regular), which look at translations differently. Each raises what the manual
 * lists. */
uint64_t mmu_tpa(struct cpu *cpu, uint64_t va);
uint64_t mmu_tak(struct cpu *cpu, uint64_t va);
bool mmu_probe(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl);
void mmu_probe_fault(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl);
/* Host address of the line to flush, NULL when not RAM. */
uint8_t *mmu_fc(struct cpu *cpu, uint64_t va);

/* May code at privilege cpl access a page with these rights (SDM 2:4.1.1.6)? acc: ACC_R, ACC_W,
 * ACC_X or ACC_RW. */
bool mmu_rights(unsigned ar, unsigned pl, unsigned cpl, unsigned acc);

/* ITLB.ed of the page of the instruction being executed: exception deferral (SDM 2:5.5.5) and
 * ISR.ed. */
bool mmu_itlb_ed(const struct cpu *cpu);
/* Access rights of that page; -1 with psr.it = 0 or no translation (vmsw). */
int mmu_itlb_ar(const struct cpu *cpu);

/* Would a speculative load defer this fault (dcr, psr.ic, ed)? */
bool mmu_defers(const struct cpu *cpu, const struct intr *in);

/* For the debugger: translates without faults, side effects or permission checks. */
bool mmu_debug_translate(struct cpu *cpu, uint64_t va, bool instruction, uint64_t *pa);

/* --- fast.c --- */

/* Data translations changed for 2^ps bytes at va in region rid: drops the data fast path for them
 * in every region that has this id. */
void fast_drop_page(struct cpu *cpu, uint64_t va, unsigned ps, uint32_t rid);
/* A region register changed. */
void fast_drop_region(struct cpu *cpu, unsigned region);
void fast_drop_all(struct cpu *cpu);
/* Remembers that the 4 KiB page of va is at host for reads (or writes) in a mode: index by
 * fast_mode(). */
void fast_fill(struct cpu *cpu, unsigned mode, uint64_t va, uint8_t *host, bool write);
static inline unsigned fast_mode(bool translated, unsigned pl)
{
    return translated ? pl : 4;
}

#endif
