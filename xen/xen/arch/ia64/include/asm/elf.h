/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_ELF_H__
#define __ASM_IA64_ELF_H__

typedef struct {
    unsigned long gr[32], nat, br[8], ip, cfm, psr;
} ELF_Gregset;

#endif
