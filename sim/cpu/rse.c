/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Register stack engine (SDM 2:6): see rse.h for the shape of it. Serves the branch executors,
 * alloc and the RSE control instructions, rfi, and mov to and from the RSE's application registers.
 */
#include <string.h>
#include "sim/cpu/hot_rse.h"
#include "sim/cpu/alat.h"
#include "sim/cpu/cost.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/exec.h"
#include "sim/debug/stats.h"
#include "sim/mmu/mem.h"
#include "sim/mmu/mmu.h"

#define RNAT_SLOT                                                                                  \
    63 /* a word whose address bits 8:3 are all ones holds a NaT collection (SDM 2:6.1) */
#define RNAT_MASK (~0ull >> 1)

#define RSC_PL(rsc)     ((unsigned)(rsc) >> 2 & 3)
#define RSC_BE          (1ull << 4)
#define RSC_LOADRS(rsc) ((rsc) >> 16 & 0x3fff)

static inline unsigned slot_of(uint64_t a)
{
    return (unsigned)(a >> 3) & 63;
}

struct cfm cfm_unpack(uint64_t v)
{
    return (struct cfm){
        .sof = v & 127,
        .sol = v >> 7 & 127,
        .sor = (uint8_t)((v >> 14 & 15) << 3),
        .rrb_gr = v >> 18 & 127,
        .rrb_fr = v >> 25 & 127,
        .rrb_pr = v >> 32 & 63,
    };
}

/* SDM 2:6.5, the BSP column of the tables for br.call and br.ret. */
uint64_t rse_skip(uint64_t a, int n)
{
    int words;
    if (n >= 0)
        words = n + ((int)slot_of(a) + n) / 63;
    else
        words = n - (62 - (int)slot_of(a) - n) / 63;
    return a + 8 * (uint64_t)(int64_t)words;
}

uint64_t rse_count(uint64_t lo, uint64_t hi)
{
    uint64_t words = (hi - lo) >> 3;
    return words - (words + slot_of(lo)) / 64;
}

/* --- the linear buffer --- */

static inline void set_bof(struct cpu *cpu, int bof)
{
    cpu->bof = bof;
    cpu->stk = &cpu->stacked[bof - 32];
}

/* Moves dirty registers and frame so that the frame begins at `to`. */
static void move_to(struct cpu *cpu, int to)
{
    int below = cpu->ndirty > 0 ? cpu->ndirty : 0;
    int above = cpu->bof + N_STACKED_PHYS <= STK_BUF ? N_STACKED_PHYS : STK_BUF - cpu->bof;
    memmove(&cpu->stacked[to - below], &cpu->stacked[cpu->bof - below],
            (size_t)(below + above) * sizeof(struct gr));
    set_bof(cpu, to);
}

/* Shifts the frame's beginning by delta registers, moving to the middle when that would leave the
 * buffer. */
static void shift_bof(struct cpu *cpu, int delta)
{
    if (cpu->bof + delta < BOF_MIN || cpu->bof + delta > BOF_MAX)
        move_to(cpu, STK_BUF / 2);
    set_bof(cpu, cpu->bof + delta);
}

/* --- rotation --- */

/* a[i] = old a[(i + by) mod n] */
static void rotate_grs(struct gr *a, unsigned n, unsigned by)
{
    if (by == n - 1) { /* rrb goes down by one: the common step */
        struct gr last = a[n - 1];
        memmove(a + 1, a, (n - 1) * sizeof *a);
        a[0] = last;
    } else if (by) {
        struct gr tmp[N_STACKED_PHYS];
        memcpy(tmp, a, by * sizeof *a);
        memmove(a, a + by, (n - by) * sizeof *a);
        memcpy(a + n - by, tmp, by * sizeof *a);
    }
}

/* Brings the frame's data from rotation rot_applied to `rrb`. */
static void apply_rotation(struct cpu *cpu, unsigned rrb)
{
    unsigned sor = cpu->cfm.sor;
    if (rrb == cpu->rot_applied)
        return;
    if (sor)
        rotate_grs(&cpu->stacked[cpu->bof], sor, (rrb + sor - cpu->rot_applied) % sor);
    cpu->rot_applied = (uint8_t)rrb;
}

static void rotate_prs(struct cpu *cpu, unsigned from, unsigned to)
{
    uint8_t old[48];
    unsigned by = (to + 48 - from) % 48;
    if (!by)
        return;
    if (by == 47) {
        uint8_t last = cpu->pr[63];
        memmove(&cpu->pr[17], &cpu->pr[16], 47);
        cpu->pr[16] = last;
        return;
    }
    memcpy(old, &cpu->pr[16], 48);
    for (unsigned i = 0; i < 48; i++)
        cpu->pr[16 + i] = old[(i + by) % 48];
}

void rse_set_rrb(struct cpu *cpu, unsigned rrb_gr, unsigned rrb_fr, unsigned rrb_pr)
{
    apply_rotation(cpu, rrb_gr);
    rotate_prs(cpu, cpu->cfm.rrb_pr, rrb_pr);
    cpu->cfm.rrb_gr = (uint8_t)rrb_gr;
    cpu->cfm.rrb_fr = (uint8_t)rrb_fr;
    cpu->cfm.rrb_pr = (uint8_t)rrb_pr;
}

void rse_rotate(struct cpu *cpu)
{
    const struct cfm *c = &cpu->cfm;
    rse_set_rrb(cpu, c->sor ? (c->rrb_gr ? c->rrb_gr : c->sor) - 1u : 0,
                (c->rrb_fr ? c->rrb_fr : 96) - 1u, (c->rrb_pr ? c->rrb_pr : 48) - 1u);
}

/* --- traffic with the backing store --- */

/* Host address for RSE accesses to the page of va, or NULL when they must go one by one through the
 * slow path (big-endian, observed, breakpoints, not plain memory, or about to fault). */
static uint8_t *rse_host(struct cpu *cpu, uint64_t va, bool write)
{
    const uint64_t rsc = cpu->ar[AR_RSC];
    struct machine *m = cpu->m;
    if (rsc & RSC_BE || cpu->psr & (PSR_DB | PSR_DA | PSR_DD) || m->slow_mem)
        return NULL;

    const unsigned pl = RSC_PL(rsc), mode = fast_mode(cpu->psr & PSR_RT, pl);
    struct dtlb *d = &cpu->dtlb_mode[mode];
    struct dtlb_ent *e = &(write ? d->w : d->r)[va >> 12 & (DTLB_SIZE - 1)];
    if (likely(e->tag == (va & ~0xfffull)))
        return (uint8_t *)(uintptr_t)(va + e->add);

    struct xlat x;
    struct intr in;
    if (!m->ops->translate(cpu, va, ACC_RSE | (write ? ACC_W : ACC_R), pl, &x, &in) || !x.host ||
        x.ma != MA_WB || !(write ? x.write_ok : x.read_ok) ||
        (write && code_page_present(m, x.host)))
        return NULL;
    fast_fill(cpu, mode, va, x.host, write);
    return x.host;
}

static void store_word(struct cpu *cpu, uint64_t a, uint64_t v)
{
    uint8_t *h = rse_host(cpu, a, true);
    if (h) {
        memcpy(h, &v, 8);
        alat_store(cpu, h, 8);
    } else {
        mem_write_slow(cpu, a, &v, 8, ACC_W | ACC_RSE);
    }
}

static void put_nat(struct cpu *cpu, unsigned slot, uint64_t n)
{
    uint64_t *rnat = &cpu->ar[AR_RNAT];
    *rnat = (*rnat & ~(1ull << slot)) | n << slot;
}

/* Stores the NaT collection if BSPSTORE is at its place. */
static void spill_collection(struct cpu *cpu)
{
    uint64_t a = cpu->ar[AR_BSPSTORE];
    if (slot_of(a) != RNAT_SLOT)
        return;
    store_word(cpu, a, cpu->ar[AR_RNAT] & RNAT_MASK);
    cpu->ar[AR_BSPSTORE] = a + 8;
    STAT_INC(cpu, rse_spill);
}

/* Mandatory stores of the n oldest dirty registers. Raises between registers, with those before it
 * done. */
static void spill(struct cpu *cpu, unsigned n)
{
    cpu_charge(cpu, n * COST_RSE_REG);
    STAT_ADD(cpu, rse_spill, n);
    while (n) {
        spill_collection(cpu);
        const uint64_t a = cpu->ar[AR_BSPSTORE];
        const unsigned slot = slot_of(a);
        const struct gr *g = &cpu->stacked[cpu->bof - cpu->ndirty];
        unsigned k = RNAT_SLOT - slot; /* up to the collection: never across a page */
        if (k > n)
            k = n;
        uint8_t *h = rse_host(cpu, a, true);
        if (!h) {
            mem_write_slow(cpu, a, &g->v, 8, ACC_W | ACC_RSE);
            put_nat(cpu, slot, g->n);
            k = 1;
        } else {
            for (unsigned i = 0; i < k; i++) {
                memcpy(h + 8 * (size_t)i, &g[i].v, 8);
                put_nat(cpu, slot + i, g[i].n);
            }
            if (cpu->m->alat_bloom)
                for (unsigned i = 0; i < k; i++)
                    alat_store(cpu, h + 8 * (size_t)i, 8);
        }
        cpu->ar[AR_BSPSTORE] = a + 8ull * k;
        cpu->ndirty -= (int)k;
        n -= k;
    }
}

/* Loads the n registers right below those present, downwards from BSPSTORE. With `may_raise` false,
 * stops where the fast path ends; returns how many are still to do. */
static unsigned fill(struct cpu *cpu, unsigned n, bool may_raise)
{
    const unsigned want = n;
    while (n) {
        const uint64_t a = cpu->ar[AR_BSPSTORE] - 8;
        unsigned slot = slot_of(a);
        uint8_t *h = rse_host(cpu, a, false);
        if (!h && !may_raise)
            break;
        if (slot == RNAT_SLOT) {
            uint64_t v;
            if (h)
                memcpy(&v, h, 8);
            else
                mem_read_slow(cpu, a, &v, 8, ACC_R | ACC_RSE);
            cpu->ar[AR_RNAT] = v & RNAT_MASK;
            cpu->ar[AR_BSPSTORE] = a;
            STAT_INC(cpu, rse_fill);
            continue;
        }
        unsigned k = h ? (n < slot + 1 ? n : slot + 1) : 1;
        struct gr *g = &cpu->stacked[cpu->bof - cpu->ndirty - 1]; /* the topmost one to load */
        const uint64_t rnat = cpu->ar[AR_RNAT];
        for (unsigned i = 0; i < k; i++, g--, slot--) {
            if (h)
                memcpy(&g->v, h - 8 * (size_t)i, 8);
            else
                mem_read_slow(cpu, a, &g->v, 8, ACC_R | ACC_RSE);
            g->n = rnat >> slot & 1;
        }
        cpu->ar[AR_BSPSTORE] = a + 8 - 8ull * k;
        cpu->ndirty += (int)k;
        n -= k;
    }
    cpu_charge(cpu, (want - n) * COST_RSE_REG);
    STAT_ADD(cpu, rse_fill, want - n);
    return n;
}

/* --- frames --- */

void rse_reset(struct cpu *cpu)
{
    memset(cpu->stacked, 0, sizeof cpu->stacked);
    set_bof(cpu, STK_BUF / 2);
    cpu->ndirty = 0;
    cpu->cfle = false;
    cpu->rot_applied = 0;
    cpu->cfm = (struct cfm){.sof = N_STACKED_PHYS}; /* SDM 2:6.12 */
    cpu->ar[AR_RSC] = cpu->ar[AR_BSPSTORE] = cpu->ar[AR_RNAT] = 0;
}

/* Data of the frame and predicates back to physical order. */
static void unrotate(struct cpu *cpu)
{
    apply_rotation(cpu, 0);
    rotate_prs(cpu, cpu->cfm.rrb_pr, 0);
}

void rse_call(struct cpu *cpu)
{
    const struct cfm c = cpu->cfm;
    unrotate(cpu);
    shift_bof(cpu, c.sol);
    cpu->ndirty += c.sol;
    cpu->cfm = (struct cfm){.sof = (uint8_t)(c.sof - c.sol)};
}

void rse_cover(struct cpu *cpu)
{
    const struct cfm c = cpu->cfm;
    unrotate(cpu);
    shift_bof(cpu, c.sof);
    cpu->ndirty += c.sof;
    cpu->cfm = (struct cfm){0};
}

/* Could this be the CFM of a frame? Software can write anything to AR[PFS] and CR[IFS]. */
static bool cfm_possible(const struct cfm *c)
{
    return c->sof <= N_STACKED_PHYS && c->sol <= c->sof && c->sor <= c->sof &&
           (c->sor ? c->rrb_gr < c->sor : c->rrb_gr == 0) && c->rrb_fr < 96 && c->rrb_pr < 48;
}

/* When the missing registers have come (cpu->ndirty >= 0), or when the frame is given up. */
static void frame_complete(struct cpu *cpu)
{
    cpu->cfle = false;
    apply_rotation(cpu, cpu->cfm.rrb_gr);
}

/* The frame begins with nothing loaded: BSPSTORE and RNAT to where its n lowest missing registers
 * end. */
static void forget_above(struct cpu *cpu, int n)
{
    cpu->ar[AR_BSPSTORE] = rse_skip(cpu->ar[AR_BSPSTORE], cpu->ndirty + n);
    cpu->ndirty = -n;
}

/* Back by `preserved` registers to a frame described by v. */
static void restore_frame(struct cpu *cpu, uint64_t v, unsigned preserved)
{
    struct cfm c = cfm_unpack(v);
    unrotate(cpu);
    shift_bof(cpu, -(int)preserved);
    cpu->ndirty -= (int)preserved;

    /* SDM 2:6.5.5, bad PFS: more registers than fit beside the dirty ones. */
    if (!cfm_possible(&c) || cpu->ndirty + c.sof > N_STACKED_PHYS)
        c = (struct cfm){0};
    cpu->cfm = c;
    cpu->cfm.rrb_pr = 0;
    rse_set_rrb(cpu, cpu->rot_applied, c.rrb_fr, c.rrb_pr);
    cpu->cfm.rrb_gr = c.rrb_gr;
    /* Only a second br.ret from an incomplete frame, which is undefined (SDM 2:6.8), misses more
     * than the frame. */
    if (-cpu->ndirty > c.sof)
        forget_above(cpu, c.sof);
    rse_resume(cpu);
}

void rse_return(struct cpu *cpu, uint64_t pfm)
{
    restore_frame(cpu, pfm, pfm >> 7 & 127);
}

void rse_rfi(struct cpu *cpu, uint64_t ifm)
{
    restore_frame(cpu, ifm, ifm & 127);
}

void rse_resume(struct cpu *cpu)
{
    if (cpu->ndirty >= 0 || fill(cpu, (unsigned)-cpu->ndirty, false) == 0) {
        frame_complete(cpu);
    } else {
        cpu->cfle = true;
        cpu_attention(cpu);
    }
}

void rse_complete(struct cpu *cpu)
{
    if (!cpu->cfle)
        return;
    if (cpu->ndirty < 0)
        fill(cpu, (unsigned)-cpu->ndirty, true);
    frame_complete(cpu);
}

void rse_alloc(struct cpu *cpu, unsigned sof, unsigned sol, unsigned sor)
{
    struct cfm *c = &cpu->cfm;
    /* SDM 3: alloc page. */
    if (sor != c->sor && (c->rrb_gr | c->rrb_fr | c->rrb_pr))
        raise_reserved_reg_field(cpu);
    int over = cpu->ndirty + (int)sof - N_STACKED_PHYS;
    if (over > 0)
        spill(cpu, (unsigned)over);
    c->sof = (uint8_t)sof;
    c->sol = (uint8_t)sol;
    c->sor = (uint8_t)sor;
}

void rse_flush(struct cpu *cpu)
{
    if (cpu->ndirty > 0)
        spill(cpu, (unsigned)cpu->ndirty);
    if (cpu->ndirty == 0) /* BSP never points at a collection: BSPSTORE == BSP takes this too */
        spill_collection(cpu);
}

void rse_loadrs(struct cpu *cpu)
{
    const uint64_t rsc = cpu->ar[AR_RSC], bsp = rse_bsp(cpu);
    const uint64_t tear = bsp - (RSC_LOADRS(rsc) & ~7ull);

    if (rsc & 3 || (cpu->cfm.sof != 0 && tear != bsp))
        raise_illegal_op(cpu);
    uint64_t n = rse_count(tear, bsp);
    if (n > N_STACKED_PHYS)
        raise_illegal_op(cpu);

    if (cpu->ndirty >
        (int)n) { /* those below the tear point are lost; RNAT is undefined afterwards */
        cpu->ndirty = (int)n;
        cpu->ar[AR_BSPSTORE] = tear;
        return;
    }
    if (cpu->bof < BOF_MIN + N_STACKED_PHYS)
        move_to(cpu, STK_BUF / 2);
    fill(cpu, n - (unsigned)cpu->ndirty, true);
    /* A tear point above a collection, or at it. */
    if (cpu->ndirty == (int)n && cpu->ar[AR_BSPSTORE] != tear) {
        if (cpu->ar[AR_BSPSTORE] - 8 == tear) {
            mem_read_slow(cpu, tear, &cpu->ar[AR_RNAT], 8, ACC_R | ACC_RSE);
            cpu->ar[AR_RNAT] &= RNAT_MASK;
        }
        cpu->ar[AR_BSPSTORE] = tear;
    }
}

/* --- all of it --- */

static inline unsigned n_below(int32_t ndirty)
{
    return ndirty > 0 ? (unsigned)ndirty : 0;
}
void rse_save(const struct cpu *cpu, struct rse_state *s)
{
    const unsigned below = n_below(cpu->ndirty);
    s->cfm = cpu->cfm;
    s->ndirty = cpu->ndirty;
    s->cfle = cpu->cfle;
    s->rot_applied = cpu->rot_applied;
    s->bspstore = cpu->ar[AR_BSPSTORE];
    s->rnat = cpu->ar[AR_RNAT];
    memcpy(s->reg, &cpu->stacked[(unsigned)cpu->bof - below],
           (below + N_STACKED_PHYS) * sizeof s->reg[0]);
}
void rse_restore(struct cpu *cpu, const struct rse_state *s)
{
    const unsigned below = n_below(s->ndirty);
    cpu->cfm = s->cfm;
    cpu->ndirty = s->ndirty;
    cpu->cfle = s->cfle;
    cpu->rot_applied = s->rot_applied;
    cpu->ar[AR_BSPSTORE] = s->bspstore;
    cpu->ar[AR_RNAT] = s->rnat;
    set_bof(cpu, STK_BUF / 2);
    memcpy(&cpu->stacked[(unsigned)cpu->bof - below], s->reg,
           (below + N_STACKED_PHYS) * sizeof s->reg[0]);
}

/* --- application registers --- */

uint64_t rse_bsp(const struct cpu *cpu)
{
    return rse_skip(cpu->ar[AR_BSPSTORE], cpu->ndirty);
}

uint64_t rse_bspstore(const struct cpu *cpu)
{
    return cpu->ar[AR_BSPSTORE];
}

/* The dirty registers stay, and will be stored from here on (SDM 2:6.5.3). */
void rse_set_bspstore(struct cpu *cpu, uint64_t v)
{
    cpu->ar[AR_BSPSTORE] = v & ~7ull;
}

uint64_t rse_rnat(const struct cpu *cpu)
{
    return cpu->ar[AR_RNAT] & RNAT_MASK;
}

void rse_set_rnat(struct cpu *cpu, uint64_t v)
{
    cpu->ar[AR_RNAT] = v & RNAT_MASK;
}

uint64_t rse_dirty_bytes(const struct cpu *cpu)
{
    return cpu->ndirty > 0 ? rse_bsp(cpu) - rse_bspstore(cpu) : 0;
}
