/* SPDX-License-Identifier: GPL-2.0-only
 *
 * PCI (Local Bus Specification 3.0): configuration space, BARs and where they decode, INTx, MSI-X.
 * Conventional devices without extended configuration space; one function each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/pci.h"
#include "sim/board/snapshot_parts.h"

enum {
    BRIDGE_VENDOR = 0x1b36,
    BRIDGE_DEVICE = 0x0008,
    BRIDGE_CLASS = 0x060000, /* a generic host bridge's identity */
    MSIX_ENTRY = 16,
    MSIX_PBA = 0x800,
    MSIX_BAR_SIZE = 0x1000,
    MSIX_CTRL_ENABLE = 1 << 15,
    MSIX_CTRL_MASKALL = 1 << 14,
};

struct pci_bus {
    struct board *b;
    struct pci_dev *dev[PCI_SLOTS];
};

static void put(uint8_t *p, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}
static uint64_t get(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++)
        v |= (uint64_t)p[i] << 8 * i;
    return v;
}
static unsigned command(const struct pci_dev *d)
{
    return (unsigned)get(&d->cfg[PCI_COMMAND], 2);
}

struct pci_dev *pci_slot(struct board *b, unsigned slot)
{
    return slot < PCI_SLOTS ? b->pci->dev[slot] : NULL;
}
bool pci_master(const struct pci_dev *d)
{
    return command(d) & PCI_CMD_MASTER;
}

/* --- interrupts --- */

static void intx_update(struct pci_dev *d)
{
    unsigned pin = d->cfg[PCI_INT_PIN];
    if (!pin)
        return;
    d->cfg[PCI_STATUS] =
        (uint8_t)((d->cfg[PCI_STATUS] & ~PCI_STATUS_INTX) | (d->intx ? PCI_STATUS_INTX : 0));
    /* Lines are shared: the wire is active while anybody pulls it. */
    unsigned gsi = BOARD_PCI_GSI(d->slot, pin - 1);
    bool level = false;
    for (unsigned i = 0; i < PCI_SLOTS; i++) {
        struct pci_dev *o = d->b->pci->dev[i];
        if (o && o->cfg[PCI_INT_PIN] && BOARD_PCI_GSI(o->slot, o->cfg[PCI_INT_PIN] - 1u) == gsi)
            level |= o->intx && !(command(o) & PCI_CMD_INTX_OFF) && !pci_msix_enabled(o);
    }
    irq_set(d->b, gsi, level);
}

void pci_intx(struct pci_dev *d, bool level)
{
    d->intx = level;
    intx_update(d);
}

static unsigned msix_ctrl(const struct pci_dev *d)
{
    return d->msix_cap ? (unsigned)get(&d->cfg[d->msix_cap + 2], 2) : 0;
}
bool pci_msix_enabled(const struct pci_dev *d)
{
    return msix_ctrl(d) & MSIX_CTRL_ENABLE;
}

static void msix_flush(struct pci_dev *d)
{
    if ((msix_ctrl(d) & (MSIX_CTRL_ENABLE | MSIX_CTRL_MASKALL)) != MSIX_CTRL_ENABLE ||
        !pci_master(d))
        return;
    for (unsigned i = 0; i < d->nmsix; i++)
        if (d->msix_pending >> i & 1 && !(d->msix[i].ctrl & 1)) {
            d->msix_pending &= ~(1ull << i);
            irq_msi(d->b, d->msix[i].addr, d->msix[i].data);
        }
}

void pci_msix_send(struct pci_dev *d, unsigned vector)
{
    if (vector >= d->nmsix || !pci_msix_enabled(d))
        return;
    d->msix_pending |= 1ull << vector;
    msix_flush(d);
}

static void msix_reset(struct pci_dev *d)
{
    d->msix_pending = 0;
    for (unsigned i = 0; i < PCI_MSIX_MAX; i++)
        d->msix[i] = (struct pci_msix){.ctrl = 1};
}

static uint64_t msix_read(void *arg, struct cpu *cpu, uint64_t offset, unsigned size)
{
    struct pci_dev *d = arg;
    uint8_t e[MSIX_ENTRY];
    (void)cpu;
    if (offset >= MSIX_PBA) {
        put(e, d->msix_pending, 8);
        return offset - MSIX_PBA + size <= 8 ? get(&e[offset - MSIX_PBA], size) : 0;
    }
    unsigned n = (unsigned)(offset / MSIX_ENTRY);
    if (n >= d->nmsix)
        return 0;
    const struct pci_msix *x = &d->msix[n];
    put(e, x->addr, 8);
    put(e + 8, x->data, 4);
    put(e + 12, x->ctrl, 4);
    return get(&e[offset % MSIX_ENTRY], size);
}

static void msix_write(void *arg, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    struct pci_dev *d = arg;
    uint8_t e[MSIX_ENTRY];
    (void)cpu;
    uint64_t n = offset / MSIX_ENTRY;
    if (n >= PCI_MSIX_MAX || n >= d->nmsix || size < 4)
        return; /* PBA is read-only; smaller accesses are undefined */
    struct pci_msix *x = &d->msix[n];
    put(e, x->addr, 8);
    put(e + 8, x->data, 4);
    put(e + 12, x->ctrl, 4);
    put(&e[offset % MSIX_ENTRY], value, size);
    x->addr = get(e, 8) & ~3ull;
    x->data = (uint32_t)get(e + 8, 4);
    x->ctrl = e[12] & 1;
    msix_flush(d);
}

/* --- configuration space --- */

static uint64_t bar_address(const struct pci_dev *d, unsigned n)
{
    unsigned bytes = d->bar[n].flags & PCI_BAR_64 ? 8 : 4;
    return get(&d->cfg[PCI_BAR0 + 4 * n], bytes) & ~15ull;
}

static struct pci_dev *find(struct board *b, unsigned bus, unsigned devfn)
{
    return bus == 0 && !(devfn & 7) ? pci_slot(b, devfn >> 3) : NULL;
}

uint32_t pci_config_read(struct board *b, unsigned bus, unsigned devfn, unsigned reg, unsigned size)
{
    struct pci_dev *d = find(b, bus, devfn);
    uint32_t ones = (uint32_t)(0xffffffffull >> (32 - 8 * size));
    if (!d || reg + size > sizeof d->cfg)
        return ones;
    if (d->cfg_read)
        d->cfg_read(d, reg, size);
    return (uint32_t)get(&d->cfg[reg], size);
}

void pci_config_write(struct board *b, unsigned bus, unsigned devfn, unsigned reg, unsigned size,
                      uint32_t value)
{
    struct pci_dev *d = find(b, bus, devfn);
    if (!d || reg + size > sizeof d->cfg)
        return;
    for (unsigned i = 0; i < size; i++) {
        uint8_t w = d->wmask[reg + i], v = (uint8_t)(value >> 8 * i);
        d->cfg[reg + i] = (uint8_t)((d->cfg[reg + i] & ~w) | (v & w));
    }
    if (reg < PCI_COMMAND + 2)
        intx_update(d);
    if (d->msix_cap && reg + size > d->msix_cap && reg < d->msix_cap + 4u) {
        intx_update(d);
        msix_flush(d);
    }
    if (reg < PCI_COMMAND + 2)
        msix_flush(d);
    if (d->cfg_written)
        d->cfg_written(d, reg, size);
}

/* --- memory windows --- */

static struct pci_dev *decode(struct board *b, uint64_t pa, unsigned size, struct pci_bar **bar,
                              uint64_t *offset)
{
    for (unsigned s = 0; s < PCI_SLOTS; s++) {
        struct pci_dev *d = b->pci->dev[s];
        if (!d || !(command(d) & PCI_CMD_MEMORY))
            continue;
        for (unsigned n = 0; n < PCI_BARS; n++) {
            uint64_t base = bar_address(d, n);
            if (!d->bar[n].size || pa < base || pa - base >= d->bar[n].size ||
                size > d->bar[n].size - (pa - base))
                continue;
            *bar = &d->bar[n];
            *offset = pa - base;
            return d;
        }
    }
    return NULL;
}

static uint64_t window_read(struct board *b, struct cpu *cpu, uint64_t pa, unsigned size)
{
    struct pci_bar *bar;
    uint64_t off;
    if (!decode(b, pa, size, &bar, &off)) {
        board_unimplemented(b, "PCI", "read where no device decodes, page", pa & ~0xfffull);
        return ~0ull; /* master abort */
    }
    return bar->read(bar->arg, cpu, off, size);
}
static void window_write(struct board *b, struct cpu *cpu, uint64_t pa, uint64_t value,
                         unsigned size)
{
    struct pci_bar *bar;
    uint64_t off;
    if (decode(b, pa, size, &bar, &off))
        bar->write(bar->arg, cpu, off, value, size);
    else
        board_unimplemented(b, "PCI", "write where no device decodes, page", pa & ~0xfffull);
}

static uint64_t low_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    return window_read(dev, cpu, BOARD_PCI32_BASE + offset, size);
}
static void low_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    window_write(dev, cpu, BOARD_PCI32_BASE + offset, value, size);
}
static uint64_t high_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    return window_read(dev, cpu, BOARD_PCI64_BASE + offset, size);
}
static void high_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    window_write(dev, cpu, BOARD_PCI64_BASE + offset, value, size);
}

/* --- devices --- */

struct pci_dev *pci_add(struct board *b, const char *name, uint16_t vendor, uint16_t device,
                        uint32_t class_rev, uint16_t subdevice)
{
    unsigned slot = 0;
    while (slot < PCI_SLOTS && b->pci->dev[slot])
        slot++;
    struct pci_dev *d = slot < PCI_SLOTS ? calloc(1, sizeof *d) : NULL;
    if (!d) {
        fprintf(stderr, "ia64-sim: %s: no free PCI slot\n", name);
        return NULL;
    }
    d->b = b;
    d->name = name;
    d->slot = slot;
    put(&d->cfg[PCI_VENDOR], vendor, 2);
    put(&d->cfg[PCI_DEVICE], device, 2);
    put(&d->cfg[PCI_REVISION], class_rev, 4);
    put(&d->cfg[PCI_SUBVENDOR], vendor, 2);
    put(&d->cfg[PCI_SUBDEVICE], subdevice, 2);
    put(&d->wmask[PCI_COMMAND],
        PCI_CMD_MEMORY | PCI_CMD_MASTER | PCI_CMD_INTX_OFF | 1 << 6 | 1 << 8, 2);
    d->wmask[0x0c] = 0xff; /* cache line size */
    d->wmask[0x0d] = 0xf8; /* latency timer */
    d->wmask[PCI_INT_LINE] = 0xff;
    msix_reset(d);
    b->pci->dev[slot] = d;
    return d;
}

void pci_set_bar(struct pci_dev *d, unsigned n, const struct pci_bar *bar)
{
    unsigned bytes = bar->flags & PCI_BAR_64 ? 8 : 4;
    d->bar[n] = *bar;
    put(&d->cfg[PCI_BAR0 + 4 * n], bar->flags, bytes);
    put(&d->wmask[PCI_BAR0 + 4 * n], ~(bar->size - 1) & ~15ull, bytes);
}

uint8_t pci_add_cap(struct pci_dev *d, uint8_t id, unsigned len)
{
    uint8_t at = d->cap_next ? d->cap_next : 0x40;
    if (at + len > 256)
        abort();
    d->cfg[d->cap_last ? d->cap_last + 1 : PCI_CAP_PTR] = at;
    d->cfg[at] = id;
    d->cap_last = at;
    d->cap_next = (uint8_t)((at + len + 3) & ~3u);
    d->cfg[PCI_STATUS] |= PCI_STATUS_CAPS;
    return at;
}

void pci_add_msix(struct pci_dev *d, unsigned bar, unsigned n)
{
    d->nmsix = n;
    d->msix_cap = pci_add_cap(d, PCI_CAP_MSIX, 12);
    put(&d->cfg[d->msix_cap + 2], n - 1, 2);
    put(&d->cfg[d->msix_cap + 4], bar, 4);
    put(&d->cfg[d->msix_cap + 8], MSIX_PBA | bar, 4);
    put(&d->wmask[d->msix_cap + 2], MSIX_CTRL_ENABLE | MSIX_CTRL_MASKALL, 2);
    pci_set_bar(
        d, bar,
        &(struct pci_bar){.size = MSIX_BAR_SIZE, .arg = d, .read = msix_read, .write = msix_write});
}

static void reset(struct pci_dev *d)
{
    put(&d->cfg[PCI_COMMAND], 0, 2);
    for (unsigned n = 0; n < PCI_BARS; n++)
        if (d->bar[n].size)
            put(&d->cfg[PCI_BAR0 + 4 * n], d->bar[n].flags, d->bar[n].flags & PCI_BAR_64 ? 8 : 4);
    if (d->msix_cap)
        d->cfg[d->msix_cap + 3] &= (uint8_t) ~((MSIX_CTRL_ENABLE | MSIX_CTRL_MASKALL) >> 8);
    msix_reset(d);
    if (d->reset)
        d->reset(d);
    pci_intx(d, false);
}

void pci_reset(struct pci_bus *bus)
{
    for (unsigned i = 0; i < PCI_SLOTS; i++)
        if (bus->dev[i])
            reset(bus->dev[i]);
}

void pci_assign(struct board *b)
{
    uint64_t low = BOARD_PCI32_BASE, high = BOARD_PCI64_BASE;
    for (unsigned s = 0; s < PCI_SLOTS; s++) {
        struct pci_dev *d = b->pci->dev[s];
        if (!d)
            continue;
        bool memory = false;
        for (unsigned n = 0; n < PCI_BARS; n++) {
            const struct pci_bar *bar = &d->bar[n];
            if (!bar->size)
                continue;
            uint64_t *next = bar->flags & PCI_BAR_64 ? &high : &low;
            uint64_t size = bar->size < 0x4000
                                ? 0x4000
                                : bar->size; /* a page of its own, for guests that map it */
            uint64_t at = (*next + size - 1) & ~(size - 1);
            *next = at + size;
            put(&d->cfg[PCI_BAR0 + 4 * n], at | bar->flags, bar->flags & PCI_BAR_64 ? 8 : 4);
            memory = true;
        }
        if (memory)
            put(&d->cfg[PCI_COMMAND], PCI_CMD_MEMORY | PCI_CMD_MASTER, 2);
        if (d->cfg[PCI_INT_PIN])
            d->cfg[PCI_INT_LINE] = BOARD_PCI_GSI(d->slot, d->cfg[PCI_INT_PIN] - 1u);
    }
}

struct pci_bus *pci_new(struct board *b)
{
    struct pci_bus *bus = calloc(1, sizeof *bus);
    if (!bus)
        return NULL;
    bus->b = b;
    b->pci = bus;
    if (!pci_add(b, "host bridge", BRIDGE_VENDOR, BRIDGE_DEVICE, BRIDGE_CLASS << 8, 0x1100)) {
        b->pci = NULL;
        free(bus);
        return NULL;
    }
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_PCI32_BASE,
                                            .size = BOARD_PCI32_SIZE,
                                            .dev = b,
                                            .read = low_read,
                                            .write = low_write,
                                            .name = "PCI"});
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_PCI64_BASE,
                                            .size = BOARD_PCI64_SIZE,
                                            .dev = b,
                                            .read = high_read,
                                            .write = high_write,
                                            .name = "PCI"});
    return bus;
}

void pci_free(struct pci_bus *bus)
{
    if (!bus)
        return;
    for (unsigned i = 0; i < PCI_SLOTS; i++)
        if (bus->dev[i]) {
            if (bus->dev[i]->free)
                bus->dev[i]->free(bus->dev[i]);
            free(bus->dev[i]);
        }
    free(bus);
}

/* --- snapshots --- */

static void snap_dev(struct pci_dev *d, struct snap *s)
{
    uint8_t cfg[sizeof d->cfg];
    snap_same_text(s, d->name, "a PCI device");
    memcpy(cfg, d->cfg, sizeof cfg);
    SNAP(s, cfg);
    /* What the guest may not change is as this machine has it. */
    for (unsigned i = 0; i < sizeof cfg; i++)
        d->cfg[i] = (uint8_t)((d->cfg[i] & ~d->wmask[i]) | (cfg[i] & d->wmask[i]));
    snap_bool(s, &d->intx);
    d->cfg[PCI_STATUS] =
        (uint8_t)((d->cfg[PCI_STATUS] & ~PCI_STATUS_INTX) | (d->intx ? PCI_STATUS_INTX : 0));
    SNAP(s, d->msix_pending);
    for (unsigned i = 0; i < d->nmsix; i++) {
        SNAP(s, d->msix[i].addr);
        SNAP(s, d->msix[i].data);
        SNAP(s, d->msix[i].ctrl);
    }
    if (d->snapshot)
        d->snapshot(d, s);
}

void pci_snapshot(struct snap *s, struct board *b)
{
    for (unsigned i = 0; i < PCI_SLOTS; i++) {
        struct pci_dev *d = b->pci->dev[i];
        snap_same(s, d != NULL, "whether a PCI slot is occupied");
        if (d && snap_ok(s))
            snap_dev(d, s);
    }
}
