/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ACPI tables (ACPI 6.x chapter 5; SPCR by Microsoft's, HCDP/PCDP by DIG64's specification) from
 * the board's configuration. The DSDT is compiled from dsdt.asl by iasl.
 */
#include <stdlib.h>
#include "sim/firmware/acpi.h"
#include "dsdt.hex" /* dsdt_aml_code[], from build/ */

#pragma pack(push, 1)
struct gas { /* generic address structure */
    uint8_t space, width, offset, access;
    uint64_t addr;
};
struct fadt {
    struct sdt h;
    uint32_t facs, dsdt;
    uint8_t model, profile;
    uint16_t sci_int;
    uint32_t smi_cmd;
    uint8_t acpi_enable, acpi_disable, s4bios, pstate_cnt;
    uint32_t pm1a_evt, pm1b_evt, pm1a_cnt, pm1b_cnt, pm2_cnt, pm_tmr, gpe0, gpe1;
    uint8_t pm1_evt_len, pm1_cnt_len, pm2_cnt_len, pm_tmr_len, gpe0_len, gpe1_len, gpe1_base,
        cst_cnt;
    uint16_t p_lvl2, p_lvl3, flush_size, flush_stride;
    uint8_t duty_offset, duty_width, day_alrm, mon_alrm, century;
    uint16_t boot_arch;
    uint8_t reserved;
    uint32_t flags;
    struct gas reset_reg;
    uint8_t reset_value;
    uint16_t arm_boot;
    uint8_t minor;
    uint64_t x_facs, x_dsdt;
    struct gas x_pm1a_evt, x_pm1b_evt, x_pm1a_cnt, x_pm1b_cnt, x_pm2_cnt, x_pm_tmr, x_gpe0, x_gpe1;
};
_Static_assert(sizeof(struct fadt) == 244, "ACPI 2.0, FADT revision 3");
struct facs {
    char sig[4];
    uint32_t length, hw_sig, waking, lock, flags;
    uint64_t x_waking;
    uint8_t version, reserved[31];
};
struct madt_iosapic { /* type 6 */
    uint8_t type, len, id, reserved;
    uint32_t gsi_base;
    uint64_t addr;
};
struct madt_lsapic { /* type 7, with the UID string's terminator */
    uint8_t type, len, acpi_id, id, eid, reserved[3];
    uint32_t flags, uid;
    char uid_string[4];
};
struct spcr {
    struct sdt h;
    uint8_t interface, reserved[3];
    struct gas addr;
    uint8_t irq_type, irq;
    uint32_t gsi;
    uint8_t baud, parity, stop, flow, terminal, language;
    uint16_t pci_device, pci_vendor;
    uint8_t bus, dev, fn;
    uint32_t flags;
    uint8_t segment;
    uint32_t clock;
};
struct pcdp_uart { /* 48 bytes, HCDP/PCDP 2.0 */
    uint8_t type, bits, parity, stop, pci_seg, pci_bus, pci_dev, pci_fn;
    uint64_t baud;
    struct gas addr;
    uint16_t pci_device, pci_vendor;
    uint32_t gsi, clock;
    uint8_t pci_prog_if, flags;
    uint16_t conout_index;
    uint32_t reserved;
};
_Static_assert(sizeof(struct pcdp_uart) == 48, "PCDP UART entry");
#pragma pack(pop)

void acpi_header(struct sdt *h, const char *sig, uint8_t rev, size_t len)
{
    memcpy(h->sig, sig, 4);
    h->length = (uint32_t)len;
    h->revision = rev;
    memcpy(h->oem_id, "XENIA\0", 6);
    memcpy(h->oem_table, "IA64SIM ", 8);
    h->oem_rev = 1;
    memcpy(h->creator, "XIA6", 4);
    h->creator_rev = 1;
}
static uint64_t place(struct firmware *fw, const void *table, size_t len)
{
    uint64_t pa = fw_alloc_acpi(fw, len, 64);
    memcpy(fw_ptr(fw, pa, len), table, len);
    return pa;
}
uint64_t acpi_place(struct firmware *fw, void *table, size_t len)
{
    struct sdt *h = table;
    h->checksum = 0;
    h->checksum = fw_checksum(table, len);
    return place(fw, table, len);
}

static struct gas mem_gas(uint64_t addr, uint8_t bits)
{
    return (struct gas){0, bits, 0, bits == 8 ? 1 : bits == 16 ? 2 : 3, addr};
}

static uint64_t build_fadt(struct firmware *fw, uint64_t facs, uint64_t dsdt)
{
    struct fadt f = {0};
    const uint64_t p = BOARD_POWER_BASE;
    acpi_header(&f.h, "FACP", 3,
                sizeof f); /* ACPI 2.0: Linux/ia64 registers the SCI for this revision only */
    f.facs = (uint32_t)facs;
    f.dsdt = (uint32_t)dsdt;
    f.x_facs = 0; /* both forms would be one too many: ACPI 5.2.9 */
    f.x_dsdt = dsdt;
    f.profile = 4; /* enterprise server */
    f.sci_int = BOARD_SCI_GSI;
    f.pm1_evt_len = 4;
    f.pm1_cnt_len = 2;
    f.pm_tmr_len = 4;
    f.gpe0_len = 8;
    f.p_lvl2 = 101;
    f.p_lvl3 = 1001;
    /* WBINVD, power button as a fixed feature is bit 4 (0: fixed), reset register 10, 32-bit PM
     * timer 8. */
    f.flags = 1u << 0 | 1u << 4 | 1u << 5 | 1u << 8 | 1u << 10;
    f.reset_reg = mem_gas(p + POWER_RESET, 8);
    f.reset_value = 6;
    f.x_pm1a_evt = mem_gas(p + POWER_PM1_EVT, 32);
    f.x_pm1a_evt.access = 2;
    f.x_pm1a_cnt = mem_gas(p + POWER_PM1_CNT, 16);
    f.x_pm_tmr = mem_gas(p + POWER_PM_TMR, 32);
    f.x_gpe0 = mem_gas(p + POWER_GPE0, 64);
    f.x_gpe0.access = 1;
    return acpi_place(fw, &f, sizeof f);
}

static uint64_t build_madt(struct firmware *fw)
{
    unsigned n = fw->b->m->ncpu;
    struct {
        struct sdt h;
        uint32_t lapic_addr, flags;
        struct madt_iosapic io;
        struct madt_lsapic cpu[MAX_CPUS];
    } __attribute__((packed)) *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    size_t len = sizeof *t - (MAX_CPUS - n) * sizeof t->cpu[0];
    acpi_header(&t->h, "APIC", 3, len);
    t->lapic_addr = (uint32_t)BOARD_PIB_BASE;
    t->io =
        (struct madt_iosapic){.type = 6, .len = sizeof t->io, .id = 0, .addr = BOARD_IOSAPIC_BASE};
    for (unsigned i = 0; i < n; i++) {
        t->cpu[i] = (struct madt_lsapic){.type = 7,
                                         .len = sizeof t->cpu[0],
                                         .acpi_id = (uint8_t)i,
                                         .id = (uint8_t)i,
                                         .flags = 1,
                                         .uid = i};
        t->cpu[i].uid_string[0] = (char)('0' + i / 10);
        t->cpu[i].uid_string[1] = (char)('0' + i % 10);
    }
    uint64_t pa = acpi_place(fw, t, len);
    free(t);
    return pa;
}

static uint64_t build_spcr(struct firmware *fw)
{
    struct spcr s = {0};
    acpi_header(&s.h, "SPCR", 2, sizeof s);
    s.interface = 0; /* 16550 */
    s.addr = mem_gas(BOARD_UART_BASE, 8);
    s.irq_type = 1 << 4; /* I/O SAPIC */
    s.gsi = BOARD_UART_GSI;
    s.baud = 7; /* 115200 */
    s.stop = 1;
    s.terminal = 3; /* ANSI */
    s.pci_device = s.pci_vendor = 0xffff;
    return acpi_place(fw, &s, sizeof s);
}

static uint64_t build_pcdp(struct firmware *fw)
{
    struct {
        struct sdt h;
        uint32_t nuart;
        struct pcdp_uart u;
    } __attribute__((packed)) t = {0};
    acpi_header(&t.h, "HCDP", 3, sizeof t);
    t.nuart = 1;
    t.u.type = 0; /* headless console */
    t.u.bits = 8;
    t.u.parity = 1; /* none */
    t.u.stop = 1;
    t.u.baud = 115200;
    t.u.addr = mem_gas(BOARD_UART_BASE, 8);
    t.u.gsi = BOARD_UART_GSI;
    t.u.clock = 1843200;
    t.u.flags = 1 << 1 | 1 << 2; /* interrupt supported; primary console */
    return acpi_place(fw, &t, sizeof t);
}

void acpi_build(struct firmware *fw)
{
    struct facs facs = {.sig = "FACS", .length = sizeof facs, .version = 2};
    uint64_t facs_pa = place(fw, &facs, sizeof facs);
    uint64_t dsdt = fw_alloc_acpi(fw, sizeof dsdt_aml_code, 64);
    memcpy(fw_ptr(fw, dsdt, sizeof dsdt_aml_code), dsdt_aml_code, sizeof dsdt_aml_code);

    struct {
        struct sdt h;
        uint64_t e[8];
    } __attribute__((packed)) x = {0};
    unsigned n = 0;
    x.e[n++] = build_fadt(fw, facs_pa, dsdt);
    x.e[n++] = build_madt(fw);
    x.e[n++] = build_spcr(fw);
    if (fw->b->cfg.nodes > 1) {
        x.e[n++] = acpi_srat(fw);
        x.e[n++] = acpi_slit(fw);
        x.e[n++] = acpi_numa_ssdt(fw);
    }
    size_t len = sizeof x.h + n * 8;
    acpi_header(&x.h, "XSDT", 1, len);
    uint64_t xsdt = acpi_place(fw, &x, len);

    struct {
        char sig[8];
        uint8_t checksum;
        char oem[6];
        uint8_t revision;
        uint32_t rsdt, length;
        uint64_t xsdt;
        uint8_t xchecksum, reserved[3];
    } __attribute__((packed)) r = {.oem = "XENIA", .revision = 2, .length = sizeof r, .xsdt = xsdt};
    memcpy(r.sig, "RSD PTR ", 8);
    r.checksum = fw_checksum(&r, 20);
    r.xchecksum = fw_checksum(&r, sizeof r);
    fw->rsdp = place(fw, &r, sizeof r);
    fw->hcdp = build_pcdp(fw);
}
