/* SPDX-License-Identifier: GPL-2.0-only
 *
 * User network by libslirp 4.7. Its clock is modelled time and it runs between turns; what it sends
 * to the guest is outside input, recorded and replayed frame by frame. IPv6 is off: its router
 * advertisements come at random times.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <slirp/libslirp.h>
#include "sim/board/net.h"
#include "sim/board/record.h"
#include "sim/board/snapshot_parts.h"

struct netdev {
    struct board *b;
    Slirp *slirp;
    char channel[8];
    void (*fn)(void *arg, const void *frame, size_t len);
    void *arg;
    struct pollfd fd[NET_FDS];
    unsigned nfds;
    int64_t due; /* modelled time when slirp wants to be called: its delays are looked at between
                  * turns only, so that they do not divide turns, which a replay could not repeat */
    struct timer *timers;
};
struct timer {
    struct timer *next;
    int64_t when;
    SlirpTimerCb fn;
    void *arg;
};

static ssize_t to_guest(const void *buf, size_t len, void *opaque)
{
    struct netdev *n = opaque;
    record_input(n->b, n->channel, buf, len);
    if (n->fn)
        n->fn(n->arg, buf, len);
    return (ssize_t)len;
}
static void replay(void *arg, const void *buf, size_t len)
{
    struct netdev *n = arg;
    if (n->fn)
        n->fn(n->arg, buf, len);
}

static void guest_error(const char *msg, void *opaque)
{
    (void)opaque;
    fprintf(stderr, "ia64-sim: network: %s\n", msg);
}
static int64_t clock_ns(void *opaque)
{
    const struct netdev *n = opaque;
    return n->b->m->now / (int64_t)(BOARD_ITC_HZ / 1000000000);
}
static void *timer_new(SlirpTimerCb cb, void *cb_opaque, void *opaque)
{
    struct netdev *n = opaque;
    struct timer *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    *t = (struct timer){.next = n->timers, .when = INT64_MAX, .fn = cb, .arg = cb_opaque};
    n->timers = t;
    return t;
}
static void timer_free(void *timer, void *opaque)
{
    struct netdev *n = opaque;
    struct timer **p = &n->timers;
    while (*p && *p != timer)
        p = &(*p)->next;
    if (*p)
        *p = (*p)->next;
    free(timer);
}
static void timer_mod(void *timer, int64_t ms, void *opaque)
{
    struct timer *t = timer;
    (void)opaque;
    t->when = ms * (int64_t)(BOARD_ITC_HZ / 1000);
}
static void run_timers(struct netdev *n)
{
    for (struct timer *t = n->timers; t; t = t->next)
        if (t->when <= n->b->m->now) {
            t->when = INT64_MAX;
            t->fn(t->arg);
            t = n->timers; /* the list may have changed */
            if (!t)
                break;
        }
}
static void no_fd(int fd, void *opaque)
{
    (void)fd, (void)opaque;
}
static void no_notify(void *opaque)
{
    (void)opaque;
}
static const SlirpCb callbacks = {
    .send_packet = to_guest,
    .guest_error = guest_error,
    .clock_get_ns = clock_ns,
    .timer_new = timer_new,
    .timer_free = timer_free,
    .timer_mod = timer_mod,
    .register_poll_fd = no_fd,
    .unregister_poll_fd = no_fd,
    .notify = no_notify,
};

/* --- between turns --- */

static int add_poll(int fd, int events, void *opaque)
{
    struct netdev *n = opaque;
    if (n->nfds == NET_FDS)
        return -1;
    n->fd[n->nfds] = (struct pollfd){.fd = fd,
                                     .events = (short)((events & SLIRP_POLL_IN ? POLLIN : 0) |
                                                       (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
                                                       (events & SLIRP_POLL_PRI ? POLLPRI : 0))};
    return (int)n->nfds++;
}
static int get_revents(int i, void *opaque)
{
    const struct netdev *n = opaque;
    int r = i >= 0 && (unsigned)i < n->nfds ? n->fd[i].revents : 0;
    return (r & POLLIN ? SLIRP_POLL_IN : 0) | (r & POLLOUT ? SLIRP_POLL_OUT : 0) |
           (r & POLLPRI ? SLIRP_POLL_PRI : 0) | (r & POLLERR ? SLIRP_POLL_ERR : 0) |
           (r & POLLHUP ? SLIRP_POLL_HUP : 0);
}

static uint32_t collect(struct netdev *n)
{
    uint32_t timeout = UINT32_MAX;
    n->nfds = 0;
    slirp_pollfds_fill(n->slirp, &timeout, add_poll, n);
    return timeout;
}

void net_poll(struct netdev *n)
{
    if (!n->slirp)
        return;
    collect(n);
    int r = n->nfds ? poll(n->fd, n->nfds, 0) : 0;
    slirp_pollfds_poll(n->slirp, r < 0, get_revents, n);
    run_timers(n);
    uint32_t timeout = collect(n);
    n->due = timeout == UINT32_MAX
                 ? INT64_MAX
                 : n->b->m->now + ((int64_t)timeout + 1) * (int64_t)(BOARD_ITC_HZ / 1000);
    for (const struct timer *t = n->timers; t; t = t->next)
        if (t->when < n->due)
            n->due = t->when;
}

int64_t net_due(const struct netdev *n)
{
    return n->due;
}

bool net_busy(struct netdev *n)
{
    if (!n->slirp)
        return false;
    collect(n);
    for (unsigned i = 0; i < n->nfds; i++) {
        int listening = 0;
        socklen_t len = sizeof listening;
        if (getsockopt(n->fd[i].fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) || !listening)
            return true;
    }
    return false;
}

unsigned net_fds(struct netdev *n, struct pollfd *fd, unsigned max)
{
    if (!n->slirp)
        return 0;
    collect(n);
    unsigned k = n->nfds < max ? n->nfds : max;
    memcpy(fd, n->fd, k * sizeof *fd);
    return k;
}

void net_send(struct netdev *n, const void *frame, size_t len)
{
    if (n->slirp)
        slirp_input(n->slirp, frame, (int)len);
}

void net_receive(struct netdev *n, void (*fn)(void *arg, const void *frame, size_t len), void *arg)
{
    n->fn = fn;
    n->arg = arg;
}

/* --- snapshots --- */

/* libslirp's own format: addresses it gave out, its counters. Connections to the outside end, as
 * after a cut wire. */
static ssize_t put_state(const void *buf, size_t len, void *opaque)
{
    snap_mem(opaque, (void *)(uintptr_t)buf, len);
    return (ssize_t)len;
}
static ssize_t get_state(void *buf, size_t len, void *opaque)
{
    snap_mem(opaque, buf, len);
    return snap_ok(opaque) ? (ssize_t)len : -1;
}

static void snap_net(struct snap *s, struct netdev *n)
{
    bool has = n->slirp != NULL;
    int32_t version = slirp_state_version();
    snap_section(s, "slirp", 1);
    snap_bool(s, &has);
    if (!has)
        return;
    SNAP(s, version);
    if (!snap_loading(s)) {
        slirp_state_save(n->slirp, put_state, s);
        return;
    }
    if (!n->slirp) { /* a replay: the recording is the network */
        static uint8_t skipped[4096];
        while (snap_left(s))
            snap_mem(s, skipped, snap_left(s) < sizeof skipped ? snap_left(s) : sizeof skipped);
        return;
    }
    if (version > slirp_state_version() || slirp_state_load(n->slirp, version, get_state, s) < 0)
        snap_bad(s, "a state libslirp does not take");
}

void nets_snapshot(struct snap *s, struct board *b)
{
    for (unsigned i = 0; i < b->cfg.nnics && snap_ok(s); i++)
        snap_net(s, b->net[i]);
}

/* --- birth --- */

static bool port(const char *s, int *out)
{
    char *end;
    long v = strtol(s, &end, 10);
    *out = (int)v;
    return end != s && !*end && v > 0 && v < 65536;
}
static bool address(const char *s, const char *otherwise, struct in_addr *a)
{
    return inet_aton(*s ? s : otherwise, a) != 0;
}

/* One rule: tcp|udp:[hostaddr]:hostport-[guestaddr]:guestport. */
static bool forward(struct netdev *n, char *rule)
{
    char *proto = rule, *host = strchr(rule, ':'), *hport, *guest, *gport;
    struct in_addr ha, ga;
    int hp, gp;
    bool udp;
    if (!host)
        return false;
    *host++ = 0;
    hport = strchr(host, ':');
    guest = hport ? strchr(hport, '-') : NULL;
    gport = guest ? strchr(guest, ':') : NULL;
    if (!gport)
        return false;
    *hport++ = *guest++ = *gport++ = 0;
    udp = !strcmp(proto, "udp");
    if ((!udp && strcmp(proto, "tcp") && *proto) || !address(host, "0.0.0.0", &ha) ||
        !address(guest, "10.0.2.15", &ga) || !port(hport, &hp) || !port(gport, &gp))
        return false;
    if (!slirp_add_hostfwd(n->slirp, udp, ha, hp, ga, gp))
        return true;
    fprintf(stderr, "ia64-sim: hostfwd: host port %d: %s\n", hp, strerror(errno));
    return false;
}

static bool forward_all(struct netdev *n, const char *rules)
{
    char *copy = strdup(rules ? rules : ""), *save = NULL;
    bool ok = copy != NULL;
    for (char *r = strtok_r(copy, ",", &save); ok && r; r = strtok_r(NULL, ",", &save)) {
        char *whole = strdup(r);
        ok = forward(n, r);
        if (!ok)
            fprintf(stderr,
                    "ia64-sim: -nic: hostfwd=%s: cannot be had (tcp|udp:[ADDR]:PORT-[ADDR]:PORT)\n",
                    whole);
        free(whole);
    }
    free(copy);
    return ok;
}

struct netdev *net_new(struct board *b, const struct nic_config *cfg, unsigned index)
{
    struct netdev *n = calloc(1, sizeof *n);
    SlirpConfig c = {.version = 4, .in_enabled = true};
    if (!n)
        return NULL;
    n->b = b;
    n->due = INT64_MAX;
    snprintf(n->channel, sizeof n->channel, "net%u", index % NICS_MAX);
    replay_channel(b, n->channel, replay, n);
    if (b->cfg.replay) /* the recording is the network */
        return n;
    c.vnetwork.s_addr = htonl(0x0a000200);
    c.vnetmask.s_addr = htonl(0xffffff00);
    c.vhost.s_addr = htonl(0x0a000202);
    c.vdhcp_start.s_addr = htonl(0x0a00020f);
    c.vnameserver.s_addr = htonl(0x0a000203);
    n->slirp = slirp_new(&c, &callbacks, n);
    if (!n->slirp || !forward_all(n, cfg->hostfwd)) {
        net_free(n);
        return NULL;
    }
    return n;
}

void net_free(struct netdev *n)
{
    if (!n)
        return;
    n->fn = NULL; /* the device is gone */
    if (n->slirp)
        slirp_cleanup(n->slirp);
    free(n);
}
