/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's TLB (SDM 2:4.1.1): translation registers and caches as the guest filled them, what its instructions do to them, and the machine translations
 * that come from them. Region registers and protection keys too.
 *
 * Rules that make it exact enough:
 * - what is in the machine's TLB and VHPT comes from here or from the guest's VHPT, and is purged with it: a purge reaches as far as the largest guest
 *   translation it takes away;
 * - a machine translation smaller than the region's preferred page size is in the TLB only, and comes again from here;
 * - one made of an instruction translation may serve data and the other way round while it is in the VHPT, unless the guest has another one for the other
 *   side (docs/caveats.md).
 *
 * vhpt-miss.S does the plain cases of itc and ptc.l, hyperprivop.S those of region registers.
 */
#include <xen/param.h>
#include <xen/perfc.h>
#include <xen/sched.h>

#include <asm/flushtlb.h>
#include <asm/p2m.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>

/* 4K 8K 16K 64K 256K 1M 4M 16M 64M 256M 1G 4G: what PAL_VM_PAGE_SIZE tells a guest. */
#define GUEST_PAGE_SIZES 0x155557000UL

static bool page_size_ok(unsigned int ps)
{
    return ps <= 32 && ((GUEST_PAGE_SIZES >> ps) & 1);
}

bool vtlb_reserved(uint64_t pte, uint64_t itir)
{
    unsigned int ma = (pte & IA64_PTE_MA) >> IA64_PTE_MA_SHIFT;

    if ( !page_size_ok(IA64_ITIR_PS(itir)) || (itir & 3) )
        return true;
    if ( !(pte & IA64_PTE_P) )
        return false;       /* the rest is software's */

    return (pte & 2) || ((pte >> 50) & 3) || (itir >> 32) || (ma >= 1 && ma <= 3);
}

static void update_walk(struct vcpu *v);

/* The region number is no part of a translation: Xen's own, in region 7's id, would be met under any other. */
bool vtlb_is_xens(const struct vcpu *v, uint64_t va)
{
    const struct vcpu_mmu *mmu = &v->arch.mmu;

    return is_xen_va(va) || (xen_va_bits(va) && IA64_RR_RID(mmu->rr[va_region(va)]) == IA64_RR_RID(mmu->rr[7]));
}

/* Two aligned ranges overlap if the larger contains the smaller. */
static bool overlaps(const struct vtlb_entry *e, uint64_t va, unsigned int size, uint32_t rid)
{
    unsigned int big = max_t(unsigned int, e->ps, size);

    return e->ps && e->rid == rid && ((e->va ^ va) >> big) == 0;
}

static bool matches(const struct vtlb_entry *e, uint64_t va, uint32_t rid)
{
    return e->ps && e->rid == rid && ((e->va ^ va) >> e->ps) == 0;
}

/* vhpt-miss.S has the same hash. */
static struct vtlb_entry *hashed_slot(struct vcpu_mmu *mmu, uint64_t va, unsigned int ps, uint32_t rid)
{
    return &mmu->hashed[((va >> ps) ^ (rid * 9)) % VTLB_HASHED];
}

bool vtlb_lookup(struct vcpu *v, uint64_t va, uint32_t rid, unsigned int side, struct vtlb_entry *out)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    const struct vtlb_entry *tr = side == VTLB_I ? mmu->itr : mmu->dtr, *e;
    unsigned int nr = side == VTLB_I ? mmu->nr_itr : mmu->nr_dtr, i;
    unsigned int ps = IA64_RR_PS(mmu->rr[va_region(va)]);
    unsigned long flags;
    bool found = false;

    va &= VTLB_VA_MASK;

    spin_lock_irqsave(&mmu->lock, flags);

    for ( i = 0; i < nr && !found; i++ )
        if ( matches(&tr[i], va, rid) )
        {
            *out = tr[i];
            found = true;
        }

    if ( !found )
    {
        e = hashed_slot(mmu, va, ps, rid);
        if ( (e->sides & side) && matches(e, va, rid) )
        {
            *out = *e;
            found = true;
        }
    }

    for ( i = 0; i < mmu->nr_odd && !found; i++ )
    {
        e = &mmu->odd[i];
        if ( (e->sides & side) && matches(e, va, rid) )
        {
            *out = *e;
            found = true;
        }
    }

    spin_unlock_irqrestore(&mmu->lock, flags);

    return found;
}

/* Preferred page sizes, as bits, by which translations of a region id may have been hashed. */
static uint64_t rid_sizes(const struct vcpu_mmu *mmu, uint32_t rid)
{
    uint64_t sizes = 0;
    unsigned int i;

    for ( i = 0; i < 8; i++ )
        if ( (mmu->rr_rids[i] >> (rid & 63)) & 1 )
            sizes |= 1UL << IA64_RR_PS(mmu->rr[i]);

    return sizes ?: 1UL << PAGE_SHIFT;
}

/*
 * Lock held. Takes `sides` of the caches' translations that overlap away. Returns the size of the largest one, or `size` if none is larger: as far as
 * the machine's have to be purged. They are hashed by the preferred size of the region they were inserted through, which may be another than the purge's
 * with the same region id.
 */
static unsigned int purge_caches(struct vcpu_mmu *mmu, uint64_t va, unsigned int size, uint32_t rid, unsigned int sides)
{
    unsigned int i, largest = size;
    uint64_t sizes;

    for ( sizes = rid_sizes(mmu, rid); sizes; sizes &= sizes - 1 )
    {
        unsigned int preferred = ffs64(sizes) - 1;
        bool all = size > preferred && size - preferred > 6;
        uint64_t a = va & ~((1UL << size) - 1), n = all ? VTLB_HASHED : size > preferred ? 1UL << (size - preferred) : 1;

        for ( i = 0; i < n; i++ )
        {
            struct vtlb_entry *e = all ? &mmu->hashed[i] : hashed_slot(mmu, a + ((uint64_t)i << preferred), preferred, rid);

            if ( overlaps(e, va, size, rid) )
            {
                largest = max_t(unsigned int, largest, e->ps);
                e->sides &= ~sides;
                if ( !e->sides )
                    e->ps = 0;
            }
        }
        if ( all )
            break;
    }

    for ( i = 0; i < mmu->nr_odd; i++ )
    {
        struct vtlb_entry *e = &mmu->odd[i];

        if ( overlaps(e, va, size, rid) )
        {
            largest = max_t(unsigned int, largest, e->ps);
            e->sides &= ~sides;
            if ( !e->sides )
                e->ps = 0;
        }
    }
    while ( mmu->nr_odd && !mmu->odd[mmu->nr_odd - 1].ps )
        mmu->nr_odd--;
    if ( !mmu->nr_odd )
        mmu->odd_rids = mmu->alias_rids;

    return largest;
}

/* Lock held. True: *old had to give way. */
static bool put_cache(struct vcpu_mmu *mmu, const struct vtlb_entry *g, struct vtlb_entry *old)
{
    struct vtlb_entry *e;
    unsigned int i, free = VTLB_ODD;

    if ( g->ps == g->preferred )
    {
        e = hashed_slot(mmu, g->va, g->ps, g->rid);
        if ( e->ps != g->ps || e->va != g->va || e->rid != g->rid || !(e->sides & ~g->sides) )
        {
            *e = *g;
            return false;
        }
        if ( e->pte == g->pte && e->key == g->key )
        {
            e->sides |= g->sides;
            return false;
        }
        /* Another translation of the same page for the other side, which code there may need at the same time: both are kept. */
    }

    for ( i = 0; i < mmu->nr_odd; i++ )
    {
        e = &mmu->odd[i];
        if ( !e->ps )
            free = min(free, i);
        else if ( e->ps == g->ps && e->va == g->va && e->rid == g->rid && e->pte == g->pte && e->key == g->key )
        {
            e->sides |= g->sides;
            return false;
        }
    }
    mmu->odd_rids |= 1UL << (g->rid & 63);
    if ( free == VTLB_ODD && mmu->nr_odd < VTLB_ODD )
        free = mmu->nr_odd++;
    if ( free < VTLB_ODD )
    {
        mmu->odd[free] = *g;
        return false;
    }

    e = &mmu->odd[mmu->next_odd];
    mmu->next_odd = (mmu->next_odd + 1) % VTLB_ODD;
    *old = *e;
    *e = *g;

    return true;
}

static uint64_t machine_rid(const struct vcpu *v, uint32_t rid)
{
    return ((uint64_t)v->domain->arch.rid_block << GUEST_RID_BITS) | rid;
}

/* This processor's machine translations of a guest range. Xen's own are in region 7 too: their range is nobody else's. */
static void purge_machine(struct vcpu *v, uint32_t rid, uint64_t va, unsigned int size)
{
    if ( v != current )
        return;
    if ( xen_va_bits(va) || size >= 59 )
        local_flush_tlb_all();
    else
        local_purge(machine_rid(v, rid), rid_sizes(&v->arch.mmu, rid), va, size);
}

/*
 * Into the caches. One of other than preferred size that gives way goes from the machine's TLB and VHPT too: a purge of a part of it would no longer find
 * how far it reaches.
 */
void vtlb_keep(struct vcpu *v, const struct vtlb_entry *g)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    struct vtlb_entry old;
    unsigned long flags;
    bool displaced;

    spin_lock_irqsave(&mmu->lock, flags);
    displaced = put_cache(mmu, g, &old);
    spin_unlock_irqrestore(&mmu->lock, flags);

    if ( displaced )
        purge_machine(v, old.rid, old.va, old.ps);
}

/*
 * Rights. A guest's level 0 is the machine's 1. Where rights differ by "at 0", the machine's 1 must get what 0 has: with pl 0 there is a row that says
 * it. Of the other cases, those the machine cannot say (write for the kernel to what others may execute; read for the kernel of what others may only
 * execute) are served when they fault (gmmu.c).
 */
static uint64_t machine_rights(uint64_t pte)
{
    static const uint8_t at_pl0[8] = { 0, 1, 2, 3, 2, 3, 2, 7 };
    unsigned int ar = (pte & IA64_PTE_AR) >> IA64_PTE_AR_SHIFT, pl = (pte & IA64_PTE_PL) >> IA64_PTE_PL_SHIFT;

    if ( !pl )
        ar = at_pl0[ar];

    return ((uint64_t)ar << IA64_PTE_AR_SHIFT) | ((uint64_t)vcpu_machine_cpl(pl) << IA64_PTE_PL_SHIFT);
}

static uint64_t without_write(uint64_t rights)
{
    static const uint8_t ro[8] = { 0, 1, 0, 1, 0, 1, 1, 7 };

    return (rights & IA64_PTE_PL) | ((uint64_t)ro[(rights & IA64_PTE_AR) >> IA64_PTE_AR_SHIFT] << IA64_PTE_AR_SHIFT);
}

/* RAM is write-back, whatever the guest thinks; devices never. */
static uint64_t machine_attribute(uint64_t ma, p2m_type_t t)
{
    if ( p2m_is_any_ram(t) )
        return IA64_PTE_MA_WB;
    if ( t == p2m_mmio_direct && ma == IA64_PTE_MA_WB )
        return IA64_PTE_MA_UC;

    return ma;
}

unsigned int vtlb_insert_machine(struct vcpu *v, uint64_t va, const struct vtlb_entry *g, unsigned int side, bool vhpt, bool own_rights, uint64_t rights)
{
    uint64_t pte, itir, page_va, ma = g->pte & IA64_PTE_MA;
    unsigned int preferred = IA64_RR_PS(v->arch.mmu.machine_rr[va_region(va)]), ps;

    ASSERT(!local_irq_is_enabled());

    if ( !own_rights )
        rights = machine_rights(g->pte);

    if ( ma == IA64_PTE_MA_NATPAGE )
    {
        /* Nothing is behind it: every access faults (SDM 2:4.4.8). */
        ps = min_t(unsigned int, g->ps, 24);
        pte = 0;
    }
    else
    {
        p2m_type_t t;
        mfn_t mfn;
        int order = p2m_extent(v->domain, gaddr_to_gfn(vtlb_gpa(g, va)), g->ps - PAGE_SHIFT, &mfn, &t);

        if ( order < 0 )
            return 0;
        ps = order + PAGE_SHIFT;
        pte = mfn_to_maddr(mfn);
        ma = machine_attribute(ma, t);
        if ( p2m_is_readonly(t) )
            rights = without_write(rights);
    }

    pte |= (g->pte & (IA64_PTE_P | IA64_PTE_A | IA64_PTE_D | IA64_PTE_ED)) | ma | rights;
    itir = IA64_ITIR(g->key, ps);
    page_va = va & ~((1UL << ps) - 1);

    if ( xen_va_bits(va) )
    {
        /* Not for the VHPT: were the region's id to become region 7's, Xen would find it there. */
        vhpt = false;
        v->arch.mmu.xen_alias = true;
    }

    if ( side == VTLB_I )
        ia64_itc_i(page_va, pte, itir);
    else
        ia64_itc_d(page_va, pte, itir);
    ia64_srlz_i();

    if ( vhpt && ps >= preferred )
        local_vhpt_add(va, pte, itir);
    else if ( ps < preferred )
        perfc_incr(tlb_small);

    return ps;
}

/* itc and itr give the same fields. */
static bool make_entry(struct vcpu *v, struct vtlb_entry *g, unsigned int side, uint64_t pte, uint64_t itir, uint64_t ifa, struct guest_fault *f)
{
    if ( vtlb_reserved(pte, itir) )
        return fault_reserved(f);

    g->ps = IA64_ITIR_PS(itir);
    g->va = ifa & VTLB_VA_MASK & ~((1UL << g->ps) - 1);
    g->pte = pte;
    g->rid = IA64_RR_RID(v->arch.mmu.rr[va_region(ifa)]);
    g->key = IA64_ITIR_KEY(itir);
    g->sides = side;
    g->preferred = IA64_RR_PS(v->arch.mmu.rr[va_region(ifa)]);

    return true;
}

bool vcpu_itc(struct vcpu *v, bool data, uint64_t pte, uint64_t itir, uint64_t ifa, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int side = data ? VTLB_D : VTLB_I, preferred = IA64_RR_PS(mmu->rr[va_region(ifa)]), size;
    struct vtlb_entry g, other;
    unsigned long flags;
    bool insert = true, shared;

    if ( !make_entry(v, &g, side, pte, itir, ifa, f) )
        return false;

    /* Xen's half: the guest can have no translation there (docs/caveats.md). */
    if ( vtlb_is_xens(v, ifa) )
        return true;

    spin_lock_irqsave(&mmu->lock, flags);
    size = purge_caches(mmu, g.va, g.ps, g.rid, side);
    spin_unlock_irqrestore(&mmu->lock, flags);

    local_irq_save(flags);

    /* With psr.pk, gmmu.c looks at the key first. */
    if ( (pte & IA64_PTE_P) && v == current && !(mmu->metaphysical && (va_region(ifa) & 3) == 0) && !(v->arch.privregs->vpsr & IA64_PSR_PK) )
        shared = !vtlb_lookup(v, ifa, g.rid, data ? VTLB_I : VTLB_D, &other) || other.pte == pte;
    else
        insert = shared = false;

    /* An insertion of the size that the region's pages have replaces what was there, if the machine's page is as large. Else that has to go first. */
    if ( size != preferred || !shared || vtlb_insert_machine(v, ifa, &g, side, true, false, 0) != size )
    {
        purge_machine(v, g.rid, g.va, size);
        if ( insert )
            vtlb_insert_machine(v, ifa, &g, side, shared, false, 0);
    }
    vtlb_keep(v, &g);

    local_irq_restore(flags);

    return true;
}

bool vcpu_itr(struct vcpu *v, bool data, uint64_t slot, uint64_t pte, uint64_t itir, uint64_t ifa, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int side = data ? VTLB_D : VTLB_I, size;
    struct vtlb_entry g, old, *tr;
    unsigned long flags;

    slot &= 0xff;
    if ( slot >= VTLB_NR_TRS )
        return fault_reserved(f);
    if ( !make_entry(v, &g, side, pte, itir, ifa, f) )
        return false;

    spin_lock_irqsave(&mmu->lock, flags);
    size = purge_caches(mmu, g.va, g.ps, g.rid, side);
    tr = data ? &mmu->dtr[slot] : &mmu->itr[slot];
    old = *tr;
    *tr = g;
    if ( data )
        mmu->nr_dtr = max_t(unsigned int, mmu->nr_dtr, slot + 1);
    else
        mmu->nr_itr = max_t(unsigned int, mmu->nr_itr, slot + 1);
    spin_unlock_irqrestore(&mmu->lock, flags);

    update_walk(v);
    if ( old.ps )
        purge_machine(v, old.rid, old.va, old.ps);
    purge_machine(v, g.rid, g.va, size);

    return true;
}

/* The operand's size; what is smaller than a page is a page. */
static unsigned int purge_size(uint64_t itir)
{
    return min(max_t(unsigned int, IA64_ITIR_PS(itir), PAGE_SHIFT), GUEST_VA_MSB + 1U);
}

bool vcpu_ptr(struct vcpu *v, bool data, uint64_t va, uint64_t itir, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int side = data ? VTLB_D : VTLB_I, size = purge_size(itir), largest, i;
    uint32_t rid = IA64_RR_RID(mmu->rr[va_region(va)]);
    struct vtlb_entry *tr = data ? mmu->dtr : mmu->itr;
    uint64_t at = va & VTLB_VA_MASK;
    unsigned long flags;

    spin_lock_irqsave(&mmu->lock, flags);
    largest = purge_caches(mmu, at, size, rid, side);
    for ( i = 0; i < VTLB_NR_TRS; i++ )
        if ( overlaps(&tr[i], at, size, rid) )
        {
            largest = max_t(unsigned int, largest, tr[i].ps);
            tr[i].ps = 0;
        }
    spin_unlock_irqrestore(&mmu->lock, flags);

    update_walk(v);
    purge_machine(v, rid, at, largest);

    return true;
}

bool vcpu_ptc_l(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int size = purge_size(itir);
    uint32_t rid = IA64_RR_RID(mmu->rr[va_region(va)]);
    uint64_t at = va & VTLB_VA_MASK;
    unsigned long flags;

    spin_lock_irqsave(&mmu->lock, flags);
    size = purge_caches(mmu, at, size, rid, VTLB_I | VTLB_D);
    spin_unlock_irqrestore(&mmu->lock, flags);

    purge_machine(v, rid, at, size);

    return true;
}

bool vcpu_ptc_g(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f)
{
    unsigned int size = purge_size(itir), largest = size;
    uint64_t preferred = 0;
    uint32_t rid = IA64_RR_RID(v->arch.mmu.rr[va_region(va)]);
    uint64_t at = va & VTLB_VA_MASK;
    struct vcpu *w;

    perfc_incr(tlb_purge_global);

    for_each_vcpu ( v->domain, w )
    {
        unsigned long flags;

        if ( !w->arch.mmu.hashed )
            continue;
        spin_lock_irqsave(&w->arch.mmu.lock, flags);
        preferred |= rid_sizes(&w->arch.mmu, rid);
        largest = max(largest, purge_caches(&w->arch.mmu, at, size, rid, VTLB_I | VTLB_D));
        spin_unlock_irqrestore(&w->arch.mmu.lock, flags);
    }

    if ( xen_va_bits(at) || largest >= 59 )
        domain_flush_tlb(v->domain);
    else
        domain_purge(v->domain, machine_rid(v, rid), preferred, at, largest);

    return true;
}

/* ALAT entries: vcpus of the domain that run elsewhere are interrupted by the purge, and entry to Xen and return empty the ALAT (invala). */
bool vcpu_ptc_ga(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f)
{
    return vcpu_ptc_g(v, va, itir, f);
}

static void empty_caches(struct vcpu_mmu *mmu)
{
    unsigned long flags;

    spin_lock_irqsave(&mmu->lock, flags);
    memset(mmu->hashed, 0, VTLB_HASHED * sizeof(*mmu->hashed));
    memset(mmu->odd, 0, VTLB_ODD * sizeof(*mmu->odd));
    mmu->nr_odd = mmu->next_odd = 0;
    mmu->odd_rids = mmu->alias_rids;
    spin_unlock_irqrestore(&mmu->lock, flags);
}

void vcpu_ptc_e(struct vcpu *v)
{
    empty_caches(&v->arch.mmu);
    if ( v == current )
        local_flush_tlb_all();
}

/*
 * Which regions' misses vhpt-miss.S may serve from the guest's VHPT: those with rr.ve whose translations are in no translation register, which come first.
 * None while addresses are physical.
 */
static bool __read_mostly opt_fast_walk = true;
boolean_param("fast_walk", opt_fast_walk);

static void set_walk(struct vcpu *v)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int r, i;
    uint8_t regions = 0;
    uint64_t tr_rids = opt_fast_walk ? 0 : ~0UL;

    for ( r = 0; r < 8 && opt_fast_walk; r++ )
    {
        bool tr = false;

        if ( !(mmu->rr[r] & IA64_RR_VE) )
            continue;
        for ( i = 0; i < mmu->nr_itr && !tr; i++ )
            tr = mmu->itr[i].ps && mmu->itr[i].rid == IA64_RR_RID(mmu->rr[r]);
        for ( i = 0; i < mmu->nr_dtr && !tr; i++ )
            tr = mmu->dtr[i].ps && mmu->dtr[i].rid == IA64_RR_RID(mmu->rr[r]);
        if ( !tr )
            regions |= 1U << r;
    }
    get_cpu_info()->walk_virtual = regions;
    get_cpu_info()->walk_regions = mmu->metaphysical ? 0 : regions;

    /* For hyperprivop.S, which sets region registers, and changes from virtual to physical addresses and back. */
    for ( i = 0; i < mmu->nr_itr; i++ )
        if ( mmu->itr[i].ps )
            tr_rids |= 1UL << (mmu->itr[i].rid & 63);
    for ( i = 0; i < mmu->nr_dtr; i++ )
        if ( mmu->dtr[i].ps )
            tr_rids |= 1UL << (mmu->dtr[i].rid & 63);
    get_cpu_info()->tr_rids = tr_rids;
    for ( i = 0; i < 2; i++ )
    {
        get_cpu_info()->rr_virtual[i] = IA64_RR(machine_rid(v, IA64_RR_RID(mmu->rr[4 * i])), IA64_RR_PS(mmu->rr[4 * i]), 1);
        get_cpu_info()->rr_meta[i] = IA64_RR(rid_metaphysical(v->domain, i), META_RR_PS, 1);
    }
}

static void update_walk(struct vcpu *v)
{
    if ( v == current )
        set_walk(v);
}

/*
 * Region registers.
 */
static void load_rr(struct vcpu *v, unsigned int region)
{
    uint64_t rr = v->arch.mmu.machine_rr[region];

    if ( region == 7 )
    {
        if ( ia64_get_rr(7UL << 61) != rr )
            ia64_set_rr7(rr);
    }
    else
    {
        ia64_set_rr((uint64_t)region << 61, rr);
        ia64_srlz_d();
    }
}

static void make_machine_rr(struct vcpu *v, unsigned int region)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;

    if ( mmu->metaphysical && (region & 3) == 0 )
        mmu->machine_rr[region] = IA64_RR(rid_metaphysical(v->domain, region == 4), META_RR_PS, 1);
    else
        mmu->machine_rr[region] = IA64_RR(machine_rid(v, IA64_RR_RID(mmu->rr[region])), IA64_RR_PS(mmu->rr[region]), 1);
}

/*
 * Which region ids the region registers have had, and which of those may have translations by several page sizes: vhpt-miss.S leaves them to C.
 * empty: there are no translations yet.
 */
static void note_rrs(struct vcpu_mmu *mmu, bool empty)
{
    unsigned long flags;
    unsigned int i, j;

    spin_lock_irqsave(&mmu->lock, flags);

    if ( empty )
    {
        memset(mmu->rr_rids, 0, sizeof(mmu->rr_rids));
        mmu->alias_rids = mmu->odd_rids = 0;
    }
    for ( i = 0; i < 8; i++ )
    {
        mmu->rr_rids[i] |= 1UL << (IA64_RR_RID(mmu->rr[i]) & 63);
        for ( j = 0; j < i; j++ )
            if ( IA64_RR_PS(mmu->rr[j]) != IA64_RR_PS(mmu->rr[i]) )
                mmu->alias_rids |= mmu->rr_rids[i] & mmu->rr_rids[j];
    }
    mmu->odd_rids |= mmu->alias_rids;

    spin_unlock_irqrestore(&mmu->lock, flags);
}

bool vcpu_set_rr(struct vcpu *v, uint64_t va, uint64_t val, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int region = va_region(va);
    uint64_t old = mmu->rr[region];
    unsigned long flags;

    if ( (val & 2) || (val >> (8 + GUEST_RID_BITS)) || !page_size_ok(IA64_RR_PS(val)) )
        return fault_reserved(f);

    mmu->rr[region] = val;
    v->arch.privregs->rrs[region] = val;
    note_rrs(mmu, false);
    if ( IA64_RR_PS(old) != IA64_RR_PS(val) )
    {
        /* Caches and the VHPT are hashed by the preferred page size. Rare: a region's does not change while it is in use. */
        empty_caches(mmu);
        if ( v == current )
            local_flush_tlb_all();
        note_rrs(mmu, true);
    }

    local_irq_save(flags);
    make_machine_rr(v, region);
    if ( v == current )
    {
        if ( region == 7 && mmu->xen_alias )
        {
            local_flush_tlb_all();
            mmu->xen_alias = false;
        }
        load_rr(v, region);
    }
    update_walk(v);
    local_irq_restore(flags);

    return true;
}

uint64_t vcpu_get_rr(const struct vcpu *v, uint64_t va)
{
    return v->arch.mmu.rr[va_region(va)];
}

void vcpu_set_metaphysical(struct vcpu *v, bool on)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned long flags;

    v->arch.privregs->metaphysical_mode = on;
    if ( mmu->metaphysical == on )
        return;

    local_irq_save(flags);
    mmu->metaphysical = on;
    make_machine_rr(v, 0);
    make_machine_rr(v, 4);
    if ( v == current )
    {
        if ( mmu->meta_mixed )
            local_flush_tlb_all();
        load_rr(v, 0);
        load_rr(v, 4);
        ia64_srlz_i();
    }
    mmu->meta_mixed = false;
    update_walk(v);
    local_irq_restore(flags);
}

/*
 * Protection keys (SDM 2:4.1.3): the machine's are the running vcpu's.
 */
static void set_machine_pkr(unsigned int i, uint64_t val)
{
    ia64_set_pkr(i, val);
    ia64_srlz_d();
}

bool vcpu_set_pkr(struct vcpu *v, uint64_t idx, uint64_t val, struct guest_fault *f)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int i;

    idx &= 0xff;
    if ( idx >= VTLB_NR_PKRS || (val & 0xf0) || (val >> 32) )
        return fault_reserved(f);

    /* A key is in one register only: a second one with it makes the first invalid. */
    if ( val & 1 )
        for ( i = 0; i < VTLB_NR_PKRS; i++ )
            if ( i != idx && (mmu->pkr[i] & 1) && (mmu->pkr[i] >> 8) == (val >> 8) )
                mmu->pkr[i] &= ~1UL;
    mmu->pkr[idx] = val;

    if ( v == current )
    {
        set_machine_pkr(idx, val);
        if ( v->arch.privregs->vpsr & IA64_PSR_PK )
            local_flush_tlb_all();
    }

    return true;
}

bool vcpu_get_pkr(const struct vcpu *v, uint64_t idx, uint64_t *val, struct guest_fault *f)
{
    idx &= 0xff;
    if ( idx >= VTLB_NR_PKRS )
        return fault_reserved(f);
    *val = v->arch.mmu.pkr[idx];

    return true;
}

/*
 * Life of a vcpu.
 */
void vcpu_mmu_reset(struct vcpu *v)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;
    unsigned int i;

    memset(mmu->itr, 0, sizeof(mmu->itr));
    memset(mmu->dtr, 0, sizeof(mmu->dtr));
    mmu->nr_itr = mmu->nr_dtr = 0;
    memset(mmu->pkr, 0, sizeof(mmu->pkr));
    empty_caches(mmu);
    mmu->xen_alias = mmu->meta_mixed = false;
    /* psr is 0 after a reset: addresses are physical (SDM 2:11.2.2). */
    mmu->metaphysical = true;

    for ( i = 0; i < 8; i++ )
    {
        mmu->rr[i] = IA64_RR(0, PAGE_SHIFT, 0);
        if ( v->arch.privregs )
            v->arch.privregs->rrs[i] = mmu->rr[i];
        make_machine_rr(v, i);
    }
    note_rrs(mmu, true);
    if ( v->arch.privregs )
    {
        v->arch.privregs->metaphysical_mode = 1;
        v->arch.privregs->vpsr &= ~(IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT);
    }
    /* What is left of it in some processor's TLB. */
    mmu->last_cpu = NR_CPUS;
}

int vcpu_mmu_init(struct vcpu *v)
{
    struct vcpu_mmu *mmu = &v->arch.mmu;

    BUILD_BUG_ON(offsetof(struct vtlb_entry, va) || sizeof(struct vtlb_entry) != 1 << VTLB_ENTRY_SHIFT);
    BUILD_BUG_ON(offsetof(struct vtlb_entry, key) != offsetof(struct vtlb_entry, rid) + 4 ||
                 offsetof(struct vtlb_entry, sides) != offsetof(struct vtlb_entry, ps) + 1);

    spin_lock_init(&mmu->lock);
    mmu->hashed = xzalloc_array(struct vtlb_entry, VTLB_HASHED);
    mmu->odd = xzalloc_array(struct vtlb_entry, VTLB_ODD);
    if ( !mmu->hashed || !mmu->odd )
    {
        vcpu_mmu_destroy(v);
        return -ENOMEM;
    }
    vcpu_mmu_reset(v);

    return 0;
}

void vcpu_mmu_destroy(struct vcpu *v)
{
    XFREE(v->arch.mmu.hashed);
    XFREE(v->arch.mmu.odd);
}

static DEFINE_PER_CPU(struct mapped_regs *, mapped_here);
static DEFINE_PER_CPU(bool, pkrs_here);     /* some are not 0 */

void mmu_switch_to(struct vcpu *next)
{
    struct vcpu_mmu *mmu = &next->arch.mmu;
    unsigned int i;
    bool keys = false;

    ASSERT(!local_irq_is_enabled());

    /* An idle vcpu reaches Xen's addresses only, by whatever region id. */
    if ( is_idle_vcpu(next) )
        return;

    /* First: what was left may be in the way of Xen's own addresses, once region 7's id changes. */
    flush_switch_to(next);

    get_cpu_info()->p2m_root = (uint64_t)next->domain->arch.p2m.root;
    set_walk(next);

    for ( i = 0; i < 7; i++ )
        ia64_set_rr((uint64_t)i << 61, mmu->machine_rr[i]);
    ia64_srlz_d();

    if ( this_cpu(mapped_here) != next->arch.privregs )
    {
        load_rr(next, 7);
        cpu_set_tr(XEN_TR_MAPPED_REGS, XMAPPEDREGS_BASE,
                   virt_to_maddr(next->arch.privregs) | XEN_PTE_RW | (1UL << IA64_PTE_PL_SHIFT), PAGE_SHIFT);
        this_cpu(mapped_here) = next->arch.privregs;
    }
    else
        load_rr(next, 7);

    for ( i = 0; i < VTLB_NR_PKRS; i++ )
        keys |= mmu->pkr[i] != 0;
    if ( keys || this_cpu(pkrs_here) )
    {
        for ( i = 0; i < VTLB_NR_PKRS; i++ )
            set_machine_pkr(i, 0);
        for ( i = 0; i < VTLB_NR_PKRS; i++ )
            set_machine_pkr(i, mmu->pkr[i]);
        this_cpu(pkrs_here) = keys;
    }
    ia64_srlz_i();
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
