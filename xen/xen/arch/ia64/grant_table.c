/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants: mapped at a guest-physical frame of the mapper's choice, by its p2m. References are the grant table's.
 */
#include <xen/grant_table.h>
#include <xen/sched.h>

#include <asm/p2m.h>

int create_grant_host_mapping(unsigned long gpaddr, mfn_t mfn, unsigned int flags, unsigned int cache_flags)
{
    struct domain *d = current->domain;
    gfn_t gfn = gaddr_to_gfn(gpaddr);
    p2m_type_t t;

    if ( cache_flags || (flags & ~GNTMAP_readonly) != GNTMAP_host_map || (gpaddr & ~PAGE_MASK) )
        return GNTST_general_error;

    /* The domain's own memory stays: it has to balloon a place free first (as Linux does). Another mapping would lose its page's reference. */
    p2m_lookup(d, gfn, &t);
    if ( t != p2m_invalid )
        return GNTST_bad_virt_addr;

    if ( guest_physmap_add_entry(d, gfn, mfn, 0, flags & GNTMAP_readonly ? p2m_grant_map_ro : p2m_grant_map_rw) )
        return GNTST_general_error;

    return GNTST_okay;
}

int replace_grant_host_mapping(unsigned long gpaddr, mfn_t mfn, unsigned long new_gpaddr, unsigned int flags)
{
    struct domain *d = current->domain;
    gfn_t gfn = gaddr_to_gfn(gpaddr);
    p2m_type_t t;

    if ( new_gpaddr || (flags & GNTMAP_contains_pte) )
        return GNTST_general_error;

    p2m_lookup(d, gfn, &t);
    if ( !p2m_is_grant(t) )
        return GNTST_general_error;

    return guest_physmap_remove_page(d, gfn, mfn, 0) ? GNTST_general_error : GNTST_okay;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
