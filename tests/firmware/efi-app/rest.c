/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Images, small services, console, disks.
 */
#include "efi.h"

#define BAD ((void *)0x7ffffff0000ull)

/* --- images --- */

static char16 exit_data[] = u"bye";
/* Deep in calls, so that the register stack has been spilled, then out at once. */
static __attribute__((noinline)) uint64_t deep(unsigned n, uint64_t a, uint64_t b, uint64_t c)
{
    if (!n) {
        char16 *d;
        if (bs->allocate_pool(4, sizeof exit_data, &d) == OK)
            memcpy(d, exit_data, sizeof exit_data);
        bs->exit(self, ERR(21), sizeof exit_data, d);
        return 0; /* not reached */
    }
    uint64_t r = deep(n - 1, a + b, b + c, c + n);
    return r + a * b + c;
}
static unsigned unloads;
static status unload(handle h)
{
    (void)h;
    unloads++;
    return OK;
}
status child(void)
{
    switch (me->options[6]) {
    case 'r':
        return ERR(0x42);
    case 'e':
        deep(60, 1, 2, 3);
        return OK; /* wrong */
    case 'd':
        me->unload = unload;
        return OK;
    case 'x':
        /* an image other than the running one cannot be left */
        return bs->exit(me->parent, OK, 0, NULL) == INVALID_PARAMETER ? OK : ERR(1);
    case 'v':
        return change_driver();
    default:
        return ERR(99);
    }
}

static uint32_t get32(const uint8_t *p)
{
    return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}
static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> i * 8);
}
/* A PE file of ourselves: as we lie in memory, with sections' file offsets made equal to their
 * addresses. */
static uint8_t *own_file(uint64_t *size, unsigned subsystem)
{
    uint8_t *f;
    if (bs->allocate_pool(2, me->size, &f) != OK)
        return NULL;
    memcpy(f, me->base, me->size);
    uint8_t *pe = f + get32(f + 0x3c), *opt = pe + 24, *sec = opt + (pe[20] | pe[21] << 8);
    unsigned n = pe[6] | pe[7] << 8;
    put32(opt + 24, (uint32_t)(uint64_t)me->base);
    put32(opt + 28, (uint32_t)((uint64_t)me->base >> 32));
    opt[68] = (uint8_t)subsystem;
    for (unsigned i = 0; i < n; i++, sec += 40) {
        put32(sec + 16, get32(sec + 8));
        put32(sec + 20, get32(sec + 12));
    }
    *size = me->size;
    return f;
}
static handle load(uint8_t *f, uint64_t size, const char16 *options)
{
    handle h = NULL;
    struct loaded *l;
    EXPECT(bs->load_image(0, self, NULL, f, size, &h), OK);
    EXPECT(bs->handle_protocol(h, &g_loaded, &l), OK);
    l->options = (char16 *)options;
    l->options_size = (uint32_t)(length(options) + 1) * 2;
    return h;
}

handle load_self(unsigned subsystem, const char16 *options)
{
    uint64_t size;
    uint8_t *f = own_file(&size, subsystem);
    CHECK(f);
    handle h = load(f, size, options);
    EXPECT(bs->free_pool(f), OK);
    return h;
}

void t_images(void)
{
    uint64_t size, n = 7;
    char16 *data = NULL;
    handle h, k;
    struct loaded *l;
    void *p;
    uint8_t *f = own_file(&size, 10);
    CHECK(f);
    /* bad ones */
    EXPECT(bs->load_image(0, NULL, NULL, f, size, &h), INVALID_PARAMETER);
    EXPECT(bs->load_image(0, self, NULL, f, size, NULL), INVALID_PARAMETER);
    EXPECT(bs->load_image(0, self, NULL, NULL, 0, &h), INVALID_PARAMETER);
    EXPECT(bs->load_image(0, self, NULL, f, 0, &h), LOAD_ERROR);
    EXPECT(bs->load_image(0, self, NULL, f, 100, &h), LOAD_ERROR);
    EXPECT(bs->load_image(0, self, NULL, f, size - 4096, &h), LOAD_ERROR);
    EXPECT(bs->load_image(0, self, NULL, BAD, size, &h), INVALID_PARAMETER);
    f[get32(f + 0x3c) + 4] ^= 0xff;
    EXPECT(bs->load_image(0, self, NULL, f, size, &h), UNSUPPORTED); /* another machine's */
    f[get32(f + 0x3c) + 4] ^= 0xff;
    f[0] = 'X';
    EXPECT(bs->load_image(0, self, NULL, f, size, &h), LOAD_ERROR);
    f[0] = 'M';
    EXPECT(bs->start_image((handle)1, NULL, NULL), INVALID_PARAMETER);
    EXPECT(bs->unload_image((handle)1), INVALID_PARAMETER);
    EXPECT(bs->start_image(self, NULL, NULL), INVALID_PARAMETER); /* it runs */
    EXPECT(bs->unload_image(self), UNSUPPORTED);
    EXPECT(bs->exit((handle)1, OK, 0, NULL), INVALID_PARAMETER);
    /* loaded, never started */
    h = load(f, size, u"child r");
    EXPECT(bs->handle_protocol(h, &g_loaded, &l), OK);
    CHECK(l->parent == self && l->base && l->base != me->base && l->size == me->size &&
          l->code == 1 && l->data == 2);
    EXPECT(bs->unload_image(h), OK);
    EXPECT(bs->handle_protocol(h, &g_loaded, &p), INVALID_PARAMETER);
    h = load(f, size, u"child r");
    EXPECT(bs->exit(h, OK, 0, NULL), OK);
    EXPECT(bs->unload_image(h), INVALID_PARAMETER);
    /* returns */
    h = load(f, size, u"child r");
    EXPECT(bs->start_image(h, BAD, NULL), INVALID_PARAMETER);
    EXPECT(bs->start_image(h, &n, &data), ERR(0x42));
    CHECK(n == 0);
    EXPECT(bs->start_image(h, NULL, NULL), INVALID_PARAMETER); /* unloaded with its return */
    /* leaves by Exit from far down, with data */
    h = load(f, size, u"child e");
    EXPECT(bs->start_image(h, &n, &data), ERR(21));
    CHECK(n == 8 && data && same(data, u"bye", 8));
    EXPECT(bs->free_pool(data), OK);
    for (unsigned i = 0; i < 3; i++) {
        h = load(f, size, u"child e");
        CHECK(preserved_check((void *)bs->start_image, (uint64_t)h, 0) == 0);
    }
    h = load(f, size, u"child x");
    EXPECT(bs->start_image(h, NULL, NULL), OK);
    EXPECT(bs->free_pool(f), OK);
    /* a driver stays until it is unloaded */
    f = own_file(&size, 11);
    h = load(f, size, u"child d");
    EXPECT(bs->start_image(h, NULL, NULL), OK);
    EXPECT(bs->handle_protocol(h, &g_loaded, &l), OK);
    CHECK(l->code == 3 && l->data == 4);
    EXPECT(bs->start_image(h, NULL, NULL), INVALID_PARAMETER);
    EXPECT(bs->unload_image(h), OK);
    EXPECT(bs->handle_protocol(h, &g_loaded, &p), INVALID_PARAMETER);
    EXPECT(bs->free_pool(f), OK);
    /* from the file system, if we came from there */
    if (me->device && me->path && bs->handle_protocol(me->device, &g_fs, &p) == OK &&
        bs->handle_protocol(me->device, &g_path, &p) == OK) {
        uint8_t path[512], *d = p, *q;
        n = 0;
        for (; *d != 0x7f; d += d[2] | d[3] << 8, n = (uint64_t)(d - (uint8_t *)p)) {
        }
        memcpy(path, p, n);
        q = path + n;
        for (d = me->path, size = 0; d[size] != 0x7f; size += d[size + 2] | d[size + 3] << 8) {
        }
        memcpy(q, me->path, size + 4);
        status got = bs->load_image(0, self, path, NULL, 0, &k);
        /* an application given by --efi need not be on the disk */
        CHECK(got == OK || got == NOT_FOUND);
        if (got == OK) {
            EXPECT(bs->handle_protocol(k, &g_loaded, &l), OK);
            CHECK(l->device == me->device && same(l->path, me->path, size));
            l->options = (char16 *)u"child r";
            l->options_size = 16;
            EXPECT(bs->start_image(k, NULL, NULL), ERR(0x42));
        }
        q[size - 4] = 'Q';
        EXPECT(bs->load_image(0, self, path, NULL, 0, &k), NOT_FOUND);
    }
}

/* --- small services --- */

void t_misc(void)
{
    uint32_t crc;
    uint64_t n, m;
    EXPECT(bs->crc32("123456789", 9, &crc), OK);
    CHECK(crc == 0xcbf43926);
    EXPECT(bs->crc32(NULL, 9, &crc), INVALID_PARAMETER);
    EXPECT(bs->crc32("1", 0, &crc), INVALID_PARAMETER);
    EXPECT(bs->crc32("1", 1, NULL), INVALID_PARAMETER);
    EXPECT(bs->crc32(BAD, 100, &crc), INVALID_PARAMETER);
    EXPECT(bs->monotonic(&n), OK);
    EXPECT(bs->monotonic(&m), OK);
    CHECK(m > n);
    EXPECT(bs->monotonic(NULL), INVALID_PARAMETER);
    EXPECT(bs->watchdog(300, 0x10000, 0, NULL), OK);
    EXPECT(bs->watchdog(300, 5, 0, NULL), INVALID_PARAMETER);
    EXPECT(bs->watchdog(0, 0, 0, NULL), OK);
    EXPECT(bs->stall(0), OK);
    /* configuration tables */
    static int table, other;
    n = st->ntables;
    EXPECT(bs->install_table(&g_test, NULL), NOT_FOUND);
    EXPECT(bs->install_table(&g_test, &table), OK);
    CHECK(st->ntables == n + 1 && st->tables[n].table == &table);
    EXPECT(bs->install_table(&g_test, &other), OK);
    CHECK(st->ntables == n + 1 && st->tables[n].table == &other);
    EXPECT(bs->install_table(&g_test, NULL), OK);
    CHECK(st->ntables == n);
    EXPECT(bs->install_table(NULL, &table), INVALID_PARAMETER);
    /* collation */
    struct collation *c;
    char16 s[20] = u"MiXed1";
    char t[12];
    EXPECT(bs->locate_protocol(&g_collation, NULL, &c), OK);
    CHECK(c->stricoll(c, u"abC", u"ABc") == 0);
    CHECK(c->stricoll(c, u"abc", u"abd") < 0 && c->stricoll(c, u"b", u"a") > 0);
    CHECK(c->match(c, u"readme.txt", u"*.TXT") && c->match(c, u"a", u"?") &&
          !c->match(c, u"ab", u"?"));
    CHECK(c->match(c, u"file7", u"f*[0-9]") && !c->match(c, u"filex", u"f*[0-9]") &&
          c->match(c, u"", u"*"));
    c->upper(c, s);
    CHECK(same(s, u"MIXED1", 14));
    c->lower(c, s);
    CHECK(same(s, u"mixed1", 14));
    c->from_fat(c, 5, "ABCDEFG", s);
    CHECK(same(s, u"ABCDE", 12));
    CHECK(!c->to_fat(c, u"ab.c", 12, t) && same(t, "ABC", 4));
    CHECK(c->to_fat(c, u"a+b", 12, t) && same(t, "A_B", 4));
    CHECK(same(c->languages, "eng", 4));
}

/* --- console --- */

void t_console(void)
{
    struct text_out *o = st->conout, *p;
    struct text_in *in = st->conin;
    struct key k = {0, 0};
    uint64_t c, r;
    EXPECT(bs->handle_protocol(st->conout_handle, &g_out, &p), OK);
    CHECK(p == o);
    EXPECT(bs->handle_protocol(st->conin_handle, &g_in, &p), OK);
    CHECK((void *)p == in && st->err);
    EXPECT(o->string(o, u"console: \u00e4\u20ac\r\n"), OK);
    EXPECT(o->string(o, NULL), INVALID_PARAMETER);
    EXPECT(o->test(o, u"plain"), OK);
    EXPECT(o->test(o, u"\x01"), UNSUPPORTED);
    EXPECT(o->test(o, NULL), INVALID_PARAMETER);
    EXPECT(o->query(o, 0, &c, &r), OK);
    CHECK(c == 80 && r == 25);
    EXPECT(o->query(o, 1, &c, &r), UNSUPPORTED);
    EXPECT(o->query(o, 0, NULL, &r), INVALID_PARAMETER);
    EXPECT(o->set_mode(o, 7), UNSUPPORTED);
    EXPECT(o->attribute(o, 0x4f), OK);
    CHECK(o->mode->attribute == 0x4f);
    EXPECT(o->attribute(o, 0x80), UNSUPPORTED);
    EXPECT(o->attribute(o, 7), OK);
    EXPECT(o->cursor(o, 80, 0), UNSUPPORTED);
    EXPECT(o->cursor(o, 3, 4), OK);
    CHECK(o->mode->column == 3 && o->mode->row == 4);
    EXPECT(o->string(o, u"abc\r\n"), OK);
    CHECK(o->mode->column == 0 && o->mode->row == 5 && o->mode->max == 1 && o->mode->mode == 0);
    EXPECT(o->enable_cursor(o, 0), OK);
    CHECK(!o->mode->visible);
    EXPECT(o->enable_cursor(o, 1), OK);
    EXPECT(in->read(in, NULL), INVALID_PARAMETER);
    /* "i" in the options: the suite types  x <up> \n  */
    if (option('i')) {
        uint64_t index;
        EXPECT(bs->wait(1, &in->wait, &index), OK);
        EXPECT(in->read(in, &k), OK);
        CHECK(k.scan == 0 && k.ch == 'x');
        EXPECT(bs->wait(1, &in->wait, &index), OK);
        EXPECT(bs->stall(1000000), OK); /* the rest of the sequence */
        EXPECT(in->read(in, &k), OK);
        CHECK(k.scan == 1 && k.ch == 0);
        EXPECT(bs->wait(1, &in->wait, &index), OK);
        EXPECT(in->read(in, &k), OK);
        CHECK(k.scan == 0 && k.ch == '\r');
    } else {
        EXPECT(in->reset(in, 0), OK);
        EXPECT(in->read(in, &k), NOT_READY);
        EXPECT(bs->check(in->wait), NOT_READY);
    }
    EXPECT(bs->close_event(in->wait), INVALID_PARAMETER); /* the firmware's own */
}

/* --- disks --- */

void t_blocks(void)
{
    static uint8_t a[1024], b[1024];
    uint64_t n;
    handle *list;
    if (bs->handle_buffer(2, &g_block, NULL, &n, &list) != OK)
        return;
    for (uint64_t i = 0; i < n; i++) {
        struct block_io *k;
        struct disk_io *d;
        EXPECT(bs->handle_protocol(list[i], &g_block, &k), OK);
        EXPECT(bs->handle_protocol(list[i], &g_disk, &d), OK);
        struct media *m = k->media;
        CHECK(m->present && m->block == 512 && m->last > 10);
        EXPECT(k->reset(k, 0), OK);
        EXPECT(k->read(k, m->id, 0, 1024, a), OK);
        EXPECT(k->read(k, m->id, 1, 512, b), OK);
        CHECK(same(a + 512, b, 512));
        EXPECT(d->read(d, m->id, 100, 700, b), OK);
        CHECK(same(a + 100, b, 700));
        EXPECT(k->read(k, m->id + 1, 0, 512, a), MEDIA_CHANGED);
        EXPECT(k->read(k, m->id, 0, 100, a), BAD_BUFFER_SIZE);
        EXPECT(k->read(k, m->id, m->last, 1024, a), INVALID_PARAMETER);
        EXPECT(k->read(k, m->id, ~0ull, 512, a), INVALID_PARAMETER);
        EXPECT(k->read(k, m->id, 0, 512, NULL), INVALID_PARAMETER);
        EXPECT(k->read(k, m->id, 0, 512, BAD), INVALID_PARAMETER);
        EXPECT(k->read(k, m->id, 0, 0, a), OK);
        EXPECT(k->read(NULL, m->id, 0, 512, a), INVALID_PARAMETER);
        EXPECT(d->read(d, m->id, ~0ull, 1, a), INVALID_PARAMETER);
        EXPECT(d->read(d, m->id, m->last * 512 + 500, 13, a), INVALID_PARAMETER);
        EXPECT(d->read(d, m->id, m->last * 512 + 500, 12, a), OK);
        EXPECT(k->read(k, m->id, m->last, 512, a), OK);
        if (m->readonly) {
            EXPECT(k->write(k, m->id, m->last, 512, a), WRITE_PROTECTED);
            EXPECT(d->write(d, m->id, m->last * 512, 512, a), WRITE_PROTECTED);
        } else {
            EXPECT(k->write(k, m->id, m->last, 512, a), OK);
            EXPECT(d->write(d, m->id, m->last * 512 + 7, 5, a + 7), OK);
            EXPECT(k->write(k, m->id, m->last + 1, 512, a), INVALID_PARAMETER);
            EXPECT(k->write(k, m->id, 0, 1, a), BAD_BUFFER_SIZE);
            EXPECT(k->flush(k), OK);
        }
    }
    EXPECT(bs->free_pool(list), OK);
}
