/* SPDX-License-Identifier: GPL-2.0-only
 *
 * One instruction, tried: TRY(insn) executes it in the current context with known registers, and
 * prints its text with what happened: the interruption (vector, and every interruption register),
 * or the value of r8. CONTEXT(psr) makes a context; every TRY begins in it anew, whatever the one
 * before did to psr.
 *
 * Registers at an instruction: r20 0, r21 all ones, r22 address of 16 bytes of data, r23 NaT, r24
 * 3, r25 an address without translation, r26 r22 + 1, r27 14 << 2 (a page size), r28 5 << 61 |
 * 0x1000, r29 100, r8 the result.
 */
#ifndef SWEEP_H
#define SWEEP_H

/* clang-format off */

#define UNMAPPED 0x4000000000

#define AGAIN                                                                                                   \
    rum 2;                                                                                                      \
    movl r2 = __switching;                                                                                      \
    movl r3 = 66f;                                                                                              \
    mov r14 = 1;                                                                                                \
    ;;                                                                                                          \
    st8 [r2] = r14;                                                                                             \
    movl r2 = __resume;                                                                                         \
    ;;                                                                                                          \
    st8 [r2] = r3;                                                                                              \
    ;;                                                                                                          \
    break.m 0x7fff;                                                                                             \
    ;;                                                                                                          \
    66:                                                                                                         \
    ;;

#define CONTEXT(title, psr)                                                                                     \
    .section .rodata;                                                                                           \
    88: .asciz title;                                                                                           \
    .text;                                                                                                      \
    movl r2 = __ctx_psr;                                                                                        \
    movl r3 = psr;                                                                                              \
    ;;                                                                                                          \
    st8 [r2] = r3;                                                                                              \
    ;;                                                                                                          \
    AGAIN                                                                                                       \
    movl r14 = 88b;                                                                                             \
    ;;                                                                                                          \
    br.call.sptk.many b6 = __title;                                                                             \
    ;;

#define TRY(insn...)                                                                                            \
    .section .rodata;                                                                                           \
    88: .asciz #insn;                                                                                           \
    .text;                                                                                                      \
    movl r2 = __resume;                                                                                         \
    movl r3 = 99f;                                                                                              \
    ;;                                                                                                          \
    st8 [r2] = r3;                                                                                              \
    br.call.sptk.many b6 = __registers;                                                                         \
    ;;                                                                                                          \
    insn;                                                                                                       \
    ;;                                                                                                          \
    99:                                                                                                         \
    AGAIN                                                                                                       \
    movl r14 = 88b;                                                                                             \
    ;;                                                                                                          \
    br.call.sptk.many b6 = __report;                                                                            \
    ;;

#endif
