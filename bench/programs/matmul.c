/* SPDX-License-Identifier: MIT
 * Product of double matrices: fma, floating-point loads, software-pipelined loops. */
#include "bare.h"

enum { N = 120 };
static double a[N][N], b[N][N], c[N][N];

static __attribute__((noinline)) void multiply(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double s = 0;
            for (int k = 0; k < N; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s;
        }
}

int main(void)
{
    double trace = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(i + 1) / 16 + j;
            b[i][j] = (double)(j + 1) / 32 - i;
        }
    for (int r = 0; r < 12; r++) {
        multiply();
        for (int i = 0; i < N; i++) {
            trace += c[i][i] / 1024;
            a[i][r] += 0.125;
        }
    }
    union {
        double d;
        unsigned long u;
    } v = {trace};
    bare_puts("matmul ");
    bare_hex(v.u);
    bare_puts("\n");
    return 0;
}
