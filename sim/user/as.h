/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The address space of a --user program: regions of guest pages backed by host memory, with the
 * guest's own protections. Layout and page size are Linux/ia64's with 16 KiB pages and three-level
 * page tables.
 */
#ifndef SIM_USER_AS_H
#define SIM_USER_AS_H

#include <setjmp.h>
#include <sys/types.h>
#include <sys/uio.h>
#include "sim/machine.h"

#define AS_PAGE_SHIFT 14
#define AS_PAGE       (1ull << AS_PAGE_SHIFT)
#define AS_ALIGN(x)   (((x) + AS_PAGE - 1) & ~(AS_PAGE - 1))

/* Each of the regions 0..4 maps this much from its start (2^(4*14-12) bytes less a page). */
#define AS_RGN_LIMIT ((1ull << 44) - AS_PAGE)
#define AS_MMAP_BASE 0x2000000000000000ull
#define AS_PIE_BASE  (AS_MMAP_BASE + 0x800000000ull)
#define AS_STACK_TOP (0x6000000000000000ull + AS_RGN_LIMIT)
#define AS_RBS_BASE  (AS_STACK_TOP - (1ull << 31) - AS_PAGE)
#define AS_GATE      0xa000000000000000ull
#define AS_MIN_ADDR  0x10000ull

struct as_region {
    uint64_t start, end; /* multiples of AS_PAGE */
    uint8_t *host;       /* host address of start; always readable, writable unless !host_write */
    uint64_t reserved;   /* bytes of host memory from host on (brk: more than end - start) */
    uint8_t prot;        /* PROT_READ | PROT_WRITE | PROT_EXEC of the guest */
    bool shared, file;
    bool host_write; /* false: shared mapping of a file opened read-only */
    bool code;       /* has been executable: may have decoded pages */
    char name[32];   /* for /proc/self/maps */
};

struct as {
    struct machine *m;
    struct as_region *r; /* sorted by start, disjoint */
    unsigned n, cap, last;
    sigjmp_buf *guard; /* host memory may vanish under a copy (truncated file): where to go then */
};

struct as *as_new(struct machine *m);
void as_free(struct as *as);

/* Region of an address, or NULL. */
struct as_region *as_find(struct as *as, uint64_t va);
/* True when [va, va+len) is user address space (no region register limits crossed). */
bool as_range_ok(uint64_t va, uint64_t len);

/* mmap, munmap, mprotect, mremap with the system calls' arguments and rules: 0 or the address, or
 * -errno. flags are Linux MAP_* (the same numbers on ia64 as in the generic ABI). */
int64_t as_mmap(struct as *as, uint64_t addr, uint64_t len, int prot, int flags, int fd,
                uint64_t off, const char *name);
int64_t as_munmap(struct as *as, uint64_t addr, uint64_t len);
int64_t as_mprotect(struct as *as, uint64_t addr, uint64_t len, int prot);
int64_t as_mremap(struct as *as, uint64_t addr, uint64_t old_len, uint64_t new_len, int flags,
                  uint64_t new_addr);
/* Drops the contents (MADV_DONTNEED). */
int64_t as_discard(struct as *as, uint64_t addr, uint64_t len);
/* Moves the end of the region that starts at start within its reservation; creates it first. 0 or
 * -errno. */
int64_t as_set_end(struct as *as, uint64_t start, uint64_t end, uint64_t reserve, const char *name);

/* The kernel's own page in the program's view: execute-only code at base + offset. */
bool as_map_gate(struct as *as, uint64_t base, const void *code, size_t offset, size_t size);

/* Guest memory for system calls; protections are checked. False: EFAULT. A copy out invalidates
 * decoded code and the ALAT. */
bool as_read(struct as *as, void *dst, uint64_t va, size_t n);
bool as_write(struct as *as, uint64_t va, const void *src, size_t n);
/* The same without regard to protections (loader). */
bool as_poke(struct as *as, uint64_t va, const void *src, size_t n);
/* A string with its NUL: its length, -EFAULT, or -ENAMETOOLONG when it does not fit. */
ssize_t as_string(struct as *as, uint64_t va, char *buf, size_t size);
/* Host pieces of [va, va+len) accessible with prot; stops at the first byte that is not, or after
 * max pieces. Returns the number of pieces, *total the bytes they cover. */
int as_iov(struct as *as, uint64_t va, uint64_t len, int prot, struct iovec *iov, int max,
           uint64_t *total);
/* Somebody (the host kernel) wrote there. */
void as_written(struct as *as, uint64_t va, uint64_t len);

/* machine_ops.translate of user mode. */
bool as_translate(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl, struct xlat *x,
                  struct intr *in);
/* The guest address of a host address inside a region; false if none. */
bool as_guest_address(struct as *as, const void *host, uint64_t *va);

/* Text of /proc/self/maps; caller frees. */
char *as_maps(struct as *as);

#endif
