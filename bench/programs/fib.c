/* SPDX-License-Identifier: MIT
 * Recursive Fibonacci: calls, returns, the register stack engine. */
#include "bare.h"

static __attribute__((noinline)) long fib(long n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    long v = fib(34);
    bare_puts("fib ");
    bare_dec(v);
    bare_puts("\n");
    return v != 5702887;
}
