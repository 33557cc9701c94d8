/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_CPUFEATURE_H__
#define __ASM_IA64_CPUFEATURE_H__
#endif
