/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A secondary processor comes here from SAL's boot rendezvous (SAL specification, 3.2.5): physical mode, firmware's registers. smpboot.c has prepared
 * the struct cpu_info at the top of its stack block; ap_cpu_info is its physical address. SAL gets its registers back when the processor goes
 * offline: what the calling convention makes a procedure keep, control and region registers.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>
#include <asm/salblock.h>

        .section .text, "ax", @progbits

/* op(x) for each, in the order of struct sal_block's boot.reg behind the region registers; ar.bspstore before ar.rnat (SDM 2:6.5.2). */
#define SAL_REGS(op)                                                                                                    \
        op(cr.dcr) op(cr.iva) op(cr.pta) op(cr.itv) op(cr.pmv) op(cr.cmcv) op(cr.lrr0) op(cr.lrr1) op(cr.tpr)           \
        op(ar.fpsr) op(ar.unat) op(ar.lc) op(ar.bspstore) op(ar.rnat)                                                   \
        op(b0) op(b1) op(b2) op(b3) op(b4) op(b5)
#define SAL_GRS(op)     op(r1) op(r4) op(r5) op(r6) op(r7) op(r12) op(r13)
#define SAL_FRS(op)                                                                                                     \
        op(f2) op(f3) op(f4) op(f5) op(f16) op(f17) op(f18) op(f19) op(f20) op(f21) op(f22) op(f23)                     \
        op(f24) op(f25) op(f26) op(f27) op(f28) op(f29) op(f30) op(f31)

/* r20: where; r21 is used. */
#define SAVE(x)         mov r21 = x;; st8 [r20] = r21, 8;;
#define SAVE_GR(x)      st8 [r20] = x, 8;;
#define SAVE_FR(x)      stf.spill [r20] = x, 16;;
#define RESTORE(x)      ld8 r21 = [r20], 8;; mov x = r21;; srlz.d;;
#define RESTORE_GR(x)   ld8 x = [r20], 8;;
#define RESTORE_FR(x)   ldf.fill x = [r20], 16;;

ENTRY(ap_entry)
1:      mov     r9 = ip
        movl    r10 = 1b
        movl    r11 = ap_cpu_info
        ;;
        sub     r9 = r10, r9                            /* virtual minus physical address of the image */
        mov     r16 = psr
        ;;
        rsm     psr.i | psr.ic
        mov     r17 = ar.rsc
        ;;
        srlz.i
        sub     r11 = r11, r9
        ;;
        ld8     r8 = [r11]                              /* struct cpu_info, physical */
        mov     ar.rsc = 0
        ;;
        flushrs                                         /* SAL's stacked registers: on its own backing store */
        ;;
        alloc   r18 = ar.pfs, 0, 0, 0, 0
        movl    r10 = CPUINFO_SIZE + SALBLOCK_boot
        ;;
        mov     r19 = ar.lc
        add     r20 = r10, r8
        mov     r11 = r0
        movl    r15 = 1 << 61
        mov     r14 = 7
        ;;
        mov     ar.lc = r14
        ;;
2:      mov     r21 = rr[r11]
        add     r11 = r11, r15
        ;;
        st8     [r20] = r21, 8
        br.cloop.sptk 2b
        ;;
        mov     ar.lc = r19
        ;;
        SAL_REGS(SAVE)
        SAL_GRS(SAVE_GR)
        SAVE(pr)
        SAVE_GR(r16)                                    /* psr */
        SAVE_GR(r17)                                    /* ar.rsc */
        SAVE_GR(r18)                                    /* ar.pfs */
        adds    r20 = 8, r20                            /* to 16 bytes */
        ;;
        SAL_FRS(SAVE_FR)
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

/*
 * void noreturn ap_return_to_sal(paddr_t boot, paddr_t state, uint32_t dead): what ap_entry found goes back, from boot; SAL goes on behind its call
 * (SAL specification, 3.2.5). From the store of `dead` to *state on, nothing but `boot` is this processor's any more. INIT and machine checks wait
 * meanwhile (psr.mc): their handlers would want the translation registers.
 */
ENTRY(ap_return_to_sal)
        alloc   r2 = ar.pfs, 3, 0, 0, 0
        rsm     psr.i | psr.ic
        movl    r3 = 1f
        ;;
        srlz.i
        mov     r8 = in0
        mov     r9 = in1
        mov     r10 = in2
        ;;
        flushrs
        tpa     r3 = r3
        tpa     r20 = r13
        movl    r11 = IA64_PSR_BN | IA64_PSR_MC
        ;;
        mov     ar.rsc = 0
        mov     cr.ipsr = r11
        mov     cr.iip = r3
        mov     cr.ifs = r0
        adds    r20 = CPUINFO_tr, r20
        ;;
        rfi
        ;;
1:      alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        br.call.sptk.many b7 = purge_trs_phys
        ;;
        mf
        mov     r20 = r8
        ;;
        st4.rel [r9] = r10
        mov     r11 = r0
        movl    r15 = 1 << 61
        mov     r14 = 7
        ;;
        mov     ar.lc = r14
        ;;
2:      ld8     r21 = [r20], 8
        ;;
        mov     rr[r11] = r21
        add     r11 = r11, r15
        br.cloop.sptk 2b
        ;;
        srlz.d
        ;;
        SAL_REGS(RESTORE)
        SAL_GRS(RESTORE_GR)
        ld8     r14 = [r20], 8                          /* pr */
        ;;
        ld8     r16 = [r20], 8                          /* psr */
        ;;
        ld8     r17 = [r20], 8                          /* ar.rsc */
        ;;
        ld8     r18 = [r20], 16                         /* ar.pfs */
        ;;
        SAL_FRS(RESTORE_FR)
1:      mov     r9 = ip
        movl    r15 = IA64_PSR_BN
        ;;
        adds    r9 = 2f - 1b, r9
        or      r16 = r16, r15
        ;;
        mov     cr.iip = r9
        mov     cr.ipsr = r16
        mov     cr.ifs = r0
        mov     ar.pfs = r18
        mov     ar.rsc = r17
        mov     pr = r14, -1
        ;;
        rfi
        ;;
        .align  16
2:      br.ret.sptk.many b0
        ;;
END(ap_return_to_sal)
