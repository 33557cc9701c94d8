/* SPDX-License-Identifier: MIT
 *
 * The IA-64 instruction set as data: what decoder, disassembler, encoder, simulator, privify and
 * the tests share (SDM 3:4, instruction formats). Knows no CPU state. One table (isa/table/ *.def),
 * one row per encoding; everything else is derived from it.
 *
 * Row naming: ISA_<MNEMONIC>_<FORMAT>, the mnemonic in capitals with '.' as '_', hints and the
 * status field left out, completers that change the semantics left in: add r1=r2,r3 -> ISA_ADD_A1
 * add r1=r2,r3,1 -> ISA_ADD_1_A1       adds -> ISA_ADDS_A4 cmp.lt.unc (registers) ->
 * ISA_CMP_LT_UNC_A6    (immediate) -> ISA_CMP_LT_UNC_A8 cmp4.ge.or.andcm (against r0) ->
 * ISA_CMP4_GE_OR_ANDCM_A7 ld8.c.clr.acq -> ISA_LD8_C_CLR_ACQ_M1 (M2: register update, M3: immediate
 * update) fma.d.s1 -> ISA_FMA_D_F1 (sf in a field)       br.cond (relative) -> ISA_BR_COND_B1
 */
#ifndef ISA_ISA_H
#define ISA_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Slot types (SDM 3:4.1 table of templates). L+X is unit ISA_X in slot 2 with the L slot's 41 bits
 * as ext. */
enum isa_unit {
    ISA_UNIT_NONE,
    ISA_UNIT_M,
    ISA_UNIT_I,
    ISA_UNIT_F,
    ISA_UNIT_B,
    ISA_UNIT_L,
    ISA_UNIT_X
};

/* enum isa_op: one value per table row, from the table itself; ISA_OP_ILLEGAL is 0. */
#include "isa/ops.h"

/* What an encoding is, when it is not a legal instruction (SDM 3:4.1). */
enum isa_status {
    ISA_OK,
    ISA_ILLEGAL,        /* Illegal Operation fault, whatever the qualifying predicate says */
    ISA_ILLEGAL_IF_QP,  /* Illegal Operation fault only if the qualifying predicate is 1 */
    ISA_NOP_IF_ILLEGAL, /* reserved B-unit encoding that executes as a nop */
};

/* A bundle: 128 bits, little-endian always (SDM 1:3.3). */
struct isa_bundle {
    uint64_t lo, hi;
};

/* The template of a bundle: unit per slot and where stops are. */
struct isa_template {
    uint8_t unit[3]; /* enum isa_unit; MLX is { M, L, X } */
    bool stop[3];    /* a stop after slot n */
    bool reserved;
};
extern const struct isa_template isa_templates[32];

/* One decoded instruction. Register numbers are as encoded (virtual, before rotation). Fields an
 * instruction does not have are 0. */
struct isa_insn {
    uint16_t op;    /* enum isa_op */
    uint8_t status; /* enum isa_status; op is ISA_OP_ILLEGAL when not ISA_OK */
    uint8_t unit;   /* the unit of the slot it was decoded for */
    uint8_t qp;     /* qualifying predicate */
    /* General registers as the manual names them: r1 target, r2, r3 sources; memory: r3 address,
     * r2 data or increment. */
    uint8_t r1, r2, r3;
    uint8_t f1, f2, f3, f4; /* floating-point registers */
    uint8_t p1, p2;         /* predicate targets */
    uint8_t b1, b2;         /* branch registers: b1 target, b2 source */
    uint8_t ar3, cr3;       /* application, control register number */
    uint8_t sf;             /* FP status field 0..3 */
    /* Cache hint as encoded (ldhint, sthint, lfhint). Branch: p (many) in bit 0, wh from bit 1 (2
     * bits; 3 in B5), d (clr) in bit 3 (4 in B5). */
    uint8_t hint;
    /* As the assembler writes them: bit position and length (extr, dep, tbit; tf: the feature,
     * 32-63), shift counts (shladd 1-4, shrp, pshr2 ..., pmpyshr2 0/7/15/16); count is also the
     * mbtype4 of mux1 and the mhtype8 of mux2. */
    uint8_t pos, len, count;
    uint8_t sof, sol, sor; /* alloc: sizes in registers (sor already times 8) */
    /* brp: wh in bits 1:0, ih in bit 2. mov b1=r2: wh in bits 1:0, x (.ret) in 2, ih in 3. */
    uint16_t wh;
    /* Immediate, sign-extended where the manual says so. Branch, chk: byte displacement from the
     * bundle. X: 62 or 64 bits. fetchadd: inc3. fclass: fclass9. mov pr: mask17 (bit 0 clear).
     * pr.rot: imm44. probe: imm2. ldfp with update: 8 or 16. fsetc: amask7 in bits 6:0, omask7 in
     * bits 13:7. brp: the target; its tag goes to `tag`. */
    uint64_t imm;
    int64_t tag;      /* brp/mov-to-br tag displacement */
    uint64_t raw;     /* the 41 bits of the slot */
    uint64_t raw_ext; /* X: the 41 bits of the L slot */
};

/* Row properties the consumers need (from the table). */
struct isa_row {
    const char *name;   /* mnemonic with fixed completers, "cmp.lt.unc" */
    const char *format; /* "A6" */
    uint16_t op;
    uint8_t units;        /* bit mask of 1 << enum isa_unit it may sit in */
    uint64_t match, mask; /* fixed bits of the 41-bit slot (after completers) */
    uint32_t attr;        /* ISA_ATTR_* */
    uint16_t check;       /* ISA_CHECK_*: what isa_decode verifies of the operands */
    uint8_t fmt;          /* enum isa_format (isa/format.h) */
    const char *operands; /* "r1=r2,r3", as in the manual */
};
enum {
    ISA_ATTR_BRANCH = 1u << 0, /* may change IP by itself */
    ISA_ATTR_PRIV = 1u << 1,   /* privileged operation fault unless CPL 0 */
    ISA_ATTR_LOAD = 1u << 2,
    ISA_ATTR_STORE = 1u << 3,
    ISA_ATTR_SEMAPHORE = 1u << 4,
    ISA_ATTR_FIRST = 1u << 5, /* must be first in an instruction group (alloc, flushrs ...) */
    ISA_ATTR_LAST = 1u << 6,  /* must be last in an instruction group (cover, rfi, clrrrb ...) */
    ISA_ATTR_NOP = 1u << 7,   /* nop, hint: nothing but an address */
    ISA_ATTR_NOQP = 1u << 8,  /* the qp field is absent or ignored: executes unconditionally */
    ISA_ATTR_FP = 1u << 9,    /* touches floating-point registers */
    ISA_ATTR_NO_PRED_OFF = 1u << 10, /* has effects even when qp is 0 (cmp.unc, br.wtop ...) */
    ISA_ATTR_MAY_FAULT = 1u << 11,   /* can raise more than what decode and privilege show */
    ISA_ATTR_BASE_UPDATE = 1u << 12, /* post-increment form: also writes GR r3 */
    ISA_ATTR_LATER = 1u << 13,       /* not of SDM revision 2.3: only the disassembler knows it */
};
/* What isa_decode checks of the operands, beyond the fixed bits. Each makes an Illegal Operation
 * fault under the qualifying predicate (status ISA_ILLEGAL_IF_QP), except P1_P2_UNC, SLOT2 and QP0,
 * which do not wait for it (ISA_ILLEGAL). What depends on state is the executor's: targets outside
 * the frame, ar.bspstore and ar.rnat with rsc.mode != 0, interruption registers with psr.ic, the
 * parity of a pair of one static and one rotating FR, and f1 of frcpa, fprcpa, frsqrta, fprsqrta
 * (they clear p2 when the predicate is off, so their status stays ISA_OK). */
enum {
    ISA_CHECK_R1 = 1u << 0,        /* r1 is a target: not r0 */
    ISA_CHECK_R3 = 1u << 1,        /* r3 is a target (base update): not r0 */
    ISA_CHECK_R1_R3 = 1u << 2,     /* two targets: r1 != r3 */
    ISA_CHECK_F1 = 1u << 3,        /* f1 is a target: not f0, f1 */
    ISA_CHECK_F1_F2 = 1u << 4,     /* ldfp: f2 not f0, f1; one even, one odd register */
    ISA_CHECK_P1_P2 = 1u << 5,     /* p1 != p2 */
    ISA_CHECK_P1_P2_UNC = 1u << 6, /* p1 != p2, whatever qp */
    ISA_CHECK_AR_READ = 1u << 7,   /* an application register of this unit, not reserved */
    ISA_CHECK_AR_WRITE = 1u << 8,  /* ... nor read-only */
    ISA_CHECK_CR_READ = 1u << 9,   /* a control register, not reserved */
    ISA_CHECK_CR_WRITE = 1u << 10, /* ... nor read-only */
    ISA_CHECK_FRAME = 1u << 11,    /* alloc: sof <= 96, sol <= sof, sor <= sof */
    ISA_CHECK_CT2D = 1u << 12,     /* pshladd2, pshradd2: count 4 is reserved */
    ISA_CHECK_MBTYPE = 1u << 13,   /* mux1: permutation 0, 8, 9, 10 or 11 */
    ISA_CHECK_SLOT2 = 1u << 14,    /* loop branches: slot 2 only (isa_decode_slot), whatever qp */
    ISA_CHECK_QP0 = 1u << 15,      /* alloc, br.ia: no predicate but p0, whatever its value */
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

/* Decodes one slot's 41 bits for the unit of that slot; ext is the L slot's bits for ISA_UNIT_X,
 * else 0. Always fills *out; returns out->status. Checks that depend only on the encoding (targets
 * r0, f0/f1, reserved registers, sof > 96 ...) are in out->status; those that depend on state are
 * the executor's. */
enum isa_status isa_decode(unsigned unit, uint64_t slot, uint64_t ext, struct isa_insn *out);

/* Decodes slot n of a bundle (n == 2 of an MLX bundle is the long instruction; n == 1 gives
 * ISA_UNIT_L, a nop). */
enum isa_status isa_decode_slot(struct isa_bundle b, unsigned n, struct isa_insn *out);

/* Encodes an instruction: the slot's 41 bits in *slot, and for X the L slot's in *ext. Ignored bits
 * are 0. Returns false if a field does not fit its encoding. */
bool isa_encode(const struct isa_insn *in, uint64_t *slot, uint64_t *ext);

/* Builds a bundle from a template and three slots. */
struct isa_bundle isa_pack(unsigned tmpl, uint64_t s0, uint64_t s1, uint64_t s2);

/* Disassembles one instruction, bundle-relative branch targets as addresses from ip. Text exactly
 * as the GNU disassembler prints it, "(p07) add r8=r32,r33" less its column padding. Returns the
 * length snprintf-like. */
size_t isa_disasm(const struct isa_insn *in, uint64_t ip, char *buf, size_t size);

/* The whole bundle as the GNU disassembler prints it: "[MII]       adds r2=16,r12" etc., lines
 * joined by '\n'. */
size_t isa_disasm_bundle(struct isa_bundle b, uint64_t ip, char *buf, size_t size);

#endif
