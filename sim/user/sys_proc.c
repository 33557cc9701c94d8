/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls about the process itself: identity, limits, scheduling, system information, prctl,
 * futex.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <grp.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#define NS 1000000000ll

/* --- identity --- */

#define PLAIN0(name)                                                                               \
    SYS(name)                                                                                      \
    {                                                                                              \
        (void)e;                                                                                   \
        (void)a;                                                                                   \
        return name();                                                                             \
    }
PLAIN0(getpid)
PLAIN0(getppid)
PLAIN0(getuid)
PLAIN0(geteuid)
PLAIN0(getgid)
PLAIN0(getegid)
SYS(gettid)
{
    (void)e;
    (void)a;
    return syscall(SYS_gettid);
}
#define PLAIN(name, expr)                                                                          \
    SYS(name)                                                                                      \
    {                                                                                              \
        (void)e;                                                                                   \
        (void)a;                                                                                   \
        return ret_errno(expr);                                                                    \
    }
PLAIN(setuid, setuid((uid_t)a[0]))
PLAIN(setgid, setgid((gid_t)a[0]))
PLAIN(setreuid, setreuid((uid_t)a[0], (uid_t)a[1]))
PLAIN(setregid, setregid((gid_t)a[0], (gid_t)a[1]))
PLAIN(setresuid, setresuid((uid_t)a[0], (uid_t)a[1], (uid_t)a[2]))
PLAIN(setresgid, setresgid((gid_t)a[0], (gid_t)a[1], (gid_t)a[2]))
PLAIN(setfsuid, setfsuid((uid_t)a[0]))
PLAIN(setfsgid, setfsgid((gid_t)a[0]))
PLAIN(getpgid, getpgid((pid_t)a[0]))
PLAIN(setpgid, setpgid((pid_t)a[0], (pid_t)a[1]))
PLAIN(setsid, setsid())
PLAIN(getsid, getsid((pid_t)a[0]))

static int64_t put_ids(struct user_env *e, const uint64_t *a, uint32_t r, uint32_t ef, uint32_t s)
{
    return put_u32(e, a[0], r) && put_u32(e, a[1], ef) && put_u32(e, a[2], s) ? 0 : -EFAULT;
}
SYS(getresuid)
{
    uid_t r, ef, s;
    return getresuid(&r, &ef, &s) < 0 ? -errno : put_ids(e, a, r, ef, s);
}
SYS(getresgid)
{
    gid_t r, ef, s;
    return getresgid(&r, &ef, &s) < 0 ? -errno : put_ids(e, a, r, ef, s);
}
SYS(getgroups)
{
    gid_t g[NGROUPS_MAX > 1024 ? 1024 : NGROUPS_MAX];
    int n = getgroups((int)a[0] > 1024 ? 1024 : (int)a[0], g);
    if (n > 0 && a[0] && !as_write(e->as, a[1], g, (size_t)n * sizeof g[0]))
        return -EFAULT;
    return ret_errno(n);
}
SYS(setgroups)
{
    gid_t g[1024];
    if (a[0] > 1024)
        return -EINVAL;
    if (!as_read(e->as, g, a[1], a[0] * sizeof g[0]))
        return -EFAULT;
    return ret_errno(setgroups(a[0], g));
}

/* --- limits and usage --- */

static int64_t put_rlimit(struct user_env *e, uint64_t va, int which)
{
    struct rlimit l;
    if (getrlimit(which, &l) < 0)
        return -errno;
    if (which == RLIMIT_STACK)
        l.rlim_cur = e->rlimit_stack < l.rlim_max ? e->rlimit_stack : l.rlim_max;
    const uint64_t v[2] = {l.rlim_cur, l.rlim_max}; /* RLIM_INFINITY is ~0 on both */
    return as_write(e->as, va, v, sizeof v) ? 0 : -EFAULT;
}
static int64_t set_rlimit(struct user_env *e, uint64_t va, int which)
{
    uint64_t v[2];
    if (!as_read(e->as, v, va, sizeof v))
        return -EFAULT;
    struct rlimit l = {v[0], v[1]};
    if (which == RLIMIT_STACK || which == RLIMIT_AS || which == RLIMIT_DATA ||
        which == RLIMIT_CORE) {
        if (which == RLIMIT_STACK && v[0] <= v[1])
            e->rlimit_stack = v[0];       /* told back; what is mapped stays */
        return v[0] > v[1] ? -EINVAL : 0; /* these would limit the simulator, not the program */
    }
    return ret_errno(setrlimit(which, &l));
}
SYS(getrlimit)
{
    return put_rlimit(e, a[1], (int)a[0]);
}
SYS(setrlimit)
{
    return set_rlimit(e, a[1], (int)a[0]);
}
SYS(prlimit64)
{
    int64_t r = 0;
    if (a[0] && (pid_t)a[0] != getpid())
        return -EPERM;
    if (a[3])
        r = put_rlimit(e, a[3], (int)a[1]);
    if (r == 0 && a[2])
        r = set_rlimit(e, a[2], (int)a[1]);
    return r;
}
SYS(getrusage)
{
    struct rusage u; /* the same layout on 64-bit Linux everywhere */
    if (getrusage((int)a[0], &u) < 0)
        return -errno;
    if ((int)a[0] == RUSAGE_SELF && !e->opt->host_time) {
        int64_t ns = clock_cpu(e);
        memset(&u, 0, sizeof u);
        u.ru_utime = (struct timeval){ns / NS, ns % NS / 1000};
    }
    return as_write(e->as, a[1], &u, sizeof u) ? 0 : -EFAULT;
}
/* The system call's value is 20 - priority, so that it is never negative; ia64 passes the priority.
 */
SYS(getpriority)
{
    (void)e;
    errno = 0;
    int p = getpriority((__priority_which_t)a[0], (id_t)a[1]);
    if (p == -1 && errno)
        return -errno;
    e->force_success = true;
    return p;
}
SYS(setpriority)
{
    (void)e;
    return ret_errno(setpriority((__priority_which_t)a[0], (id_t)a[1], (int)a[2]));
}

/* --- the system --- */

SYS(uname)
{
    struct utsname u, h;
    memset(&u, 0, sizeof u);
    if (uname(&h) < 0)
        return -errno;
    strcpy(u.sysname, "Linux");
    memcpy(u.nodename, h.nodename, sizeof u.nodename);
    strcpy(u.release, "6.1.0");
    strcpy(u.version, "#1 ia64-sim --user");
    strcpy(u.machine, "ia64");
    memcpy(u.domainname, h.domainname, sizeof u.domainname);
    return as_write(e->as, a[0], &u, sizeof u) ? 0 : -EFAULT;
}
SYS(sysinfo)
{
    struct sysinfo s; /* generic 64-bit layout */
    if (sysinfo(&s) < 0)
        return -errno;
    if (!e->opt->host_time) {
        s.uptime = clock_monotonic(e) / NS;
        memset(s.loads, 0, sizeof s.loads);
    }
    return as_write(e->as, a[0], &s, sizeof s) ? 0 : -EFAULT;
}
PLAIN(sethostname, (errno = EPERM, -1))
PLAIN(setdomainname, (errno = EPERM, -1))
SYS(getrandom)
{
    uint8_t buf[256];
    uint64_t n = a[1] > INT_MAX ? INT_MAX : a[1], done = 0;
    if (a[2] & ~7ull)
        return -EINVAL;
    while (done < n) {
        size_t k = n - done < sizeof buf ? n - done : sizeof buf;
        user_random(e, buf, k);
        if (!as_write(e->as, a[0] + done, buf, k))
            return done ? (int64_t)done : -EFAULT;
        done += k;
    }
    return (int64_t)done;
}
SYS(getcpu)
{
    const uint32_t zero = 0;
    return (!a[0] || put_u32(e, a[0], zero)) && (!a[1] || put_u32(e, a[1], zero)) ? 0 : -EFAULT;
}
SYS(personality)
{
    (void)e;
    return (uint32_t)a[0] == 0xffffffffu || a[0] == 0 ? 0 : -EINVAL; /* PER_LINUX only */
}

/* --- scheduling: one processor, the host's policies --- */

SYS(sched_yield)
{
    (void)e;
    (void)a;
    return ret_errno(sched_yield());
}
SYS(sched_getparam)
{
    struct sched_param p;
    if (sched_getparam((pid_t)a[0], &p) < 0)
        return -errno;
    return put_u32(e, a[1], (uint32_t)p.sched_priority) ? 0 : -EFAULT;
}
SYS(sched_setparam)
{
    uint32_t v;
    if (!get_u32(e, a[1], &v))
        return -EFAULT;
    struct sched_param p = {.sched_priority = (int)v};
    return ret_errno(sched_setparam((pid_t)a[0], &p));
}
SYS(sched_setscheduler)
{
    uint32_t v;
    if (!get_u32(e, a[2], &v))
        return -EFAULT;
    struct sched_param p = {.sched_priority = (int)v};
    return ret_errno(sched_setscheduler((pid_t)a[0], (int)a[1], &p));
}
PLAIN(sched_getscheduler, sched_getscheduler((pid_t)a[0]))
PLAIN(sched_get_priority_max, sched_get_priority_max((int)a[0]))
PLAIN(sched_get_priority_min, sched_get_priority_min((int)a[0]))
SYS(sched_rr_get_interval)
{
    const int64_t v[2] = {0, 100000000};
    return as_write(e->as, a[1], v, sizeof v) ? 0 : -EFAULT;
}
SYS(sched_getaffinity)
{
    const uint64_t one = 1;
    if (a[1] < 8 || (a[1] & 7))
        return -EINVAL;
    return put_u64(e, a[2], one) ? 8 : -EFAULT;
}
SYS(sched_setaffinity)
{
    uint64_t m = 0;
    if (!as_read(e->as, &m, a[2], a[1] < 8 ? a[1] : 8))
        return -EFAULT;
    return m & 1 ? 0 : -EINVAL;
}

/* --- prctl, threads' helpers --- */

SYS(prctl)
{
    char name[16] = {0};
    switch ((int)a[0]) {
    case PR_SET_NAME: {
        ssize_t n = as_string(e->as, a[1], name, sizeof name);
        if (n == -EFAULT)
            return n;
        name[15] = 0;
        return ret_errno(prctl(PR_SET_NAME, name));
    }
    case PR_GET_NAME:
        if (prctl(PR_GET_NAME, name) < 0)
            return -errno;
        return as_write(e->as, a[1], name, sizeof name) ? 0 : -EFAULT;
    case PR_SET_UNALIGN: /* 1: silent, 2: SIGBUS; a processor with psr.ac faults on all of them */
        if (a[1] & ~3ull)
            return -EINVAL;
        e->prctl_unalign = a[1];
        e->uac_sigbus = a[1] & PR_UNALIGN_SIGBUS;
        cpu_set_psr(e->cpu, e->uac_sigbus ? e->cpu->psr | PSR_AC : e->cpu->psr & ~PSR_AC);
        return 0;
    case PR_GET_UNALIGN:
        return put_u32(e, a[1], (uint32_t)e->prctl_unalign) ? 0 : -EFAULT;
    case PR_SET_FPEMU:
        e->prctl_fpemu = a[1] & 3;
        return 0;
    case PR_GET_FPEMU:
        return put_u32(e, a[1], (uint32_t)e->prctl_fpemu) ? 0 : -EFAULT;
    case PR_SET_PDEATHSIG:
    case PR_SET_DUMPABLE:
    case PR_GET_DUMPABLE:
    case PR_SET_NO_NEW_PRIVS:
    case PR_GET_NO_NEW_PRIVS:
    case PR_SET_CHILD_SUBREAPER:
    case PR_SET_KEEPCAPS:
    case PR_GET_KEEPCAPS:
    case PR_CAPBSET_READ:
        return ret_errno(prctl((int)a[0], a[1], a[2], a[3], a[4]));
    case PR_SET_VMA:
        return -EINVAL; /* as a kernel without names for anonymous memory */
    }
    return -EINVAL;
}
SYS(set_tid_address)
{
    e->clear_child_tid = a[0];
    return syscall(SYS_gettid);
}
SYS(set_robust_list)
{
    (void)e;
    return a[1] == 24 ? 0 : -EINVAL;
}
SYS(get_robust_list)
{
    const uint64_t none = 0, size = 24;
    return put_u64(e, a[1], none) && put_u64(e, a[2], size) ? 0 : -EFAULT;
}
SYS(rseq) /* not in Linux/ia64: the C library asks and does without */
{
    (void)e;
    (void)a;
    return -ENOSYS;
}
SYS(membarrier)
{
    (void)e;
    return a[0] == 0 ? 0 : -EINVAL;
}

/* One thread: nobody in this process waits or wakes. Words in shared memory may have waiters in
 * other processes: those go to the host, by host address. */
SYS(futex)
{
    uint32_t v;
    int op = (int)a[1] & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    struct iovec iov;
    uint64_t total;
    if (a[0] & 3)
        return -EINVAL;
    if (as_iov(e->as, a[0], 4, 1 /* PROT_READ */, &iov, 1, &total) != 1 || total != 4 ||
        !get_u32(e, a[0], &v))
        return -EFAULT;
    switch (op) {
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        return ret_errno(syscall(SYS_futex, iov.iov_base, op, (int)a[2], NULL, NULL, (int)a[5]));
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: {
        int64_t t[2];
        struct timespec ts;
        if (a[3] && !as_read(e->as, t, a[3], sizeof t))
            return -EFAULT;
        if (v != (uint32_t)a[2])
            return -EAGAIN;
        if (a[3]) {
            int64_t ns = t[0] * NS + t[1];
            if (op == FUTEX_WAIT_BITSET) /* absolute */
                ns -= (int)a[1] & FUTEX_CLOCK_REALTIME ? clock_now(e) : clock_monotonic(e);
            if (ns < 0)
                ns = 0;
            ts = (struct timespec){ns / NS, ns % NS};
        }
        return blocking(e, SYS_futex, ptr(iov.iov_base), FUTEX_WAIT, (long)(int)a[2],
                        a[3] ? ptr(&ts) : 0, 0, 0);
    }
    case FUTEX_CMP_REQUEUE:
    case FUTEX_REQUEUE:
    case FUTEX_WAKE_OP:
        return 0;
    }
    fprintf(stderr, "unimplemented: futex operation %d\n", op);
    return -ENOSYS;
}
