/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's breaks that are done without C: the hot ones of those that stand for an instruction (public/arch-ia64/privop.h), and system calls, which go to
 * the guest's own vector. Each does what privop.c, vcpu.c and reflect.c do for it, or, where the case is not the plain one, leaves everything as
 * it is to them. T=xen/differential compares them with the machine.
 *
 * psr.ic = 0, bank 0, the guest's frame current and its backing store live. What is touched is pinned (struct cpu_info, mapped_regs), but for vcpu_info and
 * vcpu_priv.iib_ip: a speculative load, which is deferred while psr.ic = 0 (SDM 2:5.5.5), finds out whether their translation is there.
 *
 *      r16  iim                r18  struct cpu_info at PERCPU_ADDR     r21  XEN_PRIVOP_OP of iim       r22  mapped_regs
 *      r19  vector             r28  iip        r29  ipsr               r30  b0                         r31  pr
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/fault.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

#define SLOW        mov b0 = r30; br.sptk.many ia64_entry;;

#define CR_IVA      2
#define CR_IPSR     16
#define CR_ISR      17
#define CR_IIP      19
#define CR_IFA      20
#define CR_ITIR     21
#define CR_IIPA     22
#define CR_IFS      23
#define CR_IIM      24
#define CR_IHA      25
#define VCR(n)      (MAPPED_vcr + 8 * (n))

/* As in vcpu.c. */
#define PSR_MACHINE (IA64_PSR_UM | IA64_PSR_ID | IA64_PSR_DA | IA64_PSR_DD | IA64_PSR_SS | IA64_PSR_RI | IA64_PSR_ED | IA64_PSR_IA)
#define PSR_ACTIVE  (IA64_PSR_DFL | IA64_PSR_DFH | IA64_PSR_SP | IA64_PSR_PP | IA64_PSR_DI | IA64_PSR_SI | IA64_PSR_DB | IA64_PSR_LP | IA64_PSR_TB)
#define PSR_TRANSL  (IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT)
#define PSR_VIRTUAL (IA64_PSR_PK | PSR_TRANSL | PSR_ACTIVE | IA64_PSR_MC)
#define PSR_GUEST   (IA64_PSR_IC | IA64_PSR_I | PSR_TRANSL | IA64_PSR_BN)

        .section .text, "ax", @progbits

ENTRY(fast_break)
        mov     r16 = cr.iim
        mov     r29 = cr.ipsr
        movl    r18 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE
        ;;
        adds    r24 = CPUINFO_fast, r18
        mov     r28 = cr.iip
        movl    r22 = XMAPPEDREGS_BASE
        shr.u   r21 = r16, 14
        mov     r30 = b0
        ;;
        ld1     r24 = [r24]
        extr.u  r23 = r29, IA64_PSR_CPL_SHIFT, 2
        movl    r25 = fast_table
        adds    r21 = -0x40, r21
        tbit.nz p8, p0 = r29, IA64_PSR_SS_BIT
        ;;
        cmp.eq  p9, p0 = 0, r24
        cmp.eq  p6, p0 = 0, r23                 /* Xen's own */
        cmp.eq  p7, p0 = 3, r23
        cmp.eq  p10, p0 = 0, r16
        shladd  r25 = r21, 4, r25
        cmp.leu p11, p0 = 0x1c, r21
(p8)    br.cond.spnt slow
        ;;
        mov     b0 = r25
(p9)    br.cond.spnt slow
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt fast_syscall
(p10)   br.cond.spnt b_unit
        ;;
(p11)   br.cond.spnt slow
        br.sptk b0
        ;;
dispatch:
        cmp.gtu p6, p7 = 0x1c, r21
        movl    r24 = fast_table
        ;;
        shladd  r24 = r21, 4, r24
(p7)    br.cond.spnt slow
        ;;
        mov     b0 = r24
        br.sptk b0
        ;;
        .global slow
slow:
        SLOW

/* iim is 0 for breaks of the B unit: the number is in the bundle. r25: the template without its stop. */
b_unit:
        adds    r24 = CPUINFO_has_iib, r18
        ;;
        ld1     r24 = [r24]
        ;;
        cmp.eq  p6, p0 = 0, r24
(p6)    br.cond.spnt slow
        ;;
        mov     r24 = cr26                      /* iib0, iib1 */
        mov     r26 = cr27
        extr.u  r23 = r29, IA64_PSR_RI_SHIFT, 2
        ;;
        extr.u  r25 = r24, 1, 4
        shr.u   r17 = r26, 23                   /* slot 2 */
        shrp    r26 = r26, r24, 46              /* slot 1 */
        /* Templates (less stop) whose slot is a branch unit's: slot 2 in MIB MBB BBB MMB MFB (8 9 b c e), slot 1 in MBB BBB. */
        mov     r20 = 0x5b00
        mov     r27 = 0xa00
        cmp.eq  p8, p9 = 2, r23
        cmp.eq  p10, p0 = 0, r23
        ;;
(p9)    mov     r17 = r26
(p9)    mov     r20 = r27
(p10)   br.cond.spnt slow
        ;;
        shr.u   r20 = r20, r25
        extr.u  r24 = r17, 6, 20
        extr.u  r17 = r17, 36, 1
        ;;
        tbit.z  p6, p0 = r20, 0
        dep     r16 = r17, r24, 20, 1
        ;;
        shr.u   r21 = r16, 14
(p6)    br.cond.spnt slow
        ;;
        adds    r21 = -0x40, r21
        br.sptk dispatch
        ;;

#define OP(label)   { .mib; nop.m 0; nop.i 0; br.sptk label;; }
        .align  32
fast_table:
        OP(slow)        OP(slow)        OP(slow)        OP(slow)        /* 0x00 */
        OP(slow)        OP(fast_cover)  OP(slow)        OP(slow)
        OP(slow)        OP(slow)        OP(slow)        OP(slow)        /* 0x08 */
        OP(slow)        OP(slow)        OP(slow)        OP(slow)
        OP(fast_rfi)    OP(fast_bsw0)   OP(fast_bsw1)   OP(slow)        /* 0x10 */
        OP(fast_rsm)    OP(slow)        OP(fast_ssm)    OP(slow)
        OP(fast_get_psr) OP(slow)       OP(fast_get_cr) OP(fast_set_cr) /* 0x18 */

/* Done: on to the next slot (never the long one of MLX), less the bits that are good for one instruction. r21 counts. */
        .global fast_next
fast_next:
        mov     cr.iipa = r28                   /* the last bundle that something of was executed (SDM 2:3.3.5.6) */
        extr.u  r23 = r29, IA64_PSR_RI_SHIFT, 2
        movl    r24 = ~(IA64_PSR_ID | IA64_PSR_DA | IA64_PSR_DD | IA64_PSR_ED | IA64_PSR_IA)
        adds    r26 = CPUINFO_fast_count, r18
        ;;
        cmp.eq  p6, p7 = 2, r23
        and     r29 = r29, r24
        shladd  r26 = r21, 3, r26
        dep.z   r24 = 1, IA64_PSR_RI_SHIFT, 1
        mov     b0 = r30
        ;;
        ld8     r23 = [r26]
(p6)    dep     r29 = 0, r29, IA64_PSR_RI_SHIFT, 2
(p6)    adds    r28 = 16, r28
(p7)    add     r29 = r29, r24
        ;;
        mov     cr.iip = r28
        mov     cr.ipsr = r29
        adds    r23 = 1, r23
        ;;
        st8     [r26] = r23
        mov     pr = r31, -1
        rfi
        ;;

/* The same for what has set cr.iip and cr.ipsr itself. */
fast_exit:
        adds    r24 = CPUINFO_fast_count, r18
        ;;
        shladd  r24 = r21, 3, r24
        mov     b0 = r30
        ;;
        ld8     r23 = [r24]
        ;;
        adds    r23 = 1, r23
        ;;
        st8     [r24] = r23
        mov     pr = r31, -1
        rfi
        ;;

/*
 * A change of what addresses mean, as vcpu_set_metaphysical() does it. META_PROBE: r16 becomes the vcpu; p6: C's business. META_SWITCH: rr0 and rr4 of the other
 * kind. Uses r23-r26.
 */
#define META_PROBE                                      \
        adds    r16 = CPUINFO_current, r18;             \
        movl    r26 = VCPU_meta_mixed;                  \
        ;;                                              \
        ld8     r16 = [r16];                            \
        ;;                                              \
        add     r26 = r16, r26;                         \
        ;;                                              \
        ld1.s   r26 = [r26];                            \
        ;;                                              \
        tnat.nz p9, p0 = r26;                           \
        cmp.ne  p6, p0 = 0, r26;                        \
        ;;                                              \
(p9)    cmp.eq  p6, p0 = r0, r0;                        \
        ;;

#define META_SWITCH(rrs, on, regions)                   \
        adds    r26 = rrs, r18;                         \
        movl    r25 = 4 << 61;                          \
        ;;                                              \
        ld8     r23 = [r26], 8;                         \
        ;;                                              \
        ld8     r24 = [r26];                            \
        mov     rr[r0] = r23;                           \
        movl    r26 = VCPU_machine_rr;                  \
        ;;                                              \
        mov     rr[r25] = r24;                          \
        add     r26 = r16, r26;                         \
        movl    r25 = VCPU_metaphysical;                \
        ;;                                              \
        srlz.d;                                         \
        st8     [r26] = r23, 32;                        \
        add     r25 = r16, r25;                         \
        ;;                                              \
        st8     [r26] = r24;                            \
        mov     r23 = on;                               \
        adds    r24 = MAPPED_metaphysical, r22;         \
        ;;                                              \
        st1     [r25] = r23;                            \
        st4     [r24] = r23;                            \
        adds    r25 = CPUINFO_walk_virtual, r18;        \
        adds    r26 = CPUINFO_walk_regions, r18;        \
        ;;                                              \
        ld1     r25 = [r25];                            \
        mov     r24 = regions;                          \
        ;;                                              \
        and     r25 = r24, r25;                         \
        ;;                                              \
        st1     [r26] = r25;                            \
        ;;

/*
 * rsm and ssm. Squeezed masks: user mask 4:0 (psr 5:1), ic 5, i 6, dt 8 (psr 17), dfl and dfh 10:9 (psr 19:18); others go to C. The user mask is the machine's own;
 * dfl and dfh are there and in vpsr. r20: the bits of psr; r27: address of vpsr, r17 its value.
 */
#define MASK_BITS                                       \
        extr.u  r17 = r16, 0, 14;                       \
        movl    r23 = 0x3fff & ~0x77f;                  \
        ;;                                              \
        and     r23 = r23, r17;                         \
        tbit.nz p13, p0 = r17, 8;                       \
        extr.u  r20 = r17, 9, 2;                        \
        tbit.nz p7, p0 = r17, 6;                        \
        tbit.nz p8, p0 = r17, 5;                        \
        extr.u  r17 = r17, 0, 5;                        \
        adds    r27 = MAPPED_vpsr, r22;                 \
        ;;                                              \
        cmp.ne  p6, p0 = 0, r23;                        \
        dep.z   r20 = r20, IA64_PSR_DFL_BIT, 2;         \
        dep.z   r17 = r17, 1, 5;                        \
        ;;                                              \
(p6)    br.cond.spnt slow;                              \
        cmp.ne  p12, p0 = 0, r20;                       \
        or      r20 = r20, r17;                         \
        ;;

fast_rsm:
        MASK_BITS
        adds    r24 = CPUINFO_upcall, r18
        adds    r25 = MAPPED_ic, r22
        ;;
        ld8     r24 = [r24]
        ld8     r17 = [r27]
        ;;
        adds    r24 = 1, r24
        mov     r23 = 1
(p13)   tbit.nz.unc p13, p0 = r17, IA64_PSR_DT_BIT      /* it does change */
        ;;
        ld1.s   r26 = [r24]
        ;;
        tnat.nz p9, p0 = r26
(p9)    br.cond.spnt slow
        ;;
(p13)   br.cond.spnt 1f
        ;;
(p7)    st1     [r24] = r23
(p8)    st4     [r25] = r0
        andcm   r17 = r17, r20
        andcm   r29 = r29, r20
        ;;
(p12)   st8     [r27] = r17
        br.sptk fast_next
        ;;
1:      META_PROBE
(p6)    br.cond.spnt slow
        ;;
(p7)    st1     [r24] = r23
(p8)    st4     [r25] = r0
        andcm   r17 = r17, r20
        andcm   r29 = r29, r20
        ;;
        dep     r17 = 0, r17, IA64_PSR_DT_BIT, 1
        ;;
        st8     [r27] = r17
        META_SWITCH(CPUINFO_rr_meta, 1, 0)
        br.sptk fast_next
        ;;

/*
 * An interrupt that may come now is C's to deliver: pending_interruption tells of one. p6: there is something (or it cannot be seen). r24 becomes the
 * address of evtchn_upcall_pending. Uses r23, r25, r26, p9, p10.
 */
#define CHECK_PENDING                                   \
        adds    r24 = CPUINFO_upcall, r18;              \
        adds    r25 = MAPPED_pending, r22;              \
        adds    r26 = CPUINFO_has_callback, r18;        \
        ;;                                              \
        ld8     r24 = [r24];                            \
        ld4     r25 = [r25];                            \
        ld1     r26 = [r26];                            \
        ;;                                              \
        ld1.s   r23 = [r24];                            \
        cmp.ne  p6, p0 = 0, r25;                        \
        cmp.ne  p10, p0 = 0, r26;                       \
        ;;                                              \
        tnat.nz p9, p0 = r23;                           \
        ;;                                              \
(p9)    cmp.eq  p6, p0 = r0, r0;                        \
(p9)    cmp.ne  p10, p0 = r0, r0;                       \
        ;;                                              \
(p10)   cmp.ne  p10, p0 = 0, r23;                       \
        ;;                                              \
(p10)   cmp.eq  p6, p0 = r0, r0;                        \
        ;;

fast_ssm:
        MASK_BITS
        CHECK_PENDING
(p6)    br.cond.spnt slow
        ld8     r17 = [r27]
        adds    r25 = MAPPED_ic, r22
        mov     r23 = 1
        adds    r24 = 1, r24
        ;;
(p13)   tbit.z.unc p13, p0 = r17, IA64_PSR_DT_BIT       /* it does change */
        ;;
(p13)   br.cond.spnt 1f
        ;;
(p8)    st4     [r25] = r23
(p7)    st1     [r24] = r0
        or      r17 = r17, r20
        or      r29 = r29, r20
        ;;
        dep     r17 = 0, r17, 1, 5              /* the user mask is not there */
        ;;
(p12)   st8     [r27] = r17
        br.sptk fast_next
        ;;
1:      tbit.z  p6, p0 = r17, IA64_PSR_IT_BIT           /* all three on then, or C */
        tbit.z  p9, p0 = r17, IA64_PSR_RT_BIT
        ;;
(p6)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        META_PROBE
(p6)    br.cond.spnt slow
        ;;
(p8)    st4     [r25] = r23
(p7)    st1     [r24] = r0
        or      r17 = r17, r20
        or      r29 = r29, r20
        ;;
        dep     r17 = 0, r17, 1, 5
        ;;
        dep     r17 = -1, r17, IA64_PSR_DT_BIT, 1
        ;;
        st8     [r27] = r17
        META_SWITCH(CPUINFO_rr_virtual, 0, -1)
        br.sptk fast_next
        ;;

fast_get_psr:
        adds    r24 = CPUINFO_upcall, r18
        adds    r25 = MAPPED_vpsr, r22
        adds    r26 = MAPPED_ic, r22
        ;;
        ld8     r24 = [r24]
        ld8     r25 = [r25]
        ld4     r26 = [r26]
        movl    r23 = PSR_VIRTUAL
        extr.u  r17 = r16, 0, 7                 /* target */
        extr.u  r27 = r16, 7, 7
        ;;
        adds    r24 = 1, r24
        and     r25 = r25, r23
        mov     r20 = IA64_PSR_UM
        cmp.ne  p6, p0 = 0, r27
        cmp.ne  p7, p0 = 0, r26
        ;;
        ld1.s   r24 = [r24]
        and     r20 = r20, r29
(p6)    br.cond.spnt slow
        ;;
        or      r20 = r20, r25
        tnat.nz p6, p0 = r24
        cmp.eq  p8, p0 = 0, r24
        ;;
(p7)    dep     r20 = -1, r20, IA64_PSR_IC_BIT, 1
(p6)    br.cond.spnt slow
        ;;
(p8)    dep     r20 = -1, r20, IA64_PSR_I_BIT, 1
        br.sptk set_gr
        ;;

/* The interruption registers, which only psr.ic = 0 makes accessible; others: C. */
fast_get_cr:
        extr.u  r17 = r16, 7, 7
        adds    r26 = MAPPED_ic, r22
        ;;
        ld4     r26 = [r26]
        adds    r23 = -CR_IPSR, r17
        adds    r24 = MAPPED_vcr, r22
        cmp.eq  p7, p0 = 18, r17                /* does not exist */
        ;;
        cmp.ltu p6, p0 = CR_IHA - CR_IPSR, r23
        cmp.ne  p8, p0 = 0, r26
        shladd  r24 = r17, 3, r24
(p7)    br.cond.spnt slow
        ;;
(p6)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ld8     r20 = [r24]
        extr.u  r17 = r16, 0, 7
        br.sptk set_gr
        ;;

/*
 * gr[r17] = r20, then fast_next. Illegal targets: C. A stacked register's must be inside the frame: cfm is seen by a call.
 */
        .global set_gr
set_gr:
        movl    r24 = write_gr
        cmp.eq  p6, p0 = 0, r17
        cmp.gtu p7, p0 = 32, r17
        adds    r25 = -32, r17
        ;;
        shl     r23 = r17, 5
        ;;
        add     r24 = r24, r23
(p6)    br.cond.spnt slow
(p7)    br.cond.sptk 1f
        mov     r26 = ar.pfs
        br.call.sptk b0 = 2f
        ;;
2:      mov     r27 = ar.pfs
        movl    r23 = 3f
        ;;
        mov     b0 = r23
        and     r27 = 0x7f, r27                 /* sof */
        br.ret.sptk b0
        ;;
3:      mov     ar.pfs = r26
        cmp.geu p6, p0 = r25, r27
(p6)    br.cond.spnt slow
        ;;
1:      mov     b0 = r24
        br.sptk b0
        ;;

/* The moves to ipsr, iip, ifs, ifa, itir. A source outside the frame is as undefined here as on the machine. */
fast_set_cr:
        extr.u  r17 = r16, 7, 7
        adds    r26 = MAPPED_ic, r22
        movl    r24 = read_gr
        ;;
        ld4     r26 = [r26]
        shl     r17 = r17, 5
        extr.u  r23 = r16, 0, 7
        ;;
        add     r24 = r24, r17
        ;;
        cmp.ne  p6, p0 = 0, r26
        mov     b0 = r24
        cmp.ne  p7, p0 = CR_IIP, r23
        cmp.ne  p8, p0 = CR_IPSR, r23
        cmp.ne  p9, p0 = CR_IFS, r23
(p6)    br.cond.spnt slow
        ;;
(p7)    cmp.ne.unc p7, p0 = CR_IPSR, r23
        ;;
(p7)    cmp.ne.unc p7, p0 = CR_IFS, r23
        ;;
(p7)    cmp.ne.unc p7, p0 = CR_IFA, r23
        ;;
(p7)    cmp.ne.unc p7, p0 = CR_ITIR, r23
        ;;
(p7)    br.cond.spnt slow
        br.sptk b0
        ;;
        .global got_gr
got_gr:                                         /* r20 */
        tnat.nz p6, p0 = r20
        /* ipsr: 0, 6-12, 16, 28-31, 47-63 reserved; ifs: 38-62. */
        movl    r24 = 0xffff8000f0011fc1
        adds    r27 = MAPPED_vcr, r22
        ;;
(p8)    mov     r24 = r0
        movl    r25 = 0x7fffffc000000000
        shladd  r27 = r23, 3, r27
(p6)    br.cond.spnt slow
        ;;
        and     r24 = r24, r20
(p9)    mov     r25 = r0
        ;;
        and     r25 = r25, r20
        cmp.ne  p6, p0 = 0, r24
        ;;
        cmp.ne  p7, p0 = 0, r25
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
        ;;
        st8     [r27] = r20
        br.sptk fast_next
        ;;

fast_cover:
        adds    r24 = MAPPED_incomplete, r22
        adds    r25 = MAPPED_ic, r22
        adds    r27 = VCR(CR_IFS), r22
        dep.z   r26 = 1, 63, 1
        extr.u  r17 = r16, 0, 14
        ;;
        ld4     r24 = [r24]
        ld4     r25 = [r25]
        cmp.ne  p8, p0 = 0, r17
        ;;
        cmp.ne  p6, p0 = 0, r24
        cmp.eq  p7, p0 = 0, r25
(p8)    br.cond.spnt slow
        ;;
(p6)    br.cond.spnt slow
        cover
        ;;
        mov     r24 = cr.ifs
        ;;
(p7)    st8     [r27] = r24
        mov     cr.ifs = r26
        br.sptk fast_next
        ;;

/* To bank 0 (vbank1 gets what is live), to bank 1: r24-r27, p12 for swap_banks. */
#define TO_BANK_0                                       \
        adds    r24 = MAPPED_vbank1, r22;               \
        adds    r25 = MAPPED_vbank0, r22;               \
        adds    r26 = MAPPED_vnat, r22;                 \
        adds    r27 = MAPPED_vbnat, r22;                \
        cmp.ne  p12, p13 = r0, r0;                      \
        ;;
#define TO_BANK_1                                       \
        adds    r24 = MAPPED_vbank0, r22;               \
        adds    r25 = MAPPED_vbank1, r22;               \
        adds    r26 = MAPPED_vbnat, r22;                \
        adds    r27 = MAPPED_vnat, r22;                 \
        cmp.eq  p12, p13 = r0, r0;                      \
        ;;

fast_bsw0:
        adds    r20 = MAPPED_banknum, r22
        movl    r24 = fast_next
        extr.u  r17 = r16, 0, 14
        ;;
        ld4     r23 = [r20]
        cmp.ne  p8, p0 = 0, r17
        ;;
        cmp.eq  p6, p0 = 0, r23
        mov     b0 = r24
(p8)    br.cond.spnt slow
        ;;
(p6)    br.sptk b0
        st4     [r20] = r0
        TO_BANK_0
        br.sptk swap_banks
        ;;

fast_bsw1:
        adds    r20 = MAPPED_banknum, r22
        movl    r24 = fast_next
        extr.u  r17 = r16, 0, 14
        mov     r25 = 1
        ;;
        ld4     r23 = [r20]
        cmp.ne  p8, p0 = 0, r17
        ;;
        cmp.ne  p6, p0 = 0, r23
        mov     b0 = r24
(p8)    br.cond.spnt slow
        ;;
(p6)    br.sptk b0
        st4     [r20] = r25
        TO_BANK_1
        br.sptk swap_banks
        ;;

/*
 * rfi, when the current frame is empty or stays, ifs is without rotation, and translation is on from then.
 */
fast_rfi:
        extr.u  r17 = r16, 0, 14
        adds    r24 = MAPPED_incomplete, r22
        adds    r25 = MAPPED_vpsr, r22
        adds    r20 = VCR(CR_IPSR), r22
        adds    r27 = VCR(CR_IFS), r22
        ;;
        ld4     r24 = [r24]
        ld8     r25 = [r25]
        ld8     r20 = [r20]
        cmp.ne  p6, p0 = 0, r17
        ;;
        ld8     r17 = [r27]                     /* ifs, kept */
        cmp.ne  p7, p0 = 0, r24
        movl    r23 = PSR_TRANSL
(p6)    br.cond.spnt slow
        ;;
        andcm   r26 = r23, r25
        or      r27 = r25, r20
        extr.u  r24 = r20, IA64_PSR_RI_SHIFT, 2
(p7)    br.cond.spnt slow
        ;;
        cmp.ne  p13, p0 = 0, r26                /* addresses were physical */
        andcm   r26 = r23, r20
        tbit.nz p6, p0 = r27, IA64_PSR_PK_BIT
        tbit.nz p7, p0 = r20, IA64_PSR_IS_BIT
        cmp.eq  p8, p0 = 3, r24
        ;;
        cmp.ne  p9, p0 = 0, r26
        extr.u  r24 = r20, IA64_PSR_CPL_SHIFT, 2
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ;;
        cmp.eq  p6, p7 = 0, r24
(p9)    br.cond.spnt slow
        ;;
(p7)    cmp.ne.unc p7, p0 = 3, r24
        tbit.nz p14, p15 = r17, 63
        extr.u  r25 = r17, 14, 24
        ;;
(p7)    br.cond.spnt slow
(p14)   cmp.ne.unc p7, p0 = 0, r25
        extr.u  r26 = r17, 0, 7                 /* sof */
        extr.u  r27 = r17, 7, 7                 /* sol */
        ;;
(p7)    br.cond.spnt slow
(p14)   cmp.ltu.unc p7, p0 = 96, r26
(p14)   cmp.ltu.unc p8, p0 = r26, r27
        ;;
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
(p15)   br.cond.spnt 1f
        ;;
        mov     r26 = ar.pfs
        br.call.sptk b0 = 2f
        ;;
2:      mov     r27 = ar.pfs
        movl    r23 = 3f
        ;;
        mov     b0 = r23
        and     r27 = 0x7f, r27                 /* sof */
        br.ret.sptk b0
        ;;
3:      mov     ar.pfs = r26
        cmp.ne  p6, p0 = 0, r27
(p6)    br.cond.spnt slow
        ;;
1:      CHECK_PENDING
        tbit.nz p8, p10 = r20, IA64_PSR_I_BIT
        adds    r24 = 1, r24
        ;;
(p10)   cmp.ne  p6, p0 = r0, r0                 /* not to be interrupted: only the translation of vcpu_info matters */
(p9)    br.cond.spnt slow
        ;;
(p6)    br.cond.spnt slow
        dep     r17 = 0, r17, 38, 25
        ;;
(p13)   br.cond.spnt 6f
        ;;
7:
        /* Nothing stands in the way. psr.i, ic, vpsr. */
(p8)    st1     [r24] = r0
        movl    r25 = PSR_VIRTUAL
        adds    r26 = MAPPED_vpsr, r22
        adds    r27 = MAPPED_ic, r22
        ;;
        and     r25 = r25, r20
        extr.u  r23 = r20, IA64_PSR_IC_BIT, 1
        tbit.z  p6, p0 = r20, IA64_PSR_I_BIT
        mov     r29 = 1
        ;;
        st8     [r26] = r25
        st4     [r27] = r23
(p6)    st1     [r24] = r29
        ;;
(p13)   br.cond.spnt 8f
        ;;
9:      /* The machine's psr. */
        movl    r25 = PSR_MACHINE | PSR_ACTIVE
        movl    r26 = PSR_GUEST
        adds    r27 = MAPPED_itc_offset, r22
        ;;
        ld8     r27 = [r27]
        and     r29 = r20, r25
        extr.u  r24 = r20, IA64_PSR_CPL_SHIFT, 2
        ;;
        or      r29 = r29, r26
        cmp.ne  p6, p0 = 0, r27
        cmp.eq  p7, p0 = 0, r24
        ;;
(p6)    dep     r29 = -1, r29, IA64_PSR_SI_BIT, 1
(p7)    mov     r24 = 1
        ;;
        dep     r29 = r24, r29, IA64_PSR_CPL_SHIFT, 2
        adds    r28 = VCR(CR_IIP), r22
        adds    r23 = VCR(CR_IIPA), r22
        ;;
        ld8     r28 = [r28]
        ld8     r23 = [r23]
        mov     cr.ipsr = r29
        ;;
(p14)   mov     cr.ifs = r17
        mov     cr.iipa = r23                   /* stays until an instruction has executed */
        dep     r28 = 0, r28, 0, 4
        adds    r24 = MAPPED_banknum, r22
        extr.u  r25 = r20, IA64_PSR_BN_BIT, 1
        ;;
        mov     cr.iip = r28
        ld4     r26 = [r24]
        movl    r27 = fast_exit
        ;;
        cmp.ne  p7, p0 = 0, r26
        mov     r23 = 0
        mov     b0 = r27
        ;;
(p7)    mov     r23 = 1
        ;;
        cmp.eq  p6, p0 = r23, r25
        cmp.eq  p8, p9 = 0, r25
(p6)    br.cond.sptk fast_exit
        ;;
        st4     [r24] = r25
(p8)    br.cond.spnt 5f
        TO_BANK_1
        br.sptk swap_banks
        ;;
5:      TO_BANK_0
        br.sptk swap_banks
        ;;
6:      META_PROBE
(p6)    br.cond.spnt slow
        br.sptk 7b
        ;;
8:      META_SWITCH(CPUINFO_rr_virtual, 0, -1)
        br.sptk 9b
        ;;

/*
 * From the guest's user level: breaks of op 0 of privop.h are system calls, at least Linux's. Delivered as reflect.c delivers them.
 */
fast_syscall:
        adds    r24 = CPUINFO_iib_ip, r18
        adds    r25 = MAPPED_incomplete, r22
        adds    r26 = MAPPED_ic, r22
        adds    r27 = VCR(0), r22
        cmp.ne  p6, p0 = 0, r21                 /* op */
        adds    r20 = CPUINFO_upcall, r18
        ;;
        ld8     r24 = [r24]
        ld4     r25 = [r25]
        ld4     r26 = [r26]
        ld8     r27 = [r27]                     /* dcr */
        ld8     r20 = [r20]
(p6)    br.cond.spnt slow
        ;;
        ld8.s   r17 = [r24]
        adds    r20 = 1, r20
        cmp.ne  p7, p0 = 0, r25
        cmp.eq  p8, p0 = 0, r26
        and     r27 = 3, r27                    /* pp, be */
        mov     r25 = MAPPED_vpsr
        ;;
        tnat.nz p6, p0 = r17
        ld1.s   r17 = [r20]
        cmp.ne  p9, p0 = 0, r27
        add     r25 = r25, r22
        movl    r26 = PSR_TRANSL
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ;;
        ld8     r23 = [r25]                     /* vpsr */
        tnat.nz p7, p0 = r17
(p6)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        ;;
        and     r27 = r23, r26
        tbit.nz p6, p0 = r23, IA64_PSR_PK_BIT
(p7)    br.cond.spnt slow
        ;;
        cmp.ne  p7, p0 = r27, r26
        adds    r26 = MAPPED_banknum, r22
(p6)    br.cond.spnt slow
        ;;
(p7)    br.cond.spnt slow
        ld4     r26 = [r26]
        ;;
        cmp.eq  p6, p0 = 0, r26                 /* a user has bank 1; else C */
(p6)    br.cond.spnt slow
        ;;
        st8     [r24] = r28                     /* iib_ip */
        /* Its psr: of the machine's, of vpsr, ic 1, i, cpl 3, bn 1. */
        movl    r24 = PSR_MACHINE | IA64_PSR_CPL
        movl    r27 = PSR_VIRTUAL
        cmp.eq  p7, p0 = 0, r17
        ;;
        and     r24 = r24, r29
        and     r27 = r27, r23
        movl    r26 = IA64_PSR_IC | IA64_PSR_BN
        ;;
        or      r24 = r24, r27
        adds    r27 = VCR(CR_IPSR), r22
        mov     r17 = 1
        ;;
        or      r24 = r24, r26
        st1     [r20] = r17                     /* psr.i = 0 */
        adds    r26 = MAPPED_ic, r22
        ;;
(p7)    dep     r24 = -1, r24, IA64_PSR_I_BIT, 1
        st4     [r26] = r0
        adds    r26 = VCR(CR_IIP), r22
        ;;
        st8     [r27] = r24
        st8     [r26] = r28
        mov     r24 = cr.iipa
        adds    r27 = VCR(CR_IIPA), r22
        adds    r26 = VCR(CR_IFS), r22
        ;;
        st8     [r27] = r24
        ld8     r24 = [r26]
        adds    r27 = VCR(CR_IIM), r22
        mov     r17 = cr.isr
        ;;
        st8     [r27] = r16
        dep     r24 = 0, r24, 63, 1
        adds    r27 = VCR(CR_ISR), r22
        dep     r17 = 0, r17, IA64_ISR_IR_BIT, 2        /* ir, ni */
        ;;
        st8     [r26] = r24
        st8     [r27] = r17
        /* psr: up mfl mfh and translation stay, the rest is 0. The user's instruction is not gone past. */
        movl    r24 = PSR_TRANSL | IA64_PSR_MC
        mov     r26 = IA64_PSR_UP | IA64_PSR_MFL | IA64_PSR_MFH
        movl    r17 = PSR_GUEST | IA64_PSR_CPL1
        ;;
        and     r23 = r23, r24
        and     r29 = r29, r26
        adds    r26 = VCR(CR_IVA), r22
        adds    r27 = MAPPED_itc_offset, r22
        ;;
        st8     [r25] = r23
        or      r29 = r29, r17
        ld8     r28 = [r26]
        ld8     r27 = [r27]
        mov     r17 = IA64_BREAK_VECTOR
        ;;
        dep     r28 = 0, r28, 0, 15
        cmp.ne  p6, p0 = 0, r27
        adds    r26 = MAPPED_banknum, r22
        ;;
(p6)    dep     r29 = -1, r29, IA64_PSR_SI_BIT, 1
        add     r28 = r28, r17
        st4     [r26] = r0
        movl    r27 = fast_exit
        ;;
        mov     cr.ipsr = r29
        mov     cr.iip = r28
        mov     b0 = r27
        ;;
        TO_BANK_0
        br.sptk swap_banks
        ;;
END(fast_break)
