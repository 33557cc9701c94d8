/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Prints what the clocks say while computing and sleeping: in deterministic time the same in every
 * run.
 */
#define _GNU_SOURCE
#include "check.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static volatile int ticks;
static void on_tick(int sig)
{
    (void)sig;
    ticks++;
}
static long long now(clockid_t c)
{
    struct timespec t;
    clock_gettime(c, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void clocks(void)
{
    long long r = now(CLOCK_REALTIME), m = now(CLOCK_MONOTONIC), p = now(CLOCK_PROCESS_CPUTIME_ID);
    printf("realtime %lld monotonic %lld cpu %lld\n", r, m, p);
    struct timeval tv;
    CHECK_EQ(gettimeofday(&tv, NULL), 0);
    long long g = tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll;
    CHECK(g >= r / 1000 * 1000 && g < r + 1000000000);
    CHECK(now(CLOCK_MONOTONIC) >= m);
    CHECK(time(NULL) >= r / 1000000000);
    struct timespec res;
    CHECK_EQ(clock_getres(CLOCK_MONOTONIC, &res), 0);
    CHECK_EQ(clock_gettime(77, &res), -1);
    CHECK_EQ(errno, EINVAL);
}
static void sleeping(void)
{
    long long m = now(CLOCK_MONOTONIC), p = now(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec t = {0, 300000000}, u;
    CHECK_EQ(nanosleep(&t, NULL), 0);
    long long d = now(CLOCK_MONOTONIC) - m;
    printf("slept %lld\n", d);
    CHECK(d >= 300000000 && d < 2000000000);
    CHECK(now(CLOCK_PROCESS_CPUTIME_ID) - p < 200000000);
    clock_gettime(CLOCK_MONOTONIC, &u);
    u.tv_sec += 1;
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &u, NULL), 0);
    CHECK(now(CLOCK_MONOTONIC) >= u.tv_sec * 1000000000ll + u.tv_nsec);
    t.tv_nsec = 1000000000;
    CHECK_EQ(nanosleep(&t, NULL), -1);
    CHECK_EQ(errno, EINVAL);
}
static void timers(void)
{
    signal(SIGALRM, on_tick);
    ticks = 0;
    struct itimerval tv = {{0, 100000}, {0, 100000}}, left;
    CHECK_EQ(setitimer(ITIMER_REAL, &tv, NULL), 0);
    CHECK_EQ(getitimer(ITIMER_REAL, &left), 0);
    CHECK(left.it_interval.tv_usec == 100000 && left.it_value.tv_usec <= 100000);
    while (ticks < 5)
        pause();
    tv = (struct itimerval){{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &tv, NULL);
    printf("after 5 ticks %lld\n", now(CLOCK_MONOTONIC));
    ticks = 0;
    tv = (struct itimerval){{0, 0}, {0, 2000}};
    signal(SIGVTALRM, on_tick);
    setitimer(ITIMER_VIRTUAL, &tv, NULL);
    long n = 0;
    while (!ticks)
        n++;
    CHECK(n > 10);
    CHECK_EQ(alarm(100), 0);
    unsigned a = alarm(0);
    CHECK(a == 100 || a == 99);
}
static void usage(void)
{
    struct tms t;
    struct rusage u;
    volatile long x = 0;
    for (int i = 0; i < 3000000; i++)
        x += i;
    clock_t c = times(&t);
    CHECK(c != (clock_t)-1);
    CHECK_EQ(sysconf(_SC_CLK_TCK), 1024);
    CHECK_EQ(getrusage(RUSAGE_SELF, &u), 0);
    CHECK(u.ru_utime.tv_sec + u.ru_utime.tv_usec > 0);
    CHECK(clock() > 0);
    printf("clock %ld times %ld\n", (long)clock(), (long)t.tms_utime);
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"clocks", clocks}, {"sleeping", sleeping}, {"timers", timers},
        {"usage", usage},   {NULL, NULL},
    };
    return run_tests(t, argc, argv);
}
