/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forgetting machine translations. Guests' translations are dropped when their p2m entry changes, before the frame can be given to anyone else; so the
 * page allocator's own flushes (by timestamp) have nothing to do.
 */
#ifndef __ASM_IA64_FLUSHTLB_H__
#define __ASM_IA64_FLUSHTLB_H__

#include <xen/cpumask.h>
#include <xen/mm.h>

static inline void tlbflush_filter(cpumask_t *mask, uint32_t page_timestamp)
{
    cpumask_clear(mask);
}

#define tlbflush_current_time()                 (0)

static inline void page_set_tlbflush_timestamp(struct page_info *page)
{
    page->tlbflush_timestamp = tlbflush_current_time();
}

/* TLB and VHPT of the processors given, whole. Interrupts are on. */
void arch_flush_tlb_mask(const cpumask_t *mask);
/* This processor's. */
void local_flush_tlb_all(void);
void local_tlb_purge_all(void);         /* the TLB only */
/* Everything of a domain, wherever it ran. Interrupts are on. */
void domain_flush_tlb(struct domain *d);
/* This processor's translations, VHPT and TLB, of machine_rid at va (region bits do not matter), 2^size bytes;
 * pages were made with an rr.ps whose bit is set in preferred. */
void local_purge(uint64_t machine_rid, uint64_t preferred, uint64_t va, unsigned int size);

/* The same wherever the domain ran. Interrupts are on. */
void domain_purge(struct domain *d, uint64_t machine_rid, uint64_t preferred, uint64_t va, unsigned int size);
/* This processor's VHPT: the translation at va by the region registers as they are. Interrupts off. */
void local_vhpt_add(uint64_t va, uint64_t pte, uint64_t itir);
void local_vhpt_remove(uint64_t va);
/* v comes onto this processor: what other vcpus of its domain left here, or it itself before it ran elsewhere, goes. Interrupts off. */
void flush_switch_to(struct vcpu *v);

#define flush_xen_tlb_range_va_local(va, size)  ((void)(va), (void)(size))

#endif /* __ASM_IA64_FLUSHTLB_H__ */
