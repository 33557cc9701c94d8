/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/branch: every branch type, loop branches over all counter values, predicate and branch
 * register moves, chk.s, epc, bsw, alloc's checks (SDM 3: pages br, brl, chk, clrrrb, epc, alloc,
 * mov pr, mov br). Both stepped and in blocks.
 */
#include <stdlib.h>
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"
#include "tests/cpu/mmu.h"

#define PFM(sof, sol) ((uint64_t)(sof) | (uint64_t)(sol) << 7)

/* Registers to noise, frame of sof/sol at a backing store in RAM; psr as given. */
static void prepare(unsigned sof, unsigned sol, uint64_t psr)
{
    sut_reset(s);
    rse_reset(cpu);
    rse_set_bspstore(cpu, 0x200000);
    cpu->cfm = (struct cfm){.sof = (uint8_t)sof, .sol = (uint8_t)sol};
    cpu->ar[AR_EC] = 5;
    cpu->ar[AR_LC] = 7;
    cpu_set_psr(cpu, psr);
}

static bool run_one(const struct isa_insn *in)
{
    if (!sut_load(s, in))
        return false;
    sut_go(s);
    return expect_no_fault(s);
}

/* Where the instruction that does not branch leaves ip. */
static uint64_t next_ip(void)
{
    return s->mode == RUN_STEP && s->slot < 2 ? CODE : CODE + 16;
}

static void relative(void)
{
    static const int64_t by[] = {16, 32, 0xff0, -0x1000, 0x10000, -0x8000, 0xfffff0, 0x7ff0};
    static const unsigned ops[] = {ISA_BR_COND_B1, ISA_BRL_COND_X3};
    for (unsigned o = 0; o < 2; o++)
        for (unsigned i = 0; i < sizeof by / sizeof *by; i++)
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
                for (int taken = 0; taken < 2; taken++) {
                    struct isa_insn in = {.op = (uint16_t)ops[o], .qp = 9, .imm = (uint64_t)by[i]};
                    prepare(96, 96, 0);
                    cpu->pr[9] = (uint8_t)taken;
                    if (CODE + (uint64_t)by[i] >= 16 << 20) /* no RAM there */
                        in.imm = 0x20000;
                    if (!sut_load(s, &in))
                        return;
                    sut_go(s); /* outside the code page are zeroes: break.m 0 */
                    uint64_t want = taken ? CODE + in.imm
                                    : s->mode == RUN_STEP && ops[o] == ISA_BRL_COND_X3 ? CODE + 16
                                                                                       : next_ip();
                    expect_u64(want, s->ip, "%s (%s) taken %d: ip", s->text, run_mode_name[s->mode],
                               taken);
                    if (s->fault)
                        expect(s->in.vector == VEC_BREAK, "%s: vector %#x", s->text, s->in.vector);
                }
}

static void indirect(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned low = 0; low < 16; low += 5) {
            struct isa_insn in = {.op = ISA_BR_COND_B4, .b2 = 3};
            prepare(96, 96, 0);
            cpu->br[3] = (CODE + 0x120) | low; /* the low four bits are ignored */
            run_one(&in);
            expect_u64(CODE + 0x120, s->ip, "%s: ip", s->text);
            in.qp = 4;
            prepare(96, 96, 0);
            cpu->br[3] = CODE + 0x120;
            cpu->pr[4] = 0;
            run_one(&in);
            expect_u64(CODE + 16, s->ip, "%s off: ip", s->text);
        }
}

static void calls(void)
{
    static const unsigned ops[] = {ISA_BR_CALL_B3, ISA_BR_CALL_B5, ISA_BRL_CALL_X4};
    for (unsigned o = 0; o < 3; o++)
        for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
            for (unsigned cpl = 0; cpl < 4; cpl++) {
                struct isa_insn in = {.op = (uint16_t)ops[o], .b1 = 2, .b2 = 2, .imm = 0x40};
                prepare(20, 12, (uint64_t)cpl << PSR_CPL_SHIFT);
                rse_alloc(cpu, 20, 12, 8);
                rse_set_rrb(cpu, 3, 17, 40);
                cpu->br[2] = CODE + 0x40;
                const uint64_t bsp = rse_bsp(cpu), r44 = gr(cpu, 44)->v;
                const uint64_t pfm = 20 | 12 << 7 | 1 << 14 | 3 << 18 | 17 << 25 | 40ull << 32;
                run_one(&in);
                expect_u64(CODE + 0x40, s->ip, "%s: ip", s->text);
                expect_u64(CODE + 16, cpu->br[2], "%s: link", s->text);
                expect_u64(pfm | 5ull << 52 | (uint64_t)cpl << 62, cpu->ar[AR_PFS], "%s: pfs",
                           s->text);
                expect_u64(8, cfm_pack(&cpu->cfm), "%s: cfm", s->text);
                expect_u64(bsp + 96, rse_bsp(cpu), "%s: bsp", s->text);
                expect_u64(r44, gr(cpu, 32)->v, "%s: first output", s->text);
                expect_u64(5, cpu->ar[AR_EC], "%s: ec", s->text);
            }
}

static void returns(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned cpl = 0; cpl < 4; cpl++)
            for (unsigned ppl = 0; ppl < 4; ppl++) {
                const struct isa_insn in = {.op = ISA_BR_RET_B4, .b2 = 1};
                prepare(20, 12, 0);
                const uint64_t bsp = rse_bsp(cpu), r40 = gr(cpu, 40)->v;
                rse_call(cpu);
                rse_alloc(cpu, 30, 30, 0);
                cpu_set_psr(cpu, (uint64_t)cpl << PSR_CPL_SHIFT);
                cpu->br[1] = CODE + 0x85;
                cpu->ar[AR_PFS] = PFM(20, 12) | 33ull << 52 | (uint64_t)ppl << 62;
                run_one(&in);
                expect_u64(CODE + 0x80, s->ip, "br.ret: ip");
                expect_u64(PFM(20, 12), cfm_pack(&cpu->cfm), "br.ret: cfm");
                expect_u64(33, cpu->ar[AR_EC], "br.ret: ec");
                expect_u64(bsp, rse_bsp(cpu), "br.ret: bsp");
                expect_u64(r40, gr(cpu, 40)->v, "br.ret: r40");
                /* Privilege can only be lowered. */
                expect_u64(ppl > cpl ? ppl : cpl, cpu->cpl, "br.ret from %u to %u: cpl", cpl, ppl);
                expect_u64(cpu->cpl, cpu->psr >> PSR_CPL_SHIFT & 3, "br.ret: psr.cpl");
            }
}

static void cloop(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned lc = 0; lc < 4; lc++) {
            const struct isa_insn in = {.op = ISA_BR_CLOOP_B2, .imm = 0x60};
            prepare(96, 96, 0);
            cpu->ar[AR_LC] = lc;
            run_one(&in);
            expect_u64(lc ? CODE + 0x60 : CODE + 16, s->ip, "br.cloop lc %u: ip", lc);
            expect_u64(lc ? lc - 1 : 0, cpu->ar[AR_LC], "br.cloop lc %u: lc", lc);
        }
}

/* The table of the br page: ctop, cexit, wtop, wexit for each lc, ec and predicate. */
static void modulo_loops(void)
{
    static const unsigned ops[] = {ISA_BR_CTOP_B2, ISA_BR_CEXIT_B2, ISA_BR_WTOP_B1,
                                   ISA_BR_WEXIT_B1};
    for (unsigned o = 0; o < 4; o++)
        for (unsigned lc = 0; lc < 3; lc++)
            for (unsigned ec = 0; ec < 4; ec++)
                for (unsigned qp = 0; qp < 2; qp++)
                    for (unsigned rrb = 0; rrb < 2; rrb++)
                        for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
                            const bool counted = o < 2;
                            struct isa_insn in = {.op = (uint16_t)ops[o], .imm = 0x60};
                            in.qp = counted ? 0 : 20;
                            prepare(40, 30, 0);
                            rse_alloc(cpu, 40, 30, 24);
                            for (unsigned p = 16; p < 64; p++)
                                cpu->pr[p] = noise() & 1;
                            if (rrb)
                                rse_set_rrb(cpu, 7, 50, 31);
                            cpu->pr[20] = (uint8_t)qp;
                            cpu->ar[AR_LC] = lc;
                            cpu->ar[AR_EC] = ec;
                            uint8_t old_pr[64];
                            struct gr old_gr[24];
                            memcpy(old_pr, cpu->pr, 64);
                            memcpy(old_gr, gr(cpu, 32), sizeof old_gr);
                            run_one(&in);

                            const bool kernel = counted ? lc != 0 : qp; /* not yet the epilogue */
                            const bool top = kernel || ec > 1;
                            const bool rotated = kernel || ec != 0;
                            const bool taken =
                                ops[o] == ISA_BR_CTOP_B2 || ops[o] == ISA_BR_WTOP_B1 ? top : !top;
                            expect_u64(taken ? CODE + 0x60 : CODE + 16, s->ip,
                                       "%s lc %u ec %u qp %u: ip", s->text, lc, ec, qp);
                            expect_u64(counted && lc ? lc - 1 : lc, cpu->ar[AR_LC], "%s: lc",
                                       s->text);
                            expect_u64(!kernel && ec ? ec - 1 : ec, cpu->ar[AR_EC], "%s: ec",
                                       s->text);
                            old_pr[63] = counted && kernel;
                            for (unsigned p = 16; p < 64; p++)
                                expect_u64(!rotated  ? old_pr[p]
                                           : p == 16 ? old_pr[63]
                                                     : old_pr[p - 1],
                                           cpu->pr[p], "%s lc %u ec %u qp %u: p%u", s->text, lc, ec,
                                           qp, p);
                            for (unsigned r = 0; r < 24; r++)
                                expect_u64(old_gr[rotated ? (r + 23) % 24 : r].v,
                                           gr(cpu, 32 + r)->v, "%s: r%u", s->text, 32 + r);
                            const struct cfm *c = &cpu->cfm;
                            expect(c->rrb_gr == (rrb       ? 7 - rotated
                                                 : rotated ? 23
                                                           : 0) &&
                                       c->rrb_fr == (rrb       ? 50 - rotated
                                                     : rotated ? 95
                                                               : 0) &&
                                       c->rrb_pr == (rrb       ? 31 - rotated
                                                     : rotated ? 47
                                                               : 0),
                                   "%s: rrb %u %u %u", s->text, c->rrb_gr, c->rrb_fr, c->rrb_pr);
                        }
}

/* A bundle of template tmpl with the instruction in a slot of the test's choice. */
static void load_at(unsigned tmpl, unsigned slot, const struct isa_insn *in)
{
    const struct isa_insn nops[] = {[ISA_UNIT_M] = {.op = ISA_NOP_M_M48},
                                    [ISA_UNIT_I] = {.op = ISA_NOP_I_I18},
                                    [ISA_UNIT_B] = {.op = ISA_NOP_B_B9}};
    uint64_t sl[3], ext;
    sut_load(s, &nops[ISA_UNIT_M]); /* drops what was decoded */
    for (unsigned i = 0; i < 3; i++)
        isa_encode(i == slot ? in : &nops[isa_templates[tmpl].unit[i]], &sl[i], &ext);
    struct isa_bundle b = isa_pack(tmpl, sl[0], sl[1], sl[2]);
    memcpy(phys_host(s->m, CODE, 16), &b, 16);
    isa_disasm(in, CODE, s->text, sizeof s->text);
    s->slot = slot;
}

static void loop_slots(void)
{
    static const unsigned ops[] = {ISA_BR_CLOOP_B2, ISA_BR_CTOP_B2, ISA_BR_CEXIT_B2, ISA_BR_WTOP_B1,
                                   ISA_BR_WEXIT_B1};
    for (unsigned o = 0; o < 5; o++)
        for (unsigned slot = 0; slot < 3; slot++)
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
                const struct isa_insn in = {.op = (uint16_t)ops[o], .imm = 0x60};
                prepare(96, 96, 0);
                load_at(0x16, slot, &in); /* BBB */
                sut_go(s);
                if (slot < 2)
                    expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
                else
                    expect_no_fault(s);
            }
}

static void predicates(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned rrb = 0; rrb < 48; rrb += 1 + rrb % 7) {
            uint64_t phys = noise() | 1;
            struct isa_insn in = {.op = ISA_MOV_PR_I25, .r1 = 8};
            prepare(96, 96, 0);
            for (unsigned p = 1; p < 64; p++)
                cpu->pr[p] = phys >> p & 1;
            rse_set_rrb(cpu, 0, 0, rrb);
            /* virtual p is physical 16 + (p - 16 + rrb) mod 48 */
            for (unsigned p = 16; p < 64; p++)
                expect_u64(phys >> (16 + (p - 16 + rrb) % 48) & 1, cpu->pr[p], "rrb %u: p%u", rrb,
                           p);
            run_one(&in);
            expect_u64(phys, gr(cpu, 8)->v, "mov r8=pr, rrb %u", rrb);
            expect_u64(phys, pr_pack(cpu), "pr_pack, rrb %u", rrb);

            static const uint64_t masks[] = {0xfffe, 0x10, ~0xffffull, ~1ull, 0xffffffffffff0002};
            const uint64_t val = noise(), mask = masks[noise() % 5];
            in = (struct isa_insn){.op = ISA_MOV_PR_I23, .r2 = 9, .imm = mask};
            gr(cpu, 9)->v = val;
            run_one(&in);
            phys = (phys & ~mask) | (val & mask & ~1ull);
            expect_u64(phys, pr_pack(cpu), "mov pr=r9,%#" PRIx64 ", rrb %u", mask, rrb);

            const uint64_t imm = (uint64_t)((int64_t)(noise() << 20) >> 20) & ~0xffffull;
            in = (struct isa_insn){.op = ISA_MOV_PR_ROT_I24, .imm = imm};
            run_one(&in);
            phys = (phys & 0xffff) | imm;
            expect_u64(phys, pr_pack(cpu), "mov pr.rot, rrb %u", rrb);
            pr_unpack(cpu, val);
            expect_u64(val | 1, pr_pack(cpu), "pr_unpack, rrb %u", rrb);

            in = (struct isa_insn){.op = ISA_CLRRRB_PR_B8};
            rse_set_rrb(cpu, 0, 11, rrb);
            run_one(&in);
            expect(cpu->cfm.rrb_pr == 0 && cpu->cfm.rrb_fr == 11, "clrrrb.pr: rrb");
            for (unsigned p = 16; p < 64; p++)
                expect_u64(val >> p & 1, cpu->pr[p], "clrrrb.pr: p%u", p);
            in.op = ISA_CLRRRB_B8;
            run_one(&in);
            expect(cpu->cfm.rrb_fr == 0, "clrrrb: rrb.fr");
        }
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        const struct isa_insn in = {.op = ISA_MOV_PR_I23, .r2 = 9, .imm = 2};
        prepare(96, 96, 0);
        gr(cpu, 9)->n = 1;
        sut_load(s, &in);
        sut_go(s);
        expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
    }
}

static void moves(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        struct isa_insn in = {.op = ISA_MOV_I21, .b1 = 5, .r2 = 9};
        prepare(96, 96, 0);
        gr(cpu, 9)->v = 0xfedcba9876543217;
        run_one(&in);
        expect_u64(0xfedcba9876543217, cpu->br[5], "mov b5=r9");
        gr(cpu, 9)->n = 1;
        sut_go(s);
        expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        in = (struct isa_insn){.op = ISA_MOV_I22, .r1 = 8, .b2 = 5};
        gr(cpu, 8)->n = 1;
        run_one(&in);
        expect_u64(0xfedcba9876543217, gr(cpu, 8)->v, "mov r8=b5");
        expect_u64(0, gr(cpu, 8)->n, "mov r8=b5: NaT");
        in = (struct isa_insn){.op = ISA_MOV_IP_I25, .r1 = 8};
        run_one(&in);
        expect_u64(CODE, gr(cpu, 8)->v, "mov r8=ip");
    }
}

static void chk_s(void)
{
    static const unsigned ops[] = {ISA_CHK_S_M_M20, ISA_CHK_S_I_I20};
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned nat = 0; nat < 2; nat++) {
            for (unsigned o = 0; o < 2; o++) {
                const struct isa_insn in = {.op = (uint16_t)ops[o], .r2 = 9, .imm = 0x50};
                prepare(96, 96, 0);
                gr(cpu, 9)->n = nat;
                run_one(&in);
                expect_u64(nat ? CODE + 0x50 : next_ip(), s->ip, "%s NaT %u: ip", s->text, nat);
            }
            const struct isa_insn in = {.op = ISA_CHK_S_M21, .f2 = 40, .imm = 0x50};
            prepare(96, 96, 0);
            rse_set_rrb(cpu, 0, 10, 0);
            if (nat)
                fr_put_natval(&cpu->fr[50]);
            run_one(&in);
            expect_u64(nat ? CODE + 0x50 : next_ip(), s->ip, "%s NaTVal %u: ip", s->text, nat);
            prepare(96, 96, PSR_DFH);
            sut_load(s, &in);
            sut_go(s);
            expect_fault(s, VEC_DISABLED_FP, 2);
        }
}

static void privilege(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned cpl = 0; cpl < 4; cpl++) {
            struct isa_insn in = {.op = ISA_EPC_B8};
            const uint64_t psr = (uint64_t)cpl << PSR_CPL_SHIFT;
            for (unsigned ppl = 0; ppl < 4; ppl++) {
                prepare(96, 96, psr);
                cpu->ar[AR_PFS] = (uint64_t)ppl << 62;
                sut_load(s, &in);
                sut_go(s);
                if (ppl < cpl) {
                    expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
                    expect_u64(cpl, cpu->cpl, "epc, faulted: cpl");
                } else {
                    expect_no_fault(s);
                    expect_u64(0, cpu->cpl, "epc from %u in physical mode: cpl", cpl);
                }
            }
            static const unsigned ops[] = {ISA_BSW_0_B8, ISA_BSW_1_B8, ISA_RFI_B8};
            for (unsigned o = 0; o < 3 && cpl; o++) {
                in.op = (uint16_t)ops[o];
                prepare(96, 96, psr);
                sut_load(s, &in);
                sut_go(s);
                expect_fault(s, VEC_GENERAL, GE_PRIV_OPERATION);
            }
        }
    /* In virtual mode a page with access rights 7 promotes to its privilege level. */
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
        for (unsigned ar = 0; ar < 8; ar++)
            for (unsigned pl = 0; pl < 4; pl++) {
                const struct isa_insn in = {.op = ISA_EPC_B8};
                if (!mmu_rights(ar, pl, 3, ACC_X))
                    continue;
                fresh();
                cpu->rr[0] = rr_make(RID, 14, 0);
                sut_load(s, &in);
                put(true, CODE,
                    PTE_P | PTE_A | PTE_D | (uint64_t)pl << 7 | (uint64_t)ar << 9 | CODE, 14, RID);
                cpu_set_psr(cpu, PSR_IT | PSR_IC | PSR_CPL);
                cpu->ar[AR_PFS] = ~0ull;
                sut_go(s);
                if (ar != 7 || s->mode == RUN_STEP)
                    expect_no_fault(s);
                expect_u64(ar == 7 ? pl : 3, cpu->cpl, "epc on a page with ar %u pl %u: cpl", ar,
                           pl);
            }
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        struct isa_insn in = {.op = ISA_BSW_1_B8};
        prepare(96, 96, 0);
        for (unsigned i = 0; i < 16; i++)
            cpu->bank[i] = (struct gr){1000 + i, i & 1};
        uint64_t r20 = gr(cpu, 20)->v;
        run_one(&in);
        expect_u64(1004, gr(cpu, 20)->v, "bsw.1: r20");
        expect_u64(PSR_BN, cpu->psr & PSR_BN, "bsw.1: psr.bn");
        run_one(&in);
        expect_u64(1004, gr(cpu, 20)->v, "bsw.1 again: r20");
        in.op = ISA_BSW_0_B8;
        run_one(&in);
        expect_u64(r20, gr(cpu, 20)->v, "bsw.0: r20");
    }
}

/* No IA-32 instruction set. */
static void ia32(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        const struct isa_insn in = {.op = ISA_BR_IA_B4, .b2 = 1};
        prepare(96, 96, 0);
        sut_load(s, &in);
        sut_go(s);
        expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
        prepare(96, 96, PSR_DI);
        sut_go(s);
        expect_fault(s, VEC_GENERAL, GE_DISABLED_ISA);
    }
}

static void alloc(void)
{
    for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
        struct isa_insn in = {.op = ISA_ALLOC_M34, .r1 = 33, .sof = 10, .sol = 6, .sor = 8};
        prepare(0, 0, 0);
        cpu->ar[AR_PFS] = 0x123456789abcdef;
        run_one(&in);
        expect_u64(0x123456789abcdef, gr(cpu, 33)->v, "alloc r33=ar.pfs");
        expect_u64(10 | 6 << 7 | 1 << 14, cfm_pack(&cpu->cfm), "alloc: cfm");
        in.r1 = 42; /* the new frame ends at r41 */
        prepare(96, 96, 0);
        sut_load(s, &in);
        sut_go(s);
        expect_fault(s, VEC_GENERAL, GE_ILLEGAL_OPERATION);
        expect_u64(PFM(96, 96), cfm_pack(&cpu->cfm), "alloc, illegal: cfm");
    }
}

int main(int argc, char **argv)
{
    suite_begin(argc, argv);
    s = sut_new();
    cpu = s->cpu;
    static const struct {
        const char *name;
        void (*fn)(void);
    } t[] = {{"relative", relative},
             {"indirect", indirect},
             {"calls", calls},
             {"returns", returns},
             {"cloop", cloop},
             {"modulo-loops", modulo_loops},
             {"loop-slots", loop_slots},
             {"predicates", predicates},
             {"moves", moves},
             {"chk.s", chk_s},
             {"privilege", privilege},
             {"ia-32", ia32},
             {"alloc", alloc}};
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            t[i].fn();
    int status = suite_end();
    sut_free(s);
    return status;
}
