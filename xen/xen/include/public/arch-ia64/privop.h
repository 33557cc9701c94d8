/* SPDX-License-Identifier: MIT */
/*
 * Privileged operations by break: how a rewritten (privified) kernel reaches the hypervisor.
 *
 * Each privilege-sensitive or hot privileged instruction is replaced, in its own slot, by a break of the
 * same execution unit and with the same qualifying predicate, whose 21-bit immediate says which instruction
 * it stands for and with which registers:
 *
 *      20  19        14  13         7  6          0
 *     +---+------------+-------------+-------------+
 *     | 1 |   op (6)   |    b (7)    |    a (7)    |
 *     +---+------------+-------------+-------------+
 *
 * a and b are register numbers as the instruction names them, before rotation (the frame's cfm.rrb.gr says
 * which register is meant), or small immediates, as the table says. The break has the instruction's own
 * effects: its faults (privileged operation, register NaT consumption, illegal operation for a target
 * outside the frame) are raised as if by the instruction itself, at this bundle and slot. Below, GR[n] is
 * general register n. Immediates of op 0 (Linux's system call among them) and of ops from 0x38 on are not
 * ours. B-unit breaks may report iim 0 (SDM 3: break): whoever serves them reads the bundle then.
 *
 * Used by the hypervisor, by privify, and by the simulator's --privop-native. docs/abi.md has the same
 * table for people.
 */
#ifndef __XEN_PUBLIC_ARCH_IA64_PRIVOP_H__
#define __XEN_PUBLIC_ARCH_IA64_PRIVOP_H__

#define XEN_PRIVOP_IMM(op, b, a) (0x100000 | ((op) << 14) | ((b) << 7) | (a))
#define XEN_PRIVOP_OP(imm)       (((imm) >> 14) & 0x3f)
#define XEN_PRIVOP_B(imm)        (((imm) >> 7) & 0x7f)
#define XEN_PRIVOP_A(imm)        ((imm) & 0x7f)
/* True of an immediate (as in cr.iim) that stands for an instruction. */
#define XEN_PRIVOP_IS(imm) \
    ((imm) >= XEN_PRIVOP_IMM(1, 0, 0) && (imm) < XEN_PRIVOP_IMM(0x38, 0, 0))

/* Sensitive: does not trap below privilege level 0. */
#define XEN_PRIVOP_THASH    0x01 /* thash  GR[a] = GR[b]            (M) */
#define XEN_PRIVOP_TTAG     0x02 /* ttag   GR[a] = GR[b]            (M) */
#define XEN_PRIVOP_GET_CPUID 0x03 /* mov   GR[a] = cpuid[GR[b]]     (M) */
#define XEN_PRIVOP_GET_PMD  0x04 /* mov    GR[a] = pmd[GR[b]]       (M) */
#define XEN_PRIVOP_COVER    0x05 /* cover                           (B) */
#define XEN_PRIVOP_FC       0x06 /* fc     GR[b]; a = 1: fc.i       (M) */
#define XEN_PRIVOP_GET_KR   0x07 /* mov    GR[a] = ar.k[b], b 0..7  (M) */
#define XEN_PRIVOP_GET_ITC  0x08 /* mov    GR[a] = ar.itc           (M) */
#define XEN_PRIVOP_GET_RSC  0x09 /* mov    GR[a] = ar.rsc           (M) */
#define XEN_PRIVOP_SET_RSC  0x0a /* mov    ar.rsc = GR[b]           (M) */
#define XEN_PRIVOP_SET_RSC_IMM 0x0b /* mov ar.rsc = imm8: a has bits 6:0, b bit 7 (M) */

/* Privileged: traps anyway; the break saves the hypervisor the fetch and decode. */
#define XEN_PRIVOP_RFI      0x10 /* rfi                             (B) */
#define XEN_PRIVOP_BSW0     0x11 /* bsw.0                           (B) */
#define XEN_PRIVOP_BSW1     0x12 /* bsw.1                           (B) */
/*
 * rsm/ssm of a mask: its 15 meaningful bits, squeezed (XEN_PRIVOP_PSR_*), in bits 14:0 of the immediate;
 * so each takes two op numbers. A mask with other bits set is left as it is.
 */
#define XEN_PRIVOP_RSM      0x14 /* rsm    mask                     (M) 0x14, 0x15 */
#define XEN_PRIVOP_SSM      0x16 /* ssm    mask                     (M) 0x16, 0x17 */
#define XEN_PRIVOP_GET_PSR  0x18 /* mov    GR[a] = psr              (M) */
#define XEN_PRIVOP_SET_PSR  0x19 /* mov    psr.l = GR[b]            (M) */
#define XEN_PRIVOP_GET_CR   0x1a /* mov    GR[a] = cr[b]            (M) */
#define XEN_PRIVOP_SET_CR   0x1b /* mov    cr[a] = GR[b]            (M) */
#define XEN_PRIVOP_SET_KR   0x1c /* mov    ar.k[a] = GR[b], a 0..7  (M) */
#define XEN_PRIVOP_SET_ITC  0x1d /* mov    ar.itc = GR[b]           (M) */
#define XEN_PRIVOP_GET_RR   0x20 /* mov    GR[a] = rr[GR[b]]        (M) */
#define XEN_PRIVOP_SET_RR   0x21 /* mov    rr[GR[a]] = GR[b]        (M) */
#define XEN_PRIVOP_GET_PKR  0x22 /* mov    GR[a] = pkr[GR[b]]       (M) */
#define XEN_PRIVOP_SET_PKR  0x23 /* mov    pkr[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_GET_IBR  0x24 /* mov    GR[a] = ibr[GR[b]]       (M) */
#define XEN_PRIVOP_SET_IBR  0x25 /* mov    ibr[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_GET_DBR  0x26 /* mov    GR[a] = dbr[GR[b]]       (M) */
#define XEN_PRIVOP_SET_DBR  0x27 /* mov    dbr[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_GET_PMC  0x28 /* mov    GR[a] = pmc[GR[b]]       (M) */
#define XEN_PRIVOP_SET_PMC  0x29 /* mov    pmc[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_SET_PMD  0x2a /* mov    pmd[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_ITC_D    0x2b /* itc.d  GR[b]                    (M) */
#define XEN_PRIVOP_ITC_I    0x2c /* itc.i  GR[b]                    (M) */
#define XEN_PRIVOP_ITR_D    0x2d /* itr.d  dtr[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_ITR_I    0x2e /* itr.i  itr[GR[a]] = GR[b]       (M) */
#define XEN_PRIVOP_PTC_L    0x2f /* ptc.l  GR[a], GR[b]             (M) */
#define XEN_PRIVOP_PTC_G    0x30 /* ptc.g  GR[a], GR[b]             (M) */
#define XEN_PRIVOP_PTC_GA   0x31 /* ptc.ga GR[a], GR[b]             (M) */
#define XEN_PRIVOP_PTC_E    0x32 /* ptc.e  GR[a]                    (M) */
#define XEN_PRIVOP_PTR_D    0x33 /* ptr.d  GR[a], GR[b]             (M) */
#define XEN_PRIVOP_PTR_I    0x34 /* ptr.i  GR[a], GR[b]             (M) */
#define XEN_PRIVOP_TPA      0x35 /* tpa    GR[a] = GR[b]            (M) */
#define XEN_PRIVOP_TAK      0x36 /* tak    GR[a] = GR[b]            (M) */

/*
 * The mask of rsm and ssm. Bits 1..5 of psr (be up ac mfl mfh) are bits 0..4 of the squeezed mask; 13..15
 * (ic i pk) are 5..7; 17..23 (dt dfl dfh sp pp di si) are 8..14.
 */
#define XEN_PRIVOP_PSR_BITS 0xfee03eUL
#define XEN_PRIVOP_PSR_SQUEEZE(m) \
    ((((m) >> 1) & 0x1f) | ((((m) >> 13) & 0x7) << 5) | ((((m) >> 17) & 0x7f) << 8))
#define XEN_PRIVOP_PSR_SPREAD(s) \
    ((((s) & 0x1fUL) << 1) | ((((s) >> 5) & 0x7UL) << 13) | ((((s) >> 8) & 0x7fUL) << 17))
#define XEN_PRIVOP_PSR_IMM(op, m) (XEN_PRIVOP_IMM(op, 0, 0) | XEN_PRIVOP_PSR_SQUEEZE(m))
#define XEN_PRIVOP_PSR_MASK(imm)  XEN_PRIVOP_PSR_SPREAD((imm) & 0x7fff)

#endif /* __XEN_PUBLIC_ARCH_IA64_PRIVOP_H__ */
