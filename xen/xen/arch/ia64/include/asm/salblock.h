/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind each processor's stack block, in the same pinned granule: what firmware hands over and wants back, and a stack for the events that
 * may come at any instruction, INIT and machine checks.
 */
#ifndef __ASM_IA64_SALBLOCK_H__
#define __ASM_IA64_SALBLOCK_H__

#include <asm/config.h>

/* What ap.S keeps of SAL's state at OS_BOOT_RENDEZ, in the order in which it is restored: 8 bytes each, then the floating-point registers. */
#define SAL_BOOT_REGS           (8 + 20 + 7 + 4)
#define SAL_BOOT_FRS            20              /* f2-f5, f16-f31 */

/* As large as the stack block, so that PAL's min-state save area, which stands first, leads to all of it. */
#define SAL_BLOCK_SIZE          STACK_SIZE

/* sal-events.S: who has come. */
#define SAL_EVENT_MCA           0
#define SAL_EVENT_INIT_MONARCH  1
#define SAL_EVENT_INIT_SLAVE    2

/* PAL's min-state save area, in words (SDM 2:11.3.2.3); word 0 has the NaT bits of the words 1 to 47. */
#define MIN_STATE_GR            0               /* + n: r1-r15, then r16-r31 of bank 0 */
#define MIN_STATE_BANK1         32
#define MIN_STATE_PR            48
#define MIN_STATE_BR0           49
#define MIN_STATE_RSC           50
#define MIN_STATE_IIP           51
#define MIN_STATE_PSR           52
#define MIN_STATE_IFS           53
#define MIN_STATE_XIP           54
#define MIN_STATE_XPSR          55
#define MIN_STATE_XFS           56
#define MIN_STATE_BR1           57
#define MIN_STATE_WORDS         128
#define MIN_STATE_IPSR          (8 * MIN_STATE_PSR)

/* In the place of the number of an interruption vector. */
#define SAL_EVENT_VECTOR        0x8000

#ifndef __ASSEMBLY__

#include <asm/regs.h>

/* What sal-events.S saves of the interrupted code. */
struct sal_event {
    struct cpu_user_regs regs;      /* complete when C sees it; ar_bspstore and loadrs as for a guest, whoever it was */
    uint64_t which;                 /* SAL_EVENT_* */
    uint64_t min_state;             /* its physical address, bit 63 (uncached) set */
    uint64_t psp;                   /* processor state parameter (SDM 2:11.3.2.1) */
    uint64_t reason;                /* machine check: how the rendezvous ended; INIT: why */
    uint64_t sal_gp, sal_return;
    uint64_t iib[2], scratch[8];
};

/* One processor's state at INIT, for who prints it later. */
#define INIT_TRACE_MAX          48
struct init_record {
    bool valid, has_guest;
    unsigned int domid, vcpuid, nr_trace;
    struct cpu_user_regs regs, guest;
    unsigned long trace[INIT_TRACE_MAX];
};

struct sal_block {
    uint64_t min_state[512];
    struct {
        uint64_t reg[SAL_BOOT_REGS + 1];
        struct ia64_fpreg fr[SAL_BOOT_FRS];
    } boot;
    struct sal_event event;
    struct init_record init;
    char stack[] __attribute__((aligned(4096)));    /* as the stack block is used: from both ends of what is left */
};

/* Of the stack block at `base`. */
#define stack_sal_block(base)   ((struct sal_block *)((char *)(base) + STACK_SIZE))

/* init.c; mca.c: each processor, as it starts. */
void sal_events_init_cpu(void);
uint64_t sal_event(struct sal_event *e);
void init_event(struct sal_event *e);
void init_interrupt(void);                          /* IPI_INIT_VECTOR */
void nmi_interrupt(struct cpu_user_regs *regs);

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_SALBLOCK_H__ */
