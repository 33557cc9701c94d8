/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processors on and off: all but the first wait in SAL's boot rendezvous, until an external interrupt of SAL's wakeup vector sends each to ap_entry; one
 * that is taken offline returns there.
 */
#include <xen/cpu.h>
#include <xen/delay.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/notifier.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/time.h>
#include <asm/irq.h>
#include <asm/flushtlb.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/salblock.h>
#include <asm/setup.h>
#include <asm/smp.h>
#include <asm/time.h>
#include <asm/vhpt.h>
#include <asm/vtlb.h>

cpumask_t cpu_online_map, cpu_present_map, cpu_possible_map;
nodemask_t __read_mostly node_online_map = { { [0] = 1UL } };

uint16_t __read_mostly cpu_physical_lid[NR_CPUS];
void *stack_base[NR_CPUS];

DEFINE_PER_CPU_READ_MOSTLY(cpumask_var_t, cpu_sibling_mask);
DEFINE_PER_CPU_READ_MOSTLY(cpumask_var_t, cpu_core_mask);

/* maxcpus: how many processors to start. */
static unsigned int __initdata max_cpus = NR_CPUS;
integer_param("maxcpus", max_cpus);

extern char ap_entry[];
paddr_t ap_cpu_info;                    /* for ap.S */

void noreturn ap_return_to_sal(paddr_t boot, paddr_t state, uint32_t dead);

/* As x86 has them: what __cpu_die() waits for is that nothing of the processor's memory is used any more. */
enum { CPU_STATE_NONE, CPU_STATE_ONLINE, CPU_STATE_DYING, CPU_STATE_DEAD };
static volatile uint32_t cpu_state[NR_CPUS];

/* ar.itc is compared between the one who waits in __cpu_up() and the new one. */
static struct {
    volatile bool go;
    volatile uint64_t stamp;
} itc_sync;

void noreturn start_secondary(void);

static int setup_sibling_maps(unsigned int cpu)
{
    if ( !zalloc_cpumask_var(&per_cpu(cpu_sibling_mask, cpu)) || !zalloc_cpumask_var(&per_cpu(cpu_core_mask, cpu)) )
        return -ENOMEM;
    cpumask_set_cpu(cpu, per_cpu(cpu_sibling_mask, cpu));
    cpumask_set_cpu(cpu, per_cpu(cpu_core_mask, cpu));

    return 0;
}

static void free_sibling_maps(unsigned int cpu)
{
    FREE_CPUMASK_VAR(per_cpu(cpu_sibling_mask, cpu));
    FREE_CPUMASK_VAR(per_cpu(cpu_core_mask, cpu));
}

void __init smp_prepare_boot_cpu(void)
{
    cpumask_set_cpu(0, &cpu_online_map);
    cpumask_set_cpu(0, &cpu_present_map);
    cpumask_set_cpu(0, &cpu_possible_map);
}

void __init smp_prepare_cpus(void)
{
    unsigned int cpu;

    cpu_physical_lid[0] = ia64_getreg(cr.lid) >> 16;
    for ( cpu = 0; cpu < nr_cpu_ids && cpu < max(max_cpus, 1U); cpu++ )
    {
        cpumask_set_cpu(cpu, &cpu_possible_map);
        cpumask_set_cpu(cpu, &cpu_present_map);
        if ( cpu )
            cpu_physical_lid[cpu] = cpu_lid[cpu].lid;
    }
    if ( setup_sibling_maps(0) )
        panic("No memory for CPU 0's sibling maps\n");

    if ( nr_cpu_ids > 1 )
    {
        struct sal_result r = ia64_sal_call(SAL_SET_VECTORS, SAL_VECTOR_OS_BOOT_RENDEZ, virt_to_maddr(ap_entry), 0, 0, 0, 0, 0);

        if ( r.status || !sal_wakeup_vector )
        {
            printk(XENLOG_WARNING "SMP: SAL cannot start processors (SAL_SET_VECTORS %ld, wakeup vector %#x)\n", r.status, sal_wakeup_vector);
            cpumask_copy(&cpu_present_map, cpumask_of(0));
        }
    }
}

void __init smp_cpus_done(void)
{
}

static int prepare_cpu(unsigned int cpu)
{
    struct cpu_info *info;
    paddr_t pa;
    int rc = setup_sibling_maps(cpu);

    if ( rc )
        return rc;
    if ( !stack_base[cpu] )
        stack_base[cpu] = alloc_granule_pages(STACK_ALLOC_ORDER); /* one translation register pins the granule */
    if ( !stack_base[cpu] )
        return -ENOMEM;

    memset(stack_base[cpu], 0, STACK_SIZE);
    pa = virt_to_maddr(stack_base[cpu]);
    info = stack_cpu_info(stack_base[cpu]);
    info->self = info;
    info->rr7 = IA64_RR(rid_of_idle(7), PAGE_SHIFT, 1);
    info->tr[XEN_TR_IMAGE] = get_cpu_info()->tr[XEN_TR_IMAGE];
    info->tr[XEN_TR_PAL] = get_cpu_info()->tr[XEN_TR_PAL];
    info->tr[XEN_TR_PERCPU] = (struct ia64_tr){ PERCPU_ADDR, pa | XEN_PTE_RW, IA64_ITIR(0, STACK_SHIFT) };
    pa &= ~((1UL << DIRECTMAP_GRANULE_SHIFT) - 1);
    info->tr[XEN_TR_STACK] = (struct ia64_tr){
        DIRECTMAP_VIRT_START + pa, pa | XEN_PTE_RW, IA64_ITIR(0, DIRECTMAP_GRANULE_SHIFT)
    };

    return 0;
}

/* The new processor: ar.itc is moved only when the other's does not lie between two of ours, taken around it. */
static void sync_itc(void)
{
    unsigned int i, tries;

    for ( tries = 0; tries < 10; tries++ )
    {
        uint64_t best0 = 0, best1 = ~0UL, best = 0;

        for ( i = 0; i < 5; i++ )
        {
            uint64_t t0, t1, stamp;

            itc_sync.stamp = 0;
            t0 = ia64_getreg(ar.itc);
            smp_mb();
            itc_sync.go = true;
            while ( (stamp = itc_sync.stamp) == 0 )
                cpu_relax();
            t1 = ia64_getreg(ar.itc);
            if ( t1 - t0 < best1 - best0 )
            {
                best0 = t0;
                best1 = t1;
                best = stamp;
            }
        }
        if ( (int64_t)(best - best0) >= 0 && (int64_t)(best1 - best) >= 0 )
            return;
        ia64_setreg(ar.itc, ia64_getreg(ar.itc) + (best - (best0 + (best1 - best0) / 2)));
        ia64_srlz_d();
    }
    printk(XENLOG_WARNING "CPU%u: its ar.itc could not be brought to the others'\n", smp_processor_id());
}

/* From ap.S: virtual mode, interrupts off, r13 right. */
void noreturn start_secondary(void)
{
    unsigned int cpu = get_cpu_info()->processor_id;

    cpu_identify();
    irq_init_cpu();
    vhpt_init();
    /* What it translated when it was last ours; others have not told it of what they purged since. */
    local_flush_tlb_all();
    fast_hypercall_init();
    sal_events_init_cpu();
    sync_itc();
    init_timer_interrupt();

    notify_cpu_starting(cpu);
    cpu_state[cpu] = CPU_STATE_ONLINE;
    smp_wmb();
    cpumask_set_cpu(cpu, &cpu_online_map);
    local_irq_enable();

    startup_cpu_idle_loop();
    unreachable();
}

int __cpu_up(unsigned int cpu)
{
    struct cpu_info *info = stack_cpu_info(stack_base[cpu]);
    s_time_t deadline;

    info->processor_id = cpu;
    info->per_cpu_offset = __per_cpu_offset[cpu];
    info->current_vcpu = idle_vcpu[cpu];
    ap_cpu_info = virt_to_maddr(info);
    itc_sync.go = false;
    smp_mb();

    ia64_send_ipi(cpu_physical_id(cpu), sal_wakeup_vector, 0);

    deadline = NOW() + SECONDS(5);
    while ( !cpu_online(cpu) && NOW() < deadline )
    {
        if ( itc_sync.go )
        {
            itc_sync.go = false;
            smp_mb();
            itc_sync.stamp = ia64_getreg(ar.itc);
        }
        cpu_relax();
        process_pending_softirqs();
    }
    smp_rmb();

    if ( !cpu_online(cpu) )
    {
        printk(XENLOG_ERR "CPU%u (lid %#x) did not start\n", cpu, cpu_physical_id(cpu));
        /* Its stack is not to be reused: it may come yet. */
        return -EIO;
    }

    return 0;
}

/* On the processor that goes, the others held by stop_machine_run(), the vcpus moved away already (CPU_DYING). */
void __cpu_disable(void)
{
    unsigned int cpu = smp_processor_id();

    cpu_state[cpu] = CPU_STATE_DYING;

    local_irq_disable();
    ia64_setreg(cr.itv, IA64_TIMER_VECTOR | IA64_LVT_MASKED);
    ia64_setreg(cr.pmv, IA64_PERFMON_VECTOR | IA64_LVT_MASKED);
    ia64_setreg(cr.cmcv, IA64_CMC_VECTOR | IA64_LVT_MASKED);
    ia64_srlz_d();

    /* From here on nobody sends it an interrupt; it takes those that are on their way, of which none may be lost. */
    cpumask_clear_cpu(cpu, &cpu_online_map);
    smp_mb();
    fixup_irqs();
    local_irq_enable();
    mdelay(1);
    local_irq_disable();

    /* The idle loop comes to play_dead(). */
}

void noreturn play_dead(void)
{
    unsigned int cpu = smp_processor_id();
    paddr_t boot = virt_to_maddr(&stack_sal_block(stack_base[cpu])->boot);

    local_irq_disable();
    /* SAL shall find no interrupt of ours: it takes its wakeup vector for what it is. */
    irq_drain();
    local_flush_tlb_all();
    ia64_setreg(cr.pta, 15UL << IA64_PTA_SIZE_SHIFT);
    ia64_srlz_d();

    ap_return_to_sal(boot, virt_to_maddr(&cpu_state[cpu]), CPU_STATE_DEAD);
}

void __cpu_die(unsigned int cpu)
{
    unsigned int i;

    for ( i = 1; cpu_state[cpu] != CPU_STATE_DEAD; i++ )
    {
        mdelay(1);
        cpu_relax();
        if ( !(i % 1000) )
            printk(XENLOG_ERR "CPU%u still not dead...\n", cpu);
    }
    smp_rmb();
}

static int cf_check cpu_smpboot_callback(struct notifier_block *nfb, unsigned long action, void *hcpu)
{
    unsigned int cpu = (unsigned long)hcpu;
    int rc = 0;

    switch ( action )
    {
    case CPU_UP_PREPARE:
        rc = prepare_cpu(cpu);
        break;
    case CPU_UP_CANCELED:
    case CPU_DEAD:
        /* The stack block is kept: SAL's registers are behind it. */
        free_sibling_maps(cpu);
        break;
    }

    return rc ? notifier_from_errno(rc) : NOTIFY_DONE;
}

static struct notifier_block cpu_smpboot_nfb = {
    .notifier_call = cpu_smpboot_callback,
};

static int __init cf_check cpu_smpboot_notifier_init(void)
{
    register_cpu_notifier(&cpu_smpboot_nfb);
    return 0;
}
presmp_initcall(cpu_smpboot_notifier_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
