/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's access to a guest's memory: by the guest's own translations (vtlb.c) and its p2m, then by the direct map. No guest pointer is ever
 * dereferenced.
 */
#ifndef __ASM_IA64_GUEST_ACCESS_H__
#define __ASM_IA64_GUEST_ACCESS_H__

#include <xen/errno.h>
#include <xen/sched.h>

/*
 * Addresses of the current vcpu, virtual or physical as its psr.dt says. Return the number of bytes not copied; if a translation was missing,
 * current->arch.mmu.copy_fault says what fault the guest has to serve before it tries again.
 */
unsigned long raw_copy_to_guest(void *to, const void *from, unsigned int len);
unsigned long raw_copy_from_guest(void *to, const void *from, unsigned int len);
unsigned long raw_clear_guest(void *to, unsigned int len);

#define __raw_copy_to_guest     raw_copy_to_guest
#define __raw_copy_from_guest   raw_copy_from_guest
#define __raw_clear_guest       raw_clear_guest

/* Guest-physical addresses (bit 63 ignored); buf NULL: zeroes are written. RAM only. Return the number of bytes not copied. */
unsigned long copy_to_guest_phys(struct domain *d, paddr_t gpa, const void *buf, unsigned long len);
unsigned long copy_from_guest_phys(struct domain *d, paddr_t gpa, void *buf, unsigned long len);

/* Nothing to see from outside: every access is checked as it is made. */
#define guest_handle_okay(hnd, nr) (1)
#define guest_handle_subrange_okay(hnd, first, last) (1)

#endif /* __ASM_IA64_GUEST_ACCESS_H__ */
