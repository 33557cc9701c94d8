/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Starting a program: what execve does on Linux/ia64. Segments into memory, interpreter, stack with
 * arguments, environment and auxiliary vector, and the registers a new program finds.
 *
 * No AT_SYSINFO and AT_SYSINFO_EHDR are given: the C library then makes system calls by break
 * 0x100000.
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <elf.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sim/cpu/rse.h"
#include "sim/debug/symbols.h"

#define DEFAULT_STACK     (64ull << 20)
#define MAP_FIXED_PRIVATE (0x02 | 0x10 | 0x20) /* MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS */

#define FPSR_DEFAULT 0x0009804c0270033full /* Linux/ia64's: traps off, sf1 with widest range */

static bool fail(char *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool fail(char *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err, ELF_ERR_SIZE, fmt, ap);
    va_end(ap);
    return false;
}

struct load_job {
    struct user_env *e;
    const struct elf_file *f;
    uint64_t end; /* pages below it are mapped by the segments before */
    int last_prot;
};

static int prot_of(uint32_t flags)
{
    return (flags & ELF_PF_R ? PROT_READ : 0) | (flags & ELF_PF_W ? PROT_WRITE : 0) |
           (flags & ELF_PF_X ? PROT_EXEC : 0);
}

static bool load_segment(void *arg, const struct elf_segment *s, char err[ELF_ERR_SIZE])
{
    struct load_job *j = arg;
    struct as *as = j->e->as;
    uint64_t va = s->vaddr + j->f->bias;
    uint64_t lo = va & ~(AS_PAGE - 1), hi = AS_ALIGN(va + s->memsz);
    int prot = prot_of(s->flags);

    if (va < j->f->bias || hi < va || !as_range_ok(lo, hi - lo) || lo < AS_MIN_ADDR)
        return fail(err, "%.100s: segment 0x%llx+0x%llx is not in user address space", j->f->path,
                    (unsigned long long)va, (unsigned long long)s->memsz);
    if (lo < j->end) {
        /* Two segments in one page: it gets the rights of both. */
        as_mprotect(as, lo, AS_PAGE, prot | j->last_prot);
        lo += AS_PAGE;
    }
    if (lo < hi) {
        const char *name = strrchr(j->f->path, '/');
        int64_t r =
            as_mmap(as, lo, hi - lo, prot, MAP_FIXED_PRIVATE, -1, 0, name ? name + 1 : j->f->path);
        if (r < 0)
            return fail(err, "%.100s: no memory for segment 0x%llx+0x%llx: %s", j->f->path,
                        (unsigned long long)va, (unsigned long long)s->memsz, strerror((int)-r));
    }
    j->end = hi;
    j->last_prot = prot;
    if (!as_poke(as, va, s->data, s->filesz))
        return fail(err, "%.100s: cannot copy segment 0x%llx", j->f->path, (unsigned long long)va);
    return true;
}

static bool load_image(struct user_env *e, struct elf_file *f, uint64_t dyn_base, char *err)
{
    if (f->type == ELF_DYN)
        elf_set_bias(f, dyn_base - (f->low & ~(AS_PAGE - 1)));
    struct load_job j = {.e = e, .f = f};
    if (!elf_load(f, load_segment, &j, err))
        return false;
    symbols_add(f);
    return true;
}

/* Where the loader would put a library: the interpreter's place. */
static uint64_t interp_base(struct user_env *e, const struct elf_file *f)
{
    uint64_t span = AS_ALIGN(f->high) - (f->low & ~(AS_PAGE - 1));
    int64_t r = as_mmap(e->as, 0, span, PROT_NONE, 0x22, -1, 0, "");
    if (r < 0)
        return AS_MMAP_BASE;
    as_munmap(e->as, (uint64_t)r, span);
    return (uint64_t)r;
}

/* --- the stack --- */

struct stack {
    struct user_env *e;
    uint64_t sp;
    bool ok;
};

static uint64_t push(struct stack *s, const void *p, size_t n)
{
    s->sp -= n;
    s->ok = s->ok && as_write(s->e->as, s->sp, p, n);
    return s->sp;
}
static uint64_t push_string(struct stack *s, const char *t)
{
    return push(s, t, strlen(t) + 1);
}

static bool unset(const struct user_options *o, const char *var)
{
    for (unsigned i = 0; i < o->nenv_unset; i++) {
        size_t n = strlen(o->env_unset[i]);
        if (!strncmp(var, o->env_unset[i], n) && var[n] == '=')
            return true;
    }
    for (unsigned i = 0; i < o->nenv_set; i++) {
        const char *eq = strchr(o->env_set[i], '=');
        size_t n = eq ? (size_t)(eq - o->env_set[i]) + 1 : 0;
        if (n && !strncmp(var, o->env_set[i], n))
            return true;
    }
    return false;
}

/* Pushes the vectors; returns the initial sp, or 0. */
static uint64_t build_stack(struct user_env *e, char *err)
{
    const struct user_options *o = e->opt;
    extern char **environ;
    size_t nenv = o->nenv_set, used = 64;
    for (char **p = environ; *p; p++) {
        nenv++;
        used += strlen(*p) + 9;
    }
    for (unsigned i = 0; i < o->nenv_set; i++)
        used += strlen(o->env_set[i]) + 9;
    for (int i = 0; i < o->argc; i++)
        used += strlen(o->argv[i]) + 9;
    if (used + 4096 + AS_PAGE > e->rlimit_stack / 2) {
        fail(err, "arguments and environment do not fit on the stack");
        return 0;
    }

    size_t words = 1 + (size_t)o->argc + 1 + nenv + 1 + 2 * 20;
    uint64_t *v = calloc(words, sizeof *v);
    if (!v) {
        fail(err, "out of memory");
        return 0;
    }
    struct stack s = {.e = e, .sp = AS_STACK_TOP - 16, .ok = true};
    uint64_t execfn = push_string(&s, e->opt->prog);
    uint8_t seed[16];
    user_random(e, seed, sizeof seed);
    uint64_t random = push(&s, seed, sizeof seed);
    size_t n = 0;
    v[n++] = (uint64_t)o->argc;
    for (int i = 0; i < o->argc; i++)
        v[n++] = push_string(&s, i == 0 && o->argv0 ? o->argv0 : o->argv[i]);
    v[n++] = 0;
    for (char **p = environ; *p; p++)
        if (!unset(o, *p))
            v[n++] = push_string(&s, *p);
    for (unsigned i = 0; i < o->nenv_set; i++)
        v[n++] = push_string(&s, o->env_set[i]);
    v[n++] = 0;
    const struct elf_file *f = &e->exe;
    const uint64_t aux[] = {
        AT_PHDR,   f->phdr_vaddr ? f->phdr_vaddr + f->bias : 0,
        AT_PHENT,  f->phentsize,
        AT_PHNUM,  f->phnum,
        AT_PAGESZ, AS_PAGE,
        AT_BASE,   e->interp.data ? e->interp.bias + (e->interp.low & ~(AS_PAGE - 1)) : 0,
        AT_FLAGS,  0,
        AT_ENTRY,  f->entry + f->bias,
        AT_UID,    getuid(),
        AT_EUID,   geteuid(),
        AT_GID,    getgid(),
        AT_EGID,   getegid(),
        AT_HWCAP,  0,
        AT_CLKTCK, GUEST_HZ,
        AT_SECURE, 0,
        AT_RANDOM, random,
        AT_EXECFN, execfn,
        AT_NULL,   0,
    };
    memcpy(v + n, aux, sizeof aux);
    n += sizeof aux / sizeof aux[0];
    s.sp = (s.sp - n * 8) & ~15ull;
    s.ok = s.ok && as_write(e->as, s.sp, v, n * 8);
    free(v);
    if (!s.ok) {
        fail(err, "cannot write the initial stack");
        return 0;
    }
    return s.sp;
}

static bool map_stacks(struct user_env *e, char *err)
{
    uint64_t size = AS_ALIGN(e->opt->stack_size ? e->opt->stack_size : DEFAULT_STACK);
    if (size > AS_STACK_TOP - AS_RBS_BASE - AS_PAGE * 2)
        size = AS_STACK_TOP - AS_RBS_BASE - AS_PAGE * 2; /* one does not run into the other */
    if (size < AS_PAGE * 8)
        size = AS_PAGE * 8;
    e->rlimit_stack = size;
    int rw = PROT_READ | PROT_WRITE;
    int64_t r = as_mmap(e->as, AS_STACK_TOP - size, size, rw | (e->exe.exec_stack ? PROT_EXEC : 0),
                        MAP_FIXED_PRIVATE, -1, 0, "[stack]");
    if (r >= 0)
        r = as_mmap(e->as, AS_RBS_BASE, size, rw, MAP_FIXED_PRIVATE, -1, 0, "[register stack]");
    return r >= 0 || fail(err, "no memory for the stacks: %s", strerror((int)-r));
}

/* start_thread of Linux/ia64: user privilege, everything translated, little-endian, an empty frame.
 */
static void set_registers(struct user_env *e, uint64_t entry, uint64_t sp)
{
    struct cpu *cpu = e->cpu;
    cpu->ar[AR_RSC] = 0; /* enforced lazy while bspstore is set */
    rse_reset(cpu);
    rse_alloc(cpu, 0, 0, 0);
    rse_set_bspstore(cpu, AS_RBS_BASE);
    rse_set_rnat(cpu, 0);
    cpu->ar[AR_RSC] = 0xf; /* eager, privilege level 3 */
    cpu->ar[AR_FPSR] = FPSR_DEFAULT;
    cpu->gr[12] = (struct gr){sp - 16, 0}; /* 16 bytes of scratch, psABI */
    cpu->ip = entry;
    /* Speculative loads that fault give NaT without asking the kernel, as Linux sets cr.dcr. */
    cpu->cr[CR_DCR] = DCR_DP | DCR_DK | DCR_DX | DCR_DR | DCR_PP | DCR_DA | DCR_DD | DCR_LC;
    cpu_set_psr(cpu, PSR_IC | PSR_I | PSR_DT | PSR_RT | PSR_IT | PSR_BN | PSR_SP | PSR_CPL);
}

bool start_program(struct user_env *e, char err[ELF_ERR_SIZE])
{
    const struct user_options *o = e->opt;
    char path[GUEST_PATH_MAX];
    if (!elf_open(&e->exe, o->prog, err))
        return false;
    char *real = realpath(o->prog, NULL);
    e->exe_path = real ? real : strdup(o->prog);
    if (!load_image(e, &e->exe, AS_PIE_BASE, err))
        return false;
    e->brk_start = e->brk = AS_ALIGN(e->exe.high + e->exe.bias);
    uint64_t entry = e->exe.entry + e->exe.bias;
    if (e->exe.interp) {
        path_sysroot(e, e->exe.interp, path);
        if (!elf_open(&e->interp, path, err) ||
            !load_image(e, &e->interp, interp_base(e, &e->interp), err))
            return false;
        entry = e->interp.entry + e->interp.bias;
    }
    if (!map_stacks(e, err) || !sigframe_map_gate(e))
        return false;
    uint64_t sp = build_stack(e, err);
    if (!sp)
        return false;
    set_registers(e, entry, sp);
    return true;
}
