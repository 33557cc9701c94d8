/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time: ar.itc, the interval time counter of each processor, and its match register cr.itm (SDM 2:3.3.4.2). Its frequency is the platform's base
 * (SAL_FREQ_BASE) times a ratio (PAL_FREQ_RATIOS). The counters of all processors are brought together as each starts (smpboot.c).
 */
#include <xen/delay.h>
#include <xen/efi.h>
#include <xen/event.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/time.h>
#include <asm/irq.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/time.h>

unsigned long __read_mostly cpu_khz;            /* of ar.itc */

static uint64_t __read_mostly boot_itc;
static uint64_t __read_mostly ns_per_itc;       /* 32.32 */
static uint64_t __read_mostly itc_per_ns;

static uint64_t scale(uint64_t val, uint64_t mul)
{
    return ((unsigned __int128)val * mul) >> 32;
}

uint64_t ia64_itc_to_ns(uint64_t itc)
{
    return scale(itc, ns_per_itc);
}

uint64_t ia64_ns_to_itc(uint64_t ns)
{
    return scale(ns, itc_per_ns);
}

void __init preinit_xen_time(void)
{
    struct sal_result base = ia64_sal_call(SAL_FREQ_BASE, SAL_FREQ_BASE_PLATFORM, 0, 0, 0, 0, 0, 0);
    struct pal_result ratios = ia64_pal_call(PAL_FREQ_RATIOS, 0, 0, 0);
    uint64_t num = ratios.v2 >> 32, den = (uint32_t)ratios.v2;

    if ( base.status || ratios.status || !num || !den || !base.v0 )
        panic("Time: firmware does not tell the frequency of ar.itc (SAL_FREQ_BASE %ld, PAL_FREQ_RATIOS %ld)\n", base.status, ratios.status);

    cpu_khz = base.v0 * num / den / 1000;
    ns_per_itc = ((1000000UL << 32) + cpu_khz / 2) / cpu_khz;
    itc_per_ns = ((cpu_khz << 32) + 999999) / 1000000;
    boot_itc = ia64_getreg(ar.itc);
}

int __init init_xen_time(void)
{
    printk("ar.itc: %lu.%03lu MHz\n", cpu_khz / 1000, cpu_khz % 1000);
    if ( sal_platform_features & SAL_FEATURE_ITC_DRIFT )
        printk(XENLOG_WARNING "The processors' ar.itc may drift apart, says SAL\n");

    if ( efi_enabled(EFI_RS) )
        do_settime(efi_get_time(), 0, NOW());

    return 0;
}

s_time_t get_s_time_fixed(uint64_t at)
{
    return ia64_itc_to_ns((at ?: ia64_getreg(ar.itc)) - boot_itc);
}

s_time_t get_s_time(void)
{
    return get_s_time_fixed(0);
}

/*
 * cr.itm matches only as ar.itc passes it: a deadline that is just gone would come again in centuries. 0 says that the deadline is past; the
 * caller then acts as if it had come.
 */
int reprogram_timer(s_time_t timeout)
{
    uint64_t deadline;

    if ( timeout == 0 )
    {
        ia64_setreg(cr.itv, IA64_TIMER_VECTOR | IA64_LVT_MASKED);
        ia64_srlz_d();
        return 1;
    }

    /* One more, so that NOW() is not below the timeout when it comes. */
    deadline = boot_itc + ia64_ns_to_itc(timeout) + 1;
    ia64_setreg(cr.itm, deadline);
    ia64_setreg(cr.itv, IA64_TIMER_VECTOR);
    ia64_srlz_d();

    return (int64_t)(deadline - ia64_getreg(ar.itc)) > 0;
}

void timer_interrupt(struct cpu_user_regs *regs)
{
    raise_softirq(TIMER_SOFTIRQ);
}

void init_timer_interrupt(void)
{
    ia64_setreg(cr.itv, IA64_TIMER_VECTOR | IA64_LVT_MASKED);
    ia64_srlz_d();
}

void udelay(unsigned long usecs)
{
    uint64_t start = ia64_getreg(ar.itc), len = usecs * cpu_khz / 1000;

    while ( ia64_getreg(ar.itc) - start < len )
        cpu_relax();
}

void send_timer_event(struct vcpu *v)
{
    send_guest_vcpu_virq(v, VIRQ_TIMER);
}

/* vcpu_info.time: how a paravirtualised guest gets system time from ar.itc ("tsc"). */
void update_vcpu_system_time(struct vcpu *v)
{
    struct vcpu_time_info *u;
    uint64_t mul = ns_per_itc, itc;
    int8_t shift = 0;

    if ( is_idle_vcpu(v) || !v->vcpu_info )
        return;

    /* ns = ((delta << shift) * mul) >> 32, mul of 32 bits with the topmost one set. */
    while ( mul >> 32 )
    {
        mul >>= 1;
        shift++;
    }
    while ( !(mul >> 31) )
    {
        mul <<= 1;
        shift--;
    }

    u = &vcpu_info(v, time);
    u->version |= 1;
    smp_wmb();
    itc = ia64_getreg(ar.itc);
    u->tsc_timestamp = itc;
    u->system_time = get_s_time_fixed(itc);
    u->tsc_to_system_mul = mul;
    u->tsc_shift = shift;
    smp_wmb();
    u->version++;
}

void force_update_vcpu_system_time(struct vcpu *v)
{
    update_vcpu_system_time(v);
}

void domain_set_time_offset(struct domain *d, int64_t time_offset_seconds)
{
    d->time_offset.seconds = time_offset_seconds;
    d->time_offset.set = true;
    update_domain_wallclock_time(d);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
