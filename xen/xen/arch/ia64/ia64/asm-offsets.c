/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Offsets and constants that the assembler needs: the build makes asm/asm-offsets.h of this file's assembly.
 * Each part appends its own lines.
 */
#define COMPILE_OFFSETS

#include <xen/types.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/processor.h>
#include <asm/salblock.h>
#include <public/xen.h>

#define DEFINE(sym, val) \
    asm volatile ( "\n.ascii\"==>#define " #sym " %0 /* " #val " */<==\"" \
                   : : "i" (val) )
#define BLANK() \
    asm volatile ( "\n.ascii\"==><==\"" : : )
#define OFFSET(sym, str, mem) DEFINE(sym, offsetof(struct str, mem))

void __dummy__(void);
void __dummy__(void)
{
    OFFSET(CPUINFO_regs, cpu_info, guest_cpu_user_regs);
    OFFSET(CPUINFO_current, cpu_info, current_vcpu);
    OFFSET(CPUINFO_per_cpu_offset, cpu_info, per_cpu_offset);
    OFFSET(CPUINFO_processor_id, cpu_info, processor_id);
    OFFSET(CPUINFO_scratch, cpu_info, scratch);
    DEFINE(CPUINFO_SIZE, sizeof(struct cpu_info));
    OFFSET(CPUINFO_self, cpu_info, self);
    DEFINE(XEN_NR_TRS, XEN_NR_TRS);
    OFFSET(SALBLOCK_boot, sal_block, boot);
    OFFSET(SALBLOCK_event, sal_block, event);
    OFFSET(SALBLOCK_stack, sal_block, stack);
    OFFSET(EVENT_which, sal_event, which);
    OFFSET(EVENT_min_state, sal_event, min_state);
    OFFSET(EVENT_psp, sal_event, psp);
    OFFSET(EVENT_reason, sal_event, reason);
    OFFSET(EVENT_sal_gp, sal_event, sal_gp);
    OFFSET(EVENT_sal_return, sal_event, sal_return);
    OFFSET(EVENT_iib, sal_event, iib);
    OFFSET(EVENT_scratch, sal_event, scratch);
    OFFSET(CPUINFO_rr7, cpu_info, rr7);
    OFFSET(CPUINFO_tr, cpu_info, tr);
    OFFSET(CPUINFO_upcall, cpu_info, upcall);
    OFFSET(CPUINFO_event, cpu_info, event);
    OFFSET(CPUINFO_tr_rids, cpu_info, tr_rids);
    OFFSET(CPUINFO_has_iib, cpu_info, has_iib);
    OFFSET(CPUINFO_iib_ip, cpu_info, iib_ip);
    OFFSET(CPUINFO_fast_count, cpu_info, fast_count);
    OFFSET(CPUINFO_rr_virtual, cpu_info, rr_virtual);
    OFFSET(CPUINFO_rr_meta, cpu_info, rr_meta);
    OFFSET(CPUINFO_walk_virtual, cpu_info, walk_virtual);
    OFFSET(VCPU_metaphysical, vcpu, arch.mmu.metaphysical);
    OFFSET(VCPU_rr, vcpu, arch.mmu.rr);
    OFFSET(VCPU_hashed, vcpu, arch.mmu.hashed);
    OFFSET(VCPU_odd_rids, vcpu, arch.mmu.odd_rids);
    OFFSET(VCPU_rr_rids, vcpu, arch.mmu.rr_rids);
    OFFSET(VTLB_pte, vtlb_entry, pte);
    OFFSET(VTLB_rid, vtlb_entry, rid);
    OFFSET(VTLB_ps, vtlb_entry, ps);
    OFFSET(VTLB_preferred, vtlb_entry, preferred);
    DEFINE(VTLB_HASHED_SHIFT, VTLB_HASHED_SHIFT);
    DEFINE(VTLB_ENTRY_SHIFT, VTLB_ENTRY_SHIFT);
    DEFINE(VTLB_SIDE_I, VTLB_I);
    DEFINE(VTLB_SIDE_D, VTLB_D);
    OFFSET(VCPU_kr, vcpu, arch.kr);
    OFFSET(VCPU_meta_mixed, vcpu, arch.mmu.meta_mixed);
    OFFSET(VCPU_machine_rr, vcpu, arch.mmu.machine_rr);
    OFFSET(CPUINFO_p2m_root, cpu_info, p2m_root);
    OFFSET(CPUINFO_walk_regions, cpu_info, walk_regions);
    BLANK();

    /* Processor: the frame. */
    OFFSET(UREGS_gr, cpu_user_regs, gr);
    OFFSET(UREGS_gr_nat, cpu_user_regs, gr_nat);
    OFFSET(UREGS_br, cpu_user_regs, br);
    OFFSET(UREGS_pr, cpu_user_regs, pr);
    OFFSET(UREGS_ipsr, cpu_user_regs, cr_ipsr);
    OFFSET(UREGS_iip, cpu_user_regs, cr_iip);
    OFFSET(UREGS_ifs, cpu_user_regs, cr_ifs);
    OFFSET(UREGS_isr, cpu_user_regs, cr_isr);
    OFFSET(UREGS_ifa, cpu_user_regs, cr_ifa);
    OFFSET(UREGS_itir, cpu_user_regs, cr_itir);
    OFFSET(UREGS_iim, cpu_user_regs, cr_iim);
    OFFSET(UREGS_iha, cpu_user_regs, cr_iha);
    OFFSET(UREGS_iipa, cpu_user_regs, cr_iipa);
    OFFSET(UREGS_rsc, cpu_user_regs, ar_rsc);
    OFFSET(UREGS_bspstore, cpu_user_regs, ar_bspstore);
    OFFSET(UREGS_rnat, cpu_user_regs, ar_rnat);
    OFFSET(UREGS_pfs, cpu_user_regs, ar_pfs);
    OFFSET(UREGS_unat, cpu_user_regs, ar_unat);
    OFFSET(UREGS_ccv, cpu_user_regs, ar_ccv);
    OFFSET(UREGS_fpsr, cpu_user_regs, ar_fpsr);
    OFFSET(UREGS_csd, cpu_user_regs, ar_csd);
    OFFSET(UREGS_ssd, cpu_user_regs, ar_ssd);
    OFFSET(UREGS_lc, cpu_user_regs, ar_lc);
    OFFSET(UREGS_ec, cpu_user_regs, ar_ec);
    OFFSET(UREGS_loadrs, cpu_user_regs, loadrs);
    OFFSET(UREGS_vector, cpu_user_regs, vector);
    OFFSET(UREGS_fr6, cpu_user_regs, fr6_11);
    DEFINE(UREGS_SIZE, sizeof(struct cpu_user_regs));
    BLANK();

    /* Processor: the guest's own registers, for hyperprivop.S. */
    OFFSET(MAPPED_vbank1, mapped_regs, vbank1);
    OFFSET(MAPPED_vbank0, mapped_regs, vbank0);
    OFFSET(MAPPED_vnat, mapped_regs, vnat);
    OFFSET(MAPPED_vbnat, mapped_regs, vbnat);
    OFFSET(MAPPED_vpsr, mapped_regs, vpsr);
    OFFSET(MAPPED_vcr, mapped_regs, vcr);
    OFFSET(MAPPED_ic, mapped_regs, interrupt_collection_enabled);
    OFFSET(MAPPED_pending, mapped_regs, pending_interruption);
    OFFSET(MAPPED_incomplete, mapped_regs, incomplete_regframe);
    OFFSET(MAPPED_banknum, mapped_regs, banknum);
    OFFSET(MAPPED_itc_offset, mapped_regs, itc_offset);
    OFFSET(MAPPED_metaphysical, mapped_regs, metaphysical_mode);
    OFFSET(MAPPED_rrs, mapped_regs, rrs);
    OFFSET(MAPPED_krs, mapped_regs, krs);
    BLANK();
}
