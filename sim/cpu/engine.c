/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The run loop: enters blocks, single-steps where a block may not be used, takes interruptions, and
 * steps the machine's processors in turn. Interrupts are looked at after taken branches, at page
 * ends and when something asked for attention, the same whether blocks run or single steps, so that
 * tracing does not change a run.
 */
#include "sim/cpu/dispatch.h"
#include "sim/cpu/pmu.h"
#include "sim/cpu/privop_native.h"
#include "sim/cpu/sapic.h"
#include "sim/cpu/rse.h"
#include "sim/debug/stats.h"

/* Leaves a block after u completed, with ip and psr.ri at the next instruction. */
HANDLER leave_after(struct cpu *cpu, const struct uop *u)
{
    uint64_t va = cpu->page_va + (u->off & ~15u);
    unsigned slot = u->off & 3;
    block_account(cpu, u);
    cpu_advance(cpu, va, slot, u->op);
    return NULL;
}

/* ip/psr.ri to the instruction after (va, slot). The long instruction of MLX fills slots 1 and 2.
 */
void cpu_advance(struct cpu *cpu, uint64_t va, unsigned slot, unsigned op)
{
    cpu->psr &= ~PSR_RI;
    if (slot == 2 || (slot == 1 && isa_rows[op].units & 1u << ISA_UNIT_X)) {
        cpu->ip = va + 16;
    } else {
        cpu->ip = va;
        cpu->psr |= (uint64_t)(slot + 1) << PSR_RI_SHIFT;
    }
}

HANDLER op_plain(HARGS)
{
    const struct xinsn *xi = u->ptr;
    (void)stk;
    cpu->cur = u;
    xi->fn(cpu, &xi->in);
    if (unlikely(cpu->attention))
        return leave_after(cpu, u);
    GOTO(u + 1, cpu->stk);
}
HANDLER op_plain_p(HARGS)
{
    if (!cpu->pr[u->qp])
        NEXT();
    return op_plain(cpu, u, stk);
}

void branch_taken(struct cpu *cpu, uint64_t from)
{
    cpu->branched = true;
    lbr_record(cpu, from, cpu->ip);
}

/* After cpu_raise(): exact ip, slot and counters, then delivery. */
static void settle_and_deliver(struct cpu *cpu)
{
    const struct uop *u = cpu->cur;
    const struct intr in = *cpu->pending;
    if (u) {
        cpu->icount += u->n;
        cpu->cycles += u->cyc;
        if (!in.is_trap) {
            cpu->ip = cpu->page_va + (u->off & ~15u);
            cpu->psr = (cpu->psr & ~PSR_RI) | (uint64_t)(u->off & 3) << PSR_RI_SHIFT;
        } else {
            cpu->icount++;
            if (!cpu->branched)
                cpu_advance(cpu, cpu->page_va + (u->off & ~15u), u->off & 3, u->op);
        }
    }
    cpu->cur = NULL;
    cpu->branched = false;
    if (in.vector != VEC_NONE)
        intr_take(cpu, &in);
}

/* One instruction at ip/psr.ri by its plain executor. Returns true when interrupts should be looked
 * at after it. */
static bool step_one(struct cpu *cpu)
{
    const uint64_t ip = cpu->ip;
    const unsigned slot = (cpu->psr & PSR_RI) >> PSR_RI_SHIFT;
    struct observer *obs = cpu->m->obs;
    struct isa_insn in;
    bool last, always;

    cpu->cur = NULL;
    const uint8_t *host = code_fetch_step(cpu, ip);
    struct uop u = {.off = (uint16_t)((ip & 0xff0) | slot)};
    cpu->cur = &cpu->step_uop;
    cpu->step_uop = u;
    if (slot > 2 || !fetch_insn(host, slot, &in, &last))
        raise_illegal_op(cpu); /* rfi to slot 2 of MLX, or slot 3 */
    const unsigned privop = unlikely(cpu->m->privop_native) ? privop_original(&in) : 0;
    cpu->step_uop.op = in.op;
    cpu->step_uop.cyc = (uint16_t)insn_cycles(host - (ip & 0xff0), (ip & 0xfff) >> 4, slot);
    if (obs && obs->insn)
        obs->insn(obs->arg, cpu, ip, slot);
    step_check_ibr(cpu, ip);

    plain_fn fn = insn_executor(&in, &always);
    if (unlikely(privop && cpu->stats && in.status == ISA_OK)) {
        in.raw_ext = privop;
        fn = x_privop_counted;
    }
    bool run = always || cpu->pr[in.qp];
    cpu->branched = false;
    if (run) {
        unsigned t = in.status == ISA_OK && in.op != ISA_ALLOC_M34 ? gr_target_max(&in) : 0;
        if (t >= 32u + cpu->cfm.sof)
            raise_illegal_op(cpu);
        fn(cpu, &in);
    }
    cpu->icount++;
    cpu->cycles += cpu->step_uop.cyc + (cpu->branched ? COST_TAKEN_BRANCH : 0);
    cpu->cur = NULL;
    bool poll = cpu->branched || cpu->attention;
    if (cpu->branched) {
        if (obs && obs->branch)
            obs->branch(obs->arg, cpu, ip, cpu->ip);
    } else {
        cpu_advance(cpu, ip, last ? 2 : slot, in.op);
        poll |= (cpu->ip & ~0xfffull) != (ip & ~0xfffull);
    }
    if (obs && obs->retire)
        obs->retire(obs->arg, cpu, ip, slot);
    step_traps(cpu, ip, slot);
    cpu->branched = false;
    return poll;
}

/* What has to be looked at between blocks. Returns true if the CPU went elsewhere. */
static bool attend(struct cpu *cpu, int64_t until)
{
    cpu->attention = false;
    code_reap(cpu->m);
    sapic_tick(cpu);
    pmu_tick(cpu);
    int64_t next = sapic_next_event(cpu), pmu = pmu_next_event(cpu);
    if (pmu < next)
        next = pmu;
    cpu->cycle_limit = next < until ? next : until;
    return intr_poll(cpu);
}

static void run(struct cpu *cpu, int64_t until, bool one)
{
    struct machine *m = cpu->m;
    volatile bool done = false;

    if (sigsetjmp(cpu->fault_env, 0)) {
        settle_and_deliver(cpu);
        done = true; /* an interruption taken counts as the step */
    }
    cpu->cur = NULL;
    bool poll = true;
    while (!m->stop && !(one && done)) {
        if (poll || cpu->attention || cpu->cycles >= cpu->cycle_limit)
            done |= attend(cpu, until) && one;
        if ((one && done) || cpu->cycles >= until || cpu->halted)
            break;
        if (unlikely(cpu->cfle)) {
            rse_complete(cpu);
            poll = true; /* the fills took time: look again, whether blocks or steps follow */
            continue;
        }
        const struct uop *u = NULL;
        if (!(one || cpu->single_step || cpu->step_once)) {
            if (likely(!(cpu->psr & PSR_RI)))
                u = code_lookup(cpu, cpu->ip);
            else if ((u = code_lookup_mid(cpu, cpu->ip, (cpu->psr & PSR_RI) >> PSR_RI_SHIFT)))
                cpu->psr &= ~PSR_RI;
        }
        if (!u) {
            cpu->step_once = false;
            poll = step_one(cpu);
            done = true;
            continue;
        }
#ifdef SIM_NO_TAILCALL
        while (u)
            u = u->fn(cpu, u, cpu->stk);
#else
        u->fn(cpu, u, cpu->stk);
#endif
        cpu->cur = NULL;
        poll = false;
    }
}

void engine_run(struct cpu *cpu, int64_t until)
{
    run(cpu, until, false);
}
void engine_step(struct cpu *cpu)
{
    run(cpu, INT64_MAX, true);
}

void machine_kick(struct machine *m)
{
    for (unsigned i = 0; i < m->ncpu; i++)
        cpu_attention(m->cpu[i]);
}

/* The processors take turns of a fixed number of modelled cycles, shorter when a device event is
 * due; a machine whose CPUs are all idle skips to the next event. */
enum { SLICE = 20000 };
int machine_run(struct machine *m)
{
    while (!m->stop) {
        int64_t now = INT64_MAX, next = m->next_event;
        bool idle = true;
        for (unsigned i = 0; i < m->ncpu; i++) {
            struct cpu *c = m->cpu[i];
            if (c->cycles < now)
                now = c->cycles;
            int64_t e = sapic_next_event(c);
            if (e < next)
                next = e;
            if (!c->halted || sapic_pending(c) >= 0 || c->event)
                idle = false;
        }
        m->now = now;
        if (m->poll)
            m->poll(m);
        if (now >= m->next_event && m->events) {
            m->events(m, now);
            continue;
        }
        if (m->turn && m->turn(m, idle, &next))
            continue;
        int64_t until = now + SLICE;
        if (idle) {
            if (next == INT64_MAX) {
                if (m->wait && m->wait(m))
                    continue;
                break; /* nothing will ever happen */
            }
            until = next > now ? next : now + 1;
        } else if (until > m->next_event) {
            until = m->next_event;
        }
        for (unsigned i = 0; i < m->ncpu && !m->stop; i++) {
            struct cpu *c = m->cpu[i];
            if (c->cycles >= until)
                continue;
            engine_run(c, until);
            if (c->halted && !m->stop && c->cycles < until)
                c->cycles = until;
        }
    }
    return m->exit_status;
}
