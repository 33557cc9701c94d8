/* SPDX-License-Identifier: GPL-2.0-only
 *
 * SAL procedures (SAL specification 3.4, chapter 9), the SAL system table (3.2), and the rendezvous
 * of application processors (3.4): they wait in SAL for the wake-up vector, then start at the entry
 * the OS registered.
 */
#include <stdio.h>
#include "sim/firmware/mca.h"
#include "sim/board/pci.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"

#define SAL_OK            0ull
#define SAL_UNIMPLEMENTED ((uint64_t)-1)
#define SAL_INVALID       ((uint64_t)-2)
#define SAL_ERROR         ((uint64_t)-3)

enum {
    SAL_SET_VECTORS = 0x01000000,
    SAL_GET_STATE_INFO,
    SAL_GET_STATE_INFO_SIZE,
    SAL_CLEAR_STATE_INFO,
    SAL_MC_RENDEZ,
    SAL_MC_SET_PARAMS,
    SAL_REGISTER_PHYSICAL_ADDR,
    SAL_CACHE_FLUSH = 0x01000008,
    SAL_CACHE_INIT,
    SAL_PCI_CONFIG_READ = 0x01000010,
    SAL_PCI_CONFIG_WRITE,
    SAL_FREQ_BASE,
    SAL_PHYSICAL_ID_INFO,
    SAL_UPDATE_PAL = 0x01000020,
};

static void set_vectors(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct sal_vector v = {c->arg[2], c->arg[3], c->arg[4]};
    switch (c->arg[1]) {
    case 0:
        fw->vec_mca[0] = v;
        break;
    case 1: /* INIT: monarch and slave */
        fw->vec_init[0] = v;
        fw->vec_init[1] = (struct sal_vector){c->arg[5], c->arg[6], c->arg[7]};
        break;
    case 2:
        fw->vec_boot_rendez = v;
        break;
    default:
        c->ret[0] = SAL_INVALID;
    }
}

/* PCI configuration addresses (SAL 9.?): type 0 segment 31:24 bus 23:16 dev 15:11 fn 10:8 reg 7:0;
 * type 1 segment 43:28 bus 27:20 dev 19:15 fn 14:12 reg 11:0. */
static bool pci_address(struct fw_call *c, uint64_t addr, uint64_t type, unsigned size,
                        unsigned *bus, unsigned *devfn, unsigned *reg)
{
    unsigned seg;
    if (size != 1 && size != 2 && size != 4)
        return false;
    if (type == 0) {
        seg = addr >> 24 & 0xff;
        *bus = addr >> 16 & 0xff;
        *devfn = addr >> 8 & 0xff;
        *reg = addr & 0xff;
    } else if (type == 1) {
        seg = addr >> 28 & 0xffff;
        *bus = addr >> 20 & 0xff;
        *devfn = addr >> 12 & 0xff;
        *reg = addr & 0xfff;
    } else {
        return false;
    }
    (void)c;
    return seg == 0 && !(*reg & (size - 1));
}

static void sal_proc(struct fw_call *c)
{
    static uint64_t told;
    const uint64_t *a = c->arg;
    unsigned bus, devfn, reg;
    c->ret[0] = SAL_OK;
    switch (a[0]) {
    case SAL_SET_VECTORS:
        set_vectors(c);
        break;
    case SAL_GET_STATE_INFO:
        sal_get_state_info(c);
        break;
    case SAL_GET_STATE_INFO_SIZE:
        if (a[1] > 3)
            c->ret[0] = SAL_INVALID;
        c->ret[1] = ERROR_RECORD_MAX;
        break;
    case SAL_CLEAR_STATE_INFO:
        sal_clear_state_info(c);
        break;
    case SAL_MC_RENDEZ:
        sal_mc_rendez(c);
        break;
    case SAL_MC_SET_PARAMS:
        sal_mc_set_params(c);
        break;
    case SAL_REGISTER_PHYSICAL_ADDR:
    case SAL_CACHE_FLUSH:
    case SAL_CACHE_INIT:
        break;
    case SAL_PCI_CONFIG_READ:
        if (!pci_address(c, a[1], a[3], (unsigned)a[2], &bus, &devfn, &reg)) {
            c->ret[0] = SAL_INVALID;
            break;
        }
        c->ret[1] = pci_config_read(c->b, bus, devfn, reg, (unsigned)a[2]);
        break;
    case SAL_PCI_CONFIG_WRITE:
        if (!pci_address(c, a[1], a[4], (unsigned)a[2], &bus, &devfn, &reg)) {
            c->ret[0] = SAL_INVALID;
            break;
        }
        pci_config_write(c->b, bus, devfn, reg, (unsigned)a[2], (uint32_t)a[3]);
        break;
    case SAL_FREQ_BASE:
        if (a[1] > 2) {
            c->ret[0] = SAL_INVALID;
            break;
        }
        c->ret[1] = a[1] == 0 ? BOARD_ITC_HZ / 5 : a[1] == 1 ? BOARD_ITC_HZ : 10000000;
        c->ret[2] = 0; /* no drift: every ITC counts the same clock */
        break;
    case SAL_PHYSICAL_ID_INFO:
        c->ret[1] = c->cpu->index;
        break;
    case SAL_UPDATE_PAL:
        c->ret[0] = SAL_UNIMPLEMENTED;
        break;
    default:
        if (!(told >> (a[0] & 63) & 1)) {
            told |= 1ull << (a[0] & 63);
            fprintf(stderr, "ia64-sim: unimplemented: SAL procedure %#llx\n",
                    (unsigned long long)a[0]);
        }
        c->ret[0] = SAL_UNIMPLEMENTED;
    }
}

/* An application processor returned from the OS's rendezvous entry: back to waiting, on SAL's own
 * stacks, with all interrupts let through, so that those it has no use for can be thrown away. */
static void ap_return(struct fw_call *c)
{
    struct cpu *cpu = c->cpu;
    c->b->fw->ap_waiting[cpu->index] = true;
    rse_reset(cpu);
    cpu->cr[CR_TPR] = 0;
    cpu_set_psr(cpu, PSR_BN);
    cpu->halted = true;
    cpu_attention(cpu);
    c->no_return = true;
}

void sal_ap_poll(struct board *b)
{
    struct firmware *fw = b->fw;
    for (unsigned i = 1; i < b->m->ncpu; i++) {
        struct cpu *cpu = b->m->cpu[i];
        bool wake = false;
        if (!fw->ap_waiting[i])
            continue;
        for (int v; (v = sapic_pending(cpu)) >= 0;) { /* what the OS has left, too */
            sapic_read_ivr(cpu);
            sapic_write_eoi(cpu);
            wake |= v == SAL_AP_WAKEUP_VECTOR;
        }
        if (!wake || !fw->vec_boot_rendez.ip)
            continue;
        fw->ap_waiting[i] = false;
        cpu->halted = false;
        cpu->ip = fw->vec_boot_rendez.ip;
        cpu_set_psr(cpu, PSR_BN);
        cpu->gr[1] = (struct gr){fw->vec_boot_rendez.gp, 0};
        cpu->gr[12] = (struct gr){FW_AP_STACK + 0x800 * (i + 1ull) - 16, 0};
        cpu->br[0] = fw->ap_return;
        rse_set_bspstore(cpu, FW_AP_STACK + 0x20000 + 0x800 * (uint64_t)i);
        cpu_attention(cpu);
    }
}

struct sal_systab {
    char signature[4];
    uint32_t size;
    uint8_t rev_minor, rev_major;
    uint16_t entries;
    uint8_t checksum, reserved1[7];
    uint8_t sal_a_minor, sal_a_major, sal_b_minor, sal_b_major;
    char oem[32], product[32];
    uint8_t reserved2[8];
};
_Static_assert(sizeof(struct sal_systab) == 96, "SAL 3.2.1");
struct sal_entrypoint { /* type 0, 48 bytes */
    uint8_t type, reserved[7];
    uint64_t pal_proc, sal_proc, gp, reserved2[2];
};
struct sal_features { /* type 2, 16 bytes: bit 0 bus lock, 1 IRQ redirection, 2 IPI redirection, 3
                         ITC drift */
    uint8_t type, list, reserved[14];
};
struct sal_ptc_domain { /* type 4, 16 bytes */
    uint8_t type, reserved[3];
    uint32_t domains;
    uint64_t info;
};
struct sal_wakeup { /* type 5, 16 bytes; mechanism 0: external interrupt */
    uint8_t type, mechanism, reserved[6];
    uint64_t vector;
};

void sal_build(struct firmware *fw)
{
    struct table {
        struct sal_systab h;
        struct sal_entrypoint entry;
        struct sal_features features;
        struct sal_wakeup wakeup;
    } t = {0};
    fw->sal_entry = fw_entry(fw, "SAL_PROC", sal_proc, 0);
    fw->ap_return = fw_entry(fw, "SAL AP return", ap_return, 0);
    memcpy(t.h.signature, "SST_", 4);
    t.h.size = sizeof t;
    t.h.rev_major = 3;
    t.h.rev_minor = 0x20;
    t.h.entries = 3;
    t.h.sal_a_major = t.h.sal_b_major = 1;
    memcpy(t.h.oem, "xen-ia64", 8);
    memcpy(t.h.product, "ia64-sim", 8);
    t.entry.type = 0;
    t.entry.pal_proc = fw->pal_entry;
    t.entry.sal_proc = fw->sal_entry;
    t.entry.gp = FW_DATA;
    t.features.type = 2;
    t.wakeup.type = 5;
    t.wakeup.vector = SAL_AP_WAKEUP_VECTOR;
    t.h.checksum = fw_checksum(&t, sizeof t);
    fw->sal_systab = fw_alloc(fw, sizeof t, 16);
    memcpy(fw_ptr(fw, fw->sal_systab, sizeof t), &t, sizeof t);
    for (unsigned i = 0; i < fw->b->m->ncpu; i++) {
        struct cpu *cpu = fw->b->m->cpu[i];
        /* An OS keeps the registers that it is handed over with, to give them back. */
        cpu->cr[CR_PTA] = 15 << 2;
        for (unsigned r = 0; r < 8; r++)
            cpu->rr[r] = 12 << 2;
        fw->ap_waiting[i] = i != 0;
        cpu->halted = i != 0;
    }
}
