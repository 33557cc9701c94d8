/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One address space of four processors, whose page table changes all the time: who changes an entry
 * purges it everywhere with ptc.ga, and from then on nobody may read, write or execute the old
 * page. With the VHPT walker and with misses served here; a version of each entry, odd while it
 * changes, tells whether an access was the old page's or the new one's.
 *
 * ia64-sim: -smp 4
 * xen: -smp 4
 * xen: -smp 2 dom0_max_vcpus=4 sched=credit sched_credit_tslice_ms=1 sched_ratelimit_us=0
 * xen: -smp 1 dom0_max_vcpus=4 sched=credit sched_credit_tslice_ms=1 sched_ratelimit_us=0
 */
#include "cpus.h"

#define CPUS     4
#define PS       14
#define PAGES    32
#define FRAMES   8
#define VA       (5ul << 61)
#define TABLE_VA (VA | 1ul << 40) /* the VHPT: cr.pta's base, within the region */
#define TABLE_PS 16
#define PTE      0x7e1ul
#define CODE     0x200 /* in a frame */

struct frame {
    u64 tag, pad[15];
    u64 slot[CPUS];
    unsigned char rest[(1 << PS) - 8 * (16 + CPUS)];
};
static struct frame frames[FRAMES] __attribute__((aligned(1 << PS)));
static volatile u64 table[1 << (TABLE_PS - 3)] __attribute__((aligned(1 << TABLE_PS)));
static volatile u64 version[PAGES];
static volatile u64 lock;

extern char tiny_callee[];

static u64 seeds[CPUS];
static u64 word(struct cpu *me)
{
    u64 s = seeds[me->id];

    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    seeds[me->id] = s;
    return s >> 16;
}

static struct frame *frame_of(u64 pte)
{
    return (struct frame *)(pte & ~((1ul << PS) - 1) & ~(0xffful << 52));
}

static void change(struct cpu *me, u64 page, u64 frame)
{
    u64 old;

    do
        __asm__ volatile("xchg8 %0=[%1],%2" : "=r"(old) : "r"(&lock), "r"(1ul) : "memory");
    while (old);
    version[page]++;
    mf();
    table[page] = (u64)&frames[frame] | PTE;
    mf();
    ptc_ga(VA + (page << PS), PS);
    mf();
    version[page]++;
    __asm__ volatile("st8.rel [%0]=r0" ::"r"(&lock) : "memory");
}

/* A miss without walker. The entry may change, and be purged, before what it was is in the TLB:
 * looked at again afterwards. */
static void serve(struct cpu *me, u64 page)
{
    u64 pte = table[page];

    if (me->vector == 0xc00)
        itc_i(VA + (page << PS), PS, pte);
    else
        itc_d(VA + (page << PS), PS, pte);
    mf();
    if (table[page] != pte)
        ptc_l(VA + (page << PS), PS);
}

static u64 wrong, done;

static u64 work_hard(struct cpu *me, u64 rounds, u64 seed)
{
    u64 bad = 0, lost = 0;

    seeds[me->id] = seed + 1000003 * me->id;
    for (u64 i = 0; i < rounds; i++) {
        u64 page = word(me) % PAGES, va = VA + (page << PS), what = word(me) % 16, before, pte, got,
            val = 0;
        unsigned int tries = 0;

        if (what == 0) {
            change(me, page, word(me) % FRAMES);
            continue;
        }
        do {
            before = version[page];
            mf();
            pte = table[page];
            val = word(me);
            if (what < 6) {
                got = try_load(me, va);
            } else if (what < 11) {
                try_store(me, va + 128 + 8 * me->id, val);
                got = frame_of(pte)->slot[me->id];
            } else {
                got = try_call(me, va + CODE);
            }
            if (me->vector)
                serve(me, page);
            if (++tries > 100000) {
                lost++;
                break;
            }
        } while (me->vector);
        mf();
        if (before & 1 || version[page] != before)
            continue;
        if (what < 6)
            bad += got != frame_of(pte)->tag;
        else if (what < 11)
            bad += got != val;
        else
            bad += got != 100 + frame_of(pte)->tag;
        __atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
    }
    if (bad || lost)
        print("BAD cpu %u: %u accesses of a page that was no longer there, %u without end\n",
              me->id, bad, lost);
    __atomic_fetch_add(&wrong, bad + lost, __ATOMIC_RELAXED);
    return 0;
}

static u64 begin_virtual(struct cpu *me, u64 a, u64 b)
{
    go_virtual();
    set_rr(VA, 0x105 << 8 | PS << 2);
    itr_d(6, TABLE_VA, TABLE_PS, (u64)table | PTE);
    return 0;
}

static u64 set_walker(struct cpu *me, u64 on, u64 b)
{
    set_rr(VA, 0x105 << 8 | PS << 2 | on);
    SET_CR("pta", (TABLE_VA & ~VA) | TABLE_PS << 2 | on);
    return 0;
}

int main(void)
{
    start_cpus(CPUS);
    for (u64 f = 0; f < FRAMES; f++) {
        u64 *code = (u64 *)((char *)&frames[f] + CODE);

        frames[f].tag = f;
        /* { .mib: adds r8 = 100 + f, r0; nop.i 0; br.ret.sptk.many b0 }: tiny_callee's 77 is imm7b
         * in slot 0. */
        code[0] = (((u64 *)tiny_callee)[0] & ~(0x7ful << (5 + 13))) | (100 + f) << (5 + 13);
        code[1] = ((u64 *)tiny_callee)[1];
    }
    for (u64 p = 0; p < PAGES; p++)
        table[p] = (u64)&frames[p % FRAMES] | PTE;
    for (unsigned int c = 0; c < CPUS; c++)
        on(c, begin_virtual, 0, 0);
    for (u64 on_off = 0; on_off < 2; on_off++) {
        for (unsigned int c = 0; c < CPUS; c++)
            on(c, set_walker, !on_off, 0);
        for (unsigned int c = 1; c < CPUS; c++)
            begin(c, work_hard, 4000, 88172645463325252 + on_off);
        work_hard(&cpus[0], 4000, 88172645463325252 + on_off);
        for (unsigned int c = 1; c < CPUS; c++)
            end(c);
        print("%s: %u wrong, %s\n", on_off ? "misses served" : "walker", wrong,
              done > 4000 ? "many done" : "few done");
        done = 0;
    }
    return 0;
}
