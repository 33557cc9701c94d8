/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Waiting for descriptors: poll, select, epoll. In deterministic time a wait that nothing but its
 * timeout can end does not take that time: the descriptors are looked at, then virtual time moves
 * on.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NS        1000000000ll
#define MAX_FDS   65536
#define HOST_MASK 8 /* bytes of the kernel's sigset_t */

/* ns < 0: no limit. Returns the number of ready descriptors, or -errno. */
static int64_t do_poll(struct user_env *e, struct pollfd *p, uint64_t n, int64_t ns)
{
    struct timespec t = {0, 0};
    int64_t r;
    if (ns > 0 && !e->opt->host_time && !e->multi) {
        /* A first look that does not wait. */
        r = safe_syscall(e, SYS_ppoll, ptr(p), (long)n, ptr(&t), 0, HOST_MASK, 0);
        if (r != 0)
            return r == -E_RESTART ? -E_RESTART_NOHAND : r;
        bool outside = false; /* could somebody else make one ready? */
        for (uint64_t i = 0; i < n; i++)
            outside |= p[i].fd >= 0;
        if (!outside)
            return clock_sleep(e, ns) ? -E_RESTART_NOHAND : 0;
    }
    t = (struct timespec){ns / NS, ns % NS};
    r = blocking(e, SYS_ppoll, ptr(p), (long)n, ns < 0 ? 0 : ptr(&t), 0, HOST_MASK, 0);
    if (r == 0 && ns > 0 && !e->opt->host_time)
        e->time_skew += ns;
    return r == -E_RESTART ? -E_RESTART_NOHAND : r;
}

static int64_t poll_guest(struct user_env *e, uint64_t va, uint64_t n, int64_t ns)
{
    if (n > MAX_FDS)
        return -EINVAL;
    struct pollfd *p = calloc(n + 1, sizeof *p); /* the same layout everywhere */
    if (!p)
        return -ENOMEM;
    int64_t r = -EFAULT;
    if (as_read(e->as, p, va, n * sizeof *p)) {
        r = do_poll(e, p, n, ns);
        if (r >= 0 && n && !as_write(e->as, va, p, n * sizeof *p))
            r = -EFAULT;
    }
    free(p);
    return r;
}
SYS(poll)
{
    int ms = (int)a[2];
    return poll_guest(e, a[0], a[1], ms < 0 ? -1 : ms * 1000000ll);
}

/* A timespec (unit 1) or timeval (unit 1000) argument; 0: none. */
static int64_t timeout(struct user_env *e, uint64_t va, int64_t unit, int64_t *error)
{
    int64_t v[2];
    *error = 0;
    if (!va)
        return -1;
    if (!as_read(e->as, v, va, sizeof v))
        *error = -EFAULT;
    else if (v[0] < 0 || v[1] < 0 || (unit == 1 && v[1] >= NS))
        *error = -EINVAL;
    if (*error)
        return 0;
    return v[0] >= INT64_MAX / NS - 1 ? -1 : v[0] * NS + v[1] * unit;
}

/* The signal mask of ppoll, pselect and epoll_pwait, in force until the call ends. */
static int64_t set_mask(struct user_env *e, uint64_t va, uint64_t size)
{
    uint64_t m;
    if (!va)
        return 0;
    if (size != 8)
        return -EINVAL;
    if (!get_u64(e, va, &m))
        return -EFAULT;
    signal_temporary_mask(e, m);
    return 0;
}

SYS(ppoll)
{
    int64_t error, ns = timeout(e, a[2], 1, &error);
    if (!error)
        error = set_mask(e, a[3], a[4]);
    return error ? error : poll_guest(e, a[0], a[1], ns);
}

/* select as a poll: descriptor sets are bit vectors of 64-bit words. */
static int64_t do_select(struct user_env *e, int n, const uint64_t set[3], int64_t ns)
{
    enum { WORDS = FD_SETSIZE / 64 };
    static const short want[3] = {POLLIN | POLLRDNORM | POLLRDBAND,
                                  POLLOUT | POLLWRNORM | POLLWRBAND, POLLPRI};
    static const short got[3] = {POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
                                 POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR, POLLPRI};
    uint64_t in[3][WORDS] = {{0}}, out[3][WORDS] = {{0}};
    struct pollfd p[FD_SETSIZE];
    uint64_t np = 0;
    if (n < 0)
        return -EINVAL;
    if (n > FD_SETSIZE)
        n = FD_SETSIZE;
    size_t bytes = ((size_t)n + 63) / 64 * 8;
    for (int k = 0; k < 3; k++)
        if (set[k] && !as_read(e->as, in[k], set[k], bytes))
            return -EFAULT;
    for (int fd = 0; fd < n; fd++) {
        p[np] = (struct pollfd){.fd = fd};
        for (int k = 0; k < 3; k++)
            if (in[k][fd / 64] >> (fd % 64) & 1)
                p[np].events |= want[k];
        np += p[np].events != 0;
    }
    int64_t r = do_poll(e, p, np, ns), count = 0;
    if (r < 0)
        return r;
    for (uint64_t i = 0; i < np; i++) {
        if (p[i].revents & POLLNVAL)
            return -EBADF;
        for (int k = 0; k < 3; k++) {
            if ((in[k][p[i].fd / 64] >> (p[i].fd % 64) & 1) && (p[i].revents & got[k])) {
                out[k][p[i].fd / 64] |= 1ull << (p[i].fd % 64);
                count++;
            }
        }
    }
    for (int k = 0; k < 3; k++)
        if (set[k] && !as_write(e->as, set[k], out[k], bytes))
            return -EFAULT;
    return count;
}
SYS(select)
{
    int64_t error, ns = timeout(e, a[4], 1000, &error);
    const uint64_t set[3] = {a[1], a[2], a[3]};
    return error ? error : do_select(e, (int)a[0], set, ns);
}
SYS(pselect6)
{
    int64_t error, ns = timeout(e, a[4], 1, &error);
    const uint64_t set[3] = {a[1], a[2], a[3]};
    uint64_t m[2] = {0, 0};
    if (!error && a[5] && !as_read(e->as, m, a[5], sizeof m))
        error = -EFAULT;
    if (!error)
        error = set_mask(e, m[0], m[1]);
    return error ? error : do_select(e, (int)a[0], set, ns);
}

/* --- epoll: the guest's struct epoll_event is padded to 16 bytes, x86's is packed --- */

struct guest_epoll_event {
    uint32_t events, pad;
    uint64_t data;
};
SYS(epoll_create)
{
    (void)e;
    return ret_errno(epoll_create((int)a[0]));
}
SYS(epoll_create1)
{
    (void)e;
    return ret_errno(epoll_create1((int)a[0]));
}
SYS(epoll_ctl)
{
    struct guest_epoll_event g = {0};
    if ((int)a[1] != EPOLL_CTL_DEL && !as_read(e->as, &g, a[3], sizeof g))
        return -EFAULT;
    struct epoll_event ev = {.events = g.events, .data.u64 = g.data};
    return ret_errno(epoll_ctl((int)a[0], (int)a[1], (int)a[2], &ev));
}
SYS(epoll_wait)
{
    enum { MAX = 1024 };
    struct epoll_event ev[MAX];
    int max = (int)a[2] > MAX ? MAX : (int)a[2];
    if (max <= 0)
        return -EINVAL;
    int64_t r = blocking(e, SYS_epoll_pwait, (int)a[0], ptr(ev), max, (int)a[3], 0, HOST_MASK);
    for (int64_t i = 0; i < r; i++) {
        const struct guest_epoll_event g = {ev[i].events, 0, ev[i].data.u64};
        if (!as_write(e->as, a[1] + (uint64_t)i * sizeof g, &g, sizeof g))
            return -EFAULT;
    }
    return r == -E_RESTART ? -E_RESTART_NOHAND : r;
}
SYS(epoll_pwait)
{
    int64_t error = set_mask(e, a[4], a[5]);
    return error ? error : sys_epoll_wait(e, a);
}
