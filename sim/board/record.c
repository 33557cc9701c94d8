/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Record and replay: see record.h. Input enters between turns, whose times repeat from run to run;
 * an event at the recorded time brings it in again at the same place.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/event.h"
#include "sim/board/record.h"

enum { CHANNELS = NICS_MAX + 1, NAME = 16, BYTES = 65536 };

struct record {
    FILE *out, *in;
    unsigned line;
    struct {
        char name[NAME];
        replay_fn fn;
        void *arg;
    } channel[CHANNELS];
    unsigned nchannels;
    struct event *event;
    char name[NAME]; /* the input to come */
    uint8_t buf[BYTES];
    size_t len;
};

void record_input(struct board *b, const char *channel, const void *buf, size_t n)
{
    const uint8_t *p = buf;
    FILE *f = b->record ? b->record->out : NULL;
    if (!f)
        return;
    fprintf(f, "%" PRId64 " %s ", b->m->now, channel);
    while (n--)
        fprintf(f, "%02x", *p++);
    fputc('\n', f);
    fflush(f);
}

void replay_channel(struct board *b, const char *channel, replay_fn fn, void *arg)
{
    struct record *r = b->record;
    if (!r || r->nchannels == CHANNELS)
        return;
    snprintf(r->channel[r->nchannels].name, NAME, "%s", channel);
    r->channel[r->nchannels].fn = fn;
    r->channel[r->nchannels++].arg = arg;
}

/* The next line; false at the end or at a line that is not one of ours (told). */
static bool next(struct board *b, int64_t *when)
{
    struct record *r = b->record;
    char time[24];
    r->len = 0;
    r->line++;
    int got = fscanf(r->in, "%23s %15s ", time, r->name);
    if (got == EOF)
        return false;
    char *end = time;
    *when = got == 2 ? strtoll(time, &end, 10) : 0;
    int c = 0;
    for (;;) {
        unsigned v = 0;
        for (int k = 0; k < 2; k++) {
            c = fgetc(r->in);
            int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (d < 0)
                goto done;
            v = v << 4 | (unsigned)d;
        }
        if (r->len == BYTES)
            break;
        r->buf[r->len++] = (uint8_t)v;
    }
done:
    if (got != 2 || *end || *when < 0 || c != '\n' || !r->len) {
        fprintf(stderr, "ia64-sim: %s:%u: not a line of a recording; replay ends here\n",
                b->cfg.replay, r->line);
        return false;
    }
    return true;
}

static void on_time(void *arg, int64_t now)
{
    struct board *b = arg;
    struct record *r = b->record;
    int64_t when;
    for (;;) {
        for (unsigned i = 0; i < r->nchannels; i++)
            if (r->len && !strcmp(r->channel[i].name, r->name))
                r->channel[i].fn(r->channel[i].arg, r->buf, r->len);
        if (!next(b, &when))
            return;
        if (when > now) {
            event_set(r->event, when);
            return;
        }
    }
}

bool record_open(struct board *b)
{
    const char *path = b->cfg.replay ? b->cfg.replay : b->cfg.record;
    if (!path)
        return true;
    struct record *r = b->record = calloc(1, sizeof *r);
    if (!r)
        return false;
    FILE *f = fopen(path, b->cfg.replay ? "r" : "w");
    if (!f) {
        fprintf(stderr, "ia64-sim: %s: %s\n", path, strerror(errno));
        return false;
    }
    if (!b->cfg.replay) {
        r->out = f;
        return true;
    }
    r->in = f;
    return true;
}

void record_start(struct board *b)
{
    struct record *r = b->record;
    int64_t when;
    if (!r || !r->in)
        return;
    r->event = event_new(b, on_time, b, "replay");
    if (next(b, &when))
        event_set(r->event, when);
}

void record_close(struct board *b)
{
    struct record *r = b->record;
    if (!r)
        return;
    if (r->out)
        fclose(r->out);
    if (r->in)
        fclose(r->in);
    free(r);
    b->record = NULL;
}
