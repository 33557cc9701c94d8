/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interruption vector table (SDM 2:8.3). What can be done without C is done here: misses in Xen's own directmap and uncached window, and the hooks
 * of vhpt-miss.S and hyperprivop.S for guests. psr.ic = 0, bank 0; r31 keeps pr.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/fault.h>
#include <asm/hyperprivop.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

        .section .text.ivt, "ax", @progbits
        .align  0x8000
        .global ia64_ivt
ia64_ivt:

#define VECTOR(offset)                          \
        .org    ia64_ivt + offset

#define GOTO(offset, label)                     \
        { .mib;                                 \
        mov     r19 = offset;                   \
        mov     r31 = pr;                       \
        br.sptk.many label;;                    \
        }

#define FAULT(offset)                           \
        VECTOR(offset);                         \
        GOTO(offset, ia64_entry)

        /* 0x0000: VHPT translation. The VHPT is pinned; so this cannot be, but for a guest's processor state gone wrong: C says it. */
FAULT(IA64_VHPT_VECTOR)

VECTOR(IA64_INST_TLB_VECTOR)
        GOTO(IA64_INST_TLB_VECTOR, itlb_miss)

VECTOR(IA64_DATA_TLB_VECTOR)
        GOTO(IA64_DATA_TLB_VECTOR, dtlb_miss)

VECTOR(IA64_ALT_INST_TLB_VECTOR)
        GOTO(IA64_ALT_INST_TLB_VECTOR, itlb_miss)

VECTOR(IA64_ALT_DATA_TLB_VECTOR)
        GOTO(IA64_ALT_DATA_TLB_VECTOR, dtlb_miss)

        /* 0x1400: a data reference with psr.ic = 0 that is not pinned: ours, and wrong. The control registers still are those of the first one. */
VECTOR(IA64_DATA_NESTED_TLB_VECTOR)
        mov     r19 = IA64_DATA_NESTED_TLB_VECTOR
        br.sptk.many ia64_nested
        ;;

FAULT(IA64_INST_KEY_MISS_VECTOR)
FAULT(IA64_DATA_KEY_MISS_VECTOR)
FAULT(IA64_DIRTY_BIT_VECTOR)
FAULT(IA64_INST_ACCESS_BIT_VECTOR)
FAULT(IA64_DATA_ACCESS_BIT_VECTOR)

        /* The plain case of a guest's privileged operation goes right to its entry: hyperprivop.S, where the registers are described. */
VECTOR(IA64_BREAK_VECTOR)
        { .mlx; mov r16 = cr.iim; movl r17 = FAST_CPUINFO + CPUINFO_upcall; }
        { .mii; mov r29 = cr.ipsr; mov r31 = pr; mov r30 = b0;; }
        { .mlx; adds r18 = -CPUINFO_upcall, r17; movl r25 = fast_table; }
        { .mii; ld8 r20 = [r17], CPUINFO_event - CPUINFO_upcall; shr.u r21 = r16, 14; extr.u r23 = r29, IA64_PSR_CPL_SHIFT, 9;; }
        { .mlx; cmp.ne p7, p0 = FAST_PSR_LOW, r23; movl r22 = XMAPPEDREGS_BASE; }
        { .mii; adds r24 = 1, r20; dep r25 = r21, r25, FAST_ENTRY_SHIFT, 6; extr.u r27 = r29, IA64_PSR_ED_BIT, 3;; }
        { .mii; cmp.ne.or p7, p0 = FAST_PSR_HIGH, r27; mov b0 = r25; shr.u r23 = r16, 20; }
        { .mii; ld1.s r26 = [r24]; cmp.eq.or p7, p0 = 0, r20; extr.u r27 = r16, 0, 14;; }
        { .mib; cmp.ne.or p7, p0 = 1, r23; tbit.nz p14, p15 = r29, IA64_PSR_RI_SHIFT + 1; (p7) br.cond.spnt fast_other; }
        { .mbb; mov r28 = cr.iip; br.sptk b0; nop.b 0;; }

FAULT(IA64_EXTINT_VECTOR)
FAULT(0x3400)
FAULT(0x3800)
FAULT(0x3c00)
FAULT(0x4000)
FAULT(0x4400)
FAULT(0x4800)
FAULT(0x4c00)
FAULT(IA64_PAGE_NOT_PRESENT_VECTOR)
FAULT(IA64_KEY_PERMISSION_VECTOR)
FAULT(IA64_INST_ACCESS_RIGHTS_VECTOR)
FAULT(IA64_DATA_ACCESS_RIGHTS_VECTOR)

VECTOR(IA64_GENEX_VECTOR)
        GOTO(IA64_GENEX_VECTOR, genex)

FAULT(IA64_DISABLED_FPREG_VECTOR)
FAULT(IA64_NAT_CONSUMPTION_VECTOR)
FAULT(IA64_SPECULATION_VECTOR)
FAULT(0x5800)
FAULT(IA64_DEBUG_VECTOR)
FAULT(IA64_UNALIGNED_REF_VECTOR)
FAULT(IA64_UNSUPPORTED_REF_VECTOR)
FAULT(IA64_FP_FAULT_VECTOR)
FAULT(IA64_FP_TRAP_VECTOR)
FAULT(IA64_LOWERPRIV_TRAP_VECTOR)
FAULT(IA64_TAKEN_BRANCH_TRAP_VECTOR)
FAULT(IA64_SINGLE_STEP_TRAP_VECTOR)
FAULT(IA64_VIRTUALIZATION_VECTOR)
FAULT(0x6200)
FAULT(0x6300)
FAULT(0x6400)
FAULT(0x6500)
FAULT(0x6600)
FAULT(0x6700)
FAULT(0x6800)
FAULT(0x6900)
FAULT(0x6a00)
FAULT(0x6b00)
FAULT(0x6c00)
FAULT(0x6d00)
FAULT(0x6e00)
FAULT(0x6f00)
        .org    ia64_ivt + 0x7000

        .section .text, "ax", @progbits

/*
 * A data TLB miss. At privilege level 0 in the directmap: the whole granule if all of it is RAM (directmap_wb has a bit for each; a granule with a pinned
 * page in it has its whole pinned, so that none overlaps a translation register). In the uncached window: the page. All else: C.
 */
ENTRY(dtlb_miss)
        mov     r29 = cr.ipsr
        mov     r16 = cr.ifa
        ;;
        extr.u  r20 = r29, IA64_PSR_CPL_SHIFT, 2
        shr.u   r21 = r16, 56
        ;;
        cmp.ne  p6, p0 = 0, r20
        mov     r22 = DIRECTMAP_VIRT_START >> 56
        mov     r23 = UNCACHED_VIRT_START >> 56
(p6)    br.cond.sptk guest_dtlb_miss
        ;;
        cmp.eq  p7, p0 = r21, r22
        cmp.eq  p8, p0 = r21, r23
        extr.u  r24 = r16, DIRECTMAP_GRANULE_SHIFT, 44 - DIRECTMAP_GRANULE_SHIFT
        extr.u  r25 = r16, 44, 12
        ;;
(p7)    cmp.ne.or.andcm p6, p7 = 0, r25         /* beyond the bitmap: C */
        movl    r26 = directmap_wb
        ;;
(p7)    shr.u   r27 = r24, 3
        and     r28 = 7, r24
(p8)    br.cond.spnt uncached_miss
(p7)    br.cond.sptk 1f
        br.sptk ia64_entry
        ;;
1:      add     r26 = r26, r27
        ;;
        ld1     r26 = [r26]
        mov     r23 = DIRECTMAP_GRANULE_SHIFT << IA64_ITIR_PS_SHIFT
        ;;
        shr.u   r26 = r26, r28
        dep.z   r24 = r24, DIRECTMAP_GRANULE_SHIFT, 44 - DIRECTMAP_GRANULE_SHIFT
        ;;
        tbit.z  p6, p7 = r26, 0
        adds    r24 = XEN_PTE_RW, r24
(p6)    br.cond.spnt ia64_entry
        ;;
        mov     cr.itir = r23
        ;;
        itc.d   r24
        mov     pr = r31, -1
        rfi
        ;;
uncached_miss:
        extr.u  r24 = r16, PAGE_SHIFT, 50 - PAGE_SHIFT
        mov     r23 = PAGE_SHIFT << IA64_ITIR_PS_SHIFT
        ;;
        dep.z   r24 = r24, PAGE_SHIFT, 50 - PAGE_SHIFT
        ;;
        adds    r24 = XEN_PTE_UC, r24
        mov     cr.itir = r23
        ;;
        itc.d   r24
        mov     pr = r31, -1
        rfi
        ;;
END(dtlb_miss)

/* An instruction TLB miss. At privilege level 0: firmware's code, in the directmap, by pages (ITR 1 has PAL's, which may be their neighbour). */
ENTRY(itlb_miss)
        mov     r29 = cr.ipsr
        mov     r16 = cr.ifa
        ;;
        extr.u  r20 = r29, IA64_PSR_CPL_SHIFT, 2
        shr.u   r21 = r16, 56
        ;;
        cmp.ne  p6, p0 = 0, r20
        mov     r22 = DIRECTMAP_VIRT_START >> 56
(p6)    br.cond.sptk guest_itlb_miss
        ;;
        cmp.ne  p6, p0 = r21, r22
        extr.u  r24 = r16, PAGE_SHIFT, 50 - PAGE_SHIFT
(p6)    br.cond.spnt ia64_entry
        ;;
        dep.z   r24 = r24, PAGE_SHIFT, 50 - PAGE_SHIFT
        mov     r23 = PAGE_SHIFT << IA64_ITIR_PS_SHIFT
        ;;
        adds    r24 = IA64_PTE_P | IA64_PTE_A | IA64_PTE_AR_RX, r24
        mov     cr.itir = r23
        ;;
        itc.i   r24
        mov     pr = r31, -1
        rfi
        ;;
END(itlb_miss)

/*
 * psr.ic was 0: what the first interruption left in the control registers is all there is. The stack below the guest's frame is given up, and C
 * writes what it can before it stops. r19: vector.
 */
ENTRY(ia64_nested)
        movl    r17 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE + CPUINFO_self
        movl    r1 = __gp
        ;;
        ld8     r13 = [r17]
        mov     r14 = r19
        mov     r15 = b0
        bsw.1
        ;;
        movl    r16 = STACK_SIZE / 2
        mov     ar.rsc = 0
        dep     r17 = 0, r13, 0, STACK_SHIFT
        ;;
        adds    r12 = -16, r13
        alloc   r18 = ar.pfs, 0, 0, 2, 0
        ;;
        mov     r32 = r14
        mov     r33 = r15
        ;;
        br.call.sptk.many b0 = ia64_nested_fault
        ;;
1:      br      1b
        ;;
END(ia64_nested)

/* bool probe_iib(void): does the machine have cr.iib0? They can be read with psr.ic = 0 only, where a fault cannot be mended: genex looks for r8. */
#define PROBE_MAGIC 0x69696230
ENTRY(probe_iib)
        mov     r14 = psr
        rsm     psr.ic | psr.i
        ;;
        srlz.i
        movl    r8 = PROBE_MAGIC
        ;;
        mov     r9 = cr26
        ;;
        mov     r8 = 1
1:      mov     psr.l = r14
        ;;
        srlz.i
        ;;
        br.ret.sptk.many b0
        ;;
2:      mov     pr = r31, -1
        mov     r8 = 0
        ;;
        bsw.1
        ;;
        br.sptk 1b
        ;;
genex:
        mov     r16 = cr.isr
        movl    r17 = PROBE_MAGIC
        ;;
        tbit.nz p6, p0 = r16, IA64_ISR_NI_BIT
        ;;
(p6)    cmp.eq.unc p6, p0 = r8, r17
        ;;
(p6)    br.cond.spnt 2b
        br.sptk.many fast_genex
        ;;
END(probe_iib)
