/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What was found, as text for people and as JSON for programs.
 */
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

/* ---- symbols ---- */

struct entry {
    uint64_t at; /* bundle number over all regions, times 16 */
    const char *name;
    uint8_t rank; /* functions before labels */
};
struct pv_symbols {
    struct entry *e;
    size_t n;
};

static int by_address(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank - y->rank;
    return strcmp(x->name, y->name);
}

static void add_symbols(struct pv_symbols *t, const struct pv *v, const struct pv_elf *e,
                        unsigned sec)
{
    const uint8_t *p = pv_elf_bytes(e, sec);
    uint64_t n = e->sh[sec].sh_size / sizeof(Elf64_Sym);
    struct entry *q = realloc(t->e, (t->n + n + 1) * sizeof *q);

    if (!q)
        return;
    t->e = q;
    for (uint64_t i = 0; i < n; i++) {
        Elf64_Sym s;
        unsigned type;
        uint32_t b;
        const char *name;

        memcpy(&s, p + i * sizeof s, sizeof s);
        type = ELF64_ST_TYPE(s.st_info);
        if ((type != STT_FUNC && type != STT_NOTYPE) || s.st_shndx == SHN_UNDEF ||
            s.st_shndx >= SHN_LORESERVE)
            continue;
        if (!(e->region_of ? pv_bundle_in(v, e, s.st_shndx, s.st_value, &b)
                           : pv_bundle_at(v, e, s.st_value, &b)))
            continue;
        name = pv_elf_string(e, e->sh[sec].sh_link, s.st_name);
        if (*name && *name != '.')
            t->e[t->n++] = (struct entry){16ull * b, name, type != STT_FUNC};
    }
}

struct pv_symbols *pv_symbols_open(const struct pv *v)
{
    struct pv_symbols *t = calloc(1, sizeof *t);

    for (unsigned k = 0; t && k <= v->nin; k++) {
        const struct pv_elf *e = k ? v->in[k - 1] : &v->elf;
        for (unsigned i = 1; i < e->shnum; i++)
            if (e->sh[i].sh_type == SHT_SYMTAB || e->sh[i].sh_type == SHT_DYNSYM)
                add_symbols(t, v, e, i);
    }
    if (t && t->n)
        qsort(t->e, t->n, sizeof *t->e, by_address);
    return t;
}

void pv_symbols_close(struct pv_symbols *t)
{
    if (t)
        free(t->e);
    free(t);
}

void pv_symbol(const struct pv_symbols *t, const struct pv *v, const struct pv_site *s, char *buf,
               size_t size)
{
    const struct pv_region *r = &v->region[s->region];
    uint64_t at = 16ull * (r->first + s->bundle);
    size_t lo = 0, hi = t ? t->n : 0;

    *buf = 0;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (t->e[mid].at <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo || t->e[lo - 1].at < 16ull * r->first)
        return;
    /* The first of those at the same address: a function, if there is one. */
    for (lo--; lo > 0 && t->e[lo - 1].at == t->e[lo].at; lo--)
        ;
    if (at == t->e[lo].at)
        snprintf(buf, size, "%s", t->e[lo].name);
    else
        snprintf(buf, size, "%s+%#llx", t->e[lo].name, (unsigned long long)(at - t->e[lo].at));
}

void pv_where(const struct pv *v, const struct pv_site *s, char *buf, size_t size)
{
    const struct pv_region *r = &v->region[s->region];

    if (r->elf->h.e_type == ET_REL)
        snprintf(buf, size, "%s+%#llx", r->name, 16ull * s->bundle);
    else
        snprintf(buf, size, "%#llx", (unsigned long long)r->addr + 16ull * s->bundle);
}

static const char *const state_name[] = {"rewritten", "not selected", "kept", "unproven"};

/* Why it is known to be code. */
static const char *proof(const struct pv *v, const struct pv_site *s)
{
    uint16_t ev = v->ev[v->region[s->region].first + s->bundle];

    return ev & PV_EV_REACHED    ? "reached"
           : ev & PV_EV_FUNCTION ? "function"
           : ev & PV_EV_FORM     ? "form"
                                 : "none";
}

static void text_of(const struct pv_site *s, uint64_t slot, char *buf, size_t size)
{
    struct isa_insn in;

    isa_decode(s->unit, slot, 0, &in);
    isa_disasm(&in, 0, buf, size);
    for (size_t n = strlen(buf); n && (buf[n - 1] == ' ' || buf[n - 1] == ';'); n--)
        buf[n - 1] = 0;
}

/* ---- text ---- */

static void list_text(FILE *f, const struct pv *v)
{
    struct pv_symbols *t = pv_symbols_open(v);
    char where[128], symbol[256], text[128], now[128];

    for (size_t i = 0; i < v->nsite; i++) {
        const struct pv_site *s = &v->site[i];
        if (s->state == PV_SITE_UNSELECTED)
            continue;
        pv_where(v, s, where, sizeof where);
        pv_symbol(t, v, s, symbol, sizeof symbol);
        text_of(s, s->was, text, sizeof text);
        if (s->state == PV_SITE_REWRITE)
            text_of(s, s->now, now, sizeof now);
        else
            snprintf(now, sizeof now, "%s", state_name[s->state]);
        fprintf(f, "%s %u %-7s %-36s %-28s %s\n", where, s->slot, pv_kinds[s->kind].name, symbol,
                text, now);
    }
    pv_symbols_close(t);
}

static void stats_text(FILE *f, const struct pv *v)
{
    size_t sum[4] = {0};

    fprintf(f, "%-8s %9s %9s %6s %9s\n", "kind", "rewritten", "not sel.", "kept", "unproven");
    for (unsigned k = 0; k < PV_KINDS; k++) {
        const size_t *c = v->count[k];
        for (unsigned i = 0; i < 4; i++)
            sum[i] += c[i];
        if (c[0] || c[1] || c[2] || c[3])
            fprintf(f, "%-8s %9zu %9zu %6zu %9zu  %s%s\n", pv_kinds[k].name, c[0], c[1], c[2], c[3],
                    pv_kinds[k].what, pv_kinds[k].sensitive ? " (does not trap)" : "");
    }
    fprintf(f, "%-8s %9zu %9zu %6zu %9zu\n\n", "all", sum[0], sum[1], sum[2], sum[3]);
    fprintf(f, "%-24s %9s %9s %11s %6s %12s\n", "code", "bundles", "reached", "in function", "data",
            "undecodable");
    for (unsigned i = 0; i < v->nregion; i++) {
        const struct pv_region *r = &v->region[i];
        fprintf(f, "%-24s %9u %9u %11u %6u %12u\n", r->name, r->bundles, r->reached, r->function,
                r->data, r->bad);
    }
}

void pv_report_text(FILE *f, const struct pv *v, const struct pv_report *r)
{
    if (r->list)
        list_text(f, v);
    if (r->list && r->stats)
        fputc('\n', f);
    if (r->stats)
        stats_text(f, v);
}

/* ---- JSON (RFC 8259) ---- */

static void string(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(f, "\\u%04x", c); /* bytes of unknown encoding, as Latin-1 */
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static void site_json(FILE *f, const struct pv *v, const struct pv_site *s,
                      const struct pv_symbols *t)
{
    const struct pv_region *r = &v->region[s->region];
    char symbol[256], text[128];
    struct isa_insn in;

    pv_symbol(t, v, s, symbol, sizeof symbol);
    text_of(s, s->was, text, sizeof text);
    isa_decode(s->unit, s->was, 0, &in);
    fputs("{\"section\":", f);
    string(f, r->name);
    if (r->elf->h.e_type == ET_REL)
        fprintf(f, ",\"offset\":\"%#llx\"", 16ull * s->bundle);
    else
        fprintf(f, ",\"address\":\"%#llx\"", (unsigned long long)r->addr + 16ull * s->bundle);
    fprintf(f, ",\"file_offset\":%llu,\"slot\":%u,\"unit\":\"%c\",\"qp\":%u,\"symbol\":",
            (unsigned long long)r->off + 16ull * s->bundle, s->slot,
            s->unit == ISA_UNIT_M ? 'M' : 'B', in.qp);
    string(f, symbol);
    fprintf(f, ",\"kind\":\"%s\",\"instruction\":", pv_kinds[s->kind].name);
    string(f, text);
    fprintf(f, ",\"state\":\"%s\",\"proof\":\"%s\"", state_name[s->state], proof(v, s));
    if (s->state == PV_SITE_REWRITE)
        fprintf(f, ",\"immediate\":\"%#x\"", s->imm);
    fputc('}', f);
}

void pv_report_json(FILE *f, const struct pv *v, const struct pv_report *r)
{
    struct pv_symbols *t = pv_symbols_open(v);
    const char *sep = "";

    fputs("{\"file\":", f);
    string(f, r->file);
    fprintf(f, ",\"type\":\"%s\",\"size\":%llu,\"was_rewritten\":%s,\n \"kinds\":{",
            v->elf.h.e_type == ET_REL ? "relocatable" : "executable", (unsigned long long)v->n,
            r->was_rewritten ? "true" : "false");
    for (unsigned k = 0; k < PV_KINDS; k++, sep = ",") {
        const size_t *c = v->count[k];
        fprintf(f,
                "%s\n  \"%s\":{\"selected\":%s,\"sensitive\":%s,\"rewritten\":%zu,"
                "\"not_selected\":%zu,\"kept\":%zu,\"unproven\":%zu}",
                sep, pv_kinds[k].name, v->opt.kinds >> k & 1 ? "true" : "false",
                pv_kinds[k].sensitive ? "true" : "false", c[0], c[1], c[2], c[3]);
    }
    fputs("},\n \"code\":[", f);
    sep = "";
    for (unsigned i = 0; i < v->nregion; i++, sep = ",") {
        const struct pv_region *g = &v->region[i];
        fprintf(f, "%s\n  {\"name\":", sep);
        string(f, g->name);
        fprintf(f,
                ",\"section\":%u,\"address\":\"%#llx\",\"file_offset\":%llu,\"bundles\":%u,"
                "\"reached\":%u,\"in_function\":%u,\"data\":%u,\"undecodable\":%u}",
                g->section, (unsigned long long)g->addr, (unsigned long long)g->off, g->bundles,
                g->reached, g->function, g->data, g->bad);
    }
    fputs("]", f);
    if (r->list) {
        fputs(",\n \"sites\":[", f);
        sep = "\n  ";
        for (size_t i = 0; i < v->nsite; i++) {
            if (v->site[i].state == PV_SITE_UNSELECTED)
                continue;
            fputs(sep, f);
            site_json(f, v, &v->site[i], t);
            sep = ",\n  ";
        }
        fputs("]", f);
    }
    fputs("}\n", f);
    pv_symbols_close(t);
}
