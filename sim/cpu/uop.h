/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The decoded micro-operation the engine runs: 32 bytes. Only the engine (engine.c, block.c,
 * hot_*.c) looks inside; for everyone else cpu->cur is opaque, with cpu_ip() and cpu_slot() to ask
 * it.
 */
#ifndef SIM_CPU_UOP_H
#define SIM_CPU_UOP_H

#include <stdint.h>

struct cpu;
struct gr;
struct uop;
typedef const struct uop *(*op_fn)(struct cpu *cpu, const struct uop *u, struct gr *stk);
struct uop {
    op_fn fn;
    union {
        uint64_t imm;
        const void *ptr;
    };
    uint8_t r1, r2, r3, qp;
    uint8_t p1, p2, x, y;
    uint16_t off; /* offset of the bundle in its 4 KiB page, slot in bits 1:0 */
    uint16_t n;   /* instructions of the block before this one */
    uint16_t cyc; /* modelled cycles of the block up to and with this one */
    uint16_t op;  /* enum isa_op */
};

#endif
