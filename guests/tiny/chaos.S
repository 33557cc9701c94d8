/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Random privileged instructions on random operands, one at a time, each in a context made anew: for a hypervisor to survive. What would only end this
 * kernel is left out: rfi, cr.iva, the region of its own code, keys. Prints a line every 4096 instructions with a checksum of how they ended (done
 * or which vector), which is the same native and under a hypervisor. To find the first difference: -DCHAOS_BITS=1
 * prints after every second one, with the address of its code.
 */
#include "bare.h"
#include "virt.h"
#include "sweep.h"
#include "core.inc"

#ifndef CHAOS_SEED
#define CHAOS_SEED 88172645463325252
#endif
#ifndef CHAOS_BITS
#define CHAOS_BITS 12
#endif
#ifndef CHAOS_STEPS
#define CHAOS_STEPS (6 * 4096)
#endif

/* r10: the generator's state. Clobbers r14, r15. */
#define RANDOM shl r14 = r10, 13; ;; xor r10 = r10, r14; ;; shr.u r14 = r10, 7; ;; xor r10 = r10, r14; ;; shl r14 = r10, 17; ;; xor r10 = r10, r14; ;;

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 8, 2, 0
    ;;
    SWEEP_BEGIN
    CONTEXT("chaos", P_VIRT)
    movl r33 = CHAOS_STEPS
    movl r34 = __seed
    mov r35 = r0                    /* checksum */
    ;;
step:
    ld8 r10 = [r34]
    movl r36 = __opcodes
    ;;
    /* Operands: r20 an interesting value, r21 anything, r22 in regions 1 to 6, r23 small. */
    RANDOM
    extr.u r14 = r10, 20, 4
    movl r15 = __values
    ;;
    shladd r15 = r14, 3, r15
    ;;
    ld8 r20 = [r15]
    ;;
    RANDOM
    mov r21 = r10
    ;;
    RANDOM
    extr.u r14 = r10, 32, 61
    extr.u r15 = r10, 5, 8
    ;;
    mov r22 = r14
    and r23 = 0x1f, r15
    mov r27 = 14 << 2
    ;;
    dep.z r28 = r23, 8, 5
    extr.u r29 = r21, 0, 26         /* region ids of 18 bits, as a guest has */
    extr.u r24 = r21, 0, 8
    extr.u r14 = r10, 13, 3
    ;;
    cmp.eq p6, p0 = 0, r14
    cmp.eq p7, p0 = 7, r14
    ;;
(p6) mov r14 = 3
(p7) mov r14 = 5
    ;;
    dep r22 = r14, r22, 61, 3
    /* The instruction: one of the table. */
    RANDOM
    extr.u r14 = r10, 24, 6
    ;;
    shl r15 = r14, 5
    st8 [r34] = r10
    ;;
    add r15 = r36, r15
    ;;
    /* Jump to the table's own code: each entry is an instruction and a branch. */
    mov b7 = r15
    movl r2 = __resume
    movl r3 = 1f
    ;;
    st8 [r2] = r3
    mov r8 = r0
    ;;
    br.sptk.many b7
1:
    AGAIN
    /* How it ended: 0, or the vector. */
    movl r2 = __srec
    ;;
    adds r3 = 8, r2
    ld8 r14 = [r2]
    ;;
    ld8 r15 = [r3]
    cmp.eq p6, p0 = 0, r14
    st8 [r2] = r0
    ;;
(p6) mov r15 = r0
    shl r14 = r35, 5
    shr.u r35 = r35, 59
    ;;
    xor r35 = r35, r14
    adds r33 = -1, r33
    ;;
    xor r35 = r35, r15
    extr.u r14 = r33, 0, CHAOS_BITS
    ;;
    cmp.ne p6, p0 = 0, r14
(p6) br.cond.sptk.many step
    ;;
    mov r14 = r35
    br.call.sptk.many b6 = __puthex
    ;;
#if CHAOS_BITS == 1
    mov r14 = b7
    br.call.sptk.many b6 = __puthex
    ;;
#endif
    movl r14 = .Lnl2
    ;;
    br.call.sptk.many b6 = __puts
    ;;
    br.call.sptk.many b6 = __flush
    ;;
    cmp.ne p6, p0 = 0, r33
(p6) br.cond.sptk.many step
    ;;
    DONE

/* 64, two bundles each: the instruction, and back. */
#define OP(insn...) .align 32; insn; ;; br.sptk.few 1b; ;;
    .align 32
__opcodes:
    OP(mov cr.dcr = r20)
    OP(mov cr.dcr = r28)
    OP(mov cr.itm = r20)
    OP(mov cr.itm = r21)
    OP(mov cr.pta = r20)
    OP(mov cr.ipsr = r21)
    OP(mov cr.isr = r20)
    OP(mov cr.ifs = r21)
    OP(mov cr.lid = r20)
    OP(mov cr.tpr = r21)
    OP(mov cr.tpr = r20)
    OP(mov cr.eoi = r21)
    OP(mov cr.itv = r20)
    OP(mov cr.pmv = r21)
    OP(mov cr.cmcv = r20)
    OP(mov cr.lrr0 = r21)
    OP(mov r8 = cr.irr0)
    OP(mov r8 = cr.lid)
    OP(mov r8 = psr)
    OP(mov r8 = cr.tpr)
    OP(mov ar.k0 = r20)
    OP(mov ar.k7 = r21)
    OP(mov ar.rsc = r20)
    OP(mov ar.fpsr = r20)
    OP(mov rr[r22] = r29)
    OP(mov rr[r22] = r24)
    OP(mov r8 = rr[r20])
    OP(mov pkr[r23] = r21)
    OP(mov pkr[r21] = r20)
    OP(mov r8 = pkr[r21])
    OP(mov ibr[r21] = r20)
    OP(mov ibr[r23] = r21)
    OP(mov r8 = ibr[r21])
    OP(mov dbr[r21] = r20)
    OP(mov dbr[r23] = r21)
    OP(mov r8 = dbr[r21])
    OP(mov pmc[r21] = r20)
    OP(mov pmc[r23] = r23)
    OP(mov r8 = pmc[r21])
    OP(mov pmd[r23] = r21)
    OP(mov r8 = pmd[r21])
    OP(mov r8 = cpuid[r20])
    OP(mov r8 = cpuid[r23])
    OP(itc.d r21)
    OP(itr.d dtr[r21] = r20)
    OP(ptc.l r22, r27)
    OP(ptc.g r22, r27)
    OP(ptc.ga r22, r27)
    OP(ptc.e r21)
    OP(ptr.d r22, r27)
    OP(ptr.i r22, r27)
    OP(tak r8 = r22)
    OP(tak r8 = r22)
    OP(tpa r8 = r22)
    OP(thash r8 = r22)
    OP(ttag r8 = r22)
    OP(probe.r r8 = r22, r21)
    OP(probe.w r8 = r22, 3)
    OP(fc r22)
    OP(ld8 r8 = [r22])
    OP(st8 [r22] = r21)
    OP(ld1.s r8 = [r22])
    OP(ssm 1 << 19)
    OP(rsm 1 << 22)

    .proc __registers
__registers:
    br.ret.sptk.many b6
    ;;
    .endp __registers

    .data
    .align 16
__seed: data8 CHAOS_SEED
__values:
    data8 0, 1, -1, 0xff, 0x10000, 0x100ef, 1 << 63, 0x1234567812345678
    data8 0xf000000000000000, 0xf400000004000000, 0xf100000000004000, 0xf600000000000000, 0x8000000000000000, 0x3fffffffffffffff, 14 << 2, 0x7fffffff
