/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Follows control flow from where it is known to enter (functions, entry point, interruption
 * vectors) to mark what is executed, and then looks at every slot that is proven to be code for
 * what privify rewrites (SDM 3:4.5 branch formats, 2:5.7 interruption vector table).
 */
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"
#include "xen/xen/include/public/arch-ia64/privop.h"

static int64_t sign21(uint64_t slot)
{
    uint64_t v = ((slot >> 13) & 0xfffff) | ((slot >> 36) & 1) << 20;

    return ((int64_t)(v << 43) >> 43) * 16;
}

/* What one slot does to control: true if nothing goes past it; *to is the displacement of a branch
 * with a known target, else 0. br, br.call and the indirect branches are told by opcode here, being
 * most of all slots that matter; T=privify/table compares that with isa_decode. */
static bool slot_flow(struct isa_bundle b, unsigned unit, unsigned n, int64_t *to)
{
    uint64_t slot = isa_slot(b, n);
    unsigned op = (unsigned)(slot >> 37), x3 = (unsigned)(slot >> 33) & 7;
    unsigned x6 = (unsigned)(slot >> 27) & 63, btype = (unsigned)(slot >> 6) & 7;
    struct isa_insn in;

    *to = 0;
    switch (unit) {
    case ISA_UNIT_B:
        if (op == 4 || op == 5)
            *to = sign21(slot);
        if (op == 4)
            return btype == 0 && (slot & 63) == 0;
        if (op == 0 && x6 == 8)
            return true; /* rfi, and the break that stands for it */
        if (op == 0 && x6 == 0)
            return XEN_PRIVOP_OP(pv_is_break(unit, slot)) == XEN_PRIVOP_RFI;
        if (op == 0 && (x6 == 0x20 || x6 == 0x21))
            return (slot & 63) == 0; /* br.cond, br.ia to a register; br.ret */
        return false;
    case ISA_UNIT_X:
        if (op != 0xc && op != 0xd)
            return false;
        isa_decode_slot(b, 2, &in);
        *to = (int64_t)in.imm;
        return op == 0xc && in.qp == 0;
    case ISA_UNIT_M: /* chk.s of GR and FR; chk.a */
        if (!((op == 1 && (x3 == 1 || x3 == 3)) || (op == 0 && x3 >= 4)))
            return false;
        break;
    case ISA_UNIT_I: /* chk.s */
        if (op != 0 || x3 != 1)
            return false;
        break;
    case ISA_UNIT_F: /* fchkf */
        if (op != 0 || x6 != 8 || (slot >> 33 & 1))
            return false;
        break;
    default:
        return false;
    }
    if (isa_decode_slot(b, n, &in) == ISA_OK && (isa_rows[in.op].attr & ISA_ATTR_BRANCH))
        *to = (int64_t)in.imm;
    return false;
}

static bool target(struct pv *v, const struct pv_region *r, uint32_t i, int64_t to)
{
    int64_t at = (int64_t)i + to / 16;
    uint32_t b;

    if (at >= 0 && at < (int64_t)r->bundles)
        return pv_add_root(v, r->first + (uint32_t)at);
    /* Into another section: a relocation says so in a relocatable file. */
    if (r->elf->h.e_type != ET_REL &&
        pv_bundle_at(v, r->elf, r->addr + 16ull * i + (uint64_t)to, &b))
        return pv_add_root(v, b);
    return true;
}

/* From one bundle on, until control cannot go on. */
static bool run(struct pv *v, uint32_t from)
{
    const struct pv_region *r = &v->region[pv_region_of(v, from)];

    for (uint32_t i = from - r->first; i < r->bundles; i++) {
        uint16_t *ev = &v->ev[r->first + i];
        struct isa_bundle b = pv_load(v, r, i);
        const struct isa_template *t = &isa_templates[isa_tmpl(b)];
        bool stops = false;

        /* The end of a function is an end, whatever was last in it (a call that does not return),
         * unless what follows is one too. */
        if (r->first + i != from && (ev[-1] & PV_EV_FUNCTION) && !(*ev & PV_EV_FUNCTION))
            return true;
        if (*ev & (PV_EV_REACHED | PV_EV_DATA))
            return true;
        *ev |= PV_EV_REACHED;
        if (t->reserved)
            return true;
        for (unsigned n = 0; n < 3; n++) {
            int64_t to;
            stops |= slot_flow(b, t->unit[n], n, &to);
            if (to && !target(v, r, i, to))
                return false;
        }
        if (stops)
            return true;
    }
    return true;
}

static bool drain(struct pv *v)
{
    while (v->nroot)
        if (!run(v, v->root[--v->nroot]))
            return false;
    return true;
}

/* A linked or physical address. */
static bool find_addr(const struct pv *v, const struct pv_elf *e, uint64_t addr, uint32_t *b)
{
    if (pv_bundle_at(v, e, addr, b))
        return true;
    for (unsigned i = 0; i < e->phnum; i++)
        if (e->ph[i].p_type == PT_LOAD && addr >= e->ph[i].p_paddr &&
            addr - e->ph[i].p_paddr < e->ph[i].p_filesz &&
            pv_bundle_at(v, e, addr - e->ph[i].p_paddr + e->ph[i].p_vaddr, b))
            return true;
    return false;
}

/* The vector table's 68 entries are entered by interruptions only (SDM 2:5.7). */
static bool vectors(struct pv *v, uint32_t at)
{
    const struct pv_region *t = &v->region[pv_region_of(v, at)];

    for (uint32_t o = 0; o < 0x8000; o += o < 0x5000 ? 0x400 : 0x100)
        if (at + o / 16 < t->first + t->bundles && !pv_add_root(v, at + o / 16))
            return false;
    return true;
}

/* What a bundle does with register reg, which holds an address of code: 1 if it goes into a branch
 * register or cr.iip, 2 into cr.iva, -1 if another constant replaces it. */
static int use_of(struct isa_bundle b, unsigned reg)
{
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];

    for (unsigned n = 0; n < 3; n++) {
        unsigned op = (unsigned)(isa_slot(b, n) >> 37);
        struct isa_insn in;

        if ((t->unit[n] != ISA_UNIT_M || op != 1) && (t->unit[n] != ISA_UNIT_I || op != 0) &&
            t->unit[n] != ISA_UNIT_X)
            continue;
        if (isa_decode_slot(b, n, &in) != ISA_OK)
            continue;
        if (in.op == ISA_MOVL_X2 && in.r1 == reg)
            return -1;
        if (in.r2 != reg)
            continue;
        if (in.op == ISA_MOV_I21 || (in.op == ISA_MOV_CR_M32 && in.cr3 == 19))
            return 1;
        if (in.op == ISA_MOV_CR_M32 && in.cr3 == 2)
            return 2;
    }
    return 0;
}

/* A movl has put an address of code into a register: does it go into a branch register, cr.iip or
 * cr.iva soon, straight on or past a branch that is always taken? Then that is code, or the vector
 * table. */
static bool follow_movl(struct pv *v, const struct pv_region *r, uint32_t i, unsigned reg,
                        uint32_t at)
{
    for (unsigned steps = 0; steps < 24; steps++) {
        struct isa_bundle b = pv_load(v, r, i);
        const struct isa_template *t = &isa_templates[isa_tmpl(b)];
        int use = steps ? use_of(b, reg) : 0;
        int64_t next = 1;

        if (use < 0)
            return true;
        if (use)
            return use == 1 ? pv_add_root(v, at) : vectors(v, at);
        for (unsigned n = 0; n < 3; n++) {
            int64_t to;
            if (slot_flow(b, t->unit[n], n, &to)) {
                if (!to)
                    return true;
                next = to / 16;
                break;
            }
        }
        if ((int64_t)i + next < 0 || (int64_t)i + next >= (int64_t)r->bundles)
            return true;
        i = (uint32_t)((int64_t)i + next);
        if (!(v->ev[r->first + i] & (PV_EV_REACHED | PV_EV_FUNCTION)))
            return true;
    }
    return true;
}

/* Constants in executed code that are addresses of code; and the values that gp gets. */
static bool find_constants(struct pv *v, uint64_t *gp, unsigned *ngp)
{
    for (unsigned k = 0; k < v->nregion; k++) {
        const struct pv_region *r = &v->region[k];
        if (r->elf->h.e_type == ET_REL)
            continue;
        for (uint32_t i = 0; i < r->bundles; i++) {
            struct isa_bundle b;
            struct isa_insn in;
            uint32_t at;

            if (!(v->ev[r->first + i] & PV_EV_REACHED))
                continue;
            b = pv_load(v, r, i);
            if (isa_templates[isa_tmpl(b)].unit[2] != ISA_UNIT_X ||
                isa_decode_slot(b, 2, &in) != ISA_OK || in.op != ISA_MOVL_X2)
                continue;
            if (in.r1 == 1) {
                unsigned n = 0;
                while (n < *ngp && gp[n] != in.imm)
                    n++;
                if (n == *ngp && n < 8)
                    gp[(*ngp)++] = in.imm;
            } else if (in.imm % 16 == 0 && find_addr(v, r->elf, in.imm, &at) &&
                       !follow_movl(v, r, i, in.r1, at)) {
                return false;
            }
        }
    }
    /* The same in a relocatable file: the constant is a relocation's. */
    for (size_t i = 0; i < v->nmovl; i++) {
        const struct pv_region *r = &v->region[pv_region_of(v, v->movl[i].at)];
        uint32_t in_region = v->movl[i].at - r->first;
        struct isa_insn in;

        if ((v->ev[v->movl[i].at] & PV_EV_REACHED) &&
            isa_decode_slot(pv_load(v, r, in_region), 2, &in) == ISA_OK && in.op == ISA_MOVL_X2 &&
            !follow_movl(v, r, in_region, in.r1, v->movl[i].to))
            return false;
    }
    return true;
}

/* Function descriptors in a linked file's data: an address of code, and a value that gp gets
 * (Software Conventions 8.3.1). */
static bool find_descriptors(struct pv *v, uint64_t off, uint64_t size, const uint64_t *gp,
                             unsigned ngp)
{
    uint64_t w[2];
    uint32_t b;

    for (uint64_t i = -off & 7; i + 16 <= size; i += 8) {
        memcpy(w, v->p + off + i, sizeof w);
        if (w[0] % 16 || !w[1])
            continue;
        for (unsigned n = 0; n < ngp; n++)
            if (w[1] == gp[n] && pv_bundle_at(v, &v->elf, w[0], &b) && !pv_add_root(v, b))
                return false;
    }
    return true;
}

static bool descriptors(struct pv *v, const uint64_t *gp, unsigned ngp)
{
    const struct pv_elf *e = &v->elf;

    if (e->h.e_type == ET_REL || !ngp)
        return true;
    for (unsigned i = 1; i < e->shnum; i++)
        if (e->sh[i].sh_type == SHT_PROGBITS &&
            (e->sh[i].sh_flags & (SHF_ALLOC | SHF_EXECINSTR)) == SHF_ALLOC &&
            !find_descriptors(v, e->sh[i].sh_offset, e->sh[i].sh_size, gp, ngp))
            return false;
    for (unsigned i = 0; v->by_segment && i < e->phnum; i++)
        if (e->ph[i].p_type == PT_LOAD &&
            !find_descriptors(v, e->ph[i].p_offset, e->ph[i].p_filesz, gp, ngp))
            return false;
    return true;
}

/* Does it decode, all three slots? */
static bool decodes(struct isa_bundle b)
{
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    struct isa_insn in;

    if (t->reserved)
        return false;
    for (unsigned n = 0; n < 3; n++)
        if (t->unit[n] != ISA_UNIT_L && isa_decode_slot(b, n, &in) != ISA_OK &&
            in.status != ISA_NOP_IF_ILLEGAL)
            return false;
    return true;
}

/* All three slots nops: padding. */
static bool is_padding(struct isa_bundle b)
{
    const struct isa_template *t = &isa_templates[isa_tmpl(b)];
    struct isa_insn in;

    for (unsigned n = 0; n < 3; n++)
        if (t->reserved || (t->unit[n] != ISA_UNIT_L && (isa_decode_slot(b, n, &in) != ISA_OK ||
                                                         !(isa_rows[in.op].attr & ISA_ATTR_NOP))))
            return false;
    return true;
}

/* Does a branch of a bundle in the gap [lo, hi) go where code is: into the gap, or to what is
 * proven to be code? */
static bool lands(const struct pv *v, const struct pv_region *r, uint32_t i, int64_t to,
                  uint32_t lo, uint32_t hi)
{
    int64_t at = (int64_t)i + to / 16;
    uint32_t b;

    if (at >= lo && at < hi)
        return true;
    if (at >= 0 && at < (int64_t)r->bundles)
        b = r->first + (uint32_t)at;
    else if (r->elf->h.e_type == ET_REL ||
             !pv_bundle_at(v, r->elf, r->addr + 16ull * i + (uint64_t)to, &b))
        return false;
    return (v->ev[b] & (PV_EV_FUNCTION | PV_EV_REACHED)) != 0;
}

/* Between functions: code that nothing refers to (a weak function that another replaced, and that
 * needs no unwind entry) in a section that claims to be code. It counts as such if it has code's
 * form: from one end of padding on, everything decodes, every branch goes to code, and it ends in a
 * branch that is always taken before the gap does. */
static bool find_form(struct pv *v, const struct pv_region *r, uint32_t lo, uint32_t hi,
                      unsigned mark)
{
    for (uint32_t i = lo; i < hi; i++) {
        uint32_t from = i;
        bool stops = false;

        if (is_padding(pv_load(v, r, i)))
            continue;
        for (; i < hi && !stops; i++) {
            struct isa_bundle b = pv_load(v, r, i);
            const struct isa_template *t = &isa_templates[isa_tmpl(b)];

            if (!decodes(b))
                return false;
            for (unsigned n = 0; n < 3; n++) {
                int64_t to;
                stops |= slot_flow(b, t->unit[n], n, &to);
                if (to && !lands(v, r, i, to, lo, hi))
                    return false;
            }
        }
        if (!stops)
            return false;
        for (; from < i; from++)
            v->ev[r->first + from] |= mark;
        i--;
    }
    return true;
}

static void find_forms(struct pv *v)
{
    const unsigned known = PV_EV_FUNCTION | PV_EV_REACHED | PV_EV_DATA;

    for (unsigned k = 0; k < v->nregion; k++) {
        const struct pv_region *r = &v->region[k];
        for (uint32_t lo = 0; lo < r->bundles; lo++) {
            uint32_t hi = lo;
            while (hi < r->bundles && !(v->ev[r->first + hi] & known))
                hi++;
            /* In a segment, of which nobody says where code ends: all of the gap or nothing. */
            if (hi > lo && (!r->strict || find_form(v, r, lo, hi, 0)))
                find_form(v, r, lo, hi, PV_EV_FORM);
            lo = hi;
        }
    }
}

static bool add_site(struct pv *v, const struct pv_site *s)
{
    if (v->nsite == v->site_room) {
        size_t room = v->site_room ? 2 * v->site_room : 1024;
        struct pv_site *q = realloc(v->site, room * sizeof *q);
        if (!q)
            return false;
        v->site = q;
        v->site_room = room;
    }
    v->site[v->nsite++] = *s;
    v->count[s->kind][s->state]++;
    return true;
}

/* A bundle that nothing reaches, but which lies in a function, is code if the unreached bundles
 * around it, as far as the function goes, all decode. */
static bool unreached(const struct pv *v, uint32_t b)
{
    return (v->ev[b] & (PV_EV_FUNCTION | PV_EV_REACHED | PV_EV_DATA)) == PV_EV_FUNCTION;
}

static bool run_decodes(struct pv *v, const struct pv_region *r, uint32_t i)
{
    uint32_t lo = i, hi = i + 1;

    if (r->first + i >= v->run_first && r->first + i < v->run_end)
        return v->run_ok;
    while (lo > 0 && unreached(v, r->first + lo - 1))
        lo--;
    while (hi < r->bundles && unreached(v, r->first + hi))
        hi++;
    v->run_first = r->first + lo;
    v->run_end = r->first + hi;
    v->run_ok = true;
    for (uint32_t k = lo; k < hi && v->run_ok; k++)
        v->run_ok = decodes(pv_load(v, r, k));
    return v->run_ok;
}

static bool look(struct pv *v, unsigned region, uint32_t i, struct isa_bundle b,
                 const struct isa_template *t, unsigned n, struct pv_error *err)
{
    struct pv_region *r = &v->region[region];
    uint16_t ev = v->ev[r->first + i];
    struct pv_site s = {.region = region, .bundle = i, .slot = (uint8_t)n, .unit = t->unit[n]};
    struct isa_insn in;
    enum pv_kind kind;
    enum pv_match m;
    bool code;

    s.was = isa_slot(b, n);
    s.imm = pv_is_break(s.unit, s.was);
    code = !(ev & PV_EV_DATA) &&
           ((ev & (PV_EV_REACHED | PV_EV_FORM)) || ((ev & PV_EV_FUNCTION) && run_decodes(v, r, i)));
    if (s.imm) {
        if (code && !v->breaks++)
            v->first_break = s;
        return true;
    }
    isa_decode(s.unit, s.was, 0, &in);
    m = pv_match(&in, &kind, &s.imm);
    if (m == PV_OTHER)
        return true;
    s.kind = (uint8_t)kind;
    if (!code) {
        /* Data, or a segment's unknown bytes: nobody claims that this is code. */
        if (!(ev & (PV_EV_FUNCTION | PV_EV_QUEUED)) && (r->strict || (ev & PV_EV_DATA)))
            return true;
        s.state = v->opt.unproven == PV_UNPROVEN_REWRITE && m == PV_REWRITE ? PV_SITE_REWRITE
                                                                            : PV_SITE_UNPROVEN;
    } else {
        s.state = m == PV_KEEP ? PV_SITE_KEPT : PV_SITE_REWRITE;
    }
    if (!(v->opt.kinds >> kind & 1))
        s.state = PV_SITE_UNSELECTED;
    if (s.state == PV_SITE_REWRITE) {
        s.now = pv_break(&in, s.imm);
        if (ev & ((PV_EV_RELOC | PV_EV_PATCH) << n)) {
            char where[128];
            pv_where(v, &s, where, sizeof where);
            return pv_fail(err, "%s slot %u (%s): %s changes this slot, it cannot be rewritten",
                           where, n, isa_rows[in.op].name,
                           ev & (PV_EV_RELOC << n) ? "a relocation" : "the kernel's boot patching");
        }
    }
    if (s.state == PV_SITE_UNPROVEN && v->opt.unproven == PV_UNPROVEN_FAIL) {
        char where[128];
        pv_where(v, &s, where, sizeof where);
        return pv_fail(err,
                       "%s slot %u (%s): looks like an instruction, but nothing proves that this "
                       "is code (--unproven=keep or rewrite decides)",
                       where, n, isa_rows[in.op].name);
    }
    return add_site(v, &s) ? true : pv_fail(err, "no memory");
}

static bool scan(struct pv *v, struct pv_error *err)
{
    for (unsigned k = 0; k < v->nregion; k++) {
        struct pv_region *r = &v->region[k];
        for (uint32_t i = 0; i < r->bundles; i++) {
            struct isa_bundle b = pv_load(v, r, i);
            const struct isa_template *t = &isa_templates[isa_tmpl(b)];
            uint16_t ev = v->ev[r->first + i];

            r->reached += (ev & PV_EV_REACHED) != 0;
            r->function += (ev & PV_EV_FUNCTION) != 0;
            r->data += (ev & PV_EV_DATA) != 0;
            if ((ev & (PV_EV_REACHED | PV_EV_FUNCTION)) && !(ev & PV_EV_DATA) && !decodes(b)) {
                v->ev[r->first + i] |= PV_EV_BAD;
                r->bad++;
                if (!v->bad++)
                    v->first_bad = r->first + i;
            }
            for (unsigned n = 0; n < 3; n++)
                if (pv_maybe(t->unit[n], isa_slot(b, n)) && !look(v, k, i, b, t, n, err))
                    return false;
        }
    }
    return true;
}

bool pv_follow(struct pv *v, struct pv_error *err)
{
    uint64_t gp[8];
    unsigned ngp = 0;
    bool ok = drain(v);

    /* What is found may lead to more; in kernels that ends after three rounds. */
    for (unsigned round = 0; ok && round < 16; round++) {
        ok = find_constants(v, gp, &ngp) && descriptors(v, gp, ngp);
        if (!v->nroot)
            break;
        ok = ok && drain(v);
    }
    if (ok)
        find_forms(v);
    return ok ? scan(v, err) : pv_fail(err, "no memory");
}
