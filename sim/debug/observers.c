/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Fan-out of the machine's observer callbacks. A callback of the composite exists only while some
 * member has it, since its mere presence slows the machine down (machine_observe).
 */
#include "sim/debug/observers.h"
#include "sim/cpu/intr.h"

enum { MAX_OBSERVERS = 8 };
static struct observer *members[MAX_OBSERVERS]; /* a process simulates one machine */
static unsigned nmembers;
static struct observer all;

#define EACH(cb, ...)                                                                              \
    for (unsigned i = 0; i < nmembers; i++)                                                        \
        if (members[i]->cb)                                                                        \
    members[i]->cb(members[i]->arg, __VA_ARGS__)

static void all_insn(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    (void)arg;
    EACH(insn, cpu, ip, slot);
}
static void all_retire(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    (void)arg;
    EACH(retire, cpu, ip, slot);
}
static void all_mem(void *arg, struct cpu *cpu, uint64_t va, uint64_t pa, const void *val,
                    unsigned size, unsigned acc)
{
    (void)arg;
    EACH(mem, cpu, va, pa, val, size, acc);
}
static void all_tlb(void *arg, struct cpu *cpu, const char *what, uint64_t va, uint64_t pte,
                    uint64_t itir)
{
    (void)arg;
    EACH(tlb, cpu, what, va, pte, itir);
}
static void all_intr(void *arg, struct cpu *cpu, const struct intr *in)
{
    (void)arg;
    EACH(intr, cpu, in);
}
static void all_branch(void *arg, struct cpu *cpu, uint64_t from, uint64_t to)
{
    (void)arg;
    EACH(branch, cpu, from, to);
}

static void install(struct machine *m)
{
    all = (struct observer){0};
    for (unsigned i = 0; i < nmembers; i++) {
        const struct observer *o = members[i];
        all.insn = o->insn ? all_insn : all.insn;
        all.retire = o->retire ? all_retire : all.retire;
        all.mem = o->mem ? all_mem : all.mem;
        all.tlb = o->tlb ? all_tlb : all.tlb;
        all.intr = o->intr ? all_intr : all.intr;
        all.branch = o->branch ? all_branch : all.branch;
    }
    machine_observe(m, nmembers ? &all : NULL);
}

bool observers_add(struct machine *m, struct observer *o)
{
    if (nmembers == MAX_OBSERVERS)
        return false;
    members[nmembers++] = o;
    install(m);
    return true;
}

void observers_remove(struct machine *m, struct observer *o)
{
    unsigned n = 0;
    for (unsigned i = 0; i < nmembers; i++)
        if (members[i] != o)
            members[n++] = members[i];
    nmembers = n;
    install(m);
}
