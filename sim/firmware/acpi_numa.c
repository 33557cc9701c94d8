/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What ACPI says of nodes: SRAT (ACPI 5.2.16), SLIT (5.2.17), and an SSDT in which the processors'
 * devices and the PCI host bridge have their _PXM (6.2.14). How many there are is known only now,
 * so its AML (ACPI 20.2) is written here and not by iasl.
 */
#include <stdlib.h>
#include "sim/firmware/acpi.h"

#pragma pack(push, 1)
struct srat_cpu { /* type 0 */
    uint8_t type, len, domain_lo, id;
    uint32_t flags;
    uint8_t eid, domain_hi[3];
    uint32_t clock_domain;
};
struct srat_mem { /* type 1 */
    uint8_t type, len;
    uint32_t domain;
    uint16_t reserved;
    uint64_t base, length;
    uint32_t reserved2, flags;
    uint64_t reserved3;
};
#pragma pack(pop)

static unsigned node_of_cpu(const struct board *b, unsigned cpu)
{
    return cpu % b->cfg.nodes;
}

uint64_t acpi_srat(struct firmware *fw)
{
    const struct board *b = fw->b;
    struct {
        struct sdt h;
        uint32_t one;
        uint64_t zero;
        struct srat_cpu cpu[MAX_CPUS];
        struct srat_mem mem[RAM_RANGES_MAX];
    } __attribute__((packed)) *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    uint8_t *p = (uint8_t *)t->cpu;
    t->one = 1;
    for (unsigned i = 0; i < b->m->ncpu; i++) {
        struct srat_cpu c = {.type = 0,
                             .len = 16,
                             .id = (uint8_t)i,
                             .flags = 1,
                             .domain_lo = (uint8_t)node_of_cpu(b, i)};
        memcpy(p, &c, sizeof c);
        p += sizeof c;
    }
    for (unsigned i = 0; i < b->nram; i++) {
        struct srat_mem m = {.type = 1,
                             .len = 40,
                             .domain = b->ram[i].node,
                             .base = b->ram[i].base,
                             .length = b->ram[i].size,
                             .flags = 1};
        memcpy(p, &m, sizeof m);
        p += sizeof m;
    }
    size_t len = (size_t)(p - (uint8_t *)t);
    acpi_header(&t->h, "SRAT", 3, len);
    uint64_t pa = acpi_place(fw, t, len);
    free(t);
    return pa;
}

uint64_t acpi_slit(struct firmware *fw)
{
    uint8_t t[sizeof(struct sdt) + 8 + 64 * 64] = {0};
    uint64_t n = fw->b->cfg.nodes;
    size_t len = sizeof(struct sdt) + 8 + n * n;
    acpi_header((struct sdt *)(void *)t, "SLIT", 1, len);
    memcpy(t + sizeof(struct sdt), &n, 8);
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++)
            t[sizeof(struct sdt) + 8 + i * n + j] = i == j ? 10 : 20;
    return acpi_place(fw, t, len);
}

/* --- AML --- */

struct aml {
    uint8_t data[64 * MAX_CPUS + 128];
    size_t len;
};
static void bytes(struct aml *a, const void *p, size_t n)
{
    if (n > sizeof a->data - a->len)
        abort();
    memcpy(a->data + a->len, p, n);
    a->len += n;
}
static void byte(struct aml *a, unsigned v)
{
    bytes(a, &(uint8_t){(uint8_t)v}, 1);
}
/* PkgLength of two bytes, which counts itself: room now, its value when the end is known. */
static size_t begin(struct aml *a)
{
    size_t at = a->len;
    bytes(a, "\0", 2);
    return at;
}
static void end(struct aml *a, size_t at)
{
    size_t n = a->len - at;
    if (n >= 1 << 12)
        abort();
    a->data[at] = (uint8_t)(1 << 6 | (n & 15));
    a->data[at + 1] = (uint8_t)(n >> 4);
}
static void name_byte(struct aml *a, const char *name, unsigned v)
{
    byte(a, 0x08); /* NameOp, BytePrefix */
    bytes(a, name, 4);
    byte(a, 0x0a);
    byte(a, v);
}

uint64_t acpi_numa_ssdt(struct firmware *fw)
{
    const struct board *b = fw->b;
    struct aml *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    a->len = sizeof(struct sdt);
    byte(a, 0x10); /* ScopeOp */
    size_t scope = begin(a);
    bytes(a, "\\._SB_PCI0", 10);
    name_byte(a, "_PXM", 0);
    end(a, scope);
    byte(a, 0x10);
    scope = begin(a);
    bytes(a, "\\_SB_", 5);
    for (unsigned i = 0; i < b->m->ncpu; i++) {
        const char seg[4] = {'C', 'P', (char)('0' + i / 10), (char)('0' + i % 10)};
        bytes(a, "\x5b\x82", 2); /* DeviceOp */
        size_t device = begin(a);
        bytes(a, seg, 4);
        byte(a, 0x08);
        bytes(a,
              "_HID\x0d"
              "ACPI0007",
              14);               /* StringPrefix .. NUL */
        name_byte(a, "_UID", i); /* as the MADT's */
        name_byte(a, "_PXM", node_of_cpu(b, i));
        end(a, device);
    }
    end(a, scope);
    acpi_header((struct sdt *)(void *)a->data, "SSDT", 2, a->len);
    uint64_t pa = acpi_place(fw, a->data, a->len);
    free(a);
    return pa;
}
