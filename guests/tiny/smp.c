/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several processors, in lock step, so that what is printed does not depend on time: interrupt
 * messages of every mode to itself and to others, whatever psr.i, psr.ic and cr.tpr are there;
 * global and local purges of translations that another processor has; the ALAT; message passing.
 *
 * ia64-sim: -smp 4
 */
#include "cpus.h"

#define CPUS  4
#define OTHER 1

/* --- interrupt messages --- */

static void say_log(const char *what, struct cpu *c)
{
    print("%s:", what);
    for (u64 i = 0; i < c->nlog; i++)
        print(" %x", c->log[i]);
    print("\n");
    c->nlog = 0;
}

static u64 say_irr(struct cpu *me, u64 a, u64 b)
{
    print("  irr %x %x %x %x\n", GET_CR("irr0"), GET_CR("irr1"), GET_CR("irr2"), GET_CR("irr3"));
    return 0;
}

static u64 open_once(struct cpu *me, u64 a, u64 b)
{
    open_window();
    return 0;
}

static u64 set_tpr(struct cpu *me, u64 tpr, u64 b)
{
    SET_CR("tpr", tpr);
    return 0;
}

static u64 eoi(struct cpu *me, u64 a, u64 b)
{
    SET_CR("eoi", 0ul);
    return 0;
}

static u64 read_ivr(struct cpu *me, u64 a, u64 b)
{
    return GET_CR("ivr");
}

/* Until the flag, with psr.i 1. */
static u64 stay_open(struct cpu *me, u64 a, u64 b)
{
    me->flag = 2;
    wait_open(&me->flag, 1);
    return 0;
}

static u64 stay_open_noic(struct cpu *me, u64 a, u64 b)
{
    me->flag = 2;
    wait_open_noic(me, &me->flag, 1);
    return 0;
}

static u64 send(struct cpu *me, u64 cpu, u64 data)
{
    ipi(cpu, data);
    return 0;
}

/* INT, lowest priority, NMI, ExtINT; vectors that are none. */
static const u64 messages[] = {0x41,  0xf0,  0x10, 0x1ff - 0x100, 0x130, 0x400, 0x405, 0x11,
                               0x700, 0x7aa, 0xf0, 0x80,          0x01,  0x03,  0x0f};
#define MESSAGES (sizeof(messages) / sizeof(messages[0]))

static void send_all(unsigned int from, unsigned int to)
{
    for (unsigned int i = 0; i < MESSAGES; i++)
        on(from, send, to, messages[i]);
}

static void message_tests(unsigned int from, unsigned int to)
{
    static const u64 tprs[] = {0xf0, 1 << 16, 0x80, 0x20, 0};
    struct cpu *t = &cpus[to];

    print("messages from cpu %u to cpu %u\n", (u64)from, (u64)to);
    for (unsigned int i = 0; i < MESSAGES; i++) {
        on(from, send, to, messages[i]);
        print(" %x\n", messages[i]);
        on(to, say_irr, 0, 0);
        on(to, open_once, 0, 0);
        say_log("  served", t);
    }
    send_all(from, to);
    print(" all at once, tpr\n");
    on(to, say_irr, 0, 0);
    for (unsigned int i = 0; i < 5; i++) {
        on(to, set_tpr, tprs[i], 0);
        print("  tpr %x ivr %x\n", tprs[i], on(to, read_ivr, 0, 0));
        on(to, open_once, 0, 0);
        say_log("  served", t);
        on(to, eoi, 0, 0);
        on(to, open_once, 0, 0);
        say_log("  after eoi", t);
    }
    t->how = HOW_NOEOI;
    send_all(from, to);
    on(to, open_once, 0, 0);
    say_log(" without eoi", t);
    for (unsigned int i = 0; i < 16; i++) {
        on(to, eoi, 0, 0);
        on(to, open_once, 0, 0);
    }
    say_log(" an eoi each", t);
    t->how = HOW_EOI;
    on(to, say_irr, 0, 0);
}

/* While it spins with psr.i 1: the log grows as messages are sent. */
static void open_tests(unsigned int to)
{
    struct cpu *t = &cpus[to];

    begin(to, stay_open, 0, 0);
    while (t->flag != 2)
        relax();
    for (unsigned int i = 0; i < MESSAGES - 3; i++) {
        u64 n = t->nlog;

        ipi(to, messages[i]);
        while (t->nlog == n)
            relax();
    }
    t->flag = 1;
    end(to);
    say_log("cpu with psr.i 1", t);
    for (unsigned int i = 0; i < 3; i++) {
        t->flag = 0;
        begin(to, stay_open_noic, 0, 0);
        while (t->flag != 2)
            relax();
        ipi(to, messages[i]);
        end(to);
    }
    say_log("with psr.ic 0", t);
    begin(to, set_tpr, 0x50, 0);
    end(to);
    t->flag = 0;
    begin(to, stay_open, 0, 0);
    while (t->flag != 2)
        relax();
    ipi(to, 0x55);
    ipi(to, 0x66);
    while (!t->nlog)
        relax();
    t->flag = 1;
    end(to);
    say_log("with tpr 50, vectors 55 and 66", t);
    on(to, set_tpr, 0, 0);
    on(to, open_once, 0, 0);
    say_log("then tpr 0", t);
}

/* --- message passing --- */

static volatile u64 box[CPUS] __attribute__((aligned(64)));
static u64 pass(struct cpu *me, u64 rounds, u64 b)
{
    static volatile u64 data[CPUS][8];
    u64 next = (me->id + 1) % CPUS, bad = 0;

    for (u64 i = 1; i <= rounds; i++) {
        if (me->id || i > 1) {
            while (__atomic_load_n(&box[me->id], __ATOMIC_ACQUIRE) != i - (me->id == 0))
                relax();
            for (int k = 0; k < 8; k++)
                bad += data[me->id][k] != (i - (me->id == 0)) * 8 + k;
        }
        for (int k = 0; k < 8; k++)
            data[next][k] = i * 8 + k;
        __atomic_store_n(&box[next], i, __ATOMIC_RELEASE);
    }
    return bad;
}

/* --- translations (virtual mode from here) --- */

#define TEST_VA      (5ul << 61 | 0x40000000)
#define PTE          0x7e1ul /* present, accessed, dirty, level 3, all rights, write-back */
#define RR_(rid, ps) ((u64)(rid) << 8 | (ps) << 2)

extern char tiny_callee[];
static u64 page_data = 0x1122334455667788;

static u64 become_virtual(struct cpu *me, u64 a, u64 b)
{
    go_virtual();
    for (u64 r = 1; r < 7; r++)
        set_rr(r << 61, RR_(0x100 + r, 14));
    return 0;
}

static u64 set_rr_of(struct cpu *me, u64 va, u64 rr)
{
    set_rr(va, rr);
    return 0;
}

/* The page of size ps that has p. */
static u64 page_pte(const void *p, u64 ps)
{
    return ((u64)p & ~((1ul << ps) - 1)) | PTE;
}

static u64 page_va(u64 va, const void *p, u64 ps)
{
    return va + ((u64)p & ((1ul << ps) - 1));
}

static u64 map_data(struct cpu *me, u64 va, u64 ps)
{
    itc_d(va, ps, page_pte(&page_data, ps));
    return try_load(me, page_va(va, &page_data, ps)) == page_data ? 0 : me->vector;
}

static u64 map_code(struct cpu *me, u64 va, u64 ps)
{
    itc_i(va, ps, page_pte(tiny_callee, ps));
    return try_call(me, page_va(va, tiny_callee, ps)) == 77 ? 0 : me->vector;
}

static u64 map_tr(struct cpu *me, u64 va, u64 ps)
{
    itr_d(5, va, ps, page_pte(&page_data, ps));
    itr_i(5, va, ps, page_pte(tiny_callee, ps));
    return 0;
}

static u64 unmap_tr(struct cpu *me, u64 va, u64 ps)
{
    ptr_d(va, ps);
    ptr_i(va, ps);
    return 0;
}

/* 0: it is there; else the vector that says it is not. */
static u64 see_data(struct cpu *me, u64 va, u64 ps)
{
    return try_load(me, page_va(va, &page_data, ps)) == page_data && !me->vector ? 0 : me->vector;
}

static u64 see_code(struct cpu *me, u64 va, u64 ps)
{
    return try_call(me, page_va(va, tiny_callee, ps)) == 77 && !me->vector ? 0 : me->vector;
}

static u64 do_purge(struct cpu *me, u64 va, u64 how)
{
    u64 ps = how & 63;

    switch (how >> 6) {
    case 0:
        ptc_l(va, ps);
        break;
    case 1:
        ptc_g(va, ps);
        break;
    case 2:
        ptc_ga(va, ps);
        break;
    case 3:
        ptr_d(va, ps);
        break;
    case 4:
        ptr_i(va, ps);
        break;
    case 5:
        ptc_e(0);
        break;
    }
    return 0;
}

static const char *const purges[] = {"ptc.l", "ptc.g", "ptc.ga", "ptr.d", "ptr.i", "ptc.e"};
static const unsigned char sizes[] = {12, 13, 14, 16, 18, 20, 22, 24, 26, 28};

/* Of each: has cpu 0 its translation, has the other its. */
static void see(u64 va, u64 ps)
{
    print(" %x %x %x %x", on(0, see_data, va, ps), on(0, see_code, va, ps),
          on(OTHER, see_data, va, ps), on(OTHER, see_code, va, ps));
}

static void map_both(u64 va, u64 ps)
{
    for (unsigned int c = 0; c < 2; c++) {
        on(c, map_data, va, ps);
        on(c, map_code, va, ps);
    }
}

static void purge_tests(void)
{
    for (unsigned int c = 0; c < CPUS; c++) {
        on(c, set_rr_of, 5ul << 61, RR_(0x105, 14));
        on(c, set_rr_of, 2ul << 61, RR_(0x105, 14));
        on(c, set_rr_of, 3ul << 61, RR_(0x3ff05, 14));
    }
    for (unsigned int i = 0; i < sizeof(sizes); i++) {
        u64 ps = sizes[i], va = TEST_VA & ~((1ul << ps) - 1);

        if (ps == 13)
            continue;
        print("page of %u bits\n", ps);
        for (unsigned int how = 0; how < 6; how++) {
            print(" %s", purges[how]);
            map_both(va, ps);
            see(va, ps);
            /* Beside it. */
            print(" beside:");
            if (how < 5) {
                on(0, do_purge, va + (1ul << 28), how << 6 | ps);
                see(va, ps);
            }
            print(" on it:");
            on(0, do_purge, va, how << 6 | ps);
            see(va, ps);
            on(0, do_purge, va, 2 << 6 | ps);
            print("\n");
        }
        for (unsigned int how = 0; how < 3; how++) {
            print(" %s of 4 KiB, the page's last;", purges[how]);
            map_both(va, ps);
            on(OTHER, do_purge, va + (1ul << ps) - 4096, how << 6 | 12);
            see(va, ps);
            print(" of 256 MiB;");
            map_both(va, ps);
            on(OTHER, do_purge, va & ~((1ul << 28) - 1), how << 6 | 28);
            see(va, ps);
            print(" by another region of the same id;");
            map_both(va, ps);
            on(OTHER, do_purge, (va & ~(7ul << 61)) | 2ul << 61, how << 6 | ps);
            see(va, ps);
            print(" of another id:");
            map_both(va, ps);
            on(OTHER, do_purge, (va & ~(7ul << 61)) | 3ul << 61, how << 6 | ps);
            see(va, ps);
            print("\n");
            on(0, do_purge, va, 2 << 6 | ps);
        }
    }
    print("purges beside and over the other's translation registers, which stay\n");
    on(0, map_tr, TEST_VA, 14);
    for (unsigned int how = 1; how < 3; how++)
        for (u64 at = 0; at < 3; at++) {
            on(OTHER, do_purge, at == 2 ? TEST_VA & -(1ul << 20) : TEST_VA + (at << 14),
               how << 6 | (at == 2 ? 20 : 14));
            print(" %s: %x %x\n", purges[how], on(0, see_data, TEST_VA, 14),
                  on(0, see_code, TEST_VA, 14));
        }
    on(0, unmap_tr, TEST_VA, 14);
    print("regions of one id with different preferred sizes\n");
    for (unsigned int i = 0; i < sizeof(sizes); i++) {
        u64 ps = sizes[i], va = TEST_VA & ~((1ul << ps) - 1);

        if (ps == 13)
            continue;
        on(OTHER, set_rr_of, 5ul << 61, RR_(0x777, ps));
        on(0, set_rr_of, 5ul << 61, RR_(0x777, ps == 14 ? 12 : 14));
        on(OTHER, map_data, va, ps);
        on(OTHER, map_code, va, ps);
        on(0, do_purge, va, 1 << 6 | ps);
        print(" %u: %x %x\n", ps, on(OTHER, see_data, va, ps), on(OTHER, see_code, va, ps));
    }
    for (unsigned int c = 0; c < CPUS; c++)
        on(c, set_rr_of, 5ul << 61, RR_(0x105, 14));
}

/* All purge and use translations of their own region ids, which the others do not touch, and of a
 * shared one that is purged only. */
static u64 storm(struct cpu *me, u64 rounds, u64 b)
{
    static volatile u64 purge_lock;
    u64 va = 6ul << 61 | 0x10000000, bad = 0;

    set_rr(6ul << 61, RR_(0x200 + me->id, 14));
    for (u64 i = 0; i < rounds; i++) {
        u64 ps = sizes[(i + me->id) % sizeof(sizes)], at, old;

        if (ps == 13)
            ps = 14;
        at = va & ~((1ul << ps) - 1);
        bad += map_data(me, at, ps) != 0;
        bad += map_code(me, at, ps) != 0;
        /* One global purge at a time (SDM 3: ptc.g). */
        do {
            __asm__ volatile("xchg8 %0=[%1],%2"
                             : "=r"(old)
                             : "r"(&purge_lock), "r"(1ul)
                             : "memory");
            relax();
        } while (old);
        if (i & 1)
            ptc_g(at, ps);
        else
            ptc_ga(at, ps);
        __asm__ volatile("st8.rel [%0]=r0" ::"r"(&purge_lock) : "memory");
        bad += see_data(me, at, ps) != 0x1000;
        bad += see_code(me, at, ps) != 0xc00;
    }
    return bad;
}

/* --- ALAT: what must lose an entry --- */

static volatile u64 alat_ready, alat_go, alat_word __attribute__((aligned(64)));
static u64 keep_alat(struct cpu *me, u64 va, u64 b)
{
    return alat_kept(va, &alat_ready, &alat_go);
}

static void alat_test(const char *what, u64 va, int how)
{
    alat_ready = alat_go = 0;
    mf();
    begin(OTHER, keep_alat, va, 0);
    while (!alat_ready)
        relax();
    if (how == 3)
        alat_word++;
    else
        on(0, do_purge, va, (u64)how << 6 | 14);
    mf();
    alat_go = 1;
    print("%s: %x\n", what, end(OTHER));
}

static u64 map_alat(struct cpu *me, u64 va, u64 b)
{
    itc_d(va, 14, page_pte((void *)&alat_word, 14));
    return 0;
}

int main(void)
{
    start_cpus(CPUS);

    message_tests(0, 0);
    message_tests(0, OTHER);
    message_tests(OTHER, 0);
    message_tests(2, 3);
    open_tests(OTHER);
    open_tests(3);
    /* With the redirection hint, to the one named all the same. */
    __asm__ volatile("st8.rel [%0]=%1;; mf.a;;" ::"r"(UC_PIB(1) | 8), "r"(0x77ul) : "memory");
    on(OTHER, say_irr, 0, 0);
    on(OTHER, open_once, 0, 0);
    say_log("redirectable", &cpus[OTHER]);

    on_all("messages", pass, 2000, 0);

    for (unsigned int c = 0; c < CPUS; c++)
        on(c, become_virtual, 0, 0);
    purge_tests();
    on_all("purges by all", storm, 200, 0);
    for (unsigned int c = 0; c < 2; c++)
        on(c, map_alat, TEST_VA, 0);
    alat_test("advanced load, another's store", page_va(TEST_VA, (void *)&alat_word, 14), 3);
    alat_test("advanced load, another's ptc.ga", page_va(TEST_VA, (void *)&alat_word, 14), 2);
    print("the end\n");
    return 0;
}
