/* SPDX-License-Identifier: GPL-2.0-only
 *
 * --user: the process from start to end, and its interruptions. Where the architecture would enter
 * the kernel through the interruption vector table, user_deliver() does what Linux/ia64's handlers
 * do: system calls, fix-ups without the program's notice, signals.
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "sim/cpu/engine.h"
#include "sim/debug/symbols.h"

#define BREAK_SYSCALL 0x100000
#define TURN          100000 /* modelled cycles between looks at signals of the host */
#define ISR_CODE      0xffffull
#define ISR_LFETCH    4 /* ISR.code of lfetch.fault when ISR.na, SDM 2:5.5.2 */

static const struct machine_ops user_ops = {.translate = as_translate, .deliver = user_deliver};

void user_exit(struct user_env *e, int status)
{
    e->m->exit_status = status;
    if (e->opt->finished)
        e->opt->finished(e->opt->arg, e->m);
    if (e->vfork_child)
        _exit(status); /* the parent's buffers are ours too */
    fflush(NULL);
    _exit(status);
}

/* --- faults to signals --- */

static uint64_t fault_ip(const struct cpu *cpu)
{
    return cpu->ip + ((cpu->psr & PSR_RI) >> PSR_RI_SHIFT);
}

static void fault(struct user_env *e, int sig, int code, uint64_t addr, uint64_t imm,
                  bool isr_valid, uint64_t isr)
{
    struct guest_siginfo info = siginfo_fault(sig, code, addr, imm, isr_valid, isr);
    signal_fault(e, sig, &info);
}

/* break with an immediate that is no system call: psABI's assignment of 0..0x3ffff, as Linux maps
 * it. */
static void bad_break(struct user_env *e, uint64_t imm)
{
    static const struct {
        uint8_t sig, code;
    } low[] = {
        {SIGILL, ILL_ILLOPC},   /* 0: unknown error (__builtin_abort) */
        {SIGFPE, FPE_INTDIV},   /* 1: integer divide by zero */
        {SIGFPE, FPE_INTOVF},   /* 2: integer overflow */
        {SIGFPE, FPE_FLTSUB},   /* 3: range check */
        {SIGSEGV, SEGV_MAPERR}, /* 4: null pointer */
        {SIGSEGV, BUS_ADRALN},  /* 5: misaligned data */
        {SIGFPE, 9},            /* 6: decimal overflow, __FPE_DECOVF */
        {SIGFPE, 10},           /* 7: decimal divide by zero, __FPE_DECDIV */
        {SIGFPE, 11},           /* 8: packed decimal error, __FPE_DECERR */
        {SIGFPE, 12},           /* 9: invalid ASCII digit, __FPE_INVASC */
        {SIGFPE, 13},           /* 10: invalid decimal digit, __FPE_INVDEC */
        {SIGSEGV, 3},           /* 11: paragraph stack overflow, __SEGV_PSTKOVF */
    };
    int sig, code;
    if (imm < sizeof low / sizeof low[0])
        sig = low[imm].sig, code = low[imm].code;
    else if (imm >= 0x3f000 && imm <= 0x3ffff)
        sig = SIGILL, code = 10; /* __ILL_BNDMOD */
    else if (imm < 0x80000)
        sig = SIGILL, code = 9; /* __ILL_BREAK */
    else
        sig = SIGTRAP, code = TRAP_BRKPT;
    fault(e, sig, code, fault_ip(e->cpu), imm, false, 0);
}

/* No translation or no permission. */
static void page_fault(struct user_env *e, const struct intr *in)
{
    struct cpu *cpu = e->cpu;
    bool lfetch = (in->isr & ISR_NA) && (in->isr & ISR_CODE) == ISR_LFETCH;
    if (e->bus_fault && (e->bus_fault & ~0xfffull) == (in->ifa & ~0xfffull)) {
        e->bus_fault = 0;
        fault(e, SIGBUS, BUS_ADRERR, in->ifa, 0, true, in->isr);
        return;
    }
    if ((in->isr & ISR_SP) || lfetch) {
        /* A speculative load gets its NaT, an lfetch.fault nothing: retry with deferral (SDM
         * 2:5.5.5). */
        cpu_set_psr(cpu, cpu->psr | PSR_ED);
        return;
    }
    fault(e, SIGSEGV, as_find(e->as, in->ifa) ? SEGV_ACCERR : SEGV_MAPERR, in->ifa, 0, true,
          in->isr);
}

/* Unaligned data with psr.ac, or an access that must be aligned. The former is carried out by
 * retrying without psr.ac (Linux emulates it); the latter cannot be and is SIGBUS, as is everything
 * after prctl(PR_SET_UNALIGN, SIGBUS). */
static void unaligned(struct user_env *e, const struct intr *in)
{
    struct cpu *cpu = e->cpu;
    if ((cpu->psr & PSR_AC) && !e->uac_sigbus)
        cpu_set_psr(cpu, cpu->psr & ~PSR_AC);
    else
        fault(e, SIGBUS, BUS_ADRALN, in->ifa, 0, false, 0);
}

static void fp_signal(struct user_env *e, const struct intr *in)
{
    static const struct {
        uint16_t mask, code;
    } faults[] = {{0x11, FPE_FLTINV}, {0x22, FPE_FLTUND}, {0x44, FPE_FLTDIV}},
      traps[] = {{0x880, FPE_FLTOVF}, {0x1100, FPE_FLTUND}, {0x2200, FPE_FLTRES}};
    int code = 14; /* FPE_FLTUNK */
    for (int i = 2; i >= 0; i--) {
        if (in->vector == VEC_FP_FAULT ? in->isr & faults[i].mask : in->isr & traps[i].mask)
            code = in->vector == VEC_FP_FAULT ? faults[i].code : traps[i].code;
    }
    if (code == 14)
        fprintf(stderr, "unimplemented: floating-point software assist, isr 0x%llx at 0x%llx\n",
                (unsigned long long)in->isr, (unsigned long long)fault_ip(e->cpu));
    fault(e, SIGFPE, code, fault_ip(e->cpu), 0, true, in->isr);
}

static void other_fault(struct user_env *e, const struct intr *in)
{
    struct cpu *cpu = e->cpu;
    uint64_t ip = fault_ip(cpu);
    switch (in->vector) {
    case VEC_GENERAL:
        if ((in->isr & 0xf0) == GE_ILLEGAL_OPERATION)
            fault(e, SIGILL, ILL_ILLOPC, ip, 0, false, 0);
        else /* Linux says no more than that the kernel sent it */
            fault(e, SIGILL, SI_KERNEL, 0, 0, false, 0);
        break;
    case VEC_DISABLED_FP:
        cpu_set_psr(cpu, cpu->psr & ~(PSR_DFL | PSR_DFH));
        break;
    case VEC_NAT_CONSUMPTION:
        if ((in->isr >> 4 & 0xf) == 2)
            fault(e, SIGSEGV, SEGV_ACCERR, in->ifa, 26, true, in->isr);
        else
            fault(e, SIGILL, ILL_ILLOPN, ip, 26, true, in->isr);
        break;
    case VEC_SPECULATION:
        /* chk: the branch the hardware need not do; iim is the 21-bit displacement in bundles (SDM
         * 2:8.3). */
        cpu->ip += (uint64_t)((int64_t)(in->iim << 43) >> 39);
        cpu->psr &= ~PSR_RI;
        break;
    case VEC_UNSUPPORTED_DATA_REF:
        fault(e, SIGILL, ILL_ILLOPN, ip, 31, true, in->isr);
        break;
    case VEC_DEBUG:
        fault(e, SIGTRAP, TRAP_HWBKPT, in->ifa, 0, true, in->isr);
        break;
    case VEC_TAKEN_BRANCH:
        fault(e, SIGTRAP, TRAP_BRANCH, 0, 0, true, in->isr);
        break;
    case VEC_SINGLE_STEP:
        fault(e, SIGTRAP, TRAP_TRACE, 0, 0, true, in->isr);
        break;
    case VEC_LOWER_PRIV:
        if (in->isr & 2)
            cpu_set_psr(cpu, cpu->psr & ~PSR_LP);
        else
            fault(e, SIGILL, ILL_BADIADDR, ip, 0, false, 0);
        break;
    case VEC_EXT_INT:
        break;
    default:
        fault(e, SIGILL, SI_KERNEL, 0, 0, false, 0);
    }
}

void user_deliver(struct cpu *cpu, const struct intr *in)
{
    struct user_env *e = user_env(cpu);
    e->in_guest = false;
    switch (in->vector) {
    case VEC_BREAK:
        if (in->iim == BREAK_SYSCALL)
            syscall_break(e);
        else
            bad_break(e, in->iim);
        break;
    case VEC_PAGE_NOT_PRESENT:
    case VEC_DATA_ACCESS_RIGHTS:
    case VEC_INST_ACCESS_RIGHTS:
    case VEC_DTLB:
    case VEC_ALT_DTLB:
    case VEC_ITLB:
    case VEC_ALT_ITLB:
    case VEC_DATA_NESTED_TLB:
    case VEC_DIRTY:
    case VEC_DATA_ACCESS:
    case VEC_INST_ACCESS:
        page_fault(e, in);
        break;
    case VEC_UNALIGNED:
        unaligned(e, in);
        break;
    case VEC_FP_FAULT:
    case VEC_FP_TRAP:
        fp_signal(e, in);
        break;
    default:
        other_fault(e, in);
    }
    e->in_guest = true;
}

/* --- running --- */

static void env_free(struct user_env *e)
{
    if (!e)
        return;
    as_free(e->as);
    if (e->m)
        machine_free(e->m);
    elf_close(&e->exe);
    elf_close(&e->interp);
    free(e->exe_path);
    free(e);
}

static struct user_env *env_new(struct user_options *o)
{
    struct user_env *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->opt = o;
    e->random_state = 0x1a64;
    e->m = machine_new(1);
    e->as = e->m ? as_new(e->m) : NULL;
    if (!e->as) {
        env_free(e);
        return NULL;
    }
    e->m->user_mode = true;
    e->m->ops = &user_ops;
    e->m->board = e;
    e->cpu = e->m->cpu[0];
    return e;
}

struct machine *user_start(struct user_options *o, int *status)
{
    char err[ELF_ERR_SIZE] = "out of memory";
    *status = 126;
    if (access(o->prog, F_OK) < 0) {
        fprintf(stderr, "ia64-sim: %s: %s\n", o->prog, strerror(errno));
        *status = 127;
        return NULL;
    }
    /* A program that dies of a signal takes the simulator along; that core would show us, not it.
     */
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &core);
    }
    struct user_env *e = env_new(o);
    if (!e || !start_program(e, err)) {
        fprintf(stderr, "ia64-sim: %s\n", err);
        env_free(e);
        return NULL;
    }
    signal_init(e);
    e->in_guest = true;
    if (o->loaded)
        o->loaded(o->arg, e->m);
    *status = 0;
    return e->m;
}

void user_turn(struct machine *m, int64_t cycles)
{
    struct user_env *e = m->board;
    struct cpu *cpu = e->cpu;
    if (m->poll)
        m->poll(m);
    clock_poll(e);
    if (e->pending_flag)
        signal_check(e, 0, false);
    int64_t slice = clock_slice(e, cycles);
    if (e->opt->max_insns && cpu->icount < e->opt->max_insns) {
        int64_t left = (int64_t)((e->opt->max_insns - cpu->icount) / 6 + 1); /* 6 a cycle at most */
        slice = left < slice ? left : slice;
    }
    int64_t until = cpu->cycles + slice;
    engine_run(cpu, until);
    if (e->opt->max_insns && cpu->icount >= e->opt->max_insns) {
        fprintf(stderr, "ia64-sim: stopped after %llu instructions\n",
                (unsigned long long)cpu->icount);
        m->exit_status = 124;
        m->stop = true;
    }
}

int user_run(struct machine *m)
{
    while (!m->stop)
        user_turn(m, TURN);
    return m->exit_status;
}

int user_main(struct user_options *o)
{
    int status;
    struct machine *m = user_start(o, &status);
    if (!m)
        return status;
    status = user_run(m);
    user_exit(m->board, status);
}
