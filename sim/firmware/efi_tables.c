/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The EFI system table, configuration tables and runtime services (UEFI 2.0 chapters 4 and 7),
 * callable in physical mode and, after SetVirtualAddressMap, at the addresses the OS chose.
 */
#include <stdlib.h>
#include <time.h>
#include "sim/firmware/efi.h"

static void set64(struct firmware *fw, uint64_t pa, uint64_t v)
{
    memcpy(fw_ptr(fw, pa, 8), &v, 8);
}

void efi_crc(struct firmware *fw, uint64_t table)
{
    struct efi_table_header *h = fw_ptr(fw, table, sizeof *h);
    uint32_t size = h->size;
    if (size < sizeof *h || size > EFI_PAGE) /* the guest can write to it */
        return;
    h->crc32 = 0;
    h->crc32 = fw_crc32(fw_ptr(fw, table, size), size);
}

/* A table's function slot: descriptor, and both remembered for conversion. */
void efi_set_service(struct firmware *fw, uint64_t at, const char *name, fw_handler fn,
                     unsigned index, bool runtime)
{
    uint64_t d = fw_descriptor(fw, fw_entry(fw, name, fn, index));
    set64(fw, at, d);
    if (runtime) {
        efi_convert_at(fw, at);
        efi_convert_at(fw, d);
        efi_convert_at(fw, d + 8);
    }
}

/* --- time --- */
static void to_efi_time(int64_t secs, uint32_t ns, struct efi_time *t)
{
    time_t s = (time_t)secs;
    struct tm tm;
    gmtime_r(&s, &tm);
    *t = (struct efi_time){.year = (uint16_t)(tm.tm_year + 1900),
                           .month = (uint8_t)(tm.tm_mon + 1),
                           .day = (uint8_t)tm.tm_mday,
                           .hour = (uint8_t)tm.tm_hour,
                           .minute = (uint8_t)tm.tm_min,
                           .second = (uint8_t)tm.tm_sec,
                           .nanosecond = ns,
                           .timezone = 0 /* UTC */};
}
static bool from_efi_time(const struct efi_time *t, int64_t *secs)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (t->year < 1998 || t->year > 2099 || t->month < 1 || t->month > 12 || t->hour > 23 ||
        t->minute > 59 || t->second > 59 || t->nanosecond > 999999999 ||
        !((t->timezone >= -1440 && t->timezone <= 1440) || t->timezone == 0x7ff) ||
        t->daylight & ~3)
        return false;
    bool leap = t->year % 4 == 0 && (t->year % 100 != 0 || t->year % 400 == 0);
    if (t->day < 1 || t->day > days[t->month - 1] + (leap && t->month == 2))
        return false;
    struct tm tm = {.tm_year = t->year - 1900,
                    .tm_mon = t->month - 1,
                    .tm_mday = t->day,
                    .tm_hour = t->hour,
                    .tm_min = t->minute,
                    .tm_sec = t->second};
    *secs = timegm(&tm);
    if (t->timezone != 0x7ff)
        *secs -= t->timezone * 60;
    return true;
}

static void rt_get_time(struct fw_call *c)
{
    struct efi_time t;
    uint32_t ns,
        caps[3] = {1, 1000000,
                   1}; /* resolution 1 Hz, accuracy ppm 1e6ths, SetTime keeps sub-seconds */
    if (!c->arg[0]) {
        c->ret[0] = EFI_INVALID_PARAMETER;
        return;
    }
    int64_t s = board_time(c->b, &ns);
    to_efi_time(s, ns, &t);
    if (!fw_write_guest(c, c->arg[0], &t, sizeof t) ||
        (c->arg[1] && !fw_write_guest(c, c->arg[1], caps, 9)))
        c->ret[0] = EFI_INVALID_PARAMETER;
}
static void rt_set_time(struct fw_call *c)
{
    struct efi_time t;
    int64_t s;
    uint32_t ns;
    if (!c->arg[0] || !fw_read_guest(c, c->arg[0], &t, sizeof t) || !from_efi_time(&t, &s)) {
        c->ret[0] = EFI_INVALID_PARAMETER;
        return;
    }
    c->b->rtc_offset += s - board_time(c->b, &ns);
}
static void rt_wakeup(struct fw_call *c)
{
    c->ret[0] = EFI_UNSUPPORTED; /* the board has no alarm */
}

/* --- variables --- */
static bool read_name(struct fw_call *c, uint64_t va, uint16_t name[EFI_VAR_NAME_MAX])
{
    for (unsigned i = 0; va && i < EFI_VAR_NAME_MAX; i++) {
        if (!fw_read_guest(c, va + i * 2, &name[i], 2))
            return false;
        if (!name[i])
            return true;
    }
    return false;
}
static void rt_get_variable(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint16_t name[EFI_VAR_NAME_MAX];
    struct efi_guid g;
    uint64_t room, size;
    uint32_t attr;
    const uint8_t *data;
    c->ret[0] = EFI_INVALID_PARAMETER;
    if (!read_name(c, c->arg[0], name) || !c->arg[1] ||
        !fw_read_guest(c, c->arg[1], &g, sizeof g) || !c->arg[3] ||
        !fw_read_guest(c, c->arg[3], &room, 8))
        return;
    uint64_t st = efi_var_get(fw->vars, name, &g, fw->boot_services_gone, &attr, &data, &size);
    if (st == EFI_SUCCESS) {
        if ((c->arg[2] && !fw_write_guest(c, c->arg[2], &attr, 4)) ||
            !fw_write_guest(c, c->arg[3], &size, 8))
            return;
        if (room < size)
            st = EFI_BUFFER_TOO_SMALL;
        else if (!c->arg[4] || !fw_write_guest(c, c->arg[4], data, size))
            return;
    }
    c->ret[0] = st;
}
static void rt_next_variable(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint16_t name[EFI_VAR_NAME_MAX];
    const uint16_t *next;
    struct efi_guid g;
    uint64_t room;
    c->ret[0] = EFI_INVALID_PARAMETER;
    if (!c->arg[0] || !fw_read_guest(c, c->arg[0], &room, 8) || !read_name(c, c->arg[1], name) ||
        !c->arg[2] || !fw_read_guest(c, c->arg[2], &g, sizeof g))
        return;
    uint64_t st = efi_var_next(fw->vars, name, &g, fw->boot_services_gone, &next, &g);
    if (st == EFI_SUCCESS) {
        uint64_t size = 2;
        for (unsigned i = 0; next[i]; i++)
            size += 2;
        if (!fw_write_guest(c, c->arg[0], &size, 8))
            return;
        if (room < size)
            st = EFI_BUFFER_TOO_SMALL;
        else if (!fw_write_guest(c, c->arg[1], next, size) ||
                 !fw_write_guest(c, c->arg[2], &g, sizeof g))
            return;
    }
    c->ret[0] = st;
}
static void rt_set_variable(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint16_t name[EFI_VAR_NAME_MAX];
    struct efi_guid g;
    uint64_t size = c->arg[3];
    c->ret[0] = EFI_INVALID_PARAMETER;
    if (!read_name(c, c->arg[0], name) || !c->arg[1] ||
        !fw_read_guest(c, c->arg[1], &g, sizeof g) || (size && !c->arg[4]))
        return;
    if (size > 1 << 20) {
        c->ret[0] = EFI_OUT_OF_RESOURCES;
        return;
    }
    uint8_t *data = malloc(size ? size : 1);
    if (!data)
        abort();
    if (!size || fw_read_guest(c, c->arg[4], data, size))
        c->ret[0] = efi_var_set(fw->vars, name, &g, fw->boot_services_gone, (uint32_t)c->arg[2],
                                data, size);
    free(data);
}
static void rt_query_variable(struct fw_call *c)
{
    uint64_t info[3] = {256 << 10, 128 << 10, 64 << 10};
    c->ret[0] = EFI_INVALID_PARAMETER;
    for (unsigned i = 0; i < 3; i++)
        if (!c->arg[i + 1] || !fw_write_guest(c, c->arg[i + 1], &info[i], 8))
            return;
    c->ret[0] = EFI_SUCCESS;
}

static void rt_monotonic(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint32_t v = ++fw->monotonic_high;
    if (!c->arg[0] || !fw_write_guest(c, c->arg[0], &v, 4))
        c->ret[0] = EFI_INVALID_PARAMETER;
}
static void rt_reset(struct fw_call *c)
{
    if (c->arg[0] == 2)
        board_power_off(c->b);
    else
        board_request_reset(c->b);
    c->no_return = true;
}
static void rt_unsupported(struct fw_call *c)
{
    c->ret[0] = EFI_UNSUPPORTED;
}

/* --- tables --- */
bool efi_config_set(struct firmware *fw, const struct efi_guid *guid, uint64_t table)
{
    struct efi_system_table *st = fw_ptr(fw, fw->systab, sizeof *st);
    struct efi_config_table *t = fw_ptr(fw, fw->config_tables, EFI_CONFIG_MAX * sizeof *t);
    uint64_t n = st->ntables, i;
    if (n > EFI_CONFIG_MAX) /* the guest has written to it */
        return false;
    for (i = 0; i < n; i++)
        if (!memcmp(&t[i].guid, guid, sizeof *guid))
            break;
    if (!table) {
        if (i == n)
            return false;
        memmove(&t[i], &t[i + 1], (n - i - 1) * sizeof *t);
        st->ntables--;
    } else {
        if (i == EFI_CONFIG_MAX)
            return false;
        t[i] = (struct efi_config_table){*guid, table};
        if (i == n)
            st->ntables++;
    }
    efi_crc(fw, fw->systab);
    return true;
}

static const struct efi_guid guid_sal = {
    0xeb9d2d32, 0x2d88, 0x11d3, {0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
static const struct efi_guid guid_acpi20 = {
    0x8868e871, 0xe4f1, 0x11d3, {0xbc, 0x22, 0, 0x80, 0xc7, 0x3c, 0x88, 0x81}};
static const struct efi_guid guid_smbios = {
    0xeb9d2d31, 0x2d88, 0x11d3, {0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
static const struct efi_guid guid_hcdp = {
    0xf951938d, 0x620b, 0x42ef, {0x82, 0x79, 0xa8, 0x4b, 0x79, 0x61, 0x78, 0x98}};

void efi_build(struct firmware *fw)
{
    static const struct {
        const char *name;
        fw_handler fn;
    } rt[] = {
        {"GetTime", rt_get_time},
        {"SetTime", rt_set_time},
        {"GetWakeupTime", rt_wakeup},
        {"SetWakeupTime", rt_wakeup},
        {"SetVirtualAddressMap", efi_set_virtual_map},
        {"ConvertPointer", efi_convert_pointer},
        {"GetVariable", rt_get_variable},
        {"GetNextVariableName", rt_next_variable},
        {"SetVariable", rt_set_variable},
        {"GetNextHighMonotonicCount", rt_monotonic},
        {"ResetSystem", rt_reset},
        {"UpdateCapsule", rt_unsupported},
        {"QueryCapsuleCapabilities", rt_unsupported},
        {"QueryVariableInfo", rt_query_variable},
    };
    static const uint16_t vendor[] = u"Xen/ia64 ia64-sim";
    enum { NRT = sizeof rt / sizeof *rt };

    efi_virtual_build(fw);
    fw->runtime = fw_alloc(fw, sizeof(struct efi_table_header) + NRT * 8, 16);
    *(struct efi_table_header *)fw_ptr(fw, fw->runtime, sizeof(struct efi_table_header)) =
        (struct efi_table_header){EFI_RUNTIME_SIGNATURE, EFI_REVISION,
                                  sizeof(struct efi_table_header) + NRT * 8, 0, 0};
    for (unsigned i = 0; i < NRT; i++)
        efi_set_service(fw, fw->runtime + sizeof(struct efi_table_header) + i * 8, rt[i].name,
                        rt[i].fn, i, true);
    efi_crc(fw, fw->runtime);

    uint64_t v = fw_alloc(fw, sizeof vendor, 16);
    memcpy(fw_ptr(fw, v, sizeof vendor), vendor, sizeof vendor);
    fw->config_tables = fw_alloc(fw, EFI_CONFIG_MAX * sizeof(struct efi_config_table), 16);
    fw->systab = fw_alloc(fw, sizeof(struct efi_system_table), 16);
    *(struct efi_system_table *)fw_ptr(fw, fw->systab, sizeof(struct efi_system_table)) =
        (struct efi_system_table){
            .h = {EFI_SYSTEM_SIGNATURE, EFI_REVISION, sizeof(struct efi_system_table), 0, 0},
            .vendor = v,
            .revision = 0x00010000,
            .runtime = fw->runtime,
            .tables = fw->config_tables,
        };
    efi_convert_at(fw, fw->systab + offsetof(struct efi_system_table, vendor));
    efi_convert_at(fw, fw->systab + offsetof(struct efi_system_table, runtime));
    efi_convert_at(fw, fw->systab + offsetof(struct efi_system_table, tables));
    efi_config_set(fw, &guid_acpi20, fw->rsdp);
    efi_config_set(fw, &guid_sal, fw->sal_systab);
    if (fw->smbios)
        efi_config_set(fw, &guid_smbios, fw->smbios);
    efi_config_set(fw, &guid_hcdp, fw->hcdp);
}
