/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random hypercalls, from a seed: numbers, sub-commands, registers, modes; pointers of all kinds,
 * most of them to buffers of random words, among which are the right versions, domains, frames and
 * pointers. Left out is only what by its meaning ends or stops this kernel.
 */
#include "calls.h"

static u64 seed;
static u64 buffer[8][64] __attribute__((aligned(4096)));
static const uint8_t numbers[] = {7,  12, 12, 12, 13, 15, 17, 18, 20, 20, 21, 24, 27, 29,
                                  30, 32, 32, 33, 34, 35, 35, 36, 36, 36, 39, 41, 42};

static u64 random(void)
{
    u64 z = seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static u64 below(u64 n)
{
    return random() % n;
}

static u64 value(void)
{
    switch (below(16)) {
    case 0:
        return 0;
    case 1:
        return below(8);
    case 2:
        return below(64);
    case 3:
        return 1UL << below(64);
    case 4:
        return (1UL << below(64)) - 1;
    case 5:
        return -below(5000);
    case 6:
        return hostile[below(hostile_count)].address;
    case 7:
        return gfn(spare[below(16)]);
    case 8:
        return DOMID_SELF;
    case 9:
        return below(2) ? DOMID_IO : DOMID_XEN;
    case 10:
        return below(4096);
    case 11:
        return phys(spare[below(16)]);
    case 12:
    case 13:
        return P(buffer[below(8)]) + 8 * below(32);
    case 14:
        return P(spare[below(16)]);
    default:
        return random();
    }
}

static u64 pointer(void)
{
    return below(8) ? P(buffer[below(8)]) : value();
}

/* A buffer for sysctl, domctl, platform_op: version, command. */
static void control(u64 *b, uint32_t version, u64 commands)
{
    if (below(16))
        b[0] = below(commands) | (u64)version << 32;
    if (below(2))
        b[1] = below(4);
}

/* What would end the kernel, or stop it, by its meaning. */
static int deadly(struct hcall *h)
{
    u64 nr = h->nr, a = h->arg[0], b = h->arg[1];

    switch (nr) {
    case __HYPERVISOR_sched_op:
        return (int)a != SCHEDOP_yield && (int)a != SCHEDOP_pin_override;
    case __HYPERVISOR_vcpu_op:
        return (int)a == VCPUOP_down || (int)a == VCPUOP_initialise;
    case __HYPERVISOR_console_io:
        return (uint32_t)a == CONSOLEIO_write && (uint32_t)b > 64;
    case 0x300 + 10:
    case 0x300 + 3:
        return 1;
    case 0x1000:
        return a == 28 || a == 29 || a == 40;
    case 0x1100:
        return a == 0x01000011;
    }
    return 0;
}

static int deadly_buffers(void)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 64; j += 1) {
            /* Debug keys; domain control of a running domain is the caller's affair, these are what
             * it may not do to itself. */
            if (buffer[i][j] == (XEN_SYSCTL_debug_keys | (u64)XEN_SYSCTL_INTERFACE_VERSION << 32))
                return 1;
        }
    return 0;
}

static void fill(void)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 64; j++)
            buffer[i][j] = below(3) ? value() : value() << 32 | (uint32_t)value();
    control(buffer[0], XEN_SYSCTL_INTERFACE_VERSION, 32);
    control(buffer[1], XEN_DOMCTL_INTERFACE_VERSION, 88);
    control(buffer[2], XENPF_INTERFACE_VERSION, 66);
    /* A multicall's entries. */
    for (int j = 0; j < 64; j += 8) {
        struct hcall h = {.nr = numbers[below(sizeof(numbers))]};

        h.arg[0] = below(4) ? below(40) : value();
        h.arg[1] = pointer();
        h.arg[2] = below(2) || h.nr == __HYPERVISOR_grant_table_op ? below(40) : pointer();
        if (deadly(&h) || h.nr == __HYPERVISOR_multicall || h.nr == __HYPERVISOR_domctl ||
            h.nr == __HYPERVISOR_sysctl)
            h.nr = __HYPERVISOR_xen_version;
        buffer[3][j] = h.nr;
        buffer[3][j + 1] = 0;
        memcpy(&buffer[3][j + 2], h.arg, 6 * 8);
    }
}

void fuzz(u64 start, u64 count)
{
    struct xen_memory_reservation r = {.domid = DOMID_SELF, .nr_extents = 1};
    static xen_pfn_t at;

    seed = start;
    set_xen_guest_handle(r.extent_start, &at);
    for (u64 n = 0; n < count; n++) {
        struct hcall h = {.frame = below(8) ? 8 : below(9)};
        u64 was = seed;

        if (n % 16 == 0 || below(8) == 0)
            do
                fill();
            while (deadly_buffers());
        switch (below(16)) {
        case 0:
            h.nr = 0x300 + below(16);
            break;
        case 1:
            h.nr = 0x1000;
            break;
        case 2:
            h.nr = 0x1100;
            break;
        case 3:
            h.nr = 0x501;
            break;
        case 4:
            h.nr = below(2) ? below(64) : value();
            break;
        default:
            h.nr = numbers[below(sizeof(numbers))];
        }
        for (int i = 0; i < 8; i++)
            h.arg[i] = below(2) ? value() : pointer();
        switch (h.nr) {
        case __HYPERVISOR_sysctl:
            h.arg[0] = below(8) ? P(buffer[0]) : value();
            break;
        case __HYPERVISOR_domctl:
            h.arg[0] = below(8) ? P(buffer[1]) : value();
            break;
        case __HYPERVISOR_platform_op:
            h.arg[0] = below(8) ? P(buffer[2]) : value();
            break;
        case __HYPERVISOR_multicall:
            h.arg[0] = P(buffer[3]);
            h.arg[1] = below(9);
            break;
        case __HYPERVISOR_grant_table_op:
            h.arg[2] = below(4) ? below(4) : below(100);
            /* fallthrough */
        case __HYPERVISOR_memory_op:
        case __HYPERVISOR_event_channel_op:
        case __HYPERVISOR_vcpu_op:
        case __HYPERVISOR_physdev_op:
        case __HYPERVISOR_hvm_op:
        case __HYPERVISOR_xen_version:
        case __HYPERVISOR_callback_op:
        case __HYPERVISOR_sched_op:
            if (below(8))
                h.arg[0] = below(32);
            if (h.nr == __HYPERVISOR_vcpu_op) {
                h.arg[1] = below(4) ? 0 : value();
                h.arg[2] = pointer();
            } else if (below(8))
                h.arg[1] = pointer();
            break;
        case 0x1000:
            h.arg[0] = below(4) ? below(280) : value();
            break;
        case 0x1100:
            h.arg[0] = below(4) ? 0x01000000 + below(0x24) : value();
            break;
        }
        if (below(8) == 0)
            h.flags |= HC_NAT(below(8));
        if (below(2))
            h.flags |= HC_IC_OFF;
        else if (below(16) == 0)
            h.flags |= HC_USER;
        if (below(32) == 0)
            h.flags |= HC_PHYS | HC_IC_OFF;
        if (deadly(&h))
            continue;
        if (FUZZ_TRACE || n % 1000 == 0)
            print("%d (seed %x): %x(%x, %x, %x, %x, %x) flags %x frame %d\n", n, was, h.nr,
                  h.arg[0], h.arg[1], h.arg[2], h.arg[3], h.arg[4], h.flags, h.frame);
        if (FUZZ_TRACE && h.nr == __HYPERVISOR_multicall)
            for (u64 i = 0; i < h.arg[1]; i++)
                print("    %x(%x, %x, %x)\n", buffer[3][8 * i], buffer[3][8 * i + 2],
                      buffer[3][8 * i + 3], buffer[3][8 * i + 4]);
        h.flags |= entry;
        hc(&h);
        if (FUZZ_TRACE)
            print("    = %x, interruption %x\n", h.result[0], h.vector);
        /* The spare pages come back, whatever became of them. */
        if (n % 64 == 0)
            for (int i = 0; i < 16; i++) {
                at = gfn(spare[i]);
                if (CALL(__HYPERVISOR_xen_version, XENVER_capabilities, P(spare[i])) != 0)
                    CALL(__HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
            }
    }
}
