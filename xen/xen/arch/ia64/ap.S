/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A secondary processor comes here from SAL's boot rendezvous (SAL specification, 3.2.5): physical mode, firmware's registers. smpboot.c has prepared
 * the struct cpu_info at the top of its stack block; ap_cpu_info is its physical address.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>

        .section .text, "ax", @progbits

ENTRY(ap_entry)
1:      mov     r9 = ip
        movl    r10 = 1b
        movl    r11 = ap_cpu_info
        ;;
        sub     r9 = r10, r9                            /* virtual minus physical address of the image */
        rsm     psr.i | psr.ic
        ;;
        srlz.i
        sub     r11 = r11, r9
        ;;
        ld8     r8 = [r11]                              /* struct cpu_info, physical */
        mov     ar.rsc = 0
        ;;
        alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        loadrs
        adds    r20 = CPUINFO_rr7, r8
        ;;
        /* Region ids of the idle vcpus (rid_of_idle() of vtlb.h). */
        movl    r10 = IA64_RR(0x10, PAGE_SHIFT, 1)
        mov     r11 = r0
        mov     r14 = 7
        ;;
        mov     ar.lc = r14
        movl    r15 = 1 << 61
        ;;
2:      mov     rr[r11] = r10
        add     r11 = r11, r15
        add     r10 = 1 << IA64_RR_RID_SHIFT, r10
        br.cloop.sptk 2b
        ;;
        srlz.i
        adds    r20 = CPUINFO_tr, r8
        br.call.sptk.many b7 = insert_trs_phys
        ;;
        movl    r10 = ia64_ivt
        ;;
        mov     cr.iva = r10
        mov     cr.dcr = r0
        movl    r11 = 15 << IA64_PTA_SIZE_SHIFT         /* the smallest VHPT, and off */
        ;;
        mov     cr.pta = r11
        movl    r14 = XEN_FPSR
        ;;
        mov     ar.fpsr = r14
        mov     r15 = IA64_LVT_MASKED
        ;;
        mov     cr.itv = r15
        mov     cr.pmv = r15
        mov     cr.cmcv = r15
        mov     cr.lrr0 = r15
        mov     cr.lrr1 = r15
        ;;
        srlz.i
        ;;
        movl    r10 = XEN_PSR_BITS
        movl    r11 = 3f
        movl    r14 = IA64_IFS_V
        ;;
        mov     cr.ipsr = r10
        mov     cr.iip = r11
        mov     cr.ifs = r14
        ;;
        srlz.i
        ;;
        rfi
        ;;
3:      movl    r1 = __gp
        movl    r10 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE + CPUINFO_self
        ;;
        ld8     r13 = [r10]
        ;;
        dep     r11 = 0, r13, 0, STACK_SHIFT
        adds    r12 = -16, r13
        ;;
        mov     ar.bspstore = r11
        ;;
        mov     ar.rnat = r0
        mov     b0 = r0
        ;;
        mov     ar.rsc = XEN_RSC
        ;;
        alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        br.call.sptk.many b0 = start_secondary
        ;;
        break.m 0
END(ap_entry)
