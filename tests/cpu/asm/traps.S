/* Traps and debug: single step, taken branch, lower-privilege transfer, data and instruction breakpoint registers
 * (SDM 2:5.6, 2:7.1). */
#include "bare.h"
#include "virt.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("single step: after one instruction, iipa names it")
    CLEAR_REC
    RECORD_GO(0x6000)
    movl r33 = 1f
    mov r8 = r0
    GO(P_PHYS | 1 << 40)
1:  { .mii
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    CHECK_REC(REC_COUNT, 1)         /* the handler drops ss */
    CHECK_REC_MASK(REC_ISR, 0xffff, 8)
    CHECK_REC_MASK(REC_ISR, 3 << 41, 0)
    CHECK_REC_MASK(REC_IPSR, 3 << 41, 1 << 41)
    CHECK(r8, 1)
    OFF(0x6000)

    CASE("single stepping through ten instructions, one trap each")
    CLEAR_REC
    ON(0x6000, count_steps)
    mov r8 = r0
    GO(P_PHYS | 1 << 40)
    { .mii
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    { .mii
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    { .mii
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    { .mfb
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    CHECK(r8, 4)
    CHECK_REC(REC_COUNT, 10)
    OFF(0x6000)

    CASE("taken branch trap")
    CLEAR_REC
    RECORD_GO(0x5f00)
    movl r34 = 2f
    GO(P_PHYS | 1 << 26)
    { .mib
    mov r8 = 1
    nop 0
    br.sptk 2f
    ;; }
    { .mib
    mov r8 = 2
    nop 0
    nop 0
    ;; }
2:  REC(r20, REC_IIP)
    CHECK_REG(r20, r34)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 4)
    CHECK(r8, 1)

    CASE("not taken: no trap; a counted loop traps on each turn")
    CLEAR_REC
    ON(0x5f00, count_taken)
    cmp.ne p6, p7 = r0, r0
    mov ar.lc = 5
    GO(P_PHYS | 1 << 26)
    (p6) br.sptk 3f
    ;;
3:
1:  nop 0
    nop 0
    br.cloop.sptk 1b
    ;;
    GO(P_PHYS)
    CHECK_REC(REC_COUNT, 5)
    OFF(0x5f00)

    CASE("data breakpoint: loads in the range, not beside it")
    CLEAR_REC
    RECORD_GO(0x5900)
    movl r14 = watched
    movl r15 = 0x00fffffffffffff8 | 1 << 63 | 0xf << 56 /* mask, read, plm all */
    mov r16 = r0
    mov r17 = 1
    ;;
    mov dbr[r16] = r14
    ;;
    mov dbr[r17] = r15
    ;;
    srlz.d
    GO(P_PHYS | 1 << 24)
    movl r14 = watched
    ;;
    adds r15 = 8, r14
    adds r16 = 4, r14
    ;;
    ld8 r8 = [r15]
    st8 [r14] = r0
    ;;
    CHECK_REC(REC_COUNT, 0)
    ld4 r8 = [r16]                  /* overlaps; the handler drops psr.db */
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 4 << 32)
    REC(r20, REC_IFA)
    movl r14 = watched + 4
    CHECK_REG(r20, r14)
    mov r17 = 1
    ;;
    mov dbr[r17] = r0
    ;;
    srlz.d

    CASE("instruction breakpoint, psr.id lets it go")
    CLEAR_REC
    ON(0x5900, set_id)
    movl r14 = 5f
    movl r15 = 0x00fffffffffffff0 | 1 << 63 | 0xf << 56
    mov r16 = r0
    mov r17 = 1
    mov r8 = r0
    ;;
    mov ibr[r16] = r14
    ;;
    mov ibr[r17] = r15
    ;;
    srlz.i
    GO(P_PHYS | 1 << 24)
    .align 16
5:  { .mii
    adds r8 = 1, r8
    nop 0
    nop 0
    ;; }
    GO(P_PHYS)
    CHECK(r8, 1)
    REC(r20, REC_COUNT)
    cmp.le p6, p7 = 1, r20
    CHECK_P(p6)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 1 << 32)
    mov r17 = 1
    ;;
    mov ibr[r17] = r0
    ;;
    srlz.i
    OFF(0x5900)
    DONE

#define COUNT movl r17 = __rec; ;; ld8 r18 = [r17]; ;; adds r18 = 1, r18; ;; st8 [r17] = r18;
/* Ten times, then psr.ss off. */
count_steps:
    COUNT
    mov r19 = cr.ipsr
    movl r20 = ~(1 << 40)
    ;;
    cmp.le p6, p7 = 10, r18
    ;;
    (p6) and r19 = r19, r20
    ;;
    mov cr.ipsr = r19
    HANDLER_RETURN
count_taken:
    COUNT
    HANDLER_RETURN
set_id:
    COUNT
    mov r19 = cr.ipsr
    movl r20 = 1 << 37
    mov r21 = cr.isr
    movl r22 = __rec + REC_ISR
    ;;
    or r19 = r19, r20
    st8 [r22] = r21
    ;;
    mov cr.ipsr = r19
    HANDLER_RETURN

    .data
    .align 64
watched: data8 1, 2, 3, 4
