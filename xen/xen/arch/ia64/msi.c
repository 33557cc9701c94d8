/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vectors of the machine that devices send messages to, and what the hardware domain is told when one comes: see vmsi.h. A vector is one for all processors,
 * as those of interrupt lines are: a message can go to another processor in one store, and one that is still under way to the old is none the worse.
 */
#include <xen/init.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/vcpu.h>
#include <asm/vmsi.h>

static struct msi_vector {
    spinlock_t lock;            /* interrupts off */
    struct domain *domain;      /* NULL: not in use */
    uint64_t addr;
    uint32_t data;
    uint32_t sbdf;
    unsigned int entry;
    bool lost;                  /* said already that its message reaches nobody */
} vectors[NR_VECTORS];

int msi_alloc(struct domain *d, unsigned int order, uint32_t sbdf, unsigned int entry)
{
    int base = irq_alloc_vectors(1U << order);
    unsigned int i;

    for ( i = 0; base >= 0 && i < 1U << order; i++ )
    {
        struct msi_vector *m = &vectors[base + i];
        unsigned long flags;

        spin_lock_irqsave(&m->lock, flags);
        m->domain = d;
        m->addr = 0;
        m->data = 0;
        m->sbdf = sbdf;
        m->entry = entry + i;
        m->lost = false;
        spin_unlock_irqrestore(&m->lock, flags);
    }

    return base;
}

void msi_free(unsigned int vector, unsigned int order)
{
    unsigned int i;

    for ( i = 0; i < 1U << order; i++ )
    {
        struct msi_vector *m = &vectors[vector + i];
        unsigned long flags;

        spin_lock_irqsave(&m->lock, flags);
        m->domain = NULL;
        spin_unlock_irqrestore(&m->lock, flags);
    }
    irq_free_vectors(vector, 1U << order);
}

void msi_set_message(unsigned int vector, uint64_t addr, uint32_t data)
{
    struct msi_vector *m = &vectors[vector];
    unsigned long flags;

    spin_lock_irqsave(&m->lock, flags);
    if ( m->addr != addr || m->data != data )
        m->lost = false;
    m->addr = addr;
    m->data = data;
    spin_unlock_irqrestore(&m->lock, flags);
}

/* Edges: the local SAPIC's EOI is all. One that comes after its vector was given up is not an error, it was under way. */
void msi_interrupt(unsigned int vector)
{
    struct msi_vector *m = &vectors[vector];

    perfc_incr(irqs);
    spin_lock(&m->lock);
    if ( m->domain )
    {
        perfc_incr(guest_irqs);
        if ( !vmsi_deliver(m->domain, m->addr, m->data) && !m->lost )
        {
            m->lost = true;
            printk(XENLOG_G_DEBUG "%pd: PCI " SBDF_FMT ": message %u is lost: %08x to %#lx\n", m->domain, SBDF_ARGS(m->sbdf), m->entry, m->data,
                   m->addr);
        }
    }
    spin_unlock(&m->lock);
}

uint64_t msi_mmio_read(uint64_t pa, unsigned int size)
{
    const void __iomem *p = maddr_to_uncached(pa);

    switch ( size )
    {
    case 1:
        return readb(p);
    case 2:
        return readw(p);
    case 4:
        return readl(p);
    default:
        return readq(p);
    }
}

void msi_mmio_write(uint64_t pa, unsigned int size, uint64_t val)
{
    void __iomem *p = maddr_to_uncached(pa);

    switch ( size )
    {
    case 1:
        writeb(val, p);
        break;
    case 2:
        writew(val, p);
        break;
    case 4:
        writel(val, p);
        break;
    default:
        writeq(val, p);
        break;
    }
}

/* As p2m_map_mmio() has it. */
bool msi_mmio_allowed(struct domain *d, uint64_t pa)
{
    unsigned long mfn = PFN_DOWN(pa);

    pa &= PAGE_MASK;

    return !(pa >> PADDR_BITS) && !is_wb_ram(pa, pa + PAGE_SIZE) && iomem_access_permitted(d, mfn, mfn) && !guest_mmio_fixed(d, pa);
}

void msi_mmio_unmap(struct domain *d, uint64_t pa, unsigned long nr_pages)
{
    unmap_mmio_regions(d, gaddr_to_gfn(pa), nr_pages, maddr_to_mfn(pa));
}

static int __init cf_check msi_init(void)
{
    unsigned int i;

    for ( i = 0; i < NR_VECTORS; i++ )
        spin_lock_init(&vectors[i].lock);

    return 0;
}
__initcall(msi_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
