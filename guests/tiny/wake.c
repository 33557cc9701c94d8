/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processors that sleep and wake each other, and contend: a lost wake-up would hang, a lost update
 * would be missing from a sum. With more virtual processors than the machine has they are switched
 * all the time.
 *
 * ia64-sim: -smp 4
 * xen: -smp 4
 * xen: -smp 2 dom0_max_vcpus=4 sched=credit sched_credit_tslice_ms=1 sched_ratelimit_us=0
 * xen: -smp 1 dom0_max_vcpus=4
 */
#include "cpus.h"

#define CPUS 4

/* --- halting --- */

/* A ring: each waits for its neighbour's message, halted, and wakes the next. a rounds; b: with
 * psr.i 1 the handler takes it. */
static u64 ring(struct cpu *me, u64 rounds, u64 open)
{
    u64 next = (me->id + 1) % CPUS, bad = 0;

    for (u64 i = 0; i < rounds; i++) {
        if (me->id == 0)
            ipi(next, 0x91);
        if (open) {
            u64 n = i;

            while (me->nlog == n) {
                pal_halt_light();
                open_window();
            }
            bad += me->nlog != n + 1;
        } else {
            u64 vector;

            while ((vector = GET_CR("ivr")) == 15)
                pal_halt_light();
            SET_CR("eoi", 0ul);
            bad += vector != 0x91;
        }
        if (me->id)
            ipi(next, 0x91);
    }
    return bad;
}

/*
 * Every processor wakes every other one, all at the same time; none is lost. One can be a round
 * ahead of another, so rounds take turns with two vectors.
 */
static u64 everybody(struct cpu *me, u64 rounds, u64 b)
{
    u64 got = 0, seen[2] = {0, 0};

    for (u64 r = 0; r < rounds; r++) {
        for (u64 c = 0; c < CPUS; c++)
            if (c != me->id)
                ipi(c, 0xa0 + 0x10 * me->id + (r & 1));
        while (seen[r & 1] != ((1 << CPUS) - 1) - (1ul << me->id)) {
            u64 vector = GET_CR("ivr");

            if (vector == 15) {
                pal_halt_light();
                continue;
            }
            SET_CR("eoi", 0ul);
            seen[vector & 1] |= 1ul << ((vector >> 4) - 10);
            got++;
        }
        seen[r & 1] = 0;
    }
    return got;
}

/* Data first, then the message; who is woken sees it. */
static u64 pass_halted(struct cpu *me, u64 rounds, u64 b)
{
    static volatile u64 data[CPUS][8];
    u64 next = (me->id + 1) % CPUS, bad = 0;

    for (u64 i = 1; i <= rounds; i++) {
        if (me->id || i > 1) {
            while (GET_CR("ivr") == 15)
                pal_halt_light();
            SET_CR("eoi", 0ul);
            for (int k = 0; k < 8; k++)
                bad += data[me->id][k] != (i - (me->id == 0)) * 8 + k;
        }
        for (int k = 0; k < 8; k++)
            data[next][k] = i * 8 + k;
        mf();
        ipi(next, 0x92);
    }
    if (me->id == 0) { /* the last round's */
        while (GET_CR("ivr") == 15)
            pal_halt_light();
        SET_CR("eoi", 0ul);
    }
    return bad;
}

/* Asleep with a timer of its own. */
static u64 sleep_timer(struct cpu *me, u64 rounds, u64 b)
{
    u64 bad = 0;

    SET_CR("itv", 0xe1ul);
    for (u64 i = 0; i < rounds;) {
        u64 until = GET_AR("itc") + 30000 + 1000 * me->id, vector;

        SET_CR("itm", until);
        if (GET_AR("itc") >= until) {
            /* Too late, we did not run: it may be missed. Again. */
            if (GET_CR("ivr") != 15)
                SET_CR("eoi", 0ul);
            continue;
        }
        while ((vector = GET_CR("ivr")) == 15)
            pal_halt_light();
        SET_CR("eoi", 0ul);
        bad += vector != 0xe1;
        bad += GET_AR("itc") < until;
        i++;
    }
    SET_CR("itv", 0x10000ul);
    return bad;
}

/* --- semaphores --- */

static volatile u64 counter[4] __attribute__((aligned(64)));
static volatile u64 lock, pair[2] __attribute__((aligned(16)));
static u64 add_up(struct cpu *me, u64 rounds, u64 b)
{
    for (u64 i = 0; i < rounds; i++) {
        u64 old, new, lo;

        __asm__ volatile("fetchadd8.acq %0=[%1],1" : "=r"(old) : "r"(&counter[0]) : "memory");
        do {
            old = counter[1];
            new = old + me->id + 1;
            __asm__ volatile("mov ar.ccv=%1;; cmpxchg8.rel %0=[%2],%3,ar.ccv"
                             : "=r"(lo)
                             : "r"(old), "r"(&counter[1]), "r"(new)
                             : "memory");
        } while (lo != old);
        do
            __asm__ volatile("xchg8 %0=[%1],%2" : "=r"(old) : "r"(&lock), "r"(1ul) : "memory");
        while (old);
        counter[2] += 3;
        __asm__ volatile("st8.rel [%0]=r0" ::"r"(&lock) : "memory");
        /* Both halves move together. */
        do {
            lo = pair[0];
            __asm__ volatile(
                "mov ar.ccv=%1; mov ar.csd=%3;; cmp8xchg16.acq %0=[%2],%4,ar.csd,ar.ccv"
                : "=r"(old)
                : "r"(lo), "r"(&pair[0]), "r"(2 * (lo + 1)), "r"(lo + 1)
                : "memory");
        } while (old != lo);
        if (i % 16 == 0)
            __asm__ volatile("fetchadd4.rel %0=[%1],-8" : "=r"(old) : "r"(&counter[3]) : "memory");
    }
    return 0;
}

int main(void)
{
    start_cpus(CPUS);
    on_all("a ring of halted processors", ring, 300, 0);
    on_all("the same with psr.i 1", ring, 300, 1);
    on_all("each to all", everybody, 100, 0);
    on_all("asleep until a timer", sleep_timer, 20, 0);
    on_all("messages, halted", pass_halted, 300, 0);
    on_all("semaphores", add_up, 1000, 0);
    print("%u %u %u %u %u %x\n", counter[0], counter[1], counter[2], pair[0], pair[1], counter[3]);
    return 0;
}
