/* SPDX-License-Identifier: GPL-2.0-only */
/* What cpus.h cannot say in C: where processors start, the handler, single accesses that may fault. */
#include "bare.h"
#include "virt.h"
#include "cpus.h"

/* A processor as SAL hands it over; cr.lid says which it is. As crt0.S does for the first. */
    .text
    .global __ap_start
    .proc __ap_start
__ap_start:
    rsm psr.i | psr.ic
    rum psr.ac
    ;;
    srlz.i
    ;;
    mov r2 = cr.lid
    movl r3 = __cpu_stacks
    mov ar.rsc = 0
    movl r4 = 0x9804c0270033f
    movl gp = __gp
    ;;
    shr.u r2 = r2, 24
    ;;
    shl r5 = r2, 16                     /* CPU_STACK */
    ;;
    add r3 = r3, r5
    movl r6 = CPU_STACK - 16
    ;;
    mov ar.bspstore = r3
    add r12 = r3, r6
    mov ar.fpsr = r4
    ;;
    mov ar.rnat = r0
    loadrs
    movl r7 = __ivt
    ;;
    mov cr.iva = r7
    mov cr.tpr = r0
    bsw.1
    ;;
    mov ar.rsc = 3
    srlz.d
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
    alloc r2 = ar.pfs, 0, 1, 1, 0
    mov r14 = cr.lid
    ;;
    shr.u r33 = r14, 24
    br.call.sptk.many b0 = ap_main
    ;;
    .endp __ap_start

/* u64 sal_call(u64 *entry_gp, u64 nr, u64 a, u64 b, u64 c, u64 d, u64 *r9) */
    .global sal_call
    .proc sal_call
sal_call:
    alloc r39 = ar.pfs, 7, 3, 8, 0
    mov r40 = b0
    mov r41 = gp
    ld8 r14 = [r32], 8
    mov r42 = r33
    mov r43 = r34
    mov r44 = r35
    mov r45 = r36
    mov r46 = r37
    mov r47 = r0
    mov r48 = r0
    mov r49 = r0
    ;;
    ld8 gp = [r32]
    mov b6 = r14
    ;;
    br.call.sptk.many b0 = b6
    ;;
    st8 [r38] = r9
    mov gp = r41
    mov b0 = r40
    mov ar.pfs = r39
    ;;
    br.ret.sptk.many b0
    ;;
    .endp sal_call

/* void pal_static(u64 entry, u64 index): the static convention has no frame of its own (SDM 2:11.10.2.1). */
    .global pal_static
    .proc pal_static
pal_static:
    alloc r34 = ar.pfs, 2, 2, 0, 0
    mov r35 = b0
    mov r28 = r33
    mov r29 = r0
    mov r30 = r0
    mov r31 = r0
    movl r14 = 1f
    ;;
    mov b6 = r32
    mov b0 = r14
    ;;
    br.sptk.many b6
    ;;
1:  mov b0 = r35
    mov ar.pfs = r34
    ;;
    br.ret.sptk.many b0
    ;;
    .endp pal_static

    .global go_virtual
    .proc go_virtual
go_virtual:
    GO_VIRTUAL
    br.ret.sptk.many b0
    ;;
    .endp go_virtual

    .global wait_open
    .proc wait_open
wait_open:
    ssm psr.i
    ;;
    srlz.d
1:  ld8.acq r14 = [r32]
    ;;
    cmp.ne p6, p0 = r14, r33
    hint @pause
(p6) br.cond.sptk 1b
    ;;
    rsm psr.i
    ;;
    br.ret.sptk.many b0
    ;;
    .endp wait_open

    .global open_window
    .proc open_window
open_window:
    ssm psr.i
    ;;
    srlz.d
    ;;
    nop 0
    ;;
    nop 0
    ;;
    rsm psr.i
    ;;
    br.ret.sptk.many b0
    ;;
    .endp open_window

    .global wait_open_noic
    .proc wait_open_noic
wait_open_noic:
    movl r2 = 2f
    ;;
    st8 [r32] = r2                      /* resume */
    rsm psr.ic
    ;;
    srlz.i
    ;;
    ssm psr.i
    ;;
    srlz.d
    ;;
1:  ld8.acq r14 = [r33]
    ;;
    cmp.ne p6, p0 = r14, r34
(p6) br.cond.sptk 1b
    ;;
2:  rsm psr.i
    ;;
    st8 [r32] = r0
    ssm psr.ic
    ;;
    srlz.i
    ;;
    br.ret.sptk.many b0
    ;;
    .endp wait_open_noic

#define EXPECT \
    movl r2 = 1f; \
    adds r3 = CPU_VECTOR, r32; ;; \
    st8 [r32] = r2; \
    st8 [r3] = r0; ;;

    .global try_load
    .proc try_load
try_load:
    EXPECT
    mov r8 = -1
    ;;
    ld8 r8 = [r33]
    ;;
1:  st8 [r32] = r0
    br.ret.sptk.many b0
    ;;
    .endp try_load

    .global try_store
    .proc try_store
try_store:
    EXPECT
    st8 [r33] = r34
    ;;
1:  st8 [r32] = r0
    br.ret.sptk.many b0
    ;;
    .endp try_store

    .global try_call
    .proc try_call
try_call:
    alloc r34 = ar.pfs, 2, 2, 0, 0
    mov r35 = b0
    EXPECT
    mov r8 = -1
    mov b6 = r33
    ;;
    br.call.sptk.many b0 = b6
    ;;
    st8 [r32] = r0
    mov b0 = r35
    mov ar.pfs = r34
    ;;
    br.ret.sptk.many b0
    ;;
1:  br.ret.sptk.many b0                 /* a fault at the target: out of its frame */
    ;;
    .endp try_call

/*
 * u64 run_at(struct cpu *me, u64 psr, u64 ip, u64 arg, void *data): code at ip, with r14 arg and r15 data; r8 its result. A fault or a break ends it.
 */
    .global run_at
    .proc run_at
run_at:
    alloc r37 = ar.pfs, 5, 4, 0, 0
    mov r38 = b0
    mov r39 = pr
    mov r40 = ar.lc
    movl r2 = 1f
    adds r3 = CPU_VECTOR, r32
    ;;
    st8 [r32] = r2
    st8 [r3] = r0
    mov r14 = r35
    mov r8 = r0
    mov r15 = r36
    ;;
    rsm psr.ic
    ;;
    srlz.i
    ;;
    mov cr.ipsr = r33
    mov cr.iip = r34
    mov cr.ifs = r0
    ;;
    rfi
    ;;
1:  mov b0 = r38
    mov ar.pfs = r37
    mov pr = r39, -1
    mov ar.lc = r40
    br.ret.sptk.many b0
    ;;
    .endp run_at

/* For try_call, wherever it is mapped. */
    .align 64
    .global tiny_callee
tiny_callee:
    { .mib; mov r8 = 77; nop.i 0; br.ret.sptk.many b0; }
    ;;

    .global alat_kept
    .proc alat_kept
alat_kept:
    mov r14 = 1
    mov r8 = r0
    ;;
    ld8.a r15 = [r32]
    ;;
    st8.rel [r33] = r14
1:  ld8.acq r16 = [r34]
    ;;
    cmp.ne p6, p0 = 1, r16
(p6) br.cond.sptk 1b
    ;;
    chk.a.nc r15, 2f
    mov r8 = 1
2:  br.ret.sptk.many b0
    ;;
    .endp alat_kept

/* --- interruptions: bank 0, r16 vector, r31 pr, r30 b6 --- */

    .global __cpu_interrupt, __cpu_fault
__cpu_interrupt:
    mov r17 = ar.k7
    mov r18 = cr.ivr
    mov r19 = cr.isr
    mov r27 = 1 << 13
    ;;
    srlz.d
    adds r20 = CPU_NLOG, r17
    adds r21 = CPU_LOG, r17
    adds r22 = CPU_HOW, r17
    tbit.nz p6, p0 = r19, 39            /* isr.ni: nothing was collected */
    ;;
(p6) add r18 = r18, r27
    ld8 r23 = [r20]
    ld8 r24 = [r22]
    ;;
    extr.u r26 = r23, 0, 6              /* the log's last LOG_SIZE */
    adds r23 = 1, r23
    cmp.eq p7, p0 = HOW_NOEOI, r24
    cmp.eq p8, p0 = HOW_TIMER, r24
    ;;
    shladd r21 = r26, 3, r21
    ;;
    st8 [r21] = r18
    st8 [r20] = r23, CPU_PERIOD - CPU_NLOG
    ;;
(p8) ld8 r23 = [r20]
(p8) mov r25 = ar.itc
    ;;
(p8) add r25 = r25, r23
    ;;
(p8) mov cr.itm = r25
(p7) br.cond.sptk 1f
    ;;
    mov cr.eoi = r0
    ;;
1:  srlz.d
(p6) br.cond.sptk .Lto_resume
    ;;
    HANDLER_RETURN

__cpu_fault:
    mov r17 = ar.k7
    ;;
    adds r18 = CPU_COUNT, r17
    ld8 r20 = [r17]
    ;;
    ld8 r19 = [r18]
    ;;
    adds r19 = 1, r19
    ;;
    st8 [r18] = r19, 8
    ;;
    st8 [r18] = r16, 8
    mov r19 = cr.isr
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.ifa
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.itir
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.ipsr
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.iip
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.iim
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.iha
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.iipa
    ;;
    st8 [r18] = r19, 8
    mov r19 = cr.ifs
    ;;
    st8 [r18] = r19
.Lto_resume:
    ld8 r20 = [r17]
    movl r21 = .Lunexpected
    ;;
    cmp.eq p6, p7 = 0, r20
    st8 [r17] = r0
    mov r22 = cr.ipsr
    ;;
    tbit.nz p8, p9 = r22, 36            /* psr.it: as it was, virtual or physical */
    movl r23 = P_VIRT
    movl r24 = P_PHYS
    ;;
(p8) mov r24 = r23
(p6) mov r20 = r21
    ;;
    mov cr.iip = r20
    mov cr.ipsr = r24
    HANDLER_RETURN

.Lunexpected:                           /* whatever frame and stack there was */
    clrrrb
    cover
    ;;
    movl r12 = __cpu_stacks + CPU_STACK * MAX_CPUS - 16
    alloc r2 = ar.pfs, 0, 0, 1, 0
    mov r32 = ar.k7
    movl gp = __gp
    ;;
    br.call.sptk.many b0 = cpu_unexpected
    ;;

    .bss
    .align 65536
    .global __cpu_stacks
__cpu_stacks: .skip CPU_STACK * MAX_CPUS
