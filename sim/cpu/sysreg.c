/* SPDX-License-Identifier: GPL-2.0-only
 *
 * mov to and from control registers (SDM 3: mov cr page; registers 2:3.3.4, 3.3.5, 5.8.3). The
 * table says per register which bits are reserved (a fault when written as 1) and which are ignored
 * (read as 0); what a write sets off is in the switch.
 */
#include "sim/cpu/sapic.h"
#include "sim/cpu/system.h"
#include "sim/mmu/mmu.h"

#define BIT(n)       (1ull << (n))
#define BITS(hi, lo) ((~0ull >> (63 - (hi))) & (~0ull << (lo)))

struct field {
    uint64_t reserved, ignored;
};

/* Reserved bits of PSR: 0, 6-12, 16, 28-31, 47-63 (SDM 2:3.3.2). */
#define PSR_RESERVED (BIT(0) | BITS(12, 6) | BIT(16) | BITS(31, 28) | BITS(63, 47))
/* Vector registers ITV, PMV, CMCV: vector 7:0, m 16 (SDM 2:5.8.3). */
#define VECTOR_REG                                                                                 \
    {                                                                                              \
        BITS(11, 8) | BITS(15, 13), BIT(12) | BITS(63, 17)                                         \
    }

static const struct field cr_field[128] = {
    [CR_DCR] = {BITS(7, 3) | BITS(63, 15), 0},
    [CR_IVA] = {0, BITS(14, 0)},
    [CR_PTA] = {BIT(1) | BITS(14, 9), 0},
    [CR_IPSR] = {PSR_RESERVED, 0},
    [CR_ISR] = {BITS(31, 24) | BITS(63, 44), 0},
    /* ITIR: reserved fields are checked when a translation is inserted (the manual allows either).
     */
    [CR_IFS] = {BITS(62, 38), 0},
    [CR_IHA] = {0, BITS(1, 0)},
    [CR_LID] = {BITS(15, 0), BITS(63, 32)},
    [CR_TPR] = {BITS(15, 8), BITS(3, 0) | BITS(63, 17)},
    [CR_EOI] = {0, BITS(63, 0)},
    [CR_ITV] = VECTOR_REG,
    [CR_PMV] = VECTOR_REG,
    [CR_CMCV] = VECTOR_REG,
    [CR_LRR0] = {BIT(11) | BIT(14), BIT(12) | BITS(63, 17)},
    [CR_LRR1] = {BIT(11) | BIT(14), BIT(12) | BITS(63, 17)},
};

static bool cr_exists(unsigned cr)
{
    switch (cr) {
    case CR_DCR:
    case CR_ITM:
    case CR_IVA:
    case CR_PTA:
    case CR_IPSR:
    case CR_ISR:
    case CR_IIP:
    case CR_IFA:
    case CR_ITIR:
    case CR_IIPA:
    case CR_IFS:
    case CR_IIM:
    case CR_IHA:
    case CR_IIB0:
    case CR_IIB1:
    case CR_LID:
    case CR_IVR:
    case CR_TPR:
    case CR_EOI:
    case CR_IRR0:
    case CR_IRR0 + 1:
    case CR_IRR0 + 2:
    case CR_IRR3:
    case CR_ITV:
    case CR_PMV:
    case CR_CMCV:
    case CR_LRR0:
    case CR_LRR1:
        return true;
    default:
        return false;
    }
}
static bool cr_read_only(unsigned cr)
{
    return cr == CR_IVR || (cr >= CR_IRR0 && cr <= CR_IRR3);
}
static bool cr_interruption(unsigned cr)
{
    return cr >= CR_IPSR && cr <= CR_IIB1;
}

void x_mov_from_cr(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned cr = in->cr3;
    uint64_t v;

    if (!cr_exists(cr) || (cr_interruption(cr) && cpu->psr & PSR_IC))
        raise_illegal_op(cpu);
    exec_priv(cpu);
    exec_virt(cpu);
    if (cr == CR_IVR)
        v = sapic_read_ivr(cpu);
    else if (cr >= CR_IRR0 && cr <= CR_IRR3)
        v = sapic_read_irr(cpu, cr - CR_IRR0);
    else
        v = cpu->cr[cr];
    gr_write(cpu, in->r1, v, 0);
}

static bool cr_reserved_value(unsigned cr, uint64_t v)
{
    if (v & cr_field[cr].reserved)
        return true;
    if (cr == CR_PTA) {
        unsigned size = v >> 2 & 63;
        return size < 15 || size > IMPL_VA_MSB;
    }
    return false;
}

void x_mov_to_cr(struct cpu *cpu, const struct isa_insn *in)
{
    unsigned cr = in->cr3;
    uint64_t v;

    if (!cr_exists(cr) || cr_read_only(cr) || (cr_interruption(cr) && cpu->psr & PSR_IC))
        raise_illegal_op(cpu);
    exec_priv(cpu);
    v = gr_consume(cpu, in->r2, 0);
    if (cr_reserved_value(cr, v))
        raise_reserved_reg_field(cpu);
    exec_virt(cpu);
    v &= ~cr_field[cr].ignored;
    switch (cr) {
    case CR_EOI:
        sapic_write_eoi(cpu);
        return;
    case CR_TPR:
        sapic_write_tpr(cpu, v);
        return;
    case CR_ITM:
    case CR_ITV:
        cpu->cr[cr] = v;
        sapic_timer_changed(cpu);
        return;
    default:
        /* dcr and pta act when the next miss or speculative load looks at them. */
        cpu->cr[cr] = v;
        return;
    }
}
