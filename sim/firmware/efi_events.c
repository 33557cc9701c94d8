/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Events, timers and task priority levels (UEFI 6.1). Due timers are noticed whenever a boot
 * service is called, and at the timer's interrupt (efi_interrupt.c); waiting passes modelled time.
 */
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

enum {
    EVT_TIMER = 0x80000000,
    EVT_RUNTIME = 0x40000000,
    EVT_WAIT = 0x100,
    EVT_SIGNAL = 0x200,
    EVT_EXIT_BOOT = 0x201,
    EVT_VIRTUAL = 0x60000202
};
static const struct efi_guid group_exit = {
    0x27abf055, 0xb1b8, 0x4c26, {0x80, 0x48, 0x74, 0x8f, 0x37, 0xba, 0xa2, 0xdf}};
static const struct efi_guid group_virtual = {
    0x13fa7698, 0xc831, 0x49c7, {0x87, 0xea, 0x8f, 0x43, 0xfc, 0xc2, 0x51, 0x96}};

struct efi_event *efi_event_find(struct firmware *fw, uint64_t id)
{
    for (struct efi_event *e = efi_bs(fw)->events; e; e = e->next)
        if (e->id == id)
            return e;
    return NULL;
}
struct efi_event *efi_event_new(struct firmware *fw)
{
    struct efi_event *e = calloc(1, sizeof *e), **pp = &efi_bs(fw)->events;
    if (!e)
        abort();
    e->id = ++efi_bs(fw)->next_id << 4;
    e->when = INT64_MAX;
    while (*pp)
        pp = &(*pp)->next;
    return *pp = e;
}

static void queue(struct firmware *fw, struct efi_event *e)
{
    if (e->fn && !e->pending) {
        e->pending = true;
        e->seq = ++efi_bs(fw)->seq;
    }
}
static void signal_one(struct firmware *fw, struct efi_event *e)
{
    if (e->signaled && !(e->type & EVT_SIGNAL))
        return;
    e->signaled = true;
    if (e->type & EVT_SIGNAL) {
        e->signaled = false; /* what it stands for is the notification */
        queue(fw, e);
    }
}
static void signal_group(struct firmware *fw, const struct efi_guid *g)
{
    for (struct efi_event *e = efi_bs(fw)->events; e; e = e->next)
        if (e->grouped && !memcmp(&e->group, g, sizeof *g))
            signal_one(fw, e);
}
void efi_signal(struct firmware *fw, struct efi_event *e)
{
    if (e->grouped)
        signal_group(fw, &e->group);
    else
        signal_one(fw, e);
}
void efi_signal_exit(struct firmware *fw)
{
    for (struct efi_event *e = efi_bs(fw)->events; e; e = e->next)
        e->when = INT64_MAX; /* no timer fires any more */
    efi_timer_arm(fw);
    signal_group(fw, &group_exit);
}

static bool virtual_change(const struct efi_event *e)
{
    return e->grouped && e->fn && !memcmp(&e->group, &group_virtual, sizeof e->group);
}
void efi_signal_virtual(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    for (struct efi_event *e = bs->events; e; e = e->next)
        e->pending = false;
    bs->tpl = TPL_APPLICATION;
    signal_group(fw, &group_virtual);
}
bool efi_waits_for_virtual(struct firmware *fw)
{
    if (!fw->boot || fw->virtual_mode)
        return false;
    for (const struct efi_event *e = efi_bs(fw)->events; e; e = e->next)
        if (virtual_change(e))
            return true;
    for (const struct efi_image *i = efi_bs(fw)->images; i; i = i->next)
        if (i->loaded)
            return true;
    return false;
}
void efi_events_end(struct firmware *fw)
{
    for (struct efi_event *e; (e = efi_bs(fw)->events);) {
        efi_bs(fw)->events = e->next;
        free(e);
    }
}

void efi_timers(struct firmware *fw, int64_t now)
{
    bool fired = false;
    for (struct efi_event *e = efi_bs(fw)->events; e; e = e->next) {
        if (e->when > now)
            continue;
        fired = true;
        if (e->period) {
            e->when += (now - e->when) / e->period * e->period;
            e->when += e->period;
        } else {
            e->when = INT64_MAX;
        }
        efi_signal(fw, e);
    }
    if (fired)
        efi_timer_arm(fw);
}

static void notified(struct fw_call *c, struct efi_cont *k, uint64_t status)
{
    (void)status;
    efi_bs(c->b->fw)->tpl = k->tpl;
    efi_dispatch(c, k->then, k->arg);
}
struct efi_event *efi_event_due(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    struct efi_event *best = NULL;
    for (struct efi_event *e = bs->events; e; e = e->next)
        if (e->pending && e->tpl > bs->tpl &&
            (!best || e->tpl > best->tpl || (e->tpl == best->tpl && e->seq < best->seq)))
            best = e;
    return best;
}
void efi_dispatch(struct fw_call *c, efi_then then, uint64_t arg)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    for (struct efi_event *best; (best = efi_event_due(c->b->fw));) {
        uint64_t tpl = bs->tpl, a[2] = {best->id, best->ctx};
        best->pending = false;
        if (efi_call_guest(c, best->fn, a, 2, notified, then, arg)) {
            bs->cont[bs->nconts - 1].tpl = tpl;
            bs->tpl = best->tpl;
            return;
        }
    }
    if (then)
        then(c, arg);
}

/* --- services --- */

uint64_t bs_raise_tpl(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    uint64_t old = bs->tpl;
    if (c->arg[0] > TPL_HIGH || c->arg[0] <= old)
        return old; /* lower is the caller's mistake, undefined by UEFI: refused here */
    bs->tpl = c->arg[0];
    if (bs->tpl == TPL_HIGH) { /* interrupts are disabled there */
        bs->tpl_psr_i = c->cpu->psr & PSR_I;
        cpu_set_psr(c->cpu, c->cpu->psr & ~PSR_I);
    }
    return old;
}
uint64_t bs_restore_tpl(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    if (c->arg[0] > bs->tpl)
        return EFI_SUCCESS;
    if (bs->tpl == TPL_HIGH && c->arg[0] < TPL_HIGH && bs->tpl_psr_i)
        cpu_set_psr(c->cpu, c->cpu->psr | PSR_I);
    bs->tpl = c->arg[0] < TPL_APPLICATION ? TPL_APPLICATION : c->arg[0];
    return EFI_SUCCESS;
}

static uint64_t create(struct fw_call *c, const struct efi_guid *group, uint64_t out)
{
    struct firmware *fw = c->b->fw;
    uint32_t type = (uint32_t)c->arg[0];
    uint64_t tpl = c->arg[1], probe;
    if (!efi_get(c, out, &probe, 8))
        return EFI_INVALID_PARAMETER;
    switch (type) {
    case 0:
    case EVT_TIMER:
    case EVT_WAIT:
    case EVT_SIGNAL:
    case EVT_TIMER | EVT_WAIT:
    case EVT_TIMER | EVT_SIGNAL:
    case EVT_RUNTIME:
    case EVT_RUNTIME | EVT_SIGNAL:
        break;
    case EVT_EXIT_BOOT:
    case EVT_VIRTUAL:
        if (group)
            return EFI_INVALID_PARAMETER;
        group = type == EVT_EXIT_BOOT ? &group_exit : &group_virtual;
        break;
    default:
        return EFI_INVALID_PARAMETER;
    }
    if (type & (EVT_WAIT | EVT_SIGNAL)) {
        uint64_t d[2];
        if (!efi_get(c, c->arg[2], d, sizeof d) || tpl <= TPL_APPLICATION || tpl >= TPL_HIGH)
            return EFI_INVALID_PARAMETER;
    }
    struct efi_event *e = efi_event_new(fw);
    e->type = type;
    if (type & (EVT_WAIT | EVT_SIGNAL)) {
        e->tpl = tpl;
        e->fn = c->arg[2];
        e->ctx = c->arg[3];
    }
    if (group) {
        e->grouped = true;
        e->group = *group;
    }
    return efi_put64(c, out, e->id) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
uint64_t bs_create_event(struct fw_call *c)
{
    return create(c, NULL, c->arg[4]);
}
uint64_t bs_create_event_ex(struct fw_call *c)
{
    struct efi_guid g;
    uint32_t type = (uint32_t)c->arg[0];
    if (type == EVT_EXIT_BOOT || type == EVT_VIRTUAL)
        return EFI_INVALID_PARAMETER;
    if (c->arg[4] && !efi_get(c, c->arg[4], &g, sizeof g))
        return EFI_INVALID_PARAMETER;
    return create(c, c->arg[4] ? &g : NULL, c->arg[5]);
}

uint64_t bs_set_timer(struct fw_call *c)
{
    struct efi_event *e = efi_event_find(c->b->fw, c->arg[0]);
    uint32_t kind = (uint32_t)c->arg[1];
    uint64_t t = c->arg[2]; /* 100 ns */
    if (!e || !(e->type & EVT_TIMER) || kind > 2)
        return EFI_INVALID_PARAMETER;
    int64_t cycles =
        t > INT64_MAX / 1000 ? INT64_MAX / 4 : (int64_t)t * (int64_t)(BOARD_ITC_HZ / 10000000);
    e->period = 0;
    e->when = INT64_MAX;
    if (kind) {
        e->when = c->cpu->cycles + cycles;
        if (kind == 1)
            e->period =
                cycles ? cycles : (int64_t)(BOARD_ITC_HZ / 1000); /* 0: every tick, of 1 ms */
    }
    efi_timer_arm(c->b->fw);
    return EFI_SUCCESS;
}

/* CheckEvent's answer without notification; SUCCESS clears the signal. */
static uint64_t check(struct firmware *fw, struct efi_event *e)
{
    if (e->type & EVT_SIGNAL)
        return EFI_INVALID_PARAMETER;
    if (e->ready && e->ready(fw))
        e->signaled = true;
    if (!e->signaled)
        return EFI_NOT_READY;
    e->signaled = false;
    return EFI_SUCCESS;
}
static void check_again(struct fw_call *c, uint64_t id)
{
    struct efi_event *e = efi_event_find(c->b->fw, id);
    c->ret[0] = e ? check(c->b->fw, e) : EFI_INVALID_PARAMETER;
}
uint64_t bs_check_event(struct fw_call *c)
{
    struct efi_event *e = efi_event_find(c->b->fw, c->arg[0]);
    if (!e)
        return EFI_INVALID_PARAMETER;
    uint64_t st = check(c->b->fw, e);
    if (st != EFI_NOT_READY || !(e->type & EVT_WAIT) || !e->fn)
        return st;
    queue(c->b->fw, e);
    c->ret[0] = EFI_NOT_READY;
    efi_dispatch(c, check_again, e->id);
    return c->ret[0];
}

/* Looks through the caller's list; nothing there: time passes until a timer is due, and the call is
 * made again. */
static void wait_again(struct fw_call *c, uint64_t notified_already)
{
    struct firmware *fw = c->b->fw;
    uint64_t n = c->arg[0], id;
    bool queued = false;
    for (uint64_t i = 0; i < n; i++) {
        struct efi_event *e;
        c->ret[0] = EFI_INVALID_PARAMETER;
        if (!efi_get(c, c->arg[1] + i * 8, &id, 8))
            return;
        e = efi_event_find(fw, id);
        uint64_t st = e ? check(fw, e) : EFI_INVALID_PARAMETER;
        if (st != EFI_NOT_READY) {
            c->ret[0] = efi_put64(c, c->arg[2], i) ? st : EFI_INVALID_PARAMETER;
            return;
        }
        if (e->type & EVT_WAIT && e->fn && !notified_already) {
            queue(fw, e);
            queued = true;
        }
    }
    if (queued) {
        efi_dispatch(c, wait_again, 1);
        return;
    }
    int64_t next = INT64_MAX;
    bool polled = notified_already != 0;
    for (struct efi_event *e = efi_bs(fw)->events; e; e = e->next)
        next = e->when < next ? e->when : next;
    /* Somebody's notify function has to be asked again and again. */
    if (polled && next > c->cpu->cycles + 1000000)
        next = c->cpu->cycles + 1000000;
    if (next <= c->cpu->cycles)
        next = c->cpu->cycles + 1;
    efi_idle(c, next);
}
uint64_t bs_wait_for_event(struct fw_call *c)
{
    if (!c->arg[0] || !c->arg[1] || !c->arg[2])
        return EFI_INVALID_PARAMETER;
    if (efi_bs(c->b->fw)->tpl != TPL_APPLICATION)
        return EFI_UNSUPPORTED;
    efi_dispatch(c, wait_again, 0);
    return c->ret[0];
}

uint64_t bs_signal_event(struct fw_call *c)
{
    struct efi_event *e = efi_event_find(c->b->fw, c->arg[0]);
    if (!e)
        return EFI_INVALID_PARAMETER;
    efi_signal(c->b->fw, e);
    return EFI_SUCCESS;
}
uint64_t bs_close_event(struct fw_call *c)
{
    struct efi_event **pp = &efi_bs(c->b->fw)->events, *e;
    for (; (e = *pp); pp = &e->next)
        if (e->id == c->arg[0] && !e->ready) {
            *pp = e->next;
            free(e);
            efi_timer_arm(c->b->fw);
            return EFI_SUCCESS;
        }
    return EFI_INVALID_PARAMETER;
}
