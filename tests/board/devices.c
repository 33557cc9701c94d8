/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Register-level tests of the board's devices but virtio.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim/board/chardev.h"
#include "sim/board/event.h"
#include "sim/board/iosapic.h"
#include "sim/board/pci.h"
#include "sim/board/power.h"
#include "sim/board/uart.h"
#include "tests/board/check.h"

char failure[256];

struct board *make_board(const struct board_config *cfg)
{
    struct board_config c = *cfg;
    if (!c.ram_size)
        c.ram_size = 64 << 20;
    if (!c.serial)
        c.serial = "null";
    struct board *b = board_new(&c);
    if (!b) {
        printf("FAIL setup: no board\n");
        exit(1);
    }
    return b;
}
static struct board *plain(void)
{
    return make_board(&(struct board_config){.ncpu = 2});
}

uint64_t rd(struct board *b, uint64_t pa, unsigned size)
{
    struct phys_range *r = phys_find(b->m, pa);
    uint64_t v = r && r->read ? r->read(r->dev, b->m->cpu[0], pa - r->base, size) : ~0ull;
    return size == 8 ? v : v & ((1ull << 8 * size) - 1);
}
void wr(struct board *b, uint64_t pa, uint64_t v, unsigned size)
{
    struct phys_range *r = phys_find(b->m, pa);
    if (r && r->write)
        r->write(r->dev, b->m->cpu[0], pa - r->base, v, size);
}
void pass(struct board *b, int64_t cycles)
{
    int64_t end = b->m->now + cycles;
    while (b->m->next_event <= end) {
        if (b->m->next_event > b->m->now)
            b->m->now = b->m->next_event;
        events_run(b->m, b->m->now);
    }
    b->m->now = end;
    for (unsigned i = 0; i < b->m->ncpu; i++)
        b->m->cpu[i]->cycles = end;
}
bool irr(struct board *b, unsigned cpu, unsigned vector)
{
    uint64_t *w = &b->m->cpu[cpu]->irr[vector >> 6], bit = 1ull << (vector & 63);
    bool was = *w & bit;
    *w &= ~bit;
    return was;
}

/* --- I/O SAPIC, interrupt block --- */

#define LEVEL (1u << 15)
#define LOW   (1u << 13)
#define MASK  (1u << 16)
#define RIRR  (1u << 14)

static uint32_t sapic_rd(struct board *b, unsigned reg)
{
    wr(b, BOARD_IOSAPIC_BASE, reg, 4);
    return (uint32_t)rd(b, BOARD_IOSAPIC_BASE + 0x10, 4);
}
static void rte(struct board *b, unsigned gsi, uint32_t low, unsigned cpu)
{
    wr(b, BOARD_IOSAPIC_BASE, 0x11 + 2 * gsi, 4);
    wr(b, BOARD_IOSAPIC_BASE + 0x10, cpu << 24, 4);
    wr(b, BOARD_IOSAPIC_BASE, 0x10 + 2 * gsi, 4);
    wr(b, BOARD_IOSAPIC_BASE + 0x10, low, 4);
}
static void eoi(struct board *b, unsigned vector)
{
    wr(b, BOARD_IOSAPIC_BASE + 0x40, vector, 4);
}

static void iosapic_registers(void)
{
    struct board *b = plain();
    CHECK_EQ("version", sapic_rd(b, 1), 0x3f0021);
    CHECK_EQ("reset entry", sapic_rd(b, 0x10), MASK);
    rte(b, 5, 0xffffffff, 0xff);
    CHECK_EQ("writable low", sapic_rd(b, 0x1a), 0x1a7ff);
    CHECK_EQ("writable high", sapic_rd(b, 0x1b), 0xff000000);
    wr(b, BOARD_IOSAPIC_BASE, 0x90, 4);
    wr(b, BOARD_IOSAPIC_BASE + 0x10, 1, 4); /* entry 64: not there */
    board_free(b);
}

static void iosapic_level(void)
{
    struct board *b = plain();
    rte(b, 4, 0x50 | LEVEL, 1);
    irq_set(b, 4, true);
    CHECK("delivered to CPU 1", irr(b, 1, 0x50));
    CHECK("not to CPU 0", !irr(b, 0, 0x50));
    CHECK_EQ("remote IRR", sapic_rd(b, 0x18), 0x50 | LEVEL | RIRR);
    irq_set(b, 4, false);
    irq_set(b, 4, true);
    CHECK("not again before EOI", !irr(b, 1, 0x50));
    eoi(b, 0x51);
    CHECK("EOI of another vector", !irr(b, 1, 0x50));
    eoi(b, 0x50);
    CHECK("again after EOI while active", irr(b, 1, 0x50));
    irq_set(b, 4, false);
    eoi(b, 0x50);
    CHECK("not when inactive", !irr(b, 1, 0x50));
    rte(b, 4, 0x50 | LEVEL | MASK, 1);
    irq_set(b, 4, true);
    CHECK("masked", !irr(b, 1, 0x50));
    rte(b, 4, 0x50 | LEVEL, 1);
    CHECK("level survives the mask", irr(b, 1, 0x50));
    board_free(b);
}

static void iosapic_edge(void)
{
    struct board *b = plain();
    rte(b, 4, 0x60, 0);
    irq_set(b, 4, true);
    CHECK("edge", irr(b, 0, 0x60));
    irq_set(b, 4, true);
    CHECK("no edge", !irr(b, 0, 0x60));
    irq_set(b, 4, false);
    CHECK("trailing edge", !irr(b, 0, 0x60));
    rte(b, 4, 0x60 | MASK, 0);
    irq_set(b, 4, true);
    rte(b, 4, 0x60, 0);
    CHECK("a masked edge is lost", !irr(b, 0, 0x60));
    rte(b, 4, 0x60 | LOW, 0);
    irq_set(b, 4, false);
    CHECK("active low: falling edge", irr(b, 0, 0x60));
    board_free(b);
}

static void iosapic_polarity(void)
{
    struct board *b = plain();
    rte(b, BOARD_PCI_GSI(1, 0), 0x70 | LEVEL | LOW, 0);
    CHECK("PCI line at rest is high", !irr(b, 0, 0x70));
    irq_set(b, BOARD_PCI_GSI(1, 0), true);
    CHECK("PCI line is active low", irr(b, 0, 0x70));
    irq_set(b, BOARD_PCI_GSI(1, 0), false);
    eoi(b, 0x70);
    rte(b, BOARD_PCI_GSI(1, 0), 0x71 | LEVEL, 0);
    CHECK("wrong polarity: active at rest", irr(b, 0, 0x71));
    board_free(b);
}

static void interrupt_block(void)
{
    struct board *b = plain();
    wr(b, BOARD_PIB_BASE | 1 << 12, 0x42, 8);
    CHECK("IPI to CPU 1", irr(b, 1, 0x42));
    CHECK("and nobody else", !irr(b, 0, 0x42));
    wr(b, BOARD_PIB_BASE | 9 << 12, 0x42, 8);
    CHECK("nobody there", !irr(b, 0, 0x42) && !irr(b, 1, 0x42));
    wr(b, BOARD_PIB_BASE | 1 << 4, 0x42, 8);
    CHECK("eid does not match", !irr(b, 0, 0x42));
    wr(b, BOARD_PIB_BASE, 4 << 8, 8);
    CHECK("NMI", irr(b, 0, 2));
    wr(b, BOARD_PIB_BASE, 7 << 8, 8);
    CHECK("ExtINT", irr(b, 0, 0));
    wr(b, BOARD_PIB_BASE, 0x42, 4);
    CHECK("4-byte stores are no messages", !irr(b, 0, 0x42));
    CHECK_EQ("INTA", rd(b, BOARD_PIB_BASE + 0x1e0000, 1), 15);
    wr(b, BOARD_PIB_BASE + 0x1e0008, 0x80, 1);
    irq_msi(b, BOARD_PIB_BASE | 1 << 12, 0x43);
    CHECK("MSI", irr(b, 1, 0x43));
    irq_msi(b, 0x1000, 0x44);
    board_free(b);
}

/* --- UART --- */

#define U(reg) (BOARD_UART_BASE + (reg))

static void uart_registers(void)
{
    struct board *b = plain();
    CHECK_EQ("LSR at rest", rd(b, U(5), 1), 0x60);
    CHECK_EQ("no interrupt", rd(b, U(2), 1), 1);
    wr(b, U(3), 0x83, 1);
    wr(b, U(0), 0x34, 1);
    wr(b, U(1), 0x12, 1);
    CHECK_EQ("divisor", rd(b, U(0), 1) | rd(b, U(1), 1) << 8, 0x1234);
    wr(b, U(3), 3, 1);
    wr(b, U(1), 0xff, 1);
    CHECK_EQ("IER has four bits", rd(b, U(1), 1), 15);
    wr(b, U(7), 0xa5, 1);
    CHECK_EQ("scratch", rd(b, U(7), 1), 0xa5);
    wr(b, U(2), 1, 1);
    CHECK_EQ("FIFOs", rd(b, U(2), 1) & 0xc0, 0xc0);
    wr(b, U(4), 0x1a, 1);
    CHECK_EQ("loopback of modem lines", rd(b, U(6), 1) & 0xf0, 0x90);
    wr(b, U(0), 'x', 1);
    CHECK_EQ("loopback of data", rd(b, U(0), 1), 'x');
    CHECK_EQ("beyond the registers", rd(b, U(8), 1), 0xff);
    board_free(b);
}

static void uart_receive(void)
{
    struct board *b = plain();
    rte(b, BOARD_UART_GSI, 0x55 | LEVEL, 0);
    wr(b, U(2), 0x81, 1); /* FIFO, trigger 8 */
    wr(b, U(1), 1, 1);
    chardev_inject(b->console, "abc", 3);
    CHECK("below the trigger: silence", !irr(b, 0, 0x55));
    pass(b, 10000000);
    CHECK("timeout tells", irr(b, 0, 0x55));
    CHECK_EQ("IIR: timeout", rd(b, U(2), 1), 0xcc);
    CHECK_EQ("a", rd(b, U(0), 1), 'a');
    CHECK_EQ("b", rd(b, U(0), 1), 'b');
    CHECK_EQ("c", rd(b, U(0), 1), 'c');
    CHECK_EQ("empty", rd(b, U(5), 1), 0x60);
    eoi(b, 0x55);
    CHECK("line has dropped", !irr(b, 0, 0x55));
    chardev_inject(b->console, "0123456789abcdefghij", 20);
    CHECK("trigger", irr(b, 0, 0x55));
    CHECK_EQ("IIR: data", rd(b, U(2), 1), 0xc4);
    for (const char *p = "0123456789abcdefghij"; *p; p++)
        CHECK_EQ("order beyond 16 bytes", rd(b, U(0), 1), *p);
    CHECK_EQ("no overrun", rd(b, U(5), 1), 0x60);
    board_free(b);
}

static void uart_transmit(void)
{
    char path[] = "/tmp/uart-test-XXXXXX", spec[64], got[16] = {0};
    int fd = mkstemp(path);
    snprintf(spec, sizeof spec, "file:%s", path);
    struct board *b = make_board(&(struct board_config){.serial = spec});
    rte(b, BOARD_UART_GSI, 0x55 | LEVEL, 0);
    wr(b, U(1), 2, 1);
    CHECK("empty transmitter interrupts when enabled", irr(b, 0, 0x55));
    CHECK_EQ("IIR: transmitter", rd(b, U(2), 1), 2);
    CHECK_EQ("reading IIR clears it", rd(b, U(2), 1), 1);
    eoi(b, 0x55);
    wr(b, U(0), 'h', 1);
    CHECK("again after a character", irr(b, 0, 0x55));
    wr(b, U(0), 'i', 1);
    board_free(b);
    CHECK_EQ("bytes out", read(fd, got, sizeof got), 2);
    CHECK("text", !strcmp(got, "hi"));
    close(fd);
    unlink(path);
}

/* --- events --- */

static char order[16];
static void note(void *arg, int64_t now)
{
    (void)now;
    strncat(order, arg, 1);
}
static void event_order(void)
{
    struct board *b = plain();
    order[0] = 0;
    struct event *e[4];
    for (int i = 0; i < 4; i++)
        e[i] = event_new(b, note, (void *)(uintptr_t) & "abcd"[i], "test");
    event_set(e[2], 100);
    event_set(e[0], 300);
    event_set(e[3], 200);
    event_set(e[1], 200);
    CHECK_EQ("next", b->m->next_event, 100);
    events_run(b->m, 99);
    CHECK("too early", !order[0]);
    events_run(b->m, 250);
    CHECK("by time, then by creation", !strcmp(order, "cbd"));
    CHECK_EQ("next", b->m->next_event, 300);
    event_set(e[0], INT64_MAX);
    events_run(b->m, 400);
    CHECK("cancelled", !strcmp(order, "cbd"));
    CHECK_EQ("none left", b->m->next_event, INT64_MAX);
    board_free(b);
}

/* --- PCI --- */

static uint32_t cfg(struct board *b, unsigned slot, unsigned reg, unsigned size)
{
    return pci_config_read(b, 0, slot << 3, reg, size);
}
static void cfg_wr(struct board *b, unsigned slot, unsigned reg, unsigned size, uint32_t v)
{
    pci_config_write(b, 0, slot << 3, reg, size, v);
}

static void pci_bars(void)
{
    struct board *b = make_board(&(struct board_config){.rng = true});
    CHECK_EQ("host bridge", cfg(b, 0, PCI_CLASS, 2) >> 8 | cfg(b, 0, 0x0b, 1) << 8, 0x0600);
    CHECK_EQ("device", cfg(b, 1, 0, 4), 0x10441af4);
    CHECK_EQ("nobody", cfg(b, 2, 0, 4), 0xffffffff);
    CHECK_EQ("no function 1", pci_config_read(b, 0, 1 << 3 | 1, 0, 2), 0xffff);
    CHECK_EQ("no bus 1", pci_config_read(b, 1, 0, 0, 2), 0xffff);
    CHECK_EQ("no extended space", cfg(b, 1, 0x100, 4), 0xffffffff);
    CHECK_EQ("interrupt line", cfg(b, 1, PCI_INT_LINE, 1), BOARD_PCI_GSI(1, 0));
    uint32_t lo = cfg(b, 1, 0x20, 4), hi = cfg(b, 1, 0x24, 4);
    CHECK_EQ("64-bit window", (uint64_t)hi << 32 | (lo & ~15u), BOARD_PCI64_BASE);
    CHECK_EQ("flags", lo & 15, 12);
    cfg_wr(b, 1, 0x20, 4, ~0u);
    cfg_wr(b, 1, 0x24, 4, ~0u);
    CHECK_EQ("size", cfg(b, 1, 0x20, 4), 0xffffc00c);
    CHECK_EQ("size, upper half", cfg(b, 1, 0x24, 4), 0xffffffff);
    /* Elsewhere, and off. */
    cfg_wr(b, 1, 0x20, 4, 0x40000);
    cfg_wr(b, 1, 0x24, 4, 0x100);
    CHECK_EQ("moved: number of queues", rd(b, BOARD_PCI64_BASE + 0x40012, 2), 1);
    CHECK_EQ("not at the old place", rd(b, BOARD_PCI64_BASE + 0x12, 2), 0xffff);
    cfg_wr(b, 1, PCI_COMMAND, 2, 0);
    CHECK_EQ("decoding off", rd(b, BOARD_PCI64_BASE + 0x40012, 2), 0xffff);
    cfg_wr(b, 1, 0, 4, 0);
    CHECK_EQ("identity is read-only", cfg(b, 1, 0, 4), 0x10441af4);
    board_reset(b);
    CHECK_EQ("reset places it anew", rd(b, BOARD_PCI64_BASE + 0x12, 2), 1);
    /* The capability list ends and stays inside. */
    unsigned n = 0;
    for (unsigned at = cfg(b, 1, PCI_CAP_PTR, 1); at && n < 20; at = cfg(b, 1, at + 1, 1), n++)
        CHECK("capability offset", at >= 0x40 && !(at & 3));
    CHECK_EQ("capabilities", n, 5);
    board_free(b);
}

static void pci_msix(void)
{
    struct board *b = make_board(&(struct board_config){.rng = true});
    struct pci_dev *d = pci_slot(b, 1);
    uint64_t table = cfg(b, 1, 0x14, 4) & ~15u;
    unsigned ctl = d->msix_cap + 2u;
    CHECK_EQ("entries", cfg(b, 1, ctl, 2) & 0x7ff, 1);
    CHECK_EQ("masked at reset", rd(b, table + 12, 4), 1);
    wr(b, table, BOARD_PIB_BASE, 8);
    wr(b, table + 8, 0x66, 4);
    cfg_wr(b, 1, ctl, 2, 0x8000);
    pci_msix_send(d, 0);
    CHECK("masked", !irr(b, 0, 0x66));
    CHECK_EQ("pending bit", rd(b, table + 0x800, 8), 1);
    wr(b, table + 12, 0, 4);
    CHECK("unmasking sends", irr(b, 0, 0x66));
    CHECK_EQ("no longer pending", rd(b, table + 0x800, 8), 0);
    cfg_wr(b, 1, ctl, 2, 0xc000);
    pci_msix_send(d, 0);
    CHECK("function mask", !irr(b, 0, 0x66));
    cfg_wr(b, 1, ctl, 2, 0x8000);
    CHECK("function unmask sends", irr(b, 0, 0x66));
    board_free(b);
}

/* --- power, memory map, DMA --- */

static void power_registers(void)
{
    struct board *b = plain();
    const uint64_t p = BOARD_POWER_BASE;
    CHECK_EQ("SCI_EN", rd(b, p + POWER_PM1_CNT, 2), 1);
    pass(b, BOARD_ITC_HZ);
    CHECK_EQ("PM timer after a second", rd(b, p + POWER_PM_TMR, 4), 3579545);
    rte(b, BOARD_SCI_GSI, 0x58 | LEVEL | LOW, 0);
    wr(b, p + POWER_PM1_EVT + 2, 0x100, 2);
    power_button(b->power);
    CHECK("power button: SCI", irr(b, 0, 0x58));
    CHECK_EQ("status", rd(b, p + POWER_PM1_EVT, 2), 0x100);
    wr(b, p + POWER_PM1_EVT, 0x100, 2);
    CHECK_EQ("writing 1 clears", rd(b, p + POWER_PM1_EVT, 2), 0);
    wr(b, p + POWER_RESET, 5, 1);
    CHECK("only 6 resets", !b->reset_requested);
    wr(b, p + POWER_RESET, 6, 1);
    CHECK("reset", b->reset_requested);
    b->m->exit_status = 9;
    wr(b, p + POWER_PM1_CNT, POWER_S5 << 10 | 1 << 13, 2);
    CHECK("S5 stops", b->m->stop);
    CHECK_EQ("exit status", b->m->exit_status, 0);
    board_free(b);
}

static void memory_map(void)
{
    static const char *const bad[] = {"0+64M,32M+64M", "0+64M,3G+1G",  "1G+64M",  "0+64M@3",
                                      "0+64M,x",       "0+64M,5G+100", "0+4K",    "0+64M,1T+1G",
                                      "0+0",           "0+99999999G",  "0+64M,4G"};
    struct board *b = make_board(&(struct board_config){.ram_size = 4ull << 30});
    CHECK_EQ("ranges", b->nram, 2);
    CHECK_EQ("low", b->ram[0].size, BOARD_LOW_RAM_MAX);
    CHECK_EQ("high", b->ram[1].base, BOARD_HIGH_RAM);
    board_free(b);
    b = make_board(&(struct board_config){.ram_size = 64ull << 30, .ncpu = 2, .nodes = 2});
    CHECK_EQ("nodes: ranges", b->nram, 3);
    CHECK_EQ("node of the last", b->ram[2].node, 1);
    CHECK_EQ("half each", b->ram[2].size, 32ull << 30);
    board_free(b);
    b = make_board(&(struct board_config){.memory_map = "8G+1G,0+1G"});
    CHECK_EQ("sorted", b->ram[1].base, 8ull << 30);
    CHECK_EQ("total", b->cfg.ram_size, 2ull << 30);
    board_free(b);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        b = board_new(&(struct board_config){.memory_map = bad[i], .serial = "null"});
        CHECK(bad[i], !b);
        board_free(b);
    }
}

static void dma(void)
{
    struct board *b = make_board(&(struct board_config){.memory_map = "0+64M,64M+64M,4G+64M"});
    uint64_t x = 0x1122334455667788, y = 0;
    CHECK("across ranges", dma_write(b, (64 << 20) - 4, &x, 8));
    CHECK("back", dma_read(b, (64 << 20) - 4, &y, 8));
    CHECK_EQ("value", y, x);
    CHECK("beyond the end", !dma_write(b, (128 << 20) - 4, &x, 8));
    CHECK("a device", !dma_read(b, BOARD_UART_BASE, &y, 8));
    CHECK("wrapping", !dma_read(b, UINT64_MAX - 3, &y, 8));
    CHECK("uncacheable alias is no bus address", !dma_read(b, 1ull << 63, &y, 8));
    board_free(b);
}

static const struct test_case cases[] = {
    {"iosapic-registers", iosapic_registers},
    {"iosapic-level", iosapic_level},
    {"iosapic-edge", iosapic_edge},
    {"iosapic-polarity", iosapic_polarity},
    {"interrupt-block", interrupt_block},
    {"uart-registers", uart_registers},
    {"uart-receive", uart_receive},
    {"uart-transmit", uart_transmit},
    {"event-order", event_order},
    {"pci-bars", pci_bars},
    {"pci-msix", pci_msix},
    {"power", power_registers},
    {"memory-map", memory_map},
    {"dma", dma},
    {NULL, NULL},
};

static int run(const struct test_case *t, const char *only)
{
    int failed = 0;
    for (; t->name; t++) {
        if (*only && strcmp(only, t->name))
            continue;
        failure[0] = 0;
        t->fn();
        if (failure[0])
            printf("FAIL %s: %s\n", t->name, failure);
        else
            printf("PASS %s\n", t->name);
        fflush(stdout);
        failed += failure[0] != 0;
    }
    return failed;
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    return run(cases, only) + run(virtio_cases, only) ? 1 : 0;
}
