/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Registers by their assembler names, for the monitor and the gdb stub (SDM 1:3.1, 2:3.3). Reads
 * have no side effects (cr.ivr shows what a read would return without taking it). Writes are a
 * debugger's: unchecked, and followed by what a change of mode needs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/debug/names.h"
#include "sim/debug/state.h"
#include "sim/cpu/intr.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/fr.h"

uint64_t ar_value(const struct cpu *cpu, unsigned n)
{
    switch (n) {
    case AR_BSP:
        return rse_bsp(cpu);
    case AR_BSPSTORE:
        return rse_bspstore(cpu);
    case AR_RNAT:
        return rse_rnat(cpu);
    case AR_ITC:
        return sapic_itc(cpu);
    case AR_RUC:
        return sapic_itc(cpu) - (uint64_t)cpu->itc_offset + cpu->ar[AR_RUC];
    default:
        return cpu->ar[n & 127];
    }
}

uint64_t cr_value(struct cpu *cpu, unsigned n)
{
    if (n >= CR_IRR0 && n <= CR_IRR3)
        return sapic_read_irr(cpu, n - CR_IRR0);
    if (n == CR_IVR) {
        int v = sapic_pending(cpu);
        return v < 0 ? SAPIC_SPURIOUS : (uint64_t)v;
    }
    return cpu->cr[n & 127];
}

static bool ar_set(struct cpu *cpu, unsigned n, uint64_t v)
{
    switch (n) {
    case AR_BSP:
        return false; /* follows from bspstore and the dirty registers */
    case AR_BSPSTORE:
        rse_set_bspstore(cpu, v);
        return true;
    case AR_RNAT:
        rse_set_rnat(cpu, v);
        return true;
    case AR_ITC:
        cpu->itc_offset = (int64_t)v - cpu->cycles;
        sapic_timer_changed(cpu);
        return true;
    case AR_RUC:
        cpu->ar[AR_RUC] = v - (uint64_t)cpu->cycles;
        return true;
    default:
        cpu->ar[n & 127] = v;
        return true;
    }
}

/* "r12" with prefix "r" and limit 128 -> 12; -1: no. */
static int indexed(const char *name, const char *prefix, unsigned limit)
{
    size_t n = strlen(prefix);
    char *end;
    if (strncmp(name, prefix, n) || name[n] < '0' || name[n] > '9')
        return -1;
    unsigned long v = strtoul(name + n, &end, 10);
    return *end || v >= limit ? -1 : (int)v;
}

static int named(const char *name, const char *(*names)(unsigned), const char *prefix)
{
    int i = indexed(name, prefix, 128);
    if (i >= 0)
        return i;
    for (unsigned n = 0; n < 128; n++)
        if (names(n) && (!strcmp(name, names(n)) || !strcmp(name, names(n) + 3)))
            return (int)n;
    return -1;
}

int reg_read(struct cpu *cpu, const char *name, uint64_t *v, unsigned *nat)
{
    int i;
    *nat = 0;
    if (!strcmp(name, "sp"))
        name = "r12";
    if (!strcmp(name, "gp"))
        name = "r1";
    if ((i = indexed(name, "r", 128)) >= 0) {
        if (i >= 32 + cpu->cfm.sof)
            return 0;
        const struct gr *g = gr(cpu, (unsigned)i);
        *v = g->v;
        *nat = (unsigned)g->n;
    } else if ((i = indexed(name, "f", 128)) >= 0) {
        *v = fr_get(cpu, (unsigned)i).sig;
    } else if ((i = indexed(name, "p", 64)) >= 0) {
        *v = cpu->pr[i];
    } else if ((i = indexed(name, "b", 8)) >= 0) {
        *v = cpu->br[i];
    } else if ((i = indexed(name, "rr", 8)) >= 0) {
        *v = cpu->rr[i];
    } else if ((i = indexed(name, "pkr", 16)) >= 0) {
        *v = cpu->pkr[i];
    } else if ((i = indexed(name, "dbr", 16)) >= 0) {
        *v = cpu->dbr[i];
    } else if ((i = indexed(name, "ibr", 16)) >= 0) {
        *v = cpu->ibr[i];
    } else if ((i = indexed(name, "pmc", 32)) >= 0) {
        *v = cpu->pmc[i];
    } else if ((i = indexed(name, "pmd", 32)) >= 0) {
        *v = cpu->pmd[i];
    } else if (!strcmp(name, "ip")) {
        *v = cpu->ip;
    } else if (!strcmp(name, "psr")) {
        *v = cpu->psr;
    } else if (!strcmp(name, "cfm")) {
        *v = cfm_pack(&cpu->cfm);
    } else if (!strcmp(name, "pr")) {
        *v = pr_pack(cpu);
    } else if ((i = named(name, ar_name, "ar")) >= 0) {
        *v = ar_value(cpu, (unsigned)i);
    } else if ((i = named(name, cr_name, "cr")) >= 0) {
        *v = cr_value(cpu, (unsigned)i);
    } else {
        return 0;
    }
    return 1;
}

int reg_write(struct cpu *cpu, const char *name, uint64_t v)
{
    int i;
    if (!strcmp(name, "sp"))
        name = "r12";
    if (!strcmp(name, "gp"))
        name = "r1";
    if ((i = indexed(name, "r", 128)) >= 0) {
        if (i == 0 || i >= 32 + cpu->cfm.sof)
            return 0;
        *gr(cpu, (unsigned)i) = (struct gr){v, 0};
    } else if ((i = indexed(name, "p", 64)) >= 0) {
        pr_set(cpu, (unsigned)i, v & 1);
    } else if ((i = indexed(name, "b", 8)) >= 0) {
        cpu->br[i] = v;
    } else if (!strcmp(name, "ip")) {
        cpu->ip = v & ~15ull;
        cpu->psr = (cpu->psr & ~PSR_RI) | (v & 3) << PSR_RI_SHIFT;
    } else if (!strcmp(name, "psr")) {
        cpu_set_psr(cpu, v);
    } else if (!strcmp(name, "pr")) {
        pr_unpack(cpu, v | 1);
    } else if ((i = indexed(name, "rr", 8)) >= 0) {
        cpu->rr[i] = v;
        mem_flush(cpu);
    } else if ((i = named(name, ar_name, "ar")) >= 0) {
        return ar_set(cpu, (unsigned)i, v);
    } else if ((i = named(name, cr_name, "cr")) >= 0) {
        cpu->cr[i] = v;
        sapic_timer_changed(cpu);
    } else {
        return 0;
    }
    cpu_attention(cpu);
    return 1;
}
