/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Into C from an interruption, and back. ivt.S comes here with psr.ic = 0 in bank 0:
 *
 *      r19  offset of the vector       r31  pr
 *
 * All other registers are still the interrupted code's. What is touched while psr.ic = 0 is pinned: the image and the stack block.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

#define pGuest  p6      /* interrupted: a guest */
#define pXen    p7      /* interrupted: Xen */

        .section .text, "ax", @progbits

/*
 * Saves the interrupted state in a frame (asm/regs.h): a guest's at the top of the stack block, Xen's own below the interrupted stack. A guest's stack
 * of registers is left for Xen's backing store; what was dirty of it goes to Xen's store as Xen needs the registers, and comes back by loadrs.
 */
ENTRY(ia64_entry)
        mov     r29 = cr.ipsr
        mov     r28 = cr.iip
        mov     r26 = ar.pfs
        ;;
        mov     r27 = ar.rsc
        extr.u  r20 = r29, IA64_PSR_CPL_SHIFT, 2
        movl    r17 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE + CPUINFO_self
        /* In whichever region: the number is no part of a translation. */
        extr.u  r16 = r28, PAGE_SHIFT, 61 - PAGE_SHIFT
        movl    r22 = (XEN_FAST_HYPERCALL & ~(7 << 61)) >> PAGE_SHIFT
        ;;
        cmp.ne  pGuest, pXen = 0, r20
        cmp.eq  p8, p0 = r16, r22
        ld8     r18 = [r17]                     /* struct cpu_info in the directmap, and so the guest's frame */
        mov     r25 = ar.unat
(p8)    br.cond.spnt fast_hypercall_interrupted /* has raised its level, perhaps */
        ;;
        .global ia64_entry_guest
ia64_entry_guest:
        .pred.rel "mutex", pGuest, pXen
(pGuest) mov    ar.rsc = 0                      /* enforced lazy, before ar.rnat may be read */
        cover                                   /* into cr.ifs, v set */
        ;;
        mov     r24 = cr.ifs
(pXen)  adds    r16 = -UREGS_SIZE, r12
        mov     r23 = 0
        mov     r22 = 0
        mov     r21 = 0
        ;;
(pGuest) mov    r16 = r18
(pXen)  dep     r16 = 0, r16, 0, 9              /* aligned: the spills' NaT bits are by address */
(pGuest) mov    r23 = ar.bspstore
(pGuest) mov    r22 = ar.rnat
        ;;
(pGuest) dep    r20 = 0, r18, 0, STACK_SHIFT    /* the stack block's base */
        adds    r17 = 8 * 2, r16
        mov     r30 = r16                       /* the frame */
        ;;
(pGuest) mov    ar.bspstore = r20
        adds    r16 = 8 * 1, r16
        ;;
(pGuest) mov    r21 = ar.bsp
        ;;
(pGuest) sub    r21 = r21, r20                  /* bytes of the guest's dirty registers */
        ;;
(pGuest) shl    r21 = r21, IA64_RSC_LOADRS_SHIFT

        .mem.offset 0, 0
        st8.spill [r16] = r1, 16
        .mem.offset 8, 0
        st8.spill [r17] = r2, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r3, 16
        .mem.offset 8, 0
        st8.spill [r17] = r4, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r5, 16
        .mem.offset 8, 0
        st8.spill [r17] = r6, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r7, 16
        .mem.offset 8, 0
        st8.spill [r17] = r8, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r9, 16
        .mem.offset 8, 0
        st8.spill [r17] = r10, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r11, 16
        .mem.offset 8, 0
        st8.spill [r17] = r12, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r13, 16
        .mem.offset 8, 0
        st8.spill [r17] = r14, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r16] = r15
        mov     r13 = r18
        adds    r12 = -16, r30                  /* the callee's 16 bytes of scratch */
        adds    r2 = UREGS_ipsr, r30
        adds    r3 = UREGS_iip, r30
        ;;
        /* Now r1-r11, r14, r15 serve. Pairs of neighbours: the order of struct cpu_user_regs. */
        st8     [r2] = r29, UREGS_ifs - UREGS_ipsr
        st8     [r3] = r28, UREGS_isr - UREGS_iip
        mov     r8 = cr.isr
        mov     r9 = cr.ifa
        ;;
        st8     [r2] = r24, UREGS_ifa - UREGS_ifs
        st8     [r3] = r8, UREGS_itir - UREGS_isr
        mov     r10 = cr.itir
        mov     r11 = cr.iim
        ;;
        st8     [r2] = r9, UREGS_iim - UREGS_ifa
        st8     [r3] = r10, UREGS_iha - UREGS_itir
        mov     r8 = cr.iha
        mov     r9 = cr.iipa
        ;;
        st8     [r2] = r11, UREGS_iipa - UREGS_iim
        st8     [r3] = r8, UREGS_rsc - UREGS_iha
        mov     r10 = ar.ccv
        mov     r11 = ar.fpsr
        ;;
        st8     [r2] = r9, UREGS_bspstore - UREGS_iipa
        st8     [r3] = r27, UREGS_rnat - UREGS_rsc
        mov     r8 = ar.csd
        mov     r9 = ar.ssd
        ;;
        st8     [r2] = r23, UREGS_pfs - UREGS_bspstore
        st8     [r3] = r22, UREGS_unat - UREGS_rnat
        mov.i   r14 = ar.lc
        mov.i   r15 = ar.ec
        ;;
        st8     [r2] = r26, UREGS_ccv - UREGS_pfs
        st8     [r3] = r25, UREGS_fpsr - UREGS_unat
        mov     r4 = b0
        mov     r5 = b1
        ;;
        st8     [r2] = r10, UREGS_csd - UREGS_ccv
        st8     [r3] = r11, UREGS_ssd - UREGS_fpsr
        mov     r6 = b2
        mov     r7 = b3
        ;;
        st8     [r2] = r8, UREGS_lc - UREGS_csd
        st8     [r3] = r9, UREGS_ec - UREGS_ssd
        mov     r8 = b4
        mov     r9 = b5
        ;;
        st8     [r2] = r14, UREGS_loadrs - UREGS_lc
        st8     [r3] = r15, UREGS_vector - UREGS_ec
        mov     r10 = b6
        mov     r11 = b7
        ;;
        st8     [r2] = r21
        st8     [r3] = r19
        adds    r14 = UREGS_br, r30
        adds    r15 = UREGS_br + 8, r30
        ;;
        st8     [r14] = r4, 16
        st8     [r15] = r5, 16
        ;;
        st8     [r14] = r6, 16
        st8     [r15] = r7, 16
        mov     r7 = r19                        /* preserved by C */
        ;;
        st8     [r14] = r8, 16
        st8     [r15] = r9, 16
        adds    r2 = UREGS_fr6, r30
        adds    r3 = UREGS_fr6 + 16, r30
        ;;
        st8     [r14] = r10, 16
        st8     [r15] = r11
        ;;
        st8     [r14] = r31                     /* pr */
        stf.spill [r2] = f6, 32
        stf.spill [r3] = f7, 32
        ;;
        stf.spill [r2] = f8, 32
        stf.spill [r3] = f9, 32
        movl    r9 = XEN_FPSR
        ;;
        stf.spill [r2] = f10
        stf.spill [r3] = f11
        mov     ar.fpsr = r9
        mov     r8 = r30                        /* the frame, before bank 1 hides it */
        ;;
        adds    r2 = 8 * 16, r8
        adds    r3 = 8 * 17, r8
        bsw.1
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r16, 16
        .mem.offset 8, 0
        st8.spill [r3] = r17, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r18, 16
        .mem.offset 8, 0
        st8.spill [r3] = r19, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r20, 16
        .mem.offset 8, 0
        st8.spill [r3] = r21, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r22, 16
        .mem.offset 8, 0
        st8.spill [r3] = r23, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r24, 16
        .mem.offset 8, 0
        st8.spill [r3] = r25, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r26, 16
        .mem.offset 8, 0
        st8.spill [r3] = r27, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r28, 16
        .mem.offset 8, 0
        st8.spill [r3] = r29, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r2] = r30, 16
        .mem.offset 8, 0
        st8.spill [r3] = r31, 16
        ;;
        mov     r14 = ar.unat
        movl    r1 = __gp
        ;;
        st8     [r2] = r14                      /* gr_nat is behind gr[31] */
        mov     ar.rsc = XEN_RSC
        ;;
        ssm     psr.ic
        ;;
        srlz.i
        ;;
        alloc   r16 = ar.pfs, 0, 0, 2, 0
        mov     r32 = r7
        mov     r33 = r8
        ;;
        br.call.sptk.many b0 = ia64_fault
        ;;
END(ia64_entry)
        /* Falls through. */

/*
 * Back to what was interrupted. r12 + 16 is its frame. reset_stacks_and_jump(ia64_leave) gets here for a guest that runs from now on: the frame at the top
 * of the stack block, its dirty registers (loadrs) at the base of the backing store.
 */
ENTRY(ia64_leave)
        alloc   r16 = ar.pfs, 0, 0, 1, 0
        adds    r32 = 16, r12
        adds    r14 = 16 + UREGS_ipsr, r12
        movl    r1 = __gp
        ;;
        ld8     r14 = [r14]
        rsm     psr.i
        ;;
        extr.u  r14 = r14, IA64_PSR_CPL_SHIFT, 2
        ;;
        cmp.ne  pGuest, pXen = 0, r14
(pGuest) br.call.spnt.many b0 = ia64_leave_to_guest    /* softirqs, virtual interrupts; interrupts stay off */
        ;;
        adds    r8 = 16, r12
        rsm     psr.ic | psr.i
        cmp.ne  p14, p0 = r0, r0
        ;;
        srlz.i
        ;;
        adds    r2 = UREGS_gr_nat, r8
        adds    r3 = UREGS_ipsr, r8
        ;;
        ld8     r14 = [r2]
        ld8     r15 = [r3]
        adds    r2 = 8 * 16, r8
        adds    r3 = 8 * 17, r8
        ;;
        mov     ar.unat = r14
        extr.u  r15 = r15, IA64_PSR_CPL_SHIFT, 2
        ;;
        cmp.ne  pGuest, pXen = 0, r15
        ld8.fill r16 = [r2], 16
        ld8.fill r17 = [r3], 16
        ;;
        ld8.fill r18 = [r2], 16
        ld8.fill r19 = [r3], 16
        ;;
        ld8.fill r20 = [r2], 16
        ld8.fill r21 = [r3], 16
        ;;
        ld8.fill r22 = [r2], 16
        ld8.fill r23 = [r3], 16
        ;;
        ld8.fill r24 = [r2], 16
        ld8.fill r25 = [r3], 16
        ;;
        ld8.fill r26 = [r2], 16
        ld8.fill r27 = [r3], 16
        ;;
        ld8.fill r28 = [r2], 16
        ld8.fill r29 = [r3], 16
        ;;
        ld8.fill r30 = [r2]
        ld8.fill r31 = [r3]
        adds    r14 = UREGS_fr6, r8
        adds    r15 = UREGS_fr6 + 16, r8
        ;;
        ldf.fill f6 = [r14], 32
        ldf.fill f7 = [r15], 32
        adds    r2 = UREGS_br, r8
        adds    r3 = UREGS_br + 8, r8
        ;;
        ldf.fill f8 = [r14], 32
        ldf.fill f9 = [r15], 32
        ;;
        ldf.fill f10 = [r14]
        ldf.fill f11 = [r15]
        bsw.0
        ;;
        /* Bank 0. */
        mov     r30 = r8
        ld8     r16 = [r2], 16
        ld8     r17 = [r3], 16
        ;;
        ld8     r18 = [r2], 16
        ld8     r19 = [r3], 16
        mov     b0 = r16
        ;;
        ld8     r20 = [r2], 16
        ld8     r21 = [r3], 16
        mov     b1 = r17
        mov     b2 = r18
        ;;
        ld8     r22 = [r2], 16
        ld8     r23 = [r3]
        mov     b3 = r19
        mov     b4 = r20
        ;;
        ld8     r31 = [r2]                      /* pr */
        mov     b5 = r21
        mov     b6 = r22
        adds    r2 = UREGS_ipsr, r30
        adds    r3 = UREGS_iip, r30
        ;;
        mov     b7 = r23
        ld8     r16 = [r2], UREGS_ifs - UREGS_ipsr
        ld8     r17 = [r3], UREGS_rsc - UREGS_iip
        ;;
        mov     cr.ipsr = r16
        adds    r16 = UREGS_iipa, r30
        mov     cr.iip = r17
        ;;
        ld8     r16 = [r16]
        ld8     r18 = [r2], UREGS_bspstore - UREGS_ifs
        ld8     r27 = [r3], UREGS_rnat - UREGS_rsc
        ;;
        mov     cr.ifs = r18
        mov     cr.iipa = r16                   /* for what interrupts before an instruction has executed */
        ld8     r23 = [r2], UREGS_pfs - UREGS_bspstore
        ld8     r22 = [r3], UREGS_unat - UREGS_rnat
        ;;
        ld8     r26 = [r2], UREGS_ccv - UREGS_pfs
        ld8     r25 = [r3], UREGS_fpsr - UREGS_unat
        ;;
        ld8     r16 = [r2], UREGS_csd - UREGS_ccv
        ld8     r17 = [r3], UREGS_ssd - UREGS_fpsr
        ;;
        ld8     r18 = [r2], UREGS_lc - UREGS_csd
        ld8     r19 = [r3], UREGS_ec - UREGS_ssd
        mov     ar.ccv = r16
        ;;
        ld8     r20 = [r2], UREGS_loadrs - UREGS_lc
        ld8     r21 = [r3]
        mov     ar.fpsr = r17
        ;;
        ld8     r24 = [r2]                      /* loadrs; the other fields of ar.rsc 0: lazy, privilege level 0 */
        mov     ar.csd = r18
        mov.i   ar.lc = r20
        ;;
        mov     ar.ssd = r19
        mov.i   ar.ec = r21
        adds    r16 = 8, r30
        adds    r17 = 16, r30
        ;;
(pXen)  br.cond.spnt 1f
        ;;
        /*
         * Stacked registers that hold nothing of the guest's hold something of Xen's: cleared. A frame of that many (in sixteens) is theirs; its allocation
         * puts what is in the way of it on the backing store.
         */
        .global ia64_clear_stacked
ia64_clear_stacked:                             /* fast-hypercall.S comes here too, with p14 */
        shr.u   r19 = r24, IA64_RSC_LOADRS_SHIFT + 3
        ;;
        adds    r19 = -2, r19                   /* RNAT collections may be among them */
        ;;
        cmp.le  p8, p0 = 80, r19
        cmp.le  p9, p0 = 64, r19
        cmp.le  p10, p0 = 48, r19
        cmp.le  p11, p0 = 32, r19
        cmp.le  p12, p0 = 16, r19
(p8)    br.cond.spnt clear_16
(p9)    br.cond.spnt clear_32
(p10)   br.cond.spnt clear_48
(p11)   br.cond.spnt clear_64
(p12)   br.cond.spnt clear_80
        ;;
        alloc   r20 = ar.pfs, 0, 96, 0, 0
        ;;
        .irp    n, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127
        mov     r\n = r0
        .endr
        ;;
clear_80:
        alloc   r20 = ar.pfs, 0, 80, 0, 0
        ;;
        .irp    n, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111
        mov     r\n = r0
        .endr
        ;;
clear_64:
        alloc   r20 = ar.pfs, 0, 64, 0, 0
        ;;
        .irp    n, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95
        mov     r\n = r0
        .endr
        ;;
clear_48:
        alloc   r20 = ar.pfs, 0, 48, 0, 0
        ;;
        .irp    n, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79
        mov     r\n = r0
        .endr
        ;;
clear_32:
        alloc   r20 = ar.pfs, 0, 32, 0, 0
        ;;
        .irp    n, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
        mov     r\n = r0
        .endr
        ;;
clear_16:
        alloc   r20 = ar.pfs, 0, 16, 0, 0
        ;;
        .irp    n, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
        mov     r\n = r0
        .endr
        ;;
        ;;
        mov     ar.rsc = r24
        ;;
        alloc   r20 = ar.pfs, 0, 0, 0, 0
        ;;
        loadrs
        ;;
        mov     ar.bspstore = r23
        ;;
        mov     ar.rnat = r22
(p14)   br.cond.spnt fast_hypercall_leave
        ;;
1:      mov     ar.pfs = r26
        mov     ar.rsc = r27
        ld8.fill r1 = [r16], 16
        ld8.fill r2 = [r17], 16
        ;;
        ld8.fill r3 = [r16], 16
        ld8.fill r4 = [r17], 16
        ;;
        ld8.fill r5 = [r16], 16
        ld8.fill r6 = [r17], 16
        ;;
        ld8.fill r7 = [r16], 16
        ld8.fill r8 = [r17], 16
        ;;
        ld8.fill r9 = [r16], 16
        ld8.fill r10 = [r17], 16
        ;;
        ld8.fill r11 = [r16], 16
        ld8.fill r12 = [r17], 16
        ;;
        ld8.fill r13 = [r16], 16
        ld8.fill r14 = [r17], 16
        ;;
        ld8.fill r15 = [r16]
        invala
        ;;
        mov     ar.unat = r25
        mov     pr = r31, -1
        rfi
        ;;
END(ia64_leave)

/*
 * void reset_stacks_and_jump_at(void (*fn)(void), uint64_t rnat, uint64_t offset): the memory stack is empty, the register stack begins at offset from its base,
 * ar.rnat holding rnat. reset_stacks_and_jump_rnat(fn, rnat): above the guest's dirty registers.
 */
ENTRY(reset_stacks_and_jump_rnat)
        alloc   r16 = ar.pfs, 2, 0, 0, 0
        adds    r17 = CPUINFO_regs + UREGS_loadrs, r13
        ;;
        ld8     r17 = [r17]
        mov     r14 = r32
        mov     r15 = r33
        ;;
        shr.u   r17 = r17, IA64_RSC_LOADRS_SHIFT
        br.sptk 1f
        ;;
END(reset_stacks_and_jump_rnat)

ENTRY(reset_stacks_and_jump_at)
        alloc   r16 = ar.pfs, 3, 0, 0, 0
        mov     r14 = r32
        mov     r15 = r33
        mov     r17 = r34
        ;;
1:      mov     r18 = psr
        dep     r19 = 0, r13, 0, STACK_SHIFT
        mov     b6 = r14
        ;;
        rsm     psr.i
        add     r19 = r19, r17
        tbit.nz p6, p0 = r18, IA64_PSR_I_BIT
        ;;
        flushrs                                 /* leaves no dirty register that a new ar.bspstore would take along */
        mov     ar.rsc = 0
        ;;
        alloc   r16 = ar.pfs, 0, 0, 0, 0
        ;;
        mov     ar.bspstore = r19
        ;;
        mov     ar.rnat = r15
        adds    r12 = -16, r13
        mov     ar.pfs = r0
        ;;
        mov     ar.rsc = XEN_RSC
        mov     b0 = r0
        invala
        ;;
(p6)    ssm     psr.i
        ;;
(p6)    srlz.d
        br.sptk.many b6
        ;;
END(reset_stacks_and_jump_at)

/* uint64_t flush_guest_stacked(void): everything below the caller's frame is in Xen's backing store; returns ar.rnat then. */
ENTRY(flush_guest_stacked)
        flushrs
        mov     r14 = ar.rsc
        ;;
        mov     ar.rsc = 0
        ;;
        mov     r8 = ar.rnat
        ;;
        mov     ar.rsc = r14
        br.ret.sptk.many b0
        ;;
END(flush_guest_stacked)
