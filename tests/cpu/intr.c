/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/intr: what an interruption collects and changes (SDM 2:5.5, 2:8), traps and their priority,
 * one-instruction bits, instruction breakpoints, rfi, incomplete register frames, and external
 * interrupts (SDM 2:5.8). Real delivery; the vectors at IVA hold nothing: every test looks at the
 * processor right after the transfer.
 */
#include <stdlib.h>
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "tests/cpu/mmu.h"

#define IVA   0x40000ull
#define STORE 0x200000ull

static const struct machine_ops real_ops = {.translate = mmu_translate, .deliver = intr_deliver};

static const struct isa_insn NOP_M = {.op = ISA_NOP_M_M48}, NOP_I = {.op = ISA_NOP_I_I18},
                             NOP_B = {.op = ISA_NOP_B_B9};
enum { MII = 0x00, MLX = 0x04, MIB = 0x10, MBB = 0x12, BBB = 0x16 };

static void place(uint64_t at, unsigned tmpl, const struct isa_insn *a, const struct isa_insn *b,
                  const struct isa_insn *c)
{
    const struct isa_insn *in[3] = {a, b, c};
    uint64_t sl[3] = {0}, ext = 0;
    for (unsigned i = 0; i < 3; i++)
        if (in[i] && !isa_encode(in[i], &sl[i], &ext))
            abort();
    if (tmpl == MLX)
        sl[1] = ext;
    const struct isa_bundle bundle = isa_pack(tmpl, sl[0], sl[1], sl[2]);
    uint8_t *h = phys_host(s->m, at, 16);
    memcpy(h, &bundle, 16);
    if (code_page_present(s->m, h))
        code_page_dirty(s->m, h);
}

/* Registers to noise; psr as given, interruption registers to noise; ip at CODE, nops all around.
 */
static void prepare(uint64_t psr)
{
    sut_reset(s);
    mmu_reset(cpu);
    rse_reset(cpu);
    rse_set_bspstore(cpu, STORE);
    cpu->cfm = (struct cfm){.sof = 20, .sol = 12};
    for (unsigned i = 0; i < 8; i++)
        cpu->rr[i] = rr_make(RID + i, 14, 0);
    sapic_reset(cpu);
    cpu->cr[CR_IVA] = IVA;
    cpu->cr[CR_DCR] = 0;
    cpu->cr[CR_PTA] = 15 << 2;
    for (unsigned i = CR_IPSR; i <= CR_IIB1; i++)
        cpu->cr[i] = noise();
    cpu->cr[CR_IFS] |= 1ull << 63;
    memset(cpu->ibr, 0, sizeof cpu->ibr);
    cpu_set_psr(cpu, psr);
    cpu->ip = CODE;
    cpu->halted = false;
    s->m->stop = false;
    for (uint64_t a = CODE - 64; a < CODE + 256; a += 16)
        place(a, MII, &NOP_M, &NOP_I, &NOP_I);
}

static void at_slot(unsigned slot)
{
    cpu->psr = (cpu->psr & ~PSR_RI) | (uint64_t)slot << PSR_RI_SHIFT;
}

/* The interruption just taken: vector, and ISR. */
static bool expect_taken(unsigned vector, uint64_t isr, const char *what)
{
    bool ok = expect_u64(IVA + vector, cpu->ip, "%s: ip", what);
    return expect_u64(isr, cpu->cr[CR_ISR], "%s: isr", what) && ok;
}
#define EI(slot) ((uint64_t)(slot) << ISR_EI_SHIFT)
#define RI(slot) ((uint64_t)(slot) << PSR_RI_SHIFT)

/* --- collection --- */

static void expect_iib(uint64_t pa, const char *what)
{
    struct isa_bundle b;

    memcpy(&b, phys_host(s->m, pa, 16), 16);
    expect(cpu->cr[CR_IIB0] == b.lo && cpu->cr[CR_IIB1] == b.hi, "%s: iib", what);
}

/* Faults of instructions in every slot: IIP, IPSR.ri, ISR.ei, IIM, IIPA, IFS.v, IIB. */
static void collected(void)
{
    for (unsigned slot = 0; slot < 3; slot++) {
        const struct isa_insn brk = {.op = slot ? ISA_BREAK_I_I19 : ISA_BREAK_M_M37,
                                     .imm = 0x1abcd};
        const uint64_t psr = PSR_IC | PSR_BN | PSR_AC | PSR_I | PSR_CPL;
        prepare(psr);
        place(CODE, MII, slot == 0 ? &brk : &NOP_M, slot == 1 ? &brk : &NOP_I,
              slot == 2 ? &brk : &NOP_I);
        at_slot(slot);
        const uint64_t ifs = cpu->cr[CR_IFS], ifa = cpu->cr[CR_IFA];
        engine_step(cpu);
        expect_taken(VEC_BREAK, EI(slot), "break");
        expect_u64(CODE, cpu->cr[CR_IIP], "break: iip");
        expect_u64(psr | RI(slot), cpu->cr[CR_IPSR], "break: ipsr");
        expect_u64(0x1abcd, cpu->cr[CR_IIM], "break: iim");
        expect_u64(ifs & ~(1ull << 63), cpu->cr[CR_IFS], "break: ifs");
        expect_u64(ifa, cpu->cr[CR_IFA], "break: ifa stays");
        expect_iib(CODE, "break");
        expect_u64(0, cpu->psr & PSR_RI, "break: psr.ri");
    }
    /* The whole bundle executed in a block; the fault in its last slot, and in the next bundle. */
    const struct isa_insn brk = {.op = ISA_BREAK_I_I19, .imm = 7}, brk0 = {.op = ISA_BREAK_M_M37},
                          br = {.op = ISA_BR_COND_B1, .imm = 0x40};
    prepare(PSR_IC);
    place(CODE, MII, &NOP_M, &NOP_I, &brk);
    engine_run(cpu, cpu->cycles + 3);
    expect_u64(CODE, cpu->cr[CR_IIPA], "iipa: same bundle");
    expect_u64(EI(2), cpu->cr[CR_ISR], "isr in a block");
    prepare(PSR_IC);
    place(CODE + 16, MII, &brk0, &NOP_I, &NOP_I);
    engine_run(cpu, cpu->cycles + 3);
    expect_u64(CODE + 16, cpu->cr[CR_IIP], "iip in the second bundle");
    expect_u64(CODE, cpu->cr[CR_IIPA], "iipa: bundle before");
    prepare(PSR_IC);
    place(CODE, MIB, &NOP_M, &NOP_I, &br);
    place(CODE + 0x40, MII, &brk0, &NOP_I, &NOP_I);
    engine_run(cpu, cpu->cycles + 4);
    expect_u64(CODE + 0x40, cpu->cr[CR_IIP], "iip at a branch target");
    expect_u64(CODE, cpu->cr[CR_IIPA], "iipa: where the branch was");
    /* break.b carries no immediate; of break.x's 62 bits 21 count, and it is slot 1. */
    const struct isa_insn bb = {.op = ISA_BREAK_B_B9, .imm = 0x123},
                          bx = {.op = ISA_BREAK_X_X1, .imm = 0x3edcba9876543210};
    prepare(PSR_IC);
    place(CODE, MIB, &NOP_M, &NOP_I, &bb);
    at_slot(2);
    engine_step(cpu);
    expect_taken(VEC_BREAK, EI(2), "break.b");
    expect_u64(0, cpu->cr[CR_IIM], "break.b: iim");
    prepare(PSR_IC);
    place(CODE, MLX, &NOP_M, NULL, &bx);
    at_slot(1);
    engine_step(cpu);
    expect_taken(VEC_BREAK, EI(1), "break.x");
    expect_u64(0x143210, cpu->cr[CR_IIM], "break.x: iim");
}

/* SDM 2:3.3.2: what each PSR field is after an interruption. */
static void psr_after(void)
{
    const uint64_t unchanged = PSR_UP | PSR_MFL | PSR_MFH | PSR_PK | PSR_DT | PSR_RT;
    const uint64_t any = PSR_UM | PSR_IC | PSR_I | PSR_PK | PSR_DFL | PSR_DFH | PSR_SP | PSR_PP |
                         PSR_DI | PSR_SI | PSR_CPL | PSR_BN | PSR_DT | PSR_RT;
    for (unsigned i = 0; i < 500; i++) {
        const struct isa_insn brk = {.op = ISA_BREAK_M_M37};
        const uint64_t psr = noise() & any;
        const uint64_t dcr = noise() & (DCR_PP | DCR_BE | DCR_LC);
        prepare(psr);
        cpu->cr[CR_DCR] = dcr;
        place(CODE, MII, &brk, &NOP_I, &NOP_I);
        const uint64_t saved[] = {cpu->cr[CR_IPSR], cpu->cr[CR_IIP], cpu->cr[CR_IIPA],
                                  cpu->cr[CR_IFS],  cpu->cr[CR_IIM], cpu->cr[CR_IFA],
                                  cpu->cr[CR_ITIR]};
        engine_step(cpu);
        expect_taken(VEC_BREAK, psr & PSR_IC ? 0 : ISR_NI, "break");
        expect_u64((psr & unchanged) | (dcr & DCR_PP ? PSR_PP : 0) | (dcr & DCR_BE ? PSR_BE : 0),
                   cpu->psr, "psr after an interruption from %" PRIx64, psr);
        expect_u64(0, cpu->cpl, "cpl");
        if (psr & PSR_IC)
            expect_u64(psr, cpu->cr[CR_IPSR], "ipsr");
        else
            expect(saved[0] == cpu->cr[CR_IPSR] && saved[1] == cpu->cr[CR_IIP] &&
                       saved[2] == cpu->cr[CR_IIPA] && saved[3] == cpu->cr[CR_IFS] &&
                       saved[4] == cpu->cr[CR_IIM] && saved[5] == cpu->cr[CR_IFA] &&
                       saved[6] == cpu->cr[CR_ITIR],
                   "interruption registers with psr.ic 0");
    }
}

/* The inactive bank comes in, and goes out again by rfi. */
static void banks(void)
{
    const struct isa_insn brk = {.op = ISA_BREAK_M_M37}, rfi = {.op = ISA_RFI_B8};
    prepare(PSR_IC | PSR_BN);
    place(CODE, MII, &brk, &NOP_I, &NOP_I);
    place(IVA + VEC_BREAK, MIB, &NOP_M, &NOP_I, &rfi);
    const uint64_t r16 = gr(cpu, 16)->v, r31 = gr(cpu, 31)->v, r15 = gr(cpu, 15)->v;
    for (unsigned i = 0; i < 16; i++)
        cpu->bank[i] = (struct gr){100 + i, 0};
    engine_step(cpu);
    expect_u64(100, gr(cpu, 16)->v, "r16 of bank 0");
    expect_u64(115, gr(cpu, 31)->v, "r31 of bank 0");
    expect_u64(r15, gr(cpu, 15)->v, "r15 has no bank");
    cpu->cr[CR_IIP] += 0x20;
    for (unsigned i = 0; i < 3; i++)
        engine_step(cpu);
    expect_u64(CODE + 0x20, cpu->ip, "rfi: ip");
    expect_u64(r16, gr(cpu, 16)->v, "r16 of bank 1");
    expect_u64(r31, gr(cpu, 31)->v, "r31 of bank 1");
}

/* Translation faults: registers they set, data nested TLB. */
static void translation(void)
{
    const struct isa_insn ld = {.op = ISA_LD8_M1, .r1 = 8, .r3 = 9},
                          st = {.op = ISA_ST8_M4, .r2 = 8, .r3 = 9};
    prepare(PSR_IC | PSR_DT);
    gr(cpu, 9)->v = VA + 8;
    place(CODE, MII, &ld, &NOP_I, &NOP_I);
    engine_step(cpu);
    expect_taken(VEC_ALT_DTLB, ISR_R, "load miss");
    expect_u64(VA + 8, cpu->cr[CR_IFA], "load miss: ifa");
    expect_u64(14 << 2 | (uint64_t)(RID + 5) << 8, cpu->cr[CR_ITIR], "load miss: itir");
    prepare(PSR_IC | PSR_DT);
    gr(cpu, 9)->v = VA + 8;
    place(CODE, MII, &st, &NOP_I, &NOP_I);
    engine_step(cpu);
    expect_taken(VEC_ALT_DTLB, ISR_W, "store miss");
    /* With psr.ic 0: Data Nested TLB; no interruption register changes, ISR neither. */
    prepare(PSR_DT);
    gr(cpu, 9)->v = VA + 8;
    place(CODE, MII, &ld, &NOP_I, &NOP_I);
    const uint64_t isr = cpu->cr[CR_ISR], ifa = cpu->cr[CR_IFA], itir = cpu->cr[CR_ITIR];
    engine_step(cpu);
    expect_taken(VEC_DATA_NESTED_TLB, isr, "nested load miss");
    expect(cpu->cr[CR_IFA] == ifa && cpu->cr[CR_ITIR] == itir, "nested load miss: ifa, itir");
    /* Instruction fetch. */
    prepare(PSR_IC);
    cpu->ip = VA + 0x30;
    cpu_set_psr(cpu, PSR_IC | PSR_IT);
    engine_step(cpu);
    expect_taken(VEC_ALT_ITLB, ISR_X, "fetch miss");
    expect_u64(VA + 0x30, cpu->cr[CR_IIP], "fetch miss: iip");
    expect_u64(VA + 0x30, cpu->cr[CR_IFA], "fetch miss: ifa");
}

/* --- traps --- */

enum { LP = 2, TB = 4, SS = 8 };

static void single_step(void)
{
    for (unsigned slot = 0; slot < 3; slot++) {
        prepare(PSR_IC | PSR_SS);
        at_slot(slot);
        engine_run(cpu, cpu->cycles + 2);
        expect_taken(VEC_SINGLE_STEP, SS | EI(slot), "single step");
        expect_u64(slot == 2 ? CODE + 16 : CODE, cpu->cr[CR_IIP], "single step: iip");
        expect_u64(PSR_IC | PSR_SS | (slot == 2 ? 0 : RI(slot + 1)), cpu->cr[CR_IPSR],
                   "single step: ipsr");
        expect_u64(CODE, cpu->cr[CR_IIPA], "single step: iipa");
        expect_iib(CODE, "single step");
    }
    /* The long instruction ends its bundle. */
    const struct isa_insn movl = {.op = ISA_MOVL_X2, .r1 = 8, .imm = 5};
    prepare(PSR_IC | PSR_SS);
    place(CODE, MLX, &NOP_M, NULL, &movl);
    at_slot(1);
    engine_run(cpu, cpu->cycles + 2);
    expect_taken(VEC_SINGLE_STEP, SS | EI(1), "single step of movl");
    expect_u64(CODE + 16, cpu->cr[CR_IIP], "single step of movl: iip");
    /* A fault comes instead of the trap; an instruction predicated off traps. */
    const struct isa_insn brk = {.op = ISA_BREAK_M_M37, .imm = 1},
                          off = {.op = ISA_BREAK_M_M37, .imm = 1, .qp = 5};
    prepare(PSR_IC | PSR_SS);
    place(CODE, MII, &brk, &NOP_I, &NOP_I);
    engine_run(cpu, cpu->cycles + 2);
    expect_taken(VEC_BREAK, 0, "fault while stepping");
    prepare(PSR_IC | PSR_SS);
    place(CODE, MII, &off, &NOP_I, &NOP_I);
    cpu->pr[5] = 0;
    engine_run(cpu, cpu->cycles + 2);
    expect_taken(VEC_SINGLE_STEP, SS, "single step, predicate off");
}

static void branch_traps(void)
{
    for (unsigned bits = 1; bits < 8; bits++)
        for (unsigned kind = 0; kind < 4;
             kind++) { /* br taken, not taken, br.ret lowering, not lowering */
            const uint64_t psr = PSR_IC | (bits & 1 ? PSR_SS : 0) | (bits & 2 ? PSR_TB : 0) |
                                 (bits & 4 ? PSR_LP : 0);
            const struct isa_insn br = {.op = ISA_BR_COND_B1, .imm = 0x40, .qp = 6},
                                  ret = {.op = ISA_BR_RET_B4, .b2 = 3};
            prepare(psr);
            place(CODE, MIB, &NOP_M, &NOP_I, kind < 2 ? &br : &ret);
            at_slot(2);
            cpu->pr[6] = kind == 0;
            cpu->br[3] = CODE + 0x40;
            rse_call(cpu);
            cpu->ar[AR_PFS] = 20 | 12 << 7 | (kind == 2 ? 3ull << 62 : 0);
            engine_run(cpu, cpu->cycles + 2);
            const bool taken = kind != 1, lower = kind == 2;
            const unsigned code =
                (bits & 1 ? SS : 0) | (bits & 2 && taken ? TB : 0) | (bits & 4 && lower ? LP : 0);
            if (!code) {
                expect(cpu->ip < IVA, "psr bits %u, kind %u: ip %" PRIx64, bits, kind, cpu->ip);
                continue;
            }
            expect_taken(code & LP   ? VEC_LOWER_PRIV
                         : code & TB ? VEC_TAKEN_BRANCH
                                     : VEC_SINGLE_STEP,
                         code | EI(2), "branch trap");
            expect_u64(taken ? CODE + 0x40 : CODE + 16, cpu->cr[CR_IIP], "branch trap: iip");
            expect_u64(CODE, cpu->cr[CR_IIPA], "branch trap: iipa");
            expect_iib(CODE, "branch trap");
            expect_u64(psr | (lower ? PSR_CPL : 0), cpu->cr[CR_IPSR], "branch trap: ipsr");
        }
    /* The bundle is the trap's even where the new level may not fetch it: a page of level 0. */
    const struct isa_insn ret = {.op = ISA_BR_RET_B4, .b2 = 3};
    prepare(PSR_IC | PSR_LP | PSR_IT);
    place(CODE, MIB, &NOP_M, &NOP_I, &ret);
    tlb_insert(cpu, true, 0, VA, CODE | 1 << 9 | PTE_A | PTE_P, 14 << 2);
    cpu->ip = VA;
    at_slot(2);
    cpu->br[3] = VA + 0x40;
    rse_call(cpu);
    cpu->ar[AR_PFS] = 20 | 12 << 7 | 3ull << 62;
    engine_run(cpu, cpu->cycles + 2);
    expect_taken(VEC_LOWER_PRIV, LP | EI(2), "br.ret from a page of level 0");
    expect_iib(CODE, "br.ret from a page of level 0");
    /* chk.s that branches is a taken branch. */
    const struct isa_insn chk = {.op = ISA_CHK_S_M_M20, .r2 = 9, .imm = 0x40};
    prepare(PSR_IC | PSR_TB);
    place(CODE, MII, &chk, &NOP_I, &NOP_I);
    gr(cpu, 9)->n = 1;
    engine_run(cpu, cpu->cycles + 2);
    expect_taken(VEC_TAKEN_BRANCH, TB, "chk.s");
    expect_u64(CODE + 0x40, cpu->cr[CR_IIP], "chk.s: iip");
}

/* A branch out of the implemented physical addresses: seen when the target is fetched (SDM 2:8.3,
 * vector 0x5e00, lets processors report it so), as the trap would be but for isr.ei. */
static void unimplemented_address(void)
{
    const struct isa_insn br = {.op = ISA_BR_COND_B4, .b2 = 3};
    for (unsigned block = 0; block < 2; block++) {
        prepare(PSR_IC);
        place(CODE, MIB, &NOP_M, &NOP_I, &br);
        cpu->br[3] = 1ull << 52 | 0x40;
        if (block) {
            engine_run(cpu, cpu->cycles + 3);
        } else {
            at_slot(2);
            engine_step(cpu);
            engine_step(cpu);
        }
        expect_taken(VEC_LOWER_PRIV, 1 << 4, "unimplemented address");
        expect_u64(1ull << 52 | 0x40, cpu->cr[CR_IIP], "unimplemented address: iip");
        expect_u64(1ull << 52 | 0x40, cpu->cr[CR_IFA], "unimplemented address: ifa");
        expect_u64(CODE, cpu->cr[CR_IIPA], "unimplemented address: iipa");
    }
}

/* psr.id, da, dd, ia, ed live for one instruction that completes; a fault saves them. */
static void one_shot(void)
{
    static const uint64_t bits[] = {PSR_ID, PSR_DA, PSR_DD, PSR_IA, PSR_ED};
    const struct isa_insn brk = {.op = ISA_BREAK_I_I19};
    for (unsigned i = 0; i < 5; i++) {
        prepare(PSR_IC | bits[i]);
        engine_step(cpu);
        expect_u64(PSR_IC | RI(1), cpu->psr, "psr after one instruction");
        prepare(PSR_IC | bits[i]);
        place(CODE, MII, &NOP_M, &brk, &NOP_I);
        at_slot(1);
        engine_step(cpu);
        expect_u64(PSR_IC | bits[i] | RI(1), cpu->cr[CR_IPSR], "ipsr of a fault");
        /* The same in free run: gone by the second instruction. */
        prepare(PSR_IC | bits[i]);
        place(CODE, MII, &NOP_M, &brk, &NOP_I);
        engine_run(cpu, cpu->cycles + 3);
        expect_u64(PSR_IC | RI(1), cpu->cr[CR_IPSR], "ipsr of the next instruction's fault");
    }
}

static void breakpoints(void)
{
    static const struct {
        uint64_t addr, ctl, psr;
        bool hit;
    } t[] = {
        {CODE, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, PSR_DB, true},
        {CODE, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, 0, false},               /* psr.db 0 */
        {CODE, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, PSR_DB | PSR_ID, false}, /* psr.id */
        {CODE, 1ull << 56 | 0xffffffffffffff, PSR_DB, false},                       /* x 0 */
        {CODE, 1ull << 63 | 14ull << 56 | 0xffffffffffffff, PSR_DB, false}, /* not level 0 */
        {CODE, 1ull << 63 | 8ull << 56 | 0xffffffffffffff, PSR_DB | PSR_CPL, true},
        {CODE + 16, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, PSR_DB, false},
        {CODE + 12, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, PSR_DB, true}, /* bits 3:0 */
        {CODE + 0xff0, 1ull << 63 | 1ull << 56 | 0xfffffffffff000, PSR_DB, true},
        {CODE | 1ull << 60, 1ull << 63 | 1ull << 56 | 0xffffffffffffff, PSR_DB, false},
    };
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        for (unsigned pair = 0; pair < N_IBR; pair += 2) {
            prepare(PSR_IC | t[i].psr);
            cpu->ibr[pair] = t[i].addr;
            cpu->ibr[pair + 1] = t[i].ctl;
            engine_step(cpu);
            expect((cpu->ip == IVA + VEC_DEBUG) == t[i].hit, "breakpoint %u: ip %" PRIx64, i,
                   cpu->ip);
            if (t[i].hit) {
                expect_taken(VEC_DEBUG, ISR_X, "breakpoint");
                expect_u64(CODE, cpu->cr[CR_IFA], "breakpoint: ifa");
                expect_u64(CODE, cpu->cr[CR_IIP], "breakpoint: iip");
            }
        }
    memset(cpu->ibr, 0, sizeof cpu->ibr);
}

/* --- rfi --- */

static void rfi(void)
{
    const struct isa_insn ret = {.op = ISA_RFI_B8}, brk = {.op = ISA_BREAK_I_I19},
                          brk0 = {.op = ISA_BREAK_M_M37};
    for (unsigned ri = 0; ri < 3; ri++) { /* to the slot that ipsr.ri says */
        prepare(0);
        place(CODE, MIB, &NOP_M, &NOP_I, &ret);
        place(CODE + 0x80, MII, ri == 0 ? &brk0 : &NOP_M, ri == 1 ? &brk : &NOP_I,
              ri == 2 ? &brk : &NOP_I);
        cpu->cr[CR_IPSR] = PSR_IC | PSR_AC | RI(ri);
        cpu->cr[CR_IIP] = CODE + 0x87;
        cpu->cr[CR_IFS] = 0;
        const uint64_t iipa = cpu->cr[CR_IIPA] = noise();
        engine_run(cpu, cpu->cycles + 20);
        expect_taken(VEC_BREAK, EI(ri), "after rfi");
        expect_u64(CODE + 0x80, cpu->cr[CR_IIP], "after rfi: iip");
        expect_u64(PSR_IC | PSR_AC | RI(ri), cpu->cr[CR_IPSR], "after rfi: ipsr");
        expect_u64(iipa, cpu->cr[CR_IIPA], "after rfi: iipa, nothing executed since");
        expect_u64(20 | 12 << 7, cfm_pack(&cpu->cfm), "after rfi with ifs.v 0: cfm");
    }
    /* No trap of rfi itself; the next instruction's. */
    prepare(PSR_TB);
    place(CODE, MIB, &NOP_M, &NOP_I, &ret);
    cpu->cr[CR_IPSR] = PSR_IC | PSR_SS | PSR_TB | PSR_LP | PSR_CPL | PSR_ID;
    cpu->cr[CR_IIP] = CODE + 0x80;
    cpu->cr[CR_IFS] = 0;
    at_slot(2);
    engine_step(cpu);
    expect_u64(CODE + 0x80, cpu->ip, "rfi into single step: ip");
    expect_u64(PSR_IC | PSR_SS | PSR_TB | PSR_LP | PSR_CPL | PSR_ID, cpu->psr, "rfi: psr");
    engine_step(cpu);
    if (cpu->ip == CODE + 0x80)
        engine_step(cpu); /* an instruction and its trap may be two steps */
    expect_taken(VEC_SINGLE_STEP, SS, "the instruction after rfi");
    expect_u64(PSR_IC | PSR_SS | PSR_TB | PSR_LP | PSR_CPL | RI(1), cpu->cr[CR_IPSR], "its ipsr");
    /* ifs.v 1: the frame that cover put away. */
    const struct isa_insn cover = {.op = ISA_COVER_B8};
    prepare(0);
    place(CODE, BBB, &cover, &NOP_B, &ret);
    rse_alloc(cpu, 20, 12, 8);
    rse_set_rrb(cpu, 5, 60, 33);
    const uint64_t cfm = cfm_pack(&cpu->cfm), r33 = gr(cpu, 33)->v, bsp = rse_bsp(cpu);
    cpu->cr[CR_IPSR] = PSR_IC;
    cpu->cr[CR_IIP] = CODE + 0x80;
    engine_step(cpu);
    expect_u64(1ull << 63 | cfm, cpu->cr[CR_IFS], "cover: ifs");
    expect_u64(0, cfm_pack(&cpu->cfm), "cover: cfm");
    expect_u64(bsp + 160, rse_bsp(cpu), "cover: bsp");
    engine_step(cpu);
    engine_step(cpu);
    expect_u64(cfm, cfm_pack(&cpu->cfm), "rfi: cfm");
    expect_u64(r33, gr(cpu, 33)->v, "rfi: r33");
    expect_u64(bsp, rse_bsp(cpu), "rfi: bsp");
    /* cover with psr.ic 1 leaves ifs. */
    prepare(PSR_IC);
    place(CODE, BBB, &cover, &NOP_B, &NOP_B);
    const uint64_t ifs = cpu->cr[CR_IFS];
    engine_step(cpu);
    expect_u64(ifs, cpu->cr[CR_IFS], "cover with psr.ic: ifs");
    /* Slot 2 of a bundle with a long instruction is no instruction. */
    const struct isa_insn movl = {.op = ISA_MOVL_X2, .r1 = 8, .imm = 5};
    prepare(0);
    place(CODE, MIB, &NOP_M, &NOP_I, &ret);
    place(CODE + 0x80, MLX, &NOP_M, NULL, &movl);
    cpu->cr[CR_IPSR] = PSR_IC | RI(2);
    cpu->cr[CR_IIP] = CODE + 0x80;
    cpu->cr[CR_IFS] = 0;
    engine_run(cpu, cpu->cycles + 20);
    expect_taken(VEC_GENERAL, GE_ILLEGAL_OPERATION | EI(2), "rfi to slot 2 of MLX");
}

/* --- register stack --- */

#define RSE_VA 0xa000000000100000ull
#define RSE_PA 0x300000ull

/* br.ret to a frame in a page that is not mapped: IIP is the target, the frame incomplete. */
static void incomplete_frame(void)
{
    const struct isa_insn ret = {.op = ISA_BR_RET_B4, .b2 = 3}, rfi_ = {.op = ISA_RFI_B8},
                          cover = {.op = ISA_COVER_B8};
    for (unsigned how = 0; how < 4; how++) { /* bit 0: in a block; bit 1: the handler covers */
        prepare(PSR_IC | PSR_RT | PSR_DT);
        put(false, RSE_VA, PTE | RSE_PA, 14, RID + 5);
        rse_set_bspstore(cpu, RSE_VA);
        const struct gr r40 = *gr(cpu, 40);
        gr(cpu, 41)->n = 1;
        rse_call(cpu);
        rse_flush(cpu);
        gr(cpu, 32)->v = 77; /* caller's r44 */
        const uint64_t bsp = rse_bsp(cpu);
        mmu_reset(cpu);
        place(CODE, MIB, &NOP_M, &NOP_I, &ret);
        place(IVA + VEC_ALT_DTLB, BBB, &cover, &NOP_B, &rfi_);
        cpu->br[3] = CODE + 0x40;
        cpu->ar[AR_PFS] = 20 | 12 << 7;
        for (unsigned i = 0; i < 12; i++)
            cpu->stk[20 + i] = (struct gr){noise(), 0}; /* nothing of the old registers is left */
        if (how & 1) {
            engine_run(cpu, cpu->cycles + 4);
        } else {
            at_slot(2);
            engine_step(cpu);
            if (cpu->ip == CODE + 0x40)
                engine_step(cpu);
        }
        expect_taken(VEC_ALT_DTLB, ISR_RS | ISR_R | ISR_IR, "br.ret's load");
        expect_u64(CODE + 0x40, cpu->cr[CR_IIP], "br.ret's load: iip");
        expect_u64(CODE, cpu->cr[CR_IIPA], "br.ret's load: iipa");
        expect_u64(20 | 12 << 7, cfm_pack(&cpu->cfm), "br.ret's load: cfm");
        expect_u64(RSE_VA, rse_bsp(cpu), "br.ret's load: bsp");
        expect_u64(bsp, rse_bspstore(cpu), "br.ret's load: bspstore above bsp");
        expect_u64(0, cpu->cr[CR_IFS] >> 63, "br.ret's load: ifs.v");
        put(false, RSE_VA, PTE | RSE_PA, 14, RID + 5);
        if (how & 2) {
            engine_step(cpu);
            expect_u64(1ull << 63 | 20 | 12 << 7, cpu->cr[CR_IFS], "cover: ifs");
            expect_u64(RSE_VA + 160, rse_bsp(cpu), "cover: bsp");
        }
        at_slot(2);
        engine_step(cpu); /* rfi */
        engine_step(cpu); /* and the instruction at the target */
        expect_u64(CODE + 0x40, cpu->ip, "after rfi: ip");
        expect_u64(RI(1), cpu->psr & PSR_RI, "after rfi: psr.ri");
        expect(gr(cpu, 40)->v == r40.v && gr(cpu, 41)->n == 1, "after rfi: registers");
        expect_u64(77, gr(cpu, 44)->v, "after rfi: r44");
        expect_u64(RSE_VA, rse_bspstore(cpu), "after rfi: bspstore");
    }
    /* alloc's store: the fault is alloc's own. */
    const struct isa_insn alloc = {.op = ISA_ALLOC_M34, .r1 = 32, .sof = 96, .sol = 96};
    prepare(PSR_IC | PSR_RT | PSR_DT);
    rse_set_bspstore(cpu, RSE_VA);
    rse_call(cpu);
    place(CODE, MII, &alloc, &NOP_I, &NOP_I);
    engine_step(cpu);
    expect_taken(VEC_ALT_DTLB, ISR_RS | ISR_W, "alloc's store");
    expect_u64(CODE, cpu->cr[CR_IIP], "alloc's store: iip");
    expect_u64(RSE_VA, cpu->cr[CR_IFA], "alloc's store: ifa");
    expect_u64(8, cfm_pack(&cpu->cfm), "alloc's store: cfm");
    /* With psr.ic 0 an RSE miss is a Data Nested TLB fault. */
    prepare(PSR_RT | PSR_DT);
    rse_set_bspstore(cpu, RSE_VA);
    rse_call(cpu);
    place(CODE, MII, &alloc, &NOP_I, &NOP_I);
    const uint64_t isr = cpu->cr[CR_ISR];
    engine_step(cpu);
    expect_taken(VEC_DATA_NESTED_TLB, isr, "alloc's store with psr.ic 0");
}

/* --- external interrupts --- */

static void external(void)
{
    prepare(PSR_IC | PSR_I);
    cpu->cr[CR_TPR] = 0;
    sapic_raise(cpu, 0x45);
    engine_run(cpu, cpu->cycles + 1);
    expect_taken(VEC_EXT_INT, 0, "external interrupt");
    expect_u64(CODE, cpu->cr[CR_IIP], "external interrupt: iip");
    expect_u64(1ull << (0x45 - 64), sapic_read_irr(cpu, 1), "irr1");
    expect_u64(0x45, sapic_read_ivr(cpu), "ivr");
    expect_u64(0, sapic_read_irr(cpu, 1), "irr1 after ivr");
    /* In service: lower and equal wait, higher comes through, EOI ends the highest. */
    sapic_raise(cpu, 0x45);
    sapic_raise(cpu, 0x30);
    expect_u64(SAPIC_SPURIOUS, sapic_read_ivr(cpu), "ivr, equal and lower pending");
    sapic_raise(cpu, 0x46);
    expect_u64(0x46, sapic_read_ivr(cpu), "ivr, higher pending");
    sapic_write_eoi(cpu);
    expect_u64(SAPIC_SPURIOUS, sapic_read_ivr(cpu), "ivr after one eoi");
    sapic_write_eoi(cpu);
    expect_u64(0x45, sapic_read_ivr(cpu), "ivr after both");
    sapic_write_eoi(cpu);
    expect_u64(0x30, sapic_read_ivr(cpu), "ivr: the last");
    sapic_write_eoi(cpu);
    sapic_write_eoi(cpu); /* nothing in service: no effect */
    expect_u64(SAPIC_SPURIOUS, sapic_read_ivr(cpu), "ivr: none");

    /* Order: NMI, ExtINT, then by number. */
    static const uint8_t order[] = {2, 0, 0xff, 0x81, 0x80, 0x20, 0x10};
    prepare(0);
    for (unsigned i = 0; i < sizeof order; i++)
        sapic_raise(cpu, order[sizeof order - 1 - i]);
    for (unsigned i = 0; i < sizeof order; i++) {
        expect_u64(order[i], sapic_read_ivr(cpu), "order of service");
        sapic_write_eoi(cpu);
    }
    /* Reserved vectors are ignored. */
    for (unsigned v = 1; v < 16; v++)
        if (v != 2)
            sapic_raise(cpu, v);
    sapic_raise(cpu, 256);
    expect_u64(SAPIC_SPURIOUS, sapic_read_ivr(cpu), "reserved vectors");

    /* TPR: mic masks its class and lower; mmi all but NMI; ExtINT only by mmi. */
    static const struct {
        unsigned vector;
        uint64_t tpr;
        bool masked;
    } t[] = {{0x45, 0x30, false}, {0x45, 0x40, true},    {0x45, 0x50, true}, {0x4f, 0x40, true},
             {0x50, 0x40, false}, {0xff, 0xf0, true},    {0, 0xf0, false},   {0, 0x10000, true},
             {2, 0x100f0, false}, {0x45, 0x10000, true}, {0x10, 0, false}};
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        prepare(PSR_IC | PSR_I);
        sapic_write_tpr(cpu, t[i].tpr);
        sapic_raise(cpu, t[i].vector);
        engine_run(cpu, cpu->cycles + 1);
        expect((cpu->ip == IVA + VEC_EXT_INT) == !t[i].masked, "vector %#x, tpr %#" PRIx64,
               t[i].vector, t[i].tpr);
        expect_u64(t[i].masked ? SAPIC_SPURIOUS : t[i].vector, sapic_read_ivr(cpu), "ivr");
    }

    /* psr.i gates delivery; pending until then. Masked by psr.i, an interrupt still ends a halt. */
    prepare(PSR_IC);
    const struct isa_insn loop = {.op = ISA_BR_COND_B1, .imm = 0};
    place(CODE, MIB, &NOP_M, &NOP_I, &loop);
    sapic_raise(cpu, 0x45);
    engine_run(cpu, cpu->cycles + 30);
    expect(cpu->ip < IVA, "interrupt with psr.i 0");
    cpu->ip = CODE;
    cpu->psr &= ~PSR_RI;
    cpu_set_psr(cpu, PSR_IC | PSR_I);
    engine_run(cpu, cpu->cycles + 1);
    expect_taken(VEC_EXT_INT, 0, "interrupt after psr.i became 1");
    prepare(PSR_IC);
    cpu->halted = true;
    engine_run(cpu, cpu->cycles + 10);
    expect(cpu->halted && cpu->ip == CODE, "halted: ip %" PRIx64, cpu->ip);
    sapic_raise(cpu, 0x45);
    engine_run(cpu, cpu->cycles + 10);
    expect(!cpu->halted && cpu->ip != CODE, "an interrupt ends the halt");

    /* Between the slots of a bundle: ipsr.ri and isr.ei say where. */
    prepare(PSR_IC | PSR_I);
    at_slot(2);
    sapic_raise(cpu, 0x45);
    engine_step(cpu);
    expect_taken(VEC_EXT_INT, EI(2), "interrupt before slot 2");
    expect_u64(PSR_IC | PSR_I | RI(2), cpu->cr[CR_IPSR], "ipsr");
}

static void timer(void)
{
    const struct isa_insn loop = {.op = ISA_BR_COND_B1, .imm = 0};
    prepare(PSR_IC | PSR_I);
    place(CODE, MIB, &NOP_M, &NOP_I, &loop);
    const uint64_t itc = sapic_itc(cpu);
    cpu->cr[CR_ITV] = 0xef;
    cpu->cr[CR_ITM] = itc + 1000;
    sapic_timer_changed(cpu);
    expect_u64((uint64_t)cpu->cycles + 1000, (uint64_t)sapic_next_event(cpu), "next event");
    engine_run(cpu, cpu->cycles + 990);
    expect_u64(SAPIC_SPURIOUS, sapic_read_ivr(cpu), "before the match");
    engine_run(cpu, cpu->cycles + 100);
    expect(cpu->cr[CR_IIP] == CODE && sapic_read_irr(cpu, 3) == 1ull << (0xef - 192), "the match");
    expect_u64(0xef, sapic_read_ivr(cpu), "timer's vector");
    sapic_write_eoi(cpu);
    expect(sapic_next_event(cpu) == INT64_MAX, "no second match");
    /* A match in the past does not count, a masked one is discarded. */
    prepare(PSR_IC);
    place(CODE, MIB, &NOP_M, &NOP_I, &loop);
    cpu->cr[CR_ITV] = 0xef;
    cpu->cr[CR_ITM] = sapic_itc(cpu) - 10;
    sapic_timer_changed(cpu);
    engine_run(cpu, cpu->cycles + 100);
    expect_u64(0, sapic_read_irr(cpu, 3), "itm in the past");
    cpu->cr[CR_ITV] = 0x100ef;
    cpu->cr[CR_ITM] = sapic_itc(cpu) + 10;
    sapic_timer_changed(cpu);
    engine_run(cpu, cpu->cycles + 100);
    cpu->cr[CR_ITV] = 0xef;
    engine_run(cpu, cpu->cycles + 100);
    expect_u64(0, sapic_read_irr(cpu, 3), "itv masked");
    /* The idle processor's match. */
    prepare(PSR_IC | PSR_I);
    cpu->cr[CR_ITV] = 0x30;
    cpu->cr[CR_ITM] = sapic_itc(cpu) + 5000;
    sapic_timer_changed(cpu);
    cpu->halted = true;
    cpu->cycles += 5001;
    engine_run(cpu, cpu->cycles + 1);
    expect(!cpu->halted && cpu->ip >= IVA, "timer ends a halt");
}

int main(int argc, char **argv)
{
    suite_begin(argc, argv);
    s = sut_new();
    s->m->ops = &real_ops;
    cpu = s->cpu;
    static const struct {
        const char *name;
        void (*fn)(void);
    } t[] = {{"collected", collected},
             {"psr", psr_after},
             {"banks", banks},
             {"translation", translation},
             {"single-step", single_step},
             {"branch-traps", branch_traps},
             {"unimplemented-address", unimplemented_address},
             {"one-shot", one_shot},
             {"breakpoints", breakpoints},
             {"rfi", rfi},
             {"incomplete-frame", incomplete_frame},
             {"external", external},
             {"timer", timer}};
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            t[i].fn();
    int status = suite_end();
    sut_free(s);
    return status;
}
