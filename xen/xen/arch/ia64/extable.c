/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions of Xen's that may fault, and where to go on if they do: the section __ex_table, by _ASM_EXTABLE().
 */
#include <xen/cache.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/sort.h>
#include <asm/processor.h>

extern struct exception_table_entry __start___ex_table[], __stop___ex_table[];

static bool __read_mostly sorted;

static uint64_t entry_insn(const struct exception_table_entry *e)
{
    return (uint64_t)&e->insn + e->insn;
}

static int cf_check cmp_entry(const void *a, const void *b)
{
    uint64_t x = entry_insn(a), y = entry_insn(b);

    return x < y ? -1 : x > y;
}

/* The words are relative to their own place. */
static void cf_check swap_entry(void *a, void *b, size_t size)
{
    struct exception_table_entry *x = a, *y = b, tmp = *x;
    int32_t delta = (long)y - (long)x;

    x->insn = y->insn + delta;
    x->cont = y->cont + delta;
    y->insn = tmp.insn - delta;
    y->cont = tmp.cont - delta;
}

static int __init cf_check sort_exception_table(void)
{
    sort(__start___ex_table, __stop___ex_table - __start___ex_table, sizeof(*__start___ex_table), cmp_entry, swap_entry);
    sorted = true;

    return 0;
}
presmp_initcall(sort_exception_table);

bool fixup_exception(struct cpu_user_regs *regs)
{
    const struct exception_table_entry *lo = __start___ex_table, *hi = __stop___ex_table;
    uint64_t insn = regs->cr_iip + ((regs->cr_ipsr & IA64_PSR_RI) >> IA64_PSR_RI_SHIFT);

    if ( !sorted )
    {
        for ( ; lo < hi && entry_insn(lo) != insn; lo++ )
            ;
        if ( lo == hi )
            return false;
    }
    else
        for ( ;; )
        {
            const struct exception_table_entry *mid = lo + (hi - lo) / 2;

            if ( lo >= hi )
                return false;
            if ( entry_insn(mid) == insn )
            {
                lo = mid;
                break;
            }
            if ( entry_insn(mid) < insn )
                lo = mid + 1;
            else
                hi = mid;
        }

    insn = (uint64_t)&lo->cont + lo->cont;
    regs->cr_iip = insn & ~15UL;
    regs->cr_ipsr = (regs->cr_ipsr & ~IA64_PSR_RI) | ((insn & 3) << IA64_PSR_RI_SHIFT);
    regs->gr[8] = -EFAULT;
    regs->gr_nat &= ~(1UL << 8);

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
