/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Bare-metal programs: an ELF image on processors and RAM, with the debug port and ski's calls, no
 * firmware.
 */
#ifndef SIM_BOARD_BARE_H
#define SIM_BOARD_BARE_H

#include <stddef.h>
#include "sim/machine.h"

struct bare_options {
    const char *image;
    uint64_t ram; /* bytes; 0: 64 MiB */
    unsigned ncpu;
    int argc; /* words of the command line, image first */
    char **argv;
};

/* The machine, loaded and reset, ready to run. NULL: *err says why. Symbols are added to
 * sim/debug/symbols.h. */
struct machine *bare_new(const struct bare_options *o, char *err, size_t size);
/* The machine without an image: for tests that place code themselves. */
struct machine *bare_machine(uint64_t ram, unsigned ncpu);
void bare_free(struct machine *m);

#endif
