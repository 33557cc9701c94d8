/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest's access means (SDM 2:4.1, 2:5.5): its TLB (vtlb.c), then its own VHPT, then the checks that the machine would make; physical addresses
 * when its psr says so. And what is done about it when the machine has no translation: make one, emulate a device, or reflect the fault that the
 * guest would have got.
 *
 * From the look-up to the insertion interrupts are off, so that a purge by another vcpu (an interrupt to us) comes before the look-up or after the insertion.
 */
#include <xen/iocap.h>
#include <xen/perfc.h>
#include <xen/sched.h>

#include <asm/byteorder.h>
#include <asm/flushtlb.h>
#include <asm/p2m.h>
#include <asm/privop.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vhpt.h>
#include <asm/vtlb.h>

#define ACC_R       IA64_ISR_R
#define ACC_W       IA64_ISR_W
#define ACC_X       IA64_ISR_X
#define ACC_RWX     (ACC_R | ACC_W | ACC_X)
/* What of an isr describes the access. */
#define ISR_ACCESS  (ACC_RWX | IA64_ISR_NA | IA64_ISR_SP | IA64_ISR_RS | IA64_ISR_ED)

/* isr.code of non-access instructions beyond vcpu.h's. */
#define NA_LFETCH       4
#define NA_PROBE_FAULT  5

/* Addresses an implementation has: 50 bits of physical ones, and bit 63 (SDM 2:4.3). */
#define PHYS_UC         (1UL << 63)
#define PHYS_BITS       ((1UL << PADDR_BITS) - 1)

/* Virtual or physical? Physical only if rr0 and rr4 are such that the machine knows. */
static bool is_virtual(const struct vcpu *v, uint64_t access)
{
    uint64_t bit = access & ACC_X ? IA64_PSR_IT : access & IA64_ISR_RS ? IA64_PSR_RT : IA64_PSR_DT;

    return !v->arch.mmu.metaphysical || (v->arch.privregs->vpsr & bit);
}

static uint32_t guest_rid(const struct vcpu *v, uint64_t va)
{
    return IA64_RR_RID(v->arch.mmu.rr[va_region(va)]);
}

/* itir as most faults have it: what the region register says (SDM 2:3.3.5.5 ITIR). */
static uint64_t default_itir(const struct vcpu *v, uint64_t va)
{
    uint64_t rr = v->arch.mmu.rr[va_region(va)];

    return IA64_ITIR(IA64_RR_RID(rr), IA64_RR_PS(rr));
}

static bool fault(const struct vcpu *v, struct guest_fault *f, unsigned int vector, uint64_t va, uint64_t isr)
{
    *f = (struct guest_fault){
        .vector = vector,
        .isr = isr,
        .ifa = va,
        .itir = default_itir(v, va),
    };

    return false;
}

static uint64_t access_isr(uint64_t access)
{
    uint64_t isr = access & ISR_ACCESS;

    /* Only X for a fetch. */
    if ( access & ACC_X )
        return ACC_X;

    return isr | (access & IA64_ISR_NA ? access & 0xf : 0);
}

/*
 * The guest's VHPT (SDM 2:4.1.5): thash and ttag as the virtual processor has them. The long format's functions are an implementation's own: index and
 * tag together determine page and region id for any table of the smallest size, 32 KiB, on.
 */
static uint64_t guest_pta(const struct vcpu *v)
{
    return v->arch.privregs->vcr[IA64_CR_PTA];
}

uint64_t vcpu_thash(struct vcpu *v, uint64_t va)
{
    uint64_t pta = guest_pta(v), rr = v->arch.mmu.rr[va_region(va)], rid = IA64_RR_RID(rr);
    uint64_t page = (va & VTLB_VA_MASK) >> IA64_RR_PS(rr), mask = (1UL << IA64_PTA_SIZE(pta)) - 1, offset, region;

    if ( pta & IA64_PTA_VF )
    {
        offset = (page ^ (page >> 39) ^ rid ^ (rid << 10)) << VHPT_ENTRY_SHIFT;
        region = pta & ~VTLB_VA_MASK;
    }
    else
    {
        offset = page << 3;
        region = va & ~VTLB_VA_MASK;
    }
    /* Bits 14:0 are the offset's whatever the size (SDM 2:4.1.6.1). */
    mask |= 0x7fff;

    return region | (((pta & IA64_PTA_BASE & ~mask) | (offset & mask)) & VTLB_VA_MASK);
}

uint64_t vcpu_ttag(struct vcpu *v, uint64_t va)
{
    uint64_t rr = v->arch.mmu.rr[va_region(va)];
    uint64_t page = (va & VTLB_VA_MASK) >> IA64_RR_PS(rr);

    return ((uint64_t)IA64_RR_RID(rr) << 39) | (page & ((1UL << 39) - 1));
}

/* Page access rights (SDM 2:4.1.1.6), with the guest's own levels. */
static bool rights_allow(uint64_t pte, unsigned int cpl, uint64_t access)
{
    unsigned int pl = (pte & IA64_PTE_PL) >> IA64_PTE_PL_SHIFT;
    bool r = cpl <= pl, w = false, x = false;

    switch ( (pte & IA64_PTE_AR) >> IA64_PTE_AR_SHIFT )
    {
    case 0:
        break;
    case 1:
        x = r;
        break;
    case 2:
        w = r;
        break;
    case 3:
        w = x = r;
        break;
    case 4:
        w = cpl < pl || (cpl == 0 && pl == 0);
        break;
    case 5:
        x = r;
        w = cpl == 0;
        break;
    case 6:
        w = r;
        x = cpl == pl && cpl;
        break;
    case 7:
        x = true;
        r = cpl == 0;
        break;
    }

    return (!(access & ACC_R) || r) && (!(access & ACC_W) || w) && (!(access & ACC_X) || x);
}

static bool is_fc(uint64_t access)
{
    return (access & IA64_ISR_NA) && (access & 0xf) == IA64_ISR_NA_FC;
}

/* 1: the key's register, in *pkr. 0: none. */
static bool find_key(const struct vcpu *v, uint32_t key, uint64_t *pkr)
{
    unsigned int i;

    for ( i = 0; i < VTLB_NR_PKRS; i++ )
        if ( (v->arch.mmu.pkr[i] & 1) && (v->arch.mmu.pkr[i] >> 8) == key )
        {
            *pkr = v->arch.mmu.pkr[i];
            return true;
        }

    return false;
}

static bool key_denies(uint64_t pkr, uint64_t access)
{
    return ((access & ACC_W) && (pkr & 2)) || ((access & ACC_R) && (pkr & 4)) || ((access & ACC_X) && (pkr & 8));
}

/* The checks that follow when there is a translation, in the manual's order (SDM 2:4.1.8; 2:5.6, table of priorities). */
static bool check(const struct vcpu *v, const struct vtlb_entry *g, uint64_t va, unsigned int cpl, uint64_t access, uint64_t psr,
                  struct guest_fault *f)
{
    uint64_t isr = access_isr(access), pkr;
    bool x = access & ACC_X;

    if ( !(g->pte & IA64_PTE_P) )
        return fault(v, f, IA64_PAGE_NOT_PRESENT_VECTOR, va, isr);
    if ( (g->pte & IA64_PTE_MA) == IA64_PTE_MA_NATPAGE )
        return fault(v, f, IA64_NAT_CONSUMPTION_VECTOR, va, isr | 0x20);
    if ( !(access & ACC_RWX) )
        return true;
    /* fc does not look at keys (SDM 3: fc). */
    if ( (psr & IA64_PSR_PK) && !is_fc(access) )
    {
        if ( !find_key(v, g->key, &pkr) )
            return fault(v, f, x ? IA64_INST_KEY_MISS_VECTOR : IA64_DATA_KEY_MISS_VECTOR, va, isr);
        if ( key_denies(pkr, access) )
            return fault(v, f, IA64_KEY_PERMISSION_VECTOR, va, isr);
    }
    if ( !rights_allow(g->pte, cpl, access) )
        return fault(v, f, x ? IA64_INST_ACCESS_RIGHTS_VECTOR : IA64_DATA_ACCESS_RIGHTS_VECTOR, va, isr);
    if ( x )
    {
        if ( !(g->pte & IA64_PTE_A) && !(psr & IA64_PSR_IA) )
            return fault(v, f, IA64_INST_ACCESS_BIT_VECTOR, va, isr);
        return true;
    }
    if ( (access & ACC_W) && !(g->pte & IA64_PTE_D) && !(psr & IA64_PSR_DA) )
        return fault(v, f, IA64_DIRTY_BIT_VECTOR, va, isr);
    if ( !(g->pte & IA64_PTE_A) && !(psr & IA64_PSR_DA) )
        return fault(v, f, IA64_DATA_ACCESS_BIT_VECTOR, va, isr);

    return true;
}

/* Bytes of the guest's VHPT: RAM, by the direct map. The page may go meanwhile: then the insertion's look-up in the p2m, or the flush, comes after. */
static bool read_vhpt(struct vcpu *v, uint64_t gpa, uint64_t *w, unsigned int words)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(v->domain, gaddr_to_gfn(gpa), &t);
    const uint64_t *p;
    unsigned int i;

    if ( !p2m_is_any_ram(t) )
        return false;

    p = mfn_to_virt(mfn_x(mfn)) + (gpa & ~PAGE_MASK);
    for ( i = 0; i < words; i++ )
    {
        w[i] = ACCESS_ONCE(p[i]);
        if ( v->arch.privregs->vcr[IA64_CR_DCR] & IA64_DCR_BE )
            w[i] = be64_to_cpu(w[i]);
    }

    return true;
}

enum walk { WALK_FOUND, WALK_NONE, WALK_NO_TABLE };

static enum walk walk(struct vcpu *v, uint64_t va, uint64_t iha, struct vtlb_entry *g)
{
    bool long_format = guest_pta(v) & IA64_PTA_VF;
    uint64_t w[4], itir, pkr;
    struct vtlb_entry table;

    /* The walker reads as level 0, through the data TLB. */
    if ( !vtlb_lookup(v, iha, guest_rid(v, iha), VTLB_D, &table) )
        return WALK_NO_TABLE;
    if ( !(table.pte & IA64_PTE_P) || (table.pte & IA64_PTE_MA) != IA64_PTE_MA_WB || !(table.pte & IA64_PTE_A) ||
         !rights_allow(table.pte, 0, ACC_R) )
        return WALK_NONE;
    if ( (v->arch.privregs->vpsr & IA64_PSR_PK) && (!find_key(v, table.key, &pkr) || key_denies(pkr, ACC_R)) )
        return WALK_NONE;

    if ( !read_vhpt(v, vtlb_gpa(&table, iha), w, long_format ? 4 : 1) )
        return WALK_NONE;

    itir = long_format ? w[1] : default_itir(v, va);
    if ( (long_format && w[2] != vcpu_ttag(v, va)) || vtlb_reserved(w[0], itir) )
        return WALK_NONE;

    g->ps = IA64_ITIR_PS(itir);
    g->va = va & VTLB_VA_MASK & ~((1UL << g->ps) - 1);
    g->pte = w[0];
    g->rid = guest_rid(v, va);
    g->key = IA64_ITIR_KEY(itir);
    g->sides = VTLB_I | VTLB_D;
    g->preferred = IA64_RR_PS(v->arch.mmu.rr[va_region(va)]);

    return WALK_FOUND;
}

/* With psr.dt 0 the walker is off for all; a fetch needs psr.ic too (SDM 2:4.1.7). */
static bool walker_on(const struct vcpu *v, uint64_t va, uint64_t access)
{
    uint64_t need = IA64_PSR_DT;

    if ( access & ACC_X )
        need |= IA64_PSR_IT;
    else if ( access & IA64_ISR_RS )
        need |= IA64_PSR_RT;
    if ( (v->arch.privregs->vpsr & need) != need || ((access & ACC_X) && !vcpu_psr_ic(v)) )
        return false;

    return (guest_pta(v) & IA64_PTA_VE) && (v->arch.mmu.rr[va_region(va)] & IA64_RR_VE);
}

/* The guest's translation of a virtual address, or its miss fault. *walked: it is not in the TLB, the VHPT gave it. */
static bool find(struct vcpu *v, uint64_t va, uint64_t access, struct vtlb_entry *g, bool *walked, struct guest_fault *f)
{
    bool x = access & ACC_X;
    enum walk w;

    *walked = false;
    if ( vtlb_lookup(v, va, guest_rid(v, va), x ? VTLB_I : VTLB_D, g) )
        return true;

    if ( !walker_on(v, va, access) )
        return fault(v, f, x ? IA64_ALT_INST_TLB_VECTOR : IA64_ALT_DATA_TLB_VECTOR, va, access_isr(access));

    f->iha = vcpu_thash(v, va);
    w = walk(v, va, f->iha, g);
    if ( w == WALK_FOUND )
    {
        *walked = true;
        return true;
    }

    fault(v, f, w == WALK_NO_TABLE ? IA64_VHPT_VECTOR : x ? IA64_INST_TLB_VECTOR : IA64_DATA_TLB_VECTOR, va, access_isr(access));
    f->iha = vcpu_thash(v, va);
    if ( w == WALK_NO_TABLE )
        f->itir = default_itir(v, f->iha);  /* of the table's page; ifa stays */

    return false;
}

/* A physical address as if it were a page of its own. */
static bool find_physical(struct vcpu *v, uint64_t va, uint64_t access, struct vtlb_entry *g, struct guest_fault *f)
{
    if ( va & ~(PHYS_UC | PHYS_BITS) )
    {
        if ( access & ACC_X )
            /* Unimplemented Instruction Address: a trap's vector. */
            *f = (struct guest_fault){ .vector = IA64_LOWERPRIV_TRAP_VECTOR, .isr = 0x10, .ifa = va };
        else
            fault(v, f, IA64_GENEX_VECTOR, va, access_isr(access) | IA64_GENEX_RESERVED);
        return false;
    }

    *g = (struct vtlb_entry){
        .va = va & VTLB_VA_MASK & ~((1UL << META_RR_PS) - 1),
        .pte = IA64_PTE_P | IA64_PTE_A | IA64_PTE_D | IA64_PTE_PL | IA64_PTE_AR_RWX | (va & PHYS_UC ? IA64_PTE_MA_UC : IA64_PTE_MA_WB) |
               (va & PHYS_BITS & ~((1UL << META_RR_PS) - 1)),
        .ps = META_RR_PS,
        .preferred = META_RR_PS,
        .sides = VTLB_I | VTLB_D,
    };

    return true;
}

static unsigned int guest_cpl(const struct cpu_user_regs *regs)
{
    return vcpu_virtual_cpl((regs->cr_ipsr & IA64_PSR_CPL) >> IA64_PSR_CPL_SHIFT);
}

/* The level whose rights count. A probe.fault asks for a level of its own, which only the instruction has (SDM 3: probe, format M40, bits 14:13). */
static bool access_cpl(struct vcpu *v, const struct cpu_user_regs *regs, uint64_t access, unsigned int *cpl)
{
    uint64_t bundle[2];

    *cpl = guest_cpl(regs);
    if ( (access & IA64_ISR_NA) && (access & 0xf) == NA_PROBE_FAULT )
    {
        if ( !vcpu_fetch_bundle(v, regs->cr_iip, bundle) )
            return false;
        *cpl = max_t(unsigned int, *cpl, (ia64_slot_bits(bundle, (regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT) >> 13) & 3);
    }

    return true;
}

bool vcpu_translate(struct vcpu *v, uint64_t va, uint64_t access, uint64_t *gpa, uint64_t *attr, struct guest_fault *f)
{
    const struct cpu_user_regs *regs = v == current ? guest_cpu_user_regs() : &v->arch.user_regs;
    struct vtlb_entry g;
    bool walked;

    if ( !is_virtual(v, access) )
    {
        if ( !find_physical(v, va, access, &g, f) )
            return false;
    }
    else
    {
        if ( vtlb_is_xens(v, va) )
            return fault(v, f, access & ACC_X ? IA64_INST_ACCESS_RIGHTS_VECTOR : IA64_DATA_ACCESS_RIGHTS_VECTOR, va, access_isr(access));
        if ( !find(v, va, access, &g, &walked, f) || !check(v, &g, va, guest_cpl(regs), access, vcpu_get_psr(v, regs), f) )
            return false;
    }

    *gpa = vtlb_gpa(&g, va);
    *attr = g.pte & IA64_PTE_MA;

    return true;
}

/* tpa looks at the data TLB whatever psr.dt says (SDM 3: tpa). */
bool vcpu_tpa(struct vcpu *v, uint64_t va, uint64_t *pa, struct guest_fault *f)
{
    uint64_t access = IA64_ISR_NA | IA64_ISR_NA_TPA;
    struct vtlb_entry g;
    bool walked;

    if ( vtlb_is_xens(v, va) )
        return fault(v, f, IA64_DATA_ACCESS_RIGHTS_VECTOR, va, access);
    if ( !find(v, va, access, &g, &walked, f) || !check(v, &g, va, 0, access, 0, f) )
        return false;
    *pa = vtlb_gpa(&g, va);

    return true;
}

uint64_t vcpu_tak(struct vcpu *v, uint64_t va)
{
    struct guest_fault f;
    struct vtlb_entry g;
    bool walked;

    if ( vtlb_is_xens(v, va) || !find(v, va, IA64_ISR_NA | IA64_ISR_NA_TAK, &g, &walked, &f) || !(g.pte & IA64_PTE_P) )
        return 1;

    return (uint64_t)g.key << 8;
}

bool vcpu_fetch_bundle(struct vcpu *v, uint64_t ip, uint64_t bundle[2])
{
    const struct vcpu_mmu *mmu = &v->arch.mmu;
    uint64_t gpa, rr, iha = 0;
    struct guest_fault f;
    struct page_info *page;
    const uint64_t *p;
    p2m_type_t t;

    ip &= ~0xfUL;
    /* The page of fast-hypercall.S, where a guest may be too. */
    if ( vtlb_is_xens(v, ip) && ((ip ^ XEN_FAST_HYPERCALL) & VTLB_VA_MASK & PAGE_MASK) == 0 )
    {
        memcpy(bundle, fast_hypercall_page + (ip & ~PAGE_MASK), 16);
        return true;
    }
    /* Not ACC_X: that it may be executed is known, it was. */
    if ( !is_virtual(v, ACC_X) )
        gpa = ip & ~PHYS_UC;
    else
    {
        struct vtlb_entry g;
        bool walked;

        if ( vtlb_is_xens(v, ip) )
            goto again;
        if ( !find(v, ip, ACC_X, &g, &walked, &f) )
        {
            if ( f.vector == IA64_VHPT_VECTOR )
                iha = f.iha;
            goto again;
        }
        if ( !(g.pte & IA64_PTE_P) )
            goto again;
        gpa = vtlb_gpa(&g, ip);
    }

    page = p2m_get_page_from_gfn(v->domain, gaddr_to_gfn(gpa & PHYS_BITS), &t);
    if ( !page )
        goto again;
    p = page_to_virt(page) + (gpa & ~PAGE_MASK);
    bundle[0] = p[0];
    bundle[1] = p[1];
    put_page(page);

    return true;

 again:
    /*
     * The machine still has what the guest's TLB has forgotten: then the guest's handler must see a miss. Its VHPT's page too, by which vhpt-miss.S would
     * find the translation again and again.
     */
    if ( v == current && !vtlb_is_xens(v, ip) )
    {
        rr = mmu->machine_rr[va_region(ip)];
        local_purge(IA64_RR_RID(rr), 1UL << IA64_RR_PS(rr), ip, PAGE_SHIFT);
        if ( iha && !vtlb_is_xens(v, iha) )
        {
            rr = mmu->machine_rr[va_region(iha)];
            local_purge(IA64_RR_RID(rr), 1UL << IA64_RR_PS(rr), iha, PAGE_SHIFT);
        }
    }

    return false;
}

bool vcpu_code_ed(struct vcpu *v, uint64_t ip)
{
    struct vtlb_entry g;
    struct guest_fault f;
    bool walked;

    return is_virtual(v, ACC_X) && !vtlb_is_xens(v, ip) && find(v, ip, ACC_X, &g, &walked, &f) && (g.pte & IA64_PTE_ED);
}

/* Xen's own addresses, from the guest: its shared_info is among them (mapped_regs is pinned). */
static void xen_va_fault(struct vcpu *v, struct cpu_user_regs *regs, uint64_t va, uint64_t access)
{
    bool x = access & ACC_X;
    struct guest_fault f;
    unsigned long flags;

    if ( !x && (va & PAGE_MASK) == XSI_SHARED_INFO && guest_cpl(regs) == 0 )
    {
        local_irq_save(flags);
        ia64_itc_d(va & PAGE_MASK, virt_to_maddr(v->domain->shared_info) | XEN_PTE_RW | (1UL << IA64_PTE_PL_SHIFT), IA64_ITIR(0, PAGE_SHIFT));
        ia64_srlz_d();
        local_irq_restore(flags);
        return;
    }

    fault(v, &f, x ? IA64_INST_ACCESS_RIGHTS_VECTOR : IA64_DATA_ACCESS_RIGHTS_VECTOR, va, access_isr(access));
    vcpu_reflect(v, regs, &f);
}

/* No memory, no device of the machine's, none that Xen emulates. */
static void nothing_there(struct vcpu *v, struct cpu_user_regs *regs, uint64_t va, uint64_t gpa, uint64_t access)
{
    if ( (access & IA64_ISR_SP) || ((access & IA64_ISR_NA) && (access & 0xf) == NA_LFETCH) )
    {
        /* A speculative load gives NaT, a prefetch is dropped. */
        regs->cr_ipsr |= IA64_PSR_ED;
        return;
    }
    if ( (access & IA64_ISR_NA) && (access & 0xf) == IA64_ISR_NA_FC )
    {
        regs_next_slot(regs);
        return;
    }

    gprintk(XENLOG_ERR, "%s of nothing at guest-physical %#lx (virtual %#lx, ip %#lx)\n",
            access & ACC_X ? "fetch" : access & ACC_W ? "write" : "read", gpa, va, regs->cr_iip);
    domain_crash(v->domain);
}

/* The gpa of an access has no p2m entry. */
static void no_memory(struct vcpu *v, struct cpu_user_regs *regs, const struct vtlb_entry *g, uint64_t va, uint64_t access, bool physical)
{
    uint64_t gpa = vtlb_gpa(g, va);
    struct guest_fault f;

    /* Who may not reach it gets his fault first, as from memory. */
    if ( !physical && !check(v, g, va, guest_cpl(regs), access, vcpu_get_psr(v, regs), &f) )
    {
        vcpu_reflect(v, regs, &f);
        return;
    }

    if ( !(access & ACC_X) && guest_mmio(v, regs, gpa) )
        return;

    if ( p2m_map_mmio(v->domain, gaddr_to_gfn(gpa)) )
        return;     /* again, with a translation */

    /* One may have come to be there meanwhile (vmsi.h). */
    if ( (access & ACC_X) || !guest_mmio(v, regs, gpa) )
        nothing_there(v, regs, va, gpa, access);
}

/*
 * Protection keys. The machine's psr.pk stays 0 while a guest runs, since it would check Xen's own translations as well, from the first fetch at an
 * interruption on. So they are checked before the machine gets a translation, which has no more rights than the key leaves; and a change of
 * psr.pk or of a key register flushes. *disabled: what the key forbids (bits 3:1 of the register).
 */
static bool check_key(struct vcpu *v, const struct vtlb_entry *g, uint64_t va, uint64_t access, uint64_t *disabled, struct guest_fault *f)
{
    uint64_t pkr;

    *disabled = 0;
    if ( !(v->arch.privregs->vpsr & IA64_PSR_PK) || !(access & ACC_RWX) )
        return true;
    if ( !find_key(v, g->key, &pkr) )
        return fault(v, f, access & ACC_X ? IA64_INST_KEY_MISS_VECTOR : IA64_DATA_KEY_MISS_VECTOR, va, access_isr(access));
    if ( key_denies(pkr, access) )
        return fault(v, f, IA64_KEY_PERMISSION_VECTOR, va, access_isr(access));
    *disabled = pkr & 0xe;
    return true;
}

/*
 * What a key forbids, but not with a fault: fc, which does not look at keys, and a regular probe, whose answer it is. The machine can have no translation
 * for them that others would not use too. False: it faults.
 */
static bool key_no_fault(struct vcpu *v, struct cpu_user_regs *regs, uint64_t access, struct guest_fault *f)
{
    unsigned int slot = (regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT;
    uint64_t bundle[2], bits, ip = regs->cr_iip;
    struct privop op;

    if ( !is_fc(access) &&
         (!(access & IA64_ISR_NA) || (access & 0xf) != IA64_ISR_NA_PROBE || f->vector != IA64_KEY_PERMISSION_VECTOR) )
        return false;
    if ( !vcpu_fetch_bundle(v, ip, bundle) )
        return true;    /* done again */
    bits = ia64_slot_bits(bundle, slot);

    if ( is_fc(access) )
    {
        if ( !privop_decode(ia64_slot_unit(IA64_TEMPLATE(bundle[0]), slot), bits, &op) || !privop_emulate(v, regs, &op, f) )
            vcpu_reflect(v, regs, f);
        return true;
    }
    if ( !vcpu_set_gr(regs, (bits >> 6) & 0x7f, 0, false, f) )
    {
        vcpu_reflect(v, regs, f);
        return true;
    }
    vcpu_next_slot(regs, bundle[0]);
    vcpu_step_traps(v, regs, ip, slot);

    return true;
}

/* The machine had no translation. */
static void miss(struct vcpu *v, struct cpu_user_regs *regs, uint64_t va, uint64_t access)
{
    unsigned int side = access & ACC_X ? VTLB_I : VTLB_D;
    bool physical = !is_virtual(v, access), walked = false, vhpt;
    struct vtlb_entry g, other;
    struct guest_fault f;
    unsigned long flags;
    uint64_t disabled = 0;
    bool found;

    perfc_incr(tlb_miss);
    local_irq_save(flags);

    found = physical ? find_physical(v, va, access, &g, &f) : find(v, va, access, &g, &walked, &f);
    if ( found && !(g.pte & IA64_PTE_P) )
    {
        fault(v, &f, IA64_PAGE_NOT_PRESENT_VECTOR, va, access_isr(access));
        found = false;
    }
    if ( found && !physical )
        found = check_key(v, &g, va, access, &disabled, &f);
    if ( !found )
    {
        local_irq_restore(flags);
        if ( (f.vector != IA64_KEY_PERMISSION_VECTOR && f.vector != IA64_DATA_KEY_MISS_VECTOR) || !key_no_fault(v, regs, access, &f) )
            vcpu_reflect(v, regs, &f);
        return;
    }

    /*
     * The VHPT serves both sides. While rr0 and rr4 stand for physical addresses, a virtual one in those regions (only one of psr.it and dt is off) is
     * for its own side's TLB alone.
     */
    vhpt = true;
    if ( !physical && v->arch.mmu.metaphysical && (va_region(va) & 3) == 0 )
    {
        vhpt = false;
        v->arch.mmu.meta_mixed = true;
    }
    else if ( physical && v->arch.mmu.meta_mixed )
        vhpt = false;
    else if ( !physical && !walked && vtlb_lookup(v, va, g.rid, side == VTLB_I ? VTLB_D : VTLB_I, &other) && other.pte != g.pte )
        vhpt = false;

    if ( walked )
        perfc_incr(tlb_miss_vhpt);
    else
        perfc_incr(tlb_miss_tlb);
    if ( walked && g.ps > g.preferred )
        vtlb_keep(v, &g);

    if ( disabled )
    {
        /* For this side only, and for the data side without writing if the key forbids that. */
        vhpt = false;
        if ( side == VTLB_D && (disabled & 2) && IA64_PTE_AR_RW <= (g.pte & IA64_PTE_AR) && (g.pte & IA64_PTE_AR) < (7UL << IA64_PTE_AR_SHIFT) )
            g.pte = (g.pte & ~IA64_PTE_AR) | IA64_PTE_AR_R;
    }
    found = vtlb_insert_machine(v, va, &g, side, vhpt, false, 0);

    local_irq_restore(flags);

    if ( !found )
        no_memory(v, regs, &g, va, access, physical);
}

/*
 * Access rights. Those that the machine cannot say with the kernel at level 1 (see machine_rights()): the kernel writes what AR 5 lets others read and
 * execute, or reads what AR 7 lets others execute. It gets a translation of its own in the data TLB.
 */
static void rights_fault(unsigned int vector, struct vcpu *v, struct cpu_user_regs *regs, uint64_t va, uint64_t access)
{
    unsigned int side = access & ACC_X ? VTLB_I : VTLB_D;
    struct guest_fault f;
    struct vtlb_entry g;
    unsigned long flags;
    uint64_t disabled;
    unsigned int cpl;
    bool walked;

    if ( !access_cpl(v, regs, access, &cpl) )
        return;     /* done again */

    local_irq_save(flags);

    if ( is_virtual(v, access) && find(v, va, access, &g, &walked, &f) && !check_key(v, &g, va, access, &disabled, &f) )
    {
        local_irq_restore(flags);
        vcpu_reflect(v, regs, &f);
        return;
    }
    if ( is_virtual(v, access) && find(v, va, access, &g, &walked, &f) && (g.pte & IA64_PTE_P) && rights_allow(g.pte, cpl, access) )
    {
        unsigned int pl = (g.pte & IA64_PTE_PL) >> IA64_PTE_PL_SHIFT;
        uint64_t rights;
        bool ro;
        p2m_type_t t;

        p2m_lookup(v->domain, gaddr_to_gfn(vtlb_gpa(&g, va)), &t);
        ro = (access & ACC_W) && p2m_is_readonly(t);

        if ( !ro && side == VTLB_D && cpl == 0 )
        {
            perfc_incr(tlb_rights);
            /* AR 4 with pl 3 or 2: others read, the kernel writes. Else the kernel alone. */
            if ( (access & ACC_W) && pl )
                rights = (4UL << IA64_PTE_AR_SHIFT) | ((uint64_t)vcpu_machine_cpl(pl) << IA64_PTE_PL_SHIFT);
            else
                rights = (access & ACC_W ? IA64_PTE_AR_RW : IA64_PTE_AR_R) | (1UL << IA64_PTE_PL_SHIFT);
            vtlb_insert_machine(v, va, &g, side, false, true, rights);
            local_irq_restore(flags);
            return;
        }
        if ( !ro )
        {
            /* The machine had an older translation than the guest has. */
            vtlb_insert_machine(v, va, &g, side, !walked || g.ps == g.preferred, false, 0);
            local_irq_restore(flags);
            return;
        }
    }

    local_irq_restore(flags);

    fault(v, &f, vector, va, access_isr(access));
    vcpu_reflect(v, regs, &f);
}

void guest_mmu_fault(unsigned int vector, struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    uint64_t va = regs->cr_ifa, access = access_isr(regs->cr_isr);
    struct guest_fault f;

    if ( vtlb_is_xens(v, va) )
    {
        xen_va_fault(v, regs, va, access);
        return;
    }

    switch ( vector )
    {
    case IA64_VHPT_VECTOR:
    case IA64_INST_TLB_VECTOR:
    case IA64_DATA_TLB_VECTOR:
    case IA64_ALT_INST_TLB_VECTOR:
    case IA64_ALT_DATA_TLB_VECTOR:
        miss(v, regs, va, access);
        break;

    case IA64_INST_ACCESS_RIGHTS_VECTOR:
    case IA64_DATA_ACCESS_RIGHTS_VECTOR:
        rights_fault(vector, v, regs, va, access);
        break;

    default:
        /* Bits of the guest's own translation. */
        fault(v, &f, vector, va, access_isr(access));
        vcpu_reflect(v, regs, &f);
        break;
    }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
