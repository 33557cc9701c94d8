/* SPDX-License-Identifier: GPL-2.0-only
 *
 * --privop-native: a break that stands for an instruction (docs/abi.md) is that instruction. The
 * decoder's caller replaces one by the other before anything looks at it, so that faults, NaT,
 * rotation, frames and cost are the original's by construction; traces and debuggers, which decode
 * memory for themselves, go on showing the break. Proves what privify writes without a hypervisor.
 */
#include "sim/cpu/privop_native.h"
#include "xen/xen/include/public/arch-ia64/privop.h"

/* How the immediate's a and b become operands. */
enum form {
    NONE,    /* no operands: a = b = 0 */
    R1_R3,   /* GR[a] = f(GR[b]) */
    R1,      /* GR[a] = ..., b = 0 */
    R2,      /* ... = GR[b], a = 0 */
    R3_A,    /* GR[a] alone, b = 0 */
    R3_R2,   /* GR[a] the index or address, GR[b] the value or size */
    R1_CR,   /* GR[a] = cr[b] */
    CR_R2,   /* cr[a] = GR[b] */
    R1_KR,   /* GR[a] = ar.k[b] */
    KR_R2,   /* ar.k[a] = GR[b] */
    FLUSH,   /* fc GR[b], a = 1: fc.i */
    MASK,    /* rsm, ssm: the low 15 bits are the squeezed mask */
    RSC_IMM, /* ar.rsc = imm8: a has bits 6:0, b bit 7 */
};
enum { KR_COUNT = 8, AR_RSC_ = 16, AR_ITC_ = 44 };

static const struct {
    const char *name;
    uint16_t op; /* enum isa_op; 0: the number is not in use */
    uint8_t form, ar;
} table[64] = {
    [XEN_PRIVOP_THASH] = {"THASH", ISA_THASH_M46, R1_R3, 0},
    [XEN_PRIVOP_TTAG] = {"TTAG", ISA_TTAG_M46, R1_R3, 0},
    [XEN_PRIVOP_GET_CPUID] = {"GET_CPUID", ISA_MOV_CPUID_M43, R1_R3, 0},
    [XEN_PRIVOP_GET_PMD] = {"GET_PMD", ISA_MOV_PMD_M43, R1_R3, 0},
    [XEN_PRIVOP_COVER] = {"COVER", ISA_COVER_B8, NONE, 0},
    [XEN_PRIVOP_FC] = {"FC", ISA_FC_M28, FLUSH, 0},
    [XEN_PRIVOP_GET_KR] = {"GET_KR", ISA_MOV_M_M31, R1_KR, 0},
    [XEN_PRIVOP_GET_ITC] = {"GET_ITC", ISA_MOV_M_M31, R1, AR_ITC_},
    [XEN_PRIVOP_GET_RSC] = {"GET_RSC", ISA_MOV_M_M31, R1, AR_RSC_},
    [XEN_PRIVOP_SET_RSC] = {"SET_RSC", ISA_MOV_M_M29, R2, AR_RSC_},
    [XEN_PRIVOP_SET_RSC_IMM] = {"SET_RSC_IMM", ISA_MOV_M_M30, RSC_IMM, AR_RSC_},
    [XEN_PRIVOP_RFI] = {"RFI", ISA_RFI_B8, NONE, 0},
    [XEN_PRIVOP_BSW0] = {"BSW0", ISA_BSW_0_B8, NONE, 0},
    [XEN_PRIVOP_BSW1] = {"BSW1", ISA_BSW_1_B8, NONE, 0},
    [XEN_PRIVOP_RSM] = {"RSM", ISA_RSM_M44, MASK, 0},
    [XEN_PRIVOP_RSM + 1] = {"RSM", ISA_RSM_M44, MASK, 0},
    [XEN_PRIVOP_SSM] = {"SSM", ISA_SSM_M44, MASK, 0},
    [XEN_PRIVOP_SSM + 1] = {"SSM", ISA_SSM_M44, MASK, 0},
    [XEN_PRIVOP_GET_PSR] = {"GET_PSR", ISA_MOV_PSR_M36, R1, 0},
    [XEN_PRIVOP_SET_PSR] = {"SET_PSR", ISA_MOV_PSR_L_M35, R2, 0},
    [XEN_PRIVOP_GET_CR] = {"GET_CR", ISA_MOV_CR_M33, R1_CR, 0},
    [XEN_PRIVOP_SET_CR] = {"SET_CR", ISA_MOV_CR_M32, CR_R2, 0},
    [XEN_PRIVOP_SET_KR] = {"SET_KR", ISA_MOV_M_M29, KR_R2, 0},
    [XEN_PRIVOP_SET_ITC] = {"SET_ITC", ISA_MOV_M_M29, R2, AR_ITC_},
    [XEN_PRIVOP_GET_RR] = {"GET_RR", ISA_MOV_RR_M43, R1_R3, 0},
    [XEN_PRIVOP_SET_RR] = {"SET_RR", ISA_MOV_RR_M42, R3_R2, 0},
    [XEN_PRIVOP_GET_PKR] = {"GET_PKR", ISA_MOV_PKR_M43, R1_R3, 0},
    [XEN_PRIVOP_SET_PKR] = {"SET_PKR", ISA_MOV_PKR_M42, R3_R2, 0},
    [XEN_PRIVOP_GET_IBR] = {"GET_IBR", ISA_MOV_IBR_M43, R1_R3, 0},
    [XEN_PRIVOP_SET_IBR] = {"SET_IBR", ISA_MOV_IBR_M42, R3_R2, 0},
    [XEN_PRIVOP_GET_DBR] = {"GET_DBR", ISA_MOV_DBR_M43, R1_R3, 0},
    [XEN_PRIVOP_SET_DBR] = {"SET_DBR", ISA_MOV_DBR_M42, R3_R2, 0},
    [XEN_PRIVOP_GET_PMC] = {"GET_PMC", ISA_MOV_PMC_M43, R1_R3, 0},
    [XEN_PRIVOP_SET_PMC] = {"SET_PMC", ISA_MOV_PMC_M42, R3_R2, 0},
    [XEN_PRIVOP_SET_PMD] = {"SET_PMD", ISA_MOV_PMD_M42, R3_R2, 0},
    [XEN_PRIVOP_ITC_D] = {"ITC_D", ISA_ITC_D_M41, R2, 0},
    [XEN_PRIVOP_ITC_I] = {"ITC_I", ISA_ITC_I_M41, R2, 0},
    [XEN_PRIVOP_ITR_D] = {"ITR_D", ISA_ITR_D_M42, R3_R2, 0},
    [XEN_PRIVOP_ITR_I] = {"ITR_I", ISA_ITR_I_M42, R3_R2, 0},
    [XEN_PRIVOP_PTC_L] = {"PTC_L", ISA_PTC_L_M45, R3_R2, 0},
    [XEN_PRIVOP_PTC_G] = {"PTC_G", ISA_PTC_G_M45, R3_R2, 0},
    [XEN_PRIVOP_PTC_GA] = {"PTC_GA", ISA_PTC_GA_M45, R3_R2, 0},
    [XEN_PRIVOP_PTC_E] = {"PTC_E", ISA_PTC_E_M47, R3_A, 0},
    [XEN_PRIVOP_PTR_D] = {"PTR_D", ISA_PTR_D_M45, R3_R2, 0},
    [XEN_PRIVOP_PTR_I] = {"PTR_I", ISA_PTR_I_M45, R3_R2, 0},
    [XEN_PRIVOP_TPA] = {"TPA", ISA_TPA_M46, R1_R3, 0},
    [XEN_PRIVOP_TAK] = {"TAK", ISA_TAK_M46, R1_R3, 0},
};

/* Operands by form; false: a field that the form does not use is not 0, or a number out of range.
 */
static bool operands(struct isa_insn *o, unsigned form, uint32_t imm)
{
    const uint8_t a = XEN_PRIVOP_A(imm), b = XEN_PRIVOP_B(imm);

    switch (form) {
    case NONE:
        return !a && !b;
    case R1_R3:
        o->r1 = a;
        o->r3 = b;
        return true;
    case R1:
        o->r1 = a;
        return !b;
    case R2:
        o->r2 = b;
        return !a;
    case R3_A:
        o->r3 = a;
        return !b;
    case R3_R2:
        o->r3 = a;
        o->r2 = b;
        return true;
    case R1_CR:
        o->r1 = a;
        o->cr3 = b;
        return true;
    case CR_R2:
        o->cr3 = a;
        o->r2 = b;
        return true;
    case R1_KR:
        o->r1 = a;
        o->ar3 = b;
        return b < KR_COUNT;
    case KR_R2:
        o->ar3 = a;
        o->r2 = b;
        return a < KR_COUNT;
    case FLUSH:
        o->r3 = b;
        if (a == 1)
            o->op = ISA_FC_I_M28;
        return a <= 1;
    case RSC_IMM:
        o->imm = (uint64_t)(int64_t)(int8_t)(uint8_t)(b << 7 | a);
        return b <= 1;
    default:
        o->imm = XEN_PRIVOP_PSR_MASK(imm);
        return true;
    }
}

unsigned privop_original(struct isa_insn *in)
{
    struct isa_insn o = {.qp = in->qp, .unit = in->unit};
    const uint32_t imm = in->imm & 0x1fffff;
    uint64_t slot, ext;

    if ((in->op != ISA_BREAK_M_M37 && in->op != ISA_BREAK_B_B9) || !XEN_PRIVOP_IS(imm))
        return 0;
    o.op = table[XEN_PRIVOP_OP(imm)].op;
    o.ar3 = table[XEN_PRIVOP_OP(imm)].ar;
    if (!o.op || !(isa_rows[o.op].units >> in->unit & 1) ||
        !operands(&o, table[XEN_PRIVOP_OP(imm)].form, imm))
        return 0;
    /* cover, rfi and bsw have no predicate: a break that has one cannot stand for them. */
    if (isa_rows[o.op].attr & ISA_ATTR_NOQP && in->qp)
        return 0;
    if (!isa_encode(&o, &slot, &ext))
        return 0;
    isa_decode(in->unit, slot, ext, in);
    return XEN_PRIVOP_OP(imm);
}

const char *privop_native_name(unsigned number)
{
    return table[number & 63].name;
}
