/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Broken ELF files, one defect each, and the words with which the reader refuses them; then good
 * ones: segments, symbols, bias. Serves tests/user/elf.sh.
 */
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include "sim/loader/elf.h"

#define VADDR 0x4000000000000000ull

/* A file with everything: two segments, an interpreter, four symbols. */
struct image {
    Elf64_Ehdr eh;
    Elf64_Phdr ph[4];
    uint8_t text[64];
    char interp[16];
    Elf64_Sym sym[5];
    char str[64];
    Elf64_Shdr sh[4];
};

static struct image good(void)
{
    struct image m;
    memset(&m, 0, sizeof m);
    memcpy(m.eh.e_ident, ELFMAG, SELFMAG);
    m.eh.e_ident[EI_CLASS] = ELFCLASS64;
    m.eh.e_ident[EI_DATA] = ELFDATA2LSB;
    m.eh.e_ident[EI_VERSION] = EV_CURRENT;
    m.eh.e_type = ET_EXEC;
    m.eh.e_machine = EM_IA_64;
    m.eh.e_version = EV_CURRENT;
    m.eh.e_flags = 0x10;
    m.eh.e_ehsize = sizeof m.eh;
    m.eh.e_phoff = offsetof(struct image, ph);
    m.eh.e_phentsize = sizeof m.ph[0];
    m.eh.e_phnum = 4;
    m.eh.e_shoff = offsetof(struct image, sh);
    m.eh.e_shentsize = sizeof m.sh[0];
    m.eh.e_shnum = 4;
    m.eh.e_entry = VADDR + offsetof(struct image, text);
    m.eh.e_entry = (m.eh.e_entry + 15) & ~15ull;
    m.ph[0] = (Elf64_Phdr){PT_LOAD,
                           PF_R | PF_X,
                           0,
                           VADDR,
                           VADDR,
                           offsetof(struct image, sym),
                           offsetof(struct image, sym),
                           0x10000};
    m.ph[1] = (Elf64_Phdr){PT_LOAD, PF_R | PF_W, 0x80, VADDR + 0x20000080, VADDR + 0x20000080,
                           16,      4096,        0x80};
    m.ph[2] = (Elf64_Phdr){PT_INTERP, PF_R, offsetof(struct image, interp), 0, 0, 11, 11, 1};
    m.ph[3] = (Elf64_Phdr){PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16};
    strcpy(m.interp, "/lib/ld.so");
    memcpy(m.str, "\0alpha\0beta\0gamma\0local", 24);
    m.sym[1] = (Elf64_Sym){1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, VADDR + 0x100, 0x20};
    m.sym[2] = (Elf64_Sym){7, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, VADDR + 0x140, 0};
    m.sym[3] = (Elf64_Sym){12, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 1, VADDR + 0x20000080, 8};
    m.sym[4] = (Elf64_Sym){18, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, VADDR + 0x100, 0};
    m.sh[1] = (Elf64_Shdr){0, SHT_SYMTAB,     0, 0, offsetof(struct image, sym), sizeof m.sym, 2, 1,
                           8, sizeof m.sym[0]};
    m.sh[2] =
        (Elf64_Shdr){0, SHT_STRTAB, 0, 0, offsetof(struct image, str), sizeof m.str, 0, 0, 1, 0};
    return m;
}

static int failed;
static void verdict(const char *name, int ok, const char *want, const char *got)
{
    if (ok) {
        printf("PASS %s\n", name);
    } else {
        printf("FAIL %s: expected %s, got %s, tests/user/elf-cases.c\n", name, want, got);
        failed = 1;
    }
}

static void refused(const char *name, const struct image *m, size_t size, const char *words)
{
    struct elf_file f;
    char err[ELF_ERR_SIZE] = "accepted";
    int ok =
        !elf_parse(&f, "test", m, size, err) && strstr(err, words) && !strncmp(err, "test: ", 6);
    verdict(name, ok, words, err);
    elf_close(&f);
}

#define BROKEN(name, words, change)                                                                \
    do {                                                                                           \
        struct image m = good();                                                                   \
        change;                                                                                    \
        refused(name, &m, sizeof m, words);                                                        \
    } while (0)

static void broken(void)
{
    struct image g = good();
    refused("empty", &g, 0, "not an ELF file");
    refused("one_byte", &g, 1, "not an ELF file");
    refused("truncated_header", &g, 40, "truncated");
    refused("truncated_phdrs", &g, sizeof g.eh + 60, "outside the file");
    refused("truncated_segment", &g, offsetof(struct image, text) + 8, "outside the file");
    BROKEN("magic", "not an ELF file", m.eh.e_ident[0] = 0);
    BROKEN("class32", "not a 64-bit", m.eh.e_ident[EI_CLASS] = ELFCLASS32);
    BROKEN("big_endian", "not a little-endian", m.eh.e_ident[EI_DATA] = ELFDATA2MSB);
    BROKEN("big_endian_code", "big-endian code", m.eh.e_flags |= 8);
    BROKEN("version", "version", m.eh.e_ident[EI_VERSION] = 7);
    BROKEN("machine", "not for IA-64", m.eh.e_machine = EM_X86_64);
    BROKEN("object", "relocatable", m.eh.e_type = ET_REL);
    BROKEN("core", "not an executable", m.eh.e_type = ET_CORE);
    BROKEN("no_phdrs", "no program headers", m.eh.e_phnum = 0);
    BROKEN("many_phdrs", "too many", m.eh.e_phnum = 0xffff);
    BROKEN("phentsize", "program header size", m.eh.e_phentsize = 32);
    BROKEN("phoff", "outside the file", m.eh.e_phoff = ~0ull - 8);
    BROKEN("nothing", "nothing to load", (m.ph[0].p_type = m.ph[1].p_type = PT_NOTE));
    BROKEN("filesz", "exceeds memory size", m.ph[1].p_filesz = 8192);
    BROKEN("offset", "outside the file", m.ph[1].p_offset = 1ull << 60);
    BROKEN("offset_wraps", "outside the file", m.ph[1].p_offset = ~0ull);
    BROKEN("wraps", "wrap around", m.ph[1].p_memsz = ~0ull);
    BROKEN("align", "power of two", m.ph[1].p_align = 24);
    BROKEN("congruence", "modulo", m.ph[1].p_vaddr += 8);
    BROKEN("overlap", "overlap", m.ph[1].p_vaddr = VADDR + 0x80);
    BROKEN("entry_outside", "in no segment", m.eh.e_entry = 0x1000);
    BROKEN("entry_data", "not executable", m.eh.e_entry = VADDR + 0x20000080);
    BROKEN("entry_unaligned", "not the address of a bundle", m.eh.e_entry += 4);
    BROKEN("library", "shared library", (m.eh.e_type = ET_DYN, m.eh.e_entry = 0));
    BROKEN("interp_unterminated", "bad interpreter", m.ph[2].p_filesz = 5);
    BROKEN("interp_outside", "bad interpreter", m.ph[2].p_offset = 1 << 20);
    BROKEN("two_interps", "two interpreters", m.ph[3] = m.ph[2]);
}

static void accepted(void)
{
    struct image m = good();
    struct elf_file f;
    char err[ELF_ERR_SIZE] = "";
    uint64_t off = 0, addr = 0;
    int ok = elf_parse(&f, "test", &m, sizeof m, err);
    verdict("good",
            ok && f.nseg == 2 && f.seg[0].vaddr == VADDR && f.seg[1].memsz == 4096 && f.interp &&
                !strcmp(f.interp, "/lib/ld.so") && f.phdr_vaddr == VADDR + m.eh.e_phoff,
            "two segments and an interpreter", err);
    if (!ok)
        return;
    const struct elf_symbol *s = elf_symbol_at(&f, VADDR + 0x108, &off);
    verdict("symbol", s && !strcmp(s->name, "alpha") && off == 8, "alpha+8", s ? s->name : "none");
    s = elf_symbol_at(&f, VADDR + 0x130, &off);
    verdict("symbol_end", !s || !strcmp(s->name, "local"), "not alpha: it ends before",
            s ? s->name : "none");
    s = elf_symbol_at(&f, VADDR + 0x1000, &off);
    verdict("symbol_sizeless", s && !strcmp(s->name, "beta"), "beta", s ? s->name : "none");
    s = elf_symbol_at(&f, VADDR + 0x10, &off);
    verdict("symbol_before", !s, "none", s ? s->name : "none");
    verdict("symbol_find", elf_symbol_find(&f, "gamma", &addr) && addr == VADDR + 0x20000080,
            "gamma", "another");
    elf_set_bias(&f, 0x1000);
    verdict("bias", elf_symbol_find(&f, "alpha", &addr) && addr == VADDR + 0x1100, "alpha moved",
            "another");
    elf_close(&f);
    /* Damaged symbols are not worth refusing a program for. */
    m.sh[1].sh_offset = 1ull << 50;
    ok = elf_parse(&f, "test", &m, sizeof m, err) && f.nsym == 0;
    verdict("bad_symbols", ok, "accepted without symbols", err);
    elf_close(&f);
    m = good();
    m.eh.e_shnum = 0xfff0;
    ok = elf_parse(&f, "test", &m, sizeof m, err);
    verdict("bad_sections", ok, "accepted", err);
    elf_close(&f);
}

int main(void)
{
    broken();
    accepted();
    return failed;
}
