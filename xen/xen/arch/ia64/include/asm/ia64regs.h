/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's registers and system instructions, one inline each. ia64_getreg(cr.itm), ia64_setreg(ar.rsc, v): any register that "mov" can name.
 * Those that need psr.ic = 0 (itc, itr: they read cr.ifa and cr.itir) do it within one asm, so that no memory reference falls between.
 */
#ifndef __ASM_IA64_IA64REGS_H__
#define __ASM_IA64_IA64REGS_H__

#ifndef __ASSEMBLY__

#include <xen/types.h>

#define ia64_getreg(reg) ({                                             \
    uint64_t val_;                                                      \
    asm volatile ( "mov %0=" #reg : "=r" (val_) :: "memory" );          \
    val_;                                                               \
})

#define ia64_setreg(reg, val) \
    asm volatile ( "mov " #reg "=%r0" :: "rO" ((uint64_t)(val)) : "memory" )

/* Stop bits are the assembler's affair: gcc puts one around every asm. */
#define ia64_srlz_i()   asm volatile ( ";; srlz.i;;" ::: "memory" )
#define ia64_srlz_d()   asm volatile ( ";; srlz.d" ::: "memory" )
#define ia64_sync_i()   asm volatile ( ";; sync.i" ::: "memory" )
#define ia64_mf()       asm volatile ( "mf" ::: "memory" )
#define ia64_mfa()      asm volatile ( "mf.a" ::: "memory" )
#define ia64_flushrs()  asm volatile ( ";; flushrs;;" ::: "memory" )
#define ia64_fwb()      asm volatile ( "fwb" ::: "memory" )
#define ia64_invala()   asm volatile ( "invala" ::: "memory" )
#define ia64_hint_pause() asm volatile ( "hint @pause" ::: "memory" )
#define ia64_fc(va)     asm volatile ( "fc %0" :: "r" (va) : "memory" )
#define ia64_fc_i(va)   asm volatile ( "fc.i %0" :: "r" (va) : "memory" )
#define ia64_lfetch(va) asm volatile ( "lfetch [%0]" :: "r" (va) )

/* mask: a compile-time constant of psr bits 23:0. */
#define ia64_ssm(mask)  asm volatile ( "ssm %0" :: "i" (mask) : "memory" )
#define ia64_rsm(mask)  asm volatile ( "rsm %0" :: "i" (mask) : "memory" )

#define ia64_popcnt(x) ({                                               \
    uint64_t val_;                                                      \
    asm ( "popcnt %0=%1" : "=r" (val_) : "r" ((uint64_t)(x)) );         \
    val_;                                                               \
})

/* Register files named by a register. */
#define IA64_INDIRECT(name, file, srlz)                                       \
static inline uint64_t ia64_get_##name(uint64_t idx)                    \
{                                                                       \
    uint64_t val;                                                       \
                                                                        \
    asm volatile ( "mov %0=" #file "[%1]" : "=r" (val) : "r" (idx) : "memory" ); \
    return val;                                                         \
}                                                                       \
static inline void ia64_set_##name(uint64_t idx, uint64_t val)          \
{                                                                       \
    asm volatile ( "mov " #file "[%0]=%1" srlz :: "r" (idx), "r" (val) : "memory" ); \
}

IA64_INDIRECT(rr, rr, "")       /* idx: an address in the region; srlz follows. Never rr7: ia64_set_rr7() */
IA64_INDIRECT(pkr, pkr, "")
IA64_INDIRECT(dbr, dbr, " ;; srlz.d")
IA64_INDIRECT(ibr, ibr, "")
IA64_INDIRECT(pmc, pmc, "")
IA64_INDIRECT(pmd, pmd, "")
#undef IA64_INDIRECT

static inline uint64_t ia64_get_cpuid(uint64_t idx)
{
    uint64_t val;

    asm ( "mov %0=cpuid[%1]" : "=r" (val) : "r" (idx) );
    return val;
}

#define IA64_UNARY(insn)                                                \
static inline uint64_t ia64_##insn(uint64_t va)                         \
{                                                                       \
    uint64_t val;                                                       \
                                                                        \
    asm volatile ( #insn " %0=%1" : "=r" (val) : "r" (va) : "memory" ); \
    return val;                                                         \
}

IA64_UNARY(thash)
IA64_UNARY(ttag)
IA64_UNARY(tak)
IA64_UNARY(tpa)             /* faults when there is no translation: prefer what one knows */
#undef IA64_UNARY

/* psr.l as it is, then ic and i off. mov psr.l puts them back as they were; srlz.i makes ic count for the next access (SDM 2:3.2). */
#define IA64_IC_OFF_BEGIN "mov r14=psr;; rsm 0x6000;; srlz.i;; "
#define IA64_IC_OFF_END   ";; srlz.i;; mov psr.l=r14;; srlz.i;;"

static inline void ia64_itc_i(uint64_t va, uint64_t pte, uint64_t itir)
{
    asm volatile ( IA64_IC_OFF_BEGIN "mov cr.ifa=%0;; mov cr.itir=%1;; itc.i %2" IA64_IC_OFF_END
                   :: "r" (va), "r" (itir), "r" (pte) : "r14", "memory" );
}

static inline void ia64_itc_d(uint64_t va, uint64_t pte, uint64_t itir)
{
    asm volatile ( IA64_IC_OFF_BEGIN "mov cr.ifa=%0;; mov cr.itir=%1;; itc.d %2" IA64_IC_OFF_END
                   :: "r" (va), "r" (itir), "r" (pte) : "r14", "memory" );
}

static inline void ia64_itr_i(uint64_t slot, uint64_t va, uint64_t pte, uint64_t itir)
{
    asm volatile ( IA64_IC_OFF_BEGIN "mov cr.ifa=%0;; mov cr.itir=%1;; itr.i itr[%3]=%2" IA64_IC_OFF_END
                   :: "r" (va), "r" (itir), "r" (pte), "r" (slot) : "r14", "memory" );
}

static inline void ia64_itr_d(uint64_t slot, uint64_t va, uint64_t pte, uint64_t itir)
{
    asm volatile ( IA64_IC_OFF_BEGIN "mov cr.ifa=%0;; mov cr.itir=%1;; itr.d dtr[%3]=%2" IA64_IC_OFF_END
                   :: "r" (va), "r" (itir), "r" (pte), "r" (slot) : "r14", "memory" );
}

/* Purges: itir as itir.ps says it, size << 2 (SDM 3: ptc, ptr). ptc.g and ptc.ga: one processor at a time, which every machine can (2:11.10.3, PAL_VM_SUMMARY): flushtlb.c has the lock. */
#define IA64_PURGE(name, insn)                                          \
static inline void ia64_##name(uint64_t va, uint64_t itir)              \
{                                                                       \
    asm volatile ( #insn " %0,%1" :: "r" (va), "r" (itir) : "memory" ); \
}

IA64_PURGE(ptc_l, ptc.l)
IA64_PURGE(ptc_g, ptc.g)
IA64_PURGE(ptc_ga, ptc.ga)
IA64_PURGE(ptr_d, ptr.d)
IA64_PURGE(ptr_i, ptr.i)
#undef IA64_PURGE

static inline void ia64_ptc_e(uint64_t va)
{
    asm volatile ( "ptc.e %0" :: "r" (va) : "memory" );
}

#endif /* !__ASSEMBLY__ */

#endif /* __ASM_IA64_IA64REGS_H__ */
