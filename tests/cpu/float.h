/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: what its parts share: a processor set up by hand, a way to run one executor and catch what it raises,
 * random operands, and the oracle (float_oracle.c), which knows nothing of the simulator's arithmetic.
 */
#ifndef TESTS_CPU_FLOAT_H
#define TESTS_CPU_FLOAT_H

#include <stdio.h>
#include <stdlib.h>
#include "sim/cpu/exec.h"
#include "sim/cpu/float_core.h"
#include "sim/machine.h"

extern struct cpu *cpu;
extern struct machine *mach;
extern bool quick;

/* Runs one instruction. Returns the vector it raised, or -1; the interruption is in caught. */
extern struct intr caught;
int run(const struct isa_insn *in);

/* Random numbers, the same in every run. */
uint64_t rnd(void);
static inline unsigned rnd_n(unsigned n)
{
    return (unsigned)((rnd() >> 32) * n >> 32);
}
/* A random FPSR; mostly with all traps disabled. */
uint64_t rnd_fpsr(void);
/* Random operands of f1 = a * b + c: any class, near each other, near the ends of ranges. */
void rnd_operands(struct fpv v[3]);
uint32_t rnd_single(void);
uint64_t rnd_double(void);
/* Puts a value into a register in one of the representations it may have. */
void set_fr(unsigned f, struct fpv v);

/* A group of vectors: PASS or the first few FAILs. */
struct group {
    const char *name;
    unsigned long n, bad;
};
bool group_begin(struct group *g, const char *name); /* false: not asked for */
void group_fail(struct group *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void group_end(struct group *g);
unsigned long count(unsigned long full); /* vectors to run: full, or a fiftieth when quick */

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
/* a * b + c; neg_p, neg_c, mul (f2 is f0). */
struct ores oracle_fma(const struct octl *c, struct fpv a, struct fpv b, struct fpv d, bool neg_p,
                       bool neg_c, bool mul);
struct ores oracle_div(const struct octl *c, struct fpv a, struct fpv b);
struct ores oracle_sqrt(const struct octl *c, struct fpv a);
/* Integer conversion: *out. */
struct ores oracle_to_int(const struct octl *c, struct fpv a, unsigned bits, bool is_unsigned,
                          bool trunc, uint64_t *out);
/* -2 unordered, else sign of a - b. */
int oracle_cmp(struct fpv a, struct fpv b, bool abs);

void test_arith(void);
void test_compare(void);
void test_seed(void);
void test_moves(void);
void test_memory(void);
void test_host(void);
void test_fast(void);

#endif
