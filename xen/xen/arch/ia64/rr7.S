/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be done in physical mode: region 7 has Xen itself, so a change of its region id takes away the ground one stands on; and firmware that only
 * knows physical addresses. Interrupts and psr.ic are off all the while (SDM 2:4.4.5 for the way there and back by rfi).
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>

        .section .text, "ax", @progbits

#define PSR_PHYS_OFF (IA64_PSR_IT | IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IC | IA64_PSR_I)

/*
 * rfi to label in physical mode; psr is in rPSR as mov =psr gave it. psr.ic and i are off already, and serialised. t1 and t2 are used.
 */
#define GO_PHYSICAL(rPSR, t1, t2, label)                \
        movl    t1 = label;                             \
        movl    t2 = PSR_PHYS_OFF;                      \
        ;;                                              \
        tpa     t1 = t1;                                \
        andcm   t2 = rPSR, t2;                          \
        ;;                                              \
        dep     t2 = -1, t2, IA64_PSR_BN_BIT, 1;        \
        mov     cr.iip = t1;                            \
        mov     cr.ifs = r0;                            \
        ;;                                              \
        mov     cr.ipsr = t2;                           \
        ;;                                              \
        rfi;                                            \
        ;;

/* And back, ic and i still off. */
#define GO_VIRTUAL(rPSR, t1, t2, label)                 \
        movl    t1 = label;                             \
        movl    t2 = IA64_PSR_IC | IA64_PSR_I;          \
        ;;                                              \
        andcm   t2 = rPSR, t2;                          \
        mov     cr.iip = t1;                            \
        mov     cr.ifs = r0;                            \
        ;;                                              \
        dep     t2 = -1, t2, IA64_PSR_BN_BIT, 1;        \
        ;;                                              \
        mov     cr.ipsr = t2;                           \
        ;;                                              \
        rfi;                                            \
        ;;

/* One translation register of cpu_info.tr[], r20 pointing at it: on to the next. r0's va, pte 0, is none. */
#define INSERT_TR(side, slot)                           \
        ld8     r21 = [r20], 8;                         \
        ;;                                              \
        ld8     r22 = [r20], 8;                         \
        ;;                                              \
        ld8     r23 = [r20], 8;                         \
        mov     r24 = slot;                             \
        cmp.ne  p6, p0 = 0, r22;                        \
        mov     cr.ifa = r21;                           \
        ;;                                              \
        mov     cr.itir = r23;                          \
        ;;                                              \
(p6)    itr.side side##tr[r24] = r22;                   \
        ;;                                              \
        srlz.d;                                         \
        ;;

/*
 * In physical mode, psr.ic = 0: all of Xen's translation registers, r20 the physical address of cpu_info.tr[]. Uses r19, r21-r24, p6, b7 (return).
 */
ENTRY(insert_trs_phys)
        mov     r19 = r20
        ;;
        INSERT_TR(i, XEN_ITR_IMAGE)
        mov     r20 = r19
        ;;
        INSERT_TR(d, XEN_DTR_IMAGE)
        INSERT_TR(i, XEN_ITR_PAL)
        INSERT_TR(d, XEN_DTR_PERCPU)
        INSERT_TR(d, XEN_DTR_STACK)
        INSERT_TR(d, XEN_DTR_VHPT)
        INSERT_TR(d, XEN_DTR_MAPPED_REGS)
        INSERT_TR(i, XEN_ITR_FAST_HYPERCALL)
        srlz.d
        ;;
        srlz.i
        ;;
        br.ret.sptk.many b7
        ;;
END(insert_trs_phys)

/* Likewise, so that others may be inserted there. rr7 is that of the insertion. */
ENTRY(purge_trs_phys)
        mov     r24 = XEN_NR_TRS - 1
        mov     r19 = ar.lc
        ;;
        mov     ar.lc = r24
        ;;
1:      ld8     r21 = [r20], 8                          /* va */
        ;;
        ld8     r22 = [r20], 8                          /* pte: 0, none */
        ;;
        ld8     r23 = [r20], 8                          /* itir */
        cmp.ne  p6, p0 = 0, r22
        ;;
(p6)    ptr.d   r21, r23
        ;;
(p6)    ptr.i   r21, r23
        ;;
        br.cloop.sptk 1b
        ;;
        mov     ar.lc = r19
        srlz.d
        ;;
        srlz.i
        ;;
        br.ret.sptk.many b7
        ;;
END(purge_trs_phys)

/* void ia64_set_rr7(uint64_t rr7) */
ENTRY(ia64_set_rr7)
        alloc   r14 = ar.pfs, 1, 0, 0, 0
        mov     r15 = psr
        mov     r18 = ar.rsc
        adds    r17 = CPUINFO_rr7, r13
        ;;
        rsm     psr.i | psr.ic
        mov     r27 = b7
        ;;
        srlz.i
        st8     [r17] = r32
        ;;
        mov     r16 = r32                       /* no stacked register from here */
        flushrs
        tpa     r20 = r13
        ;;
        mov     ar.rsc = 0
        adds    r20 = CPUINFO_tr, r20
        ;;
        GO_PHYSICAL(r15, r25, r26, 1f)
1:      movl    r17 = 7 << 61
        ;;
        mov     rr[r17] = r16
        ;;
        srlz.d
        br.call.sptk.many b7 = insert_trs_phys
        ;;
        mov     ar.pfs = r14
        GO_VIRTUAL(r15, r25, r26, 3f)
3:      mov     ar.rsc = r18
        mov     b7 = r27
        srlz.i
        ;;
        mov     psr.l = r15
        ;;
        srlz.i
        ;;
        br.ret.sptk.many b0
        ;;
END(ia64_set_rr7)

/*
 * struct pal_result pal_phys(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3), entry physical: a procedure of either convention, in
 * physical mode. The stacks go by their physical addresses meanwhile.
 * uint64_t fw_phys(uint64_t entry, uint64_t gp, const uint64_t args[8]), all physical: the standard convention.
 *
 * Local registers are kept over the call by the callee; they are on Xen's backing store, which firmware (physical mode too) leaves alone.
 */
#define PHYS_PROLOGUE                                   \
        rsm     psr.i | psr.ic;                         \
        mov     loc1 = b0;                              \
        mov     loc3 = ar.rsc;                          \
        mov     loc4 = r1;                              \
        mov     loc5 = r12;                             \
        mov     loc7 = r13;                             \
        ;;                                              \
        srlz.i;                                         \
        ;;                                              \
        flushrs;                                        \
        mov     ar.rsc = 0;                             \
        tpa     r12 = r12;                              \
        ;;                                              \
        mov     loc6 = ar.bspstore;                     \
        mov     r17 = ar.rnat;                          \
        ;;                                              \
        tpa     r16 = loc6;                             \
        ;;                                              \
        mov     ar.bspstore = r16;                      \
        ;;                                              \
        mov     ar.rnat = r17;                          \
        GO_PHYSICAL(loc2, r25, r26, 1f)                 \
1:

#define PHYS_EPILOGUE                                   \
        rsm     psr.i | psr.ic;                         \
        mov     ar.rsc = 0;                             \
        ;;                                              \
        srlz.i;                                         \
        flushrs;                                        \
        ;;                                              \
        mov     r17 = ar.rnat;                          \
        ;;                                              \
        mov     ar.bspstore = loc6;                     \
        ;;                                              \
        mov     ar.rnat = r17;                          \
        mov     r12 = loc5;                             \
        mov     r13 = loc7;                             \
        mov     r1 = loc4;                              \
        GO_VIRTUAL(loc2, r25, r26, 3f)                  \
3:      mov     ar.rsc = loc3;                          \
        mov     ar.pfs = loc0;                          \
        mov     b0 = loc1;                              \
        srlz.i;                                         \
        ;;                                              \
        mov     psr.l = loc2;                           \
        ;;                                              \
        srlz.i;                                         \
        ;;                                              \
        br.ret.sptk.many b0;                            \
        ;;

ENTRY(pal_phys)
        .regstk 5, 8, 4, 0
        alloc   loc0 = ar.pfs, 5, 8, 4, 0
        mov     loc2 = psr
        ;;
        PHYS_PROLOGUE
        mov     b7 = in0
        mov     r28 = in1
        mov     r29 = in2
        mov     r30 = in3
        mov     r31 = in4
        tbit.nz p6, p7 = in1, 8
        ;;
(p6)    mov     out0 = in1
(p6)    mov     out1 = in2
(p6)    mov     out2 = in3
(p6)    mov     out3 = in4
(p6)    br.call.sptk.many b0 = b7
(p6)    br.cond.sptk 2f
        ;;
4:      mov     r16 = ip
        ;;
        adds    r16 = 2f - 4b, r16
        ;;
        mov     b0 = r16
        br.sptk.many b7
        ;;
        .align  16
2:
        PHYS_EPILOGUE
END(pal_phys)

ENTRY(fw_phys)
        .regstk 3, 8, 8, 0
        alloc   loc0 = ar.pfs, 3, 8, 8, 0
        mov     loc2 = psr
        ;;
        PHYS_PROLOGUE
        mov     b7 = in0
        mov     r1 = in1
        adds    r14 = 8, in2
        ;;
        ld8     out0 = [in2], 16
        ld8     out1 = [r14], 16
        ;;
        ld8     out2 = [in2], 16
        ld8     out3 = [r14], 16
        ;;
        ld8     out4 = [in2], 16
        ld8     out5 = [r14], 16
        ;;
        ld8     out6 = [in2]
        ld8     out7 = [r14]
        br.call.sptk.many b0 = b7
        ;;
        PHYS_EPILOGUE
END(fw_phys)
