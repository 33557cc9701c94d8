/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Memory, events, handles, drivers.
 */
#include "efi.h"

#define BAD ((void *)0x7ffffff0000ull) /* nothing is there */

void t_tables(void)
{
    uint32_t crc, old;
    CHECK(st->h.signature == 0x5453595320494249ull && st->h.size >= 120);
    CHECK(bs->h.signature == 0x56524553544f4f42ull && bs->h.size == 24 + 44 * 8);
    CHECK(rt->h.signature == 0x56524553544e5552ull && rt->h.size == 24 + 14 * 8);
    struct header *h[3] = {&st->h, &bs->h, &rt->h};
    for (unsigned i = 0; i < 3; i++) {
        old = h[i]->crc;
        h[i]->crc = 0;
        EXPECT(bs->crc32(h[i], h[i]->size, &crc), OK);
        h[i]->crc = old;
        check(crc == old, "CRC of a table", crc, __LINE__);
    }
    CHECK(st->vendor && length(st->vendor) > 3 && st->ntables >= 2);
    CHECK(me->st == st && me->revision == 0x1000 && me->base && me->size);
}

void t_memory(void)
{
    static struct descriptor map[256];
    uint64_t size = 0, key = 0, key2, dsize = 0, a, b;
    uint32_t version = 0;
    uint8_t *p, *q;
    /* the map */
    EXPECT(bs->memory_map(&size, map, &key, &dsize, &version), BUFFER_TOO_SMALL);
    CHECK(size && size <= sizeof map && dsize >= 40 && version == 1);
    EXPECT(bs->memory_map(NULL, map, &key, &dsize, &version), INVALID_PARAMETER);
    size = sizeof map;
    EXPECT(bs->memory_map(&size, NULL, &key, &dsize, &version), INVALID_PARAMETER);
    EXPECT(bs->memory_map(BAD, map, &key, &dsize, &version), INVALID_PARAMETER);
    size = sizeof map;
    EXPECT(bs->memory_map(&size, map, &key, &dsize, &version), OK);
    uint64_t last = 0, free_pages = 0, code = 0;
    for (uint8_t *d = (uint8_t *)map; d < (uint8_t *)map + size; d += dsize) {
        struct descriptor *m = (void *)d;
        CHECK(m->type < 14 && m->pages && !(m->phys & 4095) && m->phys >= last);
        last = m->phys + m->pages * 4096;
        free_pages += m->type == 7 ? m->pages : 0;
        if ((uint64_t)me->base >= m->phys && (uint64_t)me->base < last)
            code = m->type;
    }
    CHECK(free_pages > 1000);
    CHECK(code == me->code);
    /* pages */
    EXPECT(bs->allocate_pages(0, 2, 3, &a), OK);
    CHECK(a && !(a & 4095));
    memset((void *)a, 0xa5, 3 * 4096);
    size = sizeof map;
    EXPECT(bs->memory_map(&size, map, &key2, NULL, NULL), OK);
    CHECK(key2 != key);
    b = a;
    EXPECT(bs->allocate_pages(2, 2, 1, &b), NOT_FOUND); /* taken */
    EXPECT(bs->free_pages(a + 4096, 1), OK);
    b = a + 4096;
    EXPECT(bs->allocate_pages(2, 4, 1, &b), OK);
    CHECK(b == a + 4096);
    EXPECT(bs->free_pages(b, 1), OK);
    EXPECT(bs->free_pages(b, 1), NOT_FOUND);
    EXPECT(bs->free_pages(a, 1), OK);
    EXPECT(bs->free_pages(a + 2 * 4096, 1), OK);
    EXPECT(bs->free_pages(a + 1, 1), INVALID_PARAMETER);
    EXPECT(bs->free_pages(0x7000000000000000ull, 1), NOT_FOUND);
    EXPECT(bs->free_pages(a, 1ull << 52), NOT_FOUND);
    EXPECT(bs->free_pages(0x140000, 1), NOT_FOUND); /* the firmware itself */
    b = 0x1000000 - 1;
    EXPECT(bs->allocate_pages(1, 2, 2, &b), OK);
    CHECK(b + 2 * 4096 <= 0x1000000);
    EXPECT(bs->free_pages(b, 2), OK);
    EXPECT(bs->allocate_pages(3, 2, 1, &b), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 7, 1, &b), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 14, 1, &b), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 0x7fffffff, 1, &b), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 2, 1, NULL), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 2, 1, BAD), INVALID_PARAMETER);
    EXPECT(bs->allocate_pages(0, 2, 1ull << 60, &b), OUT_OF_RESOURCES);
    EXPECT(bs->allocate_pages(0, 2, 1ull << 30, &b), OUT_OF_RESOURCES);
    /* pools */
    EXPECT(bs->allocate_pool(2, 100, &p), OK);
    EXPECT(bs->allocate_pool(2, 100, &q), OK);
    CHECK(!((uint64_t)p & 7) && !((uint64_t)q & 7) && (p + 100 <= q || q + 100 <= p));
    memset(p, 1, 100);
    memset(q, 2, 100);
    CHECK(p[99] == 1 && q[0] == 2);
    EXPECT(bs->free_pool(p), OK);
    EXPECT(bs->free_pool(p), INVALID_PARAMETER);
    EXPECT(bs->free_pool(q + 8), INVALID_PARAMETER);
    EXPECT(bs->free_pool(q), OK);
    EXPECT(bs->free_pool(NULL), INVALID_PARAMETER);
    EXPECT(bs->free_pool(bs), INVALID_PARAMETER);
    EXPECT(bs->allocate_pool(2, 0, &p), OK);
    EXPECT(bs->free_pool(p), OK);
    EXPECT(bs->allocate_pool(4, 1 << 20, &p), OK);
    p[(1 << 20) - 1] = 7;
    EXPECT(bs->free_pool(p), OK);
    EXPECT(bs->allocate_pool(7, 10, &p), INVALID_PARAMETER);
    EXPECT(bs->allocate_pool(99, 10, &p), INVALID_PARAMETER);
    EXPECT(bs->allocate_pool(2, 10, NULL), INVALID_PARAMETER);
    EXPECT(bs->allocate_pool(2, 1ull << 62, &p), OUT_OF_RESOURCES);
    /* many, freed in another order: no leak, no overlap */
    static uint8_t *v[200];
    for (unsigned i = 0; i < 200; i++) {
        EXPECT(bs->allocate_pool(2, i * 37 % 1000 + 1, &v[i]), OK);
        memset(v[i], (int)i, i * 37 % 1000 + 1);
    }
    for (unsigned i = 0; i < 200; i++)
        CHECK(v[i][0] == (uint8_t)i && v[i][i * 37 % 1000] == (uint8_t)i);
    for (unsigned i = 0; i < 200; i++)
        EXPECT(bs->free_pool(v[i * 7 % 200]), OK);
    /* memory functions */
    uint8_t buf[300];
    for (unsigned i = 0; i < 300; i++)
        buf[i] = (uint8_t)i;
    bs->copy(buf + 10, buf, 200);
    CHECK(buf[10] == 0 && buf[209] == 199);
    bs->copy(buf, buf + 10, 200);
    CHECK(buf[0] == 0 && buf[199] == 199);
    bs->set(buf, 50, 0xee);
    CHECK(buf[0] == 0xee && buf[49] == 0xee && buf[50] == 50);
    bs->copy(BAD, buf, 10);
    bs->set(BAD, 10, 0);
}

/* --- events --- */

static unsigned calls, order[16];
static handle last_event;
static void count(handle e, void *ctx)
{
    last_event = e;
    if (calls < 16)
        order[calls] = (unsigned)(uint64_t)ctx;
    calls++;
}
static void ready(handle e, void *ctx)
{
    (void)ctx;
    if (++calls == 3)
        bs->signal(e);
}
static void nested(handle e, void *ctx)
{
    (void)e;
    calls++;
    bs->signal((handle)ctx); /* of a lower level: after us */
    order[calls & 15] = 100;
}

void t_events(void)
{
    handle e, f, g, many[2];
    uint64_t index;
    /* TPLs */
    CHECK(bs->raise_tpl(8) == 4);
    CHECK(bs->raise_tpl(16) == 8);
    bs->restore_tpl(8);
    CHECK(bs->raise_tpl(8) == 8);
    bs->restore_tpl(4);
    /* plain events */
    EXPECT(bs->create_event(0, 0, NULL, NULL, &e), OK);
    EXPECT(bs->check(e), NOT_READY);
    EXPECT(bs->signal(e), OK);
    EXPECT(bs->check(e), OK);
    EXPECT(bs->check(e), NOT_READY);
    EXPECT(bs->signal(e), OK);
    EXPECT(bs->wait(1, &e, &index), OK);
    CHECK(index == 0);
    EXPECT(bs->close_event(e), OK);
    EXPECT(bs->close_event(e), INVALID_PARAMETER);
    EXPECT(bs->signal(e), INVALID_PARAMETER);
    EXPECT(bs->check(e), INVALID_PARAMETER);
    EXPECT(bs->signal(NULL), INVALID_PARAMETER);
    /* bad ones */
    EXPECT(bs->create_event(0x300, 8, count, NULL, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event(0x200, 8, NULL, NULL, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event(0x200, 4, count, NULL, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event(0x200, 99, count, NULL, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event(0, 0, NULL, NULL, NULL), INVALID_PARAMETER);
    EXPECT(bs->create_event(1, 8, count, NULL, &e), INVALID_PARAMETER);
    /* notification, with everything preserved that has to be */
    calls = 0;
    EXPECT(bs->create_event(0x200, 8, count, (void *)5, &e), OK);
    CHECK(preserved_check((void *)bs->signal, (uint64_t)e, 0) == 0);
    CHECK(calls == 1 && last_event == e && order[0] == 5);
    EXPECT(bs->check(e), INVALID_PARAMETER);
    EXPECT(bs->wait(1, &e, &index), INVALID_PARAMETER);
    /* held back by the TPL, called once, higher level first */
    EXPECT(bs->create_event(0x200, 16, count, (void *)6, &f), OK);
    calls = 0;
    bs->raise_tpl(16);
    EXPECT(bs->signal(e), OK);
    EXPECT(bs->signal(e), OK);
    EXPECT(bs->signal(f), OK);
    CHECK(calls == 0);
    EXPECT(bs->wait(1, &e, &index), UNSUPPORTED);
    bs->restore_tpl(4);
    CHECK(calls == 2 && order[0] == 6 && order[1] == 5);
    /* one that signals another */
    EXPECT(bs->create_event(0x200, 16, nested, e, &g), OK);
    calls = 0;
    EXPECT(bs->signal(g), OK);
    CHECK(calls == 2 && order[1] == 5);
    EXPECT(bs->close_event(g), OK);
    EXPECT(bs->close_event(f), OK);
    EXPECT(bs->close_event(e), OK);
    /* asked while waited for */
    calls = 0;
    EXPECT(bs->create_event(0x100, 8, ready, NULL, &e), OK);
    EXPECT(bs->check(e), NOT_READY);
    CHECK(calls == 1);
    EXPECT(bs->wait(1, &e, &index), OK);
    CHECK(calls == 3);
    EXPECT(bs->close_event(e), OK);
    /* timers */
    EXPECT(bs->create_event(0x80000000, 0, NULL, NULL, &e), OK);
    EXPECT(bs->create_event(0, 0, NULL, NULL, &many[0]), OK);
    EXPECT(bs->set_timer(many[0], 2, 100), INVALID_PARAMETER);
    EXPECT(bs->set_timer(e, 3, 100), INVALID_PARAMETER);
    EXPECT(bs->set_timer(NULL, 2, 100), INVALID_PARAMETER);
    EXPECT(bs->set_timer(e, 2, 10000), OK); /* 1 ms */
    EXPECT(bs->check(e), NOT_READY);
    many[1] = e;
    EXPECT(bs->wait(2, many, &index), OK);
    CHECK(index == 1);
    EXPECT(bs->check(e), NOT_READY);
    EXPECT(bs->set_timer(e, 2, 10000), OK);
    EXPECT(bs->stall(500), OK);
    EXPECT(bs->check(e), NOT_READY);
    EXPECT(bs->stall(600), OK);
    EXPECT(bs->check(e), OK);
    EXPECT(bs->set_timer(e, 1, 10000), OK); /* periodic */
    for (unsigned i = 0; i < 3; i++)
        EXPECT(bs->wait(1, &e, &index), OK);
    EXPECT(bs->set_timer(e, 0, 0), OK);
    EXPECT(bs->stall(5000), OK);
    EXPECT(bs->check(e), NOT_READY);
    EXPECT(bs->close_event(e), OK);
    calls = 0;
    EXPECT(bs->create_event(0x80000200, 8, count, (void *)9, &e), OK);
    EXPECT(bs->set_timer(e, 2, 0), OK);
    EXPECT(bs->stall(10), OK);
    EXPECT(bs->signal(many[0]), OK);
    CHECK(calls == 1 && order[0] == 9);
    EXPECT(bs->close_event(e), OK);
    EXPECT(bs->wait(0, &e, &index), INVALID_PARAMETER);
    EXPECT(bs->wait(1, NULL, &index), INVALID_PARAMETER);
    EXPECT(bs->wait(1, BAD, &index), INVALID_PARAMETER);
    EXPECT(bs->close_event(many[0]), OK);
    /* groups */
    calls = 0;
    EXPECT(bs->create_event_ex(0x200, 8, count, (void *)1, &g_test, &e), OK);
    EXPECT(bs->create_event_ex(0x200, 8, count, (void *)2, &g_test, &f), OK);
    EXPECT(bs->signal(f), OK);
    CHECK(calls == 2);
    EXPECT(bs->close_event(e), OK);
    EXPECT(bs->close_event(f), OK);
    EXPECT(bs->create_event_ex(0x201, 8, count, NULL, &g_test, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event_ex(0x200, 8, count, NULL, BAD, &e), INVALID_PARAMETER);
    EXPECT(bs->create_event_ex(0, 0, NULL, NULL, NULL, &e), OK);
    EXPECT(bs->close_event(e), OK);
}

/* --- handles --- */

void t_handles(void)
{
    handle h = NULL, k = NULL, ev, *list, buf[64];
    struct guid **guids;
    struct open_info *info;
    uint64_t n, size;
    void *p, *reg;
    static int a, b;
    static uint8_t path[] = {1, 4, 20, 0, 9, 9, 9, 9, 9,    9,    9, 9,
                             9, 9, 9,  9, 9, 9, 9, 9, 0x7f, 0xff, 4, 0};
    static uint8_t longer[] = {1, 4, 20, 0, 9, 9, 9, 9, 9,   9, 9, 9, 9,    9,    9, 9,
                               9, 9, 9,  9, 4, 4, 8, 0, 'x', 0, 0, 0, 0x7f, 0xff, 4, 0};
    uint8_t *dp;
    /* install, find */
    calls = 0;
    EXPECT(bs->create_event(0x200, 8, count, NULL, &ev), OK);
    EXPECT(bs->register_notify(&g_test, ev, &reg), OK);
    EXPECT(bs->register_notify(NULL, ev, &reg), INVALID_PARAMETER);
    EXPECT(bs->register_notify(&g_test, NULL, &reg), INVALID_PARAMETER);
    EXPECT(bs->locate_protocol(&g_test, NULL, &p), NOT_FOUND);
    EXPECT(bs->install(&h, &g_test, 0, &a), OK);
    CHECK(h && calls == 1);
    EXPECT(bs->install(&h, &g_test, 0, &b), INVALID_PARAMETER);
    EXPECT(bs->install(&h, &g_test2, 1, &b), INVALID_PARAMETER);
    EXPECT(bs->install(NULL, &g_test2, 0, &b), INVALID_PARAMETER);
    EXPECT(bs->install(&h, NULL, 0, &b), INVALID_PARAMETER);
    handle nobody = (handle)0x1234;
    EXPECT(bs->install(&nobody, &g_test2, 0, &b), INVALID_PARAMETER);
    EXPECT(bs->handle_protocol(h, &g_test, &p), OK);
    CHECK(p == &a);
    EXPECT(bs->handle_protocol(h, &g_test2, &p), UNSUPPORTED);
    EXPECT(bs->handle_protocol(nobody, &g_test, &p), INVALID_PARAMETER);
    EXPECT(bs->handle_protocol(h, NULL, &p), INVALID_PARAMETER);
    EXPECT(bs->handle_protocol(h, &g_test, NULL), INVALID_PARAMETER);
    EXPECT(bs->locate_protocol(&g_test, NULL, &p), OK);
    CHECK(p == &a);
    EXPECT(bs->locate_protocol(NULL, NULL, &p), INVALID_PARAMETER);
    EXPECT(bs->locate_protocol(&g_test, NULL, NULL), INVALID_PARAMETER);
    size = sizeof buf;
    EXPECT(bs->locate_handle(1, NULL, reg, &size, buf), OK);
    CHECK(size == 8 && buf[0] == h);
    size = sizeof buf;
    EXPECT(bs->locate_handle(1, NULL, reg, &size, buf), NOT_FOUND);
    EXPECT(bs->install(&k, &g_test, 0, &b), OK);
    size = 0;
    EXPECT(bs->locate_handle(2, &g_test, NULL, &size, buf), BUFFER_TOO_SMALL);
    CHECK(size == 16);
    EXPECT(bs->locate_handle(2, &g_test, NULL, &size, buf), OK);
    CHECK(buf[0] == h && buf[1] == k);
    EXPECT(bs->locate_handle(3, &g_test, NULL, &size, buf), INVALID_PARAMETER);
    EXPECT(bs->locate_handle(2, NULL, NULL, &size, buf), INVALID_PARAMETER);
    EXPECT(bs->locate_handle(1, NULL, (void *)99, &size, buf), INVALID_PARAMETER);
    EXPECT(bs->locate_handle(2, &g_test2, NULL, &size, buf), NOT_FOUND);
    EXPECT(bs->locate_handle(2, &g_test, NULL, NULL, buf), INVALID_PARAMETER);
    EXPECT(bs->handle_buffer(2, &g_test, NULL, &n, &list), OK);
    CHECK(n == 2 && list[1] == k);
    EXPECT(bs->free_pool(list), OK);
    EXPECT(bs->handle_buffer(0, NULL, NULL, &n, &list), OK);
    CHECK(n > 4);
    EXPECT(bs->free_pool(list), OK);
    EXPECT(bs->handle_buffer(2, &g_test2, NULL, &n, &list), NOT_FOUND);
    EXPECT(bs->handle_buffer(2, &g_test, NULL, NULL, &list), INVALID_PARAMETER);
    EXPECT(bs->protocols(h, &guids, &n), OK);
    CHECK(n == 1 && same(guids[0], &g_test, 16));
    EXPECT(bs->free_pool(guids), OK);
    EXPECT(bs->protocols(nobody, &guids, &n), INVALID_PARAMETER);
    EXPECT(bs->protocols(h, NULL, &n), INVALID_PARAMETER);
    /* reinstall */
    calls = 0;
    EXPECT(bs->reinstall(k, &g_test, &b, &a), OK);
    CHECK(calls == 1);
    EXPECT(bs->reinstall(k, &g_test, &b, &a), NOT_FOUND);
    EXPECT(bs->reinstall(k, &g_test2, &b, &a), NOT_FOUND);
    EXPECT(bs->reinstall(nobody, &g_test, &b, &a), INVALID_PARAMETER);
    /* opening */
    EXPECT(bs->open(h, &g_test, &p, self, NULL, 1), OK);
    CHECK(p == &a);
    EXPECT(bs->open(h, &g_test, &p, self, NULL, 3), INVALID_PARAMETER);
    EXPECT(bs->open(h, &g_test, NULL, self, NULL, 2), INVALID_PARAMETER);
    EXPECT(bs->open(h, &g_test, NULL, self, NULL, 4), OK);
    EXPECT(bs->open(h, &g_test2, NULL, self, NULL, 4), UNSUPPORTED);
    EXPECT(bs->open(h, &g_test, &p, NULL, NULL, 0x10), INVALID_PARAMETER);
    EXPECT(bs->open(h, &g_test, &p, self, h, 8), INVALID_PARAMETER);
    EXPECT(bs->open(h, &g_test, &p, self, h, 0x10), OK);
    EXPECT(bs->open(h, &g_test, &p, self, h, 0x10), ALREADY_STARTED);
    EXPECT(bs->open(h, &g_test, &p, k, h, 0x10), ACCESS_DENIED);
    EXPECT(bs->open_info(h, &g_test, &info, &n), OK);
    bool found = false;
    for (uint64_t i = 0; i < n; i++)
        found |= info[i].agent == self && info[i].controller == h && info[i].attr == 0x10 &&
                 info[i].count == 1;
    CHECK(found);
    EXPECT(bs->free_pool(info), OK);
    EXPECT(bs->open_info(h, &g_test2, &info, &n), NOT_FOUND);
    EXPECT(bs->uninstall(h, &g_test, &a), ACCESS_DENIED);
    EXPECT(bs->close(h, &g_test, self, h), OK);
    EXPECT(bs->close(h, &g_test, self, h), NOT_FOUND);
    EXPECT(bs->close(h, &g_test, NULL, h), INVALID_PARAMETER);
    EXPECT(bs->close(nobody, &g_test, self, h), INVALID_PARAMETER);
    /* uninstall */
    EXPECT(bs->uninstall(h, &g_test, &b), NOT_FOUND);
    EXPECT(bs->uninstall(h, &g_test2, &a), NOT_FOUND);
    EXPECT(bs->uninstall(h, &g_test, &a), OK);
    EXPECT(bs->handle_protocol(h, &g_test, &p),
           INVALID_PARAMETER); /* its last: the handle is gone */
    EXPECT(bs->uninstall(k, &g_test, &a), OK);
    EXPECT(bs->close_event(ev), OK);
    /* several at once: the interface of the fifth is on the memory stack */
    struct guid g[5];
    int face[5];
    for (unsigned i = 0; i < 5; i++) {
        g[i] = g_test;
        g[i].d[7] = (uint8_t)(100 + i);
    }
    h = NULL;
    EXPECT(bs->install_many(&h, &g[0], &face[0], &g[1], &face[1], &g[2], &face[2], &g[3], &face[3],
                            &g[4], &face[4], NULL),
           OK);
    for (unsigned i = 0; i < 5; i++) {
        EXPECT(bs->handle_protocol(h, &g[i], &p), OK);
        CHECK(p == &face[i]);
    }
    EXPECT(bs->uninstall_many(h, &g[0], &face[0], &g[4], &face[3], NULL), INVALID_PARAMETER);
    EXPECT(bs->handle_protocol(h, &g[0], &p), OK); /* undone */
    EXPECT(bs->install_many(&h, &g_test2, &a, &g[1], &b, NULL), INVALID_PARAMETER);
    EXPECT(bs->handle_protocol(h, &g_test2, &p), UNSUPPORTED);
    EXPECT(bs->uninstall_many(h, &g[0], &face[0], &g[1], &face[1], &g[2], &face[2], &g[3], &face[3],
                              &g[4], &face[4], NULL),
           OK);
    EXPECT(bs->handle_protocol(h, &g[0], &p), INVALID_PARAMETER);
    /* device paths */
    h = NULL;
    k = NULL;
    EXPECT(bs->install_many(&h, &g_path, path, &g_test, &a, NULL), OK);
    EXPECT(bs->install_many(&k, &g_path, path, NULL), ALREADY_STARTED);
    dp = longer;
    EXPECT(bs->locate_path(&g_test, &dp, &k), OK);
    CHECK(k == h && dp == longer + 20);
    dp = longer;
    EXPECT(bs->locate_path(&g_test2, &dp, &k), NOT_FOUND);
    EXPECT(bs->locate_path(&g_test, NULL, &k), INVALID_PARAMETER);
    EXPECT(bs->locate_path(NULL, &dp, &k), INVALID_PARAMETER);
    dp = BAD;
    EXPECT(bs->locate_path(&g_test, &dp, &k), INVALID_PARAMETER);
    struct {
        char16 *(*node)(void *, uint8_t, uint8_t);
        char16 *(*path)(void *, uint8_t, uint8_t);
    } * text;
    EXPECT(bs->locate_protocol(&g_totext, NULL, &text), OK);
    char16 *s = text->path(longer, 0, 0);
    CHECK(s && same(s, u"VenHw(09090909-0909-0909-0909-090909090909)/x", 90));
    EXPECT(bs->free_pool(s), OK);
    EXPECT(bs->uninstall_many(h, &g_path, path, &g_test, &a, NULL), OK);
    struct {
        uint32_t revision, reserved;
        void *fn;
    } * fpswa;
    EXPECT(bs->locate_protocol(&g_fpswa, NULL, &fpswa), OK);
    CHECK(fpswa->fn);
}

/* --- drivers --- */

static unsigned asked, started, stopped;
static handle controller;
static status drv_supported(struct binding *b, handle c, void *rest)
{
    (void)b, (void)rest;
    asked++;
    return c == controller ? OK : UNSUPPORTED;
}
static status drv_start(struct binding *b, handle c, void *rest)
{
    void *p;
    (void)rest;
    started++;
    return bs->open(c, &g_test, &p, b->image, c, 0x10);
}
static status drv_stop(struct binding *b, handle c, uint64_t n, handle *children)
{
    (void)n, (void)children;
    stopped++;
    return bs->close(c, &g_test, b->image, c);
}
void t_drivers(void)
{
    static int face;
    handle d = NULL;
    static struct binding bind = {drv_supported, drv_start, drv_stop, 10, NULL, NULL};
    controller = NULL;
    EXPECT(bs->install(&controller, &g_test, 0, &face), OK);
    EXPECT(bs->connect(controller, NULL, NULL, 0), NOT_FOUND);
    EXPECT(bs->connect((handle)99, NULL, NULL, 0), INVALID_PARAMETER);
    EXPECT(bs->disconnect((handle)99, NULL, NULL), INVALID_PARAMETER);
    EXPECT(bs->disconnect(controller, NULL, NULL), OK); /* nobody manages it */
    bind.image = self;
    EXPECT(bs->install(&d, &g_binding, 0, &bind), OK);
    bind.self = d;
    EXPECT(bs->connect(controller, NULL, NULL, 1), OK);
    CHECK(asked >= 1 && started == 1);
    EXPECT(bs->uninstall(controller, &g_test, &face), ACCESS_DENIED);
    EXPECT(bs->disconnect(controller, controller, NULL), INVALID_PARAMETER);
    EXPECT(bs->disconnect(controller, NULL, NULL), OK);
    CHECK(stopped == 1);
    handle drivers[2] = {d, NULL};
    EXPECT(bs->connect(controller, drivers, NULL, 0), OK);
    EXPECT(bs->disconnect(controller, d, NULL), OK);
    CHECK(started == 2 && stopped == 2);
    EXPECT(bs->uninstall(d, &g_binding, &bind), OK);
    EXPECT(bs->uninstall(controller, &g_test, &face), OK);
}
