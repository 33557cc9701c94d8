/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The PCI bus: configuration space as SAL serves it.
 */
#ifndef SIM_BOARD_PCI_H
#define SIM_BOARD_PCI_H

#include "sim/board/board.h"

uint32_t pci_config_read(struct board *b, unsigned bus, unsigned devfn, unsigned reg, unsigned size);
void pci_config_write(struct board *b, unsigned bus, unsigned devfn, unsigned reg, unsigned size, uint32_t value);

#endif
