/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Bad addresses in every system call that takes one: EFAULT, never a signal, never a crash. The
 * call is made with each of its pointers bad in turn, and with a buffer that ends in unmapped
 * memory.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PAGE 16384
#define BAD  -1L /* a pointer that must give EFAULT */
#define BUF  -2L /* good memory, zeros */
#define PATH -3L /* the name of a file */
#define FD   -4L /* a descriptor of a file */
#define RFD  -5L /* of the read end of a pipe with data */
#define DIR_ -6L /* of a directory */

struct call {
    const char *name;
    long nr;
    long a[6];
};
static const struct call calls[] = {
    {"read", SYS_read, {FD, BAD, 16}},
    {"write", SYS_write, {FD, BAD, 16}},
    {"readv", SYS_readv, {FD, BAD, 2}},
    {"writev", SYS_writev, {FD, BAD, 2}},
    {"pread64", SYS_pread64, {FD, BAD, 16, 0}},
    {"pwrite64", SYS_pwrite64, {FD, BAD, 16, 0}},
    {"open", SYS_open, {BAD, O_RDONLY}},
    {"openat", SYS_openat, {AT_FDCWD, BAD, O_RDONLY}},
    {"access", SYS_access, {BAD, 0}},
    {"stat path", SYS_stat, {BAD, BUF}},
    {"stat", SYS_stat, {PATH, BAD}},
    {"lstat", SYS_lstat, {PATH, BAD}},
    {"fstat", SYS_fstat, {FD, BAD}},
    {"newfstatat", SYS_newfstatat, {AT_FDCWD, PATH, BAD, 0}},
    {"statx", SYS_statx, {AT_FDCWD, PATH, 0, 0x7ff, BAD}},
    {"statfs", SYS_statfs, {PATH, BAD}},
    {"fstatfs", SYS_fstatfs, {FD, BAD}},
    {"getdents64", SYS_getdents64, {DIR_, BAD, 1000}},
    {"getcwd", SYS_getcwd, {BAD, 4096}},
    {"chdir", SYS_chdir, {BAD}},
    {"mkdir", SYS_mkdir, {BAD, 0777}},
    {"unlink", SYS_unlink, {BAD}},
    {"rename", SYS_rename, {PATH, BAD}},
    {"symlink", SYS_symlink, {BAD, PATH}},
    {"readlink", SYS_readlink, {BAD, BUF, 100}},
    {"chmod", SYS_chmod, {BAD, 0}},
    {"truncate", SYS_truncate, {BAD, 0}},
    {"utimensat", SYS_utimensat, {AT_FDCWD, PATH, BAD, 0}},
    {"pipe2", SYS_pipe2, {BAD, 0}},
    {"fcntl lock", SYS_fcntl, {FD, F_GETLK, BAD}},
    {"ioctl", SYS_ioctl, {RFD, 0x541b /* FIONREAD */, BAD}},
    {"poll", SYS_poll, {BAD, 1, 0}},
    {"ppoll time", SYS_ppoll, {BUF, 0, BAD, 0, 8}},
    {"ppoll mask", SYS_ppoll, {BUF, 0, 0, BAD, 8}},
    {"select", SYS_select, {8, BAD, 0, 0, BUF}},
    {"pselect6", SYS_pselect6, {8, 0, 0, 0, 0, BAD}},
    {"uname", SYS_uname, {BAD}},
    {"sysinfo", SYS_sysinfo, {BAD}},
    {"getrlimit", SYS_getrlimit, {0, BAD}},
    {"prlimit64", SYS_prlimit64, {0, 0, 0, BAD}},
    {"getrusage", SYS_getrusage, {0, BAD}},
    {"times", SYS_times, {BAD}},
    {"gettimeofday", SYS_gettimeofday, {BAD, 0}},
    {"clock_gettime", SYS_clock_gettime, {0, BAD}},
    {"clock_getres", SYS_clock_getres, {0, BAD}},
    {"nanosleep", SYS_nanosleep, {BAD, 0}},
    {"clock_nanosleep", SYS_clock_nanosleep, {0, 0, BAD, 0}},
    {"getitimer", SYS_getitimer, {0, BAD}},
    {"setitimer", SYS_setitimer, {0, BAD, 0}},
    {"rt_sigaction new", SYS_rt_sigaction, {SIGUSR1, BAD, 0, 8}},
    {"rt_sigaction old", SYS_rt_sigaction, {SIGUSR1, 0, BAD, 8}},
    {"rt_sigprocmask new", SYS_rt_sigprocmask, {0, BAD, 0, 8}},
    {"rt_sigprocmask old", SYS_rt_sigprocmask, {0, 0, BAD, 8}},
    {"rt_sigpending", SYS_rt_sigpending, {BAD, 8}},
    {"rt_sigsuspend", SYS_rt_sigsuspend, {BAD, 8}},
    {"rt_sigtimedwait", SYS_rt_sigtimedwait, {BAD, 0, 0, 8}},
    {"sigaltstack", SYS_sigaltstack, {BAD, 0}},
    {"sigaltstack old", SYS_sigaltstack, {0, BAD}},
    {"execve", SYS_execve, {BAD, BUF, BUF}},
    {"execve argv", SYS_execve, {PATH, BAD, BUF}},
    {"execve envp", SYS_execve, {PATH, BUF, BAD}},
    {"futex", SYS_futex, {BAD, 0, 0, 0}},
    {"getrandom", SYS_getrandom, {BAD, 100, 0}},
    {"getresuid", SYS_getresuid, {BAD, BUF, BUF}},
    {"sched_getaffinity", SYS_sched_getaffinity, {0, 8, BAD}},
    {"socketpair", SYS_socketpair, {1, 1, 0, BAD}},
    {"bind", SYS_bind, {FD, BAD, 16}},
    {"sendto", SYS_sendto, {FD, BAD, 16, 0, 0, 0}},
    {"mincore", SYS_mincore, {BUF, PAGE, BAD}},
};

static char *page, *edge;
static long fd, rfd, dfd;

static long value(long v, long bad)
{
    switch (v) {
    case BAD:
        return bad;
    case BUF:
        memset(page, 0, PAGE);
        return (long)page;
    case PATH:
        return (long)"file";
    case FD:
        return fd;
    case RFD:
        return rfd;
    case DIR_:
        return dfd;
    }
    return v;
}

static void all_calls(long bad, const char *what)
{
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        long a[6];
        for (int k = 0; k < 6; k++)
            a[k] = value(calls[i].a[k], bad);
        errno = 0;
        long r = syscall(calls[i].nr, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (r != -1 || errno != EFAULT) {
            printf("FAIL %s: expected EFAULT from %s, got %ld errno %d, pointer %s\n", check_case,
                   calls[i].name, r, errno, what);
            check_failed++;
        }
    }
}
static void low(void)
{
    all_calls(8, "8");
}
static void unmapped(void)
{
    all_calls((long)edge, "behind a mapping");
}
static void kernel(void)
{
    all_calls((long)0xe000000000000000ull, "in region 7");
}
static void wrapping(void)
{
    all_calls(-16, "-16");
}
static void protected(void)
{
    char *p = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    all_calls((long)p, "to PROT_NONE");
}
/* Structures that begin in good memory and end outside. */
static void straddling(void)
{
    static const struct call some[] = {
        {"stat", SYS_stat, {PATH, BAD}},
        {"uname", SYS_uname, {BAD}},
        {"getrusage", SYS_getrusage, {0, BAD}},
        {"sigaction", SYS_rt_sigaction, {SIGUSR1, BAD, 0, 8}},
        {"nanosleep", SYS_nanosleep, {BAD, 0}},
        {"pipe2", SYS_pipe2, {BAD, 0}},
        {"clock_gettime", SYS_clock_gettime, {0, BAD}},
        {"sysinfo", SYS_sysinfo, {BAD}},
        {"path", SYS_access, {BAD, 0}},
        {"readv", SYS_readv, {FD, BAD, 2}},
    };
    memset(edge - 16, 'x', 16);
    for (unsigned i = 0; i < sizeof some / sizeof some[0]; i++) {
        long a[6];
        for (int k = 0; k < 6; k++)
            a[k] = value(some[i].a[k], (long)(edge - 4));
        memset(edge - 16, 'x', 16);
        long r = syscall(some[i].nr, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (r != -1 || errno != EFAULT) {
            printf("FAIL %s: expected EFAULT from %s, got %ld errno %d\n", check_case, some[i].name,
                   r, errno);
            check_failed++;
        }
    }
}
static void read_only(void)
{
    static const char *text = "constant";
    char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_EQ(read((int)fd, p, 4), -1);
    CHECK_EQ(errno, EFAULT);
    CHECK_EQ(syscall(SYS_uname, p), -1);
    CHECK_EQ(errno, EFAULT);
    CHECK_EQ(write((int)fd, text, 8), 8);
}
/* A frame for a handler that cannot be written kills; so does a handler that is no function. */
static void bad_frames(void)
{
    int st;
    for (int k = 0; k < 3; k++) {
        fflush(stdout);
        pid_t p = fork();
        if (p == 0) {
            close(2);
            if (k == 0) {
                struct sigaction sa = {.sa_handler = (void (*)(int))8};
                sigaction(SIGUSR1, &sa, NULL);
                raise(SIGUSR1);
            } else if (k == 1) {
                struct sigaction sa = {.sa_handler = (void (*)(int))0xe000000000000000ull};
                sigaction(SIGSEGV, &sa, NULL);
                raise(SIGSEGV);
            } else {
                syscall(SYS_rt_sigreturn);
            }
            _exit(0);
        }
        CHECK_EQ(waitpid(p, &st, 0), p);
        CHECK(WIFSIGNALED(st));
        CHECK_EQ(WTERMSIG(st), SIGSEGV);
    }
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"low", low},
        {"unmapped", unmapped},
        {"kernel", kernel},
        {"wrapping", wrapping},
        {"protected", protected},
        {"straddling", straddling},
        {"read_only", read_only},
        {"bad_frames", bad_frames},
        {NULL, NULL},
    };
    int p[2];
    page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    edge = page + PAGE;
    munmap(edge, PAGE);
    fd = open("file", O_CREAT | O_RDWR, 0600);
    if (write((int)fd, "some contents in here", 21) != 21 || pipe(p) || write(p[1], "data", 4) != 4)
        return 1;
    lseek((int)fd, 0, SEEK_SET);
    rfd = p[0];
    dfd = open(".", O_RDONLY | O_DIRECTORY);
    return run_tests(t, argc, argv);
}
