/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of firmware in virtual mode, by the conventions of PAL (SDM 2:11.10) and of SAL, EFI and FPSWA (the software conventions). Interrupts are off.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>

        .section .text, "ax", @progbits

/* struct pal_result pal_static(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3) */
ENTRY(pal_static)
        .regstk 5, 4, 0, 0
        alloc   loc0 = ar.pfs, 5, 4, 0, 0
        mov     loc1 = b0
        mov     loc2 = psr
        ;;
        mov     loc3 = ar.rsc
        rsm     psr.i
        mov     b6 = in0
        ;;
        mov     ar.rsc = 0
        mov     r28 = in1
        mov     r29 = in2
        mov     r30 = in3
        mov     r31 = in4
        ;;
1:      mov     r14 = ip
        ;;
        adds    r14 = 2f - 1b, r14
        ;;
        mov     b0 = r14
        br.sptk.many b6
        ;;
        .align  16
2:      mov     ar.rsc = loc3
        mov     ar.pfs = loc0
        mov     b0 = loc1
        ;;
        mov     psr.l = loc2
        ;;
        srlz.d
        ;;
        br.ret.sptk.many b0
        ;;
END(pal_static)

/* struct pal_result pal_stacked(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3) */
ENTRY(pal_stacked)
        .regstk 5, 4, 4, 0
        alloc   loc0 = ar.pfs, 5, 4, 4, 0
        mov     loc1 = b0
        mov     loc2 = psr
        ;;
        mov     loc3 = r1
        rsm     psr.i
        mov     b6 = in0
        mov     r28 = in1
        mov     out0 = in1
        mov     out1 = in2
        mov     out2 = in3
        mov     out3 = in4
        ;;
        br.call.sptk.many b0 = b6
        ;;
        mov     r1 = loc3
        mov     ar.pfs = loc0
        mov     b0 = loc1
        ;;
        mov     psr.l = loc2
        ;;
        srlz.d
        ;;
        br.ret.sptk.many b0
        ;;
END(pal_stacked)

/*
 * struct sal_result fw_virt(uint64_t entry, uint64_t gp, const uint64_t args[8], struct ia64_fpreg *fr): the callee may change f12-f15, which are a
 * guest's: kept in fr[4], unless that is null (FPSWA: it means to).
 */
ENTRY(fw_virt)
        .regstk 4, 6, 8, 0
        alloc   loc0 = ar.pfs, 4, 6, 8, 0
        mov     loc1 = b0
        mov     loc2 = psr
        cmp.ne  p6, p0 = 0, in3
        ;;
        mov     loc3 = r1
        mov     loc4 = pr
        adds    loc5 = 16, in3
        mov     r14 = in3
        rsm     psr.i
        ;;
(p6)    stf.spill [r14] = f12, 32
(p6)    stf.spill [loc5] = f13, 32
        mov     b6 = in0
        mov     r1 = in1
        adds    r15 = 8, in2
        ;;
(p6)    stf.spill [r14] = f14
(p6)    stf.spill [loc5] = f15
        ld8     out0 = [in2], 16
        ld8     out1 = [r15], 16
        ;;
        ld8     out2 = [in2], 16
        ld8     out3 = [r15], 16
        ;;
        ld8     out4 = [in2], 16
        ld8     out5 = [r15], 16
        ;;
        ld8     out6 = [in2]
        ld8     out7 = [r15]
        br.call.sptk.many b0 = b6
        ;;
        mov     pr = loc4, -1
        adds    r14 = -32, loc5                 /* fr[1] */
        ;;
(p6)    ldf.fill f13 = [r14], -16
(p6)    ldf.fill f15 = [loc5], -16
        mov     r1 = loc3
        ;;
(p6)    ldf.fill f12 = [r14]
(p6)    ldf.fill f14 = [loc5]
        mov     ar.pfs = loc0
        mov     b0 = loc1
        ;;
        mov     psr.l = loc2
        ;;
        srlz.d
        ;;
        br.ret.sptk.many b0
        ;;
END(fw_virt)
