/* SPDX-License-Identifier: MIT
 *
 * Operand fields in and out of the 41 bits (SDM 3:4.1 to 4.8): three readings of formats.def.
 * Serves decoder and encoder; knows nothing of what the fields mean. */
#include "isa/format.h"

#define FLD(lo, w)  (((1ull << (w)) - 1) << (lo))
#define BITS(lo, w) ((slot >> (lo)) & ((1ull << (w)) - 1))

const char *const isa_format_name[ISA_FMT_COUNT] = {
#define FORMAT(name, fields) [ISA_FMT_##name] = #name,
#include "isa/formats.def"
#undef FORMAT
};

static inline uint64_t sext(uint64_t v, unsigned w)
{
    uint64_t s = 1ull << (w - 1);
    return (v ^ s) - s;
}

/* pmpyshr2's count2 and fetchadd's inc3 are encoded by table (SDM 3:4.8). */
static const uint8_t count_i1[4] = {0, 7, 15, 16};
static const int8_t inc_m17[8] = {16, 8, 4, 1, -16, -8, -4, -1};

/* First reading: fields to struct. */
#define S_(v, w)             sext(v, w)
#define Z_(v, w)             (v)
#define U(f, lo, w)          out->f = BITS(lo, w);
#define BIAS(f, lo, w, n)    out->f = BITS(lo, w) + (n);
#define COMPL(f, lo, w, n)   out->f = (n)-BITS(lo, w);
#define P1(x, f, sh, l0, w0) out->f = x##_(BITS(l0, w0), w0) << (sh);
#define P2(x, f, sh, l0, w0, l1, w1)                                                               \
    out->f = x##_(BITS(l0, w0) | BITS(l1, w1) << (w0), (w0) + (w1)) << (sh);
#define P3(x, f, sh, l0, w0, l1, w1, l2, w2)                                                       \
    out->f = x##_(BITS(l0, w0) | BITS(l1, w1) << (w0) | BITS(l2, w2) << ((w0) + (w1)),             \
                  (w0) + (w1) + (w2))                                                              \
             << (sh);
#define P4(x, f, sh, l0, w0, l1, w1, l2, w2, l3, w3)                                               \
    out->f = x##_(BITS(l0, w0) | BITS(l1, w1) << (w0) | BITS(l2, w2) << ((w0) + (w1)) |            \
                      BITS(l3, w3) << ((w0) + (w1) + (w2)),                                        \
                  (w0) + (w1) + (w2) + (w3))                                                       \
             << (sh);
#define COUNT_I1 out->count = count_i1[BITS(30, 2)];
/* ldfps reads two singles, the others two doublewords. */
#define INC_M12 out->imm = BITS(30, 2) == 2 ? 8 : 16;
#define INC_M17 out->imm = (uint64_t)inc_m17[BITS(13, 3)];
#define IMM62   out->imm = ext << 21 | BITS(36, 1) << 20 | BITS(6, 20);
#define IMM64                                                                                      \
    out->imm = BITS(36, 1) << 63 | ext << 22 | BITS(21, 1) << 21 | BITS(22, 5) << 16 |             \
               BITS(27, 9) << 7 | BITS(13, 7);
#define TGT64                                                                                      \
    out->imm = (BITS(36, 1) << 59 | ((ext >> 2) & ((1ull << 39) - 1)) << 20 | BITS(13, 20)) << 4;

void isa_format_read(unsigned fmt, uint64_t slot, uint64_t ext, struct isa_insn *out)
{
    switch (fmt) {
#define FORMAT(name, fields)                                                                       \
    case ISA_FMT_##name:                                                                           \
        fields break;
#include "isa/formats.def"
#undef FORMAT
    default:
        break;
    }
}
#undef U
#undef BIAS
#undef COMPL
#undef P1
#undef P2
#undef P3
#undef P4
#undef S_
#undef Z_
#undef COUNT_I1
#undef INC_M12
#undef INC_M17
#undef IMM62
#undef IMM64
#undef TGT64

/* Second reading: which bits are operands. */
#define U(f, lo, w)                          | FLD(lo, w)
#define BIAS(f, lo, w, n)                    | FLD(lo, w)
#define COMPL(f, lo, w, n)                   | FLD(lo, w)
#define P1(x, f, sh, l0, w0)                 | FLD(l0, w0)
#define P2(x, f, sh, l0, w0, l1, w1)         | FLD(l0, w0) | FLD(l1, w1)
#define P3(x, f, sh, l0, w0, l1, w1, l2, w2) | FLD(l0, w0) | FLD(l1, w1) | FLD(l2, w2)
#define P4(x, f, sh, l0, w0, l1, w1, l2, w2, l3, w3)                                               \
    | FLD(l0, w0) | FLD(l1, w1) | FLD(l2, w2) | FLD(l3, w3)
#define COUNT_I1 | FLD(30, 2)
#define INC_M12
#define INC_M17 | FLD(13, 3)
#define IMM62   | FLD(36, 1) | FLD(6, 20)
#define IMM64   | FLD(36, 1) | FLD(21, 1) | FLD(22, 5) | FLD(27, 9) | FLD(13, 7)
#define TGT64   | FLD(36, 1) | FLD(13, 20)

uint64_t isa_format_bits(unsigned fmt)
{
    static const uint64_t bits[ISA_FMT_COUNT] = {
#define FORMAT(name, fields) [ISA_FMT_##name] = 0 fields,
#include "isa/formats.def"
#undef FORMAT
    };
    return fmt < ISA_FMT_COUNT ? bits[fmt] : 0;
}
#undef U
#undef BIAS
#undef COMPL
#undef P1
#undef P2
#undef P3
#undef P4
#undef COUNT_I1
#undef INC_M12
#undef INC_M17
#undef IMM62
#undef IMM64
#undef TGT64

/* Third reading: struct to fields. */
struct writer {
    uint64_t slot, ext;
    bool ok;
};
static uint64_t fit_z(struct writer *w, uint64_t v, unsigned shift, unsigned width)
{
    uint64_t f = v >> shift;
    w->ok &= f << shift == v && f >> width == 0;
    return f & ((1ull << width) - 1);
}
static uint64_t fit_s(struct writer *w, uint64_t v, unsigned shift, unsigned width)
{
    uint64_t f = (v >> shift) & ((1ull << width) - 1);
    w->ok &= sext(f, width) << shift == v;
    return f;
}
static void put(struct writer *w, unsigned lo, unsigned width, uint64_t v)
{
    w->slot |= (v & ((1ull << width) - 1)) << lo;
}
static void put_table(struct writer *w, unsigned lo, unsigned n, uint64_t v, const int8_t *tab)
{
    for (unsigned i = 0; i < n; i++)
        if ((uint64_t)tab[i] == v) {
            w->slot |= (uint64_t)i << lo;
            return;
        }
    w->ok = false;
}

#define S_(v, sh, w)         fit_s(&wr, (uint64_t)(v), sh, w)
#define Z_(v, sh, w)         fit_z(&wr, (uint64_t)(v), sh, w)
#define U(f, lo, w)          put(&wr, lo, w, fit_z(&wr, in->f, 0, w));
#define BIAS(f, lo, w, n)    put(&wr, lo, w, fit_z(&wr, (uint64_t)in->f - (n), 0, w));
#define COMPL(f, lo, w, n)   put(&wr, lo, w, fit_z(&wr, (uint64_t)(n)-in->f, 0, w));
#define P1(x, f, sh, l0, w0) put(&wr, l0, w0, x##_(in->f, sh, w0));
#define P2(x, f, sh, l0, w0, l1, w1)                                                               \
    v = x##_(in->f, sh, (w0) + (w1));                                                              \
    put(&wr, l0, w0, v);                                                                           \
    put(&wr, l1, w1, v >> (w0));
#define P3(x, f, sh, l0, w0, l1, w1, l2, w2)                                                       \
    v = x##_(in->f, sh, (w0) + (w1) + (w2));                                                       \
    put(&wr, l0, w0, v);                                                                           \
    put(&wr, l1, w1, v >> (w0));                                                                   \
    put(&wr, l2, w2, v >> ((w0) + (w1)));
#define P4(x, f, sh, l0, w0, l1, w1, l2, w2, l3, w3)                                               \
    v = x##_(in->f, sh, (w0) + (w1) + (w2) + (w3));                                                \
    put(&wr, l0, w0, v);                                                                           \
    put(&wr, l1, w1, v >> (w0));                                                                   \
    put(&wr, l2, w2, v >> ((w0) + (w1)));                                                          \
    put(&wr, l3, w3, v >> ((w0) + (w1) + (w2)));
#define COUNT_I1 put_table(&wr, 30, 4, in->count, (const int8_t *)count_i1);
#define INC_M12  wr.ok &= in->imm == (((wr.slot | *slot) >> 30 & 3) == 2 ? 8 : 16);
#define INC_M17  put_table(&wr, 13, 8, in->imm, inc_m17);
#define IMM62                                                                                      \
    v = fit_z(&wr, in->imm, 0, 62);                                                                \
    put(&wr, 6, 20, v);                                                                            \
    put(&wr, 36, 1, v >> 20);                                                                      \
    wr.ext = v >> 21;
#define IMM64                                                                                      \
    v = in->imm;                                                                                   \
    put(&wr, 13, 7, v);                                                                            \
    put(&wr, 27, 9, v >> 7);                                                                       \
    put(&wr, 22, 5, v >> 16);                                                                      \
    put(&wr, 21, 1, v >> 21);                                                                      \
    put(&wr, 36, 1, v >> 63);                                                                      \
    wr.ext = (v >> 22) & ((1ull << 41) - 1);
#define TGT64                                                                                      \
    v = fit_z(&wr, in->imm, 4, 60);                                                                \
    put(&wr, 13, 20, v);                                                                           \
    put(&wr, 36, 1, v >> 59);                                                                      \
    wr.ext = (v >> 20 & ((1ull << 39) - 1)) << 2;

bool isa_format_write(unsigned fmt, const struct isa_insn *in, uint64_t *slot, uint64_t *ext)
{
    struct writer wr = {0, 0, true};
    uint64_t v;

    (void)v;
    switch (fmt) {
#define FORMAT(name, fields)                                                                       \
    case ISA_FMT_##name:                                                                           \
        fields break;
#include "isa/formats.def"
#undef FORMAT
    default:
        return false;
    }
    *slot |= wr.slot;
    *ext |= wr.ext;
    return wr.ok;
}
