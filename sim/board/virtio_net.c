/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio network device (virtio 1.1: 5.1): one pair of queues, no offloads. Frames that find no
 * buffer wait a little, then are dropped, as on a wire.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/board/net.h"
#include "sim/board/virtio.h"

#define NET_F_MAC    (1ull << 5)
#define NET_F_STATUS (1ull << 16)
enum { RX, TX, QUEUES };
enum { HEADER = 12, CFG_STATUS = 6, CFG_SIZE = 8, LINK_UP = 1, BACKLOG = 256, FRAME_MIN = 14 };

struct frame {
    struct frame *next;
    size_t len;
    uint8_t data[];
};
struct virtio_net {
    struct netdev *net;
    struct frame *first, **last;
    unsigned waiting;
    uint8_t buf[NET_FRAME_MAX];
};

static void drop_first(struct virtio_net *k)
{
    struct frame *f = k->first;
    k->first = f->next;
    if (!k->first)
        k->last = &k->first;
    k->waiting--;
    free(f);
}

static void receive(struct virtio *v)
{
    struct virtio_net *k = v->arg;
    struct virtio_elem e;
    bool any = false;
    while (k->first && virtio_pop(v, RX, &e)) {
        const struct frame *f = k->first;
        const uint8_t header[HEADER] = {[10] = 1}; /* num_buffers */
        uint32_t n = 0;
        if (e.in_len >= HEADER + f->len) {
            virtio_write(v, &e, 0, header, HEADER);
            virtio_write(v, &e, HEADER, f->data, f->len);
            n = (uint32_t)(HEADER + f->len);
        } else if (e.in_len < HEADER) {
            virtio_broken(v, "a receive buffer smaller than its header");
            return;
        }
        virtio_push(v, RX, &e, n); /* too small a buffer: returned empty, the frame is lost */
        drop_first(k);
        any = true;
    }
    if (any)
        virtio_interrupt(v, RX);
}

static void keep(struct virtio_net *k, const void *frame, size_t len)
{
    struct frame *f = malloc(sizeof *f + len);
    if (!f)
        return;
    f->next = NULL;
    f->len = len;
    memcpy(f->data, frame, len);
    *k->last = f;
    k->last = &f->next;
    k->waiting++;
}

static void from_host(void *arg, const void *frame, size_t len)
{
    struct virtio *v = arg;
    struct virtio_net *k = v->arg;
    if (k->waiting == BACKLOG || !v->q[RX].enabled)
        return;
    keep(k, frame, len);
    receive(v);
}

static void run(struct virtio *v, unsigned queue)
{
    struct virtio_net *k = v->arg;
    struct virtio_elem e;
    bool any = false;
    if (queue == RX) {
        receive(v);
        return;
    }
    while (virtio_pop(v, TX, &e)) {
        if (e.out_len < HEADER || e.nin) {
            virtio_broken(v, "a frame without its header");
            return;
        }
        size_t n = virtio_read(v, &e, HEADER, k->buf, sizeof k->buf);
        if (n >= FRAME_MIN && n == e.out_len - HEADER)
            net_send(k->net, k->buf, n);
        virtio_push(v, TX, &e, 0);
        any = true;
    }
    if (any)
        virtio_interrupt(v, TX);
}

static void reset(struct virtio *v)
{
    struct virtio_net *k = v->arg;
    while (k && k->first)
        drop_first(k);
}

/* Frames that wait for a buffer. */
static void snapshot(struct virtio *v, struct snap *s)
{
    struct virtio_net *k = v->arg;
    uint32_t n = k->waiting, len;
    SNAP(s, n);
    if (!snap_loading(s)) {
        for (struct frame *f = k->first; f; f = f->next) {
            len = (uint32_t)f->len;
            SNAP(s, len);
            snap_mem(s, f->data, len);
        }
        return;
    }
    reset(v);
    for (; n && snap_ok(s); n--) {
        SNAP(s, len);
        if (len > sizeof k->buf || k->waiting == BACKLOG) {
            snap_bad(s, "a frame too long, or too many");
            return;
        }
        snap_mem(s, k->buf, len);
        keep(k, k->buf, len);
    }
}

static void release(struct virtio *v)
{
    reset(v);
    free(v->arg);
}

bool virtio_net_add(struct board *b, struct netdev *n, const uint8_t mac[6])
{
    struct virtio_net *k = calloc(1, sizeof *k);
    struct virtio *v = k ? virtio_new(b, "virtio-net", VIRTIO_ID_NET, 0x020000, QUEUES,
                                      NET_F_MAC | NET_F_STATUS, CFG_SIZE)
                         : NULL;
    if (!v) {
        free(k);
        return false;
    }
    k->net = n;
    k->last = &k->first;
    v->arg = k;
    v->run = run;
    v->reset = reset;
    v->free = release;
    v->snapshot = snapshot;
    memcpy(v->config, mac, 6);
    v->config[CFG_STATUS] = LINK_UP;
    net_receive(n, from_host, v);
    return true;
}
