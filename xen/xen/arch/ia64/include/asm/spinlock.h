/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_SPINLOCK_H__
#define __ASM_IA64_SPINLOCK_H__

#include <asm/system.h>

/* xchg, cmpxchg and fetchadd may be acquire or release only: common code asks for more. */
#define arch_lock_acquire_barrier() smp_mb()
#define arch_lock_release_barrier() smp_mb()

#define arch_lock_relax() asm volatile ( "hint @pause" ::: "memory" )
#define arch_lock_signal()
#define arch_lock_signal_wmb()  ({ smp_wmb(); arch_lock_signal(); })

#endif
