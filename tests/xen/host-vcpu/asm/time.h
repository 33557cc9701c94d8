/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/xen/host-vcpu/shim.h"
