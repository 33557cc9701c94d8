/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FAT volumes: the boot sector, the allocation table, chains of clusters. See fat.h.
 */
#include <string.h>
#include "sim/firmware/fat.h"

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}
static uint32_t le32(const uint8_t *p)
{
    return le16(p) | (uint32_t)le16(p + 2) << 16;
}

uint64_t fat_io(struct fat *f, uint64_t at, void *buf, size_t len, bool write)
{
    uint8_t *p = buf, s[BLK_SECTOR];
    if (at > f->sectors * BLK_SECTOR || len > f->sectors * BLK_SECTOR - at)
        return EFI_VOLUME_CORRUPTED;
    if (write && f->readonly)
        return EFI_WRITE_PROTECTED;
    while (len) {
        uint64_t sec = f->base + at / BLK_SECTOR;
        size_t in = at % BLK_SECTOR, n;
        bool ok;
        if (!in && len >= BLK_SECTOR) {
            n = len / BLK_SECTOR * BLK_SECTOR;
            ok = write ? f->blk->write(f->blk->dev, sec, p, n / BLK_SECTOR)
                       : f->blk->read(f->blk->dev, sec, p, n / BLK_SECTOR);
        } else {
            n = BLK_SECTOR - in < len ? BLK_SECTOR - in : len;
            ok = f->blk->read(f->blk->dev, sec, s, 1);
            if (ok && write) {
                memcpy(s + in, p, n);
                ok = f->blk->write(f->blk->dev, sec, s, 1);
            } else if (ok) {
                memcpy(p, s + in, n);
            }
        }
        if (!ok)
            return EFI_DEVICE_ERROR;
        at += n;
        p += n;
        len -= n;
    }
    return EFI_SUCCESS;
}

uint64_t fat_mount(struct fat *f, const struct blk *b, uint64_t first, uint64_t count)
{
    uint8_t s[BLK_SECTOR];
    memset(f, 0, sizeof *f);
    if (first >= b->sectors || count > b->sectors - first || count < 2)
        return EFI_UNSUPPORTED;
    f->blk = b;
    f->base = first;
    f->sectors = count;
    f->readonly = b->readonly;
    if (!b->read(b->dev, first, s, 1))
        return EFI_DEVICE_ERROR;
    /* Told from other things by the jump, the signature and the fields all FATs have. */
    if (s[510] != 0x55 || s[511] != 0xaa || !(s[0] == 0xe9 || (s[0] == 0xeb && s[2] == 0x90)) ||
        !memcmp(s + 3, "NTFS    ", 8) || !memcmp(s + 3, "EXFAT   ", 8))
        return EFI_UNSUPPORTED;
    uint32_t bps = le16(s + 11), spc = s[13], reserved = le16(s + 14), nfats = s[16],
             rents = le16(s + 17);
    uint64_t total = le16(s + 19) ? le16(s + 19) : le32(s + 32);
    uint64_t fatsz = le16(s + 22) ? le16(s + 22) : le32(s + 36);
    if ((bps != 512 && bps != 1024 && bps != 2048 && bps != 4096) || !spc || spc & (spc - 1) ||
        !(s[21] == 0xf0 || s[21] >= 0xf8))
        return EFI_UNSUPPORTED;
    if (!reserved || !nfats || nfats > 4 || !fatsz || !total || total * bps > count * BLK_SECTOR)
        return EFI_VOLUME_CORRUPTED;
    uint64_t root_sectors = (rents * 32ull + bps - 1) / bps;
    uint64_t meta = reserved + nfats * fatsz + root_sectors;
    if (meta >= total)
        return EFI_VOLUME_CORRUPTED;
    uint64_t n = (total - meta) / spc;
    f->sectors = total * bps / BLK_SECTOR;
    f->type = n < 4085 ? 12 : n < 65525 ? 16 : 32;
    if (n == 0 || n > 0x0ffffff5)
        return EFI_VOLUME_CORRUPTED;
    f->nclusters = (uint32_t)n;
    f->cluster_bytes = bps * spc;
    f->nfats = nfats;
    f->fat_at = (uint64_t)reserved * bps;
    f->fat_size = fatsz * bps;
    f->root_at = f->fat_at + nfats * f->fat_size;
    f->root_entries = rents;
    f->data_at = f->root_at + root_sectors * bps;
    f->hint = 2;
    /* The table has an entry for each cluster, and FAT32 its root directory among them. */
    if (f->fat_size * 8 < (n + 2) * f->type)
        return EFI_VOLUME_CORRUPTED;
    if (f->type == 32) {
        f->root_cluster = le32(s + 44);
        if (rents || le16(s + 22) || f->root_cluster < 2 || f->root_cluster >= n + 2)
            return EFI_VOLUME_CORRUPTED;
        uint32_t info = le16(s + 48);
        uint8_t i[BLK_SECTOR];
        if (info && info < reserved &&
            fat_io(f, (uint64_t)info * bps, i, sizeof i, false) == EFI_SUCCESS &&
            le32(i) == 0x41615252 && le32(i + 484) == 0x61417272)
            f->info_at = (uint64_t)info * bps;
        uint32_t length;
        return fat_chain_check(f, f->root_cluster, &length);
    }
    return rents ? EFI_SUCCESS : EFI_VOLUME_CORRUPTED;
}

/* --- the table --- */

static uint64_t table_byte(struct fat *f, uint64_t at, uint8_t **p)
{
    uint64_t sec = at / BLK_SECTOR;
    unsigned k = sec % FAT_CACHE;
    if (f->cache[k].sector != sec + 1) {
        f->cache[k].sector = 0;
        uint64_t st = fat_io(f, f->fat_at + sec * BLK_SECTOR, f->cache[k].data, BLK_SECTOR, false);
        if (st != EFI_SUCCESS)
            return st;
        f->cache[k].sector = sec + 1;
    }
    *p = &f->cache[k].data[at % BLK_SECTOR];
    return EFI_SUCCESS;
}

/* Width of an entry is 1.5, 2 or 4 bytes; those of FAT12 may straddle sectors. */
static uint64_t table_get(struct fat *f, uint32_t c, uint32_t *v)
{
    uint64_t at = f->type == 12 ? c + c / 2 : (uint64_t)c * (f->type / 8);
    unsigned n = f->type == 32 ? 4 : 2;
    uint8_t *p, b[4] = {0};
    for (unsigned i = 0; i < n; i++) {
        uint64_t st = table_byte(f, at + i, &p);
        if (st != EFI_SUCCESS)
            return st;
        b[i] = *p;
    }
    *v = le32(b);
    if (f->type == 12)
        *v = c & 1 ? *v >> 4 : *v & 0xfff;
    if (f->type == 32)
        *v &= 0x0fffffff;
    return EFI_SUCCESS;
}
static uint64_t table_set(struct fat *f, uint32_t c, uint32_t v)
{
    uint64_t at = f->type == 12 ? c + c / 2 : (uint64_t)c * (f->type / 8);
    unsigned n = f->type == 32 ? 4 : 2;
    uint8_t *p, b[4] = {0};
    uint64_t st = EFI_SUCCESS;
    for (unsigned i = 0; i < n; i++) {
        if ((st = table_byte(f, at + i, &p)) != EFI_SUCCESS)
            return st;
        b[i] = *p;
    }
    uint32_t old = le32(b), nv = v;
    if (f->type == 12)
        nv = c & 1 ? (old & 0xf) | v << 4 : (old & 0xf000) | (v & 0xfff);
    if (f->type == 32)
        nv = (old & 0xf0000000) | (v & 0x0fffffff);
    for (unsigned i = 0; i < n; i++)
        b[i] = (uint8_t)(nv >> i * 8);
    for (unsigned i = 0; i < n && st == EFI_SUCCESS; i++)
        if ((st = table_byte(f, at + i, &p)) == EFI_SUCCESS)
            *p = b[i];
    for (unsigned k = 0; k < f->nfats && st == EFI_SUCCESS; k++)
        st = fat_io(f, f->fat_at + k * f->fat_size + at, b, n, true);
    if (st == EFI_SUCCESS && f->free_known && (old != nv) && f->type != 12)
        f->info_dirty = true;
    return st;
}

/* The cluster after c; 0: c is the last. */
static uint64_t next_cluster(struct fat *f, uint32_t c, uint32_t *next)
{
    uint32_t v, end = f->type == 12 ? 0xff8 : f->type == 16 ? 0xfff8 : 0x0ffffff8;
    uint64_t st = table_get(f, c, &v);
    if (st != EFI_SUCCESS)
        return st;
    if (v >= end) {
        *next = 0;
        return EFI_SUCCESS;
    }
    if (v < 2 || v >= f->nclusters + 2ull)
        return EFI_VOLUME_CORRUPTED;
    *next = v;
    return EFI_SUCCESS;
}

uint64_t fat_chain_seek(struct fat *f, struct fat_chain *c, uint32_t index)
{
    if (!c->first)
        return EFI_NOT_FOUND;
    if (c->first < 2 || c->first >= f->nclusters + 2ull || index >= f->nclusters)
        return c->first < 2 || c->first >= f->nclusters + 2ull ? EFI_VOLUME_CORRUPTED
                                                               : EFI_NOT_FOUND;
    if (!c->cluster || index < c->index) {
        c->cluster = c->first;
        c->index = 0;
    }
    while (c->index < index) {
        uint32_t next;
        uint64_t st = next_cluster(f, c->cluster, &next);
        if (st != EFI_SUCCESS)
            return st;
        if (!next)
            return EFI_NOT_FOUND;
        c->cluster = next;
        c->index++;
    }
    return EFI_SUCCESS;
}

/* Brent's cycle finding: steps in proportion to the chain, without marks. */
uint64_t fat_chain_check(struct fat *f, uint32_t first, uint32_t *length)
{
    uint32_t c = first, mark = first, power = 1, lap = 0;
    *length = 0;
    if (!first)
        return EFI_SUCCESS;
    if (first < 2 || first >= f->nclusters + 2ull)
        return EFI_VOLUME_CORRUPTED;
    for (*length = 1;; ++*length) {
        uint64_t st = next_cluster(f, c, &c);
        if (st != EFI_SUCCESS)
            return st;
        if (!c)
            return EFI_SUCCESS;
        if (c == mark || *length > f->nclusters)
            return EFI_VOLUME_CORRUPTED;
        if (++lap == power) {
            mark = c;
            power *= 2;
            lap = 0;
        }
    }
}

static uint64_t count_free(struct fat *f)
{
    if (f->free_known)
        return EFI_SUCCESS;
    f->nfree = 0;
    for (uint32_t c = 2; c < f->nclusters + 2; c++) {
        uint32_t v;
        uint64_t st = table_get(f, c, &v);
        if (st != EFI_SUCCESS)
            return st;
        f->nfree += !v;
    }
    f->free_known = true;
    return EFI_SUCCESS;
}
uint64_t fat_free_bytes(struct fat *f, uint64_t *bytes)
{
    uint64_t st = count_free(f);
    *bytes = (uint64_t)f->nfree * f->cluster_bytes;
    return st;
}

static uint64_t alloc_cluster(struct fat *f, uint32_t *c)
{
    uint64_t st = count_free(f);
    if (st != EFI_SUCCESS)
        return st;
    if (!f->nfree)
        return EFI_VOLUME_FULL;
    for (uint32_t i = 0; i < f->nclusters; i++) {
        uint32_t v, k = f->hint;
        f->hint = k + 1 < f->nclusters + 2 ? k + 1 : 2;
        if ((st = table_get(f, k, &v)) != EFI_SUCCESS)
            return st;
        if (v)
            continue;
        if ((st = table_set(f, k, 0x0fffffff)) != EFI_SUCCESS)
            return st;
        f->nfree--;
        *c = k;
        return EFI_SUCCESS;
    }
    return EFI_VOLUME_FULL;
}

static uint64_t free_from(struct fat *f, uint32_t c)
{
    for (uint32_t i = 0; c && i <= f->nclusters; i++) {
        uint32_t next;
        uint64_t st = next_cluster(f, c, &next);
        if (st == EFI_SUCCESS)
            st = table_set(f, c, 0);
        if (st != EFI_SUCCESS)
            return st;
        f->nfree++;
        c = next;
    }
    return EFI_SUCCESS;
}

uint64_t fat_chain_extend(struct fat *f, struct fat_chain *c, uint32_t length, uint32_t want)
{
    uint32_t last = 0, was = length;
    uint64_t st;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (want <= length)
        return EFI_SUCCESS;
    if ((st = count_free(f)) != EFI_SUCCESS)
        return st;
    if (f->nfree < want - length)
        return EFI_VOLUME_FULL;
    if (length) {
        if ((st = fat_chain_seek(f, c, length - 1)) != EFI_SUCCESS)
            return st;
        last = c->cluster;
    }
    for (; length < want; length++) {
        uint32_t k;
        if ((st = alloc_cluster(f, &k)) != EFI_SUCCESS)
            break;
        if (last) {
            st = table_set(f, last, k);
        } else {
            c->first = c->cluster = k;
            c->index = 0;
        }
        if (st != EFI_SUCCESS)
            break;
        last = k;
    }
    if (st != EFI_SUCCESS && length > was)
        fat_chain_cut(f, c, was);
    return st;
}

uint64_t fat_chain_cut(struct fat *f, struct fat_chain *c, uint32_t want)
{
    uint64_t st = count_free(f);
    uint32_t next;
    if (st != EFI_SUCCESS || !c->first)
        return st;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (!want) {
        next = c->first;
        c->first = c->cluster = c->index = 0;
        return free_from(f, next);
    }
    st = fat_chain_seek(f, c, want - 1);
    if (st == EFI_NOT_FOUND)
        return EFI_SUCCESS;
    if (st != EFI_SUCCESS || (st = next_cluster(f, c->cluster, &next)) != EFI_SUCCESS || !next)
        return st;
    if ((st = table_set(f, c->cluster, 0x0fffffff)) != EFI_SUCCESS)
        return st;
    return free_from(f, next);
}

uint64_t fat_flush(struct fat *f)
{
    if (f->info_dirty && f->info_at && f->free_known && !f->readonly) {
        uint8_t v[8];
        for (unsigned i = 0; i < 4; i++) {
            v[i] = (uint8_t)(f->nfree >> i * 8);
            v[4 + i] = (uint8_t)(f->hint >> i * 8);
        }
        uint64_t st = fat_io(f, f->info_at + 488, v, sizeof v, true);
        if (st != EFI_SUCCESS)
            return st;
        f->info_dirty = false;
    }
    return f->blk->flush && !f->readonly && !f->blk->flush(f->blk->dev) ? EFI_DEVICE_ERROR
                                                                        : EFI_SUCCESS;
}
