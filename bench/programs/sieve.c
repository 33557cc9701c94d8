/* SPDX-License-Identifier: MIT
 * Sieve of Eratosthenes: byte stores with a stride, short loops. */
#include "bare.h"

enum { N = 1000000 };
static unsigned char composite[N + 1];

int main(void)
{
    int primes = 0;
    for (int r = 0; r < 12; r++) {
        for (int i = 0; i <= N; i++)
            composite[i] = 0;
        primes = 0;
        for (int i = 2; i <= N; i++)
            if (!composite[i]) {
                primes++;
                for (long k = (long)i * i; k <= N; k += i)
                    composite[k] = 1;
            }
    }
    bare_puts("sieve ");
    bare_dec(primes);
    bare_puts("\n");
    return primes != 78498;
}
