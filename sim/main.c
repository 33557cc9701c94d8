/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ia64-sim: puts a machine together from the command line, attaches what looks inside, runs it. The
 * order below is the table of contents: options, machine, observers, run, report.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "sim/options.h"
#include "sim/board/bare.h"
#include "sim/board/board.h"
#include "sim/board/chardev.h"
#include "sim/board/snapshot.h"
#include "sim/debug/debugger.h"
#include "sim/debug/gdbstub.h"
#include "sim/debug/monitor.h"
#include "sim/debug/state.h"
#include "sim/debug/stats.h"
#include "sim/debug/symbols.h"
#include "sim/debug/trace.h"
#include "sim/firmware/firmware.h"

static struct options opt;
static double start_time;

enum { EXIT_LIMIT = 124 }; /* as timeout(1) */

static double host_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *why)
{
    fprintf(stderr, "ia64-sim: %s\n", why);
    exit(1);
}

static void on_sigint(int sig)
{
    (void)sig;
    dbg_interrupt();
}

/* Everything that looks inside. Called when the program is loaded, before its first instruction. */
static void attach(struct machine *m)
{
    char err[512];
    m->privop_native = opt.privop_native;
    m->watchdog = opt.watchdog;
    if (opt.symbols && !symbols_open(opt.symbols, err, sizeof err))
        fail(err);
    dbg_init(m);
    if (!opt.user)
        dbg_limit(opt.max_insns);
    if (opt.stats)
        stats_start(m, opt.stats_mix);
    if (opt.trace.what && !trace_start(m, &opt.trace, err, sizeof err))
        fail(err);
    if (opt.gdb && !gdb_open(opt.gdb, err, sizeof err))
        fail(err);
    if (opt.monitor)
        signal(SIGINT, on_sigint);
    start_time = host_seconds();
}

/* The last words: whatever happened, each once. */
static void report(struct machine *m)
{
    double seconds = host_seconds() - start_time;
    fflush(stdout);
    trace_stop(m);
    if (opt.dump_state)
        for (unsigned i = 0; i < m->ncpu; i++)
            state_dump(m->cpu[i], stderr);
    if (opt.stats)
        stats_print(m, stderr, seconds);
}

static int stopped(struct machine *m, enum dbg_stop why)
{
    if (why == DBG_LIMIT) {
        fflush(stdout);
        fprintf(stderr, "ia64-sim: stopped after %" PRIu64 " instructions (--max-insns)\n",
                stats_instructions(m));
        return EXIT_LIMIT;
    }
    if (why == DBG_IDLE) {
        fflush(stdout);
        fprintf(stderr, "ia64-sim: every processor is halted and no interrupt can come\n");
        for (unsigned i = 0; i < m->ncpu; i++) {
            state_where(m->cpu[i], stderr);
            state_branches(m->cpu[i], stderr, 8);
        }
        return 1;
    }
    return m->exit_status;
}

/* Runs under gdb, the monitor, or alone. */
static int run(struct machine *m)
{
    if (opt.gdb)
        return stopped(m, gdb_serve(m, opt.wait));
    if (opt.monitor && opt.wait) {
        monitor_loop(m);
        return m->exit_status;
    }
    enum dbg_stop why = dbg_continue();
    int status = stopped(m, why);
    if (opt.monitor) {
        fflush(stdout);
        fprintf(stderr, "%s\n", dbg_stop_name(why));
        monitor_loop(m);
    }
    return status;
}

static int run_bare(void)
{
    char err[512];
    struct bare_options b = {opt.image, opt.ram, opt.smp, opt.argc, opt.argv};
    struct machine *m = bare_new(&b, err, sizeof err);
    if (!m)
        fail(err);
    attach(m);
    int status = run(m);
    report(m);
    bare_free(m);
    return status;
}

static int run_board(void)
{
    struct board *b = board_new(&opt.board);
    if (!b)
        return 1;
    attach(b->m);
    bool up = opt.board.loadvm ? snapshot_load(b, opt.board.loadvm) : firmware_start(b);
    int status = up ? run(b->m) : 1;
    chardev_suspend(b->console);
    report(b->m);
    board_free(b);
    return status;
}

static void user_loaded(void *arg, struct machine *m)
{
    (void)arg;
    attach(m);
}
static void user_finished(void *arg, struct machine *m)
{
    (void)arg;
    gdb_exited(m->exit_status);
    report(m);
}
static void user_fatal(void *arg, struct cpu *cpu, int sig)
{
    char why[64];
    (void)arg;
    fflush(stdout);
    snprintf(why, sizeof why, "signal %d, which the program does not handle", sig);
    state_fatal(cpu, stderr, why);
}

static int run_user(void)
{
    int status;
    opt.uo.loaded = user_loaded;
    opt.uo.finished = user_finished;
    opt.uo.fatal = user_fatal;
    if (!opt.gdb && !opt.monitor)
        return user_main(&opt.uo);
    struct machine *m = user_start(&opt.uo, &status);
    if (!m)
        return status;
    run(m);
    m->stop = true; /* gdb's kill, the monitor's quit: nothing runs any more */
    return user_run(m);
}

int main(int argc, char **argv)
{
    options_parse(&opt, argc, argv);
    return opt.is_board ? run_board() : opt.user ? run_user() : run_bare();
}
