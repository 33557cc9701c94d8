/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and stores of a guest to its emulated devices, the interrupt block, the I/O SAPICs and so on: decoded, done, stepped over. Such pages are uncacheable
 * memory (SDM 2:4.4), which says what speculative and advanced loads, semaphores and wide accesses do there.
 */
#include <xen/lib.h>
#include <xen/perfc.h>
#include <xen/sched.h>
#include <asm/current.h>
#include <asm/pci.h>
#include <asm/privop.h>
#include <asm/processor.h>
#include <asm/vcpu.h>
#include <asm/viosapic.h>
#include <asm/vlsapic.h>
#include <asm/vmsi.h>
#include <asm/vtlb.h>
#include <asm/vuart.h>

bool guest_mmio_fixed(const struct domain *d, uint64_t gpa)
{
    return gpa - VPIB_BASE < VPIB_SIZE || viosapic_page(d, gpa) || vuart_page(d, gpa) || pci_ecam_page(d, gpa);
}

bool guest_mmio_page(const struct domain *d, uint64_t gpa)
{
    return guest_mmio_fixed(d, gpa) || vmsi_page(d, gpa);
}

static uint64_t device_read(struct vcpu *v, uint64_t gpa, unsigned int size)
{
    uint64_t val;

    perfc_incr(mmio_read);
    if ( gpa - VPIB_BASE < VPIB_SIZE )
        vlsapic_pib_read(v, gpa - VPIB_BASE, size, &val);
    else if ( vuart_page(v->domain, gpa) )
        val = vuart_read(v->domain, gpa, size);
    else if ( viosapic_page(v->domain, gpa) )
        val = viosapic_read(v->domain, gpa, size);
    else if ( pci_ecam_page(v->domain, gpa) )
        val = pci_ecam_read(v->domain, gpa, size);
    else
        val = vmsi_read(v->domain, gpa, size);
    return val;
}

static void device_write(struct vcpu *v, uint64_t gpa, unsigned int size, uint64_t val)
{
    perfc_incr(mmio_write);
    if ( gpa - VPIB_BASE < VPIB_SIZE )
        vlsapic_pib_write(v, gpa - VPIB_BASE, size, val);
    else if ( vuart_page(v->domain, gpa) )
        vuart_write(v->domain, gpa, size, val);
    else if ( viosapic_page(v->domain, gpa) )
        viosapic_write(v->domain, gpa, size, val);
    else if ( pci_ecam_page(v->domain, gpa) )
        pci_ecam_write(v->domain, gpa, size, val);
    else
        vmsi_write(v->domain, gpa, size, val);
}

/* The bytes of a `size`-byte value as the guest's psr.be has them. */
static uint64_t in_guest_order(const struct cpu_user_regs *regs, uint64_t val, unsigned int size)
{
    if ( size < 8 )
        val &= (1UL << (8 * size)) - 1;
    if ( regs->cr_ipsr & IA64_PSR_BE )
        val = __builtin_bswap64(val) >> (64 - 8 * size);
    return val;
}

/* Memory format to register format, by the processor (SDM 1:5.3). */
static void float_load(unsigned int flt, uint64_t val, struct ia64_fpreg *fr)
{
    switch ( flt )
    {
    case MEM_FLT_SIG:
        asm volatile ( "ldf8 f8=[%0];; stf.spill [%1]=f8" :: "r" (&val), "r" (fr), "m" (val) : "f8", "memory" );
        break;
    case MEM_FLT_S:
        asm volatile ( "ldfs f8=[%0];; stf.spill [%1]=f8" :: "r" (&val), "r" (fr), "m" (val) : "f8", "memory" );
        break;
    default:
        asm volatile ( "ldfd f8=[%0];; stf.spill [%1]=f8" :: "r" (&val), "r" (fr), "m" (val) : "f8", "memory" );
        break;
    }
}

static uint64_t float_store(unsigned int flt, const struct ia64_fpreg *fr)
{
    uint64_t val = 0;

    switch ( flt )
    {
    case MEM_FLT_SIG:
        asm volatile ( "ldf.fill f8=[%1];; stf8 [%0]=f8" :: "r" (&val), "r" (fr) : "f8", "memory" );
        break;
    case MEM_FLT_S:
        asm volatile ( "ldf.fill f8=[%1];; stfs [%0]=f8" :: "r" (&val), "r" (fr) : "f8", "memory" );
        break;
    default:
        asm volatile ( "ldf.fill f8=[%1];; stfd [%0]=f8" :: "r" (&val), "r" (fr) : "f8", "memory" );
        break;
    }
    return val;
}

static bool fault_data(struct guest_fault *f, unsigned int vector, const struct memop *op, uint64_t va)
{
    bool write = op->kind == MEM_STORE || op->kind == MEM_FLOAT_STORE || op->kind == MEM_SEMAPHORE;
    bool read = op->kind != MEM_STORE && op->kind != MEM_FLOAT_STORE;

    *f = (struct guest_fault){
        .vector = vector, .ifa = va, .isr = (read ? IA64_ISR_R : 0) | (write ? IA64_ISR_W : 0) | (op->speculative ? IA64_ISR_SP : 0),
    };
    return false;
}

static bool load(struct vcpu *v, struct cpu_user_regs *regs, const struct memop *op, uint64_t gpa, struct guest_fault *f)
{
    struct ia64_fpreg fr = { { 0, 0 } };
    uint64_t val = 0;
    bool nat = false;

    /* Not touched: a speculative load is deferred, an advanced one gives 0 and no ALAT entry (SDM 2:4.4.6). A check load finds none, so loads. */
    if ( op->speculative )
        nat = true;
    else if ( !op->advanced )
        val = in_guest_order(regs, device_read(v, gpa, op->size), op->size);

    if ( op->kind == MEM_FLOAT_LOAD )
    {
        if ( nat )
            fr.u[1] = 0x1fffe;  /* NaTVal */
        else
            float_load(op->flt, val, &fr);
        vcpu_set_fr(regs, op->r1, &fr);
        return true;
    }
    if ( op->fill )
        nat = (regs->ar_unat >> ((regs->cr_ifa >> 3) & 63)) & 1;
    return vcpu_set_gr(regs, op->r1, val, nat, f);
}

static bool store(struct vcpu *v, struct cpu_user_regs *regs, const struct memop *op, uint64_t gpa, struct guest_fault *f)
{
    struct ia64_fpreg fr;
    uint64_t val, bit = 1UL << ((regs->cr_ifa >> 3) & 63);
    bool nat;

    if ( op->kind == MEM_FLOAT_STORE )
    {
        vcpu_get_fr(regs, op->r2, &fr);
        val = float_store(op->flt, &fr);
    }
    else
    {
        nat = vcpu_get_gr(regs, op->r2, &val);
        if ( op->fill )
            regs->ar_unat = nat ? regs->ar_unat | bit : regs->ar_unat & ~bit;
        else if ( nat )
            return fault_nat(f, IA64_ISR_W);
    }
    device_write(v, gpa, op->size, in_guest_order(regs, val, op->size));
    return true;
}

static bool access(struct vcpu *v, struct cpu_user_regs *regs, const struct memop *op, uint64_t gpa, struct guest_fault *f)
{
    uint64_t va = regs->cr_ifa, base, inc = 0;
    bool nat = false, write = op->kind == MEM_STORE || op->kind == MEM_FLOAT_STORE;

    /* Semaphores, 16-byte and 10-byte accesses want cacheable memory (SDM 2:4.4.9). */
    if ( op->kind == MEM_SEMAPHORE || op->kind == MEM_FLOAT_PAIR || op->size > 8 )
        return fault_data(f, IA64_UNSUPPORTED_REF_VECTOR, op, va);
    if ( op->kind == MEM_PREFETCH )
    {
        if ( op->fault )
            return fault_data(f, IA64_UNSUPPORTED_REF_VECTOR, op, va);
    }
    else
    {
        if ( gpa & (op->size - 1) )
            return fault_data(f, IA64_UNALIGNED_REF_VECTOR, op, va);
        if ( vdebug_data_match(v, regs, va, op->size, write) )
            return fault_data(f, IA64_DEBUG_VECTOR, op, va);
        if ( !(write ? store(v, regs, op, gpa, f) : load(v, regs, op, gpa, f)) )
            return false;
    }

    if ( op->update != MEM_NO_UPDATE )
    {
        nat = vcpu_get_gr(regs, op->r3, &base);
        if ( op->update == MEM_UPDATE_REG )
            nat |= vcpu_get_gr(regs, op->r2, &inc);
        else
            inc = op->imm;
        return vcpu_set_gr(regs, op->r3, base + inc, nat, f);
    }
    return true;
}

bool guest_mmio(struct vcpu *v, struct cpu_user_regs *regs, uint64_t gpa)
{
    unsigned int slot = (regs->cr_ipsr >> IA64_PSR_RI_SHIFT) & 3;
    uint64_t bundle[2], ip = regs->cr_iip;
    struct guest_fault f;
    struct memop op;

    if ( !guest_mmio_page(v->domain, gpa) )
        return false;
    /* The register stack in a device. */
    if ( regs->cr_isr & IA64_ISR_RS )
    {
        vcpu_reflect_same(IA64_UNSUPPORTED_REF_VECTOR, regs);
        return true;
    }
    if ( !vcpu_fetch_bundle(v, ip, bundle) )
        return true;
    if ( !memop_decode(ia64_slot_unit(IA64_TEMPLATE(bundle[0]), slot), ia64_slot_bits(bundle, slot), &op) )
    {
        gprintk(XENLOG_WARNING, "access to an emulated device at %#lx by no load or store: %016lx %016lx slot %u\n", gpa, bundle[0], bundle[1], slot);
        vcpu_reflect_same(IA64_UNSUPPORTED_REF_VECTOR, regs);
        return true;
    }
    if ( !access(v, regs, &op, gpa, &f) )
    {
        vcpu_reflect(v, regs, &f);
        return true;
    }
    vcpu_next_slot(regs, 0);
    vcpu_step_traps(v, regs, ip, slot);
    return true;
}
