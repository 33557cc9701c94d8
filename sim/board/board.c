/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The board put together: memory, devices, and the machine's hooks. What belongs to a device is in
 * its file.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "sim/board/block.h"
#include "sim/board/chardev.h"
#include "sim/board/event.h"
#include "sim/board/iosapic.h"
#include "sim/board/net.h"
#include "sim/board/pci.h"
#include "sim/board/power.h"
#include "sim/board/record.h"
#include "sim/board/semihost.h"
#include "sim/board/snapshot.h"
#include "sim/board/uart.h"
#include "sim/board/virtio.h"
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/debug/stats.h"
#include "sim/firmware/firmware.h"

enum {
    LOOK_TURNS = 64, /* turns between looks at the host: 1.3 ms of modelled time */
    NAP = 20000000,  /* ns: longest wait for the host at a time */
};
#define PACE_SLACK (int64_t)(BOARD_ITC_HZ / 10) /* how far modelled and host time may be apart */

/* --- power and time --- */

void board_power_off(struct board *b)
{
    chardev_flush(b->console);
    b->m->exit_status = 0;
    b->m->stop = true;
    machine_kick(b->m);
}

void board_request_reset(struct board *b)
{
    if (b->cfg.no_reboot)
        board_power_off(b);
    else
        b->reset_requested = true;
}

int64_t board_time(struct board *b, uint32_t *ns)
{
    int64_t now = b->m->now;
    if (ns)
        *ns = (uint32_t)((uint64_t)now % BOARD_ITC_HZ * (1000000000ull / BOARD_ITC_HZ));
    return b->cfg.rtc_base + b->rtc_offset + now / (int64_t)BOARD_ITC_HZ;
}

/* --- messages --- */

void board_unimplemented(struct board *b, const char *device, const char *what, uint64_t reg)
{
    static struct {
        const char *device, *what;
        uint64_t reg;
    } told[256];
    static unsigned n;
    (void)b;
    for (unsigned i = 0; i < n; i++)
        if (told[i].device == device && told[i].what == what && told[i].reg == reg)
            return;
    if (n == sizeof told / sizeof told[0])
        return;
    told[n].device = device;
    told[n].what = what;
    told[n++].reg = reg;
    fprintf(stderr, "ia64-sim: log: unimplemented: %s: %s %#" PRIx64 "\n", device, what, reg);
}

/* --- DMA --- */

/* The longest piece of RAM at pa, at most len. NULL: not RAM. */
static uint8_t *ram_piece(struct board *b, uint64_t pa, uint64_t *len)
{
    struct phys_range *r = phys_find(b->m, pa);
    if (pa >> 50 || !r || !r->host || r->read)
        return NULL;
    if (*len > r->size - (pa - r->base))
        *len = r->size - (pa - r->base);
    return r->host + (pa - r->base);
}

static bool is_ram(struct board *b, uint64_t pa, uint64_t len)
{
    if (pa + len < pa)
        return false;
    while (len) {
        uint64_t n = len;
        if (!ram_piece(b, pa, &n))
            return false;
        pa += n;
        len -= n;
    }
    return true;
}

bool dma_ok(struct board *b, uint64_t pa, uint64_t len)
{
    return is_ram(b, pa, len);
}

bool dma_read(struct board *b, uint64_t pa, void *buf, uint64_t len)
{
    uint8_t *p = buf;
    if (!is_ram(b, pa, len))
        return false;
    while (len) {
        uint64_t n = len;
        const uint8_t *host = ram_piece(b, pa, &n);
        memcpy(p, host, n);
        pa += n;
        p += n;
        len -= n;
    }
    return true;
}

static void store(struct machine *m, uint8_t *host, const uint8_t *buf, uint64_t len)
{
    while (len) {
        uint64_t n = 4096 - ((uintptr_t)host & 4095);
        if (n > len)
            n = len;
        memcpy(host, buf, n);
        for (uint64_t i = 0; m->alat_bloom && i < n; i += 64)
            alat_store_slow(m, host + i, n - i < 64 ? (unsigned)(n - i) : 64);
        if (code_page_present(m, host))
            code_page_dirty(m, host);
        host += n;
        buf += n;
        len -= n;
    }
}

bool dma_write(struct board *b, uint64_t pa, const void *buf, uint64_t len)
{
    const uint8_t *p = buf;
    if (!is_ram(b, pa, len))
        return false;
    while (len) {
        uint64_t n = len;
        uint8_t *host = ram_piece(b, pa, &n);
        store(b->m, host, p, n);
        pa += n;
        p += n;
        len -= n;
    }
    return true;
}

/* --- between turns --- */

static void look_outside(struct board *b)
{
    chardev_poll(b->console);
    for (unsigned i = 0; i < b->cfg.nnics; i++)
        net_poll(b->net[i]);
}

/* Waits for the host, at most ns nanoseconds. False: there is nothing to wait for (unless always).
 */
static bool wait_outside(struct board *b, int64_t ns, bool always)
{
    struct pollfd fd[1 + NICS_MAX * NET_FDS];
    struct timespec t = {.tv_nsec = ns < NAP ? ns : NAP};
    nfds_t n = 0;
    bool tty;
    int console = chardev_fd(b->console, &tty);
    if (b->cfg.replay)
        return false;
    if (console >= 0)
        fd[n++] = (struct pollfd){.fd = console, .events = POLLIN};
    for (unsigned i = 0; i < b->cfg.nnics; i++)
        n += net_fds(b->net[i], &fd[n], NET_FDS);
    if (!n && !always)
        return false;
    ppoll(fd, n, &t, NULL);
    return true;
}

static bool network_busy(struct board *b)
{
    for (unsigned i = 0; i < b->cfg.nnics; i++)
        if (net_busy(b->net[i]))
            return true;
    return false;
}

static int64_t host_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Modelled time that the host's clock allows: it runs along with it from where they last met. They
 * meet anew when they are too far apart: after a busy stretch, which takes longer than it models,
 * nothing is caught up. */
static int64_t allowed(struct board *b)
{
    int64_t host = host_clock() / (1000000000 / (int64_t)BOARD_ITC_HZ), now = b->m->now;
    int64_t t = now + PACE_SLACK + 1;
    if (b->paced)
        t = b->pace_now + (host - b->pace_host);
    if (t > now + PACE_SLACK || t < now - PACE_SLACK) {
        b->paced = true;
        b->pace_now = t = now;
        b->pace_host = host;
    }
    return t;
}

/* An idle machine skips time. When a user sits at its terminal (or --realtime asks for it), or
 * somebody on the network has to answer, it skips no faster than real time passes. Only the host
 * waits: the run is the same, unless input comes. *until is lowered to what has been waited for.
 * False: go there before looking outside. */
static bool pace(struct board *b, int64_t *until)
{
    bool tty;
    chardev_fd(b->console, &tty);
    if (!b->cfg.realtime && !tty && !network_busy(b))
        return true;
    int64_t now = b->m->now, t = allowed(b);
    if (t >= *until)
        return true;
    wait_outside(b, (*until - t) * (1000000000 / (int64_t)BOARD_ITC_HZ), true);
    t = allowed(b);
    if (t < *until)
        *until = t > now ? t : now + 1;
    return t - now < (int64_t)BOARD_ITC_HZ / 1000;
}

/* Interrupts asked for so far: input that raises one ends idleness. */
static uint64_t requests(const struct machine *m)
{
    uint64_t r = 0;
    for (unsigned i = 0; i < m->ncpu; i++)
        for (unsigned k = 0; k < 4; k++)
            r |= m->cpu[i]->irr[k];
    return r;
}

static bool idle_turn(struct board *b, int64_t *until)
{
    struct machine *m = b->m;
    int64_t next = m->next_event;
    uint64_t before = requests(m);
    bool look = b->cfg.replay || *until == INT64_MAX || pace(b, until);
    if (look)
        look_outside(b);
    for (unsigned i = 0; i < b->cfg.nnics; i++)
        if (net_due(b->net[i]) < *until)
            *until = net_due(b->net[i]);
    return m->stop || m->next_event != next || requests(m) != before;
}

/* --savevm-when: between turns, so that the run goes on the same, here and where it is loaded. */
static void on_savevm_text(void *arg)
{
    struct board *b = arg;
    b->savevm_due = true;
}

static bool save_if_due(struct board *b)
{
    if (!b->savevm_due)
        return false;
    b->savevm_due = false;
    bool ok = snapshot_save(b, b->cfg.savevm);
    if (ok && !b->cfg.savevm_quit)
        return false;
    b->m->exit_status = !ok;
    b->m->stop = true;
    return true;
}

static bool board_turn(struct machine *m, bool idle, int64_t *until)
{
    struct board *b = board_of(m);
    if (save_if_due(b))
        return true;
    if (b->reset_requested) {
        b->reset_requested = false;
        chardev_flush(b->console);
        board_reset(b);
        if (!firmware_start(b)) {
            m->exit_status = 1;
            m->stop = true;
        }
        return true;
    }
    if (b->fw && m->ncpu > 1)
        sal_ap_poll(b);
    if (idle) {
        b->turns = 0;
        bool changed = idle_turn(b, until);
        return efi_wait_poll(b) || changed;
    }
    if (++b->turns < LOOK_TURNS)
        return m->stop;
    b->turns = 0;
    int64_t next = m->next_event;
    look_outside(b);
    return m->stop || m->next_event != next;
}

/* Every CPU waits and no timer runs. */
static bool board_wait(struct machine *m)
{
    struct board *b = board_of(m);
    chardev_flush(b->console);
    if (!wait_outside(b, NAP, false))
        return false;
    look_outside(b);
    return true;
}

/* --- birth, reset, death --- */

static const struct machine_ops board_ops = {.translate = mmu_translate,
                                             .deliver = firmware_deliver,
                                             .event = firmware_event,
                                             .machine_check = firmware_machine_check};

void board_reset(struct board *b)
{
    struct machine *m = b->m;
    iosapic_reset(b->iosapic);
    pci_reset(b->pci);
    uart_reset(b->uart);
    power_reset(b->power);
    code_cache_free(m);
    for (unsigned i = 0; i < m->ncpu; i++) {
        cpu_reset(m->cpu[i]);
        code_flush_fetch(m->cpu[i]);
    }
    pib_reset(b);
    pci_assign(b);
}

static bool add_devices(struct board *b)
{
    const struct board_config *cfg = &b->cfg;
    for (unsigned i = 0; i < cfg->ndrives; i++) {
        b->disk[i] = block_open(&cfg->drive[i]);
        if (!b->disk[i] || !virtio_blk_add(b, b->disk[i], i))
            return false;
    }
    for (unsigned i = 0; i < cfg->nnics; i++) {
        b->net[i] = net_new(b, &cfg->nic[i], i);
        if (!b->net[i] || !virtio_net_add(b, b->net[i], cfg->nic[i].mac))
            return false;
    }
    return !cfg->rng || virtio_rng_add(b);
}

static void replay_serial(void *arg, const void *buf, size_t n)
{
    chardev_inject(arg, buf, n);
}

struct board *board_new(const struct board_config *cfg)
{
    struct board *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->cfg = *cfg;
    if (!b->cfg.ncpu)
        b->cfg.ncpu = 1;
    if (!b->cfg.nodes)
        b->cfg.nodes = 1;
    if (!b->cfg.ram_size)
        b->cfg.ram_size = 512ull << 20;
    if (!b->cfg.serial)
        b->cfg.serial = "mon:stdio";
    b->m = machine_new(b->cfg.ncpu);
    if (!b->m) {
        fprintf(stderr, "ia64-sim: %u processors cannot be had (at most %d)\n", b->cfg.ncpu,
                MAX_CPUS);
        free(b);
        return NULL;
    }
    struct machine *m = b->m;
    m->board = b;
    m->ops = &board_ops;
    m->events = events_run;
    m->wait = board_wait;
    m->turn = board_turn;
    if (!record_open(b) || !memmap_build(b))
        goto fail;
    b->console = chardev_new(b, b->cfg.serial);
    if (!b->console)
        goto fail;
    replay_channel(b, "serial", replay_serial, b->console);
    if (b->cfg.savevm && !chardev_watch(b->console, b->cfg.savevm_when, on_savevm_text, b))
        goto fail;
    b->iosapic = iosapic_new(b);
    b->power = power_new(b);
    b->uart = uart_new(b);
    b->pci = pci_new(b);
    if (!b->iosapic || !b->power || !b->uart || !b->pci)
        goto fail;
    pib_add(b);
    ioport_add(b);
    debug_port_add(m);
    if (!add_devices(b))
        goto fail;
    record_start(b);
    board_reset(b);
    return b;
fail:
    board_free(b);
    return NULL;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    if (b->fw)
        firmware_free(b->fw);
    pci_free(b->pci);
    for (unsigned i = 0; i < DRIVES_MAX; i++)
        block_close(b->disk[i]);
    for (unsigned i = 0; i < NICS_MAX; i++)
        net_free(b->net[i]);
    uart_free(b->uart);
    power_free(b->power);
    iosapic_free(b->iosapic);
    chardev_free(b->console);
    record_close(b);
    events_free(b);
    stats_free(b->m);
    machine_free(b->m);
    free(b);
}
