/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic operations on memory a guest writes too. Every one is a loop round cmpxchg, which a hostile guest could keep losing for us: after a number of
 * tries the guest is paused.
 */
#ifndef __ASM_IA64_GUEST_ATOMICS_H__
#define __ASM_IA64_GUEST_ATOMICS_H__

#include <xen/bitops.h>
#include <xen/perfc.h>
#include <xen/sched.h>

#define GUEST_ATOMIC_TRIES 1000

/* *p = (*p & ~clear | set) ^ flip; the old value. */
static inline uint32_t guest_update32(struct domain *d, volatile uint32_t *p,
                                      uint32_t clear, uint32_t set,
                                      uint32_t flip)
{
    unsigned int tries = GUEST_ATOMIC_TRIES;
    bool paused = false;
    uint32_t old = *p, seen;

    perfc_incr(atomics_guest);

    for ( ; ; )
    {
        seen = cmpxchg(p, old, ((old & ~clear) | set) ^ flip);
        if ( seen == old )
            break;
        old = seen;
        if ( !paused && !--tries )
        {
            perfc_incr(atomics_guest_paused);
            domain_pause_nosync(d);
            paused = true;
        }
    }

    if ( paused )
        domain_unpause(d);

    return old;
}

#define GUEST_BITOP(name, clear, set, flip)                             \
static inline int guest_test_and_##name(struct domain *d, int nr,       \
                                        volatile void *p)               \
{                                                                       \
    uint32_t mask = BITOP_MASK((unsigned int)nr);                       \
                                                                        \
    return !!(guest_update32(d, BITOP_PTR(nr, p), (clear) & mask,       \
                             (set) & mask, (flip) & mask) & mask);      \
}                                                                       \
static inline void guest_##name(struct domain *d, int nr, volatile void *p) \
{                                                                       \
    guest_test_and_##name(d, nr, p);                                    \
}

GUEST_BITOP(set_bit, 0U, ~0U, 0U)
GUEST_BITOP(clear_bit, ~0U, 0U, 0U)
GUEST_BITOP(change_bit, 0U, 0U, ~0U)
#undef GUEST_BITOP

#define guest_test_bit(d, nr, p) ((void)(d), test_bit(nr, p))

static inline void guest_clear_mask16(struct domain *d, uint16_t mask,
                                      volatile uint16_t *p)
{
    unsigned int shift = ((unsigned long)p & 2) * 8;

    guest_update32(d, (void *)((unsigned long)p & ~3UL),
                   (uint32_t)mask << shift, 0, 0);
}

/* One try: the caller loops. */
#define guest_cmpxchg(d, ptr, o, n)     ((void)(d), cmpxchg(ptr, o, n))
#define guest_cmpxchg64(d, ptr, o, n)   ((void)(d), cmpxchg64(ptr, o, n))

#endif
