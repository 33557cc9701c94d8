/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on memory. The address space is as.c's; mmap's flags are the generic ABI's on ia64
 * too.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BRK_RESERVE (8ull << 30)

/* Returns the break in any case; one that cannot be had leaves it where it is. */
SYS(brk)
{
    uint64_t want = a[0], old = AS_ALIGN(e->brk), end = AS_ALIGN(want);
    if (want < e->brk_start || !as_range_ok(e->brk_start, end - e->brk_start))
        return (int64_t)e->brk;
    if (end != old) {
        if (end == e->brk_start)
            as_munmap(e->as, e->brk_start, old - e->brk_start);
        else if (as_set_end(e->as, e->brk_start, end, BRK_RESERVE, "[heap]") < 0)
            return (int64_t)e->brk;
    }
    e->brk = want;
    return (int64_t)want;
}

static int64_t do_mmap(struct user_env *e, const uint64_t *a, uint64_t off)
{
    int fd = (int)a[4];
    char name[32] = "";
    if (!(a[3] & MAP_ANONYMOUS)) {
        int fl = fcntl(fd, F_GETFL);
        if (fl < 0)
            return -EBADF;
        if ((fl & O_ACCMODE) == O_WRONLY)
            return -EACCES;
        snprintf(name, sizeof name, "fd %d", fd);
    }
    /* What no region can hold: Linux's arch_mmap_check comes before its search for room. */
    if (AS_ALIGN(a[1]) > AS_RGN_LIMIT)
        return -EINVAL;
    return as_mmap(e->as, a[0], a[1], (int)a[2], (int)a[3], fd, off, name);
}
SYS(mmap)
{
    return do_mmap(e, a, a[5]);
}
SYS(mmap2) /* the offset in pages */
{
    return do_mmap(e, a, a[5] << AS_PAGE_SHIFT);
}
SYS(munmap)
{
    return as_munmap(e->as, a[0], a[1]);
}
SYS(mprotect)
{
    return as_mprotect(e->as, a[0], a[1], (int)a[2]);
}
SYS(mremap)
{
    return as_mremap(e->as, a[0], a[1], a[2], (int)a[3], a[4]);
}
SYS(madvise)
{
    uint64_t len = AS_ALIGN(a[1]);
    if (a[0] & (AS_PAGE - 1))
        return -EINVAL;
    if (len == 0)
        return 0;
    switch ((int)a[2]) {
    case MADV_DONTNEED:
        return as_discard(e->as, a[0], len);
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_FREE:
    case MADV_DONTFORK:
    case MADV_DOFORK:
    case MADV_MERGEABLE:
    case MADV_UNMERGEABLE:
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP:
    case MADV_DODUMP:
    case MADV_COLD:
    case MADV_PAGEOUT:
        return as_find(e->as, a[0]) ? 0 : -ENOMEM;
    }
    return -EINVAL;
}

/* Whole range mapped? Hands host pieces to fn. */
static int64_t each_piece(struct user_env *e, uint64_t va, uint64_t len,
                          int (*fn)(void *, size_t, int), int arg)
{
    if (va & (AS_PAGE - 1))
        return -EINVAL;
    for (uint64_t end = va + AS_ALIGN(len); va < end;) {
        struct as_region *r = as_find(e->as, va);
        if (!r)
            return -ENOMEM;
        uint64_t k = (r->end < end ? r->end : end) - va;
        if (fn && fn(r->host + (va - r->start), k, arg) < 0)
            return -errno;
        va += k;
    }
    return 0;
}
SYS(msync)
{
    if ((a[2] & ~7ull) || (a[2] & 5) == 5)
        return -EINVAL;
    return each_piece(e, a[0], a[1], msync, (int)a[2]);
}
SYS(mlock)
{
    return each_piece(e, a[0] & ~(AS_PAGE - 1), a[1], NULL, 0);
}
SYS(mlock2)
{
    return sys_mlock(e, a);
}
SYS(munlock)
{
    return sys_mlock(e, a);
}
SYS(mlockall)
{
    (void)e;
    (void)a;
    return 0;
}
SYS(munlockall)
{
    (void)e;
    (void)a;
    return 0;
}
/* Everything mapped counts as resident. */
SYS(mincore)
{
    uint64_t pages = AS_ALIGN(a[1]) >> AS_PAGE_SHIFT;
    int64_t r = each_piece(e, a[0], a[1], NULL, 0);
    const uint8_t one = 1;
    for (uint64_t i = 0; r == 0 && i < pages; i++)
        if (!as_write(e->as, a[2] + i, &one, 1))
            r = -EFAULT;
    return r;
}
SYS(old_getpagesize)
{
    (void)e;
    (void)a;
    return AS_PAGE;
}
