/* SPDX-License-Identifier: GPL-2.0-only
 *
 * I/O SAPIC: 64 redirection entries (Itanium Processor Family Interrupt Architecture Guide;
 * register layout as DIG64 platforms have it). Level inputs send once and wait for an EOI with
 * their vector; edge inputs that arrive masked are lost. PCI lines and the SCI are active low on
 * the wire, the others active high: a guest that programs the wrong polarity gets what it asked
 * for.
 */
#include <stdlib.h>
#include "sim/board/iosapic.h"
#include "sim/board/snapshot_parts.h"

enum {
    REG_SELECT = 0x00,
    REG_WINDOW = 0x10,
    REG_EOI = 0x40,
    IO_ID = 0x00,
    IO_VERSION = 0x01,
    IO_RTE = 0x10,
};
#define VERSION (0x21u | (BOARD_GSI_COUNT - 1) << 16)

#define RTE_VECTOR     0xffull
#define RTE_MODE(e)    ((unsigned)((e) >> 8) & 7)
#define RTE_STATUS     (1ull << 12) /* read-only; messages never wait */
#define RTE_LOW        (1ull << 13) /* active low */
#define RTE_REMOTE_IRR (1ull << 14) /* read-only */
#define RTE_LEVEL      (1ull << 15)
#define RTE_MASK       (1ull << 16)
#define RTE_WRITABLE   (RTE_VECTOR | 7ull << 8 | RTE_LOW | RTE_LEVEL | RTE_MASK | 0xffffull << 48)

struct iosapic {
    struct board *b;
    uint32_t select, id;
    uint64_t rte[BOARD_GSI_COUNT];
    uint64_t asserted; /* by the devices */
};

static bool active_low_wire(unsigned gsi)
{
    return gsi >= BOARD_PCI_GSI(0, 0) || gsi == BOARD_SCI_GSI;
}

/* Is the input active as the entry sees it? */
static bool active(const struct iosapic *s, unsigned n)
{
    bool wire = (s->asserted >> n & 1) != active_low_wire(n);
    return wire != !!(s->rte[n] & RTE_LOW);
}

static void send(struct iosapic *s, unsigned n)
{
    uint64_t e = s->rte[n];
    pib_deliver(s->b, (unsigned)(e >> 56), (unsigned)(e >> 48) & 0xff, RTE_MODE(e), e & RTE_VECTOR);
}

static void level_check(struct iosapic *s, unsigned n)
{
    uint64_t e = s->rte[n];
    if ((e & (RTE_LEVEL | RTE_MASK | RTE_REMOTE_IRR)) != RTE_LEVEL || !active(s, n))
        return;
    s->rte[n] |= RTE_REMOTE_IRR;
    send(s, n);
}

void irq_set(struct board *b, unsigned gsi, bool level)
{
    struct iosapic *s = b->iosapic;
    if (gsi >= BOARD_GSI_COUNT)
        return;
    bool was = active(s, gsi);
    s->asserted = (s->asserted & ~(1ull << gsi)) | (uint64_t)level << gsi;
    if (s->rte[gsi] & RTE_LEVEL)
        level_check(s, gsi);
    else if (!was && active(s, gsi) && !(s->rte[gsi] & RTE_MASK))
        send(s, gsi);
}

static uint32_t window_read(struct iosapic *s)
{
    unsigned n = (s->select - IO_RTE) / 2;
    if (s->select == IO_ID)
        return s->id;
    if (s->select == IO_VERSION)
        return VERSION;
    if (s->select >= IO_RTE && n < BOARD_GSI_COUNT)
        return (uint32_t)(s->rte[n] >> (s->select & 1) * 32);
    board_unimplemented(s->b, "I/O SAPIC", "read of register", s->select);
    return 0;
}

static void window_write(struct iosapic *s, uint32_t v)
{
    unsigned n = (s->select - IO_RTE) / 2, shift = (s->select & 1) * 32;
    if (s->select == IO_ID) {
        s->id = v & 0x0f000000;
        return;
    }
    if (s->select == IO_VERSION)
        return;
    if (s->select < IO_RTE || n >= BOARD_GSI_COUNT) {
        board_unimplemented(s->b, "I/O SAPIC", "write of register", s->select);
        return;
    }
    uint64_t w = RTE_WRITABLE & 0xffffffffull << shift;
    s->rte[n] = (s->rte[n] & ~w) | ((uint64_t)v << shift & w);
    if (!(s->rte[n] & RTE_LEVEL))
        s->rte[n] &= ~RTE_REMOTE_IRR;
    level_check(s, n);
}

static void eoi(struct iosapic *s, unsigned vector)
{
    for (unsigned n = 0; n < BOARD_GSI_COUNT; n++)
        if (s->rte[n] & RTE_REMOTE_IRR && (s->rte[n] & RTE_VECTOR) == vector) {
            s->rte[n] &= ~RTE_REMOTE_IRR;
            level_check(s, n);
        }
}

static uint64_t iosapic_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    struct iosapic *s = dev;
    (void)cpu, (void)size;
    switch (offset) {
    case REG_SELECT:
        return s->select;
    case REG_WINDOW:
        return window_read(s);
    default:
        board_unimplemented(s->b, "I/O SAPIC", "read at offset", offset);
        return 0;
    }
}

static void iosapic_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value,
                          unsigned size)
{
    struct iosapic *s = dev;
    (void)cpu, (void)size;
    switch (offset) {
    case REG_SELECT:
        s->select = value & 0xff;
        break;
    case REG_WINDOW:
        window_write(s, (uint32_t)value);
        break;
    case REG_EOI:
        eoi(s, value & 0xff);
        break;
    default:
        board_unimplemented(s->b, "I/O SAPIC", "write at offset", offset);
    }
}

void iosapic_reset(struct iosapic *s)
{
    s->select = s->id = 0;
    s->asserted = 0;
    for (unsigned n = 0; n < BOARD_GSI_COUNT; n++)
        s->rte[n] = RTE_MASK;
}

void iosapic_snapshot(struct snap *s, struct board *b)
{
    struct iosapic *x = b->iosapic;
    SNAP(s, x->select);
    SNAP(s, x->id);
    SNAP(s, x->rte);
    SNAP(s, x->asserted);
}

struct iosapic *iosapic_new(struct board *b)
{
    struct iosapic *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->b = b;
    iosapic_reset(s);
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_IOSAPIC_BASE,
                                            .size = 0x1000,
                                            .dev = s,
                                            .read = iosapic_read,
                                            .write = iosapic_write,
                                            .name = "I/O SAPIC"});
    return s;
}

void iosapic_free(struct iosapic *s)
{
    free(s);
}
