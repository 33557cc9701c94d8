/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's I/O SAPICs: see viosapic.h. Level pins send once and wait for an EOI with their vector; edges that come while the pin is masked are lost.
 * A pin of domain 0 stands for the machine's of the same number, whose polarity and trigger mode are as the guest programs them; what arrives here is
 * already "active".
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>
#include <asm/irq.h>
#include <asm/viosapic.h>
#include <asm/vlsapic.h>
#include <asm/vuart.h>

/* Offsets in the window (Itanium Processor Family Interrupt Architecture Guide). */
#define REG_SELECT          0x00
#define REG_WINDOW          0x10
#define REG_EOI             0x40

/* Indirect registers. */
#define IO_ID               0x00
#define IO_VERSION          0x01
#define IO_RTE              0x10
#define VERSION(pins)       (0x21U | ((pins) - 1) << 16)

#define RTE_VECTOR          0xffUL
#define RTE_MODE(rte)       (((rte) >> 8) & 7)
#define RTE_LOW             (1UL << 13)
#define RTE_REMOTE_IRR      (1UL << 14)     /* read-only */
#define RTE_LEVEL           (1UL << 15)
#define RTE_MASK            (1UL << 16)
#define RTE_DEST(rte)       (((rte) >> 48) & 0xffff)    /* id << 8 | eid */
#define RTE_WRITABLE        (RTE_VECTOR | 7UL << 8 | RTE_LOW | RTE_LEVEL | RTE_MASK | 0xffffUL << 48)

static int add_chip(struct viosapic *s, uint64_t gpa, unsigned int gsi_base, unsigned int nr_pins)
{
    struct viosapic_chip *c = &s->chip[s->nr];
    unsigned int i;

    c->pin = xzalloc_array(struct viosapic_pin, nr_pins);
    if ( !c->pin )
        return -ENOMEM;
    c->gpa = gpa;
    c->gsi_base = gsi_base;
    c->nr_pins = nr_pins;
    for ( i = 0; i < nr_pins; i++ )
        c->pin[i].rte = RTE_MASK;
    s->nr++;
    return 0;
}

int viosapic_init(struct domain *d)
{
    struct viosapic *s = &d->arch.viosapic;
    unsigned int i, nr = is_hardware_domain(d) ? iosapic_nr() : 1, gsi_base, nr_pins;
    unsigned long pa;
    int rc = 0;

    spin_lock_init(&s->lock);
    spin_lock_init(&s->route_lock);
    if ( is_system_domain(d) )
        return 0;
    s->chip = xzalloc_array(struct viosapic_chip, nr ?: 1);
    if ( !s->chip )
        return -ENOMEM;
    if ( !is_hardware_domain(d) )
        rc = add_chip(s, VIOSAPIC_BASE, 0, VIOSAPIC_PINS);
    else
        for ( i = 0; !rc && iosapic_get(i, &pa, &gsi_base, &nr_pins); i++ )
            rc = add_chip(s, pa, gsi_base, nr_pins);
    if ( rc )
        viosapic_destroy(d);
    return rc;
}

void viosapic_destroy(struct domain *d)
{
    struct viosapic *s = &d->arch.viosapic;
    unsigned int i;

    if ( is_hardware_domain(d) )
        irq_unroute_domain(d);
    for ( i = 0; i < s->nr; i++ )
        xfree(s->chip[i].pin);
    s->nr = 0;
    XFREE(s->chip);
}

bool viosapic_get(const struct domain *d, unsigned int n, uint64_t *gpa, unsigned int *gsi_base, unsigned int *nr_pins)
{
    const struct viosapic *s = &d->arch.viosapic;

    if ( n >= s->nr )
        return false;
    *gpa = s->chip[n].gpa;
    *gsi_base = s->chip[n].gsi_base;
    *nr_pins = s->chip[n].nr_pins;
    return true;
}

static struct viosapic_chip *by_address(const struct domain *d, uint64_t gpa)
{
    const struct viosapic *s = &d->arch.viosapic;
    unsigned int i;

    for ( i = 0; i < s->nr; i++ )
        if ( gpa - s->chip[i].gpa < VIOSAPIC_SIZE )
            return &s->chip[i];
    return NULL;
}

bool viosapic_page(const struct domain *d, uint64_t gpa)
{
    return by_address(d, gpa);
}

static struct viosapic_pin *by_gsi(const struct domain *d, unsigned int gsi)
{
    const struct viosapic *s = &d->arch.viosapic;
    unsigned int i;

    for ( i = 0; i < s->nr; i++ )
        if ( gsi - s->chip[i].gsi_base < s->chip[i].nr_pins )
            return &s->chip[i].pin[gsi - s->chip[i].gsi_base];
    return NULL;
}

static void send(struct domain *d, const struct viosapic_pin *p)
{
    vlsapic_deliver(d, RTE_DEST(p->rte), RTE_MODE(p->rte), p->rte & RTE_VECTOR);
}

static void level_check(struct domain *d, struct viosapic_pin *p)
{
    if ( (p->rte & (RTE_LEVEL | RTE_MASK | RTE_REMOTE_IRR)) != RTE_LEVEL || !p->asserted )
        return;
    p->rte |= RTE_REMOTE_IRR;
    send(d, p);
}

void viosapic_assert(struct domain *d, unsigned int gsi)
{
    struct viosapic *s = &d->arch.viosapic;
    struct viosapic_pin *p = by_gsi(d, gsi);
    unsigned long flags;

    if ( !p )
        return;
    spin_lock_irqsave(&s->lock, flags);
    if ( p->rte & RTE_LEVEL )
    {
        p->asserted = true;
        level_check(d, p);
    }
    else if ( !(p->rte & RTE_MASK) )
        send(d, p);
    spin_unlock_irqrestore(&s->lock, flags);
}

void viosapic_set_level(struct domain *d, unsigned int gsi, bool level)
{
    struct viosapic *s = &d->arch.viosapic;
    struct viosapic_pin *p = by_gsi(d, gsi);
    unsigned long flags;
    bool was;

    if ( !p )
        return;
    spin_lock_irqsave(&s->lock, flags);
    was = p->asserted;
    p->asserted = level;
    if ( p->rte & RTE_LEVEL )
        level_check(d, p);
    else if ( level && !was && !(p->rte & RTE_MASK) )
        send(d, p);
    spin_unlock_irqrestore(&s->lock, flags);
}

/*
 * The pin was given a new entry. The machine's interrupt is wanted from when it is first unmasked on; a pin that it may not have (Xen's UART) stays
 * silent. Called without the lock: routing takes those of irq.c.
 */
static void route(struct domain *d, unsigned int gsi, struct viosapic_pin *p, uint64_t old, uint64_t rte)
{
    int rc;

    if ( !is_hardware_domain(d) || (rte & RTE_MASK) )
        return;
    spin_lock(&d->arch.viosapic.route_lock);
    if ( p->routed && ((old ^ rte) & (RTE_LEVEL | RTE_LOW)) )
    {
        irq_unroute_guest(d, gsi);
        p->routed = false;
    }
    if ( !p->routed && !p->unroutable )
    {
        /* Xen has the console's UART; its interrupt comes from the virtual one. */
        rc = vuart_gsi(d, gsi) ? -EBUSY : irq_route_guest(d, gsi, rte & RTE_LEVEL, rte & RTE_LOW);
        p->routed = !rc;
        p->unroutable = rc;
        if ( rc && !vuart_gsi(d, gsi) )
            printk(XENLOG_G_INFO "%pd: interrupt %u is not to be had (%d)\n", d, gsi, rc);
    }
    spin_unlock(&d->arch.viosapic.route_lock);
}

static uint32_t window_read(const struct viosapic_chip *c)
{
    unsigned int n = (c->select - IO_RTE) / 2;

    if ( c->select == IO_ID )
        return c->id;
    if ( c->select == IO_VERSION )
        return VERSION(c->nr_pins);
    if ( c->select >= IO_RTE && n < c->nr_pins )
        return c->pin[n].rte >> ((c->select & 1) * 32);
    gdprintk(XENLOG_WARNING, "I/O SAPIC: read of register %#x\n", c->select);
    return 0;
}

static void window_write(struct domain *d, struct viosapic_chip *c, uint32_t val)
{
    struct viosapic *s = &d->arch.viosapic;
    unsigned int n = (c->select - IO_RTE) / 2, shift = (c->select & 1) * 32;
    uint64_t writable = RTE_WRITABLE & (0xffffffffUL << shift), old, rte;
    struct viosapic_pin *p;
    unsigned long flags;

    if ( c->select == IO_ID )
    {
        c->id = val & 0x0f000000;
        return;
    }
    if ( c->select == IO_VERSION )
        return;
    if ( c->select < IO_RTE || n >= c->nr_pins )
    {
        gdprintk(XENLOG_WARNING, "I/O SAPIC: write of register %#x\n", c->select);
        return;
    }

    p = &c->pin[n];
    spin_lock_irqsave(&s->lock, flags);
    old = p->rte;
    rte = (old & ~writable) | (((uint64_t)val << shift) & writable);
    if ( !(rte & RTE_LEVEL) )
        rte &= ~RTE_REMOTE_IRR;
    p->rte = rte;
    level_check(d, p);
    spin_unlock_irqrestore(&s->lock, flags);

    route(d, c->gsi_base + n, p, old, rte);
}

static void eoi(struct domain *d, struct viosapic_chip *c, unsigned int vector)
{
    struct viosapic *s = &d->arch.viosapic;
    unsigned long flags;
    unsigned int n;

    for ( n = 0; n < c->nr_pins; n++ )
    {
        struct viosapic_pin *p = &c->pin[n];
        bool ended = false;

        spin_lock_irqsave(&s->lock, flags);
        if ( (p->rte & RTE_REMOTE_IRR) && (p->rte & RTE_VECTOR) == vector )
        {
            p->rte &= ~RTE_REMOTE_IRR;
            /* Of the machine's line we know only that it was active: unmasked, it says again. */
            if ( p->routed )
                p->asserted = false;
            level_check(d, p);
            ended = p->routed;
        }
        spin_unlock_irqrestore(&s->lock, flags);
        if ( ended )
            irq_guest_eoi(d, c->gsi_base + n);
    }
}

uint64_t viosapic_read(struct domain *d, uint64_t gpa, unsigned int size)
{
    struct viosapic_chip *c = by_address(d, gpa);

    if ( !c )
        return ~0UL;
    switch ( gpa - c->gpa )
    {
    case REG_SELECT:
        return c->select;
    case REG_WINDOW:
        return window_read(c);
    default:
        gdprintk(XENLOG_WARNING, "I/O SAPIC: read at offset %#lx\n", gpa - c->gpa);
        return 0;
    }
}

void viosapic_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val)
{
    struct viosapic_chip *c = by_address(d, gpa);

    if ( !c )
        return;
    switch ( gpa - c->gpa )
    {
    case REG_SELECT:
        c->select = val & 0xff;
        break;
    case REG_WINDOW:
        window_write(d, c, val);
        break;
    case REG_EOI:
        eoi(d, c, val & 0xff);
        break;
    default:
        gdprintk(XENLOG_WARNING, "I/O SAPIC: write at offset %#lx\n", gpa - c->gpa);
        break;
    }
}

void viosapic_dump(struct domain *d)
{
    const struct viosapic *s = &d->arch.viosapic;
    unsigned int i, n;

    for ( i = 0; i < s->nr; i++ )
        for ( n = 0; n < s->chip[i].nr_pins; n++ )
        {
            const struct viosapic_pin *p = &s->chip[i].pin[n];

            if ( p->rte != RTE_MASK )
                printk("  GSI %3u: %016lx%s%s%s\n", s->chip[i].gsi_base + n, p->rte, p->asserted ? " asserted" : "", p->routed ? " routed" : "",
                       p->unroutable ? " unroutable" : "");
        }
}
