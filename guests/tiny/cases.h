/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Cases made of hypercalls: one call each and what has to come of it.
 */
#ifndef TINY_CASES_H
#define TINY_CASES_H

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
/* domctl with `dom`, of that domain; its argument for a domain of so many vcpus. */
extern struct xen_domctl dom;
long domctl(u64 cmd, u64 domain);
void domain_config(unsigned int vcpus);
/* A condition that is no call. */
void check(const char *name, int good, long got);
void group(const char *name);

u64 gfn(const void *p);
u64 now(void); /* ns, Xen's system time */
void wait_ms(u64 ms);

struct state {
    u64 free_pages, tot_pages, domains, xenheap;
};
void state(struct state *s);

/* A group of them, so many times, and that nothing is gone or left over after the last. Tables that
 * Xen makes at their first use (of a p2m, of events) stay: two times at least. */
void part(const char *name, void (*cases)(void), int times);

#endif
