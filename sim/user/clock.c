/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The program's idea of time. By default it is made of modelled cycles: 1 ns each, from a fixed
 * date, so that a run can be repeated exactly; sleeping moves it forward without waiting. When the
 * program has forked, others may depend on real waiting, and sleeps take their time. --user-time
 * host takes everything from the host instead.
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS           1000000000ll
#define EPOCH        (1704067200ll * NS) /* 2024-01-01 00:00:00 UTC */
#define BOOTED_SINCE (1000 * NS)

static int64_t host_clock(clockid_t c)
{
    struct timespec t;
    clock_gettime(c, &t);
    return t.tv_sec * NS + t.tv_nsec;
}

int64_t clock_cpu(struct user_env *e)
{
    return e->opt->host_time ? host_clock(CLOCK_PROCESS_CPUTIME_ID) : e->cpu->cycles;
}
int64_t clock_monotonic(struct user_env *e)
{
    return e->opt->host_time ? host_clock(CLOCK_MONOTONIC)
                             : BOOTED_SINCE + e->cpu->cycles + e->time_skew;
}
int64_t clock_now(struct user_env *e)
{
    return e->opt->host_time ? host_clock(CLOCK_REALTIME) : EPOCH + e->cpu->cycles + e->time_skew;
}

static int64_t timer_now(struct user_env *e, int which)
{
    return which == ITIMER_REAL ? clock_monotonic(e) : clock_cpu(e);
}

void clock_poll(struct user_env *e)
{
    static const int sig[3] = {SIGALRM, SIGVTALRM, SIGPROF};
    for (int i = 0; i < 3; i++) {
        struct interval_timer *t = &e->itimer[i];
        if (!t->expires || timer_now(e, i) < t->expires)
            continue;
        if (t->interval) {
            int64_t late = timer_now(e, i) - t->expires;
            t->expires += (late / t->interval + 1) * t->interval;
        } else {
            t->expires = 0;
        }
        struct guest_siginfo info = siginfo_kernel(sig[i]);
        signal_enqueue(e, sig[i], &info);
    }
}

int64_t clock_slice(struct user_env *e, int64_t max)
{
    for (int i = 0; i < 3; i++) {
        if (!e->itimer[i].expires)
            continue;
        int64_t left = e->itimer[i].expires - timer_now(e, i);
        if (left < max)
            max = left > 0 ? left : 1;
    }
    return max;
}

void clock_block(struct user_env *e)
{
    if (e->opt->host_time || !e->itimer[ITIMER_REAL].expires)
        return;
    int64_t left = e->itimer[ITIMER_REAL].expires - clock_monotonic(e);
    if (left < 1000)
        left = 1000;
    struct itimerval v = {.it_value = {left / NS, left % NS / 1000}};
    setitimer(ITIMER_REAL, &v, NULL);
}

void clock_unblock(struct user_env *e)
{
    struct itimerval off = {{0, 0}, {0, 0}}, left;
    struct interval_timer *t = &e->itimer[ITIMER_REAL];
    if (e->opt->host_time || !t->expires)
        return;
    setitimer(ITIMER_REAL, &off, &left);
    if (left.it_value.tv_sec || left.it_value.tv_usec)
        return;
    /* It went off (the host signal is the guest's): virtual time catches up with it. */
    int64_t behind = t->expires - clock_monotonic(e);
    if (behind > 0)
        e->time_skew += behind;
    t->expires = t->interval ? t->expires + t->interval : 0;
}

/* Waits in the host; returns the ns left. */
static int64_t host_sleep(struct user_env *e, int64_t ns)
{
    struct timespec t = {ns / NS, ns % NS}, left = t;
    clock_block(e);
    long r;
    if (ns == INT64_MAX) {
        r = safe_syscall(e, SYS_ppoll, 0, 0, 0, 0, 8, 0); /* for ever */
    } else {
        r = safe_syscall(e, SYS_nanosleep, (long)&t, (long)&left, 0, 0, 0, 0);
    }
    clock_unblock(e);
    return r == 0 ? 0 : left.tv_sec * NS + left.tv_nsec;
}

int64_t clock_sleep(struct user_env *e, int64_t ns)
{
    if (ns <= 0)
        return 0;
    if (e->opt->host_time || e->multi) {
        int64_t left = host_sleep(e, ns);
        if (!e->opt->host_time && ns != INT64_MAX)
            e->time_skew += ns - left;
        return left;
    }
    while (!signal_deliverable(e)) {
        int64_t step = ns;
        if (e->itimer[ITIMER_REAL].expires) {
            int64_t t = e->itimer[ITIMER_REAL].expires - clock_monotonic(e);
            if (t < step)
                step = t > 0 ? t : 0;
        }
        if (step == INT64_MAX) /* only somebody else's signal can end this */
            return host_sleep(e, ns);
        e->time_skew += step;
        if (ns != INT64_MAX)
            ns -= step;
        clock_poll(e);
        if (ns == 0)
            return 0;
    }
    return ns;
}

/* Deterministic unless host time is asked for: splitmix64. */
void user_random(struct user_env *e, void *buf, size_t n)
{
    uint8_t *p = buf;
    if (e->opt->host_time) {
        while (n) {
            ssize_t k = getrandom(p, n, 0);
            if (k <= 0)
                break;
            p += k;
            n -= (size_t)k;
        }
        return;
    }
    while (n) {
        uint64_t z = e->random_state += 0x9e3779b97f4a7c15ull;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ z >> 27) * 0x94d049bb133111ebull;
        z ^= z >> 31;
        size_t k = n < 8 ? n : 8;
        memcpy(p, &z, k);
        p += k;
        n -= k;
    }
}
