/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains and vcpus as common code wants them: made, given a context, taken apart. What a vcpu's state is belongs to its parts (vcpu.c, vtlb.c,
 * vlsapic.c); switching between vcpus is switch.c.
 */
#include <xen/domain_page.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/wait.h>
#include <xsm/xsm.h>

#include <asm/guestfw.h>
#include <asm/p2m.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vmsi.h>
#include <asm/vuart.h>

/* mapped_regs is a page, and its offsets are ABI. */
static void __init __maybe_unused build_assertions(void)
{
    BUILD_BUG_ON(sizeof(struct mapped_regs) != PAGE_SIZE);
    BUILD_BUG_ON(offsetof(struct mapped_regs, vpsr) != 0x590);
    BUILD_BUG_ON(offsetof(struct mapped_regs, vcr) != 0x800);
    BUILD_BUG_ON(offsetof(struct mapped_regs, precover_ifs) != 0xc00);
    BUILD_BUG_ON(offsetof(struct mapped_regs, interrupt_mask_addr) != 0xc18);
    BUILD_BUG_ON(offsetof(struct mapped_regs, metaphysical_mode) != 0xc48);
    BUILD_BUG_ON(offsetof(struct mapped_regs, rrs) != 0xc50);
    BUILD_BUG_ON(offsetof(struct mapped_regs, krs) != 0xc90);
    BUILD_BUG_ON(offsetof(struct mapped_regs, itc_offset) != 0xd50);
}

struct domain *alloc_domain_struct(void)
{
    struct domain *d;
    unsigned int order = get_order_from_bytes(sizeof(*d));

    d = alloc_xenheap_pages(order, 0);
    if ( d != NULL )
        memset(d, 0, PAGE_SIZE << order);

    return d;
}

void free_domain_struct(struct domain *d)
{
    free_xenheap_pages(d, get_order_from_bytes(sizeof(*d)));
}

struct vcpu *alloc_vcpu_struct(const struct domain *d)
{
    struct vcpu *v;
    unsigned int order = get_order_from_bytes(sizeof(*v));

    v = alloc_xenheap_pages(order, 0);
    if ( v != NULL )
        memset(v, 0, PAGE_SIZE << order);

    return v;
}

void free_vcpu_struct(struct vcpu *v)
{
    free_xenheap_pages(v, get_order_from_bytes(sizeof(*v)));
}

int arch_sanitise_domain_config(struct xen_domctl_createdomain *config)
{
    unsigned int flags_required = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;

    if ( config->flags != flags_required )
    {
        dprintk(XENLOG_INFO, "Unsupported configuration %#x\n", config->flags);
        return -EINVAL;
    }

    if ( config->max_vcpus > MAX_VIRT_CPUS )
    {
        dprintk(XENLOG_INFO, "Requested vCPUs (%u) exceeds max (%u)\n",
                config->max_vcpus, MAX_VIRT_CPUS);
        return -EINVAL;
    }

    if ( config->arch.flags || config->arch.pad )
    {
        dprintk(XENLOG_INFO, "Unknown ia64 flags %#x\n", config->arch.flags);
        return -EINVAL;
    }

    return 0;
}

int arch_domain_create(struct domain *d,
                       struct xen_domctl_createdomain *config,
                       unsigned int flags)
{
    int rc;

    /* Idle domains do not need this setup */
    if ( is_idle_domain(d) )
        return 0;

    ASSERT(config != NULL);

    d->arch.hypercall_break = XEN_HYPERCALL_BREAK;
    d->arch.direct_mapped = flags & CDF_directmap;
    spin_lock_init(&d->arch.fw.lock);

    if ( (rc = rid_alloc(d)) != 0 )
        goto fail;

    if ( (rc = p2m_init(d)) != 0 )
        goto fail;

    rc = -ENOMEM;
    if ( (d->shared_info = alloc_xenheap_pages(0, 0)) == NULL )
        goto fail;

    clear_page(d->shared_info);
    share_xen_page_with_guest(virt_to_page(d->shared_info), d, SHARE_rw);

    if ( (rc = viosapic_init(d)) != 0 )
        goto fail;

    if ( is_hardware_domain(d) && ((rc = vuart_init(d)) != 0 || (rc = vmsi_init(d)) != 0) )
        goto fail;

    update_domain_wallclock_time(d);

    return 0;

 fail:
    d->is_dying = DOMDYING_dead;
    arch_domain_destroy(d);

    return rc;
}

void arch_domain_destroy(struct domain *d)
{
    vmsi_destroy(d);
    vuart_destroy(d);
    viosapic_destroy(d);
    p2m_teardown(d);
    free_xenheap_page(d->shared_info);
    d->shared_info = NULL;
    rid_free(d);
}

void arch_domain_shutdown(struct domain *d)
{
}

void arch_domain_pause(struct domain *d)
{
}

void arch_domain_unpause(struct domain *d)
{
}

int arch_domain_soft_reset(struct domain *d)
{
    return -ENOSYS;
}

void arch_domain_creation_finished(struct domain *d)
{
}

int arch_vcpu_create(struct vcpu *v)
{
    struct mapped_regs *privregs;
    int rc;

    spin_lock_init(&v->arch.mmu.lock);

    /* Idle vcpus need no more. */
    if ( is_idle_vcpu(v) )
        return 0;

    privregs = alloc_xenheap_pages(0, 0);
    if ( privregs == NULL )
        return -ENOMEM;
    clear_page(privregs);
    v->arch.privregs = privregs;
    share_xen_page_with_guest(virt_to_page(privregs), v->domain, SHARE_rw);

    privregs->interrupt_mask_addr = XSI_SHARED_INFO +
        offsetof(struct shared_info, vcpu_info[v->vcpu_id % XEN_LEGACY_MAX_VCPUS].evtchn_upcall_mask);
    /* Interrupts are off at reset: psr.i = 0. */
    if ( v->vcpu_id < XEN_LEGACY_MAX_VCPUS )
        v->domain->shared_info->vcpu_info[v->vcpu_id].evtchn_upcall_mask = 1;

    if ( (rc = vcpu_mmu_init(v)) != 0 )
        goto fail;

    if ( (rc = vcpu_priv_init(v)) != 0 )
        goto fail;

    if ( (rc = vlsapic_init(v)) != 0 )
        goto fail;

    return 0;

 fail:
    arch_vcpu_destroy(v);

    return rc;
}

void arch_vcpu_destroy(struct vcpu *v)
{
    if ( is_idle_vcpu(v) || !v->arch.privregs )
        return;

    vlsapic_destroy(v);
    vcpu_priv_destroy(v);
    vcpu_mmu_destroy(v);
    free_xenheap_page(v->arch.privregs);
    v->arch.privregs = NULL;
}

int arch_vcpu_reset(struct vcpu *v)
{
    vcpu_end_shutdown_deferral(v);

    return 0;
}

/*
 * The guest's psr for code that runs in physical mode, as SAL hands over a processor (SAL specification: OS_BOOT_RENDEZ): everything off but
 * alignment checks; bank 1 is the caller's.
 */
#define PSR_PHYSICAL (IA64_PSR_BN | IA64_PSR_AC)

void vcpu_start_physical(struct vcpu *v, uint64_t ip, uint64_t gp, uint64_t r28)
{
    struct cpu_user_regs *regs = &v->arch.user_regs;
    const struct guest_firmware *fw = &v->domain->arch.fw;
    uint64_t stack = fw->base + GUESTFW_STACKS + v->vcpu_id * GUESTFW_STACK_SIZE;

    vcpu_reset_state(v);
    vcpu_mmu_reset(v);
    vcpu_set_psr(v, regs, PSR_PHYSICAL);
    regs->cr_iip = ip;
    regs->gr[1] = gp;
    regs->gr[28] = r28;
    regs->br[0] = guestfw_sal_return_entry(v->domain, GUESTFW_RETURN_BOOT);
    /* Half a page each for the memory stack, which grows down, and the backing store, which grows up. */
    regs->gr[12] = stack + GUESTFW_STACK_SIZE - 16;
    regs->ar_bspstore = stack;
    v->arch.started = true;
    v->arch.init_pending = false;
    v->is_initialised = 1;
}

int arch_initialise_vcpu(struct vcpu *v, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    struct domain *d = v->domain;
    struct vcpu_guest_context *ctxt;
    int rc;

    if ( (ctxt = alloc_vcpu_guest_context()) == NULL )
        return -ENOMEM;

    if ( copy_from_guest(ctxt, arg, 1) )
        rc = -EFAULT;
    else
    {
        domain_lock(d);
        rc = v->is_initialised ? -EEXIST : arch_set_info_guest(v, (vcpu_guest_context_u){ .nat = ctxt });
        domain_unlock(d);
    }

    free_vcpu_guest_context(ctxt);

    return rc;
}

int domain_relinquish_resources(struct domain *d)
{
    int rc;

    /* Each step can be taken again from its start. */
    if ( (rc = p2m_relinquish(d)) != 0 )
        return rc;

    if ( (rc = relinquish_memory(d, &d->xenpage_list)) != 0 )
        return rc;

    return relinquish_memory(d, &d->page_list);
}

void arch_dump_domain_info(struct domain *d)
{
    printk("    region ids: block %u; p2m: highest frame %#"PRI_gfn"%s\n", d->arch.rid_block,
           gfn_x(d->arch.p2m.max_mapped_gfn), d->arch.direct_mapped ? "; gfn == mfn" : "");
    viosapic_dump(d);
}

void arch_dump_vcpu_info(struct vcpu *v)
{
    const struct mapped_regs *m = v->arch.privregs;

    if ( !m )
        return;

    printk("    vpsr %016lx ic %d i %d bank %d %s; iva %016lx tpr %02lx itv %02lx itm %016lx; irr %016lx %016lx %016lx %016lx\n",
           m->vpsr, vcpu_psr_ic(v), vcpu_psr_i(v), m->banknum, v->arch.mmu.metaphysical ? "physical" : "virtual",
           m->vcr[IA64_CR_IVA], m->vcr[IA64_CR_TPR], m->vcr[IA64_CR_ITV], m->vcr[IA64_CR_ITM],
           v->arch.lsapic.irr[0], v->arch.lsapic.irr[1], v->arch.lsapic.irr[2], v->arch.lsapic.irr[3]);
}

void vcpu_mark_events_pending(struct vcpu *v)
{
    if ( test_and_set_bit(0, (unsigned long *)&vcpu_info(v, evtchn_upcall_pending)) )
        return;

    vcpu_event_pended(v);
    vcpu_kick(v);
}

void vcpu_update_evtchn_irq(struct vcpu *v)
{
    if ( vcpu_info(v, evtchn_upcall_pending) )
        vcpu_event_pended(v);
}

void vcpu_block_unless_event_pending(struct vcpu *v)
{
    vcpu_block();
    if ( vcpu_has_pending(v) )
        vcpu_unblock(v);
}

int arch_get_paging_mempool_size(struct domain *d, uint64_t *size)
{
    return -EOPNOTSUPP;
}

int arch_set_paging_mempool_size(struct domain *d, uint64_t size)
{
    return -EOPNOTSUPP;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
