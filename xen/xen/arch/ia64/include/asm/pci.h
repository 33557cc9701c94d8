/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI belongs to the hardware domain. Xen comes between it and configuration space for the sake of its message-signalled interrupts (vmsi.h).
 */
#ifndef __ASM_IA64_PCI_H__
#define __ASM_IA64_PCI_H__

#include <xen/types.h>

struct domain;

struct arch_pci_dev {
};

static always_inline bool is_pci_passthrough_enabled(void)
{
    return false;
}

/* SAL_PCI_CONFIG_READ and _WRITE of the hardware domain, arguments as it gives them: SAL's status. */
int64_t pci_guest_read(struct domain *d, uint64_t address, uint64_t size, uint64_t type, uint64_t *val);
int64_t pci_guest_write(struct domain *d, uint64_t address, uint64_t size, uint64_t val, uint64_t type);

/* Configuration space in memory: is the page of it, and aligned accesses there. */
bool pci_ecam_page(const struct domain *d, uint64_t gpa);
uint64_t pci_ecam_read(struct domain *d, uint64_t gpa, unsigned int size);
void pci_ecam_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val);

#endif
