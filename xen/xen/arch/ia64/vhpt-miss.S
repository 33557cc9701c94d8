/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's TLB misses that the walker could not serve. A chain of the VHPT may: the entry comes to its head, where the walker finds it next time. Or the
 * guest's own VHPT of the short format, which is walked as gmmu.c does it in the plain case. psr.ic = 0, bank 0; r16 has ifa, r19 the vector, r29 ipsr,
 * r31 pr. Xen's table, struct cpu_info and mapped_regs are pinned; what may have no translation (the guest's table, the p2m) is read by speculative
 * loads, which are deferred while psr.ic = 0 (SDM 2:5.5.5).
 *
 * All else goes to C (ia64_entry), with those registers as they were.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>
#include <asm/vhpt.h>
#include <public/arch-ia64.h>

        .section .text, "ax", @progbits

#define WALK_CHAIN(itc)                                                 \
        thash   r17 = r16;                                              \
        ttag    r18 = r16;                                              \
        ;;                                                              \
        adds    r20 = VHPT_NEXT, r17;                                   \
        adds    r26 = VHPT_TAG, r17;                                    \
        ;;                                                              \
        ld8     r20 = [r20];            /* entry */                     \
        ld8     r27 = [r26];            /* the head's tag */            \
        ;;                                                              \
1:      cmp.eq  p6, p0 = r0, r20;                                       \
        adds    r21 = VHPT_TAG, r20;                                    \
        adds    r22 = VHPT_NEXT, r20;                                   \
(p6)    br.cond.spnt 2f;                                                \
        ;;                                                              \
        ld8     r23 = [r21];                                            \
        ld8     r22 = [r22];                                            \
        ;;                                                              \
        cmp.eq  p6, p7 = r23, r18;                                      \
        ;;                                                              \
(p7)    mov     r20 = r22;                                              \
(p7)    br.cond.sptk 1b;                                                \
        ;;                                                              \
        /* Found: it and the head change places. The head is invalid meanwhile. */ \
        movl    r28 = 1 << 63;                                          \
        adds    r24 = VHPT_ITIR, r17;                                   \
        adds    r25 = VHPT_ITIR, r20;                                   \
        ;;                                                              \
        st8.rel [r26] = r28;                                            \
        ld8     r22 = [r17];            /* head's pte, itir */          \
        ld8     r23 = [r24];                                            \
        ;;                                                              \
        mf;                                                             \
        ld8     r28 = [r20];            /* entry's */                   \
        ld8     r30 = [r25];                                            \
        ;;                                                              \
        st8     [r20] = r22;                                            \
        st8     [r25] = r23;                                            \
        st8     [r21] = r27;                                            \
        mov     cr.itir = r30;                                          \
        ;;                                                              \
        st8     [r17] = r28;                                            \
        st8     [r24] = r30;                                            \
        ;;                                                              \
        st8.rel [r26] = r18;                                            \
        itc     r28;                                                    \
        mov     pr = r31, -1;                                           \
        ;;                                                              \
        rfi;                                                            \
        ;;

#define VCR_DCR         (MAPPED_vcr + 8 * 0)
#define VCR_PTA         (MAPPED_vcr + 8 * 8)
#define VHPT_INFO       (VHPT_VIRT_START + VHPT_SIZE / 2)
/* A leaf that serves: valid, used, p2m_ram_rw (p2m.c). */
#define P2M_LEAF        0x15
#define P2M_TABLE_BIT   1

/* The next level of the p2m: r23 a table's entry, r26 the guest-physical address; r22 becomes what a leaf there covers. */
#define P2M_STEP(bits)                                                  \
        extr.u  r30 = r23, 12, 38;                                      \
        extr.u  r24 = r26, bits, 9;                                     \
        movl    r22 = DIRECTMAP_VIRT_START;                             \
        ;;                                                              \
        dep.z   r30 = r30, 12, 38;                                      \
        shl     r24 = r24, 3;                                           \
        ;;                                                              \
        or      r24 = r24, r30;                                         \
        ;;                                                              \
        or      r24 = r24, r22;                                         \
        mov     r22 = bits;                                             \
        ;;                                                              \
        ld8.s   r23 = [r24];                                            \
        ;;                                                              \
        tnat.nz p6, p0 = r23;                                           \
        tbit.z  p7, p0 = r23, P2M_TABLE_BIT;                            \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.sptk 4f;                                                \
        ;;

/* An instruction's miss is walked for with psr.ic on only (SDM 2:4.1.7). */
#define CHECK_IC                                                        \
        movl    r21 = XMAPPEDREGS_BASE;                                 \
        ;;                                                              \
        adds    r22 = MAPPED_ic, r21;                                   \
        ;;                                                              \
        ld4     r22 = [r22];                                            \
        ;;                                                              \
        cmp.eq  p6, p0 = 0, r22;                                        \
(p6)    br.cond.spnt ia64_entry;                                        \
        ;;

#define WALK_GUEST(itc)                                                 \
        movl    r20 = PERCPU_ADDR + STACK_SIZE - CPUINFO_SIZE;          \
        movl    r21 = XMAPPEDREGS_BASE;                                 \
        ;;                                                              \
        adds    r22 = CPUINFO_walk_regions, r20;                        \
        adds    r20 = CPUINFO_p2m_root, r20;                            \
        adds    r23 = VCR_PTA, r21;                                     \
        adds    r24 = VCR_DCR, r21;                                     \
        ;;                                                              \
        ld1     r22 = [r22];                                            \
        ld8     r20 = [r20];                                            \
        extr.u  r25 = r16, 61, 3;                                       \
        ld8     r23 = [r23];                                            \
        ld8     r24 = [r24];                                            \
        extr.u  r26 = r16, 59, 2;                                       \
        mov     r27 = rr[r16];                                          \
        ;;                                                              \
        shr.u   r22 = r22, r25;                                         \
        tbit.nz p11, p0 = r23, 8;       /* pta.vf: the long format */   \
        cmp.eq  p6, p0 = 2, r26;        /* Xen's bits 60:59 */          \
        tbit.nz p7, p0 = r24, 1;        /* dcr.be */                    \
        tbit.nz p8, p0 = r29, IA64_PSR_PK_BIT;                          \
        ;;                                                              \
        tbit.z  p9, p0 = r22, 0;                                        \
        tbit.z  p10, p0 = r23, 0;       /* pta.ve */                    \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
(p8)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
(p9)    br.cond.spnt ia64_entry;                                        \
(p10)   br.cond.spnt ia64_entry;                                        \
(p11)   br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        /* iha, as vcpu_thash(). r25: rr.ps */                          \
        extr.u  r25 = r27, IA64_RR_PS_SHIFT, 6;                         \
        dep.z   r26 = r16, 3, 61;                                       \
        extr.u  r28 = r23, IA64_PTA_SIZE_SHIFT, 6;                      \
        mov     r30 = 1;                                                \
        mov     r24 = 0x7fff;                                           \
        dep     r23 = 0, r23, 0, 15;                                    \
        ;;                                                              \
        shr.u   r26 = r26, 3;                                           \
        shl     r30 = r30, r28;                                         \
        ;;                                                              \
        shr.u   r26 = r26, r25;                                         \
        adds    r30 = -1, r30;                                          \
        ;;                                                              \
        shl     r26 = r26, 3;                                           \
        or      r30 = r30, r24;                                         \
        ;;                                                              \
        andcm   r23 = r23, r30;                                         \
        and     r26 = r26, r30;                                         \
        extr.u  r24 = r16, 61, 3;                                       \
        ;;                                                              \
        or      r23 = r23, r26;                                         \
        ;;                                                              \
        dep     r23 = r24, r23, 61, 3;                                  \
        ;;                                                              \
        extr.u  r26 = r23, 59, 2;                                       \
        ;;                                                              \
        cmp.eq  p6, p0 = 2, r26;                                        \
(p6)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        ld8.s   r23 = [r23];                                            \
        ;;                                                              \
        tnat.nz p6, p0 = r23;                                           \
(p6)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        /* The guest's pte: present, write-back, nothing reserved. */   \
        and     r26 = 0x1f, r23;                                        \
        extr.u  r28 = r23, 50, 2;                                       \
        extr.u  r30 = r23, IA64_PTE_PL_SHIFT, 2;                        \
        extr.u  r24 = r23, 52, 1;                                       \
        tbit.nz p7, p0 = r23, 11;       /* ar 4..7 */                   \
        ;;                                                              \
        cmp.ne  p6, p0 = 1, r26;                                        \
        cmp.ne  p8, p0 = 0, r28;                                        \
        cmp.eq  p9, p10 = 3, r30;                                       \
        extr.u  r26 = r23, 12, 38;                                      \
        extr.u  r28 = r23, 0, 12;                                       \
        ;;                                                              \
(p6)    br.cond.spnt ia64_entry;                                        \
(p8)    br.cond.spnt ia64_entry;                                        \
(p10)   cmp.ne.unc p11, p12 = 0, r30;   /* levels 1 and 2: C */         \
        dep     r28 = r24, r28, 52, 1;  /* ed */                        \
        ;;                                                              \
(p9)    cmp.ne.unc p11, p12 = r0, r0;                                   \
(p9)    cmp.ne  p7, p0 = r0, r0;                                        \
        dep.z   r26 = r26, 12, 38;                                      \
(p10)   dep     r28 = -1, r28, IA64_PTE_PL_SHIFT, 1; /* 0 becomes 1 */  \
        ;;                                                              \
(p11)   br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
        shr.u   r26 = r26, r25;                                         \
        ;;                                                              \
        shl     r26 = r26, r25;                                         \
        ;;                                                              \
        /* The p2m's root has 2^11 entries. */                          \
        extr.u  r30 = r26, 39, 11;                                      \
        ;;                                                              \
        shladd  r20 = r30, 3, r20;                                      \
        ;;                                                              \
        ld8.s   r23 = [r20];                                            \
        ;;                                                              \
        tnat.nz p6, p0 = r23;                                           \
        tbit.z  p7, p0 = r23, P2M_TABLE_BIT;                            \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        P2M_STEP(30)                                                    \
        P2M_STEP(21)                                                    \
        P2M_STEP(12)                                                    \
        br.sptk ia64_entry;                                             \
        ;;                                                              \
4:      extr.u  r30 = r23, 0, 12;                                       \
        mov     r24 = 1;                                                \
        cmp.ltu p7, p0 = r22, r25;      /* the page is larger than the leaf */ \
        extr.u  r23 = r23, 12, 38;                                      \
        extr.u  r21 = r27, IA64_RR_RID_SHIFT, 18;                       \
        ;;                                                              \
        cmp.ne  p6, p0 = P2M_LEAF, r30;                                 \
        shl     r24 = r24, r22;                                         \
        dep.z   r23 = r23, 12, 38;                                      \
        dep.z   r21 = r21, IA64_ITIR_KEY_SHIFT, 18;                     \
(p7)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        adds    r24 = -1, r24;                                          \
        shladd  r21 = r25, IA64_ITIR_PS_SHIFT, r21; /* itir */          \
(p6)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        and     r26 = r26, r24;                                         \
        or      r28 = r28, r23;                                         \
        mov     cr.itir = r21;                                          \
        ;;                                                              \
        or      r28 = r28, r26;                                         \
        ;;                                                              \
        itc     r28;                                                    \
        ;;                                                              \
        srlz.d;         /* references follow, if only to what is pinned */ \
        /* Into the VHPT, if there is room: the first of its chain. */  \
        adds    r20 = VHPT_TAG, r17;                                    \
        movl    r22 = VHPT_INFO;                                        \
        ;;                                                              \
        ld8     r23 = [r20];                                            \
        ld8     r26 = [r22];            /* a free entry */              \
        adds    r24 = 16, r22;                                          \
        ;;                                                              \
        cmp.eq  p6, p0 = r23, r18;                                      \
        cmp.gt  p7, p0 = 0, r23;        /* ti */                        \
        cmp.eq  p8, p0 = 0, r26;                                        \
        ld8     r25 = [r24];            /* used */                      \
        adds    r30 = VHPT_NEXT, r26;                                   \
(p6)    br.cond.spnt 5f;                                                \
        ;;                                                              \
        adds    r25 = 1, r25;                                           \
(p7)    br.cond.sptk 6f;                                                \
(p8)    br.cond.spnt 7f;                                                \
        ;;                                                              \
        ld8     r27 = [r30];            /* next free */                 \
        ;;                                                              \
        st8     [r22] = r27;                                            \
        adds    r27 = VHPT_NEXT, r17;                                   \
        ;;                                                              \
        ld8     r22 = [r27];            /* the chain so far */          \
        st8     [r27] = r26;                                            \
        ;;                                                              \
        st8     [r30] = r22;                                            \
        adds    r27 = VHPT_ITIR, r17;                                   \
        adds    r30 = VHPT_ITIR, r26;                                   \
        ld8     r22 = [r17];                                            \
        ;;                                                              \
        ld8     r27 = [r27];                                            \
        st8     [r26] = r22;                                            \
        adds    r22 = VHPT_TAG, r26;                                    \
        ;;                                                              \
        st8     [r30] = r27;                                            \
        st8     [r22] = r23;                                            \
        ;;                                                              \
6:      st8     [r24] = r25;                                            \
5:      movl    r30 = 1 << 63;                                          \
        adds    r27 = VHPT_ITIR, r17;                                   \
        ;;                                                              \
        st8.rel [r20] = r30;                                            \
        ;;                                                              \
        mf;                                                             \
        ;;                                                              \
        st8     [r17] = r28;                                            \
        st8     [r27] = r21;                                            \
        ;;                                                              \
        st8.rel [r20] = r18;                                            \
7:      mov     pr = r31, -1;                                           \
        ;;                                                              \
        rfi;                                                            \
        ;;

ENTRY(guest_dtlb_miss)
        WALK_CHAIN(itc.d)
2:
        WALK_GUEST(itc.d)
END(guest_dtlb_miss)

ENTRY(guest_itlb_miss)
        WALK_CHAIN(itc.i)
2:      CHECK_IC
        WALK_GUEST(itc.i)
END(guest_itlb_miss)
