/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The firmware's timer interrupt (UEFI 7.1, 2.3.3). While boot services are there and the
 * interruption vectors are the firmware's (cr.iva is 0), the boot processor's interval timer is set
 * to the first timer event, or the watchdog. Its external interrupt, taken as any other (psr.i,
 * cr.tpr), signals what is due; a notification function above the current TPL then runs in the
 * middle of whatever was running, on its stack and backing store, and every register is put back
 * after it. No timer, no interrupt: a program without timers runs as it would without this.
 */
#include <stdio.h>
#include "sim/firmware/efi_boot.h"
#include "sim/cpu/alat.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/sapic.h"

enum { TIMER_VECTOR = 0xfe };
#define ITV_MASKED (1ull << 16)
/* Floating point as C code expects it. */
#define FPSR_DEFAULT 0x9804c0270033full

/* What a call may change and an interrupted program must not see changed. */
static const uint8_t saved_ar[] = {AR_RSC,  AR_CSD, AR_SSD, AR_CCV, AR_UNAT,
                                   AR_FPSR, AR_PFS, AR_LC,  AR_EC};
enum { N_SAVED_AR = sizeof saved_ar };

void efi_timer_arm(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    struct cpu *cpu = fw->b->m->cpu[0];
    int64_t next = fw->boot_services_gone ? INT64_MAX : bs->watchdog;
    if (!fw->boot_services_gone)
        for (const struct efi_event *e = bs->events; e; e = e->next)
            next = e->when < next ? e->when : next;
    if (next == INT64_MAX && !bs->timer_on)
        return; /* a program without timers may have its own use for ITM */
    bs->timer_on = next != INT64_MAX;
    cpu->irr[TIMER_VECTOR >> 6] &= ~(1ull << (TIMER_VECTOR & 63));
    cpu->cr[CR_ITV] = bs->timer_on ? TIMER_VECTOR : ITV_MASKED | TIMER_VECTOR;
    if (next <= cpu->cycles) /* a match needs ITC to get there */
        next = cpu->cycles + 1;
    if (bs->timer_on)
        cpu->cr[CR_ITM] = (uint64_t)next + (uint64_t)cpu->itc_offset;
    sapic_timer_changed(cpu);
}

static void save(const struct cpu *cpu, struct efi_interrupted *s)
{
    s->ip = cpu->ip;
    s->psr = cpu->psr;
    memcpy(s->br, cpu->br, sizeof s->br);
    memcpy(s->gr, cpu->gr, sizeof s->gr);
    memcpy(s->bank, cpu->bank, sizeof s->bank);
    memcpy(s->fr, cpu->fr, sizeof s->fr);
    memcpy(s->pr, cpu->pr, sizeof s->pr);
    for (unsigned i = 0; i < N_SAVED_AR; i++)
        s->ar[i] = cpu->ar[saved_ar[i]];
    rse_save(cpu, &s->rse);
}
static void restore(struct cpu *cpu, const struct efi_interrupted *s)
{
    cpu_set_psr(cpu, s->psr); /* first: it may exchange the banks */
    cpu->ip = s->ip;
    memcpy(cpu->br, s->br, sizeof s->br);
    memcpy(cpu->gr, s->gr, sizeof s->gr);
    memcpy(cpu->bank, s->bank, sizeof s->bank);
    memcpy(cpu->fr, s->fr, sizeof s->fr);
    memcpy(cpu->pr, s->pr, sizeof s->pr);
    for (unsigned i = 0; i < N_SAVED_AR; i++)
        cpu->ar[saved_ar[i]] = s->ar[i];
    rse_restore(cpu, &s->rse);
    alat_invalidate_all(cpu); /* entries may be the notification function's */
    cpu_attention(cpu);
}

/* Goes to the next notification function that is due; false: none. */
static bool notify(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct cpu *cpu = c->cpu;
    struct efi_event *e;
    uint64_t d[2];
    while ((e = efi_event_due(c->b->fw)) && bs->nconts < EFI_CONTS_MAX) {
        e->pending = false;
        if (!efi_get(c, e->fn, d, sizeof d))
            continue;
        struct efi_cont *k = &bs->cont[bs->nconts];
        k->interrupts = true;
        k->tpl = bs->tpl;
        save(cpu, &k->was);
        /* As a handler would: all of the frame to the backing store's part, bank 1, and a frame
         * with the arguments. The stack's 16 bytes at sp are the interrupted function's. */
        rse_cover(cpu);
        rse_alloc(cpu, 2, 0, 0);
        *gr(cpu, 32) = (struct gr){e->id, 0};
        *gr(cpu, 33) = (struct gr){e->ctx, 0};
        bs->nconts++; /* only now: rse_alloc may raise */
        k->was.stall_until = bs->stall_until;
        bs->stall_until = 0;
        bs->tpl = e->tpl;
        cpu->ar[AR_PFS] = cfm_pack(&cpu->cfm);
        rse_call(cpu);
        cpu->ar[AR_FPSR] = FPSR_DEFAULT;
        cpu->br[0] = bs->cont_entry;
        cpu->gr[1] = (struct gr){d[1], 0};
        cpu->gr[12] = (struct gr){(cpu->gr[12].v - 32) & ~15ull, 0};
        cpu->ip = d[0] & ~15ull;
        cpu_set_psr(cpu, (cpu->psr & (PSR_UP | PSR_MFL | PSR_MFH | PSR_PK | PSR_DT | PSR_RT |
                                      PSR_IT | PSR_MC)) |
                             PSR_IC | PSR_I | PSR_BN);
        cpu_attention(cpu);
        return true;
    }
    return false;
}

void efi_interrupt_return(struct fw_call *c, const struct efi_cont *k)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    restore(c->cpu, &k->was);
    bs->tpl = k->tpl;
    bs->stall_until = k->was.stall_until;
    notify(c);
    c->no_return = true;
}

bool efi_interrupt(struct cpu *cpu, const struct intr *in)
{
    struct board *b = board_of(cpu->m);
    struct firmware *fw = b->fw;
    if (in->vector != VEC_EXT_INT || !fw || !fw->boot || fw->boot_services_gone ||
        cpu->cr[CR_IVA] || cpu->index)
        return false;
    uint64_t v = sapic_read_ivr(cpu);
    if (v == SAPIC_SPURIOUS)
        return true;
    if (v != TIMER_VECTOR) {
        char why[64];
        snprintf(why, sizeof why, "EFI: an interrupt that nobody handles, vector %u", (unsigned)v);
        efi_stop(cpu, why);
        return true;
    }
    sapic_write_eoi(cpu);
    efi_bs(fw)->waiting = false; /* the service that waits is called again after this */
    efi_watchdog(fw, cpu->cycles);
    efi_timers(fw, cpu->cycles);
    struct fw_call c = {.cpu = cpu, .b = b};
    notify(&c);
    return true;
}
