/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A kernel in C: kernel.S starts it in virtual mode with one 64 MiB translation for its image
 * (wherever it was loaded), regions 6 and 7 are identical to physical memory (uncached, cached; 64
 * KiB pages, on demand), other addresses have no translation. One processor, psr.i 0 throughout.
 */
#ifndef TINY_KERNEL_H
#define TINY_KERNEL_H

#define TINY_VIRT  0xa000000100000000
#define TINY_PTE   0x7e1 /* present, WB, accessed, dirty, level 3: read, write, execute */
#define TINY_RR_PS 16

#define HC_NAT(n)  (1 << (n)) /* in<n> is NaT, n < 8 */
#define HC_NAT_R2  (1 << 8)
#define HC_IC_OFF  (1 << 9)  /* psr.ic 0: a translation that is missing cannot be asked for */
#define HC_PHYS    (1 << 10) /* psr.dt 0 */
#define HC_USER    (1 << 11) /* at level 3 */
#define HC_NAT_R28 (1 << 12)
#define HC_EPC     (1 << 13) /* by a call of XEN_FAST_HYPERCALL */

#define HC_NR     0 /* offsets in struct hcall */
#define HC_ARG    8
#define HC_FLAGS  72
#define HC_FRAME  80
#define HC_RESULT 88
#define HC_VECTOR 120

#ifndef __ASSEMBLER__
#include <stdint.h>

typedef uint64_t u64;

struct hcall {
    u64 nr, arg[8], flags;
    u64 frame;                      /* registers in the frame, 0 to 8 */
    u64 result[4];                  /* r8-r11 */
    u64 vector, isr, ifa, iip, iim; /* the interruption, vector 0: none */
};

/* kernel.S: break 0x1000, or the call, with r2 and r32.. from h, and r28-r31 as r32-r35; a fault
 * ends it. */
void hc(struct hcall *h);

extern u64 tiny_phys;       /* where TINY_VIRT is */
extern u64 tiny_boot_param; /* r28 at the start */

static inline u64 phys(const void *p)
{
    return (u64)p - TINY_VIRT + tiny_phys;
}

/* kernel.c. %s %c %d %u %x (64 bits all), to Xen's console. */
void print(const char *format, ...);
void power_off(void) __attribute__((noreturn));
void *memset(void *p, int c, unsigned long n);
void *memcpy(void *to, const void *from, unsigned long n);

/* The kernel's own. */
void main(void);
#endif
#endif
