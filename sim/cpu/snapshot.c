/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Snapshots: a processor's architected state, and what else decides how it goes on (the register
 * stack's buffer, ALAT, TLB replacement, counters). Fast paths and decoded code are forgotten and
 * come back by themselves, which costs no modelled time.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/board/snapshot_parts.h"
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"
#include "sim/mmu/mmu.h"

static void snap_grs(struct snap *s, struct gr *g, unsigned n)
{
    snap_mem(s, g, n * sizeof *g); /* two words, no padding */
    for (unsigned i = 0; i < n; i++)
        if (g[i].n > 1)
            snap_bad(s, "a NaT bit that is none");
}

static void snap_frs(struct snap *s, struct cpu *cpu)
{
    for (unsigned i = 0; i < 128; i++) {
        struct fr *f = &cpu->fr[i];
        uint32_t se = f->kind == FR_REG ? f->se : 0;
        SNAP(s, f->sig);
        SNAP(s, se);
        SNAP(s, f->kind);
        f->se = se;
        if (f->kind > FR_DBL || se >> 18 || (f->kind == FR_DBL && !fr_dbl_ok(f->sig)))
            snap_bad(s, "not a floating-point register");
    }
}

static void snap_rse(struct snap *s, struct cpu *cpu)
{
    struct cfm *c = &cpu->cfm;
    SNAP(s, c->sof);
    SNAP(s, c->sol);
    SNAP(s, c->sor);
    SNAP(s, c->rrb_gr);
    SNAP(s, c->rrb_fr);
    SNAP(s, c->rrb_pr);
    SNAP(s, cpu->bof);
    SNAP(s, cpu->ndirty);
    snap_bool(s, &cpu->cfle);
    snap_bool(s, &cpu->lower_priv);
    SNAP(s, cpu->rot_applied);
    snap_grs(s, cpu->stacked, STK_BUF);
    if (!snap_loading(s))
        return;
    bool frame = c->sof <= N_STACKED_PHYS && c->sol <= c->sof && c->sor <= c->sof &&
                 c->sor % 8 == 0 && c->rrb_gr < (c->sor ? c->sor : 1) &&
                 cpu->rot_applied < (c->sor ? c->sor : 1) && c->rrb_fr < 96 && c->rrb_pr < 48;
    bool place = cpu->bof >= BOF_MIN && cpu->bof <= BOF_MAX && cpu->ndirty >= -N_STACKED_PHYS &&
                 cpu->ndirty <= N_STACKED_PHYS && cpu->ndirty <= cpu->bof && -cpu->ndirty <= c->sof;
    if (!frame || !place) {
        snap_bad(s, "not a register frame");
        rse_reset(cpu);
        return;
    }
    cpu->stk = &cpu->stacked[cpu->bof - 32];
}

/* ALAT entries name bytes by host address here, by physical address in the file. */
static uint64_t host_to_pa(const struct machine *m, uint64_t host)
{
    for (unsigned i = 0; i < m->nranges; i++) {
        const struct phys_range *r = &m->range[i];
        if (r->host && host - (uintptr_t)r->host < r->size)
            return r->base + (host - (uintptr_t)r->host);
    }
    return ~0ull;
}

static void snap_alat(struct snap *s, struct cpu *cpu)
{
    struct alat *a = cpu->alat;
    if (!a && !(a = cpu->alat = calloc(1, sizeof *a)))
        abort();
    SNAP(s, a->valid);
    SNAP(s, a->victim);
    SNAP(s, a->where);
    for (unsigned i = 0; i < 512; i++)
        a->where[i] %= ALAT_SIZE;
    cpu->alat_bloom = 0;
    for (unsigned i = 0; i < ALAT_SIZE; i++) {
        struct alat_entry *e = &a->e[i];
        bool valid = a->valid >> i & 1;
        uint64_t key = valid ? e->key : 0, size = valid ? e->size : 0;
        uint64_t pa = valid ? host_to_pa(cpu->m, e->host) : 0;
        SNAP(s, key);
        SNAP(s, size);
        SNAP(s, pa);
        const uint8_t *host =
            valid && size && size <= 64 && !(pa >> 50) ? phys_host(cpu->m, pa, size) : NULL;
        if (valid && (!host || !key)) {
            snap_bad(s, "an ALAT entry for memory that is not there");
            a->valid &= ~(1u << i);
            valid = false;
        }
        *e = valid ? (struct alat_entry){key, (uintptr_t)host, size} : (struct alat_entry){0};
        if (valid)
            cpu->alat_bloom |= alat_hash(host, 1) | alat_hash(host + size - 1, 1);
    }
    cpu->m->alat_bloom |= cpu->alat_bloom;
}

static void snap_counters(struct snap *s, struct cpu *cpu)
{
    SNAP(s, cpu->cycles);
    SNAP(s, cpu->icount);
    SNAP(s, cpu->itc_offset);
    SNAP(s, cpu->itc_seen);
    SNAP(s, cpu->rfi_icount);
    SNAP(s, cpu->irr);
    SNAP(s, cpu->isr_inservice);
    SNAP(s, cpu->lbr);
    SNAP(s, cpu->lbr_pos);
    if (cpu->cycles < 0)
        snap_bad(s, "time before its beginning");
}

static void snap_registers(struct snap *s, struct cpu *cpu)
{
    snap_grs(s, cpu->gr, 32);
    snap_grs(s, cpu->bank, 16);
    snap_mem(s, cpu->pr, 64);
    SNAP(s, cpu->br);
    SNAP(s, cpu->ip);
    SNAP(s, cpu->psr);
    SNAP(s, cpu->ar);
    SNAP(s, cpu->cr);
    SNAP(s, cpu->rr);
    SNAP(s, cpu->pkr);
    SNAP(s, cpu->dbr);
    SNAP(s, cpu->ibr);
    SNAP(s, cpu->cpuid);
    snap_bool(s, &cpu->halted);
    SNAP(s, cpu->event);
    snap_bool(s, &cpu->step_once);
    for (unsigned i = 0; i < 64; i++)
        if (cpu->pr[i] > 1)
            snap_bad(s, "a predicate that is neither true nor false");
    if (cpu->gr[0].v | cpu->gr[0].n || cpu->pr[0] != 1 || cpu->ip & 15 ||
        (cpu->psr & PSR_RI) == PSR_RI)
        snap_bad(s, "impossible registers");
}

/* Everything derived from the registers. What a change of modes touches (counters, psr.ic in
 * flight) is loaded after it. */
static void rebuild(struct cpu *cpu)
{
    cpu->cur = NULL;
    cpu->branched = false;
    cpu->single_step = false;
    cpu->pmu_on = false;
    mem_flush(cpu);
    cpu_set_psr(cpu, cpu->psr);
    mem_select_mode(cpu);
    code_mode_changed(cpu);
    cpu_attention(cpu);
}

static void cpu_snapshot(struct snap *s, struct cpu *cpu)
{
    bool inflight = cpu->mmu->ic_inflight;
    snap_registers(s, cpu);
    snap_frs(s, cpu);
    snap_rse(s, cpu);
    snap_counters(s, cpu);
    snap_alat(s, cpu);
    tlb_snapshot(s, cpu);
    snap_bool(s, &cpu->mmu->dbr_active);
    snap_bool(s, &inflight);
    if (snap_loading(s))
        rebuild(cpu);
    cpu->mmu->ic_inflight = inflight;
    SNAP(s, cpu->pmc);
    SNAP(s, cpu->pmd);
    SNAP(s, cpu->pmu_cycles);
    SNAP(s, cpu->pmu_icount);
    SNAP(s, cpu->pmu_psr);
    snap_bool(s, &cpu->pmu_on);
}

void cpus_snapshot(struct snap *s, struct board *b)
{
    if (snap_loading(s)) {
        code_cache_free(b->m);
        b->m->alat_bloom = 0;
    }
    for (unsigned i = 0; i < b->m->ncpu && snap_ok(s); i++) {
        snap_section(s, "cpu", 2);
        cpu_snapshot(s, b->m->cpu[i]);
    }
}
