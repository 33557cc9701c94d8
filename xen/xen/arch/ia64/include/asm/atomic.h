/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_ATOMIC_H__
#define __ASM_IA64_ATOMIC_H__

#include <xen/atomic.h>
#include <asm/system.h>

void __bad_atomic_size(void);

/* Aligned accesses up to 8 bytes are single (SDM 2:4.5). A volatile access of GCC's is ld.acq, st.rel: more order than asked for. */
#define read_atomic(p) ({                                               \
    union { typeof(*(p)) val_; char c_[sizeof(*(p))]; } x_;             \
    switch ( sizeof(*(p)) )                                             \
    {                                                                   \
    case 1: *(uint8_t *)x_.c_ = *(const volatile uint8_t *)(p); break;  \
    case 2: *(uint16_t *)x_.c_ = *(const volatile uint16_t *)(p); break; \
    case 4: *(uint32_t *)x_.c_ = *(const volatile uint32_t *)(p); break; \
    case 8: *(uint64_t *)x_.c_ = *(const volatile uint64_t *)(p); break; \
    default: __bad_atomic_size();                                       \
    }                                                                   \
    x_.val_;                                                            \
})

#define write_atomic(p, x) ({                                           \
    typeof(*(p)) x__ = (x);                                             \
    switch ( sizeof(*(p)) )                                             \
    {                                                                   \
    case 1: *(volatile uint8_t *)(p) = *(uint8_t *)&x__; break;         \
    case 2: *(volatile uint16_t *)(p) = *(uint16_t *)&x__; break;       \
    case 4: *(volatile uint32_t *)(p) = *(uint32_t *)&x__; break;       \
    case 8: *(volatile uint64_t *)(p) = *(uint64_t *)&x__; break;       \
    default: __bad_atomic_size();                                       \
    }                                                                   \
    x__;                                                                \
})

/* Not atomic as a whole; the store is. */
#define add_sized(p, x) ({                                              \
    typeof(*(p)) a__ = read_atomic(p) + (x);                            \
    write_atomic(p, a__);                                               \
})

static inline int atomic_read(const atomic_t *v)
{
    return *(const volatile int *)&v->counter;
}

static inline int _atomic_read(atomic_t v)
{
    return v.counter;
}

static inline void atomic_set(atomic_t *v, int i)
{
    *(volatile int *)&v->counter = i;
}

static inline void _atomic_set(atomic_t *v, int i)
{
    v->counter = i;
}

static inline int atomic_add_return(int i, atomic_t *v)
{
    return __sync_add_and_fetch(&v->counter, i);
}

static inline void atomic_add(int i, atomic_t *v)
{
    atomic_add_return(i, v);
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
    return __sync_sub_and_fetch(&v->counter, i);
}

static inline void atomic_sub(int i, atomic_t *v)
{
    atomic_sub_return(i, v);
}

static inline int atomic_sub_and_test(int i, atomic_t *v)
{
    return atomic_sub_return(i, v) == 0;
}

static inline void atomic_inc(atomic_t *v)
{
    atomic_add_return(1, v);
}

static inline int atomic_inc_return(atomic_t *v)
{
    return atomic_add_return(1, v);
}

static inline int atomic_inc_and_test(atomic_t *v)
{
    return atomic_add_return(1, v) == 0;
}

static inline void atomic_dec(atomic_t *v)
{
    atomic_sub_return(1, v);
}

static inline int atomic_dec_return(atomic_t *v)
{
    return atomic_sub_return(1, v);
}

static inline int atomic_dec_and_test(atomic_t *v)
{
    return atomic_sub_return(1, v) == 0;
}

static inline int atomic_add_negative(int i, atomic_t *v)
{
    return atomic_add_return(i, v) < 0;
}

static inline void atomic_and(int m, atomic_t *v)
{
    __sync_fetch_and_and(&v->counter, m);
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
    return cmpxchg(&v->counter, old, new);
}

static inline int atomic_xchg(atomic_t *v, int new)
{
    return xchg(&v->counter, new);
}

static inline int atomic_add_unless(atomic_t *v, int a, int u)
{
    int c, old;

    c = atomic_read(v);
    while ( c != u && (old = atomic_cmpxchg(v, c, c + a)) != c )
        c = old;
    return c;
}

#endif
