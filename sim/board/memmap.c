/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Where RAM is: contiguous by default (below 3 GiB, then from 4 GiB), or as --memory-map says.
 * Nodes get equal shares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/board.h"
#include "sim/usage.h"

#define GRANULE 0x1000000ull /* 16 MiB: what an ia64 kernel maps at a time */
#define LOW_MIN                                                                                    \
    0x800000ull /* the firmware's (sim/firmware/firmware.h) and room to load something */

static bool fail(const char *what, const char *why)
{
    fprintf(stderr, "ia64-sim: --memory-map: %s: %s\n", what, why);
    return false;
}

static bool add(struct board *b, const char *what, uint64_t base, uint64_t size, unsigned node)
{
    static const struct {
        uint64_t base, size;
        const char *name;
    } taken[] = {
        {BOARD_LOW_RAM_MAX, BOARD_HIGH_RAM - BOARD_LOW_RAM_MAX,
         "overlaps the devices at 3 to 4 GiB"},
        {BOARD_PCI64_BASE, BOARD_PCI64_SIZE, "overlaps the 64-bit PCI window at 1 TiB"},
        {BOARD_IOPORT_BASE, BOARD_IOPORT_SIZE, "overlaps the I/O port space"},
    };
    if (!size)
        return true;
    if ((base | size) & 0xfff)
        return fail(what, "not made of whole 4 KiB pages");
    if (base + size < base || base + size > 1ull << 50)
        return fail(what, "beyond the 50 bits of physical addresses");
    for (unsigned i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (base < taken[i].base + taken[i].size && taken[i].base < base + size)
            return fail(what, taken[i].name);
    for (unsigned i = 0; i < b->nram; i++)
        if (base < b->ram[i].base + b->ram[i].size && b->ram[i].base < base + size)
            return fail(what, "overlaps another range");
    if (b->nram == RAM_RANGES_MAX)
        return fail(what, "too many ranges (32)");
    unsigned i = b->nram++;
    for (; i && b->ram[i - 1].base > base; i--)
        b->ram[i] = b->ram[i - 1];
    b->ram[i] = (struct ram_range){base, size, node};
    return true;
}

/* Bytes, or with a suffix. */
static const char *number(const char *s, uint64_t *v)
{
    return size_suffixed(s, 1, v);
}

static bool parse(struct board *b, const char *map)
{
    char *copy = strdup(map), *save = NULL;
    bool ok = copy != NULL;
    for (char *w = strtok_r(copy, ",", &save); ok && w; w = strtok_r(NULL, ",", &save)) {
        uint64_t base, size, node = 0;
        const char *p = number(w, &base);
        p = p && *p == '+' ? number(p + 1, &size) : NULL;
        if (p && *p == '@')
            p = number(p + 1, &node);
        if (!p || *p || !size)
            ok = fail(w, "not BASE+SIZE or BASE+SIZE@NODE");
        else if (node >= (b->cfg.nodes ? b->cfg.nodes : 1))
            ok = fail(w, "no such node (-numa says how many)");
        else
            ok = add(b, w, base, size, (unsigned)node);
    }
    free(copy);
    if (ok && !b->nram)
        ok = fail(map, "no RAM at all");
    return ok;
}

bool memmap_build(struct board *b)
{
    struct board_config *cfg = &b->cfg;
    uint64_t at = 0, left = cfg->ram_size, share;

    b->nram = 0;
    if (cfg->memory_map) {
        if (!parse(b, cfg->memory_map))
            return false;
        cfg->ram_size = 0;
        for (unsigned i = 0; i < b->nram; i++)
            cfg->ram_size += b->ram[i].size;
    } else {
        share = (left / cfg->nodes + GRANULE - 1) & ~(GRANULE - 1);
        for (unsigned n = 0; n < cfg->nodes && left; n++)
            for (uint64_t want = n + 1 < cfg->nodes && share < left ? share : left; want;) {
                uint64_t size = want;
                if (at == BOARD_LOW_RAM_MAX)
                    at = BOARD_HIGH_RAM;
                if (at < BOARD_LOW_RAM_MAX && size > BOARD_LOW_RAM_MAX - at)
                    size = BOARD_LOW_RAM_MAX - at;
                if (!add(b, "-m", at, size, n))
                    return false;
                at += size;
                want -= size;
                left -= size;
            }
    }
    if (b->ram[0].base || b->ram[0].size < LOW_MIN) {
        fprintf(stderr,
                "ia64-sim: RAM must begin at 0 and reach 8 MiB there: the firmware needs it\n");
        return false;
    }
    for (unsigned i = 0; i < b->nram; i++)
        phys_add_ram(b->m, b->ram[i].base, b->ram[i].size);
    return true;
}
