/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The remaining system instructions: break, fences, serialization, cache line flush, nops (SDM 3:
 * their pages), and the table of all system executors but those on translations (tlb_insn.c).
 */
#include "sim/cpu/cost.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/system.h"
#include "sim/mmu/mmu.h"

static void x_nothing(struct cpu *cpu, const struct isa_insn *in)
{
    /* nop, hint; mf, mf.a, fwb: memory is sequentially consistent here; sync.i: stores reach the
     * fetch unit at once. */
    (void)cpu;
    (void)in;
}

static void x_sync_i(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    cpu_charge(cpu, COST_SERIALIZE);
}

static void x_break(struct cpu *cpu, const struct isa_insn *in)
{
    raise_break(cpu, in->imm & 0x1fffff); /* of imm62 the low 21 bits */
}

static void x_break_b(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    raise_break(cpu, 0); /* the immediate is ignored (SDM 3: break page) */
}

/* fc, fc.i: caches are not modelled, but code decoded from the line has to go; stores drop it too,
 * so this only matters for what devices wrote. */
static void x_fc(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t va = gr_consume(cpu, in->r3, ISR_NA | ISR_R | NA_FC);
    const uint8_t *host;

    if (cpu->m->user_mode) {
        struct xlat x;
        struct intr i;
        if (!cpu->m->ops->translate(cpu, va, ACC_R | ACC_NA, cpu->cpl, &x, &i))
            cpu_raise(cpu, &i);
        host = x.host;
    } else {
        host = mmu_fc(cpu, va);
    }
    if (host && code_page_present(cpu->m, host))
        code_page_dirty(cpu->m, host);
}

EXEC_TABLE(system){
    {ISA_BREAK_M_M37, x_break},
    {ISA_BREAK_I_I19, x_break},
    {ISA_BREAK_F_F15, x_break},
    {ISA_BREAK_B_B9, x_break_b},
    {ISA_BREAK_X_X1, x_break},
    {ISA_NOP_M_M48, x_nothing},
    {ISA_NOP_I_I18, x_nothing},
    {ISA_NOP_F_F16, x_nothing},
    {ISA_NOP_B_B9, x_nothing},
    {ISA_NOP_X_X5, x_nothing},
    {ISA_HINT_M_M48, x_nothing},
    {ISA_HINT_I_I18, x_nothing},
    {ISA_HINT_F_F16, x_nothing},
    {ISA_HINT_B_B9, x_nothing},
    {ISA_HINT_X_X5, x_nothing},
    {ISA_MF_M24, x_nothing},
    {ISA_MF_A_M24, x_nothing},
    {ISA_FWB_M24, x_nothing},
    {ISA_SYNC_I_M24, x_sync_i},
    {ISA_SRLZ_D_M24, x_srlz_d},
    {ISA_SRLZ_I_M24, x_srlz_i},
    {ISA_FC_M28, x_fc},
    {ISA_FC_I_M28, x_fc},
    {ISA_MOV_M_M29, x_mov_to_ar},
    {ISA_MOV_M_M30, x_mov_to_ar_imm},
    {ISA_MOV_M_M31, x_mov_from_ar},
    {ISA_MOV_I_I26, x_mov_to_ar},
    {ISA_MOV_I_I27, x_mov_to_ar_imm},
    {ISA_MOV_I_I28, x_mov_from_ar},
    {ISA_MOV_CR_M32, x_mov_to_cr},
    {ISA_MOV_CR_M33, x_mov_from_cr},
    {ISA_MOV_PSR_L_M35, x_mov_to_psr_l},
    {ISA_MOV_PSR_UM_M35, x_mov_to_psr_um},
    {ISA_MOV_PSR_M36, x_mov_from_psr},
    {ISA_MOV_PSR_UM_M36, x_mov_from_psr_um},
    {ISA_SUM_M44, x_sum},
    {ISA_RUM_M44, x_rum},
    {ISA_SSM_M44, x_ssm},
    {ISA_RSM_M44, x_rsm},
    {ISA_VMSW_0_B8, x_vmsw_0},
    {ISA_VMSW_1_B8, x_vmsw_1},
    {ISA_MOV_RR_M42, x_mov_to_rr},
    {ISA_MOV_RR_M43, x_mov_from_rr},
    {ISA_MOV_PKR_M42, x_mov_to_pkr},
    {ISA_MOV_PKR_M43, x_mov_from_pkr},
    {ISA_MOV_DBR_M42, x_mov_to_dbr},
    {ISA_MOV_DBR_M43, x_mov_from_dbr},
    {ISA_MOV_IBR_M42, x_mov_to_ibr},
    {ISA_MOV_IBR_M43, x_mov_from_ibr},
    {ISA_MOV_PMC_M42, x_mov_to_pmc},
    {ISA_MOV_PMC_M43, x_mov_from_pmc},
    {ISA_MOV_PMD_M42, x_mov_to_pmd},
    {ISA_MOV_PMD_M43, x_mov_from_pmd},
    {ISA_MOV_CPUID_M43, x_mov_from_cpuid},
    EXEC_END,
};
