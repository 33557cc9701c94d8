/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory ordering, exchange, the interrupt flag.
 */
#ifndef __ASM_IA64_SYSTEM_H__
#define __ASM_IA64_SYSTEM_H__

#include <xen/lib.h>

/* mf orders loads and stores both (SDM 1:4.4.7). */
#define mb()            asm volatile ( "mf" ::: "memory" )
#define rmb()           mb()
#define wmb()           mb()

#define smp_mb()        mb()
#define smp_rmb()       mb()
#define smp_wmb()       mb()

#define smp_mb__before_atomic()    smp_mb()
#define smp_mb__after_atomic()     smp_mb()

/*
 * Exchanges order everything before and after them: mf, then the acquire form.
 */
extern unsigned long __bad_xchg_size(void);

static always_inline unsigned long __xchg(
    volatile void *ptr, unsigned long x, unsigned int size)
{
    unsigned long old;

    smp_mb();
    switch ( size )
    {
    case 1:
        asm volatile ( "xchg1 %0 = [%1], %2" : "=r" (old) : "r" (ptr), "r" (x) : "memory" );
        return old;
    case 2:
        asm volatile ( "xchg2 %0 = [%1], %2" : "=r" (old) : "r" (ptr), "r" (x) : "memory" );
        return old;
    case 4:
        asm volatile ( "xchg4 %0 = [%1], %2" : "=r" (old) : "r" (ptr), "r" (x) : "memory" );
        return old;
    case 8:
        asm volatile ( "xchg8 %0 = [%1], %2" : "=r" (old) : "r" (ptr), "r" (x) : "memory" );
        return old;
    }

    return __bad_xchg_size();
}

#define xchg(ptr, x) \
    ((__typeof__(*(ptr)))__xchg(ptr, (unsigned long)(x), sizeof(*(ptr))))

/* cmpxchg compares all 64 bits of ar.ccv with the zero-extended memory operand (SDM 3: cmpxchg). */
#define IA64_CMPXCHG(n, ptr, old, new) ({                               \
    unsigned long ret_;                                                 \
    asm volatile ( "mov ar.ccv = %3 ;; cmpxchg" #n ".acq %0 = [%1], %2, ar.ccv" \
                   : "=r" (ret_)                                        \
                   : "r" (ptr), "r" (new), "r" (old) : "memory" );     \
    ret_;                                                               \
})

static always_inline unsigned long __cmpxchg(
    volatile void *ptr, unsigned long old, unsigned long new,
    unsigned int size)
{
    smp_mb();
    switch ( size )
    {
    case 1:
        return IA64_CMPXCHG(1, ptr, (unsigned long)(uint8_t)old, new);
    case 2:
        return IA64_CMPXCHG(2, ptr, (unsigned long)(uint16_t)old, new);
    case 4:
        return IA64_CMPXCHG(4, ptr, (unsigned long)(uint32_t)old, new);
    case 8:
        return IA64_CMPXCHG(8, ptr, old, new);
    }

    return __bad_xchg_size();
}

#define cmpxchg(ptr, o, n) \
    ((__typeof__(*(ptr)))__cmpxchg(ptr, (unsigned long)(o), \
                                   (unsigned long)(n), sizeof(*(ptr))))
#define cmpxchg64(ptr, o, n) cmpxchg(ptr, o, n)

#define arch_fetch_and_add(x, v) __sync_fetch_and_add(x, v)

/*
 * psr.i. Reading psr from PL 0 never faults; ssm needs a data serialisation before the interrupt can be
 * counted upon, rsm of i takes effect at once (SDM 2:3.3.2, 3: rsm).
 */
#define IA64_PSR_I_BIT  14

#define local_save_flags(x) ({                                          \
    BUILD_BUG_ON(sizeof(x) != sizeof(long));                            \
    asm volatile ( "mov %0 = psr" : "=r" (x) :: "memory" );             \
})
#define local_irq_disable()                                             \
    asm volatile ( "rsm 0x4000 ;;" ::: "memory" )
#define local_irq_enable()                                              \
    asm volatile ( "ssm 0x4000 ;; srlz.d" ::: "memory" )
#define local_irq_save(x) ({                                            \
    local_save_flags(x);                                                \
    local_irq_disable();                                                \
})
#define local_irq_restore(x) ({                                         \
    if ( (x) & (1UL << IA64_PSR_I_BIT) )                                \
        local_irq_enable();                                             \
    else                                                                \
        local_irq_disable();                                            \
})

static inline bool local_irq_is_enabled(void)
{
    unsigned long flags;

    local_save_flags(flags);
    return flags & (1UL << IA64_PSR_I_BIT);
}

#include <asm/processor.h>      /* cpu_relax() */

#endif
