/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_ALTP2M_H__
#define __ASM_IA64_ALTP2M_H__

#include <xen/sched.h>

/* There is one p2m for a domain. */
static inline bool altp2m_active(const struct domain *d)
{
    return false;
}

static inline uint16_t altp2m_vcpu_idx(const struct vcpu *v)
{
    BUG();
    return 0;
}

#endif
