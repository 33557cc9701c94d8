/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Builds blocks: from a bundle on, to an unconditional branch or the end of the 4 KiB page, as an
 * array of micro-operations. Branches that are not taken fall through inside the block.
 * No-operations disappear (their count stays). Instructions without a handler of their own run
 * their plain executor through op_plain.
 */
#include <stdlib.h>
#include "sim/cpu/dispatch.h"
#include "sim/debug/stats.h"
#include "sim/cpu/hot_branch.h"
#include "sim/cpu/privop_native.h"

static plain_fn exec_table[ISA_OP_COUNT];
static const struct hot_entry *hot_table[ISA_OP_COUNT];

static void tables_init(void)
{
    static const struct exec_entry *const all[] = {
        exec_integer,     exec_multimedia, exec_memory,     exec_semaphore,
        exec_branch,      exec_rse,        exec_system,     exec_tlb,
        exec_float_arith, exec_float_misc, exec_float_simd, exec_float_mem,
    };
    static const struct hot_entry *const hot[] = {hot_alu, hot_mem, hot_spec, hot_fp};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (const struct exec_entry *e = all[i]; e->fn; e++)
            exec_table[e->op] = e->fn;
    for (size_t i = 0; i < sizeof hot / sizeof *hot; i++)
        for (const struct hot_entry *e = hot[i]; e->fn; e++)
            hot_table[e->op] = e;
}

static void x_unimplemented(struct cpu *cpu, const struct isa_insn *in)
{
    sim_unimplemented(cpu, isa_rows[in->op].name);
}
static void x_illegal(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    raise_illegal_op(cpu);
}
static void x_nothing(struct cpu *cpu, const struct isa_insn *in)
{
    (void)cpu, (void)in;
}

plain_fn exec_lookup(unsigned op)
{
    if (!exec_table[ISA_ADD_A1])
        tables_init();
    return exec_table[op] ? exec_table[op] : x_unimplemented;
}
static const struct hot_entry *hot_lookup(unsigned op)
{
    return hot_table[op];
}

void x_privop_counted(struct cpu *cpu, const struct isa_insn *in)
{
    STAT_INC(cpu, privop[in->raw_ext & 63]);
    exec_lookup(in->op)(cpu, in);
}

/* The executor for a decoded slot, whatever its status; *always: runs even when the predicate is
 * off. */
plain_fn insn_executor(const struct isa_insn *in, bool *always)
{
    *always = false;
    switch (in->status) {
    case ISA_ILLEGAL:
        *always = true;
        return x_illegal;
    case ISA_ILLEGAL_IF_QP:
        return x_illegal;
    case ISA_NOP_IF_ILLEGAL:
        return x_nothing;
    default:
        *always = isa_rows[in->op].attr & (ISA_ATTR_NOQP | ISA_ATTR_NO_PRED_OFF);
        return exec_lookup(in->op);
    }
}

bool fetch_insn(const uint8_t *host, unsigned slot, struct isa_insn *in, bool *last_slot)
{
    struct isa_bundle b;
    memcpy(&b, host, sizeof b);
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    bool mlx = t->unit[2] == ISA_UNIT_X;
    *last_slot = slot == 2 || (mlx && slot == 1);
    if (t->reserved) {
        *in = (struct isa_insn){.status = ISA_ILLEGAL};
        return true;
    }
    if (mlx && slot == 2)
        return false;
    /* The long instruction of MLX is reported, and restarted, as slot 1 (SDM 2:3.3.5.2: ISR.ei). */
    if (mlx && slot == 1)
        isa_decode(ISA_UNIT_X, isa_slot(b, 2), isa_slot(b, 1), in);
    else
        isa_decode_slot(b, slot, in);
    return true;
}

static bool bundle_has_stop(const uint8_t *host)
{
    const struct isa_template *t = &isa_templates[host[0] & 31];
    return t->stop[0] || t->stop[1] || t->stop[2];
}

unsigned insn_cycles(const uint8_t *page, unsigned bundle, unsigned slot)
{
    const uint8_t *h = page + bundle * 16;
    const struct isa_template *t = &isa_templates[h[0] & 31];
    unsigned c = 0;
    bool mlx = t->unit[2] == ISA_UNIT_X;
    if (t->stop[slot] || (mlx && slot == 1 && t->stop[2]))
        c += COST_STOP;
    if ((slot == 2 || (mlx && slot == 1)) && bundle > 0 && !bundle_has_stop(h) &&
        !bundle_has_stop(h - 16))
        c += COST_LONG_GROUP;
    return c;
}

/* The highest stacked GR an instruction writes (0: none): its target, and the base of
 * post-increment forms. */
unsigned gr_target_max(const struct isa_insn *in)
{
    unsigned max = 0;
    uint32_t attr = isa_rows[in->op].attr;
    if (in->r1 >= 32)
        max = in->r1;
    if (attr & ISA_ATTR_BASE_UPDATE && in->r3 >= 32 && in->r3 > max)
        max = in->r3;
    return max;
}

static bool ends_block(const struct isa_insn *in)
{
    uint32_t attr = isa_rows[in->op].attr;
    if (in->status == ISA_ILLEGAL)
        return true;
    /* A branch with p0 is always taken, except the counted and the modulo-scheduled ones. */
    return attr & ISA_ATTR_BRANCH && in->status == ISA_OK && in->qp == 0 &&
           branch_unconditional(in);
}

struct uop *block_build(struct cpu *cpu, struct code_page *p, unsigned bundle, unsigned from)
{
    enum { MAX = 256 * 3 * 2 + 8 };
    static struct uop tmp[MAX]; /* one host thread builds */
    struct uop *u = tmp;
    unsigned n = 0, cyc = 0, need = 0, b;
    bool end = false, sof_known = false;
    unsigned sof = 0;

    exec_lookup(ISA_ADD_A1);
    STAT_INC(cpu, blocks_built);
    u++; /* room for the frame check */
    for (b = bundle; b < 256 && !end; b++) {
        const uint8_t *h = p->host + b * 16;
        bool last = false;
        for (unsigned slot = b == bundle ? from : 0; !last && !end; slot++) {
            struct isa_insn in;
            fetch_insn(h, slot, &in, &last);
            const unsigned privop = cpu->m->privop_native ? privop_original(&in) : 0;
            cyc += insn_cycles(p->host, b, slot);
            *u = (struct uop){.qp = in.qp,
                              .off = (uint16_t)(b << 4 | slot),
                              .n = (uint16_t)n,
                              .cyc = (uint16_t)cyc,
                              .op = in.op};
            n++;
            bool always;
            plain_fn fn = insn_executor(&in, &always);
            const bool counted = privop && cpu->stats && in.status == ISA_OK;
            if (counted) {
                in.raw_ext = privop;
                fn = x_privop_counted;
            }
            if (fn == x_nothing || (in.status == ISA_OK && isa_rows[in.op].attr & ISA_ATTR_NOP))
                continue;
            unsigned target = in.status == ISA_OK ? gr_target_max(&in) : 0;
            if (target >= 32 && in.op != ISA_ALLOC_M34) {
                if (!sof_known)
                    need = target - 31 > need ? target - 31 : need;
                else if (target - 31 > sof)
                    fn = x_illegal;
            }
            if (in.op == ISA_ALLOC_M34 && in.status == ISA_OK && in.r1 < 32u + in.sof) {
                sof_known = true;
                sof = in.sof;
            }
            end = ends_block(&in);
            if (fn != x_illegal && in.status == ISA_OK && !counted) {
                unsigned used = hot_branch_fill(u, &in);
                if (used) {
                    u += used;
                    continue;
                }
                const struct hot_entry *he = hot_lookup(in.op);
                if (he) {
                    u->fn = in.qp && he->fn_p ? he->fn_p : he->fn;
                    if ((he->fill ? he->fill : hot_fill_default)(u, &in)) {
                        u++;
                        continue;
                    }
                }
            }
            struct xinsn *xi = page_alloc(p, sizeof *xi);
            xi->in = in;
            xi->fn = fn;
            u->ptr = xi;
            bool br = in.status == ISA_OK && isa_rows[in.op].attr & ISA_ATTR_BRANCH;
            bool pred = in.qp && !always;
            u->fn = br     ? (pred ? op_plain_branch_p : op_plain_branch)
                    : pred ? op_plain_p
                           : op_plain;
            u++;
        }
    }
    if (!end) {
        *u = (struct uop){.fn = op_fallthrough,
                          .off = (uint16_t)((b - 1) << 4 | 2),
                          .n = (uint16_t)(n - 1),
                          .cyc = (uint16_t)cyc,
                          .imm = (uint64_t)b << 4};
        u++;
    }
    struct uop *first = tmp + 1;
    if (need) {
        first = tmp;
        *first = (struct uop){
            .fn = op_frame_check, .off = (uint16_t)(bundle << 4 | from), .r1 = (uint8_t)need};
    }
    size_t count = (size_t)(u - first);
    struct uop *out = page_alloc(p, count * sizeof *out);
    memcpy(out, first, count * sizeof *out);
    hot_branch_bind(out, count, p);
    return out;
}
