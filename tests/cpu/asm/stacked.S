/* Privileged and virtualized instructions whose operands are stacked and rotating registers, at every position of the backing store's NaT collections
 * (SDM 2:6.1, 1:4.1): a hypervisor that does them finds the registers in memory. */
#include "bare.h"
#define WRITE(reg) ;; mov cr.itm = reg; ;; srlz.d; ;;
    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 4, 2, 0
    ;;
    CASE("sources and targets in frames 140 deep, NaT bits among them")
    mov r36 = 140
    br.call.sptk.many b0 = deeper
    ;;
    CHECK(r8, 0)

    CASE("rotating registers")
    br.call.sptk.many b0 = rotating
    ;;
    CHECK(r8, 0)

    CASE("the largest frame")
    br.call.sptk.many b0 = large
    ;;
    CHECK(r8, 0)

    CASE("a NaT source is a Register NaT Consumption fault, and nothing changes")
    CLEAR_REC
    RECORD_SKIP(0x5600)
    mov r14 = -1
    movl r15 = __rec + 64
    ;;
    mov ar.unat = r14
    ;;
    ld8.fill r33 = [r15]
    movl r34 = 0x1234
    ;;
    WRITE(r34)
    ;;
    WRITE(r33)
    ;;
    mov r35 = cr.itm
    ;;
    CHECK_REG(r35, r34)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 0x10)
    OFF(0x5600)

    CASE("a target outside the frame is an Illegal Operation fault")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    mov r38 = psr                   /* sof is 6: r32-r37 */
    ;;
    mov r37 = psr
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 0)
    OFF(0x5400)
    DONE

/* r32: how many more. r8: 0, or a number of what is wrong. Every level leaves a NaT in r37 and checks it when the deeper ones are back. */
    .proc deeper
deeper:
    alloc r33 = ar.pfs, 1, 8, 1, 0
    mov r34 = b0
    movl r35 = 0x123456789
    mov r14 = -1
    movl r15 = __rec + 64
    ;;
    mov ar.unat = r14
    add r35 = r35, r32
    ;;
    ld8.fill r36 = [r15]            /* NaT */
    WRITE(r35)
    mov r38 = 0x38
    ;;
    mov r37 = cr.itm
    mov r39 = 0x39
    ;;
    cmp.ne p6, p0 = r37, r35
    mov r8 = 1
(p6) br.cond.sptk.many .Lout
    ;;
    thash r37 = r36                 /* a NaT address gives a NaT */
    ;;
    tnat.z p6, p0 = r37
    mov r8 = 2
(p6) br.cond.sptk.many .Lout
    ;;
    thash r37 = r35                 /* and is no NaT again */
    ;;
    tnat.nz p6, p0 = r37
    mov r8 = 3
(p6) br.cond.sptk.many .Lout
    ;;
    tnat.z p6, p0 = r36             /* the neighbours are as they were */
    cmp.ne p7, p8 = 0x38, r38
    cmp.ne p9, p0 = 0x39, r39
    mov r8 = 4
(p6) br.cond.sptk.many .Lout
(p7) br.cond.sptk.many .Lout
(p9) br.cond.sptk.many .Lout
    ;;
    thash r37 = r36
    cmp.eq p6, p0 = 0, r32
    mov r8 = 0
(p6) br.cond.sptk.many .Lout
    ;;
    adds r41 = -1, r32              /* out0: r32 of the next frame is r41 */
    br.call.sptk.many b0 = deeper
    ;;
    cmp.ne p6, p0 = 0, r8
(p6) br.cond.sptk.many .Lout
    ;;
    tnat.z p6, p0 = r37
    mov r8 = 5
(p6) br.cond.sptk.many .Lout
    ;;
    movl r14 = 0x123456789
    mov r8 = 6
    ;;
    add r14 = r14, r32
    ;;
    cmp.ne p6, p0 = r14, r35
(p6) br.cond.sptk.many .Lout
    ;;
    tnat.z p6, p0 = r36
(p6) br.cond.sptk.many .Lout
    ;;
    cmp.ne p6, p0 = 0x39, r39
(p6) br.cond.sptk.many .Lout
    ;;
    mov r8 = 0
.Lout:
    mov ar.pfs = r33
    mov b0 = r34
    ;;
    br.ret.sptk.many b0
    ;;
    .endp deeper

/* 16 rotating registers, r32-r47; 40 turns. Each turn writes r33 by a privileged move, and finds what the last turn wrote in r34, the one before in r35. */
    .proc rotating
rotating:
    alloc r14 = ar.pfs, 0, 20, 0, 16
    ;;
    mov r48 = r14
    mov r49 = pr
    mov r50 = ar.lc
    mov r51 = 0x1000
    mov r8 = 0
    mov ar.lc = 39
    mov ar.ec = 1
    mov r34 = r0
    mov r35 = r0
    ;;
1:  WRITE(r51)
    ;;
    mov r33 = cr.itm
    ;;
    cmp.ne p6, p0 = r33, r51
    WRITE(r34)                /* what the last turn wrote, or 0 */
    ;;
(p6) mov r8 = 1
    mov r14 = cr.itm
    adds r15 = -1, r51
    movl r16 = 0x1000
    ;;
    cmp.eq p7, p8 = r16, r51
    ;;
(p7) mov r15 = r0
    ;;
    cmp.ne p6, p0 = r14, r15
    WRITE(r35)
    adds r15 = -2, r51
    movl r16 = 0x1001
    ;;
(p6) mov r8 = 2
    cmp.geu p7, p0 = r16, r51       /* the first two turns */
    mov r14 = cr.itm
    ;;
(p7) mov r15 = r14
    ;;
    cmp.ne p6, p0 = r14, r15
    adds r51 = 1, r51
    ;;
(p6) mov r8 = 3
    br.ctop.sptk.few 1b
    ;;
    clrrrb
    ;;
    mov pr = r49, -1
    mov ar.lc = r50
    mov ar.pfs = r48
    ;;
    br.ret.sptk.many b0
    ;;
    .endp rotating

/* 96 registers. */
    .proc large
large:
    alloc r14 = ar.pfs, 0, 96, 0, 0
    mov r8 = 0
    movl r15 = 0x5555
    ;;
    mov r32 = r14
    WRITE(r15)
    ;;
    mov r127 = cr.itm
    mov r33 = cr.itm
    mov r94 = cr.itm
    mov r95 = cr.itm
    mov r96 = cr.itm
    ;;
    cmp.ne p6, p0 = r127, r15
    cmp.ne p7, p0 = r33, r15
    cmp.ne p8, p0 = r94, r15
    cmp.ne p9, p0 = r95, r15
    cmp.ne p10, p0 = r96, r15
    ;;
(p6) mov r8 = 1
    ;;
(p7) mov r8 = 2
    ;;
(p8) mov r8 = 3
    ;;
(p9) mov r8 = 4
    ;;
(p10) mov r8 = 5
    mov ar.pfs = r32
    ;;
    br.ret.sptk.many b0
    ;;
    .endp large
