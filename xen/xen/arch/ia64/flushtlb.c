/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Purges of machine translations: TLB and VHPT of this processor, and by interrupt of the others that may hold some. A domain's region ids are its own,
 * so that nothing is purged when another domain is switched to; but vcpus of one domain share them.
 */
#include <xen/cpu.h>
#include <xen/init.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/smp.h>

#include <asm/flushtlb.h>
#include <asm/processor.h>
#include <asm/vhpt.h>
#include <asm/vtlb.h>

/* More VHPT slots than these are not looked at one by one. */
#define PURGE_MAX_SLOTS 256

static DEFINE_PER_CPU(struct page_info *, vhpt_page);
/* Of each block of region ids: the vcpu (id + 1) that ran here last, 0 if nothing of the block is in this processor's TLB and VHPT. */
static DEFINE_PER_CPU(uint16_t [64], ran_last);

static void note_running(struct vcpu *v)
{
    if ( !is_idle_vcpu(v) )
        this_cpu(ran_last)[v->domain->arch.rid_block] = v->vcpu_id + 1;
}

void local_tlb_purge_all(void)
{
    const struct cpuinfo_ia64 *c = this_cpuinfo();
    uint64_t addr = c->ptce_base;
    unsigned int i, j;

    /* SDM 3: ptc.e; PAL_PTCE_INFO. */
    for ( i = 0; i < c->ptce_count[0]; i++, addr += c->ptce_stride[0] )
        for ( j = 0; j < c->ptce_count[1]; j++, addr += c->ptce_stride[1] )
        {
            ia64_ptc_e(addr);
            ia64_srlz_i();
        }
}

void local_flush_tlb_all(void)
{
    unsigned long flags;

    perfc_incr(tlb_flush_local);
    local_irq_save(flags);
    if ( this_cpu(vhpt_page) && !vhpt_is_empty(vhpt_base()) )
        vhpt_clear(vhpt_base());
    local_tlb_purge_all();
    memset(this_cpu(ran_last), 0, sizeof(this_cpu(ran_last)));
    note_running(current);
    local_irq_restore(flags);
}

void flush_switch_to(struct vcpu *v)
{
    unsigned int cpu = smp_processor_id(), last = this_cpu(ran_last)[v->domain->arch.rid_block];

    cpumask_set_cpu(cpu, &v->domain->arch.dirty_cpumask);
    smp_mb();       /* seen before any translation is made */

    if ( last && (last != v->vcpu_id + 1 || v->arch.mmu.last_cpu != cpu) )
        local_flush_tlb_all();
    v->arch.mmu.last_cpu = cpu;
    note_running(v);
}

void local_vhpt_add(uint64_t va, uint64_t pte, uint64_t itir)
{
    vhpt_add(vhpt_base(), (void *)ia64_thash(va), pte, itir, ia64_ttag(va));
}

void local_vhpt_remove(uint64_t va)
{
    vhpt_remove(vhpt_base(), (void *)ia64_thash(va), ia64_ttag(va));
}

/*
 * Hash, tag and ptc go by a region register. Whichever it is: the region number is no part of a translation (SDM 2:4.1.1). Region 0's is borrowed;
 * Xen has nothing there.
 */
void local_purge(uint64_t machine_rid, uint64_t preferred, uint64_t va, unsigned int size)
{
    unsigned int smallest = ffs64(preferred) - 1;
    unsigned long flags;
    uint64_t rr0;

    va &= (1UL << (GUEST_VA_MSB + 1)) - 1;
    if ( size < PAGE_SHIFT )
        size = PAGE_SHIFT;
    if ( size > 32 || (size > smallest && size - smallest > 20) )
    {
        local_flush_tlb_all();
        return;
    }
    va &= ~((1UL << size) - 1);

    local_irq_save(flags);
    rr0 = ia64_get_rr(0);

    for ( ; preferred; preferred &= preferred - 1 )
    {
        unsigned int ps = ffs64(preferred) - 1;

        ia64_set_rr(0, IA64_RR(machine_rid, ps, 1));
        ia64_srlz_d();

        if ( size <= ps )
            local_vhpt_remove(va);
        else if ( 1UL << (size - ps) <= PURGE_MAX_SLOTS )
        {
            uint64_t a;

            for ( a = va; a < va + (1UL << size); a += 1UL << ps )
                local_vhpt_remove(a);
        }
        else
        {
            vhpt_clear(vhpt_base());
            break;
        }
    }

    ia64_ptc_l(va, (uint64_t)size << 2);

    ia64_set_rr(0, rr0);
    ia64_srlz_i();
    local_irq_restore(flags);
}

/* fn on the processors of mask, this one included. */
static void on_cpus(const cpumask_t *mask, void (*fn)(void *), void *arg)
{
    unsigned int cpu = smp_processor_id();
    cpumask_t others;
    unsigned long flags;

    cpumask_and(&others, mask, &cpu_online_map);
    if ( cpumask_test_cpu(cpu, &others) )
    {
        cpumask_clear_cpu(cpu, &others);
        local_irq_save(flags);
        fn(arg);
        local_irq_restore(flags);
    }
    if ( !cpumask_empty(&others) )
        on_selected_cpus(&others, fn, arg, 1);
}

static void flush_all(void *unused)
{
    local_flush_tlb_all();
}

void arch_flush_tlb_mask(const cpumask_t *mask)
{
    on_cpus(mask, flush_all, NULL);
}

static void flush_domain(void *arg)
{
    struct domain *d = arg;

    local_flush_tlb_all();
    if ( current->domain != d )
        cpumask_clear_cpu(smp_processor_id(), &d->arch.dirty_cpumask);
}

void domain_flush_tlb(struct domain *d)
{
    perfc_incr(tlb_flush_p2m);
    smp_mb();       /* the p2m's change before the mask */
    if ( !cpumask_empty(&d->arch.dirty_cpumask) )
        on_cpus(&d->arch.dirty_cpumask, flush_domain, d);
}

struct purge {
    uint64_t machine_rid, preferred, va;
    unsigned int size;
};

static void purge_one(void *arg)
{
    const struct purge *p = arg;

    local_purge(p->machine_rid, p->preferred, p->va, p->size);
}

void domain_purge(struct domain *d, uint64_t machine_rid, uint64_t preferred, uint64_t va, unsigned int size)
{
    struct purge p = { .machine_rid = machine_rid, .preferred = preferred, .va = va, .size = size };

    on_cpus(&d->arch.dirty_cpumask, purge_one, &p);
}

static struct page_info *alloc_vhpt(void)
{
    return alloc_domheap_pages(NULL, VHPT_SHIFT - PAGE_SHIFT, MEMF_no_owner);
}

void vhpt_init(void)
{
    if ( !this_cpu(vhpt_page) )
    {
        this_cpu(vhpt_page) = alloc_vhpt();
        if ( !this_cpu(vhpt_page) )
            panic("no memory for the VHPT of CPU %u\n", smp_processor_id());
    }

    cpu_set_tr(XEN_TR_VHPT, VHPT_VIRT_START, page_to_maddr(this_cpu(vhpt_page)) | XEN_PTE_RW, VHPT_SHIFT);
    vhpt_clear(vhpt_base());
    ia64_setreg(cr.pta, VHPT_VIRT_START | IA64_PTA_VF | (VHPT_HEADS_SHIFT << IA64_PTA_SIZE_SHIFT) | IA64_PTA_VE);
    ia64_srlz_i();
}

/* A processor that starts finds its table allocated: it could do nothing about a failure. */
static int cf_check cpu_callback(struct notifier_block *nfb, unsigned long action, void *hcpu)
{
    unsigned int cpu = (unsigned long)hcpu;

    switch ( action )
    {
    case CPU_UP_PREPARE:
        if ( !per_cpu(vhpt_page, cpu) )
            per_cpu(vhpt_page, cpu) = alloc_vhpt();
        return per_cpu(vhpt_page, cpu) ? NOTIFY_DONE : notifier_from_errno(-ENOMEM);

    case CPU_UP_CANCELED:
    case CPU_DEAD:
        if ( per_cpu(vhpt_page, cpu) )
            free_domheap_pages(per_cpu(vhpt_page, cpu), VHPT_SHIFT - PAGE_SHIFT);
        per_cpu(vhpt_page, cpu) = NULL;
        break;
    }

    return NOTIFY_DONE;
}

static struct notifier_block cpu_nfb = {
    .notifier_call = cpu_callback,
    .priority = 99,     /* after the per-CPU areas, which have 100 */
};

static int __init cf_check flushtlb_init(void)
{
    register_cpu_notifier(&cpu_nfb);
    return 0;
}
presmp_initcall(flushtlb_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
