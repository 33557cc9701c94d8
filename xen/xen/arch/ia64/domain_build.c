/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domain 0: its memory (gfn == mfn, so that devices reach it by the addresses it knows), its kernel and ramdisk as xen.cfg names them, its firmware, and
 * the machine's devices.
 */
#include <xen/domain.h>
#include <xen/efi.h>
#include <xen/elfstructs.h>
#include <xen/err.h>
#include <xen/errno.h>
#include <xen/grant_table.h>
#include <xen/gunzip.h>
#include <xen/init.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/sort.h>
#include <xen/warning.h>
#include <xsm/xsm.h>

#include <asm/guestfw.h>
#include <asm/mm.h>
#include <asm/p2m.h>
#include <asm/setup.h>
#include <asm/vcpu.h>

static unsigned int __initdata opt_dom0_max_vcpus;
integer_param("dom0_max_vcpus", opt_dom0_max_vcpus);

static uint64_t __initdata dom0_mem, __initdata dom0_mem_min, __initdata dom0_mem_max;

/* dom0_mem=[min:<min>,][max:<max>,][<size>], as on x86. */
static int __init cf_check parse_dom0_mem(const char *s)
{
    do {
        uint64_t *what = &dom0_mem;

        if ( !strncmp(s, "min:", 4) )
        {
            what = &dom0_mem_min;
            s += 4;
        }
        else if ( !strncmp(s, "max:", 4) )
        {
            what = &dom0_mem_max;
            s += 4;
        }
        *what = parse_size_and_unit(s, &s);
    } while ( *s++ == ',' );

    return s[-1] ? -EINVAL : 0;
}
custom_param("dom0_mem", parse_dom0_mem);

int __init parse_arch_dom0_param(const char *s, const char *e)
{
    return -EINVAL;
}

/*
 * Linux/ia64 keeps memory in granules of 16 MiB and wants its image within one 64 MiB page: memory comes in such pieces, naturally aligned.
 */
#define KERNEL_ALIGN_ORDER      (26 - PAGE_SHIFT)
#define GRANULE_ORDER           (24 - PAGE_SHIFT)
#define CHUNK_ORDER             (30 - PAGE_SHIFT)

#define MAX_RANGES 1000
static struct guestfw_range __initdata ranges[MAX_RANGES];
static unsigned int __initdata nr_ranges;

static void __init add_range(uint64_t start, uint64_t size, uint64_t attr, uint32_t type)
{
    if ( nr_ranges == MAX_RANGES )
        panic("domain 0: more than %u ranges of memory\n", MAX_RANGES);
    ranges[nr_ranges++] = (struct guestfw_range){ start, size, attr, type };
}

static int __init cf_check compare_ranges(const void *a, const void *b)
{
    const struct guestfw_range *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

static void __init cf_check swap_ranges(void *a, void *b, size_t size)
{
    struct guestfw_range t = *(struct guestfw_range *)a;

    *(struct guestfw_range *)a = *(struct guestfw_range *)b;
    *(struct guestfw_range *)b = t;
}

/* Sorts, and joins neighbours of one kind. */
static void __init sort_ranges(void)
{
    unsigned int i, n = 0;

    sort(ranges, nr_ranges, sizeof(ranges[0]), compare_ranges, swap_ranges);
    for ( i = 1; i < nr_ranges; i++ )
    {
        struct guestfw_range *last = &ranges[n], *r = &ranges[i];

        if ( last->type == r->type && last->attr == r->attr && last->start + last->size == r->start )
            last->size += r->size;
        else
            ranges[++n] = *r;
    }
    if ( nr_ranges )
        nr_ranges = n + 1;
}

/* A piece of RAM for domain 0, below 4 GiB while there is some: not every device reaches further. */
static uint64_t __init take_memory(struct domain *d, unsigned int order)
{
    struct page_info *page = alloc_domheap_pages(d, order, MEMF_bits(32) | MEMF_no_scrub);
    mfn_t mfn;
    int rc;

    if ( !page )
        page = alloc_domheap_pages(d, order, MEMF_no_scrub);
    if ( !page )
        return 0;

    mfn = page_to_mfn(page);
    rc = guest_physmap_add_page(d, _gfn(mfn_x(mfn)), mfn, order);
    if ( rc )
        panic("domain 0: cannot map frame %#"PRI_mfn": %d\n", mfn_x(mfn), rc);
    add_range(mfn_to_maddr(mfn), PAGE_SIZE << order, GUESTFW_ATTR_WB, GUESTFW_MEM_CONVENTIONAL);

    return mfn_to_maddr(mfn);
}

/* Returns the address of the piece that the kernel goes to. */
static uint64_t __init allocate_memory(struct domain *d, unsigned long nr_pages)
{
    uint64_t kernel = take_memory(d, KERNEL_ALIGN_ORDER);
    unsigned int order = CHUNK_ORDER;

    if ( !kernel )
        panic("domain 0: no 64 MiB of contiguous memory for its kernel\n");

    while ( domain_tot_pages(d) < nr_pages )
    {
        unsigned long left = nr_pages - domain_tot_pages(d);

        while ( order > GRANULE_ORDER && (1UL << order) > left )
            order--;
        if ( (1UL << order) > left )
            break;
        if ( take_memory(d, order) )
            continue;
        if ( order == GRANULE_ORDER )
        {
            printk(XENLOG_WARNING "domain 0: %lu MiB of its memory could not be had\n", left >> (20 - PAGE_SHIFT));
            break;
        }
        order--;
    }

    return kernel;
}

/* Devices and tables of the machine, at their own addresses. */
static void __init map_machine(struct domain *d)
{
    const struct efi_memdesc *md;
    unsigned int i;
    int rc;

    for ( i = 0; (md = efi_memmap_desc(i)) != NULL; i++ )
    {
        uint64_t size = md->num_pages << 12;

        switch ( md->type )
        {
        case GUESTFW_MEM_ACPI_RECLAIM:
        case GUESTFW_MEM_ACPI_NVS:
            rc = p2m_insert_mapping(d, _gfn(paddr_to_pfn(md->phys_start)), md->num_pages, maddr_to_mfn(md->phys_start), p2m_mmio_fw);
            if ( rc )
                panic("domain 0: cannot map ACPI tables at %#lx: %d\n", md->phys_start, rc);
            add_range(md->phys_start, size, md->attribute & ~GUESTFW_ATTR_RUNTIME, md->type);
            break;

        case GUESTFW_MEM_MMIO:
        case GUESTFW_MEM_IOPORTS:
            add_range(md->phys_start, size, md->attribute & ~GUESTFW_ATTR_RUNTIME, md->type);
            break;
        }
    }

    /* Mapped when touched (p2m_map_mmio), which refuses RAM and what Xen keeps. */
    rc = iomem_permit_access(d, 0UL, PFN_DOWN((1UL << PADDR_BITS) - 1));
    if ( rc )
        panic("domain 0: I/O memory permissions: %d\n", rc);
}

/* Gzip of an ELF image, or the image itself. */
static const void *__init kernel_image(unsigned long *size)
{
    void *image = maddr_to_virt(bootinfo.mod[BOOTMOD_KERNEL].start);
    unsigned long len = bootinfo.mod[BOOTMOD_KERNEL].size;

    if ( len > 18 && gzip_check(image, len) )
    {
        /* The last word of the file: its size before compression, modulo 4 GiB. */
        unsigned int out = *(const unsigned int *)(image + len - 4);
        void *p = alloc_xenheap_pages(get_order_from_bytes(out), 0);

        if ( !p )
            panic("domain 0: no memory to decompress its kernel (%u bytes)\n", out);
        if ( perform_gunzip(p, image, len) )
            panic("domain 0: its kernel does not decompress\n");
        image = p;
        len = out;
    }
    *size = len;

    return image;
}

/* Loads the ELF image at `at` (64 MiB aligned); returns the entry point, *end: the first address above the image. */
static uint64_t __init load_kernel(uint64_t at, uint64_t *end)
{
    unsigned long size;
    const void *image = kernel_image(&size);
    const Elf64_Ehdr *eh = image;
    const Elf64_Phdr *ph;
    uint64_t lo = ~0UL, hi = 0, entry = 0, base;
    unsigned int i;

    if ( size < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) || eh->e_ident[EI_CLASS] != ELFCLASS64 ||
         eh->e_ident[EI_DATA] != ELFDATA2LSB || eh->e_machine != 50 /* EM_IA_64 */ || eh->e_type != ET_EXEC )
        panic("domain 0: its kernel is not an ia64 ELF executable (or a gzip of one)\n");
    if ( eh->e_phentsize != sizeof(*ph) || eh->e_phoff > size || eh->e_phnum * sizeof(*ph) > size - eh->e_phoff )
        panic("domain 0: its kernel's program headers are outside the file\n");

    ph = image + eh->e_phoff;
    for ( i = 0; i < eh->e_phnum; i++ )
    {
        if ( ph[i].p_type != PT_LOAD || !ph[i].p_memsz )
            continue;
        if ( ph[i].p_offset > size || ph[i].p_filesz > size - ph[i].p_offset || ph[i].p_filesz > ph[i].p_memsz ||
             ph[i].p_paddr + ph[i].p_memsz < ph[i].p_paddr )
            panic("domain 0: segment %u of its kernel is outside the file\n", i);
        lo = min_t(uint64_t, lo, ph[i].p_paddr);
        hi = max_t(uint64_t, hi, ph[i].p_paddr + ph[i].p_memsz);
    }
    base = lo & ~((PAGE_SIZE << KERNEL_ALIGN_ORDER) - 1);
    if ( lo >= hi || hi - base > (PAGE_SIZE << KERNEL_ALIGN_ORDER) - GUESTFW_SIZE )
        panic("domain 0: its kernel (%#lx-%#lx) does not fit in 64 MiB\n", lo, hi);

    for ( i = 0; i < eh->e_phnum; i++ )
    {
        char *to;

        if ( ph[i].p_type != PT_LOAD || !ph[i].p_memsz )
            continue;
        to = maddr_to_virt(ph[i].p_paddr - base + at);
        memcpy(to, image + ph[i].p_offset, ph[i].p_filesz);
        memset(to + ph[i].p_filesz, 0, ph[i].p_memsz - ph[i].p_filesz);
        /* e_entry is virtual, or physical as Linux's. */
        if ( eh->e_entry - ph[i].p_vaddr < ph[i].p_memsz )
            entry = ph[i].p_paddr + (eh->e_entry - ph[i].p_vaddr);
        else if ( eh->e_entry - ph[i].p_paddr < ph[i].p_memsz )
            entry = eh->e_entry;
    }
    if ( !entry )
        panic("domain 0: its kernel's entry point %#lx is in no segment\n", (unsigned long)eh->e_entry);

    printk("  kernel   %#"PRIpaddr"-%#"PRIpaddr" entry %#"PRIpaddr"\n", lo - base + at, hi - base + at, entry - base + at);
    *end = hi - base + at;

    return entry - base + at;
}

/* The ramdisk above the kernel if it fits there, else in the highest range that has room. */
static uint64_t __init load_ramdisk(uint64_t kernel_end, uint64_t fw_base)
{
    const struct bootmodule *mod = &bootinfo.mod[BOOTMOD_RAMDISK];
    uint64_t at = ROUNDUP(kernel_end, 0x10000);
    unsigned int i;

    if ( !mod->size )
        return 0;

    if ( at + mod->size > fw_base )
    {
        for ( at = 0, i = nr_ranges; i-- && !at; )
            if ( ranges[i].type == GUESTFW_MEM_CONVENTIONAL && ranges[i].size >= mod->size &&
                 !(ranges[i].start < kernel_end && kernel_end <= ranges[i].start + ranges[i].size) )
                at = (ranges[i].start + ranges[i].size - mod->size) & ~0xffffUL;
        if ( !at )
            panic("domain 0: no room for its ramdisk of %"PRIpaddr" bytes: raise dom0_mem\n", mod->size);
    }
    memcpy(maddr_to_virt(at), maddr_to_virt(mod->start), mod->size);
    printk("  ramdisk  %#"PRIpaddr"-%#"PRIpaddr"\n", at, at + mod->size);

    return at;
}

/* Cuts the firmware's block out of the RAM it stands in. */
static void __init insert_block(uint64_t base)
{
    unsigned int i, n = nr_ranges;

    for ( i = 0; i < n; i++ )
    {
        struct guestfw_range r = ranges[i];

        if ( base < r.start || base - r.start >= r.size )
            continue;
        ranges[i].size = base - r.start;
        if ( r.start + r.size > base + GUESTFW_SIZE )
            add_range(base + GUESTFW_SIZE, r.start + r.size - base - GUESTFW_SIZE, r.attr, r.type);
        break;
    }
    if ( nr_ranges + GUESTFW_BLOCK_RANGES > MAX_RANGES )
        panic("domain 0: more than %u ranges of memory\n", MAX_RANGES);
    guestfw_block_ranges(base, &ranges[nr_ranges]);
    nr_ranges += GUESTFW_BLOCK_RANGES;
    sort(ranges, nr_ranges, sizeof(ranges[0]), compare_ranges, swap_ranges);
}

static unsigned long __init dom0_pages(void)
{
    uint64_t size = dom0_mem, avail = (uint64_t)avail_domheap_pages() << PAGE_SHIFT;

    if ( !size )
    {
        printk(XENLOG_WARNING "dom0_mem is not given: domain 0 gets 512 MiB\n");
        size = MB(512);
    }
    size = max(size, dom0_mem_min);
    if ( dom0_mem_max )
        size = min(size, dom0_mem_max);
    if ( size > avail )
        size = avail;

    return max_t(uint64_t, size, MB(64)) >> PAGE_SHIFT;
}

static void __init construct_dom0(struct domain *d)
{
    unsigned long nr_pages = dom0_pages();
    const char *cmdline = bootinfo.dom0_cmdline;
    uint64_t kernel, end, entry, ramdisk, boot_param, fw_base;
    unsigned int i;
    int rc;

    if ( !bootinfo.mod[BOOTMOD_KERNEL].size )
        panic("no kernel for domain 0: xen.cfg names none (kernel=)\n");

    printk("*** LOADING DOMAIN 0 ***\n");
    d->max_pages = dom0_mem_max ? max(nr_pages, (unsigned long)(dom0_mem_max >> PAGE_SHIFT)) : nr_pages;

    kernel = allocate_memory(d, nr_pages);
    fw_base = kernel + (PAGE_SIZE << KERNEL_ALIGN_ORDER) - GUESTFW_SIZE;
    map_machine(d);
    sort_ranges();

    entry = load_kernel(kernel, &end);
    ramdisk = load_ramdisk(end, fw_base);

    insert_block(fw_base);
    for ( i = 0; i < nr_ranges; i++ )
        if ( ranges[i].type == GUESTFW_MEM_CONVENTIONAL )
            printk("  memory   %#"PRIpaddr"-%#"PRIpaddr"\n", ranges[i].start, ranges[i].start + ranges[i].size);

    for ( i = 1; i < d->max_vcpus; i++ )
        if ( vcpu_create(d, i) == NULL )
        {
            printk(XENLOG_WARNING "domain 0: cannot create vcpu %u\n", i);
            break;
        }

    d->arch.fw.base = fw_base;
    rc = guestfw_build(d, maddr_to_virt(fw_base), ranges, nr_ranges, cmdline, ramdisk, bootinfo.mod[BOOTMOD_RAMDISK].size, &boot_param);
    if ( rc )
        panic("domain 0: its firmware tables: %d\n", rc);

    printk("  command line: %s\n", cmdline);
    vcpu_start_physical(d->vcpu[0], entry, 0, boot_param);
    clear_bit(_VPF_down, &d->vcpu[0]->pause_flags);
}

unsigned int __init dom0_max_vcpus(void)
{
    unsigned int n = opt_dom0_max_vcpus ?: cpumask_weight(cpupool_valid_cpus(cpupool0));

    return min_t(unsigned int, n, MAX_VIRT_CPUS);
}

struct vcpu *__init alloc_dom0_vcpu0(struct domain *dom0)
{
    return vcpu_create(dom0, 0);
}

void __init create_dom0(void)
{
    struct xen_domctl_createdomain config = {
        .flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
        .max_evtchn_port = -1,
        .max_grant_frames = -1,
        .max_maptrack_frames = -1,
        .grant_opts = XEN_DOMCTL_GRANT_version(opt_gnttab_max_version),
        .max_vcpus = dom0_max_vcpus(),
    };
    struct domain *d = domain_create(0, &config, CDF_privileged | CDF_directmap);

    if ( IS_ERR(d) )
        panic("Error creating domain 0: %ld\n", PTR_ERR(d));
    if ( alloc_dom0_vcpu0(d) == NULL )
        panic("Error creating domain 0's vcpu 0\n");

    construct_dom0(d);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
