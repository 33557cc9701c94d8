/* SPDX-License-Identifier: GPL-2.0-only
 *
 * User address space: the sorted list of regions and what changes it (mmap and relatives). Copies
 * and translation are in as_access.c. Every region is host memory that the simulator may read and
 * write; the guest's protections are only in the list, so mprotect costs no host call. Decoded code
 * is known by host address: memory that goes away takes it along.
 */
#define _GNU_SOURCE
#include "sim/user/as.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"

#define PROT_MASK (PROT_READ | PROT_WRITE | PROT_EXEC)
#define HOST_PAGE 4096ull
/* Flags of mmap on ia64 (asm-generic numbers). */
enum {
    G_MAP_SHARED = 1,
    G_MAP_PRIVATE = 2,
    G_MAP_SHARED_VALIDATE = 3,
    G_MAP_TYPE = 15,
    G_MAP_FIXED = 0x10,
    G_MAP_ANONYMOUS = 0x20,
    G_MAP_FIXED_NOREPLACE = 0x100000,
    G_MREMAP_MAYMOVE = 1,
    G_MREMAP_FIXED = 2,
};

struct as *as_new(struct machine *m)
{
    struct as *as = calloc(1, sizeof *as);
    if (as)
        as->m = m;
    return as;
}

void as_free(struct as *as)
{
    if (!as)
        return;
    for (unsigned i = 0; i < as->n; i++)
        munmap(as->r[i].host, as->r[i].reserved);
    free(as->r);
    free(as);
}

bool as_range_ok(uint64_t va, uint64_t len)
{
    /* A range may not leave its region (2^61 bytes) nor the part the page tables map. */
    uint64_t off = va & 0x1fffffffffffffffull;
    return va >> 61 < 5 && len <= AS_RGN_LIMIT && off <= AS_RGN_LIMIT - len;
}

/* Index of the first region that ends after va. */
static unsigned lower(const struct as *as, uint64_t va)
{
    unsigned lo = 0, hi = as->n;
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        if (as->r[mid].end > va)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

struct as_region *as_find(struct as *as, uint64_t va)
{
    if (as->last < as->n && va >= as->r[as->last].start && va < as->r[as->last].end)
        return &as->r[as->last];
    unsigned i = lower(as, va);
    if (i == as->n || as->r[i].start > va)
        return NULL;
    as->last = i;
    return &as->r[i];
}

static struct as_region *insert(struct as *as, const struct as_region *r)
{
    if (as->n == as->cap) {
        unsigned cap = as->cap ? as->cap * 2 : 32;
        struct as_region *p = realloc(as->r, cap * sizeof *p);
        if (!p)
            return NULL;
        as->r = p;
        as->cap = cap;
    }
    unsigned i = lower(as, r->start);
    memmove(&as->r[i + 1], &as->r[i], (as->n - i) * sizeof *r);
    as->r[i] = *r;
    as->n++;
    return &as->r[i];
}

static void drop(struct as *as, unsigned i)
{
    memmove(&as->r[i], &as->r[i + 1], (as->n - i - 1) * sizeof as->r[0]);
    as->n--;
}

/* Translations changed: no fast path and no ALAT entry may outlive them. */
static void flush(struct as *as)
{
    for (unsigned i = 0; i < as->m->ncpu; i++) {
        mem_flush(as->m->cpu[i]);
        alat_invalidate_all(as->m->cpu[i]);
    }
}

static void forget_code(struct as *as, const struct as_region *r, const uint8_t *host, uint64_t len)
{
    if (!r->code)
        return;
    for (uint64_t o = 0; o < len; o += HOST_PAGE)
        if (code_page_present(as->m, host + o))
            code_page_dirty(as->m, host + o);
}

/* Makes va a boundary between regions. False: out of memory. */
static bool split(struct as *as, uint64_t va)
{
    unsigned i = lower(as, va);
    if (i == as->n || as->r[i].start >= va)
        return true;
    struct as_region hi = as->r[i];
    uint64_t at = va - hi.start;
    hi.start = va;
    hi.host += at;
    hi.reserved -= at;
    struct as_region *lo = &as->r[i];
    lo->end = va;
    lo->reserved = at;
    if (insert(as, &hi))
        return true;
    as->r[i].end = hi.end; /* undo */
    as->r[i].reserved += hi.reserved;
    return false;
}

/* Joins equal neighbours that are neighbours on the host too, so that repeated mprotect does not
 * grow the list. */
static void merge(struct as *as)
{
    for (unsigned i = 1; i < as->n;) {
        struct as_region *a = &as->r[i - 1], *b = &as->r[i];
        if (a->end == b->start && a->host + a->reserved == b->host &&
            a->reserved == a->end - a->start && a->prot == b->prot && a->shared == b->shared &&
            a->file == b->file && a->host_write == b->host_write && !strcmp(a->name, b->name)) {
            a->end = b->end;
            a->reserved += b->reserved;
            a->code |= b->code;
            drop(as, i);
        } else {
            i++;
        }
    }
    as->last = 0;
}

/* True if nothing is mapped in the range. */
static bool is_free(const struct as *as, uint64_t addr, uint64_t len)
{
    unsigned i = lower(as, addr);
    return i == as->n || as->r[i].start >= addr + len;
}

/* First fit from `from` upwards within its region, as Linux/ia64 does (it never allocates
 * downwards). */
static uint64_t find_free(const struct as *as, uint64_t from, uint64_t len)
{
    uint64_t a = AS_ALIGN(from);
    for (unsigned i = lower(as, a); as_range_ok(a, len); i++) {
        if (i == as->n || as->r[i].start >= a + len)
            return a;
        a = as->r[i].end;
    }
    return 0;
}

/* Host memory for a new region; returns MAP_FAILED with errno. */
static uint8_t *host_map(uint64_t len, int flags, int fd, uint64_t off, bool *writable)
{
    bool shared = (flags & G_MAP_TYPE) != G_MAP_PRIVATE;
    *writable = true;
    if (flags & G_MAP_ANONYMOUS)
        return mmap(NULL, len, PROT_READ | PROT_WRITE,
                    MAP_ANONYMOUS | MAP_NORESERVE | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);
    int prot = PROT_READ | PROT_WRITE, how = shared ? MAP_SHARED : MAP_PRIVATE;
    uint8_t *p = mmap(NULL, len, prot, how | MAP_NORESERVE, fd, (off_t)off);
    if (p == MAP_FAILED && errno == EACCES && shared) {
        *writable = false;
        prot = PROT_READ;
        p = mmap(NULL, len, prot, how | MAP_NORESERVE, fd, (off_t)off);
    }
    if (p == MAP_FAILED)
        return p;
    /* The guest's last page of the file is larger than the host's: what follows the host's last
     * page in it reads as zeros, where the host would raise SIGBUS. */
    struct stat st;
    if (fstat(fd, &st) == 0 && (uint64_t)st.st_size > off) {
        uint64_t have = ((uint64_t)st.st_size - off + HOST_PAGE - 1) & ~(HOST_PAGE - 1);
        uint64_t upto = AS_ALIGN(have);
        if (upto > len)
            upto = len;
        if (have < upto && mmap(p + have, upto - have, prot,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
            int e = errno;
            munmap(p, len);
            errno = e;
            return MAP_FAILED;
        }
    }
    return p;
}

int64_t as_mmap(struct as *as, uint64_t addr, uint64_t len, int prot, int flags, int fd,
                uint64_t off, const char *name)
{
    int type = flags & G_MAP_TYPE;
    bool fixed = flags & (G_MAP_FIXED | G_MAP_FIXED_NOREPLACE);
    if (len == 0 ||
        (type != G_MAP_SHARED && type != G_MAP_PRIVATE && type != G_MAP_SHARED_VALIDATE))
        return -EINVAL;
    if (!(flags & G_MAP_ANONYMOUS) && (off & (AS_PAGE - 1)))
        return -EINVAL;
    if (len > AS_RGN_LIMIT)
        return -ENOMEM;
    len = AS_ALIGN(len);
    if (fixed) {
        if (addr & (AS_PAGE - 1))
            return -EINVAL;
        if (!as_range_ok(addr, len))
            return -ENOMEM;
        if (addr < AS_MIN_ADDR)
            return -EPERM;
        if ((flags & G_MAP_FIXED_NOREPLACE) && !is_free(as, addr, len))
            return -EEXIST;
    } else {
        uint64_t hint = addr < AS_MIN_ADDR || !as_range_ok(AS_ALIGN(addr), len) ? 0 : addr;
        addr = hint ? find_free(as, hint, len) : 0;
        if (!addr)
            addr = find_free(as, AS_MMAP_BASE, len);
        if (!addr)
            return -ENOMEM;
    }
    struct as_region r = {
        .start = addr,
        .end = addr + len,
        .reserved = len,
        .prot = (uint8_t)(prot & PROT_MASK),
        .shared = type != G_MAP_PRIVATE,
        .file = !(flags & G_MAP_ANONYMOUS),
        .code = prot & PROT_EXEC,
    };
    r.host = host_map(len, flags, fd, off, &r.host_write);
    if (r.host == MAP_FAILED)
        return -errno;
    if (!r.host_write && (prot & PROT_WRITE)) {
        munmap(r.host, len);
        return -EACCES;
    }
    snprintf(r.name, sizeof r.name, "%s", name ? name : "");
    if (fixed && !is_free(as, addr, len)) {
        int64_t e = as_munmap(as, addr, len);
        if (e < 0) {
            munmap(r.host, len);
            return e;
        }
    }
    if (!insert(as, &r)) {
        munmap(r.host, len);
        return -ENOMEM;
    }
    return (int64_t)addr;
}

int64_t as_munmap(struct as *as, uint64_t addr, uint64_t len)
{
    if ((addr & (AS_PAGE - 1)) || len == 0 || !as_range_ok(addr, len))
        return -EINVAL;
    len = AS_ALIGN(len);
    if (!split(as, addr) || !split(as, addr + len))
        return -ENOMEM;
    bool any = false;
    for (unsigned i = lower(as, addr); i < as->n && as->r[i].start < addr + len;) {
        struct as_region *r = &as->r[i];
        forget_code(as, r, r->host, r->end - r->start);
        munmap(r->host, r->reserved);
        drop(as, i);
        any = true;
    }
    if (any)
        flush(as);
    return 0;
}

/* Every page of the range mapped? */
static bool is_mapped(struct as *as, uint64_t addr, uint64_t len)
{
    for (uint64_t a = addr; a < addr + len;) {
        struct as_region *r = as_find(as, a);
        if (!r)
            return false;
        a = r->end;
    }
    return true;
}

int64_t as_mprotect(struct as *as, uint64_t addr, uint64_t len, int prot)
{
    if ((addr & (AS_PAGE - 1)) || (prot & ~PROT_MASK & ~0x0f000008))
        return -EINVAL; /* PROT_SEM and the PROT_GROWS* bits are accepted */
    if (len == 0)
        return 0;
    if (len > AS_RGN_LIMIT || !as_range_ok(addr, len = AS_ALIGN(len)) || !is_mapped(as, addr, len))
        return -ENOMEM;
    if (!split(as, addr) || !split(as, addr + len))
        return -ENOMEM;
    for (unsigned i = lower(as, addr); i < as->n && as->r[i].start < addr + len; i++) {
        struct as_region *r = &as->r[i];
        if ((prot & PROT_WRITE) && !r->host_write)
            return -EACCES;
        r->prot = (uint8_t)(prot & PROT_MASK);
        r->code |= (prot & PROT_EXEC) != 0;
    }
    merge(as);
    flush(as);
    return 0;
}

/* Moves [addr, addr+old_len) to new host memory of new_len bytes: by the host's mremap when the
 * region allows it, else by copy. NULL with errno on failure. The old host memory is gone after
 * success. */
static uint8_t *host_move(struct as *as, struct as_region *r, uint64_t old_len, uint64_t new_len)
{
    forget_code(as, r, r->host, old_len);
    uint8_t *p = mremap(r->host, old_len, new_len, MREMAP_MAYMOVE);
    if (p != MAP_FAILED)
        return p;
    if (r->shared) /* a copy would no longer be shared */
        return NULL;
    p = mmap(NULL, new_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
             0);
    if (p == MAP_FAILED)
        return NULL;
    memcpy(p, r->host, old_len < new_len ? old_len : new_len);
    munmap(r->host, old_len);
    return p;
}

int64_t as_mremap(struct as *as, uint64_t addr, uint64_t old_len, uint64_t new_len, int flags,
                  uint64_t new_addr)
{
    if ((flags & ~(G_MREMAP_MAYMOVE | G_MREMAP_FIXED)) || (addr & (AS_PAGE - 1)) || new_len == 0 ||
        ((flags & G_MREMAP_FIXED) && !(flags & G_MREMAP_MAYMOVE)))
        return -EINVAL;
    if (new_len > AS_RGN_LIMIT || old_len > AS_RGN_LIMIT)
        return -ENOMEM;
    old_len = AS_ALIGN(old_len);
    new_len = AS_ALIGN(new_len);
    if (flags & G_MREMAP_FIXED) {
        if ((new_addr & (AS_PAGE - 1)) || !as_range_ok(new_addr, new_len) ||
            new_addr < AS_MIN_ADDR || (new_addr < addr + old_len && addr < new_addr + new_len))
            return -EINVAL;
    }
    struct as_region *r = as_find(as, addr);
    if (!r || old_len == 0 || addr + old_len > r->end)
        return r && old_len == 0 ? -EINVAL : -EFAULT;
    if (new_len <= old_len && !(flags & G_MREMAP_FIXED)) {
        if (new_len < old_len)
            as_munmap(as, addr + new_len, old_len - new_len);
        return (int64_t)addr;
    }
    if (new_len < old_len) {
        as_munmap(as, addr + new_len, old_len - new_len);
        old_len = new_len;
    }
    if (!(flags & G_MREMAP_FIXED)) {
        if (addr + old_len == r->end && as_range_ok(addr, new_len) &&
            is_free(as, addr + old_len, new_len - old_len))
            new_addr = addr;
        else if (!(flags & G_MREMAP_MAYMOVE))
            return -ENOMEM;
        else if (!(new_addr = find_free(as, AS_MMAP_BASE, new_len)))
            return -ENOMEM;
    } else if (!is_free(as, new_addr, new_len)) {
        as_munmap(as, new_addr, new_len);
    }
    if (!split(as, addr) || !split(as, addr + old_len))
        return -ENOMEM;
    r = as_find(as, addr);
    uint8_t *host = host_move(as, r, old_len, new_len);
    if (!host)
        return -ENOMEM;
    struct as_region n = *r;
    n.host = host;
    n.start = new_addr;
    n.end = new_addr + new_len;
    n.reserved = new_len;
    drop(as, (unsigned)(r - as->r));
    insert(as, &n); /* cannot fail: a place was just freed */
    merge(as);
    flush(as);
    return (int64_t)new_addr;
}

int64_t as_discard(struct as *as, uint64_t addr, uint64_t len)
{
    if ((addr & (AS_PAGE - 1)) || !as_range_ok(addr, len))
        return -EINVAL;
    len = AS_ALIGN(len);
    bool hole = false;
    for (uint64_t a = addr; a < addr + len;) {
        struct as_region *r = as_find(as, a);
        if (!r) {
            hole = true;
            a += AS_PAGE;
            continue;
        }
        uint64_t n = (r->end < addr + len ? r->end : addr + len) - a;
        forget_code(as, r, r->host + (a - r->start), n);
        madvise(r->host + (a - r->start), n, MADV_DONTNEED);
        a += n;
    }
    flush(as);
    return hole ? -ENOMEM : 0;
}

int64_t as_set_end(struct as *as, uint64_t start, uint64_t end, uint64_t reserve, const char *name)
{
    struct as_region *r = as_find(as, start);
    if (!r) {
        if (end <= start || !is_free(as, start, end - start))
            return end == start ? 0 : -ENOMEM;
        struct as_region n = {.start = start,
                              .end = end,
                              .prot = PROT_READ | PROT_WRITE,
                              .host_write = true,
                              .host = MAP_FAILED};
        /* The host may limit address space: take what it gives. */
        for (; n.host == MAP_FAILED && reserve >= AS_ALIGN(end - start) && reserve; reserve /= 2) {
            n.host = mmap(NULL, reserve, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            n.reserved = reserve;
        }
        if (n.host == MAP_FAILED)
            return -ENOMEM;
        snprintf(n.name, sizeof n.name, "%s", name);
        if (!insert(as, &n)) {
            munmap(n.host, n.reserved);
            return -ENOMEM;
        }
        return 0;
    }
    unsigned last = (unsigned)(r - as->r);
    /* mprotect may have split it: the piece with the reservation is the last contiguous one. */
    while (last + 1 < as->n && as->r[last].reserved == as->r[last].end - as->r[last].start &&
           as->r[last + 1].start == as->r[last].end &&
           as->r[last + 1].host == as->r[last].host + as->r[last].reserved)
        last++;
    r = &as->r[last];
    if (end <= r->start || end - r->start > r->reserved)
        return -ENOMEM;
    if (end > r->end && !is_free(as, r->end, end - r->end))
        return -ENOMEM;
    if (end < r->end) {
        forget_code(as, r, r->host + (end - r->start), r->end - end);
        madvise(r->host + (end - r->start), r->end - end, MADV_DONTNEED);
        r->end = end;
        flush(as);
    }
    r->end = end;
    return 0;
}

bool as_map_gate(struct as *as, uint64_t base, const void *code, size_t offset, size_t size)
{
    struct as_region r = {.start = base,
                          .end = base + AS_PAGE,
                          .reserved = AS_PAGE,
                          .prot = PROT_EXEC,
                          .code = true,
                          .name = "[gate]"};
    r.host = mmap(NULL, AS_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (r.host == MAP_FAILED)
        return false;
    memcpy(r.host + offset, code, size);
    return insert(as, &r) != NULL;
}

bool as_guest_address(struct as *as, const void *host, uint64_t *va)
{
    for (unsigned i = 0; i < as->n; i++) {
        uintptr_t o = (uintptr_t)host - (uintptr_t)as->r[i].host;
        if (o < as->r[i].end - as->r[i].start) {
            *va = as->r[i].start + o;
            return true;
        }
    }
    return false;
}

char *as_maps(struct as *as)
{
    size_t size = as->n * 128 + 1, at = 0;
    char *s = malloc(size);
    if (!s)
        return NULL;
    s[0] = 0;
    for (unsigned i = 0; i < as->n; i++) {
        const struct as_region *r = &as->r[i];
        int n = snprintf(s + at, size - at, "%016llx-%016llx %c%c%c%c 00000000 00:00 0 %*s%s\n",
                         (unsigned long long)r->start, (unsigned long long)r->end,
                         r->prot & PROT_READ ? 'r' : '-', r->prot & PROT_WRITE ? 'w' : '-',
                         r->prot & PROT_EXEC ? 'x' : '-', r->shared ? 's' : 'p', 20, "", r->name);
        if (n < 0 || (size_t)n >= size - at)
            break;
        at += (size_t)n;
    }
    return s;
}
