/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Registers as gdb numbers them for ia64.
 */
#ifndef SIM_DEBUG_GDBREGS_H
#define SIM_DEBUG_GDBREGS_H

#include "sim/machine.h"

enum { GDB_NREGS = 462 };

size_t gdb_reg_size(unsigned n);
/* Bytes written to buf, little-endian; registers that do not exist read as 0. */
size_t gdb_reg_read(struct cpu *cpu, unsigned n, uint8_t buf[16]);
bool gdb_reg_write(struct cpu *cpu, unsigned n, const uint8_t buf[16]);

#endif
