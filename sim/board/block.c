/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Raw disk images, and host directories as FAT disks (an image in memory, read-only). With
 * snapshot=on writes go to 4 KiB pages in memory, found by a hash table.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <zlib.h>
#include "sim/board/block.h"
#include "sim/board/snapshot_parts.h"
#include "sim/firmware/fat.h"

enum { PAGE = 4096, BUCKETS = 4096 };

struct page {
    struct page *next;
    uint64_t number;
    uint8_t data[PAGE];
};
struct blockdev {
    int fd;         /* or -1 and ... */
    uint8_t *image; /* ... of a directory */
    uint64_t size;
    bool readonly, snapshot;
    struct page *bucket[BUCKETS];
};

static struct blockdev *fail(const char *file, const char *why, struct blockdev *d)
{
    fprintf(stderr, "ia64-sim: -drive file=%s: %s\n", file, why);
    if (d && d->fd >= 0)
        close(d->fd);
    free(d);
    return NULL;
}

/* QEMU's "fat:": one partition with a copy of what the directory holds now. */
static struct blockdev *open_dir(const char *dir, struct blockdev *d, bool snapshot)
{
    char err[512];
    size_t size;
    d->image = fat_from_dir(dir, FAT_DIR_FIRST, FAT_DIR_SIZE_MAX, &size, err, sizeof err);
    if (!d->image) {
        fprintf(stderr, "ia64-sim: -drive file=fat:%s: %s\n", dir, err);
        free(d);
        return NULL;
    }
    d->fd = -1;
    d->size = size;
    d->snapshot = snapshot;
    d->readonly = !snapshot;
    return d;
}

struct blockdev *block_open(const struct drive_config *cfg)
{
    struct blockdev *d = calloc(1, sizeof *d);
    struct stat st;
    if (!d)
        return fail(cfg->file ? cfg->file : cfg->dir, "out of memory", d);
    if (!cfg->file)
        return open_dir(cfg->dir, d, cfg->snapshot && !cfg->readonly);
    d->readonly = cfg->readonly;
    d->snapshot = cfg->snapshot && !cfg->readonly;
    d->fd = open(cfg->file, (d->readonly || d->snapshot ? O_RDONLY : O_RDWR) | O_CLOEXEC);
    if (d->fd < 0 || fstat(d->fd, &st))
        return fail(cfg->file, strerror(errno), d);
    d->size = (uint64_t)st.st_size;
    if (S_ISBLK(st.st_mode) && ioctl(d->fd, BLKGETSIZE64, &d->size))
        return fail(cfg->file, strerror(errno), d);
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
        return fail(cfg->file, "neither a file nor a block device", d);
    if (!d->size || d->size % BLOCK_SECTOR)
        return fail(cfg->file,
                    d->size ? "not a raw image: its size is not a multiple of 512" : "empty", d);
    /* Two machines that write to one image would destroy it. */
    if (flock(d->fd, (d->readonly || d->snapshot ? LOCK_SH : LOCK_EX) | LOCK_NB))
        return fail(
            cfg->file,
            "in use by another machine (readonly=on or snapshot=on on all of them shares it)", d);
    return d;
}

void block_close(struct blockdev *d)
{
    if (!d)
        return;
    for (unsigned i = 0; i < BUCKETS; i++)
        for (struct page *p = d->bucket[i], *n; p; p = n) {
            n = p->next;
            free(p);
        }
    if (d->image)
        munmap(d->image, d->size);
    else
        close(d->fd);
    free(d);
}

uint64_t block_size(const struct blockdev *d)
{
    return d->size;
}
bool block_readonly(const struct blockdev *d)
{
    return d->readonly;
}

static int file_read(const struct blockdev *d, uint64_t offset, void *buf, size_t n)
{
    uint8_t *p = buf;
    if (d->image) {
        memcpy(buf, d->image + offset, n);
        return 0;
    }
    while (n) {
        ssize_t got = pread(d->fd, p, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) /* somebody cut the file */
            return got ? errno : EIO;
        p += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

static struct page *find(const struct blockdev *d, uint64_t number)
{
    struct page *p = d->bucket[number % BUCKETS];
    while (p && p->number != number)
        p = p->next;
    return p;
}

static int page_for_write(struct blockdev *d, uint64_t number, struct page **out)
{
    struct page *p = *out = find(d, number);
    if (p)
        return 0;
    p = calloc(1, sizeof *p);
    if (!p)
        return ENOSPC;
    uint64_t left = d->size - number * PAGE;
    int e = file_read(d, number * PAGE, p->data, left < PAGE ? (size_t)left : PAGE);
    if (e) {
        free(p);
        return e;
    }
    p->number = number;
    p->next = d->bucket[number % BUCKETS];
    *out = d->bucket[number % BUCKETS] = p;
    return 0;
}

static bool inside(const struct blockdev *d, uint64_t offset, size_t n)
{
    return offset <= d->size && n <= d->size - offset;
}

int block_read(struct blockdev *d, uint64_t offset, void *buf, size_t n)
{
    uint8_t *p = buf;
    if (!inside(d, offset, n))
        return EINVAL;
    if (!d->snapshot)
        return file_read(d, offset, buf, n);
    while (n) {
        size_t part = PAGE - offset % PAGE;
        if (part > n)
            part = n;
        const struct page *pg = find(d, offset / PAGE);
        if (pg) {
            memcpy(p, pg->data + offset % PAGE, part);
        } else {
            int e = file_read(d, offset, p, part);
            if (e)
                return e;
        }
        p += part;
        offset += part;
        n -= part;
    }
    return 0;
}

int block_write(struct blockdev *d, uint64_t offset, const void *buf, size_t n)
{
    const uint8_t *p = buf;
    if (d->readonly)
        return EROFS;
    if (!inside(d, offset, n))
        return EINVAL;
    while (n) {
        ssize_t part = PAGE - offset % PAGE;
        if (d->snapshot) {
            struct page *pg;
            int e = page_for_write(d, offset / PAGE, &pg);
            if (e)
                return e;
            if ((size_t)part > n)
                part = (ssize_t)n;
            memcpy(pg->data + offset % PAGE, p, (size_t)part);
        } else {
            part = pwrite(d->fd, p, n, (off_t)offset);
            if (part < 0 && errno == EINTR)
                continue;
            if (part <= 0)
                return part ? errno : EIO;
        }
        p += part;
        offset += (uint64_t)part;
        n -= (size_t)part;
    }
    return 0;
}

int block_flush(struct blockdev *d)
{
    return d->readonly || d->snapshot || !fdatasync(d->fd) ? 0 : errno;
}

/* --- snapshots --- */

/* What a drive's contents are told apart by: the time of the last change; of a directory, its
 * image.
 */
static void version(const struct blockdev *d, int64_t v[2])
{
    struct stat st = {0};
    if (d->image) {
        v[0] = (int64_t)d->size;
        v[1] = (int64_t)crc32_z(0, d->image, d->size);
        return;
    }
    fstat(d->fd, &st);
    v[0] = st.st_mtim.tv_sec;
    v[1] = st.st_mtim.tv_nsec;
}

/* Pages written under snapshot=on are in the machine's snapshot; other drives are on their own. */
static void snap_disk(struct snap *s, struct blockdev *d, unsigned index)
{
    int64_t now[2], saved[2];
    uint32_t n = 0;
    block_flush(d);
    version(d, now);
    memcpy(saved, now, sizeof saved);
    SNAP(s, saved);
    if (snap_loading(s) && memcmp(saved, now, sizeof saved))
        fprintf(stderr, "ia64-sim: warning: drive %u has changed since the snapshot was saved\n",
                index);
    for (unsigned i = 0; i < BUCKETS; i++)
        for (const struct page *p = d->bucket[i]; p; p = p->next)
            n++;
    SNAP(s, n);
    for (unsigned i = 0; !snap_loading(s) && i < BUCKETS; i++)
        for (struct page *p = d->bucket[i]; p; p = p->next) {
            SNAP(s, p->number);
            SNAP(s, p->data);
        }
    for (; snap_loading(s) && n && snap_ok(s); n--) {
        uint8_t data[PAGE];
        uint64_t number;
        struct page *p;
        SNAP(s, number);
        SNAP(s, data);
        if (!d->snapshot || number > (d->size - 1) / PAGE || page_for_write(d, number, &p))
            snap_bad(s, "a page of a drive that has none");
        else
            memcpy(p->data, data, PAGE);
    }
}

void disks_snapshot(struct snap *s, struct board *b)
{
    for (unsigned i = 0; i < b->cfg.ndrives && snap_ok(s); i++) {
        snap_section(s, "disk", 1);
        snap_disk(s, b->disk[i], i);
    }
}
