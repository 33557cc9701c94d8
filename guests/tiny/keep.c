/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every register of every processor is kept while the others run, interrupts come, and virtual
 * processors are switched and moved: each fills all it has with values, NaTs and NaTVals of its
 * own, waits, and compares. The backing store begins at another place each time, so that a NaT
 * collection comes at each of the 64 positions; the stack is deeper than the processor's registers,
 * or not.
 *
 * ia64-sim: -smp 4
 * xen: -smp 4
 * xen: -smp 2 dom0_max_vcpus=4 sched=credit sched_credit_tslice_ms=1 sched_ratelimit_us=0
 * xen: -smp 1 dom0_max_vcpus=4 sched=credit sched_credit_tslice_ms=1 sched_ratelimit_us=0
 */
#include "cpus.h"
#include "keep.h"

#define CPUS  4
#define STORE 8192

struct keep {
    unsigned char *in, *out;
    u64 store, depth, rotate, time, mode, rsc, bspstore, rnat;
    u64 save[14], fr[40];
};
_Static_assert(__builtin_offsetof(struct keep, bspstore) == KEEP_BSPSTORE, "keep.h");
_Static_assert(__builtin_offsetof(struct keep, save) == KEEP_SAVE, "keep.h");
_Static_assert(__builtin_offsetof(struct keep, fr) == KEEP_SAVE_FR, "keep.h");
void keep(struct keep *k);

static struct keep keeps[CPUS] __attribute__((aligned(64)));
static unsigned char images[CPUS][2][IMG_SIZE] __attribute__((aligned(512)));
static unsigned char stores[CPUS][STORE] __attribute__((aligned(512)));
static u64 seeds[CPUS];

static u64 word(struct cpu *me)
{
    u64 s = seeds[me->id];

    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    return seeds[me->id] = s;
}

static u64 *at(unsigned char *img, u64 offset)
{
    return (u64 *)(img + offset);
}

/* About every third. */
static u64 nats(struct cpu *me)
{
    u64 a = word(me);

    return a & (word(me) | word(me) << 1) & word(me);
}

static void fill(struct cpu *me, unsigned char *img)
{
    static const u64 fpsr = 0x9804c0270033f;
    u64 *fr = at(img, IMG_FR), *br = at(img, IMG_BR), *cr = at(img, IMG_CR);

    for (u64 i = 0; i < IMG_SIZE / 8; i++)
        at(img, 0)[i] = word(me);
    *at(img, IMG_GR_NAT) = nats(me) & 0xfffffff2;
    *at(img, IMG_BANK0_NAT) = nats(me) & 0xffff;
    *at(img, IMG_STACK_NAT) = nats(me);
    *at(img, IMG_FRAME_NAT) = nats(me);
    *at(img, IMG_FRAME_NAT + 8) = nats(me) & ((1ul << 30) - 1);
    /* Floating point as ldf.fill has it: 17 bits of sign and exponent; NaTVals among them. */
    for (int i = 0; i < 126; i++) {
        fr[2 * i + 1] &= 0x3ffff;
        if (!(word(me) & 7)) {
            fr[2 * i] = 0;
            fr[2 * i + 1] = 0x1fffe;
        }
    }
    *at(img, IMG_PR) |= 1;
    br[11] &= 63;                                               /* ec */
    br[14] = fpsr ^ ((word(me) & 0x3f) | (word(me) & 3) << 10); /* traps; sf0's rounding */
    br[15] &= ~0x3c0fffc000000000;                              /* pfs */
    for (int i = 16; i < 22; i++)
        br[i] &= 0xff0;
    /* ipsr, isr, iip, ifa, itir, iipa, ifs, iim, iha */
    cr[0] &= 0x7fff0ffee03e;
    cr[1] &= 0xfff00ffffff;
    cr[2] &= ~15ul;
    cr[4] &= 0xfffffffc;
    cr[5] &= ~15ul;
    cr[6] &= 1ul << 63 | 0x3fffffffff;
    cr[7] &= 0x1fffff;
    cr[8] &= ~3ul;
}

static u64 wrong;

static void compare(struct cpu *me, const char *what, u64 offset, u64 n, u64 mask)
{
    u64 a = *at(keeps[me->id].in, offset) & mask, b = *at(keeps[me->id].out, offset) & mask;

    if (a == b)
        return;
    /* All at once would be unreadable. */
    if (__atomic_fetch_add(&wrong, 1, __ATOMIC_ACQ_REL) < 20)
        print("BAD cpu %u: %s %u: %x became %x (mode %x depth %u rotate %u store %x)\n", me->id,
              what, n, a, b, keeps[me->id].mode, keeps[me->id].depth, keeps[me->id].rotate,
              keeps[me->id].store & 0x1ff);
}

static void check(struct cpu *me, u64 depth, u64 mode)
{
    for (u64 i = 1; i < 32; i++)
        if (i != 2 && i != 3)
            compare(me, "gr", IMG_GR + 8 * i, i, -1ul);
    compare(me, "NaT bits of", IMG_GR_NAT, 0, 0xfffffff2);
    compare(me, "ar.unat", IMG_UNAT, 0, -1ul);
    if (!(mode & 1 << KEEP_OPEN_BIT)) {
        for (u64 i = 16; i < 32; i++)
            compare(me, "bank 0 gr", IMG_BANK0 + 8 * (i - 16), i, -1ul);
        compare(me, "NaT bits of bank 0", IMG_BANK0_NAT, 0, 0xffff);
    }
    if (mode & 1 << KEEP_NOIC_BIT)
        for (u64 i = 0; i < 9; i++)
            compare(me, "cr", IMG_CR + 8 * i, 16 + i, -1ul);
    for (u64 i = 0; i < 22; i++)
        compare(me, i < 8 ? "br" : "pr, ar", IMG_BR + 8 * i, i, i == 8 ? ~0x41ul : -1ul);
    for (u64 i = 0; i < 252; i++)
        compare(me, "fr", IMG_FR + 8 * i, 2 + i / 2, -1ul);
    for (u64 i = 0; i < depth; i++)
        compare(me, "stack", IMG_STACK + 8 * i, i, -1ul);
    compare(me, "NaT bits of the stack", IMG_STACK_NAT, 0, (1ul << depth) - 1);
    for (u64 i = 0; i < 94; i++)
        compare(me, "frame", IMG_FRAME + 8 * i, 34 + i, -1ul);
    compare(me, "NaT bits of the frame", IMG_FRAME_NAT, 0, -1ul);
    compare(me, "NaT bits of the frame's second half", IMG_FRAME_NAT + 8, 0, (1ul << 30) - 1);
}

/* NaT words with a value of their own are not kept: spills store the value as it is, NaTs' too. */
static u64 run(struct cpu *me, u64 rounds, u64 time)
{
    struct keep *k = &keeps[me->id];

    seeds[me->id] = 88172645463325252 + 1000003 * me->id;
    k->in = images[me->id][0];
    k->out = images[me->id][1];
    if (me->flag) {
        me->how = HOW_TIMER;
        me->period = 20011 + 101 * me->id;
        SET_CR("itv", 0xe1ul);
    }
    for (u64 i = 0; i < rounds; i++) {
        static const unsigned char depths[] = {0, 1, 5, 20, 21, 22, 40, 62};

        fill(me, k->in);
        k->store = (u64)stores[me->id] + 8 * (i & 63);
        k->depth = depths[(i + me->id) & 7];
        k->rotate = word(me) % 40;
        k->time = time;
        k->mode = me->flag ? 1 << KEEP_OPEN_BIT : i % 3 == 0 ? 1 << KEEP_NOIC_BIT : 0;
        k->rsc = (i & 3) | (i & 4) << 2; /* mode, be */
        if (me->flag)
            SET_CR("itm", GET_AR("itc") + me->period);
        keep(k);
        check(me, k->depth, k->mode);
    }
    if (me->flag) {
        SET_CR("itv", 0x10000ul);
        return me->nlog > 2 * rounds ? 1 : me->nlog;
    }
    return 0;
}

/* --- system registers, by other instructions --- */

static u64 get_rr(u64 va)
{
    u64 v;

    __asm__ volatile("mov %0=rr[%1];;" : "=r"(v) : "r"(va) : "memory");
    return v;
}

/* Name, what is compared, what is set besides. */
#define EACH_CR(op)                                                                                \
    op("dcr", 0x7f05, 0) op("pta", 0xffffffffffff8101, 15 << 2) op("tpr", 0x100f0, 0)              \
        op("itm", -1ul, 0) op("cmcv", 0x100ff, 0) op("pmv", 0x100ff, 0) op("lrr0", 0x1a7ff, 0)     \
            op("lrr1", 0x1a7ff, 0)
#define EACH_KR(op) op("k0") op("k1") op("k2") op("k3") op("k4") op("k5")

static u64 system_registers(struct cpu *me, u64 set, u64 b)
{
    u64 v, want, bad = 0;

    seeds[me->id] = 1234567890123 + 777 * me->id;
#define ONE(get, set_it, mask, what, i)                                                            \
    want = word(me) & (mask);                                                                      \
    if (set) {                                                                                     \
        set_it;                                                                                    \
    } else {                                                                                       \
        v = (get) & (mask);                                                                        \
        if (v != want) {                                                                           \
            bad++;                                                                                 \
            print("BAD cpu %u: %s %u: %x became %x\n", me->id, what, (u64)(i), want, v);           \
        }                                                                                          \
    }
    for (u64 i = 0; i < 8; i++) {
        ONE(get_dbr(i), set_dbr(i, want), i & 1 ? 0xcffffffffffffffful & ~(15ul << 56) : -1ul,
            "dbr", i)
        ONE(get_ibr(i), set_ibr(i, want), i & 1 ? 0x8ffffffffffffffful & ~(15ul << 56) : -1ul,
            "ibr", i)
    }
    /* Frozen, as pmc0 is from the start. */
    for (u64 i = 4; i < 8; i++) {
        ONE(get_pmc(i), set_pmc(i, want), 0x0f, "pmc", i)
        ONE(get_pmd(i), set_pmd(i, want), 0x7fffffff, "pmd", i)
    }
    for (u64 i = 0; i < 16; i++) {
        ONE(get_pkr(i), set_pkr(i, want | i << 8), 0xfff000f, "pkr", i)
    }
    for (u64 i = 1; i < 7; i++) {
        ONE(get_rr(i << 61), set_rr(i << 61, want | 14 << 2), 0x3ffff00, "rr", i)
    }
#define CR_(name, mask, more) ONE(GET_CR(name), SET_CR(name, want | (more)), mask, "cr." name, 0)
#define KR_(name)                                                                                  \
    ONE(GET_AR(name), __asm__ volatile("mov ar." name "=%0" ::"r"(want)), -1ul, "ar." name, 0)
    EACH_CR(CR_)
    EACH_KR(KR_)
    return bad;
}

static u64 become_virtual(struct cpu *me, u64 a, u64 b)
{
    go_virtual();
    return 0;
}

static void flag_all(u64 flag)
{
    for (unsigned int c = 0; c < CPUS; c++)
        cpus[c].flag = flag;
}

int main(void)
{
    start_cpus(CPUS);
    on_all("registers, physical mode", run, 16, 100000);
    for (unsigned int c = 0; c < CPUS; c++)
        on(c, become_virtual, 0, 0);
    on_all("registers", run, 64, 200000);
    flag_all(1);
    on_all("with a timer", run, 64, 200000);
    flag_all(0);
    on_all("system registers", system_registers, 1, 0);
    on_all("registers again", run, 16, 1500000);
    on_all("system registers are kept", system_registers, 0, 0);
    print("%u wrong\n", wrong);
    return 0;
}
