/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A processor's birth, reset and end. Which processor it is: a Montecito-class part (SDM 1:3.1.11,
 * CPUID).
 */
#include <stdlib.h>
#include <string.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/pmu.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/mmu/mmu.h"

/* CPUID[3]: number of the last register, revision, model, family, architecture revision, from the
 * low byte up. */
#define CPUID_VERSION (4ull | 7ull << 8 | 0ull << 16 | 0x20ull << 24)
/* CPUID[4]: long branch, spontaneous deferral, 16-byte atomics, ar.ruc; from bit 32 what `tf`
 * tests: clz, mpy4. */
#define CPUID_FEATURES (1ull | 1ull << 1 | 1ull << 2 | 1ull << 3 | 1ull << 32 | 1ull << 33)

#define FPSR_RESET                                                                                 \
    0x9804c0270033full /* traps off, sf0 round to nearest extended ..., SDM 1:5.2                  \
                        */

struct cpu *cpu_new(struct machine *m, unsigned index)
{
    struct cpu *cpu = aligned_alloc(64, (sizeof *cpu + 63) & ~(size_t)63);
    if (!cpu)
        return NULL;
    memset(cpu, 0, sizeof *cpu);
    cpu->m = m;
    cpu->index = index;
    cpu->pending = calloc(1, sizeof *cpu->pending);
    cpu->mmu = mmu_new();
    if (!cpu->pending || !cpu->mmu) {
        free(cpu->pending);
        free(cpu);
        return NULL;
    }
    engine_cpu_init(cpu);
    cpu_reset(cpu);
    return cpu;
}

void cpu_free(struct cpu *cpu)
{
    if (!cpu)
        return;
    engine_cpu_free(cpu);
    mmu_free(cpu->mmu);
    free(cpu->alat);
    free(cpu->pending);
    free(cpu);
}

/* SDM 2:11.2.2 (PALE_RESET exit state) as far as it does not depend on PAL: translation off,
 * interruption collection off, a frame of 96 registers. */
void cpu_reset(struct cpu *cpu)
{
    memset(cpu->gr, 0, sizeof cpu->gr);
    memset(cpu->bank, 0, sizeof cpu->bank);
    memset(cpu->pr, 0, sizeof cpu->pr);
    cpu->pr[0] = 1;
    memset(cpu->br, 0, sizeof cpu->br);
    memset(cpu->ar, 0, sizeof cpu->ar);
    memset(cpu->cr, 0, sizeof cpu->cr);
    memset(cpu->dbr, 0, sizeof cpu->dbr);
    memset(cpu->ibr, 0, sizeof cpu->ibr);
    memset(cpu->rr, 0, sizeof cpu->rr);
    memset(cpu->pkr, 0, sizeof cpu->pkr);
    cpu->ar[AR_FPSR] = FPSR_RESET;
    memcpy(&cpu->cpuid[0], "GenuineIntel\0\0\0\0", 16);
    cpu->cpuid[2] = 0;
    cpu->cpuid[3] = CPUID_VERSION;
    cpu->cpuid[4] = CPUID_FEATURES;

    cpu->ip = 0;
    cpu->cur = NULL;
    cpu->event = 0;
    cpu->halted = cpu->branched = cpu->step_once = cpu->lower_priv = false;
    cpu->rfi_icount = cpu->storm_rfi = ~0ull;
    cpu->storm = 0;
    rse_reset(cpu);
    fr_reset(cpu);
    alat_invalidate_all(cpu);
    mmu_reset(cpu);
    pmu_reset(cpu);
    sapic_reset(cpu);

    cpu->psr = 0;
    cpu_set_psr(cpu, 0);
    mem_select_mode(cpu);
    code_mode_changed(cpu);
    cpu_attention(cpu);
}
