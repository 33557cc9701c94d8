/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: fcmp, fclass, fmin and family, and their packed forms; order by MPFR.
 */
#include "tests/cpu/float/float.h"

static void operands(struct fpv v[2])
{
    struct fpv w[3];
    rnd_operands(w);
    v[0] = w[0];
    v[1] = w[2];
    if (rnd_n(3) == 0) { /* equal or nearly */
        v[1] = v[0];
        if (rnd_n(2))
            v[1].sign ^= 1;
        if (rnd_n(2))
            v[1].sig ^= 1;
        else if (rnd_n(2) && v[1].exp > 1)
            v[1].exp--;
    }
}

static bool nan_class(struct fpv v)
{
    const enum ocls k = oracle_class(v);
    return k == OC_QNAN || k == OC_SNAN || k == OC_UNSUPP;
}
static bool signalling(struct fpv v)
{
    const enum ocls k = oracle_class(v);
    return k == OC_SNAN || k == OC_UNSUPP;
}

/* Relations: eq, lt, le, unord. */
static bool relation(const struct octl *c, struct fpv a, struct fpv b, int rel, struct ores *o)
{
    if (nan_class(a) || nan_class(b)) {
        if (rel == 1 || rel == 2 || signalling(a) || signalling(b))
            oracle_exception(c, o, FP_V);
    } else if (oracle_unorm(a) || oracle_unorm(b)) {
        oracle_exception(c, o, FP_D);
    }
    const int r = oracle_cmp(a, b, false);
    return rel == 0 ? r == 0 : rel == 1 ? r == -1 : rel == 2 ? r == 0 || r == -1 : r == -2;
}

static void fcmp(const char *name, unsigned op, unsigned op_unc, int rel)
{
    if (!group(name))
        return;
    for (unsigned long i = count(250000); i; i--) {
        const bool unc = rnd_n(4) == 0, on = !unc || rnd_n(4);
        struct isa_insn in = {.op = (uint16_t)(unc ? op_unc : op),
                              .f2 = 9,
                              .f3 = 10,
                              .f4 = 10,
                              .p1 = 6,
                              .p2 = 7,
                              .qp = 1,
                              .sf = (uint8_t)rnd_n(4)};
        uint64_t fpsr = rnd_fpsr();
        struct fpv v[2];
        struct octl c;
        struct ores o = {.flags = 0};
        bool p1 = false, p2 = false;

        operands(v);
        set_fr(9, v[0]);
        set_fr(10, v[1]);
        oracle_controls(&c, fpsr, in.sf, PC_DYN);
        if (on && oracle_class(v[0]) != OC_NAT && oracle_class(v[1]) != OC_NAT) {
            p1 = relation(&c, v[0], v[1], rel, &o);
            p2 = !p1;
        }
        if (o.fault) {
            p1 = p2 = true;
            o.flags = 0;
        }
        cpu->ar[AR_FPSR] = fpsr;
        cpu->pr[6] = cpu->pr[7] = 1;
        cpu->pr[1] = on;
        const int vec = run(&in);
        fpsr |= (uint64_t)o.flags << (6 + 13 * in.sf + 7);
        expect(vec == (o.fault ? VEC_FP_FAULT : -1) && (vec < 0 || cpu->pending->isr == o.fault) &&
                   cpu->pr[6] == p1 && cpu->pr[7] == p2 && cpu->ar[AR_FPSR] == fpsr,
               "%05x:%016" PRIx64 " %05x:%016" PRIx64
               ": expected %d %d fault %x flags %x, got %d %d vector %x fpsr %" PRIx64,
               v[0].sign << 17 | v[0].exp, v[0].sig, v[1].sign << 17 | v[1].exp, v[1].sig, p1, p2,
               o.fault, o.flags, cpu->pr[6], cpu->pr[7], (unsigned)vec, cpu->ar[AR_FPSR]);
    }
}

/* Which of the operands: 0 first (f2), 1 second. */
static int pick(const struct octl *c, struct fpv a, struct fpv b, bool max, bool abs,
                struct ores *o)
{
    if (nan_class(a) || nan_class(b))
        oracle_exception(c, o, FP_V);
    else if (oracle_unorm(a) || oracle_unorm(b))
        oracle_exception(c, o, FP_D);
    const int r = oracle_cmp(a, b, abs);
    return !(max ? r == 1 : r == -1);
}

static void minmax(const char *name, unsigned op, bool max, bool abs)
{
    if (!group(name))
        return;
    for (unsigned long i = count(150000); i; i--) {
        struct isa_insn in = {
            .op = (uint16_t)op, .f1 = 8, .f2 = 9, .f3 = 10, .f4 = 10, .sf = (uint8_t)rnd_n(4)};
        const uint64_t fpsr = rnd_fpsr();
        struct fpv v[2];
        struct octl c;
        struct ores o = {.flags = 0};

        operands(v);
        set_fr(9, v[0]);
        set_fr(10, v[1]);
        oracle_controls(&c, fpsr, in.sf, PC_DYN);
        if (oracle_class(v[0]) == OC_NAT || oracle_class(v[1]) == OC_NAT)
            o.v = (struct fpv){0, 0x1fffe, 0};
        else
            o.v = v[pick(&c, v[0], v[1], max, abs, &o)];
        check_result(&in, fpsr, &o, "");
    }
}

/* Packed: rel 0-3 and their complements 4-7; 8-11 min, max, amin, amax. */
static void packed(const char *name, unsigned op, int what)
{
    if (!group(name))
        return;
    for (unsigned long i = count(80000); i; i--) {
        struct isa_insn in = {
            .op = (uint16_t)op, .f1 = 8, .f2 = 9, .f3 = 10, .f4 = 10, .sf = (uint8_t)rnd_n(4)};
        const uint64_t fpsr = rnd_fpsr();
        uint32_t s[2][2], r[2];
        struct octl c;
        struct ores o[2] = {{.flags = 0}, {.flags = 0}};

        oracle_controls(&c, fpsr, in.sf, PC_SIMD);
        for (int h = 0; h < 2; h++) {
            s[0][h] = rnd_single();
            s[1][h] = rnd_n(3) ? rnd_single() : s[0][h] ^ rnd_n(2) << 31 ^ rnd_n(2);
            const struct fpv a = fpv_from_sgl(s[0][h]), b = fpv_from_sgl(s[1][h]);
            if (what < 8)
                r[h] = relation(&c, a, b, what & 3, &o[h]) != (what >= 4) ? ~0u : 0;
            else
                r[h] = s[pick(&c, a, b, what & 1, what >= 10, &o[h])][h];
        }
        fr_put_sig(fr_w(cpu, 9), (uint64_t)s[0][1] << 32 | s[0][0]);
        fr_put_sig(fr_w(cpu, 10), (uint64_t)s[1][1] << 32 | s[1][0]);
        check_pair(&in, fpsr, &o[1], &o[0], (uint64_t)r[1] << 32 | r[0], "");
    }
}

/* Bits of fclass9 by the manual's table. */
static void fclass(void)
{
    if (!group("fclass"))
        return;
    for (unsigned long i = count(200000); i; i--) {
        const bool unc = rnd_n(4) == 0, on = !unc || rnd_n(4);
        struct isa_insn in = {.op = unc ? ISA_FCLASS_M_UNC_F5 : ISA_FCLASS_M_F5,
                              .f2 = 9,
                              .p1 = 6,
                              .p2 = 7,
                              .qp = 1,
                              .imm = rnd_n(512)};
        struct fpv v[3];
        unsigned bits = 0;

        rnd_operands(v);
        set_fr(9, v[0]);
        switch (oracle_class(v[0])) {
        case OC_NAT:
            bits = 0x100;
            break;
        case OC_QNAN:
            bits = 0x80;
            break;
        case OC_SNAN:
            bits = 0x40;
            break;
        case OC_INF:
            bits = 0x20;
            break;
        case OC_UNSUPP:
            break;
        case OC_NUM:
            bits = oracle_unorm(v[0]) ? 8 : 0x10;
            break;
        case OC_ZERO:
            bits = oracle_unorm(v[0]) ? 8 : 4;
            break;
        }
        bool member = in.imm & bits;
        if (bits & 0x3c)
            member = member && in.imm & (v[0].sign ? 2 : 1);
        const bool p1 = on && member, p2 = on && !member && bits != 0x100;
        cpu->pr[1] = on;
        cpu->pr[6] = cpu->pr[7] = 1;
        run(&in);
        expect(cpu->pr[6] == p1 && cpu->pr[7] == p2,
               "%05x:%016" PRIx64 " class %#x: expected %d %d, got %d %d",
               v[0].sign << 17 | v[0].exp, v[0].sig, (unsigned)in.imm, p1, p2, cpu->pr[6],
               cpu->pr[7]);
    }
}

void test_compare(void)
{
    static const struct {
        const char *name;
        unsigned op;
    } p[] = {
        {"fpcmp.eq", ISA_FPCMP_EQ_F8},   {"fpcmp.lt", ISA_FPCMP_LT_F8},
        {"fpcmp.le", ISA_FPCMP_LE_F8},   {"fpcmp.unord", ISA_FPCMP_UNORD_F8},
        {"fpcmp.neq", ISA_FPCMP_NEQ_F8}, {"fpcmp.nlt", ISA_FPCMP_NLT_F8},
        {"fpcmp.nle", ISA_FPCMP_NLE_F8}, {"fpcmp.ord", ISA_FPCMP_ORD_F8},
        {"fpmin", ISA_FPMIN_F8},         {"fpmax", ISA_FPMAX_F8},
        {"fpamin", ISA_FPAMIN_F8},       {"fpamax", ISA_FPAMAX_F8},
    };
    fcmp("fcmp.eq", ISA_FCMP_EQ_F4, ISA_FCMP_EQ_UNC_F4, 0);
    fcmp("fcmp.lt", ISA_FCMP_LT_F4, ISA_FCMP_LT_UNC_F4, 1);
    fcmp("fcmp.le", ISA_FCMP_LE_F4, ISA_FCMP_LE_UNC_F4, 2);
    fcmp("fcmp.unord", ISA_FCMP_UNORD_F4, ISA_FCMP_UNORD_UNC_F4, 3);
    fclass();
    minmax("fmin", ISA_FMIN_F8, false, false);
    minmax("fmax", ISA_FMAX_F8, true, false);
    minmax("famin", ISA_FAMIN_F8, false, true);
    minmax("famax", ISA_FAMAX_F8, true, true);
    for (size_t i = 0; i < sizeof p / sizeof *p; i++)
        packed(p[i].name, p[i].op, (int)i);
}
