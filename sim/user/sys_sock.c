/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on sockets. Addresses, options and control messages have the same layout on all
 * 64-bit little-endian Linux; only pointers are ours to translate.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_CONTROL 65536

SYS(socket)
{
    (void)e;
    return ret_errno(socket((int)a[0], (int)a[1], (int)a[2]));
}
SYS(socketpair)
{
    int fd[2];
    if (socketpair((int)a[0], (int)a[1], (int)a[2], fd) < 0)
        return -errno;
    if (as_write(e->as, a[3], fd, sizeof fd))
        return 0;
    close(fd[0]);
    close(fd[1]);
    return -EFAULT;
}

static int64_t get_address(struct user_env *e, uint64_t va, uint64_t len,
                           struct sockaddr_storage *ss)
{
    if (len > sizeof *ss)
        return -EINVAL;
    return as_read(e->as, ss, va, len) ? 0 : -EFAULT;
}
/* Address and length out parameters; both may be 0. */
static int64_t put_address(struct user_env *e, uint64_t va, uint64_t lenp,
                           const struct sockaddr_storage *ss, socklen_t len)
{
    uint32_t room;
    if (!va)
        return 0;
    if (!get_u32(e, lenp, &room))
        return -EFAULT;
    if ((int32_t)room < 0)
        return -EINVAL;
    return as_write(e->as, va, ss, room < len ? room : len) && put_u32(e, lenp, len) ? 0 : -EFAULT;
}

SYS(bind)
{
    struct sockaddr_storage ss;
    int64_t r = get_address(e, a[1], a[2], &ss);
    return r ? r : ret_errno(bind((int)a[0], (struct sockaddr *)&ss, (socklen_t)a[2]));
}
SYS(connect)
{
    struct sockaddr_storage ss;
    int64_t r = get_address(e, a[1], a[2], &ss);
    return r ? r : blocking(e, SYS_connect, (int)a[0], ptr(&ss), (long)a[2], 0, 0, 0);
}
SYS(listen)
{
    (void)e;
    return ret_errno(listen((int)a[0], (int)a[1]));
}
static int64_t do_accept(struct user_env *e, const uint64_t *a, int flags)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;
    int64_t fd = blocking(e, SYS_accept4, (int)a[0], ptr(&ss), ptr(&len), flags, 0, 0);
    if (fd < 0)
        return fd;
    int64_t r = put_address(e, a[1], a[2], &ss, len);
    if (r < 0)
        close((int)fd);
    return r < 0 ? r : fd;
}
SYS(accept)
{
    return do_accept(e, a, 0);
}
SYS(accept4)
{
    return do_accept(e, a, (int)a[3]);
}
SYS(getsockname)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;
    if (getsockname((int)a[0], (struct sockaddr *)&ss, &len) < 0)
        return -errno;
    return put_address(e, a[1], a[2], &ss, len);
}
SYS(getpeername)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;
    if (getpeername((int)a[0], (struct sockaddr *)&ss, &len) < 0)
        return -errno;
    return put_address(e, a[1], a[2], &ss, len);
}
SYS(shutdown)
{
    (void)e;
    return ret_errno(shutdown((int)a[0], (int)a[1]));
}

/* --- data --- */

SYS(sendto)
{
    struct sockaddr_storage ss;
    struct iovec iov[64];
    uint64_t total;
    int n = as_iov(e->as, a[1], a[2], PROT_READ, iov, 64, &total);
    if (total < a[2])
        return -EFAULT;
    int64_t r = a[4] ? get_address(e, a[4], a[5], &ss) : 0;
    if (r)
        return r;
    struct msghdr m = {.msg_iov = iov,
                       .msg_iovlen = (size_t)n,
                       .msg_name = a[4] ? &ss : NULL,
                       .msg_namelen = a[4] ? (socklen_t)a[5] : 0};
    return blocking(e, SYS_sendmsg, (int)a[0], ptr(&m), (int)a[3], 0, 0, 0);
}
SYS(send)
{
    const uint64_t b[6] = {a[0], a[1], a[2], a[3], 0, 0};
    return sys_sendto(e, b);
}
SYS(recvfrom)
{
    struct sockaddr_storage ss;
    struct iovec iov[64];
    uint64_t total;
    int n = as_iov(e->as, a[1], a[2], PROT_WRITE, iov, 64, &total);
    if (a[2] && !total)
        return -EFAULT;
    struct msghdr m = {
        .msg_iov = iov, .msg_iovlen = (size_t)n, .msg_name = &ss, .msg_namelen = sizeof ss};
    int64_t r = blocking(e, SYS_recvmsg, (int)a[0], ptr(&m), (int)a[3], 0, 0, 0);
    if (r < 0)
        return r;
    iov_written(e, iov, n, (uint64_t)r);
    int64_t x = put_address(e, a[4], a[5], &ss, m.msg_namelen);
    return x < 0 ? x : r;
}
SYS(recv)
{
    const uint64_t b[6] = {a[0], a[1], a[2], a[3], 0, 0};
    return sys_recvfrom(e, b);
}

/* struct msghdr of the 64-bit ABI. */
struct guest_msghdr {
    uint64_t name;
    uint32_t namelen, pad;
    uint64_t iov, iovlen, control, controllen;
    uint32_t flags, pad2;
};
static int64_t message(struct user_env *e, const uint64_t *a, bool out)
{
    struct guest_msghdr g;
    struct sockaddr_storage ss;
    struct iovec iov[HOST_IOV];
    uint64_t total;
    if (!as_read(e->as, &g, a[1], sizeof g))
        return -EFAULT;
    if (g.namelen > sizeof ss || g.controllen > MAX_CONTROL)
        return -EINVAL;
    int n = iov_from_guest(e, g.iov, g.iovlen, out ? PROT_READ : PROT_WRITE, iov, &total);
    if (n < 0)
        return n;
    uint8_t *control = calloc(1, g.controllen + 1);
    if (!control)
        return -ENOMEM;
    struct msghdr m = {.msg_iov = iov, .msg_iovlen = (size_t)n};
    if (g.name) {
        m.msg_name = &ss;
        m.msg_namelen = g.namelen;
    }
    if (g.control) {
        m.msg_control = control;
        m.msg_controllen = g.controllen;
    }
    int64_t r = 0;
    if (out && ((g.name && !as_read(e->as, &ss, g.name, g.namelen)) ||
                (g.control && !as_read(e->as, control, g.control, g.controllen))))
        r = -EFAULT;
    if (r == 0)
        r = blocking(e, out ? SYS_sendmsg : SYS_recvmsg, (int)a[0], ptr(&m), (int)a[2], 0, 0, 0);
    if (!out && r >= 0) {
        iov_written(e, iov, n, (uint64_t)r);
        if ((g.name && !as_write(e->as, g.name, &ss,
                                 m.msg_namelen < g.namelen ? m.msg_namelen : g.namelen)) ||
            (g.control && !as_write(e->as, g.control, control, m.msg_controllen)))
            r = -EFAULT;
        g.namelen = m.msg_namelen;
        g.controllen = m.msg_controllen;
        g.flags = (uint32_t)m.msg_flags;
        if (!as_write(e->as, a[1], &g, sizeof g))
            r = -EFAULT;
    }
    free(control);
    return r;
}
SYS(sendmsg)
{
    return message(e, a, true);
}
SYS(recvmsg)
{
    return message(e, a, false);
}

SYS(setsockopt)
{
    uint8_t v[256];
    if (a[4] > sizeof v)
        return -EINVAL;
    if (!as_read(e->as, v, a[3], a[4]))
        return -EFAULT;
    return ret_errno(setsockopt((int)a[0], (int)a[1], (int)a[2], v, (socklen_t)a[4]));
}
SYS(getsockopt)
{
    uint8_t v[256];
    uint32_t room;
    if (!get_u32(e, a[4], &room))
        return -EFAULT;
    socklen_t len = room > sizeof v ? sizeof v : room;
    if (getsockopt((int)a[0], (int)a[1], (int)a[2], v, &len) < 0)
        return -errno;
    return as_write(e->as, a[3], v, len) && put_u32(e, a[4], len) ? 0 : -EFAULT;
}
