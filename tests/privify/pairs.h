/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Pairs of an instruction and the break that stands for it, with random operands: the table of
 * docs/abi.md read a second time, apart from the simulator's and privify's.
 */
#ifndef TESTS_PRIVIFY_PAIRS_H
#define TESTS_PRIVIFY_PAIRS_H

#include "isa/isa.h"
#include "tests/fuzz/gen.h"

struct pair {
    unsigned index; /* in pair_ops */
    unsigned unit;
    uint64_t orig, brk; /* 41 bits */
};

struct pair_op {
    const char *name, *macro; /* XEN_PRIVOP_<macro> */
    unsigned number, op;      /* XEN_PRIVOP_*, enum isa_op */
    char shape;               /* pairs.c */
    bool translations;        /* changes TLBs, regions or keys */
    bool leaves;              /* goes elsewhere */
};
enum { PAIR_OPS = 49 };
extern const struct pair_op pair_ops[PAIR_OPS];

void pair_random(struct rng *r, struct pair *p);
/* How many of the 2^21 immediates stand for something in breaks of that unit. */
uint64_t pair_count(unsigned unit);

#endif
