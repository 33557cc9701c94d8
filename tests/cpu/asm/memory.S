/* Loads and stores: sizes, updates, byte order, unaligned data, fill and spill, semaphores, 16-byte accesses
 * (SDM 1:4.4, SDM 3: ld, st, cmpxchg pages). */
/* not for ski: it faults on every unaligned reference */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("sizes zero-extend; post-increments")
    movl r14 = pattern
    ;;
    ld1 r8 = [r14], 1
    ;;
    ld2 r9 = [r14], 3
    ;;
    ld4 r10 = [r14], -4
    ;;
    ld8 r11 = [r14]
    CHECK(r8, 0x88)
    movl r20 = pattern
    CHECK_REG(r14, r20)
    CHECK(r10, 0x81828384)
    CHECK(r11, 0x8182838485868788)

    CASE("big-endian loads and stores")
    movl r14 = pattern
    movl r15 = scratch
    ;;
    sum 2                           /* psr.be */
    ;;
    ld8 r8 = [r14]
    ld4 r9 = [r14]
    ld2 r10 = [r14]
    movl r16 = 0x0102030405060708
    ;;
    st8 [r15] = r16
    ;;
    rum 2
    ;;
    ld8 r11 = [r15]
    CHECK(r8, 0x8887868584838281)
    CHECK(r9, 0x88878685)
    CHECK(r10, 0x8887)
    CHECK(r11, 0x0807060504030201)

    CASE("unaligned, psr.ac = 0: done as Itanium 2 does it, a fault across its windows")
    CLEAR_REC
    RECORD_SKIP(0x5a00)
    movl r14 = across
    movl r16 = 0x1122334455667788
    ;;
    adds r15 = 3, r14
    adds r17 = 3, r14
    ;;
    st8 [r15] = r16                 /* within 16 bytes */
    ;;
    ld4 r8 = [r15]                  /* within 8 bytes */
    ld2 r9 = [r17]
    ;;
    CHECK_REC(REC_COUNT, 0)
    movl r20 = 0x55667788
    CHECK_REG(r8, r20)
    movl r20 = 0x7788
    CHECK_REG(r9, r20)
    movl r14 = across
    ;;
    adds r15 = 5, r14
    mov r8 = 1
    ;;
    ld4 r8 = [r15]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK(r8, 1)
    movl r14 = across
    ;;
    adds r15 = -3, r14
    ;;
    st8 [r15] = r16
    ;;
    CHECK_REC(REC_COUNT, 2)
    OFF(0x5a00)

    CASE("unaligned with psr.ac = 1: Unaligned Data Reference fault")
    CLEAR_REC
    RECORD_SKIP(0x5a00)
    movl r14 = pattern + 1
    mov r8 = 77
    ;;
    sum 8                           /* psr.ac */
    ;;
    ld4 r8 = [r14]
    ;;
    rum 8
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK(r8, 77)
    movl r20 = pattern + 1
    REC(r21, REC_IFA)
    CHECK_REG(r21, r20)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 4 << 32)   /* r */
    OFF(0x5a00)

    CASE("spill and fill carry the NaT bit through unat")
    movl r14 = scratch + 24
    movl r15 = scratch + 32
    movl r16 = nat_word
    mov r17 = -1
    ;;
    mov ar.unat = r17
    ;;
    ld8.fill r18 = [r16]
    mov r19 = 9
    mov ar.unat = r0
    ;;
    st8.spill [r14] = r18
    ;;
    st8.spill [r15] = r19
    ;;
    mov r20 = ar.unat
    ld8.fill r21 = [r14]
    ld8.fill r22 = [r15]
    ;;
    extr.u r23 = r14, 3, 6
    mov r24 = 1
    ;;
    shl r24 = r24, r23
    ;;
    CHECK_REG(r20, r24)
    CHECK_NAT(r21)
    CHECK(r22, 9)

    CASE("store of a NaT: Register NaT Consumption fault")
    CLEAR_REC
    RECORD_SKIP(0x5600)
    movl r14 = scratch
    ;;
    st8 [r14] = r21
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xff | 7 << 32, 0x10 | 2 << 32)
    ld8 r8 = [r21]
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC_MASK(REC_ISR, 0xff | 7 << 32, 0x10 | 4 << 32)
    OFF(0x5600)

    CASE("xchg, fetchadd, cmpxchg")
    movl r14 = scratch
    movl r15 = 0x1000
    mov r16 = 5
    ;;
    st8 [r14] = r15
    ;;
    xchg8 r8 = [r14], r16
    ;;
    fetchadd8.acq r9 = [r14], 16
    ;;
    fetchadd4.rel r10 = [r14], -1
    ;;
    mov ar.ccv = 20
    mov r17 = 99
    ;;
    cmpxchg8.acq r11 = [r14], r17, ar.ccv
    ;;
    cmpxchg8.acq r20 = [r14], r16, ar.ccv
    ;;
    ld8 r21 = [r14]
    CHECK(r8, 0x1000)
    CHECK(r9, 5)
    CHECK(r10, 21)
    CHECK(r11, 20)
    CHECK(r20, 99)
    CHECK(r21, 99)

    CASE("cmpxchg1 compares zero-extended")
    movl r14 = scratch
    movl r15 = 0xff
    mov r16 = 1
    ;;
    st1 [r14] = r15
    mov ar.ccv = r15
    ;;
    cmpxchg1.acq r8 = [r14], r16, ar.ccv
    ;;
    ld1 r9 = [r14]
    CHECK(r8, 0xff)
    CHECK(r9, 1)

    CASE("semaphore unaligned faults whatever psr.ac")
    CLEAR_REC
    RECORD_SKIP(0x5a00)
    movl r14 = scratch + 4
    ;;
    xchg8 r8 = [r14], r16
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 6 << 32)   /* r and w */
    OFF(0x5a00)

    CASE("pairs of FRs, fp spill and fill")
    movl r14 = scratch
    movl r15 = 0x3ff8000000000000   /* 1.5 */
    movl r16 = 0xc000000000000000   /* -2 */
    ;;
    st8 [r14] = r15, 8
    ;;
    st8 [r14] = r16, -8
    ;;
    ldfpd f6, f7 = [r14]
    ;;
    fma.d f8 = f6, f7, f1           /* -2 */
    movl r17 = scratch + 32
    ;;
    stf.spill [r17] = f8
    ;;
    ldf.fill f9 = [r17]
    ;;
    stfd [r14] = f9
    ;;
    ld8 r8 = [r14]
    CHECK(r8, 0xc000000000000000)
    ld8 r9 = [r17]
    CHECK(r9, 0x8000000000000000)   /* significand of 2 */

    CASE("lfetch and fc have no effect that can be seen")
    movl r14 = scratch
    ;;
    lfetch [r14]
    lfetch.nt1 [r14], 64
    ;;
    fc.i r14
    movl r15 = scratch + 64
    ;;
    CHECK_REG(r14, r15)
    DONE

    .data
    .align 16
pattern: data8 0x8182838485868788
    data8 0
nat_word: data8 3
    .align 16
scratch: .skip 128
    .align 4096
    .skip 4096
across: .skip 16
