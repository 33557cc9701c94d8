/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Machine checks and INIT: from the event through PAL (min-state save area, SDM 2:11.3) and SAL
 * (rendezvous, hand-off to OS_MCA and OS_INIT, SAL specification 3.4, chapters 4 and 5) to the
 * operating system, and back. The error records that SAL_GET_STATE_INFO tells of are in errorlog.c.
 */
#include <stdio.h>
#include "sim/board/snapshot.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/sapic.h"
#include "sim/firmware/mca.h"

#define PA_UC (1ull << 63)
enum {
    SAL_PARAM_RENDEZ = 1,
    SAL_PARAM_WAKEUP = 2,
    SAL_PARAM_CPE = 3,
    MECHANISM_INT = 1,
    MECHANISM_MEM = 2
};
/* What OS_MCA and OS_INIT answer in r8, and how the wait for the others ended, in r11. */
enum { OS_CORRECTED = 0, RENDEZ_NOT_NEEDED = 0, RENDEZ_DONE = 1, RENDEZ_FAILED = -1 };

static void say(const struct cpu *cpu, const char *what)
{
    fprintf(stderr, "ia64-sim: cpu %u: %s\n", cpu->index, what);
}

/* --- PAL: min-state save area --- */

static void nat(struct min_state *ms, const uint64_t *slot, uint64_t n)
{
    /* Placed as st8.spill would: the area is aligned to 512 bytes. */
    unsigned bit = (unsigned)(slot - (const uint64_t *)ms) & 63;
    ms->nat_bits |= n << bit;
}

static void save_grs(struct min_state *ms, uint64_t *to, const struct gr *g, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        to[i] = g[i].v;
        nat(ms, &to[i], g[i].n);
    }
}
static void load_grs(const struct min_state *ms, const uint64_t *from, struct gr *g, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned bit = (unsigned)(&from[i] - (const uint64_t *)ms) & 63;
        g[i] = (struct gr){from[i], ms->nat_bits >> bit & 1};
    }
}

static void save(const struct cpu *cpu, struct min_state *ms)
{
    bool bn = cpu->psr & PSR_BN;
    memset(ms, 0, sizeof *ms);
    save_grs(ms, ms->gr, &cpu->gr[1], 15);
    save_grs(ms, ms->bank0, bn ? cpu->bank : &cpu->gr[16], 16);
    save_grs(ms, ms->bank1, bn ? &cpu->gr[16] : cpu->bank, 16);
    ms->pr = pr_pack(cpu);
    ms->br0 = cpu->br[0];
    ms->br1 = cpu->br[1];
    ms->rsc = cpu->ar[AR_RSC];
    ms->iip = cpu->ip;
    ms->ipsr = cpu->psr;
    ms->ifs = 1ull << 63 | cfm_pack(&cpu->cfm);
    ms->xip = cpu->cr[CR_IIP];
    ms->xpsr = cpu->cr[CR_IPSR];
    ms->xfs = cpu->cr[CR_IFS];
}

/* PAL_MC_RESUME: everything in the area comes back, as if by rfi. */
static bool resume(struct cpu *cpu, uint64_t pa)
{
    struct min_state ms;
    if (!dma_read(board_of(cpu->m), pa & ~PA_UC, &ms, sizeof ms))
        return false;
    load_grs(&ms, ms.gr, &cpu->gr[1], 15);
    bool bn = cpu->psr & PSR_BN;
    load_grs(&ms, ms.bank0, bn ? cpu->bank : &cpu->gr[16], 16);
    load_grs(&ms, ms.bank1, bn ? &cpu->gr[16] : cpu->bank, 16);
    cpu->br[0] = ms.br0;
    cpu->br[1] = ms.br1;
    cpu->ar[AR_RSC] = ms.rsc;
    cpu->cr[CR_IIP] = ms.xip;
    cpu->cr[CR_IPSR] = ms.xpsr;
    cpu->cr[CR_IFS] = ms.xfs;
    cpu->ip = ms.iip & ~15ull;
    cpu_set_psr(cpu, ms.ipsr);
    if (ms.ifs >> 63)
        rse_rfi(cpu, ms.ifs & CFM_MASK);
    else
        rse_resume(cpu);
    pr_unpack(cpu, ms.pr); /* after the rename base: as the program sees them */
    cpu->rfi_icount = cpu->icount;
    cpu_attention(cpu);
    return true;
}

void pal_mc_resume(struct fw_call *c, uint64_t pa, uint64_t new_context)
{
    (void)new_context; /* a context is what the area says */
    if (pa & 511 || !resume(c->cpu, pa)) {
        c->ret[0] = (uint64_t)-2;
        return;
    }
    c->no_return = true;
}

void pal_mc_register_mem(struct fw_call *c, uint64_t pa)
{
    if (pa & 511 || !dma_ok(c->b, pa & ~PA_UC, sizeof(struct min_state)))
        c->ret[0] = (uint64_t)-2;
    else
        c->b->fw->mca->min_state[c->cpu->index] = pa & ~PA_UC;
}

/* --- SAL: hand-off --- */

/* Processor state parameter (SDM 2:11.3.2.1): what has been saved and can be relied upon. */
#define PSP_SAVED                                                                                  \
    (PSP_MN | PSP_SY | PSP_CI | PSP_MI | PSP_PI | PSP_PM | PSP_RS | PSP_CR | PSP_PC | PSP_DR |     \
     PSP_TR | PSP_RR | PSP_AR | PSP_BR | PSP_PR | PSP_FP | PSP_B1 | PSP_B0 | PSP_GR)

static void hand_off(struct cpu *cpu, const struct sal_vector *v, uint64_t psp, uint64_t r11,
                     uint64_t back)
{
    struct board *b = board_of(cpu->m);
    struct firmware *fw = b->fw;
    uint64_t pa = fw->mca->min_state[cpu->index];
    struct min_state ms;

    save(cpu, &ms);
    dma_write(b, pa, &ms, sizeof ms);
    rse_cover(cpu); /* SDM 2:11.3.2: the hand-off is with an empty frame, the interrupted one
                       dirty below it */
    cpu->halted = false;
    cpu->ip = v->ip & ~15ull;
    cpu_set_psr(cpu, PSR_MC); /* physical, bank 0, nothing collected; further events wait */
    cpu->ar[AR_RSC] = 0;
    const struct {
        unsigned r;
        uint64_t v;
    } regs[] = {{1, v->gp}, {8, fw->pal_entry}, {9, fw->sal_entry}, {10, FW_DATA},
                {11, r11},  {12, back},         {17, pa | PA_UC},   {18, psp}};
    for (unsigned i = 0; i < sizeof regs / sizeof regs[0]; i++)
        cpu->gr[regs[i].r] = (struct gr){regs[i].v, 0};
    cpu->br[0] = back;
    cpu_attention(cpu);
}

static bool init(struct cpu *cpu)
{
    struct board *b = board_of(cpu->m);
    struct firmware *fw = b->fw;
    /* The first to come is the monarch, the others are slaves. */
    bool monarch = !fw->mca->in_init;
    const struct sal_vector *v = &fw->vec_init[!monarch && fw->vec_init[1].ip];

    cpu->event &= (uint8_t)~EVENT_INIT;
    if (fw->ap_waiting[cpu->index])
        return false; /* SAL's own: nothing to tell */
    if (!v->ip) {
        say(cpu, "INIT, and no handler is registered (SAL_SET_VECTORS): warm boot");
        board_request_reset(b);
        return false;
    }
    fw->mca->in_init |= 1ull << cpu->index;
    error_log(fw, cpu, ERROR_INIT, PSP_SAVED | PSP_CO | PSP_IN);
    hand_off(cpu, v, PSP_SAVED | PSP_CO | PSP_IN, 0, fw->mca->init_return);
    return true;
}

/* --- machine checks --- */

/* Every other processor that the OS has: asked to come to the rendezvous, then waited for. */
static uint64_t others(const struct cpu *cpu)
{
    const struct firmware *fw = board_of(cpu->m)->fw;
    uint64_t set = 0;
    for (unsigned i = 0; i < cpu->m->ncpu; i++)
        if (i != cpu->index && !fw->ap_waiting[i] && !(cpu->m->cpu[i]->event & EVENT_MCA))
            set |= 1ull << i;
    return set;
}

static bool mca(struct cpu *cpu)
{
    struct firmware *fw = board_of(cpu->m)->fw;
    struct mca_state *s = fw->mca;
    uint64_t wait = others(cpu) & ~s->in_rendezvous & ~s->in_mca, r11 = RENDEZ_NOT_NEEDED;

    if (cpu->m->ncpu > 1) {
        r11 = wait ? (uint64_t)(int64_t)RENDEZ_FAILED : RENDEZ_DONE;
        if (wait && s->rendez_vector && cpu->cycles < s->mca_deadline[cpu->index]) {
            cpu->halted = true; /* held in SAL_CHECK */
            return true;
        }
    }
    cpu->event &= (uint8_t)~EVENT_MCA;
    s->in_mca |= 1ull << cpu->index;
    hand_off(cpu, &fw->vec_mca[0], s->psp[cpu->index], r11, s->mca_return);
    return true;
}

bool firmware_event(struct cpu *cpu)
{
    if (cpu->event &
        EVENT_PMI) /* the platform has no source that needs service: back to where it came from */
        cpu->event &= (uint8_t)~EVENT_PMI;
    if (rse_incomplete(cpu))
        return false; /* a moment later */
    if (cpu->event & EVENT_MCA)
        return mca(cpu);
    if (cpu->event & EVENT_INIT && !(cpu->psr & PSR_MC))
        return init(cpu);
    return false;
}

bool firmware_machine_check(struct cpu *cpu, uint64_t check, const char *what)
{
    struct board *b = board_of(cpu->m);
    struct firmware *fw = b->fw;
    if (!fw || !fw->vec_mca[0].ip || cpu->psr & PSR_MC || cpu->event & EVENT_MCA)
        return false;
    struct mca_state *s = fw->mca;
    char text[200];
    snprintf(text, sizeof text, "machine check: %s", what);
    say(cpu, text);
    s->psp[cpu->index] = (PSP_SAVED & ~PSP_SY) | check;
    error_log(fw, cpu, ERROR_MCA, s->psp[cpu->index]);
    cpu->event |= EVENT_MCA;
    s->mca_deadline[cpu->index] = cpu->cycles + s->rendez_timeout;
    uint64_t set = s->rendez_vector ? others(cpu) : 0;
    for (unsigned i = 0; i < b->m->ncpu; i++)
        if (set >> i & 1)
            sapic_raise(b->m->cpu[i], (unsigned)s->rendez_vector);
    cpu_attention(cpu);
    return true;
}

bool firmware_corrected(struct cpu *cpu)
{
    struct firmware *fw = board_of(cpu->m)->fw;
    if (!fw)
        return false;
    error_log(fw, cpu, ERROR_CMC, PSP_SAVED | PSP_CO | PSP_CM | PSP_CC);
    sapic_local(cpu, cpu->cr[CR_CMCV]);
    return true;
}

/* --- the way back --- */

static void returned(struct fw_call *c, const char *what, uint64_t *in)
{
    int64_t status = (int64_t)c->cpu->gr[8].v;
    char text[120];
    *in &= ~(1ull << c->cpu->index);
    c->no_return = true;
    if (status == OS_CORRECTED && resume(c->cpu, c->cpu->gr[22].v))
        return;
    snprintf(text, sizeof text, "the OS's %s handler answers %lld: %s", what, (long long)status,
             status == -3 ? "halt" : "reset");
    say(c->cpu, text);
    c->cpu->halted = true;
    c->cpu->event = 0;
    if (status == -3) {
        c->b->m->exit_status = 1;
        c->b->m->stop = true;
        machine_kick(c->b->m);
    } else {
        board_request_reset(c->b);
    }
    cpu_attention(c->cpu);
}
static void mca_returned(struct fw_call *c)
{
    returned(c, "machine check", &c->b->fw->mca->in_mca);
}
static void init_returned(struct fw_call *c)
{
    returned(c, "INIT", &c->b->fw->mca->in_init);
}

void sal_mc_rendez(struct fw_call *c)
{
    struct mca_state *s = c->b->fw->mca;
    struct cpu *cpu = c->cpu;
    unsigned v = (unsigned)s->wakeup_vector;
    if (!v) {
        c->ret[0] = (uint64_t)-3; /* nothing could ever wake it */
        return;
    }
    if (cpu->irr[v >> 6] >> (v & 63) & 1) {
        cpu->irr[v >> 6] &= ~(1ull << (v & 63));
        s->in_rendezvous &= ~(1ull << cpu->index);
        return;
    }
    /* Until then: the call is made again after whatever else ended the wait. */
    s->in_rendezvous |= 1ull << cpu->index;
    cpu->halted = true;
    c->no_return = true;
    cpu_attention(cpu);
}

void sal_mc_set_params(struct fw_call *c)
{
    struct mca_state *s = c->b->fw->mca;
    uint64_t type = c->arg[1], mechanism = c->arg[2], value = c->arg[3];
    if (type < SAL_PARAM_RENDEZ || type > SAL_PARAM_CPE || mechanism < MECHANISM_INT ||
        mechanism > MECHANISM_MEM || (mechanism == MECHANISM_INT && (value < 16 || value > 255)) ||
        (mechanism == MECHANISM_MEM && type != SAL_PARAM_WAKEUP)) {
        c->ret[0] = (uint64_t)-2;
        return;
    }
    if (mechanism == MECHANISM_MEM) {
        c->ret[0] =
            (uint64_t)-1; /* waking by a semaphore in memory: not implemented, and told so */
        return;
    }
    if (type == SAL_PARAM_RENDEZ) {
        s->rendez_vector = value;
        s->rendez_timeout =
            (int64_t)(c->arg[4] > 3600000 ? 3600000 : c->arg[4]) * (int64_t)(BOARD_ITC_HZ / 1000);
    } else if (type == SAL_PARAM_WAKEUP) {
        s->wakeup_vector = value;
    } /* corrected platform errors: this platform has none to signal */
}

/* --- birth, snapshots --- */

void mca_build(struct firmware *fw)
{
    struct mca_state *s = fw->mca = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->mca_return = fw_entry(fw, "SAL OS_MCA return", mca_returned, 0);
    s->init_return = fw_entry(fw, "SAL OS_INIT return", init_returned, 0);
    for (unsigned i = 0; i < fw->b->m->ncpu; i++)
        s->min_state[i] = fw_alloc(fw, sizeof(struct min_state), 512);
}

void mca_snapshot(struct snap *s, struct firmware *fw)
{
    struct mca_state *m = fw->mca;
    snap_same(s, m->mca_return, "where the firmware put an entry");
    SNAP(s, m->min_state);
    SNAP(s, m->psp);
    SNAP(s, m->mca_deadline);
    SNAP(s, m->in_init);
    SNAP(s, m->in_mca);
    SNAP(s, m->in_rendezvous);
    SNAP(s, m->rendez_vector);
    SNAP(s, m->wakeup_vector);
    SNAP(s, m->rendez_timeout);
    SNAP(s, m->next_id);
    for (unsigned t = 0; t < ERROR_TYPES; t++)
        for (unsigned i = 0; i < fw->b->m->ncpu; i++) {
            struct error_record *r = &m->record[t][i];
            snap_bool(s, &r->valid);
            SNAP(s, r->id);
            SNAP(s, r->psp);
            SNAP(s, r->time);
        }
    if (m->rendez_vector > 255 || m->wakeup_vector > 255)
        snap_bad(s, "an interrupt vector beyond 255");
}
