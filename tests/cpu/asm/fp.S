/* Floating point: register format, division by frcpa, flags and rounding in status fields, faults and traps, parallel
 * singles (SDM 1:5). Values in depth are T=cpu/float's. */
#include "bare.h"
#define FPSR_DEFAULT 0x9804c0270033f
    .text
    .global main
#define SET_FPSR(v) movl r14 = v; ;; mov ar.fpsr = r14; ;;
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("constants f0, f1; register format by getf")
    getf.exp r8 = f1
    getf.sig r9 = f1
    getf.d r10 = f1
    getf.s r11 = f1
    ;;
    CHECK(r8, 0xffff)
    CHECK(r9, 0x8000000000000000)
    CHECK(r10, 0x3ff0000000000000)
    CHECK(r11, 0x3f800000)

    CASE("fma does not round in between")
    /* (1 + 2^-52)^2 - 1 - 2^-51 = 2^-104 */
    movl r14 = 0x3ff0000000000001
    movl r15 = 0xbff0000000000002
    ;;
    setf.d f6 = r14
    setf.d f7 = r15
    ;;
    fma.d.s0 f8 = f6, f6, f7
    ;;
    getf.d r8 = f8
    CHECK(r8, 0x3970000000000000)

    CASE("3.0 / 7.0 by frcpa and the documented sequence")
    movl r14 = 0x4008000000000000
    movl r15 = 0x401c000000000000
    ;;
    setf.d f6 = r14
    setf.d f7 = r15
    ;;
    frcpa.s0 f8, p6 = f6, f7
    ;;
    (p6) fma.s1 f9 = f6, f8, f0
    (p6) fnma.s1 f10 = f7, f8, f1
    ;;
    (p6) fma.s1 f9 = f10, f9, f9
    (p6) fma.s1 f11 = f10, f10, f0
    (p6) fma.s1 f8 = f10, f8, f8
    ;;
    (p6) fma.s1 f9 = f11, f9, f9
    (p6) fma.s1 f10 = f11, f11, f0
    (p6) fma.s1 f8 = f11, f8, f8
    ;;
    (p6) fma.d.s1 f9 = f10, f9, f9
    (p6) fma.s1 f8 = f10, f8, f8
    ;;
    (p6) fnma.d.s1 f6 = f7, f9, f6
    ;;
    (p6) fma.d.s0 f8 = f6, f8, f9
    ;;
    getf.d r8 = f8
    CHECK(r8, 0x3fdb6db6db6db6db)

    CASE("frcpa of x / 0: infinity by itself, predicate 0, the z flag")
    SET_FPSR(FPSR_DEFAULT)
    frcpa.s0 f8, p6 = f1, f0
    ;;
    CHECK_NOT_P(p6)
    getf.d r8 = f8
    CHECK(r8, 0x7ff0000000000000)
    mov r9 = ar.fpsr
    ;;
    extr.u r9 = r9, 6 + 7, 6
    CHECK(r9, 4)
    fclrf.s0
    ;;
    mov r9 = ar.fpsr
    ;;
    extr.u r9 = r9, 6 + 7, 6
    CHECK(r9, 0)

    CASE("rounding control of a status field")
    /* 1 + 2^-60 in double: nearest 1, up 1 + 2^-52, down and chop 1 */
    movl r14 = 0x3c30000000000000
    ;;
    setf.d f6 = r14
    SET_FPSR(FPSR_DEFAULT | 2 << (6 + 4))   /* sf0.rc = up */
    fadd.d.s0 f8 = f1, f6
    ;;
    getf.d r8 = f8
    CHECK(r8, 0x3ff0000000000001)
    SET_FPSR(FPSR_DEFAULT | 1 << (6 + 4))   /* down */
    fadd.d.s0 f8 = f1, f6
    ;;
    getf.d r8 = f8
    CHECK(r8, 0x3ff0000000000000)
    SET_FPSR(FPSR_DEFAULT)
    fadd.d.s0 f8 = f1, f6
    ;;
    getf.d r8 = f8
    CHECK(r8, 0x3ff0000000000000)
    mov r9 = ar.fpsr
    ;;
    extr.u r9 = r9, 6 + 7, 6
    CHECK(r9, 32)                   /* inexact */

    CASE("enabled invalid: Floating-point Fault, nothing written")
    CLEAR_REC
    RECORD_SKIP(0x5c00)
    SET_FPSR(FPSR_DEFAULT & ~1)
    movl r14 = 0x7ff0000000000000
    movl r15 = 0x1234
    ;;
    setf.d f6 = r14
    setf.sig f8 = r15
    ;;
    fnma.d.s0 f8 = f6, f1, f6       /* inf - inf */
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 1)
    getf.sig r8 = f8
    CHECK(r8, 0x1234)
    OFF(0x5c00)

    CASE("enabled inexact: Floating-point Trap, the result is there")
    CLEAR_REC
    RECORD_GO(0x5d00)
    SET_FPSR(FPSR_DEFAULT & ~0x20)
    movl r14 = 0x3c30000000000000
    ;;
    setf.d f6 = r14
    ;;
    fadd.d.s0 f8 = f1, f6
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0x2000, 0x2000)
    getf.d r8 = f8
    CHECK(r8, 0x3ff0000000000000)
    SET_FPSR(FPSR_DEFAULT)
    OFF(0x5d00)

    CASE("compare and class")
    fcmp.lt.s0 p6, p7 = f0, f1
    fcmp.unord.s0 p8, p9 = f0, f1
    fclass.m p10, p11 = f1, @pos | @norm
    ;;
    CHECK_P(p6)
    CHECK_NOT_P(p8)
    CHECK_P(p10)

    CASE("conversion to integer and back")
    movl r14 = 0xc00921fb54442d18   /* -pi */
    ;;
    setf.d f6 = r14
    ;;
    fcvt.fx.trunc.s0 f7 = f6
    ;;
    getf.sig r8 = f7
    fcvt.xf f8 = f7
    ;;
    getf.d r9 = f8
    CHECK(r8, -3)
    CHECK(r9, 0xc008000000000000)

    CASE("parallel singles")
    movl r14 = 0x3f800000c0000000   /* 1, -2 */
    movl r15 = 0x4040000040800000   /* 3, 4 */
    ;;
    setf.sig f6 = r14
    setf.sig f7 = r15
    ;;
    fpmpy.s0 f8 = f6, f7
    fpmax.s0 f9 = f6, f7
    fpneg f10 = f6
    ;;
    getf.sig r8 = f8
    getf.sig r9 = f9
    getf.sig r10 = f10
    CHECK(r8, 0x40400000c1000000)
    CHECK(r9, 0x4040000040800000)
    CHECK(r10, 0xbf80000040000000)

    CASE("xma, 64 by 64")
    movl r14 = 0xffffffffffffffff
    ;;
    setf.sig f6 = r14
    ;;
    xma.hu f7 = f6, f6, f0
    xma.lu f8 = f6, f6, f1
    ;;
    getf.sig r8 = f7
    getf.sig r9 = f8
    CHECK(r8, 0xfffffffffffffffe)
    CHECK(r9, 0x8000000000000001)

    CASE("single precision result rounds once")
    movl r14 = 0x3ff0000010000001   /* just above half way between two singles */
    ;;
    setf.d f6 = r14
    ;;
    fnorm.s.s0 f7 = f6
    ;;
    getf.s r8 = f7
    CHECK(r8, 0x3f800001)

    CASE("spill format of a NaTVal")
    movl r14 = nat_word
    mov r15 = -1
    ;;
    mov ar.unat = r15
    ;;
    ld8.fill r16 = [r14]
    movl r17 = scratch
    ;;
    setf.sig f6 = r16
    ;;
    stf.spill [r17] = f6
    adds r18 = 8, r17
    ;;
    ld8 r8 = [r17]
    ld8 r9 = [r18]
    CHECK(r8, 0)
    CHECK(r9, 0x1fffe)
    DONE
    .data
    .align 16
scratch: .skip 32
nat_word: data8 0
