/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: running one executor, random operands. See float.h.
 */
#include <string.h>
#include "tests/cpu/float/float.h"

struct sut *sut;
struct cpu *cpu;

static plain_fn executor(unsigned op)
{
    static plain_fn fn[ISA_OP_COUNT];
    static const struct exec_entry *const tables[] = {exec_float_arith, exec_float_misc,
                                                      exec_float_simd, exec_float_mem};
    if (!fn[0]) {
        fn[0] = (plain_fn)abort;
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
            for (const struct exec_entry *e = tables[i]; e->fn; e++)
                fn[e->op] = e->fn;
    }
    if (!fn[op]) {
        fprintf(stderr, "no executor for %s\n", isa_rows[op].name);
        abort();
    }
    return fn[op];
}

int run(const struct isa_insn *in)
{
    const plain_fn fn = executor(in->op);

    if (sigsetjmp(cpu->fault_env, 0))
        return cpu->pending->vector;
    fn(cpu, in);
    return -1;
}

uint64_t rnd(void)
{
    static uint64_t s = 0x9e3779b97f4a7c15ull;
    s ^= s >> 12;
    s ^= s << 25;
    s ^= s >> 27;
    return s * 0x2545f4914f6cdd1dull;
}

unsigned long count(unsigned long full)
{
    static int quick = -1;
    if (quick < 0) {
        const char *q = getenv("QUICK");
        quick = q && *q == '1';
    }
    return quick ? full / 50 : full;
}

uint64_t rnd_fpsr(void)
{
    uint64_t fpsr = rnd_n(4) ? 0x3f : rnd() & 0x3f;

    for (int sf = 0; sf < 4; sf++) {
        unsigned pc = rnd_n(3);
        unsigned f = (pc ? pc + 1 : 0) << 2 | rnd_n(4) << 4;
        f |= (rnd_n(4) == 0) | (rnd_n(3) == 0) << 1;
        if (sf && rnd_n(2))
            f |= 0x40;
        if (rnd_n(4) == 0)
            f |= rnd_n(64) << 7;
        fpsr |= (uint64_t)f << (6 + 13 * sf);
    }
    return fpsr;
}

static uint64_t rnd_sig(void)
{
    const uint64_t top = 1ull << 63;

    switch (rnd_n(10)) {
    case 0:
        return top;
    case 1:
        return ~0ull;
    case 2:
        return top | 1ull << rnd_n(63);
    case 3:
        return ~0ull << rnd_n(63);
    case 4:
        return ~(1ull << rnd_n(63));
    case 5:
        return (top | rnd()) & ~0ull << 40;
    case 6:
        return (top | rnd()) & ~0ull << 11;
    case 7: /* next to half a unit of single or double */
        return (top | (rnd() & ~0ull << (rnd_n(2) ? 40 : 11))) +
               (rnd_n(2) ? 1ull << 39 : 1ull << 10) + (uint64_t)(int64_t)((int)rnd_n(3) - 1);
    default:
        return top | rnd();
    }
}

/* Zeros, infinities, NaNs, what is not a number at all. */
static struct fpv rnd_special(void)
{
    const uint32_t sign = rnd_n(2);

    switch (rnd_n(10)) {
    case 0:
    case 1:
        return (struct fpv){0, 0, sign};
    case 2: /* pseudo-zero */
        return (struct fpv){0, 1 + rnd_n(0x1fffe), sign};
    case 3:
        return (struct fpv){1ull << 63, 0x1ffff, sign};
    case 4:
        return (struct fpv){3ull << 62 | rnd() >> 2, 0x1ffff, sign};
    case 5:
        return (struct fpv){1ull << 63 | (rnd() >> 2) | 1, 0x1ffff, sign};
    case 6:
        return (struct fpv){rnd() >> 1, 0x1ffff, sign};
    case 7: /* double-extended denormals, with and without the integer bit */
        return (struct fpv){rnd() >> rnd_n(64), 0, sign};
    case 8: /* unnormalized */
        return (struct fpv){rnd() >> rnd_n(64), rnd_n(0x1ffff), sign};
    default: /* integers */
        return (struct fpv){rnd() >> rnd_n(64), 0x1003e, 0};
    }
}

static uint32_t clamp_exp(long e)
{
    return e < 1 ? 1 : e > 0x1fffe ? 0x1fffe : (uint32_t)e;
}

void rnd_operands(struct fpv v[3])
{
    /* Where the result is to be: the middle, the ends of each format, anywhere. */
    static const long ends[] = {0, 127, 1023, 16383, 65534};
    const unsigned k = rnd_n(8);
    long e = 0xffff;

    if (k < 4) {
        long end = ends[rnd_n(5)];
        static const long widths[] = {0, -23, -24, -25, -52, -53, -54, -63, -64, -65};
        e += (rnd_n(2) ? end : -end) +
             (rnd_n(2) ? (long)rnd_n(140) - 70 : widths[rnd_n(10)] + (long)rnd_n(3) - 1);
    } else if (k == 4) {
        e = rnd_n(0x1ffff);
    }
    long ea = k == 5 ? (long)rnd_n(0x1ffff) : 0xffff + (long)rnd_n(60) - 30;
    long eb = e - ea + 0xffff;
    v[0] = (struct fpv){rnd_sig(), clamp_exp(ea), rnd_n(2)};
    v[1] = (struct fpv){rnd_sig(), clamp_exp(eb), rnd_n(2)};
    long ec = (long)v[0].exp + v[1].exp - 0xffff +
              (rnd_n(4) ? (long)rnd_n(6) - 2 : (long)rnd_n(300) - 150);
    v[2] = (struct fpv){rnd_sig(), clamp_exp(ec), rnd_n(2)};
    if (rnd_n(6) == 0) { /* cancellation: c is minus the product, nearly */
        unsigned __int128 p = (unsigned __int128)v[0].sig * v[1].sig;
        long pe = (long)v[0].exp + v[1].exp - 0xffff + 1;
        if (!(p >> 127)) {
            p <<= 1;
            pe--;
        }
        uint64_t h = (uint64_t)(p >> 64) + (uint64_t)(int64_t)((int)rnd_n(3) - 1);
        if (h >> 63 && pe >= 1 && pe <= 0x1fffe)
            v[2] = (struct fpv){h, (uint32_t)pe, v[0].sign ^ v[1].sign ^ (rnd_n(8) != 0)};
    }
    if (rnd_n(4) == 0)
        v[rnd_n(3)] = rnd_special();
    if (rnd_n(16) == 0)
        v[rnd_n(3)] = rnd_special();
    if (rnd_n(8) == 0) /* denormals of a format */
        for (int i = 0; i < 3; i++)
            if (rnd_n(2))
                v[i] = fpv_from_dbl(rnd_double());
}

uint32_t rnd_single(void)
{
    static const uint32_t edges[] = {0,          1,          0x7fffff,   0x800000,   0x800001,
                                     0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fbfffff, 0x7fc00000,
                                     0x3f800000, 0x3f800001, 0x4f000000, 0x4effffff, 0x4f800000};
    const uint32_t sign = rnd_n(2) << 31;

    switch (rnd_n(8)) {
    case 0:
        return sign | edges[rnd_n(15)];
    case 1: /* denormal */
        return sign | ((uint32_t)rnd() & 0x7fffff) >> rnd_n(23);
    case 2:
        return (uint32_t)rnd();
    case 3: /* near the ends */
        return sign | (rnd_n(2) ? 1 + rnd_n(26) : 0xfe - rnd_n(4)) << 23 |
               ((uint32_t)rnd() & 0x7fffff);
    case 4:
        return sign | (127 + rnd_n(36)) << 23 | ((uint32_t)rnd() & 0x7fffff & ~0u << rnd_n(24));
    default:
        return sign | (127 - 12 + rnd_n(24)) << 23 | ((uint32_t)rnd() & 0x7fffff);
    }
}

uint64_t rnd_double(void)
{
    const uint64_t sign = (uint64_t)rnd_n(2) << 63, frac = rnd() >> 12;

    switch (rnd_n(8)) {
    case 0:
        return sign | frac >> rnd_n(52);
    case 1:
        return rnd();
    case 2:
        return sign | (rnd_n(2) ? 1ull + rnd_n(60) : 0x7ffull - rnd_n(6)) << 52 | frac;
    case 3:
        return sign | (1023ull + rnd_n(66)) << 52 | (frac & ~0ull << rnd_n(52) & ~0ull >> 12);
    case 4:
        return sign | 0x3ffull << 52 | (frac & ~0ull << 30);
    default:
        return sign | (1023ull - 30 + rnd_n(60)) << 52 | frac;
    }
}

void set_fr(unsigned f, struct fpv v)
{
    if (f < 2)
        return;
    if (rnd_n(2))
        fr_put_reg(fr_w(cpu, f), v.sig, v.sign << 17 | v.exp);
    else
        fr_put(fr_w(cpu, f), v);
}

static unsigned scalar_trap(unsigned trap)
{
    return trap & 7 ? 1 | trap << 11 : 0;
}

static void describe(const struct isa_insn *in, uint64_t fpsr, char *buf, size_t size)
{
    const struct fpv a = fr_get(cpu, in->f3), b = fr_get(cpu, in->f4), c = fr_get(cpu, in->f2);
    snprintf(buf, size,
             "%s.s%u fpsr %#" PRIx64 " f3 %05x:%016" PRIx64 " f4 %05x:%016" PRIx64
             " f2(%u) %05x:%016" PRIx64,
             isa_rows[in->op].name, in->sf, fpsr, a.sign << 17 | a.exp, a.sig, b.sign << 17 | b.exp,
             b.sig, in->f2, c.sign << 17 | c.exp, c.sig);
}

/* What f1 was before. */
static const struct fpv untouched = {0x123456789abcdefull, 0x4321, 1};

static void check(const struct isa_insn *in, uint64_t fpsr, struct fpv want, unsigned flags,
                  uint64_t fault, uint64_t trap, const char *what)
{
    char ops[250];

    fr_put_reg(fr_w(cpu, in->f1), untouched.sig, untouched.sign << 17 | untouched.exp);
    cpu->ar[AR_FPSR] = fpsr;
    cpu->psr &= ~(PSR_MFL | PSR_MFH);
    const int vec = run(in);
    const struct fpv got = fr_get(cpu, in->f1);
    const uint64_t got_fpsr = cpu->ar[AR_FPSR], isr = vec < 0 ? 0 : cpu->pending->isr;
    const int want_vec = fault ? VEC_FP_FAULT : trap ? VEC_FP_TRAP : -1;

    if (fault) {
        want = untouched;
        flags = 0;
    } else {
        fpsr |= (uint64_t)flags << (6 + 13 * in->sf + 7);
    }
    const bool ok = vec == want_vec && isr == (fault ? fault : trap) && got.sig == want.sig &&
                    got.exp == want.exp && got.sign == want.sign && got_fpsr == fpsr &&
                    !(cpu->psr & PSR_MFH) && !!(cpu->psr & PSR_MFL) == !fault;
    if (!ok)
        describe(in, fpsr, ops, sizeof ops);
    expect(ok,
           "%s %s: expected %05x:%016" PRIx64 " flags %#x vector %#x isr %#" PRIx64
           ", got %05x:%016" PRIx64 " fpsr %#" PRIx64 " vector %#x isr %#" PRIx64,
           what, ok ? "" : ops, want.sign << 17 | want.exp, want.sig, flags, (unsigned)want_vec,
           fault ? fault : trap, got.sign << 17 | got.exp, got.sig, got_fpsr, (unsigned)vec, isr);
}

void check_result(const struct isa_insn *in, uint64_t fpsr, const struct ores *o, const char *what)
{
    check(in, fpsr, o->v, o->flags, o->fault, scalar_trap(o->trap), what);
}

void check_pair(const struct isa_insn *in, uint64_t fpsr, const struct ores *hi,
                const struct ores *lo, uint64_t pair, const char *what)
{
    uint64_t trap = 0;

    if (hi->trap & 7)
        trap |= hi->trap << 11 | 1;
    if (lo->trap & 7)
        trap |= lo->trap << 7 | 1;
    check(in, fpsr, (struct fpv){pair, 0x1003e, 0}, hi->flags | lo->flags,
          hi->fault | lo->fault << 4, trap, what);
}
