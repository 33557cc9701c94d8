/* SPDX-License-Identifier: GPL-2.0-only */
/* common/efi/runtime.c asks for this: see there what is ours in it. */
#include <xen/sched.h>
#include <asm/processor.h>
