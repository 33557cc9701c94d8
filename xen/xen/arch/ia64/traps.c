/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interruption in C: a guest's goes to whoever serves it, one of Xen's own is mended or ends in a crash dump. The one dispatch by vector.
 */
#include <xen/console.h>
#include <xen/kernel.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/symbols.h>
#include <xen/version.h>
#include <asm/guestfw.h>
#include <asm/irq.h>
#include <xen/mm.h>
#include <asm/processor.h>
#include <asm/salblock.h>
#include <asm/setup.h>
#include <asm/vcpu.h>
#include <asm/vtlb.h>

void noreturn ia64_nested_fault(unsigned int vector, uint64_t b0);

static const char *const low_names[] = {
    "VHPT translation", "Instruction TLB", "Data TLB", "Alternate Instruction TLB", "Alternate Data TLB", "Data Nested TLB",
    "Instruction Key Miss", "Data Key Miss", "Dirty Bit", "Instruction Access Bit", "Data Access Bit", "Break", "External Interrupt",
};
static const char *const high_names[] = {
    "Page Not Present", "Key Permission", "Instruction Access Rights", "Data Access Rights", "General Exception", "Disabled FP Register",
    "NaT Consumption", "Speculation", NULL, "Debug", "Unaligned Reference", "Unsupported Data Reference", "Floating-Point Fault",
    "Floating-Point Trap", "Lower-Privilege Transfer Trap", "Taken Branch Trap", "Single Step Trap", "Virtualization",
};

const char *ia64_vector_name(unsigned int vector)
{
    const char *name = NULL;

    if ( vector == SAL_EVENT_VECTOR )
        return "INIT or machine check";
    if ( vector < 0x5000 )
    {
        if ( (vector >> 10) < ARRAY_SIZE(low_names) )
            name = low_names[vector >> 10];
    }
    else if ( ((vector - 0x5000) >> 8) < ARRAY_SIZE(high_names) )
        name = high_names[(vector - 0x5000) >> 8];

    return name ?: "reserved vector";
}

static void show_address(const char *what, uint64_t addr)
{
    if ( is_active_kernel_text(addr) )
        printk("%s %016lx [%pS]\n", what, addr, (void *)addr);
    else
        printk("%s %016lx\n", what, addr);
}

void show_registers_of(const struct cpu_user_regs *regs, unsigned int cpu)
{
    unsigned int i;

    printk("----[ Xen-%d.%d%s  ia64  debug=%c ]----\n", xen_major_version(), xen_minor_version(), xen_extra_version(),
           IS_ENABLED(CONFIG_DEBUG) ? 'y' : 'n');
    printk("CPU:    %u   %s: %s (vector %#x)\n", cpu, guest_mode(regs) ? "guest" : "hypervisor",
           ia64_vector_name(regs->vector), (unsigned int)regs->vector);
    show_address("ip ", regs->cr_iip);
    show_address("b0 ", regs->br[0]);
    printk("psr %016lx (cpl %lu, slot %lu%s%s)  ifs %016lx  isr %016lx\n", regs->cr_ipsr,
           (regs->cr_ipsr & IA64_PSR_CPL) >> IA64_PSR_CPL_SHIFT, (regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT,
           regs->cr_ipsr & IA64_PSR_I ? ", i" : "", regs->cr_ipsr & IA64_PSR_IC ? ", ic" : "", regs->cr_ifs, regs->cr_isr);
    printk("ifa %016lx  itir %016lx  iim %016lx  iha %016lx  iipa %016lx\n", regs->cr_ifa, regs->cr_itir, regs->cr_iim,
           regs->cr_iha, regs->cr_iipa);
    for ( i = 1; i < 32; i++ )
        printk("r%-2u %016lx%c%s", i, regs->gr[i], regs_nat(regs, i) ? '*' : ' ', (i & 3) == 3 || i == 31 ? "\n" : " ");
    for ( i = 0; i < 8; i++ )
        printk("b%u  %016lx %s", i, regs->br[i], (i & 3) == 3 ? "\n" : " ");
    printk("pr  %016lx  unat %016lx  ccv %016lx  fpsr %016lx\n", regs->pr, regs->ar_unat, regs->ar_ccv, regs->ar_fpsr);
    printk("rsc %016lx  pfs %016lx  lc %016lx  ec %016lx\n", regs->ar_rsc, regs->ar_pfs, regs->ar_lc, regs->ar_ec);
    if ( guest_mode(regs) )
        printk("bspstore %016lx  rnat %016lx  loadrs %lu bytes\n", regs->ar_bspstore, regs->ar_rnat,
               regs->loadrs >> IA64_RSC_LOADRS_SHIFT);
}

void show_registers(const struct cpu_user_regs *regs)
{
    show_registers_of(regs, smp_processor_id());
}

/*
 * Without an unwinder: whatever on both stacks looks like a return address, innermost first. On the backing store those are saved b0s.
 */
static void show_stack_words(const char *name, const uint64_t *from, const uint64_t *to, int step, bool all)
{
    const uint64_t *p;
    unsigned int lines = 0;

    printk("%s (possible return addresses):\n", name);
    for ( p = from; p != to && lines < 60; p += step )
        if ( is_active_kernel_text(*p) && (((unsigned long)p & 0x1f8) != 0x1f8 || all) )
        {
            printk("   [<%p>] %016lx %pS\n", p, *p, (void *)*p);
            lines++;
        }
}

void show_stack(const struct cpu_user_regs *regs)
{
    unsigned long base = (unsigned long)get_cpu_info() & ~(STACK_SIZE - 1);
    uint64_t bsp;
    const uint64_t *sp;

    if ( guest_mode(regs) )
        return;

    ia64_flushrs();
    bsp = ia64_getreg(ar.bsp);
    if ( bsp - base >= STACK_SIZE )
    {
        printk("ar.bsp %016lx is outside the stack block %016lx\n", bsp, base);
        return;
    }
    show_stack_words("Register stack", (uint64_t *)bsp - 1, (uint64_t *)base - 1, -1, false);

    sp = (const uint64_t *)(regs->gr[12] & ~7UL);
    if ( (unsigned long)sp - base < STACK_SIZE )
        show_stack_words("Memory stack", sp, (uint64_t *)get_cpu_info(), 1, true);
}

void show_execution_state(const struct cpu_user_regs *regs)
{
    unsigned long flags = console_lock_recursive_irqsave();

    show_registers(regs);
    show_stack(regs);

    console_unlock_recursive_irqrestore(flags);
}

void noreturn fatal_trap(const struct cpu_user_regs *regs, const char *what)
{
    static DEFINE_PER_CPU(bool, in_fatal);

    if ( this_cpu(in_fatal) )
    {
        /* The dump itself failed: what can be said by the shortest way. */
        early_puts("fault within a crash dump\n", 26);
        for ( ; ; )
            local_irq_disable();
    }
    this_cpu(in_fatal) = true;

    console_force_unlock();
    console_start_sync();
    printk("\n%s\n", what);
    show_execution_state(regs);
    if ( current && !is_idle_vcpu(current) )
    {
        printk("\nThe guest that ran (%pv):\n", current);
        show_registers(guest_cpu_user_regs());
    }
    panic("FATAL: %s at %pS, vector %#x (%s), ifa %016lx, isr %016lx\n", what, (void *)regs->cr_iip, (unsigned int)regs->vector,
          ia64_vector_name(regs->vector), regs->cr_ifa, regs->cr_isr);
}

/* psr.ic was 0. The control registers are those of the interruption that was being handled. */
void noreturn ia64_nested_fault(unsigned int vector, uint64_t b0)
{
    struct cpu_user_regs regs = {
        .vector = vector,
        .cr_ipsr = ia64_getreg(cr.ipsr) & ~IA64_PSR_CPL,
        .cr_iip = ia64_getreg(cr.iip),
        .cr_isr = ia64_getreg(cr.isr),
        .cr_ifa = ia64_getreg(cr.ifa),
        .cr_itir = ia64_getreg(cr.itir),
        .cr_iipa = ia64_getreg(cr.iipa),
    };

    regs.br[0] = b0;
    /* Only now: with psr.ic 1 they cannot be read. */
    asm volatile ( "ssm psr.ic;; srlz.i;;" ::: "memory" );
    fatal_trap(&regs, "Fault while interruption collection was off (registers not saved)");
}

static bool is_tlb_vector(unsigned int vector)
{
    return vector <= IA64_ALT_DATA_TLB_VECTOR || vector == IA64_PAGE_NOT_PRESENT_VECTOR;
}

static bool is_access_vector(unsigned int vector)
{
    return is_tlb_vector(vector) || vector == IA64_DATA_ACCESS_RIGHTS_VECTOR || vector == IA64_DIRTY_BIT_VECTOR ||
           vector == IA64_DATA_ACCESS_BIT_VECTOR || vector == IA64_DATA_KEY_MISS_VECTOR || vector == IA64_KEY_PERMISSION_VECTOR ||
           vector == IA64_NAT_CONSUMPTION_VECTOR || vector == IA64_UNALIGNED_REF_VECTOR || vector == IA64_UNSUPPORTED_REF_VECTOR;
}

/* Interruptions of Xen itself. */
static void xen_fault(unsigned int vector, struct cpu_user_regs *regs)
{
    if ( regs->cr_isr & IA64_ISR_NI )
        fatal_trap(regs, "Fault while interruption collection was off");

    if ( vector == IA64_BREAK_VECTOR && regs->cr_iim == IA64_BUG_BREAK && ia64_bug(regs) )
        return;

    if ( is_tlb_vector(vector) && !(regs->cr_isr & IA64_ISR_X) && is_xen_va(regs->cr_ifa) && xen_page_fault(regs->cr_ifa) )
        return;

    if ( is_access_vector(vector) )
    {
        /* A speculative load, or lfetch: let it fail. */
        if ( regs->cr_isr & IA64_ISR_SP )
        {
            regs->cr_ipsr |= IA64_PSR_ED;
            return;
        }
        if ( fixup_exception(regs) )
            return;
    }

    fatal_trap(regs, "Unexpected fault in Xen");
}

static void guest_fault(unsigned int vector, struct cpu_user_regs *regs)
{
    local_irq_enable();

    switch ( vector )
    {
    case IA64_VHPT_VECTOR:
    case IA64_INST_TLB_VECTOR:
    case IA64_DATA_TLB_VECTOR:
    case IA64_ALT_INST_TLB_VECTOR:
    case IA64_ALT_DATA_TLB_VECTOR:
    case IA64_INST_KEY_MISS_VECTOR:
    case IA64_DATA_KEY_MISS_VECTOR:
    case IA64_DIRTY_BIT_VECTOR:
    case IA64_INST_ACCESS_BIT_VECTOR:
    case IA64_DATA_ACCESS_BIT_VECTOR:
    case IA64_PAGE_NOT_PRESENT_VECTOR:
    case IA64_KEY_PERMISSION_VECTOR:
    case IA64_INST_ACCESS_RIGHTS_VECTOR:
    case IA64_DATA_ACCESS_RIGHTS_VECTOR:
        guest_mmu_fault(vector, regs);
        break;

    case IA64_BREAK_VECTOR:
        guest_break(regs);
        break;

    case IA64_GENEX_VECTOR:
        guest_general_exception(regs);
        break;

    case IA64_FP_FAULT_VECTOR:
    case IA64_FP_TRAP_VECTOR:
        guest_fp(regs, vector == IA64_FP_TRAP_VECTOR);
        break;

    default:
        vcpu_reflect_same(vector, regs);
        break;
    }
}

/* From entry.S: the frame is saved, psr.ic is on, interrupts are off. */
void ia64_fault(unsigned int vector, struct cpu_user_regs *regs)
{
    perfc_incra(vector, vector >> 8);
    if ( vector == IA64_EXTINT_VECTOR )
        ia64_handle_irq(regs);
    else if ( guest_mode(regs) )
        guest_fault(vector, regs);
    else
        xen_fault(vector, regs);
}

/* fast_privop=no: every privileged operation goes through C. */
static bool __read_mostly opt_fast_privop = true;
boolean_param("fast_privop", opt_fast_privop);

static const uint8_t no_event;      /* in the image, which is pinned */

static void cf_check dump_fast_counts(unsigned char key)
{
    unsigned int cpu, i;

    for_each_online_cpu ( cpu )
    {
        const struct cpu_info *info = stack_cpu_info(stack_base[cpu]);

        printk("CPU%u, done in assembly (0: system calls):", cpu);
        for ( i = 0; i < ARRAY_SIZE(info->fast_count); i++ )
            if ( info->fast_count[i] )
                printk(" %#x:%lu", i, info->fast_count[i]);
        printk("\n");
    }
}

static int __init cf_check fast_keyhandler(void)
{
    register_keyhandler('F', dump_fast_counts, "privileged operations done in assembly, by XEN_PRIVOP_*", 1);
    return 0;
}
__initcall(fast_keyhandler);

/*
 * The last of C before a guest runs; returns with interrupts off. vcpu_check_pending() changes only the frame, but may itself find that something must be
 * done first (it raises a softirq then).
 */
void ia64_leave_to_guest(struct cpu_user_regs *regs)
{
    unsigned int cpu = smp_processor_id();
    struct vcpu *v = current;

    for ( ; ; )
    {
        while ( softirq_pending(cpu) )
        {
            local_irq_enable();
            do_softirq();
            local_irq_disable();
        }
        if ( unlikely(v->arch.init_pending) )
            guestfw_deliver_init(v, regs);
        vcpu_check_pending(regs);
        if ( likely(!softirq_pending(cpu)) )
            break;
    }

    get_cpu_info()->upcall = opt_fast_privop ? &vcpu_info(v, evtchn_upcall_pending) : NULL;
    get_cpu_info()->event = v->arch.event_callback_ip ? &vcpu_info(v, evtchn_upcall_pending) : &no_event;
    get_cpu_info()->iib_ip = &v->arch.priv.iib_ip;

    /* A guest never runs with less. */
    ASSERT(!(regs->cr_ipsr & (IA64_PSR_IS | IA64_PSR_VM | IA64_PSR_MC)));
    ASSERT((regs->cr_ipsr & (XEN_PSR_BITS | IA64_PSR_I)) == (XEN_PSR_BITS | IA64_PSR_I));
    ASSERT(regs->cr_ipsr & IA64_PSR_CPL);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
