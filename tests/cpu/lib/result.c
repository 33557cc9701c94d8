/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Verdicts of the per-instruction tests: groups of checks become the PASS and FAIL lines of
 * tests/README.md.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "tests/cpu/insn.h"

enum { SHOWN = 8 }; /* failed checks told of a group */

static const char *wanted, *current; /* current: NULL or name */
static char current_name[80];
static unsigned long checks, failures, groups_failed;

void suite_begin(int argc, char **argv)
{
    wanted = argc > 1 && argv[1][0] ? argv[1] : NULL;
}

static void end_group(void)
{
    if (!current)
        return;
    if (failures) {
        groups_failed++;
        if (failures > SHOWN)
            printf("  %s: %lu of %lu checks failed\n", current, failures, checks);
    } else {
        printf("PASS %s (%lu checks)\n", current, checks);
    }
    current = NULL;
}

bool group(const char *name)
{
    end_group();
    if (wanted && strcmp(wanted, name))
        return false;
    snprintf(current_name, sizeof current_name, "%s", name);
    current = current_name;
    checks = failures = 0;
    fflush(stdout);
    return true;
}

int suite_end(void)
{
    end_group();
    return groups_failed != 0;
}

static void fail(const char *text)
{
    failures++;
    if (failures == 1)
        printf("FAIL %s: %s\n", current ? current : "?", text);
    else if (failures <= SHOWN)
        printf("  %s\n", text);
}

bool expect(bool ok, const char *fmt, ...)
{
    char buf[400];
    va_list ap;
    checks++;
    if (ok)
        return true;
    va_start(ap, fmt);
    vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    fail(buf);
    return false;
}

bool expect_u64(uint64_t want, uint64_t got, const char *fmt, ...)
{
    char buf[400];
    va_list ap;
    checks++;
    if (want == got)
        return true;
    va_start(ap, fmt);
    int n = vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    if (n < 0 || n > 300)
        n = 300;
    snprintf(buf + n, sizeof buf - (size_t)n, ": expected %#" PRIx64 ", got %#" PRIx64, want, got);
    fail(buf);
    return false;
}

bool expect_fault(struct sut *s, unsigned vector, uint64_t isr)
{
    if (!expect(s->fault, "%s (%s): expected vector %#x, got no fault", s->text,
                run_mode_name[s->mode], vector))
        return false;
    bool ok =
        expect(s->in.vector == vector, "%s (%s): expected vector %#x, got %#x (isr %#" PRIx64 ")",
               s->text, run_mode_name[s->mode], vector, s->in.vector, s->in.isr);
    ok &= expect_u64(isr, s->in.isr, "%s (%s): isr", s->text, run_mode_name[s->mode]);
    ok &= expect_u64(CODE, s->ip, "%s (%s): ip at the fault", s->text, run_mode_name[s->mode]);
    return ok;
}

bool expect_no_fault(struct sut *s)
{
    return expect(!s->fault, "%s (%s): expected no fault, got vector %#x isr %#" PRIx64, s->text,
                  run_mode_name[s->mode], s->in.vector, s->in.isr);
}
