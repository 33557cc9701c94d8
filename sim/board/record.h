/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Recording of outside input with its modelled time, and replay. A text file, one line per input:
 * `<cycle> <channel> <bytes in hexadecimal>`; channel is serial, net0, net1 ...
 */
#ifndef SIM_BOARD_RECORD_H
#define SIM_BOARD_RECORD_H

#include "sim/board/board.h"

/* Opens cfg.record or cfg.replay, whichever is given. False after a message. */
bool record_open(struct board *b);
/* After every device has made its events, so that replayed input comes last of what happens at a
 * time, as recorded. */
void record_start(struct board *b);
void record_close(struct board *b);
/* Input that comes in now; does nothing unless recording. */
void record_input(struct board *b, const char *channel, const void *buf, size_t n);
/* Where replayed input of a channel goes. */
typedef void (*replay_fn)(void *arg, const void *buf, size_t n);
void replay_channel(struct board *b, const char *channel, replay_fn fn, void *arg);

#endif
