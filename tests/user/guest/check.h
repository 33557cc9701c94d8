/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Frame of the guest programs of suite user/: a table of cases, each prints PASS or FAIL.
 * Arguments: names of cases to run (none: all).
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test {
    const char *name;
    void (*fn)(void);
};
static int check_failed;
static const char *check_case;

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            printf("FAIL %s: expected %s, got false (errno %d), %s:%d\n", check_case, #cond,       \
                   errno, __FILE__, __LINE__);                                                     \
            check_failed++;                                                                        \
            return;                                                                                \
        }                                                                                          \
    } while (0)
#define CHECK_EQ(got, want)                                                                        \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (got_ != want_) {                                                                       \
            printf("FAIL %s: expected %s == %lld, got %lld (errno %d), %s:%d\n", check_case, #got, \
                   want_, got_, errno, __FILE__, __LINE__);                                        \
            check_failed++;                                                                        \
            return;                                                                                \
        }                                                                                          \
    } while (0)

static int run_tests(const struct test *t, int argc, char **argv)
{
    int failures = 0;
    for (; t->name; t++) {
        int wanted = argc < 2;
        for (int i = 1; i < argc; i++)
            wanted |= !strcmp(argv[i], t->name);
        if (!wanted)
            continue;
        check_failed = 0;
        check_case = t->name;
        fflush(stdout);
        t->fn();
        if (!check_failed)
            printf("PASS %s\n", t->name);
        failures += check_failed;
        fflush(stdout);
    }
    return failures != 0;
}

#endif
