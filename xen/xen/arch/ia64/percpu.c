/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Areas of per-processor variables: the boot processor has those of the image, each other one a copy.
 */
#include <xen/cpu.h>
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/percpu.h>
#include <xen/rcupdate.h>
#include <asm/setup.h>

unsigned long __per_cpu_offset[NR_CPUS];

#define INVALID_PERCPU_AREA (-(long)__per_cpu_start)
#define PERCPU_ORDER        get_order_from_bytes(__per_cpu_data_end - __per_cpu_start)

void __init percpu_init_areas(void)
{
    unsigned int cpu;

    for ( cpu = 1; cpu < NR_CPUS; cpu++ )
        __per_cpu_offset[cpu] = INVALID_PERCPU_AREA;
}

static int init_percpu_area(unsigned int cpu)
{
    char *p;

    if ( __per_cpu_offset[cpu] != INVALID_PERCPU_AREA )
        return -EBUSY;
    if ( (p = alloc_granule_pages(PERCPU_ORDER)) == NULL )
        return -ENOMEM;
    memset(p, 0, __per_cpu_data_end - __per_cpu_start);
    __per_cpu_offset[cpu] = p - __per_cpu_start;

    return 0;
}

struct free_info {
    unsigned int cpu;
    struct rcu_head rcu;
};
static DEFINE_PER_CPU(struct free_info, free_info);

static void cf_check free_percpu_area_rcu(struct rcu_head *head)
{
    unsigned int cpu = container_of(head, struct free_info, rcu)->cpu;

    free_xenheap_pages(__per_cpu_start + __per_cpu_offset[cpu], PERCPU_ORDER);
    __per_cpu_offset[cpu] = INVALID_PERCPU_AREA;
}

static int cf_check cpu_percpu_callback(
    struct notifier_block *nfb, unsigned long action, void *hcpu)
{
    unsigned int cpu = (unsigned long)hcpu;
    struct free_info *info;
    int rc = 0;

    switch ( action )
    {
    case CPU_UP_PREPARE:
        rc = init_percpu_area(cpu);
        break;
    case CPU_UP_CANCELED:
    case CPU_DEAD:
        info = &per_cpu(free_info, cpu);
        info->cpu = cpu;
        call_rcu(&info->rcu, free_percpu_area_rcu);
        break;
    }

    return rc ? notifier_from_errno(rc) : NOTIFY_DONE;
}

static struct notifier_block cpu_percpu_nfb = {
    .notifier_call = cpu_percpu_callback,
    .priority = 100 /* before all others */
};

static int __init cf_check percpu_presmp_init(void)
{
    register_cpu_notifier(&cpu_percpu_nfb);
    return 0;
}
presmp_initcall(percpu_presmp_init);
