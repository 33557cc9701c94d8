/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Cases of T=xen/hypercalls: one call each and what has to come of it.
 */
#ifndef HYPERCALLS_CASES_H
#define HYPERCALLS_CASES_H

#include "kernel.h"
#include <public/xen.h>
#include <public/callback.h>
#include <public/domctl.h>
#include <public/errno.h>
#include <public/event_channel.h>
#include <public/grant_table.h>
#include <public/hvm/hvm_op.h>
#include <public/hvm/params.h>
#include <public/memory.h>
#include <public/physdev.h>
#include <public/platform.h>
#include <public/sched.h>
#include <public/sysctl.h>
#include <public/vcpu.h>
#include <public/version.h>

/* What a case wants: a number (r8), or one of these. */
#define FAULT(vector) (0x4000000000000000 | (vector)) /* the guest gets that interruption */
#define ANY           0x4100000000000000              /* whatever, if only Xen lives */
#define ERROR         0x4100000000000001              /* a negative errno */
#define POSITIVE      0x4100000000000002              /* 0 and up */

#define ALT_DTLB      FAULT(0x1000)
#define ACCESS_RIGHTS FAULT(0x5300)
#define BREAK_FAULT   FAULT(0x2c00)

/* call: with flags HC_* and so many registers in the frame. Returns r8; T, TF print the case's
 * line. */
long call(u64 nr, u64 flags, u64 frame, const u64 arg[8]);
long try(const char *name, u64 want, u64 nr, u64 flags, u64 frame, const u64 arg[8]);
extern struct hcall last;
extern u64 cases_bad, cases_done;
extern u64 entry; /* HC_EPC, or 0: how call() calls */

#define CALL(nr, ...)          call(nr, 0, 8, (u64[8]){__VA_ARGS__})
#define T(name, want, nr, ...) try(name, want, nr, 0, 8, (u64[8]){__VA_ARGS__})
#define TF(name, want, flags, frame, nr, ...)                                                      \
    try(name, want, nr, flags, frame, (u64[8]){__VA_ARGS__})
#define P(pointer) ((u64)(pointer))
/* A condition that is no call. */
void check(const char *name, int good, long got);
void group(const char *name);

/* 64 KiB of one's own, page aligned, nothing in it; its frame. */
extern uint8_t spare[16][4096];
u64 gfn(const void *p);

struct hostile {
    const char *name;
    u64 address, want; /* want: with translation on and psr.ic 1, for a read */
};
extern const struct hostile hostile[];
extern const unsigned int hostile_count;

struct state {
    u64 free_pages, tot_pages, domains, xenheap;
};
void state(struct state *s);

void generic_cases(void);
void memory_cases(void);
void event_cases(void);
void vcpu_cases(void);
void grant_cases(void);
void control_cases(void);
void domain_cases(void);
void firmware_cases(void);
void epc_cases(void);
void fuzz(u64 seed, u64 count);
#ifndef FUZZ_TRACE
#define FUZZ_TRACE 0 /* 1: a line for each call of the fuzz */
#endif

#endif
