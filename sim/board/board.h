/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The board: a generic DIG64 server. This file is its map and the interfaces between its parts;
 * each part is a file of its own (iosapic.c, uart.c, pci.c, virtio_*.c, event.c, memmap.c,
 * power.c). Firmware (sim/firmware) describes it to guests.
 *
 * Physical map (50 bits):
 *
 *   0                       RAM, up to 3 GiB (less where --memory-map says so)
 *   0xc000_0000             nothing
 *   0xe000_0000 256 MiB     PCI memory window (32-bit BARs)
 *   0xfec0_0000   4 KiB     I/O SAPIC, 64 redirection entries, GSI 0..63
 *   0xfee0_0000   2 MiB     processor interrupt block (SDM 2:5.8.4): IPI messages, INTA, XTP
 *   0xff5e_0000   4 KiB     16550 UART, registers one byte apart, GSI 4, 1.8432 MHz clock
 *   0xff5f_0000   4 KiB     power: ACPI PM1a event/control, PM timer, GPE0, reset register
 *   0xff60_0000   4 KiB     debug port: measurement markers, semihosting (documented in
 * sim/board/README.md) 0x1_0000_0000           the rest of RAM 0x100_0000_0000 1 TiB.. 64-bit PCI
 * window, 64 GiB 0x3fff_fc00_0000 64 MiB I/O port space, sparse (SDM 2:10.7): port p at ((p >> 2)
 * << 12) | (p & 0xfff)
 */
#ifndef SIM_BOARD_BOARD_H
#define SIM_BOARD_BOARD_H

#include "sim/machine.h"

#define BOARD_LOW_RAM_MAX  0xc0000000ull
#define BOARD_PCI32_BASE   0xe0000000ull
#define BOARD_PCI32_SIZE   0x10000000ull
#define BOARD_IOSAPIC_BASE 0xfec00000ull
#define BOARD_PIB_BASE     0xfee00000ull
#define BOARD_PIB_SIZE     0x200000ull
#define BOARD_UART_BASE    0xff5e0000ull
#define BOARD_UART_GSI     4
#define BOARD_POWER_BASE   0xff5f0000ull
#define BOARD_SCI_GSI      9
/* Registers of the power block: offsets from BOARD_POWER_BASE. */
enum {
    POWER_PM1_EVT = 0x00, /* 2 status, 2 enable */
    POWER_PM1_CNT = 0x04, /* 2: SLP_TYP 12:10, SLP_EN 13, SCI_EN 0; S5 is SLP_TYP 5 */
    POWER_PM_TMR = 0x08,  /* 4: 3.579545 MHz, 32 bits */
    POWER_GPE0 = 0x10,    /* 4 status, 4 enable */
    POWER_RESET = 0x20,   /* 1: 6 resets the machine */
    POWER_S5 = 5,
};
#define BOARD_DEBUG_BASE  0xff600000ull
#define BOARD_HIGH_RAM    0x100000000ull
#define BOARD_PCI64_BASE  0x10000000000ull
#define BOARD_PCI64_SIZE  0x1000000000ull
#define BOARD_IOPORT_BASE 0x3ffffc000000ull
#define BOARD_IOPORT_SIZE 0x4000000ull
#define BOARD_GSI_COUNT   64
#define BOARD_PCI_GSI(dev, pin)                                                                    \
    (16 + ((dev)*4 + (pin)) % 32) /* pin 0..3: INTA..INTD of device dev on bus 0 */
#define BOARD_ITC_HZ                                                                               \
    1000000000ull /* modelled cycles a second: ar.itc frequency SAL_FREQ_BASE / PAL_FREQ_RATIOS    \
                     report */

/* A range of RAM, and its NUMA node. */
struct ram_range {
    uint64_t base, size;
    unsigned node;
};
enum { RAM_RANGES_MAX = 32, DRIVES_MAX = 8, NICS_MAX = 4 };

struct drive_config {
    const char *file;
    bool readonly, snapshot; /* snapshot: writes are kept in memory only */
    const char *dir;         /* file == NULL: a host directory shown as a FAT disk */
};
struct nic_config {
    const char *hostfwd; /* QEMU syntax, or NULL */
    uint8_t mac[6];
};
struct board_config {
    uint64_t ram_size;
    const char *memory_map; /* --memory-map: base+size[@node],... or NULL: contiguous */
    unsigned ncpu, nodes;   /* -smp, -numa */
    const char *kernel, *initrd, *append; /* --kernel boot */
    const char *efi;                      /* --efi app.efi[,args] */
    const char *fat_dir;                  /* --fat DIR: removable disk made from a directory */
    const char *nvram;                    /* EFI variables' file, NULL: not kept */
    struct drive_config drive[DRIVES_MAX];
    unsigned ndrives;
    struct nic_config nic[NICS_MAX];
    unsigned nnics;
    unsigned echr;               /* -echr: escape character of the console, 1: Ctrl-a */
    const char *serial;          /* QEMU syntax: stdio, mon:stdio, file:, tcp:, unix:, null */
    const char *record, *replay; /* outside input, with its modelled time */
    bool rng;
    int64_t
        rtc_base; /* --rtc base=: seconds since 1970 at cycle 0; deterministic default 2026-01-01 */
    bool no_reboot;
    bool realtime;                    /* idle time passes at the host's pace, whoever is there */
    const char *loadvm;               /* snapshot to start from */
    const char *savevm, *savevm_when; /* snapshot to write when the console has printed that text */
    bool savevm_quit;                 /* and end then */
};

struct board {
    struct machine *m;
    struct board_config cfg;
    struct ram_range ram[RAM_RANGES_MAX];
    unsigned nram;
    struct event *events; /* event.c */
    struct iosapic *iosapic;
    struct uart *uart;
    struct pci_bus *pci;
    struct power *power;
    struct firmware *fw; /* sim/firmware */
    struct chardev *console;
    int64_t rtc_offset;                /* SetTime: seconds added to rtc_base */
    struct record *record;             /* record.c */
    struct blockdev *disk[DRIVES_MAX]; /* block.c: the drives' contents, for firmware too */
    struct netdev *net[NICS_MAX];      /* net.c */
    bool reset_requested;
    bool savevm_due; /* the text of cfg.savevm_when has been printed */
    unsigned turns;  /* since the host was last looked at */
    bool paced;      /* board.c: modelled and host time have met, at: */
    int64_t pace_now, pace_host;
};
static inline struct board *board_of(struct machine *m)
{
    return m->board;
}

/* Builds the machine; errors are printed and NULL returned. */
struct board *board_new(const struct board_config *cfg);
void board_free(struct board *b);
/* Reset: devices, then CPUs, then firmware from its start. */
void board_reset(struct board *b);

/* From device or firmware code: power off (m->stop, exit status 0) or reset, at the end of the
 * current turn. With cfg.no_reboot a reset stops the machine. */
void board_power_off(struct board *b);
void board_request_reset(struct board *b);
/* Says `unimplemented: device: what reg` on stderr, once for each of them. */
void board_unimplemented(struct board *b, const char *device, const char *what, uint64_t reg);
/* Wall-clock seconds since 1970, and nanoseconds, on modelled time. */
int64_t board_time(struct board *b, uint32_t *ns);

/* --- time: event.c --- */
typedef void (*event_fn)(void *arg, int64_t now);
struct event *event_new(struct board *b, event_fn fn, void *arg, const char *name);
void event_set(struct event *e, int64_t when); /* modelled cycles; INT64_MAX: cancel */

/* --- interrupts: iosapic.c --- */
void irq_set(struct board *b, unsigned gsi,
             bool level); /* a line; level- or edge-triggered as the guest programmed it */
void irq_msi(struct board *b, uint64_t addr,
             uint32_t data); /* a message written to the processor interrupt block */

/* --- DMA: RAM only; false when the range is not RAM (device then reports an error) --- */
bool dma_ok(struct board *b, uint64_t pa, uint64_t len); /* RAM all along? */
bool dma_read(struct board *b, uint64_t pa, void *buf, uint64_t len);
bool dma_write(struct board *b, uint64_t pa, const void *buf,
               uint64_t len); /* keeps decoded code and ALAT coherent */

/* memmap.c: fills b->ram from cfg.ram_size, memory_map and nodes; false after a message. */
bool memmap_build(struct board *b);
/* ioport.c: maps the sparse I/O port space. */
void ioport_add(struct board *b);

/* --- outside input, recordable: chardev.c, net backends. Called between turns only. --- */

#endif
