/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: loads and stores: formats in both byte orders, base updates, NaT and NaTVal,
 * pairs, advanced and check loads. RAM in physical mode.
 */
#include <string.h>
#include "sim/cpu/alat.h"
#include "tests/cpu/float/float.h"

/* Memory as the program sees it. */
static uint8_t *ram(uint64_t va)
{
    return phys_host(cpu->m, va, 64);
}

static bool same(struct fpv a, struct fpv b)
{
    return a.sig == b.sig && a.exp == b.exp && a.sign == b.sign;
}

/* What the formats mean is in setf's test; double-extended and spill by fields. */
static struct fpv value_of(unsigned fmt, const uint8_t *le)
{
    uint64_t sig, hi = 0;
    uint32_t s;

    memcpy(&sig, le, 8);
    memcpy(&s, le, 4);
    switch (fmt) {
    case 0:
        return fpv_from_sgl(s);
    case 1:
        return fpv_from_dbl(sig);
    case 2:
        return (struct fpv){sig, 0x1003e, 0};
    case 3:
        memcpy(&hi, le + 8, 2);
        return (struct fpv){sig,
                            (hi & 0x7fff) == 0x7fff ? 0x1ffff
                            : (hi & 0x7fff)         ? (hi & 0x7fff) + 0xc000
                                                    : 0,
                            (uint32_t)(hi >> 15)};
    default:
        memcpy(&hi, le + 8, 8);
        return (struct fpv){sig, hi & 0x1ffff, hi >> 17 & 1};
    }
}

static const struct {
    const char *name;
    uint16_t load[3], store[2];
    unsigned size;
} fmt[] = {
    {"ldfs-stfs", {ISA_LDFS_M6, ISA_LDFS_M7, ISA_LDFS_M8}, {ISA_STFS_M9, ISA_STFS_M10}, 4},
    {"ldfd-stfd", {ISA_LDFD_M6, ISA_LDFD_M7, ISA_LDFD_M8}, {ISA_STFD_M9, ISA_STFD_M10}, 8},
    {"ldf8-stf8", {ISA_LDF8_M6, ISA_LDF8_M7, ISA_LDF8_M8}, {ISA_STF8_M9, ISA_STF8_M10}, 8},
    {"ldfe-stfe", {ISA_LDFE_M6, ISA_LDFE_M7, ISA_LDFE_M8}, {ISA_STFE_M9, ISA_STFE_M10}, 10},
    {"ldf.fill-stf.spill",
     {ISA_LDF_FILL_M6, ISA_LDF_FILL_M7, ISA_LDF_FILL_M8},
     {ISA_STF_SPILL_M9, ISA_STF_SPILL_M10},
     16},
};

static void random_image(unsigned f, uint8_t *le)
{
    uint64_t v[2] = {rnd(), rnd()};

    if (f == 0)
        v[0] = rnd_single();
    else if (f == 1)
        v[0] = rnd_double();
    else if (f == 3)
        v[1] = rnd_n(4) ? rnd() & 0xffff : (rnd_n(2) ? 0 : 0x7fff) | rnd_n(2) << 15,
        v[0] |= (uint64_t)rnd_n(2) << 63;
    else if (f == 4)
        v[1] &= 0x3ffff;
    memcpy(le, v, 16);
}

static void loads_and_stores(unsigned f)
{
    if (!group(fmt[f].name))
        return;
    for (unsigned long i = count(20000); i; i--) {
        const bool be = rnd_n(4) == 0;
        const unsigned form = rnd_n(3), n = fmt[f].size;
        const uint64_t va = DATA + 16 * rnd_n(8), inc = (uint64_t)(int64_t)((int)rnd_n(512) - 256);
        uint8_t le[16], mem[16] = {0}, before[64];
        struct isa_insn in = {.op = fmt[f].load[form], .f1 = 40, .r3 = 10, .r2 = 11};

        random_image(f, le);
        for (unsigned k = 0; k < n; k++)
            mem[k] = le[be ? n - 1 - k : k];
        memcpy(ram(va), mem, n);
        cpu_set_psr(cpu, be ? PSR_BE : 0);
        cpu->cfm.rrb_fr = (uint8_t)rnd_n(96);
        cpu->gr[10] = (struct gr){va, 0};
        cpu->gr[11] = (struct gr){inc, rnd_n(8) == 0};
        if (form == 2)
            in.imm = inc;
        const bool nat = form == 1 && cpu->gr[11].n;
        int vec = run(&in);
        const struct fpv want = value_of(f, le), got = fr_get(cpu, 40);
        expect(vec < 0 && same(want, got) && cpu->gr[10].v == va + (form ? inc : 0) &&
                   cpu->gr[10].n == nat && cpu->psr & PSR_MFH,
               "%s%s of %016" PRIx64 ": expected %05x:%016" PRIx64 ", got %05x:%016" PRIx64,
               isa_rows[in.op].name, be ? " (big-endian)" : "", want.sig,
               want.sign << 17 | want.exp, want.sig, got.sign << 17 | got.exp, got.sig);

        /* And back, to another place. */
        const uint64_t to = DATA + 256;
        memset(ram(to), 0x5a, 64);
        memset(before, 0x5a, 64);
        memcpy(before, mem, n);
        in = (struct isa_insn){
            .op = fmt[f].store[form != 0], .f2 = 40, .r3 = 10, .imm = form ? inc : 0};
        cpu->gr[10] = (struct gr){to, 0};
        vec = run(&in);
        if (oracle_class(got) == OC_NAT && f != 4)
            expect(vec == VEC_NAT_CONSUMPTION && cpu->pending->isr == (0x10 | ISR_W),
                   "store of NaTVal");
        else if (f == 3 && (want.exp & 0x1c000) != 0x1c000 && want.exp != 0 && want.exp < 0xc000)
            ; /* does not fit the format */
        else
            expect(vec < 0 && !memcmp(ram(to), before, 64) &&
                       cpu->gr[10].v == to + (form ? inc : 0),
                   "%s%s of %05x:%016" PRIx64, isa_rows[in.op].name, be ? " (big-endian)" : "",
                   got.sign << 17 | got.exp, got.sig);
        cpu->cfm.rrb_fr = 0;
    }
    cpu_set_psr(cpu, 0);
    struct isa_insn in = {.op = fmt[f].load[0], .f1 = 8, .r3 = 10};
    cpu->gr[10] = (struct gr){DATA, 1};
    expect(run(&in) == VEC_NAT_CONSUMPTION && cpu->pending->isr == (0x10 | ISR_R),
           "load through NaT");
    in.op = fmt[f].store[0];
    expect(run(&in) == VEC_NAT_CONSUMPTION && cpu->pending->isr == (0x10 | ISR_W),
           "store through NaT");
    if (f == 4) { /* NaTVal survives spill and fill */
        cpu->gr[10] = (struct gr){DATA, 0};
        fr_put_natval(fr_w(cpu, 9));
        in = (struct isa_insn){.op = ISA_STF_SPILL_M9, .f2 = 9, .r3 = 10};
        run(&in);
        fr_put_dbl(fr_w(cpu, 9), 1.0);
        in = (struct isa_insn){.op = ISA_LDF_FILL_M6, .f1 = 9, .r3 = 10};
        run(&in);
        expect(fr_is_natval(fr_r(cpu, 9)), "NaTVal through spill and fill");
    }
}

/* Stores pick bits of what does not fit; nothing is rounded or signalled. */
static void store_unfit(void)
{
    if (!group("store-bits"))
        return;
    for (unsigned long i = count(50000); i; i--) {
        const unsigned k = rnd_n(2);
        const struct isa_insn in = {.op = k ? ISA_STFD_M9 : ISA_STFS_M9, .f2 = 9, .r3 = 10},
                              get = {.op = k ? ISA_GETF_D_M19 : ISA_GETF_S_M19, .r1 = 8, .f2 = 9};
        struct fpv v[3];
        uint64_t m = 0;

        rnd_operands(v);
        if (oracle_class(v[0]) == OC_NAT)
            continue;
        set_fr(9, v[0]);
        cpu->gr[10] = (struct gr){DATA, 0};
        run(&in);
        run(&get);
        memcpy(&m, ram(DATA), k ? 8 : 4);
        expect_u64(cpu->gr[8].v, m, "%s of %05x:%016" PRIx64, isa_rows[in.op].name,
                   v[0].sign << 17 | v[0].exp, v[0].sig);
    }
}

static void pairs(void)
{
    static const uint16_t ops[3][2] = {{ISA_LDFPS_M11, ISA_LDFPS_M12},
                                       {ISA_LDFPD_M11, ISA_LDFPD_M12},
                                       {ISA_LDFP8_M11, ISA_LDFP8_M12}};
    if (!group("ldfp"))
        return;
    for (unsigned long i = count(30000); i; i--) {
        const unsigned f = rnd_n(3), n = f == 0 ? 4 : 8, form = rnd_n(2);
        const bool be = rnd_n(4) == 0;
        uint8_t le[2][16];
        struct isa_insn in = {.op = ops[f][form], .f1 = 8, .f2 = 33, .r3 = 10};

        for (int h = 0; h < 2; h++) {
            random_image(f, le[h]);
            for (unsigned k = 0; k < n; k++)
                ram(DATA)[h * n + k] = le[h][be ? n - 1 - k : k];
        }
        cpu_set_psr(cpu, be ? PSR_BE : 0);
        cpu->cfm.rrb_fr = (uint8_t)(2 * rnd_n(48));
        cpu->gr[10] = (struct gr){DATA, 0};
        const int vec = run(&in);
        expect(vec < 0 && same(fr_get(cpu, 8), value_of(f, le[0])) &&
                   same(fr_get(cpu, 33), value_of(f, le[1])) &&
                   cpu->gr[10].v == DATA + (form ? 2 * n : 0),
               "%s%s", isa_rows[in.op].name, be ? " (big-endian)" : "");
        cpu->cfm.rrb_fr |= 1; /* now both are even */
        expect(run(&in) == VEC_GENERAL && cpu->pending->isr == GE_ILLEGAL_OPERATION,
               "%s of two even registers", isa_rows[in.op].name);
        cpu->cfm.rrb_fr = 0;
    }
    cpu_set_psr(cpu, 0);
}

static void speculation(void)
{
    if (!group("speculative-loads"))
        return;
    static const struct {
        uint16_t s, a, sa, clr, nc, st;
    } t[] = {
        {ISA_LDFS_S_M6, ISA_LDFS_A_M6, ISA_LDFS_SA_M6, ISA_LDFS_C_CLR_M6, ISA_LDFS_C_NC_M6,
         ISA_STFS_M9},
        {ISA_LDFD_S_M6, ISA_LDFD_A_M6, ISA_LDFD_SA_M6, ISA_LDFD_C_CLR_M6, ISA_LDFD_C_NC_M6,
         ISA_STFD_M9},
        {ISA_LDF8_S_M6, ISA_LDF8_A_M6, ISA_LDF8_SA_M6, ISA_LDF8_C_CLR_M6, ISA_LDF8_C_NC_M6,
         ISA_STF8_M9},
        {ISA_LDFE_S_M6, ISA_LDFE_A_M6, ISA_LDFE_SA_M6, ISA_LDFE_C_CLR_M6, ISA_LDFE_C_NC_M6,
         ISA_STFE_M9},
        {ISA_LDFPD_S_M11, ISA_LDFPD_A_M11, ISA_LDFPD_SA_M11, ISA_LDFPD_C_CLR_M11,
         ISA_LDFPD_C_NC_M11, ISA_STFD_M9},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct isa_insn in = {.f1 = 36, .f2 = 37, .r3 = 10};
        const char *name = isa_rows[t[i].s].name;
        const struct fpv mark = {0xabcdull << 48, 0x10000, 1};

#define GO(o) (in.op = (o), cpu->gr[10] = (struct gr){DATA, 0}, run(&in))
        memset(ram(DATA), 0x3f, 16);
        alat_invalidate_all(cpu);
        expect(GO(t[i].s) < 0 && fr_is_natval(fr_r(cpu, 36)), "%s of physical memory", name);
        expect(GO(t[i].sa) < 0 && fr_is_natval(fr_r(cpu, 36)), "%s (.sa) of physical memory", name);
        cpu_set_psr(cpu, PSR_DT);
        expect(GO(t[i].s) < 0 && !fr_is_natval(fr_r(cpu, 36)), "%s", name);
        const struct fpv val = fr_get(cpu, 36);
        /* NaT address, psr.ed: NaTVal. */
        in.op = t[i].s;
        cpu->gr[10] = (struct gr){DATA, 1};
        expect(run(&in) < 0 && fr_is_natval(fr_r(cpu, 36)), "%s through NaT", name);
        cpu_set_psr(cpu, PSR_DT | PSR_ED);
        expect(GO(t[i].s) < 0 && fr_is_natval(fr_r(cpu, 36)), "%s with psr.ed", name);
        expect(GO(t[i].sa) < 0 && fr_is_natval(fr_r(cpu, 36)), "%s (.sa) with psr.ed", name);
        cpu_set_psr(cpu, PSR_DT);
        for (int sa = 0; sa < 2; sa++) {
            const uint16_t adv = sa ? t[i].sa : t[i].a;
            expect(GO(adv) < 0 && same(fr_get(cpu, 36), val), "%s advanced", name);
            fr_set(cpu, 36, mark);
            expect(GO(t[i].nc) < 0 && same(fr_get(cpu, 36), mark), "%s .c.nc hits", name);
            expect(GO(t[i].clr) < 0 && same(fr_get(cpu, 36), mark), "%s .c.clr hits", name);
            expect(GO(t[i].clr) < 0 && same(fr_get(cpu, 36), val), "%s .c.clr misses when cleared",
                   name);
            expect(GO(adv) < 0, "%s advanced", name);
            fr_set(cpu, 36, mark);
            in = (struct isa_insn){.op = t[i].st, .f2 = 0, .r3 = 10};
            cpu->gr[10] = (struct gr){DATA, 0};
            run(&in); /* a store in between */
            in = (struct isa_insn){.f1 = 36, .f2 = 37, .r3 = 10};
            expect(GO(t[i].nc) < 0 && !same(fr_get(cpu, 36), mark), "%s .c.nc after a store", name);
            fr_set(cpu, 36, mark);
            expect(GO(t[i].nc) < 0 && same(fr_get(cpu, 36), mark), "%s .c.nc enters again", name);
            memset(ram(DATA), 0x3f, 16);
        }
        alat_invalidate_all(cpu);
        cpu_set_psr(cpu, 0);
    }
}

void test_memory(void)
{
    for (unsigned f = 0; f < sizeof fmt / sizeof *fmt; f++)
        loads_and_stores(f);
    store_unfit();
    pairs();
    speculation();
}
