/* SPDX-License-Identifier: MIT
 *
 * The decoder: from 41 bits and a unit to a row of the table and its operands, and what the manual
 * says of encodings that are no instruction (SDM 3:4.1: reserved, reserved if qp, ignored). Serves
 * sim and privify.
 *
 * Per unit and major opcode, the bits that tell its rows apart are gathered into an index; the
 * index tables are made from the rows once, at program start. */
#include <stdlib.h>
#include <string.h>
#include "isa/format.h"

enum { MAX_PIECES = 6, MAX_INDEX_BITS = 13 };

struct bucket {
    uint8_t npieces, nbits;
    struct {
        uint8_t lo, at;
        uint16_t mask;
    } piece[MAX_PIECES];
    uint16_t *row; /* [1 << nbits]: row number, 0 if none */
};
static struct bucket buckets[ISA_UNIT_X + 1][16];

static inline unsigned bucket_index(const struct bucket *b, uint64_t slot)
{
    unsigned idx = 0;
    for (unsigned i = 0; i < b->npieces; i++)
        idx |= ((unsigned)(slot >> b->piece[i].lo) & b->piece[i].mask) << b->piece[i].at;
    return idx;
}

/* The slot bits that an index stands for. */
static uint64_t bucket_bits(const struct bucket *b, unsigned idx)
{
    uint64_t s = 0;
    for (unsigned i = 0; i < b->npieces; i++)
        s |= (uint64_t)((idx >> b->piece[i].at) & b->piece[i].mask) << b->piece[i].lo;
    return s;
}

static void bucket_make(struct bucket *b, unsigned unit, unsigned op)
{
    uint64_t bits = 0, all;
    bool any = false;

    for (unsigned r = 1; r < ISA_OP_COUNT; r++)
        if (isa_rows[r].units >> unit & 1 && isa_rows[r].match >> 37 == op) {
            bits |= isa_rows[r].mask;
            any = true;
        }
    if (!any)
        return;
    bits &= (1ull << 37) - 1;
    all = bits;
    while (bits) {
        unsigned lo = (unsigned)__builtin_ctzll(bits), w = 1;
        while (bits >> (lo + w) & 1)
            w++;
        if (b->npieces == MAX_PIECES || b->nbits + w > MAX_INDEX_BITS)
            abort(); /* a new row needs a larger index */
        b->piece[b->npieces].lo = (uint8_t)lo;
        b->piece[b->npieces].at = b->nbits;
        b->piece[b->npieces].mask = (uint16_t)((1u << w) - 1);
        b->npieces++;
        b->nbits = (uint8_t)(b->nbits + w);
        bits &= ~(((1ull << w) - 1) << lo);
    }
    b->row = calloc((size_t)1 << b->nbits, sizeof *b->row);
    if (!b->row)
        abort();
    for (unsigned r = 1; r < ISA_OP_COUNT; r++) {
        const struct isa_row *row = &isa_rows[r];
        if (!(row->units >> unit & 1) || row->match >> 37 != op)
            continue;
        for (unsigned i = 0; i < 1u << b->nbits; i++)
            if ((bucket_bits(b, i) & row->mask & all) == (row->match & all))
                b->row[i] = (uint16_t)r;
    }
}

__attribute__((constructor)) static void decode_init(void)
{
    for (unsigned unit = ISA_UNIT_M; unit <= ISA_UNIT_X; unit++)
        for (unsigned op = 0; op < 16; op++)
            bucket_make(&buckets[unit][op], unit, op);
}

const struct isa_row *isa_lookup(unsigned unit, uint64_t slot, bool later)
{
    const struct bucket *b;
    const struct isa_row *row;

    if (unit > ISA_UNIT_X)
        return NULL;
    b = &buckets[unit][slot >> 37 & 15];
    if (!b->row)
        return NULL;
    row = &isa_rows[b->row[bucket_index(b, slot)]];
    if (row->op == ISA_OP_ILLEGAL || (row->attr & ISA_ATTR_LATER && !later))
        return NULL;
    return row;
}

/* Reserved encodings (the shaded cells of the opcode tables, SDM 3:4.3 to 4.7). A, I, M, F and X:
 * illegal if qp is 1. B: as the cells are shaded, since some opcodes have no qp and the predict
 * space is made of hints. */
static enum isa_status reserved(unsigned unit, uint64_t slot)
{
    unsigned x6;

    if (unit != ISA_UNIT_B)
        return ISA_ILLEGAL_IF_QP;
    switch (slot >> 37 & 15) {
    case 0:
        x6 = slot >> 27 & 63;
        if (x6 == 1)
            return ISA_NOP_IF_ILLEGAL;
        return x6 < 0x20 ? ISA_ILLEGAL_IF_QP : ISA_ILLEGAL;
    case 2:
    case 3:
    case 6:
        return ISA_NOP_IF_ILLEGAL;
    default:
        return ISA_ILLEGAL;
    }
}

/* SDM 1:3.1.8, table of application registers: 0-47 belong to the M-unit, 64-111 to the I-unit;
 * 48-63 and 112-127 are ignored and may be named by either. */
static bool ar_bad(unsigned unit, unsigned ar, bool write)
{
    /* 0-7 kr, 16-19 rsc bsp bspstore rnat, 21 fcr, 24-30 eflag csd ssd cflg fsr fir fdr, 32 ccv, 36
     * unat, 40 fpsr, 44 itc, 45 ruc; 64-66 pfs lc ec. */
    static const uint64_t m_unit = 0xffull | 0xfull << 16 | 1ull << 21 | 0x7full << 24 |
                                   1ull << 32 | 1ull << 36 | 1ull << 40 | 3ull << 44;

    if (write && ar == 17)
        return true; /* bsp is read-only */
    if ((ar >= 48 && ar < 64) || ar >= 112)
        return false;
    if (unit == ISA_UNIT_I)
        return ar < 64 || ar > 66;
    return ar >= 64 || !(m_unit >> ar & 1);
}

/* SDM 2:3.3, table of control registers: 0-2 dcr itm iva, 8 pta, 16 ipsr, 17 isr, 19-27 iip ifa
 * itir iipa ifs iim iha iib0 iib1, 64-74 lid ivr tpr eoi irr0-3 itv pmv cmcv, 80-81 lrr0-1. ivr and
 * the irrs are read-only. */
static bool cr_bad(unsigned cr, bool write)
{
    static const uint64_t low = 7ull | 1ull << 8 | 3ull << 16 | 0x1ffull << 19;

    if (cr < 64)
        return !(low >> cr & 1);
    if (write && (cr == 65 || (cr >= 68 && cr <= 71)))
        return true;
    return !((cr >= 64 && cr <= 74) || cr == 80 || cr == 81);
}

/* The checks of the row (ISA_CHECK_*) on the operands. */
static enum isa_status check(const struct isa_row *row, const struct isa_insn *in)
{
    unsigned c = row->check;

    if (c & ISA_CHECK_QP0 && in->qp != 0)
        return ISA_ILLEGAL;
    if (c & ISA_CHECK_R1 && in->r1 == 0)
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_R3 && in->r3 == 0)
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_R1_R3 && in->r1 == in->r3)
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_F1 && in->f1 < 2)
        return ISA_ILLEGAL_IF_QP;
    if (c & (ISA_CHECK_P1_P2 | ISA_CHECK_P1_P2_UNC) && in->p1 == in->p2)
        return c & ISA_CHECK_P1_P2_UNC ? ISA_ILLEGAL : ISA_ILLEGAL_IF_QP;
    if (!(c & ~(unsigned)(ISA_CHECK_R1 | ISA_CHECK_R3 | ISA_CHECK_R1_R3 | ISA_CHECK_F1 |
                          ISA_CHECK_P1_P2 | ISA_CHECK_P1_P2_UNC | ISA_CHECK_SLOT2 | ISA_CHECK_QP0)))
        return ISA_OK;
    /* Two rotating registers move by the same distance modulo 96, an even number, so whether their
     * parities differ does not depend on rrb.fr. */
    if (c & ISA_CHECK_F1_F2 &&
        (in->f2 < 2 || ((in->f1 < 32) == (in->f2 < 32) && !((in->f1 ^ in->f2) & 1))))
        return ISA_ILLEGAL_IF_QP;
    if (c & (ISA_CHECK_AR_READ | ISA_CHECK_AR_WRITE) &&
        ar_bad(in->unit, in->ar3, c & ISA_CHECK_AR_WRITE))
        return ISA_ILLEGAL_IF_QP;
    if (c & (ISA_CHECK_CR_READ | ISA_CHECK_CR_WRITE) && cr_bad(in->cr3, c & ISA_CHECK_CR_WRITE))
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_FRAME && (in->sof > 96 || in->sol > in->sof || in->sor > in->sof))
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_CT2D && in->count > 3)
        return ISA_ILLEGAL_IF_QP;
    if (c & ISA_CHECK_MBTYPE && in->count != 0 && (in->count < 8 || in->count > 11))
        return ISA_ILLEGAL_IF_QP;
    return ISA_OK;
}

static enum isa_status illegal(struct isa_insn *out, enum isa_status st)
{
    out->op = ISA_OP_ILLEGAL;
    out->status = (uint8_t)st;
    return st;
}

enum isa_status isa_decode(unsigned unit, uint64_t slot, uint64_t ext, struct isa_insn *out)
{
    const struct isa_row *row;
    enum isa_status st;

    memset(out, 0, sizeof *out);
    slot &= (1ull << 41) - 1;
    ext &= (1ull << 41) - 1;
    out->unit = (uint8_t)unit;
    out->raw = slot;
    out->raw_ext = ext;
    if (unit == ISA_UNIT_L) {
        out->op = ISA_NOP_I_I18;
        return ISA_OK;
    }
    if (unit == ISA_UNIT_NONE || unit > ISA_UNIT_X)
        return illegal(out, ISA_ILLEGAL);
    row = isa_lookup(unit, slot, false);
    if (!row) {
        out->qp = slot & 63;
        return illegal(out, reserved(unit, slot));
    }
    out->op = row->op;
    isa_format_read(row->fmt, slot, ext, out);
    if (row->check) {
        st = check(row, out);
        if (st != ISA_OK)
            return illegal(out, st);
    }
    return ISA_OK;
}

enum isa_status isa_decode_slot(struct isa_bundle b, unsigned n, struct isa_insn *out)
{
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    enum isa_status st;

    if (t->reserved || n > 2) {
        memset(out, 0, sizeof *out);
        return illegal(out, ISA_ILLEGAL);
    }
    st = isa_decode(t->unit[n], isa_slot(b, n), t->unit[n] == ISA_UNIT_X ? isa_slot(b, 1) : 0, out);
    /* Loop branches look at their slot before anything else, qp included (SDM 3:2, br). */
    if (st == ISA_OK && n != 2 && isa_rows[out->op].check & ISA_CHECK_SLOT2)
        return illegal(out, ISA_ILLEGAL);
    return st;
}
