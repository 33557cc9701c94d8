/* SPDX-License-Identifier: GPL-2.0-only
 *
 * mmap and relatives, protections, and code made at run time.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define PAGE 16384

static sigjmp_buf env;
static volatile int got_sig, got_code;
static void *volatile got_addr;
static void on_fault(int sig, siginfo_t *si, void *uc)
{
    (void)uc;
    got_sig = sig;
    got_code = si->si_code;
    got_addr = si->si_addr;
    siglongjmp(env, 1);
}
/* The signal that touching p raises (0: none); got_code, got_addr. */
static int touch(volatile char *p, int write)
{
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    sigaction(SIGBUS, &sa, NULL);
    got_sig = 0;
    if (sigsetjmp(env, 1) == 0) {
        if (write)
            *p = 1;
        else
            (void)*p;
    }
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    return got_sig;
}

static void anonymous(void)
{
    CHECK_EQ(sysconf(_SC_PAGESIZE), PAGE);
    CHECK_EQ(getpagesize(), PAGE);
    char *p = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED && (uintptr_t)p >> 61 == 1);
    for (int i = 0; i < 10 * PAGE; i++)
        CHECK(p[i] == 0);
    memset(p, 0xaa, 10 * PAGE);
    CHECK_EQ(munmap(p + 4 * PAGE, PAGE), 0);
    CHECK_EQ(touch(p + 4 * PAGE, 0), SIGSEGV);
    CHECK_EQ(got_code, SEGV_MAPERR);
    CHECK(got_addr == p + 4 * PAGE);
    CHECK_EQ(touch(p + 5 * PAGE, 0), 0);
    CHECK_EQ(touch(p + 4 * PAGE - 1, 1), 0);
    /* Access that straddles the hole. */
    CHECK_EQ(madvise(p, 2 * PAGE, MADV_DONTNEED), 0);
    CHECK(p[0] == 0 && p[2 * PAGE] == (char)0xaa);
    char *q = mmap(p + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(q == p + 4 * PAGE && q[5] == 0);
    CHECK_EQ(munmap(p, 10 * PAGE), 0);
    CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
          errno == EINVAL);
    CHECK(mmap((void *)0x1000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
          MAP_FAILED);
    CHECK(mmap(NULL, 1ull << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
          errno == EINVAL);
}

static void protections(void)
{
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = 1;
    CHECK_EQ(mprotect(p, PAGE, PROT_READ), 0);
    CHECK_EQ(touch(p, 0), 0);
    CHECK_EQ(touch(p, 1), SIGSEGV);
    CHECK_EQ(got_code, SEGV_ACCERR);
    CHECK_EQ(touch(p + PAGE, 1), 0);
    CHECK_EQ(mprotect(p, PAGE, PROT_NONE), 0);
    CHECK_EQ(touch(p, 0), SIGSEGV);
    CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
    CHECK_EQ(touch(p, 1), 0);
    CHECK_EQ(p[0], 1);
    CHECK_EQ(mprotect(p + 1, PAGE, PROT_READ), -1);
    CHECK_EQ(errno, EINVAL);
    munmap(p + PAGE, PAGE);
    CHECK_EQ(mprotect(p, 3 * PAGE, PROT_READ), -1);
    CHECK_EQ(errno, ENOMEM);
    CHECK_EQ(touch((char *)0, 0), SIGSEGV);
    /* A function pointer is the address of a descriptor, whose first word is the code's. */
    char *text = *(char **)(void *)protections;
    CHECK_EQ(touch(text, 0), 0);
    CHECK_EQ(touch(text, 1), SIGSEGV);
    CHECK_EQ(got_code, SEGV_ACCERR);
}

static void files(void)
{
    char buf[8];
    int fd = open("m", O_CREAT | O_TRUNC | O_RDWR, 0600);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    char *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(s != MAP_FAILED && p != MAP_FAILED);
    CHECK(!memcmp(p, "0123456789", 11));
    s[0] = 'S';
    CHECK_EQ(msync(s, PAGE, MS_SYNC), 0);
    CHECK_EQ(pread(fd, buf, 1, 0), 1);
    CHECK_EQ(buf[0], 'S');
    p[1] = 'P';
    CHECK_EQ(pread(fd, buf, 2, 0), 2);
    CHECK_EQ(buf[1], '1');
    /* The rest of the guest's page reads as zeros, although the host's pages are smaller. */
    for (int i = 10; i < PAGE; i++)
        CHECK(s[i] == 0 && p[i] == 0);
    char *far = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK_EQ(touch(far + PAGE - 1, 0), 0);
    CHECK_EQ(touch(far + 2 * PAGE, 0), SIGBUS);
    CHECK_EQ(got_code, BUS_ADRERR);
    CHECK(got_addr == far + 2 * PAGE);
    errno = 0;
    CHECK_EQ(write(fd, far + 2 * PAGE, 4), -1);
    CHECK_EQ(errno, EFAULT);
    close(fd);
    fd = open("m", O_RDONLY);
    CHECK(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EACCES);
    char *r = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(r != MAP_FAILED && r[2] == '2');
    CHECK_EQ(mprotect(r, PAGE, PROT_READ | PROT_WRITE), -1);
    CHECK_EQ(errno, EACCES);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 512) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED && errno == EBADF);
    close(fd);
}

static void remap(void)
{
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4; i++)
        p[i * PAGE] = (char)(i + 1);
    char *block =
        mmap(p + 4 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(mremap(p, 4 * PAGE, 8 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
    char *q = mremap(p, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
    CHECK(q != MAP_FAILED && q != p);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(q[i * PAGE], i + 1);
    CHECK_EQ(q[7 * PAGE], 0);
    CHECK_EQ(touch(p, 0), SIGSEGV);
    CHECK(mremap(q, 8 * PAGE, 2 * PAGE, 0) == q);
    CHECK_EQ(touch(q + 2 * PAGE, 0), SIGSEGV);
    munmap(block, PAGE);
    CHECK(mremap(q, 2 * PAGE, 3 * PAGE, 0) == q);
    CHECK_EQ(q[PAGE], 2);
    /* realloc of a large block goes through mremap. */
    char *m = malloc(1 << 20);
    memset(m, 7, 1 << 20);
    m = realloc(m, 16 << 20);
    CHECK(m && m[(1 << 20) - 1] == 7);
    free(m);
}

static void heap(void)
{
    char *b = sbrk(0);
    CHECK(b != (void *)-1);
    CHECK(sbrk(100000) == b);
    b[99999] = 5;
    CHECK_EQ(brk(b + 50000), 0);
    CHECK_EQ(brk(b + 100000), 0);
    CHECK_EQ(b[99999], 0); /* given back and got again */
    CHECK_EQ(brk(b), 0);
    void *v[1000];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            v[i] = malloc((size_t)(i * 37 % 5000 + 1));
            memset(v[i], i, (size_t)(i * 37 % 5000 + 1));
        }
        for (int i = 999; i >= 0; i--) {
            CHECK(*(unsigned char *)v[i] == (unsigned char)i);
            free(v[i]);
        }
    }
}

/* int f(void) { return imm; }: a function descriptor for code at p. */
struct descriptor {
    uint64_t entry, gp;
};
static void put_function(uint64_t *p, unsigned imm)
{
    /* { adds r8=imm,r0; nop.i; br.ret.sptk.many b0 } assembled: MIB, template 0x11 */
    uint64_t adds = 8ull << 37 | 2ull << 34 | (uint64_t)(imm >> 7 & 63) << 27 |
                    (uint64_t)(imm & 127) << 13 | 8ull << 6;
    uint64_t nop = 1ull << 27, ret = 0x00108001100ull;
    p[0] = 0x11 | adds << 5 | nop << 46;
    p[1] = nop >> 18 | ret << 23;
    for (char *c = (char *)p; c < (char *)(p + 2); c += 32)
        __asm__ volatile("fc.i %0;; sync.i;; srlz.i;;" ::"r"(c) : "memory");
}
static void code(void)
{
    uint64_t *p =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct descriptor d = {(uint64_t)p, 0};
    int (*f)(void) = (int (*)(void))(void *)&d;
    for (unsigned i = 1; i < 50; i++) {
        put_function(p, i);
        CHECK_EQ(f(), i);
    }
    /* The same through read(): the kernel writes code. */
    int fd[2];
    CHECK_EQ(pipe(fd), 0);
    uint64_t q[2];
    put_function(q, 99);
    CHECK_EQ(write(fd[1], q, 16), 16);
    CHECK_EQ(read(fd[0], p, 16), 16);
    CHECK_EQ(f(), 99);
    /* And after the page was mapped anew. */
    CHECK(mmap(p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
               -1, 0) == p);
    put_function(p, 77);
    CHECK_EQ(f(), 77);
    CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    got_sig = 0;
    if (sigsetjmp(env, 1) == 0)
        f();
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ(got_sig, SIGSEGV);
    CHECK_EQ(got_code, SEGV_ACCERR);
    CHECK(got_addr == p);
}

static void sharing(void)
{
    int *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *s = *p = 1;
    pid_t c = fork();
    if (c == 0) {
        *s = *p = 2;
        _exit(0);
    }
    CHECK(c > 0);
    int st;
    CHECK_EQ(waitpid(c, &st, 0), c);
    CHECK_EQ(*s, 2);
    CHECK_EQ(*p, 1);
}

static void spanning(void)
{
    /* Data that lie across regions of different host memory, and a string that ends at the end of
     * the world. */
    char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
               0) == p + PAGE);
    volatile uint64_t *u = (uint64_t *)(void *)(p + PAGE - 4);
    *u = 0x1122334455667788ull;
    CHECK(*u == 0x1122334455667788ull);
    CHECK_EQ(p[PAGE - 4], (char)0x88);
    CHECK_EQ(p[PAGE], 0x44);
    int fd = open("span", O_CREAT | O_TRUNC | O_RDWR, 0600);
    memset(p, 'x', 2 * PAGE);
    CHECK_EQ(write(fd, p, 2 * PAGE), 2 * PAGE);
    CHECK_EQ(pread(fd, p + 100, 2 * PAGE - 100, 0), 2 * PAGE - 100);
    CHECK_EQ(munmap(p + PAGE, PAGE), 0);
    /* Half of the buffer is gone: what is there is written. */
    CHECK_EQ(pwrite(fd, p + PAGE - 10, 20, 0), 10);
    CHECK_EQ(pwrite(fd, p + PAGE, 20, 0), -1);
    CHECK_EQ(errno, EFAULT);
    strcpy(p + PAGE - 5, "span");
    CHECK_EQ(access(p + PAGE - 5, F_OK), 0);
    p[PAGE - 1] = 'x';
    CHECK_EQ(access(p + PAGE - 5, F_OK), -1);
    CHECK_EQ(errno, EFAULT);
    close(fd);
}

/* What the kernel must not make signals of. */
static void speculation(void)
{
    static volatile long good = 1234;
    long nat, v, way;
    __asm__ volatile("ld8.s r9=[r0];; tnat.nz p6,p7=r9;; (p6) mov %0=1;; (p7) mov %0=0"
                     : "=r"(nat)::"r9", "p6", "p7");
    CHECK_EQ(nat, 1);
    __asm__ volatile("lfetch.fault [r0]");
    __asm__ volatile("ld8.s r9=[%1];; tnat.nz p6,p7=r9;; (p6) mov %0=-1;; (p7) mov %0=r9"
                     : "=r"(v)
                     : "r"(&good)
                     : "r9", "p6", "p7");
    CHECK_EQ(v, 1234);
    __asm__ volatile("mov %0=0;; ld8.s r9=[r0];; chk.s r9,1f;; mov %0=1;; 1: nop 0;;"
                     : "=r"(way)::"r9");
    CHECK_EQ(way, 0);
    __asm__ volatile("mov %0=0;; ld8.s r9=[%1];; chk.s r9,1f;; mov %0=1;; 1: nop 0;;"
                     : "=&r"(way)
                     : "r"(&good)
                     : "r9");
    CHECK_EQ(way, 1);
    long r = 0;
    __asm__ volatile("probe.w %0=%1,3" : "=r"(r) : "r"(&good));
    CHECK_EQ(r, 1);
    volatile char *text = *(char **)(void *)speculation;
    __asm__ volatile("probe.w %0=%1,3" : "=r"(r) : "r"(text));
    CHECK_EQ(r, 0);
    __asm__ volatile("probe.r %0=%1,3" : "=r"(r) : "r"(text));
    CHECK_EQ(r, 1);
}

int main(int argc, char **argv)
{
    static const struct test t[] = {
        {"anonymous", anonymous},
        {"protections", protections},
        {"files", files},
        {"remap", remap},
        {"heap", heap},
        {"code", code},
        {"sharing", sharing},
        {"spanning", spanning},
        {"speculation", speculation},
        {NULL, NULL},
    };
    return run_tests(t, argc, argv);
}
