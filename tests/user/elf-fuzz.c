/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Feeds the ELF reader mutated copies of real files and random bytes, and uses whatever it accepts:
 * every segment's bytes are read, every symbol looked up. Always built with ASan and UBSan.
 *
 *   elf-fuzz COUNT SEED FILE...          in memory
 *   elf-fuzz --write COUNT SEED OUT FILE  one mutated file OUT-N each, for the whole simulator
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/loader/elf.h"

static uint64_t state;
static uint64_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint8_t *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(2);
    }
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    uint8_t *p = malloc(*size + 1);
    if (!p || fread(p, 1, *size, f) != *size)
        exit(2);
    fclose(f);
    return p;
}

/* Values at which sums wrap, sizes end and signs change. */
static uint64_t interesting(void)
{
    static const uint64_t v[] = {0,
                                 1,
                                 2,
                                 7,
                                 16,
                                 56,
                                 64,
                                 0xff,
                                 0xffff,
                                 0x10000,
                                 0x7fffffff,
                                 0x80000000,
                                 0xffffffff,
                                 1ull << 32,
                                 1ull << 44,
                                 1ull << 61,
                                 0x4000000000000000ull,
                                 0x6000000000000000ull,
                                 0x7fffffffffffffffull,
                                 1ull << 63,
                                 ~0ull,
                                 ~0ull - 15};
    return v[rnd() % (sizeof v / sizeof v[0])] + (rnd() % 4 ? 0 : rnd() % 33 - 16);
}

/* Most changes go where the structure is: the header, the program headers, the section headers at
 * the end. */
static size_t mutate(uint8_t *p, size_t size, size_t cap)
{
    for (unsigned n = 1 + rnd() % 8; n; n--) {
        size_t zone = rnd() % 8, at;
        if (size == 0)
            return 0;
        if (zone < 3)
            at = rnd() % (size < 64 ? size : 64);
        else if (zone < 6)
            at = rnd() % (size < 512 ? size : 512);
        else if (zone == 6)
            at = size - 1 - rnd() % (size < 4096 ? size : 4096);
        else
            at = rnd() % size;
        switch (rnd() % 5) {
        case 0:
            p[at] ^= (uint8_t)(1u << rnd() % 8);
            break;
        case 1:
            p[at] = (uint8_t)rnd();
            break;
        case 2: {
            uint64_t v = interesting();
            size_t w = 1ull << rnd() % 4;
            at &= ~(w - 1);
            if (at + w <= size)
                memcpy(p + at, &v, w);
            break;
        }
        case 3: {
            size_t from = rnd() % size, len = rnd() % 64;
            if (from + len <= size && at + len <= size)
                memmove(p + at, p + from, len);
            break;
        }
        default:
            if (rnd() % 8 == 0)
                size = rnd() % (cap + 1) < size ? rnd() % (size + 1) : size;
        }
    }
    return size;
}

static unsigned accepted;
static bool touch(void *arg, const struct elf_segment *s, char err[ELF_ERR_SIZE])
{
    volatile uint64_t *sum = arg;
    (void)err;
    for (uint64_t i = 0; i < s->filesz; i += 1 + i / 64)
        *sum += s->data[i];
    if (s->filesz)
        *sum += s->data[s->filesz - 1];
    return true;
}
static void try(const uint8_t *p, size_t size)
{
    struct elf_file f;
    char err[ELF_ERR_SIZE];
    uint64_t sum = 0, off;
    /* A copy of the exact size, so that ASan sees a byte too far. */
    if (!elf_parse(&f, "fuzz", p, size, err))
        return;
    accepted++;
    elf_load(&f, touch, &sum, err);
    elf_set_bias(&f, rnd());
    for (unsigned i = 0; i < 8; i++)
        elf_symbol_at(&f, i & 1 ? rnd() : f.low + f.bias + rnd() % 65536, &off);
    elf_symbol_find(&f, "main", &off);
    if (f.interp)
        sum += strlen(f.interp);
    elf_close(&f);
}

static int write_mutants(unsigned count, const char *out, const char *path)
{
    size_t size;
    uint8_t *orig = slurp(path, &size), *p = malloc(size + 1);
    if (!p)
        return 2;
    for (unsigned i = 0; i < count; i++) {
        char name[4096];
        memcpy(p, orig, size);
        size_t n = mutate(p, size, size);
        snprintf(name, sizeof name, "%s-%u", out, i);
        FILE *f = fopen(name, "wb");
        if (!f || fwrite(p, 1, n, f) != n)
            return 2;
        fclose(f);
    }
    free(p);
    free(orig);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && !strcmp(argv[1], "--write")) {
        state = strtoull(argv[3], NULL, 0) * 2 + 1;
        return write_mutants((unsigned)atoi(argv[2]), argv[4], argv[5]);
    }
    if (argc < 4) {
        fprintf(
            stderr,
            "usage: elf-fuzz COUNT SEED FILE...\n       elf-fuzz --write COUNT SEED OUT FILE\n");
        return 2;
    }
    unsigned long count = strtoul(argv[1], NULL, 0);
    state = strtoull(argv[2], NULL, 0) * 2 + 1;
    for (int k = 3; k < argc; k++) {
        size_t size;
        uint8_t *orig = slurp(argv[k], &size), *p = malloc(size + 1);
        if (!p)
            return 2;
        for (unsigned long i = 0; i < count; i++) {
            memcpy(p, orig, size);
            try(p, mutate(p, size, size));
        }
        for (unsigned long i = 0; i < count / 8;
             i++) { /* a good beginning, random bytes behind it */
            size_t n = rnd() % 2048;
            if (n > size)
                n = size;
            for (size_t b = 0; b < n; b++)
                p[b] = b < 20 ? orig[b] : (uint8_t)rnd();
            try(p, n);
        }
        free(p);
        free(orig);
    }
    printf("%lu mutants, %u accepted\n", count * (unsigned long)(argc - 3), accepted);
    return 0;
}
