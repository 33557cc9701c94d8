/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on signals: actions, masks, waiting, sending.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MIN_SIGSTACK 131027 /* Linux/ia64's MINSIGSTKSZ, misprint included */
#define NS           1000000000ll

SYS(rt_sigaction)
{
    int sig = (int)a[0];
    struct guest_action act, old;
    if (a[3] != 8 || sig < 1 || sig > NSIG_GUEST || (a[1] && (sig == SIGKILL || sig == SIGSTOP)))
        return -EINVAL;
    if (a[1] && !as_read(e->as, &act, a[1], sizeof act))
        return -EFAULT;
    old = e->sig.action[sig];
    if (a[2] && !as_write(e->as, a[2], &old, sizeof old))
        return -EFAULT;
    if (a[1]) {
        act.mask &= ~(1ull << (SIGKILL - 1)) & ~(1ull << (SIGSTOP - 1));
        e->sig.action[sig] = act;
        host_set_action(e, sig);
    }
    return 0;
}

SYS(rt_sigprocmask)
{
    uint64_t set = 0, old = e->sig.blocked;
    if (a[3] != 8)
        return -EINVAL;
    if (a[1] && !get_u64(e, a[1], &set))
        return -EFAULT;
    if (a[1] && (int)a[0] != SIG_BLOCK && (int)a[0] != SIG_UNBLOCK && (int)a[0] != SIG_SETMASK)
        return -EINVAL;
    if (a[2] && !put_u64(e, a[2], old))
        return -EFAULT;
    if (a[1])
        signal_set_mask(e, (int)a[0] == SIG_BLOCK     ? old | set
                           : (int)a[0] == SIG_UNBLOCK ? old & ~set
                                                      : set);
    return 0;
}

SYS(rt_sigpending)
{
    if (a[1] > 8)
        return -EINVAL;
    uint64_t m = signal_pending_set(e) & e->sig.blocked;
    return as_write(e->as, a[0], &m, (size_t)a[1]) ? 0 : -EFAULT;
}

SYS(rt_sigsuspend)
{
    uint64_t mask;
    if (a[1] != 8)
        return -EINVAL;
    if (!get_u64(e, a[0], &mask))
        return -EFAULT;
    signal_temporary_mask(e, mask);
    while (!signal_deliverable(e))
        clock_sleep(e, INT64_MAX);
    return -E_RESTART_NOHAND;
}

/* Waits until a signal of the set is pending (1), another one is to be delivered (-EINTR), or ns
 * have passed (-EAGAIN). */
static int64_t wait_for_set(struct user_env *e, uint64_t set, int64_t ns, struct pending_signal *p)
{
    const sigset_t host = mask_to_host(set);
    for (;;) {
        siginfo_t si;
        const struct timespec zero = {0, 0};
        if (signal_take(e, set, p))
            return 1;
        if (signal_deliverable(e))
            return -EINTR;
        /* Time is ours to move: look at the host's queue, then skip to the next timer. */
        bool ours = !e->opt->host_time && !e->multi && (ns != INT64_MAX || e->itimer[0].expires);
        struct timespec limit = ours ? zero : (struct timespec){ns / NS, ns % NS};
        e->pending_flag = 0;
        clock_block(e);
        long r = safe_syscall(e, SYS_rt_sigtimedwait, ptr(&host), ptr(&si),
                              ours || ns != INT64_MAX ? ptr(&limit) : 0, 8, 0, 0);
        clock_unblock(e);
        if (r > 0) {
            p->sig = (int)r;
            p->info = siginfo_from_host(&si);
            return 1;
        }
        if (r == -E_RESTART)
            continue;
        if (!ours || ns == 0)
            return r == 0 ? -EAGAIN : r;
        int64_t step = ns;
        if (e->itimer[0].expires && e->itimer[0].expires - clock_monotonic(e) < step)
            step = e->itimer[0].expires - clock_monotonic(e);
        if (step > 0)
            e->time_skew += step;
        if (ns != INT64_MAX)
            ns -= step > 0 ? step : 0;
        clock_poll(e);
    }
}
SYS(rt_sigtimedwait)
{
    uint64_t set;
    int64_t t[2], ns = INT64_MAX;
    struct pending_signal p;
    if (a[3] != 8)
        return -EINVAL;
    if (!get_u64(e, a[0], &set) || (a[2] && !as_read(e->as, t, a[2], sizeof t)))
        return -EFAULT;
    if (a[2]) {
        if (t[0] < 0 || t[1] < 0 || t[1] >= NS)
            return -EINVAL;
        ns = t[0] >= INT64_MAX / NS - 1 ? INT64_MAX - 1 : t[0] * NS + t[1];
    }
    set &= ~(1ull << (SIGKILL - 1)) & ~(1ull << (SIGSTOP - 1));
    int64_t r = wait_for_set(e, set, ns, &p);
    if (r < 0)
        return r;
    if (a[1] && !as_write(e->as, a[1], &p.info, sizeof p.info))
        return -EFAULT;
    return p.sig;
}

SYS(rt_sigreturn)
{
    (void)a;
    if (!sigframe_return(e)) {
        struct guest_siginfo info = siginfo_kernel(SIGSEGV);
        signal_fault(e, SIGSEGV, &info);
    }
    return -E_NO_RESULT;
}

/* stack_t: sp, flags, size. */
SYS(sigaltstack)
{
    uint64_t v[3], old[3] = {e->sig.ss_sp, (uint32_t)e->sig.ss_flags, e->sig.ss_size};
    bool on = !(e->sig.ss_flags & G_SS_DISABLE) && e->cpu->gr[12].v - e->sig.ss_sp < e->sig.ss_size;
    if (a[0] && !as_read(e->as, v, a[0], sizeof v))
        return -EFAULT;
    if (on)
        old[1] |= G_SS_ONSTACK;
    if (a[0]) {
        int flags = (int)(uint32_t)v[1], mode = flags & ~G_SS_AUTODISARM;
        if (on)
            return -EPERM;
        if (mode != 0 && mode != G_SS_ONSTACK && mode != G_SS_DISABLE)
            return -EINVAL;
        if (mode == G_SS_DISABLE) {
            e->sig.ss_sp = e->sig.ss_size = 0;
        } else {
            if (v[2] < MIN_SIGSTACK)
                return -ENOMEM;
            e->sig.ss_sp = v[0];
            e->sig.ss_size = v[2];
        }
        e->sig.ss_flags = (flags & G_SS_AUTODISARM) | (mode & G_SS_DISABLE);
    }
    return a[1] == 0 || as_write(e->as, a[1], old, sizeof old) ? 0 : -EFAULT;
}

/* --- sending --- */

/* To ourselves and to others alike by the host: its dispositions and masks are the guest's. */
SYS(kill)
{
    (void)e;
    return ret_errno(kill((pid_t)a[0], (int)a[1]));
}
SYS(tkill)
{
    (void)e;
    return ret_errno(syscall(SYS_tkill, (pid_t)a[0], (int)a[1]));
}
SYS(tgkill)
{
    (void)e;
    return ret_errno(syscall(SYS_tgkill, (pid_t)a[0], (pid_t)a[1], (int)a[2]));
}

static bool get_queued(struct user_env *e, uint64_t va, int sig, siginfo_t *si)
{
    struct guest_siginfo g;
    int32_t pid, uid, code;
    uint64_t value;
    if (!as_read(e->as, &g, va, sizeof g))
        return false;
    memset(si, 0, sizeof *si);
    memcpy(&code, g.b + 8, 4);
    memcpy(&pid, g.b + 16, 4);
    memcpy(&uid, g.b + 20, 4);
    memcpy(&value, g.b + 24, 8);
    si->si_signo = sig;
    si->si_code = code;
    si->si_pid = pid;
    si->si_uid = (uid_t)uid;
    si->si_value.sival_ptr = (void *)(uintptr_t)value;
    return true;
}
SYS(rt_sigqueueinfo)
{
    siginfo_t si;
    if (!get_queued(e, a[2], (int)a[1], &si))
        return -EFAULT;
    return ret_errno(syscall(SYS_rt_sigqueueinfo, (pid_t)a[0], (int)a[1], &si));
}
SYS(rt_tgsigqueueinfo)
{
    siginfo_t si;
    if (!get_queued(e, a[3], (int)a[2], &si))
        return -EFAULT;
    return ret_errno(syscall(SYS_rt_tgsigqueueinfo, (pid_t)a[0], (pid_t)a[1], (int)a[2], &si));
}
