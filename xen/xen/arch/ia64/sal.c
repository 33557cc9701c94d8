/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SAL's entry points and the calls of firmware in general (efi-calls.S does the register work). SAL's procedures are not reentrant: one at a time.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <asm/mm.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/sal.h>

struct sal_result fw_virt(uint64_t entry, uint64_t gp, const uint64_t args[8], struct ia64_fpreg *fr);
uint64_t fw_phys(uint64_t entry, uint64_t gp, const uint64_t args[8]);

static uint64_t __read_mostly sal_entry, __read_mostly sal_gp;
static DEFINE_SPINLOCK(sal_lock);

uint8_t __read_mostly sal_wakeup_vector;
uint8_t __read_mostly sal_platform_features;
const struct fpswa_interface *__read_mostly fpswa_interface;

void __init sal_init(paddr_t systab)
{
    static const uint8_t sizes[] = { 48, 32, 16, 32, 16, 16 };
    const struct sal_systab *st = maddr_to_virt(systab);
    const uint8_t *p = (const uint8_t *)(st + 1);
    unsigned int i;

    if ( !systab || memcmp(st->signature, "SST_", 4) )
        panic("No SAL system table\n");

    for ( i = 0; i < st->entry_count; i++, p += sizes[*p] )
    {
        switch ( *p )
        {
        case SAL_DESC_ENTRY_POINT:
        {
            const struct sal_desc_entry_point *e = (const void *)p;

            pal_entry_pa = e->pal_proc;
            pal_entry = (uint64_t)maddr_to_virt(e->pal_proc);
            sal_entry = (uint64_t)maddr_to_virt(e->sal_proc);
            sal_gp = (uint64_t)maddr_to_virt(e->sal_gp);
            break;
        }
        case SAL_DESC_PLATFORM_FEATURE:
            sal_platform_features = ((const struct sal_desc_platform_feature *)p)->features;
            break;
        case SAL_DESC_AP_WAKEUP:
        {
            const struct sal_desc_ap_wakeup *w = (const void *)p;

            if ( w->mechanism == 0 )
                sal_wakeup_vector = w->vector;
            break;
        }
        case SAL_DESC_MEMORY:
        case SAL_DESC_TR:
        case SAL_DESC_PTC:
            break;
        default:
            panic("SAL system table: descriptor %u is of unknown type %u\n", i, *p);
        }
    }
    if ( !sal_entry )
        panic("SAL system table: no entry point\n");
    printk("SAL %u.%u, %.32s %.32s\n", st->sal_rev_major, st->sal_rev_minor, st->oem_id, st->product_id);
}

/* Where the lock may be held by who was interrupted, or for SAL_MC_RENDEZ, which does not come back for long. */
struct sal_result ia64_sal_call_nolock(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7)
{
    const uint64_t args[8] = { index, a1, a2, a3, a4, a5, a6, a7 };
    struct ia64_fpreg fr[4];

    return fw_virt(sal_entry, sal_gp, args, fr);
}

struct sal_result ia64_sal_call(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7)
{
    const uint64_t args[8] = { index, a1, a2, a3, a4, a5, a6, a7 };
    struct ia64_fpreg fr[4];
    struct sal_result r = { .status = -1 };
    unsigned long flags;

    if ( !sal_entry )
        return r;
    spin_lock_irqsave(&sal_lock, flags);
    r = fw_virt(sal_entry, sal_gp, args, fr);
    spin_unlock_irqrestore(&sal_lock, flags);

    return r;
}

uint64_t ia64_fw_call(const void *desc, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7)
{
    const uint64_t args[8] = { a0, a1, a2, a3, a4, a5, a6, a7 };
    const uint64_t *d = desc;
    struct ia64_fpreg fr[4];

    return fw_virt(d[0], d[1], args, fr).status;
}

uint64_t ia64_fw_call_phys(uint64_t entry_pa, uint64_t gp_pa, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
    const uint64_t args[8] = { a0, a1, a2, a3 };

    return fw_phys(entry_pa, gp_pa, args);
}

/* The guest's floating-point registers are live, and what FPSWA changes of them is meant. */
struct fpswa_ret ia64_fpswa_call(uint64_t trap, void *bundle, uint64_t *ipsr, uint64_t *fsr, uint64_t *isr, uint64_t *preds, uint64_t *ifs, void *fp_state)
{
    const uint64_t args[8] = {
        trap, (uint64_t)bundle, (uint64_t)ipsr, (uint64_t)fsr, (uint64_t)isr, (uint64_t)preds, (uint64_t)ifs, (uint64_t)fp_state,
    };
    struct sal_result r = { .status = -1 };
    struct fpswa_ret ret;

    if ( fpswa_interface )
    {
        const uint64_t *d = (const uint64_t *)fpswa_interface->fpswa;

        r = fw_virt(d[0], d[1], args, NULL);
    }
    ret.status = r.status;
    ret.err1 = r.v0;
    ret.err2 = r.v1;
    ret.err3 = r.v2;

    return ret;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
