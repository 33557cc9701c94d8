/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Loads and stores of every form to a device that a hypervisor emulates, the I/O SAPIC: size, ordering, speculation, base update, floating point, byte
 * order, alignment; physical, virtual, from level 3. r22 is its select register, r26 its window, r24 the number of its version register, r27 r26 + 1.
 */
#include "bare.h"
#include "virt.h"
#include "sweep.h"
#include "core.inc"

#define IOSAPIC_PA 0xfec00000
#define IOSAPIC_VA (3 << 61 | IOSAPIC_PA)
#define PTE_UC     (4 << 2)

    .text
    .global main
main:
    alloc r32 = ar.pfs, 0, 4, 2, 0
    ;;
    SWEEP_BEGIN
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 4, IOSAPIC_VA, IOSAPIC_PA | PTE_RWX | PTE_UC, 12)
    srlz.d
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
#define DEVICE(va) movl r2 = __device; movl r3 = va; ;; st8 [r2] = r3; ;;
    CONTEXT("virtual, level 0", P_VIRT)
    DEVICE(IOSAPIC_VA)
#include "devices.inc"
    CONTEXT("virtual, level 3", P_VIRT | P_CPL(3))
#include "devices.inc"
    CONTEXT("physical", P_PHYS)
    DEVICE(1 << 63 | IOSAPIC_PA)
#include "devices.inc"
    CONTEXT("end", P_PHYS)
    DONE

    .proc __registers
__registers:
    movl r22 = __device
    movl r23 = __data
    movl r8 = 0x8888
    mov r14 = -1
    mov r9 = r0
    ;;
    ld8 r22 = [r22]
    mov ar.unat = r14
    ;;
    ld8.fill r25 = [r23]            /* NaT */
    adds r26 = 0x10, r22
    adds r27 = 0x11, r22
    mov r24 = 1
    mov r20 = r0
    mov r21 = 0x11
    ;;
    mov ar.unat = r0
    setf.sig f8 = r24
    setf.sig f9 = r0
    setf.sig f40 = r24
    rum 0x30                        /* mfl, mfh */
    ;;
    br.ret.sptk.many b6
    ;;
    .endp __registers

    .data
    .align 16
__device: data8 0
__data: .skip 64
