/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on time: clocks, sleeping, interval timers (see clock.c for whose time it is).
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <string.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#define NS 1000000000ll

static bool put_timespec(struct user_env *e, uint64_t va, int64_t ns)
{
    const int64_t v[2] = {ns / NS, ns % NS};
    return as_write(e->as, va, v, sizeof v);
}
static bool put_timeval(struct user_env *e, uint64_t va, int64_t ns)
{
    const int64_t v[2] = {ns / NS, ns % NS / 1000};
    return as_write(e->as, va, v, sizeof v);
}

/* Seconds and a fraction as ns; more than the type can hold means for ever. -errno in *error. */
static int64_t get_time(struct user_env *e, uint64_t va, int64_t unit, int64_t *error)
{
    int64_t v[2];
    *error = 0;
    if (!as_read(e->as, v, va, sizeof v))
        *error = -EFAULT;
    else if (v[0] < 0 || v[1] < 0 || v[1] >= NS / unit)
        *error = -EINVAL;
    if (*error)
        return 0;
    return v[0] >= INT64_MAX / NS - 1 ? INT64_MAX - 1 : v[0] * NS + v[1] * unit;
}

/* The reading of a clock; false: no such clock. */
static bool read_clock(struct user_env *e, int id, int64_t *ns)
{
    switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        *ns = clock_now(e);
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
    case CLOCK_BOOTTIME_ALARM:
        *ns = clock_monotonic(e);
        return true;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *ns = clock_cpu(e);
        return true;
    }
    if (id < 0) { /* the CPU clock of a process or thread: only our own */
        *ns = clock_cpu(e);
        return true;
    }
    return false;
}

SYS(clock_gettime)
{
    int64_t ns;
    if (!read_clock(e, (int)a[0], &ns))
        return -EINVAL;
    return put_timespec(e, a[1], ns) ? 0 : -EFAULT;
}
SYS(clock_getres)
{
    int64_t ns;
    if (!read_clock(e, (int)a[0], &ns))
        return -EINVAL;
    return a[1] == 0 || put_timespec(e, a[1], 1) ? 0 : -EFAULT;
}
SYS(clock_settime)
{
    int64_t ns;
    (void)e;
    return read_clock(e, (int)a[0], &ns) ? -EPERM : -EINVAL;
}
SYS(gettimeofday)
{
    const uint64_t zone = 0;
    if (a[0] && !put_timeval(e, a[0], clock_now(e)))
        return -EFAULT;
    return a[1] == 0 || put_u64(e, a[1], zone) ? 0 : -EFAULT;
}
SYS(settimeofday)
{
    (void)e;
    (void)a;
    return -EPERM;
}

static int64_t sleep_for(struct user_env *e, int64_t ns, uint64_t rem, bool absolute)
{
    int64_t left = clock_sleep(e, ns);
    if (left == 0)
        return 0;
    if (!absolute && rem && !put_timespec(e, rem, left))
        return -EFAULT;
    /* Relative sleeps are not restarted from the start: a handled signal ends them. */
    return absolute ? -E_RESTART_NOHAND : -EINTR;
}
SYS(nanosleep)
{
    int64_t error, ns = get_time(e, a[0], 1, &error);
    return error ? error : sleep_for(e, ns, a[1], false);
}
SYS(clock_nanosleep)
{
    int64_t error, now, ns = get_time(e, a[2], 1, &error);
    if ((int)a[0] == CLOCK_THREAD_CPUTIME_ID || !read_clock(e, (int)a[0], &now))
        return -EINVAL;
    if (error)
        return error;
    if (a[1] & TIMER_ABSTIME)
        return sleep_for(e, ns - now, 0, true);
    return sleep_for(e, ns, a[3], false);
}

SYS(times)
{
    int64_t t = clock_cpu(e) / (NS / 1000) * GUEST_HZ / 1000;
    const int64_t v[4] = {t, 0, 0, 0};
    if (a[0] && !as_write(e->as, a[0], v, sizeof v))
        return -EFAULT;
    return clock_monotonic(e) / (NS / 1000) * GUEST_HZ / 1000;
}

/* --- interval timers --- */

static int64_t timer_clock(struct user_env *e, int which)
{
    return which == ITIMER_REAL ? clock_monotonic(e) : clock_cpu(e);
}
static bool put_itimer(struct user_env *e, uint64_t va, int which)
{
    struct itimerval v = {{0, 0}, {0, 0}};
    if (e->opt->host_time) {
        getitimer(which, &v);
    } else if (e->itimer[which].expires) {
        int64_t left = e->itimer[which].expires - timer_clock(e, which),
                iv = e->itimer[which].interval;
        if (left < 1000)
            left = 1000;
        v.it_value = (struct timeval){left / NS, left % NS / 1000};
        v.it_interval = (struct timeval){iv / NS, iv % NS / 1000};
    }
    const int64_t g[4] = {v.it_interval.tv_sec, v.it_interval.tv_usec, v.it_value.tv_sec,
                          v.it_value.tv_usec};
    return as_write(e->as, va, g, sizeof g);
}
SYS(getitimer)
{
    if (a[0] > 2)
        return -EINVAL;
    return put_itimer(e, a[1], (int)a[0]) ? 0 : -EFAULT;
}
SYS(setitimer)
{
    int which = (int)a[0];
    int64_t error = 0, interval = 0, value = 0;
    if (a[0] > 2)
        return -EINVAL;
    if (a[1]) {
        interval = get_time(e, a[1], 1000, &error);
        if (!error)
            value = get_time(e, a[1] + 16, 1000, &error);
        if (error)
            return error;
    }
    if (a[2] && !put_itimer(e, a[2], which))
        return -EFAULT;
    if (e->opt->host_time) {
        struct itimerval v = {{interval / NS, interval % NS / 1000},
                              {value / NS, value % NS / 1000}};
        return ret_errno(setitimer(which, &v, NULL));
    }
    int64_t now = timer_clock(e, which);
    e->itimer[which].interval = interval;
    e->itimer[which].expires = value == 0 ? 0 : value > INT64_MAX - now ? INT64_MAX : now + value;
    return 0;
}
