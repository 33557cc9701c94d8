/* SPDX-License-Identifier: GPL-2.0-only
 *
 * How one micro-operation hands over to the next; for the engine's own files only (engine.c,
 * block.c, hot_*.c).
 *
 * A handler does its work and calls the next one in tail position, so that the whole block runs in
 * one host stack frame with cpu, u and stk in registers. With SIM_NO_TAILCALL (sanitizer builds)
 * handlers return the next micro-operation and engine.c loops; NULL always means: leave the block,
 * cpu->ip/psr.ri/counters are exact. A handler must not let the address of a local escape (that
 * would defeat the tail call): slow work goes to noinline functions that take and return values.
 */
#ifndef SIM_CPU_DISPATCH_H
#define SIM_CPU_DISPATCH_H

#include "sim/cpu/engine.h"
#include "sim/cpu/cost.h"

#define noinline __attribute__((__noinline__))
#define cold     __attribute__((__noinline__, __cold__))
#define HANDLER  const struct uop *
#define HARGS    struct cpu *cpu, const struct uop *u, struct gr *stk

#ifdef SIM_NO_TAILCALL
#define GOTO(next, stk_)                                                                           \
    do {                                                                                           \
        (void)(stk_);                                                                              \
        return (next);                                                                             \
    } while (0)
#else
#define GOTO(next, stk_)                                                                           \
    do {                                                                                           \
        const struct uop *next_ = (next);                                                          \
        return next_->fn(cpu, next_, (stk_));                                                      \
    } while (0)
#endif
#define NEXT() GOTO(u + 1, stk)

/* GR by virtual number with the frame pointer in a register. */
#define G(r) reg_ptr(cpu, stk, (r))
static inline struct gr *reg_ptr(struct cpu *cpu, struct gr *stk, unsigned r)
{
    /* A conditional move, not a branch: static and stacked operands mix too freely to be predicted.
     */
    struct gr *base = cpu->gr;
    if (__builtin_expect_with_probability(r >= 32, 1, 0.5))
        base = stk;
    return base + r;
}

/* Defines handler op_NAME and its predicated twin op_NAME_p from one body. */
#define HOT(name, ...)                                                                             \
    static HANDLER op_##name(HARGS)                                                                \
    {                                                                                              \
        __VA_ARGS__                                                                                \
        NEXT();                                                                                    \
    }                                                                                              \
    static HANDLER op_##name##_p(HARGS)                                                            \
    {                                                                                              \
        if (likely(cpu->pr[u->qp])) {                                                              \
            __VA_ARGS__                                                                            \
        }                                                                                          \
        NEXT();                                                                                    \
    }

/* Fills a uop's operands from the decoded instruction; fn, off, n, cyc, op, qp are the builder's.
 * May use u[1] when the entry says two uops. Returns false to decline (the plain executor is used).
 */
typedef bool (*hot_fill)(struct uop *u, const struct isa_insn *in);
struct hot_entry {
    uint16_t op;
    op_fn fn, fn_p;
    hot_fill fill; /* NULL: hot_fill_default */
};
#define HOT_END                                                                                    \
    {                                                                                              \
        0, NULL, NULL, NULL                                                                        \
    }
extern const struct hot_entry hot_alu[], hot_mem[], hot_spec[], hot_fp[];
bool hot_fill_default(struct uop *u, const struct isa_insn *in);

/* A decoded instruction with its executor: what u->ptr of op_plain points to. */
struct xinsn {
    struct isa_insn in;
    plain_fn fn;
};
HANDLER leave_after(struct cpu *cpu, const struct uop *u);
plain_fn insn_executor(const struct isa_insn *in, bool *always);
const uint8_t *code_fetch_step(struct cpu *cpu, uint64_t ip);
HANDLER op_plain(HARGS);
HANDLER op_plain_p(HARGS);

/* Counters at a block exit after u has completed. */
static inline void block_account(struct cpu *cpu, const struct uop *u)
{
    cpu->icount += u->n + 1;
    cpu->cycles += u->cyc;
}

/* One page of decoded code: code.c. */
struct code_page {
    const uint8_t *host;
    struct code_page *next; /* hash chain, or list of dead pages */
    struct uop *entry[256]; /* block that starts at slot 0 of bundle n, or NULL */
    struct uop **mid;       /* ... at slot 1, 2 of bundle n: [2 * n + slot - 1]; where rfi goes */
    struct arena_chunk *arena; /* uops and xinsns, freed with the page */
    bool dead;
};
struct jump_cache {
    struct jce {
        uint64_t ip, gen;
        const struct uop *u;
    } e[1024];
    /* Pages that instructions were fetched from: what the ITLB says about them. */
    struct {
        uint64_t page, gen;
        const uint8_t *host;
    } f[64];
};
/* The bundle at ip without a fault: NULL where it cannot be fetched or is not in RAM. */
const uint8_t *code_peek(struct cpu *cpu, uint64_t ip);
void *page_alloc(struct code_page *p, size_t size);
struct code_page *code_page_get(struct machine *m, const uint8_t *host);
void code_reap(struct machine *m); /* frees dead pages; no CPU may be inside a block */
const struct uop *code_lookup(struct cpu *cpu,
                              uint64_t ip); /* may raise (fetch faults); cpu->ip == ip */
/* The same inside a bundle; NULL: there is no instruction in that slot. */
const struct uop *code_lookup_mid(struct cpu *cpu, uint64_t ip, unsigned slot);
struct uop *block_build(struct cpu *cpu, struct code_page *p, unsigned bundle, unsigned slot);
const struct uop *block_entry(struct cpu *cpu, struct code_page *p, unsigned bundle);
/* Fills *in for slot `slot` of the bundle at host; handles MLX (the long instruction is slot 1).
 * false: slot 2 of MLX. */
bool fetch_insn(const uint8_t *host, unsigned slot, struct isa_insn *in, bool *last_slot);
/* Modelled cycles of the instruction in `slot` (cost.h): a local rule, so stepping and blocks
 * agree. */
unsigned insn_cycles(const uint8_t *page, unsigned bundle, unsigned slot);
plain_fn exec_lookup(unsigned op);
/* Executes what a break stood for, and counts it: in->raw_ext is its number (--privop-native with
 * --stats). */
void x_privop_counted(struct cpu *cpu, const struct isa_insn *in);
unsigned gr_target_max(const struct isa_insn *in);

#define JC_SLOT(ip) (((ip) >> 4) & 1023)

/* Continues at cpu->ip, whose block may be anywhere: jump cache, else leave to the run loop.
 * page_va is set. */
#define GOTO_IP(target)                                                                            \
    do {                                                                                           \
        uint64_t t_ = (target);                                                                    \
        const struct jce *e_ = &cpu->jc->e[JC_SLOT(t_)];                                           \
        cpu->ip = t_;                                                                              \
        if (unlikely(cpu->cycles >= cpu->cycle_limit) || e_->ip != t_ ||                           \
            e_->gen != cpu->igen[t_ >> 61])                                                        \
            return NULL;                                                                           \
        cpu->page_va = t_ & ~0xfffull;                                                             \
        GOTO(e_->u, cpu->stk);                                                                     \
    } while (0)

static inline void lbr_record(struct cpu *cpu, uint64_t from, uint64_t to)
{
    unsigned i = cpu->lbr_pos++ & 63;
    cpu->lbr[i].from = from;
    cpu->lbr[i].to = to;
}

#endif
