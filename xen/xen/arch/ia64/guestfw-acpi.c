/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's ACPI tables. The hardware domain sees the machine's, at their own addresses, but for those that describe processors and memory (MADT,
 * SRAT, SLIT): Xen has these, the domain gets a MADT of its own with its vcpus and virtual IOSAPICs.
 */
#include <xen/acpi.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>

#include <asm/mm.h>
#include <asm/setup.h>
#include <asm/viosapic.h>
#include <asm/vlsapic.h>

#include "guestfw.h"

/* MADT entries (ACPI 6.4 5.2.12) whose layout is ia64's. */
struct madt_lsapic {
    uint8_t type, length, acpi_id, id, eid, reserved[3];
    uint32_t flags, uid;
    char uid_string[4];
} __packed;

struct madt_iosapic {
    uint8_t type, length, id, reserved;
    uint32_t gsi_base;
    uint64_t address;
} __packed;

/* A table being written: `at` is the guest's address of buf. */
struct out {
    uint8_t *buf;
    size_t size, used;
    uint64_t at;
};

static void *take(struct out *o, size_t n)
{
    void *p = o->buf + o->used;

    if ( n > o->size - o->used )
        return NULL;
    o->used += n;

    return p;
}

static uint8_t checksum(const void *p, size_t n)
{
    const uint8_t *c = p;
    uint8_t sum = 0;

    while ( n-- )
        sum += *c++;

    return -sum;
}

static void finish(struct acpi_table_header *h, const struct out *o)
{
    h->length = o->buf + o->used - (uint8_t *)h;
    h->checksum = 0;
    h->checksum = checksum(h, h->length);
}

static bool is_xens(const char *signature)
{
    static const char *const names[] = { ACPI_SIG_MADT, ACPI_SIG_SRAT, ACPI_SIG_SLIT };
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(names); i++ )
        if ( !strncmp(signature, names[i], 4) )
            return true;

    return false;
}

/* Interrupt source overrides and the like are the machine's business with its pins: copied. */
static int copy_machine_entries(struct out *o, const struct acpi_table_madt *madt)
{
    const uint8_t *p = (const uint8_t *)(madt + 1), *end = (const uint8_t *)madt + madt->header.length;

    for ( ; p + 2 <= end && p[1] >= 2 && p + p[1] <= end; p += p[1] )
    {
        void *to;

        if ( p[0] != ACPI_MADT_TYPE_INTERRUPT_OVERRIDE && p[0] != ACPI_MADT_TYPE_NMI_SOURCE )
            continue;
        to = take(o, p[1]);
        if ( !to )
            return -ENOSPC;
        memcpy(to, p, p[1]);
    }

    return 0;
}

static int build_madt(struct domain *d, struct out *o, const struct acpi_table_madt *machine)
{
    struct acpi_table_madt *madt = take(o, sizeof(*madt));
    unsigned int i, gsi_base, nr_pins;
    uint64_t gpa;

    if ( !madt )
        return -ENOSPC;
    memcpy(madt, machine, sizeof(*madt));
    madt->address = VPIB_BASE;
    madt->flags = 0;

    for ( i = 0; i < d->max_vcpus; i++ )
    {
        struct madt_lsapic *l = take(o, sizeof(*l));

        if ( !l )
            return -ENOSPC;
        memset(l, 0, sizeof(*l));
        l->type = ACPI_MADT_TYPE_LOCAL_SAPIC;
        l->length = sizeof(*l);
        /* The processor objects of the machine's DSDT are named by it. */
        l->acpi_id = i < nr_cpu_lids ? cpu_lid[i].acpi_id : i;
        l->uid = l->acpi_id;
        snprintf(l->uid_string, sizeof(l->uid_string), "%u", l->acpi_id);
        l->id = i;
        l->flags = 1;
    }

    for ( i = 0; viosapic_get(d, i, &gpa, &gsi_base, &nr_pins); i++ )
    {
        struct madt_iosapic *io = take(o, sizeof(*io));

        if ( !io )
            return -ENOSPC;
        *io = (struct madt_iosapic){ ACPI_MADT_TYPE_IO_SAPIC, sizeof(*io), i, 0, gsi_base, gpa };
    }

    if ( is_hardware_domain(d) )
    {
        int rc = copy_machine_entries(o, machine);

        if ( rc )
            return rc;
    }
    finish(&madt->header, o);

    return 0;
}

int guestfw_acpi(struct domain *d, void *buf, size_t size, uint64_t at)
{
    struct out o = { .buf = buf, .size = size, .at = at };
    const struct acpi_table_rsdp *mrsdp;
    const struct acpi_table_header *mxsdt;
    const struct acpi_table_madt *mmadt = NULL;
    struct acpi_table_rsdp *rsdp;
    struct acpi_table_header *xsdt;
    const uint64_t *entry;
    uint64_t *slot;
    unsigned int i, nr, kept = 0;
    int rc;

    if ( !is_hardware_domain(d) )
    {
        printk(XENLOG_ERR "%pd: unimplemented: ACPI tables of a domain that is not the hardware domain\n", d);
        return -EOPNOTSUPP;
    }
    if ( !bootinfo.acpi20 )
        return -ENODEV;

    mrsdp = maddr_to_virt(bootinfo.acpi20);
    mxsdt = maddr_to_virt(mrsdp->xsdt_physical_address);
    nr = (mxsdt->length - sizeof(*mxsdt)) / 8;
    entry = (const uint64_t *)(mxsdt + 1);

    rsdp = take(&o, ROUNDUP(sizeof(*rsdp), 16));
    xsdt = take(&o, sizeof(*mxsdt) + (nr + 1) * 8);
    if ( !rsdp || !xsdt )
        return -ENOSPC;
    memcpy(rsdp, mrsdp, sizeof(*rsdp));
    memcpy(xsdt, mxsdt, sizeof(*xsdt));
    slot = (uint64_t *)(xsdt + 1);

    for ( i = 0; i < nr; i++ )
    {
        uint64_t pa;
        const struct acpi_table_header *h;

        memcpy(&pa, &entry[i], 8);      /* not aligned */
        h = maddr_to_virt(pa);
        if ( !strncmp(h->signature, ACPI_SIG_MADT, 4) )
            mmadt = container_of(h, const struct acpi_table_madt, header);
        if ( !is_xens(h->signature) )
            memcpy(&slot[kept++], &pa, 8);
    }
    if ( !mmadt )
        return -ENODEV;

    xsdt->length = sizeof(*xsdt) + (kept + 1) * 8;
    o.used = ROUNDUP(o.used, 16);

    {
        uint64_t pa = at + o.used;

        memcpy(&slot[kept], &pa, 8);
    }
    xsdt->checksum = 0;
    xsdt->checksum = checksum(xsdt, xsdt->length);
    rc = build_madt(d, &o, mmadt);
    if ( rc )
        return rc;

    rsdp->rsdt_physical_address = 0;
    rsdp->xsdt_physical_address = at + ((uint8_t *)xsdt - o.buf);
    rsdp->checksum = 0;
    rsdp->checksum = checksum(rsdp, 20);
    rsdp->extended_checksum = 0;
    rsdp->extended_checksum = checksum(rsdp, sizeof(*rsdp));

    return o.used;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
