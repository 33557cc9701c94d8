/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_FIXMAP_H__
#define __ASM_IA64_FIXMAP_H__

/* Nothing needs a fixed place: the directmap and the uncached window reach every physical address. */

#endif
