/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_IOMMU_H__
#define __ASM_IA64_IOMMU_H__

#include <xen/errno.h>

/* No IOMMU: the hardware domain is mapped one to one. */
struct arch_iommu {
};

#endif
