/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Processes: fork, vfork, posix_spawn, exec, wait, pipes between them. The program executes itself:
 * with "child" as first argument it is what was executed.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char *self;
extern char **environ;

static int status_of(pid_t p)
{
    int st = -1;
    return waitpid(p, &st, 0) == p ? st : -1;
}

static void fork_exit(void)
{
    for (int code = 0; code < 256; code += 51) {
        pid_t p = fork();
        if (p == 0)
            exit(code);
        int st = status_of(p);
        CHECK(WIFEXITED(st));
        CHECK_EQ(WEXITSTATUS(st), code);
    }
    pid_t parent = getpid(), p = fork();
    if (p == 0)
        _exit(getppid() != parent || getpid() == parent);
    CHECK_EQ(status_of(p), 0);
    CHECK_EQ(waitpid(-1, NULL, 0), -1);
    CHECK_EQ(errno, ECHILD);
}

static void killed(void)
{
    static const int sig[] = {SIGABRT, SIGKILL, SIGTERM, SIGSEGV, SIGFPE};
    for (unsigned i = 0; i < sizeof sig / sizeof sig[0]; i++) {
        pid_t p = fork();
        if (p == 0) {
            raise(sig[i]);
            _exit(1);
        }
        int st = status_of(p);
        CHECK(WIFSIGNALED(st));
        CHECK_EQ(WTERMSIG(st), sig[i]);
    }
    pid_t p = fork();
    if (p == 0) {
        fclose(stderr);
        close(2);
        *(volatile int *)8 = 1;
    }
    int st = status_of(p);
    CHECK(WIFSIGNALED(st));
    CHECK_EQ(WTERMSIG(st), SIGSEGV);
}

/* The child goes on with the register frames of all callers. */
static __attribute__((noinline)) long deep(int n, long a, long b, long c, pid_t *p)
{
    if (n == 0) {
        *p = fork();
        return a ^ b ^ c;
    }
    long r = deep(n - 1, b + n, c * 3, a - n, p);
    return r * 31 + a + b * 7 + c * 13 + n;
}
static __attribute__((noinline)) long flat(int n, long a, long b, long c)
{
    if (n == 0)
        return a ^ b ^ c;
    return flat(n - 1, b + n, c * 3, a - n) * 31 + a + b * 7 + c * 13 + n;
}
static void fork_deep(void)
{
    pid_t p;
    volatile int n = 200;
    long want = flat(n, 1, 2, 3), got = deep(n, 1, 2, 3, &p);
    if (p == 0)
        _exit(got != want);
    CHECK_EQ(got, want);
    CHECK_EQ(status_of(p), 0);
}

static void pipes(void)
{
    int to[2], from[2];
    char buf[100];
    CHECK(pipe(to) == 0 && pipe(from) == 0);
    pid_t p = fork();
    if (p == 0) {
        close(to[1]);
        close(from[0]);
        ssize_t n;
        while ((n = read(to[0], buf, sizeof buf)) > 0) {
            for (ssize_t i = 0; i < n; i++)
                buf[i] ^= 0x20;
            if (write(from[1], buf, (size_t)n) != n)
                _exit(1);
        }
        _exit(0);
    }
    close(to[0]);
    close(from[1]);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(write(to[1], "Hello", 5), 5);
        CHECK_EQ(read(from[0], buf, sizeof buf), 5);
        CHECK(!memcmp(buf, "hELLO", 5));
    }
    close(to[1]);
    CHECK_EQ(status_of(p), 0);
    close(from[0]);
    p = fork();
    if (p == 0) {
        signal(SIGPIPE, SIG_DFL);
        CHECK(pipe(to) == 0);
        close(to[0]);
        _exit(write(to[1], "x", 1) != 1);
    }
    int st = status_of(p);
    CHECK(WIFSIGNALED(st) && WTERMSIG(st) == SIGPIPE);
}

static void exec_self(void)
{
    char *argv[] = {"zeroth", "child", "an arg", "", NULL},
         *env[] = {"A=1", "TEST_ENV=value", NULL};
    pid_t p = fork();
    if (p == 0) {
        execve(self, argv, env);
        _exit(99);
    }
    int st = status_of(p);
    CHECK(WIFEXITED(st));
    CHECK_EQ(WEXITSTATUS(st), 42);
    CHECK_EQ(execve("/nonexistent", argv, env), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(execve("/", argv, env), -1);
    CHECK_EQ(errno, EACCES);
    close(open("plain", O_CREAT | O_WRONLY, 0644));
    CHECK_EQ(execve("plain", argv, env), -1);
    CHECK_EQ(errno, EACCES);
}

static volatile int shared;
static void vforks(void)
{
    shared = 1;
    pid_t p = vfork();
    if (p == 0) {
        shared = 2; /* seen by the parent */
        _exit(7);
    }
    CHECK_EQ(shared, 2);
    CHECK_EQ(WEXITSTATUS(status_of(p)), 7);
    char *argv[] = {"zeroth", "child", "an arg", "", NULL},
         *env[] = {"A=1", "TEST_ENV=value", NULL};
    for (int i = 0; i < 5; i++) {
        p = vfork();
        if (p == 0) {
            execve(self, argv, env);
            _exit(1);
        }
        CHECK_EQ(WEXITSTATUS(status_of(p)), 42);
    }
    CHECK_EQ(posix_spawn(&p, "/nonexistent", NULL, NULL, argv, env), ENOENT);
    CHECK_EQ(posix_spawn(&p, self, NULL, NULL, argv, env), 0);
    CHECK_EQ(WEXITSTATUS(status_of(p)), 42);
}

static void host_programs(void)
{
    char line[64];
    CHECK_EQ(WEXITSTATUS(system("exit 3")), 3);
    FILE *f = popen("echo from the shell", "r");
    CHECK(f && fgets(line, sizeof line, f));
    CHECK(!strcmp(line, "from the shell\n"));
    CHECK_EQ(pclose(f), 0);
    int fd = open("script", O_CREAT | O_WRONLY | O_TRUNC, 0755);
    dprintf(fd, "#! %s child\n", self);
    close(fd);
    char *argv[] = {"x", "an arg", NULL};
    setenv("TEST_ENV", "value", 1);
    pid_t p = fork();
    if (p == 0) {
        execv("./script", argv);
        _exit(98);
    }
    int st = status_of(p);
    CHECK_EQ(WEXITSTATUS(st), 43); /* the interpreter, with script and argument */
}

static void inherited(void)
{
    /* Ignored signals and the mask survive exec; handlers do not. */
    char *argv[] = {"zeroth", "child", "signals", NULL};
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGUSR2);
    pid_t p = fork();
    if (p == 0) {
        signal(SIGUSR1, SIG_IGN);
        sigprocmask(SIG_BLOCK, &s, NULL);
        raise(SIGUSR2);
        execve(self, argv, environ);
        _exit(99);
    }
    CHECK_EQ(WEXITSTATUS(status_of(p)), 44);
}

static int clone_main(void *arg)
{
    shared = *(int *)arg;
    return 5;
}
static void cloned(void)
{
    static char stack[131072] __attribute__((aligned(16)));
    extern int __clone2(int (*)(void *), void *, size_t, int, void *, ...);
    int arg = 9;
    shared = 0;
    pid_t p = __clone2(clone_main, stack, sizeof stack, SIGCHLD, &arg);
    CHECK(p > 0);
    CHECK_EQ(WEXITSTATUS(status_of(p)), 5);
    CHECK_EQ(shared, 0); /* its own memory */
}

static void waits(void)
{
    struct rusage ru;
    siginfo_t si;
    int st;
    pid_t p = fork();
    if (p == 0)
        _exit(11);
    CHECK_EQ(waitid(P_PID, (id_t)p, &si, WEXITED | WNOWAIT), 0);
    CHECK_EQ(si.si_pid, p);
    CHECK_EQ(si.si_status, 11);
    CHECK_EQ(si.si_code, CLD_EXITED);
    CHECK_EQ(wait4(p, &st, 0, &ru), p);
    CHECK_EQ(WEXITSTATUS(st), 11);
    p = fork();
    if (p == 0) {
        raise(SIGSTOP);
        _exit(12);
    }
    CHECK_EQ(waitpid(p, &st, WUNTRACED), p);
    CHECK(WIFSTOPPED(st) && WSTOPSIG(st) == SIGSTOP);
    kill(p, SIGCONT);
    CHECK_EQ(WEXITSTATUS(status_of(p)), 12);
    p = fork();
    if (p == 0) {
        usleep(50000);
        _exit(0);
    }
    CHECK_EQ(waitpid(p, &st, WNOHANG), 0);
    CHECK_EQ(status_of(p), 0);
}

/* The executed program. */
static int child(int argc, char **argv)
{
    if (argc >= 3 && !strcmp(argv[2], "signals")) {
        struct sigaction sa;
        sigset_t s, pend;
        sigaction(SIGUSR1, NULL, &sa);
        sigprocmask(SIG_SETMASK, NULL, &s);
        sigpending(&pend);
        return sa.sa_handler == SIG_IGN && sigismember(&s, SIGUSR2) && !sigismember(&s, SIGUSR1) &&
                       sigismember(&pend, SIGUSR2)
                   ? 44
                   : 1;
    }
    const char *e = getenv("TEST_ENV");
    if (!e || strcmp(e, "value"))
        return 2;
    if (argc == 4 && !strcmp(argv[2], "./script") && !strcmp(argv[3], "an arg"))
        return 43;
    return argc == 4 && !strcmp(argv[0], "zeroth") && !strcmp(argv[2], "an arg") &&
                   argv[3][0] == 0 && environ[0] && !strcmp(environ[0], "A=1")
               ? 42
               : 3;
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"fork_exit", fork_exit},
        {"killed", killed},
        {"fork_deep", fork_deep},
        {"pipes", pipes},
        {"exec_self", exec_self},
        {"vforks", vforks},
        {"host_programs", host_programs},
        {"inherited", inherited},
        {"cloned", cloned},
        {"waits", waits},
        {NULL, NULL},
    };
    if (argc > 1 && !strcmp(argv[1], "child"))
        return child(argc, argv);
    self = realpath("/proc/self/exe", NULL);
    return run_tests(t, argc, argv);
}
