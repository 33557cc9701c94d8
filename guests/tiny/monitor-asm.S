/* SPDX-License-Identifier: GPL-2.0-only */
/* What monitor.c counts, steps through and breaks on. */
#include "bare.h"
#include "virt.h"
#include "cpus.h"

    .text
/* Traps: where, what, and on. Bank 0; r16 vector, r31 pr, r30 b6. */
    .global __trap_handler
__trap_handler:
    mov r17 = cr.iip
    mov r18 = cr.ipsr
    mov r19 = cr.isr
    movl r20 = trap_log
    mov r21 = cr.iipa
    movl r22 = trap_base
    ;;
    ld8 r23 = [r20]
    ld8 r22 = [r22]
    ;;
    shl r24 = r23, 5
    adds r25 = 1, r23
    sub r17 = r17, r22
    sub r21 = r21, r22
    ;;
    st8 [r20] = r25, 8
    cmp.gtu p6, p7 = 120, r23
    ;;
    add r20 = r20, r24
    ;;
(p6) st8 [r20] = r17, 8
    ;;
(p6) st8 [r20] = r16, 8
    ;;
(p6) st8 [r20] = r19, 8
    ;;
(p6) st8 [r20] = r21
    /* A Debug fault: done again, once, without (psr.id, dd). */
    movl r26 = 0x5900
    movl r27 = 1 << 37 | 1 << 39
    ;;
    cmp.eq p8, p0 = r16, r26
    ;;
(p8) or r18 = r18, r27
    ;;
    mov cr.ipsr = r18
    HANDLER_RETURN

    .bss
    .align 16
    .global trap_log, trap_base
trap_base: .skip 16
trap_log: .skip 8 + 32 * 124
    .text

/* The counted: r14 turns of a loop of four instructions, between sum and rum of psr.up. */
    .align 64
    .global counted
counted:
    mov r9 = r0
    ;;
    sum 1 << 2
    ;;
1:  adds r14 = -1, r14
    adds r9 = 3, r9
    ;;
    cmp.ne p6, p0 = r0, r14
(p6) br.cond.sptk.few 1b
    ;;
    rum 1 << 2
    ;;
    mov r8 = r9
    break.m 0x7ffd
    ;;

/* r8 = pmd[r14] */
    .align 64
    .global read_pmd
read_pmd:
    mov r8 = pmd[r14]
    ;;
    break.m 0x7ffd
    ;;

/* For steps, taken branches and instruction breakpoints: every slot, templates with long instructions, calls, returns, loops, moved frames. */
    .align 64
    .global walked
walked:
    { .mii; nop.m 0; adds r8 = 1, r0; nop.i 0; }
    { .mlx; nop.m 0; movl r9 = 0x123456789abcdef; }
    { .mib; nop.m 0; mov ar.lc = 2; nop.b 0; }
    ;;
1:  { .mib; adds r8 = 1, r8; nop.i 0; br.cloop.sptk.few 1b; }
    ;;
    { .mib; cmp.eq p6, p7 = r0, r0; nop.i 0; nop.b 0; }
    ;;
    { .mbb; nop.m 0; (p7) br.cond.sptk.few 2f; (p6) br.cond.sptk.few 2f; }
    { .mib; nop.m 0; nop.i 0; nop.b 0; }
2:  { .mib; alloc r32 = ar.pfs, 0, 8, 4, 8; nop.i 0; nop.b 0; }
    ;;
    { .mib; mov r33 = r8; nop.i 0; br.call.sptk.few b6 = 3f; }
    { .mib; add r8 = r8, r33; mov.i ar.pfs = r32; nop.b 0; }
    ;;
    { .mfb; nop.m 0; nop.f 0; clrrrb; }
    ;;
    { .mib; (p7) break.m 0x77; (p7) break.i 0x78; (p7) break.b 0x79; }
    { .mmi; ld8 r9 = [r15]; st8 [r15] = r8; nop.i 0; }
    ;;
    { .mib; chk.a.nc r9, 4f; nop.i 0; nop.b 0; }
4:  { .mii; break.m 0x7ffd; nop.i 0; nop.i 0; }
    ;;
3:  { .mib; nop.m 0; adds r8 = 5, r8; br.ret.sptk.few b6; }
    ;;
    .global walked_end
walked_end:
