/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FPSR to operation controls, and floating-point faults and traps with their ISR codes (SDM 1:5.2,
 * 1:5.4, 2:8.3 Floating-point Fault and Trap vectors).
 */
#include "sim/cpu/float_core.h"
#include "sim/machine.h"

void fp_begin(struct fp_env *e, const struct cpu *cpu, unsigned sf, enum fp_pc pc)
{
    static const uint8_t dyn_width[4] = {24, 64, 53, 64}; /* pc 1 is reserved, cannot be set */
    uint64_t fpsr = cpu->ar[AR_FPSR];
    uint32_t c = (uint32_t)(fpsr >> FPSR_SF_SHIFT(sf)) & SF_CONTROLS;
    bool wre = c & SF_WRE && pc != PC_SIMD; /* the packed format has no wider range */
    int32_t range;                          /* greatest exponent, unbiased */

    e->rc = (uint8_t)(c >> SF_RC_SHIFT & 3);
    e->ftz = c & SF_FTZ;
    e->masked = c & SF_TD ? 0x3f : fpsr & 0x3f;
    e->simd = pc == PC_SIMD;
    e->swa = machine_fp_swa(cpu->m);
    e->flags = e->fault = e->trap = 0;
    if (pc == PC_DYN) {
        e->width = dyn_width[c >> SF_PC_SHIFT & 3];
        range = 16383;
    } else if (pc == PC_D) {
        e->width = 53;
        range = 1023;
    } else {
        e->width = 24;
        range = 127;
    }
    if (wre)
        range = 65535;
    e->emax = FR_BIAS + range;
    e->emin = FR_BIAS + 1 - range;
}

/* The high half (or the only operation) reports in bits 3:0, the low half in 7:4. */
void fp_raise_fault(struct cpu *cpu, unsigned hi, unsigned lo)
{
    struct intr in = {.vector = VEC_FP_FAULT, .isr = hi | lo << 4};
    cpu_raise(cpu, &in);
}

/* Bit 0 says FP trap; the high half (or the only operation) reports in bits 14:11, the low half in
 * 10:7. */
void fp_raise_trap(struct cpu *cpu, unsigned hi, unsigned lo)
{
    struct intr in = {.vector = VEC_FP_TRAP, .is_trap = true};

    if (hi & (FPT_O | FPT_U | FPT_I))
        in.isr |= (uint64_t)hi << 11;
    if (lo & (FPT_O | FPT_U | FPT_I))
        in.isr |= (uint64_t)lo << 7;
    in.isr |= 1;
    cpu_raise(cpu, &in);
}
