/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The trace. A line: CPU, what, instruction count, privilege, where, and the event's own. An
 * instruction is printed when it has retired, with the targets it wrote; one that faults shows as
 * the interruption it raised.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cpu/privop_native.h"
#include "sim/debug/trace.h"
#include "sim/debug/names.h"
#include "sim/debug/observers.h"
#include "sim/debug/peek.h"
#include "sim/debug/state.h"
#include "sim/debug/symbols.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"

/* Bundles already listed by -d in_asm: open-addressed set of host addresses. */
struct seen {
    const void **slot;
    size_t size, used;
};

static struct {
    struct trace_options o;
    struct observer obs;
    FILE *f;
    uint64_t lo, hi;
    uint64_t lines;
    bool running;
    struct seen seen;
    /* The instruction between insn() and retire(). */
    struct isa_insn in;
    char text[160];
    uint64_t r3;
    uint8_t cpl;
    bool armed;
} t;

struct word {
    const char *name;
    unsigned bit;
};

static unsigned parse_words(const struct word *words, size_t nwords, const char *s,
                            const char **bad)
{
    unsigned what = 0;
    while (*s) {
        size_t n = strcspn(s, ",");
        size_t i = 0;
        while (i < nwords && (strlen(words[i].name) != n || strncmp(words[i].name, s, n)))
            i++;
        if (i == nwords) {
            *bad = s;
            return 0;
        }
        what |= words[i].bit;
        s += n + (s[n] == ',');
    }
    *bad = s;
    return what;
}
unsigned trace_parse_what(const char *s, const char **bad)
{
    static const struct word words[] = {
        {"insn", TRACE_INSN}, {"mem", TRACE_MEM},       {"tlb", TRACE_TLB},
        {"intr", TRACE_INTR}, {"branch", TRACE_BRANCH}, {"in_asm", TRACE_IN_ASM},
    };
    return parse_words(words, sizeof words / sizeof *words, s, bad);
}
unsigned trace_parse_log(const char *s, const char **bad)
{
    static const struct word words[] = {
        {"in_asm", TRACE_IN_ASM}, {"int", TRACE_INTR}, {"mmu", TRACE_TLB}};
    return parse_words(words, sizeof words / sizeof *words, s, bad);
}

/* Does the filter let an event of this CPU at ip through? Counts it if so. */
static bool wanted_at(const struct cpu *cpu, uint64_t ip, uint64_t icount)
{
    if (ip < t.lo || ip > t.hi || (t.o.cpl >= 0 && cpu->cpl != t.o.cpl))
        return false;
    if (icount < t.o.start)
        return false;
    if (t.o.count && t.lines >= t.o.count)
        return false;
    t.lines++;
    return true;
}
static bool wanted(const struct cpu *cpu, uint64_t ip)
{
    return wanted_at(cpu, ip, cpu_icount_now(cpu));
}

static uint64_t where(const struct cpu *cpu, unsigned *slot)
{
    if (cpu->cur) {
        *slot = cpu_slot(cpu);
        return cpu_ip(cpu);
    }
    *slot = (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3);
    return cpu->ip;
}

static void head(const struct cpu *cpu, const char *what, uint64_t ip, unsigned slot)
{
    char sym[300];
    fprintf(t.f, "%u %-6s %8" PRIu64 " %u %016" PRIx64 ".%u%s", cpu->index, what,
            cpu_icount_now(cpu), cpu->cpl, ip, slot, symbol_at(ip, sym, sizeof sym));
}

static bool first_seen(struct seen *s, const void *p)
{
    if (s->used * 2 >= s->size) {
        struct seen n = {NULL, s->size ? s->size * 2 : 4096, 0};
        n.slot = calloc(n.size, sizeof *n.slot);
        if (!n.slot)
            return false;
        for (size_t i = 0; i < s->size; i++)
            if (s->slot[i])
                first_seen(&n, s->slot[i]);
        free(s->slot);
        *s = n;
    }
    size_t i = ((uintptr_t)p >> 4) * 0x9e3779b97f4a7c15ull >> 20 & (s->size - 1);
    while (s->slot[i] && s->slot[i] != p)
        i = (i + 1) & (s->size - 1);
    if (s->slot[i])
        return false;
    s->slot[i] = p;
    s->used++;
    return true;
}

static void list_bundle(struct cpu *cpu, uint64_t ip)
{
    struct isa_bundle b;
    char text[512], sym[300];
    uint64_t run;
    uint8_t *p = peek_ptr(cpu, ip, PEEK_CODE, &run);

    if (!p || !first_seen(&t.seen, p) || !wanted(cpu, ip))
        return;
    memcpy(&b, p, 16);
    uint64_t off;
    if (symbol_name(ip, &off) && off == 0)
        fprintf(t.f, "%016" PRIx64 "%s:\n", ip, symbol_at(ip, sym, sizeof sym));
    isa_disasm_bundle(b, ip, text, sizeof text);
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        if (line == text)
            fprintf(t.f, "%016" PRIx64 "  %s\n", ip, line);
        else
            fprintf(t.f, "%16s  %s\n", "", line);
    }
}

static void on_insn(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    uint8_t raw[16];
    struct isa_bundle b;
    (void)arg;

    if (t.o.what & TRACE_IN_ASM)
        list_bundle(cpu, ip);
    t.armed = false;
    if (!(t.o.what & TRACE_INSN) || ip < t.lo || ip > t.hi ||
        peek(cpu, ip, raw, 16, PEEK_CODE) != 16)
        return;
    memcpy(&b, raw, 16);
    if (slot == 1 && isa_templates[isa_tmpl(b)].unit[1] == ISA_UNIT_L)
        slot = 2;
    isa_decode_slot(b, slot, &t.in);
    isa_disasm(&t.in, ip, t.text, sizeof t.text);
    if (cpu->m->privop_native)
        privop_original(&t.in); /* the text is the break's, what is written the original's */
    t.r3 = t.in.r3 && t.in.r3 < 32 + cpu->cfm.sof ? gr(cpu, t.in.r3)->v : 0;
    t.cpl = cpu->cpl;
    t.armed = true;
}

static void show_gr(const struct cpu *cpu, unsigned r)
{
    if (r >= 32u + cpu->cfm.sof)
        return;
    const struct gr *g = r < 32 ? &cpu->gr[r] : &cpu->stk[r];
    fprintf(t.f, " r%u=%016" PRIx64 "%s", r, g->v, g->n ? "*" : "");
}

static void on_retire(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    const struct isa_insn *in = &t.in;
    (void)arg;
    if (!t.armed)
        return;
    t.armed = false;
    /* The count is that of the instruction, not of what follows it. */
    if (!wanted_at(cpu, ip, cpu_icount_now(cpu) - 1))
        return;
    char sym[300];
    fprintf(t.f, "%u insn   %8" PRIu64 " %u %016" PRIx64 ".%u%s  %s", cpu->index,
            cpu_icount_now(cpu) - 1, t.cpl, ip, slot, symbol_at(ip, sym, sizeof sym), t.text);
    if (in->qp && !cpu->pr[in->qp] && !(isa_rows[in->op].attr & ISA_ATTR_BRANCH))
        fprintf(t.f, "  (off)");
    else if (in->status == ISA_OK && !(isa_rows[in->op].attr & ISA_ATTR_NOP)) {
        fprintf(t.f, " ");
        if (in->r1)
            show_gr(cpu, in->r1);
        if (in->r3 && in->r3 != in->r1 && in->r3 < 32 + cpu->cfm.sof &&
            !(isa_rows[in->op].attr & ISA_ATTR_BRANCH) && gr(cpu, in->r3)->v != t.r3)
            show_gr(cpu, in->r3); /* post-increment */
        if (in->f1 > 1) {
            struct fpv v = fr_get(cpu, in->f1);
            fprintf(t.f, " f%u=%c%05x.%016" PRIx64, in->f1, v.sign ? '-' : '+', v.exp, v.sig);
        }
        if (in->p1)
            fprintf(t.f, " p%u=%u", in->p1, cpu->pr[in->p1]);
        if (in->p2)
            fprintf(t.f, " p%u=%u", in->p2, cpu->pr[in->p2]);
        if (in->b1)
            fprintf(t.f, " b%u=%016" PRIx64, in->b1, cpu->br[in->b1]);
    }
    fputc('\n', t.f);
}

static void on_mem(void *arg, struct cpu *cpu, uint64_t va, uint64_t pa, const void *val,
                   unsigned size, unsigned acc)
{
    unsigned slot;
    uint64_t ip = where(cpu, &slot), v[2] = {0, 0};
    (void)arg;
    if (!wanted(cpu, ip))
        return;
    memcpy(v, val, size <= 16 ? size : 16);
    head(cpu,
         acc & ACC_RSE ? (acc & ACC_W ? "spill" : "fill")
         : acc & ACC_W ? "store"
                       : "load",
         ip, slot);
    fprintf(t.f, "  %u bytes va %016" PRIx64 " pa %016" PRIx64 " = ", size, va, pa);
    if (size > 8)
        fprintf(t.f, "%0*" PRIx64, (int)(size - 8) * 2, v[1]);
    fprintf(t.f, "%0*" PRIx64 "\n", (int)(size > 8 ? 16 : size * 2), v[0]);
}

static void on_tlb(void *arg, struct cpu *cpu, const char *what, uint64_t va, uint64_t pte,
                   uint64_t itir)
{
    unsigned slot;
    uint64_t ip = where(cpu, &slot);
    (void)arg;
    if (!wanted(cpu, ip))
        return;
    head(cpu, "tlb", ip, slot);
    fprintf(t.f, "  %s va %016" PRIx64 " pte %016" PRIx64 " itir %016" PRIx64 "\n", what, va, pte,
            itir);
}

static void on_intr(void *arg, struct cpu *cpu, const struct intr *in)
{
    char names[200];
    unsigned slot;
    uint64_t ip = where(cpu, &slot);
    (void)arg;
    t.armed = false;
    if (!(t.o.what & TRACE_INTR) || !wanted(cpu, ip))
        return;
    head(cpu, "intr", ip, slot);
    fprintf(t.f, "  %04x %s isr %016" PRIx64 " (%s)", in->vector, vector_name(in->vector), in->isr,
            isr_names(in->isr, names, sizeof names));
    if (in->sets & INTR_IFA)
        fprintf(t.f, " ifa %016" PRIx64, in->ifa);
    if (in->sets & INTR_ITIR)
        fprintf(t.f, " itir %" PRIx64, in->itir);
    if (in->sets & INTR_IIM)
        fprintf(t.f, " iim %" PRIx64, in->iim);
    if (in->sets & INTR_IHA)
        fprintf(t.f, " iha %016" PRIx64, in->iha);
    if (!(cpu->psr & PSR_IC)) /* nested: iip and ipsr stay an earlier one's */
        fprintf(t.f, " ic=0");
    fputc('\n', t.f);
}

static void on_branch(void *arg, struct cpu *cpu, uint64_t from, uint64_t to)
{
    char sym[300];
    (void)arg;
    if (!wanted(cpu, from))
        return;
    head(cpu, "branch", from, 0);
    fprintf(t.f, " -> %016" PRIx64 "%s\n", to, symbol_at(to, sym, sizeof sym));
}

static bool parse_range(const char *s, char *err, size_t size)
{
    char lo[256];
    const char *dash = strchr(s, '-');
    size_t n = dash ? (size_t)(dash - s) : 0;

    t.lo = 0;
    t.hi = UINT64_MAX;
    if (!dash && symbol_range(s, &t.lo, &t.hi)) {
        t.hi--;
        return true;
    }
    if (dash && n < sizeof lo) {
        memcpy(lo, s, n);
        lo[n] = 0;
        if ((!n || parse_address(lo, &t.lo)) && (!dash[1] || parse_address(dash + 1, &t.hi)))
            return true;
    }
    snprintf(err, size, "--trace-range: '%s' is neither LO-HI nor a symbol", s);
    return false;
}

bool trace_start(struct machine *m, const struct trace_options *o, char *err, size_t size)
{
    if (t.running)
        trace_stop(m);
    t.o = *o;
    t.lines = 0;
    t.lo = 0;
    t.hi = UINT64_MAX;
    if (o->range && !parse_range(o->range, err, size))
        return false;
    t.f = o->file && strcmp(o->file, "-") ? fopen(o->file, "w") : stderr;
    if (!t.f) {
        snprintf(err, size, "--trace-file: %s: %s", o->file, strerror(errno));
        return false;
    }
    t.obs = (struct observer){
        .insn = o->what & (TRACE_INSN | TRACE_IN_ASM) ? on_insn : NULL,
        .retire = o->what & TRACE_INSN ? on_retire : NULL,
        .mem = o->what & TRACE_MEM ? on_mem : NULL,
        .tlb = o->what & TRACE_TLB ? on_tlb : NULL,
        .intr = o->what & (TRACE_INTR | TRACE_INSN) ? on_intr : NULL,
        .branch = o->what & TRACE_BRANCH ? on_branch : NULL,
    };
    t.running = observers_add(m, &t.obs);
    if (!t.running)
        snprintf(err, size, "too many observers");
    return t.running;
}

void trace_stop(struct machine *m)
{
    if (!t.running)
        return;
    observers_remove(m, &t.obs);
    if (t.f != stderr)
        fclose(t.f);
    free(t.seen.slot);
    t.seen = (struct seen){0};
    t.running = false;
}

bool trace_running(void)
{
    return t.running;
}
