/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's firmware: PAL, SAL and EFI runtime services, as tables in guest memory whose entry points are hypercalls. Domain 0 and every domain that starts
 * as on bare metal has it. guestfw.c lays it out; guestfw-{acpi,efi,sal,pal}.c are its parts.
 */
#ifndef __ASM_IA64_GUESTFW_H__
#define __ASM_IA64_GUESTFW_H__

#include <xen/types.h>
#include <xen/spinlock.h>

struct domain;
struct vcpu;
struct cpu_user_regs;

/*
 * The block, by offset from guest_firmware.base (guest-physical, GUESTFW_ALIGN aligned).
 */
#define GUESTFW_CODE            0x00000         /* EFI and SAL entry points: EfiRuntimeServicesCode */
#define GUESTFW_CODE_SIZE       0x04000
#define GUESTFW_DATA            0x04000         /* tables of EFI and SAL: EfiRuntimeServicesData */
#define GUESTFW_DATA_SIZE       0x0c000
#define GUESTFW_PAL             0x10000         /* PAL's entry point: EfiPalCode */
#define GUESTFW_PAL_SIZE        0x10000
#define GUESTFW_ACPI            0x20000         /* EfiACPIReclaimMemory */
#define GUESTFW_ACPI_SIZE       0x10000
#define GUESTFW_BOOT            0x30000         /* boot parameters, memory map, command line: EfiLoaderData */
#define GUESTFW_BOOT_SIZE       0x10000
#define GUESTFW_STACKS          0x40000         /* a backing store for each vcpu until it has its own: EfiBootServicesData */
#define GUESTFW_STACK_SIZE      0x1000UL
#define GUESTFW_SIZE            0x80000
#define GUESTFW_ALIGN           0x80000

/* Runtime services, in the order of EFI's table: hypercall 0x300 + index. */
enum {
    GUESTFW_EFI_GET_TIME,
    GUESTFW_EFI_SET_TIME,
    GUESTFW_EFI_GET_WAKEUP_TIME,
    GUESTFW_EFI_SET_WAKEUP_TIME,
    GUESTFW_EFI_SET_VIRTUAL_ADDRESS_MAP,
    GUESTFW_EFI_CONVERT_POINTER,
    GUESTFW_EFI_GET_VARIABLE,
    GUESTFW_EFI_GET_NEXT_VARIABLE_NAME,
    GUESTFW_EFI_SET_VARIABLE,
    GUESTFW_EFI_GET_NEXT_HIGH_MONOTONIC_COUNT,
    GUESTFW_EFI_RESET_SYSTEM,
    GUESTFW_EFI_UPDATE_CAPSULE,
    GUESTFW_EFI_QUERY_CAPSULE_CAPABILITIES,
    GUESTFW_EFI_QUERY_VARIABLE_INFO,
    GUESTFW_EFI_NR
};

struct guest_firmware {
    spinlock_t lock;
    uint64_t base;              /* guest-physical; 0: the domain has no firmware */
    bool virtual_mode;          /* SetVirtualAddressMap was called */
    struct {
        uint64_t ip, gp;        /* physical, as SAL_SET_VECTORS got them */
    } boot_rendez, mca, init_monarch, init_slave;
    unsigned int nr_in_init;    /* vcpus in the OS's INIT handler */
    uint64_t mc_params[4];      /* SAL_MC_SET_PARAMS: vector or address by parameter type */
};

/* A run of guest memory for the guest's EFI memory map. */
struct guestfw_range {
    uint64_t start, size, attr;
    uint32_t type;
};

/* EFI memory types and attributes, UEFI 2.x 7.2. */
#define GUESTFW_MEM_RESERVED    0
#define GUESTFW_MEM_LOADER_CODE 1
#define GUESTFW_MEM_LOADER_DATA 2
#define GUESTFW_MEM_BS_DATA     4
#define GUESTFW_MEM_RT_CODE     5
#define GUESTFW_MEM_RT_DATA     6
#define GUESTFW_MEM_CONVENTIONAL 7
#define GUESTFW_MEM_ACPI_RECLAIM 9
#define GUESTFW_MEM_ACPI_NVS    10
#define GUESTFW_MEM_MMIO        11
#define GUESTFW_MEM_IOPORTS     12
#define GUESTFW_MEM_PAL_CODE    13
#define GUESTFW_ATTR_UC         0x1UL
#define GUESTFW_ATTR_WB         0x8UL
#define GUESTFW_ATTR_RUNTIME    0x8000000000000000UL

/*
 * guestfw.c: fills the block, `block` for Xen and d->arch.fw.base for the guest, and leaves what Linux/ia64 wants of a loader. ranges: the domain's
 * whole memory map, sorted, the block's own parts (guestfw_block_ranges(), GUESTFW_BLOCK_RANGES of them) included. *boot_param: guest-physical address
 * of struct ia64_boot_param. 0 or -errno.
 */
#define GUESTFW_BLOCK_RANGES    6
void guestfw_block_ranges(uint64_t base, struct guestfw_range *range);
int guestfw_build(struct domain *d, void *block, const struct guestfw_range *ranges, unsigned int nr, const char *cmdline,
                  uint64_t initrd, uint64_t initrd_size, uint64_t *boot_param);

/* guestfw-acpi.c: the domain's ACPI tables into buf (guest-physical address at): bytes used, -errno. The first table is the RSDP. */
int guestfw_acpi(struct domain *d, void *buf, size_t size, uint64_t at);

/* Where SAL has called the OS from: the hypercall of the entry point that it returns to is XEN_HYPERCALL_SAL_RETURN + that. */
enum { GUESTFW_RETURN_BOOT, GUESTFW_RETURN_INIT, GUESTFW_RETURN_NR };
/* INIT for all of the domain's processors: false if it has no handler for it. */
bool guestfw_init_domain(struct domain *d);
/* init_pending is set. */
void guestfw_deliver_init(struct vcpu *v, struct cpu_user_regs *regs);
uint64_t guestfw_sal_entry(const struct domain *d);
uint64_t guestfw_sal_return_entry(const struct domain *d, unsigned int from);

/* Hypercalls from the entry points; results in r8-r11 of the frame. */
void guestfw_efi(struct cpu_user_regs *regs, unsigned int function);
void guestfw_sal(struct cpu_user_regs *regs);
bool guestfw_sal_return(struct cpu_user_regs *regs, unsigned int from);
void guestfw_pal(struct cpu_user_regs *regs);

/*
 * hypercall.c. A guest buffer could not be reached: if that is because the guest has a translation to bring, gives it the fault with ip back at
 * the hypercall, and returns true: it will be made again.
 */
bool guest_hypercall_retry(struct cpu_user_regs *regs);

/* The vcpu starts at (ip, gp), guest-physical, in physical mode, r28 as given (domain.c). */
void vcpu_start_physical(struct vcpu *v, uint64_t ip, uint64_t gp, uint64_t r28);

#endif /* __ASM_IA64_GUESTFW_H__ */
