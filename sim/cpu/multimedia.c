/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Multimedia instructions, formats A9, A10 and I1 to I9, I29 (SDM 1:4.6, 3:2 instruction pages):
 * general registers as eight bytes, four 16-bit or two 32-bit elements; element 0 is the least
 * significant. Every result is a pure function of the sources, and NaT if any source is.
 */
#include "sim/cpu/exec.h"

/* Element i of `bits` bits, zero- or sign-extended. */
static inline uint32_t elem_u(uint64_t v, unsigned i, unsigned bits)
{
    return (uint32_t)(v >> (i * bits)) & (uint32_t)((1ull << bits) - 1);
}
static inline int32_t elem_s(uint64_t v, unsigned i, unsigned bits)
{
    return (int32_t)(elem_u(v, i, bits) << (32 - bits)) >> (32 - bits);
}
static inline uint64_t place(int64_t v, unsigned i, unsigned bits)
{
    return ((uint64_t)v & ((1ull << bits) - 1)) << (i * bits);
}

static inline int64_t sat_s(int64_t v, unsigned bits)
{
    const int64_t max = (1ll << (bits - 1)) - 1, min = -max - 1;
    return v > max ? max : v < min ? min : v;
}
static inline int64_t sat_u(int64_t v, unsigned bits)
{
    const int64_t max = (1ll << bits) - 1;
    return v > max ? max : v < 0 ? 0 : v;
}

/* Executors of two register sources (a is GR r2, b is GR r3) and of one source and the count field.
 */
#define BINARY(name, expr)                                                                         \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        const struct gr *ra = gr(cpu, in->r2), *rb = gr(cpu, in->r3);                              \
        const uint64_t a = ra->v, b = rb->v;                                                       \
        gr_write(cpu, in->r1, (expr), ra->n | rb->n);                                              \
    }
#define UNARY(name, reg, expr)                                                                     \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        const struct gr *ra = gr(cpu, in->reg);                                                    \
        const uint64_t a = ra->v;                                                                  \
        const unsigned count = in->count;                                                          \
        (void)count;                                                                               \
        gr_write(cpu, in->r1, (expr), ra->n);                                                      \
    }

/* Element-wise operation: xu, yu are the elements zero-extended, xs, ys sign-extended. */
#define LANES(name, bits, expr)                                                                    \
    static inline uint64_t f_##name(uint64_t a, uint64_t b, unsigned count)                        \
    {                                                                                              \
        uint64_t r = 0;                                                                            \
        for (unsigned i = 0; i < 64 / (bits); i++) {                                               \
            const int64_t xu = elem_u(a, i, bits), yu = elem_u(b, i, bits);                        \
            const int64_t xs = elem_s(a, i, bits), ys = elem_s(b, i, bits);                        \
            (void)xu, (void)yu, (void)xs, (void)ys;                                                \
            r |= place((expr), i, bits);                                                           \
        }                                                                                          \
        (void)count;                                                                               \
        return r;                                                                                  \
    }
#define LANES2(name, bits, expr)                                                                   \
    LANES(name, bits, expr)                                                                        \
    BINARY(name, f_##name(a, b, in->count))

LANES2(padd1, 8, xu + yu)
LANES2(padd2, 16, xu + yu)
LANES2(padd4, 32, xu + yu)
LANES2(padd1_sss, 8, sat_s(xs + ys, 8))
LANES2(padd2_sss, 16, sat_s(xs + ys, 16))
LANES2(padd1_uuu, 8, sat_u(xu + yu, 8))
LANES2(padd2_uuu, 16, sat_u(xu + yu, 16))
LANES2(padd1_uus, 8, sat_u(xu + ys, 8))
LANES2(padd2_uus, 16, sat_u(xu + ys, 16))
LANES2(psub1, 8, xu - yu)
LANES2(psub2, 16, xu - yu)
LANES2(psub4, 32, xu - yu)
LANES2(psub1_sss, 8, sat_s(xs - ys, 8))
LANES2(psub2_sss, 16, sat_s(xs - ys, 16))
LANES2(psub1_uuu, 8, sat_u(xu - yu, 8))
LANES2(psub2_uuu, 16, sat_u(xu - yu, 16))
LANES2(psub1_uus, 8, sat_u(xu - ys, 8))
LANES2(psub2_uus, 16, sat_u(xu - ys, 16))

/* Averages: the bit shifted out is kept in the lowest bit of the result, unless rounding away from
 * zero is asked for. pavgsub's difference is one bit longer than the element, the borrow its sign.
 */
LANES2(pavg1, 8, (xu + yu) >> 1 | ((xu + yu) & 1))
LANES2(pavg2, 16, (xu + yu) >> 1 | ((xu + yu) & 1))
LANES2(pavg1_raz, 8, (xu + yu + 1) >> 1)
LANES2(pavg2_raz, 16, (xu + yu + 1) >> 1)
LANES2(pavgsub1, 8, (xu - yu) >> 1 | ((xu - yu) & 1))
LANES2(pavgsub2, 16, (xu - yu) >> 1 | ((xu - yu) & 1))

LANES2(pcmp1_eq, 8, xu == yu ? -1 : 0)
LANES2(pcmp2_eq, 16, xu == yu ? -1 : 0)
LANES2(pcmp4_eq, 32, xu == yu ? -1 : 0)
LANES2(pcmp1_gt, 8, xs > ys ? -1 : 0)
LANES2(pcmp2_gt, 16, xs > ys ? -1 : 0)
LANES2(pcmp4_gt, 32, xs > ys ? -1 : 0)

LANES2(pmin1_u, 8, xu < yu ? xu : yu)
LANES2(pmax1_u, 8, xu > yu ? xu : yu)
LANES2(pmin2, 16, xs < ys ? xs : ys)
LANES2(pmax2, 16, xs > ys ? xs : ys)

/* pshladd2: an element that overflows in the shift saturates there, and nothing is added to it
 * (SDM 3: pshladd page, Operation). */
static inline int64_t shladd_sat(int64_t x, int64_t y, unsigned count)
{
    const int64_t t = x * (1 << count);
    return t != sat_s(t, 16) ? sat_s(t, 16) : sat_s(t + y, 16);
}
LANES2(pshladd2, 16, shladd_sat(xs, ys, count))
LANES2(pshradd2, 16, sat_s((xs >> count) + ys, 16))

LANES2(pmpyshr2, 16, xs *ys >> count)
LANES2(pmpyshr2_u, 16, xu *yu >> count)

/* Products of the right (even) or left (odd) 16-bit elements. */
static inline uint64_t pmpy2(uint64_t a, uint64_t b, unsigned odd)
{
    return place((int64_t)elem_s(a, odd, 16) * elem_s(b, odd, 16), 0, 32) |
           place((int64_t)elem_s(a, 2 + odd, 16) * elem_s(b, 2 + odd, 16), 1, 32);
}
BINARY(pmpy2_r, pmpy2(a, b, 0))
BINARY(pmpy2_l, pmpy2(a, b, 1))

BINARY(mpy4, (a & 0xffffffff) * (b & 0xffffffff))
BINARY(mpyshl4, ((a >> 32) * (b & 0xffffffff)) << 32)

static inline uint64_t psad1(uint64_t a, uint64_t b)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < 8; i++) {
        const uint32_t x = elem_u(a, i, 8), y = elem_u(b, i, 8);
        sum += x > y ? x - y : y - x;
    }
    return sum;
}
BINARY(psad1, psad1(a, b))

/* mix.r, mix.l: the even (right), the odd (left) elements of both sources, r2's above r3's. */
static inline uint64_t mix(uint64_t a, uint64_t b, unsigned bits, unsigned left)
{
    uint64_t r = 0;
    for (unsigned i = 0; i < 64 / bits; i += 2)
        r |= place(elem_u(b, i + left, bits), i, bits) |
             place(elem_u(a, i + left, bits), i + 1, bits);
    return r;
}
BINARY(mix1_r, mix(a, b, 8, 0))
BINARY(mix2_r, mix(a, b, 16, 0))
BINARY(mix4_r, mix(a, b, 32, 0))
BINARY(mix1_l, mix(a, b, 8, 1))
BINARY(mix2_l, mix(a, b, 16, 1))
BINARY(mix4_l, mix(a, b, 32, 1))

/* unpack: the elements of the high or low halves, interleaved. */
static inline uint64_t unpack(uint64_t a, uint64_t b, unsigned bits, bool high)
{
    const unsigned n = 32 / bits, from = high ? n : 0;
    uint64_t r = 0;
    for (unsigned i = 0; i < n; i++)
        r |= place(elem_u(b, from + i, bits), 2 * i, bits) |
             place(elem_u(a, from + i, bits), 2 * i + 1, bits);
    return r;
}
BINARY(unpack1_h, unpack(a, b, 8, true))
BINARY(unpack2_h, unpack(a, b, 16, true))
BINARY(unpack4_h, unpack(a, b, 32, true))
BINARY(unpack1_l, unpack(a, b, 8, false))
BINARY(unpack2_l, unpack(a, b, 16, false))
BINARY(unpack4_l, unpack(a, b, 32, false))

/* pack: signed elements saturated to half their size; r2's go to the low half. */
static inline uint64_t pack(uint64_t a, uint64_t b, unsigned bits, bool uns)
{
    const unsigned n = 64 / bits, to = bits / 2;
    uint64_t r = 0;
    for (unsigned i = 0; i < n; i++) {
        const int64_t x = elem_s(a, i, bits), y = elem_s(b, i, bits);
        r |= place(uns ? sat_u(x, to) : sat_s(x, to), i, to) |
             place(uns ? sat_u(y, to) : sat_s(y, to), n + i, to);
    }
    return r;
}
BINARY(pack2_uss, pack(a, b, 16, true))
BINARY(pack2_sss, pack(a, b, 16, false))
BINARY(pack4_sss, pack(a, b, 32, false))

/* mux1: the byte that each result byte comes from, lowest first, by mbtype4. */
static inline uint64_t mux1(uint64_t a, unsigned mbtype)
{
    static const uint8_t mix_t[8] = {0, 4, 2, 6, 1, 5, 3, 7}, shuf[8] = {0, 4, 1, 5, 2, 6, 3, 7},
                         alt[8] = {0, 2, 4, 6, 1, 3, 5, 7}, rev[8] = {7, 6, 5, 4, 3, 2, 1, 0},
                         brcst[8] = {0};
    const uint8_t *from = mbtype == 8    ? mix_t
                          : mbtype == 9  ? shuf
                          : mbtype == 10 ? alt
                          : mbtype == 11 ? rev
                                         : brcst;
    uint64_t r = 0;
    for (unsigned i = 0; i < 8; i++)
        r |= place(elem_u(a, from[i], 8), i, 8);
    return r;
}
static inline uint64_t mux2(uint64_t a, unsigned mhtype)
{
    uint64_t r = 0;
    for (unsigned i = 0; i < 4; i++)
        r |= place(elem_u(a, mhtype >> (2 * i) & 3, 16), i, 16);
    return r;
}
UNARY(mux1, r2, mux1(a, count))
UNARY(mux2, r2, mux2(a, count))

/* Parallel shifts: counts at or beyond the element size shift everything out. */
static inline uint64_t pshl(uint64_t v, uint64_t count, unsigned bits)
{
    uint64_t r = 0;
    if (count < bits)
        for (unsigned i = 0; i < 64 / bits; i++)
            r |= place((int64_t)((uint64_t)elem_u(v, i, bits) << count), i, bits);
    return r;
}
static inline uint64_t pshr(uint64_t v, uint64_t count, unsigned bits)
{
    const unsigned c = count < bits ? (unsigned)count : bits - 1;
    uint64_t r = 0;
    for (unsigned i = 0; i < 64 / bits; i++)
        r |= place(elem_s(v, i, bits) >> c, i, bits);
    return r;
}
static inline uint64_t pshr_u(uint64_t v, uint64_t count, unsigned bits)
{
    uint64_t r = 0;
    if (count < bits)
        for (unsigned i = 0; i < 64 / bits; i++)
            r |= place(elem_u(v, i, bits) >> count, i, bits);
    return r;
}
/* pshl shifts r2 by r3, pshr shifts r3 by r2. */
BINARY(pshl2, pshl(a, b, 16))
BINARY(pshl4, pshl(a, b, 32))
BINARY(pshr2, pshr(b, a, 16))
BINARY(pshr4, pshr(b, a, 32))
BINARY(pshr2_u, pshr_u(b, a, 16))
BINARY(pshr4_u, pshr_u(b, a, 32))
UNARY(pshl2_imm, r2, pshl(a, count, 16))
UNARY(pshl4_imm, r2, pshl(a, count, 32))
UNARY(pshr2_imm, r3, pshr(a, count, 16))
UNARY(pshr4_imm, r3, pshr(a, count, 32))
UNARY(pshr2_u_imm, r3, pshr_u(a, count, 16))
UNARY(pshr4_u_imm, r3, pshr_u(a, count, 32))

UNARY(popcnt, r3, (uint64_t)__builtin_popcountll(a))
UNARY(clz, r3, a ? (uint64_t)__builtin_clzll(a) : 64)

/* czx: the index of the first zero element, counted from the left (most significant) or the right
 * end; the number of elements when there is none. */
static inline uint64_t czx(uint64_t v, unsigned bits, bool left)
{
    const unsigned n = 64 / bits;
    for (unsigned i = 0; i < n; i++)
        if (elem_u(v, left ? n - 1 - i : i, bits) == 0)
            return i;
    return n;
}
UNARY(czx1_l, r3, czx(a, 8, true))
UNARY(czx2_l, r3, czx(a, 16, true))
UNARY(czx1_r, r3, czx(a, 8, false))
UNARY(czx2_r, r3, czx(a, 16, false))

EXEC_TABLE(multimedia){{ISA_PADD1_A9, x_padd1},
                       {ISA_PADD2_A9, x_padd2},
                       {ISA_PADD4_A9, x_padd4},
                       {ISA_PADD1_SSS_A9, x_padd1_sss},
                       {ISA_PADD2_SSS_A9, x_padd2_sss},
                       {ISA_PADD1_UUU_A9, x_padd1_uuu},
                       {ISA_PADD2_UUU_A9, x_padd2_uuu},
                       {ISA_PADD1_UUS_A9, x_padd1_uus},
                       {ISA_PADD2_UUS_A9, x_padd2_uus},
                       {ISA_PSUB1_A9, x_psub1},
                       {ISA_PSUB2_A9, x_psub2},
                       {ISA_PSUB4_A9, x_psub4},
                       {ISA_PSUB1_SSS_A9, x_psub1_sss},
                       {ISA_PSUB2_SSS_A9, x_psub2_sss},
                       {ISA_PSUB1_UUU_A9, x_psub1_uuu},
                       {ISA_PSUB2_UUU_A9, x_psub2_uuu},
                       {ISA_PSUB1_UUS_A9, x_psub1_uus},
                       {ISA_PSUB2_UUS_A9, x_psub2_uus},
                       {ISA_PAVG1_A9, x_pavg1},
                       {ISA_PAVG2_A9, x_pavg2},
                       {ISA_PAVG1_RAZ_A9, x_pavg1_raz},
                       {ISA_PAVG2_RAZ_A9, x_pavg2_raz},
                       {ISA_PAVGSUB1_A9, x_pavgsub1},
                       {ISA_PAVGSUB2_A9, x_pavgsub2},
                       {ISA_PCMP1_EQ_A9, x_pcmp1_eq},
                       {ISA_PCMP2_EQ_A9, x_pcmp2_eq},
                       {ISA_PCMP4_EQ_A9, x_pcmp4_eq},
                       {ISA_PCMP1_GT_A9, x_pcmp1_gt},
                       {ISA_PCMP2_GT_A9, x_pcmp2_gt},
                       {ISA_PCMP4_GT_A9, x_pcmp4_gt},
                       {ISA_PSHLADD2_A10, x_pshladd2},
                       {ISA_PSHRADD2_A10, x_pshradd2},
                       {ISA_PMPYSHR2_I1, x_pmpyshr2},
                       {ISA_PMPYSHR2_U_I1, x_pmpyshr2_u},
                       {ISA_PMPY2_R_I2, x_pmpy2_r},
                       {ISA_PMPY2_L_I2, x_pmpy2_l},
                       {ISA_MIX1_R_I2, x_mix1_r},
                       {ISA_MIX2_R_I2, x_mix2_r},
                       {ISA_MIX4_R_I2, x_mix4_r},
                       {ISA_MIX1_L_I2, x_mix1_l},
                       {ISA_MIX2_L_I2, x_mix2_l},
                       {ISA_MIX4_L_I2, x_mix4_l},
                       {ISA_PACK2_USS_I2, x_pack2_uss},
                       {ISA_PACK2_SSS_I2, x_pack2_sss},
                       {ISA_PACK4_SSS_I2, x_pack4_sss},
                       {ISA_UNPACK1_H_I2, x_unpack1_h},
                       {ISA_UNPACK2_H_I2, x_unpack2_h},
                       {ISA_UNPACK4_H_I2, x_unpack4_h},
                       {ISA_UNPACK1_L_I2, x_unpack1_l},
                       {ISA_UNPACK2_L_I2, x_unpack2_l},
                       {ISA_UNPACK4_L_I2, x_unpack4_l},
                       {ISA_PMIN1_U_I2, x_pmin1_u},
                       {ISA_PMAX1_U_I2, x_pmax1_u},
                       {ISA_PMIN2_I2, x_pmin2},
                       {ISA_PMAX2_I2, x_pmax2},
                       {ISA_PSAD1_I2, x_psad1},
                       {ISA_MPY4_I2, x_mpy4},
                       {ISA_MPYSHL4_I2, x_mpyshl4},
                       {ISA_MUX1_I3, x_mux1},
                       {ISA_MUX2_I4, x_mux2},
                       {ISA_PSHR2_I5, x_pshr2},
                       {ISA_PSHR4_I5, x_pshr4},
                       {ISA_PSHR2_U_I5, x_pshr2_u},
                       {ISA_PSHR4_U_I5, x_pshr4_u},
                       {ISA_PSHR2_I6, x_pshr2_imm},
                       {ISA_PSHR4_I6, x_pshr4_imm},
                       {ISA_PSHR2_U_I6, x_pshr2_u_imm},
                       {ISA_PSHR4_U_I6, x_pshr4_u_imm},
                       {ISA_PSHL2_I7, x_pshl2},
                       {ISA_PSHL4_I7, x_pshl4},
                       {ISA_PSHL2_I8, x_pshl2_imm},
                       {ISA_PSHL4_I8, x_pshl4_imm},
                       {ISA_POPCNT_I9, x_popcnt},
                       {ISA_CLZ_I9, x_clz},
                       {ISA_CZX1_L_I29, x_czx1_l},
                       {ISA_CZX2_L_I29, x_czx2_l},
                       {ISA_CZX1_R_I29, x_czx1_r},
                       {ISA_CZX2_R_I29, x_czx2_r},
                       EXEC_END};
