/* SPDX-License-Identifier: MIT
 * Pointer chase through a random cycle of 1 MiB: dependent loads. */
#include "bare.h"

enum { N = 1 << 17 };
static void *cell[N];
static unsigned order[N];

int main(void)
{
    unsigned x = 12345;
    for (unsigned i = 0; i < N; i++)
        order[i] = i;
    for (unsigned i = N - 1; i > 0; i--) {
        x = x * 1664525 + 1013904223;
        unsigned j = (unsigned)(((unsigned long)x * i) >> 32), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (unsigned i = 0; i < N; i++)
        cell[order[i]] = &cell[order[(i + 1) % N]];
    void **p = cell;
    for (long i = 0; i < 40000000; i++)
        p = *p;
    bare_puts("chase ");
    bare_dec((void **)p - cell);
    bare_puts("\n");
    return 0;
}
