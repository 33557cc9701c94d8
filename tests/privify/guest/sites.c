/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A module full of privileged and sensitive instructions. What it prints must not depend on whether
 * privify rewrote it. It leaves the processor as it was.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/gcc_intrin.h>
#include <asm/processor.h>

#define SHOW(name, value) pr_info("T sites " name " %lx\n", (unsigned long)(value))

static unsigned long there = 42;

static int __init sites_init(void)
{
    unsigned long flags, a, b, at = (unsigned long)&there;
    int i;

    local_irq_save(flags);
    a = ia64_getreg(_IA64_REG_PSR);
    local_irq_restore(flags);
    b = ia64_getreg(_IA64_REG_PSR);
    SHOW("psr.i off and on", (a >> 14 & 1) << 1 | (b >> 14 & 1));
    SHOW("psr", b & ~0xffffUL);
    ia64_rsm(IA64_PSR_DFH);
    SHOW("psr.dfh off", ia64_getreg(_IA64_REG_PSR) >> IA64_PSR_DFH_BIT & 1);
    if (b & IA64_PSR_DFH)
        ia64_ssm(IA64_PSR_DFH);
    ia64_srlz_d();
    for (i = 0; i < 5; i++)
        SHOW("cpuid", ia64_get_cpuid(i));
    SHOW("cr.dcr", ia64_getreg(_IA64_REG_CR_DCR));
    SHOW("cr.pta", ia64_getreg(_IA64_REG_CR_PTA));
    SHOW("cr.lid", ia64_getreg(_IA64_REG_CR_LID));
    SHOW("cr.tpr", ia64_getreg(_IA64_REG_CR_TPR));
    SHOW("cr.itv", ia64_getreg(_IA64_REG_CR_ITV));
    SHOW("tpa of kernel text", ia64_tpa(ia64_getreg(_IA64_REG_CR_IVA)));
    SHOW("rr 7", ia64_get_rr(0xe000000000000000UL));
    SHOW("thash - pta", ia64_thash(0xe000000000123456UL) - ia64_getreg(_IA64_REG_CR_PTA));
    SHOW("ttag", ia64_ttag(0xe000000000123456UL));
    ia64_set_dbr(4, 0x123456789abcUL);
    SHOW("dbr", ia64_get_dbr(4));
    ia64_set_dbr(4, 0);
    ia64_set_pmd(4, 99);
    SHOW("pmd", ia64_get_pmd(4));
    SHOW("pkr", ia64_get_pkr(3));
    SHOW("ar.k0", ia64_getreg(_IA64_REG_AR_KR0));
    ia64_fc(at);
    ia64_sync_i();
    local_irq_save(flags);
    ia64_ptcl(0x4000000000000000UL, 16 << 2);
    ia64_srlz_d();
    local_irq_restore(flags);
    SHOW("there", there);
    return 0;
}

static void __exit sites_exit(void)
{
    pr_info("T sites gone\n");
}

module_init(sites_init);
module_exit(sites_exit);
MODULE_LICENSE("GPL");
