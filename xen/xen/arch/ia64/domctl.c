/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is particular to ia64 in the control of domains: domctl, HVM parameters (where the toolstack tells a guest its frames and events), and the
 * monitor and vm_event interfaces, of which there is nothing here.
 */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <public/domctl.h>
#include <public/hvm/hvm_op.h>
#include <public/hvm/params.h>
#include <public/vm_event.h>
#include <xsm/xsm.h>

#include <asm/irq.h>

void arch_get_domain_info(const struct domain *d, struct xen_domctl_getdomaininfo *info)
{
    info->flags |= XEN_DOMINF_hap;
    info->gpaddr_bits = PADDR_BITS;
}

long arch_do_domctl(struct xen_domctl *domctl, struct domain *d, XEN_GUEST_HANDLE_PARAM(xen_domctl_t) u_domctl)
{
    switch ( domctl->cmd )
    {
    case XEN_DOMCTL_cacheflush:
        /* Caches are coherent with instruction fetch once fc has been done: the toolstack's writes need no more (SDM 2:4.4.3). */
        return 0;

    default:
        return -ENOSYS;
    }
}

static int allow_set_param(const struct domain *d, unsigned int param)
{
    switch ( param )
    {
    case HVM_PARAM_CALLBACK_IRQ:
    case HVM_PARAM_STORE_PFN:
    case HVM_PARAM_STORE_EVTCHN:
    case HVM_PARAM_CONSOLE_PFN:
    case HVM_PARAM_CONSOLE_EVTCHN:
        /* The toolstack's to set, the guest's to read. */
        return d == current->domain ? -EPERM : 0;

    default:
        return -EINVAL;
    }
}

static int allow_get_param(const struct domain *d, unsigned int param)
{
    switch ( param )
    {
    case HVM_PARAM_CALLBACK_IRQ:
    case HVM_PARAM_STORE_PFN:
    case HVM_PARAM_STORE_EVTCHN:
    case HVM_PARAM_CONSOLE_PFN:
    case HVM_PARAM_CONSOLE_EVTCHN:
        return 0;

    default:
        return -EINVAL;
    }
}

long do_hvm_op(unsigned long op, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    struct xen_hvm_param a;
    struct domain *d;
    long rc;

    switch ( op )
    {
    case HVMOP_set_param:
    case HVMOP_get_param:
        if ( copy_from_guest(&a, arg, 1) )
            return -EFAULT;

        d = rcu_lock_domain_by_any_id(a.domid);
        if ( d == NULL )
            return -ESRCH;

        rc = xsm_hvm_param(XSM_TARGET, d, op);
        if ( !rc )
            rc = op == HVMOP_set_param ? allow_set_param(d, a.index) : allow_get_param(d, a.index);
        if ( !rc )
        {
            if ( op == HVMOP_set_param )
                d->arch.hvm.params[a.index] = a.value;
            else
            {
                a.value = d->arch.hvm.params[a.index];
                rc = copy_to_guest(arg, &a, 1) ? -EFAULT : 0;
            }
        }
        rcu_unlock_domain(d);

        return rc;

    case HVMOP_guest_request_vm_event:
    default:
        return -ENOSYS;
    }
}

int arch_monitor_domctl_event(struct domain *d, struct xen_domctl_monitor_op *mop)
{
    /* arch_monitor_get_capabilities() offers none. */
    return -EOPNOTSUPP;
}

void vm_event_fill_regs(vm_event_request_t *req)
{
}

void vm_event_set_registers(struct vcpu *v, vm_event_response_t *rsp)
{
}

void vm_event_monitor_next_interrupt(struct vcpu *v)
{
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
