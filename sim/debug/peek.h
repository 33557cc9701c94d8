/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A debugger's look at guest memory: no faults, no observers, no device accesses.
 */
#ifndef SIM_DEBUG_PEEK_H
#define SIM_DEBUG_PEEK_H

#include "sim/machine.h"

enum peek_how {
    PEEK_DATA, /* virtual as a load would see it (physical when psr.dt is 0) */
    PEEK_CODE, /* as instruction fetch would */
    PEEK_PHYS,
};

/* The host address of one byte and how many follow it in the same page; NULL: not mapped, or not
 * RAM. */
uint8_t *peek_ptr(struct cpu *cpu, uint64_t addr, enum peek_how how, uint64_t *run);
/* Bytes copied, less than len if a page is missing. */
size_t peek(struct cpu *cpu, uint64_t addr, void *buf, size_t len, enum peek_how how);
/* Writes RAM, whatever the page's rights, and drops decoded code there. Bytes written. */
size_t poke(struct cpu *cpu, uint64_t addr, const void *buf, size_t len, enum peek_how how);

/* Like PEEK_DATA, with the dirty registers and the current frame shown where they would be after a
 * flush of the register stack, as gdb expects to find them (SDM 2:6.1: backing store). */
size_t peek_with_rse(struct cpu *cpu, uint64_t addr, void *buf, size_t len);
/* The same for writing: words that are the place of a register change the register too. */
size_t poke_with_rse(struct cpu *cpu, uint64_t addr, const void *buf, size_t len);
/* ar.bsp after the current frame: where the next one would begin. */
uint64_t bsp_after_frame(const struct cpu *cpu);

#endif
