/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's TLB misses that the walker could not serve, and a chain of the VHPT can: the entry comes to the head of its chain, where the walker finds it
 * next time. psr.ic = 0, bank 0; r16 has ifa, r19 the vector, r29 ipsr, r31 pr. The table is pinned.
 *
 * All else goes to C (ia64_entry), with those registers as they were.
 */
#include <asm/config.h>
#include <asm/processor.h>
#include <asm/vhpt.h>

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
(p6)    br.cond.spnt ia64_entry;                                        \
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

ENTRY(guest_dtlb_miss)
        WALK_CHAIN(itc.d)
END(guest_dtlb_miss)

ENTRY(guest_itlb_miss)
        WALK_CHAIN(itc.i)
END(guest_itlb_miss)
