/* SPDX-License-Identifier: GPL-2.0-only
 *
 * One jump anywhere with registers of one's choice (struct attempt in epc.c), and what has become of them.
 */
#define __ASSEMBLY__
#include <public/arch-ia64.h>
#include "kernel.h"
#include "epc.h"

#define PSR_IC (1 << 13)
#define AT(reg, field) movl reg = attempt + (field);;

    .bss
    .align 16
saved: .skip 8 * 32

    .altmacro
    .macro FILL m
    adds r&m = 0x100, r0
    .endm
/* Registers of a frame by number: n counts. */
    .macro LOCAL_SET m
    .if n % 5
    adds r&m = 7 * n + 1, r35
    .else
    mov r&m = r16
    .endif
    .endm
    .macro LOCAL_CHECK m
    .if n % 5
    adds r15 = 7 * n + 1, r35
    tnat.nz p6, p0 = r&m
    ;;
    cmp.ne p7, p0 = r15, r&m
    .else
    tnat.z p6, p0 = r&m
    cmp.ne p7, p0 = r0, r0
    .endif
    ;;
(p6) adds r9 = 1, r9
    ;;
(p7) adds r9 = 1, r9
    ;;
    .endm

    .text
/* void epc_jump(void): as attempt says. Comes back by what happens first: a return to `back`, or a fault. */
    .global epc_jump
    .proc epc_jump
epc_jump:
    alloc r14 = ar.pfs, 0, 0, 0, 0
    movl r15 = saved
    mov r16 = ar.unat
    ;;
    st8 [r15] = r14, 8
    ;;
    st8 [r15] = r16, 8
    mov r16 = ar.fpsr
    mov r17 = ar.rsc
    ;;
    st8 [r15] = r16, 8
    mov r18 = b0
    ;;
    st8 [r15] = r17, 8
    mov r16 = pr
    mov.i r17 = ar.lc
    ;;
    st8 [r15] = r18, 8
    ;;
    st8 [r15] = r16, 8
    ;;
    st8 [r15] = r17, 8
    ;;
    .irp n, 1, 4, 5, 6, 7, 12, 13
    st8 [r15] = r\n, 8
    ;;
    .endr
    .irp n, 1, 2, 3, 4, 5
    mov r16 = b\n
    ;;
    st8 [r15] = r16, 8
    ;;
    .endr
    flushrs
    ;;
    mov ar.rsc = 0
    ;;
    mov r16 = ar.bspstore
    mov r17 = ar.rnat
    ;;
    st8 [r15] = r16, 8
    ;;
    st8 [r15] = r17, 8
    AT(r14, A_BSPSTORE)
    ld8 r16 = [r14]
    AT(r14, A_RNAT)
    ld8 r17 = [r14]
    ;;
    cmp.ne p6, p0 = r0, r16
    ;;
(p6) mov ar.bspstore = r16
    ;;
(p6) mov ar.rnat = r17
    /* Where to. */
    AT(r14, A_IP)
    ld8 r16 = [r14]
    AT(r14, A_PSR)
    ld8 r17 = [r14]
    AT(r14, A_FRAME)
    ld8 r18 = [r14]
    movl r19 = back_fault
    movl r20 = fault_resume
    ;;
    st8 [r20] = r19
    extr.u r19 = r16, 0, 2
    dep r16 = 0, r16, 0, 4
    rsm PSR_IC
    ;;
    dep r17 = r19, r17, 41, 2
    srlz.i
    ;;
    mov cr.iip = r16
    mov cr.ipsr = r17
    mov cr.ifs = r0
    cmp.eq p6, p0 = 1, r18
    cmp.eq p7, p0 = 2, r18
    cmp.eq p8, p0 = 3, r18
    ;;
(p6) br.cond.spnt frame_5
(p7) br.cond.spnt frame_8
(p8) br.cond.spnt frame_96
    ;;
frame_0:
    alloc r14 = ar.pfs, 0, 0, 0, 0
    br.sptk 1f
    ;;
frame_5:
    alloc r14 = ar.pfs, 0, 5, 0, 0
    ;;
    mov r32 = r0
    mov r33 = r0
    mov r34 = r0
    mov r35 = r0
    mov r36 = r0
    br.sptk 1f
    ;;
frame_8:
    alloc r14 = ar.pfs, 0, 8, 0, 0
    ;;
    .irp n, 32, 33, 34, 35, 36, 37, 38, 39
    mov r\n = r0
    .endr
    br.sptk 1f
    ;;
frame_96:
    alloc r14 = ar.pfs, 0, 96, 0, 0
    ;;
    .set n, 32
    .rept 96
    FILL %n
    .set n, n + 1
    .endr
    br.sptk 1f
    ;;
    .align 16
1:  cmp.ne p6, p0 = r0, r18
    AT(r14, A_ARG)
(p6) ld8 r32 = [r14], 8
    ;;
(p6) ld8 r33 = [r14], 8
    ;;
(p6) ld8 r34 = [r14], 8
    ;;
(p6) ld8 r35 = [r14], 8
    ;;
(p6) ld8 r36 = [r14]
    AT(r14, A_PFS)
    ld8 r16 = [r14]
    AT(r14, A_RSC)
    ld8 r17 = [r14]
    AT(r14, A_B0)
    ld8 r18 = [r14]
    AT(r14, A_NAT)
    ld8 r19 = [r14]
    AT(r14, A_PR)
    ld8 r20 = [r14]
    movl r21 = back
    ;;
    mov ar.pfs = r16
    mov ar.rsc = r17
    cmp.eq p6, p0 = r0, r18
    mov ar.unat = r19
    movl r22 = 0x123456789abcde0
    ;;
(p6) mov r18 = r21
    .irp n, 1, 2, 3, 4, 5, 6, 7
    mov b\n = r22
    .endr
    mov ar.ccv = r22
    mov ar.csd = r22
    mov ar.ssd = r22
    mov.i ar.lc = r22
    setf.sig f6 = r22
    setf.sig f7 = r22
    setf.sig f8 = r22
    setf.sig f9 = r22
    setf.sig f10 = r22
    setf.sig f11 = r22
    ;;
    mov b0 = r18
    mov pr = r20, -1
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    AT(r14, A_GR + 8 * \n)
    ld8.fill r\n = [r14]
    .endr
    AT(r14, A_GR + 8 * 14)
    ld8.fill r14 = [r14]
    ;;
    rfi
    ;;
    .endp epc_jump

/* It returned, at whatever level. r14 and r15 by way of b7 and b6. */
back:
    rum 0xa                             /* be, ac */
    ;;
    mov b7 = r14
    mov b6 = r15
    ;;
    mov r15 = ar.unat
    AT(r14, R_UNAT)
    st8 [r14] = r15
    ;;
    mov ar.unat = r0
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    AT(r14, R_GR + 8 * \n)
    st8.spill [r14] = r\n
    .endr
    mov r16 = b7
    mov r17 = b6
    ;;
    AT(r14, R_GR + 8 * 14)
    st8 [r14] = r16, 8
    ;;
    st8 [r14] = r17
    mov r16 = ar.unat
    AT(r14, R_NAT)
    st8 [r14] = r16
    .irp n, 0, 1, 2, 3, 4, 5
    mov r16 = b\n
    AT(r14, R_BR + 8 * \n)
    st8 [r14] = r16
    .endr
#define PUT_I(field, what) mov.i r16 = what; AT(r14, field) st8 [r14] = r16;
#define PUT_M(field, what) mov r16 = what; AT(r14, field) st8 [r14] = r16;
    PUT_M(R_PR, pr)
    PUT_M(R_RSC, ar.rsc)
    PUT_I(R_PFS, ar.pfs)
    PUT_M(R_BSP, ar.bsp)
    PUT_M(R_FPSR, ar.fpsr)
    PUT_I(R_LC, ar.lc)
    PUT_M(R_CCV, ar.ccv)
    PUT_M(R_CSD, ar.csd)
    PUT_M(R_SSD, ar.ssd)
    PUT_M(R_UM, psr.um)
    .irp n, 6, 7, 8, 9, 10, 11
    AT(r14, R_FR + 16 * (\n - 6))
    stf.spill [r14] = f\n
    .endr
    ;;
    break.m EPC_BACK
    ;;

back_fault:
    alloc r14 = ar.pfs, 0, 0, 0, 0
    mov ar.rsc = 0
    movl r16 = fault_record
    AT(r15, R_FAULT)
    .rept 5
    ld8 r17 = [r16], 8
    ;;
    st8 [r15] = r17, 8
    ;;
    .endr
    movl r15 = saved
    ;;
    ld8 r14 = [r15], 8
    ;;
    ld8 r16 = [r15], 8
    mov ar.pfs = r14
    ;;
    ld8 r17 = [r15], 8
    mov ar.unat = r16
    ;;
    ld8 r18 = [r15], 8                  /* rsc */
    mov ar.fpsr = r17
    ;;
    ld8 r16 = [r15], 8
    ;;
    mov b0 = r16
    ld8 r16 = [r15], 8
    ;;
    mov pr = r16, -1
    ld8 r16 = [r15], 8
    ;;
    mov.i ar.lc = r16
    .irp n, 1, 4, 5, 6, 7, 12, 13
    ld8 r\n = [r15], 8
    ;;
    .endr
    .irp n, 1, 2, 3, 4, 5
    ld8 r16 = [r15], 8
    ;;
    mov b\n = r16
    .endr
    ld8 r16 = [r15], 8
    ;;
    ld8 r17 = [r15], 8
    ;;
    mov ar.bspstore = r16
    ;;
    mov ar.rnat = r17
    ;;
    mov ar.rsc = r18
    ;;
    br.ret.sptk.many b0
    ;;

/*
 * u64 epc_locals(u64 nr, u64 a0, u64 a1, u64 seed): calls with 80 local registers in use, every fifth a NaT, and says how many have changed.
 */
    .global epc_locals
    .proc epc_locals
epc_locals:
    alloc r35 = ar.pfs, 4, 84, 2, 0     /* r36: b0, r37: ar.unat, r38: pr, r39: -, r40 - r119; out r120, r121 */
    mov r36 = b0
    mov r37 = ar.unat
    mov r38 = pr
    movl r14 = -1
    movl r15 = nat_source
    ;;
    mov ar.unat = r14
    ;;
    ld8.fill r16 = [r15]
    mov ar.unat = r37
    movl r15 = XEN_FAST_HYPERCALL
    ;;
    .set n, 0
    .rept 80
    LOCAL_SET %(n + 40)
    .set n, n + 1
    .endr
    ;;
    mov b6 = r15
    mov r2 = r32
    mov r120 = r33
    mov r121 = r34
    br.call.sptk.many b0 = b6
    ;;
    movl r14 = epc_locals_result
    mov r9 = 0
    ;;
    st8 [r14] = r8
    .set n, 0
    .rept 80
    LOCAL_CHECK %(n + 40)
    .set n, n + 1
    .endr
    mov r8 = r9
    mov pr = r38, -1
    mov b0 = r36
    mov ar.pfs = r35
    ;;
    br.ret.sptk.many b0
    ;;
    .endp epc_locals

/* void epc_on_store(u64 store, void (*fn)(void)): fn with the register stack at store. */
    .global epc_on_store
    .proc epc_on_store
epc_on_store:
    alloc r34 = ar.pfs, 2, 4, 0, 0
    mov r35 = b0
    mov r36 = ar.rsc
    mov r37 = r32
    ld8 r14 = [r33]                     /* a descriptor */
    ;;
    mov b6 = r14
    ;;
    mov r14 = r37
    mov r15 = r36
    mov r16 = r35
    mov r17 = r34
    ;;
    alloc r18 = ar.pfs, 0, 0, 0, 0
    ;;
    flushrs
    ;;
    mov ar.rsc = 0
    ;;
    mov r19 = ar.bspstore
    mov r20 = ar.rnat
    ;;
    mov ar.bspstore = r14
    ;;
    mov ar.rnat = r0
    mov ar.rsc = r15
    movl r18 = on_store_saved
    ;;
    st8 [r18] = r15, 8
    ;;
    st8 [r18] = r16, 8
    ;;
    st8 [r18] = r17, 8
    ;;
    st8 [r18] = r19, 8
    ;;
    st8 [r18] = r20
    br.call.sptk.many b0 = b6
    ;;
    movl r18 = on_store_saved
    alloc r14 = ar.pfs, 0, 0, 0, 0
    ;;
    mov ar.rsc = 0
    ld8 r15 = [r18], 8
    ;;
    ld8 r16 = [r18], 8
    ;;
    ld8 r17 = [r18], 8
    ;;
    ld8 r19 = [r18], 8
    ;;
    ld8 r20 = [r18]
    ;;
    mov ar.bspstore = r19
    ;;
    mov ar.rnat = r20
    mov b0 = r16
    mov ar.pfs = r17
    ;;
    mov ar.rsc = r15
    br.ret.sptk.many b0
    ;;
    .endp epc_on_store

    .bss
    .align 16
on_store_saved: .skip 40
    .global epc_locals_result
epc_locals_result: .skip 8
nat_source: .skip 8
