/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interruptions between processors, by the processor interrupt block (SDM 2:5.8.4): a store to base + lid sends a vector.
 */
#include <xen/cpumask.h>
#include <xen/delay.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/smp.h>

/* Where it is unless PAL_PLATFORM_ADDR has moved it: nobody does. */
#define PIB_BASE    0xfee00000UL

void ia64_send_ipi(uint16_t lid, unsigned int vector, unsigned int delivery_mode)
{
    /* What was written before is seen by whoever is interrupted. */
    smp_mb();
    writeq((uint64_t)delivery_mode << 8 | vector, maddr_to_uncached(PIB_BASE + ((unsigned long)lid << 4)));
}

static void send_mask(const cpumask_t *mask, unsigned int vector)
{
    unsigned int cpu;

    /* To one that SAL has, an interrupt may be a call to start. */
    for_each_cpu ( cpu, mask )
        if ( cpu_online(cpu) )
            ia64_send_ipi(cpu_physical_id(cpu), vector, 0);
}

void smp_send_event_check_mask(const cpumask_t *mask)
{
    send_mask(mask, IPI_EVENT_CHECK_VECTOR);
}

void smp_send_call_function_mask(const cpumask_t *mask)
{
    cpumask_t others;

    cpumask_andnot(&others, mask, cpumask_of(smp_processor_id()));
    send_mask(&others, IPI_CALL_FUNCTION_VECTOR);

    if ( cpumask_test_cpu(smp_processor_id(), mask) )
    {
        unsigned long flags;

        local_irq_save(flags);
        smp_call_function_interrupt();
        local_irq_restore(flags);
    }
}

void smp_send_state_dump(unsigned int cpu)
{
    ia64_send_ipi(cpu_physical_id(cpu), IPI_STATE_DUMP_VECTOR, 0);
}

/* Crash, shutdown: the others stop where they are. */
void smp_stop_interrupt(void)
{
    local_irq_disable();
    cpumask_clear_cpu(smp_processor_id(), &cpu_online_map);
    for ( ; ; )
        ia64_pal(PAL_HALT_LIGHT, 0, 0, 0);
}

void smp_send_stop(void)
{
    cpumask_t others;
    unsigned int i;

    cpumask_andnot(&others, &cpu_online_map, cpumask_of(smp_processor_id()));
    send_mask(&others, IPI_CPU_STOP_VECTOR);
    for ( i = 0; i < 10000 && num_online_cpus() > 1; i++ )
        udelay(10);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
