/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * More of hyperprivop.S, which see for the registers: the two banks, reads of ar.itc, general registers by number.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/hyperprivop.h>
#include <asm/processor.h>
#include <public/arch-ia64.h>

        .section .text, "ax", @progbits

/*
 * Swaps r16-r31 with the other bank's: out to [r24] with NaT bits to [r26], in from [r25] with NaT bits from [r27]; p12: bank 0 goes out (vbank0's spills have
 * unat bits 31:16, vbank1's 15:0). Back to b0. Uses r23 and, kept meanwhile in bank 0, r2, r3, r8, r9, r10.
 */
#define SPILL_2(a, b)   .mem.offset 0, 0; st8.spill [r2] = a, 16; .mem.offset 8, 0; st8.spill [r3] = b, 16;;
#define FILL_2(a, b)    ld8.fill a = [r2], 16; ld8.fill b = [r3], 16;;
        .global swap_banks
swap_banks:
        mov     r23 = ar.unat
        ;;
        /* Static registers carry what both banks need; their own values wait in cpu_info.scratch. */
        adds    r17 = CPUINFO_scratch, r18
        ;;
        .mem.offset 0, 0
        st8.spill [r17] = r2, 8
        ;;
        .mem.offset 8, 0
        st8.spill [r17] = r3, 8
        ;;
        .mem.offset 16, 0
        st8.spill [r17] = r8, 8
        ;;
        mov     r2 = r24
        adds    r3 = 8, r24
        mov     r24 = ar.unat                   /* with those three */
        bsw.1
        ;;
        SPILL_2(r16, r17)
        SPILL_2(r18, r19)
        SPILL_2(r20, r21)
        SPILL_2(r22, r23)
        SPILL_2(r24, r25)
        SPILL_2(r26, r27)
        SPILL_2(r28, r29)
        .mem.offset 0, 0
        st8.spill [r2] = r30
        .mem.offset 8, 0
        st8.spill [r3] = r31
        ;;
        mov     r8 = ar.unat
        bsw.0
        ;;
        ld8     r27 = [r27]
(p12)   extr.u  r8 = r8, 16, 16
        mov     r2 = r25
        adds    r3 = 8, r25
        ;;
        zxt2    r8 = r8
        zxt2    r27 = r27
        ;;
        st8     [r26] = r8
(p13)   shl     r27 = r27, 16                   /* comes in from vbank0 */
        ;;
        mov     ar.unat = r27
        bsw.1
        ;;
        FILL_2(r16, r17)
        FILL_2(r18, r19)
        FILL_2(r20, r21)
        FILL_2(r22, r23)
        FILL_2(r24, r25)
        FILL_2(r26, r27)
        FILL_2(r28, r29)
        ld8.fill r30 = [r2]
        ld8.fill r31 = [r3]
        bsw.0
        ;;
        adds    r17 = CPUINFO_scratch, r18
        mov     ar.unat = r24
        ;;
        ld8.fill r2 = [r17], 8
        ;;
        ld8.fill r3 = [r17], 8
        ;;
        ld8.fill r8 = [r17]
        ;;
        mov     ar.unat = r23
        br.sptk b0
        ;;

/*
 * General Exception, Privileged Register: a read of ar.itc, which the machine does not allow a guest whose own is elsewhere (psr.si; every Linux sets
 * ar.itc to 0 as it starts). From ivt.S, r16 = isr.
 */
ENTRY(fast_genex)
        mov     r29 = cr.ipsr
        zxt1    r16 = r16
        movl    r18 = FAST_CPUINFO
        mov     r21 = FAST_GENEX
        ;;
        adds    r24 = CPUINFO_upcall, r18
        adds    r25 = CPUINFO_has_iib, r18
        extr.u  r23 = r29, IA64_PSR_CPL_SHIFT, 2
        mov     r30 = b0
        ;;
        ld8     r24 = [r24]
        ld1     r25 = [r25]
        cmp.ne  p6, p0 = 0x20, r16
        cmp.eq  p7, p0 = 0, r23
        cmp.eq  p10, p11 = 3, r23
        tbit.nz p8, p0 = r29, IA64_PSR_SS_BIT
        extr.u  r23 = r29, IA64_PSR_RI_SHIFT, 2
        ;;
        cmp.eq  p9, p0 = 0, r24                 /* fast_privop=0 */
        movl    r22 = XMAPPEDREGS_BASE
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
(p8)    br.cond.spnt slow
        ;;
        cmp.eq  p6, p0 = 0, r25
        cmp.eq  p7, p0 = 2, r23
        adds    r26 = MAPPED_vpsr, r22
(p9)    br.cond.spnt slow
        ;;
        cmp.eq  p8, p9 = 0, r23
        tbit.nz p14, p15 = r29, IA64_PSR_RI_SHIFT + 1
        movl    r19 = FAST_COUNT(XEN_PRIVOP_GET_ITC)
(p6)    br.cond.spnt slow
(p7)    br.cond.spnt slow
        ;;
        mov     r24 = cr26
        mov     r25 = cr27
        ld8     r26 = [r26]
        ;;
        /* mov.m r1 = ar3: op 1 in 40:37, x3 0 in 35:33, x6 0x22 in 32:27, ar3 26:20, r1 12:6. */
(p8)    shr.u   r20 = r24, 5
(p9)    shrp    r20 = r25, r24, 46
(p10)   tbit.nz.unc p6, p0 = r26, IA64_PSR_SI_BIT       /* its own kernel forbids it */
        movl    r27 = 1 << 17 | 0x22 << 7 | 44
        ;;
        extr.u  r17 = r20, 6, 7
        extr.u  r20 = r20, 20, 21
(p6)    br.cond.spnt slow
        ;;
        dep     r20 = 0, r20, 16, 1
        adds    r24 = MAPPED_itc_offset, r22
        mov     r28 = cr.iip
        ;;
        cmp.ne  p6, p0 = r20, r27
        ld8     r24 = [r24]
        movl    r25 = ~(IA64_PSR_ID | IA64_PSR_DA | IA64_PSR_DD | IA64_PSR_ED | IA64_PSR_IA)
(p6)    br.cond.spnt slow
        ;;
        mov     r20 = ar.itc
        and     r29 = r29, r25                  /* good for one instruction */
        ;;
        add     r20 = r20, r24
        br.sptk set_gr
        ;;
END(fast_genex)

/*
 * General registers by number, two bundles each. write_gr: r20 into it, to fast_next. read_gr: it into r20, to r17. r16-r31 are bank 1's: r2 goes between, its
 * own value in r27 meanwhile.
 */
        .align  32
        .global write_gr
write_gr:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        .if     \n
        { .mbb; mov r\n = r20; br.sptk fast_next; nop.b 0;; }
        .else
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endif
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr
        .irp    n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        { .mbb; mov r27 = r2; br.sptk write_b_\n; nop.b 0;; }
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr
#define STACKED 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, \
        64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, \
        96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, \
        122, 123, 124, 125, 126, 127
        .irp    n, STACKED
        { .mbb; mov r\n = r20; br.sptk fast_next; nop.b 0;; }
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr
        .global read_gr
read_gr:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        { .mib; mov r20 = r\n; mov b0 = r17; br.sptk b0; }
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr
        .irp    n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        { .mbb; mov r27 = r2; br.sptk read_b_\n; nop.b 0;; }
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr
        .irp    n, STACKED
        { .mib; mov r20 = r\n; mov b0 = r17; br.sptk b0; }
        { .mib; nop.m 0; nop.i 0; br.sptk slow;; }
        .endr

        .irp    n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
write_b_\n:
        { .mib; mov r2 = r20; nop.i 0; bsw.1;; }
        { .mib; mov r\n = r2; nop.i 0; bsw.0;; }
        { .mbb; mov r2 = r27; br.sptk fast_next; nop.b 0;; }
read_b_\n:
        { .mib; nop.m 0; nop.i 0; bsw.1;; }
        { .mib; mov r2 = r\n; nop.i 0; bsw.0;; }
        { .mii; mov r20 = r2; mov b0 = r17; nop.i 0;; }
        { .mbb; mov r2 = r27; br.sptk b0; nop.b 0;; }
        .endr
