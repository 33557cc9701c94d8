/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 64-bit division, what the compiler calls for / and %. Newton's iteration on frcpa's reciprocal: 8.8 bits, squared twice, and a correction of
 * the quotient by its remainder make it exact to the last of 64 (the register format's significand has no fewer). Only f6-f11, which the frame saves:
 * libgcc's use a guest's registers too. Status field 1 has all traps off and the widest range (SDM 1:5.1).
 */
#include <asm/config.h>

.macro DIVIDE cvt, fixed, rem
        setf.sig f8 = r32
        setf.sig f9 = r33
        ;;
        \cvt    f8 = f8
        \cvt    f9 = f9
        ;;
        frcpa.s1 f10, p6 = f8, f9               /* y0; p6 clear: f10 is the quotient (division by 0, say) */
        ;;
(p6)    fnma.s1 f11 = f9, f10, f1               /* e0 = 1 - b y0 */
(p6)    fma.s1  f6 = f8, f10, f0                /* q0 = a y0 */
        ;;
(p6)    fma.s1  f7 = f11, f11, f0               /* e1 = e0^2 */
(p6)    fma.s1  f6 = f11, f6, f6                /* q1 */
(p6)    fma.s1  f10 = f11, f10, f10             /* y1 */
        ;;
(p6)    fma.s1  f6 = f7, f6, f6                 /* q2 */
(p6)    fma.s1  f10 = f7, f10, f10              /* y2 */
        ;;
(p6)    fnma.s1 f11 = f9, f6, f8                /* r = a - b q2 */
        ;;
(p6)    fma.s1  f10 = f11, f10, f6              /* q3 = q2 + r y2 */
        ;;
        \fixed  f10 = f10
        ;;
.if \rem
        setf.sig f9 = r33
        ;;
        xmpy.l  f10 = f10, f9
        ;;
        getf.sig r8 = f10
        ;;
        sub     r8 = r32, r8
.else
        getf.sig r8 = f10
.endif
        br.ret.sptk.many rp
        ;;
.endm

ENTRY(__udivdi3)
        DIVIDE  fcvt.xuf, fcvt.fxu.trunc.s1, 0
END(__udivdi3)

ENTRY(__umoddi3)
        DIVIDE  fcvt.xuf, fcvt.fxu.trunc.s1, 1
END(__umoddi3)

ENTRY(__divdi3)
        DIVIDE  fcvt.xf, fcvt.fx.trunc.s1, 0
END(__divdi3)

ENTRY(__moddi3)
        DIVIDE  fcvt.xf, fcvt.fx.trunc.s1, 1
END(__moddi3)
