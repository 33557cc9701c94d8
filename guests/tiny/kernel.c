/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every kernel in C has: output, the end.
 */
#include <stdarg.h>
#include "kernel.h"

extern u64 fault_record[5];

static char line[512];
static unsigned int length;

/* By console_io: a character by the emulated UART takes Xen much longer than a line by this. */
static void flush(void)
{
    struct hcall h = {.nr = 18, .arg = {0, length, (u64)line}, .frame = 8};

    length = 0;
    hc(&h);
}

static void put(char c)
{
    line[length++] = c;
    if (c == '\n' || length == sizeof(line))
        flush();
}

static void number(u64 n, unsigned int base)
{
    char s[24];
    int i = 0;

    do
        s[i++] = "0123456789abcdef"[n % base];
    while (n /= base);
    while (i)
        put(s[--i]);
}

void print(const char *f, ...)
{
    va_list ap;

    va_start(ap, f);
    for (; *f; f++) {
        if (*f != '%') {
            put(*f);
            continue;
        }
        switch (*++f) {
        case 's':
            for (const char *s = va_arg(ap, const char *); *s; s++)
                put(*s);
            break;
        case 'c':
            put(va_arg(ap, int));
            break;
        case 'd': {
            long n = va_arg(ap, long);

            if (n < 0)
                put('-');
            number(n < 0 ? -(u64)n : (u64)n, 10);
            break;
        }
        case 'u':
            number(va_arg(ap, u64), 10);
            break;
        case 'x':
            number(va_arg(ap, u64), 16);
            break;
        default:
            put(*f);
        }
    }
    va_end(ap);
}

void power_off(void)
{
    struct hcall h = {.nr = 0x30a, .arg = {2}, .frame = 8};

    for (;;)
        hc(&h);
}

void tiny_unexpected(void)
{
    print("BAD unexpected interruption %x isr %x ifa %x iip %x\n", fault_record[0], fault_record[1],
          fault_record[2], fault_record[3]);
    power_off();
}

void *memset(void *p, int c, unsigned long n)
{
    for (char *q = p; n--;)
        *q++ = c;
    return p;
}

void *memcpy(void *to, const void *from, unsigned long n)
{
    const char *f = from;

    for (char *t = to; n--;)
        *t++ = *f++;
    return to;
}
