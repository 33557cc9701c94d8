/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Guest memory for debuggers: through the TLB and VHPT as they are, but without inserting, faulting
 * or charging.
 */
#include "sim/debug/peek.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/alat.h"
#include "sim/mmu/mmu.h"

uint8_t *peek_ptr(struct cpu *cpu, uint64_t addr, enum peek_how how, uint64_t *run)
{
    struct xlat x;
    struct intr in;
    uint64_t pa = addr & ~(1ull << 63);

    if (how == PEEK_PHYS) {
        *run = 4096 - (addr & 4095);
        return phys_host(cpu->m, pa, 1);
    }
    *run = 4096 - (addr & 4095);
    if (!cpu->m->user_mode) {
        /* The other kind of translation is better than nothing: code is rarely in the DTLB. */
        if (mmu_debug_translate(cpu, addr, how == PEEK_CODE, &pa) ||
            mmu_debug_translate(cpu, addr, how != PEEK_CODE, &pa))
            return phys_host(cpu->m, pa & ~(1ull << 63), 1);
        return NULL;
    }
    if (!cpu->m->ops->translate(cpu, addr, ACC_R, 0, &x, &in) &&
        !cpu->m->ops->translate(cpu, addr, ACC_X, 0, &x, &in))
        return NULL;
    return x.host;
}

size_t peek(struct cpu *cpu, uint64_t addr, void *buf, size_t len, enum peek_how how)
{
    size_t done = 0;
    while (done < len) {
        uint64_t run;
        const uint8_t *p = peek_ptr(cpu, addr + done, how, &run);
        if (!p)
            break;
        if (run > len - done)
            run = len - done;
        memcpy((uint8_t *)buf + done, p, run);
        done += run;
    }
    return done;
}

size_t poke(struct cpu *cpu, uint64_t addr, const void *buf, size_t len, enum peek_how how)
{
    size_t done = 0;
    while (done < len) {
        uint64_t run;
        uint8_t *p = peek_ptr(cpu, addr + done, how, &run);
        if (!p)
            break;
        if (run > len - done)
            run = len - done;
        memcpy(p, (const uint8_t *)buf + done, run);
        if (code_page_present(cpu->m, p))
            code_page_dirty(cpu->m, p);
        done += run;
    }
    if (done)
        alat_invalidate_all(cpu);
    return done;
}

/* Every 64th slot of the backing store holds a NaT collection (SDM 2:6.1). */
static bool is_rnat_slot(uint64_t addr)
{
    return (addr >> 3 & 63) == 63;
}

/* Registers between two backing store addresses, lo <= hi. */
static uint64_t rse_regs_between(uint64_t lo, uint64_t hi)
{
    uint64_t slots = (hi - lo) / 8;
    return slots - (slots + (lo >> 3 & 63)) / 64;
}

uint64_t bsp_after_frame(const struct cpu *cpu)
{
    uint64_t a = rse_bsp(cpu);
    for (unsigned n = cpu->cfm.sof; n > 0; a += 8)
        if (!is_rnat_slot(a))
            n--;
    if (is_rnat_slot(a))
        a += 8;
    return a;
}

/* The register whose place addr is, as seen now. */
static struct gr *rse_register_at(struct cpu *cpu, uint64_t addr, uint64_t bsp)
{
    if (addr < bsp) {
        int64_t i = cpu->bof - (int64_t)rse_regs_between(addr, bsp);
        return i >= 0 ? &cpu->stacked[i] : NULL;
    }
    return &cpu->stk[32 + rse_regs_between(bsp, addr)];
}

static uint64_t rse_word_at(struct cpu *cpu, uint64_t addr, uint64_t store, uint64_t bsp)
{
    if (!is_rnat_slot(addr)) {
        const struct gr *g = rse_register_at(cpu, addr, bsp);
        return g ? g->v : 0;
    }
    uint64_t rnat = 0;
    for (unsigned i = 0; i < 63; i++) {
        uint64_t a = (addr & ~0x1ffull) + i * 8;
        const struct gr *g = a >= store ? rse_register_at(cpu, a, bsp) : NULL;
        if (a < store)
            rnat |= rse_rnat(cpu) & 1ull << i;
        else if (g && g->n)
            rnat |= 1ull << i;
    }
    return rnat;
}

size_t peek_with_rse(struct cpu *cpu, uint64_t addr, void *buf, size_t len)
{
    size_t done = peek(cpu, addr, buf, len, PEEK_DATA);
    uint64_t store = rse_bspstore(cpu), bsp = rse_bsp(cpu), end = bsp_after_frame(cpu);

    if (end - store > 8 * 2048)
        return done; /* bspstore above bsp: an incomplete frame (RSE.CFLE) */
    for (uint64_t a = addr & ~7ull; a < addr + len; a += 8) {
        if (a < store || a >= end)
            continue;
        uint64_t v = rse_word_at(cpu, a, store, bsp);
        for (unsigned i = 0; i < 8; i++)
            if (a + i >= addr && a + i < addr + len)
                ((uint8_t *)buf)[a + i - addr] = (uint8_t)(v >> 8 * i);
        if (a + 8 - addr > done && a <= addr + done)
            done = a + 8 - addr < len ? a + 8 - addr : len;
    }
    return done;
}

size_t poke_with_rse(struct cpu *cpu, uint64_t addr, const void *buf, size_t len)
{
    size_t done = poke(cpu, addr, buf, len, PEEK_DATA);
    uint64_t store = rse_bspstore(cpu), bsp = rse_bsp(cpu), end = bsp_after_frame(cpu);

    if (end - store > 8 * 2048)
        return done;
    for (uint64_t a = (addr + 7) & ~7ull; a + 8 <= addr + len; a += 8) {
        struct gr *g =
            a >= store && a < end && !is_rnat_slot(a) ? rse_register_at(cpu, a, bsp) : NULL;
        if (!g)
            continue;
        memcpy(&g->v, (const uint8_t *)buf + (a - addr), 8);
        g->n = 0;
        if (a + 8 - addr > done)
            done = a + 8 - addr;
    }
    return done;
}
