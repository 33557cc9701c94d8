/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame table, machine addresses and Xen's virtual ones.
 */
/* Makes sense as a part of xen/mm.h only. */
#ifndef __XEN_MM_H__
#include <xen/mm.h>
#endif

#ifndef __ASM_IA64_MM_H__
#define __ASM_IA64_MM_H__

#include <xen/kernel.h>
#include <asm/page.h>
#include <public/xen.h>
#include <xen/pdx.h>

#define PFN_ORDER(pg)   ((pg)->v.free.order)

struct page_info
{
    /* Each frame can be threaded onto a doubly-linked list. */
    struct page_list_entry list;

    /* Reference count and various PGC_xxx flags and fields. */
    unsigned long count_info;

    union {
        /* In use: type reference count, PGT_xxx flags, and the frame's place in its owner's p2m. */
        struct {
            unsigned long type_info;
        } inuse;
        /* On a free list. */
        union {
            struct {
                /* First possibly unscrubbed page of the buddy; one bit more than MAX_ORDER for "none". */
#define INVALID_DIRTY_IDX ((1UL << (MAX_ORDER + 1)) - 1)
                unsigned long first_dirty:MAX_ORDER + 1;

                /* Do TLBs need flushing for safety before next page use? */
                bool need_tlbflush:1;

#define BUDDY_NOT_SCRUBBING    0
#define BUDDY_SCRUBBING        1
#define BUDDY_SCRUB_ABORT      2
                unsigned long scrub_state:2;
            };
            unsigned long val;
        } free;
    } u;

    union {
        struct {
            struct domain *domain;      /* owner, NULL if anonymous */
        } inuse;
        struct {
            unsigned int order;         /* of the chunk this page is the head of */
        } free;
    } v;

    uint32_t tlbflush_timestamp;
    uint32_t pad0;
    uint64_t pad[2];                    /* 64 bytes: an index is a shift, a frame never straddles pages */
};

#define PG_shift(idx)   (BITS_PER_LONG - (idx))
#define PG_mask(x, idx) (x ## UL << PG_shift(idx))

#define PGT_none            PG_mask(0, 1)   /* no special uses of this page */
#define PGT_writable_page   PG_mask(1, 1)   /* has writable mappings? */
#define PGT_type_mask       PG_mask(1, 1)

/* 2-bit count of uses of this frame as its current type. */
#define PGT_count_mask      PG_mask(3, 3)

/* Bits [60:0]: the guest frame this page is at (the machine-to-physical table). */
#define PGT_gfn_width       PG_shift(3)
#define PGT_gfn_mask        ((1UL << PGT_gfn_width) - 1)
#define PGT_INVALID_GFN     _gfn(PGT_gfn_mask)

#define PGT_TYPE_INFO_INITIALIZER gfn_x(PGT_INVALID_GFN)

/* Cleared when the owning guest 'frees' this page. */
#define _PGC_allocated      PG_shift(1)
#define PGC_allocated       PG_mask(1, 1)
/* Page is Xen heap? */
#define _PGC_xen_heap       PG_shift(2)
#define PGC_xen_heap        PG_mask(1, 2)
#define PGC_static          0
/* Page is broken? */
#define _PGC_broken         PG_shift(7)
#define PGC_broken          PG_mask(1, 7)
/* Mutually-exclusive page states: { inuse, offlining, offlined, free }. */
#define PGC_state           PG_mask(3, 9)
#define PGC_state_inuse     PG_mask(0, 9)
#define PGC_state_offlining PG_mask(1, 9)
#define PGC_state_offlined  PG_mask(2, 9)
#define PGC_state_free      PG_mask(3, 9)
#define page_state_is(pg, st) (((pg)->count_info & PGC_state) == PGC_state_##st)
/* Page is not reference counted */
#define _PGC_extra          PG_shift(10)
#define PGC_extra           PG_mask(1, 10)

/* Count of references to this frame. */
#define PGC_count_width     PG_shift(10)
#define PGC_count_mask      ((1UL << PGC_count_width) - 1)

/* Only free pages need scrubbing: the bit of allocated ones serves. */
#define _PGC_need_scrub     _PGC_allocated
#define PGC_need_scrub      PGC_allocated

#define is_xen_heap_page(page) ((page)->count_info & PGC_xen_heap)
#define is_xen_heap_mfn(mfn) \
    (mfn_valid(mfn) && is_xen_heap_page(mfn_to_page(mfn)))

#define is_xen_fixed_mfn(mfn) \
    ((mfn_to_maddr(mfn) - xen_phys_start) < (unsigned long)_end - XEN_VIRT_START)

#define page_get_owner(p)       ((p)->v.inuse.domain)
#define page_set_owner(p, d)    ((p)->v.inuse.domain = (d))
#define maddr_get_owner(ma)     (page_get_owner(maddr_to_page((ma))))

/*
 * The frame table has backing where there is RAM, in chunks of a granule's pages. Elsewhere it must not be touched: mfn_valid().
 */
#define FRAMETABLE_CHUNK_SHIFT  (DIRECTMAP_GRANULE_SHIFT - PAGE_SHIFT + 6)
#define PDX_GROUP_SHIFT         FRAMETABLE_CHUNK_SHIFT

#define frame_table ((struct page_info *)FRAMETABLE_VIRT_START)

extern unsigned long max_page;
extern unsigned long total_pages;

#define mfn_valid(mfn)  __mfn_valid(mfn_x(mfn))

#define mfn_to_page(mfn) (frame_table + mfn_to_pdx(mfn))
#define page_to_mfn(pg)  pdx_to_mfn((unsigned long)((pg) - frame_table))

#define maddr_to_page(ma) mfn_to_page(maddr_to_mfn(ma))
#define page_to_maddr(pg) (mfn_to_maddr(page_to_mfn(pg)))

#define pfn_to_paddr(pfn)   ((paddr_t)(pfn) << PAGE_SHIFT)
#define paddr_to_pfn(pa)    ((unsigned long)((pa) >> PAGE_SHIFT))
#define paddr_to_pdx(pa)    mfn_to_pdx(maddr_to_mfn(pa))
#define gfn_to_gaddr(gfn)   pfn_to_paddr(gfn_x(gfn))
#define gaddr_to_gfn(ga)    _gfn(paddr_to_pfn(ga))
#define mfn_to_maddr(mfn)   pfn_to_paddr(mfn_x(mfn))
#define maddr_to_mfn(ma)    _mfn(paddr_to_pfn(ma))
#define paddr_to_pfn_aligned(paddr) paddr_to_pfn(PAGE_ALIGN(paddr))

/* Of vmap's region: directmap.c. */
paddr_t vmap_virt_to_maddr(vaddr_t va);
#define vmap_to_mfn(va)     maddr_to_mfn(vmap_virt_to_maddr((vaddr_t)(va)))
#define vmap_to_page(va)    mfn_to_page(vmap_to_mfn(va))

/* The image, the directmap and the uncached window; for these alone. */
static inline paddr_t __virt_to_maddr(vaddr_t va)
{
    if ( va - XEN_VIRT_START < XEN_IMAGE_SIZE )
        return va - XEN_VIRT_START + xen_phys_start;

    ASSERT((va & ~(UNCACHED_VIRT_START ^ DIRECTMAP_VIRT_START)) - DIRECTMAP_VIRT_START < DIRECTMAP_SIZE);

    return va & (DIRECTMAP_SIZE - 1);
}
#define virt_to_maddr(va)   __virt_to_maddr((vaddr_t)(va))

static inline void *maddr_to_virt(paddr_t ma)
{
    ASSERT(ma < DIRECTMAP_SIZE);

    return (void *)(DIRECTMAP_VIRT_START + ma);
}

static inline bool arch_mfns_in_directmap(unsigned long mfn, unsigned long nr)
{
    return true;
}

static inline void __iomem *maddr_to_uncached(paddr_t ma)
{
    return (void __iomem *)(UNCACHED_VIRT_START + ma);
}

#define __pa(x)             (virt_to_maddr(x))
#define __va(x)             (maddr_to_virt(x))

#define __virt_to_mfn(va)   (virt_to_maddr(va) >> PAGE_SHIFT)
#define __mfn_to_virt(mfn)  (maddr_to_virt((paddr_t)(mfn) << PAGE_SHIFT))
#define virt_to_mfn(va)     __virt_to_mfn(va)
#define mfn_to_virt(mfn)    __mfn_to_virt(mfn)

static inline struct page_info *virt_to_page(const void *v)
{
    return maddr_to_page(virt_to_maddr(v));
}

static inline void *page_to_virt(const struct page_info *pg)
{
    return mfn_to_virt(mfn_x(page_to_mfn(pg)));
}

/* ioremap() is directmap.c's: the uncached window is always there. */
static inline void __iomem *ioremap_nocache(paddr_t start, size_t len)
{
    return maddr_to_uncached(start);
}

/* directmap.c, frametable.c, pages.c: what a miss in Xen's own addresses means. Inserts the translation, or says that there is none. */
bool xen_page_fault(vaddr_t ifa);
bool is_wb_ram(paddr_t start, paddr_t end);     /* all of it ordinary memory, by EFI's map */

/* Guest frame of a page: INVALID_GFN when it has none. Changes are made under the owner's p2m lock, or are whole (as here). */
static inline gfn_t page_get_gfn(const struct page_info *p)
{
    gfn_t gfn = _gfn(ACCESS_ONCE(p->u.inuse.type_info) & PGT_gfn_mask);

    return gfn_eq(gfn, PGT_INVALID_GFN) ? INVALID_GFN : gfn;
}

static inline void page_set_gfn(struct page_info *p, gfn_t gfn)
{
    unsigned long field = gfn_eq(gfn, INVALID_GFN) ? gfn_x(PGT_INVALID_GFN) : gfn_x(gfn);
    unsigned long x, nx, y = p->u.inuse.type_info;

    do {
        x = y;
        nx = (x & ~PGT_gfn_mask) | field;
    } while ( (y = cmpxchg(&p->u.inuse.type_info, x, nx)) != x );
}

#define page_get_xenheap_gfn(p)         page_get_gfn(p)
#define page_set_xenheap_gfn(p, gfn)    page_set_gfn(p, gfn)

#define INVALID_M2P_ENTRY   (~0UL)
#define SHARED_M2P_ENTRY    (~0UL - 1UL)
#define SHARED_M2P(e)       ((e) == SHARED_M2P_ENTRY)

#define set_gpfn_from_mfn(mfn, pfn) page_set_gfn(mfn_to_page(_mfn(mfn)), _gfn(pfn))
#define mfn_to_gfn(d, mfn)  ((void)(d), page_get_gfn(mfn_to_page(mfn)))

/* mm.c */
long arch_memory_op(int op, XEN_GUEST_HANDLE_PARAM(void) arg);

#define domain_set_alloc_bitsize(d) ((void)0)
#define domain_clamp_alloc_bitsize(d, b) (b)

unsigned long domain_get_maximum_gpfn(struct domain *d);

void free_init_memory(void);

int guest_physmap_mark_populate_on_demand(struct domain *d, unsigned long gfn,
                                          unsigned int order);

bool get_page_nr(struct page_info *page, const struct domain *domain,
                 unsigned long nr);
void put_page_nr(struct page_info *page, unsigned long nr);

int get_page_type(struct page_info *page, unsigned long type);
void put_page_type(struct page_info *page);
static inline void put_page_and_type(struct page_info *page)
{
    put_page_type(page);
    put_page(page);
}

bool is_iomem_page(mfn_t mfn);

#define arch_get_dma_bitsize() 32u

#endif /* __ASM_IA64_MM_H__ */
