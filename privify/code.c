/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Where the code is. Regions: executable sections, code of shared objects embedded in the kernel's
 * data (Linux's gate page), executable segments of a file without section headers. In them, what is
 * proven to be code and what to be data: function symbols, unwind tables, data symbols, relocations
 * (Itanium psABI supplement 4.3; Itanium Software Conventions 11). privify/README.md has the
 * argument.
 */
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

bool pv_reloc_insn(uint32_t type)
{
    switch (type) {
    case R_IA64_IMM14:
    case R_IA64_IMM22:
    case R_IA64_IMM64:
    case R_IA64_GPREL22:
    case R_IA64_GPREL64I:
    case R_IA64_LTOFF22:
    case R_IA64_LTOFF64I:
    case R_IA64_PLTOFF22:
    case R_IA64_PLTOFF64I:
    case R_IA64_FPTR64I:
    case R_IA64_PCREL60B:
    case R_IA64_PCREL21B:
    case R_IA64_PCREL21M:
    case R_IA64_PCREL21F:
    case R_IA64_LTOFF_FPTR22:
    case R_IA64_LTOFF_FPTR64I:
    case R_IA64_PCREL21BI:
    case R_IA64_PCREL22:
    case R_IA64_PCREL64I:
    case R_IA64_LTOFF22X:
    case R_IA64_LDXMOV:
    case R_IA64_TPREL14:
    case R_IA64_TPREL22:
    case R_IA64_TPREL64I:
    case R_IA64_LTOFF_TPREL22:
    case R_IA64_LTOFF_DTPMOD22:
    case R_IA64_DTPREL14:
    case R_IA64_DTPREL22:
    case R_IA64_DTPREL64I:
    case R_IA64_LTOFF_DTPREL22:
        return true;
    default:
        return false;
    }
}

bool pv_reloc_data(uint32_t type)
{
    return type != R_IA64_NONE && !pv_reloc_insn(type);
}

/* Branches, and pointers to functions: their targets are code. Other pointers may be to data. */
static bool reloc_enters(uint32_t type)
{
    switch (type) {
    case R_IA64_PCREL60B:
    case R_IA64_PCREL21B:
    case R_IA64_PCREL21BI:
    case R_IA64_PCREL21M:
    case R_IA64_PCREL21F:
    case R_IA64_FPTR64I:
    case R_IA64_FPTR32MSB:
    case R_IA64_FPTR32LSB:
    case R_IA64_FPTR64MSB:
    case R_IA64_FPTR64LSB:
    case R_IA64_LTOFF_FPTR22:
    case R_IA64_LTOFF_FPTR64I:
        return true;
    default:
        return false;
    }
}

/* ---- regions ---- */

/* Code of e at file offset off (of e), address addr. What does not begin or end with a whole bundle
 * is cut: a bundle is 16 bytes at a multiple of 16 (SDM 1:3.3). */
static bool add_region(struct pv *v, struct pv_elf *e, unsigned section, const char *name,
                       uint64_t addr, uint64_t off, uint64_t size, struct pv_error *err)
{
    uint64_t skip = -addr & 15;
    struct pv_region *r;

    if (size < skip + 16)
        return true;
    if (v->nregion % 64 == 0) {
        r = realloc(v->region, (v->nregion + 64) * sizeof *r);
        if (!r)
            return pv_fail(err, "no memory");
        v->region = r;
    }
    r = &v->region[v->nregion++];
    memset(r, 0, sizeof *r);
    snprintf(r->name, sizeof r->name, "%s", name);
    r->elf = e;
    r->section = section;
    r->addr = addr + skip;
    r->off = e->at + off + skip;
    r->bundles = (uint32_t)((size - skip) / 16);
    r->strict = section == 0;
    if (e->region_of && section)
        e->region_of[section] = v->nregion;
    return true;
}

/* Sections in which function symbols lie, a byte each. */
static void find_function_sections(const struct pv_elf *e, uint8_t *has)
{
    for (unsigned i = 1; i < e->shnum; i++) {
        const uint8_t *p = pv_elf_bytes(e, i);

        if (e->sh[i].sh_type != SHT_SYMTAB || !p)
            continue;
        for (uint64_t k = 0; k < e->sh[i].sh_size / sizeof(Elf64_Sym); k++) {
            Elf64_Sym s;
            memcpy(&s, p + k * sizeof s, sizeof s);
            if (ELF64_ST_TYPE(s.st_info) == STT_FUNC && s.st_size && s.st_shndx < e->shnum)
                has[s.st_shndx] = 1;
        }
    }
}

/* Executable sections; and those that are not, but have functions: there, only what is proven
 * counts. */
static bool add_sections(struct pv *v, struct pv_elf *e, const char *prefix, struct pv_error *err)
{
    char name[64];
    uint8_t *has = calloc(e->shnum + 1, 1);
    bool ok = true;

    if (!has)
        return pv_fail(err, "no memory");
    find_function_sections(e, has);

    if (e->h.e_type == ET_REL) {
        e->region_of = calloc(e->shnum + 1, sizeof *e->region_of);
        ok = e->region_of ? true : pv_fail(err, "no memory");
    }
    for (unsigned i = 1; i < e->shnum && ok; i++) {
        const Elf64_Shdr *s = &e->sh[i];
        bool rel = e->h.e_type == ET_REL, exec = s->sh_flags & SHF_EXECINSTR;
        unsigned before = v->nregion;

        if (!(s->sh_flags & SHF_ALLOC) || (!exec && (!has[i] || s->sh_type != SHT_PROGBITS)) ||
            s->sh_type == SHT_NOBITS || s->sh_type == SHT_NULL)
            continue;
        if (s->sh_flags & SHF_COMPRESSED)
            ok = pv_fail(err, "code section %s is compressed", pv_elf_name(e, i));
        else if (rel && s->sh_size >= 16 && s->sh_addralign % 16)
            ok = pv_fail(err, "code section %s is not aligned to bundles (%zu)", pv_elf_name(e, i),
                         (size_t)s->sh_addralign);
        if (!ok)
            break;
        snprintf(name, sizeof name, "%s%s", prefix, pv_elf_name(e, i));
        ok = add_region(v, e, i, name, rel ? 0 : s->sh_addr, s->sh_offset, s->sh_size, err);
        if (v->nregion > before && !exec)
            v->region[before].strict = true;
    }
    free(has);
    return ok;
}

/* A segment less the files embedded in it. */
static bool add_around(struct pv *v, struct pv_elf *e, const char *name, uint64_t addr,
                       uint64_t off, uint64_t size, struct pv_error *err)
{
    unsigned embedded = e == &v->elf ? v->nin : 0;

    for (uint64_t pos = 0; pos < size;) {
        uint64_t end = size, next = size;
        for (unsigned i = 0; i < embedded; i++) {
            const struct pv_elf *in = v->in[i];
            if (in->at + in->n > off + pos && in->at < off + end) {
                end = in->at > off + pos ? in->at - off : pos;
                next = in->at + in->n - off;
            }
        }
        if (!add_region(v, e, 0, name, addr + pos, off + pos, end - pos, err))
            return false;
        pos = next;
    }
    return true;
}

static bool add_segments(struct pv *v, struct pv_elf *e, const char *prefix, struct pv_error *err)
{
    uint64_t headers = sizeof(Elf64_Ehdr);
    char name[64];

    if (e->h.e_phoff <= headers && e->h.e_phoff + e->phnum * sizeof *e->ph > headers)
        headers = e->h.e_phoff + e->phnum * sizeof *e->ph;
    for (unsigned i = 0; i < e->phnum; i++) {
        const Elf64_Phdr *p = &e->ph[i];
        uint64_t skip = p->p_offset < headers ? headers - p->p_offset : 0;

        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X) || skip >= p->p_filesz)
            continue;
        snprintf(name, sizeof name, "%ssegment%u", prefix, i);
        if (!add_around(v, e, name, p->p_vaddr + skip, p->p_offset + skip, p->p_filesz - skip, err))
            return false;
    }
    return true;
}

/* Stripped of them, only the note's section may be left. */
static bool has_sections(const struct pv_elf *e)
{
    for (unsigned i = 1; i < e->shnum; i++)
        if (e->sh[i].sh_flags & SHF_ALLOC)
            return true;
    return e->h.e_type == ET_REL && e->shnum;
}

/* A shared object in the data of the kernel whose addresses are the kernel's (region 5 to 7 of the
 * address space): a gate page, whose code the kernel maps. A user program that happens to be in the
 * data (an initramfs, say) has addresses of regions 0 to 4 and is none of ours. */
static bool is_gate(const uint8_t *p, uint64_t n)
{
    Elf64_Ehdr h;

    if (n < sizeof h || memcmp(p, ELFMAG, SELFMAG))
        return false;
    memcpy(&h, p, sizeof h);
    return h.e_ident[EI_CLASS] == ELFCLASS64 && h.e_ident[EI_DATA] == ELFDATA2LSB &&
           h.e_machine == EM_IA_64 && h.e_type == ET_DYN && h.e_entry >> 61 >= 5;
}

/* How long an embedded file is: as far as anything of it goes. */
static uint64_t extent(const struct pv_elf *e)
{
    uint64_t n = sizeof e->h, end;

    for (unsigned i = 0; i <= e->phnum; i++) {
        end = i < e->phnum ? e->ph[i].p_offset + e->ph[i].p_filesz
              : e->phnum   ? e->h.e_phoff + e->phnum * sizeof *e->ph
                           : 0;
        n = end > n ? end : n;
    }
    for (unsigned i = 1; i <= e->shnum; i++) {
        end = i == e->shnum         ? e->h.e_shoff + e->shnum * sizeof *e->sh
              : !pv_elf_bytes(e, i) ? 0
                                    : e->sh[i].sh_offset + e->sh[i].sh_size;
        n = end > n ? end : n;
    }
    return n;
}

static bool find_embedded(struct pv *v, uint64_t off, uint64_t size, struct pv_error *err)
{
    for (uint64_t i = 0; i + sizeof(Elf64_Ehdr) <= size; i += 16) {
        struct pv_elf **q, *e;
        struct pv_error why;

        if (!is_gate(v->p + off + i, size - i))
            continue;
        if (v->nin >= 16)
            return pv_fail(err, "more than 16 embedded shared objects");
        q = realloc(v->in, (v->nin + 1) * sizeof *q);
        if (q)
            v->in = q;
        e = q ? calloc(1, sizeof *e) : NULL;
        if (!e)
            return pv_fail(err, "no memory");
        v->in[v->nin++] = e;
        if (!pv_elf_open(e, v->p + off + i, size - i, &why))
            return pv_fail(err, "shared object embedded at file offset %#zx: %.300s",
                           (size_t)(off + i), why.text);
        e->at = off + i;
        e->n = extent(e);
        i += (e->n - 1) / 16 * 16;
        if (!(has_sections(e) ? add_sections(v, e, "gate:", err)
                              : add_segments(v, e, "gate:", err)))
            return false;
    }
    return true;
}

static int by_offset(const void *a, const void *b)
{
    const struct pv_region *x = a, *y = b;

    return x->off < y->off ? -1 : x->off > y->off;
}

/* Are bytes [begin, end) of the file clear of an ELF file's headers? */
static bool clear_of(const struct pv_elf *e, uint64_t begin, uint64_t end)
{
    const uint64_t at[3] = {e->at, e->at + e->h.e_phoff, e->at + e->h.e_shoff};
    const uint64_t len[3] = {sizeof e->h, e->phnum * sizeof *e->ph, e->shnum * sizeof *e->sh};

    for (unsigned i = 0; i < 3; i++)
        if (len[i] && begin < at[i] + len[i] && end > at[i])
            return false;
    return true;
}

/* Does a section (of a table, names, data ...) lie over code that is not its own? Regions are in
 * the order of their offsets and do not overlap, so those that a section meets are neighbours. */
static bool check_section(const struct pv *v, const struct pv_elf *e, unsigned sec,
                          struct pv_error *err)
{
    uint64_t begin = e->at + e->sh[sec].sh_offset, end = begin + e->sh[sec].sh_size;
    unsigned lo = 0, hi = v->nregion;

    if (!pv_elf_bytes(e, sec) || begin == end)
        return true;
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        if (v->region[mid].off + 16ull * v->region[mid].bundles <= begin)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < v->nregion && v->region[lo].off < end; lo++) {
        const struct pv_region *r = &v->region[lo];
        /* The section itself, or the one that an embedded file is in. */
        if (r->elf == e ? r->section != sec
                        : e != &v->elf || begin > r->elf->at || end < r->elf->at + r->elf->n)
            return pv_fail(err, "corrupt: %s and %s overlap in the file", r->name,
                           pv_elf_name(e, sec));
    }
    return true;
}

/* Nothing that is rewritten may be anything else's. */
static bool check_overlap(const struct pv *v, struct pv_error *err)
{
    for (unsigned i = 0; i < v->nregion; i++) {
        const struct pv_region *r = &v->region[i];
        uint64_t end = r->off + 16ull * r->bundles;

        if (!clear_of(r->elf, r->off, end) || !clear_of(&v->elf, r->off, end))
            return pv_fail(err, "corrupt: %s holds the file's own headers", r->name);
        if (i && v->region[i - 1].off + 16ull * v->region[i - 1].bundles > r->off)
            return pv_fail(err, "corrupt: %s and %s overlap in the file", v->region[i - 1].name,
                           r->name);
        for (unsigned k = 0; k < v->nin; k++)
            if (v->in[k] != r->elf && r->off < v->in[k]->at + v->in[k]->n && end > v->in[k]->at)
                return pv_fail(err, "corrupt: %s overlaps an embedded file", r->name);
    }
    for (unsigned k = 0; k <= v->nin; k++) {
        const struct pv_elf *e = k ? v->in[k - 1] : &v->elf;
        for (unsigned i = 1; i < e->shnum; i++)
            if (!check_section(v, e, i, err))
                return false;
    }
    return true;
}

bool pv_find_regions(struct pv *v, struct pv_error *err)
{
    struct pv_elf *e = &v->elf;
    uint64_t first = 0;

    if (e->h.e_type != ET_EXEC && e->h.e_type != ET_REL)
        return pv_fail(err, "neither a kernel nor a module: ELF type %u (%s)", e->h.e_type,
                       e->h.e_type == ET_DYN    ? "shared object"
                       : e->h.e_type == ET_CORE ? "core dump"
                                                : "unknown");
    if (has_sections(e)) {
        if (!add_sections(v, e, "", err))
            return false;
        for (unsigned i = 1; i < e->shnum; i++) {
            const Elf64_Shdr *s = &e->sh[i];
            if (s->sh_type == SHT_PROGBITS && (s->sh_flags & SHF_ALLOC) &&
                !(s->sh_flags & SHF_EXECINSTR) && !find_embedded(v, s->sh_offset, s->sh_size, err))
                return false;
        }
    } else {
        if (e->h.e_type == ET_REL)
            return pv_fail(err, "corrupt: a relocatable file without section headers");
        v->by_segment = true;
        for (unsigned i = 0; i < e->phnum; i++)
            if (e->ph[i].p_type == PT_LOAD &&
                !find_embedded(v, e->ph[i].p_offset, e->ph[i].p_filesz, err))
                return false;
        if (!add_segments(v, e, "", err))
            return false;
    }
    /* A module may have none. */
    if (!v->nregion && e->h.e_type != ET_REL)
        return pv_fail(err, "no code: no executable section or segment");
    if (v->nregion)
        qsort(v->region, v->nregion, sizeof *v->region, by_offset);
    if (!check_overlap(v, err))
        return false;
    for (unsigned i = 0; i < v->nregion; i++) {
        struct pv_region *r = &v->region[i];
        r->first = (uint32_t)first;
        first += r->bundles;
        if (r->elf->region_of)
            r->elf->region_of[r->section] = i + 1;
    }
    if (first >= UINT32_MAX)
        return pv_fail(err, "too much code");
    v->bundles = (uint32_t)first;
    v->ev = calloc(first + 1, sizeof *v->ev);
    return v->ev ? true : pv_fail(err, "no memory");
}

bool pv_bundle_at(const struct pv *v, const struct pv_elf *e, uint64_t addr, uint32_t *bundle)
{
    for (unsigned i = 0; i < v->nregion; i++) {
        const struct pv_region *r = &v->region[i];
        if (r->elf == e && addr >= r->addr && addr - r->addr < 16ull * r->bundles) {
            *bundle = r->first + (uint32_t)((addr - r->addr) / 16);
            return true;
        }
    }
    return false;
}

bool pv_bundle_in(const struct pv *v, const struct pv_elf *e, unsigned section, uint64_t off,
                  uint32_t *bundle)
{
    const struct pv_region *r;

    if (!e->region_of || section >= e->shnum || !e->region_of[section])
        return false;
    r = &v->region[e->region_of[section] - 1];
    if (off / 16 >= r->bundles)
        return false;
    *bundle = r->first + (uint32_t)(off / 16);
    return true;
}

unsigned pv_region_of(const struct pv *v, uint32_t bundle)
{
    unsigned lo = 0, hi = v->nregion;

    while (hi - lo > 1) {
        unsigned mid = (lo + hi) / 2;
        if (v->region[mid].first <= bundle)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

struct isa_bundle pv_load(const struct pv *v, const struct pv_region *r, uint32_t i)
{
    struct isa_bundle b;

    memcpy(&b, v->p + r->off + 16ull * i, sizeof b);
    return b;
}

bool pv_add_root(struct pv *v, uint32_t bundle)
{
    if (v->ev[bundle] & PV_EV_QUEUED)
        return true;
    if (v->nroot == v->root_room) {
        size_t room = v->root_room ? 2 * v->root_room : 4096;
        uint32_t *q = realloc(v->root, room * sizeof *q);
        if (!q)
            return false;
        v->root = q;
        v->root_room = room;
    }
    v->ev[bundle] |= PV_EV_QUEUED;
    v->root[v->nroot++] = bundle;
    return true;
}

/* ---- functions and data ---- */

/* Extents of functions are counted at their ends and summed up afterwards, so that a hostile table
 * of many large ones costs nothing. */
struct extents {
    int32_t *function, *data;
};

/* [addr, addr + size) of a linked file, or of a section; what lies outside code is cut off. */
static bool add_extent(const struct pv *v, int32_t *delta, const struct pv_elf *e, unsigned section,
                       uint64_t addr, uint64_t size, uint32_t *b)
{
    uint32_t end;
    const struct pv_region *r;

    if (!(section ? pv_bundle_in(v, e, section, addr, b) : pv_bundle_at(v, e, addr, b)))
        return false;
    r = &v->region[pv_region_of(v, *b)];
    if (size > UINT64_MAX / 2)
        size = UINT64_MAX / 2;
    size += addr & 15;
    end = r->first + r->bundles;
    if ((size + 15) / 16 < end - *b)
        end = *b + (uint32_t)((size + 15) / 16);
    delta[*b]++;
    delta[end]--;
    return true;
}

static bool add_function(struct pv *v, struct extents *x, const struct pv_elf *e, unsigned section,
                         uint64_t addr, uint64_t size)
{
    uint32_t b;

    return !add_extent(v, x->function, e, section, addr, size, &b) || pv_add_root(v, b);
}

static void add_data(const struct pv *v, struct extents *x, const struct pv_elf *e,
                     unsigned section, uint64_t addr, uint64_t size)
{
    uint32_t b;

    add_extent(v, x->data, e, section, addr, size, &b);
}

static bool read_symbols(struct pv *v, struct extents *x, const struct pv_elf *e, unsigned sec)
{
    const uint8_t *p = pv_elf_bytes(e, sec);
    uint64_t n = e->sh[sec].sh_size / sizeof(Elf64_Sym);
    bool rel = e->h.e_type == ET_REL;

    for (uint64_t i = 0; i < n; i++) {
        Elf64_Sym s;
        unsigned type, in;

        memcpy(&s, p + i * sizeof s, sizeof s);
        type = ELF64_ST_TYPE(s.st_info);
        in = rel ? s.st_shndx : 0;
        if (s.st_shndx == SHN_UNDEF || s.st_shndx >= SHN_LORESERVE)
            continue;
        if (type == STT_FUNC && !add_function(v, x, e, in, s.st_value, s.st_size ? s.st_size : 1))
            return false;
        if (type == STT_OBJECT)
            add_data(v, x, e, in, s.st_value, s.st_size ? s.st_size : 1);
    }
    return true;
}

/* A table of the unwind sections: start and end of each function, and its description, relative to
 * the segment that holds the table (Software Conventions 11.4.1). */
static bool read_unwind(struct pv *v, struct extents *x, const struct pv_elf *e, uint64_t off,
                        uint64_t size, uint64_t addr)
{
    uint64_t base = 0, w[3];
    bool found = false;

    for (unsigned i = 0; i < e->phnum && !found; i++)
        if (e->ph[i].p_type == PT_LOAD && addr >= e->ph[i].p_vaddr &&
            addr - e->ph[i].p_vaddr < e->ph[i].p_memsz) {
            base = e->ph[i].p_vaddr;
            found = true;
        }
    for (uint64_t i = 0; i + sizeof w <= size; i += sizeof w) {
        memcpy(w, e->p + off + i, sizeof w);
        if (w[1] > w[0] && !add_function(v, x, e, 0, base + w[0], w[1] - w[0]))
            return false;
    }
    return true;
}

static bool symbol_of(const struct pv_elf *e, unsigned symtab, uint64_t i, Elf64_Sym *s)
{
    const uint8_t *p = pv_elf_bytes(e, symtab);

    if (!p || e->sh[symtab].sh_type != SHT_SYMTAB || i >= e->sh[symtab].sh_size / sizeof *s)
        return false;
    memcpy(s, p + i * sizeof *s, sizeof *s);
    return s->st_shndx != SHN_UNDEF && s->st_shndx < SHN_LORESERVE;
}

static bool add_movl(struct pv *v, uint32_t at, uint32_t to)
{
    if (v->nmovl == v->movl_room) {
        size_t room = v->movl_room ? 2 * v->movl_room : 64;
        struct pv_movl *q = realloc(v->movl, room * sizeof *q);
        if (!q)
            return false;
        v->movl = q;
        v->movl_room = room;
    }
    v->movl[v->nmovl++] = (struct pv_movl){at, to};
    return true;
}

/* Relocations of a relocatable file: of code (which slots they change, what is data), of branches
 * and function pointers (where control enters), of unwind tables (where functions are). */
static bool read_relocations(struct pv *v, struct extents *x, const struct pv_elf *e, unsigned sec)
{
    const Elf64_Shdr *s = &e->sh[sec];
    const uint8_t *p = pv_elf_bytes(e, sec);
    bool unwind;
    uint64_t start = 0, start_sec = 0, start_at = UINT64_MAX;

    if (s->sh_info == 0 || s->sh_info >= e->shnum || !(e->sh[s->sh_info].sh_flags & SHF_ALLOC))
        return true;
    unwind = e->sh[s->sh_info].sh_type == SHT_IA_64_UNWIND;
    for (uint64_t i = 0; i < s->sh_size / sizeof(Elf64_Rela); i++) {
        Elf64_Rela r;
        Elf64_Sym sym;
        uint32_t b, type;
        uint64_t target;

        memcpy(&r, p + i * sizeof r, sizeof r);
        type = (uint32_t)ELF64_R_TYPE(r.r_info);
        if (pv_bundle_in(v, e, s->sh_info, r.r_offset, &b)) {
            if (pv_reloc_insn(type) && (r.r_offset & 15) < 3)
                v->ev[b] |= PV_EV_RELOC << (r.r_offset & 15);
            else if (pv_reloc_data(type))
                add_data(v, x, e, s->sh_info, r.r_offset, 8);
        }
        if (!unwind && !reloc_enters(type) && type != R_IA64_IMM64)
            continue;
        if (!symbol_of(e, s->sh_link, ELF64_R_SYM(r.r_info), &sym))
            continue;
        target = sym.st_value + (uint64_t)r.r_addend;
        if (unwind) {
            /* Start and end come one after the other. */
            if (r.r_offset % 24 == 0) {
                start = target;
                start_sec = sym.st_shndx;
                start_at = r.r_offset;
            } else if (r.r_offset % 24 == 8 && start_at == r.r_offset - 8 &&
                       start_sec == sym.st_shndx && target > start &&
                       !add_function(v, x, e, sym.st_shndx, start, target - start))
                return false;
        } else if (type == R_IA64_IMM64) {
            uint32_t to;
            if (pv_bundle_in(v, e, s->sh_info, r.r_offset, &b) &&
                pv_bundle_in(v, e, sym.st_shndx, target, &to) && !add_movl(v, b, to))
                return false;
        } else if (pv_bundle_in(v, e, sym.st_shndx, target, &b) && !pv_add_root(v, b)) {
            return false;
        }
    }
    return true;
}

static bool read_elf(struct pv *v, struct extents *x, const struct pv_elf *e)
{
    uint32_t b;

    for (unsigned i = 1; i < e->shnum; i++) {
        unsigned type = e->sh[i].sh_type;
        if ((type == SHT_SYMTAB || type == SHT_DYNSYM) && !read_symbols(v, x, e, i))
            return false;
        if (e->h.e_type == ET_REL && type == SHT_RELA && !read_relocations(v, x, e, i))
            return false;
    }
    if (e->h.e_type == ET_REL)
        return true;
    for (unsigned i = 0; i < e->phnum; i++)
        if (e->ph[i].p_type == PT_IA_64_UNWIND &&
            !read_unwind(v, x, e, e->ph[i].p_offset, e->ph[i].p_filesz, e->ph[i].p_vaddr))
            return false;
    for (unsigned i = 1; i < e->shnum; i++)
        if (e->sh[i].sh_type == SHT_IA_64_UNWIND &&
            !read_unwind(v, x, e, e->sh[i].sh_offset, e->sh[i].sh_size, e->sh[i].sh_addr))
            return false;
    if (pv_bundle_at(v, e, e->h.e_entry, &b) && !pv_add_root(v, b))
        return false;
    /* A kernel is entered at a physical address. */
    for (unsigned i = 0; i < e->phnum; i++) {
        const Elf64_Phdr *p = &e->ph[i];
        if (p->p_type == PT_LOAD && e->h.e_entry >= p->p_paddr &&
            e->h.e_entry - p->p_paddr < p->p_filesz &&
            pv_bundle_at(v, e, e->h.e_entry - p->p_paddr + p->p_vaddr, &b) && !pv_add_root(v, b))
            return false;
    }
    return true;
}

bool pv_find_functions(struct pv *v, struct pv_error *err)
{
    struct extents x = {calloc(v->bundles + 1, sizeof(int32_t)),
                        calloc(v->bundles + 1, sizeof(int32_t))};
    bool ok = x.function && x.data && read_elf(v, &x, &v->elf);
    int64_t function = 0, data = 0;

    for (unsigned i = 0; ok && i < v->nin; i++)
        ok = read_elf(v, &x, v->in[i]);
    for (uint32_t i = 0; ok && i < v->bundles; i++) {
        function += x.function[i];
        data += x.data[i];
        if (function > 0)
            v->ev[i] |= PV_EV_FUNCTION;
        if (data > 0)
            v->ev[i] |= PV_EV_DATA;
    }
    free(x.function);
    free(x.data);
    return ok ? true : pv_fail(err, "no memory");
}
