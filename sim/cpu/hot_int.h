/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Semantics of the integer instructions (SDM 3:2, instruction pages), on operand pointers, so that
 * the plain executors (integer.c) and the engine's handlers (hot_alu.c) share one text. NaT: any
 * NaT source gives a NaT target.
 */
#ifndef SIM_CPU_HOT_INT_H
#define SIM_CPU_HOT_INT_H

#include "sim/cpu/cpu.h"

static inline void put(struct gr *d, uint64_t v, uint64_t n)
{
    d->v = v;
    d->n = n;
}

/* addp4: the low 32 bits, region bits of the second operand's 31:30 in 62:61. */
static inline uint64_t addp4(uint64_t sum, uint64_t b)
{
    return (sum & 0xffffffffull) | (b & 0xc0000000ull) << 31;
}
/* Shifts by a register: 64 and more shift everything out. */
static inline uint64_t shl64(uint64_t v, uint64_t c)
{
    return c > 63 ? 0 : v << c;
}
static inline uint64_t shru64(uint64_t v, uint64_t c)
{
    return c > 63 ? 0 : v >> c;
}
static inline uint64_t shr64(uint64_t v, uint64_t c)
{
    return (uint64_t)((int64_t)v >> (c > 63 ? 63 : c));
}
static inline uint64_t low_mask(unsigned len)
{
    return len >= 64 ? ~0ull : (1ull << len) - 1;
}
static inline uint64_t extr_u(uint64_t v, unsigned pos, unsigned len)
{
    return (v >> pos) & low_mask(len);
}
/* extr: a field that runs off the top takes its sign from bit 63. */
static inline uint64_t extr_s(uint64_t v, unsigned pos, unsigned len)
{
    if (pos + len > 64)
        len = 64 - pos;
    return (uint64_t)((int64_t)(v << (64 - pos - len)) >> (64 - len));
}
static inline uint64_t dep_field(uint64_t into, uint64_t field, unsigned pos, unsigned len)
{
    uint64_t m = low_mask(len) << pos;
    return (into & ~m) | ((field << pos) & m);
}
static inline uint64_t shrp64(uint64_t hi, uint64_t lo, unsigned c)
{
    return c ? (lo >> c) | (hi << (64 - c)) : lo;
}

/* Compare types (SDM 1:4.3.2, cmp page): what result and NaT do to the two targets. */
static inline void cmp_none(struct cpu *cpu, unsigned p1, unsigned p2, bool res, bool nat)
{
    cpu->pr[p1] = res & !nat;
    cpu->pr[p2] = !res & !nat;
}
static inline void cmp_and(struct cpu *cpu, unsigned p1, unsigned p2, bool res, bool nat)
{
    if (nat || !res)
        cpu->pr[p1] = cpu->pr[p2] = 0;
}
static inline void cmp_or(struct cpu *cpu, unsigned p1, unsigned p2, bool res, bool nat)
{
    if (!nat && res)
        cpu->pr[p1] = cpu->pr[p2] = 1;
}
static inline void cmp_or_andcm(struct cpu *cpu, unsigned p1, unsigned p2, bool res, bool nat)
{
    if (!nat && res) {
        cpu->pr[p1] = 1;
        cpu->pr[p2] = 0;
    }
}

#endif
