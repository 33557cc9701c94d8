/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration space: the machine's, by SAL (SAL specification 9, SAL_PCI_CONFIG_READ) or where ACPI's MCFG says that it is in memory; and the two ways by
 * which the hardware domain reaches it, the same ones. Both end in vmsi-config.c. Linux/ia64 knows only SAL.
 */
#include <xen/acpi.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/pci.h>
#include <asm/sal.h>
#include <asm/vmsi.h>

#define SAL_SUCCESS             0
#define SAL_INVALID_ARGUMENT    (-2)

#define MAX_ECAM                64

/* Memory-mapped configuration space: 4 KiB a function (PCI Express 3.0 7.2.2). */
static struct ecam {
    uint64_t base;              /* of bus 0, even where that is not in it */
    uint16_t segment;
    uint8_t first, last;
} ecams[MAX_ECAM];
static unsigned int nr_ecams;

#define ECAM_BUS(bus)           ((uint64_t)(bus) << 20)

static const struct ecam *ecam_at(uint64_t gpa)
{
    unsigned int i;

    for ( i = 0; i < nr_ecams; i++ )
        if ( gpa - ecams[i].base >= ECAM_BUS(ecams[i].first) && gpa - ecams[i].base < ECAM_BUS(ecams[i].last + 1) )
            return &ecams[i];

    return NULL;
}

/* SAL first: it knows its chipset. What old versions of it do not reach, extended registers, ECAM may. */
static uint64_t sal_address(uint32_t sbdf, unsigned int reg, uint64_t *type)
{
    uint64_t bdf = sbdf & 0xffff, segment = sbdf >> 16;

    *type = segment > 0xff || reg > 0xff;

    return *type ? segment << 28 | bdf << 12 | reg : segment << 24 | bdf << 8 | reg;
}

static bool ecam_address(uint32_t sbdf, unsigned int reg, uint64_t *pa)
{
    unsigned int i, bus = (sbdf >> 8) & 0xff;

    for ( i = 0; i < nr_ecams; i++ )
        if ( ecams[i].segment == sbdf >> 16 && bus >= ecams[i].first && bus <= ecams[i].last )
        {
            *pa = ecams[i].base + ((uint64_t)(sbdf & 0xffff) << 12) + reg;
            return true;
        }

    return false;
}

int64_t pci_machine_read(uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t *val)
{
    uint64_t type, pa, address = sal_address(sbdf, reg, &type);
    struct sal_result r = ia64_sal_call(SAL_PCI_CONFIG_READ, address, size, type, 0, 0, 0, 0);

    *val = r.v0;
    if ( r.status && type && ecam_address(sbdf, reg, &pa) )
    {
        *val = msi_mmio_read(pa, size);
        r.status = SAL_SUCCESS;
    }

    return r.status;
}

int64_t pci_machine_write(uint32_t sbdf, unsigned int reg, unsigned int size, uint32_t val)
{
    uint64_t type, pa, address = sal_address(sbdf, reg, &type);
    struct sal_result r = ia64_sal_call(SAL_PCI_CONFIG_WRITE, address, size, val, type, 0, 0, 0);

    if ( r.status && type && ecam_address(sbdf, reg, &pa) )
    {
        msi_mmio_write(pa, size, val);
        r.status = SAL_SUCCESS;
    }

    return r.status;
}

/*
 * The domain's SAL calls: (address, size, type) and (address, size, value, type). Nothing goes to the machine's SAL as it came: what that makes of bits it
 * does not define, nobody knows.
 */
static bool sal_parse(uint64_t address, uint64_t size, uint64_t type, uint32_t *sbdf, unsigned int *reg)
{
    if ( size != 1 && size != 2 && size != 4 )
        return false;
    if ( type == 0 && !(address >> 32) )
    {
        *sbdf = address >> 8;       /* segment 31:24 */
        *sbdf = (*sbdf & 0xffff) | (*sbdf >> 16) << 16;
        *reg = address & 0xff;
    }
    else if ( type == 1 && !(address >> 44) )
    {
        *sbdf = address >> 12;      /* segment 43:28 */
        *reg = address & 0xfff;
    }
    else
        return false;

    return !(*reg & (size - 1));
}

int64_t pci_guest_read(struct domain *d, uint64_t address, uint64_t size, uint64_t type, uint64_t *val)
{
    uint32_t sbdf, v = 0;
    unsigned int reg;
    int64_t status;

    if ( !sal_parse(address, size, type, &sbdf, &reg) )
        return SAL_INVALID_ARGUMENT;
    status = vmsi_config_read(d, sbdf, reg, size, &v);
    *val = size == 4 ? v : v & ((1U << (8 * size)) - 1);

    return status;
}

int64_t pci_guest_write(struct domain *d, uint64_t address, uint64_t size, uint64_t val, uint64_t type)
{
    uint32_t sbdf;
    unsigned int reg;

    if ( !sal_parse(address, size, type, &sbdf, &reg) )
        return SAL_INVALID_ARGUMENT;

    return vmsi_config_write(d, sbdf, reg, size, val);
}

/* The domain's loads and stores: emulated all of them. */
bool pci_ecam_page(const struct domain *d, uint64_t gpa)
{
    return nr_ecams && is_hardware_domain(d) && ecam_at(gpa);
}

uint64_t pci_ecam_read(struct domain *d, uint64_t gpa, unsigned int size)
{
    const struct ecam *e = ecam_at(gpa);
    uint64_t offset = gpa - e->base;
    uint32_t sbdf = e->segment << 16 | ((offset >> 12) & 0xffff), low, high = 0;

    /* Of 8 bytes: two, as a bridge splits them. */
    if ( vmsi_config_read(d, sbdf, offset & 0xfff, min(size, 4U), &low) )
        low = ~0U;
    if ( size == 8 && vmsi_config_read(d, sbdf, (offset & 0xfff) + 4, 4, &high) )
        high = ~0U;

    return low | (uint64_t)high << 32;
}

void pci_ecam_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val)
{
    const struct ecam *e = ecam_at(gpa);
    uint64_t offset = gpa - e->base;
    uint32_t sbdf = e->segment << 16 | ((offset >> 12) & 0xffff);

    vmsi_config_write(d, sbdf, offset & 0xfff, min(size, 4U), val);
    if ( size == 8 )
        vmsi_config_write(d, sbdf, (offset & 0xfff) + 4, 4, val >> 32);
}

static int __init cf_check parse_mcfg(struct acpi_table_header *header)
{
    const struct acpi_table_mcfg *mcfg = container_of(header, const struct acpi_table_mcfg, header);
    const struct acpi_mcfg_allocation *a = (const void *)(mcfg + 1);

    for ( ; (const uint8_t *)(a + 1) <= (const uint8_t *)header + header->length; a++ )
    {
        if ( nr_ecams == MAX_ECAM )
        {
            printk(XENLOG_WARNING "MCFG: more than %u ranges\n", MAX_ECAM);
            break;
        }
        if ( (a->address & (ECAM_BUS(1) - 1)) || a->start_bus_number > a->end_bus_number )
            continue;
        ecams[nr_ecams++] = (struct ecam){ a->address, a->pci_segment, a->start_bus_number, a->end_bus_number };
    }

    return 0;
}

static int __init cf_check pci_init(void)
{
    acpi_table_parse(ACPI_SIG_MCFG, parse_mcfg);

    return 0;
}
__initcall(pci_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
