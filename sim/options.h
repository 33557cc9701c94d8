/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The command line of ia64-sim, parsed.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include "sim/board/board.h"
#include "sim/debug/trace.h"
#include "sim/user/user.h"

struct options {
    bool user; /* --user: the rest of the line is the program's */
    struct user_options uo;
    const char *image; /* bare-metal ELF */
    int argc;          /* words from the image (or program) on */
    char **argv;
    uint64_t ram; /* -m, bytes; 0: default */
    unsigned smp; /* -smp */
    struct trace_options trace;
    bool stats, stats_mix; /* --stats, --stats=mix */
    uint64_t max_insns;    /* --max-insns */
    bool dump_state;       /* --dump-state */
    const char *gdb;       /* "tcp::1234", "stdio", NULL */
    bool wait;             /* -S: do not start */
    bool monitor;          /* --monitor */
    bool privop_native;    /* --privop-native */
    uint32_t watchdog;     /* --watchdog */
    const char *symbols;   /* --symbols */
    bool is_board;         /* the full machine: --kernel, --efi, --fat or -drive was given */
    struct board_config board;
};

/* Exits by itself: 0 after --help and --version, 1 with a message that names the option on an
 * error. */
void options_parse(struct options *o, int argc, char **argv);

#endif
