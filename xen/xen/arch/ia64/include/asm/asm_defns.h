/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_ASM_DEFNS_H__
#define __ASM_IA64_ASM_DEFNS_H__
#include <asm/asm-offsets.h>
#endif
