/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The floating-point registers that the frame does not hold: f2-f5, f12-f127, as stf.spill leaves them, at 16 times their number.
 */
#include <asm/config.h>

        .section .text, "ax", @progbits

#define FOR_2_5(op)     op(2,3) op(4,5)
#define FOR_12_127(op)                                                                          \
        op(12,13) op(14,15) op(16,17) op(18,19) op(20,21) op(22,23) op(24,25) op(26,27)         \
        op(28,29) op(30,31) op(32,33) op(34,35) op(36,37) op(38,39) op(40,41) op(42,43)         \
        op(44,45) op(46,47) op(48,49) op(50,51) op(52,53) op(54,55) op(56,57) op(58,59)         \
        op(60,61) op(62,63) op(64,65) op(66,67) op(68,69) op(70,71) op(72,73) op(74,75)         \
        op(76,77) op(78,79) op(80,81) op(82,83) op(84,85) op(86,87) op(88,89) op(90,91)         \
        op(92,93) op(94,95) op(96,97) op(98,99) op(100,101) op(102,103) op(104,105)             \
        op(106,107) op(108,109) op(110,111) op(112,113) op(114,115) op(116,117)                 \
        op(118,119) op(120,121) op(122,123) op(124,125) op(126,127)

#define SAVE(a, b)      stf.spill [r14] = f##a, 32; stf.spill [r15] = f##b, 32;;
#define RESTORE(a, b)   ldf.fill f##a = [r14], 32; ldf.fill f##b = [r15], 32;;

/* void save_fpu(struct ia64_fpreg fr[128]) */
ENTRY(save_fpu)
        adds    r14 = 16 * 2, r32
        adds    r15 = 16 * 3, r32
        ;;
        FOR_2_5(SAVE)
        adds    r14 = 16 * 6, r14
        adds    r15 = 16 * 6, r15
        ;;
        FOR_12_127(SAVE)
        br.ret.sptk.many b0
        ;;
END(save_fpu)

/* void restore_fpu(const struct ia64_fpreg fr[128]) */
ENTRY(restore_fpu)
        adds    r14 = 16 * 2, r32
        adds    r15 = 16 * 3, r32
        ;;
        FOR_2_5(RESTORE)
        adds    r14 = 16 * 6, r14
        adds    r15 = 16 * 6, r15
        ;;
        FOR_12_127(RESTORE)
        br.ret.sptk.many b0
        ;;
END(restore_fpu)
