/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The long-format VHPT of a processor (SDM 2:4.1.5): machine translations of whatever domains run there. Its hash table is what the walker reads; each
 * head has a chain of further entries behind it, which the miss handler walks. A translation is here only if its page size is at least the preferred
 * one of its region (rr.ps): the hash then finds it.
 *
 * All of it is changed by its own processor alone, with interrupts off. vhpt.c has no other knowledge of Xen: tests/xen/vhpt.c runs it on the host.
 */
#ifndef __ASM_IA64_VHPT_H__
#define __ASM_IA64_VHPT_H__

#ifndef VHPT_HOST_TEST
#include <xen/const.h>
#ifndef __ASSEMBLY__
#include <xen/types.h>
#endif
#endif

/* One block, pinned by one translation register: heads, then as many bytes of chain entries. */
#define VHPT_SHIFT              20
#define VHPT_SIZE               (1UL << VHPT_SHIFT)
#define VHPT_VIRT_START         _AC(0xf500000001000000, UL) /* where each processor has its own (docs/xen-internals.md) */
#define VHPT_HEADS_SHIFT        (VHPT_SHIFT - 1)        /* pta.size */
#define VHPT_ENTRY_SHIFT        5
#define VHPT_NR_HEADS           (1U << (VHPT_HEADS_SHIFT - VHPT_ENTRY_SHIFT))
#define VHPT_NR_CHAINED         (VHPT_NR_HEADS - 1)     /* entry 0 of that half holds vhpt_info */

/* Offsets for vhpt-miss.S. */
#define VHPT_PTE                0
#define VHPT_ITIR               8
#define VHPT_TAG                16
#define VHPT_NEXT               24

#ifndef __ASSEMBLY__

struct vhpt_entry {
    uint64_t pte;
    uint64_t itir;
    uint64_t tag;               /* bit 63 (ti) set: invalid */
    struct vhpt_entry *next;    /* software's word: the chain, by VHPT_VIRT_START */
};

#define VHPT_TAG_INVALID        (1UL << 63)

/* At the beginning of the chain entries. */
struct vhpt_info {
    struct vhpt_entry *free;    /* chain entries not in use */
    uint64_t victim;            /* head whose chain gives one up next, when none is free */
    uint64_t used;              /* valid entries, heads and chained */
    uint64_t pad;
};

/* Operations on a table by its head, as thash gave it. base: the block. */
void vhpt_clear(void *base);
bool vhpt_is_empty(void *base);
void vhpt_add(void *base, struct vhpt_entry *head, uint64_t pte, uint64_t itir, uint64_t tag);
struct vhpt_entry *vhpt_find(struct vhpt_entry *head, uint64_t tag);
bool vhpt_remove(void *base, struct vhpt_entry *head, uint64_t tag);

#ifndef VHPT_HOST_TEST
/* flushtlb.c. On each processor as it starts: its table is allocated, pinned, cr.pta set. */
void vhpt_init(void);
#define vhpt_base() ((void *)VHPT_VIRT_START)
#endif

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_VHPT_H__ */
