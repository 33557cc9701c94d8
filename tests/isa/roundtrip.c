/* SPDX-License-Identifier: MIT
 *
 * The instruction table tested on itself (T=isa/roundtrip): no two rows overlap, the decoder's
 * index finds exactly the rows, decoding and encoding lose no bit but those the manual ignores
 * (listed in ignored-bits.txt), the encoder refuses what does not fit, and encodings that are no
 * legal instruction get the status the manual gives them (status.txt).
 *
 *   roundtrip CASE [FILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "isa/format.h"

#define M41 ((1ull << 41) - 1)
enum { PER_ROW = 2000, NOISE = 3000000 };

static unsigned long failures;
static uint64_t rng_state = 0x9e3779b97f4a7c15ull;

static uint64_t rng(void)
{
    uint64_t z = rng_state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}
static void fail(const struct isa_row *row, uint64_t slot, const char *what)
{
    if (failures++ < 20)
        printf("  %s/%s %011lx: %s\n", row->name, row->format, slot, what);
}
static unsigned unit_of(const struct isa_row *row)
{
    return (unsigned)__builtin_ctz(row->units);
}
static uint64_t ext_of(const struct isa_row *row)
{
    /* The low two bits of the L slot are ignored by the long branches. */
    uint64_t ext = row->units >> ISA_UNIT_X & 1 ? rng() & M41 : 0;
    return row->fmt == ISA_FMT_X3 || row->fmt == ISA_FMT_X4 ? ext & ~3ull : ext;
}

static void overlap(void)
{
    for (unsigned a = 1; a < ISA_OP_COUNT; a++) {
        const struct isa_row *x = &isa_rows[a];
        if (x->match & ~x->mask || x->mask >> 37 != 15 || x->mask & isa_format_bits(x->fmt))
            fail(x, x->match, "match, mask and operand bits contradict each other");
        for (unsigned b = a + 1; b < ISA_OP_COUNT; b++) {
            const struct isa_row *y = &isa_rows[b];
            if (x->units & y->units && !((x->match ^ y->match) & x->mask & y->mask)) {
                fail(x, x->match, "overlaps with the next");
                fail(y, y->match, "");
            }
        }
    }
}

/* The index tables against a plain search of the table. */
static const struct isa_row *search(unsigned unit, uint64_t slot)
{
    for (unsigned r = 1; r < ISA_OP_COUNT; r++)
        if (isa_rows[r].units >> unit & 1 && (slot & isa_rows[r].mask) == isa_rows[r].match)
            return &isa_rows[r];
    return NULL;
}
static void lookup(void)
{
    for (unsigned long i = 0; i < NOISE / 10; i++) {
        unsigned unit = ISA_UNIT_M + rng() % 6;
        uint64_t slot = rng() & M41;
        const struct isa_row *row = isa_lookup(unit, slot, true);
        if (row != search(unit, slot))
            fail(row ? row : &isa_rows[0], slot, "the index and the table differ");
    }
    for (unsigned r = 1; r < ISA_OP_COUNT; r++)
        for (unsigned i = 0; i < PER_ROW; i++) {
            const struct isa_row *row = &isa_rows[r];
            uint64_t slot = (rng() & M41 & ~row->mask) | row->match;
            for (unsigned u = ISA_UNIT_M; u <= ISA_UNIT_X; u++)
                if (row->units >> u & 1 && isa_lookup(u, slot, true) != row)
                    fail(row, slot, "not found");
        }
}

static void bits_row(const struct isa_row *row, uint64_t slot)
{
    uint64_t ext = ext_of(row), back = 0, back_ext = 0;
    uint64_t kept = row->mask | isa_format_bits(row->fmt);
    struct isa_insn in;
    enum isa_status st = isa_decode(unit_of(row), slot, ext, &in);

    if (st == ISA_OK && in.op != row->op)
        fail(row, slot, "decodes to another row");
    if (st != ISA_OK && !row->check && !(row->attr & ISA_ATTR_LATER))
        fail(row, slot, "is illegal though the row checks nothing");
    /* Illegal operands have their fields all the same. */
    in.op = row->op;
    isa_format_read(row->fmt, slot, ext, &in);
    if (!isa_encode(&in, &back, &back_ext))
        fail(row, slot, "does not encode");
    else if (back != (slot & kept) || back_ext != ext)
        fail(row, slot, "encodes to other bits");
}
static void bits(void)
{
    for (unsigned r = 1; r < ISA_OP_COUNT; r++) {
        const struct isa_row *row = &isa_rows[r];
        for (unsigned i = 0; i < PER_ROW; i++)
            bits_row(row, (rng() & M41 & ~row->mask) | row->match);
        /* Each bit alone, and all but each. */
        for (unsigned b = 0; b < 41; b++) {
            bits_row(row, ((1ull << b) & ~row->mask) | row->match);
            bits_row(row, (M41 & ~(1ull << b) & ~row->mask) | row->match);
        }
    }
    for (unsigned long i = 0; i < NOISE; i++) {
        unsigned unit = ISA_UNIT_M + rng() % 6;
        uint64_t slot = rng() & M41;
        const struct isa_row *row = isa_lookup(unit, slot, false);
        if (row)
            bits_row(row, slot);
    }
}

/* The encoder writes exactly what it is told, or refuses. */
static bool same(const struct isa_insn *a, const struct isa_insn *b)
{
    return a->qp == b->qp && a->r1 == b->r1 && a->r2 == b->r2 && a->r3 == b->r3 && a->f1 == b->f1 &&
           a->f2 == b->f2 && a->f3 == b->f3 && a->f4 == b->f4 && a->p1 == b->p1 && a->p2 == b->p2 &&
           a->b1 == b->b1 && a->b2 == b->b2 && a->ar3 == b->ar3 && a->cr3 == b->cr3 &&
           a->sf == b->sf && a->hint == b->hint && a->pos == b->pos && a->len == b->len &&
           a->count == b->count && a->sof == b->sof && a->sol == b->sol && a->sor == b->sor &&
           a->wh == b->wh && a->imm == b->imm && a->tag == b->tag;
}
static void range(void)
{
    unsigned long accepted = 0, refused = 0;

    for (unsigned r = 1; r < ISA_OP_COUNT; r++) {
        const struct isa_row *row = &isa_rows[r];
        for (unsigned i = 0; i < PER_ROW / 4; i++) {
            uint64_t slot = (rng() & M41 & ~row->mask) | row->match, ext = ext_of(row), v = rng();
            struct isa_insn in, out;
            memset(&in, 0, sizeof in);
            isa_format_read(row->fmt, slot, ext, &in);
            in.op = row->op;
            switch (rng() % 8) {
            case 0:
                in.imm = v >> (v & 63);
                break;
            case 1:
                in.imm = -(v >> (v & 63));
                break;
            case 2:
                in.imm += 1ull << (v & 63);
                break;
            case 3:
                in.tag = (int64_t)v >> (v & 63);
                break;
            case 4:
                in.count = (uint8_t)v;
                in.len = (uint8_t)(v >> 8);
                break;
            case 5:
                in.pos = (uint8_t)v;
                in.hint = (uint8_t)(v >> 16 & 31);
                break;
            case 6:
                in.r1 = (uint8_t)v;
                in.qp = (uint8_t)(v >> 8);
                break;
            default:
                in.sor = (uint8_t)v;
                in.wh = (uint16_t)(v >> 16 & 31);
            }
            if (!isa_encode(&in, &slot, &ext)) {
                refused++;
                continue;
            }
            accepted++;
            /* Fields the format does not have are not looked at: compare through a second reading.
             */
            memset(&out, 0, sizeof out);
            isa_format_read(row->fmt, slot, ext, &out);
            struct isa_insn mask, ones;
            memset(&mask, 0, sizeof mask);
            memset(&ones, 0xff, sizeof ones);
            isa_format_read(row->fmt, slot, ext, &ones);
#define KEEP(f) (in.f = ones.f != out.f ? 0 : in.f) /* not of this format: it kept its ones */
            KEEP(qp), KEEP(r1), KEEP(r2), KEEP(r3), KEEP(f1), KEEP(f2), KEEP(f3), KEEP(f4),
                KEEP(p1), KEEP(p2), KEEP(b1), KEEP(b2), KEEP(ar3), KEEP(cr3), KEEP(sf), KEEP(hint),
                KEEP(pos), KEEP(len), KEEP(count), KEEP(sof), KEEP(sol), KEEP(sor), KEEP(wh),
                KEEP(imm), KEEP(tag);
#undef KEEP
            if (!same(&in, &out))
                fail(row, slot, "was encoded though a field did not fit");
        }
    }
    if (!accepted || !refused)
        fail(&isa_rows[0], 0, "the test tried nothing");
}

/* ignored-bits.txt: `format bits ...` for every format. */
static void ignored(const char *file)
{
    FILE *f = fopen(file, "r");
    char line[256];
    bool listed[ISA_FMT_COUNT] = {false};

    if (!f) {
        perror(file);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        char *save = NULL, *name = strtok_r(line, " \n", &save), *tok;
        uint64_t want = 0;
        bool any = false;
        if (!name || *name == '#')
            continue;
        while ((tok = strtok_r(NULL, " \n", &save))) {
            unsigned hi, lo;
            int n = sscanf(tok + (*tok == '='), "%u:%u", &hi, &lo);
            if (n < 1 || hi > 40)
                hi = lo = 63;
            else if (n == 1)
                lo = hi;
            for (; lo <= hi; lo++)
                want |= 1ull << lo;
        }
        for (unsigned r = 1; r < ISA_OP_COUNT; r++) {
            const struct isa_row *row = &isa_rows[r];
            char full[64];
            uint64_t got = M41 & ~row->mask & ~isa_format_bits(row->fmt);
            snprintf(full, sizeof full, "%s/%s", row->name, row->format);
            if (strcmp(full, name) && strcmp(row->format, name))
                continue;
            any = true;
            if (got != want)
                fail(row, got, "ignores other bits than listed");
        }
        for (unsigned i = 1; i < ISA_FMT_COUNT; i++)
            if (!strcmp(isa_format_name[i], name))
                listed[i] = true;
        if (!any) {
            printf("  %s: stale entry %s\n", file, name);
            failures++;
        }
    }
    fclose(f);
    for (unsigned i = 1; i < ISA_FMT_COUNT; i++)
        if (!listed[i]) {
            printf("  %s does not list format %s\n", file, isa_format_name[i]);
            failures++;
        }
}

/* status.txt: `unit status field field ...`, written from the manual. A field is
 * `lo:width=value,value...` in decimal and hexadecimal; all combinations are tried, the other bits
 * at random. */
struct pattern {
    unsigned n;
    struct {
        unsigned lo, width, nvalues;
        uint64_t value[64];
    } field[12];
};
static bool read_pattern(char *text, struct pattern *p)
{
    char *save = NULL;

    p->n = 0;
    for (char *tok = strtok_r(text, " \n", &save); tok && *tok != '#';
         tok = strtok_r(NULL, " \n", &save)) {
        int used = 0;
        char *v;
        if (p->n == 12 ||
            sscanf(tok, "%u:%u=%n", &p->field[p->n].lo, &p->field[p->n].width, &used) != 2 || !used)
            return false;
        p->field[p->n].nvalues = 0;
        for (v = tok + used;;) {
            char *end;
            if (p->field[p->n].nvalues == 64)
                return false;
            p->field[p->n].value[p->field[p->n].nvalues++] = strtoull(v, &end, 16);
            if (end == v)
                return false;
            if (*end != ',')
                break;
            v = end + 1;
        }
        p->n++;
    }
    return p->n > 0;
}
static void status(const char *file)
{
    static const char letters[] = "?MIFBLX";
    static const char *const name[] = {"ok", "illegal", "illegal-if-qp", "nop"};
    FILE *f = fopen(file, "r");
    char line[1024], copy[1024], want[32];
    unsigned long tried = 0;

    if (!f) {
        perror(file);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        static struct pattern p;
        unsigned pick[12] = {0}, k;
        char unit;
        int used = 0;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        memcpy(copy, line, sizeof copy);
        if (sscanf(line, "%c %31s %n", &unit, want, &used) != 2 || !strchr(letters, unit) ||
            !read_pattern(line + used, &p)) {
            printf("  %s: bad line %s", file, copy);
            failures++;
            continue;
        }
        do {
            for (unsigned i = 0; i < 4; i++) {
                uint64_t slot = rng() & M41;
                struct isa_insn in;
                enum isa_status st;
                for (k = 0; k < p.n; k++) {
                    uint64_t m = (1ull << p.field[k].width) - 1;
                    slot = (slot & ~(m << p.field[k].lo)) | (p.field[k].value[pick[k]] & m)
                                                                << p.field[k].lo;
                }
                st = isa_decode((unsigned)(strchr(letters, unit) - letters), slot, 0, &in);
                tried++;
                if (strcmp(name[st], want) || st != in.status ||
                    (st != ISA_OK) != (in.op == ISA_OP_ILLEGAL)) {
                    if (failures++ < 20)
                        printf("  %011lx is %s, not: %s", slot, name[st], copy);
                }
            }
            for (k = 0; k < p.n && ++pick[k] == p.field[k].nvalues; k++)
                pick[k] = 0;
        } while (k < p.n);
    }
    fclose(f);
    printf("%lu encodings\n", tried);
    if (!tried)
        failures++;
}

/* Bundles: packing and slots are inverse; reserved templates; loop branches only in slot 2; the L
 * slot. */
static void bundles(void)
{
    struct isa_insn in;

    for (unsigned i = 0; i < 100000; i++) {
        uint64_t s[3] = {rng() & M41, rng() & M41, rng() & M41};
        unsigned t = rng() & 31;
        struct isa_bundle b = isa_pack(t, s[0], s[1], s[2]);
        if (isa_tmpl(b) != t || isa_slot(b, 0) != s[0] || isa_slot(b, 1) != s[1] ||
            isa_slot(b, 2) != s[2])
            fail(&isa_rows[0], s[0], "a bundle lost bits");
        if (isa_templates[t].reserved && isa_decode_slot(b, t % 3, &in) != ISA_ILLEGAL)
            fail(&isa_rows[0], t, "a reserved template is not illegal");
    }
    for (unsigned r = 1; r < ISA_OP_COUNT; r++) {
        const struct isa_row *row = &isa_rows[r];
        if (!(row->units >> ISA_UNIT_B & 1))
            continue;
        bool loop = !strcmp(row->name, "br.cloop") || !strcmp(row->name, "br.ctop") ||
                    !strcmp(row->name, "br.cexit") || !strcmp(row->name, "br.wtop") ||
                    !strcmp(row->name, "br.wexit");
        for (unsigned n = 0; n < 3; n++) {
            struct isa_bundle b = isa_pack(0x16, row->match, row->match, row->match);
            if (isa_decode_slot(b, n, &in) != (loop && n != 2 ? ISA_ILLEGAL : ISA_OK))
                fail(row, n, "wrong status for its slot");
        }
    }
    if (isa_decode_slot(isa_pack(4, 1ull << 27, 5, 6ull << 37 | 1 << 6), 2, &in) != ISA_OK ||
        in.op != ISA_MOVL_X2 || in.imm != 5ull << 22)
        fail(&isa_rows[ISA_MOVL_X2], 0, "does not see its L slot");
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "", *file = argc > 2 ? argv[2] : "";

    if (!strcmp(name, "overlap"))
        overlap();
    else if (!strcmp(name, "lookup"))
        lookup();
    else if (!strcmp(name, "bits"))
        bits();
    else if (!strcmp(name, "range"))
        range();
    else if (!strcmp(name, "bundles"))
        bundles();
    else if (!strcmp(name, "ignored"))
        ignored(file);
    else if (!strcmp(name, "status"))
        status(file);
    else {
        fprintf(stderr,
                "usage: roundtrip overlap|lookup|bits|range|bundles|ignored FILE|status FILE\n");
        return 2;
    }
    printf("%lu failures\n", failures);
    return failures != 0;
}
