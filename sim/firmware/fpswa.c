/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The EFI FPSWA driver (Intel: Itanium Floating-point Software Assistance handler specification): an interface structure
 * {revision, reserved, procedure} and the procedure.
 */
#include "sim/firmware/efi.h"

static void fpswa_proc(struct fw_call *c)
{
    /* The processor does all arithmetic itself (no SWA policy): what gets here are enabled IEEE exceptions, which are the
     * operating system's to deliver: status 1, ISR unchanged. */
    c->ret[0] = 1;
}

void fpswa_build(struct firmware *fw)
{
    uint64_t t = fw_alloc(fw, 16, 16);
    uint32_t revision = 0x00010012;
    memcpy(fw_ptr(fw, t, 4), &revision, 4);
    efi_set_service(fw, t + 8, "FPSWA", fpswa_proc, 0, true);
    fw->fpswa = t;
}
