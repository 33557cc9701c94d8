/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memcpy() and memset() by 64-bit words: the compiler does not make them of the generic ones' bytes. And what makes written code fetchable.
 */
#include <xen/lib.h>
#include <xen/string.h>
#include <asm/page.h>

void *(memcpy)(void *dest, const void *src, size_t n)
{
    uint8_t *d = dest;
    const uint8_t *s = src;

    if ( n >= 32 && !(((unsigned long)d ^ (unsigned long)s) & 7) )
    {
        for ( ; (unsigned long)d & 7; n-- )
            *d++ = *s++;
        for ( ; n >= 32; n -= 32, d += 32, s += 32 )
        {
            uint64_t a = ((const uint64_t *)s)[0], b = ((const uint64_t *)s)[1];
            uint64_t c = ((const uint64_t *)s)[2], e = ((const uint64_t *)s)[3];

            ((uint64_t *)d)[0] = a;
            ((uint64_t *)d)[1] = b;
            ((uint64_t *)d)[2] = c;
            ((uint64_t *)d)[3] = e;
        }
        for ( ; n >= 8; n -= 8, d += 8, s += 8 )
            *(uint64_t *)d = *(const uint64_t *)s;
    }
    while ( n-- )
        *d++ = *s++;

    return dest;
}

void *(memset)(void *dest, int c, size_t n)
{
    uint8_t *d = dest;
    uint64_t v = (uint8_t)c * 0x0101010101010101UL;

    if ( n >= 32 )
    {
        for ( ; (unsigned long)d & 7; n-- )
            *d++ = c;
        for ( ; n >= 8; n -= 8, d += 8 )
            *(uint64_t *)d = v;
    }
    while ( n-- )
        *d++ = c;

    return dest;
}

void ia64_sync_icache(const void *va, size_t len)
{
    unsigned long p = (unsigned long)va & ~31UL, end = (unsigned long)va + len;

    for ( ; p < end; p += 32 )
        asm volatile ( "fc.i %0" :: "r" (p) : "memory" );
    asm volatile ( ";; sync.i ;; srlz.i ;;" ::: "memory" );
}
