/* What the suites of tests/debug look at: known addresses, values and events. */
#include "bare.h"
    .text
    .global main, leaf, data
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    mov r33 = b0
    ;;
    movl r34 = 0x1122334455667788
    mov r40 = 5
    ;;
    br.call.sptk.many b0 = leaf
    ;;
    mov r35 = r8
    movl r14 = data
    ;;
    st8 [r14] = r35
    ;;
    ld4 r36 = [r14]
    movl r15 = 3
    ;;
    mov ar.lc = r15
    RECORD_SKIP(0x2c00)
1:  br.cloop.sptk 1b
    ;;
    break.m 0x123
    ;;
    mov r8 = 3
    mov b0 = r33
    mov ar.pfs = r32
    ;;
    br.ret.sptk.many b0
    ;;
leaf:
    alloc r33 = ar.pfs, 1, 3, 0, 0
    ;;
    adds r34 = 2, r32
    ;;
    shladd r8 = r34, 1, r0
    br.ret.sptk.many b0
    ;;
    .data
    .align 16
data: data8 0, 0
