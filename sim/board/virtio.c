/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio over PCI (virtio 1.1: 4.1), modern devices only: the register blocks that vendor
 * capabilities point to, in one 64-bit BAR, and feature negotiation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/event.h"
#include "sim/board/virtio.h"
#include "sim/cpu/engine.h"

enum { /* virtio_pci_common_cfg */
       C_OFFER_SELECT = 0x00,
       C_OFFER = 0x04,
       C_ACCEPT_SELECT = 0x08,
       C_ACCEPT = 0x0c,
       C_CONFIG_VECTOR = 0x10,
       C_QUEUES = 0x12,
       C_STATUS = 0x14,
       C_GENERATION = 0x15,
       C_QUEUE_SELECT = 0x16,
       C_QUEUE_SIZE = 0x18,
       C_QUEUE_VECTOR = 0x1a,
       C_QUEUE_ENABLE = 0x1c,
       C_QUEUE_NOTIFY = 0x1e,
       C_DESC = 0x20,
       C_AVAIL = 0x28,
       C_USED = 0x30,
       C_SIZE = 0x38,
};
enum { S_FEATURES_OK = 8, S_DRIVER_OK = 4, S_NEEDS_RESET = 0x40, S_MASK = 0xcf };
enum { NO_VECTOR = 0xffff };
/* Blocks in BAR 4. */
enum {
    AT_COMMON = 0,
    AT_ISR = 0x1000,
    AT_CONFIG = 0x2000,
    AT_NOTIFY = 0x3000,
    BAR_SIZE = 0x4000,
    BAR = 4,
    MSIX_BAR = 1
};
enum { CAP_COMMON = 1, CAP_NOTIFY, CAP_ISR, CAP_CONFIG, CAP_PCI };
enum { LATENCY = 2000 }; /* cycles from a notification to the device's looking */

static void virtio_reset(struct virtio *v)
{
    v->accepted = 0;
    v->offer_select = v->accept_select = 0;
    v->queue_select = 0;
    v->config_vector = NO_VECTOR;
    v->status = v->isr = 0;
    v->kicked = 0;
    for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++)
        v->q[i] = (struct virtq){.size = VIRTIO_RING_MAX, .vector = NO_VECTOR};
    event_set(v->event, INT64_MAX);
    if (v->reset)
        v->reset(v);
    pci_intx(v->pci, false);
}

static void on_event(void *arg, int64_t now)
{
    struct virtio *v = arg;
    unsigned kicked = v->kicked;
    (void)now;
    v->kicked = 0;
    for (unsigned i = 0; i < v->nqueues; i++)
        if (kicked >> i & 1)
            v->run(v, i);
}

static void notify(struct virtio *v, struct cpu *cpu, unsigned queue)
{
    if (queue >= v->nqueues || !v->q[queue].enabled || !(v->status & S_DRIVER_OK))
        return;
    v->kicked |= 1u << queue;
    if (event_when(v->event) == INT64_MAX)
        event_set(v->event, cpu_cycles_now(cpu) + LATENCY);
}

static bool ring_ok(struct virtio *v, const struct virtq *q)
{
    return q->size && !(q->size & (q->size - 1)) && q->size <= VIRTIO_RING_MAX && !(q->desc & 15) &&
           !(q->avail & 1) && !(q->used & 3) && dma_ok(v->b, q->desc, 16ull * q->size) &&
           dma_ok(v->b, q->avail, 6 + 2ull * q->size) && dma_ok(v->b, q->used, 6 + 8ull * q->size);
}

static void set_status(struct virtio *v, uint8_t s)
{
    if (!s) {
        virtio_reset(v);
        return;
    }
    s &= S_MASK;
    /* Features must be ours, and version 1 among them: else FEATURES_OK does not stick
     * (virtio 1.1: 3.1.1). */
    if (s & ~v->status & S_FEATURES_OK &&
        (v->accepted & ~v->offered || !(v->accepted & VIRTIO_F_VERSION_1)))
        s &= (uint8_t)~S_FEATURES_OK;
    if (s & S_DRIVER_OK && !(s & S_FEATURES_OK)) {
        virtio_broken(v, "DRIVER_OK without FEATURES_OK");
        s &= (uint8_t)~S_DRIVER_OK;
    }
    v->status = s | (v->status & S_NEEDS_RESET);
}

static void set64(uint64_t *p, unsigned shift, uint64_t v, unsigned size)
{
    uint64_t mask = (size == 8 ? ~0ull : 0xffffffffull) << shift;
    *p = (*p & ~mask) | (v << shift & mask);
}

static uint64_t common_read(struct virtio *v, unsigned off, unsigned size)
{
    struct virtq none = {0};
    const struct virtq *q = v->queue_select < v->nqueues ? &v->q[v->queue_select] : &none;
    switch (off) {
    case C_OFFER_SELECT:
        return v->offer_select;
    case C_OFFER:
        return v->offer_select < 2 ? (uint32_t)(v->offered >> 32 * v->offer_select) : 0;
    case C_ACCEPT_SELECT:
        return v->accept_select;
    case C_ACCEPT:
        return v->accept_select < 2 ? (uint32_t)(v->accepted >> 32 * v->accept_select) : 0;
    case C_CONFIG_VECTOR:
        return v->config_vector;
    case C_QUEUES:
        return v->nqueues;
    case C_STATUS:
        return v->status;
    case C_GENERATION:
        return v->generation;
    case C_QUEUE_SELECT:
        return v->queue_select;
    case C_QUEUE_SIZE:
        return q->size;
    case C_QUEUE_VECTOR:
        return q->vector;
    case C_QUEUE_ENABLE:
        return q->enabled;
    case C_QUEUE_NOTIFY:
        return v->queue_select;
    case C_DESC:
        return size == 8 ? q->desc : (uint32_t)q->desc;
    case C_DESC + 4:
        return q->desc >> 32;
    case C_AVAIL:
        return size == 8 ? q->avail : (uint32_t)q->avail;
    case C_AVAIL + 4:
        return q->avail >> 32;
    case C_USED:
        return size == 8 ? q->used : (uint32_t)q->used;
    case C_USED + 4:
        return q->used >> 32;
    default:
        board_unimplemented(v->b, v->name, "read of common register", off);
        return 0;
    }
}

static void queue_write(struct virtio *v, struct virtq *q, unsigned off, uint64_t val,
                        unsigned size)
{
    if (off == C_QUEUE_VECTOR) { /* a vector that is not there reads back as none */
        q->vector = val < v->pci->nmsix ? (uint16_t)val : NO_VECTOR;
        return;
    }
    if (off == C_QUEUE_ENABLE) {
        if (val != 1 || q->enabled)
            return;
        q->enabled = ring_ok(v, q);
        if (!q->enabled)
            virtio_broken(v, "a queue that is misaligned, not in RAM or of no good size");
        return;
    }
    if (q->enabled) { /* changing a live queue is the driver's mistake (virtio 1.1: 4.1.4.3.2) */
        virtio_broken(v, "a live queue was changed");
        return;
    }
    switch (off) {
    case C_QUEUE_SIZE:
        q->size = (uint16_t)val;
        break;
    case C_DESC:
    case C_DESC + 4:
        set64(&q->desc, (off - C_DESC) * 8, val, size);
        break;
    case C_AVAIL:
    case C_AVAIL + 4:
        set64(&q->avail, (off - C_AVAIL) * 8, val, size);
        break;
    case C_USED:
    case C_USED + 4:
        set64(&q->used, (off - C_USED) * 8, val, size);
        break;
    default:
        board_unimplemented(v->b, v->name, "write of common register", off);
    }
}

static void common_write(struct virtio *v, unsigned off, uint64_t val, unsigned size)
{
    switch (off) {
    case C_OFFER_SELECT:
        v->offer_select = (uint32_t)val;
        break;
    case C_ACCEPT_SELECT:
        v->accept_select = (uint32_t)val;
        break;
    case C_ACCEPT:
        if (v->accept_select < 2 && !(v->status & S_FEATURES_OK))
            set64(&v->accepted, 32 * v->accept_select, val, 4);
        break;
    case C_CONFIG_VECTOR:
        v->config_vector = val < v->pci->nmsix ? (uint16_t)val : NO_VECTOR;
        break;
    case C_STATUS:
        set_status(v, (uint8_t)val);
        break;
    case C_QUEUE_SELECT:
        v->queue_select = (uint16_t)val;
        break;
    case C_OFFER:
    case C_QUEUES:
    case C_GENERATION:
    case C_QUEUE_NOTIFY:
        break; /* read-only */
    default:
        if (v->queue_select < v->nqueues)
            queue_write(v, &v->q[v->queue_select], off, val, size);
    }
}

static uint64_t bar_read(void *arg, struct cpu *cpu, uint64_t off, unsigned size)
{
    struct virtio *v = arg;
    uint64_t x = 0;
    (void)cpu;
    if (off < AT_COMMON + C_SIZE)
        return common_read(v, (unsigned)off, size);
    if (off == AT_ISR) { /* reading clears it and lets the line go */
        x = v->isr;
        v->isr = 0;
        pci_intx(v->pci, false);
        return x;
    }
    if (off >= AT_CONFIG && off - AT_CONFIG + size <= v->config_len) {
        memcpy(&x, &v->config[off - AT_CONFIG], size);
        return x;
    }
    if (off >= AT_NOTIFY || off >= AT_CONFIG)
        return 0;
    board_unimplemented(v->b, v->name, "read at offset", off);
    return 0;
}

static void bar_write(void *arg, struct cpu *cpu, uint64_t off, uint64_t val, unsigned size)
{
    struct virtio *v = arg;
    if (off < AT_COMMON + C_SIZE) {
        common_write(v, (unsigned)off, val, size);
    } else if (off >= AT_NOTIFY) {
        notify(v, cpu, (unsigned)(off - AT_NOTIFY) / 4);
    } else if (off >= AT_CONFIG && off - AT_CONFIG + size <= v->config_len) {
        if (!v->config_write)
            return;
        memcpy(&v->config[off - AT_CONFIG], &val, size);
        v->config_write(v, (unsigned)(off - AT_CONFIG), size);
    } else {
        board_unimplemented(v->b, v->name, "write at offset", off);
    }
}

/* The window in configuration space (virtio 1.1: 4.1.4.8): bar, offset, length, then four bytes of
 * data. */
static bool pci_cap_target(struct virtio *v, unsigned reg, uint32_t *off, uint32_t *len)
{
    const uint8_t *c = &v->pci->cfg[v->pci_cap];
    memcpy(off, c + 8, 4);
    memcpy(len, c + 12, 4);
    return reg == v->pci_cap + 16u && c[4] == BAR && (*len == 1 || *len == 2 || *len == 4) &&
           !(*off & (*len - 1)) && *off < BAR_SIZE;
}
static void pci_cap_read(struct pci_dev *d, unsigned reg, unsigned size)
{
    struct virtio *v = d->arg;
    uint32_t off, len, x;
    (void)size;
    if (pci_cap_target(v, reg, &off, &len)) {
        x = (uint32_t)bar_read(v, v->b->m->cpu[0], off, len);
        memcpy(&d->cfg[reg], &x, 4);
    }
}
static void pci_cap_written(struct pci_dev *d, unsigned reg, unsigned size)
{
    struct virtio *v = d->arg;
    uint32_t off, len, x;
    (void)size;
    if (pci_cap_target(v, reg, &off, &len)) {
        memcpy(&x, &d->cfg[reg], 4);
        bar_write(v, v->b->m->cpu[0], off, x & (0xffffffffu >> (32 - 8 * len)), len);
    }
}

static uint8_t add_cap(struct pci_dev *d, uint8_t type, uint32_t offset, uint32_t length,
                       unsigned len)
{
    uint8_t at = pci_add_cap(d, PCI_CAP_VENDOR, len), *c = &d->cfg[at];
    c[2] = (uint8_t)len;
    c[3] = type;
    c[4] = type == CAP_PCI ? 0 : BAR;
    memcpy(c + 8, &offset, 4);
    memcpy(c + 12, &length, 4);
    return at;
}

static void on_pci_reset(struct pci_dev *d)
{
    virtio_reset(d->arg);
}
static void snap_queue(struct virtio *v, struct virtq *q, struct snap *s)
{
    SNAP(s, q->size);
    SNAP(s, q->vector);
    snap_bool(s, &q->enabled);
    SNAP(s, q->desc);
    SNAP(s, q->avail);
    SNAP(s, q->used);
    SNAP(s, q->next_avail);
    SNAP(s, q->next_used);
    SNAP(s, q->signalled);
    snap_bool(s, &q->signalled_valid);
    if (q->enabled && !ring_ok(v, q)) {
        snap_bad(s, "a queue that is misaligned, not in RAM or of no good size");
        q->enabled = false;
    }
}

static void on_snapshot(struct pci_dev *d, struct snap *s)
{
    struct virtio *v = d->arg;
    snap_same(s, v->offered, "the features of a virtio device");
    SNAP(s, v->accepted);
    SNAP(s, v->offer_select);
    SNAP(s, v->accept_select);
    SNAP(s, v->queue_select);
    SNAP(s, v->config_vector);
    SNAP(s, v->status);
    SNAP(s, v->isr);
    SNAP(s, v->generation);
    snap_mem(s, v->config, v->config_len);
    SNAP(s, v->kicked);
    for (unsigned i = 0; i < v->nqueues; i++)
        snap_queue(v, &v->q[i], s);
    if (v->snapshot)
        v->snapshot(v, s);
}

static void on_pci_free(struct pci_dev *d)
{
    struct virtio *v = d->arg;
    if (v->free)
        v->free(v);
    free(v);
}

struct virtio *virtio_new(struct board *b, const char *name, unsigned id, uint32_t class_code,
                          unsigned nqueues, uint64_t features, unsigned config_len)
{
    struct virtio *v = calloc(1, sizeof *v);
    struct pci_dev *d =
        v ? pci_add(b, name, 0x1af4, (uint16_t)(0x1040 + id), class_code << 8 | 1, 0x1100) : NULL;
    if (!d) {
        free(v);
        return NULL;
    }
    *v = (struct virtio){
        .b = b, .pci = d, .name = name, .nqueues = nqueues, .config_len = config_len};
    v->offered = features | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT | VIRTIO_F_EVENT_IDX;
    v->event = event_new(b, on_event, v, name);
    d->arg = v;
    d->reset = on_pci_reset;
    d->free = on_pci_free;
    d->snapshot = on_snapshot;
    d->cfg_read = pci_cap_read;
    d->cfg_written = pci_cap_written;
    d->cfg[PCI_INT_PIN] = 1;
    pci_add_msix(d, MSIX_BAR, nqueues + 1);
    add_cap(d, CAP_COMMON, AT_COMMON, C_SIZE, 16);
    uint8_t n = add_cap(d, CAP_NOTIFY, AT_NOTIFY, 0x1000, 20);
    uint32_t multiplier = 4;
    memcpy(&d->cfg[n + 16], &multiplier, 4);
    add_cap(d, CAP_ISR, AT_ISR, 1, 16);
    if (config_len)
        add_cap(d, CAP_CONFIG, AT_CONFIG, config_len, 16);
    v->pci_cap = add_cap(d, CAP_PCI, 0, 0, 20);
    d->wmask[v->pci_cap + 4] = 0xff;
    memset(&d->wmask[v->pci_cap + 8], 0xff, 12);
    pci_set_bar(d, BAR,
                &(struct pci_bar){.size = BAR_SIZE,
                                  .flags = PCI_BAR_64 | PCI_BAR_PREFETCH,
                                  .arg = v,
                                  .read = bar_read,
                                  .write = bar_write});
    virtio_reset(v);
    return v;
}
