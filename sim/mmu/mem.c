/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The slow path of mem.h: what a load, store or semaphore does when the fast path has no entry (SDM
 * 2:4.4, 1:4.4). Serves the memory instructions and the RSE. Translation and faults are
 * translate.c's; here are memory attributes, devices, byte order, code coherence, observers and the
 * filling of the fast path.
 */
#include <stdio.h>
#include <string.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/cost.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/exec.h"
#include "sim/mmu/mmu.h"
#include "sim/debug/stats.h"

/* An access in one piece, or in two where --user lets it cross a page. */
struct place {
    struct xlat x[2];
    unsigned n0; /* bytes in the first piece */
};

static unsigned access_pl(const struct cpu *cpu, unsigned acc)
{
    return acc & ACC_RSE ? cpu->ar[AR_RSC] >> 2 & 3 : cpu->cpl;
}

static bool big_endian(const struct cpu *cpu, unsigned acc)
{
    return acc & ACC_RSE ? cpu->ar[AR_RSC] >> 4 & 1 : cpu->psr & PSR_BE;
}

static void reverse(uint8_t *buf, unsigned size)
{
    for (unsigned i = 0; i < size / 2; i++) {
        uint8_t t = buf[i];
        buf[i] = buf[size - 1 - i];
        buf[size - 1 - i] = t;
    }
}

/* --user: the host kernel's page protections stand for the TLB, and a Linux kernel's help with
 * misaligned accesses is assumed (any address is good unless psr.ac is set). */
static enum xl_result user_access(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc,
                                  unsigned pl, struct place *p, struct intr *in)
{
    unsigned align = size == 10 ? 16 : size;

    p->n0 = size;
    if (!cpu->m->ops->translate(cpu, va, acc, pl, &p->x[0], in))
        return acc & ACC_SPEC ? XL_DEFER : XL_FAULT;
    if (va & (align - 1)) {
        if (cpu->psr & PSR_AC || acc & (ACC_ALIGN | ACC_SEM)) {
            *in = (struct intr){.vector = VEC_UNALIGNED, .sets = INTR_IFA, .ifa = va};
            in->isr = (acc & ACC_R ? ISR_R : 0) | (acc & ACC_W ? ISR_W : 0) |
                      (acc & ACC_SPEC ? ISR_SP : 0);
            return acc & ACC_SPEC ? XL_DEFER : XL_FAULT;
        }
        if ((va & 0xfff) + size > 0x1000) {
            p->n0 = 0x1000 - (va & 0xfff);
            if (!cpu->m->ops->translate(cpu, va + p->n0, acc, pl, &p->x[1], in))
                return acc & ACC_SPEC ? XL_DEFER : XL_FAULT;
        }
    }
    return XL_OK;
}

static enum xl_result find_place(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc,
                                 struct place *p, struct intr *in)
{
    unsigned pl = access_pl(cpu, acc);

    if (cpu->m->user_mode)
        return user_access(cpu, va, size, acc, pl, p, in);
    p->n0 = size;
    return mmu_access(cpu, va, size, acc, pl, 0, &p->x[0], in);
}

static void fill(struct cpu *cpu, uint64_t va, unsigned acc, const struct xlat *x)
{
    bool tr = cpu->psr & (acc & ACC_RSE ? PSR_RT : PSR_DT);
    unsigned mode = fast_mode(tr, access_pl(cpu, acc));

    if (!x->host || x->ma != MA_WB)
        return;
    if (acc & ACC_R && x->read_ok)
        fast_fill(cpu, mode, va, x->host, false);
    if (acc & ACC_W && x->write_ok && !code_page_present(cpu->m, x->host))
        fast_fill(cpu, mode, va, x->host, true);
}

/* Nothing answers at this physical address: a real chipset raises MCA or returns ones; we return
 * ones and say so. */
static void unmapped(struct cpu *cpu, const char *what, uint64_t pa, unsigned size)
{
    if (cpu->mmu->unmapped >= 20)
        return;
    cpu->mmu->unmapped++;
    fprintf(stderr, "ia64-sim: cpu %u: %s of %u bytes at 0x%llx, where nothing is (ip 0x%llx)\n",
            cpu->index, what, size, (unsigned long long)pa,
            (unsigned long long)(cpu->cur ? cpu_ip(cpu) : cpu->ip));
}

/* Device accesses in naturally aligned pieces of 1, 2, 4 or 8 bytes. */
static unsigned piece(uint64_t pa, unsigned left)
{
    unsigned n = 8;

    while (n > left || (pa & (n - 1)))
        n /= 2;
    return n;
}

static void dev_read(struct cpu *cpu, uint64_t pa, uint8_t *buf, unsigned size)
{
    cpu_charge(cpu, COST_MMIO);
    STAT_INC(cpu, mmio);
    while (size) {
        unsigned n = piece(pa, size);
        const struct phys_range *r = phys_find(cpu->m, pa);
        uint64_t v = ~0ull;
        if (r && r->host)
            memcpy(&v, r->host + (pa - r->base), n);
        else if (r && r->read)
            v = r->read(r->dev, cpu, pa - r->base, n);
        else
            unmapped(cpu, "read", pa, n);
        memcpy(buf, &v, n);
        buf += n;
        pa += n;
        size -= n;
    }
}

static void dev_write(struct cpu *cpu, uint64_t pa, const uint8_t *buf, unsigned size)
{
    cpu_charge(cpu, COST_MMIO);
    STAT_INC(cpu, mmio);
    while (size) {
        unsigned n = piece(pa, size);
        const struct phys_range *r = phys_find(cpu->m, pa);
        uint64_t v = 0;
        memcpy(&v, buf, n);
        if (r && r->write)
            r->write(r->dev, cpu, pa - r->base, v, n);
        else
            unmapped(cpu, "write", pa, n);
        buf += n;
        pa += n;
        size -= n;
    }
}

static void ram_write(struct cpu *cpu, uint8_t *host, const uint8_t *buf, unsigned size)
{
    /* The ALAT wants pieces within 64 bytes; only --user has longer ones. */
    unsigned n = 64 - ((uintptr_t)host & 63);

    if (n < size) {
        ram_write(cpu, host, buf, n);
        ram_write(cpu, host + n, buf + n, size - n);
        return;
    }
    memcpy(host, buf, size);
    alat_store(cpu, host, size);
    if (code_page_present(cpu->m, host))
        code_page_dirty(cpu->m, host);
}

static void observe(struct cpu *cpu, uint64_t va, uint64_t pa, const void *val, unsigned size,
                    unsigned acc)
{
    const struct observer *o = cpu->m->obs;

    if (unlikely(o != NULL) && o->mem)
        o->mem(o->arg, cpu, va, pa, val, size, acc);
}

/* psr.da and psr.dd last for the first mandatory RSE reference too (SDM 2:3.3.2). */
static void rse_referenced(struct cpu *cpu, unsigned acc)
{
    if (unlikely(acc & ACC_RSE && cpu->psr & (PSR_DA | PSR_DD)))
        cpu_set_psr(cpu, cpu->psr & ~(PSR_DA | PSR_DD));
}

bool mem_read_slow(struct cpu *cpu, uint64_t va, void *buf, unsigned size, unsigned acc)
{
    struct place p;
    struct intr in;
    uint8_t *out = buf;

    acc |= ACC_R;
    STAT_ADD(cpu, unaligned, size <= 8 && (va & (size - 1)) != 0);
    if (acc & ACC_SPEC && cpu->psr & PSR_ED)
        return false;
    switch (find_place(cpu, va, size, acc, &p, &in)) {
    case XL_OK:
        break;
    case XL_DEFER:
        return false;
    case XL_FAULT:
        cpu_raise(cpu, &in);
    }
    /* Physical cacheable memory has limited speculation: control-speculative loads fail, ld.a
     * succeeds. UC, UCE and WC memory is non-speculative: both fail without an access (SDM
     * 2:4.4.6). */
    if (acc & ACC_SPEC && !(cpu->psr & PSR_DT))
        return false;
    if (unlikely(p.x[0].ma != MA_WB) && acc & (ACC_SPEC | ACC_ADV)) {
        if (acc & ACC_SPEC)
            return false;
        memset(out, 0, size);
        return true;
    }
    if (likely(p.x[0].host && p.n0 == size)) {
        memcpy(out, p.x[0].host, size);
    } else if (p.x[0].host) {
        memcpy(out, p.x[0].host, p.n0);
        memcpy(out + p.n0, p.x[1].host, size - p.n0);
    } else {
        dev_read(cpu, p.x[0].pa, out, size);
    }
    fill(cpu, va, acc, &p.x[0]);
    if (big_endian(cpu, acc))
        reverse(out, size);
    observe(cpu, va, p.x[0].pa, out, size, acc);
    rse_referenced(cpu, acc);
    return true;
}

void mem_write_slow(struct cpu *cpu, uint64_t va, const void *buf, unsigned size, unsigned acc)
{
    struct place p;
    struct intr in;
    uint8_t b[16];

    acc |= ACC_W;
    STAT_ADD(cpu, unaligned, size <= 8 && (va & (size - 1)) != 0);
    if (find_place(cpu, va, size, acc, &p, &in) != XL_OK)
        cpu_raise(cpu, &in);
    memcpy(b, buf, size);
    observe(cpu, va, p.x[0].pa, b, size, acc);
    if (big_endian(cpu, acc))
        reverse(b, size);
    if (!p.x[0].host) {
        dev_write(cpu, p.x[0].pa, b, size);
        return;
    }
    ram_write(cpu, p.x[0].host, b, p.n0);
    if (p.n0 < size)
        ram_write(cpu, p.x[1].host, b + p.n0, size - p.n0);
    fill(cpu, va, acc, &p.x[0]);
    rse_referenced(cpu, acc);
}

void *mem_atomic(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc)
{
    struct place p;
    struct intr in;

    acc |= ACC_RW | ACC_SEM;
    if (find_place(cpu, va, size, acc, &p, &in) != XL_OK)
        cpu_raise(cpu, &in);
    if (!p.x[0].host)
        sim_unimplemented(cpu, "semaphore operation on a device");
    if (code_page_present(cpu->m, p.x[0].host))
        code_page_dirty(cpu->m, p.x[0].host);
    fill(cpu, va, acc, &p.x[0]);
    observe(cpu, va, p.x[0].pa, p.x[0].host, size, acc);
    return p.x[0].host;
}
