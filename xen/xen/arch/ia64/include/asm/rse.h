/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's own backing store, seen as memory: where the guest's dirty stacked registers lie between the entry and the exit (SDM 2:6).
 */
#ifndef __ASM_IA64_RSE_H__
#define __ASM_IA64_RSE_H__

#include <xen/types.h>

struct rse_state {
    uint64_t rsc, bspstore, rnat;
};

/*
 * Everything below the caller's frame goes to memory; ar.bspstore and ar.rnat, which belong together; the engine stays lazy until rse_end(). With
 * interrupts off.
 */
static inline struct rse_state rse_begin(void)
{
    struct rse_state s;

    asm volatile ( "mov %0=ar.rsc;; mov ar.rsc=0;; flushrs;; mov %1=ar.bspstore;; mov %2=ar.rnat"
                   : "=&r" (s.rsc), "=&r" (s.bspstore), "=&r" (s.rnat) :: "memory" );
    return s;
}

/* changed: memory below was. Writing bspstore forgets the clean registers: what is in memory now is loaded again (SDM 2:6.5.3). */
static inline void rse_end(const struct rse_state *s, bool changed)
{
    if ( changed )
        asm volatile ( "mov ar.bspstore=%0;; mov ar.rnat=%1;;" :: "r" (s->bspstore), "r" (s->rnat) : "memory" );
    asm volatile ( "mov ar.rsc=%0" :: "r" (s->rsc) : "memory" );
}

/* The NaT collection that the word at p belongs to: in memory if the store has gone beyond it, else ar.rnat. */
static inline uint64_t *rse_collection(struct rse_state *s, const uint64_t *p)
{
    unsigned long at = (unsigned long)p | 0x1f8;

    return at < s->bspstore ? (uint64_t *)at : &s->rnat;
}

#endif /* __ASM_IA64_RSE_H__ */
