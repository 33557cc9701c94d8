/* SPDX-License-Identifier: MIT
 *
 * Bare-metal runtime (crt0.S): what C programs and assembly tests see of it.
 *
 * C: main() returns the exit status; printing and exit go by ski's simulator calls, so images run
 * on ski too.
 *
 * Assembly tests (tests/cpu/asm): a file defines `main`, a sequence of CASE(name) with CHECK...
 * after them, and ends in DONE. The macros use r2, r3, r14, r15, p14, p15, b6 and, in CASE, ar.pfs;
 * all else is the test's.
 */
/* clang-format off */
#ifndef BARE_H
#define BARE_H

#define DEBUG_PORT 0xff600000 /* sim/board/README.md; not on ski */

#ifndef __ASSEMBLER__

long ssc(long a0, long a1, long a2, long a3, long nr);
void bare_putc(int c);
void bare_puts(const char *s);
void bare_dec(long v);
void bare_hex(unsigned long v);
_Noreturn void bare_exit(int status);
extern char __heap[], __heap_end[];

#else

/* The 16 MiB the program has begin here (build.sh: bare_kernel). */
#ifndef BARE_BASE
#define BARE_BASE 0
#endif

/* Vectors, and where the recording handler leaves what it found: offsets in `__rec`. */
#define REC_COUNT  0 /* interruptions recorded */
#define REC_VECTOR 8
#define REC_IIP    16
#define REC_IPSR   24
#define REC_ISR    32
#define REC_IFA    40
#define REC_ITIR   48
#define REC_IIM    56
#define REC_IHA    64
#define REC_IIPA   72
#define REC_IFS    80

#define PSR_IC 1 << 13
#define PSR_I  1 << 14
#define PSR_DT 1 << 17
#define PSR_DB 1 << 24
#define PSR_LP 1 << 25
#define PSR_TB 1 << 26
#define PSR_RT 1 << 27

/* A named case begins; the one before it has passed. */
#define CASE(name)                                                                                 \
    .section .rodata;                                                                              \
    88: .asciz name;                                                                             \
    .text;                                                                                         \
    ;; movl r14 = 88b;                                                                             \
    ;; br.call.sptk.many b6 = __case_begin;                                                        \
    ;;

#define DONE br.sptk.many __done ;;

/* Fails the case, naming the line, unless reg (any GR) holds the 64-bit value and no NaT. */
#define CHECK(reg, value)                                                                          \
    ;; mov r3 = reg;                                                                               \
    movl r2 = value;                                                                               \
    ;; cmp.eq.unc p15, p14 = r3, r2;                                                               \
    (p15) br.cond.sptk 99f;                                                                        \
    ;; movl r14 = __LINE__;                                                                        \
    br.sptk.many __fail;                                                                           \
    99: ;;
#define CHECK_REG(reg, other)                                                                      \
    ;; mov r3 = reg;                                                                               \
    mov r2 = other;                                                                                \
    ;; cmp.eq.unc p15, p14 = r3, r2;                                                               \
    (p15) br.cond.sptk 99f;                                                                        \
    ;; movl r14 = __LINE__;                                                                        \
    br.sptk.many __fail;                                                                           \
    99: ;;
#define CHECK_NAT(reg)                                                                             \
    ;; tnat.nz p15, p14 = reg;                                                                     \
    (p15) br.cond.sptk 99f;                                                                        \
    ;; mov r2 = -1;                                                                                \
    mov r3 = reg;                                                                                  \
    movl r14 = __LINE__;                                                                           \
    br.sptk.many __fail;                                                                           \
    99: ;;
/* Predicate p is 1 / 0. Not for p14, p15. */
#define CHECK_P(p)                                                                                 \
    ;; (p) br.cond.sptk 99f;                                                                       \
    ;; mov r2 = 1;                                                                                 \
    mov r3 = r0;                                                                                   \
    movl r14 = __LINE__;                                                                           \
    br.sptk.many __fail;                                                                           \
    99: ;;
#define CHECK_NOT_P(p)                                                                             \
    mov r2 = r0;                                                                                   \
    mov r3 = 1;                                                                                    \
    movl r14 = __LINE__;                                                                           \
    ;; (p) br.cond.sptk.many __fail;                                                               \
    ;;
#define FAIL_HERE                                                                                  \
    mov r2 = r0;                                                                                   \
    mov r3 = r0;                                                                                   \
    movl r14 = __LINE__;                                                                           \
    br.sptk.many __fail ;;

/* A field that the recording handler stored. */
#define REC(reg, off)                                                                              \
    movl r2 = __rec + off;                                                                         \
    ;; ld8 reg = [r2];                                                                             \
    ;;
#define CHECK_REC(off, value)                                                                      \
    REC(r3, off)                                                                                   \
    CHECK(r3, value)
/* Bits of a recorded field. */
#define CHECK_REC_MASK(off, mask, value)                                                           \
    REC(r3, off)                                                                                   \
    movl r2 = mask;                                                                                \
    ;; and r3 = r3, r2;                                                                            \
    CHECK(r3, value)

/* Handler for a vector: code entered in bank 0 with r16 = vector, r31 = pr, r30 = b6; may use r17-r29, p6-p15, b6;
 * ends with HANDLER_RETURN. */
#define ON(vector, handler)                                                                        \
    ;; movl r2 = __handlers + ((vector) >> 8) * 8;                                                 \
    movl r3 = handler;                                                                             \
    ;; st8 [r2] = r3;                                                                              \
    ;;
#define OFF(vector)                                                                                \
    ;; movl r2 = __handlers + ((vector) >> 8) * 8;                                                 \
    ;; st8 [r2] = r0;                                                                              \
    ;;
#define HANDLER_RETURN                                                                             \
    ;; mov b6 = r30;                                                                               \
    mov pr = r31, -1;                                                                              \
    ;; rfi;                                                                                        \
    ;;

/* Records the next interruptions of a vector: `_skip` continues after the instruction (faults), `_go` at iip (traps, interrupts),
 * and drops psr.ss, tb, db; `_to` continues at the address in `__resume`. */
#define RECORD_SKIP(vector) ON(vector, __record_skip)
#define RECORD_GO(vector)   ON(vector, __record_go)
#define RECORD_TO(vector)   ON(vector, __record_to)
#define CLEAR_REC                                                                                  \
    movl r2 = __rec;                                                                               \
    ;; st8 [r2] = r0, 8;                                                                           \
    ;; st8 [r2] = r0;                                                                              \
    ;;

/* psr.l |= bits, psr.l &= ~bits, serialized. */
#define SSM(bits) ;; ssm bits; ;; srlz.i; ;;
#define RSM(bits) ;; rsm bits; ;; srlz.i; ;;

#endif
#endif
