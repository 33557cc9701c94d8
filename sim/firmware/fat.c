/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FAT volumes: files' contents. See fat.h; directories are in fat_name.c.
 */
#include <string.h>
#include "sim/firmware/fat.h"

static uint32_t clusters_of(const struct fat *f, uint64_t size)
{
    return (uint32_t)((size + f->cluster_bytes - 1) / f->cluster_bytes);
}

/* Bytes of a chain, cluster by cluster; all of them must be there. */
static uint64_t chain_io(struct fat *f, struct fat_chain *c, uint64_t off, uint8_t *p, size_t len,
                         bool write)
{
    while (len) {
        uint32_t in = (uint32_t)(off % f->cluster_bytes);
        size_t n = f->cluster_bytes - in < len ? f->cluster_bytes - in : len;
        uint64_t st = fat_chain_seek(f, c, (uint32_t)(off / f->cluster_bytes));
        if (st == EFI_NOT_FOUND)
            return EFI_VOLUME_CORRUPTED;
        if (st != EFI_SUCCESS)
            return st;
        if ((st = fat_io(f, fat_cluster_at(f, c->cluster) + in, p, n, write)) != EFI_SUCCESS)
            return st;
        off += n;
        p += n;
        len -= n;
    }
    return EFI_SUCCESS;
}

uint64_t fat_read(struct fat *f, struct fat_node *n, uint64_t off, void *buf, size_t len,
                  size_t *got)
{
    *got = 0;
    if (n->attr & FAT_DIR)
        return EFI_INVALID_PARAMETER;
    if (off >= n->size)
        return EFI_SUCCESS;
    if (len > n->size - off)
        len = (size_t)(n->size - off);
    uint64_t st = chain_io(f, &n->data, off, buf, len, false);
    if (st == EFI_SUCCESS)
        *got = len;
    return st;
}

static uint64_t zero_fill(struct fat *f, struct fat_node *n, uint64_t from, uint64_t to)
{
    static const uint8_t zero[4096];
    uint64_t st = EFI_SUCCESS;
    while (from < to && st == EFI_SUCCESS) {
        size_t k = to - from < sizeof zero ? (size_t)(to - from) : sizeof zero;
        st = chain_io(f, &n->data, from, (uint8_t *)(uintptr_t)zero, k, true);
        from += k;
    }
    return st;
}

uint64_t fat_resize(struct fat *f, struct fat_node *n, uint64_t size)
{
    uint64_t st;
    if (n->attr & FAT_DIR)
        return EFI_INVALID_PARAMETER;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (size > UINT32_MAX)
        return EFI_VOLUME_FULL;
    if (size < n->size) {
        n->size = (uint32_t)size;
        st = fat_chain_cut(f, &n->data, clusters_of(f, size));
    } else {
        uint32_t length;
        if ((st = fat_chain_check(f, n->data.first, &length)) != EFI_SUCCESS ||
            (st = fat_chain_extend(f, &n->data, length, clusters_of(f, size))) != EFI_SUCCESS ||
            (st = zero_fill(f, n, n->size, size)) != EFI_SUCCESS)
            return st;
        n->size = (uint32_t)size;
    }
    n->modified = f->now;
    n->attr |= FAT_ARCHIVE;
    return st == EFI_SUCCESS ? fat_update(f, n) : st;
}

uint64_t fat_write(struct fat *f, struct fat_node *n, uint64_t off, const void *buf, size_t len)
{
    uint64_t st, end = off + len;
    if (n->attr & FAT_DIR)
        return EFI_INVALID_PARAMETER;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (!len)
        return EFI_SUCCESS;
    if (end < off || end > UINT32_MAX)
        return EFI_VOLUME_FULL;
    if (end > n->size) {
        uint32_t have = clusters_of(f, n->size), want = clusters_of(f, end);
        if (want > have) {
            uint32_t length; /* a file may own more clusters than it uses */
            if ((st = fat_chain_check(f, n->data.first, &length)) != EFI_SUCCESS ||
                (st = fat_chain_extend(f, &n->data, length, want)) != EFI_SUCCESS)
                return st;
        }
        if ((st = zero_fill(f, n, n->size, off)) != EFI_SUCCESS)
            return st;
    }
    st = chain_io(f, &n->data, off, (uint8_t *)(uintptr_t)buf, len, true);
    if (st != EFI_SUCCESS)
        return st;
    if (end > n->size)
        n->size = (uint32_t)end;
    n->modified = f->now;
    n->attr |= FAT_ARCHIVE;
    return fat_update(f, n);
}
