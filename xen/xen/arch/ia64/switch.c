/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which vcpu runs here. A running guest's integer state is the frame at the top of its processor's stack block, its dirty stacked registers are at the base;
 * both, and the floating-point registers, are copied out when another vcpu takes the processor. Nothing is left behind, so that there is
 * nothing to synchronise.
 */
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/livepatch.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/tasklet.h>
#include <xen/time.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/rse.h>
#include <asm/smp.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>

void noreturn reset_stacks_and_jump(void (*fn)(void))
{
    reset_stacks_and_jump_at(fn, 0, 0);
}

/*
 * arch.stacked[] holds the guest's dirty registers as they lie on Xen's backing store, from its base (an RNAT collection at each address whose bits
 * 8:3 are 1). The last collection, which the machine still has in ar.rnat or which is already stored above the guest's part, is
 * put where it belongs, just as if it were complete.
 */
static unsigned int last_collection(uint64_t bytes)
{
    return ((bytes - 8) | 0x1f8) / 8;
}

static void save_stacked(struct vcpu *v, const struct cpu_user_regs *regs)
{
    const uint64_t *base = (const uint64_t *)((unsigned long)regs & ~(STACK_SIZE - 1));
    uint64_t bytes = regs->loadrs >> IA64_RSC_LOADRS_SHIFT;
    struct rse_state s;
    unsigned int last;

    if ( !bytes )
        return;
    s = rse_begin();
    memcpy(v->arch.stacked, base, bytes);
    last = last_collection(bytes);
    BUG_ON(last >= ARRAY_SIZE(v->arch.stacked));
    /* Stored as soon as the machine's backing store has gone beyond it. */
    v->arch.stacked[last] = *rse_collection(&s, base + last);
    rse_end(&s, false);
}

/* Returns the value that ar.rnat goes on with. */
static uint64_t restore_stacked(const struct vcpu *v, const struct cpu_user_regs *regs)
{
    uint64_t *base = (uint64_t *)((unsigned long)regs & ~(STACK_SIZE - 1));
    uint64_t bytes = regs->loadrs >> IA64_RSC_LOADRS_SHIFT;
    unsigned int last;

    if ( !bytes )
        return 0;
    memcpy(base, v->arch.stacked, bytes);
    last = last_collection(bytes);
    return last * 8 >= bytes ? v->arch.stacked[last] : 0;
}

static void save_guest(struct vcpu *v)
{
    const struct cpu_user_regs *regs = guest_cpu_user_regs();

    v->arch.user_regs = *regs;
    save_stacked(v, regs);
    save_fpu(v->arch.fr);

    v->arch.kr[0] = ia64_getreg(ar.k0);
    v->arch.kr[1] = ia64_getreg(ar.k1);
    v->arch.kr[2] = ia64_getreg(ar.k2);
    v->arch.kr[3] = ia64_getreg(ar.k3);
    v->arch.kr[4] = ia64_getreg(ar.k4);
    v->arch.kr[5] = ia64_getreg(ar.k5);
    v->arch.kr[6] = ia64_getreg(ar.k6);
    v->arch.kr[7] = ia64_getreg(ar.k7);

    /* What IA-32 code would use, and any program may. */
    v->arch.ia32_ar[0] = ia64_getreg(ar.fcr);
    v->arch.ia32_ar[1] = ia64_getreg(ar.eflag);
    v->arch.ia32_ar[2] = ia64_getreg(ar.cflg);
    v->arch.ia32_ar[3] = ia64_getreg(ar.fsr);
    v->arch.ia32_ar[4] = ia64_getreg(ar.fir);
    v->arch.ia32_ar[5] = ia64_getreg(ar.fdr);
}

static void restore_guest(struct vcpu *v)
{
    struct cpu_user_regs *regs = guest_cpu_user_regs();

    mmu_switch_to(v);
    *regs = v->arch.user_regs;
    restore_fpu(v->arch.fr);

    ia64_setreg(ar.k0, v->arch.kr[0]);
    ia64_setreg(ar.k1, v->arch.kr[1]);
    ia64_setreg(ar.k2, v->arch.kr[2]);
    ia64_setreg(ar.k3, v->arch.kr[3]);
    ia64_setreg(ar.k4, v->arch.kr[4]);
    ia64_setreg(ar.k5, v->arch.kr[5]);
    ia64_setreg(ar.k6, v->arch.kr[6]);
    ia64_setreg(ar.k7, v->arch.kr[7]);

    ia64_setreg(ar.fcr, v->arch.ia32_ar[0]);
    ia64_setreg(ar.eflag, v->arch.ia32_ar[1]);
    ia64_setreg(ar.cflg, v->arch.ia32_ar[2]);
    ia64_setreg(ar.fsr, v->arch.ia32_ar[3]);
    ia64_setreg(ar.fir, v->arch.ia32_ar[4]);
    ia64_setreg(ar.fdr, v->arch.ia32_ar[5]);
}

static void noreturn idle_loop_start(void)
{
    idle_loop();
    BUG();
}

/* On an empty stack, above where the guest's registers come to stand. Interrupts stay off until the guest runs. */
static void noreturn enter_guest(void)
{
    reset_stacks_and_jump_rnat(ia64_leave, restore_stacked(current, guest_cpu_user_regs()));
}

/* As the guest asked for by VCPUOP_register_runstate_memory_area. */
static void update_runstate_area(struct vcpu *v)
{
    void __user *guest_handle = NULL;
    struct vcpu_runstate_info runstate;

    if ( guest_handle_is_null(runstate_guest(v)) )
        return;

    memcpy(&runstate, &v->runstate, sizeof(runstate));

    if ( VM_ASSIST(v->domain, runstate_update_flag) )
    {
        guest_handle = &v->runstate_guest.p->state_entry_time + 1;
        guest_handle--;
        runstate.state_entry_time |= XEN_RUNSTATE_UPDATE;
        __raw_copy_to_guest(guest_handle, (void *)(&runstate.state_entry_time + 1) - 1, 1);
        smp_wmb();
    }

    __copy_to_guest(runstate_guest(v), &runstate, 1);

    if ( guest_handle )
    {
        runstate.state_entry_time &= ~XEN_RUNSTATE_UPDATE;
        smp_wmb();
        __raw_copy_to_guest(guest_handle, (void *)(&runstate.state_entry_time + 1) - 1, 1);
    }
}

void context_switch(struct vcpu *prev, struct vcpu *next)
{
    ASSERT(local_irq_is_enabled());
    ASSERT(prev != next);
    ASSERT(!vcpu_cpu_dirty(next));

    if ( !is_idle_vcpu(prev) )
        update_runstate_area(prev);

    local_irq_disable();

    if ( !is_idle_vcpu(prev) )
        save_guest(prev);
    vcpu_priv_switch(prev, next);
    set_current(next);
    if ( !is_idle_vcpu(next) )
        restore_guest(next);

    local_irq_enable();
    sched_context_switched(prev, next);

    if ( is_idle_vcpu(next) )
        reset_stack_and_jump(idle_loop_start);

    update_runstate_area(next);
    update_vcpu_system_time(next);

    local_irq_disable();
    reset_stacks_and_jump_at(enter_guest, 0, sizeof(next->arch.stacked));
}

void continue_running(struct vcpu *same)
{
}

void sync_local_execstate(void)
{
}

/* Seen v->is_running clear, its state is seen too (vcpu_context_saved()). */
void sync_vcpu_execstate(struct vcpu *v)
{
    smp_mb();
}

/* Something changed for v: let it look, by ending its wait, or by an interruption where it runs. */
void vcpu_kick(struct vcpu *v)
{
    bool running = v->is_running;

    vcpu_unblock(v);
    /* The current one looks on its way back, with interrupts off: nothing comes between. */
    if ( running && v != current )
        smp_send_event_check_cpu(v->processor);
}

static void do_idle(void)
{
    unsigned int cpu = smp_processor_id();

    rcu_idle_enter(cpu);
    /* rcu_idle_enter() can raise TIMER_SOFTIRQ. */
    process_pending_softirqs();

    /* PAL_HALT_LIGHT ends at an interrupt that the local SAPIC lets through, whatever psr.i is. */
    local_irq_disable();
    if ( cpu_is_haltable(cpu) )
        ia64_pal(PAL_HALT_LIGHT, 0, 0, 0);
    local_irq_enable();

    rcu_idle_exit(cpu);
}

void idle_loop(void)
{
    unsigned int cpu = smp_processor_id();

    for ( ; ; )
    {
        if ( cpu_is_offline(cpu) )
            play_dead();

        if ( unlikely(tasklet_work_to_do(cpu)) )
        {
            do_tasklet();
            check_for_livepatch_work();
        }
        /* Twice: scrubbing may have taken a while. */
        else if ( !softirq_pending(cpu) && !scrub_free_pages() && !softirq_pending(cpu) )
            do_idle();

        do_softirq();
    }
}

void startup_cpu_idle_loop(void)
{
    struct vcpu *v = current;

    ASSERT(is_idle_vcpu(v));
    reset_stack_and_jump(idle_loop_start);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
