/* SPDX-License-Identifier: MIT
 *
 * ia64-dis: shows IA-64 code to people.
 *
 *   ia64-dis FILE             the executable sections of an ELF file
 *   ia64-dis -b [-a ADDRESS] FILE   a raw file
 *   ia64-dis -x LO HI ...     bundles as pairs of 64-bit words, as a debugger prints them
 *   -v                        adds row, format and status of each instruction
 *   -m                        lists the instruction table instead
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "isa/isa.h"

static bool verbose;

static void show(struct isa_bundle b, uint64_t ip)
{
    static const char *const status[] = {"", " ILLEGAL", " ILLEGAL if qp", " nop (ignored)"};
    char text[512], *line, *save = NULL;
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    unsigned slot = 0;

    isa_disasm_bundle(b, ip, text, sizeof text);
    for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), slot++) {
        static const unsigned off[3] = {0, 6, 12};
        printf("%16lx:\t", ip + off[slot]);
        if (verbose) {
            unsigned n = t->unit[slot] == ISA_UNIT_L ? 2 : slot;
            struct isa_insn in;
            isa_decode_slot(b, n, &in);
            printf("%011lx %-18s %-4s%-14s ", isa_slot(b, n), isa_rows[in.op].name,
                   isa_rows[in.op].format, status[in.status]);
        }
        puts(line);
    }
}

static void show_all(const uint8_t *p, uint64_t size, uint64_t ip)
{
    struct isa_bundle b;

    for (uint64_t i = 0; i + 16 <= size; i += 16) {
        memcpy(&b, p + i, 16);
        show(b, ip + i);
    }
}

static int show_elf(const char *name, const uint8_t *p, uint64_t size)
{
    Elf64_Ehdr e;
    Elf64_Shdr s;
    int shown = 0;

    if (size < sizeof e) {
        fprintf(stderr, "%s: too short for ELF\n", name);
        return 1;
    }
    memcpy(&e, p, sizeof e);
    if (memcmp(e.e_ident, ELFMAG, SELFMAG) || e.e_ident[EI_CLASS] != ELFCLASS64 ||
        e.e_ident[EI_DATA] != ELFDATA2LSB || e.e_machine != EM_IA_64) {
        fprintf(stderr, "%s: not a little-endian IA-64 ELF file (-b for raw code)\n", name);
        return 1;
    }
    for (unsigned i = 0; i < e.e_shnum; i++) {
        uint64_t at = e.e_shoff + (uint64_t)i * sizeof s;
        if (at > size || size - at < sizeof s) {
            fprintf(stderr, "%s: section header %u lies outside the file\n", name, i);
            return 1;
        }
        memcpy(&s, p + at, sizeof s);
        if (s.sh_type != SHT_PROGBITS || !(s.sh_flags & SHF_EXECINSTR))
            continue;
        if (s.sh_offset > size || s.sh_size > size - s.sh_offset) {
            fprintf(stderr, "%s: section %u lies outside the file\n", name, i);
            return 1;
        }
        show_all(p + s.sh_offset, s.sh_size, s.sh_addr);
        shown++;
    }
    if (!shown)
        fprintf(stderr, "%s: no executable section\n", name);
    return !shown;
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: ia64-dis [-v] [-b] [-a ADDRESS] FILE | ia64-dis [-v] -x LO HI ... | ia64-dis -m\n");
    return 2;
}

int main(int argc, char **argv)
{
    bool raw = false, hex = false;
    uint64_t addr = 0;
    uint8_t *p = NULL;
    size_t size = 0, room = 0;
    FILE *f;
    int opt, r = 0;

    while ((opt = getopt(argc, argv, "a:bmvx")) != -1)
        switch (opt) {
        case 'a':
            addr = strtoull(optarg, NULL, 0);
            break;
        case 'b':
            raw = true;
            break;
        case 'm':
            for (unsigned i = 1; i < ISA_OP_COUNT; i++)
                printf("%-4s %-18s %-24s %011lx/%011lx\n", isa_rows[i].format, isa_rows[i].name,
                       isa_rows[i].operands, isa_rows[i].match, isa_rows[i].mask);
            return 0;
        case 'v':
            verbose = true;
            break;
        case 'x':
            hex = true;
            break;
        default:
            return usage();
        }
    if (hex) {
        if ((argc - optind) % 2 || argc == optind)
            return usage();
        for (; optind < argc; optind += 2, addr += 16) {
            struct isa_bundle b = {strtoull(argv[optind], NULL, 16),
                                   strtoull(argv[optind + 1], NULL, 16)};
            show(b, addr);
        }
        return 0;
    }
    if (argc != optind + 1)
        return usage();
    f = fopen(argv[optind], "rb");
    if (!f) {
        perror(argv[optind]);
        return 1;
    }
    for (;;) {
        if (size == room) {
            uint8_t *n = realloc(p, room = room ? room * 2 : 65536);
            if (!n) {
                perror("memory");
                free(p);
                fclose(f);
                return 1;
            }
            p = n;
        }
        size_t n = fread(p + size, 1, room - size, f);
        if (!n)
            break;
        size += n;
    }
    fclose(f);
    if (raw)
        show_all(p, size, addr);
    else
        r = show_elf(argv[optind], p, size);
    free(p);
    return r;
}
