/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The I/O SAPIC (64 inputs) and the processor interrupt block. Devices use irq_set() and irq_msi()
 * of board.h.
 */
#ifndef SIM_BOARD_IOSAPIC_H
#define SIM_BOARD_IOSAPIC_H

#include "sim/board/board.h"

/* Delivery modes, of redirection entries and of interrupt messages' data (bits 10:8). */
enum sapic_delivery {
    DELIVER_FIXED = 0,
    DELIVER_LOWEST = 1,
    DELIVER_PMI = 2,
    DELIVER_NMI = 4,
    DELIVER_INIT = 5,
    DELIVER_EXTINT = 7
};

/* Maps the device. NULL: out of memory. */
struct iosapic *iosapic_new(struct board *b);
void iosapic_free(struct iosapic *s);
void iosapic_reset(struct iosapic *s);

/* pib.c: maps the processor interrupt block. */
void pib_add(struct board *b);
void pib_reset(struct board *b);
/* An interrupt message for the processor whose local id is id and eid; to nobody: dropped with a
 * word. */
void pib_deliver(struct board *b, unsigned id, unsigned eid, unsigned mode, unsigned vector);

#endif
