/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A module for domain 0 (T=xen/ras): processors of the machine off- and online, as the toolstack's
 * xen-hptool does it. Write a number to /sys/module/pcpu/parameters/off or on; the error is Xen's.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include "hypercall-module.h"

#define SYSCTL          35
#define VERSION         0x15
#define SYSCTL_PHYSINFO 3
#define SYSCTL_HOTPLUG  11

static struct {
    u32 cmd, version;
    union {
        struct {
            u32 cpu, op;
        } hotplug;
        struct {
            u32 threads, cores, cpus;
        } physinfo;
        u8 pad[128];
    };
} s __attribute__((aligned(256)));

static long sysctl(u32 cmd)
{
    s.cmd = cmd;
    s.version = VERSION;
    return xen_hypercall((long)&s, 0, 0, 0, 0, SYSCTL);
}

static int hotplug(const char *val, const struct kernel_param *kp)
{
    u32 cpu;
    int rc = kstrtou32(val, 0, &cpu);

    if (rc)
        return rc;
    memset(&s, 0, sizeof(s));
    s.hotplug.cpu = cpu;
    s.hotplug.op = (unsigned long)kp->arg;
    return sysctl(SYSCTL_HOTPLUG);
}

static int count(char *buf, const struct kernel_param *kp)
{
    long rc;

    memset(&s, 0, sizeof(s));
    rc = sysctl(SYSCTL_PHYSINFO);
    return rc ? rc : sprintf(buf, "%u\n", s.physinfo.cpus);
}

static const struct kernel_param_ops hotplug_ops = {.set = hotplug, .get = count};

module_param_cb(on, &hotplug_ops, (void *)0, 0600);
module_param_cb(off, &hotplug_ops, (void *)1, 0600);

static int __init pcpu_init(void)
{
    return 0;
}

static void __exit pcpu_exit(void) {}

module_init(pcpu_init);
module_exit(pcpu_exit);
MODULE_LICENSE("GPL");
