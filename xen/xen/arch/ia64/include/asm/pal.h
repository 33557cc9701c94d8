/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of the processor's firmware (SDM 2:11). PAL runs in virtual mode, its code under ITR 1. Interrupts are off while it runs.
 */
#ifndef __ASM_IA64_PAL_H__
#define __ASM_IA64_PAL_H__

#define PAL_CACHE_FLUSH         1   /* static */
#define PAL_CACHE_INFO          2
#define PAL_CACHE_INIT          3
#define PAL_CACHE_SUMMARY       4
#define PAL_MEM_ATTRIB          5
#define PAL_PTCE_INFO           6
#define PAL_VM_INFO             7
#define PAL_VM_SUMMARY          8
#define PAL_BUS_GET_FEATURES    9
#define PAL_BUS_SET_FEATURES    10
#define PAL_DEBUG_INFO          11
#define PAL_FIXED_ADDR          12
#define PAL_FREQ_BASE           13
#define PAL_FREQ_RATIOS         14
#define PAL_PERF_MON_INFO       15
#define PAL_PLATFORM_ADDR       16
#define PAL_PROC_GET_FEATURES   17
#define PAL_PROC_SET_FEATURES   18
#define PAL_RSE_INFO            19
#define PAL_VERSION             20
#define PAL_MC_CLEAR_LOG        21
#define PAL_MC_DRAIN            22
#define PAL_MC_EXPECTED         23
#define PAL_MC_DYNAMIC_STATE    24
#define PAL_MC_ERROR_INFO       25
#define PAL_MC_RESUME           26
#define PAL_MC_REGISTER_MEM     27
#define PAL_HALT                28
#define PAL_HALT_LIGHT          29
#define PAL_COPY_INFO           30
#define PAL_CACHE_LINE_INIT     31
#define PAL_PMI_ENTRYPOINT      32
#define PAL_ENTER_IA_32_ENV     33
#define PAL_VM_PAGE_SIZE        34
#define PAL_MEM_FOR_TEST        37
#define PAL_CACHE_PROT_INFO     38
#define PAL_REGISTER_INFO       39
#define PAL_SHUTDOWN            40
#define PAL_PREFETCH_VISIBILITY 41
#define PAL_LOGICAL_TO_PHYSICAL 42
#define PAL_CACHE_SHARED_INFO   43
/* 256..511, 768..: stacked convention */
#define PAL_COPY_PAL            256
#define PAL_HALT_INFO           257
#define PAL_TEST_PROC           258
#define PAL_CACHE_READ          259
#define PAL_CACHE_WRITE         260
#define PAL_VM_TR_READ          261
#define PAL_GET_PSTATE          262
#define PAL_SET_PSTATE          263
#define PAL_BRAND_INFO          274

#define PAL_STATUS_SUCCESS       0
#define PAL_STATUS_UNIMPLEMENTED (-1)
#define PAL_STATUS_EINVAL        (-2)
#define PAL_STATUS_ERROR         (-3)

#define pal_is_stacked(index)   ((index) & 0x100)

#ifndef __ASSEMBLY__

#include <xen/types.h>

struct pal_result {
    int64_t status;
    uint64_t v0, v1, v2;
};

/* entry: pal_proc's address (virtual). Before pal_init(): PAL_STATUS_UNIMPLEMENTED. */
struct pal_result ia64_pal_call(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);             /* static convention */
struct pal_result ia64_pal_call_stacked(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);
/* Chooses by index. */
struct pal_result ia64_pal(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);
/* With address translation off: what PAL allows in physical mode only. */
struct pal_result ia64_pal_call_phys(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);

/*
 * The PAL code's memory (EFI_PAL_CODE in the EFI memory map), pinned by ITR 1 on this processor; sal_init() gives the entry. Called by setup.c
 * before sal_init(); secondary processors pin it as they start.
 */
void pal_init(uint64_t code_pa, uint64_t code_size);
extern uint64_t pal_entry;      /* virtual address of PAL_PROC; 0: not known yet */
extern uint64_t pal_entry_pa;

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_PAL_H__ */
