/* Privilege levels: rfi down, epc up through a promoting page, break, privileged operations from below, the
 * lower-privilege transfer trap (SDM 2:3.2, 2:4.1.1.6, SDM 3: epc page). */
#include "bare.h"
#include "virt.h"
    .text
    .global main
#define CPL(reg) mov reg = ar.pfs; ;;
/* Where am I: mov from psr needs privilege, so the test asks pfs.ppl after a call. */
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    GO_VIRTUAL
    CASE("rfi to level 3; a privileged instruction there faults")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    GO(P_VIRT | P_CPL(3))
    br.call.sptk.many b0 = my_level
    ;;
    CHECK(r8, 3)
    mov r9 = 7
    ;;
    mov r9 = cr.iva
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 0x10)
    CHECK(r9, 7)
    CHECK_REC_MASK(REC_IPSR, 3 << 32, 3 << 32)
    rsm psr.ic
    ;;
    CHECK_REC(REC_COUNT, 2)
    mov cr.ifa = r9
    ;;
    CHECK_REC(REC_COUNT, 3)
    mov r9 = psr
    ;;
    CHECK_REC(REC_COUNT, 4)

    CASE("user mask is free at level 3")
    sum 8
    ;;
    rum 8
    ;;
    mov r9 = psr.um
    ;;
    CHECK_REC(REC_COUNT, 4)
    tbit.nz p6, p7 = r9, 3
    ;;
    CHECK_NOT_P(p6)

    CASE("ar.k0 reads at level 3, writing is a privileged register fault")
    mov r9 = ar.k0
    ;;
    CHECK_REC(REC_COUNT, 4)
    mov ar.k0 = r9
    ;;
    CHECK_REC(REC_COUNT, 5)
    CHECK_REC_MASK(REC_ISR, 0xffff, 0x20)

    CASE("data page for level 0 only: Data Access Rights from level 3")
    /* Map by the break handler at level 0. */
    ON(0x2c00, map_kernel_page)
    break.m 0x10
    ;;
    CLEAR_REC
    RECORD_SKIP(0x5300)
    movl r14 = 0x2000000
    ;;
    ld8 r9 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 4 << 32)
    probe.r r9 = r14, 3
    probe.r r10 = r14, 0            /* probe takes the lesser of its level and ours */
    ;;
    CHECK(r9, 0)
    CHECK(r10, 0)

    CASE("epc promotes on a page with rights 7")
    /* An execute-only promoting page at 48 MiB holds: epc; cover-free code; return. */
    movl r14 = 0x3000000 + gate - gate_start
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 0)                    /* level in the gate */
    br.call.sptk.many b0 = my_level
    ;;
    CHECK(r8, 3)                    /* br.ret demoted */
    CHECK(r9, 0x1234)

    CASE("br.ret cannot promote")
    br.call.sptk.many b0 = try_promote
    ;;
    br.call.sptk.many b0 = my_level
    ;;
    CHECK(r8, 3)

    CASE("lower-privilege transfer trap on demotion")
    CLEAR_REC
    ON(0x2c00, set_lp)
    ON(0x5e00, drop_lp)
    break.m 0x11                    /* handler: psr.lp = 1 */
    ;;
    movl r14 = 0x3000000 + gate - gate_start
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
1:  movl r20 = 1b
    REC(r21, REC_IIP)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 0xffff, 2)
    CHECK_REG(r21, r20)
    OFF(0x5e00)
    DONE

my_level:
    mov r8 = ar.pfs
    ;;
    shr.u r8 = r8, 62
    br.ret.sptk.many b0
    ;;
try_promote:
    mov r14 = ar.pfs
    ;;
    dep r14 = r0, r14, 62, 2
    ;;
    mov ar.pfs = r14
    ;;
    br.ret.sptk.many b0
    ;;

/* Runs on the promoting page. */
    .align 16
gate_start:
gate:
    { .mib
    nop 0
    nop 0
    epc
    ;; }
    mov r14 = psr                   /* privileged */
    movl r9 = 0x1234
    ;;
    mov cr.ifa = r9
    ;;
    srlz.d
    ;;
    mov r9 = cr.ifa
    mov r8 = 0                      /* we would have faulted otherwise */
    br.ret.sptk.many b0
    ;;
    .align 16

map_kernel_page:
    movl r17 = 0x2000000
    mov r18 = 14 << 2
    movl r19 = BARE_BASE + 0x800000 | 3 << 9 | 0 << 7 | 0x61
    movl r20 = 0x3000000
    movl r21 = gate_start - 0x3000000
    ;;
    mov cr.ifa = r17
    mov cr.itir = r18
    ;;
    itc.d r19
    ;;
    srlz.d
    ;;
    mov cr.ifa = r20
    movl r19 = BARE_BASE + 0x804000 | 7 << 9 | 0 << 7 | 0x61 /* ar 7, pl 0: execute, promote to 0 */
    ;;
    itc.i r19
    ;;
    srlz.i
    ;;
    /* Copy the gate. */
    movl r17 = gate_start
    movl r18 = BARE_BASE + 0x804000
    mov r19 = 16
    ;;
1:  ld8 r20 = [r17], 8
    adds r19 = -1, r19
    ;;
    st8 [r18] = r20, 8
    cmp.ne p6, p7 = r0, r19
    (p6) br.cond.sptk 1b
    ;;
    movl r18 = BARE_BASE + 0x804000
    ;;
    fc.i r18
    adds r18 = 64, r18
    ;;
    fc.i r18
    ;;
    sync.i
    ;;
    srlz.i
    ;;
    br.sptk skip_break
    ;;
set_lp:
    mov r19 = cr.ipsr
    movl r20 = 1 << 25
    ;;
    or r19 = r19, r20
    ;;
    mov cr.ipsr = r19
    ;;
    srlz.d
    ;;
skip_break:
    mov r18 = cr.iip
    mov r19 = cr.ipsr
    ;;
    extr.u r20 = r19, 41, 2
    ;;
    cmp.eq p6, p7 = 2, r20
    adds r20 = 1, r20
    ;;
    (p6) mov r20 = r0
    (p6) adds r18 = 16, r18
    ;;
    dep r19 = r20, r19, 41, 2
    mov cr.iip = r18
    ;;
    mov cr.ipsr = r19
    HANDLER_RETURN
drop_lp:
    movl r17 = __rec
    mov r18 = cr.isr
    mov r19 = cr.ipsr
    mov r20 = cr.iip
    movl r22 = ~(1 << 25)
    ;;
    adds r21 = REC_ISR, r17
    adds r23 = REC_IIP, r17
    mov r24 = 1
    and r19 = r19, r22
    ;;
    st8 [r17] = r24
    st8 [r21] = r18
    st8 [r23] = r20
    mov cr.ipsr = r19
    HANDLER_RETURN
