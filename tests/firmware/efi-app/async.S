/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A program that keeps something in every register while it waits for an interrupt, and a function that leaves nothing
 * in any scratch register.
 */
        .altmacro
        .macro with op, n
        \op \n
        .endm
        .macro each op, first, count
        .set n, \first
        .rept \count
        with \op, %n
        .set n, n + 1
        .endr
        .endm

        .macro gr_fill n
        movl    r\n = 0x1111000000000000 + \n
        .endm
        .macro gr_check n
        movl    r14 = 0x1111000000000000 + \n
        ;;
        cmp.ne  p6, p0 = r14, r\n
        ;;
(p6)    adds    r9 = 1, r9
        ;;
        .endm
        .macro fr_fill n
        movl    r14 = 0x2222000000000000 + \n
        ;;
        setf.sig f\n = r14
        ;;
        .endm
        .macro fr_check n
        movl    r14 = 0x2222000000000000 + \n
        getf.sig r11 = f\n
        ;;
        cmp.ne  p6, p0 = r14, r11
        ;;
(p6)    adds    r9 = 1, r9
        ;;
        .endm
        .macro br_fill n
        movl    r14 = 0x3333000000000000 + \n
        ;;
        mov     b\n = r14
        ;;
        .endm
        .macro br_check n
        movl    r14 = 0x3333000000000000 + \n
        mov     r11 = b\n
        ;;
        cmp.ne  p6, p0 = r14, r11
        ;;
(p6)    adds    r9 = 1, r9
        ;;
        .endm
        .macro fr_save n
        stf.spill [r10] = f\n, 16
        ;;
        .endm
        .macro fr_restore n
        ldf.fill f\n = [r10], 16
        ;;
        .endm
        .macro word_save reg
        mov     r14 = \reg
        ;;
        st8     [r10] = r14, 8
        ;;
        .endm
        .macro word_restore reg
        ld8     r14 = [r10], 8
        ;;
        mov     \reg = r14
        ;;
        .endm
        .macro expect reg, value
        movl    r11 = \value
        mov     r14 = \reg
        ;;
        cmp.ne  p6, p0 = r14, r11
        ;;
(p6)    adds    r9 = 1, r9
        ;;
        .endm

        /* p1, p3, p5, p8, p10, p12, p14; p6 and p7 are the loop's */
        .set    SOME_PR, 0x552a
        .set    ROTATED_PR, 0x7fffffffffff0000  /* what br.ctop leaves: p63 is 0 */

        /* uint64_t async_spin(volatile uint64_t *counter, uint64_t turns, void *save, uint64_t nat[2]): waits until the counter
         * changes. Answers how many registers were not what they should be; 1 << 32: it did not change. r32 to r63, f32
         * to f127 and p16 to p63 rotate all the time, and are in their places after 96 times. */
        .global async_spin
        .proc async_spin
async_spin:
        alloc   r14 = ar.pfs, 4, 92, 0, 32
        mov     r8 = in0
        mov     r9 = in1
        mov     r10 = in2
        mov     r15 = in3
        ;;
        st8     [r10] = r14, 8                  /* ar.pfs */
        ;;
        word_save b0
        word_save b1
        word_save b2
        word_save b3
        word_save b4
        word_save b5
        word_save pr
        word_save ar.lc
        word_save ar.unat
        word_save ar.fpsr
        word_save gp
        st8.spill [r10] = r4, 8                 /* they may be NaT: so is a program's that is interrupted */
        ;;
        st8.spill [r10] = r5, 8
        ;;
        st8.spill [r10] = r6, 8
        ;;
        st8.spill [r10] = r7, 8
        ;;
        word_save ar.unat
        word_save r0                            /* to a multiple of 16 */
        each    fr_save, 2, 4
        each    fr_save, 16, 16
        each    gr_fill, 2, 6
        each    gr_fill, 16, 16
        each    gr_fill, 32, 96
        each    fr_fill, 2, 126
        each    br_fill, 1, 7
        mov     r14 = -1
        ;;
        mov     ar.unat = r14
        ;;
        ld8.fill r6 = [r15], 8                  /* NaT: a preserved, a scratch, a rotating and another stacked one */
        ;;
        ld8.fill r20 = [r15]
        ;;
        ld8.fill r40 = [r15]
        ld8.fill r100 = [r15]
        movl    r14 = 0x4444000000000001
        ;;
        mov     ar.unat = r14
        mov     ar.ccv = r14
        mov     ar.pfs = r0
        mov     r14 = SOME_PR
        ;;
        mov     pr = r14, -1
        ld8     r11 = [r8]
        ;;
1:      ld8.acq r14 = [r8]
        adds    r9 = -1, r9
        mov     ar.lc = 96
        mov     ar.ec = 0
        ;;
        cmp.ne  p6, p0 = r14, r11
        cmp.eq  p7, p0 = r0, r9
        ;;
2:      br.ctop.sptk 2b
        ;;
(p6)    br.cond.spnt 3f
(p7)    br.cond.spnt 3f
        br.cond.sptk 1b
        ;;
3:      mov     r15 = pr
        movl    r14 = SOME_PR + ROTATED_PR + 1  /* p0 */
        mov     r9 = r0
        ;;
(p7)    dep     r9 = -1, r9, 32, 1
        dep     r15 = 0, r15, 6, 2
        ;;
        cmp.ne  p6, p0 = r14, r15
        ;;
(p6)    adds    r9 = 1, r9
        ;;
        each    gr_check, 2, 4
        each    gr_check, 7, 1
        each    gr_check, 16, 4
        each    gr_check, 21, 11
        each    gr_check, 32, 8
        each    gr_check, 41, 59
        each    gr_check, 101, 27
        each    fr_check, 2, 126
        each    br_check, 1, 7
        expect  ar.unat, 0x4444000000000001
        expect  ar.ccv, 0x4444000000000001
        expect  ar.pfs, 0
        expect  ar.lc, 0
        expect  ar.ec, 0
        tnat.z  p6, p0 = r6
        tnat.z  p8, p0 = r20
        tnat.z  p9, p0 = r40
        tnat.z  p10, p0 = r100
        ;;
(p6)    adds    r9 = 1, r9
        ;;
(p8)    adds    r9 = 1, r9
        ;;
(p9)    adds    r9 = 1, r9
        ;;
(p10)   adds    r9 = 1, r9
        adds    r10 = -(18 * 8 + 20 * 16), r10
        ;;
        adds    r11 = 16 * 8, r10               /* UNAT of the spills */
        adds    r16 = 9 * 8, r10                /* and before */
        ;;
        ld8     r11 = [r11]
        ld8     r16 = [r16]
        ;;
        mov     ar.unat = r11
        ;;
        word_restore ar.pfs
        word_restore b0
        word_restore b1
        word_restore b2
        word_restore b3
        word_restore b4
        word_restore b5
        ld8     r15 = [r10], 8
        ;;
        word_restore ar.lc
        adds    r10 = 8, r10
        ;;
        word_restore ar.fpsr
        word_restore gp
        ld8.fill r4 = [r10], 8
        ;;
        ld8.fill r5 = [r10], 8
        ;;
        ld8.fill r6 = [r10], 8
        ;;
        ld8.fill r7 = [r10], 24
        mov     ar.unat = r16
        ;;
        each    fr_restore, 2, 4
        each    fr_restore, 16, 16
        mov     r8 = r9
        mov     pr = r15, -1
        ;;
        br.ret.sptk.many b0
        .endp async_spin

        .macro gr_spoil n
        movl    r\n = 0x5555555555555555
        .endm
        .macro fr_spoil n
        mov     f\n = f1
        .endm
        /* void async_spoil(void) */
        .global async_spoil
        .proc async_spoil
async_spoil:
        each    gr_spoil, 2, 2
        each    gr_spoil, 8, 4
        each    gr_spoil, 14, 18
        each    fr_spoil, 6, 10
        each    fr_spoil, 32, 96
        ;;
        mov     b6 = r14
        mov     b7 = r14
        mov     ar.ccv = r14
        mov     pr = r14, 0x1ffc0               /* p6 to p16 */
        br.ret.sptk.many b0
        .endp async_spoil

        /* uint64_t async_psr(void), async_itc(void), async_itv(void), async_irr(void: all four, ORed);
         * void async_mask(void), async_unmask(void): psr.i */
        .macro get name, what
        .global \name
        .proc \name
\name:  mov     r8 = \what
        br.ret.sptk.many b0
        .endp \name
        .endm
        get     async_psr, psr
        get     async_itc, ar.itc
        get     async_itv, cr.itv
        .global async_irr, async_mask, async_unmask
        .proc async_irr
async_irr:
        mov     r8 = cr.irr0
        mov     r9 = cr.irr1
        mov     r10 = cr.irr2
        mov     r11 = cr.irr3
        ;;
        or      r8 = r8, r9
        or      r10 = r10, r11
        ;;
        or      r8 = r8, r10
        br.ret.sptk.many b0
        .endp async_irr
        .proc async_mask
async_mask:
        rsm     1 << 14
        ;;
        br.ret.sptk.many b0
        .endp async_mask
        .proc async_unmask
async_unmask:
        ssm     1 << 14
        ;;
        srlz.d
        br.ret.sptk.many b0
        .endp async_unmask
