/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench/hypercalls.sh: modelled cycles of hypercalls, by a break in a function and by the entry of
 * epc, which callers call in the same way. A line for each: `B NAME break epc`.
 */
#include "kernel.h"
#include <public/xen.h>
#include <public/event_channel.h>
#include <public/grant_table.h>
#include <public/memory.h>
#include <public/sched.h>
#include <public/vcpu.h>
#include <public/version.h>

#define ROUNDS 256

/* bench.S: so many calls, one after the other: cycles. */
u64 calls(void *entry, u64 count, u64 nr, u64 a0, u64 a1, u64 a2);
extern char by_break[], by_nothing[];

static u64 once(void *entry, u64 nr, u64 a0, u64 a1, u64 a2)
{
    u64 best = ~0UL;

    /* The timer comes now and then. */
    for (int i = 0; i < 8; i++) {
        u64 n = calls(entry, ROUNDS, nr, a0, a1, a2);

        if (n < best)
            best = n;
    }
    return best - calls(by_nothing, ROUNDS, 0, 0, 0, 0);
}

static long hypercall(u64 nr, u64 a0, u64 a1, u64 a2)
{
    struct hcall h = {.nr = nr, .arg = {a0, a1, a2}, .frame = 8};

    hc(&h);
    return h.vector ? -1000 : (long)h.result[0];
}

static void line(const char *name, u64 nr, u64 a0, u64 a1, u64 a2)
{
    u64 b = once(by_break, nr, a0, a1, a2), e = once((void *)XEN_FAST_HYPERCALL, nr, a0, a1, a2);
    long r = hypercall(nr, a0, a1, a2);

    if (r < 0 && nr != 63)
        print("BAD %s: %d\n", name, r);
    print("B %s %u.%u %u.%u\n", name, b / ROUNDS, b % ROUNDS * 10 / ROUNDS, e / ROUNDS,
          e % ROUNDS * 10 / ROUNDS);
}

/* An event channel of one's own, at both ends. */
static u64 loopback(void)
{
    static struct evtchn_alloc_unbound a = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
    static struct evtchn_bind_interdomain b = {.remote_dom = DOMID_SELF};

    hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (u64)&a, 0);
    b.remote_port = a.port;
    hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (u64)&b, 0);
    return b.local_port;
}

void main(void)
{
    static multicall_entry_t m[64];
    static domid_t self = DOMID_SELF;
    static struct evtchn_send send;
    static struct evtchn_status status = {.dom = DOMID_SELF};
    static struct gnttab_query_size gnt = {.dom = DOMID_SELF};
    static struct vcpu_runstate_info runstate;
    static const u64 counts[] = {1, 2, 4, 16, 64};

    send.port = status.port = loopback();
    for (int i = 0; i < 64; i++)
        m[i] = (multicall_entry_t){.op = __HYPERVISOR_xen_version, .args = {XENVER_version, 0}};
    line("xen_version", __HYPERVISOR_xen_version, XENVER_version, 0, 0);
    line("unknown", 63, 0, 0, 0);
    line("sched_op,yield", __HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0);
    line("vcpu_op,is_up", __HYPERVISOR_vcpu_op, VCPUOP_is_up, 0, 0);
    line("vcpu_op,runstate", __HYPERVISOR_vcpu_op, VCPUOP_get_runstate_info, 0, (u64)&runstate);
    line("console_io,0", __HYPERVISOR_console_io, 0, 0, 0);
    line("set_timer_op,stop", __HYPERVISOR_set_timer_op, 0, 0, 0);
    line("event_channel_op,send", __HYPERVISOR_event_channel_op, EVTCHNOP_send, (u64)&send, 0);
    line("event_channel_op,status", __HYPERVISOR_event_channel_op, EVTCHNOP_status, (u64)&status,
         0);
    line("memory_op,maximum_gpfn", __HYPERVISOR_memory_op, XENMEM_maximum_gpfn, (u64)&self, 0);
    line("grant_table_op,query_size", __HYPERVISOR_grant_table_op, GNTTABOP_query_size, (u64)&gnt,
         1);
    for (unsigned int i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        print("M %u ", counts[i]);
        line("multicall", __HYPERVISOR_multicall, (u64)m, counts[i], 0);
    }
    print("== end\n");
    power_off();
}
