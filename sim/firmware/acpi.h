/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the files that make ACPI tables share.
 */
#ifndef SIM_FIRMWARE_ACPI_H
#define SIM_FIRMWARE_ACPI_H

#include "sim/firmware/firmware.h"

struct sdt { /* the header of system description tables, ACPI 5.2.6 */
    char sig[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem_id[6], oem_table[8];
    uint32_t oem_rev;
    char creator[4];
    uint32_t creator_rev;
} __attribute__((packed));

void acpi_header(struct sdt *h, const char *sig, uint8_t rev, size_t len);
/* Checksums a table that begins with struct sdt, puts it into guest memory; its address. */
uint64_t acpi_place(struct firmware *fw, void *table, size_t len);

/* Of a machine with several nodes: acpi_numa.c. */
uint64_t acpi_srat(struct firmware *fw);
uint64_t acpi_slit(struct firmware *fw);
uint64_t acpi_numa_ssdt(struct firmware *fw); /* processors and PCI host bridge with _PXM */

#endif
