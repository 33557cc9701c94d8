/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Reads ELF64 for IA-64 (System V ABI, Itanium supplement). Nothing in the file is believed: after
 * pv_elf_open every table, section and segment lies inside it, and names end.
 */
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

static bool inside(uint64_t off, uint64_t len, uint64_t n)
{
    return off <= n && len <= n - off;
}

static bool check_ident(const struct pv_elf *e, struct pv_error *err)
{
    const unsigned char *id = e->p;

    if (e->n < SELFMAG || memcmp(id, ELFMAG, SELFMAG))
        return pv_fail(err, "not an ELF file");
    if (e->n < sizeof(Elf64_Ehdr))
        return pv_fail(err, "truncated: %zu bytes are too short for an ELF header", (size_t)e->n);
    if (id[EI_CLASS] != ELFCLASS64)
        return pv_fail(err, "not a 64-bit ELF file (class %u)", id[EI_CLASS]);
    if (id[EI_DATA] != ELFDATA2LSB)
        return pv_fail(err, "not a little-endian ELF file (data encoding %u)", id[EI_DATA]);
    if (id[EI_VERSION] != EV_CURRENT || e->h.e_version != EV_CURRENT)
        return pv_fail(err, "ELF version %u is unknown", e->h.e_version);
    if (e->h.e_machine != EM_IA_64)
        return pv_fail(err, "not for IA-64 (ELF machine %u)", e->h.e_machine);
    if (e->h.e_ehsize != sizeof(Elf64_Ehdr))
        return pv_fail(err, "corrupt: ELF header of %u bytes", e->h.e_ehsize);
    return true;
}

static bool read_segments(struct pv_elf *e, struct pv_error *err)
{
    if (!e->h.e_phnum)
        return true;
    if (e->h.e_phentsize != sizeof *e->ph)
        return pv_fail(err, "corrupt: program headers of %u bytes", e->h.e_phentsize);
    if (!inside(e->h.e_phoff, (uint64_t)e->h.e_phnum * sizeof *e->ph, e->n))
        return pv_fail(err, "truncated or corrupt: the program headers lie outside the file");
    e->ph = malloc(e->h.e_phnum * sizeof *e->ph);
    if (!e->ph)
        return pv_fail(err, "no memory");
    memcpy(e->ph, e->p + e->h.e_phoff, e->h.e_phnum * sizeof *e->ph);
    e->phnum = e->h.e_phnum;
    for (unsigned i = 0; i < e->phnum; i++) {
        const Elf64_Phdr *p = &e->ph[i];
        if (!inside(p->p_offset, p->p_filesz, e->n))
            return pv_fail(err, "truncated or corrupt: segment %u lies outside the file", i);
        if (p->p_type == PT_LOAD &&
            (p->p_filesz > p->p_memsz || p->p_vaddr + p->p_memsz < p->p_vaddr))
            return pv_fail(err, "corrupt: segment %u does not fit its memory", i);
    }
    return true;
}

static bool read_sections(struct pv_elf *e, struct pv_error *err)
{
    Elf64_Shdr zero;
    uint64_t num = e->h.e_shnum, str = e->h.e_shstrndx;

    if (!e->h.e_shoff)
        return num ? pv_fail(err, "corrupt: %u section headers nowhere", e->h.e_shnum) : true;
    if (e->h.e_shentsize != sizeof zero)
        return pv_fail(err, "corrupt: section headers of %u bytes", e->h.e_shentsize);
    if (!inside(e->h.e_shoff, sizeof zero, e->n))
        return pv_fail(err, "truncated or corrupt: the section headers lie outside the file");
    /* Numbers too large for the header are in section 0 (gABI, "Sections"). */
    memcpy(&zero, e->p + e->h.e_shoff, sizeof zero);
    if (!num)
        num = zero.sh_size;
    if (str == SHN_XINDEX)
        str = zero.sh_link;
    if (num >= SHN_LORESERVE - 2)
        return pv_fail(err, "%zu sections are more than privify can add one to", (size_t)num);
    if (!inside(e->h.e_shoff, num * sizeof zero, e->n))
        return pv_fail(err, "truncated or corrupt: the section headers lie outside the file");
    if (!num)
        return true;
    e->sh = malloc(num * sizeof *e->sh);
    if (!e->sh)
        return pv_fail(err, "no memory");
    memcpy(e->sh, e->p + e->h.e_shoff, num * sizeof *e->sh);
    e->shnum = (unsigned)num;
    if (str >= num || (str && e->sh[str].sh_type != SHT_STRTAB))
        return pv_fail(err, "corrupt: no section name table (section %u)", (unsigned)str);
    e->shstrndx = (unsigned)str;
    for (unsigned i = 1; i < e->shnum; i++) {
        const Elf64_Shdr *s = &e->sh[i];
        if (s->sh_type == SHT_NOBITS || s->sh_type == SHT_NULL)
            continue;
        if (!inside(s->sh_offset, s->sh_size, e->n))
            return pv_fail(err, "truncated or corrupt: section %u lies outside the file", i);
    }
    /* Names can be asked for from here on. */
    for (unsigned i = 1; i < e->shnum; i++) {
        const Elf64_Shdr *s = &e->sh[i];
        if (((s->sh_type == SHT_SYMTAB || s->sh_type == SHT_DYNSYM) &&
             s->sh_entsize != sizeof(Elf64_Sym)) ||
            (s->sh_type == SHT_RELA && s->sh_entsize != sizeof(Elf64_Rela)))
            return pv_fail(err, "corrupt: section %u (%s) has entries of %zu bytes", i,
                           pv_elf_name(e, i), (size_t)s->sh_entsize);
        if ((s->sh_flags & SHF_ALLOC) && s->sh_addr + s->sh_size < s->sh_addr)
            return pv_fail(err, "corrupt: section %u (%s) wraps around", i, pv_elf_name(e, i));
    }
    return true;
}

bool pv_elf_open(struct pv_elf *e, uint8_t *p, uint64_t n, struct pv_error *err)
{
    memset(e, 0, sizeof *e);
    e->p = p;
    e->n = n;
    if (n >= sizeof e->h)
        memcpy(&e->h, p, sizeof e->h);
    return check_ident(e, err) && read_segments(e, err) && read_sections(e, err);
}

void pv_elf_close(struct pv_elf *e)
{
    free(e->sh);
    free(e->ph);
    free(e->region_of);
    memset(e, 0, sizeof *e);
}

uint8_t *pv_elf_bytes(const struct pv_elf *e, unsigned section)
{
    if (section == 0 || section >= e->shnum || e->sh[section].sh_type == SHT_NOBITS ||
        e->sh[section].sh_type == SHT_NULL)
        return NULL;
    return e->p + e->sh[section].sh_offset;
}

const char *pv_elf_string(const struct pv_elf *e, unsigned link, uint32_t at)
{
    const uint8_t *p = pv_elf_bytes(e, link);

    if (!p || e->sh[link].sh_type != SHT_STRTAB || at >= e->sh[link].sh_size ||
        p[e->sh[link].sh_size - 1])
        return "";
    return (const char *)p + at;
}

const char *pv_elf_name(const struct pv_elf *e, unsigned section)
{
    const char *s = "";

    if (section < e->shnum && e->shstrndx)
        s = pv_elf_string(e, e->shstrndx, e->sh[section].sh_name);
    return *s ? s : "?";
}
