/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_BYTEORDER_H__
#define __ASM_IA64_BYTEORDER_H__

#include <asm/types.h>

#define __arch__swab16(x) __builtin_bswap16(x)
#define __arch__swab32(x) __builtin_bswap32(x)
#define __arch__swab64(x) __builtin_bswap64(x)

#define __BYTEORDER_HAS_U64__
#include <xen/byteorder/little_endian.h>

#endif
