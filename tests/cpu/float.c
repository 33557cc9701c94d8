/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/float: every floating-point instruction, results and flags and faults and traps, on random and special operands:
 * against MPFR (float/oracle.c), the host's arithmetic, and formulas written from the instruction pages of SDM 3. The
 * executors are called directly; cpu/integer and its like show that the engine calls executors rightly.
 */
#include "tests/cpu/float/float.h"

int main(int argc, char **argv)
{
    struct sut *s = sut_new();

    cpu = s->cpu;
    suite_begin(argc, argv);
    test_arith();
    test_pairs();
    test_compare();
    test_seeds();
    test_moves();
    test_memory();
    test_host();
    test_fast();
    const int status = suite_end();
    sut_free(s);
    return status;
}
