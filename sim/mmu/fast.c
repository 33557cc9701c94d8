/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Upkeep of the host fast path of mem.h: which entries exist and when they go. Serves the TLB,
 * mem.c and the engine.
 *
 * Entries are a cache of what the TLB and the protection checks allow right now, so everything that
 * changes those drops them at once: insertions and purges the page, region and key registers all. A
 * short log of what was filled keeps frequent flushes (a context switch writes five region
 * registers) from clearing 32 KiB each.
 */
#include <string.h>
#include "sim/cpu/engine.h"
#include "sim/cpu/pmu.h"
#include "sim/mmu/mmu.h"
#include "sim/debug/stats.h"

#define VA_MASK ((1ull << 61) - 1)

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
        if (mmu->nfilled[m] > FAST_LOG)
            memset(d, 0xff, sizeof *d);
        else
            for (unsigned i = 0; i < mmu->nfilled[m]; i++)
                logged(d, mmu->filled[m][i])->tag = ~0ull;
        mmu->nfilled[m] = 0;
    }
}

void mem_flush(struct cpu *cpu)
{
    fast_drop_all(cpu);
    code_flush_fetch(cpu);
}

void mem_flush_pending(struct cpu *cpu)
{
    (void)cpu; /* nothing is put off: see the head of this file */
}

static void drop_if(struct dtlb_ent *e, uint64_t va, unsigned ps)
{
    if (((e->tag ^ va) & VA_MASK) >> ps == 0)
        e->tag = ~0ull;
}

void fast_drop_page(struct cpu *cpu, uint64_t va, unsigned ps)
{
    struct mmu *mmu = cpu->mmu;
    unsigned pages = ps < 12 ? 1 : ps - 12 >= DTLB_BITS ? DTLB_SIZE : 1u << (ps - 12);

    if (ps < 12)
        ps = 12;
    va &= ~0ull << (ps > 61 ? 61 : ps);
    for (unsigned m = 0; m < FAST_MODES; m++) {
        struct dtlb *d = &cpu->dtlb_mode[m];
        if (mmu->nfilled[m] <= FAST_LOG && mmu->nfilled[m] < 2 * pages) {
            for (unsigned i = 0; i < mmu->nfilled[m]; i++)
                drop_if(logged(d, mmu->filled[m][i]), va, ps);
            continue;
        }
        for (unsigned i = 0; i < pages; i++) {
            unsigned k = ((va >> 12) + i) & (DTLB_SIZE - 1);
            drop_if(&d->r[k], va, ps);
            drop_if(&d->w[k], va, ps);
        }
    }
}

void mem_flush_page(struct cpu *cpu, uint64_t va, unsigned ps)
{
    fast_drop_page(cpu, va, ps);
    code_flush_fetch(cpu);
}

void fast_fill(struct cpu *cpu, unsigned mode, uint64_t va, uint8_t *host, bool write)
{
    struct mmu *mmu = cpu->mmu;
    unsigned i = (va >> 12) & (DTLB_SIZE - 1);
    struct dtlb_ent *e = write ? &cpu->dtlb_mode[mode].w[i] : &cpu->dtlb_mode[mode].r[i];
    uint32_t n = mmu->nfilled[mode];

    if (e->tag == ~0ull && n <= FAST_LOG) {
        if (n < FAST_LOG)
            mmu->filled[mode][n] = (uint16_t)(i << 1 | write);
        mmu->nfilled[mode] = n + 1;
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
            unsigned n = mmu->nfilled[k] > FAST_LOG ? 2 * DTLB_SIZE : mmu->nfilled[k];
            for (unsigned i = 0; i < n; i++) {
                unsigned entry = mmu->nfilled[k] > FAST_LOG ? i : mmu->filled[k][i];
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
