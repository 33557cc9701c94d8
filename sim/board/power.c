/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ACPI fixed hardware, byte-addressable: PM1a event and control blocks, PM timer, an empty GPE
 * block, the reset register (ACPI 4.8.3). The machine is always in ACPI mode (FADT smi_cmd 0):
 * SCI_EN reads 1.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/board/event.h"
#include "sim/board/power.h"
#include "sim/board/snapshot_parts.h"
#include "sim/cpu/engine.h"

enum {
    PM1_TMR = 1 << 0,
    PM1_GBL = 1 << 5,
    PM1_PWRBTN = 1 << 8,
    PM1_SLPBTN = 1 << 9,
    PM1_RTC = 1 << 10,
    PM1_WAK = 1 << 15,
    PM1_STS_BITS = PM1_TMR | PM1_GBL | PM1_PWRBTN | PM1_SLPBTN | PM1_RTC | PM1_WAK,
    PM1_EN_BITS = PM1_TMR | PM1_GBL | PM1_PWRBTN | PM1_SLPBTN | PM1_RTC,
    CNT_SCI_EN = 1 << 0,
    CNT_SLP_EN = 1 << 13,
    RESET_VALUE = 6,
};
#define PM_TMR_HZ 3579545ull

struct power {
    struct board *b;
    uint8_t sts[2], en[2], cnt[2], gpe_en[4];
    struct event *carry;
};

static uint16_t u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint64_t ticks(int64_t cycles)
{
    uint64_t c = (uint64_t)cycles;
    return c / BOARD_ITC_HZ * PM_TMR_HZ + c % BOARD_ITC_HZ * PM_TMR_HZ / BOARD_ITC_HZ;
}

static void update(struct power *p)
{
    irq_set(p->b, BOARD_SCI_GSI, u16(p->sts) & u16(p->en));
}

/* TMR_STS is set whenever the timer's top bit changes. */
static void arm_carry(struct power *p)
{
    uint64_t next = (ticks(p->b->m->now) >> 31) + 1;
    uint64_t t = next << 31;
    event_set(p->carry, (int64_t)(t / PM_TMR_HZ * BOARD_ITC_HZ +
                                  t % PM_TMR_HZ * BOARD_ITC_HZ / PM_TMR_HZ + 1));
}
static void on_carry(void *arg, int64_t now)
{
    struct power *p = arg;
    (void)now;
    p->sts[0] |= PM1_TMR;
    update(p);
    /* An idle machine is not woken for nobody. */
    if (p->en[0] & PM1_TMR)
        arm_carry(p);
}

void power_button(struct power *p)
{
    p->sts[1] |= PM1_PWRBTN >> 8;
    update(p);
}

static void control(struct power *p)
{
    uint16_t v = u16(p->cnt);
    if (!(v & CNT_SLP_EN))
        return;
    p->cnt[1] &= (uint8_t) ~(CNT_SLP_EN >> 8); /* write-only */
    if ((v >> 10 & 7) == POWER_S5)
        board_power_off(p->b);
    else
        board_unimplemented(p->b, "power", "sleep type", v >> 10 & 7);
}

static uint8_t read8(struct power *p, unsigned off, uint32_t timer)
{
    switch (off) {
    case POWER_PM1_EVT:
    case POWER_PM1_EVT + 1:
        return p->sts[off - POWER_PM1_EVT];
    case POWER_PM1_EVT + 2:
    case POWER_PM1_EVT + 3:
        return p->en[off - POWER_PM1_EVT - 2];
    case POWER_PM1_CNT:
        return p->cnt[0] | CNT_SCI_EN;
    case POWER_PM1_CNT + 1:
        return p->cnt[1];
    case POWER_PM_TMR:
    case POWER_PM_TMR + 1:
    case POWER_PM_TMR + 2:
    case POWER_PM_TMR + 3:
        return (uint8_t)(timer >> 8 * (off - POWER_PM_TMR));
    case POWER_GPE0:
    case POWER_GPE0 + 1:
    case POWER_GPE0 + 2:
    case POWER_GPE0 + 3:
        return 0; /* no general-purpose event has a source */
    case POWER_GPE0 + 4:
    case POWER_GPE0 + 5:
    case POWER_GPE0 + 6:
    case POWER_GPE0 + 7:
        return p->gpe_en[off - POWER_GPE0 - 4];
    case POWER_RESET:
        return 0;
    default:
        board_unimplemented(p->b, "power", "read at offset", off);
        return 0xff;
    }
}

static void write8(struct power *p, unsigned off, uint8_t v)
{
    switch (off) {
    case POWER_PM1_EVT:
    case POWER_PM1_EVT + 1: /* writing 1 clears */
        p->sts[off - POWER_PM1_EVT] &= (uint8_t)~v;
        break;
    case POWER_PM1_EVT + 2:
        p->en[0] = v & PM1_EN_BITS & 0xff;
        if (v & PM1_TMR)
            arm_carry(p);
        else
            event_set(p->carry, INT64_MAX);
        break;
    case POWER_PM1_EVT + 3:
        p->en[1] = v & PM1_EN_BITS >> 8;
        break;
    case POWER_PM1_CNT:
        p->cnt[0] = v & 2; /* BM_RLD has a bit to keep, and no meaning */
        break;
    case POWER_PM1_CNT + 1:
        p->cnt[1] = v & 0x3c;
        control(p);
        break;
    case POWER_GPE0:
    case POWER_GPE0 + 1:
    case POWER_GPE0 + 2:
    case POWER_GPE0 + 3:
        break;
    case POWER_GPE0 + 4:
    case POWER_GPE0 + 5:
    case POWER_GPE0 + 6:
    case POWER_GPE0 + 7:
        p->gpe_en[off - POWER_GPE0 - 4] = v;
        break;
    case POWER_PM_TMR:
    case POWER_PM_TMR + 1:
    case POWER_PM_TMR + 2:
    case POWER_PM_TMR + 3:
        break; /* read-only */
    case POWER_RESET:
        if (v == RESET_VALUE)
            board_request_reset(p->b);
        break;
    default:
        board_unimplemented(p->b, "power", "write at offset", off);
    }
}

static uint64_t power_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    uint64_t v = 0;
    uint32_t timer = (uint32_t)ticks(cpu_cycles_now(cpu));
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)read8(dev, (unsigned)offset + i, timer) << 8 * i;
    return v;
}

static void power_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    (void)cpu;
    for (unsigned i = 0; i < size; i++)
        write8(dev, (unsigned)offset + i, (uint8_t)(value >> 8 * i));
    update(dev);
}

void power_reset(struct power *p)
{
    memset(p->sts, 0, sizeof p->sts);
    memset(p->en, 0, sizeof p->en);
    memset(p->cnt, 0, sizeof p->cnt);
    memset(p->gpe_en, 0, sizeof p->gpe_en);
    event_set(p->carry, INT64_MAX);
    update(p);
}

void power_snapshot(struct snap *s, struct board *b)
{
    struct power *p = b->power;
    SNAP(s, p->sts);
    SNAP(s, p->en);
    SNAP(s, p->cnt);
    SNAP(s, p->gpe_en);
}

struct power *power_new(struct board *b)
{
    struct power *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->b = b;
    p->carry = event_new(b, on_carry, p, "pm timer");
    phys_add_dev(b->m, &(struct phys_range){.base = BOARD_POWER_BASE,
                                            .size = 0x1000,
                                            .dev = p,
                                            .read = power_read,
                                            .write = power_write,
                                            .name = "power"});
    return p;
}

void power_free(struct power *p)
{
    free(p);
}
