/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The p2m of a domain: from guest-physical frames to the machine's.
 *
 * Frame numbers have 38 bits (50 of address): the root's 11, then 9 a level. An entry is a word, so that readers need no lock; tables, once there, stay
 * till the domain dies. A large leaf that has to be changed in part is replaced by a table of small ones that say the same.
 *
 * Stale translations. Whoever makes a machine translation (p2m_extent()) sets the entry's "used" bit by cmpxchg, with interrupts off until the
 * translation is in TLB and VHPT. Whoever changes an entry exchanges it; if the old one was used, he has every processor the domain ran on flush, and
 * waits. Either the reader's cmpxchg saw the new entry, or the writer sees "used" and the reader's processor flushes after it has inserted.
 */
#ifndef XEN_HOST_TEST   /* tests/xen/p2m.c */
#include <xen/domain_page.h>
#include <xen/event.h>
#include <xen/iocap.h>
#include <xen/sched.h>
#include <xen/softirq.h>

#include <asm/flushtlb.h>
#include <asm/p2m.h>
#include <asm/vcpu.h>
#endif

#define P2M_VALID           1UL
#define P2M_TABLE           2UL
#define P2M_USED            4UL
#define P2M_TYPE_SHIFT      4
#define P2M_MFN_SHIFT       PAGE_SHIFT

#define P2M_BITS            9           /* of a table */
#define P2M_ENTRIES         (1U << P2M_BITS)
#define P2M_LEVELS          4
#define P2M_ROOT_ORDER      2           /* pages of the root: 2^11 entries */
#define P2M_MAX_ORDER       18          /* of a leaf */
#define P2M_GFN_BITS        (PADDR_BITS - PAGE_SHIFT)

#define level_order(level)  ((level) * P2M_BITS)

static inline uint64_t make_leaf(mfn_t mfn, p2m_type_t t)
{
    return (mfn_x(mfn) << P2M_MFN_SHIFT) | (t << P2M_TYPE_SHIFT) | P2M_VALID;
}

static inline bool is_leaf(uint64_t e)
{
    return (e & (P2M_VALID | P2M_TABLE)) == P2M_VALID;
}

static inline p2m_type_t leaf_type(uint64_t e)
{
    return (e >> P2M_TYPE_SHIFT) & 0xf;
}

static inline mfn_t leaf_mfn(uint64_t e)
{
    return _mfn(e >> P2M_MFN_SHIFT);
}

static inline uint64_t *entry_table(uint64_t e)
{
    return mfn_to_virt(e >> P2M_MFN_SHIFT);
}

static inline unsigned int entry_index(unsigned long gfn, unsigned int level)
{
    unsigned long i = gfn >> level_order(level);

    return level == P2M_LEVELS - 1 ? i : i & (P2M_ENTRIES - 1);
}

/* The entry that decides on gfn, and its level; its value in *e. Never NULL for a frame number in range. */
static uint64_t *p2m_walk(const struct p2m_domain *p2m, unsigned long gfn, unsigned int *level, uint64_t *e)
{
    uint64_t *table = p2m->root;
    unsigned int l = P2M_LEVELS - 1;

    for ( ; ; l-- )
    {
        uint64_t *p = &table[entry_index(gfn, l)];

        *e = ACCESS_ONCE(*p);
        if ( !(*e & P2M_TABLE) )
        {
            *level = l;
            return p;
        }
        table = entry_table(*e);
    }
}

static bool gfn_in_range(unsigned long gfn)
{
    return !(gfn >> P2M_GFN_BITS);
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    unsigned int level = 0;
    uint64_t e = 0;

    if ( gfn_in_range(gfn_x(gfn)) )
        p2m_walk(&d->arch.p2m, gfn_x(gfn), &level, &e);
    if ( !is_leaf(e) )
    {
        if ( t )
            *t = p2m_invalid;
        return INVALID_MFN;
    }
    if ( t )
        *t = leaf_type(e);

    return mfn_add(leaf_mfn(e), gfn_x(gfn) & ((1UL << level_order(level)) - 1));
}

mfn_t gfn_to_mfn(struct domain *d, gfn_t gfn)
{
    return p2m_lookup(d, gfn, NULL);
}

/* Do the 2^order frames from gfn continue the machine frames from mfn? Leaves are of 2^step frames. */
static bool block_continues(const struct p2m_domain *p2m, unsigned long gfn, unsigned long mfn, p2m_type_t t, unsigned int order,
                            unsigned int step)
{
    unsigned long i;

    for ( i = 0; i < 1UL << order; i += 1UL << step )
    {
        unsigned int level;
        uint64_t e;

        p2m_walk(p2m, gfn + i, &level, &e);
        if ( !is_leaf(e) || level_order(level) != step || leaf_type(e) != t || mfn_x(leaf_mfn(e)) != mfn + i )
            return false;
    }

    return true;
}

int p2m_extent(struct domain *d, gfn_t gfn_, unsigned int want, mfn_t *mfn, p2m_type_t *t)
{
    /* Page sizes of the architecture (SDM 2:4.1.1.7), as orders: 4K 8K 16K 64K 256K 1M 4M 16M 64M 256M 1G 4G. */
    static const unsigned int orders[] = { 0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 };
    const struct p2m_domain *p2m = &d->arch.p2m;
    unsigned long gfn = gfn_x(gfn_), base, m, i;
    unsigned int level, step, n, order;
    uint64_t e, *p;

    ASSERT(!local_irq_is_enabled());

    if ( !gfn_in_range(gfn) )
        return -1;

 again:
    p2m_walk(p2m, gfn, &level, &e);
    if ( !is_leaf(e) )
        return -1;

    step = level_order(level);
    *t = leaf_type(e);
    m = mfn_x(leaf_mfn(e)) + (gfn & ((1UL << step) - 1));

    order = 0;
    for ( n = 1; n < ARRAY_SIZE(orders) && orders[n] <= want; n++ )
    {
        /* Looking at more leaves than this costs more than smaller translations do. */
        if ( orders[n] > step + 6 )
            break;
        base = gfn & ~((1UL << orders[n]) - 1);
        if ( (m ^ gfn) & ((1UL << orders[n]) - 1) )
            break;
        if ( orders[n] > step && !block_continues(p2m, base, m - (gfn - base), *t, orders[n], step) )
            break;
        order = orders[n];
    }

    base = gfn & ~((1UL << order) - 1);
    m -= gfn - base;

    for ( i = 0; i < 1UL << order; i += 1UL << step )
    {
        unsigned int l;

        p = p2m_walk(p2m, base + i, &l, &e);
        if ( !is_leaf(e) || l != level || leaf_type(e) != *t ||
             mfn_x(leaf_mfn(e)) + ((base + i) & ((1UL << step) - 1)) != m + i )
            goto again;
        if ( !(e & P2M_USED) && cmpxchg(p, e, e | P2M_USED) != e )
            goto again;
    }

    *mfn = _mfn(m);

    return order;
}

/*
 * Changes. Old entries are collected: those that were used have the domain's translations flushed, and then foreign pages lose their references.
 */
#define P2M_BATCH 32
struct p2m_change {
    struct domain *d;
    bool flush;
    unsigned int nr;
    struct page_info *put[P2M_BATCH];
};

static void change_finish(struct p2m_change *c)
{
    if ( c->flush )
        domain_flush_tlb(c->d);
    c->flush = false;
    while ( c->nr )
        put_page(c->put[--c->nr]);
}

static uint64_t *alloc_table(struct p2m_domain *p2m)
{
    struct page_info *pg = alloc_domheap_page(NULL, 0);
    uint64_t *table;

    if ( !pg )
        return NULL;
    table = page_to_virt(pg);
    clear_page(table);
    page_list_add(pg, &p2m->pages);

    return table;
}

/* A table in the place of *p, an entry of this level, saying the same. */
static uint64_t *split(struct p2m_domain *p2m, uint64_t *p, unsigned int level)
{
    uint64_t *table = alloc_table(p2m), e;
    unsigned int i;

    if ( !table )
        return NULL;

    do {
        e = ACCESS_ONCE(*p);
        for ( i = 0; i < P2M_ENTRIES; i++ )
            table[i] = is_leaf(e) ? e + ((uint64_t)i << (level_order(level - 1) + P2M_MFN_SHIFT)) : 0;
        smp_wmb();
    } while ( cmpxchg(p, e, virt_to_maddr(table) | P2M_TABLE | P2M_VALID) != e );

    return table;
}

/* What entry `e` of 2^order frames at gfn no longer says. */
static void leaf_gone(struct p2m_change *c, unsigned long gfn, uint64_t e, unsigned int order)
{
    p2m_type_t t = leaf_type(e);
    unsigned long i;

    if ( !is_leaf(e) )
        return;
    if ( e & P2M_USED )
        c->flush = true;

    if ( p2m_is_foreign(t) )
    {
        for ( i = 0; i < 1UL << order; i++ )
        {
            if ( c->nr == P2M_BATCH )
                change_finish(c);
            c->put[c->nr++] = mfn_to_page(mfn_add(leaf_mfn(e), i));
        }
    }
    else if ( p2m_is_ram(t) )
    {
        for ( i = 0; i < 1UL << order; i++ )
        {
            struct page_info *pg = mfn_to_page(mfn_add(leaf_mfn(e), i));

            if ( page_get_owner(pg) == c->d && gfn_eq(page_get_gfn(pg), _gfn(gfn + i)) )
                page_set_gfn(pg, INVALID_GFN);
        }
    }
}

/* Lock held. 2^order frames at gfn, aligned, of a leaf's order: entry e, or what is below it. */
static int set_block(struct p2m_change *c, unsigned long gfn, unsigned int level, uint64_t e)
{
    struct p2m_domain *p2m = &c->d->arch.p2m;
    uint64_t *table = p2m->root, *p;
    unsigned int l;

    for ( l = P2M_LEVELS - 1; ; l-- )
    {
        p = &table[entry_index(gfn, l)];
        if ( l == level )
            break;
        if ( !(*p & P2M_TABLE) )
        {
            if ( !e && !is_leaf(*p) )
                return 0;       /* nothing there, nothing to take away */
            if ( !split(p2m, p, l) )
                return -ENOMEM;
        }
        table = entry_table(*p);
    }

    if ( *p & P2M_TABLE )
    {
        unsigned int i;

        for ( i = 0; i < P2M_ENTRIES; i++ )
        {
            int rc = set_block(c, gfn + ((unsigned long)i << level_order(level - 1)), level - 1,
                               e ? e + ((uint64_t)i << (level_order(level - 1) + P2M_MFN_SHIFT)) : 0);

            if ( rc )
                return rc;
        }
        return 0;
    }

    leaf_gone(c, gfn, xchg(p, e), level_order(level));

    return 0;
}

/* Lock held. nr frames: to mfn, or to nothing if t is p2m_invalid. */
static int set_range(struct p2m_change *c, unsigned long gfn, unsigned long nr, unsigned long mfn, p2m_type_t t)
{
    struct p2m_domain *p2m = &c->d->arch.p2m;

    if ( !gfn_in_range(gfn) || !gfn_in_range(gfn + nr - 1) || gfn + nr < gfn )
        return -EINVAL;

    if ( t != p2m_invalid && gfn + nr - 1 > gfn_x(p2m->max_mapped_gfn) )
        p2m->max_mapped_gfn = _gfn(gfn + nr - 1);

    while ( nr )
    {
        unsigned int level = P2M_LEVELS - 2, order;
        int rc;

        /* What is not mapped to frames of its own has alignment enough. */
        while ( level && (nr < 1UL << level_order(level) ||
                          ((gfn | (t != p2m_invalid ? mfn : 0)) & ((1UL << level_order(level)) - 1))) )
            level--;
        if ( level && t != p2m_invalid && !p2m_is_ram(t) && t != p2m_mmio_direct && t != p2m_mmio_fw )
            level = 0;
        order = level_order(level);

        rc = set_block(c, gfn, level, t != p2m_invalid ? make_leaf(_mfn(mfn), t) : 0);
        if ( rc )
            return rc;

        if ( p2m_is_ram(t) )
        {
            unsigned long i;

            for ( i = 0; i < 1UL << order; i++ )
                page_set_gfn(mfn_to_page(_mfn(mfn + i)), _gfn(gfn + i));
        }

        gfn += 1UL << order;
        mfn += 1UL << order;
        nr -= 1UL << order;
    }

    return 0;
}

int p2m_insert_mapping(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, p2m_type_t t)
{
    struct p2m_change c = { .d = d };
    int rc;

    if ( t == p2m_invalid || !nr )
        return -EINVAL;

    spin_lock(&d->arch.p2m.lock);
    rc = set_range(&c, gfn_x(gfn), nr, mfn_x(mfn), t);
    change_finish(&c);
    spin_unlock(&d->arch.p2m.lock);

    return rc;
}

int p2m_remove_mapping(struct domain *d, gfn_t gfn, unsigned long nr)
{
    struct p2m_change c = { .d = d };
    int rc;

    if ( !nr )
        return -EINVAL;

    spin_lock(&d->arch.p2m.lock);
    rc = set_range(&c, gfn_x(gfn), nr, 0, p2m_invalid);
    change_finish(&c);
    spin_unlock(&d->arch.p2m.lock);

    return rc;
}

int guest_physmap_add_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned long page_order, p2m_type_t t)
{
    return p2m_insert_mapping(d, gfn, 1UL << page_order, mfn, t);
}

int guest_physmap_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int page_order)
{
    struct p2m_change c = { .d = d };
    unsigned long i;
    int rc = 0;

    spin_lock(&d->arch.p2m.lock);

    /* The caller looked without the lock. */
    for ( i = 0; i < 1UL << page_order && !rc; i++ )
        if ( !mfn_eq(p2m_lookup(d, gfn_add(gfn, i), NULL), mfn_add(mfn, i)) )
            rc = -ENOENT;
    if ( !rc )
        rc = set_range(&c, gfn_x(gfn), 1UL << page_order, 0, p2m_invalid);
    change_finish(&c);

    spin_unlock(&d->arch.p2m.lock);

    return rc;
}

/* Devices of the machine, anywhere in the domain: no memory, and none that Xen emulates, which would be had by another address then. */
int map_mmio_regions(struct domain *d, gfn_t start_gfn, unsigned long nr, mfn_t mfn)
{
    unsigned long i;

    for ( i = 0; i < nr; i++ )
    {
        paddr_t pa = (paddr_t)(mfn_x(mfn) + i) << PAGE_SHIFT;

        if ( is_wb_ram(pa, pa + PAGE_SIZE) || guest_mmio_page(hardware_domain ?: d, pa) )
            return -EPERM;
    }

    return p2m_insert_mapping(d, start_gfn, nr, mfn, p2m_mmio_direct);
}

int unmap_mmio_regions(struct domain *d, gfn_t start_gfn, unsigned long nr, mfn_t mfn)
{
    unsigned long i;
    int rc = 0;

    for ( i = 0; i < nr && !rc; i++ )
    {
        p2m_type_t t;
        mfn_t m = p2m_lookup(d, gfn_add(start_gfn, i), &t);

        if ( (t == p2m_mmio_direct || t == p2m_mmio_fw) && mfn_eq(m, mfn_add(mfn, i)) )
            rc = guest_physmap_remove_page(d, gfn_add(start_gfn, i), m, 0);
    }

    return rc;
}

bool p2m_map_mmio(struct domain *d, gfn_t gfn)
{
    unsigned long mfn = gfn_x(gfn);
    paddr_t pa = gfn_to_gaddr(gfn);
    struct p2m_change c = { .d = d };
    bool done;

    /* Never memory: not what is somebody's, not Xen's, not the firmware's. */
    if ( !is_hardware_domain(d) || !gfn_in_range(mfn) || is_wb_ram(pa, pa + PAGE_SIZE) ||
         !iomem_access_permitted(d, mfn, mfn) )
        return false;

    spin_lock(&d->arch.p2m.lock);
    /* With the lock: a page that comes to be emulated is made known first, and unmapped then. */
    if ( guest_mmio_page(d, pa) )
    {
        spin_unlock(&d->arch.p2m.lock);
        return false;
    }
    /* Another vcpu may have been quicker, or may just have mapped something else. */
    done = !mfn_eq(p2m_lookup(d, gfn, NULL), INVALID_MFN) ||
           !set_range(&c, mfn, 1, mfn, p2m_mmio_direct);
    change_finish(&c);
    spin_unlock(&d->arch.p2m.lock);

    return done;
}

int set_foreign_p2m_entry(struct domain *d, const struct domain *fd, unsigned long gfn, mfn_t mfn)
{
    struct page_info *page = mfn_to_page(mfn);
    int rc;

    if ( !get_page(page, fd) )
        return -EINVAL;

    rc = guest_physmap_add_entry(d, _gfn(gfn), mfn, 0, p2m_map_foreign_rw);
    if ( rc )
        put_page(page);

    return rc;
}

struct page_info *p2m_get_page_from_gfn(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    p2m_type_t t1, t2;

    for ( ; ; )
    {
        mfn_t mfn = p2m_lookup(d, gfn, &t1);
        struct page_info *page;

        if ( t )
            *t = t1;
        if ( !p2m_is_any_ram(t1) || !mfn_valid(mfn) )
            return NULL;

        page = mfn_to_page(mfn);
        if ( p2m_is_ram(t1) ? !get_page(page, d) : !page_get_owner_and_reference(page) )
            page = NULL;

        /* The reference is of the page that is there only if it still is there. */
        if ( mfn_eq(p2m_lookup(d, gfn, &t2), mfn) && t1 == t2 )
            return page;
        if ( page )
            put_page(page);
    }
}

struct page_info *get_page_from_gfn(struct domain *d, unsigned long gfn, p2m_type_t *t, p2m_query_t q)
{
    mfn_t mfn = _mfn(gfn);
    struct page_info *page;
    p2m_type_t type;

    if ( likely(d != dom_xen) )
    {
        page = p2m_get_page_from_gfn(d, _gfn(gfn), &type);

        /* Common code does not expect references to pages of the granting domain. */
        if ( page && p2m_is_grant(type) )
        {
            put_page(page);
            page = NULL;
        }
        if ( t )
            *t = type;
        return page;
    }

    if ( t )
        *t = p2m_invalid;
    if ( !mfn_valid(mfn) )
        return NULL;
    page = mfn_to_page(mfn);
    if ( !get_page(page, d) )
        return NULL;
    if ( t )
        *t = page->u.inuse.type_info & PGT_writable_page ? p2m_ram_rw : p2m_ram_ro;

    return page;
}

int p2m_init(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    struct page_info *pg;

    spin_lock_init(&p2m->lock);
    INIT_PAGE_LIST_HEAD(&p2m->pages);
    p2m->max_mapped_gfn = _gfn(0);
    p2m->next_gfn = 0;

    pg = alloc_domheap_pages(NULL, P2M_ROOT_ORDER, 0);
    if ( !pg )
        return -ENOMEM;
    p2m->root = page_to_virt(pg);
    memset(p2m->root, 0, PAGE_SIZE << P2M_ROOT_ORDER);

    return 0;
}

int p2m_relinquish(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    unsigned long gfn = p2m->next_gfn, count = 0;
    struct p2m_change c = { .d = d };
    int rc = 0;

    if ( !p2m->root )
        return 0;

    spin_lock(&p2m->lock);

    while ( gfn <= gfn_x(p2m->max_mapped_gfn) )
    {
        unsigned int level;
        uint64_t e, *p = p2m_walk(p2m, gfn, &level, &e);

        if ( is_leaf(e) && p2m_is_foreign(leaf_type(e)) )
        {
            leaf_gone(&c, gfn, xchg(p, 0), level_order(level));
        }
        gfn = (gfn | ((1UL << level_order(level)) - 1)) + 1;
        if ( !(++count % 512) && hypercall_preempt_check() )
        {
            rc = -ERESTART;
            break;
        }
    }
    p2m->next_gfn = gfn;
    change_finish(&c);

    spin_unlock(&p2m->lock);

    return rc;
}

void p2m_teardown(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    struct page_info *pg;

    if ( !p2m->root )
        return;

    while ( (pg = page_list_remove_head(&p2m->pages)) )
        free_domheap_page(pg);
    free_domheap_pages(virt_to_page(p2m->root), P2M_ROOT_ORDER);
    p2m->root = NULL;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
