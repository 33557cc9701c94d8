/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest processor's external interrupts: the local SAPIC (SDM 2:5.8), its interval timer (2:3.3.4.2), and interrupt messages to it through
 * the processor interrupt block (2:5.8.4).
 */
#ifndef __ASM_IA64_VLSAPIC_H__
#define __ASM_IA64_VLSAPIC_H__

#include <xen/types.h>
#include <xen/spinlock.h>
#include <xen/timer.h>

struct vcpu;
struct domain;

#define IA64_VECTOR_EXTINT      0
#define IA64_VECTOR_NMI         2

/* The processor interrupt block in guest-physical memory. */
#define VPIB_BASE               0xfee00000UL
#define VPIB_SIZE               0x200000UL

/* Delivery modes of interrupt messages and of redirection entries. */
#define IA64_DM_INT             0
#define IA64_DM_LOWEST          1
#define IA64_DM_PMI             2
#define IA64_DM_NMI             4
#define IA64_DM_INIT            5
#define IA64_DM_EXTINT          7

struct vlsapic {
    unsigned long irr[4];       /* pending; set by anyone, atomically */
    unsigned long insvc[4];     /* in service: only the vcpu itself */
    uint64_t lid;
    struct timer timer;
    spinlock_t timer_lock;
    uint64_t itm;               /* as last written: the guest can change the one in mapped_regs unseen */
    bool armed;                 /* the match is to come */
    bool late_match;            /* itm was just past when it was written: its interrupt may be taken back */
};

/* cr.lid: id = vcpu_id, eid = 0. */
int vlsapic_init(struct vcpu *v);
void vlsapic_destroy(struct vcpu *v);
/* Nothing pending, nothing in service, no timer: v itself, or it does not run. */
void vlsapic_reset(struct vcpu *v);

/* Pends a vector (0, 2, 16-255; others are ignored) and wakes or interrupts the vcpu. From any context. */
void vlsapic_set_irq(struct vcpu *v, unsigned int vector);
/* The vector that tpr and those in service let through, or -1. */
int vlsapic_pending(const struct vcpu *v);
uint64_t vlsapic_read_ivr(struct vcpu *v);
void vlsapic_eoi(struct vcpu *v);
uint64_t vlsapic_read_irr(const struct vcpu *v, unsigned int n);
/* cr.itm, cr.itv or ar.itc were written. */
void vlsapic_timer_changed(struct vcpu *v);
/* Looks whether the virtual itc has come to cr.itm, and pends itv then. By v itself, before it goes on. */
void vlsapic_timer_check(struct vcpu *v);
/* A local source with a vector register in vcr (itv, pmv, cmcv). */
void vlsapic_local(struct vcpu *v, unsigned int cr);

/* A message of a device's or an I/O SAPIC's; from any context. lid: id << 8 | eid. false: nobody has it. */
bool vlsapic_deliver(struct domain *d, unsigned int lid, unsigned int mode, unsigned int vector);
struct vcpu *vlsapic_find(struct domain *d, unsigned int lid);

/* The guest's accesses to the interrupt block. false: nothing is there. */
bool vlsapic_pib_read(struct vcpu *v, unsigned long offset, unsigned int size, uint64_t *val);
bool vlsapic_pib_write(struct vcpu *v, unsigned long offset, unsigned int size, uint64_t val);

/* [lead] An interrupt message to a vcpu that does not run yet: SAL's boot rendezvous. INIT and PMI of a guest. */
void guestfw_wake_vcpu(struct vcpu *v, unsigned int vector);
void guestfw_init_event(struct vcpu *v);

#endif /* __ASM_IA64_VLSAPIC_H__ */
