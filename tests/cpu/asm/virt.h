/* Virtual mode for assembly tests: the lowest 16 MiB identity-mapped by one translation register
 * each, readable, writable, executable at every privilege level. Uses r14, r15, r16. */
/* clang-format off */
#define PTE_RWX 0x7e1 /* p, a, d, pl 3, ar 3, WB */
#define PTE_ED  (1 << 52) /* in the ITLB: speculative loads may defer by dcr (SDM 2:5.5.5) */
#define RR(rid, ps, ve) ((rid) << 8 | (ps) << 2 | (ve))

#define SET_RR(region, value)                                                                      \
    movl r14 = (region) << 61;                                                                     \
    movl r15 = value;                                                                              \
    ;; mov rr[r14] = r15;                                                                          \
    ;; srlz.d;                                                                                     \
    ;;
#define INSERT(insn, va, pte, ps)                                                                  \
    movl r14 = va;                                                                                 \
    movl r15 = (ps) << 2;                                                                          \
    movl r16 = pte;                                                                                \
    ;; mov cr.ifa = r14;                                                                           \
    mov cr.itir = r15;                                                                             \
    ;; insn r16;                                                                                   \
    ;;
#define INSERT_TR(insn, file, slot, va, pte, ps)                                                   \
    movl r14 = va;                                                                                 \
    movl r15 = (ps) << 2;                                                                          \
    movl r16 = pte;                                                                                \
    ;; mov cr.ifa = r14;                                                                           \
    mov cr.itir = r15;                                                                             \
    mov r14 = slot;                                                                                \
    ;; insn file[r14] = r16;                                                                       \
    ;;
#define GO(psrbits)                                                                                \
    ;; rsm psr.ic;                                                                                 \
    ;; srlz.i;                                                                                     \
    movl r14 = psrbits;                                                                            \
    movl r15 = 66f;                                                                                \
    ;; mov cr.ipsr = r14;                                                                          \
    mov cr.iip = r15;                                                                              \
    mov cr.ifs = r0;                                                                               \
    ;; rfi;                                                                                        \
    ;; .align 16;                                                                                  \
    66:                                                                                            \
    ;;
#define P_IC (1 << 13)
#define P_I  (1 << 14)
#define P_PK (1 << 15)
#define P_DT (1 << 17)
#define P_RT (1 << 27)
#define P_IT (1 << 36)
#define P_BN (1 << 44)
#define P_CPL(n) ((n) << 32)
#define P_VIRT (P_IC | P_DT | P_RT | P_IT | P_BN)
#define P_PHYS (P_IC | P_BN)

#define GO_VIRTUAL                                                                                 \
    ;; rsm psr.ic;                                                                                 \
    ;; srlz.i;                                                                                     \
    ;;                                                                                             \
    SET_RR(0, RR(0x100, 14, 0))                                                                    \
    INSERT_TR(itr.d, dtr, 0, BARE_BASE, BARE_BASE | PTE_RWX, 24)                                                       \
    INSERT_TR(itr.i, itr, 0, BARE_BASE, BARE_BASE | PTE_RWX | PTE_ED, 24)                                                       \
    srlz.i;                                                                                        \
    ;;                                                                                             \
    GO(P_VIRT)
