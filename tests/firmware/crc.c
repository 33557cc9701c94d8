/* SPDX-License-Identifier: GPL-2.0-only
 *
 * fw_crc32() for the programs here that are made of single files of the firmware.
 */
#include "sim/firmware/firmware.h"

uint32_t fw_crc32(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t c = ~0u;
    while (n--) {
        c ^= *b++;
        for (int i = 0; i < 8; i++)
            c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    }
    return ~c;
}
