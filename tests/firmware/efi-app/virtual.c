/* SPDX-License-Identifier: GPL-2.0-only
 *
 * After SetVirtualAddressMap, for real: firmware at 0xf000000000000000 and up, translations put in
 * one 4 KiB page at a time when they miss, also those of the pointers the firmware is given.
 */
#include "efi.h"

void virtual_enter(void *ivt);
extern char virtual_itlb[], virtual_dtlb[], virtual_end[];
uint64_t virtual_misses(void), virtual_fetches(void);
void virtual_purge(void);
uint64_t virtual_pal(uint64_t entry, uint64_t ret[3], uint64_t number, uint64_t a1, uint64_t a2,
                     uint64_t a3);

#define WINDOW 0xf000000000000000ull
#define V(p)   ((void *)((uint64_t)(p) | WINDOW))
static const struct guid g_sal = {
    0xeb9d2d32, 0x2d88, 0x11d3, {0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
static char *vectors, *pages; /* 32 KiB aligned, 64 KiB; 16 pages */

void virtual_prepare(void)
{
    uint64_t p = 0;
    EXPECT(bs->allocate_pages(0, 2, 32, &p), OK);
    vectors = (char *)((p + 0x7fff) & ~0x7fffull);
    memset(vectors, 0, 0x8000);
    memcpy(vectors + 0xc00, virtual_itlb, (uint64_t)virtual_dtlb - (uint64_t)virtual_itlb);
    memcpy(vectors + 0x1000, virtual_dtlb, (uint64_t)virtual_end - (uint64_t)virtual_dtlb);
    EXPECT(bs->allocate_pages(0, 2, 16, &p), OK);
    pages = (char *)p;
    memset(pages, 0, 16 << 12);
}

/* The call misses at least n times for its pointers, and does what it should. */
#define MISSES(n, call, st)                                                                        \
    do {                                                                                           \
        virtual_purge();                                                                           \
        uint64_t before_ = virtual_misses() - virtual_fetches();                                   \
        EXPECT(call, st);                                                                          \
        CHECK(virtual_misses() - virtual_fetches() - before_ >= (n));                              \
    } while (0)

static void runtime_services(void)
{
    struct runtime *r = st->rt; /* converted */
    struct etime *t = V(pages);
    char16 *name = (char16 *)(pages + 0x1ffe); /* across two pages */
    struct guid *g = (struct guid *)(pages + 0x3000);
    uint64_t *size = (uint64_t *)(pages + 0x4000);
    uint32_t *attr = (uint32_t *)(pages + 0x5000), *n = (uint32_t *)(pages + 0x5800);
    char *data = pages + 0x6ff0;
    void **p = (void **)(pages + 0xa000);

    CHECK((uint64_t)r >= WINDOW && (uint64_t)r->get_time >= WINDOW);
    MISSES(1, r->get_time(t, NULL), OK);
    CHECK(((struct etime *)pages)->year >= 1998);
    memcpy(name, u"Virtual", 16);
    memcpy(g, &g_test, sizeof *g);
    memcpy(data, "across two pages, too", 22);
    MISSES(5, r->set_variable(V(name), V(g), 7, 22, V(data)), OK);
    *size = 4;
    MISSES(4, r->get_variable(V(name), V(g), V(attr), V(size), V(pages + 0x8ff0)),
           BUFFER_TOO_SMALL);
    CHECK(*size == 22);
    MISSES(7, r->get_variable(V(name), V(g), V(attr), V(size), V(pages + 0x8ff0)), OK);
    CHECK(same(pages + 0x8ff0, data, 22) && *attr == 7);
    *size = 0x800;
    memset(pages + 0xb000, 0, 0x800);
    MISSES(3, r->next_variable(V(size), V(pages + 0xb000), V(g)), OK);
    CHECK(pages[0xb000]);
    MISSES(1, r->monotonic(V(n)), OK);
    MISSES(3, r->query_variable(7, V(size), V(pages + 0x8000), V(p)), OK);
    *p = (void *)st;
    MISSES(1, r->convert(0, V(p)), OK);
    CHECK(*p == V(st));
    EXPECT(r->get_time(NULL, NULL), INVALID_PARAMETER);
}

struct sal_result { /* r8 .. r11: a structure of four words is returned there */
    uint64_t status, v[3];
};
typedef struct sal_result sal_fn(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                 uint64_t, uint64_t);

static void sal_and_pal(void)
{
    const uint8_t *systab = NULL;
    uint64_t ret[3], d[2], pal, *w = (uint64_t *)(pages + 0xc000);
    struct config *tables = st->tables; /* converted, like st->rt */

    for (uint64_t i = 0; i < st->ntables; i++)
        if (same(&tables[i].guid, &g_sal, 16))
            systab = tables[i].table;
    CHECK(systab && same(systab, "SST_", 4) && systab[96] == 0);
    if (!systab)
        return;
    memcpy(&pal, systab + 96 + 8, 8);
    memcpy(d, systab + 96 + 16, 16);
    pal |= WINDOW;
    d[0] |= WINDOW;
    d[1] |= WINDOW;
    sal_fn *sal = (sal_fn *)(void *)d;
    struct sal_result s = sal(0x01000012, 0, 0, 0, 0, 0, 0, 0); /* SAL_FREQ_BASE: platform */
    CHECK(s.status == 0 && s.v[0] == 200000000);
    s = sal(0x01000010, 0, 4, 0, 0, 0, 0, 0); /* SAL_PCI_CONFIG_READ: the host bridge */
    CHECK(s.status == 0 && s.v[0] == 0x00081b36);
    s = sal(0x01000010, 0x1000000, 4, 0, 0, 0, 0, 0); /* another segment */
    CHECK(s.status == (uint64_t)-2);
    virtual_purge();
    s = sal(0x01000001, 0, 0, (uint64_t)V(pages + 0xd000), 0, 0, 0, 0); /* SAL_GET_STATE_INFO */
    CHECK(s.status == (uint64_t)-5);                                    /* nothing to tell */

    CHECK(virtual_pal(pal, ret, 8, 0, 0, 0) == 0);                          /* PAL_VM_SUMMARY */
    CHECK((ret[0] >> 32 & 0xff) >= 15 && (ret[0] >> 40 & 0xff) >= 15);      /* 16 dtr, itr */
    CHECK((ret[0] & 1) && (ret[0] >> 1 & 0x7f) == 50 && ret[0] >> 56 == 2); /* walker, address */
    CHECK((ret[0] >> 16 & 0xff) == 15 && (ret[0] >> 8 & 0xff) == 24);       /* keys */
    CHECK((ret[1] & 0xff) == 60 && (ret[1] >> 8 & 0xff) == 24);             /* address, region id */
    CHECK(virtual_pal(pal, ret, 34, 0, 0, 0) == 0); /* PAL_VM_PAGE_SIZE: 4K to 4G, both */
    CHECK(ret[0] == 0x155557000 && ret[1] == ret[0]);
    CHECK(virtual_pal(pal, ret, 6, 0, 0, 0) == 0); /* PAL_PTCE_INFO */
    CHECK(ret[1] >> 32 && (ret[1] & 0xffffffff));
    CHECK(virtual_pal(pal, ret, 5, 0, 0, 0) == 0 && ret[0] == 0xf1); /* PAL_MEM_ATTRIB */
    CHECK(virtual_pal(pal, ret, 14, 0, 0, 0) == 0 && ret[2] == (5ull << 32 | 1)); /* FREQ_RATIOS */
    CHECK(virtual_pal(pal, ret, 41, 0, 0, 0) == 1); /* PREFETCH_VISIBILITY */
    CHECK(virtual_pal(pal, ret, 1, 3, 0, 0) == 0);  /* PAL_CACHE_FLUSH */
    CHECK(virtual_pal(pal, ret, 1, 9, 0, 0) == (uint64_t)-2);
    CHECK(virtual_pal(pal, ret, 20, 0, 0, 0) == 0 && ret[0] && ret[1]); /* PAL_VERSION */
    CHECK(virtual_pal(pal, ret, 12, 0, 0, 0) == 0 && ret[0] == 0);      /* PAL_FIXED_ADDR */
    CHECK(virtual_pal(pal, ret, 42, (uint64_t)-1, 0, 0) == 0);          /* LOGICAL_TO_PHYSICAL */
    CHECK(virtual_pal(pal, ret, 19, 0, 0, 0) == 0 && ret[0] == 96);     /* PAL_RSE_INFO */
    virtual_purge();
    memset(w, 0, 128);
    virtual_purge();
    CHECK(virtual_pal(pal, ret, 15, (uint64_t)V(w), 0, 0) == 0 && w[0]); /* PAL_PERF_MON_INFO */
    CHECK(virtual_pal(pal, ret, 999, 0, 0, 0) == (uint64_t)-1);
    /* PAL_COPY_INFO, PAL_COPY_PAL; the copy works as the original does */
    CHECK(virtual_pal(pal, ret, 30, 0, 1, 0) == 0 && ret[0] <= 0x1000 && ret[1] <= 0x1000);
    CHECK(virtual_pal(pal, ret, 256, (uint64_t)pages + 0xf010, 0x1000, 0) == (uint64_t)-2);
    CHECK(virtual_pal(pal, ret, 256, (uint64_t)pages + 0xf000, 0x1000, 0) == 0);
    uint64_t copy = ((uint64_t)pages + 0xf000 + ret[0]) | WINDOW;
    CHECK(virtual_pal(copy, ret, 19, 0, 0, 0) == 0 && ret[0] == 96);
    CHECK(virtual_pal(pal, ret, 19, 0, 0, 0) == 0 && ret[0] == 96);
}

void virtual_test(void)
{
    virtual_enter(vectors);
    runtime_services();
    sal_and_pal();
    say("virtual: %d misses, %d of them fetches\n", virtual_misses(), virtual_fetches());
}
