/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Advanced Load Address Table (SDM 1:4.4.5): 32 fully associative entries, keyed by register,
 * checked against stores by host address, which is the same for every alias of a byte of RAM and on
 * every CPU.
 *
 * The key of a stacked general register is its number in the whole register stack, counted by the
 * backing store (BSP), not its number among the 96 physical ones: calls, returns and rotation keep
 * it, and a deeper frame that reuses the physical register has another key, so a wrapped stack
 * never hits falsely (SDM 1:4.4.5.3, 2:6.9). Banked registers have a key per bank, floating-point
 * registers one per physical (unrotated) register.
 *
 * Checks are by register alone, as alat_cmp() of the manual; any entry may be dropped at any time.
 */
#ifndef SIM_CPU_ALAT_H
#define SIM_CPU_ALAT_H

#include "sim/machine.h"

#define ALAT_SIZE 32

struct alat_entry {
    uint64_t key;  /* 0: never a key */
    uint64_t host; /* first byte */
    uint64_t size;
};
struct alat {
    struct alat_entry e[ALAT_SIZE];
    uint32_t valid; /* bit n: e[n] */
    uint8_t victim; /* next to be replaced when full */
    uint8_t
        where[512]; /* by the key's low bits: the entry last inserted with them; its key decides */
};

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
    const uint8_t *last = (const uint8_t *)host + size - 1;
    if (unlikely(cpu->m->alat_bloom & (alat_hash(host, size) | alat_hash(last, 1))))
        alat_store_slow(cpu->m, host, size);
}

/* Keys. Low nine bits: 0..79 static GRs, 128..255 FRs, 256..511 stacked GRs. */
uint64_t alat_key_stacked(const struct cpu *cpu, unsigned r);
static inline uint64_t alat_key_gr(const struct cpu *cpu, unsigned r)
{
    if (r >= 32)
        return alat_key_stacked(cpu, r);
    return 512 | r | (r >= 16 && cpu->psr & PSR_BN ? 64 : 0);
}
static inline uint64_t alat_key_fr(const struct cpu *cpu, unsigned f)
{
    return 512 | 128 | fr_index(cpu, f);
}
/* The valid entry with this key, or NULL. */
static inline struct alat_entry *alat_find(const struct cpu *cpu, uint64_t key)
{
    struct alat *a = cpu->alat;
    if (!cpu->alat_bloom)
        return NULL;
    struct alat_entry *e = &a->e[a->where[key & 511]];
    return e->key == key ? e : NULL;
}
void alat_drop(struct cpu *cpu, struct alat_entry *e);
void alat_insert(struct cpu *cpu, uint64_t key, const void *host, unsigned size);

/* Inserts an entry, in place of any the register has. */
void alat_insert_gr(struct cpu *cpu, unsigned r, const void *host, unsigned size);
void alat_insert_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size);
/* Is there an entry (and of this address, unless host is NULL)? `clear` drops it. */
bool alat_check_gr(struct cpu *cpu, unsigned r, const void *host, unsigned size, bool clear);
bool alat_check_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size, bool clear);
void alat_invalidate_gr(struct cpu *cpu, unsigned r);
void alat_invalidate_fr(struct cpu *cpu, unsigned f);
void alat_invalidate_all(struct cpu *cpu); /* invala, and what else the manual lists */
void alat_purge_page(struct cpu *cpu, uint64_t va, unsigned ps); /* ptc: conservatively all */
/* The host address to enter for an advanced load of `size` bytes at va that has just succeeded, or
 * NULL when it must not be entered: not RAM, not speculative memory, or across a 4 KiB page. */
const void *alat_host(struct cpu *cpu, uint64_t va, unsigned size);

#endif
