/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between ivt.S and hyperprivop*.S: how breaks of a guest's kernel are dispatched.
 */
#ifndef __ASM_IA64_HYPERPRIVOP_H__
#define __ASM_IA64_HYPERPRIVOP_H__

/* An entry of fast_table. */
#define FAST_ENTRY_SHIFT    8
/* ipsr 40:32 and 45:43 in the plain case: level 1, it, bn, and none of is, mc, id, da, dd, ss, ed, ia. */
#define FAST_PSR_LOW        0x11
#define FAST_PSR_HIGH       2
/* r21 of what did not come by a break. */
#define FAST_GENEX          -1

#define FAST_CPUINFO        (PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE)
#define FAST_COUNT(op)      (FAST_CPUINFO + CPUINFO_fast_count + 8 * (op))

#ifdef __ASSEMBLY__

/* gr[num] becomes r20, and on at label. Uses r17, r24, r27. */
#define READ_GR(num, label)                                             \
        { .mlx; nop.m 0; movl r24 = read_gr; }                          \
        { .mlx; nop.m 0; movl r17 = label;; }                           \
        { .mii; nop.m 0; shl r20 = num, 5; nop.i 0;; }                  \
        { .mmi; add r24 = r24, r20; nop.m 0; nop.i 0;; }                \
        { .mib; nop.m 0; mov b0 = r24; br.sptk b0;; }

#endif /* __ASSEMBLY__ */

#endif /* __ASM_IA64_HYPERPRIVOP_H__ */
