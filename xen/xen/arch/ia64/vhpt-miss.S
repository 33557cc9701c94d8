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
#include <asm/fault.h>
#include <asm/hyperprivop.h>
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
#define VCR_IFA         (MAPPED_vcr + 8 * 20)
#define VCR_ITIR        (MAPPED_vcr + 8 * 21)
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

/* r23: the guest's pte for r16, r25: rr.ps, r27: the machine's rr, r20: the root of its p2m. */
#define READ_GUEST                                                      \
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
        ;;

/* Of those, r28: the machine's pte less its page, which the p2m's leaf r23 has, r26: the offset in that. */
#define PTE_TO_MACHINE                                                  \
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
        ;;

/* Into the TLB and the VHPT. r17, r18: head and tag. */
#define INSERT(itc)                                                     \
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
7:

#define WALK_GUEST(itc)                                                 \
        READ_GUEST                                                      \
        PTE_TO_MACHINE                                                  \
        INSERT(itc)                                                     \
        mov     pr = r31, -1;                                           \
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

/*
 * itc.d and itc.i of a guest's kernel, by break (hyperprivop.S): as vcpu_itc() when the page is of the region's size, no translation register has the region's
 * id, no translation of another size may be in the guest's caches, none there serves the other side too, and the page is plain RAM to the p2m. What its caches
 * keep is changed without their lock: this vcpu alone inserts, and others' purges only clear `ps` and `sides`.
 */
#define SCRATCH         (FAST_CPUINFO + CPUINFO_scratch + 3 * 8)
#define FAST_ITC(itc, side, op)                                         \
        extr.u  r25 = r16, 7, 7;                                        \
        extr.u  r23 = r16, 0, 7;                                        \
        READ_GR(r25, 1f)                                                \
1:      mov     b0 = r30;                                               \
        mov     r19 = IA64_BREAK_VECTOR;                                \
        tnat.nz p6, p0 = r20;                                           \
        cmp.ne  p7, p0 = 0, r23;                                        \
        adds    r23 = VCR_IFA, r22;                                     \
        adds    r24 = VCR_ITIR, r22;                                    \
        adds    r25 = MAPPED_ic, r22;                                   \
        adds    r26 = MAPPED_vpsr, r22;                                 \
        adds    r28 = CPUINFO_current, r18;                             \
        ;;                                                              \
        ld8     r16 = [r23];                                            \
        ld8     r24 = [r24];                                            \
        ld4     r25 = [r25];                                            \
        ld8     r26 = [r26];                                            \
        ld8     r28 = [r28];                                            \
        adds    r27 = CPUINFO_walk_virtual, r18;                        \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        /* Of regions 0 and 4 not while they stand for physical addresses. */ \
        extr.u  r17 = r16, 61, 2;                                       \
        ;;                                                              \
        cmp.eq  p6, p0 = 0, r17;                                        \
        ;;                                                              \
(p6)    adds    r27 = CPUINFO_walk_regions, r18;                        \
        ;;                                                              \
        ld1     r27 = [r27];                                            \
        mov     r23 = rr[r16];                                          \
        extr.u  r17 = r16, 61, 3;                                       \
        tbit.nz p6, p0 = r26, IA64_PSR_PK_BIT;                          \
        cmp.ne  p7, p0 = 0, r25;                                        \
        movl    r22 = VCPU_hashed;                                      \
        ;;                                                              \
        shr.u   r27 = r27, r17;                                         \
        extr.u  r17 = r16, 59, 2;                                       \
        extr.u  r25 = r23, IA64_RR_PS_SHIFT, 6;                         \
        extr.u  r26 = r23, IA64_RR_RID_SHIFT, 18;                       \
        add     r28 = r28, r22;                                         \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        tbit.z  p6, p0 = r27, 0;                                        \
        dep     r27 = 0, r24, IA64_ITIR_KEY_SHIFT, 18;                  \
        mov     r21 = r24;              /* itir */                      \
        cmp.eq  p7, p0 = 2, r17;        /* Xen's bits 60:59 */          \
        adds    r22 = VCPU_odd_rids - VCPU_hashed, r28;                 \
        ld8.s   r28 = [r28];                                            \
        dep.z   r17 = r16, 3, 61;                                       \
        ;;                                                              \
        shladd  r24 = r25, IA64_ITIR_PS_SHIFT, r0;                      \
        ld8.s   r22 = [r22];                                            \
        shr.u   r17 = r17, 3;                                           \
        shladd  r29 = r26, 3, r26;                                      \
        extr.u  r30 = r26, 0, 6;                                        \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        cmp.ne  p6, p0 = r27, r24;      /* ps, and a key of 18 bits */  \
        shr.u   r22 = r22, r30;         /* of another size? */          \
        tnat.nz p7, p0 = r28;                                           \
        shr.u   r17 = r17, r25;         /* the page's number */         \
        ;;                                                              \
        tnat.nz p8, p0 = r22;                                           \
        tbit.nz p9, p0 = r22, 0;                                        \
        xor     r29 = r29, r17;                                         \
(p6)    br.cond.spnt ia64_entry;                                        \
(p7)    br.cond.spnt ia64_entry;                                        \
(p8)    br.cond.spnt ia64_entry;                                        \
(p9)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        /* r29: where it belongs in the guest's caches */               \
        dep.z   r29 = r29, VTLB_ENTRY_SHIFT, VTLB_HASHED_SHIFT;         \
        ;;                                                              \
        add     r29 = r29, r28;                                         \
        ;;                                                              \
        adds    r22 = VTLB_ps, r29;                                     \
        adds    r24 = VTLB_rid, r29;                                    \
        ld8.s   r28 = [r29];            /* va */                        \
        ;;                                                              \
        ld2.s   r22 = [r22];            /* ps, sides */                 \
        ld4.s   r24 = [r24];                                            \
        shr.u   r28 = r28, r25;                                         \
        ;;                                                              \
        tnat.nz p6, p0 = r22;                                           \
        cmp.eq  p7, p0 = r24, r26;                                      \
        zxt1    r26 = r22;                                              \
        extr.u  r22 = r22, 8, 2;                                        \
        ;;                                                              \
        tnat.nz.or p6, p0 = r24;                                        \
        tnat.nz.or p6, p0 = r28;                                        \
(p7)    cmp.ne.unc p7, p0 = 0, r26;                                     \
        ;;                                                              \
(p7)    cmp.ne.unc p8, p9 = r26, r25;   /* of another size: C */        \
        and     r22 = 3 - side, r22;                                    \
(p6)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
(p9)    cmp.eq.unc p9, p0 = r28, r17;                                   \
        movl    r28 = SCRATCH;                                          \
(p8)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
(p9)    cmp.ne.unc p9, p0 = 0, r22;     /* it serves the other side too: C */ \
        st8     [r28] = r20;                                            \
        adds    r22 = CPUINFO_p2m_root, r18;                            \
        mov     r27 = r21;              /* INSERT takes the key there */ \
        ;;                                                              \
        thash   r17 = r16;                                              \
        ttag    r18 = r16;                                              \
        mov     r23 = r20;                                              \
(p9)    br.cond.spnt ia64_entry;                                        \
        ;;                                                              \
        ld8     r20 = [r22];                                            \
        adds    r24 = VHPT_NEXT, r17;                                   \
        ;;                                                              \
        ld8     r24 = [r24];                                            \
        ;;                                                              \
        /* In the chain already: C. */                                  \
1:      cmp.eq  p6, p0 = r0, r24;                                       \
        adds    r22 = VHPT_TAG, r24;                                    \
        adds    r24 = VHPT_NEXT, r24;                                   \
(p6)    br.cond.sptk 2f;                                                \
        ;;                                                              \
        ld8     r22 = [r22];                                            \
        ld8     r24 = [r24];                                            \
        ;;                                                              \
        cmp.eq  p6, p0 = r22, r18;                                      \
(p6)    br.cond.spnt ia64_entry;                                        \
        br.sptk 1b;                                                     \
        ;;                                                              \
2:      mov     cr.ifa = r16;                                           \
        PTE_TO_MACHINE                                                  \
        /* First the guest's caches: itc may put out the translation that they were probed through. r19, r20, r24, r30 are free. */ \
4:      adds    r20 = VTLB_ps, r29;                                     \
        mov     r24 = rr[r16];                                          \
        dep     r30 = 0, r16, 61, 3;                                    \
        extr.u  r19 = r21, IA64_ITIR_KEY_SHIFT, 18;                     \
        ;;                                                              \
        st1.rel [r20] = r0;                                             \
        shr.u   r30 = r30, r25;                                         \
        extr.u  r24 = r24, IA64_RR_RID_SHIFT, 18;                       \
        dep.z   r19 = r19, 32, 18;                                      \
        ;;                                                              \
        shl     r30 = r30, r25;                                         \
        or      r24 = r24, r19;         /* rid, key */                  \
        movl    r19 = SCRATCH;                                          \
        ;;                                                              \
        st8     [r29] = r30;            /* va */                        \
        adds    r30 = VTLB_rid, r29;                                    \
        ld8     r19 = [r19];                                            \
        ;;                                                              \
        st8     [r30] = r24;                                            \
        adds    r30 = VTLB_pte, r29;                                    \
        mov     r24 = side;                                             \
        ;;                                                              \
        st8     [r30] = r19;                                            \
        adds    r30 = VTLB_preferred, r29;                              \
        dep     r24 = r24, r25, 8, 2;   /* ps, sides */                 \
        ;;                                                              \
        st1     [r30] = r25;                                            \
        mov     r19 = IA64_BREAK_VECTOR;                                \
        ;;                                                              \
        st2.rel [r20] = r24;                                            \
        ;;                                                              \
        INSERT(itc)                                                     \
        mov     r30 = b0;                                               \
        movl    r19 = FAST_COUNT(op);                                   \
        mov     r28 = cr.iip;                                           \
        mov     r29 = cr.ipsr;                                          \
        br.sptk.many fast_next;                                         \
        ;;

ENTRY(fast_itc_d)
        FAST_ITC(itc.d, VTLB_SIDE_D, XEN_PRIVOP_ITC_D)
END(fast_itc_d)

ENTRY(fast_itc_i)
        FAST_ITC(itc.i, VTLB_SIDE_I, XEN_PRIVOP_ITC_I)
END(fast_itc_i)

/*
 * ptc.l by break: as vcpu_ptc_l() for up to 64 pages of the region's size. r16: the guest's caches, r19: number of the page, r20: its address, r21: pages left, r22: the
 * hash's part of the region id, r26: size, r27: rr.ps, r28: region id.
 */
ENTRY(fast_ptc_l)
        extr.u  r25 = r16, 7, 7
        extr.u  r23 = r16, 0, 7
        READ_GR(r25, 1f)
1:      mov     r26 = r20
        READ_GR(r23, 1f)
1:      tnat.nz p6, p0 = r20
        tnat.nz p7, p0 = r26
        adds    r17 = CPUINFO_current, r18
        movl    r25 = VCPU_hashed
        ;;
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
        mov     r24 = rr[r20]
        ld8     r17 = [r17]
        extr.u  r26 = r26, IA64_ITIR_PS_SHIFT, 6
        extr.u  r23 = r20, 59, 2
        ;;
        add     r25 = r17, r25
        extr.u  r27 = r24, IA64_RR_PS_SHIFT, 6
        extr.u  r28 = r24, IA64_RR_RID_SHIFT, 18
        cmp.eq  p6, p0 = 2, r23                 /* Xen's bits 60:59 */
        ;;
        ld8.s   r16 = [r25]
        adds    r23 = VCPU_odd_rids - VCPU_hashed, r25
        adds    r24 = VCPU_metaphysical - VCPU_hashed, r25
        sub     r17 = r26, r27
        cmp.ltu p7, p0 = r26, r27
(p6)    br.cond.spnt slow
        ;;
        ld8.s   r23 = [r23]
        ld1.s   r24 = [r24]
        cmp.ltu p6, p0 = 6, r17
        extr.u  r22 = r28, 0, 6
        shr.u   r20 = r20, r26
(p7)    br.cond.spnt slow
        ;;
        tnat.nz p7, p0 = r16
        tnat.nz p8, p0 = r24
        shr.u   r23 = r23, r22
        shl     r20 = r20, r26
(p6)    br.cond.spnt slow
        ;;
        extr.u  r22 = r20, 61, 2
        ;;
        cmp.eq  p9, p0 = 0, r22
        ;;
(p9)    cmp.ne.unc p9, p0 = 0, r24              /* of regions 0 and 4 not while they stand for physical addresses */
        tnat.nz.or p7, p0 = r23
        tbit.nz.or p7, p0 = r23, 0              /* a translation of another size has such an id */
        dep.z   r19 = r20, 3, 61
        shladd  r22 = r28, 3, r28
        mov     r23 = 1
(p8)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        ;;
        shl     r21 = r23, r17
        shr.u   r19 = r19, 3
(p7)    br.cond.spnt slow
        ;;
        shr.u   r19 = r19, r27
        ;;
ptc_page:
        xor     r17 = r19, r22
        thash   r29 = r20
        ;;
        dep.z   r17 = r17, VTLB_ENTRY_SHIFT, VTLB_HASHED_SHIFT
        ;;
        add     r17 = r17, r16
        ;;
        ld8.s   r23 = [r17]                     /* va */
        adds    r24 = VTLB_ps, r17
        adds    r25 = VTLB_rid, r17
        ;;
        ld1.s   r17 = [r24]
        ld4.s   r25 = [r25]
        shr.u   r23 = r23, r27
        ;;
        tnat.nz p6, p0 = r17
        cmp.eq  p7, p0 = r25, r28
        ;;
        tnat.nz.or p6, p0 = r23
        tnat.nz.or p6, p0 = r25
(p7)    cmp.ne.unc p7, p0 = 0, r17
        ;;
(p7)    cmp.ne.unc p8, p9 = r17, r27            /* of another size: C */
(p6)    br.cond.spnt ptc_slow
        ;;
(p9)    cmp.eq.unc p9, p0 = r23, r19
        ttag    r17 = r20
        adds    r25 = VHPT_TAG, r29
        adds    r23 = VHPT_NEXT, r29
(p8)    br.cond.spnt ptc_slow
        ;;
(p9)    st2     [r24] = r0                      /* ps, sides */
        /* The VHPT, as vhpt_remove(). */
        ld8     r24 = [r25]
        ld8     r23 = [r23]
        ;;
        cmp.eq  p6, p0 = r24, r17
        cmp.ne  p7, p0 = 0, r23
(p6)    br.cond.spnt ptc_head
(p7)    br.cond.spnt ptc_chain
ptc_next:
        mov     r17 = 1
        adds    r21 = -1, r21
        adds    r19 = 1, r19
        ;;
        shl     r17 = r17, r27
        cmp.ne  p6, p0 = 0, r21
        ;;
(p6)    add     r20 = r20, r17
(p6)    br.cond.spnt ptc_page
        ;;
        dep.z   r26 = r26, IA64_ITIR_PS_SHIFT, 6
        mov     r28 = cr.iip
        ;;
        ptc.l   r20, r26
        movl    r19 = FAST_COUNT(XEN_PRIVOP_PTC_L)
        mov     r29 = cr.ipsr
        br.sptk.many fast_next
        ;;
        /* The head is it: the next of the chain, if there is one, takes its place. r29: head, r25: its tag. */
ptc_head:
        movl    r24 = 1 << 63
        ;;
        st8.rel [r25] = r24
        cmp.eq  p6, p0 = 0, r23
        adds    r24 = VHPT_ITIR, r23
(p6)    br.cond.sptk ptc_used
        ;;
        mf
        ld8     r17 = [r23]
        ld8     r24 = [r24]
        ;;
        st8     [r29] = r17
        adds    r17 = VHPT_ITIR, r29
        adds    r29 = VHPT_NEXT, r29
        ;;
        st8     [r17] = r24
        adds    r24 = VHPT_TAG, r23
        adds    r17 = VHPT_NEXT, r23
        ;;
        ld8     r24 = [r24]
        ld8     r17 = [r17]
        ;;
        st8     [r29] = r17
        st8.rel [r25] = r24
        br.sptk ptc_free
        ;;
        /* In the chain? r23: an entry, r29: the one before it, r17: tag. */
ptc_chain:
        adds    r24 = VHPT_TAG, r23
        adds    r25 = VHPT_NEXT, r23
        ;;
        ld8     r24 = [r24]
        ld8     r25 = [r25]
        ;;
        cmp.eq  p6, p7 = r24, r17
        ;;
(p7)    mov     r29 = r23
(p7)    mov     r23 = r25
(p6)    adds    r29 = VHPT_NEXT, r29
(p7)    cmp.eq.unc p8, p9 = 0, r25
        ;;
(p8)    br.cond.sptk ptc_next
(p9)    br.cond.sptk ptc_chain
        st8     [r29] = r25
        ;;
        /* r23 becomes a free one. */
ptc_free:
        movl    r24 = VHPT_INFO
        movl    r29 = 1 << 63
        ;;
        adds    r17 = VHPT_TAG, r23
        adds    r25 = VHPT_NEXT, r23
        ;;
        st8     [r17] = r29
        ld8     r17 = [r24]
        ;;
        st8     [r24] = r23
        st8     [r25] = r17
ptc_used:
        movl    r24 = VHPT_INFO + 16
        ;;
        ld8     r25 = [r24]
        ;;
        adds    r25 = -1, r25
        ;;
        st8     [r24] = r25
        br.sptk ptc_next
        ;;
        /* What was purged is purged again by C. */
ptc_slow:
        br.sptk.many slow
        ;;
END(fast_ptc_l)
