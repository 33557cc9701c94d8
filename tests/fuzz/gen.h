/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Random numbers, bundles and processor states for the fuzzers: everything follows from one seed.
 */
#ifndef TESTS_FUZZ_GEN_H
#define TESTS_FUZZ_GEN_H

#include "sim/machine.h"

struct rng {
    uint64_t s;
};
uint64_t rnd(struct rng *r);                   /* 64 random bits */
uint64_t rnd_below(struct rng *r, uint64_t n); /* 0..n-1 */
static inline bool rnd_one_in(struct rng *r, unsigned n)
{
    return rnd_below(r, n) == 0;
}

/* A bundle of mostly legal instructions in a legal template. With gen_wild also any bits, and the
 * instructions that make blocks and steps differ within what the manual leaves open. */
extern bool gen_wild;
bool gen_needs_srlz(unsigned op); /* such an instruction */
struct isa_bundle gen_bundle(struct rng *r);

/* RAM of the fuzzed machine: [0, GEN_RAM), code at GEN_CODE. */
enum { GEN_RAM = 1 << 20, GEN_CODE = 0x40000, GEN_CODE_BUNDLES = 96, GEN_IVA = 0x10000 };

/* Fills RAM with data, vectors and code, and the processor with a random state that is about to run
 * the code. m has one CPU; two machines given equal seeds are equal afterwards. */
void gen_state(struct machine *m, uint64_t seed);

#endif
