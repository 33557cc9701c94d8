/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/unit: the hypervisor's p2m (xen/.../p2m.c, compiled for the host with host/shim.h in the
 * place of Xen's headers) against a plain array: random mappings of all kinds, then what each frame
 * says, and for p2m_extent() that a block is contiguous, aligned, holds the frame, is as large as
 * wanted allows where all of it is one leaf, and leaves its mark: a change of what was looked up
 * flushes, one of what was not does not.
 */
#include "tests/xen/p2m-shim.h"
#include "xen/xen/arch/ia64/p2m.c"

#define FRAMES (1ul << 17)

static struct {
    unsigned long mfn;
    p2m_type_t t;
    bool used;
} ref[FRAMES];

static uint64_t seed = 88172645463325252ull;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int failures;
static void expect(bool ok, const char *what, unsigned long at, unsigned long got,
                   unsigned long want)
{
    if (!ok && failures++ < 10)
        printf("%s at frame 0x%lx: expected 0x%lx, got 0x%lx\n", what, at, want, got);
}

static void verdict(const char *name, int before)
{
    if (failures == before)
        printf("PASS %s\n", name);
    else
        printf("FAIL %s: expected no difference, got %d, in tests/xen/p2m.c\n", name,
               failures - before);
}

static struct domain dom;

static void map(unsigned long gfn, unsigned long nr, unsigned long mfn, p2m_type_t t)
{
    bool used = false;

    for (unsigned long i = 0; i < nr; i++) {
        used |= ref[gfn + i].used;
        ref[gfn + i].mfn = mfn + i;
        ref[gfn + i].t = t;
        ref[gfn + i].used = false;
    }
    flushes = 0;
    if (t == p2m_invalid)
        expect(!p2m_remove_mapping(&dom, _gfn(gfn), nr), "removal", gfn, 1, 0);
    else
        expect(!p2m_insert_mapping(&dom, _gfn(gfn), nr, _mfn(mfn), t), "mapping", gfn, 1, 0);
    /* The mark is a leaf's: neighbours in it may cause a flush too many, never one too few. */
    expect(!used || flushes, "flush of a used frame", gfn, flushes, 1);
}

static void check_frame(unsigned long gfn)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(&dom, _gfn(gfn), &t);

    expect(t == ref[gfn].t, "type", gfn, t, ref[gfn].t);
    if (t == ref[gfn].t && t != p2m_invalid)
        expect(mfn_x(mfn) == ref[gfn].mfn, "frame", gfn, mfn_x(mfn), ref[gfn].mfn);
}

static void check_extent(unsigned long gfn, unsigned want)
{
    p2m_type_t t = p2m_invalid;
    mfn_t mfn = _mfn(0);
    int order = p2m_extent(&dom, _gfn(gfn), want, &mfn, &t);

    if (ref[gfn].t == p2m_invalid) {
        expect(order == -1, "extent of nothing", gfn, order, -1);
        return;
    }
    expect(order >= 0 && (unsigned)order <= want, "order", gfn, order, want);
    if (order < 0)
        return;
    unsigned long n = 1ul << order, first = gfn & ~(n - 1);
    expect(!(mfn_x(mfn) & (n - 1)), "alignment", gfn, mfn_x(mfn), 0);
    for (unsigned long i = 0; i < n; i++) {
        expect(ref[first + i].t == t && ref[first + i].mfn == mfn_x(mfn) + i, "extent", first + i,
               mfn_x(mfn) + i, ref[first + i].mfn);
        ref[first + i].used = true;
    }
    /* Small sizes are never given away. */
    for (unsigned k = order + 1; k <= want && k <= 4; k++) {
        static const bool size[] = {true, true, true, false, true};
        unsigned long m = 1ul << k, f = gfn & ~(m - 1);
        bool possible = size[k] && !(ref[f].mfn & (m - 1));
        for (unsigned long i = 0; i < m && possible; i++)
            possible = ref[f + i].t == t && ref[f + i].mfn == ref[f].mfn + i;
        expect(!possible, "a larger block was possible", gfn, order, k);
    }
}

int main(void)
{
    int before = failures;

    shim_init();
    expect(!p2m_init(&dom), "init", 0, 1, 0);

    for (unsigned n = 0; n < 3000; n++) {
        unsigned kind = rnd() % 6;
        unsigned long nr = kind < 2    ? 1
                           : kind < 4  ? rnd() % 64 + 1
                           : kind == 4 ? 512
                                       : rnd() % 5000 + 1;
        unsigned long gfn = rnd() % (FRAMES - nr), mfn = rnd() % (SHIM_FRAMES - nr - 1024);
        static const p2m_type_t types[] = {p2m_ram_rw, p2m_ram_rw, p2m_ram_ro, p2m_mmio_direct,
                                           p2m_invalid};
        p2m_type_t t = types[rnd() % 5];

        if (kind == 4 || n % 3 == 0)
            gfn &= ~511ul, mfn &= ~511ul;
        map(gfn, nr, mfn, t);
        for (unsigned i = 0; i < 20; i++) {
            check_frame(rnd() % FRAMES);
            check_extent(rnd() % FRAMES, rnd() % 21);
            check_extent(gfn + rnd() % nr, rnd() % 21);
        }
    }
    for (unsigned long g = 0; g < FRAMES; g++)
        check_frame(g);
    verdict("p2m-random", before);

    /* Once small, always small; so a new one. */
    before = failures;
    p2m_teardown(&dom);
    memset(ref, 0, sizeof ref);
    expect(!p2m_init(&dom), "init", 0, 1, 0);
    map(0, 8192, 8192, p2m_ram_rw); /* 32 MiB, aligned: pages of 16 MiB are whole ones */
    for (unsigned want = 0; want <= 12; want++) {
        static const unsigned best[] = {0, 1, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12};
        mfn_t mfn;
        p2m_type_t t;
        int order = p2m_extent(&dom, _gfn(5000), want, &mfn, &t);
        expect(order == (int)best[want], "best order", want, order, best[want]);
    }
    map(4096, 1, 100,
        p2m_grant_map_rw); /* one frame in a 2 MiB leaf: the others stay, in small pages */
    check_frame(4096);
    check_frame(4097);
    check_frame(4096 + 511);
    check_extent(4096, 12);
    check_extent(4096 + 511, 12);
    check_extent(4096 + 512, 12);
    verdict("p2m-extents", before);

    before = failures;
    map(0, FRAMES, 0, p2m_invalid);
    map(16, 16, 32, p2m_ram_rw);
    flushes = 0;
    p2m_insert_mapping(&dom, _gfn(16), 16, _mfn(64), p2m_ram_rw);
    expect(!flushes, "flush of what nobody looked up", 16, flushes, 0);
    expect(p2m_insert_mapping(&dom, _gfn(1ul << 38), 1, _mfn(64), p2m_ram_rw) == -EINVAL,
           "frame out of range", 1ul << 38, 0, 1);
    expect(p2m_insert_mapping(&dom, _gfn((1ul << 38) - 1), 2, _mfn(64), p2m_ram_rw) == -EINVAL,
           "range out of range", 0, 0, 1);
    expect(guest_physmap_remove_page(&dom, _gfn(16), _mfn(65), 0) == -ENOENT,
           "removal of another frame", 16, 0, 1);
    expect(mfn_x(gfn_to_mfn(&dom, _gfn(17))) == 65, "untouched", 17,
           mfn_x(gfn_to_mfn(&dom, _gfn(17))), 65);
    map((1ul << 16), 1, 7, p2m_mmio_direct);
    verdict("p2m-changes", before);

    p2m_teardown(&dom);
    expect(!shim_pages(), "tables left", 0, shim_pages(), 0);
    verdict("p2m-teardown", before);
    shim_end();

    return failures != 0;
}
