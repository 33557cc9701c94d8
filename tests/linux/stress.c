/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Load for a kernel, and for the machine below it: stress SECONDS DIRECTORY [PERCENT]. A process
 * per kind and CPU, at work PERCENT of the time (100) and asleep between its rounds, each checking
 * what it computes: processes, pipes, memory, files, signals, threads, floating point and the
 * register stack across context switches. Prints the rounds of each kind, "stress ok", exit status
 * 0; or what went wrong, and 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *dir;
static double end;
static const char *kind;
static unsigned id;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn __attribute__((format(printf, 2, 3))) void wrong(int line, const char *fmt, ...)
{
    char text[200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    printf("stress: %s %u: %s (errno %d), stress.c:%d\n", kind, id, text, errno, line);
    fflush(stdout);
    _exit(1);
}
#define MUST(cond, ...)                                                                            \
    do {                                                                                           \
        if (!(cond))                                                                               \
            wrong(__LINE__, __VA_ARGS__);                                                          \
    } while (0)

static uint32_t seed;
static uint32_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}

static void do_fork(void)
{
    int code = (int)(rnd() & 0x7f), st;
    pid_t p = fork();
    MUST(p >= 0, "fork");
    if (!p) {
        if (code & 1)
            execl("/bin/sh", "sh", "-c", code & 2 ? "exit 3" : "kill -9 $$", (char *)NULL);
        _exit(code);
    }
    MUST(waitpid(p, &st, 0) == p, "waitpid");
    if (!(code & 1))
        MUST(WIFEXITED(st) && WEXITSTATUS(st) == code, "expected exit %d, got status %#x", code,
             st);
    else if (code & 2)
        MUST(WIFEXITED(st) && WEXITSTATUS(st) == 3, "expected exit 3, got status %#x", st);
    else
        MUST(WIFSIGNALED(st) && WTERMSIG(st) == 9, "expected signal 9, got status %#x", st);
}

static void do_pipe(void)
{
    static int to[2], from[2];
    static pid_t echo;
    uint32_t out[512], in[512];
    if (!echo) {
        MUST(!pipe(to) && !pipe(from), "pipe");
        echo = fork();
        MUST(echo >= 0, "fork");
        if (!echo) {
            ssize_t n;
            close(to[1]);
            close(from[0]);
            while ((n = read(to[0], in, sizeof in)) > 0)
                if (write(from[1], in, (size_t)n) != n)
                    _exit(1);
            _exit(0);
        }
        close(to[0]);
        close(from[1]);
    }
    size_t len = 4 * (1 + rnd() % 512), got = 0;
    for (size_t i = 0; i < len / 4; i++)
        out[i] = rnd();
    MUST(write(to[1], out, len) == (ssize_t)len, "write to a pipe");
    while (got < len) {
        ssize_t n = read(from[0], (char *)in + got, len - got);
        MUST(n > 0, "read from a pipe");
        got += (size_t)n;
    }
    MUST(!memcmp(in, out, len), "what came back differs");
}

static void do_memory(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n = 1 + rnd() % 64;
    uint64_t *p = mmap(NULL, n * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(p != MAP_FAILED, "mmap");
    size_t words = page / 8;
    for (size_t i = 0; i < n; i++) {
        MUST(p[i * words] == 0, "a new page is not zero");
        p[i * words] = (uint64_t)(uintptr_t)&p[i * words];
        p[i * words + words - 1] = i;
    }
    /* Copy on write: the child's changes stay the child's. */
    pid_t c = n < 8 ? fork() : -2;
    if (!c) {
        for (size_t i = 0; i < n; i++)
            p[i * words] = 7;
        _exit(p[0] == 7 ? 0 : 1);
    }
    int st = 0;
    if (c != -2)
        MUST(c > 0 && waitpid(c, &st, 0) == c && !st, "the child's memory, status %#x", st);
    MUST(!mprotect(p, n * page, PROT_READ), "mprotect");
    for (size_t i = 0; i < n; i++)
        MUST(p[i * words] == (uint64_t)(uintptr_t)&p[i * words] && p[i * words + words - 1] == i,
             "page %zu of %zu differs", i, n);
    if (n > 2) {
        MUST(!munmap((char *)p + page, page), "munmap");
        uint64_t *q = mremap(p, page, 3 * page, MREMAP_MAYMOVE);
        MUST(q != MAP_FAILED && q[0] == (uint64_t)(uintptr_t)p, "mremap");
        MUST(!munmap(q, 3 * page), "munmap");
        if (q != p)
            munmap((char *)p + 2 * page, (n - 2) * page);
        else
            munmap((char *)p + 3 * page, n > 3 ? (n - 3) * page : page);
    } else {
        MUST(!munmap(p, n * page), "munmap");
    }
}

static void do_file(void)
{
    char a[200], b[200];
    static uint32_t buf[16384], back[16384];
    size_t len = 4 * (1 + rnd() % 16384);
    snprintf(a, sizeof a, "%s/%s.%u.a", dir, kind, id);
    snprintf(b, sizeof b, "%s/%s.%u.b", dir, kind, id);
    for (size_t i = 0; i < len / 4; i++)
        buf[i] = rnd();
    int fd = open(a, O_RDWR | O_CREAT | O_TRUNC, 0600);
    MUST(fd >= 0, "open %s", a);
    MUST(write(fd, buf, len) == (ssize_t)len, "write %zu bytes", len);
    MUST(rnd() % 16 || !fsync(fd), "fsync");
    uint32_t *m = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(m != MAP_FAILED, "mmap of a file");
    MUST(!memcmp(m, buf, len), "the mapped file differs");
    m[len / 8] = buf[len / 8] ^= 0xa5a5a5a5;
    MUST(!munmap(m, len), "munmap");
    MUST(!close(fd) && !rename(a, b), "rename");
    fd = open(b, O_RDONLY);
    MUST(fd >= 0 && read(fd, back, sizeof back) == (ssize_t)len && !close(fd), "read %zu bytes",
         len);
    MUST(!memcmp(back, buf, len), "the file read differs");
    MUST(!unlink(b), "unlink");
}

static volatile sig_atomic_t alarms, queued;
static volatile int last_value;
static void on_alarm(int sig)
{
    (void)sig;
    alarms++;
}
static void on_queued(int sig, siginfo_t *info, void *ctx)
{
    (void)sig;
    (void)ctx;
    queued++;
    last_value = info->si_value.sival_int;
}

/* Deep enough that the register stack spills, with all of its registers in use at each level. */
static uint64_t deep(uint64_t a, uint64_t b, uint64_t c, uint64_t d, unsigned depth)
{
    if (!depth)
        return a ^ b ^ c ^ d;
    uint64_t e = a + 1, f = b + 2, g = c + 3, h = d + 4;
    uint64_t r = deep(f, g, h, e, depth - 1);
    return r + a - e + 1 + b - f + 2 + c - g + 3 + d - h + 4;
}

static void do_signal(void)
{
    static int set;
    if (!set) {
        struct sigaction sa = {.sa_handler = on_alarm},
                         sq = {.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO};
        struct itimerval it = {{0, 700}, {0, 700}};
        MUST(!sigaction(SIGALRM, &sa, NULL) && !sigaction(SIGRTMIN, &sq, NULL), "sigaction");
        MUST(!setitimer(ITIMER_REAL, &it, NULL), "setitimer");
        set = 1;
    }
    int before = queued, value = (int)rnd();
    union sigval v = {.sival_int = value};
    MUST(!sigqueue(getpid(), SIGRTMIN, v), "sigqueue");
    MUST(queued == before + 1 && last_value == value, "expected value %d, got %d", value,
         last_value);
    uint64_t want = (uint64_t)value ^ 2 ^ 3 ^ 4;
    /* 96 levels are a multiple of 4: every argument is back in its place, each 96/4 times grown by
     * 1+2+3+4. */
    uint64_t a = (uint64_t)value + 240, b = 2 + 240, c = 3 + 240, d = 4 + 240;
    (void)want;
    MUST(deep((uint64_t)value, 2, 3, 4, 96) == (a ^ b ^ c ^ d), "the register stack was lost");
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static unsigned turn, counter;
static unsigned atomic_counter;
enum { THREADS = 4, TURNS = 50 };
static void *thread(void *arg)
{
    unsigned me = (unsigned)(uintptr_t)arg;
    static __thread unsigned own;
    for (unsigned i = 0; i < TURNS; i++) {
        __atomic_fetch_add(&atomic_counter, 1, __ATOMIC_RELAXED);
        own++;
        pthread_mutex_lock(&lock);
        while (turn % THREADS != me)
            pthread_cond_wait(&cond, &lock);
        counter++;
        turn++;
        pthread_cond_broadcast(&cond);
        pthread_mutex_unlock(&lock);
    }
    return (void *)(uintptr_t)own;
}
static void do_thread(void)
{
    pthread_t t[THREADS];
    void *r;
    turn = counter = atomic_counter = 0;
    for (unsigned i = 0; i < THREADS; i++)
        MUST(!pthread_create(&t[i], NULL, thread, (void *)(uintptr_t)i), "pthread_create");
    for (unsigned i = 0; i < THREADS; i++)
        MUST(!pthread_join(t[i], &r) && (uintptr_t)r == TURNS, "thread %u returned %p", i, r);
    MUST(counter == THREADS * TURNS && atomic_counter == THREADS * TURNS, "%u and %u counted",
         counter, atomic_counter);
}

/* Many values live in floating-point registers, low and high bank, across preemption. */
static void do_float(void)
{
    double x[24];
    for (int i = 0; i < 24; i++)
        x[i] = 1.0 + i;
    for (int n = 0; n < 2000; n++) {
#pragma GCC unroll 24
        for (int i = 0; i < 24; i++)
            x[i] = x[i] * 1.5 + 0.25;
#pragma GCC unroll 24
        for (int i = 0; i < 24; i++)
            x[i] = (x[i] - 0.25) / 1.5; /* exact: small multiples of a power of two times three */
    }
    for (int i = 0; i < 24; i++)
        MUST(x[i] == 1.0 + i, "register %d is %.17g", i, x[i]);
    if (!(rnd() & 7))
        sched_yield();
}

static const struct {
    const char *name;
    void (*round)(void);
} kinds[] = {
    {"fork", do_fork},     {"pipe", do_pipe},     {"memory", do_memory}, {"file", do_file},
    {"signal", do_signal}, {"thread", do_thread}, {"float", do_float},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Sleeps until the time is over, whatever signals come. */
static void rest(double seconds)
{
    const double until = now() + seconds;
    for (double left = seconds; left > 0; left = until - now()) {
        struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
        nanosleep(&t, NULL);
    }
}

int main(int argc, char **argv)
{
    const double load = argc > 3 ? atof(argv[3]) : 100;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    dir = argc > 2 ? argv[2] : "/tmp";
    end = now() + (argc > 1 ? atof(argv[1]) : 5);
    unsigned long *rounds = mmap(NULL, sizeof *rounds * KINDS * 64, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (rounds == MAP_FAILED || cpus > 64)
        return perror("stress: mmap"), 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (unsigned k = 0; k < KINDS; k++)
        for (long c = 0; c < cpus; c++)
            if (!fork()) {
                kind = kinds[k].name;
                id = (unsigned)c;
                seed = 12345 + k * 1000 + (unsigned)c;
                for (unsigned long *n = &rounds[k * 64 + c]; now() < end; ++*n) {
                    const double begun = now();
                    kinds[k].round();
                    if (load < 100)
                        rest((now() - begun) * (100 - load) / load);
                }
                _exit(0);
            }
    int bad = 0, st;
    for (unsigned i = 0; i < KINDS * cpus; i++)
        if (wait(&st) < 0 || st) {
            printf("stress: a process ended with status %#x\n", st);
            bad = 1;
        }
    for (unsigned k = 0; k < KINDS; k++) {
        unsigned long sum = 0;
        for (long c = 0; c < cpus; c++)
            sum += rounds[k * 64 + c];
        printf("T stress %s %lu\n", kinds[k].name, sum);
        bad |= !sum;
    }
    printf(bad ? "stress failed\n" : "T stress ok\n");
    return bad;
}
