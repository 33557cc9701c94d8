/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The monitor's commands: a table of names and functions. Numbers are hexadecimal unless said
 * otherwise; addresses may be symbols. Output goes where the caller says, so that tests and gdb's
 * `monitor` can read it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/board.h"
#include "sim/board/snapshot.h"
#include "sim/debug/monitor.h"
#include "sim/debug/debugger.h"
#include "sim/debug/names.h"
#include "sim/debug/peek.h"
#include "sim/debug/state.h"
#include "sim/debug/stats.h"
#include "sim/debug/symbols.h"
#include "sim/debug/trace.h"
#include "sim/cpu/sapic.h"
#include "sim/firmware/firmware.h"

enum { MAX_WORDS = 8 };

struct ctx {
    struct machine *m;
    struct cpu *cpu; /* the selected one */
    FILE *f;
    int argc;
    char **argv;
    bool may_run;
};

static bool word_address(struct ctx *c, const char *s, uint64_t *a)
{
    char reg[32];
    unsigned nat;
    /* $r12, $ip: a register's value. */
    if (*s == '$') {
        snprintf(reg, sizeof reg, "%s", s + 1);
        if (reg_read(c->cpu, reg, a, &nat))
            return true;
        fprintf(c->f, "no register '%s'\n", reg);
        return false;
    }
    if (parse_address(s, a))
        return true;
    fprintf(c->f, "'%s' is neither an address nor a symbol\n", s);
    return false;
}

static bool word_count(struct ctx *c, int i, uint64_t dflt, uint64_t *n)
{
    char *end;
    *n = dflt;
    if (i >= c->argc)
        return true;
    *n = strtoull(c->argv[i], &end, 0);
    if (end != c->argv[i] && !*end)
        return true;
    fprintf(c->f, "'%s' is not a number\n", c->argv[i]);
    return false;
}

static enum monitor_result ran(struct ctx *c, enum dbg_stop why)
{
    fflush(stdout);
    c->cpu = c->m->cpu[dbg_cpu()];
    if (why == DBG_EXITED) {
        fprintf(c->f, "the guest exited with status %d\n", c->m->exit_status);
        return MON_EXITED;
    }
    if (why == DBG_WATCHPOINT) {
        unsigned acc;
        uint64_t addr = dbg_watch_hit(&acc);
        fprintf(c->f, "watchpoint %016" PRIx64 " (%s)\n", addr,
                acc == ACC_W   ? "write"
                : acc == ACC_R ? "read"
                               : "access");
    } else if (why != DBG_STEPPED) {
        fprintf(c->f, "%s\n", dbg_stop_name(why));
    }
    state_where(c->cpu, c->f);
    return MON_DONE;
}

static enum monitor_result cmd_step(struct ctx *c)
{
    uint64_t n;
    if (!word_count(c, 1, 1, &n))
        return MON_DONE;
    return ran(c, dbg_step(c->cpu->index, n));
}

static enum monitor_result cmd_continue(struct ctx *c)
{
    if (!c->may_run)
        return MON_RESUME;
    return ran(c, dbg_continue());
}

static enum monitor_result cmd_until(struct ctx *c)
{
    uint64_t a, had[64];
    if (c->argc < 2 || !word_address(c, c->argv[1], &a))
        return MON_DONE;
    unsigned n = dbg_breaks(had, 64);
    bool there = false;
    for (unsigned i = 0; i < n; i++)
        there |= had[i] == a;
    dbg_break_add(a);
    enum dbg_stop why = dbg_continue();
    if (!there)
        dbg_break_del(a);
    return ran(c, why);
}

static enum monitor_result cmd_break(struct ctx *c)
{
    uint64_t a, list[64];
    char sym[300];
    if (c->argc > 1) {
        if (word_address(c, c->argv[1], &a) && !dbg_break_add(a))
            fprintf(c->f, "too many breakpoints\n");
        return MON_DONE;
    }
    unsigned n = dbg_breaks(list, 64);
    for (unsigned i = 0; i < n; i++)
        fprintf(c->f, "%016" PRIx64 ".%u%s\n", list[i] & ~(uint64_t)15, (unsigned)(list[i] & 3),
                symbol_at(list[i] & ~(uint64_t)15, sym, sizeof sym));
    return MON_DONE;
}

static enum monitor_result cmd_delete(struct ctx *c)
{
    uint64_t a, list[64];
    if (c->argc > 1) {
        if (word_address(c, c->argv[1], &a) && !dbg_break_del(a))
            fprintf(c->f, "no breakpoint there\n");
        return MON_DONE;
    }
    unsigned n = dbg_breaks(list, 64);
    while (n--)
        dbg_break_del(list[n]);
    return MON_DONE;
}

static enum monitor_result watch(struct ctx *c, bool add)
{
    uint64_t a, len;
    unsigned acc = ACC_W;
    if (c->argc < 2 || !word_address(c, c->argv[1], &a) || !word_count(c, 2, 8, &len))
        return MON_DONE;
    if (c->argc > 3)
        acc = !strcmp(c->argv[3], "r") ? ACC_R : !strcmp(c->argv[3], "rw") ? ACC_RW : ACC_W;
    if (!(add ? dbg_watch_add(a, len, acc) : dbg_watch_del(a, len, acc)))
        fprintf(c->f, add ? "too many watchpoints\n" : "no such watchpoint\n");
    return MON_DONE;
}
static enum monitor_result cmd_watch(struct ctx *c)
{
    return watch(c, true);
}
static enum monitor_result cmd_unwatch(struct ctx *c)
{
    return watch(c, false);
}

static enum monitor_result cmd_regs(struct ctx *c)
{
    state_where(c->cpu, c->f);
    state_gr(c->cpu, c->f);
    return MON_DONE;
}
static enum monitor_result cmd_fregs(struct ctx *c)
{
    state_fr(c->cpu, c->f);
    return MON_DONE;
}
static enum monitor_result cmd_ars(struct ctx *c)
{
    state_ar(c->cpu, c->f);
    return MON_DONE;
}
static enum monitor_result cmd_crs(struct ctx *c)
{
    state_cr(c->cpu, c->f);
    state_debug_regs(c->cpu, c->f);
    return MON_DONE;
}
static enum monitor_result cmd_tlb(struct ctx *c)
{
    state_tlb(c->cpu, c->f);
    return MON_DONE;
}
static enum monitor_result cmd_info(struct ctx *c)
{
    stats_print(c->m, c->f, 0);
    for (unsigned i = 0; i < c->m->ncpu; i++)
        state_where(c->m->cpu[i], c->f);
    return MON_DONE;
}

static enum monitor_result cmd_print(struct ctx *c)
{
    uint64_t v;
    unsigned nat;
    for (int i = 1; i < c->argc; i++) {
        const char *name = c->argv[i] + (c->argv[i][0] == '$');
        if (reg_read(c->cpu, name, &v, &nat))
            fprintf(c->f, "%s = %016" PRIx64 "%s\n", name, v, nat ? " NaT" : "");
        else
            fprintf(c->f, "no register '%s'\n", name);
    }
    return MON_DONE;
}

static enum monitor_result cmd_set(struct ctx *c)
{
    uint64_t v;
    if (c->argc < 3) {
        fprintf(c->f, "set REGISTER VALUE\n");
        return MON_DONE;
    }
    const char *name = c->argv[1] + (c->argv[1][0] == '$');
    if (word_address(c, c->argv[2], &v) && !reg_write(c->cpu, name, v))
        fprintf(c->f, "no register '%s', or it cannot be set\n", name);
    return MON_DONE;
}

/* x ADDR [n]: n 8-byte words; xp: physical. */
static enum monitor_result dump(struct ctx *c, enum peek_how how)
{
    uint64_t a, n;
    if (c->argc < 2 || !word_address(c, c->argv[1], &a) || !word_count(c, 2, 4, &n))
        return MON_DONE;
    for (uint64_t i = 0; i < n; i++, a += 8) {
        uint64_t v;
        if (i % 2 == 0)
            fprintf(c->f, "%016" PRIx64 ":", a);
        if (peek(c->cpu, a, &v, 8, how) != 8) {
            fprintf(c->f, " (no memory)\n");
            return MON_DONE;
        }
        fprintf(c->f, " %016" PRIx64 "%s", v, i % 2 || i + 1 == n ? "\n" : "");
    }
    return MON_DONE;
}
static enum monitor_result cmd_x(struct ctx *c)
{
    return dump(c, PEEK_DATA);
}
static enum monitor_result cmd_xp(struct ctx *c)
{
    return dump(c, PEEK_PHYS);
}

static enum monitor_result cmd_write(struct ctx *c)
{
    uint64_t a, v;
    if (c->argc < 3 || !word_address(c, c->argv[1], &a) || !word_address(c, c->argv[2], &v))
        return MON_DONE;
    if (poke(c->cpu, a, &v, 8, PEEK_DATA) != 8)
        fprintf(c->f, "no memory there\n");
    return MON_DONE;
}

static enum monitor_result cmd_dis(struct ctx *c)
{
    uint64_t a = c->cpu->ip, n;
    char text[512], sym[300];
    if ((c->argc > 1 && !word_address(c, c->argv[1], &a)) || !word_count(c, 2, 4, &n))
        return MON_DONE;
    a &= ~15ull;
    for (uint64_t i = 0; i < n; i++, a += 16) {
        struct isa_bundle b;
        if (peek(c->cpu, a, &b, 16, PEEK_CODE) != 16) {
            fprintf(c->f, "%016" PRIx64 ": (no memory)\n", a);
            break;
        }
        isa_disasm_bundle(b, a, text, sizeof text);
        fprintf(c->f, "%016" PRIx64 "%s%s:\n", a, symbol_at(a, sym, sizeof sym),
                a == c->cpu->ip ? " <==" : "");
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            fprintf(c->f, "    %s\n", line);
    }
    return MON_DONE;
}

static enum monitor_result cmd_translate(struct ctx *c)
{
    static const struct {
        const char *name;
        unsigned acc;
    } kind[] = {{"read", ACC_R}, {"write", ACC_W}, {"execute", ACC_X}};
    uint64_t a;
    if (c->argc < 2 || !word_address(c, c->argv[1], &a))
        return MON_DONE;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t run;
        const uint8_t *p = peek_ptr(c->cpu, a, kind[i].acc == ACC_X ? PEEK_CODE : PEEK_DATA, &run);
        struct xlat x;
        struct intr in;
        /* The real thing may insert a VHPT entry; only what is mapped anyhow is asked. */
        if (p && c->m->ops->translate(c->cpu, a, kind[i].acc, c->cpu->cpl, &x, &in))
            fprintf(c->f, "%-8s pa %016" PRIx64 " ma %u 2^%u\n", kind[i].name, x.pa, x.ma, x.ps);
        else if (p)
            fprintf(c->f, "%-8s %s, isr %016" PRIx64 "\n", kind[i].name, vector_name(in.vector),
                    in.isr);
        else
            fprintf(c->f, "%-8s no translation\n", kind[i].name);
    }
    return MON_DONE;
}

static enum monitor_result cmd_lbr(struct ctx *c)
{
    uint64_t n;
    if (word_count(c, 1, 64, &n))
        state_branches(c->cpu, c->f, n > 64 ? 64 : (unsigned)n);
    return MON_DONE;
}

static enum monitor_result cmd_trace(struct ctx *c)
{
    static char file[256];
    struct trace_options o = {.cpl = -1};
    const char *bad = "";
    char err[400];

    if (c->argc < 2) {
        fprintf(c->f, "trace is %s\n", trace_running() ? "on" : "off");
    } else if (!strcmp(c->argv[1], "off")) {
        trace_stop(c->m);
    } else {
        o.what = trace_parse_what(strcmp(c->argv[1], "on") ? c->argv[1] : "insn", &bad);
        if (c->argc > 2) {
            snprintf(file, sizeof file, "%s", c->argv[2]);
            o.file = file;
        }
        if (!o.what)
            fprintf(c->f, "'%s' is none of insn, mem, tlb, intr, branch\n", bad);
        else if (!trace_start(c->m, &o, err, sizeof err))
            fprintf(c->f, "%s\n", err);
    }
    return MON_DONE;
}

static enum monitor_result cmd_cpu(struct ctx *c)
{
    uint64_t n;
    if (!word_count(c, 1, c->cpu->index, &n))
        return MON_DONE;
    if (n < c->m->ncpu)
        dbg_select((unsigned)n);
    state_where(c->m->cpu[dbg_cpu()], c->f);
    return MON_DONE;
}

/* What only the full machine has. */
static struct board *full_machine(struct ctx *c)
{
    struct board *b = c->m->user_mode || !c->m->events ? NULL : board_of(c->m);
    if (!b)
        fprintf(c->f, "only the full machine can do that\n");
    return b;
}

static enum monitor_result cmd_savevm(struct ctx *c)
{
    struct board *b = full_machine(c);
    if (!b)
        return MON_DONE;
    if (c->argc < 2)
        fprintf(c->f, "savevm FILE\n");
    else if (snapshot_save(b, c->argv[1]))
        fprintf(c->f, "saved\n");
    return MON_DONE;
}

static enum monitor_result cmd_loadvm(struct ctx *c)
{
    struct board *b = full_machine(c);
    if (!b)
        return MON_DONE;
    if (c->argc < 2) {
        fprintf(c->f, "loadvm FILE\n");
        return MON_DONE;
    }
    if (snapshot_load(b, c->argv[1])) {
        c->m->stop = false;
        fprintf(c->f, "loaded\n");
        return MON_DONE;
    }
    c->m->exit_status = 1; /* half of it may be the other machine */
    c->m->stop = true;
    return MON_EXITED;
}

/* Events for one processor (all of them, when `all` and none is named). */
static enum monitor_result each(struct ctx *c, bool all, void (*fn)(struct ctx *c, struct cpu *cpu))
{
    uint64_t n;
    if (!full_machine(c) || !word_count(c, 1, all ? c->m->ncpu : c->cpu->index, &n))
        return MON_DONE;
    if (n > c->m->ncpu || (n == c->m->ncpu && (!all || c->argc > 1)))
        fprintf(c->f, "there is no CPU %" PRIu64 "\n", n);
    for (unsigned i = 0; i < c->m->ncpu; i++)
        if (i == n || (n == c->m->ncpu && all && c->argc < 2))
            fn(c, c->m->cpu[i]);
    return MON_DONE;
}
static void do_nmi(struct ctx *c, struct cpu *cpu)
{
    (void)c;
    sapic_raise(cpu, SAPIC_NMI);
}
static void do_init(struct ctx *c, struct cpu *cpu)
{
    (void)c;
    sapic_init_event(cpu);
}
static void do_mca(struct ctx *c, struct cpu *cpu)
{
    bool tlb = c->argc > 2 && !strcmp(c->argv[2], "tlb");
    if (!firmware_machine_check(cpu, 1ull << (tlb ? 60 : 61),
                                tlb ? "injected by the monitor: TLB check"
                                    : "injected by the monitor: bus check"))
        fprintf(c->f, "cpu %u: no OS_MCA handler, or machine checks are masked\n", cpu->index);
}
static void do_cmc(struct ctx *c, struct cpu *cpu)
{
    if (!firmware_corrected(cpu))
        fprintf(c->f, "no firmware\n");
}
static enum monitor_result cmd_nmi(struct ctx *c)
{
    return each(c, true, do_nmi);
}
static enum monitor_result cmd_init(struct ctx *c)
{
    return each(c, true, do_init);
}
static enum monitor_result cmd_mca(struct ctx *c)
{
    return each(c, false, do_mca);
}
static enum monitor_result cmd_cmc(struct ctx *c)
{
    return each(c, false, do_cmc);
}

static enum monitor_result cmd_quit(struct ctx *c)
{
    (void)c;
    return MON_QUIT;
}

static enum monitor_result cmd_help(struct ctx *c);

static const struct command {
    const char *name, *alias;
    enum monitor_result (*fn)(struct ctx *c);
    bool runs;
    const char *help;
} commands[] = {
    {"step", "s", cmd_step, true, "[N]  execute N instructions"},
    {"continue", "c", cmd_continue, false, "run until something happens"},
    {"until", "u", cmd_until, true, "ADDR  run to there"},
    {"break", "b", cmd_break, false, "[ADDR]  set a breakpoint (slot in bits 1:0), or list them"},
    {"delete", "del", cmd_delete, false, "[ADDR]  remove a breakpoint, or all"},
    {"watch", NULL, cmd_watch, false, "ADDR [LEN [w|r|rw]]  stop after an access"},
    {"unwatch", NULL, cmd_unwatch, false, "ADDR [LEN [w|r|rw]]"},
    {"regs", "r", cmd_regs, false, "general, predicate and branch registers"},
    {"fregs", NULL, cmd_fregs, false, "floating-point registers"},
    {"ars", NULL, cmd_ars, false, "application registers"},
    {"crs", NULL, cmd_crs, false, "control, region, key, debug registers"},
    {"print", "p", cmd_print, false, "REG...  r8 f8 b0 p6 ip psr cfm ar.lc cr.iva rr5 dbr0 ..."},
    {"set", NULL, cmd_set, false, "REG VALUE"},
    {"x", NULL, cmd_x, false, "ADDR [N]  N 8-byte words of memory, virtual"},
    {"xp", NULL, cmd_xp, false, "ADDR [N]  physical"},
    {"write", "w", cmd_write, false, "ADDR VALUE  an 8-byte word"},
    {"dis", "d", cmd_dis, false, "[ADDR [N]]  disassemble N bundles"},
    {"translate", "t", cmd_translate, false, "ADDR  what a read, write, fetch there would find"},
    {"tlb", NULL, cmd_tlb, false, "translation registers and caches"},
    {"info", "i", cmd_info, false, "counters, where every CPU is"},
    {"lbr", NULL, cmd_lbr, false, "[N]  last taken branches"},
    {"trace", NULL, cmd_trace, false, "on|off|insn,mem,... [FILE]"},
    {"cpu", NULL, cmd_cpu, false, "[N]  select a CPU"},
    {"savevm", NULL, cmd_savevm, false, "FILE  saves the machine"},
    {"loadvm", NULL, cmd_loadvm, false, "FILE  goes on from there"},
    {"nmi", NULL, cmd_nmi, false, "[CPU]  NMI to one or all CPUs"},
    {"init", NULL, cmd_init, false, "[CPU]  INIT to one or all CPUs"},
    {"mca", NULL, cmd_mca, false, "[CPU [tlb]]  a machine check there: fatal, or of the TLB"},
    {"cmc", NULL, cmd_cmc, false, "[CPU]  a corrected machine check there"},
    {"quit", "q", cmd_quit, false, "end the simulation"},
    {"help", "h", cmd_help, false, ""},
};

static enum monitor_result cmd_help(struct ctx *c)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(c->f, "%-10s %-3s %s\n", commands[i].name,
                commands[i].alias ? commands[i].alias : "", commands[i].help);
    return MON_DONE;
}

enum monitor_result monitor_command(struct machine *m, const char *text, FILE *f, bool may_run)
{
    char line[512], *argv[MAX_WORDS], *save;
    struct ctx c = {.m = m, .cpu = m->cpu[dbg_cpu()], .f = f, .argv = argv, .may_run = may_run};

    snprintf(line, sizeof line, "%s", text);
    for (char *w = strtok_r(line, " \t\r\n", &save); w && c.argc < MAX_WORDS;
         w = strtok_r(NULL, " \t\r\n", &save))
        argv[c.argc++] = w;
    if (!c.argc || argv[0][0] == '#')
        return MON_DONE;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct command *k = &commands[i];
        if (strcmp(argv[0], k->name) && (!k->alias || strcmp(argv[0], k->alias)))
            continue;
        if (k->runs && !may_run) {
            fprintf(f, "'%s' is gdb's business here\n", k->name);
            return MON_DONE;
        }
        return k->fn(&c);
    }
    fprintf(f, "unknown command '%s' (try help)\n", argv[0]);
    return MON_DONE;
}

void monitor_loop(struct machine *m)
{
    char line[512];
    for (;;) {
        fflush(stdout);
        fputs("(ia64-sim) ", stdout);
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin)) {
            putchar('\n');
            return;
        }
        /* A guest that has ended can still be looked at. */
        if (monitor_command(m, line, stdout, true) == MON_QUIT)
            return;
    }
}
