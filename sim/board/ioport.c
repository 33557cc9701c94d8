/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The I/O port space in memory, sparse: port p at ((p >> 2) << 12) | (p & 0xfff) (SDM 2:10.7). No
 * device of this board has ports: reads give ones, writes go nowhere, each port is told once.
 */
#include "sim/board/board.h"

static unsigned port(uint64_t offset)
{
    return (unsigned)(offset >> 12 << 2 | (offset & 3));
}

static uint64_t ioport_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    (void)cpu, (void)size;
    board_unimplemented(dev, "I/O ports", "read of port", port(offset));
    return ~0ull;
}

static void ioport_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    (void)cpu, (void)size, (void)value;
    board_unimplemented(dev, "I/O ports", "write of port", port(offset));
}

void ioport_add(struct board *b)
{
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_IOPORT_BASE,
                                            .size = BOARD_IOPORT_SIZE,
                                            .dev = b,
                                            .read = ioport_read,
                                            .write = ioport_write,
                                            .name = "I/O ports"});
}
