/* SPDX-License-Identifier: GPL-2.0-only
 *
 * --strace: a line per system call on stderr, in the manner of strace(1).
 */
#define _GNU_SOURCE
#include "sim/user/env.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void put_bytes(struct user_env *e, uint64_t va, uint64_t len, FILE *f)
{
    char s[33];
    size_t n = len < 32 ? len : 32;
    if (!as_read(e->as, s, va, n)) {
        fprintf(f, "0x%llx", (unsigned long long)va);
        return;
    }
    fputc('"', f);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '\n')
            fputs("\\n", f);
        else if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (isprint(c))
            fputc(c, f);
        else
            fprintf(f, "\\%o", c);
    }
    fputs(len > n ? "\"..." : "\"", f);
}

static void put_string(struct user_env *e, uint64_t va, FILE *f)
{
    char s[GUEST_PATH_MAX];
    if (!va)
        fputs("NULL", f);
    else if (as_string(e->as, va, s, sizeof s) < 0)
        fprintf(f, "0x%llx", (unsigned long long)va);
    else
        fprintf(f, "\"%s\"", s);
}

void strace_enter(struct user_env *e, unsigned nr, const uint64_t *a)
{
    char buf[24];
    const char *letters =
        nr < SYSCALL_COUNT && syscall_rows[nr].args ? syscall_rows[nr].args : "xxxxxx";
    FILE *f = stderr;
    fprintf(f, "%d %s(", (int)getpid(), syscall_name(nr, buf));
    for (unsigned i = 0; letters[i]; i++) {
        if (i)
            fputs(", ", f);
        switch (letters[i]) {
        case 'd':
            fprintf(f, "%d", (int)a[i]);
            break;
        case 'u':
            fprintf(f, "%llu", (unsigned long long)a[i]);
            break;
        case 'l':
            fprintf(f, "%lld", (long long)a[i]);
            break;
        case 'o':
            fprintf(f, "0%o", (unsigned)a[i]);
            break;
        case 's':
            put_string(e, a[i], f);
            break;
        case 'S':
            put_bytes(e, a[i], a[i + 1], f);
            break;
        case 'p':
            if (!a[i]) {
                fputs("NULL", f);
                break;
            } /* fall through */
        default:
            fprintf(f, "0x%llx", (unsigned long long)a[i]);
        }
    }
    fputc(')', f);
    if (nr == 1 || nr == 212) /* exit, exit_group: there is no strace_leave */
        fputs(" = ?\n", f);
}

void strace_leave(struct user_env *e, unsigned nr, int64_t r)
{
    (void)e;
    (void)nr;
    if (r == -E_NO_RESULT)
        fputs(" = ?\n", stderr);
    else if (r == -E_RESTART || r == -E_RESTART_NOHAND)
        fputs(" = ? (interrupted)\n", stderr);
    else if (r < 0 && r >= -4095 && !e->force_success)
        fprintf(stderr, " = -1 %s (%s)\n", strerrorname_np((int)-r), strerror((int)-r));
    else if (r >= -4096 && r < 0x1000000)
        fprintf(stderr, " = %lld\n", (long long)r);
    else
        fprintf(stderr, " = 0x%llx\n", (unsigned long long)r);
}
