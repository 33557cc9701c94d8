/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_GUESTFW_H__
#define __ASM_IA64_GUESTFW_H__
struct guest_firmware { int unused; };
#endif
