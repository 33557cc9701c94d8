/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The virtual hashed page table: hash and tag functions, and the walker (SDM 2:4.1.5-4.1.7). Serves
 * translate.c and thash, ttag.
 *
 * The long format's functions are ours to choose (SDM 2:4.1.6.2): with HPN = VA{60:0} >> rr.ps,
 *     index = HPN ^ HPN{48:39} ^ rid ^ rid << 10       tag = rid << 39 | HPN{38:0}      (ti = 0)
 * The smallest table has 1024 entries, so ten bits of index and the tag determine HPN and rid, as
 * the manual demands. Shifting rid keeps small address spaces with neighbouring ids from colliding
 * in larger tables.
 */
#include <string.h>
#include "sim/cpu/cost.h"
#include "sim/cpu/exec.h"
#include "sim/mmu/mmu.h"
#include "sim/mmu/dbr.h"
#include "sim/debug/stats.h"

#define PTA_VE      1
#define PTA_VF      (1 << 8)
#define VPN_MASK    ((1ull << (IMPL_VA_MSB + 1)) - 1)
#define REGION_MASK (7ull << 61)

static uint64_t hpn(const struct cpu *cpu, uint64_t va)
{
    return (va & VPN_MASK) >> rr_ps(cpu->rr[va_vrn(va)]);
}

uint64_t vhpt_hash(const struct cpu *cpu, uint64_t va)
{
    uint64_t pta = cpu->cr[CR_PTA], n = hpn(cpu, va), rid = rr_rid(cpu->rr[va_vrn(va)]);
    uint64_t mask = (1ull << (pta >> 2 & 63)) - 1, offset, region, base = pta & ~0x7fffull;

    if (pta & PTA_VF) {
        offset = (n ^ n >> 39 ^ rid ^ rid << 10) << 5;
        region = pta & REGION_MASK;
    } else {
        offset = n << 3;
        region = va & REGION_MASK;
    }
    /* Bits 14:0 are the offset's whatever pta.size says (SDM 2:4.1.6.1, 4.1.6.2). */
    mask |= 0x7fff;
    return region | (((base & ~mask) | (offset & mask)) & VPN_MASK);
}

uint64_t vhpt_tag(const struct cpu *cpu, uint64_t va)
{
    uint64_t rid = rr_rid(cpu->rr[va_vrn(va)]);
    return rid << 39 | (hpn(cpu, va) & ((1ull << 39) - 1));
}

bool vhpt_enabled(const struct cpu *cpu, uint64_t va, unsigned acc)
{
    uint64_t need = PSR_DT;

    if (acc & ACC_X)
        need |= PSR_IT | PSR_IC;
    else if (acc & ACC_RSE)
        need |= PSR_RT;
    return (cpu->psr & need) == need && (cpu->cr[CR_PTA] & PTA_VE) && (cpu->rr[va_vrn(va)] & 1);
}

/* The walker reads the table through the DTLB, as privilege level 0; what would fault for a load
 * aborts the walk, except that a missing translation is the VHPT Translation fault. */
static enum vhpt_result read_entry(struct cpu *cpu, uint64_t ea, unsigned size, bool check_dbr,
                                   uint64_t *w)
{
    const struct tlb_ent *t = tlb_find(&cpu->mmu->d, ea, rr_rid(cpu->rr[va_vrn(ea)]));
    const uint8_t *host;

    if (!t)
        return VHPT_TABLE_MISS;
    if (!(t->pte & PTE_P) || pte_ma(t->pte) != MA_WB || !(t->pte & PTE_A) ||
        !mmu_rights(pte_ar(t->pte), pte_pl(t->pte), 0, ACC_R))
        return VHPT_FAILED;
    if ((cpu->psr & PSR_PK) && !pkr_allows(cpu, t->key, ACC_R))
        return VHPT_FAILED;
    if (check_dbr && (cpu->psr & PSR_DB) && dbr_match(cpu, ea, size, ACC_R, 0))
        return VHPT_FAILED;
    host = phys_host(cpu->m, tlb_pa(t, ea), size);
    if (!host)
        return VHPT_FAILED;
    memcpy(w, host, size);
    if (cpu->cr[CR_DCR] & DCR_BE)
        for (unsigned i = 0; i < size / 8; i++)
            w[i] = __builtin_bswap64(w[i]);
    return VHPT_INSERTED;
}

static enum vhpt_result lookup(struct cpu *cpu, uint64_t va, bool check_dbr, uint64_t *pte,
                               uint64_t *itir)
{
    uint64_t ea = vhpt_hash(cpu, va), w[4] = {0}, rr = cpu->rr[va_vrn(va)];
    bool long_format = cpu->cr[CR_PTA] & PTA_VF;
    enum vhpt_result r = read_entry(cpu, ea, long_format ? 32 : 8, check_dbr, w);

    if (r != VHPT_INSERTED)
        return r;
    *pte = w[0];
    *itir = long_format ? w[1] : (uint64_t)rr_rid(rr) << 8 | rr_ps(rr) << 2;
    if (long_format && w[2] != vhpt_tag(cpu, va))
        return VHPT_FAILED;
    return tlb_reserved(*pte, *itir) ? VHPT_FAILED : VHPT_INSERTED;
}

enum vhpt_result vhpt_walk(struct cpu *cpu, uint64_t va, bool instruction)
{
    uint64_t pte, itir;
    enum vhpt_result r = lookup(cpu, va, true, &pte, &itir);

    cpu_charge(cpu, COST_VHPT_WALK);
    STAT_INC(cpu, vhpt_walk);
    STAT_ADD(cpu, vhpt_insert, r == VHPT_INSERTED);
    if (r == VHPT_INSERTED)
        tlb_insert(cpu, instruction, -1, va, pte, itir);
    return r;
}

bool vhpt_peek(struct cpu *cpu, uint64_t va, uint64_t *pte, uint64_t *itir)
{
    return lookup(cpu, va, false, pte, itir) == VHPT_INSERTED;
}
