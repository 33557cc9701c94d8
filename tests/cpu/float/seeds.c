/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: frcpa, frsqrta and the packed forms: special operands, the manual's tables,
 * software assistance, and division and square root as compilers build them from the seeds, against
 * the host's.
 */
#include <math.h>
#include <string.h>
#include "tests/cpu/float/float.h"

/* SDM 3: frcpa page, RECIP_TABLE. */
static const uint16_t recip_table[256] = {
    0x3fc, 0x3f4, 0x3ec, 0x3e4, 0x3dd, 0x3d5, 0x3cd, 0x3c6, 0x3be, 0x3b7, 0x3af, 0x3a8, 0x3a1,
    0x399, 0x392, 0x38b, 0x384, 0x37d, 0x376, 0x36f, 0x368, 0x361, 0x35b, 0x354, 0x34d, 0x346,
    0x340, 0x339, 0x333, 0x32c, 0x326, 0x320, 0x319, 0x313, 0x30d, 0x307, 0x300, 0x2fa, 0x2f4,
    0x2ee, 0x2e8, 0x2e2, 0x2dc, 0x2d7, 0x2d1, 0x2cb, 0x2c5, 0x2bf, 0x2ba, 0x2b4, 0x2af, 0x2a9,
    0x2a3, 0x29e, 0x299, 0x293, 0x28e, 0x288, 0x283, 0x27e, 0x279, 0x273, 0x26e, 0x269, 0x264,
    0x25f, 0x25a, 0x255, 0x250, 0x24b, 0x246, 0x241, 0x23c, 0x237, 0x232, 0x22e, 0x229, 0x224,
    0x21f, 0x21b, 0x216, 0x211, 0x20d, 0x208, 0x204, 0x1ff, 0x1fb, 0x1f6, 0x1f2, 0x1ed, 0x1e9,
    0x1e5, 0x1e0, 0x1dc, 0x1d8, 0x1d4, 0x1cf, 0x1cb, 0x1c7, 0x1c3, 0x1bf, 0x1bb, 0x1b6, 0x1b2,
    0x1ae, 0x1aa, 0x1a6, 0x1a2, 0x19e, 0x19a, 0x197, 0x193, 0x18f, 0x18b, 0x187, 0x183, 0x17f,
    0x17c, 0x178, 0x174, 0x171, 0x16d, 0x169, 0x166, 0x162, 0x15e, 0x15b, 0x157, 0x154, 0x150,
    0x14d, 0x149, 0x146, 0x142, 0x13f, 0x13b, 0x138, 0x134, 0x131, 0x12e, 0x12a, 0x127, 0x124,
    0x120, 0x11d, 0x11a, 0x117, 0x113, 0x110, 0x10d, 0x10a, 0x107, 0x103, 0x100, 0x0fd, 0x0fa,
    0x0f7, 0x0f4, 0x0f1, 0x0ee, 0x0eb, 0x0e8, 0x0e5, 0x0e2, 0x0df, 0x0dc, 0x0d9, 0x0d6, 0x0d3,
    0x0d0, 0x0cd, 0x0ca, 0x0c8, 0x0c5, 0x0c2, 0x0bf, 0x0bc, 0x0b9, 0x0b7, 0x0b4, 0x0b1, 0x0ae,
    0x0ac, 0x0a9, 0x0a6, 0x0a4, 0x0a1, 0x09e, 0x09c, 0x099, 0x096, 0x094, 0x091, 0x08e, 0x08c,
    0x089, 0x087, 0x084, 0x082, 0x07f, 0x07c, 0x07a, 0x077, 0x075, 0x073, 0x070, 0x06e, 0x06b,
    0x069, 0x066, 0x064, 0x061, 0x05f, 0x05d, 0x05a, 0x058, 0x056, 0x053, 0x051, 0x04f, 0x04c,
    0x04a, 0x048, 0x045, 0x043, 0x041, 0x03f, 0x03c, 0x03a, 0x038, 0x036, 0x033, 0x031, 0x02f,
    0x02d, 0x02b, 0x029, 0x026, 0x024, 0x022, 0x020, 0x01e, 0x01c, 0x01a, 0x018, 0x015, 0x013,
    0x011, 0x00f, 0x00d, 0x00b, 0x009, 0x007, 0x005, 0x003, 0x001,
};
/* SDM 3: frsqrta page, RECIP_SQRT_TABLE. */
static const uint16_t recip_sqrt_table[256] = {
    0x1a5, 0x1a0, 0x19a, 0x195, 0x18f, 0x18a, 0x185, 0x180, 0x17a, 0x175, 0x170, 0x16b, 0x166,
    0x161, 0x15d, 0x158, 0x153, 0x14e, 0x14a, 0x145, 0x140, 0x13c, 0x138, 0x133, 0x12f, 0x12a,
    0x126, 0x122, 0x11e, 0x11a, 0x115, 0x111, 0x10d, 0x109, 0x105, 0x101, 0x0fd, 0x0fa, 0x0f6,
    0x0f2, 0x0ee, 0x0ea, 0x0e7, 0x0e3, 0x0df, 0x0dc, 0x0d8, 0x0d5, 0x0d1, 0x0ce, 0x0ca, 0x0c7,
    0x0c3, 0x0c0, 0x0bd, 0x0b9, 0x0b6, 0x0b3, 0x0b0, 0x0ad, 0x0a9, 0x0a6, 0x0a3, 0x0a0, 0x09d,
    0x09a, 0x097, 0x094, 0x091, 0x08e, 0x08b, 0x088, 0x085, 0x082, 0x07f, 0x07d, 0x07a, 0x077,
    0x074, 0x071, 0x06f, 0x06c, 0x069, 0x067, 0x064, 0x061, 0x05f, 0x05c, 0x05a, 0x057, 0x054,
    0x052, 0x04f, 0x04d, 0x04a, 0x048, 0x045, 0x043, 0x041, 0x03e, 0x03c, 0x03a, 0x037, 0x035,
    0x033, 0x030, 0x02e, 0x02c, 0x029, 0x027, 0x025, 0x023, 0x020, 0x01e, 0x01c, 0x01a, 0x018,
    0x016, 0x014, 0x011, 0x00f, 0x00d, 0x00b, 0x009, 0x007, 0x005, 0x003, 0x001, 0x3fc, 0x3f4,
    0x3ec, 0x3e5, 0x3dd, 0x3d5, 0x3ce, 0x3c7, 0x3bf, 0x3b8, 0x3b1, 0x3aa, 0x3a3, 0x39c, 0x395,
    0x38e, 0x388, 0x381, 0x37a, 0x374, 0x36d, 0x367, 0x361, 0x35a, 0x354, 0x34e, 0x348, 0x342,
    0x33c, 0x336, 0x330, 0x32b, 0x325, 0x31f, 0x31a, 0x314, 0x30f, 0x309, 0x304, 0x2fe, 0x2f9,
    0x2f4, 0x2ee, 0x2e9, 0x2e4, 0x2df, 0x2da, 0x2d5, 0x2d0, 0x2cb, 0x2c6, 0x2c1, 0x2bd, 0x2b8,
    0x2b3, 0x2ae, 0x2aa, 0x2a5, 0x2a1, 0x29c, 0x298, 0x293, 0x28f, 0x28a, 0x286, 0x282, 0x27d,
    0x279, 0x275, 0x271, 0x26d, 0x268, 0x264, 0x260, 0x25c, 0x258, 0x254, 0x250, 0x24c, 0x249,
    0x245, 0x241, 0x23d, 0x239, 0x235, 0x232, 0x22e, 0x22a, 0x227, 0x223, 0x220, 0x21c, 0x218,
    0x215, 0x211, 0x20e, 0x20a, 0x207, 0x204, 0x200, 0x1fd, 0x1f9, 0x1f6, 0x1f3, 0x1f0, 0x1ec,
    0x1e9, 0x1e6, 0x1e3, 0x1df, 0x1dc, 0x1d9, 0x1d6, 0x1d3, 0x1d0, 0x1cd, 0x1ca, 0x1c7, 0x1c4,
    0x1c1, 0x1be, 0x1bb, 0x1b8, 0x1b5, 0x1b2, 0x1af, 0x1ac, 0x1aa,
};

/* A number's normalized significand and exponent, which may go below 0. */
static void normal(struct fpv v, uint64_t *sig, long *exp)
{
    *exp = v.exp ? (long)v.exp : 0xc001;
    while (!(v.sig >> 63)) {
        v.sig += v.sig;
        --*exp;
    }
    *sig = v.sig;
}

static struct fpv recip(struct fpv v)
{
    uint64_t sig;
    long exp;
    normal(v, &sig, &exp);
    return (struct fpv){1ull << 63 | (uint64_t)recip_table[sig >> 55 & 0xff] << 53,
                        (uint32_t)(0x1fffd - exp) & 0x1ffff, v.sign};
}
static struct fpv recip_sqrt(struct fpv v)
{
    uint64_t sig;
    long exp;
    normal(v, &sig, &exp);
    const unsigned i = (exp & 1 ? 128 : 0) + (sig >> 56 & 0x7f);
    const long x = exp - 0xffff;
    return (struct fpv){1ull << 63 | (uint64_t)recip_sqrt_table[i] << 53,
                        (uint32_t)(0xfffe - (x >= 0 ? x / 2 : -((1 - x) / 2))) & 0x1ffff, 0};
}

static const struct fpv indefinite = {3ull << 62, 0x1ffff, 1};
static struct fpv inf(bool sign)
{
    return (struct fpv){1ull << 63, 0x1ffff, sign};
}
static struct fpv quiet(struct fpv v)
{
    v.sig |= 1ull << 62;
    return v;
}
static bool is_nan(enum ocls k)
{
    return k == OC_QNAN || k == OC_SNAN;
}

/* Does the manual require assistance? */
static bool extreme(struct fpv a, struct fpv b)
{
    uint64_t s;
    long ea, eb;
    if (oracle_class(a) != OC_NUM || oracle_class(b) != OC_NUM)
        return false;
    normal(a, &s, &ea);
    normal(b, &s, &eb);
    return eb <= 0 || eb - 0xffff >= 65533 || ea - eb <= -65533 || ea - eb >= 65535 || ea <= 64;
}

static struct ores expect_rcpa(const struct octl *c, struct fpv a, struct fpv b, unsigned swa,
                               bool *pred)
{
    struct ores o = {.v = {0, 0, a.sign ^ b.sign}};
    const enum ocls ka = oracle_class(a), kb = oracle_class(b);

    *pred = false;
    if (ka == OC_UNSUPP || kb == OC_UNSUPP || is_nan(ka) || is_nan(kb)) {
        o.v = ka == OC_UNSUPP || kb == OC_UNSUPP ? indefinite : quiet(is_nan(ka) ? a : b);
        if (ka >= OC_SNAN || kb >= OC_SNAN)
            oracle_exception(c, &o, FP_V);
        return o;
    }
    if (ka == kb && ka != OC_NUM) {
        o.v = indefinite;
        oracle_exception(c, &o, FP_V);
        return o;
    }
    if (kb == OC_ZERO && ka != OC_INF) {
        o.v = inf(o.v.sign);
        oracle_exception(c, &o, FP_Z);
        return o;
    }
    const bool assist = !c->simd && extreme(a, b);
    if (assist && swa != FP_SWA_NEVER) {
        o.fault = FP_SWA;
        return o;
    }
    if (oracle_unorm(a) || oracle_unorm(b)) {
        oracle_exception(c, &o, FP_D);
        if (!o.fault && swa == FP_SWA_ITANIUM2)
            o.fault = FP_SWA;
        if (o.fault)
            return o;
    }
    if (ka == OC_INF) {
        o.v = inf(o.v.sign);
    } else if (ka == OC_NUM && kb == OC_NUM) {
        if (assist) {
            struct ores d = oracle_div(c, a, b);
            d.flags |= o.flags;
            return d;
        }
        *pred = true;
        o.v = recip(b);
    }
    return o;
}

static struct ores expect_rsqrta(const struct octl *c, struct fpv a, unsigned swa, bool *pred)
{
    struct ores o = {.v = {0, 0, a.sign}};
    const enum ocls k = oracle_class(a);
    uint64_t s;
    long e;

    *pred = false;
    if (k >= OC_QNAN || (a.sign && k != OC_ZERO)) {
        o.v = is_nan(k) ? quiet(a) : indefinite;
        if (k != OC_QNAN)
            oracle_exception(c, &o, FP_V);
        return o;
    }
    if (k == OC_INF) {
        o.v = inf(false);
        return o;
    }
    bool assist = false;
    if (k == OC_NUM) {
        normal(a, &s, &e);
        assist = e <= 64;
    }
    if (assist && swa != FP_SWA_NEVER) {
        o.fault = FP_SWA;
        return o;
    }
    if (oracle_unorm(a)) {
        oracle_exception(c, &o, FP_D);
        if (!o.fault && swa == FP_SWA_ITANIUM2)
            o.fault = FP_SWA;
        if (o.fault)
            return o;
    }
    if (k == OC_ZERO)
        return o;
    if (assist) {
        struct ores d = oracle_sqrt(c, a);
        d.flags |= o.flags;
        return d;
    }
    *pred = true;
    o.v = recip_sqrt(a);
    return o;
}

static void scalar(const char *name, unsigned op, unsigned swa)
{
    if (!group(name))
        return;
    cpu->m->fp_swa = (uint8_t)swa;
    for (unsigned long i = count(250000); i; i--) {
        struct isa_insn in = {.op = (uint16_t)op,
                              .f1 = 8,
                              .f2 = 9,
                              .f3 = 10,
                              .f4 = 10,
                              .p2 = 7,
                              .qp = 1,
                              .sf = (uint8_t)rnd_n(4)};
        const uint64_t fpsr = rnd_fpsr();
        struct fpv v[3];
        struct octl c;
        struct ores o = {.v = {0, 0x1fffe, 0}};
        bool pred = false;

        rnd_operands(v);
        if (rnd_n(3) == 0) /* the limits */
            v[rnd_n(2)].exp = rnd_n(2) ? rnd_n(130) : 0x1fffe - rnd_n(8);
        if (rnd_n(8) == 0)
            v[1].exp = (v[0].exp + 65533 + rnd_n(4)) & 0x1ffff;
        if (op == ISA_FRSQRTA_F7)
            v[0] = v[1];
        set_fr(9, v[0]);
        set_fr(10, v[1]);
        oracle_controls(&c, fpsr, in.sf, PC_DYN);
        if (oracle_class(v[0]) != OC_NAT && oracle_class(v[1]) != OC_NAT)
            o = op == ISA_FRCPA_F6 ? expect_rcpa(&c, v[0], v[1], swa, &pred)
                                   : expect_rsqrta(&c, v[1], swa, &pred);
        if (o.fault)
            pred = true; /* as it was */
        cpu->pr[1] = cpu->pr[7] = 1;
        check_result(&in, fpsr, &o, "");
        expect(cpu->pr[7] == pred, "p2: expected %d, got %d", pred, cpu->pr[7]);
    }
    cpu->m->fp_swa = FP_SWA_MANDATED;
}

/* Every entry, and that a false predicate only clears p2. */
static void tables(void)
{
    if (!group("seed-tables"))
        return;
    struct isa_insn in = {.op = ISA_FRCPA_F6, .f1 = 8, .f2 = 1, .f3 = 10, .p2 = 7, .qp = 1};
    cpu->ar[AR_FPSR] = 0x9804c0270033full;
    cpu->pr[1] = 1;
    for (unsigned i = 0; i < 512; i++) {
        const struct fpv v = {1ull << 63 | (uint64_t)(i & 255) << 55 | (i & 256 ? ~0ull >> 9 : 0),
                              0xffff, 0};
        set_fr(10, v);
        run(&in);
        expect_u64(recip(v).sig, fr_get(cpu, 8).sig, "frcpa entry %u", i & 255);
    }
    in.op = ISA_FRSQRTA_F7;
    for (unsigned i = 0; i < 512; i++) {
        const struct fpv v = {1ull << 63 | (uint64_t)(i & 127) << 56 | (i & 128 ? ~0ull >> 8 : 0),
                              i & 256 ? 0xffff : 0x10000, 0};
        set_fr(10, v);
        run(&in);
        expect_u64(recip_sqrt(v).sig, fr_get(cpu, 8).sig, "frsqrta entry %u", i);
    }
    static const uint16_t ops[] = {ISA_FRCPA_F6, ISA_FRSQRTA_F7, ISA_FPRCPA_F6, ISA_FPRSQRTA_F7};
    for (int i = 0; i < 4; i++) {
        const struct fpv v = {0x1234, 0x10000, 1};
        in.op = ops[i];
        set_fr(8, v);
        cpu->pr[1] = 0;
        cpu->pr[7] = 1;
        const int vec = run(&in);
        const struct fpv got = fr_get(cpu, 8);
        expect(vec < 0 && !cpu->pr[7] && got.sig == v.sig && got.exp == v.exp, "%s, predicate off",
               isa_rows[in.op].name);
        in.f1 = 1;
        cpu->pr[1] = 1;
        expect(run(&in) == VEC_GENERAL, "%s f1: Illegal Operation", isa_rows[in.op].name);
        in.f1 = 8;
    }
}

/* Halves of the packed seeds: special results by IEEE rules, else the table when p2 says so. */
static void packed(const char *name, unsigned op)
{
    if (!group(name))
        return;
    for (unsigned long i = count(200000); i; i--) {
        struct isa_insn in = {.op = (uint16_t)op,
                              .f1 = 8,
                              .f2 = 9,
                              .f3 = 10,
                              .f4 = 10,
                              .p2 = 7,
                              .qp = 1,
                              .sf = (uint8_t)rnd_n(4)};
        const uint64_t fpsr = rnd_fpsr();
        uint64_t a = 0, b = 0, want = 0;
        struct octl c;
        struct ores o[2];
        bool pred = true, p, quotient = false;

        oracle_controls(&c, fpsr, in.sf, PC_SIMD);
        for (int h = 0; h < 2; h++) {
            const uint32_t sa = rnd_single(), sb = rnd_single();
            const struct fpv va = fpv_from_sgl(sa), vb = fpv_from_sgl(sb);
            uint64_t s;
            long ea = 0, eb = 0;
            a |= (uint64_t)sa << 32 * h;
            b |= (uint64_t)sb << 32 * h;
            if (oracle_class(va) == OC_NUM)
                normal(va, &s, &ea);
            if (oracle_class(vb) == OC_NUM)
                normal(vb, &s, &eb);
            if (op == ISA_FPRCPA_F6) {
                o[h] = expect_rcpa(&c, va, vb, FP_SWA_NEVER, &p);
                if (p) {
                    p = ea - eb < 127 && ea - eb > -125 && ea - 0xffff > -103;
                    if (oracle_unorm(vb) ||
                        eb - 0xffff >= 125) { /* out of the single range: p2 is 0 */
                        p = false;
                        quotient = true;
                    }
                }
            } else {
                o[h] = expect_rsqrta(&c, vb, FP_SWA_NEVER, &p);
                if (!o[h].fault && oracle_class(vb) == OC_INF && !vb.sign)
                    o[h].v = (struct fpv){0, 0, 0};
                else if (!o[h].fault && oracle_class(vb) == OC_ZERO)
                    o[h].v = inf(vb.sign);
                p = p && eb - 0xffff > -103;
            }
            want |= (uint64_t)fpv_to_sgl(o[h].v) << 32 * h;
            pred = pred && p;
        }
        if (o[0].fault || o[1].fault)
            pred = true;
        fr_put_sig(fr_w(cpu, 9), a);
        fr_put_sig(fr_w(cpu, 10), b);
        cpu->pr[1] = cpu->pr[7] = 1;
        if (quotient) { /* what stands there then is not defined well enough to test */
            cpu->ar[AR_FPSR] = fpsr;
            run(&in);
        } else {
            check_pair(&in, fpsr, &o[1], &o[0], want, "");
        }
        expect(cpu->pr[7] == pred, "%016" PRIx64 " %016" PRIx64 " p2: expected %d, got %d", a, b,
               pred, cpu->pr[7]);
    }
}

/* One step of a sequence. */
static void step(unsigned op, unsigned f1, unsigned f3, unsigned f4, unsigned f2, unsigned sf)
{
    const struct isa_insn in = {.op = (uint16_t)op,
                                .f1 = (uint8_t)f1,
                                .f2 = (uint8_t)f2,
                                .f3 = (uint8_t)f3,
                                .f4 = (uint8_t)f4,
                                .sf = (uint8_t)sf};
    run(&in);
}

/* Division of doubles (f8 / f9) as Intel's and GCC's sequences do it. */
static double divide(double x, double y)
{
    const struct isa_insn seed = {.op = ISA_FRCPA_F6, .f1 = 10, .f2 = 8, .f3 = 9, .p2 = 6};
    uint64_t bits;
    double r;

    fr_put_dbl_bits(fr_w(cpu, 8), (memcpy(&bits, &x, 8), bits));
    fr_put_dbl_bits(fr_w(cpu, 9), (memcpy(&bits, &y, 8), bits));
    run(&seed);
    if (cpu->pr[6]) {
        step(ISA_FNMA_F1, 11, 9, 10, 1, 1);  /* e = 1 - b y */
        step(ISA_FMA_F1, 10, 11, 10, 10, 1); /* y = y + e y */
        step(ISA_FMA_F1, 11, 11, 11, 0, 1);  /* e = e e */
        step(ISA_FMA_F1, 10, 11, 10, 10, 1);
        step(ISA_FMA_F1, 11, 11, 11, 0, 1);
        step(ISA_FMA_F1, 10, 11, 10, 10, 1);
        step(ISA_FMA_D_F1, 12, 8, 10, 0, 1);   /* q = a y */
        step(ISA_FNMA_D_F1, 13, 9, 12, 8, 1);  /* r = a - b q */
        step(ISA_FMA_D_F1, 10, 13, 10, 12, 0); /* q + r y */
    }
    bits = fr_to_dbl_bits(fr_r(cpu, 10));
    memcpy(&r, &bits, 8);
    return r;
}

/* Square root of a double, the sequence of Intel's manual for ten or more of them. */
static double square_root(double x)
{
    const struct isa_insn seed = {.op = ISA_FRSQRTA_F7, .f1 = 9, .f3 = 8, .p2 = 6};
    uint64_t bits;
    double r;

    fr_put_dbl_bits(fr_w(cpu, 8), (memcpy(&bits, &x, 8), bits));
    fr_put_dbl(fr_w(cpu, 20), 0.5);
    run(&seed);
    if (cpu->pr[6]) {
        step(ISA_FMA_F1, 10, 8, 9, 0, 1);  /* g = a y */
        step(ISA_FMA_F1, 11, 20, 9, 0, 1); /* h = y / 2 */
        for (int i = 0; i < 3; i++) {
            step(ISA_FNMA_F1, 12, 10, 11, 20, 1); /* r = 1/2 - g h */
            step(ISA_FMA_F1, 10, 10, 12, 10, 1);  /* g = g + g r */
            step(ISA_FMA_F1, 11, 11, 12, 11, 1);  /* h = h + h r */
        }
        step(ISA_FNMA_F1, 13, 10, 10, 8, 1);  /* d = a - g g */
        step(ISA_FMA_D_F1, 9, 13, 11, 10, 0); /* g + d h */
    }
    bits = fr_to_dbl_bits(fr_r(cpu, 9));
    memcpy(&r, &bits, 8);
    return r;
}

static void sequences(void)
{
    if (!group("division-and-root"))
        return;
    for (unsigned long i = count(100000); i; i--) {
        uint64_t a = rnd_double(), b = rnd_double(), w, g;
        double x, y;

        memcpy(&x, &a, 8);
        memcpy(&y, &b, 8);
        cpu->ar[AR_FPSR] = 0x9804c0270033full;
        double q = divide(x, y), want = x / y;
        memcpy(&g, &q, 8);
        memcpy(&w, &want, 8);
        expect(g == w || (isnan(q) && isnan(want)), "%a / %a: expected %a, got %a", x, y, want, q);
        q = square_root(x);
        want = sqrt(x);
        memcpy(&g, &q, 8);
        memcpy(&w, &want, 8);
        expect(g == w || (isnan(q) && isnan(want)), "sqrt %a: expected %a, got %a", x, want, q);
    }
}

/* The policy of an Itanium 2: unnormalized operands of arithmetic fault, tiny results trap, fnorm
 * does neither. */
static void assistance(void)
{
    if (!group("software-assistance"))
        return;
    struct isa_insn in = {.op = ISA_FMA_D_F1, .f1 = 8, .f2 = 9, .f3 = 10, .f4 = 11};
    cpu->m->fp_swa = FP_SWA_ITANIUM2;
    set_fr(9, (struct fpv){1, 0xffff, 0});
    set_fr(10, (struct fpv){1ull << 63, 0xffff, 0});
    set_fr(11, (struct fpv){1ull << 63, 0xffff, 0});
    cpu->ar[AR_FPSR] = 0x9804c0270033full;
    expect(run(&in) == VEC_FP_FAULT && cpu->pending->isr == 8, "fma of an unnormalized number");
    cpu->ar[AR_FPSR] &= ~2ull;
    expect(run(&in) == VEC_FP_FAULT && cpu->pending->isr == 2, "the D fault goes first");
    cpu->ar[AR_FPSR] |= 2;
    in = (struct isa_insn){.op = ISA_FMA_D_F1, .f1 = 8, .f2 = 0, .f3 = 9, .f4 = 1};
    expect(run(&in) < 0 && fr_get(cpu, 8).exp == 0xffff - 63, "fnorm");
    set_fr(10, (struct fpv){3ull << 62, 0xffff - 1000, 0});
    in = (struct isa_insn){.op = ISA_FMA_D_F1, .f1 = 8, .f2 = 0, .f3 = 10, .f4 = 10};
    expect(run(&in) == VEC_FP_TRAP && cpu->pending->is_trap && cpu->pending->isr == (1 | 2 << 11) &&
               fr_get(cpu, 8).exp == 0xffff - 1999 && fr_get(cpu, 8).sig == 9ull << 60,
           "a tiny product");
    cpu->m->fp_swa = FP_SWA_MANDATED;
    expect(run(&in) < 0, "the same, not on an Itanium 2");
}

void test_seeds(void)
{
    tables();
    scalar("frcpa", ISA_FRCPA_F6, FP_SWA_MANDATED);
    scalar("frsqrta", ISA_FRSQRTA_F7, FP_SWA_MANDATED);
    scalar("frcpa-swa-never", ISA_FRCPA_F6, FP_SWA_NEVER);
    scalar("frsqrta-swa-never", ISA_FRSQRTA_F7, FP_SWA_NEVER);
    scalar("frcpa-swa-itanium2", ISA_FRCPA_F6, FP_SWA_ITANIUM2);
    scalar("frsqrta-swa-itanium2", ISA_FRSQRTA_F7, FP_SWA_ITANIUM2);
    packed("fprcpa", ISA_FPRCPA_F6);
    packed("fprsqrta", ISA_FPRSQRTA_F7);
    sequences();
    assistance();
}
