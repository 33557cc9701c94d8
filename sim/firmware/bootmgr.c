/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The boot manager (UEFI 3): --efi FILE; else what BootNext and BootOrder name; else
 * \EFI\BOOT\BOOTIA64.EFI of each file system in turn. It runs as the first thing the boot processor
 * does: at an entry point of the firmware's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/firmware/efi_boot.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"

enum { CANDIDATES_MAX = 64, LOAD_OPTION_ACTIVE = 1 };
static const struct efi_guid guid_global = {
    0x8be4df61, 0x93ca, 0x11d2, {0xaa, 0x0d, 0, 0xe0, 0x98, 0x03, 0x2b, 0x8c}};
static const struct efi_guid guid_host_file = {
    0x6c1d5a41, 0x3b5e, 0x4f0a, {0x9d, 0x11, 0x69, 0x61, 0x36, 0x34, 0x65, 0x66}};
static const uint16_t default_path[] = u"\\EFI\\BOOT\\BOOTIA64.EFI";

struct bootmgr {
    uint8_t *file; /* --efi: its contents */
    size_t len;
    const char *name, *args;
    char *name_copy;
    int16_t option[CANDIDATES_MAX]; /* numbers of Boot#### */
    unsigned noptions, next;
    struct efi_volume *volume; /* the next to try, when the options are through */
    bool begun;
};

static void complain(struct firmware *fw, const char *what, const char *why)
{
    char s[512];
    snprintf(s, sizeof s, "EFI boot manager: %s: %s\n", what, why);
    efi_console_say(fw, s);
}
static const char *status_name(uint64_t st, const char *why)
{
    switch (st) {
    case EFI_LOAD_ERROR:
        return why && *why ? why : "cannot be loaded";
    case EFI_UNSUPPORTED:
        return why && *why ? why : "not supported";
    case EFI_NOT_FOUND:
        return "not found";
    case EFI_OUT_OF_RESOURCES:
        return "not enough memory";
    case EFI_VOLUME_CORRUPTED:
        return "the file system is damaged";
    case EFI_DEVICE_ERROR:
        return "disk error";
    default:
        return "failed";
    }
}

/* Options as UCS-2: the program's name and its arguments, as a shell would pass them. */
static void set_options(struct firmware *fw, struct efi_image *i, const char *name,
                        const char *args)
{
    uint16_t s[4096];
    unsigned n = 0;
    const char *base = strrchr(name, '/');
    for (const char *p = base ? base + 1 : name; *p && n < 4000; p++)
        s[n++] = (uint8_t)*p;
    if (args && *args) {
        s[n++] = ' ';
        for (const char *p = args; *p && n < 4095; p++)
            s[n++] = (uint8_t)*p;
    }
    s[n++] = 0;
    efi_image_options(fw, i, s, n * 2);
}

static void run_next(struct fw_call *c, uint64_t arg);

static void finished(struct fw_call *c, uint64_t arg)
{
    struct firmware *fw = c->b->fw;
    struct bootmgr *m = efi_bs(fw)->mgr;
    char s[160];
    (void)arg;
    if (m->file || c->ret[0] == EFI_SUCCESS) {
        /* The named application is over, and with it the machine: its status becomes ours. */
        if (c->ret[0] != EFI_SUCCESS) {
            snprintf(s, sizeof s, "EFI boot manager: the application returned status %#llx\n",
                     (unsigned long long)c->ret[0]);
            efi_console_say(fw, s);
        }
        board_power_off(c->b);
        c->b->m->exit_status = c->ret[0] == EFI_SUCCESS ? 0 : 1;
        c->no_return = true;
        return;
    }
    snprintf(s, sizeof s,
             "EFI boot manager: the boot option returned status %#llx; trying the next\n",
             (unsigned long long)c->ret[0]);
    efi_console_say(fw, s);
    run_next(c, 0);
}

static bool start(struct fw_call *c, struct efi_image *i)
{
    if (efi_image_start(c, i, finished, 0))
        return true;
    complain(c->b->fw, "image", "its entry point cannot be called");
    return false;
}

static bool run_host_file(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct bootmgr *m = efi_bs(fw)->mgr;
    struct efi_image *i;
    const char *why = NULL, *base = strrchr(m->name, '/');
    struct efi_dp *d = malloc(sizeof *d);
    uint16_t path[256] = {'\\'};
    if (!d)
        abort();
    base = base ? base + 1 : m->name;
    for (unsigned k = 0; k < 250 && base[k]; k++)
        path[k + 1] = (uint8_t)base[k];
    efi_dp_init(d);
    efi_dp_add_file(d, path);
    /* Its device is the first file system, so that it finds its files in the directory of --fat. */
    uint64_t device = efi_bs(fw)->volumes ? efi_bs(fw)->volumes->handle : 0;
    if (!device) {
        struct efi_dp *v = malloc(sizeof *v);
        if (!v)
            abort();
        efi_dp_init(v);
        efi_dp_add(v, 1, 4, &guid_host_file, sizeof guid_host_file);
        efi_install(fw, &device, &efi_guid_device_path, efi_dp_guest(fw, v));
        free(v);
    }
    uint64_t st =
        efi_image_load(fw, m->file, m->len, efi_bs(fw)->fw_handle, device, d->data, &i, &why);
    free(d);
    if (st != EFI_SUCCESS) {
        complain(fw, m->name, status_name(st, why));
        fprintf(stderr, "ia64-sim: --efi %s: %s\n", m->name, status_name(st, why));
        return false;
    }
    set_options(fw, i, m->name, m->args);
    return start(c, i);
}

/* Boot####: attributes, length of the path list, description, path list, optional data
 * (UEFI 3.1.3). */
static bool run_option(struct fw_call *c, unsigned number)
{
    struct firmware *fw = c->b->fw;
    uint16_t name[9] = u"Boot0000", path[EFI_DP_MAX / 2];
    static const char hex[] = "0123456789ABCDEF";
    const uint8_t *o;
    uint64_t size, st;
    uint32_t attr;
    char what[16];
    snprintf(what, sizeof what, "Boot%04X", number & 0xffff);
    for (unsigned i = 0; i < 4; i++)
        name[4 + i] = (uint16_t)hex[number >> (12 - 4 * i) & 15];
    if (efi_var_get(fw->vars, name, &guid_global, false, &attr, &o, &size) != EFI_SUCCESS) {
        complain(fw, what, "not found");
        return false;
    }
    size_t at = 6, used;
    uint32_t flags = 0;
    uint16_t list = 0;
    if (size >= 8) {
        memcpy(&flags, o, 4);
        memcpy(&list, o + 4, 2);
        while (at + 2 <= size && (o[at] || o[at + 1]))
            at += 2;
        at += 2;
    }
    if (size < 8 || at > size || list > size - at || list > EFI_DP_MAX ||
        !efi_dp_valid(o + at, list, &used)) {
        complain(fw, what, "is damaged");
        return false;
    }
    if (!(flags & LOAD_OPTION_ACTIVE))
        return false;
    struct efi_dp *d = malloc(sizeof *d);
    uint8_t *data = NULL;
    size_t rest = 0, len = 0;
    struct efi_image *i = NULL;
    const char *why = NULL;
    if (!d)
        abort();
    memcpy(d->data, o + at, used);
    d->len = used;
    struct efi_volume *v = NULL;
    if (d->data[0] == 4 && d->data[1] == 1) {
        /* Short form: a partition, wherever it is (UEFI 3.1.2). */
        size_t n = d->data[2] | (size_t)d->data[3] << 8;
        for (v = efi_bs(fw)->volumes; v; v = v->next) {
            const struct efi_proto *p =
                efi_proto_find(efi_handle_find(fw, v->handle), &efi_guid_device_path);
            struct efi_dp k;
            if (p && n == 42 && efi_dp_load(fw, p->iface, &k) && k.len >= n + 4 &&
                !memcmp(k.data + k.len - 4 - n, d->data, n))
                break;
        }
        rest = n;
    } else {
        struct efi_handle *h = efi_dp_locate(fw, &efi_guid_sfs, d, &rest);
        v = h ? efi_volume_find(fw, h->id) : NULL;
    }
    st = EFI_NOT_FOUND;
    if (v && rest < d->len - 4 && !efi_dp_file(d->data + rest, d->len - rest, path, EFI_DP_MAX / 2))
        v = NULL;
    if (v)
        st = efi_volume_load(v, rest < d->len - 4 ? path : default_path, &data, &len);
    if (st == EFI_SUCCESS)
        st = efi_image_load(fw, data, len, efi_bs(fw)->fw_handle, v->handle, d->data + rest, &i,
                            &why);
    free(data);
    free(d);
    if (st != EFI_SUCCESS) {
        complain(fw, what, status_name(st, why));
        return false;
    }
    if (size > at + list)
        efi_image_options(fw, i, o + at + list, (uint32_t)(size - at - list));
    return start(c, i);
}

static bool run_default(struct fw_call *c, struct efi_volume *v)
{
    struct firmware *fw = c->b->fw;
    uint8_t *data;
    size_t len;
    struct efi_image *i;
    const char *why = NULL;
    uint64_t st = efi_volume_load(v, default_path, &data, &len);
    if (st == EFI_SUCCESS) {
        struct efi_dp *d = malloc(sizeof *d);
        if (!d)
            abort();
        efi_dp_init(d);
        efi_dp_add_file(d, default_path);
        st = efi_image_load(fw, data, len, efi_bs(fw)->fw_handle, v->handle, d->data, &i, &why);
        free(data);
        free(d);
    }
    if (st == EFI_SUCCESS)
        return start(c, i);
    if (st != EFI_NOT_FOUND)
        complain(fw, "\\EFI\\BOOT\\BOOTIA64.EFI", status_name(st, why));
    return false;
}

static void run_next(struct fw_call *c, uint64_t arg)
{
    struct firmware *fw = c->b->fw;
    struct bootmgr *m = efi_bs(fw)->mgr;
    (void)arg;
    if (m->file && run_host_file(c))
        return;
    while (!m->file && m->next < m->noptions)
        if (run_option(c, (uint16_t)m->option[m->next++]))
            return;
    while (!m->file && m->volume) {
        struct efi_volume *v = m->volume;
        m->volume = v->next;
        if (run_default(c, v))
            return;
    }
    if (!m->file) {
        static const char nothing[] =
            "EFI boot manager: nothing to boot: no file system has \\EFI\\BOOT\\BOOTIA64.EFI "
            "that could be started\n";
        efi_console_say(fw, nothing);
        fprintf(stderr, "ia64-sim: nothing to boot: give --efi FILE, --kernel FILE, or a disk or "
                        "directory with "
                        "\\EFI\\BOOT\\BOOTIA64.EFI\n");
    }
    board_power_off(c->b);
    c->b->m->exit_status = 1;
    c->no_return = true;
}

static void enter(struct fw_call *c)
{
    struct bootmgr *m = efi_bs(c->b->fw)->mgr;
    if (m->begun) { /* only a guest that jumps about comes here again */
        c->ret[0] = EFI_ALREADY_STARTED;
        return;
    }
    m->begun = true;
    run_next(c, 0);
}

static bool read_host_file(struct bootmgr *m, const char *spec, const char *append)
{
    const char *comma = strchr(spec, ',');
    m->name_copy = strndup(spec, comma ? (size_t)(comma - spec) : strlen(spec));
    if (!m->name_copy)
        abort();
    m->name = m->name_copy;
    m->args = comma ? comma + 1 : append;
    FILE *f = fopen(m->name, "rb");
    long n = -1;
    if (f && !fseek(f, 0, SEEK_END) && (n = ftell(f)) >= 0 && n < 1 << 30 && !fseek(f, 0, SEEK_SET))
        m->file = malloc(n ? (size_t)n : 1);
    bool ok = m->file && fread(m->file, 1, (size_t)n, f) == (size_t)n;
    if (!ok)
        fprintf(stderr, "ia64-sim: --efi %s: %s\n", m->name,
                f && m->file ? "read error" : strerror(errno));
    m->len = ok ? (size_t)n : 0;
    if (f)
        fclose(f);
    return ok;
}

/* BootNext (once), then BootOrder. */
static void read_order(struct firmware *fw, struct bootmgr *m)
{
    const uint8_t *data;
    uint64_t size;
    uint32_t attr;
    if (efi_var_get(fw->vars, u"BootNext", &guid_global, false, &attr, &data, &size) ==
            EFI_SUCCESS &&
        size == 2) {
        memcpy(&m->option[m->noptions++], data, 2);
        efi_var_set(fw->vars, u"BootNext", &guid_global, false, attr, NULL, 0);
    }
    if (efi_var_get(fw->vars, u"BootOrder", &guid_global, false, &attr, &data, &size) ==
        EFI_SUCCESS)
        for (uint64_t i = 0; i + 2 <= size && m->noptions < CANDIDATES_MAX; i += 2)
            memcpy(&m->option[m->noptions++], data + i, 2);
}

bool efi_boot_start(struct firmware *fw)
{
    struct cpu *cpu = fw->b->m->cpu[0];
    struct bootmgr *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    efi_bs(fw)->mgr = m;
    if (!efi_disks_build(fw) ||
        (fw->b->cfg.efi && !read_host_file(m, fw->b->cfg.efi, fw->b->cfg.append)))
        return false;
    if (!m->file)
        read_order(fw, m);
    m->volume = efi_bs(fw)->volumes;
    efi_crc(fw, fw->systab);
    cpu->ip = fw_entry(fw, "boot manager", enter, 0);
    cpu_set_psr(cpu, PSR_IC | PSR_BN | PSR_I); /* UEFI 2.3.3: interrupts enabled */
    rse_alloc(cpu, 0, 0, 0);                   /* reset leaves a frame of 96 */
    cpu->ar[AR_FPSR] = 0x9804c0270033full;     /* what C code expects */
    cpu->gr[12] = (struct gr){FW_STACK + FW_STACK_SIZE / 2 - 32, 0};
    rse_set_bspstore(cpu, FW_STACK + FW_STACK_SIZE / 2);
    cpu->cfm = (struct cfm){0}; /* after reset the frame is all 96 registers */
    return true;
}

void bootmgr_free(struct firmware *fw)
{
    struct bootmgr *m = efi_bs(fw)->mgr;
    if (!m)
        return;
    free(m->file);
    free(m->name_copy);
    free(m);
}
