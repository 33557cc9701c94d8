/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message-signalled interrupts of a PCI device, virtio's source of random numbers: MSI-X's
 * registers in configuration space and in memory by accesses of every size, its messages to both
 * processors, masks, pending bits, a BAR that moves; good and bad, and at random. What is read and
 * what comes is printed.
 *
 * ia64-sim: -smp 2 -device virtio-rng-pci
 * xen: -smp 2 -device virtio-rng-pci
 * xen: -smp 1 -device virtio-rng-pci dom0_max_vcpus=2 sched=credit sched_credit_tslice_ms=1
 * sched_ratelimit_us=0
 */
#include "cpus.h"

#define CPUS 2

#define SAL_PCI_CONFIG_READ  0x01000010
#define SAL_PCI_CONFIG_WRITE 0x01000011
#define DEVICE               (1ul << 11) /* 0000:00:01.0 */
#define COMMAND              4
#define BAR(n)               (0x10 + 4 * (n))
#define MEMORY               2
#define MASTER               4
#define INTX_OFF             0x400

#define ENTRIES 2
#define PBA     0x800

#define UC(pa) (1ul << 63 | (pa))

/* virtio 1.1: 4.1.4.3; in BAR 4 */
#define STATUS       0x14
#define QUEUE_VECTOR 0x1a
#define NOTIFY       0x3000
#define RING         16

static struct {
    struct {
        u64 addr;
        unsigned int len;
        unsigned short flags, next;
    } desc[RING];
    struct {
        unsigned short flags, idx, ring[RING], event;
    } avail __attribute__((aligned(64)));
    struct {
        volatile unsigned short flags, idx;
        unsigned int ring[2 * RING];
    } used __attribute__((aligned(64)));
    unsigned char data[64];
} q __attribute__((aligned(4096)));

static u64 table, registers, msix, seed = 88172645463325252ul;

static u64 rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

/* --- accesses --- */

static u64 load(u64 a, u64 size)
{
    switch (size) {
    case 1:
        return *(volatile unsigned char *)a;
    case 2:
        return *(volatile unsigned short *)a;
    case 4:
        return *(volatile unsigned int *)a;
    default:
        return *(volatile u64 *)a;
    }
}

static void store(u64 a, u64 size, u64 v)
{
    switch (size) {
    case 1:
        *(volatile unsigned char *)a = v;
        break;
    case 2:
        *(volatile unsigned short *)a = v;
        break;
    case 4:
        *(volatile unsigned int *)a = v;
        break;
    default:
        *(volatile u64 *)a = v;
    }
}

static u64 get(u64 reg, u64 size)
{
    u64 v = 0, status = sal(SAL_PCI_CONFIG_READ, DEVICE | reg, size, 0, 0, &v);

    return status ? 0xbad000 + status : v;
}

static void set(u64 reg, u64 size, u64 v)
{
    u64 r9, status = sal(SAL_PCI_CONFIG_WRITE, DEVICE | reg, size, v, 0, &r9);

    if (status)
        print("write of %u bytes at %x: status %x\n", size, reg, status);
}

static u64 entry(u64 n, u64 field)
{
    return table + 16 * n + field;
}

static void message(u64 n, u64 addr, u64 data)
{
    store(entry(n, 0), 4, addr);
    store(entry(n, 4), 4, addr >> 32);
    store(entry(n, 8), 4, data);
}

#define TO(cpu) (0xfee00000 | (u64)(cpu) << 12)

/* --- the device --- */

static void virtio_start(void)
{
    store(registers + STATUS, 1, 0);
    store(registers + STATUS, 1, 3);
    store(registers + 8, 4, 1); /* only version 1 */
    store(registers + 0xc, 4, 1);
    store(registers + STATUS, 1, 11);
    store(registers + 0x16, 2, 0);
    store(registers + 0x18, 2, RING);
    store(registers + QUEUE_VECTOR, 2, 1);
    store(registers + 0x20, 8, (u64)q.desc);
    store(registers + 0x28, 8, (u64)&q.avail);
    store(registers + 0x30, 8, (u64)&q.used);
    q.avail.idx = q.used.idx = 0;
    mf();
    store(registers + 0x1c, 2, 1);
    store(registers + STATUS, 1, 15);
    print("virtio: status %x, vector %x\n", load(registers + STATUS, 1),
          load(registers + QUEUE_VECTOR, 2));
}

/* What is pending on this processor, within so many looks: vectors one after the other, behind
 * a 1. */
static u64 drain(struct cpu *me, u64 looks, u64 b)
{
    u64 got = 1, v;

    while (looks--) {
        v = GET_CR("ivr");
        if (v == 15) {
            if (got != 1)
                break;
            relax();
            continue;
        }
        SET_CR("eoi", 0ul);
        got = got << 8 | v;
    }
    return got;
}

static void say(const char *what)
{
    u64 zero = drain(&cpus[0], 300, 0), one = on(1, drain, 300, 0);

    print("%s: cpu 0 %x, cpu 1 %x, pending %x\n", what, zero, one, load(table + PBA, 8));
}

/* The device is asked for a few bytes, and has given them. */
static void ask(void)
{
    unsigned short idx = q.avail.idx;
    u64 patience = 100000;

    q.desc[0].addr = (u64)q.data;
    q.desc[0].len = 8;
    q.desc[0].flags = 2;
    q.avail.ring[idx % RING] = 0;
    mf();
    q.avail.idx = idx + 1;
    mf();
    store(registers + NOTIFY, 2, 0);
    while (q.used.idx != (unsigned short)(idx + 1) && patience--)
        relax();
    if (!patience)
        print("the device is silent\n");
}

static void fire(const char *what)
{
    ask();
    say(what);
}

/* --- what is tried --- */

static void dump(const char *what)
{
    print("%s: command %x control %x, table %x %x %x %x %x\n", what, get(COMMAND, 2),
          get(msix + 2, 2), load(table, 8), load(table + 8, 8), load(table + 16, 8),
          load(table + 24, 8), load(table + PBA, 8));
}

static void sizes(void)
{
    for (u64 size = 1; size <= 8; size *= 2) {
        print("loads of %u:", size);
        for (u64 at = 0; at < 16 * (ENTRIES + 1); at += size)
            print(" %x", load(table + at, size));
        print(" %x %x\n", load(table + PBA, size), load(table + 0xff8, size));
    }
    for (u64 size = 1; size <= 8; size *= 2)
        for (u64 at = 0; at < 16 * (ENTRIES + 1); at += size) {
            store(table + at, size, 0xa5a5f0f0c3c39691 + at);
            print("store of %u at %x: %x %x\n", size, at, load(table + (at & 16), 8),
                  load(table + (at & 16) + 8, 8));
        }
    store(table + PBA, 8, ~0ul);
    store(table + 0xff8, 8, ~0ul);
    dump("behind it");
    for (u64 n = 0; n < ENTRIES; n++) {
        message(n, 0, 0);
        store(entry(n, 12), 4, 1);
    }
    dump("cleared");
    for (u64 size = 1; size <= 4; size *= 2) {
        print("configuration in %u:", size);
        for (u64 at = 0; at < 12; at += size)
            print(" %x", get(msix + at, size));
        print("\n");
    }
    print("SAL: %x %x %x\n", get(msix + 2, 8), get(msix + 1, 2), get(msix + 2, 3));
}

static void basics(void)
{
    fire("not enabled");
    set(msix + 2, 2, 0xc000);
    fire("enabled, all masked");
    message(1, TO(0), 0x51);
    store(entry(1, 12), 4, 0);
    say("unmasked, but the function");
    set(msix + 2, 2, 0x8000);
    say("the function too");
    fire("again");
    store(entry(1, 12), 4, 1);
    fire("masked");
    fire("masked, twice");
    message(1, TO(1), 0x52);
    store(entry(1, 12), 4, 0);
    say("unmasked, changed");
    message(1, TO(0), 0x53);
    fire("changed, not masked");
    store(entry(1, 8), 8, 1ul << 32 | 0x54);
    store(entry(1, 0), 8, TO(1));
    fire("in two stores");
    store(entry(1, 8), 8, 0x54);
    say("and in one");
    set(msix + 3, 1, 0xc0);
    fire("function masked by a byte");
    set(msix, 4, 0x80000000);
    say("and unmasked by four");
    dump("so far");
    set(msix + 3, 1, 0);
    fire("disabled");
    message(1, TO(0), 0x55);
    set(msix + 3, 1, 0x80);
    say("enabled again");
    fire("and so on");
    set(COMMAND, 2, MEMORY | INTX_OFF);
    set(COMMAND, 2, MEMORY | MASTER | INTX_OFF);
    fire("was no master");
    store(registers + QUEUE_VECTOR, 2, 0);
    fire("another entry, masked");
    message(0, TO(1), 0x56);
    store(entry(0, 12), 4, 0);
    say("another entry");
    store(registers + QUEUE_VECTOR, 2, 1);
    fire("back");
}

static void kinds(void)
{
    static const struct {
        const char *what;
        u64 addr, data;
    } m[] = {
        {"lowest priority", TO(1), 0x161},
        {"NMI", TO(1), 0x462},
        {"ExtINT", TO(0), 0x763},
        {"reserved mode 3", TO(0), 0x364},
        {"reserved mode 6", TO(0), 0x665},
        {"high vector", TO(0), 0xff},
        {"low vector", TO(1), 0x10},
        {"more data", TO(1), 0xffffc867},
        {"hint", TO(1) | 8, 0x68},
        {"logical", TO(1) | 4, 0x69},
        {"low bits", TO(1) | 3, 0x6a},
        {"no such processor", TO(9), 0x6b},
        {"eid", TO(1) | 0x10, 0x6c},
        {"memory", 0x0ee01000, 0x6d},
        {"upper half", 0xfef01000, 0x6e},
        {"above", 1ul << 32 | TO(1), 0x6f},
        {"good", TO(1), 0x70},
    };

    for (u64 i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
        store(entry(1, 12), 4, 1);
        message(1, m[i].addr, m[i].data);
        store(entry(1, 12), 4, 0);
        fire(m[i].what);
    }
}

static void moves(void)
{
    u64 bar = get(BAR(1), 4), to = (bar & ~15ul) + 0x200000;

    set(BAR(1), 4, to);
    table = UC(to);
    dump("moved");
    fire("moved");
    set(COMMAND, 2, MASTER | INTX_OFF);
    set(BAR(1), 4, 0xffffffff);
    print("size %x\n", get(BAR(1), 4));
    set(BAR(1), 4, bar);
    set(COMMAND, 2, MEMORY | MASTER | INTX_OFF);
    table = UC(bar & ~15ul);
    dump("back");
    fire("back");
    /* Enabled while nobody can reach the table. */
    set(msix + 2, 2, 0);
    set(COMMAND, 2, MASTER | INTX_OFF);
    set(msix + 2, 2, 0x8000);
    print("control %x\n", get(msix + 2, 2));
    set(COMMAND, 2, MEMORY | MASTER | INTX_OFF);
    fire("enabled without memory");
}

static void anything(u64 rounds)
{
    u64 sum = 0, came = 0, control = 0x8000;

    for (u64 i = 0; i < rounds; i++) {
        u64 n = rnd() % ENTRIES, r = rnd(), got;

        switch (rnd() % 8) {
        case 0:
            control = (r & 0x4000) | (r % 8 ? 0x8000 : 0);
            set(msix + 2, 2, control);
            break;
        case 1:
            store(entry(n, 12), 4, r & 1);
            break;
        case 2:
            message(n, TO(r & 1), 0x30 + (r >> 8) % 0x80);
            break;
        case 3:
            store(entry(n, 0), 8, TO(r & 1));
            store(entry(n, 8), 8, (r >> 32 & 1) << 32 | (0x30 + (r >> 8) % 0x80));
            break;
        case 4:
            store(registers + QUEUE_VECTOR, 2, n);
            break;
        default:
            ask();
        }
        got = drain(&cpus[0], 60, 0) << 32 | on(1, drain, 60, 0);
        came += got != (1ul << 32 | 1);
        sum = sum * 31 + got + load(table + PBA, 8) + get(msix + 2, 2) + load(entry(n, r & 8), 8);
    }
    print("%u at random: %u times something came, sum %x\n", rounds, came, sum);
}

int main(void)
{
    start_cpus(CPUS);
    for (u64 at = 0; at < 0x100; at += 4)
        print("%x%s", get(at, 4), at % 32 == 28 ? "\n" : " ");
    for (msix = get(0x34, 1); msix && get(msix, 1) != 0x11; msix = get(msix + 1, 1))
        ;
    set(COMMAND, 2, MEMORY | MASTER | INTX_OFF);
    table = UC((get(BAR(1), 4) & ~15ul) + (get(msix + 4, 4) & ~7ul));
    registers = UC((get(BAR(4), 4) & ~15ul) | get(BAR(5), 4) << 32);
    dump("at first");
    sizes();
    virtio_start();
    basics();
    kinds();
    moves();
    anything(500);
    set(msix + 2, 2, 0);
    dump("at last");
    store(registers + STATUS, 1, 0);
    print("done\n");
    return 0;
}
