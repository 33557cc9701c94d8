/* SPDX-License-Identifier: MIT
 *
 * enum isa_op: one value per row of the instruction table, ISA_<id>_<format>. Derived from the
 * table itself; included by isa.h. */
#ifndef ISA_OPS_H
#define ISA_OPS_H

enum isa_op {
    ISA_OP_ILLEGAL,
#define ISA_ROW(id, fmt, name, syn, units, match, mask, attr, chk) ISA_##id##_##fmt,
#include "isa/table/all.def"
#undef ISA_ROW
    ISA_OP_COUNT
};

#endif
