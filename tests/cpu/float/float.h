/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: what its parts share: a processor, a way to run one executor and catch what it
 * raises, random operands, and the oracle (oracle.c), which knows nothing of the simulator's
 * arithmetic.
 */
#ifndef TESTS_CPU_FLOAT_H
#define TESTS_CPU_FLOAT_H

#include <stdio.h>
#include <stdlib.h>
#include "sim/cpu/exec.h"
#include "sim/cpu/float_core.h"
#include "sim/machine.h"
#include "tests/cpu/insn.h"

extern struct sut *sut;
extern struct cpu *cpu; /* sut->cpu */

/* Runs one executor. Returns the vector it raised (the interruption is *cpu->pending), or -1. */
int run(const struct isa_insn *in);

/* Random numbers, the same in every run. */
uint64_t rnd(void);
static inline unsigned rnd_n(unsigned n)
{
    return (unsigned)((rnd() >> 32) * n >> 32);
}
/* A random FPSR; mostly with all traps disabled. */
uint64_t rnd_fpsr(void);
/* Random operands of a * b + c: any class, near each other, near the ends of ranges. */
void rnd_operands(struct fpv v[3]);
uint32_t rnd_single(void);
uint64_t rnd_double(void);
/* Puts a value into a register in one of the representations it may have. */
void set_fr(unsigned f, struct fpv v);
/* Vectors to run: full, or a fiftieth in `make check`. */
unsigned long count(unsigned long full);

/* --- the oracle --- */

struct octl {
    unsigned rc, width, masked;
    bool ftz, simd;
    long emin, emax; /* unbiased */
};
struct ores {
    struct fpv v;
    unsigned flags, fault, trap; /* as in struct fp_env */
};
void oracle_controls(struct octl *c, uint64_t fpsr, unsigned sf, enum fp_pc pc);
enum ocls { OC_ZERO, OC_NUM, OC_INF, OC_QNAN, OC_SNAN, OC_UNSUPP, OC_NAT };
enum ocls oracle_class(struct fpv v);
bool oracle_unorm(struct fpv v);
/* a * b + d; mul: f2 is f0. */
struct ores oracle_fma(const struct octl *c, struct fpv a, struct fpv b, struct fpv d, bool neg_p,
                       bool neg_d, bool mul);
struct ores oracle_div(const struct octl *c, struct fpv a, struct fpv b); /* numbers, not zero */
struct ores oracle_sqrt(const struct octl *c, struct fpv a);
struct ores oracle_to_int(const struct octl *c, struct fpv a, unsigned bits, bool is_unsigned,
                          bool trunc, uint64_t *out);
/* -2 unordered, else sign of a - b. */
int oracle_cmp(struct fpv a, struct fpv b, bool abs);
/* D, V and the like as flag or fault of *o. */
void oracle_exception(const struct octl *c, struct ores *o, unsigned exc);

/* Runs `in`, whose result goes to f1, and compares with o (pairs: hi and lo; pairs deliver `pair`
 * as significand). flags of status field in->sf. */
void check_result(const struct isa_insn *in, uint64_t fpsr, const struct ores *o, const char *what);
void check_pair(const struct isa_insn *in, uint64_t fpsr, const struct ores *hi,
                const struct ores *lo, uint64_t pair, const char *what);

void test_arith(void);
void test_pairs(void);
void test_compare(void);
void test_seeds(void);
void test_moves(void);
void test_memory(void);
void test_host(void);
void test_handlers(void);

#endif
