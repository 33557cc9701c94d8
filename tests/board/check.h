/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the cases are written in: a board without a guest, accesses as a processor makes them,
 * checks that remember the first failure.
 */
#ifndef TESTS_BOARD_CHECK_H
#define TESTS_BOARD_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include "sim/board/board.h"

extern char failure[256]; /* of the running case; empty: none */

#define CHECK_EQ(what, got, want)                                                                  \
    do {                                                                                           \
        uint64_t got_ = (uint64_t)(got), want_ = (uint64_t)(want);                                 \
        if (got_ != want_ && !failure[0])                                                          \
            snprintf(failure, sizeof failure,                                                      \
                     "%s: expected %#" PRIx64 ", got %#" PRIx64 ", %s:%d", what, want_, got_,      \
                     __FILE__, __LINE__);                                                          \
    } while (0)
#define CHECK(what, cond) CHECK_EQ(what, !!(cond), 1)

/* cfg: fields left 0 get 64 MiB, one CPU, serial null. */
struct board *make_board(const struct board_config *cfg);
uint64_t rd(struct board *b, uint64_t pa, unsigned size);
void wr(struct board *b, uint64_t pa, uint64_t v, unsigned size);
/* Lets modelled time pass: device events up to now + cycles. */
void pass(struct board *b, int64_t cycles);
bool irr(struct board *b, unsigned cpu, unsigned vector); /* pending? clears it */

struct test_case {
    const char *name;
    void (*fn)(void);
};
extern const struct test_case virtio_cases[];

#endif
