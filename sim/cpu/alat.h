/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Advanced Load Address Table (SDM 1:4.4.5, 2:?): 32 fully associative entries keyed by register (type and physical number),
 * checked against stores by host address, which is unique for each byte of RAM.
 */
#ifndef SIM_CPU_ALAT_H
#define SIM_CPU_ALAT_H

#include "sim/machine.h"

#define ALAT_SIZE 32

static inline uint64_t alat_hash(const void *host, unsigned size)
{
    /* 64-byte granules; an access of <= 16 aligned bytes lies in one. Callers split others. */
    (void)size;
    return 1ull << (((uintptr_t)host >> 6) & 63);
}

/* A store of size bytes at host address: drops overlapping entries of every CPU. */
void alat_store_slow(struct machine *m, const void *host, unsigned size);
static inline void alat_store(struct cpu *cpu, const void *host, unsigned size)
{
    if (unlikely(cpu->m->alat_bloom & alat_hash(host, size)))
        alat_store_slow(cpu->m, host, size);
}

void alat_insert_gr(struct cpu *cpu, unsigned r, const void *host, unsigned size);
void alat_insert_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size);
bool alat_check_gr(struct cpu *cpu, unsigned r, const void *host /* may be NULL: any */, unsigned size, bool clear);
bool alat_check_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size, bool clear);
void alat_invalidate_gr(struct cpu *cpu, unsigned r);
void alat_invalidate_fr(struct cpu *cpu, unsigned f);
void alat_invalidate_all(struct cpu *cpu);                            /* invala, and what else the manual lists */
void alat_purge_page(struct cpu *cpu, uint64_t va, unsigned ps);     /* ptc: conservatively all */

#endif
