/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants of the build and the address map of docs/xen-internals.md.
 */
#ifndef __ASM_IA64_CONFIG_H__
#define __ASM_IA64_CONFIG_H__

#define LONG_BYTEORDER      3
#define ELFSIZE             64

#define BYTES_PER_LONG      (1 << LONG_BYTEORDER)
#define BITS_PER_LONG       (BYTES_PER_LONG << 3)
#define POINTER_ALIGN       BYTES_PER_LONG
#define BITS_PER_LLONG      64
#define BITS_PER_XEN_ULONG  BITS_PER_LONG
#define BITS_PER_BYTE       8

#define CONFIG_SMP          1
#define CONFIG_IRQ_HAS_MULTIPLE_ACTION 1
#define CONFIG_IA64_L1_CACHE_SHIFT 7        /* Itanium 2: L2 and L3 lines are 128 bytes */

/* A guest's RAM comes in extents up to the largest page of the machine that matters (256 MiB). */
#define CONFIG_PAGEALLOC_MAX_ORDER 18
#define CONFIG_DOMU_MAX_ORDER      12
#define CONFIG_HWDOM_MAX_ORDER     16

#define OPT_CONSOLE_STR     "com1"

#define MAX_VIRT_CPUS       64u
#define INVALID_VCPU_ID     MAX_VIRT_CPUS

#define NR_hypercalls       64

#include <xen/const.h>
#include <xen/page-size.h>

/*
 * Addresses. All of it is region 7 with bit 60 set; a guest's region 7 has bit 60 clear.
 */
#define XEN_REGION_START        _AC(0xf000000000000000, UL)

#define DIRECTMAP_VIRT_START    _AC(0xf000000000000000, UL)   /* + pa: RAM, write back */
#define DIRECTMAP_SIZE          (_AC(1, UL) << PADDR_BITS)
#define DIRECTMAP_VIRT_END      (DIRECTMAP_VIRT_START + DIRECTMAP_SIZE - 1)

#define UNCACHED_VIRT_START     _AC(0xf200000000000000, UL)   /* + pa: devices, uncacheable */
#define UNCACHED_VIRT_END       (UNCACHED_VIRT_START + DIRECTMAP_SIZE - 1)

#define XEN_VIRT_START          _AC(0xf400000004000000, UL)   /* the image: ITR 0, DTR 0 */
#define XEN_IMAGE_SHIFT         24
#define XEN_IMAGE_SIZE          (_AC(1, UL) << XEN_IMAGE_SHIFT)
#define XEN_VIRT_END            (XEN_VIRT_START + XEN_IMAGE_SIZE)

#define PERCPU_ADDR             _AC(0xf500000000000000, UL)   /* this processor's stack block: DTR 1 */

#define FRAMETABLE_VIRT_START   _AC(0xf600000000000000, UL)
#define FRAMETABLE_SIZE         (_AC(1, UL) << (44 - PAGE_SHIFT + 6))  /* 16 TiB, holes squeezed out (pdx) */
#define FRAMETABLE_NR           (FRAMETABLE_SIZE / sizeof(*frame_table))
#define FRAMETABLE_VIRT_END     (FRAMETABLE_VIRT_START + FRAMETABLE_SIZE - 1)

#define VMAP_VIRT_START         _AC(0xf700000000000000, UL)
#define VMAP_VIRT_SIZE          (_AC(1, UL) << 34)
#define VMAP_VIRT_END           (VMAP_VIRT_START + VMAP_VIRT_SIZE)

#define HYPERVISOR_VIRT_START   XEN_REGION_START
#define HYPERVISOR_VIRT_END     (~_AC(0, UL))

/*
 * A granule is the page size of the directmap. directmap_wb has a bit for each of the first DIRECTMAP_GRANULES: set when all of it is
 * write-back RAM (the miss handler in ivt.S then inserts the whole granule; else xen_page_fault() decides).
 */
#define DIRECTMAP_GRANULE_SHIFT 24
#define DIRECTMAP_GRANULES      (_AC(1, UL) << (44 - DIRECTMAP_GRANULE_SHIFT))

/* The stack block: backing store from its base up, memory stack from struct cpu_info down. */
#define STACK_SHIFT             16
#define STACK_ORDER             (STACK_SHIFT - PAGE_SHIFT)
#define STACK_SIZE              (_AC(1, UL) << STACK_SHIFT)
/* As it is allocated: with as much again behind it (asm/salblock.h). */
#define STACK_ALLOC_ORDER       (STACK_ORDER + 1)

/* Linkage. A function of the assembler: 32 bytes is two bundles, what the processor fetches at once. */
#ifdef __ASSEMBLY__
#define ALIGN           .align 32
#define ENTRY(name)     .global name; ALIGN; .proc name; name:
#define GLOBAL(name)    .global name; name:
#define END(name)       .endp name

#define ASM_INT(label, val)                                             \
    .p2align 2;                                                         \
label: .long (val);                                                     \
    .size label, . - label;                                             \
    .type label, @object
#endif

#define watchdog_disable() ((void)0)
#define watchdog_enable()  ((void)0)

#ifndef __ASSEMBLY__
extern unsigned long xen_phys_start;    /* where the image is */
#endif

#endif /* __ASM_IA64_CONFIG_H__ */
