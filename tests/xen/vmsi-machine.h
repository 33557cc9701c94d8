/* SPDX-License-Identifier: GPL-2.0-only
 *
 * For vmsi.c, once: the machine under the hypervisor's vmsi.c, its devices, which send what they
 * are programmed to and check that it is Xen's message for that very entry; and the domain above.
 */
#include "tests/xen/host-vcpu/expect.h"
#include <xen/pci_regs.h>
#include "xen/xen/arch/ia64/vlsapic.c"
#include "xen/xen/arch/ia64/vmsi.c"
#include "xen/xen/arch/ia64/vmsi-config.c"
#undef SAL_SUCCESS
#include "xen/xen/arch/ia64/pci.c"

static uint64_t seed = 88172645463325252ull;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

void guestfw_wake_vcpu(struct vcpu *v, unsigned int vector)
{
    (void)v, (void)vector;
    EXPECT(true, false); /* a device's message wakes nobody */
}

/* --- Xen's vectors --- */

static struct message {
    bool used;
    uint32_t sbdf, data;
    unsigned entry;
    uint64_t addr;
} vec[256];
static unsigned vec_last = 0xe7, vec_used;

int msi_alloc(struct domain *d, unsigned int order, uint32_t sbdf, unsigned int entry)
{
    unsigned n = 1u << order, i;

    (void)d;
    for (unsigned v = 0x40; v + n - 1 <= vec_last; v += n) {
        for (i = 0; i < n && !vec[v + i].used; i++)
            ;
        if (i < n)
            continue;
        for (i = 0; i < n; i++)
            vec[v + i] = (struct message){.used = true, .sbdf = sbdf, .entry = entry + i};
        vec_used += n;
        return (int)v;
    }
    return -ENOSPC;
}
void msi_free(unsigned int vector, unsigned int order)
{
    for (unsigned i = 0; i < 1u << order; i++) {
        EXPECT(vec[vector + i].used, true);
        vec[vector + i].used = false;
        vec_used--;
    }
}
void msi_set_message(unsigned int vector, uint64_t addr, uint32_t data)
{
    EXPECT(vec[vector].used, true);
    vec[vector].addr = addr;
    vec[vector].data = data;
}

/* --- the machine's devices --- */

enum { NDEV = 4, NTABLE = 2048, COMMAND_MEM = 2 };
struct device {
    uint32_t sbdf;
    bool there;
    uint8_t cfg[4096], wmask[4096];
    unsigned msi, msix, bar, pm, nr; /* capabilities; entries */
    uint32_t offset, table[NTABLE * 4], other[1024];
    uint64_t bar_size, pending;
};
static struct device dev[NDEV];
static unsigned lost, taken[256], aborts;
static uint64_t denied = ~0ull; /* a page where no device may be */
static uint64_t unmapped;       /* pages, and how many times */
static unsigned unmaps;

static uint32_t get(const uint8_t *p, unsigned n)
{
    uint32_t v = 0;

    memcpy(&v, p, n);
    return v;
}
static void put(uint8_t *p, uint32_t v, unsigned n)
{
    memcpy(p, &v, n);
}

static struct device *at(uint32_t sbdf)
{
    for (int i = 0; i < NDEV; i++)
        if (dev[i].there && dev[i].sbdf == sbdf)
            return &dev[i];
    return NULL;
}
static uint64_t table_base(const struct device *d)
{
    uint64_t a = get(&d->cfg[0x10 + 4 * d->bar], 4);

    if (d->cfg[0x10 + 4 * d->bar] & 4)
        a |= (uint64_t)get(&d->cfg[0x14 + 4 * d->bar], 4) << 32;
    return (a & ~15ull) + d->offset;
}

/* A message arrives in Xen: one of its own, and for this entry. */
static void arrive(const struct device *d, unsigned entry, uint64_t addr, uint32_t data)
{
    unsigned v = data & 0xff;

    EXPECT(addr >> 20, 0xfee);
    EXPECT(data >> 8 & 7, 0);
    EXPECT(v < 0x40 || v > 0xe7, false);
    EXPECT(addr >> 4 & 0xff, 0x40);
    EXPECT((addr >> 12 & 0xff) < SHIM_VCPUS * 2, true);
    if (!vec[v].used)
        return; /* it was under way when its vector was given up */
    EXPECT(vec[v].sbdf, d->sbdf);
    EXPECT(vec[v].entry, entry);
    taken[v]++;
    if (!vmsi_deliver(&dom, vec[v].addr, vec[v].data))
        lost++;
}
static bool msix_live(const struct device *d)
{
    return d->there && d->msix && (get(&d->cfg[d->msix + 2], 2) & 0xc000) == 0x8000;
}
static void flush(struct device *d)
{
    for (unsigned i = 0; i < d->nr && i < 64; i++)
        if (msix_live(d) && d->pending >> i & 1 && !(d->table[4 * i + 3] & 1)) {
            d->pending &= ~(1ull << i);
            arrive(d, i, d->table[4 * i] | (uint64_t)d->table[4 * i + 1] << 32,
                   d->table[4 * i + 2]);
        }
}
static void send(struct device *d, unsigned i)
{
    d->pending |= 1ull << i;
    flush(d);
}
static bool msi_live(const struct device *d)
{
    return d->there && d->msi && d->cfg[d->msi + 2] & 1;
}
static void send_msi(const struct device *d, unsigned i)
{
    bool is64 = d->cfg[d->msi + 2] & 0x80;
    unsigned order = d->cfg[d->msi + 2] >> 4 & 7;
    uint32_t data = get(&d->cfg[d->msi + (is64 ? 12 : 8)], 2);

    if (!msi_live(d) || i >> order)
        return;
    EXPECT(data & ((1u << order) - 1), 0);
    arrive(d, i,
           get(&d->cfg[d->msi + 4], 4) | (is64 ? (uint64_t)get(&d->cfg[d->msi + 8], 4) << 32 : 0),
           data | i);
}
static void reset_table(struct device *d)
{
    d->pending = 0;
    memset(d->table, 0xa5, sizeof d->table); /* undefined, but masked */
    for (unsigned i = 0; i < NTABLE; i++)
        d->table[4 * i + 3] = 1;
}
static void reset(struct device *d)
{
    reset_table(d);
    put(&d->cfg[4], 0, 2);
    memset(&d->cfg[0x10], 0, 24);
    d->cfg[0x10 + 4 * d->bar] = 4;
    if (d->msi)
        put(&d->cfg[d->msi + 2], get(&d->cfg[d->msi + 2], 2) & ~0x71u, 2);
    if (d->msix)
        d->cfg[d->msix + 3] &= 0x3f;
    if (d->pm)
        d->cfg[d->pm + 4] &= 0xfc;
}

static void wmask(struct device *d, unsigned reg, uint32_t m, unsigned n)
{
    put(&d->wmask[reg], m, n);
}
static unsigned cap(struct device *d, unsigned *last, unsigned at_, uint8_t id)
{
    d->cfg[*last] = (uint8_t)at_;
    d->cfg[at_] = id;
    *last = at_ + 1;
    return at_;
}

/* Device i at 0000:00:(i+1).0; MSI-X with nr entries at offset of BAR bar, MSI of 2^order. */
static struct device *add(int i, unsigned nr, unsigned bar, uint32_t offset, unsigned msi_control)
{
    struct device *d = &dev[i];
    unsigned last = 0x34;

    memset(d, 0, sizeof *d);
    d->there = true;
    d->sbdf = (uint32_t)(i + 1) << 3;
    put(d->cfg, 0x10001af4u + ((uint32_t)i << 16), 4);
    d->cfg[6] = 0x10;
    wmask(d, 4, 0x0407, 2);
    d->bar = bar;
    d->bar_size = 0x10000;
    d->offset = offset;
    d->nr = nr;
    for (unsigned b = 0; b < 6; b++)
        wmask(d, 0x10 + 4 * b, 0xffff0000, 4);
    wmask(d, 0x10 + 4 * bar + 4, 0xffffffff, 4);
    d->pm = cap(d, &last, 0x40, 1);
    wmask(d, d->pm + 4, 3, 2);
    if (msi_control) {
        d->msi = cap(d, &last, 0x50, 5);
        put(&d->cfg[d->msi + 2], msi_control, 2);
        wmask(d, d->msi + 2, 0x71, 2);
        memset(&d->wmask[d->msi + 4], 0xff, msi_control & 0x80 ? 10 : 6);
        if (msi_control & 0x100)
            wmask(d, d->msi + (msi_control & 0x80 ? 16 : 12), 0xffffffff, 4);
    }
    if (nr) {
        d->msix = cap(d, &last, 0x70, 0x11);
        put(&d->cfg[d->msix + 2], nr - 1, 2);
        put(&d->cfg[d->msix + 4], offset | bar, 4);
        wmask(d, d->msix + 2, 0xc000, 2);
    }
    reset(d);
    return d;
}

/* --- the machine, as pci.c and msi.c have it --- */

struct sal_result ia64_sal_call(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
                                uint64_t a5, uint64_t a6, uint64_t a7)
{
    uint64_t type = index == SAL_PCI_CONFIG_READ ? a3 : a4;
    unsigned reg = type ? a1 & 0xfff : a1 & 0xff;
    uint32_t sbdf = (uint32_t)(type ? a1 >> 12 : (a1 >> 8 & 0xffff) | a1 >> 24 << 16);
    struct device *d = at(sbdf);

    (void)a5, (void)a6, (void)a7;
    EXPECT(type > 1 || reg & (a2 - 1) || (a2 != 1 && a2 != 2 && a2 != 4), false);
    if (index == SAL_PCI_CONFIG_READ)
        return (struct sal_result){
            0, d ? get(&d->cfg[reg], (unsigned)a2) : 0xffffffffu >> (32 - 8 * a2), 0, 0};
    for (unsigned i = 0; d && i < a2; i++) {
        uint8_t w = d->wmask[reg + i];

        d->cfg[reg + i] = (uint8_t)((d->cfg[reg + i] & ~w) | (a3 >> 8 * i & w));
    }
    if (d)
        flush(d);
    return (struct sal_result){0, 0, 0, 0};
}

static uint32_t *decode(uint64_t pa, unsigned size)
{
    for (int i = 0; i < NDEV; i++) {
        struct device *d = &dev[i];
        uint64_t base = table_base(d);

        if (!d->there || !d->msix || !(d->cfg[4] & COMMAND_MEM) || (d->cfg[d->pm + 4] & 3) ||
            base <= d->offset)
            continue;
        if (pa - base < 16 * d->nr)
            return &d->table[(pa - base) / 4];
        if (pa - (base - d->offset) < d->bar_size && size)
            return &d->other[(pa - (base - d->offset)) / 4 % 1024];
    }
    return NULL;
}
uint64_t msi_mmio_read(uint64_t pa, unsigned int size)
{
    uint32_t *p = decode(pa, size);
    uint64_t v = ~0ull;

    if (p)
        memcpy(&v, p, size);
    else
        aborts++;
    return v;
}
void msi_mmio_write(uint64_t pa, unsigned int size, uint64_t val)
{
    uint32_t *p = decode(pa, size);

    if (!p) {
        aborts++;
        return;
    }
    memcpy(p, &val, size);
    for (int i = 0; i < NDEV; i++)
        flush(&dev[i]);
}
bool msi_mmio_allowed(struct domain *d, uint64_t pa)
{
    (void)d;
    return pa >> 50 == 0 && pa >= 0x80000000 && (pa & ~0xfffull) != denied;
}
void msi_mmio_unmap(struct domain *d, uint64_t pa, unsigned long nr_pages)
{
    (void)d;
    for (unsigned long i = 0; i < nr_pages; i++)
        EXPECT(vmsi_page(&dom, pa + i * 0x1000), true);
    unmapped = pa | nr_pages;
    unmaps++;
}

/* --- the domain --- */

static uint64_t address(uint32_t sbdf, unsigned reg, uint64_t *type)
{
    *type = rnd() & 1 || reg > 0xff;
    return *type ? (uint64_t)sbdf << 12 | reg
                 : (uint64_t)(sbdf >> 16) << 24 | (sbdf & 0xffff) << 8 | reg;
}
static uint32_t cr(const struct device *d, unsigned reg, unsigned size)
{
    uint64_t type, a = address(d->sbdf, reg, &type), val = 0;

    EXPECT(pci_guest_read(&dom, a, size, type, &val), 0);
    return (uint32_t)val;
}
static void cw(const struct device *d, unsigned reg, unsigned size, uint32_t val)
{
    uint64_t type, a = address(d->sbdf, reg, &type);

    EXPECT(pci_guest_write(&dom, a, size, val, type), 0);
}
static void tw(const struct device *d, unsigned offset, unsigned size, uint64_t val)
{
    EXPECT(vmsi_page(&dom, table_base(d) + offset), true);
    vmsi_write(&dom, table_base(d) + offset, size, val);
}
static uint64_t tr(const struct device *d, unsigned offset, unsigned size)
{
    uint64_t v;

    EXPECT(vmsi_page(&dom, table_base(d) + offset), true);
    v = vmsi_read(&dom, table_base(d) + offset, size);
    return size == 8 ? v : v & ((1ull << 8 * size) - 1);
}
static void entry(const struct device *d, unsigned i, unsigned lid, unsigned vector)
{
    tw(d, 16 * i, 4, 0xfee00000u | lid << 4);
    tw(d, 16 * i + 4, 4, 0);
    tw(d, 16 * i + 8, 4, vector);
}
static void enable_memory(struct device *d, uint64_t bar)
{
    cw(d, 0x10 + 4 * d->bar, 4, (uint32_t)bar);
    cw(d, 0x14 + 4 * d->bar, 4, (uint32_t)(bar >> 32));
    cw(d, 4, 2, 6);
}
static bool pended(unsigned v, unsigned vector)
{
    bool is = test_bit(vector, vcpus[v].arch.lsapic.irr);

    clear_bit(vector, vcpus[v].arch.lsapic.irr);
    return is;
}

static void fresh(void)
{
    if (dom.arch.vmsi)
        vmsi_destroy(&dom);
    EXPECT(vec_used, 0);
    memset(regs, 0, sizeof regs);
    memset(vcpus, 0, sizeof vcpus);
    memset(dev, 0, sizeof dev);
    dom = (struct domain){.hardware = true};
    for (unsigned i = 0; i < SHIM_VCPUS; i++) {
        vcpus[i] =
            (struct vcpu){.vcpu_id = i, .processor = i, .is_initialised = true, .domain = &dom};
        vcpus[i].arch.privregs = &regs[i];
        vcpus[i].arch.started = true;
        regs[i].vcr[IA64_CR_ITV] = IA64_LVT_MASKED;
        dom.vcpu[i] = &vcpus[i];
        vlsapic_init(&vcpus[i]);
    }
    EXPECT(vmsi_init(&dom), 0);
    memset(taken, 0, sizeof taken);
    vec_last = 0xe7;
    denied = ~0ull;
    lost = aborts = unmaps = 0;
}

/* Every message that can be sent now goes to a vector of its entry's; nothing else is allocated. */
static void consistent(void)
{
    unsigned n = 0;

    for (int i = 0; i < NDEV; i++) {
        struct device *d = &dev[i];

        for (unsigned e = 0; msix_live(d) && e < d->nr; e++) {
            unsigned v = d->table[4 * e + 2] & 0xff;

            if (d->table[4 * e + 3] & 1)
                continue;
            EXPECT(d->table[4 * e] >> 20 == 0xfee && !d->table[4 * e + 1] && vec[v].used, true);
            EXPECT(vec[v].sbdf == d->sbdf && vec[v].entry == e, true);
        }
        if (msi_live(d))
            for (unsigned e = 0; e < 1u << (d->cfg[d->msi + 2] >> 4 & 7); e++)
                send_msi(d, e);
    }
    for (unsigned v = 0; v < 256; v++)
        n += vec[v].used;
    EXPECT(n, vec_used);
}

/* As Linux does it: enabled with all masked, entries masked, messages, unmasked. */
static void start(struct device *d, unsigned nr)
{
    cw(d, d->msix + 2, 2, cr(d, d->msix + 2, 2) | 0xc000);
    for (unsigned i = 0; i < d->nr; i++)
        tw(d, 16 * i + 12, 4, 1);
    for (unsigned i = 0; i < nr; i++)
        entry(d, i, (i % SHIM_VCPUS) << 8, 0x50 + i);
    cw(d, d->msix + 2, 2, cr(d, d->msix + 2, 2) & ~0x4000u);
    for (unsigned i = 0; i < nr; i++)
        tw(d, 16 * i + 12, 4, 0);
}
