/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Single step over instructions that a hypervisor does: the Single Step trap after each (SDM 2:5.6, 7.1), and the one-instruction bits of psr (id, da,
 * dd, ia, ed), which are gone afterwards, or still there in the fault of an instruction that did not complete.
 */
#include "bare.h"
#include "virt.h"
#include "sweep.h"
#include "core.inc"

#define P_SS (1 << 40)
#define P_ONCE (1 << 37 | 1 << 38 | 1 << 39 | 1 << 43 | 1 << 45)

/* One instruction, with psr as CTX and the bits given. */
#define STEP_(bits, insn...)                                                                                    \
    .section .rodata;                                                                                           \
    88: .asciz #bits " " #insn;                                                                                 \
    .text;                                                                                                      \
    movl r2 = __resume;                                                                                         \
    movl r3 = 99f;                                                                                              \
    ;;                                                                                                          \
    st8 [r2] = r3;                                                                                              \
    br.call.sptk.many b6 = __registers;                                                                         \
    ;;                                                                                                          \
    rsm psr.ic;                                                                                                 \
    ;;                                                                                                          \
    srlz.i;                                                                                                     \
    movl r2 = CTX | bits;                                                                                       \
    movl r3 = 97f;                                                                                              \
    ;;                                                                                                          \
    mov cr.ipsr = r2;                                                                                           \
    mov cr.iip = r3;                                                                                            \
    mov cr.ifs = r0;                                                                                            \
    ;;                                                                                                          \
    rfi;                                                                                                        \
    ;;                                                                                                          \
    97: insn;                                                                                                   \
    ;;                                                                                                          \
    99:                                                                                                         \
    AGAIN                                                                                                       \
    movl r14 = 88b;                                                                                             \
    ;;                                                                                                          \
    br.call.sptk.many b6 = __report;                                                                            \
    ;;
#define STEP(insn...) STEP_(P_SS, insn) STEP_(P_SS | P_ONCE, insn)

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 4, 2, 0
    ;;
    SWEEP_BEGIN
#define CTX (P_VIRT)
    CONTEXT("virtual, psr.ic 1", CTX)
#include "step.inc"
#undef CTX
#define CTX (P_VIRT & ~P_IC)
    CONTEXT("virtual, psr.ic 0", CTX)
#include "step.inc"
#undef CTX
#define CTX (P_PHYS)
    CONTEXT("physical", CTX)
#include "step.inc"
    CONTEXT("end", P_PHYS)
    DONE

    .proc __registers
__registers:
    movl r8 = 0x8888
    movl r22 = __data
    movl r28 = 5 << 61 | 0x1000
    movl r25 = 0x4000000000
    mov r14 = -1
    mov r20 = r0
    mov r27 = 14 << 2
    ;;
    mov ar.unat = r14
    ;;
    ld8.fill r23 = [r22]            /* NaT */
    br.ret.sptk.many b6
    ;;
    .endp __registers

    .data
    .align 16
__data: .skip 64
