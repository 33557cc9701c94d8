/* Where Linux never goes and a hypervisor does: the long-format VHPT at the top of region 7, 24-bit region ids, a kernel at
 * privilege level 1 whose privileged instructions fault, the register stack at rsc.pl 1 (SDM 2:4.1, 2:5.5, 2:6.5). */
#include "bare.h"
#include "virt.h"
#define TABLE    0xf100000000000000     /* 16 MiB, mapped by one translation register */
#define TABLE_PA 0x1000000
#define GUEST    0x4000000000010000     /* region 2 */
#define PAGE_PA  0x2000000
#define PTE(pa, ar, pl) ((pa) | (ar) << 9 | (pl) << 7 | 0x61)
#define ITIR(ps, key) ((key) << 8 | (ps) << 2)

/* Fills the entry of va. */
#define ENTRY(va, pte, itir)                                                                       \
    movl r14 = va;                                                                                 \
    ;; thash r16 = r14;                                                                            \
    ttag r17 = r14;                                                                                \
    movl r20 = pte;                                                                                \
    movl r21 = itir;                                                                               \
    ;; adds r18 = 8, r16;                                                                          \
    adds r19 = 16, r16;                                                                            \
    ;; st8 [r16] = r20;                                                                            \
    st8 [r18] = r21;                                                                               \
    st8 [r19] = r17;                                                                               \
    ;;
#define PURGE(va, ps) movl r14 = va; mov r15 = (ps) << 2; ;; ptc.l r14, r15; ;; srlz.i; ;;
#define LOAD(reg, va) movl r14 = va; ;; ld8 reg = [r14]; ;;
#define STORE(va, v) movl r14 = va; movl r15 = v; ;; st8 [r14] = r15; ;;
/* One recorded fault with this ISR.code, from level 1. */
#define FAULTS(code)                                                                               \
    ;; srlz.i;                                                                                     \
    ;;                                                                                             \
    CHECK_REC(REC_COUNT, 1)                                                                        \
    CHECK_REC_MASK(REC_ISR, 0xffff, code)                                                          \
    CHECK_REC_MASK(REC_IPSR, 3 << 32, 1 << 32)                                                     \
    CLEAR_REC

    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 20, 2, 0
    ;;
    GO_VIRTUAL
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 1, TABLE, PTE(TABLE_PA, 2, 0), 24)
    INSERT_TR(itr.d, dtr, 2, 0xfffffffffffff000, PTE(PAGE_PA + 0x40000, 2, 0), 12)
    SET_RR(7, RR(0xffffff, 14, 0))
    SET_RR(2, RR(0xfffffe, 14, 1))
    SET_RR(3, RR(0xfffffe, 14, 0))
    movl r14 = TABLE | 24 << 2 | 1 << 8 | 1
    ;;
    mov cr.pta = r14
    ;;
    ssm psr.ic
    ;;
    srlz.i
    ;;
    /* Region 7 has got an id of its own since: once more. */
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 1, TABLE, PTE(TABLE_PA, 2, 0), 24)
    INSERT_TR(itr.d, dtr, 2, 0xfffffffffffff000, PTE(PAGE_PA + 0x40000, 2, 0), 12)
    ssm psr.ic
    ;;
    srlz.i
    ;;

    CASE("the last page of the address space; large tables")
    STORE(0xfffffffffffff000, 0x77)
    LOAD(r8, 0xfffffffffffffff8)
    STORE(0xfffffffffffffff8, 0x88)
    LOAD(r8, 0xfffffffffffff000)
    CHECK(r8, 0x77)

    movl r14 = GUEST
    ;;
    thash r15 = r14
    ;;
    shr.u r16 = r15, 24
    movl r17 = TABLE >> 24
    ;;
    CHECK_REG(r16, r17)

    CASE("long format: the walker serves itself, psr.ic 0 included")
    ENTRY(GUEST, PTE(PAGE_PA, 3, 3), ITIR(14, 0))
    /* physical page: written through the last TR's neighbour */
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 3, 0xfffffffff0000000, PTE(PAGE_PA, 2, 0), 20)
    ssm psr.ic
    ;;
    srlz.i
    ;;
    STORE(0xfffffffff0000000, 0x1111)
    STORE(0xfffffffff0010000, 0x2222)
    CLEAR_REC
    RECORD_SKIP(0x0800)
    RECORD_SKIP(0x1000)
    RECORD_SKIP(0x0000)
    LOAD(r8, GUEST)
    CHECK(r8, 0x1111)
    CHECK_REC(REC_COUNT, 0)
    PURGE(GUEST, 14)
    rsm psr.ic
    ;;
    srlz.d
    ;;
    LOAD(r8, GUEST)
    ssm psr.ic
    ;;
    srlz.d
    CHECK(r8, 0x1111)
    CHECK_REC(REC_COUNT, 0)

    CASE("an entry that changes shows after the purge only")
    ENTRY(GUEST, PTE(PAGE_PA + 0x10000, 3, 3), ITIR(14, 0))
    LOAD(r8, GUEST)
    CHECK(r8, 0x1111)
    PURGE(GUEST, 14)
    LOAD(r8, GUEST)
    CHECK(r8, 0x2222)

    CASE("another tag, ti, a chain: Data TLB miss, iha is the entry")
    movl r14 = GUEST
    ;;
    thash r33 = r14
    ttag r34 = r14
    ;;
    adds r35 = 16, r33
    adds r36 = 24, r33                  /* the fourth word is software's: the walker does not follow it */
    movl r16 = TABLE + 0x100
    dep r37 = -1, r34, 63, 1
    ;;
    st8 [r36] = r16
    st8 [r35] = r37
    PURGE(GUEST, 14)
    LOAD(r8, GUEST)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x0800)
    REC(r38, REC_IHA)
    CHECK_REG(r38, r33)
    REC(r38, REC_ITIR)
    CHECK(r38, 0xfffffe << 8 | 14 << 2)
    CLEAR_REC
    xor r37 = 1, r34
    ;;
    st8 [r35] = r37
    LOAD(r8, GUEST)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x0800)
    CLEAR_REC
    st8 [r35] = r34
    LOAD(r8, GUEST)
    CHECK(r8, 0x2222)
    CHECK_REC(REC_COUNT, 0)

    CASE("rr.ve 0, pta.ve 0: Alternate Data TLB")
    PURGE(GUEST, 14)
    LOAD(r8, GUEST + 0x2000000000000000) /* region 3: the same id, no walker */
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x1000)
    CLEAR_REC
    mov r14 = cr.pta
    ;;
    dep r14 = 0, r14, 0, 1
    ;;
    mov cr.pta = r14
    ;;
    srlz.d
    ;;
    LOAD(r8, GUEST)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x1000)
    CLEAR_REC
    mov r14 = cr.pta
    ;;
    dep r14 = -1, r14, 0, 1
    ;;
    mov cr.pta = r14
    ;;
    srlz.d
    ;;
    LOAD(r8, GUEST)
    CHECK(r8, 0x2222)
    LOAD(r8, GUEST + 0x2000000000000000) /* the TLB knows it by its id */
    CHECK(r8, 0x2222)
    CHECK_REC(REC_COUNT, 0)

    CASE("table not mapped: VHPT Translation fault, itir is the table's")
    movl r14 = TABLE
    mov r15 = 24 << 2
    ;;
    ptr.d r14, r15
    ;;
    srlz.d
    PURGE(GUEST, 14)
    LOAD(r8, GUEST)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0)
    REC(r38, REC_IHA)
    CHECK_REG(r38, r33)
    REC(r38, REC_ITIR)
    CHECK(r38, 0xffffff << 8 | 14 << 2)
    REC(r38, REC_IFA)
    CHECK(r38, GUEST)
    CLEAR_REC
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 1, TABLE, PTE(TABLE_PA, 2, 0), 24)
    ssm psr.ic
    ;;
    srlz.i
    ;;
    LOAD(r8, GUEST)
    CHECK(r8, 0x2222)

    CASE("level 1: every privileged instruction faults, with its level in ipsr")
    CLEAR_REC
    RECORD_SKIP(0x5400)
    GO(P_VIRT | P_CPL(1))
    mov r40 = 0x30
    mov r41 = 5
    ;;
    mov cr.iva = r40
    FAULTS(0x10)
    mov cr.ifa = r40                    /* psr.ic is 1: Illegal Operation comes first (SDM 3: mov cr) */
    FAULTS(0)
    mov r8 = cr.ipsr
    FAULTS(0)
    mov r8 = cr.ivr
    FAULTS(0x10)
    mov r8 = psr
    FAULTS(0x10)
    mov psr.l = r40
    FAULTS(0x10)
    ssm psr.i
    FAULTS(0x10)
    rsm psr.ic
    FAULTS(0x10)
    mov rr[r41] = r40
    FAULTS(0x10)
    mov r8 = rr[r41]
    FAULTS(0x10)
    mov pkr[r41] = r40
    FAULTS(0x10)
    mov dbr[r41] = r40
    FAULTS(0x10)
    mov r8 = ibr[r41]
    FAULTS(0x10)
    mov pmc[r41] = r40
    FAULTS(0x10)
    mov r8 = pmc[r41]
    FAULTS(0x10)
    itc.d r40                           /* psr.ic again */
    FAULTS(0)
    itr.i itr[r41] = r40
    FAULTS(0)
    ptc.l r40, r41
    FAULTS(0x10)
    ptc.ga r40, r41
    FAULTS(0x10)
    ptc.e r40
    FAULTS(0x10)
    ptr.d r40, r41
    FAULTS(0x10)
    tpa r8 = r40
    FAULTS(0x10)
    tak r8 = r40                        /* a non-access instruction, number 3 */
    FAULTS(0x13)
    bsw.1
    ;;
    FAULTS(0x10)
    rfi
    ;;
    FAULTS(0x10)
    mov ar.k3 = r40
    FAULTS(0x20)
    mov ar.itc = r40
    FAULTS(0x20)
    /* What does not fault is what a hypervisor has to know about: SDM leaves them unprivileged. */
    mov r8 = cpuid[r0]
    thash r9 = r40
    ttag r10 = r40
    mov r11 = ar.itc
    mov r42 = ar.k3
    ;;
    CHECK_REC(REC_COUNT, 0)

    CASE("level 1: rsc.pl cannot go below it; cover leaves ifs alone")
    mov ar.rsc = 3                      /* eager, pl 0 */
    ;;
    mov r8 = ar.rsc
    ;;
    CHECK(r8, 3 | 1 << 2)
    br.call.sptk.many b0 = covered
    ;;
    CHECK_REC(REC_COUNT, 0)

    CASE("level 1: break names its level; back to level 0 by the handler")
    ON(0x2c00, up)
    break.m 0x1234
    ;;
    mov r8 = psr                        /* would fault */
    ;;
    CHECK_REC(REC_COUNT, 0)
    extr.u r9 = r8, 32, 2
    OFF(0x2c00)

    CASE("rsc.pl 1: the register stack may not touch level 0's pages, from level 0 either")
    rsm psr.ic
    ;;
    srlz.i
    ;;
    INSERT_TR(itr.d, dtr, 4, 0xfffffffff8000000, PTE(PAGE_PA + 0x100000, 2, 0), 20)
    INSERT_TR(itr.d, dtr, 5, 0xfffffffff8100000, PTE(PAGE_PA + 0x200000, 2, 1), 20)
    ssm psr.ic
    ;;
    srlz.i
    ;;
    CLEAR_REC
    ON(0x5300, to_other_store)
    mov r43 = ar.bspstore
    br.call.sptk.many b0 = flushes      /* r8: its return */
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 2 << 32)   /* w */
    CHECK_REC_MASK(REC_ISR, 1 << 37, 1 << 37)   /* rs */
    REC(r38, REC_IFA)
    CHECK(r38, 0xfffffffff8000000)
    CLEAR_REC
    OFF(0x5300)
    DONE

covered:
    alloc r32 = ar.pfs, 0, 4, 0, 0
    ;;
    cover
    ;;
    alloc r32 = ar.pfs, 0, 4, 0, 0
    ;;
    br.ret.sptk.many b0
    ;;

/* Flushes its caller's registers to a store that is level 0's only, as level 1; the handler makes it level 0. */
flushes:
    alloc r32 = ar.pfs, 0, 3, 0, 0
    ;;
    flushrs
    mov ar.rsc = 0
    ;;
    mov r33 = ar.bspstore
    mov r34 = ar.rnat
    movl r14 = 0xfffffffff8000000
    ;;
    mov ar.bspstore = r14
    mov r15 = 1 << 2
    ;;
    mov ar.rsc = r15
    ;;
    br.call.sptk.many b7 = 1f
1:  alloc r35 = ar.pfs, 0, 4, 0, 0
    ;;
    flushrs                             /* three registers of the frame below: to that store */
    ;;
    mov ar.rsc = 0
    mov ar.pfs = r35
    movl r14 = 4f
    ;;
    mov b7 = r14
    ;;
    br.ret.sptk.many b7
4:  mov ar.bspstore = r33
    ;;
    mov ar.rnat = r34
    mov ar.rsc = 3
    mov ar.pfs = r32
    ;;
    br.ret.sptk.many b0
    ;;

/* Handlers. */
up:
    mov r19 = cr.ipsr
    mov r18 = cr.iip
    mov r17 = cr.iim
    movl r21 = 0x1234
    ;;
    extr.u r20 = r19, 32, 2
    cmp.ne p6, p7 = r17, r21
    ;;
    cmp.ne p8, p9 = 1, r20
    (p6) br.cond.spnt wrong
    ;;
    dep r19 = r0, r19, 32, 2
    ;;
    dep r19 = r0, r19, 41, 2
    (p8) br.cond.spnt wrong
    ;;
    adds r18 = 16, r18
    mov cr.ipsr = r19
    ;;
    mov cr.iip = r18
    HANDLER_RETURN
wrong:
    FAIL_HERE
to_other_store:                         /* records by hand: the store is made good, then it goes on */
    movl r17 = __rec
    mov r18 = cr.isr
    mov r20 = cr.ifa
    mov r24 = 1
    ;;
    adds r21 = REC_ISR, r17
    adds r22 = REC_IFA, r17
    st8 [r17] = r24
    ;;
    st8 [r21] = r18
    st8 [r22] = r20
    mov ar.rsc = 0                      /* level 0 */
    HANDLER_RETURN
