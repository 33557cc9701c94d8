/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads every register a program can have from an image, waits, and stores them all in another: keep.c. In the innermost of nested frames, on a
 * backing store of its own; the outer frames' registers go by memory when there are many.
 */
#include "bare.h"
#include "keep.h"

    .text

#define FR_ALL 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53, \
    54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101, \
    102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127
#define GR_LOW 4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
#define GR_BANK 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
#define GR_FRAME1 34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83, \
    84,85,86,87,88,89,90,91,92,93,94,95,96,97
#define GR_FRAME2 98,99,100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127
#define FR_SAVED 2,3,4,5,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31

/* void keep(struct keep *k): ar.k6 is k meanwhile. */
    .global keep
    .proc keep
keep:
    alloc r33 = ar.pfs, 1, 7, 0, 0
    mov r34 = b0
    mov r35 = ar.fpsr
    mov r36 = ar.unat
    mov r37 = pr
    mov r38 = gp
    mov r39 = ar.rsc
    ;;
    mov ar.k6 = r32
    adds r14 = KEEP_SAVE, r32
    adds r15 = KEEP_SAVE + 8, r32
    ;;
    st8 [r14] = r4, 16
    st8 [r15] = r5, 16
    ;;
    st8 [r14] = r6, 16
    st8 [r15] = r7, 16
    mov r16 = b1
    mov r17 = b2
    ;;
    st8 [r14] = r12, 16
    st8 [r15] = r13, 16
    mov r18 = b3
    mov r19 = b4
    ;;
    st8 [r14] = r16, 16
    st8 [r15] = r17, 16
    mov r20 = b5
    mov.i r21 = ar.lc
    ;;
    st8 [r14] = r18, 16
    st8 [r15] = r19, 16
    ;;
    st8 [r14] = r20, 16
    st8 [r15] = r21, 16
    movl r16 = KEEP_SAVE_FR
    ;;
    add r14 = r32, r16
    ;;
    .irp n, FR_SAVED
    stf.spill [r14] = f\n, 16
    ;;
    .endr
    /* The register stack: elsewhere. */
    mov ar.rsc = 0
    ;;
    flushrs
    ;;
    mov r16 = ar.bspstore
    mov r17 = ar.rnat
    adds r14 = KEEP_BSPSTORE, r32
    adds r18 = KEEP_STORE, r32
    ;;
    st8 [r14] = r16, 8
    ld8 r19 = [r18]
    ;;
    st8 [r14] = r17
    mov ar.bspstore = r19
    adds r18 = KEEP_RSC, r32
    ;;
    ld8 r19 = [r18]
    mov ar.rnat = r0
    adds r18 = KEEP_DEPTH, r32
    ;;
    mov ar.rsc = r19
    ld8 r15 = [r18]
    ld8 r14 = [r32]
    movl r16 = IMG_STACK
    ;;
    add r14 = r14, r16
    ;;
    adds r16 = IMG_STACK_NAT - IMG_STACK, r14
    ;;
    ld8 r17 = [r16]
    ;;
    mov ar.unat = r17
    br.call.sptk.many b0 = nest
    ;;
    mov ar.rsc = 0
    ;;
    flushrs
    mov r32 = ar.k6
    ;;
    adds r14 = KEEP_BSPSTORE, r32
    ;;
    ld8 r16 = [r14], 8
    ;;
    ld8 r17 = [r14]
    mov ar.bspstore = r16
    ;;
    mov ar.rnat = r17
    ;;
    mov ar.rsc = r39
    movl r16 = KEEP_SAVE_FR
    ;;
    add r14 = r32, r16
    ;;
    .irp n, FR_SAVED
    ldf.fill f\n = [r14], 16
    ;;
    .endr
    adds r14 = KEEP_SAVE, r32
    adds r15 = KEEP_SAVE + 8, r32
    ;;
    ld8 r4 = [r14], 16
    ld8 r5 = [r15], 16
    ;;
    ld8 r6 = [r14], 16
    ld8 r7 = [r15], 16
    ;;
    ld8 r12 = [r14], 16
    ld8 r13 = [r15], 16
    ;;
    ld8 r16 = [r14], 16
    ld8 r17 = [r15], 16
    ;;
    ld8 r18 = [r14], 16
    ld8 r19 = [r15], 16
    mov b1 = r16
    mov b2 = r17
    ;;
    ld8 r20 = [r14], 16
    ld8 r21 = [r15], 16
    mov b3 = r18
    mov b4 = r19
    ;;
    mov b5 = r20
    mov.i ar.lc = r21
    mov gp = r38
    mov ar.fpsr = r35
    ;;
    mov ar.unat = r36
    mov pr = r37, -1
    mov b0 = r34
    mov ar.pfs = r33
    ;;
    br.ret.sptk.many b0
    ;;
    .endp keep

/* r14 the image's next word, r15 frames still to make; on the way back r14 is the end of what is still to be stored. */
    .proc nest
nest:
    alloc r32 = ar.pfs, 0, 3, 0, 0
    mov r33 = b0
    cmp.eq p6, p7 = 0, r15
    ;;
(p6) br.cond.spnt innermost
    ;;
    ld8.fill r34 = [r14], 8
    adds r15 = -1, r15
    ;;
    br.call.sptk.many b0 = nest
    ;;
    adds r14 = -8, r14
    ;;
    st8.spill [r14] = r34
    mov b0 = r33
    mov ar.pfs = r32
    ;;
    cmp.eq p6, p0 = r14, r16            /* all stored: the NaT bits */
    ;;
(p6) mov r17 = ar.unat
(p6) adds r18 = IMG_STACK_NAT - IMG_STACK, r14
    ;;
(p6) st8 [r18] = r17
    br.ret.sptk.many b0
    ;;

innermost:
    alloc r32 = ar.pfs, 0, 96, 0, 16
    mov r14 = ar.k6
    ;;
    ld8 r2 = [r14]                      /* the image */
    adds r15 = KEEP_ROTATE, r14
    movl r16 = IMG_FRAME
    movl r17 = IMG_FRAME_NAT
    ;;
    ld8 r15 = [r15]
    add r16 = r2, r16
    add r17 = r2, r17
    ;;
    ld8 r18 = [r17], 8
    ;;
    mov ar.unat = r18
    ld8 r19 = [r17]
    ;;
    /* r34-r97 have the 64 NaT bits of the first word, in their order; r98-r127 those of the second. */
    .irp n, GR_FRAME1
    ld8.fill r\n = [r16], 8
    ;;
    .endr
    mov ar.unat = r19
    ;;
    .irp n, GR_FRAME2
    ld8.fill r\n = [r16], 8
    ;;
    .endr
    /* Rotated: so many turns. */
    mov.i ar.lc = r15
    mov.i ar.ec = r0
    ;;
1:  br.ctop.sptk.few 1b
    ;;
    adds r16 = IMG_FR, r2
    ;;
    .irp n, FR_ALL
    ldf.fill f\n = [r16], 16
    ;;
    .endr
    adds r16 = IMG_BR, r2
    adds r17 = IMG_BR + 8, r2
    ;;
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov b0 = r18
    mov b1 = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov b2 = r18
    mov b3 = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov b4 = r18
    mov b5 = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov b6 = r18
    mov b7 = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.ccv = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov.i ar.lc = r18
    mov.i ar.ec = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.csd = r18
    mov ar.ssd = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.fpsr = r18
    mov.i ar.pfs = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.fcr = r18
    mov ar.eflag = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.cflg = r18
    mov ar.fsr = r19
    ld8 r18 = [r16], 16
    ld8 r19 = [r17], 16
    ;;
    mov ar.fir = r18
    mov ar.fdr = r19
    adds r20 = KEEP_MODE, r14
    adds r17 = KEEP_TIME, r14
    ;;
    ld8 r20 = [r20]
    ld8 r3 = [r17]
    mov r17 = ar.itc
    ;;
    add r3 = r3, r17                    /* until then */
    tbit.nz p6, p7 = r20, KEEP_NOIC_BIT
    tbit.nz p8, p9 = r20, KEEP_OPEN_BIT
    ;;
    /* Now no predicate but p0 and what pr was given may be used for anything else: three ways. */
(p6) br.cond.spnt wait_noic
(p8) br.cond.spnt wait_open_i
    ;;

/* r2 the image: bank 0 and all static registers but r2 and r3, then the program's own ar.unat and pr. */
    .macro LOAD_STATIC
    movl r16 = IMG_BANK0_NAT
    mov r4 = r2
    ;;
    add r16 = r16, r2
    adds r2 = IMG_BANK0, r2
    ;;
    ld8 r16 = [r16]
    ;;
    mov ar.unat = r16
    bsw.0
    ;;
    .irp n, GR_BANK
    ld8.fill r\n = [r2], 8
    ;;
    .endr
    bsw.1
    ;;
    adds r16 = IMG_GR_NAT, r4
    adds r17 = IMG_PR, r4
    adds r2 = IMG_GR + 8, r4
    ;;
    ld8 r16 = [r16]
    ld8 r17 = [r17]
    ;;
    mov ar.unat = r16
    mov pr = r17, -1
    ;;
    ld8.fill r1 = [r2], 3 * 8
    ;;
    .irp n, GR_LOW
    ld8.fill r\n = [r2], 8
    ;;
    .endr
    adds r2 = IMG_UNAT - IMG_GR_END, r2
    ;;
    ld8 r2 = [r2]
    ;;
    mov ar.unat = r2
    ;;
    .endm

    .macro WAIT
1:  mov r2 = ar.itc
    ;;
    cmp.ltu p6, p0 = r2, r3
    ;;
(p6) br.cond.sptk 1b
    ;;
    .endm

    /* Not with interrupts: the handler has bank 0, and cr.*. */
wait_closed:
    LOAD_STATIC
    WAIT
    br.sptk store

wait_open_i:
    LOAD_STATIC
    ssm psr.i
    ;;
    WAIT
    rsm psr.i
    ;;
    br.sptk store

wait_noic:
    rsm psr.ic
    ;;
    srlz.i
    adds r16 = IMG_CR, r2
    ;;
#define CR_IN(name) ld8 r17 = [r16], 8;; mov name = r17;;
    CR_IN(cr.ipsr) CR_IN(cr.isr) CR_IN(cr.iip) CR_IN(cr.ifa) CR_IN(cr.itir) CR_IN(cr.iipa) CR_IN(cr.ifs) CR_IN(cr.iim) CR_IN(cr.iha)
    LOAD_STATIC
    WAIT
    br.sptk store
    ;;

store:
    mov r2 = ar.k6
    ;;
    adds r2 = KEEP_OUT, r2
    mov r3 = ar.unat
    ;;
    ld8 r2 = [r2]
    ;;
    adds r2 = IMG_UNAT, r2
    ;;
    st8 [r2] = r3, IMG_GR + 8 - IMG_UNAT
    mov ar.unat = r0
    ;;
    st8.spill [r2] = r1, 3 * 8
    ;;
    .irp n, GR_LOW
    st8.spill [r2] = r\n, 8
    ;;
    .endr
    mov r3 = ar.unat
    adds r2 = IMG_GR_NAT - IMG_GR_END, r2
    ;;
    st8 [r2] = r3
    adds r2 = IMG_PR - IMG_GR_NAT, r2
    mov r3 = pr
    ;;
    st8 [r2] = r3
    mov r14 = ar.k6
    mov ar.unat = r0
    ;;
    adds r2 = KEEP_OUT, r14
    adds r20 = KEEP_MODE, r14
    ;;
    ld8 r2 = [r2]
    ld8 r20 = [r20]
    ;;
    mov r4 = r2
    adds r2 = IMG_BANK0, r2
    tbit.nz p6, p7 = r20, KEEP_NOIC_BIT
    tbit.nz p8, p9 = r20, KEEP_OPEN_BIT
    ;;
(p8) br.cond.spnt 2f
    bsw.0
    ;;
    .irp n, GR_BANK
    st8.spill [r2] = r\n, 8
    ;;
    .endr
    bsw.1
    ;;
    mov r16 = ar.unat
    adds r2 = IMG_BANK0_NAT - IMG_BANK0_END, r2
    ;;
    st8 [r2] = r16
2:  adds r16 = IMG_CR, r4
    ;;
(p7) br.cond.sptk 3f
#define CR_OUT(name) mov r17 = name;; st8 [r16] = r17, 8;;
    CR_OUT(cr.ipsr) CR_OUT(cr.isr) CR_OUT(cr.iip) CR_OUT(cr.ifa) CR_OUT(cr.itir) CR_OUT(cr.iipa) CR_OUT(cr.ifs) CR_OUT(cr.iim) CR_OUT(cr.iha)
    ssm psr.ic
    ;;
    srlz.i
    ;;
3:  adds r16 = IMG_FR, r4
    ;;
    .irp n, FR_ALL
    stf.spill [r16] = f\n, 16
    ;;
    .endr
    adds r16 = IMG_BR, r4
    ;;
#define OUT(insn) insn;; st8 [r16] = r18, 8;;
    OUT(mov r18 = b0) OUT(mov r18 = b1) OUT(mov r18 = b2) OUT(mov r18 = b3) OUT(mov r18 = b4) OUT(mov r18 = b5) OUT(mov r18 = b6) OUT(mov r18 = b7)
    adds r16 = 8, r16                   /* pr */
    ;;
    OUT(mov r18 = ar.ccv) OUT(mov.i r18 = ar.lc) OUT(mov.i r18 = ar.ec) OUT(mov r18 = ar.csd) OUT(mov r18 = ar.ssd) OUT(mov r18 = ar.fpsr)
    OUT(mov.i r18 = ar.pfs) OUT(mov r18 = ar.fcr) OUT(mov r18 = ar.eflag) OUT(mov r18 = ar.cflg) OUT(mov r18 = ar.fsr) OUT(mov r18 = ar.fir)
    OUT(mov r18 = ar.fdr)
    clrrrb
    ;;
    movl r16 = IMG_FRAME
    movl r17 = IMG_FRAME_NAT
    mov ar.unat = r0
    ;;
    add r16 = r4, r16
    add r17 = r4, r17
    ;;
    .irp n, GR_FRAME1
    st8.spill [r16] = r\n, 8
    ;;
    .endr
    mov r18 = ar.unat
    ;;
    st8 [r17] = r18, 8
    mov ar.unat = r0
    ;;
    .irp n, GR_FRAME2
    st8.spill [r16] = r\n, 8
    ;;
    .endr
    mov r18 = ar.unat
    ;;
    st8 [r17] = r18
    /* The outer frames'. */
    adds r15 = KEEP_DEPTH, r14
    movl r16 = IMG_STACK
    mov ar.unat = r0
    mov b0 = r33
    ;;
    ld8 r15 = [r15]
    add r16 = r4, r16
    mov ar.pfs = r32
    ;;
    shladd r14 = r15, 3, r16
    br.ret.sptk.many b0
    ;;
    .endp nest
