/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * domctl: a domain is made, gets memory, is taken apart; and everything wrong that can be said
 * about domains.
 */
#include "calls.h"

#define D(name, condition, cmd, domain)                                                            \
    do {                                                                                           \
        long got = domctl(cmd, domain);                                                            \
        check(name, condition, got);                                                               \
        memset(&dom.u, 0, sizeof(dom.u));                                                          \
    } while (0)

static void lifetime(void)
{
    static struct xen_memory_reservation r;
    static xen_pfn_t frame[64];
    static struct xen_add_to_physmap_batch b;
    static xen_ulong_t idx;
    static xen_pfn_t at;
    static int err;
    static struct xen_hvm_param hp;
    static struct xen_remove_from_physmap rm;
    static struct evtchn_alloc_unbound u;
    static vcpu_guest_context_t context;
    static struct xen_mem_acquire_resource res;
    domid_t id;

    domain_config(2);
    D("create", got == 0, XEN_DOMCTL_createdomain, 0);
    id = dom.domain;
    if (id == 0)
        return;
    domain_config(2);
    D("create: the same number", got == -XEN_EEXIST, XEN_DOMCTL_createdomain, id);
    dom.u.max_vcpus.max = 2;
    D("vcpus", got == 0, XEN_DOMCTL_max_vcpus, id);
    dom.u.max_vcpus.max = 3;
    D("more vcpus than said", got < 0, XEN_DOMCTL_max_vcpus, id);
    dom.u.max_mem.max_memkb = 1024;
    D("memory", got == 0, XEN_DOMCTL_max_mem, id);
    r.domid = id;
    r.nr_extents = 64;
    set_xen_guest_handle(r.extent_start, frame);
    for (u64 i = 0; i < 64; i++)
        frame[i] = 0x100 + i;
    T("populate", 64, __HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    for (u64 i = 0; i < 64; i++)
        frame[i] = 0x200 + i + ((i & 3) == 3 ? 1UL << 45 : 0);
    T("populate, some nowhere", ANY, __HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    for (u64 i = 0; i < 64; i++)
        frame[i] = 0x1000 * (i + 1);
    T("populate, far apart", ANY, __HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    D("information", got == 0, XEN_DOMCTL_getdomaininfo, id);

    /* Its memory in ours. */
    rm.domid = DOMID_SELF;
    rm.gpfn = at = gfn(spare[14]);
    b = (struct xen_add_to_physmap_batch){
        .domid = DOMID_SELF, .space = XENMAPSPACE_gmfn_foreign, .size = 1};
    b.u.foreign_domid = id;
    idx = 0x105;
    set_xen_guest_handle(b.idxs, &idx);
    set_xen_guest_handle(b.gpfns, &at);
    set_xen_guest_handle(b.errs, &err);
    T("foreign", 0, __HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch, P(&b));
    check("foreign: is there", err == 0, err);
    spare[14][7] = 0x99;
    T("foreign: as a buffer", 0, __HYPERVISOR_xen_version, XENVER_capabilities, P(spare[14]));
    idx = 0x50000;
    at = gfn(spare[15]);
    T("foreign: none of its frames", ANY, __HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch,
      P(&b));
    check("foreign: refused", err < 0, err);
    res.domid = id;
    res.type = XENMEM_resource_grant_table;
    res.nr_frames = 1;
    res.frame = 0;
    set_xen_guest_handle(res.frame_list, &at);
    T("its grant table", ANY, __HYPERVISOR_memory_op, XENMEM_acquire_resource, P(&res));
    res.nr_frames = 0xffff;
    T("its grant table, more than it has", ANY, __HYPERVISOR_memory_op, XENMEM_acquire_resource,
      P(&res));
    u.dom = id;
    u.remote_dom = 0;
    T("event channel", 0, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, P(&u));
    hp = (struct xen_hvm_param){.domid = id, .index = HVM_PARAM_STORE_PFN, .value = 0x105};
    T("parameter", 0, __HYPERVISOR_hvm_op, HVMOP_set_param, P(&hp));

    /* Contexts. */
    memset(&context, 0, sizeof(context));
    set_xen_guest_handle(dom.u.vcpucontext.ctxt, &context);
    D("context, not yet set", got < 0 || got == 0, XEN_DOMCTL_getvcpucontext, id);
    for (int fill = 0; fill < 3; fill++) {
        memset(&context, fill == 0 ? 0xff : fill == 1 ? 0x55 : 0, sizeof(context));
        dom.u.vcpucontext.vcpu = 0;
        set_xen_guest_handle(dom.u.vcpucontext.ctxt, &context);
        D("context of ones, fives, zeroes", 1, XEN_DOMCTL_setvcpucontext, id);
        set_xen_guest_handle(dom.u.vcpucontext.ctxt, &context);
        D("context back", 1, XEN_DOMCTL_getvcpucontext, id);
    }
    dom.u.vcpucontext.vcpu = 1;
    set_xen_guest_handle(dom.u.vcpucontext.ctxt, (vcpu_guest_context_t *)0xf400000004000000);
    D("context: in Xen", got < 0 || last.vector == 0x5300, XEN_DOMCTL_setvcpucontext, id);
    dom.u.vcpucontext.vcpu = 0xffffffff;
    set_xen_guest_handle(dom.u.vcpucontext.ctxt, &context);
    D("context: no such vcpu", got < 0, XEN_DOMCTL_setvcpucontext, id);
    dom.u.getvcpuinfo.vcpu = 0;
    D("vcpu information", got == 0, XEN_DOMCTL_getvcpuinfo, id);
    /* It runs, on garbage, and faults as it likes. */
    D("unpause", got == 0, XEN_DOMCTL_unpausedomain, id);
    for (int i = 0; i < 20; i++)
        CALL(__HYPERVISOR_sched_op, SCHEDOP_yield, 0);
    D("pause", got == 0 || got == -XEN_ESRCH, XEN_DOMCTL_pausedomain, id);
    for (u64 cmd = 6; cmd < 90; cmd++) {
        /* Not what ends or resets it. */
        if (cmd == XEN_DOMCTL_soft_reset || cmd == XEN_DOMCTL_destroydomain)
            continue;
        memset(&dom.u, 0, sizeof(dom.u));
        domctl(cmd, id);
        memset(&dom.u, 0xff, sizeof(dom.u));
        domctl(cmd, id);
    }
    check("every command with zeroes and ones", 1, 0);
    memset(&dom.u, 0, sizeof(dom.u));

    T("foreign away", 0, __HYPERVISOR_memory_op, XENMEM_remove_from_physmap, P(&rm));
    rm.gpfn = gfn(spare[15]);
    CALL(__HYPERVISOR_memory_op, XENMEM_remove_from_physmap, P(&rm));
    D("destroy", got == 0, XEN_DOMCTL_destroydomain, id);
    r.domid = DOMID_SELF;
    r.nr_extents = 2;
    frame[0] = gfn(spare[14]);
    frame[1] = gfn(spare[15]);
    T("memory back where it was", 2, __HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    /* What is freed by RCU and by idle vcpus. */
    for (int i = 0; i < 200 && domctl(XEN_DOMCTL_getdomaininfo, id) != -XEN_ESRCH; i++)
        wait_ms(20);
    D("gone", got == -XEN_ESRCH, XEN_DOMCTL_getdomaininfo, id);
}

void domain_cases(void)
{
    static const u64 nobody[] = {0x777, DOMID_IO, DOMID_XEN, DOMID_COW, DOMID_INVALID, DOMID_IDLE};

    dom.interface_version = 1;
    dom.cmd = XEN_DOMCTL_getdomaininfo;
    T("version", -XEN_EACCES, __HYPERVISOR_domctl, P(&dom));
    D("information on domain 0", got == 0, XEN_DOMCTL_getdomaininfo, 0);
    D("pause oneself", got == -XEN_EINVAL, XEN_DOMCTL_pausedomain, 0);
    D("destroy oneself", got < 0, XEN_DOMCTL_destroydomain, 0);
    D("one's own context", got < 0 || last.vector, XEN_DOMCTL_setvcpucontext, 0);
    for (unsigned int i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        for (u64 cmd = 2; cmd < 90; cmd++) {
            if (cmd == XEN_DOMCTL_createdomain)
                continue;
            memset(&dom.u, 0, sizeof(dom.u));
            if (domctl(cmd, nobody[i]) >= 0)
                check("a domain that is not",
                      cmd == XEN_DOMCTL_test_assign_device || cmd == XEN_DOMCTL_getdomaininfo, cmd);
        }
    domain_config(2);
    dom.u.createdomain.flags = 0;
    D("create: a PV domain", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.flags = ~0U;
    D("create: all flags", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.max_vcpus = 0;
    D("create: no vcpus", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.max_vcpus = ~0U;
    D("create: too many vcpus", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.arch.flags = 1;
    D("create: unknown flags", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.grant_opts = 0xf;
    D("create: grant version", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.iommu_opts = ~0U;
    D("create: iommu", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.cpupool_id = 99;
    D("create: no such pool", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.max_grant_frames = 0x7fffffff;
    D("create: grant frames", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    dom.u.createdomain.vmtrace_size = 4096;
    D("create: vmtrace", got < 0, XEN_DOMCTL_createdomain, 0);
    domain_config(2);
    D("create: a number that is none gets another", got == 0, XEN_DOMCTL_createdomain, DOMID_XEN);
    if (dom.domain)
        D("destroy it", got == 0, XEN_DOMCTL_destroydomain, dom.domain);
    memset(&dom, 0, sizeof(dom));
    lifetime();
}
