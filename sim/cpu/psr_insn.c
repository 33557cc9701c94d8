/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Instructions that read and change PSR: mov psr, ssm, rsm, sum, rum, srlz, vmsw (SDM 3: their
 * pages; 2:3.3.2). Changes take effect at once, which the manual allows; only for psr.ic is the
 * time until serialization remembered, since it decides about Data Nested TLB faults (SDM 2:4.1.8).
 */
#include "sim/cpu/cost.h"
#include "sim/cpu/system.h"
#include "sim/mmu/mmu.h"

/* Reserved bits of the system mask (23:0), of PSR{31:0} and of the user mask. */
#define SM_RESERVED 0x0000000000011fc1ull
#define L_RESERVED  (SM_RESERVED | 0xf0000000ull)
#define UM_RESERVED (~0x3eull)

static void set_psr(struct cpu *cpu, uint64_t psr)
{
    bool ic_changed = (cpu->psr ^ psr) & PSR_IC, inflight = cpu->mmu->ic_inflight;

    if (psr == cpu->psr)
        return;
    cpu_set_psr(cpu, psr);
    cpu->mmu->ic_inflight = inflight || ic_changed;
}

/* psr.up is the system's when psr.sp is set. */
static uint64_t um_writable(const struct cpu *cpu)
{
    return cpu->psr & PSR_SP ? PSR_UM & ~PSR_UP : PSR_UM;
}

void x_mov_to_psr_l(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;

    exec_priv(cpu);
    v = gr_consume(cpu, in->r2, 0);
    if (v & L_RESERVED)
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    set_psr(cpu, (cpu->psr & ~0xffffffffull) | (v & 0xffffffff));
}

void x_mov_from_psr(struct cpu *cpu, const struct isa_insn *in)
{
    exec_priv(cpu);
    exec_virt(cpu);
    gr_write(cpu, in->r1, cpu->psr & (0xffffffffull | PSR_MC | PSR_IT), 0);
}

void x_mov_to_psr_um(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v = gr_consume(cpu, in->r2, 0), mask = um_writable(cpu);

    if (v & UM_RESERVED)
        raise_reserved_reg_field(cpu);
    set_psr(cpu, (cpu->psr & ~mask) | (v & mask));
}

void x_mov_from_psr_um(struct cpu *cpu, const struct isa_insn *in)
{
    gr_write(cpu, in->r1, cpu->psr & PSR_UM, 0);
}

void x_sum(struct cpu *cpu, const struct isa_insn *in)
{
    if (in->imm & UM_RESERVED)
        raise_reserved_reg_field(cpu);
    set_psr(cpu, cpu->psr | (in->imm & um_writable(cpu)));
}

void x_rum(struct cpu *cpu, const struct isa_insn *in)
{
    if (in->imm & UM_RESERVED)
        raise_reserved_reg_field(cpu);
    set_psr(cpu, cpu->psr & ~(in->imm & um_writable(cpu)));
}

static uint64_t system_mask(struct cpu *cpu, const struct isa_insn *in)
{
    exec_priv(cpu);
    if (in->imm & SM_RESERVED)
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    return in->imm & 0xffffff;
}

void x_ssm(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t mask = system_mask(cpu, in);
    set_psr(cpu, cpu->psr | mask);
}

void x_rsm(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t mask = system_mask(cpu, in);
    set_psr(cpu, cpu->psr & ~mask);
}

void x_srlz_d(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    cpu->mmu->ic_inflight = false;
}

void x_srlz_i(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    cpu->mmu->ic_inflight = false;
    cpu_charge(cpu, COST_SERIALIZE);
}

/* vmsw (SDM 3: vmsw page): at privilege level 0, from a translated page with access rights 7; else
 * it takes a Virtualization fault, whatever psr.vm. */
static void vmsw(struct cpu *cpu, uint64_t vm)
{
    exec_priv(cpu);
    if (mmu_itlb_ar(cpu) != 7)
        raise_virtualization(cpu);
    set_psr(cpu, (cpu->psr & ~PSR_VM) | vm);
}

void x_vmsw_0(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    vmsw(cpu, 0);
}

void x_vmsw_1(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    vmsw(cpu, PSR_VM);
}
