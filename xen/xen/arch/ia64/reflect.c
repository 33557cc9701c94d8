/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interruptions of a guest (SDM 2:5): collected into its virtual control registers and delivered to its own vector table; external interrupts and
 * event callbacks on the way back to it. Serves everything that finds out that a guest's instruction faults.
 */
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>
#include <public/xen.h>

/* Good for one instruction, and cleared when it has completed (SDM 2:3.3.2). */
#define PSR_ONE_SHOT    (IA64_PSR_ID | IA64_PSR_DA | IA64_PSR_DD | IA64_PSR_IA | IA64_PSR_ED)
/* What an interruption leaves as it is; everything else becomes 0 (SDM 2:3.3.2, table of psr fields). */
#define PSR_KEPT        (IA64_PSR_UP | IA64_PSR_MFL | IA64_PSR_MFH | IA64_PSR_PK | IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT | IA64_PSR_MC)

/* Which registers a vector's parameters are in (SDM 2:8.3, the vectors' pages). */
#define SETS_IFA        1
#define SETS_ITIR       2
#define SETS_IIM        4
#define SETS_IHA        8

#define ISR_UI          0x10        /* Unimplemented Instruction Address: trap or fault */

static unsigned int vector_sets(unsigned int vector, uint64_t isr)
{
    switch ( vector )
    {
    case IA64_VHPT_VECTOR: case IA64_INST_TLB_VECTOR: case IA64_DATA_TLB_VECTOR:
        return SETS_IFA | SETS_ITIR | SETS_IHA;
    case IA64_ALT_INST_TLB_VECTOR: case IA64_ALT_DATA_TLB_VECTOR:
    case IA64_INST_KEY_MISS_VECTOR: case IA64_DATA_KEY_MISS_VECTOR:
    case IA64_DIRTY_BIT_VECTOR: case IA64_INST_ACCESS_BIT_VECTOR: case IA64_DATA_ACCESS_BIT_VECTOR:
    case IA64_PAGE_NOT_PRESENT_VECTOR: case IA64_KEY_PERMISSION_VECTOR:
    case IA64_INST_ACCESS_RIGHTS_VECTOR: case IA64_DATA_ACCESS_RIGHTS_VECTOR:
        return SETS_IFA | SETS_ITIR;
    case IA64_BREAK_VECTOR: case IA64_SPECULATION_VECTOR:
        return SETS_IIM;
    case IA64_DEBUG_VECTOR: case IA64_UNALIGNED_REF_VECTOR: case IA64_UNSUPPORTED_REF_VECTOR:
        return SETS_IFA;
    case IA64_NAT_CONSUMPTION_VECTOR:
        /* NaT page, not register. */
        return (isr & 0xf0) == 0x20 ? SETS_IFA : 0;
    case IA64_GENEX_VECTOR:
        /* Unimplemented data address: a reserved field, with an access. */
        return (isr & (IA64_ISR_R | IA64_ISR_W)) ? SETS_IFA : 0;
    case IA64_LOWERPRIV_TRAP_VECTOR:
        return isr & ISR_UI ? SETS_IFA : 0;
    default:
        return 0;
    }
}

static bool is_trap(unsigned int vector)
{
    return vector == IA64_FP_TRAP_VECTOR || (vector >= IA64_LOWERPRIV_TRAP_VECTOR && vector <= IA64_SINGLE_STEP_TRAP_VECTOR);
}

static bool is_data_tlb_miss(unsigned int vector, uint64_t isr)
{
    return vector == IA64_DATA_TLB_VECTOR || vector == IA64_ALT_DATA_TLB_VECTOR ||
           (vector == IA64_VHPT_VECTOR && !(isr & IA64_ISR_X));
}

/*
 * Is the fault of a speculative load put off until its result is used (SDM 2:5.5.5)? The machine's dcr is Xen's, so it comes to us. With ic 0 always;
 * else if the code's page says so (isr.ed) and dcr.
 */
static bool deferred(const struct vcpu *v, unsigned int vector, uint64_t isr)
{
    const struct mapped_regs *pr = v->arch.privregs;
    uint64_t dcr;

    if ( !(isr & IA64_ISR_SP) )
        return false;
    switch ( vector )
    {
    case IA64_VHPT_VECTOR: case IA64_DATA_TLB_VECTOR: case IA64_ALT_DATA_TLB_VECTOR: case IA64_DATA_NESTED_TLB_VECTOR:
        dcr = IA64_DCR_DM;
        break;
    case IA64_PAGE_NOT_PRESENT_VECTOR:
        dcr = IA64_DCR_DP;
        break;
    case IA64_DATA_KEY_MISS_VECTOR:
        dcr = IA64_DCR_DK;
        break;
    case IA64_KEY_PERMISSION_VECTOR:
        dcr = IA64_DCR_DX;
        break;
    case IA64_DATA_ACCESS_RIGHTS_VECTOR:
        dcr = IA64_DCR_DR;
        break;
    case IA64_DATA_ACCESS_BIT_VECTOR:
        dcr = IA64_DCR_DA;
        break;
    case IA64_DEBUG_VECTOR:
        dcr = IA64_DCR_DD;
        break;
    case IA64_UNALIGNED_REF_VECTOR:
        dcr = 0;
        break;
    case IA64_NAT_CONSUMPTION_VECTOR: case IA64_UNSUPPORTED_REF_VECTOR: case IA64_GENEX_VECTOR:
        return true;
    default:
        return false;
    }
    if ( !vcpu_psr_ic(v) )
        return true;
    return (isr & IA64_ISR_ED) && (pr->vpsr & IA64_PSR_IT) && (!dcr || (pr->vcr[IA64_CR_DCR] & dcr));
}

/*
 * The guest's state as an interruption leaves it, and on to `ip`. isr has everything but ni and ir. With psr.ic 0 the state of the interruption
 * being handled stays (SDM 2:5.5).
 */
static void interrupt(struct vcpu *v, struct cpu_user_regs *regs, const struct guest_fault *f, uint64_t isr, uint64_t ip)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t psr = vcpu_get_psr(v, regs), dcr = pr->vcr[IA64_CR_DCR];
    bool ic = psr & IA64_PSR_IC;
    bool incomplete = pr->incomplete_regframe || IA64_CFM_SOF(regs->cr_ifs) > vcpu_nr_dirty(regs);
    unsigned int sets = vector_sets(f->vector, isr);

    if ( ic )
    {
        pr->vcr[IA64_CR_IPSR] = psr;
        pr->vcr[IA64_CR_IIP] = regs->cr_iip;
        pr->vcr[IA64_CR_IIPA] = regs->cr_iipa;
        pr->vcr[IA64_CR_IFS] &= ~IA64_IFS_V;
        if ( sets & SETS_IFA )
            pr->vcr[IA64_CR_IFA] = f->ifa;
        if ( sets & SETS_ITIR )
            pr->vcr[IA64_CR_ITIR] = f->itir;
        if ( sets & SETS_IIM )
            pr->vcr[IA64_CR_IIM] = f->iim;
        if ( sets & SETS_IHA )
            pr->vcr[IA64_CR_IHA] = f->iha;
        if ( is_trap(f->vector) )
            v->arch.priv.iib_ip = regs->cr_iipa;
        else
            v->arch.priv.iib_ip = f->vector == IA64_EXTINT_VECTOR || (isr & IA64_ISR_X) ? 0 : regs->cr_iip;
    }
    if ( f->vector != IA64_DATA_NESTED_TLB_VECTOR )
        pr->vcr[IA64_CR_ISR] = (isr & ~(IA64_ISR_NI | IA64_ISR_IR)) | (ic ? 0 : IA64_ISR_NI) | (incomplete ? IA64_ISR_IR : 0);

    /* See vcpu_cover(). */
    if ( !pr->incomplete_regframe )
    {
        pr->precover_ifs = regs->cr_ifs;
        if ( incomplete )
        {
            pr->incomplete_regframe = 1;
            regs->cr_ifs = IA64_IFS_V;
        }
    }

    regs->plain = false;
    regs->cr_iip = ip;
    vcpu_set_psr(v, regs, (psr & PSR_KEPT) | (dcr & IA64_DCR_BE ? IA64_PSR_BE : 0) | (dcr & IA64_DCR_PP ? IA64_PSR_PP : 0));
}

void vcpu_reflect(struct vcpu *v, struct cpu_user_regs *regs, const struct guest_fault *f)
{
    struct guest_fault fault = *f;
    uint64_t isr = fault.isr;

    if ( !is_trap(fault.vector) )
    {
        isr &= ~IA64_ISR_EI;
        isr |= ((regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT) << IA64_ISR_EI_SHIFT;
    }
    if ( deferred(v, fault.vector, isr) )
    {
        /* Done again, the load gives a NaT (SDM 2:5.5.5). */
        regs->cr_ipsr |= IA64_PSR_ED;
        return;
    }
    if ( !vcpu_psr_ic(v) && is_data_tlb_miss(fault.vector, isr) )
        fault.vector = IA64_DATA_NESTED_TLB_VECTOR;

    perfc_incra(reflect, fault.vector >> 8);
    interrupt(v, regs, &fault, isr, (v->arch.privregs->vcr[IA64_CR_IVA] & ~0x7fffUL) + fault.vector);
}

void vcpu_reflect_same(unsigned int vector, struct cpu_user_regs *regs)
{
    struct guest_fault f = {
        .vector = vector, .isr = regs->cr_isr, .ifa = regs->cr_ifa, .itir = regs->cr_itir, .iha = regs->cr_iha, .iim = regs->cr_iim,
    };

    vcpu_reflect(current, regs, &f);
}

void vcpu_step_traps(struct vcpu *v, struct cpu_user_regs *regs, uint64_t ip, unsigned int slot)
{
    bool step = regs->cr_ipsr & IA64_PSR_SS;

    regs->cr_ipsr &= ~PSR_ONE_SHOT;
    if ( step )
    {
        struct guest_fault f = {
            .vector = IA64_SINGLE_STEP_TRAP_VECTOR, .isr = IA64_TRAP_SS | ((uint64_t)slot << IA64_ISR_EI_SHIFT),
        };

        regs->cr_iipa = ip;
        vcpu_reflect(v, regs, &f);
    }
}

/* --- external interrupts and events --- */

static uint64_t isr_ei(const struct cpu_user_regs *regs)
{
    return ((regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT) << IA64_ISR_EI_SHIFT;
}

void vcpu_check_pending(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    struct mapped_regs *pr = v->arch.privregs;
    const struct guest_fault extint = { .vector = IA64_EXTINT_VECTOR };
    int vector;

    if ( is_idle_vcpu(v) || !guest_mode(regs) )
        return;

    vlsapic_timer_check(v);
    vector = vlsapic_pending(v);
    /* For the assembler's ssm of psr.i, and for paravirtualised code. */
    pr->pending_interruption = vector >= 0;

    if ( !vcpu_psr_i(v) )
        return;
    /* The callback finds its way back by the interruption registers: it has to wait for ic. */
    if ( v->arch.event_callback_ip && vcpu_info(v, evtchn_upcall_pending) && vcpu_psr_ic(v) )
        interrupt(v, regs, &extint, isr_ei(regs), v->arch.event_callback_ip & ~0xfUL);
    else if ( vector >= 0 )
        vcpu_reflect(v, regs, &extint);
}

bool vcpu_has_pending(const struct vcpu *v)
{
    return v->arch.init_pending || vlsapic_pending(v) >= 0 || (v->arch.event_callback_ip && vcpu_info(v, evtchn_upcall_pending));
}

void vcpu_event_pended(struct vcpu *v)
{
    int vector = v->domain->shared_info ? shared_info(v->domain, arch.evtchn_vector) : 0;

    if ( !v->arch.event_callback_ip && vector > 0 )
        vlsapic_set_irq(v, vector);
    else
        vcpu_kick(v);
}
