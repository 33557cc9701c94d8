/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Relocates the program it is part of. Uses no global data: they are not usable yet.
 */
#include <stdint.h>

enum { DT_NULL, DT_RELA = 7, DT_RELASZ = 8 };
enum { R_DIR64LSB = 0x27, R_FPTR64LSB = 0x47, R_REL64LSB = 0x6f, R_IPLTLSB = 0x81 };

void relocate(uint64_t base, const uint64_t *dyn, uint64_t gp);
void relocate(uint64_t base, const uint64_t *dyn, uint64_t gp)
{
    uint64_t rela = 0, size = 0;
    for (; dyn[0] != DT_NULL; dyn += 2) {
        if (dyn[0] == DT_RELA)
            rela = base + dyn[1];
        if (dyn[0] == DT_RELASZ)
            size = dyn[1];
    }
    for (; size >= 24; size -= 24, rela += 24) {
        const uint64_t *r = (const uint64_t *)rela;
        uint64_t *at = (uint64_t *)(base + r[0]);
        switch ((uint32_t)r[1]) {
        case R_REL64LSB:
            *at = base + r[2];
            break;
        case R_IPLTLSB:
            at[0] = base + r[2];
            at[1] = gp;
            break;
        case 0:
            break;
        default:
            __asm__ volatile("break 0"); /* the linker made something we do not know */
        }
    }
}
