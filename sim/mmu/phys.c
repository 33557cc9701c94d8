/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The machine as a container: processors and the physical address space (SDM 2:4.2, 2:4.4). Serves
 * board, MMU and loaders. RAM is host memory reserved but not committed, so a machine of hundreds
 * of GiB costs what it touches.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "sim/machine.h"
#include "sim/cpu/engine.h"
#include "sim/mmu/mmu.h"

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "ia64-sim: %s\n", what);
    exit(1);
}

struct machine *machine_new(unsigned ncpu)
{
    struct machine *m;

    if (ncpu == 0 || ncpu > MAX_CPUS)
        return NULL;
    m = calloc(1, sizeof *m);
    if (!m)
        die("out of memory");
    m->next_event = INT64_MAX;
    for (unsigned i = 0; i < ncpu; i++) {
        m->cpu[i] = cpu_new(m, i);
        if (!m->cpu[i])
            die("out of memory");
        m->ncpu = i + 1;
    }
    return m;
}

void machine_free(struct machine *m)
{
    if (!m)
        return;
    for (unsigned i = 0; i < m->ncpu; i++)
        cpu_free(m->cpu[i]);
    code_cache_free(m);
    for (unsigned i = 0; i < m->nranges; i++)
        if (m->range[i].host && !m->range[i].read)
            munmap(m->range[i].host, m->range[i].size);
    free(m->range);
    free(m);
}

/* Keeps the ranges sorted, so that phys_find can bisect. Overlap is a mistake of the board's memory
 * map. */
static void range_add(struct machine *m, const struct phys_range *r)
{
    unsigned i = m->nranges;
    struct phys_range *n = realloc(m->range, (m->nranges + 1) * sizeof *n);

    if (!n)
        die("out of memory");
    m->range = n;
    while (i > 0 && n[i - 1].base > r->base) {
        n[i] = n[i - 1];
        i--;
    }
    n[i] = *r;
    m->nranges++;
    if (r->size == 0 || r->base + r->size - 1 < r->base || r->base + r->size - 1 > IMPL_PA_MASK)
        die("physical range is empty or beyond 50 bits");
    if ((i > 0 && n[i - 1].base + n[i - 1].size > r->base) ||
        (i + 1 < m->nranges && r->base + r->size > n[i + 1].base))
        die("physical ranges overlap");
}

void phys_add_ram(struct machine *m, uint64_t base, uint64_t size)
{
    struct phys_range r = {.base = base, .size = size, .name = "ram"};
    void *host;

    if ((base | size) & 0xfff)
        die("RAM must be made of whole 4 KiB pages");
    host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0);
    if (host == MAP_FAILED)
        die("cannot reserve host memory for RAM");
    r.host = host;
    range_add(m, &r);
}

void phys_add_dev(struct machine *m, const struct phys_range *r)
{
    range_add(m, r);
}

struct phys_range *phys_find(struct machine *m, uint64_t pa)
{
    unsigned lo = 0, hi = m->nranges;

    pa &= ~PA_UC;
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        struct phys_range *r = &m->range[mid];
        if (pa < r->base)
            hi = mid;
        else if (pa - r->base >= r->size)
            lo = mid + 1;
        else
            return r;
    }
    return NULL;
}

uint8_t *phys_host(struct machine *m, uint64_t pa, uint64_t len)
{
    struct phys_range *r = phys_find(m, pa);
    uint64_t off;

    if (!r || !r->host)
        return NULL;
    off = (pa & ~PA_UC) - r->base;
    return len <= r->size - off ? r->host + off : NULL;
}
