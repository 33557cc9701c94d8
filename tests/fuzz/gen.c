/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Generators. Values are skewed to where mistakes live: addresses in RAM near page ends, NaTs,
 * floating-point specials, all privilege levels, translation on and off.
 */
#include "tests/fuzz/gen.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/mmu/mmu.h"

/* splitmix64 */
uint64_t rnd(struct rng *r)
{
    uint64_t z = r->s += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

uint64_t rnd_below(struct rng *r, uint64_t n)
{
    return rnd(r) % n;
}

bool gen_wild;

/* Instructions whose effect on fetch is undefined before srlz.i (SDM 2:3.2.3): blocks and steps may
 * differ. Itself modified code likewise, but a store drops decoded code at once in both. */
bool gen_needs_srlz(unsigned op)
{
    switch (op) {
    case ISA_MOV_RR_M42:
    case ISA_MOV_PKR_M42:
    case ISA_MOV_IBR_M42:
    case ISA_ITC_I_M41:
    case ISA_ITR_I_M42:
    case ISA_PTC_L_M45:
    case ISA_PTC_G_M45:
    case ISA_PTC_GA_M45:
    case ISA_PTC_E_M47:
    case ISA_PTR_I_M45:
        return true;
    default:
        return false;
    }
}

/* One slot for a unit: a row of the table with random operands. */
static uint64_t gen_slot(struct rng *r, unsigned unit, uint64_t *ext)
{
    const uint64_t slot_mask = (1ull << 41) - 1;
    *ext = rnd(r) & slot_mask;
    if (gen_wild && rnd_one_in(r, 20))
        return rnd(r) & slot_mask;
    for (unsigned tries = 0; tries < 200; tries++) {
        const struct isa_row *row = &isa_rows[1 + rnd_below(r, ISA_OP_COUNT - 1)];
        if (!(row->units & 1u << unit))
            continue;
        /* Interruptions and mode changes end the interesting part: fewer of them. */
        if (row->attr & ISA_ATTR_PRIV && !rnd_one_in(r, 8))
            continue;
        if (!gen_wild && gen_needs_srlz(row->op))
            continue;
        uint64_t slot = row->match | (rnd(r) & ~row->mask & slot_mask);
        if (!(row->mask & 63) && !rnd_one_in(r, 3))
            slot &= ~63ull; /* qualifying predicate p0 */
        struct isa_insn in;
        /* Illegal operands seldom. */
        if (isa_decode(unit, slot, *ext, &in) != ISA_OK && !rnd_one_in(r, 10))
            continue;
        if (!gen_wild && gen_needs_srlz(in.op))
            continue;
        if (in.status == ISA_OK && in.r1 > 40 && !rnd_one_in(r, 4)) {
            in.r1 = (uint8_t)(2 + rnd_below(r, 38)); /* in most frames */
            uint64_t s2 = slot, e2 = *ext;
            if (isa_encode(&in, &s2, &e2))
                slot = s2, *ext = e2;
        }
        /* Relative branches and checks: near, forwards for the most part. */
        if (in.status == ISA_OK && strstr(row->format, "B") == row->format && in.imm &&
            !rnd_one_in(r, 8)) {
            in.imm = (rnd_below(r, 24) - 6) * 16;
            isa_encode(&in, &slot, ext);
        }
        return slot;
    }
    return 1ull << 27; /* nop */
}

struct isa_bundle gen_bundle(struct rng *r)
{
    uint64_t s[3], ext;
    unsigned t;

    if (gen_wild && rnd_one_in(r, 25)) {
        uint64_t lo = rnd(r);
        return (struct isa_bundle){lo, rnd(r)};
    }
    do
        t = (unsigned)rnd_below(r, 32);
    while (isa_templates[t].reserved);
    for (unsigned i = 0; i < 3; i++) {
        unsigned unit = isa_templates[t].unit[i];
        if (unit == ISA_UNIT_L) {
            s[2] = gen_slot(r, ISA_UNIT_X, &ext);
            s[1] = ext;
            break;
        }
        s[i] = gen_slot(r, unit, &ext);
    }
    return isa_pack(t, s[0], s[1], s[2]);
}

/* An address in RAM, as a virtual one of any region now and then. */
static uint64_t gen_address(struct rng *r)
{
    uint64_t a = rnd_below(r, GEN_RAM);
    switch (rnd_below(r, 6)) {
    case 0:
        a = (a & ~0xfffull) + 0xff8 + rnd_below(r, 16); /* around the end of a page */
        break;
    case 1:
        a = GEN_CODE + rnd_below(r, GEN_CODE_BUNDLES * 16); /* the code itself */
        break;
    case 2:
        break;
    default:
        a &= ~15ull;
    }
    if (rnd_one_in(r, 8))
        a |= rnd_below(r, 8) << 61;
    return a % GEN_RAM | (a & 7ull << 61);
}

static uint64_t gen_value(struct rng *r)
{
    switch (rnd_below(r, 8)) {
    case 0:
        return rnd(r);
    case 1:
        return rnd_below(r, 64);
    case 2:
        return (uint64_t) - (int64_t)rnd_below(r, 1000);
    case 3:
        return 1ull << rnd_below(r, 64);
    default:
        return gen_address(r);
    }
}

static struct gr gen_gr(struct rng *r)
{
    uint64_t v = gen_value(r);
    return (struct gr){v, rnd_one_in(r, 20)};
}

static struct fpv gen_fpv(struct rng *r)
{
    static const uint32_t exps[] = {
        0, 1, FR_BIAS, FR_EXP_SPECIAL, FR_EXP_INT, FR_EXP_NATVAL, FR_EXP_DENORM};
    struct fpv v = {rnd(r), 0, (uint32_t)rnd_below(r, 2)};
    switch (rnd_below(r, 6)) {
    case 0:
        v.exp = exps[rnd_below(r, sizeof exps / sizeof *exps)];
        break;
    case 1:
        v.exp = (uint32_t)rnd_below(r, 0x20000);
        break;
    default:
        v.exp = (uint32_t)(FR_BIAS - 40 + rnd_below(r, 80));
    }
    if (v.exp && v.exp != FR_EXP_NATVAL && !rnd_one_in(r, 10))
        v.sig |= FR_INTBIT;
    if (v.exp == FR_EXP_NATVAL || rnd_one_in(r, 10))
        v.sig = 0;
    if (rnd_one_in(r, 3))
        v.sig &= ~0x7ffull; /* a double */
    return v;
}

static void gen_memory(struct machine *m, struct rng *r)
{
    uint8_t *ram = phys_host(m, 0, GEN_RAM);
    uint64_t s = rnd(r);

    for (uint64_t p = 0; p < GEN_RAM; p += 4096)
        if (code_page_present(m, ram + p))
            code_page_dirty(m, ram + p);
    for (uint64_t p = 0; p < GEN_RAM; p += 8) {
        s = s * 6364136223846793005ull + 1442695040888963407ull;
        memcpy(ram + p, &s, 8);
    }
    for (unsigned i = 0; i < GEN_CODE_BUNDLES; i++) {
        struct isa_bundle b = gen_bundle(r);
        memcpy(ram + GEN_CODE + i * 16, &b, 16);
    }
    /* Vectors: a few random bundles each, then rfi (template MIB, rfi in the last slot). */
    struct isa_bundle rfi = isa_pack(0x11, 1ull << 27, 1ull << 27, 8ull << 27);
    for (unsigned v = 0; v < 0x8000; v += 0x100) {
        struct isa_bundle b = gen_bundle(r);
        memcpy(ram + GEN_IVA + v, &b, 16);
        memcpy(ram + GEN_IVA + v + 16, &rfi, 16);
    }
}

static void gen_translations(struct cpu *cpu, struct rng *r)
{
    for (unsigned i = 0; i < 8; i++)
        cpu->rr[i] = (uint64_t)(0x100 + rnd_below(r, 4)) << 8 | 14 << 2 | rnd_below(r, 2);
    cpu->rr[0] = 0x200 << 8 | 14 << 2; /* nobody else's: no overlap with the translation register */
    for (unsigned i = 0; i < 16; i++)
        cpu->pkr[i] = rnd_one_in(r, 2) ? i << 8 | (rnd(r) & 15) : 0;
    cpu->pkr[0] |= 1;
    uint64_t pte = 1 | 1 << 5 | 1 << 6 | 3 << 7 | 3 << 9;
    tlb_insert(cpu, false, 0, 0, pte | (rnd(r) & 1ull << 52), 20 << 2);
    tlb_insert(cpu, true, 0, 0, pte | (rnd(r) & 1ull << 52), 20 << 2);
    for (unsigned i = 0; i < 12; i++) {
        uint64_t va = (1 + rnd_below(r, 7)) << 61 | (rnd_below(r, GEN_RAM) & ~0x3fffull);
        uint64_t pa = rnd_below(r, GEN_RAM) & ~0x3fffull;
        static const uint8_t ma[] = {MA_WB, MA_WB, MA_WB, MA_WB, MA_UC, MA_NATPAGE};
        pte = pa | 1 | (rnd(r) & (1 << 5 | 1 << 6)) | rnd_below(r, 4) << 7 | rnd_below(r, 8) << 9 |
              (uint64_t)ma[rnd_below(r, 6)] << 2;
        tlb_insert(cpu, rnd_one_in(r, 2), -1, va, pte, 14 << 2 | rnd_below(r, 4) << 8);
    }
    cpu->cr[CR_PTA] = (rnd_below(r, GEN_RAM) & ~0x7fffull) | 15 << 2 | (rnd(r) & 0x101);
}

void gen_state(struct machine *m, uint64_t seed)
{
    struct rng rng = {seed}, *r = &rng;
    struct cpu *cpu = m->cpu[0];

    m->stop = false;
    m->exit_status = 0;
    cpu_reset(cpu);
    cpu->icount = 0;
    cpu->cycles = 0;
    cpu->lbr_pos = 0;
    cpu->itc_offset = 0;
    memset(cpu->lbr, 0, sizeof cpu->lbr);
    memset(cpu->stacked, 0, sizeof cpu->stacked);
    gen_memory(m, r);
    gen_translations(cpu, r);

    for (unsigned i = 1; i < 32; i++)
        cpu->gr[i] = gen_gr(r);
    for (unsigned i = 0; i < 16; i++)
        cpu->bank[i] = gen_gr(r);
    for (unsigned i = 1; i < 64; i++)
        cpu->pr[i] = rnd(r) & 1;
    for (unsigned i = 0; i < 8; i++)
        cpu->br[i] = rnd_one_in(r, 4) ? gen_address(r)
                                      : GEN_CODE + (rnd_below(r, GEN_CODE_BUNDLES * 16) & ~15ull);
    rse_set_bspstore(cpu, 0x80000 + (rnd_below(r, 0x8000) & ~7ull));
    unsigned sof = rnd_one_in(r, 3) ? (unsigned)rnd_below(r, 97) : 96,
             sol = (unsigned)rnd_below(r, sof + 1);
    rse_alloc(cpu, sof, sol, (unsigned)rnd_below(r, sof / 8 + 1) * 8);
    for (unsigned i = 32; i < 32 + sof; i++)
        *gr(cpu, i) = gen_gr(r);
    for (unsigned i = 2; i < 128; i++)
        fr_set(cpu, i, gen_fpv(r));
    cpu->ar[AR_LC] = rnd_below(r, 20);
    cpu->ar[AR_EC] = rnd_below(r, 8);
    cpu->ar[AR_PFS] = (sof | sol << 7) | rnd_below(r, 4) << 62;
    cpu->ar[AR_RSC] = rnd(r) & 0x1f;
    cpu->ar[AR_UNAT] = rnd(r);
    cpu->ar[AR_CCV] = gen_value(r);
    if (rnd_one_in(r, 2))
        cpu->ar[AR_FPSR] ^= (rnd(r) & 0x3f) | (rnd(r) & 0x30) << 6 | (rnd(r) & 3) << 10;
    cpu->cr[CR_IVA] = GEN_IVA;
    cpu->cr[CR_DCR] = rnd_one_in(r, 2) ? rnd(r) & 0x7f04 : 0;
    cpu->cr[CR_IIP] = GEN_CODE + (rnd_below(r, GEN_CODE_BUNDLES) << 4);
    cpu->cr[CR_ITV] = 0xe0;
    cpu->cr[CR_ITM] = rnd_below(r, 4000);
    if (rnd_one_in(r, 4))
        for (unsigned i = 0; i < 4; i++) {
            cpu->dbr[i] = i & 1 ? rnd(r) & ~0xfff0ull : gen_address(r);
            cpu->ibr[i] = i & 1 ? rnd(r) & ~0xfffull : gen_address(r);
        }
    sapic_timer_changed(cpu);

    uint64_t psr = PSR_IC | PSR_BN;
    static const uint64_t maybe[] = {PSR_BE,  PSR_AC, PSR_I,  PSR_PK, PSR_DFL,
                                     PSR_DFH, PSR_DB, PSR_SS, PSR_TB, PSR_LP};
    for (unsigned i = 0; i < sizeof maybe / sizeof *maybe; i++)
        if (rnd_one_in(r, 12))
            psr |= maybe[i];
    if (!rnd_one_in(r, 3))
        psr |= PSR_DT | PSR_RT | PSR_IT;
    else if (rnd_one_in(r, 4))
        psr |= rnd(r) & (PSR_DT | PSR_RT | PSR_IT);
    if (rnd_one_in(r, 2))
        psr |= rnd_below(r, 4) << PSR_CPL_SHIFT;
    if (rnd_one_in(r, 8))
        psr ^= PSR_IC;
    cpu->cr[CR_IPSR] = psr;
    cpu->ip = GEN_CODE;
    cpu_set_psr(cpu, psr);
    cpu_attention(cpu);
}
