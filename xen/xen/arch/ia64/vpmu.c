/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's performance monitors (SDM 2:7.2): the machine's, while it runs, with the privilege levels it counts at moved as its psr.cpl is, so that
 * Xen is never counted. Saved and restored around switches once used.
 */
#include <xen/sched.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>

#define PMC0_FREEZE     1UL
#define PMC_PLM         15UL
#define PMC_PM          (1UL << 6)      /* privileged monitor */
#define FIRST_GENERIC   4U

/* Control registers with plm in bits 3:0: the generic ones, and of the Itanium 2 the event address registers and the branch trace buffer. */
static bool has_plm(unsigned int index)
{
    return (index >= FIRST_GENERIC && index < FIRST_GENERIC + max_t(unsigned int, this_cpuinfo()->generic_pmc, 4)) ||
           (index >= 10 && index <= 12);
}

static uint64_t machine_pmc(unsigned int index, uint64_t val)
{
    uint64_t plm = val & PMC_PLM;

    if ( !has_plm(index) )
        return val;
    return (val & ~PMC_PLM) | (plm & 1) << 1 | (plm & 6 ? 4 : 0) | (plm & 8);
}

static void save(struct vcpu *v)
{
    unsigned int i;

    v->arch.priv.pmc[0] = ia64_get_pmc(0);
    ia64_set_pmc(0, PMC0_FREEZE);
    ia64_srlz_d();
    for ( i = 0; i < VCPU_NR_PMD; i++ )
        v->arch.priv.pmd[i] = ia64_get_pmd(i);
}

static void load(const struct vcpu *v)
{
    unsigned int i;

    for ( i = 0; i < VCPU_NR_PMD; i++ )
        ia64_set_pmd(i, v->arch.priv.pmd[i]);
    for ( i = 1; i < VCPU_NR_PMC; i++ )
        ia64_set_pmc(i, machine_pmc(i, v->arch.priv.pmc[i]));
    ia64_set_pmc(0, v->arch.priv.pmc[0]);
    ia64_srlz_d();
}

void vpmu_switch(struct vcpu *prev, struct vcpu *next)
{
    if ( prev->arch.priv.pmu_used )
        save(prev);
    if ( next->arch.priv.pmu_used )
        load(next);
}

/* The machine's monitors become v's. */
static void use(struct vcpu *v)
{
    if ( v->arch.priv.pmu_used )
        return;
    v->arch.priv.pmu_used = true;
    if ( v == current )
        load(v);
}

/* Monitors beyond the implemented ones are ignored when written and read 0 (SDM 2:7.2). */
void vcpu_set_pmc(struct vcpu *v, unsigned int index, uint64_t val)
{
    if ( index >= VCPU_NR_PMC )
        return;
    use(v);
    v->arch.priv.pmc[index] = val;
    if ( v == current )
    {
        ia64_set_pmc(index, machine_pmc(index, val));
        ia64_srlz_d();
    }
}

uint64_t vcpu_get_pmc(struct vcpu *v, unsigned int index)
{
    uint64_t val;

    if ( index >= VCPU_NR_PMC )
        return 0;
    if ( v != current || !v->arch.priv.pmu_used )
        return v->arch.priv.pmc[index];
    /* The machine's knows the overflow bits, and which bits are implemented. */
    val = ia64_get_pmc(index);
    return has_plm(index) ? (val & ~PMC_PLM) | (v->arch.priv.pmc[index] & PMC_PLM) : val;
}

void vcpu_set_pmd(struct vcpu *v, unsigned int index, uint64_t val)
{
    if ( index >= VCPU_NR_PMD )
        return;
    use(v);
    v->arch.priv.pmd[index] = val;
    if ( v == current )
    {
        ia64_set_pmd(index, val);
        ia64_srlz_d();
    }
}

uint64_t vcpu_get_pmd(struct vcpu *v, const struct cpu_user_regs *regs, unsigned int index)
{
    bool user = vcpu_virtual_cpl((regs->cr_ipsr >> IA64_PSR_CPL_SHIFT) & 3) != 0, hidden;

    if ( index >= VCPU_NR_PMD )
        return 0;
    /* Users see 0 where the system keeps its monitors to itself. */
    hidden = (v->arch.privregs->vpsr & IA64_PSR_SP) ||
             (index >= FIRST_GENERIC && index < VCPU_NR_PMC && has_plm(index) && (v->arch.priv.pmc[index] & PMC_PM));
    if ( user && hidden )
        return 0;
    return v == current && v->arch.priv.pmu_used ? ia64_get_pmd(index) : v->arch.priv.pmd[index];
}

void vpmu_interrupt(struct vcpu *v)
{
    if ( !is_idle_vcpu(v) && v->arch.priv.pmu_used )
        vlsapic_local(v, IA64_CR_PMV);
}
