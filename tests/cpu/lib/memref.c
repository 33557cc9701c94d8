/* SPDX-License-Identifier: GPL-2.0-only
 *
 * One memory reference between two snapshots: see memref.h.
 */
#include "tests/cpu/lib/memref.h"

struct snap before, after;

uint64_t peek(struct sut *s, uint64_t a, unsigned size, bool be)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)*phys_host(s->m, a + i, 1) << 8 * (be ? size - 1 - i : i);
    return v;
}

bool setup(struct sut *s, const struct isa_insn *in, uint64_t va, uint64_t psr)
{
    sut_reset(s);
    if (!sut_load(s, in))
        return false;
    *gr(s->cpu, in->r3) = (struct gr){va, 0};
    cpu_set_psr(s->cpu, psr);
    return true;
}

void go(struct sut *s)
{
    snap_take(s, &before);
    sut_go(s);
    snap_take(s, &after);
}

void unchanged(struct sut *s, unsigned except, const struct isa_insn *in)
{
    const char *d = snap_diff(&before, &after, except, in);
    expect(!d, "%s (%s) changed %s", s->text, run_mode_name[s->mode], d ? d : "");
}
