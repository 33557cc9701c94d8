/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ConnectController and DisconnectController (UEFI 6.3): the firmware's own devices are complete
 * from the start; this is for drivers that the guest has loaded, called through their
 * EFI_DRIVER_BINDING (UEFI 10.1).
 */
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

const struct efi_guid efi_guid_driver_binding = {
    0x18a031ab, 0xb443, 0x4d1a, {0xa5, 0xc0, 0x0c, 0x09, 0x26, 0x1e, 0x9f, 0x71}};

enum { SUPPORTED = 0, START = 8, STOP = 16, VERSION = 24, BY_CHILD = 8, BY_DRIVER = 16 };
enum { QUEUE_MAX = 64, DRIVERS_MAX = 64 };
enum step { ASK, STARTED, STOPPED };

/* One ConnectController or DisconnectController under way. */
struct work {
    bool disconnect, recursive, any;
    uint64_t queue[QUEUE_MAX]; /* controllers still to be looked at */
    unsigned nqueue, at;
    uint64_t driver[DRIVERS_MAX]; /* handles with a driver binding, in order */
    unsigned ndrivers, next;
    uint64_t remaining;
    uint64_t child;
    enum step step;
    uint64_t binding, failure;
};

static void go_on(struct fw_call *c, struct work *w);

static uint64_t binding_of(struct firmware *fw, uint64_t handle)
{
    const struct efi_proto *p =
        efi_proto_find(efi_handle_find(fw, handle), &efi_guid_driver_binding);
    return p ? p->iface : 0;
}
static void add_driver(struct work *w, uint64_t handle)
{
    for (unsigned i = 0; i < w->ndrivers; i++)
        if (w->driver[i] == handle)
            return;
    if (w->ndrivers < DRIVERS_MAX)
        w->driver[w->ndrivers++] = handle;
}
static void add_controller(struct work *w, uint64_t handle)
{
    for (unsigned i = 0; i < w->nqueue; i++)
        if (w->queue[i] == handle)
            return;
    if (w->nqueue < QUEUE_MAX)
        w->queue[w->nqueue++] = handle;
}
/* Handles that drivers made on top of this one. */
static void add_children(struct firmware *fw, struct work *w, uint64_t handle)
{
    const struct efi_handle *h = efi_handle_find(fw, handle);
    for (const struct efi_proto *p = h ? h->protos : NULL; p; p = p->next)
        for (const struct efi_open *o = p->opens; o; o = o->next)
            if (o->attr & BY_CHILD)
                add_controller(w, o->controller);
}
/* Does this driver manage the controller? */
static bool manages(struct firmware *fw, uint64_t agent, uint64_t handle)
{
    const struct efi_handle *h = efi_handle_find(fw, handle);
    for (const struct efi_proto *p = h ? h->protos : NULL; p; p = p->next)
        for (const struct efi_open *o = p->opens; o; o = o->next)
            if (o->agent == agent && o->attr & BY_DRIVER)
                return true;
    return false;
}

static bool call(struct fw_call *c, struct work *w, unsigned fn, uint64_t a2, uint64_t a3);

static void answered(struct fw_call *c, struct efi_cont *k, uint64_t status)
{
    struct work *w = (struct work *)(uintptr_t)k->arg;
    efi_bs(c->b->fw)->tpl = k->tpl;
    switch (w->step) {
    case ASK:
        w->step = STARTED;
        if (status == EFI_SUCCESS && call(c, w, START, w->remaining, 0))
            return;
        break;
    case STARTED:
        w->any |= status == EFI_SUCCESS;
        break;
    case STOPPED:
        if (status == EFI_SUCCESS)
            w->any = true;
        else
            w->failure = EFI_DEVICE_ERROR;
        break;
    }
    go_on(c, w);
}
/* One of the binding's functions, for the controller at hand. */
static bool call(struct fw_call *c, struct work *w, unsigned fn, uint64_t a2, uint64_t a3)
{
    uint64_t f, a[4] = {w->binding, w->queue[w->at], a2, a3};
    return efi_get(c, w->binding + fn, &f, 8) &&
           efi_call_guest(c, f, a, fn == STOP ? 4 : 3, answered, NULL, (uint64_t)(uintptr_t)w);
}

static void go_on(struct fw_call *c, struct work *w)
{
    struct firmware *fw = c->b->fw;
    while (w->at < w->nqueue) {
        uint64_t controller = w->queue[w->at];
        while (w->next < w->ndrivers) {
            uint64_t d = w->driver[w->next++];
            w->binding = binding_of(fw, d);
            if (!w->binding || !efi_handle_find(fw, controller))
                continue;
            if (w->disconnect) {
                uint64_t agent = 0;
                efi_get(c, w->binding + 32, &agent, 8); /* ImageHandle */
                w->step = STOPPED;
                if ((manages(fw, agent, controller) || manages(fw, d, controller)) &&
                    call(c, w, STOP, 0, 0))
                    return;
            } else {
                w->step = ASK;
                if (call(c, w, SUPPORTED, w->remaining, 0))
                    return;
            }
        }
        if (w->recursive)
            add_children(fw, w, controller);
        w->at++;
        w->next = 0;
    }
    c->ret[0] = w->failure      ? w->failure
                : w->disconnect ? EFI_SUCCESS
                : w->any        ? EFI_SUCCESS
                                : EFI_NOT_FOUND;
    free(w);
}

static uint32_t version(struct fw_call *c, uint64_t handle)
{
    uint32_t v = 0;
    uint64_t b = binding_of(c->b->fw, handle);
    if (b)
        efi_get(c, b + VERSION, &v, 4);
    return v;
}
static void all_drivers(struct fw_call *c, struct work *w)
{
    unsigned first = w->ndrivers;
    for (const struct efi_handle *h = efi_bs(c->b->fw)->handles; h; h = h->next)
        if (efi_proto_find(h, &efi_guid_driver_binding))
            add_driver(w, h->id);
    /* Newest first. */
    for (unsigned i = first + 1; i < w->ndrivers; i++)
        for (unsigned k = i; k > first && version(c, w->driver[k]) > version(c, w->driver[k - 1]);
             k--) {
            uint64_t t = w->driver[k];
            w->driver[k] = w->driver[k - 1];
            w->driver[k - 1] = t;
        }
}

uint64_t bs_connect(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t h;
    if (!efi_handle_find(fw, c->arg[0]))
        return EFI_INVALID_PARAMETER;
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->remaining = c->arg[2];
    w->recursive = c->arg[3] & 0xff;
    add_controller(w, c->arg[0]);
    for (unsigned i = 0; c->arg[1] && i < DRIVERS_MAX && efi_get(c, c->arg[1] + i * 8, &h, 8) && h;
         i++)
        add_driver(w, h);
    all_drivers(c, w);
    go_on(c, w);
    return c->ret[0];
}
uint64_t bs_disconnect(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    if (!efi_handle_find(fw, c->arg[0]) || (c->arg[1] && !efi_handle_find(fw, c->arg[1])) ||
        (c->arg[2] && !efi_handle_find(fw, c->arg[2])) || (c->arg[1] && !binding_of(fw, c->arg[1])))
        return EFI_INVALID_PARAMETER;
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->disconnect = true;
    add_controller(w, c->arg[2] ? c->arg[2] : c->arg[0]);
    if (c->arg[1])
        add_driver(w, c->arg[1]);
    else
        all_drivers(c, w);
    go_on(c, w);
    return c->ret[0];
}
