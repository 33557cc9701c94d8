/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_channel_op, sched_op, callback_op, set_timer_op.
 */
#include "calls.h"

#define EVT   __HYPERVISOR_event_channel_op
#define SCHED __HYPERVISOR_sched_op

static void close_port(u64 port)
{
    struct evtchn_close c = {.port = port};

    T("close", 0, EVT, EVTCHNOP_close, P(&c));
}

static void events(void)
{
    static struct evtchn_alloc_unbound u;
    static struct evtchn_bind_interdomain bi;
    static struct evtchn_bind_ipi ipi;
    static struct evtchn_bind_virq virq;
    static struct evtchn_bind_vcpu bv;
    static struct evtchn_status st;
    static struct evtchn_send send;
    static struct evtchn_close cl;
    static struct evtchn_unmask um;
    static struct evtchn_set_priority prio;
    static struct evtchn_init_control ic;
    static struct evtchn_expand_array ea;
    static struct evtchn_bind_pirq pirq;
    static struct evtchn_reset reset;
    static const u64 bad[] = {0, 4095, 4096, 131072, 0x7fffffff, 0x80000000, 0xffffffff};

    bv.vcpu = ipi.vcpu = virq.vcpu = ea.array_gfn = 0;
    u.dom = u.remote_dom = DOMID_SELF;
    T("alloc unbound", 0, EVT, EVTCHNOP_alloc_unbound, P(&u));
    bi.remote_dom = DOMID_SELF;
    bi.remote_port = u.port;
    T("bind to oneself", 0, EVT, EVTCHNOP_bind_interdomain, P(&bi));
    send.port = bi.local_port;
    T("send", 0, EVT, EVTCHNOP_send, P(&send));
    T("bind a bound one", ERROR, EVT, EVTCHNOP_bind_interdomain, P(&bi));
    st.dom = DOMID_SELF;
    st.port = bi.local_port;
    T("status", 0, EVT, EVTCHNOP_status, P(&st));
    check("status: interdomain", st.status == EVTCHNSTAT_interdomain, st.status);
    bv.port = bi.local_port;
    T("bind vcpu", 0, EVT, EVTCHNOP_bind_vcpu, P(&bv));
    bv.vcpu = 0xffffffff;
    T("bind vcpu: none such", -XEN_ENOENT, EVT, EVTCHNOP_bind_vcpu, P(&bv));
    um.port = bi.local_port;
    T("unmask", 0, EVT, EVTCHNOP_unmask, P(&um));
    close_port(bi.local_port);
    close_port(u.port);
    u.dom = 0x777;
    T("alloc for nobody", -XEN_ESRCH, EVT, EVTCHNOP_alloc_unbound, P(&u));
    T("ipi", 0, EVT, EVTCHNOP_bind_ipi, P(&ipi));
    close_port(ipi.port);
    for (int i = 0; i < 3; i++) {
        static const u64 vcpu[] = {1, 64, 0xffffffff};

        ipi.vcpu = vcpu[i];
        T("ipi: no such vcpu", -XEN_ENOENT, EVT, EVTCHNOP_bind_ipi, P(&ipi));
    }
    virq.virq = VIRQ_TIMER;
    T("virq", 0, EVT, EVTCHNOP_bind_virq, P(&virq));
    T("virq again", -XEN_EEXIST, EVT, EVTCHNOP_bind_virq, P(&virq));
    close_port(virq.port);
    virq.virq = 0xffffffff;
    T("virq -1", -XEN_EINVAL, EVT, EVTCHNOP_bind_virq, P(&virq));
    virq.virq = NR_VIRQS;
    T("virq: too large", -XEN_EINVAL, EVT, EVTCHNOP_bind_virq, P(&virq));
    virq.virq = VIRQ_DEBUG;
    virq.vcpu = 99;
    T("virq: no such vcpu", -XEN_ENOENT, EVT, EVTCHNOP_bind_virq, P(&virq));
    pirq.pirq = 0xffffffff;
    T("pirq", ERROR, EVT, EVTCHNOP_bind_pirq, P(&pirq));
    pirq.pirq = 36;
    T("pirq", ERROR, EVT, EVTCHNOP_bind_pirq, P(&pirq));

    for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        send.port = cl.port = um.port = bv.port = st.port = prio.port = bad[i];
        T("send: bad port", -XEN_EINVAL, EVT, EVTCHNOP_send, P(&send));
        T("close: bad port", -XEN_EINVAL, EVT, EVTCHNOP_close, P(&cl));
        T("unmask: bad port", i ? (u64)-XEN_EINVAL : ANY, EVT, EVTCHNOP_unmask, P(&um));
        bv.vcpu = 0;
        T("bind vcpu: bad port", -XEN_EINVAL, EVT, EVTCHNOP_bind_vcpu, P(&bv));
        T("status: bad port", i == 1 || i == 0 ? ANY : (u64)-XEN_EINVAL, EVT, EVTCHNOP_status,
          P(&st));
        T("priority: bad port", ERROR, EVT, EVTCHNOP_set_priority, P(&prio));
    }
    T("expand: not fifo", ERROR, EVT, EVTCHNOP_expand_array, P(&ea));
    ea.array_gfn = ~0UL;
    T("expand: no frame", ERROR, EVT, EVTCHNOP_expand_array, P(&ea));
    ic.vcpu = 99;
    T("fifo: no vcpu", -XEN_ENOENT, EVT, EVTCHNOP_init_control, P(&ic));
    ic.vcpu = 0;
    ic.control_gfn = 1UL << 52;
    T("fifo: no frame", ERROR, EVT, EVTCHNOP_init_control, P(&ic));
    ic.control_gfn = 0xfee00;
    T("fifo: a device", ERROR, EVT, EVTCHNOP_init_control, P(&ic));
    ic.control_gfn = gfn(spare[1]);
    for (int i = 0; i < 3; i++) {
        static const u64 offset[] = {4, 4096, 0xffffffff};

        ic.offset = offset[i];
        T("fifo: bad offset", ERROR, EVT, EVTCHNOP_init_control, P(&ic));
    }
    /* To FIFO events, and back by reset. */
    ic.offset = 64;
    memset(spare[2], 0, 4096);
    T("fifo", 0, EVT, EVTCHNOP_init_control, P(&ic));
    ea.array_gfn = gfn(spare[2]);
    T("fifo: expand", 0, EVT, EVTCHNOP_expand_array, P(&ea));
    T("fifo: ipi", ERROR, EVT, EVTCHNOP_bind_ipi, P(&ipi));
    ipi.vcpu = 0;
    T("fifo: ipi", 0, EVT, EVTCHNOP_bind_ipi, P(&ipi));
    send.port = ipi.port;
    T("fifo: send to an ipi", ANY, EVT, EVTCHNOP_send, P(&send));
    prio.port = ipi.port;
    prio.priority = 3;
    T("fifo: priority", 0, EVT, EVTCHNOP_set_priority, P(&prio));
    prio.priority = 0xffffffff;
    T("fifo: bad priority", -XEN_EINVAL, EVT, EVTCHNOP_set_priority, P(&prio));
    memset(spare[2], 0xff, 4096);
    memset(spare[1], 0xff, 4096);
    T("fifo: send, links overwritten", ANY, EVT, EVTCHNOP_send, P(&send));
    memset(spare[2], 0, 4096);
    close_port(ipi.port);
    reset.dom = DOMID_SELF;
    T("reset", 0, EVT, EVTCHNOP_reset, P(&reset));
    reset.dom = 0x777;
    T("reset nobody", -XEN_ESRCH, EVT, EVTCHNOP_reset, P(&reset));
    T("unknown", -XEN_ENOSYS, EVT, 99, P(spare));
    T("unknown, negative", -XEN_ENOSYS, EVT, 0x80000000, P(spare));
}

static void scheduling(void)
{
    static struct sched_poll poll;
    static struct sched_remote_shutdown rs;
    static struct sched_watchdog wd;
    static struct sched_pin_override pin;
    static evtchn_port_t ports[2];

    T("yield", 0, SCHED, SCHEDOP_yield, 0);
    set_xen_guest_handle(poll.ports, ports);
    poll.timeout = 1;
    poll.nr_ports = 129;
    T("poll: too many", -XEN_EINVAL, SCHED, SCHEDOP_poll, P(&poll));
    poll.nr_ports = 0xffffffff;
    T("poll: far too many", -XEN_EINVAL, SCHED, SCHEDOP_poll, P(&poll));
    poll.nr_ports = 1;
    ports[0] = 0xffffffff;
    T("poll: bad port", -XEN_EINVAL, SCHED, SCHEDOP_poll, P(&poll));
    poll.nr_ports = 0;
    T("poll: time out", 0, SCHED, SCHEDOP_poll, P(&poll));
    poll.nr_ports = 2;
    set_xen_guest_handle(poll.ports, (evtchn_port_t *)0xf400000004000000);
    T("poll: ports at a hostile address", ACCESS_RIGHTS, SCHED, SCHEDOP_poll, P(&poll));
    T("shutdown: no reason", ACCESS_RIGHTS, SCHED, SCHEDOP_shutdown, 0xf400000004000000);
    T("shutdown code: no reason", ALT_DTLB, SCHED, SCHEDOP_shutdown_code, 0);
    rs.domain_id = 0x777;
    T("remote shutdown: nobody", -XEN_ESRCH, SCHED, SCHEDOP_remote_shutdown, P(&rs));
    wd.id = 99;
    T("watchdog: no such", -XEN_EINVAL, SCHED, SCHEDOP_watchdog, P(&wd));
    wd.id = 0;
    wd.timeout = 1000;
    T("watchdog", 1, SCHED, SCHEDOP_watchdog, P(&wd));
    wd.id = 1;
    wd.timeout = 0;
    T("watchdog off", 0, SCHED, SCHEDOP_watchdog, P(&wd));
    pin.pcpu = 9999;
    T("pin: no such processor", -XEN_EINVAL, SCHED, SCHEDOP_pin_override, P(&pin));
    pin.pcpu = 0;
    T("pin", 0, SCHED, SCHEDOP_pin_override, P(&pin));
    pin.pcpu = -1;
    T("unpin", 0, SCHED, SCHEDOP_pin_override, P(&pin));
    T("unknown", -XEN_ENOSYS, SCHED, 99, 0);

    T("timer: none", 0, __HYPERVISOR_set_timer_op, 0);
    T("timer: past", 0, __HYPERVISOR_set_timer_op, 1);
    T("timer: never", 0, __HYPERVISOR_set_timer_op, 1UL << 62);
    T("timer: negative", 0, __HYPERVISOR_set_timer_op, 1UL << 63);
    T("timer: none", 0, __HYPERVISOR_set_timer_op, 0);
}

static void callbacks(void)
{
    static struct callback_register reg;
    static struct callback_unregister un;

    reg.type = CALLBACKTYPE_event;
    reg.flags = 0;
    reg.address = TINY_VIRT;
    T("callback", 0, __HYPERVISOR_callback_op, CALLBACKOP_register, P(&reg));
    reg.address = TINY_VIRT + 4;
    T("callback: no bundle", -XEN_EINVAL, __HYPERVISOR_callback_op, CALLBACKOP_register, P(&reg));
    reg.address = 0xf400000004000000;
    T("callback: in Xen", -XEN_EINVAL, __HYPERVISOR_callback_op, CALLBACKOP_register, P(&reg));
    reg.address = TINY_VIRT;
    reg.flags = 4;
    T("callback: flags", -XEN_EINVAL, __HYPERVISOR_callback_op, CALLBACKOP_register, P(&reg));
    reg.flags = 0;
    reg.type = 77;
    T("callback: no such type", -XEN_ENOSYS, __HYPERVISOR_callback_op, CALLBACKOP_register,
      P(&reg));
    un.type = 77;
    T("uncallback: no such type", -XEN_ENOSYS, __HYPERVISOR_callback_op, CALLBACKOP_unregister,
      P(&un));
    un.type = CALLBACKTYPE_event;
    T("uncallback", 0, __HYPERVISOR_callback_op, CALLBACKOP_unregister, P(&un));
    T("callback: unknown", -XEN_ENOSYS, __HYPERVISOR_callback_op, 77, P(&un));
}

void event_cases(void)
{
    events();
    scheduling();
    callbacks();
}
