/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_PERFC_H__
#define __ASM_IA64_PERFC_H__

static inline void arch_perfc_reset(void)
{
}

static inline void arch_perfc_gather(void)
{
}

#endif
