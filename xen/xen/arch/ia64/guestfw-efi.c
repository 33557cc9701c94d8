/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's EFI runtime services (UEFI 2.x 8). The hardware domain's reach the machine's firmware by common/efi/runtime.c; other domains have time and
 * reset, and no variables.
 */
#include <xen/efi.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/shutdown.h>
#include <xen/time.h>
#include <xen/xmalloc.h>
#include <public/platform.h>
#include <public/sched.h>

#include <asm/vcpu.h>

#include "guestfw.h"

#define EFI_SUCCESS             0UL
#define EFI_ERROR(n)            (0x8000000000000000UL | (n))
#define EFI_INVALID_PARAMETER   EFI_ERROR(2)
#define EFI_UNSUPPORTED         EFI_ERROR(3)
#define EFI_BUFFER_TOO_SMALL    EFI_ERROR(5)
#define EFI_DEVICE_ERROR        EFI_ERROR(7)
#define EFI_OUT_OF_RESOURCES    EFI_ERROR(9)
#define EFI_NOT_FOUND           EFI_ERROR(14)

/* The largest variable anybody may read or write here. */
#define VARIABLE_MAX            0x10000UL

struct call {
    struct cpu_user_regs *regs;
    uint64_t arg[5];
    int rc;             /* -EFAULT: a guest buffer could not be reached */
};

static bool get(struct call *c, void *to, uint64_t from, unsigned int len)
{
    if ( raw_copy_from_guest(to, (void *)from, len) == 0 )
        return true;
    c->rc = -EFAULT;
    return false;
}

static bool put(struct call *c, uint64_t to, const void *from, unsigned int len)
{
    if ( raw_copy_to_guest((void *)to, from, len) == 0 )
        return true;
    c->rc = -EFAULT;
    return false;
}

static uint64_t status_of(struct call *c, int rc, const struct xenpf_efi_runtime_call *op)
{
    switch ( rc )
    {
    case 0:
        return op->status;
    case -EFAULT:
        c->rc = -EFAULT;
        return EFI_INVALID_PARAMETER;
    case -ENOMEM:
        return EFI_OUT_OF_RESOURCES;
    case -EINVAL:
    case -EIO:
        return EFI_INVALID_PARAMETER;
    default:
        return EFI_UNSUPPORTED;
    }
}

/* Days to a civil date (proleptic Gregorian; 0000-03-01 based). */
static void civil_time(uint64_t seconds, struct xenpf_efi_time *t)
{
    uint64_t days = seconds / 86400 + 719468, era = days / 146097, doe = days % 146097;
    uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    unsigned int rest = seconds % 86400;

    memset(t, 0, sizeof(*t));
    t->day = doy - (153 * mp + 2) / 5 + 1;
    t->month = mp < 10 ? mp + 3 : mp - 9;
    t->year = yoe + era * 400 + (t->month <= 2);
    t->hour = rest / 3600;
    t->min = rest / 60 % 60;
    t->sec = rest % 60;
    t->tz = 0x7ff;              /* EFI_UNSPECIFIED_TIMEZONE */
}

static uint64_t get_time(struct call *c, struct xenpf_efi_runtime_call *op)
{
    uint64_t status;

    if ( !c->arg[0] )
        return EFI_INVALID_PARAMETER;

    if ( is_hardware_domain(current->domain) )
    {
        op->function = XEN_EFI_get_time;
        status = status_of(c, efi_runtime_call(op), op);
        if ( status )
            return status;
    }
    else
    {
        uint64_t now = get_localtime_us(current->domain);

        civil_time(now / 1000000, &op->u.get_time.time);
        op->u.get_time.time.ns = now % 1000000 * 1000;
        op->u.get_time.resolution = 1;
        op->u.get_time.accuracy = 50000000;
    }

    if ( c->arg[1] )
    {
        struct {
            uint32_t resolution, accuracy;
            uint8_t sets_to_zero, pad[3];
        } caps = { op->u.get_time.resolution, op->u.get_time.accuracy, !!(op->misc & XEN_EFI_GET_TIME_SET_CLEARS_NS), { 0 } };

        if ( !put(c, c->arg[1], &caps, 9) )
            return EFI_INVALID_PARAMETER;
    }

    return put(c, c->arg[0], &op->u.get_time.time, sizeof(op->u.get_time.time)) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}

static uint64_t wakeup_time(struct call *c, struct xenpf_efi_runtime_call *op, bool set)
{
    uint64_t status;
    uint8_t flag;

    if ( set )
    {
        op->function = XEN_EFI_set_wakeup_time;
        op->misc = (c->arg[0] & 0xff ? XEN_EFI_SET_WAKEUP_TIME_ENABLE : 0) | (c->arg[1] ? 0 : XEN_EFI_SET_WAKEUP_TIME_ENABLE_ONLY);
        if ( c->arg[1] && !get(c, &op->u.set_wakeup_time, c->arg[1], sizeof(op->u.set_wakeup_time)) )
            return EFI_INVALID_PARAMETER;
        return status_of(c, efi_runtime_call(op), op);
    }

    op->function = XEN_EFI_get_wakeup_time;
    status = status_of(c, efi_runtime_call(op), op);
    if ( status )
        return status;
    flag = !!(op->misc & XEN_EFI_GET_WAKEUP_TIME_ENABLED);
    if ( c->arg[0] && !put(c, c->arg[0], &flag, 1) )
        return EFI_INVALID_PARAMETER;
    flag = !!(op->misc & XEN_EFI_GET_WAKEUP_TIME_PENDING);
    if ( c->arg[1] && !put(c, c->arg[1], &flag, 1) )
        return EFI_INVALID_PARAMETER;
    if ( c->arg[2] && !put(c, c->arg[2], &op->u.get_wakeup_time, sizeof(op->u.get_wakeup_time)) )
        return EFI_INVALID_PARAMETER;

    return EFI_SUCCESS;
}

/* GetVariable(name, guid, attributes, size, data). */
static uint64_t get_variable(struct call *c, struct xenpf_efi_runtime_call *op)
{
    uint64_t status, size, room;

    if ( !c->arg[0] || !c->arg[1] || !c->arg[3] )
        return EFI_INVALID_PARAMETER;
    if ( !get(c, &op->u.get_variable.vendor_guid, c->arg[1], sizeof(op->u.get_variable.vendor_guid)) || !get(c, &room, c->arg[3], 8) )
        return EFI_INVALID_PARAMETER;
    op->function = XEN_EFI_get_variable;
    op->u.get_variable.name.p = (void *)c->arg[0];
    op->u.get_variable.size = min(room, VARIABLE_MAX);
    op->u.get_variable.data.p = (void *)c->arg[4];
    status = status_of(c, efi_runtime_call(op), op);
    if ( status && status != EFI_BUFFER_TOO_SMALL )
        return status;
    size = op->u.get_variable.size;
    if ( !put(c, c->arg[3], &size, 8) )
        return EFI_INVALID_PARAMETER;
    if ( !status && c->arg[2] && !put(c, c->arg[2], &op->misc, 4) )
        return EFI_INVALID_PARAMETER;

    return status;
}

/* SetVariable(name, guid, attributes, size, data). */
static uint64_t set_variable(struct call *c, struct xenpf_efi_runtime_call *op)
{
    if ( !c->arg[0] || !c->arg[1] )
        return EFI_INVALID_PARAMETER;
    if ( c->arg[3] > VARIABLE_MAX )
        return EFI_OUT_OF_RESOURCES;
    if ( !get(c, &op->u.set_variable.vendor_guid, c->arg[1], sizeof(op->u.set_variable.vendor_guid)) )
        return EFI_INVALID_PARAMETER;
    op->function = XEN_EFI_set_variable;
    op->misc = c->arg[2];
    op->u.set_variable.name.p = (void *)c->arg[0];
    op->u.set_variable.size = c->arg[3];
    op->u.set_variable.data.p = (void *)c->arg[4];

    return status_of(c, efi_runtime_call(op), op);
}

/* GetNextVariableName(size, name, guid). */
static uint64_t get_next_variable_name(struct call *c, struct xenpf_efi_runtime_call *op)
{
    uint64_t status, size;

    if ( !c->arg[0] || !c->arg[1] || !c->arg[2] )
        return EFI_INVALID_PARAMETER;
    if ( !get(c, &size, c->arg[0], 8) ||
         !get(c, &op->u.get_next_variable_name.vendor_guid, c->arg[2], sizeof(op->u.get_next_variable_name.vendor_guid)) )
        return EFI_INVALID_PARAMETER;
    op->function = XEN_EFI_get_next_variable_name;
    op->u.get_next_variable_name.size = min(size, VARIABLE_MAX);
    op->u.get_next_variable_name.name.p = (void *)c->arg[1];
    status = status_of(c, efi_runtime_call(op), op);
    if ( status && status != EFI_BUFFER_TOO_SMALL )
        return status;
    size = op->u.get_next_variable_name.size;
    if ( !put(c, c->arg[0], &size, 8) ||
         (!status && !put(c, c->arg[2], &op->u.get_next_variable_name.vendor_guid, sizeof(op->u.get_next_variable_name.vendor_guid))) )
        return EFI_INVALID_PARAMETER;

    return status;
}

/* SetVirtualAddressMap(size, descriptor size, version, map), in physical mode. Once; all pointers that the guest will follow become virtual. */
static uint64_t set_virtual_address_map(struct call *c)
{
    struct domain *d = current->domain;
    struct guest_firmware *fw = &d->arch.fw;
    uint64_t code = 0, data = 0, at, end = c->arg[3] + c->arg[0];
    struct guestfw_data *t;
    uint64_t status = EFI_SUCCESS;
    unsigned int i;

    if ( c->arg[2] != 1 || c->arg[1] < sizeof(struct guestfw_memdesc) || c->arg[1] > 0x1000 || c->arg[0] > 0x100000 || c->arg[0] % c->arg[1] )
        return EFI_INVALID_PARAMETER;
    if ( !fw->base || fw->virtual_mode )
        return EFI_UNSUPPORTED;

    for ( at = c->arg[3]; at < end; at += c->arg[1] )
    {
        struct guestfw_memdesc md;

        if ( !get(c, &md, at, sizeof(md)) )
            return EFI_INVALID_PARAMETER;
        if ( !(md.attr & GUESTFW_ATTR_RUNTIME) )
            continue;
        if ( fw->base + GUESTFW_CODE - md.phys < md.pages << 12 )
            code = md.virt - md.phys;
        if ( fw->base + GUESTFW_DATA - md.phys < md.pages << 12 )
            data = md.virt - md.phys;
    }
    if ( !code || !data )
        return EFI_NOT_FOUND;

    t = xmalloc(struct guestfw_data);
    if ( !t )
        return EFI_OUT_OF_RESOURCES;
    if ( copy_from_guest_phys(d, fw->base + GUESTFW_DATA, t, sizeof(*t)) )
        status = EFI_DEVICE_ERROR;
    else
    {
        for ( i = 0; i < GUESTFW_EFI_NR; i++ )
        {
            t->desc[i].ip += code;
            t->desc[i].gp += data;
            t->runtime.function[i] += data;
        }
        t->fpswa_desc.ip += code;
        t->fpswa_desc.gp += data;
        t->fpswa.fpswa += data;
        t->systab.fw_vendor += data;
        t->systab.runtime += data;
        t->systab.tables += data;
        guestfw_sum_tables(t);
        if ( copy_to_guest_phys(d, fw->base + GUESTFW_DATA, t, sizeof(*t)) )
            status = EFI_DEVICE_ERROR;
        else
            fw->virtual_mode = true;
    }
    xfree(t);

    return status;
}

void guestfw_efi(struct cpu_user_regs *regs, unsigned int function)
{
    struct vcpu *v = current;
    struct domain *d = v->domain;
    struct xenpf_efi_runtime_call op = {};
    struct call c = { .regs = regs };
    uint64_t status = EFI_UNSUPPORTED;
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(c.arg); i++ )
        if ( vcpu_get_gr(regs, 32 + i, &c.arg[i]) )
            c.arg[i] = 0;

    switch ( function )
    {
    case GUESTFW_EFI_GET_TIME:
        status = get_time(&c, &op);
        break;

    case GUESTFW_EFI_SET_TIME:
        if ( !is_hardware_domain(d) )
            break;
        op.function = XEN_EFI_set_time;
        if ( get(&c, &op.u.set_time, c.arg[0], sizeof(op.u.set_time)) )
            status = status_of(&c, efi_runtime_call(&op), &op);
        break;

    case GUESTFW_EFI_GET_WAKEUP_TIME:
    case GUESTFW_EFI_SET_WAKEUP_TIME:
        if ( is_hardware_domain(d) )
            status = wakeup_time(&c, &op, function == GUESTFW_EFI_SET_WAKEUP_TIME);
        break;

    case GUESTFW_EFI_SET_VIRTUAL_ADDRESS_MAP:
        status = set_virtual_address_map(&c);
        break;

    case GUESTFW_EFI_GET_VARIABLE:
        status = is_hardware_domain(d) ? get_variable(&c, &op) : EFI_NOT_FOUND;
        break;

    case GUESTFW_EFI_SET_VARIABLE:
        if ( is_hardware_domain(d) )
            status = set_variable(&c, &op);
        break;

    case GUESTFW_EFI_GET_NEXT_VARIABLE_NAME:
        status = is_hardware_domain(d) ? get_next_variable_name(&c, &op) : EFI_NOT_FOUND;
        break;

    case GUESTFW_EFI_GET_NEXT_HIGH_MONOTONIC_COUNT:
        if ( !is_hardware_domain(d) )
            break;
        op.function = XEN_EFI_get_next_high_monotonic_count;
        status = status_of(&c, efi_runtime_call(&op), &op);
        if ( !status && !put(&c, c.arg[0], &op.misc, 4) )
            status = EFI_INVALID_PARAMETER;
        break;

    case GUESTFW_EFI_RESET_SYSTEM:
        /* Type 0 cold, 1 warm, 2 shutdown. The whole domain: for domain 0, common code does it to the machine. */
        domain_shutdown(d, c.arg[0] == 2 ? SHUTDOWN_poweroff : SHUTDOWN_reboot);
        status = EFI_SUCCESS;
        break;

    case GUESTFW_EFI_QUERY_VARIABLE_INFO:
        if ( !is_hardware_domain(d) )
            break;
        op.function = XEN_EFI_query_variable_info;
        op.u.query_variable_info.attr = c.arg[0];
        status = status_of(&c, efi_runtime_call(&op), &op);
        if ( !status &&
             (!put(&c, c.arg[1], &op.u.query_variable_info.max_store_size, 8) ||
              !put(&c, c.arg[2], &op.u.query_variable_info.remain_store_size, 8) ||
              !put(&c, c.arg[3], &op.u.query_variable_info.max_size, 8)) )
            status = EFI_INVALID_PARAMETER;
        break;

    default:
        /* ConvertPointer is for the firmware's own drivers, of which there are none; capsules are not for guests. */
        break;
    }

    /* A buffer whose translation the guest has to bring first: the call is made again after that. */
    if ( c.rc == -EFAULT && guest_hypercall_retry(regs) )
        return;

    regs->gr[8] = status;
    regs->gr_nat &= ~(1UL << 8);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
