/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_SMP_H__
#define __ASM_IA64_SMP_H__

#ifndef __ASSEMBLY__
#include <xen/cpumask.h>
#include <asm/current.h>
#endif

#include <xen/percpu.h>

DECLARE_PER_CPU(cpumask_var_t, cpu_sibling_mask);
DECLARE_PER_CPU(cpumask_var_t, cpu_core_mask);

#define cpu_is_offline(cpu)     unlikely(!cpu_online(cpu))
#define smp_processor_id()      get_processor_id()

/* An offline processor goes back to SAL's rendezvous: by play_dead(), from its idle loop. */
#define park_offline_cpus       false
void noreturn play_dead(void);

/* cr.lid's id and eid of a processor, id << 8 | eid. */
extern uint16_t cpu_physical_lid[NR_CPUS];
#define cpu_physical_id(cpu)    cpu_physical_lid[cpu]

/* Each processor is a core of one socket: what ACPI says of it. */
#define cpu_to_core(cpu)        (cpu)
#define cpu_to_socket(cpu)      (0)
#define cpu_nr_siblings(cpu)    (1u)

#endif
