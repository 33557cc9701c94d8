/* SPDX-License-Identifier: GPL-2.0-only
 *
 * External interrupts from messages to oneself (SDM 2:5.8): what is pending, in which order it is served under which cr.tpr, with and without nesting,
 * what ends what. Prints the vectors that each situation serves, and what is left. Physical mode.
 */
#include "bare.h"
#include "virt.h"

#define PIB 0x80000000fee00000
#define LOG_SIZE 64

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 6, 2, 0
    ;;
    ON(0x3000, __serve)
    mov r14 = cr.lid
    movl r33 = PIB
    ;;
    extr.u r14 = r14, 16, 16        /* id.eid: address bits 19:4 */
    ;;
    shl r14 = r14, 4
    ;;
    add r33 = r33, r14

/* mode << 8 | vector, to this processor; it is there when the store is done (mf.a, and a look at irr that takes its time). */
#define SEND(data) movl r14 = data; ;; st8.rel [r33] = r14; ;; mf.a; ;; mov r14 = cr.irr0; ;;
#define TPR(v) mov r14 = v; ;; mov cr.tpr = r14; ;; srlz.d; ;;
#define HOW(v) movl r2 = __how; mov r3 = v; ;; st8 [r2] = r3; ;;
#define OPEN ssm psr.i; ;; srlz.d; ;; nop 0; ;; nop 0; ;; nop 0; ;; rsm psr.i; ;;
#define SAY(title) .section .rodata; 88: .asciz title; .text; movl r14 = 88b; ;; br.call.sptk.many b6 = __say; ;;
/* Six messages, in an order that is not that of service. */
#define ALL SEND(0x41) SEND(0xf0) SEND(0x30) SEND(0x400) SEND(0x11) SEND(0x700) SEND(0xf0) SEND(0x80)

    SAY("nothing")
    OPEN
    SAY("reading ivr with nothing pending")
    mov r14 = cr.ivr
    ;;
    br.call.sptk.many b6 = __note
    ;;
    SAY("reserved vectors")
    SEND(1) SEND(3) SEND(15)
    SAY("all, an EOI each")
    HOW(0)
    ALL
    SAY("  pending")
    OPEN
    SAY("all, tpr.mic 4")
    TPR(0x40)
    ALL
    OPEN
    SAY("  then mic 0")
    TPR(0)
    OPEN
    SAY("all, tpr.mic 15")
    TPR(0xf0)
    ALL
    OPEN
    SAY("  then mmi")
    TPR(0)
    movl r14 = 1 << 16
    ;;
    mov cr.tpr = r14
    ;;
    srlz.d
    SEND(0x400)
    OPEN
    SAY("  then nothing masked")
    TPR(0)
    OPEN
    SAY("all, no EOI until nothing is served any more")
    HOW(1)
    ALL
    OPEN
    SAY("  then one EOI after another")
    mov r34 = 8
    ;;
2:  mov cr.eoi = r0
    ;;
    srlz.d
    OPEN
    SAY("  EOI")
    adds r34 = -1, r34
    ;;
    cmp.ne p6, p0 = 0, r34
(p6) br.cond.sptk 2b
    ;;
    SAY("nested: each lets higher ones in, and gets a higher one")
    HOW(2)
    SEND(0x31)
    OPEN
    SAY("polled with psr.i 0")
    HOW(0)
    ALL
    mov r34 = 9
    ;;
3:  mov r14 = cr.ivr
    ;;
    br.call.sptk.many b6 = __note
    ;;
    mov cr.eoi = r0
    ;;
    srlz.d
    adds r34 = -1, r34
    ;;
    cmp.ne p6, p0 = 0, r34
(p6) br.cond.sptk 3b
    ;;
    SAY("in service twice: the same vector again while it is served")
    SEND(0x55)
    mov r14 = cr.ivr
    ;;
    br.call.sptk.many b6 = __note
    ;;
    SEND(0x55)
    mov r14 = cr.ivr
    ;;
    br.call.sptk.many b6 = __note
    ;;
    mov cr.eoi = r0
    ;;
    srlz.d
    mov r14 = cr.ivr
    ;;
    br.call.sptk.many b6 = __note
    ;;
    mov cr.eoi = r0
    ;;
    SAY("ivr takes; an EOI too many does nothing")
    mov cr.eoi = r0
    ;;
    mov cr.eoi = r0
    ;;
    SEND(0x66)
    OPEN
    SAY("psr.ic 0 and psr.i 1")
    HOW(3)
    movl r2 = __back
    movl r3 = 4f
    ;;
    st8 [r2] = r3
    SEND(0x67)
    rsm psr.ic
    ;;
    srlz.i
    ;;
    ssm psr.i
    ;;
    srlz.d
    ;;
    nop 0
    ;;
    nop 0
    ;;
4:
    ;;
    SAY("timer: itm a little ahead")
    HOW(0)
    mov r14 = 0xe1
    ;;
    mov cr.itv = r14
    mov r15 = ar.itc
    movl r16 = 100000
    ;;
    add r15 = r15, r16
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
    ;;
    ssm psr.i
    ;;
    srlz.d
    ;;
5:  movl r2 = __log_count
    ;;
    ld8 r14 = [r2]
    ;;
    cmp.eq p6, p0 = 0, r14
(p6) br.cond.sptk 5b
    ;;
    rsm psr.i
    mov r17 = ar.itc
    ;;
    cmp.geu p6, p7 = r17, r15       /* not before its time */
    ;;
(p7) mov r14 = 0xbad
(p7) br.call.sptk.many b6 = __note
    ;;
    SAY("timer: once only")
    OPEN
    SAY("timer: masked")
    movl r14 = 1 << 16 | 0xe1
    ;;
    mov cr.itv = r14
    mov r15 = ar.itc
    movl r16 = 1000
    ;;
    add r15 = r15, r16
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
6:  mov r17 = ar.itc
    ;;
    cmp.ltu p6, p0 = r17, r15
(p6) br.cond.sptk 6b
    ;;
    OPEN
    SAY("timer: into irr with psr.i 0")
    mov r14 = 0xe2
    ;;
    mov cr.itv = r14
    mov r15 = ar.itc
    movl r16 = 50000
    ;;
    add r15 = r15, r16
    ;;
    mov cr.itm = r15
    ;;
    srlz.d
7:  mov r17 = ar.itc
    adds r18 = 1000, r15
    ;;
    cmp.ltu p6, p0 = r17, r18
(p6) br.cond.sptk 7b
    ;;
    mov r14 = cr.irr3
    ;;
    br.call.sptk.many b6 = __note
    ;;
    OPEN
    SAY("the end")
    movl r14 = 1 << 16
    ;;
    mov cr.itv = r14
    ;;
    DONE

/* Prints what has been served since the last time, and what is pending; then the title r14 of what comes. */
    .proc __say
__say:
    alloc r32 = ar.pfs, 8, 0, 0, 0
    mov r33 = b6
    mov r34 = r14
    movl r35 = __log
    movl r36 = __log_count
    ;;
    ld8 r37 = [r36]
    st8 [r36] = r0
    ;;
1:  cmp.eq p6, p0 = 0, r37
(p6) br.cond.sptk 2f
    ;;
    ld8 r14 = [r35], 8
    adds r37 = -1, r37
    ;;
    br.call.sptk.many b6 = __puthex
    ;;
    movl r14 = .Lnl
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    br.sptk 1b
2:  mov r38 = cr.irr0
    ;;
    mov r39 = cr.irr1
    ;;
    or r38 = r38, r39
    mov r39 = cr.irr2
    ;;
    mov r37 = cr.irr3
    or r38 = r38, r39
    ;;
    or r38 = r38, r37
    movl r14 = .Lpending
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    mov r14 = r38
    br.call.sptk.many b6 = __puthex
    ;;
    movl r14 = .Lnl
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    mov r14 = r34
    br.call.sptk.many b6 = __puts
    ;;
    movl r14 = .Lnl
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    br.call.sptk.many b6 = __flush
    ;;
    mov ar.pfs = r32
    mov b6 = r33
    ;;
    br.ret.sptk.many b6
    ;;
    .endp __say

/* r14 into the log. */
    .proc __note
__note:
    movl r2 = __log_count
    movl r3 = __log
    ;;
    ld8 r8 = [r2]
    ;;
    shladd r3 = r8, 3, r3
    adds r8 = 1, r8
    ;;
    st8 [r3] = r14
    st8 [r2] = r8
    br.ret.sptk.many b6
    ;;
    .endp __note

/* The external interrupt handler, in bank 0. r31 pr, r30 b6. __how: 0 one vector, and its EOI; 1 no EOI; 2 nested; 3 back to __back. */
#define NOTE(reg) \
    movl r17 = __log_count; movl r18 = __log; ;; \
    ld8 r19 = [r17]; ;; \
    shladd r18 = r19, 3, r18; adds r19 = 1, r19; ;; \
    st8 [r18] = reg; st8 [r17] = r19; ;;
__serve:
    mov r20 = cr.ivr
    movl r21 = __how
    ;;
    NOTE(r20)
    ld8 r21 = [r21]
    mov r22 = cr.isr
    ;;
    cmp.eq p6, p0 = 0, r21
    cmp.eq p7, p0 = 2, r21
    cmp.eq p8, p0 = 3, r21
    ;;
(p6) mov cr.eoi = r0
(p7) br.cond.sptk .Lnest
(p8) br.cond.sptk .Lback
    ;;
    srlz.d
    HANDLER_RETURN

.Lback:
    NOTE(r22)                       /* isr.ni */
    mov cr.eoi = r0
    movl r17 = __back
    movl r18 = P_PHYS
    ;;
    ld8 r17 = [r17]
    mov cr.ipsr = r18
    mov cr.ifs = r0
    ;;
    mov cr.iip = r17
    srlz.d
    HANDLER_RETURN

    /* Sends itself one 16 higher, up to 0xf1, and lets it in. */
.Lnest:
    mov r23 = cr.iip
    mov r24 = cr.ipsr
    mov r25 = r31
    mov r26 = r30
    movl r27 = PIB
    mov r28 = cr.lid
    adds r20 = 16, r20
    ;;
    extr.u r28 = r28, 16, 16
    movl r29 = 0xf1
    ;;
    cmp.ltu p6, p0 = r29, r20
    shl r28 = r28, 4
    ;;
    add r27 = r27, r28
(p6) br.cond.sptk 1f
    ;;
    /* What is needed after it, on a stack of our own. */
    movl r17 = __nest
    ;;
    ld8 r18 = [r17]
    ;;
    st8 [r18] = r23, 8
    ;;
    st8 [r18] = r24, 8
    ;;
    st8 [r18] = r25, 8
    ;;
    st8 [r18] = r26, 8
    ;;
    st8 [r17] = r18
    st8.rel [r27] = r20
    ;;
    mf.a
    mov r18 = cr.irr0
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
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
    rsm psr.ic
    ;;
    srlz.i
    ;;
    movl r17 = __nest
    ;;
    ld8 r18 = [r17]
    ;;
    adds r18 = -8, r18
    ;;
    ld8 r26 = [r18], -8
    ;;
    ld8 r25 = [r18], -8
    ;;
    ld8 r24 = [r18], -8
    ;;
    ld8 r23 = [r18]
    st8 [r17] = r18
    ;;
1:  movl r20 = 0xe01                /* one comes back */
    ;;
    NOTE(r20)
    mov cr.eoi = r0
    mov cr.iip = r23
    mov cr.ipsr = r24
    mov r31 = r25
    mov r30 = r26
    ;;
    srlz.d
    HANDLER_RETURN

    .section .rodata
.Lnl:   .asciz "\n"
.Lpending: .asciz "pending: "
    .data
    .align 16
__how:  data8 0
__back: data8 0
__nest: data8 __nest_stack
__log_count: data8 0
__log:  .skip 8 * LOG_SIZE
__nest_stack: .skip 32 * 20
