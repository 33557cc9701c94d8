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
/* Everything of a domain, wherever it ran. Interrupts are on. */
void domain_flush_tlb(struct domain *d);
/* This processor's translations, VHPT and TLB, of machine_rid at va (region bits do not matter), 2^size bytes; pages were made with rr.ps `ps`. */
void local_purge(uint64_t machine_rid, unsigned int ps, uint64_t va, unsigned int size);

#define flush_xen_tlb_range_va_local(va, size)  ((void)(va), (void)(size))

#endif /* __ASM_IA64_FLUSHTLB_H__ */
