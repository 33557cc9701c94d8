/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ELF64/ia64 reader (see elf.h). Nothing here trusts a number of the file before it was compared
 * with the file's size; structures are copied out with memcpy, as nothing in a hostile file is
 * aligned.
 */
#include "sim/loader/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE      (4ull << 30)
#define MAX_PATH_NAME 4096

/* Itanium psABI flags and section header bits that elf.h may lack. */
#define FLAG_BE         0x00000008u /* EF_IA_64_BE */
#define FLAG_EXEC_STACK 0x00000001u /* EF_IA_64_LINUX_EXECUTABLE_STACK */

static bool fail(char *err, const struct elf_file *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static bool fail(char *err, const struct elf_file *f, const char *fmt, ...)
{
    char msg[ELF_ERR_SIZE];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    snprintf(err, ELF_ERR_SIZE, "%.120s: %.120s", f->path ? f->path : "ELF file", msg);
    return false;
}

static bool in_file(const struct elf_file *f, uint64_t off, uint64_t len)
{
    return off <= f->size && len <= f->size - off;
}

bool elf_is_ia64(const void *data, size_t size)
{
    const uint8_t *d = data;
    return size >= 20 && !memcmp(d, ELFMAG, SELFMAG) && d[EI_CLASS] == ELFCLASS64 &&
           d[EI_DATA] == ELFDATA2LSB && (d[18] | d[19] << 8) == EM_IA_64;
}

static bool check_header(struct elf_file *f, Elf64_Ehdr *eh, char *err)
{
    if (f->size < EI_NIDENT || memcmp(f->data, ELFMAG, SELFMAG) != 0)
        return fail(err, f, "not an ELF file");
    if (f->data[EI_CLASS] != ELFCLASS64)
        return fail(err, f, "not a 64-bit ELF file (class %u)", f->data[EI_CLASS]);
    if (f->data[EI_DATA] != ELFDATA2LSB)
        return fail(err, f, "not a little-endian ELF file (data encoding %u)", f->data[EI_DATA]);
    if (f->data[EI_VERSION] != EV_CURRENT)
        return fail(err, f, "unknown ELF version %u", f->data[EI_VERSION]);
    if (f->size < sizeof *eh)
        return fail(err, f, "truncated in the ELF header");
    memcpy(eh, f->data, sizeof *eh);
    if (eh->e_machine != EM_IA_64)
        return fail(err, f, "not for IA-64 (machine %u, not %u)", eh->e_machine, EM_IA_64);
    if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
        return fail(err, f, "not an executable (type %u)%s", eh->e_type,
                    eh->e_type == ET_REL ? ": relocatable object, link it first" : "");
    if (eh->e_flags & FLAG_BE)
        return fail(err, f, "big-endian code (e_flags 0x%x)", eh->e_flags);
    if (eh->e_ehsize != sizeof *eh)
        return fail(err, f, "ELF header size %u, not %zu", eh->e_ehsize, sizeof *eh);
    if (eh->e_phnum == 0)
        return fail(err, f, "no program headers");
    if (eh->e_phnum == PN_XNUM || eh->e_phnum > 1024)
        return fail(err, f, "%u program headers are too many", eh->e_phnum);
    if (eh->e_phentsize != sizeof(Elf64_Phdr))
        return fail(err, f, "program header size %u, not %zu", eh->e_phentsize, sizeof(Elf64_Phdr));
    if (!in_file(f, eh->e_phoff, (uint64_t)eh->e_phnum * sizeof(Elf64_Phdr)))
        return fail(err, f, "program headers (%u at 0x%llx) outside the file", eh->e_phnum,
                    (unsigned long long)eh->e_phoff);
    return true;
}

static bool add_segment(struct elf_file *f, const Elf64_Phdr *ph, unsigned n, char *err)
{
    if (ph->p_filesz > ph->p_memsz)
        return fail(err, f, "segment %u: file size 0x%llx exceeds memory size 0x%llx", n,
                    (unsigned long long)ph->p_filesz, (unsigned long long)ph->p_memsz);
    if (!in_file(f, ph->p_offset, ph->p_filesz))
        return fail(err, f, "segment %u: 0x%llx bytes at 0x%llx lie outside the file (truncated?)",
                    n, (unsigned long long)ph->p_filesz, (unsigned long long)ph->p_offset);
    if (ph->p_memsz == 0)
        return true;
    if (ph->p_vaddr + ph->p_memsz < ph->p_vaddr || ph->p_paddr + ph->p_memsz < ph->p_paddr)
        return fail(err, f, "segment %u: 0x%llx bytes at 0x%llx wrap around", n,
                    (unsigned long long)ph->p_memsz, (unsigned long long)ph->p_vaddr);
    if (ph->p_align & (ph->p_align - 1))
        return fail(err, f, "segment %u: alignment 0x%llx is no power of two", n,
                    (unsigned long long)ph->p_align);
    if (ph->p_align > 1 && ((ph->p_vaddr ^ ph->p_offset) & (ph->p_align - 1)))
        return fail(err, f, "segment %u: address 0x%llx and offset 0x%llx differ modulo 0x%llx", n,
                    (unsigned long long)ph->p_vaddr, (unsigned long long)ph->p_offset,
                    (unsigned long long)ph->p_align);
    if (f->nseg == ELF_MAX_SEGMENTS)
        return fail(err, f, "more than %u segments", ELF_MAX_SEGMENTS);
    f->seg[f->nseg++] = (struct elf_segment){
        .vaddr = ph->p_vaddr,
        .paddr = ph->p_paddr,
        .filesz = ph->p_filesz,
        .memsz = ph->p_memsz,
        .offset = ph->p_offset,
        .align = ph->p_align,
        .flags = ph->p_flags & (ELF_PF_X | ELF_PF_W | ELF_PF_R),
        .data = f->data + ph->p_offset,
    };
    return true;
}

static int by_vaddr(const void *a, const void *b)
{
    const struct elf_segment *x = a, *y = b;
    return x->vaddr < y->vaddr ? -1 : x->vaddr > y->vaddr;
}

static bool read_segments(struct elf_file *f, const Elf64_Ehdr *eh, char *err)
{
    for (unsigned i = 0; i < eh->e_phnum; i++) {
        Elf64_Phdr ph;
        memcpy(&ph, f->data + eh->e_phoff + i * sizeof ph, sizeof ph);
        switch (ph.p_type) {
        case PT_LOAD:
            if (!add_segment(f, &ph, i, err))
                return false;
            break;
        case PT_INTERP:
            if (f->interp)
                return fail(err, f, "two interpreters");
            if (!in_file(f, ph.p_offset, ph.p_filesz) || ph.p_filesz < 2 ||
                ph.p_filesz > MAX_PATH_NAME || f->data[ph.p_offset + ph.p_filesz - 1] != 0)
                return fail(err, f, "bad interpreter name");
            f->interp = (const char *)f->data + ph.p_offset;
            break;
        case PT_GNU_STACK:
            f->exec_stack = ph.p_flags & PF_X;
            break;
        }
    }
    if (f->nseg == 0)
        return fail(err, f, "nothing to load");
    qsort(f->seg, f->nseg, sizeof f->seg[0], by_vaddr);
    for (unsigned i = 1; i < f->nseg; i++) {
        const struct elf_segment *p = &f->seg[i - 1];
        if (f->seg[i].vaddr < p->vaddr + p->memsz)
            return fail(err, f, "segments at 0x%llx and 0x%llx overlap",
                        (unsigned long long)p->vaddr, (unsigned long long)f->seg[i].vaddr);
    }
    f->low = f->seg[0].vaddr;
    f->high = f->seg[f->nseg - 1].vaddr + f->seg[f->nseg - 1].memsz;
    for (unsigned i = 0; i < f->nseg; i++) {
        const struct elf_segment *s = &f->seg[i];
        uint64_t len = (uint64_t)eh->e_phnum * sizeof(Elf64_Phdr);
        if (eh->e_phoff >= s->offset && len <= s->filesz &&
            eh->e_phoff - s->offset <= s->filesz - len)
            f->phdr_vaddr = s->vaddr + (eh->e_phoff - s->offset);
    }
    return true;
}

/* The entry point must be in an executable segment, or the first fetch would be the first error
 * (ET_DYN: no interpreter and entry 0 is a library). */
static bool check_entry(struct elf_file *f, char *err)
{
    for (unsigned i = 0; i < f->nseg; i++) {
        const struct elf_segment *s = &f->seg[i];
        /* A kernel's entry may be physical: Linux/ia64's is. */
        if ((f->entry >= s->vaddr && f->entry - s->vaddr < s->memsz) ||
            (f->type == ELF_EXEC && f->entry >= s->paddr && f->entry - s->paddr < s->memsz)) {
            if (!(s->flags & ELF_PF_X))
                return fail(err, f, "entry point 0x%llx is not executable",
                            (unsigned long long)f->entry);
            if (f->entry & 15)
                return fail(err, f, "entry point 0x%llx is not the address of a bundle",
                            (unsigned long long)f->entry);
            return true;
        }
    }
    if (f->type == ELF_DYN && f->entry == 0)
        return fail(err, f, "a shared library, not a program");
    return fail(err, f, "entry point 0x%llx is in no segment", (unsigned long long)f->entry);
}

static int by_addr(const void *a, const void *b)
{
    const struct elf_symbol *x = a, *y = b;
    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    /* The best name of an address comes last: functions over objects over untyped, global over
     * local. */
    int fx = x->type == STT_FUNC, fy = y->type == STT_FUNC;
    if (fx != fy)
        return fx - fy;
    int gx = x->bind == STB_GLOBAL, gy = y->bind == STB_GLOBAL;
    return gx != gy ? gx - gy : strcmp(y->name, x->name);
}

static void read_symbol_table(struct elf_file *f, const Elf64_Shdr *sh, const Elf64_Shdr *str)
{
    if (sh->sh_entsize != sizeof(Elf64_Sym) || !in_file(f, sh->sh_offset, sh->sh_size) ||
        !in_file(f, str->sh_offset, str->sh_size) || str->sh_size == 0)
        return;
    const char *names = (const char *)f->data + str->sh_offset;
    if (names[str->sh_size - 1] != 0)
        return;
    size_t n = sh->sh_size / sizeof(Elf64_Sym);
    struct elf_symbol *s = realloc(f->sym, (f->nsym + n + 1) * sizeof *s);
    if (!s)
        return;
    f->sym = s;
    for (size_t i = 0; i < n; i++) {
        Elf64_Sym y;
        memcpy(&y, f->data + sh->sh_offset + i * sizeof y, sizeof y);
        unsigned type = ELF64_ST_TYPE(y.st_info);
        if (y.st_shndx == SHN_UNDEF || y.st_name >= str->sh_size || names[y.st_name] == 0 ||
            (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE) ||
            (y.st_shndx == SHN_ABS && type == STT_NOTYPE && y.st_value < 0x1000))
            continue;
        s[f->nsym++] = (struct elf_symbol){
            .addr = y.st_value,
            .size = y.st_size,
            .name = names + y.st_name,
            .type = type,
            .bind = ELF64_ST_BIND(y.st_info),
        };
    }
}

/* Symbols are a convenience: a file without section headers, or with damaged ones, runs without
 * them. */
static void read_symbols(struct elf_file *f, const Elf64_Ehdr *eh)
{
    if (eh->e_shoff == 0 || eh->e_shentsize != sizeof(Elf64_Shdr) || eh->e_shnum == 0 ||
        !in_file(f, eh->e_shoff, (uint64_t)eh->e_shnum * sizeof(Elf64_Shdr)))
        return;
    unsigned tables =
        0; /* a real file has one of each; a hostile one 65,535 views of the same bytes */
    for (int pass = 0; pass < 2 && f->nsym == 0; pass++) {
        for (unsigned i = 0; i < eh->e_shnum && f->nsym == 0 && tables < 8; i++) {
            Elf64_Shdr sh, str;
            memcpy(&sh, f->data + eh->e_shoff + i * sizeof sh, sizeof sh);
            if (sh.sh_type != (pass == 0 ? SHT_SYMTAB : SHT_DYNSYM) || sh.sh_link >= eh->e_shnum)
                continue;
            memcpy(&str, f->data + eh->e_shoff + sh.sh_link * sizeof str, sizeof str);
            if (str.sh_type == SHT_STRTAB) {
                read_symbol_table(f, &sh, &str);
                tables++;
            }
        }
    }
    if (f->nsym)
        qsort(f->sym, f->nsym, sizeof f->sym[0], by_addr);
}

/* f->path, data and size are set. */
static bool parse(struct elf_file *f, char *err)
{
    Elf64_Ehdr eh;
    if (!check_header(f, &eh, err))
        return false;
    f->type = (enum elf_type)eh.e_type;
    f->flags = eh.e_flags;
    f->entry = eh.e_entry;
    f->phnum = eh.e_phnum;
    f->phentsize = eh.e_phentsize;
    f->exec_stack = eh.e_flags & FLAG_EXEC_STACK;
    if (!read_segments(f, &eh, err) || !check_entry(f, err))
        return false;
    read_symbols(f, &eh);
    return true;
}

bool elf_parse(struct elf_file *f, const char *name, const void *data, size_t size,
               char err[ELF_ERR_SIZE])
{
    memset(f, 0, sizeof *f);
    f->path = strdup(name);
    f->data = malloc(size ? size : 1);
    if (!f->path || !f->data) {
        fail(err, f, "out of memory");
        elf_close(f);
        return false;
    }
    if (size)
        memcpy(f->data, data, size);
    f->size = size;
    if (parse(f, err))
        return true;
    elf_close(f);
    return false;
}

static bool read_file(struct elf_file *f, int fd, char *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return fail(err, f, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(err, f, "not a regular file");
    if ((uint64_t)st.st_size > MAX_FILE)
        return fail(err, f, "%lld bytes are too many", (long long)st.st_size);
    f->data = malloc((size_t)st.st_size + 1);
    if (!f->data)
        return fail(err, f, "out of memory for %lld bytes", (long long)st.st_size);
    while (f->size < (size_t)st.st_size) {
        ssize_t n = read(fd, f->data + f->size, (size_t)st.st_size - f->size);
        if (n < 0)
            return fail(err, f, "%s", strerror(errno));
        if (n == 0)
            break;
        f->size += (size_t)n;
    }
    return true;
}

bool elf_open(struct elf_file *f, const char *path, char err[ELF_ERR_SIZE])
{
    memset(f, 0, sizeof *f);
    f->path = strdup(path);
    if (!f->path)
        return fail(err, f, "out of memory");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok;
    if (fd < 0) {
        ok = fail(err, f, "%s", strerror(errno));
    } else {
        ok = read_file(f, fd, err) && parse(f, err);
        close(fd);
    }
    if (!ok)
        elf_close(f);
    return ok;
}

void elf_close(struct elf_file *f)
{
    free(f->path);
    free(f->data);
    free(f->sym);
    memset(f, 0, sizeof *f);
}

void elf_set_bias(struct elf_file *f, uint64_t bias)
{
    for (size_t i = 0; i < f->nsym; i++)
        f->sym[i].addr += bias - f->bias;
    f->bias = bias;
}

bool elf_load(const struct elf_file *f,
              bool (*load)(void *arg, const struct elf_segment *s, char err[ELF_ERR_SIZE]),
              void *arg, char err[ELF_ERR_SIZE])
{
    for (unsigned i = 0; i < f->nseg; i++)
        if (!load(arg, &f->seg[i], err))
            return false;
    return true;
}

const struct elf_symbol *elf_symbol_at(const struct elf_file *f, uint64_t addr, uint64_t *offset)
{
    size_t lo = 0, hi = f->nsym; /* the last symbol with sym.addr <= addr is lo - 1 */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (f->sym[mid].addr <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    /* A symbol inside a larger one (a label in a function) may end before addr: look a few names
     * back. */
    for (size_t i = lo, tries = 0; i > 0 && tries < 32; i--, tries++) {
        const struct elf_symbol *s = &f->sym[i - 1];
        bool covers =
            s->size ? addr - s->addr < s->size : s->type != STT_OBJECT && addr - s->addr < 0x100000;
        if (covers) {
            if (offset)
                *offset = addr - s->addr;
            return s;
        }
    }
    return NULL;
}

bool elf_symbol_find(const struct elf_file *f, const char *name, uint64_t *addr)
{
    const struct elf_symbol *best = NULL;
    for (size_t i = 0; i < f->nsym; i++)
        if (!strcmp(f->sym[i].name, name) && (!best || f->sym[i].bind != STB_LOCAL))
            best = &f->sym[i];
    if (best && addr)
        *addr = best->addr;
    return best != NULL;
}
