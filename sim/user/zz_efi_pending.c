/* SPDX-License-Identifier: GPL-2.0-only
 * Temporary: lets ia64-sim link until sim/firmware/efi_boot.c is there. Never committed. */
#include <stdio.h>
#include "sim/firmware/firmware.h"
__attribute__((weak)) void efi_boot_build(struct firmware *fw) { (void)fw; }
__attribute__((weak)) bool efi_boot_start(struct firmware *fw)
{
    (void)fw;
    fprintf(stderr, "ia64-sim: unimplemented: EFI boot manager\n");
    return false;
}
