/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls that make, replace and await processes. A guest process is a host process running
 * the simulator: fork is the host's fork, execve starts the simulator anew on the new program
 * (programs of the host run as they are).
 *
 * vfork and posix_spawn (CLONE_VM | CLONE_VFORK) share memory with their parent until they execute
 * or exit: the child is a host process that shares ours, on a host stack of its own; what must
 * survive it is saved around it. Threads (CLONE_THREAD) are not implemented.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/rse.h"

/* AddressSanitizer has to be told whose stack we are on. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
static const void *parent_stack;
static size_t parent_stack_size;
static void stack_leave(void **fake, const void *to, size_t size)
{
    __sanitizer_start_switch_fiber(fake, to, size);
}
static void stack_entered_child(void)
{
    __sanitizer_finish_switch_fiber(NULL, &parent_stack, &parent_stack_size);
}
static void stack_back(void *fake, void *child, size_t size)
{
    void *dropped;
    __sanitizer_start_switch_fiber(&dropped, parent_stack, parent_stack_size);
    __sanitizer_finish_switch_fiber(fake, NULL, NULL);
    __asan_unpoison_memory_region(child, size); /* its frames never returned */
}
#else
static void stack_leave(void **fake, const void *to, size_t size)
{
    (void)fake;
    (void)to;
    (void)size;
}
static void stack_entered_child(void) {}
static void stack_back(void *fake, void *child, size_t size)
{
    (void)fake;
    (void)child;
    (void)size;
}
#endif

/* --- exit --- */

SYS(exit_group)
{
    const uint32_t zero = 0;
    if (e->clear_child_tid && !e->vfork_child)
        put_u32(e, e->clear_child_tid, zero);
    user_exit(e, (int)a[0] & 0xff);
}
SYS(exit) /* there is only one thread */
{
    return sys_exit_group(e, a);
}

/* --- clone --- */

struct clone_args {
    uint64_t flags, stack, stack_size, ptid, ctid, tls;
};

#define CHILD_FORK_STACK (1u << 20)

/* The child's registers: 0 from the system call; on a stack of its own, both stacks begin there. */
static void child_registers(struct user_env *e, const struct clone_args *c)
{
    struct cpu *cpu = e->cpu;
    cpu->gr[8] = cpu->gr[10] = (struct gr){0, 0};
    syscall_advance(e);
    if (c->flags & CLONE_SETTLS)
        cpu->gr[13] = (struct gr){c->tls, 0};
    if (c->stack) {
        cpu->gr[12] = (struct gr){c->stack + c->stack_size - 16, 0};
        rse_set_bspstore(cpu, c->stack); /* nothing is dirty: flushed before the fork */
        rse_set_rnat(cpu, 0);
    }
}

static void child_tids(struct user_env *e, const struct clone_args *c)
{
    e->clear_child_tid = c->flags & CLONE_CHILD_CLEARTID ? c->ctid : 0;
    if (c->flags & CLONE_CHILD_SETTID)
        put_u32(e, c->ctid, (uint32_t)getpid());
}

/* Timers and pending signals are not inherited. */
static void child_reset(struct user_env *e)
{
    memset(e->itimer, 0, sizeof e->itimer);
    e->npending = 0;
    e->ring_tail = e->ring_head;
    e->pending_flag = 0;
}

static int64_t do_fork(struct user_env *e, const struct clone_args *c)
{
    fflush(NULL);
    e->multi = true;
    pid_t pid = (pid_t)syscall(SYS_clone, c->flags & 0xff, 0, 0, 0, 0);
    if (pid < 0)
        return -errno;
    if (pid > 0) {
        if (c->flags & CLONE_PARENT_SETTID)
            put_u32(e, c->ptid, (uint32_t)pid);
        return pid;
    }
    child_reset(e);
    child_tids(e, c);
    e->random_state ^= 0x5bd1e995u * (uint64_t)clock_cpu(e); /* not the parent's sequence */
    child_registers(e, c);
    return -E_NO_RESULT;
}

struct vfork_start {
    struct user_env *e;
    const struct clone_args *c;
};
static int vfork_main(void *arg)
{
    struct vfork_start *s = arg;
    struct user_env *e = s->e;
    stack_entered_child();
    e->vfork_child = true;
    e->multi = true;
    child_reset(e);
    child_tids(e, s->c);
    child_registers(e, s->c);
    sigprocmask(SIG_SETMASK, &e->vfork_mask, NULL);
    user_run(e->m); /* ends in exit or execve */
    _exit(e->m->exit_status);
}

/* What the child would leave changed in memory we share. */
struct vfork_saved {
    struct cpu cpu;
    struct signal_state sig;
    struct pending_signal pending[PENDING_MAX];
    unsigned npending;
    struct interval_timer itimer[3];
    uint64_t clear_child_tid;
};
static void vfork_save(struct user_env *e, struct vfork_saved *s)
{
    mem_flush(e->cpu); /* the fast path's bookkeeping is outside struct cpu: save it empty */
    s->cpu = *e->cpu;
    s->sig = e->sig;
    signal_deliverable(e); /* the ring is empty from here on */
    memcpy(s->pending, e->pending, sizeof s->pending);
    s->npending = e->npending;
    memcpy(s->itimer, e->itimer, sizeof s->itimer);
    s->clear_child_tid = e->clear_child_tid;
}
static void vfork_restore(struct user_env *e, const struct vfork_saved *s)
{
    struct cpu *cpu = e->cpu;
    mem_flush(cpu);
    uint64_t generation[8]; /* of decoded code, which the child has used: never goes back */
    memcpy(generation, cpu->igen, sizeof generation);
    *cpu = s->cpu;
    memcpy(cpu->igen, generation, sizeof generation);
    mem_flush(cpu);
    alat_invalidate_all(cpu);
    e->sig = s->sig;
    e->ring_tail = e->ring_head;
    memcpy(e->pending, s->pending, sizeof s->pending);
    e->npending = s->npending;
    e->pending_flag = s->npending != 0;
    memcpy(e->itimer, s->itimer, sizeof s->itimer);
    e->clear_child_tid = s->clear_child_tid;
    e->vfork_child = false;
    e->m->stop = false;
}

/* The parent waits in the host's clone until the child is gone from our memory. */
static int64_t do_vfork(struct user_env *e, const struct clone_args *c)
{
    struct vfork_start start = {e, c};
    struct vfork_saved *saved = aligned_alloc(64, (sizeof *saved + 63) & ~(size_t)63);
    uint8_t *stack =
        mmap(NULL, CHILD_FORK_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!saved || stack == MAP_FAILED) {
        free(saved);
        return -ENOMEM;
    }
    fflush(NULL);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &e->vfork_mask); /* the ring is not for two */
    vfork_save(e, saved);
    void *fake = NULL;
    stack_leave(&fake, stack, CHILD_FORK_STACK);
    pid_t pid = clone(vfork_main, stack + CHILD_FORK_STACK,
                      CLONE_VM | CLONE_VFORK | (int)(c->flags & 0xff), &start);
    int error = errno;
    if (pid >= 0)
        stack_back(fake, stack, CHILD_FORK_STACK);
    vfork_restore(e, saved);
    e->multi = true;
    sigprocmask(SIG_SETMASK, &e->vfork_mask, NULL);
    munmap(stack, CHILD_FORK_STACK);
    free(saved);
    if (pid < 0)
        return -error;
    if (c->flags & CLONE_PARENT_SETTID)
        put_u32(e, c->ptid, (uint32_t)pid);
    return pid;
}

static int64_t do_clone(struct user_env *e, const struct clone_args *c)
{
    const uint64_t known = 0xff | CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID |
                           CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED;
    if (c->flags & CLONE_THREAD || ((c->flags & CLONE_VM) && !(c->flags & CLONE_VFORK))) {
        fprintf(stderr, "unimplemented: threads (clone flags 0x%llx)\n",
                (unsigned long long)c->flags);
        return -ENOSYS;
    }
    if (c->flags & ~known) {
        fprintf(stderr, "unimplemented: clone flags 0x%llx\n",
                (unsigned long long)(c->flags & ~known));
        return -EINVAL;
    }
    rse_flush(e->cpu); /* raises when the backing store is not there: the system call then faults */
    return c->flags & CLONE_VFORK && c->flags & CLONE_VM ? do_vfork(e, c) : do_fork(e, c);
}
SYS(clone) /* the historical call: a stack without size */
{
    const struct clone_args c = {a[0], a[1], 16, a[3], a[4], a[5]};
    return do_clone(e, &c);
}
SYS(clone2)
{
    const struct clone_args c = {a[0], a[1], a[2], a[3], a[4], a[5]};
    return do_clone(e, &c);
}

/* --- execve --- */

static void free_strings(char **v)
{
    for (char **p = v; v && *p; p++)
        free(*p);
    free(v);
}

/* A NULL-terminated array of strings; `extra` empty places before it. NULL with *error. */
static char **get_strings(struct user_env *e, uint64_t va, size_t extra, int64_t *error)
{
    enum { LONGEST = 128 * 1024 };
    size_t n = 0, cap = 16;
    char **v = calloc(cap + extra + 1, sizeof *v);
    char *buf = malloc(LONGEST);
    *error = v && buf ? 0 : -ENOMEM;
    for (; va && !*error; va += 8) {
        uint64_t p;
        ssize_t len;
        if (!get_u64(e, va, &p))
            *error = -EFAULT;
        else if (!p)
            break;
        else if ((len = as_string(e->as, p, buf, LONGEST)) < 0)
            *error = len == -ENAMETOOLONG ? -E2BIG : len;
        else {
            if (n == cap) {
                char **w = realloc(v, ((cap *= 2) + extra + 1) * sizeof *v);
                if (!w) {
                    *error = -ENOMEM;
                    break;
                }
                v = w;
            }
            if (!(v[extra + n] = strdup(buf)))
                *error = -ENOMEM;
            else
                v[extra + ++n] = NULL;
        }
    }
    free(buf);
    if (*error && v) {
        for (size_t i = 0; i < n; i++)
            free(v[extra + i]);
        free(v);
        v = NULL;
    }
    return v;
}

/* What kind of file: 1 for ours, 0 a host program, 2 a script with the interpreter in line; -errno.
 */
static int64_t probe(const char *path, char line[256])
{
    uint8_t head[256] = {0};
    struct stat st;
    if (stat(path, &st) < 0 || access(path, X_OK) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EACCES;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t n = read(fd, head, sizeof head - 1);
    close(fd);
    if (n < 0)
        return -errno;
    if (n > 2 && head[0] == '#' && head[1] == '!') {
        const char *p = (const char *)head + 2;
        p += strspn(p, " \t");
        size_t len = strcspn(p, "\n");
        if (len == 0 || (size_t)(p - (const char *)head) + len >= (size_t)n)
            return -ENOEXEC;
        memcpy(line, p, len);
        line[len] = 0;
        return 2;
    }
    return elf_is_ia64(head, (size_t)n);
}

#define SELF_ARGS 64

/* The simulator's own argument vector up to "-0 argv0 path". Returns the count. */
static size_t self_args(struct user_env *e, const char **v)
{
    const struct user_options *o = e->opt;
    size_t n = 0;
    v[n++] = "ia64-sim";
    v[n++] = "--user";
    if (o->self_args) {
        n = 1;
        for (char **p = o->self_args; *p && n < SELF_ARGS - 8; p++)
            v[n++] = *p;
    } else {
        if (o->sysroot)
            v[n++] = "-L", v[n++] = o->sysroot;
        if (o->strace)
            v[n++] = "--strace";
        if (o->strict)
            v[n++] = "--strict";
        if (o->host_time)
            v[n++] = "--user-time", v[n++] = "host";
        if (o->stack_size) {
            static char size[24];
            snprintf(size, sizeof size, "%llu", (unsigned long long)o->stack_size);
            v[n++] = "-s", v[n++] = size;
        }
    }
    return n;
}

/* Executes an IA-64 program through ourselves. Returns only on failure. */
static int64_t exec_guest(struct user_env *e, const char *path, char **argv, char **envp)
{
    size_t n = 0;
    while (argv[n])
        n++;
    const char **v = calloc(n + SELF_ARGS + 4, sizeof *v);
    if (!v)
        return -ENOMEM;
    size_t k = self_args(e, v);
    v[k++] = "-0";
    v[k++] = n ? argv[0] : "";
    v[k++] = path;
    for (size_t i = 1; i < n; i++)
        v[k++] = argv[i];
    execve("/proc/self/exe", (char *const *)v, envp);
    free(v);
    return -errno;
}

static int64_t exec_path(struct user_env *e, const char *path, char **argv, char **envp, int depth)
{
    char line[256];
    int64_t kind = probe(path, line);
    if (kind < 0)
        return kind;
    if (!e->vfork_child)
        fflush(NULL);
    if (kind == 1)
        return exec_guest(e, path, argv, envp);
    if (kind == 2 && depth < 4) {
        /* #! interpreter [one argument] script args... */
        char *arg = line + strcspn(line, " \t");
        size_t n = 0;
        if (*arg) {
            *arg++ = 0;
            arg += strspn(arg, " \t");
        }
        while (argv[n])
            n++;
        char **w = calloc(n + 5, sizeof *w);
        if (!w)
            return -ENOMEM;
        size_t k = 0;
        w[k++] = line;
        if (*arg)
            w[k++] = arg;
        w[k++] = (char *)(uintptr_t)path;
        for (size_t i = 1; i < n; i++)
            w[k++] = argv[i];
        char interp[GUEST_PATH_MAX];
        path_sysroot(e, line, interp);
        int64_t r = exec_path(e, interp, w, envp, depth + 1);
        free(w);
        return r;
    }
    execve(path, argv, envp);
    return -errno;
}

static int64_t do_execve(struct user_env *e, const char *path, uint64_t argv, uint64_t envp)
{
    int64_t error;
    char **av = get_strings(e, argv, 0, &error);
    if (!av)
        return error;
    char **ev = get_strings(e, envp, 0, &error);
    if (!ev) {
        free_strings(av);
        return error;
    }
    error = exec_path(e, path_is_self_exe(path) ? e->exe_path : path, av, ev, 0);
    free_strings(av);
    free_strings(ev);
    return error;
}
SYS(execve)
{
    char path[GUEST_PATH_MAX];
    int r = path_get(e, a[0], path);
    return r < 0 ? r : do_execve(e, path, a[1], a[2]);
}
SYS(execveat)
{
    char path[GUEST_PATH_MAX], full[GUEST_PATH_MAX + 64];
    int r = path_get(e, a[1], path), n;
    if (r < 0)
        return r;
    if (path[0] == '/' || ((int)a[0] == AT_FDCWD && path[0]))
        return do_execve(e, path, a[2], a[3]);
    if (!path[0] && !(a[4] & AT_EMPTY_PATH))
        return -ENOENT;
    n = snprintf(full, sizeof full, "/proc/self/fd/%d%s%s", (int)a[0], path[0] ? "/" : "", path);
    if (n >= GUEST_PATH_MAX)
        return -ENAMETOOLONG;
    return do_execve(e, full, a[2], a[3]);
}

/* --- wait --- */

SYS(wait4)
{
    int status = 0;
    struct rusage ru; /* the same layout on 64-bit Linux everywhere */
    int64_t r = blocking(e, SYS_wait4, (long)(int)a[0], ptr(&status), (int)a[2], ptr(&ru), 0, 0);
    if (r > 0 && ((a[1] && !put_u32(e, a[1], (uint32_t)status)) ||
                  (a[3] && !as_write(e->as, a[3], &ru, sizeof ru))))
        return -EFAULT;
    return r;
}
SYS(waitid)
{
    siginfo_t si;
    struct rusage ru;
    memset(&si, 0, sizeof si);
    int64_t r = blocking(e, SYS_waitid, (int)a[0], (long)a[1], ptr(&si), (int)a[3], ptr(&ru), 0);
    if (r < 0)
        return r;
    struct guest_siginfo g = siginfo_from_host(&si);
    if ((a[2] && !as_write(e->as, a[2], &g, sizeof g)) ||
        (a[4] && !as_write(e->as, a[4], &ru, sizeof ru)))
        return -EFAULT;
    return r;
}
