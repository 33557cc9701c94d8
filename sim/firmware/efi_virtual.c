/* SPDX-License-Identifier: GPL-2.0-only
 *
 * SetVirtualAddressMap and ConvertPointer (UEFI 8.4). First the map is checked: everything in need
 * of an address must get one, or nothing is changed. Then the notification functions of
 * EVT_SIGNAL_VIRTUAL_ADDRESS_CHANGE run, while all is still at its physical address; then the
 * images of runtime drivers are relocated, and the firmware's own pointers converted.
 */
#include <stdlib.h>
#include "sim/board/snapshot.h"
#include "sim/firmware/efi_boot.h"

enum { CONVERT_MAX = 1024 };
/* What SetVirtualAddressMap has to rewrite: 64-bit words of guest memory that hold addresses. */
struct convert_list {
    uint64_t at[CONVERT_MAX];
    unsigned n;
};
void efi_virtual_build(struct firmware *fw)
{
    fw->convert = calloc(1, sizeof(struct convert_list));
    if (!fw->convert)
        abort();
}
void efi_convert_at(struct firmware *fw, uint64_t pa)
{
    struct convert_list *l = fw->convert;
    if (l->n == CONVERT_MAX)
        abort();
    l->at[l->n++] = pa;
}

void efi_convert_snapshot(struct snap *s, struct firmware *fw)
{
    struct convert_list *l = fw->convert;
    SNAP(s, l->n);
    if (l->n > CONVERT_MAX) {
        snap_bad(s, "too many addresses to convert");
        l->n = 0;
    }
    for (unsigned i = 0; i < l->n; i++) {
        SNAP(s, l->at[i]);
        if (!phys_host(fw->b->m, l->at[i], 8)) {
            snap_bad(s, "an address outside of memory");
            l->n = i;
        }
    }
}

static bool convert(const struct efi_memory_descriptor *map, unsigned n, uint64_t *v)
{
    for (unsigned i = 0; i < n; i++)
        if (map[i].attr & EFI_MEMORY_RUNTIME && *v >= map[i].phys &&
            *v - map[i].phys < map[i].pages * EFI_PAGE) {
            *v += map[i].virt - map[i].phys;
            return true;
        }
    return false;
}
bool efi_virtual_address(const struct firmware *fw, uint64_t *v)
{
    return convert(fw->virt_map, fw->nvirt, v);
}

static bool complete(struct firmware *fw, const struct efi_memory_descriptor *map, unsigned n)
{
    const struct convert_list *l = fw->convert;
    for (unsigned i = 0; i < l->n; i++) {
        uint64_t v = efi_get64(fw, l->at[i]);
        if (v && !convert(map, n, &v))
            return false;
    }
    for (const struct efi_image *i = fw->boot ? efi_bs(fw)->images : NULL; i; i = i->next) {
        uint64_t v = i->base;
        if (i->loaded && !convert(map, n, &v))
            return false;
    }
    return true;
}

static void finish(struct fw_call *c, uint64_t arg)
{
    struct firmware *fw = c->b->fw;
    const struct convert_list *l = fw->convert;
    (void)arg;
    if (fw->boot) {
        efi_images_move(fw);
        efi_events_end(fw);
    }
    for (unsigned i = 0; i < l->n; i++) {
        uint64_t v = efi_get64(fw, l->at[i]);
        if (v && efi_virtual_address(fw, &v))
            efi_set64(fw, l->at[i], v);
    }
    fw->virtual_mode = true;
    fw->converting = false;
    efi_crc(fw, fw->systab);
    efi_crc(fw, fw->runtime);
    c->ret[0] = EFI_SUCCESS;
}

void efi_set_virtual_map(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t size = c->arg[0], dsize = c->arg[1];
    if (fw->virtual_mode || fw->converting || !fw->boot_services_gone) {
        c->ret[0] = EFI_UNSUPPORTED;
        return;
    }
    if (c->arg[2] != 1 || dsize < sizeof fw->map[0] || !size || size % dsize ||
        size / dsize > FW_MEMMAP_MAX) {
        c->ret[0] = EFI_INVALID_PARAMETER;
        return;
    }
    unsigned n = (unsigned)(size / dsize);
    struct efi_memory_descriptor map[FW_MEMMAP_MAX];
    for (unsigned i = 0; i < n; i++)
        if (!fw_read_guest(c, c->arg[3] + i * dsize, &map[i], sizeof map[i])) {
            c->ret[0] = EFI_INVALID_PARAMETER;
            return;
        }
    if (!complete(fw, map, n)) {
        c->ret[0] = EFI_NO_MAPPING;
        return;
    }
    memcpy(fw->virt_map, map, n * sizeof map[0]);
    fw->nvirt = n;
    fw->converting = true;
    if (!fw->boot) {
        finish(c, 0);
        return;
    }
    efi_signal_virtual(fw);
    efi_dispatch(c, finish, 0);
}

void efi_convert_pointer(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t v;
    if (!fw->virtual_mode && !fw->converting) {
        c->ret[0] = EFI_UNSUPPORTED;
        return;
    }
    if (!c->arg[1] || !fw_read_guest(c, c->arg[1], &v, 8) || (!v && !(c->arg[0] & 1))) {
        c->ret[0] = EFI_INVALID_PARAMETER;
        return;
    }
    if (!v)
        return;
    if (!efi_virtual_address(fw, &v))
        c->ret[0] = EFI_NOT_FOUND;
    else if (!fw_write_guest(c, c->arg[1], &v, 8))
        c->ret[0] = EFI_INVALID_PARAMETER;
}
