/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Semaphore instructions: exchange, compare and exchange, fetch and add (SDM 1:4.4.3, 3: xchg,
 * cmpxchg, cmp8xchg16 and fetchadd pages). One processor of a machine runs at a time, but with
 * --user processes on several host processors share memory: the host's atomic operations do the
 * access. Unaligned ones always fault; the acquire and release forms are the same here.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/alat.h"
#include "sim/mmu/mem.h"

/* Register NaT Consumption of a semaphore says both read and write. */
#define ISR_RW (ISR_R | ISR_W)

static inline void *sem_host(struct cpu *cpu, uint64_t va, unsigned size, unsigned acc)
{
    void *p = mem_fast_w(cpu, va, size);
    return likely(p != NULL) ? p : mem_atomic(cpu, va, size, acc | ACC_RW | ACC_SEM | ACC_ALIGN);
}

/* The byte order of memory is psr.be's. */
static inline uint64_t in_order(const struct cpu *cpu, uint64_t v, unsigned size)
{
    return unlikely(cpu->psr & PSR_BE) ? __builtin_bswap64(v) >> (64 - 8 * size) : v;
}
/* Stores `data` at p if `*old` is there; else false, and *old is what is there. p is aligned. */
static inline bool host_cas(void *p, uint64_t *old, uint64_t data, unsigned size)
{
#define CAS(bits)                                                                                  \
    do {                                                                                           \
        uint##bits##_t was = (uint##bits##_t) * old;                                               \
        bool done = __atomic_compare_exchange_n((uint##bits##_t *)p, &was, (uint##bits##_t)data,   \
                                                false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);        \
        *old = was;                                                                                \
        return done;                                                                               \
    } while (0)
    switch (size) {
    case 1:
        CAS(8);
    case 2:
        CAS(16);
    case 4:
        CAS(32);
    default:
        CAS(64);
    }
#undef CAS
}
static inline uint64_t host_get(const void *p, unsigned size)
{
    uint64_t v = 0;
    memcpy(&v, p, size);
    return v;
}

static inline void xchg(struct cpu *cpu, const struct isa_insn *in, unsigned size)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_RW), data = gr_consume(cpu, in->r2, ISR_RW);
    void *p = sem_host(cpu, va, size, 0);
    uint64_t old = host_get(p, size);
    while (!host_cas(p, &old, in_order(cpu, data, size), size))
        ;
    alat_store(cpu, p, size);
    gr_write(cpu, in->r1, in_order(cpu, old, size), 0);
}

/* The value read, zero-extended, is compared with all 64 bits of AR[CCV]. */
static inline void cmpxchg(struct cpu *cpu, const struct isa_insn *in, unsigned size)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_RW), data = gr_consume(cpu, in->r2, ISR_RW);
    void *p = sem_host(cpu, va, size, 0);
    const uint64_t want = cpu->ar[AR_CCV];
    uint64_t old = host_get(p, size);
    while (in_order(cpu, old, size) == want)
        if (host_cas(p, &old, in_order(cpu, data, size), size)) {
            alat_store(cpu, p, size);
            break;
        }
    gr_write(cpu, in->r1, in_order(cpu, old, size), 0);
}

static bool host_cas16(void *p, unsigned __int128 old, unsigned __int128 data)
{
#ifdef __x86_64__ /* where compilers take the builtin only with -mcx16, clang not even then */
    uint64_t lo = (uint64_t)old, hi = (uint64_t)(old >> 64);
    bool done;
    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(done), "+m"(*(unsigned __int128 *)p), "+a"(lo), "+d"(hi)
                     : "b"((uint64_t)data), "c"((uint64_t)(data >> 64))
                     : "memory");
    return done;
#else
    return __sync_bool_compare_and_swap((unsigned __int128 *)p, old, data);
#endif
}

/* Compares eight bytes, stores sixteen: GR r2 at the address less its bit 3, AR[CSD] above. */
static void x_cmp8xchg16(struct cpu *cpu, const struct isa_insn *in)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_RW), data = gr_consume(cpu, in->r2, ISR_RW);
    uint8_t *p = va & 7 ? NULL : mem_fast_w(cpu, va & ~8ull, 16);
    if (!p) {
        /* Faults are the named eight bytes' first, but breakpoints see both halves. */
        sem_host(cpu, va, 8, 0);
        p = sem_host(cpu, va & ~8ull, 16, 0);
    }
    const uint64_t both[2] = {in_order(cpu, data, 8), in_order(cpu, cpu->ar[AR_CSD], 8)};
    unsigned __int128 was, want;
    uint64_t old;
    memcpy(&want, both, 16);
    do {
        memcpy(&was, p, 16);
        old = in_order(cpu, host_get((const uint8_t *)&was + (va & 8), 8), 8);
        if (old != cpu->ar[AR_CCV])
            break;
        if (host_cas16(p, was, want)) {
            alat_store(cpu, p, 16);
            break;
        }
    } while (true);
    gr_write(cpu, in->r1, old, 0);
}

static inline void fetchadd(struct cpu *cpu, const struct isa_insn *in, unsigned size)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_RW);
    void *p = sem_host(cpu, va, size, ACC_FETCHADD);
    uint64_t old = host_get(p, size);
    while (!host_cas(p, &old, in_order(cpu, in_order(cpu, old, size) + in->imm, size), size))
        ;
    alat_store(cpu, p, size);
    gr_write(cpu, in->r1, in_order(cpu, old, size), 0);
}

#define EXEC(name, call)                                                                           \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        call;                                                                                      \
    }
EXEC(xchg1, xchg(cpu, in, 1))
EXEC(xchg2, xchg(cpu, in, 2))
EXEC(xchg4, xchg(cpu, in, 4))
EXEC(xchg8, xchg(cpu, in, 8))
EXEC(cmpxchg1, cmpxchg(cpu, in, 1))
EXEC(cmpxchg2, cmpxchg(cpu, in, 2))
EXEC(cmpxchg4, cmpxchg(cpu, in, 4))
EXEC(cmpxchg8, cmpxchg(cpu, in, 8))
EXEC(fetchadd4, fetchadd(cpu, in, 4))
EXEC(fetchadd8, fetchadd(cpu, in, 8))

EXEC_TABLE(semaphore){{ISA_CMPXCHG1_ACQ_M16, x_cmpxchg1},
                      {ISA_CMPXCHG2_ACQ_M16, x_cmpxchg2},
                      {ISA_CMPXCHG4_ACQ_M16, x_cmpxchg4},
                      {ISA_CMPXCHG8_ACQ_M16, x_cmpxchg8},
                      {ISA_CMPXCHG1_REL_M16, x_cmpxchg1},
                      {ISA_CMPXCHG2_REL_M16, x_cmpxchg2},
                      {ISA_CMPXCHG4_REL_M16, x_cmpxchg4},
                      {ISA_CMPXCHG8_REL_M16, x_cmpxchg8},
                      {ISA_XCHG1_M16, x_xchg1},
                      {ISA_XCHG2_M16, x_xchg2},
                      {ISA_XCHG4_M16, x_xchg4},
                      {ISA_XCHG8_M16, x_xchg8},
                      {ISA_CMP8XCHG16_ACQ_M16, x_cmp8xchg16},
                      {ISA_CMP8XCHG16_REL_M16, x_cmp8xchg16},
                      {ISA_FETCHADD4_ACQ_M17, x_fetchadd4},
                      {ISA_FETCHADD8_ACQ_M17, x_fetchadd8},
                      {ISA_FETCHADD4_REL_M17, x_fetchadd4},
                      {ISA_FETCHADD8_REL_M17, x_fetchadd8},
                      EXEC_END};
