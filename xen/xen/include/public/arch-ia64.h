/* SPDX-License-Identifier: MIT */
/*
 * arch-ia64.h: what a guest on Xen/ia64 sees. Numbers and offsets are those of the first Xen/ia64 where nothing speaks against them; the unit of
 * every frame number is 4 KiB, whatever page size a guest uses. docs/abi.md explains.
 */
#ifndef __XEN_PUBLIC_ARCH_IA64_H__
#define __XEN_PUBLIC_ARCH_IA64_H__

#include "arch-ia64/privop.h"

/*
 * Hypercalls: break XEN_HYPERCALL_BREAK from the guest's kernel level, number in r2, arguments in in0-in4 of the
 * current frame (r32-r36), result in r8 (and r9-r11 for the firmware classes).
 */
#define XEN_HYPERCALL_BREAK     0x1000
/* The classes, number & ~0xff. */
#define XEN_HYPERCALL_XEN       0x0000  /* <= 63: __HYPERVISOR_* */
#define XEN_HYPERCALL_EFI       0x0300  /* 0x300 + index of the runtime service (FW_HYPERCALL_EFI_*) */
#define XEN_HYPERCALL_IPI       0x0400
#define XEN_HYPERCALL_FPSWA     0x0501
#define XEN_HYPERCALL_SET_XSI   0x0600  /* historical: choose where XSI is mapped */
#define XEN_HYPERCALL_OPT_FEATURE 0x0700
#define XEN_HYPERCALL_PAL       0x1000
#define XEN_HYPERCALL_SAL       0x1100
#define XEN_HYPERCALL_SAL_RETURN 0x1200

/* Hyperprivops: break, arguments r8.., result r8; from the guest's kernel level only. */
#define HYPERPRIVOP_RFI         0x1
#define HYPERPRIVOP_RSM_DT      0x2
#define HYPERPRIVOP_SSM_DT      0x3
#define HYPERPRIVOP_COVER       0x4
#define HYPERPRIVOP_ITC_D       0x5
#define HYPERPRIVOP_ITC_I       0x6
#define HYPERPRIVOP_SSM_I       0x7
#define HYPERPRIVOP_GET_IVR     0x8
#define HYPERPRIVOP_GET_TPR     0x9
#define HYPERPRIVOP_SET_TPR     0xa
#define HYPERPRIVOP_EOI         0xb
#define HYPERPRIVOP_SET_ITM     0xc
#define HYPERPRIVOP_THASH       0xd
#define HYPERPRIVOP_PTC_GA      0xe
#define HYPERPRIVOP_ITR_D       0xf
#define HYPERPRIVOP_GET_RR      0x10
#define HYPERPRIVOP_SET_RR      0x11
#define HYPERPRIVOP_SET_KR      0x12
#define HYPERPRIVOP_FC          0x13
#define HYPERPRIVOP_GET_CPUID   0x14
#define HYPERPRIVOP_GET_PMD     0x15
#define HYPERPRIVOP_GET_EFLAG   0x16
#define HYPERPRIVOP_SET_EFLAG   0x17
#define HYPERPRIVOP_RSM_BE      0x18
#define HYPERPRIVOP_GET_PSR     0x19
#define HYPERPRIVOP_SET_RR0_TO_RR4 0x1a
#define HYPERPRIVOP_MAX         0x1a

/* Where the shared pages are, in a guest's virtual addresses, readable and writable at privilege level 1. */
#define XSI_BASE                0xf100000000000000UL
#define XSI_SHARED_INFO         XSI_BASE
#define XMAPPEDREGS_OFS         0x4000
#define XMAPPEDREGS_BASE        (XSI_BASE + XMAPPEDREGS_OFS)

/*
 * Hypercalls of class 0 by a call instead of a break: br.call to this address, at privilege level 1. Number, arguments and result as above; all scratch
 * registers are lost. What it does not do itself, the break behind it does, with a br.ret.
 */
#define XEN_FAST_HYPERCALL      (XSI_BASE + 0x8000)
#define XEN_FAST_HYPERCALL_BREAK (XEN_FAST_HYPERCALL + 0x80)

#ifndef __ASSEMBLY__

#define ___DEFINE_XEN_GUEST_HANDLE(name, type)                  \
    typedef union { type *p; unsigned long __attribute__((aligned(8))) q; } \
        __guest_handle_ ## name
#define __DEFINE_XEN_GUEST_HANDLE(name, type)                   \
    ___DEFINE_XEN_GUEST_HANDLE(name, type);                     \
    ___DEFINE_XEN_GUEST_HANDLE(const_##name, const type)
#define DEFINE_XEN_GUEST_HANDLE(name)   __DEFINE_XEN_GUEST_HANDLE(name, name)
#define __XEN_GUEST_HANDLE(name)        __guest_handle_ ## name
#define XEN_GUEST_HANDLE(name)          __XEN_GUEST_HANDLE(name)
#define XEN_GUEST_HANDLE_PARAM(name)    XEN_GUEST_HANDLE(name)
#define set_xen_guest_handle_raw(hnd, val) do { (hnd).p = (val); } while ( 0 )
#define set_xen_guest_handle(hnd, val)  set_xen_guest_handle_raw(hnd, val)
#ifdef __XEN_TOOLS__
#define get_xen_guest_handle(val, hnd)  do { val = (hnd).p; } while ( 0 )
#endif

typedef uint64_t xen_pfn_t;
#define PRI_xen_pfn PRIx64
/* A code address: what CALLBACKOP_register takes. */
typedef unsigned long xen_callback_t;

typedef uint64_t xen_callback_t;
typedef uint64_t xen_ulong_t;
#define PRI_xen_ulong PRIx64

/* vcpu_info has evtchn_upcall_mask. */
#define XEN_HAVE_PV_UPCALL_MASK 1

/* Maximum number of vcpus whose vcpu_info is in shared_info. */
#define XEN_LEGACY_MAX_VCPUS 32

/* vcpu_info has evtchn_upcall_mask: the virtual psr.i, inverted. */
#define XEN_HAVE_PV_UPCALL_MASK 1

/*
 * The page of a vcpu's virtual privileged registers. Offsets are ABI: hyperprivops and paravirtualised code use them. vpsr is psr as the guest
 * believes it to be, less the user mask, ic (interrupt_collection_enabled) and i (*interrupt_mask_addr, inverted).
 */
struct mapped_regs {
    uint8_t  reserved0[0x400];
    uint64_t vbank1[16];                /* 0x400 r16-r31 of bank 1 while bank 0 is live */
    uint64_t vbank0[16];                /* 0x480 r16-r31 of bank 0 while bank 1 is live */
    uint64_t vnat;                      /* 0x500 NaT bits (15:0) of vbank1 */
    uint64_t vbnat;                     /* 0x508 NaT bits (15:0) of vbank0 */
    uint64_t vcpuid[5];                 /* 0x510 */
    uint8_t  reserved1[0x590 - 0x538];
    uint64_t vpsr;                      /* 0x590 */
    uint64_t vpr;                       /* 0x598 */
    uint8_t  reserved2[0x800 - 0x5a0];
    uint64_t vcr[128];                  /* 0x800, by control register number */
    uint64_t precover_ifs;              /* 0xc00 the frame at the last interruption */
    uint64_t unat;                      /* 0xc08 kept by paravirtualised entry code */
    int32_t  interrupt_collection_enabled; /* 0xc10 virtual psr.ic */
    uint8_t  reserved3[4];
    uint64_t interrupt_mask_addr;       /* 0xc18 address (in the guest) of this vcpu's evtchn_upcall_mask; the byte before it is "pending" */
    int32_t  pending_interruption;      /* 0xc20 */
    int32_t  incomplete_regframe;       /* 0xc24 isr.ir at the last interruption */
    uint8_t  reserved4[0xc48 - 0xc28];
    int32_t  metaphysical_mode;         /* 0xc48 1: psr.dt, it or rt is off: addresses are guest-physical */
    int32_t  banknum;                   /* 0xc4c 0 or 1: the bank the guest believes live */
    uint64_t rrs[8];                    /* 0xc50 region registers as the guest wrote them */
    uint64_t krs[8];                    /* 0xc90 */
    uint64_t tmp[16];                   /* 0xcd0 */
    uint64_t itc_offset;                /* 0xd50 virtual ar.itc = ar.itc + itc_offset */
    uint64_t itc_last;                  /* 0xd58 */
    uint8_t  reserved5[0x1000 - 0xd60];
};

struct arch_vcpu_info {
    uint64_t pad[2];                    /* vcpu_info is 64 bytes */
};
typedef struct arch_vcpu_info arch_vcpu_info_t;

struct arch_shared_info {
    uint64_t start_info_pfn;            /* guest frame of start_info */
    int32_t  evtchn_vector;             /* vector pended in the virtual SAPIC for an event, 0: none */
    uint32_t pad[1];
    uint64_t memmap_info_num_pages;
    uint64_t memmap_info_pfn;
    uint64_t flags;
};
typedef struct arch_shared_info arch_shared_info_t;

/* What a vcpu starts with (VCPUOP_initialise, XEN_DOMCTL_{get,set}vcpucontext). */
struct vcpu_guest_context_fpreg {
    uint64_t u[2];
};
struct vcpu_guest_context_tr {
    uint64_t pte, itir, va;             /* pte.p 0: not in use */
    uint64_t rid;                       /* it belongs to, whatever region registers have now */
};
struct vcpu_guest_context {
#define VGCF_ONLINE (1UL << 0)
#define VGCF_PMU    (1UL << 1)          /* performance monitors are in use: pmc, pmd */
    uint64_t flags;
    uint64_t gr[32];                    /* gr[0] is not used */
    uint64_t gr_nat;                    /* bit n: gr[n] is NaT */
    uint64_t br[8];
    uint64_t pr;
    uint64_t psr;                       /* virtual psr: cpl 0 is the guest's kernel */
    uint64_t ip;                        /* bundle; slot in psr.ri */
    uint64_t cfm;
    uint64_t ar[128];                   /* those that exist; itc 0: the machine's */
    uint64_t cr[128];                   /* virtual control registers; irr0-irr3: interrupts that are pending */
    uint64_t insvc[4];                  /* vectors in service, as irr has them */
    uint64_t rr[8];
    uint64_t pkr[16];
    uint64_t dbr[16], ibr[16];
    uint64_t vbank[16];                 /* r16-r31 of the bank not live */
    uint64_t vbank_nat;
    uint64_t stacked[96 + 4];           /* dirty stacked registers with their RNAT collections, as in memory */
    uint64_t stacked_bytes;
    uint64_t precover_ifs;              /* bit 63: the frame is one that could not be loaded, and this is its cr.ifs */
    uint64_t pmc[32], pmd[32];
    struct vcpu_guest_context_fpreg fr[128];
    struct vcpu_guest_context_tr itr[16], dtr[16];
    uint64_t event_callback_ip;
};
typedef struct vcpu_guest_context vcpu_guest_context_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_guest_context_t);

/* Counters are the guest's own (pmc, pmd): nothing is shared with Xen. */
struct xen_pmu_arch {
    uint8_t dummy;
};
typedef struct xen_pmu_arch xen_pmu_arch_t;

struct xen_arch_domainconfig {
    uint32_t flags;
    uint32_t pad;
};

#endif /* !__ASSEMBLY__ */

#endif /* __XEN_PUBLIC_ARCH_IA64_H__ */
