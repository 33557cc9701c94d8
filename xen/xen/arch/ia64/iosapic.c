/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's IOSAPICs: interrupt lines to interrupt messages (Intel's I/O SAPIC specification, 82466GX; ACPI's MADT tells where they are).
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <xen/mm.h>

#define IOSAPIC_SELECT      0x00
#define IOSAPIC_WINDOW      0x10
#define IOSAPIC_EOI         0x40
#define IOSAPIC_VERSION     0x01
#define IOSAPIC_RTE_LOW(i)  (0x10 + 2 * (i))
#define IOSAPIC_RTE_HIGH(i) (0x11 + 2 * (i))

#define RTE_MASK            (1u << 16)
#define RTE_LEVEL           (1u << 15)
#define RTE_LOW             (1u << 13)

#define MAX_IOSAPICS        64

static struct iosapic {
    paddr_t pa;
    void __iomem *va;
    unsigned int gsi_base, nr;
    spinlock_t lock;            /* select and window go together */
    uint32_t *low;              /* as written */
} iosapics[MAX_IOSAPICS];
static unsigned int nr_iosapics;

static uint32_t iosapic_read(const struct iosapic *s, unsigned int reg)
{
    writel(reg, s->va + IOSAPIC_SELECT);
    return readl(s->va + IOSAPIC_WINDOW);
}

static void iosapic_write(const struct iosapic *s, unsigned int reg, uint32_t val)
{
    writel(reg, s->va + IOSAPIC_SELECT);
    writel(val, s->va + IOSAPIC_WINDOW);
}

void __init iosapic_init_one(unsigned long pa, unsigned int gsi_base)
{
    struct iosapic *s = &iosapics[nr_iosapics];
    unsigned int i;

    if ( nr_iosapics == MAX_IOSAPICS )
    {
        printk(XENLOG_WARNING "IOSAPIC at %#lx ignored: more than %u\n", pa, MAX_IOSAPICS);
        return;
    }

    spin_lock_init(&s->lock);
    s->pa = pa;
    s->va = maddr_to_uncached(pa);
    s->gsi_base = gsi_base;
    s->nr = ((iosapic_read(s, IOSAPIC_VERSION) >> 16) & 0xff) + 1;
    s->low = xmalloc_array(uint32_t, s->nr);
    if ( !s->low )
        panic("No memory for an IOSAPIC\n");
    for ( i = 0; i < s->nr; i++ )
    {
        s->low[i] = RTE_MASK;
        iosapic_write(s, IOSAPIC_RTE_LOW(i), RTE_MASK);
        iosapic_write(s, IOSAPIC_RTE_HIGH(i), 0);
    }
    nr_iosapics++;
    printk("IOSAPIC at %#lx: GSI %u to %u\n", pa, gsi_base, gsi_base + s->nr - 1);
}

static struct iosapic *find(unsigned int gsi, unsigned int *pin)
{
    unsigned int i;

    for ( i = 0; i < nr_iosapics; i++ )
        if ( gsi - iosapics[i].gsi_base < iosapics[i].nr )
        {
            *pin = gsi - iosapics[i].gsi_base;
            return &iosapics[i];
        }

    return NULL;
}

bool iosapic_has_gsi(unsigned int gsi)
{
    unsigned int pin;

    return find(gsi, &pin) != NULL;
}

void iosapic_set_rte(unsigned int gsi, unsigned int vector, uint16_t lid, bool level, bool low, bool masked)
{
    unsigned int pin;
    struct iosapic *s = find(gsi, &pin);
    unsigned long flags;

    if ( !s )
        return;
    spin_lock_irqsave(&s->lock, flags);
    /* Masked while the halves do not fit together. */
    iosapic_write(s, IOSAPIC_RTE_LOW(pin), s->low[pin] | RTE_MASK);
    iosapic_write(s, IOSAPIC_RTE_HIGH(pin), (uint32_t)lid << 16);
    s->low[pin] = vector | (level ? RTE_LEVEL : 0) | (low ? RTE_LOW : 0) | (masked ? RTE_MASK : 0);
    iosapic_write(s, IOSAPIC_RTE_LOW(pin), s->low[pin]);
    spin_unlock_irqrestore(&s->lock, flags);
}

void iosapic_mask(unsigned int gsi, bool masked)
{
    unsigned int pin;
    struct iosapic *s = find(gsi, &pin);
    unsigned long flags;

    if ( !s )
        return;
    spin_lock_irqsave(&s->lock, flags);
    s->low[pin] = (s->low[pin] & ~RTE_MASK) | (masked ? RTE_MASK : 0);
    iosapic_write(s, IOSAPIC_RTE_LOW(pin), s->low[pin]);
    /* The write has arrived when a read has come back. */
    iosapic_read(s, IOSAPIC_RTE_LOW(pin));
    spin_unlock_irqrestore(&s->lock, flags);
}

/* Level: the line is looked at again. */
void iosapic_eoi(unsigned int gsi, unsigned int vector)
{
    unsigned int pin;
    struct iosapic *s = find(gsi, &pin);

    if ( s )
        writel(vector, s->va + IOSAPIC_EOI);
}

unsigned int iosapic_nr(void)
{
    return nr_iosapics;
}

bool iosapic_get(unsigned int n, unsigned long *pa, unsigned int *gsi_base, unsigned int *nr_pins)
{
    if ( n >= nr_iosapics )
        return false;
    *pa = iosapics[n].pa;
    *gsi_base = iosapics[n].gsi_base;
    *nr_pins = iosapics[n].nr;

    return true;
}

void iosapic_dump(void)
{
    unsigned int i, pin;

    for ( i = 0; i < nr_iosapics; i++ )
        for ( pin = 0; pin < iosapics[i].nr; pin++ )
        {
            struct iosapic *s = &iosapics[i];
            unsigned long flags;
            uint32_t low, high;

            spin_lock_irqsave(&s->lock, flags);
            low = iosapic_read(s, IOSAPIC_RTE_LOW(pin));
            high = iosapic_read(s, IOSAPIC_RTE_HIGH(pin));
            spin_unlock_irqrestore(&s->lock, flags);
            if ( low != RTE_MASK )
                printk("  GSI %3u: %08x:%08x\n", s->gsi_base + pin, high, low);
        }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
