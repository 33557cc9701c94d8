/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Images (UEFI 6.4): loading from memory or a file system, starting, leaving, unloading.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"
#include "sim/firmware/pe.h"
#include "sim/cpu/engine.h"

const struct efi_guid efi_guid_loaded_image = {
    0x5b1b31a1, 0x9562, 0x11d2, {0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};

enum { IMAGE_FILE_MAX = 1 << 30 };
struct loaded_image { /* EFI_LOADED_IMAGE_PROTOCOL */
    uint32_t revision, pad;
    uint64_t parent, systab, device, path, reserved;
    uint32_t options_size, pad2;
    uint64_t options, base, size;
    uint32_t code_type, data_type;
    uint64_t unload;
};
_Static_assert(sizeof(struct loaded_image) == 96, "UEFI 8.1");

static struct efi_image *image_find(struct firmware *fw, uint64_t handle)
{
    for (struct efi_image *i = efi_bs(fw)->images; i; i = i->next)
        if (i->handle == handle)
            return i;
    return NULL;
}

static void keep_loaded(struct efi_image *i, const struct pe_image *pe, const uint8_t *host)
{
    i->pe = malloc(sizeof *pe);
    i->loaded = malloc(pe->size);
    if (!i->pe || !i->loaded)
        abort();
    *i->pe = *pe;
    i->pe->file = NULL;
    memcpy(i->loaded, host, pe->size);
}

uint64_t efi_image_load(struct firmware *fw, const void *file, size_t len, uint64_t parent,
                        uint64_t device, const uint8_t *path, struct efi_image **image,
                        const char **why)
{
    static const struct {
        uint32_t code, data;
    } types[] = {
        {EFI_LOADER_CODE, EFI_LOADER_DATA}, {EFI_BS_CODE, EFI_BS_DATA}, {EFI_RT_CODE, EFI_RT_DATA}};
    struct pe_image *pe = malloc(sizeof *pe);
    struct efi_image *i = calloc(1, sizeof *i);
    if (!pe || !i)
        abort();
    uint64_t st = pe_parse(pe, file, len, why);
    if (st != EFI_SUCCESS)
        goto fail;
    i->subsystem = pe->subsystem;
    i->code_type = types[pe->subsystem - PE_APPLICATION].code;
    i->pages = (pe->size + EFI_PAGE - 1) / EFI_PAGE;
    uint64_t slack = pe->align > EFI_PAGE ? pe->align / EFI_PAGE : 0, at = pe->base;
    *why = "not enough memory";
    st = EFI_NOT_FOUND;
    if (pe->fixed)
        st =
            at & (EFI_PAGE - 1) ? EFI_LOAD_ERROR : fw_map_alloc(fw, 2, i->code_type, i->pages, &at);
    else if ((st = fw_map_alloc(fw, 0, i->code_type, i->pages + slack, &at)) == EFI_SUCCESS &&
             slack) {
        uint64_t aligned = (at + pe->align - 1) & ~(uint64_t)(pe->align - 1),
                 end = at + (i->pages + slack) * EFI_PAGE;
        fw_map_free(fw, at, (aligned - at) / EFI_PAGE);
        fw_map_free(fw, aligned + i->pages * EFI_PAGE, (end - aligned) / EFI_PAGE - i->pages);
        at = aligned;
    }
    if (st != EFI_SUCCESS) {
        st = pe->fixed ? EFI_LOAD_ERROR : st;
        goto fail;
    }
    i->base = at;
    uint8_t *host = fw_ptr(fw, at, i->pages * EFI_PAGE);
    for (uint64_t p = 0; p < i->pages; p++)
        code_page_dirty(fw->b->m, host + p * EFI_PAGE);
    st = pe_load(pe, host, at, why);
    if (st != EFI_SUCCESS) {
        fw_map_free(fw, i->base, i->pages);
        goto fail;
    }
    if (pe->subsystem == PE_RUNTIME_DRIVER && pe->reloc_size && !pe->fixed)
        keep_loaded(i, pe, host);
    i->entry = at + pe->entry;
    struct loaded_image info = {.revision = 0x1000,
                                .parent = parent,
                                .systab = fw->systab,
                                .device = device,
                                .base = at,
                                .size = pe->size,
                                .code_type = i->code_type,
                                .data_type = types[pe->subsystem - PE_APPLICATION].data};
    size_t used;
    if (path && efi_dp_valid(path, EFI_DP_MAX, &used)) {
        struct efi_dp *d = malloc(sizeof *d);
        if (!d)
            abort();
        memcpy(d->data, path, used);
        d->len = used;
        i->path = info.path = efi_dp_guest(fw, d);
        free(d);
    }
    i->info = efi_boot_alloc(fw, sizeof info);
    memcpy(fw_ptr(fw, i->info, sizeof info), &info, sizeof info);
    efi_install(fw, &i->handle, &efi_guid_loaded_image, i->info);
    i->next = efi_bs(fw)->images;
    efi_bs(fw)->images = i;
    free(pe);
    *image = i;
    return EFI_SUCCESS;
fail:
    free(pe);
    free(i);
    return st;
}

void efi_image_options(struct firmware *fw, struct efi_image *i, const void *options, uint32_t size)
{
    uint64_t at;
    if (!size || efi_pool_alloc(fw, EFI_BS_DATA, size, &at) != EFI_SUCCESS)
        return;
    memcpy(fw_ptr(fw, at, size), options, size);
    struct loaded_image *info = fw_ptr(fw, i->info, sizeof *info);
    info->options = at;
    info->options_size = size;
}

static void image_free(struct efi_image *i)
{
    free(i->pe);
    free(i->loaded);
    free(i);
}
static void image_drop(struct firmware *fw, struct efi_image *i)
{
    struct efi_image **pp = &efi_bs(fw)->images;
    efi_close_agent(fw, i->handle);
    efi_uninstall(fw, i->handle, &efi_guid_loaded_image, i->info);
    efi_pool_free(fw, i->info);
    if (i->path)
        efi_pool_free(fw, i->path);
    fw_map_free(fw, i->base, i->pages);
    while (*pp != i)
        pp = &(*pp)->next;
    *pp = i->next;
    image_free(i);
}
void efi_images_free(struct firmware *fw)
{
    for (struct efi_image *i = efi_bs(fw)->images, *n; i; i = n) {
        n = i->next;
        image_free(i);
    }
}

void efi_images_move(struct firmware *fw)
{
    for (struct efi_image *i = efi_bs(fw)->images; i; i = i->next) {
        uint64_t to = i->base;
        const char *why;
        if (!i->loaded || !efi_virtual_address(fw, &to))
            continue;
        uint8_t *host = fw_ptr(fw, i->base, i->pages * EFI_PAGE);
        for (uint64_t p = 0; p < i->pages; p++)
            code_page_dirty(fw->b->m, host + p * EFI_PAGE);
        if (pe_move(i->pe, host, i->loaded, to - i->base, &why) != EFI_SUCCESS)
            fprintf(stderr, "ia64-sim: EFI: a runtime driver keeps physical addresses: %s\n", why);
        free(i->loaded);
        i->loaded = NULL;
    }
}

/* --- running --- */

static void over(struct fw_call *c, struct efi_cont *k, uint64_t status)
{
    struct firmware *fw = c->b->fw;
    struct efi_boot *bs = efi_bs(fw);
    struct efi_image *i = image_find(fw, k->arg);
    bs->tpl = k->tpl;
    if (i) {
        bs->running = i->parent;
        if (i->exit_size_at)
            efi_put64(c, i->exit_size_at, i->exit_size);
        if (i->exit_data_at)
            efi_put64(c, i->exit_data_at, i->exit_data);
        i->started = status == EFI_SUCCESS && i->subsystem != PE_APPLICATION;
        if (!i->started)
            image_drop(fw, i);
    }
    c->ret[0] = status;
    efi_dispatch(c, k->then, 0);
}
bool efi_image_start(struct fw_call *c, struct efi_image *i, efi_then then, uint64_t arg)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    uint64_t a[2] = {i->handle, c->b->fw->systab};
    (void)arg;
    i->cont = bs->nconts;
    i->exit_size = i->exit_data = 0;
    if (!efi_call_guest(c, i->entry, a, 2, over, then, i->handle))
        return false;
    i->parent = bs->running;
    bs->running = i;
    i->started = true;
    return true;
}

/* A file named by a device path, through a volume of ours. */
static uint64_t load_by_path(struct firmware *fw, const struct efi_dp *d, uint8_t **data,
                             size_t *len, uint64_t *device, size_t *rest)
{
    uint16_t path[EFI_DP_MAX / 2];
    struct efi_handle *h = efi_dp_locate(fw, &efi_guid_sfs, d, rest);
    struct efi_volume *v = h ? efi_volume_find(fw, h->id) : NULL;
    if (!v || !efi_dp_file(d->data + *rest, d->len - *rest, path, EFI_DP_MAX / 2))
        return EFI_NOT_FOUND;
    *device = h->id;
    return efi_volume_load(v, path, data, len);
}

uint64_t bs_load_image(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t device = 0, probe, st = EFI_SUCCESS;
    struct efi_dp *d = calloc(1, sizeof *d);
    uint8_t *data = NULL;
    size_t len = 0, rest = 0;
    struct efi_image *i;
    const char *why;
    if (!d)
        abort();
    if (!image_find(fw, c->arg[1]) || !efi_get(c, c->arg[5], &probe, 8) ||
        (!c->arg[2] && !c->arg[3]) || (c->arg[2] && !efi_dp_read(c, c->arg[2], d)))
        st = EFI_INVALID_PARAMETER;
    else if (c->arg[3]) {
        len = c->arg[4];
        if (!len)
            st = EFI_LOAD_ERROR;
        else if (len > IMAGE_FILE_MAX || !(data = malloc(len)))
            st = EFI_OUT_OF_RESOURCES;
        else if (!efi_get(c, c->arg[3], data, len))
            st = EFI_INVALID_PARAMETER;
        struct efi_handle *h = d->len ? efi_dp_locate(fw, &efi_guid_device_path, d, &rest) : NULL;
        device = h ? h->id : 0;
    } else {
        st = load_by_path(fw, d, &data, &len, &device, &rest);
    }
    if (st == EFI_SUCCESS)
        st = efi_image_load(fw, data, len, c->arg[1], device, d->len ? d->data + rest : NULL, &i,
                            &why);
    if (st == EFI_SUCCESS && !efi_put64(c, c->arg[5], i->handle))
        st = EFI_INVALID_PARAMETER;
    free(data);
    free(d);
    return st;
}

uint64_t bs_start_image(struct fw_call *c)
{
    struct efi_image *i = image_find(c->b->fw, c->arg[0]);
    uint64_t probe;
    if (!i || i->started || (c->arg[1] && !efi_get(c, c->arg[1], &probe, 8)) ||
        (c->arg[2] && !efi_get(c, c->arg[2], &probe, 8)))
        return EFI_INVALID_PARAMETER;
    i->exit_size_at = c->arg[1];
    i->exit_data_at = c->arg[2];
    return efi_image_start(c, i, NULL, 0) ? EFI_SUCCESS : EFI_LOAD_ERROR;
}

uint64_t bs_exit(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_boot *bs = efi_bs(fw);
    struct efi_image *i = image_find(fw, c->arg[0]);
    if (!i)
        return EFI_INVALID_PARAMETER;
    if (!i->started) { /* never started: unloaded */
        image_drop(fw, i);
        return EFI_SUCCESS;
    }
    if (i != bs->running)
        return EFI_INVALID_PARAMETER;
    i->exit_size = c->arg[2];
    i->exit_data = c->arg[3];
    efi_unwind(c, i->cont, c->arg[1]);
    return c->arg[1];
}

static void unloaded(struct fw_call *c, struct efi_cont *k, uint64_t status)
{
    struct efi_image *i = image_find(c->b->fw, k->arg);
    c->ret[0] = status;
    if (status == EFI_SUCCESS && i)
        image_drop(c->b->fw, i);
}
uint64_t bs_unload_image(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_image *i = image_find(fw, c->arg[0]);
    if (!i)
        return EFI_INVALID_PARAMETER;
    if (!i->started) {
        image_drop(fw, i);
        return EFI_SUCCESS;
    }
    uint64_t unload =
        ((struct loaded_image *)fw_ptr(fw, i->info, sizeof(struct loaded_image)))->unload;
    for (const struct efi_image *r = efi_bs(fw)->running; r; r = r->parent)
        if (r == i)
            return EFI_UNSUPPORTED; /* it runs */
    if (!unload || !efi_call_guest(c, unload, &i->handle, 1, unloaded, NULL, i->handle))
        return EFI_UNSUPPORTED;
    return EFI_SUCCESS;
}
