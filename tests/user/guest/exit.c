/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Ends as told: tests/user/exit.sh looks from outside.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

extern char **environ;

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "code"))
        return atoi(argv[2]);
    if (!strcmp(what, "abort"))
        abort();
    if (!strcmp(what, "signal")) {
        raise(atoi(argv[2]));
        return 0;
    }
    if (!strcmp(what, "segv"))
        *(volatile int *)strtoul(argv[2], NULL, 0) = 1;
    if (!strcmp(what, "unknown")) {
        for (int i = 0; i < 3; i++) {
            long r = syscall(1024 + 219 + 5); /* timer_create */
            printf("%ld %s\n", r, strerror(errno));
        }
        printf("%ld %s\n", syscall(5000), strerror(errno));
        return 0;
    }
    if (!strcmp(what, "env")) {
        for (char **e = environ; *e; e++)
            puts(*e);
        return 0;
    }
    if (!strcmp(what, "args")) {
        for (int i = 0; i < argc; i++)
            printf("[%s]", argv[i]);
        puts("");
        return 0;
    }
    if (!strcmp(what, "buffered")) {
        printf("no newline at the end");
        exit(0);
    }
    return 64;
}
