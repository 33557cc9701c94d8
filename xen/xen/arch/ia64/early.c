/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output before there is a console, straight to the UART that the firmware names: SPCR (ACPI 6, 5.2.3), else HCDP (DIG64).
 */
#include <xen/acpi.h>
#include <xen/console.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/serial.h>
#include <xen/8250-uart.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/setup.h>

struct hcdp_uart {
    uint8_t type, bits, parity, stop_bits, pci_seg, pci_bus, pci_dev, pci_func;
    uint64_t baud;
    struct acpi_generic_address addr;
    uint16_t pci_device, pci_vendor;
    uint32_t gsi, clock;
    uint8_t pci_interface, flags;
    uint16_t conout;
    uint32_t reserved;
} __attribute__((packed));

/* Flags. */
#define HCDP_EDGE           0x01
#define HCDP_ACTIVE_LOW     0x02
#define HCDP_IRQ            0x40

struct hcdp {
    uint8_t signature[4];
    uint32_t length;
    uint8_t revision, checksum, oem[6], oem_table[8];
    uint32_t oem_revision;
    uint8_t creator[4];
    uint32_t creator_revision;
    uint32_t num_uarts;
    struct hcdp_uart uart[];
} __attribute__((packed));

paddr_t __read_mostly early_uart;
static bool __initdata uart_port;       /* its address is an I/O port */
static unsigned int __initdata uart_irq;
static bool __initdata uart_edge, uart_low;
static const char *__initdata uart_source = "nothing";

/* Tables are in memory or in flash: each with its own attribute. */
static const void *__init table(paddr_t pa, size_t len)
{
    return __acpi_map_table(pa, len);
}

static const void *__init find_acpi(const char *sig)
{
    const struct acpi_table_rsdp *rsdp;
    const struct acpi_table_header *xsdt, *t;
    unsigned int i, nr;

    if ( bootinfo.acpi20 == ~0UL || !bootinfo.acpi20 )
        return NULL;
    rsdp = table(bootinfo.acpi20, sizeof(*rsdp));
    xsdt = table(rsdp->xsdt_physical_address, sizeof(*xsdt));
    nr = (xsdt->length - sizeof(*xsdt)) / 8;
    for ( i = 0; i < nr; i++ )
    {
        uint64_t pa;

        memcpy(&pa, (const char *)(xsdt + 1) + 8 * i, 8);
        t = table(pa, sizeof(*t));
        if ( !memcmp(t->signature, sig, 4) )
            return t;
    }

    return NULL;
}

void __init early_uart_find(void)
{
    const struct acpi_table_spcr *spcr = find_acpi("SPCR");
    const struct hcdp *hcdp = bootinfo.hcdp ? table(bootinfo.hcdp, sizeof(*hcdp)) : NULL;
    struct acpi_generic_address addr = {};
    unsigned int i;

    if ( spcr && spcr->interface_type <= 1 && spcr->serial_port.address )
    {
        memcpy(&addr, &spcr->serial_port, sizeof(addr));
        /* A global system interrupt, unless it is of a pair of 8259s alone. */
        if ( spcr->interrupt_type & ~1 )
            uart_irq = spcr->interrupt;
        uart_source = "SPCR";
    }
    else if ( hcdp )
    {
        for ( i = 0; i < hcdp->num_uarts; i++ )
            if ( hcdp->uart[i].addr.address )
            {
                memcpy(&addr, &hcdp->uart[i].addr, sizeof(addr));
                if ( hcdp->uart[i].flags & HCDP_IRQ )
                    uart_irq = hcdp->uart[i].gsi;
                uart_source = "HCDP";
                break;
            }
    }

    /* Only HCDP says how the interrupt is signalled; without it, as PCI and ACPI do by default for what is not ISA: level; and high. */
    for ( i = 0; hcdp && i < hcdp->num_uarts; i++ )
        if ( hcdp->uart[i].addr.address == addr.address && hcdp->uart[i].flags & HCDP_IRQ )
        {
            uart_edge = hcdp->uart[i].flags & HCDP_EDGE;
            uart_low = hcdp->uart[i].flags & HCDP_ACTIVE_LOW;
        }

    if ( !addr.address )
        return;

    if ( addr.space_id == ACPI_ADR_SPACE_SYSTEM_IO )
    {
        uart_port = true;
        return;     /* the port space's base is not known yet */
    }

    early_uart = addr.address;
}

void early_puts(const char *s, size_t nr)
{
    volatile uint8_t __iomem *uart = maddr_to_uncached(early_uart);

    if ( !early_uart )
        return;

    while ( nr-- )
    {
        if ( *s == '\n' )
        {
            while ( !(uart[UART_LSR] & UART_LSR_THRE) )
                /* nothing */;
            uart[UART_THR] = '\r';
        }
        while ( !(uart[UART_LSR] & UART_LSR_THRE) )
            /* nothing */;
        uart[UART_THR] = *s++;
    }
}

void __init early_printk(const char *s)
{
    early_puts(s, strlen(s));
}

/* com1: what the firmware says is the default; com1= on the command line overrides it. */
void __init console_find(void)
{
    static struct ns16550_defaults __initdata com1 = {
        .baud = BAUD_AUTO, .data_bits = 8, .parity = 'n', .stop_bits = 1,
    };

    if ( uart_port )
        printk("The console's UART is in I/O space: not supported, use com1=\n");
    com1.irq = uart_irq;
    com1.io_base = early_uart;
    if ( !early_uart )
        com1.baud = 0;
    ns16550_init(0, &com1);
}

/* How the UART's interrupt is signalled, before anybody asks for it. */
void __init console_irq_init(void)
{
    if ( uart_irq )
        irq_set_type(uart_irq, !uart_edge, uart_low);
    printk("Console UART at %#lx, interrupt %u, named by %s\n", early_uart, uart_irq, uart_source);
}
