/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Signals: delivery, masks, frames, faults, stacks, and that the interrupted program does not
 * notice.
 */
#define _GNU_SOURCE
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unwind.h>

#define PAGE 16384

static volatile int count, got_sig, got_code;
static void *volatile got_addr;
static volatile union sigval got_value;
static volatile pid_t got_pid;
static sigjmp_buf env;

static void on_signal(int sig)
{
    got_sig = sig;
    count++;
}
static void on_info(int sig, siginfo_t *si, void *uc)
{
    (void)uc;
    got_sig = sig;
    got_code = si->si_code;
    got_pid = si->si_pid;
    got_value = si->si_value;
    count++;
}
static void on_fault(int sig, siginfo_t *si, void *uc)
{
    (void)uc;
    got_sig = sig;
    got_code = si->si_code;
    got_addr = si->si_addr;
    siglongjmp(env, 1);
}
static void handle(int sig, void (*fn)(int), int flags)
{
    struct sigaction sa = {.sa_handler = fn, .sa_flags = flags};
    sigaction(sig, &sa, NULL);
}
static void handle_info(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
    struct sigaction sa = {.sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags};
    sigaction(sig, &sa, NULL);
}
static sigset_t set_of(int sig)
{
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, sig);
    return s;
}

static void simple(void)
{
    count = 0;
    handle(SIGUSR1, on_signal, 0);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(count, 1);
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    CHECK_EQ(count, 2);
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    CHECK_EQ(count, 2);
    handle_info(SIGUSR2, on_info, SA_RESETHAND);
    CHECK_EQ(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_ptr = (void *)0x123456789abcull}),
             0);
    CHECK_EQ(got_code, SI_QUEUE);
    CHECK(got_value.sival_ptr == (void *)0x123456789abcull);
    CHECK_EQ(got_pid, getpid());
    struct sigaction old;
    sigaction(SIGUSR2, NULL, &old);
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_EQ(sigaction(SIGKILL, &old, NULL), -1);
    CHECK_EQ(errno, EINVAL);
}

static volatile int order[10], norder;
static void nested_outer(int sig)
{
    order[norder++] = sig;
    if (sig == SIGUSR1)
        raise(SIGUSR2); /* not blocked: nests at once */
    if (norder < 5)
        raise(SIGUSR1); /* blocked while its handler runs */
    order[norder++] = -sig;
}
static void nested(void)
{
    norder = 0;
    handle(SIGUSR1, nested_outer, 0);
    handle(SIGUSR2, nested_outer, 0);
    raise(SIGUSR1);
    CHECK(norder >= 6);
    CHECK_EQ(order[0], SIGUSR1);
    CHECK_EQ(order[1], SIGUSR2);
}

static volatile int depth, max_depth;
static void recurse(int sig)
{
    if (++depth > max_depth)
        max_depth = depth;
    if (depth < 20)
        raise(sig);
    depth--;
}
static void nodefer(void)
{
    depth = max_depth = 0;
    handle(SIGUSR1, recurse, SA_NODEFER);
    raise(SIGUSR1);
    CHECK_EQ(max_depth, 20);
}

static void masks(void)
{
    sigset_t s = set_of(SIGUSR1), old, pend;
    count = 0;
    handle(SIGUSR1, on_signal, 0);
    CHECK_EQ(sigprocmask(SIG_BLOCK, &s, &old), 0);
    raise(SIGUSR1);
    raise(SIGUSR1);
    CHECK_EQ(count, 0);
    CHECK_EQ(sigpending(&pend), 0);
    CHECK(sigismember(&pend, SIGUSR1) && !sigismember(&pend, SIGUSR2));
    sigset_t none;
    sigemptyset(&none);
    CHECK_EQ(sigsuspend(&none), -1);
    CHECK_EQ(errno, EINTR);
    CHECK_EQ(count, 1);
    sigprocmask(SIG_SETMASK, NULL, &pend);
    CHECK(sigismember(&pend, SIGUSR1));
    raise(SIGUSR1);
    CHECK_EQ(sigprocmask(SIG_SETMASK, &old, NULL), 0);
    CHECK_EQ(count, 2);
    /* Real-time signals queue. */
    s = set_of(SIGRTMIN + 3);
    sigprocmask(SIG_BLOCK, &s, NULL);
    handle_info(SIGRTMIN + 3, on_info, 0);
    count = 0;
    for (int i = 0; i < 5; i++)
        CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = i}), 0);
    sigprocmask(SIG_UNBLOCK, &s, NULL);
    CHECK_EQ(count, 5);
    /* sigwait takes it without a handler. */
    sigprocmask(SIG_BLOCK, &s, NULL);
    sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = 42});
    siginfo_t si;
    struct timespec t = {1, 0};
    CHECK_EQ(sigtimedwait(&s, &si, &t), SIGRTMIN + 3);
    CHECK_EQ(si.si_value.sival_int, 42);
    CHECK_EQ(sigtimedwait(&s, &si, &t), -1);
    CHECK_EQ(errno, EAGAIN);
}

/* --- the interrupted program does not notice --- */

__attribute__((noinline, noclone)) static double fsum(int n, double x, double y, double z)
{
    double a = x, b = y, c = z;
    for (int i = 0; i < n; i++) {
        a = a * 1.0000001 + b;
        b = b * 0.9999999 - c;
        c = c + a * 1e-9;
    }
    return a + b + c;
}
__attribute__((noinline, noclone)) static long isum(int n, long a, long b, long c, long d, long e)
{
    for (int i = 0; i < n; i++) {
        a += b ^ (c << 3);
        b = b * 6364136223846793005l + a;
        c ^= d + (b >> 7);
        d -= e | a;
        e += i;
    }
    return a ^ b ^ c ^ d ^ e;
}
__attribute__((noinline, noclone)) static int fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
static volatile int rounds = 200000, depth22 = 22;
static void spoil(int sig)
{
    (void)sig;
    volatile double d = fsum(10, 1, 2, 3) + fib(5);
    (void)d;
    count++;
}
static void undisturbed(void)
{
    struct itimerval tv = {{0, 37}, {0, 37}}, off = {{0, 0}, {0, 0}};
    double f0 = fsum(rounds, 1, 2, 3);
    long i0 = isum(rounds, 1, 2, 3, 4, 5);
    int r0 = fib(depth22);
    count = 0;
    handle(SIGALRM, spoil, 0);
    setitimer(ITIMER_REAL, &tv, NULL);
    double f1 = fsum(rounds, 1, 2, 3);
    long i1 = isum(rounds, 1, 2, 3, 4, 5);
    int r1 = fib(depth22);
    setitimer(ITIMER_REAL, &off, NULL);
    CHECK(count > 20);
    CHECK(f0 == f1);
    CHECK_EQ(i1, i0);
    CHECK_EQ(r1, r0);
}

/* --- faults --- */

static char *hole;
static void fix(int sig, siginfo_t *si, void *uc)
{
    (void)sig;
    (void)uc;
    got_addr = si->si_addr;
    got_code = si->si_code;
    mprotect(hole, PAGE, PROT_READ | PROT_WRITE);
    count++;
}
static void fix_and_retry(void)
{
    hole = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    handle_info(SIGSEGV, fix, 0);
    for (int i = 0; i < 10; i++) {
        count = 0;
        mprotect(hole, PAGE, i & 1 ? PROT_READ : PROT_NONE);
        volatile long *p = (long *)(void *)(hole + 8 * i);
        *p = i + 100;
        CHECK_EQ(count, 1);
        CHECK(got_addr == p);
        CHECK_EQ(got_code, SEGV_ACCERR);
        CHECK_EQ(*p, i + 100);
    }
    signal(SIGSEGV, SIG_DFL);
}

/* Skips the instruction: changes the context it returns to. */
static void skip(int sig, siginfo_t *si, void *context)
{
    ucontext_t *uc = context;
    (void)sig;
    (void)si;
    uint64_t ip = uc->uc_mcontext.sc_ip;
    uc->uc_mcontext.sc_ip = (ip & 3) == 2 ? (ip & ~15ull) + 16 : ip + 1;
    uc->uc_mcontext.sc_gr[8] = 0x5151;
    count++;
}
static void change_context(void)
{
    register long r8 __asm__("r8");
    handle_info(SIGSEGV, skip, 0);
    count = 0;
    __asm__ volatile("ld8 %0=[r0]" : "=r"(r8)::"memory");
    long got = r8;
    CHECK_EQ(count, 1);
    CHECK_EQ(got, 0x5151);
    signal(SIGSEGV, SIG_DFL);
}

/* Traps of ar.fpsr: bit 2 division by zero, 3 overflow; a clear bit enables. */
static void disable_traps(uint64_t bits)
{
    uint64_t f;
    __asm__ volatile("mov.m %0=ar.fpsr" : "=r"(f));
    f = (f & ~63ull) | bits;
    __asm__ volatile("mov.m ar.fpsr=%0" ::"r"(f));
}
static int fault_of(void (*fn)(void), int sig)
{
    handle_info(sig, on_fault, 0);
    got_sig = 0;
    if (sigsetjmp(env, 1) == 0)
        fn();
    signal(sig, SIG_DFL);
    return got_sig;
}
static volatile int zero = 0, one = 1;
static volatile double dzero = 0, done = 1, huge = 1e300, result;
static void divide(void)
{
    one = one / zero;
}
static void break_zero(void)
{
    __asm__ volatile("break.m 0");
}
static void break_app(void)
{
    __asm__ volatile("break.m 0x80001");
}
static void privileged(void)
{
    __asm__ volatile("rsm 0x4000");
}
static void nat(void)
{
    long x;
    __asm__ volatile("ld8.s r9=[r0];; add %0=r9,r0;; st8 [%1]=r9"
                     : "=r"(x)
                     : "r"(&count)
                     : "r9", "memory");
}
static void fdivide(void)
{
    result = done / dzero;
}
static void foverflow(void)
{
    result = huge * huge;
}
static void jump_wild(void)
{
    static volatile uint64_t d[2] = {0x2000000000000010ull + (1ull << 43), 0};
    void (*volatile f)(void) = (void (*)(void))(uintptr_t)d;
    f();
}
static void faults(void)
{
    CHECK_EQ(fault_of(divide, SIGFPE), SIGFPE);
    CHECK_EQ(got_code, FPE_INTDIV);
    CHECK_EQ(fault_of(break_zero, SIGILL), SIGILL);
    CHECK_EQ(got_code, ILL_ILLOPC);
    CHECK_EQ(fault_of(break_app, SIGTRAP), SIGTRAP);
    CHECK_EQ(got_code, TRAP_BRKPT);
    CHECK_EQ(fault_of(privileged, SIGILL), SIGILL);
    CHECK_EQ(fault_of(nat, SIGILL), SIGILL);
    CHECK_EQ(got_code, ILL_ILLOPN);
    CHECK_EQ(fault_of(jump_wild, SIGSEGV), SIGSEGV);
    CHECK_EQ(got_code, SEGV_MAPERR);
    CHECK_EQ(got_addr, 0x2000000000000010ull + (1ull << 43));
    disable_traps(63 & ~12);
    CHECK_EQ(fault_of(fdivide, SIGFPE), SIGFPE);
    CHECK_EQ(got_code, FPE_FLTDIV);
    disable_traps(63 & ~12);
    CHECK_EQ(fault_of(foverflow, SIGFPE), SIGFPE);
    CHECK_EQ(got_code, FPE_FLTOVF);
    disable_traps(63);
    foverflow();
    CHECK(result == __builtin_inf());
}

static void misaligned(void)
{
    char b[32] __attribute__((aligned(16))) = {0};
    for (int i = 0; i < 16; i++) {
        volatile long *p = (long *)(void *)(b + i);
        *p = 0x0102030405060708;
        CHECK(*p == 0x0102030405060708);
    }
    prctl(PR_SET_UNALIGN, PR_UNALIGN_SIGBUS);
    handle_info(SIGBUS, on_fault, 0);
    got_sig = 0;
    volatile long *p = (long *)(void *)(b + 1);
    if (sigsetjmp(env, 1) == 0)
        *p = 1;
    int code = got_code;
    void *addr = got_addr;
    prctl(PR_SET_UNALIGN, PR_UNALIGN_NOPRINT);
    CHECK_EQ(got_sig, SIGBUS);
    CHECK_EQ(code, BUS_ADRALN);
    CHECK_EQ(addr, b + 1);
    *p = 2;
    CHECK_EQ(*p, 2);
    signal(SIGBUS, SIG_DFL);
}

/* --- alternate stacks --- */

static char *stack;
static uintptr_t handler_sp;
static volatile int deep;
static void on_stack(int sig)
{
    char here;
    (void)sig;
    handler_sp = (uintptr_t)&here;
    deep = fib(15); /* register frames on the alternate backing store */
    count++;
}
static void altstack(void)
{
    size_t size = 1 << 20;
    stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t ss = {.ss_sp = stack, .ss_size = size}, old;
    CHECK_EQ(sigaltstack(&ss, &old), 0);
    CHECK_EQ(old.ss_flags, SS_DISABLE);
    handle(SIGUSR1, on_stack, SA_ONSTACK);
    for (int i = 0; i < 50; i++) {
        count = 0;
        raise(SIGUSR1);
        CHECK_EQ(count, 1);
        CHECK(handler_sp - (uintptr_t)stack < size);
        CHECK_EQ(deep, 610);
    }
    ss.ss_size = 100;
    CHECK_EQ(sigaltstack(&ss, NULL), -1);
    CHECK_EQ(errno, ENOMEM);
    /* With dirty registers of many frames below, and interrupted anywhere. */
    struct itimerval tv = {{0, 41}, {0, 41}}, off = {{0, 0}, {0, 0}};
    handle(SIGALRM, on_stack, SA_ONSTACK);
    count = 0;
    setitimer(ITIMER_REAL, &tv, NULL);
    int r = fib(depth22 - 1);
    setitimer(ITIMER_REAL, &off, NULL);
    CHECK_EQ(r, 10946);
    CHECK(count > 3);
}
static int (*volatile again)(int);
static int (*volatile again_rbs)(int, int, int, int, int, int, int, int);
static int overflow(int n)
{
    volatile char waste[1000];
    if (zero)
        return n;
    waste[n % 1000] = 1;
    return again(n + 1) + waste[n % 1000];
}
static int overflow_rbs(int a, int b, int c, int d, int e, int f, int g, int h)
{
    if (zero)
        return a;
    return again_rbs(b + 1, c, d, e, f, g, h, a) + b + c + d + e + f + g + h + a;
}
static void run_over(void)
{
    again = overflow;
    overflow(0);
}
static void run_over_rbs(void)
{
    again_rbs = overflow_rbs;
    overflow_rbs(1, 2, 3, 4, 5, 6, 7, 8);
}
static int fault_on_altstack(void (*fn)(void))
{
    handle_info(SIGSEGV, on_fault, SA_ONSTACK);
    got_sig = 0;
    if (sigsetjmp(env, 1) == 0)
        fn();
    signal(SIGSEGV, SIG_DFL);
    return got_sig;
}
static void stack_overflow(void)
{
    stack = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t ss = {.ss_sp = stack, .ss_size = 1 << 20};
    CHECK_EQ(sigaltstack(&ss, NULL), 0);
    CHECK_EQ(fault_on_altstack(run_over), SIGSEGV);
    CHECK_EQ(fault_on_altstack(run_over_rbs), SIGSEGV);
    CHECK_EQ(fault_on_altstack(run_over), SIGSEGV);
}

static void jump_out(int sig)
{
    siglongjmp(env, sig);
}
static void long_jumps(void)
{
    handle(SIGUSR1, jump_out, 0);
    for (volatile int i = 0; i < 200; i++) {
        int r = sigsetjmp(env, 1);
        if (r == 0) {
            raise(SIGUSR1);
            CHECK(0);
        }
        CHECK_EQ(r, SIGUSR1);
        sigset_t s;
        sigprocmask(SIG_SETMASK, NULL, &s);
        CHECK(!sigismember(&s, SIGUSR1));
    }
}

/* --- waiting and interruption --- */

static void interrupted_calls(void)
{
    int p[2];
    char c;
    CHECK_EQ(pipe(p), 0);
    count = 0;
    handle(SIGALRM, on_signal, 0);
    struct itimerval tv = {{0, 0}, {0, 20000}};
    setitimer(ITIMER_REAL, &tv, NULL);
    CHECK_EQ(read(p[0], &c, 1), -1);
    CHECK_EQ(errno, EINTR);
    CHECK_EQ(count, 1);
    handle(SIGALRM, on_signal, SA_RESTART);
    pid_t child = fork();
    if (child == 0) {
        usleep(200000);
        _exit(write(p[1], "z", 1) != 1);
    }
    setitimer(ITIMER_REAL, &tv, NULL);
    CHECK_EQ(read(p[0], &c, 1), 1); /* restarted behind the handler */
    CHECK_EQ(c, 'z');
    CHECK_EQ(count, 2);
    int st;
    CHECK_EQ(waitpid(child, &st, 0), child);
    CHECK_EQ(st, 0);
    alarm(1);
    CHECK_EQ(pause(), -1);
    CHECK_EQ(errno, EINTR);
    CHECK_EQ(count, 3);
    struct timespec t = {2, 0}, left;
    alarm(1);
    CHECK_EQ(nanosleep(&t, &left), -1);
    CHECK_EQ(errno, EINTR);
    CHECK(left.tv_sec == 0 || (left.tv_sec == 1 && left.tv_nsec < 100000000));
}

static void children(void)
{
    int st;
    handle_info(SIGCHLD, on_info, 0);
    count = 0;
    pid_t c = fork();
    if (c == 0)
        _exit(3);
    while (count == 0)
        usleep(1000);
    CHECK_EQ(got_code, CLD_EXITED);
    CHECK_EQ(got_pid, c);
    CHECK_EQ(waitpid(c, &st, 0), c);
    CHECK(WIFEXITED(st) && WEXITSTATUS(st) == 3);
    signal(SIGCHLD, SIG_DFL);
    c = fork();
    if (c == 0) {
        for (;;)
            pause();
    }
    usleep(1000);
    CHECK_EQ(kill(c, SIGTERM), 0);
    CHECK_EQ(waitpid(c, &st, 0), c);
    CHECK(WIFSIGNALED(st) && WTERMSIG(st) == SIGTERM);
}

/* --- unwinding through a frame, contexts --- */

static uintptr_t want_ip;
static volatile int frames, found;
static _Unwind_Reason_Code look(struct _Unwind_Context *c, void *arg)
{
    (void)arg;
    frames++;
    if (_Unwind_GetRegionStart(c) == want_ip)
        found = 1;
    return frames > 50 ? _URC_END_OF_STACK : _URC_NO_REASON;
}
static void unwind_here(int sig)
{
    (void)sig;
    _Unwind_Backtrace(look, NULL);
    count++;
}
static void unwinding(void)
{
    handle(SIGUSR1, unwind_here, 0);
    want_ip = *(uintptr_t *)(void *)unwinding;
    frames = found = count = 0;
    raise(SIGUSR1);
    CHECK_EQ(count, 1);
    CHECK(found);
    CHECK(frames >= 4);
}

static ucontext_t main_uc, co_uc;
static int steps;
static void coroutine(int a, int b)
{
    for (int i = 0; i < 5; i++) {
        steps += a + b + i;
        swapcontext(&co_uc, &main_uc);
    }
}
static void contexts(void)
{
    static char st[262144];
    steps = 0;
    CHECK_EQ(getcontext(&co_uc), 0);
    co_uc.uc_stack.ss_sp = st;
    co_uc.uc_stack.ss_size = sizeof st;
    co_uc.uc_link = &main_uc;
    makecontext(&co_uc, (void (*)(void))coroutine, 2, 10, 20);
    for (int i = 0; i < 6; i++)
        CHECK_EQ(swapcontext(&main_uc, &co_uc), 0);
    CHECK_EQ(steps, 5 * 30 + 10);
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"simple", simple},
        {"nested", nested},
        {"nodefer", nodefer},
        {"masks", masks},
        {"undisturbed", undisturbed},
        {"fix_and_retry", fix_and_retry},
        {"change_context", change_context},
        {"faults", faults},
        {"misaligned", misaligned},
        {"altstack", altstack},
        {"stack_overflow", stack_overflow},
        {"long_jumps", long_jumps},
        {"interrupted_calls", interrupted_calls},
        {"children", children},
        {"unwinding", unwinding},
        {"contexts", contexts},
        {NULL, NULL},
    };
    return run_tests(t, argc, argv);
}
