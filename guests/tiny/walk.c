/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code whose translation comes from the VHPT only, while the translation of the VHPT's own page is
 * in the TLB, has just been pushed out of it, or has been purged: instructions there that a
 * hypervisor has to read itself are done, as often as they are run, and whatever of its caches
 * has forgotten what. Which misses come on the way is not compared.
 */
#include "cpus.h"

#define PS       14
#define PAGE     (1ul << PS)
#define VA       (5ul << 61)
#define TABLE_VA (VA | 1ul << 40)
#define TABLE_PS 16
#define CODE     (VA + 9 * PAGE)
#define OTHERS   (VA + (1ul << 39))
#define PTE      0x7e1ul

extern char walk_stubs[], walk_stubs_end[];

static u64 table[1 << (TABLE_PS - 3)] __attribute__((aligned(1 << TABLE_PS)));
static char code[PAGE] __attribute__((aligned(1 << PS)));
static struct cpu *me = &cpus[0];

/* The misses of the table's page are served as they come. */
static void run_stub(u64 psr, u64 n)
{
    u64 ip = CODE + 64 * n, r8;
    int tries = 0;

    do {
        if (++tries > 50) {
            print("BAD without end: vector %x isr %x ifa %x iha %x\n", me->vector, me->isr, me->ifa,
                  me->iha);
            bare_exit(1);
        }
        me->iha = 0;
        r8 = run_at(me, psr, ip, 0, &table[0]);
        if (me->vector == 0 && me->iha >= TABLE_VA && me->iha < TABLE_VA + sizeof(table))
            itc_d(me->iha & -PAGE, PS,
                  ((u64)table + (me->iha & (sizeof(table) - 1) & -PAGE)) | PTE);
    } while (me->vector == 0);
    print(" %x:%x+%x", me->vector, me->iip - CODE, me->ipsr >> 41 & 3);
    if (me->iim != 0x7ffd)
        print(" iim %x isr %x", me->vector == 0x2c00 ? me->iim : 0, me->isr);
    else
        print(" r8 %x", r8);
}

enum { KEPT, SAME_PLACE, ALL_PLACES, PURGED, PURGED_BOTH, HOWS };
static const char *const hows[HOWS] = {"kept", "pushed out", "all pushed out", "purged",
                                       "purged with the code's"};

static void forget(u64 how)
{
    /* A few translations, one of which has its place in a cache that is looked up by as many of the
     * page number's lowest bits as may be; then one for each place of such a cache. */
    if (how == SAME_PLACE)
        for (u64 bit = 5; bit < 16; bit++)
            itc_d(TABLE_VA + (PAGE << bit), PS, (u64)code | PTE);
    if (how == ALL_PLACES)
        for (u64 i = 0; i < 2048; i++)
            itc_d(OTHERS + i * PAGE, PS, (u64)code | PTE);
    if (how >= PURGED)
        ptc_l(TABLE_VA, TABLE_PS);
    if (how == PURGED_BOTH)
        ptc_l(CODE, PS);
}

int main(void)
{
    u64 n = (walk_stubs_end - walk_stubs) / 64;

    start_cpus(1);
    __builtin_memcpy(code, walk_stubs, walk_stubs_end - walk_stubs);
    for (u64 i = 0; i < sizeof(code); i += 32)
        __asm__ volatile("fc %0;;" ::"r"(code + i) : "memory");
    __asm__ volatile("sync.i;; srlz.i;;" ::: "memory");
    go_virtual();
    table[9] = (u64)code | PTE;
    set_rr(VA, 0x105 << 8 | PS << 2 | 1);
    SET_CR("pta", (TABLE_VA & ~VA) | TABLE_PS << 2 | 1);
    for (u64 level = 0; level < 4; level += 3)
        for (u64 how = 0; how < HOWS; how++)
            for (u64 i = 0; i < n; i++) {
                print("level %u, %s, stub %u:", level, hows[how], i);
                for (int times = 0; times < 2; times++) {
                    run_stub(P_VIRT | P_CPL(level), i);
                    forget(how);
                    run_stub(P_VIRT | P_CPL(level), i);
                }
                print("\n");
            }
    return 0;
}
