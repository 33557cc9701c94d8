/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's PAL procedures (SDM 2:11.10). What only describes the processor comes from the machine's PAL; what is different for a guest (its
 * translation resources, its processor's state) is answered here; what would change the machine is refused.
 */
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>

#include <asm/pal.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>

#include "guestfw.h"

/* What PAL_VM_SUMMARY's words hold (SDM 2:11.10.3, PAL_VM_SUMMARY). */
static struct pal_result vm_summary(void)
{
    struct pal_result r = ia64_pal(PAL_VM_SUMMARY, 0, 0, 0);

    if ( r.status )
        return r;

    /* vm_info_1: max_pkr 23:16, max_dtr_entry 39:32, max_itr_entry 47:40, the numbers of the last ones. */
    r.v0 &= ~((0xffUL << 16) | (0xffUL << 32) | (0xffUL << 40));
    r.v0 |= ((VTLB_NR_PKRS - 1UL) << 16) | ((VTLB_NR_TRS - 1UL) << 32) | ((VTLB_NR_TRS - 1UL) << 40);
    /* vm_info_2: impl_va_msb 7:0, rid_size 15:8. */
    r.v1 &= ~0xff00UL;
    r.v1 |= (uint64_t)GUEST_RID_BITS << 8;

    return r;
}

static void halt_light(struct vcpu *v)
{
    /* Until an interrupt is pending, whatever psr.i is (SDM 2:11.10.3, PAL_HALT_LIGHT). */
    if ( !vcpu_has_pending(v) )
    {
        vcpu_block();
        if ( vcpu_has_pending(v) )
            vcpu_unblock(v);
    }
}

void guestfw_pal(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    struct pal_result r = { PAL_STATUS_UNIMPLEMENTED };
    uint64_t index, a[3];
    unsigned int i;

    /* Static convention: r28-r31. Stacked: in0-in3, r28 has the index too (SDM 2:11.10.2.1). */
    index = regs->gr[28];
    if ( pal_is_stacked(index) )
    {
        for ( i = 0; i < 3; i++ )
            if ( vcpu_get_gr(regs, 33 + i, &a[i]) )
                a[i] = 0;
    }
    else
    {
        for ( i = 0; i < 3; i++ )
            a[i] = regs->gr[29 + i];
        /* To the third bundle of the entry point, which returns without a frame (guestfw-entry.S). */
        regs->cr_iip = (regs->cr_iip & ~0xfUL) + 16;
        regs->cr_ipsr &= ~(3UL << IA64_PSR_RI_SHIFT);
    }

    if ( regs_nat(regs, 28) )
    {
        r.status = PAL_STATUS_EINVAL;
        goto out;
    }

    switch ( index )
    {
    case PAL_CACHE_INFO:
    case PAL_CACHE_SUMMARY:
    case PAL_CACHE_PROT_INFO:
    case PAL_CACHE_SHARED_INFO:
    case PAL_MEM_ATTRIB:
    case PAL_PTCE_INFO:
    case PAL_DEBUG_INFO:
    case PAL_FREQ_BASE:
    case PAL_FREQ_RATIOS:
    case PAL_PERF_MON_INFO:
    case PAL_RSE_INFO:
    case PAL_VERSION:
    case PAL_VM_PAGE_SIZE:
    case PAL_REGISTER_INFO:
    case PAL_BUS_GET_FEATURES:
    case PAL_PROC_GET_FEATURES:
    case PAL_HALT_INFO:
    case PAL_COPY_INFO:
        if ( index == PAL_HALT_INFO || index == PAL_PERF_MON_INFO )
        {
            /* They fill a buffer of the guest's: a copy of ours goes there. */
            uint64_t buf[16] = {};
            unsigned int len = index == PAL_HALT_INFO ? 64 : 128;

            r = ia64_pal(index, (uint64_t)buf, a[1], a[2]);
            if ( !r.status && raw_copy_to_guest((void *)a[0], buf, len) )
            {
                if ( guest_hypercall_retry(regs) )
                    return;
                r.status = PAL_STATUS_EINVAL;
            }
        }
        else
            r = ia64_pal(index, a[0], a[1], a[2]);
        break;

    case PAL_VM_INFO:
        r = ia64_pal(index, a[0], a[1], a[2]);
        break;

    case PAL_VM_SUMMARY:
        r = vm_summary();
        break;

    case PAL_BRAND_INFO:
    {
        char brand[128] = {};

        r = ia64_pal(index, a[0], (uint64_t)brand, 0);
        if ( !r.status && raw_copy_to_guest((void *)a[1], brand, sizeof(brand)) )
        {
            if ( guest_hypercall_retry(regs) )
                return;
            r.status = PAL_STATUS_EINVAL;
        }
        break;
    }

    case PAL_LOGICAL_TO_PHYSICAL:
    {
        /* One core, one thread a package. */
        unsigned int nr = v->domain->max_vcpus;

        r.status = a[0] == ~0UL || a[0] < nr ? PAL_STATUS_SUCCESS : PAL_STATUS_EINVAL;
        r.v0 = 1 | (1UL << 16) | (1UL << 32);
        r.v1 = 0;
        r.v2 = v->vcpu_id;
        break;
    }

    case PAL_FIXED_ADDR:
        r.status = PAL_STATUS_SUCCESS;
        r.v0 = v->vcpu_id;
        break;

    case PAL_CACHE_FLUSH:
        r = ia64_pal(PAL_CACHE_FLUSH, a[0], a[1] & ~1UL, 0);
        break;

    case PAL_PREFETCH_VISIBILITY:
    case PAL_MC_DRAIN:
    case PAL_MC_EXPECTED:
    case PAL_MC_CLEAR_LOG:
    case PAL_CACHE_INIT:
    case PAL_PLATFORM_ADDR:
    case PAL_PMI_ENTRYPOINT:
        r.status = PAL_STATUS_SUCCESS;
        break;

    case PAL_MC_REGISTER_MEM:
        if ( (a[0] & 511) || !(a[0] & ~(1UL << 63)) )
            r.status = PAL_STATUS_EINVAL;
        else
        {
            v->arch.min_state = a[0] & ~(1UL << 63);
            r.status = PAL_STATUS_SUCCESS;
        }
        break;

    case PAL_PROC_SET_FEATURES:
    case PAL_BUS_SET_FEATURES:
        /* The machine's features are Xen's. */
        r.status = PAL_STATUS_SUCCESS;
        break;

    case PAL_HALT_LIGHT:
        halt_light(v);
        r.status = PAL_STATUS_SUCCESS;
        break;

    case PAL_HALT:
    case PAL_SHUTDOWN:
        /* Nothing wakes it but a boot rendezvous. */
        v->is_initialised = 0;
        set_bit(_VPF_down, &v->pause_flags);
        vcpu_sleep_nosync(v);
        r.status = PAL_STATUS_SUCCESS;
        break;

    case PAL_COPY_PAL:
        /* The entry point may be used from wherever it was copied to. */
        r.status = PAL_STATUS_SUCCESS;
        r.v0 = 0;
        break;

    case PAL_MC_ERROR_INFO:
    case PAL_MC_DYNAMIC_STATE:
    case PAL_VM_TR_READ:
    case PAL_GET_PSTATE:
    case PAL_SET_PSTATE:
        r.status = PAL_STATUS_UNIMPLEMENTED;
        break;

    default:
        gprintk(XENLOG_DEBUG, "unimplemented: PAL procedure %lu\n", index);
        break;
    }

 out:
    regs->gr[8] = r.status;
    regs->gr[9] = r.v0;
    regs->gr[10] = r.v1;
    regs->gr[11] = r.v2;
    regs->gr_nat &= ~(0xfUL << 8);

    /*
     * Translation caches may lose entries at any time (SDM 2:4.1.1.2), and on a processor they do: there are some hundred. A vcpu's live in the VHPT
     * until somebody purges them, and Linux depends on one that it does not purge to be gone: it moves processor 0's per-CPU area, and what
     * it writes there by the old translation, PTCE parameters among it, is lost, so that its flush_tlb_all() does nothing there for ever. PAL
     * procedures are called before that, and seldom later.
     */
    if ( index != PAL_HALT_LIGHT )
        vcpu_ptc_e(v);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
