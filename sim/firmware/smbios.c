/* SPDX-License-Identifier: GPL-2.0-only
 *
 * SMBIOS 2.4 tables: firmware, system, enclosure, one processor structure per CPU, memory, end.
 */
#include <stdio.h>
#include "sim/firmware/firmware.h"

struct builder {
    uint8_t buf[16384];
    size_t len;
    unsigned count;
    size_t max;
};

/* Appends a structure: formatted part, then its strings, then the double terminator. */
static void add(struct builder *t, unsigned type, const void *body, size_t n,
                const char *const *strings)
{
    size_t start = t->len;
    uint8_t *p = t->buf + t->len;
    p[0] = (uint8_t)type;
    p[1] = (uint8_t)(n + 4);
    p[2] = (uint8_t)t->count;
    p[3] = (uint8_t)(t->count >> 8);
    memcpy(p + 4, body, n);
    t->len += n + 4;
    for (; strings && *strings; strings++) {
        size_t l = strlen(*strings) + 1;
        memcpy(t->buf + t->len, *strings, l);
        t->len += l;
    }
    if (!strings)
        t->buf[t->len++] = 0;
    t->buf[t->len++] = 0;
    t->count++;
    if (t->len - start > t->max)
        t->max = t->len - start;
}

void smbios_build(struct firmware *fw)
{
    static struct builder t;
    t = (struct builder){.len = 0};
    const uint8_t bios[20] = {
        [0] = 1, [1] = 2, [4] = 3, [5] = 0, [6] = 1 << 3 /* characteristics unsupported */};
    add(&t, 0, bios, 20, (const char *const[]){"Xen/ia64", "1.0", "11/22/2026", NULL});
    uint8_t sys[23] = {1, 2, 3, 4};
    memcpy(sys + 4, "ia64-simulator!!", 16);
    sys[20] = 6; /* power switch */
    add(&t, 1, sys, 23, (const char *const[]){"Xen/ia64", "ia64-sim", "1.0", "0", NULL});
    const uint8_t chassis[9] = {1, 0x11 /* main server */, 0, 0, 0, 3, 3, 3, 2};
    add(&t, 3, chassis, 9, (const char *const[]){"Xen/ia64", NULL});
    for (unsigned i = 0; i < fw->b->m->ncpu && i < 64; i++) {
        char socket[16];
        uint8_t cpu[28] = {
            [0] = 1, [1] = 3, [2] = 0x82 /* Itanium */, [3] = 2, [18] = 0xe8, [19] = 3};
        cpu[16] = 0xe8;
        cpu[17] = 3;    /* 1000 MHz */
        cpu[20] = 0x41; /* populated, enabled */
        cpu[22] = cpu[23] = cpu[24] = cpu[25] = 0xff;
        snprintf(socket, sizeof socket, "CPU %u", i);
        add(&t, 4, cpu, 28, (const char *const[]){socket, "Xen/ia64", NULL});
    }
    for (unsigned i = 0; i < fw->b->nram; i++) {
        /* type 19: kilobytes from .. to; ranges beyond 4 TiB cannot be said in SMBIOS 2.4 */
        uint64_t end = fw->b->ram[i].base + fw->b->ram[i].size - 1;
        uint32_t lo = (uint32_t)(fw->b->ram[i].base >> 10), hi = (uint32_t)(end >> 10);
        uint8_t m[11] = {0};
        if (end >> 42)
            continue;
        memcpy(m, &lo, 4);
        memcpy(m + 4, &hi, 4);
        m[8] = m[9] = 0xff;
        m[10] = 1;
        add(&t, 19, m, 11, NULL);
    }
    const uint8_t boot[7] = {0};
    add(&t, 32, boot, 7, NULL);
    add(&t, 127, boot, 0, NULL);

    uint64_t tables = fw_alloc_acpi(fw, t.len, 16);
    memcpy(fw_ptr(fw, tables, t.len), t.buf, t.len);
    struct {
        char anchor[4];
        uint8_t checksum, length, major, minor;
        uint16_t max;
        uint8_t rev, formatted[5];
        char dmi[5];
        uint8_t dmi_checksum;
        uint16_t table_len;
        uint32_t table;
        uint16_t count;
        uint8_t bcd;
    } __attribute__((packed)) e = {.length = 0x1f,
                                   .major = 2,
                                   .minor = 4,
                                   .max = (uint16_t)t.max,
                                   .table_len = (uint16_t)t.len,
                                   .table = (uint32_t)tables,
                                   .count = (uint16_t)t.count,
                                   .bcd = 0x24};
    _Static_assert(sizeof e == 0x1f, "SMBIOS 2.1 entry point");
    memcpy(e.anchor, "_SM_", 4);
    memcpy(e.dmi, "_DMI_", 5);
    e.dmi_checksum = fw_checksum(e.dmi, 15);
    e.checksum = fw_checksum(&e, sizeof e);
    fw->smbios = fw_alloc_acpi(fw, sizeof e, 16);
    memcpy(fw_ptr(fw, fw->smbios, sizeof e), &e, sizeof e);
}
