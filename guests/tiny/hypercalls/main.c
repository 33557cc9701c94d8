/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls with good, bad and hostile arguments, from domain 0's kernel. A line for each case:
 * `ok NAME`, or `BAD NAME: got ..., wanted ...`. FUZZ_COUNT, FUZZ_SEED: that many random calls
 * instead.
 */
#include "calls.h"

uint8_t spare[16][4096] __attribute__((aligned(65536)));
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

#ifndef FUZZ_COUNT
/* With EPC, all of it by the entry of that name, and what only that has. */
void main(void)
{
    print("== start, at %x\n", tiny_phys);
#ifdef EPC
    entry = HC_EPC;
    part("epc", epc_cases, 3);
#endif
    part("generic", generic_cases, 3);
    part("memory", memory_cases, 3);
    part("events", event_cases, 3);
    part("vcpu", vcpu_cases, 3);
    part("grants", grant_cases, 3);
    part("control", control_cases, 3);
    part("domains", domain_cases, 3);
    part("firmware", firmware_cases, 3);
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
