/* SPDX-License-Identifier: MIT
 * Quicksort of integers: unpredictable branches, recursion, loads and stores. */
#include "bare.h"

enum { N = 200000 };
static int a[N];

static __attribute__((noinline)) void sort(int *lo, int *hi)
{
    while (hi - lo > 1) {
        int pivot = lo[(hi - lo - 1) / 2], *i = lo - 1, *j = hi;
        for (;;) {
            do
                i++;
            while (*i < pivot);
            do
                j--;
            while (*j > pivot);
            if (i >= j)
                break;
            int t = *i;
            *i = *j;
            *j = t;
        }
        int *mid = j + 1;
        if (mid - lo < hi - mid) {
            sort(lo, mid);
            lo = mid;
        } else {
            sort(mid, hi);
            hi = mid;
        }
    }
}

int main(void)
{
    unsigned x = 1;
    for (int r = 0; r < 12; r++) {
        for (int i = 0; i < N; i++) {
            x = x * 1664525 + 1013904223;
            a[i] = (int)(x >> 1);
        }
        sort(a, a + N);
        for (int i = 1; i < N; i++)
            if (a[i - 1] > a[i])
                return 1;
    }
    bare_puts("qsort ");
    bare_hex((unsigned)a[N / 2]);
    bare_puts("\n");
    return 0;
}
