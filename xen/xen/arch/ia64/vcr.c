/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's control registers, kernel registers, CPUID and ar.itc (SDM 2:3.3.4, 3.3.5, 5.8.3). Which registers exist, which bits are reserved (a
 * fault when written as 1) and which are ignored (read as 0). Also a new vcpu's state.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/processor.h>
#include <asm/time.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>
#include <asm/vtlb.h>
#include <public/xen.h>

#define BIT64(n)        (1UL << (n))
#define BITS(hi, lo)    ((~0UL >> (63 - (hi))) & (~0UL << (lo)))

/* psr: 0, 6-12, 16, 28-31, 47-63 (SDM 2:3.3.2). */
#define IPSR_RESERVED   (BIT64(0) | BITS(12, 6) | BIT64(16) | BITS(31, 28) | BITS(63, 47))

struct cr_fields {
    bool exists, read_only;
    uint64_t reserved, ignored;
};

static struct cr_fields cr_fields(unsigned int cr)
{
    switch ( cr )
    {
    case IA64_CR_DCR:
        return (struct cr_fields){ true, false, BITS(7, 3) | BITS(63, 15), 0 };
    case IA64_CR_IVA:
        return (struct cr_fields){ true, false, 0, BITS(14, 0) };
    case IA64_CR_PTA:
        return (struct cr_fields){ true, false, BIT64(1) | BITS(14, 9), 0 };
    case IA64_CR_IPSR:
        return (struct cr_fields){ true, false, IPSR_RESERVED, 0 };
    case IA64_CR_ISR:
        return (struct cr_fields){ true, false, BITS(31, 24) | BITS(63, 44), 0 };
    case IA64_CR_IFS:
        return (struct cr_fields){ true, false, BITS(62, 38), 0 };
    case IA64_CR_IHA:
        return (struct cr_fields){ true, false, 0, BITS(1, 0) };
    /* itir's reserved fields are checked when a translation is inserted, which the manual allows. */
    case IA64_CR_ITM: case IA64_CR_IIP: case IA64_CR_IFA: case IA64_CR_ITIR: case IA64_CR_IIPA: case IA64_CR_IIM:
    case IA64_CR_IIB0: case IA64_CR_IIB1:
        return (struct cr_fields){ true, false, 0, 0 };
    case IA64_CR_LID:
        return (struct cr_fields){ true, false, BITS(15, 0), BITS(63, 32) };
    case IA64_CR_IVR: case IA64_CR_IRR0 ... IA64_CR_IRR3:
        return (struct cr_fields){ true, true, 0, 0 };
    case IA64_CR_TPR:
        return (struct cr_fields){ true, false, BITS(15, 8), BITS(3, 0) | BITS(63, 17) };
    case IA64_CR_EOI:
        return (struct cr_fields){ true, false, 0, BITS(63, 0) };
    case IA64_CR_ITV: case IA64_CR_PMV: case IA64_CR_CMCV:
        return (struct cr_fields){ true, false, BITS(11, 8) | BITS(15, 13), BIT64(12) | BITS(63, 17) };
    case IA64_CR_LRR0: case IA64_CR_LRR1:
        return (struct cr_fields){ true, false, BIT64(11) | BIT64(14), BIT64(12) | BITS(63, 17) };
    default:
        return (struct cr_fields){ false };
    }
}

bool vcpu_cr_access(const struct vcpu *v, unsigned int cr, bool write, struct guest_fault *f)
{
    struct cr_fields c = cr_fields(cr);

    /* The interruption registers may not be touched while they can change under one's hands. */
    if ( !c.exists || (write && c.read_only) || (cr >= IA64_CR_IPSR && cr <= IA64_CR_IIB1 && vcpu_psr_ic(v)) )
        return fault_illegal(f);
    return true;
}

bool vcpu_get_cr(struct vcpu *v, unsigned int cr, uint64_t *val, struct guest_fault *f)
{
    const struct mapped_regs *pr = v->arch.privregs;
    uint64_t bundle[2];

    if ( !vcpu_cr_access(v, cr, false, f) )
        return false;
    switch ( cr )
    {
    case IA64_CR_IVR:
        /* A match of the timer may have gone unnoticed while the guest ran. */
        vlsapic_timer_check(v);
        *val = vlsapic_read_ivr(v);
        break;
    case IA64_CR_IRR0 ... IA64_CR_IRR3:
        vlsapic_timer_check(v);
        *val = vlsapic_read_irr(v, cr - IA64_CR_IRR0);
        break;
    case IA64_CR_LID:
        *val = v->arch.lsapic.lid;
        break;
    case IA64_CR_IIB0: case IA64_CR_IIB1:
        /* Fetched when somebody asks: few do. */
        *val = pr->vcr[cr];
        if ( v->arch.priv.iib_ip && vcpu_fetch_bundle(v, v->arch.priv.iib_ip, bundle) )
            *val = bundle[cr - IA64_CR_IIB0];
        break;
    default:
        *val = pr->vcr[cr];
        break;
    }
    return true;
}

static bool reserved_value(unsigned int cr, uint64_t val)
{
    unsigned int size = IA64_PTA_SIZE(val);

    if ( val & cr_fields(cr).reserved )
        return true;
    return cr == IA64_CR_PTA && (size < 15 || size > GUEST_VA_MSB);
}

bool vcpu_set_cr(struct vcpu *v, unsigned int cr, uint64_t val, struct guest_fault *f)
{
    struct mapped_regs *pr = v->arch.privregs;

    if ( !vcpu_cr_access(v, cr, true, f) )
        return false;
    if ( reserved_value(cr, val) )
        return fault_reserved(f);
    val &= ~cr_fields(cr).ignored;

    switch ( cr )
    {
    case IA64_CR_EOI:
        vlsapic_eoi(v);
        break;
    case IA64_CR_LID:
        v->arch.lsapic.lid = pr->vcr[cr] = val;
        break;
    case IA64_CR_ITM: case IA64_CR_ITV:
        pr->vcr[cr] = val;
        vlsapic_timer_changed(v);
        break;
    case IA64_CR_IIB0: case IA64_CR_IIB1:
        v->arch.priv.iib_ip = 0;
        /* fall through */
    default:
        /* dcr, iva, pta, tpr act when something next looks at them. */
        pr->vcr[cr] = val;
        break;
    }
    return true;
}

void vcpu_set_kr(struct vcpu *v, unsigned int kr, uint64_t val)
{
    v->arch.kr[kr & 7] = v->arch.privregs->krs[kr & 7] = val;
    if ( v != current )
        return;
    switch ( kr & 7 )
    {
    case 0: ia64_setreg(ar.k0, val); break;
    case 1: ia64_setreg(ar.k1, val); break;
    case 2: ia64_setreg(ar.k2, val); break;
    case 3: ia64_setreg(ar.k3, val); break;
    case 4: ia64_setreg(ar.k4, val); break;
    case 5: ia64_setreg(ar.k5, val); break;
    case 6: ia64_setreg(ar.k6, val); break;
    case 7: ia64_setreg(ar.k7, val); break;
    }
}

uint64_t vcpu_get_itc(const struct vcpu *v)
{
    return get_cycles() + v->arch.privregs->itc_offset;
}

void vcpu_set_itc(struct vcpu *v, struct cpu_user_regs *regs, uint64_t val)
{
    v->arch.privregs->itc_offset = val - get_cycles();
    /* From now on the guest's own reads of ar.itc trap (vcpu_set_psr). */
    vcpu_set_psr(v, regs, vcpu_get_psr(v, regs));
    vlsapic_timer_changed(v);
}

bool vcpu_get_cpuid(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f)
{
    if ( index >= VCPU_NR_CPUID )
        return fault_reserved(f);
    *val = v->arch.privregs->vcpuid[index];
    return true;
}

int vcpu_priv_init(struct vcpu *v)
{
    struct mapped_regs *pr = v->arch.privregs;
    unsigned int i;

    BUILD_BUG_ON(sizeof(struct mapped_regs) != 0x1000);
    BUILD_BUG_ON(offsetof(struct mapped_regs, vpsr) != 0x590);
    BUILD_BUG_ON(offsetof(struct mapped_regs, vcr) != 0x800);
    BUILD_BUG_ON(offsetof(struct mapped_regs, interrupt_mask_addr) != 0xc18);
    BUILD_BUG_ON(offsetof(struct mapped_regs, banknum) != 0xc4c);
    BUILD_BUG_ON(offsetof(struct mapped_regs, itc_last) != 0xd58);

    memset(&v->arch.priv, 0, sizeof(v->arch.priv));
    if ( is_idle_vcpu(v) || !pr )
        return 0;

    for ( i = 0; i < VCPU_NR_CPUID; i++ )
        pr->vcpuid[i] = ia64_get_cpuid(i);
    for ( i = IA64_CR_ITV; i <= IA64_CR_CMCV; i++ )
        pr->vcr[i] = IA64_LVT_MASKED;
    pr->vcr[IA64_CR_LRR0] = pr->vcr[IA64_CR_LRR1] = IA64_LVT_MASKED;
    pr->vcr[IA64_CR_PTA] = 15UL << IA64_PTA_SIZE_SHIFT;     /* off, but a value that may be given back to SAL */
    pr->metaphysical_mode = 1;
    pr->interrupt_mask_addr = XSI_SHARED_INFO + offsetof(struct shared_info, vcpu_info) + v->vcpu_id * sizeof(struct vcpu_info) +
                              offsetof(struct vcpu_info, evtchn_upcall_mask);
    vcpu_set_psr_i(v, false);
    v->arch.priv.pmc[0] = 1;    /* frozen (SDM 2:7.2.2) */
    return 0;
}

void vcpu_priv_destroy(struct vcpu *v)
{
}

void vcpu_priv_switch(struct vcpu *prev, struct vcpu *next)
{
    vdebug_switch(prev, next);
    vpmu_switch(prev, next);
}
