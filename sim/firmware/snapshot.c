/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Snapshots: what the firmware knows beyond guest memory. Entry points are the simulator's own
 * functions: they have been made anew, in the same order, and are found again by name. Those of
 * boot services, which a saved machine has left, answer an error.
 */
#include <string.h>
#include "sim/board/snapshot_parts.h"
#include "sim/firmware/efi.h"
#include "sim/firmware/mca.h"

static void gone(struct fw_call *c)
{
    c->ret[0] = EFI_UNSUPPORTED;
}

static void snap_entries(struct snap *s, struct firmware *fw)
{
    unsigned built = fw->nentries;
    uint32_t n = built;
    SNAP(s, n);
    if (n > FW_ENTRIES_MAX || n < built) {
        snap_bad(s, "made by another version of the simulator");
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        if (i < built) {
            snap_same_text(s, fw->entry[i].name, "an entry point of the firmware");
        } else {
            char text[64];
            SNAP(s, text);
            fw->entry[i].name = "boot services";
            fw->entry[i].fn = gone;
            fw->entry[i].index = 0;
        }
        SNAP(s, fw->entry[i].bundle);
    }
    fw->nentries = n;
}

static void snap_map(struct snap *s, struct efi_memory_descriptor *map, unsigned *count)
{
    uint32_t n = *count;
    SNAP(s, n);
    if (n > FW_MEMMAP_MAX) {
        snap_bad(s, "a memory map too long");
        n = 0;
    }
    snap_mem(s, map, n * sizeof *map);
    *count = n;
}

void firmware_snapshot(struct snap *s, struct board *b)
{
    struct firmware *fw = b->fw;
    uint64_t *const tables[] = {&fw->systab,    &fw->runtime,      &fw->sal_systab, &fw->rsdp,
                                &fw->smbios,    &fw->fpswa,        &fw->hcdp,       &fw->sal_entry,
                                &fw->pal_entry, &fw->config_tables};
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++)
        snap_same(s, *tables[i], "where the firmware put a table");
    snap_entries(s, fw);
    SNAP(s, fw->pal_copy);
    SNAP(s, fw->code_next);
    SNAP(s, fw->data_next);
    SNAP(s, fw->acpi_next);
    snap_map(s, fw->map, &fw->nmap);
    SNAP(s, fw->map_key);
    snap_bool(s, &fw->virtual_mode);
    snap_map(s, fw->virt_map, &fw->nvirt);
    efi_convert_snapshot(s, fw);
    SNAP(s, fw->vec_mca);
    SNAP(s, fw->vec_init);
    SNAP(s, fw->vec_boot_rendez);
    for (unsigned i = 0; i < b->m->ncpu; i++)
        snap_bool(s, &fw->ap_waiting[i]);
    SNAP(s, fw->monotonic_high);
    efi_vars_snapshot(s, fw->vars);
    mca_snapshot(s, fw);
    fw->boot_services_gone = true;
    if (fw->code_next > FW_CODE + FW_CODE_SIZE || fw->data_next > FW_DATA + FW_DATA_SIZE ||
        fw->acpi_next > FW_ACPI + FW_ACPI_SIZE || fw->ap_waiting[0])
        snap_bad(s, "an impossible firmware");
}
