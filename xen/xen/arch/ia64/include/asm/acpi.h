/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_ACPI_H__
#define __ASM_IA64_ACPI_H__

#define COMPILER_DEPENDENT_INT64    long
#define COMPILER_DEPENDENT_UINT64   unsigned long
#define ACPI_MAP_MEM_ATTR           PAGE_HYPERVISOR

/* There is no ia64 machine without. */
#define acpi_disabled               false
#define disable_acpi()              ((void)0)

#endif
