/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_GRANT_TABLE_H__
#define __ASM_IA64_GRANT_TABLE_H__

#include <xen/grant_table.h>
#include <xen/kernel.h>
#include <xen/pfn.h>
#include <xen/sched.h>
#include <asm/guest_atomics.h>

#define INITIAL_NR_GRANT_FRAMES 1U
#define GNTTAB_MAX_VERSION      2

static inline void gnttab_clear_flags(struct domain *d,
                                      unsigned int mask, uint16_t *addr)
{
    guest_clear_mask16(d, mask, addr);
}

/* Nobody logs dirty pages. */
static inline void gnttab_mark_dirty(struct domain *d, mfn_t mfn)
{
}

static inline bool gnttab_host_mapping_get_page_type(bool ro,
                                                     const struct domain *ld,
                                                     const struct domain *rd)
{
    return false;
}

static inline bool gnttab_release_host_mappings(const struct domain *d)
{
    return true;
}

/* grant_table.c: a mapping is a p2m entry at a guest frame of the mapper's choice. */
int create_grant_host_mapping(unsigned long gpaddr, mfn_t mfn,
                              unsigned int flags, unsigned int cache_flags);
int replace_grant_host_mapping(unsigned long gpaddr, mfn_t mfn,
                               unsigned long new_gpaddr, unsigned int flags);

/* Where domain 0, mapped one to one, can have its grant frames: where Xen's own image is. */
#define gnttab_dom0_frames()                                            \
    min_t(unsigned int, opt_max_grant_frames, PFN_DOWN(XEN_IMAGE_SIZE))

#define gnttab_set_frame_gfn(gt, st, idx, gfn, mfn)                     \
    (gfn_eq(gfn, INVALID_GFN)                                           \
     ? guest_physmap_remove_page((gt)->domain,                          \
                                 gnttab_get_frame_gfn(gt, st, idx),     \
                                 mfn, 0)                                \
     : 0)

#define gnttab_get_frame_gfn(gt, st, idx) ({                            \
   (st) ? gnttab_status_gfn(NULL, gt, idx)                              \
        : gnttab_shared_gfn(NULL, gt, idx);                             \
})

#define gnttab_shared_page(t, i)    virt_to_page((t)->shared_raw[i])
#define gnttab_status_page(t, i)    virt_to_page((t)->status[i])
#define gnttab_shared_gfn(d, t, i)  page_get_gfn(gnttab_shared_page(t, i))
#define gnttab_status_gfn(d, t, i)  page_get_gfn(gnttab_status_page(t, i))

#define gnttab_need_iommu_mapping(d)    (false)

#endif
