/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the kernel's self-tests expect of a C library and glibc does not have on ia64: clone().
 * There a stack is two, one growing up, and the library has __clone2() with the whole area; the top
 * alone, as clone() is given, does not say where it begins. The child gets an area of its own
 * instead.
 */
#include <sched.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/types.h>

int __clone2(int (*fn)(void *), void *area, size_t size, int flags, void *arg, ...);

int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
    enum { size = 1 << 18 };
    void *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t *parent_tid, *child_tid;
    void *tls;
    va_list ap;

    (void)stack;
    if (area == MAP_FAILED)
        return -1;
    va_start(ap, arg);
    parent_tid = va_arg(ap, pid_t *);
    tls = va_arg(ap, void *);
    child_tid = va_arg(ap, pid_t *);
    va_end(ap);
    return __clone2(fn, area, size, flags, arg, parent_tid, tls, child_tid);
}
