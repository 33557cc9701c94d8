/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a call is made: numbers, registers, levels, modes, and pointers of every bad kind; calls that
 * only ask.
 */
#include "calls.h"

static void numbers(void)
{
    /* x86's own, what nobody implements here, and no numbers at all. */
    static const u64 unknown[] = {0,     1,        2,     3,     4,      5,      6,
                                  8,     9,        10,    14,    16,     19,     22,
                                  23,    25,       26,    28,    31,     37,     38,
                                  40,    43,       47,    48,    56,     63,     64,
                                  65,    127,      255,   256,   0x2ff,  0x400,  0x500,
                                  0x502, 0x5ff,    0x600, 0x700, 0x1200, 0x2000, 1UL << 32 | 17,
                                  ~0UL,  1UL << 63};

    for (unsigned int i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        long r = CALL(unknown[i], 0, 0);

        if (r != -XEN_ENOSYS)
            check("an unknown number", 0, unknown[i]);
    }
    check("unknown numbers", 1, 0);
}

static void registers(void)
{
    static char name[1024];

    T("a good one", (4 << 16) | 17, __HYPERVISOR_xen_version, XENVER_version, 0);
    TF("r2 NaT", -XEN_EINVAL, HC_NAT_R2, 8, __HYPERVISOR_xen_version, XENVER_version, 0);
    for (int i = 0; i < 8; i++)
        TF("a NaT argument", i < 2 ? -XEN_EINVAL : (4 << 16) | 17, HC_NAT(i), 8,
           __HYPERVISOR_xen_version, XENVER_version, 0);
    TF("all NaT", -XEN_EINVAL, 0xff, 8, __HYPERVISOR_console_io, 0, 0, 0);
    /* Registers that are not in the frame are no arguments. */
    for (u64 frame = 0; frame < 2; frame++)
        TF("too small a frame", -XEN_EINVAL, 0, frame, __HYPERVISOR_xen_version, XENVER_commandline,
           P(name));
    TF("frame as large as needed", 0, 0, 2, __HYPERVISOR_xen_version, XENVER_commandline, P(name));
    TF("frame of one", POSITIVE, 0, 1, __HYPERVISOR_set_timer_op, 0);
    TF("no frame", -XEN_EINVAL, 0, 0, __HYPERVISOR_set_timer_op, 0);
    TF("no frame, unknown number", -XEN_ENOSYS, 0, 0, 63);
}

static void levels(void)
{
    for (u64 nr = 0; nr < 64; nr++) {
        long r = call(nr, HC_USER, 8, (u64[8]){0});

        if (r != (long)BREAK_FAULT || last.iim != 0x1000)
            check("a hypercall from user level", 0, nr);
    }
    TF("user level: PAL", BREAK_FAULT, HC_USER, 8, 0x1000, 14);
    TF("user level: SAL", BREAK_FAULT, HC_USER, 8, 0x1100, 0x01000000);
    TF("user level: EFI reset", BREAK_FAULT, HC_USER, 8, 0x30a, 2);
    TF("user level: FPSWA", BREAK_FAULT, HC_USER, 8, 0x501, 0);
}

static void pointers(void)
{
    static uint8_t page[8192] __attribute__((aligned(4096)));
    domid_t self = DOMID_SELF;
    struct xen_memory_reservation *r;

    for (unsigned int i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile[i];

        T(h->name, h->want, __HYPERVISOR_xen_version, XENVER_commandline, h->address);
        T(h->name, h->want, __HYPERVISOR_memory_op, XENMEM_exchange, h->address);
        T(h->name, h->want, __HYPERVISOR_multicall, h->address, 3);
        T(h->name, h->want, __HYPERVISOR_sysctl, h->address);
        T(h->name, h->want, __HYPERVISOR_console_io, CONSOLEIO_write, 8, h->address);
        TF(h->name, -XEN_EFAULT, HC_IC_OFF, 8, __HYPERVISOR_xen_version, XENVER_commandline,
           h->address);
        TF(h->name, -XEN_EFAULT, HC_IC_OFF, 8, __HYPERVISOR_memory_op, XENMEM_add_to_physmap,
           h->address);
        TF(h->name, -XEN_EFAULT, HC_IC_OFF, 8, __HYPERVISOR_domctl, h->address);
        TF(h->name, -XEN_EFAULT, HC_IC_OFF, 8, __HYPERVISOR_multicall, h->address, 3);
    }
    for (int i = 0; i < 16; i++) {
        memcpy(page + 4096 - 1 - i, &self, sizeof(self));
        T("unaligned, across pages", POSITIVE, __HYPERVISOR_memory_op, XENMEM_current_reservation,
          P(page + 4096 - 1 - i));
    }
    for (int i = 0; i < 16; i++) {
        r = (void *)(page + 4096 - i);
        T("unaligned result", 0, __HYPERVISOR_xen_version, XENVER_changeset, P(r));
    }

    /* Physical addresses, psr.dt 0. */
    memset(spare[0], 0xff, 4096);
    TF("physical", 0, HC_PHYS, 8, __HYPERVISOR_xen_version, XENVER_capabilities, phys(spare[0]));
    check("physical: arrived", spare[0][0] == 'x' && spare[0][1] == 'e', spare[0][0]);
    memset(spare[0], 0xff, 4096);
    TF("physical, uncached alias", ANY, HC_PHYS, 8, __HYPERVISOR_xen_version, XENVER_capabilities,
       phys(spare[0]) | 1UL << 63);
    TF("physical: Xen's memory", -XEN_EFAULT, HC_PHYS, 8, __HYPERVISOR_xen_version,
       XENVER_commandline, 0x4000000);
    TF("physical: the IPI block", -XEN_EFAULT, HC_PHYS, 8, __HYPERVISOR_xen_version,
       XENVER_commandline, 0xfee00000);
    TF("physical: wraps", FAULT(0x5400), HC_PHYS, 8, __HYPERVISOR_xen_version, XENVER_commandline,
       ~0UL);
    /* With interruption collection off: there is no handler to take what those addresses raise
     * (unimplemented bits). */
    for (int bit = 44; bit < 63; bit++) {
        long got = call(__HYPERVISOR_xen_version, HC_PHYS | HC_IC_OFF, 8,
                        (u64[8]){XENVER_capabilities, phys(spare[0]) | 1UL << bit});

        if (got != -XEN_EFAULT)
            check("physical: an address that does not exist", 0, bit);
    }
    check("physical addresses that do not exist", 1, 0);
}

static void version(void)
{
    static struct xen_feature_info fi;
    static char text[1024];

    for (u64 cmd = 0; cmd < 16; cmd++)
        T("xen_version", cmd > 10 ? (u64)-XEN_ENOSYS : ANY, __HYPERVISOR_xen_version, cmd, P(text));
    T("xen_version: unknown", -XEN_ENOSYS, __HYPERVISOR_xen_version, 0x7fffffff, P(text));
    fi.submap_idx = 0;
    T("features", 0, __HYPERVISOR_xen_version, XENVER_get_features, P(&fi));
    fi.submap_idx = 0x7fffffff;
    T("features: no such map", -XEN_EINVAL, __HYPERVISOR_xen_version, XENVER_get_features, P(&fi));
    T("page size", 4096, __HYPERVISOR_xen_version, XENVER_pagesize, 0);
}

static void console(void)
{
    static char text[] = "ok console_io\n";

    T("console: write", 0, __HYPERVISOR_console_io, CONSOLEIO_write, sizeof(text) - 1, P(text));
    T("console: nothing", 0, __HYPERVISOR_console_io, CONSOLEIO_write, 0, 0);
    T("console: read", POSITIVE, __HYPERVISOR_console_io, CONSOLEIO_read, 16, P(spare[0]));
    T("console: read nothing", POSITIVE, __HYPERVISOR_console_io, CONSOLEIO_read, 0, P(spare[0]));
    T("console: unknown", -XEN_ENOSYS, __HYPERVISOR_console_io, 77, 16, P(spare[0]));
    T("console: negative count", ERROR, __HYPERVISOR_console_io, CONSOLEIO_read, 0x80000000,
      P(spare[0]));
}

static void multicall(void)
{
    static multicall_entry_t m[64];

    for (int i = 0; i < 64; i++)
        m[i] = (multicall_entry_t){
            .op = __HYPERVISOR_xen_version, .args = {XENVER_pagesize, 0}, .result = 77};
    T("multicall", 0, __HYPERVISOR_multicall, P(m), 64);
    check("multicall: results", m[0].result == 4096 && m[63].result == 4096, m[63].result);
    T("multicall: none", 0, __HYPERVISOR_multicall, P(m), 0);
    T("multicall: none, nowhere", 0, __HYPERVISOR_multicall, 0, 0);
    m[0].op = 63;
    m[1].op = 1UL << 32 | __HYPERVISOR_xen_version;
    m[2].op = 0x30a;
    m[3] = (multicall_entry_t){.op = __HYPERVISOR_multicall, .args = {P(m), 64}};
    m[4] = (multicall_entry_t){.op = __HYPERVISOR_memory_op,
                               .args = {XENMEM_exchange, 0xf400000004000000}};
    m[5].op = ~0UL;
    T("multicall: bad ones", 0, __HYPERVISOR_multicall, P(m), 6);
    check("multicall: unknown number", m[0].result == (u64)-XEN_ENOSYS, m[0].result);
    check("multicall: number over 32 bits", m[1].result == (u64)-XEN_ENOSYS, m[1].result);
    check("multicall: firmware class", m[2].result == (u64)-XEN_ENOSYS, m[2].result);
    check("multicall: in itself", (long)m[3].result < 0, m[3].result);
    check("multicall: bad pointer", m[4].result == (u64)-XEN_EFAULT, m[4].result);
    check("multicall: -1", m[5].result == (u64)-XEN_ENOSYS, m[5].result);
    T("multicall: count beyond the memory", ANY, __HYPERVISOR_multicall,
      TINY_VIRT + 0x4000000 - 128, 0xffffffff);
    T("multicall: array that wraps", ERROR, __HYPERVISOR_multicall, 0xe000ffffffffffc0, 0xffffffff);
}

void generic_cases(void)
{
    numbers();
    registers();
    levels();
    pointers();
    version();
    console();
    multicall();
}
