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

/* What the caller keeps in memory of the registers: those in the mask, in four areas that begin with these; the others are used themselves. */
#define FP_PARTS 4
static const uint8_t fp_part_first[FP_PARTS] = { 2, 6, 16, 32 };
#define FP_XENS 0xfc0UL         /* f6-f11 are Xen's own while it runs */

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

/* The registers of the mask, to or from the guest's areas: no byte more, since what lies beside may be anybody's. */
static bool fp_exchange(const struct fp_state *s, struct ia64_fpreg fr[126], bool load)
{
    unsigned int f, part = 0;

    for ( f = 2; f < 128; f++ )
    {
        uint64_t at;

        if ( part + 1 < FP_PARTS && f == fp_part_first[part + 1] )
            part++;
        if ( !(s->mask[f / 64] >> (f % 64) & 1) )
            continue;
        at = s->part[part] + (f - fp_part_first[part]) * sizeof(fr[0]);
        if ( !(load ? from_guest(&fr[f - 2], at, sizeof(fr[0])) : to_guest(at, &fr[f - 2], sizeof(fr[0]))) )
            return false;
    }
    return true;
}

#define FPSWA_ARGS 8            /* trap, bundle, ipsr, fsr, isr, preds, ifs, fp_state */

static bool fpswa(struct vcpu *v, struct cpu_user_regs *regs, struct fpswa_ret *ret)
{
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
    /* Whoever has faulted code keeps f6-f11, as the FPSWA specification has it of the handler's caller. */
    if ( (guest.mask[0] & FP_XENS) != FP_XENS )
    {
        gdprintk(XENLOG_WARNING, "FPSWA without f6-f11 in memory\n");
        return false;
    }
    if ( !fp_exchange(&guest, fr, true) )
        return false;
    own = guest;
    for ( i = 0; i < FP_PARTS; i++ )
        own.part[i] = (uint64_t)&fr[fp_part_first[i] - 2];

    *ret = ia64_fpswa_call(arg[0], bundle, &val[0], &val[1], &val[2], &val[3], &val[4], &own);
    regs->cr_ipsr |= ia64_getreg(psr) & (IA64_PSR_MFL | IA64_PSR_MFH);

    for ( i = 0; i < ARRAY_SIZE(val); i++ )
        if ( !to_guest(arg[2 + i], &val[i], sizeof(val[i])) )
            return false;
    return fp_exchange(&guest, fr, false);
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
