/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/tlb: the instructions on translations and the VHPT walker (SDM 2:4.1; SDM 3: itc, itr, ptc,
 * ptr, thash, ttag, tpa, tak, probe pages). Instructions run in physical mode, data are translated.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/cpu/mmu.h"

/* Runs an instruction of this row as it stands, r2 = r9 and r3 = r10, in the mode of *s. */
static void run(unsigned op)
{
    struct isa_insn in = insn(op);
    sut_load(s, &in);
    sut_go(s);
}
static void run2(unsigned op, uint64_t r3, uint64_t r2)
{
    *gr(cpu, 10) = (struct gr){r3, 0};
    *gr(cpu, 9) = (struct gr){r2, 0};
    run(op);
}
static void run_imm(unsigned op, uint64_t r3, uint64_t imm)
{
    struct isa_insn in = insn(op);
    in.imm = imm;
    *gr(cpu, 10) = (struct gr){r3, 0};
    sut_load(s, &in);
    sut_go(s);
}
static uint64_t result(void)
{
    return gr(cpu, 8)->v;
}
static void set_cpl(unsigned cpl)
{
    cpu_set_psr(cpu, (cpu->psr & ~PSR_CPL) | (uint64_t)cpl << PSR_CPL_SHIFT);
}
static void set_ic(bool ic)
{
    cpu_set_psr(cpu, ic ? cpu->psr | PSR_IC : cpu->psr & ~PSR_IC);
}
static bool translates(bool instruction, uint64_t va, uint64_t *pa)
{
    const struct tlb_ent *t =
        tlb_find(instruction ? &cpu->mmu->i : &cpu->mmu->d, va, rr_rid(cpu->rr[va >> 61]));
    if (t && pa)
        *pa = tlb_pa(t, va);
    return t;
}

static void test_insert_checks(void)
{
    static const unsigned ops[] = {ISA_ITC_D_M41, ISA_ITC_I_M41, ISA_ITR_D_M42, ISA_ITR_I_M42};

    for (unsigned k = 0; k < 4; k++) {
        unsigned op = ops[k];
        fresh();
        cpu->cr[CR_IFA] = VA;
        cpu->cr[CR_ITIR] = ITIR(14, 5);
        run2(op, 3, PTE | PA);
        expect_fault(s, VEC_GENERAL, 0x00); /* psr.ic is 1: Illegal Operation */
        set_ic(false);
        set_cpl(1);
        run2(op, 3, PTE | PA);
        expect_fault(s, VEC_GENERAL, 0x10);
        set_cpl(0);
        *gr(cpu, 10) = (struct gr){3, 0};
        *gr(cpu, 9) = (struct gr){PTE | 2, 1};
        run(op);
        expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        cpu_set_psr(cpu, cpu->psr | PSR_VM);
        run2(op, 3, PTE | 2);
        expect_fault(s, VEC_GENERAL, 0x30); /* reserved before virtualization */
        run2(op, 3, PTE | PA);
        expect_fault(s, VEC_VIRTUALIZATION, 0);
        cpu_set_psr(cpu, cpu->psr & ~PSR_VM);
        /* Reserved: pte bits 1, 50, 51, ma 1-3; itir 1:0, 63:32, page sizes. Ignored: pte 63:53,
         * when p is 0 all but itir. */
        for (unsigned bit = 1; bit < 64; bit++) {
            bool bad = bit == 1 || bit == 50 || bit == 51;
            if (bit >= 2 && bit <= 4)
                continue;
            mmu_reset(cpu);
            run2(op, 3, PTE | PA | 1ull << bit);
            bad ? expect_fault(s, VEC_GENERAL, 0x30) : expect_no_fault(s);
            mmu_reset(cpu);
            run2(op, 3, (~0ull & ~1ull));
            expect_no_fault(s);
        }
        for (unsigned ma = 0; ma < 8; ma++) {
            mmu_reset(cpu);
            run2(op, 3, PTE | PA | ma << 2);
            ma >= 1 && ma <= 3 ? expect_fault(s, VEC_GENERAL, 0x30) : expect_no_fault(s);
        }
        for (unsigned ps = 0; ps < 64; ps++) {
            bool ok = ps == 13 || (ps >= 12 && ps <= 32 && ps % 2 == 0);
            for (unsigned p = 0; p < 2; p++) {
                mmu_reset(cpu);
                cpu->cr[CR_ITIR] = ITIR(ps, 5);
                run2(op, 3, (PTE & ~1ull) | p);
                ok ? expect_no_fault(s) : expect_fault(s, VEC_GENERAL, 0x30);
            }
        }
        for (unsigned bit = 0; bit < 64; bit++) {
            if (bit >= 2 && bit < 8)
                continue;
            for (unsigned p = 0; p < 2; p++) {
                mmu_reset(cpu);
                cpu->cr[CR_ITIR] = ITIR(14, 0) | 1ull << bit;
                run2(op, 3, (PTE & ~1ull) | p);
                bit < 2 || (p && bit >= 32) ? expect_fault(s, VEC_GENERAL, 0x30)
                                            : expect_no_fault(s);
            }
        }
    }
    for (unsigned k = 2; k < 4; k++) {
        fresh();
        set_ic(false);
        cpu->cr[CR_IFA] = VA;
        cpu->cr[CR_ITIR] = ITIR(14, 5);
        run2(ops[k], N_TR - 1, PTE | PA);
        expect_no_fault(s);
        mmu_reset(cpu);
        run2(ops[k], N_TR, PTE | PA);
        expect_fault(s, VEC_GENERAL, 0x30);
        run2(ops[k], 0xab00 | 3, PTE | PA); /* only bits 7:0 select */
        expect_no_fault(s);
        expect(cpu->mmu->d.e[3].valid || cpu->mmu->i.e[3].valid, "slot by bits 7:0");
    }
}

static void insert(unsigned op, uint64_t slot, uint64_t va, uint64_t pa, unsigned ps)
{
    set_ic(false);
    cpu->cr[CR_IFA] = va;
    cpu->cr[CR_ITIR] = ITIR(ps, 5);
    run2(op, slot, PTE | pa);
    expect_no_fault(s);
}

static void test_insert(void)
{
    uint64_t pa = 0;

    fresh();
    insert(ISA_ITC_D_M41, 0, VA, PA, 14);
    expect(translates(false, VA + 0x3fff, &pa) && pa == PA + 0x3fff, "itc.d");
    expect(!translates(true, VA, NULL), "itc.d is not for fetches");
    insert(ISA_ITC_I_M41, 0, VA, PA + 0x4000, 14);
    expect(translates(true, VA, &pa) && pa == PA + 0x4000, "itc.i");
    expect(translates(false, VA, &pa) && pa == PA, "itc.i leaves data translations");
    /* Insertion purges what overlaps, smaller and larger. */
    insert(ISA_ITC_D_M41, 0, VA + 0x1000, PA, 12);
    expect(!translates(false, VA + 0x2000, NULL) && translates(false, VA + 0x1000, NULL),
           "overlapped by 4K");
    insert(ISA_ITC_D_M41, 0, VA, 0, 24);
    expect(translates(false, VA + 0x1000, &pa) && pa == (VA & 0xffffff) + 0x1000,
           "overlapped by 16M");
    /* Translation registers outlive any number of cache insertions. */
    fresh();
    for (unsigned i = 0; i < N_TR; i++) {
        insert(ISA_ITR_D_M42, i, VA + i * 0x100000, PA, 20);
        insert(ISA_ITR_I_M42, i, VA + i * 0x100000, PA, 20);
    }
    for (unsigned i = 0; i < 3 * N_TC; i++) {
        insert(ISA_ITC_D_M41, 0, (VA & (7ull << 61)) + i * 0x4000ull, PA, 14);
        insert(ISA_ITC_I_M41, 0, (VA & (7ull << 61)) + i * 0x4000ull, PA, 14);
    }
    for (unsigned i = 0; i < N_TR; i++)
        expect(translates(false, VA + i * 0x100000, NULL) &&
                   translates(true, VA + i * 0x100000, NULL),
               "translation register %u", i);
    unsigned left = 0;
    for (unsigned i = 0; i < 3 * N_TC; i++)
        left += translates(false, (VA & (7ull << 61)) + i * 0x4000ull, NULL);
    expect(left == N_TC, "%u cache entries", left);
    /* What a register held before stays cached. */
    fresh();
    insert(ISA_ITR_D_M42, 2, VA, PA, 14);
    insert(ISA_ITR_D_M42, 2, VA + 0x100000, PA + 0x4000, 14);
    expect(translates(false, VA, NULL) && translates(false, VA + 0x100000, NULL),
           "old one is cached");
    run2(ISA_PTC_L_M45, VA, 14 << 2);
    expect_no_fault(s);
    expect(!translates(false, VA, NULL), "and may be purged with ptc.l");
    insert(ISA_ITR_D_M42, 2, VA + 0x100000, PA + 0x8000, 16);
    expect(translates(false, VA + 0x100000, &pa) && pa == ((PA + 0x8000) & ~0xffffull),
           "same place again");
    /* Another region id. */
    fresh();
    insert(ISA_ITC_D_M41, 0, VA, PA, 14);
    cpu->rr[5] = rr_make(0xfffff, 14, 0);
    expect(!translates(false, VA, NULL), "another address space");
    cpu->rr[1] = rr_make(RID + 5, 14, 0);
    expect(translates(false, (VA & ~(7ull << 61)) | 1ull << 61, NULL),
           "the id decides, not the region number");
}

static void test_purge(void)
{
    static const unsigned ops[] = {ISA_PTC_L_M45, ISA_PTC_G_M45, ISA_PTC_GA_M45,
                                   ISA_PTR_D_M45, ISA_PTR_I_M45, ISA_PTC_E_M47};

    for (unsigned k = 0; k < 6; k++) {
        unsigned op = ops[k];
        bool e = op == ISA_PTC_E_M47, d = op != ISA_PTR_I_M45, i = op != ISA_PTR_D_M45;
        fresh();
        set_cpl(3);
        run2(op, VA, 14 << 2);
        expect_fault(s, VEC_GENERAL, 0x10);
        set_cpl(0);
        *gr(cpu, 10) = (struct gr){VA, 1};
        run(op);
        expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        if (!e) {
            *gr(cpu, 10) = (struct gr){VA, 0};
            *gr(cpu, 9) = (struct gr){14 << 2, 1};
            run(op);
            expect_fault(s, VEC_NAT_CONSUMPTION, 0x10);
        }
        cpu_set_psr(cpu, cpu->psr | PSR_VM);
        run2(op, VA, 14 << 2);
        expect_fault(s, VEC_VIRTUALIZATION, 0);
        /* Purge 64K: overlapping entries of all sizes go, neighbours and other ids stay. */
        fresh();
        for (unsigned x = 0; x < 2; x++) {
            put(x, VA - 0x1000, PTE | PA, 12, 0);
            put(x, VA, PTE | PA, 12, 0);
            put(x, VA + 0xf000, PTE | PA, 12, 0);
            put(x, VA + 0x10000, PTE | PA, 16, 0);
            put(x, (VA & ~(7ull << 61)) | 1ull << 61, PTE | PA, 12, 0);
        }
        run2(op, VA + 0x4567, 16 << 2);
        expect_no_fault(s);
        for (unsigned x = 0; x < 2; x++) {
            bool gone = x ? i : d;
            expect(translates(x, VA, NULL) != gone, "%s: first page", s->text);
            expect(translates(x, VA + 0xf000, NULL) != gone, "%s: last page", s->text);
            expect(translates(x, VA - 0x1000, NULL) != e, "%s: page before", s->text);
            expect(translates(x, VA + 0x10000, NULL) != e, "%s: page after", s->text);
            expect(translates(x, (VA & ~(7ull << 61)) | 1ull << 61, NULL) != e, "%s: another id",
                   s->text);
        }
        fresh();
        put(false, VA, PTE | 0, 24, 0);
        put(true, VA, PTE | 0, 24, 0);
        run2(op, VA + 0x123456, 12 << 2);
        expect(translates(false, VA, NULL) != d && translates(true, VA, NULL) != i,
               "%s: inside 16M", s->text);
        /* Registers: only ptr. */
        fresh();
        tlb_insert(cpu, false, 4, VA, PTE | PA, ITIR(14, 0));
        tlb_insert(cpu, true, 4, VA, PTE | PA, ITIR(14, 0));
        if (op == ISA_PTR_D_M45 || op == ISA_PTR_I_M45 || e) {
            run2(op, VA + 0x1000, 12 << 2);
            expect(translates(false, VA, NULL) != (op == ISA_PTR_D_M45), "%s: dtr", s->text);
            expect(translates(true, VA, NULL) != (op == ISA_PTR_I_M45), "%s: itr", s->text);
        }
    }
}

/* In a child, since a machine check ends the simulation. */
static bool machine_checks(void (*fn)(void))
{
    int status = 0;

    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
            _exit(9);
        s->m->exit_status = 0;
        fn();
        _exit(s->m->exit_status || (s->m->stop && !s->recorded) ? 1 : 0);
    }
    waitpid(pid, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
static void mc_insert(void)
{
    cpu->cr[CR_IFA] = VA + 0x1000;
    cpu->cr[CR_ITIR] = ITIR(12, 0);
    run2(ISA_ITC_D_M41, 0, PTE | PA);
}
static void mc_purge(void)
{
    run2(ISA_PTC_L_M45, VA, 12 << 2);
}
static void mc_tr(void)
{
    cpu->cr[CR_IFA] = VA;
    cpu->cr[CR_ITIR] = ITIR(14, 0);
    run2(ISA_ITR_D_M42, 5, PTE | PA);
}
static void mc_none(void)
{
    cpu->cr[CR_IFA] = VA;
    cpu->cr[CR_ITIR] = ITIR(14, 0);
    run2(ISA_ITC_I_M41, 0, PTE | PA);
}

static void test_machine_check(void)
{
    fresh();
    set_ic(false);
    tlb_insert(cpu, false, 4, VA, PTE | PA, ITIR(14, 0));
    expect(machine_checks(mc_insert), "itc.d over a dtr");
    expect(machine_checks(mc_purge), "ptc.l over a dtr");
    expect(machine_checks(mc_tr), "itr.d over another dtr");
    expect(!machine_checks(mc_none), "itc.i over a dtr is good");
}

/* The figures of SDM 2:4.1.6.1 and 4.1.6.2, bit by bit. */
static uint64_t place(uint64_t pta, uint64_t offset, uint64_t region)
{
    unsigned size = pta >> 2 & 63;
    uint64_t a = region << 61;

    for (unsigned b = 0; b <= 60; b++)
        if (b < 15 || b < size ? offset >> b & 1 : pta >> b & 1)
            a |= 1ull << b;
    return a;
}

static void test_hash(void)
{
    for (unsigned n = 0; n < 400; n++) {
        static const unsigned sizes[] = {12, 14, 16, 24};
        uint64_t va = noise(), base = noise() & ~0x7fffull;
        unsigned size = 15 + n % 46, ps = sizes[n % 4];
        fresh();
        cpu->rr[va >> 61] = rr_make(0xabcdef, ps, 0);
        cpu->cr[CR_PTA] = base | size << 2;
        run2(ISA_THASH_M46, va, 0);
        expect_no_fault(s);
        expect_u64(place(base | size << 2, (va << 3 >> 3 >> ps) << 3, va >> 61), result(),
                   "short hash of 0x%llx, page size 2^%u, pta.size %u", (unsigned long long)va, ps,
                   size);
        /* Long: in the table, 32-byte entries, no use of the region number. */
        cpu->cr[CR_PTA] |= 1 << 8;
        run2(ISA_THASH_M46, va, 0);
        uint64_t h = result(), mask = (1ull << size) - 1;
        expect(((h ^ base) & ~mask & (~0ull << 15)) == 0 && h % 32 == 0, "long hash 0x%llx",
               (unsigned long long)h);
        for (unsigned i = 0; i < 8; i++)
            cpu->rr[i] = cpu->rr[va >> 61];
        run2(ISA_THASH_M46, va ^ 1ull << 62, 0);
        expect_u64(h, result(), "the region number does not count");
        run2(ISA_TTAG_M46, va, 0);
        uint64_t tag = result();
        expect(!(tag >> 63), "ti is 0");
        run2(ISA_TTAG_M46, va ^ 1ull << 62, 0);
        expect_u64(tag, result(), "the region number does not count");
        run2(ISA_TTAG_M46, va ^ ((1ull << ps) - 1), 0);
        expect_u64(tag, result(), "nor does the offset in the page");
    }
    fresh();
    for (unsigned k = 0; k < 2; k++) {
        unsigned op = k ? ISA_TTAG_M46 : ISA_THASH_M46;
        set_cpl(3);
        cpu_set_psr(cpu, cpu->psr & ~PSR_VM);
        *gr(cpu, 10) = (struct gr){VA, 1};
        run(op);
        expect_no_fault(s);
        expect(gr(cpu, 8)->n, "NaT gives NaT");
        cpu_set_psr(cpu, cpu->psr | PSR_VM);
        run(op);
        expect_fault(s, VEC_VIRTUALIZATION, 0);
    }
}

/* Index and tag identify page and region id, in the smallest table too: changing any bit of them
 * changes the pair, and pairs that share the index have different tags. */
static void test_tag_unique(void)
{
    fresh();
    cpu->cr[CR_PTA] = 15 << 2 | 1 << 8;
    for (unsigned n = 0; n < 3000; n++) {
        uint64_t va = noise() >> 3, other = va;
        uint32_t rid = noise() & 0xffffff, rid2 = rid;
        cpu->rr[0] = rr_make(rid, 12, 0);
        uint64_t h = vhpt_hash(cpu, va), t = vhpt_tag(cpu, va);
        for (unsigned k = 0; k <= n % 3; k++) {
            unsigned bit = 12 + noise() % 73;
            if (bit <= 60)
                other ^= 1ull << bit;
            else
                rid2 ^= 1u << (bit - 61);
        }
        if (rid2 == rid && (other ^ va) >> 12 == 0)
            continue;
        cpu->rr[0] = rr_make(rid2, 12, 0);
        expect(vhpt_hash(cpu, other) != h || vhpt_tag(cpu, other) != t,
               "0x%llx of 0x%x and 0x%llx of 0x%x have the same index and tag",
               (unsigned long long)va, rid, (unsigned long long)other, rid2);
    }
}

#define TABLE 0x200000ull /* physical home of the VHPT */

/* A walker set-up: VHPT of 32K at its own address in region 3, mapped to TABLE by a translation
 * register. */
static uint64_t walker(bool long_format)
{
    uint64_t base = 0x6000000000800000ull;

    fresh();
    cpu->rr[5] = rr_make(RID + 5, 14, 1);
    cpu->rr[3] = rr_make(RID + 3, 16, 0);
    cpu->cr[CR_PTA] = base | 15 << 2 | (long_format ? 1 << 8 : 0) | 1;
    memset(phys_host(s->m, TABLE, 0x10000), 0, 0x10000);
    uint64_t h = vhpt_hash(cpu, VA);
    tlb_insert(cpu, false, 0, h, PTE | TABLE, ITIR(16, 0));
    return h;
}
static uint64_t *entry(uint64_t h)
{
    return (uint64_t *)(void *)phys_host(s->m, TABLE + (h & 0xffff), 32);
}
static void load(uint64_t va)
{
    run2(ISA_LD8_M1, va, 0);
}
static void expect_miss(unsigned vector, uint64_t h, const char *what)
{
    load(VA);
    expect_fault(s, vector, ISR_R);
    expect(s->in.sets == (INTR_IFA | INTR_ITIR | INTR_IHA), "%s: sets 0x%x", what, s->in.sets);
    expect_u64(VA, s->in.ifa, "%s: IFA", what);
    expect_u64(h, s->in.iha, "%s: IHA", what);
    expect_u64(vector == VEC_VHPT ? ITIR(16, RID + 3) : ITIR(14, RID + 5), s->in.itir, "%s: ITIR",
               what);
}

static void test_walker_short(void)
{
    uint64_t h;

    /* The table of region 5 lies in region 5 (short format). */
    for (unsigned k = 0; k < 2; k++) {
        h = walker(false);
        cpu->rr[3] = cpu->rr[5];
        expect(h >> 61 == 5, "short format: in the region itself");
        memcpy(phys_host(s->m, DATA, 8), "\1\2\3\4\5\6\7\10", 8);
        if (k) {
            cpu->cr[CR_DCR] = DCR_BE;
            *entry(h) = __builtin_bswap64(PTE | DATA);
        } else {
            *entry(h) = PTE | DATA;
        }
        load(VA);
        expect_no_fault(s);
        expect_u64(0x0807060504030201, result(), "walker found it");
        const struct tlb_ent *t = tlb_find(&cpu->mmu->d, VA, RID + 5);
        expect(t && t->ps == 14 && t->key == RID + 5, "page size and key by default from rr");
    }
    h = walker(false);
    cpu->rr[3] = cpu->rr[5];
    *entry(h) = 0; /* not present: inserted all the same */
    load(VA);
    expect_fault(s, VEC_PAGE_NOT_PRESENT, ISR_R);
    expect(translates(false, VA, NULL), "not-present translation is in the TLB");
    h = walker(false);
    *entry(h) = PTE | DATA | 2;
    load(VA);
    expect_fault(s, VEC_DTLB, ISR_R);
    expect_u64(h, s->in.iha, "IHA");
    /* Off: rr.ve, pta.ve, psr.dt (that is physical), psr.rt for the RSE, psr.ic for fetches. */
    h = walker(false);
    *entry(h) = PTE | DATA;
    cpu->rr[5] &= ~1ull;
    load(VA);
    expect_fault(s, VEC_ALT_DTLB, ISR_R);
    cpu->rr[5] |= 1;
    cpu->cr[CR_PTA] &= ~1ull;
    load(VA);
    expect_fault(s, VEC_ALT_DTLB, ISR_R);
    cpu->cr[CR_PTA] |= 1;
    set_ic(false);
    load(VA);
    expect_no_fault(s);
    h = walker(false);
    set_ic(false);
    *entry(h) = PTE | 2;
    load(VA);
    expect_fault(s, VEC_DATA_NESTED_TLB, ISR_R);
    struct intr in;
    struct xlat x;
    h = walker(false);
    *entry(h) = PTE | DATA;
    cpu_set_psr(cpu, PSR_DT | PSR_IT | PSR_IC);
    expect(mmu_translate(cpu, VA, ACC_X, 0, &x, &in) && x.pa == DATA, "walk for a fetch");
    mmu_reset(cpu);
    expect(!mmu_translate(cpu, VA, ACC_X, 0, &x, &in) && in.vector == VEC_VHPT && in.isr == ISR_X,
           "VHPT Instruction fault");
    cpu_set_psr(cpu, PSR_DT | PSR_IT);
    expect(!mmu_translate(cpu, VA, ACC_X, 0, &x, &in) && in.vector == VEC_ALT_ITLB,
           "psr.ic 0: no walk");
    cpu_set_psr(cpu, PSR_IT | PSR_IC);
    expect(!mmu_translate(cpu, VA, ACC_X, 0, &x, &in) && in.vector == VEC_ALT_ITLB,
           "psr.dt 0: no walk");
}

static void test_walker_long(void)
{
    uint64_t h, *e;

    h = walker(true);
    expect(h >> 61 == 3, "long format: where pta says");
    tlb_purge_tr(cpu, false, h, 16, RID + 3);
    expect_miss(VEC_VHPT, h, "table not mapped");
    h = walker(true);
    expect_miss(VEC_DTLB, h, "tag of another page");
    e = entry(h);
    e[0] = PTE | 0x100000;
    e[1] = ITIR(16, 0x77777);
    e[2] = vhpt_tag(cpu, VA);
    e[3] = ~0ull;
    load(VA + 8);
    expect_no_fault(s);
    const struct tlb_ent *t = tlb_find(&cpu->mmu->d, VA, RID + 5);
    expect(t && t->ps == 16 && t->key == 0x77777, "page size and key from the entry");
    h = walker(true);
    e = entry(h);
    e[0] = PTE | 0x100000;
    e[1] = ITIR(14, 0x77777);
    e[2] = vhpt_tag(cpu, VA) | 1ull << 63;
    expect_miss(VEC_DTLB, h, "ti");
    e[2] &= ~(1ull << 63);
    e[1] = ITIR(15, 0);
    expect_miss(VEC_DTLB, h, "reserved page size");
    e[1] = ITIR(14, 0) | 1ull << 32;
    expect_miss(VEC_DTLB, h, "reserved itir bit");
    e[1] = ITIR(14, 0);
    e[0] |= 1 << 2;
    expect_miss(VEC_DTLB, h, "reserved attribute");
    cpu->cr[CR_DCR] = DCR_BE;
    for (unsigned i = 0; i < 3; i++)
        e[i] = __builtin_bswap64(i ? e[i] : PTE | 0x100000);
    load(VA);
    expect_no_fault(s);

    /* What would fault for a load by level 0 aborts the walk. */
    for (unsigned k = 0; k < 7; k++) {
        static const char *const what[] = {"not present",       "NaTPage",  "access bit",
                                           "rights of level 0", "key miss", "key read",
                                           "breakpoint"};
        uint64_t pte = PTE | TABLE;
        h = walker(true);
        e = entry(h);
        e[0] = PTE | 0x100000;
        e[1] = ITIR(14, 0);
        e[2] = vhpt_tag(cpu, VA);
        tlb_purge_tr(cpu, false, h, 16, RID + 3);
        if (k == 0)
            pte &= ~1ull;
        if (k == 1)
            pte |= MA_NATPAGE << 2;
        if (k == 2)
            pte &= ~(uint64_t)PTE_A;
        if (k == 3) /* level 0 only: good for the walker even when level 3 loads */
            pte &= ~(3ull << 7);
        tlb_insert(cpu, false, 0, h, pte, ITIR(16, 0x55));
        if (k == 4 || k == 5) {
            cpu_set_psr(cpu, cpu->psr | PSR_PK);
            cpu->pkr[0] = k == 5 ? 0x5505 : 0;
            cpu->pkr[1] = 1; /* key 0: the data page's */
        }
        if (k == 6) {
            cpu_set_psr(cpu, cpu->psr | PSR_DB);
            cpu->dbr[0] = h + 16;
            cpu->dbr[1] = 1ull << 63 | 1ull << 56 | 0xffffffffffffffull;
            cpu->mmu->dbr_active = true;
            mem_select_mode(cpu);
        }
        set_cpl(k == 3 ? 3 : 0);
        load(VA);
        if (k == 3)
            expect_no_fault(s);
        else
            expect(s->fault && s->in.vector == VEC_DTLB, "%s: vector 0x%x", what[k], s->in.vector);
    }
}

static void test_tpa_tak(void)
{
    for (unsigned dt = 0; dt < 2; dt++) {
        fresh();
        cpu_set_psr(cpu, PSR_IC | (dt ? PSR_DT : 0));
        run2(ISA_TPA_M46, VA + 0x123, 0);
        expect_fault(s, VEC_ALT_DTLB, ISR_NA);
        run2(ISA_TAK_M46, VA, 0);
        expect_no_fault(s);
        expect_u64(1, result(), "tak without translation");
        put(false, VA, (PTE & ~(uint64_t)(PTE_A | PTE_D) & ~(7ull << 9)) | PA, 14, 0x123456);
        cpu_set_psr(cpu, cpu->psr | PSR_PK);
        run2(ISA_TPA_M46, VA + 0x123, 0);
        expect_no_fault(s);
        expect_u64(PA + 0x123, result(), "tpa ignores keys, rights, access bit");
        run2(ISA_TAK_M46, VA, 0);
        expect_u64(0x12345600, result(), "tak");
        put(false, VA, PTE | PA | MA_NATPAGE << 2, 14, 0x123456);
        run2(ISA_TPA_M46, VA, 0);
        expect_fault(s, VEC_NAT_CONSUMPTION, ISR_NA | 0x20);
        run2(ISA_TAK_M46, VA, 0);
        expect_u64(0x12345600, result(), "tak of a NaTPage");
        put(false, VA, 0, 14, 0x123456);
        run2(ISA_TPA_M46, VA, 0);
        expect_fault(s, VEC_PAGE_NOT_PRESENT, ISR_NA);
        run2(ISA_TAK_M46, VA, 0);
        expect_u64(1, result(), "tak of a page not present");
        cpu_set_psr(cpu, cpu->psr & ~PSR_IC);
        mmu_reset(cpu);
        run2(ISA_TPA_M46, VA, 0);
        expect_fault(s, VEC_DATA_NESTED_TLB, ISR_NA);
        set_cpl(2);
        for (unsigned k = 0; k < 2; k++) {
            unsigned op = k ? ISA_TAK_M46 : ISA_TPA_M46;
            set_cpl(2);
            run2(op, VA, 0);
            expect_fault(s, VEC_GENERAL, 0x10 | ISR_NA | (k ? 3 : 0));
            set_cpl(0);
            *gr(cpu, 10) = (struct gr){VA, 1};
            run(op);
            expect_fault(s, VEC_NAT_CONSUMPTION, 0x10 | ISR_NA | (k ? 3 : 0));
        }
    }
    uint64_t h = walker(true), *e = entry(h);
    e[0] = PTE | PA;
    e[1] = ITIR(14, 0x4242);
    e[2] = vhpt_tag(cpu, VA);
    run2(ISA_TAK_M46, VA, 0);
    expect_u64(0x424200, result(), "tak looks into the VHPT");
}

static void test_probe(void)
{
    /* Level: the operand's, but never more privileged than psr.cpl. Page: pl 1, read/write. */
    for (unsigned cpl = 0; cpl < 4; cpl++)
        for (unsigned pl = 0; pl < 4; pl++) {
            bool may = (cpl > pl ? cpl : pl) <= 1;
            fresh();
            put_data(VA, (PTE & ~(3ull << 7) & ~(7ull << 9)) | 1 << 7 | 2 << 9 | PA);
            set_cpl(cpl);
            run2(ISA_PROBE_R_M38, VA, pl | 0xfffc);
            expect_no_fault(s);
            expect_u64(may, result(), "probe.r cpl %u pl %u", cpl, pl);
            run2(ISA_PROBE_W_M38, VA, pl);
            expect_u64(may, result(), "probe.w cpl %u pl %u", cpl, pl);
            run_imm(ISA_PROBE_R_M39, VA, pl);
            expect_u64(may, result(), "probe.r imm cpl %u pl %u", cpl, pl);
            run_imm(ISA_PROBE_W_M39, VA, pl);
            expect_u64(may, result(), "probe.w imm cpl %u pl %u", cpl, pl);
            run_imm(ISA_PROBE_RW_FAULT_M40, VA, pl);
            may ? expect_no_fault(s)
                : expect_fault(s, VEC_DATA_ACCESS_RIGHTS, ISR_NA | ISR_R | ISR_W | 5);
        }
    fresh();
    put_data(VA, (PTE & ~(7ull << 9)) | PA); /* read only */
    run_imm(ISA_PROBE_W_M39, VA, 0);
    expect_u64(0, result(), "probe.w of a read-only page");
    run_imm(ISA_PROBE_W_FAULT_M40, VA, 0);
    expect_fault(s, VEC_DATA_ACCESS_RIGHTS, ISR_NA | ISR_W | 5);
    run_imm(ISA_PROBE_R_FAULT_M40, VA, 0);
    expect_no_fault(s);
    /* Dirty and access bits count for the fault form only. */
    put_data(VA, (PTE & ~(uint64_t)(PTE_A | PTE_D)) | PA);
    run_imm(ISA_PROBE_W_M39, VA, 0);
    expect_u64(1, result(), "dirty bit is not checked");
    run_imm(ISA_PROBE_W_FAULT_M40, VA, 0);
    expect_fault(s, VEC_DIRTY, ISR_NA | ISR_W | 5);
    run_imm(ISA_PROBE_R_FAULT_M40, VA, 0);
    expect_fault(s, VEC_DATA_ACCESS, ISR_NA | ISR_R | 5);
    /* Keys: denial gives 0, a miss faults. */
    cpu_set_psr(cpu, cpu->psr | PSR_PK);
    run_imm(ISA_PROBE_R_M39, VA, 0);
    expect_fault(s, VEC_DATA_KEY_MISS, ISR_NA | ISR_R | 2);
    cpu->pkr[0] = (uint64_t)(RID + 5) << 8 | 1 | 4;
    run_imm(ISA_PROBE_R_M39, VA, 0);
    expect_no_fault(s);
    expect_u64(0, result(), "pkr.rd");
    run_imm(ISA_PROBE_R_FAULT_M40, VA, 0);
    expect_fault(s, VEC_KEY_PERMISSION, ISR_NA | ISR_R | 5);
    run_imm(ISA_PROBE_W_M39, VA, 0);
    expect_u64(1, result(), "pkr.rd does not concern writes");
    cpu_set_psr(cpu, cpu->psr & ~PSR_PK);
    /* Misses and what the page is. */
    put_data(VA, PTE | PA | MA_NATPAGE << 2);
    run_imm(ISA_PROBE_R_M39, VA, 0);
    expect_fault(s, VEC_NAT_CONSUMPTION, ISR_NA | ISR_R | 0x22);
    put_data(VA, MA_NATPAGE << 2);
    run_imm(ISA_PROBE_W_M39, VA, 0);
    expect_fault(s, VEC_PAGE_NOT_PRESENT, ISR_NA | ISR_W | 2);
    mmu_reset(cpu);
    run_imm(ISA_PROBE_W_M39, VA, 0);
    expect_fault(s, VEC_ALT_DTLB, ISR_NA | ISR_W | 2);
    /* psr.dt 0: regular forms still ask the DTLB, the fault forms take a physical address. */
    cpu_set_psr(cpu, PSR_IC);
    run_imm(ISA_PROBE_R_M39, VA, 0);
    expect_fault(s, VEC_ALT_DTLB, ISR_NA | ISR_R | 2);
    run_imm(ISA_PROBE_R_FAULT_M40, DATA, 3);
    expect_no_fault(s);
    run_imm(ISA_PROBE_R_FAULT_M40, 1ull << 55, 3);
    expect_fault(s, VEC_GENERAL, ISR_NA | ISR_R | 0x35);
    *gr(cpu, 10) = (struct gr){VA, 1};
    run(ISA_PROBE_R_M38);
    expect_fault(s, VEC_NAT_CONSUMPTION, ISR_NA | ISR_R | 0x12);
    *gr(cpu, 10) = (struct gr){VA, 0};
    *gr(cpu, 9) = (struct gr){0, 1};
    run(ISA_PROBE_W_M38);
    expect_fault(s, VEC_NAT_CONSUMPTION, ISR_NA | ISR_W | 0x12);
}

static void test_fc(void)
{
    static const unsigned ops[] = {ISA_FC_M28, ISA_FC_I_M28};

    for (unsigned k = 0; k < 2; k++) {
        fresh();
        run2(ops[k], VA, 0);
        expect_fault(s, VEC_ALT_DTLB, ISR_NA | ISR_R | 1);
        put_data(VA, (PTE & ~(3ull << 7)) | PA); /* level 0 */
        run2(ops[k], VA, 0);
        expect_no_fault(s);
        set_cpl(3);
        run2(ops[k], VA, 0);
        expect_fault(s, VEC_DATA_ACCESS_RIGHTS, ISR_NA | ISR_R | 1);
        set_cpl(0);
        *gr(cpu, 10) = (struct gr){VA, 1};
        run(ops[k]);
        expect_fault(s, VEC_NAT_CONSUMPTION, ISR_NA | ISR_R | 0x11);
        cpu_set_psr(cpu, PSR_IC);
        run2(ops[k], 1ull << 60, 0);
        expect_fault(s, VEC_GENERAL, ISR_NA | ISR_R | 0x31);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*fn)(void);
    } t[] = {
        {"insert-checks", test_insert_checks},
        {"insert", test_insert},
        {"purge", test_purge},
        {"machine-check", test_machine_check},
        {"hash", test_hash},
        {"tag-unique", test_tag_unique},
        {"walker-short", test_walker_short},
        {"walker-long", test_walker_long},
        {"tpa-tak", test_tpa_tak},
        {"probe", test_probe},
        {"fc", test_fc},
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
