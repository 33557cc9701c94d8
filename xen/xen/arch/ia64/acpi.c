/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ACPI tells Xen: processors and IOSAPICs (MADT). Everything else is for domain 0.
 */
#include <xen/acpi.h>
#include <xen/cpumask.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/smp.h>
#include <asm/irq.h>
#include <asm/processor.h>
#include <asm/setup.h>

struct cpu_lid __read_mostly cpu_lid[NR_CPUS];
unsigned int __read_mostly nr_cpu_lids;

char *__acpi_map_table(paddr_t phys, unsigned long size)
{
    return is_wb_ram(phys, phys + size) ? __va(phys) : (char *)maddr_to_uncached(phys);
}

bool __acpi_unmap_table(const void *ptr, unsigned long size)
{
    return true;
}

static int __init cf_check parse_lsapic(struct acpi_subtable_header *header,
                                        const unsigned long end)
{
    struct acpi_madt_local_sapic *p = container_of(header, struct acpi_madt_local_sapic, header);

    if ( BAD_MADT_ENTRY(p, end) )
        return -EINVAL;
    if ( !(p->lapic_flags & ACPI_MADT_ENABLED) )
        return 0;

    if ( nr_cpu_lids >= NR_CPUS )
    {
        printk(XENLOG_WARNING "Processor %02x%02x ignored: NR_CPUS is %u\n", p->id, p->eid, NR_CPUS);
        return 0;
    }
    cpu_lid[nr_cpu_lids++] = (struct cpu_lid){ p->processor_id, (p->id << 8) | p->eid };

    return 0;
}

static int __init cf_check parse_iosapic(struct acpi_subtable_header *header,
                                         const unsigned long end)
{
    struct acpi_madt_io_sapic *p = container_of(header, struct acpi_madt_io_sapic, header);

    if ( BAD_MADT_ENTRY(p, end) )
        return -EINVAL;
    iosapic_init_one(p->address, p->global_irq_base);

    return 0;
}

void __init acpi_boot_tables(void)
{
    uint64_t lid = ia64_getreg(cr.lid);
    uint16_t self = (IA64_LID_ID(lid) << 8) | IA64_LID_EID(lid);
    unsigned int i;

    if ( acpi_table_init() )
        panic("No ACPI tables\n");

    acpi_table_parse_madt(ACPI_MADT_TYPE_LOCAL_SAPIC, parse_lsapic, 0);

    /* The processor that runs this is number 0. */
    for ( i = 0; i < nr_cpu_lids && cpu_lid[i].lid != self; i++ )
        /* nothing */;
    if ( i == nr_cpu_lids )
    {
        printk(XENLOG_WARNING "ACPI does not know the boot processor, %04x\n", self);
        if ( nr_cpu_lids == NR_CPUS )
            i--;
        else
            nr_cpu_lids++;
        cpu_lid[i] = (struct cpu_lid){ ~0U, self };
    }
    SWAP(cpu_lid[0], cpu_lid[i]);

    for ( i = 0; i < nr_cpu_lids; i++ )
        cpumask_set_cpu(i, &cpu_present_map);
}

void __init acpi_irq_init(void)
{
    if ( acpi_table_parse_madt(ACPI_MADT_TYPE_IO_SAPIC, parse_iosapic, 0) <= 0 )
        printk(XENLOG_WARNING "ACPI names no IOSAPIC\n");
    console_irq_init();
}

/* Interrupts are routed by domain 0's own ACPI interpreter, through its virtual IOSAPICs. */
unsigned int acpi_register_gsi(u32 gsi, int edge_level, int active_high_low)
{
    irq_set_type(gsi, edge_level, active_high_low);
    return gsi;
}

int acpi_gsi_to_irq(u32 gsi, unsigned int *irq)
{
    *irq = gsi;
    return 0;
}
