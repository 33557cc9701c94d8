/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a processor at an interruption, as entry.S saves it, and what stands at the top of each
 * processor's stack block. asm-offsets.c exports the offsets.
 */
#ifndef __ASM_IA64_REGS_H__
#define __ASM_IA64_REGS_H__

#ifndef __ASSEMBLY__

#include <xen/types.h>

/* A floating-point register as stf.spill leaves it. */
struct ia64_fpreg {
    uint64_t u[2];
} __attribute__((aligned(16)));

/*
 * 512-byte aligned: st8.spill of gr[n] then puts its NaT bit into bit n of ar.unat (SDM 3: st), so gr_nat
 * is simply ar.unat after the spills. gr[0] is never written (it is where code may put a scratch value).
 */
struct cpu_user_regs {
    uint64_t gr[32];        /* r1-r31, of the bank that was live (bank 1 for a guest) */
    uint64_t gr_nat;        /* bit n: gr[n] is NaT */

    uint64_t br[8];
    uint64_t pr;

    /* Interruption registers. */
    uint64_t cr_ipsr;
    uint64_t cr_iip;
    uint64_t cr_ifs;        /* v set: after cover, the interrupted frame */
    uint64_t cr_isr;
    uint64_t cr_ifa;
    uint64_t cr_itir;
    uint64_t cr_iim;
    uint64_t cr_iha;
    uint64_t cr_iipa;

    /* Application registers. */
    uint64_t ar_rsc;
    uint64_t ar_bspstore;   /* the guest's, when entry switched the backing store */
    uint64_t ar_rnat;       /* goes with ar_bspstore */
    uint64_t ar_pfs;
    uint64_t ar_unat;       /* the interrupted code's own */
    uint64_t ar_ccv;
    uint64_t ar_fpsr;
    uint64_t ar_csd;
    uint64_t ar_ssd;
    uint64_t ar_lc;
    uint64_t ar_ec;         /* pfs holds it too; as read */

    uint64_t loadrs;        /* bytes of the guest's dirty registers on Xen's backing store, << 16 (as ar.rsc wants it) */

    uint64_t vector;        /* offset of the vector in the IVT, for dumps */
    uint64_t plain;         /* fast-hypercall.S: the hypercall changes nothing but r8 */
    uint64_t pad;

    struct ia64_fpreg fr6_11[6];
} __attribute__((aligned(512)));

/* General register n of the frame, static registers only. */
#define regs_nat(regs, n) (((regs)->gr_nat >> (n)) & 1)

/* psr.cpl says who was interrupted: Xen is the only one at 0. */
#define guest_mode(regs)        (((regs)->cr_ipsr & IA64_PSR_CPL) != 0)
#define ring_0(regs)            (((regs)->cr_ipsr & IA64_PSR_CPL) == 0)
#define guest_kernel_mode(v, regs) ((void)(v), (((regs)->cr_ipsr >> IA64_PSR_CPL_SHIFT) & 3) == 1)
#define return_reg(v)           ((v)->arch.user_regs.gr[8])

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_REGS_H__ */
