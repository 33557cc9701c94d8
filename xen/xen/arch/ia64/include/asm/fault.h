/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fault that something done for a guest would raise: what vcpu_reflect() puts into the guest's interruption registers. Functions that can fault
 * return true when done, false with *f filled. "vector" is the offset in the IVT (SDM 2:5.7).
 */
#ifndef __ASM_IA64_FAULT_H__
#define __ASM_IA64_FAULT_H__

#ifndef __ASSEMBLY__
#include <xen/types.h>
#endif

#define IA64_VHPT_VECTOR                0x0000
#define IA64_INST_TLB_VECTOR            0x0400
#define IA64_DATA_TLB_VECTOR            0x0800
#define IA64_ALT_INST_TLB_VECTOR        0x0c00
#define IA64_ALT_DATA_TLB_VECTOR        0x1000
#define IA64_DATA_NESTED_TLB_VECTOR     0x1400
#define IA64_INST_KEY_MISS_VECTOR       0x1800
#define IA64_DATA_KEY_MISS_VECTOR       0x1c00
#define IA64_DIRTY_BIT_VECTOR           0x2000
#define IA64_INST_ACCESS_BIT_VECTOR     0x2400
#define IA64_DATA_ACCESS_BIT_VECTOR     0x2800
#define IA64_BREAK_VECTOR               0x2c00
#define IA64_EXTINT_VECTOR              0x3000
#define IA64_PAGE_NOT_PRESENT_VECTOR    0x5000
#define IA64_KEY_PERMISSION_VECTOR      0x5100
#define IA64_INST_ACCESS_RIGHTS_VECTOR  0x5200
#define IA64_DATA_ACCESS_RIGHTS_VECTOR  0x5300
#define IA64_GENEX_VECTOR               0x5400
#define IA64_DISABLED_FPREG_VECTOR      0x5500
#define IA64_NAT_CONSUMPTION_VECTOR     0x5600
#define IA64_SPECULATION_VECTOR         0x5700
#define IA64_DEBUG_VECTOR               0x5900
#define IA64_UNALIGNED_REF_VECTOR       0x5a00
#define IA64_UNSUPPORTED_REF_VECTOR     0x5b00
#define IA64_FP_FAULT_VECTOR            0x5c00
#define IA64_FP_TRAP_VECTOR             0x5d00
#define IA64_LOWERPRIV_TRAP_VECTOR      0x5e00
#define IA64_TAKEN_BRANCH_TRAP_VECTOR   0x5f00
#define IA64_SINGLE_STEP_TRAP_VECTOR    0x6000
#define IA64_VIRTUALIZATION_VECTOR      0x6100

#ifndef __ASSEMBLY__
struct guest_fault {
    unsigned int vector;
    uint64_t isr;           /* w/o ei: vcpu_reflect() takes the slot from the frame */
    uint64_t ifa, itir, iha, iim;
};
#endif

#endif /* __ASM_IA64_FAULT_H__ */
