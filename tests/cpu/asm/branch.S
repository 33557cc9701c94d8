/* Branches: calls through every form, brl, nested calls and pfs, movl, long displacements, br.ia is absent
 * (SDM 3: br, brl pages). */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("brl.call and brl.cond")
    mov r8 = r0
    ;;
    brl.call.sptk.many b0 = adds_1
    ;;
    brl.call.sptk.many b5 = adds_1_b5
    ;;
    cmp.eq p6, p7 = r0, r0
    ;;
    (p7) brl.cond.sptk.many 1f
    adds r8 = 16, r8
    ;;
    (p6) brl.cond.sptk.many 1f
    ;;
    FAIL_HERE
1:  CHECK(r8, 18)

    CASE("predicated-off call leaves b0 and the frame alone")
    mov b0 = r0
    movl r33 = 0x33
    cmp.ne p6, p7 = r0, r0
    ;;
    (p6) br.call.sptk.many b0 = adds_1
    ;;
    mov r9 = b0
    CHECK(r9, 0)
    CHECK(r33, 0x33)

    CASE("call through a branch register; return address is the next bundle")
    movl r14 = return_b0
    movl r20 = 1f
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
1:  CHECK_REG(r8, r20)

    CASE("the target's low four bits are ignored")
    movl r14 = adds_1 + 7
    mov r8 = r0
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 1)

    CASE("multiway: the first taken branch of a bundle wins")
    cmp.eq p6, p7 = r0, r0
    ;;
    { .bbb
    (p7) br.cond.sptk 1f
    (p6) br.cond.sptk 2f
    br.sptk 1f
    ;; }
1:  FAIL_HERE
2:
    CASE("movl, all bits; nop.x")
    movl r8 = 0x8123456789abcdef
    ;;
    nop.x 0x3fffffffffffffff
    ;;
    shr.u r9 = r8, 60
    extr.u r10 = r8, 0, 8
    CHECK(r9, 8)
    CHECK(r10, 0xef)

    CASE("mutual recursion keeps pfs straight")
    mov r40 = 1000
    ;;
    br.call.sptk.many b0 = even
    ;;
    CHECK(r8, 1)
    mov r40 = 777
    ;;
    br.call.sptk.many b0 = even
    ;;
    CHECK(r8, 0)

    CASE("mov from ip, brp has no effect")
    brp.sptk 1f, 1f
    ;;
    .align 16
1:  mov r8 = ip
    ;;
    movl r9 = 1b
    ;;
    CHECK_REG(r8, r9)

    CASE("ec is saved in pfs and restored by return")
    mov ar.ec = 13
    ;;
    br.call.sptk.many b0 = change_ec
    ;;
    mov r8 = ar.ec
    CHECK(r8, 13)

    CASE("table jump")
    mov r33 = 3
    mov r34 = r0
    ;;
1:  movl r14 = table
    ;;
    shladd r14 = r33, 3, r14
    ;;
    ld8 r15 = [r14]
    ;;
    mov b7 = r15
    ;;
    br.sptk.many b7
    ;;
t0: adds r34 = 1, r34
    br 9f
    ;;
t1: adds r34 = 10, r34
    br 2f
    ;;
t2: adds r34 = 100, r34
    br 2f
    ;;
t3: movl r35 = 1000
    ;;
    add r34 = r34, r35
2:  adds r33 = -1, r33
    br 1b
    ;;
9:  CHECK(r34, 1111)
    DONE

adds_1:
    adds r8 = 1, r8
    br.ret.sptk.many b0
    ;;
adds_1_b5:
    adds r8 = 1, r8
    br.ret.sptk.many b5
    ;;
return_b0:
    mov r8 = b0
    br.ret.sptk.many b0
    ;;
change_ec:
    mov ar.ec = 2
    ;;
    br.ret.sptk.many b0
    ;;
even:
    alloc r34 = ar.pfs, 1, 3, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    ;;
    (p6) mov r8 = 1
    (p6) br.ret.sptk.many b0
    adds r36 = -1, r32
    ;;
    br.call.sptk.many b0 = odd
    ;;
    mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;
odd:
    alloc r33 = ar.pfs, 1, 10, 1, 0
    mov r34 = b0
    cmp.eq p6, p7 = r0, r32
    ;;
    (p6) mov r8 = 0
    (p6) br.ret.sptk.many b0
    adds r43 = -1, r32
    ;;
    br.call.sptk.many b0 = even
    ;;
    mov ar.pfs = r33
    mov b0 = r34
    ;;
    br.ret.sptk.many b0
    ;;
    .section .rodata
    .align 8
table: data8 t0, t1, t2, t3
