/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_MONITOR_H__
#define __ASM_IA64_MONITOR_H__

#include <xen/sched.h>
#include <public/domctl.h>

static inline void arch_monitor_allow_userspace(struct domain *d,
                                                bool allow_userspace)
{
}

static inline int arch_monitor_domctl_op(struct domain *d,
                                         struct xen_domctl_monitor_op *mop)
{
    return -EOPNOTSUPP;
}

int arch_monitor_domctl_event(struct domain *d,
                              struct xen_domctl_monitor_op *mop);

static inline int arch_monitor_init_domain(struct domain *d)
{
    return 0;
}

static inline void arch_monitor_cleanup_domain(struct domain *d)
{
}

static inline uint32_t arch_monitor_get_capabilities(struct domain *d)
{
    return 1U << XEN_DOMCTL_MONITOR_EVENT_GUEST_REQUEST;
}

#endif
