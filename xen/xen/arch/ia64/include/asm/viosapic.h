/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's I/O SAPICs: redirection entries behind a register window. Domain 0 has those of the machine, at their addresses; the machine's
 * interrupts come through irq_route_guest() when it first unmasks a pin.
 */
#ifndef __ASM_IA64_VIOSAPIC_H__
#define __ASM_IA64_VIOSAPIC_H__

#include <xen/types.h>
#include <xen/spinlock.h>

struct domain;

#define VIOSAPIC_BASE           0xfec00000UL    /* of a domain that has not the machine's */
#define VIOSAPIC_PINS           24
#define VIOSAPIC_SIZE           0x1000UL

struct viosapic_pin {
    uint64_t rte;
    bool asserted;              /* the line is active, or so it was at the last machine interrupt */
    bool routed;                /* the machine's interrupt comes here */
    bool unroutable;            /* it is not the domain's to have */
};

struct viosapic_chip {
    uint64_t gpa;
    unsigned int gsi_base, nr_pins;
    uint32_t select, id;
    struct viosapic_pin *pin;
};

struct viosapic {
    spinlock_t lock;            /* of the entries; interrupts off */
    spinlock_t route_lock;      /* of routed, unroutable; taken first */
    unsigned int nr;
    struct viosapic_chip *chip;
};

/* The machine's for the hardware domain, else one of VIOSAPIC_PINS pins at VIOSAPIC_BASE. */
int viosapic_init(struct domain *d);
void viosapic_destroy(struct domain *d);

/* n-th of the domain: false past the last. For its MADT. */
bool viosapic_get(const struct domain *d, unsigned int n, uint64_t *gpa, unsigned int *gsi_base, unsigned int *nr_pins);
bool viosapic_page(const struct domain *d, uint64_t gpa);

/* An interrupt of the machine (irq.c: a level one stays masked until irq_guest_eoi()), or an edge of an emulated device. From any context. */
void viosapic_assert(struct domain *d, unsigned int gsi);
/* The line of an emulated device. */
void viosapic_set_level(struct domain *d, unsigned int gsi, bool level);

/* The guest's accesses. */
uint64_t viosapic_read(struct domain *d, uint64_t gpa, unsigned int size);
void viosapic_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val);

void viosapic_dump(struct domain *d);

#endif /* __ASM_IA64_VIOSAPIC_H__ */
