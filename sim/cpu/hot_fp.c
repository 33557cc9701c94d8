/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The engine's handlers for floating point: the fast inline forms of hot_float.h.
 */
#include "sim/cpu/dispatch.h"

const struct hot_entry hot_fp[] = {
    HOT_END,
};
