/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The processor interrupt block (SDM 2:5.8.4): stores to its lower half are interrupt messages to
 * the processor that the address names; INTA and XTP are bytes in the upper half.
 */
#include <stdio.h>
#include "sim/board/iosapic.h"
#include "sim/cpu/sapic.h"
#include "sim/firmware/firmware.h"

enum { PIB_INTA = 0x1e0000, PIB_XTP = 0x1e0008 };

static struct cpu *by_lid(struct machine *m, unsigned id, unsigned eid)
{
    /* Index and id are the same unless the guest rewrote cr.lid. */
    for (unsigned i = 0; i < m->ncpu; i++) {
        uint64_t lid = m->cpu[(id + i) % m->ncpu]->cr[CR_LID];
        if ((lid >> 24 & 0xff) == id && (lid >> 16 & 0xff) == eid)
            return m->cpu[(id + i) % m->ncpu];
    }
    return NULL;
}

static void raise(struct board *b, struct cpu *cpu, unsigned vector)
{
    if (b->fw && b->fw->ap_waiting[cpu->index]) {
        /* SAL holds this processor with all vectors but its own masked. */
        if (vector != SAL_AP_WAKEUP_VECTOR)
            return;
        sapic_raise(cpu, vector);
        sal_ap_poll(b);
        return;
    }
    sapic_raise(cpu, vector);
}

void pib_deliver(struct board *b, unsigned id, unsigned eid, unsigned mode, unsigned vector)
{
    struct cpu *cpu = by_lid(b->m, id, eid);
    if (!cpu) {
        board_unimplemented(b, "interrupt block",
                            "message to a processor that does not exist, id.eid", id << 8 | eid);
        return;
    }
    switch (mode) {
    case DELIVER_FIXED:
    case DELIVER_LOWEST: /* to the processor named: a choice the redirection hint allows */
        raise(b, cpu, vector);
        break;
    case DELIVER_PMI:
        sapic_pmi_event(cpu);
        break;
    case DELIVER_NMI:
        raise(b, cpu, SAPIC_NMI);
        break;
    case DELIVER_INIT:
        sapic_init_event(cpu);
        break;
    case DELIVER_EXTINT:
        raise(b, cpu, SAPIC_EXTINT);
        break;
    default:
        board_unimplemented(b, "interrupt block", "delivery mode", mode);
    }
}

void irq_msi(struct board *b, uint64_t addr, uint32_t data)
{
    if (addr - BOARD_PIB_BASE >= BOARD_PIB_SIZE / 2) {
        board_unimplemented(b, "interrupt block", "interrupt message outside it, to", addr);
        return;
    }
    pib_deliver(b, addr >> 12 & 0xff, addr >> 4 & 0xff, data >> 8 & 7, data & 0xff);
}

static uint64_t pib_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    (void)cpu;
    if (offset == PIB_INTA && size == 1)
        return SAPIC_SPURIOUS; /* no 8259 behind the board: nothing to acknowledge */
    board_unimplemented(dev, "interrupt block", "read at offset", offset);
    return ~0ull;
}

static void pib_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    (void)cpu;
    if (offset == PIB_XTP && size == 1)
        return; /* hint for redirection, which always goes to the processor named */
    /* SDM 2:5.8.4.1: messages are 8-byte stores; other sizes are undefined. */
    if (offset >= BOARD_PIB_SIZE / 2 || offset & 7 || size != 8) {
        board_unimplemented(dev, "interrupt block",
                            size == 8 ? "write at offset" : "write other than 8 bytes at offset",
                            offset);
        return;
    }
    irq_msi(dev, BOARD_PIB_BASE + offset, (uint32_t)value);
}

void pib_reset(struct board *b)
{
    for (unsigned i = 0; i < b->m->ncpu; i++)
        b->m->cpu[i]->cr[CR_LID] = (uint64_t)i << 24;
}

void pib_add(struct board *b)
{
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_PIB_BASE,
                                            .size = BOARD_PIB_SIZE,
                                            .dev = b,
                                            .read = pib_read,
                                            .write = pib_write,
                                            .name = "interrupt block"});
}
