/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest-physical frame is: the p2m of a domain. A tree of four levels (11, 9, 9, 9 bits of the frame number) whose leaves are 4 KiB, 2 MiB or
 * 1 GiB. Tables are freed only with the domain, entries are single words: looking up takes no lock.
 *
 * An entry has a bit "used", set by whoever makes a machine translation from it, with interrupts off until the translation is inserted. Whoever changes
 * a used entry then flushes the domain's translations on all processors: their interrupts wait for the insertion, so nothing stale is left (see p2m.c).
 */
#ifndef __ASM_IA64_P2M_H__
#define __ASM_IA64_P2M_H__

#ifndef XEN_HOST_TEST
#include <xen/mm.h>
#include <xen/spinlock.h>
#endif

#define paddr_bits PADDR_BITS

typedef enum {
    p2m_invalid = 0,        /* nothing here */
    p2m_ram_rw,
    p2m_ram_ro,
    p2m_mmio_direct,        /* a device's registers: uncacheable */
    p2m_map_foreign_rw,     /* RAM of another domain, a reference is held */
    p2m_map_foreign_ro,
    p2m_grant_map_rw,
    p2m_grant_map_ro,
    p2m_mmio_fw,            /* the machine's firmware memory: as the machine's memory map says, cached or not as the guest says */
} p2m_type_t;

#define p2m_to_mask(t)      (1UL << (t))
#define P2M_RAM_TYPES       (p2m_to_mask(p2m_ram_rw) | p2m_to_mask(p2m_ram_ro))
#define P2M_GRANT_TYPES     (p2m_to_mask(p2m_grant_map_rw) | p2m_to_mask(p2m_grant_map_ro))
#define P2M_FOREIGN_TYPES   (p2m_to_mask(p2m_map_foreign_rw) | p2m_to_mask(p2m_map_foreign_ro))
#define P2M_RO_TYPES        (p2m_to_mask(p2m_ram_ro) | p2m_to_mask(p2m_map_foreign_ro) | p2m_to_mask(p2m_grant_map_ro))

#define p2m_is_ram(t)       (p2m_to_mask(t) & P2M_RAM_TYPES)
#define p2m_is_grant(t)     (p2m_to_mask(t) & P2M_GRANT_TYPES)
#define p2m_is_foreign(t)   (p2m_to_mask(t) & P2M_FOREIGN_TYPES)
#define p2m_is_any_ram(t)   (p2m_to_mask(t) & (P2M_RAM_TYPES | P2M_GRANT_TYPES | P2M_FOREIGN_TYPES))
#define p2m_is_readonly(t)  (p2m_to_mask(t) & P2M_RO_TYPES)

struct p2m_domain {
    spinlock_t lock;                /* writers only */
    struct page_list_head pages;    /* the tables */
    uint64_t *root;                 /* 2^11 entries */
    gfn_t max_mapped_gfn;           /* highest frame ever mapped */
    unsigned long next_gfn;         /* where preempted teardown goes on */
};

#ifndef XEN_HOST_TEST
#include <xen/p2m-common.h>
#endif

static inline bool arch_acquire_resource_check(struct domain *d)
{
    /* set_foreign_p2m_entry() counts references. */
    return true;
}

static inline void p2m_altp2m_check(struct vcpu *v, uint16_t idx)
{
}

static inline void memory_type_changed(struct domain *d)
{
}

/* p2m.c. 0 or -errno. */
int p2m_init(struct domain *d);
/* Drops the references that foreign and grant entries hold. -ERESTART: call again. No vcpu of the domain runs any more. */
int p2m_relinquish(struct domain *d);
void p2m_teardown(struct domain *d);
/* mm.c: gives up the pages of one of the domain's lists. -ERESTART: call again. */
int relinquish_memory(struct domain *d, struct page_list_head *list);

/* The machine frame, INVALID_MFN if there is none; *t (may be NULL) its type. What it says may change meanwhile: hold a reference to the page. */
mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t);
mfn_t gfn_to_mfn(struct domain *d, gfn_t gfn);

/*
 * For a translation of 2^order frames round gfn: the largest aligned block of frames of an order out of the machine's page sizes, no larger than `order`,
 * holding gfn and contiguous, aligned and of one type in the machine. *mfn is that of the block's first frame. Marks the entries used. Interrupts must be
 * off and stay off until the translation is inserted. Returns the block's order, or -1 if nothing is mapped at gfn.
 */
int p2m_extent(struct domain *d, gfn_t gfn, unsigned int order, mfn_t *mfn, p2m_type_t *t);

int guest_physmap_add_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned long page_order, p2m_type_t t);

static inline int __must_check guest_physmap_add_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int page_order)
{
    return guest_physmap_add_entry(d, gfn, mfn, page_order, p2m_ram_rw);
}

/* nr frames from gfn to those from mfn, of any number and alignment; and away. */
int p2m_insert_mapping(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, p2m_type_t t);
int p2m_remove_mapping(struct domain *d, gfn_t gfn, unsigned long nr);

static inline int guest_physmap_add_pages(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int nr_pages)
{
    return p2m_insert_mapping(d, gfn, nr_pages, mfn, p2m_ram_rw);
}

/* A page of the machine's devices that the hardware domain may reach at its own address, mapped when it is first touched. False: not its. */
bool p2m_map_mmio(struct domain *d, gfn_t gfn);

/* Look up a GFN and take a reference count on the backing page. */
typedef unsigned int p2m_query_t;
#define P2M_ALLOC    (1u<<0)
#define P2M_UNSHARE  (1u<<1)

struct page_info *p2m_get_page_from_gfn(struct domain *d, gfn_t gfn, p2m_type_t *t);

/* dom_xen is not translated: p2m.c knows. */
struct page_info *get_page_from_gfn(struct domain *d, unsigned long gfn, p2m_type_t *t, p2m_query_t q);

static inline int get_page_and_type(struct page_info *page, struct domain *domain, unsigned long type)
{
    int rc = get_page(page, domain);

    if ( likely(rc) && unlikely(!get_page_type(page, type)) )
    {
        put_page(page);
        rc = 0;
    }

    return rc;
}


#endif /* __ASM_IA64_P2M_H__ */
