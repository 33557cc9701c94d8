/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct arch_vcpu and struct arch_domain: put together from the parts that own their state. Each part's structure is in its own header.
 */
#ifndef __ASM_IA64_DOMAIN_H__
#define __ASM_IA64_DOMAIN_H__

#include <xen/types.h>
#include <xen/xmalloc.h>
#include <asm/regs.h>
#include <asm/p2m.h>        /* struct p2m_domain */
#include <asm/vtlb.h>       /* struct vcpu_mmu: guest TLB, region registers, protection keys */
#include <asm/vcpu.h>       /* struct vcpu_priv: what mapped_regs does not hold; debug, PMU */
#include <asm/vlsapic.h>    /* struct vlsapic */
#include <asm/viosapic.h>   /* struct viosapic */
#include <asm/guestfw.h>    /* struct guest_firmware */
#include <public/hvm/params.h>

struct mapped_regs;

struct hvm_domain {
    uint64_t params[HVM_NR_PARAMS];
};

struct arch_domain {
    struct p2m_domain p2m;
    unsigned int rid_block;             /* machine rid = rid_block << 18 | guest rid */
    cpumask_t dirty_cpumask;            /* processors whose TLB or VHPT may hold this domain's translations */
    struct viosapic viosapic;
    struct guest_firmware fw;
    struct hvm_domain hvm;
    uint64_t hypercall_break;           /* iim that means hypercall: XEN_HYPERCALL_BREAK */
    bool direct_mapped;                 /* gfn == mfn for its RAM (domain 0) */
    struct vuart *vuart;                /* vuart.c: the hardware domain's 16550, or NULL */
    struct vmsi *vmsi;                  /* vmsi.h: the hardware domain's message-signalled interrupts, or NULL */
    /* physdev: machine interrupts bound to virtual IOSAPIC pins are in viosapic. */
};

/* Registers that a switch of vcpus saves besides the frame: processor part, switch.c. */
struct arch_vcpu {
    struct cpu_user_regs user_regs;     /* while the vcpu does not run; else on its processor's stack */
    uint64_t stacked[128];              /* its dirty stacked registers (regs.loadrs) with RNAT collections (switch.c), while it does not run */
    struct ia64_fpreg fr[128];          /* f2-f5, f12-f127 (others in the frame) */
    uint64_t kr[8];                     /* ar.k0-k7: the machine's hold the running vcpu's */
    uint64_t ia32_ar[6];                /* ar.fcr, eflag, cflg, fsr, fir, fdr: likewise */

    struct mapped_regs *privregs;       /* visible to the guest at XMAPPEDREGS_BASE */
    struct vcpu_mmu mmu;
    struct vcpu_priv priv;
    struct vlsapic lsapic;

    uint64_t event_callback_ip;         /* 0: events come as virtual SAPIC vector */
    bool started;                       /* has a context */
    bool init_pending;                  /* guestfw-events.c: INIT is to be delivered */
    uint64_t min_state;                 /* PAL_MC_REGISTER_MEM; 0: not yet */
};

struct arch_vcpu_io {
};

#define is_domain_direct_mapped(d)  ((d)->arch.direct_mapped)

struct vcpu;
struct xen_domctl_createdomain;
struct domain;

/* domain.c */
void vcpu_show_execution_state(struct vcpu *v);

static inline struct vcpu_guest_context *alloc_vcpu_guest_context(void)
{
    return xmalloc(struct vcpu_guest_context);
}

static inline void free_vcpu_guest_context(struct vcpu_guest_context *vgc)
{
    xfree(vgc);
}

static inline void arch_vcpu_block(struct vcpu *v)
{
}

#define arch_vm_assist_valid_mask(d) (1UL << VMASST_TYPE_runstate_update_flag)

/* PCI is the hardware domain's own. */
#define has_vpci(d) ({ (void)(d); false; })

void vcpu_arch_show_registers(const struct cpu_user_regs *regs);
extern void idle_loop(void);

#endif /* __ASM_IA64_DOMAIN_H__ */
