/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Hypercalls for the modules of these tests, which know nothing of Xen's headers.
 */
#ifndef HYPERCALL_MODULE_H
#define HYPERCALL_MODULE_H

/* Arguments in r32-r36 of the frame that the break is executed in. */
long xen_hypercall(long a0, long a1, long a2, long a3, long a4, long nr);
asm(".text\n.global xen_hypercall\n.proc xen_hypercall\nxen_hypercall:\n"
    "mov r2 = r37\n;;\nbreak 0x1000\n;;\nbr.ret.sptk.many b0\n.endp xen_hypercall\n");
#endif
