/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Paths of the guest. With -L DIR an absolute path that exists below DIR is taken from there (the
 * program interpreter, libraries, configuration of the C library). A few files below /proc/self
 * describe the simulator's process and are made up for the guest's.
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void path_sysroot(struct user_env *e, const char *path, char buf[GUEST_PATH_MAX])
{
    if (e->opt->sysroot && path[0] == '/') {
        int n = snprintf(buf, GUEST_PATH_MAX, "%s%s", e->opt->sysroot, path);
        if (n > 0 && n < GUEST_PATH_MAX && faccessat(AT_FDCWD, buf, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            return;
    }
    snprintf(buf, GUEST_PATH_MAX, "%s", path);
}

int path_get_plain(struct user_env *e, uint64_t va, char buf[GUEST_PATH_MAX])
{
    ssize_t n = as_string(e->as, va, buf, GUEST_PATH_MAX);
    return n < 0 ? (int)n : 0;
}

int path_get(struct user_env *e, uint64_t va, char buf[GUEST_PATH_MAX])
{
    char tmp[GUEST_PATH_MAX];
    int r = path_get_plain(e, va, tmp);
    if (r == 0)
        path_sysroot(e, tmp, buf);
    return r;
}

/* "/proc/self/NAME" or with our own pid; NULL if path is neither. */
static const char *proc_self(const char *path)
{
    char own[32];
    int n = snprintf(own, sizeof own, "/proc/%d/", (int)getpid());
    if (!strncmp(path, "/proc/self/", 11))
        return path + 11;
    return !strncmp(path, own, (size_t)n) ? path + n : NULL;
}

bool path_is_self_exe(const char *path)
{
    const char *name = proc_self(path);
    return name && !strcmp(name, "exe");
}

static int file_of_bytes(const char *name, const char *text, size_t n)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (write(fd, text, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -EIO;
    }
    return fd;
}

int path_open_virtual(struct user_env *e, const char *path, int flags)
{
    const char *name = proc_self(path);
    int fd = 1;
    if (!name)
        return 1;
    if (!strcmp(name, "exe")) {
        fd = open(e->exe_path, flags & ~O_CREAT);
        return fd < 0 ? -errno : fd;
    }
    if (!strcmp(name, "maps")) {
        char *s = as_maps(e->as);
        if (!s)
            return -ENOMEM;
        fd = file_of_bytes("maps", s, strlen(s));
        free(s);
    } else if (!strcmp(name, "cmdline")) {
        const struct user_options *o = e->opt;
        size_t size = 1;
        for (int i = 0; i < o->argc; i++)
            size += strlen(i == 0 && o->argv0 ? o->argv0 : o->argv[i]) + 1;
        char *s = malloc(size), *p = s;
        if (!s)
            return -ENOMEM;
        for (int i = 0; i < o->argc; i++)
            p = stpcpy(p, i == 0 && o->argv0 ? o->argv0 : o->argv[i]) + 1;
        fd = file_of_bytes("cmdline", s, (size_t)(p - s));
        free(s);
    }
    return fd;
}
