/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The host's side of signals. The host's disposition and mask of each signal follow the guest's, so
 * that the host kernel does the blocking, ignoring, stopping and default actions; a signal with a
 * guest handler comes here and is put in a ring for the main program, which delivers it between two
 * turns of the engine or at the end of a system call.
 *
 * SIGBUS of the host's own making means that a mapped file became shorter: that is the guest's
 * SIGBUS.
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static struct user_env *the_env; /* signal handlers have no argument to get it from */
static struct sigaction old_segv, old_bus;

/* --- system calls that block --- */

#ifdef __x86_64__
/* Between the test of *pending and the syscall instruction a handler may still run: it then moves
 * the program counter to the exit, as if the test had seen it. */
__asm__(".text\n"
        ".type user_safe_syscall, @function\n"
        "user_safe_syscall:\n"
        "    push %rbx\n"
        "    mov %rdi, %rbx\n"
        "    mov %rsi, %rax\n"
        "    mov %rdx, %rcx\n"
        "    mov 0(%rcx), %rdi\n"
        "    mov 8(%rcx), %rsi\n"
        "    mov 16(%rcx), %rdx\n"
        "    mov 24(%rcx), %r10\n"
        "    mov 32(%rcx), %r8\n"
        "    mov 40(%rcx), %r9\n"
        "user_safe_start:\n"
        "    cmpl $0, (%rbx)\n"
        "    jne user_safe_interrupted\n"
        "    syscall\n"
        "user_safe_end:\n"
        "    pop %rbx\n"
        "    ret\n"
        "user_safe_interrupted:\n"
        "    mov $-512, %rax\n"
        "    pop %rbx\n"
        "    ret\n"
        ".size user_safe_syscall, . - user_safe_syscall\n");
long user_safe_syscall(volatile sig_atomic_t *pending, long nr, const long *args);
extern const char user_safe_start[], user_safe_end[], user_safe_interrupted[];

long safe_syscall(struct user_env *e, long nr, long a, long b, long c, long d, long x, long y)
{
    const long args[6] = {a, b, c, d, x, y};
    long r = user_safe_syscall(&e->pending_flag, nr, args);
    return r == -EINTR ? -E_RESTART : r;
}
static void leave_safe_syscall(void *context)
{
    greg_t *rip = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    if ((uintptr_t)*rip >= (uintptr_t)user_safe_start && (uintptr_t)*rip < (uintptr_t)user_safe_end)
        *rip = (greg_t)(uintptr_t)user_safe_interrupted;
}
#else
/* Elsewhere a signal in the few instructions before the call is noticed only after the call. */
long safe_syscall(struct user_env *e, long nr, long a, long b, long c, long d, long x, long y)
{
    if (e->pending_flag)
        return -E_RESTART;
    long r = syscall(nr, a, b, c, d, x, y);
    return r == -1 ? (errno == EINTR ? -E_RESTART : -errno) : r;
}
static void leave_safe_syscall(void *context)
{
    (void)context;
}
#endif

/* --- the handler --- */

/* A fault of the simulator itself at host address addr. Returns if it is not the guest's. */
static void host_fault(struct user_env *e, const void *addr)
{
    uint64_t va;
    if (!as_guest_address(e->as, addr, &va))
        return;
    if (e->as->guard)
        siglongjmp(*e->as->guard, 1);
    if (e->in_guest) {
        struct intr in = {
            .vector = VEC_PAGE_NOT_PRESENT, .sets = INTR_IFA, .ifa = va, .isr = ISR_R};
        e->bus_fault = va;
        cpu_raise(e->cpu, &in);
    }
}

static void on_signal(int sig, siginfo_t *si, void *context)
{
    struct user_env *e = the_env;
    int saved = errno;
    if ((sig == SIGSEGV || sig == SIGBUS) && si->si_code > 0) {
        host_fault(e, si->si_addr);
        sigaction(sig, sig == SIGBUS ? &old_bus : &old_segv,
                  NULL); /* a bug: fault again, for real */
        return;
    }
    unsigned next = (e->ring_head + 1) % RING_SIZE;
    if (next != e->ring_tail) {
        e->ring[e->ring_head].sig = sig;
        e->ring[e->ring_head].info = siginfo_from_host(si);
        e->ring_head = next;
    }
    e->pending_flag = 1;
    leave_safe_syscall(context);
    errno = saved;
}

/* glibc keeps 32 and 33 to itself; a guest's are recorded only. */
static bool host_has(int sig)
{
    return sig >= 1 && sig <= NSIG_GUEST && sig != SIGKILL && sig != SIGSTOP && sig != 32 &&
           sig != 33;
}

void host_set_action(struct user_env *e, int sig)
{
    const struct guest_action *g = &e->sig.action[sig];
    struct sigaction sa = {.sa_flags = SA_SIGINFO | SA_NODEFER};
    if (!host_has(sig))
        return;
    sigfillset(&sa.sa_mask);
    /* A fault inside the handler, or in code that a fault's handler jumps to, must still be seen.
     */
    sigdelset(&sa.sa_mask, SIGBUS);
    sigdelset(&sa.sa_mask, SIGSEGV);
    if (sig == SIGBUS || sig == SIGSEGV) {
        sigemptyset(&sa.sa_mask);
        sa.sa_sigaction = on_signal;
    } else if (g->handler > 1) {
        sa.sa_sigaction = on_signal;
        sa.sa_flags |= (g->flags & G_SA_NOCLDSTOP ? SA_NOCLDSTOP : 0) |
                       (g->flags & G_SA_NOCLDWAIT ? SA_NOCLDWAIT : 0);
    } else {
        sa.sa_handler = g->handler == 1 ? SIG_IGN : SIG_DFL;
        sa.sa_flags = g->flags & G_SA_NOCLDWAIT ? SA_NOCLDWAIT : 0;
    }
    sigaction(sig, &sa, NULL);
}

uint64_t mask_from_host(const sigset_t *s)
{
    uint64_t m = 0;
    for (int i = 1; i <= NSIG_GUEST; i++)
        if (sigismember(s, i) == 1)
            m |= 1ull << (i - 1);
    return m;
}
sigset_t mask_to_host(uint64_t mask)
{
    sigset_t s;
    sigemptyset(&s);
    for (int i = 1; i <= NSIG_GUEST; i++)
        if (mask >> (i - 1) & 1)
            sigaddset(&s, i);
    return s;
}

void host_set_mask(uint64_t mask)
{
    /* The two that the simulator itself needs stay open; the pending list does their blocking. */
    sigset_t s = mask_to_host(mask & ~(1ull << (SIGSEGV - 1)) & ~(1ull << (SIGBUS - 1)));
    sigprocmask(SIG_SETMASK, &s, NULL);
}

void host_signals_init(struct user_env *e)
{
    the_env = e;
    sigaction(SIGSEGV, NULL, &old_segv);
    sigaction(SIGBUS, NULL, &old_bus);
    for (int i = 1; i <= NSIG_GUEST; i++) {
        struct sigaction sa;
        if (!host_has(i) || sigaction(i, NULL, &sa) < 0)
            continue;
        if (!(sa.sa_flags & SA_SIGINFO) && sa.sa_handler == SIG_IGN)
            e->sig.action[i].handler = 1; /* nohup and the like */
        else if (i != SIGSEGV && i != SIGBUS)
            host_set_action(e, i); /* a sanitizer's */
    }
    sigset_t now;
    sigprocmask(SIG_SETMASK, NULL, &now);
    e->sig.blocked = mask_from_host(&now);
    host_set_action(e, SIGBUS);
    host_set_action(e, SIGSEGV);
}
