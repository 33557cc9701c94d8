/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's registers and its psr, and the instructions that change both (SDM 2:3.3). Serves privop.c, reflect.c and whoever looks at or makes
 * the state of a vcpu. What may be done with the control registers is vcr.c's.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/flushtlb.h>
#include <asm/processor.h>
#include <asm/rse.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>
#include <public/xen.h>

/* Reserved bits of psr 23:0 and 31:0 (SDM 2:3.3.2). */
#define PSR_SM_RESERVED     0x0000000000011fc1UL
#define PSR_L_RESERVED      (PSR_SM_RESERVED | 0xf0000000UL)

/* One-instruction and position bits: the machine's psr has the guest's own. */
#define PSR_MACHINE         (IA64_PSR_UM | IA64_PSR_ID | IA64_PSR_DA | IA64_PSR_DD | IA64_PSR_SS | IA64_PSR_RI | IA64_PSR_ED | IA64_PSR_IA)
/* Kept in vpsr. */
#define PSR_VIRTUAL         (IA64_PSR_PK | IA64_PSR_DT | IA64_PSR_DFL | IA64_PSR_DFH | IA64_PSR_SP | IA64_PSR_PP | IA64_PSR_DI | IA64_PSR_SI | \
                             IA64_PSR_DB | IA64_PSR_LP | IA64_PSR_TB | IA64_PSR_RT | IA64_PSR_MC | IA64_PSR_IT)
/*
 * Of those, the ones that act in the machine while the guest runs. Protection keys do not: with psr.pk the machine would check Xen's own
 * translations too, from the first fetch at an interruption on; vtlb.c checks the guest's keys before it inserts.
 */
#define PSR_VIRTUAL_ACTIVE  (IA64_PSR_DFL | IA64_PSR_DFH | IA64_PSR_SP | IA64_PSR_PP | IA64_PSR_DI | IA64_PSR_SI | IA64_PSR_DB | IA64_PSR_LP | \
                             IA64_PSR_TB)
#define PSR_TRANSLATION     (IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT)
/* Always on in the machine while a guest runs. */
#define PSR_GUEST           (IA64_PSR_IC | IA64_PSR_I | IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT | IA64_PSR_BN)

/* --- the stacked registers of the frame --- */

/*
 * Entry did a cover and gave Xen a backing store of its own, at the base of the stack block: the guest's dirty registers, those of the interrupted
 * frame last, are the first loadrs bytes of it (SDM 2:6.1 for the NaT collections between them).
 */
static uint64_t *rbs_base(void)
{
    return (uint64_t *)((unsigned long)get_cpu_info() & ~(STACK_SIZE - 1));
}

static uint64_t rbs_bytes(const struct cpu_user_regs *regs)
{
    return regs->loadrs >> 16;
}

unsigned int vcpu_nr_dirty(const struct cpu_user_regs *regs)
{
    uint64_t words = rbs_bytes(regs) / 8;

    return words - words / 64;
}

/* The word `n` registers before `p` (which is not a collection). */
static uint64_t *rse_back(uint64_t *p, unsigned int n)
{
    unsigned int slot = ((unsigned long)p >> 3) & 63;

    return p - (n + (62 - slot + n) / 63);
}

/* Where stacked register reg (>= 32) of the frame is; NULL: outside it, or not loaded yet (incomplete frame). */
static uint64_t *stacked_word(const struct cpu_user_regs *regs, unsigned int reg)
{
    unsigned int sof = IA64_CFM_SOF(regs->cr_ifs), sor = IA64_CFM_SOR(regs->cr_ifs);
    unsigned int n = reg - 32;

    if ( n >= sof || sof > vcpu_nr_dirty(regs) )
        return NULL;
    if ( n < sor )
        n = (n + IA64_CFM_RRB_GR(regs->cr_ifs)) % sor;

    return rse_back(rbs_base() + rbs_bytes(regs) / 8, sof - n);
}

bool vcpu_get_gr(const struct cpu_user_regs *regs, unsigned int reg, uint64_t *val)
{
    struct rse_state s;
    unsigned long flags, nats;
    uint64_t *p;

    if ( reg == 0 )
    {
        *val = 0;
        return false;
    }
    if ( reg < 32 )
    {
        *val = regs->gr[reg];
        return regs_nat(regs, reg);
    }

    p = stacked_word(regs, reg);
    if ( !p )
    {
        *val = 0;
        return false;
    }
    local_irq_save(flags);
    s = rse_begin();
    nats = *rse_collection(&s, p);
    *val = *p;
    rse_end(&s, false);
    local_irq_restore(flags);

    return (nats >> (((unsigned long)p >> 3) & 63)) & 1;
}

bool vcpu_get_args(const struct cpu_user_regs *regs, unsigned int nr, unsigned long *arg)
{
    struct rse_state s;
    unsigned long flags;
    unsigned int i;
    bool nat = false;

    if ( nr > IA64_CFM_SOF(regs->cr_ifs) )
        return false;

    local_irq_save(flags);
    s = rse_begin();
    for ( i = 0; i < nr; i++ )
    {
        const uint64_t *p = stacked_word(regs, 32 + i);

        if ( !p )
            break;
        nat |= (*rse_collection(&s, p) >> (((unsigned long)p >> 3) & 63)) & 1;
        arg[i] = *p;
    }
    rse_end(&s, false);
    local_irq_restore(flags);

    return i == nr && !nat;
}

bool vcpu_gr_is_target(const struct cpu_user_regs *regs, unsigned int reg, struct guest_fault *f)
{
    if ( reg == 0 || (reg >= 32 && reg - 32 >= IA64_CFM_SOF(regs->cr_ifs)) )
        return fault_illegal(f);
    return true;
}

bool vcpu_set_gr(struct cpu_user_regs *regs, unsigned int reg, uint64_t val, bool nat, struct guest_fault *f)
{
    struct rse_state s;
    uint64_t *p, *collection, bit;
    unsigned long flags;

    if ( !vcpu_gr_is_target(regs, reg, f) )
        return false;
    if ( reg < 32 )
    {
        regs->gr[reg] = val;
        regs->gr_nat = (regs->gr_nat & ~(1UL << reg)) | ((uint64_t)nat << reg);
        return true;
    }

    p = stacked_word(regs, reg);
    if ( !p )
        return fault_illegal(f);
    local_irq_save(flags);
    s = rse_begin();
    *p = val;
    collection = rse_collection(&s, p);
    bit = 1UL << (((unsigned long)p >> 3) & 63);
    *collection = nat ? *collection | bit : *collection & ~bit;
    rse_end(&s, true);
    local_irq_restore(flags);

    return true;
}

/* --- psr --- */

bool vcpu_psr_ic(const struct vcpu *v)
{
    return v->arch.privregs->interrupt_collection_enabled;
}

bool vcpu_psr_i(const struct vcpu *v)
{
    return !vcpu_info(v, evtchn_upcall_mask);
}

void vcpu_set_psr_i(struct vcpu *v, bool on)
{
    vcpu_info(v, evtchn_upcall_mask) = !on;
}

uint64_t vcpu_get_psr(const struct vcpu *v, const struct cpu_user_regs *regs)
{
    const struct mapped_regs *pr = v->arch.privregs;
    unsigned int cpl = (regs->cr_ipsr >> IA64_PSR_CPL_SHIFT) & 3;

    return (regs->cr_ipsr & PSR_MACHINE) | (pr->vpsr & PSR_VIRTUAL) |
           (vcpu_psr_ic(v) ? IA64_PSR_IC : 0) | (vcpu_psr_i(v) ? IA64_PSR_I : 0) |
           ((uint64_t)vcpu_virtual_cpl(cpl) << IA64_PSR_CPL_SHIFT) | (pr->banknum ? IA64_PSR_BN : 0);
}

/* Reads of ar.itc must come to us where the guest's itc is not the machine's. */
static uint64_t secure_itc(const struct mapped_regs *pr)
{
    return pr->itc_offset ? IA64_PSR_SI : 0;
}

void vcpu_set_psr(struct vcpu *v, struct cpu_user_regs *regs, uint64_t psr)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t old = pr->vpsr;
    unsigned int cpl = (psr >> IA64_PSR_CPL_SHIFT) & 3;

    pr->vpsr = psr & PSR_VIRTUAL;
    pr->interrupt_collection_enabled = !!(psr & IA64_PSR_IC);
    vcpu_set_psr_i(v, psr & IA64_PSR_I);
    vcpu_bsw(v, regs, !!(psr & IA64_PSR_BN));
    regs->cr_ipsr = (psr & (PSR_MACHINE | PSR_VIRTUAL_ACTIVE)) | secure_itc(pr) | PSR_GUEST |
                    ((uint64_t)vcpu_machine_cpl(cpl) << IA64_PSR_CPL_SHIFT);
    /* Translations made under the other rule. */
    if ( ((old ^ psr) & IA64_PSR_PK) && v == current )
        local_flush_tlb_all();
    if ( (old ^ psr) & PSR_TRANSLATION )
        vcpu_set_metaphysical(v, (psr & PSR_TRANSLATION) != PSR_TRANSLATION);
}

void vcpu_bsw(struct vcpu *v, struct cpu_user_regs *regs, unsigned int bank)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t *out = bank ? pr->vbank0 : pr->vbank1, *in = bank ? pr->vbank1 : pr->vbank0;
    uint64_t *out_nat = bank ? &pr->vbnat : &pr->vnat, *in_nat = bank ? &pr->vnat : &pr->vbnat;

    if ( !pr->banknum == !bank )
        return;
    memcpy(out, &regs->gr[16], 16 * sizeof(*out));
    memcpy(&regs->gr[16], in, 16 * sizeof(*in));
    *out_nat = (regs->gr_nat >> 16) & 0xffff;
    regs->gr_nat = (regs->gr_nat & ~0xffff0000UL) | ((*in_nat & 0xffff) << 16);
    pr->banknum = bank;
}

bool vcpu_ssm(struct vcpu *v, struct cpu_user_regs *regs, uint64_t mask, struct guest_fault *f)
{
    if ( mask & PSR_SM_RESERVED )
        return fault_reserved(f);
    vcpu_set_psr(v, regs, vcpu_get_psr(v, regs) | mask);
    return true;
}

bool vcpu_rsm(struct vcpu *v, struct cpu_user_regs *regs, uint64_t mask, struct guest_fault *f)
{
    if ( mask & PSR_SM_RESERVED )
        return fault_reserved(f);
    vcpu_set_psr(v, regs, vcpu_get_psr(v, regs) & ~mask);
    return true;
}

bool vcpu_set_psr_l(struct vcpu *v, struct cpu_user_regs *regs, uint64_t val, struct guest_fault *f)
{
    if ( val & PSR_L_RESERVED )
        return fault_reserved(f);
    vcpu_set_psr(v, regs, (vcpu_get_psr(v, regs) & ~0xffffffffUL) | (uint32_t)val);
    return true;
}

/* --- frames --- */

/*
 * After a fault on a mandatory RSE load (isr.ir) the machine leaves the incomplete frame current, and its handler may only cover or rfi. A frame that
 * Xen gives back with rfi is loaded, and so would fault again: reflect.c gives the handler an empty frame instead (incomplete_regframe), and the
 * guest's cover and rfi find the interrupted one in precover_ifs.
 */
void vcpu_cover(struct vcpu *v, struct cpu_user_regs *regs)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t cfm = regs->cr_ifs & IA64_CFM_MASK;

    if ( pr->incomplete_regframe )
    {
        cfm = pr->precover_ifs & IA64_CFM_MASK;
        pr->incomplete_regframe = 0;
    }
    if ( !vcpu_psr_ic(v) )
        pr->vcr[IA64_CR_IFS] = IA64_IFS_V | cfm;
    regs->cr_ifs = IA64_IFS_V;
}

/* Software can write anything to cr.ifs; a cfm that cannot be is an empty frame (SDM 2:6.5.5). */
static uint64_t sane_cfm(uint64_t cfm)
{
    unsigned int sof = IA64_CFM_SOF(cfm), sor = IA64_CFM_SOR(cfm), rrb = IA64_CFM_RRB_GR(cfm);

    cfm &= IA64_CFM_MASK;
    if ( sof > 96 || IA64_CFM_SOL(cfm) > sof || sor > sof || (sor ? rrb >= sor : rrb != 0) ||
         IA64_CFM_RRB_FR(cfm) >= 96 || IA64_CFM_RRB_PR(cfm) >= 48 )
        return 0;
    return cfm;
}

/*
 * Takes the topmost registers from the guest's dirty ones, leaving `bytes`. The way back from here would unwind Xen's backing store to where they end
 * now: vcpu_finish() resets it instead.
 */
static void drop_stacked(struct vcpu *v, struct cpu_user_regs *regs, uint64_t bytes)
{
    struct rse_state s;
    unsigned long flags;

    local_irq_save(flags);
    s = rse_begin();
    v->arch.priv.top_rnat = *rse_collection(&s, rbs_base() + bytes / 8);
    rse_end(&s, false);
    local_irq_restore(flags);
    v->arch.priv.reset_store = true;
    regs->loadrs = bytes << 16;
}

void vcpu_finish(struct vcpu *v)
{
    if ( !v->arch.priv.reset_store )
        return;
    v->arch.priv.reset_store = false;
    reset_stacks_and_jump_rnat(ia64_leave, v->arch.priv.top_rnat);
}

/* The frame becomes `cfm`, back below the one that is current, whose registers are lost. */
static void restore_frame(struct vcpu *v, struct cpu_user_regs *regs, uint64_t cfm)
{
    unsigned int sof = IA64_CFM_SOF(regs->cr_ifs), dirty = vcpu_nr_dirty(regs);

    if ( sof > dirty )
        sof = dirty;
    if ( sof )
    {
        uint64_t *end = rse_back(rbs_base() + rbs_bytes(regs) / 8, sof);

        drop_stacked(v, regs, (unsigned long)end - (unsigned long)rbs_base());
    }
    regs->cr_ifs = IA64_IFS_V | sane_cfm(cfm);
}

bool vcpu_rfi(struct vcpu *v, struct cpu_user_regs *regs, struct guest_fault *f)
{
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t ipsr = pr->vcr[IA64_CR_IPSR], ifs = pr->vcr[IA64_CR_IFS];

    /* There is no IA-32 instruction set to return to, and no slot 3. */
    if ( (ipsr & IA64_PSR_IS) || (ipsr & IA64_PSR_RI) == IA64_PSR_RI )
        return fault_illegal(f);

    if ( ifs & IA64_IFS_V )
        restore_frame(v, regs, ifs);
    else if ( pr->incomplete_regframe )
        restore_frame(v, regs, pr->precover_ifs);
    pr->incomplete_regframe = 0;

    regs->cr_iip = pr->vcr[IA64_CR_IIP] & ~0xfUL;
    vcpu_set_psr(v, regs, ipsr);
    /* iipa stays until an instruction has executed (SDM 2:3.3.5.6). */
    regs->cr_iipa = pr->vcr[IA64_CR_IIPA];
    return true;
}

/* --- instruction pointer --- */

void vcpu_next_slot(struct cpu_user_regs *regs, uint64_t bundle0)
{
    unsigned int slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;
    /* The long instruction of MLX (templates 4, 5) is in slot 1 and fills slot 2. */
    bool mlx = (bundle0 & 0x1e) == 4;

    regs->cr_iipa = regs->cr_iip;
    regs->cr_ipsr &= ~IA64_PSR_RI;
    if ( slot >= 2 || (slot == 1 && mlx) )
        regs->cr_iip += 16;
    else
        regs->cr_ipsr |= (uint64_t)(slot + 1) << IA64_PSR_RI_SHIFT;
}

void vcpu_restart_hypercall(struct vcpu *v, struct cpu_user_regs *regs)
{
    regs->plain = false;
    regs->cr_iip = v->arch.priv.hypercall_ip;
    regs->cr_ipsr = (regs->cr_ipsr & ~IA64_PSR_RI) | ((uint64_t)v->arch.priv.hypercall_slot << IA64_PSR_RI_SHIFT);
}

/* --- floating-point registers, which stay in the machine while Xen runs (but for f6-f11, in the frame) --- */

static unsigned int physical_fr(const struct cpu_user_regs *regs, unsigned int reg)
{
    return reg < 32 ? reg : 32 + (reg - 32 + IA64_CFM_RRB_FR(regs->cr_ifs)) % 96;
}

#define TEN(op, t)  op(t##0) op(t##1) op(t##2) op(t##3) op(t##4) op(t##5) op(t##6) op(t##7) op(t##8) op(t##9)
#define ALL_FR(op)                                                                                                              \
    op(2) op(3) op(4) op(5) op(12) op(13) op(14) op(15) op(16) op(17) op(18) op(19)                                            \
    TEN(op, 2) TEN(op, 3) TEN(op, 4) TEN(op, 5) TEN(op, 6) TEN(op, 7) TEN(op, 8) TEN(op, 9) TEN(op, 10) TEN(op, 11)            \
    op(120) op(121) op(122) op(123) op(124) op(125) op(126) op(127)

/* Xen's own rrb.fr is 0: its C has no rotating loops on floating-point registers. */
void vcpu_get_fr(const struct cpu_user_regs *regs, unsigned int reg, struct ia64_fpreg *val)
{
    unsigned int n = physical_fr(regs, reg);

    if ( n >= 6 && n <= 11 )
    {
        *val = regs->fr6_11[n - 6];
        return;
    }
    switch ( n )
    {
#define SPILL(n) case n: asm volatile ( "stf.spill [%0]=f" #n :: "r" (val) : "memory" ); break;
    ALL_FR(SPILL)
#undef SPILL
    default:                    /* f0, f1 */
        val->u[0] = n ? 1UL << 63 : 0;
        val->u[1] = n ? 0xffff : 0;
        break;
    }
}

void vcpu_set_fr(struct cpu_user_regs *regs, unsigned int reg, const struct ia64_fpreg *val)
{
    unsigned int n = physical_fr(regs, reg);

    regs->cr_ipsr |= n < 32 ? IA64_PSR_MFL : IA64_PSR_MFH;
    if ( n >= 6 && n <= 11 )
    {
        regs->fr6_11[n - 6] = *val;
        return;
    }
    switch ( n )
    {
#define FILL(n) case n: asm volatile ( "ldf.fill f" #n "=[%0]" :: "r" (val) : "memory" ); break;
    ALL_FR(FILL)
#undef FILL
    default:
        break;
    }
}
