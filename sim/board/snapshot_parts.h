/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The functions by which the parts of the machine save and load their state, each in its part's own
 * file. For snapshot.c.
 */
#ifndef SIM_BOARD_SNAPSHOT_PARTS_H
#define SIM_BOARD_SNAPSHOT_PARTS_H

#include "sim/board/board.h"
#include "sim/board/snapshot.h"

void board_snapshot_config(
    struct snap *s, struct board *b); /* snapshot_ram.c: what both machines must have in common */
void board_snapshot_time(struct snap *s, struct board *b);
void ram_snapshot(struct snap *s, struct board *b);
void cpus_snapshot(struct snap *s, struct board *b); /* sim/cpu/snapshot.c */
void iosapic_snapshot(struct snap *s, struct board *b);
void uart_snapshot(struct snap *s, struct board *b);
void chardev_snapshot(struct snap *s, struct board *b);
void power_snapshot(struct snap *s, struct board *b);
void pci_snapshot(struct snap *s, struct board *b);
void nets_snapshot(struct snap *s, struct board *b);
void disks_snapshot(struct snap *s, struct board *b);
void firmware_snapshot(struct snap *s, struct board *b); /* sim/firmware/snapshot.c */
void events_snapshot(struct snap *s, struct board *b);

#endif
