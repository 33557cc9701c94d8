/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Which instructions are rewritten, and to what: the table of privop.h, read against isa/'s rows.
 * Every one of them is an M- or B-unit instruction whose operands fit the 21 bits of the break that
 * has its slot and its predicate (privify/README.md proves it; T=privify/table checks it), so
 * nothing ever needs code out of line.
 */
#include <string.h>
#include "privify/privify.h"
#include "xen/xen/include/public/arch-ia64/privop.h"

const struct pv_kind_info pv_kinds[PV_KINDS] = {
    [PV_THASH] = {"thash", "thash: hashed page table address", true, true},
    [PV_TTAG] = {"ttag", "ttag: hashed page table tag", true, true},
    [PV_CPUID] = {"cpuid", "mov from cpuid", true, true},
    [PV_PMD] = {"pmd", "mov from pmd", true, true},
    [PV_COVER] = {"cover", "cover", true, true},
    [PV_FC] = {"fc", "fc, fc.i: flush cache line", true, false},
    [PV_KR] = {"kr", "mov from ar.k0 to ar.k7", true, false},
    [PV_ITC] = {"itc", "mov from ar.itc", true, false},
    [PV_RSC] = {"rsc", "mov from and to ar.rsc", true, false},
    [PV_RFI] = {"rfi", "rfi", false, true},
    [PV_BSW] = {"bsw", "bsw.0, bsw.1", false, true},
    [PV_RSM] = {"rsm", "rsm", false, true},
    [PV_SSM] = {"ssm", "ssm", false, true},
    [PV_PSR] = {"psr", "mov from psr, to psr.l", false, true},
    [PV_CR] = {"cr", "mov from and to control registers", false, true},
    [PV_SETKR] = {"setkr", "mov to ar.k0 to ar.k7", false, true},
    [PV_SETITC] = {"setitc", "mov to ar.itc", false, true},
    [PV_RR] = {"rr", "mov from and to region registers", false, true},
    [PV_PKR] = {"pkr", "mov from and to protection key registers", false, true},
    [PV_IBR] = {"ibr", "mov from and to ibr", false, true},
    [PV_DBR] = {"dbr", "mov from and to dbr", false, true},
    [PV_PMC] = {"pmc", "mov from and to pmc", false, true},
    [PV_SETPMD] = {"setpmd", "mov to pmd", false, true},
    [PV_TC] = {"tc", "itc.d, itc.i: insert translation cache", false, true},
    [PV_TR] = {"tr", "itr.d, itr.i: insert translation register", false, true},
    [PV_PTC] = {"ptc", "ptc.l, ptc.g, ptc.ga, ptc.e: purge translation cache", false, true},
    [PV_PTR] = {"ptr", "ptr.d, ptr.i: purge translation register", false, true},
    [PV_TPA] = {"tpa", "tpa: physical address", false, true},
    [PV_TAK] = {"tak", "tak: access key", false, true},
};

static uint64_t group(const char *name, size_t len, bool *known)
{
    uint64_t set = 0;

#define IS(s) (len == strlen(s) && !memcmp(name, s, len))
    *known = true;
    for (unsigned i = 0; i < PV_KINDS; i++) {
        if (IS(pv_kinds[i].name))
            return 1ull << i;
        if (IS("all") || (IS("default") && pv_kinds[i].by_default) ||
            (IS("sensitive") && pv_kinds[i].sensitive) ||
            (IS("privileged") && !pv_kinds[i].sensitive))
            set |= 1ull << i;
    }
    *known = set || IS("none");
#undef IS
    return set;
}

bool pv_kind_set(const char *list, uint64_t *set, struct pv_error *err)
{
    bool known;

    *set = 0;
    while (*list) {
        size_t len = strcspn(list, ",");
        *set |= group(list, len, &known);
        if (!known)
            return pv_fail(err, "unknown kind: %.*s (--kinds lists them)", len > 80 ? 80 : (int)len,
                           list);
        list += len;
        if (*list)
            list++;
    }
    return true;
}

uint64_t pv_kind_default(void)
{
    bool known;

    return group("default", 7, &known);
}

/* An application register: those of the kernel, ar.rsc and ar.itc are ours. */
static enum pv_match match_ar(const struct isa_insn *in, enum pv_kind *kind, uint32_t *imm)
{
    bool set = in->op != ISA_MOV_M_M31;

    if (in->ar3 < 8) {
        *kind = set ? PV_SETKR : PV_KR;
        *imm = set ? XEN_PRIVOP_IMM(XEN_PRIVOP_SET_KR, in->r2, in->ar3)
                   : XEN_PRIVOP_IMM(XEN_PRIVOP_GET_KR, in->ar3, in->r1);
    } else if (in->ar3 == 44) {
        *kind = set ? PV_SETITC : PV_ITC;
        *imm = set ? XEN_PRIVOP_IMM(XEN_PRIVOP_SET_ITC, in->r2, 0)
                   : XEN_PRIVOP_IMM(XEN_PRIVOP_GET_ITC, 0, in->r1);
    } else if (in->ar3 == 16) {
        *kind = PV_RSC;
        *imm = set ? XEN_PRIVOP_IMM(XEN_PRIVOP_SET_RSC, in->r2, 0)
                   : XEN_PRIVOP_IMM(XEN_PRIVOP_GET_RSC, 0, in->r1);
    } else {
        return PV_OTHER;
    }
    /* mov ar=imm8: r2 is 0 here, and r0 is what immediate 0 says. The others trap (SDM 3: mov ar),
     * all but ar.rsc, which has an operation of its own. */
    if (in->op == ISA_MOV_M_M30 && in->imm != 0) {
        if (in->ar3 != 16)
            return PV_KEEP;
        *imm = XEN_PRIVOP_IMM(XEN_PRIVOP_SET_RSC_IMM, (in->imm >> 7) & 1, in->imm & 0x7f);
    }
    return PV_REWRITE;
}

enum pv_match pv_match(const struct isa_insn *in, enum pv_kind *kind, uint32_t *imm)
{
    uint32_t op;

    if (in->status != ISA_OK)
        return PV_OTHER;
    switch (in->op) {
/* name, kind, operation, fields of b and a */
#define MATCH(row, k, o, bf, af)                                                                   \
    case ISA_##row:                                                                                \
        *kind = PV_##k;                                                                            \
        *imm = XEN_PRIVOP_IMM((uint32_t)XEN_PRIVOP_##o, bf, af);                                   \
        return PV_REWRITE;
        MATCH(THASH_M46, THASH, THASH, in->r3, in->r1)
        MATCH(TTAG_M46, TTAG, TTAG, in->r3, in->r1)
        MATCH(MOV_CPUID_M43, CPUID, GET_CPUID, in->r3, in->r1)
        MATCH(MOV_PMD_M43, PMD, GET_PMD, in->r3, in->r1)
        MATCH(COVER_B8, COVER, COVER, 0, 0)
        MATCH(FC_M28, FC, FC, in->r3, 0)
        MATCH(FC_I_M28, FC, FC, in->r3, 1)
        MATCH(RFI_B8, RFI, RFI, 0, 0)
        MATCH(BSW_0_B8, BSW, BSW0, 0, 0)
        MATCH(BSW_1_B8, BSW, BSW1, 0, 0)
        MATCH(MOV_PSR_M36, PSR, GET_PSR, 0, in->r1)
        MATCH(MOV_PSR_L_M35, PSR, SET_PSR, in->r2, 0)
        MATCH(MOV_CR_M33, CR, GET_CR, in->cr3, in->r1)
        MATCH(MOV_CR_M32, CR, SET_CR, in->r2, in->cr3)
        MATCH(MOV_RR_M43, RR, GET_RR, in->r3, in->r1)
        MATCH(MOV_RR_M42, RR, SET_RR, in->r2, in->r3)
        MATCH(MOV_PKR_M43, PKR, GET_PKR, in->r3, in->r1)
        MATCH(MOV_PKR_M42, PKR, SET_PKR, in->r2, in->r3)
        MATCH(MOV_IBR_M43, IBR, GET_IBR, in->r3, in->r1)
        MATCH(MOV_IBR_M42, IBR, SET_IBR, in->r2, in->r3)
        MATCH(MOV_DBR_M43, DBR, GET_DBR, in->r3, in->r1)
        MATCH(MOV_DBR_M42, DBR, SET_DBR, in->r2, in->r3)
        MATCH(MOV_PMC_M43, PMC, GET_PMC, in->r3, in->r1)
        MATCH(MOV_PMC_M42, PMC, SET_PMC, in->r2, in->r3)
        MATCH(MOV_PMD_M42, SETPMD, SET_PMD, in->r2, in->r3)
        MATCH(ITC_D_M41, TC, ITC_D, in->r2, 0)
        MATCH(ITC_I_M41, TC, ITC_I, in->r2, 0)
        MATCH(ITR_D_M42, TR, ITR_D, in->r2, in->r3)
        MATCH(ITR_I_M42, TR, ITR_I, in->r2, in->r3)
        MATCH(PTC_L_M45, PTC, PTC_L, in->r2, in->r3)
        MATCH(PTC_G_M45, PTC, PTC_G, in->r2, in->r3)
        MATCH(PTC_GA_M45, PTC, PTC_GA, in->r2, in->r3)
        MATCH(PTC_E_M47, PTC, PTC_E, 0, in->r3)
        MATCH(PTR_D_M45, PTR, PTR_D, in->r2, in->r3)
        MATCH(PTR_I_M45, PTR, PTR_I, in->r2, in->r3)
        MATCH(TPA_M46, TPA, TPA, in->r3, in->r1)
        MATCH(TAK_M46, TAK, TAK, in->r3, in->r1)
#undef MATCH
    case ISA_RSM_M44:
    case ISA_SSM_M44:
        *kind = in->op == ISA_RSM_M44 ? PV_RSM : PV_SSM;
        op = in->op == ISA_RSM_M44 ? XEN_PRIVOP_RSM : XEN_PRIVOP_SSM;
        *imm = XEN_PRIVOP_PSR_IMM(op, (uint32_t)in->imm);
        return (in->imm & ~XEN_PRIVOP_PSR_BITS) ? PV_KEEP : PV_REWRITE;
    case ISA_MOV_M_M29:
    case ISA_MOV_M_M30:
    case ISA_MOV_M_M31:
        return match_ar(in, kind, imm);
    /* Of SDM 2:11 and of later processors; they trap, and no operation stands for them. */
    case ISA_VMSW_0_B8:
    case ISA_VMSW_1_B8:
    default:
        return PV_OTHER;
    }
}

/* SDM 3:4.4, 4.5: opcode in bits 40:37, x3 in 35:33, x6 (or x2, x4) in 32:27. */
bool pv_maybe(unsigned unit, uint64_t slot)
{
    /* x6 of opcode 1: mov ar, cr, psr, indirect registers, itc, itr, ptc, ptr, thash, ttag, tpa,
     * tak, fc, ptc.e. */
    static const uint64_t m1 =
        1ull << 0x2a | 1ull << 0x22 | 1ull << 0x2c | 1ull << 0x24 | 1ull << 0x2d | 1ull << 0x25 |
        0x3full | 1ull << 0x09 | 1ull << 0x0a | 1ull << 0x0b | 1ull << 0x0c | 1ull << 0x0d |
        1ull << 0x0e | 1ull << 0x0f | 0x3full << 0x10 | 1ull << 0x17 | 1ull << 0x1a | 1ull << 0x1b |
        1ull << 0x1e | 1ull << 0x1f | 1ull << 0x2e | 1ull << 0x2f | 1ull << 0x30 | 1ull << 0x34;
    unsigned op = (unsigned)(slot >> 37), x6 = (unsigned)(slot >> 27) & 63;

    if (unit == ISA_UNIT_M) {
        if (op > 1 || ((slot >> 33) & 7) != 0)
            return false;
        if (op == 1)
            return m1 >> x6 & 1;
        return x6 == 0 || (x6 & 15) == 6 || (x6 & 15) == 7 || x6 == 0x28;
    }
    if (unit == ISA_UNIT_B)
        return op == 0 && (x6 == 0 || x6 == 2 || x6 == 8 || x6 == 0xc || x6 == 0xd);
    return false;
}

uint64_t pv_break(const struct isa_insn *in, uint32_t imm)
{
    struct isa_insn b = {0};
    uint64_t slot = 0, ext = 0;

    b.op = in->unit == ISA_UNIT_B ? ISA_BREAK_B_B9 : ISA_BREAK_M_M37;
    b.unit = in->unit;
    /* cover, rfi and bsw have no predicate; their break must not have one either. */
    b.qp = isa_rows[in->op].attr & ISA_ATTR_NOQP ? 0 : in->qp;
    b.imm = imm;
    isa_encode(&b, &slot, &ext);
    return slot;
}

uint32_t pv_is_break(unsigned unit, uint64_t slot)
{
    /* break.m, break.b: opcode, x3, x2 and x4 or x6 all 0; imm20a in 25:6, i in 36. */
    uint32_t imm = (uint32_t)((slot >> 6) & 0xfffff) | (uint32_t)((slot >> 36) & 1) << 20;

    if ((unit != ISA_UNIT_M && unit != ISA_UNIT_B) || slot >> 37 || ((slot >> 27) & 63))
        return 0;
    if (unit == ISA_UNIT_M && ((slot >> 33) & 7))
        return 0;
    return XEN_PRIVOP_IS(imm) ? imm : 0;
}
