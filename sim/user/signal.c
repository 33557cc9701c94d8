/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Signals of the guest: what is pending, what is delivered when, default actions, masks, and
 * siginfo in the guest's layout (that of the generic 64-bit ABI, with ia64's si_imm, si_flags and
 * si_isr for faults).
 */
#include "sim/user/env.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "sim/cpu/engine.h"
#include "sim/debug/symbols.h"

#define BIT(sig)    (1ull << ((sig)-1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))

const char *signal_name(int sig)
{
    static const char *const names[] = {
        "0",         "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
        "SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
        "SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
        "SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS",
    };
    return sig >= 0 && sig < (int)(sizeof names / sizeof names[0]) ? names[sig] : "SIGRT";
}

/* --- siginfo --- */

static void put32(struct guest_siginfo *g, unsigned at, uint32_t v)
{
    memcpy(g->b + at, &v, 4);
}
static void put64(struct guest_siginfo *g, unsigned at, uint64_t v)
{
    memcpy(g->b + at, &v, 8);
}

struct guest_siginfo siginfo_kernel(int sig)
{
    struct guest_siginfo g = {{0}};
    put32(&g, 0, (uint32_t)sig);
    put32(&g, 8, SI_KERNEL);
    return g;
}

struct guest_siginfo siginfo_fault(int sig, int code, uint64_t addr, uint64_t imm, bool isr_valid,
                                   uint64_t isr)
{
    struct guest_siginfo g = siginfo_kernel(sig);
    put32(&g, 8, (uint32_t)code);
    put64(&g, 16, addr);
    put32(&g, 24, (uint32_t)imm);
    put32(&g, 28, isr_valid);
    put64(&g, 32, isr);
    return g;
}

struct guest_siginfo siginfo_from_host(const siginfo_t *h)
{
    struct guest_siginfo g = siginfo_kernel(h->si_signo);
    put32(&g, 4, (uint32_t)h->si_errno);
    put32(&g, 8, (uint32_t)h->si_code);
    if (h->si_signo == SIGCHLD && h->si_code > 0) {
        put32(&g, 16, (uint32_t)h->si_pid);
        put32(&g, 20, h->si_uid);
        put32(&g, 24, (uint32_t)h->si_status);
        put64(&g, 32, (uint64_t)h->si_utime);
        put64(&g, 40, (uint64_t)h->si_stime);
    } else if (h->si_code == SI_TIMER) {
        put32(&g, 16, (uint32_t)h->si_timerid);
        put32(&g, 20, (uint32_t)h->si_overrun);
        put64(&g, 24, (uint64_t)(uintptr_t)h->si_value.sival_ptr);
    } else if (h->si_code <= 0) {
        put32(&g, 16, (uint32_t)h->si_pid);
        put32(&g, 20, h->si_uid);
        put64(&g, 24, (uint64_t)(uintptr_t)h->si_value.sival_ptr);
    } else if (h->si_signo == SIGIO) {
        put64(&g, 16, (uint64_t)h->si_band);
        put32(&g, 24, (uint32_t)h->si_fd);
    }
    return g;
}

/* --- pending --- */

static bool ignored_by_default(int sig)
{
    return sig == SIGCHLD || sig == SIGURG || sig == SIGWINCH || sig == SIGCONT;
}

void signal_enqueue(struct user_env *e, int sig, const struct guest_siginfo *info)
{
    uint64_t h = e->sig.action[sig].handler;
    if ((h == 1 || (h == 0 && ignored_by_default(sig))) && !(e->sig.blocked & BIT(sig)))
        return;
    if (sig < 32)
        for (unsigned i = 0; i < e->npending; i++)
            if (e->pending[i].sig == sig)
                return; /* a standard signal is pending once */
    if (e->npending == PENDING_MAX)
        return;
    e->pending[e->npending].sig = sig;
    e->pending[e->npending++].info = *info;
    e->pending_flag = 1;
}

static void drain(struct user_env *e)
{
    e->pending_flag = 0;
    while (e->ring_tail != e->ring_head) {
        struct pending_signal p = e->ring[e->ring_tail];
        e->ring_tail = (e->ring_tail + 1) % RING_SIZE;
        signal_enqueue(e, p.sig, &p.info);
    }
}

/* The next pending signal in the set; false if none. Lower numbers first. */
bool signal_take(struct user_env *e, uint64_t set, struct pending_signal *out)
{
    int best = -1;
    drain(e);
    for (unsigned i = 0; i < e->npending; i++)
        if ((set & BIT(e->pending[i].sig)) &&
            (best < 0 || e->pending[i].sig < e->pending[best].sig))
            best = (int)i;
    if (best < 0)
        return false;
    *out = e->pending[best];
    e->npending--;
    memmove(&e->pending[best], &e->pending[best + 1],
            (e->npending - (unsigned)best) * sizeof e->pending[0]);
    return true;
}

bool signal_deliverable(struct user_env *e)
{
    drain(e);
    for (unsigned i = 0; i < e->npending; i++) {
        int sig = e->pending[i].sig;
        uint64_t h = e->sig.action[sig].handler;
        if (!(e->sig.blocked & BIT(sig)) && h != 1 && !(h == 0 && ignored_by_default(sig))) {
            e->pending_flag = 1;
            return true;
        }
    }
    return false;
}

uint64_t signal_pending_set(struct user_env *e)
{
    uint64_t m = 0;
    sigset_t host;
    drain(e);
    for (unsigned i = 0; i < e->npending; i++)
        m |= BIT(e->pending[i].sig);
    if (sigpending(&host) == 0)
        m |= mask_from_host(&host);
    if (e->npending)
        e->pending_flag = 1;
    return m;
}

void signal_set_mask(struct user_env *e, uint64_t mask)
{
    mask &= ~UNBLOCKABLE;
    if (mask == e->sig.blocked)
        return;
    e->sig.blocked = mask;
    if (e->npending)
        e->pending_flag = 1;
    host_set_mask(mask);
}

void signal_temporary_mask(struct user_env *e, uint64_t mask)
{
    if (!e->sig.have_saved_mask) {
        e->sig.saved_mask = e->sig.blocked;
        e->sig.have_saved_mask = true;
    }
    signal_set_mask(e, mask);
}

/* --- delivery --- */

void signal_die(struct user_env *e, int sig)
{
    if (e->opt->finished)
        e->opt->finished(e->opt->arg, e->m);
    if (!e->vfork_child)
        fflush(NULL);
    struct sigaction dfl = {.sa_handler = SIG_DFL};
    sigaction(sig, &dfl, NULL);
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, sig);
    sigprocmask(SIG_UNBLOCK, &s, NULL);
    kill(getpid(), sig);
    _exit(128 + sig); /* not reached, unless the host spares us */
}

/* Says where and why, for faults nobody handles. */
static void report_fatal(struct user_env *e, int sig, const struct guest_siginfo *info)
{
    char sym[128];
    uint64_t addr;
    int32_t code;
    struct cpu *cpu = e->cpu;
    memcpy(&addr, info->b + 16, 8);
    memcpy(&code, info->b + 8, 4);
    fprintf(stderr, "ia64-sim: %s: %s (code %d) at 0x%llx.%u%s, address 0x%llx\n", e->opt->prog,
            signal_name(sig), code, (unsigned long long)cpu->ip,
            (unsigned)((cpu->psr & PSR_RI) >> PSR_RI_SHIFT), symbol_at(cpu->ip, sym, sizeof sym),
            (unsigned long long)addr);
    if (e->opt->fatal)
        e->opt->fatal(e->opt->arg, cpu, sig);
}

/* Starts the handler of sig. */
static void start_handler(struct user_env *e, int sig, const struct guest_siginfo *info,
                          bool in_syscall)
{
    const struct guest_action act = e->sig.action[sig];
    uint64_t old = e->sig.have_saved_mask ? e->sig.saved_mask : e->sig.blocked;
    if (e->opt->strace) {
        int32_t code;
        memcpy(&code, info->b + 8, 4);
        fprintf(stderr, "--- %s {si_code=%d} ---\n", signal_name(sig), code);
    }
    if (act.flags & (uint32_t)G_SA_RESETHAND) {
        e->sig.action[sig].handler = 0;
        host_set_action(e, sig);
    }
    if (!sigframe_setup(e, sig, &act, info, old, in_syscall)) {
        /* No stack to run it on. */
        struct guest_siginfo segv = siginfo_kernel(SIGSEGV);
        if (sig == SIGSEGV)
            e->sig.action[SIGSEGV].handler = 0;
        signal_fault(e, SIGSEGV, &segv);
        return;
    }
    e->sig.have_saved_mask = false;
    signal_set_mask(e, e->sig.blocked | act.mask | (act.flags & G_SA_NODEFER ? 0 : BIT(sig)));
}

void signal_fault(struct user_env *e, int sig, const struct guest_siginfo *info)
{
    if (e->sig.action[sig].handler <= 1 || (e->sig.blocked & BIT(sig))) {
        report_fatal(e, sig, info);
        signal_die(e, sig);
    }
    start_handler(e, sig, info, false);
}

static void finish_interrupted(struct user_env *e)
{
    struct cpu *cpu = e->cpu;
    cpu->gr[8] = (struct gr){EINTR, 0};
    cpu->gr[10] = (struct gr){~0ull, 0};
    syscall_advance(e);
}

void signal_check(struct user_env *e, int64_t result, bool in_syscall)
{
    struct pending_signal p;
    while (signal_take(e, ~e->sig.blocked, &p)) {
        uint64_t h = e->sig.action[p.sig].handler;
        if (h == 1 || (h == 0 && ignored_by_default(p.sig)))
            continue;
        if (h == 0 && (p.sig == SIGTSTP || p.sig == SIGTTIN || p.sig == SIGTTOU)) {
            kill(getpid(), SIGSTOP);
            continue;
        }
        if (h == 0)
            signal_die(e, p.sig);
        if (result && !(result == -E_RESTART && (e->sig.action[p.sig].flags & G_SA_RESTART)))
            finish_interrupted(e);
        result = 0; /* restarting: ip is still at the break */
        start_handler(e, p.sig, &p.info, in_syscall);
        in_syscall = false;
    }
    if (e->sig.have_saved_mask) {
        e->sig.have_saved_mask = false;
        signal_set_mask(e, e->sig.saved_mask);
    }
}

void signal_init(struct user_env *e)
{
    e->sig.ss_flags = G_SS_DISABLE;
    host_signals_init(e);
}
