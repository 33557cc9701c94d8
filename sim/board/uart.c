/* SPDX-License-Identifier: GPL-2.0-only
 *
 * 16550A UART (National Semiconductor PC16550D data sheet), registers one byte apart. Sending takes
 * no time; receiving fills the FIFO from the chardev as it has room, so that nothing is ever
 * overrun.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/board/chardev.h"
#include "sim/board/snapshot_parts.h"
#include "sim/board/uart.h"
#include "sim/cpu/engine.h"

enum { R_DATA, R_IER, R_IIR_FCR, R_LCR, R_MCR, R_LSR, R_MSR, R_SCR, R_COUNT };
enum {
    IER_RX = 1,
    IER_TX = 2,
    IER_LINE = 4,
    IER_MODEM = 8,
    IIR_NONE = 1,
    IIR_LINE = 6,
    IIR_RX = 4,
    IIR_TIMEOUT = 12,
    IIR_TX = 2,
    IIR_MODEM = 0,
    IIR_FIFO = 0xc0,
    FCR_ENABLE = 1,
    FCR_CLEAR_RX = 2,
    FCR_CLEAR_TX = 4,
    LCR_DLAB = 0x80,
    MCR_DTR = 1,
    MCR_RTS = 2,
    MCR_OUT1 = 4,
    MCR_OUT2 = 8,
    MCR_LOOP = 16,
    LSR_DR = 1,
    LSR_OVERRUN = 2,
    LSR_THRE = 0x20,
    LSR_TEMT = 0x40,
    MSR_CTS = 0x10,
    MSR_DSR = 0x20,
    MSR_RI = 0x40,
    MSR_DCD = 0x80,
    FIFO = 16,
};

struct uart {
    struct board *b;
    uint8_t ier, fcr, lcr, mcr, scr, lsr_err, msr_delta;
    uint16_t divisor;
    bool tx_irq, timed_out;
    uint8_t rx[FIFO];
    unsigned head, count;
    struct event *timeout;
};

static unsigned trigger(const struct uart *u)
{
    static const uint8_t level[4] = {1, 4, 8, 14};
    return u->fcr & FCR_ENABLE ? level[u->fcr >> 6] : 1;
}

static uint8_t iir(const struct uart *u)
{
    if (u->ier & IER_LINE && u->lsr_err)
        return IIR_LINE;
    if (u->ier & IER_RX && u->count >= trigger(u))
        return IIR_RX;
    if (u->ier & IER_RX && u->timed_out)
        return IIR_TIMEOUT;
    if (u->ier & IER_TX && u->tx_irq)
        return IIR_TX;
    if (u->ier & IER_MODEM && u->msr_delta)
        return IIR_MODEM;
    return IIR_NONE;
}

static void update(struct uart *u)
{
    /* OUT2 gates the interrupt line only on PC adapter cards; here it is wired straight. */
    irq_set(u->b, BOARD_UART_GSI, iir(u) != IIR_NONE);
}

/* Four character times without traffic and a FIFO below its trigger level: the guest is told all
 * the same. */
static void arm_timeout(struct uart *u)
{
    int64_t byte =
        (int64_t)(u->divisor ? u->divisor : 1) * 16 * 10 * (int64_t)(BOARD_ITC_HZ / 1000) / 1843;
    u->timed_out = false;
    event_set(u->timeout, u->fcr & FCR_ENABLE && u->count ? u->b->m->now + 4 * byte : INT64_MAX);
}
static void on_timeout(void *arg, int64_t now)
{
    struct uart *u = arg;
    (void)now;
    u->timed_out = u->count > 0;
    update(u);
}

static void receive(struct uart *u, uint8_t c)
{
    unsigned room = u->fcr & FCR_ENABLE ? FIFO : 1;
    if (u->count >= room) {
        u->lsr_err |= LSR_OVERRUN;
        return;
    }
    u->rx[(u->head + u->count++) % FIFO] = c;
}

/* Takes what the chardev has, as far as there is room. */
static void fill(void *arg)
{
    struct uart *u = arg;
    unsigned room = u->fcr & FCR_ENABLE ? FIFO : 1;
    bool got = false;
    int c;
    if (u->mcr & MCR_LOOP)
        return;
    while (u->count < room && (c = chardev_get(u->b->console)) >= 0) {
        receive(u, (uint8_t)c);
        got = true;
    }
    if (got)
        arm_timeout(u);
    update(u);
}

static int take(struct uart *u)
{
    if (!u->count)
        return -1;
    int c = u->rx[u->head];
    u->head = (u->head + 1) % FIFO;
    u->count--;
    arm_timeout(u);
    fill(u);
    return c;
}

static uint8_t msr(struct uart *u)
{
    /* A terminal that is always there; in loopback the modem outputs. */
    if (!(u->mcr & MCR_LOOP))
        return MSR_CTS | MSR_DSR | MSR_DCD;
    return (u->mcr & MCR_RTS ? MSR_CTS : 0) | (u->mcr & MCR_DTR ? MSR_DSR : 0) |
           (u->mcr & MCR_OUT1 ? MSR_RI : 0) | (u->mcr & MCR_OUT2 ? MSR_DCD : 0);
}

static uint8_t read8(struct uart *u, unsigned reg)
{
    uint8_t v;
    int c;
    switch (reg) {
    case R_DATA:
        if (u->lcr & LCR_DLAB)
            return (uint8_t)u->divisor;
        c = take(u);
        return c < 0 ? 0 : (uint8_t)c;
    case R_IER:
        return u->lcr & LCR_DLAB ? (uint8_t)(u->divisor >> 8) : u->ier;
    case R_IIR_FCR:
        v = iir(u);
        if (v == IIR_TX)
            u->tx_irq = false;
        update(u);
        return v | (u->fcr & FCR_ENABLE ? IIR_FIFO : 0);
    case R_LCR:
        return u->lcr;
    case R_MCR:
        return u->mcr;
    case R_LSR:
        v = (uint8_t)(LSR_THRE | LSR_TEMT | (u->count ? LSR_DR : 0) | u->lsr_err);
        u->lsr_err = 0;
        update(u);
        return v;
    case R_MSR:
        v = msr(u) | u->msr_delta;
        u->msr_delta = 0;
        update(u);
        return v;
    default:
        return u->scr;
    }
}

static void write8(struct uart *u, unsigned reg, uint8_t v)
{
    switch (reg) {
    case R_DATA:
        if (u->lcr & LCR_DLAB) {
            u->divisor = (uint16_t)((u->divisor & 0xff00) | v);
            break;
        }
        if (u->mcr & MCR_LOOP) {
            receive(u, v);
            arm_timeout(u);
        } else {
            chardev_put(u->b->console, &v, 1);
        }
        u->tx_irq = true;
        break;
    case R_IER:
        if (u->lcr & LCR_DLAB) {
            u->divisor = (uint16_t)((u->divisor & 0xff) | v << 8);
            break;
        }
        /* Enabling the transmitter's interrupt while it is empty raises it. */
        if (~u->ier & v & IER_TX)
            u->tx_irq = true;
        u->ier = v & 15;
        break;
    case R_IIR_FCR:
        if ((v ^ u->fcr) & FCR_ENABLE)
            v |= FCR_CLEAR_RX | FCR_CLEAR_TX;
        if (!(v & FCR_ENABLE))
            v &= FCR_CLEAR_RX | FCR_CLEAR_TX;
        if (v & FCR_CLEAR_RX) {
            u->count = 0;
            u->timed_out = false;
            event_set(u->timeout, INT64_MAX);
        }
        if (v & FCR_CLEAR_TX)
            u->tx_irq = true;
        u->fcr = v & (FCR_ENABLE | 0xc0);
        fill(u);
        break;
    case R_LCR:
        u->lcr = v;
        break;
    case R_MCR: {
        uint8_t before = msr(u), change;
        u->mcr = v & 0x1f;
        change = before ^ msr(u);
        if (u->mcr & MCR_LOOP) /* delta bits; ring: only its trailing edge */
            u->msr_delta |= (uint8_t)((change >> 4 & 0xb) | (change & before & MSR_RI) >> 4);
        fill(u);
        break;
    }
    case R_SCR:
        u->scr = v;
        break;
    default: /* LSR and MSR are read-only outside factory test */
        break;
    }
    update(u);
}

static uint64_t uart_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    struct uart *u = dev;
    uint64_t v = 0;
    (void)cpu;
    if (offset + size > R_COUNT) {
        board_unimplemented(u->b, "UART", "read at offset", offset);
        return ~0ull;
    }
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)read8(u, (unsigned)offset + i) << 8 * i;
    return v;
}

static void uart_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    struct uart *u = dev;
    (void)cpu;
    if (offset + size > R_COUNT) {
        board_unimplemented(u->b, "UART", "write at offset", offset);
        return;
    }
    for (unsigned i = 0; i < size; i++)
        write8(u, (unsigned)offset + i, (uint8_t)(value >> 8 * i));
}

int uart_getc(struct uart *u)
{
    fill(u);
    return take(u);
}
void uart_putc(struct uart *u, uint8_t c)
{
    chardev_put(u->b->console, &c, 1);
}

void uart_reset(struct uart *u)
{
    struct board *b = u->b;
    struct event *e = u->timeout;
    memset(u, 0, sizeof *u);
    u->b = b;
    u->timeout = e;
    u->divisor = 1;
    event_set(e, INT64_MAX);
    update(u);
}

void uart_snapshot(struct snap *s, struct board *b)
{
    struct uart *u = b->uart;
    uint8_t *const regs[] = {&u->ier, &u->fcr,     &u->lcr,      &u->mcr,
                             &u->scr, &u->lsr_err, &u->msr_delta};
    for (unsigned i = 0; i < sizeof regs / sizeof regs[0]; i++)
        snap_mem(s, regs[i], 1);
    SNAP(s, u->divisor);
    snap_bool(s, &u->tx_irq);
    snap_bool(s, &u->timed_out);
    SNAP(s, u->rx);
    SNAP(s, u->head);
    SNAP(s, u->count);
    if (u->head < FIFO && u->count <= FIFO)
        return;
    snap_bad(s, "a FIFO beyond its end");
    u->head = u->count = 0;
}

struct uart *uart_new(struct board *b)
{
    struct uart *u = calloc(1, sizeof *u);
    if (!u)
        return NULL;
    u->b = b;
    u->timeout = event_new(b, on_timeout, u, "uart");
    u->divisor = 1;
    chardev_notify(b->console, fill, u);
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_UART_BASE,
                                            .size = 0x1000,
                                            .dev = u,
                                            .read = uart_read,
                                            .write = uart_write,
                                            .name = "UART"});
    return u;
}

void uart_free(struct uart *u)
{
    free(u);
}
