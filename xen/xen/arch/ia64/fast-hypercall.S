/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls by epc (docs/abi.md): a page of code that guests may call and that raises the privilege level, and what is behind it.
 *
 * After epc nothing is Xen's but the level: both stacks, r13, psr are the guest's. psr.ic stays 1, so an interruption of the two instructions until psr.i
 * is 0 goes its usual way, and ia64_entry makes of it (fast_hypercall_interrupted) one of the guest's at the page's break, which makes the same call.
 * From there on nothing can interrupt until the stacks are Xen's: no memory is touched that is not pinned, no register stack engine has to work,
 * breakpoints never match at level 0 (vdebug.c), and psr has no trap left.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/fault.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

#define PFS_PPL_SHIFT   62
#define CFM_BITS        38

/* In the page: behind the last bundle where an interruption finds the call still to be made. */
#define FAST_HYPERCALL_EXIT 0xc0

/* Of psr.l while Xen runs, interrupts off. */
#define XEN_PSR_L       (IA64_PSR_IC | IA64_PSR_DT | IA64_PSR_RT)

/*
 * The page, mapped at XEN_FAST_HYPERCALL by each processor (ITR 2), access rights 7, level 0. It is executed there, not where it is linked: no relative
 * branch leaves it.
 */
        .section .text.fast_hypercall, "ax", @progbits
        .align  PAGE_SIZE
        .global fast_hypercall_page
fast_hypercall_page:
        { .mib; nop.m 0; nop.i 0; epc;; }       /* Illegal Operation if ar.pfs.ppl is more privileged than the caller (SDM 3: epc) */
        { .mlx; mov r14 = psr; movl r15 = XEN_PSR_L;; }
        { .mmi; rsm psr.i;; mov psr.l = r15; nop.i 0;; }        /* rsm needs no serialization for psr.i, mov does (SDM 2:3.3.2) */
        { .mlx; srlz.d; movl r17 = fast_hypercall;; }
        { .mii; nop.m 0; mov b6 = r17; mov.i r16 = ar.pfs;; }
        { .mib; nop.m 0; nop.i 0; br.cond.sptk.many b6;; }

        .org    fast_hypercall_page + (XEN_FAST_HYPERCALL_BREAK - XEN_FAST_HYPERCALL)
        { .mii; break.m XEN_HYPERCALL_BREAK; nop.i 0; nop.i 0 }
        { .mib; nop.m 0; nop.i 0; br.ret.sptk.many b0;; }

        .org    fast_hypercall_page + FAST_HYPERCALL_EXIT
        { .mmi; nop.m 0; nop.m 0; mov.i ar.pfs = r26;; }
        { .mmi; mov psr.l = r14;; srlz.d; mov r14 = r0;; }
        { .mib; mov r26 = r0; nop.i 0; br.ret.sptk.many b0;; }
        .org    fast_hypercall_page + PAGE_SIZE

        .section .text, "ax", @progbits

/*
 * r14: the guest's psr, r16: its ar.pfs. epc has seen that ar.pfs.ppl is not above the caller's level, so 1 is the guest's kernel, and only that. Whatever is
 * not the plain case is left to the break: nothing but scratch registers has changed.
 */
ENTRY(fast_hypercall)
        extr.u  r17 = r16, PFS_PPL_SHIFT, 2
        shr.u   r18 = r2, 6                     /* NR_hypercalls */
        extr.u  r19 = r14, IA64_PSR_DB_BIT, 3   /* db, lp, tb */
        movl    r20 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE + CPUINFO_self
        cmp.ne  p6, p0 = r0, r0
        ;;
        ld8     r20 = [r20]                     /* struct cpu_info in the directmap: the guest's frame */
        cmp.ne.or p6, p0 = 1, r17
        cmp.ne.or p6, p0 = r0, r18
        cmp.ne.or p6, p0 = r0, r19
        tnat.nz.or p6, p0 = r2
        mov     r27 = ar.rsc
        /* A register outside the frame may be read, whatever it gives (the C code looks at sof). */
        tnat.nz.or p6, p0 = r32
        tnat.nz.or p6, p0 = r33
        tnat.nz.or p6, p0 = r34
        tnat.nz.or p6, p0 = r35
        tnat.nz.or p6, p0 = r36
        mov     r25 = ar.unat
        ;;
(p6)    br.cond.spnt use_break
        mov     ar.rsc = 0                      /* enforced lazy, before ar.rnat may be read */
        mov     r28 = r32
        mov     r29 = r33
        mov     r30 = r34
        mov     r31 = r35
        mov     r3 = r36
        ;;
        mov     r23 = ar.bspstore
        mov     r22 = ar.rnat
        dep     r19 = 0, r20, 0, STACK_SHIFT    /* the stack block's base */
        adds    r10 = 8 * 1, r20
        adds    r11 = 8 * 2, r20
        br.call.sptk.many b6 = 1f               /* for the frame: cover writes cr.ifs with psr.ic 0 only */
        ;;
1:      mov.i   r24 = ar.pfs
        mov     ar.unat = r0
        cover
        ;;
        mov     ar.bspstore = r19
        dep     r24 = 0, r24, CFM_BITS, 64 - CFM_BITS
        movl    r26 = IA64_PSR_BN | IA64_PSR_CPL1
        ;;
        mov     r21 = ar.bsp
        or      r14 = r14, r26
        dep     r24 = -1, r24, 63, 1            /* v */
        mov.i   r8 = ar.lc
        mov.i   r9 = ar.ec
        ;;
        sub     r21 = r21, r19                  /* bytes of the guest's dirty registers */
        movl    r26 = XEN_FAST_HYPERCALL_BREAK
        ;;
        shl     r21 = r21, IA64_RSC_LOADRS_SHIFT
        mov     r15 = b0
        mov     r17 = b1

        /* The frame as it would be after the break, with 0 in the scratch registers. */
        st8.spill [r10] = r1, 16
        st8     [r11] = r2, 16
        ;;
        st8     [r10] = r0, 16
        st8.spill [r11] = r4, 16
        ;;
        .mem.offset 0, 0
        st8.spill [r10] = r5, 16
        .mem.offset 8, 0
        st8.spill [r11] = r6, 16
        ;;
        st8.spill [r10] = r7, 16
        st8     [r11] = r0, 16
        ;;
        st8     [r10] = r0, 16
        st8     [r11] = r0, 16
        ;;
        st8     [r10] = r0, 16
        st8.spill [r11] = r12, 16
        ;;
        st8.spill [r10] = r13, 16
        st8     [r11] = r0, 16
        ;;
        .rept   8                               /* r15 to r30 */
        st8     [r10] = r0, 16
        st8     [r11] = r0, 16
        ;;
        .endr
        mov     r18 = ar.unat                   /* gr_nat */
        st8     [r10] = r0, 16                  /* r31 */
        adds    r11 = UREGS_br, r20
        ;;
        adds    r10 = UREGS_br + 8, r20
        st8     [r11] = r15, 16
        mov     r15 = b2
        ;;
        st8     [r10] = r17, 16
        st8     [r11] = r15, 16
        mov     r17 = b3
        mov     r15 = b4
        ;;
        st8     [r10] = r17, 16
        st8     [r11] = r15, 16
        mov     r17 = b5
        mov     r15 = ar.fpsr
        ;;
        st8     [r10] = r17, 16
        st8     [r11] = r0                      /* b6 */
        mov     r17 = pr
        adds    r11 = UREGS_pr, r20
        ;;
        st8     [r10] = r0                      /* b7 */
        st8     [r11] = r17
        adds    r10 = UREGS_ipsr, r20
        adds    r11 = UREGS_iip, r20
        adds    r17 = 16, r26                   /* past the break */
        ;;
        st8     [r10] = r14, UREGS_ifs - UREGS_ipsr
        st8     [r11] = r17, UREGS_iipa - UREGS_iip
        movl    r1 = __gp
        ;;
        st8     [r10] = r24, UREGS_rsc - UREGS_ifs
        st8     [r11] = r26, UREGS_bspstore - UREGS_iipa
        movl    r17 = XEN_FPSR
        ;;
        st8     [r10] = r27, UREGS_rnat - UREGS_rsc
        st8     [r11] = r23, UREGS_pfs - UREGS_bspstore
        mov     ar.fpsr = r17
        ;;
        st8     [r10] = r22, UREGS_unat - UREGS_rnat
        st8     [r11] = r16, UREGS_ccv - UREGS_pfs
        mov     r17 = IA64_BREAK_VECTOR
        ;;
        st8     [r10] = r25, UREGS_fpsr - UREGS_unat
        st8     [r11] = r0, UREGS_csd - UREGS_ccv
        ;;
        st8     [r10] = r15, UREGS_ssd - UREGS_fpsr
        st8     [r11] = r0, UREGS_lc - UREGS_csd
        ;;
        st8     [r10] = r0, UREGS_ec - UREGS_ssd
        st8     [r11] = r8, UREGS_loadrs - UREGS_lc
        ;;
        st8     [r10] = r9, UREGS_vector - UREGS_ec
        st8     [r11] = r21
        ;;
        st8     [r10] = r17
        adds    r10 = UREGS_gr_nat, r20
        adds    r11 = UREGS_fr6, r20
        ;;
        st8     [r10] = r18
        stf.spill [r11] = f0, 32
        adds    r10 = UREGS_fr6 + 16, r20
        ;;
        stf.spill [r10] = f0, 32
        stf.spill [r11] = f0, 32
        mov     r13 = r20
        ;;
        stf.spill [r10] = f0, 32
        stf.spill [r11] = f0
        adds    r12 = -16, r20                  /* the callee's 16 bytes of scratch */
        ;;
        stf.spill [r10] = f0
        mov     ar.rsc = XEN_RSC
        ;;
        alloc   r15 = ar.pfs, 0, 0, 6, 0
        ;;
        mov     r32 = r20
        mov     r33 = r28
        mov     r34 = r29
        mov     r35 = r30
        mov     r36 = r31
        mov     r37 = r3
        br.call.sptk.many b0 = ia64_fast_hypercall
        ;;
        /* Interrupts are off. More than r8 has changed: as from an interruption. */
        cmp.eq  p6, p0 = r0, r8
        adds    r10 = 16 + UREGS_gr_nat, r12
        adds    r11 = 16 + UREGS_ifs, r12
        adds    r28 = 16, r12
(p6)    br.cond.spnt ia64_leave
        ;;
        /* r4 to r7, b1 to b5, ar.lc are as C preserves them. */
        ld8     r14 = [r10], UREGS_br - UREGS_gr_nat
        ld8     r18 = [r11], UREGS_bspstore - UREGS_ifs
        adds    r2 = UREGS_pr, r28
        adds    r3 = UREGS_ipsr, r28
        adds    r16 = 8 * 1, r28
        adds    r17 = 8 * 8, r28
        ;;
        mov     ar.unat = r14
        ld8     r15 = [r10], UREGS_rnat - UREGS_br
        ld8     r23 = [r11], UREGS_pfs - UREGS_bspstore
        ld8     r31 = [r2], UREGS_rsc - UREGS_pr
        ld8     r14 = [r3], UREGS_unat - UREGS_ipsr
        extr.u  r18 = r18, 0, 7                 /* sof */
        ;;
        mov     b0 = r15
        ld8     r22 = [r10], UREGS_loadrs - UREGS_rnat
        ld8     r26 = [r11], UREGS_fpsr - UREGS_pfs
        ld8     r27 = [r2]
        ld8     r25 = [r3]
        dep     r18 = r18, r18, 7, 7            /* a frame all of local registers */
        ;;
        ld8     r24 = [r10]
        ld8     r15 = [r11]
        ld8.fill r1 = [r16], 8 * (12 - 1)
        ld8     r8 = [r17], 8 * (13 - 8)
        mov     r9 = 1
        ;;
        ld8.fill r12 = [r16]
        ld8.fill r13 = [r17]
        mov     ar.fpsr = r15
        dep     r26 = r9, r26, PFS_PPL_SHIFT, 2 /* it is 1 */
        cmp.eq  p14, p0 = r0, r0                /* comes back to fast_hypercall_leave */
        br.cond.sptk.many ia64_clear_stacked
        ;;
END(fast_hypercall)

/* The guest's register stack is back, less the frame that cover took: a return to a frame of local registers only undoes that. */
ENTRY(fast_hypercall_leave)
        mov     ar.rsc = r27
        movl    r15 = XEN_FAST_HYPERCALL + FAST_HYPERCALL_EXIT
        mov     r2 = r0
        mov     r3 = r0
        ;;
        mov     b6 = r15
        mov.i   ar.pfs = r18
        mov     ar.ccv = r0
        mov     b7 = r0
        ;;
        mov     ar.csd = r0
        mov     ar.ssd = r0
        mov     ar.unat = r25
        .irp    n, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30
        mov     r\n = r0
        .endr
        .irp    n, 6, 7, 8, 9, 10, 11
        mov     f\n = f0
        .endr
        invala
        ;;
        mov     pr = r31, -1
        mov     r31 = r0
        br.ret.sptk.many b6
        ;;
END(fast_hypercall_leave)

/* Back to the caller's level, to the break, with its psr. */
ENTRY(use_break)
        rsm     psr.ic
        movl    r18 = XEN_FAST_HYPERCALL_BREAK
        dep     r14 = -1, r14, IA64_PSR_BN_BIT, 1
        ;;
        srlz.i
        dep     r14 = r17, r14, IA64_PSR_CPL_SHIFT, 2
        ;;
        mov     cr.ipsr = r14
        mov     cr.iip = r18
        mov     cr.ifs = r0
        mov     b6 = r18
        ;;
        .irp    n, 14, 15, 16, 17, 18, 19, 20, 25, 27
        mov     r\n = r0
        .endr
        ;;
        rfi
        ;;
END(use_break)

/*
 * From ia64_entry: an interruption in the page. r29: ipsr, r28: iip, r26: ar.pfs; p6: at the guest's level, p7: at level 0, r18: the frame. Then the guest is interrupted at
 * its own level, at the break that makes the call, or behind it if the call is made.
 */
ENTRY(fast_hypercall_interrupted)
(p6)    br.cond.spnt ia64_entry_guest
        extr.u  r20 = r26, PFS_PPL_SHIFT, 2
        extr.u  r16 = r28, 0, PAGE_SHIFT
        movl    r17 = XEN_FAST_HYPERCALL_BREAK
        mov     r21 = FAST_HYPERCALL_EXIT
        ;;
        cmp.ltu p8, p9 = r16, r21
        cmp.eq  p10, p0 = 0, r20
        dep     r29 = 0, r29, IA64_PSR_RI_SHIFT, 2
        ;;
(p8)    mov     r28 = r17
(p9)    adds    r28 = 16, r17
(p10)   mov     r20 = 1
        mov     r14 = r0                        /* may have been psr */
        cmp.eq  p6, p7 = r0, r0
        ;;
        dep     r29 = r20, r29, IA64_PSR_CPL_SHIFT, 2
        br.cond.sptk.many ia64_entry_guest
        ;;
END(fast_hypercall_interrupted)
