/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernels that make hypercalls share: a call, a line for each case, Xen's state before and
 * after a group of them. See cases.h.
 */
#include "cases.h"

struct hcall last;
u64 cases_bad, cases_done, entry;
static const char *current_group;

u64 gfn(const void *p)
{
    return phys(p) >> 12;
}

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

struct xen_domctl dom;

long domctl(u64 cmd, u64 domain)
{
    dom.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    dom.cmd = cmd;
    dom.domain = domain;
    return CALL(__HYPERVISOR_domctl, P(&dom));
}

void domain_config(unsigned int vcpus)
{
    memset(&dom.u, 0, sizeof(dom.u));
    dom.u.createdomain.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
    dom.u.createdomain.max_vcpus = vcpus;
    dom.u.createdomain.max_evtchn_port = 1023;
    dom.u.createdomain.max_grant_frames = 4;
    dom.u.createdomain.max_maptrack_frames = 4;
    dom.u.createdomain.grant_opts = 1;
}

/*
 * What a vcpu has spent in all states is the time since it was made; when that was is seen from the
 * time of its last change of state: at the latest then, and exactly when it has just begun to run.
 */
u64 now(void)
{
    static struct vcpu_runstate_info rs;
    static u64 made;
    u64 spent;

    CALL(__HYPERVISOR_vcpu_op, VCPUOP_get_runstate_info, 0, P(&rs));
    spent = rs.time[0] + rs.time[1] + rs.time[2] + rs.time[3];
    if ((long)(rs.state_entry_time - spent - made) > 0)
        made = rs.state_entry_time - spent;
    return made + spent;
}

void wait_ms(u64 ms)
{
    static struct sched_poll poll;
    u64 end = now() + ms * 1000000;

    /* An event ends it too. */
    for (poll.timeout = end; now() < end;)
        CALL(__HYPERVISOR_sched_op, SCHEDOP_poll, P(&poll));
}

void state(struct state *s)
{
    static struct xen_sysctl c;
    static xen_domctl_getdomaininfo_t info[8];

    /* What RCU frees comes after some grace periods: until nothing has come for a while. */
    s->free_pages = 0;
    for (int same = 0, tries = 0; same < 8 && tries < 200; tries++) {
        wait_ms(20);
        memset(&c, 0, sizeof(c));
        c.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
        c.cmd = XEN_SYSCTL_physinfo;
        /* Scrubbed by the idle vcpu: free all the same. */
        CALL(__HYPERVISOR_sysctl, P(&c));
        same = s->free_pages == c.u.physinfo.free_pages ? same + 1 : 0;
        s->free_pages = c.u.physinfo.free_pages;
    }
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

void part(const char *name, void (*cases)(void), int times)
{
    struct state before, after;

    group(name);
    while (--times)
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
