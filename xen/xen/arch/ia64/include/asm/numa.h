/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_NUMA_H__
#define __ASM_IA64_NUMA_H__

#include <xen/mm.h>

typedef u8 nodeid_t;

/* One node for all. */
#define cpu_to_node(cpu)        0
#define node_to_cpumask(node)   (cpu_online_map)

static inline __attribute__((pure)) nodeid_t phys_to_nid(paddr_t addr)
{
    return 0;
}

extern mfn_t first_valid_mfn;

#define node_spanned_pages(nid) (max_page - mfn_x(first_valid_mfn))
#define node_start_pfn(nid)     (mfn_x(first_valid_mfn))
#define __node_distance(a, b)   (20)

#define arch_want_default_dmazone() (false)

#endif
