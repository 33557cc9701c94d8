/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Strict reader of ELF64 files for IA-64 (little-endian): segments to load and symbols to look up.
 * It serves the bare-metal loader, --user and the kernel loader, and is fuzzed: whatever the bytes
 * are, it answers with a checked description or with an error message, and touches nothing outside
 * the file.
 *
 * Byte formats: System V ABI (gABI), and the Itanium processor supplement for EM_IA_64 and its
 * flags.
 */
#ifndef SIM_LOADER_ELF_H
#define SIM_LOADER_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_MAX_SEGMENTS 64
#define ELF_ERR_SIZE     256

/* A PT_LOAD segment. Checked: data..data+filesz lies in the file, filesz <= memsz, vaddr+memsz and
 * paddr+memsz do not wrap, and no two segments overlap in virtual memory. Sorted by vaddr. */
struct elf_segment {
    uint64_t vaddr, paddr;
    uint64_t filesz, memsz;
    uint64_t offset, align;
    uint32_t flags; /* ELF_PF_* */
    const uint8_t *data;
};
enum { ELF_PF_X = 1, ELF_PF_W = 2, ELF_PF_R = 4 };

struct elf_symbol {
    uint64_t addr; /* load bias included */
    uint64_t size; /* 0: unknown */
    const char *name;
    uint8_t type, bind; /* STT_*, STB_* */
};

enum elf_type { ELF_EXEC = 2, ELF_DYN = 3 };

struct elf_file {
    char *path;
    uint8_t *data; /* the whole file; owned */
    size_t size;
    enum elf_type type;
    uint32_t flags;      /* e_flags */
    uint64_t entry;      /* without bias */
    uint64_t phdr_vaddr; /* where the program headers are in memory; 0: in no segment */
    uint16_t phnum, phentsize;
    const char *interp; /* PT_INTERP, or NULL */
    bool exec_stack;    /* PT_GNU_STACK asks for it, or EF_IA_64_LINUX_EXECUTABLE_STACK */
    struct elf_segment seg[ELF_MAX_SEGMENTS];
    unsigned nseg;
    uint64_t low, high;     /* [low, high): span of all segments' vaddr */
    uint64_t bias;          /* added to vaddr and symbols: elf_set_bias() */
    struct elf_symbol *sym; /* functions and objects, sorted by address */
    size_t nsym;
};

/* Reads and checks a file. False: err says what is wrong with it (starts with the path); f is then
 * empty. */
bool elf_open(struct elf_file *f, const char *path, char err[ELF_ERR_SIZE]);

/* The same for bytes in memory (copied). name is used in messages. */
bool elf_parse(struct elf_file *f, const char *name, const void *data, size_t size,
               char err[ELF_ERR_SIZE]);

void elf_close(struct elf_file *f);

/* True if the file starts like an ELF file for IA-64 (used to tell programs from scripts and host
 * programs). */
bool elf_is_ia64(const void *data, size_t size);

/* Position-independent images: everything moves by bias (symbol addresses are adjusted here). */
void elf_set_bias(struct elf_file *f, uint64_t bias);

/* Hands each segment to load() in address order, vaddr without bias; the first false stops it, and
 * is returned. load() sets err itself. */
bool elf_load(const struct elf_file *f,
              bool (*load)(void *arg, const struct elf_segment *s, char err[ELF_ERR_SIZE]),
              void *arg, char err[ELF_ERR_SIZE]);

/* The symbol at or before addr, functions preferred; NULL when none covers it (a symbol without
 * size covers up to the next one). *offset = addr - symbol. */
const struct elf_symbol *elf_symbol_at(const struct elf_file *f, uint64_t addr, uint64_t *offset);

/* The address of a symbol by name; globals win over locals. */
bool elf_symbol_find(const struct elf_file *f, const char *name, uint64_t *addr);

#endif
