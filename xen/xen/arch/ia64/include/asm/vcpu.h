/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's processor: the state of it that mapped_regs (public/arch-ia64.h) does not hold, and what may be done with it. Serves the entry code
 * (faults and breaks of a guest come here), guest memory, hypercalls and domctls.
 *
 * Privilege levels. A guest's level 0 is the machine's 1, its 3 the machine's 3. Its 1 and 2 do not exist for themselves: both are the machine's 2,
 * and are seen as 2 (docs/sensitive.md).
 *
 * mapped_regs is the guest's to write: nothing in it is believed without a check of what matters to Xen.
 */
#ifndef __ASM_IA64_VCPU_H__
#define __ASM_IA64_VCPU_H__

#include <xen/types.h>
#include <asm/fault.h>
#include <asm/regs.h>

/* Control registers by number (SDM 2:3.3.4, table of control registers). */
#define IA64_CR_DCR     0
#define IA64_CR_ITM     1
#define IA64_CR_IVA     2
#define IA64_CR_PTA     8
#define IA64_CR_IPSR    16
#define IA64_CR_ISR     17
#define IA64_CR_IIP     19
#define IA64_CR_IFA     20
#define IA64_CR_ITIR    21
#define IA64_CR_IIPA    22
#define IA64_CR_IFS     23
#define IA64_CR_IIM     24
#define IA64_CR_IHA     25
#define IA64_CR_IIB0    26
#define IA64_CR_IIB1    27
#define IA64_CR_LID     64
#define IA64_CR_IVR     65
#define IA64_CR_TPR     66
#define IA64_CR_EOI     67
#define IA64_CR_IRR0    68
#define IA64_CR_IRR3    71
#define IA64_CR_ITV     72
#define IA64_CR_PMV     73
#define IA64_CR_CMCV    74
#define IA64_CR_LRR0    80
#define IA64_CR_LRR1    81

/* Application registers by number (SDM 1:3.1.8). */
#define IA64_AR_K0      0
#define IA64_AR_K7      7
#define IA64_AR_RSC     16
#define IA64_AR_ITC     44
#define IA64_AR_RUC     45

/* isr.code of General Exception (SDM 2:8.3). */
#define IA64_GENEX_ILLEGAL_OP       0x00
#define IA64_GENEX_PRIV_OP          0x10
#define IA64_GENEX_PRIV_REG         0x20
#define IA64_GENEX_RESERVED         0x30
/* isr.code of NaT consumption: register; the low bits name a non-access instruction. */
#define IA64_NAT_REGISTER           0x10
#define IA64_ISR_NA_TPA             0
#define IA64_ISR_NA_FC              1
#define IA64_ISR_NA_PROBE           2
#define IA64_ISR_NA_TAK             3
/* isr.code of the traps, which can come together. */
#define IA64_TRAP_FP                (1UL << 0)
#define IA64_TRAP_LP                (1UL << 1)
#define IA64_TRAP_TB                (1UL << 2)
#define IA64_TRAP_SS                (1UL << 3)

/* Offered to a guest, and the most a switch saves. */
#define VCPU_NR_DBR     16
#define VCPU_NR_IBR     16
#define VCPU_NR_PMC     16
#define VCPU_NR_PMD     18
#define VCPU_NR_CPUID   5

#ifndef __ASSEMBLY__

struct vcpu;
struct domain;

struct vcpu_priv {
    /* As the guest wrote them; the machine's have the levels of plm changed. */
    uint64_t dbr[VCPU_NR_DBR], ibr[VCPU_NR_IBR];
    bool debug_used;            /* one is not 0: a switch loads them */

    uint64_t pmc[VCPU_NR_PMC], pmd[VCPU_NR_PMD];
    bool pmu_used;

    /* Where the hypercall being served stands: its break (bundle, slot). */
    uint64_t hypercall_ip;
    uint8_t hypercall_slot;

    bool reset_store;           /* rfi lost the current frame: vcpu_finish() */
    uint64_t top_rnat;

    uint64_t iib_ip;            /* bundle of the last fault or trap, for cr.iib0 and iib1; 0: none */
};

/* A guest's level of privilege from the machine's, and back. */
static inline unsigned int vcpu_virtual_cpl(unsigned int cpl)
{
    return cpl == 1 ? 0 : cpl;
}

static inline unsigned int vcpu_machine_cpl(unsigned int cpl)
{
    return cpl == 3 ? 3 : cpl == 0 ? 1 : 2;
}

/*
 * General register `reg` (as an instruction names it, before rotation) of the running guest interrupted with `regs`. Returns whether it is NaT;
 * *val is its value all the same. Registers outside the frame read 0.
 */
bool vcpu_get_gr(const struct cpu_user_regs *regs, unsigned int reg, uint64_t *val);
/* in0 to in<nr - 1> at once. false: one of them is NaT, or not in the frame. */
bool vcpu_get_args(const struct cpu_user_regs *regs, unsigned int nr, unsigned long *arg);
/* false with f filled: r0, or outside the frame (Illegal Operation, SDM 2:6.1). */
bool vcpu_set_gr(struct cpu_user_regs *regs, unsigned int reg, uint64_t val, bool nat, struct guest_fault *f);
/* Would it? For targets, which are checked before anything else. */
bool vcpu_gr_is_target(const struct cpu_user_regs *regs, unsigned int reg, struct guest_fault *f);
/* Registers of the guest's that are on Xen's backing store (loadrs, less collections). */
unsigned int vcpu_nr_dirty(const struct cpu_user_regs *regs);
/* Floating-point register (2..127) as stf.spill shows it. After rotation by cfm.rrb.fr. */
void vcpu_get_fr(const struct cpu_user_regs *regs, unsigned int reg, struct ia64_fpreg *val);
void vcpu_set_fr(struct cpu_user_regs *regs, unsigned int reg, const struct ia64_fpreg *val);

/* The whole virtual psr, ri and the one-instruction bits included. */
uint64_t vcpu_get_psr(const struct vcpu *v, const struct cpu_user_regs *regs);
/* Makes it so: vpsr, the virtual ic, i, bank and metaphysical mode, the machine's psr in the frame. No check of reserved bits. */
void vcpu_set_psr(struct vcpu *v, struct cpu_user_regs *regs, uint64_t psr);
bool vcpu_psr_ic(const struct vcpu *v);
bool vcpu_psr_i(const struct vcpu *v);
void vcpu_set_psr_i(struct vcpu *v, bool on);
/* Swaps r16-r31 with their NaT bits if `bank` (0, 1) is not the live one. */
void vcpu_bsw(struct vcpu *v, struct cpu_user_regs *regs, unsigned int bank);

/* Last thing of a handler that may have done an rfi: does not return if Xen's backing store must be cut. */
void vcpu_finish(struct vcpu *v);

/* Instructions. Those that can fault return false with *f. They do not move ip on. */
void vcpu_cover(struct vcpu *v, struct cpu_user_regs *regs);
bool vcpu_rfi(struct vcpu *v, struct cpu_user_regs *regs, struct guest_fault *f);
bool vcpu_ssm(struct vcpu *v, struct cpu_user_regs *regs, uint64_t mask, struct guest_fault *f);
bool vcpu_rsm(struct vcpu *v, struct cpu_user_regs *regs, uint64_t mask, struct guest_fault *f);
bool vcpu_set_psr_l(struct vcpu *v, struct cpu_user_regs *regs, uint64_t val, struct guest_fault *f);
bool vcpu_get_cr(struct vcpu *v, unsigned int cr, uint64_t *val, struct guest_fault *f);
bool vcpu_set_cr(struct vcpu *v, unsigned int cr, uint64_t val, struct guest_fault *f);
/* Exists, and may be read or written with the virtual psr.ic as it is? Else Illegal Operation. */
bool vcpu_cr_access(const struct vcpu *v, unsigned int cr, bool write, struct guest_fault *f);
void vcpu_set_kr(struct vcpu *v, unsigned int kr, uint64_t val);
uint64_t vcpu_get_itc(const struct vcpu *v);
void vcpu_set_itc(struct vcpu *v, struct cpu_user_regs *regs, uint64_t val);
bool vcpu_get_cpuid(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f);

/* vdebug.c, vpmu.c: index as the low byte of the instruction's register; false: Reserved Register/Field. */
bool vcpu_set_dbr(struct vcpu *v, unsigned int index, uint64_t val, struct guest_fault *f);
bool vcpu_get_dbr(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f);
bool vcpu_set_ibr(struct vcpu *v, unsigned int index, uint64_t val, struct guest_fault *f);
bool vcpu_get_ibr(const struct vcpu *v, unsigned int index, uint64_t *val, struct guest_fault *f);
void vcpu_set_pmc(struct vcpu *v, unsigned int index, uint64_t val);
uint64_t vcpu_get_pmc(struct vcpu *v, unsigned int index);
void vcpu_set_pmd(struct vcpu *v, unsigned int index, uint64_t val);
/* What an unprivileged read would give: 0 to a user where the guest hides it. */
uint64_t vcpu_get_pmd(struct vcpu *v, const struct cpu_user_regs *regs, unsigned int index);
/* The machine's performance monitor interrupt, taken while v ran. */
void vpmu_interrupt(struct vcpu *v);
void vpmu_switch(struct vcpu *prev, struct vcpu *next);
void vdebug_switch(struct vcpu *prev, struct vcpu *next);
/* For accesses that Xen does in the guest's place: a data breakpoint on [va, va + size)? */
bool vdebug_data_match(const struct vcpu *v, const struct cpu_user_regs *regs, uint64_t va, unsigned int size, bool write);

/* Past the instruction in slot psr.ri of the bundle at iip. `bundle0`: the bundle's first word, or 0 if it is not MLX for certain. */
void vcpu_next_slot(struct cpu_user_regs *regs, uint64_t bundle0);

/*
 * reflect.c. An interruption as the machine would deliver it to the guest (SDM 2:5.5): interruption registers if the virtual psr.ic is 1, psr,
 * bank 0, the vector at the guest's iva. A data TLB miss with ic 0 becomes Data Nested TLB; a fault of a speculative load that the guest's dcr
 * defers becomes psr.ed instead.
 */
void vcpu_reflect(struct vcpu *v, struct cpu_user_regs *regs, const struct guest_fault *f);
/* With the frame's own isr, ifa, itir, iim, iha. */
void vcpu_reflect_same(unsigned int vector, struct cpu_user_regs *regs);
/* Traps due after the instruction at (ip, slot) was done for the guest, which is already past it; clears the one-instruction bits. */
void vcpu_step_traps(struct vcpu *v, struct cpu_user_regs *regs, uint64_t ip, unsigned int slot);
/* Before returning to the guest, interrupts off: the event callback or an external interrupt, if one is due and allowed. */
void vcpu_check_pending(struct cpu_user_regs *regs);
/* Something that would end a wait: an unmasked virtual interrupt or a pending event, whatever psr.i says. */
bool vcpu_has_pending(const struct vcpu *v);
/* vcpu_mark_events_pending() calls it when evtchn_upcall_pending has become 1: for guests without callback, arch.evtchn_vector. */
void vcpu_event_pended(struct vcpu *v);

/* Faults of a guest, from ia64_fault(). */
void guest_break(struct cpu_user_regs *regs);
void guest_general_exception(struct cpu_user_regs *regs);
void guest_fp(struct cpu_user_regs *regs, bool trap);
/* mmio.c: a data access to guest-physical gpa, which no RAM answers. true: done, or its fault reflected; false: no emulated device is there. */
bool guest_mmio(struct vcpu *v, struct cpu_user_regs *regs, uint64_t gpa);
/* Is an emulated device in the page? (Such pages are never mapped.) And one that always is there: tables of MSI-X come and go. */
bool guest_mmio_page(const struct domain *d, uint64_t gpa);
bool guest_mmio_fixed(const struct domain *d, uint64_t gpa);
/* fpswa.c: hypercall 0x501, arguments in in0-in7 as EFI FPSWA takes them. */
void fpswa_hypercall(struct cpu_user_regs *regs);

/* A hypercall to be done again (continuation): back to the break that guest_hypercall() was called for. */
void vcpu_restart_hypercall(struct vcpu *v, struct cpu_user_regs *regs);

/* [lead] break XEN_HYPERCALL_BREAK from the guest's kernel level. ip is already past the break. */
void guest_hypercall(struct cpu_user_regs *regs);

/* New vcpu: reset state (SDM 2:11.2.2 less what PAL does): psr 0, ic 0, i 0; mapped_regs must be there. */
int vcpu_priv_init(struct vcpu *v);
/* Its registers as at a reset (context.c); a vcpu that does not run. */
void vcpu_reset_state(struct vcpu *v);
void vcpu_priv_destroy(struct vcpu *v);
/* context_switch, interrupts off: debug registers and performance monitors. */
void vcpu_priv_switch(struct vcpu *prev, struct vcpu *next);

/* Fill f; return false, for "return fault_...(f)". */
static inline bool fault_general(struct guest_fault *f, uint64_t code)
{
    *f = (struct guest_fault){ .vector = IA64_GENEX_VECTOR, .isr = code };
    return false;
}

static inline bool fault_illegal(struct guest_fault *f)
{
    return fault_general(f, IA64_GENEX_ILLEGAL_OP);
}

static inline bool fault_reserved(struct guest_fault *f)
{
    return fault_general(f, IA64_GENEX_RESERVED);
}

static inline bool fault_nat(struct guest_fault *f, uint64_t isr)
{
    *f = (struct guest_fault){ .vector = IA64_NAT_CONSUMPTION_VECTOR, .isr = IA64_NAT_REGISTER | isr };
    return false;
}

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_VCPU_H__ */
