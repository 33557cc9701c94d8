/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's breakpoint registers (SDM 2:7.1): the machine's have its addresses, with the levels of plm moved as its psr.cpl is; level 0 of the
 * machine, Xen, never matches. Loaded when a vcpu that uses them comes or goes.
 */
#include <xen/sched.h>
#include <asm/processor.h>
#include <asm/vcpu.h>

#define PLM_SHIFT       56
#define PLM             (15UL << PLM_SHIFT)
#define MASK_BITS       ((1UL << PLM_SHIFT) - 1)

static uint64_t machine_control(uint64_t ctl)
{
    uint64_t plm = (ctl >> PLM_SHIFT) & 15;

    plm = (plm & 1) << 1 | (plm & 6 ? 4 : 0) | (plm & 8);
    return (ctl & ~PLM) | plm << PLM_SHIFT;
}

static uint64_t machine_value(const uint64_t *file, unsigned int i)
{
    return i & 1 ? machine_control(file[i]) : file[i];
}

static unsigned int nr_dbrs(void)
{
    return min_t(unsigned int, this_cpuinfo()->dbrs, VCPU_NR_DBR);
}

static unsigned int nr_ibrs(void)
{
    return min_t(unsigned int, this_cpuinfo()->ibrs, VCPU_NR_IBR);
}

static void load(const struct vcpu *v)
{
    unsigned int i;

    for ( i = 0; i < nr_dbrs(); i++ )
        ia64_set_dbr(i, machine_value(v->arch.priv.dbr, i));
    for ( i = 0; i < nr_ibrs(); i++ )
        ia64_set_ibr(i, machine_value(v->arch.priv.ibr, i));
    ia64_srlz_i();
}

void vdebug_switch(struct vcpu *prev, struct vcpu *next)
{
    if ( prev->arch.priv.debug_used || next->arch.priv.debug_used )
        load(next);
}

static void note_use(struct vcpu *v)
{
    unsigned int i;

    v->arch.priv.debug_used = false;
    for ( i = 0; i < VCPU_NR_DBR; i++ )
        v->arch.priv.debug_used |= v->arch.priv.dbr[i] || v->arch.priv.ibr[i];
}

bool vcpu_set_dbr(struct vcpu *v, unsigned int index, uint64_t val, struct guest_fault *f)
{
    if ( index >= nr_dbrs() )
        return fault_reserved(f);
    v->arch.priv.dbr[index] = index & 1 ? val & ~(3UL << 60) : val;
    note_use(v);
    if ( v == current )
    {
        ia64_set_dbr(index, machine_value(v->arch.priv.dbr, index));
        ia64_srlz_d();
    }
    return true;
}

bool vcpu_get_dbr(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f)
{
    if ( index >= nr_dbrs() )
        return fault_reserved(f);
    *val = v->arch.priv.dbr[index];
    return true;
}

bool vcpu_set_ibr(struct vcpu *v, unsigned int index, uint64_t val, struct guest_fault *f)
{
    if ( index >= nr_ibrs() )
        return fault_reserved(f);
    v->arch.priv.ibr[index] = index & 1 ? val & ~(7UL << 60) : val;
    note_use(v);
    if ( v == current )
    {
        ia64_set_ibr(index, machine_value(v->arch.priv.ibr, index));
        ia64_srlz_i();
    }
    return true;
}

bool vcpu_get_ibr(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f)
{
    if ( index >= nr_ibrs() )
        return fault_reserved(f);
    *val = v->arch.priv.ibr[index];
    return true;
}

/* For accesses that Xen does in the guest's place: would a data breakpoint have matched [va, va + size)? (SDM 2:7.1.1) */
bool vdebug_data_match(const struct vcpu *v, const struct cpu_user_regs *regs, uint64_t va, unsigned int size, bool write)
{
    unsigned int i, cpl = vcpu_virtual_cpl((regs->cr_ipsr >> IA64_PSR_CPL_SHIFT) & 3);

    if ( !v->arch.priv.debug_used || !(regs->cr_ipsr & IA64_PSR_DB) || (regs->cr_ipsr & IA64_PSR_DD) )
        return false;
    for ( i = 0; i + 1 < nr_dbrs(); i += 2 )
    {
        uint64_t ctl = v->arch.priv.dbr[i + 1], mask = (ctl & MASK_BITS) | ~MASK_BITS;
        uint64_t first = va & mask, last = (va + size - 1) & mask, at = v->arch.priv.dbr[i] & mask;

        if ( ((ctl >> (write ? 62 : 63)) & 1) && ((ctl >> (PLM_SHIFT + cpl)) & 1) && (at == first || at == last || (at > first && at < last)) )
            return true;
    }
    return false;
}
