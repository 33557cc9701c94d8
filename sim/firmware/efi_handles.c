/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The handle database (UEFI 6.3): which protocols are installed on which handle, and who has them
 * open.
 */
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

/* RegisterProtocolNotify: a queue of handles that have got the protocol since. */
struct efi_notify {
    struct efi_notify *next;
    uint64_t id, event;
    struct efi_guid guid;
    uint64_t *fresh;
    unsigned nfresh;
};
enum { BY_HANDLE = 1, GET = 2, TEST = 4, BY_CHILD = 8, BY_DRIVER = 16, EXCLUSIVE = 32 };
enum { ALL_HANDLES, BY_REGISTER, BY_PROTOCOL };

struct efi_handle *efi_handle_find(struct firmware *fw, uint64_t id)
{
    for (struct efi_handle *h = efi_bs(fw)->handles; h; h = h->next)
        if (h->id == id)
            return h;
    return NULL;
}
struct efi_proto *efi_proto_find(const struct efi_handle *h, const struct efi_guid *g)
{
    for (struct efi_proto *p = h ? h->protos : NULL; p; p = p->next)
        if (!memcmp(&p->guid, g, sizeof *g))
            return p;
    return NULL;
}

static void tell(struct firmware *fw, uint64_t handle, const struct efi_guid *g)
{
    for (struct efi_notify *n = efi_bs(fw)->notifies; n; n = n->next) {
        struct efi_event *e = efi_event_find(fw, n->event);
        if (memcmp(&n->guid, g, sizeof *g))
            continue;
        uint64_t *f = realloc(n->fresh, (n->nfresh + 1) * sizeof *f);
        if (!f)
            abort();
        n->fresh = f;
        n->fresh[n->nfresh++] = handle;
        if (e)
            efi_signal(fw, e);
    }
}

uint64_t efi_install(struct firmware *fw, uint64_t *id, const struct efi_guid *g, uint64_t iface)
{
    struct efi_boot *bs = efi_bs(fw);
    struct efi_handle *h = *id ? efi_handle_find(fw, *id) : NULL;
    if (*id && (!h || efi_proto_find(h, g)))
        return EFI_INVALID_PARAMETER;
    struct efi_proto *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    if (!h) {
        struct efi_handle **pp = &bs->handles;
        h = calloc(1, sizeof *h);
        if (!h)
            abort();
        h->id = *id = ++bs->next_id << 4;
        while (*pp)
            pp = &(*pp)->next;
        *pp = h;
    }
    p->guid = *g;
    p->iface = iface;
    p->next = h->protos;
    h->protos = p;
    tell(fw, h->id, g);
    return EFI_SUCCESS;
}

static void drop_opens(struct efi_proto *p)
{
    for (struct efi_open *o = p->opens, *n; o; o = n) {
        n = o->next;
        free(o);
    }
    p->opens = NULL;
}
static void drop_proto(struct efi_boot *bs, struct efi_handle *h, struct efi_proto *p)
{
    struct efi_proto **pp = &h->protos;
    struct efi_handle **ph = &bs->handles;
    while (*pp != p)
        pp = &(*pp)->next;
    *pp = p->next;
    drop_opens(p);
    free(p);
    if (h->protos)
        return;
    while (*ph != h)
        ph = &(*ph)->next;
    *ph = h->next;
    free(h);
}
uint64_t efi_uninstall(struct firmware *fw, uint64_t id, const struct efi_guid *g, uint64_t iface)
{
    struct efi_handle *h = efi_handle_find(fw, id);
    struct efi_proto *p = efi_proto_find(h, g);
    if (!h)
        return EFI_INVALID_PARAMETER;
    if (!p || p->iface != iface)
        return EFI_NOT_FOUND;
    for (const struct efi_open *o = p->opens; o; o = o->next)
        if (o->attr & (BY_DRIVER | EXCLUSIVE | BY_CHILD))
            return EFI_ACCESS_DENIED;
    drop_proto(efi_bs(fw), h, p);
    return EFI_SUCCESS;
}
void efi_close_agent(struct firmware *fw, uint64_t agent)
{
    for (struct efi_handle *h = efi_bs(fw)->handles; h; h = h->next)
        for (struct efi_proto *p = h->protos; p; p = p->next)
            for (struct efi_open **po = &p->opens, *o; (o = *po);) {
                if (o->agent == agent) {
                    *po = o->next;
                    free(o);
                } else {
                    po = &o->next;
                }
            }
}
void efi_handles_free(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    while (bs->handles)
        drop_proto(bs, bs->handles, bs->handles->protos);
    for (struct efi_notify *n = bs->notifies, *nn; n; n = nn) {
        nn = n->next;
        free(n->fresh);
        free(n);
    }
}

/* --- services: installing --- */

uint64_t bs_install(struct fw_call *c)
{
    uint64_t h;
    struct efi_guid g;
    if (!efi_get(c, c->arg[0], &h, 8) || !efi_get(c, c->arg[1], &g, sizeof g) ||
        (uint32_t)c->arg[2] != 0)
        return EFI_INVALID_PARAMETER;
    uint64_t st = efi_install(c->b->fw, &h, &g, c->arg[3]);
    return st == EFI_SUCCESS && !efi_put64(c, c->arg[0], h) ? EFI_INVALID_PARAMETER : st;
}
uint64_t bs_reinstall(struct fw_call *c)
{
    struct efi_guid g;
    struct efi_handle *h = efi_handle_find(c->b->fw, c->arg[0]);
    if (!h || !efi_get(c, c->arg[1], &g, sizeof g))
        return EFI_INVALID_PARAMETER;
    struct efi_proto *p = efi_proto_find(h, &g);
    if (!p || p->iface != c->arg[2])
        return EFI_NOT_FOUND;
    for (const struct efi_open *o = p->opens; o; o = o->next)
        if (o->attr & (BY_DRIVER | EXCLUSIVE))
            return EFI_ACCESS_DENIED;
    drop_opens(p);
    p->iface = c->arg[3];
    tell(c->b->fw, h->id, &g);
    return EFI_SUCCESS;
}
uint64_t bs_uninstall(struct fw_call *c)
{
    struct efi_guid g;
    if (!efi_get(c, c->arg[1], &g, sizeof g))
        return EFI_INVALID_PARAMETER;
    return efi_uninstall(c->b->fw, c->arg[0], &g, c->arg[2]);
}

/* (handle, [guid, interface]..., NULL): all of it or nothing. */
static uint64_t multiple(struct fw_call *c, bool install)
{
    struct firmware *fw = c->b->fw;
    uint64_t h = c->arg[0], ga, iface, st = EFI_SUCCESS;
    struct efi_guid g;
    unsigned i, done;
    if (install && !efi_get(c, c->arg[0], &h, 8))
        return EFI_INVALID_PARAMETER;
    uint64_t first = h;
    for (i = 1; i < 64 && st == EFI_SUCCESS; i += 2) {
        if (!efi_arg(c, i, &ga))
            return EFI_INVALID_PARAMETER;
        if (!ga)
            break;
        if (!efi_arg(c, i + 1, &iface) || !efi_get(c, ga, &g, sizeof g)) {
            st = EFI_INVALID_PARAMETER;
        } else if (install) {
            /* A second handle with the same device path is refused. */
            uint64_t path = iface;
            size_t rest;
            struct efi_dp *d = malloc(sizeof *d);
            if (!d)
                abort();
            if (!memcmp(&g, &efi_guid_device_path, sizeof g) && efi_dp_read(c, path, d)) {
                struct efi_handle *other = efi_dp_locate(fw, &efi_guid_device_path, d, &rest);
                if (other && rest + 4 == d->len)
                    st = EFI_ALREADY_STARTED;
            }
            free(d);
            if (st == EFI_SUCCESS)
                st = efi_install(fw, &h, &g, iface);
        } else {
            st = efi_uninstall(fw, h, &g, iface);
        }
        if (st != EFI_SUCCESS)
            break;
    }
    if (st == EFI_SUCCESS) {
        if (install && i > 1 && !efi_put64(c, c->arg[0], h))
            return EFI_INVALID_PARAMETER;
        return EFI_SUCCESS;
    }
    for (done = 1; done < i; done += 2) { /* undo */
        if (!efi_arg(c, done, &ga) || !efi_arg(c, done + 1, &iface) ||
            !efi_get(c, ga, &g, sizeof g))
            break;
        if (install)
            efi_uninstall(fw, h, &g, iface);
        else
            efi_install(fw, &first, &g, iface);
    }
    return install ? st : EFI_INVALID_PARAMETER;
}
uint64_t bs_install_multiple(struct fw_call *c)
{
    return multiple(c, true);
}
uint64_t bs_uninstall_multiple(struct fw_call *c)
{
    return multiple(c, false);
}

uint64_t bs_register_notify(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct efi_guid g;
    uint64_t probe;
    if (!efi_get(c, c->arg[0], &g, sizeof g) || !efi_event_find(c->b->fw, c->arg[1]) ||
        !efi_get(c, c->arg[2], &probe, 8))
        return EFI_INVALID_PARAMETER;
    struct efi_notify *n = calloc(1, sizeof *n);
    if (!n)
        abort();
    *n = (struct efi_notify){bs->notifies, ++bs->next_id << 4, c->arg[1], g, NULL, 0};
    bs->notifies = n;
    return efi_put64(c, c->arg[2], n->id) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}

/* --- services: finding --- */

/* The handles a search yields, malloced; *n of them. */
static uint64_t search(struct fw_call *c, uint32_t type, uint64_t guid, uint64_t key,
                       uint64_t **list, uint64_t *n, bool take)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct efi_guid g;
    uint64_t all = 0;
    *n = 0;
    *list = NULL;
    if (type > BY_PROTOCOL || (type == BY_PROTOCOL && !efi_get(c, guid, &g, sizeof g)))
        return EFI_INVALID_PARAMETER;
    for (struct efi_handle *h = bs->handles; h; h = h->next)
        all++;
    *list = malloc((all + 1) * 8);
    if (!*list)
        abort();
    if (type == BY_REGISTER) {
        struct efi_notify *r = bs->notifies;
        while (r && r->id != key)
            r = r->next;
        if (!r) {
            free(*list);
            *list = NULL;
            return EFI_INVALID_PARAMETER;
        }
        if (r->nfresh) { /* the next one */
            (*list)[(*n)++] = r->fresh[0];
            if (take)
                memmove(r->fresh, r->fresh + 1, --r->nfresh * 8);
        }
    } else {
        for (struct efi_handle *h = bs->handles; h; h = h->next)
            if (type == ALL_HANDLES || efi_proto_find(h, &g))
                (*list)[(*n)++] = h->id;
    }
    if (*n)
        return EFI_SUCCESS;
    free(*list);
    *list = NULL;
    return EFI_NOT_FOUND;
}

uint64_t bs_locate_handle(struct fw_call *c)
{
    uint64_t *list, n, room;
    if (!efi_get(c, c->arg[3], &room, 8))
        return EFI_INVALID_PARAMETER;
    uint64_t st = search(c, (uint32_t)c->arg[0], c->arg[1], c->arg[2], &list, &n, false);
    if (st != EFI_SUCCESS)
        return st;
    if (!efi_put64(c, c->arg[3], n * 8))
        st = EFI_INVALID_PARAMETER;
    else if (room < n * 8)
        st = EFI_BUFFER_TOO_SMALL;
    else if (!efi_put(c, c->arg[4], list, n * 8))
        st = EFI_INVALID_PARAMETER;
    free(list);
    if (st == EFI_SUCCESS && (uint32_t)c->arg[0] == BY_REGISTER &&
        search(c, BY_REGISTER, 0, c->arg[2], &list, &n, true) == EFI_SUCCESS)
        free(list);
    return st;
}

/* An array in pool memory that the caller frees. */
static uint64_t give(struct fw_call *c, uint64_t at, const void *data, uint64_t size)
{
    uint64_t addr, st = efi_pool_alloc(c->b->fw, EFI_BS_DATA, size, &addr);
    if (st != EFI_SUCCESS)
        return st;
    if (!efi_put(c, addr, data, size) || !efi_put64(c, at, addr)) {
        efi_pool_free(c->b->fw, addr);
        return EFI_INVALID_PARAMETER;
    }
    return EFI_SUCCESS;
}
uint64_t bs_locate_handle_buffer(struct fw_call *c)
{
    uint64_t *list, n, probe;
    if (!efi_get(c, c->arg[3], &probe, 8) || !efi_get(c, c->arg[4], &probe, 8))
        return EFI_INVALID_PARAMETER;
    uint64_t st = search(c, (uint32_t)c->arg[0], c->arg[1], c->arg[2], &list, &n, true);
    if (st != EFI_SUCCESS) {
        efi_put64(c, c->arg[3], 0);
        efi_put64(c, c->arg[4], 0);
        return st;
    }
    st = give(c, c->arg[4], list, n * 8);
    if (st == EFI_SUCCESS && !efi_put64(c, c->arg[3], n))
        st = EFI_INVALID_PARAMETER;
    free(list);
    return st;
}
uint64_t bs_locate_protocol(struct fw_call *c)
{
    uint64_t *list, n, probe;
    struct efi_guid g;
    if (!efi_get(c, c->arg[0], &g, sizeof g) || !efi_get(c, c->arg[2], &probe, 8))
        return EFI_INVALID_PARAMETER;
    uint64_t st =
        search(c, c->arg[1] ? BY_REGISTER : BY_PROTOCOL, c->arg[0], c->arg[1], &list, &n, true);
    const struct efi_proto *p =
        st == EFI_SUCCESS ? efi_proto_find(efi_handle_find(c->b->fw, list[0]), &g) : NULL;
    free(list);
    if (!p) {
        efi_put64(c, c->arg[2], 0);
        return st == EFI_INVALID_PARAMETER ? st : EFI_NOT_FOUND;
    }
    return efi_put64(c, c->arg[2], p->iface) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}

uint64_t bs_protocols_per_handle(struct fw_call *c)
{
    struct efi_handle *h = efi_handle_find(c->b->fw, c->arg[0]);
    uint64_t probe, n = 0, list[256];
    if (!h || !efi_get(c, c->arg[1], &probe, 8) || !efi_get(c, c->arg[2], &probe, 8))
        return EFI_INVALID_PARAMETER;
    for (struct efi_proto *p = h->protos; p && n < 256; p = p->next)
        n++;
    /* Pointers to GUIDs, the GUIDs behind them in the same buffer. */
    size_t size = n * 8 + n * sizeof(struct efi_guid);
    uint8_t *buf = malloc(size);
    uint64_t st, i = 0, addr;
    if (!buf)
        abort();
    for (struct efi_proto *p = h->protos; p && i < n; p = p->next, i++)
        memcpy(buf + n * 8 + i * sizeof p->guid, &p->guid, sizeof p->guid);
    st = give(c, c->arg[1], buf, size);
    if (st == EFI_SUCCESS && efi_get(c, c->arg[1], &addr, 8)) {
        for (i = 0; i < n; i++)
            list[i] = addr + n * 8 + i * sizeof(struct efi_guid);
        if (!efi_put(c, addr, list, n * 8) || !efi_put64(c, c->arg[2], n))
            st = EFI_INVALID_PARAMETER;
    }
    free(buf);
    return st;
}

/* --- services: opening --- */

static void note_open(struct efi_proto *p, uint64_t agent, uint64_t controller, uint32_t attr)
{
    for (struct efi_open *o = p->opens; o; o = o->next)
        if (o->agent == agent && o->controller == controller && o->attr == attr) {
            o->count++;
            return;
        }
    struct efi_open *o = malloc(sizeof *o);
    if (!o)
        abort();
    *o = (struct efi_open){p->opens, agent, controller, attr, 1};
    p->opens = o;
}

uint64_t bs_handle_protocol(struct fw_call *c)
{
    struct efi_guid g;
    uint64_t probe;
    struct efi_handle *h = efi_handle_find(c->b->fw, c->arg[0]);
    if (!h || !efi_get(c, c->arg[1], &g, sizeof g) || !efi_get(c, c->arg[2], &probe, 8))
        return EFI_INVALID_PARAMETER;
    struct efi_proto *p = efi_proto_find(h, &g);
    efi_put64(c, c->arg[2], p ? p->iface : 0);
    if (!p)
        return EFI_UNSUPPORTED;
    note_open(p, efi_bs(c->b->fw)->fw_handle, 0, BY_HANDLE);
    return EFI_SUCCESS;
}

uint64_t bs_open_protocol(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_guid g;
    uint64_t agent = c->arg[3], controller = c->arg[4], probe;
    uint32_t attr = (uint32_t)c->arg[5];
    struct efi_handle *h = efi_handle_find(fw, c->arg[0]);
    if (!h || !efi_get(c, c->arg[1], &g, sizeof g) ||
        (attr != TEST && !efi_get(c, c->arg[2], &probe, 8)))
        return EFI_INVALID_PARAMETER;
    switch (attr) {
    case BY_CHILD:
        if (controller == h->id)
            return EFI_INVALID_PARAMETER;
        /* fall through */
    case BY_DRIVER:
    case BY_DRIVER | EXCLUSIVE:
        if (!efi_handle_find(fw, controller))
            return EFI_INVALID_PARAMETER;
        /* fall through */
    case EXCLUSIVE:
        if (!efi_handle_find(fw, agent))
            return EFI_INVALID_PARAMETER;
        break;
    case BY_HANDLE:
    case GET:
    case TEST:
        break;
    default:
        return EFI_INVALID_PARAMETER;
    }
    struct efi_proto *p = efi_proto_find(h, &g);
    if (!p) {
        if (attr != TEST)
            efi_put64(c, c->arg[2], 0);
        return EFI_UNSUPPORTED;
    }
    if (attr & (BY_DRIVER | EXCLUSIVE)) {
        for (const struct efi_open *o = p->opens; o; o = o->next) {
            if (attr & BY_DRIVER && o->attr & BY_DRIVER && o->agent == agent &&
                o->controller == controller)
                return EFI_ALREADY_STARTED;
            if (o->attr & EXCLUSIVE || (attr & BY_DRIVER && o->attr & BY_DRIVER) ||
                (attr & EXCLUSIVE && o->attr & BY_DRIVER))
                return EFI_ACCESS_DENIED;
        }
    }
    if (attr != TEST && !efi_put64(c, c->arg[2], p->iface))
        return EFI_INVALID_PARAMETER;
    if (attr != TEST)
        note_open(p, agent, controller, attr);
    return EFI_SUCCESS;
}
uint64_t bs_close_protocol(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct efi_guid g;
    struct efi_handle *h = efi_handle_find(fw, c->arg[0]);
    if (!h || !efi_get(c, c->arg[1], &g, sizeof g) || !efi_handle_find(fw, c->arg[2]) ||
        (c->arg[3] && !efi_handle_find(fw, c->arg[3])))
        return EFI_INVALID_PARAMETER;
    struct efi_proto *p = efi_proto_find(h, &g);
    bool found = false;
    for (struct efi_open **po = p ? &p->opens : NULL, *o; po && (o = *po);) {
        if (o->agent == c->arg[2] && o->controller == c->arg[3]) {
            *po = o->next;
            free(o);
            found = true;
        } else {
            po = &o->next;
        }
    }
    return found ? EFI_SUCCESS : EFI_NOT_FOUND;
}
uint64_t bs_open_information(struct fw_call *c)
{
    struct efi_guid g;
    struct entry {
        uint64_t agent, controller;
        uint32_t attr, count;
    } * list;
    uint64_t n = 0, probe;
    struct efi_handle *h = efi_handle_find(c->b->fw, c->arg[0]);
    if (!h || !efi_get(c, c->arg[1], &g, sizeof g) || !efi_get(c, c->arg[2], &probe, 8) ||
        !efi_get(c, c->arg[3], &probe, 8))
        return EFI_INVALID_PARAMETER;
    const struct efi_proto *p = efi_proto_find(h, &g);
    if (!p)
        return EFI_NOT_FOUND;
    for (const struct efi_open *o = p->opens; o; o = o->next)
        n++;
    list = calloc(n + 1, sizeof *list);
    if (!list)
        abort();
    n = 0;
    for (const struct efi_open *o = p->opens; o; o = o->next)
        list[n++] = (struct entry){o->agent, o->controller, o->attr, o->count};
    uint64_t st = give(c, c->arg[2], list, n * sizeof *list);
    free(list);
    if (st == EFI_SUCCESS && !efi_put64(c, c->arg[3], n))
        st = EFI_INVALID_PARAMETER;
    return st;
}
