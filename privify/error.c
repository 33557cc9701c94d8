/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Error texts and byte buffers.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

bool pv_fail(struct pv_error *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    return false;
}

bool pv_buf_add(struct pv_buf *b, const void *p, size_t n)
{
    if (n > b->room - b->n) {
        size_t room = b->room ? b->room : 64;
        uint8_t *q;

        while (room - b->n < n) {
            if (room > SIZE_MAX / 2)
                return false;
            room *= 2;
        }
        q = realloc(b->p, room);
        if (!q)
            return false;
        b->p = q;
        b->room = room;
    }
    if (n && p)
        memcpy(b->p + b->n, p, n);
    else if (n)
        memset(b->p + b->n, 0, n);
    b->n += n;
    return true;
}

bool pv_buf_pad(struct pv_buf *b, size_t align)
{
    return pv_buf_add(b, NULL, (align - b->n % align) % align);
}
