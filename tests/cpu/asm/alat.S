/* Advanced loads and the ALAT (SDM 1:4.4.5). An implementation may lose entries: only what must miss is checked as a
 * miss, and hits only where a simulator with an ALAT has no reason to lose them. */
/* not for ski: it always reloads */
#include "bare.h"
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    movl r33 = cell
    movl r34 = cell + 8
    movl r35 = cell + 1024
    ;;
    mov r36 = 0x11
    ;;
    st8 [r33] = r36

    CASE("no store between: ld.c keeps the register")
    ;;
    ld8.a r8 = [r33]
    mov r9 = 0x22
    ;;
    st8 [r34] = r9                  /* another word */
    ;;
    adds r8 = 5, r8                 /* the entry does not depend on the value */
    ;;
    ld8.c.clr r8 = [r33]
    CHECK(r8, 0x16)

    CASE("a store to the same address: ld.c reloads")
    ;;
    ld8.a r8 = [r33]
    mov r9 = 0x33
    ;;
    st8 [r33] = r9
    ;;
    ld8.c.nc r8 = [r33]
    CHECK(r8, 0x33)

    CASE("a partial overlap counts")
    ;;
    ld8.a r8 = [r33]
    adds r10 = 7, r33
    mov r9 = 0x44
    ;;
    st1 [r10] = r9
    ;;
    ld8.c.clr r8 = [r33]
    CHECK(r8, 0x4400000000000033)

    CASE("chk.a.clr: hit falls through, then misses")
    ;;
    ld8.a r8 = [r33]
    mov r9 = r0
    ;;
    chk.a.clr r8, 1f
    ;;
    mov r9 = 1
    chk.a.clr r8, 1f
    ;;
    mov r9 = 2
1:  CHECK(r9, 1)

    CASE("chk.a.nc keeps the entry")
    ;;
    ld8.a r8 = [r33]
    mov r9 = r0
    ;;
    chk.a.nc r8, 1f
    ;;
    chk.a.nc r8, 1f
    ;;
    mov r9 = 2
1:  CHECK(r9, 2)

    CASE("invala and invala.e")
    ;;
    ld8.a r8 = [r33]
    ;;
    invala
    ;;
    mov r9 = r0
    chk.a.nc r8, 1f
    ;;
    mov r9 = 1
1:  CHECK(r9, 0)
    ;;
    ld8.a r8 = [r33]
    ld8.a r10 = [r35]
    ;;
    invala.e r8
    ;;
    mov r9 = r0
    chk.a.nc r10, 1f
    ;;
    mov r9 = 1
    chk.a.nc r8, 1f
    ;;
    mov r9 = 2
1:  CHECK(r9, 1)

    CASE("semaphores invalidate too")
    ;;
    ld8.a r8 = [r35]
    ;;
    fetchadd8.acq r9 = [r35], 1
    ;;
    mov r9 = r0
    chk.a.nc r8, 1f
    ;;
    mov r9 = 1
1:  CHECK(r9, 0)

    CASE("entries are by physical register: a callee's r32 is not the caller's")
    ;;
    ld8.a r38 = [r33]
    ;;
    br.call.sptk.many b0 = callee_check
    ;;
    CHECK(r8, 0)

    CASE("advanced floating-point load")
    ;;
    ldfd.a f6 = [r35]
    mov r9 = r0
    ;;
    chk.a.nc f6, 1f
    ;;
    mov r9 = 1
    st8 [r35] = r0
    ;;
    chk.a.nc f6, 1f
    ;;
    mov r9 = 2
1:  CHECK(r9, 1)

    CASE("ld.c.clr.acq reloads after an overlapping semaphore")
    ;;
    ld8.a r8 = [r35]
    mov r9 = 0x99
    ;;
    xchg8 r10 = [r35], r9
    ;;
    ld8.c.clr.acq r8 = [r35]
    CHECK(r8, 0x99)

    CASE("big loads: ld16 and st16")
    movl r14 = cell + 64
    mov r9 = 0x77
    mov r10 = 0x88
    ;;
    mov ar.csd = r10
    ;;
    st16 [r14] = r9, ar.csd
    ;;
    mov ar.csd = r0
    ;;
    ld16 r8, ar.csd = [r14]
    ;;
    mov r11 = ar.csd
    CHECK(r8, 0x77)
    CHECK(r11, 0x88)
    DONE

/* r33 here is another register than the caller's r38 was named after: r32 is it. */
callee_check:
    alloc r34 = ar.pfs, 2, 6, 0, 0
    mov r8 = r0
    ;;
    chk.a.nc r33, 1f
    ;;
    mov r8 = 1
1:  br.ret.sptk.many b0
    ;;
    .data
    .align 64
cell: .skip 2048
