/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lays out a guest's firmware: entry points, EFI's system table and runtime services, SAL's system table, and what a loader leaves for
 * Linux/ia64 (struct ia64_boot_param: Documentation/ia64 and arch/ia64/include/asm/setup.h name its fields).
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/string.h>

#include <asm/guestfw.h>
#include <asm/sal.h>
#include <asm/setup.h>

#include "guestfw.h"

extern const char guestfw_entry_efi[], guestfw_entry_sal[], guestfw_entry_fpswa[], guestfw_entry_sal_return[],
                  guestfw_entry_pal[], guestfw_entry_end[];

#define ENTRY_SIZE 32

static const struct guestfw_guid acpi20_guid =
    { 0x8868e871, 0xe4f1, 0x11d3, { 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 } };
static const struct guestfw_guid sal_guid =
    { 0xeb9d2d32, 0x2d88, 0x11d3, { 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
static const struct guestfw_guid smbios_guid =
    { 0xeb9d2d31, 0x2d88, 0x11d3, { 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
static const struct guestfw_guid hcdp_guid =
    { 0xf951938d, 0x620b, 0x42ef, { 0x82, 0x79, 0xa8, 0x4b, 0x79, 0x61, 0x78, 0x98 } };

static const uint16_t vendor[] = { 'X', 'e', 'n', '/', 'i', 'a', '6', '4', 0 };

/* CRC-32 as EFI's table headers have it (ISO 3309). */
static uint32_t crc32(const void *p, size_t n)
{
    const uint8_t *c = p;
    uint32_t crc = ~0U;
    unsigned int i;

    while ( n-- )
    {
        crc ^= *c++;
        for ( i = 0; i < 8; i++ )
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320U : 0);
    }

    return ~crc;
}

void guestfw_sum_tables(struct guestfw_data *data)
{
    data->systab.hdr.crc32 = 0;
    data->systab.hdr.crc32 = crc32(&data->systab, sizeof(data->systab));
    data->runtime.hdr.crc32 = 0;
    data->runtime.hdr.crc32 = crc32(&data->runtime, sizeof(data->runtime));
}

void guestfw_block_ranges(uint64_t base, struct guestfw_range *range)
{
    const uint64_t rt = GUESTFW_ATTR_WB | GUESTFW_ATTR_RUNTIME;

    range[0] = (struct guestfw_range){ base + GUESTFW_CODE, GUESTFW_CODE_SIZE, rt, GUESTFW_MEM_RT_CODE };
    range[1] = (struct guestfw_range){ base + GUESTFW_DATA, GUESTFW_DATA_SIZE, rt, GUESTFW_MEM_RT_DATA };
    range[2] = (struct guestfw_range){ base + GUESTFW_PAL, GUESTFW_PAL_SIZE, rt, GUESTFW_MEM_PAL_CODE };
    range[3] = (struct guestfw_range){ base + GUESTFW_ACPI, GUESTFW_ACPI_SIZE, GUESTFW_ATTR_WB, GUESTFW_MEM_ACPI_RECLAIM };
    range[4] = (struct guestfw_range){ base + GUESTFW_BOOT, GUESTFW_BOOT_SIZE, GUESTFW_ATTR_WB, GUESTFW_MEM_LOADER_DATA };
    range[5] = (struct guestfw_range){ base + GUESTFW_STACKS, GUESTFW_SIZE - GUESTFW_STACKS, GUESTFW_ATTR_WB, GUESTFW_MEM_RT_DATA };
}

/* Is a table of the machine's in memory that the guest has at the same address? */
static bool guest_sees(const struct guestfw_range *range, unsigned int nr, uint64_t pa)
{
    unsigned int i;

    for ( i = 0; i < nr; i++ )
        if ( pa >= range[i].start && pa - range[i].start < range[i].size )
            return range[i].type == GUESTFW_MEM_ACPI_RECLAIM || range[i].type == GUESTFW_MEM_ACPI_NVS;

    return false;
}

static uint8_t checksum(const void *p, size_t n)
{
    const uint8_t *c = p;
    uint8_t sum = 0;

    while ( n-- )
        sum += *c++;

    return -sum;
}

static void build_sal(struct guestfw_sal *sal, uint64_t base)
{
    memset(sal, 0, sizeof(*sal));
    memcpy(sal->systab.signature, "SST_", 4);
    sal->systab.size = sizeof(*sal);
    sal->systab.sal_rev_major = 3;
    sal->systab.sal_rev_minor = 2;
    sal->systab.entry_count = 3;
    strlcpy(sal->systab.oem_id, "Xen", sizeof(sal->systab.oem_id));
    strlcpy(sal->systab.product_id, "Xen/ia64", sizeof(sal->systab.product_id));

    sal->entry.type = SAL_DESC_ENTRY_POINT;
    sal->entry.pal_proc = base + GUESTFW_PAL;
    sal->entry.sal_proc = base + GUESTFW_CODE + (guestfw_entry_sal - guestfw_entry_efi);
    sal->entry.sal_gp = base + GUESTFW_DATA;
    sal->feature.type = SAL_DESC_PLATFORM_FEATURE;
    /* itcs of processors may differ if the machine's may. */
    sal->feature.features = sal_platform_features & (SAL_FEATURE_IRQ_REDIR_HINT | SAL_FEATURE_IPI_REDIR_HINT | SAL_FEATURE_ITC_DRIFT);
    sal->wakeup.type = SAL_DESC_AP_WAKEUP;
    sal->wakeup.mechanism = 0;
    sal->wakeup.vector = GUESTFW_WAKEUP_VECTOR;
    sal->systab.checksum = checksum(sal, sizeof(*sal));
}

uint64_t guestfw_sal_entry(const struct domain *d)
{
    return d->arch.fw.base + GUESTFW_CODE + (guestfw_entry_sal - guestfw_entry_efi);
}

uint64_t guestfw_sal_return_entry(const struct domain *d, unsigned int from)
{
    return d->arch.fw.base + GUESTFW_CODE + (guestfw_entry_sal_return - guestfw_entry_efi) + from * ENTRY_SIZE;
}

int guestfw_build(struct domain *d, void *block, const struct guestfw_range *ranges, unsigned int nr, const char *cmdline,
                  uint64_t initrd, uint64_t initrd_size, uint64_t *boot_param)
{
    struct guest_firmware *fw = &d->arch.fw;
    struct guestfw_data *data = block + GUESTFW_DATA;
    struct guestfw_boot *boot = block + GUESTFW_BOOT;
    const uint64_t base = fw->base, data_gpa = base + GUESTFW_DATA, boot_gpa = base + GUESTFW_BOOT;
    unsigned int i;
    int rc;

    BUILD_BUG_ON(sizeof(*data) > GUESTFW_DATA_SIZE);
    BUILD_BUG_ON(sizeof(*boot) > GUESTFW_BOOT_SIZE);
    ASSERT(IS_ALIGNED(base, GUESTFW_ALIGN));

    memset(block, 0, GUESTFW_SIZE);
    memcpy(block + GUESTFW_CODE, guestfw_entry_efi, guestfw_entry_pal - guestfw_entry_efi);
    memcpy(block + GUESTFW_PAL, guestfw_entry_pal, guestfw_entry_end - guestfw_entry_pal);

    /* EFI. Functions are descriptors, as everywhere on ia64. */
    memcpy(data->vendor, vendor, sizeof(vendor));
    data->runtime.hdr = (struct guestfw_efi_header){ 0x56524553544e5552UL, 0x20000, sizeof(data->runtime), 0, 0 };
    for ( i = 0; i < GUESTFW_EFI_NR; i++ )
    {
        data->desc[i].ip = base + GUESTFW_CODE + i * ENTRY_SIZE;
        data->desc[i].gp = data_gpa;
        data->runtime.function[i] = data_gpa + offsetof(struct guestfw_data, desc[i]);
    }
    data->fpswa_desc.ip = base + GUESTFW_CODE + (guestfw_entry_fpswa - guestfw_entry_efi);
    data->fpswa_desc.gp = data_gpa;
    data->fpswa.revision = fpswa_interface ? fpswa_interface->revision : 0;
    data->fpswa.fpswa = data_gpa + offsetof(struct guestfw_data, fpswa_desc);

    build_sal(&data->sal, base);
    i = 0;
    data->config[i++] = (struct guestfw_config){ sal_guid, data_gpa + offsetof(struct guestfw_data, sal) };
    rc = guestfw_acpi(d, block + GUESTFW_ACPI, GUESTFW_ACPI_SIZE, base + GUESTFW_ACPI);
    if ( rc < 0 )
        return rc;
    data->config[i++] = (struct guestfw_config){ acpi20_guid, base + GUESTFW_ACPI };
    if ( bootinfo.smbios && guest_sees(ranges, nr, bootinfo.smbios) )
        data->config[i++] = (struct guestfw_config){ smbios_guid, bootinfo.smbios };
    if ( bootinfo.hcdp && guest_sees(ranges, nr, bootinfo.hcdp) )
        data->config[i++] = (struct guestfw_config){ hcdp_guid, bootinfo.hcdp };
    ASSERT(i <= ARRAY_SIZE(data->config));

    data->systab.hdr = (struct guestfw_efi_header){ 0x5453595320494249UL, 0x20000, sizeof(data->systab), 0, 0 };
    data->systab.fw_vendor = data_gpa + offsetof(struct guestfw_data, vendor);
    data->systab.fw_revision = 0x00040011;
    data->systab.runtime = data_gpa + offsetof(struct guestfw_data, runtime);
    data->systab.nr_tables = i;
    data->systab.tables = data_gpa + offsetof(struct guestfw_data, config);
    guestfw_sum_tables(data);

    /* The loader's. */
    if ( nr > ARRAY_SIZE(boot->memmap) )
    {
        printk(XENLOG_ERR "%pd: %u memory ranges: more than the firmware's map can hold\n", d, nr);
        return -ENOSPC;
    }
    for ( i = 0; i < nr; i++ )
        boot->memmap[i] = (struct guestfw_memdesc){
            .type = ranges[i].type, .phys = ranges[i].start, .pages = ranges[i].size >> 12, .attr = ranges[i].attr };
    if ( strlcpy(boot->cmdline, cmdline ?: "", sizeof(boot->cmdline)) >= sizeof(boot->cmdline) )
    {
        printk(XENLOG_ERR "%pd: command line longer than %zu characters\n", d, sizeof(boot->cmdline) - 1);
        return -E2BIG;
    }
    boot->param.command_line = boot_gpa + offsetof(struct guestfw_boot, cmdline);
    boot->param.efi_systab = data_gpa + offsetof(struct guestfw_data, systab);
    boot->param.efi_memmap = boot_gpa + offsetof(struct guestfw_boot, memmap);
    boot->param.efi_memmap_size = nr * sizeof(boot->memmap[0]);
    boot->param.efi_memdesc_size = sizeof(boot->memmap[0]);
    boot->param.efi_memdesc_version = 1;
    boot->param.num_cols = 80;
    boot->param.num_rows = 25;
    boot->param.fpswa = fpswa_interface ? data_gpa + offsetof(struct guestfw_data, fpswa) : 0;
    boot->param.initrd_start = initrd;
    boot->param.initrd_size = initrd_size;
    *boot_param = boot_gpa + offsetof(struct guestfw_boot, param);

    return 0;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
