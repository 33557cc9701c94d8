/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's translation registers on this processor: what is inserted is remembered in struct cpu_info, for rr7.S.
 */
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/current.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <public/xen.h>

static const int8_t itr_of[XEN_NR_TRS] = {
    [XEN_TR_IMAGE] = XEN_ITR_IMAGE, [XEN_TR_PAL] = XEN_ITR_PAL,
    [XEN_TR_PERCPU] = -1, [XEN_TR_STACK] = -1, [XEN_TR_VHPT] = -1, [XEN_TR_MAPPED_REGS] = -1,
    [XEN_TR_FAST_HYPERCALL] = XEN_ITR_FAST_HYPERCALL,
};
static const int8_t dtr_of[XEN_NR_TRS] = {
    [XEN_TR_IMAGE] = XEN_DTR_IMAGE, [XEN_TR_PAL] = -1, [XEN_TR_PERCPU] = XEN_DTR_PERCPU, [XEN_TR_STACK] = XEN_DTR_STACK,
    [XEN_TR_VHPT] = XEN_DTR_VHPT, [XEN_TR_MAPPED_REGS] = XEN_DTR_MAPPED_REGS,
    [XEN_TR_FAST_HYPERCALL] = -1,
};

void cpu_set_tr(unsigned int which, uint64_t va, uint64_t pte, unsigned int ps)
{
    struct cpu_info *info = get_cpu_info();
    struct ia64_tr *tr = &info->tr[which];
    unsigned long flags;

    ASSERT(which < XEN_NR_TRS);
    /* Left out of a table, it would take the image's. */
    ASSERT(which == XEN_TR_IMAGE || (itr_of[which] != XEN_ITR_IMAGE && dtr_of[which] != XEN_DTR_IMAGE));

    /*
     * A data page of the directmap: the miss handler inserts whole granules of memory, none of which may overlap a translation register (SDM 2:4.1.1.4).
     */
    if ( dtr_of[which] >= 0 && va >> 56 == DIRECTMAP_VIRT_START >> 56 && pte )
    {
        uint64_t mask = (1UL << DIRECTMAP_GRANULE_SHIFT) - 1, g = (va & (DIRECTMAP_SIZE - 1)) >> DIRECTMAP_GRANULE_SHIFT;

        if ( g < DIRECTMAP_GRANULES && test_bit(g, directmap_wb) )
        {
            va &= ~mask;
            pte &= ~(mask & IA64_PTE_PPN);
            ps = DIRECTMAP_GRANULE_SHIFT;
            if ( which != XEN_TR_STACK && info->tr[XEN_TR_STACK].va == va )
                pte = 0;                /* is pinned already */
        }
    }

    local_irq_save(flags);
    if ( tr->pte && (!pte || tr->va != va || tr->itir != IA64_ITIR(0, ps)) )
    {
        if ( dtr_of[which] >= 0 )
        {
            ia64_ptr_d(tr->va, tr->itir);
            ia64_srlz_d();
        }
        if ( itr_of[which] >= 0 )
            ia64_ptr_i(tr->va, tr->itir);
        ia64_srlz_i();
    }
    tr->va = va;
    tr->pte = pte;
    tr->itir = IA64_ITIR(0, ps);
    if ( pte )
    {
        if ( dtr_of[which] >= 0 )
            ia64_itr_d(dtr_of[which], va, pte, tr->itir);
        if ( itr_of[which] >= 0 )
            ia64_itr_i(itr_of[which], va, pte, tr->itir);
    }
    local_irq_restore(flags);
}

void fast_hypercall_init(void)
{
    cpu_set_tr(XEN_TR_FAST_HYPERCALL, XEN_FAST_HYPERCALL,
               virt_to_maddr(fast_hypercall_page) | IA64_PTE_P | IA64_PTE_A | IA64_PTE_AR_XP0, PAGE_SHIFT);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
