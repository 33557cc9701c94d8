/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vcpu's whole state as public/arch-ia64.h has it (struct vcpu_guest_context): how domain builders start a guest, and how one is taken from a
 * domain and given to another.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>

#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>

void vcpu_reset_state(struct vcpu *v)
{
    struct cpu_user_regs *regs = &v->arch.user_regs;

    memset(regs, 0, sizeof(*regs));
    memset(v->arch.fr, 0, sizeof(v->arch.fr));
    memset(v->arch.ia32_ar, 0, sizeof(v->arch.ia32_ar));
    /* ar.fpsr: traps off, sf0 round to nearest in register format, sf1-sf3 as the software conventions have them. */
    regs->ar_fpsr = 0x0009804c0270033fUL;
    regs->cr_ifs = 1UL << 63;
    regs->ar_rsc = 1UL << 2;            /* pl 1, enforced lazy */
}

/* Processor registers of IA-32 code: ar.fcr, eflag, cflg, fsr, fir, fdr. */
static const uint8_t ia32_ars[] = { 21, 24, 27, 28, 29, 30 };

/* Interruption and platform registers that can be given, by the guest's own rules. */
static const uint8_t settable_crs[] = {
    IA64_CR_DCR, IA64_CR_IVA, IA64_CR_PTA, IA64_CR_IPSR, IA64_CR_ISR, IA64_CR_IIP, IA64_CR_IFA, IA64_CR_ITIR, IA64_CR_IIPA,
    IA64_CR_IFS, IA64_CR_IIM, IA64_CR_IHA, IA64_CR_TPR, IA64_CR_ITV, IA64_CR_PMV, IA64_CR_CMCV, IA64_CR_ITM,
};

/* Translation registers go by a region id, which need not be in a region register now. */
static bool set_tr(struct vcpu *v, bool data, unsigned int i, const struct vcpu_guest_context_tr *tr, struct guest_fault *f)
{
    uint64_t rr = vcpu_get_rr(v, tr->va);
    bool ok;

    if ( !(tr->pte & IA64_PTE_P) )
        return true;
    ok = vcpu_set_rr(v, tr->va, (rr & 0xff) | (tr->rid << 8), f) && vcpu_itr(v, data, i, tr->pte, tr->itir, tr->va, f);
    vcpu_set_rr(v, tr->va, rr, f);

    return ok;
}

/* The toolstack's author wants to know. */
static int refuse(const struct vcpu *v, const char *what, unsigned int i, uint64_t val)
{
    gprintk(XENLOG_DEBUG, "%pv: a context is refused: %s%u %#lx\n", v, what, i, val);
    return -EINVAL;
}

/*
 * Nothing in the context is believed: registers are the guest's own, what the machine gets of psr, rsc and the TRs is made by the same functions that serve
 * its instructions.
 */
int arch_set_info_guest(struct vcpu *v, vcpu_guest_context_u c)
{
    const struct vcpu_guest_context *ctxt = c.nat;
    struct cpu_user_regs *regs = &v->arch.user_regs;
    struct mapped_regs *m = v->arch.privregs;
    struct guest_fault f;
    uint64_t sof = ctxt->cfm & 0x7f, sol = (ctxt->cfm >> 7) & 0x7f, sor = ((ctxt->cfm >> 14) & 0xf) << 3;
    unsigned int i;

    if ( v == current )
        return -EBUSY;
    if ( ctxt->flags & ~(VGCF_ONLINE | VGCF_PMU) )
        return -EINVAL;
    if ( sof > 96 || sol > sof || sor > sof || ctxt->stacked_bytes > sizeof(v->arch.stacked) || (ctxt->stacked_bytes & 7) ||
         (ctxt->ip & 0xf) || ((ctxt->psr & IA64_PSR_CPL) && ((ctxt->psr & IA64_PSR_CPL) != IA64_PSR_CPL)) )
        return -EINVAL;

    vcpu_reset_state(v);
    vcpu_mmu_reset(v);

    /* First: it changes banks. But for psr.ic, with which interruption registers cannot be written. */
    m->itc_offset = ctxt->ar[IA64_AR_ITC] ? ctxt->ar[IA64_AR_ITC] - get_cycles() : 0;
    vcpu_set_psr(v, regs, ctxt->psr & ~IA64_PSR_IC);

    for ( i = 1; i < 32; i++ )
        regs->gr[i] = ctxt->gr[i];
    regs->gr_nat = ctxt->gr_nat & 0xfffffffeUL;
    memcpy(m->banknum ? m->vbank0 : m->vbank1, ctxt->vbank, sizeof(ctxt->vbank));
    *(m->banknum ? &m->vbnat : &m->vnat) = ctxt->vbank_nat & 0xffff;
    memcpy(regs->br, ctxt->br, sizeof(regs->br));
    regs->pr = ctxt->pr | 1;
    regs->ar_rsc = (ctxt->ar[IA64_AR_RSC] & 0x3fff001fUL) | (1UL << 2);
    regs->ar_bspstore = ctxt->ar[18] & ~7UL;
    regs->ar_rnat = ctxt->ar[19];
    regs->ar_csd = ctxt->ar[25];
    regs->ar_ssd = ctxt->ar[26];
    regs->ar_ccv = ctxt->ar[32];
    regs->ar_unat = ctxt->ar[36];
    regs->ar_fpsr = ctxt->ar[40];
    regs->ar_pfs = ctxt->ar[64];
    regs->ar_lc = ctxt->ar[65];
    regs->ar_ec = ctxt->ar[66] & 0x3f;
    for ( i = 0; i < ARRAY_SIZE(ia32_ars); i++ )
        v->arch.ia32_ar[i] = ctxt->ar[ia32_ars[i]];
    regs->cr_ifs = (1UL << 63) | (ctxt->cfm & 0x3fffffffffUL);
    m->incomplete_regframe = ctxt->precover_ifs >> 63;
    m->precover_ifs = ctxt->precover_ifs;
    regs->loadrs = ctxt->stacked_bytes << 16;
    memcpy(v->arch.stacked, ctxt->stacked, ctxt->stacked_bytes);
    for ( i = 2; i < 128; i++ )
    {
        struct ia64_fpreg *fr = i >= 6 && i < 12 ? &regs->fr6_11[i - 6] : &v->arch.fr[i];

        memcpy(fr, &ctxt->fr[i], sizeof(*fr));
    }
    for ( i = 0; i < 8; i++ )
        vcpu_set_kr(v, i, ctxt->ar[i]);

    for ( i = 0; i < 8; i++ )
        if ( !vcpu_set_rr(v, (uint64_t)i << 61, ctxt->rr[i], &f) )
            return refuse(v, "rr", i, ctxt->rr[i]);
    for ( i = 0; i < 16; i++ )
        if ( (ctxt->pkr[i] & 1) && !vcpu_set_pkr(v, i, ctxt->pkr[i], &f) )
            return refuse(v, "pkr", i, ctxt->pkr[i]);
    for ( i = 0; i < 8; i++ )
        if ( !vcpu_set_dbr(v, i, ctxt->dbr[i], &f) || !vcpu_set_ibr(v, i, ctxt->ibr[i], &f) )
            return refuse(v, "breakpoint register ", i, ctxt->dbr[i]);
    for ( i = 0; i < ARRAY_SIZE(ctxt->itr); i++ )
        if ( !set_tr(v, false, i, &ctxt->itr[i], &f) || !set_tr(v, true, i, &ctxt->dtr[i], &f) )
            return refuse(v, "translation register ", i, ctxt->dtr[i].pte);
    for ( i = 0; i < ARRAY_SIZE(settable_crs); i++ )
        if ( !vcpu_set_cr(v, settable_crs[i], ctxt->cr[settable_crs[i]], &f) )
            return refuse(v, "cr", settable_crs[i], ctxt->cr[settable_crs[i]]);
    if ( ctxt->flags & VGCF_PMU )
        for ( i = 0; i < max(VCPU_NR_PMC, VCPU_NR_PMD); i++ )
        {
            vcpu_set_pmc(v, i, ctxt->pmc[i]);
            vcpu_set_pmd(v, i, ctxt->pmd[i]);
        }

    vcpu_set_psr(v, regs, ctxt->psr);
    regs->cr_iip = ctxt->ip;
    v->arch.event_callback_ip = ctxt->event_callback_ip;
    v->arch.started = true;
    v->arch.init_pending = false;
    v->is_initialised = 1;
    for ( i = 0; i < 4; i++ )
    {
        v->arch.lsapic.insvc[i] = ctxt->insvc[i];
        v->arch.lsapic.irr[i] = 0;
    }
    for ( i = 0; i < 256; i++ )
        if ( (ctxt->cr[IA64_CR_IRR0 + i / 64] >> (i % 64)) & 1 )
            vlsapic_set_irq(v, i);

    if ( ctxt->flags & VGCF_ONLINE )
        clear_bit(_VPF_down, &v->pause_flags);
    else
        set_bit(_VPF_down, &v->pause_flags);

    return 0;
}

static void get_tr(struct vcpu_guest_context_tr *tr, const struct vtlb_entry *e)
{
    if ( !e->ps )
        return;
    tr->pte = e->pte;
    tr->itir = ((uint64_t)e->key << 8) | (e->ps << 2);
    tr->va = e->va;
    tr->rid = e->rid;
}

/* v does not run (domain_pause, or it is down). */
void arch_get_info_guest(struct vcpu *v, vcpu_guest_context_u c)
{
    struct vcpu_guest_context *ctxt = c.nat;
    const struct cpu_user_regs *regs = &v->arch.user_regs;
    const struct mapped_regs *m = v->arch.privregs;
    struct guest_fault f;
    unsigned int i;

    memset(ctxt, 0, sizeof(*ctxt));
    if ( !test_bit(_VPF_down, &v->pause_flags) )
        ctxt->flags |= VGCF_ONLINE;
    if ( !m )
        return;

    memcpy(ctxt->gr, regs->gr, sizeof(ctxt->gr));
    ctxt->gr[0] = 0;
    ctxt->gr_nat = regs->gr_nat & 0xfffffffeUL;
    memcpy(ctxt->vbank, m->banknum ? m->vbank0 : m->vbank1, sizeof(ctxt->vbank));
    ctxt->vbank_nat = m->banknum ? m->vbnat : m->vnat;
    memcpy(ctxt->br, regs->br, sizeof(ctxt->br));
    ctxt->pr = regs->pr;
    ctxt->psr = vcpu_get_psr(v, regs);
    ctxt->ip = regs->cr_iip;
    ctxt->cfm = regs->cr_ifs & 0x3fffffffffUL;
    if ( m->incomplete_regframe )
        ctxt->precover_ifs = m->precover_ifs | (1UL << 63);
    ctxt->ar[IA64_AR_RSC] = regs->ar_rsc;
    ctxt->ar[17] = regs->ar_bspstore + (regs->loadrs >> 16);
    ctxt->ar[18] = regs->ar_bspstore;
    ctxt->ar[19] = regs->ar_rnat;
    ctxt->ar[25] = regs->ar_csd;
    ctxt->ar[26] = regs->ar_ssd;
    ctxt->ar[32] = regs->ar_ccv;
    ctxt->ar[36] = regs->ar_unat;
    ctxt->ar[40] = regs->ar_fpsr;
    ctxt->ar[IA64_AR_ITC] = vcpu_get_itc(v);
    ctxt->ar[64] = regs->ar_pfs;
    ctxt->ar[65] = regs->ar_lc;
    ctxt->ar[66] = regs->ar_ec;
    for ( i = 0; i < ARRAY_SIZE(ia32_ars); i++ )
        ctxt->ar[ia32_ars[i]] = v->arch.ia32_ar[i];
    for ( i = 0; i < 8; i++ )
        ctxt->ar[i] = m->krs[i];
    ctxt->stacked_bytes = min_t(uint64_t, regs->loadrs >> 16, sizeof(ctxt->stacked));
    memcpy(ctxt->stacked, v->arch.stacked, ctxt->stacked_bytes);
    for ( i = 2; i < 128; i++ )
        memcpy(&ctxt->fr[i], i >= 6 && i < 12 ? &regs->fr6_11[i - 6] : &v->arch.fr[i], sizeof(ctxt->fr[i]));
    memcpy(ctxt->cr, m->vcr, sizeof(ctxt->cr));
    for ( i = 0; i < 4; i++ )
    {
        ctxt->cr[IA64_CR_IRR0 + i] = v->arch.lsapic.irr[i];
        ctxt->insvc[i] = v->arch.lsapic.insvc[i];
    }
    for ( i = 0; i < 8; i++ )
    {
        ctxt->rr[i] = vcpu_get_rr(v, (uint64_t)i << 61);
        vcpu_get_dbr(v, i, &ctxt->dbr[i], &f);
        vcpu_get_ibr(v, i, &ctxt->ibr[i], &f);
    }
    for ( i = 0; i < 16; i++ )
        vcpu_get_pkr(v, i, &ctxt->pkr[i], &f);
    if ( v->arch.priv.pmu_used )
    {
        ctxt->flags |= VGCF_PMU;
        memcpy(ctxt->pmc, v->arch.priv.pmc, sizeof(v->arch.priv.pmc));
        memcpy(ctxt->pmd, v->arch.priv.pmd, sizeof(v->arch.priv.pmd));
    }
    for ( i = 0; i < ARRAY_SIZE(ctxt->itr); i++ )
    {
        get_tr(&ctxt->itr[i], &v->arch.mmu.itr[i]);
        get_tr(&ctxt->dtr[i], &v->arch.mmu.dtr[i]);
    }
    ctxt->event_callback_ip = v->arch.event_callback_ip;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
