/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Snapshots: the machine's configuration, its time, and RAM: only pages that hold something, in
 * sections of 2 MiB of guest memory. Pages that the host never gave us are not even looked at.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sim/board/snapshot_parts.h"
#include "sim/board/block.h"

enum { PAGE = 4096, CHUNK_PAGES = 512, CHUNK = PAGE * CHUNK_PAGES };

void board_snapshot_config(struct snap *s, struct board *b)
{
    const struct board_config *c = &b->cfg;
    snap_same(s, b->m->ncpu, "the number of processors (-smp)");
    snap_same(s, b->nram, "the number of memory ranges (-m, --memory-map)");
    for (unsigned i = 0; i < b->nram && snap_ok(s); i++) {
        snap_same(s, b->ram[i].base, "the base of a memory range (--memory-map)");
        snap_same(s, b->ram[i].size, "the size of memory (-m, --memory-map)");
        snap_same(s, b->ram[i].node, "the node of a memory range");
    }
    snap_same(s, c->nodes, "the number of nodes (-numa)");
    snap_same(s, c->ndrives, "the number of drives (-drive)");
    for (unsigned i = 0; i < c->ndrives; i++) {
        snap_same(s, block_size(b->disk[i]), "the size of a drive");
        snap_same(s, block_readonly(b->disk[i]), "whether a drive is read-only");
        snap_same(s, c->drive[i].snapshot, "snapshot=on of a drive");
    }
    snap_same(s, c->nnics, "the number of network cards (-nic)");
    snap_same(s, c->rng, "whether there is a virtio-rng-pci");
}

void board_snapshot_time(struct snap *s, struct board *b)
{
    SNAP(s, b->m->now);
    SNAP(s, b->m->fp_swa);
    SNAP(s, b->cfg.rtc_base); /* the clock of the guest goes on, whatever -rtc says now */
    SNAP(s, b->rtc_offset);
    SNAP(s, b->turns);
    if (snap_loading(s) && (b->m->now < 0 || b->m->fp_swa > FP_SWA_NEVER))
        snap_bad(s, "not a time");
}

/* Which of the host's pages exist at all (Linux: Documentation/admin-guide/mm/pagemap.rst). */
static bool ever_touched(int pagemap, const uint8_t *host, uint64_t *entries, unsigned n)
{
    const ssize_t want = (ssize_t)(n * sizeof *entries);
    if (pagemap < 0 || sysconf(_SC_PAGESIZE) != PAGE ||
        pread(pagemap, entries, (size_t)want, (off_t)((uintptr_t)host / PAGE * 8)) != want)
        return true;
    for (unsigned i = 0; i < n; i++)
        if (entries[i] >> 62)
            return true;
    return false;
}

static bool is_zero(const uint8_t *p)
{
    return !p[0] && !memcmp(p, p + 1, PAGE - 1);
}

static void save_chunk(struct snap *s, uint64_t pa, uint8_t *host, unsigned pages)
{
    uint64_t there[CHUNK_PAGES / 64] = {0};
    bool any = false;
    for (unsigned i = 0; i < pages; i++)
        if (!is_zero(host + (size_t)i * PAGE)) {
            there[i / 64] |= 1ull << (i % 64);
            any = true;
        }
    if (!any)
        return;
    snap_section(s, "ram chunk", 1);
    SNAP(s, pa);
    SNAP(s, there);
    for (unsigned i = 0; i < pages; i++)
        if (there[i / 64] >> (i % 64) & 1)
            snap_mem(s, host + (size_t)i * PAGE, PAGE);
}

static void save_ram(struct snap *s, struct board *b)
{
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    uint64_t entries[CHUNK_PAGES];
    for (unsigned r = 0; r < b->nram; r++)
        for (uint64_t off = 0; off < b->ram[r].size && snap_ok(s); off += CHUNK) {
            uint64_t pa = b->ram[r].base + off, left = b->ram[r].size - off;
            unsigned pages = left < CHUNK ? (unsigned)(left / PAGE) : CHUNK_PAGES;
            uint8_t *host = phys_host(b->m, pa, (uint64_t)pages * PAGE);
            if (host && ever_touched(pagemap, host, entries, pages))
                save_chunk(s, pa, host, pages);
        }
    if (pagemap >= 0)
        close(pagemap);
    snap_section(s, "ram chunk", 1); /* the last one is empty */
    uint64_t end = ~0ull;
    SNAP(s, end);
}

static void load_ram(struct snap *s, struct board *b)
{
    for (unsigned r = 0; r < b->nram; r++) {
        uint8_t *host = phys_host(b->m, b->ram[r].base, b->ram[r].size);
        if (!host || madvise(host, b->ram[r].size, MADV_DONTNEED))
            snap_bad(s, "memory cannot be cleared");
    }
    while (snap_ok(s)) {
        uint64_t pa, there[CHUNK_PAGES / 64];
        snap_section(s, "ram chunk", 1);
        SNAP(s, pa);
        if (pa == ~0ull || !snap_ok(s))
            return;
        SNAP(s, there);
        for (unsigned i = 0; i < CHUNK_PAGES; i++) {
            if (!(there[i / 64] >> (i % 64) & 1))
                continue;
            uint64_t at = pa + (uint64_t)i * PAGE;
            uint8_t *host =
                at >= pa && at >> 50 == 0 && !(at % PAGE) ? phys_host(b->m, at, PAGE) : NULL;
            if (!host) {
                snap_bad(s, "contents for memory that is not there");
                return;
            }
            snap_mem(s, host, PAGE);
        }
    }
}

void ram_snapshot(struct snap *s, struct board *b)
{
    if (snap_loading(s))
        load_ram(s, b);
    else
        save_ram(s, b);
}
