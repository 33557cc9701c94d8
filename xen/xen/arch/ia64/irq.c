/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * External interrupts of the machine (SDM 2:5.8): the loop over cr.ivr, Xen's own vectors, interrupt lines (irq = GSI) for Xen or for a domain's
 * virtual IOSAPIC. Vectors of devices' messages are given out here, and are msi.c's.
 */
#include <xen/delay.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/init.h>
#include <xen/irq.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <asm/processor.h>
#include <asm/mca.h>
#include <asm/sal.h>
#include <asm/salblock.h>
#include <asm/smp.h>
#include <asm/time.h>
#include <asm/vcpu.h>
#include <asm/viosapic.h>
#include <asm/vmsi.h>

const unsigned int nr_irqs = NR_IRQS;

static irq_desc_t irq_desc[NR_IRQS];
#define VECTOR_FREE     (-1)
#define VECTOR_MSI      (-2)            /* msi.c's */
static int16_t vector_irq[NR_VECTORS];  /* the irq, or one of these */
static DEFINE_SPINLOCK(vector_lock);

static unsigned int cf_check iosapic_startup(struct irq_desc *desc)
{
    iosapic_mask(desc->irq, false);
    return 0;
}

static void cf_check iosapic_enable(struct irq_desc *desc)
{
    iosapic_mask(desc->irq, false);
}

static void cf_check iosapic_disable(struct irq_desc *desc)
{
    iosapic_mask(desc->irq, true);
}

static void cf_check iosapic_ack(struct irq_desc *desc)
{
}

static void cf_check iosapic_end(struct irq_desc *desc)
{
    if ( desc->arch.level )
        iosapic_eoi(desc->irq, desc->arch.vector);
}

static void cf_check iosapic_set_affinity(struct irq_desc *desc, const cpumask_t *mask)
{
    unsigned int cpu = cpumask_any(mask);

    if ( cpu >= nr_cpu_ids || !cpu_online(cpu) || desc->arch.vector < 0 )
        return;
    desc->arch.dest = cpu;
    cpumask_copy(desc->affinity, mask);
    iosapic_set_rte(desc->irq, desc->arch.vector, cpu_physical_id(cpu), desc->arch.level, desc->arch.low,
                    (desc->status & IRQ_DISABLED) || desc->arch.inflight);
}

static const struct hw_interrupt_type iosapic_irq_type = {
    .typename = "IOSAPIC",
    .startup = iosapic_startup,
    .shutdown = iosapic_disable,
    .enable = iosapic_enable,
    .disable = iosapic_disable,
    .ack = iosapic_ack,
    .end = iosapic_end,
    .set_affinity = iosapic_set_affinity,
};

void cf_check irq_ack_none(struct irq_desc *desc)
{
    printk(XENLOG_WARNING "unexpected interrupt, irq %d\n", desc->irq);
}

static void cf_check irq_end_none(struct irq_desc *desc)
{
}

hw_irq_controller no_irq_type = {
    .typename = "none",
    .startup = irq_startup_none,
    .shutdown = irq_shutdown_none,
    .enable = irq_enable_none,
    .disable = irq_disable_none,
    .ack = irq_ack_none,
    .end = irq_end_none,
};

struct irq_desc *__irq_to_desc(int irq)
{
    return &irq_desc[irq];
}

int arch_init_one_irq_desc(struct irq_desc *desc)
{
    desc->arch.vector = -1;
    /* As PCI has them (ACPI's default for interrupts that are not ISA's). */
    desc->arch.level = true;
    desc->arch.low = true;

    return 0;
}

/* With desc->lock. */
static int assign_vector(struct irq_desc *desc)
{
    int vector;

    if ( desc->arch.vector >= 0 )
        return 0;
    spin_lock(&vector_lock);
    for ( vector = IA64_FIRST_DEVICE_VECTOR; vector <= IA64_LAST_DEVICE_VECTOR; vector++ )
        if ( vector_irq[vector] == VECTOR_FREE )
        {
            vector_irq[vector] = desc->irq;
            desc->arch.vector = vector;
            break;
        }
    spin_unlock(&vector_lock);

    return vector <= IA64_LAST_DEVICE_VECTOR ? 0 : -ENOSPC;
}

static void release_vector(struct irq_desc *desc)
{
    if ( desc->arch.vector < 0 )
        return;
    spin_lock(&vector_lock);
    vector_irq[desc->arch.vector] = VECTOR_FREE;
    spin_unlock(&vector_lock);
    desc->arch.vector = -1;
}

/*
 * From the last place on, so that a vector given up stays out of use for a while: a message may still be under way. nr is a power of two, the first vector a
 * multiple of it.
 */
int irq_alloc_vectors(unsigned int nr)
{
    static unsigned int next = IA64_FIRST_DEVICE_VECTOR;
    unsigned int tried, v, i;
    int found = -ENOSPC;
    unsigned long flags;

    spin_lock_irqsave(&vector_lock, flags);
    v = ROUNDUP(next, nr);
    for ( tried = 0; found < 0 && tried < NR_VECTORS; tried += nr, v += nr )
    {
        if ( v + nr - 1 > IA64_LAST_DEVICE_VECTOR )
            v = ROUNDUP(IA64_FIRST_DEVICE_VECTOR, nr);
        for ( i = 0; i < nr && vector_irq[v + i] == VECTOR_FREE; i++ )
            ;
        if ( i == nr )
            found = v;
    }
    for ( i = 0; found >= 0 && i < nr; i++ )
        vector_irq[found + i] = VECTOR_MSI;
    if ( found >= 0 )
        next = found + nr;
    spin_unlock_irqrestore(&vector_lock, flags);

    return found;
}

void irq_free_vectors(unsigned int vector, unsigned int nr)
{
    unsigned long flags;

    spin_lock_irqsave(&vector_lock, flags);
    while ( nr-- )
        vector_irq[vector + nr] = VECTOR_FREE;
    spin_unlock_irqrestore(&vector_lock, flags);
}

int irq_set_type(unsigned int gsi, bool level, bool low)
{
    struct irq_desc *desc;
    unsigned long flags;
    int rc = 0;

    if ( gsi >= NR_IRQS )
        return -EINVAL;
    desc = irq_to_desc(gsi);
    spin_lock_irqsave(&desc->lock, flags);
    if ( desc->action || desc->arch.guest )
        rc = desc->arch.level == level && desc->arch.low == low ? 0 : -EBUSY;
    else
    {
        desc->arch.level = level;
        desc->arch.low = low;
    }
    spin_unlock_irqrestore(&desc->lock, flags);

    return rc;
}

int setup_irq(unsigned int irq, unsigned int irqflags, struct irqaction *new)
{
    struct irq_desc *desc = irq_to_desc(irq);
    unsigned long flags;
    bool first;
    int rc = 0;

    if ( irq >= NR_IRQS || !iosapic_has_gsi(irq) )
        return -ENOENT;

    spin_lock_irqsave(&desc->lock, flags);
    first = !desc->action;
    if ( desc->arch.guest || (!first && !((desc->status & IRQF_SHARED) && (irqflags & IRQF_SHARED))) )
        rc = -EBUSY;
    else
        rc = assign_vector(desc);
    if ( !rc )
    {
        new->next = desc->action;
        smp_wmb();
        desc->action = new;
        if ( irqflags & IRQF_SHARED )
            desc->status |= IRQF_SHARED;
        if ( first )
        {
            desc->handler = &iosapic_irq_type;
            desc->status &= ~IRQ_DISABLED;
            desc->arch.dest = 0;
            cpumask_copy(desc->affinity, cpumask_of(0));
            iosapic_set_rte(irq, desc->arch.vector, cpu_physical_id(0), desc->arch.level, desc->arch.low, true);
            desc->handler->startup(desc);
        }
    }
    spin_unlock_irqrestore(&desc->lock, flags);

    return rc;
}

int request_irq(unsigned int irq, unsigned int irqflags, void (*handler)(int, void *, struct cpu_user_regs *), const char *devname, void *dev_id)
{
    struct irqaction *action;
    int rc;

    if ( irq >= NR_IRQS || !handler )
        return -EINVAL;
    action = xzalloc(struct irqaction);
    if ( !action )
        return -ENOMEM;
    action->handler = handler;
    action->name = devname;
    action->dev_id = dev_id;
    action->free_on_release = 1;

    rc = setup_irq(irq, irqflags, action);
    if ( rc )
        xfree(action);

    return rc;
}

void release_irq(unsigned int irq, const void *dev_id)
{
    struct irq_desc *desc = irq_to_desc(irq);
    struct irqaction *action, **p;
    unsigned long flags;

    spin_lock_irqsave(&desc->lock, flags);
    for ( p = &desc->action; (action = *p) != NULL; p = &action->next )
        if ( action->dev_id == dev_id )
            break;
    if ( action )
    {
        *p = action->next;
        if ( !desc->action )
        {
            desc->handler->shutdown(desc);
            desc->status |= IRQ_DISABLED;
            desc->handler = &no_irq_type;
            release_vector(desc);
        }
    }
    spin_unlock_irqrestore(&desc->lock, flags);

    if ( !action )
    {
        printk(XENLOG_WARNING "release_irq: irq %u has no such handler\n", irq);
        return;
    }
    do {
        smp_mb();
    } while ( test_bit(_IRQ_INPROGRESS, &desc->status) );
    if ( action->free_on_release )
        xfree(action);
}

/* A line has called. Edge: the local EOI is all; level: the IOSAPIC hears of the EOI when the device is quiet, or is masked until the guest says so. */
static void do_line(struct cpu_user_regs *regs, unsigned int irq)
{
    struct irq_desc *desc = irq_to_desc(irq);
    struct irqaction *action;

    perfc_incr(irqs);
    spin_lock(&desc->lock);
    desc->handler->ack(desc);

    if ( desc->arch.guest )
    {
        struct domain *d = desc->arch.guest;

        if ( desc->arch.level )
        {
            desc->arch.inflight = true;
            iosapic_mask(irq, true);
        }
        desc->handler->end(desc);
        spin_unlock(&desc->lock);
        perfc_incr(guest_irqs);
        viosapic_assert(d, irq);
        return;
    }

    if ( desc->action && !(desc->status & IRQ_DISABLED) )
    {
        set_bit(_IRQ_INPROGRESS, &desc->status);
        action = desc->action;
        spin_unlock(&desc->lock);
        do {
            action->handler(irq, action->dev_id, regs);
            action = action->next;
        } while ( action );
        spin_lock(&desc->lock);
        clear_bit(_IRQ_INPROGRESS, &desc->status);
    }
    desc->handler->end(desc);
    spin_unlock(&desc->lock);
}

static void handle_vector(struct cpu_user_regs *regs, unsigned int vector)
{
    switch ( vector )
    {
    case IA64_TIMER_VECTOR:
        timer_interrupt(regs);
        break;
    case IPI_EVENT_CHECK_VECTOR:
        /* Only that the guest is left: ia64_leave looks. */
        perfc_incr(ipis);
        break;
    case IPI_CALL_FUNCTION_VECTOR:
        perfc_incr(ipis);
        smp_call_function_interrupt();
        break;
    case IPI_STATE_DUMP_VECTOR:
        dump_execstate(regs);
        break;
    case IPI_CPU_STOP_VECTOR:
        smp_stop_interrupt();
        break;
    case IA64_PERFMON_VECTOR:
        if ( !is_idle_vcpu(current) )
            vpmu_interrupt(current);
        break;
    case IA64_NMI_VECTOR:
        nmi_interrupt(regs);
        break;
    case IPI_INIT_VECTOR:
        init_interrupt();
        break;
    case MCA_RENDEZ_VECTOR:
        mca_rendez_interrupt();
        break;
    case MCA_WAKEUP_VECTOR:             /* it was not waiting in SAL */
        break;
    case IA64_CMC_VECTOR:
    case IA64_CPE_VECTOR:
        cmc_interrupt(vector);
        break;
    default:
        if ( vector_irq[vector] >= 0 )
            do_line(regs, vector_irq[vector]);
        else if ( vector_irq[vector] == VECTOR_MSI )
            msi_interrupt(vector);
        else if ( vector != sal_wakeup_vector )
            printk_once(XENLOG_WARNING "CPU%u: interrupt vector %#x is nobody's\n", smp_processor_id(), vector);
        break;
    }
}

/* Interrupts stay off: handlers are short, and the rest is softirqs' business. */
void ia64_handle_irq(struct cpu_user_regs *regs)
{
    struct cpu_user_regs *old = set_irq_regs(regs);
    unsigned int vector;

    irq_enter();
    for ( ;; )
    {
        vector = ia64_getreg(cr.ivr) & 0xff;
        ia64_srlz_d();
        if ( vector == IA64_SPURIOUS_VECTOR )
            break;
        handle_vector(regs, vector);
        ia64_setreg(cr.eoi, 0);
        ia64_srlz_d();
    }
    irq_exit();
    set_irq_regs(old);
}

int irq_route_guest(struct domain *d, unsigned int gsi, bool level, bool low)
{
    struct irq_desc *desc;
    unsigned long flags;
    int rc;

    if ( gsi >= NR_IRQS || !iosapic_has_gsi(gsi) )
        return -ENOENT;
    desc = irq_to_desc(gsi);
    spin_lock_irqsave(&desc->lock, flags);
    if ( desc->action || (desc->arch.guest && desc->arch.guest != d) )
        rc = -EBUSY;
    else
        rc = assign_vector(desc);
    if ( !rc && !(desc->arch.guest == d && desc->arch.level == level && desc->arch.low == low) )
    {
        desc->arch.guest = d;
        desc->arch.level = level;
        desc->arch.low = low;
        desc->arch.inflight = false;
        desc->handler = &iosapic_irq_type;
        desc->status = (desc->status | IRQ_GUEST) & ~IRQ_DISABLED;
        desc->arch.dest = d->vcpu && d->vcpu[0] ? d->vcpu[0]->processor : 0;
        cpumask_copy(desc->affinity, cpumask_of(desc->arch.dest));
        iosapic_set_rte(gsi, desc->arch.vector, cpu_physical_id(desc->arch.dest), level, low, false);
    }
    spin_unlock_irqrestore(&desc->lock, flags);

    return rc;
}

int irq_unroute_guest(struct domain *d, unsigned int gsi)
{
    struct irq_desc *desc;
    unsigned long flags;
    int rc = -EINVAL;

    if ( gsi >= NR_IRQS )
        return -ENOENT;
    desc = irq_to_desc(gsi);
    spin_lock_irqsave(&desc->lock, flags);
    if ( desc->arch.guest == d )
    {
        iosapic_mask(gsi, true);
        if ( desc->arch.inflight )
            iosapic_eoi(gsi, desc->arch.vector);
        desc->arch.guest = NULL;
        desc->arch.inflight = false;
        desc->status = (desc->status & ~IRQ_GUEST) | IRQ_DISABLED;
        desc->handler = &no_irq_type;
        release_vector(desc);
        rc = 0;
    }
    spin_unlock_irqrestore(&desc->lock, flags);

    return rc;
}

void irq_guest_eoi(struct domain *d, unsigned int gsi)
{
    struct irq_desc *desc;
    unsigned long flags;

    if ( gsi >= NR_IRQS )
        return;
    desc = irq_to_desc(gsi);
    spin_lock_irqsave(&desc->lock, flags);
    if ( desc->arch.guest == d && desc->arch.inflight )
    {
        desc->arch.inflight = false;
        iosapic_mask(gsi, false);
    }
    spin_unlock_irqrestore(&desc->lock, flags);
}

void irq_unroute_domain(struct domain *d)
{
    unsigned int gsi;

    for ( gsi = 0; gsi < NR_IRQS; gsi++ )
        if ( irq_desc[gsi].arch.guest == d )
            irq_unroute_guest(d, gsi);
}

/* The lines of a processor that is no longer online go to another. */
void fixup_irqs(void)
{
    unsigned int gsi, cpu = smp_processor_id();

    for ( gsi = 0; gsi < NR_IRQS; gsi++ )
    {
        struct irq_desc *desc = &irq_desc[gsi];

        spin_lock(&desc->lock);
        if ( desc->arch.vector >= 0 && desc->arch.dest == cpu )
            desc->handler->set_affinity(desc, cpumask_of(cpumask_first(&cpu_online_map)));
        spin_unlock(&desc->lock);
    }
}

/* What is pending or left in service is taken and forgotten. */
void irq_drain(void)
{
    while ( (ia64_getreg(cr.ivr) & 0xff) != IA64_SPURIOUS_VECTOR )
    {
        ia64_srlz_d();
        ia64_setreg(cr.eoi, 0);
        ia64_srlz_d();
    }
    ia64_srlz_d();
}

/* This processor's local SAPIC: everything is let through, local sources off but the timer (time.c). */
void irq_init_cpu(void)
{
    ia64_setreg(cr.tpr, 0);
    ia64_srlz_d();
    ia64_setreg(cr.pmv, IA64_PERFMON_VECTOR);
    ia64_setreg(cr.cmcv, IA64_CMC_VECTOR);
    ia64_setreg(cr.lrr0, IA64_LVT_MASKED);
    ia64_setreg(cr.lrr1, IA64_LVT_MASKED);
    irq_drain();                /* what firmware has left */
}

void __init init_IRQ(void)
{
    unsigned int i;

    for ( i = 0; i < NR_VECTORS; i++ )
        vector_irq[i] = VECTOR_FREE;
    for ( i = 0; i < NR_IRQS; i++ )
    {
        irq_desc[i].irq = i;
        BUG_ON(init_one_irq_desc(&irq_desc[i]));
    }
    irq_init_cpu();
}

/* Physical interrupts as event channels: domains of this port have them by their IOSAPIC. */
struct pirq *alloc_pirq_struct(struct domain *d)
{
    return NULL;
}

int pirq_guest_bind(struct vcpu *v, struct pirq *pirq, int will_share)
{
    return -EOPNOTSUPP;
}

void pirq_guest_unbind(struct domain *d, struct pirq *pirq)
{
    BUG();
}

void pirq_set_affinity(struct domain *d, int pirq, const cpumask_t *mask)
{
    BUG();
}

/* The lines of v's domain follow its first vcpu, messages to it follow v. */
void arch_move_irqs(struct vcpu *v)
{
    unsigned int gsi;
    unsigned long flags;

    vmsi_move(v);
    if ( v->vcpu_id )
        return;
    for ( gsi = 0; gsi < NR_IRQS; gsi++ )
    {
        struct irq_desc *desc = &irq_desc[gsi];

        if ( desc->arch.guest != v->domain )
            continue;
        spin_lock_irqsave(&desc->lock, flags);
        if ( desc->arch.guest == v->domain && desc->arch.dest != v->processor )
            iosapic_set_affinity(desc, cpumask_of(v->processor));
        spin_unlock_irqrestore(&desc->lock, flags);
    }
}

static void cf_check dump_irqs(unsigned char key)
{
    unsigned int i;

    for ( i = 0; i < NR_IRQS; i++ )
        if ( irq_desc[i].arch.vector >= 0 )
            printk("irq %3u: vector %#x to CPU%u, %s %s, %s%pd\n", i, irq_desc[i].arch.vector, irq_desc[i].arch.dest,
                   irq_desc[i].arch.level ? "level" : "edge", irq_desc[i].arch.low ? "low" : "high",
                   irq_desc[i].arch.inflight ? "waits for the EOI of " : "", irq_desc[i].arch.guest);
    iosapic_dump();
    if ( hardware_domain )
        vmsi_dump(hardware_domain);
}

static int __init cf_check irq_keyhandler(void)
{
    register_keyhandler('i', dump_irqs, "dump interrupt bindings", 1);
    return 0;
}
__initcall(irq_keyhandler);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
