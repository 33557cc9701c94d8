/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the parts of sim/user share: the state of the one simulated process that is not in the CPU,
 * and the functions between files. machine.board points at the struct user_env.
 */
#ifndef SIM_USER_ENV_H
#define SIM_USER_ENV_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "sim/loader/elf.h"
#include "sim/machine.h"
#include "sim/user/as.h"
#include "sim/user/user.h"

#define NSIG_GUEST 64
#define GUEST_HZ   1024 /* clock ticks of times(2) on Linux/ia64 */

/* Results of system calls beyond -errno: what the kernel calls ERESTART*. They never reach the
 * guest. */
enum {
    E_RESTART = 512, /* restart when the signal's action has SA_RESTART or there is no handler */
    E_RESTART_NOHAND = 514, /* restart only when there is no handler */
    E_NO_RESULT = 600,      /* registers are set already (rt_sigreturn, execve ...) */
};

/* struct sigaction of the kernel's ABI on ia64. */
struct guest_action {
    uint64_t handler; /* 0 SIG_DFL, 1 SIG_IGN, else the address of a function descriptor */
    uint64_t flags;
    uint64_t mask;
};
enum {
    G_SA_NOCLDSTOP = 1,
    G_SA_NOCLDWAIT = 2,
    G_SA_SIGINFO = 4,
    G_SA_ONSTACK = 0x08000000,
    G_SA_RESTART = 0x10000000,
    G_SA_NODEFER = 0x40000000,
    G_SA_RESETHAND = (int)0x80000000,
};
enum { G_SS_ONSTACK = 1, G_SS_DISABLE = 2, G_SS_AUTODISARM = (int)(1u << 31) };

struct guest_siginfo {
    uint8_t b[128]; /* the guest's layout, little-endian */
};
struct pending_signal {
    int sig;
    struct guest_siginfo info;
};

struct interval_timer {
    int64_t expires; /* in ns of its clock; 0: off */
    int64_t interval;
};

/* What a vfork child must not change for its parent: everything else of the process is shared
 * memory or the host kernel's. */
struct signal_state {
    struct guest_action action[NSIG_GUEST + 1];
    uint64_t blocked;    /* bit sig-1; equal to the host's mask */
    uint64_t saved_mask; /* to restore after sigsuspend and relatives, when have_saved_mask */
    bool have_saved_mask;
    uint64_t ss_sp, ss_size; /* sigaltstack */
    int ss_flags;
};

#define PENDING_MAX 128
#define RING_SIZE   64

struct user_env {
    struct as *as;
    struct machine *m;
    struct cpu *cpu;
    struct user_options *opt;
    struct elf_file exe, interp;
    char *exe_path; /* absolute, for /proc/self/exe */
    uint64_t load_bias;

    uint64_t brk_start, brk;
    uint64_t rlimit_stack;

    /* signals */
    struct signal_state sig;
    volatile sig_atomic_t pending_flag; /* there may be something to deliver; safe_syscall looks */
    struct pending_signal ring[RING_SIZE]; /* from the host's handler (head) to us (tail) */
    volatile unsigned ring_head, ring_tail;
    unsigned npending;
    struct pending_signal pending[PENDING_MAX];
    uint64_t bus_fault; /* guest address of a page the host could not provide (mmap beyond the end
                           of a file) */
    volatile bool in_guest;
    bool uac_sigbus; /* prctl(PR_SET_UNALIGN, PR_UNALIGN_SIGBUS) */
    uint64_t prctl_unalign, prctl_fpemu;

    /* time */
    int64_t time_skew; /* ns of virtual time that were slept, not executed */
    bool multi;        /* there are other processes of ours: sleeping takes real time too */
    struct interval_timer itimer[3];
    uint64_t random_state;

    /* processes */
    uint64_t clear_child_tid;
    bool vfork_child;    /* shares its memory with the suspended parent */
    bool force_success;  /* the current call returns a value that looks like -errno */
    sigset_t vfork_mask; /* the host mask before that */

    /* strace */
    uint64_t unknown_seen[8]; /* bit per system call number - 1024 */
};

static inline struct user_env *user_env(const struct cpu *cpu)
{
    return cpu->m->board;
}

/* --- user.c --- */
void user_deliver(struct cpu *cpu, const struct intr *in);
/* The process ends: flushes, tells the front end, exits. */
_Noreturn void user_exit(struct user_env *e, int status);

/* --- start.c --- */
/* Loads the program (and its interpreter) and sets registers and stack. False: message in err. */
bool start_program(struct user_env *e, char err[ELF_ERR_SIZE]);

/* --- signal.c --- */
void signal_init(struct user_env *e);
/* Delivers what is pending and not blocked. syscall_result: the negative E_RESTART* that the
 * current system call returned (its break instruction is at ip), or 0. Called with registers
 * consistent. */
void signal_check(struct user_env *e, int64_t syscall_result, bool in_syscall);
/* A fault: delivered at once; kills when blocked, ignored or default. */
void signal_fault(struct user_env *e, int sig, const struct guest_siginfo *info);
/* True when a signal that does something waits and is not blocked. */
bool signal_deliverable(struct user_env *e);
void signal_set_mask(struct user_env *e, uint64_t mask);
void signal_enqueue(struct user_env *e, int sig, const struct guest_siginfo *info);
_Noreturn void signal_die(struct user_env *e, int sig);
/* Until the next check, mask is in force (sigsuspend, ppoll, pselect); the old one returns with the
 * check. */
void signal_temporary_mask(struct user_env *e, uint64_t mask);
/* Takes the next pending signal of a set out of the queue. */
bool signal_take(struct user_env *e, uint64_t set, struct pending_signal *out);
/* Pending here or in the host, as sigpending tells. */
uint64_t signal_pending_set(struct user_env *e);
/* siginfo of a fault at addr. */
struct guest_siginfo siginfo_fault(int sig, int code, uint64_t addr, uint64_t imm, bool isr_valid,
                                   uint64_t isr);
struct guest_siginfo siginfo_kernel(int sig);
struct guest_siginfo siginfo_from_host(const siginfo_t *h);
uint64_t mask_from_host(const sigset_t *s);
sigset_t mask_to_host(uint64_t mask);
const char *signal_name(int sig);

/* --- signal_host.c --- */
void host_signals_init(struct user_env *e);
/* The host's disposition and mask follow the guest's. */
void host_set_action(struct user_env *e, int sig);
void host_set_mask(uint64_t mask);
/* A host system call that may block, with its arguments: never starts while a signal waits for
 * delivery
 * (-E_RESTART), however late that arrived. -errno or result. */
long safe_syscall(struct user_env *e, long nr, long a, long b, long c, long d, long x, long y);

/* --- sigframe.c --- */
/* Makes the CPU start the handler; false if the frame cannot be written. */
bool sigframe_setup(struct user_env *e, int sig, const struct guest_action *act,
                    const struct guest_siginfo *info, uint64_t mask, bool in_syscall);
/* rt_sigreturn: false if the frame cannot be read. */
bool sigframe_return(struct user_env *e);
/* The page with the code that handlers return to; before the first program is loaded. */
bool sigframe_map_gate(struct user_env *e);

/* --- syscall.c --- */
/* The break 0x100000 at ip. */
void syscall_break(struct user_env *e);
/* ip past the break instruction at ip. */
void syscall_advance(struct user_env *e);
typedef int64_t (*syscall_fn)(struct user_env *e, const uint64_t *a);
struct syscall_row {
    const char *name;
    syscall_fn fn;    /* NULL: unimplemented */
    const char *args; /* for --strace: a letter per argument (strace.c) */
};
#define SYSCALL_FIRST 1024
#define SYSCALL_COUNT 451
extern const struct syscall_row syscall_rows[SYSCALL_COUNT];
void strace_enter(struct user_env *e, unsigned nr, const uint64_t *a);
void strace_leave(struct user_env *e, unsigned nr, int64_t r);
const char *syscall_name(unsigned nr, char buf[24]);

/* --- clock.c --- */
int64_t clock_now(struct user_env *e); /* CLOCK_REALTIME, ns */
int64_t clock_monotonic(struct user_env *e);
int64_t clock_cpu(struct user_env *e); /* CPU time of the process, ns */
/* Expired timers become pending signals. */
void clock_poll(struct user_env *e);
/* Cycles until the next timer would expire, at most max. */
int64_t clock_slice(struct user_env *e, int64_t max);
/* About to block in the host for a virtual timer's sake: arms a host timer when an interval timer
 * is armed (deterministic mode), so that alarm() ends a read(). Undone, and time caught up, by
 * clock_unblock. */
void clock_block(struct user_env *e);
void clock_unblock(struct user_env *e);
/* Nothing but time (and its timers) can wake us: virtual time advances by up to ns (INT64_MAX: for
 * ever) at once, or the host sleeps. Returns the ns left when a signal ended it; 0: all slept. */
int64_t clock_sleep(struct user_env *e, int64_t ns);
void user_random(struct user_env *e, void *buf, size_t n);

/* --- path.c --- */
#define GUEST_PATH_MAX 4096
/* A path argument: copied, and sent to the sysroot when it is there. 0 or -errno. */
int path_get(struct user_env *e, uint64_t va, char buf[GUEST_PATH_MAX]);
/* The same without sysroot (creating, renaming). */
int path_get_plain(struct user_env *e, uint64_t va, char buf[GUEST_PATH_MAX]);
void path_sysroot(struct user_env *e, const char *path, char buf[GUEST_PATH_MAX]);
/* Virtual files (/proc/self/maps, exe ...): a descriptor, -errno, or 1 when path is none of them.
 */
int path_open_virtual(struct user_env *e, const char *path, int flags);
bool path_is_self_exe(const char *path);

static inline int64_t ret_errno(int64_t r)
{
    return r == -1 ? -errno : r;
}

/* Scalars at guest addresses. */
static inline bool get_u64(struct user_env *e, uint64_t va, uint64_t *v)
{
    return as_read(e->as, v, va, 8);
}
static inline bool put_u64(struct user_env *e, uint64_t va, uint64_t v)
{
    return as_write(e->as, va, &v, 8);
}
static inline bool get_u32(struct user_env *e, uint64_t va, uint32_t *v)
{
    return as_read(e->as, v, va, 4);
}
static inline bool put_u32(struct user_env *e, uint64_t va, uint32_t v)
{
    return as_write(e->as, va, &v, 4);
}

#endif
