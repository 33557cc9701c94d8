/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/unit: the hypervisor's emulation of MSI and MSI-X (xen/.../vmsi.c, vmsi-config.c, pci.c) on
 * the host, between a domain and devices of this program's (vmsi-machine.h).
 */
#include "tests/xen/vmsi-machine.h"

static void msix(void)
{
    struct device *d;

    fresh();
    d = add(0, 8, 1, 0x2000, 0);
    EXPECT(cr(d, 0, 4), 0x10001af4);
    EXPECT(vmsi_page(&dom, 0xe0002000), false);
    enable_memory(d, 0xe0000000);
    EXPECT(vmsi_page(&dom, 0xe0002ff8), true);
    EXPECT(vmsi_page(&dom, 0xe0001ff8) || vmsi_page(&dom, 0xe0003000), false);
    EXPECT(unmapped, 0xe0002001);
    EXPECT(tr(d, 12, 4), 1);
    start(d, 4);
    for (unsigned i = 0; i < 4; i++) {
        EXPECT(tr(d, 16 * i, 8), 0xfee00000u | (i << 12));
        EXPECT(tr(d, 16 * i + 8, 8), 0x50 + i);
        send(d, i);
        EXPECT(pended(i, 0x50 + i), true);
        EXPECT(d->table[4 * i] >> 12 & 0xff, i); /* to the vcpu's own processor */
    }
    EXPECT(vec_used, 4);
    consistent();

    /* Masked: pending, with the message of the time when it is unmasked. */
    tw(d, 12, 4, 1);
    send(d, 0);
    EXPECT(pended(0, 0x50), false);
    EXPECT(d->pending, 1);
    entry(d, 0, 2 << 8, 0x60);
    tw(d, 12, 4, 0);
    EXPECT(pended(2, 0x60), true);
    EXPECT(d->table[0] >> 12 & 0xff, 2);
    /* In one store each, as a kernel may. */
    tw(d, 24, 8, 0x61 | 1ull << 32);
    tw(d, 16, 8, 0xfee03000);
    tw(d, 24, 8, 0x61);
    send(d, 1);
    EXPECT(pended(3, 0x61), true);
    /* Changed without masking it. */
    tw(d, 24, 4, 0x62);
    tw(d, 16, 4, 0xfee00000);
    send(d, 1);
    EXPECT(pended(0, 0x62), true);
    /* The function's mask. */
    cw(d, d->msix + 3, 1, 0xc0);
    EXPECT(cr(d, d->msix + 2, 2), 0xc007);
    send(d, 2);
    EXPECT(pended(2, 0x52), false);
    cw(d, d->msix, 4, 0x80000000);
    EXPECT(pended(2, 0x52), true);
    EXPECT(cr(d, d->msix, 4), get(&d->cfg[d->msix], 2) | 0x80070000u);
    /* A vcpu that does not run yet has it pending. */
    vcpus[3].arch.started = false;
    send(d, 3);
    EXPECT(pended(3, 0x53), true);
    vcpus[3].arch.started = true;
    consistent();

    /* Disabled, and again with other messages: as the domain left them. */
    cw(d, d->msix + 2, 2, 0);
    EXPECT(vec_used, 0);
    send(d, 2);
    EXPECT(tr(d, 16, 8), 0xfee00000);
    EXPECT(tr(d, 24, 8), 0x62);
    entry(d, 2, 0, 0x70);
    cw(d, d->msix + 2, 2, 0x8000);
    EXPECT(pended(0, 0x70), true);
    EXPECT(vec_used, 4);
    consistent();

    /* The function's mask while it is disabled. */
    cw(d, d->msix + 2, 2, 0xc000);
    cw(d, d->msix + 2, 2, 0);
    EXPECT(cr(d, d->msix + 2, 2), 7);
    cw(d, d->msix + 2, 2, 0x4000);
    EXPECT(cr(d, d->msix + 2, 2), 0x4007);
    cw(d, d->msix + 2, 2, 0x8000);
    EXPECT(cr(d, d->msix + 2, 2), 0x8007);

    /* Reset: it shows when the domain looks. Then it is set up anew. */
    reset(d);
    EXPECT(cr(d, d->msix + 2, 2), 7);
    EXPECT(vec_used, 0);
    enable_memory(d, 0xe0000000);
    EXPECT(tr(d, 24, 8), 1ull << 32);
    start(d, 2);
    send(d, 1);
    EXPECT(pended(1, 0x51), true);
    /* The same, restored as Linux does: command and control first, then entries. */
    reset(d);
    cw(d, d->msix + 2, 2, cr(d, d->msix + 2, 2) | 0xc000);
    enable_memory(d, 0xe0000000);
    entry(d, 0, 1 << 8, 0x50);
    tw(d, 12, 4, 0);
    cw(d, d->msix + 2, 2, cr(d, d->msix + 2, 2) & ~0x4000u);
    send(d, 0);
    EXPECT(pended(1, 0x50), true);
    EXPECT(vec_used, 1);
    consistent();
    EXPECT(aborts, 0);
    vmsi_dump(&dom);
}

static void placement(void)
{
    struct device *d, *e;

    fresh();
    d = add(0, 300, 2, 0xff8, 0); /* not a multiple of 16: an entry lies in two pages */
    e = add(1, 2, 0, 0, 0);
    enable_memory(d, 0x10000000000);
    EXPECT(unmapped, 0x10000000003); /* 0xff8 + 4800 */
    enable_memory(e, 0x90000000);
    start(d, 70);
    EXPECT(tr(d, 16 * 69 + 8, 4), 0x50 + 69);
    /* The registers beside the table. */
    vmsi_write(&dom, 0x10000000ff0, 4, 0x1234);
    EXPECT(d->other[0xff0 / 4], 0x1234);
    EXPECT(vmsi_read(&dom, 0x10000000ff0, 4) & 0xffffffff, 0x1234);
    EXPECT(vmsi_read(&dom, 0x10000000ff8, 4) & 0xffffffff, 0xfee00000);

    /* Moved, decoding or not: the trap follows, the messages stay. */
    cw(d, 0x18, 4, 0x20000);
    EXPECT(vmsi_page(&dom, 0x10000020ff8), true);
    EXPECT(vmsi_page(&dom, 0x10000000ff8), false);
    send(d, 5);
    EXPECT(pended(1, 0x55), true);
    cw(d, 4, 2, 4);
    EXPECT(vmsi_page(&dom, 0x10000020ff8), false);
    cw(d, 0x18, 4, 0xffffffff); /* what BARs are sized with */
    cw(d, 0x1c, 4, 0xffffffff);
    enable_memory(d, 0x10000040000);
    tw(d, 16 * 5 + 12, 4, 1);
    send(d, 5);
    EXPECT(pended(1, 0x55), false);
    EXPECT(aborts, 0);
    /* A table over two devices' pages, or beside another's. */
    enable_memory(e, 0x10000050000);
    start(e, 2);
    send(e, 1);
    EXPECT(pended(1, 0x51), true);

    /* Where no device may be, the table is not reached, and nothing is enabled that was not. */
    cw(e, e->msix + 2, 2, 0);
    denied = 0x90000000;
    enable_memory(e, denied);
    EXPECT(vmsi_page(&dom, denied), false);
    cw(e, e->msix + 2, 2, 0x8000);
    EXPECT(cr(e, e->msix + 2, 2), 0x8001);
    EXPECT(msix_live(e), false);
    vmsi_write(&dom, denied, 4, 0); /* the trap has just gone: not passed on either */
    EXPECT(aborts, 0);
    enable_memory(e, 0xa0000000);
    EXPECT(msix_live(e), true);
    send(e, 0);
    EXPECT(pended(0, 0x50), true);
    consistent();
    enable_memory(e, 0xfffffffffffff000ull);
    enable_memory(e, 0xfffc000000000000ull);
    enable_memory(e, 0x4000); /* RAM */
    EXPECT(vmsi_page(&dom, 0x4000), false);
    enable_memory(e, 0xa0000000);

    /* Asleep it is left alone, also by a move of the vcpu; awake only when the domain comes back.
     */
    cw(e, e->pm + 4, 2, 3);
    vcpus[0].processor = 2;
    vmsi_move(&vcpus[0]);
    EXPECT(vmsi_page(&dom, 0xa0000000), true);
    tw(e, 8, 4, 0x66);
    cw(e, e->pm + 4, 2, 0);
    EXPECT(aborts, 0);
    reset_table(e); /* no "no soft reset": nothing of it is left */
    e->cfg[e->msix + 3] = 0;
    EXPECT(cr(e, e->msix + 2, 2), 1);
    EXPECT(tr(e, 12, 4), 1);
    start(e, 2);
    cw(e, e->pm + 4, 1, 3);
    tw(e, 16 + 8, 4, 0x67);
    cw(e, e->pm + 4, 1, 0); /* this one has kept it, and the domain comes by its table */
    tw(e, 8, 4, 0x66);
    send(e, 0);
    EXPECT(pended(0, 0x66), true);
    send(e, 1);
    EXPECT(pended(1, 0x67), true);
    EXPECT(aborts, 0);
    consistent();

    /* Exchanged, and pulled out. */
    put(e->cfg, 0x10421af4, 4);
    reset(e);
    EXPECT(cr(e, 0, 4), 0x10421af4);
    EXPECT(vmsi_page(&dom, 0xa0000000), false);
    enable_memory(e, 0xa0000000);
    start(e, 1);
    e->there = false;
    EXPECT(pci_guest_read(&dom, e->sbdf << 8, 4, 0, &(uint64_t){0}), 0);
    EXPECT(vmsi_page(&dom, 0xa0000000), false);
    EXPECT(vec_used, 70);

    /* Capability lists that go round, or nowhere; a BAR that is for ports, or not there. */
    e = add(2, 2, 0, 0, 0);
    e->cfg[0x71] = 0x40;
    enable_memory(e, 0xa0000000);
    EXPECT(vmsi_page(&dom, 0xa0000000), true);
    e = add(3, 2, 7, 0, 0);
    cw(e, 4, 2, 6);
    cw(e, e->msix + 2, 2, 0x8000);
    EXPECT(msix_live(e), false);
    e = add(1, 2, 0, 0, 0);
    e->cfg[0x10] = 1;
    e->cfg[0x41] = 0x3c;
    cw(e, 4, 2, 6);
    EXPECT(cr(e, e->msix + 2, 2), 1);
    EXPECT(aborts, 0);
}

static void msi(void)
{
    struct device *d;
    uint8_t before[256];

    for (int is64 = 0; is64 < 2; is64++)
        for (unsigned order = 0; order < 4; order++) {
            unsigned data = is64 ? 12 : 8, v0;

            fresh();
            d = add(0, 0, 0, 0, 0x100u | (unsigned)is64 << 7 | 3u << 1);
            EXPECT(cr(d, d->msi + 2, 2), 0x106u | (unsigned)is64 << 7);
            memcpy(before, d->cfg, sizeof before);
            cw(d, d->msi + 4, 4, 0xfee01001);
            if (is64)
                cw(d, d->msi + 8, 4, 0);
            cw(d, d->msi + data, 2, 0x48);
            /* None of it has reached the device. */
            EXPECT(memcmp(before, d->cfg, sizeof before), 0);
            EXPECT(cr(d, d->msi + 4, 4), 0xfee01000);
            EXPECT(cr(d, d->msi + data, 2), 0x48);
            cw(d, d->msi + 2, 2, 1 | order << 4);
            EXPECT(cr(d, d->msi + 2, 2), 0x107u | (unsigned)is64 << 7 | order << 4);
            EXPECT(vec_used, 1u << order);
            v0 = get(&d->cfg[d->msi + data], 2);
            for (unsigned i = 0; i < 1u << order; i++) {
                send_msi(d, i);
                EXPECT(pended(1, 0x48 + i), true);
            }
            /* Affinity, while live: one register of the device's at most. */
            cw(d, d->msi + 4, 4, 0xfee02000);
            cw(d, d->msi + data, 2, 0x58);
            send_msi(d, 0);
            EXPECT(pended(2, 0x58), true);
            EXPECT(d->cfg[d->msi + 5] >> 4, 2);
            EXPECT(get(&d->cfg[d->msi + data], 2), v0);
            vcpus[2].processor = 5;
            vmsi_move(&vcpus[2]);
            EXPECT(d->cfg[d->msi + 5] >> 4, 5);
            send_msi(d, 0);
            EXPECT(pended(2, 0x58), true);
            /* Masks and pending bits are the device's. */
            cw(d, d->msi + data + 4, 4, 0x5);
            EXPECT(get(&d->cfg[d->msi + data + 4], 4), 5);
            put(&d->cfg[d->msi + data + 8], 4, 4);
            EXPECT(cr(d, d->msi + data + 8, 4), 4);
            /* More messages than it has; a byte at a time. */
            cw(d, d->msi + 2, 1, 0x71);
            EXPECT(cr(d, d->msi + 2, 1), 0x37u | (unsigned)is64 << 7);
            EXPECT(vec_used, 8);
            cw(d, d->msi + 2, 1, 0);
            EXPECT(vec_used, 0);
            EXPECT(msi_live(d), false);
            cw(d, d->msi, 4, 1u << 16);
            EXPECT(vec_used, 1);
            put(&d->cfg[d->msi + 2], before[d->msi + 2], 1);
            EXPECT(cr(d, d->msi + 4, 4), 0); /* it was reset */
            EXPECT(cr(d, d->msi + 2, 2) & 1, 0);
            EXPECT(vec_used, 0);
        }
    /* Left enabled by firmware: off when it is met. */
    fresh();
    d = add(0, 4, 0, 0, 0x80);
    d->cfg[d->msi + 2] |= 1;
    d->cfg[d->msix + 3] |= 0x80;
    EXPECT(cr(d, d->msi + 2, 2), 0x80);
    EXPECT(msi_live(d) || msix_live(d), false);
}

static void hostile(void)
{
    static const uint64_t bad[][2] = {
        {0xfee09000, 0x50},        /* no such processor */
        {0xfee01010, 0x50},        /* eid 1 */
        {0x0ee01000, 0x50},        /* not the interrupt block */
        {0x1fee01000, 0x50},       /* above it */
        {0xfef01000, 0x50},        /* its upper half */
        {0xfee01000, 0x301},       /* reserved delivery modes */
        {0xfee01000, 0x650},       /* */
        {0xfee01000, 0x500},       /* INIT, PMI */
        {0xfee01000, 0x200},       /* */
        {0xfee01000, 15},          /* reserved vectors */
        {0xfee01000, 1},           /* */
        {0xfffffffffffffffc, ~0u}, /* */
    };
    struct device *d, *e;
    uint64_t val;

    fresh();
    d = add(0, 64, 0, 0x800, 0x86);
    enable_memory(d, 0xc0000000);
    start(d, 1);
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        tw(d, 0, 8, bad[i][0]);
        tw(d, 8, 4, bad[i][1]);
        lost = 0;
        send(d, 0);
        EXPECT(lost, 1);
        EXPECT(tr(d, 0, 8), bad[i][0]);
        consistent();
    }
    EXPECT(inits, 0);
    /* Delivery modes that are not the vector's. */
    tw(d, 0, 8, 0xfee01000);
    tw(d, 8, 4, 0x499);
    send(d, 0);
    EXPECT(pended(1, 2), true);
    tw(d, 8, 4, 0x799);
    send(d, 0);
    EXPECT(pended(1, 0), true);

    /* Sizes that are undefined do nothing; reads of any size give the bytes. */
    tw(d, 16 + 12, 1, 0);
    tw(d, 16 + 12, 2, 0);
    EXPECT(tr(d, 16 + 12, 4), 1);
    EXPECT(tr(d, 2, 2), 0xfee0);
    EXPECT(tr(d, 3, 1), 0xfe);
    EXPECT(tr(d, 9, 1), 0x07);
    /* The last entry, and right behind it. */
    entry(d, 63, 3 << 8, 0x77);
    tw(d, 63 * 16 + 12, 4, 0xfffffffe);
    send(d, 63);
    EXPECT(pended(3, 0x77), true);
    EXPECT(tr(d, 63 * 16 + 12, 4), 0);
    vmsi_write(&dom, 0xc0000000 + 0x800 + 64 * 16, 8, ~0ull);
    consistent();

    /* SAL's arguments. */
    EXPECT(pci_guest_read(&dom, d->sbdf << 8, 3, 0, &val), -2);
    EXPECT(pci_guest_read(&dom, d->sbdf << 8, 8, 0, &val), -2);
    EXPECT(pci_guest_read(&dom, d->sbdf << 8 | 1, 2, 0, &val), -2);
    EXPECT(pci_guest_read(&dom, d->sbdf << 8, 4, 2, &val), -2);
    EXPECT(pci_guest_read(&dom, 1ull << 32, 4, 0, &val), -2);
    EXPECT(pci_guest_write(&dom, 1ull << 44, 4, 0, 1), -2);
    EXPECT(pci_guest_read(&dom, ~0ull, 4, ~0ull, &val), -2);
    EXPECT(pci_guest_read(&dom, 0xffffff00, 4, 0, &val), 0);
    EXPECT(val, 0xffffffff);
    EXPECT(pci_guest_write(&dom, 0xffffff00, 4, 0, 0), 0);

    /* No vectors left: what has none stays masked, what has one works. */
    fresh();
    vec_last = 0x42;
    d = add(0, 8, 0, 0, 0);
    e = add(1, 0, 0, 0, 0x86);
    enable_memory(d, 0xc0000000);
    start(d, 8);
    EXPECT(vec_used, 3);
    consistent();
    send(d, 2);
    EXPECT(pended(2, 0x52), true);
    send(d, 3);
    EXPECT(pended(3, 0x53), false);
    cw(e, e->msi + 4, 4, 0xfee00000);
    cw(e, e->msi + 12, 2, 0x80);
    cw(e, e->msi + 2, 2, 1);
    EXPECT(msi_live(e), false);
    EXPECT(cr(e, e->msi + 2, 2), 0x87);
    /* Some come free. */
    vec_last = 0xe7;
    tw(d, 3 * 16 + 12, 4, 0);
    EXPECT(pended(3, 0x53), true);
    cw(e, e->msi + 2, 2, 0x31);
    EXPECT(msi_live(e), true);
    send_msi(e, 7);
    EXPECT(pended(0, 0x87), true);
    consistent();

    /* 2048 entries. */
    fresh();
    d = add(0, 2048, 0, 0, 0);
    enable_memory(d, 0xc0000000);
    EXPECT(unmapped, 0xc0000008);
    start(d, 2048);
    EXPECT(vec_used, 0xe7 - 0x40 + 1);
    consistent();
    EXPECT(aborts, 0);
}

static void bridges(void)
{
    struct device *b, *d;
    uint8_t table[64] = {0};
    struct acpi_table_mcfg *m = (void *)table;
    struct acpi_mcfg_allocation a = {0xd0000000ull - 0x100000, 0, 1, 3, 0};
    const uint64_t ecam = 0xd0000000ull + (3ull << 12) - 0x100000 + 0x200000;

    fresh();
    b = add(0, 0, 0, 0, 0);
    d = add(1, 4, 0, 0, 0x80);
    b->cfg[0x0e] = 1;
    wmask(b, 0x18, 0xffffff, 4);
    cw(b, 0x18, 4, 0x030200);
    d->sbdf = 2 << 8 | 3 << 3;
    EXPECT(cr(d, 0, 4), 0x10011af4);
    enable_memory(d, 0xc0000000);
    start(d, 4);
    EXPECT(vec_used, 4);
    /* The buses change: off before, and met anew where it is now. */
    cw(b, 0x19, 1, 1);
    EXPECT(vec_used, 0);
    EXPECT(msix_live(d), false);
    EXPECT(vmsi_page(&dom, 0xc0000000), false);
    d->sbdf = 1 << 8 | 3 << 3;
    EXPECT(cr(d, d->msix + 2, 2), 3);
    EXPECT(vmsi_page(&dom, 0xc0000000), true);

    /* Configuration space in memory. */
    memcpy(m->header.signature, "MCFG", 4);
    m->header.length = sizeof *m + sizeof a;
    memcpy(m + 1, &a, sizeof a);
    parse_mcfg(&m->header);
    d->sbdf = 2 << 8 | 0 << 3;
    EXPECT(pci_ecam_page(&dom, 0xd0000000 - 1), false);
    EXPECT(pci_ecam_page(&dom, 0xd0000000), true);
    EXPECT(pci_ecam_page(&dom, 0xd0300000), false);
    EXPECT(ecam & 0, 0);
    EXPECT(pci_ecam_read(&dom, 0xd0100000, 4), 0x10011af4);
    pci_ecam_write(&dom, 0xd0100000 + d->msi + 4, 8, 0xfee02000);
    pci_ecam_write(&dom, 0xd0100000 + d->msi + 12, 2, 0x90);
    pci_ecam_write(&dom, 0xd0100000 + d->msi + 2, 2, 1);
    EXPECT(pci_ecam_read(&dom, 0xd0100000 + d->msi + 4, 4), 0xfee02000);
    send_msi(d, 0);
    EXPECT(pended(2, 0x90), true);
    EXPECT(vec_used, 1);

    /* SR-IOV reads as nothing, and cannot be turned on. */
    d = add(2, 2, 0, 0, 0);
    d->cfg[0x41] = 0xa0;
    d->cfg[0xa0] = 0x10;
    put(&d->cfg[0x100], 0x14010001, 4);
    put(&d->cfg[0x140], 0x00010010, 4);
    wmask(d, 0x148, 0xffff, 2);
    EXPECT(cr(d, 0x140, 4), 0x00010000);
    EXPECT(cr(d, 0x140, 2), 0);
    EXPECT(cr(d, 0x100, 4), 0x14010001);
    cw(d, 0x148, 4, 1);
    EXPECT(d->cfg[0x148], 0);
    nr_ecams = 0;
}

int acpi_table_parse(const char *signature, int (*handler)(struct acpi_table_header *))
{
    (void)signature, (void)handler;
    return 0;
}

/* --- anything at all --- */

static void random_config(struct device *d)
{
    static const uint16_t regs_[] = {0x04, 0x06, 0x0c, 0x2c, 0x3c, 0x44, 0x50, 0x52, 0x54, 0x58,
                                     0x5c, 0x60, 0x64, 0x6c, 0x70, 0x72, 0x74, 0x78, 0x7c, 0x34};
    unsigned size = 1u << rnd() % 3, reg = regs_[rnd() % 20] & ~(size - 1);
    uint32_t val = (uint32_t)rnd();

    switch (rnd() % 4) {
    case 0:
        val = 0xfee00000u | (val & 0x3f010);
        break;
    case 1:
        val &= 0xc7;
        break;
    case 2:
        val &= 0xc000007;
        break;
    default:
        break;
    }
    if (reg == 4)
        val |= 2;
    if (rnd() & 1)
        cr(d, reg, size);
    else
        cw(d, reg, size, val);
}

static void fuzz(void)
{
    for (int round = 0; round < 40; round++) {
        fresh();
        vec_last = 0x40 + rnd() % 60;
        add(0, 1 + rnd() % 40, 0, rnd() % 0x2000 & ~7u, 0x80 | (rnd() & 0x10a));
        add(1, 1 + rnd() % 3, 2, 0, rnd() & 0x10e);
        add(2, 5, 0, 0x1000, 0);
        for (int n = 0; n < 4000; n++) {
            struct device *d = &dev[rnd() % 3];
            uint64_t base = table_base(d);
            unsigned size = 1u << rnd() % 4,
                     offset = rnd() % (16 * d->nr + 64) & ~(size - 1) & ~(size < 8 ? 0u : 7u);

            switch (rnd() % 12) {
            case 0:
                enable_memory(d, 0x80000000 + (rnd() % 8) * 0x100000 + (d - dev) * 0x20000);
                break;
            case 1:
            case 2:
                random_config(d);
                break;
            case 3:
                cw(d, d->msix + 2, 2, rnd() & 0xffff);
                break;
            case 4:
                if (d->msi)
                    cw(d, d->msi + 2, 1, rnd() & 0xff);
                break;
            case 5:
                if (rnd() % 20 == 0) {
                    reset(d);
                    cr(d, d->msix + 2, 2);
                    if (d->msi)
                        cr(d, d->msi + 2, 2);
                    cr(d, 4, 2);
                }
                break;
            case 6:
                vcpus[rnd() % SHIM_VCPUS].processor = rnd() % SHIM_VCPUS;
                vmsi_move(&vcpus[rnd() % SHIM_VCPUS]);
                break;
            case 7:
                if (msix_live(d))
                    send(d, rnd() % d->nr);
                break;
            default:
                if (!vmsi_page(&dom, base + offset) || !decode(base, 4))
                    break;
                if (rnd() & 1)
                    vmsi_read(&dom, base + offset, size);
                else
                    vmsi_write(&dom, base + offset, size,
                               offset & 8 ? rnd() & 0x1ffffffff : 0xfee00000 | (rnd() & 0x3f000));
            }
            consistent();
        }
        EXPECT(aborts, 0);
    }
    fresh();
}

int main(void)
{
    int bad = 0;

    msix();
    bad |= verdict("msix");
    placement();
    bad |= verdict("msix-placement");
    msi();
    bad |= verdict("msi");
    hostile();
    bad |= verdict("msi-hostile");
    bridges();
    bad |= verdict("msi-buses");
    fuzz();
    bad |= verdict("msi-random");
    return bad;
}
