/* SPDX-License-Identifier: GPL-2.0-only */
/* What walk.c has in its page. */
#include "bare.h"
#include "cpus.h"

    .text
#define STUB .align 64;
/* A bundle each that a hypervisor has to read: breaks of every unit, of which the machine tells the number or not; what a kernel must not do itself. */
    .align 64
    .global walk_stubs, walk_stubs_end
walk_stubs:
    STUB { .mib; break.m 0; nop.i 0; nop.b 0; }
    STUB { .mib; nop.m 0; break.i 0; nop.b 0; }
    STUB { .mib; nop.m 0; nop.i 0; break.b 0; }
    STUB { .mib; nop.m 0; nop.i 0; break.b 0x1234; }
    STUB { .mfi; nop.m 0; break.f 0x4321; nop.i 0; }
    STUB { .mlx; nop.m 0; break.x 0x123456789abcdef; }
    STUB { .mii; mov r8 = cr.lid; nop.i 0; nop.i 0; }
    ;;
    { .mib; break.m 0x7ffd; nop.i 0; nop.b 0; }
    STUB { .mii; mov r8 = psr; nop.i 0; nop.i 0; }
    ;;
    { .mib; break.m 0x7ffd; nop.i 0; nop.b 0; }
    STUB { .mii; tpa r8 = r15; nop.i 0; nop.i 0; }
    ;;
    { .mib; break.m 0x7ffd; nop.i 0; nop.b 0; }
    STUB { .mib; nop.m 0; nop.i 0; br.cond.sptk.few 1f; }
    ;;
1:  { .mib; break.m 0x7ffd; nop.i 0; nop.b 0; }
    .align 64
walk_stubs_end:
