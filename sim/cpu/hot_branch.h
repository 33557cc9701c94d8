/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's branch handlers, and what the block builder needs to place them.
 */
#ifndef SIM_CPU_HOT_BRANCH_H
#define SIM_CPU_HOT_BRANCH_H

#include "sim/cpu/dispatch.h"

/* Fills u (and u[1]) for a branch with a handler of its own; returns the number of uops used, 0:
 * none. */
unsigned hot_branch_fill(struct uop *u, const struct isa_insn *in);
/* After the block was copied to its page: tells in-page branches their page. */
void hot_branch_bind(struct uop *u, size_t count, struct code_page *p);
/* With qp 0, control never falls through. */
bool branch_unconditional(const struct isa_insn *in);

HANDLER op_frame_check(HARGS);
HANDLER op_fallthrough(HARGS);
HANDLER op_plain_branch(HARGS);
HANDLER op_plain_branch_p(HARGS);

#endif
