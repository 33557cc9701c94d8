/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the translation suites share (T=cpu/mmu, cpu/tlb): one processor whose code runs in physical
 * mode while data are translated, and short ways to put translations and to ask for accesses.
 */
#ifndef TESTS_CPU_MMU_H
#define TESTS_CPU_MMU_H

#include <setjmp.h>
#include <string.h>
#include "sim/cpu/engine.h"
#include "sim/mmu/mmu.h"
#include "tests/cpu/insn.h"

#define VA            0xa000000012340000ull /* region 5 */
#define PA            0x100000ull           /* = DATA of insn.h */
#define RID           0x12345u
#define PTE           (PTE_P | PTE_A | PTE_D | 3ull << 7 | 3ull << 9) /* WB, pl 3, RWX */
#define ITIR(ps, key) ((uint64_t)(key) << 8 | (uint64_t)(ps) << 2)

static struct sut *s;
static struct cpu *cpu;

static inline uint64_t rr_make(uint32_t rid, unsigned ps, unsigned ve)
{
    return (uint64_t)rid << 8 | ps << 2 | ve;
}

/* Everything off but data translation and psr.ic; region n has id RID + n, 16K pages, no walker. */
static inline void fresh(void)
{
    sut_reset(s);
    mmu_reset(cpu);
    for (unsigned i = 0; i < 8; i++)
        cpu->rr[i] = rr_make(RID + i, 14, 0);
    memset(cpu->pkr, 0, sizeof cpu->pkr);
    memset(cpu->dbr, 0, sizeof cpu->dbr);
    cpu->cr[CR_PTA] = 15 << 2;
    cpu->cr[CR_DCR] = 0;
    cpu_set_psr(cpu, PSR_DT | PSR_IC);
}

static inline void put(bool instruction, uint64_t va, uint64_t pte, unsigned ps, uint32_t key)
{
    tlb_insert(cpu, instruction, -1, va, pte, ITIR(ps, key));
}
/* A data translation of 16K with the default key. */
static inline void put_data(uint64_t va, uint64_t pte)
{
    put(false, va, pte, 14, RID + 5);
}

/* Tries an access: the fault in *in, or false. */
static inline enum xl_result try_access(uint64_t va, unsigned size, unsigned acc, unsigned pl,
                                        struct intr *in)
{
    struct xlat x;
    memset(in, 0, sizeof *in);
    return mmu_access(cpu, va, size, acc, pl, 0, &x, in);
}

/* Runs a statement that may raise; true if it did, with the fault in *cpu->pending. */
#define RAISES(stmt)                                                                               \
    (cpu->cur = &cpu->step_uop, sigsetjmp(cpu->fault_env, 0) ? true : ((void)(stmt), false))

#endif
