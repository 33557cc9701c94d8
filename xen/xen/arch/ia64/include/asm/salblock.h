/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind each processor's stack block, in the same pinned granule: what firmware hands over and wants back, and a stack for the events that
 * may come at any instruction (INIT, machine checks).
 */
#ifndef __ASM_IA64_SALBLOCK_H__
#define __ASM_IA64_SALBLOCK_H__

#include <asm/config.h>

/* What ap.S keeps of SAL's state at OS_BOOT_RENDEZ, in the order in which it is restored: 8 bytes each, then the floating-point registers. */
#define SAL_BOOT_REGS           (8 + 20 + 7 + 4)
#define SAL_BOOT_FRS            20              /* f2-f5, f16-f31 */

#ifndef __ASSEMBLY__

#include <asm/regs.h>

struct sal_block {
    struct {
        uint64_t reg[SAL_BOOT_REGS + 1];
        struct ia64_fpreg fr[SAL_BOOT_FRS];
    } boot;
};

/* Of the stack block at `base`. */
#define stack_sal_block(base)   ((struct sal_block *)((char *)(base) + STACK_SIZE))

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_SALBLOCK_H__ */
