/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/system: registers of the system and application architecture, PSR instructions, break,
 * monitors (SDM 2:3.3, 2:7; SDM 3: mov, ssm, rsm, sum, rum, break, vmsw pages). Instructions run in
 * physical mode.
 */
#include "sim/cpu/pmu.h"
#include "sim/cpu/rse.h"
#include "tests/cpu/mmu.h"

static void run_in(struct isa_insn in)
{
    sut_load(s, &in);
    sut_go(s);
}
/* r2 = r9 is the value, r3 = r10 the index, r1 = r8 the result. */
static void run2(unsigned op, uint64_t r3, uint64_t r2)
{
    *gr(cpu, 10) = (struct gr){r3, 0};
    *gr(cpu, 9) = (struct gr){r2, 0};
    run_in(insn(op));
}
static void run_nat(unsigned op, unsigned reg)
{
    gr(cpu, 9)->n = gr(cpu, 10)->n = 0;
    gr(cpu, reg)->n = 1;
    run_in(insn(op));
    gr(cpu, reg)->n = 0;
}
static uint64_t result(void)
{
    return gr(cpu, 8)->v;
}
static void set_cpl(unsigned cpl)
{
    cpu_set_psr(cpu, (cpu->psr & ~PSR_CPL) | (uint64_t)cpl << PSR_CPL_SHIFT);
}
static void start(uint64_t psr)
{
    fresh();
    cpu_set_psr(cpu, psr);
}

static void write_cr(unsigned cr, uint64_t v)
{
    struct isa_insn in = insn(ISA_MOV_CR_M32);
    in.cr3 = (uint8_t)cr;
    *gr(cpu, 9) = (struct gr){v, 0};
    run_in(in);
}
static uint64_t read_cr(unsigned cr)
{
    struct isa_insn in = insn(ISA_MOV_CR_M33);
    in.cr3 = (uint8_t)cr;
    run_in(in);
    return result();
}

/* SDM 2:3.3.4, 3.3.5, 5.8.3: per register its reserved and ignored bits. */
static const struct {
    unsigned cr;
    uint64_t reserved, ignored;
} crs[] = {
    {CR_DCR, 0xffffffffffff80f8, 0},
    {CR_ITM, 0, 0},
    {CR_IVA, 0, 0x7fff},
    {CR_IPSR, 0xffff8000f0011fc1, 0},
    {CR_ISR, 0xfffff000ff000000, 0},
    {CR_IIP, 0, 0},
    {CR_IFA, 0, 0},
    {CR_IIPA, 0, 0},
    {CR_IFS, 0x7fffffc000000000, 0},
    {CR_IIM, 0, 0},
    {CR_IHA, 0, 3},
    {CR_LID, 0xffff, 0xffffffff00000000},
    {CR_TPR, 0xff00, 0xfffffffffffe000f},
    {CR_ITV, 0xef00, 0xfffffffffffe1000},
    {CR_PMV, 0xef00, 0xfffffffffffe1000},
    {CR_CMCV, 0xef00, 0xfffffffffffe1000},
    {CR_LRR0, 0x4800, 0xfffffffffffe1000},
    {CR_LRR1, 0x4800, 0xfffffffffffe1000},
};

static void test_cr(void)
{
    for (unsigned i = 0; i < sizeof crs / sizeof *crs; i++)
        for (unsigned bit = 0; bit < 64; bit++) {
            uint64_t v = 1ull << bit;
            start(0);
            write_cr(crs[i].cr, v);
            if (v & crs[i].reserved) {
                expect_fault(s, VEC_GENERAL, 0x30);
                continue;
            }
            expect_no_fault(s);
            expect_u64(v & ~crs[i].ignored, read_cr(crs[i].cr), "cr%u bit %u", crs[i].cr, bit);
        }
    for (unsigned size = 0; size < 64; size++) {
        start(0);
        write_cr(CR_PTA, (uint64_t)size << 2);
        size >= 15 && size <= 60 ? expect_no_fault(s) : expect_fault(s, VEC_GENERAL, 0x30);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        if (bit >= 2 && bit < 8)
            continue;
        start(0);
        write_cr(CR_PTA, 15 << 2 | 1ull << bit);
        bit == 1 || (bit >= 9 && bit <= 14) ? expect_fault(s, VEC_GENERAL, 0x30)
                                            : expect_no_fault(s);
    }
    start(0);
    expect_u64(0, read_cr(CR_EOI), "cr.eoi reads 0");
}

static void test_cr_access(void)
{
    for (unsigned cr = 0; cr < 128; cr++) {
        bool interruption = (cr >= 16 && cr <= 17) || (cr >= 19 && cr <= 27);
        bool read_only = cr == 65 || (cr >= 68 && cr <= 71);
        bool exists =
            cr <= 2 || cr == 8 || interruption || (cr >= 64 && cr <= 74) || cr == 80 || cr == 81;
        for (unsigned ic = 0; ic < 2; ic++) {
            start(ic ? PSR_IC : 0);
            read_cr(cr);
            exists && !(ic && interruption) ? expect_no_fault(s) : expect_fault(s, VEC_GENERAL, 0);
            write_cr(cr, cr == CR_PTA ? 15 << 2 : 0);
            exists && !read_only && !(ic && interruption) ? expect_no_fault(s)
                                                          : expect_fault(s, VEC_GENERAL, 0);
        }
        if (!exists)
            continue;
        start(3ull << PSR_CPL_SHIFT);
        read_cr(cr);
        expect_fault(s, VEC_GENERAL, 0x10);
        start(PSR_VM);
        read_cr(cr);
        expect_fault(s, VEC_VIRTUALIZATION, 0);
    }
    /* mov to cr: privilege, NaT, reserved field, virtualization. */
    struct isa_insn in = insn(ISA_MOV_CR_M32);
    in.cr3 = CR_DCR;
    start(1ull << PSR_CPL_SHIFT | PSR_VM);
    *gr(cpu, 9) = (struct gr){~0ull, 1};
    run_in(in);
    expect_fault(s, VEC_GENERAL, 0x10);
    set_cpl(0);
    run_in(in);
    expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
    gr(cpu, 9)->n = 0;
    run_in(in);
    expect_fault(s, VEC_GENERAL, 0x30);
    gr(cpu, 9)->v = 0;
    run_in(in);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
}

static void write_ar(unsigned ar, uint64_t v)
{
    struct isa_insn in = insn(ar >= 64 ? ISA_MOV_I_I26 : ISA_MOV_M_M29);
    in.ar3 = (uint8_t)ar;
    *gr(cpu, 9) = (struct gr){v, 0};
    run_in(in);
}
static uint64_t read_ar(unsigned ar)
{
    struct isa_insn in = insn(ar >= 64 ? ISA_MOV_I_I28 : ISA_MOV_M_M31);
    in.ar3 = (uint8_t)ar;
    run_in(in);
    return result();
}

static void test_ar(void)
{
    static const struct {
        unsigned ar;
        uint64_t reserved, ignored;
    } t[] = {
        {AR_RSC, ~0x3fff001full, 0},
        {AR_CCV, 0, 0},
        {AR_UNAT, 0, 0},
        {AR_CSD, 0, 0},
        {AR_SSD, 0, 0},
        {AR_PFS, 0x3c0fffc000000000, 0},
        {AR_LC, 0, 0},
        {AR_EC, 0, ~0x3full},
        {AR_K0, 0, 0},
        {AR_K7, 0, 0},
        {AR_FPSR, 0xfc00000000001000, 0},
        {AR_RNAT, 0, 1ull << 63},
        {50, 0, ~0ull},
        {63, 0, ~0ull},
        {112, 0, ~0ull},
        {127, 0, ~0ull},
    };

    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        for (unsigned bit = 0; bit < 64; bit++) {
            uint64_t v = 1ull << bit;
            if (t[i].ar == AR_FPSR && bit >= 6 && bit != 12 && bit < 58)
                continue;
            start(0);
            cpu->ar[AR_RSC] = 0;
            write_ar(t[i].ar, v);
            if (v & t[i].reserved) {
                expect_fault(s, VEC_GENERAL, 0x30);
                continue;
            }
            expect_no_fault(s);
            if (t[i].ar == AR_RSC || t[i].ar == AR_RNAT)
                expect_u64(v & ~t[i].ignored, t[i].ar == AR_RSC ? cpu->ar[AR_RSC] : rse_rnat(cpu),
                           "ar%u", t[i].ar);
            else
                expect_u64(v & ~t[i].ignored, read_ar(t[i].ar), "ar%u bit %u", t[i].ar, bit);
            cpu->ar[AR_RSC] = 0;
        }
    /* Precision control 1 is reserved in each status field. */
    for (unsigned sf = 0; sf < 4; sf++)
        for (unsigned pc = 0; pc < 4; pc++) {
            start(0);
            write_ar(AR_FPSR, (uint64_t)pc << (6 + 13 * sf + 2));
            pc == 1 ? expect_fault(s, VEC_GENERAL, 0x30) : expect_no_fault(s);
        }
    cpu->ar[AR_FPSR] = 0x9804c0270033full;
}

static void test_ar_rules(void)
{
    start(0);
    for (unsigned ar = 0; ar < 8; ar++) {
        set_cpl(0);
        write_ar(ar, 0x1234 + ar);
        expect_no_fault(s);
        set_cpl(3);
        expect_u64(0x1234 + ar, read_ar(ar), "users read kr%u", ar);
        write_ar(ar, 0);
        expect_fault(s, VEC_GENERAL, 0x20);
    }
    /* rsc.pl cannot become more privileged than the writer. */
    for (unsigned cpl = 0; cpl < 4; cpl++)
        for (unsigned pl = 0; pl < 4; pl++) {
            start(0);
            set_cpl(cpl);
            write_ar(AR_RSC, pl << 2);
            expect_u64((pl < cpl ? cpl : pl) << 2, cpu->ar[AR_RSC], "cpl %u writes pl %u", cpl, pl);
        }
    /* bspstore and rnat belong to the RSE unless it is in enforced lazy mode. */
    for (unsigned mode = 0; mode < 4; mode++) {
        start(0);
        cpu->ar[AR_RSC] = mode;
        read_ar(AR_BSPSTORE);
        mode ? expect_fault(s, VEC_GENERAL, 0) : expect_no_fault(s);
        read_ar(AR_RNAT);
        mode ? expect_fault(s, VEC_GENERAL, 0) : expect_no_fault(s);
        write_ar(AR_RNAT, 0);
        mode ? expect_fault(s, VEC_GENERAL, 0) : expect_no_fault(s);
        write_ar(AR_BSPSTORE, DATA);
        mode ? expect_fault(s, VEC_GENERAL, 0) : expect_no_fault(s);
        read_ar(AR_BSP);
        expect_no_fault(s);
    }
    start(0);
    cpu->ar[AR_RSC] = 0;
    write_ar(AR_BSPSTORE, DATA | 5);
    expect_u64(DATA, read_ar(AR_BSPSTORE), "bspstore ignores 2:0");
    expect_u64(DATA, read_ar(AR_BSP) - 8 * (cpu->ndirty > 0 ? cpu->ndirty : 0), "bsp follows");
    start(0);
    struct isa_insn in = insn(ISA_MOV_M_M29);
    in.ar3 = AR_CCV;
    *gr(cpu, 9) = (struct gr){0, 1};
    run_in(in);
    expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
    in = insn(ISA_MOV_I_I27);
    in.ar3 = AR_LC;
    in.imm = (uint64_t)-5;
    run_in(in);
    expect_u64((uint64_t)-5, cpu->ar[AR_LC], "mov.i ar.lc=-5");
    in = insn(ISA_MOV_M_M30);
    in.ar3 = AR_CCV;
    in.imm = 0x7f;
    run_in(in);
    expect_u64(0x7f, cpu->ar[AR_CCV], "mov.m ar.ccv=127");
    /* ar.itc, ar.ruc: users may be kept from them by psr.si, and never write them. */
    for (unsigned k = 0; k < 2; k++) {
        const unsigned ar = k ? AR_RUC : AR_ITC;
        start(PSR_SI);
        write_ar(AR_ITC, 5);
        write_ar(ar, 1000000);
        expect_no_fault(s);
        uint64_t a = read_ar(ar), b = read_ar(ar);
        expect(a >= 1000000 && a < 1001000 && b >= a, "ar%u: 0x%llx 0x%llx", ar,
               (unsigned long long)a, (unsigned long long)b);
        expect(!k || read_ar(AR_ITC) < 1000, "ar.itc is not ar.ruc");
        set_cpl(3);
        read_ar(ar);
        expect_fault(s, VEC_GENERAL, 0x20);
        cpu_set_psr(cpu, cpu->psr & ~PSR_SI);
        read_ar(ar);
        expect_no_fault(s);
        write_ar(ar, 0);
        expect_fault(s, VEC_GENERAL, 0x20);
    }
}

static void imm_insn(unsigned op, uint64_t imm)
{
    struct isa_insn in = insn(op);
    in.imm = imm;
    run_in(in);
}

static void test_masks(void)
{
    const uint64_t sm_reserved = 0x11fc1, um_reserved = ~0x3eull & 0xffffff;

    for (unsigned bit = 0; bit < 24; bit++) {
        uint64_t v = 1ull << bit;
        if (bit == 14) /* psr.i: nothing pends, but keep the vectors out of this */
            continue;
        start(0);
        imm_insn(ISA_SSM_M44, v);
        if (v & sm_reserved) {
            expect_fault(s, VEC_GENERAL, 0x30);
        } else {
            expect_no_fault(s);
            expect_u64(v, cpu->psr & 0xffffff, "ssm bit %u", bit);
            cpu_set_psr(cpu, (0xffffff & ~sm_reserved) & ~PSR_I & ~PSR_DT);
            if (v == PSR_DT)
                continue;
            imm_insn(ISA_RSM_M44, v);
            expect_no_fault(s);
            expect_u64((0xffffff & ~sm_reserved & ~PSR_I & ~PSR_DT) & ~v, cpu->psr & 0xffffff,
                       "rsm bit %u", bit);
        }
        start(3ull << PSR_CPL_SHIFT);
        imm_insn(ISA_SUM_M44, v);
        if (v & um_reserved) {
            expect_fault(s, VEC_GENERAL, 0x30);
        } else {
            expect_no_fault(s);
            expect_u64(v, cpu->psr & 0xffffff, "sum bit %u", bit);
            imm_insn(ISA_RUM_M44, v);
            expect_no_fault(s);
            expect_u64(0, cpu->psr & 0xffffff, "rum bit %u", bit);
        }
        imm_insn(ISA_SSM_M44, v);
        expect_fault(s, VEC_GENERAL, 0x10);
        imm_insn(ISA_RSM_M44, v);
        expect_fault(s, VEC_GENERAL, 0x10);
    }
    /* psr.up is out of reach when psr.sp is set. */
    start(PSR_SP);
    imm_insn(ISA_SUM_M44, PSR_UP | PSR_MFL);
    expect_u64(PSR_SP | PSR_MFL, cpu->psr, "sum with psr.sp");
    start(PSR_SP | PSR_UP);
    imm_insn(ISA_RUM_M44, PSR_UP);
    expect_u64(PSR_SP | PSR_UP, cpu->psr, "rum with psr.sp");
    run2(ISA_MOV_PSR_UM_M35, 0, PSR_MFH);
    expect_u64(PSR_SP | PSR_UP | PSR_MFH, cpu->psr, "mov psr.um with psr.sp");
    start(PSR_VM);
    imm_insn(ISA_SSM_M44, 1);
    expect_fault(s, VEC_GENERAL, 0x30);
    imm_insn(ISA_SSM_M44, PSR_MFL);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
    imm_insn(ISA_RSM_M44, PSR_MFL);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
}

static void test_psr(void)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t v = 1ull << bit;
        const uint64_t reserved = 0xf0011fc1;
        /* Bits that would step, break or interrupt the test itself are tried in test_masks or by
         * others. */
        if (v & (PSR_I | PSR_DB | PSR_TB | PSR_LP))
            continue;
        start(PSR_BN);
        run2(ISA_MOV_PSR_L_M35, 0, v);
        if (v & reserved) {
            expect_fault(s, VEC_GENERAL, 0x30);
            continue;
        }
        expect_no_fault(s);
        expect_u64(PSR_BN | (v & 0xffffffff), cpu->psr, "mov psr.l bit %u", bit);
    }
    start(0);
    cpu_set_psr(cpu, PSR_MC | PSR_BN | PSR_IC | PSR_PK | PSR_MFL | PSR_IA);
    run2(ISA_MOV_PSR_M36, 0, 0);
    expect_u64(PSR_MC | PSR_IC | PSR_PK | PSR_MFL, result(), "mov =psr reads 31:0, mc, it");
    start(3ull << PSR_CPL_SHIFT | PSR_MFH | PSR_UP);
    run2(ISA_MOV_PSR_UM_M36, 0, 0);
    expect_u64(PSR_MFH | PSR_UP, result(), "mov =psr.um");
    run2(ISA_MOV_PSR_M36, 0, 0);
    expect_fault(s, VEC_GENERAL, 0x10);
    run2(ISA_MOV_PSR_L_M35, 0, 0);
    expect_fault(s, VEC_GENERAL, 0x10);
    run2(ISA_MOV_PSR_UM_M35, 0, PSR_AC | PSR_MFL);
    expect_no_fault(s);
    expect_u64(3ull << PSR_CPL_SHIFT | PSR_AC | PSR_MFL, cpu->psr, "mov psr.um=");
    run2(ISA_MOV_PSR_UM_M35, 0, 1);
    expect_fault(s, VEC_GENERAL, 0x30);
    run_nat(ISA_MOV_PSR_UM_M35, 9);
    expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
    start(PSR_VM);
    run_nat(ISA_MOV_PSR_L_M35, 9);
    expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
    run2(ISA_MOV_PSR_L_M35, 0, 1);
    expect_fault(s, VEC_GENERAL, 0x30);
    run2(ISA_MOV_PSR_L_M35, 0, 0);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
    run2(ISA_MOV_PSR_M36, 0, 0);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
    /* psr.ic is in flight until serialized. */
    for (unsigned k = 0; k < 2; k++) {
        start(PSR_DT);
        imm_insn(ISA_SSM_M44, PSR_IC);
        imm_insn(ISA_RSM_M44, PSR_IC);
        run2(ISA_LD8_M1, VA, 0);
        expect_fault(s, VEC_ALT_DTLB, ISR_R);
        run2(k ? ISA_SRLZ_D_M24 : ISA_SRLZ_I_M24, 0, 0);
        run2(ISA_LD8_M1, VA, 0);
        expect_fault(s, VEC_DATA_NESTED_TLB, ISR_R);
    }
}

static void test_rr_pkr(void)
{
    start(0);
    for (unsigned r = 0; r < 8; r++) {
        uint64_t v = rr_make(0xabc000 + r, 16, r & 1);
        run2(ISA_MOV_RR_M42, (uint64_t)r << 61 | 0x1234567, v);
        expect_no_fault(s);
        run2(ISA_MOV_RR_M43, (uint64_t)r << 61 | 0xfff, 0);
        expect_u64(v, result(), "rr%u", r);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        if (bit >= 2 && bit < 8)
            continue;
        run2(ISA_MOV_RR_M42, 0, 14 << 2 | 1ull << bit);
        bit == 1 || bit >= 32 ? expect_fault(s, VEC_GENERAL, 0x30) : expect_no_fault(s);
    }
    for (unsigned ps = 0; ps < 64; ps++) {
        run2(ISA_MOV_RR_M42, 0, ps << 2);
        ps == 13 || (ps >= 12 && ps <= 32 && ps % 2 == 0) ? expect_no_fault(s)
                                                          : expect_fault(s, VEC_GENERAL, 0x30);
    }
    /* A new id takes effect at once, also on the fast path. */
    start(PSR_DT | PSR_IC);
    put_data(VA, PTE | DATA);
    run2(ISA_LD8_M1, VA, 0);
    expect_no_fault(s);
    run2(ISA_MOV_RR_M42, VA, rr_make(0x999, 14, 0));
    run2(ISA_LD8_M1, VA, 0);
    expect_fault(s, VEC_ALT_DTLB, ISR_R);
    run2(ISA_MOV_RR_M42, VA, rr_make(RID + 5, 14, 0));
    run2(ISA_LD8_M1, VA, 0);
    expect_no_fault(s);

    start(0);
    for (unsigned bit = 0; bit < 64; bit++) {
        run2(ISA_MOV_PKR_M42, bit & 15, 1ull << bit);
        (bit >= 4 && bit < 8) || bit >= 32 ? expect_fault(s, VEC_GENERAL, 0x30)
                                           : expect_no_fault(s);
    }
    run2(ISA_MOV_PKR_M42, 16, 1);
    expect_fault(s, VEC_GENERAL, 0x30);
    run2(ISA_MOV_PKR_M43, 16, 0);
    expect_fault(s, VEC_GENERAL, 0x30);
    run2(ISA_MOV_PKR_M42, 0xff03, 0x100);
    expect_no_fault(s);
    expect_u64(0x100, cpu->pkr[3], "only bits 7:0 of the index");
}

static void test_pkr_duplicates(void)
{
    start(PSR_PK | PSR_DT | PSR_IC);
    run2(ISA_MOV_PKR_M42, 1, 0x55501);
    run2(ISA_MOV_PKR_M42, 2, 0x55505);
    run2(ISA_MOV_PKR_M43, 1, 0);
    expect_u64(0x55500, result(), "the older register with the key is invalid");
    run2(ISA_MOV_PKR_M43, 2, 0);
    expect_u64(0x55505, result(), "the newer is valid");
    run2(ISA_MOV_PKR_M42, 3, 0x55500);
    run2(ISA_MOV_PKR_M43, 2, 0);
    expect_u64(0x55505, result(), "an invalid write invalidates nobody");
    put(false, VA, PTE | DATA, 14, 0x555);
    run2(ISA_LD8_M1, VA, 0);
    expect_fault(s, VEC_KEY_PERMISSION, ISR_R);
    run2(ISA_MOV_PKR_M42, 2, 0x55501);
    run2(ISA_LD8_M1, VA, 0);
    expect_no_fault(s);
    run2(ISA_MOV_PKR_M42, 2, 0x55505);
    run2(ISA_LD8_M1, VA, 0);
    expect_fault(s, VEC_KEY_PERMISSION, ISR_R);
}

static void test_debug_registers(void)
{
    static const unsigned wr[] = {ISA_MOV_DBR_M42, ISA_MOV_IBR_M42},
                          rd[] = {ISA_MOV_DBR_M43, ISA_MOV_IBR_M43};
    const uint64_t ignored[] = {3ull << 60, 7ull << 60};

    for (unsigned k = 0; k < 2; k++) {
        start(0);
        for (unsigned i = 0; i < 8; i++) {
            run2(wr[k], i, ~0ull);
            expect_no_fault(s);
            run2(rd[k], i, 0);
            expect_u64(i & 1 ? ~ignored[k] : ~0ull, result(), "%s", s->text);
            run2(wr[k], i, 0);
        }
        run2(wr[k], 8, 0);
        expect_fault(s, VEC_GENERAL, 0x30);
        run2(rd[k], 8, 0);
        expect_fault(s, VEC_GENERAL, 0x30);
        memset(cpu->dbr, 0, sizeof cpu->dbr);
        memset(cpu->ibr, 0, sizeof cpu->ibr);
    }
    start(PSR_DT | PSR_IC | PSR_DB);
    put_data(VA, PTE | DATA);
    run2(ISA_LD8_M1, VA + 8, 0);
    expect_no_fault(s);
    run2(ISA_MOV_DBR_M42, 0, VA + 8);
    run2(ISA_MOV_DBR_M42, 1, 1ull << 63 | 1ull << 56 | 0xffffffffffffffull);
    run2(ISA_LD8_M1, VA + 8, 0);
    expect_fault(s, VEC_DEBUG, ISR_R);
    run2(ISA_MOV_DBR_M42, 1, 0);
    run2(ISA_LD8_M1, VA + 8, 0);
    expect_no_fault(s);
}

static void test_indirect_access(void)
{
    static const struct {
        unsigned op;
        bool write, user;
    } t[] = {
        {ISA_MOV_RR_M42, true, false},    {ISA_MOV_RR_M43, false, false},
        {ISA_MOV_PKR_M42, true, false},   {ISA_MOV_PKR_M43, false, false},
        {ISA_MOV_DBR_M42, true, false},   {ISA_MOV_DBR_M43, false, false},
        {ISA_MOV_IBR_M42, true, false},   {ISA_MOV_IBR_M43, false, false},
        {ISA_MOV_PMC_M42, true, false},   {ISA_MOV_PMC_M43, false, false},
        {ISA_MOV_PMD_M42, true, false},   {ISA_MOV_PMD_M43, false, true},
        {ISA_MOV_CPUID_M43, false, true},
    };

    for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        start(2ull << PSR_CPL_SHIFT);
        run2(t[i].op, 0, 14 << 2);
        t[i].user ? expect_no_fault(s) : expect_fault(s, VEC_GENERAL, 0x10);
        start(PSR_VM);
        run_nat(t[i].op, 10);
        expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        if (t[i].write) {
            run_nat(t[i].op, 9);
            expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        }
        run2(t[i].op, 0, t[i].op == ISA_MOV_RR_M42 ? 14 << 2 : 0);
        t[i].op == ISA_MOV_PMD_M43 ? expect_no_fault(s) : expect_fault(s, VEC_VIRTUALIZATION, 0);
    }
    start(3ull << PSR_CPL_SHIFT);
    for (unsigned i = 0; i < 5; i++) {
        run2(ISA_MOV_CPUID_M43, i, 0);
        expect_u64(cpu->cpuid[i], result(), "cpuid[%u]", i);
    }
    run2(ISA_MOV_CPUID_M43, 5, 0);
    expect_fault(s, VEC_GENERAL, 0x30);
}

static void test_break(void)
{
    static const unsigned ops[] = {ISA_BREAK_M_M37, ISA_BREAK_I_I19, ISA_BREAK_F_F15,
                                   ISA_BREAK_B_B9, ISA_BREAK_X_X1};

    for (unsigned i = 0; i < 5; i++) {
        struct isa_insn in = insn(ops[i]);
        in.imm = 0x1abcde;
        if (ops[i] == ISA_BREAK_X_X1)
            in.imm = 0x2aaaaaaaaaa00000ull | 0x1abcde;
        start(0);
        run_in(in);
        expect_fault(s, VEC_BREAK, 0);
        expect_u64(ops[i] == ISA_BREAK_B_B9 ? 0 : 0x1abcde, s->in.iim, "%s", s->text);
        in.qp = 3;
        cpu->pr[3] = 0;
        run_in(in);
        if (ops[i] != ISA_BREAK_B_B9)
            expect_no_fault(s);
    }
}

static void test_nothing(void)
{
    static const unsigned ops[] = {
        ISA_NOP_M_M48, ISA_NOP_I_I18,  ISA_NOP_F_F16,  ISA_NOP_B_B9,
        ISA_NOP_X_X5,  ISA_HINT_M_M48, ISA_HINT_I_I18, ISA_HINT_F_F16,
        ISA_HINT_B_B9, ISA_HINT_X_X5,  ISA_MF_M24,     ISA_MF_A_M24,
        ISA_FWB_M24,   ISA_SYNC_I_M24, ISA_SRLZ_D_M24, ISA_SRLZ_I_M24,
    };
    static struct snap a, b;

    for (unsigned i = 0; i < sizeof ops / sizeof *ops; i++) {
        start(3ull << PSR_CPL_SHIFT);
        struct isa_insn in = insn(ops[i]);
        snap_take(s, &a);
        run_in(in);
        snap_take(s, &b);
        expect_no_fault(s);
        const char *d = snap_diff(&a, &b, 0, &in);
        expect(!d, "%s changed %s", s->text, d);
    }
}

static void test_pmu(void)
{
    /* Freeze, ignored fields, unimplemented registers. */
    start(0);
    run2(ISA_MOV_PMC_M42, 0, ~0ull);
    run2(ISA_MOV_PMC_M43, 0, 0);
    expect_u64(0xf1, result(), "pmc0");
    run2(ISA_MOV_PMC_M42, 200, ~0ull);
    run2(ISA_MOV_PMC_M43, 200, 0);
    expect_no_fault(s);
    expect_u64(0, result(), "unimplemented pmc");
    run2(ISA_MOV_PMD_M43, 200, 0);
    expect_u64(0, result(), "unimplemented pmd");
    run2(ISA_MOV_PMD_M42, 4, 0x0000700000001234);
    run2(ISA_MOV_PMD_M43, 4, 0);
    expect_u64(0xfffff00000001234, result(), "47 bits, sign-extended");
    /* Counting: by level, by psr.up or psr.pp, unless frozen. */
    for (unsigned k = 0; k < 32; k++) {
        bool frozen = k & 1, plm = k & 2, pm = k & 4, up = k & 8, pp = k & 16;
        start((up ? PSR_UP : 0) | (pp ? PSR_PP : 0));
        run2(ISA_MOV_PMC_M42, 0, 1);
        run2(ISA_MOV_PMC_M42, 5, (plm ? 1 : 2) | (pm ? 1 << 6 : 0) | 0x08 << 8);
        run2(ISA_MOV_PMD_M42, 5, 100);
        run2(ISA_MOV_PMC_M42, 0, frozen);
        uint64_t before = cpu->icount;
        for (unsigned n = 0; n < 10; n++)
            run2(ISA_NOP_M_M48, 0, 0);
        run2(ISA_MOV_PMD_M43, 5, 0);
        bool counts = !frozen && plm && (pm ? pp : up);
        expect(counts ? result() >= 110 && result() - 100 <= cpu->icount - before + 4
                      : result() == 100,
               "case %u: counted %llu of %llu", k, (unsigned long long)result() - 100,
               (unsigned long long)(cpu->icount - before));
    }
    /* Overflow with oi: freezes, sets its bit, pends PMV's vector. */
    start(PSR_UP);
    write_cr(CR_PMV, 0xee);
    run2(ISA_MOV_PMC_M42, 0, 1);
    run2(ISA_MOV_PMC_M42, 6, 0xf | 1 << 5 | 0x12 << 8);
    run2(ISA_MOV_PMD_M42, 6, (1ull << 47) - 5);
    run2(ISA_MOV_PMC_M42, 0, 0);
    expect(pmu_next_event(cpu) - cpu->cycles < 100, "the engine is told when");
    for (unsigned n = 0; n < 10; n++)
        run2(ISA_SRLZ_I_M24, 0, 0);
    run2(ISA_MOV_PMC_M43, 0, 0);
    expect_u64(1 | 1 << 6, result(), "pmc0 after overflow");
    expect(cpu->irr[3] >> (0xee - 192) & 1, "interrupt 0xee is pending");
    cpu->irr[3] = 0;
    pmu_reset(cpu);
    /* Users read 0 from privileged monitors and with psr.sp. */
    start(0);
    run2(ISA_MOV_PMD_M42, 4, 77);
    run2(ISA_MOV_PMC_M42, 4, 1 << 6);
    set_cpl(3);
    run2(ISA_MOV_PMD_M43, 4, 0);
    expect_u64(0, result(), "privileged monitor");
    set_cpl(0);
    run2(ISA_MOV_PMC_M42, 4, 0);
    set_cpl(3);
    run2(ISA_MOV_PMD_M43, 4, 0);
    expect_u64(77, result(), "user monitor");
    cpu_set_psr(cpu, cpu->psr | PSR_SP);
    run2(ISA_MOV_PMD_M43, 4, 0);
    expect_u64(0, result(), "psr.sp");
}

/* Only from a translated page with access rights 7 (SDM 3: vmsw page); else it is virtualized. */
static void test_vmsw(void)
{
    start(0);
    run2(ISA_VMSW_1_B8, 0, 0);
    expect_fault(s, VEC_VIRTUALIZATION, 0);
    for (uint64_t ar = 3; ar <= 7; ar += 4) {
        start(0);
        tlb_insert(cpu, true, -1, CODE, CODE | ar << 9 | 0x61, 12ull << 2);
        cpu_set_psr(cpu, PSR_IT);
        run2(ISA_VMSW_1_B8, 0, 0);
        if (ar == 7) {
            expect_no_fault(s);
            expect(cpu->psr & PSR_VM, "vmsw.1");
            run2(ISA_VMSW_0_B8, 0, 0);
            expect_no_fault(s);
            expect(!(cpu->psr & PSR_VM), "vmsw.0");
        } else {
            expect_fault(s, VEC_VIRTUALIZATION, 0);
        }
        cpu_set_psr(cpu, 0);
        tlb_purge_all(cpu);
    }
    start(1ull << PSR_CPL_SHIFT);
    run2(ISA_VMSW_1_B8, 0, 0);
    expect_fault(s, VEC_GENERAL, 0x10);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*fn)(void);
    } t[] = {
        {"control-registers", test_cr},
        {"control-register-access", test_cr_access},
        {"application-registers", test_ar},
        {"application-register-rules", test_ar_rules},
        {"masks", test_masks},
        {"psr", test_psr},
        {"rr-pkr", test_rr_pkr},
        {"pkr-duplicates", test_pkr_duplicates},
        {"debug-registers", test_debug_registers},
        {"indirect-access", test_indirect_access},
        {"break", test_break},
        {"no-effect", test_nothing},
        {"monitors", test_pmu},
        {"vmsw", test_vmsw},
    };

    suite_begin(argc, argv);
    s = sut_new();
    cpu = s->cpu;
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
                t[i].fn();
    sut_free(s);
    return suite_end();
}
