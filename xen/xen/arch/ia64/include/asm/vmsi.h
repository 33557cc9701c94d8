/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message-signalled interrupts of the hardware domain's PCI devices (PCI Local Bus 3.0, 6.8). The domain sees MSI and MSI-X as it programmed them, with
 * vectors and ids of its virtual local SAPICs; the devices have messages of Xen's, and when one comes the domain gets its own.
 *
 * vmsi.c: the capabilities and tables as the domain sees them, and what of that the devices get. vmsi-config.c: devices, and accesses to configuration
 * space. pci.c: how those come from the domain, and go to the machine. msi.c: vectors of the machine, and their messages.
 */
#ifndef __ASM_IA64_VMSI_H__
#define __ASM_IA64_VMSI_H__

#include <xen/types.h>
#include <xen/spinlock.h>

struct domain;
struct vcpu;

/* Where messages go: the processor interrupt block, which chipsets have there for devices; id and eid in bits 19:4 (SDM 2:5.8.4). */
#define MSI_ADDRESS_BASE        0xfee00000UL
#define MSI_ADDRESS(lid)        (MSI_ADDRESS_BASE | (uint32_t)(lid) << 4)

struct vmsix_entry {
    uint32_t addr, addr_hi, data, ctrl;     /* as the domain wrote them. Of the last only the mask: steering tags are not offered */
    uint8_t vector;             /* the machine's; 0: none */
    unsigned int cpu;           /* that the device's message names, if vector */
};

/* A PCI function that the domain has found. */
struct vmsi_dev {
    struct vmsi_dev *next;
    uint32_t sbdf;
    uint32_t id;                /* vendor and device: another one means that it was exchanged */
    uint8_t header;
    uint8_t pm_cap;             /* power management; 0: none */
    bool d0;                    /* registers in memory answer */
    bool waking;                /* they will when the domain touches it again */
    uint8_t told;               /* VMSI_TOLD_*: said only once */
    uint16_t sriov;             /* extended capability; 0: none */

    struct {
        uint8_t cap;            /* 0: none */
        bool is64;
        uint8_t max_order;
        uint16_t control;       /* enable and number of messages, as the domain has them */
        uint16_t data;
        uint32_t addr, addr_hi;
        bool on;                /* the device sends: to vector.. vector + 2^order - 1 */
        uint8_t vector, order;
        unsigned int cpu;
    } msi;

    struct {
        uint8_t cap, bir;
        uint16_t control;
        bool on;
        uint32_t offset;
        unsigned int nr, used;  /* entries; those with a vector */
        uint64_t base;          /* where the table is; 0: nowhere that can be reached. Changed with pages_lock too */
        struct vmsix_entry *entry;
    } msix;
};

struct vmsi {
    spinlock_t lock;            /* of everything, and of the order in which the devices see it. Interrupts stay on: p2m.c's flushes wait for processors */
    spinlock_t pages_lock;      /* of the list and msix.base, for vmsi_page(): a leaf */
    struct vmsi_dev *dev;
};

/* vmsi.c. Only the hardware domain has any. */
int vmsi_init(struct domain *d);
void vmsi_destroy(struct domain *d);

/* The domain's accesses to configuration space, of 1, 2 or 4 bytes, aligned. The machine's SAL status. */
int64_t vmsi_config_read(struct domain *d, uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t *val);
int64_t vmsi_config_write(struct domain *d, uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t val);

/* Does a table of MSI-X lie in this page? And accesses there, aligned, of up to 8 bytes; what is not of the table goes to the machine. */
bool vmsi_page(const struct domain *d, uint64_t gpa);
uint64_t vmsi_read(struct domain *d, uint64_t gpa, unsigned int size);
void vmsi_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val);

/* v has moved to another processor. */
void vmsi_move(struct vcpu *v);
/* A message that the domain wrote is to be delivered. false: no processor takes it, it is lost. From any context. */
bool vmsi_deliver(struct domain *d, uint64_t addr, uint32_t data);
/* The vcpu it names, NULL: none. */
struct vcpu *vmsi_target(struct domain *d, uint64_t addr);
void vmsi_dump(const struct domain *d);

/* Between vmsi.c and vmsi-config.c. */
#define VMSI_TOLD_SIZE          1
#define VMSI_TOLD_PLACE         2
#define VMSI_TOLD_VECTORS       4
bool vmsi_tell(struct vmsi_dev *dev, unsigned int what);    /* for the first time? */
#define SBDF_FMT                "%04x:%02x:%02x.%u"
#define SBDF_ARGS(s)            (s) >> 16, ((s) >> 8) & 0xff, ((s) >> 3) & 0x1f, (s) & 7

#define VMSI_REGISTERS          0x10    /* bytes of a capability with fields of the domain's */
#define VMSIX_CAP_SIZE          12
#define MSIX_CONTROL            (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL)
#define MSIX_CTRL_MASK          1U      /* of an entry */

uint32_t vmsi_hw_read(const struct vmsi_dev *dev, unsigned int reg, unsigned int size);
void vmsi_hw_write(const struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t val);
void vmsi_settle(struct domain *d, struct vmsi_dev *dev);   /* the domain touches it */
void vmsi_place(struct domain *d, struct vmsi_dev *dev);    /* its table may have come to be elsewhere */
bool vmsi_ready(struct domain *d, struct vmsi_dev *dev);    /* does its table answer? */
/* Is this register in a capability whose writes are emulated? */
bool vmsi_capability(const struct vmsi_dev *dev, unsigned int reg);
void vmsi_capability_read(struct domain *d, struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t *val);
void vmsi_capability_write(struct domain *d, struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t val);
/* MSI: the device sends no more; it was reset. */
void vmsi_msi_off(struct vmsi_dev *dev);
void vmsi_msi_reset(struct vmsi_dev *dev);
/* MSI-X: the device's control register, which tells that it was reset; it and the table, or one entry, as the domain has them; without vectors. */
bool vmsix_reachable(const struct vmsi_dev *dev);
uint16_t vmsix_hw_control(struct domain *d, struct vmsi_dev *dev);
void vmsix_apply(struct domain *d, struct vmsi_dev *dev, uint16_t hw);
void vmsix_entry_apply(struct domain *d, struct vmsi_dev *dev, unsigned int i);
void vmsix_free(struct vmsi_dev *dev);

/*
 * msi.c. 2^order vectors of the machine, in a row and aligned; sbdf and entry are for messages to people. Each has a message of the domain's; none yet. The
 * first one, or -ENOSPC.
 */
int msi_alloc(struct domain *d, unsigned int order, uint32_t sbdf, unsigned int entry);
void msi_free(unsigned int vector, unsigned int order);
void msi_set_message(unsigned int vector, uint64_t addr, uint32_t data);
/* An interrupt came by such a vector. */
void msi_interrupt(unsigned int vector);
/* Registers of the machine, uncached. */
uint64_t msi_mmio_read(uint64_t pa, unsigned int size);
void msi_mmio_write(uint64_t pa, unsigned int size, uint64_t val);
/* May the domain reach the devices of this page, none of which Xen emulates? */
bool msi_mmio_allowed(struct domain *d, uint64_t pa);
/* The domain's translations of device pages are gone, and come again when touched (p2m_map_mmio()). */
void msi_mmio_unmap(struct domain *d, uint64_t pa, unsigned long nr_pages);

/* pci.c. Configuration space of the machine. */
int64_t pci_machine_read(uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t *val);
int64_t pci_machine_write(uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t val);

#endif /* __ASM_IA64_VMSI_H__ */
