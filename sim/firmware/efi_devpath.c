/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Device paths (UEFI 9): built for the firmware's own devices, read from guests, compared, and
 * shown as text (DevicePathToText, 9.5).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

const struct efi_guid efi_guid_device_path = {
    0x09576e91, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const struct efi_guid guid_to_text = {
    0x8b843e20, 0x8132, 0x4852, {0x90, 0xcc, 0x55, 0x1a, 0x4e, 0x4a, 0x7f, 0x1c}};

enum { END = 0x7f, END_ALL = 0xff };

static size_t node_len(const uint8_t *p)
{
    return p[2] | (size_t)p[3] << 8;
}

bool efi_dp_valid(const uint8_t *p, size_t len, size_t *used)
{
    for (size_t at = 0; len - at >= 4;) {
        size_t n = node_len(p + at);
        if (n < 4 || n > len - at)
            return false;
        at += n;
        if (p[at - n] == END && p[at - n + 1] == END_ALL) {
            *used = at;
            return true;
        }
    }
    return false;
}

void efi_dp_init(struct efi_dp *d)
{
    memcpy(d->data, (const uint8_t[]){END, END_ALL, 4, 0}, 4);
    d->len = 4;
}
bool efi_dp_add(struct efi_dp *d, unsigned type, unsigned subtype, const void *data, size_t len)
{
    if (d->len + 4 + len > sizeof d->data)
        return false;
    uint8_t *p = d->data + d->len - 4;
    p[0] = (uint8_t)type;
    p[1] = (uint8_t)subtype;
    p[2] = (uint8_t)(len + 4);
    p[3] = (uint8_t)((len + 4) >> 8);
    memcpy(p + 4, data, len);
    memcpy(p + 4 + len, (const uint8_t[]){END, END_ALL, 4, 0}, 4);
    d->len += len + 4;
    return true;
}
bool efi_dp_add_file(struct efi_dp *d, const uint16_t *path)
{
    size_t n = 0;
    while (path[n])
        n++;
    return efi_dp_add(d, 4, 4, path, (n + 1) * 2);
}

bool efi_dp_read(struct fw_call *c, uint64_t va, struct efi_dp *d)
{
    d->len = 0;
    for (;;) {
        uint8_t *p = d->data + d->len;
        if (d->len + 4 > sizeof d->data || !efi_get(c, va + d->len, p, 4))
            return false;
        size_t n = node_len(p);
        if (n < 4 || d->len + n > sizeof d->data || !efi_get(c, va + d->len, p, n))
            return false;
        d->len += n;
        if (p[0] == END && p[1] == END_ALL)
            return true;
    }
}
uint64_t efi_dp_guest(struct firmware *fw, const struct efi_dp *d)
{
    uint64_t pa;
    if (efi_pool_alloc(fw, EFI_BS_DATA, d->len, &pa) != EFI_SUCCESS)
        return 0;
    memcpy(fw_ptr(fw, pa, d->len), d->data, d->len);
    return pa;
}
/* A path that lies in guest memory, perhaps a guest's own: read physically, node by node. */
bool efi_dp_load(struct firmware *fw, uint64_t pa, struct efi_dp *d)
{
    d->len = 0;
    for (;;) {
        const uint8_t *p = phys_host(fw->b->m, pa + d->len, 4);
        if (!pa || !p || d->len + 4 > sizeof d->data)
            return false;
        size_t n = node_len(p);
        if (n < 4 || d->len + n > sizeof d->data || !(p = phys_host(fw->b->m, pa + d->len, n)))
            return false;
        memcpy(d->data + d->len, p, n);
        d->len += n;
        if (d->data[d->len - n] == END && d->data[d->len - n + 1] == END_ALL)
            return true;
    }
}

struct efi_handle *efi_dp_locate(struct firmware *fw, const struct efi_guid *g,
                                 const struct efi_dp *d, size_t *rest)
{
    struct efi_handle *best = NULL;
    struct efi_dp *k = malloc(sizeof *k);
    if (!k)
        abort();
    *rest = 0;
    for (struct efi_handle *h = efi_bs(fw)->handles; h; h = h->next) {
        const struct efi_proto *p = efi_proto_find(h, &efi_guid_device_path);
        if (!p || !efi_proto_find(h, g) || !efi_dp_load(fw, p->iface, k))
            continue;
        size_t n = k->len - 4;
        if (n + 4 <= d->len && !memcmp(k->data, d->data, n) && (!best || n > *rest)) {
            best = h;
            *rest = n;
        }
    }
    free(k);
    return best;
}

bool efi_dp_file(const uint8_t *p, size_t len, uint16_t *path, size_t max)
{
    size_t n = 0;
    for (size_t at = 0; at + 4 <= len && p[at] != END; at += node_len(p + at)) {
        size_t k = node_len(p + at);
        if (p[at] != 4 || p[at + 1] != 4 || k < 6 || at + k > len)
            return false;
        uint16_t ch = 0;
        for (size_t i = 4; i + 2 <= k; i += 2) {
            memcpy(&ch, p + at + i, 2);
            if (!ch)
                break;
            /* Nodes are joined by one separator. */
            if (i == 4 && n && ch != '\\' && path[n - 1] != '\\') {
                if (n + 1 >= max)
                    return false;
                path[n++] = '\\';
            }
            if (n + 1 >= max)
                return false;
            path[n++] = ch;
        }
    }
    path[n] = 0;
    return n > 0;
}

uint64_t bs_locate_device_path(struct fw_call *c)
{
    struct efi_guid g;
    uint64_t at;
    struct efi_dp *d = malloc(sizeof *d);
    size_t rest;
    uint64_t st = EFI_INVALID_PARAMETER;
    if (!d)
        abort();
    if (efi_get(c, c->arg[0], &g, sizeof g) && efi_get(c, c->arg[1], &at, 8) &&
        efi_dp_read(c, at, d)) {
        struct efi_handle *h = efi_dp_locate(c->b->fw, &g, d, &rest);
        if (!h)
            st = EFI_NOT_FOUND;
        else if (efi_put64(c, c->arg[2], h->id) && efi_put64(c, c->arg[1], at + rest))
            st = EFI_SUCCESS;
    }
    free(d);
    return st;
}

/* --- text --- */

struct text {
    char s[2048];
    size_t n;
};
static void __attribute__((format(printf, 2, 3))) say(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int k = vsnprintf(t->s + t->n, sizeof t->s - t->n, fmt, ap);
    va_end(ap);
    if (k > 0)
        t->n = t->n + (size_t)k < sizeof t->s ? t->n + (size_t)k : sizeof t->s - 1;
}
static void say_guid(struct text *t, const uint8_t *p)
{
    struct efi_guid g;
    memcpy(&g, p, sizeof g);
    say(t, "%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X", g.a, g.b, g.c, g.d[0], g.d[1],
        g.d[2], g.d[3], g.d[4], g.d[5], g.d[6], g.d[7]);
}
static uint64_t le(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;
    while (n--)
        v = v << 8 | p[n];
    return v;
}
static void say_node(struct text *t, const uint8_t *p)
{
    size_t n = node_len(p);
    unsigned type = p[0], sub = p[1];
    if (type == 1 && sub == 1 && n >= 6)
        say(t, "Pci(0x%X,0x%X)", p[5], p[4]);
    else if (type == 1 && sub == 4 && n >= 20)
        say(t, "VenHw("), say_guid(t, p + 4), say(t, ")");
    else if (type == 2 && sub == 1 && n >= 12 && le(p + 4, 4) == 0x0a0341d0)
        say(t, "PciRoot(0x%X)", (unsigned)le(p + 8, 4));
    else if (type == 2 && sub == 1 && n >= 12)
        say(t, "Acpi(PNP%04X,0x%X)", (unsigned)le(p + 6, 2), (unsigned)le(p + 8, 4));
    else if (type == 3 && sub == 14 && n >= 19)
        say(t, "Uart(%llu,%u,%s,%s)", (unsigned long long)le(p + 8, 8), p[16],
            p[17] == 1 ? "N" : "D", p[18] == 1 ? "1" : "D");
    else if (type == 3 && sub == 10 && n >= 20)
        say(t, "VenMsg("), say_guid(t, p + 4), say(t, ")");
    else if (type == 4 && sub == 1 && n >= 42) {
        say(t, "HD(%u,%s,", (unsigned)le(p + 4, 4), p[40] == 2 ? "GPT" : "MBR");
        if (p[41] == 2)
            say_guid(t, p + 24);
        else
            say(t, "0x%08X", (unsigned)le(p + 24, 4));
        say(t, ",0x%llX,0x%llX)", (unsigned long long)le(p + 8, 8),
            (unsigned long long)le(p + 16, 8));
    } else if (type == 4 && sub == 4) {
        for (size_t i = 4; i + 2 <= n && (p[i] || p[i + 1]); i += 2)
            say(t, "%c", !p[i + 1] && p[i] >= 32 && p[i] < 127 ? p[i] : '?');
    } else {
        say(t, "Path(%u,%u", type, sub);
        for (size_t i = 4; i < n; i++)
            say(t, "%s%02X", i == 4 ? "," : "", p[i]);
        say(t, ")");
    }
}
/* Answers a pool buffer with the UCS-2 text, 0 when that is not possible. */
static uint64_t text_out(struct fw_call *c, const struct text *t)
{
    uint64_t pa;
    if (efi_pool_alloc(c->b->fw, EFI_BS_DATA, (t->n + 1) * 2, &pa) != EFI_SUCCESS)
        return 0;
    for (size_t i = 0; i <= t->n; i++) {
        uint16_t ch = i < t->n ? (uint8_t)t->s[i] : 0;
        memcpy(fw_ptr(c->b->fw, pa + i * 2, 2), &ch, 2);
    }
    return pa;
}
static uint64_t path_to_text(struct fw_call *c)
{
    struct efi_dp *d = malloc(sizeof *d);
    struct text t = {.n = 0};
    uint64_t r = 0;
    if (!d)
        abort();
    if (c->arg[0] && efi_dp_read(c, c->arg[0], d)) {
        for (size_t at = 0; d->data[at] != END || d->data[at + 1] != END_ALL;
             at += node_len(d->data + at)) {
            bool end = d->data[at] == END;
            if (at)
                say(&t, end ? "," : "/");
            if (!end)
                say_node(&t, d->data + at);
        }
        r = text_out(c, &t);
    }
    free(d);
    return r;
}
static uint64_t node_to_text(struct fw_call *c)
{
    uint8_t p[EFI_DP_MAX];
    struct text t = {.n = 0};
    if (!efi_get(c, c->arg[0], p, 4) || node_len(p) < 4 || node_len(p) > sizeof p ||
        !efi_get(c, c->arg[0], p, node_len(p)))
        return 0;
    say_node(&t, p);
    return text_out(c, &t);
}

void efi_devpath_build(struct firmware *fw)
{
    uint64_t p = efi_boot_alloc(fw, 16);
    efi_set64(fw, p, efi_service_new(fw, "ConvertDeviceNodeToText", node_to_text));
    efi_set64(fw, p + 8, efi_service_new(fw, "ConvertDevicePathToText", path_to_text));
    efi_install(fw, &efi_bs(fw)->fw_handle, &guid_to_text, p);
}
