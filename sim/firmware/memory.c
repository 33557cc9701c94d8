/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The EFI memory map: descriptors sorted by address, neighbours of one kind merged; page allocation
 * (UEFI 7.2).
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/firmware.h"

static void normalize(struct firmware *fw)
{
    unsigned n = 0;
    for (unsigned i = 0; i < fw->nmap; i++) {
        struct efi_memory_descriptor *d = &fw->map[i], *p = n ? &fw->map[n - 1] : NULL;
        if (!d->pages)
            continue;
        if (p && p->type == d->type && p->attr == d->attr &&
            p->phys + p->pages * EFI_PAGE == d->phys)
            p->pages += d->pages;
        else
            fw->map[n++] = *d;
    }
    fw->nmap = n;
    fw->map_key++;
}

static void insert_at(struct firmware *fw, unsigned i, struct efi_memory_descriptor d)
{
    if (fw->nmap == FW_MEMMAP_MAX) {
        fprintf(stderr, "ia64-sim: EFI memory map is full\n");
        abort();
    }
    memmove(&fw->map[i + 1], &fw->map[i], (fw->nmap - i) * sizeof d);
    fw->map[i] = d;
    fw->nmap++;
}

void fw_map_set(struct firmware *fw, uint64_t base, uint64_t pages, uint32_t type, uint64_t attr)
{
    uint64_t end = base + pages * EFI_PAGE;
    if (!pages)
        return;
    for (unsigned i = 0; i < fw->nmap; i++) {
        struct efi_memory_descriptor *d = &fw->map[i];
        uint64_t de = d->phys + d->pages * EFI_PAGE;
        if (de <= base || d->phys >= end)
            continue;
        struct efi_memory_descriptor tail = *d;
        if (d->phys < base)
            d->pages = (base - d->phys) / EFI_PAGE;
        else
            d->pages = 0;
        if (de > end) {
            tail.phys = end;
            tail.pages = (de - end) / EFI_PAGE;
            insert_at(fw, i + 1, tail);
        }
    }
    unsigned i = 0;
    while (i < fw->nmap &&
           (fw->map[i].phys < base || (fw->map[i].phys == base && !fw->map[i].pages)))
        i++;
    insert_at(
        fw, i,
        (struct efi_memory_descriptor){.type = type, .phys = base, .pages = pages, .attr = attr});
    normalize(fw);
}

void fw_map_init(struct firmware *fw)
{
    const struct board *b = fw->b;
    const uint64_t wb = EFI_MEMORY_WB | EFI_MEMORY_UC | EFI_MEMORY_WC | EFI_MEMORY_UCE;
    fw->nmap = 0;
    for (unsigned i = 0; i < b->nram; i++)
        fw_map_set(fw, b->ram[i].base, b->ram[i].size / EFI_PAGE, EFI_CONVENTIONAL, wb);
    fw_map_set(fw, 0, 0x100000 / EFI_PAGE, EFI_RESERVED, wb);
    fw_map_set(fw, FW_PAL_CODE, FW_PAL_SIZE / EFI_PAGE, EFI_PAL_CODE,
               EFI_MEMORY_WB | EFI_MEMORY_RUNTIME);
    fw_map_set(fw, FW_CODE, FW_CODE_SIZE / EFI_PAGE, EFI_RT_CODE,
               EFI_MEMORY_WB | EFI_MEMORY_RUNTIME);
    fw_map_set(fw, FW_DATA, FW_DATA_SIZE / EFI_PAGE, EFI_RT_DATA,
               EFI_MEMORY_WB | EFI_MEMORY_RUNTIME);
    fw_map_set(fw, FW_ACPI, FW_ACPI_SIZE / EFI_PAGE, EFI_ACPI_RECLAIM, EFI_MEMORY_WB);
    fw_map_set(fw, FW_STACK, (FW_END - FW_STACK) / EFI_PAGE, EFI_BS_DATA, EFI_MEMORY_WB);
    fw_map_set(fw, BOARD_PIB_BASE, BOARD_PIB_SIZE / EFI_PAGE, EFI_MMIO,
               EFI_MEMORY_UC | EFI_MEMORY_RUNTIME);
    /* UART, power, debug port */
    fw_map_set(fw, BOARD_UART_BASE, (BOARD_DEBUG_BASE - BOARD_UART_BASE) / EFI_PAGE + 1, EFI_MMIO,
               EFI_MEMORY_UC);
    fw_map_set(fw, BOARD_IOPORT_BASE, BOARD_IOPORT_SIZE / EFI_PAGE, EFI_MMIO_PORT,
               EFI_MEMORY_UC | EFI_MEMORY_RUNTIME);
}

uint64_t fw_map_alloc(struct firmware *fw, unsigned kind, uint32_t type, uint64_t pages,
                      uint64_t *addr)
{
    uint64_t best = 0;
    bool found = false;
    if (kind > 2 || type >= EFI_MEMORY_TYPES || type == EFI_CONVENTIONAL || !pages)
        return EFI_INVALID_PARAMETER;
    for (unsigned i = 0; i < fw->nmap; i++) {
        const struct efi_memory_descriptor *d = &fw->map[i];
        if (d->type != EFI_CONVENTIONAL || d->pages < pages)
            continue;
        uint64_t top = d->phys + d->pages * EFI_PAGE, at;
        if (kind == 2) {
            if (*addr & (EFI_PAGE - 1))
                return EFI_INVALID_PARAMETER;
            if (*addr < d->phys || *addr + pages * EFI_PAGE > top)
                continue;
            at = *addr;
        } else {
            /* From the top down, below 4 GiB by preference: loaders like it so. */
            if (kind == 1 && *addr != UINT64_MAX && top > (*addr + 1) / EFI_PAGE * EFI_PAGE)
                top = (*addr + 1) / EFI_PAGE * EFI_PAGE;
            if (top < d->phys + pages * EFI_PAGE)
                continue;
            at = top - pages * EFI_PAGE;
            if (found && at >= BOARD_HIGH_RAM)
                continue;
        }
        best = at;
        found = true;
    }
    if (!found)
        return kind == 2 ? EFI_NOT_FOUND : EFI_OUT_OF_RESOURCES;
    uint64_t attr = EFI_MEMORY_WB;
    if (type == EFI_RT_CODE || type == EFI_RT_DATA)
        attr |= EFI_MEMORY_RUNTIME;
    fw_map_set(fw, best, pages, type, attr);
    *addr = best;
    return EFI_SUCCESS;
}

uint64_t fw_map_free(struct firmware *fw, uint64_t addr, uint64_t pages)
{
    if (addr & (EFI_PAGE - 1) || !pages)
        return EFI_INVALID_PARAMETER;
    for (unsigned i = 0; i < fw->nmap; i++) {
        const struct efi_memory_descriptor *d = &fw->map[i];
        if (addr < d->phys || addr >= d->phys + d->pages * EFI_PAGE)
            continue;
        if (d->type == EFI_CONVENTIONAL || d->type == EFI_RESERVED || d->type == EFI_PAL_CODE ||
            addr + pages * EFI_PAGE > d->phys + d->pages * EFI_PAGE)
            return EFI_NOT_FOUND;
        fw_map_set(fw, addr, pages, EFI_CONVENTIONAL,
                   EFI_MEMORY_WB | EFI_MEMORY_UC | EFI_MEMORY_WC | EFI_MEMORY_UCE);
        return EFI_SUCCESS;
    }
    return EFI_NOT_FOUND;
}
