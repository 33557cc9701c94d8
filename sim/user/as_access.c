/* SPDX-License-Identifier: GPL-2.0-only
 *
 * How the processor and the system calls reach user memory: translation for the slow path of loads,
 * stores and fetches (it fills the host fast path, sim/mmu/mem.h), and checked copies for the
 * system call layer. A guest pointer never becomes a host pointer in any other way.
 */
#include "sim/user/env.h"

#include <errno.h>
#include <sys/mman.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/engine.h"

/* Access rights of Linux/ia64's page table entries for a protection (SDM 2:4.1.1.6, TLB.ar at PL
 * 3). */
static uint8_t access_rights(uint8_t prot)
{
    if (prot & PROT_WRITE)
        return prot & PROT_EXEC ? 3 : 2; /* RWX, RW */
    return prot & PROT_EXEC ? 1 : 0;     /* RX, R */
}

/* The fault an access without translation or permission raises. User mode knows no TLB: a page is
 * there or not. */
static void make_fault(struct intr *in, uint64_t va, unsigned acc, bool present)
{
    *in = (struct intr){.sets = INTR_IFA | INTR_ITIR, .ifa = va, .itir = AS_PAGE_SHIFT << 2};
    in->isr = (acc & ACC_R ? ISR_R : 0) | (acc & ACC_W ? ISR_W : 0) | (acc & ACC_X ? ISR_X : 0) |
              (acc & ACC_NA ? ISR_NA : 0) | (acc & ACC_SPEC ? ISR_SP : 0) |
              (acc & ACC_RSE ? ISR_RS : 0) |
              (acc & ACC_LFETCH ? 4 : 0); /* non-access code, SDM 2:5.5.2 */
    if (!present)
        in->vector = VEC_PAGE_NOT_PRESENT;
    else
        in->vector = acc & ACC_X ? VEC_INST_ACCESS_RIGHTS : VEC_DATA_ACCESS_RIGHTS;
}

/* Linux/ia64 lets any readable or writable page be read; it executes only what is PROT_EXEC. */
static bool permits(const struct as_region *r, unsigned acc)
{
    return !((acc & ACC_R) && !(r->prot & (PROT_READ | PROT_WRITE))) &&
           !((acc & ACC_W) && !(r->prot & PROT_WRITE)) &&
           !((acc & ACC_X) && !(r->prot & PROT_EXEC));
}

bool as_translate(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl, struct xlat *x,
                  struct intr *in)
{
    (void)pl; /* always 3; pages are PL 3 (the gate page only matters to sigreturn) */
    struct as *as = user_env(cpu)->as;
    struct as_region *r = as_find(as, va);
    if (!r || !permits(r, acc)) {
        make_fault(in, va, acc, r != NULL);
        return false;
    }
    *x = (struct xlat){
        .pa = va,
        .host = r->host + (va - r->start),
        .ps = 12,
        .ar = access_rights(r->prot),
        .pl = 3,
        .write_ok = (r->prot & PROT_WRITE) != 0,
        .read_ok = (r->prot & (PROT_READ | PROT_WRITE)) != 0,
    };
    return true;
}

int as_iov(struct as *as, uint64_t va, uint64_t len, int prot, struct iovec *iov, int max,
           uint64_t *total)
{
    unsigned acc = (prot & PROT_READ ? ACC_R : 0) | (prot & PROT_WRITE ? ACC_W : 0);
    int n = 0;
    *total = 0;
    while (len && n < max) {
        struct as_region *r = as_find(as, va);
        if (!r || !permits(r, acc))
            break;
        uint64_t k = r->end - va < len ? r->end - va : len;
        iov[n++] = (struct iovec){r->host + (va - r->start), k};
        *total += k;
        va += k;
        len -= k;
    }
    return n;
}

void as_written(struct as *as, uint64_t va, uint64_t len)
{
    for (unsigned i = 0; i < as->m->ncpu; i++)
        alat_invalidate_all(as->m->cpu[i]);
    while (len) {
        struct as_region *r = as_find(as, va);
        if (!r)
            return;
        uint64_t k = r->end - va < len ? r->end - va : len;
        if (r->code) {
            uint8_t *p = r->host + (va - r->start), *end = p + k;
            p = (uint8_t *)((uintptr_t)p & ~(uintptr_t)4095);
            for (; p < end; p += 4096)
                if (code_page_present(as->m, p))
                    code_page_dirty(as->m, p);
        }
        va += k;
        len -= k;
    }
}

/* One copy between host memory and a region's. Shared file pages may vanish under us: the SIGBUS
 * handler (signal_host.c) then jumps to the guard. */
static bool copy_piece(struct as *as, const struct as_region *r, void *dst, const void *src,
                       size_t n)
{
    if (!r->file) {
        memcpy(dst, src, n);
        return true;
    }
    sigjmp_buf env;
    if (sigsetjmp(env, 1) != 0) {
        as->guard = NULL;
        return false;
    }
    as->guard = &env;
    memcpy(dst, src, n);
    as->guard = NULL;
    return true;
}

bool as_read(struct as *as, void *dst, uint64_t va, size_t n)
{
    uint8_t *d = dst;
    while (n) {
        struct as_region *r = as_find(as, va);
        if (!r || !permits(r, ACC_R))
            return false;
        size_t k = r->end - va < n ? (size_t)(r->end - va) : n;
        if (!copy_piece(as, r, d, r->host + (va - r->start), k))
            return false;
        d += k;
        va += k;
        n -= k;
    }
    return true;
}

static bool copy_out(struct as *as, uint64_t va, const void *src, size_t n, unsigned acc)
{
    const uint8_t *s = src;
    uint64_t at = va;
    for (size_t left = n; left;) {
        struct as_region *r = as_find(as, at);
        if (!r || !permits(r, acc))
            return false;
        size_t k = r->end - at < left ? (size_t)(r->end - at) : left;
        if (!copy_piece(as, r, r->host + (at - r->start), s, k))
            return false;
        s += k;
        at += k;
        left -= k;
    }
    as_written(as, va, n);
    return true;
}

bool as_write(struct as *as, uint64_t va, const void *src, size_t n)
{
    return copy_out(as, va, src, n, ACC_W);
}

bool as_poke(struct as *as, uint64_t va, const void *src, size_t n)
{
    return copy_out(as, va, src, n, 0);
}

ssize_t as_string(struct as *as, uint64_t va, char *buf, size_t size)
{
    size_t len = 0;
    while (len < size) {
        struct as_region *r = as_find(as, va);
        if (!r || !permits(r, ACC_R))
            return -EFAULT;
        size_t k = r->end - va < size - len ? (size_t)(r->end - va) : size - len;
        const char *p = (const char *)r->host + (va - r->start);
        /* Byte-wise within one guest page at a time, so that a string at the end of a file mapping
         * does not touch pages behind it. */
        if (k > AS_PAGE - (va & (AS_PAGE - 1)))
            k = AS_PAGE - (va & (AS_PAGE - 1));
        size_t n = strnlen(p, k);
        if (!copy_piece(as, r, buf + len, p, n))
            return -EFAULT;
        len += n;
        if (n < k) {
            buf[len] = 0;
            return (ssize_t)len;
        }
        va += k;
    }
    return -ENAMETOOLONG;
}
