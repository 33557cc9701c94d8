/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The board's part of the command line.
 */
#ifndef SIM_BOARD_OPTIONS_H
#define SIM_BOARD_OPTIONS_H

#include "sim/board/board.h"

/* Defaults: what is asked for by no option. */
void board_options_init(struct board_config *cfg);
/* One option, without its dashes; value NULL if it takes none. Wrong values end the program with a
 * message. */
void board_option(struct board_config *cfg, const char *name, const char *value);
/* After the last: does the line ask for a board (rather than a bare-metal program)? Contradictions
 * end the program. */
bool board_options_done(struct board_config *cfg);

#endif
