/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's end: EFI's ResetSystem(), on one processor, the others stopped.
 */
#include <xen/console.h>
#include <xen/delay.h>
#include <xen/efi.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/shutdown.h>
#include <xen/smp.h>

static void noreturn cf_check halt_this_cpu(void *arg)
{
    local_irq_disable();
    for ( ; ; )
        cpu_relax();
}

static void stop_others(void)
{
    unsigned int timeout = 10;

    watchdog_disable();
    console_start_sync();
    spin_debug_disable();

    if ( system_state < SYS_STATE_smp_boot )
        return;

    local_irq_enable();
    smp_send_stop();
    local_irq_disable();
    while ( num_online_cpus() > 1 && timeout-- )
        mdelay(1);
}

void machine_halt(void)
{
    stop_others();
    efi_halt_system();
    halt_this_cpu(NULL);
}

void machine_restart(unsigned int delay_millisecs)
{
    stop_others();
    mdelay(delay_millisecs);
    efi_reset_system(true);
    halt_this_cpu(NULL);
}
