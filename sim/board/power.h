/* SPDX-License-Identifier: GPL-2.0-only
 *
 * ACPI fixed hardware (ACPI 4.8): PM1a, PM timer, GPE0, reset register. Registers are board.h's
 * POWER_*.
 */
#ifndef SIM_BOARD_POWER_H
#define SIM_BOARD_POWER_H

#include "sim/board/board.h"

struct power *power_new(struct board *b);
void power_free(struct power *p);
void power_reset(struct power *p);
/* The power button was pressed (monitor: system_powerdown). */
void power_button(struct power *p);

#endif
