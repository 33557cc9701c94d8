/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio entropy device (virtio 1.1: 5.4). Its bytes are a fixed sequence, the same in every run:
 * runs must repeat.
 */
#include <stdlib.h>
#include "sim/board/virtio.h"

#define SEED 0x6961363453494d00ull

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next(uint64_t *s)
{
    uint64_t z = *s += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

struct rng {
    uint64_t state;
};

static void run(struct virtio *v, unsigned queue)
{
    struct rng *r = v->arg;
    struct virtio_elem e;
    bool any = false;
    while (virtio_pop(v, queue, &e)) {
        /* No more than a page at a time: the driver asks again. */
        uint64_t want = e.in_len < 4096 ? e.in_len : 4096, done = 0;
        while (done < want) {
            uint64_t x = next(&r->state);
            size_t n = want - done < 8 ? (size_t)(want - done) : 8;
            virtio_write(v, &e, done, &x, n);
            done += n;
        }
        virtio_push(v, queue, &e, (uint32_t)done);
        any = true;
    }
    if (any)
        virtio_interrupt(v, queue);
}

static void snapshot(struct virtio *v, struct snap *s)
{
    struct rng *r = v->arg;
    SNAP(s, r->state);
}

static void release(struct virtio *v)
{
    free(v->arg);
}

bool virtio_rng_add(struct board *b)
{
    struct rng *r = calloc(1, sizeof *r);
    struct virtio *v = r ? virtio_new(b, "virtio-rng", VIRTIO_ID_RNG, 0x00ff00, 1, 0, 0) : NULL;
    if (!v) {
        free(r);
        return false;
    }
    r->state = SEED;
    v->arg = r;
    v->run = run;
    v->free = release;
    v->snapshot = snapshot;
    return true;
}
