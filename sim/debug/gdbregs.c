/* SPDX-License-Identifier: GPL-2.0-only
 *
 * gdb's numbering for ia64, as `maint print remote-registers` of gdb 13 shows it: 128 GRs, 128 FRs
 * of 16 bytes, 64 predicates, 8 BRs, two of gdb's own, pr ip psr cfm, 128 ARs. gdb reads r32 and up
 * from the backing store below ar.bsp, which it takes to be the end of the current frame as the
 * kernel's ptrace shows it: hence bsp_after_frame() here and peek_with_rse() for memory.
 */
#include <stdio.h>
#include <string.h>
#include "sim/debug/gdbregs.h"
#include "sim/debug/names.h"
#include "sim/debug/peek.h"
#include "sim/debug/state.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"

enum {
    GR0 = 0,
    FR0 = 128,
    PR0 = 256,
    BR0 = 320,
    VFP = 328,
    PR = 330,
    IP = 331,
    PSR = 332,
    CFM = 333,
    AR0 = 334
};

size_t gdb_reg_size(unsigned n)
{
    return n >= FR0 && n < PR0 ? 16 : 8;
}

static uint64_t value(struct cpu *cpu, unsigned n)
{
    if (n < FR0)
        return n < 32u + cpu->cfm.sof ? gr(cpu, n)->v : 0;
    if (n < BR0)
        return cpu->pr[n - PR0];
    if (n < VFP)
        return cpu->br[n - BR0];
    switch (n) {
    case PR:
        return pr_pack(cpu);
    case IP:
        return cpu->ip;
    case PSR:
        return cpu->psr;
    case CFM:
        return cfm_pack(&cpu->cfm);
    case AR0 + AR_BSP:
        return bsp_after_frame(cpu);
    }
    return n >= AR0 ? ar_value(cpu, n - AR0) : 0;
}

size_t gdb_reg_read(struct cpu *cpu, unsigned n, uint8_t buf[16])
{
    size_t size = gdb_reg_size(n);
    memset(buf, 0, 16);
    if (size == 16) {
        fr_to_spill(fr_r(cpu, n - FR0), buf);
        return size;
    }
    uint64_t v = value(cpu, n);
    memcpy(buf, &v, 8);
    return size;
}

bool gdb_reg_write(struct cpu *cpu, unsigned n, const uint8_t buf[16])
{
    char name[16];
    uint64_t v;
    memcpy(&v, buf, 8);
    if (n >= FR0 && n < PR0) {
        struct fr f;
        fr_put_fill(&f, buf);
        fr_set(cpu, n - FR0, fr_unpack(&f));
        return true;
    }
    if (n < FR0)
        snprintf(name, sizeof name, "r%u", n);
    else if (n < BR0)
        snprintf(name, sizeof name, "p%u", n - PR0);
    else if (n < VFP)
        snprintf(name, sizeof name, "b%u", n - BR0);
    else if (n == PR)
        snprintf(name, sizeof name, "pr");
    else if (n == IP) {
        /* gdb sets the slot through psr.ri. */
        cpu->ip = v & ~15ull;
        cpu->psr = (cpu->psr & ~PSR_RI) | (v & 3) << PSR_RI_SHIFT;
        return true;
    } else if (n == PSR)
        snprintf(name, sizeof name, "psr");
    else if (n >= AR0 && n != AR0 + AR_BSP)
        snprintf(name, sizeof name, "ar%u", n - AR0);
    else
        return false;
    return reg_write(cpu, name, v);
}
