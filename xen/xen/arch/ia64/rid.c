/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Region ids of the machine. Bits 23:18 are a block, one a domain; bits 17:0 are the guest's own id (PAL_VM_SUMMARY tells it that there are 18). Block 0
 * is Xen's: idle vcpus and the physical addresses of guests (rid_metaphysical).
 */
#include <xen/bitmap.h>
#include <xen/sched.h>

#include <asm/flushtlb.h>
#include <asm/vtlb.h>

#define NR_RID_BLOCKS 64

static DEFINE_SPINLOCK(rid_lock);
static DECLARE_BITMAP(rid_blocks, NR_RID_BLOCKS);   /* in use */
static DECLARE_BITMAP(rid_stale, NR_RID_BLOCKS);    /* given back; translations may be left */
static unsigned int rid_next = 1;

int rid_alloc(struct domain *d)
{
    unsigned int block;
    bool stale;

    spin_lock(&rid_lock);

    __set_bit(0, rid_blocks);
    block = find_next_zero_bit(rid_blocks, NR_RID_BLOCKS, rid_next);
    if ( block >= NR_RID_BLOCKS )
        block = find_first_zero_bit(rid_blocks, NR_RID_BLOCKS);
    if ( block >= NR_RID_BLOCKS )
    {
        spin_unlock(&rid_lock);
        printk(XENLOG_ERR "%pd: all %u blocks of region ids are in use\n", d, NR_RID_BLOCKS - 1);
        return -ENOSPC;
    }
    __set_bit(block, rid_blocks);
    stale = __test_and_clear_bit(block, rid_stale);
    rid_next = block + 1 < NR_RID_BLOCKS ? block + 1 : 1;

    spin_unlock(&rid_lock);

    d->arch.rid_block = block;
    /* What the last domain with these ids left in TLBs and VHPTs. */
    if ( stale )
        arch_flush_tlb_mask(&cpu_online_map);

    return 0;
}

void rid_free(struct domain *d)
{
    if ( !d->arch.rid_block )
        return;

    spin_lock(&rid_lock);
    __clear_bit(d->arch.rid_block, rid_blocks);
    __set_bit(d->arch.rid_block, rid_stale);
    spin_unlock(&rid_lock);

    d->arch.rid_block = 0;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
