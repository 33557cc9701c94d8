/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Runtime services, before and after ExitBootServices.
 */
#include "efi.h"

#define BAD ((void *)0x7ffffff0000ull)
#define NV  1
#define BS  2
#define RT  4

void leave_boot(void);

void t_variables(void)
{
    uint8_t data[64] = {1, 2, 3, 4, 5}, back[64];
    char16 name[64] = {0};
    struct guid g;
    uint64_t size;
    uint32_t attr;
    EXPECT(rt->set_variable(u"EfiApp", &g_test, BS | RT, 5, data), OK);
    size = 0;
    EXPECT(rt->get_variable(u"EfiApp", &g_test, &attr, &size, back), BUFFER_TOO_SMALL);
    CHECK(size == 5);
    EXPECT(rt->get_variable(u"EfiApp", &g_test, &attr, &size, back), OK);
    CHECK(size == 5 && attr == (BS | RT) && same(back, data, 5));
    EXPECT(rt->get_variable(u"EfiApp", &g_test2, &attr, &size, back), NOT_FOUND);
    EXPECT(rt->get_variable(NULL, &g_test, &attr, &size, back), INVALID_PARAMETER);
    EXPECT(rt->get_variable(u"EfiApp", NULL, &attr, &size, back), INVALID_PARAMETER);
    EXPECT(rt->get_variable(u"EfiApp", &g_test, &attr, NULL, back), INVALID_PARAMETER);
    size = sizeof back;
    EXPECT(rt->get_variable(u"EfiApp", &g_test, &attr, &size, NULL), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"EfiApp", &g_test, NV | BS | RT, 5, data),
           INVALID_PARAMETER); /* other attributes */
    EXPECT(rt->set_variable(u"EfiApp", &g_test, BS | RT, 3, data + 1), OK);
    size = sizeof back;
    EXPECT(rt->get_variable(u"EfiApp", &g_test, NULL, &size, back), OK);
    CHECK(size == 3 && back[0] == 2);
    EXPECT(rt->set_variable(u"", &g_test, BS, 3, data), INVALID_PARAMETER);
    EXPECT(rt->set_variable(NULL, &g_test, BS, 3, data), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"X", NULL, BS, 3, data), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"X", &g_test, RT, 3, data), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"X", &g_test, BS, 3, NULL), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"X", &g_test, BS, 1ull << 40, data), OUT_OF_RESOURCES);
    /* the list has it */
    bool found = false;
    for (unsigned i = 0; i < 1000; i++) {
        size = sizeof name;
        status s = rt->next_variable(&size, name, &g);
        if (s == NOT_FOUND)
            break;
        EXPECT(s, OK);
        found |= same(name, u"EfiApp", 14) && same(&g, &g_test, 16);
    }
    CHECK(found);
    size = 2;
    name[0] = 0;
    EXPECT(rt->next_variable(&size, name, &g), BUFFER_TOO_SMALL);
    EXPECT(rt->next_variable(NULL, name, &g), INVALID_PARAMETER);
    EXPECT(rt->next_variable(&size, NULL, &g), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"EfiApp", &g_test, BS | RT, 0, NULL), OK);
    size = sizeof back;
    EXPECT(rt->get_variable(u"EfiApp", &g_test, &attr, &size, back), NOT_FOUND);
    EXPECT(rt->set_variable(u"EfiApp", &g_test, BS | RT, 0, NULL), NOT_FOUND);
    EXPECT(rt->set_variable(u"BootOnly", &g_test, BS, 2, data), OK);
    EXPECT(rt->set_variable(u"Kept", &g_test, NV | BS | RT, 4, "kept"), OK);
    uint64_t a, b, c;
    EXPECT(rt->query_variable(BS, &a, &b, &c), OK);
    CHECK(a >= b && c);
    EXPECT(rt->query_variable(BS, NULL, &b, &c), INVALID_PARAMETER);
}

void t_time(void)
{
    struct etime t, u;
    uint8_t caps[12], x;
    uint32_t n, m;
    EXPECT(rt->get_time(&t, caps), OK);
    CHECK(t.year >= 1998 && t.month >= 1 && t.month <= 12 && t.day >= 1 && t.hour < 24);
    EXPECT(rt->get_time(NULL, NULL), INVALID_PARAMETER);
    EXPECT(rt->get_time(BAD, NULL), INVALID_PARAMETER);
    EXPECT(bs->stall(2000000), OK);
    EXPECT(rt->get_time(&u, NULL), OK);
    CHECK((uint64_t)u.minute * 60 + u.second + 3600 - t.minute * 60 - t.second >= 2);
    t.month = 13;
    EXPECT(rt->set_time(&t), INVALID_PARAMETER);
    EXPECT(rt->set_time(NULL), INVALID_PARAMETER);
    u.year += 1;
    u.day = 3;
    EXPECT(rt->set_time(&u), OK);
    EXPECT(rt->get_time(&t, NULL), OK);
    CHECK(t.year == u.year && t.day == 3 && t.hour == u.hour);
    EXPECT(rt->get_wakeup(&x, &x, &t), UNSUPPORTED);
    EXPECT(rt->set_wakeup(0, &t), UNSUPPORTED);
    EXPECT(rt->monotonic(&n), OK);
    EXPECT(rt->monotonic(&m), OK);
    CHECK(m > n);
    EXPECT(rt->monotonic(NULL), INVALID_PARAMETER);
    EXPECT(rt->update_capsule(NULL, 0, 0), UNSUPPORTED);
    EXPECT(rt->query_capsule(NULL, 0, NULL, NULL), UNSUPPORTED);
}

static unsigned told;
static void on_exit(handle e, void *ctx)
{
    (void)e;
    told += ctx == &told;
}

void t_exit(void)
{
    static struct descriptor map[256];
    uint64_t size, key, dsize;
    uint32_t version, attr;
    handle e;
    uint8_t back[8];
    void *p = (void *)rt;
    struct etime t;
    virtual_prepare();
    change_prepare();
    async_prepare();
    EXPECT(bs->create_event(0x201, 16, on_exit, &told, &e), OK);
    size = sizeof map;
    EXPECT(bs->memory_map(&size, map, &key, &dsize, &version), OK);
    EXPECT(rt->set_virtual(size, dsize, version, map), UNSUPPORTED); /* too early */
    EXPECT(bs->exit_boot(self, key + 1), INVALID_PARAMETER);
    EXPECT(bs->exit_boot((handle)1, key), INVALID_PARAMETER);
    CHECK(told == 0);
    EXPECT(bs->allocate_pages(0, 2, 1, &size), OK); /* changes the map */
    EXPECT(bs->exit_boot(self, key), INVALID_PARAMETER);
    size = sizeof map;
    EXPECT(bs->memory_map(&size, map, &key, &dsize, &version), OK);
    status s = bs->exit_boot(self, key);
    if (s != OK) {
        EXPECT(s, OK);
        return;
    }
    leave_boot(); /* from here on messages go to the UART */
    say("boot services are gone\n");
    CHECK(told == 1);
    async_check();
    CHECK(!st->bs && !st->conin && !st->conout && !st->err && !st->conin_handle);
    uint64_t n = sizeof back;
    EXPECT(rt->get_variable(u"BootOnly", &g_test, &attr, &n, back), NOT_FOUND);
    n = sizeof back;
    EXPECT(rt->get_variable(u"Kept", &g_test, &attr, &n, back), OK);
    CHECK(n == 4 && same(back, "kept", 4));
    EXPECT(rt->set_variable(u"Kept2", &g_test, BS | RT, 4, "kept"), INVALID_PARAMETER);
    EXPECT(rt->set_variable(u"Kept2", &g_test, NV | BS | RT, 4, "kept"), OK);
    EXPECT(rt->get_time(&t, NULL), OK);
    EXPECT(rt->convert(0, &p), UNSUPPORTED);
    EXPECT(rt->set_virtual(size, dsize, 2, map), INVALID_PARAMETER);
    EXPECT(rt->set_virtual(size, 8, version, map), INVALID_PARAMETER);
    EXPECT(rt->set_virtual(0, dsize, version, map), INVALID_PARAMETER);
    /* identity, so that we stay in physical mode, or else up where Xen and Linux have it */
    const bool high = option('v');
    for (uint8_t *d = (uint8_t *)map; d < (uint8_t *)map + size; d += dsize)
        ((struct descriptor *)d)->virt = ((struct descriptor *)d)->phys | (high ? 0xfull << 60 : 0);
    change_call(size, dsize, map, high ? 0xfull << 60 : 0);
    if (high) {
        virtual_test();
        return;
    }
    EXPECT(rt->set_virtual(size, dsize, version, map), UNSUPPORTED);
    EXPECT(rt->convert(0, &p), OK);
    CHECK(p == (void *)rt);
    EXPECT(rt->convert(0, BAD), INVALID_PARAMETER);
    p = (void *)0x7000000000000000ull;
    EXPECT(rt->convert(0, &p), NOT_FOUND);
    EXPECT(rt->get_time(&t, NULL), OK);
    /* boot services are gone, whoever still has their addresses */
    EXPECT(bs->stall(1), UNSUPPORTED);
}
