/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's processors between SAL and the OS: the boot rendezvous, from which an interrupt message starts a vcpu and to which the OS gives one back
 * (SAL specification, 3.2.5); INIT.
 */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/sched.h>

#include <asm/vcpu.h>
#include <asm/vlsapic.h>

#include "guestfw.h"

/* A message from another of the domain's vcpus to one that SAL still has. */
void guestfw_wake_vcpu(struct vcpu *v, unsigned int vector)
{
    struct guest_firmware *fw = &v->domain->arch.fw;
    uint64_t ip, gp;

    /* SAL lets through no other vector, and VCPUOP_down is not its affair. */
    if ( vector != GUESTFW_WAKEUP_VECTOR || v->is_initialised )
        return;

    spin_lock(&fw->lock);
    ip = fw->boot_rendez.ip;
    gp = fw->boot_rendez.gp;
    spin_unlock(&fw->lock);

    if ( !ip )
    {
        printk(XENLOG_G_WARNING "%pv: woken by vector %#x, but no boot rendezvous was registered\n", v, vector);
        return;
    }

    /* PAL_HALT: may still be about to leave its processor, and then save what it had there. */
    vcpu_sleep_sync(v);

    domain_lock(v->domain);
    if ( !v->is_initialised )
    {
        vcpu_start_physical(v, ip, gp, 0);
        clear_bit(_VPF_down, &v->pause_flags);
        domain_unlock(v->domain);
        vcpu_wake(v);
        return;
    }
    domain_unlock(v->domain);
}

/* In a tasklet: v has left its processor. SAL takes what is pending; a call to start that came before the vcpu did is answered. */
static long cf_check return_from_boot(void *data)
{
    struct vcpu *v = data;
    bool wake;

    set_bit(_VPF_down, &v->pause_flags);
    v->is_initialised = 0;
    smp_mb();                   /* vlsapic_deliver() pends the vector first, and looks then */
    wake = test_bit(GUESTFW_WAKEUP_VECTOR, v->arch.lsapic.irr);
    vlsapic_reset(v);
    if ( wake )
        guestfw_wake_vcpu(v, GUESTFW_WAKEUP_VECTOR);

    return 0;
}

void guestfw_sal_return(struct cpu_user_regs *regs, unsigned int from)
{
    switch ( from )
    {
    case GUESTFW_RETURN_BOOT:
        if ( continue_hypercall_on_cpu(smp_processor_id(), return_from_boot, current) )
            domain_crash(current->domain);
        break;

    default:
        gprintk(XENLOG_WARNING, "unimplemented: return %u to SAL\n", from);
        domain_crash(current->domain);
        break;
    }
}

bool guestfw_init_domain(struct domain *d)
{
    return false;
}

void guestfw_init_event(struct vcpu *v)
{
    printk(XENLOG_G_WARNING "%pv: unimplemented: INIT of a guest\n", v);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
