/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Advanced Load Address Table: see alat.h. Serves memory.c, the floating-point loads and everything
 * that stores. SDM 1:4.4.5, 2:4.4.10 (memory attributes and advanced loads).
 */
#include <stdlib.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/rse.h"

/* Registers of the stack below BSP: of 64 words of backing store 63 are registers (SDM 2:6.1). */
uint64_t alat_key_stacked(const struct cpu *cpu, unsigned r)
{
    const uint64_t bsp = rse_bsp(cpu);
    uint64_t n = (bsp >> 9) * 63 + (bsp >> 3 & 63);
    unsigned i = r - 32;

    if (i < cpu->cfm.sor) {
        i += cpu->cfm.rrb_gr;
        if (i >= cpu->cfm.sor)
            i -= cpu->cfm.sor;
    }
    n += i;
    return n << 10 | 512 | 256 | (n & 255);
}

/* The union over the processors, after one processor's filter shrank. */
static void machine_bloom(struct machine *m)
{
    uint64_t bloom = 0;
    for (unsigned i = 0; i < m->ncpu; i++)
        bloom |= m->cpu[i]->alat_bloom;
    m->alat_bloom = bloom;
}

static uint64_t entry_hash(const struct alat_entry *e)
{
    const uint8_t *h = (const uint8_t *)(uintptr_t)e->host;
    return alat_hash(h, 1) | alat_hash(h + e->size - 1, 1);
}

/* Makes the filter exact again. */
static void rebuild_bloom(struct cpu *cpu)
{
    uint64_t bloom = 0;
    for (uint32_t v = cpu->alat->valid; v; v &= v - 1)
        bloom |= entry_hash(&cpu->alat->e[__builtin_ctz(v)]);
    if (bloom != cpu->alat_bloom) {
        cpu->alat_bloom = bloom;
        machine_bloom(cpu->m);
    }
}

void alat_drop(struct cpu *cpu, struct alat_entry *e)
{
    struct alat *a = cpu->alat;
    e->key = 0;
    a->valid &= ~(1u << (e - a->e));
    /* A stale filter only costs time: it is rebuilt when it lets a store through for nothing. */
    if (!a->valid) {
        cpu->alat_bloom = 0;
        machine_bloom(cpu->m);
    }
}

void alat_insert(struct cpu *cpu, uint64_t key, const void *host, unsigned size)
{
    struct alat *a = cpu->alat;

    if (unlikely(!a)) {
        a = cpu->alat = calloc(1, sizeof *a);
        if (!a)
            abort();
    }
    struct alat_entry *e = &a->e[a->where[key & 511]];
    if (e->key != key) {
        const uint32_t free_ones = ~a->valid;
        const unsigned n = free_ones ? (unsigned)__builtin_ctz(free_ones) : a->victim++ % ALAT_SIZE;
        e = &a->e[n];
        a->where[key & 511] = (uint8_t)n;
        a->valid |= 1u << n;
    }
    e->key = key;
    e->host = (uintptr_t)host;
    e->size = size;
    const uint64_t h = entry_hash(e);
    cpu->alat_bloom |= h;
    cpu->m->alat_bloom |= h;
}

void alat_store_slow(struct machine *m, const void *host, unsigned size)
{
    const uint64_t lo = (uintptr_t)host, hi = lo + size;
    const uint64_t h = alat_hash(host, size) | alat_hash((const uint8_t *)host + size - 1, 1);

    for (unsigned i = 0; i < m->ncpu; i++) {
        struct cpu *cpu = m->cpu[i];
        struct alat *a = cpu->alat;
        if (!(cpu->alat_bloom & h) || !a)
            continue;
        for (uint32_t v = a->valid; v; v &= v - 1) {
            struct alat_entry *e = &a->e[__builtin_ctz(v)];
            if (e->host < hi && lo < e->host + e->size) {
                e->key = 0;
                a->valid &= ~(v & -v);
            }
        }
        rebuild_bloom(cpu);
    }
}

static bool check(struct cpu *cpu, uint64_t key, const void *host, unsigned size, bool clear)
{
    struct alat_entry *e = alat_find(cpu, key);
    if (!e)
        return false;
    const bool hit = !host || (e->host == (uintptr_t)host && e->size == size);
    if (clear)
        alat_drop(cpu, e);
    return hit;
}

static void invalidate(struct cpu *cpu, uint64_t key)
{
    struct alat_entry *e = alat_find(cpu, key);
    if (e)
        alat_drop(cpu, e);
}

void alat_insert_gr(struct cpu *cpu, unsigned r, const void *host, unsigned size)
{
    alat_insert(cpu, alat_key_gr(cpu, r), host, size);
}
void alat_insert_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size)
{
    alat_insert(cpu, alat_key_fr(cpu, f), host, size);
}
bool alat_check_gr(struct cpu *cpu, unsigned r, const void *host, unsigned size, bool clear)
{
    return check(cpu, alat_key_gr(cpu, r), host, size, clear);
}
bool alat_check_fr(struct cpu *cpu, unsigned f, const void *host, unsigned size, bool clear)
{
    return check(cpu, alat_key_fr(cpu, f), host, size, clear);
}
void alat_invalidate_gr(struct cpu *cpu, unsigned r)
{
    invalidate(cpu, alat_key_gr(cpu, r));
}
void alat_invalidate_fr(struct cpu *cpu, unsigned f)
{
    invalidate(cpu, alat_key_fr(cpu, f));
}

void alat_invalidate_all(struct cpu *cpu)
{
    struct alat *a = cpu->alat;
    if (!cpu->alat_bloom)
        return;
    for (unsigned i = 0; i < ALAT_SIZE; i++)
        a->e[i].key = 0;
    a->valid = 0;
    cpu->alat_bloom = 0;
    machine_bloom(cpu->m);
}

/* Entries know no virtual addresses; dropping more than asked is always allowed. */
void alat_purge_page(struct cpu *cpu, uint64_t va, unsigned ps)
{
    (void)va, (void)ps;
    alat_invalidate_all(cpu);
}

const void *alat_host(struct cpu *cpu, uint64_t va, unsigned size)
{
    struct xlat x;
    struct intr in;
    const void *p = (va & 0xfff) + size <= 0x1000 ? mem_fast_r(cpu, va, 1) : NULL;

    if (p)
        return p;
    if ((va & 0xfff) + size > 0x1000)
        return NULL;
    if (!cpu->m->ops->translate(cpu, va, ACC_R | ACC_ADV, cpu->cpl, &x, &in) || x.ma != 0)
        return NULL;
    return x.host;
}
