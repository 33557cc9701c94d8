/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls: from the guest's break to the common handlers and back, continuations, multicalls; and the firmware classes (docs/abi.md).
 */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/multicall.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/stdarg.h>
#include <xen/trace.h>
#include <public/callback.h>

#include <asm/guestfw.h>
#include <asm/privop.h>
#include <asm/processor.h>
#include <asm/vcpu.h>

#define NR_ARGS 5

static const unsigned char hypercall_args[] = hypercall_args_ia64;

bool ia64_fast_hypercall(struct cpu_user_regs *regs, unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

/* Result of a hypercall that cannot even be looked at. */
static void set_result(struct cpu_user_regs *regs, uint64_t val)
{
    regs->gr[8] = val;
    regs->gr_nat &= ~(1UL << 8);
}

bool guest_hypercall_retry(struct cpu_user_regs *regs)
{
    struct vcpu *curr = current;
    struct guest_fault f = curr->arch.mmu.copy_fault;

    /* With interruption collection off nobody can serve it. */
    if ( !curr->arch.mmu.copy_faulted || !vcpu_psr_ic(curr) )
        return false;

    curr->arch.mmu.copy_faulted = false;
    vcpu_restart_hypercall(curr, regs);
    vcpu_reflect(curr, regs, &f);

    return true;
}

static void call_xen(struct cpu_user_regs *regs, unsigned long nr, const unsigned long arg[NR_ARGS])
{
    struct vcpu *curr = current;
    unsigned long result;

    curr->hcall_preempted = false;
    curr->arch.mmu.copy_faulted = false;
    perfc_incra(hypercalls, nr);

    call_handlers_ia64(nr, result, arg[0], arg[1], arg[2], arg[3], arg[4]);

    if ( curr->hcall_preempted )
    {
        /* The continuation has put its arguments in place: the break is executed again. */
        vcpu_restart_hypercall(curr, regs);
        return;
    }

    if ( result == -EFAULT && guest_hypercall_retry(regs) )
        return;

    set_result(regs, result);
}

static void xen_hypercall(struct cpu_user_regs *regs, unsigned long nr)
{
    unsigned long arg[NR_ARGS] = { 0 };

    if ( nr >= ARRAY_SIZE(hypercall_args) )
        set_result(regs, -ENOSYS);
    /* One not in the frame could not be put there either, for a continuation. */
    else if ( !vcpu_get_args(regs, hypercall_args[nr], arg) )
        set_result(regs, -EINVAL);
    else
        call_xen(regs, nr, arg);
}

/*
 * From fast-hypercall.S, interrupts off: regs is as after the break of its page, but for the scratch registers; r2 is below NR_hypercalls, no argument is NaT.
 * Returns with interrupts off whether nothing but r8 has changed and the guest can go on.
 */
bool ia64_fast_hypercall(struct cpu_user_regs *regs, unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    const unsigned long arg[NR_ARGS] = { a0, a1, a2, a3, a4 };
    struct vcpu *curr = current;
    unsigned long nr = regs->gr[2];

    BUILD_BUG_ON(NR_hypercalls != 64);
    curr->arch.priv.hypercall_ip = XEN_FAST_HYPERCALL_BREAK;
    curr->arch.priv.hypercall_slot = 0;
    regs->plain = true;
    perfc_incr(fast_hypercall);
    local_irq_enable();

    if ( nr >= ARRAY_SIZE(hypercall_args) )
        set_result(regs, -ENOSYS);
    else if ( hypercall_args[nr] > IA64_CFM_SOF(regs->cr_ifs) )
        set_result(regs, -EINVAL);
    else
        call_xen(regs, nr, arg);

    local_irq_disable();
    ia64_leave_to_guest(regs);

    return regs->plain;
}

void guest_hypercall(struct cpu_user_regs *regs)
{
    unsigned long nr = regs->gr[2];

    if ( regs_nat(regs, 2) )
    {
        set_result(regs, -EINVAL);
        return;
    }

    current->arch.mmu.copy_faulted = false;

    switch ( nr & ~0xffUL )
    {
    case XEN_HYPERCALL_XEN:
        xen_hypercall(regs, nr);
        break;

    case XEN_HYPERCALL_EFI:
        guestfw_efi(regs, nr & 0xff);
        break;

    case XEN_HYPERCALL_PAL:
        guestfw_pal(regs);
        break;

    case XEN_HYPERCALL_SAL:
        guestfw_sal(regs);
        break;

    case XEN_HYPERCALL_FPSWA & ~0xffUL:
        if ( nr == XEN_HYPERCALL_FPSWA )
        {
            fpswa_hypercall(regs);
            break;
        }
        goto unimplemented;

    case XEN_HYPERCALL_SAL_RETURN:
        if ( guestfw_sal_return(regs, nr & 0xff) )
            break;
        /* fallthrough */
    default:
    unimplemented:
        gprintk(XENLOG_DEBUG, "unimplemented: hypercall %#lx\n", nr);
        set_result(regs, -ENOSYS);
        break;
    }
}

#define NEXT_ARG(fmt, args)                                                 \
({                                                                          \
    unsigned long __arg;                                                    \
    switch ( *(fmt)++ )                                                     \
    {                                                                       \
    case 'i': __arg = (unsigned long)va_arg(args, unsigned int);  break;    \
    case 'l': __arg = (unsigned long)va_arg(args, unsigned long); break;    \
    case 'h': __arg = (unsigned long)va_arg(args, void *);        break;    \
    default:  goto bad_fmt;                                                 \
    }                                                                       \
    __arg;                                                                  \
})

unsigned long hypercall_create_continuation(unsigned int op, const char *format, ...)
{
    struct vcpu *curr = current;
    struct mc_state *mcs = &curr->mc_state;
    const char *p = format;
    unsigned long rc;
    unsigned int i;
    va_list args;

    curr->hcall_preempted = true;

    va_start(args, format);

    if ( mcs->flags & MCSF_in_multicall )
    {
        for ( i = 0; *p != '\0'; i++ )
            mcs->call.args[i] = NEXT_ARG(p, args);

        /* Return value gets written back to mcs->call.result */
        rc = mcs->call.result;
    }
    else
    {
        struct cpu_user_regs *regs = guest_cpu_user_regs();
        struct guest_fault f;

        regs->gr[2] = op;
        for ( i = 0; *p != '\0'; i++ )
        {
            unsigned long arg = NEXT_ARG(p, args);

            /* The arguments came from there (get_args()): the registers exist. */
            if ( !vcpu_set_gr(regs, 32 + i, arg, false, &f) )
            {
                gprintk(XENLOG_ERR, "hypercall %u: its frame has no in%u to continue with\n", op, i);
                domain_crash(curr->domain);
                break;
            }
        }
        rc = 0;
    }

    va_end(args);

    return rc;

 bad_fmt:
    va_end(args);
    gprintk(XENLOG_ERR, "Bad hypercall continuation format '%c'\n", *p);
    ASSERT_UNREACHABLE();
    domain_crash(curr->domain);
    return 0;
}

#undef NEXT_ARG

void arch_hypercall_tasklet_result(struct vcpu *v, long res)
{
    set_result(&v->arch.user_regs, res);
}

enum mc_disposition arch_do_multicall_call(struct mc_state *state)
{
    struct multicall_entry *multi = &state->call;

    call_handlers_ia64(multi->op, multi->result, multi->args[0], multi->args[1], multi->args[2], multi->args[3], multi->args[4]);

    return mc_continue;
}

static long register_event_callback(xen_callback_t address)
{
    /* A bundle of the guest's own: Xen's half of region 7 would fault for ever. */
    if ( (address & 0xf) || is_xen_va(address) )
        return -EINVAL;

    current->arch.event_callback_ip = address;

    return 0;
}

long do_callback_op(int cmd, XEN_GUEST_HANDLE_PARAM(const_void) arg)
{
    switch ( cmd )
    {
    case CALLBACKOP_register:
    {
        struct callback_register reg;

        if ( copy_from_guest(&reg, arg, 1) )
            return -EFAULT;
        if ( reg.type != CALLBACKTYPE_event )
            return -ENOSYS;
        if ( reg.flags )
            return -EINVAL;

        return register_event_callback(reg.address);
    }

    case CALLBACKOP_unregister:
    {
        struct callback_unregister unreg;

        if ( copy_from_guest(&unreg, arg, 1) )
            return -EFAULT;
        if ( unreg.type != CALLBACKTYPE_event )
            return -ENOSYS;

        current->arch.event_callback_ip = 0;

        return 0;
    }
    }

    return -ENOSYS;
}

long do_vcpu_op(int cmd, unsigned int vcpuid, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    struct vcpu *v = domain_vcpu(current->domain, vcpuid);

    return v ? common_vcpu_op(cmd, v, arg) : -ENOENT;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
