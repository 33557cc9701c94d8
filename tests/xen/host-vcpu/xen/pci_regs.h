/* SPDX-License-Identifier: GPL-2.0-only
 *
 * In the place of <xen/pci_regs.h>.
 */
#include <linux/pci_regs.h>
#define PCI_MSIX_BIRMASK PCI_MSIX_TABLE_BIR
