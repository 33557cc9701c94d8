/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's handlers for integer loads and stores: the host fast path inline, everything else
 * (TLB misses, unaligned, big-endian, NaT addresses and data) in cold twins that take the
 * architected way.
 */
#include "sim/cpu/dispatch.h"
#include "sim/cpu/alat.h"
#include "sim/mmu/mem.h"

/* Register update: none (M1/M4), by r2 (M2), by immediate (M3/M5). */
#define UPD_none
#define UPD_reg                                                                                    \
    do {                                                                                           \
        const struct gr *r2_ = G(u->r2);                                                           \
        b->v += r2_->v;                                                                            \
        b->n = r2_->n;                                                                             \
    } while (0)
#define UPD_imm b->v += u->imm

static noinline uint64_t ld_slow(struct cpu *cpu, const struct uop *u, const struct gr *b,
                                 unsigned size)
{
    uint64_t v = 0;
    cpu->cur = u;
    if (b->n)
        raise_nat_reg(cpu, ISR_R);
    mem_read_slow(cpu, b->v, &v, size, ACC_R);
    return v;
}
static noinline void st_slow(struct cpu *cpu, const struct uop *u, const struct gr *b,
                             const struct gr *d, unsigned size)
{
    uint64_t v = d->v;
    cpu->cur = u;
    if (b->n | d->n)
        raise_nat_reg(cpu, ISR_W);
    mem_write_slow(cpu, b->v, &v, size, ACC_W);
}

#define LD(size, type, upd)                                                                        \
    static cold HANDLER op_ld##size##_##upd##_cold(HARGS)                                          \
    {                                                                                              \
        struct gr *b = G(u->r3);                                                                   \
        uint64_t v = ld_slow(cpu, u, b, size);                                                     \
        UPD_##upd;                                                                                 \
        gr_write(cpu, u->r1, v, 0);                                                                \
        if (unlikely(cpu->attention))                                                              \
            return leave_after(cpu, u);                                                            \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_ld##size##_##upd(HARGS)                                                      \
    {                                                                                              \
        struct gr *b = G(u->r3);                                                                   \
        const void *p = mem_fast_r(cpu, b->v, size);                                               \
        if (unlikely(!p || b->n))                                                                  \
            return op_ld##size##_##upd##_cold(cpu, u, stk);                                        \
        uint64_t v = *(const type *)p;                                                             \
        UPD_##upd;                                                                                 \
        struct gr *d = G(u->r1);                                                                   \
        d->v = v;                                                                                  \
        d->n = 0;                                                                                  \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_ld##size##_##upd##_p(HARGS)                                                  \
    {                                                                                              \
        if (likely(cpu->pr[u->qp]))                                                                \
            return op_ld##size##_##upd(cpu, u, stk);                                               \
        NEXT();                                                                                    \
    }
#define ST(size, type, upd)                                                                        \
    static cold HANDLER op_st##size##_##upd##_cold(HARGS)                                          \
    {                                                                                              \
        struct gr *b = G(u->r3);                                                                   \
        st_slow(cpu, u, b, G(u->r2), size);                                                        \
        UPD_##upd;                                                                                 \
        if (unlikely(cpu->attention))                                                              \
            return leave_after(cpu, u);                                                            \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_st##size##_##upd(HARGS)                                                      \
    {                                                                                              \
        struct gr *b = G(u->r3);                                                                   \
        const struct gr *d = G(u->r2);                                                             \
        void *p = mem_fast_w(cpu, b->v, size);                                                     \
        if (unlikely(!p || (b->n | d->n) || cpu->m->alat_bloom & alat_hash(p, size)))              \
            return op_st##size##_##upd##_cold(cpu, u, stk);                                        \
        *(type *)p = (type)d->v;                                                                   \
        UPD_##upd;                                                                                 \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_st##size##_##upd##_p(HARGS)                                                  \
    {                                                                                              \
        if (likely(cpu->pr[u->qp]))                                                                \
            return op_st##size##_##upd(cpu, u, stk);                                               \
        NEXT();                                                                                    \
    }
#define LD3(size, type) LD(size, type, none) LD(size, type, reg) LD(size, type, imm)
#define ST2(size, type) ST(size, type, none) ST(size, type, imm)

LD3(1, uint8_t)
LD3(2, uint16_t)
LD3(4, uint32_t)
LD3(8, uint64_t)
ST2(1, uint8_t)
ST2(2, uint16_t)
ST2(4, uint32_t)
ST2(8, uint64_t)

#define H(op, name)                                                                                \
    {                                                                                              \
        ISA_##op, op_##name, op_##name##_p, NULL                                                   \
    }
/* Ordered forms are the same here: the processors take turns (SDM 1:4.4.7 asks no more). */
#define HL(sz)                                                                                     \
    H(LD##sz##_M1, ld##sz##_none), H(LD##sz##_M2, ld##sz##_reg), H(LD##sz##_M3, ld##sz##_imm),     \
        H(LD##sz##_ACQ_M1, ld##sz##_none), H(LD##sz##_ACQ_M2, ld##sz##_reg),                       \
        H(LD##sz##_ACQ_M3, ld##sz##_imm), H(LD##sz##_BIAS_M1, ld##sz##_none),                      \
        H(LD##sz##_BIAS_M2, ld##sz##_reg), H(LD##sz##_BIAS_M3, ld##sz##_imm)
#define HS(sz)                                                                                     \
    H(ST##sz##_M4, st##sz##_none), H(ST##sz##_M5, st##sz##_imm),                                   \
        H(ST##sz##_REL_M4, st##sz##_none), H(ST##sz##_REL_M5, st##sz##_imm)

const struct hot_entry hot_mem[] = {
    HL(1), HL(2), HL(4), HL(8), HS(1), HS(2), HS(4), HS(8), HOT_END,
};
