/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A break that stands for an instruction (docs/abi.md) leaves what the instruction leaves: two
 * machines in the same random state, one with --privop-native and the break, the other with the
 * original, run one bundle or a stream of them, by blocks or by steps; then everything architected
 * is compared: registers with NaTs, predicates, application, control, region, key, debug and
 * performance registers, TLBs of both processors, memory, and the interruption if there was one,
 * with vector, isr, ei, ifa, itir, iip. Only cr.iib0 and iib1, which hold the bundle, differ.
 *
 *   property [--seed N] [--cases N] [--streams N] [--verbose]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/intr.h"
#include "sim/cpu/privop_native.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/debug/names.h"
#include "sim/mmu/mmu.h"
#include "privify/privify.h"
#include "tests/fuzz/gen.h"
#include "tests/privify/pairs.h"

enum {
    RAM = 1 << 20,
    CODE = 0x40000, /* two pages */
    CODE_END = CODE + 0x2000,
    BSTORE = 0x80000,
    TABLE = 0xc0000, /* VHPT */
    IVA = 0x10000,
    STOP = 0x3333,
    STREAM = 24, /* bundles */
};

struct side {
    struct machine *m;
    struct cpu *cpu;
    struct intr in; /* the last interruption */
    unsigned taken, skipped;
    bool stream;
};
static struct side side[2]; /* with the break; with the original */
static struct isa_bundle stop_bundle;
static bool verbose;

/* The stop break ends a run; a stream goes on after three of four faults. */
static void deliver(struct cpu *cpu, const struct intr *in)
{
    struct side *s = cpu->m->board;
    if (in->vector == VEC_BREAK && in->iim == STOP) {
        cpu->m->stop = true;
        return;
    }
    s->in = *in;
    s->taken++;
    if (s->stream && !in->is_trap && in->vector != VEC_EXT_INT && ++s->skipped % 4) {
        cpu_advance(cpu, cpu->ip, (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3), ISA_OP_ILLEGAL);
        return;
    }
    intr_deliver(cpu, in);
    cpu->m->stop = true;
}
/* Overlapping translation registers: both machines end here. */
static bool on_machine_check(struct cpu *cpu, uint64_t check, const char *what)
{
    struct side *s = cpu->m->board;
    (void)what;
    s->in = (struct intr){.vector = VEC_NONE, .isr = check};
    s->taken++;
    cpu->m->stop = true;
    return true;
}
static const struct machine_ops ops = {
    .translate = mmu_translate, .deliver = deliver, .machine_check = on_machine_check};

/* --- random state, the same for both --- */

static uint64_t address(struct rng *r)
{
    uint64_t a = rnd_below(r, 4) ? BSTORE + rnd_below(r, RAM - BSTORE) : rnd_below(r, CODE);
    a &= rnd_one_in(r, 3) ? ~0ull : ~0x3fffull;
    return a | (rnd_one_in(r, 2) ? rnd_below(r, 8) << 61 : 0);
}
static uint64_t pte(struct rng *r)
{
    static const uint8_t ma[] = {MA_WB, MA_WB, MA_WB, MA_UC, MA_NATPAGE, 3};
    uint64_t v = (address(r) & 0xfffff000) | (uint64_t)ma[rnd_below(r, 6)] << 2 |
                 rnd_below(r, 4) << 7 | rnd_below(r, 8) << 9 | (rnd(r) & (1 << 5 | 1 << 6)) |
                 !rnd_one_in(r, 8);
    return rnd_one_in(r, 8) ? v | 1ull << rnd_below(r, 64) : v;
}
static uint64_t value(struct rng *r)
{
    switch (rnd_below(r, 8)) {
    case 0:
        return rnd(r);
    case 1:
        return rnd_below(r, 20); /* an index */
    case 2:
        return 1ull << rnd_below(r, 64);
    case 3:
        return pte(r);
    case 4: /* a page size, or a region register */
        return (12 + rnd_below(r, 3) * 2) << 2 |
               (rnd_one_in(r, 2) ? (0x100 + rnd_below(r, 4)) << 8 | rnd_below(r, 2) : 0);
    case 5: /* system and user mask */
        return rnd(r) & 0xffeee03e;
    default:
        return address(r);
    }
}
static struct gr general(struct rng *r)
{
    uint64_t v = value(r);
    return (struct gr){v, rnd_one_in(r, 16)};
}

static uint64_t random_psr(struct rng *r)
{
    uint64_t psr = rnd_one_in(r, 2) ? PSR_BN : 0;
    static const uint64_t maybe[] = {PSR_BE, PSR_UP, PSR_AC,  PSR_MFL, PSR_MFH, PSR_I,
                                     PSR_PK, PSR_SP, PSR_PP,  PSR_DI,  PSR_SI,  PSR_DB,
                                     PSR_LP, PSR_TB, PSR_SS,  PSR_ID,  PSR_DA,  PSR_DD,
                                     PSR_ED, PSR_VM, PSR_DFL, PSR_DFH, PSR_IA};
    for (unsigned i = 0; i < sizeof maybe / sizeof *maybe; i++)
        if (rnd_one_in(r, 12))
            psr |= maybe[i];
    if (rnd_one_in(r, 2))
        psr |= PSR_IC;
    if (rnd_one_in(r, 2))
        psr |= PSR_DT | PSR_RT | PSR_IT;
    else if (rnd_one_in(r, 4))
        psr |= rnd(r) & (PSR_DT | PSR_RT | PSR_IT);
    if (rnd_one_in(r, 4))
        psr |= rnd_below(r, 4) << PSR_CPL_SHIFT;
    return psr;
}

static void translations(struct machine *m, struct rng *r)
{
    const uint64_t rights = 1 | 1 << 5 | 1 << 6 | 3 << 7 | 3 << 9;
    for (unsigned c = 0; c < m->ncpu; c++) {
        struct cpu *cpu = m->cpu[c];
        mmu_reset(cpu);
        for (unsigned i = 0; i < 8; i++)
            cpu->rr[i] = (uint64_t)(0x100 + rnd_below(r, 4)) << 8 | 14 << 2 | rnd_below(r, 2);
        cpu->rr[0] = 0x200 << 8 | 14 << 2;
        tlb_insert(cpu, false, 0, 0, rights, 20 << 2);
        tlb_insert(cpu, true, 0, 0, rights, 20 << 2);
        for (unsigned i = 0; i < 10; i++) {
            uint64_t va = (1 + rnd_below(r, 7)) << 61 | (rnd_below(r, RAM) & ~0x3fffull);
            uint64_t e = (pte(r) & 0xfffff) | 1;
            if (!tlb_reserved(e, 14 << 2))
                tlb_insert(cpu, rnd_one_in(r, 2), -1, va, e, 14 << 2 | rnd_below(r, 4) << 8);
        }
        for (unsigned i = 0; i < 16; i++)
            cpu->pkr[i] = rnd_one_in(r, 2) ? (uint64_t)i << 8 | (rnd(r) & 15) : 0;
        cpu->pkr[0] |= 1;
    }
}

static void frame(struct cpu *cpu, struct rng *r)
{
    rse_reset(cpu);
    rse_set_bspstore(cpu, BSTORE + (rnd_below(r, 0x4000) & ~7ull));
    for (unsigned n = (unsigned)rnd_below(r, 4); n; n--) { /* dirty registers below the frame */
        rse_alloc(cpu, (unsigned)rnd_below(r, 60), 0, 0);
        for (unsigned i = 32; i < 32u + cpu->cfm.sof; i++)
            *gr(cpu, i) = (struct gr){rnd(r), rnd_one_in(r, 16)};
        rse_cover(cpu);
    }
    unsigned sof = (unsigned)rnd_below(r, 97), sol = (unsigned)rnd_below(r, sof + 1);
    rse_alloc(cpu, sof, sol, (unsigned)rnd_below(r, sof / 8 + 1) * 8);
    rse_set_rrb(cpu, cpu->cfm.sor ? (unsigned)rnd_below(r, cpu->cfm.sor) : 0,
                (unsigned)rnd_below(r, 96), (unsigned)rnd_below(r, 48));
    for (unsigned i = 32; i < 32 + sof; i++)
        *gr(cpu, i) = general(r);
}

static void state(struct side *s, uint64_t seed, bool whole, uint64_t ip, unsigned slot)
{
    struct rng rng = {seed}, *r = &rng;
    struct cpu *cpu = s->cpu;

    s->m->stop = false;
    s->m->exit_status = 0;
    s->in = (struct intr){0};
    s->taken = s->skipped = 0;
    cpu->halted = cpu->cfle = cpu->branched = false;
    cpu_set_psr(cpu, 0);
    if (whole) {
        cpu_reset(cpu);
        cpu->icount = 0;
        cpu->cycles = 0;
        cpu->lbr_pos = 0;
        cpu->itc_offset = 0;
        translations(s->m, r);
    }
    frame(cpu, r);
    for (unsigned i = 1; i < 32; i++)
        cpu->gr[i] = general(r);
    for (unsigned i = 0; i < 16; i++)
        cpu->bank[i] = general(r);
    for (unsigned i = 1; i < 64; i++)
        cpu->pr[i] = rnd(r) & 1;
    for (unsigned i = 0; i < 8; i++) {
        cpu->br[i] = address(r);
        cpu->ar[i] = rnd(r);
    }
    cpu->ar[AR_LC] = rnd_below(r, 20);
    cpu->ar[AR_EC] = rnd_below(r, 8);
    cpu->ar[AR_PFS] = rnd_below(r, 97) | rnd_below(r, 4) << 62;
    cpu->ar[AR_RSC] = (rnd(r) & 0x1f) | (rnd_one_in(r, 2) ? rnd_below(r, 64) << 19 : 0);
    cpu->ar[AR_UNAT] = rnd(r);
    cpu->cr[CR_IVA] = IVA;
    cpu->cr[CR_DCR] = rnd(r) & 0x7f07;
    cpu->cr[CR_ITIR] = rnd_one_in(r, 4) ? rnd(r) : (12 + rnd_below(r, 6)) << 2;
    cpu->cr[CR_IFA] = address(r);
    cpu->cr[CR_IIP] = rnd_one_in(r, 4) ? address(r) : CODE_END - 16;
    cpu->cr[CR_IPSR] = random_psr(r) | rnd_below(r, 4) << PSR_RI_SHIFT;
    cpu->cr[CR_IFS] = (uint64_t)rnd_below(r, 2) << 63 | (rnd_one_in(r, 4) ? rnd_below(r, 128) : 0);
    cpu->cr[CR_ISR] = rnd(r) & 0xfff00ffffff;
    cpu->cr[CR_IIPA] = rnd(r);
    cpu->cr[CR_IIM] = rnd(r);
    cpu->cr[CR_IHA] = rnd(r) & ~3ull;
    cpu->cr[CR_PTA] = TABLE | 15 << 2 | (rnd(r) & 0x101);
    cpu->cr[CR_ITV] = rnd_one_in(r, 4) ? 0xe0 : 1 << 16;
    cpu->cr[CR_ITM] = (uint64_t)cpu->cycles + rnd_below(r, 200);
    for (unsigned i = 0; i < 4; i++) {
        cpu->dbr[i] = rnd_one_in(r, 8) ? rnd(r) : 0;
        cpu->ibr[i] = rnd_one_in(r, 8) ? rnd(r) : 0;
    }
    sapic_timer_changed(cpu);

    uint64_t psr = random_psr(r);
    if (s->stream) /* something should come of it */
        psr &= rnd_one_in(r, 4) ? ~0ull : PSR_IC | PSR_BN | PSR_UM | PSR_DT | PSR_RT | PSR_IT;
    cpu->ip = ip;
    cpu_set_psr(cpu, psr | (uint64_t)slot << PSR_RI_SHIFT);
    cpu_attention(cpu);
}

/* --- code --- */

static void put(struct side *s, uint64_t at, const struct isa_bundle *b)
{
    uint8_t *host = phys_host(s->m, at, 16);
    memcpy(host, b, 16);
    if (code_page_present(s->m, host))
        code_page_dirty(s->m, host);
}

/* A quiet instruction: no memory, no branch, nothing that would make code visible as data. */
static uint64_t quiet(struct rng *r, unsigned unit)
{
    const uint64_t bits = (1ull << 41) - 1;
    for (unsigned tries = 0; tries < 100; tries++) {
        const struct isa_row *row = &isa_rows[1 + rnd_below(r, ISA_OP_COUNT - 1)];
        struct isa_insn in;
        if (!(row->units & 1u << unit) ||
            row->attr & (ISA_ATTR_LOAD | ISA_ATTR_STORE | ISA_ATTR_BRANCH | ISA_ATTR_LATER |
                         ISA_ATTR_PRIV | ISA_ATTR_FP))
            continue;
        uint64_t slot = row->match | (rnd(r) & ~row->mask & bits);
        if (!(row->mask & 63) && !rnd_one_in(r, 3))
            slot &= ~63ull;
        if (isa_decode(unit, slot, 0, &in) != ISA_OK || !strncmp(row->name, "break", 5) ||
            in.op == ISA_EPC_B8 || (in.ar3 == AR_BSPSTORE && in.op != ISA_MOV_M_M31))
            continue;
        return slot;
    }
    return 1ull << 27 | (unit == ISA_UNIT_B ? 2ull << 37 : 0); /* nop */
}

/* A bundle with the pair in a slot of its unit, quiet or empty slots around it. */
static unsigned bundles(struct rng *r, const struct pair *p, struct isa_bundle out[2])
{
    for (;;) {
        const unsigned t = (unsigned)rnd_below(r, 32), n = (unsigned)rnd_below(r, 3);
        const struct isa_template *tm = &isa_templates[t];
        uint64_t s[2][3];
        if (tm->reserved || tm->unit[n] != p->unit)
            continue;
        for (unsigned i = 0; i < 3; i++) {
            unsigned u = tm->unit[i];
            uint64_t q = rnd_one_in(r, 2) && u != ISA_UNIT_L && u != ISA_UNIT_X
                             ? quiet(r, u)
                             : 1ull << 27 | (u == ISA_UNIT_B ? 2ull << 37 : 0);
            if (u == ISA_UNIT_L)
                q = rnd(r) & ((1ull << 41) - 1);
            s[0][i] = s[1][i] = q;
        }
        s[0][n] = p->brk;
        s[1][n] = p->orig;
        out[0] = isa_pack(t, s[0][0], s[0][1], s[0][2]);
        out[1] = isa_pack(t, s[1][0], s[1][1], s[1][2]);
        return n;
    }
}

/* --- comparison --- */

static const char *differs;
static uint64_t value_[2];
static void check(const char *what, uint64_t a, uint64_t b)
{
    if (a == b || differs)
        return;
    differs = what;
    value_[0] = a;
    value_[1] = b;
}
#define SAME(field)     check(#field, a->field, b->field)
#define SAME_ALL(field) check(#field, 0, !!memcmp(a->field, b->field, sizeof a->field))

static const char *compare(bool memory)
{
    struct cpu *a = side[0].cpu, *b = side[1].cpu;
    const struct intr *i = &side[0].in, *j = &side[1].in;

    differs = NULL;
    check("interruptions", side[0].taken, side[1].taken);
    check("vector", i->vector, j->vector);
    check("isr", i->isr, j->isr);
    check("trap", i->is_trap, j->is_trap);
    check("sets", i->sets, j->sets);
    check("ifa", i->ifa, j->ifa);
    check("itir", i->itir, j->itir);
    check("iim", i->iim, j->iim);
    check("iha", i->iha, j->iha);
    check("exit", (uint64_t)side[0].m->exit_status, (uint64_t)side[1].m->exit_status);
    SAME(ip);
    SAME(psr);
    SAME(cpl);
    check("cfm", cfm_pack(&a->cfm), cfm_pack(&b->cfm));
    SAME(ndirty);
    SAME(icount);
    SAME(cycles);
    SAME(itc_offset);
    SAME(lbr_pos);
    SAME(halted);
    SAME(mmu->ic_inflight);
    for (unsigned r = 0; r < 32u + a->cfm.sof && !differs; r++) {
        check("a GR", gr(a, r)->v, gr(b, r)->v);
        check("a NaT", gr(a, r)->n, gr(b, r)->n);
    }
    SAME_ALL(bank);
    SAME_ALL(pr);
    SAME_ALL(br);
    SAME_ALL(fr);
    SAME_ALL(ar);
    SAME_ALL(rr);
    SAME_ALL(pkr);
    SAME_ALL(dbr);
    SAME_ALL(ibr);
    SAME_ALL(pmc);
    SAME_ALL(pmd);
    SAME_ALL(irr);
    SAME_ALL(isr_inservice);
    for (unsigned r = 0; r < 128; r++)
        if (r != CR_IIB0 && r != CR_IIB1)
            check(cr_name(r) ? cr_name(r) : "cr", a->cr[r], b->cr[r]);
    check("dirty registers", 0,
          a->ndirty > 0 && memcmp(&a->stacked[a->bof - a->ndirty], &b->stacked[b->bof - b->ndirty],
                                  (size_t)a->ndirty * sizeof *a->stacked));
    for (unsigned c = 0; c < side[0].m->ncpu; c++) {
        const struct mmu *m = side[0].m->cpu[c]->mmu, *n = side[1].m->cpu[c]->mmu;
        check("ITLB", 0, !!memcmp(&m->i, &n->i, sizeof m->i));
        check("DTLB", 0, !!memcmp(&m->d, &n->d, sizeof m->d));
    }
    if (memory) {
        const uint8_t *p = phys_host(side[0].m, 0, RAM), *q = phys_host(side[1].m, 0, RAM);
        check("memory", 0,
              memcmp(p, q, CODE) || memcmp(p + CODE_END, q + CODE_END, RAM - CODE_END));
    }
    return differs;
}

/* --- runs --- */

static uint64_t faults[PAIR_OPS], done[PAIR_OPS], outcome[0x80], nbad;
static bool damaged = true; /* translations want to be made anew */

static void go(struct side *s, bool step, int64_t cycles)
{
    struct cpu *cpu = s->cpu;
    if (step)
        engine_step(cpu);
    else
        engine_run(cpu, cpu->cycles + cycles);
}

/* Both sides' memory alike again; the code is put anew each time. */
static void clear_memory(void)
{
    for (unsigned i = 0; i < 2; i++) {
        memset(phys_host(side[i].m, 0, CODE), 0, CODE);
        memset(phys_host(side[i].m, CODE_END, RAM - CODE_END), 0, RAM - CODE_END);
    }
    damaged = true;
}

static void complain(const char *what, uint64_t seed, const struct pair *p, bool step)
{
    char text[2][120] = {"", ""};
    struct isa_insn in;
    if (nbad++ >= 10)
        return;
    if (p) {
        isa_decode(p->unit, p->brk, 0, &in);
        isa_disasm(&in, 0, text[0], sizeof text[0]);
        isa_decode(p->unit, p->orig, 0, &in);
        isa_disasm(&in, 0, text[1], sizeof text[1]);
    }
    printf("    %s: %s differs (%#" PRIx64 ", %#" PRIx64 "): %s for %s, by %s, seed %" PRIu64
           "; vectors %#x %#x\n",
           what, differs, value_[0], value_[1], text[0], text[1], step ? "steps" : "blocks", seed,
           side[0].in.vector, side[1].in.vector);
}

/* One bundle with one pair. */
static void one_case(uint64_t seed)
{
    struct rng rng = {seed}, *r = &rng;
    struct pair p;
    struct isa_bundle b[2];
    const bool step = seed & 1;

    pair_random(r, &p);
    const unsigned slot = bundles(r, &p, b);
    const uint64_t at = CODE + 0x1000 - 16 * (1 + rnd_below(r, 6)), s = rnd(r);
    const bool whole = damaged || !(seed % 64);
    for (unsigned i = 0; i < 2; i++) {
        side[i].stream = false;
        state(&side[i], s, whole, at, step || !(seed & 6) ? slot : 0);
        put(&side[i], at, &b[i]);
        go(&side[i], step, 200);
        put(&side[i], at, &stop_bundle);
    }
    damaged = pair_ops[p.index].translations || side[0].taken;
    done[p.index]++;
    faults[p.index] += side[0].taken != 0;
    if (side[0].taken && side[0].in.vector < 0x8000)
        outcome[side[0].in.vector >> 8]++;
    if (compare(!(seed % 256))) {
        complain("one instruction", seed, &p, step);
        clear_memory();
    }
}

/* Many pairs among quiet instructions, with rotation between. */
static uint64_t stream_insns;
static void stream(uint64_t seed)
{
    struct rng rng = {seed}, *r = &rng;
    const bool step = seed % 8 == 7; /* the other engine, instruction by instruction */
    struct pair p;
    struct isa_bundle b[2];

    for (unsigned n = 0; n < STREAM; n++) {
        pair_random(r, &p);
        if (pair_ops[p.index].leaves && !rnd_one_in(r, 4)) {
            n--; /* rfi ends most streams */
            continue;
        }
        bundles(r, &p, b);
        if (rnd_one_in(r, 6)) /* MIB: br.ctop to the next bundle */
            b[0] = b[1] = isa_pack(0x11, quiet(r, ISA_UNIT_M), quiet(r, ISA_UNIT_I),
                                   4ull << 37 | 7 << 6 | 1 << 13);
        for (unsigned i = 0; i < 2; i++)
            put(&side[i], CODE + n * 16, &b[i]);
    }
    const uint64_t s = rnd(r);
    for (unsigned i = 0; i < 2; i++) {
        side[i].stream = true;
        state(&side[i], s, true, CODE, 0);
        const uint64_t from = side[i].cpu->icount;
        if (step)
            for (unsigned k = 0; k < 200 && !side[i].m->stop; k++)
                engine_step(side[i].cpu);
        else
            go(&side[i], false, 3000);
        stream_insns += side[i].cpu->icount - from;
    }
    if (compare(true)) {
        complain("stream", seed, NULL, step);
        clear_memory();
    }
    for (unsigned n = 0; n < STREAM; n++)
        for (unsigned i = 0; i < 2; i++)
            put(&side[i], CODE + n * 16, &stop_bundle);
    damaged = true;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static bool report(const char *name, uint64_t n, double seconds)
{
    if (nbad)
        printf("FAIL %s: expected equal states, got %" PRIu64 " differences\n", name, nbad);
    else
        printf("PASS %s\n    %" PRIu64 " runs, %.1f s\n", name, n, seconds);
    const bool ok = !nbad;
    nbad = 0;
    return ok;
}

/* Which immediates stand for something: exactly those of the table, in the right unit; and without
 * the option none. */
static bool test_immediates(void)
{
    for (unsigned unit = ISA_UNIT_M; unit <= ISA_UNIT_X; unit++) {
        static const uint16_t brk[] = {[ISA_UNIT_M] = ISA_BREAK_M_M37,
                                       [ISA_UNIT_I] = ISA_BREAK_I_I19,
                                       [ISA_UNIT_F] = ISA_BREAK_F_F15,
                                       [ISA_UNIT_B] = ISA_BREAK_B_B9,
                                       [ISA_UNIT_X] = ISA_BREAK_X_X1};
        if (unit == ISA_UNIT_L)
            continue;
        uint64_t n = 0, want = unit == ISA_UNIT_M   ? pair_count(ISA_UNIT_M)
                               : unit == ISA_UNIT_B ? pair_count(ISA_UNIT_B)
                                                    : 0;
        for (uint32_t imm = 0; imm < 1u << 21; imm++) {
            struct isa_insn in = {.op = brk[unit], .imm = imm}, was;
            uint64_t slot, ext;
            if (!isa_encode(&in, &slot, &ext))
                abort();
            isa_decode(unit, slot, ext, &in);
            was = in;
            if (privop_original(&in))
                n++;
            else if (memcmp(&in, &was, sizeof in))
                nbad++, printf("    break %#x: changed without being one of ours\n", imm);
        }
        if (n != want) {
            nbad++;
            printf("    unit %u: expected %" PRIu64
                   " immediates that stand for an instruction, got "
                   "%" PRIu64 "\n",
                   unit, want, n);
        }
    }
    return report("immediates", 5ull << 21, 0);
}

/* What privify writes for an encoding, decoded as --privop-native does, is what was there: over
 * every row that may sit in an M or B slot, with random operands and ignored bits. */
static bool test_privify(uint64_t seed, unsigned each)
{
    const uint64_t bits = (1ull << 41) - 1;
    struct rng rng = {seed}, *r = &rng;
    uint64_t n = 0;

    for (unsigned op = 1; op < ISA_OP_COUNT; op++)
        for (unsigned unit = ISA_UNIT_M; unit <= ISA_UNIT_B; unit++)
            for (unsigned i = 0; i < each && isa_rows[op].units >> unit & 1; i++) {
                struct isa_insn was, now;
                enum pv_kind kind;
                uint32_t imm;
                uint64_t slot = isa_rows[op].match | (rnd(r) & ~isa_rows[op].mask & bits);
                char text[2][160];

                /* Masks and application registers that are ours, often. */
                if (!strncmp(isa_rows[op].name, "mov.m", 5) && rnd_one_in(r, 2))
                    slot = (slot & ~(127ull << 20)) | (rnd_one_in(r, 2) ? AR_RSC : rnd_below(r, 8))
                                                          << 20;
                if (isa_decode(unit, slot, 0, &was) != ISA_OK ||
                    pv_match(&was, &kind, &imm) != PV_REWRITE)
                    continue;
                n++;
                isa_decode(unit, pv_break(&was, imm), 0, &now);
                const bool ours = privop_original(&now);
                /* mov ar=0 becomes mov ar=r0. */
                if (was.op == ISA_MOV_M_M30 && now.op == ISA_MOV_M_M29 && !was.imm)
                    was.op = ISA_MOV_M_M29;
                was.raw = now.raw;
                if (ours && !memcmp(&was, &now, sizeof was))
                    continue;
                isa_disasm(&was, 0, text[0], sizeof text[0]);
                isa_disasm(&now, 0, text[1], sizeof text[1]);
                nbad++;
                printf("    %s became %s\n", text[0], text[1]);
            }
    return report("privify", n, 0);
}

/* Without --privop-native a break is a break: Break Instruction fault, iim the immediate, 0 for
 * break.b. */
static bool test_off(uint64_t seed, unsigned n)
{
    struct rng rng = {seed}, *r = &rng;
    struct side *s = &side[0];
    const double t = now();

    s->m->privop_native = false;
    for (unsigned i = 0; i < n; i++) {
        struct pair p;
        struct isa_bundle b[2];
        struct isa_insn in;
        pair_random(r, &p);
        const unsigned slot = bundles(r, &p, b);
        s->stream = false;
        state(s, rnd(r), true, CODE, slot);
        isa_decode(p.unit, p.brk, 0, &in);
        cpu_set_psr(s->cpu, (s->cpu->psr & (PSR_CPL | PSR_RI | PSR_IT | PSR_DT | PSR_RT | PSR_BN)));
        s->cpu->cr[CR_ITV] = 1 << 16;
        const bool on = s->cpu->pr[in.qp];
        put(s, CODE, &b[0]);
        go(s, i & 1, 1);
        put(s, CODE, &stop_bundle);
        const bool broke = s->taken == 1 && s->in.vector == VEC_BREAK;
        if (on && (!broke || s->in.iim != (p.unit == ISA_UNIT_B ? 0 : in.imm)))
            nbad++, printf("    break %#" PRIx64
                           ": expected a break fault, got vector %#x iim %#" PRIx64 "\n",
                           in.imm, s->in.vector, s->in.iim);
    }
    s->m->privop_native = true;
    clear_memory();
    return report("off", n, now() - t);
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, cases = 200000, streams = 4000;
    const char *only = "";

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--verbose"))
            verbose = true;
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--cases") && i + 1 < argc)
            cases = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--streams") && i + 1 < argc)
            streams = strtoull(argv[++i], NULL, 0);
        else if (argv[i][0] != '-')
            only = argv[i];
        else {
            fprintf(stderr,
                    "usage: property [--seed N] [--cases N] [--streams N] [--verbose] [CASE]\n");
            return 2;
        }
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!verbose) /* fetches from nowhere end a run with a dump */
        stderr = fopen("/dev/null", "w");

    uint64_t brk = 0, ext;
    const struct isa_insn stop = {.op = ISA_BREAK_M_M37, .imm = STOP};
    if (!isa_encode(&stop, &brk, &ext))
        abort();
    stop_bundle = isa_pack(0, brk, 1ull << 27, 1ull << 27);
    for (unsigned i = 0; i < 2; i++) {
        side[i].m = machine_new(2);
        side[i].m->ops = &ops;
        side[i].m->board = &side[i];
        side[i].m->privop_native = i == 0;
        side[i].cpu = side[i].m->cpu[0];
        phys_add_ram(side[i].m, 0, RAM);
        for (uint64_t a = CODE; a < CODE_END; a += 16)
            memcpy(phys_host(side[i].m, a, 16), &stop_bundle, 16);
    }

    bool ok = true;
    double t = now();
    if (!*only || !strcmp(only, "immediates"))
        ok &= test_immediates();
    if (!*only || !strcmp(only, "privify"))
        ok &= test_privify(seed, 20000);
    if (!*only || !strcmp(only, "off"))
        ok &= test_off(seed, 5000);
    if (!*only || !strcmp(only, "one-instruction")) {
        t = now();
        for (uint64_t i = 0; i < cases; i++)
            one_case(seed + i);
        ok &= report("one-instruction", cases, now() - t);
        for (unsigned i = 0; i < PAIR_OPS; i++)
            printf("    %-8s %7" PRIu64 " cases, %5.1f %% of them interruptions\n",
                   pair_ops[i].name, done[i],
                   done[i] ? 100.0 * (double)faults[i] / (double)done[i] : 0);
        for (unsigned v = 0; v < 0x80; v++)
            if (outcome[v])
                printf("    %04x %-28s %" PRIu64 "\n", v << 8, vector_name(v << 8), outcome[v]);
    }
    if (!*only || !strcmp(only, "streams")) {
        t = now();
        for (uint64_t i = 0; i < streams; i++)
            stream(seed + i);
        ok &= report("streams", streams, now() - t);
        printf("    %" PRIu64 " instructions on both sides\n", stream_insns);
    }
    for (unsigned i = 0; i < 2; i++)
        machine_free(side[i].m);
    return !ok;
}
