/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages: whose they are and how many refer to them; what memory hypercalls do of it to a domain's p2m. Guests are translated, so that a page needs no
 * type: what may be written to it is decided by its p2m entry.
 */
#include <xen/domain_page.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/guest_access.h>
#include <xen/iocap.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xsm/xsm.h>

#include <asm/p2m.h>

/* A reference of the page's owner, who is returned; NULL if the page is free. */
static struct domain *get_owner_nr(struct page_info *page, unsigned long nr)
{
    unsigned long x, y = page->count_info;
    struct domain *owner;

    if ( nr >= PGC_count_mask )
    {
        ASSERT_UNREACHABLE();
        return NULL;
    }

    do {
        x = y;
        /* 0: not allocated. All ones: would wrap. */
        if ( unlikely(((x + nr) & PGC_count_mask) <= nr) )
            return NULL;
    } while ( (y = cmpxchg(&page->count_info, x, x + nr)) != x );

    owner = page_get_owner(page);
    ASSERT(owner);

    return owner;
}

struct domain *page_get_owner_and_reference(struct page_info *page)
{
    return get_owner_nr(page, 1);
}

bool get_page_nr(struct page_info *page, const struct domain *domain, unsigned long nr)
{
    const struct domain *owner = get_owner_nr(page, nr);

    if ( likely(owner == domain) )
        return true;
    if ( owner )
        put_page_nr(page, nr);

    return false;
}

bool get_page(struct page_info *page, const struct domain *domain)
{
    return get_page_nr(page, domain, 1);
}

void put_page_nr(struct page_info *page, unsigned long nr)
{
    unsigned long nx, x, y = page->count_info;

    do {
        ASSERT((y & PGC_count_mask) >= nr);
        x = y;
        nx = x - nr;
    } while ( unlikely((y = cmpxchg(&page->count_info, x, nx)) != x) );

    if ( unlikely((nx & PGC_count_mask) == 0) )
        free_domheap_page(page);
}

void put_page(struct page_info *page)
{
    put_page_nr(page, 1);
}

int get_page_type(struct page_info *page, unsigned long type)
{
    return 1;
}

void put_page_type(struct page_info *page)
{
}

bool is_iomem_page(mfn_t mfn)
{
    return !mfn_valid(mfn);
}

int page_is_ram_type(unsigned long mfn, unsigned long mem_type)
{
    bool ram = is_wb_ram(mfn << PAGE_SHIFT, (mfn + 1) << PAGE_SHIFT);

    /* Which of the ranges that are no ordinary memory were "reserved" nobody asks. */
    return (mem_type & RAM_TYPE_CONVENTIONAL) ? ram : !ram;
}

unsigned long domain_get_maximum_gpfn(struct domain *d)
{
    return gfn_x(d->arch.p2m.max_mapped_gfn);
}

unsigned long get_upper_mfn_bound(void)
{
    return max_page - 1;
}

int guest_physmap_mark_populate_on_demand(struct domain *d, unsigned long gfn, unsigned int order)
{
    return -EOPNOTSUPP;
}

unsigned long p2m_pod_decrease_reservation(struct domain *d, gfn_t gfn, unsigned int order)
{
    return 0;
}

/* Takes a page from its owner, who alone refers to it (XENMEM_exchange, gnttab transfer). The caller has to take it out of the p2m. */
int steal_page(struct domain *d, struct page_info *page, unsigned int memflags)
{
    unsigned long x, y;
    bool drop_dom_ref = false;

    if ( is_xen_heap_page(page) )
        return -EPERM;

    spin_lock(&d->page_alloc_lock);

    if ( (page->count_info & PGC_extra) || d->is_dying || page_get_owner(page) != d )
        goto fail;

    /* One reference from the allocation, one of the caller's. */
    y = page->count_info;
    do {
        x = y;
        if ( (x & (PGC_count_mask | PGC_allocated)) != (2 | PGC_allocated) )
            goto fail;
        y = cmpxchg(&page->count_info, x, x & ~(PGC_count_mask | PGC_allocated));
    } while ( y != x );

    page_set_owner(page, NULL);
    page_list_del(page, &d->page_list);
    if ( !(memflags & MEMF_no_refcount) && !domain_adjust_tot_pages(d, -1) )
        drop_dom_ref = true;

    spin_unlock(&d->page_alloc_lock);

    if ( unlikely(drop_dom_ref) )
        put_domain(d);

    return 0;

 fail:
    spin_unlock(&d->page_alloc_lock);

    return -EINVAL;
}

void share_xen_page_with_guest(struct page_info *page, struct domain *d, enum XENSHARE_flags flags)
{
    unsigned long x, nx, y = page->u.inuse.type_info;

    if ( page_get_owner(page) == d )
        return;

    spin_lock(&d->page_alloc_lock);

    /* The type count says that it is shared; the type, how. */
    do {
        x = y;
        nx = (x & ~(PGT_type_mask | PGT_count_mask)) |
             (flags == SHARE_ro ? PGT_none : PGT_writable_page) | MASK_INSR(1, PGT_count_mask);
    } while ( (y = cmpxchg(&page->u.inuse.type_info, x, nx)) != x );

    page_set_owner(page, d);
    smp_wmb();      /* the owner before the first reference */
    ASSERT((page->count_info & ~PGC_xen_heap) == 0);

    if ( !d->is_dying )
    {
        page->count_info |= PGC_allocated | 1;
        if ( unlikely(d->xenheap_pages++ == 0) )
            get_knownalive_domain(d);
        page_list_add_tail(page, &d->xenpage_list);
    }

    spin_unlock(&d->page_alloc_lock);
}

/* Foreign memory: a reference, kept by the p2m entry. */
static int add_foreign(struct domain *d, domid_t foreign, unsigned long idx, gfn_t gfn)
{
    struct domain *od = get_pg_owner(foreign);
    struct page_info *page = NULL;
    p2m_type_t t;
    int rc;

    if ( !od )
        return -ESRCH;

    rc = -EINVAL;
    if ( od == d )
        goto out;
    rc = xsm_map_gmfn_foreign(XSM_TARGET, d, od);
    if ( rc )
        goto out;

    rc = -EINVAL;
    page = get_page_from_gfn(od, idx, &t, P2M_ALLOC);
    if ( !page || !p2m_is_ram(t) )
        goto out;

    rc = guest_physmap_add_entry(d, gfn, page_to_mfn(page), 0, t == p2m_ram_rw ? p2m_map_foreign_rw : p2m_map_foreign_ro);

 out:
    if ( rc && page )
        put_page(page);
    put_pg_owner(od);

    return rc;
}

/* A page of Xen's at gfn; from where it was before. */
static int add_xen_page(struct domain *d, mfn_t mfn, gfn_t gfn)
{
    gfn_t old = page_get_gfn(mfn_to_page(mfn));

    if ( !gfn_eq(old, INVALID_GFN) )
    {
        int rc = guest_physmap_remove_page(d, old, mfn, 0);

        if ( rc && rc != -ENOENT )
            return rc;
        page_set_gfn(mfn_to_page(mfn), INVALID_GFN);
    }

    return guest_physmap_add_entry(d, gfn, mfn, 0, p2m_ram_rw);
}

/* RAM that a mapping is about to replace goes back, as on other architectures: it would have no address any more. */
static int make_room(struct domain *d, gfn_t gfn)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(d, gfn, &t);

    if ( mfn_eq(mfn, INVALID_MFN) || !p2m_is_ram(t) )
        return 0;
    if ( is_xen_heap_mfn(mfn) )
        return guest_physmap_remove_page(d, gfn, mfn, 0);

    return guest_remove_page(d, gfn_x(gfn));
}

int xenmem_add_to_physmap_one(struct domain *d, unsigned int space, union add_to_physmap_extra extra, unsigned long idx, gfn_t gfn)
{
    mfn_t mfn;
    int rc;

    /* Before what is somewhere else leaves its place. */
    if ( gfn_x(gfn) >> (PADDR_BITS - PAGE_SHIFT) )
        return -EINVAL;

    switch ( space )
    {
    case XENMAPSPACE_shared_info:
        if ( idx )
            return -EINVAL;
        rc = make_room(d, gfn);
        if ( rc )
            return rc;
        return add_xen_page(d, _mfn(virt_to_mfn(d->shared_info)), gfn);

    case XENMAPSPACE_grant_table:
        rc = make_room(d, gfn);
        if ( rc )
            return rc;
        rc = gnttab_map_frame(d, idx, gfn, &mfn);
        if ( rc )
            return rc;
        rc = add_xen_page(d, mfn, gfn);
        /* gnttab_map_frame() took a reference. */
        put_page(mfn_to_page(mfn));
        return rc;

    case XENMAPSPACE_gmfn:
    {
        /* A page of the domain's own to another place. */
        p2m_type_t t;
        struct page_info *page = get_page_from_gfn(d, idx, &t, P2M_ALLOC);

        if ( !page )
            return -EINVAL;
        rc = -EINVAL;
        if ( p2m_is_ram(t) && !is_xen_heap_page(page) )
            rc = gfn_x(gfn) == idx ? 0 : make_room(d, gfn);
        if ( !rc && gfn_x(gfn) != idx )
        {
            rc = guest_physmap_remove_page(d, _gfn(idx), page_to_mfn(page), 0);
            if ( !rc )
                rc = guest_physmap_add_entry(d, gfn, page_to_mfn(page), 0, t);
        }
        put_page(page);
        return rc;
    }

    case XENMAPSPACE_gmfn_foreign:
        rc = make_room(d, gfn);
        return rc ?: add_foreign(d, extra.foreign_domid, idx, gfn);

    case XENMAPSPACE_dev_mmio:
        if ( !iomem_access_permitted(d, idx, idx) )
            return 0;       /* as on Arm: DOMID_SELF's privilege is the caller's affair */
        return map_mmio_regions(d, gfn, 1, _mfn(idx));

    default:
        return -ENOSYS;
    }
}

long arch_memory_op(int op, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    switch ( op )
    {
    /* Pages are not shared. */
    case XENMEM_get_sharing_shared_pages:
    case XENMEM_get_sharing_freed_pages:
        return 0;

    default:
        return -ENOSYS;
    }
}

void dump_pageframe_info(struct domain *d)
{
    struct page_info *page;

    printk("Memory pages belonging to domain %u:\n", d->domain_id);
    if ( domain_tot_pages(d) >= 10 && d->is_dying < DOMDYING_dead )
    {
        printk("    DomPage list too long to display\n");
    }
    else
    {
        spin_lock(&d->page_alloc_lock);
        page_list_for_each ( page, &d->page_list )
            printk("    DomPage %"PRI_mfn": caf=%08lx, taf=%016lx\n", mfn_x(page_to_mfn(page)), page->count_info,
                   page->u.inuse.type_info);
        page_list_for_each ( page, &d->xenpage_list )
            printk("    XenPage %"PRI_mfn": caf=%08lx, taf=%016lx\n", mfn_x(page_to_mfn(page)), page->count_info,
                   page->u.inuse.type_info);
        spin_unlock(&d->page_alloc_lock);
    }
}

/* domain_relinquish_resources: gives the pages of a list up. -ERESTART: call again. */
int relinquish_memory(struct domain *d, struct page_list_head *list)
{
    struct page_info *page, *tmp;
    int rc = 0;

    /* free_domheap_page() takes the lock too. */
    spin_lock_recursive(&d->page_alloc_lock);

    page_list_for_each_safe ( page, tmp, list )
    {
        /* None to be had: somebody is freeing it already, and takes it off the list himself. */
        if ( unlikely(!get_page(page, d)) )
            continue;

        put_page_alloc_ref(page);
        put_page(page);

        if ( hypercall_preempt_check() )
        {
            rc = -ERESTART;
            break;
        }
    }

    spin_unlock_recursive(&d->page_alloc_lock);

    return rc;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
