/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Instructions on translations: itc, itr, ptc, ptr, thash, ttag, tpa, tak, probe (SDM 3: their
 * pages). Each checks in the order of its page: illegal operation, privilege, NaT, reserved,
 * psr.vm; the work is sim/mmu's.
 */
#include "sim/cpu/alat.h"
#include "sim/cpu/system.h"
#include "sim/mmu/mmu.h"
#include "sim/debug/stats.h"

static void itc(struct cpu *cpu, const struct isa_insn *in, bool instruction)
{
    uint64_t pte;

    if (cpu->psr & PSR_IC)
        raise_illegal_op(cpu);
    exec_priv(cpu);
    pte = gr_consume(cpu, in->r2, 0);
    if (tlb_reserved(pte, cpu->cr[CR_ITIR]))
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    STAT_INC(cpu, tc_insert);
    tlb_insert(cpu, instruction, -1, cpu->cr[CR_IFA], pte, cpu->cr[CR_ITIR]);
}
static void x_itc_d(struct cpu *cpu, const struct isa_insn *in)
{
    itc(cpu, in, false);
}
static void x_itc_i(struct cpu *cpu, const struct isa_insn *in)
{
    itc(cpu, in, true);
}

static void itr(struct cpu *cpu, const struct isa_insn *in, bool instruction)
{
    uint64_t pte, slot;

    if (cpu->psr & PSR_IC)
        raise_illegal_op(cpu);
    exec_priv(cpu);
    slot = gr_consume(cpu, in->r3, 0) & 0xff;
    pte = gr_consume(cpu, in->r2, 0);
    if (slot >= N_TR || tlb_reserved(pte, cpu->cr[CR_ITIR]))
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    STAT_INC(cpu, tr_insert);
    tlb_insert(cpu, instruction, (int)slot, cpu->cr[CR_IFA], pte, cpu->cr[CR_ITIR]);
}
static void x_itr_d(struct cpu *cpu, const struct isa_insn *in)
{
    itr(cpu, in, false);
}
static void x_itr_i(struct cpu *cpu, const struct isa_insn *in)
{
    itr(cpu, in, true);
}

/* Operands of ptc.l, ptc.g, ptr: address and log2 of the size. */
static uint64_t purge_operands(struct cpu *cpu, const struct isa_insn *in, unsigned *ps)
{
    uint64_t va;

    exec_priv(cpu);
    va = gr_consume(cpu, in->r3, 0);
    *ps = gr_consume(cpu, in->r2, 0) >> 2 & 63;
    exec_virt(cpu);
    return va;
}

static void x_ptc_l(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned ps;
    uint64_t va = purge_operands(cpu, in, &ps);

    STAT_INC(cpu, tlb_purge);
    tlb_purge_tc(cpu, va, ps, rr_rid(cpu->rr[va_vrn(va)]), false);
}

/* Every processor is in the one coherence domain; the broadcast is complete before the next
 * instruction. */
static void ptc_g(struct cpu *cpu, const struct isa_insn *in, bool alat)
{
    unsigned ps;
    uint64_t va = purge_operands(cpu, in, &ps);
    uint32_t rid = rr_rid(cpu->rr[va_vrn(va)]);

    for (unsigned i = 0; i < cpu->m->ncpu; i++) {
        struct cpu *c = cpu->m->cpu[i];
        STAT_INC(c, tlb_purge);
        tlb_purge_tc(c, va, ps, rid, c != cpu);
        if (alat && c != cpu)
            alat_purge_page(c, va, ps);
    }
}
static void x_ptc_g(struct cpu *cpu, const struct isa_insn *in)
{
    ptc_g(cpu, in, false);
}
static void x_ptc_ga(struct cpu *cpu, const struct isa_insn *in)
{
    ptc_g(cpu, in, true);
}

static void x_ptc_e(struct cpu *cpu, const struct isa_insn *in)
{
    exec_priv(cpu);
    gr_consume(cpu, in->r3, 0);
    exec_virt(cpu);
    STAT_INC(cpu, tlb_purge);
    tlb_purge_all(cpu); /* PAL_PTCE_INFO: one iteration */
}

static void x_ptr_d(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned ps;
    uint64_t va = purge_operands(cpu, in, &ps);

    STAT_INC(cpu, tlb_purge);
    tlb_purge_tr(cpu, false, va, ps, rr_rid(cpu->rr[va_vrn(va)]));
}
static void x_ptr_i(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned ps;
    uint64_t va = purge_operands(cpu, in, &ps);

    STAT_INC(cpu, tlb_purge);
    tlb_purge_tr(cpu, true, va, ps, rr_rid(cpu->rr[va_vrn(va)]));
}

/* Not privileged, but virtualized. A NaT address gives NaT instead of a fault. */
static void x_thash(struct cpu *cpu, const struct isa_insn *in)
{
    struct gr a;

    exec_virt(cpu);
    a = *gr(cpu, in->r3);
    gr_write(cpu, in->r1, a.n ? 0 : vhpt_hash(cpu, a.v), (unsigned)a.n);
}
static void x_ttag(struct cpu *cpu, const struct isa_insn *in)
{
    struct gr a;

    exec_virt(cpu);
    a = *gr(cpu, in->r3);
    gr_write(cpu, in->r1, a.n ? 0 : vhpt_tag(cpu, a.v), (unsigned)a.n);
}

/* Their Privileged Operation fault says which non-access instruction it was. */
static void priv_nonaccess(struct cpu *cpu, uint64_t na)
{
    if (cpu->cpl != 0)
        cpu_raise(cpu,
                  &(struct intr){.vector = VEC_GENERAL, .isr = GE_PRIV_OPERATION | ISR_NA | na});
}

static void x_tpa(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t va;

    priv_nonaccess(cpu, NA_TPA);
    va = gr_consume(cpu, in->r3, ISR_NA | NA_TPA);
    exec_virt(cpu);
    gr_write(cpu, in->r1, mmu_tpa(cpu, va), 0);
}

static void x_tak(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t va;

    priv_nonaccess(cpu, NA_TAK);
    va = gr_consume(cpu, in->r3, ISR_NA | NA_TAK);
    exec_virt(cpu);
    gr_write(cpu, in->r1, mmu_tak(cpu, va), 0);
}

static uint64_t isr_rw(unsigned acc)
{
    return (acc & ACC_R ? ISR_R : 0) | (acc & ACC_W ? ISR_W : 0);
}

/* Nobody can ask with more privilege than he has. */
static unsigned probe_level(const struct cpu *cpu, uint64_t pl)
{
    return (pl & 3) < cpu->cpl ? cpu->cpl : pl & 3;
}

static void probe(struct cpu *cpu, const struct isa_insn *in, unsigned acc, bool reg)
{
    const uint64_t access = ISR_NA | NA_PROBE | isr_rw(acc);
    uint64_t va = gr_consume(cpu, in->r3, access);
    uint64_t pl = reg ? gr_consume(cpu, in->r2, access) : in->imm;

    gr_write(cpu, in->r1, mmu_probe(cpu, va, acc, probe_level(cpu, pl)), 0);
}
static void x_probe_r_reg(struct cpu *cpu, const struct isa_insn *in)
{
    probe(cpu, in, ACC_R, true);
}
static void x_probe_w_reg(struct cpu *cpu, const struct isa_insn *in)
{
    probe(cpu, in, ACC_W, true);
}
static void x_probe_r_imm(struct cpu *cpu, const struct isa_insn *in)
{
    probe(cpu, in, ACC_R, false);
}
static void x_probe_w_imm(struct cpu *cpu, const struct isa_insn *in)
{
    probe(cpu, in, ACC_W, false);
}

static void probe_fault(struct cpu *cpu, const struct isa_insn *in, unsigned acc)
{
    uint64_t va = gr_consume(cpu, in->r3, ISR_NA | NA_PROBE_FAULT | isr_rw(acc));

    mmu_probe_fault(cpu, va, acc, probe_level(cpu, in->imm));
}
static void x_probe_r_fault(struct cpu *cpu, const struct isa_insn *in)
{
    probe_fault(cpu, in, ACC_R);
}
static void x_probe_w_fault(struct cpu *cpu, const struct isa_insn *in)
{
    probe_fault(cpu, in, ACC_W);
}
static void x_probe_rw_fault(struct cpu *cpu, const struct isa_insn *in)
{
    probe_fault(cpu, in, ACC_RW);
}

EXEC_TABLE(tlb){
    {ISA_ITC_D_M41, x_itc_d},
    {ISA_ITC_I_M41, x_itc_i},
    {ISA_ITR_D_M42, x_itr_d},
    {ISA_ITR_I_M42, x_itr_i},
    {ISA_PTC_L_M45, x_ptc_l},
    {ISA_PTC_G_M45, x_ptc_g},
    {ISA_PTC_GA_M45, x_ptc_ga},
    {ISA_PTC_E_M47, x_ptc_e},
    {ISA_PTR_D_M45, x_ptr_d},
    {ISA_PTR_I_M45, x_ptr_i},
    {ISA_THASH_M46, x_thash},
    {ISA_TTAG_M46, x_ttag},
    {ISA_TPA_M46, x_tpa},
    {ISA_TAK_M46, x_tak},
    {ISA_PROBE_R_M38, x_probe_r_reg},
    {ISA_PROBE_W_M38, x_probe_w_reg},
    {ISA_PROBE_R_M39, x_probe_r_imm},
    {ISA_PROBE_W_M39, x_probe_w_imm},
    {ISA_PROBE_R_FAULT_M40, x_probe_r_fault},
    {ISA_PROBE_W_FAULT_M40, x_probe_w_fault},
    {ISA_PROBE_RW_FAULT_M40, x_probe_rw_fault},
    EXEC_END,
};
