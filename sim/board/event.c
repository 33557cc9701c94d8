/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Device timers on modelled cycles. Few events exist, so a list will do. Those due run in order of
 * their time, equal times in order of creation, so that runs repeat.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/event.h"
#include "sim/board/snapshot_parts.h"

struct event {
    struct event *next;
    struct board *b;
    event_fn fn;
    void *arg;
    const char *name;
    int64_t when;
};

static void rearm(struct board *b)
{
    int64_t next = INT64_MAX;
    for (struct event *e = b->events; e; e = e->next)
        if (e->when < next)
            next = e->when;
    b->m->next_event = next;
}

struct event *event_new(struct board *b, event_fn fn, void *arg, const char *name)
{
    struct event *e = calloc(1, sizeof *e), **p = &b->events;
    if (!e) {
        fprintf(stderr, "ia64-sim: out of memory\n");
        exit(1);
    }
    *e = (struct event){.b = b, .fn = fn, .arg = arg, .name = name, .when = INT64_MAX};
    while (*p)
        p = &(*p)->next;
    *p = e;
    return e;
}

void event_del(struct event *e)
{
    if (!e)
        return;
    struct board *b = e->b;
    struct event **p = &b->events;
    while (*p != e)
        p = &(*p)->next;
    *p = e->next;
    free(e);
    rearm(b);
}

void event_set(struct event *e, int64_t when)
{
    e->when = when;
    rearm(e->b);
}

int64_t event_when(const struct event *e)
{
    return e->when;
}

void events_run(struct machine *m, int64_t now)
{
    struct board *b = board_of(m);
    for (;;) {
        struct event *due = NULL;
        for (struct event *e = b->events; e; e = e->next)
            if (e->when <= now && (!due || e->when < due->when))
                due = e;
        if (!due)
            break;
        due->when = INT64_MAX;
        due->fn(due->arg, now);
    }
    rearm(b);
}

void events_free(struct board *b)
{
    while (b->events)
        event_del(b->events);
}

/* By name and order. A replay's event belongs to the recording, not to the machine; what boot
 * services waited for is over. */
void events_snapshot(struct snap *s, struct board *b)
{
    for (struct event *e = b->events; e; e = e->next) {
        if (!strcmp(e->name, "replay") || !strncmp(e->name, "EFI ", 4))
            continue;
        snap_same_text(s, e->name, "a device");
        SNAP(s, e->when);
    }
    rearm(b);
}
