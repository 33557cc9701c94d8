/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Puts the firmware into guest memory, in the order its parts need one another, and starts what is
 * to be booted.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi.h"
#include "sim/firmware/mca.h"

bool firmware_build(struct board *b)
{
    if (!phys_host(b->m, 0, FW_END + 0x400000)) {
        fprintf(stderr,
                "ia64-sim: the firmware needs RAM from 0 to 8 MiB: change -m or --memory-map\n");
        return false;
    }
    firmware_free(b->fw);
    struct firmware *fw = calloc(1, sizeof *fw);
    if (!fw)
        abort();
    b->fw = fw;
    fw->b = b;
    fw->code_next = FW_CODE;
    fw->data_next = FW_DATA;
    fw->acpi_next = FW_ACPI;
    fw->vars = efi_vars_open(b->cfg.nvram);
    if (!fw->vars)
        return false;
    fw_map_init(fw);
    pal_build(fw);
    sal_build(fw);
    mca_build(fw);
    acpi_build(fw);
    smbios_build(fw);
    efi_build(fw);
    fpswa_build(fw);
    return true;
}

bool firmware_start(struct board *b)
{
    if (!firmware_build(b))
        return false;
    struct firmware *fw = b->fw;
    if (b->cfg.kernel)
        return linux_boot(fw);
    efi_boot_build(fw);
    return efi_boot_start(fw);
}

void firmware_free(struct firmware *fw)
{
    if (!fw)
        return;
    efi_boot_free(fw);
    efi_vars_close(fw->vars);
    free(fw->convert);
    free(fw->mca);
    free(fw);
}
