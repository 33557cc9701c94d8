/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the boot has found: setup.c, efi/efi-boot.h, acpi.c.
 */
#ifndef __ASM_IA64_SETUP_H__
#define __ASM_IA64_SETUP_H__

#include <public/version.h>
#include <xen/types.h>

#define max_init_domid (0)

/* What EFI loaded, by machine address. */
enum { BOOTMOD_KERNEL, BOOTMOD_RAMDISK, BOOTMOD_XSM, BOOTMOD_UCODE, NR_BOOTMODS };
struct bootmodule {
    paddr_t start;
    paddr_t size;               /* 0: not there */
    const char *cmdline;        /* what followed the file's name in xen.cfg */
};

struct bootinfo {
    struct bootmodule mod[NR_BOOTMODS];
    char cmdline[1024];         /* Xen's */
    char dom0_cmdline[2048];

    paddr_t systab;             /* EFI's, by physical address */
    uint8_t memmap[32 * 1024] __aligned(16);    /* EFI's memory map as ExitBootServices left it */
    unsigned long memmap_size, memdesc_size;
    unsigned int memdesc_ver;
    paddr_t image;              /* the image and its end */
    paddr_t fpswa;              /* FPSWA_INTERFACE, or 0 */
    paddr_t sal_systab, hcdp, acpi20, smbios;
};
extern struct bootinfo bootinfo;

/* One descriptor of EFI's map at a time: for ( i = 0; (desc = efi_memmap_desc(i)) != NULL; i++ ) */
struct efi_memdesc {
    uint32_t type;
    uint32_t pad;
    uint64_t phys_start;
    uint64_t virt_start;
    uint64_t num_pages;
    uint64_t attribute;
};
const struct efi_memdesc *efi_memmap_desc(unsigned int i);

/* From the MADT: processors that can be started, in order; the boot processor is cpu_lid[0]. */
struct cpu_lid {
    uint32_t acpi_id;
    uint16_t lid;               /* id << 8 | eid */
};
extern struct cpu_lid cpu_lid[NR_CPUS];
extern unsigned int nr_cpu_lids;

void noreturn start_xen(void);
void acpi_boot_tables(void);                    /* acpi.c */
void acpi_irq_init(void);
void early_uart_find(void);                     /* early.c: SPCR, HCDP */
void early_printk(const char *s);
void console_find(void);
void console_irq_init(void);
void create_dom0(void);                         /* domain_build.c */
void discard_initial_modules(void);

#include <xen/early_printk.h>

/* early.c: early_puts() reaches the UART before there is a console, and from code that must not take locks. */
extern paddr_t early_uart;                      /* 0: none */
extern unsigned long directmap_wb[];            /* directmap.c, for ivt.S */

/* directmap.c, frametable.c */
void directmap_init(void);
void frametable_init(void);
void *alloc_granule_pages(unsigned int order);  /* freed by free_xenheap_pages() */

/* Functions of other parts that start_xen() calls: see there. */

extern const char __ro_after_init_start[], __ro_after_init_end[];

#endif
