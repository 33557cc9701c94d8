/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_TYPES_H__
#define __ASM_IA64_TYPES_H__

#ifndef __ASSEMBLY__

typedef __signed__ char __s8;
typedef unsigned char __u8;
typedef __signed__ short __s16;
typedef unsigned short __u16;
typedef __signed__ int __s32;
typedef unsigned int __u32;
typedef __signed__ long __s64;
typedef unsigned long __u64;

typedef signed char s8;
typedef unsigned char u8;
typedef signed short s16;
typedef unsigned short u16;
typedef signed int s32;
typedef unsigned int u32;
typedef signed long s64;
typedef unsigned long u64;

typedef u64 vaddr_t;
#define PRIvaddr PRIx64
typedef u64 paddr_t;
#define INVALID_PADDR (~0UL)
#define PRIpaddr "016lx"
typedef u64 register_t;
#define PRIregister "016lx"

typedef __SIZE_TYPE__ size_t;
typedef signed long ssize_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

#endif /* __ASSEMBLY__ */

#endif
