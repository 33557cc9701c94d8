/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Xen as the virtual SAPICs see it: see README.md.
 */
#ifndef TESTS_XEN_HOST_VCPU_SHIM_H
#define TESTS_XEN_HOST_VCPU_SHIM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IA64_LVT_MASKED      (1ul << 16)
#define IA64_TPR_MMI         (1ul << 16)
#define IA64_TPR_MIC_SHIFT   4
#define IA64_SPURIOUS_VECTOR 15

#define XENLOG_DEBUG        ""
#define XENLOG_WARNING      ""
#define XENLOG_ERR          ""
#define XENLOG_INFO         ""
#define XENLOG_G_INFO       ""
#define ACCESS_ONCE(x)      (*(volatile __typeof__(x) *)&(x))
#define gdprintk(...)       ((void)shim_log(__VA_ARGS__))
#define gprintk(...)        ((void)shim_log(__VA_ARGS__))
#define printk(...)         ((void)shim_log(__VA_ARGS__))
#define perfc_incr(x)       ((void)0)
#define smp_mb()            __sync_synchronize()
#define SECONDS(s)          ((int64_t)(s)*1000000000)
#define NOW()               shim_now
#define _VPF_down           1
#define flsl(x)             (64 - __builtin_clzl(x))
#define xzalloc_array(t, n) ((t *)calloc(n, sizeof(t)))
#define xzalloc(t)          xzalloc_array(t, 1)
#define xfree(p)            free(p)
#define min(a, b)           ((a) < (b) ? (a) : (b))
#define min_t(t, a, b)      min((t)(a), (t)(b))
#define cf_check
#define __init
#define always_inline         inline
#define container_of(p, t, m) ((t *)((char *)(p)-offsetof(t, m)))
#define __initcall(f)         static int (*initcall_##f)(void) __attribute__((unused)) = f
#define XFREE(p)              (free(p), (p) = NULL)

/* The clock: 1 ns a cycle. */
extern uint64_t shim_now;

typedef int64_t s_time_t;
typedef uint64_t paddr_t;
typedef struct {
    int held;
} spinlock_t;
#define spin_lock_init(l)            ((l)->held = 0)
#define spin_lock(l)                 shim_lock(l)
#define spin_unlock(l)               ((l)->held = 0)
#define spin_lock_irqsave(l, f)      (shim_lock(l), (void)((f) = 0))
#define spin_unlock_irqrestore(l, f) ((l)->held = 0, (void)(f))
static inline void shim_lock(spinlock_t *l)
{
    if (l->held++)
        abort();
}
static inline bool spin_trylock(spinlock_t *l)
{
    shim_lock(l);
    return true;
}

struct timer {
    void (*function)(void *);
    void *data;
    s_time_t expires;
    bool active;
    unsigned int cpu;
};
static inline void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
    *t = (struct timer){.function = fn, .data = data, .cpu = cpu};
}
static inline void set_timer(struct timer *t, s_time_t at)
{
    t->expires = at;
    t->active = true;
}
static inline void stop_timer(struct timer *t)
{
    t->active = false;
}
static inline void migrate_timer(struct timer *t, unsigned int cpu)
{
    t->cpu = cpu;
}
static inline void kill_timer(struct timer *t)
{
    t->function = NULL;
}

static inline void set_bit(unsigned int n, void *p)
{
    ((unsigned long *)p)[n / 64] |= 1ul << n % 64;
}
static inline void clear_bit(unsigned int n, void *p)
{
    ((unsigned long *)p)[n / 64] &= ~(1ul << n % 64);
}
#define __set_bit   set_bit
#define __clear_bit clear_bit
static inline bool test_bit(unsigned int n, const void *p)
{
    return ((const unsigned long *)p)[n / 64] >> n % 64 & 1;
}

static inline int shim_log(const char *f, ...)
{
    return f != NULL;
}

static inline uint64_t ia64_itc_to_ns(uint64_t c)
{
    return c;
}
static inline uint64_t ia64_ns_to_itc(uint64_t n)
{
    return n;
}

struct domain;
unsigned int iosapic_nr(void);
bool iosapic_get(unsigned int n, unsigned long *pa, unsigned int *base, unsigned int *pins);
int irq_route_guest(struct domain *d, unsigned int gsi, bool level, bool low);
int irq_unroute_guest(struct domain *d, unsigned int gsi);
void irq_guest_eoi(struct domain *d, unsigned int gsi);
void irq_unroute_domain(struct domain *d);

#include "xen/xen/arch/ia64/include/asm/vlsapic.h"
#include "xen/xen/arch/ia64/include/asm/viosapic.h"

struct mapped_regs {
    uint64_t vcr[128];
    uint64_t itc_offset;
};
#define SHIM_VCPUS 4
struct vcpu {
    unsigned int vcpu_id, processor;
    bool is_initialised, kicked;
    unsigned long pause_flags;
    struct domain *domain;
    struct {
        struct mapped_regs *privregs;
        struct vlsapic lsapic;
        bool started;
    } arch;
};
struct domain {
    struct vcpu *vcpu[SHIM_VCPUS];
    bool hardware;
    struct {
        struct viosapic viosapic;
        struct vmsi *vmsi;
    } arch;
};
#define for_each_vcpu(d, v)                                                                        \
    for (unsigned int i_ = 0; i_ < SHIM_VCPUS && ((v) = (d)->vcpu[i_]) != NULL; i_++)
#define is_idle_vcpu(v)       false
#define is_hardware_domain(d) ((d)->hardware)
#define is_system_domain(d)   false
void vcpu_kick(struct vcpu *v);
#define cpu_physical_id(cpu) ((cpu) << 8 | 0x40)

/* ACPI: only the table that pci.c reads. */
struct acpi_table_header {
    char signature[4];
    uint32_t length;
    uint8_t rest[28];
};
struct acpi_table_mcfg {
    struct acpi_table_header header;
    uint8_t reserved[8];
};
struct acpi_mcfg_allocation {
    uint64_t address;
    uint16_t pci_segment;
    uint8_t start_bus_number, end_bus_number;
    uint32_t reserved;
} __attribute__((packed));
#define ACPI_SIG_MCFG "MCFG"
int acpi_table_parse(const char *signature, int (*handler)(struct acpi_table_header *));

#endif
