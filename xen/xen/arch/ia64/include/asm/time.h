/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_TIME_H__
#define __ASM_IA64_TIME_H__

#include <xen/types.h>
#include <asm/system.h>

typedef uint64_t cycles_t;

static inline cycles_t get_cycles(void)
{
    cycles_t t;

    asm volatile ( "mov %0 = ar.itc" : "=r" (t) :: "memory" );
    return t;
}

void force_update_vcpu_system_time(struct vcpu *v);

/* time.c */
uint64_t ia64_itc_to_ns(uint64_t itc);
uint64_t ia64_ns_to_itc(uint64_t ns);
void preinit_xen_time(void);
void init_timer_interrupt(void);

#endif
