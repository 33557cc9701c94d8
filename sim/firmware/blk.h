/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A disk as the firmware's file systems see it: 512-byte sectors, whoever keeps them (a drive of
 * the board, an image in memory).
 */
#ifndef SIM_FIRMWARE_BLK_H
#define SIM_FIRMWARE_BLK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BLK_SECTOR = 512 };
struct blk {
    void *dev;
    uint64_t sectors;
    bool readonly;
    /* n sectors from lba, which the caller has checked against `sectors`; false: I/O error. */
    bool (*read)(void *dev, uint64_t lba, void *buf, size_t n);
    bool (*write)(void *dev, uint64_t lba, const void *buf, size_t n);
    bool (*flush)(void *dev); /* may be NULL */
};

/* Partitions, from a GPT (both its CRCs checked) or an MBR with logical ones. */
struct blk_part {
    unsigned number;       /* as device paths count: 1.. */
    uint64_t first, count; /* sectors; inside the disk */
    bool gpt;
    uint8_t type; /* MBR: system indicator */
    uint8_t type_guid[16], guid[16];
    uint32_t mbr_signature;
};
/* Fills up to max partitions and answers how many; 0 when there is no (sound) partition table. */
unsigned blk_partitions(const struct blk *b, struct blk_part *part, unsigned max);

#endif
