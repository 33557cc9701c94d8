/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channel upcalls (domain.c): to the guest's callback, or as a vector of its virtual SAPIC.
 */
#ifndef __ASM_IA64_EVENT_H__
#define __ASM_IA64_EVENT_H__

#include <asm/domain.h>

void vcpu_mark_events_pending(struct vcpu *v);
void vcpu_update_evtchn_irq(struct vcpu *v);
void vcpu_block_unless_event_pending(struct vcpu *v);

/* vcpu.c, vlsapic.c */
static inline int vcpu_event_delivery_is_enabled(struct vcpu *v)
{
    return vcpu_psr_i(v);
}

static inline int local_events_need_delivery_nomask(void)
{
    return vlsapic_pending(current) >= 0 ||
           vcpu_info(current, evtchn_upcall_pending);
}

static inline int local_events_need_delivery(void)
{
    return vcpu_event_delivery_is_enabled(current) &&
           local_events_need_delivery_nomask();
}

static inline void local_event_delivery_enable(void)
{
    vcpu_set_psr_i(current, true);
}

static inline bool arch_virq_is_global(unsigned int virq)
{
    return true;
}

#endif
