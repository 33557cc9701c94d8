/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What virtual.c cannot say in C: the way into virtual mode, vectors that map what misses, PAL's static calls.
 */
        .text
        /* void virtual_enter(void *ivt): region 0 is memory as it is, by a translation register of 4 GiB; regions 4 and 7 have
         * 4 KiB pages, put in when they miss: physical memory again, uncacheable through region 4. */
        .global virtual_enter
        .proc virtual_enter
virtual_enter:
        alloc   r14 = ar.pfs, 1, 0, 0, 0
        rsm     (1 << 13) | (1 << 14)   /* psr.ic, psr.i */
        ;;
        srlz.i
        mov     cr.iva = in0
        mov     r15 = r0
        movl    r16 = (0x100 << 8) | (12 << 2)
        ;;
        mov     rr[r15] = r16
        movl    r15 = 4 << 61
        movl    r16 = (0x400 << 8) | (12 << 2)
        ;;
        mov     rr[r15] = r16
        movl    r15 = 7 << 61
        movl    r16 = (0x700 << 8) | (12 << 2)
        ;;
        mov     rr[r15] = r16
        mov     r17 = 32 << 2
        movl    r18 = 0x661             /* present, accessed, dirty, privilege level 0, everything */
        ;;
        mov     cr.ifa = r0
        mov     cr.itir = r17
        srlz.d
        ;;
        itr.d   dtr[r0] = r18
        ;;
        itr.i   itr[r0] = r18
        movl    r19 = (1 << 13) | (1 << 17) | (1 << 27) | (1 << 36) | (1 << 44) /* ic dt rt it bn */
        ;;
.here:  { .mii
        mov     cr.ipsr = r19
        mov     r20 = ip
        nop     0
        ;; }
        adds    r20 = there - .here, r20
        mov     cr.ifs = r0
        ;;
        mov     cr.iip = r20
        ;;
        srlz.i
        ;;
        rfi
        ;;
        .align 16
there:
        br.ret.sptk.many b0
        .endp virtual_enter

        /* The vectors 0x0c00 and 0x1000: copied to their places. ar.k6 counts them, ar.k7 the fetches among them. */
        .global virtual_itlb, virtual_dtlb, virtual_end
        .align 16
virtual_itlb:
        mov     r22 = ar.k7
        mov     r23 = ar.k6
        mov     r16 = cr.ifa
        ;;
        adds    r22 = 1, r22
        adds    r23 = 1, r23
        extr.u  r17 = r16, 12, 38
        ;;
        mov     ar.k7 = r22
        shl     r17 = r17, 12
        movl    r18 = 0x661
        mov     r19 = 12 << 2
        ;;
        mov     ar.k6 = r23
        or      r17 = r17, r18
        mov     cr.itir = r19
        ;;
        itc.i   r17
        ;;
        rfi
        ;;
        .align 16
virtual_dtlb:
        mov     r23 = ar.k6
        mov     r16 = cr.ifa
        movl    r18 = 0x671
        ;;
        adds    r23 = 1, r23
        extr.u  r20 = r16, 61, 1        /* 1 in region 7, 0 in region 4 */
        extr.u  r17 = r16, 12, 38
        ;;
        mov     ar.k6 = r23
        shl     r20 = r20, 4
        shl     r17 = r17, 12
        mov     r19 = 12 << 2
        ;;
        sub     r18 = r18, r20          /* write-back, uncacheable */
        mov     cr.itir = r19
        ;;
        or      r17 = r17, r18
        ;;
        itc.d   r17
        ;;
        rfi
        ;;
        .align 16
virtual_end:

        /* uint64_t virtual_misses(void), virtual_fetches(void); void virtual_purge(void) */
        .global virtual_misses
        .proc virtual_misses
virtual_misses:
        mov     r8 = ar.k6
        br.ret.sptk.many b0
        .endp virtual_misses
        .global virtual_fetches
        .proc virtual_fetches
virtual_fetches:
        mov     r8 = ar.k7
        br.ret.sptk.many b0
        .endp virtual_fetches
        .global virtual_purge
        .proc virtual_purge
virtual_purge:
        ptc.e   r0
        ;;
        srlz.i
        br.ret.sptk.many b0
        .endp virtual_purge

        /* uint64_t virtual_pal(uint64_t entry, uint64_t ret[3], uint64_t number, a1, a2, a3), by PAL's static convention or,
         * number 256 to 511, the stacked one. */
        .global virtual_pal
        .proc virtual_pal
virtual_pal:
        alloc   loc0 = ar.pfs, 6, 4, 4, 0
        mov     loc1 = b0
        mov     loc2 = gp
        mov     r28 = in2
        mov     r29 = in3
        mov     r30 = in4
        mov     r31 = in5
        mov     out0 = in2
        mov     out1 = in3
        mov     out2 = in4
        mov     out3 = in5
        mov     r14 = 255
        mov     b6 = in0
        ;;
        cmp.ltu p6, p7 = r14, in2
        ;;
(p6)    br.call.sptk.many b0 = b6
        ;;
(p6)    br.cond.sptk 1f
        ;;
        ;;
.back:  { .mii
        nop     0
        mov     r14 = ip
        nop     0
        ;; }
        adds    r14 = 1f - .back, r14
        ;;
        mov     b0 = r14
        br.sptk.many b6
        .align 16
1:      st8     [in1] = r9, 8
        ;;
        st8     [in1] = r10, 8
        mov     gp = loc2
        mov     b0 = loc1
        ;;
        st8     [in1] = r11
        mov     ar.pfs = loc0
        br.ret.sptk.many b0
        .endp virtual_pal
