/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Frame of the per-instruction tests: see ../insn.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/rse.h"
#include "sim/mmu/mmu.h"
#include "tests/cpu/insn.h"

enum { RAM_SIZE = 16 << 20, STOP_IMM = 0x1234 };
const char *const run_mode_name[RUN_MODES] = {"step", "block"};

static struct sut *the_sut;

/* Instead of intr_deliver: records, and leaves the engine. */
static void record(struct cpu *cpu, const struct intr *in)
{
    struct sut *s = the_sut;
    s->recorded = true;
    s->in = *in;
    s->fault = !(in->vector == VEC_BREAK && in->iim == STOP_IMM);
    s->ip = cpu->ip;
    s->m->stop = true;
}

static uint64_t slot_of(unsigned op, uint64_t imm)
{
    uint64_t slot = 0, ext;
    const struct isa_insn in = {.op = (uint16_t)op, .imm = imm};
    if (!isa_encode(&in, &slot, &ext))
        abort();
    return slot;
}

struct sut *sut_new(void)
{
    static struct machine_ops ops;
    struct sut *s = calloc(1, sizeof *s);

    s->m = machine_new(2);
    phys_add_ram(s->m, 0, RAM_SIZE);
    if (s->m->ops)
        ops = *s->m->ops;
    ops.translate = mmu_translate;
    ops.deliver = record;
    s->m->ops = &ops;
    s->cpu = s->m->cpu[0];
    the_sut = s;

    const struct isa_bundle stop = isa_pack(0, slot_of(ISA_BREAK_M_M37, STOP_IMM),
                                            slot_of(ISA_NOP_I_I18, 0), slot_of(ISA_NOP_I_I18, 0));
    for (uint64_t a = CODE; a < CODE + 4096; a += 16)
        memcpy(phys_host(s->m, a, 16), &stop, 16);
    for (unsigned i = 0; i < s->m->ncpu; i++) /* p, WB, a, d, pl 3, rwx; 64 KiB */
        tlb_insert(s->m->cpu[i], false, 0, DATA, DATA | 3ull << 9 | 3ull << 7 | 0x61, 16ull << 2);
    sut_reset(s);
    return s;
}

void sut_free(struct sut *s)
{
    machine_free(s->m);
    free(s);
}

static uint64_t noise_state = 0x9e3779b97f4a7c15;
uint64_t noise(void)
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 7;
    noise_state ^= noise_state << 17;
    return noise_state * 0x2545f4914f6cdd1d;
}

uint64_t edge(unsigned n)
{
    static const uint64_t e[EDGES] = {
        0,
        1,
        2,
        ~0ull,
        ~1ull,
        1ull << 63,
        ~(1ull << 63),
        0x7fffffff,
        0x80000000,
        0xffffffff,
        0x100000000,
        0xffffffff80000000,
        0xffffffff7fffffff,
        63,
        64,
        65,
        32,
        31,
        15,
        16,
        0x7f80ff0100fe017f,
        0x7fff8000ffff0001,
        0x8000800080008000,
        0x8080808080808080,
        0x7f7f7f7f7f7f7f7f,
        0x0001fffe80017ffe,
    };
    return n < EDGES ? e[n] : noise();
}

void sut_reset(struct sut *s)
{
    struct cpu *cpu = s->cpu;

    cpu_set_psr(cpu, 0);
    alat_invalidate_all(cpu);
    if (cpu->cfm.sof != 96 || cpu->cfm.sor || cpu->ndirty) {
        rse_reset(cpu);
        cpu->cfm = (struct cfm){.sof = 96, .sol = 96};
    }
    for (unsigned r = 1; r < 128; r++)
        *gr(cpu, r) = (struct gr){noise(), 0};
    for (unsigned p = 0; p < 64; p++)
        cpu->pr[p] = 1;
    for (unsigned b = 0; b < 8; b++)
        cpu->br[b] = noise();
    for (unsigned f = 2; f < 128; f++)
        cpu->fr[f] =
            (struct fr){.sig = noise() | 1ull << 63, .se = 0xffff + (f & 7), .kind = FR_REG};
    cpu->ar[AR_UNAT] = noise();
    cpu->ar[AR_CCV] = noise();
    cpu->ar[AR_CSD] = noise();
    uint8_t *d = phys_host(s->m, DATA, DATA_SIZE);
    for (unsigned i = 0; i < DATA_SIZE; i++)
        d[i] = (uint8_t)(noise() >> 32);
}

/* Template and slot by unit: MII, MFI, MIB, MLX. */
bool sut_load(struct sut *s, const struct isa_insn *in)
{
    const uint8_t units = isa_rows[in->op].units;
    uint64_t slot, ext,
        sl[3] = {slot_of(ISA_NOP_M_M48, 0), slot_of(ISA_NOP_I_I18, 0), slot_of(ISA_NOP_I_I18, 0)};
    unsigned tmpl = 0;
    struct isa_bundle b;

    if (!expect(isa_encode(in, &slot, &ext), "%s %s: cannot be encoded", isa_rows[in->op].name,
                isa_rows[in->op].format))
        return false;
    if (units & 1u << ISA_UNIT_M) {
        s->slot = 0;
    } else if (units & 1u << ISA_UNIT_I) {
        s->slot = 1;
    } else if (units & 1u << ISA_UNIT_F) {
        s->slot = 1;
        tmpl = 0x0c;
    } else if (units & 1u << ISA_UNIT_B) {
        s->slot = 2;
        tmpl = 0x10;
    } else {
        s->slot = 1;
        tmpl = 4;
    }
    if (tmpl == 4) {
        sl[1] = ext;
        sl[2] = slot;
    } else {
        sl[s->slot] = slot;
    }
    b = isa_pack(tmpl, sl[0], sl[1], sl[2]);
    uint8_t *host = phys_host(s->m, CODE, 16);
    memcpy(host, &b, 16);
    if (code_page_present(s->m, host))
        code_page_dirty(s->m, host);

    struct isa_insn dec;
    isa_decode_slot(b, tmpl == 4 ? 2 : s->slot, &dec);
    isa_disasm(dec.op ? &dec : in, CODE, s->text, sizeof s->text);
    return true;
}

void sut_go(struct sut *s)
{
    struct cpu *cpu = s->cpu;

    s->recorded = s->fault = false;
    s->in = (struct intr){0};
    s->m->stop = false;
    cpu->halted = false;
    cpu->ip = CODE;
    if (s->mode == RUN_STEP) {
        cpu->psr = (cpu->psr & ~PSR_RI) | (uint64_t)s->slot << PSR_RI_SHIFT;
        engine_step(cpu);
        if (!s->recorded)
            s->ip = cpu->ip;
    } else {
        cpu->psr &= ~PSR_RI;
        engine_run(cpu, cpu->cycles + 100000);
        expect(s->recorded, "%s: the block did not reach the end", s->text);
    }
    cpu->psr &= ~PSR_RI;
}

struct isa_insn insn(unsigned op)
{
    struct isa_insn in = {
        .op = (uint16_t)op, .r1 = 8, .r2 = 9, .r3 = 10, .f1 = 6, .f2 = 7, .f3 = 8, .f4 = 9};
    const char *f = isa_rows[op].format;
    in.p1 = 6;
    in.p2 = 7;
    in.b1 = 6;
    in.b2 = 7;
    in.pos = 3;
    in.len = 5;
    in.count = 1;
    if (!strcmp(f, "A5"))
        in.r3 = 2;
    if (!strcmp(f, "I1"))
        in.count = 7;
    if (!strcmp(f, "I3"))
        in.count = 8;
    if (!strcmp(f, "I30"))
        in.pos = 32;
    if (!strcmp(f, "M17"))
        in.imm = 1;
    if (!strcmp(f, "M12"))
        in.imm = strstr(isa_rows[op].name, "ldfps") ? 8 : 16;
    if (!strcmp(f, "M29") || !strcmp(f, "M30") || !strcmp(f, "M31"))
        in.ar3 = AR_UNAT;
    if (!strcmp(f, "I26") || !strcmp(f, "I27") || !strcmp(f, "I28"))
        in.ar3 = AR_LC;
    return in;
}

void snap_take(struct sut *s, struct snap *p)
{
    struct cpu *cpu = s->cpu;
    memset(p, 0, sizeof *p);
    for (unsigned r = 0; r < 128; r++)
        p->gr[r] = *gr(cpu, r);
    memcpy(p->pr, cpu->pr, 64);
    memcpy(p->fr, cpu->fr, sizeof p->fr);
    memcpy(p->br, cpu->br, sizeof p->br);
    memcpy(p->ar, cpu->ar, sizeof p->ar);
    p->psr = cpu->psr & ~PSR_RI;
    p->cfm = cpu->cfm;
    memcpy(p->data, phys_host(s->m, DATA, DATA_SIZE), DATA_SIZE);
}

const char *snap_diff(const struct snap *a, const struct snap *b, unsigned except,
                      const struct isa_insn *in)
{
    static char buf[80];
    for (unsigned r = 0; r < 128; r++) {
        if ((except & EXCEPT_R1 && r == in->r1) || (except & EXCEPT_R3 && r == in->r3))
            continue;
        if (a->gr[r].v != b->gr[r].v || a->gr[r].n != b->gr[r].n) {
            snprintf(buf, sizeof buf, "r%u", r);
            return buf;
        }
    }
    for (unsigned p = 0; p < 64; p++) {
        if (except & EXCEPT_PREDS && (p == in->p1 || p == in->p2))
            continue;
        if (a->pr[p] != b->pr[p]) {
            snprintf(buf, sizeof buf, "p%u", p);
            return buf;
        }
    }
    for (unsigned f = 0; f < 128; f++) {
        if (memcmp(&a->fr[f], &b->fr[f], sizeof a->fr[f])) {
            snprintf(buf, sizeof buf, "f%u", f);
            return buf;
        }
    }
    if (memcmp(a->br, b->br, sizeof a->br))
        return "a branch register";
    for (unsigned r = 0; r < 128; r++) {
        if ((except & EXCEPT_UNAT && r == AR_UNAT) || (except & EXCEPT_CSD && r == AR_CSD) ||
            r == AR_ITC)
            continue;
        if (a->ar[r] != b->ar[r]) {
            snprintf(buf, sizeof buf, "ar%u", r);
            return buf;
        }
    }
    if (a->psr != b->psr)
        return "psr";
    if (memcmp(&a->cfm, &b->cfm, sizeof a->cfm))
        return "cfm";
    for (unsigned i = 0; !(except & EXCEPT_DATA) && i < DATA_SIZE; i++) {
        if (a->data[i] != b->data[i]) {
            snprintf(buf, sizeof buf, "memory at DATA+%u", i);
            return buf;
        }
    }
    return NULL;
}

bool row_reads(const struct isa_row *row, const char *reg)
{
    const char *eq = strchr(row->operands, '=');
    const char *p = row->operands;
    for (; (p = strstr(p, reg)) != NULL; p++) {
        const bool target = eq && p < eq && !(p > row->operands && p[-1] == '[');
        if (!target)
            return true;
    }
    return false;
}

void generic_predicate_off(struct sut *s, unsigned op)
{
    static struct snap before, after;
    struct isa_insn in = insn(op);
    in.qp = 3;

    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        sut_reset(s);
        if (!sut_load(s, &in))
            return;
        s->cpu->pr[3] = 0;
        snap_take(s, &before);
        sut_go(s);
        snap_take(s, &after);
        if (!expect_no_fault(s))
            continue;
        const char *d = snap_diff(&before, &after, 0, &in);
        expect(!d, "%s (%s) with its predicate off changed %s", s->text, run_mode_name[s->mode], d);
        expect(s->ip == (s->mode == RUN_STEP && s->slot < 2 && isa_rows[op].units != 1 << ISA_UNIT_X
                             ? CODE
                             : CODE + 16),
               "%s (%s) with its predicate off went to %#" PRIx64, s->text, run_mode_name[s->mode],
               s->ip);
    }
}

void generic_nat(struct sut *s, unsigned op)
{
    static struct snap before, after;
    const struct isa_row *row = &isa_rows[op];

    for (unsigned which = 1; which <= 3; which++) {
        struct isa_insn in = insn(op);
        const bool any = (which & 1 && row_reads(row, "r2")) || (which & 2 && row_reads(row, "r3"));
        if (!any)
            continue;
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            sut_reset(s);
            if (!sut_load(s, &in))
                return;
            if (which & 1 && row_reads(row, "r2"))
                gr(s->cpu, in.r2)->n = 1;
            if (which & 2 && row_reads(row, "r3"))
                gr(s->cpu, in.r3)->n = 1;
            snap_take(s, &before);
            sut_go(s);
            snap_take(s, &after);
            if (!expect_no_fault(s))
                continue;
            expect(gr(s->cpu, in.r1)->n == 1, "%s (%s): a NaT source (%u) gave no NaT", s->text,
                   run_mode_name[s->mode], which);
            const char *d = snap_diff(&before, &after, EXCEPT_R1, &in);
            expect(!d, "%s (%s) changed %s", s->text, run_mode_name[s->mode], d);
        }
    }
    /* Without NaT sources, an old NaT in the target goes. */
    struct isa_insn in = insn(op);
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        sut_reset(s);
        if (!sut_load(s, &in))
            return;
        gr(s->cpu, in.r1)->n = 1;
        sut_go(s);
        expect_no_fault(s);
        expect(gr(s->cpu, in.r1)->n == 0, "%s (%s): the target kept its NaT", s->text,
               run_mode_name[s->mode]);
    }
}

void generic_targets(struct sut *s, unsigned op)
{
    static struct snap before, after;
    const uint16_t check = isa_rows[op].check;

    for (unsigned what = 0; what < 6; what++) {
        struct isa_insn in = insn(op);
        const bool on = what & 1;
        in.qp = 3;
        if (what / 2 == 0 && check & ISA_CHECK_R1)
            in.r1 = 0;
        else if (what / 2 == 1 && check & ISA_CHECK_R1)
            in.r1 = 32 + 8;
        else if (what / 2 == 2 && check & (ISA_CHECK_P1_P2 | ISA_CHECK_P1_P2_UNC))
            in.p2 = in.p1;
        else
            continue;
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
            sut_reset(s);
            if (!sut_load(s, &in))
                return;
            if (what / 2 == 1)
                s->cpu->cfm.sof = s->cpu->cfm.sol = 8;
            s->cpu->pr[3] = on;
            snap_take(s, &before);
            sut_go(s);
            snap_take(s, &after);
            if (on || (what / 2 == 2 && check & ISA_CHECK_P1_P2_UNC))
                expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
            else
                expect_no_fault(s);
            const char *d = snap_diff(&before, &after, 0, &in);
            expect(!d, "%s (%s), illegal, changed %s", s->text, run_mode_name[s->mode], d);
        }
    }
}
