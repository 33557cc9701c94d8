/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's processors between SAL and the OS: the boot rendezvous, from which an interrupt message starts a vcpu and to which the OS gives one back
 * (SAL specification, 3.2.5); INIT, for which PAL saves the interrupted state and SAL calls OS_INIT, which returns to go on there (SDM 2:11.3.2.3, 2:11.4;
 * SAL specification, 5.1).
 */
#include <xen/domain.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <public/sched.h>

#include <asm/salblock.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>

#include "guestfw.h"

/* A message from another of the domain's vcpus to one that SAL still has. */
void guestfw_wake_vcpu(struct vcpu *v, unsigned int vector)
{
    struct guest_firmware *fw = &v->domain->arch.fw;
    uint64_t ip, gp;

    /* SAL lets through no other vector, and VCPUOP_down is not its affair. */
    if ( vector != GUESTFW_WAKEUP_VECTOR || v->is_initialised )
        return;

    spin_lock(&fw->lock);
    ip = fw->boot_rendez.ip;
    gp = fw->boot_rendez.gp;
    spin_unlock(&fw->lock);

    if ( !ip )
    {
        printk(XENLOG_G_WARNING "%pv: woken by vector %#x, but no boot rendezvous was registered\n", v, vector);
        return;
    }

    /* PAL_HALT: may still be about to leave its processor, and then save what it had there. */
    vcpu_sleep_sync(v);

    domain_lock(v->domain);
    if ( !v->is_initialised )
    {
        vcpu_start_physical(v, ip, gp, 0);
        clear_bit(_VPF_down, &v->pause_flags);
        domain_unlock(v->domain);
        vcpu_wake(v);
        return;
    }
    domain_unlock(v->domain);
}

/* In a tasklet: v has left its processor. SAL takes what is pending; a call to start that came before the vcpu did is answered. */
static long cf_check return_from_boot(void *data)
{
    struct vcpu *v = data;
    bool wake;

    set_bit(_VPF_down, &v->pause_flags);
    v->is_initialised = 0;
    smp_mb();                   /* vlsapic_deliver() pends the vector first, and looks then */
    wake = test_bit(GUESTFW_WAKEUP_VECTOR, v->arch.lsapic.irr);
    vlsapic_reset(v);
    if ( wake )
        guestfw_wake_vcpu(v, GUESTFW_WAKEUP_VECTOR);

    return 0;
}

/* --- INIT --- */

#define PA_UC       (1UL << 63)
/* Processor state parameter (SDM 2:11.3.2.1): INIT, continuable, everything was saved. */
#define PSP_INIT    (0xfff00000UL | (1UL << 5) | (1UL << 6) | (1UL << 7) | (1UL << 8) | (7UL << 12) | (1UL << 16) | (1UL << 17))

/* Where PAL saves v's state: as PAL_MC_REGISTER_MEM said, or in the middle of the stack SAL started it on. */
static uint64_t min_state_of(const struct vcpu *v)
{
    return v->arch.min_state ?: v->domain->arch.fw.base + GUESTFW_STACKS + v->vcpu_id * GUESTFW_STACK_SIZE + GUESTFW_STACK_SIZE / 2;
}

static void save_min_state(struct vcpu *v, const struct cpu_user_regs *regs, uint64_t *ms)
{
    const struct mapped_regs *pr = v->arch.privregs;
    const uint64_t *bank0 = pr->banknum ? pr->vbank0 : &regs->gr[16], *bank1 = pr->banknum ? &regs->gr[16] : pr->vbank1;
    uint64_t live = (regs->gr_nat >> 16) & 0xffff;

    memset(ms, 0, MIN_STATE_WORDS * sizeof(*ms));
    ms[0] = (regs->gr_nat & 0xfffe) | (pr->banknum ? pr->vbnat & 0xffff : live) << 16 |
            (pr->banknum ? live : pr->vnat & 0xffff) << MIN_STATE_BANK1;
    memcpy(&ms[MIN_STATE_GR + 1], &regs->gr[1], 15 * sizeof(*ms));
    memcpy(&ms[MIN_STATE_GR + 16], bank0, 16 * sizeof(*ms));
    memcpy(&ms[MIN_STATE_BANK1], bank1, 16 * sizeof(*ms));
    ms[MIN_STATE_PR] = regs->pr;
    ms[MIN_STATE_BR0] = regs->br[0];
    ms[MIN_STATE_BR1] = regs->br[1];
    ms[MIN_STATE_RSC] = regs->ar_rsc;
    ms[MIN_STATE_IIP] = regs->cr_iip;
    ms[MIN_STATE_PSR] = vcpu_get_psr(v, regs);
    ms[MIN_STATE_IFS] = IA64_IFS_V | ((pr->incomplete_regframe ? pr->precover_ifs : regs->cr_ifs) & IA64_CFM_MASK);
    ms[MIN_STATE_XIP] = pr->vcr[IA64_CR_IIP];
    ms[MIN_STATE_XPSR] = pr->vcr[IA64_CR_IPSR];
    ms[MIN_STATE_XFS] = pr->vcr[IA64_CR_IFS];
}

/* v itself, before it goes on: SAL's hand-off to OS_INIT. */
void guestfw_deliver_init(struct vcpu *v, struct cpu_user_regs *regs)
{
    struct guest_firmware *fw = &v->domain->arch.fw;
    uint64_t ms[MIN_STATE_WORDS], pa = min_state_of(v), ip, gp, back = guestfw_sal_return_entry(v->domain, GUESTFW_RETURN_INIT);
    unsigned int i;

    /* One at a time: until the handler has returned, or said that it is ready (SDM 2:5.1, psr.mc). */
    if ( v->arch.privregs->vpsr & IA64_PSR_MC )
        return;
    if ( !xchg(&v->arch.init_pending, false) )
        return;

    spin_lock(&fw->lock);
    /* The first is the monarch; slaves need no entry of their own. */
    i = fw->nr_in_init++;
    ip = i && fw->init_slave.ip ? fw->init_slave.ip : fw->init_monarch.ip;
    gp = i && fw->init_slave.ip ? fw->init_slave.gp : fw->init_monarch.gp;
    if ( !ip )
        fw->nr_in_init--;
    spin_unlock(&fw->lock);
    if ( !ip )
    {
        gprintk(XENLOG_WARNING, "INIT, and no handler is registered (SAL_SET_VECTORS): ignored\n");
        return;
    }

    save_min_state(v, regs, ms);
    if ( copy_to_guest_phys(v->domain, pa, ms, sizeof(ms)) )
    {
        gprintk(XENLOG_ERR, "INIT: its min-state save area %#lx is not memory\n", pa);
        domain_crash(v->domain);
        return;
    }

    /* An empty frame, the interrupted one dirty below it; physical mode, bank 0, no further events. */
    v->arch.privregs->incomplete_regframe = 0;
    regs->cr_ifs = IA64_IFS_V;
    vcpu_set_psr(v, regs, IA64_PSR_MC);
    regs->ar_rsc = 1UL << 2;
    regs->cr_iip = ip & ~0xfUL;
    regs->gr[1] = gp;
    regs->gr[8] = fw->base + GUESTFW_PAL;
    regs->gr[9] = guestfw_sal_entry(v->domain);
    regs->gr[10] = fw->base + GUESTFW_DATA;
    regs->gr[11] = 0;
    regs->gr[12] = back;
    regs->gr[17] = pa | PA_UC;
    regs->gr[18] = PSP_INIT;
    regs->gr_nat &= ~((1UL << 1) | (0x1fUL << 8) | (3UL << 17));
    regs->br[0] = back;
}

/* OS_INIT returns: r8 status, r22 a min-state save area, which is gone on with (PAL_MC_RESUME). */
static void return_from_init(struct vcpu *v, struct cpu_user_regs *regs)
{
    struct guest_firmware *fw = &v->domain->arch.fw;
    struct mapped_regs *pr = v->arch.privregs;
    uint64_t ms[MIN_STATE_WORDS], pa = regs->gr[22] & ~PA_UC;
    struct guest_fault f;

    spin_lock(&fw->lock);
    if ( fw->nr_in_init )
        fw->nr_in_init--;
    spin_unlock(&fw->lock);

    if ( regs->gr[8] )
    {
        gprintk(XENLOG_WARNING, "its INIT handler answers %ld: %s\n", regs->gr[8], (int64_t)regs->gr[8] == -3 ? "halt" : "reset");
        domain_shutdown(v->domain, (int64_t)regs->gr[8] == -3 ? SHUTDOWN_poweroff : SHUTDOWN_reboot);
        return;
    }
    if ( (pa & 511) || copy_from_guest_phys(v->domain, pa, ms, sizeof(ms)) )
    {
        gprintk(XENLOG_ERR, "returns from INIT with the min-state save area %#lx\n", regs->gr[22]);
        domain_crash(v->domain);
        return;
    }

    /* As by rfi. */
    pr->vcr[IA64_CR_IIP] = ms[MIN_STATE_IIP];
    pr->vcr[IA64_CR_IPSR] = ms[MIN_STATE_PSR];
    pr->vcr[IA64_CR_IFS] = ms[MIN_STATE_IFS];
    if ( !vcpu_rfi(v, regs, &f) )
    {
        gprintk(XENLOG_ERR, "returns from INIT with psr %016lx\n", ms[MIN_STATE_PSR]);
        domain_crash(v->domain);
        return;
    }
    memcpy(&regs->gr[1], &ms[MIN_STATE_GR + 1], 15 * sizeof(*ms));
    memcpy(pr->banknum ? pr->vbank0 : &regs->gr[16], &ms[MIN_STATE_GR + 16], 16 * sizeof(*ms));
    memcpy(pr->banknum ? &regs->gr[16] : pr->vbank1, &ms[MIN_STATE_BANK1], 16 * sizeof(*ms));
    regs->gr_nat = ms[0] & 0xfffe;
    if ( pr->banknum )
    {
        pr->vbnat = (ms[0] >> 16) & 0xffff;
        regs->gr_nat |= ((ms[0] >> MIN_STATE_BANK1) & 0xffff) << 16;
    }
    else
    {
        pr->vnat = (ms[0] >> MIN_STATE_BANK1) & 0xffff;
        regs->gr_nat |= ms[0] & 0xffff0000UL;
    }
    regs->pr = ms[MIN_STATE_PR] | 1;
    regs->br[0] = ms[MIN_STATE_BR0];
    regs->br[1] = ms[MIN_STATE_BR1];
    /* Never more than a guest may have: level 0 is 1 here. */
    regs->ar_rsc = ms[MIN_STATE_RSC] & 0x3fff001fUL;
    if ( !(regs->ar_rsc & IA64_RSC_PL) )
        regs->ar_rsc |= 1UL << IA64_RSC_PL_SHIFT;
    pr->vcr[IA64_CR_IIP] = ms[MIN_STATE_XIP];
    pr->vcr[IA64_CR_IPSR] = ms[MIN_STATE_XPSR];
    pr->vcr[IA64_CR_IFS] = ms[MIN_STATE_XFS];
}

/* A message with delivery mode INIT, from wherever. One that SAL has is not concerned. */
void guestfw_init_event(struct vcpu *v)
{
    if ( !v->is_initialised )
        return;
    v->arch.init_pending = true;
    smp_mb();
    vcpu_kick(v);
}

bool guestfw_init_domain(struct domain *d)
{
    struct vcpu *v;

    if ( !d || !d->arch.fw.init_monarch.ip )
        return false;
    for_each_vcpu ( d, v )
        guestfw_init_event(v);

    return true;
}

/* Only from where it belongs, in physical mode: anywhere else the number is nobody's. */
bool guestfw_sal_return(struct cpu_user_regs *regs, unsigned int from)
{
    struct vcpu *v = current;

    if ( from >= GUESTFW_RETURN_NR || (v->arch.privregs->vpsr & IA64_PSR_IT) ||
         v->arch.priv.hypercall_ip != guestfw_sal_return_entry(v->domain, from) + 16 )
        return false;

    switch ( from )
    {
    case GUESTFW_RETURN_BOOT:
        if ( continue_hypercall_on_cpu(smp_processor_id(), return_from_boot, v) )
            domain_crash(v->domain);
        break;

    case GUESTFW_RETURN_INIT:
        return_from_init(v, regs);
        break;
    }

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
