/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The PCI bus: bus 0 of segment 0, a host bridge at 00:00.0, conventional configuration space
 * (PCI 3.0), two memory windows, INTx to BOARD_PCI_GSI, MSI-X.
 */
#ifndef SIM_BOARD_PCI_H
#define SIM_BOARD_PCI_H

#include "sim/board/board.h"
#include "sim/board/snapshot.h"

enum {
    PCI_VENDOR = 0x00,
    PCI_DEVICE = 0x02,
    PCI_COMMAND = 0x04,
    PCI_STATUS = 0x06,
    PCI_REVISION = 0x08,
    PCI_CLASS = 0x09,
    PCI_HEADER = 0x0e,
    PCI_BAR0 = 0x10,
    PCI_SUBVENDOR = 0x2c,
    PCI_SUBDEVICE = 0x2e,
    PCI_CAP_PTR = 0x34,
    PCI_INT_LINE = 0x3c,
    PCI_INT_PIN = 0x3d,
    PCI_CMD_MEMORY = 1 << 1,
    PCI_CMD_MASTER = 1 << 2,
    PCI_CMD_INTX_OFF = 1 << 10,
    PCI_STATUS_INTX = 1 << 3,
    PCI_STATUS_CAPS = 1 << 4,
    PCI_BAR_64 = 1 << 2,
    PCI_BAR_PREFETCH = 1 << 3,
    PCI_CAP_VENDOR = 0x09,
    PCI_CAP_MSIX = 0x11,
    PCI_BARS = 6,
    PCI_SLOTS = 32,
    PCI_MSIX_MAX = 64,
};

struct pci_bar {
    uint64_t size; /* a power of two; 0: none */
    uint8_t flags; /* PCI_BAR_64 | PCI_BAR_PREFETCH */
    void *arg;
    uint64_t (*read)(void *arg, struct cpu *cpu, uint64_t offset, unsigned size);
    void (*write)(void *arg, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size);
};
struct pci_msix {
    uint64_t addr;
    uint32_t data, ctrl; /* ctrl bit 0: masked */
};
struct pci_dev {
    struct board *b;
    const char *name;
    unsigned slot;
    uint8_t cfg[256], wmask[256]; /* wmask: bits the guest may change */
    struct pci_bar bar[PCI_BARS];
    bool intx;                  /* the device asserts its line */
    uint8_t cap_last, cap_next; /* where the capability list goes on */
    uint8_t msix_cap;           /* 0: none */
    unsigned nmsix;
    struct pci_msix msix[PCI_MSIX_MAX];
    uint64_t msix_pending;
    void *arg;
    /* Configuration accesses the device wants to see itself; NULL: none. Called after the write,
     * before the read. */
    void (*cfg_written)(struct pci_dev *d, unsigned reg, unsigned size);
    void (*cfg_read)(struct pci_dev *d, unsigned reg, unsigned size);
    void (*reset)(struct pci_dev *d);
    void (*free)(struct pci_dev *d);
    void (*snapshot)(struct pci_dev *d, struct snap *s); /* the device's own state; NULL: none */
};

struct pci_bus *pci_new(struct board *b);
void pci_free(struct pci_bus *bus);
void pci_reset(struct pci_bus *bus);
/* What firmware does at power-on: places every BAR, writes interrupt lines, turns decoding on. */
void pci_assign(struct board *b);

/* SAL_PCI_CONFIG_READ and _WRITE: size 1, 2 or 4, aligned. Nobody there: all ones. */
uint32_t pci_config_read(struct board *b, unsigned bus, unsigned devfn, unsigned reg,
                         unsigned size);
void pci_config_write(struct board *b, unsigned bus, unsigned devfn, unsigned reg, unsigned size,
                      uint32_t value);

/* A new device in the next free slot (its cfg zeroed but for what is given here), owned by the bus.
 * NULL: bus full. */
struct pci_dev *pci_add(struct board *b, const char *name, uint16_t vendor, uint16_t device,
                        uint32_t class_rev, uint16_t subdevice);
void pci_set_bar(struct pci_dev *d, unsigned n, const struct pci_bar *bar);
/* Appends a capability of len bytes (id and next included); returns its offset. */
uint8_t pci_add_cap(struct pci_dev *d, uint8_t id, unsigned len);
/* MSI-X with n vectors, table and pending bits in a BAR of its own. */
void pci_add_msix(struct pci_dev *d, unsigned bar, unsigned n);
bool pci_msix_enabled(const struct pci_dev *d);
void pci_msix_send(struct pci_dev *d, unsigned vector);
void pci_intx(struct pci_dev *d, bool level);
/* May the device read and write memory now? */
bool pci_master(const struct pci_dev *d);
struct pci_dev *pci_slot(struct board *b, unsigned slot); /* NULL: empty */

#endif
