/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vcpu_op, vm_assist.
 */
#include "calls.h"

#define VCPU __HYPERVISOR_vcpu_op

void vcpu_cases(void)
{
    static struct vcpu_runstate_info rs __attribute__((aligned(64)));
    static struct vcpu_register_runstate_memory_area area;
    static struct vcpu_register_vcpu_info info;
    static struct vcpu_set_periodic_timer periodic;
    static struct vcpu_set_singleshot_timer single;
    static const u64 nobody[] = {1, 7, 64, 0x7fffffff, 0xffffffff};

    T("is up", 1, VCPU, VCPUOP_is_up, 0, 0);
    T("up, as it is", ANY, VCPU, VCPUOP_up, 0, 0);
    for (unsigned int i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        for (u64 op = 0; op < 14; op++)
            T("no such vcpu", -XEN_ENOENT, VCPU, op, nobody[i], P(spare));
    T("runstate", 0, VCPU, VCPUOP_get_runstate_info, 0, P(&rs));
    check("runstate: running", rs.state == RUNSTATE_running, rs.state);
    area.addr.v = &rs;
    T("runstate area", 0, VCPU, VCPUOP_register_runstate_memory_area, 0, P(&area));
    /* The area may be anywhere: Xen writes there at each switch, or cannot. */
    for (unsigned int i = 0; i < hostile_count; i++) {
        area.addr.v = (void *)hostile[i].address;
        T("runstate area at a hostile address", ANY, VCPU, VCPUOP_register_runstate_memory_area, 0,
          P(&area));
        T("yield with it", 0, __HYPERVISOR_sched_op, SCHEDOP_yield, 0);
    }
    area.addr.v = 0;
    T("runstate area: none", 0, VCPU, VCPUOP_register_runstate_memory_area, 0, P(&area));
    periodic.period_ns = 1;
    T("periodic timer: too fast", -XEN_EINVAL, VCPU, VCPUOP_set_periodic_timer, 0, P(&periodic));
    periodic.period_ns = ~0UL;
    T("periodic timer: too slow", -XEN_EINVAL, VCPU, VCPUOP_set_periodic_timer, 0, P(&periodic));
    periodic.period_ns = 10000000;
    T("periodic timer", 0, VCPU, VCPUOP_set_periodic_timer, 0, P(&periodic));
    T("periodic timer: stop", 0, VCPU, VCPUOP_stop_periodic_timer, 0, 0);
    single.timeout_abs_ns = 1;
    T("singleshot: past", 0, VCPU, VCPUOP_set_singleshot_timer, 0, P(&single));
    single.timeout_abs_ns = 1UL << 60;
    T("singleshot", 0, VCPU, VCPUOP_set_singleshot_timer, 0, P(&single));
    T("singleshot: stop", 0, VCPU, VCPUOP_stop_singleshot_timer, 0, 0);
    T("initialise oneself", -XEN_EEXIST, VCPU, VCPUOP_initialise, 0, P(spare));
    T("unknown", -XEN_ENOSYS, VCPU, 99, 0, P(spare));

    info.mfn = gfn(spare[5]);
    info.offset = 4090;
    T("vcpu_info: across pages", ERROR, VCPU, VCPUOP_register_vcpu_info, 0, P(&info));
    info.offset = 0xffffffff;
    T("vcpu_info: offset", ERROR, VCPU, VCPUOP_register_vcpu_info, 0, P(&info));
    info.offset = 1;
    T("vcpu_info: unaligned", ERROR, VCPU, VCPUOP_register_vcpu_info, 0, P(&info));
    info.offset = 0;
    for (u64 m = 0; m < 5; m++) {
        static const u64 bad[] = {0x4000, 0xfee00, 1UL << 40, 1UL << 52, ~0UL};

        info.mfn = bad[m];
        T("vcpu_info: not its frame", ERROR, VCPU, VCPUOP_register_vcpu_info, 0, P(&info));
    }

    for (u64 type = 0; type < 70; type++)
        if (CALL(__HYPERVISOR_vm_assist, VMASST_CMD_enable, type) != -XEN_EINVAL)
            check("vm_assist of this kind is not for ia64",
                  type == VMASST_TYPE_runstate_update_flag, type);
    T("vm_assist: disable", 0, __HYPERVISOR_vm_assist, VMASST_CMD_disable,
      VMASST_TYPE_runstate_update_flag);
    T("vm_assist: -1", -XEN_EINVAL, __HYPERVISOR_vm_assist, 0, 0xffffffff);
    T("vm_assist: unknown", -XEN_ENOSYS, __HYPERVISOR_vm_assist, 99,
      VMASST_TYPE_runstate_update_flag);
}
