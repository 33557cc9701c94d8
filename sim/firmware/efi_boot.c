/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The boot services table (UEFI 4.4), the services too small for a file of their own (6.5), and how
 * all of them are entered. See efi_boot.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"
#include "sim/debug/state.h"
#include "sim/cpu/exec.h"

const struct efi_guid efi_guid_fpswa = {
    0xc41b6531, 0x97b9, 0x11d3, {0x9a, 0x29, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};

/* --- guest memory --- */
bool efi_get(struct fw_call *c, uint64_t va, void *buf, size_t n)
{
    return va && fw_read_guest(c, va, buf, n);
}
bool efi_put(struct fw_call *c, uint64_t va, const void *buf, size_t n)
{
    return va && fw_write_guest(c, va, buf, n);
}
bool efi_put64(struct fw_call *c, uint64_t va, uint64_t v)
{
    return efi_put(c, va, &v, 8);
}
bool efi_get_string(struct fw_call *c, uint64_t va, uint16_t *s, size_t max)
{
    for (size_t i = 0; va && i < max; i++) {
        if (!fw_read_guest(c, va + i * 2, &s[i], 2))
            return false;
        if (!s[i])
            return true;
    }
    return false;
}
bool efi_arg(struct fw_call *c, unsigned i, uint64_t *v)
{
    if (i < 8) {
        *v = c->arg[i];
        return true;
    }
    return efi_get(c, c->cpu->gr[12].v + 16 + (i - 8) * 8ull, v, 8);
}
void efi_set64(struct firmware *fw, uint64_t pa, uint64_t v)
{
    memcpy(fw_ptr(fw, pa, 8), &v, 8);
}
uint64_t efi_get64(struct firmware *fw, uint64_t pa)
{
    uint64_t v;
    memcpy(&v, fw_ptr(fw, pa, 8), 8);
    return v;
}

/* --- entering a service --- */
void efi_watchdog(struct firmware *fw, int64_t now)
{
    struct efi_boot *bs = efi_bs(fw);
    if (bs->watchdog <= now) {
        fprintf(stderr, "ia64-sim: EFI watchdog timer expired: the machine is reset\n");
        bs->watchdog = INT64_MAX;
        board_request_reset(fw->b);
    }
}
static void enter(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_boot *bs = efi_bs(fw);
    if (!bs || fw->boot_services_gone) {
        c->ret[0] = EFI_UNSUPPORTED;
        return;
    }
    if (c->cpu->index) { /* the boot processor's alone (UEFI 2.3.3) */
        c->ret[0] = EFI_UNSUPPORTED;
        return;
    }
    bs->waiting = false;
    efi_watchdog(fw, c->cpu->cycles);
    efi_timers(fw, c->cpu->cycles);
    uint64_t st = bs->svc[c->index].fn(c);
    if (c->no_return)
        return;
    c->ret[0] = st;
    efi_dispatch(c, NULL, 0);
}

uint64_t efi_service_new(struct firmware *fw, const char *name, efi_service fn)
{
    struct efi_boot *bs = efi_bs(fw);
    if (bs->nsvc == EFI_SERVICES_MAX)
        abort();
    unsigned n = bs->nsvc++;
    bs->svc[n].fn = fn;
    bs->svc[n].name = name;
    return fw_descriptor(fw, fw_entry(fw, name, enter, n));
}

void efi_stop(struct cpu *cpu, const char *why)
{
    fflush(stdout);
    state_fatal(cpu, stderr, why);
    cpu->m->stop = true;
    cpu->m->exit_status = 1;
}
/* A fault of an application while the interruption vectors are still the firmware's: there is
 * nobody to handle it. */
bool efi_fault(struct cpu *cpu, const struct intr *in)
{
    struct firmware *fw = board_of(cpu->m)->fw;
    if (!fw || !fw->boot || fw->boot_services_gone || cpu->cr[CR_IVA] || cpu->index ||
        in->vector == VEC_EXT_INT)
        return false;
    char why[96];
    snprintf(why, sizeof why, "EFI application faulted: vector %#x, isr %#llx, ifa %#llx",
             in->vector, (unsigned long long)in->isr, (unsigned long long)in->ifa);
    efi_stop(cpu, why);
    return true;
}

/* --- small services --- */

static uint64_t install_configuration_table(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_guid g;
    if (!efi_get(c, c->arg[0], &g, sizeof g))
        return EFI_INVALID_PARAMETER;
    if (efi_config_set(fw, &g, c->arg[1]))
        return EFI_SUCCESS;
    return c->arg[1] ? EFI_OUT_OF_RESOURCES : EFI_NOT_FOUND;
}
static uint64_t get_next_monotonic_count(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    return efi_put64(c, c->arg[0], ++bs->monotonic) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static uint64_t stall(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    int64_t now = c->cpu->cycles, us = BOARD_ITC_HZ / 1000000;
    if (!bs->stall_until)
        bs->stall_until = c->arg[0] > (uint64_t)(INT64_MAX / 4 / us)
                              ? INT64_MAX / 4
                              : now + (int64_t)c->arg[0] * us;
    if (now < bs->stall_until) {
        efi_idle(c, bs->stall_until);
        return 0;
    }
    bs->stall_until = 0;
    return EFI_SUCCESS;
}
static uint64_t set_watchdog_timer(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    if (c->arg[1] && c->arg[1] <= 0xffff)
        return EFI_INVALID_PARAMETER; /* codes the firmware keeps for itself */
    uint64_t s = c->arg[0];
    bs->watchdog = !s ? INT64_MAX
                   : s > (uint64_t)INT64_MAX / 4 / BOARD_ITC_HZ
                       ? INT64_MAX
                       : c->cpu->cycles + (int64_t)(s * BOARD_ITC_HZ);
    efi_timer_arm(c->b->fw);
    return EFI_SUCCESS;
}
static uint64_t calculate_crc32(struct fw_call *c)
{
    uint64_t at = c->arg[0], left = c->arg[1];
    uint8_t buf[4096];
    uint32_t crc = ~0u;
    if (!at || !left || !c->arg[2])
        return EFI_INVALID_PARAMETER;
    while (left) {
        size_t n = left < sizeof buf ? (size_t)left : sizeof buf;
        if (!efi_get(c, at, buf, n))
            return EFI_INVALID_PARAMETER;
        for (size_t i = 0; i < n; i++) {
            crc ^= buf[i];
            for (int k = 0; k < 8; k++)
                crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
        }
        at += n;
        left -= n;
    }
    crc = ~crc;
    return efi_put(c, c->arg[2], &crc, 4) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static uint64_t copy_mem(struct fw_call *c)
{
    uint64_t to = c->arg[0], from = c->arg[1], n = c->arg[2], k;
    uint8_t buf[4096];
    bool back = to > from && to - from < n;
    for (uint64_t done = 0; done < n; done += k) {
        k = n - done < sizeof buf ? n - done : sizeof buf;
        uint64_t at = back ? n - done - k : done;
        if (!fw_read_guest(c, from + at, buf, k) || !fw_write_guest(c, to + at, buf, k))
            break;
    }
    return 0;
}
static uint64_t set_mem(struct fw_call *c)
{
    uint64_t to = c->arg[0], n = c->arg[1], k;
    uint8_t buf[4096];
    memset(buf, (uint8_t)c->arg[2], sizeof buf);
    for (uint64_t done = 0; done < n; done += k) {
        k = n - done < sizeof buf ? n - done : sizeof buf;
        if (!fw_write_guest(c, to + done, buf, k))
            break;
    }
    return 0;
}

/* --- leaving --- */

static void gone(struct fw_call *c, uint64_t arg)
{
    struct firmware *fw = c->b->fw;
    struct efi_system_table *st = fw_ptr(fw, fw->systab, sizeof *st);
    (void)arg;
    /* A notification may have changed the map: then the caller's key is not good any more. */
    if (c->arg[1] != fw->map_key) {
        efi_bs(fw)->exiting = false;
        c->ret[0] = EFI_INVALID_PARAMETER;
        return;
    }
    st->conin_handle = st->conout_handle = st->stderr_handle = 0;
    st->conin = st->conout = st->stderr_ = st->boot = 0;
    efi_crc(fw, fw->systab);
    fw->boot_services_gone = true;
    efi_timer_arm(fw);
    cpu_set_psr(c->cpu, c->cpu->psr & ~PSR_I); /* nobody is left to handle an interrupt */
    for (struct efi_disk *d = efi_bs(fw)->disks; d; d = d->next)
        if (!d->partition && d->blk.flush && !d->blk.readonly)
            d->blk.flush(d->blk.dev);
    c->ret[0] = EFI_SUCCESS;
}
uint64_t bs_exit_boot_services(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    if (!efi_handle_find(fw, c->arg[0]) || c->arg[1] != fw->map_key)
        return EFI_INVALID_PARAMETER;
    efi_signal_exit(fw);
    efi_dispatch(c, gone, 0);
    return c->ret[0];
}

/* --- the table --- */

struct efi_boot_table {
    struct efi_table_header h;
    uint64_t fn[44];
};

void efi_boot_build(struct firmware *fw)
{
    static const struct {
        const char *name;
        efi_service fn;
    } svc[] = {
        {"RaiseTPL", bs_raise_tpl},
        {"RestoreTPL", bs_restore_tpl},
        {"AllocatePages", bs_allocate_pages},
        {"FreePages", bs_free_pages},
        {"GetMemoryMap", bs_get_memory_map},
        {"AllocatePool", bs_allocate_pool},
        {"FreePool", bs_free_pool},
        {"CreateEvent", bs_create_event},
        {"SetTimer", bs_set_timer},
        {"WaitForEvent", bs_wait_for_event},
        {"SignalEvent", bs_signal_event},
        {"CloseEvent", bs_close_event},
        {"CheckEvent", bs_check_event},
        {"InstallProtocolInterface", bs_install},
        {"ReinstallProtocolInterface", bs_reinstall},
        {"UninstallProtocolInterface", bs_uninstall},
        {"HandleProtocol", bs_handle_protocol},
        {NULL, NULL}, /* reserved */
        {"RegisterProtocolNotify", bs_register_notify},
        {"LocateHandle", bs_locate_handle},
        {"LocateDevicePath", bs_locate_device_path},
        {"InstallConfigurationTable", install_configuration_table},
        {"LoadImage", bs_load_image},
        {"StartImage", bs_start_image},
        {"Exit", bs_exit},
        {"UnloadImage", bs_unload_image},
        {"ExitBootServices", bs_exit_boot_services},
        {"GetNextMonotonicCount", get_next_monotonic_count},
        {"Stall", stall},
        {"SetWatchdogTimer", set_watchdog_timer},
        {"ConnectController", bs_connect},
        {"DisconnectController", bs_disconnect},
        {"OpenProtocol", bs_open_protocol},
        {"CloseProtocol", bs_close_protocol},
        {"OpenProtocolInformation", bs_open_information},
        {"ProtocolsPerHandle", bs_protocols_per_handle},
        {"LocateHandleBuffer", bs_locate_handle_buffer},
        {"LocateProtocol", bs_locate_protocol},
        {"InstallMultipleProtocolInterfaces", bs_install_multiple},
        {"UninstallMultipleProtocolInterfaces", bs_uninstall_multiple},
        {"CalculateCrc32", calculate_crc32},
        {"CopyMem", copy_mem},
        {"SetMem", set_mem},
        {"CreateEventEx", bs_create_event_ex},
    };
    _Static_assert(sizeof svc / sizeof *svc == 44, "UEFI 4.4: EFI_BOOT_SERVICES");
    struct efi_boot *bs = calloc(1, sizeof *bs);
    struct efi_boot_table t = {.h = {EFI_BOOT_SIGNATURE, EFI_REVISION, sizeof t, 0, 0}};
    if (!bs)
        abort();
    fw->boot = bs;
    bs->tpl = TPL_APPLICATION;
    bs->watchdog = INT64_MAX;
    bs->next_id = 0x10000; /* handles do not look like small numbers */
    efi_memory_build(fw);
    efi_call_build(fw);
    for (unsigned i = 0; i < 44; i++)
        if (svc[i].fn)
            t.fn[i] = efi_service_new(fw, svc[i].name, svc[i].fn);
    bs->table = efi_boot_alloc(fw, sizeof t);
    memcpy(fw_ptr(fw, bs->table, sizeof t), &t, sizeof t);
    efi_crc(fw, bs->table);
    struct efi_system_table *st = fw_ptr(fw, fw->systab, sizeof *st);
    st->boot = bs->table;
    efi_devpath_build(fw);
    efi_console_build(fw);
    efi_collation_build(fw);
    if (fw->fpswa)
        efi_install(fw, &bs->fw_handle, &efi_guid_fpswa, fw->fpswa);
    efi_crc(fw, fw->systab);
}

void efi_boot_free(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    if (!bs)
        return;
    efi_volumes_free(fw);
    efi_disks_free(fw);
    efi_handles_free(fw);
    efi_memory_free(fw);
    efi_images_free(fw);
    efi_console_free(fw);
    efi_call_free(fw);
    bootmgr_free(fw);
    efi_events_end(fw);
    free(bs);
    fw->boot = NULL;
}
