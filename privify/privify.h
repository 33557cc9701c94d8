/* SPDX-License-Identifier: GPL-2.0-only
 *
 * privify: replaces the privileged and privilege-sensitive instructions of an ia64 kernel or module
 * by the breaks of xen/xen/include/public/arch-ia64/privop.h. What the program's parts share. All
 * of it works on a file in memory and returns errors as text, so that the fuzzer can call it.
 */
#ifndef PRIVIFY_H
#define PRIVIFY_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "isa/isa.h"

/* ---- errors (error.c) ---- */

struct pv_error {
    char text[512];
};
/* Sets the text; always false, so that a check can `return pv_fail(...)`. */
bool pv_fail(struct pv_error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A growing array of bytes. */
struct pv_buf {
    uint8_t *p;
    size_t n, room;
};
/* False (and nothing done) without memory. */
bool pv_buf_add(struct pv_buf *b, const void *p, size_t n);
bool pv_buf_pad(struct pv_buf *b, size_t align);

/* ---- what is rewritten (kinds.c) ---- */

/* An instruction kind, as --only and --list name it. */
enum pv_kind {
    PV_THASH,
    PV_TTAG,
    PV_CPUID,
    PV_PMD,
    PV_COVER,
    PV_FC,
    PV_KR,
    PV_ITC,
    PV_RSC,
    PV_RFI,
    PV_BSW,
    PV_RSM,
    PV_SSM,
    PV_PSR,
    PV_CR,
    PV_SETKR,
    PV_SETITC,
    PV_RR,
    PV_PKR,
    PV_IBR,
    PV_DBR,
    PV_PMC,
    PV_SETPMD,
    PV_TC,
    PV_TR,
    PV_PTC,
    PV_PTR,
    PV_TPA,
    PV_TAK,
    PV_KINDS
};
struct pv_kind_info {
    const char *name, *what;
    bool sensitive;  /* does not trap below privilege level 0 */
    bool by_default; /* rewritten unless --skip */
};
extern const struct pv_kind_info pv_kinds[PV_KINDS];

/* Kinds as a set, from "thash,ttag,privileged": names and the groups all, default, sensitive,
 * privileged, none. Names what it does not know. */
bool pv_kind_set(const char *list, uint64_t *set, struct pv_error *err);
uint64_t pv_kind_default(void);

enum pv_match {
    PV_OTHER,   /* nothing of ours */
    PV_REWRITE, /* *kind, *imm are set */
    PV_KEEP,    /* privileged, but no immediate says it; it traps anyway; *kind is set */
};
/* Which break stands for an instruction. */
enum pv_match pv_match(const struct isa_insn *in, enum pv_kind *kind, uint32_t *imm);
/* A cheap test by opcode alone: false only if pv_match would say PV_OTHER and the slot is no break.
 */
bool pv_maybe(unsigned unit, uint64_t slot);
/* The break that replaces the instruction, as the slot's 41 bits. */
uint64_t pv_break(const struct isa_insn *in, uint32_t imm);
/* The immediate, if the slot is a break that stands for an instruction; else 0. */
uint32_t pv_is_break(unsigned unit, uint64_t slot);

/* ---- the file (elf.c) ---- */

struct pv_elf {
    uint8_t *p; /* the whole file, or the embedded one */
    uint64_t n;
    uint64_t at; /* of an embedded file: where in the file it begins */
    Elf64_Ehdr h;
    Elf64_Shdr *sh;
    Elf64_Phdr *ph;
    unsigned shnum, phnum, shstrndx;
    uint32_t *region_of; /* ET_REL: section -> region + 1 */
};
/* Reads and checks headers and tables: afterwards every section and segment lies in the file. */
bool pv_elf_open(struct pv_elf *e, uint8_t *p, uint64_t n, struct pv_error *err);
void pv_elf_close(struct pv_elf *e);
/* Never NULL; "?" if there is no such name. */
const char *pv_elf_name(const struct pv_elf *e, unsigned section);
/* A string of string table section `link`; "" if there is none. */
const char *pv_elf_string(const struct pv_elf *e, unsigned link, uint32_t at);
/* The section's bytes; NULL for SHT_NOBITS. */
uint8_t *pv_elf_bytes(const struct pv_elf *e, unsigned section);

/* ---- code and the proof that it is code (code.c, flow.c, patchlist.c) ---- */

enum {
    PV_EV_FUNCTION = 1 << 0, /* inside a function: symbol or unwind table says so */
    PV_EV_REACHED = 1 << 1,  /* control flow gets there */
    PV_EV_DATA = 1 << 2,     /* a data symbol or a data relocation lies there */
    PV_EV_QUEUED = 1 << 3,
    PV_EV_RELOC = 1 << 4, /* << slot: a relocation changes this slot */
    PV_EV_PATCH = 1 << 7, /* << slot: the kernel patches this slot at boot */
    PV_EV_BAD = 1 << 10,  /* does not decode */
    PV_EV_FORM = 1 << 11, /* nothing refers to it, but it has the form of code */
};
struct pv_region {
    char name[64];
    struct pv_elf *elf;
    unsigned section; /* 0: a segment of a file without section headers */
    uint64_t addr;    /* virtual address; 0 in a relocatable file */
    uint64_t off;     /* in the file (not in the embedded one) */
    uint32_t first;   /* number of the first bundle, over all regions */
    uint32_t bundles;
    bool strict; /* not all of it is claimed to be code (a segment) */
    uint32_t reached, function, data, bad;
};
enum pv_site_state { PV_SITE_REWRITE, PV_SITE_UNSELECTED, PV_SITE_KEPT, PV_SITE_UNPROVEN };
struct pv_site {
    uint32_t region, bundle; /* bundle within the region */
    uint8_t slot, kind, state, unit;
    uint32_t imm;
    uint64_t was, now;
};

/* A movl of an address of code: both are bundles. */
struct pv_movl {
    uint32_t at, to;
};

enum pv_unproven { PV_UNPROVEN_FAIL, PV_UNPROVEN_KEEP, PV_UNPROVEN_REWRITE };
struct pv_options {
    uint64_t kinds;
    enum pv_unproven unproven;
};

struct pv {
    struct pv_options opt;
    uint8_t *p; /* the file; not owned */
    uint64_t n;
    struct pv_elf elf;  /* the file */
    struct pv_elf **in; /* those embedded in it */
    unsigned nin;
    struct pv_region *region;
    unsigned nregion;
    bool by_segment; /* no sections say what is code */
    uint16_t *ev;    /* PV_EV_*, one for each bundle */
    uint32_t bundles;
    uint32_t *root; /* bundles where control enters */
    size_t nroot, root_room;
    struct pv_movl *movl; /* ET_REL: constants that relocations make */
    size_t nmovl, movl_room;
    struct pv_site *site;
    size_t nsite, site_room;
    size_t count[PV_KINDS][4]; /* by enum pv_site_state */
    size_t breaks;             /* breaks of ours found in code */
    struct pv_site first_break;
    size_t bad; /* bundles of functions that do not decode */
    uint32_t first_bad;
    uint32_t run_first, run_end; /* flow.c's: the unreached run looked at last */
    bool run_ok;
};

/* Finds code and sites in a file; `p` is kept, not copied, and not changed. pv_close in any case.
 */
bool pv_analyse(struct pv *v, uint8_t *p, uint64_t n, const struct pv_options *opt,
                struct pv_error *err);
void pv_close(struct pv *v);

/* Steps of pv_analyse. */
bool pv_find_regions(struct pv *v, struct pv_error *err);
bool pv_find_functions(struct pv *v, struct pv_error *err);
bool pv_follow(struct pv *v, struct pv_error *err);
void pv_find_patched(struct pv *v);

/* The bundle at an address of a linked file, or at an offset of a relocatable file's section. */
bool pv_bundle_at(const struct pv *v, const struct pv_elf *e, uint64_t addr, uint32_t *bundle);
bool pv_bundle_in(const struct pv *v, const struct pv_elf *e, unsigned section, uint64_t off,
                  uint32_t *bundle);
unsigned pv_region_of(const struct pv *v, uint32_t bundle);
bool pv_add_root(struct pv *v, uint32_t bundle);
struct isa_bundle pv_load(const struct pv *v, const struct pv_region *r, uint32_t i);
/* What IA-64 relocation types are: of an instruction slot, of a data word; else no bits at all. */
bool pv_reloc_insn(uint32_t type);
bool pv_reloc_data(uint32_t type);

/* Text for people: "vhpt_miss+0x10" (empty without symbols) and "0xa000...", ".text+0x40". */
struct pv_symbols;
struct pv_symbols *pv_symbols_open(const struct pv *v);
void pv_symbols_close(struct pv_symbols *s);
void pv_symbol(const struct pv_symbols *t, const struct pv *v, const struct pv_site *s, char *buf,
               size_t size);
void pv_where(const struct pv *v, const struct pv_site *s, char *buf, size_t size);

/* ---- rewriting, and back (rewrite.c, note.c) ---- */

#define PV_NOTE_SECTION ".note.Xen.privify"
#define PV_NOTE_NAME    "Xen"
#define PV_NOTE_TYPE    0x76697270u /* "priv" */
struct pv_note {
    uint64_t kinds;       /* set of enum pv_kind */
    uint64_t size, after; /* of the original file, of the rewritten one */
    uint64_t shoff;       /* of the original's ELF header */
    uint16_t shnum, shstrndx, shentsize;
    uint16_t unproven; /* enum pv_unproven */
    uint32_t crc;      /* of the original file: CRC-32 */
    uint32_t sites;
};
/* Is there a note? False with an empty err->text if there is none, with a text if it is damaged.
 * `file` may be NULL; else the original file is rebuilt there. */
bool pv_note_read(const uint8_t *p, uint64_t n, struct pv_note *note, struct pv_buf *file,
                  struct pv_error *err);
/* The note's bytes for what pv_analyse found. */
bool pv_note_write(const struct pv *v, const struct pv_note *note, struct pv_buf *out);

/* The rewritten file. */
bool pv_rewrite(const struct pv *v, struct pv_buf *out, struct pv_error *err);
/* The whole of it, for the command and the fuzzer: a rewritten file is undone first, so that the
 * result depends on the original and the options alone. `original` owns what v refers to. */
bool pv_load_file(struct pv *v, uint8_t *p, uint64_t n, const struct pv_options *opt,
                  struct pv_buf *original, struct pv_error *err);
/* Is a rewritten file complete and sound? Findings go to `say`, a line each; false if there is one.
 */
bool pv_verify(uint8_t *p, uint64_t n, uint64_t kinds, bool given, struct pv_buf *say,
               struct pv_error *err);

/* ---- reports (report.c) ---- */

struct pv_report {
    const char *file;
    bool list, stats, was_rewritten;
};
void pv_report_text(FILE *f, const struct pv *v, const struct pv_report *r);
void pv_report_json(FILE *f, const struct pv *v, const struct pv_report *r);

/* ---- files (file.c) ---- */

struct pv_file {
    struct pv_buf data;
    unsigned mode;
    bool was_gz;
};
bool pv_file_read(const char *name, struct pv_file *f, struct pv_error *err);
/* Whole or not at all: a new file beside it, renamed. A name that ends in .gz is compressed. */
bool pv_file_write(const char *name, const uint8_t *p, size_t n, unsigned mode,
                   struct pv_error *err);

#endif
