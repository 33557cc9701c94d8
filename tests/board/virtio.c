/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Virtio-blk and virtio-rng driven by hand: rings as a driver makes them, and as an enemy does.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim/board/pci.h"
#include "sim/board/virtio.h"
#include "tests/board/check.h"

/* Where things are in guest memory. */
enum {
    DESC = 0x100000,
    AVAIL = 0x110000,
    USED = 0x120000,
    HEADER = 0x130000,
    STATUS = 0x130100,
    DATA = 0x140000,
    TABLE = 0x150000,
    RING = 16
};
enum { NEXT = 1, WRITE = 2, INDIRECT = 4 };
#define VECTOR 0x77
static char image[] = "/tmp/virtio-test-XXXXXX";
static struct board *b;
static uint64_t bar;
static uint16_t posted;

static void put(uint64_t pa, uint64_t v, unsigned n)
{
    if (!dma_write(b, pa, &v, n))
        abort();
}
static uint64_t get(uint64_t pa, unsigned n)
{
    uint64_t v = 0;
    if (!dma_read(b, pa, &v, n))
        abort();
    return v;
}
static void desc_at(uint64_t table, unsigned i, uint64_t addr, uint32_t len, unsigned flags,
                    unsigned next)
{
    put(table + 16 * i, addr, 8);
    put(table + 16 * i + 8, len, 4);
    put(table + 16 * i + 12, flags, 2);
    put(table + 16 * i + 14, next, 2);
}
static void desc(unsigned i, uint64_t addr, uint32_t len, unsigned flags, unsigned next)
{
    desc_at(DESC, i, addr, len, flags, next);
}

static uint8_t status(void)
{
    return (uint8_t)rd(b, bar + 0x14, 1);
}
static void negotiate(uint32_t low)
{
    wr(b, bar + 0x14, 0, 1);
    wr(b, bar + 0x14, 3, 1);
    wr(b, bar + 0x08, 0, 4);
    wr(b, bar + 0x0c, low, 4);
    wr(b, bar + 0x08, 1, 4);
    wr(b, bar + 0x0c, 1, 4);
    wr(b, bar + 0x14, 11, 1);
}
static void queue_setup(uint64_t d, uint64_t a, uint64_t u)
{
    wr(b, bar + 0x16, 0, 2);
    wr(b, bar + 0x18, RING, 2);
    wr(b, bar + 0x1a, 0, 2);
    wr(b, bar + 0x20, d, 8);
    wr(b, bar + 0x28, a, 8);
    wr(b, bar + 0x30, u, 8);
    wr(b, bar + 0x1c, 1, 2);
}

/* A board with a disk of 64 KiB whose sector n is filled with n; driver ready, MSI-X vector 0 for
 * everything. */
static void start(bool readonly, bool snapshot, bool entropy)
{
    strcpy(image + sizeof image - 7, "XXXXXX");
    int fd = mkstemp(image);
    for (unsigned s = 0; s < 128; s++) {
        uint8_t sector[512];
        memset(sector, (int)s, sizeof sector);
        if (write(fd, sector, sizeof sector) != sizeof sector)
            abort();
    }
    close(fd);
    struct board_config c = {.rng = entropy};
    c.drive[0] = (struct drive_config){.file = image, .readonly = readonly, .snapshot = snapshot};
    c.ndrives = entropy ? 0 : 1;
    b = make_board(&c);
    struct pci_dev *d = pci_slot(b, 1);
    bar = BOARD_PCI64_BASE;
    uint64_t table = pci_config_read(b, 0, 1 << 3, 0x14, 4) & ~15u;
    wr(b, table, BOARD_PIB_BASE, 8);
    wr(b, table + 8, VECTOR, 4);
    wr(b, table + 12, 0, 4);
    pci_config_write(b, 0, 1 << 3, d->msix_cap + 2u, 2, 0x8000);
    negotiate(1u << 28);
    wr(b, bar + 0x10, 0, 2);
    queue_setup(DESC, AVAIL, USED);
    wr(b, bar + 0x14, 15, 1);
    put(AVAIL, 0, 4);
    put(USED, 0, 4);
    posted = 0;
    CHECK_EQ("driver is on", status(), 15);
}
static void end(void)
{
    board_free(b);
    unlink(image);
}

static void kick(unsigned head)
{
    put(AVAIL + 4 + 2 * (posted % RING), head, 2);
    put(AVAIL + 2, ++posted, 2);
    wr(b, bar + 0x3000, 0, 2);
    pass(b, 100000);
}
static void request(uint32_t type, uint64_t sector, uint32_t len, bool to_guest)
{
    put(HEADER, type, 8);
    put(HEADER + 8, sector, 8);
    put(STATUS, 0xee, 1);
    desc(0, HEADER, 16, NEXT, 1);
    desc(1, DATA, len, NEXT | (to_guest ? WRITE : 0), 2);
    desc(2, STATUS, 1, WRITE, 0);
    kick(0);
}

static void blk_read(void)
{
    start(false, false, false);
    CHECK_EQ("capacity", rd(b, bar + 0x2000, 8), 128);
    request(0, 3, 1024, true);
    CHECK_EQ("status", get(STATUS, 1), 0);
    CHECK_EQ("first sector", get(DATA, 1), 3);
    CHECK_EQ("second", get(DATA + 1023, 1), 4);
    CHECK_EQ("used index", get(USED + 2, 2), 1);
    CHECK_EQ("used length", get(USED + 8, 4), 1025);
    CHECK("interrupt", irr(b, 0, VECTOR));
    put(AVAIL, 1, 2);
    request(0, 127, 512, true);
    CHECK("no interrupt when not wanted", !irr(b, 0, VECTOR));
    request(0, 127, 1024, true);
    CHECK_EQ("beyond the end", get(STATUS, 1), 1);
    request(0, UINT64_MAX, 512, true);
    CHECK_EQ("far beyond", get(STATUS, 1), 1);
    request(0, 0, 100, true);
    CHECK_EQ("half a sector", get(STATUS, 1), 1);
    request(99, 0, 512, true);
    CHECK_EQ("unknown request", get(STATUS, 1), 2);
    request(8, 0, 20, true);
    CHECK_EQ("identity", get(DATA, 6), 0x306576697264); /* "drive0" */
    CHECK_EQ("still healthy", status(), 15);
    end();
}

static void blk_write(void)
{
    uint8_t got[512] = {0};
    start(false, false, false);
    put(DATA, 0xabcdef, 8);
    request(1, 5, 512, false);
    CHECK_EQ("status", get(STATUS, 1), 0);
    request(4, 0, 512, false);
    CHECK_EQ("flush", get(STATUS, 1), 0);
    FILE *f = fopen(image, "rb");
    CHECK("file", f && !fseek(f, 5 * 512, SEEK_SET) && fread(got, 1, 512, f) == 512);
    CHECK_EQ("on the host", got[0], 0xef);
    if (f)
        fclose(f);
    end();
}

static void blk_readonly(void)
{
    start(true, false, false);
    CHECK("feature", rd(b, bar + 4, 4) & 1 << 5 || (wr(b, bar, 0, 4), rd(b, bar + 4, 4) & 1 << 5));
    request(1, 5, 512, false);
    CHECK_EQ("refused", get(STATUS, 1), 1);
    end();
}

static void blk_snapshot(void)
{
    uint8_t got = 0;
    start(false, true, false);
    put(DATA, 0x5a, 8);
    request(1, 9, 512, false);
    CHECK_EQ("written", get(STATUS, 1), 0);
    put(DATA, 0, 8);
    request(0, 8, 1536, true);
    CHECK_EQ("unchanged neighbour", get(DATA, 1), 8);
    CHECK_EQ("read back", get(DATA + 512, 1), 0x5a);
    CHECK_EQ("unchanged neighbour", get(DATA + 1024, 1), 10);
    FILE *f = fopen(image, "rb");
    CHECK("file", f && !fseek(f, 9 * 512, SEEK_SET) && fread(&got, 1, 1, f) == 1);
    CHECK_EQ("host file is as it was", got, 9);
    if (f)
        fclose(f);
    end();
}

static void blk_indirect(void)
{
    start(false, false, false);
    put(HEADER, 0, 8);
    put(HEADER + 8, 7, 8);
    desc_at(TABLE, 0, HEADER, 16, NEXT, 1);
    desc_at(TABLE, 1, DATA, 100, NEXT | WRITE, 2); /* pieces need not be sectors */
    desc_at(TABLE, 2, DATA + 0x1000, 412, NEXT | WRITE, 3);
    desc_at(TABLE, 3, STATUS, 1, WRITE, 0);
    put(STATUS, 0xee, 1);
    desc(4, TABLE, 64, INDIRECT, 0);
    kick(4);
    CHECK_EQ("status", get(STATUS, 1), 0);
    CHECK_EQ("first piece", get(DATA + 99, 1), 7);
    CHECK_EQ("second piece", get(DATA + 0x1000 + 411, 1), 7);
    CHECK_EQ("used head", get(USED + 4, 4), 4);
    end();
}

/* Every hostile ring must end in DEVICE_NEEDS_RESET and a configuration interrupt; a reset makes
 * the device good again. */
static void broken(const char *what)
{
    CHECK_EQ(what, status(), 0x4f);
    CHECK("told by interrupt", irr(b, 0, VECTOR));
    request(0, 1, 512, true);
    CHECK_EQ("dead until reset", get(STATUS, 1), 0xee);
    negotiate(1u << 28);
    queue_setup(DESC, AVAIL, USED);
    wr(b, bar + 0x14, 15, 1);
    put(AVAIL, 0, 4);
    put(USED, 0, 4);
    posted = 0;
    request(0, 1, 512, true);
    CHECK_EQ("alive after reset", get(STATUS, 1), 0);
    end();
}

static void hostile_loop(void)
{
    start(false, false, false);
    desc(0, HEADER, 16, NEXT, 1);
    desc(1, HEADER, 16, NEXT, 0);
    kick(0);
    broken("a loop");
}
static void hostile_number(void)
{
    start(false, false, false);
    desc(0, HEADER, 16, NEXT, RING);
    kick(0);
    broken("a number beyond the table");
}
static void hostile_head(void)
{
    start(false, false, false);
    kick(0xffff);
    broken("a head beyond the table");
}
static void hostile_index(void)
{
    start(false, false, false);
    posted = 1000;
    kick(0);
    broken("an index that ran away");
}
static void hostile_address(void)
{
    start(false, false, false);
    desc(0, HEADER, 16, NEXT, 1);
    desc(1, BOARD_UART_BASE, 512, NEXT | WRITE, 2);
    desc(2, STATUS, 1, WRITE, 0);
    kick(0);
    broken("a buffer in a device");
}
static void hostile_length(void)
{
    start(false, false, false);
    desc(0, HEADER, 16, NEXT, 1);
    desc(1, DATA, 0xffffffff, NEXT | WRITE, 2);
    desc(2, STATUS, 1, WRITE, 0);
    kick(0);
    broken("a huge buffer");
}
static void hostile_wrap(void)
{
    start(false, false, false);
    desc(0, UINT64_MAX - 7, 16, NEXT, 1);
    desc(1, STATUS, 1, WRITE, 0);
    kick(0);
    broken("a buffer that wraps");
}
static void hostile_order(void)
{
    start(false, false, false);
    desc(0, STATUS, 1, NEXT | WRITE, 1);
    desc(1, HEADER, 16, 0, 0);
    kick(0);
    broken("readable after writable");
}
static void hostile_short(void)
{
    start(false, false, false);
    desc(0, HEADER, 8, NEXT, 1);
    desc(1, STATUS, 1, WRITE, 0);
    kick(0);
    broken("half a header");
}
static void hostile_empty(void)
{
    start(false, false, false);
    desc(0, HEADER, 16, NEXT, 1);
    desc(1, STATUS, 0, WRITE, 0);
    kick(0);
    broken("an empty buffer");
}
static void hostile_nested(void)
{
    start(false, false, false);
    desc_at(TABLE, 0, TABLE, 16, INDIRECT, 0);
    desc(0, TABLE, 16, INDIRECT, 0);
    kick(0);
    broken("indirect in indirect");
}
static void hostile_table(void)
{
    start(false, false, false);
    desc(0, TABLE, 24, INDIRECT, 0);
    kick(0);
    broken("a table and a half");
}
static void hostile_far_table(void)
{
    start(false, false, false);
    desc(0, 0x40000000, 0xfffffff0, INDIRECT, 0);
    kick(0);
    broken("a table outside RAM");
}
/* 4096 segments on one page of table: more than a request may have. */
static void hostile_many(void)
{
    start(false, false, false);
    for (unsigned i = 0; i < 4096; i++)
        desc_at(TABLE, i, HEADER, 16, NEXT, i + 1);
    desc(0, TABLE, 65536, INDIRECT, 0);
    kick(0);
    broken("too many segments");
}

static void hostile_queue(void)
{
    start(false, false, false);
    negotiate(0);
    queue_setup(DESC + 1, AVAIL, USED);
    CHECK_EQ("misaligned", rd(b, bar + 0x1c, 2), 0);
    CHECK("needs reset", status() & 0x40);
    negotiate(0);
    queue_setup(0x40000000, AVAIL, USED);
    CHECK_EQ("outside RAM", rd(b, bar + 0x1c, 2), 0);
    negotiate(0);
    wr(b, bar + 0x18, 1000, 2);
    wr(b, bar + 0x1c, 1, 2);
    CHECK_EQ("a size that is no power of two", rd(b, bar + 0x1c, 2), 0);
    wr(b, bar + 0x14, 0, 1);
    wr(b, bar + 0x14, 3, 1);
    wr(b, bar + 0x14, 11, 1);
    CHECK_EQ("FEATURES_OK needs version 1", status(), 3);
    wr(b, bar + 0x16, 7, 2);
    CHECK_EQ("no queue 7", rd(b, bar + 0x18, 2), 0);
    wr(b, bar + 0x3000 + 4 * 100, 0, 2);
    end();
}

/* Random descriptors: whatever happens, the simulator lives. */
static void hostile_random(void)
{
    uint64_t x = 88172645463325252ull;
    start(false, true, false);
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < 8; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            uint64_t addr = x & 1 ? HEADER + (x >> 8 & 0xff) : x & 2 ? TABLE : x & 4 ? DATA : x;
            desc_at(x & 8 ? DESC : TABLE, i, addr,
                    x & 0x10   ? 16
                    : x & 0x20 ? 512
                               : (uint32_t)(x >> 40),
                    x >> 20 & 7, x >> 24 & 7);
        }
        put(HEADER, x >> 5 & 7, 8);
        put(HEADER + 8, x >> 33 & 0xff, 8);
        kick(x >> 60 & 7);
        if (status() & 0x40) {
            negotiate(1u << 28);
            queue_setup(DESC, AVAIL, USED);
            wr(b, bar + 0x14, 15, 1);
            put(AVAIL, 0, 4);
            posted = 0;
        }
    }
    end();
}

static void intx(void)
{
    start(false, false, false);
    struct pci_dev *d = pci_slot(b, 1);
    pci_config_write(b, 0, 1 << 3, d->msix_cap + 2u, 2, 0);
    request(0, 1, 512, true);
    CHECK("INTx status bit", pci_config_read(b, 0, 1 << 3, PCI_STATUS, 2) & PCI_STATUS_INTX);
    CHECK_EQ("ISR", rd(b, bar + 0x1000, 1), 1);
    CHECK_EQ("reading clears", rd(b, bar + 0x1000, 1), 0);
    CHECK("line let go", !(pci_config_read(b, 0, 1 << 3, PCI_STATUS, 2) & PCI_STATUS_INTX));
    end();
}

static void rng(void)
{
    uint64_t first;
    start(false, false, true);
    desc(0, DATA, 64, WRITE, 0);
    kick(0);
    CHECK_EQ("length", get(USED + 8, 4), 64);
    first = get(DATA, 8);
    CHECK("random", first && first != get(DATA + 8, 8));
    kick(0);
    CHECK("goes on", get(DATA, 8) != first);
    end();
    start(false, false, true);
    desc(0, DATA, 64, WRITE, 0);
    kick(0);
    CHECK_EQ("the same in every run", get(DATA, 8), first);
    end();
}

const struct test_case virtio_cases[] = {
    {"blk-read", blk_read},
    {"blk-write", blk_write},
    {"blk-readonly", blk_readonly},
    {"blk-snapshot", blk_snapshot},
    {"blk-indirect", blk_indirect},
    {"virtio-intx", intx},
    {"hostile-loop", hostile_loop},
    {"hostile-number", hostile_number},
    {"hostile-head", hostile_head},
    {"hostile-index", hostile_index},
    {"hostile-address", hostile_address},
    {"hostile-length", hostile_length},
    {"hostile-wrap", hostile_wrap},
    {"hostile-order", hostile_order},
    {"hostile-short", hostile_short},
    {"hostile-empty", hostile_empty},
    {"hostile-nested", hostile_nested},
    {"hostile-table", hostile_table},
    {"hostile-far-table", hostile_far_table},
    {"hostile-many", hostile_many},
    {"hostile-queue", hostile_queue},
    {"hostile-random", hostile_random},
    {"rng", rng},
    {NULL, NULL},
};
