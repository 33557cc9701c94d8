/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The system call convention of Linux/ia64: break 0x100000 with the number in r15 and the arguments
 * in the output registers of the current frame (glibc's stubs call a two-instruction routine, whose
 * outputs-only frame makes them r32 and up). The result is in r8; r10 is -1 and r8 the error number
 * after an error, r10 is 0 otherwise.
 */
#include "sim/user/syscalls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct syscall_row syscall_rows[SYSCALL_COUNT] = {
#define S(nr, call, letters) [nr] = {#call, sys_##call, letters},
#define U(nr, call)          [nr] = {#call, NULL, ""},
#include "sim/user/syscalls.def"
#undef S
#undef U
};

const char *syscall_name(unsigned nr, char buf[24])
{
    if (nr < SYSCALL_COUNT && syscall_rows[nr].name)
        return syscall_rows[nr].name;
    snprintf(buf, 24, "?");
    return buf;
}

void syscall_advance(struct user_env *e)
{
    struct cpu *cpu = e->cpu;
    unsigned slot = (cpu->psr & PSR_RI) >> PSR_RI_SHIFT;
    uint8_t tmpl = 0;
    as_read(e->as, &tmpl, cpu->ip, 1); /* an MLX bundle's break.x fills slots 1 and 2 */
    bool mlx = (tmpl & 0x1e) == 4;
    cpu->psr &= ~PSR_RI;
    if (slot == 2 || (slot == 1 && mlx))
        cpu->ip += 16;
    else
        cpu->psr |= (uint64_t)(slot + 1) << PSR_RI_SHIFT;
}

/* The eight output registers; a NaT argument is -1, as the kernel makes it. */
static void get_args(struct cpu *cpu, uint64_t a[8])
{
    for (unsigned i = 0; i < 8; i++) {
        unsigned r = cpu->cfm.sol + i;
        a[i] = 0;
        if (r < cpu->cfm.sof)
            a[i] = gr(cpu, 32 + r)->n ? ~0ull : gr(cpu, 32 + r)->v;
    }
}

static int64_t unimplemented(struct user_env *e, unsigned nr)
{
    char buf[24];
    unsigned bit = nr % 512;
    if (!(e->unknown_seen[bit / 64] >> (bit % 64) & 1)) {
        e->unknown_seen[bit / 64] |= 1ull << (bit % 64);
        fprintf(stderr, "unimplemented: system call %u (%s)\n", nr + SYSCALL_FIRST,
                syscall_name(nr, buf));
    }
    if (e->opt->strict)
        user_exit(e, 125);
    return -ENOSYS;
}

static void set_result(struct user_env *e, int64_t r)
{
    struct cpu *cpu = e->cpu;
    bool error = r < 0 && r >= -4095 && !e->force_success;
    cpu->gr[8] = (struct gr){error ? (uint64_t)-r : (uint64_t)r, 0};
    cpu->gr[10] = (struct gr){error ? ~0ull : 0, 0};
}

void syscall_break(struct user_env *e)
{
    struct cpu *cpu = e->cpu;
    uint64_t a[8];
    int64_t r;
    unsigned nr = (unsigned)(cpu->gr[15].v - SYSCALL_FIRST);
    bool known = !cpu->gr[15].n && cpu->gr[15].v >= SYSCALL_FIRST &&
                 cpu->gr[15].v < SYSCALL_FIRST + SYSCALL_COUNT;

    get_args(cpu, a);
    e->force_success = false;
    if (e->opt->strace)
        strace_enter(e, known ? nr : ~0u, a);
    if (known && syscall_rows[nr].fn)
        r = syscall_rows[nr].fn(e, a);
    else if (cpu->gr[15].n)
        r = -EINVAL;
    else
        r = unimplemented(e, known ? nr : (unsigned)cpu->gr[15].v - SYSCALL_FIRST);
    if (e->opt->strace)
        strace_leave(e, known ? nr : ~0u, r);

    if (r == -E_NO_RESULT) {
        signal_check(e, 0, false);
    } else if (r == -E_RESTART || r == -E_RESTART_NOHAND) {
        signal_check(
            e, r, true); /* ip is at the break: the call happens again unless a handler ends it */
    } else {
        set_result(e, r);
        syscall_advance(e);
        if (e->pending_flag || e->sig.have_saved_mask)
            signal_check(e, 0, true);
    }
}
