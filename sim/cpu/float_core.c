/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Multiply-add, division, square root, rounding and conversion to integers in 128-bit integer
 * arithmetic (SDM 1:5.3-5.4; exception order from the pages' *_exception_fault_check functions, SDM
 * 3:3). See float_core.h.
 */
#include "sim/cpu/float_core.h"
#include "sim/machine.h"

typedef unsigned __int128 u128;

struct fpn fp_classify(struct fpv v)
{
    struct fpn n = {v.sig, (int32_t)v.exp, (uint8_t)v.sign, FPC_FINITE, false};

    if (v.exp == FR_EXP_SPECIAL) {
        n.cls = !(v.sig >> 63)       ? FPC_UNSUPP
                : v.sig == FR_INTBIT ? FPC_INF
                : v.sig & FR_QUIET   ? FPC_QNAN
                                     : FPC_SNAN;
    } else if (v.sig == 0) {
        if (v.exp == FR_EXP_NATVAL && !v.sign)
            n.cls = FPC_NAT;
        else
            n.cls = FPC_ZERO;
        n.unorm = v.exp != 0; /* a pseudo-zero */
    } else {
        n.unorm = v.exp == 0 || !(v.sig >> 63);
        if (v.exp == 0)
            n.exp = FR_EXP_DENORM;
        int z = __builtin_clzll(v.sig);
        n.sig <<= z;
        n.exp -= z;
    }
    return n;
}

static struct fpv quieted(const struct fpn *a)
{
    return (struct fpv){a->sig | FR_QUIET, FR_EXP_SPECIAL, a->sign};
}
static struct fpv infinity(unsigned sign)
{
    return (struct fpv){FR_INTBIT, FR_EXP_SPECIAL, sign};
}
static struct fpv zero(unsigned sign)
{
    return (struct fpv){0, 0, sign};
}
/* Invalid operation: the default quiet NaN. */
static struct fpv invalid(struct fp_env *e)
{
    if (e->masked & FP_V)
        e->flags |= FP_V;
    else
        e->fault |= FP_V;
    return (struct fpv){FR_INTBIT | FR_QUIET, FR_EXP_SPECIAL, 1};
}
/* Unnormalized operands: true to go on. Some processors ask for software assistance (enum fp_swa).
 */
static bool denormal_operand(struct fp_env *e, bool may_swa)
{
    if (!(e->masked & FP_D))
        e->fault |= FP_D;
    else if (may_swa && e->swa == FP_SWA_ITANIUM2)
        e->fault |= FP_SWA;
    else
        e->flags |= FP_D;
    return !e->fault;
}

static inline bool round_up(unsigned rc, unsigned sign, bool odd, uint64_t frac)
{
    switch (rc) {
    case RC_NEAREST:
        return frac > FR_INTBIT || (frac == FR_INTBIT && odd);
    case RC_DOWN:
        return sign && frac;
    case RC_UP:
        return !sign && frac;
    default:
        return false;
    }
}

/* A significand rounded as if the exponent had no bound. */
struct rounded {
    uint64_t sig, frac; /* what is kept; what was dropped */
    int32_t exp;
    bool up; /* the magnitude grew */
};

/* Rounds r->sig (any value; rest is what follows it) to a multiple of 2^(64 - width); 0 is a carry
 * out. */
static inline void round_sig(const struct fp_env *e, unsigned sign, struct rounded *r,
                             uint64_t rest)
{
    unsigned s = 64u - e->width;

    if (s) {
        r->frac = r->sig << (64 - s) | (rest != 0);
        r->sig = r->sig >> s << s;
    } else {
        r->frac = rest;
    }
    r->up = round_up(e->rc, sign, r->sig >> s & 1, r->frac);
    if (r->up)
        r->sig += 1ull << s;
}

/* A trap-enabled overflow or underflow delivers the rounded significand and the exponent modulo its
 * range (SDM 1:5.4): 17 bits, or the 8 of a single in a pair. */
static uint32_t wrap_exp(const struct fp_env *e, int32_t exp)
{
    if (e->simd)
        return ((uint32_t)(exp - FR_SGL_REBIAS) & 0xff) + FR_SGL_REBIAS;
    return (uint32_t)exp & 0x1ffff;
}

static void report_inexact(struct fp_env *e, bool up)
{
    e->flags |= FP_I;
    if (!(e->masked & FP_I))
        e->trap |= FPT_I | (up ? FPT_FPA : 0);
}

/* The trap-enabled response: everything is reported, inexact too, and the exponent wraps. */
static struct fpv wrapped(struct fp_env *e, unsigned sign, const struct rounded *r, unsigned flag,
                          unsigned trap)
{
    e->flags |= flag;
    e->trap |= trap | (r->up ? FPT_FPA : 0);
    if (r->frac) {
        e->flags |= FP_I;
        e->trap |= FPT_I;
    }
    return (struct fpv){r->sig, wrap_exp(e, r->exp), sign};
}

static struct fpv overflow(struct fp_env *e, unsigned sign, const struct rounded *r)
{
    bool to_inf = e->rc == RC_NEAREST || (e->rc == RC_DOWN && sign) || (e->rc == RC_UP && !sign);

    if (!(e->masked & FP_O))
        return wrapped(e, sign, r, FP_O, FPT_O);
    e->flags |= FP_O;
    report_inexact(e, to_inf);
    if (to_inf)
        return infinity(sign);
    return (struct fpv){~0ull << (64 - e->width), (uint32_t)e->emax, sign};
}

/* Underflow: tiny after rounding (SDM 1:5.4). r is that rounding; exp, sig, rest the number itself,
 * exp < emin. */
static struct fpv underflow(struct fp_env *e, unsigned sign, int32_t exp, uint64_t sig,
                            uint64_t rest, const struct rounded *r)
{
    struct rounded d = {.sig = sig};

    if (!(e->masked & FP_U) || (e->swa == FP_SWA_ITANIUM2 && !e->ftz))
        return wrapped(e, sign, r, FP_U, FPT_U);
    if (e->ftz) {
        e->flags |= FP_U;
        report_inexact(e, false);
        return zero(sign);
    }
    int32_t n = e->emin - exp;
    if (n < 64) {
        rest = sig << (64 - n) | (rest != 0);
        d.sig >>= n;
    } else {
        rest = n == 64 ? sig | (rest != 0) : 1;
        d.sig = 0;
    }
    round_sig(e, sign, &d, rest);
    if (d.frac) {
        e->flags |= FP_U;
        report_inexact(e, d.up);
    }
    if (d.sig == 0)
        return zero(sign);
    /* Denormals keep the least exponent, but double-extended ones are written with exponent 0 (SDM
     * 1:5.1.3). */
    if (e->emin == FR_EXP_DENORM && !(d.sig >> 63))
        return (struct fpv){d.sig, 0, sign};
    return (struct fpv){d.sig, (uint32_t)e->emin, sign};
}

/* Rounds the non-zero number sig.rest (bit 63 of sig set) * 2^(exp - bias) as the controls say. */
struct fpv fp_round(struct fp_env *e, unsigned sign, int32_t exp, uint64_t sig, uint64_t rest)
{
    struct rounded r = {.sig = sig, .exp = exp};

    round_sig(e, sign, &r, rest);
    if (unlikely(r.sig == 0)) {
        r.sig = FR_INTBIT;
        r.exp++;
    }
    if (unlikely(r.exp > e->emax))
        return overflow(e, sign, &r);
    if (unlikely(r.exp < e->emin))
        return underflow(e, sign, exp, sig, rest, &r);
    if (r.frac)
        report_inexact(e, r.up);
    return (struct fpv){r.sig, (uint32_t)r.exp, sign};
}

/* (p, lo) >> d for a 128-bit p and d > 0; lo keeps 64 bits, the last of them sticky. */
static inline u128 shift_right(u128 p, uint32_t d, uint64_t *lo)
{
    if (d < 64) {
        *lo = (uint64_t)p << (64 - d);
        return p >> d;
    }
    d -= 64;
    if (d == 0) {
        *lo = (uint64_t)p;
        return p >> 64;
    }
    if (d < 128)
        *lo = (uint64_t)(p >> d) | (p << (128 - d) != 0);
    else
        *lo = 1;
    return d < 64 ? p >> 64 >> d : 0;
}

/* A number before rounding: sig.rest (bit 63 of sig set; the last bit of rest is sticky) * 2^(exp -
 * bias). */
struct exact {
    uint64_t sig, rest;
    int32_t exp;
    unsigned sign;
};

/* The sum of two non-zero numbers, each with its leading bit at 127, held exactly to 192 bits.
 * False: 0. */
static inline __attribute__((__always_inline__)) bool
add(struct exact *x, u128 p, int32_t ep, unsigned ps, u128 q, int32_t eq, unsigned qs)
{
    u128 big = p, small = q, sum;
    int32_t exp = ep;
    int64_t d = (int64_t)ep - eq;
    unsigned sign = ps;
    uint64_t lo = 0;

    if (d < 0 || (d == 0 && p < q)) {
        big = q;
        small = p;
        exp = eq;
        sign = qs;
        d = -d;
    }
    if (d)
        small = shift_right(small, (uint32_t)d, &lo);
    if (ps == qs) {
        sum = big + small;
        if (sum < big) {
            lo = lo >> 1 | (lo & 1) | (uint64_t)(sum & 1) << 63;
            sum = sum >> 1 | (u128)FR_INTBIT << 64;
            exp++;
        }
    } else {
        sum = big - small - (lo != 0);
        lo = -lo;
        if (unlikely(!sum)) /* lo is 0, too: no product is 2^128 - 1 */
            return false;
        uint64_t h = (uint64_t)(sum >> 64);
        if (!(h >> 63)) {
            /* Cancellation; more than one bit only when lo held everything that was shifted out. */
            unsigned n =
                h ? (unsigned)__builtin_clzll(h) : 64 + (unsigned)__builtin_clzll((uint64_t)sum);
            sum <<= n;
            if (n < 64) {
                sum |= lo >> (64 - n);
                lo <<= n;
            } else {
                sum |= (u128)lo << (n - 64);
                lo = 0;
            }
            exp -= (int32_t)n;
        }
    }
    *x = (struct exact){(uint64_t)(sum >> 64), (uint64_t)sum | (lo != 0), exp, sign};
    return true;
}

/* The product likewise. */
static inline u128 multiply(const struct fpn *a, const struct fpn *b, int32_t *exp)
{
    u128 p = (u128)a->sig * b->sig;

    *exp = a->exp + b->exp - FR_BIAS + 1;
    if (!(p >> 127)) {
        p <<= 1;
        --*exp;
    }
    return p;
}

/* One of the operands is not a finite number. Order of the checks: SDM 3:3,
 * fma_exception_fault_check; of NaNs: f4, f2, f3 (SDM 1:5.4). */
static struct fpv fma_special(struct fp_env *e, const struct fpn *a, const struct fpn *b,
                              const struct fpn *c, unsigned ps, unsigned cs)
{
    const struct fpn *nan = fp_is_nan(b) ? b : fp_is_nan(c) ? c : fp_is_nan(a) ? a : NULL;

    if (a->cls == FPC_UNSUPP || b->cls == FPC_UNSUPP || c->cls == FPC_UNSUPP)
        return invalid(e);
    if (nan) {
        if (a->cls == FPC_SNAN || b->cls == FPC_SNAN || c->cls == FPC_SNAN)
            invalid(e);
        return quieted(nan);
    }
    if (a->cls == FPC_INF || b->cls == FPC_INF) {
        const struct fpn *other = a->cls == FPC_INF ? b : a;
        /* A pseudo-zero is not zero here. */
        if ((other->cls == FPC_ZERO && !other->unorm) || (c->cls == FPC_INF && ps != cs))
            return invalid(e);
    } else {
        ps = cs;
    }
    if (a->unorm || b->unorm || c->unorm)
        denormal_operand(e, false);
    return infinity(ps);
}

struct fpv fp_fma(struct fp_env *e, const struct fpn *a, const struct fpn *b, const struct fpn *c,
                  unsigned how)
{
    unsigned ps = a->sign ^ b->sign ^ (how & FMA_NEG_MUL ? 1 : 0);
    unsigned cs = c->sign ^ (how & FMA_NEG_ADD);

    if (unlikely((a->cls | b->cls | c->cls) & ~FPC_FINITE))
        return fma_special(e, a, b, c, ps, cs);
    if (unlikely(a->unorm || b->unorm || c->unorm) && !denormal_operand(e, !(how & FMA_NORM)))
        return zero(0);
    if (unlikely(a->cls == FPC_ZERO || b->cls == FPC_ZERO)) {
        if (how & FMA_MUL)
            return zero(ps);
        if (c->cls == FPC_ZERO)
            return zero(ps == cs ? ps : e->rc == RC_DOWN);
        return fp_round(e, cs, c->exp, c->sig, 0);
    }

    int32_t ep;
    u128 p = multiply(a, b, &ep);
    if (c->cls == FPC_ZERO)
        return fp_round(e, ps, ep, (uint64_t)(p >> 64), (uint64_t)p);
    struct exact x;
    if (!add(&x, p, ep, ps, (u128)c->sig << 64, c->exp, cs))
        return zero(e->rc == RC_DOWN);
    return fp_round(e, x.sign, x.exp, x.sig, x.rest);
}

bool fp_fma_nearest64(const struct fpn *a, const struct fpn *b, const struct fpn *c, unsigned how,
                      struct fpv *v, bool *inexact)
{
    unsigned ps = a->sign ^ b->sign ^ (how & FMA_NEG_MUL ? 1 : 0);
    int32_t ep;
    struct exact x;

    if (unlikely(a->cls != FPC_FINITE || b->cls != FPC_FINITE || c->cls > FPC_FINITE || a->unorm ||
                 b->unorm || c->unorm))
        return false;
    u128 p = multiply(a, b, &ep);
    if (c->cls == FPC_ZERO)
        x = (struct exact){(uint64_t)(p >> 64), (uint64_t)p, ep, ps};
    else if (unlikely(
                 !add(&x, p, ep, ps, (u128)c->sig << 64, c->exp, c->sign ^ (how & FMA_NEG_ADD))))
        return false;
    if (round_up(RC_NEAREST, 0, x.sig & 1, x.rest) && ++x.sig == 0) {
        x.sig = FR_INTBIT;
        x.exp++;
    }
    *inexact = x.rest != 0;
    *v = (struct fpv){x.sig, (uint32_t)x.exp, x.sign};
    return likely(x.exp > FR_EXP_DENORM && x.exp < FR_BIAS + 16383);
}

struct fpv fp_div(struct fp_env *e, const struct fpn *num, const struct fpn *den)
{
    int32_t exp = num->exp - den->exp + FR_BIAS;
    u128 n = (u128)num->sig << 63;

    if (num->sig < den->sig) {
        n <<= 1;
        exp--;
    }
    uint64_t q = (uint64_t)(n / den->sig);
    u128 r = n % den->sig << 64;
    uint64_t rest = (uint64_t)(r / den->sig) | (r % den->sig != 0);
    return fp_round(e, num->sign ^ den->sign, exp, q, rest);
}

struct fpv fp_sqrt(struct fp_env *e, const struct fpn *a)
{
    int32_t x = a->exp - FR_BIAS;
    /* a = m * 2^(2k - 126), m in [2^126, 2^128): the root is floor(sqrt m) and a remainder. */
    u128 m = (u128)a->sig << (x & 1 ? 64 : 63);
    u128 rem = 0;
    uint64_t root = 0;

    for (int i = 126; i >= 0; i -= 2) {
        rem = rem << 2 | (m >> i & 3);
        u128 t = (u128)root << 2 | 1;
        root <<= 1;
        if (rem >= t) {
            rem -= t;
            root |= 1;
        }
    }
    /* Never exactly half way; above it when the remainder exceeds the root. */
    uint64_t rest = rem == 0 ? 0 : rem > root ? FR_INTBIT | 1 : 1;
    return fp_round(e, 0, (x - (x & 1)) / 2 + FR_BIAS, root, rest);
}

uint64_t fp_to_int(struct fp_env *e, const struct fpn *a, unsigned bits, bool is_unsigned,
                   bool trunc)
{
    const uint64_t indefinite = 1ull << (bits - 1);
    uint64_t mag = 0, frac = 0;
    bool up = false;

    if (a->cls > FPC_FINITE)
        goto bad;
    if (a->cls == FPC_FINITE) {
        int32_t drop = 63 - (a->exp - FR_BIAS); /* bits below the binary point */
        if (drop < 0)
            goto bad;
        if (drop == 0) {
            mag = a->sig;
        } else if (drop < 64) {
            mag = a->sig >> drop;
            frac = a->sig << (64 - drop);
        } else {
            frac = drop == 64 ? a->sig : 1;
        }
        up = round_up(trunc ? RC_ZERO : e->rc, a->sign, mag & 1, frac);
        mag += up;
        if (is_unsigned ? (a->sign && mag) || (bits == 32 && mag >> 32)
                        : mag > indefinite - !a->sign)
            goto bad;
    }
    if (a->unorm && !denormal_operand(e, false))
        return 0;
    if (frac)
        report_inexact(e, up);
    return a->sign ? -mag : mag;
bad:
    invalid(e);
    return indefinite;
}

int fp_order(const struct fpn *a, const struct fpn *b, bool abs)
{
    bool az = a->cls == FPC_ZERO, bz = b->cls == FPC_ZERO;
    int mag;

    if (az || bz) {
        mag = bz - az;
        if (mag == 0)
            return 0;
    } else if (a->cls != b->cls) { /* one infinity */
        mag = a->cls == FPC_INF ? 1 : -1;
    } else if (a->exp != b->exp) {
        mag = a->exp > b->exp ? 1 : -1;
    } else {
        mag = (a->sig > b->sig) - (a->sig < b->sig);
    }
    if (abs)
        return mag;
    if (az ? b->sign : bz ? a->sign : a->sign & b->sign)
        return -mag;
    if (!az && !bz && a->sign != b->sign)
        return a->sign ? -1 : 1;
    return mag;
}

bool fp_compare(struct fp_env *e, const struct fpn *a, const struct fpn *b, enum fp_rel rel)
{
    if (unlikely(a->cls > FPC_INF || b->cls > FPC_INF)) {
        /* lt and le signal every NaN, eq and unord the signalling ones. */
        if (rel == FREL_LT || rel == FREL_LE || a->cls >= FPC_SNAN || b->cls >= FPC_SNAN)
            invalid(e);
        return rel == FREL_UNORD;
    }
    if (unlikely(a->unorm || b->unorm) && !denormal_operand(e, false))
        return false;
    if (rel == FREL_UNORD)
        return false;
    int o = fp_order(a, b, false);
    return rel == FREL_EQ ? o == 0 : rel == FREL_LT ? o < 0 : o <= 0;
}

bool fp_minmax(struct fp_env *e, const struct fpn *a, const struct fpn *b, bool max, bool abs)
{
    if (unlikely(a->cls > FPC_INF || b->cls > FPC_INF)) {
        invalid(e);
        return false;
    }
    if (unlikely(a->unorm || b->unorm) && !denormal_operand(e, false))
        return false;
    int o = fp_order(a, b, abs);
    return max ? o > 0 : o < 0;
}
