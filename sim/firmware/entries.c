/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Firmware entry points: two bundles in guest memory each, `break` then `br.ret b0`. The break is
 * recognised in m->ops->deliver by where it is executed (inside the firmware's own code pages, at
 * CPL 0), so that no guest can forge one, in physical mode and at whatever virtual address the
 * guest mapped the page.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/firmware.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"
#include "sim/cpu/alat.h"

/* break.m immediates of the firmware: 21 bits, documented in sim/firmware/README.md. */
enum { FW_BREAK = 0x1e0000 };

static uint64_t asm_slot(unsigned op, unsigned b2, uint64_t imm)
{
    struct isa_insn in = {.op = (uint16_t)op, .b2 = (uint8_t)b2, .imm = imm};
    uint64_t slot = 0, ext = 0;
    in.unit = isa_rows[op].units & 1 << ISA_UNIT_M   ? ISA_UNIT_M
              : isa_rows[op].units & 1 << ISA_UNIT_I ? ISA_UNIT_I
                                                     : ISA_UNIT_B;
    if (!isa_encode(&in, &slot, &ext))
        abort();
    return slot;
}

uint64_t fw_entry(struct firmware *fw, const char *name, fw_handler fn, unsigned index)
{
    if (fw->nentries == FW_ENTRIES_MAX || fw->code_next + 32 > FW_CODE + FW_CODE_SIZE)
        abort();
    unsigned n = fw->nentries++;
    uint64_t pa = fw->code_next;
    fw->code_next += 32;
    fw->entry[n].fn = fn;
    fw->entry[n].index = index;
    fw->entry[n].name = name;
    fw->entry[n].bundle = pa;
    /* MIB with a stop at the end (0x11): break.m; nop.i; nop.b / nop.m; nop.i; br.ret b0 */
    struct isa_bundle b[2];
    b[0] = isa_pack(0x11, asm_slot(ISA_BREAK_M_M37, 0, FW_BREAK + n), asm_slot(ISA_NOP_I_I18, 0, 0),
                    asm_slot(ISA_NOP_B_B9, 0, 0));
    b[1] = isa_pack(0x11, asm_slot(ISA_NOP_M_M48, 0, 0), asm_slot(ISA_NOP_I_I18, 0, 0),
                    asm_slot(ISA_BR_RET_B4, 0, 0));
    memcpy(fw_ptr(fw, pa, sizeof b), b, sizeof b);
    return pa;
}

uint64_t fw_descriptor(struct firmware *fw, uint64_t code)
{
    uint64_t d[2] = {code, FW_DATA}, pa = fw_alloc(fw, sizeof d, 16);
    memcpy(fw_ptr(fw, pa, sizeof d), d, sizeof d);
    return pa;
}

static uint64_t bump(uint64_t *next, uint64_t end, size_t size, size_t align)
{
    uint64_t pa = (*next + align - 1) & ~(uint64_t)(align - 1);
    if (pa + size > end) {
        fprintf(stderr, "ia64-sim: firmware area is full\n");
        abort();
    }
    *next = pa + size;
    return pa;
}
uint64_t fw_alloc(struct firmware *fw, size_t size, size_t align)
{
    uint64_t pa = bump(&fw->data_next, FW_DATA + FW_DATA_SIZE, size, align);
    memset(fw_ptr(fw, pa, size), 0, size);
    return pa;
}
uint64_t fw_alloc_acpi(struct firmware *fw, size_t size, size_t align)
{
    uint64_t pa = bump(&fw->acpi_next, FW_ACPI + FW_ACPI_SIZE, size, align);
    memset(fw_ptr(fw, pa, size), 0, size);
    return pa;
}
void *fw_ptr(struct firmware *fw, uint64_t pa, size_t len)
{
    void *p = phys_host(fw->b->m, pa, len);
    if (!p)
        abort();
    return p;
}

uint8_t fw_checksum(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint8_t s = 0;
    while (n--)
        s += *b++;
    return (uint8_t)-s;
}
uint32_t fw_crc32(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t c = ~0u;
    while (n--) {
        c ^= *b++;
        for (int i = 0; i < 8; i++)
            c = c >> 1 ^ (0xedb88320u & -(c & 1));
    }
    return ~c;
}

/* One page at a time through the caller's own translation. Firmware runs at PL0 like its caller. */
static bool guest_copy(struct fw_call *c, uint64_t va, void *buf, size_t len, bool write)
{
    uint8_t *p = buf;
    while (len) {
        size_t n = 4096 - (va & 4095);
        struct xlat x;
        if (n > len)
            n = len;
        if (c->faulted)
            return false;
        if (!mmu_translate(c->cpu, va, write ? ACC_W : ACC_R, 0, &x, &c->fault)) {
            c->faulted = c->cpu->psr & PSR_DT;
            return false;
        }
        if (!x.host)
            return false;
        if (write) {
            memcpy(x.host, p, n);
            code_page_dirty(c->b->m, x.host);
            for (size_t i = 0; i < n; i += 64)
                alat_store(c->cpu, x.host + i, n - i < 64 ? (unsigned)(n - i) : 64);
        } else {
            memcpy(p, x.host, n);
        }
        va += n;
        p += n;
        len -= n;
    }
    return true;
}
bool fw_read_guest(struct fw_call *c, uint64_t va, void *buf, size_t len)
{
    return guest_copy(c, va, buf, len, false);
}
bool fw_write_guest(struct fw_call *c, uint64_t va, const void *buf, size_t len)
{
    return guest_copy(c, va, (void *)(uintptr_t)buf, len, true);
}

/* Physical address of the code being executed; false if it cannot be told. */
static bool code_pa(struct cpu *cpu, uint64_t *pa)
{
    struct xlat x;
    struct intr in;
    if (!mmu_translate(cpu, cpu->ip, ACC_X, cpu->cpl, &x, &in))
        return false;
    *pa = x.pa;
    return true;
}

static bool firmware_trap(struct cpu *cpu, const struct intr *in)
{
    struct board *b = board_of(cpu->m);
    struct firmware *fw = b->fw;
    uint64_t pa;
    if (in->vector != VEC_BREAK || in->iim < FW_BREAK || in->iim >= FW_BREAK + fw->nentries ||
        cpu->cpl != 0 || !code_pa(cpu, &pa))
        return false;
    unsigned n = (unsigned)(in->iim - FW_BREAK);
    if (pa != fw->entry[n].bundle &&
        !(fw->pal_copy && pa == fw->pal_copy && fw->entry[n].bundle == fw->pal_entry))
        return false;
    struct fw_call c = {.cpu = cpu, .b = b, .index = fw->entry[n].index};
    for (unsigned i = 0; i < 8; i++)
        c.arg[i] = i < cpu->cfm.sof ? gr(cpu, 32 + i)->v : 0;
    uint64_t ip = cpu->ip;
    fw->entry[n].fn(&c);
    if (c.no_return)
        return true;
    /* A pointer that an OS in virtual mode has not got mapped at this moment: compiled firmware
     * would fault there, the OS put the translation in, and the access be made again. Here the call
     * is. */
    if (c.faulted && fw->boot_services_gone) {
        cpu->ip = ip;
        cpu->psr &= ~PSR_RI;
        intr_take(cpu, &c.fault);
        return true;
    }
    for (unsigned i = 0; i < 4; i++)
        cpu->gr[8 + i] = (struct gr){c.ret[i], 0};
    /* On to the returning bundle, unless the handler went elsewhere itself. */
    if (cpu->ip == ip) {
        cpu->ip = ip + 16;
        cpu->psr &= ~PSR_RI;
    }
    return true;
}

void firmware_deliver(struct cpu *cpu, const struct intr *in)
{
    if (!firmware_trap(cpu, in) && !efi_interrupt(cpu, in) && !efi_fault(cpu, in))
        intr_deliver(cpu, in);
}
