/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl, platform_op, physdev_op, hvm_op, hypfs_op, argo_op, xsm_op.
 */
#include "calls.h"

static struct xen_sysctl s;

static long sysctl(u64 cmd)
{
    s.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    s.cmd = cmd;
    return CALL(__HYPERVISOR_sysctl, P(&s));
}
#define S(name, condition, cmd)                                                                    \
    do {                                                                                           \
        long got = sysctl(cmd);                                                                    \
        check(name, condition, got);                                                               \
        memset(&s, 0, sizeof(s));                                                                  \
    } while (0)

static void sysctls(void)
{
    static xen_domctl_getdomaininfo_t info[4];
    static xen_sysctl_cputopo_t topo[8];
    static xen_sysctl_cpuinfo_t cpu[8];
    static char text[256];

    s.interface_version = 0x14;
    s.cmd = XEN_SYSCTL_physinfo;
    T("sysctl: version", -XEN_EACCES, __HYPERVISOR_sysctl, P(&s));
    S("physinfo", got == 0 && s.u.physinfo.nr_cpus == 1 && s.u.physinfo.total_pages > 0x1000,
      XEN_SYSCTL_physinfo);
    S("sched_id", got == 0, XEN_SYSCTL_sched_id);
    S("availheap", got == 0, XEN_SYSCTL_availheap);
    set_xen_guest_handle(s.u.getdomaininfolist.buffer, info);
    s.u.getdomaininfolist.max_domains = 4;
    S("getdomaininfolist", got == 0 && s.u.getdomaininfolist.num_domains == 1,
      XEN_SYSCTL_getdomaininfolist);
    set_xen_guest_handle(s.u.getdomaininfolist.buffer, (void *)0xf400000004000000);
    s.u.getdomaininfolist.max_domains = 0xffffffff;
    S("getdomaininfolist: into Xen", got < 0 || last.vector, XEN_SYSCTL_getdomaininfolist);
    set_xen_guest_handle(s.u.readconsole.buffer, text);
    s.u.readconsole.count = sizeof(text);
    S("readconsole", got == 0, XEN_SYSCTL_readconsole);
    set_xen_guest_handle(s.u.readconsole.buffer, (void *)0xf400000004000000);
    s.u.readconsole.count = 0xffffffff;
    S("readconsole: into Xen", got < 0 || last.vector, XEN_SYSCTL_readconsole);
    s.u.perfc_op.cmd = XEN_SYSCTL_PERFCOP_query;
    S("perfc: how many", got == 0 && s.u.perfc_op.nr_counters > 0, XEN_SYSCTL_perfc_op);
    s.u.perfc_op.cmd = 99;
    S("perfc: unknown", got < 0, XEN_SYSCTL_perfc_op);
    text[0] = 'h';
    set_xen_guest_handle(s.u.debug_keys.keys, text);
    s.u.debug_keys.nr_keys = 1;
    S("debug key h", got == 0, XEN_SYSCTL_debug_keys);
    s.u.getcpuinfo.max_cpus = 8;
    set_xen_guest_handle(s.u.getcpuinfo.info, cpu);
    S("getcpuinfo", got == 0 && s.u.getcpuinfo.nr_cpus >= 1, XEN_SYSCTL_getcpuinfo);
    s.u.cputopoinfo.num_cpus = 8;
    set_xen_guest_handle(s.u.cputopoinfo.cputopo, topo);
    S("cputopoinfo", got == 0, XEN_SYSCTL_cputopoinfo);
    s.u.cputopoinfo.num_cpus = 0xffffffff;
    set_xen_guest_handle(s.u.cputopoinfo.cputopo, (xen_sysctl_cputopo_t *)0xf400000004000000);
    S("cputopoinfo: into Xen", got < 0 || last.vector, XEN_SYSCTL_cputopoinfo);
    S("numainfo", got == 0, XEN_SYSCTL_numainfo);
    set_xen_guest_handle(s.u.page_offline.status, (uint32_t *)spare);
    s.u.page_offline.start = 1UL << 30;
    s.u.page_offline.end = 1UL << 30;
    s.u.page_offline.cmd = sysctl_page_offline;
    S("offline: no page", got < 0, XEN_SYSCTL_page_offline_op);
    s.u.page_offline.start = 0x4000;
    s.u.page_offline.end = 0;
    S("offline: backwards", got < 0, XEN_SYSCTL_page_offline_op);
    s.u.page_offline.start = 0;
    s.u.page_offline.end = 0xffffffff;
    s.u.page_offline.cmd = sysctl_query_page_offline;
    S("offline: everything", got < 0, XEN_SYSCTL_page_offline_op);
    s.u.cpupool_op.op = XEN_SYSCTL_CPUPOOL_OP_INFO;
    S("cpupool info", got == 0 || got == -XEN_ENOENT || last.vector, XEN_SYSCTL_cpupool_op);
    s.u.cpupool_op.op = XEN_SYSCTL_CPUPOOL_OP_DESTROY;
    S("cpupool 0 stays", got < 0, XEN_SYSCTL_cpupool_op);
    s.u.cpupool_op.op = XEN_SYSCTL_CPUPOOL_OP_RMCPU;
    s.u.cpupool_op.cpu = 0;
    S("cpupool 0's last processor stays", got < 0, XEN_SYSCTL_cpupool_op);
    s.u.cpupool_op.op = 99;
    S("cpupool: unknown", got < 0, XEN_SYSCTL_cpupool_op);
    s.u.scheduler_op.sched_id = 0xffffffff;
    S("scheduler: unknown", got < 0, XEN_SYSCTL_scheduler_op);
    s.u.tbuf_op.cmd = XEN_SYSCTL_TBUFOP_get_info;
    S("trace: info", got == 0, XEN_SYSCTL_tbuf_op);
    s.u.tbuf_op.cmd = XEN_SYSCTL_TBUFOP_set_size;
    s.u.tbuf_op.size = 0xffffffff;
    S("trace: too large, or all that there is", 1, XEN_SYSCTL_tbuf_op);
    s.u.cpu_hotplug.op = XEN_SYSCTL_CPU_HOTPLUG_OFFLINE;
    S("processor 0 offline", got < 0, XEN_SYSCTL_cpu_hotplug);
    s.u.cpu_hotplug.op = XEN_SYSCTL_CPU_HOTPLUG_ONLINE;
    s.u.cpu_hotplug.cpu = 0xffffffff;
    S("no such processor online", got < 0, XEN_SYSCTL_cpu_hotplug);
    for (u64 cmd = 0; cmd < 40; cmd++) {
        if (cmd == XEN_SYSCTL_debug_keys)
            continue;
        memset(&s, 0xff, sizeof(s));
        sysctl(cmd);
        memset(&s, 0, sizeof(s));
        sysctl(cmd);
    }
    check("every command with zeroes and ones", 1, 0);
    S("unknown", got == -XEN_ENOSYS, 99);
}

static void platform(void)
{
    static struct xen_platform_op p;
    static uint16_t name[] = {'B', 'o', 'o', 't', 'O', 'r', 'd', 'e', 'r', 0};

    p.interface_version = 1;
    T("platform: version", -XEN_EACCES, __HYPERVISOR_platform_op, P(&p));
    p.interface_version = XENPF_INTERFACE_VERSION;
    p.cmd = 99;
    T("platform: unknown", -XEN_ENOSYS, __HYPERVISOR_platform_op, P(&p));
    p.cmd = XENPF_settime64;
    p.u.settime64.mbz = 1;
    T("settime: mbz", -XEN_EINVAL, __HYPERVISOR_platform_op, P(&p));
    p.cmd = XENPF_firmware_info;
    p.u.firmware_info.type = XEN_FW_EFI_INFO;
    for (u64 i = 0; i < 12; i++) {
        memset(&p.u.firmware_info.u, 0, sizeof(p.u.firmware_info.u));
        p.u.firmware_info.index = i == 11 ? 0xffffffff : i;
        T("firmware info", ANY, __HYPERVISOR_platform_op, P(&p));
    }
    p.u.firmware_info.type = 99;
    T("firmware info: type", -XEN_EINVAL, __HYPERVISOR_platform_op, P(&p));
    p.cmd = XENPF_efi_runtime_call;
    for (u64 f = 0; f < 16; f++) {
        memset(&p.u, 0, sizeof(p.u));
        p.u.efi_runtime_call.function = f;
        if (f == XEN_EFI_set_wakeup_time || f == XEN_EFI_set_time)
            continue;
        T("efi call of zeroes", ANY, __HYPERVISOR_platform_op, P(&p));
        memset(&p.u, 0xff, sizeof(p.u));
        p.u.efi_runtime_call.function = f;
        T("efi call of ones", ANY, __HYPERVISOR_platform_op, P(&p));
    }
    memset(&p.u, 0, sizeof(p.u));
    p.u.efi_runtime_call.function = XEN_EFI_get_variable;
    set_xen_guest_handle(p.u.efi_runtime_call.u.get_variable.name, (void *)name);
    p.u.efi_runtime_call.u.get_variable.size = ~0UL;
    T("variable: size", ERROR, __HYPERVISOR_platform_op, P(&p));
    p.u.efi_runtime_call.u.get_variable.size = 4096;
    set_xen_guest_handle(p.u.efi_runtime_call.u.get_variable.data, (void *)0xf400000004000000);
    T("variable: into Xen", ANY, __HYPERVISOR_platform_op, P(&p));
}

static void hypfs(void)
{
    static char path[4096] = "/";
    static char text[4096] __attribute__((aligned(8)));

    memcpy(path, "/", 2);
    T("hypfs: version", POSITIVE, __HYPERVISOR_hypfs_op, 0, 0, 0, 0, 0);
    T("hypfs: root", 0, __HYPERVISOR_hypfs_op, 1, P(path), 2, P(text), sizeof(text));
    T("hypfs: no room", ANY, __HYPERVISOR_hypfs_op, 1, P(path), 2, P(text), 8);
    T("hypfs: path length", ERROR, __HYPERVISOR_hypfs_op, 1, P(path), ~0UL, P(text), sizeof(text));
    T("hypfs: empty path", ERROR, __HYPERVISOR_hypfs_op, 1, P(path), 0, P(text), sizeof(text));
    memset(path, '/', sizeof(path));
    T("hypfs: path without end", ERROR, __HYPERVISOR_hypfs_op, 1, P(path), 1024, P(text),
      sizeof(text));
    T("hypfs: into Xen", ANY, __HYPERVISOR_hypfs_op, 1, P(path), 2, 0xf400000004000000, 4096);
    memset(path, 0, sizeof(path));
    memcpy(path, "/params/none", 13);
    T("hypfs: no such", ERROR, __HYPERVISOR_hypfs_op, 1, P(path), 13, P(text), sizeof(text));
    T("hypfs: write a directory", ERROR, __HYPERVISOR_hypfs_op, 2, P(path), 8, P(text), 8);
    T("hypfs: unknown", ERROR, __HYPERVISOR_hypfs_op, 99, P(path), 2, P(text), 8);
}

void control_cases(void)
{
    static struct xen_hvm_param hp;

    sysctls();
    platform();
    hypfs();
    for (u64 op = 0; op < 40; op++)
        T("physdev_op", ANY, __HYPERVISOR_physdev_op, op, P(spare));
    T("physdev_op: in Xen", ACCESS_RIGHTS, __HYPERVISOR_physdev_op, PHYSDEVOP_pci_device_add,
      0xf400000004000000);
    hp.domid = DOMID_SELF;
    for (u64 i = 0; i < 50; i++) {
        hp.index = i < 45 ? i : i == 45 ? 0xffffffff : 1U << (i - 18);
        T("hvm param: get", ANY, __HYPERVISOR_hvm_op, HVMOP_get_param, P(&hp));
        T("hvm param: set", ERROR, __HYPERVISOR_hvm_op, HVMOP_set_param, P(&hp));
    }
    hp.domid = 0x777;
    T("hvm param: nobody's", -XEN_ESRCH, __HYPERVISOR_hvm_op, HVMOP_get_param, P(&hp));
    for (u64 op = 2; op < 30; op++)
        T("hvm_op", ERROR, __HYPERVISOR_hvm_op, op, P(spare));
    for (u64 op = 0; op < 8; op++)
        T("argo", ERROR, __HYPERVISOR_argo_op, op, P(spare), P(spare), 1, 1);
    T("argo: unknown", ERROR, __HYPERVISOR_argo_op, 99, 0xf400000004000000, 0, ~0UL, ~0UL);
    T("xsm", ERROR, __HYPERVISOR_xsm_op, P(spare));
    T("xsm: in Xen", ANY, __HYPERVISOR_xsm_op, 0xf400000004000000);
}
