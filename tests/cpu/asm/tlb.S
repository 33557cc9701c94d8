/* Translation: misses served by handlers with itc, the VHPT walker in both formats, access, dirty and
 * not-present bits, rights, protection keys, purges, probe and tpa (SDM 2:4.1). */
#include "bare.h"
#include "virt.h"
#define VA1 (1 << 61 | 0x10000)     /* region 1 */
#define PA1 (BARE_BASE + 0x800000)
#define PAGE 14                     /* 16 KiB */
#define PTE(pa, ar, pl, bits) ((pa) | (ar) << 9 | (pl) << 7 | (bits))
#define P 1
#define A (1 << 5)
#define D (1 << 6)
#define PURGE(va) \
    movl r14 = va; mov r15 = PAGE << 2; ;; ptc.l r14, r15; ;; srlz.i; ;;
#define RSM_IC ;; rsm psr.ic; ;; srlz.i; ;;
#define SSM_IC ;; ssm psr.ic; ;; srlz.i; ;;
    .text
    .global main
main:
    alloc r32 = ar.pfs, 2, 6, 2, 0
    ;;
    SET_RR(1, RR(0x111, PAGE, 0))
    movl r14 = PA1
    movl r15 = 0x1122334455667788
    ;;
    st8 [r14] = r15
    GO_VIRTUAL
    CASE("Alternate Data TLB: handler inserts by itc.d, the load is done again")
    CLEAR_REC
    ON(0x1000, insert_data)
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    CHECK(r8, 0x1122334455667788)
    CHECK_REC(REC_COUNT, 1)
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 4 << 32)
    REC(r21, REC_IFA)
    CHECK(r21, VA1)
    REC(r21, REC_ITIR)
    CHECK(r21, 0x111 << 8 | PAGE << 2)

    CASE("ptc.l makes it miss again; a store misses with isr.w")
    PURGE(VA1)
    movl r14 = VA1
    mov r15 = 0x66
    ;;
    st8 [r14] = r15, 8
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 2 << 32)
    movl r16 = VA1 + 8
    CHECK_REG(r14, r16)
    movl r14 = PA1                  /* identity-mapped */
    ;;
    ld8 r8 = [r14]
    CHECK(r8, 0x66)

    CASE("region ids: another rid, another translation")
    movl r14 = 1 << 61
    movl r15 = RR(0x112, PAGE, 0)
    ;;
    mov rr[r14] = r15
    ;;
    srlz.d
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 3)
    SET_RR(1, RR(0x111, PAGE, 0))
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 3)
    OFF(0x1000)

    CASE("psr.ic = 0: Data Nested TLB")
    PURGE(VA1)
    movl r14 = VA1
    ON(0x1400, nested)
    RSM_IC
    mov r8 = r0
    ld8 r9 = [r14]
    ;;
    mov r8 = 1
    ;;
nested_back:
    CHECK(r8, 0)
    SSM_IC
    OFF(0x1400)

    CASE("Alternate Instruction TLB: code in region 1")
    CLEAR_REC
    ON(0x0c00, insert_code)
    movl r14 = callee
    movl r15 = PA1 + 64
    ;;
    ld8 r16 = [r14], 8
    ;;
    ld8 r17 = [r14]
    st8 [r15] = r16, 8
    ;;
    st8 [r15] = r17
    ;;
    fc.i r15
    ;;
    sync.i
    ;;
    srlz.i
    movl r16 = VA1 + 64
    ;;
    mov b7 = r16
    ;;
    br.call.sptk.many b0 = b7
    ;;
    CHECK(r8, 0x77)
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 1 << 32)
    REC(r21, REC_IFA)
    CHECK(r21, VA1 + 64)
    br.call.sptk.many b0 = b7
    ;;
    CHECK_REC(REC_COUNT, 1)
    OFF(0x0c00)

    CASE("not present, access bit, dirty bit")
    CLEAR_REC
    PURGE(VA1)
    RECORD_SKIP(0x5000)
    RECORD_SKIP(0x2800)
    RECORD_SKIP(0x2000)
    RSM_IC
    INSERT(itc.d, VA1, PTE(PA1, 3, 3, A | D), PAGE)
    SSM_IC
    movl r14 = VA1
    mov r15 = 5
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x5000)
    PURGE(VA1)
    RSM_IC
    INSERT(itc.d, VA1, PTE(PA1, 3, 3, P | D), PAGE)
    SSM_IC
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC(REC_VECTOR, 0x2800)
    PURGE(VA1)
    RSM_IC
    INSERT(itc.d, VA1, PTE(PA1, 3, 3, P | A), PAGE)
    SSM_IC
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 2)
    st8 [r14] = r15
    ;;
    CHECK_REC(REC_COUNT, 3)
    CHECK_REC(REC_VECTOR, 0x2000)
    CHECK_REC_MASK(REC_ISR, 7 << 32, 2 << 32)
    OFF(0x5000)
    OFF(0x2800)
    OFF(0x2000)

    CASE("access rights: read-only page")
    CLEAR_REC
    PURGE(VA1)
    RECORD_SKIP(0x5300)
    RSM_IC
    INSERT(itc.d, VA1, PTE(PA1, 0, 3, P | A | D), PAGE)
    SSM_IC
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 0)
    st8 [r14] = r15
    ;;
    CHECK_REC(REC_COUNT, 1)
    probe.w r8 = r14, 0
    probe.r r9 = r14, 3
    ;;
    CHECK(r8, 0)
    CHECK(r9, 1)
    OFF(0x5300)

    CASE("tpa, ptr, dtr")
    PURGE(VA1)
    RSM_IC
    INSERT_TR(itr.d, dtr, 3, VA1, PTE(PA1, 3, 0, P | A | D), PAGE)
    srlz.d
    SSM_IC
    movl r14 = VA1 + 0x123
    ;;
    tpa r8 = r14
    ;;
    CHECK(r8, PA1 + 0x123)
    movl r14 = VA1
    ;;
    probe.r r9 = r14, 3             /* pl 0 only */
    probe.r r10 = r14, 0
    ;;
    CHECK(r9, 0)
    CHECK(r10, 1)
    movl r14 = VA1
    mov r15 = PAGE << 2
    ;;
    ptr.d r14, r15
    ;;
    srlz.d
    CLEAR_REC
    RECORD_SKIP(0x1000)
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    OFF(0x1000)

    CASE("protection keys: miss, then permission")
    CLEAR_REC
    RECORD_SKIP(0x1c00)
    RECORD_SKIP(0x5100)
    RSM_IC
    movl r14 = VA1
    movl r15 = PAGE << 2 | 0x55 << 8
    movl r16 = PTE(PA1, 3, 3, P | A | D)
    ;;
    mov cr.ifa = r14
    mov cr.itir = r15
    ;;
    itc.d r16
    ;;
    srlz.d
    /* Keys for the identity map's key 0: everything allowed. */
    mov r15 = r0
    mov r16 = 1                     /* v, key 0 */
    ;;
    mov pkr[r15] = r16
    ;;
    srlz.i
    ;;
    GO(P_VIRT | P_PK)
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x1c00)
    mov r15 = 1
    movl r16 = 0x55 << 8 | 1 << 1 | 1 /* v, wd */
    ;;
    mov pkr[r15] = r16
    ;;
    srlz.d
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    st8 [r14] = r0
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC(REC_VECTOR, 0x5100)
    GO(P_VIRT)
    PURGE(VA1)
    OFF(0x1c00)
    OFF(0x5100)

    CASE("VHPT, short format")
    CLEAR_REC
    SET_RR(1, RR(0x111, PAGE, 1))
    RECORD_SKIP(0x0800)             /* Data TLB: walker found nothing */
    RECORD_SKIP(0x0000)             /* VHPT Translation */
    RECORD_SKIP(0x5000)
    movl r14 = 0x1000000 | 16 << 2 | 1 /* 64 KiB table at 16 MiB of each region, short, enabled */
    ;;
    mov cr.pta = r14
    ;;
    srlz.i
    movl r14 = VA1
    ;;
    thash r33 = r14
    ;;
    ld8 r8 = [r14]                  /* the table itself is not mapped */
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0)
    REC(r21, REC_IHA)
    CHECK_REG(r21, r33)
    REC(r21, REC_IFA)
    CHECK(r21, VA1)
    /* Map the table: 64 KiB at 8.5 MiB. */
    RSM_IC
    INSERT_TR(itr.d, dtr, 3, 1 << 61 | 0x1000000, PTE(BARE_BASE + 0x880000, 3, 3, P | A | D), 16)
    srlz.d
    SSM_IC
    movl r15 = PTE(PA1, 3, 3, P | A | D)
    ;;
    st8 [r33] = r15
    movl r14 = PA1
    movl r15 = 0x5151
    ;;
    st8 [r14] = r15
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)         /* the walker did it */
    CHECK(r8, 0x5151)
    PURGE(VA1)
    movl r15 = PTE(PA1, 3, 3, A | D)
    ;;
    st8 [r33] = r15
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 2)
    CHECK_REC(REC_VECTOR, 0x5000)
    PURGE(VA1)

    CASE("VHPT, long format: tag must match")
    CLEAR_REC
    movl r14 = 1 << 61 | 0x1000000 | 1 << 8 | 16 << 2 | 1
    ;;
    mov cr.pta = r14
    ;;
    srlz.i
    movl r14 = VA1
    ;;
    thash r33 = r14
    ttag r34 = r14
    ;;
    /* Wrong tag: a Data TLB fault. */
    movl r15 = PTE(PA1, 3, 3, P | A | D)
    adds r16 = 8, r33
    adds r17 = 16, r33
    mov r18 = PAGE << 2
    adds r19 = 1, r34
    ;;
    st8 [r33] = r15
    st8 [r16] = r18
    st8 [r17] = r19
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK_REC(REC_VECTOR, 0x0800)
    adds r17 = 16, r33
    ;;
    st8 [r17] = r34
    movl r14 = VA1
    ;;
    ld8 r8 = [r14]
    ;;
    CHECK_REC(REC_COUNT, 1)
    CHECK(r8, 0x5151)
    mov r14 = 15 << 2               /* the smallest size: 0 is reserved */
    ;;
    mov cr.pta = r14
    ;;
    srlz.i
    ;;
    PURGE(VA1)
    OFF(0x0800)
    OFF(0x0000)
    OFF(0x5000)

    CASE("psr.it, dt, rt off again: physical")
    GO(P_PHYS)
    movl r14 = PA1
    ;;
    ld8 r8 = [r14]
    CHECK(r8, 0x5151)

    CASE("register stack traffic is translated by psr.rt")
    GO(P_VIRT)
    mov r40 = 300
    ;;
    br.call.sptk.many b0 = deep
    ;;
    CHECK(r8, 300)
    DONE

#define NOTE(off, cr_) mov r18 = cr_; adds r19 = off, r17; ;; st8 [r19] = r18; ;;
insert_data:
    movl r17 = __rec
    ;;
    ld8 r18 = [r17]
    ;;
    adds r18 = 1, r18
    ;;
    st8 [r17] = r18
    NOTE(REC_ISR, cr.isr)
    NOTE(REC_IFA, cr.ifa)
    NOTE(REC_ITIR, cr.itir)
    movl r18 = PTE(PA1, 3, 3, P | A | D)
    ;;
    itc.d r18
    ;;
    srlz.d
    HANDLER_RETURN
insert_code:
    movl r17 = __rec
    ;;
    ld8 r18 = [r17]
    ;;
    adds r18 = 1, r18
    ;;
    st8 [r17] = r18
    NOTE(REC_ISR, cr.isr)
    NOTE(REC_IFA, cr.ifa)
    movl r18 = PTE(PA1, 3, 3, P | A | D)
    ;;
    itc.i r18
    ;;
    srlz.i
    HANDLER_RETURN
/* Entered with ic = 0 and in bank 0: cr.iip is not ours. Back by hand. */
nested:
    movl r17 = nested_back
    movl r18 = P_DT | P_RT | P_IT | P_BN
    ;;
    mov cr.iip = r17
    mov cr.ipsr = r18
    mov cr.ifs = r0
    HANDLER_RETURN

deep:
    alloc r34 = ar.pfs, 1, 20, 1, 0
    mov r35 = b0
    cmp.eq p6, p7 = r0, r32
    mov r8 = r0
    ;;
    (p6) br.ret.sptk.many b0
    adds r53 = -1, r32
    ;;
    br.call.sptk.many b0 = deep
    ;;
    adds r8 = 1, r8
    mov ar.pfs = r34
    mov b0 = r35
    ;;
    br.ret.sptk.many b0
    ;;
    .align 16
callee:
    { .mib
    mov r8 = 0x77
    nop 0
    br.ret.sptk.many b0
    ;; }
