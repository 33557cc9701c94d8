/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is particular to ia64 in the control interfaces of the whole machine: sysctl, platform and physical device operations, the capability string.
 */
#include <xen/cpu.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <xen/efi.h>
#include <xen/version.h>
#include <public/physdev.h>
#include <public/platform.h>
#include <public/sysctl.h>
#include <xsm/xsm.h>

void arch_do_physinfo(struct xen_sysctl_physinfo *pi)
{
    pi->capabilities |= XEN_SYSCTL_PHYSCAP_hvm | XEN_SYSCTL_PHYSCAP_hap;
}

/* On CPU 0, in a tasklet. -EBUSY: somebody reads the processors' maps, or RCU work is left, and once more may help. */
static long cf_check cpu_up_helper(void *data)
{
    unsigned int cpu = (unsigned long)data;
    int rc = cpu_up(cpu);

    if ( rc == -EBUSY )
    {
        rcu_barrier();
        rc = cpu_up(cpu);
    }

    return rc;
}

static long cf_check cpu_down_helper(void *data)
{
    unsigned int cpu = (unsigned long)data;
    int rc = cpu_down(cpu);

    if ( rc == -EBUSY )
    {
        rcu_barrier();
        rc = cpu_down(cpu);
    }

    return rc;
}

static long cpu_hotplug(const struct xen_sysctl_cpu_hotplug *hp)
{
    int rc;

    switch ( hp->op )
    {
    case XEN_SYSCTL_CPU_HOTPLUG_ONLINE:
        rc = xsm_resource_plug_core(XSM_HOOK);
        return rc ?: continue_hypercall_on_cpu(0, cpu_up_helper, _p(hp->cpu));

    case XEN_SYSCTL_CPU_HOTPLUG_OFFLINE:
        rc = xsm_resource_unplug_core(XSM_HOOK);
        return rc ?: continue_hypercall_on_cpu(0, cpu_down_helper, _p(hp->cpu));

    default:                    /* processors have one thread */
        return -EOPNOTSUPP;
    }
}

long arch_do_sysctl(struct xen_sysctl *sysctl, XEN_GUEST_HANDLE_PARAM(xen_sysctl_t) u_sysctl)
{
    switch ( sysctl->cmd )
    {
    case XEN_SYSCTL_cpu_hotplug:
        return cpu_hotplug(&sysctl->u.cpu_hotplug);

    default:
        return -ENOSYS;
    }
}

void arch_get_xen_caps(xen_capabilities_info_t *info)
{
    char s[64];

    (*info)[0] = '\0';
    snprintf(s, sizeof(s), "xen-%u.%u-ia64 ", xen_major_version(), xen_minor_version());
    safe_strcat(*info, s);
}

DEFINE_SPINLOCK(xenpf_lock);

long do_platform_op(XEN_GUEST_HANDLE_PARAM(xen_platform_op_t) u_xenpf_op)
{
    long ret;
    struct xen_platform_op curop, *op = &curop;
    struct domain *d;

    if ( copy_from_guest(op, u_xenpf_op, 1) )
        return -EFAULT;

    if ( op->interface_version != XENPF_INTERFACE_VERSION )
        return -EACCES;

    ret = xsm_platform_op(XSM_PRIV, op->cmd);
    if ( ret )
        return ret;

    d = rcu_lock_current_domain();

    /* An existing holder may want to synchronise with this vcpu: do not spin. */
    while ( !spin_trylock(&xenpf_lock) )
        if ( hypercall_preempt_check() )
        {
            rcu_unlock_domain(d);
            return hypercall_create_continuation(__HYPERVISOR_platform_op, "h", u_xenpf_op);
        }

    switch ( op->cmd )
    {
    case XENPF_settime64:
        if ( likely(!op->u.settime64.mbz) )
            do_settime(op->u.settime64.secs, op->u.settime64.nsecs,
                       op->u.settime64.system_time + SECONDS(d->time_offset.seconds));
        else
            ret = -EINVAL;
        break;

    case XENPF_efi_runtime_call:
        ret = efi_runtime_call(&op->u.efi_runtime_call);
        if ( ret == 0 && __copy_field_to_guest(u_xenpf_op, op, u.efi_runtime_call) )
            ret = -EFAULT;
        break;

    case XENPF_firmware_info:
        if ( op->u.firmware_info.type != XEN_FW_EFI_INFO )
        {
            ret = -EINVAL;
            break;
        }
        ret = efi_get_info(op->u.firmware_info.index, &op->u.firmware_info.u.efi_info);
        if ( ret == 0 && __copy_field_to_guest(u_xenpf_op, op, u.firmware_info) )
            ret = -EFAULT;
        break;

    default:
        ret = -ENOSYS;
        break;
    }

    spin_unlock(&xenpf_lock);
    rcu_unlock_domain(d);

    return ret;
}

/*
 * Interrupts reach a domain through its virtual IOSAPIC, not through pirqs; what a driver domain may still say here is that it has seen a device.
 */
long do_physdev_op(int cmd, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    switch ( cmd )
    {
    case PHYSDEVOP_eoi:
    case PHYSDEVOP_irq_status_query:
    case PHYSDEVOP_get_free_pirq:
    case PHYSDEVOP_map_pirq:
    case PHYSDEVOP_unmap_pirq:
        gdprintk(XENLOG_DEBUG, "unimplemented: physdev_op %d: interrupts come through the virtual IOSAPIC\n", cmd);
        return -ENOSYS;

    case PHYSDEVOP_pci_device_add:
    {
        struct physdev_pci_device_add add;

        if ( !is_hardware_domain(current->domain) )
            return -EPERM;
        if ( copy_from_guest(&add, arg, 1) )
            return -EFAULT;
        /* Nothing is kept: devices are not assigned to other domains yet. */
        return 0;
    }

    default:
        return -ENOSYS;
    }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
