/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/second-opinion: runs the micro-programs of another emulator's authors
 * (../shared/conformance, when there) and compares the state they end in. The script turns their
 * JSON into lines on standard input:
 *
 *     case NAME CPUS ENTRY STOP      bundle ADDRESS LOW HIGH      data ADDRESS VALUE SIZE
 *     expect KEY MASK VALUE          expectf KEY HIGH LOW NAT     run
 *
 * Each program runs stepped and, when it ends in a branch to itself, in blocks. Argument 1: the
 * list of known differences, "NAME: reason" per line, each settled by the manual; a listed case
 * that agrees is a stale entry and fails. Argument 2: one case (empty: all). They are a second
 * opinion, not the law.
 */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/machine.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"

enum {
    RAM = 128 << 20,
    MAX_STEPS = 100000,
    SHORT_RUN = 10000,
    LONG_RUN = 1000000,
    RUNS = 100,
    MAX_LINES = 4000
};

struct expectation {
    char key[32];
    uint64_t mask, value;    /* or */
    uint64_t high, low, nat; /* floating-point register */
    bool fp;
};
static struct {
    char name[120];
    unsigned cpus;
    uint64_t entry, stop;
    struct {
        uint64_t address, lo, hi;
        unsigned size; /* 16: bundle */
    } mem[MAX_LINES];
    unsigned nmem;
    struct expectation e[64];
    unsigned ne;
} t;

static struct {
    char *name, *reason;
    bool used, exact;
} known[1000];
static unsigned nknown;
static bool trace; /* argument 3: ip, psr and isr of every step */

static void read_known(const char *file)
{
    char line[1000];
    FILE *f = fopen(file, "r");
    if (!f) {
        perror(file);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        char *colon = strchr(line, ':');
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#' || !line[0])
            continue;
        if (!colon || nknown == sizeof known / sizeof *known) {
            fprintf(stderr, "%s: not 'name: reason': %s\n", file, line);
            exit(2);
        }
        *colon = 0;
        known[nknown].exact = !strchr(line, '*');
        known[nknown].name = strdup(line);
        known[nknown++].reason = strdup(colon + 1 + strspn(colon + 1, " "));
    }
    fclose(f);
}

/* A register by the name the programs use. */
static bool value_of(struct cpu *cpu, const char *key, uint64_t *v)
{
    unsigned n;
    char tail[16] = "";
    if (sscanf(key, "r%u%15s", &n, tail) >= 1 && n < 128) {
        *v = strcmp(tail, "_nat") ? gr(cpu, n)->v : gr(cpu, n)->n;
        return true;
    }
    if (sscanf(key, "b%u", &n) == 1 && n < 8)
        return *v = cpu->br[n], true;
    if (!strcmp(key, "ip"))
        return *v = cpu->ip, true;
    if (!strcmp(key, "psr"))
        return *v = cpu->psr, true;
    if (!strcmp(key, "pr_mask"))
        return *v = pr_pack(cpu), true;
    if (!strcmp(key, "cfm_sof"))
        return *v = cpu->cfm.sof, true;
    if (!strcmp(key, "cfm_sol"))
        return *v = cpu->cfm.sol, true;
    if (!strcmp(key, "cfm_rrb_gr"))
        return *v = cpu->cfm.rrb_gr, true;
    if (!strcmp(key, "cfm_rrb_fr"))
        return *v = cpu->cfm.rrb_fr, true;
    if (!strcmp(key, "ar_fpsr"))
        return *v = cpu->ar[AR_FPSR], true;
    if (!strcmp(key, "ar_unat"))
        return *v = cpu->ar[AR_UNAT], true;
    if (!strcmp(key, "ar_pfs"))
        return *v = cpu->ar[AR_PFS], true;
    return false;
}

/* Compares; appends what differs to text. */
static bool compare(struct cpu *cpu, const char *mode, char *text, size_t size)
{
    bool ok = true;
    for (unsigned i = 0; i < t.ne; i++) {
        const struct expectation *e = &t.e[i];
        const size_t len = strlen(text);
        if (e->fp) {
            const struct fpv v = fr_unpack(&cpu->fr[fr_index(cpu, (unsigned)atoi(e->key + 1))]);
            const uint64_t high = v.exp | (uint64_t)v.sign << 17;
            const bool nat = high == FR_EXP_NATVAL && v.sig == 0;
            if (nat == e->nat && (nat || (high == e->high && v.sig == e->low)))
                continue;
            snprintf(text + len, size - len,
                     "%s%s %s: expected %05" PRIx64 ":%016" PRIx64 ", got %05" PRIx64
                     ":%016" PRIx64,
                     len ? "; " : "", mode, e->key, e->high, e->low, high, v.sig);
            ok = false;
        } else {
            uint64_t v = 0;
            const bool there = value_of(cpu, e->key, &v);
            if (there && (v & e->mask) == e->value)
                continue;
            snprintf(text + len, size - len, "%s%s %s: expected %#" PRIx64 ", got %#" PRIx64,
                     len ? "; " : "", mode, there ? e->key : "an unknown key", e->value,
                     v & e->mask);
            ok = false;
        }
    }
    return ok;
}

static struct machine *load(void)
{
    static struct machine_ops ops;
    struct machine *m = machine_new(t.cpus);

    phys_add_ram(m, 0, RAM);
    ops.translate = mmu_translate;
    ops.deliver = intr_deliver;
    m->ops = &ops;
    for (unsigned i = 0; i < t.nmem; i++) {
        uint8_t *p = phys_host(m, t.mem[i].address, 16);
        if (!p) {
            fprintf(stderr, "%s: no RAM at %#" PRIx64 "\n", t.name, t.mem[i].address);
            exit(2);
        }
        memcpy(p, &t.mem[i].lo, t.mem[i].size < 8 ? t.mem[i].size : 8);
        if (t.mem[i].size == 16)
            memcpy(p + 8, &t.mem[i].hi, 8);
    }
    for (unsigned i = 0; i < t.cpus; i++) {
        m->cpu[i]->ip = t.entry;
        m->cpu[i]->ar[AR_FPSR] = 0x9804c0270033f;
    }
    return m;
}

/* The programs end in "br.few ." (MIB, no hints), where a block may be left to spin. */
static bool stops_by_branch(void)
{
    for (unsigned i = 0; i < t.nmem; i++)
        if (t.mem[i].address == t.stop && t.mem[i].size == 16)
            return t.mem[i].lo == 0x100000010 && t.mem[i].hi == 0x4000000000000200;
    return false;
}

/* Nothing was placed at the interruption vector where it ended up: break 0 for ever. */
static bool stuck(struct machine *m, const struct cpu *cpu)
{
    const uint8_t *p = cpu->psr & (PSR_IT | PSR_RI | PSR_IC) ? NULL : phys_host(m, cpu->ip, 16);
    static const uint8_t zero[16];
    return p && cpu->ip == 0x2c00 && !memcmp(p, zero, 16);
}

/* On to the stop, in ever longer runs of blocks. */
static void run_blocks(struct machine *m, struct cpu *cpu)
{
    for (unsigned i = 0; i < 2 * RUNS && cpu->ip != t.stop && !stuck(m, cpu) && !m->stop; i++)
        engine_run(cpu, cpu->cycles + (i < RUNS ? SHORT_RUN : LONG_RUN));
}

static bool one(char *text, size_t size)
{
    struct machine *m = load();
    struct cpu *cpu = m->cpu[0];
    bool ok = true;

    text[0] = 0;
    for (unsigned i = 0; i < MAX_STEPS && !m->stop; i++) {
        if (cpu->ip == t.stop && !(cpu->psr & PSR_RI))
            break;
        if (stuck(m, cpu))
            break;
        if (trace)
            fprintf(stderr, "%#" PRIx64 ".%u psr %#" PRIx64 " isr %#" PRIx64 "\n", cpu->ip,
                    (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3), cpu->psr, cpu->cr[CR_ISR]);
        engine_step(cpu);
    }
    run_blocks(m, cpu); /* long waits for a timer are not stepped through */
    ok = compare(cpu, "stepped:", text, size);
    machine_free(m);
    if (!stops_by_branch())
        return ok;
    m = load();
    cpu = m->cpu[0];
    run_blocks(m, cpu);
    ok &= compare(cpu, "in blocks:", text, size);
    machine_free(m);
    return ok;
}

/* What a case says goes to one line. */
static bool verdict(void)
{
    char text[1000];
    const bool ok = one(text, sizeof text);
    for (unsigned i = 0; i < nknown; i++) {
        if (fnmatch(known[i].name, t.name, 0))
            continue;
        if (ok && known[i].exact) {
            known[i].used = true;
            printf("FAIL %s: expected a difference (%s), got none: the entry is stale\n", t.name,
                   known[i].reason);
            return false;
        }
        if (!ok) {
            known[i].used = true;
            printf("PASS %s: differs as listed: %s\n", t.name, known[i].reason);
            return true;
        }
    }
    printf("%s %s%s%s\n", ok ? "PASS" : "FAIL", t.name, ok ? "" : ": ", text);
    return ok;
}

int main(int argc, char **argv)
{
    char line[400], word[20];
    unsigned failed = 0;
    const char *only = argc > 2 && argv[2][0] ? argv[2] : NULL;

    if (argc < 2)
        return 2;
    trace = argc > 3;
    read_known(argv[1]);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%19s", word) != 1)
            continue;
        struct expectation *e = &t.e[t.ne];
        if (t.ne == sizeof t.e / sizeof *t.e || t.nmem == MAX_LINES)
            return fprintf(stderr, "%s: too long\n", t.name), 2;
        if (!strcmp(word, "case")) {
            memset(&t, 0, sizeof t);
            if (sscanf(line, "%*s %119s %u %" SCNx64 " %" SCNx64, t.name, &t.cpus, &t.entry,
                       &t.stop) != 4)
                return fprintf(stderr, "bad line: %s", line), 2;
        } else if (!strcmp(word, "bundle")) {
            sscanf(line, "%*s %" SCNx64 " %" SCNx64 " %" SCNx64, &t.mem[t.nmem].address,
                   &t.mem[t.nmem].lo, &t.mem[t.nmem].hi);
            t.mem[t.nmem++].size = 16;
        } else if (!strcmp(word, "data")) {
            sscanf(line, "%*s %" SCNx64 " %" SCNx64 " %u", &t.mem[t.nmem].address,
                   &t.mem[t.nmem].lo, &t.mem[t.nmem].size);
            t.nmem++;
        } else if (!strcmp(word, "expect")) {
            sscanf(line, "%*s %31s %" SCNx64 " %" SCNx64, e->key, &e->mask, &e->value);
            t.ne++;
        } else if (!strcmp(word, "expectf")) {
            e->fp = true;
            sscanf(line, "%*s %31s %" SCNx64 " %" SCNx64 " %" SCNx64, e->key, &e->high, &e->low,
                   &e->nat);
            t.ne++;
        } else if (!strcmp(word, "run")) {
            if (!only || !strcmp(only, t.name))
                failed += !verdict();
            fflush(stdout);
        }
    }
    for (unsigned i = 0; i < nknown && !only; i++)
        if (!known[i].used) {
            printf("FAIL %s: a listed difference, but no case differs\n", known[i].name);
            failed++;
        }
    return failed != 0;
}
