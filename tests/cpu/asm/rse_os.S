/* The register stack as an operating system sees it: a translated backing store whose pages come and go (misses of
 * alloc, br.ret, rfi, incomplete frames), and timer interrupts that cover the frame, switch to a backing store of
 * their own, recurse there, and go back with loadrs (SDM 2:6.6 to 2:6.11). The interrupted program checks its registers
 * and their NaT bits. */
#include "bare.h"
#include "virt.h"

#define STORE     0xa000000000000000    /* the program's backing store, virtual, 4 KiB pages */
#define STORE_PA  (BARE_BASE + 0x800000)            /* ... and physical */
#define KSTORE    (BARE_BASE + 0xc00000)             /* the interrupt handler's: always mapped */
#define VEC_MISS  0x1000                /* Alternate Data TLB */
#define VEC_INTR  0x3000

    .bss
    .align 16
misses:     .skip 8                     /* translations put in */
ticks:      .skip 8                     /* timer interrupts */
interval:   .skip 8
    .data
    .align 16
natword:    .quad 0x5a5a5a5a5a5a5a5a

    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("translated backing store")
    GO_VIRTUAL
    rsm psr.ic
    ;;
    srlz.i
    ;;
    SET_RR(5, RR(0x105, 12, 0))
    ssm psr.ic
    ;;
    srlz.i
    ;;
    mov r33 = b0
    ON(VEC_MISS, on_miss)
    /* The program's own store, from just below a NaT collection. */
    mov r34 = ar.bspstore
    mov ar.rsc = 0
    ;;
    flushrs
    ;;
    mov r34 = ar.bspstore
    mov r35 = ar.rnat
    movl r36 = STORE + 0x1f0
    ;;
    mov ar.bspstore = r36
    ;;
    mov ar.rnat = r0
    ;;
    mov ar.rsc = 3
    mov r40 = 3000
    ;;
    br.call.sptk.many b0 = nest
    ;;
    CHECK(r8, 0)
    mov r40 = 3000
    ;;
    br.call.sptk.many b0 = nest
    ;;
    CHECK(r8, 0)

    CASE("its pages came by misses")
    movl r14 = misses
    ;;
    ld8 r37 = [r14]
    ;;
    cmp.ltu p6, p7 = 100, r37
    CHECK_P(p6)

    CASE("timer interrupts on another backing store")
    ON(VEC_INTR, on_timer)
    movl r14 = interval
    movl r15 = 4000
    ;;
    st8 [r14] = r15
    mov r16 = 0xef
    ;;
    mov cr.itv = r16
    mov r17 = ar.itc
    ;;
    srlz.d
    add r17 = r17, r15
    ;;
    mov cr.itm = r17
    ;;
    srlz.d
    ;;
    ssm psr.i
    ;;
    mov r38 = 20
    ;;
1:  mov r40 = 700
    ;;
    br.call.sptk.many b0 = nest
    ;;
    adds r38 = -1, r38
    cmp.ne p6, p7 = r0, r8
    ;;
(p6) br.cond.spnt 2f
    cmp.ne p6, p7 = r0, r38
    ;;
(p6) br.cond.sptk 1b
    ;;
2:  rsm psr.i
    ;;
    CHECK(r8, 0)
    CHECK(r38, 0)

    CASE("there were timer interrupts")
    movl r14 = ticks
    ;;
    ld8 r37 = [r14]
    ;;
    cmp.ltu p6, p7 = 50, r37
    CHECK_P(p6)

    CASE("interrupts and misses of one rotating frame")
    ssm psr.i
    ;;
    mov r40 = 400
    ;;
    br.call.sptk.many b0 = rotate
    ;;
    rsm psr.i
    ;;
    CHECK(r8, 0)

    /* Back to the first store, whose registers flushrs wrote. */
    mov ar.rsc = 0
    ;;
    flushrs
    mov b0 = r33
    ;;
    DONE

/* nest(n): n frames of nine locals with values of n, every third a NaT; r8: 0, or the n whose registers came back
 * wrong. */
    .proc nest
nest:
    alloc r34 = ar.pfs, 1, 10, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    movl r14 = natword
    ;;
(p6) mov r8 = r0
(p6) br.cond.sptk 9f
    tbit.nz p8, p9 = r32, 0
    mov r15 = -1
    adds r43 = -1, r32
    ;;
(p8) mov ar.unat = r15
(p9) mov ar.unat = r0
    shl r36 = r32, 7
    xor r37 = -1, r32
    ;;
    ld8.fill r38 = [r14]
    mov r39 = r36
    add r40 = r36, r37
    sub r41 = r36, r37
    mov r42 = r12
    ;;
    br.call.sptk.many b0 = nest
    ;;
    cmp.ne p6, p7 = r0, r8
(p6) br.cond.spnt 9f
    ;;
    shl r14 = r32, 7
    xor r15 = -1, r32
    tbit.nz p8, p9 = r32, 0
    cmp.ne p6, p7 = r0, r0
    ;;
    add r3 = r14, r15
    cmp.ne.or p6, p0 = r14, r36
    cmp.ne.or p6, p0 = r15, r37
    cmp.ne.or p6, p0 = r14, r39
    cmp.ne.or p6, p0 = r12, r42
(p8) tnat.z.or p6, p0 = r38             /* should be NaT */
(p9) tnat.nz.or p6, p0 = r38            /* should not */
    ;;
    cmp.ne.or p6, p0 = r3, r40
    ;;
(p6) mov r8 = r32
    ;;
9:  mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;
    .endp nest

/* rotate(n): n rounds of 48 rotating registers shifted by br.ctop and looked at again, with a call of nest
 * between. r8: 0 or the round. */
    .proc rotate
rotate:
    alloc r82 = ar.pfs, 1, 55, 1, 48
    ;;
    mov r80 = r32
    mov r81 = b0

    ;;
1:  mov r88 = 12                        /* the output */
    mov r32 = r80
    mov ar.ec = 1                       /* br.ret brings it back */
    ;;
    br.call.sptk.many b0 = nest
    ;;
    cmp.ne p6, p7 = r0, r8
(p6) br.cond.spnt 9f
    ;;
    mov ar.lc = 30
    ;;
2:  nop.m 0
    nop.i 0
    br.ctop.sptk 2b                     /* 30 times taken, 31 rotations: r32 is now r63 */
    ;;
    cmp.ne p6, p7 = r63, r80
    ;;
(p6) br.cond.spnt 8f
    clrrrb
    ;;
    adds r80 = -1, r80
    ;;
    cmp.ne p6, p7 = r0, r80
    ;;
(p6) br.cond.sptk 1b
    mov r8 = r0
    br.sptk 9f
    ;;
8:  mov r8 = r80
    ;;
9:  clrrrb
    ;;
    mov ar.pfs = r82
    mov b0 = r81
    ;;
    br.ret.sptk.many b0
    ;;
    .endp rotate

/* A page of the store. Every eighth miss forgets all of them first. */
on_miss:
    mov r17 = cr.ifa
    movl r18 = misses
    movl r19 = STORE_PA | PTE_RWX
    ;;
    ld8 r20 = [r18]
    shr.u r21 = r17, 61
    dep r22 = 0, r17, 20, 44            /* offset, 1 MiB of it */
    ;;
    cmp.ne p6, p7 = 5, r21
    adds r20 = 1, r20
    dep r22 = 0, r22, 0, 12
    ;;
(p6) break 0x7777                       /* nothing else may miss */
    st8 [r18] = r20
    and r21 = 7, r20
    add r19 = r19, r22
    ;;
    cmp.eq p6, p7 = r0, r21
    mov r23 = 12 << 2
    ;;
(p6) ptc.e r0
    mov cr.itir = r23
    ;;
    srlz.d
    ;;
    itc.d r19
    ;;
    srlz.d
    HANDLER_RETURN

/* The timer: what a kernel does at an interruption that will call C code. */
on_timer:
    mov r16 = cr.ivr
    cover
    ;;
    mov r17 = cr.ifs
    mov r18 = ar.pfs
    mov r19 = ar.rsc
    mov r28 = ar.unat
    ;;
    mov ar.rsc = 0
    movl r20 = KSTORE
    mov r21 = b0
    ;;
    mov r22 = ar.bspstore
    mov r23 = ar.rnat
    ;;
    mov ar.bspstore = r20
    ;;
    mov r24 = ar.bsp
    mov ar.rsc = 3
    ;;
    sub r24 = r24, r20
    alloc r25 = ar.pfs, 0, 0, 1, 0
    mov r32 = 25
    ;;
    shl r24 = r24, 16                   /* rsc.loadrs */
    br.call.sptk.many b0 = trash
    ;;
    alloc r25 = ar.pfs, 0, 0, 0, 0
    ;;
    mov ar.rsc = r24                    /* lazy, loadrs */
    ;;
    loadrs
    ;;
    mov ar.bspstore = r22
    ;;
    mov ar.rnat = r23
    ;;
    mov ar.rsc = r19
    mov ar.unat = r28
    mov ar.pfs = r18
    mov cr.ifs = r17
    mov b0 = r21
    movl r20 = interval
    movl r21 = ticks
    ;;
    mov cr.eoi = r0
    ld8 r22 = [r20]
    ld8 r23 = [r21]
    ;;
    srlz.d
    xor r22 = 0x55, r22                 /* not always at the same place */
    adds r23 = 1, r23
    mov r24 = ar.itc
    ;;
    st8 [r20] = r22
    st8 [r21] = r23
    add r24 = r24, r22
    ;;
    mov cr.itm = r24
    ;;
    srlz.d
    HANDLER_RETURN

/* Frames full of NaTs and noise, through bank 0 and the handler's store. Uses r25-r27, p6. */
    .proc trash
trash:
    alloc r33 = ar.pfs, 1, 20, 1, 0
    mov r34 = b0
    cmp.eq p6, p0 = r0, r32
    ;;
(p6) br.cond.sptk 9f
    movl r26 = natword
    mov r27 = -1
    ;;
    mov ar.unat = r27
    ;;
    ld8.fill r35 = [r26]
    ld8.fill r40 = [r26]
    ld8.fill r45 = [r26]
    ld8.fill r52 = [r26]
    adds r53 = -1, r32
    mov r36 = r32
    mov r50 = -1
    ;;
    br.call.sptk.many b0 = trash
    ;;
9:  mov ar.pfs = r33
    mov b0 = r34
    ;;
    br.ret.sptk.many b0
    ;;
    .endp trash
