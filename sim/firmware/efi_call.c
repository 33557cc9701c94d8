/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Boot services call guest functions: notifications, images' entry points. The handler that wants
 * to call leaves a continuation on a stack of its own and puts the processor where a compiled
 * firmware's br.call would have (Itanium Software Conventions 8): a frame with the callee's
 * arguments, b0 = an entry point of ours. When the function returns there, the registers are put
 * back and the continuation goes on.
 */
#include <stdio.h>
#include "sim/firmware/efi_boot.h"
#include "sim/board/event.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"

/* Preserved floating-point registers: f2-f5, f16-f31. */
static unsigned preserved_fr(unsigned i)
{
    return i < 4 ? 2 + i : 12 + i;
}

bool efi_call_guest(struct fw_call *c, uint64_t fdesc, const uint64_t *arg, unsigned n,
                    efi_resume resume, efi_then then, uint64_t karg)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct cpu *cpu = c->cpu;
    uint64_t d[2];
    unsigned sof = cpu->cfm.sof;
    if (bs->nconts == EFI_CONTS_MAX || sof + n > N_STACKED_PHYS || !efi_get(c, fdesc, d, sizeof d))
        return false;
    struct efi_cont *k = &bs->cont[bs->nconts];
    k->interrupts = false;
    k->resume = resume;
    k->then = then;
    k->arg = karg;
    k->tpl = bs->tpl;
    memcpy(k->ret, c->ret, sizeof k->ret);
    k->cfm = cpu->cfm;
    k->ip = cpu->ip;
    k->psr = cpu->psr;
    k->b0 = cpu->br[0];
    k->pfs = cpu->ar[AR_PFS];
    k->sp = cpu->gr[12].v;
    k->gp = cpu->gr[1].v;
    k->unat = cpu->ar[AR_UNAT];
    k->lc = cpu->ar[AR_LC];
    k->fpsr = cpu->ar[AR_FPSR];
    k->pr = pr_pack(cpu);
    memcpy(k->br, cpu->br + 1, sizeof k->br);
    memcpy(k->gr, cpu->gr + 4, sizeof k->gr);
    for (unsigned i = 0; i < 20; i++)
        k->fr[i] = cpu->fr[preserved_fr(i)];
    rse_alloc(cpu, sof + n, sof, cpu->cfm.sor);
    for (unsigned i = 0; i < n; i++)
        *gr(cpu, 32 + sof + i) = (struct gr){arg[i], 0};
    bs->nconts++; /* only now: rse_alloc may raise */
    k->pfm = cfm_pack(&cpu->cfm);
    k->bsp = rse_bsp(cpu);
    cpu->ar[AR_PFS] = k->pfm | (cpu->ar[AR_EC] & 63) << 52 | (uint64_t)cpu->cpl << 62;
    rse_call(cpu);
    cpu->br[0] = bs->cont_entry;
    cpu->gr[1] = (struct gr){d[1], 0};
    cpu->gr[12] = (struct gr){(k->sp - 32) & ~15ull, 0};
    cpu->ip = d[0] & ~15ull;
    cpu->psr &= ~PSR_RI;
    cpu_attention(cpu);
    c->no_return = true;
    return true;
}

/* The entry point that guest functions return to. */
static void returned(struct fw_call *c)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct cpu *cpu = c->cpu;
    if (!bs || !bs->nconts || (c->b->fw->boot_services_gone && !c->b->fw->converting)) {
        fprintf(stderr, "ia64-sim: EFI: a return to the firmware that belongs to no call\n");
        c->b->m->stop = true;
        c->b->m->exit_status = 1;
        c->no_return = true;
        return;
    }
    uint64_t status = cpu->gr[8].v;
    struct efi_cont k = bs->cont[--bs->nconts];
    if (k.interrupts) {
        efi_interrupt_return(c, &k);
        return;
    }
    if (k.cfm.sor == cpu->cfm.sor || !(cpu->cfm.rrb_gr | cpu->cfm.rrb_fr | cpu->cfm.rrb_pr))
        rse_alloc(cpu, k.cfm.sof, k.cfm.sol, k.cfm.sor);
    cpu->br[0] = k.b0;
    cpu->ar[AR_PFS] = k.pfs;
    cpu->gr[1] = (struct gr){k.gp, 0};
    cpu->gr[12] = (struct gr){k.sp, 0};
    cpu->ip = k.ip;
    for (unsigned i = 0; i < 8; i++)
        c->arg[i] = i < cpu->cfm.sof ? gr(cpu, 32 + i)->v : 0;
    memcpy(c->ret, k.ret, sizeof c->ret);
    k.resume(c, &k, status);
    if (!c->no_return) {
        cpu->ip = k.ip + 16;
        cpu->psr &= ~PSR_RI;
    }
}

void efi_unwind(struct fw_call *c, unsigned n, uint64_t status)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    struct cpu *cpu = c->cpu;
    const struct efi_cont *k = &bs->cont[n];
    struct cfm f = cfm_unpack(k->pfm);
    bs->nconts = n + 1;
    bs->tpl = k->tpl;
    /* As longjmp does: everything to the backing store, then back to a BSP further down. */
    rse_flush(cpu);
    uint64_t bspstore = rse_skip(k->bsp, f.sol), collection = bspstore | 0x1f8;
    uint64_t rnat = rse_rnat(cpu);
    if (rse_bspstore(cpu) > collection)
        fw_read_guest(c, collection, &rnat, 8);
    rse_set_bspstore(cpu, bspstore);
    rse_set_rnat(cpu, rnat);
    rse_return(cpu, k->pfm);
    memcpy(cpu->br + 1, k->br, sizeof k->br);
    memcpy(cpu->gr + 4, k->gr, sizeof k->gr);
    for (unsigned i = 0; i < 20; i++)
        cpu->fr[preserved_fr(i)] = k->fr[i];
    cpu->ar[AR_UNAT] = k->unat;
    cpu->ar[AR_LC] = k->lc;
    cpu->ar[AR_FPSR] = k->fpsr;
    pr_unpack(cpu, k->pr);
    cpu_set_psr(cpu, k->psr & ~PSR_RI);
    cpu->gr[8] = (struct gr){status, 0};
    cpu->ip = bs->cont_entry;
    cpu_attention(cpu);
    c->no_return = true;
}

/* --- waiting --- */

static void wake(struct efi_boot *bs, struct machine *m)
{
    if (!bs->waiting)
        return;
    bs->waiting = false;
    m->cpu[0]->halted = false;
    cpu_attention(m->cpu[0]);
}
static void on_timer(void *arg, int64_t now)
{
    struct board *b = arg;
    (void)now;
    if (b->fw && b->fw->boot)
        wake(b->fw->boot, b->m);
}

void efi_idle(struct fw_call *c, int64_t until)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    c->no_return = true; /* ip stays: the call is made again */
    bs->waiting = true;
    bs->wait_until = until;
    if (until != INT64_MAX)
        event_set(bs->timer, until);
    c->cpu->halted = true;
    cpu_attention(c->cpu);
}

bool efi_wait_poll(struct board *b)
{
    struct efi_boot *bs = b->fw ? efi_bs(b->fw) : NULL;
    if (bs && bs->waiting && (b->m->now >= bs->wait_until || efi_console_ready(b->fw))) {
        wake(bs, b->m);
        return true;
    }
    return false;
}

void efi_call_build(struct firmware *fw)
{
    struct efi_boot *bs = efi_bs(fw);
    bs->cont_entry = fw_entry(fw, "EFI return", returned, 0);
    bs->timer = event_new(fw->b, on_timer, fw->b, "EFI wait");
}
void efi_call_free(struct firmware *fw)
{
    event_del(efi_bs(fw)->timer);
}
