/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bit operations work on 32-bit words: the same as on longs in a little-endian machine, and good for the 32-bit fields of the ABI.
 */
#ifndef __ASM_IA64_BITOPS_H__
#define __ASM_IA64_BITOPS_H__

#include <asm/system.h>

#define BITOP_BITS_PER_WORD     32
#define BITOP_MASK(nr)          (1U << ((nr) % BITOP_BITS_PER_WORD))
#define BITOP_WORD(nr)          ((nr) / BITOP_BITS_PER_WORD)

#define BITOP_PTR(nr, addr)     ((volatile unsigned int *)(addr) + BITOP_WORD((unsigned int)(nr)))

static inline int test_and_set_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);

    return (__sync_fetch_and_or(BITOP_PTR(nr, addr), mask) & mask) != 0;
}

static inline int test_and_clear_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);

    return (__sync_fetch_and_and(BITOP_PTR(nr, addr), ~mask) & mask) != 0;
}

static inline int test_and_change_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);

    return (__sync_fetch_and_xor(BITOP_PTR(nr, addr), mask) & mask) != 0;
}

static inline void set_bit(int nr, volatile void *addr)
{
    test_and_set_bit(nr, addr);
}

static inline void clear_bit(int nr, volatile void *addr)
{
    test_and_clear_bit(nr, addr);
}

static inline void change_bit(int nr, volatile void *addr)
{
    test_and_change_bit(nr, addr);
}

/* Those with __ are not atomic. */
static inline int __test_and_set_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);
    volatile unsigned int *p = BITOP_PTR(nr, addr);
    unsigned int old = *p;

    *p = old | mask;
    return (old & mask) != 0;
}

static inline int __test_and_clear_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);
    volatile unsigned int *p = BITOP_PTR(nr, addr);
    unsigned int old = *p;

    *p = old & ~mask;
    return (old & mask) != 0;
}

static inline int __test_and_change_bit(int nr, volatile void *addr)
{
    unsigned int mask = BITOP_MASK((unsigned int)nr);
    volatile unsigned int *p = BITOP_PTR(nr, addr);
    unsigned int old = *p;

    *p = old ^ mask;
    return (old & mask) != 0;
}

static inline void __set_bit(int nr, volatile void *addr)
{
    __test_and_set_bit(nr, addr);
}

static inline void __clear_bit(int nr, volatile void *addr)
{
    __test_and_clear_bit(nr, addr);
}

static inline int test_bit(int nr, const volatile void *addr)
{
    return (*((const volatile unsigned int *)addr + BITOP_WORD((unsigned int)nr)) >>
            (nr & (BITOP_BITS_PER_WORD - 1))) & 1;
}

/* Population count is an instruction; the place of the lowest bit follows from it. */
static always_inline unsigned int bits_count(unsigned long x)
{
    unsigned long r;

    asm ( "popcnt %0 = %1" : "=r" (r) : "r" (x) );
    return r;
}

static always_inline unsigned int find_first_set_bit(unsigned long word)
{
    return bits_count((word - 1) & ~word);
}

static always_inline int flsl(unsigned long x)
{
    if ( __builtin_constant_p(x) )
        return x ? BITS_PER_LONG - __builtin_clzl(x) : 0;

    x |= x >> 1;
    x |= x >> 2;
    x |= x >> 4;
    x |= x >> 8;
    x |= x >> 16;
    x |= x >> 32;
    return bits_count(x);
}

static always_inline int fls(unsigned int x)
{
    return flsl(x);
}

static always_inline int ffsl(unsigned long x)
{
    return x ? find_first_set_bit(x) + 1 : 0;
}

static always_inline int ffs(unsigned int x)
{
    return ffsl(x);
}

/* bitops.c: size where there is none. */
unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
                            unsigned long offset);
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
                                 unsigned long offset);
#define find_first_bit(addr, size)      find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size) find_next_zero_bit(addr, size, 0)

#define hweight64(x)    bits_count(x)
#define hweight32(x)    bits_count((uint32_t)(x))
#define hweight16(x)    bits_count((uint16_t)(x))
#define hweight8(x)     bits_count((uint8_t)(x))

#endif
