/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Every privileged and sensitive instruction, and the faults of memory accesses, in each mode: virtual at level 0 with psr.ic 1 and 0, at
 * level 3, and physical. See sweep.h.
 */
#include "bare.h"
#include "virt.h"
#include "sweep.h"
#include "core.inc"

#define V0 (P_VIRT)
#define V0N (P_DT | P_RT | P_IT | P_BN)
#define V3 (P_VIRT | P_CPL(3))
#define PHYSICAL (P_PHYS)

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 4, 2, 0
    ;;
    SWEEP_BEGIN

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

    .data
    .align 16
__data: .skip 256
