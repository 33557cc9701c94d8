/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The oracle of suite cpu/float: MPFR for the arithmetic, the rules of SDM 1:5 for the rest,
 * written down a second time and in another way than in sim/cpu.
 */
#include <stdint.h>
#define MPFR_USE_INTMAX_T
#include <mpfr.h>
#include "tests/cpu/float/float.h"

static mpfr_t A, B, C, R;

static void init(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    mpfr_inits2(64, A, B, C, NULL);
    mpfr_init2(R, 64);
}

void oracle_controls(struct octl *c, uint64_t fpsr, unsigned sf, enum fp_pc pc)
{
    unsigned f = fpsr >> (6 + 13 * sf) & 0x1fff;
    unsigned prec = f >> 2 & 3;
    bool wre = f >> 1 & 1;

    c->ftz = f & 1;
    c->rc = f >> 4 & 3;
    c->masked = f >> 6 & 1 ? 0x3f : fpsr & 0x3f;
    c->simd = pc == PC_SIMD;
    if (c->simd)
        wre = false;
    c->width = pc == PC_S || pc == PC_SIMD ? 24
               : pc == PC_D                ? 53
               : prec == 0                 ? 24
               : prec == 2                 ? 53
                                           : 64;
    c->emax = wre ? 65535 : pc == PC_DYN ? 16383 : pc == PC_D ? 1023 : 127;
    c->emin = 1 - c->emax;
}

enum ocls oracle_class(struct fpv v)
{
    if (v.exp == 0x1ffff) {
        if (v.sig < 1ull << 63)
            return OC_UNSUPP;
        if (v.sig == 1ull << 63)
            return OC_INF;
        return v.sig < 3ull << 62 ? OC_SNAN : OC_QNAN;
    }
    if (v.sig)
        return OC_NUM;
    return v.exp == 0x1fffe && v.sign == 0 ? OC_NAT : OC_ZERO;
}

bool oracle_unorm(struct fpv v)
{
    if (v.exp == 0x1ffff || oracle_class(v) == OC_NAT)
        return false;
    if (v.exp == 0)
        return v.sig != 0;
    return v.sig < 1ull << 63;
}

static void to_mpfr(mpfr_t x, struct fpv v)
{
    mpfr_set_uj(x, v.sig, MPFR_RNDN);
    mpfr_mul_2si(x, x, (long)(v.exp ? v.exp : 0xc001) - 0xffff - 63, MPFR_RNDN);
    if (v.sign)
        mpfr_neg(x, x, MPFR_RNDN);
}

static mpfr_rnd_t mode(unsigned rc)
{
    return rc == 0 ? MPFR_RNDN : rc == 1 ? MPFR_RNDD : rc == 2 ? MPFR_RNDU : MPFR_RNDZ;
}

/* sign, and |x| as sig * 2^(exp - 63) with `bits` of 64. x not zero. */
static struct fpv from_mpfr(mpfr_t x, long *exp)
{
    struct fpv v = {0, 0, mpfr_signbit(x) != 0};
    mpfr_t m;

    mpfr_init2(m, 64);
    mpfr_set(m, x, MPFR_RNDN);
    *exp = mpfr_get_exp(m) - 1;
    mpfr_abs(m, m, MPFR_RNDN);
    mpfr_mul_2si(m, m, 63 - *exp, MPFR_RNDN);
    v.sig = mpfr_get_uj(m, MPFR_RNDN);
    mpfr_clear(m);
    return v;
}

typedef int (*operation)(mpfr_rnd_t r);
static int do_fma(mpfr_rnd_t r)
{
    return mpfr_fma(R, A, B, C, r);
}
static int do_mul(mpfr_rnd_t r)
{
    return mpfr_mul(R, A, B, r);
}
static int do_set(mpfr_rnd_t r)
{
    return mpfr_set(R, C, r);
}
static int do_div(mpfr_rnd_t r)
{
    return mpfr_div(R, A, B, r);
}
static int do_sqrt(mpfr_rnd_t r)
{
    return mpfr_sqrt(R, A, r);
}

/* Rounds at a given precision. Returns the value with *exp; inexact, and whether the magnitude
 * grew. */
static struct fpv at_precision(operation op, long prec, unsigned rc, long *exp, bool *inexact,
                               bool *up)
{
    mpfr_set_prec(R, prec);
    int t = op(mode(rc));
    *inexact = t != 0;
    *up = t && (mpfr_signbit(R) ? t < 0 : t > 0);
    return from_mpfr(R, exp);
}

static void inexact_result(const struct octl *c, struct ores *o, bool up)
{
    o->flags |= FP_I;
    if (!(c->masked & FP_I))
        o->trap |= FPT_I | (up ? FPT_FPA : 0);
}

/* Traps enabled for overflow or underflow. */
static void wrapped(const struct octl *c, struct ores *o, struct fpv v, long exp, bool inexact,
                    bool up)
{
    o->trap |= (up ? FPT_FPA : 0) | (inexact ? FPT_I : 0);
    if (inexact)
        o->flags |= FP_I;
    long e = exp + 0xffff;
    if (c->simd) {
        e = (((exp + 127) % 256) + 256) % 256 + 0xffff - 127;
    } else {
        e = ((e % 131072) + 131072) % 131072;
    }
    v.exp = (uint32_t)e;
    o->v = v;
}

/* The exact result is not zero. */
static void finish(const struct octl *c, operation op, struct ores *o)
{
    long exp, xexp;
    bool inexact, up, i2, up2;
    struct fpv v = at_precision(op, c->width, c->rc, &exp, &inexact, &up);

    if (exp > c->emax) {
        o->flags |= FP_O;
        if (!(c->masked & FP_O)) {
            o->trap |= FPT_O;
            wrapped(c, o, v, exp, inexact, up);
            return;
        }
        bool inf = c->rc == 0 || (c->rc == 1 && v.sign) || (c->rc == 2 && !v.sign);
        inexact_result(c, o, inf);
        if (inf) {
            o->v = (struct fpv){1ull << 63, 0x1ffff, v.sign};
        } else {
            uint64_t max = 0;
            for (unsigned i = 0; i < c->width; i++)
                max |= 1ull << (63 - i);
            o->v = (struct fpv){max, (uint32_t)(c->emax + 0xffff), v.sign};
        }
        return;
    }
    if (exp >= c->emin) {
        v.exp = (uint32_t)(exp + 0xffff);
        o->v = v;
        if (inexact)
            inexact_result(c, o, up);
        return;
    }
    if (!(c->masked & FP_U)) {
        o->flags |= FP_U;
        o->trap |= FPT_U;
        wrapped(c, o, v, exp, inexact, up);
        return;
    }
    if (c->ftz) {
        o->flags |= FP_U;
        inexact_result(c, o, false);
        o->v = (struct fpv){0, 0, v.sign};
        return;
    }
    /* Denormal: only so many bits are left above the quantum 2^q. */
    long q = c->emin - (long)c->width + 1;
    struct fpv t = at_precision(op, 64, 3, &xexp, &i2, &up2);
    uint64_t n; /* result in quanta */
    long bits = xexp - q + 1;
    if (bits >= 1) {
        t = at_precision(op, bits, c->rc, &xexp, &inexact, &up);
        /* xexp - 63 + 64 bits of t; the shift is exact */
        long sh = q - (xexp - 63);
        n = t.sig >> sh;
    } else {
        /* Below one quantum: compare with half of it. */
        bool above = xexp == q - 1 && (t.sig > 1ull << 63 || i2);
        inexact = true;
        if (c->rc == 0)
            up = above; /* half: to even, that is 0 */
        else
            up = c->rc == 3 ? false : (c->rc == 1) == (t.sign != 0);
        n = up;
    }
    if (inexact) {
        o->flags |= FP_U;
        inexact_result(c, o, up);
    }
    if (!n) {
        o->v = (struct fpv){0, 0, t.sign};
        return;
    }
    uint64_t sig = n << (64 - c->width);
    bool normal = sig >> 63;
    uint32_t e = (uint32_t)(c->emin + 0xffff);
    o->v = (struct fpv){sig, c->emin == -16382 && !normal ? 0 : e, t.sign};
}

static bool is_nan(enum ocls k)
{
    return k == OC_QNAN || k == OC_SNAN;
}
void oracle_exception(const struct octl *c, struct ores *o, unsigned exc)
{
    if (c->masked & exc)
        o->flags |= exc;
    else
        o->fault |= exc;
}
static void invalid(const struct octl *c, struct ores *o)
{
    oracle_exception(c, o, FP_V);
    o->v = (struct fpv){3ull << 62, 0x1ffff, 1};
}
static void denormal(const struct octl *c, struct ores *o)
{
    oracle_exception(c, o, FP_D);
}

struct ores oracle_fma(const struct octl *c, struct fpv a, struct fpv b, struct fpv d, bool neg_p,
                       bool neg_d, bool mul)
{
    struct ores o = {.v = {0, 0, 0}};
    enum ocls ka = oracle_class(a), kb = oracle_class(b), kd = oracle_class(d);
    bool ps = (a.sign ^ b.sign ^ neg_p) & 1, ds = (d.sign ^ neg_d) & 1;

    init();
    if (ka == OC_UNSUPP || kb == OC_UNSUPP || kd == OC_UNSUPP) {
        invalid(c, &o);
        return o;
    }
    if (is_nan(ka) || is_nan(kb) || is_nan(kd)) {
        if (ka == OC_SNAN || kb == OC_SNAN || kd == OC_SNAN)
            invalid(c, &o);
        o.v = is_nan(kb) ? b : is_nan(kd) ? d : a;
        o.v.sig |= 1ull << 62;
        return o;
    }
    bool true_zero_a = ka == OC_ZERO && a.exp == 0, true_zero_b = kb == OC_ZERO && b.exp == 0;
    if ((ka == OC_INF && true_zero_b) || (kb == OC_INF && true_zero_a)) {
        invalid(c, &o);
        return o;
    }
    bool pinf = ka == OC_INF || kb == OC_INF;
    if (pinf && kd == OC_INF && ps != ds) {
        invalid(c, &o);
        return o;
    }
    if (oracle_unorm(a) || oracle_unorm(b) || oracle_unorm(d))
        denormal(c, &o);
    if (o.fault)
        return o;
    if (pinf || kd == OC_INF) {
        o.v = (struct fpv){1ull << 63, 0x1ffff, pinf ? ps : ds};
        return o;
    }
    bool pzero = ka == OC_ZERO || kb == OC_ZERO;
    if (pzero) {
        if (mul) {
            o.v.sign = ps;
        } else if (kd == OC_ZERO) {
            o.v.sign = ps == ds ? ps : c->rc == 1;
        } else {
            d.sign = ds;
            to_mpfr(C, d);
            finish(c, do_set, &o);
        }
        return o;
    }
    a.sign ^= neg_p;
    d.sign = ds;
    to_mpfr(A, a);
    to_mpfr(B, b);
    if (kd == OC_ZERO) {
        finish(c, do_mul, &o);
        return o;
    }
    to_mpfr(C, d);
    mpfr_set_prec(R, 2);
    mpfr_fma(R, A, B, C, MPFR_RNDN);
    if (mpfr_zero_p(R))
        o.v.sign = c->rc == 1;
    else
        finish(c, do_fma, &o);
    return o;
}

struct ores oracle_div(const struct octl *c, struct fpv a, struct fpv b)
{
    struct ores o = {.v = {0, 0, 0}};
    init();
    to_mpfr(A, a);
    to_mpfr(B, b);
    finish(c, do_div, &o);
    return o;
}

struct ores oracle_sqrt(const struct octl *c, struct fpv a)
{
    struct ores o = {.v = {0, 0, 0}};
    init();
    to_mpfr(A, a);
    finish(c, do_sqrt, &o);
    return o;
}

struct ores oracle_to_int(const struct octl *c, struct fpv a, unsigned bits, bool is_unsigned,
                          bool trunc, uint64_t *out)
{
    struct ores o = {.v = {0, 0, 0}};
    enum ocls k = oracle_class(a);
    mpfr_t i;

    init();
    *out = 0;
    if (k == OC_ZERO) {
        if (oracle_unorm(a))
            denormal(c, &o);
        return o;
    }
    mpfr_init2(i, 200);
    bool bad = k != OC_NUM;
    if (!bad) {
        to_mpfr(A, a);
        mpfr_rint(i, A, trunc ? MPFR_RNDZ : mode(c->rc));
        mpfr_t lim;
        mpfr_init2(lim, 200);
        mpfr_set_ui_2exp(lim, 1, is_unsigned ? bits : bits - 1, MPFR_RNDN);
        if (mpfr_cmp(i, lim) >= 0)
            bad = true;
        if (is_unsigned)
            mpfr_set_ui(lim, 0, MPFR_RNDN);
        else
            mpfr_neg(lim, lim, MPFR_RNDN);
        if (mpfr_cmp(i, lim) < 0)
            bad = true;
        mpfr_clear(lim);
    }
    if (bad) {
        invalid(c, &o);
        *out = 1ull << (bits - 1);
    } else {
        if (oracle_unorm(a))
            denormal(c, &o);
        if (!o.fault && mpfr_cmp(i, A) != 0)
            inexact_result(c, &o, mpfr_cmpabs(i, A) > 0);
        *out = is_unsigned ? mpfr_get_uj(i, MPFR_RNDN) : (uint64_t)mpfr_get_sj(i, MPFR_RNDN);
    }
    mpfr_clear(i);
    return o;
}

int oracle_cmp(struct fpv a, struct fpv b, bool abs)
{
    enum ocls ka = oracle_class(a), kb = oracle_class(b);

    init();
    if (ka > OC_INF || kb > OC_INF)
        return -2;
    mpfr_t *x[2] = {&A, &B};
    const struct fpv v[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (oracle_class(v[i]) == OC_INF)
            mpfr_set_inf(*x[i], v[i].sign ? -1 : 1);
        else
            to_mpfr(*x[i], v[i]);
        if (abs)
            mpfr_abs(*x[i], *x[i], MPFR_RNDN);
    }
    int r = mpfr_cmp(A, B);
    return (r > 0) - (r < 0);
}
