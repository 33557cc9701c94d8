/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The report of --stats, and the observer that counts the instruction mix.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "sim/debug/stats.h"
#include "sim/cpu/privop_native.h"
#include "sim/debug/names.h"
#include "sim/debug/observers.h"
#include "sim/debug/peek.h"
#include "sim/cpu/intr.h"

static struct observer mix_obs;
static bool mixing;

static void on_insn(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot)
{
    struct cpu_stats *s = cpu->stats;
    struct isa_insn in;
    struct isa_bundle b;
    uint8_t raw[16];
    (void)arg;

    if (!s || peek(cpu, ip, raw, 16, PEEK_CODE) != 16)
        return;
    memcpy(&b, raw, 16);
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    if (slot == 0)
        s->bundles++;
    if (slot == 1 && t->unit[1] == ISA_UNIT_L)
        slot = 2;
    s->insns++;
    if (slot < 3 && t->stop[slot])
        s->groups++;
    if (slot > 2 || isa_decode_slot(b, slot, &in) != ISA_OK)
        return;
    uint32_t attr = isa_rows[in.op].attr;
    s->unit[in.unit & 7]++;
    if (in.qp && !cpu->pr[in.qp] && !(attr & ISA_ATTR_NOQP))
        s->predicated_off++;
    if (attr & ISA_ATTR_NOP)
        s->nops++;
    if (attr & ISA_ATTR_SEMAPHORE)
        s->semaphores++;
    else if (attr & ISA_ATTR_LOAD)
        s->loads++;
    else if (attr & ISA_ATTR_STORE)
        s->stores++;
    if (attr & ISA_ATTR_BRANCH)
        s->branches++;
    if (attr & ISA_ATTR_FP)
        s->fp++;
}

/* A taken branch ends its instruction group too, when no stop does (SDM 1:3.4): not counted twice,
 * since groups are what the cost model charges, by stops alone. */

void stats_start(struct machine *m, bool mix)
{
    for (unsigned i = 0; i < m->ncpu; i++)
        if (!m->cpu[i]->stats)
            m->cpu[i]->stats = calloc(1, sizeof(struct cpu_stats));
    if (mix && !mixing) {
        mix_obs = (struct observer){.insn = on_insn};
        mixing = observers_add(m, &mix_obs);
    }
}

void stats_free(struct machine *m)
{
    if (mixing)
        observers_remove(m, &mix_obs);
    mixing = false;
    for (unsigned i = 0; i < m->ncpu; i++) {
        free(m->cpu[i]->stats);
        m->cpu[i]->stats = NULL;
    }
}

uint64_t stats_instructions(const struct machine *m)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < m->ncpu; i++)
        n += m->cpu[i]->icount;
    return n;
}

uint64_t stats_branches(const struct machine *m)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < m->ncpu; i++)
        n += m->cpu[i]->lbr_pos;
    return n;
}

int64_t stats_cycles(const struct machine *m)
{
    int64_t n = 0;
    for (unsigned i = 0; i < m->ncpu; i++)
        if (m->cpu[i]->cycles > n)
            n = m->cpu[i]->cycles;
    return n;
}

static void line(FILE *f, const char *name, uint64_t v)
{
    fprintf(f, "  %-34s %16" PRIu64 "\n", name, v);
}

void stats_print(struct machine *m, FILE *f, double seconds)
{
    struct cpu_stats sum = {0};
    uint64_t insns = stats_instructions(m);
    int64_t cycles = stats_cycles(m);

    /* Every member is a uint64_t. */
    for (unsigned i = 0; i < m->ncpu; i++)
        for (size_t k = 0; m->cpu[i]->stats && k < sizeof sum / 8; k++)
            ((uint64_t *)&sum)[k] += ((uint64_t *)m->cpu[i]->stats)[k];

    fprintf(f, "statistics, %u cpu%s:\n", m->ncpu, m->ncpu == 1 ? "" : "s");
    line(f, "instructions", insns);
    line(f, "modelled cycles", (uint64_t)cycles);
    if (cycles)
        fprintf(f, "  %-34s %16.2f\n", "instructions per cycle", (double)insns / (double)cycles);
    line(f, "taken branches", stats_branches(m));
    if (mixing) {
        line(f, "bundles", sum.bundles);
        line(f, "instruction groups", sum.groups);
        line(f, "nops", sum.nops);
        line(f, "predicated off", sum.predicated_off);
        line(f, "loads", sum.loads);
        line(f, "stores", sum.stores);
        line(f, "semaphores", sum.semaphores);
        line(f, "branches", sum.branches);
        line(f, "floating point", sum.fp);
        line(f, "M slots", sum.unit[ISA_UNIT_M]);
        line(f, "I slots", sum.unit[ISA_UNIT_I]);
        line(f, "F slots", sum.unit[ISA_UNIT_F]);
        line(f, "B slots", sum.unit[ISA_UNIT_B]);
        line(f, "X (long) slots", sum.unit[ISA_UNIT_X]);
    }
    line(f, "RSE spills", sum.rse_spill);
    line(f, "RSE fills", sum.rse_fill);
    if (!m->user_mode) {
        line(f, "TLB searches", sum.tlb_lookup);
        line(f, "TC insertions", sum.tc_insert);
        line(f, "TR insertions", sum.tr_insert);
        line(f, "TLB purges", sum.tlb_purge);
        line(f, "VHPT walks", sum.vhpt_walk);
        line(f, "VHPT insertions", sum.vhpt_insert);
        line(f, "device accesses", sum.mmio);
    }
    line(f, "unaligned references", sum.unaligned);
    line(f, "code pages decoded", sum.pages_decoded);
    line(f, "code pages dropped", sum.pages_dropped);
    line(f, "blocks built", sum.blocks_built);
    line(f, "fast path flushes", sum.fast_flush);
    for (unsigned v = 0; v < 0x80; v++)
        if (sum.vector[v]) {
            char name[60];
            snprintf(name, sizeof name, "%04x %s", v << 8, vector_name(v << 8));
            line(f, name, sum.vector[v]);
        }
    for (unsigned n = 0; n < 64; n++)
        if (sum.privop[n]) {
            char name[60];
            snprintf(name, sizeof name, "privop %s", privop_native_name(n));
            line(f, name, sum.privop[n]);
        }
    fprintf(f, "  %-34s %16.3f\n", "host seconds", seconds);
    if (seconds > 0)
        fprintf(f, "  %-34s %16.1f\n", "MIPS", (double)insns / seconds / 1e6);
}
