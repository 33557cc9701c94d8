/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Upkeep of the host fast path of mem.h: which entries exist and when they go. Serves the TLB,
 * mem.c and the engine.
 *
 * Entries are a cache of what the TLB and the protection checks allow right now, so everything that
 * changes those drops them at once: insertions and purges the page, region registers their region,
 * key registers all. A short log of what was filled keeps frequent flushes (a context switch writes
 * five region registers) from looking through 32 KiB each.
 */
#include <string.h>
#include "sim/cpu/engine.h"
#include "sim/cpu/pmu.h"
#include "sim/mmu/mmu.h"
#include "sim/debug/stats.h"

#define VA_MASK ((1ull << 61) - 1)
enum { TRANSLATED_MODES = 4 }; /* fast_mode() of psr.dt 1; region registers matter to these */

static struct dtlb_ent *logged(struct dtlb *d, unsigned entry)
{
    return entry & 1 ? &d->w[entry >> 1] : &d->r[entry >> 1];
}

void fast_drop_all(struct cpu *cpu)
{
    struct mmu *mmu = cpu->mmu;
    STAT_INC(cpu, fast_flush);

    for (unsigned m = 0; m < FAST_MODES; m++) {
        struct dtlb *d = &cpu->dtlb_mode[m];
        bool whole = false;
        for (unsigned r = 0; r < 8; r++)
            whole |= mmu->nfilled[m][r] > FAST_LOG;
        if (whole)
            memset(d, 0xff, sizeof *d);
        for (unsigned r = 0; r < 8; r++) {
            for (unsigned i = 0; !whole && i < mmu->nfilled[m][r]; i++)
                logged(d, mmu->filled[m][r][i])->tag = ~0ull;
            mmu->nfilled[m][r] = 0;
        }
    }
}

void fast_drop_region(struct cpu *cpu, unsigned region)
{
    struct mmu *mmu = cpu->mmu;
    STAT_INC(cpu, fast_flush);

    for (unsigned m = 0; m < TRANSLATED_MODES; m++) {
        struct dtlb *d = &cpu->dtlb_mode[m];
        unsigned n = mmu->nfilled[m][region];
        for (unsigned i = 0; n <= FAST_LOG && i < n; i++) {
            struct dtlb_ent *e = logged(d, mmu->filled[m][region][i]);
            if (e->tag >> 61 == region)
                e->tag = ~0ull;
        }
        for (unsigned i = 0; n > FAST_LOG && i < DTLB_SIZE; i++) {
            if (d->r[i].tag >> 61 == region)
                d->r[i].tag = ~0ull;
            if (d->w[i].tag >> 61 == region)
                d->w[i].tag = ~0ull;
        }
        mmu->nfilled[m][region] = 0;
    }
}

void mem_flush(struct cpu *cpu)
{
    fast_drop_all(cpu);
    code_flush_fetch(cpu);
}

static void drop_if(struct dtlb_ent *e, uint64_t va, unsigned ps)
{
    if ((e->tag ^ va) >> ps == 0)
        e->tag = ~0ull;
}

static void drop_range(struct cpu *cpu, unsigned m, uint64_t va, unsigned ps)
{
    struct mmu *mmu = cpu->mmu;
    struct dtlb *d = &cpu->dtlb_mode[m];
    unsigned pages = ps - 12 >= DTLB_BITS ? DTLB_SIZE : 1u << (ps - 12), r = va >> 61;

    if (mmu->nfilled[m][r] <= FAST_LOG && mmu->nfilled[m][r] < 2 * pages) {
        for (unsigned i = 0; i < mmu->nfilled[m][r]; i++)
            drop_if(logged(d, mmu->filled[m][r][i]), va, ps);
        return;
    }
    for (unsigned i = 0; i < pages; i++) {
        unsigned k = ((va >> 12) + i) & (DTLB_SIZE - 1);
        drop_if(&d->r[k], va, ps);
        drop_if(&d->w[k], va, ps);
    }
}

void fast_drop_page(struct cpu *cpu, uint64_t va, unsigned ps, uint32_t rid)
{
    if (ps < 12)
        ps = 12;
    if (ps > 61)
        ps = 61;
    va &= VA_MASK & ~0ull << ps;
    for (uint64_t r = 0; r < 8; r++)
        for (unsigned m = 0; rr_rid(cpu->rr[r]) == rid && m < TRANSLATED_MODES; m++)
            drop_range(cpu, m, va | r << 61, ps);
}

void fast_fill(struct cpu *cpu, unsigned mode, uint64_t va, uint8_t *host, bool write)
{
    struct mmu *mmu = cpu->mmu;
    unsigned i = (va >> 12) & (DTLB_SIZE - 1), r = va >> 61;
    struct dtlb_ent *e = write ? &cpu->dtlb_mode[mode].w[i] : &cpu->dtlb_mode[mode].r[i];
    uint32_t n = mmu->nfilled[mode][r];

    /* An entry of this region is in its log already. */
    if ((e->tag == ~0ull || e->tag >> 61 != r) && n <= FAST_LOG) {
        if (n < FAST_LOG)
            mmu->filled[mode][r][n] = (uint16_t)(i << 1 | write);
        mmu->nfilled[mode][r] = n + 1;
    }
    e->tag = va & ~0xfffull;
    e->add = (uint64_t)(uintptr_t)host - va;
}

void mem_protect_host_page(struct machine *m, const void *host_page)
{
    uint64_t page = (uint64_t)(uintptr_t)host_page & ~0xfffull;

    for (unsigned c = 0; c < m->ncpu; c++) {
        struct cpu *cpu = m->cpu[c];
        struct mmu *mmu = cpu->mmu;
        for (unsigned k = 0; k < FAST_MODES; k++) {
            struct dtlb *d = &cpu->dtlb_mode[k];
            bool whole = false;
            for (unsigned r = 0; r < 8; r++)
                whole |= mmu->nfilled[k][r] > FAST_LOG;
            for (unsigned i = 0; whole && i < DTLB_SIZE; i++)
                if (d->w[i].tag != ~0ull && d->w[i].tag + d->w[i].add == page)
                    d->w[i].tag = ~0ull;
            for (unsigned r = 0; !whole && r < 8; r++)
                for (unsigned i = 0; i < mmu->nfilled[k][r]; i++) {
                    unsigned entry = mmu->filled[k][r][i];
                    struct dtlb_ent *e = logged(d, entry);
                    if (entry & 1 && e->tag != ~0ull && e->tag + e->add == page)
                        e->tag = ~0ull;
                }
        }
    }
}

void mem_select_mode(struct cpu *cpu)
{
    uint64_t psr = cpu->psr;
    struct mmu *mmu = cpu->mmu;
    unsigned mode = fast_mode(psr & PSR_DT, psr >> PSR_CPL_SHIFT & 3);

    /* Entries hold what the keys allow under one value of psr.pk. */
    if (unlikely(mmu->pk != !!(psr & PSR_PK))) {
        mmu->pk = psr & PSR_PK;
        mem_flush(cpu);
    }
    mmu->ic_inflight = false;
    /* psr.ed makes even good speculative loads deliver NaT. */
    if (psr & (PSR_BE | PSR_ED) || (psr & PSR_DB && mmu->dbr_active) || cpu->m->slow_mem)
        mode = 7;
    cpu->dtlb = &cpu->dtlb_mode[mode];
    pmu_mode_changed(cpu);
}
