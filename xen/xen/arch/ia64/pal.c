/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of PAL (SDM 2:11), and what a processor says about itself through it.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <asm/mm.h>
#include <asm/pal.h>
#include <asm/processor.h>

/* efi-calls.S, rr7.S */
struct pal_result pal_static(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);
struct pal_result pal_stacked(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);
struct pal_result pal_phys(uint64_t entry, uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3);

bool probe_iib(void);         /* ivt.S */

uint64_t __read_mostly pal_entry, __read_mostly pal_entry_pa;
static uint64_t __read_mostly pal_code_pa;
static unsigned int __read_mostly pal_code_shift;

DEFINE_PER_CPU_READ_MOSTLY(struct cpuinfo_ia64, cpu_info_ia64);

static const struct pal_result not_yet = { .status = PAL_STATUS_UNIMPLEMENTED };

struct pal_result ia64_pal_call(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return pal_entry ? pal_static(pal_entry, index, a1, a2, a3) : not_yet;
}

struct pal_result ia64_pal_call_stacked(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return pal_entry ? pal_stacked(pal_entry, index, a1, a2, a3) : not_yet;
}

struct pal_result ia64_pal(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return pal_is_stacked(index) ? ia64_pal_call_stacked(index, a1, a2, a3) : ia64_pal_call(index, a1, a2, a3);
}

struct pal_result ia64_pal_call_phys(uint64_t index, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return pal_entry_pa ? pal_phys(pal_entry_pa, index, a1, a2, a3) : not_yet;
}

/* PAL wants its code to be under a translation register, of at most 16 MiB. */
static void pin_pal(void)
{
    cpu_set_tr(XEN_TR_PAL, (uint64_t)maddr_to_virt(pal_code_pa), pal_code_pa | XEN_PTE_RWX, pal_code_shift);
}

void pal_init(uint64_t code_pa, uint64_t code_size)
{
    static const uint8_t shifts[] = { 12, 13, 14, 16, 18, 20, 22, 24 };
    unsigned int i;

    if ( !pal_code_shift && code_size )
    {
        for ( i = 0; i < ARRAY_SIZE(shifts); i++ )
        {
            uint64_t mask = (1UL << shifts[i]) - 1;

            if ( (code_pa & ~mask) == ((code_pa + code_size - 1) & ~mask) )
                break;
        }
        if ( i == ARRAY_SIZE(shifts) )
            panic("PAL's code (%#lx, %#lx bytes) does not fit one translation register\n", code_pa, code_size);
        pal_code_shift = shifts[i];
        pal_code_pa = code_pa & ~((1UL << shifts[i]) - 1);
    }
    if ( pal_code_shift )
        pin_pal();
}

void cpu_identify(void)
{
    struct cpuinfo_ia64 *c = this_cpuinfo();
    struct pal_result r;
    uint64_t id = ia64_get_cpuid(3);

    c->family = (id >> 24) & 0xff;
    c->model = (id >> 16) & 0xff;
    c->revision = (id >> 8) & 0xff;
    c->features = (id & 0xff) >= 4 ? ia64_get_cpuid(4) : 0;
    c->lid = ia64_getreg(cr.lid);
    get_cpu_info()->has_iib = probe_iib();

    r = ia64_pal_call(PAL_VM_SUMMARY, 0, 0, 0);
    if ( r.status )
        panic("PAL_VM_SUMMARY: %ld\n", r.status);
    c->phys_bits = (r.v0 >> 1) & 0x7f;
    c->key_bits = (r.v0 >> 8) & 0xff;
    c->max_pkr = (r.v0 >> 16) & 0xff;
    c->max_dtr = (r.v0 >> 32) & 0xff;
    c->max_itr = (r.v0 >> 40) & 0xff;
    c->impl_va_msb = r.v1 & 0xff;
    c->rid_bits = (r.v1 >> 8) & 0xff;

    r = ia64_pal_call(PAL_PTCE_INFO, 0, 0, 0);
    if ( r.status )
        panic("PAL_PTCE_INFO: %ld\n", r.status);
    c->ptce_base = r.v0;
    c->ptce_count[0] = r.v1 >> 32;
    c->ptce_count[1] = r.v1;
    c->ptce_stride[0] = r.v2 >> 32;
    c->ptce_stride[1] = r.v2;

    r = ia64_pal_call(PAL_RSE_INFO, 0, 0, 0);
    c->phys_stacked = r.status ? 96 : r.v0;
    r = ia64_pal_call(PAL_DEBUG_INFO, 0, 0, 0);
    if ( !r.status )
    {
        c->ibrs = 2 * r.v0;
        c->dbrs = 2 * r.v1;
    }

    /* What the rest relies on. */
    if ( c->rid_bits < 24 )
        panic("Region ids of %u bits: 24 are needed\n", c->rid_bits);
    if ( c->max_itr < XEN_ITR_PAL || c->max_dtr < XEN_DTR_MAPPED_REGS )
        panic("Too few translation registers\n");
    if ( c->impl_va_msb < 60 )
        panic("Virtual addresses of %u bits: all are needed\n", c->impl_va_msb + 1);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
