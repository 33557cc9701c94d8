/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The PE loader: a small image, each header field spoilt in turn, and each kind of relocation. With
 * COUNT SEED: random damage, for pe-fuzz, which is this program under the sanitizers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/firmware/pe.h"
#include "isa/isa.h"

enum { PE = 0x80, OPT = PE + 24, SEC = OPT + 240, FILE_SIZE = 0x1000 };
static uint8_t file[FILE_SIZE];
static unsigned fails;

static void put(unsigned at, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        file[at + i] = (uint8_t)(v >> i * 8);
}
static uint64_t get(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;
    while (n--)
        v = v << 8 | p[n];
    return v;
}

/* Sections .text 0x1000 (file 0x400), .data 0x2000 (0x800; 0x100 of 0x300 bytes in the file),
 * .reloc 0x3000 (0xc00). */
static void build(void)
{
    memset(file, 0, sizeof file);
    memcpy(file, "MZ", 2);
    put(0x3c, 4, PE);
    memcpy(file + PE, "PE\0\0", 4);
    put(PE + 4, 2, 0x200);
    put(PE + 6, 2, 3);
    put(PE + 20, 2, 240);
    put(PE + 22, 2, 0x206);
    put(OPT, 2, 0x20b);
    put(OPT + 16, 4, 0x2000); /* entry: a descriptor in .data */
    put(OPT + 24, 8, 0x400000);
    put(OPT + 32, 4, 0x1000);
    put(OPT + 36, 4, 0x200);
    put(OPT + 56, 4, 0x4000);
    put(OPT + 60, 4, 0x400);
    put(OPT + 68, 2, 10);
    put(OPT + 108, 4, 16);
    put(OPT + 112 + 5 * 8, 4, 0x3000);
    static const struct {
        char name[8];
        uint32_t size, rva, bytes, at, flags;
    } s[3] = {{".text", 0x200, 0x1000, 0x200, 0x400, 0x60000020},
              {".data", 0x300, 0x2000, 0x100, 0x800, 0xc0000040},
              {".reloc", 0x100, 0x3000, 0x200, 0xc00, 0x42000040}};
    for (unsigned i = 0; i < 3; i++) {
        memcpy(file + SEC + i * 40, s[i].name, 8);
        put(SEC + i * 40 + 8, 4, s[i].size);
        put(SEC + i * 40 + 12, 4, s[i].rva);
        put(SEC + i * 40 + 16, 4, s[i].bytes);
        put(SEC + i * 40 + 20, 4, s[i].at);
        put(SEC + i * 40 + 36, 4, s[i].flags);
    }
    put(0x800, 8, 0x401000); /* descriptor: ip, gp */
    put(0x808, 8, 0x402200);
    put(0x810, 4, 0x402010); /* HIGHLOW */
    put(0x814, 2, 0x0040);   /* HIGH */
    put(0x816, 2, 0x2016);   /* LOW */
    /* movl r14 = 0x8000_1234_5640_2020 in an MLX bundle with a stop */
    struct isa_insn in = {
        .op = ISA_MOVL_X2, .unit = ISA_UNIT_X, .r1 = 14, .imm = 0x8000123456402020ull};
    uint64_t slot, ext;
    if (!isa_encode(&in, &slot, &ext))
        abort();
    struct isa_bundle b = isa_pack(5, 1ull << 27 /* nop.m */, ext, slot);
    memcpy(file + 0x400, &b, 16);
    static const uint16_t rel[] = {0xa000, 0xa008, 0x3010, 0x1014, 0x2016, 0x0000};
    put(0xc00, 4, 0x2000);
    put(0xc04, 4, 8 + sizeof rel);
    for (unsigned i = 0; i < 6; i++)
        put(0xc08 + i * 2, 2, rel[i]);
    put(0xc14, 4, 0x1000);
    put(0xc18, 4, 12);
    put(0xc1c, 2, 0x9000);
    put(0xc1e, 2, 0);
    put(OPT + 112 + 5 * 8 + 4, 4, 32);
}

static void check(const char *name, bool ok, const char *why)
{
    if (ok)
        return;
    printf("FAIL %s: expected otherwise, got \"%s\", where tests/firmware/pe.c\n", name, why);
    fails++;
}

static void layout(void)
{
    struct pe_image pe;
    const char *why;
    static uint8_t mem[0x4000];
    unsigned before = fails;
    build();
    check("parse", pe_parse(&pe, file, sizeof file, &why) == EFI_SUCCESS, why);
    check("fields",
          pe.size == 0x4000 && pe.entry == 0x2000 && pe.base == 0x400000 && pe.nsections == 3, why);
    memset(mem, 0xcc, sizeof mem);
    check("load", pe_load(&pe, mem, 0x400000, &why) == EFI_SUCCESS, why);
    check("in place",
          get(mem + 0x2000, 8) == 0x401000 && !mem[0x2100] && !mem[0x22ff] && !mem[0x1fff], why);
    const uint64_t at = 0x123456789000ull, delta = at - 0x400000;
    check("load elsewhere", pe_load(&pe, mem, at, &why) == EFI_SUCCESS, why);
    check("DIR64", get(mem + 0x2000, 8) == at + 0x1000 && get(mem + 0x2008, 8) == at + 0x2200, why);
    check("HIGHLOW", get(mem + 0x2010, 4) == (uint32_t)(0x402010 + delta), why);
    check("HIGH", get(mem + 0x2014, 2) == (uint16_t)(0x40 + (delta >> 16)), why);
    check("LOW", get(mem + 0x2016, 2) == (uint16_t)(0x2016 + delta), why);
    struct isa_bundle b;
    struct isa_insn in;
    memcpy(&b, mem + 0x1000, 16);
    check("IMM64",
          isa_decode_slot(b, 2, &in) == ISA_OK && in.op == ISA_MOVL_X2 && in.r1 == 14 &&
              in.imm == 0x8000123456402020ull + delta,
          why);
    memcpy(&b, file + 0x400, 16);
    check("file untouched", isa_decode_slot(b, 2, &in) == ISA_OK && in.imm == 0x8000123456402020ull,
          why);
    if (fails == before)
        printf("PASS layout\n");
}

/* A runtime driver that has run: moved once more, but for what it has changed itself. */
static void move(void)
{
    struct pe_image pe;
    const char *why;
    static uint8_t mem[0x4000], loaded[0x4000];
    const uint64_t at = 0x123456789000ull, delta = 0xf000000000000000ull;
    unsigned before = fails;
    struct isa_bundle b;
    struct isa_insn in;
    build();
    pe_parse(&pe, file, sizeof file, &why);
    pe_load(&pe, mem, at, &why);
    memcpy(loaded, mem, sizeof mem);
    memset(mem + 0x2008, 0x55, 8);      /* a pointer it has converted */
    memset(mem + 0x3000, 0xff, 0x1000); /* and the list is of no use any more */
    check("move", pe_move(&pe, mem, loaded, delta, &why) == EFI_SUCCESS, why);
    check("moved", get(mem + 0x2000, 8) == at + delta + 0x1000, why);
    check("left", get(mem + 0x2008, 8) == 0x5555555555555555ull, why);
    memcpy(&b, mem + 0x1000, 16);
    check("IMM64 moved",
          isa_decode_slot(b, 2, &in) == ISA_OK &&
              in.imm == 0x8000123456402020ull + at - 0x400000 + delta,
          why);
    if (fails == before)
        printf("PASS move\n");
}

/* As xen.efi: linked at the top of region 7, 64 MiB of it uninitialized data, loaded low. */
static void hypervisor(void)
{
    struct pe_image pe;
    const char *why;
    const uint64_t base = 0xf400000000000000ull, at = 0x1c000000, bss = 64 << 20;
    const size_t size = 0x4000 + bss;
    uint8_t *mem = malloc(size);
    unsigned before = fails;
    if (!mem)
        abort();
    build();
    put(OPT + 24, 8, base);
    put(OPT + 56, 4, size);
    put(SEC + 40 + 8, 4, 0x300 + bss);   /* .data */
    put(SEC + 80 + 12, 4, 0x3000 + bss); /* .reloc, behind it */
    put(OPT + 112 + 5 * 8, 4, 0x3000 + bss);
    put(0x800, 8, base + 0x1000);
    put(0x808, 8, base + 0x2000 + bss);
    memset(mem, 0xcc, size);
    check("parse", pe_parse(&pe, file, sizeof file, &why) == EFI_SUCCESS, why);
    check("size", pe.size == size && pe.base == base && !pe.fixed, why);
    check("load", pe_load(&pe, mem, at, &why) == EFI_SUCCESS, why);
    check("DIR64", get(mem + 0x2000, 8) == at + 0x1000 && get(mem + 0x2008, 8) == at + 0x2000 + bss,
          why);
    check("bss", !mem[0x2300] && !memcmp(mem + 0x2300, mem + 0x2301, bss - 1), why);
    free(mem);
    if (fails == before)
        printf("PASS hypervisor\n");
}

static void spoilt(void)
{
    static const struct {
        unsigned at, n;
        uint64_t value, want;
        bool in_load;
    } t[] = {
        {0, 1, 'X', EFI_LOAD_ERROR, false},
        {0x3c, 4, 0xfffffff0, EFI_LOAD_ERROR, false},
        {0x3c, 4, 0xff0, EFI_LOAD_ERROR, false},
        {PE, 1, 'X', EFI_LOAD_ERROR, false},
        {PE + 4, 2, 0x8664, EFI_UNSUPPORTED, false},
        {PE + 6, 2, 0, EFI_LOAD_ERROR, false},
        {PE + 6, 2, 0xffff, EFI_LOAD_ERROR, false},
        {PE + 6, 2, 90, EFI_LOAD_ERROR, false},
        {PE + 20, 2, 8, EFI_LOAD_ERROR, false},
        {PE + 20, 2, 0xfff0, EFI_LOAD_ERROR, false},
        {PE + 22, 2, 0, EFI_LOAD_ERROR, false},
        {OPT, 2, 0x10b, EFI_LOAD_ERROR, false},
        {OPT + 16, 4, 0, EFI_LOAD_ERROR, false},
        {OPT + 16, 4, 0x3ff8, EFI_LOAD_ERROR, false},
        {OPT + 16, 4, 0xfffffff8, EFI_LOAD_ERROR, false},
        {OPT + 32, 4, 0, EFI_LOAD_ERROR, false},
        {OPT + 32, 4, 0x1001, EFI_LOAD_ERROR, false},
        {OPT + 56, 4, 0, EFI_LOAD_ERROR, false},
        {OPT + 56, 4, 8, EFI_LOAD_ERROR, false},
        {OPT + 56, 4, 0xffffffff, EFI_LOAD_ERROR, false},
        {OPT + 56, 4, 0x3000, EFI_LOAD_ERROR, false},
        {OPT + 60, 4, 0x80000000, EFI_LOAD_ERROR, false},
        {OPT + 60, 4, 0x1400, EFI_LOAD_ERROR, false},
        {OPT + 60, 4, 0x100, EFI_LOAD_ERROR, false},
        {OPT + 68, 2, 3, EFI_UNSUPPORTED, false},
        {OPT + 108, 4, 0xffffffff, EFI_LOAD_ERROR, false},
        {OPT + 152, 4, 0xfffff000, EFI_LOAD_ERROR, false},
        {OPT + 156, 4, 0xfffffff0, EFI_LOAD_ERROR, false},
        {SEC + 8, 4, 0x10000, EFI_LOAD_ERROR, false},
        {SEC + 8, 4, 0x1800, EFI_LOAD_ERROR, false},
        {SEC + 12, 4, 0xfffff000, EFI_LOAD_ERROR, false},
        {SEC + 12, 4, 0x200, EFI_LOAD_ERROR, false},
        {SEC + 20, 4, 0xffff0, EFI_LOAD_ERROR, false},
        {SEC + 20, 4, 0xffffffff, EFI_LOAD_ERROR, false},
        {SEC + 40 + 12, 4, 0x1100, EFI_LOAD_ERROR, false},
        {0xc04, 4, 4, EFI_LOAD_ERROR, true},
        {0xc04, 4, 0x1000, EFI_LOAD_ERROR, true},
        {0xc04, 4, 21, EFI_LOAD_ERROR, true},
        {0xc00, 4, 0x4000, EFI_LOAD_ERROR, true},
        {0xc00, 4, 0xfffff000, EFI_LOAD_ERROR, true},
        {0xc00, 4, 0x3000, EFI_LOAD_ERROR, true},
        {0xc08, 2, 0xf000, EFI_LOAD_ERROR, true},
        {0x400, 1, 0x10, EFI_LOAD_ERROR, true},
        {PE + 22, 2, 0x207, EFI_LOAD_ERROR, true}, /* relocations stripped, and another address */
    };
    static uint8_t mem[0x4000];
    unsigned before = fails;
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        struct pe_image pe;
        const char *why;
        build();
        put(t[i].at, t[i].n, t[i].value);
        uint64_t st = pe_parse(&pe, file, sizeof file, &why);
        if (t[i].in_load && st == EFI_SUCCESS)
            st = pe_load(&pe, mem, 0x10000, &why);
        else if (t[i].in_load)
            st = 99;
        if (st != t[i].want) {
            printf("FAIL spoilt: expected status %#llx, got %#llx, where byte %#x is %#llx\n",
                   (unsigned long long)t[i].want, (unsigned long long)st, t[i].at,
                   (unsigned long long)t[i].value);
            fails++;
        }
        if (st != EFI_SUCCESS && !*why) {
            printf("FAIL spoilt: expected a reason, got none, where byte %#x\n", t[i].at);
            fails++;
        }
    }
    build();
    for (size_t n = 0; n < sizeof file; n++) { /* truncated at every length */
        struct pe_image pe;
        const char *why;
        uint8_t *copy = malloc(n ? n : 1); /* so that a sanitizer sees one byte too far */
        memcpy(copy, file, n);
        uint64_t st = pe_parse(&pe, copy, n, &why);
        if (st == EFI_SUCCESS && n < 0xd00) {
            printf("FAIL spoilt: expected an error, got none, where %zu bytes are left\n", n);
            fails++;
        }
        free(copy);
    }
    if (fails == before)
        printf("PASS spoilt\n");
}

static int fuzz(unsigned long count, uint64_t state)
{
    unsigned long loaded = 0;
    for (unsigned long i = 0; i < count; i++) {
        struct pe_image pe;
        const char *why;
        build();
        for (unsigned k = 0; k < 1 + (state >> 60); k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            unsigned r = (unsigned)(state >> 33), at = r % 3 ? r / 3 % 0x220 : 0xc00 + r / 3 % 32;
            file[at] = r >> 20 & 1 ? (uint8_t)(state >> 25)
                                   : (uint8_t)(file[at] ^ 1u << (state >> 50 & 7));
        }
        if (pe_parse(&pe, file, sizeof file, &why) != EFI_SUCCESS || pe.size > 1 << 20)
            continue;
        uint8_t *mem = malloc(pe.size);
        loaded += pe_load(&pe, mem, 0x123456789000ull, &why) == EFI_SUCCESS;
        free(mem);
    }
    printf("%lu images, %lu of them loaded\n", count, loaded);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return fuzz(strtoul(argv[1], NULL, 0), strtoul(argv[2], NULL, 0));
    layout();
    move();
    hypervisor();
    spoilt();
    return fails ? 1 : 0;
}
