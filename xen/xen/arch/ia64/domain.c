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

/* The state every vcpu starts from. */
static void vcpu_reset_state(struct vcpu *v)
{
    struct cpu_user_regs *regs = &v->arch.user_regs;

    memset(regs, 0, sizeof(*regs));
    memset(v->arch.fr, 0, sizeof(v->arch.fr));
    memset(v->arch.ia32_ar, 0, sizeof(v->arch.ia32_ar));
    /* ar.fpsr: traps off, sf0 round to nearest in register format, sf1-sf3 as the software conventions have them. */
    regs->ar_fpsr = 0x0009804c0270033fUL;
    regs->cr_ifs = 1UL << 63;
    regs->ar_rsc = 1UL << 2;            /* pl 1, enforced lazy */
}

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

/*
 * A vcpu's whole context, given by another domain or by the guest itself (VCPUOP_initialise). Nothing in it is believed: registers are the
 * guest's own, what the machine gets of psr, rsc and the TRs is made by the same functions that serve its instructions.
 */
int arch_set_info_guest(struct vcpu *v, vcpu_guest_context_u c)
{
    const struct vcpu_guest_context *ctxt = c.nat;
    struct cpu_user_regs *regs = &v->arch.user_regs;
    struct guest_fault f;
    uint64_t sof = ctxt->cfm & 0x7f, sol = (ctxt->cfm >> 7) & 0x7f, sor = ((ctxt->cfm >> 14) & 0xf) << 3;
    unsigned int i;

    if ( v == current )
        return -EBUSY;
    if ( ctxt->flags & ~VGCF_ONLINE )
        return -EINVAL;
    if ( sof > 96 || sol > sof || sor > sof || ctxt->stacked_bytes > sizeof(v->arch.stacked) || (ctxt->stacked_bytes & 7) ||
         (ctxt->ip & 0xf) || ((ctxt->psr & IA64_PSR_CPL) && ((ctxt->psr & IA64_PSR_CPL) != IA64_PSR_CPL)) )
        return -EINVAL;

    vcpu_reset_state(v);
    vcpu_mmu_reset(v);

    for ( i = 1; i < 32; i++ )
        regs->gr[i] = ctxt->gr[i];
    regs->gr_nat = ctxt->gr_nat & 0xfffffffeUL;
    memcpy(regs->br, ctxt->br, sizeof(regs->br));
    regs->pr = ctxt->pr | 1;
    regs->ar_rsc = (ctxt->ar[IA64_AR_RSC] & 0x3fff001fUL) | (1UL << 2);
    regs->ar_bspstore = ctxt->ar[18] & ~7UL;
    regs->ar_rnat = ctxt->ar[19];
    regs->ar_csd = ctxt->ar[25];
    regs->ar_ssd = ctxt->ar[26];
    regs->ar_ccv = ctxt->ar[32];
    regs->ar_unat = ctxt->ar[36];
    regs->ar_fpsr = ctxt->ar[40];
    regs->ar_pfs = ctxt->ar[64];
    regs->ar_lc = ctxt->ar[65];
    regs->ar_ec = ctxt->ar[66] & 0x3f;
    regs->cr_ifs = (1UL << 63) | (ctxt->cfm & 0x3fffffffffUL);
    regs->loadrs = ctxt->stacked_bytes << 16;
    memcpy(v->arch.stacked, ctxt->stacked, ctxt->stacked_bytes);
    for ( i = 2; i < 128; i++ )
    {
        struct ia64_fpreg *fr = i >= 6 && i < 12 ? &regs->fr6_11[i - 6] : &v->arch.fr[i];

        memcpy(fr, &ctxt->fr[i], sizeof(*fr));
    }
    for ( i = 0; i < 8; i++ )
        vcpu_set_kr(v, i, ctxt->ar[i]);

    /* Interruption and platform registers by the guest's own rules; read-only ones are not settable. */
    for ( i = 0; i < 8; i++ )
        if ( !vcpu_set_rr(v, (uint64_t)i << 61, ctxt->rr[i], &f) )
            return -EINVAL;
    for ( i = 0; i < 16; i++ )
        if ( (ctxt->pkr[i] & 1) && !vcpu_set_pkr(v, i, ctxt->pkr[i], &f) )
            return -EINVAL;
    for ( i = 0; i < 8; i++ )
        if ( !vcpu_set_dbr(v, i, ctxt->dbr[i], &f) || !vcpu_set_ibr(v, i, ctxt->ibr[i], &f) )
            return -EINVAL;
    for ( i = 0; i < ARRAY_SIZE(ctxt->itr); i++ )
    {
        if ( (ctxt->itr[i].pte & 1) &&
             !vcpu_itr(v, false, i, ctxt->itr[i].pte, ctxt->itr[i].itir, ctxt->itr[i].va, &f) )
            return -EINVAL;
        if ( (ctxt->dtr[i].pte & 1) &&
             !vcpu_itr(v, true, i, ctxt->dtr[i].pte, ctxt->dtr[i].itir, ctxt->dtr[i].va, &f) )
            return -EINVAL;
    }
    {
        static const uint8_t settable[] = {
            IA64_CR_DCR, IA64_CR_IVA, IA64_CR_PTA, IA64_CR_IPSR, IA64_CR_ISR, IA64_CR_IIP, IA64_CR_IFA, IA64_CR_ITIR, IA64_CR_IIPA,
            IA64_CR_IFS, IA64_CR_IIM, IA64_CR_IHA, IA64_CR_TPR, IA64_CR_ITV, IA64_CR_PMV, IA64_CR_CMCV, IA64_CR_ITM,
        };

        for ( i = 0; i < ARRAY_SIZE(settable); i++ )
            if ( !vcpu_set_cr(v, settable[i], ctxt->cr[settable[i]], &f) )
                return -EINVAL;
    }

    memcpy(v->arch.privregs->vbank0, ctxt->vbank, sizeof(ctxt->vbank));
    v->arch.privregs->vbnat = ctxt->vbank_nat & 0xffff;
    regs->cr_iip = ctxt->ip;
    vcpu_set_psr(v, regs, ctxt->psr | IA64_PSR_BN);
    v->arch.event_callback_ip = ctxt->event_callback_ip;
    v->arch.started = true;
    v->is_initialised = 1;

    if ( ctxt->flags & VGCF_ONLINE )
        clear_bit(_VPF_down, &v->pause_flags);
    else
        set_bit(_VPF_down, &v->pause_flags);

    return 0;
}

/* v does not run (domain_pause, or it is down). */
void arch_get_info_guest(struct vcpu *v, vcpu_guest_context_u c)
{
    struct vcpu_guest_context *ctxt = c.nat;
    const struct cpu_user_regs *regs = &v->arch.user_regs;
    const struct mapped_regs *m = v->arch.privregs;
    struct guest_fault f;
    unsigned int i;

    memset(ctxt, 0, sizeof(*ctxt));
    if ( !test_bit(_VPF_down, &v->pause_flags) )
        ctxt->flags |= VGCF_ONLINE;
    if ( !m )
        return;

    memcpy(ctxt->gr, regs->gr, sizeof(ctxt->gr));
    ctxt->gr[0] = 0;
    ctxt->gr_nat = regs->gr_nat & 0xfffffffeUL;
    memcpy(ctxt->br, regs->br, sizeof(ctxt->br));
    ctxt->pr = regs->pr;
    ctxt->psr = vcpu_get_psr(v, regs);
    ctxt->ip = regs->cr_iip;
    ctxt->cfm = regs->cr_ifs & 0x3fffffffffUL;
    ctxt->ar[IA64_AR_RSC] = regs->ar_rsc;
    ctxt->ar[17] = regs->ar_bspstore + (regs->loadrs >> 16);
    ctxt->ar[18] = regs->ar_bspstore;
    ctxt->ar[19] = regs->ar_rnat;
    ctxt->ar[25] = regs->ar_csd;
    ctxt->ar[26] = regs->ar_ssd;
    ctxt->ar[32] = regs->ar_ccv;
    ctxt->ar[36] = regs->ar_unat;
    ctxt->ar[40] = regs->ar_fpsr;
    ctxt->ar[IA64_AR_ITC] = vcpu_get_itc(v);
    ctxt->ar[64] = regs->ar_pfs;
    ctxt->ar[65] = regs->ar_lc;
    ctxt->ar[66] = regs->ar_ec;
    for ( i = 0; i < 8; i++ )
        ctxt->ar[i] = m->krs[i];
    ctxt->stacked_bytes = min_t(uint64_t, regs->loadrs >> 16, sizeof(ctxt->stacked));
    memcpy(ctxt->stacked, v->arch.stacked, ctxt->stacked_bytes);
    for ( i = 2; i < 128; i++ )
        memcpy(&ctxt->fr[i], i >= 6 && i < 12 ? &regs->fr6_11[i - 6] : &v->arch.fr[i], sizeof(ctxt->fr[i]));
    memcpy(ctxt->cr, m->vcr, sizeof(ctxt->cr));
    for ( i = 0; i < 8; i++ )
    {
        ctxt->rr[i] = vcpu_get_rr(v, (uint64_t)i << 61);
        vcpu_get_dbr(v, i, &ctxt->dbr[i], &f);
        vcpu_get_ibr(v, i, &ctxt->ibr[i], &f);
    }
    for ( i = 0; i < 16; i++ )
        vcpu_get_pkr(v, i, &ctxt->pkr[i], &f);
    memcpy(ctxt->vbank, m->banknum ? m->vbank0 : m->vbank1, sizeof(ctxt->vbank));
    ctxt->vbank_nat = m->banknum ? m->vbnat : m->vnat;
    for ( i = 0; i < ARRAY_SIZE(ctxt->itr); i++ )
    {
        const struct vtlb_entry *e = &v->arch.mmu.itr[i];
        unsigned int j;

        for ( j = 0; j < 2; j++, e = &v->arch.mmu.dtr[i] )
            if ( e->ps )
            {
                typeof(&ctxt->itr[0]) t = j ? (void *)&ctxt->dtr[i] : (void *)&ctxt->itr[i];

                t->pte = e->pte;
                t->itir = ((uint64_t)e->key << 8) | (e->ps << 2);
                t->va = e->va;
                t->rid = e->rid;
            }
    }
    ctxt->event_callback_ip = v->arch.event_callback_ip;
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
