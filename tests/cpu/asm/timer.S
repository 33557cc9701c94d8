/* Interval timer and the local SAPIC: ITM match, IVR, EOI, TPR, psr.i, self-IPI is the board's (SDM 2:5.8). */
/* not for ski: its ITC follows the clock on the wall */
#include "bare.h"
#define VECTOR 0xe0
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("ITM interrupts once when ITC passes it")
    ON(0x3000, ext_int)
    mov r8 = r0                     /* counted by the handler in memory */
    mov r14 = VECTOR
    mov r15 = ar.itc
    movl r16 = 5000
    ;;
    mov cr.itv = r14
    add r15 = r15, r16
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
    ssm psr.i
    ;;
    srlz.d
    movl r20 = 100000
    movl r21 = count
    ;;
    mov ar.lc = r20
    ;;
1:  ld8.acq r8 = [r21]
    ;;
    cmp.ne p6, p7 = r0, r8
    (p6) br.cond.spnt 2f
    br.cloop.sptk 1b
    ;;
    FAIL_HERE
2:  mov r17 = ar.itc
    ;;
    cmp.geu p6, p7 = r17, r15
    CHECK_P(p6)
    CHECK(r8, 1)
    movl r21 = last_ivr
    ;;
    ld8 r9 = [r21]
    CHECK(r9, VECTOR)
    mov r22 = 1000
    ;;
    mov ar.lc = r22
    ;;
1:  br.cloop.sptk 1b
    ;;
    movl r21 = count
    ;;
    ld8 r8 = [r21]
    CHECK(r8, 1)                    /* only once */

    CASE("masked by psr.i: pending in irr, taken when psr.i is set")
    rsm psr.i
    ;;
    movl r21 = count
    ;;
    st8 [r21] = r0
    mov r15 = ar.itc
    ;;
    adds r15 = 100, r15
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
    mov r22 = 2000
    ;;
    mov ar.lc = r22
    ;;
1:  nop 0
    nop 0
    br.cloop.sptk 1b
    ;;
    mov r9 = cr.irr3
    ;;
    tbit.nz p6, p7 = r9, VECTOR - 192
    ld8 r8 = [r21]
    ;;
    CHECK_P(p6)
    CHECK(r8, 0)
    ssm psr.i
    ;;
    srlz.d
    ;;
    movl r21 = count
    ;;
    ld8 r8 = [r21]
    CHECK(r8, 1)
    mov r9 = cr.irr3
    ;;
    CHECK(r9, 0)

    CASE("TPR masks its class and below")
    movl r21 = count
    ;;
    st8 [r21] = r0
    mov r14 = VECTOR & 0xf0
    ;;
    mov cr.tpr = r14
    ;;
    srlz.d
    mov r15 = ar.itc
    ;;
    adds r15 = 100, r15
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
    mov r22 = 2000
    ;;
    mov ar.lc = r22
    ;;
1:  nop 0
    nop 0
    br.cloop.sptk 1b
    ;;
    ld8 r8 = [r21]
    CHECK(r8, 0)
    mov cr.tpr = r0
    ;;
    srlz.d
    mov ar.lc = 10
    ;;
1:  br.cloop.sptk 1b
    ;;
    movl r21 = count
    ;;
    ld8 r8 = [r21]
    CHECK(r8, 1)

    CASE("itv.m: no interrupt")
    movl r21 = count
    movl r14 = 1 << 16 | VECTOR
    ;;
    st8 [r21] = r0
    mov cr.itv = r14
    mov r15 = ar.itc
    ;;
    adds r15 = 100, r15
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
    mov r22 = 2000
    ;;
    mov ar.lc = r22
    ;;
1:  nop 0
    nop 0
    br.cloop.sptk 1b
    ;;
    ld8 r8 = [r21]
    CHECK(r8, 0)

    CASE("spurious: ivr reads 0xf with nothing pending")
    rsm psr.i
    ;;
    srlz.d
    mov r8 = cr.ivr
    ;;
    srlz.d
    CHECK(r8, 15)

    CASE("itc is monotonic and can be set")
    mov r8 = ar.itc
    ;;
    mov r9 = ar.itc
    ;;
    cmp.leu p6, p7 = r8, r9
    CHECK_P(p6)
    movl r14 = 1 << 40
    ;;
    mov ar.itc = r14
    ;;
    mov r9 = ar.itc
    ;;
    shr.u r9 = r9, 40
    CHECK(r9, 1)
    DONE

ext_int:
    mov r17 = cr.ivr
    ;;
    srlz.d
    movl r18 = count
    movl r19 = last_ivr
    ;;
    ld8 r20 = [r18]
    st8 [r19] = r17
    ;;
    adds r20 = 1, r20
    ;;
    st8 [r18] = r20
    mov cr.eoi = r0
    ;;
    srlz.d
    HANDLER_RETURN
    .data
    .align 16
count: data8 0
last_ivr: data8 0
