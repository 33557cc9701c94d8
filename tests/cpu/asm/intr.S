/* Interruptions: what is collected, rfi to each slot, banks, masking of collection (SDM 2:5.5, 2:8). */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("break in each slot: iim, iip, ipsr.ri, isr.ei, vector")
    CLEAR_REC
    RECORD_SKIP(0x2c00)
    movl r33 = b0_
    movl r34 = b1_
    ;;
    .align 16
b0_: { .mii
    break.m 0x1234
    nop 0
    nop 0
    ;; }
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_IIM, 0x1234)
    CHECK_REC(REC_VECTOR, 0x2c00)
    REC(r20, REC_IIP)
    CHECK_REG(r20, r33)
    CHECK_REC_MASK(REC_IPSR, 3 << 41, 0)
    CHECK_REC_MASK(REC_ISR, 3 << 41, 0)
    .align 16
b1_: { .mii
    nop 0
    nop 0
    break.i 0x1fffff
    ;; }
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC(REC_IIM, 0x1fffff)
    CHECK_REC_MASK(REC_IPSR, 3 << 41, 2 << 41)
    CHECK_REC_MASK(REC_ISR, 3 << 41, 2 << 41)
    .align 16
    { .mfi
    nop 0
    break.f 0x55
    nop 0
    ;; }
    CHECK_REC(REC_IIM, 0x55)
    CHECK_REC_MASK(REC_IPSR, 3 << 41, 1 << 41)

    CASE("break.b: iim is 0")
    { .bbb
    break.b 0x77
    nop.b 0
    nop.b 0
    ;; }
    CHECK_REC(REC_COUNT, 4)
    CHECK_REC(REC_IIM, 0)
    OFF(0x2c00)

    CASE("collected psr: ic and bn as before, in the handler off")
    RECORD_SKIP(0x2c00)
    break.m 0x101
    ;;
    CHECK_REC_MASK(REC_IPSR, 1 << 13 | 1 << 44 | 1 << 14, 1 << 13 | 1 << 44)
    mov r20 = psr
    ;;
    extr.u r20 = r20, 13, 1
    CHECK(r20, 1)
    OFF(0x2c00)

    CASE("iipa names the last bundle that completed")
    CLEAR_REC
    RECORD_SKIP(0x2c00)
    movl r33 = 1f
    ;;
    .align 16
1:  nop 0
    nop 0
    nop 0
    ;;
    .align 16
    break.m 0x102
    nop 0
    nop 0
    ;;
    REC(r20, REC_IIPA)
    CHECK_REG(r20, r33)
    OFF(0x2c00)

    CASE("ifs is valid only after cover: 0 in the handler until then")
    CLEAR_REC
    RECORD_SKIP(0x2c00)
    break.m 0x103
    ;;
    CHECK_REC(REC_IFS, 0)
    OFF(0x2c00)

    CASE("bank switch: handlers have r16..r31 of their own")
    movl r16 = 0x1616
    movl r31 = 0x3131
    ON(0x2c00, bank_handler)
    ;;
    break.m 0x104
    ;;
    CHECK(r16, 0x1616)
    CHECK(r31, 0x3131)
    CHECK(r8, 0x2c00)
    bsw.0
    ;;
    movl r20 = 0xbad
    ;;
    bsw.1
    ;;
    mov r20 = 7
    ;;
    bsw.0
    ;;
    mov r9 = r20
    bsw.1
    ;;
    CHECK(r9, 0xbad)
    CHECK(r20, 7)
    OFF(0x2c00)

    CASE("cover in the handler, rfi restores the frame")
    ON(0x2c00, cover_handler)
    movl r33 = 0x33
    movl r39 = 0x39
    mov r34 = ar.bsp
    ;;
    break.m 0x105
    ;;
    mov r35 = ar.bsp
    CHECK(r33, 0x33)
    CHECK(r39, 0x39)
    CHECK_REG(r34, r35)
    OFF(0x2c00)

    CASE("illegal operation, reserved register/field, privileged register")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    .align 16
    data8 0x0000000000000006, 0     /* reserved template */
    /* The recording handler skips slot by slot: three faults, one a slot. */
    CHECK_REC_MASK(REC_ISR, 0xff, 0)
    CLEAR_REC
    mov r14 = -1
    ;;
    mov ar.fpsr = r14               /* reserved bits */
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xff, 0x30)
    OFF(0x5400)

    CASE("disabled FP registers: dfl, dfh")
    CLEAR_REC
    RECORD_SKIP(0x5500)
    ssm 1 << 18                     /* dfl */
    ;;
    srlz.d
    ;;
    fmerge.s f6 = f6, f6
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 3, 1)
    rsm 1 << 18
    ssm 1 << 19                     /* dfh */
    ;;
    srlz.d
    ;;
    fmerge.s f6 = f6, f6
    ;;
    fmerge.s f40 = f6, f6
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC_MASK(REC_ISR, 3, 2)
    rsm 1 << 19
    ;;
    srlz.d
    OFF(0x5500)

    CASE("psr.ic = 0: registers are not collected, ipsr and iip are lost for good")
    ON(0x5400, nested_handler)
    movl r14 = 1f
    ;;
    rsm psr.ic
    ;;
    srlz.i
    ;;
    mov cr.iip = r14                /* survives an interruption with ic off */
    mov r8 = r0
    ;;
    mov ar.fpsr = r0                /* legal */
    ;;
    mov r15 = -1
    ;;
    mov ar.fpsr = r15               /* fault: to the handler, which finds our cr.iip */
    ;;
    FAIL_HERE
1:  CHECK(r8, 0x5400)
    movl r14 = 0x9804c0270033f
    ;;
    mov ar.fpsr = r14
    OFF(0x5400)

    CASE("rfi to slot 1 and 2 skips what comes before")
    mov r8 = r0
    mov r9 = r0
    rsm psr.ic
    ;;
    srlz.i
    movl r14 = 1 << 13 | 1 << 44 | 2 << 41
    movl r15 = 1f
    ;;
    mov cr.ipsr = r14
    mov cr.iip = r15
    mov cr.ifs = r0
    ;;
    rfi
    ;;
    .align 16
1:  { .mii
    mov r8 = 1
    mov r9 = 1
    mov r10 = 16
    ;; }
    CHECK(r8, 0)
    CHECK(r9, 0)
    CHECK(r10, 16)
    DONE

bank_handler:
    mov r8 = r16
    mov r19 = cr.ipsr
    mov r18 = cr.iip
    ;;
    adds r18 = 16, r18
    dep r19 = r0, r19, 41, 2
    ;;
    mov cr.iip = r18
    mov cr.ipsr = r19
    mov r20 = r0
    ;;
    mov b6 = r30
    mov pr = r31, -1
    mov r31 = r0
    ;;
    rfi
    ;;

cover_handler:
    cover
    ;;
    alloc r17 = ar.pfs, 0, 90, 0, 0
    ;;
    mov r32 = 1
    mov r120 = 2
    ;;
    alloc r17 = ar.pfs, 0, 0, 0, 0  /* rfi restores by ifs; this frame must be empty, as after cover */
    mov r18 = cr.iip
    mov r19 = cr.ipsr
    ;;
    adds r18 = 16, r18
    dep r19 = r0, r19, 41, 2
    ;;
    mov cr.iip = r18
    mov cr.ipsr = r19
    HANDLER_RETURN

nested_handler:
    mov r8 = r16
    movl r17 = 1 << 13 | 1 << 44
    ;;
    mov cr.ipsr = r17
    mov cr.ifs = r0
    HANDLER_RETURN
