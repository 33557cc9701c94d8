/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What is behind a drive: a raw image file, or one with writes kept in memory, or a directory of
 * the host as a FAT disk. Serves virtio-blk and the firmware's block I/O.
 */
#ifndef SIM_BOARD_BLOCK_H
#define SIM_BOARD_BLOCK_H

#include "sim/board/board.h"

enum { BLOCK_SECTOR = 512 };

/* NULL after a message. */
struct blockdev *block_open(const struct drive_config *cfg);
void block_close(struct blockdev *d);
uint64_t block_size(const struct blockdev *d); /* bytes, whole sectors */
bool block_readonly(const struct blockdev *d);
/* 0 or an errno. Beyond the end: EINVAL. */
int block_read(struct blockdev *d, uint64_t offset, void *buf, size_t n);
int block_write(struct blockdev *d, uint64_t offset, const void *buf, size_t n);
int block_flush(struct blockdev *d);

#endif
