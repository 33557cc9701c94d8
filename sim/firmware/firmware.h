/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The machine's firmware: PAL, SAL and EFI as data structures in guest memory plus entry points
 * whose first bundle traps to host C (design section 3). Everything a guest knows about the machine
 * it learns from here.
 *
 * Physical layout, all of it low in the first range of RAM (which must reach 8 MiB):
 *
 *   0x00_0000 1 MiB     reserved (EfiReservedMemoryType): nothing, so that page 0 stays out of
 * allocators 0x10_0000 256 KiB   PAL code (EfiPalCode, 256 KiB aligned so that one ITR maps it)
 *   0x14_0000 256 KiB   SAL and EFI entry points (EfiRuntimeServicesCode)
 *   0x18_0000 512 KiB   system table, runtime tables, SAL system table, descriptors
 * (EfiRuntimeServicesData) 0x20_0000 512 KiB   ACPI and SMBIOS tables (EfiACPIReclaimMemory)
 *   0x28_0000 256 KiB   boot stack and backing store of the boot processor (EfiBootServicesData)
 *   0x2c_0000 256 KiB   stacks of the other processors while they wait in SAL (EfiBootServicesData)
 *   0x30_0000 1 MiB     boot services' own data (EfiBootServicesData)
 *   0x40_0000 ..        free
 */
#ifndef SIM_FIRMWARE_FIRMWARE_H
#define SIM_FIRMWARE_FIRMWARE_H

#include "sim/board/board.h"
#include "sim/cpu/intr.h"

enum {
    FW_PAL_CODE = 0x100000,
    FW_PAL_SIZE = 0x40000,
    FW_CODE = 0x140000,
    FW_CODE_SIZE = 0x40000,
    FW_DATA = 0x180000,
    FW_DATA_SIZE = 0x80000,
    FW_ACPI = 0x200000,
    FW_ACPI_SIZE = 0x80000,
    FW_STACK = 0x280000,
    FW_STACK_SIZE = 0x40000,
    FW_AP_STACK = 0x2c0000,
    FW_AP_STACK_SIZE = 0x40000,
    FW_BOOT = 0x300000,
    FW_BOOT_SIZE = 0x100000,
    FW_END = 0x400000,
};

/* EFI memory types and attributes (UEFI 2.x, GetMemoryMap). */
enum efi_memory_type {
    EFI_RESERVED,
    EFI_LOADER_CODE,
    EFI_LOADER_DATA,
    EFI_BS_CODE,
    EFI_BS_DATA,
    EFI_RT_CODE,
    EFI_RT_DATA,
    EFI_CONVENTIONAL,
    EFI_UNUSABLE,
    EFI_ACPI_RECLAIM,
    EFI_ACPI_NVS,
    EFI_MMIO,
    EFI_MMIO_PORT,
    EFI_PAL_CODE,
    EFI_MEMORY_TYPES,
};
#define EFI_MEMORY_UC      0x1ull
#define EFI_MEMORY_WC      0x2ull
#define EFI_MEMORY_WB      0x8ull
#define EFI_MEMORY_UCE     0x10ull
#define EFI_MEMORY_RUNTIME 0x8000000000000000ull
#define EFI_PAGE           4096ull

struct efi_memory_descriptor { /* as in guest memory: 40 bytes + 8 of our own version 1 padding:
                                  none */
    uint32_t type, pad;
    uint64_t phys, virt, pages, attr;
};

/* EFI status codes. */
#define EFI_SUCCESS            0ull
#define EFI_ERR(n)             (0x8000000000000000ull | (n))
#define EFI_LOAD_ERROR         EFI_ERR(1)
#define EFI_INVALID_PARAMETER  EFI_ERR(2)
#define EFI_UNSUPPORTED        EFI_ERR(3)
#define EFI_BAD_BUFFER_SIZE    EFI_ERR(4)
#define EFI_BUFFER_TOO_SMALL   EFI_ERR(5)
#define EFI_NOT_READY          EFI_ERR(6)
#define EFI_DEVICE_ERROR       EFI_ERR(7)
#define EFI_WRITE_PROTECTED    EFI_ERR(8)
#define EFI_OUT_OF_RESOURCES   EFI_ERR(9)
#define EFI_VOLUME_CORRUPTED   EFI_ERR(10)
#define EFI_VOLUME_FULL        EFI_ERR(11)
#define EFI_NO_MEDIA           EFI_ERR(12)
#define EFI_MEDIA_CHANGED      EFI_ERR(13)
#define EFI_NOT_FOUND          EFI_ERR(14)
#define EFI_ACCESS_DENIED      EFI_ERR(15)
#define EFI_NO_RESPONSE        EFI_ERR(16)
#define EFI_NO_MAPPING         EFI_ERR(17)
#define EFI_TIMEOUT            EFI_ERR(18)
#define EFI_NOT_STARTED        EFI_ERR(19)
#define EFI_ALREADY_STARTED    EFI_ERR(20)
#define EFI_ABORTED            EFI_ERR(21)
#define EFI_CRC_ERROR          EFI_ERR(27)
#define EFI_SECURITY_VIOLATION EFI_ERR(26)

/* One call from the guest: arguments and results by C access; see entries.c. */
struct fw_call {
    struct cpu *cpu;
    struct board *b;
    unsigned index;  /* which entry point of its table */
    uint64_t arg[8]; /* EFI, SAL: out0..out7. PAL: r28..r31 or in0..in3 */
    uint64_t ret[4]; /* r8..r11, set by the handler */
    bool faulted;    /* a guest pointer was not mapped: what the OS gets to see, once it runs in
                        virtual mode, before the call is made again */
    struct intr fault;
    bool no_return; /* the handler changed ip itself (loader, reset): do not return through b0 */
};
typedef void (*fw_handler)(struct fw_call *c);

#define FW_ENTRIES_MAX 512
#define FW_MEMMAP_MAX  512
struct firmware {
    struct board *b;
    struct {
        fw_handler fn;
        unsigned index;
        const char *name;
        uint64_t bundle; /* physical address of its first bundle */
    } entry[FW_ENTRIES_MAX];
    unsigned nentries;
    uint64_t code_next, data_next, acpi_next;        /* bump allocators in the areas above */
    struct efi_memory_descriptor map[FW_MEMMAP_MAX]; /* sorted, merged */
    unsigned nmap;
    uint64_t map_key;  /* changes with every change of map */
    bool virtual_mode; /* SetVirtualAddressMap has been called */
    bool converting;   /* ... and is calling notification functions */
    bool boot_services_gone;
    uint64_t systab, runtime, sal_systab, rsdp, smbios, fpswa,
        hcdp;                      /* physical addresses of the tables */
    uint64_t sal_entry, pal_entry; /* of the procedures' code */
    uint64_t pal_copy;             /* PAL_COPY_PAL: where the OS has PAL too; 0: nowhere */
    uint64_t ap_return;            /* where the OS's entry of an application processor returns to */
    /* SAL_SET_VECTORS */
    struct sal_vector {
        uint64_t ip, gp, len;
    } vec_mca[2], vec_init[4], vec_boot_rendez;
    bool ap_waiting[MAX_CPUS];
    struct efi_vars *vars;
    uint64_t config_tables;
    uint32_t monotonic_high;
    struct convert_list *convert; /* efi_virtual.c */
    struct efi_memory_descriptor virt_map[FW_MEMMAP_MAX];
    unsigned nvirt;
    struct mca_state *mca; /* mca.c */
    void *boot;            /* boot services' state (efi_boot.c) */
};

/* Builds everything in guest memory; the machine starts in the firmware's entry of choice. Returns
 * false with a message on stderr when what is to be booted cannot be. */
bool firmware_start(struct board *b);
/* Its first half: tables and entry points, for a machine whose memory comes from a snapshot. */
bool firmware_build(struct board *b);
void firmware_free(struct firmware *fw);
/* m->ops->deliver of a board: firmware traps first, then intr_deliver(). */
void firmware_deliver(struct cpu *cpu, const struct intr *in);
/* m->ops->event and ->machine_check; a corrected error (monitor). mca.c. */
bool firmware_event(struct cpu *cpu);
bool firmware_machine_check(struct cpu *cpu, uint64_t check, const char *what);
bool firmware_corrected(struct cpu *cpu);
/* A processor waiting in SAL got an interrupt message: starts it if it is the wake-up vector.
 * Called by machine_run's hook. */
void sal_ap_poll(struct board *b);
enum { SAL_AP_WAKEUP_VECTOR = 0xf0 };

/* --- building blocks (entries.c) --- */
/* An entry point: a bundle that traps to fn and one that returns; answers its code address. name is
 * for traces and errors. */
uint64_t fw_entry(struct firmware *fw, const char *name, fw_handler fn, unsigned index);
/* A function descriptor {code, gp} in runtime data for it: what EFI tables hold. */
uint64_t fw_descriptor(struct firmware *fw, uint64_t code);
uint64_t fw_alloc(struct firmware *fw, size_t size, size_t align);      /* in FW_DATA, zeroed */
uint64_t fw_alloc_acpi(struct firmware *fw, size_t size, size_t align); /* in FW_ACPI, zeroed */
void *fw_ptr(struct firmware *fw, uint64_t pa,
             size_t len); /* host pointer to RAM; aborts when not RAM: own structures only */
uint8_t fw_checksum(const void *p, size_t n); /* value that makes the byte sum 0 */
uint32_t fw_crc32(const void *p, size_t n);

/* Guest pointers handed to firmware calls: translated as data of the calling processor, now. false:
 * unmapped. */
bool fw_read_guest(struct fw_call *c, uint64_t va, void *buf, size_t len);
bool fw_write_guest(struct fw_call *c, uint64_t va, const void *buf, size_t len);

/* --- memory map (memory.c) --- */
void fw_map_init(struct firmware *fw);
void fw_map_set(struct firmware *fw, uint64_t base, uint64_t pages, uint32_t type, uint64_t attr);
/* AllocatePages: kind 0 any, 1 below *addr, 2 at *addr. EFI status. */
uint64_t fw_map_alloc(struct firmware *fw, unsigned kind, uint32_t type, uint64_t pages,
                      uint64_t *addr);
uint64_t fw_map_free(struct firmware *fw, uint64_t addr, uint64_t pages);

/* --- the parts --- */
void pal_build(struct firmware *fw);    /* pal.c: PAL_PROC */
void sal_build(struct firmware *fw);    /* sal.c: SAL_PROC, SAL system table */
void acpi_build(struct firmware *fw);   /* acpi.c: RSDP .. DSDT, MADT, SRAT, SPCR, HCDP */
void smbios_build(struct firmware *fw); /* smbios.c */
void efi_build(
    struct firmware *fw); /* efi_tables.c: system table, runtime services, configuration tables */
void efi_boot_build(struct firmware *fw); /* efi_boot.c: boot services, protocols */
void efi_boot_free(struct firmware *fw);
/* A processor that waits in a boot service is due again (time, console input): true if it goes on.
 * Between turns. */
bool efi_wait_poll(struct board *b);
/* Does something of an EFI runtime driver's wait for SetVirtualAddressMap? */
bool efi_waits_for_virtual(struct firmware *fw);
struct intr;
/* A fault while the firmware's own vectors are in force (an EFI application's): reports it and
 * stops. False: not so. */
bool efi_fault(struct cpu *cpu, const struct intr *in);
/* An external interrupt while they are: the firmware's timer. False: not so. */
bool efi_interrupt(struct cpu *cpu, const struct intr *in);
bool efi_boot_start(struct firmware *fw); /* the boot manager: --efi, else \EFI\BOOT\BOOTIA64.EFI */
bool linux_boot(struct firmware *fw);     /* linux_boot.c: --kernel */
void fpswa_build(struct firmware *fw);    /* fpswa.c */

#endif
