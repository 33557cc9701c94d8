/* SPDX-License-Identifier: GPL-2.0-only
 *
 * --trace: what the machine does, one line an event, in a form that diffs cleanly.
 */
#ifndef SIM_DEBUG_TRACE_H
#define SIM_DEBUG_TRACE_H

#include <stdio.h>
#include "sim/machine.h"

enum {
    TRACE_INSN = 1,    /* instructions with what they wrote */
    TRACE_MEM = 2,     /* loads, stores, semaphores, RSE traffic */
    TRACE_TLB = 4,     /* insertions and purges */
    TRACE_INTR = 8,    /* interruptions */
    TRACE_BRANCH = 16, /* taken branches */
    TRACE_IN_ASM = 32, /* each bundle's disassembly, the first time it is executed (-d in_asm) */
};

struct trace_options {
    unsigned what;
    const char *file;  /* NULL: stderr */
    const char *range; /* "LO-HI", "symbol", NULL: everywhere */
    int cpl;           /* -1: any */
    uint64_t start;    /* first instruction (by count of executed ones) */
    uint64_t count;    /* lines; 0: no limit */
};

/* "insn,mem" to a mask; 0: an unknown word, which *bad then names. */
unsigned trace_parse_what(const char *s, const char **bad);
/* The same with QEMU's words for -d: in_asm, int, mmu. */
unsigned trace_parse_log(const char *s, const char **bad);

/* Starts tracing; symbols must be loaded. False: *err says why (file, range). */
bool trace_start(struct machine *m, const struct trace_options *o, char *err, size_t size);
void trace_stop(struct machine *m);
bool trace_running(void);

#endif
