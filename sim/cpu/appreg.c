/* SPDX-License-Identifier: GPL-2.0-only
 *
 * mov to and from application registers, M- and I-unit (SDM 3: mov ar page; registers 1:3.1.8). The
 * decoder has refused registers of the other unit and reserved ones; user-level executors, so
 * usable by --user as they are.
 */
#include "sim/cpu/engine.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/cpu/system.h"

static bool ar_ignored(unsigned ar)
{
    return (ar >= 48 && ar < 64) || ar >= 112;
}

static bool ar_exists(unsigned unit, unsigned ar)
{
    if (ar_ignored(ar))
        return true;
    switch (ar) {
    case AR_PFS:
    case AR_LC:
    case AR_EC:
        return unit == ISA_UNIT_I;
    case AR_RSC:
    case AR_BSP:
    case AR_BSPSTORE:
    case AR_RNAT:
    case AR_FCR:
    case AR_EFLAG:
    case AR_CSD:
    case AR_SSD:
    case AR_CFLG:
    case AR_FSR:
    case AR_FIR:
    case AR_FDR:
    case AR_CCV:
    case AR_UNAT:
    case AR_FPSR:
    case AR_ITC:
    case AR_RUC:
        return unit == ISA_UNIT_M;
    default:
        return ar <= AR_K7 && unit == ISA_UNIT_M;
    }
}

static bool rse_enforced_lazy(const struct cpu *cpu)
{
    return (cpu->ar[AR_RSC] & 3) == 0;
}

/* SDM 1:5.2: reserved bits 63:58, precision control 1 in any status field, sf0.td. */
static bool fpsr_reserved(uint64_t v)
{
    if (v >> 58 || v >> 12 & 1)
        return true;
    for (unsigned sf = 0; sf < 4; sf++)
        if ((v >> (6 + 13 * sf + 2) & 3) == 1)
            return true;
    return false;
}

static bool ar_reserved_value(unsigned ar, uint64_t v)
{
    switch (ar) {
    case AR_RSC: /* mode 1:0, pl 3:2, be 4, loadrs 29:16 */
        return v & ~0x3fff001full;
    case AR_PFS: /* pfm 37:0, pec 57:52, ppl 63:62 */
        return v & 0x3c0fffc000000000ull;
    case AR_FPSR:
        return fpsr_reserved(v);
    default:
        return false;
    }
}

void x_mov_from_ar(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned ar = in->ar3;
    uint64_t v;

    if (!ar_exists(in->unit, ar))
        raise_illegal_op(cpu);
    switch (ar) {
    case AR_BSPSTORE:
    case AR_RNAT:
        if (!rse_enforced_lazy(cpu))
            raise_illegal_op(cpu);
        v = ar == AR_RNAT ? rse_rnat(cpu) : rse_bspstore(cpu);
        break;
    case AR_BSP:
        v = rse_bsp(cpu);
        break;
    case AR_ITC:
    case AR_RUC:
        if ((cpu->psr & PSR_SI) && cpu->cpl != 0)
            raise_priv_reg(cpu);
        if (cpu->psr & PSR_SI)
            exec_virt(cpu);
        v = (uint64_t)cpu_cycles_now(cpu) +
            (ar == AR_ITC ? (uint64_t)cpu->itc_offset : cpu->ar[AR_RUC]);
        break;
    default:
        v = ar_ignored(ar) ? 0 : cpu->ar[ar];
    }
    gr_write(cpu, in->r1, v, 0);
}

static void mov_to_ar(struct cpu *cpu, const struct isa_insn *in, bool imm)
{
    unsigned ar = in->ar3;
    uint64_t v;

    if (!ar_exists(in->unit, ar) || ar == AR_BSP ||
        ((ar == AR_BSPSTORE || ar == AR_RNAT) && !rse_enforced_lazy(cpu)))
        raise_illegal_op(cpu);
    v = imm ? in->imm : gr_consume(cpu, in->r2, 0);
    if (ar_reserved_value(ar, v))
        raise_reserved_reg_field(cpu);
    if ((ar <= AR_K7 || ar == AR_ITC || ar == AR_RUC) && cpu->cpl != 0)
        raise_priv_reg(cpu);
    switch (ar) {
    case AR_RSC:
        /* Nobody becomes more privileged through the RSE (SDM 2:6.5.1). */
        if ((v >> 2 & 3) < cpu->cpl)
            v = (v & ~0xcull) | (uint64_t)cpu->cpl << 2;
        cpu->ar[AR_RSC] = v;
        break;
    case AR_BSPSTORE:
        rse_set_bspstore(cpu, v & ~7ull);
        break;
    case AR_RNAT:
        rse_set_rnat(cpu, v & ~(1ull << 63));
        break;
    case AR_EC:
        cpu->ar[AR_EC] = v & 63;
        break;
    case AR_ITC:
        exec_virt(cpu);
        cpu->itc_offset = (int64_t)(v - (uint64_t)cpu_cycles_now(cpu));
        sapic_timer_changed(cpu);
        break;
    case AR_RUC: /* ar[AR_RUC] is what it is ahead of cpu->cycles */
        exec_virt(cpu);
        cpu->ar[AR_RUC] = v - (uint64_t)cpu_cycles_now(cpu);
        break;
    default:
        if (!ar_ignored(ar))
            cpu->ar[ar] = v;
    }
}

void x_mov_to_ar(struct cpu *cpu, const struct isa_insn *in)
{
    mov_to_ar(cpu, in, false);
}

void x_mov_to_ar_imm(struct cpu *cpu, const struct isa_insn *in)
{
    mov_to_ar(cpu, in, true);
}
