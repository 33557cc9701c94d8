/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_RANDOM_H__
#define __ASM_IA64_RANDOM_H__

/* The interval counter is the only source there is. */
static inline unsigned int arch_get_random(void)
{
    unsigned long t;

    asm volatile ( "mov %0 = ar.itc" : "=r" (t) );
    return (t * 0x9e3779b97f4a7c15UL) >> 32;
}

#endif
