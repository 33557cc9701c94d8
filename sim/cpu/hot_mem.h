/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Semantics of the integer loads, stores and advanced-load checks on operand pointers (SDM 3:2, ld,
 * st, chk pages; 1:4.4), shared by the plain executors (memory.c) and the engine's handlers
 * (hot_spec.c). The host fast path is inline; what it does not serve (TLB misses, unaligned,
 * big-endian, NaT operands ...) is in functions that may raise. All want cpu->cur set before a slow
 * function is called.
 *
 * `inc` is the base update: {0, 0} for none, {imm, 0}, or GR r2 as it was before the instruction.
 * The update comes after the access, which may fault, and before the target is written, so that
 * addr and dst may be one register when there is no update.
 */
#ifndef SIM_CPU_HOT_MEM_H
#define SIM_CPU_HOT_MEM_H

#include "sim/cpu/alat.h"
#include "sim/mmu/mem.h"

/* Slow twins (memory.c). loads: NaT address raises. */
uint64_t mem_load_slow(struct cpu *cpu, const struct gr *addr, unsigned size, unsigned acc);
struct gr mem_load_spec_slow(struct cpu *cpu, const struct gr *addr, unsigned size, unsigned acc);
void mem_load_advanced_slow(struct cpu *cpu, uint64_t key, struct gr *addr, struct gr *dst,
                            struct gr inc, unsigned size, unsigned acc);
void mem_store_slow(struct cpu *cpu, const struct gr *addr, const struct gr *src, unsigned size,
                    unsigned acc);
void mem_spill_slow(struct cpu *cpu, const struct gr *addr, const struct gr *src);

static inline void mem_update(struct gr *addr, struct gr inc)
{
    addr->v += inc.v;
    addr->n |= inc.n;
}

/* ld, ld.bias, ld.acq. */
static inline void sem_ld(struct cpu *cpu, struct gr *addr, struct gr *dst, struct gr inc,
                          unsigned size, unsigned acc)
{
    const void *p = mem_fast_r(cpu, addr->v, size);
    uint64_t v = 0;

    if (likely(p != NULL && !addr->n))
        memcpy(&v, p, size);
    else
        v = mem_load_slow(cpu, addr, size, acc);
    mem_update(addr, inc);
    dst->v = v;
    dst->n = 0;
}

/* May a control-speculative load succeed at all? Not with psr.ed, and not in physical mode, where
 * memory has at best limited speculation (SDM 2:4.4.6). */
static inline bool mem_speculative(const struct cpu *cpu)
{
    return (cpu->psr & (PSR_DT | PSR_ED)) == PSR_DT;
}

/* ld.s: any fault that is deferred, a NaT address and psr.ed give a NaT (SDM 2:5.5.5). */
static inline void sem_ld_s(struct cpu *cpu, struct gr *addr, struct gr *dst, struct gr inc,
                            unsigned size)
{
    const void *p = mem_fast_r(cpu, addr->v, size);
    struct gr r = {0, 0};

    if (likely(p != NULL && !addr->n && mem_speculative(cpu)))
        memcpy(&r.v, p, size);
    else
        r = mem_load_spec_slow(cpu, addr, size, ACC_R | ACC_SPEC);
    mem_update(addr, inc);
    *dst = r;
}

/* ld.a, ld.sa: key names the target in the ALAT (alat_key_gr). acc: ACC_SPEC for ld.sa. */
static inline void sem_ld_a(struct cpu *cpu, uint64_t key, struct gr *addr, struct gr *dst,
                            struct gr inc, unsigned size, unsigned acc)
{
    const void *p = mem_fast_r(cpu, addr->v, size);
    uint64_t v = 0;

    if (unlikely(!p || addr->n || (acc & ACC_SPEC && !mem_speculative(cpu)))) {
        mem_load_advanced_slow(cpu, key, addr, dst, inc, size, acc);
        return;
    }
    memcpy(&v, p, size);
    alat_insert(cpu, key, p, size);
    mem_update(addr, inc);
    dst->v = v;
    dst->n = 0;
}

/* ld.c.clr (also .acq) and ld.c.nc: on a hit memory is not looked at. The NaT of the address is
 * checked first. */
static inline void sem_ld_c_clr(struct cpu *cpu, uint64_t key, struct gr *addr, struct gr *dst,
                                struct gr inc, unsigned size, unsigned acc)
{
    struct alat_entry *e = alat_find(cpu, key);
    if (likely(e != NULL && !addr->n)) {
        alat_drop(cpu, e);
        mem_update(addr, inc);
    } else {
        sem_ld(cpu, addr, dst, inc, size, acc);
    }
}
static inline void sem_ld_c_nc(struct cpu *cpu, uint64_t key, struct gr *addr, struct gr *dst,
                               struct gr inc, unsigned size)
{
    if (likely(alat_find(cpu, key) != NULL && !addr->n)) {
        mem_update(addr, inc);
        return;
    }
    const uint64_t va = addr->v;
    sem_ld(cpu, addr, dst, inc, size, ACC_R);
    const void *host = alat_host(cpu, va, size);
    if (host)
        alat_insert(cpu, key, host, size);
}

/* st, st.rel. */
static inline void sem_st(struct cpu *cpu, struct gr *addr, const struct gr *src, uint64_t inc,
                          unsigned size, unsigned acc)
{
    void *p = mem_fast_w(cpu, addr->v, size);

    if (likely(p != NULL && !(addr->n | src->n))) {
        memcpy(p, &src->v, size);
        alat_store(cpu, p, size);
    } else {
        mem_store_slow(cpu, addr, src, size, acc);
    }
    addr->v += inc;
}

/* ld8.fill, st8.spill: the NaT bit goes through UNAT, at the bit named by the address (SDM
 * 1:4.4.4). */
static inline void sem_ld_fill(struct cpu *cpu, struct gr *addr, struct gr *dst, struct gr inc)
{
    const uint64_t va = addr->v;
    sem_ld(cpu, addr, dst, inc, 8, ACC_R);
    dst->n = cpu->ar[AR_UNAT] >> (va >> 3 & 63) & 1;
}
static inline void sem_st_spill(struct cpu *cpu, struct gr *addr, const struct gr *src,
                                uint64_t inc)
{
    const uint64_t bit = 1ull << (addr->v >> 3 & 63), nat = src->n;
    void *p = mem_fast_w(cpu, addr->v, 8);

    if (likely(p != NULL && !addr->n)) {
        memcpy(p, &src->v, 8);
        alat_store(cpu, p, 8);
    } else {
        mem_spill_slow(cpu, addr, src);
    }
    addr->v += inc;
    cpu->ar[AR_UNAT] = nat ? cpu->ar[AR_UNAT] | bit : cpu->ar[AR_UNAT] & ~bit;
}

/* chk.a: true when the advanced load still stands. */
static inline bool sem_chk_a(struct cpu *cpu, uint64_t key, bool clear)
{
    struct alat_entry *e = alat_find(cpu, key);
    if (e && clear)
        alat_drop(cpu, e);
    return e != NULL;
}

#endif
