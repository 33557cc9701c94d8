/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's SAL procedures (SAL specification 9). The hardware domain's PCI configuration goes on in pci.c; it finds the records of the machine's errors
 * that Xen has collected (mca.c).
 */
#include <xen/delay.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/spinlock.h>

#include <asm/mca.h>
#include <asm/pci.h>
#include <asm/sal.h>
#include <asm/vcpu.h>

#include "guestfw.h"

#define SAL_SUCCESS             0
#define SAL_UNIMPLEMENTED       (-1)
#define SAL_INVALID_ARGUMENT    (-2)
#define SAL_ERROR               (-3)
#define SAL_NO_INFORMATION      (-5)

/* The machine's procedures are not reentrant. */
static DEFINE_SPINLOCK(sal_lock);

static struct sal_result set_vectors(struct guest_firmware *fw, const uint64_t *a)
{
    struct sal_result r = { SAL_SUCCESS };

    /* (type, ip1, gp1, length1, ip2, gp2, length2). */
    spin_lock(&fw->lock);
    switch ( a[1] )
    {
    case SAL_VECTOR_OS_MCA:
        fw->mca.ip = a[2];
        fw->mca.gp = a[3];
        break;

    case SAL_VECTOR_OS_INIT:
        fw->init_monarch.ip = a[2];
        fw->init_monarch.gp = a[3];
        fw->init_slave.ip = a[5];
        fw->init_slave.gp = a[6];
        break;

    case SAL_VECTOR_OS_BOOT_RENDEZ:
        fw->boot_rendez.ip = a[2];
        fw->boot_rendez.gp = a[3];
        break;

    default:
        r.status = SAL_INVALID_ARGUMENT;
        break;
    }
    spin_unlock(&fw->lock);

    return r;
}

static struct sal_result machine(const uint64_t *a)
{
    struct sal_result r;

    spin_lock(&sal_lock);
    r = ia64_sal_call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    spin_unlock(&sal_lock);

    return r;
}

/* Records of the machine's errors: what mca.c keeps, for the hardware domain. */
static struct sal_result state_info(struct domain *d, uint64_t type, uint64_t to)
{
    struct sal_result r = { SAL_NO_INFORMATION };
    uint8_t *buf;
    int len;

    if ( type >= SAL_INFO_NR )
        r.status = SAL_INVALID_ARGUMENT;
    if ( r.status == SAL_INVALID_ARGUMENT || !is_hardware_domain(d) || (buf = xmalloc_bytes(sal_record_max)) == NULL )
        return r;

    len = sal_record_get(type, buf);
    if ( len > 0 )
    {
        r.status = raw_copy_to_guest((void *)to, buf, len) ? SAL_ERROR : SAL_SUCCESS;
        r.v0 = len;
    }
    xfree(buf);

    return r;
}

void guestfw_sal(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    struct domain *d = v->domain;
    struct guest_firmware *fw = &d->arch.fw;
    struct sal_result r = { SAL_UNIMPLEMENTED };
    uint64_t a[8];
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(a); i++ )
        if ( vcpu_get_gr(regs, 32 + i, &a[i]) )
            a[i] = 0;

    switch ( a[0] )
    {
    case SAL_SET_VECTORS:
        r = set_vectors(fw, a);
        break;

    case SAL_GET_STATE_INFO:
        /* (type, 0, address) */
        r = state_info(d, a[1], a[3]);
        if ( r.status == SAL_ERROR && guest_hypercall_retry(regs) )
            return;
        break;

    case SAL_CLEAR_STATE_INFO:
        r.status = a[1] < SAL_INFO_NR ? SAL_SUCCESS : SAL_INVALID_ARGUMENT;
        if ( !r.status && is_hardware_domain(d) )
            sal_record_clear(a[1]);
        break;

    case SAL_GET_STATE_INFO_SIZE:
        r.status = a[1] < SAL_INFO_NR ? SAL_SUCCESS : SAL_INVALID_ARGUMENT;
        r.v0 = r.status ? 0 : max(sal_record_max, 0x1000U);
        break;

    case SAL_MC_RENDEZ:
        r.status = SAL_SUCCESS;
        break;

    case SAL_MC_SET_PARAMS:
        /* (type, mechanism, vector, time-out, always) */
        if ( a[1] < 1 || a[1] > 3 )
            r.status = SAL_INVALID_ARGUMENT;
        else
        {
            fw->mc_params[a[1]] = a[3];
            r.status = SAL_SUCCESS;
        }
        break;

    case SAL_REGISTER_PHYSICAL_ADDR:
        r.status = a[1] == 0 ? SAL_SUCCESS : SAL_INVALID_ARGUMENT;
        break;

    case SAL_CACHE_FLUSH:
        r = a[1] >= 1 && a[1] <= 4 ? machine(a) : (struct sal_result){ SAL_INVALID_ARGUMENT };
        break;

    case SAL_CACHE_INIT:
        r.status = SAL_SUCCESS;
        break;

    case SAL_PCI_CONFIG_READ:
        r.status = is_hardware_domain(d) ? pci_guest_read(d, a[1], a[2], a[3], &r.v0) : SAL_INVALID_ARGUMENT;
        break;

    case SAL_PCI_CONFIG_WRITE:
        r.status = is_hardware_domain(d) ? pci_guest_write(d, a[1], a[2], a[3], a[4]) : SAL_INVALID_ARGUMENT;
        break;

    case SAL_FREQ_BASE:
    case SAL_PHYSICAL_ID_INFO:
        r = machine(a);
        break;

    case SAL_UPDATE_PAL:
        r.status = SAL_UNIMPLEMENTED;
        break;

    default:
        gprintk(XENLOG_DEBUG, "unimplemented: SAL procedure %#lx\n", a[0]);
        break;
    }

    regs->gr[8] = r.status;
    regs->gr[9] = r.v0;
    regs->gr[10] = r.v1;
    regs->gr[11] = r.v2;
    regs->gr_nat &= ~(0xfUL << 8);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
