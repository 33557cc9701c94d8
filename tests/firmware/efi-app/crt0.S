/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Entry of an EFI application linked as a position-independent executable (efi.ld): relocates itself, then efi_main().
 * The firmware has set gp from the function descriptor that is the image's entry point.
 *   in0 image handle, in1 system table
 */
        .text
        .global _start
        .proc _start
_start:
        alloc   loc0 = ar.pfs, 2, 3, 3, 0
        mov     loc1 = b0
        addl    out0 = @gprel(image_base), gp
        ;;
        addl    out1 = @gprel(_DYNAMIC), gp
        mov     out2 = gp
        mov     loc2 = gp
        br.call.sptk.many b0 = relocate
        ;;
        mov     gp = loc2
        mov     out0 = in0
        mov     out1 = in1
        br.call.sptk.many b0 = efi_main
        ;;
        mov     gp = loc2
        mov     ar.pfs = loc0
        mov     b0 = loc1
        br.ret.sptk.many b0
        .endp _start

/* The registers that calls preserve, filled and compared: uint64_t preserved_check(fn, a0, a1). Calls the function of
 * descriptor fn with (a0, a1) and answers the number of preserved registers that changed. */
        .global preserved_check
        .proc preserved_check
preserved_check:
        alloc   loc0 = ar.pfs, 3, 8, 2, 0
        mov     loc1 = b0
        mov     loc2 = gp
        mov     loc3 = pr
        mov     loc4 = ar.lc
        mov     loc5 = r4
        mov     loc6 = r5
        mov     loc7 = b1
        ld8     r14 = [in0], 8
        ;;
        ld8     gp = [in0]
        mov     b6 = r14
        movl    r4 = 0x1234567812345678
        movl    r5 = 0x8765432187654321
        mov     r15 = 77
        ;;
        mov     ar.lc = r15
        mov     b1 = r4
        setf.sig f16 = r4
        setf.sig f2 = r5
        mov     out0 = in1
        mov     out1 = in2
        br.call.sptk.many b0 = b6
        ;;
        mov     r8 = 0
        movl    r14 = 0x1234567812345678
        movl    r15 = 0x8765432187654321
        getf.sig r16 = f16
        getf.sig r17 = f2
        mov     r18 = ar.lc
        mov     r19 = b1
        ;;
        cmp.ne  p6, p0 = r4, r14
        cmp.ne  p7, p0 = r5, r15
        cmp.ne  p8, p0 = r16, r14
        cmp.ne  p9, p0 = r17, r15
        cmp.ne  p10, p0 = 77, r18
        cmp.ne  p11, p0 = r19, r14
        ;;
(p6)    adds    r8 = 1, r8
        ;;
(p7)    adds    r8 = 1, r8
        ;;
(p8)    adds    r8 = 1, r8
        ;;
(p9)    adds    r8 = 1, r8
        ;;
(p10)   adds    r8 = 1, r8
        ;;
(p11)   adds    r8 = 1, r8
        mov     r4 = loc5
        mov     r5 = loc6
        mov     b1 = loc7
        mov     ar.lc = loc4
        mov     gp = loc2
        mov     pr = loc3, -1
        mov     ar.pfs = loc0
        mov     b0 = loc1
        ;;
        br.ret.sptk.many b0
        .endp preserved_check
