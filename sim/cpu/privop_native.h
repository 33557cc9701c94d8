/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Breaks that stand for privileged operations, run as what they stand for (--privop-native).
 */
#ifndef SIM_CPU_PRIVOP_NATIVE_H
#define SIM_CPU_PRIVOP_NATIVE_H

#include "isa/isa.h"

/* If the decoded instruction is a break of the table in docs/abi.md (right unit, no field in use
 * that its row does not have), makes it the instruction it stands for, as decoded from its own 41
 * bits, and returns the number of its row. Anything else stays as it is: 0. */
unsigned privop_original(struct isa_insn *in);
/* XEN_PRIVOP_<name> of a row; NULL: there is none. */
const char *privop_native_name(unsigned number);

#endif
