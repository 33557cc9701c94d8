/* SPDX-License-Identifier: GPL-2.0-only
 *
 * EVT_SIGNAL_VIRTUAL_ADDRESS_CHANGE: who is told, when, and what is possible at that time; and a
 * runtime driver's image, which gets relocated.
 */
#include "efi.h"

static const struct guid g_virtual = {
    0x13fa7698, 0xc831, 0x49c7, {0x87, 0xea, 0x8f, 0x43, 0xfc, 0xc2, 0x51, 0x96}};

/* What the driver shows of itself, in its own image. */
struct driver {
    uint64_t told;
    void *pointer;    /* to itself, converted by it */
    uint64_t **entry; /* its entry's descriptor: the one thing the firmware relocates (efi.ld) */
};
static struct driver mine;
extern uint64_t entry_descriptor[];

static void driver_told(handle e, void *ctx)
{
    (void)e;
    mine.told += ctx == &mine;
    if (rt->convert(0, &mine.pointer) != OK)
        mine.told += 100;
}
status change_driver(void)
{
    handle e, h = self;
    mine.pointer = &mine;
    mine.entry = (uint64_t **)entry_descriptor;
    if (bs->create_event(0x60000202, 8, driver_told, &mine, &e) != OK)
        return ERR(1);
    return bs->install(&h, &g_test2, 0, &mine);
}

static unsigned n, order[8];
static struct driver *driver;
static struct descriptor *the_map;
static uint64_t the_size, the_dsize, high;
static void *word;

static void told(handle e, void *ctx)
{
    (void)e;
    if (n < 8)
        order[n] = (unsigned)(uint64_t)ctx;
    n++;
}
static void told_first(handle e, void *ctx)
{
    void *p = rt, *q = NULL, *nowhere = (void *)0x7000000000000000ull;
    struct etime t;
    told(e, ctx);
    /* all is where it was, the map is known already */
    CHECK(st->rt == rt);
    EXPECT(rt->get_time(&t, NULL), OK);
    EXPECT(rt->convert(0, &p), OK);
    CHECK(p == (void *)((uint64_t)rt | high));
    EXPECT(rt->convert(0, &q), INVALID_PARAMETER);
    EXPECT(rt->convert(1, &q), OK);
    CHECK(!q);
    EXPECT(rt->convert(0, &nowhere), NOT_FOUND);
    EXPECT(rt->convert(0, &word), OK);
    EXPECT(rt->set_virtual(the_size, the_dsize, 1, the_map), UNSUPPORTED);
    EXPECT(bs->stall(1), UNSUPPORTED);
}

void change_prepare(void)
{
    handle e, h = load_self(12, u"child v");
    EXPECT(bs->start_image(h, NULL, NULL), OK);
    EXPECT(bs->handle_protocol(h, &g_test2, &driver), OK);
    EXPECT(bs->allocate_pool(6, 8, &word), OK);
    EXPECT(bs->create_event(0x60000202, 8, told, (void *)1, &e), OK);
    EXPECT(bs->create_event_ex(0x40000200, 16, told_first, (void *)2, &g_virtual, &e), OK);
    EXPECT(bs->create_event(0x60000202, 16, told, (void *)3, &e), OK);
    EXPECT(bs->create_event(0x60000202, 16, told, (void *)4, &e), OK);
    EXPECT(bs->close_event(e), OK);
    EXPECT(bs->create_event(0x60000202, 4, told, NULL, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event(0x60000202, 8, NULL, NULL, &e), INVALID_PARAMETER);
}

void change_call(uint64_t size, uint64_t dsize, struct descriptor *map, uint64_t window)
{
    void *before = word;
    the_map = map;
    the_size = size;
    the_dsize = dsize;
    high = window;
    EXPECT(rt->set_virtual(dsize, dsize, 1, map), NO_MAPPING); /* page 0 alone */
    CHECK(n == 0 && driver->told == 0);
    EXPECT(rt->set_virtual(size, dsize, 1, map), OK);
    CHECK(n == 3 && order[0] == 2 && order[1] == 3 && order[2] == 1);
    CHECK((uint64_t)word == ((uint64_t)before | window));
    CHECK(driver->told == 1 && (uint64_t)driver->pointer == ((uint64_t)driver | window));
    CHECK((uint64_t)driver->entry[0] >= window &&
          (uint64_t)driver->entry[0] < window + (1ull << 40));
    CHECK(((uint64_t)driver->entry[0] & ~window) < (uint64_t)driver &&
          ((uint64_t)driver->entry[1] & window) == window);
}
