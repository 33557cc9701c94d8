/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The cache of decoded code: pages by host address, their arenas, the jump cache from virtual
 * addresses to blocks, and coherence with stores. IA-64 promises coherence only after fc, sync.i
 * and srlz.i (SDM 1:4.4.6.2), so a page's blocks may finish the one being executed; the page itself
 * dies at the store.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/cpu/dispatch.h"
#include "sim/debug/stats.h"

enum { HASH_BITS = 12, HASH_SIZE = 1 << HASH_BITS, CHUNK = 16384 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    _Alignas(16) uint8_t data[];
};
struct code_cache {
    struct code_page *hash[HASH_SIZE];
    struct code_page *dead;
};

static unsigned page_hash(const void *host)
{
    return (unsigned)(((uintptr_t)host >> 12) * 0x9e3779b97f4a7c15ull >> (64 - HASH_BITS));
}
static struct code_cache *cache(struct machine *m)
{
    if (!m->code) {
        m->code = calloc(1, sizeof *m->code);
        if (!m->code)
            abort();
    }
    return m->code;
}

void *page_alloc(struct code_page *p, size_t size)
{
    struct arena_chunk *c = p->arena;
    size = (size + 15) & ~(size_t)15;
    if (!c || c->size - c->used < size) {
        size_t n = size > CHUNK ? size : CHUNK;
        c = malloc(sizeof *c + n);
        if (!c)
            abort();
        c->next = p->arena;
        c->used = 0;
        c->size = n;
        p->arena = c;
    }
    void *r = c->data + c->used;
    c->used += size;
    return r;
}

static void page_free(struct code_page *p)
{
    for (struct arena_chunk *c = p->arena, *n; c; c = n) {
        n = c->next;
        free(c);
    }
    free(p);
}

static struct code_page **page_find(struct machine *m, const void *host)
{
    const uint8_t *base = (const uint8_t *)((uintptr_t)host & ~(uintptr_t)0xfff);
    struct code_page **pp = &cache(m)->hash[page_hash(base)];
    while (*pp && (*pp)->host != base)
        pp = &(*pp)->next;
    return pp;
}

struct code_page *code_page_get(struct machine *m, const uint8_t *host)
{
    struct code_page **pp = page_find(m, host);
    if (*pp)
        return *pp;
    struct code_page *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->host = (const uint8_t *)((uintptr_t)host & ~(uintptr_t)0xfff);
    *pp = p;
    /* From now on stores to this page must be seen. */
    mem_protect_host_page(m, p->host);
    return p;
}

bool code_page_present(struct machine *m, const void *host)
{
    return m->code && *page_find(m, host) != NULL;
}

void code_page_dirty(struct machine *m, const void *host)
{
    if (!m->code)
        return;
    struct code_page **pp = page_find(m, host), *p = *pp;
    if (!p)
        return;
    *pp = p->next;
    p->dead = true;
    if (m->ncpu)
        STAT_INC(m->cpu[0], pages_dropped);
    p->next = m->code->dead;
    m->code->dead = p;
    /* Nothing may enter it any more; whoever is inside leaves at the next taken branch. */
    for (unsigned i = 0; i < m->ncpu; i++) {
        code_flush_fetch(m->cpu[i]);
        cpu_attention(m->cpu[i]);
    }
}

void code_reap(struct machine *m)
{
    while (m->code && m->code->dead) {
        struct code_page *p = m->code->dead;
        m->code->dead = p->next;
        page_free(p);
    }
}

void code_cache_free(struct machine *m)
{
    if (!m->code)
        return;
    code_reap(m);
    for (unsigned i = 0; i < HASH_SIZE; i++)
        for (struct code_page *p = m->code->hash[i], *n; p; p = n) {
            n = p->next;
            page_free(p);
        }
    free(m->code);
    m->code = NULL;
}

void engine_cpu_init(struct cpu *cpu)
{
    cpu->jc = calloc(1, sizeof *cpu->jc);
    if (!cpu->jc)
        abort();
    code_flush_fetch(cpu); /* no entry of the empty cache matches */
}
void engine_cpu_free(struct cpu *cpu)
{
    free(cpu->jc);
    cpu->jc = NULL;
}

/* The fetch generation: changes with every flush, and differs between fetch modes. */
void code_mode_changed(struct cpu *cpu)
{
    unsigned mode = cpu->cpl | (cpu->psr & PSR_IT ? 4 : 0);
    for (unsigned r = 0; r < 8; r++)
        cpu->igen[r] = (cpu->igen[r] & ~7ull) | mode;
}
void code_flush_region(struct cpu *cpu, unsigned region)
{
    cpu->igen[region] += 8;
}
void code_flush_fetch(struct cpu *cpu)
{
    for (unsigned r = 0; r < 8; r++)
        code_flush_region(cpu, r);
}

const struct uop *block_entry(struct cpu *cpu, struct code_page *p, unsigned bundle)
{
    struct uop *u = p->entry[bundle];
    if (!u)
        p->entry[bundle] = u = block_build(cpu, p, bundle, 0);
    return u;
}

enum { FETCH_SLOTS = sizeof((struct jump_cache *)0)->f / sizeof((struct jump_cache *)0)->f[0] };

static const uint8_t *fetch_cached(const struct cpu *cpu, uint64_t ip)
{
    const struct jump_cache *jc = cpu->jc;
    unsigned i = ip >> 12 & (FETCH_SLOTS - 1);
    if (jc->f[i].page == (ip & ~0xfffull) && jc->f[i].gen == cpu->igen[ip >> 61])
        return jc->f[i].host + (ip & 0xff0);
    return NULL;
}

/* Host address of the bundle at ip, through the fetch translation; raises fetch faults. */
static const uint8_t *fetch_host(struct cpu *cpu, uint64_t ip)
{
    const uint8_t *host = fetch_cached(cpu, ip);
    struct xlat x;
    struct intr in;
    if (likely(host != NULL))
        return host;
    if (!cpu->m->ops->translate(cpu, ip, ACC_X, cpu->cpl, &x, &in))
        cpu_raise(cpu, &in);
    if (!x.host)
        sim_unimplemented(cpu, "instruction fetch from memory that is not RAM");
    if (!(cpu->psr & PSR_IA)) { /* that is a leave for one instruction */
        unsigned i = ip >> 12 & (FETCH_SLOTS - 1);
        cpu->jc->f[i].page = ip & ~0xfffull;
        cpu->jc->f[i].gen = cpu->igen[ip >> 61];
        cpu->jc->f[i].host = (const uint8_t *)((uintptr_t)x.host & ~(uintptr_t)0xfff);
    }
    return x.host;
}

const uint8_t *code_peek(struct cpu *cpu, uint64_t ip)
{
    const uint8_t *host = fetch_cached(cpu, ip);
    struct xlat x;
    struct intr ignored;
    if (likely(host != NULL))
        return host;
    return cpu->m->ops->translate(cpu, ip, ACC_X, cpu->cpl, &x, &ignored) ? x.host : NULL;
}

const struct uop *code_lookup(struct cpu *cpu, uint64_t ip)
{
    struct jce *e = &cpu->jc->e[JC_SLOT(ip)];
    if (e->ip != ip || e->gen != cpu->igen[ip >> 61]) {
        const uint8_t *host = fetch_host(cpu, ip);
        struct code_page *p = code_page_get(cpu->m, host);
        if (!p->arena)
            STAT_INC(cpu, pages_decoded);
        e->u = block_entry(cpu, p, (ip & 0xfff) >> 4);
        e->ip = ip;
        e->gen = cpu->igen[ip >> 61];
    }
    cpu->page_va = ip & ~0xfffull;
    return e->u;
}

const struct uop *code_lookup_mid(struct cpu *cpu, uint64_t ip, unsigned slot)
{
    const uint8_t *host = fetch_host(cpu, ip);
    struct code_page *p;
    struct isa_insn in;
    bool last;

    if (slot > 2 || !fetch_insn(host, slot, &in, &last))
        return NULL;
    p = code_page_get(cpu->m, host);
    if (!p->mid) {
        p->mid = page_alloc(p, 512 * sizeof *p->mid);
        memset(p->mid, 0, 512 * sizeof *p->mid);
    }
    struct uop **u = &p->mid[((ip & 0xfff) >> 4) * 2 + slot - 1];
    if (!*u)
        *u = block_build(cpu, p, (ip & 0xfff) >> 4, slot);
    cpu->page_va = ip & ~0xfffull;
    return *u;
}

/* One instruction, undecoded elsewhere: for single-stepping. */
const uint8_t *code_fetch_step(struct cpu *cpu, uint64_t ip)
{
    cpu->page_va = ip & ~0xfffull;
    return fetch_host(cpu, ip);
}
