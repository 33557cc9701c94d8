/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EFI's types on ia64 (UEFI 2.3.4). Files that include this are compiled with -mconstant-gp: a pointer to a function is the address of
 * a descriptor there, and none may pass between them and the rest of Xen.
 */
#ifndef __ASM_IA64_EFIBIND_H__
#define __ASM_IA64_EFIBIND_H__

#include <xen/errno.h>
#include <xen/spinlock.h>
#include <xen/types.h>

extern spinlock_t rtc_lock;         /* GetTime() and its kin (rtc.c) */
unsigned long mktime(unsigned int year, unsigned int mon, unsigned int day,
                     unsigned int hour, unsigned int min, unsigned int sec);

typedef uint64_t    UINT64;
typedef int64_t     INT64;
typedef uint32_t    UINT32;
typedef int32_t     INT32;
typedef uint16_t    UINT16;
typedef int16_t     INT16;
typedef uint8_t     UINT8;
typedef int8_t      INT8;
typedef __WCHAR_TYPE__ WCHAR;

#undef VOID
#define VOID        void

typedef int64_t     INTN;
typedef uint64_t    UINTN;

#define EFIERR(a)           (0x8000000000000000UL | (a))
#define EFI_ERROR_MASK      0x8000000000000000UL
#define EFIERR_OEM(a)       (0xc000000000000000UL | (a))

#define MIN_ALIGNMENT_SIZE  8

#define EFI_SIGNATURE_16(A,B)             ((A) | (B<<8))
#define EFI_SIGNATURE_32(A,B,C,D)         (EFI_SIGNATURE_16(A,B)     | (EFI_SIGNATURE_16(C,D)     << 16))
#define EFI_SIGNATURE_64(A,B,C,D,E,F,G,H) (EFI_SIGNATURE_32(A,B,C,D) | ((UINT64)(EFI_SIGNATURE_32(E,F,G,H)) << 32))

/* The machine's own convention for calls is EFI's. */
#define EFIAPI
#define BOOTSERVICE
#define RUNTIMESERVICE
#define RUNTIMEFUNCTION
#define RUNTIME_CODE(a)
#define BEGIN_RUNTIME_DATA()
#define END_RUNTIME_DATA()
#define VOLATILE            volatile
#define MEMORY_FENCE()      asm volatile ( "mf" ::: "memory" )
#define INTERFACE_DECL(x)   struct x
#define EXPORTAPI

#endif
