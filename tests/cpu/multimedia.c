/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/multimedia: every parallel instruction (A9, A10, I1 to I9, I29 czx) on edge and random
 * operands, against element-by-element C written from the instruction pages of SDM 3, on arrays as
 * the manual's figures draw them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/cpu/insn.h"

/* A register as elements: e[0] is the least significant. n elements of 64/n bits. */
struct vec {
    unsigned n;
    int64_t u[8], s[8]; /* zero- and sign-extended */
};
static struct vec split(uint64_t v, unsigned n)
{
    struct vec r = {.n = n};
    const unsigned w = 64 / n;
    for (unsigned i = 0; i < n; i++) {
        for (unsigned b = 0; b < w; b++)
            if (v >> (i * w + b) & 1)
                r.u[i] += 1ll << b;
        r.s[i] = r.u[i] >= 1ll << (w - 1) ? r.u[i] - (1ll << w) : r.u[i];
    }
    return r;
}
static uint64_t join(const int64_t *e, unsigned n)
{
    const unsigned w = 64 / n;
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++)
        for (unsigned b = 0; b < w; b++)
            if ((uint64_t)e[i] >> b & 1)
                v |= 1ull << (i * w + b);
    return v;
}
static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}
static int64_t smax(unsigned w)
{
    return (1ll << (w - 1)) - 1;
}
static int64_t ssat(int64_t v, unsigned w)
{
    return clamp(v, -smax(w) - 1, smax(w));
}
static int64_t usat(int64_t v, unsigned w)
{
    return clamp(v, 0, (1ll << w) - 1);
}

static bool has(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}
static bool starts(const char *name, const char *part)
{
    return strncmp(name, part, strlen(part)) == 0;
}
static int64_t floor_half(int64_t v)
{
    return v >= 0 ? v / 2 : -((1 - v) / 2);
}

/* padd, psub, pavg, pavgsub, pcmp, pmin, pmax, pshladd2, pshradd2, pmpyshr2: element by element. */
static int64_t element(const char *name, unsigned w, int64_t xu, int64_t xs, int64_t yu, int64_t ys,
                       unsigned count)
{
    if (starts(name, "padd") || starts(name, "psub")) {
        const int sign = starts(name, "padd") ? 1 : -1;
        if (has(name, ".sss"))
            return ssat(xs + sign * ys, w);
        if (has(name, ".uuu"))
            return usat(xu + sign * yu, w);
        if (has(name, ".uus"))
            return usat(xu + sign * ys, w);
        return xu + sign * yu;
    }
    if (starts(name, "pavgsub")) {
        const int64_t d = xu - yu; /* one bit more than the element; that bit is shifted in */
        return floor_half(d) | (d & 1);
    }
    if (starts(name, "pavg")) {
        const int64_t sum = xu + yu;
        return has(name, ".raz") ? (sum + 1) / 2 : sum / 2 | (sum & 1);
    }
    if (starts(name, "pcmp"))
        return (has(name, ".eq") ? xu == yu : xs > ys) ? -1 : 0;
    if (starts(name, "pmin1"))
        return xu < yu ? xu : yu;
    if (starts(name, "pmax1"))
        return xu > yu ? xu : yu;
    if (starts(name, "pmin2"))
        return xs < ys ? xs : ys;
    if (starts(name, "pmax2"))
        return xs > ys ? xs : ys;
    if (starts(name, "pshladd2")) {
        int64_t t = xs;
        for (unsigned i = 0; i < count; i++)
            t += t;
        if (t > smax(16))
            return smax(16);
        if (t < -smax(16) - 1)
            return -smax(16) - 1;
        return ssat(t + ys, 16);
    }
    if (starts(name, "pshradd2")) {
        int64_t t = xs;
        for (unsigned i = 0; i < count; i++)
            t = floor_half(t);
        return ssat(t + ys, 16);
    }
    if (starts(name, "pmpyshr2")) {
        int64_t t = has(name, ".u") ? xu * yu : xs * ys;
        for (unsigned i = 0; i < count; i++)
            t = floor_half(t);
        return t;
    }
    abort();
}

/* a: GR r2, b: GR r3. */
static uint64_t reference(const struct isa_row *row, uint64_t a, uint64_t b, unsigned count)
{
    const char *name = row->name;
    const char *digit = name + strcspn(name, "124");
    const unsigned n = *digit ? 8u / (unsigned)(*digit - '0') : 1;
    const unsigned w = 64 / n;
    int64_t r[8] = {0};

    if (!strcmp(name, "popcnt")) {
        uint64_t c = 0;
        for (unsigned i = 0; i < 64; i++)
            c += b >> i & 1;
        return c;
    }
    if (!strcmp(name, "clz")) {
        uint64_t c = 0;
        while (c < 64 && !(b >> (63 - c) & 1))
            c++;
        return c;
    }
    if (!strcmp(name, "mpy4"))
        return (a & 0xffffffff) * (b & 0xffffffff);
    if (!strcmp(name, "mpyshl4"))
        return (a >> 32) * (b & 0xffffffff) << 32;

    const struct vec x = split(a, n), y = split(b, n);
    if (starts(name, "czx")) {
        for (unsigned i = 0; i < n; i++)
            if (!y.u[has(name, ".l") ? n - 1 - i : i])
                return i;
        return n;
    }
    if (starts(name, "psad1")) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < 8; i++)
            sum += (uint64_t)llabs(x.u[i] - y.u[i]);
        return sum;
    }
    if (starts(name, "pmpy2")) {
        const unsigned o = has(name, ".l");
        r[0] = x.s[o] * y.s[o];
        r[1] = x.s[o + 2] * y.s[o + 2];
        return join(r, 2);
    }
    if (starts(name, "mix")) { /* pairs, r2's element the higher one */
        const unsigned o = has(name, ".l");
        for (unsigned i = 0; i < n; i += 2) {
            r[i] = y.u[i + o];
            r[i + 1] = x.u[i + o];
        }
        return join(r, n);
    }
    if (starts(name, "unpack")) {
        const unsigned o = has(name, ".h") ? n / 2 : 0;
        for (unsigned i = 0; i < n / 2; i++) {
            r[2 * i] = y.u[o + i];
            r[2 * i + 1] = x.u[o + i];
        }
        return join(r, n);
    }
    if (starts(name, "pack")) {
        /* Twice as many elements, half as wide: r2's below r3's. */
        uint64_t v = 0;
        for (unsigned i = 0; i < 2 * n; i++) {
            const int64_t e = i < n ? x.s[i] : y.s[i - n];
            const int64_t q = has(name, ".uss") ? usat(e, w / 2) : ssat(e, w / 2);
            for (unsigned bit = 0; bit < w / 2; bit++)
                v |= (uint64_t)((uint64_t)q >> bit & 1) << (i * w / 2 + bit);
        }
        return v;
    }
    if (starts(name, "mux1")) {
        /* Most significant first, as the manual writes them. */
        const char *order = count == 0    ? "00000000"  /* @brcst */
                            : count == 8  ? "73516240"  /* @mix */
                            : count == 9  ? "73625140"  /* @shuf */
                            : count == 10 ? "75316420"  /* @alt */
                                          : "01234567"; /* @rev */
        for (unsigned i = 0; i < 8; i++)
            r[7 - i] = x.u[order[i] - '0'];
        return join(r, 8);
    }
    if (starts(name, "mux2")) {
        for (unsigned i = 0; i < 4; i++)
            r[i] = x.u[(count >> (2 * i)) & 3];
        return join(r, 4);
    }
    if ((starts(name, "pshl") || starts(name, "pshr")) && !has(name, "add")) {
        const bool fixed = !strcmp(row->format, "I6") || !strcmp(row->format, "I8");
        const bool left = starts(name, "pshl");
        const struct vec *d = left ? &x : &y;
        uint64_t c = fixed ? count : left ? b : a;
        if (c > w)
            c = w;
        for (unsigned i = 0; i < n; i++) {
            r[i] = has(name, ".u") || left ? d->u[i] : d->s[i];
            for (unsigned k = 0; k < c; k++)
                r[i] = left ? (r[i] * 2) & ((1ll << w) - 1) : floor_half(r[i]);
        }
        return join(r, n);
    }
    for (unsigned i = 0; i < n; i++)
        r[i] = element(name, w, x.u[i], x.s[i], y.u[i], y.s[i], count);
    return join(r, n);
}

static bool ours(const struct isa_row *row)
{
    static const char *const f[] = {"A9", "A10", "I1", "I2", "I3", "I4",
                                    "I5", "I6",  "I7", "I8", "I9"};
    if (row->attr & ISA_ATTR_LATER)
        return false;
    if (!strcmp(row->format, "I29"))
        return starts(row->name, "czx");
    if (!strcmp(row->name, "shl") || !strcmp(row->name, "shr") || !strcmp(row->name, "shr.u"))
        return false; /* cpu/integer */
    for (unsigned i = 0; i < sizeof f / sizeof *f; i++)
        if (!strcmp(row->format, f[i]))
            return true;
    return false;
}

static bool variant(struct isa_insn *in, const char *format, unsigned n)
{
    static const uint8_t i1[] = {0, 7, 15, 16}, mux1[] = {0, 8, 9, 10, 11};
    if (!strcmp(format, "A10")) {
        in->count = (uint8_t)(n + 1);
        return n < 3;
    }
    if (!strcmp(format, "I1")) {
        in->count = i1[n & 3];
        return n < 4;
    }
    if (!strcmp(format, "I3")) {
        in->count = mux1[n % 5];
        return n < 5;
    }
    if (!strcmp(format, "I4")) {
        in->count = (uint8_t)n;
        return n < 256;
    }
    if (!strcmp(format, "I6") || !strcmp(format, "I8")) {
        in->count = (uint8_t)n;
        return n < 32;
    }
    return n == 0;
}

static const uint8_t regs[][3] = {{8, 9, 10},   {40, 33, 127}, {9, 9, 10},
                                  {50, 51, 50}, {8, 0, 9},     {31, 60, 60}};

static void values(struct sut *s, const struct isa_row *row)
{
    struct isa_insn in = insn(row->op);
    for (unsigned n = 0; variant(&in, row->format, n); n++) {
        for (unsigned set = 0; set < sizeof regs / sizeof *regs; set++) {
            if (n > 4 && set)
                break;
            in.r1 = regs[set][0];
            in.r2 = regs[set][1];
            in.r3 = regs[set][2];
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++) {
                sut_reset(s);
                if (!sut_load(s, &in))
                    return;
                const unsigned lim = n > 4 ? 6 : EDGES + 8;
                for (unsigned i = 0; i < lim; i++)
                    for (unsigned j = 0; j < lim; j++) {
                        uint64_t a = edge(i), b = edge(j);
                        if (n > 4) {
                            a = noise();
                            b = noise();
                        }
                        if (in.r2 == in.r3)
                            b = a;
                        if (in.r2)
                            *gr(s->cpu, in.r2) = (struct gr){a, 0};
                        else
                            a = 0;
                        *gr(s->cpu, in.r3) = (struct gr){b, 0};
                        const uint64_t want = reference(row, a, b, in.count);
                        sut_go(s);
                        if (s->fault)
                            expect_no_fault(s);
                        else
                            expect_u64(want, gr(s->cpu, in.r1)->v,
                                       "%s (%s) of %#" PRIx64 ", %#" PRIx64, s->text,
                                       run_mode_name[s->mode], a, b);
                    }
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct sut *s = sut_new();

    suite_begin(argc, argv);
    for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
        const struct isa_row *row = &isa_rows[op];
        char name[64];
        if (!ours(row))
            continue;
        snprintf(name, sizeof name, "%s-%s", row->name, row->format);
        if (!group(name))
            continue;
        values(s, row);
        generic_nat(s, op);
        generic_predicate_off(s, op);
        generic_targets(s, op);
    }
    int status = suite_end();
    sut_free(s);
    return status;
}
