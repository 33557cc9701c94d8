/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The snapshot file: a header, sections {name, version, lengths, CRC-32, compressed contents}, an
 * empty section "end". The file is read and checked whole before anything of the machine is
 * changed. Also the table of the parts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "sim/board/snapshot.h"
#include "sim/board/snapshot_parts.h"
#include "sim/firmware/firmware.h"

enum { NAME = 16, RAW_MAX = 64 << 20, FORMAT = 1 };
static const char magic[8] = "IA64SNAP";

struct header {
    char magic[8];
    uint32_t format, reserved;
};
struct section {
    char name[NAME];
    uint32_t version;
    uint32_t raw, stored; /* bytes; equal: not compressed */
    uint32_t crc;         /* of name, version, raw, stored and the stored bytes */
};
_Static_assert(sizeof(struct section) == 32, "no padding");

struct snap {
    bool loading, bad;
    const char *file;
    FILE *out;
    struct section at; /* the open section */
    uint8_t *buf;      /* its contents */
    size_t len, cap;   /* saving: written so far; loading: read so far, length */
    uint8_t *image;    /* loading: the whole file */
    size_t size, next; /* where the next section begins */
    uint8_t *packed;
    size_t packed_cap;
    char why[256];
};

/* --- what parts use --- */

bool snap_loading(const struct snap *s)
{
    return s->loading;
}
bool snap_ok(const struct snap *s)
{
    return !s->bad;
}
size_t snap_left(const struct snap *s)
{
    return s->loading ? s->cap - s->len : 0;
}

void snap_bad(struct snap *s, const char *why)
{
    if (!s->bad)
        snprintf(s->why, sizeof s->why, "section %.16s: %.200s", s->at.name, why);
    s->bad = true;
}

static bool grow(struct snap *s, size_t n)
{
    size_t cap = s->cap ? s->cap : 65536;
    while (cap < n)
        cap *= 2;
    uint8_t *p = cap == s->cap ? s->buf : realloc(s->buf, cap);
    if (!p || n > RAW_MAX) {
        snap_bad(s, p ? "too large" : "out of memory");
        return false;
    }
    s->buf = p;
    s->cap = cap;
    return true;
}

void snap_mem(struct snap *s, void *p, size_t n)
{
    if (!s->loading) {
        if (s->bad || !grow(s, s->len + n))
            return;
        memcpy(s->buf + s->len, p, n);
        s->len += n;
        return;
    }
    if (s->bad || s->cap - s->len < n) {
        snap_bad(s, "too short");
        memset(p, 0, n);
        return;
    }
    memcpy(p, s->buf + s->len, n);
    s->len += n;
}

void snap_bool(struct snap *s, bool *v)
{
    uint8_t x = *v;
    SNAP(s, x);
    if (x > 1)
        snap_bad(s, "a truth value that is neither");
    *v = x == 1;
}

void snap_same(struct snap *s, uint64_t v, const char *what)
{
    uint64_t then = v;
    char why[120];
    SNAP(s, then);
    if (then == v || s->bad)
        return;
    snprintf(why, sizeof why, "made on another machine: %s was %llu, is %llu", what,
             (unsigned long long)then, (unsigned long long)v);
    snap_bad(s, why);
}

void snap_same_text(struct snap *s, const char *text, const char *what)
{
    char then[64] = {0}, now[64] = {0};
    char why[256];
    snprintf(now, sizeof now, "%s", text ? text : "");
    memcpy(then, now, sizeof then);
    SNAP(s, then);
    then[sizeof then - 1] = 0;
    if (!memcmp(then, now, sizeof then) || s->bad)
        return;
    for (char *c = then; *c; c++) /* it goes to a terminal */
        if (*c < 32 || *c > 126)
            *c = '?';
    snprintf(why, sizeof why, "made on another machine: %s was '%.40s', is '%.40s'", what, then,
             now);
    snap_bad(s, why);
}

/* --- sections --- */

static uint32_t section_crc(const struct section *h, const uint8_t *stored)
{
    uLong c = crc32(0, (const uint8_t *)h, offsetof(struct section, crc));
    return (uint32_t)(h->stored ? crc32(c, stored, h->stored) : c);
}

/* Writes the open section out. */
static void close_out(struct snap *s)
{
    struct section *h = &s->at;
    const uint8_t *stored = s->buf;
    if (s->bad || !h->name[0])
        return;
    h->raw = h->stored = (uint32_t)s->len;
    uLong bound = compressBound(s->len);
    if (s->len > 256 && bound > s->packed_cap) {
        free(s->packed);
        s->packed = malloc(bound);
        s->packed_cap = s->packed ? bound : 0;
    }
    uLongf n = s->packed_cap;
    if (s->len > 256 && s->packed && compress2(s->packed, &n, s->buf, s->len, 1) == Z_OK &&
        n < s->len) {
        h->stored = (uint32_t)n;
        stored = s->packed;
    }
    h->crc = section_crc(h, stored);
    if (fwrite(h, sizeof *h, 1, s->out) != 1 ||
        (h->stored && fwrite(stored, h->stored, 1, s->out) != 1))
        snap_bad(s, strerror(errno));
}

/* Opens the section at s->next, whose CRC has been checked. */
static void open_in(struct snap *s, const char *name, uint32_t version)
{
    struct section h;
    if (s->bad)
        return;
    if (s->len != s->cap) {
        snap_bad(s, "too long");
        return;
    }
    memcpy(&h, s->image + s->next, sizeof h);
    memset(&s->at, 0, sizeof s->at);
    snprintf(s->at.name, NAME, "%s", name);
    s->len = s->cap = 0;
    if (memcmp(h.name, s->at.name, NAME)) {
        snap_bad(s,
                 "missing here: made on another machine, or by another version of the simulator");
        return;
    }
    if (h.version != version) {
        snap_bad(s, "made by another version of the simulator");
        return;
    }
    const uint8_t *stored = s->image + s->next + sizeof h;
    uLongf n = h.raw;
    free(s->buf);
    s->buf = malloc(h.raw ? h.raw : 1);
    if (!s->buf)
        snap_bad(s, "out of memory");
    else if (h.stored == h.raw)
        memcpy(s->buf, stored, h.raw);
    else if (uncompress(s->buf, &n, stored, h.stored) != Z_OK || n != h.raw)
        snap_bad(s, "damaged");
    s->cap = s->bad ? 0 : h.raw;
    s->next += sizeof h + h.stored;
}

void snap_section(struct snap *s, const char *name, uint32_t version)
{
    if (s->loading) {
        open_in(s, name, version);
        return;
    }
    close_out(s);
    memset(&s->at, 0, sizeof s->at);
    snprintf(s->at.name, NAME, "%s", name);
    s->at.version = version;
    s->len = 0;
}

/* --- the parts, in the order of the file --- */

/* A table of one version each: raise it when what the function names changes. */
static const struct part {
    const char *name;
    uint32_t version;
    void (*fn)(struct snap *s, struct board *b);
} parts[] = {
    {"config", 1, board_snapshot_config},
    {"time", 2, board_snapshot_time},
    {"ram", 1, ram_snapshot},
    {"cpus", 1, cpus_snapshot},
    {"iosapic", 1, iosapic_snapshot},
    {"uart", 1, uart_snapshot},
    {"console", 1, chardev_snapshot},
    {"power", 1, power_snapshot},
    {"pci", 1, pci_snapshot},
    {"net", 1, nets_snapshot},
    {"disks", 1, disks_snapshot},
    {"firmware", 3, firmware_snapshot},
    {"events", 1, events_snapshot},
};

static void all_parts(struct snap *s, struct board *b)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !s->bad; i++) {
        snap_section(s, parts[i].name, parts[i].version);
        if (!s->bad)
            parts[i].fn(s, b);
    }
    snap_section(s, "end", FORMAT);
}

bool snapshot_save(struct board *b, const char *file)
{
    struct snap s = {.file = file};
    struct header h = {.format = FORMAT};
    char tmp[4096];
    const char *why = NULL;

    memcpy(h.magic, magic, sizeof magic);
    if (!b->fw || !b->fw->boot_services_gone) {
        fprintf(stderr, "ia64-sim: %s: not saved: the guest is still using EFI boot services\n",
                file);
        return false;
    }
    if (efi_waits_for_virtual(b->fw)) {
        fprintf(stderr,
                "ia64-sim: %s: not saved: a runtime driver waits for SetVirtualAddressMap\n", file);
        return false;
    }
    if ((size_t)snprintf(tmp, sizeof tmp, "%s.tmp%d", file, (int)getpid()) >= sizeof tmp)
        errno = ENAMETOOLONG;
    else
        s.out = fopen(tmp, "wb");
    if (!s.out || fwrite(&h, sizeof h, 1, s.out) != 1)
        why = strerror(errno);
    if (!why) {
        all_parts(&s, b);
        close_out(&s);
        why = s.bad ? s.why : NULL;
    }
    if (s.out && fclose(s.out) && !why)
        why = strerror(errno);
    if (!why && rename(tmp, file))
        why = strerror(errno);
    free(s.buf);
    free(s.packed);
    if (!why)
        return true;
    fprintf(stderr, "ia64-sim: %s: not saved: %s\n", file, why);
    if (s.out)
        unlink(tmp);
    return false;
}

/* --- loading --- */

static uint8_t *read_whole(const char *file, size_t *size, const char **why)
{
    FILE *f = fopen(file, "rb");
    struct stat st;
    uint8_t *p = NULL;

    *size = 0;
    if (!f || fstat(fileno(f), &st)) {
        *why = strerror(errno);
    } else if (!S_ISREG(st.st_mode)) {
        *why = "not a regular file";
    } else if (!(p = malloc((size_t)st.st_size + 1))) {
        *why = "out of memory";
    } else if (fread(p, 1, (size_t)st.st_size, f) != (size_t)st.st_size) {
        *why = ferror(f) ? strerror(errno) : "truncated";
        free(p);
        p = NULL;
    } else {
        *size = (size_t)st.st_size;
    }
    if (f)
        fclose(f);
    return p;
}

/* Header, lengths and CRCs of every section; the last one is "end" and ends the file. */
static const char *check(const uint8_t *p, size_t size)
{
    struct header h;
    struct section c;
    size_t at = sizeof h;
    if (size < sizeof h || memcmp(p, magic, sizeof magic))
        return "not a snapshot";
    memcpy(&h, p, sizeof h);
    if (h.format != FORMAT)
        return "a snapshot in the format of another version of the simulator";
    do {
        if (size - at < sizeof c)
            return "truncated";
        memcpy(&c, p + at, sizeof c);
        if (c.raw > RAW_MAX || c.stored > c.raw)
            return "damaged";
        if (size - at - sizeof c < c.stored)
            return "truncated";
        if (section_crc(&c, p + at + sizeof c) != c.crc)
            return "damaged";
        at += sizeof c + c.stored;
    } while (memcmp(c.name, "end", 4));
    return at == size ? NULL : "damaged: something follows its end";
}

bool snapshot_load(struct board *b, const char *file)
{
    struct snap s = {.loading = true, .file = file, .next = sizeof(struct header)};
    const char *why = NULL;
    s.image = read_whole(file, &s.size, &why);
    if (!why)
        why = check(s.image, s.size);
    if (!why) {
        board_reset(b);
        if (firmware_build(b))
            all_parts(&s, b);
        else
            snap_bad(&s, "the firmware cannot be built");
        why = s.bad ? s.why : NULL;
    }
    free(s.buf);
    free(s.image);
    if (why)
        fprintf(stderr, "ia64-sim: %s: %s\n", file, why);
    return !why;
}
