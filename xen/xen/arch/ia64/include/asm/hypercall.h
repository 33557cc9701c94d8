/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls: hypercall.c.
 */
#ifndef __XEN_HYPERCALL_H__
#error "asm/hypercall.h should not be included directly - include xen/hypercall.h instead"
#endif

#ifndef __ASM_IA64_HYPERCALL_H__
#define __ASM_IA64_HYPERCALL_H__

#include <public/domctl.h> /* for arch_do_domctl */
#include <public/callback.h>

#endif /* __ASM_IA64_HYPERCALL_H__ */
