/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the two parsers of options share (options.c, board/options.c, board/memmap.c).
 */
#ifndef SIM_USAGE_H
#define SIM_USAGE_H

#include <stdint.h>

/* "ia64-sim: ...", and exit status 1. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A number, decimal or 0x..., with QEMU's suffix B, K, M, G or T; without one it is in `unit`.
 * Where it ends; NULL: not a number, or more than 64 bits. */
const char *size_suffixed(const char *s, uint64_t unit, uint64_t *v);

#endif
