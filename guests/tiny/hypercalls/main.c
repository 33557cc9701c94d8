/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls with good, bad and hostile arguments, from domain 0's kernel. A line for each case:
 * `ok NAME`, or `BAD NAME: got ..., wanted ...`. FUZZ_COUNT, FUZZ_SEED: that many random calls
 * instead.
 */
#include "cases.h"

uint8_t spare[16][4096] __attribute__((aligned(65536)));
struct hcall last;
u64 cases_bad, cases_done, entry;
static const char *current_group;

u64 gfn(const void *p)
{
    return phys(p) >> 12;
}

#define PHYS_UC(a) (0xc000000000000000 | (a))
#define PHYS_WB(a) (0xe000000000000000 | (a))

const struct hostile hostile[] = {
    {"null", 0, ALT_DTLB},
    {"unmapped", 0x1000, ALT_DTLB},
    {"end of the image's translation", TINY_VIRT + 0x4000000 - 4, ALT_DTLB},
    {"region 3", 0x6000000000001234, ALT_DTLB},
    {"unimplemented bits", 0x0123400000000000, ANY},
    {"Xen's direct map", 0xf000000004000000, ACCESS_RIGHTS},
    {"XSI", 0xf100000000000000, ACCESS_RIGHTS},
    {"mapped_regs", 0xf100000000004590, ACCESS_RIGHTS},
    {"Xen's uncached", 0xf2000000fee00000, ACCESS_RIGHTS},
    {"Xen's image", 0xf400000004000000, ACCESS_RIGHTS},
    {"Xen's stack", 0xf500000000000000, ACCESS_RIGHTS},
    {"Xen's VHPT", 0xf500000001000000, ACCESS_RIGHTS},
    {"frame table", 0xf600000000000000, ACCESS_RIGHTS},
    {"vmap", 0xf700000000000000, ACCESS_RIGHTS},
    {"below Xen's half", 0xeffffffffffffffc, ANY},
    {"last byte", 0xffffffffffffffff, ALT_DTLB},
    {"wrapping", 0xfffffffffffffffc, ALT_DTLB},
    {"IPI block, cached", PHYS_WB(0xfee00000), -XEN_EFAULT},
    {"IPI block", PHYS_UC(0xfee00000), -XEN_EFAULT},
    {"IOSAPIC", PHYS_UC(0xfec00000), -XEN_EFAULT},
    {"UART", PHYS_UC(0xff5e0000), -XEN_EFAULT},
    {"no memory there", PHYS_WB(0x0000700000000000), -XEN_EFAULT},
    {"Xen's memory", PHYS_WB(0x4000000), -XEN_EFAULT},
};
const unsigned int hostile_count = sizeof(hostile) / sizeof(hostile[0]);

long call(u64 nr, u64 flags, u64 frame, const u64 arg[8])
{
    last = (struct hcall){.nr = nr, .flags = flags | entry, .frame = frame};
    memcpy(last.arg, arg, sizeof(last.arg));
    hc(&last);
    return last.vector ? (long)FAULT(last.vector) : (long)last.result[0];
}

static void line(const char *name, int good)
{
    cases_done++;
    cases_bad += !good;
    print(good ? "ok %s: %s" : "BAD %s: %s", current_group, name);
}

static void value(long v)
{
    if ((u64)v >> 56 == 0x40)
        print("interruption %x", v & 0xffff);
    else if ((u64)v == ANY)
        print("anything");
    else if ((u64)v == ERROR)
        print("an error");
    else if ((u64)v == POSITIVE)
        print("no error");
    else if (v < 0x10000 && v > -0x10000)
        print("%d", v);
    else
        print("0x%x", v);
}

long try(const char *name, u64 want, u64 nr, u64 flags, u64 frame, const u64 arg[8])
{
    long got = call(nr, flags, frame, arg);
    int good = want == ANY || got == (long)want;

    if (want == ERROR)
        good = (got < 0 && got > -0x1000) || (u64)got >> 8 == 1UL << 55; /* errno, EFI's */
    if (want == POSITIVE)
        good = got >= 0 && !last.vector;
    line(name, good);
    if (!good) {
        print(": got ");
        value(got);
        print(", wanted ");
        value(want);
    } else if (want == ANY || want == ERROR) {
        print(" (");
        value(got);
        print(")");
    }
    print("\n");
    return got;
}

void check(const char *name, int good, long got)
{
    line(name, good);
    if (!good) {
        print(": got ");
        value(got);
    }
    print("\n");
}

void group(const char *name)
{
    current_group = name;
}

void state(struct state *s)
{
    static struct xen_sysctl c;
    static xen_domctl_getdomaininfo_t info[8];

    memset(&c, 0, sizeof(c));
    c.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    c.cmd = XEN_SYSCTL_physinfo;
    /* Scrubbed by the idle vcpu: free all the same. */
    CALL(__HYPERVISOR_sysctl, P(&c));
    s->free_pages = c.u.physinfo.free_pages;
    memset(&c, 0, sizeof(c));
    c.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    c.cmd = XEN_SYSCTL_getdomaininfolist;
    c.u.getdomaininfolist.max_domains = 8;
    set_xen_guest_handle(c.u.getdomaininfolist.buffer, info);
    CALL(__HYPERVISOR_sysctl, P(&c));
    s->domains = c.u.getdomaininfolist.num_domains;
    s->tot_pages = info[0].tot_pages;
    s->xenheap = 0;
}

#ifndef FUZZ_COUNT
static void part(const char *name, void (*cases)(void))
{
    struct state before, after;

    /* Three times: tables that Xen makes at their first use (of a p2m, of events) stay. */
    group(name);
    cases();
    cases();
    state(&before);
    cases();
    state(&after);
    check("domains as before", before.domains == after.domains, after.domains);
    check("its pages as before", before.tot_pages == after.tot_pages,
          after.tot_pages - before.tot_pages);
    check("Xen's free pages as before", before.free_pages == after.free_pages,
          after.free_pages - before.free_pages);
    print("== %s\n", name);
}

/* With EPC, all of it by the entry of that name, and what only that has. */
void main(void)
{
    print("== start, at %x\n", tiny_phys);
#ifdef EPC
    entry = HC_EPC;
    part("epc", epc_cases);
#endif
    part("generic", generic_cases);
    part("memory", memory_cases);
    part("events", event_cases);
    part("vcpu", vcpu_cases);
    part("grants", grant_cases);
    part("control", control_cases);
    part("domains", domain_cases);
    part("firmware", firmware_cases);
    print("== end: %u cases, %u bad\n", cases_done, cases_bad);
    power_off();
}
#else
void main(void)
{
    print("== start, at %x\n", tiny_phys);
#ifdef EPC
    entry = HC_EPC;
#endif
    fuzz(FUZZ_SEED, FUZZ_COUNT);
    group("fuzz");
    T("Xen answers", (4 << 16) | 17, __HYPERVISOR_xen_version, XENVER_version, 0);
    print("== fuzz\n== end: %u calls\n", (u64)FUZZ_COUNT);
    power_off();
}
#endif
