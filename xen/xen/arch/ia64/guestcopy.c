/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies to and from a guest's memory. Every page is looked up, referred to and reached by the direct map, so that nothing a guest does meanwhile can
 * make Xen fault.
 */
#include <xen/domain_page.h>
#include <xen/guest_access.h>
#include <xen/mm.h>
#include <xen/sched.h>

#include <asm/p2m.h>
#include <asm/processor.h>
#include <asm/vtlb.h>

/* len bytes, all in one page of the guest's physical addresses. */
static bool copy_page_part(struct domain *d, uint64_t gpa, void *to, const void *from, unsigned long len)
{
    bool write = to == NULL;
    p2m_type_t t;
    struct page_info *page;
    void *p;

    page = p2m_get_page_from_gfn(d, gaddr_to_gfn(gpa & (DIRECTMAP_SIZE - 1)), &t);
    if ( !page )
        return false;
    if ( write && p2m_is_readonly(t) )
    {
        put_page(page);
        return false;
    }

    p = page_to_virt(page) + (gpa & ~PAGE_MASK);
    if ( !write )
        memcpy(to, p, len);
    else if ( from )
        memcpy(p, from, len);
    else
        memset(p, 0, len);
    put_page(page);

    return true;
}

/* to and from as above: of Xen's, NULL for the guest's side, both NULL for zeroes. */
static unsigned long copy_phys(struct domain *d, paddr_t gpa, void *to, const void *from, unsigned long len)
{
    gpa &= ~(1UL << 63);

    while ( len )
    {
        unsigned long n = min(len, PAGE_SIZE - (gpa & ~PAGE_MASK));

        if ( !copy_page_part(d, gpa, to, from, n) )
            break;
        gpa += n;
        len -= n;
        if ( to )
            to += n;
        if ( from )
            from += n;
    }

    return len;
}

static unsigned long copy_virt(uint64_t va, void *to, const void *from, unsigned long len)
{
    struct vcpu *v = current;

    v->arch.mmu.copy_faulted = false;

    while ( len )
    {
        unsigned long n = min(len, PAGE_SIZE - (va & ~PAGE_MASK));
        uint64_t gpa, attr;

        if ( !vcpu_translate(v, va, to ? IA64_ISR_R : IA64_ISR_W, &gpa, &attr, &v->arch.mmu.copy_fault) )
        {
            v->arch.mmu.copy_faulted = true;
            break;
        }
        if ( !copy_page_part(v->domain, gpa, to, from, n) )
            break;
        va += n;
        len -= n;
        if ( to )
            to += n;
        if ( from )
            from += n;
    }

    return len;
}

unsigned long raw_copy_to_guest(void *to, const void *from, unsigned int len)
{
    return copy_virt((uint64_t)to, NULL, from, len);
}

unsigned long raw_copy_from_guest(void *to, const void *from, unsigned int len)
{
    unsigned long left = copy_virt((uint64_t)from, to, NULL, len);

    /* What was not copied must not be what Xen's memory held. */
    if ( left )
        memset(to + (len - left), 0, left);

    return left;
}

unsigned long raw_clear_guest(void *to, unsigned int len)
{
    return copy_virt((uint64_t)to, NULL, NULL, len);
}

unsigned long copy_to_guest_phys(struct domain *d, paddr_t gpa, const void *buf, unsigned long len)
{
    return copy_phys(d, gpa, NULL, buf, len);
}

unsigned long copy_from_guest_phys(struct domain *d, paddr_t gpa, void *buf, unsigned long len)
{
    return copy_phys(d, gpa, buf, NULL, len);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
