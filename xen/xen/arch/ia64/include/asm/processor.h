/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fields of the processor's registers (SDM 2:3, 2:4, 2:5), and what the processor part offers the others: entry from interruptions, change of
 * rr7, vcpu switch, exception table.
 */
#ifndef __ASM_IA64_PROCESSOR_H__
#define __ASM_IA64_PROCESSOR_H__

#include <xen/const.h>
#include <asm/ia64regs.h>
#include <asm/regs.h>

/* psr (SDM 2:3.3.2) */
#define IA64_PSR_BE_BIT     1
#define IA64_PSR_UP_BIT     2
#define IA64_PSR_AC_BIT     3
#define IA64_PSR_MFL_BIT    4
#define IA64_PSR_MFH_BIT    5
#define IA64_PSR_IC_BIT     13
#define IA64_PSR_I_BIT      14
#define IA64_PSR_PK_BIT     15
#define IA64_PSR_DT_BIT     17
#define IA64_PSR_DFL_BIT    18
#define IA64_PSR_DFH_BIT    19
#define IA64_PSR_SP_BIT     20
#define IA64_PSR_PP_BIT     21
#define IA64_PSR_DI_BIT     22
#define IA64_PSR_SI_BIT     23
#define IA64_PSR_DB_BIT     24
#define IA64_PSR_LP_BIT     25
#define IA64_PSR_TB_BIT     26
#define IA64_PSR_RT_BIT     27
#define IA64_PSR_CPL_SHIFT  32
#define IA64_PSR_CPL0_BIT   32
#define IA64_PSR_CPL1_BIT   33
#define IA64_PSR_IS_BIT     34
#define IA64_PSR_MC_BIT     35
#define IA64_PSR_IT_BIT     36
#define IA64_PSR_ID_BIT     37
#define IA64_PSR_DA_BIT     38
#define IA64_PSR_DD_BIT     39
#define IA64_PSR_SS_BIT     40
#define IA64_PSR_RI_SHIFT   41
#define IA64_PSR_ED_BIT     43
#define IA64_PSR_BN_BIT     44
#define IA64_PSR_IA_BIT     45
#define IA64_PSR_VM_BIT     46

#define IA64_PSR_BE         (_AC(1, UL) << IA64_PSR_BE_BIT)
#define IA64_PSR_UP         (_AC(1, UL) << IA64_PSR_UP_BIT)
#define IA64_PSR_AC         (_AC(1, UL) << IA64_PSR_AC_BIT)
#define IA64_PSR_MFL        (_AC(1, UL) << IA64_PSR_MFL_BIT)
#define IA64_PSR_MFH        (_AC(1, UL) << IA64_PSR_MFH_BIT)
#define IA64_PSR_IC         (_AC(1, UL) << IA64_PSR_IC_BIT)
#define IA64_PSR_I          (_AC(1, UL) << IA64_PSR_I_BIT)
#define IA64_PSR_PK         (_AC(1, UL) << IA64_PSR_PK_BIT)
#define IA64_PSR_DT         (_AC(1, UL) << IA64_PSR_DT_BIT)
#define IA64_PSR_DFL        (_AC(1, UL) << IA64_PSR_DFL_BIT)
#define IA64_PSR_DFH        (_AC(1, UL) << IA64_PSR_DFH_BIT)
#define IA64_PSR_SP         (_AC(1, UL) << IA64_PSR_SP_BIT)
#define IA64_PSR_PP         (_AC(1, UL) << IA64_PSR_PP_BIT)
#define IA64_PSR_DI         (_AC(1, UL) << IA64_PSR_DI_BIT)
#define IA64_PSR_SI         (_AC(1, UL) << IA64_PSR_SI_BIT)
#define IA64_PSR_DB         (_AC(1, UL) << IA64_PSR_DB_BIT)
#define IA64_PSR_LP         (_AC(1, UL) << IA64_PSR_LP_BIT)
#define IA64_PSR_TB         (_AC(1, UL) << IA64_PSR_TB_BIT)
#define IA64_PSR_RT         (_AC(1, UL) << IA64_PSR_RT_BIT)
#define IA64_PSR_CPL        (_AC(3, UL) << IA64_PSR_CPL_SHIFT)
#define IA64_PSR_CPL1       (_AC(1, UL) << IA64_PSR_CPL_SHIFT)  /* the guest's kernel */
#define IA64_PSR_IS         (_AC(1, UL) << IA64_PSR_IS_BIT)
#define IA64_PSR_MC         (_AC(1, UL) << IA64_PSR_MC_BIT)
#define IA64_PSR_IT         (_AC(1, UL) << IA64_PSR_IT_BIT)
#define IA64_PSR_ID         (_AC(1, UL) << IA64_PSR_ID_BIT)
#define IA64_PSR_DA         (_AC(1, UL) << IA64_PSR_DA_BIT)
#define IA64_PSR_DD         (_AC(1, UL) << IA64_PSR_DD_BIT)
#define IA64_PSR_SS         (_AC(1, UL) << IA64_PSR_SS_BIT)
#define IA64_PSR_RI         (_AC(3, UL) << IA64_PSR_RI_SHIFT)
#define IA64_PSR_ED         (_AC(1, UL) << IA64_PSR_ED_BIT)
#define IA64_PSR_BN         (_AC(1, UL) << IA64_PSR_BN_BIT)
#define IA64_PSR_IA         (_AC(1, UL) << IA64_PSR_IA_BIT)
#define IA64_PSR_VM         (_AC(1, UL) << IA64_PSR_VM_BIT)
#define IA64_PSR_UM         _AC(0x3e, UL)   /* the user mask: be up ac mfl mfh */

/* What Xen's C runs with, interrupts aside. */
#define XEN_PSR_BITS (IA64_PSR_IC | IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT | IA64_PSR_BN)

/* isr (SDM 2:8.3) */
#define IA64_ISR_CODE       _AC(0xffff, UL)
#define IA64_ISR_X_BIT      32
#define IA64_ISR_W_BIT      33
#define IA64_ISR_R_BIT      34
#define IA64_ISR_NA_BIT     35
#define IA64_ISR_SP_BIT     36
#define IA64_ISR_RS_BIT     37
#define IA64_ISR_IR_BIT     38
#define IA64_ISR_NI_BIT     39
#define IA64_ISR_SO_BIT     40
#define IA64_ISR_EI_SHIFT   41
#define IA64_ISR_ED_BIT     43
#define IA64_ISR_X          (_AC(1, UL) << IA64_ISR_X_BIT)
#define IA64_ISR_W          (_AC(1, UL) << IA64_ISR_W_BIT)
#define IA64_ISR_R          (_AC(1, UL) << IA64_ISR_R_BIT)
#define IA64_ISR_NA         (_AC(1, UL) << IA64_ISR_NA_BIT)
#define IA64_ISR_SP         (_AC(1, UL) << IA64_ISR_SP_BIT)
#define IA64_ISR_RS         (_AC(1, UL) << IA64_ISR_RS_BIT)
#define IA64_ISR_IR         (_AC(1, UL) << IA64_ISR_IR_BIT)
#define IA64_ISR_NI         (_AC(1, UL) << IA64_ISR_NI_BIT)
#define IA64_ISR_SO         (_AC(1, UL) << IA64_ISR_SO_BIT)
#define IA64_ISR_EI         (_AC(3, UL) << IA64_ISR_EI_SHIFT)
#define IA64_ISR_ED         (_AC(1, UL) << IA64_ISR_ED_BIT)

/* cr.dcr (SDM 2:3.3.4.1) */
#define IA64_DCR_PP         (_AC(1, UL) << 0)
#define IA64_DCR_BE         (_AC(1, UL) << 1)
#define IA64_DCR_LC         (_AC(1, UL) << 2)
#define IA64_DCR_DM         (_AC(1, UL) << 8)
#define IA64_DCR_DP         (_AC(1, UL) << 9)
#define IA64_DCR_DK         (_AC(1, UL) << 10)
#define IA64_DCR_DX         (_AC(1, UL) << 11)
#define IA64_DCR_DR         (_AC(1, UL) << 12)
#define IA64_DCR_DA         (_AC(1, UL) << 13)
#define IA64_DCR_DD         (_AC(1, UL) << 14)

/* cr.ifs, ar.pfs, cfm */
#define IA64_IFS_V          (_AC(1, UL) << 63)
#define IA64_CFM_SOF(cfm)   ((cfm) & 0x7f)
#define IA64_CFM_SOL(cfm)   (((cfm) >> 7) & 0x7f)
#define IA64_CFM_SOR(cfm)   ((((cfm) >> 14) & 0xf) << 3)
#define IA64_CFM_RRB_GR(cfm) (((cfm) >> 18) & 0x7f)
#define IA64_CFM_RRB_FR(cfm) (((cfm) >> 25) & 0x7f)
#define IA64_CFM_RRB_PR(cfm) (((cfm) >> 32) & 0x3f)
#define IA64_CFM_MASK       _AC(0x3fffffffff, UL)

/* ar.rsc */
#define IA64_RSC_MODE       _AC(3, UL)
#define IA64_RSC_PL_SHIFT   2
#define IA64_RSC_PL         (_AC(3, UL) << 2)
#define IA64_RSC_BE         (_AC(1, UL) << 4)
#define IA64_RSC_LOADRS_SHIFT 16
#define IA64_RSC_LOADRS     (_AC(0x3fff, UL) << 16)
#define XEN_RSC             3               /* Xen's C: eager, privilege level 0, little endian */

#define XEN_FPSR            _AC(0x0009804c0270033f, UL) /* traps off, sf0 64-bit register format, sf1 wide-range exponent */

/* cr.pta, rr, cr.itir (SDM 2:4.1) */
#define IA64_PTA_VE         (_AC(1, UL) << 0)
#define IA64_PTA_SIZE_SHIFT 2
#define IA64_PTA_SIZE(x)    (((x) >> 2) & 0x3f)
#define IA64_PTA_VF         (_AC(1, UL) << 8)
#define IA64_PTA_BASE       (~_AC(0x7fff, UL))
#define IA64_RR_VE          (_AC(1, UL) << 0)
#define IA64_RR_PS_SHIFT    2
#define IA64_RR_PS(x)       (((x) >> 2) & 0x3f)
#define IA64_RR_RID_SHIFT   8
#define IA64_RR_RID(x)      (((x) >> 8) & 0xffffff)
#define IA64_RR(rid, ps, ve) ((rid) * _AC(0x100, UL) | ((ps) << 2) | (ve))
#define IA64_ITIR_PS_SHIFT  2
#define IA64_ITIR_PS(x)     (((x) >> 2) & 0x3f)
#define IA64_ITIR_KEY_SHIFT 8
#define IA64_ITIR_KEY(x)    (((x) >> 8) & 0xffffff)
#define IA64_ITIR(key, ps)  ((key) * _AC(0x100, UL) | ((ps) << 2))

/* Translation insertion format, first word (SDM 2:4.1.1.5). */
#define IA64_PTE_P          (_AC(1, UL) << 0)
#define IA64_PTE_MA_SHIFT   2
#define IA64_PTE_MA         (_AC(7, UL) << 2)
#define IA64_PTE_MA_WB      (_AC(0, UL) << 2)
#define IA64_PTE_MA_UC      (_AC(4, UL) << 2)
#define IA64_PTE_MA_UCE     (_AC(5, UL) << 2)
#define IA64_PTE_MA_WC      (_AC(6, UL) << 2)
#define IA64_PTE_MA_NATPAGE (_AC(7, UL) << 2)
#define IA64_PTE_A          (_AC(1, UL) << 5)
#define IA64_PTE_D          (_AC(1, UL) << 6)
#define IA64_PTE_PL_SHIFT   7
#define IA64_PTE_PL         (_AC(3, UL) << 7)
#define IA64_PTE_AR_SHIFT   9
#define IA64_PTE_AR         (_AC(7, UL) << 9)
#define IA64_PTE_AR_R       (_AC(0, UL) << 9)
#define IA64_PTE_AR_RX      (_AC(1, UL) << 9)
#define IA64_PTE_AR_RW      (_AC(2, UL) << 9)
#define IA64_PTE_AR_RWX     (_AC(3, UL) << 9)
#define IA64_PTE_AR_XP0     (_AC(7, UL) << 9)   /* all execute, epc promotes to pl */
#define IA64_PTE_PPN        _AC(0x0003fffffffff000, UL)
#define IA64_PTE_ED         (_AC(1, UL) << 52)

/* Xen's own pages: present, accessed, dirty, privilege level 0. */
#define XEN_PTE_RW          (IA64_PTE_P | IA64_PTE_A | IA64_PTE_D | IA64_PTE_AR_RW)
#define XEN_PTE_RWX         (IA64_PTE_P | IA64_PTE_A | IA64_PTE_D | IA64_PTE_AR_RWX)
#define XEN_PTE_UC          (XEN_PTE_RW | IA64_PTE_MA_UC)

/* Interruption control (SDM 2:5.8.3) */
#define IA64_TPR_MIC_SHIFT  4
#define IA64_TPR_MMI        (_AC(1, UL) << 16)
#define IA64_LVT_MASKED     (_AC(1, UL) << 16)  /* cr.itv, pmv, cmcv, lrr: m */
#define IA64_SPURIOUS_VECTOR 0x0f
#define IA64_LID_ID(lid)    (((lid) >> 24) & 0xff)
#define IA64_LID_EID(lid)   (((lid) >> 16) & 0xff)

/* Translation registers Xen pins (docs/xen-internals.md). */
#define XEN_ITR_IMAGE       0
#define XEN_ITR_PAL         1
#define XEN_ITR_FAST_HYPERCALL 2
#define XEN_DTR_IMAGE       0
#define XEN_DTR_PERCPU      1   /* the stack block at PERCPU_ADDR */
#define XEN_DTR_STACK       2   /* the stack block in the direct map */
#define XEN_DTR_VHPT        3
#define XEN_DTR_MAPPED_REGS 4

#ifndef __ASSEMBLY__

#include <xen/percpu.h>

struct vcpu;
struct domain;

#define cpu_relax()     ia64_hint_pause()

/* Found out about each processor by PAL, SAL and ACPI (processor.c). */
struct cpuinfo_ia64 {
    uint64_t itc_khz;           /* frequency of ar.itc */
    uint64_t lid;               /* cr.lid */
    uint64_t ptce_base;
    uint32_t ptce_count[2], ptce_stride[2];
    uint8_t rid_bits, impl_va_msb, phys_bits, max_pkr, key_bits;
    uint8_t max_itr, max_dtr;   /* highest numbers */
    uint8_t phys_stacked;       /* PAL_RSE_INFO: physical stacked registers */
    uint8_t generic_pmc, ibrs, dbrs;
    uint8_t family, model, revision;
    uint64_t features;          /* cpuid[4] */
};
DECLARE_PER_CPU(struct cpuinfo_ia64, cpu_info_ia64);
#define this_cpuinfo() (&this_cpu(cpu_info_ia64))

void cpu_identify(void);        /* each processor, as it starts */

/*
 * rr7.S. Sets rr7 and inserts Xen's translation registers again, in physical mode with interrupts off. VA of the code and the stack stay the same.
 * cpu_set_tr()
 * inserts one of them (XEN_TR_*, asm/current.h) now, and at every later change of rr7. In the directmap, a granule that is all RAM is pinned whole.
 */
void ia64_set_rr7(uint64_t machine_rr7);
void cpu_set_tr(unsigned int which, uint64_t va, uint64_t pte, unsigned int ps);

/* entry.S, traps.c */
void ia64_fault(unsigned int vector, struct cpu_user_regs *regs);
void ia64_leave_to_guest(struct cpu_user_regs *regs);   /* softirqs, virtual interrupts; interrupts stay off */
void ia64_leave(void);          /* not a function: where reset_stack_and_jump goes to enter the guest whose frame is at the top of the stack */
extern char ia64_ivt[];
extern char fast_hypercall_page[];      /* fast-hypercall.S */
void fast_hypercall_init(void);         /* each processor, as it starts: maps it for guests */
void show_registers(const struct cpu_user_regs *regs);
void show_registers_of(const struct cpu_user_regs *regs, unsigned int cpu);
void show_stack(const struct cpu_user_regs *regs);
void show_execution_state(const struct cpu_user_regs *regs);
#define dump_execution_state() run_in_exception_handler(show_execution_state)
void noreturn fatal_trap(const struct cpu_user_regs *regs, const char *what);
const char *ia64_vector_name(unsigned int vector);

/* extable.c: an instruction of Xen's (address | slot) that may fault, and where to go on, with gr8 = -EFAULT, if it does. */
struct exception_table_entry {
    int32_t insn, cont;         /* relative to the field's own address */
};
bool fixup_exception(struct cpu_user_regs *regs);
#define _ASM_EXTABLE(insn, cont)                                        \
    ".section \"__ex_table\",\"a\"\n\t.balign 4\n\t"                    \
    ".long " #insn " - ., " #cont " - .\n\t.previous\n"

/* Both stacks empty, then fn, which does not return: at the bottom; above the guest's dirty registers; at an offset from the bottom, ar.rnat being rnat. */
void noreturn reset_stacks_and_jump_rnat(void (*fn)(void), uint64_t rnat);
void noreturn reset_stacks_and_jump_at(void (*fn)(void), uint64_t rnat, uint64_t offset);

/* switch.c */
void vcpu_kick(struct vcpu *v);
void save_fpu(struct ia64_fpreg *fr);           /* f2-f5, f12-f127; the frame has f6-f11 */
void restore_fpu(const struct ia64_fpreg *fr);
/* The dirty stacked registers of the guest interrupted on this processor, flushed to Xen's backing store; returns ar.rnat after the flush. */
uint64_t flush_guest_stacked(void);

/* Sends vector to the processor with this lid by the interrupt block (SDM 2:5.8.4). */
void ia64_send_ipi(uint16_t lid, unsigned int vector, unsigned int delivery_mode);

/* The uninteresting half of an interruption in the guest's code: nothing to do for us, go past the instruction. */
static inline void regs_next_slot(struct cpu_user_regs *regs)
{
    uint64_t ri = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;

    regs->cr_ipsr &= ~IA64_PSR_RI;
    if ( ri >= 2 )
        regs->cr_iip += 16;
    else
        regs->cr_ipsr |= (ri + 1) << IA64_PSR_RI_SHIFT;
}

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_PROCESSOR_H__ */
