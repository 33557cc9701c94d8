/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry by epc: what it keeps and what it clears, and everything a guest can do to it.
 */
#include "calls.h"
#include "epc.h"

struct attempt {
    u64 ip; /* the slot in bits 1:0 */
    u64 psr, pfs, rsc, bspstore, rnat;
    u64 frame; /* 0: none, 1: 5 registers, 2: 8, 3: 96 */
    u64 b0;    /* 0: back here */
    u64 gr[32], nat;
    u64 arg[5], pr, pad;
    u64 vector, isr, ifa, iip, iim;
    u64 r_nat, r_br[6], r_pr, r_rsc, pad1[2];
    u64 r_gr[32];
    u64 r_pfs, r_bsp, r_fpsr, r_lc, r_ccv, r_csd, r_ssd, r_unat, r_um, pad2;
    u64 r_fr[6][2];
} attempt __attribute__((aligned(512)));
_Static_assert(__builtin_offsetof(struct attempt, nat) == A_NAT, "epc.h");
_Static_assert(__builtin_offsetof(struct attempt, arg) == A_ARG, "epc.h");
_Static_assert(__builtin_offsetof(struct attempt, pr) == A_PR, "epc.h");
_Static_assert(__builtin_offsetof(struct attempt, vector) == R_FAULT, "epc.h");
_Static_assert(__builtin_offsetof(struct attempt, r_gr) == R_GR, "epc.h");
_Static_assert(__builtin_offsetof(struct attempt, r_fr) == R_FR, "epc.h");

void epc_jump(void);
u64 epc_locals(u64 nr, u64 a0, u64 a1, u64 seed);
void epc_on_store(void *store, void (*fn)(void));
extern u64 epc_locals_result;

#define PSR_BE     (1UL << 1)
#define PSR_UP     (1UL << 2)
#define PSR_AC     (1UL << 3)
#define PSR_I      (1UL << 14)
#define PSR_DFL    (1UL << 18)
#define PSR_DFH    (1UL << 19)
#define PSR_SP     (1UL << 20)
#define PSR_PP     (1UL << 21)
#define PSR_DI     (1UL << 22)
#define PSR_SI     (1UL << 23)
#define PSR_DB     (1UL << 24)
#define PSR_LP     (1UL << 25)
#define PSR_TB     (1UL << 26)
#define PSR_CPL(n) ((u64)(n) << 32)
#define PSR_SS     (1UL << 40)
#define KERNEL_PSR (1UL << 13 | 1UL << 17 | 1UL << 27 | 1UL << 36 | 1UL << 44)
#define TIMER_STEP 64 /* cycles */
#define TIMER_SPAN 1500
#define PPL(n)     ((u64)(n) << 62)
#define NAT(n)     (1UL << ((n) + 8))

#define ILLEGAL      FAULT(0x5400)
#define DEBUG        FAULT(0x5900)
#define TAKEN_BRANCH FAULT(0x5f00)
#define SINGLE_STEP  FAULT(0x6000)
#define CODE_RIGHTS  FAULT(0x5200)
#define VERSION      ((4 << 16) | 17)

/* xen_version(XENVER_version) from a caller at level 1, every register full. */
static void prepare(void)
{
    memset(&attempt, 0, sizeof(attempt));
    attempt.ip = XEN_FAST_HYPERCALL;
    attempt.psr = KERNEL_PSR;
    attempt.pfs = PPL(1);
    attempt.rsc = 3 | 1 << 2;
    attempt.frame = 2;
    for (int i = 1; i < 32; i++)
        attempt.gr[i] = 0x0101010101010101 * i;
    attempt.gr[2] = __HYPERVISOR_xen_version;
    attempt.pr = 0xa5a5a5a5a5a5a5a5;
}

/* r8, or the interruption. */
static long jump(void)
{
    epc_jump();
    return attempt.vector == 0x2c00 && attempt.iim == EPC_BACK ? (long)attempt.r_gr[8]
                                                               : (long)FAULT(attempt.vector);
}

static void want(const char *name, u64 wanted)
{
    long got = jump();

    check(name, wanted == ANY || got == (long)wanted, got);
}

/* What a call promises of the registers. */
static void kept(const char *name)
{
    static const uint8_t preserved[] = {1, 4, 5, 6, 7, 12, 13};
    u64 scratch = 0, lost = 0, pattern = 0x123456789abcde0;

    for (int i = 1; i < 32; i++)
        if (i != 8)
            scratch |= 1UL << i;
    for (unsigned int i = 0; i < sizeof(preserved); i++) {
        int n = preserved[i];

        scratch &= ~(1UL << n);
        lost |= (u64)(attempt.r_gr[n] != attempt.gr[n] && !(attempt.nat & NAT(n))) << n;
        lost |= (u64)((attempt.r_nat >> n & 1) != (attempt.nat >> (n + 8) & 1)) << n;
    }
    check(name, !lost, lost);
    lost = 0;
    for (int i = 1; i < 32; i++)
        if (scratch >> i & 1)
            lost |= (u64)(attempt.r_gr[i] != 0 || (attempt.r_nat >> i & 1)) << i;
    check("scratch registers are clear", !lost, lost);
    lost = 0;
    for (int i = 1; i < 6; i++)
        lost |= (u64)(attempt.r_br[i] != pattern) << i;
    check("branch registers", !lost, lost);
    check("predicates", (attempt.r_pr | 1) == (attempt.pr | 1), attempt.r_pr);
    check("ar.rsc", attempt.r_rsc == attempt.rsc, attempt.r_rsc);
    check("ar.pfs", attempt.r_pfs == attempt.pfs, attempt.r_pfs);
    check("ar.fpsr", attempt.r_fpsr == 0x9804c0270033f, attempt.r_fpsr);
    check("ar.lc", attempt.r_lc == pattern, attempt.r_lc);
    check("ar.unat", attempt.r_unat == attempt.nat, attempt.r_unat);
    check("ar.ccv, csd, ssd are clear", !attempt.r_ccv && !attempt.r_csd && !attempt.r_ssd,
          attempt.r_ccv);
    check("user mask", (attempt.r_um & 0x3e) == (attempt.psr & 0x34), attempt.r_um);
    lost = 0;
    for (int i = 0; i < 6; i++)
        lost |= attempt.r_fr[i][0] | attempt.r_fr[i][1];
    check("f6 to f11 are clear", !lost, lost);
}

static void registers(void)
{
    prepare();
    want("a call", VERSION);
    kept("preserved registers");
    prepare();
    attempt.nat = NAT(1) | NAT(4) | NAT(7) | NAT(12) | NAT(13) | NAT(3) | NAT(14) | NAT(31);
    want("NaTs in other registers", VERSION);
    kept("preserved registers, some NaT");
    for (u64 nr = 0; nr < 64; nr += 3) {
        prepare();
        attempt.gr[2] = nr;
        attempt.arg[0] = ~0UL;
        want("another call", ANY);
    }
    prepare();
    attempt.psr |= PSR_UP | PSR_AC | PSR_DFL | PSR_DFH | PSR_SP | PSR_PP | PSR_DI;
    want("the rest of psr", FAULT(0x5500)); /* f6, there, with dfl */
    prepare();
    attempt.psr |= PSR_UP | PSR_DFH | PSR_SP | PSR_PP | PSR_DI;
    want("the rest of psr", VERSION);
    kept("preserved registers, psr");
    prepare();
    attempt.nat = NAT(2);
    want("r2 NaT", -XEN_EINVAL);
    prepare();
    attempt.frame = 0;
    want("no frame", -XEN_EINVAL);
    prepare();
    attempt.frame = 3;
    want("a frame of 96", VERSION);
    kept("preserved registers, frame of 96");
    prepare();
    attempt.gr[2] = 63;
    want("an unknown number", -XEN_ENOSYS);
    prepare();
    attempt.gr[2] = 0x1000;
    attempt.gr[28] = 14;
    want("PAL: by the break", 0);
    prepare();
    attempt.gr[2] = ~0UL;
    want("-1", -XEN_ENOSYS);
}

static void locals(void)
{
    u64 bad = 0;

    for (u64 i = 0; i < 8; i++)
        bad += epc_locals(__HYPERVISOR_xen_version, XENVER_version, 0, i) ||
               epc_locals_result != VERSION;
    check("80 local registers stay", !bad, bad);
}

static u64 bad_locals;
static void one_locals(void)
{
    bad_locals += epc_locals(__HYPERVISOR_xen_version, XENVER_version, 0, 7);
    bad_locals += epc_locals_result != VERSION;
    bad_locals += epc_locals(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 7);
    bad_locals += epc_locals_result != 0;
}

static void stores(void)
{
    static u64 store[4096] __attribute__((aligned(1024)));

    bad_locals = 0;
    for (int i = 0; i < 64; i++)
        epc_on_store(store + i, one_locals);
    check("and wherever the NaT collections are", !bad_locals, bad_locals);
}

static void levels(void)
{
    for (int ppl = 0; ppl < 4; ppl++) {
        prepare();
        attempt.pfs = PPL(ppl);
        want(ppl == 0   ? "ar.pfs.ppl 0: epc's own fault"
             : ppl == 1 ? "ar.pfs.ppl 1"
                        : "ar.pfs.ppl below the caller's",
             ppl == 0   ? ILLEGAL
             : ppl == 1 ? VERSION
                        : BREAK_FAULT);
        if (ppl > 1)
            check("at the page's break",
                  attempt.iim == 0x1000 && attempt.iip == XEN_FAST_HYPERCALL_BREAK, attempt.iip);
        for (int cpl = 2; cpl < 4; cpl++) {
            prepare();
            attempt.psr |= PSR_CPL(cpl);
            attempt.pfs = PPL(ppl);
            want("from a user", ppl < cpl ? ILLEGAL : BREAK_FAULT);
        }
    }
    prepare();
    attempt.ip = XEN_FAST_HYPERCALL_BREAK;
    want("the break itself", VERSION);
    prepare();
    attempt.ip = XEN_FAST_HYPERCALL_BREAK;
    attempt.psr |= PSR_CPL(3);
    attempt.pfs = PPL(3);
    want("the break itself, from a user", BREAK_FAULT);
}

/* In at every bundle and slot, at every level, with registers that the code there uses. */
static void middle(void)
{
    static const u64 values[] = {0, 0x0101010101010101, KERNEL_PSR & 0xffffffff, 0xf400000004000000,
                                 ~0UL};
    u64 escaped = 0;

    for (u64 at = 0; at < 4096; at += at < 0x140 ? 1 : 112) {
        u64 slot = at & 15;

        if (slot > 2)
            continue;
        for (int cpl = 0; cpl < 4; cpl++)
            for (unsigned int v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
                prepare();
                attempt.ip = XEN_FAST_HYPERCALL + at;
                attempt.psr |= PSR_CPL(cpl);
                attempt.pfs = PPL(cpl ? cpl : 1);
                attempt.gr[14] = attempt.gr[15] = attempt.gr[17] = values[v];
                attempt.gr[26] = PPL(v & 3);
                jump();
                /* It may have come back; with a result, if at the kernel's level. */
                if (cpl && attempt.vector == 0x2c00 && attempt.iim == EPC_BACK &&
                    attempt.r_gr[8] != attempt.gr[8])
                    escaped++;
            }
    }
    check("into the middle", !escaped, escaped);
    /* With nothing there. */
    for (u64 at = 4096; at < 0x8000; at += 4096) {
        prepare();
        attempt.ip = XEN_FAST_HYPERCALL + at;
        want("behind the page", CODE_RIGHTS);
    }
    prepare();
    attempt.ip = XEN_FAST_HYPERCALL - 16;
    want("before the page", CODE_RIGHTS);
}

static void psr(void)
{
    prepare();
    attempt.psr |= PSR_BE;
    want("big endian", VERSION);
    prepare();
    attempt.psr |= PSR_BE | PSR_AC | PSR_I | PSR_UP | PSR_PP;
    want("big endian, alignment checks, interrupts", VERSION);
    prepare();
    attempt.psr |= PSR_TB;
    want("taken branches trap", TAKEN_BRANCH);
    prepare();
    attempt.psr |= PSR_LP;
    want("lower privilege traps", VERSION);
    prepare();
    attempt.psr |= PSR_SI;
    want("psr.si", VERSION);
    /* A trap between epc and the rest of the entry: the guest is at the break then. */
    prepare();
    attempt.psr |= PSR_SS;
    attempt.ip |= 2;
    want("single step over epc", SINGLE_STEP);
    check("single step over epc: at the break", attempt.iip == XEN_FAST_HYPERCALL_BREAK,
          attempt.iip);
    prepare();
    attempt.psr |= PSR_SS | PSR_CPL(3);
    attempt.pfs = PPL(3);
    attempt.ip |= 2;
    want("single step over epc, a user", SINGLE_STEP);
    check("single step over epc, a user: at the break", attempt.iip == XEN_FAST_HYPERCALL_BREAK,
          attempt.iip);
    prepare();
    attempt.psr |= PSR_SS | PSR_TB | PSR_LP | PSR_DB;
    want("all the traps", SINGLE_STEP);
    for (u64 at = 0; at < 0x100; at += 16)
        for (u64 slot = 0; slot < 3; slot++) {
            prepare();
            attempt.ip += at + slot;
            attempt.gr[14] = KERNEL_PSR & 0xffffffff;
            attempt.psr |= PSR_SS | PSR_TB;
            jump();
            check("traps everywhere: not above the kernel", attempt.vector != 0, attempt.vector);
        }
}

/* Breakpoints on everything, for each level. */
static void breakpoints(void)
{
    for (u64 plm = 0; plm < 16; plm++) {
        u64 i0 = 0, i1 = 1, ctl = 1UL << 63 | plm << 56, dctl = 3UL << 62 | plm << 56;

        asm volatile("mov ibr[%0] = %2;; mov ibr[%1] = %3;; mov dbr[%0] = %5;; mov dbr[%1] = %4;;"
                     "srlz.d;; srlz.i" ::"r"(i0),
                     "r"(i1), "r"(XEN_FAST_HYPERCALL), "r"(ctl), "r"(dctl), "r"(TINY_VIRT));
        prepare();
        attempt.psr |= PSR_DB;
        want("breakpoints", plm & 1 ? DEBUG : VERSION);
        prepare();
        attempt.psr |= PSR_DB | PSR_CPL(3);
        attempt.pfs = PPL(3);
        want("breakpoints, user", plm & 8 ? DEBUG : BREAK_FAULT);
        asm volatile("mov ibr[%1] = %2;; mov dbr[%1] = %2;; srlz.d;; srlz.i" ::"r"(i0), "r"(i1),
                     "r"(0));
    }
}

static void stacks(void)
{
    static const u64 hostile_store[] = {
        0,
        0x1000,
        0x6000000000001230,
        TINY_VIRT + 0x4000000 - 8,
        0xf000000004000000,
        0xf100000000000000,
        0xf100000000004000,
        0xf100000000008000,
        0xf400000004008000,
        0xf500000000000000,
        0xf50000000000f000,
        0xfffffffffffffff8,
        0x0123400000000000,
        0xdeadbeefdeadbef8,
    };

    for (unsigned int i = 0; i < sizeof(hostile_store) / sizeof(hostile_store[0]); i++)
        for (u64 frame = 0; frame < 4; frame++)
            for (u64 rsc = 0; rsc < 32; rsc += i < 3 ? 1 : 7)
                for (u64 cpl = 0; cpl < 4; cpl += 3) {
                    prepare();
                    attempt.bspstore = hostile_store[i];
                    attempt.rnat = ~0UL >> 1;
                    attempt.frame = frame;
                    attempt.rsc = rsc | (i & 1) << 16;
                    attempt.gr[12] = attempt.gr[13] = hostile_store[i];
                    attempt.gr[1] = ~hostile_store[i];
                    attempt.psr |= PSR_CPL(cpl);
                    attempt.pfs = PPL(cpl ? cpl : 1);
                    long got = jump();

                    if (got != (cpl     ? (long)BREAK_FAULT
                                : frame ? VERSION
                                        : -XEN_EINVAL) ||
                        (!cpl && attempt.r_gr[12] != hostile_store[i]))
                        check("hostile stacks", 0, got);
                }
    check("hostile stacks", 1, 0);
    for (u64 r = 1; r < 32; r++)
        for (unsigned int i = 0; i < sizeof(hostile_store) / sizeof(hostile_store[0]); i++)
            if (r != 2) {
                prepare();
                attempt.gr[r] = hostile_store[i];
                attempt.nat = i == 3 ? NAT(r) : 0;
                if (jump() != VERSION)
                    check("a hostile register", 0, r);
            }
    check("hostile registers", 1, 0);
}

/* Where it returns to is the guest's: but never to more than its own level. */
static void returns(void)
{
    static const u64 to[] = {0xf400000004008000,
                             0xf000000004000000,
                             XEN_FAST_HYPERCALL + 0x10,
                             XEN_FAST_HYPERCALL + 0x20,
                             XEN_FAST_HYPERCALL + 0x30,
                             XEN_FAST_HYPERCALL + 0x40,
                             0x1000,
                             0xf500000000000000,
                             0x0123400000000000,
                             0x6000000000000000};
    static const u64 cfm[] = {0x7f,         0x7f | 0x7f << 7,      5 | 7 << 7,
                              8 | 8 << 7,   96 | 96 << 7,          127 | 3 << 7,
                              8 | 15 << 14, 8 | 1 << 14 | 9 << 18, (1UL << 38) - 1};
    static u64 store[2048] __attribute__((aligned(1024)));

    for (unsigned int i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
        prepare();
        attempt.b0 = to[i];
        want("returning to a hostile address", ANY);
        check("returning to a hostile address: as the kernel", attempt.vector != 0, attempt.vector);
    }
    for (unsigned int i = 0; i < sizeof(cfm) / sizeof(cfm[0]); i++) {
        prepare();
        attempt.pfs = cfm[i] | PPL(1);
        attempt.bspstore = P(store + 1024);
        want("returning to a hostile frame", ANY);
        check("returning to a hostile frame: came to something", attempt.vector != 0,
              attempt.vector);
    }
}

/* The region number is no part of a translation. */
static void alias(void)
{
    u64 region = 3UL << 61, rr7 = 7UL << 61, id, old;

    asm volatile("mov %0 = rr[%1]" : "=r"(id) : "r"(rr7));
    asm volatile("mov %0 = rr[%1]" : "=r"(old) : "r"(region));
    asm volatile("mov rr[%0] = %1;; srlz.i" ::"r"(region), "r"(id));
    prepare();
    attempt.ip = (XEN_FAST_HYPERCALL & ~(7UL << 61)) | region;
    want("in another region", VERSION);
    prepare();
    attempt.ip = (XEN_FAST_HYPERCALL & ~(7UL << 61)) | region | 2;
    attempt.psr |= PSR_SS;
    want("in another region: single step", SINGLE_STEP);
    check("in another region: at the break", attempt.iip == XEN_FAST_HYPERCALL_BREAK, attempt.iip);
    prepare();
    attempt.ip = (XEN_FAST_HYPERCALL & ~(7UL << 61)) | region;
    attempt.psr |= PSR_CPL(3);
    attempt.pfs = PPL(3);
    want("in another region: a user", BREAK_FAULT);
    asm volatile("mov rr[%0] = %1;; srlz.i" ::"r"(region), "r"(old));
}

/*
 * The machine's timer at every moment of a call (timer_slop=0), and where it finds the guest: at
 * the entry before the call, at the break if it came just after epc, behind it, and back again.
 */
static struct {
    u64 before, at_break, behind, after, none, wrong;
} seen;

/* A call with the timer after so many cycles. */
static void timed_call(u64 psr, u64 cycles)
{
    u64 vector;

    prepare();
    attempt.psr |= psr;
    asm volatile("mov cr.itv = %0" ::"r"(0x40));
    asm volatile("mov %0 = ar.itc;; add %0 = %0, %1;; mov cr.itm = %0;; srlz.d"
                 : "=&r"(vector)
                 : "r"(cycles));
    long got = jump();

    if (got == (long)FAULT(0x3000) && psr) {
        if (attempt.iip == XEN_FAST_HYPERCALL)
            seen.before++;
        else if (attempt.iip == XEN_FAST_HYPERCALL_BREAK)
            seen.at_break++;
        else if (attempt.iip == XEN_FAST_HYPERCALL_BREAK + 16)
            seen.behind++;
        else if (attempt.iip >> 60 == 0xf)
            seen.wrong++;
        else
            seen.after++;
    } else {
        seen.none++;
        seen.wrong += got != VERSION || attempt.r_gr[12] != attempt.gr[12];
    }
    asm volatile("mov cr.itv = %0" ::"r"(1UL << 16));
    do {
        asm volatile("mov %0 = cr.ivr;; srlz.d;; mov cr.eoi = r0;; srlz.d" : "=r"(vector));
    } while ((vector & 0xff) != 15);
}

static void timer(void)
{
    u64 first = 0;

    memset(&seen, 0, sizeof(seen));
    do
        timed_call(PSR_I, first += TIMER_STEP);
    while (first < TIMER_SPAN || (!seen.none && !seen.after && first < 100000));
    /* The moment after epc is one cycle, and cycles come by instruction groups. */
    for (int round = 0; round < 8 && !seen.at_break; round++)
        for (u64 k = first - TIMER_SPAN; k < first + TIMER_STEP; k++) {
            timed_call(PSR_I, k);
            timed_call(0, k);
        }
    print("(timer: before %u, at the break %u, behind it %u, after %u, none %u)\n", seen.before,
          seen.at_break, seen.behind, seen.after, seen.none);
    check("a timer at every moment", !seen.wrong, seen.wrong);
    check("a timer at every moment: it was", seen.before && seen.at_break && seen.behind,
          seen.at_break);
}

/* Preempted again and again: a continuation goes on as a break, and its caller does not notice. */
static void continuation(void)
{
    static multicall_entry_t m[2048];
    static struct vcpu_set_periodic_timer t = {.period_ns = 1000000};
    u64 bad = 0;

    CALL(__HYPERVISOR_vcpu_op, VCPUOP_set_periodic_timer, 0, P(&t));
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 2048; i++)
            m[i] = (multicall_entry_t){
                .op = __HYPERVISOR_xen_version, .args = {XENVER_pagesize, 0}, .result = 77};
        bad += epc_locals(__HYPERVISOR_multicall, P(m), 2048, 7);
        bad += epc_locals_result != 0;
        for (int i = 0; i < 2048; i++)
            bad += m[i].result != 4096;
    }
    CALL(__HYPERVISOR_vcpu_op, VCPUOP_stop_periodic_timer, 0, 0);
    check("a call that is continued", !bad, bad);
}

static void data(void)
{
    T("the page as data: read", ACCESS_RIGHTS, __HYPERVISOR_xen_version, XENVER_commandline,
      XEN_FAST_HYPERCALL);
}

void epc_cases(void)
{
    registers();
    locals();
    stores();
    levels();
    middle();
    psr();
    breakpoints();
    stacks();
    returns();
    alias();
    continuation();
    timer();
    data();
}
