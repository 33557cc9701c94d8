/* Register stack: frames, recursion far beyond the physical registers, NaT bits through the backing store, cover,
 * flushrs, loadrs (SDM 1:4.1, 2:6). */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("alloc sizes and cfm in pfs")
    mov r33 = b0
    br.call.sptk.many b0 = pfs_of_caller
    ;;
    mov b0 = r33
    /* sof 10, sol 8, no rotation: what br.call saved of this frame. */
    CHECK(r8, 10 | 8 << 7)

    CASE("outputs become inputs")
    movl r40 = 0x1111
    movl r41 = 0x2222
    ;;
    br.call.sptk.many b0 = add_args
    ;;
    CHECK(r8, 0x3333)

    CASE("recursion, 2000 frames of 8 registers")
    mov r40 = 2000
    ;;
    br.call.sptk.many b0 = sum
    ;;
    CHECK(r8, 2001000)

    CASE("recursion once more, now with memory warm")
    mov r40 = 999
    ;;
    br.call.sptk.many b0 = sum
    ;;
    CHECK(r8, 499500)

    CASE("NaT bits survive spill and fill")
    mov r40 = 700
    ;;
    br.call.sptk.many b0 = natsum
    ;;
    CHECK(r8, 350)

    CASE("largest frame")
    mov r40 = 7
    ;;
    br.call.sptk.many b0 = big_frame
    ;;
    CHECK(r8, 7 + 96)

    CASE("alternate big and empty frames")
    mov r40 = 60
    ;;
    br.call.sptk.many b0 = zigzag
    ;;
    CHECK(r8, 60)

    CASE("bsp moves by the frame's locals")
    mov r34 = ar.bsp
    ;;
    br.call.sptk.many b0 = bsp_of_callee
    ;;
    sub r35 = r8, r34
    /* 8 locals: 64 bytes, one more word when a NaT collection lies between. */
    ;;
    extr.u r36 = r34, 3, 6          /* slot of bsp in its 64-word block */
    ;;
    cmp.le p6, p7 = 55, r36         /* 55 + 8 reaches slot 63 */
    ;;
(p6) adds r35 = -8, r35
    CHECK(r35, 64)

    CASE("flushrs writes everything to memory")
    movl r34 = 0xfeedface12345678
    ;;
    br.call.sptk.many b0 = flush_and_read
    ;;
    CHECK(r8, 0xfeedface12345678)

    CASE("loadrs brings back what a callee's caller changed in memory")
    movl r34 = 0x1234
    ;;
    br.call.sptk.many b0 = patch_r34
    ;;
    CHECK(r34, 0x9999)

    CASE("cover makes an empty frame, rfi brings it back")
    movl r34 = 0xabc
    mov r35 = ar.bsp
    ;;
    cover
    ;;
    mov r20 = ar.bsp                /* no stacked register may be named now */
    ;;
    rsm psr.ic
    ;;
    srlz.i
    movl r21 = 1 << 63 | 10 | 8 << 7
    movl r22 = 77f
    mov r23 = psr
    ;;
    mov cr.ifs = r21
    mov cr.iip = r22
    movl r24 = 1 << 44 | 1 << 13
    ;;
    or r23 = r23, r24
    ;;
    mov cr.ipsr = r23
    ;;
    rfi
    ;;
77: sub r20 = r20, r35
    extr.u r36 = r35, 3, 6
    ;;
    cmp.le p6, p7 = 53, r36         /* 10 registers */
    ;;
(p6) adds r20 = -8, r20
    CHECK(r20, 80)
    CHECK(r34, 0xabc)
    mov r36 = ar.bsp
    ;;
    CHECK_REG(r36, r35)

    CASE("alloc grows and shrinks the frame in place")
    movl r33 = 0x33
    ;;
    alloc r32 = ar.pfs, 2, 80, 8, 0
    ;;
    mov r121 = r33
    mov r35 = ar.bsp
    ;;
    CHECK(r121, 0x33)
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    mov r36 = ar.bsp
    CHECK(r33, 0x33)
    CHECK_REG(r36, r35)

    CASE("out-of-frame target: Illegal Operation")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    br.call.sptk.many b0 = write_beyond
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 0)
    OFF(0x5400)
    DONE

pfs_of_caller:
    mov r8 = ar.pfs
    movl r9 = 0x3fffffffff
    ;;
    and r8 = r8, r9
    br.ret.sptk.many b0
    ;;
add_args:
    add r8 = r32, r33
    br.ret.sptk.many b0
    ;;
bsp_of_callee:
    mov r8 = ar.bsp
    br.ret.sptk.many b0
    ;;

sum:
    alloc r34 = ar.pfs, 1, 6, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    ;;
(p6) mov r8 = r0
(p6) br.cond.sptk 1f
    adds r39 = -1, r32
    add r37 = r32, r32
    ;;
    br.call.sptk.many b0 = sum
    ;;
    sub r37 = r37, r32              /* r32 again, if both survived */
    ;;
    add r8 = r8, r37
1:  mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;

/* Every other frame has a NaT in r36; counts those that come back as NaT. */
natsum:
    alloc r34 = ar.pfs, 1, 6, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    movl r14 = natword
    ;;
(p6) mov r8 = r0
(p6) br.cond.sptk 1f
    tbit.nz p8, p9 = r32, 0
    adds r39 = -1, r32
    mov r15 = -1
    ;;
(p8) mov ar.unat = r15
(p9) mov ar.unat = r0
    ;;
    ld8.fill r36 = [r14]
    ;;
    br.call.sptk.many b0 = natsum
    ;;
    tnat.nz p8, p9 = r36
    tbit.nz p10, p11 = r32, 0
    ;;
(p10) mov r37 = 1                   /* wanted a NaT */
(p11) mov r37 = r0
    ;;
(p8) add r8 = r8, r37
(p8) cmp.eq.unc p12, p0 = r0, r37   /* found without wanted: make the sum wrong */
    ;;
(p12) adds r8 = 1000, r8
    ;;
1:  mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;

big_frame:
    alloc r33 = ar.pfs, 1, 95, 0, 0
    ;;
    mov r127 = 96
    ;;
    add r8 = r32, r127
    mov ar.pfs = r33
    ;;
    br.ret.sptk.many b0
    ;;

zigzag:
    alloc r34 = ar.pfs, 1, 90, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    ;;
    mov r120 = r32
    mov r8 = r0
(p6) br.cond.sptk 1f
    ;;
    br.call.sptk.many b0 = bsp_of_callee
    ;;
    adds r123 = -1, r32
    ;;
    br.call.sptk.many b0 = zigzag
    ;;
    cmp.eq p6, p7 = r120, r32
    ;;
(p6) adds r8 = 1, r8
1:  mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;

/* The caller's r34 lies 8 - 2 = 6 registers below this frame. */
flush_and_read:
    alloc r32 = ar.pfs, 0, 2, 0, 0
    ;;
    flushrs
    ;;
    mov r33 = ar.bsp
    ;;
    adds r33 = -48, r33
    mov r10 = ar.bsp
    ;;
    extr.u r10 = r10, 3, 6
    ;;
    cmp.gt p6, p7 = 6, r10          /* a NaT collection lies between */
    ;;
(p6) adds r33 = -8, r33
    ;;
    ld8 r8 = [r33]
    mov ar.pfs = r32
    ;;
    br.ret.sptk.many b0
    ;;

patch_r34:
    alloc r32 = ar.pfs, 0, 2, 0, 0
    ;;
    flushrs
    ;;
    mov r14 = ar.bsp
    mov r17 = r32                   /* loadrs wants an empty frame */
    mov r18 = ar.bsp
    ;;
    adds r14 = -48, r14
    extr.u r10 = r18, 3, 6
    movl r15 = 0x9999
    ;;
    cmp.gt p6, p7 = 6, r10
    ;;
(p6) adds r14 = -8, r14
    ;;
    st8 [r14] = r15
    alloc r16 = ar.pfs, 0, 0, 0, 0
    mov ar.rsc = 0
    ;;
    loadrs                          /* everything below bsp is dropped */
    ;;
    mov ar.pfs = r17
    ;;
    br.ret.sptk.many b0
    ;;

write_beyond:
    alloc r8 = ar.pfs, 0, 1, 0, 0
    ;;
    mov r40 = r0
    ;;
    mov ar.pfs = r8
    ;;
    br.ret.sptk.many b0
    ;;

    .data
    .align 16
natword: data8 0x5a5a
