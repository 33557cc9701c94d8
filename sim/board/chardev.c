/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Character devices on the host. Nothing here waits: output that a socket does not take is dropped,
 * input is looked at between turns. Ctrl-a is the escape of QEMU's consoles: x leaves, c stops for
 * the monitor, h lists them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include "sim/board/chardev.h"
#include "sim/board/record.h"
#include "sim/board/snapshot_parts.h"
#include "sim/debug/debugger.h"

enum { IN_SIZE = 65536, OUT_SIZE = 4096 };
struct chardev {
    struct board *b;
    int in, out, listener; /* -1: none */
    bool tty, raw, escapes, after_escape, is_socket;
    uint8_t ibuf[IN_SIZE], obuf[OUT_SIZE];
    size_t ihead, icount, ocount;
    void (*notify)(void *arg);
    void *arg;
    /* Text to wait for in the output, and the last bytes put. */
    char *watch, *tail;
    size_t watch_len;
    void (*seen)(void *arg);
    void *seen_arg;
};

/* The one terminal, to be given back whatever ends us. */
static struct termios cooked;
static volatile sig_atomic_t terminal_raw;
static struct chardev *stdio_dev;

static void restore_terminal(void)
{
    if (terminal_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
    terminal_raw = 0;
}
static void at_exit(void)
{
    if (stdio_dev)
        chardev_flush(stdio_dev);
    restore_terminal();
}
static void on_signal(int sig)
{
    restore_terminal();
    signal(sig, SIG_DFL);
    raise(sig);
}

static void make_raw(struct chardev *c)
{
    struct termios t;
    if (!c->tty || c->raw || tcgetattr(STDIN_FILENO, &cooked))
        return;
    t = cooked;
    t.c_iflag &= (tcflag_t) ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    t.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    c->raw = !tcsetattr(STDIN_FILENO, TCSANOW, &t);
    terminal_raw = c->raw;
}

void chardev_suspend(struct chardev *c)
{
    chardev_flush(c);
    if (c->raw)
        restore_terminal();
    c->raw = false;
}

void chardev_notify(struct chardev *c, void (*fn)(void *arg), void *arg)
{
    c->notify = fn;
    c->arg = arg;
}

int chardev_get(struct chardev *c)
{
    if (!c->icount)
        return -1;
    int v = c->ibuf[c->ihead];
    c->ihead = (c->ihead + 1) % IN_SIZE;
    c->icount--;
    return v;
}

/* Input that has come in but not been taken yet. Output does not wait. */
void chardev_snapshot(struct snap *s, struct board *b)
{
    struct chardev *c = b->console;
    uint32_t n = (uint32_t)c->icount;
    chardev_flush(c);
    SNAP(s, n);
    if (n > IN_SIZE) {
        snap_bad(s, "more input than there is room");
        n = 0;
    }
    if (snap_loading(s)) {
        c->ihead = 0;
        c->icount = n;
    }
    for (uint32_t i = 0; i < n; i++)
        SNAP(s, c->ibuf[(c->ihead + i) % IN_SIZE]);
}

static void hang_up(struct chardev *c)
{
    close(c->in);
    c->in = c->out = -1;
}

void chardev_flush(struct chardev *c)
{
    size_t done = 0;
    while (done < c->ocount && c->out >= 0) {
        ssize_t n = write(c->out, c->obuf + done, c->ocount - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (errno == EAGAIN && !c->is_socket) {
            struct pollfd p = {.fd = c->out, .events = POLLOUT};
            poll(&p, 1, -1); /* somebody else made our terminal or pipe non-blocking */
        } else if (errno != EINTR) {
            if (c->is_socket && errno != EAGAIN)
                hang_up(c);
            break;
        }
    }
    c->ocount = 0;
}

bool chardev_watch(struct chardev *c, const char *text, void (*fn)(void *arg), void *arg)
{
    c->watch_len = strlen(text);
    c->watch = c->watch_len ? strdup(text) : NULL;
    c->tail = c->watch ? calloc(1, c->watch_len) : NULL;
    c->seen = fn;
    c->seen_arg = arg;
    return c->tail != NULL;
}

static void look_for(struct chardev *c, uint8_t byte)
{
    memmove(c->tail, c->tail + 1, c->watch_len - 1);
    c->tail[c->watch_len - 1] = (char)byte;
    if (memcmp(c->tail, c->watch, c->watch_len))
        return;
    free(c->tail);
    c->tail = NULL;
    c->seen(c->seen_arg);
}

void chardev_put(struct chardev *c, const void *buf, size_t n)
{
    const uint8_t *p = buf;
    while (n--) {
        c->obuf[c->ocount++] = *p;
        if (c->tail)
            look_for(c, *p);
        if (c->ocount == OUT_SIZE || *p == '\n')
            chardev_flush(c);
        p++;
    }
}

void chardev_inject(struct chardev *c, const void *buf, size_t n)
{
    const uint8_t *p = buf;
    for (; n && c->icount < IN_SIZE; n--)
        c->ibuf[(c->ihead + c->icount++) % IN_SIZE] = *p++;
    if (c->notify)
        c->notify(c->arg);
}

static void escape(struct chardev *c, uint8_t key)
{
    struct machine *m = c->b->m;
    const int letter = (int)c->b->cfg.echr + 'a' - 1;
    switch (key) {
    case 'x':
        chardev_flush(c);
        fprintf(stderr, "ia64-sim: terminated by Ctrl-%c x\r\n", letter);
        m->exit_status = 0;
        m->stop = true;
        machine_kick(m);
        break;
    case 'c':
        chardev_suspend(c);
        dbg_interrupt();
        break;
    case 'h':
    case '?':
        chardev_flush(c);
        fprintf(stderr,
                "\r\nCtrl-%c h   this help\r\nCtrl-%c x   leave the simulator\r\n"
                "Ctrl-%c c   stop for the monitor (--monitor)\r\nCtrl-%c Ctrl-%c  send Ctrl-%c\r\n",
                letter, letter, letter, letter, letter, letter);
        break;
    default:
        chardev_flush(c);
        fprintf(stderr, "\r\nia64-sim: Ctrl-%c %c is not known (Ctrl-%c h lists)\r\n", letter,
                key >= 32 && key < 127 ? key : '?', letter);
    }
}

/* Takes the escapes out of what was typed. */
static size_t filter(struct chardev *c, uint8_t *buf, size_t n)
{
    size_t kept = 0;
    if (!c->escapes)
        return n;
    for (size_t i = 0; i < n; i++) {
        if (c->after_escape) {
            c->after_escape = false;
            if (buf[i] == c->b->cfg.echr)
                buf[kept++] = buf[i];
            else
                escape(c, buf[i]);
        } else if (buf[i] == c->b->cfg.echr) {
            c->after_escape = true;
        } else {
            buf[kept++] = buf[i];
        }
    }
    return kept;
}

static void answer(struct chardev *c)
{
    int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (c->in >= 0)
        hang_up(c);
    c->in = c->out = fd;
}

void chardev_poll(struct chardev *c)
{
    uint8_t buf[512];
    if (c->ocount)
        chardev_flush(c);
    if (c->b->cfg.replay && !c->escapes)
        return;
    if (c->listener >= 0)
        answer(c);
    if (c->in < 0)
        return;
    make_raw(c);
    size_t room = IN_SIZE - c->icount;
    struct pollfd p = {.fd = c->in, .events = POLLIN};
    if (!room || poll(&p, 1, 0) != 1)
        return;
    ssize_t n = read(c->in, buf, room < sizeof buf ? room : sizeof buf);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) { /* end of file: no more input will come; output goes on unless a peer hung up */
        if (c->is_socket)
            hang_up(c);
        else
            c->in = -1;
        return;
    }
    size_t len = filter(c, buf, (size_t)n);
    if (!len || c->b->cfg.replay)
        return;
    record_input(c->b, "serial", buf, len);
    chardev_inject(c, buf, len);
}

int chardev_fd(const struct chardev *c, bool *tty)
{
    *tty = c->tty || (c->is_socket && c->in >= 0);
    return c->in >= 0 ? c->in : c->listener;
}

static bool fail(const char *spec, const char *why)
{
    fprintf(stderr, "ia64-sim: -serial %s: %s\n", spec, why);
    return false;
}

/* Options after the address: server, nowait, wait=on|off. */
static bool socket_options(const char *spec, char *opts, bool *server, bool *wait)
{
    *server = false;
    *wait = true;
    for (char *save, *o = strtok_r(opts, ",", &save); o; o = strtok_r(NULL, ",", &save)) {
        if (!strcmp(o, "server") || !strcmp(o, "server=on"))
            *server = true;
        else if (!strcmp(o, "nowait") || !strcmp(o, "wait=off"))
            *wait = false;
        else if (strcmp(o, "wait=on") && strcmp(o, "server=off"))
            return fail(spec, "options are server, nowait, wait=on|off");
    }
    return true;
}

static bool use_socket(struct chardev *c, const char *spec, int fd, const struct sockaddr *a,
                       socklen_t len, bool server, bool wait)
{
    c->is_socket = true;
    signal(SIGPIPE, SIG_IGN);
    if (!server) {
        if (connect(fd, a, len))
            return fail(spec, strerror(errno));
        fcntl(fd, F_SETFL, O_NONBLOCK);
        c->in = c->out = fd;
        return true;
    }
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, a, len) || listen(fd, 1))
        return fail(spec, strerror(errno));
    c->listener = fd;
    if (wait) {
        fprintf(stderr, "ia64-sim: waiting for a connection on %s\n", spec);
        struct pollfd p = {.fd = fd, .events = POLLIN};
        while (poll(&p, 1, -1) < 0 && errno == EINTR)
            continue;
        answer(c);
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return true;
}

static bool open_tcp(struct chardev *c, const char *spec)
{
    char s[256], *opts, *port;
    bool server, wait;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai;
    if (snprintf(s, sizeof s, "%s", spec + 4) >= (int)sizeof s)
        return fail(spec, "too long");
    opts = strchr(s, ',');
    if (opts)
        *opts++ = 0;
    port = strrchr(s, ':');
    if (!port || !port[1])
        return fail(spec, "not tcp:HOST:PORT");
    *port++ = 0;
    if (!socket_options(spec, opts ? opts : s + strlen(s), &server, &wait))
        return false;
    if (server)
        hints.ai_flags = AI_PASSIVE;
    int e = getaddrinfo(*s ? s : NULL, port, &hints, &ai);
    if (e)
        return fail(spec, gai_strerror(e));
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 ? use_socket(c, spec, fd, ai->ai_addr, ai->ai_addrlen, server, wait)
                      : fail(spec, strerror(errno));
    freeaddrinfo(ai);
    return ok;
}

static bool open_unix(struct chardev *c, const char *spec)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char s[256], *opts;
    bool server, wait;
    if (snprintf(s, sizeof s, "%s", spec + 5) >= (int)sizeof s)
        return fail(spec, "too long");
    opts = strchr(s, ',');
    if (opts)
        *opts++ = 0;
    if (strlen(s) >= sizeof a.sun_path)
        return fail(spec, "path too long");
    memcpy(a.sun_path, s, strlen(s));
    if (!socket_options(spec, opts ? opts : s + strlen(s), &server, &wait))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(spec, strerror(errno));
    if (server)
        unlink(s);
    return use_socket(c, spec, fd, (struct sockaddr *)&a, sizeof a, server, wait);
}

static bool open_stdio(struct chardev *c, bool mux)
{
    static bool hooked;
    c->in = STDIN_FILENO;
    c->out = STDOUT_FILENO;
    c->tty = isatty(STDIN_FILENO);
    c->escapes = mux || c->tty;
    stdio_dev = c;
    if (!hooked) {
        hooked = true;
        atexit(at_exit);
        if (c->tty) {
            signal(SIGTERM, on_signal);
            signal(SIGHUP, on_signal);
        }
    }
    return true;
}

static bool open_spec(struct chardev *c, const char *spec)
{
    if (!strcmp(spec, "stdio") || !strcmp(spec, "mon:stdio"))
        return open_stdio(c, *spec == 'm');
    if (!strcmp(spec, "null") || !strcmp(spec, "none"))
        return true;
    if (!strncmp(spec, "file:", 5)) {
        c->out = open(spec + 5, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        return c->out >= 0 ? true : fail(spec, strerror(errno));
    }
    if (!strncmp(spec, "tcp:", 4))
        return open_tcp(c, spec);
    if (!strncmp(spec, "unix:", 5))
        return open_unix(c, spec);
    return fail(spec, "not one of stdio, mon:stdio, file:PATH, tcp:HOST:PORT[,server[,nowait]], "
                      "unix:PATH[,server], null");
}

struct chardev *chardev_new(struct board *b, const char *spec)
{
    struct chardev *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->b = b;
    c->in = c->out = c->listener = -1;
    if (open_spec(c, spec))
        return c;
    free(c);
    return NULL;
}

void chardev_free(struct chardev *c)
{
    if (!c)
        return;
    chardev_suspend(c);
    if (stdio_dev == c) {
        stdio_dev = NULL;
        c->in = c->out = -1;
    }
    if (c->in > 2)
        close(c->in);
    if (c->out > 2 && c->out != c->in)
        close(c->out);
    if (c->listener >= 0)
        close(c->listener);
    free(c->watch);
    free(c->tail);
    free(c);
}
