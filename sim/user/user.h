/* SPDX-License-Identifier: GPL-2.0-only
 *
 * `ia64-sim --user prog args...`: runs one Linux/ia64 program on the simulated processor, with the
 * host's files, processes and signals. Options are named as qemu-user's where it has the thing.
 */
#ifndef SIM_USER_USER_H
#define SIM_USER_USER_H

#include <stdbool.h>
#include <stdint.h>
#include "sim/machine.h"

struct user_options {
    const char *prog;  /* path of the program */
    int argc;          /* its arguments, argv[0] included */
    char **argv;       /* argv[argc] == NULL */
    const char *argv0; /* -0: instead of argv[0]; NULL: as given */
    const char
        *sysroot; /* -L: prefix tried first for absolute paths (program interpreter, libraries) */
    const char **env_set; /* -E VAR=value, in order; */
    unsigned nenv_set;
    const char **env_unset; /* -U VAR */
    unsigned nenv_unset;
    uint64_t stack_size; /* -s: bytes for the memory stack, and again for the backing store; 0: 64
                            MiB each */
    bool strace;         /* --strace (also -strace): print system calls and signals on stderr */
    bool strict;         /* --strict: stop at an unimplemented system call instead of ENOSYS */
    bool host_time;      /* --user-time host; default: deterministic, 1 ns per modelled cycle from a
                            fixed epoch */
    uint64_t max_insns;  /* stop (exit status 124) after so many; 0: no limit */
    /* Told to the programs this one executes: argv of their simulator, from "--user" to before
     * "-0". NULL: built from the fields above. */
    char **self_args;

    /* Hooks of the front end; each may be NULL. */
    void *arg;
    void (*loaded)(void *arg, struct machine *m); /* ready to run the first instruction */
    void (*finished)(void *arg,
                     struct machine *m); /* before the process exits or executes another program */
    void (*fatal)(void *arg, struct cpu *cpu,
                  int sig); /* about to die of a fault the guest does not handle */
};

/* The main program: runs to the end; returns the exit status. When the guest dies of a signal, so
 * does this process. */
int user_main(struct user_options *o);

/* In two steps, for front ends with a loop of their own. user_start: NULL and a message on stderr
 * when the program cannot be run (exit status for the shell in *status: 127 not found, 126 not
 * executable). */
struct machine *user_start(struct user_options *o, int *status);
int user_run(struct machine *m);
/* One turn of user_run(): up to `cycles` modelled cycles, then signals and timers. */
void user_turn(struct machine *m, int64_t cycles);

#endif
