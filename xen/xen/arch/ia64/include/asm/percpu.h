/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PERCPU_H__
#define __ASM_IA64_PERCPU_H__

#ifndef __ASSEMBLY__

#include <xen/types.h>

extern char __per_cpu_start[], __per_cpu_data_end[];
extern unsigned long __per_cpu_offset[NR_CPUS];
void percpu_init_areas(void);

#include <asm/current.h>

#define per_cpu(var, cpu)  \
    (*RELOC_HIDE(&per_cpu__##var, __per_cpu_offset[cpu]))
#define this_cpu(var) \
    (*RELOC_HIDE(&per_cpu__##var, get_cpu_info()->per_cpu_offset))

#define per_cpu_ptr(var, cpu)  \
    (*RELOC_HIDE(var, __per_cpu_offset[cpu]))
#define this_cpu_ptr(var) \
    (*RELOC_HIDE(var, get_cpu_info()->per_cpu_offset))

#endif

#endif
