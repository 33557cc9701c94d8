/* Self-modifying code: stores made visible to fetch by fc.i, sync.i, srlz.i (SDM 1:4.4.6.2, 2:4.4.6). */
#include "bare.h"
    .text
    .global main
/* Copies one bundle from r14 to r15 and makes it visible. */
#define PATCH                                                                                      \
    ;; ld8 r16 = [r14], 8;                                                                         \
    ;; ld8 r17 = [r14];                                                                            \
    st8 [r15] = r16, 8;                                                                            \
    ;; st8 [r15] = r17, -8;                                                                        \
    ;; fc.i r15;                                                                                   \
    ;; sync.i;                                                                                     \
    ;; srlz.i;                                                                                     \
    ;;
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    CASE("code is run, replaced, run again")
    movl r14 = victim
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 1)
    movl r14 = returns_2
    movl r15 = victim
    PATCH
    movl r14 = victim
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 2)

    CASE("alternating a hundred times")
    mov r33 = 100
    mov r34 = r0
    ;;
1:  tbit.nz p6, p7 = r33, 0
    movl r15 = victim
    ;;
    (p6) movl r14 = returns_1
    (p7) movl r14 = returns_2
    PATCH
    br.call.sptk.many b0 = victim
    ;;
    add r34 = r34, r8
    adds r33 = -1, r33
    ;;
    cmp.ne p6, p7 = r0, r33
    (p6) br.cond.sptk 1b
    ;;
    CHECK(r34, 150)

    CASE("code generated on a data page")
    movl r14 = returns_2
    movl r15 = buffer
    PATCH
    movl r14 = buffer
    ;;
    mov b7 = r14
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 2)

    CASE("a loop that patches the bundle after next of itself")
    mov r34 = r0
    mov r33 = 2
    ;;
1:  movl r14 = adds_10
    movl r15 = 2f
    PATCH
    ;;
    .align 16
2:  adds r34 = 1, r34
    nop 0
    nop 0
    ;;
    adds r33 = -1, r33
    ;;
    cmp.ne p6, p7 = r0, r33
    (p6) br.cond.sptk 1b
    ;;
    CHECK(r34, 20)

    CASE("data store next to code on the same page")
    movl r14 = beside
    mov r15 = 0x5a
    ;;
    st8 [r14] = r15
    ;;
    ld8 r8 = [r14]
    br.call.sptk.many b0 = victim
    ;;
    CHECK(r8, 1)
    movl r14 = beside
    ;;
    ld8 r8 = [r14]
    CHECK(r8, 0x5a)

    CASE("semaphore and fp stores into code")
    movl r14 = returns_2
    movl r15 = victim
    ;;
    ldf8 f6 = [r14], 8
    ;;
    ld8 r17 = [r14]
    adds r18 = 8, r15
    ;;
    stf8 [r15] = f6
    xchg8 r16 = [r18], r17
    ;;
    fc.i r15
    ;;
    sync.i
    ;;
    srlz.i
    ;;
    br.call.sptk.many b0 = victim
    ;;
    CHECK(r8, 2)
    DONE

    .align 64
victim:
    { .mib
    mov r8 = 1
    nop 0
    br.ret.sptk.many b0
    ;; }
beside: data8 0, 0
    .align 64
returns_1:
    { .mib
    mov r8 = 1
    nop 0
    br.ret.sptk.many b0
    ;; }
returns_2:
    { .mib
    mov r8 = 2
    nop 0
    br.ret.sptk.many b0
    ;; }
adds_10:
    adds r34 = 10, r34
    nop 0
    nop 0
    ;;
    .data
    .align 4096
buffer: .skip 64
