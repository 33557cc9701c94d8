/* Control speculation: ld.s that cannot be done defers into NaT, chk.s finds it, NaT propagates
 * (SDM 1:4.4.4, 2:5.5.5). Virtual mode; region 1 has no translation. */
#include "bare.h"
#include "virt.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    SET_RR(1, RR(0x111, 14, 0))
    GO_VIRTUAL
    movl r33 = 1 << 61 | 0x10000
    movl r34 = good
    /* dcr.dm: defer data TLB misses of speculative loads. */
    movl r14 = 1 << 8
    ;;
    mov cr.dcr = r14
    ;;
    srlz.d
    ;;
    CASE("ld8.s of an unmapped page gives NaT, no interruption")
    ;;
    ld8.s r8 = [r33]
    CHECK_NAT(r8)

    CASE("ld8.s of a mapped page loads")
    ;;
    ld8.s r8 = [r34]
    CHECK(r8, 0x600d)

    CASE("NaT propagates through arithmetic, not through r0 targets")
    ;;
    ld8.s r8 = [r33]
    ;;
    adds r9 = 1, r8
    shl r10 = r8, 3
    xor r11 = r8, r8
    ;;
    CHECK_NAT(r9)
    CHECK_NAT(r10)
    CHECK_NAT(r11)

    CASE("ld8.s through a NaT address gives NaT")
    ;;
    ld8.s r9 = [r8]
    CHECK_NAT(r9)

    CASE("chk.s branches on NaT, falls through otherwise")
    mov r9 = r0
    ;;
    chk.s.m r8, 1f
    ;;
    mov r9 = 1
1:  CHECK(r9, 0)
    mov r10 = 5
    ;;
    chk.s.i r10, 1f
    ;;
    mov r9 = 2
1:  CHECK(r9, 2)

    CASE("a speculative FP load gives NaTVal, chk.s on FRs")
    mov r9 = r0
    ;;
    ldfd.s f6 = [r33]
    ;;
    fclass.m p6, p7 = f6, @nat
    chk.s f6, 1f
    ;;
    mov r9 = 1
1:  CHECK_P(p6)
    CHECK(r9, 0)

    CASE("NaT and NaTVal convert into each other")
    ;;
    setf.sig f7 = r8
    getf.sig r10 = f6
    fadd f8 = f6, f1
    ;;
    fclass.m p6, p7 = f7, @nat
    fclass.m p8, p9 = f8, @nat
    CHECK_NAT(r10)
    CHECK_P(p6)
    CHECK_P(p8)

    CASE("ld8.sa does not allocate when deferred; chk.a misses")
    mov r9 = r0
    ;;
    ld8.sa r11 = [r33]
    ;;
    chk.a.nc r11, 1f
    ;;
    mov r9 = 1
1:  CHECK(r9, 0)
    CHECK_NAT(r11)

    CASE("without dcr.dm the miss is taken")
    mov cr.dcr = r0
    ;;
    srlz.d
    CLEAR_REC
    ON(0x1000, set_ed)              /* Alternate Data TLB: psr.ed makes the retry defer */
    ;;
    ld8.s r8 = [r33]
    CHECK_NAT(r8)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 1 << 36 | 1 << 34, 1 << 36 | 1 << 34) /* sp, r */
    OFF(0x1000)

    CASE("br through a branch register from a NaT: fault at mov")
    CLEAR_REC
    RECORD_SKIP(0x5600)
    ;;
    mov b7 = r8
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xff, 0x10)
    OFF(0x5600)
    DONE

/* As an operating system does for speculative faults (SDM 2:5.5.5). */
set_ed:
    movl r17 = __rec
    mov r18 = cr.isr
    mov r19 = cr.ipsr
    ;;
    ld8 r20 = [r17]
    movl r21 = 1 << 43
    ;;
    adds r20 = 1, r20
    or r19 = r19, r21
    adds r22 = 32, r17
    ;;
    st8 [r17] = r20
    st8 [r22] = r18
    mov cr.ipsr = r19
    HANDLER_RETURN

    .data
    .align 16
good: data8 0x600d
