/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The note that makes --undo possible (privify/README.md has its format): section
 * .note.Xen.privify, owner "Xen", type PV_NOTE_TYPE. All numbers are little-endian.
 */
#include <string.h>
#include <zlib.h>
#include "privify/privify.h"

#define NOTE_VERSION 1

/* The descriptor's fixed part; runs of sites follow. */
struct fixed {
    uint32_t version, crc;
    uint64_t kinds, size, after, shoff;
    uint16_t shnum, shstrndx, shentsize, unproven;
    uint32_t sites, runs;
};
_Static_assert(sizeof(struct fixed) == 56, "the note's format");
/* Sites of one region: where it is (for people: section, address), where in the file. Each site
 * then is the distance in bundles from the one before (LEB128) and 6 bytes: bits 40:0 the slot as
 * it was, 42:41 which slot. */
struct run {
    uint32_t section, sites;
    uint64_t addr, off;
};
_Static_assert(sizeof(struct run) == 24, "the note's format");

static bool add_site(struct pv_buf *out, uint32_t delta, const struct pv_site *s)
{
    uint8_t b[12];
    size_t n = 0;
    uint64_t word = s->was | (uint64_t)s->slot << 41;

    do {
        b[n++] = (uint8_t)((delta & 0x7f) | (delta > 0x7f ? 0x80 : 0));
        delta >>= 7;
    } while (delta);
    for (unsigned i = 0; i < 6; i++)
        b[n++] = (uint8_t)(word >> 8 * i);
    return pv_buf_add(out, b, n);
}

bool pv_note_write(const struct pv *v, const struct pv_note *note, struct pv_buf *out)
{
    struct fixed f = {.version = NOTE_VERSION,
                      .crc = note->crc,
                      .kinds = note->kinds,
                      .size = note->size,
                      .after = note->after,
                      .shoff = note->shoff,
                      .shnum = note->shnum,
                      .shstrndx = note->shstrndx,
                      .shentsize = note->shentsize,
                      .unproven = note->unproven};
    Elf64_Nhdr h = {.n_namesz = sizeof PV_NOTE_NAME, .n_type = PV_NOTE_TYPE};
    size_t head = out->n, at = head + sizeof h + sizeof PV_NOTE_NAME, run_at = 0;
    struct run run = {0};
    uint32_t region = UINT32_MAX, last = 0;

    if (!pv_buf_add(out, &h, sizeof h) || !pv_buf_add(out, PV_NOTE_NAME, sizeof PV_NOTE_NAME) ||
        !pv_buf_add(out, &f, sizeof f))
        return false;
    for (size_t i = 0; i < v->nsite; i++) {
        const struct pv_site *s = &v->site[i];
        if (s->state != PV_SITE_REWRITE)
            continue;
        if (s->region != region) {
            const struct pv_region *r = &v->region[s->region];
            if (run_at)
                memcpy(out->p + run_at, &run, sizeof run);
            run_at = out->n;
            region = s->region;
            last = 0;
            run = (struct run){r->section, 0, r->addr, r->off};
            f.runs++;
            if (!pv_buf_add(out, &run, sizeof run))
                return false;
        }
        if (!add_site(out, s->bundle - last, s))
            return false;
        last = s->bundle;
        run.sites++;
        f.sites++;
    }
    if (run_at)
        memcpy(out->p + run_at, &run, sizeof run);
    memcpy(out->p + at, &f, sizeof f);
    if (out->n - at > UINT32_MAX)
        return false;
    h.n_descsz = (uint32_t)(out->n - at);
    memcpy(out->p + head, &h, sizeof h);
    return pv_buf_pad(out, 4);
}

/* Puts back one slot; the template and the other slots stay. */
static void restore(uint8_t *bundle, unsigned slot, uint64_t was)
{
    struct isa_bundle b;
    uint64_t s[3];

    memcpy(&b, bundle, sizeof b);
    for (unsigned n = 0; n < 3; n++)
        s[n] = n == slot ? was : isa_slot(b, n);
    b = isa_pack(isa_tmpl(b), s[0], s[1], s[2]);
    memcpy(bundle, &b, sizeof b);
}

static bool undo_sites(const uint8_t *p, const uint8_t *end, const struct fixed *f,
                       struct pv_buf *file, struct pv_error *err)
{
    uint64_t total = 0;

    for (uint32_t k = 0; k < f->runs; k++) {
        struct run run;
        uint64_t bundle = 0;

        if ((size_t)(end - p) < sizeof run)
            return pv_fail(err, "the privify note is cut short");
        memcpy(&run, p, sizeof run);
        p += sizeof run;
        for (uint32_t i = 0; i < run.sites; i++, total++) {
            uint64_t delta = 0, word = 0, off;
            unsigned shift = 0;

            do {
                if (p == end || shift > 28)
                    return pv_fail(err, "the privify note is corrupt");
                delta |= (uint64_t)(*p & 0x7f) << shift;
                shift += 7;
            } while (*p++ & 0x80);
            if (end - p < 6)
                return pv_fail(err, "the privify note is cut short");
            for (unsigned n = 0; n < 6; n++)
                word |= (uint64_t)*p++ << 8 * n;
            bundle += delta;
            off = run.off + 16 * bundle;
            if (word >> 41 > 2 || run.off > file->n || off < run.off || off > file->n ||
                file->n - off < 16)
                return pv_fail(err, "the privify note names a place outside the file");
            restore(file->p + off, (unsigned)(word >> 41), word & ((1ull << 41) - 1));
        }
    }
    return total == f->sites ? true
                             : pv_fail(err, "the privify note is corrupt: %u sites, not %u",
                                       (unsigned)total, f->sites);
}

/* The descriptor, wherever it lies; 0 if there is none. */
static const uint8_t *find(const struct pv_elf *e, uint32_t *size)
{
    for (unsigned i = 1; i < e->shnum; i++) {
        const uint8_t *p = pv_elf_bytes(e, i);
        uint64_t n = e->sh[i].sh_size, o = 0;
        Elf64_Nhdr h;

        if (e->sh[i].sh_type != SHT_NOTE || !p)
            continue;
        while (n - o >= sizeof h) {
            uint64_t name, desc;

            memcpy(&h, p + o, sizeof h);
            name = o + sizeof h;
            desc = name + ((uint64_t)h.n_namesz + 3) / 4 * 4;
            if (desc > n || h.n_descsz > n - desc)
                break;
            if (h.n_type == PV_NOTE_TYPE && h.n_namesz == sizeof PV_NOTE_NAME &&
                !memcmp(p + name, PV_NOTE_NAME, sizeof PV_NOTE_NAME)) {
                *size = h.n_descsz;
                return p + desc;
            }
            o = desc + ((uint64_t)h.n_descsz + 3) / 4 * 4;
            if (o > n)
                break;
        }
    }
    return NULL;
}

bool pv_note_read(const uint8_t *p, uint64_t n, struct pv_note *note, struct pv_buf *file,
                  struct pv_error *err)
{
    struct pv_elf e;
    struct fixed f;
    uint32_t size;
    const uint8_t *desc;
    Elf64_Ehdr h;
    bool ok = false;

    err->text[0] = 0;
    if (!pv_elf_open(&e, (uint8_t *)p, n, err))
        goto out;
    desc = find(&e, &size);
    if (!desc)
        goto out;
    if (size < sizeof f) {
        pv_fail(err, "the privify note is cut short");
        goto out;
    }
    memcpy(&f, desc, sizeof f);
    if (f.version != NOTE_VERSION) {
        pv_fail(err, "the privify note's version is %u, known is %u", f.version, NOTE_VERSION);
        goto out;
    }
    *note = (struct pv_note){.kinds = f.kinds,
                             .size = f.size,
                             .after = f.after,
                             .shoff = f.shoff,
                             .shnum = f.shnum,
                             .shstrndx = f.shstrndx,
                             .shentsize = f.shentsize,
                             .unproven = f.unproven,
                             .crc = f.crc,
                             .sites = f.sites};
    if (f.after != n || f.size > n || f.size < sizeof h) {
        pv_fail(err, "changed since privify wrote it (by strip or objcopy?): %zu bytes, not %zu",
                (size_t)n, (size_t)f.after);
        goto out;
    }
    ok = true;
    if (!file)
        goto out;
    ok = false;
    file->n = 0;
    if (!pv_buf_add(file, p, f.size)) {
        pv_fail(err, "no memory");
        goto out;
    }
    if (!undo_sites(desc + sizeof f, desc + size, &f, file, err))
        goto out;
    memcpy(&h, file->p, sizeof h);
    h.e_shoff = f.shoff;
    h.e_shnum = f.shnum;
    h.e_shstrndx = f.shstrndx;
    h.e_shentsize = f.shentsize;
    memcpy(file->p, &h, sizeof h);
    if (crc32_z(0, file->p, file->n) != f.crc)
        pv_fail(err, "changed since privify wrote it: undone, it is not the original file");
    else
        ok = true;
out:
    pv_elf_close(&e);
    return ok;
}
