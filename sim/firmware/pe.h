/* SPDX-License-Identifier: GPL-2.0-only
 *
 * PE32+ images for Itanium (UEFI 2.1.1; Microsoft's PE/COFF specification): parsing, laying out,
 * relocating. The file is data of unknown origin: all its offsets are checked before use.
 */
#ifndef SIM_FIRMWARE_PE_H
#define SIM_FIRMWARE_PE_H

#include "sim/firmware/firmware.h"

enum { PE_APPLICATION = 10, PE_BOOT_DRIVER = 11, PE_RUNTIME_DRIVER = 12 };
enum { PE_SECTIONS_MAX = 96 };
struct pe_image {
    const uint8_t *file;
    size_t len;
    uint16_t subsystem;
    uint64_t base;         /* preferred */
    uint64_t size;         /* in memory */
    uint32_t align, entry; /* section alignment; RVA of the entry's function descriptor */
    uint32_t headers;      /* size */
    uint32_t reloc, reloc_size;
    bool fixed; /* relocations stripped: only loads at base */
    unsigned nsections;
    struct pe_section {
        uint32_t rva, size, offset, bytes; /* size in memory; bytes from offset in the file */
        uint32_t flags;
    } section[PE_SECTIONS_MAX];
};

/* EFI_SUCCESS, EFI_LOAD_ERROR (not a PE image, or broken; why says what) or EFI_UNSUPPORTED (for
 * another machine or subsystem). */
uint64_t pe_parse(struct pe_image *pe, const void *file, size_t len, const char **why);
/* Lays the image out in dst (pe->size bytes), which the guest sees at address `at`, and relocates
 * it. */
uint64_t pe_load(const struct pe_image *pe, uint8_t *dst, uint64_t at, const char **why);
/* Relocates an image that runs in dst once more, by delta. `loaded` is a copy of its memory from
 * right after pe_load(): what the image itself has changed since stays as it is, for it may be a
 * pointer converted already. */
uint64_t pe_move(const struct pe_image *pe, uint8_t *dst, const uint8_t *loaded, uint64_t delta,
                 const char **why);

#endif
