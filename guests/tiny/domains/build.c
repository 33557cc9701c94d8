/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domain 0's side: a guest is this kernel's own image, copied into a domain's memory and started at
 * its first instruction, in physical mode, by a context.
 */
#include "domains.h"

#define COPY_AT    0x1000 /* in the window, besides the 16 frames of each guest's slot */
#define COPY_BATCH 64
#define IMAGE      (TINY_VIRT + 0x100000)

extern char _start[], _end[];

union start_page start_page __attribute__((aligned(4096)));
union report_page report_page __attribute__((aligned(4096)));
uint8_t grant_page[2][4096] __attribute__((aligned(4096)));
uint8_t grant_table[4096] __attribute__((aligned(4096)));

u64 cpus;
static u64 random_state = 0x2545f4914f6cdd1d;

u64 random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state >> 11;
}

long map_foreign(u64 at, domid_t id, const u64 *frames, u64 n)
{
    static struct xen_add_to_physmap_batch b;
    static xen_ulong_t idx[COPY_BATCH];
    static xen_pfn_t here[COPY_BATCH];
    static int err[COPY_BATCH];
    long r;

    b.domid = DOMID_SELF;
    b.space = XENMAPSPACE_gmfn_foreign;
    b.size = n;
    b.u.foreign_domid = id;
    for (u64 i = 0; i < n; i++) {
        idx[i] = frames[i];
        here[i] = (WINDOW >> 12) + at + i;
        err[i] = 0;
    }
    set_xen_guest_handle(b.idxs, idx);
    set_xen_guest_handle(b.gpfns, here);
    set_xen_guest_handle(b.errs, err);
    r = CALL(__HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch, P(&b));
    for (u64 i = 0; i < n && !r; i++)
        r = err[i];
    return r;
}

void unmap(u64 at, u64 n)
{
    static struct xen_remove_from_physmap rm;

    rm.domid = DOMID_SELF;
    for (u64 i = 0; i < n; i++) {
        rm.gpfn = (WINDOW >> 12) + at + i;
        CALL(__HYPERVISOR_memory_op, XENMEM_remove_from_physmap, P(&rm));
    }
}

static long populate(domid_t id, const u64 *frames, u64 n, unsigned int order)
{
    static struct xen_memory_reservation r;
    static xen_pfn_t frame[COPY_BATCH];

    for (u64 done = 0; done < n;) {
        u64 some = n - done < COPY_BATCH ? n - done : COPY_BATCH;

        for (u64 i = 0; i < some; i++)
            frame[i] = frames[done + i];
        r.domid = id;
        r.nr_extents = some;
        r.extent_order = order;
        set_xen_guest_handle(r.extent_start, frame);
        if (CALL(__HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r)) != (long)some)
            return -XEN_ENOMEM;
        done += some;
    }
    return 0;
}

static u64 guest_frame(const void *image)
{
    return (GUEST_BASE + P(image) - TINY_VIRT) >> 12;
}

static long memory(domid_t id, enum layout layout)
{
    static u64 frames[FAR_PAGES > 0x400 ? FAR_PAGES : 0x400];
    u64 n = 0, large[2] = {GUEST_FAR >> 12, (GUEST_FAR >> 12) + 512}, far = GUEST_FAR >> 12;
    long r;

    for (u64 a = IMAGE; a < P(_end); a += 4096)
        frames[n++] = guest_frame((void *)a);
    if ((r = populate(id, frames, n, 0)))
        return r;
    if (layout == LARGE)
        return populate(id, large, 2, 9);
    n = 0;
    if (layout == MIXED) {
        if ((r = populate(id, large, 1, 9)))
            return r;
        n = 512;
    }
    /* In no order, so that neighbours do not have neighbouring frames. */
    for (u64 i = n; i < FAR_PAGES; i++)
        frames[i] = far + i;
    for (u64 i = FAR_PAGES - 1; i > n; i--) {
        u64 k = n + random_number() % (i - n + 1), t = frames[i];

        frames[i] = frames[k];
        frames[k] = t;
    }
    return populate(id, frames + n, FAR_PAGES - n, 0);
}

static long copy_image(domid_t id)
{
    u64 frames[COPY_BATCH], n = 0, *to = (u64 *)REGION7(WINDOW + COPY_AT * 4096);
    long r;

    for (u64 a = IMAGE; a < P(_end); a += n * 4096) {
        for (n = 0; n < COPY_BATCH && a + n * 4096 < P(_end); n++)
            frames[n] = guest_frame((void *)(a + n * 4096));
        if ((r = map_foreign(COPY_AT, id, frames, n)))
            return r;
        for (u64 i = 0; i < n * 512; i++)
            to[i] = ((u64 *)a)[i];
        unmap(COPY_AT, n);
    }
    return 0;
}

long copy_memory(domid_t to, domid_t from)
{
    volatile u64 *t = (u64 *)REGION7(WINDOW + COPY_AT * 4096), *f = t + 512;
    u64 image = (P(_end) - IMAGE + 4095) / 4096;

    for (u64 i = 0; i < image + FAR_PAGES; i++) {
        u64 frame = i < image ? guest_frame((void *)IMAGE) + i : (GUEST_FAR >> 12) + i - image;

        if (!map_foreign(COPY_AT + 1, from, &frame, 1)) {
            if (map_foreign(COPY_AT, to, &frame, 1))
                return last.result[0];
            for (u64 k = 0; k < 512; k++)
                t[k] = f[k];
        }
        unmap(COPY_AT, 2);
    }
    return 0;
}

static long set_context(struct guest *g)
{
    static vcpu_guest_context_t c;

    memset(&c, 0, sizeof(c));
    c.flags = VGCF_ONLINE;
    c.psr = 1UL << 44; /* bn */
    c.gr[28] = GUEST_R28;
    c.ip = GUEST_BASE + P(_start) - TINY_VIRT;
    c.ar[40] = 0x9804c0270033f;
    for (u64 i = 0; i < 8; i++)
        c.rr[i] = (i + 1) << 8 | TINY_RR_PS << 2;
    c.cr[8] = 15 << 2; /* pta */
    c.cr[72] = c.cr[73] = c.cr[74] = 1 << 16;
    dom.u.vcpucontext.vcpu = 0;
    set_xen_guest_handle(dom.u.vcpucontext.ctxt, &c);
    return domctl(XEN_DOMCTL_setvcpucontext, g->id);
}

static long event_channel(struct guest *g)
{
    static struct evtchn_alloc_unbound u;
    static struct evtchn_bind_interdomain b;
    long r;

    u.dom = g->id;
    u.remote_dom = 0;
    if ((r = CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, P(&u))))
        return r;
    b.remote_dom = g->id;
    b.remote_port = u.port;
    if ((r = CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, P(&b))))
        return r;
    g->start.port = u.port;
    g->port = b.local_port;
    return 0;
}

static long empty_domain(struct guest *g)
{
    long r;

    domain_config(1);
    if ((r = domctl(XEN_DOMCTL_createdomain, 0)))
        return r;
    g->id = dom.domain;
    memset(&dom.u, 0, sizeof(dom.u));
    dom.u.max_vcpus.max = 1;
    if ((r = domctl(XEN_DOMCTL_max_vcpus, g->id)))
        return r;
    memset(&dom.u, 0, sizeof(dom.u));
    dom.u.max_mem.max_memkb = 16 << 10;
    return domctl(XEN_DOMCTL_max_mem, g->id);
}

long create(struct guest *g, u64 slot, enum layout layout)
{
    u64 frames[2] = {guest_frame(&report_page), guest_frame(&start_page)};
    u64 window = REGION7(WINDOW + slot * 0x10000);
    long r;

    g->id = 0;
    g->frames = slot * 16;
    g->report = (struct report *)window;
    g->told = (struct start *)(window + 4096);
    g->port = 0;
    if ((r = empty_domain(g)) || (r = memory(g->id, layout)) || (r = copy_image(g->id)) ||
        (g->start.port && (r = event_channel(g))) ||
        (r = map_foreign(g->frames, g->id, frames, 2)) || (r = set_context(g))) {
        destroy(g);
        return r;
    }
    *(struct start *)g->told = g->start;
    memset((void *)g->report, 0, sizeof(*g->report));
    return 0;
}

/* The command itself tells of the next domain there is. */
int exists(domid_t id)
{
    memset(&dom.u, 0, sizeof(dom.u));
    return domctl(XEN_DOMCTL_getdomaininfo, id) == 0 && dom.domain == id;
}

void destroy(struct guest *g)
{
    static struct evtchn_close c;
    long r;

    if (!g->id)
        return;
    if (g->port) {
        c.port = g->port;
        CALL(__HYPERVISOR_event_channel_op, EVTCHNOP_close, P(&c));
    }
    unmap(g->frames, 2);
    if (!exists(g->id)) { /* ended already, by the unmapping */
        g->id = 0;
        return;
    }
    do
        r = domctl(XEN_DOMCTL_destroydomain, g->id);
    while (r == -XEN_EAGAIN || r == -XEN_EBUSY);
    check("destroyed", r == 0, r);
    /* What is freed by RCU and by idle vcpus. */
    for (int i = 0; i < 500 && exists(g->id); i++)
        wait_ms(2);
    check("gone", !exists(g->id), g->id);
    g->id = 0;
}

int beats(struct guest *g, u64 more)
{
    u64 from = g->report->beats;

    for (int i = 0; i < 3000; i++) {
        if (g->report->beats - from >= more)
            return 1;
        wait_ms(1);
    }
    return 0;
}

long shut_down(struct guest *g)
{
    for (int i = 0; i < 1000; i++) {
        if (!exists(g->id))
            return -2;
        if (dom.u.getdomaininfo.flags & XEN_DOMINF_shutdown)
            return dom.u.getdomaininfo.flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
        wait_ms(1);
    }
    return -1;
}
