/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the suites of memory references (memory.c, semaphore.c) share: one run between two
 * snapshots.
 */
#ifndef TESTS_CPU_LIB_MEMREF_H
#define TESTS_CPU_LIB_MEMREF_H

#include "tests/cpu/insn.h"

extern struct snap before, after;

/* The value of size bytes at physical address a. */
uint64_t peek(struct sut *s, uint64_t a, unsigned size, bool be);
/* Everything reset, the instruction placed, r3 = va, psr by the architected setter. False: it
 * cannot be encoded. */
bool setup(struct sut *s, const struct isa_insn *in, uint64_t va, uint64_t psr);
/* Runs it, with `before` and `after` taken. */
void go(struct sut *s);
/* Checks that nothing changed but `except`. */
void unchanged(struct sut *s, unsigned except, const struct isa_insn *in);

#endif
