/* SPDX-License-Identifier: GPL-2.0-only
 *
 * gdb's remote serial protocol. gdb-multiarch knows ia64: `target remote :1234` is all it takes.
 */
#ifndef SIM_DEBUG_GDBSTUB_H
#define SIM_DEBUG_GDBSTUB_H

#include "sim/debug/debugger.h"

/* Opens "tcp:[HOST]:PORT" (HOST defaults to 127.0.0.1) or "stdio". False: *err says why. */
bool gdb_open(const char *dev, char *err, size_t size);
/* Runs the guest under gdb until it has ended or gdb kills it (DBG_EXITED), or a limit stops it.
 * With wait, the guest stands still until gdb says go; else it runs until gdb connects, as it does
 * after gdb detached. Run control must be up. */
enum dbg_stop gdb_serve(struct machine *m, bool wait);
/* The guest has ended with this status, behind run control (exit of a --user program). */
void gdb_exited(int status);

#endif
