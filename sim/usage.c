/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the two parsers of options share. See usage.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/usage.h"

void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "ia64-sim: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(1);
}

const char *size_suffixed(const char *s, uint64_t unit, uint64_t *v)
{
    static const char suffix[] = "BKMGT";
    char *end;
    errno = 0;
    if (*s < '0' || *s > '9')
        return NULL;
    *v = strtoull(s, &end, 0);
    if (errno)
        return NULL;
    const char *p = *end ? strchr(suffix, *end >= 'a' && *end <= 'z' ? *end - 32 : *end) : NULL;
    if (p) {
        unit = 1ull << 10 * (p - suffix);
        end++;
    }
    if (*v > UINT64_MAX / unit)
        return NULL;
    *v *= unit;
    return end;
}
