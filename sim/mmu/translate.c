/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Translation with all its checks, in the manual's order of priority (SDM 2:4.1.8; 2:5.6, table
 * of interruption priorities), and the deferral of speculative loads' faults (SDM 2:5.5.5). Serves
 * mem.c, instruction fetch and the non-access instructions. Nothing here touches memory.
 */
#include <string.h>
#include "sim/cpu/exec.h"
#include "sim/mmu/dbr.h"
#include "sim/mmu/mmu.h"
#include "sim/debug/stats.h"

bool mmu_rights(unsigned ar, unsigned pl, unsigned cpl, unsigned acc)
{
    bool r = false, w = false, x = false;

    /* SDM 2:4.1.1.6, table of page access rights. */
    switch (ar) {
    case 0: /* read only */
        r = cpl <= pl;
        break;
    case 1: /* read, execute */
        r = x = cpl <= pl;
        break;
    case 2: /* read, write */
        r = w = cpl <= pl;
        break;
    case 3: /* read, write, execute */
        r = w = x = cpl <= pl;
        break;
    case 4: /* read only at pl, read/write where more privileged (and at 0) */
        r = cpl <= pl;
        w = cpl < pl || (cpl == 0 && pl == 0);
        break;
    case 5: /* read, execute; write too at 0 */
        r = x = cpl <= pl;
        w = cpl == 0;
        break;
    case 6: /* read, write, execute at pl; read/write where more privileged (and at 0) */
        r = w = cpl <= pl;
        x = cpl == pl && cpl != 0;
        break;
    case 7: /* execute, promote; read too at 0 */
        x = true;
        r = cpl == 0;
        break;
    }
    return (!(acc & ACC_R) || r) && (!(acc & ACC_W) || w) && (!(acc & ACC_X) || x);
}

/* The ITLB entry of the instruction being executed; NULL in physical mode or if it is gone
 * meanwhile. */
static const struct tlb_ent *code_entry(const struct cpu *cpu)
{
    uint64_t ip;

    if (!(cpu->psr & PSR_IT) || !cpu->mmu)
        return NULL;
    ip = cpu->cur ? cpu_ip(cpu) : cpu->ip;
    return tlb_find(&cpu->mmu->i, ip, rr_rid(cpu->rr[va_vrn(ip)]));
}

bool mmu_itlb_ed(const struct cpu *cpu)
{
    const struct tlb_ent *t = code_entry(cpu);
    return t && (t->pte & PTE_ED);
}

int mmu_itlb_ar(const struct cpu *cpu)
{
    const struct tlb_ent *t = code_entry(cpu);
    return t ? (int)pte_ar(t->pte) : -1;
}

bool mmu_defers(const struct cpu *cpu, const struct intr *in)
{
    uint64_t bit;

    switch (in->vector) {
    case VEC_GENERAL: /* Unimplemented Data Address */
    case VEC_NAT_CONSUMPTION:
    case VEC_UNSUPPORTED_DATA_REF:
        return true;
    case VEC_ALT_DTLB:
    case VEC_VHPT:
    case VEC_DTLB:
        bit = DCR_DM;
        break;
    case VEC_PAGE_NOT_PRESENT:
        bit = DCR_DP;
        break;
    case VEC_DATA_KEY_MISS:
        bit = DCR_DK;
        break;
    case VEC_KEY_PERMISSION:
        bit = DCR_DX;
        break;
    case VEC_DATA_ACCESS_RIGHTS:
        bit = DCR_DR;
        break;
    case VEC_DATA_ACCESS:
        bit = DCR_DA;
        break;
    case VEC_DEBUG:
        bit = DCR_DD;
        break;
    case VEC_UNALIGNED:
        bit = 0;
        break;
    default: /* Data Nested TLB: psr.ic is 0 */
        return !(cpu->psr & PSR_IC);
    }
    if (!(cpu->psr & PSR_IC))
        return true;
    return (bit == 0 || (cpu->cr[CR_DCR] & bit)) && mmu_itlb_ed(cpu);
}

/* The state of one access's checks. */
struct check {
    struct cpu *cpu;
    uint64_t va;
    unsigned acc, na;
    struct intr *in;
    bool deferred;
};

static uint64_t isr_bits(const struct check *c)
{
    uint64_t isr = 0;

    if (c->acc & ACC_X)
        return ISR_X;
    if (c->acc & ACC_R)
        isr |= ISR_R;
    if (c->acc & ACC_W)
        isr |= ISR_W;
    if (c->acc & ACC_NA)
        isr |= ISR_NA | c->na;
    if (c->acc & ACC_SPEC)
        isr |= ISR_SP;
    if (c->acc & ACC_RSE)
        isr |= ISR_RS;
    return isr;
}

static uint64_t default_itir(const struct cpu *cpu, uint64_t va)
{
    uint64_t rr = cpu->rr[va_vrn(va)];
    return (uint64_t)rr_rid(rr) << 8 | rr_ps(rr) << 2;
}

static void fill_intr(const struct check *c, struct intr *in, unsigned vector, unsigned code,
                      unsigned sets)
{
    *in = (struct intr){.vector = (uint16_t)vector, .sets = (uint8_t)sets, .ifa = c->va};
    in->isr = isr_bits(c) | code;
    if (sets & INTR_ITIR)
        in->itir = default_itir(c->cpu, c->va);
    /* ISR.ed is the code page's bit for references that could be speculative, mandatory RSE ones
     * never. */
    if (!(c->acc & (ACC_X | ACC_RSE)) && vector != VEC_GENERAL && vector != VEC_NAT_CONSUMPTION &&
        vector != VEC_DATA_NESTED_TLB && mmu_itlb_ed(c->cpu))
        in->isr |= ISR_ED;
}

/* An exception condition holds. True: it is to be raised; false: deferred, go on to what it does
 * not preclude. */
static bool condition(struct check *c, const struct intr *what)
{
    if (c->acc & ACC_SPEC && mmu_defers(c->cpu, what)) {
        if (!c->deferred)
            *c->in = *what;
        c->deferred = true;
        return false;
    }
    *c->in = *what;
    return true;
}
static bool cond(struct check *c, unsigned vector, unsigned code, unsigned sets)
{
    struct intr what;

    fill_intr(c, &what, vector, code, sets);
    return condition(c, &what);
}

/* TLB, then VHPT. NULL and *what: the miss fault. */
static const struct tlb_ent *find(const struct check *c, struct intr *what)
{
    struct cpu *cpu = c->cpu;
    bool x = c->acc & ACC_X;
    const struct tlb *tlb = x ? &cpu->mmu->i : &cpu->mmu->d;
    uint32_t rid = rr_rid(cpu->rr[va_vrn(c->va)]);
    const struct tlb_ent *t = tlb_find(tlb, c->va, rid);
    bool enabled;
    enum vhpt_result r = VHPT_FAILED;
    STAT_INC(cpu, tlb_lookup);

    if (likely(t != NULL))
        return t;
    enabled = vhpt_enabled(cpu, c->va, c->acc);
    if (enabled)
        r = vhpt_walk(cpu, c->va, x);
    if (r == VHPT_INSERTED) {
        t = tlb_find(tlb, c->va, rid);
        if (t)
            return t;
    }
    if (!x && !(cpu->psr & PSR_IC) && !cpu->mmu->ic_inflight) {
        fill_intr(c, what, VEC_DATA_NESTED_TLB, 0, 0);
        return NULL;
    }
    if (!enabled) {
        fill_intr(c, what, x ? VEC_ALT_ITLB : VEC_ALT_DTLB, 0, INTR_IFA | INTR_ITIR);
        return NULL;
    }
    fill_intr(c, what,
              r == VHPT_TABLE_MISS ? VEC_VHPT
              : x                  ? VEC_ITLB
                                   : VEC_DTLB,
              0, INTR_IFA | INTR_ITIR | INTR_IHA);
    what->iha = vhpt_hash(cpu, c->va);
    if (r == VHPT_TABLE_MISS) /* ITIR describes the entry's address, IFA the original one */
        what->itir = default_itir(cpu, what->iha);
    return NULL;
}

/* Checks that depend on the translation. True: raise. Fills *x even when conditions were deferred.
 */
static bool check_entry(struct check *c, const struct tlb_ent *t, unsigned pl, struct xlat *x)
{
    struct cpu *cpu = c->cpu;
    unsigned acc = c->acc, ar = pte_ar(t->pte), tpl = pte_pl(t->pte);
    bool ifetch = acc & ACC_X, pk = cpu->psr & PSR_PK, key_miss = false;
    uint64_t pkr = 0;
    const unsigned sets = INTR_IFA | INTR_ITIR;

    x->ps = t->ps;
    x->ar = (uint8_t)ar;
    x->pl = (uint8_t)tpl;
    x->ma = (uint8_t)pte_ma(t->pte);
    x->pa = tlb_pa(t, c->va);
    if (!(t->pte & PTE_P))
        return cond(c, VEC_PAGE_NOT_PRESENT, 0, sets);
    if (x->ma == MA_NATPAGE)
        return cond(c, VEC_NAT_CONSUMPTION, 0x20, INTR_IFA);
    if (pk) {
        pkr = pkr_find(cpu, t->key);
        if (!pkr) {
            key_miss = true;
            if (cond(c, ifetch ? VEC_INST_KEY_MISS : VEC_DATA_KEY_MISS, 0, sets))
                return true;
        } else if (pkr_denies(pkr, acc) && cond(c, VEC_KEY_PERMISSION, 0, sets)) {
            return true;
        }
    }
    if (!mmu_rights(ar, tpl, pl, acc & (ACC_R | ACC_W | ACC_X)) &&
        cond(c, ifetch ? VEC_INST_ACCESS_RIGHTS : VEC_DATA_ACCESS_RIGHTS, 0, sets))
        return true;
    if (ifetch) {
        if (!(t->pte & PTE_A) && !(cpu->psr & PSR_IA) && cond(c, VEC_INST_ACCESS, 0, sets))
            return true;
    } else {
        if (acc & ACC_W && !(t->pte & PTE_D) && !(cpu->psr & PSR_DA) && cond(c, VEC_DIRTY, 0, sets))
            return true;
        if (!(t->pte & PTE_A) && !(cpu->psr & PSR_DA) && cond(c, VEC_DATA_ACCESS, 0, sets))
            return true;
    }
    if (!key_miss && (t->pte & PTE_A)) {
        x->read_ok = mmu_rights(ar, tpl, pl, ACC_R) && !pkr_denies(pkr, ACC_R);
        x->write_ok = (t->pte & PTE_D) && mmu_rights(ar, tpl, pl, ACC_W) && !pkr_denies(pkr, ACC_W);
    }
    return false;
}

static bool translated(const struct cpu *cpu, unsigned acc)
{
    return cpu->psr & (acc & ACC_X ? PSR_IT : acc & ACC_RSE ? PSR_RT : PSR_DT);
}

/* Misaligned accesses that the hardware does itself are the model's choice (SDM 2:4.5). As on the
 * Itanium 2: loads inside an aligned 8 bytes, stores and the longer floating-point formats
 * inside 16. With psr.ac, and for semaphores and 16-byte integer accesses, alignment is natural. */
static bool misaligned(const struct cpu *cpu, uint64_t va, unsigned size, unsigned acc)
{
    unsigned align = size == 10 ? 16 : size;
    unsigned window = size > 8 || !(acc & ACC_R) ? 16 : 8;

    if (!(va & (align - 1)))
        return false;
    return (cpu->psr & PSR_AC) || acc & (ACC_ALIGN | ACC_SEM) ||
           (va & (window - 1)) + size > window;
}

/* Accesses that need write-back memory (SDM 2:4.4.9). */
static bool unsupported(unsigned size, unsigned acc, unsigned ma)
{
    if (ma == MA_WB)
        return false;
    if (acc & ACC_SEM)
        return !(acc & ACC_FETCHADD && ma == MA_UCE);
    return size == 10 || (size == 16 && acc & ACC_ALIGN);
}

enum xl_result mmu_access(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc, unsigned pl,
                          unsigned na, struct xlat *x, struct intr *in)
{
    struct check c = {.cpu = cpu, .va = va, .acc = acc, .na = na, .in = in};
    bool have_page = true;

    *x = (struct xlat){.ps = 12};
    if (unlikely(!translated(cpu, acc))) {
        x->pa = va & ~PA_UC;
        x->ma = va & PA_UC ? MA_UC : MA_WB;
        if (x->pa & ~IMPL_PA_MASK) {
            if (acc & ACC_X) { /* Unimplemented Instruction Address (SDM 2:8.3, vector 0x5e00),
                                  shaped like the trap */
                *in = (struct intr){
                    .vector = VEC_LOWER_PRIV, .isr = 1 << 4, .sets = INTR_IFA, .ifa = va};
                return XL_FAULT;
            }
            return cond(&c, VEC_GENERAL, GE_RESERVED, INTR_IFA) ? XL_FAULT : XL_DEFER;
        }
        x->ar = 3;
        x->pl = 3;
        x->read_ok = x->write_ok = true;
    } else {
        struct intr miss;
        const struct tlb_ent *t = find(&c, &miss);
        bool was_deferred = c.deferred;
        if (!t) {
            if (condition(&c, &miss))
                return XL_FAULT;
            have_page = false;
        } else {
            if (check_entry(&c, t, pl, x))
                return XL_FAULT;
            /* Not present and NaTPage say nothing about the page's attributes. */
            if (c.deferred && !was_deferred && (!(t->pte & PTE_P) || x->ma == MA_NATPAGE))
                have_page = false;
        }
    }
    if (size && !(acc & ACC_X)) {
        if ((cpu->psr & (PSR_DB | PSR_DD)) == PSR_DB && dbr_match(cpu, va, size, acc, pl) &&
            cond(&c, VEC_DEBUG, 0, INTR_IFA))
            return XL_FAULT;
        if (!(acc & ACC_NA) && misaligned(cpu, va, size, acc) &&
            cond(&c, VEC_UNALIGNED, 0, INTR_IFA))
            return XL_FAULT;
        if (have_page && unsupported(size, acc, x->ma) &&
            cond(&c, VEC_UNSUPPORTED_DATA_REF, 0, INTR_IFA))
            return XL_FAULT;
    }
    if (c.deferred)
        return XL_DEFER;
    x->host = phys_host(cpu->m, x->pa, 1);
    return XL_OK;
}

bool mmu_translate(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl, struct xlat *x,
                   struct intr *in)
{
    /* lfetch.fault and probe.fault are the only non-access references with data breakpoints. */
    unsigned size = (acc & (ACC_NA | ACC_LFETCH)) == (ACC_NA | ACC_LFETCH) ? 1 : 0;
    unsigned na = acc & ACC_LFETCH ? NA_LFETCH : 0;

    return mmu_access(cpu, va, size, acc, pl, na, x, in) == XL_OK;
}

/* A translation for tpa, fc and regular probes, which look at the DTLB even when psr.dt is 0 (the
 * walker then is off). Raises miss, Page Not Present and NaT Page Consumption. */
static const struct tlb_ent *find_nonaccess(struct check *c)
{
    const struct tlb_ent *t;
    struct intr in;

    t = find(c, &in);
    if (!t)
        cpu_raise(c->cpu, &in);
    if (!(t->pte & PTE_P)) {
        fill_intr(c, &in, VEC_PAGE_NOT_PRESENT, 0, INTR_IFA | INTR_ITIR);
        cpu_raise(c->cpu, &in);
    }
    if (pte_ma(t->pte) == MA_NATPAGE) {
        fill_intr(c, &in, VEC_NAT_CONSUMPTION, 0x20, INTR_IFA);
        cpu_raise(c->cpu, &in);
    }
    return t;
}

uint64_t mmu_tpa(struct cpu *cpu, uint64_t va)
{
    struct check c = {.cpu = cpu, .va = va, .acc = ACC_NA, .na = NA_TPA};

    return tlb_pa(find_nonaccess(&c), va);
}

uint64_t mmu_tak(struct cpu *cpu, uint64_t va)
{
    const struct tlb_ent *t = tlb_find(&cpu->mmu->d, va, rr_rid(cpu->rr[va_vrn(va)]));
    uint64_t pte, itir;

    if (t) {
        if (t->pte & PTE_P)
            return (uint64_t)t->key << 8;
    } else if (vhpt_enabled(cpu, va, 0) && vhpt_peek(cpu, va, &pte, &itir) && (pte & PTE_P)) {
        return itir & 0xffffff00;
    }
    return 1;
}

bool mmu_probe(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl)
{
    struct check c = {.cpu = cpu, .va = va, .acc = acc | ACC_NA, .na = NA_PROBE};

    if (cpu->m->user_mode) { /* no TLB: a page is there or faults, its rights are the answer */
        struct xlat x;
        struct intr in;
        if (!cpu->m->ops->translate(cpu, va, ACC_NA, pl, &x, &in))
            cpu_raise(cpu, &in);
        return (x.read_ok || !(acc & ACC_R)) && (x.write_ok || !(acc & ACC_W));
    }
    const struct tlb_ent *t = find_nonaccess(&c);

    if (cpu->psr & PSR_PK) {
        uint64_t pkr = pkr_find(cpu, t->key);
        struct intr in;
        if (!pkr) {
            fill_intr(&c, &in, VEC_DATA_KEY_MISS, 0, INTR_IFA | INTR_ITIR);
            cpu_raise(cpu, &in);
        }
        if (pkr_denies(pkr, acc))
            return false;
    }
    return mmu_rights(pte_ar(t->pte), pte_pl(t->pte), pl, acc);
}

void mmu_probe_fault(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl)
{
    struct xlat x;
    struct intr in;

    if (cpu->m->user_mode
            ? !cpu->m->ops->translate(cpu, va, acc | ACC_NA, pl, &x, &in)
            : mmu_access(cpu, va, 1, acc | ACC_NA, pl, NA_PROBE_FAULT, &x, &in) != XL_OK)
        cpu_raise(cpu, &in);
}

uint8_t *mmu_fc(struct cpu *cpu, uint64_t va)
{
    struct check c = {.cpu = cpu, .va = va, .acc = ACC_NA | ACC_R, .na = NA_FC};
    const struct tlb_ent *t;
    struct intr in;

    if (!(cpu->psr & PSR_DT)) {
        if ((va & ~PA_UC) & ~IMPL_PA_MASK) {
            fill_intr(&c, &in, VEC_GENERAL, GE_RESERVED, INTR_IFA);
            cpu_raise(cpu, &in);
        }
        return phys_host(cpu->m, va & ~PA_UC, 1);
    }
    t = find_nonaccess(&c);
    if (!mmu_rights(pte_ar(t->pte), pte_pl(t->pte), cpu->cpl, ACC_R)) {
        fill_intr(&c, &in, VEC_DATA_ACCESS_RIGHTS, 0, INTR_IFA | INTR_ITIR);
        cpu_raise(cpu, &in);
    }
    return phys_host(cpu->m, tlb_pa(t, va), 1);
}

bool mmu_debug_translate(struct cpu *cpu, uint64_t va, bool instruction, uint64_t *pa)
{
    const struct tlb_ent *t;
    uint64_t pte, itir;
    uint32_t rid = rr_rid(cpu->rr[va_vrn(va)]);

    if (!(cpu->psr & (instruction ? PSR_IT : PSR_DT))) {
        *pa = va & ~PA_UC;
        return !(*pa & ~IMPL_PA_MASK);
    }
    t = tlb_find(instruction ? &cpu->mmu->i : &cpu->mmu->d, va, rid);
    if (!t)
        t = tlb_find(instruction ? &cpu->mmu->d : &cpu->mmu->i, va, rid);
    if (t) {
        *pa = tlb_pa(t, va);
        return t->pte & PTE_P;
    }
    if (!(cpu->cr[CR_PTA] & 1) || !(cpu->rr[va_vrn(va)] & 1) || !vhpt_peek(cpu, va, &pte, &itir))
        return false;
    {
        struct tlb_ent e = {.pte = pte, .ps = itir >> 2 & 63};
        *pa = tlb_pa(&e, va);
    }
    return pte & PTE_P;
}
