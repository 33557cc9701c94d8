/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Frame of the per-instruction tests (T=cpu/...): one processor in physical mode with 16 MiB of
 * RAM, one instruction at a time, its state set before and looked at after, interruptions recorded
 * instead of delivered. Every instruction runs both ways the simulator has: stepped (the plain
 * executors) and in a block (the engine's handlers).
 *
 * Expectations are written from the manual: nothing here or in the suites calls the semantics under
 * test.
 */
#ifndef TESTS_CPU_INSN_H
#define TESTS_CPU_INSN_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include "sim/machine.h"
#include "sim/cpu/psr.h"
#include "sim/cpu/intr.h"

#define CODE      0x10000ull /* the instruction's bundle; the rest of its page is break instructions */
#define DATA      0x100000ull /* RAM the tests may use: DATA_SIZE bytes, snapshot with the registers */
#define DATA_SIZE 512

enum run_mode { RUN_STEP, RUN_BLOCK, RUN_MODES };
extern const char *const run_mode_name[RUN_MODES];

struct sut {
    struct machine *m;
    struct cpu *cpu;
    enum run_mode mode;
    unsigned slot;  /* where the instruction sits */
    char text[160]; /* its disassembly */
    /* Outcome of the last run. */
    bool fault; /* raised `in` */
    struct intr in;
    uint64_t ip; /* where execution went on, when not a fault */
    bool recorded;
};

/* Two processors of which s->cpu is the first; cfm.sof 96, psr 0. With psr.dt, the 64 KiB at DATA
 * are mapped one to one, write-back, and nothing else. */
struct sut *sut_new(void);
void sut_free(struct sut *s);
/* All registers to deterministic noise without NaTs (r0, p0, f0, f1 as architected, ar.unat, ccv,
 * csd too), predicates 1, psr 0, frame of 96, ALAT empty, DATA noise. */
void sut_reset(struct sut *s);
/* Places an instruction. False (and a failed check) when it cannot be encoded. */
bool sut_load(struct sut *s, const struct isa_insn *in);
/* Runs it once. */
void sut_go(struct sut *s);
/* An instruction of row op with small legal operands: r1=r8, r2=r9, r3=r10, p1=p6, p2=p7, f1=f6..
 */
struct isa_insn insn(unsigned op);

/* Deterministic noise. */
uint64_t noise(void);
/* The n-th interesting 64-bit operand; n >= EDGES gives noise. */
enum { EDGES = 26 };
uint64_t edge(unsigned n);

/* Everything architected that an instruction without effect leaves alone. */
struct snap {
    struct gr gr[128];
    uint8_t pr[64];
    struct fr fr[128];
    uint64_t br[8], ar[128], psr;
    struct cfm cfm;
    uint8_t data[DATA_SIZE];
};
void snap_take(struct sut *s, struct snap *p);
/* Name of the first difference, or NULL. Bits of `except`: what may differ. */
enum {
    EXCEPT_R1 = 1,
    EXCEPT_R3 = 2,
    EXCEPT_PREDS = 4,
    EXCEPT_DATA = 8,
    EXCEPT_UNAT = 16,
    EXCEPT_CSD = 32
};
const char *snap_diff(const struct snap *a, const struct snap *b, unsigned except,
                      const struct isa_insn *in);

/* Results. A group is one case of the suite: PASS when all its checks held. */
void suite_begin(int argc, char **argv);
bool group(const char *name); /* false: not the case asked for; end the previous group */
int suite_end(void);          /* exit status */
bool expect(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool expect_u64(uint64_t want, uint64_t got, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The last run raised this fault: vector and ISR (code and access bits). */
bool expect_fault(struct sut *s, unsigned vector, uint64_t isr);
bool expect_no_fault(struct sut *s);

/* Does the row's operand list name this register ("r2") as a source? Targets are left of '='. */
bool row_reads(const struct isa_row *row, const char *reg);

/* The generic checks of one row, in both modes:
 * predicate off: nothing changes, nothing faults; */
void generic_predicate_off(struct sut *s, unsigned op);
/* NaT in each source register gives NaT in the target r1; */
void generic_nat(struct sut *s, unsigned op);
/* target r0, targets outside the frame: Illegal Operation, only when the predicate is on. */
void generic_targets(struct sut *s, unsigned op);

#endif
