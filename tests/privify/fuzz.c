/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Mutated ELF files through all of privify, in this process: fuzz COUNT SEED FILE... Built with the
 * address and undefined-behaviour sanitizers. A file that is accepted must come back bit for bit
 * when undone, must be the same when rewritten twice, and must be found complete. A failure prints
 * the round; `fuzz COUNT SEED FILE... ` with FUZZ_FIRST=round begins there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

static uint64_t state;

/* splitmix64: each round has its own seed. */
static uint64_t rnd(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static size_t below(size_t n)
{
    return n ? rnd() % n : 0;
}

static const uint64_t odd[] = {0,
                               1,
                               2,
                               3,
                               15,
                               16,
                               17,
                               0x7f,
                               0x80,
                               0xff,
                               0xffff,
                               0x7fffffff,
                               0xffffffff,
                               0x1000,
                               0xff00,
                               0x8000000000000000,
                               UINT64_MAX,
                               UINT64_MAX - 15,
                               0x7fffffffffffffff,
                               0xa000000100000000,
                               24,
                               64,
                               56,
                               48};

/* A place worth changing: headers, section and program headers, symbols, relocations, anything. */
static size_t place(const uint8_t *p, size_t n)
{
    Elf64_Ehdr h;
    Elf64_Shdr s;
    uint64_t at;

    if (n < sizeof h)
        return below(n);
    memcpy(&h, p, sizeof h);
    switch (below(6)) {
    case 0:
        return below(sizeof h);
    case 1:
        at = h.e_phoff + below(h.e_phnum * 56ul + 1);
        return at < n ? at : below(n);
    case 2:
        at = h.e_shoff + below(h.e_shnum * 64ul + 1);
        return at < n ? at : below(n);
    case 3:
    case 4: /* somewhere in some section */
        at = h.e_shoff + below(h.e_shnum) * sizeof s;
        if (h.e_shoff > n || at > n || n - at < sizeof s)
            return below(n);
        memcpy(&s, p + at, sizeof s);
        at = s.sh_offset + below(s.sh_size < n ? s.sh_size : n);
        return at < n ? at : below(n);
    default:
        return below(n);
    }
}

static void mutate(struct pv_buf *b)
{
    unsigned times = 1 + (unsigned)below(4);

    if (below(40) == 0)
        b->n = below(b->n + 1);
    for (unsigned k = 0; k < times && b->n; k++) {
        size_t at = place(b->p, b->n), len;
        uint64_t v = odd[below(sizeof odd / sizeof *odd)];

        switch (below(6)) {
        case 0:
            b->p[at] ^= (uint8_t)(1u << below(8));
            break;
        case 1:
            b->p[at] = (uint8_t)rnd();
            break;
        case 2: /* a number, where numbers are */
        case 3:
            len = 1u << below(4);
            at &= ~(len - 1);
            if (at + len <= b->n)
                memcpy(b->p + at, &v, len);
            break;
        case 4: /* a bit more or less */
            at &= ~7ul;
            if (at + 8 <= b->n) {
                memcpy(&v, b->p + at, 8);
                v += below(65) - 32;
                memcpy(b->p + at, &v, 8);
            }
            break;
        default: /* one piece over another */
            len = 1 + below(64);
            if (len <= b->n && at <= b->n - len)
                memmove(b->p + at, b->p + below(b->n - len + 1), len);
        }
    }
}

static uint64_t accepted, rounds_done;

static void bad(const char *what, const struct pv_error *err)
{
    fprintf(stderr, "round %llu: %s: %s\n", (unsigned long long)rounds_done, what, err->text);
    abort();
}

/* All that can be done with a file. */
static void one(const struct pv_buf *in, const struct pv_options *opt)
{
    static struct pv_buf original, out, back, again, say;
    struct pv_error err = {""};
    struct pv_note note;
    struct pv v;
    uint8_t *copy = malloc(in->n ? in->n : 1); /* its end is guarded by the sanitizer */

    if (!copy)
        exit(2);
    memcpy(copy, in->p, in->n);
    original.n = say.n = 0;
    if (below(8) == 0)
        pv_verify(copy, in->n, opt->kinds, below(2), &say, &err);
    if (!pv_load_file(&v, copy, in->n, opt, &original, &err)) {
        pv_close(&v);
        free(copy);
        return;
    }
    accepted++;
    if (!pv_rewrite(&v, &out, &err))
        bad("analysed, but not rewritten", &err);
    if (!pv_note_read(out.p, out.n, &note, &back, &err))
        bad("rewritten, but not undone", &err);
    if (back.n != v.n || memcmp(back.p, v.p, v.n))
        bad("undone, but not the same", &err);
    pv_close(&v);
    if (below(4) == 0) {
        original.n = 0;
        if (!pv_load_file(&v, out.p, out.n, opt, &original, &err) || !pv_rewrite(&v, &again, &err))
            bad("rewritten, but not a second time", &err);
        if (again.n != out.n || memcmp(again.p, out.p, out.n))
            bad("rewritten twice, but not the same", &err);
        if (below(4) == 0) {
            FILE *f = fopen("/dev/null", "w");
            struct pv_report r = {"f", true, true, true};
            if (f) {
                pv_report_text(f, &v, &r);
                pv_report_json(f, &v, &r);
                fclose(f);
            }
        }
        pv_close(&v);
    }
    say.n = 0;
    if (below(4) == 0 && opt->unproven == PV_UNPROVEN_FAIL &&
        !pv_verify(out.p, out.n, opt->kinds, false, &say, &err)) {
        fprintf(stderr, "%.*s", (int)say.n, (char *)say.p);
        bad("rewritten, but not complete", &err);
    }
    free(copy);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 3 ? strtoull(argv[1], NULL, 0) : 0, seed;
    const char *first = getenv("FUZZ_FIRST");
    unsigned nseed = 0;
    static struct pv_buf files[64], b;

    if (argc < 4) {
        fprintf(stderr, "usage: fuzz COUNT SEED FILE...\n");
        return 2;
    }
    seed = strtoull(argv[2], NULL, 0);
    /* Each file as it is, and rewritten. */
    for (int i = 3; i < argc && nseed < 62; i++) {
        struct pv_options opt = {pv_kind_default(), PV_UNPROVEN_KEEP};
        struct pv_file f;
        struct pv_error err = {""};
        struct pv_buf o = {0};
        struct pv v;

        if (!pv_file_read(argv[i], &f, &err) ||
            !pv_load_file(&v, f.data.p, f.data.n, &opt, &o, &err) ||
            !pv_rewrite(&v, &files[nseed + 1], &err)) {
            fprintf(stderr, "%s: %s\n", argv[i], err.text);
            return 2;
        }
        pv_close(&v);
        free(o.p);
        files[nseed] = f.data;
        nseed += 2;
    }
    for (rounds_done = first ? strtoull(first, NULL, 0) : 0; rounds_done < count; rounds_done++) {
        struct pv_options opt = {UINT64_MAX, PV_UNPROVEN_FAIL};
        const struct pv_buf *from;

        state = seed * 0x100000001b3ull + rounds_done;
        from = &files[below(nseed)];
        opt.unproven = (enum pv_unproven)below(3);
        if (below(2))
            opt.kinds = pv_kind_default();
        b.n = 0;
        if (!pv_buf_add(&b, from->p, from->n))
            return 2;
        mutate(&b);
        one(&b, &opt);
        if (rounds_done % 1000000 == 999999)
            fprintf(stderr, "%llu\n", (unsigned long long)rounds_done + 1);
    }
    printf("seed %llu: %llu inputs, %llu accepted\n", (unsigned long long)seed,
           (unsigned long long)rounds_done, (unsigned long long)accepted);
    return 0;
}
