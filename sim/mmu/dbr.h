/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Checks by register files other than the TLB: data breakpoints (SDM 2:7.1.1) and protection keys
 * (SDM 2:4.1.3). For translate.c and vhpt.c.
 */
#ifndef SIM_MMU_DBR_H
#define SIM_MMU_DBR_H

#include "sim/mmu/mmu.h"

/* Does any byte of the access lie in an enabled data breakpoint for privilege level pl? */
static inline bool dbr_match(const struct cpu *cpu, uint64_t va, unsigned size, unsigned acc,
                             unsigned pl)
{
    for (unsigned i = 0; i < N_DBR; i += 2) {
        uint64_t ctl = cpu->dbr[i + 1];
        uint64_t mask = (ctl & 0x00ffffffffffffffull) | 0xffull << 56;
        if (!(ctl >> (56 + pl) & 1) ||
            !((acc & ACC_R && ctl >> 63) || (acc & ACC_W && (ctl >> 62 & 1))))
            continue;
        for (unsigned b = 0; b < size; b++)
            if (((va + b) & mask) == (cpu->dbr[i] & mask))
                return true;
    }
    return false;
}

enum { PKR_V = 1, PKR_WD = 2, PKR_RD = 4, PKR_XD = 8 };

/* The protection key register that holds key, 0 if none is valid. */
static inline uint64_t pkr_find(const struct cpu *cpu, uint32_t key)
{
    for (unsigned i = 0; i < N_PKR; i++)
        if ((cpu->pkr[i] & PKR_V) && (cpu->pkr[i] >> 8 & 0xffffff) == key)
            return cpu->pkr[i];
    return 0;
}
static inline bool pkr_denies(uint64_t pkr, unsigned acc)
{
    return (acc & ACC_R && pkr & PKR_RD) || (acc & ACC_W && pkr & PKR_WD) ||
           (acc & ACC_X && pkr & PKR_XD);
}
static inline bool pkr_allows(const struct cpu *cpu, uint32_t key, unsigned acc)
{
    uint64_t pkr = pkr_find(cpu, key);
    return pkr && !pkr_denies(pkr, acc);
}

#endif
