/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/rse: the register stack engine (SDM 2:6) against a model that has unlimited registers and
 * no engine: register n of the whole stack has a value, a NaT bit and the address the manual gives
 * it. Random frames, calls, returns, rotation, covers, flushes, loads, stack switches as a kernel
 * makes them, and page faults on every kind of mandatory access; then the cases of the manual one
 * by one. Written from the manual.
 */
#include <stdlib.h>
#include "sim/cpu/rse.h"
#include "tests/cpu/mmu.h"

enum { NREGS = 400000, PAGE = 14, STORE_SIZE = 4 << 20, MAX_DEPTH = 4000 };
#define STORE_VA  0xa000000000000000ull /* user's backing store */
#define KSTORE_VA 0xa000000000800000ull
#define STORE_PA  0x400000ull
#define KSTORE_PA 0x900000ull

static struct {
    struct gr r[NREGS];
    uint64_t addr[NREGS]; /* where the manual says register n is stored */
    bool defined[NREGS];
    int base; /* the frame's first register */
    struct cfm cfm;
    int known; /* registers before this one are in memory of another stack */
} mod;
static struct {
    struct cfm pfm;
} frames[MAX_DEPTH];
static int depth, floor_depth;   /* of calls; below floor_depth lies another context */
static bool faults;              /* pages of the store go away now and then */
static unsigned long nfaults[3]; /* stores, loads, loads with an incomplete frame */

/* Addresses from register n on: one word each, every 64th word is a collection (SDM 2:6.1). */
static void lay_out(int n, uint64_t a)
{
    for (; n < NREGS; n++) {
        if ((a & 0x1f8) == 0x1f8)
            a += 8;
        mod.addr[n] = a;
        a += 8;
    }
}

static uint64_t *word(uint64_t va)
{
    uint64_t pa = va >= KSTORE_VA ? va - KSTORE_VA + KSTORE_PA : va - STORE_VA + STORE_PA;
    return (uint64_t *)(void *)phys_host(s->m, pa, 8);
}

static void map_page(uint64_t va)
{
    uint64_t page = va & ~((1ull << PAGE) - 1);
    uint64_t pa = page >= KSTORE_VA ? page - KSTORE_VA + KSTORE_PA : page - STORE_VA + STORE_PA;
    put(false, page, PTE | pa, PAGE, RID + 5);
}

static void lose_pages(void)
{
    tlb_purge_all(cpu);
}

/* cpu->pending is a fault of the RSE: as the manual says? Then the page comes back. */
static void handle_fault(bool write, bool incomplete)
{
    const struct intr *in = cpu->pending;
    if (!expect(in->vector == VEC_ALT_DTLB, "RSE fault: vector %#x isr %" PRIx64, in->vector,
                in->isr))
        exit(suite_end());
    expect_u64(ISR_RS | (write ? ISR_W : ISR_R), in->isr, "RSE fault: isr");
    nfaults[write ? 0 : incomplete ? 2 : 1]++;
    map_page(in->ifa);
}

/* Repeats an operation until it no longer faults. */
#define RETRY(write, op)                                                                           \
    do {                                                                                           \
        if (faults && noise() % 4 == 0)                                                            \
            lose_pages();                                                                          \
        while (RAISES(op))                                                                         \
            handle_fault(write, false);                                                            \
    } while (0)

static int phys(int i)
{
    const struct cfm *c = &mod.cfm;
    return mod.base + (i < c->sor ? (i + c->rrb_gr) % c->sor : i);
}

/* Gives the undefined registers of the frame values, in both worlds. */
static void define_all(void)
{
    for (int i = 0; i < mod.cfm.sof; i++) {
        int n = phys(i);
        if (!mod.defined[n] || noise() % 8 == 0) {
            mod.r[n] = (struct gr){noise(), noise() % 5 == 0};
            mod.defined[n] = true;
            *gr(cpu, 32 + (unsigned)i) = mod.r[n];
        }
    }
}

static bool same_frame(const char *after)
{
    bool ok = expect_u64(cfm_pack(&mod.cfm), cfm_pack(&cpu->cfm), "cfm after %s", after);
    ok &= expect(!rse_incomplete(cpu), "frame incomplete after %s", after);
    ok &= expect_u64(mod.addr[mod.base], rse_bsp(cpu), "bsp after %s", after);
    ok &= expect(cpu->ndirty + cpu->cfm.sof <= N_STACKED_PHYS,
                 "%d dirty and a frame of %u after %s", cpu->ndirty, cpu->cfm.sof, after);
    for (int i = 0; i < mod.cfm.sof && ok; i++) {
        int n = phys(i);
        const struct gr *g = gr(cpu, 32 + (unsigned)i);
        if (mod.defined[n])
            ok &= expect(g->v == mod.r[n].v && g->n == mod.r[n].n,
                         "r%d (register %d) after %s: expected %" PRIx64 "%s, got %" PRIx64 "%s",
                         32 + i, n, after, mod.r[n].v, mod.r[n].n ? " NaT" : "", g->v,
                         g->n ? " NaT" : "");
    }
    return ok;
}

/* Everything below `end` (an address) is in memory, with its NaT bits in collections or RNAT. */
static void check_memory(uint64_t end)
{
    for (int n = mod.known; n < mod.base && mod.addr[n] < end; n++) {
        uint64_t a = mod.addr[n], col = a | 0x1f8;
        uint64_t nats = col < end ? *word(col) : rse_rnat(cpu);
        if (!mod.defined[n])
            continue;
        if (!expect_u64(mod.r[n].v, *word(a), "backing store of register %d", n) ||
            !expect_u64(mod.r[n].n, nats >> (a >> 3 & 63) & 1, "NaT bit of register %d", n))
            return;
        expect(!(nats >> 63), "bit 63 of a NaT collection");
    }
}

static void do_alloc(void)
{
    unsigned big = noise() % 6 == 0, sof = (unsigned)noise() % (big ? 97 : 30);
    unsigned sol = sof ? (unsigned)noise() % (sof + 1) : 0;
    unsigned sor = (unsigned)noise() % 3 == 0 ? (unsigned)noise() % (sof / 8 + 1) * 8 : 0;
    const struct cfm *c = &mod.cfm;
    if (c->rrb_gr | c->rrb_fr | c->rrb_pr) {
        sor = c->sor;
        if (sof < sor)
            sof = sor;
        if (sol > sof)
            sol = sof;
    }
    RETRY(true, rse_alloc(cpu, sof, sol, sor));
    for (unsigned i = sof; i < c->sof; i++)
        mod.defined[mod.base + (int)i] = false;
    for (unsigned i = c->sof; i < sof; i++)
        mod.defined[mod.base + (int)i] = false;
    mod.cfm.sof = (uint8_t)sof;
    mod.cfm.sol = (uint8_t)sol;
    mod.cfm.sor = (uint8_t)sor;
    define_all();
}

static void do_call(void)
{
    frames[depth++].pfm = mod.cfm;
    rse_call(cpu);
    mod.base += mod.cfm.sol;
    mod.cfm = (struct cfm){.sof = (uint8_t)(mod.cfm.sof - mod.cfm.sol)};
}

static void cover(void)
{
    rse_cover(cpu);
    mod.base += mod.cfm.sof;
    mod.cfm = (struct cfm){0};
}

/* What br.ret and rfi leave to the engine. A fault of a mandatory load interrupts with the frame
 * incomplete; the handler covers what there is, or leaves it alone, and returns by rfi. */
static void finish_return(void)
{
    while (cpu->cfle) {
        if (!RAISES(rse_complete(cpu)))
            break;
        handle_fault(false, true);
        expect(rse_incomplete(cpu), "fault of a complete frame");
        cpu->cfle = false; /* delivery */
        if (noise() % 2) {
            uint64_t ifm = cfm_pack(&cpu->cfm), bsp = rse_bsp(cpu);
            int k = cpu->cfm.sof;
            rse_cover(cpu);
            expect_u64(rse_skip(bsp, k), rse_bsp(cpu), "bsp after cover of an incomplete frame");
            if (noise() % 2) { /* a handler with frames of its own, on the same stack */
                while (RAISES(rse_alloc(cpu, 40, 40, 0)))
                    handle_fault(true, false);
                for (unsigned i = 0; i < 40; i++)
                    *gr(cpu, 32 + i) = (struct gr){~0ull, 1};
                rse_call(cpu);
                while (RAISES(rse_flush(cpu)))
                    handle_fault(true, false);
                rse_return(cpu, 40 | 40 << 7);
                while (cpu->cfle && RAISES(rse_complete(cpu)))
                    handle_fault(false, true);
                cpu->cfm = (struct cfm){0};
            }
            if (noise() % 3 == 0)
                lose_pages();
            rse_rfi(cpu, ifm);
        } else {
            rse_resume(cpu);
        }
    }
}

static void do_return(void)
{
    struct cfm now = mod.cfm, to = frames[--depth].pfm;
    if (faults && noise() % 4 == 0)
        lose_pages();
    rse_return(cpu, cfm_pack(&to));
    finish_return();
    /* Outputs of the caller that the callee's frame no longer had are undefined. */
    for (int i = now.sof; i < to.sof - to.sol; i++)
        mod.defined[mod.base + i] = false;
    /* A frame whose physical registers the callee's rotation left elsewhere is none of ours:
     * rotation is undone. */
    mod.base -= to.sol;
    mod.cfm = to;
}

static void do_rotate(void)
{
    struct cfm *c = &mod.cfm;
    rse_rotate(cpu);
    c->rrb_gr = c->sor ? (uint8_t)((c->rrb_gr + c->sor - 1) % c->sor) : 0;
    c->rrb_fr = (uint8_t)((c->rrb_fr + 95) % 96);
    c->rrb_pr = (uint8_t)((c->rrb_pr + 47) % 48);
}

static void do_flush(void)
{
    RETRY(true, rse_flush(cpu));
    expect_u64(rse_bsp(cpu), rse_bspstore(cpu), "bspstore after flushrs");
    check_memory(rse_bspstore(cpu));
}

static void set_loadrs(uint64_t bytes)
{
    cpu->ar[AR_RSC] = (cpu->ar[AR_RSC] & ~0x3fff0000ull) | bytes << 16;
}

/* rfi to the frame that was covered. */
static void uncover(struct cfm to)
{
    rse_rfi(cpu, cfm_pack(&to));
    finish_return();
    mod.base -= to.sof;
    mod.cfm = to;
}

/* flushrs, cover, loadrs of some distance; then memory up to BSP is scribbled over: the registers
 * must be dirty. */
static void do_loadrs(void)
{
    struct cfm covered = mod.cfm;
    cover();
    do_flush();
    int want = (int)(noise() % 97);
    if (want > mod.base - mod.known)
        want = mod.base - mod.known;
    uint64_t bsp = rse_bsp(cpu), tear = want ? mod.addr[mod.base - want] : bsp;
    if (want && noise() % 2 && (tear - 8) % 512 == 0x1f8 && mod.base - want > mod.known)
        tear -= 8; /* the collection below it too */
    set_loadrs(bsp - tear);
    RETRY(false, rse_loadrs(cpu));
    expect_u64(tear, rse_bspstore(cpu), "bspstore after loadrs");
    expect_u64(bsp, rse_bsp(cpu), "bsp after loadrs");
    for (uint64_t a = tear; a < bsp; a += 8)
        *word(a) = noise() >> 1;
    set_loadrs(0);
    uncover(covered);
    /* More dirty registers than before could make the next br.ret one with a bad PFS (SDM 2:6.5.5).
     */
    do_flush();
}

static void step(unsigned max_depth);

/* A kernel entry and exit: cover, switch to another backing store keeping the dirty registers, run
 * there, loadrs what was dirty, switch back (SDM 2:6.11.1). */
static void do_switch(void)
{
    const struct cfm covered = mod.cfm;
    const int known = mod.known, outer = depth;
    if (known) /* one level */
        return;
    cover();
    const uint64_t store = rse_bspstore(cpu), rnat = rse_rnat(cpu);
    const int first = mod.base - cpu->ndirty, top = mod.base;
    const uint64_t k = KSTORE_VA + 8 * (noise() % 64);

    rse_set_bspstore(cpu, k);
    lay_out(first, k);
    expect_u64(mod.addr[mod.base], rse_bsp(cpu), "bsp after a write of bspstore");
    mod.known = first;
    if (!first)
        mod.known = 1; /* as a mark; register 0 is not looked at */
    floor_depth = outer;
    for (unsigned i = 0; i < 40; i++)
        step((unsigned)outer + 30);
    floor_depth = 0;
    while (depth > outer)
        do_return();
    /* Back in the covered frame's empty successor: drop whatever it allocated. */
    while (RAISES(rse_alloc(cpu, 0, 0, cpu->cfm.sor)))
        handle_fault(true, false);
    rse_set_rrb(cpu, 0, 0, 0);
    cpu->cfm = mod.cfm = (struct cfm){0};
    expect(mod.base == top, "the kernel's frames are gone");
    set_loadrs(rse_bsp(cpu) - k);
    RETRY(false, rse_loadrs(cpu));
    expect_u64(k, rse_bspstore(cpu), "bspstore after loadrs of a kernel exit");
    set_loadrs(0);
    rse_set_bspstore(cpu, store);
    rse_set_rnat(cpu, rnat);
    lay_out(first, store);
    mod.known = known;
    uncover(covered);
}

static void step(unsigned max_depth)
{
    switch (noise() % 16) {
    case 0 ... 3:
        do_alloc();
        same_frame("alloc");
        break;
    case 4 ... 7:
        if (depth < (int)max_depth) {
            do_call();
            same_frame("br.call");
            if (noise() % 4)
                do_alloc();
        }
        break;
    case 8 ... 11:
        if (depth > floor_depth) {
            do_return();
            same_frame("br.ret");
            define_all();
        }
        break;
    case 12:
        for (unsigned n = noise() % 20; n; n--)
            do_rotate();
        same_frame("rotation");
        if (noise() % 2) {
            rse_set_rrb(cpu, 0, 0, 0);
            mod.cfm.rrb_gr = mod.cfm.rrb_fr = mod.cfm.rrb_pr = 0;
            same_frame("clrrrb");
        }
        break;
    case 13:
        do_flush();
        same_frame("flushrs");
        break;
    case 14:
        if (noise() % 4 == 0) {
            do_loadrs();
            same_frame("loadrs and rfi");
        }
        break;
    default:
        if (noise() % 8 == 0) {
            do_switch();
            same_frame("a stack switch");
        }
        define_all();
    }
}

static void begin(uint64_t store)
{
    memset(&mod, 0, sizeof mod);
    memset(phys_host(s->m, STORE_PA, STORE_SIZE), 0, STORE_SIZE);
    depth = floor_depth = 0;
    fresh();
    cpu_set_psr(cpu, PSR_DT | PSR_RT | PSR_IC);
    rse_reset(cpu);
    cpu->cfm = (struct cfm){0};
    rse_set_bspstore(cpu, store);
    lay_out(0, store);
    for (uint64_t a = 0; a < STORE_SIZE; a += 1 << PAGE) {
        if (a < 40 << PAGE)
            map_page(STORE_VA + a);
        if (a < 8 << PAGE)
            map_page(KSTORE_VA + a);
    }
}

static void random_runs(unsigned runs, unsigned steps)
{
    for (unsigned i = 0; i < runs; i++) {
        begin(STORE_VA + 8 * (noise() % 64));
        for (unsigned n = 0; n < steps; n++)
            step(i % 3 == 0 ? 200 : 25);
        while (depth) {
            do_return();
            same_frame("br.ret");
        }
    }
}

/* A recursion much deeper than the registers, checked on the way back. */
static void deep_recursion(void)
{
    begin(STORE_VA + 0x1f8);
    for (int i = 0; i < 3500; i++) {
        unsigned sol = 3 + (unsigned)i % 11;
        RETRY(true, rse_alloc(cpu, sol + 3, sol, 0));
        for (unsigned k = mod.cfm.sof; k < sol + 3; k++)
            mod.defined[mod.base + (int)k] = false;
        mod.cfm = (struct cfm){.sof = (uint8_t)(sol + 3), .sol = (uint8_t)sol};
        define_all();
        do_call();
    }
    while (depth) {
        do_return();
        same_frame("a deep return");
    }
}

/* SDM 2:6.5.5: more registers than there are. */
static void bad_pfs(void)
{
    begin(STORE_VA);
    rse_alloc(cpu, 90, 90, 0);
    rse_call(cpu);
    uint64_t bsp = rse_bsp(cpu);
    rse_return(cpu, 90 | 10 << 7); /* 80 dirty and 90 in the frame */
    expect_u64(0, cfm_pack(&cpu->cfm), "cfm");
    expect_u64(rse_skip(bsp, -10), rse_bsp(cpu), "bsp");
    expect_u64(80, (uint64_t)cpu->ndirty, "dirty registers");
    /* Frame markers no alloc makes. */
    static const uint64_t bogus[] = {127,
                                     97,
                                     10 | 20 << 7,
                                     20 | 10 << 7 | 4 << 14,
                                     20 | 10 << 7 | 1 << 14 | 9 << 18,
                                     20 | 10 << 7 | 96ull << 25,
                                     20 | 10 << 7 | 48ull << 32,
                                     CFM_MASK};
    for (unsigned i = 0; i < sizeof bogus / sizeof *bogus; i++) {
        begin(STORE_VA + 0x1000);
        rse_alloc(cpu, 8, 8, 0);
        rse_call(cpu);
        rse_return(cpu, bogus[i]);
        finish_return();
        expect_u64(0, cfm_pack(&cpu->cfm), "cfm after pfm %" PRIx64, bogus[i]);
        expect(!rse_incomplete(cpu), "frame after pfm %" PRIx64, bogus[i]);
    }
}

/* loadrs: Illegal Operation (SDM 3: loadrs page). */
static void loadrs_faults(void)
{
    static const struct {
        unsigned sof, mode, loadrs;
        bool bad;
    } t[] = {{0, 0, 0, false}, {8, 0, 0, false},      {8, 0, 8, true},      {0, 1, 0, true},
             {0, 3, 8, true},  {0, 0, 8 * 98, false}, {0, 0, 8 * 99, true}, {0, 0, 0x3ff8, true}};
    for (volatile unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        begin(STORE_VA + 0x2000);
        cpu->cfm.sof = (uint8_t)t[i].sof;
        cpu->ar[AR_RSC] = t[i].mode | (uint64_t)t[i].loadrs << 16;
        bool raised = RAISES(rse_loadrs(cpu));
        expect(raised == t[i].bad, "sof %u mode %u loadrs %u: %s", t[i].sof, t[i].mode, t[i].loadrs,
               raised ? "fault" : "no fault");
        if (raised)
            expect(cpu->pending->vector == VEC_GENERAL && cpu->pending->isr == GE_ILLEGAL_OPERATION,
                   "loadrs: vector %#x isr %" PRIx64, cpu->pending->vector, cpu->pending->isr);
    }
}

/* alloc may not change sor under rotation (SDM 3: alloc page). */
static void alloc_sor(void)
{
    begin(STORE_VA);
    rse_alloc(cpu, 32, 16, 16);
    rse_rotate(cpu);
    expect(!RAISES(rse_alloc(cpu, 40, 20, 16)), "alloc with the same sor");
    expect(RAISES(rse_alloc(cpu, 40, 20, 8)) && cpu->pending->vector == VEC_GENERAL &&
               cpu->pending->isr == GE_RESERVED,
           "alloc with another sor: vector %#x", cpu->pending->vector);
    expect_u64(40, cpu->cfm.sof, "sof after the fault");
    rse_set_rrb(cpu, 0, 0, 0);
    expect(!RAISES(rse_alloc(cpu, 40, 20, 8)), "alloc with another sor after clrrrb");
}

/* Addresses around collections (SDM 2:6.5.3, tables of BSP). */
static void addresses(void)
{
    static const struct {
        uint64_t from;
        int n;
        uint64_t to;
    } t[] = {{0, 0, 0},
             {0, 62, 496},
             {0, 63, 512},
             {0x1f0, 1, 0x200},
             {0x1f8, 0, 0x200},
             {0x1f8, 1, 0x208},
             {0x1f8, 62, 0x3f0},
             {0x1f8, 63, 0x400},
             {512, -1, 496},
             {512, -63, 0},
             {512, -64, (uint64_t)-16},
             {0x1f8, -1, 0x1f0},
             {0x1f8, -63, 0},
             {0x1f8, -64, (uint64_t)-16},
             {8, -1, 0}};
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        expect_u64(t[i].to, rse_skip(t[i].from, t[i].n), "%" PRIx64 " and %d registers", t[i].from,
                   t[i].n);
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t a = 0x10000 + 8 * (noise() % 64);
        unsigned n = (unsigned)noise() % 300, k;
        uint64_t b = a;
        for (k = 0; k < n; k++)
            b += (b & 0x1f8) == 0x1f8 ? 16 : 8;
        if ((b & 0x1f8) == 0x1f8)
            b += 8;
        expect_u64(b, rse_skip(a, (int)n), "%" PRIx64 " and %u registers", a, n);
        if ((a & 0x1f8) != 0x1f8)
            expect_u64(a, rse_skip(b, -(int)n), "%" PRIx64 " less %u registers", b, n);
        expect_u64(n, rse_count(a, b), "registers from %" PRIx64 " to %" PRIx64, a, b);
    }
}

/* Big-endian backing store, and a physical one. */
static void byte_order(void)
{
    begin(STORE_VA);
    cpu->ar[AR_RSC] = 1 << 4;
    rse_alloc(cpu, 2, 2, 0);
    *gr(cpu, 32) = (struct gr){0x0102030405060708, 0};
    *gr(cpu, 33) = (struct gr){0x1112131415161718, 1};
    rse_call(cpu);
    rse_flush(cpu);
    expect_u64(0x0807060504030201, *word(STORE_VA), "a big-endian register");
    *gr(cpu, 32 - 2) = (struct gr){0, 0};
    cpu->stk[30] = cpu->stk[31] = (struct gr){0, 0};
    rse_return(cpu, 2 | 2 << 7);
    finish_return();
    expect_u64(0x0102030405060708, gr(cpu, 32)->v, "r32 loaded big-endian");
    expect_u64(1, gr(cpu, 33)->n, "r33's NaT bit");

    begin(STORE_PA);
    lose_pages();
    cpu_set_psr(cpu, PSR_DT | PSR_IC);
    rse_alloc(cpu, 2, 2, 0);
    *gr(cpu, 32) = (struct gr){0x0102030405060708, 0};
    rse_call(cpu);
    rse_flush(cpu);
    expect_u64(0x0102030405060708, *word(STORE_VA), "a register stored with psr.rt 0");
}

int main(int argc, char **argv)
{
    suite_begin(argc, argv);
    s = sut_new();
    cpu = s->cpu;
    if (group("addresses"))
        addresses();
    if (group("random"))
        random_runs(30, 2000);
    if (group("deep-recursion"))
        deep_recursion();
    if (group("page-faults")) {
        faults = true;
        random_runs(30, 2000);
        deep_recursion();
        faults = false;
        for (unsigned i = 0; i < 3; i++)
            expect(nfaults[i] > 50, "only %lu faults of kind %u", nfaults[i], i);
    }
    if (group("bad-pfs"))
        bad_pfs();
    if (group("loadrs-faults"))
        loadrs_faults();
    if (group("alloc-sor"))
        alloc_sor();
    if (group("byte-order"))
        byte_order();
    int status = suite_end();
    sut_free(s);
    return status;
}
