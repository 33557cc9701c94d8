/* SPDX-License-Identifier: GPL-2.0-only
 *
 * In the place of <asm/smp.h>.
 */
#include "tests/xen/host-vcpu/shim.h"
