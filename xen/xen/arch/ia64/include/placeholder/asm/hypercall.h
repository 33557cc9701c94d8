/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_HYPERCALL_H__
#define __ASM_IA64_HYPERCALL_H__
#include <public/domctl.h>
#endif
