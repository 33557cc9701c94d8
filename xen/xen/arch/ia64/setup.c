/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From boot.S to the idle loop of the boot processor: start_xen() is the table of contents.
 */
#include <xen/compile.h>
#include <xen/console.h>
#include <xen/cpu.h>
#include <xen/domain.h>
#include <xen/domain_page.h>
#include <xen/efi.h>
#include <xen/event.h>
#include <xen/hypercall.h>
#include <xen/init.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/pfn.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <xen/serial.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/tasklet.h>
#include <xen/trace.h>
#include <xen/version.h>
#include <xen/virtual_region.h>
#include <xen/vmap.h>
#include <xen/warning.h>
#include <asm/domain.h>
#include <asm/irq.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/setup.h>
#include <asm/time.h>
#include <asm/vhpt.h>
#include <asm/vtlb.h>
#include <xsm/xsm.h>

struct bootinfo __read_mostly bootinfo;
unsigned long __read_mostly xen_phys_start;
unsigned long __read_mostly max_page;
unsigned long __read_mostly total_pages;
paddr_t __read_mostly ia64_io_base;

extern char boot_stack[];
extern char __init_begin[], __init_end[];

/* What the miss handlers and rr7.S need of the boot processor: as boot.S left it. */
static void __init init_boot_cpu_info(void)
{
    struct cpu_info *info = get_cpu_info();
    paddr_t stack = virt_to_maddr(boot_stack);

    info->self = info;
    info->rr7 = ia64_get_rr(7UL << 61);
    info->tr[XEN_TR_IMAGE] = (struct ia64_tr){
        XEN_VIRT_START, xen_phys_start | XEN_PTE_RWX, IA64_ITIR(0, XEN_IMAGE_SHIFT)
    };
    info->tr[XEN_TR_PERCPU] = (struct ia64_tr){
        PERCPU_ADDR, stack | XEN_PTE_RW, IA64_ITIR(0, STACK_SHIFT)
    };
    info->tr[XEN_TR_STACK] = (struct ia64_tr){
        DIRECTMAP_VIRT_START + xen_phys_start, xen_phys_start | XEN_PTE_RWX,
        IA64_ITIR(0, DIRECTMAP_GRANULE_SHIFT)
    };
    stack_base[0] = __va(stack);
}

const struct efi_memdesc *efi_memmap_desc(unsigned int i)
{
    unsigned long ofs = i * bootinfo.memdesc_size;

    return ofs + sizeof(struct efi_memdesc) <= bootinfo.memmap_size
           ? (const void *)(bootinfo.memmap + ofs) : NULL;
}

enum {
    EFI_LOADER_CODE = 1, EFI_LOADER_DATA, EFI_BOOT_CODE, EFI_BOOT_DATA, EFI_RT_CODE, EFI_RT_DATA, EFI_CONVENTIONAL, EFI_UNUSABLE,
    EFI_ACPI_RECLAIM, EFI_ACPI_NVS, EFI_MMIO, EFI_MMIO_PORTS, EFI_PAL_CODE
};
#define EFI_ATTR_WB         8UL
#define EFI_ATTR_RUNTIME    (1UL << 63)

/* Memory that is ours once boot services are gone. */
static bool __init desc_is_free_ram(const struct efi_memdesc *d)
{
    if ( !(d->attribute & EFI_ATTR_WB) || (d->attribute & EFI_ATTR_RUNTIME) )
        return false;

    switch ( d->type )
    {
    case EFI_LOADER_CODE:
    case EFI_LOADER_DATA:
    case EFI_BOOT_CODE:
    case EFI_BOOT_DATA:
    case EFI_CONVENTIONAL:
        return true;
    }

    return false;
}

/* [s, e) less what is in use from `next` on: modules, then the image. */
static void __init add_boot_ram(paddr_t s, paddr_t e, unsigned int next)
{
    paddr_t rs, re;

    if ( s >= e )
        return;

    for ( ; next <= NR_BOOTMODS; next++ )
    {
        if ( next < NR_BOOTMODS )
        {
            rs = bootinfo.mod[next].start & PAGE_MASK;
            re = PAGE_ALIGN(bootinfo.mod[next].start + bootinfo.mod[next].size);
            if ( !bootinfo.mod[next].size )
                continue;
        }
        else
        {
            rs = xen_phys_start;
            re = xen_phys_start + PAGE_ALIGN(_end - _start);
        }

        if ( rs < e && re > s )
        {
            add_boot_ram(s, min(rs, e), next + 1);
            add_boot_ram(max(re, s), e, next + 1);
            return;
        }
    }

    init_boot_pages(s, e);
}

static void __init setup_mm(void)
{
    const struct efi_memdesc *d;
    uint64_t mask = pdx_init_mask(0);
    paddr_t top = 0, ram = 0;
    unsigned int i;

    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
    {
        paddr_t s = d->phys_start, e = s + (d->num_pages << PAGE_SHIFT);

        if ( d->type == EFI_MMIO_PORTS )
            ia64_io_base = s;
        if ( !desc_is_free_ram(d) || s == e )
            continue;
        mask |= s | pdx_region_mask(s, e - s);
        top = max(top, e);
        ram += e - s;
        if ( mfn_eq(first_valid_mfn, INVALID_MFN) || PFN_DOWN(s) < mfn_x(first_valid_mfn) )
            first_valid_mfn = _mfn(PFN_DOWN(s));
    }
    if ( !ram )
        panic("EFI's memory map has no memory\n");
    pfn_pdx_hole_setup(mask >> PAGE_SHIFT);
    max_page = PFN_DOWN(top);
    max_pdx = pfn_to_pdx(max_page - 1) + 1;
    total_pages = PFN_DOWN(ram);

    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
    {
        paddr_t s = d->phys_start, e = s + (d->num_pages << PAGE_SHIFT);

        if ( !desc_is_free_ram(d) )
            continue;
        set_pdx_range(PFN_DOWN(s), PFN_DOWN(e));
        /* Frame 0 means "none" in too many places. */
        add_boot_ram(max_t(paddr_t, s, PAGE_SIZE), e, 0);
    }

    frametable_init();
}

static void __init init_pal(void)
{
    const struct efi_memdesc *d;
    unsigned int i;

    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
        if ( d->type == EFI_PAL_CODE )
        {
            pal_init(d->phys_start, d->num_pages << PAGE_SHIFT);
            return;
        }

    panic("EFI's memory map has no PAL code\n");
}

static void __init init_idle_domain(void)
{
    scheduler_init();
    set_current(idle_vcpu[0]);
}

static void noreturn __init init_done(void)
{
    /* Must be done past setting system_state. */
    unregister_init_virtual_region();
    free_init_memory();
    startup_cpu_idle_loop();
    unreachable();
}

void __init noreturn start_xen(void)
{
    struct domain *d;
    unsigned int i;
    int rc;

    BUILD_BUG_ON(sizeof(struct shared_info) > PAGE_SIZE);
    BUILD_BUG_ON(sizeof(struct vcpu_info) != 64);

    percpu_init_areas();
    init_boot_cpu_info();
    set_processor_id(0);
    set_current((struct vcpu *)NULL);
    setup_virtual_regions(NULL, NULL);
    smp_prepare_boot_cpu();
    directmap_init();
    early_uart_find();
    early_printk("Xen " XEN_VERSION_STRING XEN_EXTRAVERSION ": the machine is ours\n");

    cmdline_parse(bootinfo.cmdline);
    console_find();
    console_init_preirq();
    printk("Command line: %s\n", bootinfo.cmdline);
    printk("Image at %#lx, EFI system table at %#lx, %lu descriptors in its memory map\n",
           xen_phys_start, bootinfo.systab, bootinfo.memmap_size / bootinfo.memdesc_size);

    setup_mm();
    acpi_boot_tables();
    end_boot_allocator();
    system_state = SYS_STATE_boot;
    vm_init();
    efi_init_memory();

    init_pal();
    sal_init(bootinfo.sal_systab);
    if ( bootinfo.fpswa )
        fpswa_interface = maddr_to_virt(bootinfo.fpswa);
    cpu_identify();
    vhpt_init();
    fast_hypercall_init();
    init_IRQ();
    acpi_irq_init();
    preinit_xen_time();
    console_init_ring();

    nr_cpu_ids = min_t(unsigned int, nr_cpu_lids, NR_CPUS);
    printk(XENLOG_INFO "SMP: Allowing %u CPUs\n", nr_cpu_ids);

    init_xen_time();
    tasklet_subsys_init();

    rc = xsm_efi_init(bootinfo.mod[BOOTMOD_XSM].size ? __va(bootinfo.mod[BOOTMOD_XSM].start) : NULL,
                      bootinfo.mod[BOOTMOD_XSM].size);
    if ( rc < 0 )
        printk(XENLOG_WARNING "XSM: error %d\n", rc);

    init_timer_interrupt();
    timer_init();
    init_idle_domain();
    rcu_init();
    setup_system_domains();

    local_irq_enable();

    smp_prepare_cpus();
    initialize_keytable();
    console_init_postirq();
    do_presmp_initcalls();

    system_state = SYS_STATE_smp_boot;

    for_each_present_cpu ( i )
    {
        if ( num_online_cpus() < nr_cpu_ids && !cpu_online(i) )
        {
            rc = cpu_up(i);
            if ( rc )
                printk("Failed to bring up CPU %u (error %d)\n", i, rc);
        }
    }
    printk("Brought up %u CPUs\n", num_online_cpus());
    smp_cpus_done();

    do_initcalls();

    create_dom0();

    discard_initial_modules();
    heap_init_late();
    init_trace_bufs();
    init_constructors();
    console_endboot();
    serial_endboot();

    if ( (rc = xsm_set_system_active()) != 0 )
        panic("xsm: unable to switch to SYSTEM_ACTIVE privilege: %d\n", rc);

    system_state = SYS_STATE_active;

    for_each_domain( d )
        domain_unpause_by_systemcontroller(d);

    reset_stack_and_jump(init_done);
}

void __init discard_initial_modules(void)
{
    unsigned int i;

    for ( i = 0; i < NR_BOOTMODS; i++ )
    {
        struct bootmodule *mod = &bootinfo.mod[i];

        if ( mod->size )
            init_domheap_pages(mod->start & PAGE_MASK, PAGE_ALIGN(mod->start + mod->size));
        mod->start = mod->size = 0;
    }
}

void free_init_memory(void)
{
    unsigned long len = __init_end - __init_begin;

    init_xenheap_pages(__pa(__init_begin), __pa(__init_end));
    printk("Freed %lukB init memory\n", len >> 10);
}

/* common/efi's for x86 sets up page tables; ours has said all in SetVirtualAddressMap(). */
void __init efi_init_memory(void)
{
    unsigned long start, end;
    const struct efi_memdesc *d;
    unsigned int i;

    if ( efi_boot_mem_unused(&start, &end) )
        init_xenheap_pages(__pa(start), __pa(end));

    printk(XENLOG_INFO "EFI memory map:\n");
    for ( i = 0; (d = efi_memmap_desc(i)) != NULL; i++ )
        printk(XENLOG_INFO " %013" PRIx64 "-%013" PRIx64 " type=%u attr=%016" PRIx64 "\n",
               d->phys_start, d->phys_start + (d->num_pages << PAGE_SHIFT) - 1, d->type, d->attribute);
}

/* efi=no-rs: never call the firmware again. Parsed here since code of common/efi has other function pointers. */
static int __init cf_check parse_efi_param(const char *s)
{
    int val = parse_boolean("rs", s, strchr(s, '\0'));

    if ( val < 0 )
        return -EINVAL;
    if ( !val )
        __clear_bit(EFI_RS, &efi_flags);
    return 0;
}
custom_param("efi", parse_efi_param);
