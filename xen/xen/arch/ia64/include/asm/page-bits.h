/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PAGE_BITS_H__
#define __ASM_IA64_PAGE_BITS_H__

#define PAGE_SHIFT      12
#define PADDR_BITS      50

#endif
