/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Device timers: event_new() and event_set() are board.h's.
 */
#ifndef SIM_BOARD_EVENT_H
#define SIM_BOARD_EVENT_H

#include "sim/board/board.h"

void events_free(struct board *b);
void event_del(struct event *e);
void events_run(struct machine *m, int64_t now); /* machine.events */
int64_t event_when(const struct event *e);

#endif
