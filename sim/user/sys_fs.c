/* SPDX-License-Identifier: GPL-2.0-only
 *
 * System calls on paths: opening, attributes, directories, links. Structures are converted field by
 * field: ia64's struct stat is its own.
 */
#define _GNU_SOURCE
#include "sim/user/syscalls.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The generic ABI's values, which the guest uses, must be the host's. */
_Static_assert(O_CREAT == 0100 && O_EXCL == 0200 && O_NOCTTY == 0400 && O_TRUNC == 01000 &&
                   O_APPEND == 02000 && O_NONBLOCK == 04000 && O_DIRECTORY == 0200000 &&
                   O_NOFOLLOW == 0400000 && O_CLOEXEC == 02000000,
               "host open flags differ from the generic ABI: translate them");

#define GET(n, var)                                                                                \
    char var[GUEST_PATH_MAX];                                                                      \
    do {                                                                                           \
        int path_error = path_get(e, a[n], var);                                                   \
        if (path_error < 0)                                                                        \
            return path_error;                                                                     \
    } while (0)
#define GET_PLAIN(n, var)                                                                          \
    char var[GUEST_PATH_MAX];                                                                      \
    do {                                                                                           \
        int path_error = path_get_plain(e, a[n], var);                                             \
        if (path_error < 0)                                                                        \
            return path_error;                                                                     \
    } while (0)

/* --- open --- */

static int64_t do_open(struct user_env *e, int dir, uint64_t path, int flags, unsigned mode)
{
    char plain[GUEST_PATH_MAX], p[GUEST_PATH_MAX];
    int r = path_get_plain(e, path, plain);
    if (r < 0)
        return r;
    if ((r = path_open_virtual(e, plain, flags)) != 1)
        return r;
    path_sysroot(e, plain, p);
    return blocking(e, SYS_openat, dir, ptr(p), flags, mode, 0, 0); /* a FIFO may block */
}
SYS(open)
{
    return do_open(e, AT_FDCWD, a[0], (int)a[1], (unsigned)a[2]);
}
SYS(openat)
{
    return do_open(e, (int)a[0], a[1], (int)a[2], (unsigned)a[3]);
}
SYS(creat)
{
    return do_open(e, AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, (unsigned)a[1]);
}

/* --- attributes --- */

/* struct stat of Linux/ia64. */
struct guest_stat {
    uint64_t dev, ino, nlink;
    uint32_t mode, uid, gid, pad;
    uint64_t rdev, size;
    uint64_t atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
    uint64_t blksize;
    int64_t blocks;
    uint64_t unused[3];
};
_Static_assert(sizeof(struct guest_stat) == 144, "struct stat of Linux/ia64");

static int64_t put_stat(struct user_env *e, uint64_t va, const struct stat *s)
{
    struct guest_stat g = {
        .dev = s->st_dev,
        .ino = s->st_ino,
        .nlink = s->st_nlink,
        .mode = s->st_mode,
        .uid = s->st_uid,
        .gid = s->st_gid,
        .rdev = s->st_rdev,
        .size = (uint64_t)s->st_size,
        .atime = (uint64_t)s->st_atim.tv_sec,
        .atime_nsec = (uint64_t)s->st_atim.tv_nsec,
        .mtime = (uint64_t)s->st_mtim.tv_sec,
        .mtime_nsec = (uint64_t)s->st_mtim.tv_nsec,
        .ctime = (uint64_t)s->st_ctim.tv_sec,
        .ctime_nsec = (uint64_t)s->st_ctim.tv_nsec,
        .blksize = (uint64_t)s->st_blksize,
        .blocks = s->st_blocks,
    };
    return as_write(e->as, va, &g, sizeof g) ? 0 : -EFAULT;
}

static int64_t stat_at(struct user_env *e, int dir, const char *path, uint64_t va, int flags)
{
    struct stat s;
    if (path_is_self_exe(path) && !(flags & AT_SYMLINK_NOFOLLOW))
        path = e->exe_path;
    if (fstatat(dir, path, &s, flags) < 0)
        return -errno;
    return put_stat(e, va, &s);
}
SYS(stat)
{
    GET(0, p);
    return stat_at(e, AT_FDCWD, p, a[1], 0);
}
SYS(lstat)
{
    GET(0, p);
    return stat_at(e, AT_FDCWD, p, a[1], AT_SYMLINK_NOFOLLOW);
}
SYS(fstat)
{
    struct stat s;
    if (fstat((int)a[0], &s) < 0)
        return -errno;
    return put_stat(e, a[1], &s);
}
SYS(newfstatat)
{
    GET(1, p);
    return stat_at(e, (int)a[0], p, a[2], (int)a[3]);
}
SYS(statx)
{
    struct statx x; /* the same layout on every architecture */
    GET(1, p);
    if (statx((int)a[0], p, (int)a[2], (unsigned)a[3], &x) < 0)
        return -errno;
    return as_write(e->as, a[4], &x, sizeof x) ? 0 : -EFAULT;
}

/* struct statfs of the generic 64-bit ABI. */
static int64_t put_statfs(struct user_env *e, uint64_t va, const struct statfs *s)
{
    uint64_t g[15] = {(uint64_t)s->f_type,
                      (uint64_t)s->f_bsize,
                      s->f_blocks,
                      s->f_bfree,
                      s->f_bavail,
                      s->f_files,
                      s->f_ffree,
                      0,
                      (uint64_t)s->f_namelen,
                      (uint64_t)s->f_frsize,
                      (uint64_t)s->f_flags};
    memcpy(&g[7], &s->f_fsid, 8);
    return as_write(e->as, va, g, sizeof g) ? 0 : -EFAULT;
}
SYS(statfs)
{
    struct statfs s;
    GET(0, p);
    return statfs(p, &s) < 0 ? -errno : put_statfs(e, a[1], &s);
}
SYS(fstatfs)
{
    struct statfs s;
    return fstatfs((int)a[0], &s) < 0 ? -errno : put_statfs(e, a[1], &s);
}
SYS(statfs64)
{
    const uint64_t b[2] = {a[0], a[2]};
    return a[1] != 120 ? -EINVAL : sys_statfs(e, b);
}
SYS(fstatfs64)
{
    const uint64_t b[2] = {a[0], a[2]};
    return a[1] != 120 ? -EINVAL : sys_fstatfs(e, b);
}

static int64_t access_at(struct user_env *e, int dir, uint64_t path, int mode, int flags)
{
    const uint64_t a[1] = {path};
    GET(0, p);
    return ret_errno(faccessat(dir, path_is_self_exe(p) ? e->exe_path : p, mode, flags));
}
SYS(access)
{
    return access_at(e, AT_FDCWD, a[0], (int)a[1], 0);
}
SYS(faccessat)
{
    return access_at(e, (int)a[0], a[1], (int)a[2], 0);
}
SYS(faccessat2)
{
    return access_at(e, (int)a[0], a[1], (int)a[2], (int)a[3]);
}
SYS(chmod)
{
    GET_PLAIN(0, p);
    return ret_errno(chmod(p, (mode_t)a[1]));
}
SYS(fchmod)
{
    (void)e;
    return ret_errno(fchmod((int)a[0], (mode_t)a[1]));
}
SYS(fchmodat)
{
    GET_PLAIN(1, p);
    return ret_errno(fchmodat((int)a[0], p, (mode_t)a[2], 0));
}
SYS(chown)
{
    GET_PLAIN(0, p);
    return ret_errno(chown(p, (uid_t)a[1], (gid_t)a[2]));
}
SYS(lchown)
{
    GET_PLAIN(0, p);
    return ret_errno(lchown(p, (uid_t)a[1], (gid_t)a[2]));
}
SYS(fchown)
{
    (void)e;
    return ret_errno(fchown((int)a[0], (uid_t)a[1], (gid_t)a[2]));
}
SYS(fchownat)
{
    GET_PLAIN(1, p);
    return ret_errno(fchownat((int)a[0], p, (uid_t)a[2], (gid_t)a[3], (int)a[4]));
}
SYS(truncate)
{
    GET_PLAIN(0, p);
    return ret_errno(truncate(p, (off_t)a[1]));
}
SYS(umask)
{
    (void)e;
    return umask((mode_t)a[0]);
}

/* Times: pairs of (seconds, micro- or nanoseconds). */
static int64_t utimens(struct user_env *e, int dir, uint64_t path, uint64_t times, int64_t scale,
                       int flags)
{
    int64_t v[4];
    struct timespec t[2];
    char p[GUEST_PATH_MAX];
    int r = path ? path_get_plain(e, path, p) : 0;
    if (r < 0)
        return r;
    if (times) {
        if (!as_read(e->as, v, times, sizeof v))
            return -EFAULT;
        if (scale != 1 && ((uint64_t)v[1] > 999999 || (uint64_t)v[3] > 999999))
            return -EINVAL;
        t[0] = (struct timespec){v[0], v[1] * scale};
        t[1] = (struct timespec){v[2], v[3] * scale};
    }
    return ret_errno(syscall(SYS_utimensat, dir, path ? p : NULL, times ? t : NULL, flags));
}
SYS(utimes)
{
    return utimens(e, AT_FDCWD, a[0], a[1], 1000, 0);
}
SYS(futimesat)
{
    return utimens(e, (int)a[0], a[1], a[2], 1000, 0);
}
SYS(utimensat)
{
    return utimens(e, (int)a[0], a[1], a[2], 1, (int)a[3]);
}

/* --- directories and links --- */

SYS(mkdir)
{
    GET_PLAIN(0, p);
    return ret_errno(mkdir(p, (mode_t)a[1]));
}
SYS(mkdirat)
{
    GET_PLAIN(1, p);
    return ret_errno(mkdirat((int)a[0], p, (mode_t)a[2]));
}
SYS(mknod)
{
    GET_PLAIN(0, p);
    return ret_errno(mknod(p, (mode_t)a[1], (dev_t)a[2]));
}
SYS(mknodat)
{
    GET_PLAIN(1, p);
    return ret_errno(mknodat((int)a[0], p, (mode_t)a[2], (dev_t)a[3]));
}
SYS(rmdir)
{
    GET_PLAIN(0, p);
    return ret_errno(rmdir(p));
}
SYS(unlink)
{
    GET_PLAIN(0, p);
    return ret_errno(unlink(p));
}
SYS(unlinkat)
{
    GET_PLAIN(1, p);
    return ret_errno(unlinkat((int)a[0], p, (int)a[2]));
}
SYS(rename)
{
    GET_PLAIN(0, p);
    GET_PLAIN(1, q);
    return ret_errno(rename(p, q));
}
SYS(renameat)
{
    GET_PLAIN(1, p);
    GET_PLAIN(3, q);
    return ret_errno(renameat((int)a[0], p, (int)a[2], q));
}
SYS(renameat2)
{
    GET_PLAIN(1, p);
    GET_PLAIN(3, q);
    return ret_errno(renameat2((int)a[0], p, (int)a[2], q, (unsigned)a[4]));
}
SYS(link)
{
    GET_PLAIN(0, p);
    GET_PLAIN(1, q);
    return ret_errno(link(p, q));
}
SYS(linkat)
{
    GET_PLAIN(1, p);
    GET_PLAIN(3, q);
    return ret_errno(linkat((int)a[0], p, (int)a[2], q, (int)a[4]));
}
SYS(symlink)
{
    GET_PLAIN(0, p);
    GET_PLAIN(1, q);
    return ret_errno(symlink(p, q));
}
SYS(symlinkat)
{
    GET_PLAIN(0, p);
    GET_PLAIN(2, q);
    return ret_errno(symlinkat(p, (int)a[1], q));
}

static int64_t read_link(struct user_env *e, int dir, const char *p, uint64_t va, uint64_t size)
{
    char buf[GUEST_PATH_MAX];
    ssize_t n;
    if ((int)size <= 0)
        return -EINVAL;
    if (path_is_self_exe(p)) {
        n = snprintf(buf, sizeof buf, "%s", e->exe_path);
    } else if ((n = readlinkat(dir, p, buf, sizeof buf)) < 0) {
        return -errno;
    }
    if ((uint64_t)n > size)
        n = (ssize_t)size;
    return as_write(e->as, va, buf, (size_t)n) ? n : -EFAULT;
}
SYS(readlink)
{
    GET(0, p);
    return read_link(e, AT_FDCWD, p, a[1], a[2]);
}
SYS(readlinkat)
{
    GET(1, p);
    return read_link(e, (int)a[0], p, a[2], a[3]);
}
SYS(chdir)
{
    GET(0, p);
    return ret_errno(chdir(p));
}
SYS(fchdir)
{
    (void)e;
    return ret_errno(fchdir((int)a[0]));
}
SYS(chroot)
{
    GET_PLAIN(0, p);
    return ret_errno(chroot(p));
}
SYS(getcwd)
{
    char buf[GUEST_PATH_MAX];
    long n = syscall(SYS_getcwd, buf, sizeof buf);
    if (n < 0)
        return -errno;
    if ((uint64_t)n > a[1])
        return -ERANGE;
    return as_write(e->as, a[0], buf, (size_t)n) ? n : -EFAULT;
}

/* struct linux_dirent64 is the same everywhere; so is, among 64-bit ABIs, the older struct
 * linux_dirent. */
static int64_t read_directory(struct user_env *e, const uint64_t *a, long nr)
{
    uint64_t size = a[2] > 65536 ? 65536 : a[2];
    char *buf = malloc(size ? size : 1);
    if (!buf)
        return -ENOMEM;
    off_t pos = lseek((int)a[0], 0, SEEK_CUR);
    long n = syscall(nr, (int)a[0], buf, size);
    int64_t r = n < 0 ? -errno : n;
    if (n > 0 && !as_write(e->as, a[1], buf, (size_t)n)) {
        lseek((int)a[0], pos, SEEK_SET); /* nothing was read */
        r = -EFAULT;
    }
    free(buf);
    return r;
}
SYS(getdents64)
{
    return read_directory(e, a, SYS_getdents64);
}
SYS(getdents)
{
    return read_directory(e, a, SYS_getdents);
}
