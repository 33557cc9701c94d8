/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_SOFTIRQ_H__
#define __ASM_IA64_SOFTIRQ_H__

#define NR_ARCH_SOFTIRQS 0

#define arch_skip_send_event_check(cpu) 0

#endif
