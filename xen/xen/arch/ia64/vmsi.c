/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI and MSI-X as the hardware domain sees them: see vmsi.h. Nothing here touches the machine but through pci.c and msi.c, so that T=xen/unit runs it on
 * the host.
 *
 * Why not upstream's vPCI: its MSI-X follows from its BARs, which it maps into the p2m itself; it wants a struct pci_dev of each device before the domain
 * touches it (a scan of segments that only AML names, or a domain that knows Xen), and its interrupts are pirqs, which this port has none of. Ours is found
 * when the domain finds it, is mapped when it is touched (p2m_map_mmio()), and ends at the virtual local SAPIC.
 *
 * A device is met when the domain first reads or writes its configuration space; without that it has no messages, as after reset. The domain's fields are
 * kept here and never reach the device, which has a message of Xen's instead: a vector of the machine, to the processor that the vcpu named runs on. Nothing
 * about that message depends on whether the domain's is any good: what comes is translated when it comes, and a bad one is lost then.
 *
 * The vector of an entry stays while the domain masks it: a message sent just before must still find its way. It goes when the domain disables the
 * capability or the device has been reset, which shows in the enable bit that no longer is what Xen wrote.
 */
#include <xen/lib.h>
#include <xen/pci_regs.h>
#include <xen/sched.h>
#include <asm/smp.h>
#include <asm/vlsapic.h>
#include <asm/vmsi.h>

#define MSI_MESSAGES        (PCI_MSI_FLAGS_QSIZE | PCI_MSI_FLAGS_ENABLE)
#define MSI_EXTENDED_DATA   0x0600      /* 32 bits of data, capable and enabled (an ECN to PCI Express 3.0): not offered */

/* --- messages --- */

/* id and eid as vlsapic_find() takes them, -1: not an interrupt message. */
static int message_lid(uint64_t addr)
{
    return addr >> 20 == MSI_ADDRESS_BASE >> 20 ? (addr >> 4) & 0xffff : -1;
}

struct vcpu *vmsi_target(struct domain *d, uint64_t addr)
{
    int lid = message_lid(addr);

    return lid < 0 ? NULL : vlsapic_find(d, lid);
}

/*
 * Lost are: a message to somewhere else, which on the machine is a store of the device's to memory; to a processor that does not exist; with a reserved
 * delivery mode or vector; and PMI and INIT, which a guest's firmware does not have.
 */
bool vmsi_deliver(struct domain *d, uint64_t addr, uint32_t data)
{
    unsigned int mode = (data >> 8) & 7, vector = data & 0xff;

    if ( !vmsi_target(d, addr) )
        return false;
    switch ( mode )
    {
    case IA64_DM_INT:
    case IA64_DM_LOWEST:
        if ( vector < 16 && vector != IA64_VECTOR_EXTINT && vector != IA64_VECTOR_NMI )
            return false;
        break;
    case IA64_DM_NMI:
    case IA64_DM_EXTINT:
        break;
    default:
        return false;
    }

    return vlsapic_deliver(d, message_lid(addr), mode, vector);
}

/* The processor that the device's message should name: where the interrupt is wanted, if that can be told. */
static unsigned int target_cpu(struct domain *d, uint64_t addr)
{
    const struct vcpu *v = vmsi_target(d, addr);

    return v ? v->processor : 0;
}

bool vmsi_tell(struct vmsi_dev *dev, unsigned int what)
{
    bool first = !(dev->told & what);

    dev->told |= what;
    return first;
}

static int alloc(struct domain *d, struct vmsi_dev *dev, unsigned int order, unsigned int entry)
{
    int vector = msi_alloc(d, order, dev->sbdf, entry);

    if ( vector < 0 && vmsi_tell(dev, VMSI_TOLD_VECTORS) )
        printk(XENLOG_ERR "PCI " SBDF_FMT ": no interrupt vectors are left for %u message(s) from number %u on, which will not come\n",
               SBDF_ARGS(dev->sbdf), 1U << order, entry);
    return vector;
}

/* --- MSI --- */

static unsigned int msi_data_reg(const struct vmsi_dev *dev)
{
    return dev->msi.is64 ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32;
}

static uint64_t msi_addr(const struct vmsi_dev *dev)
{
    return dev->msi.addr | (uint64_t)(dev->msi.is64 ? dev->msi.addr_hi : 0) << 32;
}

/* The device sends no more. Whatever it has sent has arrived when the read comes back (PCI 3.0 3.2.5). */
void vmsi_msi_off(struct vmsi_dev *dev)
{
    unsigned int reg = dev->msi.cap + PCI_MSI_FLAGS;

    if ( !dev->msi.on )
        return;
    vmsi_hw_write(dev, reg, 2, vmsi_hw_read(dev, reg, 2) & ~PCI_MSI_FLAGS_ENABLE);
    vmsi_hw_read(dev, reg, 2);
    msi_free(dev->msi.vector, dev->msi.order);
    dev->msi.on = false;
}

/* What the domain last wrote is made so. */
static void msi_apply(struct domain *d, struct vmsi_dev *dev)
{
    unsigned int cap = dev->msi.cap, order = (dev->msi.control & PCI_MSI_FLAGS_QSIZE) >> 4, cpu, i;
    bool enable = dev->msi.control & PCI_MSI_FLAGS_ENABLE, start = false;
    int vector;

    if ( !enable || order != dev->msi.order )
        vmsi_msi_off(dev);
    if ( !enable )
    {
        dev->told &= ~VMSI_TOLD_VECTORS;
        return;
    }
    if ( !dev->msi.on )
    {
        vector = alloc(d, dev, order, 0);
        if ( vector < 0 )
            return;
        dev->msi.vector = vector;
        dev->msi.order = order;
        start = true;
    }

    /* The device puts the message's number into the low bits (PCI 3.0 6.8.1). */
    for ( i = 0; i < 1U << order; i++ )
        msi_set_message(dev->msi.vector + i, msi_addr(dev), (dev->msi.data & ~((1U << order) - 1)) | i);

    /*
     * Of a live message only the processor changes, in one register, which the device takes whole. Masked and unmasked it is not, since many devices
     * cannot be.
     */
    cpu = target_cpu(d, msi_addr(dev));
    if ( start || cpu != dev->msi.cpu )
        vmsi_hw_write(dev, cap + PCI_MSI_ADDRESS_LO, 4, MSI_ADDRESS(cpu_physical_id(cpu)));
    dev->msi.cpu = cpu;
    if ( start )
    {
        if ( dev->msi.is64 )
            vmsi_hw_write(dev, cap + PCI_MSI_ADDRESS_HI, 4, 0);
        vmsi_hw_write(dev, cap + msi_data_reg(dev), 2, dev->msi.vector);
        vmsi_hw_write(dev, cap + PCI_MSI_FLAGS, 2,
                     (vmsi_hw_read(dev, cap + PCI_MSI_FLAGS, 2) & ~(MSI_MESSAGES | MSI_EXTENDED_DATA)) | order << 4 | PCI_MSI_FLAGS_ENABLE);
        dev->msi.on = true;
    }
}

/* The device as after reset: nothing is to be turned off. */
void vmsi_msi_reset(struct vmsi_dev *dev)
{
    if ( dev->msi.on )
        msi_free(dev->msi.vector, dev->msi.order);
    dev->msi.on = false;
    dev->msi.control = dev->msi.data = 0;
    dev->msi.addr = dev->msi.addr_hi = 0;
    dev->told &= ~VMSI_TOLD_VECTORS;
}

static uint16_t msi_hw_control(struct vmsi_dev *dev)
{
    uint16_t hw = vmsi_hw_read(dev, dev->msi.cap + PCI_MSI_FLAGS, 2);

    if ( dev->msi.on && !(hw & PCI_MSI_FLAGS_ENABLE) )
        vmsi_msi_reset(dev);
    return hw;
}

/*
 * The registers of the capability as the domain has them. A bit of the result for each byte that is not the device's own; those of the id and the next
 * pointer are. Mask and pending bits lie behind, and are the device's altogether: Xen masks nothing here.
 */
static uint32_t msi_registers(struct vmsi_dev *dev, uint8_t r[VMSI_REGISTERS])
{
    unsigned int data = msi_data_reg(dev);
    uint16_t control = (msi_hw_control(dev) & ~(MSI_MESSAGES | MSI_EXTENDED_DATA)) | dev->msi.control;
    uint32_t ours = 3U << PCI_MSI_FLAGS | 0xfU << PCI_MSI_ADDRESS_LO | 3U << data;

    memset(r, 0, VMSI_REGISTERS);
    memcpy(&r[PCI_MSI_FLAGS], &control, 2);
    memcpy(&r[PCI_MSI_ADDRESS_LO], &dev->msi.addr, 4);
    if ( dev->msi.is64 )
    {
        memcpy(&r[PCI_MSI_ADDRESS_HI], &dev->msi.addr_hi, 4);
        ours |= 0xfU << PCI_MSI_ADDRESS_HI;
    }
    memcpy(&r[data], &dev->msi.data, 2);

    return ours;
}

static void msi_write(struct domain *d, struct vmsi_dev *dev, const uint8_t r[VMSI_REGISTERS])
{
    unsigned int order;
    uint16_t control;

    memcpy(&control, &r[PCI_MSI_FLAGS], 2);
    order = min_t(unsigned int, (control & PCI_MSI_FLAGS_QSIZE) >> 4, dev->msi.max_order);
    dev->msi.control = (control & PCI_MSI_FLAGS_ENABLE) | order << 4;
    memcpy(&dev->msi.addr, &r[PCI_MSI_ADDRESS_LO], 4);
    dev->msi.addr &= ~3U;
    if ( dev->msi.is64 )
        memcpy(&dev->msi.addr_hi, &r[PCI_MSI_ADDRESS_HI], 4);
    memcpy(&dev->msi.data, &r[msi_data_reg(dev)], 2);
    msi_apply(d, dev);
}

/* --- MSI-X --- */

bool vmsix_reachable(const struct vmsi_dev *dev)
{
    return dev->msix.base && dev->d0;
}

static uint64_t entry_addr(const struct vmsix_entry *e)
{
    return e->addr | (uint64_t)e->addr_hi << 32;
}

/* The device's entry is made to fit the domain's. It is masked while its parts do not fit together (PCI 3.0 6.8.2). */
void vmsix_entry_apply(struct domain *d, struct vmsi_dev *dev, unsigned int i)
{
    struct vmsix_entry *e = &dev->msix.entry[i];
    uint64_t pa = dev->msix.base + i * PCI_MSIX_ENTRY_SIZE;
    int vector;

    if ( !vmsix_reachable(dev) )
        return;
    if ( !(e->ctrl & MSIX_CTRL_MASK) && !e->vector )
    {
        vector = alloc(d, dev, 0, i);
        if ( vector > 0 )
        {
            e->vector = vector;
            dev->msix.used++;
            msi_set_message(vector, entry_addr(e), e->data);
        }
    }
    msi_mmio_write(pa + 12, 4, e->ctrl | MSIX_CTRL_MASK);
    if ( e->vector )
    {
        e->cpu = target_cpu(d, entry_addr(e));
        msi_mmio_write(pa, 4, MSI_ADDRESS(cpu_physical_id(e->cpu)));
        msi_mmio_write(pa + 4, 4, 0);
        msi_mmio_write(pa + 8, 4, e->vector);
        if ( !(e->ctrl & MSIX_CTRL_MASK) )
            msi_mmio_write(pa + 12, 4, e->ctrl);
    }
    /* It is so when a read comes back, and what was sent before has arrived. */
    msi_mmio_read(pa + 12, 4);
}

void vmsix_free(struct vmsi_dev *dev)
{
    unsigned int i;

    for ( i = 0; dev->msix.used; i++ )
        if ( dev->msix.entry[i].vector )
        {
            msi_free(dev->msix.entry[i].vector, 0);
            dev->msix.entry[i].vector = 0;
            dev->msix.used--;
        }
    dev->msix.on = false;
    dev->told &= ~VMSI_TOLD_VECTORS;
}

void vmsix_apply(struct domain *d, struct vmsi_dev *dev, uint16_t hw)
{
    unsigned int reg = dev->msix.cap + PCI_MSIX_FLAGS, i;
    bool enable = dev->msix.control & PCI_MSIX_FLAGS_ENABLE, was = dev->msix.on;
    uint16_t control = (hw & ~MSIX_CONTROL) | (dev->msix.control & PCI_MSIX_FLAGS_MASKALL);

    /* A reset that nobody has noticed, there being no messages, may have turned memory off. */
    if ( enable && !dev->msix.on )
        vmsi_place(d, dev);
    /* Entries first: what firmware has left in them must never be sent. Without a table there are no messages that could be ours. */
    if ( enable && !dev->msix.on && vmsix_reachable(dev) )
    {
        for ( i = 0; i < dev->msix.nr; i++ )
            vmsix_entry_apply(d, dev, i);
        dev->msix.on = true;
    }
    vmsi_hw_write(dev, reg, 2, control | (enable && dev->msix.on ? PCI_MSIX_FLAGS_ENABLE : 0));
    if ( !enable && was )
    {
        vmsi_hw_read(dev, reg, 2);
        vmsix_free(dev);
    }
}

static void msix_reset(struct vmsi_dev *dev)
{
    unsigned int i;

    vmsix_free(dev);
    dev->msix.control = 0;
    for ( i = 0; i < dev->msix.nr; i++ )
        dev->msix.entry[i] = (struct vmsix_entry){ .ctrl = MSIX_CTRL_MASK };
}

uint16_t vmsix_hw_control(struct domain *d, struct vmsi_dev *dev)
{
    uint16_t hw = vmsi_hw_read(dev, dev->msix.cap + PCI_MSIX_FLAGS, 2);

    if ( dev->msix.on && !(hw & PCI_MSIX_FLAGS_ENABLE) )
    {
        msix_reset(dev);
        /* Its BARs are lost, too. */
        vmsi_place(d, dev);
    }
    /* Not enabled, its function mask is the device's. */
    if ( !(dev->msix.control & PCI_MSIX_FLAGS_ENABLE) )
        dev->msix.control = hw & PCI_MSIX_FLAGS_MASKALL;
    return hw;
}

/* Likewise. The table's size and place are the device's. */
static uint32_t msix_registers(struct domain *d, struct vmsi_dev *dev, uint8_t r[VMSI_REGISTERS])
{
    uint16_t control = (vmsix_hw_control(d, dev) & ~MSIX_CONTROL) | dev->msix.control;

    memset(r, 0, VMSI_REGISTERS);
    memcpy(&r[PCI_MSIX_FLAGS], &control, 2);

    return 3U << PCI_MSIX_FLAGS;
}

static void msix_write(struct domain *d, struct vmsi_dev *dev, const uint8_t r[VMSI_REGISTERS])
{
    uint16_t control, hw = vmsix_hw_control(d, dev);

    memcpy(&control, &r[PCI_MSIX_FLAGS], 2);
    dev->msix.control = control & MSIX_CONTROL;
    vmsix_apply(d, dev, hw);
}

/* --- the domain's accesses to the capabilities --- */

static bool in(unsigned int reg, unsigned int cap, unsigned int len)
{
    return cap && reg - cap < len;
}

bool vmsi_capability(const struct vmsi_dev *dev, unsigned int reg)
{
    return in(reg, dev->msi.cap, msi_data_reg(dev) + 4) || in(reg, dev->msix.cap, VMSIX_CAP_SIZE);
}

static void read_part(uint32_t ours, const uint8_t *r, unsigned int cap, unsigned int reg, unsigned int size, uint32_t *val)
{
    unsigned int i;

    for ( i = 0; i < size; i++ )
        if ( in(reg + i, cap, VMSI_REGISTERS) && (ours & (1U << (reg + i - cap))) )
            *val = (*val & ~(0xffU << (8 * i))) | (uint32_t)r[reg + i - cap] << (8 * i);
}

static bool write_part(uint32_t ours, uint8_t *r, unsigned int cap, unsigned int reg, unsigned int size, uint32_t val)
{
    bool any = false;
    unsigned int i;

    for ( i = 0; i < size; i++ )
        if ( in(reg + i, cap, VMSI_REGISTERS) && (ours & (1U << (reg + i - cap))) )
        {
            r[reg + i - cap] = val >> (8 * i);
            any = true;
        }

    return any;
}

static bool touches(unsigned int reg, unsigned int size, unsigned int cap)
{
    return cap && reg + size > cap && reg < cap + VMSI_REGISTERS;
}

void vmsi_capability_read(struct domain *d, struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t *val)
{
    uint8_t r[VMSI_REGISTERS];

    if ( touches(reg, size, dev->msi.cap) )
        read_part(msi_registers(dev, r), r, dev->msi.cap, reg, size, val);
    if ( touches(reg, size, dev->msix.cap) )
        read_part(msix_registers(d, dev, r), r, dev->msix.cap, reg, size, val);
}

void vmsi_capability_write(struct domain *d, struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t val)
{
    uint8_t r[VMSI_REGISTERS];

    if ( touches(reg, size, dev->msi.cap) && write_part(msi_registers(dev, r), r, dev->msi.cap, reg, size, val) )
        msi_write(d, dev, r);
    if ( touches(reg, size, dev->msix.cap) && write_part(msix_registers(d, dev, r), r, dev->msix.cap, reg, size, val) )
        msix_write(d, dev, r);
}

/* --- the domain's accesses to tables --- */

static struct vmsi_dev *by_table(const struct domain *d, uint64_t gpa)
{
    struct vmsi_dev *dev = d->arch.vmsi->dev;

    while ( dev && !(dev->msix.base && gpa - dev->msix.base < dev->msix.nr * PCI_MSIX_ENTRY_SIZE) )
        dev = dev->next;
    return dev;
}

/* A table begins at a multiple of 8: an aligned access is within one half of an entry, or outside. */
uint64_t vmsi_read(struct domain *d, uint64_t gpa, unsigned int size)
{
    struct vmsi *s = d->arch.vmsi;
    const struct vmsi_dev *dev;
    uint64_t val = ~0UL;

    if ( !s )
        return val;
    spin_lock(&s->lock);
    dev = by_table(d, gpa);
    if ( dev )
    {
        uint64_t offset = gpa - dev->msix.base;
        const struct vmsix_entry *e = &dev->msix.entry[offset / PCI_MSIX_ENTRY_SIZE];

        val = offset & 8 ? e->data | (uint64_t)e->ctrl << 32 : entry_addr(e);
        val >>= 8 * (offset & 7);
    }
    else if ( msi_mmio_allowed(d, gpa) )
        val = msi_mmio_read(gpa, size);
    spin_unlock(&s->lock);

    return val;
}

static void table_write(struct domain *d, struct vmsi_dev *dev, uint64_t offset, unsigned int size, uint64_t val)
{
    unsigned int i = offset / PCI_MSIX_ENTRY_SIZE;
    struct vmsix_entry *e = &dev->msix.entry[i];
    bool masked = e->ctrl & MSIX_CTRL_MASK, control = false;

    /* Others are undefined (PCI 3.0 6.8.2). */
    if ( size != 4 && size != 8 )
    {
        if ( vmsi_tell(dev, VMSI_TOLD_SIZE) )
            gprintk(XENLOG_DEBUG, "PCI " SBDF_FMT ": write of %u bytes to its MSI-X table ignored\n", SBDF_ARGS(dev->sbdf), size);
        return;
    }
    switch ( offset & 0xc )
    {
    case 0:
        e->addr = val & ~3U;
        if ( size == 8 )
            e->addr_hi = val >> 32;
        break;
    case 4:
        e->addr_hi = val;
        break;
    case 8:
        e->data = val;
        control = size == 8;
        if ( control )
            e->ctrl = (val >> 32) & MSIX_CTRL_MASK;
        break;
    case 12:
        e->ctrl = val & MSIX_CTRL_MASK;
        control = true;
        break;
    }
    if ( e->vector )
        msi_set_message(e->vector, entry_addr(e), e->data);
    /*
     * Also where nothing seems to change: a device that was reset has lost it. What an entry says while it is masked, the device gets when it is
     * unmasked.
     */
    if ( dev->msix.on && (control || !masked) )
        vmsix_entry_apply(d, dev, i);
}

void vmsi_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val)
{
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev *dev;

    if ( !s )
        return;
    spin_lock(&s->lock);
    dev = by_table(d, gpa);
    if ( dev )
        vmsi_settle(d, dev);
    if ( dev && dev->msix.base )
        table_write(d, dev, gpa - dev->msix.base, size, val);
    else if ( msi_mmio_allowed(d, gpa) )
        msi_mmio_write(gpa, size, val);
    spin_unlock(&s->lock);
}

/* --- the rest --- */

/* Messages are delivered wherever the vcpu is; named directly they need no interrupt from one processor to another. */
void vmsi_move(struct vcpu *v)
{
    struct domain *d = v->domain;
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev *dev;
    unsigned int i, left;
    bool asked;

    if ( !s )
        return;
    spin_lock(&s->lock);
    for ( dev = s->dev; dev; dev = dev->next )
    {
        if ( !dev->d0 )
            continue;
        if ( dev->msi.on && dev->msi.cpu != v->processor && vmsi_target(d, msi_addr(dev)) == v )
            msi_apply(d, dev);
        for ( i = 0, left = dev->msix.on ? dev->msix.used : 0, asked = false; left; i++ )
        {
            const struct vmsix_entry *e = &dev->msix.entry[i];

            if ( !e->vector )
                continue;
            left--;
            if ( e->cpu == v->processor || (e->ctrl & MSIX_CTRL_MASK) || vmsi_target(d, entry_addr(e)) != v )
                continue;
            if ( !asked && !vmsi_ready(d, dev) )
                break;
            asked = true;
            vmsix_entry_apply(d, dev, i);
        }
    }
    spin_unlock(&s->lock);
}

void vmsi_dump(const struct domain *d)
{
    struct vmsi *s = d->arch.vmsi;
    const struct vmsi_dev *dev;
    unsigned int i, left;

    if ( !s || !spin_trylock(&s->lock) )
        return;
    for ( dev = s->dev; dev; dev = dev->next )
    {
        if ( dev->msi.on )
            printk("PCI " SBDF_FMT ": MSI, %u vector(s) from %#x on to CPU%u; %pd's %08lx:%04x\n", SBDF_ARGS(dev->sbdf), 1U << dev->msi.order,
                   dev->msi.vector, dev->msi.cpu, d, msi_addr(dev), dev->msi.data);
        for ( i = 0, left = dev->msix.used; left; i++ )
        {
            const struct vmsix_entry *e = &dev->msix.entry[i];

            if ( !e->vector )
                continue;
            left--;
            printk("PCI " SBDF_FMT ": MSI-X %u, vector %#x to CPU%u; %pd's %08lx:%08x%s%s\n", SBDF_ARGS(dev->sbdf), i, e->vector, e->cpu, d,
                   entry_addr(e), e->data, e->ctrl & MSIX_CTRL_MASK ? " masked" : "",
                   dev->msix.control & PCI_MSIX_FLAGS_MASKALL ? " all masked" : "");
        }
    }
    spin_unlock(&s->lock);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
