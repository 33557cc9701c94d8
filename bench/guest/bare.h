/* SPDX-License-Identifier: MIT
 * What bench/programs/ asks of the bare-metal runtime, on Linux: bench/xen.sh runs the same
 * programs there. */
#include <stdio.h>
#include <string.h>

#define bare_puts(s) fputs(s, stdout)
#define bare_dec(n)  printf("%ld", (long)(n))
#define bare_hex(n)  printf("%016lx", (unsigned long)(n))
