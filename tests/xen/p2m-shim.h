/* SPDX-License-Identifier: GPL-2.0-only
 *
 * As much of Xen as p2m.c needs, on the host. Machine memory is a block of the host's: the frame
 * table's pages belong to nobody, p2m tables come from its end.
 */
#ifndef TESTS_XEN_HOST_SHIM_H
#define TESTS_XEN_HOST_SHIM_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wsign-compare"

#define XEN_HOST_TEST
#define ERESTART         85
#define PADDR_BITS       50
#define PAGE_SHIFT       12
#define PAGE_SIZE        (1ul << PAGE_SHIFT)
#define ASSERT(x)        ((x) ? (void)0 : abort())
#define ACCESS_ONCE(x)   (*(volatile __typeof__(x) *)&(x))
#define ARRAY_SIZE(a)    (sizeof(a) / sizeof *(a))
#define likely(x)        (x)
#define unlikely(x)      (x)
#define smp_wmb()        __sync_synchronize()
#define cmpxchg(p, o, n) __sync_val_compare_and_swap(p, o, n)
#define xchg(p, n)       __atomic_exchange_n(p, n, __ATOMIC_SEQ_CST)
#define __must_check

typedef uint64_t paddr_t;
typedef struct {
    unsigned long v;
} mfn_t, gfn_t;
#define _mfn(x)         ((mfn_t){x})
#define _gfn(x)         ((gfn_t){x})
#define mfn_x(m)        ((m).v)
#define gfn_x(g)        ((g).v)
#define mfn_eq(a, b)    ((a).v == (b).v)
#define gfn_eq(a, b)    ((a).v == (b).v)
#define mfn_add(m, n)   _mfn((m).v + (n))
#define gfn_add(g, n)   _gfn((g).v + (n))
#define INVALID_MFN     _mfn(~0ul)
#define INVALID_GFN     _gfn(~0ul)
#define gfn_to_gaddr(g) ((paddr_t)(g).v << PAGE_SHIFT)

struct domain;
struct vcpu;
struct page_info {
    struct domain *owner;
    gfn_t gfn;
    struct page_info *next;
    union {
        struct {
            unsigned long type_info;
        } inuse;
    } u;
};
#define PGT_writable_page 1
struct page_list_head {
    struct page_info *first;
};

enum { SHIM_FRAMES = 1 << 18, SHIM_TABLES = 4096 };
static struct page_info *shim_frames;
static char *shim_memory; /* of the tables: frames from SHIM_FRAMES on */
static unsigned shim_used, shim_freed, flushes;

static inline void shim_init(void)
{
    shim_frames = calloc(SHIM_FRAMES + SHIM_TABLES, sizeof *shim_frames);
    shim_memory = aligned_alloc(PAGE_SIZE, (size_t)SHIM_TABLES * PAGE_SIZE);
    if (!shim_frames || !shim_memory)
        abort();
}
static inline void shim_end(void)
{
    free(shim_frames);
    free(shim_memory);
}
static inline unsigned shim_pages(void)
{
    return shim_used - shim_freed;
}

#define mfn_to_page(m)  (&shim_frames[(m).v])
#define page_to_mfn(p)  _mfn((unsigned long)((p)-shim_frames))
#define mfn_valid(m)    ((m).v < SHIM_FRAMES)
#define mfn_to_virt(n)  ((void *)(shim_memory + ((n)-SHIM_FRAMES) * PAGE_SIZE))
#define page_to_virt(p) mfn_to_virt(page_to_mfn(p).v)
#define virt_to_maddr(v)                                                                           \
    (((uint64_t)((char *)(v)-shim_memory) / PAGE_SIZE + SHIM_FRAMES) << PAGE_SHIFT)
#define virt_to_page(v) mfn_to_page(_mfn(virt_to_maddr(v) >> PAGE_SHIFT))

static inline struct page_info *alloc_domheap_pages(struct domain *d, unsigned order,
                                                    unsigned flags)
{
    if (shim_used + (1u << order) > SHIM_TABLES)
        return NULL;
    shim_used += 1u << order;
    return &shim_frames[SHIM_FRAMES + shim_used - (1u << order)];
}
#define alloc_domheap_page(d, flags) alloc_domheap_pages(d, 0, flags)
static inline void free_domheap_pages(struct page_info *pg, unsigned order)
{
    shim_freed += 1u << order;
}
#define free_domheap_page(pg)  free_domheap_pages(pg, 0)
#define clear_page(p)          memset(p, 0, PAGE_SIZE)
#define INIT_PAGE_LIST_HEAD(l) ((l)->first = NULL)
static inline void page_list_add(struct page_info *pg, struct page_list_head *l)
{
    pg->next = l->first;
    l->first = pg;
}
static inline struct page_info *page_list_remove_head(struct page_list_head *l)
{
    struct page_info *pg = l->first;
    if (pg)
        l->first = pg->next;
    return pg;
}
#define page_get_owner(p)  ((p)->owner)
#define page_get_gfn(p)    ((p)->gfn)
#define page_set_gfn(p, g) ((p)->gfn = (g))

typedef struct {
    bool held;
} spinlock_t;
#define spin_lock_init(l) ((l)->held = false)
#define spin_lock(l)      (ASSERT(!(l)->held), (l)->held = true)
#define spin_unlock(l)    (ASSERT((l)->held), (l)->held = false)

/* Only frames of no owner are mapped here: references are not. */
static inline bool get_page(struct page_info *pg, const struct domain *d)
{
    return pg->owner == d;
}
#define put_page(pg)                     ((void)(pg))
#define page_get_owner_and_reference(pg) ((pg)->owner)
#define get_page_type(pg, t)             ((void)(pg), (void)(t), 1)

#define local_irq_is_enabled()          false
#define hypercall_preempt_check()       false
#define is_hardware_domain(d)           false
#define hardware_domain                 ((struct domain *)0)
#define iomem_access_permitted(d, a, b) false
#define guest_mmio_page(d, pa)          ((void)(pa), false)
#define is_wb_ram(a, b)                 false
#define dom_xen                         ((struct domain *)8)
#define domain_flush_tlb(d)             ((void)(d), flushes++)

int guest_physmap_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order);
int map_mmio_regions(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn);
int unmap_mmio_regions(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn);
int set_foreign_p2m_entry(struct domain *d, const struct domain *fd, unsigned long gfn, mfn_t mfn);

#include "xen/xen/arch/ia64/include/asm/p2m.h"

struct domain {
    struct {
        struct p2m_domain p2m;
    } arch;
};

#endif
