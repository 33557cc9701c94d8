/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From bits to instruction: the privileged, sensitive and memory instructions that Xen does for a guest (SDM 3:4.1 to 4.7). No state, no check of
 * operands: whether a register may be a target, whether a control register exists is privop.c's. Compiled on the host too (tests/xen).
 */
#include <asm/privop.h>
#include <public/arch-ia64/privop.h>

#define FIELD(slot, lo, width)  ((unsigned int)((slot) >> (lo)) & ((1U << (width)) - 1))
#define OPCODE(slot)            FIELD(slot, 37, 4)
#define BIT36(slot)             FIELD(slot, 36, 1)
#define X3(slot)                FIELD(slot, 33, 3)
#define X2(slot)                FIELD(slot, 31, 2)
#define X4(slot)                FIELD(slot, 27, 4)
#define X6(slot)                FIELD(slot, 27, 6)
#define MEM_X6(slot)            FIELD(slot, 30, 6)
#define MEM_X(slot)             FIELD(slot, 27, 1)
#define R1(slot)                FIELD(slot, 6, 7)
#define R2(slot)                FIELD(slot, 13, 7)
#define R3(slot)                FIELD(slot, 20, 7)

static int64_t sign_extend(uint64_t v, unsigned int width)
{
    uint64_t sign = 1UL << (width - 1);

    return (int64_t)((v ^ sign) - sign);
}

enum ia64_unit ia64_slot_unit(unsigned int template, unsigned int slot)
{
    /* Templates in pairs: the odd one differs in its last stop only. */
    static const char units[16][4] = {
        "MII", "MII", "MX", "", "MMI", "MMI", "MFI", "MMF",
        "MIB", "MBB", "", "BBB", "MMB", "", "MFB", "",
    };

    if ( template > 31 || slot > 2 )
        return IA64_UNIT_NONE;
    switch ( units[template >> 1][0] ? units[template >> 1][slot] : 0 )
    {
    case 'M': return IA64_UNIT_M;
    case 'I': return IA64_UNIT_I;
    case 'F': return IA64_UNIT_F;
    case 'B': return IA64_UNIT_B;
    case 'X': return IA64_UNIT_X;
    default:  return IA64_UNIT_NONE;
    }
}

uint64_t ia64_slot_bits(const uint64_t bundle[2], unsigned int slot)
{
    if ( slot == 0 )
        return (bundle[0] >> 5) & IA64_SLOT_MASK;
    if ( slot == 1 && ia64_slot_unit(IA64_TEMPLATE(bundle[0]), 1) != IA64_UNIT_X )
        return ((bundle[0] >> 46) | (bundle[1] << 18)) & IA64_SLOT_MASK;
    return (bundle[1] >> 23) & IA64_SLOT_MASK;
}

/* Which registers an instruction has. */
enum operands { NONE, R1_R3, R3_R2, ONLY_R1, ONLY_R2, ONLY_R3, R1_NUM, NUM_R2 };

/* Major opcode 1, x3 0, by x6 (SDM 3:4.4, table of system instructions). */
static const struct {
    uint8_t op, operands;
} system_x6[64] = {
    [0x00] = { PRIVOP_SET_RR, R3_R2 },
    [0x01] = { PRIVOP_SET_DBR, R3_R2 },
    [0x02] = { PRIVOP_SET_IBR, R3_R2 },
    [0x03] = { PRIVOP_SET_PKR, R3_R2 },
    [0x04] = { PRIVOP_SET_PMC, R3_R2 },
    [0x05] = { PRIVOP_SET_PMD, R3_R2 },
    [0x09] = { PRIVOP_PTC_L, R3_R2 },
    [0x0a] = { PRIVOP_PTC_G, R3_R2 },
    [0x0b] = { PRIVOP_PTC_GA, R3_R2 },
    [0x0c] = { PRIVOP_PTR_D, R3_R2 },
    [0x0d] = { PRIVOP_PTR_I, R3_R2 },
    [0x0e] = { PRIVOP_ITR_D, R3_R2 },
    [0x0f] = { PRIVOP_ITR_I, R3_R2 },
    [0x10] = { PRIVOP_GET_RR, R1_R3 },
    [0x11] = { PRIVOP_GET_DBR, R1_R3 },
    [0x12] = { PRIVOP_GET_IBR, R1_R3 },
    [0x13] = { PRIVOP_GET_PKR, R1_R3 },
    [0x14] = { PRIVOP_GET_PMC, R1_R3 },
    [0x15] = { PRIVOP_GET_PMD, R1_R3 },
    [0x17] = { PRIVOP_GET_CPUID, R1_R3 },
    [0x1a] = { PRIVOP_THASH, R1_R3 },
    [0x1b] = { PRIVOP_TTAG, R1_R3 },
    [0x1e] = { PRIVOP_TPA, R1_R3 },
    [0x1f] = { PRIVOP_TAK, R1_R3 },
    [0x22] = { PRIVOP_GET_AR, R1_NUM },
    [0x24] = { PRIVOP_GET_CR, R1_NUM },
    [0x25] = { PRIVOP_GET_PSR, ONLY_R1 },
    [0x2a] = { PRIVOP_SET_AR, NUM_R2 },
    [0x2c] = { PRIVOP_SET_CR, NUM_R2 },
    [0x2d] = { PRIVOP_SET_PSR, ONLY_R2 },
    [0x2e] = { PRIVOP_ITC_D, ONLY_R2 },
    [0x2f] = { PRIVOP_ITC_I, ONLY_R2 },
    [0x30] = { PRIVOP_FC, ONLY_R3 },
    [0x34] = { PRIVOP_PTC_E, ONLY_R3 },
};

static bool decode_m(uint64_t slot, struct privop *out)
{
    unsigned int x6 = X6(slot), operands;

    if ( X3(slot) != 0 )
        return false;

    if ( OPCODE(slot) == 0 )
    {
        if ( X4(slot) == 6 || X4(slot) == 7 )
        {
            out->op = X4(slot) == 6 ? PRIVOP_SSM : PRIVOP_RSM;
            out->imm = BIT36(slot) << 23 | X2(slot) << 21 | FIELD(slot, 6, 21);
            return true;
        }
        if ( X4(slot) == 8 && X2(slot) == 2 )
        {
            out->op = PRIVOP_SET_AR_IMM;
            out->num = R3(slot);
            out->imm = sign_extend(BIT36(slot) << 7 | R2(slot), 8);
            return true;
        }
        return false;
    }

    if ( OPCODE(slot) != 1 || system_x6[x6].op == PRIVOP_NONE )
        return false;

    out->op = system_x6[x6].op;
    if ( out->op == PRIVOP_FC && BIT36(slot) )
        out->op = PRIVOP_FC_I;
    operands = system_x6[x6].operands;
    if ( operands == R1_R3 || operands == ONLY_R1 || operands == R1_NUM )
        out->r1 = R1(slot);
    if ( operands == R3_R2 || operands == ONLY_R2 || operands == NUM_R2 )
        out->r2 = R2(slot);
    if ( operands == R3_R2 || operands == R1_R3 || operands == ONLY_R3 )
        out->r3 = R3(slot);
    if ( operands == R1_NUM || operands == NUM_R2 )
        out->num = R3(slot);
    return true;
}

static bool decode_b(uint64_t slot, struct privop *out)
{
    if ( OPCODE(slot) != 0 )
        return false;
    switch ( X6(slot) )
    {
    case 0x02: out->op = PRIVOP_COVER; return true;
    case 0x08: out->op = PRIVOP_RFI; return true;
    case 0x0c: out->op = PRIVOP_BSW0; return true;
    case 0x0d: out->op = PRIVOP_BSW1; return true;
    case 0x18: case 0x19: out->op = PRIVOP_VMSW; return true;
    default: return false;
    }
}

bool privop_decode(enum ia64_unit unit, uint64_t slot, struct privop *out)
{
    *out = (struct privop){ .op = PRIVOP_NONE };
    if ( unit == IA64_UNIT_M )
        return decode_m(slot, out);
    if ( unit == IA64_UNIT_B )
        return decode_b(slot, out);
    return false;
}

bool ia64_decode_break(enum ia64_unit unit, uint64_t slot, uint32_t *imm)
{
    bool is;

    switch ( unit )
    {
    case IA64_UNIT_M:
        is = OPCODE(slot) == 0 && X3(slot) == 0 && X6(slot) == 0;
        break;
    case IA64_UNIT_I:
    case IA64_UNIT_X:
        is = OPCODE(slot) == 0 && X3(slot) == 0 && X6(slot) == 0;
        break;
    case IA64_UNIT_F:
        is = OPCODE(slot) == 0 && FIELD(slot, 33, 1) == 0 && X6(slot) == 0;
        break;
    case IA64_UNIT_B:
        is = OPCODE(slot) == 0 && X6(slot) == 0;
        break;
    default:
        is = false;
        break;
    }
    if ( is )
        *imm = BIT36(slot) << 20 | FIELD(slot, 6, 20);
    return is;
}

/* How a break's a and b become operands (public/arch-ia64/privop.h). */
enum break_form { B_NONE, B_R1_R3, B_R1, B_R2, B_R3, B_R3_R2, B_R1_NUM, B_NUM_R2, B_FC, B_IMM8, B_MASK };

static const struct {
    uint8_t op, form;
    uint8_t num;                /* a register that the number itself names */
    uint8_t limit;              /* of num, if a field names it */
} break_op[64] = {
    [XEN_PRIVOP_THASH]     = { PRIVOP_THASH, B_R1_R3 },
    [XEN_PRIVOP_TTAG]      = { PRIVOP_TTAG, B_R1_R3 },
    [XEN_PRIVOP_GET_CPUID] = { PRIVOP_GET_CPUID, B_R1_R3 },
    [XEN_PRIVOP_GET_PMD]   = { PRIVOP_GET_PMD, B_R1_R3 },
    [XEN_PRIVOP_COVER]     = { PRIVOP_COVER, B_NONE },
    [XEN_PRIVOP_FC]        = { PRIVOP_FC, B_FC },
    [XEN_PRIVOP_GET_KR]    = { PRIVOP_GET_AR, B_R1_NUM, 0, 8 },
    [XEN_PRIVOP_GET_ITC]   = { PRIVOP_GET_AR, B_R1, 44 },
    [XEN_PRIVOP_GET_RSC]   = { PRIVOP_GET_AR, B_R1, 16 },
    [XEN_PRIVOP_SET_RSC]   = { PRIVOP_SET_AR, B_R2, 16 },
    [XEN_PRIVOP_SET_RSC_IMM] = { PRIVOP_SET_AR_IMM, B_IMM8, 16 },
    [XEN_PRIVOP_RFI]       = { PRIVOP_RFI, B_NONE },
    [XEN_PRIVOP_BSW0]      = { PRIVOP_BSW0, B_NONE },
    [XEN_PRIVOP_BSW1]      = { PRIVOP_BSW1, B_NONE },
    [XEN_PRIVOP_RSM]       = { PRIVOP_RSM, B_MASK },
    [XEN_PRIVOP_RSM + 1]   = { PRIVOP_RSM, B_MASK },
    [XEN_PRIVOP_SSM]       = { PRIVOP_SSM, B_MASK },
    [XEN_PRIVOP_SSM + 1]   = { PRIVOP_SSM, B_MASK },
    [XEN_PRIVOP_GET_PSR]   = { PRIVOP_GET_PSR, B_R1 },
    [XEN_PRIVOP_SET_PSR]   = { PRIVOP_SET_PSR, B_R2 },
    [XEN_PRIVOP_GET_CR]    = { PRIVOP_GET_CR, B_R1_NUM, 0, 128 },
    [XEN_PRIVOP_SET_CR]    = { PRIVOP_SET_CR, B_NUM_R2, 0, 128 },
    [XEN_PRIVOP_SET_KR]    = { PRIVOP_SET_AR, B_NUM_R2, 0, 8 },
    [XEN_PRIVOP_SET_ITC]   = { PRIVOP_SET_AR, B_R2, 44 },
    [XEN_PRIVOP_GET_RR]    = { PRIVOP_GET_RR, B_R1_R3 },
    [XEN_PRIVOP_SET_RR]    = { PRIVOP_SET_RR, B_R3_R2 },
    [XEN_PRIVOP_GET_PKR]   = { PRIVOP_GET_PKR, B_R1_R3 },
    [XEN_PRIVOP_SET_PKR]   = { PRIVOP_SET_PKR, B_R3_R2 },
    [XEN_PRIVOP_GET_IBR]   = { PRIVOP_GET_IBR, B_R1_R3 },
    [XEN_PRIVOP_SET_IBR]   = { PRIVOP_SET_IBR, B_R3_R2 },
    [XEN_PRIVOP_GET_DBR]   = { PRIVOP_GET_DBR, B_R1_R3 },
    [XEN_PRIVOP_SET_DBR]   = { PRIVOP_SET_DBR, B_R3_R2 },
    [XEN_PRIVOP_GET_PMC]   = { PRIVOP_GET_PMC, B_R1_R3 },
    [XEN_PRIVOP_SET_PMC]   = { PRIVOP_SET_PMC, B_R3_R2 },
    [XEN_PRIVOP_SET_PMD]   = { PRIVOP_SET_PMD, B_R3_R2 },
    [XEN_PRIVOP_ITC_D]     = { PRIVOP_ITC_D, B_R2 },
    [XEN_PRIVOP_ITC_I]     = { PRIVOP_ITC_I, B_R2 },
    [XEN_PRIVOP_ITR_D]     = { PRIVOP_ITR_D, B_R3_R2 },
    [XEN_PRIVOP_ITR_I]     = { PRIVOP_ITR_I, B_R3_R2 },
    [XEN_PRIVOP_PTC_L]     = { PRIVOP_PTC_L, B_R3_R2 },
    [XEN_PRIVOP_PTC_G]     = { PRIVOP_PTC_G, B_R3_R2 },
    [XEN_PRIVOP_PTC_GA]    = { PRIVOP_PTC_GA, B_R3_R2 },
    [XEN_PRIVOP_PTC_E]     = { PRIVOP_PTC_E, B_R3 },
    [XEN_PRIVOP_PTR_D]     = { PRIVOP_PTR_D, B_R3_R2 },
    [XEN_PRIVOP_PTR_I]     = { PRIVOP_PTR_I, B_R3_R2 },
    [XEN_PRIVOP_TPA]       = { PRIVOP_TPA, B_R1_R3 },
    [XEN_PRIVOP_TAK]       = { PRIVOP_TAK, B_R1_R3 },
};

bool privop_decode_break(uint32_t imm, struct privop *out)
{
    unsigned int n = XEN_PRIVOP_OP(imm), a = XEN_PRIVOP_A(imm), b = XEN_PRIVOP_B(imm);
    struct privop op = { .op = PRIVOP_NONE };
    bool ok;

    *out = op;
    if ( !XEN_PRIVOP_IS(imm) || break_op[n].op == PRIVOP_NONE )
        return false;

    op.op = break_op[n].op;
    op.num = break_op[n].num;
    switch ( break_op[n].form )
    {
    case B_NONE:
        ok = !a && !b;
        break;
    case B_R1_R3:
        op.r1 = a;
        op.r3 = b;
        ok = true;
        break;
    case B_R1:
        op.r1 = a;
        ok = !b;
        break;
    case B_R2:
        op.r2 = b;
        ok = !a;
        break;
    case B_R3:
        op.r3 = a;
        ok = !b;
        break;
    case B_R3_R2:
        op.r3 = a;
        op.r2 = b;
        ok = true;
        break;
    case B_R1_NUM:
        op.r1 = a;
        op.num = b;
        ok = b < break_op[n].limit;
        break;
    case B_NUM_R2:
        op.num = a;
        op.r2 = b;
        ok = a < break_op[n].limit;
        break;
    case B_IMM8:
        op.imm = sign_extend(b << 7 | a, 8);
        ok = b <= 1;
        break;
    case B_FC:
        op.op = a ? PRIVOP_FC_I : PRIVOP_FC;
        op.r3 = b;
        ok = a <= 1;
        break;
    default:
        op.imm = XEN_PRIVOP_PSR_MASK(imm);
        ok = true;
        break;
    }
    if ( ok )
        *out = op;
    return ok;
}

const char *const privop_name[PRIVOP_NR] = {
    "none", "rfi", "bsw.0", "bsw.1", "cover", "vmsw", "ssm", "rsm", "mov=psr", "mov psr.l=", "mov=cr", "mov cr=", "mov=ar", "mov ar=", "mov ar=imm",
    "mov=rr", "mov=pkr", "mov=dbr", "mov=ibr", "mov=pmc", "mov=pmd", "mov=cpuid", "mov rr=", "mov pkr=", "mov dbr=", "mov ibr=", "mov pmc=",
    "mov pmd=", "itc.d", "itc.i", "itr.d", "itr.i", "ptc.l", "ptc.g", "ptc.ga", "ptr.d", "ptr.i", "ptc.e", "thash", "ttag", "tpa", "tak", "fc", "fc.i",
};

/* x6 of a load: size in 1:0, kind of load in 5:2. */
static bool load_kind(unsigned int x6, struct memop *out)
{
    out->kind = MEM_LOAD;
    out->size = 1U << (x6 & 3);
    switch ( x6 >> 2 )
    {
    case 0: case 4: case 5:     /* plain, .bias, .acq */
        return true;
    case 1:
        out->speculative = true;
        return true;
    case 2:
        out->advanced = true;
        return true;
    case 3:
        out->speculative = out->advanced = true;
        return true;
    case 6:
        out->fill = true;
        return x6 == 0x1b;
    case 8: case 9: case 10:    /* .c.clr, .c.nc, .c.clr.acq */
        out->check = true;
        return true;
    default:
        return false;
    }
}

static bool store_kind(unsigned int x6, struct memop *out)
{
    out->kind = MEM_STORE;
    out->size = 1U << (x6 & 3);
    out->fill = x6 == 0x3b;
    return (x6 >= 0x30 && x6 <= 0x37) || x6 == 0x3b;
}

static bool float_kind(unsigned int x6, struct memop *out)
{
    static const uint8_t size[4] = { 10, 8, 4, 8 };

    out->flt = x6 & 3;
    out->size = size[x6 & 3];
    if ( x6 == 0x1b || x6 == 0x3b )
    {
        out->flt = MEM_FLT_SPILL;
        out->size = 16;
        out->fill = true;
        out->kind = x6 == 0x1b ? MEM_FLOAT_LOAD : MEM_FLOAT_STORE;
        return true;
    }
    if ( x6 >= 0x30 )
    {
        out->kind = MEM_FLOAT_STORE;
        return x6 <= 0x33;
    }
    out->kind = MEM_FLOAT_LOAD;
    out->speculative = (x6 >> 2) == 1 || (x6 >> 2) == 3;
    out->advanced = (x6 >> 2) == 2 || (x6 >> 2) == 3;
    out->check = (x6 >> 2) == 8 || (x6 >> 2) == 9;
    return (x6 >> 2) <= 3 || out->check;
}

static bool pair_kind(unsigned int x6, struct memop *out)
{
    if ( !(x6 & 3) || !float_kind(x6 & 0x2f, out) || out->kind != MEM_FLOAT_LOAD || x6 != (x6 & 0x2f) )
        return false;
    out->kind = MEM_FLOAT_PAIR;
    out->size *= 2;
    return true;
}

/* Major opcode 4, x 1. */
static bool semaphore_kind(unsigned int x6, struct memop *out)
{
    out->kind = MEM_SEMAPHORE;
    out->size = 1U << (x6 & 3);
    if ( x6 < 0x0c )            /* cmpxchg, xchg */
        return true;
    switch ( x6 )
    {
    case 0x12: case 0x13: case 0x16: case 0x17: /* fetchadd */
        return true;
    case 0x20: case 0x24:       /* cmp8xchg16 */
        out->size = 16;
        return true;
    case 0x28: case 0x2c:       /* ld16 */
        out->kind = MEM_LOAD;
        out->size = 16;
        return true;
    case 0x30: case 0x34:       /* st16 */
        out->kind = MEM_STORE;
        out->size = 16;
        return true;
    default:
        return false;
    }
}

bool memop_decode(enum ia64_unit unit, uint64_t slot, struct memop *out)
{
    unsigned int x6 = MEM_X6(slot), op = OPCODE(slot), x = MEM_X(slot), m = BIT36(slot);
    bool flt = op == 6 || op == 7, imm = op == 5 || op == 7, is;

    *out = (struct memop){ .r1 = R1(slot), .r2 = R2(slot), .r3 = R3(slot) };
    if ( unit != IA64_UNIT_M || op < 4 || op > 7 )
        return false;

    if ( flt && x6 >= 0x2c && x6 <= 0x2f && (imm || !x) )
    {
        out->kind = MEM_PREFETCH;
        out->fault = x6 >= 0x2e;
        is = true;
    }
    else if ( imm )
        is = flt ? float_kind(x6, out) : x6 < 0x30 ? load_kind(x6, out) : store_kind(x6, out);
    else if ( x )
        is = flt ? pair_kind(x6, out) : !m && semaphore_kind(x6, out);
    else if ( flt )
        is = float_kind(x6, out) && !(m && out->kind == MEM_FLOAT_STORE);
    else
        is = x6 < 0x30 ? load_kind(x6, out) : !m && store_kind(x6, out);
    if ( !is )
        return false;

    if ( imm )
    {
        bool store = out->kind == MEM_STORE || out->kind == MEM_FLOAT_STORE;

        out->update = MEM_UPDATE_IMM;
        out->imm = sign_extend(m << 8 | x << 7 | (store ? R1(slot) : R2(slot)), 9);
    }
    else if ( m && out->kind == MEM_FLOAT_PAIR )
    {
        out->update = MEM_UPDATE_IMM;
        out->imm = out->size;
    }
    else if ( m )
        out->update = MEM_UPDATE_REG;
    return true;
}
