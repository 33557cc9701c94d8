/* SPDX-License-Identifier: GPL-2.0-only
 *
 * For the files that implement system calls: one function per call, named sys_<name>, all declared
 * here from the list in syscalls.def. a[] are the eight argument registers; the result is -errno,
 * or -E_RESTART*, or the value.
 */
#ifndef SIM_USER_SYSCALLS_H
#define SIM_USER_SYSCALLS_H

#include "sim/user/env.h"

#define S(nr, name, args) int64_t sys_##name(struct user_env *e, const uint64_t *a);
#define U(nr, name)
#include "sim/user/syscalls.def"
#undef S
#undef U

#define SYS(name) int64_t sys_##name(struct user_env *e, const uint64_t *a)

/* Host calls that may block: armed virtual timers interrupt them. */
int64_t blocking(struct user_env *e, long nr, long a, long b, long c, long d, long x, long y);

static inline long ptr(const void *p)
{
    return (long)(intptr_t)p;
}

/* Host iovecs of a guest iovec array (or of one buffer), for prot. Returns the number, or -errno.
 * Stops before what cannot be accessed; EFAULT when that is the first byte. *total: bytes. iov has
 * HOST_IOV elements. */
#define HOST_IOV 1100
int iov_from_guest(struct user_env *e, uint64_t va, uint64_t count, int prot, struct iovec *iov,
                   uint64_t *total);
/* The first n bytes of iov were written by the host. */
void iov_written(struct user_env *e, const struct iovec *iov, int count, uint64_t n);

#endif
