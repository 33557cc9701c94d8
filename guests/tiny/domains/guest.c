/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest: works in its memory, by pages of a size of its own, and looks whether it stays as it
 * left it; rings domain 0, waits for its timer, looks at another guest's grant.
 */
#include "domains.h"

#define SELF     ((u64)DOMID_SELF)
#define WINDOW_G 0x80000000UL /* where it maps a grant */

static u64 state_of_random;
static uint8_t version[FAR_PAGES];

static u64 word(void)
{
    state_of_random ^= state_of_random << 13;
    state_of_random ^= state_of_random >> 7;
    state_of_random ^= state_of_random << 17;
    return state_of_random >> 11;
}

static u64 expected(u64 page, u64 at)
{
    return start_page.s.unlike_any ^ (page << 32) ^ ((u64)version[page] << 16) ^ at;
}

static volatile u64 *address(u64 page, u64 at)
{
    return (volatile u64 *)(REGION7(GUEST_FAR) + page * 4096 + at * 8);
}

static void wrong(volatile void *where, u64 value)
{
    if (!report_page.r.bad++) {
        report_page.r.bad_address = P(where);
        report_page.r.bad_value = value;
    }
}

/* Two words of a page, one of them at its end. */
static void memory(void)
{
    for (int i = 0; i < 24; i++) {
        u64 page = word() % FAR_PAGES, at[2] = {page % 511, 511};

        for (int k = 0; k < 2; k++) {
            u64 got = *address(page, at[k]);

            if (version[page] && got != expected(page, at[k]))
                wrong(address(page, at[k]), got);
        }
        if (!++version[page])
            version[page] = 1;
        for (int k = 0; k < 2; k++)
            *address(page, at[k]) = expected(page, at[k]);
    }
}

/* The timer by its request bit: psr.i is 0. Never before its time. */
static void timer(void)
{
    u64 itm, now, irr, ivr, vector = 0xe5, pending, late = 0;

    __asm__ volatile("mov cr.itv=%0;; srlz.d;;" ::"r"(vector));
    /* One that is past when it is written, because others ran meanwhile, does not come. */
    do {
        __asm__ volatile("mov %0=ar.itc;;" : "=r"(itm));
        itm += 20000;
        __asm__ volatile("mov cr.itm=%2;; srlz.d;; mov %0=ar.itc;; mov %1=cr.irr3;;"
                         : "=r"(now), "=r"(irr)
                         : "r"(itm)
                         : "memory");
        pending = irr >> (vector - 192) & 1;
    } while (now >= itm && !pending);
    while (!pending) {
        __asm__ volatile("mov %0=cr.irr3;; mov %1=ar.itc;;" : "=r"(irr), "=r"(now)::"memory");
        pending = irr >> (vector - 192) & 1;
        if (pending && now < itm)
            report_page.r.early++;
        /* Not once: others may have run between the two. */
        if (now > itm + 100000000 && !pending && ++late > 2) {
            wrong((void *)itm, now);
            return;
        }
    }
    __asm__ volatile("mov %0=cr.ivr;; mov cr.eoi=r0;; srlz.d;;" : "=r"(ivr)::"memory");
    if (ivr == vector)
        report_page.r.ticks++;
    else
        wrong(0, ivr);
}

static void ring(void)
{
    static struct evtchn_send send;
    struct shared_info *shared = (void *)XSI_BASE;
    volatile unsigned long *pending = &shared->evtchn_pending[start_page.s.port / 64];
    unsigned long bit = 1UL << start_page.s.port % 64;

    if (*pending & bit) {
        __atomic_fetch_and(pending, ~bit, __ATOMIC_ACQ_REL);
        report_page.r.rung++;
    }
    send.port = start_page.s.port;
    if (CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_send, P(&send)))
        wrong(&send, last.result[0]);
}

static void grants(void)
{
    static struct xen_add_to_physmap a;
    grant_entry_v1_t *g = (void *)grant_table;

    a.domid = DOMID_SELF;
    a.space = XENMAPSPACE_grant_table;
    a.gpfn = gfn(grant_table);
    if (CALL(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, P(&a)))
        wrong(&a, last.result[0]);
    for (u64 i = 0; i < 512; i++)
        ((u64 *)grant_page[0])[i] = start_page.s.unlike_any;
    /* To everybody who may be asked to look. */
    g[GRANT_READ].frame = gfn(grant_page[0]);
    g[GRANT_READ].domid = 0;
    g[GRANT_WRITE].frame = gfn(grant_page[1]);
    g[GRANT_WRITE].domid = 0;
    __asm__ volatile("mf;;" ::: "memory");
    g[GRANT_READ].flags = GTF_permit_access | GTF_readonly;
    g[GRANT_WRITE].flags = GTF_permit_access;
}

/* A peer's page, for a moment. It says in the first word what it has in all. */
static void peer(void)
{
    static struct gnttab_map_grant_ref map;
    static struct gnttab_unmap_grant_ref unmap_it;
    volatile u64 *p = (volatile u64 *)REGION7(WINDOW_G);

    map.host_addr = WINDOW_G;
    map.flags = GNTMAP_host_map | GNTMAP_readonly;
    map.ref = GRANT_PEER;
    map.dom = start_page.s.peer;
    if (CALL(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, P(&map), 1) || map.status) {
        /* It may not be there yet, or no more. */
        return;
    }
    for (u64 i = 1; i < 512; i += 37)
        if (p[i] != p[0])
            wrong(p + i, p[i]);
    report_page.r.peers++;
    unmap_it.host_addr = WINDOW_G;
    unmap_it.handle = map.handle;
    if (CALL(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, P(&unmap_it), 1) ||
        unmap_it.status)
        wrong(&unmap_it, unmap_it.status);
}

static void grant_to_looker(void)
{
    grant_entry_v1_t *g = (void *)grant_table;

    if (!start_page.s.looker || g[GRANT_PEER].flags)
        return;
    g[GRANT_PEER].frame = gfn(grant_page[0]);
    g[GRANT_PEER].domid = start_page.s.looker;
    __asm__ volatile("mf;;" ::: "memory");
    g[GRANT_PEER].flags = GTF_permit_access | GTF_readonly;
}

static void ask(void)
{
    static struct xen_domctl c;
    static struct xen_sysctl s;
    static struct xen_memory_reservation r;
    static struct xen_platform_op p;
    static struct xen_add_to_physmap_batch b;
    static struct xen_hvm_param hp;
    static struct evtchn_alloc_unbound u;
    static xen_pfn_t frame = 0x100;
    static xen_ulong_t idx = 0x100;
    static int err;
    volatile u64 *got = report_page.r.result; /* as they come: one may not come back */

    c.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    c.cmd = XEN_DOMCTL_pausedomain;
    got[0] = CALL(__HYPERVISOR_domctl, P(&c));
    s.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    s.cmd = XEN_SYSCTL_physinfo;
    got[1] = CALL(__HYPERVISOR_sysctl, P(&s));
    p.interface_version = XENPF_INTERFACE_VERSION;
    p.cmd = XENPF_get_cpuinfo;
    got[2] = CALL(__HYPERVISOR_platform_op, P(&p));
    r.domid = 0;
    r.nr_extents = 1;
    set_xen_guest_handle(r.extent_start, &frame);
    got[3] = CALL(__HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    got[4] = CALL(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, P(&r));
    b.domid = DOMID_SELF;
    b.space = XENMAPSPACE_gmfn_foreign;
    b.size = 1;
    b.u.foreign_domid = 0;
    set_xen_guest_handle(b.idxs, &idx);
    set_xen_guest_handle(b.gpfns, &frame);
    set_xen_guest_handle(b.errs, &err);
    got[5] = CALL(__HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch, P(&b));
    if (!got[5])
        got[5] = err;
    hp = (struct xen_hvm_param){.domid = 0, .index = HVM_PARAM_STORE_PFN};
    got[6] = CALL(__HYPERVISOR_hvm_op, HVMOP_get_param, P(&hp));
    u.dom = 0;
    u.remote_dom = 0;
    got[7] = CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, P(&u));
    got[8] = CALL(__HYPERVISOR_physdev_op, 0, 0);
    /* Firmware that is the machine's, and of which this domain has none. */
    got[9] = CALL(0x300, 0, 0);
    got[10] = CALL(0x1100, 0x01000010, 0, 0, 0, 0, 0, 0, 0);
    /* More than it may have. */
    r.domid = DOMID_SELF;
    r.extent_order = 12;
    got[11] = CALL(__HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
}

void guest_main(void)
{
    static struct sched_shutdown shutdown;

    state_of_random = 88172645463325252 + start_page.s.number;
    __asm__ volatile("mov rr[%0]=%1;; srlz.d;;" ::"r"(7UL << 61),
                     "r"(8 << 8 | start_page.s.page_size << 2)
                     : "memory");
    report_page.r.done = 0;
    grants();
    if (start_page.s.mode == MODE_ASK)
        ask();
    if (start_page.s.mode == MODE_LOST)
        *(volatile u64 *)start_page.s.what = 0;
    while (!start_page.s.stop) {
        memory();
        if (report_page.r.beats % 4 == 1)
            timer();
        if (start_page.s.port)
            ring();
        grant_to_looker();
        if (start_page.s.peer && report_page.r.beats % 3 == 0)
            peer();
        if (report_page.r.beats % 8 == 7)
            CALL(__HYPERVISOR_sched_op, SCHEDOP_yield, 0);
        report_page.r.beats++;
    }
    shutdown.reason = start_page.s.stop - 1;
    report_page.r.done = 1;
    if (start_page.s.mode == MODE_ASK)
        CALL(0x30a, 2); /* EFI's ResetSystem ends the domain, not the machine */
    for (;;)
        CALL(__HYPERVISOR_sched_op, SCHEDOP_shutdown, P(&shutdown));
}
