/* Counted and while loops, register rotation (SDM 1:4.5.1, SDM 3: br page). */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("br.cloop runs lc + 1 times and leaves lc 0")
    mov ar.lc = 9
    mov r8 = r0
    ;;
1:  adds r8 = 1, r8
    br.cloop.sptk 1b
    ;;
    mov r9 = ar.lc
    CHECK(r8, 10)
    CHECK(r9, 0)

    CASE("br.cloop with lc 0 falls through")
    mov ar.lc = r0
    mov r8 = r0
    ;;
1:  adds r8 = 1, r8
    br.cloop.sptk 1b
    ;;
    CHECK(r8, 1)

    CASE("br.ctop: stages, predicates, lc and ec")
    alloc r32 = ar.pfs, 2, 14, 0, 16
    mov pr.rot = 1 << 16
    mov ar.lc = 4                   /* 5 iterations */
    mov ar.ec = 3                   /* 3 stages */
    mov r8 = r0
    mov r9 = r0
    mov r10 = r0
    mov r11 = 1
    ;;
1:  (p16) mov r33 = r11
    (p16) adds r8 = 1, r8
    (p17) adds r9 = 1, r9
    (p18) add r10 = r10, r35        /* r33 two rotations later */
    adds r11 = 1, r11
    br.ctop.sptk 1b
    ;;
    mov r14 = ar.lc
    mov r15 = ar.ec
    ;;
    mov r20 = r14
    mov r21 = r15
    CHECK(r8, 5)
    CHECK(r9, 5)
    CHECK(r10, 1 + 2 + 3 + 4 + 5)
    CHECK(r11, 8)                   /* 7 trips */
    CHECK(r20, 0)
    CHECK(r21, 0)
    clrrrb
    ;;

    CASE("rotation moves r32 to r33, and back at clrrrb")
    alloc r32 = ar.pfs, 2, 14, 0, 8
    mov ar.lc = 2
    mov ar.ec = 1
    mov pr.rot = 0
    ;;
    mov r32 = 100
    mov r33 = 101
    mov r34 = 102
    mov r35 = 103
    mov r36 = 104
    mov r37 = 105
    mov r38 = 106
    mov r39 = 107
    mov r40 = 140
    ;;
    br.ctop.sptk 2f
    ;;
2:  CHECK(r33, 100)
    CHECK(r34, 101)
    CHECK(r39, 106)
    CHECK(r32, 107)
    CHECK(r40, 140)                 /* beyond the rotating region */
    br.ctop.sptk 3f
    ;;
3:  CHECK(r34, 100)
    CHECK(r33, 107)
    CHECK(r32, 106)
    clrrrb
    ;;
    CHECK(r32, 100)
    CHECK(r39, 107)

    CASE("rotated frame across a call")
    alloc r32 = ar.pfs, 2, 14, 2, 8
    mov ar.lc = 5
    mov ar.ec = 1
    mov pr.rot = 0
    ;;
    mov r32 = 0x20
    mov r33 = 0x21
    mov r40 = 0x40
    mov r48 = 9
    mov r49 = 4
    ;;
    br.ctop.sptk 2f
    ;;
2:  br.call.sptk.many b0 = eat_registers
    ;;
    CHECK(r33, 0x20)
    CHECK(r34, 0x21)
    CHECK(r40, 0x40)
    CHECK(r8, 13)
    clrrrb
    ;;

    CASE("floating-point registers rotate")
    mov ar.lc = 5
    mov ar.ec = 1
    mov r14 = 1000
    mov r15 = 2000
    ;;
    setf.sig f32 = r14
    setf.sig f127 = r15
    setf.sig f31 = r15
    ;;
    br.ctop.sptk 2f
    ;;
2:  getf.sig r8 = f33
    getf.sig r9 = f32
    getf.sig r10 = f31
    CHECK(r8, 1000)
    CHECK(r9, 2000)
    CHECK(r10, 2000)
    clrrrb
    ;;
    getf.sig r8 = f32
    CHECK(r8, 1000)

    CASE("clrrrb.pr leaves the others")
    mov ar.lc = 5
    mov ar.ec = 1
    mov r32 = 7
    ;;
    br.ctop.sptk 2f
    ;;
2:  clrrrb.pr
    ;;
    CHECK(r33, 7)
    clrrrb
    ;;

    CASE("br.ctop falls through and still rotates while ec > 1")
    mov ar.lc = r0
    mov ar.ec = 2
    mov r32 = 0x55
    mov pr.rot = 1 << 16
    ;;
    br.ctop.sptk 2f                 /* lc 0, ec 2: taken, ec 1, p63 was 0 */
    ;;
    FAIL_HERE
2:  CHECK(r33, 0x55)
    CHECK_P(p17)
    CHECK_NOT_P(p16)
    br.ctop.sptk 3f                 /* ec 1: not taken, ec 0, rotates */
    ;;
    br 4f
    ;;
3:  FAIL_HERE
4:  CHECK(r34, 0x55)
    CHECK_P(p18)
    br.ctop.sptk 3b                 /* ec 0: not taken, no rotation */
    ;;
    CHECK(r34, 0x55)
    clrrrb
    ;;

    CASE("br.cexit")
    mov ar.lc = 3
    mov ar.ec = 1
    mov r8 = r0
    ;;
1:  br.cexit.spnt 2f
    adds r8 = 1, r8
    br.sptk 1b
    ;;
2:  CHECK(r8, 3)
    clrrrb
    ;;

    CASE("br.wtop: while the predicate holds, then the epilogue")
    mov ar.ec = 3
    mov pr.rot = 1 << 16
    mov r8 = r0
    mov r9 = r0
    mov r10 = 4
    mov r11 = r0
    ;;
    /* The compare runs in the first trip only: afterwards p16 is 0, and .unc clears p17. */
1:  (p16) cmp.ne.unc p17, p0 = r8, r10
    ;;
    (p17) adds r8 = 1, r8
    adds r11 = 1, r11
    (p18) adds r9 = 1, r9
    (p17) br.wtop.sptk 1b
    ;;
    CHECK(r8, 1)
    CHECK(r9, 1)
    CHECK(r11, 4)                   /* taken by p17, by ec 3, by ec 2; not by ec 1 */
    clrrrb
    ;;

    CASE("br.wtop: not taken at ec 1")
    mov ar.ec = 1
    mov r32 = 0x77
    cmp.ne p6, p7 = r0, r0
    ;;
    (p6) br.wtop.sptk 2f
    ;;
    br 3f
    ;;
2:  FAIL_HERE
3:  CHECK(r33, 0x77)                /* rotated once, ec now 0 */
    mov r20 = ar.ec
    ;;
    CHECK(r20, 0)
    (p7) br.wtop.sptk 4f            /* predicate 1: taken whatever ec is */
    ;;
    FAIL_HERE
4:  CHECK(r34, 0x77)
    clrrrb
    ;;

    CASE("br.wexit")
    mov ar.ec = 5
    cmp.eq p6, p7 = r0, r0
    ;;
    (p6) br.wexit.spnt 2f           /* predicate 1: not taken */
    ;;
    br 3f
    ;;
2:  FAIL_HERE
3:  mov r20 = ar.ec
    ;;
    CHECK(r20, 5)
    clrrrb
    ;;

    CASE("predicates rotate: p16 to p17, p63 to p16")
    clrrrb
    ;;
    movl r14 = 1 << 63
    ;;
    mov pr = r14, -65536
    mov ar.lc = 3
    mov ar.ec = 1
    ;;
    br.ctop.sptk 2f                 /* sets p63 before rotating */
    ;;
2:  CHECK_P(p16)
    br.ctop.sptk 3f
    ;;
3:  CHECK_P(p16)
    CHECK_P(p17)
    CHECK_NOT_P(p18)
    mov r20 = pr
    ;;
    extr.u r21 = r20, 62, 2         /* mov =pr reads as if rrb.pr were 0 */
    extr.u r20 = r20, 16, 16
    ;;
    CHECK(r21, 3)
    CHECK(r20, 0)
    clrrrb
    ;;
    DONE

eat_registers:
    alloc r34 = ar.pfs, 2, 60, 0, 0
    ;;
    mov r90 = 0x99
    add r8 = r32, r33
    mov ar.pfs = r34
    ;;
    br.ret.sptk.many b0
    ;;
