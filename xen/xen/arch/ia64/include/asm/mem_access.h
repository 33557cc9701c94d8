/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_MEM_ACCESS_H__
#define __ASM_IA64_MEM_ACCESS_H__

static inline bool p2m_mem_access_emulate_check(struct vcpu *v,
                                                const struct vm_event_st *rsp)
{
    return false;
}

static inline bool p2m_mem_access_sanity_check(struct domain *d)
{
    return false;
}

#endif
