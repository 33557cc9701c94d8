/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Breakpoints, watchpoints, stepping. A breakpoint leaves the run loop from the observer callback
 * before its instruction, so the engine knows nothing of breakpoints and runs at full speed while
 * there are none.
 */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include "sim/debug/debugger.h"
#include "sim/debug/observers.h"
#include "sim/debug/stats.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/sapic.h"
#include "sim/user/user.h"

enum { MAX_BREAKS = 64, MAX_WATCHES = 16 };

struct watch {
    uint64_t addr, len;
    unsigned acc;
};

static struct {
    struct machine *m;
    struct observer break_obs, watch_obs;
    bool breaking, watching;
    uint64_t bp[MAX_BREAKS];
    unsigned nbp;
    struct watch wp[MAX_WATCHES];
    unsigned nwp;
    sigjmp_buf hit;
    uint64_t skip; /* a breakpoint just reported: not again before it has been executed */
    bool skipping;
    unsigned cpu;
    uint64_t limit;
    enum dbg_stop why;
    bool stopped; /* we, not the guest, asked to stop */
    uint64_t watch_addr;
    unsigned watch_acc;
    void (*poll)(void);
    unsigned turns;
} d;
static volatile sig_atomic_t interrupted;

static void stop(enum dbg_stop why)
{
    d.why = why;
    d.stopped = true;
    d.m->stop = true;
    machine_kick(d.m);
}

static void on_poll(struct machine *m)
{
    if (interrupted) {
        interrupted = 0;
        stop(DBG_INTERRUPTED);
    }
    if (d.limit && stats_instructions(m) >= d.limit)
        stop(DBG_LIMIT);
    if (d.poll && !(++d.turns & 15))
        d.poll();
}

static void on_break(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    uint64_t addr = ip | slot;
    (void)arg;
    if (d.skipping && cpu->index == d.cpu) {
        d.skipping = false;
        if (addr == d.skip)
            return;
    }
    for (unsigned i = 0; i < d.nbp; i++)
        if (d.bp[i] == addr) {
            d.cpu = cpu->index;
            siglongjmp(d.hit, 1);
        }
}

static void on_watch(void *arg, struct cpu *cpu, uint64_t va, uint64_t pa, const void *val,
                     unsigned size, unsigned acc)
{
    (void)arg, (void)pa, (void)val;
    for (unsigned i = 0; i < d.nwp; i++) {
        const struct watch *w = &d.wp[i];
        if (acc & w->acc & ACC_RW && va < w->addr + w->len && w->addr < va + size) {
            d.watch_addr = w->addr;
            d.watch_acc = w->acc;
            d.cpu = cpu->index;
            stop(DBG_WATCHPOINT); /* the machine stops after this instruction */
        }
    }
}

static void observe(bool want, bool *have, struct observer *o)
{
    if (want && !*have)
        *have = observers_add(d.m, o);
    else if (!want && *have) {
        observers_remove(d.m, o);
        *have = false;
    }
}

static void arm(void)
{
    d.break_obs = (struct observer){.insn = on_break};
    d.watch_obs = (struct observer){.mem = on_watch, .retire = NULL};
    observe(d.nbp > 0, &d.breaking, &d.break_obs);
    observe(d.nwp > 0, &d.watching, &d.watch_obs);
}

void dbg_init(struct machine *m)
{
    d.m = m;
    m->poll = on_poll;
}

void dbg_limit(uint64_t insns)
{
    d.limit = insns;
}

void dbg_set_poll(void (*poll)(void))
{
    d.poll = poll;
}

bool dbg_break_add(uint64_t addr)
{
    for (unsigned i = 0; i < d.nbp; i++)
        if (d.bp[i] == addr)
            return true;
    if (d.nbp == MAX_BREAKS)
        return false;
    d.bp[d.nbp++] = addr;
    arm();
    return true;
}

bool dbg_break_del(uint64_t addr)
{
    for (unsigned i = 0; i < d.nbp; i++)
        if (d.bp[i] == addr) {
            d.bp[i] = d.bp[--d.nbp];
            arm();
            return true;
        }
    return false;
}

unsigned dbg_breaks(uint64_t *addr, unsigned max)
{
    unsigned n = d.nbp < max ? d.nbp : max;
    memcpy(addr, d.bp, n * sizeof *addr);
    return n;
}

bool dbg_watch_add(uint64_t addr, uint64_t len, unsigned acc)
{
    if (d.nwp == MAX_WATCHES)
        return false;
    d.wp[d.nwp++] = (struct watch){addr, len, acc};
    arm();
    return true;
}

bool dbg_watch_del(uint64_t addr, uint64_t len, unsigned acc)
{
    for (unsigned i = 0; i < d.nwp; i++)
        if (d.wp[i].addr == addr && d.wp[i].len == len && d.wp[i].acc == acc) {
            d.wp[i] = d.wp[--d.nwp];
            arm();
            return true;
        }
    return false;
}

uint64_t dbg_watch_hit(unsigned *acc)
{
    *acc = d.watch_acc;
    return d.watch_addr;
}

/* Turns of a --user machine, whose signals and timers are handled between them. */
enum { USER_TURN = 100000 };

static void run_machine(void)
{
    if (!d.m->user_mode) {
        machine_run(d.m);
        return;
    }
    while (!d.m->stop) {
        on_poll(d.m);
        if (!d.m->stop)
            user_turn(d.m, USER_TURN);
    }
}

static uint64_t position(const struct cpu *cpu)
{
    return cpu->ip | (cpu->psr >> PSR_RI_SHIFT & 3);
}

/* Why the machine stopped, once it has. Leaves it ready to go on if that is possible. */
static enum dbg_stop stopped(void)
{
    if (d.stopped) {
        d.stopped = false;
        d.m->stop = false;
        return d.why;
    }
    return d.m->stop ? DBG_EXITED : DBG_IDLE;
}

enum dbg_stop dbg_continue(void)
{
    if (d.m->stop)
        return DBG_EXITED;
    d.skip = position(d.m->cpu[d.cpu]);
    d.skipping = true;
    if (sigsetjmp(d.hit, 0)) {
        d.m->cpu[d.cpu]->cur = NULL;
        return DBG_BREAKPOINT;
    }
    run_machine();
    return stopped();
}

enum dbg_stop dbg_step(unsigned cpu, uint64_t n)
{
    struct cpu *c = d.m->cpu[cpu];
    d.cpu = cpu;
    bool was = d.breaking;
    if (was)
        observers_remove(d.m, &d.break_obs);
    d.breaking = false;
    for (uint64_t i = 0; i < n && !d.m->stop; i++) {
        if (interrupted) {
            interrupted = 0;
            stop(DBG_INTERRUPTED);
            break;
        }
        if (i && d.nbp)
            for (unsigned k = 0; k < d.nbp; k++)
                if (d.bp[k] == position(c)) {
                    arm();
                    return DBG_BREAKPOINT;
                }
        if (c->halted) {
            int64_t next = sapic_next_event(c);
            if (next == INT64_MAX && sapic_pending(c) < 0)
                break;
            if (c->cycles <= next && next != INT64_MAX)
                c->cycles = next + 1;
        }
        if (d.m->user_mode)
            user_turn(d.m, 0);
        if (!d.m->stop)
            engine_step(c);
    }
    arm();
    if (d.stopped || d.m->stop)
        return stopped();
    return c->halted ? DBG_IDLE : DBG_STEPPED;
}

unsigned dbg_cpu(void)
{
    return d.cpu;
}

void dbg_select(unsigned cpu)
{
    d.cpu = cpu;
}

void dbg_interrupt(void)
{
    interrupted = 1;
}

const char *dbg_stop_name(enum dbg_stop s)
{
    static const char *const name[] = {
        [DBG_STEPPED] = "stepped",
        [DBG_BREAKPOINT] = "breakpoint",
        [DBG_WATCHPOINT] = "watchpoint",
        [DBG_INTERRUPTED] = "interrupted",
        [DBG_EXITED] = "the guest exited",
        [DBG_LIMIT] = "instruction limit reached",
        [DBG_IDLE] = "every CPU is idle for ever",
    };
    return name[s];
}
