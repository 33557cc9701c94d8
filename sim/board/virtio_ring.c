/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Split virtqueues (virtio 1.1: 2.6): descriptor chains, direct and indirect, checked in full
 * before a device sees them.
 */
#include <stdio.h>
#include "sim/board/virtio.h"

enum {
    DESC_NEXT = 1,
    DESC_WRITE = 2,
    DESC_INDIRECT = 4,
    AVAIL_NO_INTERRUPT = 1,
};
struct desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags, next;
};

void virtio_broken(struct virtio *v, const char *why)
{
    enum { NEEDS_RESET = 0x40, DRIVER_OK = 4 };
    if (v->status & NEEDS_RESET)
        return;
    if (v->told++ < 16)
        fprintf(stderr, "ia64-sim: %s: the guest broke the device: %s\n", v->name, why);
    v->status |= NEEDS_RESET;
    if (!(v->status & DRIVER_OK))
        return;
    /* A configuration change tells the driver (virtio 1.1: 2.1.2). */
    v->isr |= 2;
    if (pci_msix_enabled(v->pci))
        pci_msix_send(v->pci, v->config_vector);
    else
        pci_intx(v->pci, true);
}

static bool usable(struct virtio *v, unsigned queue)
{
    return queue < v->nqueues && v->q[queue].enabled && (v->status & 0x44) == 4 &&
           pci_master(v->pci);
}

static bool get16(struct virtio *v, uint64_t pa, uint16_t *x)
{
    if (dma_read(v->b, pa, x, 2))
        return true;
    virtio_broken(v, "a ring is not in RAM");
    return false;
}

bool virtio_ready(struct virtio *v, unsigned queue)
{
    struct virtq *q = &v->q[queue];
    uint16_t idx;
    if (!usable(v, queue) || !get16(v, q->avail + 2, &idx))
        return false;
    if ((uint16_t)(idx - q->next_avail) > q->size) {
        virtio_broken(v, "the available index ran away");
        return false;
    }
    return idx != q->next_avail;
}

static bool add_segment(struct virtio *v, struct virtio_elem *e, const struct desc *d)
{
    unsigned n = e->nout + e->nin;
    const char *bad = n == VIRTIO_RING_MAX             ? "a chain is too long"
                      : !d->len                        ? "an empty buffer"
                      : !dma_ok(v->b, d->addr, d->len) ? "a buffer is not in RAM"
                      : !(d->flags & DESC_WRITE) && e->nin
                          ? "a readable buffer after a writable one"
                          : NULL;
    if (bad) {
        virtio_broken(v, bad);
        return false;
    }
    e->seg[n].addr = d->addr;
    e->seg[n].len = d->len;
    if (d->flags & DESC_WRITE) {
        e->nin++;
        e->in_len += d->len;
    } else {
        e->nout++;
        e->out_len += d->len;
    }
    return true;
}

/* Walks the chain from descriptor i of a table of n. Never more steps than the table has entries: a
 * loop is seen. */
static bool walk(struct virtio *v, struct virtio_elem *e, uint64_t table, unsigned n, unsigned i,
                 bool indirect)
{
    for (unsigned steps = 0;; steps++) {
        struct desc d;
        if (i >= n || steps >= n) {
            virtio_broken(v,
                          i >= n ? "a descriptor number beyond its table" : "a chain that loops");
            return false;
        }
        if (!dma_read(v->b, table + 16ull * i, &d, sizeof d)) {
            virtio_broken(v, "a descriptor table is not in RAM");
            return false;
        }
        if (d.flags & DESC_INDIRECT) {
            if (indirect || d.flags & DESC_NEXT || !(v->accepted & VIRTIO_F_INDIRECT) || !d.len ||
                d.len % 16) {
                virtio_broken(v, "an indirect descriptor that is not allowed so");
                return false;
            }
            return walk(v, e, d.addr, d.len / 16, 0, true);
        }
        if (!add_segment(v, e, &d))
            return false;
        if (!(d.flags & DESC_NEXT))
            return true;
        i = d.next;
    }
}

bool virtio_pop(struct virtio *v, unsigned queue, struct virtio_elem *e)
{
    struct virtq *q = &v->q[queue];
    if (!virtio_ready(v, queue))
        return false;
    if (!get16(v, q->avail + 4 + 2ull * (q->next_avail % q->size), &e->head))
        return false;
    e->nout = e->nin = 0;
    e->out_len = e->in_len = 0;
    if (!walk(v, e, q->desc, q->size, e->head, false))
        return false;
    q->next_avail++;
    /* With event indices: tell the driver that the next buffer deserves a notification. */
    if (v->accepted & VIRTIO_F_EVENT_IDX &&
        !dma_write(v->b, q->used + 4 + 8ull * q->size, &q->next_avail, 2)) {
        virtio_broken(v, "a ring is not in RAM");
        return false;
    }
    return true;
}

void virtio_push(struct virtio *v, unsigned queue, const struct virtio_elem *e, uint32_t len)
{
    struct virtq *q = &v->q[queue];
    uint32_t used[2] = {e->head, len};
    if (!usable(v, queue))
        return;
    q->next_used++;
    if (!dma_write(v->b, q->used + 4 + 8ull * ((uint16_t)(q->next_used - 1) % q->size), used,
                   sizeof used) ||
        !dma_write(v->b, q->used + 2, &q->next_used, 2))
        virtio_broken(v, "a ring is not in RAM");
}

void virtio_interrupt(struct virtio *v, unsigned queue)
{
    struct virtq *q = &v->q[queue];
    uint16_t x, old = q->signalled;
    if (!usable(v, queue))
        return;
    bool first = !q->signalled_valid;
    q->signalled = q->next_used;
    q->signalled_valid = true;
    if (v->accepted & VIRTIO_F_EVENT_IDX) {
        if (!get16(v, q->avail + 4 + 2ull * q->size, &x))
            return;
        /* virtio 1.1: 2.6.7.2 */
        if (!first && (uint16_t)(q->next_used - x - 1) >= (uint16_t)(q->next_used - old))
            return;
    } else if (!get16(v, q->avail, &x) || x & AVAIL_NO_INTERRUPT) {
        return;
    }
    if (pci_msix_enabled(v->pci)) {
        pci_msix_send(v->pci, q->vector);
    } else {
        v->isr |= 1;
        pci_intx(v->pci, true);
    }
}

static size_t copy(struct virtio *v, const struct virtio_elem *e, unsigned from, unsigned to,
                   uint64_t offset, void *in, const void *out, size_t len)
{
    size_t done = 0;
    for (unsigned i = from; i < to && done < len; i++) {
        uint64_t n = e->seg[i].len;
        if (offset >= n) {
            offset -= n;
            continue;
        }
        n -= offset;
        if (n > len - done)
            n = len - done;
        if (in ? !dma_read(v->b, e->seg[i].addr + offset, (uint8_t *)in + done, n)
               : !dma_write(v->b, e->seg[i].addr + offset, (const uint8_t *)out + done, n))
            break;
        offset = 0;
        done += n;
    }
    return done;
}

size_t virtio_read(struct virtio *v, const struct virtio_elem *e, uint64_t offset, void *buf,
                   size_t len)
{
    return copy(v, e, 0, e->nout, offset, buf, NULL, len);
}
size_t virtio_write(struct virtio *v, const struct virtio_elem *e, uint64_t offset, const void *buf,
                    size_t len)
{
    return copy(v, e, e->nout, e->nout + e->nin, offset, NULL, buf, len);
}
