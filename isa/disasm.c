/* SPDX-License-Identifier: MIT
 *
 * The disassembler, in the GNU disassembler's words: the row's mnemonic, completers for hints and
 * status field, operands by the row's operand text, and the pseudo-ops of SDM 3:2 that GNU prefers.
 * Reads the raw bits, so that illegal operands (a target of r0) show as they are. Serves traces,
 * tests and people. */
#include <string.h>
#include "isa/format.h"

struct text {
    char *p;
    size_t n, size; /* n counts what would have been written */
};

static void put_char(struct text *t, char c)
{
    if (t->n + 1 < t->size)
        t->p[t->n] = c;
    t->n++;
}
static void put_str(struct text *t, const char *s)
{
    while (*s)
        put_char(t, *s++);
}
static void put_dec(struct text *t, uint64_t v)
{
    char b[24];
    unsigned n = 0;
    do
        b[n++] = (char)('0' + v % 10);
    while (v /= 10);
    while (n)
        put_char(t, b[--n]);
}
static void put_signed(struct text *t, uint64_t v)
{
    if (v >> 63) {
        put_char(t, '-');
        v = -v;
    }
    put_dec(t, v);
}
static void put_hex_wide(struct text *t, uint64_t v, unsigned width)
{
    char b[16];
    unsigned n = 0;
    put_str(t, "0x");
    do
        b[n++] = "0123456789abcdef"[v & 15];
    while (v >>= 4);
    while (n < width)
        b[n++] = '0';
    while (n)
        put_char(t, b[--n]);
}
static void put_hex(struct text *t, uint64_t v)
{
    put_hex_wide(t, v, 1);
}
static void put_reg(struct text *t, const char *file, unsigned n)
{
    put_str(t, file);
    put_dec(t, n);
}

static const char *const ar_name[128] = {
    "k0",
    "k1",
    "k2",
    "k3",
    "k4",
    "k5",
    "k6",
    "k7",
    [16] = "rsc",
    [17] = "bsp",
    [18] = "bspstore",
    [19] = "rnat",
    [21] = "fcr",
    [24] = "eflag",
    [25] = "csd",
    [26] = "ssd",
    [27] = "cflg",
    [28] = "fsr",
    [29] = "fir",
    [30] = "fdr",
    [32] = "ccv",
    [36] = "unat",
    [40] = "fpsr",
    [44] = "itc",
    [45] = "ruc",
    [64] = "pfs",
    [65] = "lc",
    [66] = "ec",
};
static const char *const cr_name[128] = {
    [0] = "dcr",  [1] = "itm",   [2] = "iva",   [8] = "pta",   [16] = "ipsr", [17] = "isr",
    [19] = "iip", [20] = "ifa",  [21] = "itir", [22] = "iipa", [23] = "ifs",  [24] = "iim",
    [25] = "iha", [26] = "iib0", [27] = "iib1", [64] = "lid",  [65] = "ivr",  [66] = "tpr",
    [67] = "eoi", [68] = "irr0", [69] = "irr1", [70] = "irr2", [71] = "irr3", [72] = "itv",
    [73] = "pmv", [74] = "cmcv", [80] = "lrr0", [81] = "lrr1",
};
static void put_named(struct text *t, const char *file, const char *const *name, unsigned n)
{
    put_str(t, file);
    if (name[n]) {
        put_char(t, '.');
        put_str(t, name[n]);
    } else
        put_dec(t, n);
}

/* One operand, named as in the rows' operand texts; other words are literal (ar.pfs, psr.l, rr, 1).
 */
static bool word_is(const char *w, size_t n, const char *name)
{
    return strlen(name) == n && !memcmp(w, name, n);
}
static void put_operand(struct text *t, const char *w, size_t n, const struct isa_insn *in,
                        unsigned fmt, uint64_t ip)
{
    static const char *const mbtype[16] = {
        [0] = "@brcst", [8] = "@mix", [9] = "@shuf", [10] = "@alt", [11] = "@rev"};

    if (n == 2 && w[1] >= '1' && w[1] <= '4') {
        const uint8_t *r = w[0] == 'r'   ? &in->r1
                           : w[0] == 'f' ? &in->f1
                           : w[0] == 'p' ? &in->p1
                           : w[0] == 'b' ? &in->b1
                                         : NULL;
        const char file[2] = {w[0], 0};
        if (r) {
            put_reg(t, file, r[w[1] - '1']);
            return;
        }
    }
    if (word_is(w, n, "imm")) {
        switch (fmt) {
        case ISA_FMT_I18:
        case ISA_FMT_I19:
        case ISA_FMT_M37:
        case ISA_FMT_M44:
        case ISA_FMT_M48:
        case ISA_FMT_B9:
        case ISA_FMT_F15:
        case ISA_FMT_F16:
        case ISA_FMT_X1:
        case ISA_FMT_X5:
            put_hex(t, in->imm);
            break;
        default:
            put_signed(t, in->imm);
        }
    } else if (word_is(w, n, "target"))
        put_hex(t, ip + in->imm);
    else if (word_is(w, n, "tag"))
        put_hex(t, ip + (uint64_t)in->tag);
    else if (word_is(w, n, "imm64") || word_is(w, n, "imm44") || word_is(w, n, "mask") ||
             word_is(w, n, "fclass"))
        put_hex(t, in->imm);
    else if (word_is(w, n, "amask"))
        put_hex(t, in->imm & 0x7f);
    else if (word_is(w, n, "omask"))
        put_hex(t, in->imm >> 7);
    else if (word_is(w, n, "count"))
        put_dec(t, in->count);
    else if (word_is(w, n, "pos"))
        put_dec(t, in->pos);
    else if (word_is(w, n, "len"))
        put_dec(t, in->len);
    else if (word_is(w, n, "mbtype") && mbtype[in->count & 15])
        put_str(t, mbtype[in->count & 15]);
    else if (word_is(w, n, "mbtype") || word_is(w, n, "mhtype"))
        put_hex(t, in->count);
    else if (word_is(w, n, "ar3"))
        put_named(t, "ar", ar_name, in->ar3);
    else if (word_is(w, n, "cr3"))
        put_named(t, "cr", cr_name, in->cr3);
    else
        while (n--)
            put_char(t, *w++);
}

static void put_operands(struct text *t, const char *s, const struct isa_insn *in, unsigned fmt,
                         uint64_t ip)
{
    while (*s) {
        size_t n = strcspn(s, "=,[]");
        if (n)
            put_operand(t, s, n, in, fmt, ip);
        s += n;
        if (*s)
            put_char(t, *s++);
    }
}

/* Hint completers. Loads: the bit above the manual's two hint bits, in a field the manual ignores,
 * selects the data access hints .d4 to .d7 of the Itanium 9500. */
static void put_cache_hint(struct text *t, const struct isa_insn *in, unsigned fmt)
{
    static const char *const ld[8] = {"", ".nt1", ".d2", ".nta", ".d4", ".d5", ".d6", ".d7"};
    static const char *const st[8] = {"", ".d1", ".d2", ".nta", ".d4", ".d5", ".d6", ".d7"};
    static const char *const lf[8] = {"", ".nt1", ".nt2", ".nta", ".d4", ".d5", ".d6", ".d7"};
    static const char *const sem[4] = {"", ".nt1", "", ".nta"};

    switch (fmt) {
    case ISA_FMT_M1:
    case ISA_FMT_M6:
        put_str(t, ld[in->hint | (in->raw >> 19 & 1) << 2]);
        break;
    case ISA_FMT_M2:
    case ISA_FMT_M3:
    case ISA_FMT_M7:
    case ISA_FMT_M8:
    case ISA_FMT_M11:
    case ISA_FMT_M12:
    case ISA_FMT_M16:
    case ISA_FMT_M17:
        put_str(t, sem[in->hint]);
        break;
    case ISA_FMT_M4:
    case ISA_FMT_M9:
        put_str(t, st[in->hint | (in->raw >> 12 & 1) << 2]);
        break;
    case ISA_FMT_M5:
    case ISA_FMT_M10:
        put_str(t, in->hint == 3 ? ".nta" : "");
        break;
    case ISA_FMT_M13:
    case ISA_FMT_M14:
    case ISA_FMT_M15:
        put_str(t, lf[in->hint | (in->raw >> 12 & 1) << 2]);
        break;
    default:
        break;
    }
}

static void put_branch_hint(struct text *t, const struct isa_insn *in, unsigned fmt, bool plain)
{
    static const char *const bwh[4] = {".sptk", ".spnt", ".dptk", ".dpnt"};
    unsigned wh = in->hint >> 1 & 3, d = in->hint >> 3 & 1;

    if (fmt == ISA_FMT_B5) {
        plain = !(in->hint >> 1 & 1); /* even values are reserved: no name */
        wh = in->hint >> 2 & 3;
        d = in->hint >> 4 & 1;
    }
    if (!plain)
        put_str(t, bwh[wh]);
    put_str(t, in->hint & 1 ? ".many" : ".few");
    put_str(t, d ? ".clr" : "");
}

/* Completers after the row's name. */
static void put_completers(struct text *t, const struct isa_insn *in, unsigned fmt)
{
    static const char *const ipwh[4] = {".sptk", ".loop", ".dptk", ".exit"};
    static const char *const indwh[4] = {".sptk", "", ".dptk", ""};
    static const char *const mwh[4] = {".sptk", "", ".dptk", ""};

    switch (fmt) {
    case ISA_FMT_B1:
    case ISA_FMT_B2:
    case ISA_FMT_B3:
    case ISA_FMT_B4:
    case ISA_FMT_B5:
    case ISA_FMT_X3:
    case ISA_FMT_X4:
        put_branch_hint(t, in, fmt, false);
        break;
    case ISA_FMT_B6:
    case ISA_FMT_B7:
        put_str(t, fmt == ISA_FMT_B7 ? indwh[in->wh & 3] : ipwh[in->wh & 3]);
        put_str(t, in->wh & 4 ? ".imp" : "");
        break;
    case ISA_FMT_I21:
        put_str(t, in->wh & 4 ? ".ret" : "");
        put_str(t, mwh[in->wh & 3]);
        put_str(t, in->wh & 8 ? ".imp" : "");
        break;
    case ISA_FMT_F1:
    case ISA_FMT_F4:
    case ISA_FMT_F6:
    case ISA_FMT_F7:
    case ISA_FMT_F8:
    case ISA_FMT_F10:
    case ISA_FMT_F12:
    case ISA_FMT_F13:
    case ISA_FMT_F14:
        put_str(t, ".s");
        put_dec(t, in->sf);
        break;
    default:
        put_cache_hint(t, in, fmt);
    }
}

/* Pseudo-ops: another name and other operands for a row with particular operands. Mnemonics that
 * keep the completers of the row have them put after `name`. */
struct pseudo {
    const char *name, *operands;
};
static const char *precision(uint16_t op)
{
    switch (op) {
    case ISA_FMA_S_F1:
    case ISA_FMS_S_F1:
    case ISA_FNMA_S_F1:
        return ".s";
    case ISA_FMA_D_F1:
    case ISA_FMS_D_F1:
    case ISA_FNMA_D_F1:
        return ".d";
    default:
        return "";
    }
}
static bool pseudo(const struct isa_insn *in, struct pseudo *p)
{
    switch (in->op) {
    case ISA_ADDS_A4:
        *p = (struct pseudo){"mov", "r1=r3"};
        return in->imm == 0;
    case ISA_ADDL_A5:
        *p = (struct pseudo){"mov", "r1=imm"};
        return in->r3 == 0;
    case ISA_DEP_Z_I12:
        *p = (struct pseudo){"shl", "r1=r2,pos"};
        return in->len == 64 - in->pos;
    case ISA_EXTR_I11:
        *p = (struct pseudo){"shr", "r1=r3,pos"};
        return in->len == 64 - in->pos;
    case ISA_EXTR_U_I11:
        *p = (struct pseudo){"shr.u", "r1=r3,pos"};
        return in->len == 64 - in->pos;
    case ISA_MOV_I21:
        *p = (struct pseudo){"mov", "b1=r2"};
        return in->wh == 1;
    case ISA_FMA_F1:
    case ISA_FMA_S_F1:
    case ISA_FMA_D_F1:
        if (in->f4 == 1)
            *p = in->f2 == 0 ? (struct pseudo){"fnorm", "f1=f3"}
                             : (struct pseudo){"fadd", "f1=f3,f2"};
        else
            *p = (struct pseudo){"fmpy", "f1=f3,f4"};
        return in->f4 == 1 || in->f2 == 0;
    case ISA_FMS_F1:
    case ISA_FMS_S_F1:
    case ISA_FMS_D_F1:
        *p = (struct pseudo){"fsub", "f1=f3,f2"};
        return in->f4 == 1;
    case ISA_FNMA_F1:
    case ISA_FNMA_S_F1:
    case ISA_FNMA_D_F1:
        *p = (struct pseudo){"fnmpy", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_FPMA_F1:
        *p = (struct pseudo){"fpmpy", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_FPNMA_F1:
        *p = (struct pseudo){"fpnmpy", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_XMA_L_F2:
        *p = (struct pseudo){"xmpy.l", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_XMA_H_F2:
        *p = (struct pseudo){"xmpy.h", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_XMA_HU_F2:
        *p = (struct pseudo){"xmpy.hu", "f1=f3,f4"};
        return in->f2 == 0;
    case ISA_FMERGE_S_F9:
        *p = in->f2 == in->f3 ? (struct pseudo){"mov", "f1=f2"} : (struct pseudo){"fabs", "f1=f3"};
        return in->f2 == in->f3 || in->f2 == 0;
    case ISA_FMERGE_NS_F9:
        *p = in->f2 == in->f3 ? (struct pseudo){"fneg", "f1=f2"}
                              : (struct pseudo){"fnegabs", "f1=f3"};
        return in->f2 == in->f3 || in->f2 == 0;
    case ISA_FPMERGE_S_F9:
        *p = (struct pseudo){"fpabs", "f1=f3"};
        return in->f2 == 0;
    case ISA_FPMERGE_NS_F9:
        *p = in->f2 == in->f3 ? (struct pseudo){"fpneg", "f1=f2"}
                              : (struct pseudo){"fpnegabs", "f1=f3"};
        return in->f2 == in->f3 || in->f2 == 0;
    default:
        return false;
    }
}

/* Forms of the Itanium 9500 inside what the manual has as hints and ignored fields. */
static bool put_later(struct text *t, const struct isa_insn *in)
{
    uint64_t raw = in->raw;

    if (in->op == ISA_HINT_M_M48 && (raw >> 10 & 3) == 1) {
        put_reg(t, "mov dahr", raw >> 23 & 7);
        put_char(t, '=');
        put_dec(t, (raw >> 6 & 15) | (raw >> 12 & 0x7ff) << 4 | (raw >> 36 & 1) << 15);
        return true;
    }
    if (in->op == ISA_LFETCH_M13 && raw >> 19 & 1) {
        uint64_t stride = raw >> 13 & 31;
        put_str(t, "lfetch.count");
        put_cache_hint(t, in, ISA_FMT_M13);
        put_reg(t, " [r", in->r3);
        put_str(t, "],");
        put_dec(t, (raw >> 6 & 63) + 1);
        put_char(t, ',');
        put_signed(t, (stride & 16 ? stride - 32 : stride) * 64);
        return true;
    }
    return false;
}

/* column: leave the predicate's place blank when there is none. False if no row matches. */
static bool disasm(struct text *t, const struct isa_insn *in, uint64_t ip, bool column)
{
    struct isa_insn x = *in;
    const struct isa_row *row = isa_lookup(in->unit, in->raw, true);
    struct pseudo p;
    bool plain_br;

    if (!row) {
        put_str(t, column ? "      data8 " : "data8 ");
        put_hex_wide(t, in->raw, 9);
        return false;
    }
    x.op = row->op;
    isa_format_read(row->fmt, in->raw, in->raw_ext, &x);
    if (x.qp && !(row->attr & ISA_ATTR_NOQP) && row->op != ISA_ALLOC_M34) {
        put_str(t, x.qp < 10 ? "(p0" : "(p");
        put_dec(t, x.qp);
        put_str(t, ") ");
    } else if (column)
        put_str(t, "      ");
    if (put_later(t, &x))
        return true;
    if (row->op == ISA_ALLOC_M34) {
        /* GNU: size of frame, size of locals, size of rotating; the manual: i, l, o, r. */
        put_reg(t, "alloc r", x.r1);
        put_reg(t, "=ar.pfs,", x.sof);
        put_reg(t, ",", x.sol);
        put_reg(t, ",", x.sor);
        return true;
    }
    plain_br =
        (row->op == ISA_BR_COND_B1 || row->op == ISA_BR_COND_B4 || row->op == ISA_BRL_COND_X3) &&
        x.qp == 0 && (x.hint >> 1 & 3) == 0;
    if (plain_br) {
        put_str(t, row->op == ISA_BRL_COND_X3 ? "brl" : "br");
        put_branch_hint(t, &x, row->fmt, true);
        p.operands = row->operands;
    } else if (pseudo(&x, &p)) {
        put_str(t, p.name);
        put_str(t, precision(row->op));
        if (row->fmt == ISA_FMT_F1)
            put_completers(t, &x, row->fmt);
    } else {
        put_str(t, row->name);
        put_completers(t, &x, row->fmt);
        p.operands = row->operands;
    }
    if (*p.operands) {
        put_char(t, ' ');
        put_operands(t, p.operands, &x, row->fmt, ip);
    }
    return true;
}

static size_t finish(struct text *t)
{
    if (t->size)
        t->p[t->n < t->size ? t->n : t->size - 1] = 0;
    return t->n;
}

size_t isa_disasm(const struct isa_insn *in, uint64_t ip, char *buf, size_t size)
{
    struct text t = {buf, 0, size};

    disasm(&t, in, ip, false);
    return finish(&t);
}

size_t isa_disasm_bundle(struct isa_bundle b, uint64_t ip, char *buf, size_t size)
{
    static const char letter[] = "?MIFBLX";
    const struct isa_template *tm = &isa_templates[isa_tmpl(b)];
    struct text t = {buf, 0, size};

    for (unsigned n = 0; n < 3; n++) {
        struct isa_insn in;

        if (n == 0) {
            put_char(&t, '[');
            if (tm->reserved) {
                /* GNU's name for a reserved template: its number without the stop bit. */
                put_char(&t, '-');
                put_char(&t, "0123456789abcdef"[isa_tmpl(b) >> 1]);
                put_char(&t, '-');
            } else
                for (unsigned i = 0; i < 3; i++)
                    put_char(&t, letter[tm->unit[i]]);
            put_str(&t, "] ");
        } else {
            if (tm->unit[n] == ISA_UNIT_L)
                continue;
            put_str(&t, "\n      ");
        }
        memset(&in, 0, sizeof in);
        in.unit = tm->unit[n]; /* none when reserved: shown as data */
        in.raw = isa_slot(b, n);
        in.raw_ext = in.unit == ISA_UNIT_X ? isa_slot(b, 1) : 0;
        if (disasm(&t, &in, ip, true) && tm->stop[n])
            put_str(&t, ";;");
    }
    return finish(&t);
}
