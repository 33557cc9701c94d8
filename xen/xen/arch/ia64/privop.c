/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Privileged instructions of a guest, done for it: those that trapped (General Exception), those that a break stands for, hyperprivops. The order of
 * checks is that of each instruction's page in SDM 3: target and existence, privilege, NaT, reserved.
 */
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/p2m.h>
#include <asm/privop.h>
#include <asm/processor.h>
#include <asm/time.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>
#include <public/xen.h>

static unsigned int virtual_cpl(const struct cpu_user_regs *regs)
{
    return vcpu_virtual_cpl((regs->cr_ipsr >> IA64_PSR_CPL_SHIFT) & 3);
}

static bool privileged(const struct cpu_user_regs *regs, uint64_t code, struct guest_fault *f)
{
    return virtual_cpl(regs) == 0 || fault_general(f, code);
}

/* An operand that may not be NaT. */
static bool consume(const struct cpu_user_regs *regs, unsigned int reg, uint64_t isr, uint64_t *val, struct guest_fault *f)
{
    return !vcpu_get_gr(regs, reg, val) || fault_nat(f, isr);
}

static bool writes_r1(unsigned int op)
{
    switch ( op )
    {
    case PRIVOP_GET_PSR: case PRIVOP_GET_CR: case PRIVOP_GET_AR: case PRIVOP_GET_RR: case PRIVOP_GET_PKR: case PRIVOP_GET_DBR:
    case PRIVOP_GET_IBR: case PRIVOP_GET_PMC: case PRIVOP_GET_PMD: case PRIVOP_GET_CPUID: case PRIVOP_THASH: case PRIVOP_TTAG:
    case PRIVOP_TPA: case PRIVOP_TAK:
        return true;
    default:
        return false;
    }
}

/* Those that any privilege level may execute. */
static bool unprivileged(unsigned int op)
{
    switch ( op )
    {
    case PRIVOP_COVER: case PRIVOP_GET_AR: case PRIVOP_SET_AR: case PRIVOP_SET_AR_IMM: case PRIVOP_GET_PMD: case PRIVOP_GET_CPUID:
    case PRIVOP_THASH: case PRIVOP_TTAG: case PRIVOP_FC: case PRIVOP_FC_I:
        return true;
    default:
        return false;
    }
}

/* A guest's ar.rsc.pl from the machine's, and back: as psr.cpl. */
static uint64_t rsc_with_pl(uint64_t rsc, unsigned int pl)
{
    return (rsc & ~IA64_RSC_PL) | ((uint64_t)pl << IA64_RSC_PL_SHIFT);
}

static bool get_ar(struct vcpu *v, struct cpu_user_regs *regs, unsigned int ar, uint64_t *val, struct guest_fault *f)
{
    switch ( ar )
    {
    case IA64_AR_K0 ... IA64_AR_K7:
        *val = v->arch.kr[ar];
        return true;
    case IA64_AR_ITC: case IA64_AR_RUC:
        if ( (v->arch.privregs->vpsr & IA64_PSR_SI) && virtual_cpl(regs) != 0 )
            return fault_general(f, IA64_GENEX_PRIV_REG);
        *val = ar == IA64_AR_ITC ? vcpu_get_itc(v) : get_cycles();
        return true;
    case IA64_AR_RSC:
        *val = rsc_with_pl(regs->ar_rsc, vcpu_virtual_cpl((regs->ar_rsc & IA64_RSC_PL) >> IA64_RSC_PL_SHIFT));
        return true;
    default:
        return fault_illegal(f);
    }
}

static bool set_ar(struct vcpu *v, struct cpu_user_regs *regs, unsigned int ar, uint64_t val, struct guest_fault *f)
{
    unsigned int pl, cpl = virtual_cpl(regs);

    switch ( ar )
    {
    case IA64_AR_K0 ... IA64_AR_K7:
        if ( !privileged(regs, IA64_GENEX_PRIV_REG, f) )
            return false;
        vcpu_set_kr(v, ar, val);
        return true;
    case IA64_AR_ITC:
        if ( !privileged(regs, IA64_GENEX_PRIV_REG, f) )
            return false;
        vcpu_set_itc(v, regs, val);
        return true;
    case IA64_AR_RUC:           /* the machine's: a hypervisor's to set (SDM 2:3.3.4.3), and this one does not */
        return privileged(regs, IA64_GENEX_PRIV_REG, f);
    case IA64_AR_RSC:
        if ( val & ~(IA64_RSC_LOADRS | 0x1fUL) )
            return fault_reserved(f);
        /* Nobody becomes more privileged through the RSE (SDM 2:6.5.1). */
        pl = (val & IA64_RSC_PL) >> IA64_RSC_PL_SHIFT;
        regs->ar_rsc = rsc_with_pl(val, vcpu_machine_cpl(pl < cpl ? cpl : pl));
        return true;
    default:
        return fault_illegal(f);
    }
}

/* fc on the line that the guest's address means. */
static bool flush_cache(struct vcpu *v, uint64_t va, bool insn, struct guest_fault *f)
{
    uint64_t gpa, attr;
    mfn_t mfn;
    void *p;

    if ( !vcpu_translate(v, va, IA64_ISR_NA | IA64_ISR_R | IA64_ISR_NA_FC, &gpa, &attr, f) )
        return false;
    mfn = gfn_to_mfn(v->domain, _gfn(gpa >> PAGE_SHIFT));
    if ( !mfn_valid(mfn) )
        return true;
    p = mfn_to_virt(mfn_x(mfn)) + (gpa & ~PAGE_MASK);
    if ( insn )
        ia64_fc_i(p);
    else
        ia64_fc(p);
    return true;
}

/* An instruction with a target: its value. */
static bool read_op(struct vcpu *v, struct cpu_user_regs *regs, const struct privop *op, uint64_t *val, bool *nat, struct guest_fault *f)
{
    uint64_t r3 = 0;

    switch ( op->op )
    {
    case PRIVOP_GET_PSR:
        *val = vcpu_get_psr(v, regs) & (0xffffffffUL | IA64_PSR_MC | IA64_PSR_IT);
        return true;
    case PRIVOP_GET_CR:
        return vcpu_get_cr(v, op->num, val, f);
    case PRIVOP_GET_AR:
        return get_ar(v, regs, op->num, val, f);
    case PRIVOP_THASH: case PRIVOP_TTAG:
        /* A NaT address gives a NaT. */
        *nat = vcpu_get_gr(regs, op->r3, &r3);
        *val = *nat ? 0 : op->op == PRIVOP_THASH ? vcpu_thash(v, r3) : vcpu_ttag(v, r3);
        return true;
    case PRIVOP_TPA:
        return consume(regs, op->r3, IA64_ISR_NA | IA64_ISR_NA_TPA, &r3, f) && vcpu_tpa(v, r3, val, f);
    case PRIVOP_TAK:
        if ( !consume(regs, op->r3, IA64_ISR_NA | IA64_ISR_NA_TAK, &r3, f) )
            return false;
        *val = vcpu_tak(v, r3);
        return true;
    default:
        break;
    }

    /* The register files, indexed by the low byte. */
    if ( !consume(regs, op->r3, 0, &r3, f) )
        return false;
    switch ( op->op )
    {
    case PRIVOP_GET_RR:
        *val = vcpu_get_rr(v, r3);
        return true;
    case PRIVOP_GET_PKR:
        return vcpu_get_pkr(v, r3 & 0xff, val, f);
    case PRIVOP_GET_DBR:
        return vcpu_get_dbr(v, r3 & 0xff, val, f);
    case PRIVOP_GET_IBR:
        return vcpu_get_ibr(v, r3 & 0xff, val, f);
    case PRIVOP_GET_PMC:
        *val = vcpu_get_pmc(v, r3 & 0xff);
        return true;
    case PRIVOP_GET_PMD:
        *val = vcpu_get_pmd(v, regs, r3 & 0xff);
        return true;
    case PRIVOP_GET_CPUID:
        return vcpu_get_cpuid(v, r3 & 0xff, val, f);
    default:
        return fault_illegal(f);
    }
}

static bool set_file(struct vcpu *v, unsigned int op, uint64_t index, uint64_t val, struct guest_fault *f)
{
    switch ( op )
    {
    case PRIVOP_SET_RR:
        return vcpu_set_rr(v, index, val, f);
    case PRIVOP_SET_PKR:
        return vcpu_set_pkr(v, index & 0xff, val, f);
    case PRIVOP_SET_DBR:
        return vcpu_set_dbr(v, index & 0xff, val, f);
    case PRIVOP_SET_IBR:
        return vcpu_set_ibr(v, index & 0xff, val, f);
    case PRIVOP_SET_PMC:
        vcpu_set_pmc(v, index & 0xff, val);
        return true;
    default:
        vcpu_set_pmd(v, index & 0xff, val);
        return true;
    }
}

/* An instruction without a target, other than rfi. */
static bool write_op(struct vcpu *v, struct cpu_user_regs *regs, const struct privop *op, struct guest_fault *f)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t r2 = 0, r3 = 0;

    switch ( op->op )
    {
    case PRIVOP_BSW0: case PRIVOP_BSW1:
        vcpu_bsw(v, regs, op->op == PRIVOP_BSW1);
        return true;
    case PRIVOP_COVER:
        vcpu_cover(v, regs);
        return true;
    case PRIVOP_VMSW:
        /* Only from a page with access rights 7, which no guest of ours has use for (SDM 3: vmsw). */
        *f = (struct guest_fault){ .vector = IA64_VIRTUALIZATION_VECTOR };
        return false;
    case PRIVOP_SSM:
        return vcpu_ssm(v, regs, op->imm, f);
    case PRIVOP_RSM:
        return vcpu_rsm(v, regs, op->imm, f);
    case PRIVOP_SET_PSR:
        return consume(regs, op->r2, 0, &r2, f) && vcpu_set_psr_l(v, regs, r2, f);
    case PRIVOP_SET_CR:
        return consume(regs, op->r2, 0, &r2, f) && vcpu_set_cr(v, op->num, r2, f);
    case PRIVOP_SET_AR:
        return consume(regs, op->r2, 0, &r2, f) && set_ar(v, regs, op->num, r2, f);
    case PRIVOP_SET_AR_IMM:
        return set_ar(v, regs, op->num, op->imm, f);
    case PRIVOP_SET_RR: case PRIVOP_SET_PKR: case PRIVOP_SET_DBR: case PRIVOP_SET_IBR: case PRIVOP_SET_PMC: case PRIVOP_SET_PMD:
        return consume(regs, op->r2, 0, &r2, f) && consume(regs, op->r3, 0, &r3, f) && set_file(v, op->op, r3, r2, f);
    case PRIVOP_ITC_D: case PRIVOP_ITC_I:
        return consume(regs, op->r2, 0, &r2, f) &&
               vcpu_itc(v, op->op == PRIVOP_ITC_D, r2, pr->vcr[IA64_CR_ITIR], pr->vcr[IA64_CR_IFA], f);
    case PRIVOP_ITR_D: case PRIVOP_ITR_I:
        return consume(regs, op->r3, 0, &r3, f) && consume(regs, op->r2, 0, &r2, f) &&
               vcpu_itr(v, op->op == PRIVOP_ITR_D, r3 & 0xff, r2, pr->vcr[IA64_CR_ITIR], pr->vcr[IA64_CR_IFA], f);
    case PRIVOP_PTC_E:
        if ( !consume(regs, op->r3, 0, &r3, f) )
            return false;
        vcpu_ptc_e(v);
        return true;
    case PRIVOP_FC: case PRIVOP_FC_I:
        return consume(regs, op->r3, IA64_ISR_NA | IA64_ISR_R | IA64_ISR_NA_FC, &r3, f) && flush_cache(v, r3, op->op == PRIVOP_FC_I, f);
    default:
        break;
    }

    /* Purges: address and size. */
    if ( !consume(regs, op->r3, 0, &r3, f) || !consume(regs, op->r2, 0, &r2, f) )
        return false;
    switch ( op->op )
    {
    case PRIVOP_PTC_L:
        return vcpu_ptc_l(v, r3, r2, f);
    case PRIVOP_PTC_G:
        return vcpu_ptc_g(v, r3, r2, f);
    case PRIVOP_PTC_GA:
        return vcpu_ptc_ga(v, r3, r2, f);
    case PRIVOP_PTR_D: case PRIVOP_PTR_I:
        return vcpu_ptr(v, op->op == PRIVOP_PTR_D, r3, r2, f);
    default:
        return fault_illegal(f);
    }
}

/* What is Illegal Operation before privilege is looked at. */
static bool legal(const struct vcpu *v, const struct cpu_user_regs *regs, const struct privop *op, struct guest_fault *f)
{
    if ( writes_r1(op->op) && !vcpu_gr_is_target(regs, op->r1, f) )
        return false;
    switch ( op->op )
    {
    case PRIVOP_GET_CR:
        return vcpu_cr_access(v, op->num, false, f);
    case PRIVOP_SET_CR:
        return vcpu_cr_access(v, op->num, true, f);
    case PRIVOP_ITC_D: case PRIVOP_ITC_I: case PRIVOP_ITR_D: case PRIVOP_ITR_I:
        return !vcpu_psr_ic(v) || fault_illegal(f);
    default:
        return true;
    }
}

/* isr of a Privileged Operation fault: which non-access instruction it was (SDM 3: tpa, tak). */
static uint64_t priv_op_isr(unsigned int op)
{
    switch ( op )
    {
    case PRIVOP_TPA:
        return IA64_GENEX_PRIV_OP | IA64_ISR_NA | IA64_ISR_NA_TPA;
    case PRIVOP_TAK:
        return IA64_GENEX_PRIV_OP | IA64_ISR_NA | IA64_ISR_NA_TAK;
    default:
        return IA64_GENEX_PRIV_OP;
    }
}

bool privop_emulate(struct vcpu *v, struct cpu_user_regs *regs, const struct privop *op, struct guest_fault *f)
{
    uint64_t ip = regs->cr_iip, val = 0;
    unsigned int slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;
    bool nat = false;

    if ( op->op == PRIVOP_NONE || op->op >= PRIVOP_NR )
        return fault_illegal(f);
    perfc_incra(privop, op->op);
    if ( !legal(v, regs, op, f) || (!unprivileged(op->op) && !privileged(regs, priv_op_isr(op->op), f)) )
        return false;

    if ( op->op == PRIVOP_RFI )
        return vcpu_rfi(v, regs, f);
    if ( writes_r1(op->op) ? !read_op(v, regs, op, &val, &nat, f) || !vcpu_set_gr(regs, op->r1, val, nat, f) : !write_op(v, regs, op, f) )
    {
        /* A data reference (tpa, fc) that failed. */
        if ( (f->isr & IA64_ISR_NA) && f->vector != IA64_GENEX_VECTOR && f->vector != IA64_NAT_CONSUMPTION_VECTOR && vcpu_code_ed(v, ip) )
            f->isr |= IA64_ISR_ED;
        return false;
    }

    /* They are M and B instructions, so not the long one of MLX. */
    vcpu_next_slot(regs, 0);
    vcpu_step_traps(v, regs, ip, slot);
    return true;
}

/* The instruction that the frame stands at. false: it cannot be fetched now, and is to be tried again. */
static bool fetch(struct vcpu *v, const struct cpu_user_regs *regs, uint64_t bundle[2], enum ia64_unit *unit, uint64_t *bits)
{
    unsigned int slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;

    if ( !vcpu_fetch_bundle(v, regs->cr_iip, bundle) )
        return false;
    *unit = ia64_slot_unit(IA64_TEMPLATE(bundle[0]), slot);
    *bits = *unit == IA64_UNIT_NONE ? 0 : ia64_slot_bits(bundle, slot);
    return true;
}

/*
 * General Exception in a guest. At the machine's level 1 these mean that the guest's kernel did something privileged: Privileged Operation and
 * Register, and Illegal Operation, which moves of interruption registers, itc and itr raise first since the machine's psr.ic is 1 (SDM 3: mov cr,
 * itc). A user's read of ar.itc comes here too if Xen has set psr.si.
 */
void guest_general_exception(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    unsigned int code = regs->cr_isr & 0xf0;        /* bits 3:0 say which non-access instruction: tpa, tak */
    uint64_t bundle[2], bits;
    enum ia64_unit unit;
    struct privop op;
    struct guest_fault f;
    bool ours = virtual_cpl(regs) == 0 ? code == IA64_GENEX_ILLEGAL_OP || code == IA64_GENEX_PRIV_OP || code == IA64_GENEX_PRIV_REG
                                       : code == IA64_GENEX_PRIV_REG && !(v->arch.privregs->vpsr & IA64_PSR_SI);

    if ( ours )
    {
        if ( !fetch(v, regs, bundle, &unit, &bits) )
            return;
        ours = privop_decode(unit, bits, &op);
    }
    /* An instruction that is legal at any level has a fault of its own. */
    if ( ours && unprivileged(op.op) )
        ours = code == IA64_GENEX_PRIV_REG;
    if ( !ours )
    {
        vcpu_reflect_same(IA64_GENEX_VECTOR, regs);
        return;
    }
    if ( !privop_emulate(v, regs, &op, &f) )
        vcpu_reflect(v, regs, &f);
    vcpu_finish(v);
}

/* A hyperprivop as the instruction it is, with its fixed registers. */
static bool hyperprivop_decode(unsigned int number, struct privop *op)
{
    static const struct {
        uint8_t op, r1, r2, r3, num;
        uint32_t imm;
    } table[HYPERPRIVOP_MAX + 1] = {
        [HYPERPRIVOP_RFI]       = { PRIVOP_RFI },
        [HYPERPRIVOP_RSM_DT]    = { PRIVOP_RSM, .imm = IA64_PSR_DT },
        [HYPERPRIVOP_SSM_DT]    = { PRIVOP_SSM, .imm = IA64_PSR_DT },
        [HYPERPRIVOP_COVER]     = { PRIVOP_COVER },
        [HYPERPRIVOP_ITC_D]     = { PRIVOP_ITC_D, .r2 = 8 },
        [HYPERPRIVOP_ITC_I]     = { PRIVOP_ITC_I, .r2 = 8 },
        [HYPERPRIVOP_SSM_I]     = { PRIVOP_SSM, .imm = IA64_PSR_I },
        [HYPERPRIVOP_GET_IVR]   = { PRIVOP_GET_CR, .r1 = 8, .num = IA64_CR_IVR },
        [HYPERPRIVOP_GET_TPR]   = { PRIVOP_GET_CR, .r1 = 8, .num = IA64_CR_TPR },
        [HYPERPRIVOP_SET_TPR]   = { PRIVOP_SET_CR, .r2 = 8, .num = IA64_CR_TPR },
        [HYPERPRIVOP_EOI]       = { PRIVOP_SET_CR, .r2 = 0, .num = IA64_CR_EOI },
        [HYPERPRIVOP_SET_ITM]   = { PRIVOP_SET_CR, .r2 = 8, .num = IA64_CR_ITM },
        [HYPERPRIVOP_THASH]     = { PRIVOP_THASH, .r1 = 8, .r3 = 8 },
        [HYPERPRIVOP_PTC_GA]    = { PRIVOP_PTC_GA, .r3 = 8, .r2 = 9 },
        [HYPERPRIVOP_ITR_D]     = { PRIVOP_ITR_D, .r3 = 8, .r2 = 9 },
        [HYPERPRIVOP_GET_RR]    = { PRIVOP_GET_RR, .r1 = 8, .r3 = 8 },
        [HYPERPRIVOP_SET_RR]    = { PRIVOP_SET_RR, .r3 = 8, .r2 = 9 },
        [HYPERPRIVOP_FC]        = { PRIVOP_FC, .r3 = 8 },
        [HYPERPRIVOP_GET_CPUID] = { PRIVOP_GET_CPUID, .r1 = 8, .r3 = 8 },
        [HYPERPRIVOP_GET_PMD]   = { PRIVOP_GET_PMD, .r1 = 8, .r3 = 8 },
        [HYPERPRIVOP_RSM_BE]    = { PRIVOP_RSM, .imm = IA64_PSR_BE },
        [HYPERPRIVOP_GET_PSR]   = { PRIVOP_GET_PSR, .r1 = 8 },
    };

    *op = (struct privop){
        .op = table[number].op, .r1 = table[number].r1, .r2 = table[number].r2, .r3 = table[number].r3, .num = table[number].num,
        .imm = table[number].imm,
    };
    return op->op != PRIVOP_NONE;
}

/* Those that are no one instruction. */
static bool hyperprivop_other(struct vcpu *v, struct cpu_user_regs *regs, unsigned int number, struct guest_fault *f)
{
    static const uint8_t rr_reg[5] = { 8, 9, 10, 11, 14 };
    uint64_t val, index;
    unsigned int i;

    switch ( number )
    {
    case HYPERPRIVOP_SET_KR:
        if ( !consume(regs, 8, 0, &index, f) || !consume(regs, 9, 0, &val, f) )
            return false;
        if ( index > 7 )
            return fault_reserved(f);
        vcpu_set_kr(v, index, val);
        return true;
    case HYPERPRIVOP_GET_EFLAG:
        return vcpu_set_gr(regs, 8, ia64_getreg(ar.eflag), false, f);
    case HYPERPRIVOP_SET_EFLAG:
        if ( !consume(regs, 8, 0, &val, f) )
            return false;
        ia64_setreg(ar.eflag, val);
        return true;
    case HYPERPRIVOP_SET_RR0_TO_RR4:
        for ( i = 0; i < 5; i++ )
            if ( !consume(regs, rr_reg[i], 0, &val, f) )
                return false;
        for ( i = 0; i < 5; i++ )
            if ( !vcpu_set_rr(v, (uint64_t)i << 61, regs->gr[rr_reg[i]], f) )
                return false;
        return true;
    default:
        return fault_illegal(f);
    }
}

void hyperprivop(struct vcpu *v, struct cpu_user_regs *regs, unsigned int number)
{
    uint64_t ip = regs->cr_iip;
    unsigned int slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;
    struct guest_fault f;
    struct privop op;
    bool ok;

    perfc_incra(hyperprivop, number);
    if ( hyperprivop_decode(number, &op) )
        ok = privop_emulate(v, regs, &op, &f);
    else
    {
        ok = hyperprivop_other(v, regs, number, &f);
        if ( ok )
        {
            vcpu_next_slot(regs, 0);
            vcpu_step_traps(v, regs, ip, slot);
        }
    }
    if ( !ok )
        vcpu_reflect(v, regs, &f);
}

static void hypercall(struct vcpu *v, struct cpu_user_regs *regs, uint64_t bundle0)
{
    v->arch.priv.hypercall_ip = regs->cr_iip;
    v->arch.priv.hypercall_slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;
    vcpu_next_slot(regs, bundle0);
    guest_hypercall(regs);
}

/*
 * Break in a guest. A B-unit break leaves iim undefined, 0 on most machines (SDM 3: break): its number is in the bundle. Breaks that stand for an
 * instruction are that at any privilege level; hypercalls and hyperprivops are its kernel's; others go to the guest.
 */
void guest_break(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    uint64_t bundle[2] = { 0, 0 }, bits;
    enum ia64_unit unit;
    struct guest_fault f;
    struct privop op;
    uint32_t iim = regs->cr_iim;
    bool kernel = virtual_cpl(regs) == 0;

    /* break.x has 62 bits (SDM 3: break), and none of those beyond 21 is ours. */
    if ( regs->cr_iim >> 21 )
    {
        vcpu_reflect_same(IA64_BREAK_VECTOR, regs);
        return;
    }

    if ( iim == 0 )
    {
        if ( !fetch(v, regs, bundle, &unit, &bits) )
            return;
        if ( unit != IA64_UNIT_B || !ia64_decode_break(unit, bits, &iim) )
            iim = 0;
    }

    if ( privop_decode_break(iim, &op) )
    {
        if ( !privop_emulate(v, regs, &op, &f) )
            vcpu_reflect(v, regs, &f);
    }
    else if ( kernel && iim == v->domain->arch.hypercall_break )
    {
        /* In slot 1 the template says whether this is the long instruction. */
        if ( ((regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3) == 1 && !bundle[0] && !vcpu_fetch_bundle(v, regs->cr_iip, bundle) )
            return;
        hypercall(v, regs, bundle[0]);
    }
    else if ( kernel && iim >= 1 && iim <= HYPERPRIVOP_MAX )
        hyperprivop(v, regs, iim);
    else
        vcpu_reflect_same(IA64_BREAK_VECTOR, regs);
    vcpu_finish(v);
}
