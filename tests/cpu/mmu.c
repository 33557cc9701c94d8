/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/mmu: translation, protection, priorities, deferral, byte order and the fast path (SDM 2:4,
 * 2:5.5). Written from the manual's tables; the walker and the TLB instructions are in tlb.c.
 */
#include "tests/cpu/mmu.h"

/* SDM 2:4.1.1.6, table of page access rights: per TLB.ar and TLB.pl (3 to 0) what levels 3, 2, 1, 0
 * may. "X" stands for execute, with or without promotion. */
static const char *const rights[8][4][4] = {
    {{"R", "R", "R", "R"}, {"", "R", "R", "R"}, {"", "", "R", "R"}, {"", "", "", "R"}},
    {{"RX", "RX", "RX", "RX"}, {"", "RX", "RX", "RX"}, {"", "", "RX", "RX"}, {"", "", "", "RX"}},
    {{"RW", "RW", "RW", "RW"}, {"", "RW", "RW", "RW"}, {"", "", "RW", "RW"}, {"", "", "", "RW"}},
    {{"RWX", "RWX", "RWX", "RWX"},
     {"", "RWX", "RWX", "RWX"},
     {"", "", "RWX", "RWX"},
     {"", "", "", "RWX"}},
    {{"R", "RW", "RW", "RW"}, {"", "R", "RW", "RW"}, {"", "", "R", "RW"}, {"", "", "", "RW"}},
    {{"RX", "RX", "RX", "RWX"},
     {"", "RX", "RX", "RWX"},
     {"", "", "RX", "RWX"},
     {"", "", "", "RWX"}},
    {{"RWX", "RW", "RW", "RW"}, {"", "RWX", "RW", "RW"}, {"", "", "RWX", "RW"}, {"", "", "", "RW"}},
    {{"X", "X", "X", "RX"}, {"X", "X", "X", "RX"}, {"X", "X", "X", "RX"}, {"X", "X", "X", "RX"}},
};

static void test_rights(void)
{
    static const struct {
        unsigned acc;
        const char *need;
        unsigned vector;
    } kinds[] = {{ACC_R, "R", VEC_DATA_ACCESS_RIGHTS},
                 {ACC_W, "W", VEC_DATA_ACCESS_RIGHTS},
                 {ACC_RW, "RW", VEC_DATA_ACCESS_RIGHTS},
                 {ACC_X, "X", VEC_INST_ACCESS_RIGHTS}};

    for (unsigned ar = 0; ar < 8; ar++)
        for (unsigned pl = 0; pl < 4; pl++)
            for (unsigned cpl = 0; cpl < 4; cpl++)
                for (unsigned k = 0; k < 4; k++) {
                    const char *has = rights[ar][3 - pl][3 - cpl], *n = kinds[k].need;
                    uint64_t pte = PTE_P | PTE_A | PTE_D | pl << 7 | ar << 9 | PA;
                    bool may = true;
                    struct intr in = {0};
                    struct xlat x;
                    for (; *n; n++)
                        may &= strchr(has, *n) != NULL;
                    fresh();
                    cpu_set_psr(cpu, PSR_DT | PSR_IT | PSR_IC);
                    put(kinds[k].acc == ACC_X, VA, pte, 14, 0);
                    bool got = mmu_translate(cpu, VA, kinds[k].acc, cpl, &x, &in);
                    expect(got == may, "ar %u pl %u cpl %u access %s: %s", ar, pl, cpl,
                           kinds[k].need, got ? "allowed" : "refused");
                    if (!got)
                        expect(in.vector == kinds[k].vector, "ar %u: vector 0x%x", ar, in.vector);
                }
}

static void test_page_sizes(void)
{
    static const unsigned ps[] = {12, 13, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32};

    for (unsigned i = 0; i < 12; i++) {
        uint64_t size = 1ull << ps[i], va = 0xa000004000000000ull + size,
                 pa = 0x8000000000ull + 3 * size;
        const uint64_t off[] = {0, 1, size / 2 + 17, size - 1};
        struct intr in;
        struct xlat x;
        fresh();
        /* Address bits below the page size are ignored on insertion, in ifa and ppn. */
        put(false, va + size / 2, PTE | pa | (ps[i] > 12 ? 0x1000 : 0), ps[i], 0);
        for (unsigned k = 0; k < 4; k++) {
            expect(mmu_translate(cpu, va + off[k], ACC_R, 0, &x, &in), "page size 2^%u", ps[i]);
            expect_u64(pa + off[k], x.pa, "page size 2^%u offset 0x%llx", ps[i],
                       (unsigned long long)off[k]);
        }
        expect(!mmu_translate(cpu, va - 1, ACC_R, 0, &x, &in), "below the page 2^%u", ps[i]);
        expect(!mmu_translate(cpu, va + size, ACC_R, 0, &x, &in), "above the page 2^%u", ps[i]);
        expect(!page_size_ok(ps[i] + (ps[i] < 14 ? 3 : 1)) || ps[i] == 12 || ps[i] == 13,
               "sizes between");
    }
}

/* SDM 2:5.6, table of interruption priorities: with the conditions from the k-th on all present,
 * the k-th is raised. */
static void test_priority(void)
{
    static const struct {
        const char *name;
        unsigned vector;
        uint64_t code;
    } c[] = {
        {"Alternate Data TLB", VEC_ALT_DTLB, 0},
        {"Data Page Not Present", VEC_PAGE_NOT_PRESENT, 0},
        {"Data NaT Page Consumption", VEC_NAT_CONSUMPTION, 0x20},
        {"Data Key Miss", VEC_DATA_KEY_MISS, 0},
        {"Data Key Permission", VEC_KEY_PERMISSION, 0},
        {"Data Access Rights", VEC_DATA_ACCESS_RIGHTS, 0},
        {"Data Dirty Bit", VEC_DIRTY, 0},
        {"Data Access Bit", VEC_DATA_ACCESS, 0},
        {"Data Debug", VEC_DEBUG, 0},
        {"Unaligned Data Reference", VEC_UNALIGNED, 0},
        {"Unsupported Data Reference", VEC_UNSUPPORTED_DATA_REF, 0},
    };

    for (unsigned k = 0; k <= 11; k++) {
        uint64_t pte = PTE_P | PA | 3 << 7, va = VA + 4;
        struct intr in;
        fresh();
        cpu_set_psr(cpu, PSR_DT | PSR_IC | PSR_PK | PSR_DB);
        if (k > 1)
            pte |= PTE_P;
        else
            pte &= ~(uint64_t)PTE_P;
        pte |= (uint64_t)(k <= 2 ? MA_NATPAGE : k <= 10 ? MA_UC : MA_WB) << 2;
        if (k > 3)
            cpu->pkr[5] = (uint64_t)0x777 << 8 | 1 | (k <= 4 ? 2 : 0); /* wd */
        if (k > 5)
            pte |= 2 << 9;
        if (k > 6)
            pte |= PTE_D;
        if (k > 7)
            pte |= PTE_A;
        if (k <= 8) {
            cpu->dbr[0] = va;
            cpu->dbr[1] = 3ull << 62 | 0xfull << 56 | 0xffffffffffffffull;
        }
        if (k > 9)
            va = VA + 8;
        if (k > 0)
            put(false, VA, pte, 14, 0x777);
        enum xl_result r = try_access(va, 8, ACC_RW | ACC_SEM, 0, &in);
        if (k == 11) {
            expect(r == XL_OK, "nothing wrong: vector 0x%x", in.vector);
            continue;
        }
        expect(r == XL_FAULT && in.vector == c[k].vector, "%s: got vector 0x%x", c[k].name,
               in.vector);
        expect_u64(ISR_R | ISR_W | c[k].code, in.isr, "ISR of %s", c[k].name);
        expect_u64(va, in.ifa, "IFA of %s", c[k].name);
        expect(in.sets & INTR_IFA, "%s sets IFA", c[k].name);
        if (k < 8 && k != 2)
            expect(in.sets & INTR_ITIR && in.itir == ITIR(14, RID + 5), "ITIR of %s", c[k].name);
    }
}

static void test_isr(void)
{
    static const struct {
        unsigned acc;
        uint64_t isr;
        bool x;
    } t[] = {
        {ACC_R, ISR_R, false},
        {ACC_W, ISR_W, false},
        {ACC_RW | ACC_SEM, ISR_R | ISR_W, false},
        {ACC_R | ACC_RSE, ISR_R | ISR_RS, false},
        {ACC_W | ACC_RSE, ISR_W | ISR_RS, false},
        {ACC_R | ACC_SPEC, ISR_R | ISR_SP, false},
        {ACC_R | ACC_NA | ACC_LFETCH, ISR_R | ISR_NA | 4, false},
        {ACC_X, ISR_X, true},
    };

    for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        struct intr in = {0};
        struct xlat x;
        fresh();
        cpu_set_psr(cpu, PSR_DT | PSR_RT | PSR_IT | PSR_IC);
        expect(!mmu_translate(cpu, VA, t[i].acc, 0, &x, &in), "access %u must miss", i);
        expect(in.vector == (t[i].x ? VEC_ALT_ITLB : VEC_ALT_DTLB), "access %u: vector 0x%x", i,
               in.vector);
        expect_u64(t[i].isr, in.isr, "access %u", i);
        put(t[i].x, VA, 0, 14, 0);
        expect(!mmu_translate(cpu, VA, t[i].acc, 0, &x, &in), "access %u not present", i);
        expect(in.vector == VEC_PAGE_NOT_PRESENT, "access %u: vector 0x%x", i, in.vector);
        expect_u64(t[i].isr, in.isr, "access %u not present", i);
    }
}

static void test_misses(void)
{
    struct intr in = {0};
    struct xlat x;

    fresh();
    cpu_set_psr(cpu, PSR_DT | PSR_IT);
    expect(!mmu_translate(cpu, VA, ACC_R, 0, &x, &in), "miss");
    expect(in.vector == VEC_DATA_NESTED_TLB, "psr.ic 0: Data Nested TLB, got 0x%x", in.vector);
    expect(!mmu_translate(cpu, VA, ACC_X, 0, &x, &in), "miss");
    expect(in.vector == VEC_ALT_ITLB, "psr.ic 0: fetches have no nested fault, got 0x%x",
           in.vector);
    cpu->mmu->ic_inflight = true;
    expect(!mmu_translate(cpu, VA, ACC_R, 0, &x, &in), "miss");
    expect(in.vector == VEC_ALT_DTLB, "psr.ic in flight: not nested, got 0x%x", in.vector);
}

static void test_keys(void)
{
    static const struct {
        unsigned pkr;
        unsigned acc;
        bool ok;
    } t[] = {
        {1, ACC_R, true},   {1, ACC_W, true},   {1, ACC_X, true},  {3, ACC_W, false},
        {3, ACC_R, true},   {3, ACC_X, true},   {5, ACC_R, false}, {5, ACC_W, true},
        {5, ACC_X, true},   {9, ACC_X, false},  {9, ACC_R, true},  {9, ACC_W, true},
        {3, ACC_RW, false}, {5, ACC_RW, false},
    };

    for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
        struct intr in = {0};
        struct xlat x;
        bool ifetch = t[i].acc == ACC_X;
        fresh();
        cpu_set_psr(cpu, PSR_DT | PSR_IT | PSR_IC | PSR_PK);
        put(ifetch, VA, PTE | PA, 14, 0xabcdef);
        cpu->pkr[3] = 0xabcdef00u; /* not valid */
        cpu->pkr[4] = 0xabcdee01u;
        expect(!mmu_translate(cpu, VA, t[i].acc, 0, &x, &in), "key miss %u", i);
        expect(in.vector == (ifetch ? VEC_INST_KEY_MISS : VEC_DATA_KEY_MISS), "vector 0x%x",
               in.vector);
        cpu->pkr[15] = 0xabcdef00u | t[i].pkr;
        bool ok = mmu_translate(cpu, VA, t[i].acc, 0, &x, &in);
        expect(ok == t[i].ok, "pkr 0x%x access %u", t[i].pkr, t[i].acc);
        if (!ok)
            expect(in.vector == VEC_KEY_PERMISSION, "vector 0x%x", in.vector);
        cpu_set_psr(cpu, PSR_DT | PSR_IT | PSR_IC);
        expect(mmu_translate(cpu, VA, t[i].acc, 0, &x, &in), "psr.pk 0 ignores keys");
    }
}

static void test_bits(void)
{
    struct intr in;

    fresh();
    put_data(VA, (PTE | PA) & ~(uint64_t)PTE_D);
    expect(try_access(VA, 8, ACC_R, 0, &in) == XL_OK, "clean page read");
    expect(try_access(VA, 8, ACC_W, 0, &in) == XL_FAULT && in.vector == VEC_DIRTY,
           "clean page written");
    cpu_set_psr(cpu, cpu->psr | PSR_DA);
    expect(try_access(VA, 8, ACC_W, 0, &in) == XL_OK, "psr.da disables the dirty bit fault");
    fresh();
    put_data(VA, (PTE | PA) & ~(uint64_t)PTE_A);
    expect(try_access(VA, 8, ACC_R, 0, &in) == XL_FAULT && in.vector == VEC_DATA_ACCESS,
           "access bit");
    cpu_set_psr(cpu, cpu->psr | PSR_DA);
    expect(try_access(VA, 8, ACC_R, 0, &in) == XL_OK, "psr.da disables the access bit fault");
    fresh();
    cpu_set_psr(cpu, PSR_IT | PSR_DT | PSR_IC);
    put(true, VA, (PTE | PA) & ~(uint64_t)PTE_A, 14, 0);
    struct xlat x;
    expect(!mmu_translate(cpu, VA, ACC_X, 0, &x, &in) && in.vector == VEC_INST_ACCESS,
           "fetch access bit");
    cpu_set_psr(cpu, PSR_IT | PSR_DT | PSR_IC | PSR_IA);
    expect(mmu_translate(cpu, VA, ACC_X, 0, &x, &in), "psr.ia disables it");
}

static void test_debug(void)
{
    struct intr in;

    fresh();
    put_data(VA, PTE | PA);
    cpu->dbr[2] = VA + 0x100;
    cpu->dbr[3] =
        1ull << 63 | 1ull << (56 + 3) | 0xfffffffffffff8ull; /* reads at level 3, 8 bytes */
    expect(try_access(VA + 0x100, 8, ACC_R, 3, &in) == XL_OK, "psr.db 0");
    cpu_set_psr(cpu, cpu->psr | PSR_DB);
    expect(try_access(VA + 0x100, 8, ACC_R, 3, &in) == XL_FAULT && in.vector == VEC_DEBUG, "match");
    expect(in.sets == INTR_IFA && in.ifa == VA + 0x100, "IFA");
    expect(try_access(VA + 0x107, 1, ACC_R, 3, &in) == XL_FAULT, "last byte");
    expect(try_access(VA + 0x0f8, 16, ACC_R, 3, &in) == XL_FAULT, "an access that reaches into it");
    expect(try_access(VA + 0x108, 8, ACC_R, 3, &in) == XL_OK, "byte after");
    expect(try_access(VA + 0x100, 8, ACC_R, 0, &in) == XL_OK, "other level");
    expect(try_access(VA + 0x100, 8, ACC_W, 3, &in) == XL_OK,
           "write does not match a read breakpoint");
    expect(try_access(VA + 0x100, 8, ACC_RW | ACC_SEM, 3, &in) == XL_FAULT, "semaphore does");
    cpu_set_psr(cpu, cpu->psr | PSR_DD);
    expect(try_access(VA + 0x100, 8, ACC_R, 3, &in) == XL_OK, "psr.dd");
}

/* SDM 2:5.5.5, tables of exception qualification and deferral. */
static void test_deferral(void)
{
    static const struct {
        const char *name;
        uint64_t dcr; /* bit that defers it; 0: unaligned; 1: always */
        unsigned vector;
    } c[] = {
        {"Alternate Data TLB", DCR_DM, VEC_ALT_DTLB},
        {"Page Not Present", DCR_DP, VEC_PAGE_NOT_PRESENT},
        {"NaT Page", 1, 0},
        {"Key Miss", DCR_DK, VEC_DATA_KEY_MISS},
        {"Key Permission", DCR_DX, VEC_KEY_PERMISSION},
        {"Access Rights", DCR_DR, VEC_DATA_ACCESS_RIGHTS},
        {"Access Bit", DCR_DA, VEC_DATA_ACCESS},
        {"Debug", DCR_DD, VEC_DEBUG},
        {"Unaligned", 0, VEC_UNALIGNED},
        {"Unsupported", 1, 0},
    };

    for (unsigned k = 0; k < sizeof c / sizeof *c; k++)
        for (unsigned mode = 0; mode < 16; mode++) {
            bool ic = mode & 1, it = mode & 2, ed = mode & 4, dcr = mode & 8;
            uint64_t pte = PTE | PA, va = VA, code = 0x6000000000010000ull;
            unsigned size = 8;
            struct intr in;
            struct uop u = {.off = 0};
            fresh();
            cpu->pkr[0] = 0x77700 | 1;
            cpu_set_psr(cpu, PSR_DT | PSR_PK | PSR_DB | (ic ? PSR_IC : 0) | (it ? PSR_IT : 0));
            cpu->step_uop = u;
            cpu->cur = &cpu->step_uop;
            cpu->page_va = code;
            put(true, code, PTE | CODE | (ed ? PTE_ED : 0), 14, 0);
            cpu->cr[CR_DCR] = dcr ? c[k].dcr & ~1ull : 0;
            switch (k) {
            case 1:
                pte = 0;
                break;
            case 2:
                pte |= MA_NATPAGE << 2;
                break;
            case 3:
                cpu->pkr[0] = 0;
                break;
            case 4:
                cpu->pkr[0] |= 4;
                break;
            case 5:
                pte = (PTE & ~(7ull << 9)) | 7 << 9 | PA;
                break;
            case 6:
                pte &= ~(uint64_t)PTE_A;
                break;
            case 7:
                cpu->dbr[0] = va;
                cpu->dbr[1] = 1ull << 63 | 0xfull << 56 | 0xffffffffffffffull;
                break;
            case 8:
                va += 12;
                break;
            case 9:
                pte |= MA_UC << 2;
                size = 10;
                break;
            }
            if (k > 0)
                put(false, VA, pte, 14, 0x777);
            bool want = c[k].dcr == 1 || !ic || (it && ed && (dcr || c[k].dcr == 0));
            enum xl_result r = try_access(va, size, ACC_R | ACC_SPEC, 3, &in);
            expect(r == (want ? XL_DEFER : XL_FAULT), "%s: ic %d it %d ed %d dcr %d: %s", c[k].name,
                   ic, it, ed, dcr,
                   r == XL_DEFER ? "deferred"
                   : r == XL_OK  ? "no fault"
                                 : "fault");
            if (r == XL_FAULT) {
                expect(in.vector == c[k].vector, "%s: vector 0x%x", c[k].name, in.vector);
                expect_u64(ISR_R | ISR_SP | (it && ed ? ISR_ED : 0), in.isr, "%s: ISR", c[k].name);
            }
        }

    /* A deferred condition yields to a lower one that is not. */
    fresh();
    struct intr in;
    cpu_set_psr(cpu, PSR_DT | PSR_IT | PSR_DB | PSR_IC);
    cpu->page_va = 0x6000000000010000ull;
    put(true, cpu->page_va, PTE | CODE | PTE_ED, 14, 0);
    put_data(VA, (PTE | PA) & ~(uint64_t)PTE_A);
    cpu->dbr[0] = VA;
    cpu->dbr[1] = 1ull << 63 | 0xfull << 56 | 0xffffffffffffffull;
    cpu->cr[CR_DCR] = DCR_DA;
    expect(try_access(VA, 8, ACC_R | ACC_SPEC, 0, &in) == XL_FAULT && in.vector == VEC_DEBUG,
           "access bit deferred, debug raised: 0x%x", in.vector);
    cpu->cr[CR_DCR] = DCR_DA | DCR_DD;
    expect(try_access(VA, 8, ACC_R | ACC_SPEC, 0, &in) == XL_DEFER, "both deferred");
    cpu->cur = NULL;
}

static void test_speculative_memory(void)
{
    uint64_t v = 1;

    fresh();
    put_data(VA, PTE | PA | MA_UC << 2);
    expect(!RAISES(expect(!mem_read_slow(cpu, VA, &v, 8, ACC_SPEC), "ld.s from UC gives NaT")),
           "no fault");
    expect(!RAISES(mem_read_slow(cpu, VA, &v, 8, ACC_ADV)) && v == 0, "ld.a from UC gives 0");
    cpu_set_psr(cpu, cpu->psr | PSR_ED);
    put_data(VA, PTE | PA);
    expect(!RAISES(expect(!mem_read_slow(cpu, VA, &v, 8, ACC_SPEC), "psr.ed: NaT")), "no fault");
    cpu->cur = NULL;
}

/* The model's choice, sim/mmu/README.md: as the Itanium 2. */
static void test_alignment(void)
{
    for (unsigned size = 2; size <= 16; size++) {
        if (size & (size - 1) && size != 10)
            continue;
        for (unsigned off = 0; off < 32; off++)
            for (unsigned k = 0; k < 6; k++) {
                unsigned align = size == 10 ? 16 : size, mode = k / 2, acc = k & 1 ? ACC_W : ACC_R;
                unsigned window = size > 8 || acc == ACC_W ? 16 : 8;
                bool natural = off % align == 0;
                bool ok = natural || (mode == 0 && off / window == (off + size - 1) / window);
                struct intr in;
                fresh();
                put_data(VA, PTE | PA);
                if (mode == 1)
                    cpu_set_psr(cpu, cpu->psr | PSR_AC);
                enum xl_result r =
                    try_access(VA + off, size, acc | (mode == 2 ? ACC_ALIGN : 0), 0, &in);
                expect(r == (ok ? XL_OK : XL_FAULT), "size %u offset %u mode %u access %u", size,
                       off, mode, acc);
                if (r == XL_FAULT)
                    expect(in.vector == VEC_UNALIGNED && in.ifa == VA + off &&
                               in.isr == (acc == ACC_W ? ISR_W : ISR_R),
                           "size %u offset %u", size, off);
            }
    }
}

static void test_big_endian(void)
{
    static const unsigned sizes[] = {1, 2, 4, 8, 10, 16};
    uint8_t *ram = phys_host(s->m, PA, 64);

    for (unsigned be = 0; be < 2; be++)
        for (unsigned i = 0; i < 6; i++) {
            unsigned n = sizes[i];
            uint8_t buf[16] = {0}, out[16];
            fresh();
            put_data(VA, PTE | PA);
            cpu_set_psr(cpu, cpu->psr | (be ? PSR_BE : 0));
            for (unsigned k = 0; k < 16; k++)
                ram[k] = (uint8_t)(k + 1);
            expect(!RAISES(mem_read_slow(cpu, VA, buf, n, ACC_R)), "read");
            for (unsigned k = 0; k < n; k++)
                expect(buf[k] == (be ? n - k : k + 1), "be %u size %u byte %u", be, n, k);
            for (unsigned k = 0; k < n; k++)
                out[k] = (uint8_t)(0xa0 + k);
            expect(!RAISES(mem_write_slow(cpu, VA, out, n, ACC_W)), "write");
            for (unsigned k = 0; k < n; k++)
                expect(ram[k] == (be ? 0xa0 + n - 1 - k : 0xa0 + k), "be %u size %u byte %u", be, n,
                       k);
            expect((mem_fast_r(cpu, VA, 1) == NULL) == be, "big-endian data take the slow path");
            /* The RSE's order is rsc.be. */
            cpu_set_psr(cpu, cpu->psr | PSR_RT);
            cpu->ar[AR_RSC] = be ? 0 : 1 << 4;
            for (unsigned k = 0; k < 8; k++)
                ram[k] = (uint8_t)(k + 1);
            expect(!RAISES(mem_read_slow(cpu, VA, buf, 8, ACC_R | ACC_RSE)), "read");
            expect(buf[0] == (be ? 1 : 8), "RSE byte order");
            cpu->ar[AR_RSC] = 0;
        }
    cpu->cur = NULL;
}

static void test_physical(void)
{
    struct intr in = {0};
    struct xlat x;

    fresh();
    cpu_set_psr(cpu, PSR_IC);
    expect(mmu_translate(cpu, PA, ACC_R, 0, &x, &in) && x.pa == PA && x.ma == MA_WB && x.host,
           "cacheable");
    expect(mmu_translate(cpu, PA | 1ull << 63, ACC_R, 0, &x, &in) && x.pa == PA && x.ma == MA_UC &&
               x.host,
           "uncacheable alias");
    for (unsigned bit = 50; bit < 63; bit++) {
        expect(!mmu_translate(cpu, PA | 1ull << bit, ACC_W, 0, &x, &in),
               "bit %u is not implemented", bit);
        expect(in.vector == VEC_GENERAL && in.isr == (ISR_W | 0x30), "Unimplemented Data Address");
        expect(try_access(PA | 1ull << bit, 8, ACC_R | ACC_SPEC, 0, &in) == XL_DEFER,
               "always deferred");
    }
    expect(mmu_translate(cpu, 1ull << 49, ACC_R, 0, &x, &in) && !x.host, "bit 49 is implemented");
    expect(try_access(PA | 1ull << 63, 8, ACC_RW | ACC_SEM, 0, &in) == XL_FAULT &&
               in.vector == VEC_UNSUPPORTED_DATA_REF,
           "semaphore on uncacheable memory");
}

static void test_attributes(void)
{
    static const unsigned ma[] = {MA_WB, MA_UC, MA_UCE, MA_WC};

    for (unsigned i = 0; i < 4; i++) {
        struct intr in;
        bool wb = ma[i] == MA_WB;
        fresh();
        put_data(VA, PTE | PA | ma[i] << 2);
        expect(try_access(VA, 8, ACC_R, 0, &in) == XL_OK, "load");
        expect((try_access(VA, 8, ACC_RW | ACC_SEM, 0, &in) == XL_OK) == wb, "cmpxchg, ma %u",
               ma[i]);
        expect((try_access(VA, 8, ACC_RW | ACC_SEM | ACC_FETCHADD, 0, &in) == XL_OK) ==
                   (wb || ma[i] == MA_UCE),
               "fetchadd, ma %u", ma[i]);
        expect((try_access(VA, 10, ACC_R, 0, &in) == XL_OK) == wb, "ldfe, ma %u", ma[i]);
        expect((try_access(VA, 16, ACC_R | ACC_ALIGN, 0, &in) == XL_OK) == wb, "ld16, ma %u",
               ma[i]);
        expect(try_access(VA, 16, ACC_R, 0, &in) == XL_OK, "ldf.fill, ma %u", ma[i]);
    }
}

static bool fast(uint64_t va, bool write)
{
    return write ? mem_fast_w(cpu, va, 8) : mem_fast_r(cpu, va, 8);
}
static void fill_fast(uint64_t va)
{
    uint64_t v = 0;
    expect(!RAISES(mem_read_slow(cpu, va, &v, 8, ACC_R)), "read");
    expect(!RAISES(mem_write_slow(cpu, va, &v, 8, ACC_W)), "write");
    cpu->cur = NULL;
    expect(fast(va, false) && fast(va, true), "the fast path is filled");
}

static void test_fast_path(void)
{
    uint64_t v;

    fresh();
    put_data(VA, PTE | PA);
    fill_fast(VA);
    expect(mem_fast_r(cpu, VA, 8) == (void *)phys_host(s->m, PA, 8), "host address");
    expect(!mem_fast_r(cpu, VA + 1, 8) && mem_fast_r(cpu, VA + 1, 1), "only aligned");
    tlb_purge_tc(cpu, VA + 0x3000, 12, RID + 5, false);
    expect(!fast(VA, false) && !fast(VA, true), "a purge of part of the page drops it");
    put_data(VA, PTE | PA);
    fill_fast(VA);
    put_data(VA, (PTE | PA) & ~(uint64_t)PTE_D);
    expect(!fast(VA, true), "an insertion over it drops it");
    expect(!RAISES(mem_read_slow(cpu, VA, &v, 8, ACC_R)) && !fast(VA, true),
           "clean: no fast writes");
    put_data(VA, PTE | PA);
    fill_fast(VA);
    cpu_set_psr(cpu, cpu->psr | PSR_PK);
    expect(!fast(VA, false), "psr.pk drops it");
    cpu_set_psr(cpu, cpu->psr & ~PSR_PK);
    fill_fast(VA);
    cpu_set_psr(cpu, (cpu->psr & ~PSR_CPL) | 3ull << PSR_CPL_SHIFT);
    expect(!fast(VA, false), "levels have their own");
    cpu_set_psr(cpu, cpu->psr & ~PSR_CPL);
    expect(fast(VA, false), "back");
    cpu_set_psr(cpu, cpu->psr & ~PSR_DT);
    expect(!fast(VA, false), "so has physical mode");
    fresh();
    put_data(VA, PTE | PA | MA_UC << 2);
    expect(!RAISES(mem_read_slow(cpu, VA, &v, 8, ACC_R)) && !fast(VA, false), "uncacheable: never");
    fresh();
    put_data(VA, (PTE | PA) & ~(uint64_t)PTE_A);
    cpu_set_psr(cpu, cpu->psr | PSR_DA);
    expect(!RAISES(mem_read_slow(cpu, VA, &v, 8, ACC_R)) && !fast(VA, false),
           "by grace of psr.da: never");
    /* More entries than the log holds, in two regions that share a page index. */
    fresh();
    put(false, VA & ~0xffffffull, PTE | 0, 24, 0);
    for (unsigned i = 0; i < 512; i++)
        fill_fast((VA & ~0xffffffull) + i * 0x1000ull);
    fast_drop_all(cpu);
    for (unsigned i = 0; i < 512; i++)
        expect(!fast((VA & ~0xffffffull) + i * 0x1000ull, false), "entry %u is left", i);
    /* The TLB has no region numbers: a purge reaches every region with the id. */
    fresh();
    cpu->rr[2] = cpu->rr[5];
    put_data(VA, PTE | PA);
    fill_fast(VA);
    fill_fast((VA & ~(7ull << 61)) | 2ull << 61);
    tlb_purge_tc(cpu, VA, 12, RID + 5, false);
    expect(!fast(VA, false) && !fast((VA & ~(7ull << 61)) | 2ull << 61, false),
           "purged in both regions");
    /* Replaced translations are forgotten by the fast path too. */
    fresh();
    put_data(VA, PTE | PA);
    fill_fast(VA);
    for (unsigned i = 1; i <= N_TC; i++)
        put_data(VA + i * 0x4000, PTE | PA);
    expect(!fast(VA, false), "replaced");
    cpu->cur = NULL;
}

static void test_device_ranges(void)
{
    struct phys_range *r = phys_find(s->m, PA | 1ull << 63);

    expect(r && r->base == 0 && r->host, "RAM through the alias");
    expect(!phys_find(s->m, 1ull << 40), "nothing there");
    expect(!phys_host(s->m, (16 << 20) - 8, 16), "beyond the end");
    fresh();
    cpu_set_psr(cpu, PSR_IC);
    uint64_t v = 0;
    cpu->mmu->unmapped = 255; /* quiet */
    expect(!RAISES(mem_read_slow(cpu, 1ull << 40, &v, 4, ACC_R)) && v == 0xffffffff,
           "nothing reads ones");
    cpu->cur = NULL;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*fn)(void);
    } t[] = {
        {"access-rights", test_rights}, {"page-sizes", test_page_sizes},
        {"priority", test_priority},    {"isr", test_isr},
        {"misses", test_misses},        {"protection-keys", test_keys},
        {"dirty-access", test_bits},    {"data-debug", test_debug},
        {"deferral", test_deferral},    {"non-speculative", test_speculative_memory},
        {"alignment", test_alignment},  {"big-endian", test_big_endian},
        {"physical", test_physical},    {"attributes", test_attributes},
        {"fast-path", test_fast_path},  {"ranges", test_device_ranges},
    };

    suite_begin(argc, argv);
    s = sut_new();
    cpu = s->cpu;
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            t[i].fn();
    sut_free(s);
    return suite_end();
}
