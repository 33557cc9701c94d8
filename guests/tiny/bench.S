/* SPDX-License-Identifier: GPL-2.0-only
 *
 * For bench.c: calls one after the other.
 */
    .text
/* u64 calls(void *entry, u64 count, u64 nr, u64 a0, u64 a1, u64 a2) */
    .global calls
    .proc calls
calls:
    alloc r39 = ar.pfs, 6, 6, 3, 0
    mov r40 = b0
    mov.i r41 = ar.lc
    adds r33 = -1, r33
    mov r42 = b1
    ;;
    mov b1 = r32
    mov.i ar.lc = r33
    mov r43 = ar.itc
    ;;
1:  mov r2 = r34
    mov r44 = r35
    mov r45 = r36
    mov r46 = r37
    br.call.sptk.many b0 = b1
    ;;
    br.cloop.sptk.many 1b
    ;;
    mov r8 = ar.itc
    ;;
    sub r8 = r8, r43
    mov.i ar.lc = r41
    mov b0 = r40
    mov b1 = r42
    mov ar.pfs = r39
    ;;
    br.ret.sptk.many b0
    ;;
    .endp calls

    .global by_break, by_nothing
    .align 32
by_break:
    { .mii; break.m 0x1000; nop.i 0; nop.i 0 }
by_nothing:
    { .mib; nop.m 0; nop.i 0; br.ret.sptk.many b0; };;
