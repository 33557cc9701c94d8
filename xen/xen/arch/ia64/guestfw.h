/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the guestfw*.c: the tables in the block, as the guest sees them (UEFI 2.x 4.2-4.5, SAL specification 3.2.1).
 */
#ifndef __ARCH_IA64_GUESTFW_H__
#define __ARCH_IA64_GUESTFW_H__

#include <asm/guestfw.h>
#include <asm/sal.h>

/* The interrupt that takes a vcpu out of SAL's rendezvous; any that an OS does not use. */
#define GUESTFW_WAKEUP_VECTOR   0xf3

struct guestfw_guid {
    uint32_t data1;
    uint16_t data2, data3;
    uint8_t data4[8];
};

struct guestfw_efi_header {
    uint64_t signature;
    uint32_t revision, size, crc32, reserved;
};

struct guestfw_descriptor {
    uint64_t ip, gp;
};

struct guestfw_config {
    struct guestfw_guid guid;
    uint64_t table;
};

struct guestfw_sal {
    struct sal_systab systab;
    struct sal_desc_entry_point entry;
    struct sal_desc_platform_feature feature;
    struct sal_desc_ap_wakeup wakeup;
};

struct guestfw_data {
    struct {
        struct guestfw_efi_header hdr;
        uint64_t fw_vendor;
        uint32_t fw_revision, pad;
        uint64_t con_in_handle, con_in, con_out_handle, con_out, stderr_handle, std_err;
        uint64_t runtime, boottime, nr_tables, tables;
    } systab;
    struct {
        struct guestfw_efi_header hdr;
        uint64_t function[GUESTFW_EFI_NR];
    } runtime;
    struct guestfw_descriptor desc[GUESTFW_EFI_NR];
    struct guestfw_descriptor fpswa_desc;
    struct fpswa_interface fpswa;
    struct guestfw_config config[8];
    uint16_t vendor[16];
    struct guestfw_sal sal;
};

struct guestfw_memdesc {
    uint32_t type, pad;
    uint64_t phys, virt, pages, attr;
};

struct guestfw_boot {
    struct {
        uint64_t command_line, efi_systab, efi_memmap, efi_memmap_size, efi_memdesc_size;
        uint32_t efi_memdesc_version;
        uint16_t num_cols, num_rows, orig_x, orig_y;
        uint32_t pad;
        uint64_t fpswa, initrd_start, initrd_size;
    } param;
    char cmdline[4096];
    struct guestfw_memdesc memmap[1024];
};

/* After a change of systab or runtime. */
void guestfw_sum_tables(struct guestfw_data *data);

#endif
