/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on file descriptors: reading, writing, seeking, duplicating, pipes, locks,
 * terminals. Descriptors are the host's.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#define MAX_RW 0x7fffc000ull /* INT_MAX rounded down to a guest page */

int64_t blocking(struct user_env *e, long nr, long a, long b, long c, long d, long x, long y)
{
    clock_block(e);
    long r = safe_syscall(e, nr, a, b, c, d, x, y);
    clock_unblock(e);
    return r;
}

/* --- scatter and gather --- */

static int add_pieces(struct user_env *e, uint64_t va, uint64_t len, int prot, struct iovec *iov,
                      int n, uint64_t *total, bool *cut)
{
    uint64_t got;
    int k = as_iov(e->as, va, len, prot, iov + n, HOST_IOV - n, &got);
    *total += got;
    *cut = got < len;
    return n + k;
}

int iov_from_guest(struct user_env *e, uint64_t va, uint64_t count, int prot, struct iovec *iov,
                   uint64_t *total)
{
    bool cut = false;
    int n = 0;
    *total = 0;
    if (count > IOV_MAX)
        return -EINVAL;
    for (uint64_t i = 0; i < count && !cut; i++) {
        uint64_t v[2];
        if (!as_read(e->as, v, va + i * 16, 16))
            return -EFAULT;
        if ((int64_t)v[1] < 0)
            return -EINVAL;
        if (v[1] > MAX_RW - *total)
            v[1] = MAX_RW - *total;
        n = add_pieces(e, v[0], v[1], prot, iov, n, total, &cut);
    }
    return cut && *total == 0 ? -EFAULT : n;
}

void iov_written(struct user_env *e, const struct iovec *iov, int count, uint64_t n)
{
    for (int i = 0; i < count && n; i++) {
        uint64_t k = iov[i].iov_len < n ? iov[i].iov_len : n, va;
        if (as_guest_address(e->as, iov[i].iov_base, &va))
            as_written(e->as, va, k);
        n -= k;
    }
}

/* One read or write on host iovecs; off < 0: at the file position. */
static int64_t transfer(struct user_env *e, bool out, int fd, struct iovec *iov, int n, bool at,
                        int64_t off, int flags)
{
    int64_t r;
    if (n > IOV_MAX)
        n = IOV_MAX;
    if (!at)
        r = blocking(e, out ? SYS_writev : SYS_readv, fd, ptr(iov), n, 0, 0, 0);
    else
        r = blocking(e, out ? SYS_pwritev2 : SYS_preadv2, fd, ptr(iov), n, (long)off, 0, flags);
    if (!out && r > 0)
        iov_written(e, iov, n, (uint64_t)r);
    return r;
}

static int64_t buffer_rw(struct user_env *e, bool out, const uint64_t *a, bool at)
{
    struct iovec iov[64];
    int fd = (int)a[0];
    uint64_t len = a[2] > MAX_RW ? MAX_RW : a[2], total;
    if ((int64_t)a[2] < 0)
        return -EINVAL;
    if (fcntl(fd, F_GETFD) < 0)
        return -EBADF;
    int n = as_iov(e->as, a[1], len, out ? PROT_READ : PROT_WRITE, iov, 64, &total);
    if (len && !total)
        return -EFAULT;
    if (at && (int64_t)a[3] < 0)
        return -EINVAL;
    return transfer(e, out, fd, iov, n, at, (int64_t)a[3], 0);
}
SYS(read)
{
    return buffer_rw(e, false, a, false);
}
SYS(write)
{
    return buffer_rw(e, true, a, false);
}
SYS(pread64)
{
    return buffer_rw(e, false, a, true);
}
SYS(pwrite64)
{
    return buffer_rw(e, true, a, true);
}

static int64_t vector_rw(struct user_env *e, bool out, const uint64_t *a, bool at, int flags)
{
    struct iovec iov[HOST_IOV];
    uint64_t total;
    if (fcntl((int)a[0], F_GETFD) < 0)
        return -EBADF;
    int n = iov_from_guest(e, a[1], a[2], out ? PROT_READ : PROT_WRITE, iov, &total);
    return n < 0 ? n : transfer(e, out, (int)a[0], iov, n, at, (int64_t)a[3], flags);
}
SYS(readv)
{
    return vector_rw(e, false, a, false, 0);
}
SYS(writev)
{
    return vector_rw(e, true, a, false, 0);
}
SYS(preadv)
{
    return (int64_t)a[3] < 0 ? -EINVAL : vector_rw(e, false, a, true, 0);
}
SYS(pwritev)
{
    return (int64_t)a[3] < 0 ? -EINVAL : vector_rw(e, true, a, true, 0);
}
SYS(preadv2)
{
    return vector_rw(e, false, a, true, (int)a[5]);
}
SYS(pwritev2)
{
    return vector_rw(e, true, a, true, (int)a[5]);
}

SYS(sendfile)
{
    uint64_t pos = 0;
    off_t off;
    if (a[2] && !get_u64(e, a[2], &pos))
        return -EFAULT;
    off = (off_t)pos;
    ssize_t r = sendfile((int)a[0], (int)a[1], a[2] ? &off : NULL, a[3]);
    if (r >= 0 && a[2] && !put_u64(e, a[2], (uint64_t)off))
        return -EFAULT;
    return ret_errno(r);
}
SYS(copy_file_range)
{
    uint64_t in = 0, out = 0;
    if ((a[1] && !get_u64(e, a[1], &in)) || (a[3] && !get_u64(e, a[3], &out)))
        return -EFAULT;
    off64_t i = (off64_t)in, o = (off64_t)out;
    ssize_t r = copy_file_range((int)a[0], a[1] ? &i : NULL, (int)a[2], a[3] ? &o : NULL, a[4],
                                (unsigned)a[5]);
    if (r >= 0 &&
        ((a[1] && !put_u64(e, a[1], (uint64_t)i)) || (a[3] && !put_u64(e, a[3], (uint64_t)o))))
        return -EFAULT;
    return ret_errno(r);
}

/* --- positions, sizes, synchronisation --- */

SYS(lseek)
{
    (void)e;
    return ret_errno(lseek((int)a[0], (off_t)a[1], (int)a[2]));
}
SYS(ftruncate)
{
    (void)e;
    return ret_errno(ftruncate((int)a[0], (off_t)a[1]));
}
SYS(fallocate)
{
    (void)e;
    return ret_errno(fallocate((int)a[0], (int)a[1], (off_t)a[2], (off_t)a[3]));
}
SYS(fadvise64)
{
    (void)e;
    return -posix_fadvise((int)a[0], (off_t)a[1], (off_t)a[2], (int)a[3]);
}
SYS(readahead)
{
    (void)e;
    return ret_errno(readahead((int)a[0], (off64_t)a[1], a[2]));
}
SYS(fsync)
{
    (void)e;
    return ret_errno(fsync((int)a[0]));
}
SYS(fdatasync)
{
    (void)e;
    return ret_errno(fdatasync((int)a[0]));
}
SYS(sync)
{
    (void)e;
    (void)a;
    sync();
    return 0;
}
SYS(syncfs)
{
    (void)e;
    return ret_errno(syncfs((int)a[0]));
}

/* --- descriptors --- */

SYS(close)
{
    (void)e;
    return ret_errno(close((int)a[0]));
}
SYS(close_range)
{
    (void)e;
    return ret_errno(close_range((unsigned)a[0], (unsigned)a[1], (int)a[2]));
}
SYS(dup)
{
    (void)e;
    return ret_errno(dup((int)a[0]));
}
SYS(dup2)
{
    (void)e;
    return ret_errno(dup2((int)a[0], (int)a[1]));
}
SYS(dup3)
{
    (void)e;
    return ret_errno(dup3((int)a[0], (int)a[1], (int)a[2]));
}

/* The two descriptors come back in r8 and r9. */
SYS(pipe)
{
    int fd[2];
    (void)a;
    if (pipe(fd) < 0)
        return -errno;
    e->cpu->gr[9] = (struct gr){(uint64_t)fd[1], 0};
    return fd[0];
}
SYS(pipe2)
{
    int fd[2];
    if (pipe2(fd, (int)a[1]) < 0)
        return -errno;
    if (!as_write(e->as, a[0], fd, sizeof fd)) {
        close(fd[0]);
        close(fd[1]);
        return -EFAULT;
    }
    return 0;
}
SYS(flock)
{
    return blocking(e, SYS_flock, (int)a[0], (int)a[1], 0, 0, 0, 0);
}

/* struct flock of the generic 64-bit ABI. */
struct guest_flock {
    int16_t type, whence;
    int32_t pad;
    int64_t start, len;
    int32_t pid, pad2;
};
static int64_t lock(struct user_env *e, int fd, int cmd, uint64_t va)
{
    struct guest_flock g;
    if (!as_read(e->as, &g, va, sizeof g))
        return -EFAULT;
    struct flock f = {
        .l_type = g.type, .l_whence = g.whence, .l_start = g.start, .l_len = g.len, .l_pid = g.pid};
    int64_t r = cmd == F_SETLKW || cmd == F_OFD_SETLKW
                    ? blocking(e, SYS_fcntl, fd, cmd, ptr(&f), 0, 0, 0)
                    : ret_errno(fcntl(fd, cmd, &f));
    if (r == 0 && (cmd == F_GETLK || cmd == F_OFD_GETLK)) {
        g = (struct guest_flock){f.l_type, f.l_whence, 0, f.l_start, f.l_len, f.l_pid, 0};
        if (!as_write(e->as, va, &g, sizeof g))
            return -EFAULT;
    }
    return r;
}
SYS(fcntl)
{
    int fd = (int)a[0], cmd = (int)a[1];
    switch (cmd) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        return lock(e, fd, cmd, a[2]);
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_GETFD:
    case F_SETFD:
    case F_GETFL:
    case F_SETFL:
    case F_GETOWN:
    case F_SETOWN:
    case F_GETSIG:
    case F_SETSIG:
    case F_GETPIPE_SZ:
    case F_SETPIPE_SZ:
    case F_ADD_SEALS:
    case F_GET_SEALS:
        return ret_errno(fcntl(fd, cmd, (long)a[2]));
    }
    if (fcntl(fd, F_GETFD) < 0)
        return -EBADF;
    return -EINVAL;
}

/* --- terminals --- */

/* struct termios of the kernel's generic ABI. */
struct guest_termios {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t line, cc[19];
};
static int64_t get_termios(struct user_env *e, int fd, uint64_t va)
{
    struct termios t;
    struct guest_termios g = {0};
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    g.iflag = t.c_iflag;
    g.oflag = t.c_oflag;
    g.cflag = t.c_cflag;
    g.lflag = t.c_lflag;
    g.line = t.c_line;
    memcpy(g.cc, t.c_cc, sizeof g.cc);
    return as_write(e->as, va, &g, sizeof g) ? 0 : -EFAULT;
}
static int64_t set_termios(struct user_env *e, int fd, int when, uint64_t va)
{
    struct termios t;
    struct guest_termios g;
    if (!as_read(e->as, &g, va, sizeof g))
        return -EFAULT;
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    t.c_iflag = g.iflag;
    t.c_oflag = g.oflag;
    t.c_cflag = g.cflag;
    t.c_lflag = g.lflag;
    t.c_line = g.line;
    memcpy(t.c_cc, g.cc, sizeof g.cc);
    return ret_errno(tcsetattr(fd, when, &t));
}

SYS(ioctl)
{
    int fd = (int)a[0], i;
    uint32_t v;
    struct winsize ws;
    if (fcntl(fd, F_GETFD) < 0)
        return -EBADF;
    switch ((uint32_t)a[1]) {
    case TCGETS:
        return get_termios(e, fd, a[2]);
    case TCSETS:
        return set_termios(e, fd, TCSANOW, a[2]);
    case TCSETSW:
        return set_termios(e, fd, TCSADRAIN, a[2]);
    case TCSETSF:
        return set_termios(e, fd, TCSAFLUSH, a[2]);
    case TIOCGWINSZ:
        if (ioctl(fd, TIOCGWINSZ, &ws) < 0)
            return -errno;
        return as_write(e->as, a[2], &ws, sizeof ws) ? 0 : -EFAULT;
    case TIOCSWINSZ:
        if (!as_read(e->as, &ws, a[2], sizeof ws))
            return -EFAULT;
        return ret_errno(ioctl(fd, TIOCSWINSZ, &ws));
    case FIONREAD:
    case TIOCOUTQ:
    case TIOCGPGRP:
    case TIOCGSID:
        if (ioctl(fd, (unsigned long)a[1], &i) < 0)
            return -errno;
        return put_u32(e, a[2], (uint32_t)i) ? 0 : -EFAULT;
    case FIONBIO:
    case FIOASYNC:
    case TIOCSPGRP:
        if (!get_u32(e, a[2], &v))
            return -EFAULT;
        i = (int)v;
        return ret_errno(ioctl(fd, (unsigned long)a[1], &i));
    case FIOCLEX:
    case FIONCLEX:
    case TIOCNOTTY:
    case TIOCEXCL:
    case TIOCNXCL:
        return ret_errno(ioctl(fd, (unsigned long)a[1], 0));
    case TIOCSCTTY:
    case TCFLSH:
    case TCXONC:
    case TCSBRK:
        return ret_errno(ioctl(fd, (unsigned long)a[1], (long)a[2]));
    }
    if (!isatty(fd))
        return -ENOTTY;
    fprintf(stderr, "unimplemented: ioctl 0x%x\n", (uint32_t)a[1]);
    return -ENOTTY;
}

SYS(eventfd)
{
    (void)e;
    return ret_errno(syscall(SYS_eventfd2, (unsigned)a[0], 0));
}
SYS(eventfd2)
{
    (void)e;
    return ret_errno(syscall(SYS_eventfd2, (unsigned)a[0], (int)a[1]));
}
SYS(memfd_create)
{
    char name[256];
    ssize_t n = as_string(e->as, a[0], name, sizeof name);
    if (n < 0)
        return n == -ENAMETOOLONG ? -EINVAL : n;
    return ret_errno(memfd_create(name, (unsigned)a[1]));
}
