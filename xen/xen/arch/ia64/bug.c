/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BUG(), WARN(), ASSERT(), run_in_exception_handler(): see asm/bug.h.
 */
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/processor.h>

bool ia64_bug(struct cpu_user_regs *regs)
{
    const struct bug_site *site = (const void *)regs->gr[14];

    switch ( site->type )
    {
    case BUGFRAME_run_fn:
        site->fn(regs);
        break;

    case BUGFRAME_warn:
        printk("Xen WARN at %s:%u\n", site->file, site->line);
        show_execution_state(regs);
        break;

    case BUGFRAME_bug:
        printk("Xen BUG at %s:%u\n", site->file, site->line);
        show_execution_state(regs);
        panic("Xen BUG at %s:%u\n", site->file, site->line);

    case BUGFRAME_assert:
        printk("Assertion '%s' failed at %s:%u\n", site->msg, site->file, site->line);
        show_execution_state(regs);
        panic("Assertion '%s' failed at %s:%u\n", site->msg, site->file, site->line);

    default:
        panic("Unknown bug type %u at %pS\n", site->type, (void *)regs->cr_iip);
    }

    regs_next_slot(regs);

    return true;
}

void vcpu_show_execution_state(struct vcpu *v)
{
    printk("*** Dumping CPU%u guest state (%pv): ***\n", smp_processor_id(), v);

    if ( v == current )
    {
        show_registers(guest_cpu_user_regs());
        return;
    }

    vcpu_pause(v); /* acceptably dangerous */
    show_registers(&v->arch.user_regs);
    vcpu_unpause(v);
}

void arch_dump_shared_mem_info(void)
{
}
