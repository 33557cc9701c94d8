/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hardware domain's PCI devices, as far as their message-signalled interrupts go: which there are, where their MSI-X tables are, and the domain's
 * accesses to configuration space that tell. See vmsi.h.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/pci_regs.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>
#include <asm/vmsi.h>

#define TABLE_PAGE          0x1000UL
#define MSI_MAX_ORDER       5
#define SAL_ERROR           (-3)

/* Extended capabilities (PCI Express 3.0 7.9, SR-IOV 1.1 3.3). */
#define EXT_CAP_START       0x100U
#define EXT_CAP_SRIOV       0x10
#define SRIOV_CONTROL       8

/* --- configuration space of the machine --- */

uint32_t vmsi_hw_read(const struct vmsi_dev *dev, unsigned int reg, unsigned int size)
{
    uint32_t val = ~0U;

    return pci_machine_read(dev->sbdf, reg, size, &val) ? ~0U : val;
}

void vmsi_hw_write(const struct vmsi_dev *dev, unsigned int reg, unsigned int size, uint32_t val)
{
    pci_machine_write(dev->sbdf, reg, size, val);
}

static bool overlaps(unsigned int reg, unsigned int size, unsigned int from, unsigned int len)
{
    return reg < from + len && from < reg + size;
}

/* --- where the table is --- */

/* What the BAR says, 0: not decoded. */
static uint64_t table_address(const struct vmsi_dev *dev)
{
    unsigned int reg = PCI_BASE_ADDRESS_0 + 4 * dev->msix.bir, nr = (dev->header & 0x7f) == PCI_HEADER_TYPE_NORMAL ? 6 : 2;
    uint32_t command = vmsi_hw_read(dev, PCI_COMMAND, 2), low;
    uint64_t base;

    if ( !(command & PCI_COMMAND_MEMORY) || dev->msix.bir >= nr )
        return 0;
    low = vmsi_hw_read(dev, reg, 4);
    if ( (low & PCI_BASE_ADDRESS_SPACE) == PCI_BASE_ADDRESS_SPACE_IO )
        return 0;
    base = low & (uint32_t)PCI_BASE_ADDRESS_MEM_MASK;
    if ( (low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64 )
    {
        if ( dev->msix.bir + 1U >= nr )
            return 0;
        base |= (uint64_t)vmsi_hw_read(dev, reg + 4, 4) << 32;
    }

    return base ? base + dev->msix.offset : 0;
}

static uint64_t table_pages(const struct vmsi_dev *dev, uint64_t base, uint64_t *end)
{
    *end = (base + dev->msix.nr * PCI_MSIX_ENTRY_SIZE + TABLE_PAGE - 1) & ~(TABLE_PAGE - 1);
    return base & ~(TABLE_PAGE - 1);
}

/* The table answers again, or elsewhere: enabled before it could be; or changed, or lost, while it could not be reached. */
static void refresh(struct domain *d, struct vmsi_dev *dev)
{
    uint16_t hw = vmsix_hw_control(d, dev);
    unsigned int i;

    if ( dev->msix.on )
        for ( i = 0; i < dev->msix.nr; i++ )
            vmsix_entry_apply(d, dev, i);
    else if ( dev->msix.control & PCI_MSIX_FLAGS_ENABLE )
        vmsix_apply(d, dev, hw);
}

/* BARs or memory decoding may have changed. Asleep, it keeps its place: the domain must not come upon it unseen when it has woken up. */
void vmsi_place(struct domain *d, struct vmsi_dev *dev)
{
    struct vmsi *s = d->arch.vmsi;
    uint64_t base, page = 0, end = 0, p;

    if ( !dev->msix.cap )
        return;
    base = table_address(dev);
    if ( base )
    {
        page = table_pages(dev, base, &end);
        for ( p = page; base && p != end; p += TABLE_PAGE )
            if ( !msi_mmio_allowed(d, p) )
            {
                if ( vmsi_tell(dev, VMSI_TOLD_PLACE) )
                    gprintk(XENLOG_DEBUG, "PCI " SBDF_FMT ": its MSI-X table at %#lx is where no device may be\n", SBDF_ARGS(dev->sbdf), base);
                base = 0;
            }
    }
    if ( base == dev->msix.base )
        return;

    /* First it is known, then unmapped: p2m_map_mmio() looks with the p2m's lock held. */
    spin_lock(&s->pages_lock);
    dev->msix.base = base;
    spin_unlock(&s->pages_lock);
    if ( base )
    {
        msi_mmio_unmap(d, page, (end - page) / TABLE_PAGE);
        refresh(d, dev);
    }
}

/*
 * The domain has written the power management register. A device that wakes up must be left alone for a while (PCI Power Management 1.2, transition delays),
 * which the domain knows best: when it touches the device again.
 */
static void power(struct vmsi_dev *dev, unsigned int state)
{
    dev->waking = !state && !dev->d0;
    if ( state )
        dev->d0 = false;
}

void vmsi_settle(struct domain *d, struct vmsi_dev *dev)
{
    if ( !dev->waking )
        return;
    dev->waking = false;
    dev->d0 = true;
    vmsi_place(d, dev);
    if ( dev->msix.base )
        refresh(d, dev);
}

/* Nobody has asked for it just now: the domain may be resetting it. */
bool vmsi_ready(struct domain *d, struct vmsi_dev *dev)
{
    if ( (uint16_t)vmsi_hw_read(dev, dev->msix.cap + PCI_MSIX_FLAGS, 2) == 0xffff )
        return false;
    vmsix_hw_control(d, dev);
    vmsi_place(d, dev);

    return dev->msix.on && vmsix_reachable(dev);
}

bool vmsi_page(const struct domain *d, uint64_t gpa)
{
    struct vmsi *s = d->arch.vmsi;
    const struct vmsi_dev *dev;
    uint64_t page, end;
    bool found = false;

    if ( !s )
        return false;
    spin_lock(&s->pages_lock);
    for ( dev = s->dev; dev && !found; dev = dev->next )
        if ( dev->msix.base )
        {
            page = table_pages(dev, dev->msix.base, &end);
            found = gpa - page < end - page;
        }
    spin_unlock(&s->pages_lock);

    return found;
}

/* --- devices --- */

static struct vmsi_dev *known(const struct domain *d, uint32_t sbdf)
{
    struct vmsi_dev *dev = d->arch.vmsi->dev;

    while ( dev && dev->sbdf != sbdf )
        dev = dev->next;
    return dev;
}

/* gone: something else is at its address now, or nothing, which is not to be touched. */
static void forget(struct domain *d, struct vmsi_dev *dev, bool gone)
{
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev **p;

    if ( !gone )
    {
        vmsi_msi_off(dev);
        dev->msix.control = 0;
        if ( dev->msix.on )
            vmsix_apply(d, dev, vmsi_hw_read(dev, dev->msix.cap + PCI_MSIX_FLAGS, 2));
    }
    if ( dev->msi.cap )
        vmsi_msi_reset(dev);
    vmsix_free(dev);

    spin_lock(&s->pages_lock);
    for ( p = &s->dev; *p != dev; p = &(*p)->next )
        ;
    *p = dev->next;
    spin_unlock(&s->pages_lock);
    xfree(dev->msix.entry);
    xfree(dev);
}

static void found_msi(struct vmsi_dev *dev, unsigned int cap)
{
    uint16_t control = vmsi_hw_read(dev, cap + PCI_MSI_FLAGS, 2);

    if ( dev->msi.cap || cap + VMSI_REGISTERS > 0x100 )
        return;
    dev->msi.is64 = control & PCI_MSI_FLAGS_64BIT;
    dev->msi.max_order = min_t(unsigned int, (control & PCI_MSI_FLAGS_QMASK) >> 1, MSI_MAX_ORDER);
    dev->msi.cap = cap;
    if ( control & PCI_MSI_FLAGS_ENABLE )
    {
        printk(XENLOG_INFO "PCI " SBDF_FMT ": MSI was enabled\n", SBDF_ARGS(dev->sbdf));
        vmsi_hw_write(dev, cap + PCI_MSI_FLAGS, 2, control & ~PCI_MSI_FLAGS_ENABLE);
    }
}

static bool found_msix(struct vmsi_dev *dev, unsigned int cap)
{
    uint16_t control = vmsi_hw_read(dev, cap + PCI_MSIX_FLAGS, 2);
    uint32_t table = vmsi_hw_read(dev, cap + PCI_MSIX_TABLE, 4);
    unsigned int i, nr = (control & PCI_MSIX_FLAGS_QSIZE) + 1;

    if ( dev->msix.cap || cap + VMSIX_CAP_SIZE > 0x100 )
        return true;
    dev->msix.entry = xzalloc_array(struct vmsix_entry, nr);
    if ( !dev->msix.entry )
        return false;
    for ( i = 0; i < nr; i++ )
        dev->msix.entry[i].ctrl = MSIX_CTRL_MASK;
    dev->msix.cap = cap;
    dev->msix.nr = nr;
    dev->msix.bir = table & PCI_MSIX_BIRMASK;
    dev->msix.offset = table & ~PCI_MSIX_BIRMASK;
    if ( control & PCI_MSIX_FLAGS_ENABLE )
    {
        printk(XENLOG_INFO "PCI " SBDF_FMT ": MSI-X was enabled\n", SBDF_ARGS(dev->sbdf));
        vmsi_hw_write(dev, cap + PCI_MSIX_FLAGS, 2, control & ~PCI_MSIX_FLAGS_ENABLE);
    }
    dev->msix.control = control & PCI_MSIX_FLAGS_MASKALL;
    return true;
}

/* A device whose identification has been read. NULL: without memory its configuration stays out of reach. */
static struct vmsi_dev *meet(struct domain *d, uint32_t sbdf, uint32_t id)
{
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev *dev = xzalloc(struct vmsi_dev);
    unsigned int at, n;
    bool express = false;
    uint32_t header;

    if ( !dev )
        return NULL;
    dev->sbdf = sbdf;
    dev->id = id;
    dev->header = vmsi_hw_read(dev, PCI_HEADER_TYPE, 1);
    at = (dev->header & 0x7f) <= PCI_HEADER_TYPE_BRIDGE && (vmsi_hw_read(dev, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST)
         ? vmsi_hw_read(dev, PCI_CAPABILITY_LIST, 1) & ~3U : 0;
    /* No more capabilities than have room: the list may be a ring. */
    for ( n = 0; at >= 0x40 && n < 48; n++ )
    {
        uint16_t cap = vmsi_hw_read(dev, at, 2);

        switch ( cap & 0xff )
        {
        case PCI_CAP_ID_PM:
            dev->pm_cap = at;
            break;
        case PCI_CAP_ID_EXP:
            express = true;
            break;
        case PCI_CAP_ID_MSI:
            found_msi(dev, at);
            break;
        case PCI_CAP_ID_MSIX:
            if ( !found_msix(dev, at) )
            {
                xfree(dev);
                return NULL;
            }
            break;
        }
        at = (cap >> 8) & ~3U;
    }

    /*
     * Virtual functions have no BARs of their own, and are not to be found by reading who they are: Xen does not know them, so the domain does not get
     * any, and the capability reads as a null one, whose id is 0.
     */
    for ( at = EXT_CAP_START, n = 0; express && at >= EXT_CAP_START && n < 240 && !dev->sriov; n++, at = (header >> 20) & ~3U )
    {
        header = vmsi_hw_read(dev, at, 4);
        if ( header == ~0U )
            break;
        if ( (uint16_t)header == EXT_CAP_SRIOV )
            dev->sriov = at;
    }
    dev->d0 = !dev->pm_cap || !(vmsi_hw_read(dev, dev->pm_cap + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK);

    spin_lock(&s->pages_lock);
    dev->next = s->dev;
    s->dev = dev;
    spin_unlock(&s->pages_lock);
    vmsi_place(d, dev);

    return dev;
}

static bool is_nobody(uint32_t id)
{
    /* Nobody, or not ready yet (PCI Express 2.3.2: configuration request retry status). */
    return (uint16_t)id == 0xffff || id == 0 || id == 0xffff0001;
}

/* The device at sbdf, or *nobody. Neither: no memory. */
static struct vmsi_dev *look(struct domain *d, uint32_t sbdf, bool *nobody)
{
    struct vmsi_dev *dev = known(d, sbdf);
    uint32_t id;

    *nobody = false;
    if ( dev )
        return dev;
    *nobody = pci_machine_read(sbdf, PCI_VENDOR_ID, 4, &id) || is_nobody(id);
    return *nobody ? NULL : meet(d, sbdf, id);
}

/* Devices behind a bridge whose bus numbers change are not at their addresses any more. */
static void forget_behind(struct domain *d, uint32_t bridge, uint32_t buses, bool gone)
{
    unsigned int first = (buses >> 8) & 0xff, last = (buses >> 16) & 0xff;
    struct vmsi_dev *dev = d->arch.vmsi->dev, *next;

    for ( ; dev; dev = next )
    {
        unsigned int bus = (dev->sbdf >> 8) & 0xff;

        next = dev->next;
        if ( first && dev->sbdf >> 16 == bridge >> 16 && bus >= first && bus <= last && dev->sbdf != bridge )
            forget(d, dev, gone);
    }
}

/* --- the domain's accesses to configuration space --- */

int64_t vmsi_config_read(struct domain *d, uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t *val)
{
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev *dev;
    bool nobody;
    unsigned int i;
    int64_t status;

    spin_lock(&s->lock);
    status = pci_machine_read(sbdf, reg, size, val);
    if ( status )
        goto out;
    /* So does a domain find out. */
    if ( reg == PCI_VENDOR_ID && size == 4 )
    {
        dev = known(d, sbdf);
        if ( dev && dev->id != *val )
            forget(d, dev, true);
        if ( is_nobody(*val) )
            goto out;
    }
    dev = look(d, sbdf, &nobody);
    if ( !dev )
        goto out;

    vmsi_settle(d, dev);
    vmsi_capability_read(d, dev, reg, size, val);
    if ( dev->sriov && overlaps(reg, size, dev->sriov, 2) )
        for ( i = 0; i < size; i++ )
            if ( reg + i - dev->sriov < 2U )
                *val &= ~(0xffU << (8 * i));

 out:
    spin_unlock(&s->lock);
    return status;
}

int64_t vmsi_config_write(struct domain *d, uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t val)
{
    struct vmsi *s = d->arch.vmsi;
    struct vmsi_dev *dev;
    bool nobody, bridge;
    unsigned int i, at;
    int64_t status = 0;

    spin_lock(&s->lock);
    dev = look(d, sbdf, &nobody);
    if ( !dev )
    {
        /* What Xen has no memory to watch is not written. */
        status = nobody ? pci_machine_write(sbdf, reg, size, val) : SAL_ERROR;
        goto out;
    }

    vmsi_settle(d, dev);

    for ( i = 0; i < size && !vmsi_capability(dev, reg + i); i++ )
        ;
    if ( i < size )
    {
        vmsi_capability_write(d, dev, reg, size, val);
        /* A write that goes past the capability. Within it the rest is read-only. */
        for ( i = 0; i < size; i++ )
            if ( !vmsi_capability(dev, reg + i) )
                pci_machine_write(sbdf, reg + i, 1, (val >> (8 * i)) & 0xff);
        goto out;
    }
    if ( dev->sriov && overlaps(reg, size, dev->sriov + SRIOV_CONTROL, 2) )
        goto out;

    bridge = (dev->header & 0x7f) == PCI_HEADER_TYPE_BRIDGE && overlaps(reg, size, PCI_PRIMARY_BUS, 3);
    if ( bridge )
        forget_behind(d, sbdf, vmsi_hw_read(dev, PCI_PRIMARY_BUS, 4), false);
    status = pci_machine_write(sbdf, reg, size, val);
    if ( bridge )
        forget_behind(d, sbdf, vmsi_hw_read(dev, PCI_PRIMARY_BUS, 4), true);
    if ( overlaps(reg, size, PCI_COMMAND, 2) || overlaps(reg, size, PCI_BASE_ADDRESS_0, 24) )
        vmsi_place(d, dev);
    at = dev->pm_cap + PCI_PM_CTRL;
    if ( dev->pm_cap && overlaps(reg, size, at, 1) )
        power(dev, (val >> (8 * (at - reg))) & PCI_PM_CTRL_STATE_MASK);

 out:
    spin_unlock(&s->lock);
    return status;
}

/* --- the rest --- */

int vmsi_init(struct domain *d)
{
    struct vmsi *s = xzalloc(struct vmsi);

    if ( !s )
        return -ENOMEM;
    spin_lock_init(&s->lock);
    spin_lock_init(&s->pages_lock);
    d->arch.vmsi = s;
    return 0;
}

void vmsi_destroy(struct domain *d)
{
    if ( !d->arch.vmsi )
        return;
    while ( d->arch.vmsi->dev )
        forget(d, d->arch.vmsi->dev, false);
    XFREE(d->arch.vmsi);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
