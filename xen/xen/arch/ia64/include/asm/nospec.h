/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_NOSPEC_H__
#define __ASM_IA64_NOSPEC_H__

/* Itanium executes in order; it speculates only where the program says so. */
static inline bool evaluate_nospec(bool condition)
{
    return condition;
}

static inline void block_speculation(void)
{
}

#endif
