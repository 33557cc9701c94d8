/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Translation registers and caches: look-up, insertion, purges (SDM 2:4.1.1.1-4.1.1.5, 4.1.1.7).
 * Serves translate.c, the walker and the TLB instructions. Entries are found by (page size, page
 * number, region id) in one hash table; the region number is not part of an entry, which the manual
 * leaves open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/snapshot.h"
#include "sim/cpu/engine.h"
#include "sim/mmu/mmu.h"

#define VA_MASK   ((1ull << 61) - 1)
#define TLB_CHECK (1ull << 60) /* processor state parameter: tc */

static unsigned hash(uint64_t va, uint32_t rid, unsigned ps)
{
    uint64_t h = (va >> ps) + rid * 0x9e3779b1u + ps;
    h *= 0x9e3779b97f4a7c15ull;
    return h >> 56;
}

static void tlb_clear(struct tlb *t)
{
    memset(t, 0, sizeof *t);
    for (unsigned i = 0; i < TLB_BUCKETS; i++)
        t->bucket[i] = -1;
}

struct mmu *mmu_new(void)
{
    struct mmu *mmu = calloc(1, sizeof *mmu);

    if (mmu) {
        tlb_clear(&mmu->i);
        tlb_clear(&mmu->d);
        for (unsigned m = 0; m < FAST_MODES; m++)
            for (unsigned r = 0; r < 8; r++)
                mmu->nfilled[m][r] = FAST_LOG + 1; /* not yet cleared even once */
    }
    return mmu;
}

void mmu_free(struct mmu *mmu)
{
    free(mmu);
}

void mmu_reset(struct cpu *cpu)
{
    tlb_clear(&cpu->mmu->i);
    tlb_clear(&cpu->mmu->d);
    cpu->mmu->ic_inflight = false;
    cpu->mmu->dbr_active = false;
    mem_flush(cpu);
}

void machine_check(struct cpu *cpu, const char *what)
{
    const bool self = cpu->cur != NULL;
    char text[160];

    if (cpu->m->ops->machine_check && cpu->m->ops->machine_check(cpu, TLB_CHECK, what)) {
        if (!self)
            return;
        *cpu->pending = (struct intr){.vector = VEC_NONE};
        siglongjmp(cpu->fault_env, 1);
    }

    snprintf(text, sizeof text, "Machine Check abort: %s", what);
    sim_unimplemented(cpu, text);
}

const struct tlb_ent *tlb_find(const struct tlb *t, uint64_t va, uint32_t rid)
{
    va &= VA_MASK;
    for (uint64_t left = t->ps_mask; left; left &= left - 1) {
        unsigned ps = (unsigned)__builtin_ctzll(left);
        for (int i = t->bucket[hash(va, rid, ps)]; i >= 0; i = t->e[i].next) {
            const struct tlb_ent *e = &t->e[i];
            if (e->ps == ps && e->rid == rid && (e->va ^ va) >> ps == 0)
                return e;
        }
    }
    return NULL;
}

static void unlink_ent(struct tlb *t, int i)
{
    struct tlb_ent *e = &t->e[i];
    int16_t *p = &t->bucket[hash(e->va, e->rid, e->ps)];

    while (*p != i)
        p = &t->e[*p].next;
    *p = e->next;
    e->valid = false;
    if (--t->nps[e->ps] == 0)
        t->ps_mask &= ~(1ull << e->ps);
}

static void link_ent(struct tlb *t, int i)
{
    struct tlb_ent *e = &t->e[i];
    int16_t *p = &t->bucket[hash(e->va, e->rid, e->ps)];

    e->valid = true;
    e->next = *p;
    *p = (int16_t)i;
    t->nps[e->ps]++;
    t->ps_mask |= 1ull << e->ps;
}

/* Two ranges of power-of-two size, aligned to it, overlap if one contains the other. */
static bool overlaps(const struct tlb_ent *e, uint64_t va, unsigned ps, uint32_t rid)
{
    unsigned big = e->ps > ps ? e->ps : ps;
    return e->valid && e->rid == rid && (e->va ^ va) >> big == 0;
}

/* Does any entry overlap? By look-ups, one for each page size present: what contains the range, or
 * each smaller page in it. Where that would be many, yes: the callers then look closely. */
static bool any_overlap(const struct tlb *t, uint64_t va, unsigned ps, uint32_t rid)
{
    for (uint64_t left = t->ps_mask; left; left &= left - 1) {
        unsigned k = (unsigned)__builtin_ctzll(left), big = k > ps ? k : ps;
        uint64_t n = 1ull << (big - k);
        if (n > 16)
            return true;
        for (uint64_t j = 0, at = va & ~0ull << big; j < n; j++, at += 1ull << k)
            for (int i = t->bucket[hash(at, rid, k)]; i >= 0; i = t->e[i].next) {
                const struct tlb_ent *e = &t->e[i];
                if (e->ps == k && e->rid == rid && (e->va ^ at) >> k == 0)
                    return true;
            }
    }
    return false;
}

static void drop_fast(struct cpu *cpu, bool instruction, const struct tlb_ent *e)
{
    if (!instruction) {
        fast_drop_page(cpu, e->va, e->ps, e->rid);
        return;
    }
    for (unsigned r = 0; r < 8; r++)
        if (rr_rid(cpu->rr[r]) == e->rid)
            code_flush_region(cpu, r);
}

/* Removes what overlaps from entries [from, to). */
static void purge(struct cpu *cpu, bool instruction, int from, int to, uint64_t va, unsigned ps,
                  uint32_t rid)
{
    struct tlb *t = instruction ? &cpu->mmu->i : &cpu->mmu->d;

    for (int i = from; i < to; i++)
        if (overlaps(&t->e[i], va, ps, rid)) {
            drop_fast(cpu, instruction, &t->e[i]);
            unlink_ent(t, i);
        }
}

static const char *tr_overlap(const struct tlb *t, uint64_t va, unsigned ps, uint32_t rid,
                              int except, bool instruction, const char *doing, char *text,
                              size_t size)
{
    for (int i = 0; i < N_TR; i++)
        if (i != except && overlaps(&t->e[i], va, ps, rid)) {
            snprintf(text, size, "%s of 0x%llx, page size 2^%u, region id 0x%x overlaps %s[%d]",
                     doing, (unsigned long long)va, ps, rid, instruction ? "itr" : "dtr", i);
            return text;
        }
    return NULL;
}

bool tlb_reserved(uint64_t pte, uint64_t itir)
{
    unsigned ma = pte_ma(pte);

    if (!page_size_ok(itir >> 2 & 63) || (itir & 3))
        return true;
    if (!(pte & PTE_P))
        return false; /* SDM 2:4.1.1.5, not-present format: the rest is software's */
    return (pte & 2) || (pte >> 50 & 3) || itir >> 32 || (ma >= 1 && ma <= 3);
}

/* Makes room for a new cache entry, strictly in turn. */
static int victim(struct cpu *cpu, bool instruction)
{
    struct tlb *t = instruction ? &cpu->mmu->i : &cpu->mmu->d;
    int i = N_TR + (int)t->clock;

    t->clock = (t->clock + 1) % N_TC;
    if (t->e[i].valid) {
        /* The fast paths are part of the TLB: what it forgets, they forget. */
        drop_fast(cpu, instruction, &t->e[i]);
        unlink_ent(t, i);
    }
    return i;
}

static void observe(struct cpu *cpu, const char *what, uint64_t va, uint64_t pte, uint64_t itir)
{
    const struct observer *o = cpu->m ? cpu->m->obs : NULL;

    if (unlikely(o != NULL) && o->tlb)
        o->tlb(o->arg, cpu, what, va, pte, itir);
}

void tlb_insert(struct cpu *cpu, bool instruction, int slot, uint64_t va, uint64_t pte,
                uint64_t itir)
{
    struct tlb *t = instruction ? &cpu->mmu->i : &cpu->mmu->d;
    struct tlb_ent n = {
        .pte = pte, .rid = rr_rid(cpu->rr[va_vrn(va)]), .key = itir >> 8 & 0xffffff};
    struct tlb_ent old = {.valid = false};
    char text[128];
    int i;

    observe(cpu, slot < 0 ? (instruction ? "itc.i" : "itc.d") : (instruction ? "itr.i" : "itr.d"),
            va, pte, itir);
    n.ps = itir >> 2 & 63;
    n.va = va & VA_MASK & ~((1ull << n.ps) - 1);
    if (any_overlap(t, n.va, n.ps, n.rid)) {
        if (tr_overlap(t, n.va, n.ps, n.rid, slot, instruction, "insertion", text, sizeof text))
            machine_check(cpu, text);
        purge(cpu, instruction, N_TR, N_TR + N_TC, n.va, n.ps, n.rid);
    }
    if (slot >= 0) {
        i = slot;
        old = t->e[i];
        if (old.valid) {
            drop_fast(cpu, instruction, &old);
            unlink_ent(t, i);
        }
    } else {
        i = victim(cpu, instruction);
    }
    t->e[i] = n;
    link_ent(t, i);
    /* What a translation register held before stays as a cache entry, unless the new one is in its
     * way (SDM 3: itr page: it "may remain": software has to purge it, and a simulator that forgot
     * it would hide the bug). */
    if (old.valid && !overlaps(&old, n.va, n.ps, n.rid)) {
        i = victim(cpu, instruction);
        t->e[i] = old;
        link_ent(t, i);
    }
}

static uint64_t purge_base(uint64_t va, unsigned *ps)
{
    if (*ps < 12)
        *ps = 12;
    if (*ps > 61)
        *ps = 61;
    return va & VA_MASK & ~((1ull << *ps) - 1);
}

void tlb_purge_tc(struct cpu *cpu, uint64_t va, unsigned ps, uint32_t rid, bool remote)
{
    char text[128];
    uint64_t base = purge_base(va, &ps);

    observe(cpu, "ptc", va, 0, (uint64_t)ps << 2 | (uint64_t)rid << 8);
    const bool d = any_overlap(&cpu->mmu->d, base, ps, rid),
               i = any_overlap(&cpu->mmu->i, base, ps, rid);
    if (!remote &&
        ((d && tr_overlap(&cpu->mmu->d, base, ps, rid, -1, false, "ptc", text, sizeof text)) ||
         (i && tr_overlap(&cpu->mmu->i, base, ps, rid, -1, true, "ptc", text, sizeof text))))
        machine_check(cpu, text);
    if (d)
        purge(cpu, false, N_TR, N_TR + N_TC, base, ps, rid);
    if (i)
        purge(cpu, true, N_TR, N_TR + N_TC, base, ps, rid);
}

void tlb_purge_tr(struct cpu *cpu, bool instruction, uint64_t va, unsigned ps, uint32_t rid)
{
    uint64_t base = purge_base(va, &ps);

    observe(cpu, instruction ? "ptr.i" : "ptr.d", va, 0, (uint64_t)ps << 2 | (uint64_t)rid << 8);
    purge(cpu, instruction, 0, N_TR + N_TC, base, ps, rid);
}

void tlb_purge_all(struct cpu *cpu)
{
    observe(cpu, "ptc.e", 0, 0, 0);
    for (unsigned k = 0; k < 2; k++) {
        struct tlb *t = k ? &cpu->mmu->i : &cpu->mmu->d;
        for (int i = N_TR; i < N_TR + N_TC; i++)
            if (t->e[i].valid)
                unlink_ent(t, i);
        t->clock = 0;
    }
    mem_flush(cpu);
}

static void snap_one(struct snap *s, struct tlb *t)
{
    const struct tlb old = *t;

    if (snap_loading(s))
        tlb_clear(t);
    t->clock = old.clock;
    SNAP(s, t->clock);
    t->clock %= N_TC;
    for (int i = 0; i < N_TR + N_TC && snap_ok(s); i++) {
        struct tlb_ent e = old.e[i];
        snap_bool(s, &e.valid);
        if (!e.valid)
            continue;
        SNAP(s, e.va);
        SNAP(s, e.pte);
        SNAP(s, e.rid);
        SNAP(s, e.key);
        SNAP(s, e.ps);
        if (!snap_loading(s))
            continue;
        if (!page_size_ok(e.ps) || e.va & ~VA_MASK || e.va & ((1ull << e.ps) - 1) || e.rid >> 24 ||
            e.key >> 24) {
            snap_bad(s, "not a translation");
            return;
        }
        t->e[i] = e;
        link_ent(t, i);
    }
}

void tlb_snapshot(struct snap *s, struct cpu *cpu)
{
    snap_one(s, &cpu->mmu->i);
    snap_one(s, &cpu->mmu->d);
}
