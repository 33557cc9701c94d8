/* SPDX-License-Identifier: GPL-2.0-only
 *
 * In the place of <xen/types.h>.
 */
#include "tests/xen/host-vcpu/shim.h"
