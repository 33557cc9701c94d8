/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_CACHE_H__
#define __ASM_IA64_CACHE_H__

#define L1_CACHE_SHIFT  (CONFIG_IA64_L1_CACHE_SHIFT)
#define L1_CACHE_BYTES  (1 << L1_CACHE_SHIFT)

#define __read_mostly __section(".data.read_mostly")

#endif
