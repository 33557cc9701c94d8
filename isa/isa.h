/* SPDX-License-Identifier: MIT
 *
 * The IA-64 instruction set as data: what decoder, disassembler, encoder, simulator, privify and the
 * tests share (SDM 3:4, instruction formats). Knows no CPU state. One table (isa/table/ *.def), one row per
 * encoding; everything else is derived from it.
 *
 * Row naming: ISA_<MNEMONIC>_<FORMAT>, the mnemonic in capitals with '.' as '_', hints and the status
 * field left out, completers that change the semantics left in:
 *   add r1=r2,r3 -> ISA_ADD_A1        add r1=r2,r3,1 -> ISA_ADD_1_A1       adds -> ISA_ADDS_A4
 *   cmp.lt.unc (registers) -> ISA_CMP_LT_UNC_A6    (immediate) -> ISA_CMP_LT_UNC_A8
 *   cmp4.ge.or.andcm (against r0) -> ISA_CMP4_GE_OR_ANDCM_A7
 *   ld8.c.clr.acq -> ISA_LD8_C_CLR_ACQ_M1 (M2: register update, M3: immediate update)
 *   fma.d.s1 -> ISA_FMA_D_F1 (sf in a field)       br.cond (relative) -> ISA_BR_COND_B1
 */
#ifndef ISA_ISA_H
#define ISA_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Slot types (SDM 3:4.1 table of templates). L+X is unit ISA_X in slot 2 with the L slot's 41 bits as ext. */
enum isa_unit { ISA_UNIT_NONE, ISA_UNIT_M, ISA_UNIT_I, ISA_UNIT_F, ISA_UNIT_B, ISA_UNIT_L, ISA_UNIT_X };

/* enum isa_op: one value per table row, from the table itself; ISA_OP_ILLEGAL is 0. */
#include "isa/ops.h"

/* What an encoding is, when it is not a legal instruction (SDM 3:4.1, 1:... reserved encodings). */
enum isa_status {
    ISA_OK,
    ISA_ILLEGAL,        /* Illegal Operation fault, whatever the qualifying predicate says
                           (reserved template, major opcode or extension: white/purple per the manual's rules) */
    ISA_ILLEGAL_IF_QP,  /* Illegal Operation fault only if the qualifying predicate is 1 */
    ISA_NOP_IF_ILLEGAL, /* reserved encoding that executes as a nop (cyan in the manual, B-unit) */
};

/* A bundle: 128 bits, little-endian always (SDM 1:3.3). */
struct isa_bundle {
    uint64_t lo, hi;
};

/* The template of a bundle: unit per slot and where stops are. */
struct isa_template {
    uint8_t unit[3];  /* enum isa_unit; MLX is { M, L, X } */
    bool stop[3];     /* a stop after slot n */
    bool reserved;
};
extern const struct isa_template isa_templates[32];

/* One decoded instruction. Register numbers are as encoded (virtual, before rotation). Fields an
 * instruction does not have are 0. */
struct isa_insn {
    uint16_t op;      /* enum isa_op */
    uint8_t status;   /* enum isa_status; op is ISA_OP_ILLEGAL when not ISA_OK */
    uint8_t unit;     /* the unit of the slot it was decoded for */
    uint8_t qp;       /* qualifying predicate */
    uint8_t r1, r2, r3;        /* general registers: r1 target, r2/r3 sources, as the manual names them;
                                  stores: r3 address, r2 data */
    uint8_t f1, f2, f3, f4;    /* floating-point registers */
    uint8_t p1, p2;            /* predicate targets */
    uint8_t b1, b2;            /* branch registers: b1 target, b2 source */
    uint8_t ar3, cr3;          /* application, control register number */
    uint8_t sf;                /* FP status field 0..3 */
    uint8_t hint;              /* cache/branch hint bits as encoded (ldhint, sthint, lfhint; branch: see isa.c) */
    uint8_t pos, len, count;   /* deposit/extract pos6, len; shift counts (shladd, shrp, pshladd ...); mbtype/mhtype8; ct2d */
    uint8_t sof, sol, sor;     /* alloc: sizes in registers (sor already times 8) */
    uint16_t wh;               /* other encoded hint bits (ipwh, wh, dh, ph, ih), so that encode is exact */
    uint16_t ignored;          /* bits the manual marks ignored are not kept: see isa_encode */
    uint64_t imm;              /* immediate, sign-extended; branch: byte displacement from the bundle; 62-bit for X;
                                  fclass: fclass9; brp tag goes to `tag` */
    int64_t tag;               /* brp/mov-to-br tag displacement */
    uint64_t raw;              /* the 41 bits of the slot */
    uint64_t raw_ext;          /* X: the 41 bits of the L slot */
};

/* Row properties the consumers need (from the table). */
struct isa_row {
    const char *name;       /* mnemonic with fixed completers, "cmp.lt.unc" */
    const char *format;     /* "A6" */
    uint16_t op;
    uint8_t units;          /* bit mask of 1 << enum isa_unit it may sit in */
    uint64_t match, mask;   /* fixed bits of the 41-bit slot (after completers) */
    uint32_t attr;          /* ISA_ATTR_* */
};
enum {
    ISA_ATTR_BRANCH = 1u << 0,     /* may change IP by itself */
    ISA_ATTR_PRIV = 1u << 1,       /* privileged operation fault unless CPL 0 */
    ISA_ATTR_LOAD = 1u << 2,
    ISA_ATTR_STORE = 1u << 3,
    ISA_ATTR_SEMAPHORE = 1u << 4,
    ISA_ATTR_FIRST = 1u << 5,      /* must be first in an instruction group (alloc, flushrs ...) */
    ISA_ATTR_LAST = 1u << 6,       /* must be last in an instruction group (cover, rfi, clrrrb ...) */
    ISA_ATTR_NOP = 1u << 7,        /* nop, hint: nothing but an address */
    ISA_ATTR_NOQP = 1u << 8,       /* the qp field is absent or ignored: executes unconditionally */
    ISA_ATTR_FP = 1u << 9,         /* touches floating-point registers */
    ISA_ATTR_NO_PRED_OFF = 1u << 10, /* has effects even when qp is 0 (cmp.unc, br.wtop ...) */
    ISA_ATTR_MAY_FAULT = 1u << 11, /* can raise anything beyond NaT-free illegal/privilege checks at decode */
};
extern const struct isa_row isa_rows[ISA_OP_COUNT];

/* The 41 bits of slot n. */
static inline uint64_t isa_slot(struct isa_bundle b, unsigned n)
{
    const uint64_t m = (1ull << 41) - 1;
    return n == 0 ? (b.lo >> 5) & m : n == 1 ? ((b.lo >> 46) | (b.hi << 18)) & m : (b.hi >> 23) & m;
}
static inline unsigned isa_tmpl(struct isa_bundle b)
{
    return b.lo & 31;
}

/* Decodes one slot's 41 bits for the unit of that slot; ext is the L slot's bits for ISA_UNIT_X, else 0.
 * Always fills *out; returns out->status. Checks that depend only on the encoding (targets r0, f0/f1, reserved
 * registers, sof > 96 ...) are in out->status; those that depend on state are the executor's. */
enum isa_status isa_decode(unsigned unit, uint64_t slot, uint64_t ext, struct isa_insn *out);

/* Decodes slot n of a bundle (n == 2 of an MLX bundle is the long instruction; n == 1 gives ISA_UNIT_L, a nop). */
enum isa_status isa_decode_slot(struct isa_bundle b, unsigned n, struct isa_insn *out);

/* Encodes an instruction: the slot's 41 bits in *slot, and for X the L slot's in *ext. Ignored bits are 0.
 * Returns false if a field does not fit its encoding. */
bool isa_encode(const struct isa_insn *in, uint64_t *slot, uint64_t *ext);

/* Builds a bundle from a template and three slots. */
struct isa_bundle isa_pack(unsigned tmpl, uint64_t s0, uint64_t s1, uint64_t s2);

/* Disassembles one instruction, bundle-relative branch targets as addresses from ip. Text exactly as the GNU
 * disassembler prints it, "(p07) add r8=r32,r33" less its column padding. Returns the length snprintf-like. */
size_t isa_disasm(const struct isa_insn *in, uint64_t ip, char *buf, size_t size);

/* The whole bundle as the GNU disassembler prints it: "[MII]       adds r2=16,r12" etc., lines joined by '\n'. */
size_t isa_disasm_bundle(struct isa_bundle b, uint64_t ip, char *buf, size_t size);

#endif
