/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The register files addressed by a GR: rr, pkr, dbr, ibr, pmc, pmd, cpuid (SDM 3: mov indirect
 * page; 2:4.1.2, 4.1.3, 7.1, 7.2). Order of checks: privilege, NaT, index, value, psr.vm.
 */
#include "sim/cpu/engine.h"
#include "sim/cpu/pmu.h"
#include "sim/cpu/system.h"
#include "sim/mmu/dbr.h"
#include "sim/mmu/mmu.h"

static unsigned index_of(struct cpu *cpu, const struct isa_insn *in, unsigned limit)
{
    unsigned i = gr_consume(cpu, in->r3, 0) & 0xff;

    if (i >= limit)
        raise_reserved_reg_field(cpu);
    return i;
}

/* The two operands of a write: NaT in either, then the index. */
static unsigned write_operands(struct cpu *cpu, const struct isa_insn *in, unsigned limit,
                               uint64_t *v)
{
    exec_priv(cpu);
    *v = gr_consume(cpu, in->r2, 0);
    return index_of(cpu, in, limit);
}

static unsigned read_operands(struct cpu *cpu, const struct isa_insn *in, unsigned limit)
{
    unsigned i;

    exec_priv(cpu);
    i = index_of(cpu, in, limit);
    exec_virt(cpu);
    return i;
}

void x_mov_to_rr(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v, index;

    exec_priv(cpu);
    v = gr_consume(cpu, in->r2, 0);
    index = gr_consume(cpu, in->r3, 0);
    if (v >> 32 || (v & 2) || !page_size_ok(rr_ps(v)))
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    if (cpu->rr[va_vrn(index)] == v)
        return;
    cpu->rr[va_vrn(index)] = v;
    fast_drop_region(cpu, va_vrn(index));
    code_flush_region(cpu, va_vrn(index));
}

void x_mov_from_rr(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t index;

    exec_priv(cpu);
    index = gr_consume(cpu, in->r3, 0);
    exec_virt(cpu);
    gr_write(cpu, in->r1, cpu->rr[va_vrn(index)], 0);
}

void x_mov_to_pkr(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;
    unsigned i = write_operands(cpu, in, N_PKR, &v);

    if (v & 0xffffffff000000f0ull)
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    /* At most one valid register holds a key: an older one is invalidated (SDM 2:4.1.3). */
    if (v & PKR_V)
        for (unsigned k = 0; k < N_PKR; k++)
            if (k != i && (cpu->pkr[k] & PKR_V) && cpu->pkr[k] >> 8 == v >> 8)
                cpu->pkr[k] &= ~(uint64_t)PKR_V;
    cpu->pkr[i] = v;
    if (cpu->psr & PSR_PK)
        mem_flush(cpu);
}

void x_mov_from_pkr(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = read_operands(cpu, in, N_PKR);
    gr_write(cpu, in->r1, cpu->pkr[i], 0);
}

void x_mov_to_dbr(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;
    unsigned i = write_operands(cpu, in, N_DBR, &v);

    exec_virt(cpu);
    if (i & 1)
        v &= ~(3ull << 60); /* ignored */
    cpu->dbr[i] = v;
    cpu->mmu->dbr_active = false;
    for (unsigned k = 1; k < N_DBR; k += 2)
        if (cpu->dbr[k] >> 62)
            cpu->mmu->dbr_active = true;
    mem_select_mode(cpu);
}

void x_mov_from_dbr(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = read_operands(cpu, in, N_DBR);
    gr_write(cpu, in->r1, cpu->dbr[i], 0);
}

void x_mov_to_ibr(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;
    unsigned i = write_operands(cpu, in, N_IBR, &v);

    exec_virt(cpu);
    if (i & 1)
        v &= ~(7ull << 60); /* ignored */
    cpu->ibr[i] = v;
    cpu_set_psr(cpu, cpu->psr); /* psr.db with an enabled pair single-steps */
}

void x_mov_from_ibr(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = read_operands(cpu, in, N_IBR);
    gr_write(cpu, in->r1, cpu->ibr[i], 0);
}

/* Monitors beyond the implemented ones are ignored when written and read 0: no fault (SDM 2:7.2).
 */
void x_mov_to_pmc(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;
    unsigned i = write_operands(cpu, in, 256, &v);

    exec_virt(cpu);
    pmu_write_pmc(cpu, i, v);
}

void x_mov_from_pmc(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = read_operands(cpu, in, 256);
    gr_write(cpu, in->r1, pmu_read_pmc(cpu, i), 0);
}

void x_mov_to_pmd(struct cpu *cpu, const struct isa_insn *in)
{
    uint64_t v;
    unsigned i = write_operands(cpu, in, 256, &v);

    exec_virt(cpu);
    pmu_write_pmd(cpu, i, v);
}

void x_mov_from_pmd(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = gr_consume(cpu, in->r3, 0) & 0xff;
    bool hidden = (cpu->psr & PSR_SP) || (i >= PMU_FIRST && i <= PMU_LAST && cpu->pmc[i] >> 6 & 1);

    /* Users see 0 where the system keeps its monitors to itself. */
    gr_write(cpu, in->r1, cpu->cpl != 0 && hidden ? 0 : pmu_read_pmd(cpu, i), 0);
}

void x_mov_from_cpuid(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned i = index_of(cpu, in, 5);

    exec_virt(cpu);
    gr_write(cpu, in->r1, cpu->cpuid[i], 0);
}
