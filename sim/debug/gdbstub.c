/* SPDX-License-Identifier: GPL-2.0-only
 *
 * gdb remote serial protocol (GDB manual, appendix E). Packets and run control are here; which
 * register has which number is in gdbregs.c. A CPU is a thread, numbered from 1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "sim/debug/gdbregs.h"
#include "sim/debug/gdbstub.h"
#include "sim/debug/debugger.h"
#include "sim/debug/monitor.h"
#include "sim/debug/peek.h"

enum { PACKET_MAX = 0x4000 };

static struct {
    struct machine *m;
    int in, out; /* the connection, -1: none */
    int listener;
    bool no_ack;
    unsigned cpu; /* selected by Hg */
    char packet[PACKET_MAX + 1];
    size_t len;
    char reply[PACKET_MAX * 2 + 64];
    char last[32]; /* the last stop reply */
} g = {.in = -1, .out = -1, .listener = -1};

/* --- connection --- */

bool gdb_open(const char *dev, char *err, size_t size)
{
    if (!strcmp(dev, "stdio")) {
        g.in = STDIN_FILENO;
        g.out = dup(STDOUT_FILENO);
        dup2(STDERR_FILENO, STDOUT_FILENO); /* the guest must not print into the protocol */
        return true;
    }
    char host[64] = "127.0.0.1";
    const char *p = dev + 4, *colon = strrchr(p, ':');
    struct sockaddr_in a = {.sin_family = AF_INET};
    int one = 1;
    if (!colon || (size_t)(colon - p) >= sizeof host) {
        snprintf(err, size, "-gdb %s: no port", dev);
        return false;
    }
    if (colon > p)
        snprintf(host, sizeof host, "%.*s", (int)(colon - p), p);
    a.sin_port = htons((uint16_t)atoi(colon + 1));
    if (inet_pton(AF_INET, !strcmp(host, "localhost") ? "127.0.0.1" : host, &a.sin_addr) != 1) {
        snprintf(err, size, "-gdb %s: not an IPv4 address", dev);
        return false;
    }
    g.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (g.listener >= 0)
        setsockopt(g.listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (g.listener < 0 || bind(g.listener, (struct sockaddr *)&a, sizeof a) ||
        listen(g.listener, 1)) {
        snprintf(err, size, "-gdb %s: %s", dev, strerror(errno));
        return false;
    }
    socklen_t len = sizeof a;
    if (!getsockname(g.listener, (struct sockaddr *)&a, &len))
        fprintf(stderr, "ia64-sim: gdb stub on port %u\n", ntohs(a.sin_port));
    return true;
}

static bool accept_gdb(void)
{
    int one = 1;
    do
        g.in = accept(g.listener, NULL, NULL);
    while (g.in < 0 && errno == EINTR);
    g.out = g.in;
    if (g.in < 0)
        return false;
    setsockopt(g.in, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    g.no_ack = false;
    return true;
}

static void hang_up(void)
{
    if (g.in >= 0)
        close(g.in);
    if (g.out >= 0 && g.out != g.in)
        close(g.out);
    g.in = g.out = -1;
}

static int get_byte(void)
{
    unsigned char c;
    ssize_t n;
    do
        n = read(g.in, &c, 1);
    while (n < 0 && errno == EINTR);
    return n == 1 ? c : -1;
}

static bool put_bytes(const char *s, size_t n)
{
    while (n) {
        ssize_t w = write(g.out, s, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        s += w;
        n -= (size_t)w;
    }
    return true;
}

static int hex(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The next packet into g.packet, zero-terminated. False: the connection is gone. */
static bool get_packet(void)
{
    for (;;) {
        int c = get_byte();
        if (c < 0)
            return false;
        if (c != '$')
            continue; /* acknowledgements, a late interrupt request */
        unsigned sum = 0;
        g.len = 0;
        while ((c = get_byte()) >= 0 && c != '#') {
            sum += (unsigned)c;
            if (c == '}') {
                c = get_byte();
                sum += (unsigned)c;
                c ^= 0x20;
            }
            if (g.len < PACKET_MAX)
                g.packet[g.len++] = (char)c;
        }
        if (c < 0)
            return false;
        g.packet[g.len] = 0;
        int h = get_byte(), l = get_byte();
        bool good = hex(h) >= 0 && hex(l) >= 0 && (unsigned)(hex(h) << 4 | hex(l)) == (sum & 0xff);
        if (!g.no_ack && !put_bytes(good ? "+" : "-", 1))
            return false;
        if (good)
            return true;
    }
}

static bool put_packet(const char *s)
{
    char tail[4];
    unsigned sum = 0;
    for (const char *p = s; *p; p++)
        sum += (unsigned char)*p;
    snprintf(tail, sizeof tail, "#%02x", sum & 0xff);
    return put_bytes("$", 1) && put_bytes(s, strlen(s)) && put_bytes(tail, 3);
}

static __attribute__((format(printf, 1, 2))) bool reply(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(g.reply, sizeof g.reply, fmt, ap);
    va_end(ap);
    return put_packet(g.reply);
}

/* --- pieces of packets --- */

static char *hex_out(char *p, const void *data, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    const uint8_t *b = data;
    for (size_t i = 0; i < n; i++) {
        *p++ = digit[b[i] >> 4];
        *p++ = digit[b[i] & 15];
    }
    *p = 0;
    return p;
}

static size_t hex_in(const char *s, void *data, size_t max)
{
    size_t n = 0;
    while (n < max && hex(s[0]) >= 0 && hex(s[1]) >= 0) {
        ((uint8_t *)data)[n++] = (uint8_t)(hex(s[0]) << 4 | hex(s[1]));
        s += 2;
    }
    return n;
}

static uint64_t number(const char **s)
{
    uint64_t v = 0;
    for (; hex(**s) >= 0; (*s)++)
        v = v << 4 | (unsigned)hex(**s);
    return v;
}

static bool comma(const char **s, char c)
{
    return **s == c && (*s)++;
}

static struct cpu *cpu_of(void)
{
    return g.m->cpu[g.cpu];
}

/* --- requests --- */

static bool read_registers(void)
{
    uint8_t buf[16];
    char *p = g.reply;
    for (unsigned n = 0; n < GDB_NREGS; n++)
        p = hex_out(p, buf, gdb_reg_read(cpu_of(), n, buf));
    return put_packet(g.reply);
}

static bool write_registers(const char *s)
{
    uint8_t buf[16];
    for (unsigned n = 0; n < GDB_NREGS; n++) {
        size_t size = gdb_reg_size(n);
        if (hex_in(s, buf, size) != size)
            break;
        gdb_reg_write(cpu_of(), n, buf);
        s += size * 2;
    }
    return reply("OK");
}

static bool read_register(const char *s)
{
    uint8_t buf[16];
    uint64_t n = number(&s);
    if (n >= GDB_NREGS)
        return reply("E01");
    hex_out(g.reply, buf, gdb_reg_read(cpu_of(), (unsigned)n, buf));
    return put_packet(g.reply);
}

static bool write_register(const char *s)
{
    uint8_t buf[16];
    uint64_t n = number(&s);
    if (n >= GDB_NREGS || !comma(&s, '=') || !hex_in(s, buf, sizeof buf))
        return reply("E01");
    return reply(gdb_reg_write(cpu_of(), (unsigned)n, buf) ? "OK" : "E01");
}

static bool read_memory(const char *s)
{
    static uint8_t buf[PACKET_MAX / 2];
    uint64_t addr = number(&s), len = comma(&s, ',') ? number(&s) : 0;
    if (len > sizeof buf)
        len = sizeof buf;
    size_t n = peek_with_rse(cpu_of(), addr, buf, len);
    if (!n && len)
        return reply("E14");
    hex_out(g.reply, buf, n);
    return put_packet(g.reply);
}

static bool write_memory(const char *s, bool binary)
{
    static uint8_t buf[PACKET_MAX];
    uint64_t addr = number(&s), len = comma(&s, ',') ? number(&s) : 0;
    if (!comma(&s, ':') || len > sizeof buf)
        return reply("E01");
    if (binary) {
        if ((size_t)(g.packet + g.len - s) < len)
            return reply("E01");
        memcpy(buf, s, len);
    } else if (hex_in(s, buf, len) != len) {
        return reply("E01");
    }
    return reply(poke_with_rse(cpu_of(), addr, buf, len) == len ? "OK" : "E14");
}

/* Z and z: 0, 1 breakpoints, 2 write, 3 read, 4 access watchpoints. gdb writes the slot in the
 * address's low bits. */
static bool breakpoint(const char *s, bool insert)
{
    unsigned type = (unsigned)(*s++ - '0');
    uint64_t addr = comma(&s, ',') ? number(&s) : 0, len = comma(&s, ',') ? number(&s) : 0;
    static const unsigned acc[] = {0, 0, ACC_W, ACC_R, ACC_RW};
    bool ok;
    if (type > 4)
        return reply("%s", "");
    if (type < 2)
        ok = insert ? dbg_break_add(addr) : (dbg_break_del(addr), true);
    else
        ok = insert ? dbg_watch_add(addr, len, acc[type]) : dbg_watch_del(addr, len, acc[type]);
    return reply(ok ? "OK" : "E1c");
}

static const char target_xml[] =
    "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">"
    "<target version=\"1.0\"><architecture>ia64-elf64</architecture></target>";

static bool read_target_xml(const char *s)
{
    uint64_t off = number(&s), len = comma(&s, ',') ? number(&s) : 0;
    size_t size = sizeof target_xml - 1;
    if (off >= size)
        return reply("l");
    if (len > size - off)
        len = size - off;
    return reply("%c%.*s", off + len == size ? 'l' : 'm', (int)len, target_xml + off);
}

/* gdb's `monitor CMD`. */
static bool remote_command(const char *s)
{
    char cmd[256], *text = NULL;
    size_t size = 0, n = hex_in(s, cmd, sizeof cmd - 1);
    cmd[n] = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return reply("E0c");
    monitor_command(g.m, cmd, f, false);
    fclose(f);
    if (size > PACKET_MAX / 2 - 8)
        size = PACKET_MAX / 2 - 8;
    hex_out(g.reply, text, size);
    free(text);
    return put_packet(size ? g.reply : "OK");
}

static bool query(const char *s)
{
    if (!strncmp(s, "qSupported", 10))
        return reply("PacketSize=%x;qXfer:features:read+;QStartNoAckMode+;vContSupported+;"
                     "swbreak+;hwbreak+",
                     PACKET_MAX);
    if (!strncmp(s, "qXfer:features:read:target.xml:", 31))
        return read_target_xml(s + 31);
    if (!strncmp(s, "qRcmd,", 6))
        return remote_command(s + 6);
    if (!strcmp(s, "qAttached"))
        return reply("1");
    if (!strcmp(s, "qC"))
        return reply("QC%x", g.cpu + 1);
    if (!strcmp(s, "qfThreadInfo")) {
        char *p = g.reply;
        *p++ = 'm';
        for (unsigned i = 0; i < g.m->ncpu; i++)
            p += sprintf(p, "%s%x", i ? "," : "", i + 1);
        return put_packet(g.reply);
    }
    if (!strcmp(s, "qsThreadInfo"))
        return reply("l");
    if (!strncmp(s, "qThreadExtraInfo,", 17)) {
        char text[32];
        s += 17;
        snprintf(text, sizeof text, "CPU %u", (unsigned)number(&s) - 1);
        hex_out(g.reply, text, strlen(text));
        return put_packet(g.reply);
    }
    return reply("%s", "");
}

static bool select_thread(const char *s)
{
    s++; /* g or c */
    if (!strncmp(s, "-1", 2) || *s == '0')
        return reply("OK");
    uint64_t n = number(&s);
    if (!n || n > g.m->ncpu)
        return reply("E01");
    g.cpu = (unsigned)n - 1;
    dbg_select(g.cpu);
    return reply("OK");
}

/* --- running --- */

static void look_for_interrupt(void)
{
    struct pollfd p = {.fd = g.in, .events = POLLIN};
    if (poll(&p, 1, 0) == 1) {
        unsigned char c;
        ssize_t n = read(g.in, &c, 1);
        if (n == 0 || (n == 1 && c == 3))
            dbg_interrupt();
    }
}

static bool tell_stop(enum dbg_stop why)
{
    unsigned acc;
    g.cpu = dbg_cpu();
    switch (why) {
    case DBG_EXITED:
        snprintf(g.last, sizeof g.last, "W%02x", g.m->exit_status & 0xff);
        break;
    case DBG_INTERRUPTED:
        snprintf(g.last, sizeof g.last, "T02thread:%x;", g.cpu + 1);
        break;
    case DBG_WATCHPOINT: {
        uint64_t addr = dbg_watch_hit(&acc);
        snprintf(g.last, sizeof g.last, "T05%s:%" PRIx64 ";",
                 acc == ACC_W   ? "watch"
                 : acc == ACC_R ? "rwatch"
                                : "awatch",
                 addr);
        break;
    }
    case DBG_BREAKPOINT:
        snprintf(g.last, sizeof g.last, "T05thread:%x;swbreak:;", g.cpu + 1);
        break;
    default:
        snprintf(g.last, sizeof g.last, "T05thread:%x;", g.cpu + 1);
        break;
    }
    return put_packet(g.last);
}

/* vCont;s:1;c - the first action that names a CPU, or all, decides. */
static bool resume(const char *s)
{
    bool step = *s == 's' || *s == 'S';
    const char *p = step ? strchr(s, ':') : NULL;
    if (p) {
        p++;
        uint64_t n = number(&p);
        if (n && n <= g.m->ncpu)
            g.cpu = (unsigned)n - 1;
    }
    dbg_select(g.cpu);
    enum dbg_stop why = step ? dbg_step(g.cpu, 1) : dbg_continue();
    fflush(stdout);
    return tell_stop(why);
}

enum outcome { GO_ON, LOST, DETACHED, KILLED };

static enum outcome handle(void)
{
    const char *s = g.packet;
    bool ok = true;
    switch (*s) {
    case '?':
        if (!g.last[0])
            snprintf(g.last, sizeof g.last, "T05thread:%x;", g.cpu + 1);
        ok = put_packet(g.last);
        break;
    case 'g':
        ok = read_registers();
        break;
    case 'G':
        ok = write_registers(s + 1);
        break;
    case 'p':
        ok = read_register(s + 1);
        break;
    case 'P':
        ok = write_register(s + 1);
        break;
    case 'm':
        ok = read_memory(s + 1);
        break;
    case 'M':
    case 'X':
        ok = write_memory(s + 1, *s == 'X');
        break;
    case 'Z':
    case 'z':
        ok = breakpoint(s + 1, *s == 'Z');
        break;
    case 'c':
    case 's':
        ok = resume(s);
        break;
    case 'H':
        ok = select_thread(s + 1);
        break;
    case 'T':
        ok = reply("OK");
        break;
    case 'D':
        reply("OK");
        return DETACHED;
    case 'k':
        return KILLED;
    case 'q':
        ok = query(s);
        break;
    case 'Q':
        ok = reply(!strcmp(s, "QStartNoAckMode") ? "OK" : "");
        g.no_ack |= !strcmp(s, "QStartNoAckMode");
        break;
    case 'v':
        if (!strcmp(s, "vCont?"))
            ok = reply("vCont;c;C;s;S");
        else if (!strncmp(s, "vCont;", 6))
            ok = resume(s + 6);
        else if (!strncmp(s, "vKill", 5)) {
            reply("OK");
            return KILLED;
        } else
            ok = reply("%s", "");
        break;
    default:
        ok = reply("%s", "");
    }
    return ok ? GO_ON : LOST;
}

void gdb_exited(int status)
{
    if (g.in >= 0 && g.m)
        reply("W%02x", status & 0xff);
}

static void look_for_gdb(void)
{
    struct pollfd p = {.fd = g.listener, .events = POLLIN};
    if (g.in >= 0)
        look_for_interrupt();
    else if (g.listener >= 0 && poll(&p, 1, 0) == 1)
        dbg_interrupt();
}

enum dbg_stop gdb_serve(struct machine *m, bool wait)
{
    g.m = m;
    g.cpu = dbg_cpu();
    dbg_set_poll(look_for_gdb);
    for (;;) {
        if (g.in < 0 && !wait) {
            enum dbg_stop why = dbg_continue();
            if (why != DBG_INTERRUPTED)
                return why;
        }
        if (g.in < 0 && !accept_gdb())
            return DBG_EXITED;
        enum outcome o = GO_ON;
        while (o == GO_ON && get_packet())
            o = handle();
        hang_up();
        if (o == KILLED || m->stop)
            return DBG_EXITED;
        wait = false; /* detached, or gdb died: the guest goes on */
    }
}
