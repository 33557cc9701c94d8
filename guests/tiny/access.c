/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every form of access to pages of every kind, at each privilege level: access rights and levels,
 * present, accessed, dirty, memory attributes, keys; deferral by cr.dcr; unaligned and big-endian;
 * data breakpoints; disabled floating point; the one-shot bits of psr; physical addresses. A line
 * for each page and mode has a letter for the vector each access ended in, and a sum of all
 * the interruption registers, results and memory afterwards. With -DDETAIL all of it is printed.
 */
#include "cpus.h"

#ifndef DETAIL
#define DETAIL 0
#endif

#define VA                (5ul << 61 | 0x40000000)
#define PTE(ar, pl, rest) (1ul | (u64)(ar) << 9 | (u64)(pl) << 7 | (rest))
#define A                 (1ul << 5)
#define D                 (1ul << 6)
#define ED                (1ul << 52)
#define MA(n)             ((u64)(n) << 2)
#define SIZE              14

void try_at(struct cpu *me, u64 psr, u64 n, u64 va, u64 *result);
extern u64 access_count, access_first_answer;
extern char access_code[], access_stubs[];

static u64 page[2 << (SIZE - 3)] __attribute__((aligned(2 << SIZE)));
static u64 result[8] __attribute__((aligned(64)));
static struct cpu *me = &cpus[0];

static u64 mix(u64 h, u64 v)
{
    h ^= v;
    h *= 0x100000001b3;
    return h ^ h >> 29;
}

static void prepare(u64 *at)
{
    page[0] = ((u64 *)access_code)[0];
    page[1] = ((u64 *)access_code)[1];
    for (int i = -4; i < 8; i++)
        at[i] = 0x0102030405060708 * (i + 5);
}

/* A letter for a vector: those of 1 KiB, those of 256 bytes; a dot where none came but the break.
 */
static char letter(u64 vector)
{
    if (vector == 0x2c00)
        return '.';
    return vector < 0x5000 ? 'a' + (vector >> 10) : 'A' + ((vector - 0x5000) >> 8);
}

/* All accesses at offset in the page, wherever va is. */
static void line(const char *what, u64 a, u64 b, u64 psr, u64 va, u64 offset)
{
    u64 *data = page + (offset & ~7ul) / 8, sum = 0;

    print("%s %x %x %x: ", what, a, b, offset);
    for (u64 n = 0; n < access_count; n++) {
        u64 one = 0;

        /* Speculative loads and probes answer instead of faulting: a line of their own. */
        if (n == access_first_answer) {
            print(" %x\n%s, answers %x %x %x: ", sum, what, a, b, offset);
            sum = 0;
        }
        prepare(data);
        result[0] = result[1] = 0;
        try_at(me, psr, n, va + offset, result);
        /* What the machine leaves undefined, or the break's own, is not looked at. */
        one = mix(one, me->vector);
        if (me->vector != 0x2c00) {
            one = mix(one, me->isr);
            one = mix(one, me->ipsr);
            one = mix(one, me->iip - (u64)access_stubs);
            /* A NaT register says nothing of addresses: those are an earlier interruption's. */
            if (me->vector != 0x5600 || (me->isr & 0xf0) != 0x10) {
                one = mix(one, me->ifa);
                one = mix(one, me->itir);
            }
        } else {
            one = mix(one, me->ipsr);
        }
        one = mix(one, result[0]);
        one = mix(one, result[1]);
        for (int i = -4; i < 8; i++)
            one = mix(one, data[i]);
        sum = mix(sum, one);
        bare_putc(letter(me->vector));
        if (DETAIL)
            print(" (%u: isr %x ipsr %x iip+%x ifa %x itir %x r8 %x %x data %x %x %x)\n", n,
                  me->isr, me->ipsr, me->iip - (u64)access_stubs, me->ifa, me->itir, result[0],
                  result[1], data[-1], data[0], data[1]);
    }
    print(" %x\n", sum);
}

static void map_key(u64 pte, u64 key)
{
    u64 va = VA;
    u64 ps = key << 6 | SIZE, slot = 0;

    ptc_l(va, SIZE);
    pte |= (u64)page;
    /* itir.key is above ps, as the shift by 2 in these has it. */
    INSERT_C("itc.d %2");
    INSERT_C("itc.i %2");
}

static void map(u64 pte)
{
    map_key(pte, 0);
}

int main(void)
{
    static const u64 bits[] = {0, A, D, A | D};
    static const unsigned char levels[] = {0, 3}, offsets[] = {1, 2, 4, 6, 7, 9, 12, 15};

    start_cpus(1);
    go_virtual();
    set_rr(VA, 0x105 << 8 | SIZE << 2);

    for (u64 ar = 0; ar < 8; ar++)
        for (u64 pl = 0; pl < 4; pl++)
            for (u64 l = 0; l < 2; l++) {
                map(PTE(ar, pl, A | D));
                line("rights", ar << 4 | pl, levels[l], P_VIRT | P_CPL(levels[l]), VA, 0x100);
            }
    /* The guest's levels 1 and 2 are one: what both may or both may not. */
    for (u64 ar = 0; ar < 4; ar++)
        for (u64 pl = 0; pl < 4; pl += 3) {
            map(PTE(ar, pl, A | D));
            line("level 2", ar << 4 | pl, 2, P_VIRT | P_CPL(2), VA, 0x100);
        }
    for (u64 i = 0; i < 4; i++)
        for (u64 l = 0; l < 2; l++) {
            map(PTE(3, 3, bits[i]));
            line("accessed, dirty", bits[i], levels[l], P_VIRT | P_CPL(levels[l]), VA, 0x100);
            line(" psr.da", bits[i], levels[l], P_VIRT | P_DA | P_CPL(levels[l]), VA, 0x100);
            line(" psr.ia", bits[i], levels[l], P_VIRT | P_IA | P_CPL(levels[l]), VA, 0x100);
            line(" psr.ed", bits[i], levels[l], P_VIRT | P_ED | P_CPL(levels[l]), VA, 0x100);
            map(PTE(3, 3, bits[i]) & ~1ul);
            line("not present", bits[i], levels[l], P_VIRT | P_CPL(levels[l]), VA, 0x100);
        }
    for (u64 ma = 0; ma < 8; ma++) {
        if (ma >= 1 && ma <= 3)
            continue;
        map(PTE(3, 3, A | D | MA(ma)));
        line("attribute", ma, 0, P_VIRT, VA, 0x100);
        line("attribute", ma, 3, P_VIRT | P_CPL(3), VA, 0x100);
        line("attribute, unaligned", ma, 0, P_VIRT, VA, 0x102);
    }
    map(PTE(3, 3, A | D));
    for (u64 l = 0; l < 2; l++)
        for (unsigned int i = 0; i < sizeof(offsets); i++) {
            u64 off = 0x100 + offsets[i];

            line("unaligned", 0, levels[l], P_VIRT | P_CPL(levels[l]), VA, off);
            line("unaligned, psr.ac", 0, levels[l], P_VIRT | P_AC | P_CPL(levels[l]), VA, off);
            line("unaligned, psr.be", 0, levels[l], P_VIRT | P_BE | P_CPL(levels[l]), VA, off);
        }
    line("big-endian", 0, 0, P_VIRT | P_BE, VA, 0x100);
    line("big-endian", 0, 3, P_VIRT | P_BE | P_CPL(3), VA, 0x100);
    line("over the end", 0, 0, P_VIRT, VA, (1 << SIZE) - 4);
    line("over the end", 0, 3, P_VIRT | P_CPL(3), VA, (1 << SIZE) - 1);
    line("psr.dfl", 0, 0, P_VIRT | P_DFL, VA, 0x100);
    line("psr.dfh", 0, 3, P_VIRT | P_DFH | P_CPL(3), VA, 0x100);

    /* Keys: none, and one that forbids what its bits say. */
    for (u64 pk = 0; pk < 9; pk++) {
        static const u64 own = 0x0 << 8 | 1; /* of the program's translations */

        set_pkr(0, own);
        set_pkr(1, pk < 8 ? 0x123ul << 8 | pk << 1 | 1 : 0);
        map_key(PTE(3, 3, A | D), 0x123);
        line("key", pk, 0, P_VIRT | P_PK, VA, 0x100);
        line("key", pk, 3, P_VIRT | P_PK | P_CPL(3), VA, 0x100);
        line("key without psr.pk", pk, 0, P_VIRT, VA, 0x100);
    }
    set_pkr(0, 0);
    set_pkr(1, 0);

    /* Deferral of speculative loads: dm dp dk dx dr da dd, one at a time (SDM 2:3.3.4.1). Their
     * code's page has ed. */
    for (u64 bit = 7; bit < 16; bit++) {
        u64 dcr = bit == 7 ? 0 : bit == 15 ? 0x7f00 : 1ul << bit;

        SET_CR("dcr", dcr);
        ptc_l(VA, SIZE);
        line("deferral: no translation", dcr, 0, P_VIRT, VA, 0x100);
        map(PTE(3, 3, A | D) & ~1ul);
        line("deferral: not present", dcr, 0, P_VIRT, VA, 0x100);
        map(PTE(0, 0, A | D));
        line("deferral: rights", dcr, 3, P_VIRT | P_CPL(3), VA, 0x100);
        map(PTE(3, 3, 0));
        line("deferral: access bit", dcr, 0, P_VIRT, VA, 0x100);
        set_pkr(0, 1);
        map_key(PTE(3, 3, A | D), 0x124);
        line("deferral: key miss", dcr, 0, P_VIRT | P_PK, VA, 0x100);
        set_pkr(1, 0x124 << 8 | 7 << 1 | 1);
        line("deferral: key", dcr, 0, P_VIRT | P_PK, VA, 0x100);
        set_pkr(0, 0);
        set_pkr(1, 0);
        map(PTE(3, 3, A | D));
        set_dbr(0, VA + 0x100);
        set_dbr(1, 3ul << 62 | 15ul << 56 | ((1ul << 56) - 1));
        line("deferral: breakpoint", dcr, 0, P_VIRT | P_DB, VA, 0x100);
        set_dbr(1, 0);
    }
    SET_CR("dcr", 0ul);

    /* Data breakpoints: which access at which level, by which mask. */
    for (u64 rw = 1; rw < 4; rw++)
        for (u64 plm = 0; plm < 4; plm++) {
            static const unsigned char plms[] = {1, 8, 9, 6};

            set_dbr(0, VA + 0x108);
            set_dbr(1, rw << 62 | (u64)plms[plm] << 56 |
                           (((1ul << 56) - 1) & ~(rw == 2   ? 15ul
                                                  : rw == 1 ? 7ul
                                                            : 0)));
            for (u64 l = 0; l < 2; l++) {
                line("breakpoint", rw << 4 | plms[plm], levels[l], P_VIRT | P_DB | P_CPL(levels[l]),
                     VA, 0x100);
                line("breakpoint", rw << 4 | plms[plm], levels[l], P_VIRT | P_DB | P_CPL(levels[l]),
                     VA, 0x108);
                line("breakpoint, unaligned", rw << 4 | plms[plm], levels[l],
                     P_VIRT | P_DB | P_CPL(levels[l]), VA, 0x106);
                line("breakpoint, psr.dd", rw << 4 | plms[plm], levels[l],
                     P_VIRT | P_DB | P_DD | P_CPL(levels[l]), VA, 0x108);
                line("no psr.db", rw << 4 | plms[plm], levels[l], P_VIRT | P_CPL(levels[l]), VA,
                     0x108);
            }
        }
    set_dbr(1, 0);

    /* Physical data addresses; the kernel stays virtual, or not. */
    ptc_l(VA, SIZE);
    line("physical data", 0, 0, P_VIRT & ~P_DT, (u64)page, 0x100);
    line("physical data", 0, 3, (P_VIRT & ~P_DT) | P_CPL(3), (u64)page, 0x100);
    line("physical data, unaligned", 0, 0, P_VIRT & ~P_DT, (u64)page, 0x105);
    line("all physical", 0, 0, P_IC | P_BN, (u64)page, 0x100);
    line("all physical", 0, 3, P_IC | P_BN | P_CPL(3), (u64)page, 0x100);
    line("all physical, psr.be", 0, 0, P_IC | P_BN | P_BE, (u64)page, 0x104);
    line("physical uncached", 0, 0, P_IC | P_BN, (u64)page | 1ul << 63, 0x100);
    line("physical fetch only", 0, 0, P_VIRT & ~P_IT, (u64)page, 0x100);
    return 0;
}
