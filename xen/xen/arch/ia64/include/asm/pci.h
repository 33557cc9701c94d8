/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PCI_H__
#define __ASM_IA64_PCI_H__

/* PCI belongs to the hardware domain. */
struct arch_pci_dev {
};

static always_inline bool is_pci_passthrough_enabled(void)
{
    return false;
}

#endif
