/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The host's side of a network card: libslirp's user network (10.0.2.0/24, DHCP and
 * gateway 10.0.2.2, names 10.0.2.3), run between turns on modelled time.
 */
#ifndef SIM_BOARD_NET_H
#define SIM_BOARD_NET_H

#include <poll.h>
#include "sim/board/board.h"

enum { NET_FRAME_MAX = 65536, NET_FDS = 64 };

/* NULL after a message. */
struct netdev *net_new(struct board *b, const struct nic_config *cfg, unsigned index);
void net_free(struct netdev *n);
/* Frames for the guest go to fn. */
void net_receive(struct netdev *n, void (*fn)(void *arg, const void *frame, size_t len), void *arg);
void net_send(struct netdev *n, const void *frame, size_t len);
/* Between turns: whatever the host has. */
void net_poll(struct netdev *n);
int64_t net_due(const struct netdev *n); /* modelled time when an idle machine should poll again;
                                            INT64_MAX: no need */
/* Somebody outside has to answer: connections that are not merely listening. */
bool net_busy(struct netdev *n);
/* File descriptors to wait for; how many. */
unsigned net_fds(struct netdev *n, struct pollfd *fd, unsigned max);

#endif
