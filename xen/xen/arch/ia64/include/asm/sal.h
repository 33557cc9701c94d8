/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The platform's firmware: SAL (System Abstraction Layer specification), and how EFI's and FPSWA's procedures are called from Xen's C, whose function
 * pointers are not descriptors.
 */
#ifndef __ASM_IA64_SAL_H__
#define __ASM_IA64_SAL_H__

#define SAL_SET_VECTORS         0x01000000
#define SAL_GET_STATE_INFO      0x01000001
#define SAL_GET_STATE_INFO_SIZE 0x01000002
#define SAL_CLEAR_STATE_INFO    0x01000003
#define SAL_MC_RENDEZ           0x01000004
#define SAL_MC_SET_PARAMS       0x01000005
#define SAL_REGISTER_PHYSICAL_ADDR 0x01000006
#define SAL_CACHE_FLUSH         0x01000008
#define SAL_CACHE_INIT          0x01000009
#define SAL_PCI_CONFIG_READ     0x01000010
#define SAL_PCI_CONFIG_WRITE    0x01000011
#define SAL_FREQ_BASE           0x01000012
#define SAL_PHYSICAL_ID_INFO    0x01000013
#define SAL_UPDATE_PAL          0x01000020

#define SAL_FREQ_BASE_PLATFORM  0
#define SAL_FREQ_BASE_INTERVAL_TIMER 1
#define SAL_FREQ_BASE_RTC       2

#define SAL_VECTOR_OS_MCA       0
#define SAL_VECTOR_OS_INIT      1
#define SAL_VECTOR_OS_BOOT_RENDEZ 2

#ifndef __ASSEMBLY__

#include <xen/types.h>

struct sal_result {
    int64_t status;
    uint64_t v0, v1, v2;
};

struct sal_systab {
    char signature[4];          /* "SST_" */
    uint32_t size;
    uint8_t sal_rev_minor, sal_rev_major;
    uint16_t entry_count;
    uint8_t checksum;
    uint8_t reserved1[7];
    uint8_t sal_a_rev_minor, sal_a_rev_major, sal_b_rev_minor, sal_b_rev_major;
    char oem_id[32], product_id[32];
    uint8_t reserved2[8];
};

enum { SAL_DESC_ENTRY_POINT, SAL_DESC_MEMORY, SAL_DESC_PLATFORM_FEATURE, SAL_DESC_TR, SAL_DESC_PTC, SAL_DESC_AP_WAKEUP };

struct sal_desc_entry_point {
    uint8_t type, reserved1[7];
    uint64_t pal_proc, sal_proc, sal_gp;
    uint8_t reserved2[16];
};

struct sal_desc_platform_feature {
    uint8_t type, features, reserved[14];
};
#define SAL_FEATURE_BUS_LOCK        1
#define SAL_FEATURE_IRQ_REDIR_HINT  2
#define SAL_FEATURE_IPI_REDIR_HINT  4
#define SAL_FEATURE_ITC_DRIFT       8

struct sal_desc_ptc {
    uint8_t type, reserved1[3];
    uint32_t num_domains;
    uint64_t domain_info;
};

struct sal_desc_ap_wakeup {
    uint8_t type, mechanism, reserved1[6];
    uint64_t vector;            /* mechanism 0: of the external interrupt that wakes a processor */
};

/* systab: its physical address. Reads the entry points (physical addresses too) and the wakeup vector; needs pal_init() before. */
void sal_init(paddr_t systab);
struct sal_result ia64_sal_call(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7);

struct sal_result ia64_sal_call_nolock(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7);

extern uint8_t sal_wakeup_vector;   /* 0: SAL names none */
extern uint8_t sal_platform_features;

/*
 * Any procedure of firmware by its descriptor (address of {entry, gp}), in virtual mode, with up to eight arguments; Xen's state as C leaves it. The
 * floating-point registers that the convention lets the callee change, and that are a guest's (f12-f15, f32-f127), are saved around it.
 */
uint64_t ia64_fw_call(const void *desc, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7);

/* The same in physical mode, entry and gp and arguments physical: SetVirtualAddressMap. */
uint64_t ia64_fw_call_phys(uint64_t entry_pa, uint64_t gp_pa, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3);

/* FPSWA's interface, from EFI's protocol (A's efi code finds it); 0: none. */
struct fpswa_interface {
    uint32_t revision, reserved;
    uint64_t fpswa;             /* descriptor */
};
extern const struct fpswa_interface *fpswa_interface;
struct fpswa_ret {
    int64_t status;
    uint64_t err1, err2, err3;
};
struct fpswa_ret ia64_fpswa_call(uint64_t trap, void *bundle, uint64_t *ipsr, uint64_t *fsr, uint64_t *isr, uint64_t *preds, uint64_t *ifs, void *fp_state);

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_SAL_H__ */
