/* SPDX-License-Identifier: MIT
 *
 * The instruction table as data: rows from isa/table, templates (SDM 3:4.1), and packing of
 * bundles. Serves everyone who reads isa.h. */
#include "isa/format.h"
#include "isa/table/bits.h"

const struct isa_row isa_rows[ISA_OP_COUNT] = {
    [ISA_OP_ILLEGAL] = {.name = "illegal", .format = "", .operands = ""},
#define ISA_ROW(id, fmt_, name_, syn_, units_, match_, mask_, attr_, chk_)                         \
    [ISA_##id##_##fmt_] = {.name = (name_),                                                        \
                           .format = #fmt_,                                                        \
                           .op = ISA_##id##_##fmt_,                                                \
                           .units = (units_),                                                      \
                           .match = (match_),                                                      \
                           .mask = (mask_),                                                        \
                           .attr = (attr_),                                                        \
                           .check = (chk_),                                                        \
                           .fmt = ISA_FMT_##fmt_,                                                  \
                           .operands = (syn_)},
#include "isa/table/all.def"
#undef ISA_ROW
};

#define M ISA_UNIT_M
#define I ISA_UNIT_I
#define F ISA_UNIT_F
#define B ISA_UNIT_B
#define L ISA_UNIT_L
#define X ISA_UNIT_X
#define T(a, b, c, s0, s1, s2)                                                                     \
    {                                                                                              \
        .unit = {a, b, c}, .stop = {s0, s1, s2}, .reserved = false                                 \
    }
#define RESERVED                                                                                   \
    {                                                                                              \
        .reserved = true                                                                           \
    }
const struct isa_template isa_templates[32] = {
    [0x00] = T(M, I, I, 0, 0, 0),
    [0x01] = T(M, I, I, 0, 0, 1),
    [0x02] = T(M, I, I, 0, 1, 0),
    [0x03] = T(M, I, I, 0, 1, 1),
    [0x04] = T(M, L, X, 0, 0, 0),
    [0x05] = T(M, L, X, 0, 0, 1),
    [0x06] = RESERVED,
    [0x07] = RESERVED,
    [0x08] = T(M, M, I, 0, 0, 0),
    [0x09] = T(M, M, I, 0, 0, 1),
    [0x0a] = T(M, M, I, 1, 0, 0),
    [0x0b] = T(M, M, I, 1, 0, 1),
    [0x0c] = T(M, F, I, 0, 0, 0),
    [0x0d] = T(M, F, I, 0, 0, 1),
    [0x0e] = T(M, M, F, 0, 0, 0),
    [0x0f] = T(M, M, F, 0, 0, 1),
    [0x10] = T(M, I, B, 0, 0, 0),
    [0x11] = T(M, I, B, 0, 0, 1),
    [0x12] = T(M, B, B, 0, 0, 0),
    [0x13] = T(M, B, B, 0, 0, 1),
    [0x14] = RESERVED,
    [0x15] = RESERVED,
    [0x16] = T(B, B, B, 0, 0, 0),
    [0x17] = T(B, B, B, 0, 0, 1),
    [0x18] = T(M, M, B, 0, 0, 0),
    [0x19] = T(M, M, B, 0, 0, 1),
    [0x1a] = RESERVED,
    [0x1b] = RESERVED,
    [0x1c] = T(M, F, B, 0, 0, 0),
    [0x1d] = T(M, F, B, 0, 0, 1),
    [0x1e] = RESERVED,
    [0x1f] = RESERVED,
};

struct isa_bundle isa_pack(unsigned tmpl, uint64_t s0, uint64_t s1, uint64_t s2)
{
    const uint64_t m = (1ull << 41) - 1;
    struct isa_bundle b;

    s0 &= m;
    s1 &= m;
    s2 &= m;
    b.lo = (tmpl & 31) | s0 << 5 | s1 << 46;
    b.hi = s1 >> 18 | s2 << 23;
    return b;
}

bool isa_encode(const struct isa_insn *in, uint64_t *slot, uint64_t *ext)
{
    const struct isa_row *row;

    if (in->op == ISA_OP_ILLEGAL || in->op >= ISA_OP_COUNT)
        return false;
    row = &isa_rows[in->op];
    *slot = row->match;
    *ext = 0;
    return isa_format_write(row->fmt, in, slot, ext);
}
