/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/hypercalls: the groups of cases and what they share.
 */
#ifndef HYPERCALLS_CALLS_H
#define HYPERCALLS_CALLS_H

#include "cases.h"

/* 64 KiB of one's own, page aligned, nothing in it. */
extern uint8_t spare[16][4096];

struct hostile {
    const char *name;
    u64 address, want; /* want: with translation on and psr.ic 1, for a read */
};
extern const struct hostile hostile[];
extern const unsigned int hostile_count;

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
