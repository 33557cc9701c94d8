/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio block device (virtio 1.1: 5.2) on a blockdev.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/block.h"
#include "sim/board/virtio.h"

#define BLK_F_SEG_MAX  (1ull << 2)
#define BLK_F_RO       (1ull << 5)
#define BLK_F_BLK_SIZE (1ull << 6)
#define BLK_F_FLUSH    (1ull << 9)
enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_GET_ID = 8 };
enum { S_OK, S_IOERR, S_UNSUPP };
enum {
    CFG_CAPACITY = 0,
    CFG_SEG_MAX = 12,
    CFG_BLK_SIZE = 20,
    CFG_SIZE = 60,
    ID_SIZE = 20,
    CHUNK = 65536
};

struct virtio_blk {
    struct blockdev *disk;
    unsigned index;
    uint8_t buf[CHUNK];
};
struct request {
    uint32_t type, reserved;
    uint64_t sector;
};

static int transfer(struct virtio *v, const struct virtio_elem *e, const struct request *r,
                    bool write, uint64_t bytes)
{
    struct virtio_blk *k = v->arg;
    if (bytes % BLOCK_SECTOR || r->sector > block_size(k->disk) / BLOCK_SECTOR ||
        bytes > block_size(k->disk) - r->sector * BLOCK_SECTOR)
        return S_IOERR;
    uint64_t at = r->sector * BLOCK_SECTOR;
    for (uint64_t done = 0; done < bytes;) {
        size_t n = bytes - done < CHUNK ? (size_t)(bytes - done) : CHUNK;
        int err = 0;
        if (write) {
            if (virtio_read(v, e, sizeof *r + done, k->buf, n) != n)
                return S_IOERR;
            err = block_write(k->disk, at + done, k->buf, n);
        } else {
            err = block_read(k->disk, at + done, k->buf, n);
            if (!err && virtio_write(v, e, done, k->buf, n) != n)
                return S_IOERR;
        }
        if (err && v->told++ >= 16)
            return S_IOERR;
        if (err) {
            fprintf(stderr, "ia64-sim: %s %u: %s at byte %llu: %s\n", v->name, k->index,
                    write ? "write" : "read", (unsigned long long)(at + done), strerror(err));
            return S_IOERR;
        }
        done += n;
    }
    return S_OK;
}

/* Serves a request; written: bytes before the status byte. */
static uint8_t serve(struct virtio *v, const struct virtio_elem *e, uint32_t *written)
{
    struct virtio_blk *k = v->arg;
    struct request r;
    char id[ID_SIZE] = {0};
    uint8_t st;
    *written = 0;
    virtio_read(v, e, 0, &r, sizeof r);
    switch (r.type) {
    case T_IN:
        st = (uint8_t)transfer(v, e, &r, false, e->in_len - 1);
        if (st == S_OK)
            *written = (uint32_t)(e->in_len - 1);
        return st;
    case T_OUT:
        return (uint8_t)transfer(v, e, &r, true, e->out_len - sizeof r);
    case T_FLUSH:
        return block_flush(k->disk) ? S_IOERR : S_OK;
    case T_GET_ID:
        snprintf(id, sizeof id, "drive%u", k->index);
        if (e->in_len - 1 < ID_SIZE)
            return S_IOERR;
        *written = (uint32_t)virtio_write(v, e, 0, id, sizeof id);
        return S_OK;
    default:
        return S_UNSUPP;
    }
}

static void run(struct virtio *v, unsigned queue)
{
    struct virtio_elem e;
    bool any = false;
    while (virtio_pop(v, queue, &e)) {
        uint32_t n;
        if (e.out_len < sizeof(struct request) || !e.in_len || e.in_len > UINT32_MAX) {
            virtio_broken(v, "a request without header or status");
            return;
        }
        uint8_t st = serve(v, &e, &n);
        virtio_write(v, &e, e.in_len - 1, &st, 1);
        virtio_push(v, queue, &e, n + 1);
        any = true;
    }
    if (any)
        virtio_interrupt(v, queue);
}

static void release(struct virtio *v)
{
    free(v->arg);
}

bool virtio_blk_add(struct board *b, struct blockdev *d, unsigned index)
{
    struct virtio_blk *k = calloc(1, sizeof *k);
    uint64_t f = BLK_F_SEG_MAX | BLK_F_BLK_SIZE | BLK_F_FLUSH | (block_readonly(d) ? BLK_F_RO : 0);
    struct virtio *v =
        k ? virtio_new(b, "virtio-blk", VIRTIO_ID_BLK, 0x010000, 1, f, CFG_SIZE) : NULL;
    if (!v) {
        free(k);
        return false;
    }
    k->disk = d;
    k->index = index;
    v->arg = k;
    v->run = run;
    v->free = release;
    uint64_t capacity = block_size(d) / BLOCK_SECTOR;
    uint32_t seg_max = VIRTIO_RING_MAX - 2, size = BLOCK_SECTOR;
    memcpy(&v->config[CFG_CAPACITY], &capacity, 8);
    memcpy(&v->config[CFG_SEG_MAX], &seg_max, 4);
    memcpy(&v->config[CFG_BLK_SIZE], &size, 4);
    return true;
}
