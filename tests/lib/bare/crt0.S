/* SPDX-License-Identifier: MIT
 *
 * Start of bare-metal programs: stacks, gp, an interruption vector table whose entries go to a handler the program
 * installs (ON in bare.h) or else report and exit; printing and exit by ski's simulator calls.
 *
 * With BARE_KERNEL the program is a kernel for the full machine or for Xen's domain 0: it prints to the board's UART, by its physical
 * address, and ends by switching the power off. It runs where it was linked to (bare.ld: BARE_BASE).
 *
 * Contract on entry: PSR as after reset (physical, interruptions off), any register contents. CPUs other than the
 * one with local id 0 wait for ever.
 */
#define SSC_PUTCHAR 31
#define SSC_EXIT 66
#include "bare.h"

#ifdef BARE_KERNEL
#define UART_PA  0x80000000ff5e0000     /* bit 63: uncacheable */
#define POWER_PA 0x80000000ff5f0004     /* PM1 control: S5, SLP_EN */
#define POWER_OFF (5 << 10 | 1 << 13)
/* Into a buffer; tests print at every privilege level, the device is for level 0: FLUSH. */
#define PUTCHAR(qp) \
(qp) movl r15 = __out_end; \
    ;; \
(qp) ld8 r8 = [r15]; \
    ;; \
(qp) st1 [r8] = r32, 1; \
    ;; \
(qp) st8 [r15] = r8; \
    ;;
#define FLUSH br.call.sptk.many b6 = __flush;;
/* From any level and mode: a break, whose handler goes on in physical mode at level 0. */
#define EXIT \
    movl r14 = __handlers + 0x2c * 8; \
    movl r15 = __exit_handler; \
    ;; \
    st8 [r14] = r15; \
    ;; \
    break.m 0x7ffe; \
    ;;
#else
#define PUTCHAR(qp) (qp) break 0x80001;
#define FLUSH
#define EXIT mov r15 = SSC_EXIT; ;; break 0x80001;
#endif

    .text
    .global _start
    .proc _start
_start:
#ifdef BARE_KERNEL
    rum psr.ac                      /* as after a reset */
    ;;
#endif
    mov r2 = cr.lid
    ;;
    shr.u r2 = r2, 24
    ;;
    cmp.ne p6, p7 = r0, r2
    ;;
(p6) br.cond.sptk.many __park
    rsm psr.i | psr.ic
    ;;
    srlz.d
    ;;
    mov ar.rsc = 0
    movl gp = __gp
    movl r12 = __stack_top - 16
    movl r2 = __rbs
    movl r3 = 0x9804c0270033f       /* ar.fpsr as the ABI starts programs: all traps off, sf0 extended */
    ;;
    mov ar.bspstore = r2
    mov ar.fpsr = r3
    ;;
    mov ar.rnat = r0
    loadrs
    ;;
    movl r2 = __ivt
    ;;
    mov cr.iva = r2
    bsw.1
    ;;
    mov cr.tpr = r0
    ;;
    srlz.d
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
#ifdef BARE_KERNEL
    movl r2 = __boot_r28            /* the loader's parameters */
    ;;
    st8 [r2] = r28
#endif
    alloc r2 = ar.pfs, 0, 1, 2, 0
    mov r33 = r0
    mov r34 = r0
    ;;
    br.call.sptk.many b0 = main
    ;;
    mov r32 = r8
    ;;
__exit:                             /* r32: status */
    EXIT
    br.sptk __exit
    ;;
    .endp _start

__park:
    hint @pause
    br.sptk __park
    ;;

    .global ssc
    .proc ssc
ssc:
    alloc r2 = ar.pfs, 5, 0, 0, 0
    mov r15 = r36
    ;;
    break 0x80001
    br.ret.sptk.many b0
    ;;
    .endp ssc

    .global bare_exit
    .proc bare_exit
bare_exit:
    alloc r2 = ar.pfs, 1, 0, 0, 0
    br.sptk.many __exit
    ;;
    .endp bare_exit

    .global bare_putc
    .proc bare_putc
bare_putc:
    alloc r2 = ar.pfs, 1, 1, 0, 0
    mov r15 = SSC_PUTCHAR
    ;;
    PUTCHAR(p0)
#ifdef BARE_KERNEL                      /* a line at a time */
    cmp.ne p14, p0 = 10, r32
    mov r33 = r2
(p14) br.ret.sptk.many b0
    ;;
    FLUSH
    mov ar.pfs = r33
    ;;
#endif
    br.ret.sptk.many b0
    ;;
    .endp bare_putc

#ifdef BARE_KERNEL
/* Sends the buffer to the UART by its physical address, whatever psr.dt is. Clobbers r14, r15, r8, p14; returns through b6. */
    .global __flush
    .proc __flush
__flush:
    alloc r2 = ar.pfs, 5, 0, 0, 0
    ;;
    mov r32 = psr
    movl r33 = __out
    movl r34 = __out_end
    ;;
    ld8 r35 = [r34]
    movl r8 = UART_PA
    ;;
    st8 [r34] = r33
    rsm psr.dt                      /* the buffer's addresses are physical ones as well */
    ;;
    srlz.d
    ;;
1:  cmp.ltu p14, p0 = r33, r35
    ;;
(p14) ld1 r36 = [r33], 1
    ;;
(p14) st1.rel [r8] = r36
(p14) br.cond.sptk 1b
    ;;
    mov psr.l = r32
    ;;
    srlz.d
    br.ret.sptk.many b6
    ;;
    .endp __flush

__exit_handler:
    movl r17 = __power_off
    movl r18 = 1 << 13 | 1 << 44    /* ic, bn */
    ;;
    mov cr.iip = r17
    mov cr.ipsr = r18
    ;;
    rfi
    ;;

__power_off:
    FLUSH
    movl r8 = POWER_PA
    mov r15 = POWER_OFF
    ;;
    st2.rel [r8] = r15
    ;;
    br.sptk __power_off
    ;;

    .data
    .align 8
__out_end: data8 __out
    .global __boot_r28
__boot_r28: data8 0
    .bss
__out: .skip 65536
    .text
#endif

/* --- printing for assembly: leaf routines in a frame of their own, return through b6 --- */

/* Prints the string at r14. Clobbers r14, r15, r8, p14. */
    .global __puts
    .proc __puts
__puts:
    alloc r2 = ar.pfs, 1, 0, 0, 0
    mov r15 = SSC_PUTCHAR
1:  ld1 r32 = [r14], 1
    ;;
    cmp.eq p14, p0 = r0, r32
(p14) br.ret.sptk.many b6
    ;;
    PUTCHAR(p0)
    br.sptk 1b
    ;;
    .endp __puts

/* Prints r14 in 16 hexadecimal digits. */
    .global __puthex
    .proc __puthex
__puthex:
    alloc r2 = ar.pfs, 2, 0, 0, 0
    mov r15 = SSC_PUTCHAR
    mov r33 = 16
    ;;
1:  extr.u r32 = r14, 60, 4
    shl r14 = r14, 4
    adds r33 = -1, r33
    ;;
    cmp.ltu p14, p0 = 9, r32
    adds r32 = 48, r32
    ;;
(p14) adds r32 = 39, r32
    cmp.ne p14, p0 = r0, r33
    ;;
    PUTCHAR(p0)
(p14) br.cond.sptk 1b
    br.ret.sptk.many b6
    ;;
    .endp __puthex

/* Prints r14 in decimal, up to 5 digits. */
    .proc __putdec
__putdec:
    alloc r2 = ar.pfs, 5, 0, 0, 0
    mov r15 = SSC_PUTCHAR
    movl r33 = 10000
    mov r35 = r0                    /* something printed */
    ;;
1:  mov r32 = 48
2:  cmp.geu p14, p15 = r14, r33
    ;;
(p14) sub r14 = r14, r33
(p14) adds r32 = 1, r32
(p14) mov r35 = 1
(p14) br.cond.sptk 2b
    ;;
    cmp.ne p14, p0 = r0, r35
    cmp.eq p15, p0 = 1, r33
    ;;
    PUTCHAR(p14)
    ;;
(p15) br.ret.sptk.many b6
    ;;
    /* r33 / 10: 10000 1000 100 10 1 */
    movl r36 = 6554                 /* 65536 / 10, rounded up: exact for these */
    setf.sig f6 = r33
    ;;
    setf.sig f7 = r36
    ;;
    xma.l f6 = f6, f7, f0
    ;;
    getf.sig r33 = f6
    ;;
    shr.u r33 = r33, 16
    ;;
    cmp.eq p14, p0 = 1, r33         /* the last digit is always printed */
    ;;
(p14) mov r35 = 1
    br.sptk 1b
    ;;
    .endp __putdec

    .section .rodata
.Lpass: .asciz "PASS "
.Lfail: .asciz "FAIL "
.Lexp:  .asciz ": expected "
.Lgot:  .asciz ", got "
.Lat:   .asciz ", line "
.Lnl:   .asciz "\n"
.Lvec:  .asciz ": unexpected interruption, vector "
.Liip:  .asciz ", iip "
.Lisr:  .asciz ", isr "
.Lifa:  .asciz ", ifa "
.Lnone: .asciz "(no case)"
    .bss
    .align 16
    .global __rec, __handlers, __resume, __case_name
__case_name: .skip 16
__resume:   .skip 16
__rec:      .skip 128
__handlers: .skip 0x80 * 8
    .text

#define PUTS(label) movl r14 = label; ;; br.call.sptk.many b6 = __puts; ;;
#define PUTNAME \
    movl r14 = __case_name; ;; ld8 r14 = [r14]; ;; cmp.eq p14, p0 = r0, r14; ;; \
    (p14) movl r14 = .Lnone; ;; br.call.sptk.many b6 = __puts; ;;

/* r14: name of the case that begins; the last one passed. Returns through b6 in the caller's frame. */
    .global __case_begin
    .proc __case_begin
__case_begin:
    alloc r32 = ar.pfs, 5, 0, 0, 0
    mov r36 = r8                    /* ski's calls write r8 */
    mov r33 = b6
    mov r34 = r14
    ;;
    movl r35 = __case_name
    ;;
    ld8 r14 = [r35]
    ;;
    cmp.eq p14, p15 = r0, r14
(p14) br.cond.sptk 1f
    ;;
    PUTS(.Lpass)
    PUTNAME
    PUTS(.Lnl)
#ifdef BARE_KERNEL
    tbit.nz p14, p0 = r32, 63       /* the caller's level, ar.pfs.ppl: a user's output waits */
(p14) br.cond.sptk 1f
    FLUSH
#endif
1:  st8 [r35] = r34
    mov ar.pfs = r32
    mov b6 = r33
    mov r8 = r36
    ;;
    br.ret.sptk.many b6
    ;;
    .endp __case_begin

    .global __done
__done:
    alloc r2 = ar.pfs, 0, 1, 0, 0
    ;;
    PUTS(.Lpass)
    PUTNAME
    PUTS(.Lnl)
    mov r32 = r0
    br.sptk.many __exit
    ;;

/* r2 expected, r3 got, r14 line. */
    .global __fail
__fail:
    rsm psr.i
    ;;
    cover                           /* whatever frame the test had */
    ;;
    alloc r32 = ar.pfs, 0, 4, 0, 0
    mov r33 = r2
    mov r34 = r3
    ;;
    mov r35 = r14
    ;;
    PUTS(.Lfail)
    PUTNAME
    PUTS(.Lexp)
    mov r14 = r33
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Lgot)
    tnat.nz p14, p15 = r34
    ;;
(p14) mov r14 = r0                  /* a NaT: cannot be printed */
(p15) mov r14 = r34
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Lat)
    mov r14 = r35
    br.call.sptk.many b6 = __putdec
    ;;
    PUTS(.Lnl)
    mov r32 = 1
    br.sptk.many __exit
    ;;

/* --- interruptions --- */

/* r16 vector. Nobody handles it. */
__unexpected:
    cover
    ;;
    mov r20 = cr.iip
    mov r21 = cr.isr
    mov r22 = cr.ifa
    alloc r32 = ar.pfs, 0, 1, 0, 0
    ;;
    PUTS(.Lfail)
    PUTNAME
    PUTS(.Lvec)
    mov r14 = r16
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Liip)
    mov r14 = r20
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Lisr)
    mov r14 = r21
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Lifa)
    mov r14 = r22
    br.call.sptk.many b6 = __puthex
    ;;
    PUTS(.Lnl)
    mov r32 = 99
    br.sptk.many __exit
    ;;

#define RECORD_ALL \
    movl r17 = __rec; ;; \
    ld8 r18 = [r17]; ;; \
    adds r18 = 1, r18; ;; \
    st8 [r17] = r18, 8; ;; \
    st8 [r17] = r16, 8; mov r18 = cr.iip; ;; \
    st8 [r17] = r18, 8; mov r19 = cr.ipsr; ;; \
    st8 [r17] = r19, 8; mov r20 = cr.isr; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.ifa; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.itir; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.iim; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.iha; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.iipa; ;; \
    st8 [r17] = r20, 8; mov r20 = cr.ifs; ;; \
    st8 [r17] = r20; ;;

    .global __record_skip
__record_skip:
    RECORD_ALL
    /* To the next slot: r18 iip, r19 ipsr. */
    extr.u r20 = r19, 41, 2
    ;;
    cmp.eq p6, p7 = 2, r20
    adds r20 = 1, r20
    ;;
(p6) mov r20 = r0
(p6) adds r18 = 16, r18
    ;;
    dep r19 = r20, r19, 41, 2
    mov cr.iip = r18
    ;;
    mov cr.ipsr = r19
    HANDLER_RETURN

    .global __record_go
__record_go:
    RECORD_ALL
    movl r20 = ~(1 << 40 | 1 << 26 | 1 << 24)
    ;;
    and r19 = r19, r20
    ;;
    mov cr.ipsr = r19
    HANDLER_RETURN

    .global __record_to
__record_to:
    RECORD_ALL
    movl r20 = __resume
    ;;
    ld8 r18 = [r20]
    dep r19 = r0, r19, 41, 2
    ;;
    mov cr.iip = r18
    mov cr.ipsr = r19
    HANDLER_RETURN

/* --- the table: 20 entries of 1 KiB, then 48 of 256 bytes (SDM 2:5.7) --- */
    .section .ivt, "ax"
    .align 32768
    .global __ivt
__ivt:
    .macro ENTRY_ vector
    .org __ivt + \vector
    mov r31 = pr
    mov r30 = b6
    movl r17 = __handlers + (\vector >> 8) * 8
    ;;
    ld8 r18 = [r17]
    movl r16 = \vector
    ;;
    cmp.eq p6, p7 = r0, r18
    mov b6 = r18
(p6) br.cond.sptk.many __unexpected
    ;;
    br.sptk.many b6
    ;;
    .endm
    .irp v, 0x0000, 0x0400, 0x0800, 0x0c00, 0x1000, 0x1400, 0x1800, 0x1c00, 0x2000, 0x2400, 0x2800, 0x2c00, 0x3000, 0x3400, 0x3800, 0x3c00, 0x4000, 0x4400, 0x4800, 0x4c00
    ENTRY_ \v
    .endr
    .irp v, 0x5000, 0x5100, 0x5200, 0x5300, 0x5400, 0x5500, 0x5600, 0x5700, 0x5800, 0x5900, 0x5a00, 0x5b00, 0x5c00, 0x5d00, 0x5e00, 0x5f00
    ENTRY_ \v
    .endr
    .irp v, 0x6000, 0x6100, 0x6200, 0x6300, 0x6400, 0x6500, 0x6600, 0x6700, 0x6800, 0x6900, 0x6a00, 0x6b00, 0x6c00, 0x6d00, 0x6e00, 0x6f00, 0x7000, 0x7100, 0x7200, 0x7300, 0x7400, 0x7500, 0x7600, 0x7700, 0x7800, 0x7900, 0x7a00, 0x7b00, 0x7c00, 0x7d00, 0x7e00, 0x7f00
    ENTRY_ \v
    .endr
    .org __ivt + 0x8000
