/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/privop: the hypervisor's decoder (xen/.../privop-decode.c) against the instruction table
 * (isa/). Every value of the opcode fields, bits 40:26 of a slot, with random operands, in every
 * unit; every immediate of a break against the simulator's --privop-native; every template.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "isa/format.h"
#include "sim/cpu/privop_native.h"
#include "xen/xen/arch/ia64/include/asm/privop.h"

static uint64_t seed = 88172645463325252ull;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Which registers the hypervisor wants of a row. */
enum { R1 = 1, R2 = 2, R3 = 4, AR = 8, CR = 16, IMM = 32 };

static const struct {
    uint16_t row;
    uint8_t op, has;
} rows[] = {
    {ISA_RFI_B8, PRIVOP_RFI, 0},
    {ISA_BSW_0_B8, PRIVOP_BSW0, 0},
    {ISA_BSW_1_B8, PRIVOP_BSW1, 0},
    {ISA_COVER_B8, PRIVOP_COVER, 0},
    {ISA_VMSW_0_B8, PRIVOP_VMSW, 0},
    {ISA_VMSW_1_B8, PRIVOP_VMSW, 0},
    {ISA_SSM_M44, PRIVOP_SSM, IMM},
    {ISA_RSM_M44, PRIVOP_RSM, IMM},
    {ISA_MOV_PSR_M36, PRIVOP_GET_PSR, R1},
    {ISA_MOV_PSR_L_M35, PRIVOP_SET_PSR, R2},
    {ISA_MOV_CR_M33, PRIVOP_GET_CR, R1 | CR},
    {ISA_MOV_CR_M32, PRIVOP_SET_CR, R2 | CR},
    {ISA_MOV_M_M31, PRIVOP_GET_AR, R1 | AR},
    {ISA_MOV_M_M29, PRIVOP_SET_AR, R2 | AR},
    {ISA_MOV_M_M30, PRIVOP_SET_AR_IMM, IMM | AR},
    {ISA_MOV_RR_M43, PRIVOP_GET_RR, R1 | R3},
    {ISA_MOV_PKR_M43, PRIVOP_GET_PKR, R1 | R3},
    {ISA_MOV_DBR_M43, PRIVOP_GET_DBR, R1 | R3},
    {ISA_MOV_IBR_M43, PRIVOP_GET_IBR, R1 | R3},
    {ISA_MOV_PMC_M43, PRIVOP_GET_PMC, R1 | R3},
    {ISA_MOV_PMD_M43, PRIVOP_GET_PMD, R1 | R3},
    {ISA_MOV_CPUID_M43, PRIVOP_GET_CPUID, R1 | R3},
    {ISA_MOV_RR_M42, PRIVOP_SET_RR, R2 | R3},
    {ISA_MOV_PKR_M42, PRIVOP_SET_PKR, R2 | R3},
    {ISA_MOV_DBR_M42, PRIVOP_SET_DBR, R2 | R3},
    {ISA_MOV_IBR_M42, PRIVOP_SET_IBR, R2 | R3},
    {ISA_MOV_PMC_M42, PRIVOP_SET_PMC, R2 | R3},
    {ISA_MOV_PMD_M42, PRIVOP_SET_PMD, R2 | R3},
    {ISA_ITC_D_M41, PRIVOP_ITC_D, R2},
    {ISA_ITC_I_M41, PRIVOP_ITC_I, R2},
    {ISA_ITR_D_M42, PRIVOP_ITR_D, R2 | R3},
    {ISA_ITR_I_M42, PRIVOP_ITR_I, R2 | R3},
    {ISA_PTC_L_M45, PRIVOP_PTC_L, R2 | R3},
    {ISA_PTC_G_M45, PRIVOP_PTC_G, R2 | R3},
    {ISA_PTC_GA_M45, PRIVOP_PTC_GA, R2 | R3},
    {ISA_PTR_D_M45, PRIVOP_PTR_D, R2 | R3},
    {ISA_PTR_I_M45, PRIVOP_PTR_I, R2 | R3},
    {ISA_PTC_E_M47, PRIVOP_PTC_E, R3},
    {ISA_THASH_M46, PRIVOP_THASH, R1 | R3},
    {ISA_TTAG_M46, PRIVOP_TTAG, R1 | R3},
    {ISA_TPA_M46, PRIVOP_TPA, R1 | R3},
    {ISA_TAK_M46, PRIVOP_TAK, R1 | R3},
    {ISA_FC_M28, PRIVOP_FC, R3},
    {ISA_FC_I_M28, PRIVOP_FC_I, R3},
};

static int failures;
static char where[256];
static void complain(unsigned unit, uint64_t slot, const char *what)
{
    char text[128] = "";
    struct isa_insn in;

    if (failures++)
        return;
    isa_decode(unit, slot, 0, &in);
    isa_disasm(&in, 0, text, sizeof text);
    snprintf(where, sizeof where, "%s for unit %u, 0x%llx (%s)", what, unit,
             (unsigned long long)slot, text);
}
static int verdict(const char *name)
{
    int bad = failures;

    if (bad)
        printf("FAIL %s: expected no difference, got %d, first %s\n", name, bad, where);
    else
        printf("PASS %s\n", name);
    failures = 0;
    return bad != 0;
}

/* What the table says of an instruction, in the hypervisor's words. */
static void expected(const struct isa_insn *in, struct privop *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned has = rows[i].has;
        if (rows[i].row != in->op)
            continue;
        out->op = rows[i].op;
        out->r1 = has & R1 ? in->r1 : 0;
        out->r2 = has & R2 ? in->r2 : 0;
        out->r3 = has & R3 ? in->r3 : 0;
        out->num = has & AR ? in->ar3 : has & CR ? in->cr3 : 0;
        out->imm = has & IMM ? in->imm : 0;
        return;
    }
}

static bool same(const struct privop *a, const struct privop *b)
{
    return a->op == b->op && a->r1 == b->r1 && a->r2 == b->r2 && a->r3 == b->r3 &&
           a->num == b->num && a->imm == b->imm;
}

/* The row's operands, legal or not: an illegal one reads as the row does. */
static void decode_any(unsigned unit, uint64_t slot, struct isa_insn *in)
{
    const struct isa_row *row = isa_lookup(unit, slot, false);

    isa_decode(unit, slot, 0, in);
    if (in->status == ISA_OK || !row)
        return;
    in->op = row->op;
    isa_format_read(row->fmt, slot, 0, in);
}

static void one(unsigned unit, uint64_t slot)
{
    struct privop got, want;
    struct isa_insn in;

    decode_any(unit, slot, &in);
    expected(&in, &want);
    bool is = privop_decode((enum ia64_unit)unit, slot, &got);
    if (is != (want.op != PRIVOP_NONE))
        complain(unit, slot, is ? "an instruction that is none" : "an instruction not seen");
    else if (!same(&got, &want))
        complain(unit, slot, "other operands");

    uint32_t imm = 0;
    bool brk = ia64_decode_break((enum ia64_unit)unit, slot, &imm);
    bool want_brk = in.op == ISA_BREAK_M_M37 || in.op == ISA_BREAK_I_I19 ||
                    in.op == ISA_BREAK_F_F15 || in.op == ISA_BREAK_B_B9 || in.op == ISA_BREAK_X_X1;
    if (brk != want_brk || (brk && imm != (in.imm & 0x1fffff)))
        complain(unit, slot, "another break");
}

/* The row's name has everything: "ldfps.sa", "st8.spill", "lfetch.fault.excl". */
static bool expected_mem(const struct isa_insn *in, struct memop *out)
{
    const struct isa_row *row = &isa_rows[in->op];
    const char *n = row->name, *f = row->format;
    bool load = !strncmp(n, "ld", 2), store = !strncmp(n, "st", 2),
         flt = (load || store) && n[2] == 'f';

    memset(out, 0, sizeof *out);
    if (in->op == ISA_OP_ILLEGAL)
        return false;
    if (!strncmp(n, "lfetch", 6)) {
        out->kind = MEM_PREFETCH;
        out->fault = strstr(n, ".fault") != NULL;
    } else if (row->attr & ISA_ATTR_SEMAPHORE) {
        out->kind = MEM_SEMAPHORE;
        out->size = !strncmp(n, "cmp8xchg16", 10) ? 16 : (uint8_t)(strpbrk(n, "1248")[0] - '0');
    } else if (!load && !store) {
        return false;
    } else if (flt) {
        bool pair = n[3] == 'p';
        const char *t = n + 3 + pair;
        out->kind = pair ? MEM_FLOAT_PAIR : load ? MEM_FLOAT_LOAD : MEM_FLOAT_STORE;
        out->flt = *t == 'e'   ? MEM_FLT_E
                   : *t == '8' ? MEM_FLT_SIG
                   : *t == 's' ? MEM_FLT_S
                   : *t == 'd' ? MEM_FLT_D
                               : MEM_FLT_SPILL;
        out->size = (uint8_t)((uint8_t[]){10, 8, 4, 8, 16}[out->flt] << pair);
    } else {
        out->kind = load ? MEM_LOAD : MEM_STORE;
        out->size = n[2] == '1' && n[3] == '6' ? 16 : (uint8_t)(n[2] - '0');
    }
    out->fill = strstr(n, ".fill") || strstr(n, ".spill");
    out->speculative = load && (strstr(n, ".sa") || (strstr(n, ".s") && !strstr(n, ".spill")));
    out->advanced = load && (strstr(n, ".sa") || (strstr(n, ".a") && !strstr(n, ".acq")));
    out->check = load && strstr(n, ".c.");
    out->update = !(row->attr & ISA_ATTR_BASE_UPDATE) ? MEM_NO_UPDATE
                  : strstr("M2 M7 M14", f)            ? MEM_UPDATE_REG
                                                      : MEM_UPDATE_IMM;
    out->imm = out->update == MEM_UPDATE_IMM ? (int64_t)in->imm : 0;
    out->r1 = out->kind == MEM_FLOAT_LOAD || out->kind == MEM_FLOAT_PAIR ? in->f1 : in->r1;
    out->r2 = out->kind == MEM_FLOAT_STORE || out->kind == MEM_FLOAT_PAIR ? in->f2 : in->r2;
    out->r3 = in->r3;
    return true;
}

static void one_mem(unsigned unit, uint64_t slot)
{
    struct memop got, want;
    struct isa_insn in;

    decode_any(unit, slot, &in);
    bool is = memop_decode((enum ia64_unit)unit, slot, &got), want_is = expected_mem(&in, &want);
    if (is != want_is) {
        complain(unit, slot, is ? "a memory access that is none" : "a memory access not seen");
        return;
    }
    if (!is)
        return;
    /* Fields that a kind has no use for are whatever the bits are. */
    bool value = want.kind == MEM_STORE || want.kind == MEM_FLOAT_STORE ||
                 want.kind == MEM_FLOAT_PAIR || want.update == MEM_UPDATE_REG;
    bool target =
        want.kind == MEM_LOAD || want.kind == MEM_FLOAT_LOAD || want.kind == MEM_FLOAT_PAIR;
    if (got.kind != want.kind || got.update != want.update || got.r3 != want.r3 ||
        got.imm != want.imm || got.speculative != want.speculative ||
        got.advanced != want.advanced || got.check != want.check || got.fill != want.fill ||
        got.fault != want.fault || (want.kind != MEM_PREFETCH && got.size != want.size) ||
        (value && got.r2 != want.r2) || (target && got.r1 != want.r1) ||
        (target && want.kind != MEM_LOAD && got.flt != want.flt))
        complain(unit, slot, "another memory access");
}

/* --privop-native makes the original of a break; the hypervisor must mean the same. */
static void breaks(void)
{
    static const struct {
        uint16_t op;
        uint8_t unit;
    } kind[] = {{ISA_BREAK_M_M37, ISA_UNIT_M}, {ISA_BREAK_B_B9, ISA_UNIT_B}};

    for (uint32_t imm = 0; imm <= 0x1fffff; imm++) {
        struct privop got, want = {.op = PRIVOP_NONE};
        for (unsigned k = 0; k < 2; k++) {
            struct isa_insn in = {.op = kind[k].op, .unit = kind[k].unit, .imm = imm};
            if (!privop_original(&in))
                continue;
            if (in.status != ISA_OK) /* target r0, a register that does not exist */
                decode_any(in.unit, in.raw, &in);
            expected(&in, &want);
        }
        privop_decode_break(imm, &got);
        if (!same(&got, &want))
            complain(ISA_UNIT_M, imm, "another meaning of the break");
    }
}

static void templates(void)
{
    for (unsigned t = 0; t < 32; t++)
        for (unsigned s = 0; s < 3; s++) {
            const struct isa_template *it = &isa_templates[t];
            bool mlx = it->unit[2] == ISA_UNIT_X;
            unsigned want = it->reserved ? ISA_UNIT_NONE
                            : mlx && s   ? (s == 1 ? ISA_UNIT_X : ISA_UNIT_NONE)
                                         : it->unit[s];
            struct isa_bundle b = isa_pack(t, rnd(), rnd(), rnd());
            const uint64_t words[2] = {b.lo, b.hi};
            if (ia64_slot_unit(t, s) != want)
                complain(want, t, "another unit in the template");
            else if (want && ia64_slot_bits(words, s) != isa_slot(b, mlx && s == 1 ? 2 : s))
                complain(want, t, "other bits of the slot");
        }
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 40;
    int bad = 0;

    for (unsigned unit = ISA_UNIT_M; unit <= ISA_UNIT_X; unit++)
        for (uint64_t top = 0; top < 1u << 15 && unit != ISA_UNIT_L; top++)
            for (unsigned i = 0; i < count; i++)
                one(unit, top << 26 | (rnd() & ((1u << 26) - 1)));
    bad |= verdict("instructions");
    for (uint64_t top = 0; top < 1u << 15; top++)
        for (unsigned i = 0; i < count; i++)
            one_mem(ISA_UNIT_M, top << 26 | (rnd() & ((1u << 26) - 1)));
    one_mem(ISA_UNIT_I, ISA_UNIT_I);
    bad |= verdict("memory");
    templates();
    bad |= verdict("templates");
    breaks();
    bad |= verdict("breaks");
    return bad;
}
