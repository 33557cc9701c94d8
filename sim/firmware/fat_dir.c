/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Makes FAT volumes: an empty one, and one with the files of a host directory, for --fat and fat:
 * drives. The image is in memory (sparse until written) and the guest's writes stay there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "sim/firmware/fat.h"

enum { DEPTH_MAX = 32 };

static bool image_read(void *dev, uint64_t lba, void *buf, size_t n)
{
    memcpy(buf, (uint8_t *)dev + lba * BLK_SECTOR, n * BLK_SECTOR);
    return true;
}
static bool image_write(void *dev, uint64_t lba, const void *buf, size_t n)
{
    memcpy((uint8_t *)dev + lba * BLK_SECTOR, buf, n * BLK_SECTOR);
    return true;
}
struct blk blk_memory(void *image, size_t size, bool readonly)
{
    return (struct blk){image, size / BLK_SECTOR, readonly, image_read, image_write, NULL};
}

static void put(uint8_t *p, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> i * 8);
}

bool fat_format(const struct blk *b, uint64_t sectors, const char *label)
{
    uint8_t s[BLK_SECTOR] = {0xeb, 0x58, 0x90}, zero[BLK_SECTOR] = {0};
    unsigned type = sectors < 8400      ? 12
                    : sectors < 1048576 ? 16
                                        : 32,
             spc = 1, reserved = type == 32 ? 32 : 1;
    unsigned rents = type == 32 ? 0 : 512;
    uint64_t limit = type == 12 ? 4084 : type == 16 ? 65524 : 1 << 24, fatsz, n;
    if (sectors < 64 || sectors > UINT32_MAX || sectors > b->sectors)
        return false;
    if (type == 32)
        spc = sectors <= 16777216 ? 8 : 32;
    for (;; spc *= 2) {
        uint64_t meta = reserved + rents / 16;
        n = (sectors - meta) / spc;
        fatsz = ((n + 2) * type + 8 * BLK_SECTOR - 1) / (8 * BLK_SECTOR);
        n = (sectors - meta - 2 * fatsz) / spc;
        if (n <= limit)
            break;
        if (spc == 64)
            return false;
    }
    /* A count of clusters at the border would be taken for another type. */
    if ((type == 16 && n < 4085) || (type == 32 && n < 65525))
        return false;
    memcpy(s + 3, "XENIA64 ", 8);
    put(s + 11, 2, BLK_SECTOR);
    s[13] = (uint8_t)spc;
    put(s + 14, 2, reserved);
    s[16] = 2;
    put(s + 17, 2, rents);
    if (sectors < 65536)
        put(s + 19, 2, sectors);
    else
        put(s + 32, 4, sectors);
    s[21] = 0xf8;
    put(s + 22, 2, type == 32 ? 0 : fatsz);
    put(s + 24, 2, 63);
    put(s + 26, 2, 255);
    uint8_t *x = s + (type == 32 ? 64 : 36);
    if (type == 32) {
        put(s + 36, 4, fatsz);
        put(s + 44, 4, 2);
        put(s + 48, 2, 1);
        put(s + 50, 2, 6);
    }
    x[0] = 0x80;
    x[2] = 0x29;
    put(x + 3, 4, 0x1a640000);
    char l[12];
    snprintf(l, sizeof l, "%-11.11s", label);
    memcpy(x + 7, l, 11);
    memcpy(x + 18, type == 12 ? "FAT12   " : type == 16 ? "FAT16   " : "FAT32   ", 8);
    s[510] = 0x55;
    s[511] = 0xaa;
    bool ok = b->write(b->dev, 0, s, 1) && (type != 32 || b->write(b->dev, 6, s, 1));
    for (uint64_t i = type == 32 ? 8 : 1;
         i < reserved + 2 * fatsz + rents / 16 + (type == 32 ? spc : 0) && ok; i++)
        ok = b->write(b->dev, i, zero, 1);
    if (type == 32) {
        uint8_t info[BLK_SECTOR] = {0};
        put(info, 4, 0x41615252);
        put(info + 484, 4, 0x61417272);
        put(info + 488, 4, n - 1);
        put(info + 492, 4, 3);
        put(info + 510, 2, 0xaa55);
        ok = ok && b->write(b->dev, 1, info, 1) && b->write(b->dev, 7, info, 1);
    }
    uint8_t t[BLK_SECTOR] = {0};
    if (type == 12)
        put(t, 3, 0xfffff8);
    else if (type == 16)
        put(t, 4, 0xfffffff8);
    else {
        put(t, 4, 0x0ffffff8);
        put(t + 4, 4, 0x0fffffff);
        put(t + 8, 4, 0x0fffffff);
    }
    return ok && b->write(b->dev, reserved, t, 1) && b->write(b->dev, reserved + fatsz, t, 1);
}

/* --- a host directory --- */

struct walk {
    struct fat *f;  /* NULL: only sizes are added up */
    uint64_t bytes; /* clusters of 4 KiB, as an upper bound */
    uint64_t max;
    char *err;
    size_t errlen;
};
static bool fail(struct walk *w, const char *path, const char *what)
{
    snprintf(w->err, w->errlen, "%s: %s", path, what);
    return false;
}

/* UTF-8 to UCS-2; false: not UTF-8, beyond UCS-2, or too long. */
static bool ucs2(const char *s, uint16_t out[FAT_NAME_MAX + 1])
{
    unsigned n = 0;
    for (const uint8_t *p = (const uint8_t *)s; *p;) {
        uint32_t c = *p++;
        unsigned more = c < 0x80 ? 0 : (c & 0xe0) == 0xc0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : 9;
        if (more == 9)
            return false;
        if (more)
            c &= more == 1 ? 0x1f : 0x0f;
        while (more--) {
            if ((*p & 0xc0) != 0x80)
                return false;
            c = c << 6 | (*p++ & 0x3f);
        }
        if (n == FAT_NAME_MAX)
            return false;
        out[n++] = (uint16_t)c;
    }
    out[n] = 0;
    return n > 0;
}

static struct fat_time stamp_of(time_t t)
{
    struct tm tm;
    gmtime_r(&t, &tm);
    if (tm.tm_year < 80 || tm.tm_year > 207)
        return (struct fat_time){1 << 5 | 1, 0};
    return (struct fat_time){(uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday),
                             (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2)};
}

static bool copy_file(struct walk *w, const char *path, const struct stat *sb, struct fat_node *n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    static uint8_t buf[256 << 10];
    uint64_t off = 0;
    ssize_t got = 0;
    if (fd < 0)
        return fail(w, path, strerror(errno));
    uint64_t st = EFI_SUCCESS;
    while (off < (uint64_t)sb->st_size && st == EFI_SUCCESS &&
           (got = read(fd, buf, sizeof buf)) > 0) {
        if ((uint64_t)got > (uint64_t)sb->st_size - off) /* it grows while we read */
            got = (ssize_t)((uint64_t)sb->st_size - off);
        st = fat_write(w->f, n, off, buf, (size_t)got);
        off += (uint64_t)got;
    }
    int e = errno;
    close(fd);
    if (got < 0)
        return fail(w, path, strerror(e));
    return st == EFI_SUCCESS || fail(w, path, "does not fit in the FAT image");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name,
                  (*b)->d_name); /* the same image whatever the host's order and locale */
}

static bool walk_dir(struct walk *w, const char *path, const struct fat_node *at, unsigned depth)
{
    struct dirent **list;
    if (depth > DEPTH_MAX)
        return fail(w, path,
                    "directories nested too deep for a FAT image (a loop of symbolic links?)");
    int n = scandir(path, &list, NULL, by_name);
    if (n < 0)
        return fail(w, path, strerror(errno));
    bool ok = true;
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        char sub[4096];
        uint16_t u[FAT_NAME_MAX + 1];
        struct stat sb;
        struct fat_node node;
        if (ok && strcmp(name, ".") && strcmp(name, "..")) {
            uint64_t st = EFI_SUCCESS;
            if ((size_t)snprintf(sub, sizeof sub, "%s/%s", path, name) >= sizeof sub)
                ok = fail(w, path, "path too long");
            else if (stat(sub, &sb))
                ok = fail(w, sub, strerror(errno));
            else if (!S_ISREG(sb.st_mode) && !S_ISDIR(sb.st_mode))
                ok = fail(w, sub, "neither a file nor a directory: it cannot be in a FAT image");
            else if (!ucs2(name, u) || !fat_name_valid(u))
                ok = fail(w, sub, "its name is not possible in a FAT file system");
            else if (S_ISREG(sb.st_mode) && (uint64_t)sb.st_size > UINT32_MAX)
                ok = fail(w, sub, "larger than a FAT file can be (4 GiB)");
            else if (!w->f) {
                /* entries of a name, and the clusters */
                w->bytes +=
                    1024 +
                    (S_ISREG(sb.st_mode) ? ((uint64_t)sb.st_size + 4095) / 4096 * 4096 : 4096);
                if (w->bytes > w->max)
                    ok = fail(w, sub, "the directory is larger than the FAT image may be");
            } else {
                w->f->now = stamp_of(sb.st_mtime);
                st = fat_create(w->f, at, u, S_ISDIR(sb.st_mode) ? FAT_DIR : FAT_ARCHIVE, &node);
                if (st == EFI_ACCESS_DENIED)
                    ok = fail(w, sub,
                              "differs from another name only by case: FAT cannot hold both");
                else if (st != EFI_SUCCESS)
                    ok = fail(w, sub, "does not fit in the FAT image");
                else if (S_ISREG(sb.st_mode))
                    ok = copy_file(w, sub, &sb, &node);
            }
            if (ok && S_ISDIR(sb.st_mode))
                ok = walk_dir(w, sub, &node, depth + 1);
        }
        free(list[i]);
    }
    free(list);
    return ok;
}

/* The MBR of a disk with one partition, an EFI system partition (UEFI 5.2.1), from `first` on. */
static void partition_table(uint8_t *mbr, uint8_t *volume, unsigned first, uint64_t sectors)
{
    put(mbr + 440, 4, 0x1a640001);
    put(mbr + 446, 4, 0x00000200); /* no CHS addresses but formally */
    put(mbr + 450, 4, 0xffffffef);
    put(mbr + 454, 4, first);
    put(mbr + 458, 4, sectors);
    put(mbr + 510, 2, 0xaa55);
    put(volume + 28, 4, first);     /* hidden sectors */
    if (!(volume[22] | volume[23])) /* FAT32: and in the copy of the boot sector */
        put(volume + 6 * BLK_SECTOR + 28, 4, first);
}

void *fat_from_dir(const char *dir, unsigned first, uint64_t max, size_t *size, char *err,
                   size_t errlen)
{
    struct walk w = {.max = max, .err = err, .errlen = errlen};
    struct fat_node root = {0};
    struct fat f;
    if (!walk_dir(&w, dir, &root, 0))
        return NULL;
    /* Room to write: as much again, 32 MiB at least. */
    uint64_t want = w.bytes + (w.bytes > 32 << 20 ? w.bytes : 32 << 20);
    if (want >= 512 << 20) /* FAT32 then, of a size that is FAT32 for certain */
        want += want / 64;
    want = (want + 0xfffff) & ~0xfffffull;
    const size_t before = (size_t)first * BLK_SECTOR;
    uint8_t *p = mmap(NULL, before + want, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        fail(&w, dir, strerror(errno));
        return NULL;
    }
    struct blk b = blk_memory(p + before, want, false);
    bool ok = (fat_format(&b, want / BLK_SECTOR, "IA64SIM") &&
               fat_mount(&f, &b, 0, b.sectors) == EFI_SUCCESS) ||
              fail(&w, dir, "a FAT image of this size cannot be made");
    if (ok) {
        w.f = &f;
        fat_root(&f, &root);
        f.now = (struct fat_time){1 << 5 | 1, 0};
        fat_set_label(&f, u"IA64SIM");
        ok = walk_dir(&w, dir, &root, 0) && fat_flush(&f) == EFI_SUCCESS;
    }
    if (!ok) {
        munmap(p, before + want);
        return NULL;
    }
    if (first)
        partition_table(p, p + before, first, b.sectors);
    *size = before + want;
    return p;
}
