/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's external interrupts. An irq's number is its global system interrupt (ACPI); each one in use has an interrupt vector of the local
 * SAPICs. Vectors of Xen's own are above all of those.
 */
#ifndef __ASM_IA64_IRQ_H__
#define __ASM_IA64_IRQ_H__

#define NR_VECTORS              256
#define NR_IRQS                 1024

/* Vectors: the higher, the more urgent, in classes of 16 (SDM 2:5.8.1). 0-15: special. */
#define IA64_NMI_VECTOR         0x02
#define IA64_FIRST_DEVICE_VECTOR 0x30
#define IA64_LAST_DEVICE_VECTOR 0xe7
#define IA64_CMC_VECTOR         0x1f
#define IA64_CPE_VECTOR         0x1e
#define IA64_PERFMON_VECTOR     0xee
#define IA64_TIMER_VECTOR       0xef
#define IPI_EVENT_CHECK_VECTOR  0xf0
#define IPI_CALL_FUNCTION_VECTOR 0xf1
#define IPI_STATE_DUMP_VECTOR   0xf2
#define IPI_CPU_STOP_VECTOR     0xf3
#define IPI_INIT_VECTOR         0xf4    /* init.c */
#define MCA_RENDEZ_VECTOR       0xf5    /* mca.c: SAL's, and */
#define MCA_WAKEUP_VECTOR       0xf6    /* SAL waits for it */

#ifndef __ASSEMBLY__

#include <xen/types.h>

typedef struct {
    DECLARE_BITMAP(_bits, NR_VECTORS);
} vmask_t;

struct arch_pirq {
};

struct arch_irq_desc {
    int vector;                 /* -1: none yet */
    bool level, low;
    unsigned int dest;          /* processor it goes to */
    struct domain *guest;       /* routed to this domain's virtual IOSAPIC */
    bool inflight;              /* level: masked until the guest's EOI */
};

extern const unsigned int nr_irqs;
#define nr_irqs_gsi             NR_IRQS
#define nr_static_irqs          NR_IRQS
#define arch_hwdom_irqs(domid)  NR_IRQS

struct irq_desc;
struct irqaction;
struct cpu_user_regs;

struct irq_desc *__irq_to_desc(int irq);
#define irq_to_desc(irq)        __irq_to_desc(irq)

#define domain_pirq_to_irq(d, pirq) (pirq)
#define arch_evtchn_bind_pirq(d, pirq) ((void)((d) + (pirq)))

/* ivt.S: an external interrupt, interrupts off. */
void ia64_handle_irq(struct cpu_user_regs *regs);
void init_IRQ(void);
void irq_init_cpu(void);        /* this processor's local SAPIC */
void fixup_irqs(void);          /* this processor goes offline: its lines, and what is pending */
void irq_drain(void);

/*
 * Interrupt gsi of the machine to a domain's virtual IOSAPIC: level ones are masked as they arrive, viosapic_assert() is called, irq_guest_eoi()
 * (by viosapic.c) unmasks. -EBUSY: Xen's own or another's; -ENOENT: no IOSAPIC has it; -ENOSPC: no vector left.
 */
int irq_route_guest(struct domain *d, unsigned int gsi, bool level, bool low);
int irq_unroute_guest(struct domain *d, unsigned int gsi);
void irq_guest_eoi(struct domain *d, unsigned int gsi);
void irq_unroute_domain(struct domain *d);

/* Xen's own device interrupt: how gsi is signalled, before request_irq(). */
int irq_set_type(unsigned int gsi, bool level, bool low);

/* nr vectors in a row for messages, nr a power of two and the first a multiple of it: msi_interrupt() is called for them. -ENOSPC: no such run is free. */
int irq_alloc_vectors(unsigned int nr);
void irq_free_vectors(unsigned int vector, unsigned int nr);

/* iosapic.c */
void iosapic_init_one(unsigned long pa, unsigned int gsi_base);
bool iosapic_has_gsi(unsigned int gsi);
void iosapic_set_rte(unsigned int gsi, unsigned int vector, uint16_t lid, bool level, bool low, bool masked);
void iosapic_mask(unsigned int gsi, bool masked);
void iosapic_eoi(unsigned int gsi, unsigned int vector);
unsigned int iosapic_nr(void);
/* The n-th: false past the last. For the guest's copy of the tables. */
bool iosapic_get(unsigned int n, unsigned long *pa, unsigned int *gsi_base, unsigned int *nr_pins);
void iosapic_dump(void);

/* time.c, smp.c */
void timer_interrupt(struct cpu_user_regs *regs);
void smp_stop_interrupt(void);

void arch_move_irqs(struct vcpu *v);

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_IRQ_H__ */
