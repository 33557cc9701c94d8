/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * More of hyperprivop.S, which see for the registers: thash, ttag, region registers and kernel registers.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/hyperprivop.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

        .section .text, "ax", @progbits

/* thash, of a VHPT of the short format: as vcpu_thash(). ttag. What a guest has in its rrs is what it gets. */
        .global fast_thash
fast_thash:
        extr.u  r25 = r16, 7, 7
        READ_GR(r25, 1f)
1:      tnat.nz p6, p0 = r20
        extr.u  r23 = r20, 61, 3
        adds    r24 = MAPPED_rrs, r22
        adds    r25 = MAPPED_vcr + 8 * 8, r22
        ;;
        shladd  r24 = r23, 3, r24
        ld8     r25 = [r25]                     /* pta */
        dep.z   r20 = r20, 3, 61
(p6)    br.cond.spnt slow
        ;;
        ld8     r24 = [r24]
        extr.u  r26 = r25, IA64_PTA_SIZE_SHIFT, 6
        tbit.nz p6, p0 = r25, 8                 /* vf */
        shr.u   r20 = r20, 3
        mov     r17 = 1
        mov     r27 = 0x7fff
        ;;
        shl     r17 = r17, r26
        extr.u  r24 = r24, IA64_RR_PS_SHIFT, 6
        dep     r25 = 0, r25, 0, 15
(p6)    br.cond.spnt slow
        ;;
        adds    r17 = -1, r17
        shr.u   r20 = r20, r24
        ;;
        or      r27 = r27, r17
        shl     r20 = r20, 3
        extr.u  r17 = r16, 0, 7
        ;;
        andcm   r25 = r25, r27
        and     r20 = r20, r27
        ;;
        or      r20 = r20, r25
        ;;
        dep     r20 = r23, r20, 61, 3
        br.sptk.many set_gr
        ;;
        .global fast_ttag
fast_ttag:
        extr.u  r25 = r16, 7, 7
        READ_GR(r25, 1f)
1:      tnat.nz p6, p0 = r20
        extr.u  r23 = r20, 61, 3
        adds    r24 = MAPPED_rrs, r22
        dep.z   r20 = r20, 3, 61
        ;;
        shladd  r24 = r23, 3, r24
        shr.u   r20 = r20, 3
        extr.u  r17 = r16, 0, 7
(p6)    br.cond.spnt slow
        ;;
        ld8     r24 = [r24]
        ;;
        extr.u  r25 = r24, IA64_RR_PS_SHIFT, 6
        extr.u  r24 = r24, IA64_RR_RID_SHIFT, 24
        ;;
        shr.u   r20 = r20, r25
        shl     r24 = r24, 39
        ;;
        dep.z   r20 = r20, 0, 39
        ;;
        or      r20 = r20, r24
        br.sptk.many set_gr
        ;;

        .global fast_get_rr
fast_get_rr:
        extr.u  r25 = r16, 7, 7
        READ_GR(r25, 1f)
1:      tnat.nz p6, p0 = r20
        extr.u  r23 = r20, 61, 3
        adds    r24 = MAPPED_rrs, r22
        ;;
        shladd  r24 = r23, 3, r24
        extr.u  r17 = r16, 0, 7
(p6)    br.cond.spnt slow
        ;;
        ld8     r20 = [r24]
        br.sptk.many set_gr
        ;;

/*
 * A region register, as vcpu_set_rr() does it: other than 7, while addresses are virtual, of the page size that it had, and with an id that no translation
 * register of the guest's may have (vtlb.c).
 */
        .global fast_set_rr
fast_set_rr:
        extr.u  r25 = r16, 7, 7
        extr.u  r23 = r16, 0, 7
        READ_GR(r25, 1f)
1:      mov     r26 = r20
        READ_GR(r23, 1f)
1:      tnat.nz p6, p0 = r26
        tnat.nz p7, p0 = r20
        adds    r17 = CPUINFO_current, r18
        movl    r25 = VCPU_metaphysical
        ;;
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
        ld8     r17 = [r17]
        mov     r24 = rr[r20]
        extr.u  r23 = r20, 61, 3
        adds    r16 = CPUINFO_tr_rids, r18
        ;;
        add     r25 = r17, r25
        xor     r27 = r24, r26
        ld8     r16 = [r16]
        extr.u  r20 = r26, IA64_RR_RID_SHIFT, 6
        cmp.eq  p7, p0 = 7, r23
        tbit.nz p8, p0 = r26, 1
        ;;
        ld1.s   r25 = [r25]
        extr.u  r27 = r27, IA64_RR_PS_SHIFT, 6
        shr.u   r16 = r16, r20
        shr.u   r20 = r26, IA64_RR_RID_SHIFT + 18
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ;;
        tnat.nz p6, p0 = r25
        cmp.ne  p7, p0 = 0, r27
        cmp.ne  p8, p0 = 0, r20
        tbit.nz p9, p0 = r16, 0
        ;;
        cmp.ne.or p7, p0 = 0, r25
        extr.u  r20 = r26, IA64_RR_RID_SHIFT, 6
        movl    r25 = VCPU_rr_rids
(p6)    br.cond.spnt slow
(p8)    br.cond.spnt slow
(p9)    br.cond.spnt slow
        ;;
        /* An id new to the region is C's: has a region of another page size had it? */
        add     r25 = r17, r25
        ;;
        shladd  r25 = r23, 3, r25
        ;;
        ld8.s   r25 = [r25]
        ;;
        tnat.nz p6, p0 = r25
        shr.u   r25 = r25, r20
        ;;
        tbit.z.or p6, p0 = r25, 0
(p6)    br.cond.spnt slow
        ;;
        /* The machine's: ve and the page size stay, and the domain's part of the id. */
        extr.u  r20 = r26, IA64_RR_RID_SHIFT, 18
        extr.u  r27 = r24, IA64_RR_RID_SHIFT + 18, 6
        extr.u  r24 = r24, 0, 8
(p7)    br.cond.spnt slow
        ;;
        dep.z   r20 = r20, IA64_RR_RID_SHIFT, 18
        dep.z   r27 = r27, IA64_RR_RID_SHIFT + 18, 6
        movl    r25 = VCPU_rr
        ;;
        or      r24 = r24, r20
        add     r25 = r17, r25
        movl    r16 = VCPU_machine_rr
        shl     r20 = r23, 61
        ;;
        or      r24 = r24, r27
        shladd  r25 = r23, 3, r25
        add     r16 = r16, r17
        adds    r27 = MAPPED_rrs, r22
        ;;
        mov     rr[r20] = r24
        ;;
        srlz.d                                  /* references follow, if only to other regions */
        st8     [r25] = r26
        shladd  r16 = r23, 3, r16
        shladd  r27 = r23, 3, r27
        and     r20 = 3, r23
        mov     r17 = 1
        ;;
        st8     [r16] = r24
        st8     [r27] = r26
        cmp.eq  p6, p0 = 0, r20                 /* rr0, rr4 */
        extr.u  r20 = r23, 2, 1
        shl     r17 = r17, r23
        adds    r16 = CPUINFO_rr_virtual, r18
        ;;
        adds    r25 = CPUINFO_walk_regions, r18
        adds    r27 = CPUINFO_walk_virtual, r18
        shladd  r16 = r20, 3, r16
        tbit.nz p7, p8 = r26, 0                 /* ve */
        ;;
        ld1     r20 = [r25]
        ld1     r23 = [r27]
(p6)    st8     [r16] = r24
        ;;
(p7)    or      r20 = r20, r17
(p7)    or      r23 = r23, r17
(p8)    andcm   r20 = r20, r17
(p8)    andcm   r23 = r23, r17
        ;;
        st1     [r25] = r20
        st1     [r27] = r23
        br.sptk.many fast_next
        ;;

/* Kernel registers: the machine's are the guest's. */
        .global fast_set_kr
fast_set_kr:
        extr.u  r25 = r16, 7, 7
        extr.u  r23 = r16, 0, 7
        READ_GR(r25, 1f)
1:      tnat.nz p6, p0 = r20
        adds    r17 = CPUINFO_current, r18
        movl    r24 = VCPU_kr
        cmp.ltu p7, p0 = 7, r23
        ;;
        ld8     r17 = [r17]
        shladd  r24 = r23, 3, r24
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
        ;;
        add     r24 = r24, r17
        adds    r26 = MAPPED_krs, r22
        movl    r25 = write_kr
        shl     r27 = r23, 5
        ;;
        ld8.s   r17 = [r24]
        shladd  r26 = r23, 3, r26
        add     r25 = r25, r27
        ;;
        tnat.nz p6, p0 = r17
        mov     b0 = r25
(p6)    br.cond.spnt slow
        ;;
        st8     [r24] = r20
        st8     [r26] = r20
        br.sptk.many b0
        ;;
        .global fast_get_kr
fast_get_kr:
        extr.u  r23 = r16, 7, 7
        extr.u  r17 = r16, 0, 7
        movl    r25 = read_kr
        ;;
        cmp.ltu p7, p0 = 7, r23
        shl     r27 = r23, 5
        ;;
        add     r25 = r25, r27
(p7)    br.cond.spnt slow
        ;;
        mov     b0 = r25
        br.sptk.many b0
        ;;
        .align  32
write_kr:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        { .mbb; mov ar.k\n = r20; br.sptk.many fast_next; nop.b 0;; }
        { .mbb; nop.m 0; br.sptk.many slow; nop.b 0;; }
        .endr
read_kr:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        { .mbb; mov r20 = ar.k\n; br.sptk.many set_gr; nop.b 0;; }
        { .mbb; nop.m 0; br.sptk.many slow; nop.b 0;; }
        .endr
