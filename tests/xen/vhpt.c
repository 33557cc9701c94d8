/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/unit: the hypervisor's VHPT (xen/.../vhpt.c, compiled for the host) against a plain list,
 * with hash and tag as the simulator's thash and ttag make them. Random additions, removals and
 * look-ups; what the walker would find in a head must be what the list says, or nothing; nothing
 * that was removed is ever found.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VHPT_HOST_TEST
#define smp_wmb() __sync_synchronize()
#include "xen/xen/arch/ia64/include/asm/vhpt.h"
#include "xen/xen/arch/ia64/vhpt.c"

static uint64_t seed = 88172645463325252ull;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static char *base;

/* SDM 2:4.1.6.2; sim/mmu/vhpt.c. */
static struct vhpt_entry *thash(uint64_t page, uint64_t rid)
{
    uint64_t offset = (page ^ page >> 39 ^ rid ^ rid << 10) << VHPT_ENTRY_SHIFT;
    return (struct vhpt_entry *)(base + (offset & ((1ul << VHPT_HEADS_SHIFT) - 1)));
}
static uint64_t ttag(uint64_t page, uint64_t rid)
{
    return rid << 39 | (page & ((1ull << 39) - 1));
}

static int failures;
static void expect(bool ok, const char *what, uint64_t got, uint64_t want)
{
    if (ok)
        return;
    if (failures++ < 10)
        printf("%s: expected 0x%llx, got 0x%llx\n", what, (unsigned long long)want,
               (unsigned long long)got);
}

static void verdict(const char *name, int before)
{
    if (failures == before)
        printf("PASS %s\n", name);
    else
        printf("FAIL %s: expected no difference, got %d, in tests/xen/vhpt.c\n", name,
               failures - before);
}

/* Every entry, valid or free, is in exactly one place. */
static void whole(void)
{
    struct vhpt_info *vi = (struct vhpt_info *)(base + VHPT_SIZE / 2);
    struct vhpt_entry *head = (struct vhpt_entry *)base, *e;
    uint64_t valid = 0, chained = 0, free = 0;

    for (unsigned i = 0; i < VHPT_NR_HEADS; i++) {
        valid += !(head[i].tag & VHPT_TAG_INVALID);
        if (head[i].tag & VHPT_TAG_INVALID)
            expect(!head[i].next, "an invalid head's chain", (uintptr_t)head[i].next, 0);
        for (e = head[i].next; e; e = e->next, chained++)
            expect(!(e->tag & VHPT_TAG_INVALID), "a chained entry's tag", e->tag, 0);
    }
    for (e = vi->free; e; e = e->next)
        free++;
    expect(chained + free == VHPT_NR_CHAINED, "chained and free", chained + free, VHPT_NR_CHAINED);
    expect(valid + chained == vi->used, "used", vi->used, valid + chained);
}

enum { N = 40000 };
struct ref {
    uint64_t page, rid, pte;
    bool in;
};
static struct ref ref[N];

static void random_operations(unsigned pages, unsigned rids, unsigned count)
{
    for (unsigned i = 0; i < N; i++)
        ref[i] = (struct ref){.page = (rnd() % pages) | (i & 1 ? 1ull << 45 : 0),
                              .rid = rnd() % rids + (i % 7 << 18)};
    /* The same translation only once in the list. */
    for (unsigned i = 0; i < N; i++)
        ref[i].page = (ref[i].page & ~0xffffull) | i;
    vhpt_clear(base);
    for (unsigned n = 0; n < count; n++) {
        struct ref *r = &ref[rnd() % N];
        struct vhpt_entry *head = thash(r->page, r->rid), *e;
        uint64_t tag = ttag(r->page, r->rid);

        switch (rnd() % 4) {
        case 0:
        case 1:
            r->pte = rnd();
            r->in = true;
            vhpt_add(base, head, r->pte, r->pte ^ 5, tag);
            expect(head->tag == tag && head->pte == r->pte && head->itir == (r->pte ^ 5),
                   "added last, head's pte", head->pte, r->pte);
            break;
        case 2:
            vhpt_remove(base, head, tag);
            r->in = false;
            expect(!vhpt_find(head, tag), "removed, found", 1, 0);
            break;
        default: /* what was added may have given way; never wrong */
            e = vhpt_find(head, tag);
            if (e) {
                expect(r->in, "found though removed", 1, 0);
                expect(e->pte == r->pte && e->itir == (r->pte ^ 5), "found, pte", e->pte, r->pte);
            }
        }
        if (n % 20011 == 0)
            whole();
    }
    whole();
}

int main(void)
{
    int before;

    base = aligned_alloc(VHPT_SIZE, VHPT_SIZE);
    if (!base)
        return 2;

    before = failures;
    vhpt_clear(base);
    whole();
    verdict("vhpt-empty", before);

    before = failures;
    vhpt_clear(base);
    for (unsigned i = 0; i < 100; i++) /* one chain of 100: all found, in any order gone */
        vhpt_add(base, (struct vhpt_entry *)base, i, i ^ 5, i + 1);
    for (unsigned i = 0; i < 100; i++) {
        struct vhpt_entry *e = vhpt_find((struct vhpt_entry *)base, i + 1);
        expect(e && e->pte == i, "one chain", e ? e->pte : ~0ull, i);
    }
    for (unsigned i = 0; i < 100; i++) {
        unsigned k = i * 37 % 100;
        expect(vhpt_remove(base, (struct vhpt_entry *)base, k + 1), "removal", 0, 1);
        expect(!vhpt_remove(base, (struct vhpt_entry *)base, k + 1), "second removal", 1, 0);
    }
    whole();
    verdict("vhpt-chain", before);

    before = failures;
    random_operations(1u << 16, 50, 400000);
    verdict("vhpt-random", before);

    /* All in a few heads: chains run out, and entries are taken from others'. */
    before = failures;
    vhpt_clear(base);
    for (unsigned i = 0; i < 3 * VHPT_NR_CHAINED; i++)
        vhpt_add(base, (struct vhpt_entry *)base + i % 8, i, i ^ 5, i + 1);
    whole();
    for (unsigned i = 0; i < 8; i++) {
        struct vhpt_entry *e = (struct vhpt_entry *)base + i;
        expect(e->pte >= 3 * VHPT_NR_CHAINED - 8, "the newest is in the head", e->pte,
               3 * VHPT_NR_CHAINED - 8);
    }
    verdict("vhpt-full", before);

    free(base);
    return failures != 0;
}
