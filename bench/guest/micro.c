/* SPDX-License-Identifier: MIT
 * What a kernel's user waits for, one thing at a time: micro NAME [ROUNDS [DIRECTORY]], or micro
 * time COMMAND ARG... Prints `B NAME ROUNDS CYCLES`: ar.itc, which counts modelled cycles in the
 * simulator, before and after. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *self, *dir = "/tmp";

static unsigned long itc(void)
{
    unsigned long t;
    __asm__ volatile("mov %0 = ar.itc" : "=r"(t)::"memory");
    return t;
}

static _Noreturn void die(const char *what)
{
    printf("micro: %s: %s\n", what, strerror(errno));
    exit(1);
}
#define MUST(x) ((x) ? (void)0 : die(#x))

static void reap(pid_t pid)
{
    int status;
    MUST(waitpid(pid, &status, 0) == pid && status == 0);
}

static void null(long n)
{
    while (n--)
        syscall(SYS_getppid);
}

static void gettime(long n)
{
    struct timespec t;
    while (n--)
        MUST(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
}

static void do_fork(long n)
{
    while (n--) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(0);
        reap(pid);
    }
}

static void do_exec(long n)
{
    while (n--) {
        pid_t pid = vfork();
        if (pid == 0) {
            execl(self, self, "nothing", (char *)0);
            _exit(1);
        }
        reap(pid);
    }
}

/* A byte there and back between two processes: two context switches a round, two writes, two reads.
 */
static void do_pipe(long n)
{
    int a[2], b[2];
    char c = 0;
    MUST(pipe(a) == 0 && pipe(b) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        while (n-- && read(a[0], &c, 1) == 1)
            MUST(write(b[1], &c, 1) == 1);
        _exit(0);
    }
    while (n--)
        MUST(write(a[1], &c, 1) == 1 && read(b[0], &c, 1) == 1);
    reap(pid);
}

/* 64 KiB at a time through a pipe: copies. */
static void bulk(long n)
{
    static char buf[65536];
    int a[2];
    MUST(pipe(a) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(a[1]);
        while (read(a[0], buf, sizeof buf) > 0)
            ;
        _exit(0);
    }
    while (n--)
        MUST(write(a[1], buf, sizeof buf) == sizeof buf);
    close(a[1]);
    reap(pid);
}

static void do_switch(long n)
{
    pid_t pid = fork();
    for (long i = 0; i < n; i++)
        sched_yield();
    if (pid == 0)
        _exit(0);
    reap(pid);
}

/* First touch of anonymous memory, a page a round. */
static void fault(long n)
{
    long page = sysconf(_SC_PAGESIZE);
    enum { AT_ONCE = 256 };
    for (; n > 0; n -= AT_ONCE) {
        char *p =
            mmap(0, AT_ONCE * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        MUST(p != MAP_FAILED);
        for (int i = 0; i < AT_ONCE; i++)
            p[i * page] = 1;
        munmap(p, AT_ONCE * page);
    }
}

/* A signal to oneself: the handler's frame, and sigreturn. */
static volatile int got;
static void on_signal(int s)
{
    (void)s;
    got++;
}
static void sig(long n)
{
    signal(SIGUSR1, on_signal);
    while (n--)
        raise(SIGUSR1);
}

/* Translations taken back, twice a round, and given again. */
static void mprot(long n)
{
    long page = sysconf(_SC_PAGESIZE);
    char *p = mmap(0, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(p != MAP_FAILED);
    while (n--) {
        *p = 1;
        MUST(mprotect(p, page, PROT_READ) == 0 && mprotect(p, page, PROT_READ | PROT_WRITE) == 0);
    }
}

/* 64 KiB at a time written to a file, to the disk, dropped from the cache, read again. */
static void file(long n)
{
    static char buf[65536], name[200];
    snprintf(name, sizeof name, "%s/micro.data", dir);
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    MUST(fd >= 0);
    for (long i = 0; i < n; i++) {
        memset(buf, (int)i, sizeof buf);
        MUST(write(fd, buf, sizeof buf) == sizeof buf);
    }
    MUST(fsync(fd) == 0);
    MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
    MUST(lseek(fd, 0, SEEK_SET) == 0);
    for (long i = 0; i < n; i++)
        MUST(read(fd, buf, sizeof buf) == sizeof buf && buf[77] == (char)i);
    close(fd);
    unlink(name);
}

/* 4 KiB at random places, past the cache: an interrupt of the disk each. */
static void direct(long n)
{
    char *name, *buf;
    MUST(asprintf(&name, "%s/micro.data", dir) > 0);
    MUST(posix_memalign((void **)&buf, 65536, 65536) == 0);
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT, 0600);
    MUST(fd >= 0);
    memset(buf, 1, 65536);
    for (int i = 0; i < 16; i++)
        MUST(write(fd, buf, 65536) == 65536);
    for (unsigned x = 1; n--; x = x * 1664525 + 1013904223)
        MUST(pread(fd, buf, 4096, (x >> 24) * 4096) == 4096);
    close(fd);
    unlink(name);
    free(name);
    free(buf);
}

static const struct {
    const char *name;
    void (*fn)(long);
    long rounds;
} test[] = {
    {"null", null, 100000},       {"gettime", gettime, 100000}, {"fork", do_fork, 300},
    {"exec", do_exec, 200},       {"pipe", do_pipe, 5000},      {"bulk", bulk, 1000},
    {"switch", do_switch, 10000}, {"fault", fault, 8192},       {"signal", sig, 20000},
    {"mprotect", mprot, 10000},   {"file", file, 256},          {"direct", direct, 1000},
};

int main(int argc, char **argv)
{
    unsigned long start;
    self = argv[0];
    if (argc > 2 && !strcmp(argv[1], "time")) {
        start = itc();
        pid_t pid = vfork();
        if (pid == 0) {
            execvp(argv[2], argv + 2);
            _exit(1);
        }
        reap(pid);
        printf("B %s 1 %lu\n", argv[2], itc() - start);
        return 0;
    }
    if (argc > 3)
        dir = argv[3];
    for (unsigned i = 0; argc > 1 && i < sizeof test / sizeof *test; i++)
        if (!strcmp(argv[1], test[i].name)) {
            long n = argc > 2 ? atol(argv[2]) : 0;
            if (n == 0)
                n = test[i].rounds;
            test[i].fn(n < 4 ? n : n / 16 + 1); /* the first ones are slower: caches, allocators */
            start = itc();
            test[i].fn(n);
            start = itc() - start;
            printf("B %s %ld %lu\n", argv[1], n, start);
            return 0;
        }
    return argc > 1 && !strcmp(argv[1], "nothing") ? 0 : 1;
}
