/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Floating-point loads and stores (SDM 1:5.3, 3: ldf, ldfp, stf pages): singles, doubles, integers
 * (8), double-extended (e), spill and fill, pairs; plain, speculative, advanced and check forms.
 * Data move as bytes and are never rounded.
 */
#include "sim/cpu/exec.h"
#include "sim/cpu/alat.h"
#include "sim/cpu/fr.h"
#include "sim/mmu/mem.h"

enum fmt { FMT_S, FMT_D, FMT_8, FMT_E, FMT_FILL, FMT_PS, FMT_PD, FMT_P8 };
/* Bytes, and the aligned window the fast path looks at (the ten bytes of FMT_E are aligned to 16).
 */
static const struct {
    uint8_t size, window;
} shape[] = {
    [FMT_S] = {4, 4},      [FMT_D] = {8, 8},  [FMT_8] = {8, 8},    [FMT_E] = {10, 16},
    [FMT_FILL] = {16, 16}, [FMT_PS] = {8, 8}, [FMT_PD] = {16, 16}, [FMT_P8] = {16, 16},
};

enum kind { LOAD, LOAD_S, LOAD_A, LOAD_SA, LOAD_C_CLR, LOAD_C_NC };

/* Writes the target or targets from the bytes read; a pair's first register is the one at the lower
 * address. */
static void put_loaded(struct cpu *cpu, const struct isa_insn *in, enum fmt fmt, const uint8_t *buf)
{
    struct fr *f1 = fr_w(cpu, in->f1), *f2 = fmt >= FMT_PS ? fr_w(cpu, in->f2) : NULL;
    uint32_t s[2];
    uint64_t d[2];

    memcpy(s, buf, sizeof s);
    memcpy(d, buf, sizeof d);
    switch (fmt) {
    case FMT_S:
        fr_put_sgl_bits(f1, s[0]);
        break;
    case FMT_D:
        fr_put_dbl_bits(f1, d[0]);
        break;
    case FMT_8:
        fr_put_sig(f1, d[0]);
        break;
    case FMT_E:
        fr_put_ext(f1, buf);
        break;
    case FMT_FILL:
        fr_put_fill(f1, buf);
        break;
    case FMT_PS:
        fr_put_sgl_bits(f1, s[0]);
        fr_put_sgl_bits(f2, s[1]);
        break;
    case FMT_PD:
        fr_put_dbl_bits(f1, d[0]);
        fr_put_dbl_bits(f2, d[1]);
        break;
    case FMT_P8:
        fr_put_sig(f1, d[0]);
        fr_put_sig(f2, d[1]);
        break;
    }
}

/* Big-endian memory was reversed as a whole: fine for one value, but halves of a pair keep their
 * places. */
static void fix_pair(const struct cpu *cpu, enum fmt fmt, uint8_t *buf)
{
    if (likely(!(cpu->psr & PSR_BE) || fmt < FMT_PS))
        return;
    const unsigned n = shape[fmt].size / 2u;
    uint8_t t[8];
    memcpy(t, buf, n);
    memmove(buf, buf + n, n);
    memcpy(buf + n, t, n);
}

/* Reads into buf; false: deferred. Sets *host for the ALAT when the kind of load wants it. */
static bool read_bytes(struct cpu *cpu, uint64_t va, enum fmt fmt, enum kind kind, uint8_t *buf,
                       const void **host)
{
    const unsigned size = shape[fmt].size;
    const bool spec = kind == LOAD_S || kind == LOAD_SA;
    const bool adv = kind == LOAD_A || kind == LOAD_SA;
    const void *p = spec && (cpu->psr & (PSR_DT | PSR_ED)) != PSR_DT
                        ? NULL
                        : mem_fast_r(cpu, va, shape[fmt].window);

    if (likely(p != NULL)) {
        memcpy(buf, p, size);
    } else {
        if (spec && cpu->psr & PSR_ED)
            return false;
        if (!mem_read_slow(cpu, va, buf, size, ACC_R | (spec ? ACC_SPEC : 0) | (adv ? ACC_ADV : 0)))
            return false;
        fix_pair(cpu, fmt, buf);
    }
    if (adv || kind == LOAD_C_NC)
        *host = p ? p : alat_host(cpu, va, size);
    return true;
}

static void update(struct cpu *cpu, const struct isa_insn *in, struct gr inc)
{
    struct gr *r3 = gr(cpu, in->r3);
    r3->v += inc.v;
    r3->n |= inc.n;
}

/* inc: what r3 advances by. The ALAT knows a pair by its first register. */
static void load(struct cpu *cpu, const struct isa_insn *in, enum fmt fmt, enum kind kind,
                 struct gr inc, bool has_update)
{
    const bool pair = fmt >= FMT_PS, spec = kind == LOAD_S || kind == LOAD_SA;
    const struct gr addr = *gr(cpu, in->r3);
    const void *host = NULL;
    uint8_t buf[16] = {0};

    /* One even and one odd register; decode has seen to pairs that rotate together. */
    if (pair && !((fr_index(cpu, in->f1) ^ fr_index(cpu, in->f2)) & 1))
        raise_illegal_op(cpu);
    fr_check(cpu, ISR_R, in->f1, pair ? in->f2 : 0, 0, 0);
    if (addr.n && !spec)
        raise_nat_reg(cpu, ISR_R);

    if ((kind == LOAD_C_CLR || kind == LOAD_C_NC) &&
        alat_check_fr(cpu, in->f1, NULL, shape[fmt].size, kind == LOAD_C_CLR)) {
        fr_w(cpu, in->f1);
        if (pair)
            fr_w(cpu, in->f2);
    } else {
        const bool ok = !addr.n && read_bytes(cpu, addr.v, fmt, kind, buf, &host);
        if (ok) {
            put_loaded(cpu, in, fmt, buf);
        } else {
            fr_put_natval(fr_w(cpu, in->f1));
            if (pair)
                fr_put_natval(fr_w(cpu, in->f2));
        }
        if (host)
            alat_insert_fr(cpu, in->f1, host, shape[fmt].size);
        else if (kind == LOAD_A || kind == LOAD_SA)
            alat_invalidate_fr(cpu, in->f1);
    }
    if (has_update)
        update(cpu, in, inc);
}

static void store(struct cpu *cpu, const struct isa_insn *in, enum fmt fmt, uint64_t inc)
{
    const unsigned size = shape[fmt].size;
    const struct gr addr = *gr(cpu, in->r3);
    uint8_t buf[16] = {0};

    fr_check(cpu, ISR_W, in->f2, 0, 0, 0);
    const struct fr *f2 = fr_r(cpu, in->f2);
    if (addr.n || (fmt != FMT_FILL && fr_is_natval(f2)))
        raise_nat_reg(cpu, ISR_W);
    if (fmt == FMT_S) {
        const uint32_t s = fr_to_sgl_bits(f2);
        memcpy(buf, &s, 4);
    } else if (fmt == FMT_D || fmt == FMT_8) {
        const uint64_t d = fmt == FMT_D ? fr_to_dbl_bits(f2) : fr_sig(f2);
        memcpy(buf, &d, 8);
    } else if (fmt == FMT_E) {
        fr_to_ext(f2, buf);
    } else {
        fr_to_spill(f2, buf);
    }
    void *p = mem_fast_w(cpu, addr.v, shape[fmt].window);
    if (likely(p != NULL)) {
        memcpy(p, buf, size);
        alat_store(cpu, p, size);
    } else {
        mem_write_slow(cpu, addr.v, buf, size, ACC_W);
    }
    if (inc)
        update(cpu, in, (struct gr){inc, 0});
}

#define EXEC(name, body)                                                                           \
    static void x_##name(struct cpu *cpu, const struct isa_insn *in)                               \
    {                                                                                              \
        body;                                                                                      \
    }
#define IMM ((struct gr){in->imm, 0})
#define REG (*gr(cpu, in->r2))
#define LDF(name, fmt, kind)                                                                       \
    EXEC(name##_m6, load(cpu, in, fmt, kind, (struct gr){0, 0}, false))                            \
    EXEC(name##_m7, load(cpu, in, fmt, kind, REG, true))                                           \
    EXEC(name##_m8, load(cpu, in, fmt, kind, IMM, true))
#define LDFP(name, fmt, kind)                                                                      \
    EXEC(name##_m11, load(cpu, in, fmt, kind, (struct gr){0, 0}, false))                           \
    EXEC(name##_m12, load(cpu, in, fmt, kind, ((struct gr){shape[fmt].size, 0}), true))
#define KINDS(L, name, fmt)                                                                        \
    L(name, fmt, LOAD)                                                                             \
    L(name##_s, fmt, LOAD_S)                                                                       \
    L(name##_a, fmt, LOAD_A)                                                                       \
    L(name##_sa, fmt, LOAD_SA)                                                                     \
    L(name##_c_clr, fmt, LOAD_C_CLR)                                                               \
    L(name##_c_nc, fmt, LOAD_C_NC)
KINDS(LDF, ldfs, FMT_S)
KINDS(LDF, ldfd, FMT_D)
KINDS(LDF, ldf8, FMT_8)
KINDS(LDF, ldfe, FMT_E)
LDF(ldf_fill, FMT_FILL, LOAD)
KINDS(LDFP, ldfps, FMT_PS)
KINDS(LDFP, ldfpd, FMT_PD)
KINDS(LDFP, ldfp8, FMT_P8)
#define STF(name, fmt)                                                                             \
    EXEC(name##_m9, store(cpu, in, fmt, 0))                                                        \
    EXEC(name##_m10, store(cpu, in, fmt, in->imm))
STF(stfs, FMT_S)
STF(stfd, FMT_D)
STF(stf8, FMT_8)
STF(stfe, FMT_E)
STF(stf_spill, FMT_FILL)

#define ROW(OP, name, M, m)                                                                        \
    {                                                                                              \
        ISA_##OP##_##M, x_##name##_##m                                                             \
    }
#define LDF_ROWS(OP, name)  ROW(OP, name, M6, m6), ROW(OP, name, M7, m7), ROW(OP, name, M8, m8)
#define LDFP_ROWS(OP, name) ROW(OP, name, M11, m11), ROW(OP, name, M12, m12)
#define KIND_ROWS(R, OP, name)                                                                     \
    R(OP, name), R(OP##_S, name##_s), R(OP##_A, name##_a), R(OP##_SA, name##_sa),                  \
        R(OP##_C_CLR, name##_c_clr), R(OP##_C_NC, name##_c_nc)
#define STF_ROWS(OP, name) ROW(OP, name, M9, m9), ROW(OP, name, M10, m10)

EXEC_TABLE(float_mem){
    KIND_ROWS(LDF_ROWS, LDFS, ldfs),
    KIND_ROWS(LDF_ROWS, LDFD, ldfd),
    KIND_ROWS(LDF_ROWS, LDF8, ldf8),
    KIND_ROWS(LDF_ROWS, LDFE, ldfe),
    LDF_ROWS(LDF_FILL, ldf_fill),
    KIND_ROWS(LDFP_ROWS, LDFPS, ldfps),
    KIND_ROWS(LDFP_ROWS, LDFPD, ldfpd),
    KIND_ROWS(LDFP_ROWS, LDFP8, ldfp8),
    STF_ROWS(STFS, stfs),
    STF_ROWS(STFD, stfd),
    STF_ROWS(STF8, stf8),
    STF_ROWS(STFE, stfe),
    STF_ROWS(STF_SPILL, stf_spill),
    EXEC_END,
};
