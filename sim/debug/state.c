/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Dumps of the architected state, decoded. Used when a guest dies, so it must not fault, raise or
 * change anything.
 */
#include <inttypes.h>
#include <string.h>
#include "sim/debug/state.h"
#include "sim/debug/names.h"
#include "sim/debug/peek.h"
#include "sim/debug/symbols.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"
#include "sim/mmu/mmu.h"

char *disasm_at(struct cpu *cpu, uint64_t ip, unsigned slot, char *buf, size_t size)
{
    struct isa_bundle b;
    struct isa_insn in;
    uint8_t raw[16];

    if (peek(cpu, ip & ~15ull, raw, 16, PEEK_CODE) != 16) {
        snprintf(buf, size, "?");
        return buf;
    }
    memcpy(&b, raw, 16);
    if (isa_templates[isa_tmpl(b)].reserved) {
        snprintf(buf, size, "(reserved template %#x)", isa_tmpl(b));
        return buf;
    }
    if (slot == 1 && isa_templates[isa_tmpl(b)].unit[1] == ISA_UNIT_L)
        slot = 2;
    isa_decode_slot(b, slot, &in);
    isa_disasm(&in, ip & ~15ull, buf, size);
    return buf;
}

void state_where(struct cpu *cpu, FILE *f)
{
    char sym[300], dis[160];
    unsigned slot = (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3);
    fprintf(f, "cpu%u ip %016" PRIx64 ".%u%s: %s\n", cpu->index, cpu->ip, slot,
            symbol_at(cpu->ip, sym, sizeof sym), disasm_at(cpu, cpu->ip, slot, dis, sizeof dis));
}

static void print_gr(const struct cpu *cpu, FILE *f, unsigned r)
{
    const struct gr *g = r < 32 ? &cpu->gr[r] : &cpu->stk[r];
    fprintf(f, "r%-3u %016" PRIx64 "%c%s", r, g->v, g->n ? '*' : ' ', r % 4 == 3 ? "\n" : "  ");
}

void state_gr(struct cpu *cpu, FILE *f)
{
    char names[200];
    const struct cfm *c = &cpu->cfm;
    unsigned n = 32u + c->sof;

    fprintf(f, "psr %016" PRIx64 " (%s)\n", cpu->psr, psr_names(cpu->psr, names, sizeof names));
    fprintf(f,
            "cfm %010" PRIx64 " sof=%u sol=%u sor=%u rrb.gr=%u rrb.fr=%u rrb.pr=%u  pr %016" PRIx64
            "\n",
            cfm_pack(c), c->sof, c->sol, c->sor, c->rrb_gr, c->rrb_fr, c->rrb_pr, pr_pack(cpu));
    for (unsigned i = 0; i < 8; i++)
        fprintf(f, "b%-3u %016" PRIx64 " %s", i, cpu->br[i], i % 4 == 3 ? "\n" : " ");
    for (unsigned r = 0; r < n; r++)
        print_gr(cpu, f, r);
    if (n % 4)
        fprintf(f, "\n");
    fprintf(f, "bank %u's r16-r31:\n", cpu->psr & PSR_BN ? 0u : 1u);
    for (unsigned i = 0; i < 16; i++)
        fprintf(f, "r%-3u %016" PRIx64 "%c%s", i + 16, cpu->bank[i].v, cpu->bank[i].n ? '*' : ' ',
                i % 4 == 3 ? "\n" : "  ");
}

void state_fr(struct cpu *cpu, FILE *f)
{
    for (unsigned r = 0; r < 128; r++) {
        struct fpv v = fr_get(cpu, r);
        fprintf(f, "f%-3u %c %05x %016" PRIx64 "%s", r, v.sign ? '-' : '+', v.exp, v.sig,
                r % 3 == 2 || r == 127 ? "\n" : "   ");
    }
}

static void print_named(FILE *f, unsigned *col, const char *name, uint64_t v)
{
    fprintf(f, "%-11s %016" PRIx64 "%s", name, v, *col % 3 == 2 ? "\n" : "   ");
    (*col)++;
}

void state_ar(struct cpu *cpu, FILE *f)
{
    unsigned col = 0;
    for (unsigned n = 0; n < 128; n++)
        if (ar_name(n) && !(n >= AR_FCR && n <= AR_FDR && !cpu->ar[n]))
            print_named(f, &col, ar_name(n), ar_value(cpu, n));
    fprintf(f, "%srse: dirty %d%s\n", col % 3 ? "\n" : "", cpu->ndirty,
            cpu->cfle ? " (incomplete)" : "");
}

void state_cr(struct cpu *cpu, FILE *f)
{
    char names[200];
    unsigned col = 0;
    for (unsigned n = 0; n < 128; n++)
        if (cr_name(n) && n != CR_EOI)
            print_named(f, &col, cr_name(n), cr_value(cpu, n));
    if (col % 3)
        fprintf(f, "\n");
    fprintf(f, "isr (%s)\n", isr_names(cpu->cr[CR_ISR], names, sizeof names));
    fprintf(f, "ipsr (%s)\n", psr_names(cpu->cr[CR_IPSR], names, sizeof names));
}

void state_debug_regs(struct cpu *cpu, FILE *f)
{
    static const char *const set[] = {"rr", "pkr", "dbr", "ibr", "pmc", "pmd"};
    const uint64_t *const regs[] = {cpu->rr, cpu->pkr, cpu->dbr, cpu->ibr, cpu->pmc, cpu->pmd};
    const unsigned count[] = {8, 16, 16, 16, 32, 32};
    for (unsigned s = 0; s < 6; s++) {
        unsigned col = 0;
        for (unsigned i = 0; i < count[s]; i++) {
            char name[16];
            if (s && !regs[s][i])
                continue;
            snprintf(name, sizeof name, "%s%u", set[s], i);
            print_named(f, &col, name, regs[s][i]);
        }
        if (col % 3)
            fprintf(f, "\n");
    }
}

static void print_tlb(FILE *f, const char *what, const struct tlb *tlb)
{
    static const char *const ma[8] = {"WB", "?1", "?2", "?3", "UC", "UCE", "WC", "NaTPage"};
    for (unsigned i = 0; i < N_TR + N_TC; i++) {
        const struct tlb_ent *e = &tlb->e[i];
        if (!e->valid)
            continue;
        fprintf(f,
                "  %s%c%-3u rid %06x va %016" PRIx64 " -> pa %013" PRIx64
                " 2^%u ar %u pl %u %c%c%c %s%s key %06x\n",
                what, i < N_TR ? 'r' : 'c', i < N_TR ? i : i - N_TR, e->rid, e->va,
                (uint64_t)(e->pte & PTE_PPN & ~((1ull << e->ps) - 1)), e->ps, pte_ar(e->pte),
                pte_pl(e->pte), e->pte & PTE_P ? 'p' : '-', e->pte & PTE_A ? 'a' : '-',
                e->pte & PTE_D ? 'd' : '-', ma[pte_ma(e->pte)], e->pte & PTE_ED ? " ed" : "",
                e->key);
    }
}

void state_tlb(struct cpu *cpu, FILE *f)
{
    if (cpu->m->user_mode) {
        fprintf(f, "no TLB in --user mode\n");
        return;
    }
    fprintf(f, "TLB of cpu%u:\n", cpu->index);
    print_tlb(f, "it", &cpu->mmu->i);
    print_tlb(f, "dt", &cpu->mmu->d);
}

void state_branches(const struct cpu *cpu, FILE *f, unsigned count)
{
    uint64_t n = cpu->lbr_pos < 64 ? cpu->lbr_pos : 64;
    if (n > count)
        n = count;
    fprintf(f, "last %u taken branches of cpu%u:\n", (unsigned)n, cpu->index);
    for (uint64_t i = cpu->lbr_pos - n; i != cpu->lbr_pos; i++) {
        char a[300], b[300];
        uint64_t from = cpu->lbr[i & 63].from, to = cpu->lbr[i & 63].to;
        fprintf(f, "  %016" PRIx64 "%s -> %016" PRIx64 "%s\n", from, symbol_at(from, a, sizeof a),
                to, symbol_at(to, b, sizeof b));
    }
}

void state_dump(struct cpu *cpu, FILE *f)
{
    state_where(cpu, f);
    state_gr(cpu, f);
    state_fr(cpu, f);
    state_ar(cpu, f);
    if (!cpu->m->user_mode) {
        state_cr(cpu, f);
        state_debug_regs(cpu, f);
    }
    state_tlb(cpu, f);
    state_branches(cpu, f, 16);
}

void state_fatal(struct cpu *cpu, FILE *f, const char *why)
{
    fprintf(f, "fatal: %s\n", why);
    state_where(cpu, f);
    state_gr(cpu, f);
    state_ar(cpu, f);
    if (!cpu->m->user_mode)
        state_cr(cpu, f);
    state_branches(cpu, f, 64);
}
