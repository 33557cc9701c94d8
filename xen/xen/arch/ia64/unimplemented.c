/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What common code asks for and no part of the port has yet: each says its name and stops.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/bug.h>

#define STUB(name) \
long name(void); \
long __attribute__((weak)) name(void) { panic("unimplemented: " #name "\n"); }

#pragma GCC diagnostic ignored "-Wreturn-type"
STUB(do_vcpu_op)
