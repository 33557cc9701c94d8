/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The groups of T=xen/domains: one guest and all that two domains do with each other; several at
 * the same time, moved and paused; a guest taken from its domain into another; ends of all kinds;
 * as many as there can be; what a guest must not. In a guest, main() is its own.
 */
#include "domains.h"

static struct guest guests[64];
static const u64 page_sizes[] = {12, 16, 14, 13, 18, 20};

static long unpause(struct guest *g)
{
    return domctl(XEN_DOMCTL_unpausedomain, g->id);
}

static long pause(struct guest *g)
{
    return domctl(XEN_DOMCTL_pausedomain, g->id);
}

/* A mode as it comes, and nobody like it. */
static struct guest *prepare(u64 slot, enum mode mode, u64 page_size, int port)
{
    struct guest *g = &guests[slot];

    memset(g, 0, sizeof(*g));
    g->start.number = slot + 1;
    g->start.mode = mode;
    g->start.page_size = page_size;
    g->start.port = port;
    g->start.unlike_any = random_number() << 20 ^ random_number();
    return g;
}

static void well(const char *name, struct guest *g)
{
    if (g->report->bad || g->report->early)
        print("# at %x: %x, %u too early\n", g->report->bad_address, g->report->bad_value,
              g->report->early);
    check(name, !g->report->bad && !g->report->early, g->report->bad);
}

static void end(struct guest *g, u64 reason)
{
    long got;

    g->told->stop = 1 + reason;
    got = shut_down(g);
    check("shut down, with its reason", got == (long)reason, got);
    well("its memory was as it left it", g);
    destroy(g);
}

/* Rings those that have a port, as an answer or not. */
static u64 answer(struct guest *g)
{
    static struct evtchn_send send;
    struct shared_info *shared = (void *)XSI_BASE;
    u64 bit, rung;

    if (!g->port)
        return 0;
    bit = 1UL << g->port % 64;
    rung = __atomic_fetch_and((volatile unsigned long *)&shared->evtchn_pending[g->port / 64], ~bit,
                              __ATOMIC_ACQ_REL) &
           bit;
    send.port = g->port;
    CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_send, P(&send));
    return !!rung;
}

static void look_at_grants(struct guest *g)
{
    static struct gnttab_map_grant_ref map;
    static struct gnttab_unmap_grant_ref out;
    static struct gnttab_copy copy;
    static uint8_t here[4096] __attribute__((aligned(4096)));
    u64 at = WINDOW + (g->frames + 4) * 4096;
    volatile u64 *p = (volatile u64 *)REGION7(at), same = 1;

    memset(&map, 0, sizeof(map));
    map.host_addr = at;
    map.flags = GNTMAP_host_map | GNTMAP_readonly;
    map.ref = GRANT_READ;
    map.dom = g->id;
    T("map a grant", 0, __HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, P(&map), 1);
    check("map a grant: status", map.status == 0, map.status);
    if (map.status)
        return;
    for (int i = 0; i < 512; i++)
        same &= p[i] == g->start.unlike_any;
    check("what it has in it", same, p[0]);
    out.host_addr = at;
    out.handle = map.handle;
    T("unmap it", 0, __HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, P(&out), 1);
    check("unmap it: status", out.status == 0, out.status);
    map.flags = GNTMAP_host_map;
    T("map it to write", 0, __HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, P(&map), 1);
    check("to write: refused", map.status < 0, map.status);
    map.ref = GRANT_WRITE;
    T("map the other to write", 0, __HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, P(&map), 1);
    check("map the other: status", map.status == 0, map.status);
    p[5] = 0x1234567890;
    out.handle = map.handle;
    T("unmap the other", 0, __HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, P(&out), 1);
    copy.source.u.ref = GRANT_WRITE;
    copy.source.domid = g->id;
    copy.source.offset = 0;
    copy.dest.u.gmfn = gfn(here);
    copy.dest.domid = DOMID_SELF;
    copy.dest.offset = 64;
    copy.len = 128;
    copy.flags = GNTCOPY_source_gref;
    T("copy of a grant", 0, __HYPERVISOR_grant_table_op, GNTTABOP_copy, P(&copy), 1);
    check("copied", copy.status == 0 && ((u64 *)here)[8 + 5] == 0x1234567890, copy.status);
}

static void one(void)
{
    struct guest *g = prepare(0, MODE_WORK, 14, 1);
    u64 rung = 0;

    if (create(g, 0, MIXED)) {
        check("create", 0, last.result[0]);
        return;
    }
    check("unpause", unpause(g) == 0, last.result[0]);
    for (int i = 0; i < 30; i++) {
        check("it works", beats(g, 2), g->report->beats);
        rung += answer(g);
    }
    check("it rings", rung > 20, rung);
    check("it is rung", g->report->rung > 20, g->report->rung);
    check("its timer comes", g->report->ticks > 10, g->report->ticks);
    look_at_grants(g);
    end(g, SHUTDOWN_poweroff);
}

/* All that change who runs where: affinity, pauses, weights. */
static void disturb(struct guest *g)
{
    static uint8_t map[8];
    u64 what = random_number() % 4;

    memset(&dom.u, 0, sizeof(dom.u));
    if (what == 0) {
        u64 from;

        pause(g);
        from = g->report->beats;
        wait_ms(2);
        if (g->report->beats != from)
            check("it works while it is paused", 0, g->report->beats);
        unpause(g);
    } else if (what < 3 && cpus > 1) {
        map[0] = what == 1 ? 1 << random_number() % cpus : (1 << cpus) - 1;
        dom.u.vcpuaffinity.flags = XEN_VCPUAFFINITY_HARD;
        dom.u.vcpuaffinity.cpumap_hard.nr_bits = 8;
        set_xen_guest_handle(dom.u.vcpuaffinity.cpumap_hard.bitmap, map);
        domctl(XEN_DOMCTL_setvcpuaffinity, g->id);
    }
}

static void together(void)
{
    u64 n = 0;

    for (; n < MAX_GUESTS; n++) {
        struct guest *g = prepare(n, MODE_WORK, page_sizes[n], 1);

        if (create(g, n, n % 3)) {
            check("create", 0, n);
            break;
        }
    }
    for (u64 i = 0; i < n; i++) {
        guests[i].told->peer = guests[(i + 1) % n].id;
        guests[i].told->looker = guests[(i + n - 1) % n].id;
    }
    for (u64 i = 0; i < n; i++)
        unpause(&guests[i]);
    for (int round = 0; round < 60; round++) {
        struct guest *g = &guests[random_number() % n];

        disturb(g);
        for (u64 i = 0; i < n; i++)
            answer(&guests[i]);
        wait_ms(1);
    }
    for (u64 i = 0; i < n; i++) {
        struct guest *g = &guests[i];

        check("each works", beats(g, 3), g->report->beats);
        check("each rings and is rung", g->report->rung > 2, g->report->rung);
        check("each looks at another's grant", g->report->peers > 0, g->report->peers);
        well("each one's memory", g);
    }
    /* None may look for another that is gone: each such call is a line of Xen's. */
    for (u64 i = 0; i < n; i++)
        guests[i].told->peer = 0;
    for (u64 i = 0; i < n; i++)
        beats(&guests[i], 1);
    for (u64 i = 0; i < n; i++)
        end(&guests[i], i % 4);
}

/* A paused guest's memory and context in another domain: it goes on there. */
static void transplant(void)
{
    static vcpu_guest_context_t c;
    struct guest *from = prepare(0, MODE_WORK, 13, 0), *to = &guests[1];

    if (create(from, 0, LARGE)) {
        check("create", 0, last.result[0]);
        return;
    }
    unpause(from);
    check("it works", beats(from, 10), from->report->beats);
    for (int i = 0; i < 6; i++) {
        u64 was;

        *to = *from;
        /* Wherever it is: in its timer's loop, at a hypercall, in its memory. */
        wait_ms(1 + random_number() % 3);
        pause(from);
        if (create(to, from == guests ? 1 : 0, i % 3)) {
            check("create", 0, last.result[0]);
            break;
        }
        memset(&dom.u, 0, sizeof(dom.u));
        set_xen_guest_handle(dom.u.vcpucontext.ctxt, &c);
        check("context", domctl(XEN_DOMCTL_getvcpucontext, from->id) == 0, last.result[0]);
        check("its memory", copy_memory(to->id, from->id) == 0, 0);
        was = to->report->beats;
        check("beats came along", was == from->report->beats, was);
        destroy(from);
        memset(&dom.u, 0, sizeof(dom.u));
        set_xen_guest_handle(dom.u.vcpucontext.ctxt, &c);
        check("context given", domctl(XEN_DOMCTL_setvcpucontext, to->id) == 0, last.result[0]);
        unpause(to);
        check("it goes on", beats(to, 20), to->report->beats);
        well("as it was", to);
        from = to;
        to = from == guests ? &guests[1] : guests;
    }
    check("its timer came", from->report->ticks > 20, from->report->ticks);
    end(from, SHUTDOWN_suspend);
}

/* Ends while something of it is still in use. */
static void ends(void)
{
    static struct gnttab_map_grant_ref map;
    static struct gnttab_unmap_grant_ref out;
    struct guest *g = prepare(0, MODE_WORK, 16, 1);
    u64 frame = GUEST_FAR >> 12, at;
    domid_t id;
    long r;

    if (create(g, 0, SMALL)) {
        check("create", 0, last.result[0]);
        return;
    }
    unpause(g);
    check("it works", beats(g, 5), g->report->beats);
    id = g->id;
    at = WINDOW + (g->frames + 4) * 4096;
    map.host_addr = at;
    map.flags = GNTMAP_host_map;
    map.ref = GRANT_WRITE;
    map.dom = id;
    T("map a grant", 0, __HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, P(&map), 1);
    check("a page of its memory", map_foreign(g->frames + 5, id, &frame, 1) == 0, 0);
    unmap(g->frames, 2);
    do
        r = domctl(XEN_DOMCTL_destroydomain, id);
    while (r == -XEN_EAGAIN || r == -XEN_EBUSY);
    check("destroyed while it works", r == 0, r);
    wait_ms(5);
    check("it is dying, not gone", exists(id) && dom.u.getdomaininfo.flags & XEN_DOMINF_dying,
          dom.u.getdomaininfo.flags);
    *(volatile u64 *)REGION7(at) = 1;
    *(volatile u64 *)REGION7(at + 4096) = 2;
    check("its pages are still there", *(volatile u64 *)REGION7(at) == 1, 0);
    out.host_addr = at;
    out.handle = map.handle;
    T("unmap the grant", 0, __HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, P(&out), 1);
    unmap(g->frames + 5, 1);
    destroy(g);

    /* Never begun; begun and ended at once, again and again. */
    for (int i = 0; i < 8; i++) {
        g = prepare(0, MODE_WORK, 14, i & 1);
        if (create(g, 0, i % 3)) {
            check("create", 0, last.result[0]);
            return;
        }
        if (i > 1)
            unpause(g);
        if (i > 4)
            wait_ms(i - 4);
        destroy(g);
    }
}

/* All at the same time, each until it has done something. */
static void __attribute__((unused)) many(void)
{
    u64 n = 0, idle;

    for (; n < 64; n++)
        if (create(prepare(n, MODE_WORK, page_sizes[n % 6], 0), n, n % 3))
            break;
    print("# %u guests\n", n);
    check("tens of them", n > 40, n);
    for (u64 i = 0; i < n; i++)
        unpause(&guests[i]);
    for (int tries = 0; tries < 3000; tries++) {
        idle = 0;
        for (u64 i = 0; i < n; i++) {
            if (!guests[i].report->beats)
                idle++;
            else if (!guests[i].report->done) {
                pause(&guests[i]);
                guests[i].report->done = 1;
            }
        }
        if (!idle)
            break;
        wait_ms(1);
    }
    check("each works", !idle, idle);
    for (u64 i = 0; i < n; i++) {
        well("each one's memory", &guests[i]);
        destroy(&guests[i]);
    }
}

static void forbidden(void)
{
    static const struct {
        u64 where;
        long end; /* the reason of its shutdown; -1: it works */
    } nowhere[] = {
        {REGION7(0x700000000000), SHUTDOWN_crash},        /* memory there is none */
        {REGION7(GUEST_FAR + 0x4000000), SHUTDOWN_crash}, /* ... near its own */
        {6UL << 61 | 0xff5e0000, SHUTDOWN_crash},         /* the machine's devices */
        {6UL << 61 | 0xff5f0004, SHUTDOWN_crash},
        {6UL << 61 | 0xfec00000, -1}, /* where it has one of its own */
        {6UL << 61 | 0xfee00000, -1},
        {0xf000000004000000, SHUTDOWN_poweroff}, /* Xen: a fault, on which it ends itself */
        {0xf400000004000000, SHUTDOWN_poweroff},
    };
    struct guest *g = prepare(0, MODE_ASK, 14, 0);

    if (create(g, 0, MIXED)) {
        check("create", 0, last.result[0]);
        return;
    }
    unpause(g);
    check("it asks, and works", beats(g, 5), g->report->beats);
    for (int i = 0; i < REPORTS; i++)
        check("what is not for it", (long)g->report->result[i] < 0 || i == 3 || i == 4 || i == 11,
              g->report->result[i]);
    /* Of these, how many extents were done. */
    check("domain 0's memory", !g->report->result[3] && !g->report->result[4], 0);
    check("more than it may have", !g->report->result[11], g->report->result[11]);
    end(g, SHUTDOWN_poweroff);
    for (u64 i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        g = prepare(0, MODE_LOST, 14, 0);
        g->start.what = nowhere[i].where;
        if (create(g, 0, MIXED)) {
            check("create", 0, last.result[0]);
            return;
        }
        unpause(g);
        if (nowhere[i].end < 0) {
            check("it works", beats(g, 3), g->report->beats);
        } else {
            long got = shut_down(g);

            check("its end", got == nowhere[i].end && !g->report->beats, got);
        }
        destroy(g);
    }
}

void main(void)
{
    static struct xen_sysctl s;

    if (tiny_boot_param == GUEST_R28)
        guest_main();
    print("== start, at %x\n", tiny_phys);
    s.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    s.cmd = XEN_SYSCTL_physinfo;
    CALL(__HYPERVISOR_sysctl, P(&s));
    cpus = s.u.physinfo.nr_cpus;
    part("one", one, 3);
    part("together", together, 3);
    part("transplant", transplant, 3);
    part("ends", ends, 3);
    part("forbidden", forbidden, 3);
#ifndef FEW
    part("many", many, 2);
#endif
    print("== end: %u cases, %u bad\n", cases_done, cases_bad);
    power_off();
}
