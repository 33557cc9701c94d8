/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Floating-point faults and traps of a guest, and its calls of the software assist (FPSWA). Faults and traps are the guest's own: it decides whether it
 * wants assistance, and calls the FPSWA that its firmware names, whose entry is a hypercall; the machine's FPSWA does the work, on copies of what the
 * guest passes by pointer and on the floating-point registers, which are still the guest's while Xen runs.
 */
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/vcpu.h>

void guest_fp(struct cpu_user_regs *regs, bool trap)
{
    vcpu_reflect_same(trap ? IA64_FP_TRAP_VECTOR : IA64_FP_FAULT_VECTOR, regs);
}

/* What the caller keeps in memory of the registers: f2-f5, f6-f15, f16-f31, f32-f127, each a pointer or null (then the register itself is used). */
#define FP_PARTS 4
static const uint8_t fp_part_regs[FP_PARTS] = { 4, 10, 16, 96 };

struct fp_state {
    uint64_t mask[2];
    uint64_t part[FP_PARTS];
};

static bool from_guest(void *to, uint64_t from, unsigned int len)
{
    return !raw_copy_from_guest(to, (const void *)from, len);
}

static bool to_guest(uint64_t to, const void *from, unsigned int len)
{
    return !raw_copy_to_guest((void *)to, from, len);
}

#define FPSWA_ARGS 8            /* trap, bundle, ipsr, fsr, isr, preds, ifs, fp_state */

static bool fpswa(struct vcpu *v, struct cpu_user_regs *regs, struct fpswa_ret *ret)
{
    static const uint8_t first[FP_PARTS] = { 0, 4, 14, 30 };
    struct ia64_fpreg fr[126];
    struct fp_state guest, own;
    uint64_t arg[FPSWA_ARGS], val[5], bundle[2];
    unsigned int i;

    for ( i = 0; i < FPSWA_ARGS; i++ )
        if ( vcpu_get_gr(regs, 32 + i, &arg[i]) )
            return false;
    if ( !from_guest(bundle, arg[1], sizeof(bundle)) || !from_guest(&guest, arg[7], sizeof(guest)) )
        return false;
    for ( i = 0; i < ARRAY_SIZE(val); i++ )
        if ( !from_guest(&val[i], arg[2 + i], sizeof(val[i])) )
            return false;
    own = guest;
    for ( i = 0; i < FP_PARTS; i++ )
        if ( guest.part[i] )
        {
            if ( !from_guest(&fr[first[i]], guest.part[i], fp_part_regs[i] * sizeof(fr[0])) )
                return false;
            own.part[i] = (uint64_t)&fr[first[i]];
        }

    /*
     * f6-f11 that the guest does not keep in memory are in its frame; Xen's own are live. Whoever has faulted code keeps them, as the FPSWA
     * specification has it that the handler's caller does.
     */
    if ( !guest.part[1] )
    {
        gdprintk(XENLOG_WARNING, "FPSWA without f6-f15 in memory\n");
        return false;
    }

    *ret = ia64_fpswa_call(arg[0], bundle, &val[0], &val[1], &val[2], &val[3], &val[4], &own);
    regs->cr_ipsr |= ia64_getreg(psr) & (IA64_PSR_MFL | IA64_PSR_MFH);

    for ( i = 0; i < ARRAY_SIZE(val); i++ )
        if ( !to_guest(arg[2 + i], &val[i], sizeof(val[i])) )
            return false;
    for ( i = 0; i < FP_PARTS; i++ )
        if ( guest.part[i] && !to_guest(guest.part[i], &fr[first[i]], fp_part_regs[i] * sizeof(fr[0])) )
            return false;
    return true;
}

void fpswa_hypercall(struct cpu_user_regs *regs)
{
    struct vcpu *v = current;
    struct fpswa_ret ret;

    perfc_incr(fpswa);
    if ( !fpswa_interface || !fpswa(v, regs, &ret) )
        ret = (struct fpswa_ret){ .status = -1 };
    regs->gr[8] = ret.status;
    regs->gr[9] = ret.err1;
    regs->gr[10] = ret.err2;
    regs->gr[11] = ret.err3;
    regs->gr_nat &= ~(0xfUL << 8);
}
