/* Predicates: compares with their forms, mov pr, tbit, tnat, predicated-off effects (SDM 1:4.3, SDM 3: cmp page). */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    mov r8 = 5
    mov r9 = -3
    movl r10 = 0x1ffffffff
    mov r11 = -1
    ;;
    CASE("signed and unsigned")
    cmp.lt p6, p7 = r9, r8
    cmp.ltu p8, p9 = r9, r8
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p7)
    CHECK_NOT_P(p8)
    CHECK_P(p9)

    CASE("32-bit compare looks at the low half")
    cmp4.eq p6, p7 = r10, r11
    cmp.eq p8, p9 = r10, r11
    ;;
    CHECK_P(p6)
    CHECK_P(p9)

    CASE("immediate forms")
    cmp.gt p6, p7 = 6, r8
    cmp.ge p8, p9 = 4, r8
    cmp.ltu p10, p11 = -1, r8
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p8)
    CHECK_NOT_P(p10)

    CASE("predicated off: normal leaves targets, unc clears them")
    cmp.eq p6, p7 = r0, r0
    cmp.eq p8, p9 = r0, r0
    cmp.ne p12, p13 = r0, r0
    ;;
    (p12) cmp.ne p6, p7 = r0, r0
    (p12) cmp.eq.unc p8, p9 = r0, r0
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p7)
    CHECK_NOT_P(p8)
    CHECK_NOT_P(p9)

    CASE("parallel or, and, or.andcm in one group")
    cmp.ne p6, p7 = r0, r0
    cmp.eq p8, p9 = r0, r0
    ;;
    cmp.eq.or p6, p7 = 1, r8
    cmp.eq.or p6, p7 = 5, r8
    cmp.eq.and p8, p9 = 5, r8
    cmp.eq.and p8, p9 = 4, r8
    ;;
    CHECK_P(p6)
    CHECK_P(p7)
    CHECK_NOT_P(p8)
    CHECK_NOT_P(p9)
    cmp.eq p6, p7 = r0, r0          /* 1 0 */
    cmp.ne p8, p9 = r0, r0          /* 0 1 */
    ;;
    cmp.ne.or.andcm p8, p9 = 1, r8  /* true: 1, 0 */
    cmp.ne.and.orcm p6, p7 = 5, r8  /* false: and -> 0, orcm -> 1 */
    ;;
    CHECK_P(p8)
    CHECK_NOT_P(p9)
    CHECK_NOT_P(p6)
    CHECK_P(p7)

    CASE("compare with zero, signed parallel forms")
    cmp.ne p6, p7 = r0, r0
    cmp.ne p8, p9 = r0, r0
    ;;
    cmp.gt.or p6, p7 = r0, r9       /* 0 > -3 */
    cmp.le.or p8, p9 = r0, r9       /* 0 <= -3 */
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p8)

    CASE("NaT source: both targets 0; or leaves them")
    movl r14 = nat_word
    mov r15 = -1
    ;;
    mov ar.unat = r15
    ;;
    ld8.fill r16 = [r14]
    cmp.eq p6, p7 = r0, r0
    cmp.ne p8, p9 = r0, r0
    cmp.eq p10, p11 = r0, r0
    ;;
    cmp.eq p6, p7 = r16, r8
    cmp.eq.or p8, p9 = r0, r16
    cmp.eq.and p10, p11 = r0, r16
    ;;
    CHECK_NOT_P(p6)
    CHECK_NOT_P(p7)
    CHECK_NOT_P(p8)
    CHECK_NOT_P(p10)
    tnat.nz p6, p7 = r16
    tnat.z p8, p9 = r16
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p8)

    CASE("tbit")
    movl r14 = 1 << 40
    ;;
    tbit.nz p6, p7 = r14, 40
    tbit.z p8, p9 = r14, 40
    tbit.nz p10, p11 = r14, 41
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p8)
    CHECK_NOT_P(p10)
    CHECK_P(p11)

    CASE("mov pr with mask, p0 stays 1")
    movl r14 = 0x0f0e
    mov r15 = -1
    ;;
    mov pr = r0, -2
    ;;
    mov pr = r14, 0xffe
    ;;
    mov r16 = pr
    ;;
    CHECK(r16, 0x0f0f)
    mov pr = r15, 0x1000
    ;;
    mov r16 = pr
    movl r17 = 0x3fff               /* p14, p15 are CHECK's own */
    ;;
    and r16 = r16, r17
    ;;
    CHECK(r16, 0x1f0f)

    CASE("predicated branch and mov")
    cmp.eq p6, p7 = 5, r8
    ;;
    (p6) mov r14 = 1
    (p7) mov r14 = 2
    ;;
    CHECK(r14, 1)

    CASE("same predicate twice is illegal")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    movl r14 = same_target
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xff, 0)
    OFF(0x5400)
    DONE

    /* cmp.eq p6, p6 = r0, r0 and br.ret b0: the assembler refuses to write the first. */
    .align 16
same_target:
    .set nop, 1 << 27
    .set cmp66, 0xe << 37 | 6 << 27 | 6 << 6
    data8 1 | nop << 5 | (cmp66 & 0x3ffff) << 46
    data8 cmp66 >> 18 | nop << 23
    br.ret.sptk.many b0
    ;;
    .data
    .align 16
nat_word: data8 1
