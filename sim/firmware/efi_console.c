/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The EFI console (UEFI 11.3, 11.4) on the board's serial port: UCS-2 goes out as UTF-8, attributes
 * and cursor as the sequences of a VT100; what a terminal sends for its keys comes in as scan
 * codes.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"
#include "sim/board/uart.h"

const struct efi_guid efi_guid_text_in = {
    0x387477c1, 0x69c7, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct efi_guid efi_guid_text_out = {
    0x387477c2, 0x69c7, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};

enum { COLUMNS = 80, ROWS = 25, QUEUE = 64 };
enum {
    SCAN_UP = 1,
    SCAN_DOWN,
    SCAN_RIGHT,
    SCAN_LEFT,
    SCAN_HOME,
    SCAN_END,
    SCAN_INSERT,
    SCAN_DELETE,
    SCAN_PGUP,
    SCAN_PGDN,
    SCAN_F1,
    SCAN_ESC = 0x17
};

struct mode { /* SIMPLE_TEXT_OUTPUT_MODE */
    int32_t max, mode, attribute, column, row;
    uint8_t visible, pad[3];
};
struct efi_console {
    struct efi_event *key;
    uint64_t mode;
    uint8_t q[QUEUE];
    unsigned n;
};
struct key {
    uint16_t scan, ch;
};

/* --- output --- */

static void put(struct firmware *fw, const char *s)
{
    while (*s)
        uart_putc(fw->b->uart, (uint8_t)*s++);
}
static void put_ucs2(struct firmware *fw, uint16_t ch)
{
    struct uart *u = fw->b->uart;
    if (ch < 0x80) {
        uart_putc(u, (uint8_t)ch);
    } else if (ch < 0x800) {
        uart_putc(u, (uint8_t)(0xc0 | ch >> 6));
        uart_putc(u, (uint8_t)(0x80 | (ch & 0x3f)));
    } else {
        uart_putc(u, (uint8_t)(0xe0 | ch >> 12));
        uart_putc(u, (uint8_t)(0x80 | (ch >> 6 & 0x3f)));
        uart_putc(u, (uint8_t)(0x80 | (ch & 0x3f)));
    }
}
void efi_console_say(struct firmware *fw, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            uart_putc(fw->b->uart, '\r');
        uart_putc(fw->b->uart, (uint8_t)*text);
    }
}

/* The guest can write to it: positions are made sane again here. */
static struct mode *mode_of(struct firmware *fw)
{
    struct mode *m = fw_ptr(fw, efi_bs(fw)->console->mode, sizeof(struct mode));
    if (m->column < 0 || m->column >= COLUMNS)
        m->column = 0;
    if (m->row < 0 || m->row >= ROWS)
        m->row = 0;
    return m;
}
static bool printable(uint16_t ch)
{
    return (ch >= 32 && ch != 0x7f && (ch < 0xd800 || ch > 0xdfff)) || ch == '\n' || ch == '\r' ||
           ch == '\b' || ch == '\t';
}
static uint64_t out_string(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    struct mode m = *mode_of(fw);
    uint64_t at = c->arg[1], st = EFI_SUCCESS;
    if (!at)
        return EFI_INVALID_PARAMETER;
    for (unsigned i = 0; i < 1u << 20; i++, at += 2) {
        uint16_t ch;
        if (!efi_get(c, at, &ch, 2)) {
            st = EFI_INVALID_PARAMETER;
            break;
        }
        if (!ch)
            break;
        if (!printable(ch)) {
            st = 4; /* EFI_WARN_UNKNOWN_GLYPH */
            ch = '?';
        }
        put_ucs2(fw, ch);
        if (ch == '\r') {
            m.column = 0;
        } else if (ch == '\n') {
            m.row += m.row < ROWS - 1;
        } else if (ch == '\b') {
            m.column -= m.column > 0;
        } else if (++m.column >= COLUMNS) {
            m.column = 0;
            m.row += m.row < ROWS - 1;
        }
    }
    *mode_of(fw) = m;
    return st;
}
static uint64_t out_test(struct fw_call *c)
{
    uint16_t s[4096];
    if (!efi_get_string(c, c->arg[1], s, 4096))
        return EFI_INVALID_PARAMETER;
    for (unsigned i = 0; s[i]; i++)
        if (!printable(s[i]))
            return EFI_UNSUPPORTED;
    return EFI_SUCCESS;
}
static uint64_t out_query(struct fw_call *c)
{
    if (c->arg[1])
        return EFI_UNSUPPORTED;
    return efi_put64(c, c->arg[2], COLUMNS) && efi_put64(c, c->arg[3], ROWS)
               ? EFI_SUCCESS
               : EFI_INVALID_PARAMETER;
}
static uint64_t clear(struct firmware *fw)
{
    struct mode *m = mode_of(fw);
    put(fw, "\033[2J\033[H");
    m->column = m->row = 0;
    return EFI_SUCCESS;
}
static uint64_t out_clear(struct fw_call *c)
{
    return clear(c->b->fw);
}
static uint64_t out_set_mode(struct fw_call *c)
{
    return c->arg[1] ? EFI_UNSUPPORTED : clear(c->b->fw);
}
static uint64_t set_attribute(struct firmware *fw, unsigned a)
{
    /* EFI counts colours blue first (1 blue, 4 red), ANSI red first. */
    static const uint8_t ansi[8] = {0, 4, 2, 6, 1, 5, 3, 7};
    char s[] = "\033[0;37;40m";
    if (a & 8)
        s[2] = '1';
    s[5] = (char)('0' + ansi[a & 7]);
    s[8] = (char)('0' + ansi[a >> 4 & 7]);
    put(fw, s);
    mode_of(fw)->attribute = (int32_t)a;
    return EFI_SUCCESS;
}
static uint64_t out_attribute(struct fw_call *c)
{
    return c->arg[1] > 0x7f ? EFI_UNSUPPORTED : set_attribute(c->b->fw, (unsigned)c->arg[1]);
}
static uint64_t out_cursor_position(struct fw_call *c)
{
    struct mode *m = mode_of(c->b->fw);
    char s[32];
    if (c->arg[1] >= COLUMNS || c->arg[2] >= ROWS)
        return EFI_UNSUPPORTED;
    m->column = (int32_t)c->arg[1];
    m->row = (int32_t)c->arg[2];
    snprintf(s, sizeof s, "\033[%d;%dH", m->row + 1, m->column + 1);
    put(c->b->fw, s);
    return EFI_SUCCESS;
}
static uint64_t out_enable_cursor(struct fw_call *c)
{
    bool on = c->arg[1] & 0xff;
    put(c->b->fw, on ? "\033[?25h" : "\033[?25l");
    mode_of(c->b->fw)->visible = on;
    return EFI_SUCCESS;
}
static uint64_t out_reset(struct fw_call *c)
{
    set_attribute(c->b->fw, 7);
    return clear(c->b->fw);
}

/* --- input --- */

static void fill(struct firmware *fw)
{
    struct efi_console *k = efi_bs(fw)->console;
    int ch;
    while (k->n < QUEUE && (ch = uart_getc(fw->b->uart)) >= 0)
        k->q[k->n++] = (uint8_t)ch;
}
bool efi_console_ready(struct firmware *fw)
{
    fill(fw);
    return efi_bs(fw)->console->n > 0;
}

/* A key at the start of the queue; answers the bytes it took. */
static unsigned decode(const uint8_t *q, unsigned n, struct key *key)
{
    static const struct {
        const char *s;
        uint16_t scan;
    } seq[] = {
        {"[A", SCAN_UP},       {"[B", SCAN_DOWN},     {"[C", SCAN_RIGHT},    {"[D", SCAN_LEFT},
        {"OA", SCAN_UP},       {"OB", SCAN_DOWN},     {"OC", SCAN_RIGHT},    {"OD", SCAN_LEFT},
        {"[H", SCAN_HOME},     {"[F", SCAN_END},      {"OH", SCAN_HOME},     {"OF", SCAN_END},
        {"[1~", SCAN_HOME},    {"[4~", SCAN_END},     {"[2~", SCAN_INSERT},  {"[3~", SCAN_DELETE},
        {"[5~", SCAN_PGUP},    {"[6~", SCAN_PGDN},    {"OP", SCAN_F1},       {"OQ", SCAN_F1 + 1},
        {"OR", SCAN_F1 + 2},   {"OS", SCAN_F1 + 3},   {"[15~", SCAN_F1 + 4}, {"[17~", SCAN_F1 + 5},
        {"[18~", SCAN_F1 + 6}, {"[19~", SCAN_F1 + 7}, {"[20~", SCAN_F1 + 8}, {"[21~", SCAN_F1 + 9},
    };
    *key = (struct key){0, q[0]};
    if (q[0] == 27) {
        *key = (struct key){SCAN_ESC, 0};
        for (size_t i = 0; i < sizeof seq / sizeof *seq; i++) {
            size_t len = strlen(seq[i].s);
            if (n > len && !memcmp(q + 1, seq[i].s, len)) {
                key->scan = seq[i].scan;
                return (unsigned)len + 1;
            }
        }
        return 1;
    }
    if (q[0] == '\n')
        key->ch = '\r';
    if (q[0] == 0x7f)
        key->ch = '\b';
    if ((q[0] & 0xe0) == 0xc0 && n >= 2) {
        key->ch = (uint16_t)((q[0] & 0x1f) << 6 | (q[1] & 0x3f));
        return 2;
    }
    if ((q[0] & 0xf0) == 0xe0 && n >= 3) {
        key->ch = (uint16_t)((q[0] & 0x0f) << 12 | (q[1] & 0x3f) << 6 | (q[2] & 0x3f));
        return 3;
    }
    return 1;
}
static uint64_t in_read(struct fw_call *c)
{
    struct efi_console *k = efi_bs(c->b->fw)->console;
    struct key key, probe;
    if (!efi_get(c, c->arg[1], &probe, sizeof probe))
        return EFI_INVALID_PARAMETER;
    fill(c->b->fw);
    if (!k->n)
        return EFI_NOT_READY;
    unsigned used = decode(k->q, k->n, &key);
    k->n -= used;
    memmove(k->q, k->q + used, k->n);
    return efi_put(c, c->arg[1], &key, sizeof key) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static uint64_t in_reset(struct fw_call *c)
{
    fill(c->b->fw);
    efi_bs(c->b->fw)->console->n = 0;
    return EFI_SUCCESS;
}

void efi_console_build(struct firmware *fw)
{
    static const struct {
        const char *name;
        efi_service fn;
    } out[] = {{"ConOut.Reset", out_reset},        {"OutputString", out_string},
               {"TestString", out_test},           {"QueryMode", out_query},
               {"SetMode", out_set_mode},          {"SetAttribute", out_attribute},
               {"ClearScreen", out_clear},         {"SetCursorPosition", out_cursor_position},
               {"EnableCursor", out_enable_cursor}};
    enum { NOUT = sizeof out / sizeof *out };
    struct efi_console *k = calloc(1, sizeof *k);
    struct efi_system_table *st = fw_ptr(fw, fw->systab, sizeof *st);
    uint64_t h = 0;
    struct efi_dp *d = malloc(sizeof *d);
    if (!k || !d)
        abort();
    efi_bs(fw)->console = k;
    k->mode = efi_boot_alloc(fw, sizeof(struct mode));
    *mode_of(fw) = (struct mode){.max = 1, .attribute = 7, .visible = 1};
    st->conout = efi_boot_alloc(fw, (NOUT + 1) * 8);
    for (unsigned i = 0; i < NOUT; i++)
        efi_set64(fw, st->conout + i * 8, efi_service_new(fw, out[i].name, out[i].fn));
    efi_set64(fw, st->conout + NOUT * 8, k->mode);
    k->key = efi_event_new(fw);
    k->key->type = 0x100;
    k->key->ready = efi_console_ready;
    st->conin = efi_boot_alloc(fw, 24);
    efi_set64(fw, st->conin, efi_service_new(fw, "ConIn.Reset", in_reset));
    efi_set64(fw, st->conin + 8, efi_service_new(fw, "ReadKeyStroke", in_read));
    efi_set64(fw, st->conin + 16, k->key->id);
    /* Acpi(PNP0501,0)/Uart(115200,8,N,1)/VenMsg(VT-100) */
    static const struct efi_guid vt100 = {
        0xdfa66065, 0xb419, 0x11d3, {0x9a, 0x2d, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
    uint8_t uart[15] = {0};
    uint64_t baud = 115200;
    memcpy(uart + 4, &baud, 8);
    uart[12] = 8;
    uart[13] = uart[14] = 1;
    efi_dp_init(d);
    efi_dp_add(d, 2, 1, (const uint32_t[]){0x050141d0, 0}, 8);
    efi_dp_add(d, 3, 14, uart, sizeof uart);
    efi_dp_add(d, 3, 10, &vt100, sizeof vt100);
    uint64_t path = efi_boot_alloc(fw, d->len);
    memcpy(fw_ptr(fw, path, d->len), d->data, d->len);
    free(d);
    efi_install(fw, &h, &efi_guid_device_path, path);
    efi_install(fw, &h, &efi_guid_text_in, st->conin);
    efi_install(fw, &h, &efi_guid_text_out, st->conout);
    st->conin_handle = st->conout_handle = st->stderr_handle = h;
    st->stderr_ = st->conout;
}
void efi_console_free(struct firmware *fw)
{
    free(efi_bs(fw)->console);
}
