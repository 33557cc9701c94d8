/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Every privileged and sensitive instruction, and the faults of memory accesses, in each mode: virtual at level 0 with psr.ic 1 and 0, at
 * level 3, and physical. See sweep.h.
 */
#include "bare.h"
#include "virt.h"
#include "sweep.h"

#define V0 (P_VIRT)
#define V0N (P_DT | P_RT | P_IT | P_BN)
#define V3 (P_VIRT | P_CPL(3))
#define PHYSICAL (P_PHYS)

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 4, 2, 0
    ;;
    /* One handler for all vectors. */
    movl r2 = __handlers
    movl r3 = __sweep_handler
    mov r14 = 0x80
    ;;
1:  st8 [r2] = r3, 8
    adds r14 = -1, r14
    ;;
    cmp.ne p6, p0 = 0, r14
(p6) br.cond.sptk 1b
    ;;
    /* What firmware left does not count. */
    rsm psr.ic
    ;;
    srlz.i
    ;;
    mov cr.ifa = r0
    mov cr.itir = r0
    mov cr.iim = r0
    mov cr.iha = r0
    mov cr.isr = r0
    mov cr.ifs = r0
    mov cr.iipa = r0
    mov cr.dcr = r0
    movl r2 = 15 << 2
    ;;
    mov cr.pta = r2
    movl r2 = 1 << 16
    ;;
    mov cr.itv = r2
    mov cr.pmv = r2
    mov cr.cmcv = r2
    mov cr.itm = r0
    ;;
    srlz.i
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
    SET_RR(1, RR(0x101, 14, 0))
    SET_RR(2, RR(0x102, 14, 0))
    SET_RR(3, RR(0x103, 14, 0))
    SET_RR(4, RR(0x104, 14, 0))
    SET_RR(5, RR(0x105, 14, 0))
    SET_RR(6, RR(0x106, 14, 0))
    GO_VIRTUAL

    CONTEXT("virtual, level 0", V0)
#include "list.inc"
    CONTEXT("virtual, level 0, psr.ic 0", V0N)
#include "list.inc"
    CONTEXT("virtual, level 3", V3)
#include "list.inc"
    CONTEXT("physical, level 0", PHYSICAL)
#define LIST_NO_MEMORY
#include "list.inc"
    CONTEXT("end", PHYSICAL)
    DONE

/* The registers of sweep.h. */
    .proc __registers
__registers:
    mov r20 = r0
    movl r21 = -1
    movl r22 = __data
    movl r25 = UNMAPPED
    movl r28 = 5 << 61 | 0x1000
    mov r24 = 3
    mov r27 = 14 << 2
    mov r29 = 100
    movl r8 = 0x8888
    ;;
    mov ar.unat = r21
    ;;
    ld8.fill r23 = [r22]
    adds r26 = 1, r22
    mov r9 = r0
    mov r10 = r0
    br.ret.sptk.many b6
    ;;
    .endp __registers

#define PUT(label) movl r14 = label; ;; br.call.sptk.many b6 = __puts; ;;
#define PUTX(reg) mov r14 = reg; ;; br.call.sptk.many b6 = __puthex; ;;

    .section .rodata
.Lt1:   .asciz "== "
.Lnl2:  .asciz "\n"
.Lr8:   .asciz ": r8 "
.Lnat:  .asciz ": r8 NaT"
.Lcount: .asciz ": interruptions "
.Lf1:   .asciz ", vector "
.Lf2:   .asciz " ip+"
.Lf3:   .asciz " ipsr "
.Lf4:   .asciz " isr "
.Lf5:   .asciz " ifa "
.Lf6:   .asciz " itir "
.Lf7:   .asciz " iim "
.Lf8:   .asciz " iha "
.Lf9:   .asciz " ifs "
    .text

    .proc __title
__title:
    alloc r32 = ar.pfs, 3, 0, 0, 0
    mov r33 = b6
    mov r34 = r14
    ;;
    PUT(.Lt1)
    mov r14 = r34
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    PUT(.Lnl2)
    mov ar.pfs = r32
    mov b6 = r33
    ;;
    br.ret.sptk.many b6
    ;;
    .endp __title

    .proc __report
__report:
    alloc r32 = ar.pfs, 8, 0, 0, 0
    mov r33 = b6
    mov r34 = r14
    movl r35 = __srec
    ;;
    ld8 r36 = [r35]
    ;;
    mov r14 = r34
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    cmp.ne p6, p7 = 0, r36
(p6) br.cond.sptk .Linterrupted
    ;;
    movl r14 = __r8
    ;;
    ld8.fill r37 = [r14]
    ;;
    tnat.nz p6, p7 = r37
    ;;
(p6) br.cond.sptk 1f
    ;;
    PUT(.Lr8)
    PUTX(r37)
    br.sptk 2f
1:  PUT(.Lnat)
    br.sptk 2f
.Linterrupted:
    PUT(.Lcount)
    PUTX(r36)
    PUT(.Lf1)
    adds r37 = 8, r35
    ;;
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf2)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf3)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf4)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf5)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf6)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf7)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf8)
    ld8 r38 = [r37], 8
    ;;
    PUTX(r38)
    PUT(.Lf9)
    ld8 r38 = [r37]
    ;;
    PUTX(r38)
2:  PUT(.Lnl2)
    st8 [r35] = r0
    tbit.nz p6, p0 = r32, 63        /* a user's output waits */
(p6) br.cond.sptk 3f
    ;;
    br.call.sptk.many b6 = __flush
    ;;
3:  mov ar.pfs = r32
    mov b6 = r33
    ;;
    br.ret.sptk.many b6
    ;;
    .endp __report

/* Bank 0; r16 vector, r31 pr, r30 b6. ip is given as the distance to the resumption point. */
__sweep_handler:
    movl r17 = __switching
    movl r18 = __resume
    movl r19 = __ctx_psr
    ;;
    ld8 r20 = [r17]
    ld8 r21 = [r18]
    ld8 r22 = [r19]
    ;;
    cmp.ne p6, p7 = 0, r20
    ;;
(p6) st8 [r17] = r0
(p6) movl r17 = __r8
    ;;
(p6) st8.spill [r17] = r8
(p6) br.cond.sptk 1f
    ;;
    movl r17 = __srec
    ;;
    ld8 r18 = [r17]
    mov r23 = cr.iip
    ;;
    adds r18 = 1, r18
    sub r23 = r21, r23
    ;;
    st8 [r17] = r18, 8
    ;;
    st8 [r17] = r16, 8
    mov r18 = cr.ipsr
    ;;
    st8 [r17] = r23, 8
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.isr
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.ifa
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.itir
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.iim
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.iha
    ;;
    st8 [r17] = r18, 8
    mov r18 = cr.ifs
    ;;
    st8 [r17] = r18
    ;;
1:  mov cr.iip = r21
    mov cr.ipsr = r22
    mov cr.ifs = r0
    HANDLER_RETURN

    .data
    .align 16
__data: .skip 256
    .global __switching, __ctx_psr
__switching: data8 0
__ctx_psr: data8 0
__r8:   data8 0
__srec: .skip 256
