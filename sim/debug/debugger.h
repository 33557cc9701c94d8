/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Run control: what the monitor and the gdb stub share, and the limits of a run. It owns
 * machine.poll.
 */
#ifndef SIM_DEBUG_DEBUGGER_H
#define SIM_DEBUG_DEBUGGER_H

#include <stdio.h>
#include "sim/machine.h"

enum dbg_stop {
    DBG_STEPPED, /* the steps asked for are done */
    DBG_BREAKPOINT,
    DBG_WATCHPOINT,
    DBG_INTERRUPTED, /* dbg_interrupt(), SIGINT */
    DBG_EXITED,      /* the guest ended: machine.exit_status */
    DBG_LIMIT,       /* --max-insns */
    DBG_IDLE,        /* every CPU waits for what will never come */
};

/* Takes over machine.poll. run_turn: how to run one turn (machine_run for the full system; user
 * mode has its own). Called once. */
void dbg_init(struct machine *m);
void dbg_limit(uint64_t insns); /* stop after so many instructions, at a turn's end; 0: never */
/* Called between turns, at most every 5 ms or so of host time: the gdb stub looks for an interrupt
 * request. */
void dbg_set_poll(void (*poll)(void));

/* Addresses carry the slot in bits 1:0; without one, slot 0. False: too many. */
bool dbg_break_add(uint64_t addr);
bool dbg_break_del(uint64_t addr); /* false: there was none */
unsigned dbg_breaks(uint64_t *addr, unsigned max);
/* acc: ACC_R, ACC_W or both. */
bool dbg_watch_add(uint64_t addr, uint64_t len, unsigned acc);
bool dbg_watch_del(uint64_t addr, uint64_t len, unsigned acc);
/* What stopped the last DBG_WATCHPOINT. */
uint64_t dbg_watch_hit(unsigned *acc);

/* Runs the whole machine until something happens. dbg_step executes n instructions of one CPU. */
enum dbg_stop dbg_continue(void);
enum dbg_stop dbg_step(unsigned cpu, uint64_t n);
/* The CPU that hit the last breakpoint or watchpoint, or that was stepped. */
unsigned dbg_cpu(void);
void dbg_select(unsigned cpu);

/* Safe in a signal handler. */
void dbg_interrupt(void);

const char *dbg_stop_name(enum dbg_stop s);

#endif
