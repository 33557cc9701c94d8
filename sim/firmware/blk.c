/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Partition tables: GPT (UEFI 5.3) and the MBR's primary and logical partitions (UEFI 5.2).
 * Whatever a table says is checked against the disk's size; unsound entries are left out.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/firmware/blk.h"
#include "sim/firmware/firmware.h"

enum { LOGICAL_MAX = 60, GPT_ENTRIES_MAX = 1024 };

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static uint64_t le64(const uint8_t *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static bool gpt_header(const struct blk *b, uint64_t lba, uint8_t h[BLK_SECTOR])
{
    if (lba >= b->sectors || !b->read(b->dev, lba, h, 1) || memcmp(h, "EFI PART", 8))
        return false;
    uint32_t size = le32(h + 12), crc = le32(h + 16);
    if (size < 92 || size > BLK_SECTOR)
        return false;
    uint8_t copy[BLK_SECTOR];
    memcpy(copy, h, size);
    memset(copy + 16, 0, 4);
    return fw_crc32(copy, size) == crc && le64(h + 24) == lba;
}

static unsigned gpt_entries(const struct blk *b, const uint8_t *h, struct blk_part *part,
                            unsigned max)
{
    uint64_t table = le64(h + 72);
    uint32_t n = le32(h + 80), esize = le32(h + 84);
    if (esize < 128 || esize > 4096 || esize & (esize - 1) || n > GPT_ENTRIES_MAX)
        return 0;
    size_t bytes = (size_t)n * esize, sectors = (bytes + BLK_SECTOR - 1) / BLK_SECTOR;
    if (table < 2 || table >= b->sectors || sectors > b->sectors - table)
        return 0;
    uint8_t *t = malloc(sectors * BLK_SECTOR + 1);
    unsigned count = 0;
    if (t && b->read(b->dev, table, t, sectors) && fw_crc32(t, bytes) == le32(h + 88)) {
        static const uint8_t unused[16];
        for (uint32_t i = 0; i < n && count < max; i++) {
            const uint8_t *e = t + (size_t)i * esize;
            uint64_t first = le64(e + 32), last = le64(e + 40);
            if (!memcmp(e, unused, 16) || first < 2 || last < first || last >= b->sectors)
                continue;
            part[count] = (struct blk_part){
                .number = i + 1, .first = first, .count = last - first + 1, .gpt = true};
            memcpy(part[count].type_guid, e, 16);
            memcpy(part[count].guid, e + 16, 16);
            count++;
        }
    }
    free(t);
    return count;
}

static bool extended(uint8_t type)
{
    return type == 0x05 || type == 0x0f || type == 0x85;
}

static unsigned mbr(const struct blk *b, const uint8_t *s, struct blk_part *part, unsigned max)
{
    unsigned count = 0;
    uint64_t ext = 0, ext_size = 0;
    uint32_t sig = le32(s + 440);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *e = s + 446 + i * 16;
        uint64_t first = le32(e + 8), n = le32(e + 12);
        if (e[0] & 0x7f)
            return 0; /* no boot indicator: this is not a table */
        if (!e[4] || !n || !first || first >= b->sectors || n > b->sectors - first)
            continue;
        if (extended(e[4])) {
            ext = first;
            ext_size = n;
        } else if (count < max) {
            part[count++] = (struct blk_part){i + 1, first, n, false, e[4], {0}, {0}, sig};
        }
    }
    /* The chain of logical partitions; each link lies inside the extended partition. */
    uint64_t at = ext;
    for (unsigned i = 0; at && i < LOGICAL_MAX && count < max; i++) {
        uint8_t l[BLK_SECTOR];
        if (!b->read(b->dev, at, l, 1) || l[510] != 0x55 || l[511] != 0xaa)
            break;
        uint64_t first = at + le32(l + 446 + 8), n = le32(l + 446 + 12), next = le32(l + 462 + 8);
        if (l[446 + 4] && n && first > at && first < b->sectors && n <= b->sectors - first)
            part[count++] = (struct blk_part){5 + i, first, n, false, l[446 + 4], {0}, {0}, sig};
        if (!extended(l[462 + 4]) || !next || next >= ext_size)
            break;
        at = ext + next;
    }
    return count;
}

unsigned blk_partitions(const struct blk *b, struct blk_part *part, unsigned max)
{
    uint8_t s[BLK_SECTOR], h[BLK_SECTOR];
    if (b->sectors < 3 || !b->read(b->dev, 0, s, 1) || s[510] != 0x55 || s[511] != 0xaa)
        return 0;
    bool protective = false;
    for (unsigned i = 0; i < 4; i++)
        protective |= s[446 + i * 16 + 4] == 0xee;
    if (protective) {
        if (gpt_header(b, 1, h) || gpt_header(b, b->sectors - 1, h))
            return gpt_entries(b, h, part, max);
        return 0;
    }
    return mbr(b, s, part, max);
}
