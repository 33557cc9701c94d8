/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's own translations but for the pinned ones: what a miss in region 7's upper half means. The granules of the directmap that are all
 * RAM are inserted by ivt.S with the help of directmap_wb; all the rest comes to xen_page_fault().
 *
 * Everything touched here on the way to an insertion is in the image or on the stack, which are pinned, or (tables of the frame table and of
 * vmap) in the directmap, whose own misses nest once.
 */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/pfn.h>
#include <xen/vmap.h>
#include <asm/atomic.h>
#include <asm/flushtlb.h>
#include <asm/processor.h>
#include <asm/setup.h>

#define EFI_ATTR_UC     1UL
#define EFI_ATTR_WB     8UL
#define EFI_MMIO        11
#define EFI_MMIO_PORTS  12

unsigned long directmap_wb[BITS_TO_LONGS(DIRECTMAP_GRANULES)];

/* The descriptor that holds pa. */
static const struct efi_memdesc *memdesc_of(paddr_t pa)
{
    const struct efi_memdesc *d;
    unsigned int i;

    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
        if ( pa - d->phys_start < d->num_pages << PAGE_SHIFT )
            return d;

    return NULL;
}

static bool desc_is_wb(const struct efi_memdesc *d)
{
    return d && (d->attribute & EFI_ATTR_WB) && d->type != EFI_MMIO && d->type != EFI_MMIO_PORTS;
}

bool is_wb_ram(paddr_t start, paddr_t end)
{
    while ( start < end )
    {
        const struct efi_memdesc *d = memdesc_of(start);

        if ( !desc_is_wb(d) )
            return false;
        start = d->phys_start + (d->num_pages << PAGE_SHIFT);
    }

    return true;
}

void __init directmap_init(void)
{
    const struct efi_memdesc *d;
    const paddr_t granule = 1UL << DIRECTMAP_GRANULE_SHIFT;
    unsigned int i;

    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
    {
        paddr_t s = d->phys_start, e = s + (d->num_pages << PAGE_SHIFT), g;

        if ( !desc_is_wb(d) )
            continue;
        for ( g = s & -granule; g < e && g < DIRECTMAP_GRANULES << DIRECTMAP_GRANULE_SHIFT; g += granule )
            if ( (g >= s && g + granule <= e) || is_wb_ram(g, g + granule) )
                __set_bit(g >> DIRECTMAP_GRANULE_SHIFT, directmap_wb);
    }
}

/*
 * Xen heap that ivt.S can translate alone: what the C part of a miss uses itself (stacks, per-processor areas) must be of it. Blocks of other granules
 * are held until one that fits comes.
 */
void *alloc_granule_pages(unsigned int order)
{
    void *p, *bad = NULL;

    while ( (p = alloc_xenheap_pages(order, 0)) != NULL &&
            !(virt_to_maddr(p) >> DIRECTMAP_GRANULE_SHIFT < DIRECTMAP_GRANULES &&
              test_bit(virt_to_maddr(p) >> DIRECTMAP_GRANULE_SHIFT, directmap_wb)) )
    {
        *(void **)p = bad;
        bad = p;
    }
    while ( bad )
    {
        void *next = *(void **)bad;

        free_xenheap_pages(bad, order);
        bad = next;
    }

    return p;
}

static bool directmap_fault(vaddr_t va)
{
    paddr_t pa = va - DIRECTMAP_VIRT_START;
    const struct efi_memdesc *d = pa < DIRECTMAP_SIZE ? memdesc_of(pa) : NULL;
    unsigned int ps = PAGE_SHIFT;

    if ( !desc_is_wb(d) )
        return false;

    perfc_incr(directmap_miss);
    pa &= PAGE_MASK;
    /* RAM beyond the bitmap's reach still has its granules. */
    if ( pa >> DIRECTMAP_GRANULE_SHIFT >= DIRECTMAP_GRANULES )
    {
        paddr_t g = pa & -(1UL << DIRECTMAP_GRANULE_SHIFT);

        if ( is_wb_ram(g, g + (1UL << DIRECTMAP_GRANULE_SHIFT)) )
        {
            ps = DIRECTMAP_GRANULE_SHIFT;
            pa = g;
        }
    }
    ia64_itc_d(DIRECTMAP_VIRT_START + pa, pa | XEN_PTE_RW, IA64_ITIR(0, ps));

    return true;
}

/* Frame table: for each chunk of 2^FRAMETABLE_CHUNK_SHIFT bytes the frame number of its memory, 0 for none. */
#define FRAMETABLE_CHUNK    (1UL << FRAMETABLE_CHUNK_SHIFT)
static uint32_t *__read_mostly frametable_chunk;
static unsigned long __read_mostly nr_frametable_chunks;

void __init frametable_init(void)
{
    unsigned long i, backed = 0;
    const unsigned int pages = FRAMETABLE_CHUNK >> PAGE_SHIFT;

    BUILD_BUG_ON(sizeof(struct page_info) != 64);

    nr_frametable_chunks = DIV_ROUND_UP(max_pdx, PDX_GROUP_COUNT);
    if ( max_pdx > FRAMETABLE_NR )
        panic("The memory is spread too far for the frame table\n");
    frametable_chunk = mfn_to_virt(mfn_x(alloc_boot_pages(
        PFN_UP(nr_frametable_chunks * sizeof(*frametable_chunk)), 1)));
    memset(frametable_chunk, 0, PAGE_ALIGN(nr_frametable_chunks * sizeof(*frametable_chunk)));

    /* common/pdx.c has its first group valid from the beginning. */
    for ( i = 0; i < nr_frametable_chunks; i++ )
    {
        mfn_t mfn;

        if ( !test_bit(i, pdx_group_valid) )
            continue;
        mfn = alloc_boot_pages(pages, pages);
        memset(mfn_to_virt(mfn_x(mfn)), 0, FRAMETABLE_CHUNK);
        frametable_chunk[i] = mfn_x(mfn);
        backed++;
    }
    printk("Frame table: %lu of %lu chunks, %lu MiB\n", backed, nr_frametable_chunks,
           backed << FRAMETABLE_CHUNK_SHIFT >> 20);
}

static bool frametable_fault(vaddr_t va)
{
    unsigned long idx = (va - FRAMETABLE_VIRT_START) >> FRAMETABLE_CHUNK_SHIFT;

    if ( idx >= nr_frametable_chunks || !frametable_chunk[idx] )
        return false;

    perfc_incr(frametable_miss);
    ia64_itc_d(va & -FRAMETABLE_CHUNK,
               ((paddr_t)frametable_chunk[idx] << PAGE_SHIFT) | XEN_PTE_RW,
               IA64_ITIR(0, FRAMETABLE_CHUNK_SHIFT));

    return true;
}

/*
 * vmap: a table of tables of translations (pte as the TLB takes it, 0 for none).
 */
#define VMAP_L2_SHIFT   (PAGE_SHIFT - 3)
#define VMAP_L1_ENTRIES (VMAP_VIRT_SIZE >> PAGE_SHIFT >> VMAP_L2_SHIFT)
static uint64_t *vmap_l1[VMAP_L1_ENTRIES];
static DEFINE_SPINLOCK(vmap_lock);

static uint64_t *vmap_pte(vaddr_t va, bool alloc)
{
    unsigned long idx = (va - VMAP_VIRT_START) >> PAGE_SHIFT;
    uint64_t **l1 = &vmap_l1[idx >> VMAP_L2_SHIFT];

    if ( !*l1 )
    {
        uint64_t *l2;

        if ( !alloc || !(l2 = alloc_xenheap_page()) )
            return NULL;
        clear_page(l2);
        spin_lock(&vmap_lock);
        if ( !*l1 )
        {
            smp_wmb();
            *l1 = l2;
            l2 = NULL;
        }
        spin_unlock(&vmap_lock);
        if ( l2 )
            free_xenheap_page(l2);
    }

    return &(*l1)[idx & ((1UL << VMAP_L2_SHIFT) - 1)];
}

static bool in_vmap(vaddr_t va)
{
    return va - VMAP_VIRT_START < VMAP_VIRT_SIZE;
}

static uint64_t vmap_flags_to_pte(unsigned int flags)
{
    return IA64_PTE_P | IA64_PTE_A | IA64_PTE_D | (flags & _PAGE_MA_MASK) |
           (flags & _PAGE_X ? (flags & _PAGE_RO ? IA64_PTE_AR_RX : IA64_PTE_AR_RWX)
                            : (flags & _PAGE_RO ? IA64_PTE_AR_R : IA64_PTE_AR_RW));
}

/* Region 7 has the running vcpu's region id: translations of a page may be in any TLB under several. */
static void vmap_flush(void)
{
    if ( system_state < SYS_STATE_smp_boot )
        local_flush_tlb_all();
    else
        arch_flush_tlb_mask(&cpu_online_map);
}

int map_pages_to_xen(unsigned long virt, mfn_t mfn, unsigned long nr_mfns,
                     unsigned int flags)
{
    bool flush = false;

    if ( !in_vmap(virt) || !in_vmap(virt + (nr_mfns << PAGE_SHIFT) - 1) )
        return -EINVAL;

    for ( ; nr_mfns; nr_mfns--, virt += PAGE_SIZE, mfn = mfn_add(mfn, 1) )
    {
        uint64_t *pte = vmap_pte(virt, flags & _PAGE_PRESENT);
        uint64_t new = 0;

        if ( !pte )
        {
            if ( flags & _PAGE_PRESENT )
                return -ENOMEM;
            continue;
        }
        if ( flags & _PAGE_PRESENT )
            new = mfn_to_maddr(mfn) | vmap_flags_to_pte(flags);
        flush |= *pte != 0;
        write_atomic(pte, new);
    }
    if ( flush )
        vmap_flush();

    return 0;
}

int modify_xen_mappings(unsigned long s, unsigned long e, unsigned int flags)
{
    for ( ; s < e; s += PAGE_SIZE )
    {
        uint64_t *pte;

        if ( !in_vmap(s) )
            return -EINVAL;
        pte = vmap_pte(s, false);
        if ( !pte || !*pte )
            continue;
        write_atomic(pte, flags & _PAGE_PRESENT
                          ? (*pte & IA64_PTE_PPN) | vmap_flags_to_pte(flags) : 0);
    }
    vmap_flush();

    return 0;
}

int destroy_xen_mappings(unsigned long s, unsigned long e)
{
    return modify_xen_mappings(s, e, _PAGE_NONE);
}

int populate_pt_range(unsigned long virt, unsigned long nr_mfns)
{
    unsigned long i;

    for ( i = 0; i < nr_mfns; i++ )
        if ( !vmap_pte(virt + (i << PAGE_SHIFT), true) )
            return -ENOMEM;

    return 0;
}

void *__init arch_vmap_virt_end(void)
{
    return (void *)VMAP_VIRT_END;
}

paddr_t vmap_virt_to_maddr(vaddr_t va)
{
    const uint64_t *pte = in_vmap(va) ? vmap_pte(va, false) : NULL;

    if ( !pte || !*pte )
        return va - XEN_REGION_START < DIRECTMAP_SIZE || !in_vmap(va) ? virt_to_maddr(va) : INVALID_PADDR;

    return (*pte & IA64_PTE_PPN) | (va & ~PAGE_MASK);
}

static bool vmap_fault(vaddr_t va)
{
    const uint64_t *pte = in_vmap(va) ? vmap_pte(va, false) : NULL;

    if ( !pte || !*pte )
        return false;

    perfc_incr(vmap_miss);
    ia64_itc_d(va & PAGE_MASK, *pte, IA64_ITIR(0, PAGE_SHIFT));

    return true;
}

bool xen_page_fault(vaddr_t ifa)
{
    switch ( ifa >> 56 )
    {
    case DIRECTMAP_VIRT_START >> 56:
        return directmap_fault(ifa);
    case FRAMETABLE_VIRT_START >> 56:
        return frametable_fault(ifa);
    case VMAP_VIRT_START >> 56:
        return vmap_fault(ifa);
    }

    return false;
}

void __iomem *ioremap(paddr_t start, size_t len)
{
    return maddr_to_uncached(start);
}
