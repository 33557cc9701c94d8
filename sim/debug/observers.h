/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Several observers on one machine: the machine knows one `struct observer`, this is the one that
 * hands on to the trace, the counters, the debugger.
 */
#ifndef SIM_DEBUG_OBSERVERS_H
#define SIM_DEBUG_OBSERVERS_H

#include "sim/machine.h"

/* o stays the caller's and must live until removed. False: there are 8 already. */
bool observers_add(struct machine *m, struct observer *o);
void observers_remove(struct machine *m, struct observer *o);

#endif
