/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Integer memory instructions: loads and stores of every type, lfetch, chk.a, invala (SDM 1:4.4, 3:
 * ld, st, lfetch, chk, invala pages). Semaphores are in semaphore.c, floating-point loads and
 * stores elsewhere.
 *
 * Hints (.nt1, .nta, .d4, ldtype .bias) and ordering (.acq, .rel) need nothing here beyond telling
 * the memory system: processors take turns, so every access is already ordered.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/hot_mem.h"

uint64_t mem_load_slow(struct cpu *cpu, const struct gr *addr, unsigned size, unsigned acc)
{
    uint64_t v = 0;
    if (addr->n)
        raise_nat_reg(cpu, ISR_R);
    mem_read_slow(cpu, addr->v, &v, size, acc);
    return v;
}

struct gr mem_load_spec_slow(struct cpu *cpu, const struct gr *addr, unsigned size, unsigned acc)
{
    struct gr r = {0, 0};
    if (addr->n || cpu->psr & PSR_ED || !mem_read_slow(cpu, addr->v, &r.v, size, acc))
        r = (struct gr){0, 1};
    return r;
}

/* An advanced load always drops the entry its target had. A deferred ld.sa gives a NaT, and ld.a
 * from memory that may not be accessed speculatively (UC) a zero; neither enters the ALAT (SDM 3:
 * ld page, Operation; 2:4.4.6). */
void mem_load_advanced_slow(struct cpu *cpu, uint64_t key, struct gr *addr, struct gr *dst,
                            struct gr inc, unsigned size, unsigned acc)
{
    const bool spec = acc & ACC_SPEC;
    const uint64_t va = addr->v;
    const void *host = NULL;
    uint64_t v = 0;
    bool ok = false;

    if (addr->n && !spec)
        raise_nat_reg(cpu, ISR_R);
    if (!addr->n && !(spec && cpu->psr & PSR_ED))
        ok = mem_read_slow(cpu, va, &v, size, acc);
    if (ok)
        host = alat_host(cpu, va, size);

    if (host) {
        alat_insert(cpu, key, host, size);
    } else {
        struct alat_entry *e = alat_find(cpu, key);
        if (e)
            alat_drop(cpu, e);
    }
    mem_update(addr, inc);
    dst->v = ok ? v : 0;
    dst->n = !ok && spec;
}

void mem_store_slow(struct cpu *cpu, const struct gr *addr, const struct gr *src, unsigned size,
                    unsigned acc)
{
    const uint64_t v = src->v;
    if (addr->n | src->n)
        raise_nat_reg(cpu, ISR_W);
    mem_write_slow(cpu, addr->v, &v, size, acc);
}

void mem_spill_slow(struct cpu *cpu, const struct gr *addr, const struct gr *src)
{
    const struct gr data = {src->v, 0};
    mem_store_slow(cpu, addr, &data, 8, ACC_W);
}

/* Base updates by format. */
#define INC_M1 ((struct gr){0, 0})
#define INC_M2 (*gr(cpu, in->r2))
#define INC_M3 ((struct gr){in->imm, 0})
#define INC_M4 0
#define INC_M5 in->imm

#define EXEC(name, body)                                                                           \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        body;                                                                                      \
    }
#define ADDR gr(cpu, in->r3)
#define DST  gr(cpu, in->r1)
#define KEY  alat_key_gr(cpu, in->r1)

#define LOADS(n, fmt)                                                                              \
    EXEC(ld##n##_##fmt, sem_ld(cpu, ADDR, DST, INC_##fmt, n, ACC_R))                               \
    EXEC(ld##n##_acq_##fmt, sem_ld(cpu, ADDR, DST, INC_##fmt, n, ACC_R | ACC_ACQ))                 \
    EXEC(ld##n##_s_##fmt, sem_ld_s(cpu, ADDR, DST, INC_##fmt, n))                                  \
    EXEC(ld##n##_a_##fmt, sem_ld_a(cpu, KEY, ADDR, DST, INC_##fmt, n, ACC_R | ACC_ADV))            \
    EXEC(ld##n##_sa_##fmt,                                                                         \
         sem_ld_a(cpu, KEY, ADDR, DST, INC_##fmt, n, ACC_R | ACC_ADV | ACC_SPEC))                  \
    EXEC(ld##n##_c_clr_##fmt, sem_ld_c_clr(cpu, KEY, ADDR, DST, INC_##fmt, n, ACC_R))              \
    EXEC(ld##n##_c_clr_acq_##fmt,                                                                  \
         sem_ld_c_clr(cpu, KEY, ADDR, DST, INC_##fmt, n, ACC_R | ACC_ACQ))                         \
    EXEC(ld##n##_c_nc_##fmt, sem_ld_c_nc(cpu, KEY, ADDR, DST, INC_##fmt, n))
#define LOADS_FORMATS(n) LOADS(n, M1) LOADS(n, M2) LOADS(n, M3)
LOADS_FORMATS(1)
LOADS_FORMATS(2)
LOADS_FORMATS(4)
LOADS_FORMATS(8)
EXEC(ld8_fill_M1, sem_ld_fill(cpu, ADDR, DST, INC_M1))
EXEC(ld8_fill_M2, sem_ld_fill(cpu, ADDR, DST, INC_M2))
EXEC(ld8_fill_M3, sem_ld_fill(cpu, ADDR, DST, INC_M3))

#define STORES(n, fmt)                                                                             \
    EXEC(st##n##_##fmt, sem_st(cpu, ADDR, gr(cpu, in->r2), INC_##fmt, n, ACC_W))                   \
    EXEC(st##n##_rel_##fmt, sem_st(cpu, ADDR, gr(cpu, in->r2), INC_##fmt, n, ACC_W | ACC_REL))
#define STORES_FORMATS(n) STORES(n, M4) STORES(n, M5)
STORES_FORMATS(1)
STORES_FORMATS(2)
STORES_FORMATS(4)
STORES_FORMATS(8)
EXEC(st8_spill_M4, sem_st_spill(cpu, ADDR, gr(cpu, in->r2), INC_M4))
EXEC(st8_spill_M5, sem_st_spill(cpu, ADDR, gr(cpu, in->r2), INC_M5))

/* 16 bytes: the register takes the eight at the lower address, AR[CSD] those above, each in the
 * byte order of psr.be. Unaligned always faults. Big-endian, mem_*_slow order all sixteen bytes:
 * the halves change places. */
#define BE_PAIR(cpu) (((cpu)->psr & PSR_BE) != 0)
static void ld16(struct cpu *cpu, const struct isa_insn *in, unsigned acc)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_R);
    uint64_t pair[2];
    const void *p = mem_fast_r(cpu, va, 16);

    if (p)
        memcpy(pair, p, sizeof pair);
    else
        mem_read_slow(cpu, va, pair, 16, acc | ACC_R | ACC_ALIGN);
    gr_write(cpu, in->r1, pair[BE_PAIR(cpu)], 0);
    cpu->ar[AR_CSD] = pair[!BE_PAIR(cpu)];
}
static void st16(struct cpu *cpu, const struct isa_insn *in, unsigned acc)
{
    const uint64_t va = gr_consume(cpu, in->r3, ISR_W);
    uint64_t pair[2];
    pair[BE_PAIR(cpu)] = gr_consume(cpu, in->r2, ISR_W);
    pair[!BE_PAIR(cpu)] = cpu->ar[AR_CSD];
    void *p = mem_fast_w(cpu, va, 16);

    if (p) {
        memcpy(p, pair, sizeof pair);
        alat_store(cpu, p, 16);
    } else {
        mem_write_slow(cpu, va, pair, 16, acc | ACC_W | ACC_ALIGN);
    }
}
EXEC(ld16, ld16(cpu, in, 0))
EXEC(ld16_acq, ld16(cpu, in, ACC_ACQ))
EXEC(st16, st16(cpu, in, 0))
EXEC(st16_rel, st16(cpu, in, ACC_REL))

/* lfetch: without .fault a hint that never faults, whatever the address; what remains of it is the
 * base update. lfetch.fault raises what a load of one byte would, as a non-access (ISR.na, code 4),
 * unless psr.ed is set. */
enum { LFETCH_ISR = 4 };
static void lfetch(struct cpu *cpu, const struct isa_insn *in, struct gr inc, bool fault)
{
    struct gr *addr = gr(cpu, in->r3);
    if (fault && !(cpu->psr & PSR_ED)) {
        if (addr->n)
            raise_nat_reg(cpu, ISR_R | ISR_NA | LFETCH_ISR);
        if (!mem_fast_r(cpu, addr->v, 1)) {
            struct xlat x;
            struct intr fault_in = {0};
            if (!cpu->m->ops->translate(cpu, addr->v, ACC_R | ACC_NA | ACC_LFETCH, cpu->cpl, &x,
                                        &fault_in)) {
                cpu_raise(cpu, &fault_in);
            }
        }
    }
    mem_update(addr, inc);
}
/* The forms without update write nothing: r3 may then be r0. */
#define LFETCH(name, fault)                                                                        \
    EXEC(name##_M13, lfetch(cpu, in, INC_M1, fault))                                               \
    EXEC(name##_M14, lfetch(cpu, in, INC_M2, fault))                                               \
    EXEC(name##_M15, lfetch(cpu, in, INC_M3, fault))
LFETCH(lfetch, false)
LFETCH(lfetch_fault, true)

/* chk.a branches by itself; the Speculative Operation fault of processors that do not is never
 * needed. */
static void chk_a(struct cpu *cpu, const struct isa_insn *in, uint64_t key, bool clear)
{
    if (sem_chk_a(cpu, key, clear))
        return;
    const uint64_t from = cpu->ip;
    cpu->ip = from + in->imm;
    cpu->psr &= ~PSR_RI;
    branch_taken(cpu, from);
}
EXEC(chk_a_nc_gr, chk_a(cpu, in, alat_key_gr(cpu, in->r1), false))
EXEC(chk_a_clr_gr, chk_a(cpu, in, alat_key_gr(cpu, in->r1), true))
EXEC(chk_a_nc_fr, chk_a(cpu, in, alat_key_fr(cpu, in->f1), false))
EXEC(chk_a_clr_fr, chk_a(cpu, in, alat_key_fr(cpu, in->f1), true))

static void x_invala(struct cpu *cpu, const struct isa_insn *in)
{
    (void)in;
    alat_invalidate_all(cpu);
}
EXEC(invala_e_gr, alat_invalidate_gr(cpu, in->r1))
EXEC(invala_e_fr, alat_invalidate_fr(cpu, in->f1))

#define ROW3(OP, x)                                                                                \
    {ISA_##OP##_M1, x_##x##_M1}, {ISA_##OP##_M2, x_##x##_M2},                                      \
    {                                                                                              \
        ISA_##OP##_M3, x_##x##_M3                                                                  \
    }
#define ROW2(OP, x)                                                                                \
    {ISA_##OP##_M4, x_##x##_M4},                                                                   \
    {                                                                                              \
        ISA_##OP##_M5, x_##x##_M5                                                                  \
    }
#define ROWL(OP, x)                                                                                \
    {ISA_##OP##_M13, x_##x##_M13}, {ISA_##OP##_M14, x_##x##_M14},                                  \
    {                                                                                              \
        ISA_##OP##_M15, x_##x##_M15                                                                \
    }
#define ROWS(n)                                                                                    \
    ROW3(LD##n, ld##n), ROW3(LD##n##_S, ld##n##_s), ROW3(LD##n##_A, ld##n##_a),                    \
        ROW3(LD##n##_SA, ld##n##_sa), ROW3(LD##n##_BIAS, ld##n), ROW3(LD##n##_ACQ, ld##n##_acq),   \
        ROW3(LD##n##_C_CLR, ld##n##_c_clr), ROW3(LD##n##_C_NC, ld##n##_c_nc),                      \
        ROW3(LD##n##_C_CLR_ACQ, ld##n##_c_clr_acq), ROW2(ST##n, st##n),                            \
        ROW2(ST##n##_REL, st##n##_rel)

EXEC_TABLE(memory){ROWS(1),
                   ROWS(2),
                   ROWS(4),
                   ROWS(8),
                   ROW3(LD8_FILL, ld8_fill),
                   ROW2(ST8_SPILL, st8_spill),
                   {ISA_LD16_M1, x_ld16},
                   {ISA_LD16_ACQ_M1, x_ld16_acq},
                   {ISA_ST16_M4, x_st16},
                   {ISA_ST16_REL_M4, x_st16_rel},
                   ROWL(LFETCH, lfetch),
                   ROWL(LFETCH_EXCL, lfetch),
                   ROWL(LFETCH_FAULT, lfetch_fault),
                   ROWL(LFETCH_FAULT_EXCL, lfetch_fault),
                   {ISA_CHK_A_NC_M22, x_chk_a_nc_gr},
                   {ISA_CHK_A_CLR_M22, x_chk_a_clr_gr},
                   {ISA_CHK_A_NC_M23, x_chk_a_nc_fr},
                   {ISA_CHK_A_CLR_M23, x_chk_a_clr_fr},
                   {ISA_INVALA_M24, x_invala},
                   {ISA_INVALA_E_M26, x_invala_e_gr},
                   {ISA_INVALA_E_M27, x_invala_e_fr},
                   EXEC_END};
