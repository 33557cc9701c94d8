/* SPDX-License-Identifier: GPL-2.0-only
 *
 * An EFI application that calls every boot and runtime service, and the functions of the firmware's
 * protocols, with good and bad arguments, and prints a PASS or FAIL line for each group. Started
 * again by itself, it is the child of the image tests.
 */
#include "efi.h"

#define G_LOADED                                                                                   \
    {                                                                                              \
        0x5b1b31a1, 0x9562, 0x11d2,                                                                \
        {                                                                                          \
            0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b                                            \
        }                                                                                          \
    }
const struct guid g_loaded = G_LOADED;
const struct guid g_path = {
    0x09576e91, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_block = {
    0x964e5b21, 0x6459, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_disk = {
    0xce345171, 0xba0b, 0x11d2, {0x8e, 0x4f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_fs = {
    0x964e5b22, 0x6459, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_in = {
    0x387477c1, 0x69c7, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_out = {
    0x387477c2, 0x69c7, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_collation = {
    0x1d85cd7f, 0xf43d, 0x11d2, {0x9a, 0x0c, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
const struct guid g_binding = {
    0x18a031ab, 0xb443, 0x4d1a, {0xa5, 0xc0, 0x0c, 0x09, 0x26, 0x1e, 0x9f, 0x71}};
const struct guid g_info = {
    0x09576e92, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_fsinfo = {
    0x09576e93, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct guid g_label = {
    0xdb47d7d3, 0xfe81, 0x11d3, {0x9a, 0x35, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
const struct guid g_fpswa = {
    0xc41b6531, 0x97b9, 0x11d3, {0x9a, 0x29, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
const struct guid g_totext = {
    0x8b843e20, 0x8132, 0x4852, {0x90, 0xcc, 0x55, 0x1a, 0x4e, 0x4a, 0x7f, 0x1c}};
const struct guid g_test = {0x11111111, 0x2222, 0x3333, {1, 2, 3, 4, 5, 6, 7, 8}};
const struct guid g_test2 = {0x11111112, 0x2222, 0x3333, {1, 2, 3, 4, 5, 6, 7, 8}};

handle self;
struct system *st;
struct boot *bs;
struct runtime *rt;
struct loaded *me;
bool have_disk;
static bool gone; /* boot services */
static unsigned failed;

/* --- library --- */
void *memset(void *p, int v, size_t n)
{
    volatile uint8_t *b = p;
    while (n--)
        *b++ = (uint8_t)v;
    return p;
}
void *memcpy(void *to, const void *from, size_t n)
{
    volatile uint8_t *b = to;
    const uint8_t *a = from;
    while (n--)
        *b++ = *a++;
    return to;
}
bool same(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    while (n && *x == *y)
        x++, y++, n--;
    return !n;
}
size_t length(const char16 *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

/* After ExitBootServices the UART is ours: DIG64's place for it comes from HCDP in real life, here
 * it is the board's. */
static void put(char ch)
{
    if (gone) {
        *(volatile char *)(0xff5e0000ull | 1ull << 63) = ch;
    } else {
        char16 s[2] = {(char16)ch, 0};
        st->conout->string(st->conout, s);
    }
}
static void number(uint64_t v, unsigned base)
{
    char s[20];
    unsigned n = 0;
    do {
        s[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v);
    while (n)
        put(s[--n]);
}
void say(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    for (; *fmt; fmt++) {
        if (*fmt == '\n')
            put('\r');
        if (*fmt != '%') {
            put(*fmt);
            continue;
        }
        switch (*++fmt) {
        case 's':
            for (const char *s = va_arg(ap, const char *); *s; s++)
                put(*s);
            break;
        case 'd':
            number(va_arg(ap, uint64_t), 10);
            break;
        case 'x':
            number(va_arg(ap, uint64_t), 16);
            break;
        }
    }
    va_end(ap);
}
static const char *group;
void check(bool good, const char *what, uint64_t got, unsigned line)
{
    if (good)
        return;
    say("FAIL %s: expected %s, got %x, where line %d\n", group, what, got, (uint64_t)line);
    failed++;
}
static void run(const char *name, void (*fn)(void))
{
    unsigned before = failed;
    group = name;
    fn();
    if (failed == before)
        say("PASS %s\n", name);
}

/* After boot services: on the same stack, which is ours until somebody takes it. */
static void after(void)
{
    gone = true;
}
void leave_boot(void);
void leave_boot(void)
{
    after();
}

/* A letter after a blank in the options. */
bool option(char letter)
{
    for (unsigned i = 0; me->options && i + 1 < me->options_size / 2; i++)
        if (me->options[i] == ' ' && me->options[i + 1] == (char16)letter)
            return true;
    return false;
}

status efi_main(handle image, struct system *table);
status efi_main(handle image, struct system *table)
{
    self = image;
    st = table;
    bs = st->bs;
    rt = st->rt;
    if (bs->handle_protocol(image, &g_loaded, &me) != OK)
        return LOAD_ERROR;
    /* "child ..." as the whole of the options: a child of ours. */
    if (me->options_size >= 12 && same(me->options, u"child ", 12))
        return child();
    if (option('f'))
        __asm__ volatile("break 1"); /* nobody handles it */
    if (option('r')) {
        uint64_t n = 0;
        if (rt->get_variable(u"Again", &g_test, NULL, &n, NULL) == NOT_FOUND) {
            rt->set_variable(u"Again", &g_test, 7, 1, "1");
            rt->reset(1, OK, 0, NULL);
        }
        say("after the reset\n");
        rt->reset(2, OK, 0, NULL);
    }
    if (option('w')) {
        bs->watchdog(1, 0x10000, 0, NULL);
        for (;;)
            __asm__ volatile("" ::: "memory"); /* no service is called any more */
    }
    if (option('s'))
        return ERR(7);
    say("EFI application at %x\n", (uint64_t)me->base);
    run("tables", t_tables);
    run("memory", t_memory);
    run("events", t_events);
    run("async", t_async);
    run("handles", t_handles);
    run("drivers", t_drivers);
    run("images", t_images);
    run("misc", t_misc);
    run("console", t_console);
    run("blocks", t_blocks);
    run("files", t_files);
    run("variables", t_variables);
    run("time", t_time);
    run("exit", t_exit);
    say("application done\n");
    if (!failed)
        rt->reset(2, OK, 0, NULL);
    for (;;) /* fails by not ending well: the suite looks for the last line */
        rt->reset(2, OK, 0, NULL);
}
