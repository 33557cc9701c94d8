/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_DEBUGGER_H__
#define __ASM_IA64_DEBUGGER_H__

/* Debugging is the simulator's gdb stub: nothing in Xen takes a fault for itself. */
#define debugger_trap_fatal(v, r)       (false)
#define debugger_trap_immediate()       ((void)0)

#endif
