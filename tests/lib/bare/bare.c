/* SPDX-License-Identifier: MIT
 *
 * The C part of the bare-metal runtime: printing, and what the compiler calls by itself.
 */
#include "bare.h"

void bare_puts(const char *s)
{
    while (*s)
        bare_putc(*s++);
}

void bare_hex(unsigned long v)
{
    for (int i = 60; i >= 0; i -= 4)
        bare_putc("0123456789abcdef"[v >> i & 15]);
}

void bare_dec(long v)
{
    char buf[24], *p = buf + sizeof buf;
    unsigned long u = v < 0 ? -(unsigned long)v : (unsigned long)v;
    *--p = 0;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *--p = '-';
    bare_puts(p);
}

void *memcpy(void *restrict d, const void *restrict s, unsigned long n)
{
    char *a = d;
    const char *b = s;
    while (n--)
        *a++ = *b++;
    return d;
}

void *memset(void *d, int c, unsigned long n)
{
    char *a = d;
    while (n--)
        *a++ = (char)c;
    return d;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

char *strcpy(char *restrict d, const char *restrict s)
{
    char *p = d;
    while ((*p++ = *s++))
        ;
    return d;
}
