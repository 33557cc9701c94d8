/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/float: every floating-point instruction, results and flags and faults and traps, on random
 * and special operands: against MPFR (float/oracle.c), the host's arithmetic, and formulas written
 * from the instruction pages of SDM 3. The executors are called directly; float/handlers.c shows
 * that the engine's handlers do the same as they.
 */
#include "tests/cpu/float/float.h"

int main(int argc, char **argv)
{
    sut = sut_new();
    cpu = sut->cpu;
    suite_begin(argc, argv);
    test_arith();
    test_pairs();
    test_compare();
    test_seeds();
    test_moves();
    test_memory();
    test_host();
    test_handlers();
    const int status = suite_end();
    sut_free(sut);
    return status;
}
