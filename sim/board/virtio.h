/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio 1.x devices on PCI (OASIS virtio 1.1: 2, 3, 4.1): the transport and split rings here, the
 * devices in virtio_blk.c, virtio_net.c, virtio_rng.c. Rings are the guest's and nothing in them is
 * believed: what is wrong with one breaks the device (DEVICE_NEEDS_RESET), never us.
 */
#ifndef SIM_BOARD_VIRTIO_H
#define SIM_BOARD_VIRTIO_H

#include "sim/board/pci.h"

enum {
    VIRTIO_QUEUES_MAX = 4,
    VIRTIO_RING_MAX = 256,
    VIRTIO_CONFIG_MAX = 64,
    VIRTIO_ID_NET = 1,
    VIRTIO_ID_BLK = 2,
    VIRTIO_ID_RNG = 4,
};
#define VIRTIO_F_INDIRECT  (1ull << 28)
#define VIRTIO_F_EVENT_IDX (1ull << 29)
#define VIRTIO_F_VERSION_1 (1ull << 32)

struct virtq {
    uint16_t size, vector;
    bool enabled;
    uint64_t desc, avail, used;
    uint16_t next_avail, next_used, signalled;
    bool signalled_valid;
};

/* One request: buffers the device reads, then buffers it writes. All of them are RAM. */
struct virtio_elem {
    uint16_t head;
    unsigned nout, nin;
    uint64_t out_len, in_len;
    struct {
        uint64_t addr;
        uint32_t len;
    } seg[VIRTIO_RING_MAX]; /* nout, then nin */
};

struct virtio {
    struct board *b;
    struct pci_dev *pci;
    const char *name;
    unsigned nqueues;
    struct virtq q[VIRTIO_QUEUES_MAX];
    uint64_t offered, accepted;
    uint32_t offer_select, accept_select;
    uint16_t queue_select, config_vector;
    uint8_t status, isr, generation;
    uint8_t config[VIRTIO_CONFIG_MAX];
    unsigned config_len;
    uint8_t pci_cap; /* the capability for access through configuration space */
    struct event *event;
    unsigned kicked; /* queues to be looked at */
    unsigned told;   /* messages about it so far: a hostile guest does not fill the disk */
    void *arg;
    void (*run)(struct virtio *v, unsigned queue); /* the guest has put something there */
    void (*reset)(struct virtio *v);
    void (*config_write)(struct virtio *v, unsigned offset,
                         unsigned size); /* config already changed; NULL: read-only */
    void (*free)(struct virtio *v);
    void (*snapshot)(struct virtio *v,
                     struct snap *s); /* what the device has beyond this; NULL: nothing */
};

/* A virtio device in the next PCI slot. features: the device's own. NULL after a message. */
struct virtio *virtio_new(struct board *b, const char *name, unsigned id, uint32_t class_code,
                          unsigned nqueues, uint64_t features, unsigned config_len);

/* The next request of a queue. False: none, or the device broke. */
bool virtio_pop(struct virtio *v, unsigned queue, struct virtio_elem *e);
/* Is there one? */
bool virtio_ready(struct virtio *v, unsigned queue);
/* Hands it back, len bytes written. virtio_interrupt() when a batch is complete. */
void virtio_push(struct virtio *v, unsigned queue, const struct virtio_elem *e, uint32_t len);
void virtio_interrupt(struct virtio *v, unsigned queue);
void virtio_broken(struct virtio *v, const char *why);
/* Copies between a request's buffers and buf; at most what there is; answers how much. */
size_t virtio_read(struct virtio *v, const struct virtio_elem *e, uint64_t offset, void *buf,
                   size_t len);
size_t virtio_write(struct virtio *v, const struct virtio_elem *e, uint64_t offset, const void *buf,
                    size_t len);

struct blockdev;
struct netdev;
bool virtio_blk_add(struct board *b, struct blockdev *d, unsigned index);
bool virtio_net_add(struct board *b, struct netdev *n, const uint8_t mac[6]);
bool virtio_rng_add(struct board *b);

#endif
