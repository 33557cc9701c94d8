/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The monitor: commands for people and scripts, one a line.
 */
#ifndef SIM_DEBUG_MONITOR_H
#define SIM_DEBUG_MONITOR_H

#include <stdio.h>
#include "sim/machine.h"

enum monitor_result {
    MON_DONE,   /* the machine stands as it did, or has been stepped */
    MON_RESUME, /* `continue` from a caller that runs the machine itself */
    MON_QUIT,
    MON_EXITED, /* the guest ended while a command ran it */
};

/* One command; output on f. With may_run false (gdb's `monitor`), commands that run the machine are
 * refused. */
enum monitor_result monitor_command(struct machine *m, const char *line, FILE *f, bool may_run);
/* Reads commands from stdin until quit or end of file. */
void monitor_loop(struct machine *m);

#endif
