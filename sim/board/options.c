/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Options of the full machine, spelt as QEMU spells them where QEMU has the thing.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sim/board/options.h"
#include "sim/usage.h"

#define RTC_DEFAULT 1767225600 /* 2026-01-01T00:00:00Z */

/* Splits QEMU's key=value lists in place: ",," is a comma. NULL at the end. *value is NULL for a
 * bare word. */
static char *next_pair(char **list, char **value)
{
    char *key = *list, *out = key, *in = key;
    if (!key || !*key)
        return NULL;
    while (*in && (*in != ',' || in[1] == ',')) {
        if (*in == ',')
            in++;
        *out++ = *in++;
    }
    *list = *in ? in + 1 : in;
    *out = 0;
    *value = strchr(key, '=');
    if (*value)
        *(*value)++ = 0;
    return key;
}

static char *copy(const char *s)
{
    char *c = strdup(s);
    if (!c)
        die("out of memory");
    return c; /* lives as long as the program: the configuration points into it */
}

static bool on_off(const char *opt, const char *key, const char *v)
{
    if (!v || !strcmp(v, "on"))
        return true;
    if (strcmp(v, "off"))
        die("-%s: %s=%s: neither on nor off", opt, key, v);
    return false;
}

/* What follows QEMU's "fat:". */
static const char *fat_directory(const char *s)
{
    static const char *const words[] = {"floppy:", "12:", "16:", "32:"};
    if (!strncmp(s, "rw:", 3))
        die("-drive file=fat:%s: the host's directory is not written to: fat:DIR is read-only, "
            "with snapshot=on writes are kept in memory",
            s);
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strncmp(s, words[i], strlen(words[i])))
            die("-drive file=fat:%s: '%s' is not known; a directory of that name: ./%s", s,
                words[i], s);
    return s;
}

static void add_drive(struct board_config *cfg, const char *arg)
{
    struct drive_config d = {0};
    char *list = copy(arg), *v, *k;
    if (cfg->ndrives == DRIVES_MAX)
        die("-drive: at most %d drives", DRIVES_MAX);
    while ((k = next_pair(&list, &v))) {
        if (!strcmp(k, "file") && v) {
            if (!strncmp(v, "fat:", 4))
                d.dir = fat_directory(v + 4);
            else
                d.file = v;
        } else if (!strcmp(k, "format") && v) {
            if (strcmp(v, "raw"))
                die("-drive: format=%s: only raw images are read", v);
        } else if (!strcmp(k, "if") && v) {
            if (strcmp(v, "virtio") && strcmp(v, "none"))
                die("-drive: if=%s: only virtio is there", v);
        } else if (!strcmp(k, "readonly") || !strcmp(k, "read-only")) {
            d.readonly = on_off("drive", k, v);
        } else if (!strcmp(k, "snapshot")) {
            d.snapshot = on_off("drive", k, v);
        } else if (!strcmp(k, "media") && v) {
            if (!strcmp(v, "cdrom"))
                d.readonly = true;
            else if (strcmp(v, "disk"))
                die("-drive: media=%s: neither disk nor cdrom", v);
        } else if (strcmp(k, "id") && strcmp(k, "index") && strcmp(k, "cache") &&
                   strcmp(k, "aio")) {
            die("-drive: %s is not known (file, format, if, readonly, snapshot, media)", k);
        }
    }
    if (!d.file && !d.dir)
        die("-drive %s: no file=", arg);
    cfg->drive[cfg->ndrives++] = d;
}

static void parse_mac(const char *s, uint8_t mac[6])
{
    unsigned m[6];
    int end = 0;
    if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%n", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5], &end) !=
            6 ||
        s[end])
        die("-nic: mac=%s: not six hexadecimal bytes with colons", s);
    if (m[0] & 1)
        die("-nic: mac=%s: a multicast address", s);
    for (unsigned i = 0; i < 6; i++)
        mac[i] = (uint8_t)m[i];
}

static void add_nic(struct board_config *cfg, const char *arg)
{
    struct nic_config n = {.mac = {0x52, 0x54, 0x00, 0x12, 0x34, (uint8_t)(0x56 + cfg->nnics)}};
    char *list = copy(arg), *v, *k = next_pair(&list, &v);
    if (k && !strcmp(k, "none") && !*list) {
        cfg->nnics = 0;
        return;
    }
    if (!k || strcmp(k, "user"))
        die("-nic %s: neither user[,...] nor none", arg);
    if (cfg->nnics == NICS_MAX)
        die("-nic: at most %d cards", NICS_MAX);
    while ((k = next_pair(&list, &v))) {
        if (!strcmp(k, "mac") && v) {
            parse_mac(v, n.mac);
        } else if (!strcmp(k, "hostfwd") && v) {
            char *both;
            if (asprintf(&both, "%s%s%s", n.hostfwd ? n.hostfwd : "", n.hostfwd ? "," : "", v) < 0)
                die("out of memory");
            n.hostfwd = both;
        } else if (!strcmp(k, "model") && v) {
            if (strncmp(v, "virtio", 6))
                die("-nic: model=%s: only virtio-net-pci is there", v);
        } else if (strcmp(k, "id")) {
            die("-nic: %s is not known (mac, hostfwd, model)", k);
        }
    }
    cfg->nic[cfg->nnics++] = n;
}

static void set_rtc(struct board_config *cfg, const char *arg)
{
    char *list = copy(arg), *v, *k, *end;
    while ((k = next_pair(&list, &v))) {
        struct tm tm = {0};
        if (strcmp(k, "base") || !v)
            die("-rtc: %s is not known (only base=)", k);
        if (!strcmp(v, "utc")) {
            cfg->rtc_base = time(NULL); /* asked for: this run will not repeat */
            continue;
        }
        if (!strcmp(v, "localtime")) {
            time_t t = time(NULL);
            localtime_r(&t, &tm);
            cfg->rtc_base = timegm(&tm);
            continue;
        }
        cfg->rtc_base = strtoll(v, &end, 10);
        if (*v && !*end)
            continue;
        end = strptime(v, "%Y-%m-%d", &tm);
        if (end && *end == 'T')
            end = strptime(end + 1, "%H:%M:%S", &tm);
        if (!end || *end)
            die("-rtc: base=%s: neither utc, localtime, YYYY-MM-DD[THH:MM:SS] nor seconds", v);
        cfg->rtc_base = timegm(&tm);
    }
}

static unsigned count(const char *opt, const char *s, unsigned max)
{
    char *end;
    unsigned long v = strtoul(s, &end, 10);
    if (*s < '0' || *s > '9' || *end || !v || v > max)
        die("-%s: '%s' is not a number from 1 to %u", opt, s, max);
    return (unsigned)v;
}

void board_option(struct board_config *cfg, const char *name, const char *value)
{
    const struct {
        const char *name, **where;
    } text[] = {
        {"kernel", &cfg->kernel},
        {"initrd", &cfg->initrd},
        {"append", &cfg->append},
        {"efi", &cfg->efi},
        {"fat", &cfg->fat_dir},
        {"nvram", &cfg->nvram},
        {"serial", &cfg->serial},
        {"memory-map", &cfg->memory_map},
        {"record", &cfg->record},
        {"replay", &cfg->replay},
        {"loadvm", &cfg->loadvm},
        {"savevm", &cfg->savevm},
        {"savevm-when", &cfg->savevm_when},
    };
    for (unsigned i = 0; i < sizeof text / sizeof text[0]; i++)
        if (!strcmp(name, text[i].name)) {
            *text[i].where = value;
            return;
        }
    if (!strcmp(name, "drive")) {
        add_drive(cfg, value);
    } else if (!strcmp(name, "nic")) {
        add_nic(cfg, value);
    } else if (!strcmp(name, "rtc")) {
        set_rtc(cfg, value);
    } else if (!strcmp(name, "numa")) {
        cfg->nodes = count(name, value, 16);
    } else if (!strcmp(name, "echr")) {
        char *end;
        unsigned long v = strtoul(value, &end, 0);
        if (end == value || *end || v < 1 || v > 26)
            die("-echr: '%s' is not a control character from 1 (Ctrl-a) to 26", value);
        cfg->echr = (unsigned)v;
    } else if (!strcmp(name, "no-reboot")) {
        cfg->no_reboot = true;
    } else if (!strcmp(name, "savevm-quit")) {
        cfg->savevm_quit = true;
    } else if (!strcmp(name, "realtime")) {
        cfg->realtime = true;
    } else if (!strcmp(name, "device")) {
        if (strcmp(value, "virtio-rng-pci"))
            die("-device: %s is not known (only virtio-rng-pci; -drive and -nic bring their own)",
                value);
        cfg->rng = true;
    } else {
        die("-%s: not an option of the board", name);
    }
}

void board_options_init(struct board_config *cfg)
{
    memset(cfg, 0, sizeof *cfg);
    cfg->nodes = 1;
    cfg->echr = 1;
    cfg->rtc_base = RTC_DEFAULT;
}

bool board_options_done(struct board_config *cfg)
{
    if (cfg->initrd && !cfg->kernel)
        die("--initrd without --kernel");
    if (cfg->append && !cfg->kernel && !cfg->efi)
        die("--append without --kernel or --efi");
    if (cfg->append && cfg->efi && strchr(cfg->efi, ','))
        die("--efi FILE,ARGUMENTS and --append: the arguments are one or the other");
    if (cfg->kernel && cfg->efi)
        die("--kernel and --efi: one or the other");
    if (!cfg->savevm != !cfg->savevm_when)
        die("--savevm FILE and --savevm-when TEXT: one needs the other");
    if (cfg->savevm_quit && !cfg->savevm)
        die("--savevm-quit without --savevm");
    if (cfg->record && cfg->replay)
        die("--record and --replay: one or the other");
    if (cfg->nodes > cfg->ncpu)
        die("-numa: %u nodes need as many processors (-smp)", cfg->nodes);
    return cfg->kernel || cfg->efi || cfg->fat_dir || cfg->ndrives || cfg->loadvm;
}
