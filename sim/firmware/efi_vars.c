/* SPDX-License-Identifier: GPL-2.0-only
 *
 * EFI variables (UEFI 8.2) and the file that keeps them: a magic, then records {attributes, name
 * length, data length, GUID, name, data}, little-endian. Written whole to a temporary file and
 * renamed, so that a crash loses nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "sim/board/snapshot.h"
#include "sim/firmware/efi.h"

enum { STORE_MAX = 256 << 10 }; /* bytes of names and data, as a flash part would have */
static const char magic[8] = "EFIVARS1";

struct var {
    struct var *next;
    struct efi_guid guid;
    uint32_t attr;
    uint32_t nname; /* characters with the terminator */
    uint32_t size;
    uint16_t *name;
    uint8_t *data;
};
struct efi_vars {
    char *file;
    struct var *first;
    size_t used;
};
struct record {
    uint32_t attr, nname, size;
    struct efi_guid guid;
};

static void var_free(struct var *v)
{
    free(v->name);
    free(v->data);
    free(v);
}
static struct var **find(struct efi_vars *s, const uint16_t *name, const struct efi_guid *g)
{
    struct var **pp = &s->first;
    size_t n = 0;
    while (name[n])
        n++;
    for (; *pp; pp = &(*pp)->next)
        if ((*pp)->nname == n + 1 && !memcmp((*pp)->name, name, n * 2) &&
            !memcmp(&(*pp)->guid, g, sizeof *g))
            break;
    return pp;
}

static bool save(struct efi_vars *s)
{
    char tmp[4096];
    if (!s->file)
        return true;
    if ((size_t)snprintf(tmp, sizeof tmp, "%s.tmp", s->file) >= sizeof tmp)
        return false;
    FILE *f = fopen(tmp, "wb");
    bool ok = f && fwrite(magic, sizeof magic, 1, f) == 1;
    for (struct var *v = s->first; ok && v; v = v->next) {
        struct record r = {v->attr, v->nname, v->size, v->guid};
        if (!(v->attr & EFI_VAR_NV))
            continue;
        ok = fwrite(&r, sizeof r, 1, f) == 1 && fwrite(v->name, 2, v->nname, f) == v->nname &&
             fwrite(v->data, 1, v->size, f) == v->size;
    }
    if (f && fclose(f))
        ok = false;
    if (ok)
        ok = !rename(tmp, s->file);
    if (!ok) {
        fprintf(stderr, "ia64-sim: %s: EFI variables not saved: %s\n", s->file, strerror(errno));
        unlink(tmp);
    }
    return ok;
}

static struct var *var_new(const uint16_t *name, uint32_t nname, const struct efi_guid *g,
                           uint32_t attr, const uint8_t *data, uint32_t size)
{
    struct var *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    v->name = malloc(nname * 2ul);
    v->data = malloc(size ? size : 1);
    if (!v->name || !v->data)
        abort();
    memcpy(v->name, name, nname * 2ul);
    if (size)
        memcpy(v->data, data, size);
    v->guid = *g;
    v->attr = attr;
    v->nname = nname;
    v->size = size;
    return v;
}

static bool load(struct efi_vars *s)
{
    FILE *f = fopen(s->file, "rb");
    char m[8];
    struct record r;
    if (!f) {
        if (errno == ENOENT)
            return true; /* created at the first write */
        fprintf(stderr, "ia64-sim: %s: %s\n", s->file, strerror(errno));
        return false;
    }
    bool ok = fread(m, sizeof m, 1, f) == 1 && !memcmp(m, magic, sizeof m);
    struct var **tail = &s->first;
    while (ok && fread(&r, 1, sizeof r, f) == sizeof r) {
        uint16_t name[EFI_VAR_NAME_MAX];
        uint8_t *data = r.size <= STORE_MAX ? malloc(r.size ? r.size : 1) : NULL;
        ok = data && r.nname >= 2 && r.nname <= EFI_VAR_NAME_MAX &&
             fread(name, 2, r.nname, f) == r.nname && !name[r.nname - 1] &&
             fread(data, 1, r.size, f) == r.size;
        if (ok) {
            *tail = var_new(name, r.nname, &r.guid, r.attr, data, r.size);
            tail = &(*tail)->next;
            s->used += r.nname * 2ul + r.size;
        }
        free(data);
    }
    if (ok && (ferror(f) || !feof(f) || s->used > STORE_MAX))
        ok = false;
    fclose(f);
    if (!ok)
        fprintf(
            stderr,
            "ia64-sim: %s: not a file of EFI variables, or damaged; remove it to start afresh\n",
            s->file);
    return ok;
}

struct efi_vars *efi_vars_open(const char *file)
{
    struct efi_vars *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    if (file && !(s->file = strdup(file)))
        abort();
    if (file && !load(s)) {
        efi_vars_close(s);
        return NULL;
    }
    return s;
}
void efi_vars_close(struct efi_vars *s)
{
    if (!s)
        return;
    for (struct var *v = s->first, *n; v; v = n) {
        n = v->next;
        var_free(v);
    }
    free(s->file);
    free(s);
}

uint64_t efi_var_get(struct efi_vars *s, const uint16_t *name, const struct efi_guid *g,
                     bool runtime, uint32_t *attr, const uint8_t **data, uint64_t *size)
{
    const struct var *v = *find(s, name, g);
    if (!v || (runtime && !(v->attr & EFI_VAR_RT)))
        return EFI_NOT_FOUND;
    *attr = v->attr;
    *data = v->data;
    *size = v->size;
    return EFI_SUCCESS;
}

uint64_t efi_var_set(struct efi_vars *s, const uint16_t *name, const struct efi_guid *g,
                     bool runtime, uint32_t attr, const uint8_t *data, uint64_t size)
{
    struct var **pp = find(s, name, g), *old = *pp;
    uint32_t nname = 1;
    while (name[nname - 1])
        nname++;
    if (nname == 1 || nname > EFI_VAR_NAME_MAX || attr & ~7u ||
        ((attr & EFI_VAR_RT) && !(attr & EFI_VAR_BS)))
        return EFI_INVALID_PARAMETER;
    if (runtime && old && !(old->attr & EFI_VAR_RT))
        return EFI_NOT_FOUND;
    if (!size || !(attr & (EFI_VAR_BS | EFI_VAR_RT))) { /* deletes */
        if (!old)
            return EFI_NOT_FOUND;
        if (runtime && !(old->attr & EFI_VAR_NV))
            return EFI_WRITE_PROTECTED;
        *pp = old->next;
        s->used -= old->nname * 2ul + old->size;
        bool nv = old->attr & EFI_VAR_NV;
        var_free(old);
        return nv && !save(s) ? EFI_DEVICE_ERROR : EFI_SUCCESS;
    }
    if (runtime && (attr & (EFI_VAR_NV | EFI_VAR_RT)) != (EFI_VAR_NV | EFI_VAR_RT))
        return EFI_INVALID_PARAMETER;
    if (old && old->attr != attr)
        return EFI_INVALID_PARAMETER;
    size_t freed = old ? old->nname * 2ul + old->size : 0;
    if (size > STORE_MAX || s->used - freed + nname * 2ul + size > STORE_MAX)
        return EFI_OUT_OF_RESOURCES;
    struct var *v = var_new(name, nname, g, attr, data, (uint32_t)size);
    if (old) {
        v->next = old->next;
        var_free(old);
    }
    *pp = v;
    s->used += nname * 2ul + size - freed;
    return attr & EFI_VAR_NV && !save(s) ? EFI_DEVICE_ERROR : EFI_SUCCESS;
}

uint64_t efi_var_next(struct efi_vars *s, const uint16_t *name, const struct efi_guid *g,
                      bool runtime, const uint16_t **next, struct efi_guid *next_guid)
{
    const struct var *v = s->first;
    if (name[0]) {
        v = *find(s, name, g);
        if (!v)
            return EFI_INVALID_PARAMETER;
        v = v->next;
    }
    while (v && runtime && !(v->attr & EFI_VAR_RT))
        v = v->next;
    if (!v)
        return EFI_NOT_FOUND;
    *next = v->name;
    *next_guid = v->guid;
    return EFI_SUCCESS;
}

/* The variables of the snapshot replace those of the file, which is written at the next change. */
void efi_vars_snapshot(struct snap *s, struct efi_vars *v)
{
    uint32_t n = 0;
    for (struct var *i = v->first; i; i = i->next)
        n++;
    SNAP(s, n);
    if (!snap_loading(s)) {
        for (struct var *i = v->first; i; i = i->next) {
            struct record r = {i->attr, i->nname, i->size, i->guid};
            SNAP(s, r);
            snap_mem(s, i->name, 2ul * i->nname);
            snap_mem(s, i->data, i->size);
        }
        return;
    }
    while (v->first) {
        struct var *next = v->first->next;
        var_free(v->first);
        v->first = next;
    }
    v->used = 0;
    for (struct var **tail = &v->first; n && snap_ok(s); n--) {
        uint16_t name[EFI_VAR_NAME_MAX];
        struct record r;
        SNAP(s, r);
        uint8_t *data = r.size <= STORE_MAX ? malloc(r.size ? r.size : 1) : NULL;
        if (!data || r.nname < 2 || r.nname > EFI_VAR_NAME_MAX) {
            snap_bad(s, "not an EFI variable");
        } else {
            snap_mem(s, name, 2ul * r.nname);
            snap_mem(s, data, r.size);
            v->used += r.nname * 2ul + r.size;
            if (name[r.nname - 1] || v->used > STORE_MAX) {
                snap_bad(s, "not an EFI variable");
            } else {
                *tail = var_new(name, r.nname, &r.guid, r.attr, data, r.size);
                tail = &(*tail)->next;
            }
        }
        free(data);
    }
}
