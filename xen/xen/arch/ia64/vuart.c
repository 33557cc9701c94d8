/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hardware domain's 16550 while Xen's console has the machine's: same address, same interrupt (ACPI's SPCR names both), behind it Xen's console,
 * so that an unmodified kernel's ttyS0 works and CTRL-a three times still reaches Xen.
 *
 * What is sent is out at once: the transmitter is always empty. Received characters wait in a ring of our own; what does not fit is an overrun, as in
 * the chip.
 */
#include <xen/acpi.h>
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <asm/setup.h>
#include <asm/viosapic.h>
#include <asm/vuart.h>

/* Registers (PC16550D data sheet). */
enum { UART_RBR_THR_DLL, UART_IER_DLM, UART_IIR_FCR, UART_LCR, UART_MCR, UART_LSR, UART_MSR, UART_SCR };

#define IER_RDA         0x01
#define IER_THRE        0x02
#define IER_LSI         0x04
#define IIR_NONE        0x01
#define IIR_THRE        0x02
#define IIR_RDA         0x04
#define IIR_LSI         0x06
#define IIR_FIFO        0xc0
#define FCR_ENABLE      0x01
#define FCR_CLEAR_RX    0x02
#define LCR_DLAB        0x80
#define MCR_OUT2        0x08
#define MCR_LOOP        0x10
#define LSR_DR          0x01
#define LSR_OE          0x02
#define LSR_THRE_TEMT   0x60
#define MSR_CTS_DSR_DCD 0xb0

#define RX_SIZE         1024

struct vuart {
    spinlock_t lock;
    uint64_t base;
    unsigned int gsi, shift;    /* registers are 1 << shift bytes apart */
    uint8_t ier, fcr, lcr, mcr, scr, dll, dlm;
    bool thre_pending;          /* the transmitter's interrupt, until iir told of it */
    bool overrun;
    bool used;                  /* a driver has enabled interrupts or read data: characters are its */
    char rx[RX_SIZE];
    unsigned int prod, cons;
};

int vuart_init(struct domain *d)
{
    const struct acpi_table_header *header;
    const struct acpi_table_spcr *spcr;
    struct vuart *u;

    if ( !early_uart || ACPI_FAILURE(acpi_get_table(ACPI_SIG_SPCR, 0, (struct acpi_table_header **)&header)) )
        return 0;
    spcr = container_of(header, const struct acpi_table_spcr, header);
    if ( spcr->serial_port.space_id != ACPI_ADR_SPACE_SYSTEM_MEMORY || spcr->serial_port.address != early_uart )
        return 0;

    u = xzalloc(struct vuart);
    if ( !u )
        return -ENOMEM;
    spin_lock_init(&u->lock);
    u->base = early_uart;
    u->gsi = spcr->interrupt;
    u->shift = spcr->serial_port.bit_width == 32 ? 2 : 0;
    d->arch.vuart = u;

    return 0;
}

void vuart_destroy(struct domain *d)
{
    XFREE(d->arch.vuart);
}

bool vuart_gsi(const struct domain *d, unsigned int gsi)
{
    return d->arch.vuart && d->arch.vuart->gsi == gsi;
}

bool vuart_page(const struct domain *d, uint64_t gpa)
{
    return d->arch.vuart && !((d->arch.vuart->base ^ gpa) >> PAGE_SHIFT);
}

/* The interrupt identification, highest priority first. */
static uint8_t vuart_iir(const struct vuart *u)
{
    if ( (u->ier & IER_LSI) && u->overrun )
        return IIR_LSI;
    if ( (u->ier & IER_RDA) && u->prod != u->cons )
        return IIR_RDA;
    if ( (u->ier & IER_THRE) && u->thre_pending )
        return IIR_THRE;
    return IIR_NONE;
}

/* Called with the lock held; the level it returns goes to the SAPIC without it. */
static bool vuart_line(const struct vuart *u)
{
    return vuart_iir(u) != IIR_NONE && (u->mcr & MCR_OUT2);
}

uint64_t vuart_read(struct domain *d, uint64_t gpa, unsigned int size)
{
    struct vuart *u = d->arch.vuart;
    unsigned int reg = (gpa - u->base) >> u->shift;
    unsigned long flags;
    uint8_t val = 0;
    bool line;

    if ( reg > UART_SCR )
        return 0;

    spin_lock_irqsave(&u->lock, flags);
    switch ( reg )
    {
    case UART_RBR_THR_DLL:
        if ( u->lcr & LCR_DLAB )
            val = u->dll;
        else if ( u->prod != u->cons )
            val = u->rx[u->cons++ % RX_SIZE];
        break;

    case UART_IER_DLM:
        val = u->lcr & LCR_DLAB ? u->dlm : u->ier;
        break;

    case UART_IIR_FCR:
        val = vuart_iir(u);
        if ( val == IIR_THRE )
            u->thre_pending = false;
        if ( u->fcr & FCR_ENABLE )
            val |= IIR_FIFO;
        break;

    case UART_LCR:
        val = u->lcr;
        break;

    case UART_MCR:
        val = u->mcr;
        break;

    case UART_LSR:
        val = LSR_THRE_TEMT | (u->prod != u->cons ? LSR_DR : 0) | (u->overrun ? LSR_OE : 0);
        u->overrun = false;
        break;

    case UART_MSR:
        /* Loopback: the modem control outputs come back (drivers look for a chip that way). */
        val = u->mcr & MCR_LOOP
              ? ((u->mcr & 0x0c) << 4) | ((u->mcr & 0x02) << 3) | ((u->mcr & 0x01) << 5)
              : MSR_CTS_DSR_DCD;
        break;

    case UART_SCR:
        val = u->scr;
        break;
    }
    line = vuart_line(u);
    spin_unlock_irqrestore(&u->lock, flags);

    viosapic_set_level(d, u->gsi, line);

    return val;
}

void vuart_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val)
{
    struct vuart *u = d->arch.vuart;
    unsigned int reg = (gpa - u->base) >> u->shift;
    unsigned long flags;
    char out = 0;
    bool line, send = false;

    if ( reg > UART_SCR )
        return;

    val &= 0xff;
    spin_lock_irqsave(&u->lock, flags);
    switch ( reg )
    {
    case UART_RBR_THR_DLL:
        if ( u->lcr & LCR_DLAB )
            u->dll = val;
        else
        {
            u->thre_pending = true;
            if ( !(u->mcr & MCR_LOOP) )
            {
                out = val;
                send = true;
            }
            else if ( u->prod - u->cons < RX_SIZE )
                u->rx[u->prod++ % RX_SIZE] = val;
        }
        break;

    case UART_IER_DLM:
        if ( u->lcr & LCR_DLAB )
            u->dlm = val;
        else
        {
            /* Enabling the transmitter's interrupt with it empty raises it. */
            if ( (val & IER_THRE) && !(u->ier & IER_THRE) )
                u->thre_pending = true;
            u->ier = val & 0x0f;
            u->used |= u->ier & IER_RDA;
        }
        break;

    case UART_IIR_FCR:
        u->fcr = val;
        if ( val & FCR_CLEAR_RX )
            u->cons = u->prod;
        break;

    case UART_LCR:
        u->lcr = val;
        break;

    case UART_MCR:
        u->mcr = val & 0x1f;
        break;

    case UART_SCR:
        u->scr = val;
        break;
    }
    line = vuart_line(u);
    spin_unlock_irqrestore(&u->lock, flags);

    if ( send )
        console_serial_puts(&out, 1);
    viosapic_set_level(d, u->gsi, line);
}

bool vuart_rx(struct domain *d, char c)
{
    struct vuart *u = d ? d->arch.vuart : NULL;
    unsigned long flags;
    bool line;

    if ( !u )
        return false;

    spin_lock_irqsave(&u->lock, flags);
    if ( !u->used )
    {
        spin_unlock_irqrestore(&u->lock, flags);
        return false;
    }
    if ( u->prod - u->cons < RX_SIZE )
        u->rx[u->prod++ % RX_SIZE] = c;
    else
        u->overrun = true;
    line = vuart_line(u);
    spin_unlock_irqrestore(&u->lock, flags);

    viosapic_set_level(d, u->gsi, line);

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
