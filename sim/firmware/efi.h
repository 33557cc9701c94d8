/* SPDX-License-Identifier: GPL-2.0-only
 *
 * EFI's data structures as they lie in guest memory (UEFI 2.x chapters 4, 7, 8), and what the
 * runtime and boot parts of the firmware share. All pointers are guest physical addresses until
 * SetVirtualAddressMap.
 */
#ifndef SIM_FIRMWARE_EFI_H
#define SIM_FIRMWARE_EFI_H

#include "sim/firmware/firmware.h"

struct efi_guid {
    uint32_t a;
    uint16_t b, c;
    uint8_t d[8];
};
struct efi_table_header {
    uint64_t signature;
    uint32_t revision, size, crc32, reserved;
};
struct efi_system_table {
    struct efi_table_header h;
    uint64_t vendor;
    uint32_t revision, pad;
    uint64_t conin_handle, conin, conout_handle, conout, stderr_handle, stderr_, runtime, boot;
    uint64_t ntables, tables;
};
struct efi_config_table {
    struct efi_guid guid;
    uint64_t table;
};
struct efi_time {
    uint16_t year;
    uint8_t month, day, hour, minute, second, pad1;
    uint32_t nanosecond;
    int16_t timezone;
    uint8_t daylight, pad2;
};
_Static_assert(sizeof(struct efi_time) == 16, "UEFI 8.3 EFI_TIME");
#define EFI_SYSTEM_SIGNATURE  0x5453595320494249ull
#define EFI_RUNTIME_SIGNATURE 0x56524553544e5552ull
#define EFI_BOOT_SIGNATURE    0x56524553544f4f42ull
#define EFI_REVISION          0x00020000u
#define EFI_CONFIG_MAX        16

/* Adds a configuration table (replaces one with the same GUID; table 0 removes it). Updates count
 * and CRC. */
bool efi_config_set(struct firmware *fw, const struct efi_guid *guid, uint64_t table);
/* Recomputes a table's header CRC. */
void efi_crc(struct firmware *fw, uint64_t table);
/* Makes an entry point and puts its descriptor's address into the table slot at guest physical
 * `at`; runtime services' are converted by SetVirtualAddressMap. */
void efi_set_service(struct firmware *fw, uint64_t at, const char *name, fw_handler fn,
                     unsigned index, bool runtime);

/* SetVirtualAddressMap and ConvertPointer (efi_virtual.c) */
void efi_virtual_build(struct firmware *fw);
/* Registers a 64-bit pointer in guest memory that SetVirtualAddressMap converts. */
void efi_convert_at(struct firmware *fw, uint64_t pa);
void efi_set_virtual_map(struct fw_call *c);
void efi_convert_pointer(struct fw_call *c);
/* Where v will be in the OS's map; false: the map has no place for it. */
bool efi_virtual_address(const struct firmware *fw, uint64_t *v);

/* variables (efi_vars.c) */
struct snap;
void efi_vars_snapshot(struct snap *s, struct efi_vars *v);
void efi_convert_snapshot(struct snap *s, struct firmware *fw);
struct efi_vars *
efi_vars_open(const char *file); /* NULL file: in memory only; a broken file: message, NULL */
void efi_vars_close(struct efi_vars *v);
enum { EFI_VAR_NV = 1, EFI_VAR_BS = 2, EFI_VAR_RT = 4 };
enum { EFI_VAR_NAME_MAX = 512 }; /* UCS-2 characters, terminator included */
uint64_t efi_var_get(struct efi_vars *v, const uint16_t *name, const struct efi_guid *g,
                     bool runtime, uint32_t *attr, const uint8_t **data, uint64_t *size);
uint64_t efi_var_set(struct efi_vars *v, const uint16_t *name, const struct efi_guid *g,
                     bool runtime, uint32_t attr, const uint8_t *data, uint64_t size);
/* The variable after (name, g); name empty: the first. */
uint64_t efi_var_next(struct efi_vars *v, const uint16_t *name, const struct efi_guid *g,
                      bool runtime, const uint16_t **next, struct efi_guid *next_guid);

#endif
