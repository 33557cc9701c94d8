/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Semaphore instructions on memory that processes share: each host process is another processor, so
 * they must be atomic on the host too (sim/cpu/semaphore.c). Each child adds in all ways the same
 * number of times; nothing may be lost.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 4, ROUNDS = 100000 };
static struct shared {
    uint64_t fetchadd8, cmpxchg8, locked, lock;
    uint32_t fetchadd4, cmpxchg4;
    uint16_t cmpxchg2;
    uint8_t cmpxchg1;
} * s;

#define ADD_BY_CMPXCHG(p)                                                                          \
    do {                                                                                           \
        __typeof__(*(p)) old = __atomic_load_n(p, __ATOMIC_RELAXED);                               \
        while (!__atomic_compare_exchange_n(p, &old, (__typeof__(*(p)))(old + 1), 0,               \
                                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))                   \
            ;                                                                                      \
    } while (0)

static int bad;
static void check(const char *what, uint64_t got, uint64_t want)
{
    if (got == want)
        printf("PASS %s\n", what);
    else
        printf("FAIL %s: expected %lu, got %lu, tests/user/shared.c\n", what, want, got);
    bad |= got != want;
}

int main(void)
{
    const uint64_t n = (uint64_t)CHILDREN * ROUNDS;
    s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        return perror("mmap"), 1;
    for (int c = 0; c < CHILDREN; c++)
        if (!fork()) {
            for (int i = 0; i < ROUNDS; i++) {
                __atomic_fetch_add(&s->fetchadd8, 1, __ATOMIC_ACQ_REL);
                __atomic_fetch_add(&s->fetchadd4, 1, __ATOMIC_ACQ_REL);
                ADD_BY_CMPXCHG(&s->cmpxchg8);
                ADD_BY_CMPXCHG(&s->cmpxchg4);
                ADD_BY_CMPXCHG(&s->cmpxchg2);
                ADD_BY_CMPXCHG(&s->cmpxchg1);
                if (i % 16 == 0) {
                    while (__atomic_exchange_n(&s->lock, 1, __ATOMIC_ACQUIRE))
                        ;
                    s->locked++;
                    __atomic_store_n(&s->lock, 0, __ATOMIC_RELEASE);
                }
            }
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    check("fetchadd8", s->fetchadd8, n);
    check("fetchadd4", s->fetchadd4, n);
    check("cmpxchg8", s->cmpxchg8, n);
    check("cmpxchg4", s->cmpxchg4, n);
    check("cmpxchg2", s->cmpxchg2, (uint16_t)n);
    check("cmpxchg1", s->cmpxchg1, (uint8_t)n);
    check("xchg-lock", s->locked, n / 16);
    return bad;
}
