/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The table of docs/abi.md for the tests: see pairs.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include "tests/privify/pairs.h"
#include "xen/xen/include/public/arch-ia64/privop.h"

/* Shapes: '=' GR[a] = file[GR[b]] or function of GR[b]; '[' file[GR[a]] = GR[b], or address and
 * size; '<' GR[a] = ...; '>' ... = GR[b]; 'e' GR[a] alone; 'c' GR[a] = cr[b]; 'C' cr[a] = GR[b];
 * 'k' GR[a] = ar.k[b]; 'K' ar.k[a] = GR[b]; 'i' ar.rsc = imm8; 'f', 'F' fc and fc.i GR[b]; 'm' a
 * mask; '0' nothing. */
#define OP(macro) #macro, XEN_PRIVOP_##macro
const struct pair_op pair_ops[PAIR_OPS] = {
    {"thash", OP(THASH), ISA_THASH_M46, '=', 0, 0},
    {"ttag", OP(TTAG), ISA_TTAG_M46, '=', 0, 0},
    {"=cpuid", OP(GET_CPUID), ISA_MOV_CPUID_M43, '=', 0, 0},
    {"=pmd", OP(GET_PMD), ISA_MOV_PMD_M43, '=', 0, 0},
    {"cover", OP(COVER), ISA_COVER_B8, '0', 0, 0},
    {"fc", OP(FC), ISA_FC_M28, 'f', 0, 0},
    {"fc.i", OP(FC), ISA_FC_I_M28, 'F', 0, 0},
    {"=ar.k", OP(GET_KR), ISA_MOV_M_M31, 'k', 0, 0},
    {"=ar.itc", OP(GET_ITC), ISA_MOV_M_M31, '<', 0, 0},
    {"=ar.rsc", OP(GET_RSC), ISA_MOV_M_M31, '<', 0, 0},
    {"ar.rsc=", OP(SET_RSC), ISA_MOV_M_M29, '>', 0, 0},
    {"ar.rsc=i", OP(SET_RSC_IMM), ISA_MOV_M_M30, 'i', 0, 0},
    {"rfi", OP(RFI), ISA_RFI_B8, '0', 0, 1},
    {"bsw.0", OP(BSW0), ISA_BSW_0_B8, '0', 0, 0},
    {"bsw.1", OP(BSW1), ISA_BSW_1_B8, '0', 0, 0},
    {"rsm", OP(RSM), ISA_RSM_M44, 'm', 0, 0},
    {"ssm", OP(SSM), ISA_SSM_M44, 'm', 0, 0},
    {"=psr", OP(GET_PSR), ISA_MOV_PSR_M36, '<', 0, 0},
    {"psr.l=", OP(SET_PSR), ISA_MOV_PSR_L_M35, '>', 0, 0},
    {"=cr", OP(GET_CR), ISA_MOV_CR_M33, 'c', 0, 0},
    {"cr=", OP(SET_CR), ISA_MOV_CR_M32, 'C', 0, 0},
    {"ar.k=", OP(SET_KR), ISA_MOV_M_M29, 'K', 0, 0},
    {"ar.itc=", OP(SET_ITC), ISA_MOV_M_M29, '>', 0, 0},
    {"=rr", OP(GET_RR), ISA_MOV_RR_M43, '=', 0, 0},
    {"rr=", OP(SET_RR), ISA_MOV_RR_M42, '[', 1, 0},
    {"=pkr", OP(GET_PKR), ISA_MOV_PKR_M43, '=', 0, 0},
    {"pkr=", OP(SET_PKR), ISA_MOV_PKR_M42, '[', 1, 0},
    {"=ibr", OP(GET_IBR), ISA_MOV_IBR_M43, '=', 0, 0},
    {"ibr=", OP(SET_IBR), ISA_MOV_IBR_M42, '[', 0, 0},
    {"=dbr", OP(GET_DBR), ISA_MOV_DBR_M43, '=', 0, 0},
    {"dbr=", OP(SET_DBR), ISA_MOV_DBR_M42, '[', 0, 0},
    {"=pmc", OP(GET_PMC), ISA_MOV_PMC_M43, '=', 0, 0},
    {"pmc=", OP(SET_PMC), ISA_MOV_PMC_M42, '[', 0, 0},
    {"pmd=", OP(SET_PMD), ISA_MOV_PMD_M42, '[', 0, 0},
    {"itc.d", OP(ITC_D), ISA_ITC_D_M41, '>', 1, 0},
    {"itc.i", OP(ITC_I), ISA_ITC_I_M41, '>', 1, 0},
    {"itr.d", OP(ITR_D), ISA_ITR_D_M42, '[', 1, 0},
    {"itr.i", OP(ITR_I), ISA_ITR_I_M42, '[', 1, 0},
    {"ptc.l", OP(PTC_L), ISA_PTC_L_M45, '[', 1, 0},
    {"ptc.g", OP(PTC_G), ISA_PTC_G_M45, '[', 1, 0},
    {"ptc.ga", OP(PTC_GA), ISA_PTC_GA_M45, '[', 1, 0},
    {"ptc.e", OP(PTC_E), ISA_PTC_E_M47, 'e', 1, 0},
    {"ptr.d", OP(PTR_D), ISA_PTR_D_M45, '[', 1, 0},
    {"ptr.i", OP(PTR_I), ISA_PTR_I_M45, '[', 1, 0},
    {"tpa", OP(TPA), ISA_TPA_M46, '=', 0, 0},
    {"tak", OP(TAK), ISA_TAK_M46, '=', 0, 0},
    /* Again, as the frequent ones. */
    {"rsm", OP(RSM), ISA_RSM_M44, 'm', 0, 0},
    {"ssm", OP(SSM), ISA_SSM_M44, 'm', 0, 0},
    {"=cr", OP(GET_CR), ISA_MOV_CR_M33, 'c', 0, 0},
};
enum { AGAIN = 46 };

/* Static, banked, stacked, rotating, outside most frames. */
static unsigned reg(struct rng *r)
{
    switch (rnd_below(r, 8)) {
    case 0:
        return 0;
    case 1:
    case 2:
        return 1 + (unsigned)rnd_below(r, 15);
    case 3:
    case 4:
        return 16 + (unsigned)rnd_below(r, 16);
    case 5:
    case 6:
        return 32 + (unsigned)rnd_below(r, 24);
    default:
        return (unsigned)rnd_below(r, 128);
    }
}
/* Mostly control registers that there are. */
static unsigned cr(struct rng *r)
{
    static const uint8_t known[] = {0,  1,  2,  8,  16, 17, 19, 20, 21, 22, 23, 24, 25, 26,
                                    27, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 80, 81};
    return rnd_one_in(r, 10) ? (unsigned)rnd_below(r, 128) : known[rnd_below(r, sizeof known)];
}

void pair_random(struct rng *r, struct pair *p)
{
    const unsigned index = (unsigned)rnd_below(r, PAIR_OPS);
    const struct pair_op *op = &pair_ops[index];
    const bool b_unit = isa_rows[op->op].units >> ISA_UNIT_B & 1;
    unsigned a = reg(r), b = reg(r);
    struct isa_insn o = {.op = (uint16_t)op->op}, brk;
    uint64_t ext, imm;

    o.qp = b_unit || rnd_one_in(r, 2) ? 0 : (uint8_t)rnd_below(r, 64);
    switch (op->shape) {
    case '=':
        o.r1 = (uint8_t)a;
        o.r3 = (uint8_t)b;
        break;
    case '[':
        o.r3 = (uint8_t)a;
        o.r2 = (uint8_t)b;
        break;
    case '<':
        o.r1 = (uint8_t)a;
        b = 0;
        break;
    case '>':
        o.r2 = (uint8_t)b;
        a = 0;
        break;
    case 'e':
        o.r3 = (uint8_t)a;
        b = 0;
        break;
    case 'c':
        o.r1 = (uint8_t)a;
        o.cr3 = (uint8_t)(b = cr(r));
        break;
    case 'C':
        o.cr3 = (uint8_t)(a = cr(r));
        o.r2 = (uint8_t)b;
        break;
    case 'k':
        o.r1 = (uint8_t)a;
        o.ar3 = (uint8_t)(b &= 7);
        break;
    case 'K':
        o.ar3 = (uint8_t)(a &= 7);
        o.r2 = (uint8_t)b;
        break;
    case 'i':
        a = rnd_one_in(r, 2) ? a : a & 31;
        b = rnd_one_in(r, 8);
        o.imm = b ? ~127ull | a : a;
        break;
    case 'f':
    case 'F':
        o.r3 = (uint8_t)b;
        a = op->shape == 'F';
        break;
    case 'm':
        o.imm = rnd(r) & XEN_PRIVOP_PSR_BITS & (rnd_one_in(r, 4) ? ~0ull : rnd(r) & rnd(r));
        break;
    default:
        a = b = 0;
    }
    if (op->op == ISA_MOV_M_M31 || op->op == ISA_MOV_M_M29 || op->op == ISA_MOV_M_M30) {
        if (op->number == XEN_PRIVOP_GET_ITC || op->number == XEN_PRIVOP_SET_ITC)
            o.ar3 = 44;
        else if (op->shape != 'k' && op->shape != 'K')
            o.ar3 = 16;
    }
    imm =
        op->shape == 'm' ? XEN_PRIVOP_PSR_IMM(op->number, o.imm) : XEN_PRIVOP_IMM(op->number, b, a);
    brk =
        (struct isa_insn){.op = b_unit ? ISA_BREAK_B_B9 : ISA_BREAK_M_M37, .qp = o.qp, .imm = imm};
    if (!isa_encode(&o, &p->orig, &ext) || !isa_encode(&brk, &p->brk, &ext)) {
        printf("FAIL pairs: %s cannot be encoded\n", op->name);
        exit(1);
    }
    p->index = index;
    p->unit = b_unit ? ISA_UNIT_B : ISA_UNIT_M;
}

uint64_t pair_count(unsigned unit)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < AGAIN; i++) {
        if (!(isa_rows[pair_ops[i].op].units >> unit & 1))
            continue;
        switch (pair_ops[i].shape) {
        case '=':
        case '[':
        case 'c':
        case 'C':
            n += 1 << 14;
            break;
        case 'k':
        case 'K':
            n += 8 << 7;
            break;
        case 'm':
            n += 1 << 15;
            break;
        case 'i':
            n += 256;
            break;
        case '0':
            n += 1;
            break;
        default: /* one register; fc and fc.i are counted apart */
            n += 1 << 7;
        }
    }
    return n;
}
