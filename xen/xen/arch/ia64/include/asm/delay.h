/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_DELAY_H__
#define __ASM_IA64_DELAY_H__

void udelay(unsigned long usecs);

#endif
