/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Files, descriptors and directories through the C library. Runs in an empty directory.
 */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>
#include <utime.h>

static void read_write(void)
{
    char buf[64];
    int fd = open("a", O_CREAT | O_TRUNC | O_RDWR, 0640);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, "hello world", 11), 11);
    CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
    CHECK_EQ(read(fd, buf, sizeof buf), 5);
    CHECK(!memcmp(buf, "world", 5));
    CHECK_EQ(read(fd, buf, sizeof buf), 0);
    CHECK_EQ(pread(fd, buf, 3, 1), 3);
    CHECK(!memcmp(buf, "ell", 3));
    CHECK_EQ(pwrite(fd, "HE", 2, 0), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 11);
    CHECK_EQ(ftruncate(fd, 5), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 5);
    CHECK_EQ(pread(fd, buf, 10, 0), 5);
    CHECK(!memcmp(buf, "HEllo", 5));
    CHECK_EQ(fsync(fd), 0);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(close(fd), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(read(fd, buf, 1), -1);
    CHECK_EQ(errno, EBADF);
}

static void vectors(void)
{
    char x[3], y[64];
    struct iovec out[3] = {{"one", 3}, {"", 0}, {"twothree", 8}}, in[2] = {{x, 3}, {y, sizeof y}};
    int fd = open("v", O_CREAT | O_TRUNC | O_RDWR, 0600);
    CHECK_EQ(writev(fd, out, 3), 11);
    lseek(fd, 0, SEEK_SET);
    CHECK_EQ(readv(fd, in, 2), 11);
    CHECK(!memcmp(x, "one", 3) && !memcmp(y, "twothree", 8));
    CHECK_EQ(preadv(fd, in, 2, 3), 8);
    CHECK(!memcmp(x, "two", 3) && !memcmp(y, "three", 5));
    close(fd);
}

static void stdio(void)
{
    char line[100];
    int n = 0;
    FILE *f = fopen("s", "w+");
    CHECK(f != NULL);
    for (int i = 0; i < 5000; i++)
        fprintf(f, "line %d %g\n", i, i / 8.0);
    rewind(f);
    while (fgets(line, sizeof line, f)) {
        int i;
        double d;
        CHECK_EQ(sscanf(line, "line %d %lf", &i, &d), 2);
        CHECK_EQ(i, n);
        CHECK(d == n / 8.0);
        n++;
    }
    CHECK_EQ(n, 5000);
    CHECK_EQ(fclose(f), 0);
}

static void attributes(void)
{
    struct stat a, b;
    struct timespec t[2] = {{1000000000, 123456789}, {1100000000, 987654321}};
    int fd = open("st", O_CREAT | O_TRUNC | O_RDWR, 0600);
    CHECK_EQ(write(fd, "12345", 5), 5);
    CHECK_EQ(fchmod(fd, 0640), 0);
    CHECK_EQ(futimens(fd, t), 0);
    CHECK_EQ(fstat(fd, &a), 0);
    CHECK_EQ(a.st_size, 5);
    CHECK_EQ(a.st_mode, S_IFREG | 0640);
    CHECK_EQ(a.st_nlink, 1);
    CHECK_EQ(a.st_uid, getuid());
    CHECK_EQ(a.st_mtim.tv_sec, 1100000000);
    CHECK_EQ(a.st_mtim.tv_nsec, 987654321);
    CHECK_EQ(a.st_atim.tv_nsec, 123456789);
    CHECK(a.st_blksize >= 512);
    CHECK_EQ(stat("st", &b), 0);
    CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    CHECK_EQ(stat("/dev/null", &b), 0);
    CHECK(S_ISCHR(b.st_mode) && b.st_rdev == 0x103);
    CHECK_EQ(stat("none", &b), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(access("st", R_OK), 0);
    CHECK_EQ(access("none", F_OK), -1);
    struct statvfs v;
    CHECK_EQ(statvfs(".", &v), 0);
    CHECK(v.f_bsize >= 512 && v.f_namemax >= 14);
    umask(027);
    close(open("um", O_CREAT | O_WRONLY, 0666));
    CHECK_EQ(umask(022), 027);
    CHECK_EQ(stat("um", &b), 0);
    CHECK_EQ(b.st_mode & 0777, 0640);
    close(fd);
}

static void directories(void)
{
    char cwd[4096], path[4096], link_to[100];
    struct stat st;
    int seen = 0;
    CHECK(getcwd(cwd, sizeof cwd) != NULL);
    CHECK_EQ(mkdir("d", 0755), 0);
    CHECK_EQ(mkdir("d", 0755), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(chdir("d"), 0);
    CHECK(getcwd(path, sizeof path) != NULL);
    CHECK(!strncmp(path, cwd, strlen(cwd)) && !strcmp(path + strlen(cwd), "/d"));
    for (int i = 0; i < 300; i++) {
        sprintf(path, "file-%d", i);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        CHECK(fd >= 0);
        close(fd);
    }
    DIR *d = opendir(".");
    struct dirent *e;
    while ((e = readdir(d)))
        if (!strncmp(e->d_name, "file-", 5)) {
            CHECK(e->d_type == DT_REG || e->d_type == DT_UNKNOWN);
            seen++;
        }
    closedir(d);
    CHECK_EQ(seen, 300);
    CHECK_EQ(rename("file-0", "renamed"), 0);
    CHECK_EQ(link("renamed", "second"), 0);
    CHECK_EQ(stat("second", &st), 0);
    CHECK_EQ(st.st_nlink, 2);
    CHECK_EQ(symlink("renamed", "sym"), 0);
    CHECK_EQ(readlink("sym", link_to, sizeof link_to), 7);
    CHECK(!memcmp(link_to, "renamed", 7));
    CHECK_EQ(lstat("sym", &st), 0);
    CHECK(S_ISLNK(st.st_mode));
    CHECK_EQ(rmdir("../d"), -1);
    CHECK_EQ(errno, ENOTEMPTY);
    unlink("renamed");
    unlink("second");
    unlink("sym");
    for (int i = 1; i < 300; i++) {
        sprintf(path, "file-%d", i);
        CHECK_EQ(unlink(path), 0);
    }
    CHECK_EQ(chdir(".."), 0);
    CHECK_EQ(rmdir("d"), 0);
}

static void descriptors(void)
{
    int p[2], fd, n;
    char c[8];
    CHECK_EQ(pipe(p), 0);
    CHECK(p[0] != p[1]);
    CHECK_EQ(write(p[1], "abc", 3), 3);
    CHECK_EQ(ioctl(p[0], FIONREAD, &n), 0);
    CHECK_EQ(n, 3);
    fd = dup(p[0]);
    CHECK_EQ(read(fd, c, 1), 1);
    CHECK_EQ(dup2(p[0], 50), 50);
    CHECK_EQ(read(50, c, 8), 2);
    CHECK_EQ(fcntl(50, F_GETFD), 0);
    CHECK_EQ(fcntl(50, F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(50, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
    CHECK(fcntl(p[0], F_GETFL) & O_NONBLOCK);
    CHECK_EQ(read(p[0], c, 1), -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK(fcntl(p[0], F_DUPFD, 60) >= 60);
    close(p[1]);
    CHECK_EQ(read(p[0], c, 1), 0);
    CHECK_EQ(pipe2(p, O_CLOEXEC), 0);
    CHECK_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
    struct termios t;
    CHECK_EQ(tcgetattr(p[0], &t), -1);
    CHECK_EQ(errno, ENOTTY);
    CHECK_EQ(isatty(p[0]), 0);
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    fd = open("lock", O_CREAT | O_RDWR, 0600);
    CHECK_EQ(fcntl(fd, F_SETLK, &l), 0);
    CHECK_EQ(fcntl(fd, F_GETLK, &l), 0);
    CHECK_EQ(l.l_type, F_UNLCK);
    CHECK_EQ(flock(fd, LOCK_EX | LOCK_NB), 0);
    close(fd);
}

static void waiting(void)
{
    int p[2];
    CHECK_EQ(pipe(p), 0);
    struct pollfd f[2] = {{.fd = p[0], .events = POLLIN}, {.fd = p[1], .events = POLLOUT}};
    CHECK_EQ(poll(f, 2, 0), 1);
    CHECK(f[0].revents == 0 && f[1].revents == POLLOUT);
    CHECK_EQ(poll(f, 1, 10), 0);
    CHECK_EQ(write(p[1], "x", 1), 1);
    CHECK_EQ(poll(f, 2, -1), 2);
    CHECK(f[0].revents == POLLIN);
    fd_set r, w;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_SET(p[0], &r);
    FD_SET(p[1], &w);
    CHECK_EQ(select(p[1] + 1, &r, &w, NULL, NULL), 2);
    CHECK(FD_ISSET(p[0], &r) && FD_ISSET(p[1], &w));
    char c;
    CHECK_EQ(read(p[0], &c, 1), 1);
    FD_ZERO(&r);
    FD_SET(p[0], &r);
    struct timeval tv = {0, 1000};
    CHECK_EQ(select(p[0] + 1, &r, NULL, NULL, &tv), 0);
    CHECK(!FD_ISSET(p[0], &r));
    close(p[1]);
    CHECK_EQ(poll(f, 1, -1), 1);
    CHECK(f[0].revents & POLLHUP);
}

static void sockets(void)
{
    int s[2];
    char buf[32];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(send(s[0], "ping", 4, 0), 4);
    CHECK_EQ(recv(s[1], buf, sizeof buf, 0), 4);
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "sock"};
    int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(bind(l, (struct sockaddr *)&a, sizeof a), 0);
    CHECK_EQ(listen(l, 1), 0);
    CHECK_EQ(connect(c, (struct sockaddr *)&a, sizeof a), 0);
    int t = accept(l, NULL, NULL);
    CHECK(t >= 0);
    /* A descriptor travels in a control message. */
    char space[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec iov = {"fd", 2};
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(h), &s[0], sizeof(int));
    CHECK_EQ(sendmsg(c, &m, 0), 2);
    iov = (struct iovec){buf, sizeof buf};
    memset(space, 0, sizeof space);
    CHECK_EQ(recvmsg(t, &m, 0), 2);
    h = CMSG_FIRSTHDR(&m);
    CHECK(h && h->cmsg_type == SCM_RIGHTS);
    int fd;
    memcpy(&fd, CMSG_DATA(h), sizeof fd);
    CHECK_EQ(write(fd, "through", 7), 7);
    CHECK_EQ(read(s[1], buf, sizeof buf), 7);
}

static void self(void)
{
    char exe[4096], buf[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    CHECK(n > 0);
    exe[n] = 0;
    CHECK(strstr(exe, "user-files") != NULL);
    int fd = open("/proc/self/exe", O_RDONLY);
    CHECK(read(fd, buf, 20) == 20 && buf[18] == 50); /* EM_IA_64 */
    close(fd);
    FILE *f = fopen("/proc/self/maps", "r");
    int stack = 0;
    while (fgets(buf, sizeof buf, f)) {
        unsigned long lo, hi;
        CHECK_EQ(sscanf(buf, "%lx-%lx", &lo, &hi), 2);
        if (lo <= (unsigned long)buf && (unsigned long)buf < hi)
            stack = strstr(buf, "[stack]") != NULL;
    }
    fclose(f);
    CHECK(stack);
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"read_write", read_write},
        {"vectors", vectors},
        {"stdio", stdio},
        {"attributes", attributes},
        {"directories", directories},
        {"descriptors", descriptors},
        {"waiting", waiting},
        {"sockets", sockets},
        {"self", self},
        {NULL, NULL},
    };
    return run_tests(t, argc, argv);
}
