/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PAGING_H__
#define __ASM_IA64_PAGING_H__

/* Guests see guest-physical addresses only; Xen keeps the p2m. */
#define paging_mode_translate(d)    (1)
#define paging_mode_external(d)     (1)

#endif
