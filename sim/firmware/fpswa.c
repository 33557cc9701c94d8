/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The EFI FPSWA driver (Intel: Floating-Point Software Assistance handler specification for
 * Itanium): an interface structure {revision, reserved, procedure}, and the procedure, which
 * finishes an operation the processor handed to software. It runs the simulator's own executor with
 * assistance off, on the registers of the call.
 *
 *   status fpswa(trap_type, bundle *, ipsr *, fpsr *, isr *, predicates *, ifs *, fp_state *)
 *
 * status 0: done, the caller steps over the instruction; 1: an enabled IEEE exception, told in
 * *isr; 3: the same, as a trap (the result is written); -1: not for us.
 */
#include "sim/firmware/efi.h"
#include "sim/cpu/dispatch.h"
#include "sim/cpu/fr.h"

struct fp_state { /* which registers are in memory, and where: f2-5, f6-15, f16-31, f32-127 */
    uint64_t mask[2];
    uint64_t area[4];
};
static const struct {
    uint8_t first, last;
} areas[4] = {{2, 5}, {6, 15}, {16, 31}, {32, 127}};

/* Registers in memory are in spill format: significand, then sign and exponent. */
static bool exchange(struct fw_call *c, const struct fp_state *s, bool load)
{
    for (unsigned a = 0; a < 4; a++)
        for (unsigned f = areas[a].first; f <= areas[a].last; f++) {
            uint64_t va = s->area[a] + 16ull * (f - areas[a].first), w[2];
            if (!(s->mask[f >> 6] >> (f & 63) & 1))
                continue;
            if (load) {
                if (!fw_read_guest(c, va, w, 16))
                    return false;
                fr_put_fill(&c->cpu->fr[f], w);
            } else {
                fr_to_spill(&c->cpu->fr[f], w);
                if (!fw_write_guest(c, va, w, 16))
                    return false;
            }
        }
    return true;
}

/* Runs the instruction; answers the vector it raised, VEC_NONE if it completed. */
static unsigned run_insn(struct cpu *cpu, const struct isa_insn *in, struct intr *raised)
{
    sigjmp_buf outer;
    struct machine *m = cpu->m;
    const uint8_t policy = m->fp_swa;
    const struct uop *cur = cpu->cur;
    volatile unsigned vector = VEC_NONE;
    memcpy(&outer, &cpu->fault_env, sizeof outer);
    m->fp_swa = FP_SWA_NEVER;
    cpu->step_uop = (struct uop){.off = (uint16_t)(cpu->ip & 0xff0), .op = in->op};
    cpu->cur = &cpu->step_uop;
    if (!sigsetjmp(cpu->fault_env, 0)) {
        exec_lookup(in->op)(cpu, in);
    } else {
        *raised = *cpu->pending;
        vector = raised->vector;
    }
    memcpy(&cpu->fault_env, &outer, sizeof outer);
    m->fp_swa = policy;
    cpu->cur = cur;
    return vector;
}

static void fpswa_proc(struct fw_call *c)
{
    struct cpu *cpu = c->cpu;
    struct isa_bundle b;
    struct isa_insn in;
    struct fp_state s;
    uint64_t ipsr, fpsr, isr, pr, psr = cpu->psr, own_fpsr = cpu->ar[AR_FPSR];
    struct fr saved[128];
    uint8_t own_pr[sizeof cpu->pr];
    c->ret[0] = (uint64_t)-1;
    if (!fw_read_guest(c, c->arg[1], &b, 16) || !fw_read_guest(c, c->arg[2], &ipsr, 8) ||
        !fw_read_guest(c, c->arg[3], &fpsr, 8) || !fw_read_guest(c, c->arg[4], &isr, 8) ||
        !fw_read_guest(c, c->arg[5], &pr, 8) || !fw_read_guest(c, c->arg[7], &s, sizeof s))
        return;
    /* A trap has its result already: the exception is the operating system's to deliver. */
    if (c->arg[0] != 0) {
        c->ret[0] = 1;
        return;
    }
    unsigned slot = (unsigned)(isr >> ISR_EI_SHIFT) & 3;
    if (slot > 2 || isa_decode_slot(b, slot, &in) != ISA_OK ||
        !(isa_rows[in.op].attr & ISA_ATTR_FP))
        return;

    memcpy(saved, cpu->fr, sizeof saved);
    memcpy(own_pr, cpu->pr, sizeof own_pr);
    cpu->psr &= ~(PSR_DFL | PSR_DFH);
    cpu->ar[AR_FPSR] = fpsr;
    pr_unpack(cpu, pr);
    struct intr raised;
    if (exchange(c, &s, true)) {
        unsigned v = run_insn(cpu, &in, &raised);
        if (v == VEC_NONE || v == VEC_FP_TRAP || v == VEC_FP_FAULT)
            c->ret[0] = v == VEC_NONE ? 0 : v == VEC_FP_TRAP ? 3 : 1;
        if (v == VEC_FP_TRAP || v == VEC_FP_FAULT)
            isr = (isr & ~0xffffull) | (raised.isr & 0xffff);
        fpsr = cpu->ar[AR_FPSR];
        pr = pr_pack(cpu);
        if (!exchange(c, &s, false) || !fw_write_guest(c, c->arg[3], &fpsr, 8) ||
            !fw_write_guest(c, c->arg[4], &isr, 8) || !fw_write_guest(c, c->arg[5], &pr, 8))
            c->ret[0] = (uint64_t)-1;
    }
    /* Registers that were in memory get their values of before back; the others keep the result. */
    for (unsigned f = 2; f < 128; f++)
        if (s.mask[f >> 6] >> (f & 63) & 1)
            cpu->fr[f] = saved[f];
    memcpy(cpu->pr, own_pr, sizeof own_pr);
    cpu->ar[AR_FPSR] = own_fpsr;
    cpu->psr = psr;
}

void fpswa_build(struct firmware *fw)
{
    uint64_t t = fw_alloc(fw, 16, 16);
    uint32_t revision = 0x00010012;
    memcpy(fw_ptr(fw, t, 4), &revision, 4);
    efi_set_service(fw, t + 8, "FPSWA", fpswa_proc, 0, true);
    fw->fpswa = t;
}
