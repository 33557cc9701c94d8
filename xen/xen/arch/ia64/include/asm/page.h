/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PAGE_H__
#define __ASM_IA64_PAGE_H__

#include <public/xen.h>
#include <xen/page-size.h>

/*
 * Flags of map_pages_to_xen() and vmap: the memory attribute as a translation has it (bits 4:2, SDM 2:4.4), and rights.
 */
#define _PAGE_PRESENT       0x01u
#define _PAGE_MA_WB         0x00u
#define _PAGE_MA_UC         0x10u
#define _PAGE_MA_WC         0x18u
#define _PAGE_MA_MASK       0x1cu
#define _PAGE_RO            0x20u
#define _PAGE_X             0x40u

#define _PAGE_NONE          0u
#define PAGE_HYPERVISOR_RW  (_PAGE_PRESENT | _PAGE_MA_WB)
#define PAGE_HYPERVISOR_RO  (_PAGE_PRESENT | _PAGE_MA_WB | _PAGE_RO)
#define PAGE_HYPERVISOR_RX  (_PAGE_PRESENT | _PAGE_MA_WB | _PAGE_RO | _PAGE_X)
#define PAGE_HYPERVISOR     PAGE_HYPERVISOR_RW
#define PAGE_HYPERVISOR_NOCACHE (_PAGE_PRESENT | _PAGE_MA_UC)
#define PAGE_HYPERVISOR_UC  PAGE_HYPERVISOR_NOCACHE
#define PAGE_HYPERVISOR_WC  (_PAGE_PRESENT | _PAGE_MA_WC)

#define PAGE_ALIGN(x)       (((x) + PAGE_SIZE - 1) & PAGE_MASK)

#ifndef __ASSEMBLY__

#include <xen/string.h>

static inline void clear_page(void *p)
{
    memset(p, 0, PAGE_SIZE);
}
#define copy_page(dp, sp)   memcpy(dp, sp, PAGE_SIZE)

/*
 * Caches are coherent with each other and with DMA; only instruction fetch of changed code needs fc.i, sync.i (SDM 2:4.4.6.2).
 */
void ia64_sync_icache(const void *va, size_t len);
#define flush_page_to_ram(mfn, sync_icache) do {                        \
    if ( sync_icache )                                                  \
        ia64_sync_icache(mfn_to_virt(mfn), PAGE_SIZE);                  \
} while ( 0 )
#define clean_dcache_va_range(p, size)                  ((void)(p), (void)(size), 0)
#define invalidate_dcache_va_range(p, size)             ((void)(p), (void)(size), 0)
#define clean_and_invalidate_dcache_va_range(p, size)   ((void)(p), (void)(size), 0)
#define invalidate_icache()                             ((void)0)

#endif /* !__ASSEMBLY__ */

#endif
