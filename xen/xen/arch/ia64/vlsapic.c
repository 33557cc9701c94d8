/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Local SAPIC of a guest's processor: see vlsapic.h. SDM 2:5.8 (external interrupts), 2:3.3.4.2 (interval timer).
 */
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/processor.h>
#include <asm/time.h>
#include <asm/vcpu.h>
#include <asm/vlsapic.h>
#include <public/xen.h>

/*
 * A guest that writes cr.itm a little ahead of ar.itc means to be interrupted, but by the time we look the moment has passed: a match that was missed
 * by less than this is taken as met.
 */
#define LATE_NS         20000

/* Order of service: NMI, ExtINT, then 255 down to 16 (SDM 2:5.8.1). */
static unsigned int rank(int vector)
{
    return vector == IA64_VECTOR_NMI ? 257 : vector == IA64_VECTOR_EXTINT ? 256 : (unsigned int)vector;
}

/* The vector of highest rank in a set, or -1. */
static int highest(const unsigned long set[4])
{
    int i;

    if ( set[0] & (1UL << IA64_VECTOR_NMI) )
        return IA64_VECTOR_NMI;
    if ( set[0] & (1UL << IA64_VECTOR_EXTINT) )
        return IA64_VECTOR_EXTINT;
    for ( i = 3; i >= 0; i-- )
    {
        unsigned long word = ACCESS_ONCE(set[i]);

        if ( word )
            return 64 * i + flsl(word) - 1;
    }
    return -1;
}

int vlsapic_pending(const struct vcpu *v)
{
    const struct vlsapic *s = &v->arch.lsapic;
    uint64_t tpr;
    int vector = highest(s->irr), serving;

    if ( vector < 0 )
        return -1;
    serving = highest(s->insvc);
    if ( serving >= 0 && rank(vector) <= rank(serving) )
        return -1;
    if ( vector == IA64_VECTOR_NMI )
        return vector;
    /* mmi masks all but NMI; mic does not concern ExtINT (SDM 2:5.8.3.3). */
    tpr = v->arch.privregs->vcr[IA64_CR_TPR];
    if ( (tpr & IA64_TPR_MMI) || (vector != IA64_VECTOR_EXTINT && (unsigned int)vector >> 4 <= ((tpr >> IA64_TPR_MIC_SHIFT) & 15)) )
        return -1;
    return vector;
}

void vlsapic_set_irq(struct vcpu *v, unsigned int vector)
{
    if ( vector > 255 || (vector < 16 && vector != IA64_VECTOR_EXTINT && vector != IA64_VECTOR_NMI) )
        return;
    perfc_incr(virq);
    set_bit(vector, v->arch.lsapic.irr);
    smp_mb();
    vcpu_kick(v);
}

uint64_t vlsapic_read_ivr(struct vcpu *v)
{
    int vector = vlsapic_pending(v);

    if ( vector < 0 )
        return IA64_SPURIOUS_VECTOR;
    clear_bit(vector, v->arch.lsapic.irr);
    __set_bit(vector, v->arch.lsapic.insvc);
    return vector;
}

void vlsapic_eoi(struct vcpu *v)
{
    int vector = highest(v->arch.lsapic.insvc);

    if ( vector >= 0 )
        __clear_bit(vector, v->arch.lsapic.insvc);
}

uint64_t vlsapic_read_irr(const struct vcpu *v, unsigned int n)
{
    return v->arch.lsapic.irr[n & 3];
}

void vlsapic_local(struct vcpu *v, unsigned int cr)
{
    uint64_t reg = v->arch.privregs->vcr[cr];

    if ( !(reg & IA64_LVT_MASKED) )
        vlsapic_set_irq(v, reg & 0xff);
}

/* --- interval timer --- */

/* Sets Xen's timer for the match, never before it. */
static void timer_arm(struct vlsapic *s, uint64_t now)
{
    uint64_t ahead = s->itm - now;

    /* A day is far enough to look again. */
    if ( ahead > ia64_ns_to_itc(SECONDS(86400)) )
        ahead = ia64_ns_to_itc(SECONDS(86400));
    set_timer(&s->timer, NOW() + ia64_itc_to_ns(ahead) + 1);
}

/* itc has reached itm for the first time since it was written? */
static bool matched(struct vcpu *v, uint64_t *now)
{
    struct vlsapic *s = &v->arch.lsapic;
    unsigned long flags;
    bool match;

    spin_lock_irqsave(&s->timer_lock, flags);
    *now = vcpu_get_itc(v);
    match = s->armed && (int64_t)(*now - s->itm) >= 0;
    if ( match )
        s->armed = s->late_match = false;
    spin_unlock_irqrestore(&s->timer_lock, flags);

    return match;
}

void vlsapic_timer_check(struct vcpu *v)
{
    struct vlsapic *s = &v->arch.lsapic;
    uint64_t now;

    if ( s->armed && matched(v, &now) )
    {
        stop_timer(&s->timer);
        vlsapic_local(v, IA64_CR_ITV);
    }
    if ( s->timer.cpu != v->processor )
        migrate_timer(&s->timer, v->processor);
}

void vlsapic_timer_changed(struct vcpu *v)
{
    struct vlsapic *s = &v->arch.lsapic;
    uint64_t now, itv = v->arch.privregs->vcr[IA64_CR_ITV];
    unsigned long flags;
    bool late;

    spin_lock_irqsave(&s->timer_lock, flags);
    now = vcpu_get_itc(v);
    s->itm = v->arch.privregs->vcr[IA64_CR_ITM];
    /* A match needs itc to become equal to itm: one already passed is not seen until itc wraps; but see LATE_NS. */
    s->armed = !(itv & IA64_LVT_MASKED) && (int64_t)(s->itm - now) > 0;
    late = !(itv & IA64_LVT_MASKED) && now - s->itm < ia64_ns_to_itc(LATE_NS);
    /* The interrupt of a match that never was: the value has been replaced in time. */
    if ( s->late_match && s->armed )
        clear_bit(itv & 0xff, s->irr);
    s->late_match = late;
    spin_unlock_irqrestore(&s->timer_lock, flags);

    if ( late )
        vlsapic_local(v, IA64_CR_ITV);
    if ( s->armed )
        timer_arm(s, now);
    else
        stop_timer(&s->timer);
}

static void timer_fired(void *data)
{
    struct vcpu *v = data;
    uint64_t now;

    if ( matched(v, &now) )
        vlsapic_local(v, IA64_CR_ITV);
    else if ( v->arch.lsapic.armed )
        timer_arm(&v->arch.lsapic, now);    /* the clocks differ a little */
}

/* --- messages --- */

struct vcpu *vlsapic_find(struct domain *d, unsigned int lid)
{
    struct vcpu *v;

    for_each_vcpu ( d, v )
        if ( ((v->arch.lsapic.lid >> 16) & 0xffff) == lid )
            return v;
    return NULL;
}

/*
 * ipi: from another processor, which may be what SAL waits for on one that does not run yet. A device's message stays pending there, as it does while SAL has
 * all but its own vector masked.
 */
static bool deliver(struct domain *d, unsigned int lid, unsigned int mode, unsigned int vector, bool ipi)
{
    struct vcpu *v = vlsapic_find(d, lid);

    if ( !v )
    {
        gdprintk(XENLOG_DEBUG, "interrupt message to a processor that does not exist, id.eid %#x\n", lid);
        return false;
    }
    switch ( mode )
    {
    case IA64_DM_INT:
    case IA64_DM_LOWEST:        /* to the processor named: a choice that the redirection hint allows */
        break;
    case IA64_DM_NMI:
        vector = IA64_VECTOR_NMI;
        break;
    case IA64_DM_EXTINT:
        vector = IA64_VECTOR_EXTINT;
        break;
    case IA64_DM_INIT:
        guestfw_init_event(v);
        return true;
    case IA64_DM_PMI:           /* PAL's affair, and a guest's PAL has no handler to run */
        gdprintk(XENLOG_DEBUG, "platform management interrupt to %pv ignored\n", v);
        return true;
    default:
        gdprintk(XENLOG_WARNING, "interrupt message with reserved delivery mode %u\n", mode);
        return false;
    }
    if ( ipi && (!v->arch.started || !v->is_initialised || test_bit(_VPF_down, &v->pause_flags)) )
        guestfw_wake_vcpu(v, vector);
    else
    {
        vlsapic_set_irq(v, vector);
        /* It may have returned to SAL meanwhile: guestfw-events.c. */
        if ( !v->is_initialised )
            guestfw_wake_vcpu(v, vector);
    }
    return true;
}

bool vlsapic_deliver(struct domain *d, unsigned int lid, unsigned int mode, unsigned int vector)
{
    return deliver(d, lid, mode, vector, false);
}

#define PIB_INTA        0x1e0000
#define PIB_XTP         0x1e0008

bool vlsapic_pib_read(struct vcpu *v, unsigned long offset, unsigned int size, uint64_t *val)
{
    *val = ~0UL;
    if ( offset == PIB_INTA && size == 1 )
    {
        *val = IA64_SPURIOUS_VECTOR;    /* no 8259 to acknowledge */
        return true;
    }
    gdprintk(XENLOG_WARNING, "interrupt block: read of %u bytes at %#lx\n", size, offset);
    return false;
}

bool vlsapic_pib_write(struct vcpu *v, unsigned long offset, unsigned int size, uint64_t val)
{
    if ( offset == PIB_XTP && size == 1 )
        return true;            /* a hint for redirection, which always goes to the processor named */
    /* Messages are 8-byte stores; other sizes are undefined (SDM 2:5.8.4.1). */
    if ( offset >= VPIB_SIZE / 2 || (offset & 7) || size != 8 )
    {
        gdprintk(XENLOG_WARNING, "interrupt block: write of %u bytes at %#lx\n", size, offset);
        return false;
    }
    return deliver(v->domain, ((offset >> 12) & 0xff) << 8 | ((offset >> 4) & 0xff), (val >> 8) & 7, val & 0xff, true);
}

int vlsapic_init(struct vcpu *v)
{
    struct vlsapic *s = &v->arch.lsapic;

    memset(s, 0, sizeof(*s));
    s->lid = (uint64_t)v->vcpu_id << 24;
    if ( is_idle_vcpu(v) )
        return 0;
    spin_lock_init(&s->timer_lock);
    init_timer(&s->timer, timer_fired, v, v->processor);
    if ( v->arch.privregs )
        v->arch.privregs->vcr[IA64_CR_LID] = s->lid;
    return 0;
}

void vlsapic_reset(struct vcpu *v)
{
    struct vlsapic *s = &v->arch.lsapic;
    unsigned long flags;
    unsigned int i;

    spin_lock_irqsave(&s->timer_lock, flags);
    s->armed = s->late_match = false;
    spin_unlock_irqrestore(&s->timer_lock, flags);
    stop_timer(&s->timer);
    for ( i = 0; i < 4; i++ )
        s->irr[i] = s->insvc[i] = 0;
}

void vlsapic_destroy(struct vcpu *v)
{
    if ( v->arch.lsapic.timer.function )
        kill_timer(&v->arch.lsapic.timer);
}
