/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Files: read whole (gzip is unpacked, RFC 1952), written whole or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "privify/privify.h"

/* Larger than any kernel; a gzip file that unpacks to more is not one. */
#define MOST (2ull << 30)

static bool gunzip(struct pv_buf *data, struct pv_error *err)
{
    z_stream z = {0};
    struct pv_buf out = {0};
    int r = Z_OK;
    bool ok = false;

    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return pv_fail(err, "no memory");
    z.next_in = data->p;
    z.avail_in = (uInt)data->n;
    while (r == Z_OK) {
        if (out.n > MOST) {
            pv_fail(err, "unpacks to more than %llu bytes", MOST);
            goto out;
        }
        if (!pv_buf_add(&out, NULL, out.n + (1 << 20))) {
            pv_fail(err, "no memory");
            goto out;
        }
        z.next_out = out.p + z.total_out;
        z.avail_out = (uInt)(out.n - z.total_out);
        r = inflate(&z, Z_NO_FLUSH);
        if (r == Z_BUF_ERROR)
            break;
        out.n = z.total_out;
        /* Another member may follow. */
        if (r == Z_STREAM_END && z.avail_in > 18 && z.next_in[0] == 0x1f) {
            uint64_t total = z.total_out;
            if (inflateReset(&z) != Z_OK)
                break;
            z.total_out = total;
            r = Z_OK;
        }
    }
    if (r != Z_STREAM_END) {
        pv_fail(err, "truncated or corrupt gzip file%s%s", z.msg ? ": " : "", z.msg ? z.msg : "");
        goto out;
    }
    free(data->p);
    *data = out;
    out.p = NULL;
    ok = true;
out:
    inflateEnd(&z);
    free(out.p);
    return ok;
}

bool pv_file_read(const char *name, struct pv_file *f, struct pv_error *err)
{
    struct stat st;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    size_t done = 0;

    memset(f, 0, sizeof *f);
    if (fd < 0)
        return pv_fail(err, "%s", strerror(errno));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return pv_fail(err, "not a regular file");
    }
    if ((uint64_t)st.st_size > MOST) {
        close(fd);
        return pv_fail(err, "larger than %llu bytes", MOST);
    }
    f->mode = st.st_mode & 07777;
    f->data.room = (size_t)st.st_size + 1;
    f->data.p = malloc(f->data.room);
    while (f->data.p && done < (size_t)st.st_size) {
        ssize_t n = read(fd, f->data.p + done, (size_t)st.st_size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            pv_fail(err, "%s", strerror(errno));
            close(fd);
            return false;
        }
        if (n == 0)
            break;
        done += (size_t)n;
    }
    close(fd);
    if (!f->data.p)
        return pv_fail(err, "no memory");
    f->data.n = done;
    if (done < 18 || f->data.p[0] != 0x1f || f->data.p[1] != 0x8b)
        return true;
    f->was_gz = true;
    return gunzip(&f->data, err);
}

static bool write_all(int fd, const uint8_t *p, size_t n)
{
    while (n) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

/* As gzip -9n: no name, no time. */
static bool gzip(struct pv_buf *out, const uint8_t *p, size_t n)
{
    z_stream z = {0};
    int r;

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    if (!pv_buf_add(out, NULL, deflateBound(&z, n))) {
        deflateEnd(&z);
        return false;
    }
    z.next_in = (Bytef *)p;
    z.avail_in = (uInt)n;
    z.next_out = out->p;
    z.avail_out = (uInt)out->n;
    r = deflate(&z, Z_FINISH);
    out->n = z.total_out;
    deflateEnd(&z);
    return r == Z_STREAM_END;
}

bool pv_file_write(const char *name, const uint8_t *p, size_t n, unsigned mode,
                   struct pv_error *err)
{
    struct pv_buf packed = {0};
    struct stat st;
    size_t len = strlen(name);
    char *temp;
    bool ok = false;
    int fd;

    if (stat(name, &st) == 0 && !S_ISREG(st.st_mode))
        return pv_fail(err, "exists and is not a regular file");
    if (len > 3 && !strcmp(name + len - 3, ".gz")) {
        if (!gzip(&packed, p, n)) {
            free(packed.p);
            return pv_fail(err, "no memory");
        }
        p = packed.p;
        n = packed.n;
    }
    temp = malloc(len + 8);
    if (!temp) {
        free(packed.p);
        return pv_fail(err, "no memory");
    }
    memcpy(temp, name, len);
    memcpy(temp + len, ".XXXXXX", 8);
    fd = mkstemp(temp);
    if (fd < 0) {
        pv_fail(err, "%s", strerror(errno));
    } else {
        if (!write_all(fd, p, n) || fchmod(fd, mode))
            pv_fail(err, "%s", strerror(errno));
        else
            ok = true;
        if (close(fd) && ok)
            ok = pv_fail(err, "%s", strerror(errno));
        if (ok && rename(temp, name))
            ok = pv_fail(err, "%s", strerror(errno));
        if (!ok)
            unlink(temp);
    }
    free(temp);
    free(packed.p);
    return ok;
}
