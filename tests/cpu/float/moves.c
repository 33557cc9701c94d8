/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: instructions that move bits (merge, mix, pack, logical, xma, getf, setf) by
 * formulas written in halves and bit fields as on their pages, status fields, disabled registers.
 */
#include <string.h>
#include "tests/cpu/float/float.h"

static uint64_t cat(uint32_t hi, uint32_t lo)
{
    return (uint64_t)hi << 32 | lo;
}
/* The single a register would be stored as: SDM 1:5.3, figure of stores. */
static uint32_t as_single(struct fpv v)
{
    uint32_t r = v.sign << 31;
    if (v.sig >> 63)
        r |= (v.exp >> 16) << 30 | (v.exp & 0x7f) << 23;
    return r | (uint32_t)((v.sig & ~(1ull << 63)) >> 40);
}
static uint64_t as_double(struct fpv v)
{
    uint64_t r = (uint64_t)v.sign << 63;
    if (v.sig >> 63)
        r |= (uint64_t)(v.exp >> 16) << 62 | (uint64_t)(v.exp & 0x3ff) << 52;
    return r | (v.sig & ~(1ull << 63)) >> 11;
}

/* The results, from the operands' halves. */
static uint64_t model(unsigned op, struct fpv f2, struct fpv f3, struct fpv f4)
{
    const uint64_t a = f2.sig, b = f3.sig, c = f4.sig;
    const uint32_t ah = (uint32_t)(a >> 32), al = (uint32_t)a, bh = (uint32_t)(b >> 32),
                   bl = (uint32_t)b;
    const uint32_t s = 0x80000000u, m = 0x7fffffff;
    uint64_t r = 0;

    switch (op) {
    case ISA_FAND_F9:
        return a & b;
    case ISA_FANDCM_F9:
        return a & (b ^ ~0ull);
    case ISA_FOR_F9:
        return a | b;
    case ISA_FXOR_F9:
        return a ^ b;
    case ISA_FMIX_L_F9:
        return cat(ah, bh);
    case ISA_FMIX_R_F9:
        return cat(al, bl);
    case ISA_FMIX_LR_F9:
        return cat(ah, bl);
    case ISA_FSXT_L_F9:
        return cat(ah >= s ? ~0u : 0, bh);
    case ISA_FSXT_R_F9:
        return cat(al >= s ? ~0u : 0, bl);
    case ISA_FSWAP_F9:
        return cat(bl, ah);
    case ISA_FSWAP_NL_F9:
        return cat(bl ^ s, ah);
    case ISA_FSWAP_NR_F9:
        return cat(bl, ah ^ s);
    case ISA_FPACK_F9:
        return cat(as_single(f2), as_single(f3));
    case ISA_FPMERGE_S_F9:
        return cat((ah & s) | (bh & m), (al & s) | (bl & m));
    case ISA_FPMERGE_NS_F9:
        return cat((~ah & s) | (bh & m), (~al & s) | (bl & m));
    case ISA_FPMERGE_SE_F9:
        return cat(ah >> 23 << 23 | (bh & 0x7fffff), al >> 23 << 23 | (bl & 0x7fffff));
    case ISA_FSELECT_F3: /* a selects between b and c, bit by bit */
        for (int i = 0; i < 64; i++)
            r |= ((a >> i & 1 ? b : c) >> i & 1) << i;
        return r;
    case ISA_XMA_L_F2:
        return b * c + a;
    default: { /* xma.h, xma.hu by 32-bit pieces */
        unsigned __int128 p = 0;
        for (int i = 0; i < 64; i++)
            if (c >> i & 1)
                p += (unsigned __int128)b << i;
        p += a;
        r = (uint64_t)(p >> 64);
        if (op == ISA_XMA_H_F2)
            r -= (b >> 63 ? c : 0) + (c >> 63 ? b : 0);
        return r;
    }
    }
}

static struct fpv rnd_reg(void)
{
    struct fpv v[3];
    rnd_operands(v);
    if (rnd_n(2))
        return (struct fpv){rnd() >> rnd_n(64), 0x1003e, 0};
    return v[rnd_n(3)];
}

static void significands(void)
{
    static const uint16_t ops[] = {
        ISA_FAND_F9,       ISA_FANDCM_F9,   ISA_FOR_F9,    ISA_FXOR_F9,      ISA_FMIX_L_F9,
        ISA_FMIX_R_F9,     ISA_FMIX_LR_F9,  ISA_FSXT_L_F9, ISA_FSXT_R_F9,    ISA_FSWAP_F9,
        ISA_FSWAP_NL_F9,   ISA_FSWAP_NR_F9, ISA_FPACK_F9,  ISA_FPMERGE_S_F9, ISA_FPMERGE_NS_F9,
        ISA_FPMERGE_SE_F9, ISA_FSELECT_F3,  ISA_XMA_L_F2,  ISA_XMA_H_F2,     ISA_XMA_HU_F2,
    };
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
        const bool three = k >= 16;
        if (!group(isa_rows[ops[k]].name))
            continue;
        for (unsigned long i = count(40000); i; i--) {
            const struct isa_insn in = {.op = ops[k], .f1 = 8, .f2 = 9, .f3 = 10, .f4 = 11};
            const struct fpv a = rnd_reg(), b = rnd_reg(), c = rnd_reg();
            struct ores o = {.v = {model(ops[k], a, b, c), 0x1003e, 0}};

            if (oracle_class(a) == OC_NAT || oracle_class(b) == OC_NAT ||
                (three && oracle_class(c) == OC_NAT))
                o.v = (struct fpv){0, 0x1fffe, 0};
            set_fr(9, a);
            set_fr(10, b);
            set_fr(11, c);
            check_result(&in, rnd_fpsr(), &o, "");
        }
    }
}

static void merges(void)
{
    static const uint16_t ops[] = {ISA_FMERGE_S_F9, ISA_FMERGE_NS_F9, ISA_FMERGE_SE_F9};
    for (int k = 0; k < 3; k++) {
        if (!group(isa_rows[ops[k]].name))
            continue;
        for (unsigned long i = count(60000); i; i--) {
            const unsigned f2 = rnd_n(8) ? 9 : rnd_n(2), f3 = rnd_n(8) ? 10 : rnd_n(2);
            const struct isa_insn in = {
                .op = ops[k], .f1 = 8, .f2 = (uint8_t)f2, .f3 = (uint8_t)f3, .f4 = 10};
            set_fr(9, rnd_reg());
            set_fr(10, rnd_reg());
            const struct fpv a = fr_get(cpu, f2), b = fr_get(cpu, f3);
            struct ores o = {.v = {b.sig, k == 2 ? a.exp : b.exp, k == 1 ? a.sign ^ 1 : a.sign}};
            if (oracle_class(a) == OC_NAT || oracle_class(b) == OC_NAT)
                o.v = (struct fpv){0, 0x1fffe, 0};
            check_result(&in, rnd_fpsr(), &o, "");
        }
    }
}

static void general_registers(void)
{
    if (!group("getf"))
        return;
    static const uint16_t get[] = {ISA_GETF_SIG_M19, ISA_GETF_EXP_M19, ISA_GETF_S_M19,
                                   ISA_GETF_D_M19};
    for (unsigned long i = count(200000); i; i--) {
        const unsigned k = rnd_n(4);
        const struct isa_insn in = {.op = get[k], .r1 = 8, .f2 = 9};
        const struct fpv v = rnd_reg();
        set_fr(9, v);
        run(&in);
        const uint64_t want = k == 0   ? v.sig
                              : k == 1 ? v.exp + ((uint64_t)v.sign << 17)
                              : k == 2 ? as_single(v)
                                       : as_double(v);
        expect(cpu->gr[8].v == want && cpu->gr[8].n == (oracle_class(v) == OC_NAT),
               "%s %05x:%016" PRIx64 ": expected %#" PRIx64 ", got %#" PRIx64 " nat %d",
               isa_rows[in.op].name, v.sign << 17 | v.exp, v.sig, want, cpu->gr[8].v,
               (int)cpu->gr[8].n);
    }
    if (!group("setf"))
        return;
    static const uint16_t set[] = {ISA_SETF_SIG_M18, ISA_SETF_EXP_M18, ISA_SETF_S_M18,
                                   ISA_SETF_D_M18};
    for (unsigned long i = count(200000); i; i--) {
        const unsigned k = rnd_n(4);
        struct isa_insn in = {.op = set[k], .f1 = 8, .r2 = 9, .f2 = 9, .f3 = 9, .f4 = 9};
        const uint64_t v = k == 2 ? rnd_single() | rnd() << 32 : k == 3 ? rnd_double() : rnd();
        struct ores o = {.v = {v, 0x1003e, 0}};
        cpu->gr[9] = (struct gr){v, rnd_n(20) == 0};
        if (k == 1)
            o.v = (struct fpv){1ull << 63, v & 0x1ffff, v >> 17 & 1};
        if (k >= 2) {
            /* the host widens a single to a double, and a double to the register's significand */
            double d;
            float f;
            const uint32_t s = (uint32_t)v;
            long double x;
            uint64_t sig;
            uint16_t se;
            memcpy(&d, &v, 8);
            memcpy(&f, &s, 4);
            x = k == 2 ? (long double)f : (long double)d;
            memcpy(&sig, &x, 8);
            memcpy(&se, (const char *)&x + 8, 2);
            const bool den = k == 2 ? !(s >> 23 & 0xff) && s << 9 : !(v >> 52 & 0x7ff) && v << 12;
            const bool snan = k == 2
                                  ? (s & 0x7fc00000) == 0x7f800000 && s << 10
                                  : (v & 0x7ff8000000000000ull) == 0x7ff0000000000000ull && v << 13;
            o.v = (struct fpv){sig, se & 0x7fffu, se >> 15};
            if (snan) /* the host quiets it */
                o.v.sig &= ~(1ull << 62);
            if (o.v.exp == 0x7fff) {
                o.v.exp = 0x1ffff;
            } else if (den) { /* unnormalized, at the format's least exponent */
                const uint32_t least = k == 2 ? 0xff81 : 0xfc01;
                o.v.sig >>= least - (o.v.exp + 0xc000);
                o.v.exp = least;
            } else if (o.v.exp) {
                o.v.exp += 0xc000;
            }
        }
        if (cpu->gr[9].n)
            o.v = (struct fpv){0, 0x1fffe, 0};
        check_result(&in, rnd_fpsr(), &o, "");
    }
}

static void status_fields(void)
{
    if (!group("status-fields"))
        return;
    for (unsigned long i = count(50000); i; i--) {
        const uint64_t fpsr = rnd_fpsr();
        const unsigned sf = rnd_n(4), am = rnd_n(128), om = rnd_n(128);
        struct isa_insn in = {.op = ISA_FSETC_F12, .sf = (uint8_t)sf, .imm = am | om << 7};
        const unsigned want = ((fpsr >> 6 & 0x7f & am) | om);
        cpu->ar[AR_FPSR] = fpsr;
        int vec = run(&in);
        if ((want >> 2 & 3) == 1 || (sf == 0 && want & 0x40)) {
            expect(vec == VEC_GENERAL && cpu->pending->isr == GE_RESERVED &&
                       cpu->ar[AR_FPSR] == fpsr,
                   "fsetc.s%u %#x %#x: reserved", sf, am, om);
        } else {
            uint64_t all = fpsr;
            for (int b = 0; b < 7; b++) {
                all &= ~(1ull << (6 + 13 * sf + b));
                all |= (uint64_t)(want >> b & 1) << (6 + 13 * sf + b);
            }
            expect(vec < 0 && cpu->ar[AR_FPSR] == all, "fsetc.s%u %#x %#x", sf, am, om);
        }
        in = (struct isa_insn){.op = ISA_FCLRF_F13, .sf = (uint8_t)sf};
        cpu->ar[AR_FPSR] = fpsr;
        run(&in);
        uint64_t none = fpsr;
        for (int b = 7; b < 13; b++)
            none &= ~(1ull << (6 + 13 * sf + b));
        expect_u64(none, cpu->ar[AR_FPSR], "fclrf.s%u of %#" PRIx64, sf, fpsr);
        in = (struct isa_insn){.op = ISA_FCHKF_F14, .sf = (uint8_t)sf, .imm = (uint64_t)-0x40};
        cpu->ar[AR_FPSR] = fpsr;
        cpu->ip = 0x10000;
        run(&in);
        const unsigned fl = fpsr >> (6 + 13 * sf + 7) & 0x3f, fl0 = fpsr >> 13 & 0x3f,
                       tr = fpsr & 0x3f;
        bool go = false;
        for (int b = 0; b < 6; b++)
            if (fl >> b & 1 && (!(tr >> b & 1) || !(fl0 >> b & 1)))
                go = true;
        expect_u64(go ? 0xffc0 : 0x10000, cpu->ip, "fchkf.s%u of %#" PRIx64, sf, fpsr);
    }
}

/* Every instruction's registers are looked at: psr.dfl with f31, psr.dfh with f32. */
static void disabled(void)
{
    if (!group("disabled-registers"))
        return;
    static const struct {
        uint16_t op;
        const char *regs; /* operands, '1' to '4' */
        uint64_t access;
    } t[] = {
        {ISA_FMA_D_F1, "1234", 0},       {ISA_FPMA_F1, "1234", 0},     {ISA_XMA_L_F2, "1234", 0},
        {ISA_FSELECT_F3, "1234", 0},     {ISA_FMIN_F8, "123", 0},      {ISA_FPMIN_F8, "123", 0},
        {ISA_FPCMP_EQ_F8, "123", 0},     {ISA_FCMP_EQ_F4, "23", 0},    {ISA_FCLASS_M_F5, "2", 0},
        {ISA_FCVT_FX_F10, "12", 0},      {ISA_FPCVT_FX_F10, "12", 0},  {ISA_FCVT_XF_F11, "12", 0},
        {ISA_FRCPA_F6, "123", 0},        {ISA_FRSQRTA_F7, "13", 0},    {ISA_FPRCPA_F6, "123", 0},
        {ISA_FPRSQRTA_F7, "13", 0},      {ISA_FMERGE_S_F9, "123", 0},  {ISA_FMIX_L_F9, "123", 0},
        {ISA_FPACK_F9, "123", 0},        {ISA_GETF_D_M19, "2", 0},     {ISA_SETF_D_M18, "1", 0},
        {ISA_LDFD_M6, "1", ISR_R},       {ISA_LDFPD_M11, "12", ISR_R}, {ISA_STFD_M9, "2", ISR_W},
        {ISA_LDFD_C_CLR_M6, "1", ISR_R},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        for (const char *r = t[i].regs; *r; r++) {
            for (int high = 0; high < 2; high++) {
                struct isa_insn in = {.op = t[i].op,
                                      .f1 = 6,
                                      .f2 = 7,
                                      .f3 = 8,
                                      .f4 = 9,
                                      .r1 = 8,
                                      .r2 = 9,
                                      .r3 = 10,
                                      .p1 = 6,
                                      .p2 = 7};
                uint8_t *f[] = {&in.f1, &in.f2, &in.f3, &in.f4};
                if (high) {
                    *f[*r - '1'] = 33;
                } else { /* all high but one */
                    for (int k = 0; k < 4; k++)
                        *f[k] = (uint8_t)(40 + k);
                    *f[*r - '1'] = *r == '2' ? 31 : 30;
                }
                if (in.op == ISA_LDFPD_M11)
                    in.f2 = (in.f2 & ~1) | !(in.f1 & 1);
                cpu->gr[10] = (struct gr){0x200, 0};
                cpu->psr |= high ? PSR_DFH : PSR_DFL;
                cpu->pr[6] = 1;
                const int vec = run(&in);
                expect(vec == VEC_DISABLED_FP &&
                           cpu->pending->isr == (t[i].access | (high ? 2 : 1)),
                       "%s f%c %s: vector %#x isr %#" PRIx64, isa_rows[in.op].name, *r,
                       high ? "high" : "low", (unsigned)vec, cpu->pending->isr);
                cpu->psr &= ~(PSR_DFL | PSR_DFH);
            }
        }
    }
    /* f0 and f1 are of neither half. */
    const struct isa_insn in = {.op = ISA_FCMP_EQ_F4, .f2 = 0, .f3 = 1, .p1 = 6, .p2 = 7};
    cpu->psr |= PSR_DFL | PSR_DFH;
    expect(run(&in) < 0 && cpu->pr[6] == 0 && cpu->pr[7] == 1, "fcmp f0,f1 with all disabled");
    cpu->psr &= ~(PSR_DFL | PSR_DFH);
}

void test_moves(void)
{
    significands();
    merges();
    general_registers();
    status_fields();
    disabled();
}
