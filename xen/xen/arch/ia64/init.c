/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * INIT (SDM 2:11.4; SAL specification, 5): the machine's button, and what one processor may send another. Every processor notes what it was doing and goes
 * on; an interrupt that each sends itself prints all of it, on the first that can take it. So nothing is printed where a lock may be held,
 * and a processor that was in physical mode or in firmware is no special case. If nobody has printed by the next INIT, that prints, whatever is locked.
 *
 * Also NMI, the interrupt, which comes only where interrupts are enabled.
 */
#include <xen/console.h>
#include <xen/delay.h>
#include <xen/event.h>
#include <xen/init.h>
#include <xen/kernel.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/time.h>

#include <asm/guestfw.h>
#include <asm/irq.h>
#include <asm/mca.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/salblock.h>
#include <asm/vcpu.h>

/*
 * nmi=fatal: the dump, then a panic. nmi=dom0: it is domain 0's, Xen says nothing. nmi=ignore: nobody's. Otherwise: the dump, and everything goes on.
 */
static char __read_mostly opt_nmi[8];
string_param("nmi", opt_nmi);

extern char os_init_monarch_entry[], os_init_slave_entry[];

/* Set by the monarch, taken by who prints. */
static volatile bool init_pending;
static s_time_t init_at;
static bool init_printing;

/*
 * Another INIT is one so much later: several processors may take themselves for the monarch of the same. Who is printing has more time, before his locks
 * are broken.
 */
#define INIT_AGAIN      (init_printing ? SECONDS(10) : MILLISECS(500))

static struct init_record *record_of(unsigned int cpu)
{
    return &stack_sal_block(stack_base[cpu])->init;
}

/* --- in the handler: no locks, no memory but this processor's --- */

static void trace_words(struct init_record *r, const uint64_t *from, const uint64_t *to, int step)
{
    for ( ; from != to && r->nr_trace < ARRAY_SIZE(r->trace); from += step )
        if ( is_active_kernel_text(*from) )
            r->trace[r->nr_trace++] = *from;
}

/* As show_stack(): what looks like a return address, innermost first. The last of the register stack are on our own, where entry took them. */
static void trace_xen(struct init_record *r, const struct sal_block *block)
{
    const struct cpu_user_regs *regs = &r->regs;
    unsigned long base = (unsigned long)get_cpu_info() & ~(STACK_SIZE - 1), sp = regs->gr[12] & ~7UL, store = regs->ar_bspstore & ~7UL;
    unsigned int dirty = regs->loadrs >> IA64_RSC_LOADRS_SHIFT >> 3;

    ia64_flushrs();
    if ( is_active_kernel_text(regs->br[0]) )
        r->trace[r->nr_trace++] = regs->br[0];
    trace_words(r, (const uint64_t *)block->stack + dirty - 1, (const uint64_t *)block->stack - 1, -1);
    if ( store > base && store - base < STACK_SIZE )
        trace_words(r, (const uint64_t *)store - 1, (const uint64_t *)base - 1, -1);
    if ( sp > base && sp - base < STACK_SIZE )
        trace_words(r, (const uint64_t *)sp, (const uint64_t *)get_cpu_info(), 1);
}

static void record(const struct cpu_user_regs *regs)
{
    const struct sal_block *block = stack_sal_block(stack_base[smp_processor_id()]);
    struct init_record *r = record_of(smp_processor_id());

    r->valid = false;
    r->nr_trace = 0;
    r->regs = *regs;
    r->domid = current->domain->domain_id;
    r->vcpuid = current->vcpu_id;
    r->has_guest = !guest_mode(regs) && !is_idle_vcpu(current);
    if ( r->has_guest )
        r->guest = *guest_cpu_user_regs();
    if ( !guest_mode(regs) )
        trace_xen(r, block);
    smp_wmb();
    r->valid = true;
}

/* --- what was noted --- */

static void wait_for_records(void)
{
    unsigned int i, cpu;

    for ( i = 0; i < 100; i++ )
    {
        for_each_online_cpu ( cpu )
            if ( !record_of(cpu)->valid )
                break;
        if ( cpu >= nr_cpu_ids )
            break;
        mdelay(1);
    }
    smp_rmb();
}

static void show_record(unsigned int cpu, const char *what)
{
    const struct init_record *r = record_of(cpu);
    unsigned int i;

    if ( !r->valid )
    {
        printk("*** %s: CPU%u has not answered ***\n", what, cpu);
        return;
    }
    if ( r->domid == DOMID_IDLE )
        printk("*** %s: CPU%u, idle ***\n", what, cpu);
    else
        printk("*** %s: CPU%u, d%uv%u ***\n", what, cpu, r->domid, r->vcpuid);
    show_registers_of(&r->regs, cpu);
    if ( r->nr_trace )
        printk("Possible return addresses:\n");
    for ( i = 0; i < r->nr_trace; i++ )
        printk("   %016lx %pS\n", r->trace[i], (void *)r->trace[i]);
    if ( r->has_guest )
    {
        printk("The guest's:\n");
        show_registers_of(&r->guest, cpu);
    }
}

static void show_records(void)
{
    unsigned int cpu;

    wait_for_records();
    for_each_online_cpu ( cpu )
    {
        show_record(cpu, "INIT");
        record_of(cpu)->valid = false;
    }
    init_pending = false;
    printk("*** INIT: end ***\n");
}

void event_dump(const struct cpu_user_regs *regs, const char *what)
{
    record(regs);
    show_record(smp_processor_id(), what);
}

/* From mca.c, on the stack behind the stack block. */
void init_event(struct sal_event *e)
{
    bool monarch = e->which == SAL_EVENT_INIT_MONARCH && (!init_at || NOW() - init_at > INIT_AGAIN), again = monarch && init_pending;

    if ( opt_nmi[0] == 'i' )
        return;

    if ( monarch )
    {
        init_at = NOW();
        smp_wmb();
        init_pending = true;
    }
    record(&e->regs);

    if ( monarch && (opt_nmi[0] == 'f' || again) )
    {
        console_force_unlock();
        console_start_sync();
        show_records();
        if ( opt_nmi[0] == 'f' )
            panic("INIT, and nmi=fatal\n");
        console_end_sync();
        return;
    }

    ia64_send_ipi(cpu_physical_id(smp_processor_id()), IPI_INIT_VECTOR, 0);
}

void init_interrupt(void)
{
    sal_records_collect(SAL_INFO_INIT);
    mca_report();
    if ( !init_pending || test_and_set_bool(init_printing) )
        return;
    if ( init_pending )
    {
        if ( opt_nmi[0] == 'd' && guestfw_init_domain(hardware_domain) )
            init_pending = false;
        else
            show_records();
    }
    smp_mb();
    init_printing = false;
}

void nmi_interrupt(struct cpu_user_regs *regs)
{
    unsigned long flags;

    switch ( opt_nmi[0] )
    {
    case 'i':
        break;

    case 'd':
        if ( hardware_domain && hardware_domain->vcpu && hardware_domain->vcpu[0] )
            vlsapic_set_irq(hardware_domain->vcpu[0], IA64_VECTOR_NMI);
        break;

    case 'f':
        fatal_trap(regs, "NMI, and nmi=fatal");

    default:
        flags = console_lock_recursive_irqsave();
        printk("*** NMI: CPU%u, %pv ***\n", smp_processor_id(), current);
        show_execution_state(regs);
        if ( !guest_mode(regs) && !is_idle_vcpu(current) )
        {
            printk("The guest's:\n");
            show_registers(guest_cpu_user_regs());
        }
        console_unlock_recursive_irqrestore(flags);
        break;
    }
}

static int __init cf_check init_register(void)
{
    struct sal_result r = ia64_sal_call(SAL_SET_VECTORS, SAL_VECTOR_OS_INIT, virt_to_maddr(os_init_monarch_entry), 0, 0,
                                        virt_to_maddr(os_init_slave_entry), 0, 0);

    if ( r.status )
        printk(XENLOG_WARNING "SAL does not take an INIT handler (%ld)\n", r.status);

    return 0;
}
__initcall(init_register);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
