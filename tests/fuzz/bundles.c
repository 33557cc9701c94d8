/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Random bundles, run twice from the same state: as decoded blocks, and one instruction at a time.
 * Neither may crash the simulator (build with SAN=1 for ASan and UBSan), and both must end in the
 * same architected state: that checks every fast handler and the block machinery against the plain
 * executors.
 *
 *   bundles [--wild] [--seed N] [--rounds N] [--seconds S] [--cycles N] [--verbose]
 *
 * --wild: any bits, any instruction, longer; nothing is compared, only survival counts.
 *
 * A failure prints the seed: `bundles --seed N --rounds 1 --verbose` shows it again; a smaller
 * --cycles finds where it begins.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "tests/fuzz/gen.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"
#include "sim/debug/names.h"
#include "sim/debug/peek.h"
#include "sim/debug/state.h"
#include "sim/mmu/mmu.h"

static uint64_t vectors[0x80], insns, nfaults, unclear;
static int64_t cycles = 600; /* modelled, of one round */
static bool verbose;
static FILE *out;

/* Three of four faults skip the instruction, so that a round gets somewhere; decided by the count,
 * alike in both machines. */
static void fuzz_deliver(struct cpu *cpu, const struct intr *in)
{
    unsigned *count = cpu->m->board;
    if (in->vector < 0x8000)
        vectors[in->vector >> 8]++;
    if (verbose)
        fprintf(out, "        %s %016" PRIx64 ".%u\n", vector_name(in->vector), cpu->ip,
                (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3));
    nfaults++;
    if (!in->is_trap && in->vector != VEC_EXT_INT && ++*count % 4)
        cpu_advance(cpu, cpu->ip, (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3), ISA_OP_ILLEGAL);
    else
        intr_deliver(cpu, in);
}

static const struct machine_ops ops = {.translate = mmu_translate, .deliver = fuzz_deliver};

static struct machine *new_machine(void)
{
    struct machine *m = machine_new(1);
    m->ops = &ops;
    phys_add_ram(m, 0, GEN_RAM);
    m->board = calloc(1, sizeof(unsigned));
    return m;
}

/* --- comparison --- */

static bool same = true;

static void check(const char *what, unsigned n, uint64_t a, uint64_t b)
{
    if (a == b)
        return;
    if (verbose)
        fprintf(out, "  %s%u: blocks %016" PRIx64 ", steps %016" PRIx64 "\n", what, n, a, b);
    same = false;
}

static void check_tlb(const char *what, const struct tlb *a, const struct tlb *b)
{
    for (unsigned i = 0; i < N_TR + N_TC; i++) {
        check(what, i, a->e[i].valid, b->e[i].valid);
        if (a->e[i].valid && b->e[i].valid) {
            check(what, i, a->e[i].va, b->e[i].va);
            check(what, i, a->e[i].pte, b->e[i].pte);
        }
    }
}

static bool compare(struct machine *x, struct machine *y)
{
    struct cpu *a = x->cpu[0], *b = y->cpu[0];
    same = true;
    check("ip", 0, a->ip, b->ip);
    check("psr", 0, a->psr, b->psr);
    check("cfm", 0, cfm_pack(&a->cfm), cfm_pack(&b->cfm));
    check("icount", 0, a->icount, b->icount);
    check("cycles", 0, (uint64_t)a->cycles, (uint64_t)b->cycles);
    check("halted", 0, a->halted, b->halted);
    check("branches", 0, a->lbr_pos, b->lbr_pos);
    for (unsigned i = 0; i < 32u + a->cfm.sof && a->cfm.sof == b->cfm.sof; i++) {
        check("r", i, gr(a, i)->v, gr(b, i)->v);
        check("nat", i, gr(a, i)->n, gr(b, i)->n);
    }
    for (unsigned i = 0; i < 16; i++) {
        check("bank r", i + 16, a->bank[i].v, b->bank[i].v);
        check("bank nat", i + 16, a->bank[i].n, b->bank[i].n);
        check("pkr", i, a->pkr[i], b->pkr[i]);
        check("dbr", i, a->dbr[i], b->dbr[i]);
        check("ibr", i, a->ibr[i], b->ibr[i]);
    }
    for (unsigned i = 0; i < 64; i++)
        check("p", i, a->pr[i], b->pr[i]);
    for (unsigned i = 0; i < 8; i++) {
        check("b", i, a->br[i], b->br[i]);
        check("rr", i, a->rr[i], b->rr[i]);
    }
    for (unsigned i = 0; i < 128; i++) {
        struct fpv u = fr_get(a, i), v = fr_get(b, i);
        check("f.sig", i, u.sig, v.sig);
        check("f.exp", i, u.exp, v.exp);
        check("f.sign", i, u.sign, v.sign);
        check("ar", i, ar_value(a, i), ar_value(b, i));
        check("cr", i, cr_value(a, i), cr_value(b, i));
    }
    check_tlb("itlb", &a->mmu->i, &b->mmu->i);
    check_tlb("dtlb", &a->mmu->d, &b->mmu->d);
    const uint8_t *p = phys_host(x, 0, GEN_RAM), *q = phys_host(y, 0, GEN_RAM);
    if (memcmp(p, q, GEN_RAM))
        for (unsigned i = 0; i < GEN_RAM; i++)
            if (p[i] != q[i]) {
                check("memory ", i, p[i], q[i]);
                break;
            }
    return same;
}

/* The other machine, one instruction at a time, to where the first one stopped: an observer keeps
 * it stepping. */
static bool unserialized; /* random data run as code had an instruction that wants srlz.i */
static void on_insn(void *arg, struct cpu *c, uint64_t ip, unsigned slot)
{
    char text[160];
    struct isa_bundle b;
    struct isa_insn in;
    (void)arg;
    if (peek(c, ip, &b, sizeof b, PEEK_CODE) == sizeof b) {
        isa_decode_slot(b, slot, &in);
        unserialized |= gen_needs_srlz(in.op);
    }
    if (verbose)
        fprintf(out, "  %5" PRIu64 " %5" PRId64 " %016" PRIx64 ".%u %s\n", c->icount, c->cycles, ip,
                slot, disasm_at(c, ip, slot, text, sizeof text));
}

static void follow(struct machine *m, const struct cpu *to)
{
    struct cpu *c = m->cpu[0];
    engine_run(c, cycles);
    /* Blocks end a little later than steps. */
    while (!m->stop && !c->halted && c->cycles < to->cycles + 1000 &&
           (c->icount < to->icount || c->cycles < to->cycles))
        engine_step(c);
}

/* Steps look for interrupts a few instructions more often than blocks near the end: a timer that
 * fires just there proves nothing. */
static bool timer_at_the_end(const struct cpu *cpu)
{
    int64_t when = (int64_t)cpu->cr[CR_ITM] - cpu->itc_offset;
    bool pending = false;
    for (unsigned i = 0; i < 4; i++)
        pending |= cpu->irr[i] || cpu->isr_inservice[i];
    return pending || (when > cycles - 100 && when < cpu->cycles + 100);
}

static struct observer stepping = {.insn = on_insn};

static bool round_(struct machine *x, struct machine *y, uint64_t seed)
{
    gen_state(x, seed);
    gen_state(y, seed);
    unserialized = false;
    *(unsigned *)x->board = *(unsigned *)y->board = (unsigned)seed & 3;
    engine_run(x->cpu[0], cycles);
    if (gen_wild) {
        machine_observe(x, seed & 1 ? &stepping : NULL);
        engine_run(x->cpu[0], 10 * cycles);
        insns += x->cpu[0]->icount;
        return true;
    }
    insns += x->cpu[0]->icount;
    if (verbose)
        fprintf(out, "  blocks end at %" PRIu64 ", cycle %" PRId64 "; steps:\n", x->cpu[0]->icount,
                x->cpu[0]->cycles);
    follow(y, x->cpu[0]);
    if (compare(x, y))
        return true;
    bool open = unserialized || timer_at_the_end(x->cpu[0]) || timer_at_the_end(y->cpu[0]);
    unclear += open;
    return open;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, rounds = 2000;
    double seconds = 0;
    time_t start = time(NULL);

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--verbose"))
            verbose = true;
        else if (!strcmp(argv[i], "--wild"))
            gen_wild = true;
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--rounds") && i + 1 < argc)
            rounds = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--seconds") && i + 1 < argc)
            seconds = atof(argv[++i]);
        else if (!strcmp(argv[i], "--cycles") && i + 1 < argc)
            cycles = atoll(argv[++i]);
        else {
            fprintf(stderr, "usage: bundles [--wild] [--seed N] [--rounds N] [--seconds S] "
                            "[--cycles N] [--verbose]\n");
            return 2;
        }
    }
    out = stdout;
    setvbuf(out, NULL, _IOLBF, 0);
    /* Machine checks and the like dump the state; sanitizers write to descriptor 2 all the same. */
    if (!verbose)
        stderr = fopen("/dev/null", "w");

    struct machine *x = new_machine(), *y = new_machine();
    machine_observe(y, &stepping);
    uint64_t n = 0, bad = 0;
    for (; seconds > 0 ? difftime(time(NULL), start) < seconds : n < rounds; n++) {
        if (!round_(x, y, seed + n)) {
            if (bad++ < 5)
                fprintf(out,
                        "FAIL blocks-against-steps: expected equal states, got a difference, seed "
                        "%" PRIu64 "\n",
                        seed + n);
            if (!verbose && bad == 1) {
                verbose = true;
                compare(x, y);
                verbose = false;
            }
        }
    }
    fprintf(out,
            "%" PRIu64 " rounds, %" PRIu64 " instructions, %" PRIu64 " interruptions, %" PRIu64
            " differences, %" PRIu64 " unclear\n",
            n, insns, nfaults, bad, unclear);
    for (unsigned v = 0; v < 0x80; v++)
        if (vectors[v])
            fprintf(out, "  %04x %-28s %" PRIu64 "\n", v << 8, vector_name(v << 8), vectors[v]);
    free(x->board);
    free(y->board);
    machine_free(x);
    machine_free(y);
    if (!bad)
        fprintf(out, gen_wild ? "PASS wild\n" : "PASS blocks-against-steps\n");
    return bad != 0;
}
