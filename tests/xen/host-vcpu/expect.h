/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the programs on the shim have in common, each once: vcpus and their domain, verdicts.
 */
#ifndef HOST_VCPU_EXPECT_H
#define HOST_VCPU_EXPECT_H

#include "tests/xen/host-vcpu/shim.h"

uint64_t shim_now;
static struct mapped_regs regs[SHIM_VCPUS];
static struct vcpu vcpus[SHIM_VCPUS];
static struct domain dom;
static int failures, inits;
static char first[160];

#define EXPECT(got, want)                                                                          \
    do {                                                                                           \
        long long g_ = (long long)(got), w_ = (long long)(want);                                   \
        if (g_ != w_ && !failures++)                                                               \
            snprintf(first, sizeof first, "expected %lld (%#llx), got %lld (%#llx), %s:%d", w_,    \
                     w_, g_, g_, __FILE__, __LINE__);                                              \
    } while (0)

static int verdict(const char *name)
{
    int bad = failures;

    if (bad)
        printf("FAIL %s: %s (and %d more)\n", name, first, bad - 1);
    else
        printf("PASS %s\n", name);
    failures = 0;
    return bad != 0;
}

void vcpu_kick(struct vcpu *v)
{
    v->kicked = true;
}
uint64_t vcpu_get_itc(const struct vcpu *v)
{
    return shim_now + v->arch.privregs->itc_offset;
}
void guestfw_init_event(struct vcpu *v)
{
    (void)v;
    inits++;
}
#endif
