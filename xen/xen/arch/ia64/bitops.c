/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searches in bitmaps.
 */
#include <xen/bitops.h>
#include <xen/kernel.h>
#include <xen/lib.h>

static unsigned long find(const unsigned long *addr, unsigned long size,
                          unsigned long offset, unsigned long flip)
{
    unsigned long word, i;

    if ( offset >= size )
        return size;

    i = offset / BITS_PER_LONG;
    word = (addr[i] ^ flip) & (~0UL << (offset % BITS_PER_LONG));
    while ( !word )
    {
        if ( ++i * BITS_PER_LONG >= size )
            return size;
        word = addr[i] ^ flip;
    }

    return min(size, i * BITS_PER_LONG + find_first_set_bit(word));
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
                            unsigned long offset)
{
    return find(addr, size, offset, 0);
}

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
                                 unsigned long offset)
{
    return find(addr, size, offset, ~0UL);
}
