/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Services for test programs: the debug port of the board (MMIO), and ski's simulator calls (SSC).
 * See README.md.
 */
#ifndef SIM_BOARD_SEMIHOST_H
#define SIM_BOARD_SEMIHOST_H

#include "sim/machine.h"

/* Registers of the debug port at BOARD_DEBUG_BASE, 64 bits each. */
enum {
    DEBUG_PORT_ID = 0x00, /* r: DEBUG_PORT_MAGIC */
    DEBUG_PORT_CHAR =
        0x08, /* w: prints a character; r: next character of input, ~0 when there is none */
    DEBUG_PORT_EXIT = 0x10, /* w: ends the simulation with this exit status */
    DEBUG_PORT_MARK =
        0x18, /* w: v != 0 begins measured region v, 0 ends it; r: the region, 0 outside */
    DEBUG_PORT_HEX = 0x20,    /* w: prints 16 hexadecimal digits and a newline */
    DEBUG_PORT_INSNS = 0x28,  /* r: instructions executed by this CPU */
    DEBUG_PORT_CYCLES = 0x30, /* r: modelled cycles of this CPU */
    DEBUG_PORT_SIZE = 0x1000,
};
#define DEBUG_PORT_MAGIC 0x3150444134364149ull /* "IA64ADP1" in memory order */

/* Maps the debug port. */
void debug_port_add(struct machine *m);

/* Handles a simulator call: cpu->gr[15] is its number, r32.. its arguments, r8 its result. args:
 * the command line for GET_ARGS. An unknown one stops the machine by name. */
void ssc_call(struct cpu *cpu, const char *args);
/* break immediates that are simulator calls. */
static inline bool ssc_is_break(uint64_t iim)
{
    return iim == 0x80000 || iim == 0x80001;
}

/* Ends the simulation: exit status, and everything printed is out. */
void semihost_exit(struct machine *m, int status);

#endif
