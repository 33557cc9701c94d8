/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_STRING_H__
#define __ASM_IA64_STRING_H__

/* lib/ has the others in C; copying and filling by words is worth having (string.c). */
#define __HAVE_ARCH_MEMCPY
#define __HAVE_ARCH_MEMSET

#endif
