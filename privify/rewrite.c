/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Analysis as a whole, the rewritten file, and the judgement on one. A rewritten file is the
 * original with breaks in the sites' slots and, after its end, the note, new section names and new
 * section headers: nothing else moves, so undoing is cutting off and putting back.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "privify/privify.h"
#include "xen/xen/include/public/arch-ia64/privop.h"

bool pv_analyse(struct pv *v, uint8_t *p, uint64_t n, const struct pv_options *opt,
                struct pv_error *err)
{
    static const char sig[] = "~Module signature appended~\n";

    memset(v, 0, sizeof *v);
    v->opt = *opt;
    v->p = p;
    v->n = n;
    if (!pv_elf_open(&v->elf, p, n, err))
        return false;
    if (n >= sizeof sig - 1 && !memcmp(p + n - (sizeof sig - 1), sig, sizeof sig - 1))
        return pv_fail(err, "a signed module: its signature would no longer be true "
                            "(strip it first)");
    if (!pv_find_regions(v, err) || !pv_find_functions(v, err))
        return false;
    pv_find_patched(v);
    return pv_follow(v, err);
}

void pv_close(struct pv *v)
{
    pv_elf_close(&v->elf);
    for (unsigned i = 0; i < v->nin; i++) {
        pv_elf_close(v->in[i]);
        free(v->in[i]);
    }
    free(v->in);
    free(v->region);
    free(v->ev);
    free(v->root);
    free(v->movl);
    free(v->site);
    memset(v, 0, sizeof *v);
}

static void put_slot(uint8_t *bundle, unsigned slot, uint64_t now)
{
    struct isa_bundle b;

    memcpy(&b, bundle, sizeof b);
    b = isa_pack(isa_tmpl(b), slot == 0 ? now : isa_slot(b, 0), slot == 1 ? now : isa_slot(b, 1),
                 slot == 2 ? now : isa_slot(b, 2));
    memcpy(bundle, &b, sizeof b);
}

/* Section names with one or two added; where the new ones are. */
static bool add_names(const struct pv_elf *e, struct pv_buf *out, uint32_t *note, uint32_t *names)
{
    static const char own[] = "\0.shstrtab";
    size_t at = out->n;

    if (e->shstrndx) {
        if (!pv_buf_add(out, pv_elf_bytes(e, e->shstrndx), e->sh[e->shstrndx].sh_size))
            return false;
    } else if (!pv_buf_add(out, own, sizeof own)) {
        return false;
    }
    *names = 1;
    *note = (uint32_t)(out->n - at);
    return pv_buf_add(out, PV_NOTE_SECTION, sizeof PV_NOTE_SECTION);
}

bool pv_rewrite(const struct pv *v, struct pv_buf *out, struct pv_error *err)
{
    const struct pv_elf *e = &v->elf;
    struct pv_note note = {.kinds = v->opt.kinds,
                           .size = v->n,
                           .shoff = e->h.e_shoff,
                           .shnum = e->h.e_shnum,
                           .shstrndx = e->h.e_shstrndx,
                           .shentsize = e->h.e_shentsize,
                           .unproven = (uint16_t)v->opt.unproven};
    Elf64_Shdr zero = {0}, s_note = {0}, s_names = {0};
    Elf64_Ehdr h = e->h;
    unsigned have = e->shnum ? e->shnum : 1, add = e->shstrndx ? 1 : 2;
    uint64_t note_at, names_at, note_size;
    uint32_t name_note, name_names;

    out->n = 0;
    note.crc = (uint32_t)crc32_z(0, v->p, v->n);
    if (!pv_buf_add(out, v->p, v->n))
        return pv_fail(err, "no memory");
    for (size_t i = 0; i < v->nsite; i++)
        if (v->site[i].state == PV_SITE_REWRITE)
            put_slot(out->p + v->region[v->site[i].region].off + 16ull * v->site[i].bundle,
                     v->site[i].slot, v->site[i].now);
    if (!pv_buf_pad(out, 8))
        return pv_fail(err, "no memory");
    note_at = out->n;
    if (!pv_note_write(v, &note, out))
        return pv_fail(err, "no memory");
    note_size = out->n - note_at;
    names_at = out->n;
    if (!add_names(e, out, &name_note, &name_names))
        return pv_fail(err, "no memory");
    s_names = (Elf64_Shdr){.sh_name = name_names,
                           .sh_type = SHT_STRTAB,
                           .sh_offset = names_at,
                           .sh_size = out->n - names_at,
                           .sh_addralign = 1};
    s_note = (Elf64_Shdr){.sh_name = name_note,
                          .sh_type = SHT_NOTE,
                          .sh_offset = note_at,
                          .sh_size = note_size,
                          .sh_addralign = 4};
    if (!pv_buf_pad(out, 8))
        return pv_fail(err, "no memory");
    h.e_shoff = out->n;
    if (!pv_buf_add(out, e->shnum ? e->sh : &zero, have * sizeof zero) ||
        !pv_buf_add(out, &s_note, sizeof s_note) ||
        (add == 2 && !pv_buf_add(out, &s_names, sizeof s_names)))
        return pv_fail(err, "no memory");
    if (e->shstrndx) {
        Elf64_Shdr s = e->sh[e->shstrndx];
        s.sh_offset = names_at;
        s.sh_size = s_names.sh_size;
        memcpy(out->p + h.e_shoff + e->shstrndx * sizeof s, &s, sizeof s);
    } else {
        h.e_shstrndx = (uint16_t)(have + 1);
    }
    /* Numbers too large for the header stay in section 0; elf.c sees to it that one more fits. */
    h.e_shnum = (uint16_t)(have + add);
    h.e_shentsize = sizeof zero;
    memcpy(out->p, &h, sizeof h);
    /* The note was written before the file's length was known. */
    note.after = out->n;
    memcpy(out->p + note_at + sizeof(Elf64_Nhdr) + sizeof PV_NOTE_NAME + 24, &note.after,
           sizeof note.after);
    return true;
}

bool pv_load_file(struct pv *v, uint8_t *p, uint64_t n, const struct pv_options *opt,
                  struct pv_buf *original, struct pv_error *err)
{
    struct pv_note note;
    char where[128];

    memset(v, 0, sizeof *v);
    if (pv_note_read(p, n, &note, original, err)) {
        p = original->p;
        n = original->n;
    } else if (err->text[0]) {
        return false;
    }
    if (!pv_analyse(v, p, n, opt, err))
        return false;
    if (!v->breaks)
        return true;
    pv_where(v, &v->first_break, where, sizeof where);
    return pv_fail(err,
                   "already rewritten, but its privify note is gone: %zu breaks of privify, the "
                   "first at %s slot %u",
                   v->breaks, where, v->first_break.slot);
}

static void say_line(struct pv_buf *say, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void say_line(struct pv_buf *say, const char *fmt, ...)
{
    char line[512];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(line, sizeof line - 1, fmt, ap);
    va_end(ap);
    if (n > (int)sizeof line - 2)
        n = sizeof line - 2;
    line[n++] = '\n';
    pv_buf_add(say, line, (size_t)n);
}

/* Each noted site must hold its break: compared with what rewriting the original gives now. */
static void compare(const struct pv *v, const uint8_t *p, struct pv_buf *say)
{
    unsigned shown = 0;

    for (size_t i = 0; i < v->nsite && shown < 10; i++) {
        const struct pv_site *s = &v->site[i];
        struct isa_bundle b;
        char where[128];

        if (s->state != PV_SITE_REWRITE)
            continue;
        memcpy(&b, p + v->region[s->region].off + 16ull * s->bundle, sizeof b);
        if (isa_slot(b, s->slot) == s->now)
            continue;
        pv_where(v, s, where, sizeof where);
        say_line(say, "%s slot %u (%s): %011llx is not the break %011llx", where, s->slot,
                 pv_kinds[s->kind].name, (unsigned long long)isa_slot(b, s->slot),
                 (unsigned long long)s->now);
        shown++;
    }
}

bool pv_verify(uint8_t *p, uint64_t n, uint64_t kinds, bool given, struct pv_buf *say,
               struct pv_error *err)
{
    struct pv_options opt = {kinds, PV_UNPROVEN_KEEP};
    struct pv_note note = {0};
    struct pv_buf original = {0}, again = {0};
    struct pv v;
    size_t left = 0;
    bool noted, ok;

    noted = pv_note_read(p, n, &note, &original, err);
    if (!noted && err->text[0]) {
        struct pv_elf e;
        struct pv_error not_elf;
        bool is_elf = pv_elf_open(&e, p, n, &not_elf);
        pv_elf_close(&e);
        if (!is_elf) {
            free(original.p);
            return false;
        }
        say_line(say, "%s", err->text);
    }
    if (!given && noted)
        opt.kinds = note.kinds;
    /* What is left in the file as it is. */
    ok = pv_analyse(&v, p, n, &opt, err);
    if (ok) {
        for (size_t i = 0; i < v.nsite; i++) {
            const struct pv_site *s = &v.site[i];
            char where[128];

            if (s->state != PV_SITE_REWRITE && s->state != PV_SITE_UNPROVEN)
                continue;
            if (left++ < 10) {
                pv_where(&v, s, where, sizeof where);
                say_line(say, "%s slot %u (%s): not rewritten", where, s->slot,
                         pv_kinds[s->kind].name);
            }
        }
        if (left > 10)
            say_line(say, "... and %zu more", left - 10);
        if (!noted && !say->n && !v.breaks && !left)
            say_line(say, "no instruction of privify's is in it, and no note: not rewritten?");
    }
    pv_close(&v);
    /* Rewriting the original anew must give this very file. */
    if (ok && noted) {
        opt.kinds = note.kinds;
        opt.unproven = note.unproven;
        ok = pv_analyse(&v, original.p, original.n, &opt, err);
        if (ok) {
            compare(&v, p, say);
            ok = pv_rewrite(&v, &again, err);
            if (ok && !say->n && (again.n != n || memcmp(again.p, p, n)))
                say_line(say, "not what privify makes of its original");
        }
        pv_close(&v);
    }
    free(original.p);
    free(again.p);
    return ok && !say->n;
}
