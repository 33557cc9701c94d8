/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's breaks that are done without C: the hot ones of those that stand for an instruction (public/arch-ia64/privop.h), and system calls, which go to
 * the guest's own vector. Each does what privop.c, vcpu.c and reflect.c do for it, or, where the case is not the plain one, leaves everything as
 * it is to them. T=xen/differential compares them with the machine.
 *
 * ivt.S looks whether it is a guest's kernel's break with a number of ours and none of psr.is, mc, id, da, dd, ss, ed, ia, and comes to the entry of
 * fast_table for it. psr.ic = 0, bank 0, the guest's frame current and its backing store live. What is touched is pinned (struct cpu_info, mapped_regs),
 * but for vcpu_info, struct vcpu and what hangs on it: a speculative load, which is deferred while psr.ic = 0 (SDM 2:5.5.5), finds out whether
 * their translation is there.
 *
 *      r16  iim                r17  &cpu_info.event                    r18  struct cpu_info at PERCPU_ADDR
 *      r20  cpu_info.upcall    r21  iim >> 14                          r22  mapped_regs
 *      r24  r20 + 1            r26  its byte (upcall_mask) or NaT      r27  iim 13:0
 *      r28  iip                r29  ipsr       r30  b0                 r31  pr
 *      p7   0                  p14, p15  slot 2, another
 *
 * fast_next wants r28 to r31, p14, p15 and, in r19, where to count. slow wants r30, r31 and r21.
 *
 * Cycles count: a branch in slot 1 leaves the group's stop to the slot behind it. docs/cost-model.md
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/fault.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>
#include <asm/hyperprivop.h>

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

/* Past the instruction, which is in slot 0 or 1, or at the end of its bundle (it is never the long one of MLX). */
#define NEXT_1(store)                                                                   \
        { .mmi; store;                  ld8 r25 = [r19]; dep.z r26 = 1, IA64_PSR_RI_SHIFT, 1; }     \
        { .mii; mov cr.iipa = r28; (p14) dep r29 = 0, r29, IA64_PSR_RI_SHIFT, 2; (p14) adds r28 = 16, r28;; }
#define NEXT_2                                                                          \
        { .mmi; mov cr.iip = r28; adds r25 = 1, r25; (p15) add r29 = r29, r26;; }       \
        { .mmi; mov cr.ipsr = r29; st8 [r19] = r25; mov pr = r31, -1;; }                \
        { .mib; nop.m 0; mov b0 = r30; rfi;; }

/* The 64 entries, by XEN_PRIVOP_OP. */
#define OP(n)           .org fast_table + ((n) << FAST_ENTRY_SHIFT)
#define OP_SLOW(n)      OP(n); { .mbb; nop.m 0; br.sptk.many slow; nop.b 0;; }
#define OP_FAR(n, label)                                                                \
        OP(n);                                                                          \
        { .mlx; nop.m 0; movl r19 = FAST_COUNT(n);; }                                   \
        { .mbb; nop.m 0; br.sptk.many label; nop.b 0;; }

        .align  64 << FAST_ENTRY_SHIFT
        .global fast_table
fast_table:
OP_SLOW(0x00)
OP_FAR(XEN_PRIVOP_THASH, fast_thash)
OP_FAR(XEN_PRIVOP_TTAG, fast_ttag)
OP_SLOW(0x03)
OP_SLOW(0x04)
OP_FAR(XEN_PRIVOP_COVER, fast_cover)
OP_SLOW(0x06)
OP_FAR(XEN_PRIVOP_GET_KR, fast_get_kr)
OP_SLOW(0x08)
OP_SLOW(0x09)
OP_SLOW(0x0a)
OP_SLOW(0x0b)
OP_SLOW(0x0c)
OP_SLOW(0x0d)
OP_SLOW(0x0e)
OP_SLOW(0x0f)
OP_FAR(XEN_PRIVOP_RFI, fast_rfi)
OP_FAR(XEN_PRIVOP_BSW0, fast_bsw0)
OP_FAR(XEN_PRIVOP_BSW1, fast_bsw1)
OP_SLOW(0x13)

/* rsm of psr.i alone. */
OP(XEN_PRIVOP_RSM)
        { .mlx; cmp.ne.or p7, p0 = 0x40, r27; movl r19 = FAST_COUNT(XEN_PRIVOP_RSM); }
        { .mib; mov r23 = 1; tnat.nz.or p7, p0 = r26; (p7) br.cond.spnt fast_rsm;; }
        NEXT_1(st1 [r24] = r23)
        NEXT_2
OP_SLOW(0x15)

/* ssm of psr.i alone, when no interrupt is due. */
OP(XEN_PRIVOP_SSM)
        { .mlx; ld8 r23 = [r17]; movl r19 = FAST_COUNT(XEN_PRIVOP_SSM); }
        { .mii; adds r25 = MAPPED_pending, r22; tnat.nz.or p7, p0 = r26; cmp.ne p8, p0 = 0x40, r27;; }
        { .mmi; ld1.s r23 = [r23]; ld4 r25 = [r25]; nop.i 0;; }
        { .mii; cmp.ne.or p7, p0 = 0, r25; tnat.nz.or p7, p0 = r23; cmp.ne.or p7, p0 = 0, r23; }
        { .mbb; nop.m 0; (p7) br.cond.spnt slow; (p8) br.cond.spnt fast_ssm;; }
        NEXT_1(st1 [r24] = r0)
        NEXT_2
OP_SLOW(0x17)

OP(XEN_PRIVOP_GET_PSR)
        { .mlx; adds r25 = MAPPED_vpsr, r22; movl r19 = FAST_COUNT(XEN_PRIVOP_GET_PSR); }
        { .mii; adds r23 = MAPPED_ic, r22; tnat.nz.or p7, p0 = r26; mov r20 = IA64_PSR_UM;; }
        { .mlx; ld8 r17 = [r25]; movl r24 = PSR_VIRTUAL; }
        { .mii; ld4 r23 = [r23]; and r20 = r20, r29; cmp.ltu p8, p0 = 0x7f, r27;; }
        { .mlx; cmp.eq p10, p0 = 0, r26; movl r25 = write_gr; }
        { .mii; cmp.ne p9, p0 = 0, r23; and r24 = r24, r17; shl r23 = r27, 5;; }
        { .mii; add r25 = r25, r23; (p9) dep r24 = -1, r24, IA64_PSR_IC_BIT, 1; (p10) dep r20 = -1, r20, IA64_PSR_I_BIT, 1; }
        { .mmi; cmp.eq.or p7, p0 = 0, r27; cmp.ltu p6, p0 = 0x1f, r27; (p8) cmp.eq.or p7, p0 = r0, r0;; }
        { .mib; or r20 = r20, r24; mov b0 = r25; (p7) br.cond.spnt slow; }
        { .bbb; (p6) br.cond.spnt set_stacked; br.sptk b0; nop.b 0;; }
OP_SLOW(XEN_PRIVOP_SET_PSR)

/* The interruption registers, which only psr.ic = 0 makes accessible; others: C. */
OP(XEN_PRIVOP_GET_CR)
        { .mlx; adds r26 = MAPPED_ic, r22; movl r19 = FAST_COUNT(XEN_PRIVOP_GET_CR); }
        { .mii; adds r24 = MAPPED_vcr, r22; extr.u r17 = r16, 7, 7; extr.u r27 = r16, 0, 7;; }
        { .mlx; ld4 r26 = [r26]; movl r25 = write_gr; }
        { .mii; shladd r24 = r17, 3, r24; shl r23 = r27, 5; adds r17 = -CR_IPSR, r17;; }
        { .mmi; ld8 r20 = [r24]; add r25 = r25, r23; cmp.ne.or p7, p0 = 0, r26; }
        /* 18 does not exist. */
        { .mii; cmp.eq.or p7, p0 = 2, r17; cmp.ltu p8, p0 = CR_IHA - CR_IPSR, r17; cmp.eq.or p7, p0 = 0, r27;; }
        { .mib; cmp.ltu p6, p0 = 0x1f, r27; mov b0 = r25; (p7) br.cond.spnt slow; }
        { .bbb; (p8) br.cond.spnt slow; (p6) br.cond.spnt set_stacked; br.sptk b0;; }

/* The moves to ipsr, iip, ifs, ifa, itir: bits of 0xb9. A source outside the frame is as undefined here as on the machine. */
OP(XEN_PRIVOP_SET_CR)
        { .mlx; adds r26 = MAPPED_ic, r22; movl r19 = FAST_COUNT(XEN_PRIVOP_SET_CR); }
        { .mii; mov r20 = 0xb9; extr.u r25 = r16, 7, 7; extr.u r23 = r16, 0, 7;; }
        { .mlx; ld4 r26 = [r26]; movl r24 = read_gr; }
        { .mii; adds r23 = -CR_IPSR, r23; shl r25 = r25, 5; nop.i 0;; }
        { .mlx; add r24 = r24, r25; movl r17 = set_cr_got; }
        { .mii; cmp.ne.or p7, p0 = 0, r26; shr.u r20 = r20, r23; nop.i 0;; }
        { .mii; nop.m 0; tbit.z.or p7, p0 = r20, 0; mov b0 = r24; }
        { .bbb; (p7) br.cond.spnt slow; br.sptk b0; nop.b 0;; }
OP_FAR(XEN_PRIVOP_SET_KR, fast_set_kr)
OP_SLOW(0x1d)
OP_SLOW(0x1e)
OP_SLOW(0x1f)
OP_FAR(XEN_PRIVOP_GET_RR, fast_get_rr)
OP_FAR(XEN_PRIVOP_SET_RR, fast_set_rr)
OP_SLOW(0x22)
OP_SLOW(0x23)
OP_SLOW(0x24)
OP_SLOW(0x25)
OP_SLOW(0x26)
OP_SLOW(0x27)
OP_SLOW(0x28)
OP_SLOW(0x29)
OP_SLOW(0x2a)
OP_FAR(XEN_PRIVOP_ITC_D, fast_itc_d)
OP_FAR(XEN_PRIVOP_ITC_I, fast_itc_i)
OP_SLOW(0x2d)
OP_SLOW(0x2e)
OP_FAR(XEN_PRIVOP_PTC_L, fast_ptc_l)
OP_SLOW(0x30)
OP_SLOW(0x31)
OP_SLOW(0x32)
OP_SLOW(0x33)
OP_SLOW(0x34)
OP_SLOW(0x35)
OP_SLOW(0x36)
OP_SLOW(0x37)
OP_SLOW(0x38)
OP_SLOW(0x39)
OP_SLOW(0x3a)
OP_SLOW(0x3b)
OP_SLOW(0x3c)
OP_SLOW(0x3d)
OP_SLOW(0x3e)
OP_SLOW(0x3f)
        .org    fast_table + (64 << FAST_ENTRY_SHIFT)

/* To C. r21: FAST_GENEX, or a break. */
        .global slow
slow:
        cmp.eq  p6, p7 = FAST_GENEX, r21
        mov     b0 = r30
        ;;
(p6)    mov     r19 = IA64_GENEX_VECTOR
(p7)    mov     r19 = IA64_BREAK_VECTOR
        br.sptk.many ia64_entry
        ;;

/*
 * From ivt.S, not the plain case: system calls, breaks of the B unit, whose iim is 0, Xen's own. r16, r18, r20-r22, r29-r31 as above.
 */
ENTRY(fast_other)
        mov     r28 = cr.iip
        extr.u  r17 = r29, IA64_PSR_CPL_SHIFT, 2
        tbit.nz p8, p0 = r29, IA64_PSR_SS_BIT
        cmp.eq  p9, p0 = 0, r20                 /* fast_privop=0 */
        cmp.eq  p10, p0 = 0, r16
        ;;
        { .mib; cmp.eq p11, p0 = 3, r17; nop.i 0; (p8) br.cond.spnt slow; }
        { .bbb; (p9) br.cond.spnt slow; (p11) br.cond.spnt fast_syscall; (p10) br.cond.spnt b_unit;; }
        { .mbb; nop.m 0; br.sptk.many slow; nop.b 0;; }

/* The number is in the bundle. r25: the template without its stop. */
b_unit:
        adds    r24 = CPUINFO_has_iib, r18
        extr.u  r23 = r29, IA64_PSR_CPL_SHIFT, 9
        extr.u  r27 = r29, IA64_PSR_ED_BIT, 3
        ;;
        ld1     r24 = [r24]
        cmp.ne  p7, p0 = FAST_PSR_LOW, r23
        cmp.ne  p8, p0 = FAST_PSR_HIGH, r27
        ;;
        cmp.eq  p6, p0 = 0, r24
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ;;
        mov     r24 = cr26                      /* iib0, iib1 */
        mov     r26 = cr27
        extr.u  r23 = r29, IA64_PSR_RI_SHIFT, 2
        /* Templates (less stop) whose slot is a branch unit's: slot 2 in MIB MBB BBB MMB MFB (8 9 b c e), slot 1 in MBB BBB. */
        mov     r19 = 0x5b00
        mov     r27 = 0xa00
        ;;
        cmp.eq  p9, p10 = 1, r23
        cmp.eq  p6, p0 = 0, r23
        extr.u  r25 = r24, 1, 4
        shr.u   r17 = r26, 23                   /* slot 2 */
        shrp    r26 = r26, r24, 46              /* slot 1 */
        adds    r24 = 1, r20
        ;;
(p9)    mov     r17 = r26
(p9)    mov     r19 = r27
(p6)    br.cond.spnt slow
        ;;
        ld1.s   r26 = [r24]
        shr.u   r19 = r19, r25
        extr.u  r23 = r17, 6, 20
        movl    r25 = fast_table
        extr.u  r17 = r17, 36, 1
        ;;
        tbit.z  p6, p0 = r19, 0
        tbit.z  p9, p0 = r17, 0                 /* not XEN_PRIVOP_IMM */
        dep     r16 = r17, r23, 20, 1
        extr.u  r23 = r23, 14, 6
        adds    r17 = CPUINFO_event, r18
        ;;
        dep     r25 = r23, r25, FAST_ENTRY_SHIFT, 6
        extr.u  r27 = r16, 0, 14
        shr.u   r21 = r16, 14
(p6)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        ;;
        tbit.nz p14, p15 = r29, IA64_PSR_RI_SHIFT + 1
        mov     b0 = r25
        { .mbb; nop.m 0; br.sptk b0; nop.b 0;; }
END(fast_other)

ENTRY(fast_next)
        NEXT_1(nop.m 0)
        NEXT_2
END(fast_next)

/* The same for what has set cr.iip and cr.ipsr itself. */
fast_exit:
        ld8     r23 = [r19]
        mov     b0 = r30
        ;;
        adds    r23 = 1, r23
        ;;
        st8     [r19] = r23
        mov     pr = r31, -1
        ;;
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
 * rsm and ssm in general. Squeezed masks: user mask 4:0 (psr 5:1), ic 5, i 6, dt 8 (psr 17), dfl and dfh 10:9 (psr 19:18); others go to C. The user mask is
 * the machine's own; dfl and dfh are there and in vpsr. Makes r20: the bits of psr; r27: address of vpsr, r17 its value; p7: i, p8: ic, p12: dfl or dfh, p13:
 * dt; r23: 1, r25: address of ic.
 */
#define MASK_BITS                                               \
        adds    r17 = MAPPED_vpsr, r22;                         \
        movl    r23 = 0x3fff & ~0x77f;                          \
        tbit.nz p13, p0 = r27, 8;                               \
        tbit.nz p7, p0 = r27, 6;                                \
        ;;                                                      \
        and     r23 = r23, r27;                                 \
        extr.u  r20 = r27, 9, 2;                                \
        extr.u  r25 = r27, 0, 5;                                \
        ;;                                                      \
        cmp.ne  p6, p0 = 0, r23;                                \
        tbit.nz p8, p0 = r27, 5;                                \
        dep.z   r20 = r20, IA64_PSR_DFL_BIT, 2;                 \
        mov     r27 = r17;                                      \
        ld8     r17 = [r17];                                    \
        dep.z   r23 = r25, 1, 5;                                \
        ;;                                                      \
        adds    r25 = MAPPED_ic, r22;                           \
        cmp.ne  p12, p0 = 0, r20;                               \
(p6)    br.cond.spnt slow;                                      \
        or      r20 = r20, r23;                                 \
        mov     r23 = 1;                                        \
        ;;

fast_rsm:
        tnat.nz p9, p0 = r26
        MASK_BITS
        { .mib; nop.m 0; (p13) tbit.nz.unc p13, p0 = r17, IA64_PSR_DT_BIT; (p9) br.cond.spnt slow;; }   /* it does change */
(p13)   br.cond.spnt 1f
        ;;
        andcm   r17 = r17, r20
        andcm   r29 = r29, r20
(p7)    st1     [r24] = r23
(p8)    st4     [r25] = r0
        ;;
        NEXT_1((p12) st8 [r27] = r17)
        NEXT_2
1:      META_PROBE
(p6)    br.cond.spnt slow
        ;;
        adds    r25 = MAPPED_ic, r22
        mov     r23 = 1
        andcm   r17 = r17, r20
        andcm   r29 = r29, r20
        ;;
(p7)    st1     [r24] = r23
(p8)    st4     [r25] = r0
        dep     r17 = 0, r17, IA64_PSR_DT_BIT, 1
        ;;
        st8     [r27] = r17
        META_SWITCH(CPUINFO_rr_meta, 1, 0)
        br.sptk.many fast_next
        ;;

/* No interrupt is due. */
fast_ssm:
        MASK_BITS
(p13)   tbit.z.unc p13, p0 = r17, IA64_PSR_DT_BIT       /* it does change */
        ;;
(p13)   br.cond.spnt 1f
        ;;
        or      r17 = r17, r20
        or      r29 = r29, r20
(p8)    st4     [r25] = r23
(p7)    st1     [r24] = r0
        ;;
        dep     r17 = 0, r17, 1, 5              /* the user mask is not there */
        ;;
        NEXT_1((p12) st8 [r27] = r17)
        NEXT_2
1:      tbit.z  p6, p0 = r17, IA64_PSR_IT_BIT           /* all three on then, or C */
        tbit.z  p9, p0 = r17, IA64_PSR_RT_BIT
        ;;
(p6)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        META_PROBE
(p6)    br.cond.spnt slow
        ;;
        adds    r25 = MAPPED_ic, r22
        mov     r23 = 1
        or      r17 = r17, r20
        or      r29 = r29, r20
        ;;
(p8)    st4     [r25] = r23
(p7)    st1     [r24] = r0
        dep     r17 = 0, r17, 1, 5
        ;;
        dep     r17 = -1, r17, IA64_PSR_DT_BIT, 1
        ;;
        st8     [r27] = r17
        META_SWITCH(CPUINFO_rr_virtual, 0, -1)
        br.sptk.many fast_next
        ;;

/*
 * An interrupt that may come now is C's to deliver: pending_interruption tells of one. p6: there is something (or it cannot be seen). r24 becomes the
 * address of evtchn_upcall_pending, p9: it has no translation. Uses r23, r25, r26.
 */
#define CHECK_PENDING                                   \
        adds    r24 = CPUINFO_upcall, r18;              \
        adds    r25 = MAPPED_pending, r22;              \
        adds    r26 = CPUINFO_event, r18;               \
        ;;                                              \
        ld8     r24 = [r24];                            \
        ld4     r25 = [r25];                            \
        ld8     r26 = [r26];                            \
        ;;                                              \
        ld1.s   r26 = [r26];                            \
        ld1.s   r23 = [r24];                            \
        cmp.ne  p6, p0 = 0, r25;                        \
        ;;                                              \
        tnat.nz.or p6, p0 = r26;                        \
        cmp.ne.or p6, p0 = 0, r26;                      \
        tnat.nz.or p6, p0 = r23;                        \
        tnat.nz p9, p0 = r23;                           \
        ;;

/*
 * gr[r17] = r20, then fast_next. Illegal targets: C.
 */
        .global set_gr
set_gr:
        { .mlx; cmp.ltu p6, p0 = 0x1f, r17; movl r25 = write_gr; }
        { .mii; cmp.eq p7, p0 = 0, r17; shl r23 = r17, 5; mov r27 = r17;; }
        { .mib; add r25 = r25, r23; nop.i 0; (p7) br.cond.spnt slow;; }
        { .mib; nop.m 0; mov b0 = r25; (p6) br.cond.spnt set_stacked; }
        { .mbb; nop.m 0; br.sptk b0; nop.b 0;; }

/* The entry at r25 for a stacked register, r27 its number: is it inside the frame? cfm is seen by a call. */
set_stacked:
        { .mib; adds r23 = -32, r27; mov r26 = ar.pfs; br.call.sptk b0 = 1f;; }
        { .mii; nop.m 0; mov ar.pfs = r26; extr.u r24 = r24, 0, 7;; }
        { .mib; cmp.geu p6, p0 = r23, r24; mov b0 = r25; (p6) br.cond.spnt slow; }
        { .mbb; nop.m 0; br.sptk b0; nop.b 0;; }
1:      { .mib; nop.m 0; mov r24 = ar.pfs; br.ret.sptk b0;; }

/* r20 to cr r23 + 16. ipsr: 0, 6-12, 16, 28-31, 47-63 are reserved; ifs: 38-62. */
set_cr_got:
        { .mlx; cmp.eq p8, p0 = 0, r23; movl r24 = 0xffff8000f0011fc1; }
        { .mmi; cmp.eq p9, p0 = CR_IFS - CR_IPSR, r23; shladd r25 = r23, 3, r22; tnat.nz.or p7, p0 = r20;; }
        { .mii; and r24 = r24, r20; extr.u r26 = r20, 38, 25; adds r25 = VCR(CR_IPSR), r25;; }
        { .mib; (p8) cmp.ne.or p7, p0 = 0, r24; (p9) cmp.ne.or p7, p0 = 0, r26; (p7) br.cond.spnt slow; }
        { .mbb; st8 [r25] = r20; br.sptk.many fast_next; nop.b 0;; }

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
        br.sptk.many fast_next
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
        movl    r19 = FAST_COUNT(0)
        adds    r24 = CPUINFO_iib_ip, r18
        adds    r25 = MAPPED_incomplete, r22
        adds    r26 = MAPPED_ic, r22
        adds    r27 = VCR(0), r22
        cmp.ne  p6, p0 = 0x40, r21              /* op 0 */
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
