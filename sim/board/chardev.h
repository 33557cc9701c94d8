/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Character devices: where a serial port ends on the host. Input comes in between turns only
 * (chardev_poll) and can be recorded and replayed.
 */
#ifndef SIM_BOARD_CHARDEV_H
#define SIM_BOARD_CHARDEV_H

#include "sim/board/board.h"

/* spec: stdio, mon:stdio (with Ctrl-a commands), file:PATH, tcp:HOST:PORT[,server[,nowait]],
 * unix:PATH[,server[,nowait]], null. NULL after a message. */
struct chardev *chardev_new(struct board *b, const char *spec);
void chardev_free(struct chardev *c);
/* Called when input has arrived. */
void chardev_notify(struct chardev *c, void (*fn)(void *arg), void *arg);
int chardev_get(struct chardev *c); /* next character, -1: none */
void chardev_put(struct chardev *c, const void *buf, size_t n);
void chardev_flush(struct chardev *c);
/* fn is called once, when the output contains text. False: no text, no memory. */
bool chardev_watch(struct chardev *c, const char *text, void (*fn)(void *arg), void *arg);
/* Between turns: takes what the host has. */
void chardev_poll(struct chardev *c);
/* The host's file descriptor to wait for, -1: none. *tty: somebody sits there (a terminal, a
 * connected socket). */
int chardev_fd(const struct chardev *c, bool *tty);
/* Input from a replay. */
void chardev_inject(struct chardev *c, const void *buf, size_t n);
/* The terminal back to its owner (monitor); raw again at the next chardev_poll. */
void chardev_suspend(struct chardev *c);

#endif
