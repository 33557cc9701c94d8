/* SPDX-License-Identifier: MIT
 *
 * Instruction formats (SDM 3:4.1, table of formats): which operand fields a row of the table has.
 * Shared by decoder, encoder, disassembler and the table's own tests; not for others. */
#ifndef ISA_FORMAT_H
#define ISA_FORMAT_H

#include "isa/isa.h"

enum isa_format {
    ISA_FMT_NONE,
#define FORMAT(name, fields) ISA_FMT_##name,
#include "isa/formats.def"
#undef FORMAT
    ISA_FMT_COUNT
};

extern const char *const isa_format_name[ISA_FMT_COUNT];

/* Reads the operand fields of format fmt into *out (which has op and raw set). */
void isa_format_read(unsigned fmt, uint64_t slot, uint64_t ext, struct isa_insn *out);

/* Adds the operand fields to *slot and *ext. False if a value does not fit. */
bool isa_format_write(unsigned fmt, const struct isa_insn *in, uint64_t *slot, uint64_t *ext);

/* The bits of the slot that are operands; those neither here nor in the row's mask are ignored. */
uint64_t isa_format_bits(unsigned fmt);

/* The row an encoding belongs to, NULL if it is reserved; `later` admits rows with ISA_ATTR_LATER.
 */
const struct isa_row *isa_lookup(unsigned unit, uint64_t slot, bool later);

#endif
