/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Start, interruptions and hypercalls of the kernels in C: kernel.h.
 */
#include "kernel.h"

#define PSR_IC (1 << 13)
#define PSR_DT (1 << 17)
#define KERNEL_PSR (1 << 13 | 1 << 17 | 1 << 27 | 1 << 36 | 1 << 44)    /* ic, dt, rt, it, bn */
#define USER_PSR (KERNEL_PSR | 3 << 32)
#define XEN_FAST_HYPERCALL 0xf100000000008000

    .text
    .global _start
_start:
    rsm psr.i | psr.ic
    ;;
    srlz.i
    mov ar.rsc = 0
    ;;
    mov r2 = ip
    movl r3 = ~0x3ffffff
    ;;
    and r20 = r2, r3
    movl r4 = 7 << 61
    ;;
    /* Region n has rid n + 1. */
1:  extr.u r5 = r4, 61, 3
    ;;
    adds r5 = 1, r5
    ;;
    shl r5 = r5, 8
    ;;
    adds r5 = TINY_RR_PS << 2, r5
    ;;
    mov rr[r4] = r5
    cmp.eq p6, p7 = r0, r4
    movl r6 = 1 << 61
    ;;
    sub r4 = r4, r6
(p7) br.cond.sptk 1b
    ;;
    srlz.d
    ;;
    movl r2 = TINY_VIRT
    mov r3 = 26 << 2
    mov r4 = TINY_PTE
    ;;
    or r4 = r4, r20
    mov cr.ifa = r2
    mov cr.itir = r3
    ;;
    itr.i itr[r0] = r4
    ;;
    itr.d dtr[r0] = r4
    movl r5 = ivt
    mov r6 = 15 << 2
    ;;
    srlz.i
    mov cr.iva = r5
    ;;
    mov cr.pta = r6
    mov cr.dcr = r0
    movl r2 = 1f
    movl r3 = KERNEL_PSR
    ;;
    mov cr.iip = r2
    mov cr.ipsr = r3
    mov cr.ifs = r0
    ;;
    srlz.i
    ;;
    rfi
    ;;
1:  movl r2 = rbs
    movl gp = __gp
    movl r12 = stack_top - 16
    ;;
    mov ar.bspstore = r2
    movl r4 = 0x9804c0270033f
    ;;
    mov ar.rnat = r0
    loadrs
    mov ar.fpsr = r4
    ;;
    mov ar.rsc = 3
    alloc r2 = ar.pfs, 0, 0, 2, 0
    movl r5 = tiny_phys
    movl r6 = tiny_boot_param
    ;;
    st8 [r5] = r20
    st8 [r6] = r28
    br.call.sptk.many b0 = main
    ;;
    br.call.sptk.many b0 = power_off
    ;;

/* void hc(struct hcall *h) */
    .global hc
    .proc hc
hc:
    alloc r33 = ar.pfs, 1, 7, 8, 0      /* locals r33-r39, out r40-r47 */
    mov r34 = b0
    mov r35 = r4
    mov r36 = pr
    mov r37 = ar.unat
    mov r38 = r5
    ;;
    mov r4 = r32
    movl r14 = -1
    adds r15 = HC_NR, r32
    adds r16 = HC_FLAGS, r32
    adds r17 = HC_FRAME, r32
    ;;
    mov ar.unat = r14
    ld8 r2 = [r15], 8
    ld8 r5 = [r16]
    ld8 r17 = [r17]
    ;;
    ld8.fill r18 = [r32]                /* NaT */
    ld8 r40 = [r15], 8
    mov ar.unat = r37
    ;;
    ld8 r41 = [r15], 8
    ;;
    ld8 r42 = [r15], 8
    ;;
    ld8 r43 = [r15], 8
    ;;
    ld8 r44 = [r15], 8
    ;;
    ld8 r45 = [r15], 8
    ;;
    ld8 r46 = [r15], 8
    ;;
    ld8 r47 = [r15]
    mov r28 = r40
    mov r29 = r41
    mov r30 = r42
    mov r31 = r43
#define NAT(bit, reg) \
    tbit.nz p6, p0 = r5, bit; \
    ;; \
(p6) mov reg = r18; \
    ;;
    NAT(0, r40) NAT(1, r41) NAT(2, r42) NAT(3, r43) NAT(4, r44) NAT(5, r45) NAT(6, r46) NAT(7, r47) NAT(8, r2) NAT(12, r28)
    /* The stub for that many registers. */
    movl r14 = stubs
    movl r15 = epc_stubs
    tbit.nz p6, p7 = r5, 13
    ;;
(p6) mov r14 = r15
(p6) shl r17 = r17, 8
(p7) shl r17 = r17, 6
    movl r15 = fault_resume
    movl r16 = hc_end
    ;;
    add r14 = r14, r17
    st8 [r15] = r16, 8
    ;;
    mov b6 = r14
    st8 [r15] = r0
    tbit.nz p6, p0 = r5, 9
    tbit.nz p7, p0 = r5, 10
    tbit.nz p8, p9 = r5, 11
    ;;
(p6) rsm psr.ic
(p7) rsm psr.dt
    movl r8 = 0x5a5a5a5a5a5a5a5a
    ;;
    srlz.i
    ;;
(p8) br.call.sptk.many b0 = to_user
(p9) br.call.sptk.many b0 = b6
    ;;
    ssm psr.ic | psr.dt
    ;;
    srlz.i
    adds r14 = HC_RESULT, r4
    adds r15 = HC_RESULT + 8, r4
    ;;
    st8.spill [r14] = r8, 16
    ;;
    st8.spill [r15] = r9, 16
    ;;
    st8.spill [r14] = r10, 16
    ;;
    st8.spill [r15] = r11, 16
    movl r16 = fault_record
    ;;
    .rept 5
    ld8 r17 = [r16], 8
    ;;
    st8 [r14] = r17, 8
    ;;
    .endr
    movl r16 = fault_resume
    ;;
    st8 [r16] = r0
    mov ar.unat = r37
    mov r4 = r35
    mov r5 = r38
    mov pr = r36, -1
    mov b0 = r34
    mov ar.pfs = r33
    ;;
    br.ret.sptk.many b0
    ;;
    .endp hc

/* To level 3 at b6, in the frame as it is. */
to_user:
    rsm psr.ic
    movl r14 = USER_PSR
    ;;
    srlz.i
    mov r15 = b6
    ;;
    mov cr.iip = r15
    mov cr.ipsr = r14
    mov cr.ifs = r0
    ;;
    rfi
    ;;

    .align 64
stubs:
#define STUB(n) \
    .align 64; \
    alloc r14 = ar.pfs, 0, n, 0, 0; \
    ;; \
    { .mii; break.m 0x1000; nop.i 0; nop.i 0; } \
    { .mib; nop.m 0; nop.i 0; br.ret.sptk.many b0; };;
    STUB(0) STUB(1) STUB(2) STUB(3) STUB(4) STUB(5) STUB(6) STUB(7) STUB(8)

/* In a caller's frame whose output registers are the arguments. */
#define EPC_STUB(n) \
    .align 256; \
    alloc r40 = ar.pfs, 8, 2, n, 0; \
    mov r41 = b0; \
    movl r14 = XEN_FAST_HYPERCALL; \
    ;; \
    mov b7 = r14; \
    COPY_##n \
    br.call.sptk.many b0 = b7; \
    ;; \
    mov ar.pfs = r40; \
    mov b0 = r41; \
    ;; \
    br.ret.sptk.many b0; \
    ;;
#define COPY_0
#define COPY_1 mov r42 = r32;
#define COPY_2 COPY_1 mov r43 = r33;
#define COPY_3 COPY_2 mov r44 = r34;
#define COPY_4 COPY_3 mov r45 = r35;
#define COPY_5 COPY_4 mov r46 = r36;
#define COPY_6 COPY_5 mov r47 = r37;
#define COPY_7 COPY_6 mov r48 = r38;
#define COPY_8 COPY_7 mov r49 = r39;
    .align 256
epc_stubs:
    EPC_STUB(0) EPC_STUB(1) EPC_STUB(2) EPC_STUB(3) EPC_STUB(4) EPC_STUB(5) EPC_STUB(6) EPC_STUB(7) EPC_STUB(8)

/* Who was at user level returns at the kernel's. */
hc_end:
    mov r14 = ar.pfs
    ;;
    dep r14 = 0, r14, 62, 2
    ;;
    mov ar.pfs = r14
    ;;
    br.ret.sptk.many b0
    ;;

/* A fault that nothing expected. */
unexpected:
    br.call.sptk.many b0 = tiny_unexpected
    ;;

    .section .ivt, "ax"
    .align 32768
ivt:
#define VECTOR(v) .org v; mov r16 = v; br.cond.sptk.many fault;;
    .macro VECTORS from, to, step
    .set v, \from
    .rept (\to - \from) / \step
    VECTOR(v)
    .set v, v + \step
    .endr
    .endm
    VECTORS 0, 0x1000, 0x400
    .org 0x1000                         /* alternate data TLB: regions 6 and 7 below Xen's half are physical memory */
    mov r31 = pr
    mov r17 = cr.ifa
    movl r19 = 0x0000fffffffff000
    ;;
    extr.u r18 = r17, 60, 4
    and r19 = r17, r19
    ;;
    cmp.eq p6, p0 = 0xe, r18
    cmp.eq p7, p0 = 0xc, r18
    adds r20 = 0x661, r0                /* level 0 */
    ;;
(p7) adds r20 = 0x671, r0               /* uncached */
    mov r16 = 0x1000
    ;;
    or r19 = r19, r20
(p6) br.cond.sptk 1f
(p7) br.cond.sptk 1f
    ;;
    mov pr = r31, -1
    br.cond.sptk fault
    ;;
1:  itc.d r19                           /* cr.itir is the region's: pages of its size */
    ;;
    mov pr = r31, -1
    ;;
    rfi
    ;;
    VECTORS 0x1400, 0x5000, 0x400
    VECTORS 0x5000, 0x8000, 0x100

    .text
fault:
    ssm psr.dt                          /* the caller may have switched it off */
    ;;
    srlz.d
    mov r31 = pr
    movl r17 = fault_record
    mov r18 = cr.isr
    mov r19 = cr.ifa
    mov r20 = cr.iip
    mov r21 = cr.iim
    ;;
    st8 [r17] = r16, 8
    ;;
    st8 [r17] = r18, 8
    ;;
    st8 [r17] = r19, 8
    ;;
    st8 [r17] = r20, 8
    ;;
    st8 [r17] = r21
    movl r18 = fault_resume
    movl r20 = unexpected
    movl r21 = KERNEL_PSR
    ;;
    ld8 r19 = [r18]
    st8 [r18] = r0
    ;;
    cmp.eq p6, p0 = r0, r19
    ;;
(p6) mov r19 = r20
    ;;
    mov cr.iip = r19
    mov cr.ipsr = r21
    mov cr.ifs = r0
    mov pr = r31, -1
    ;;
    rfi
    ;;

    .bss
    .align 16
fault_resume: .skip 8
    .global fault_resume, fault_record, tiny_phys, tiny_boot_param
fault_record: .skip 40
tiny_phys: .skip 8
tiny_boot_param: .skip 8
    .align 65536
rbs: .skip 65536
    .skip 131072
stack_top: .skip 64
