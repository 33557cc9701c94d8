/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Suite cpu/float: the engine's handlers (sim/cpu/hot_fp.c), which let the host's FPU work, against
 * the executors: the same instruction on the same state, once stepped and once in a block.
 */
#include <string.h>
#include "sim/cpu/alat.h"
#include "tests/cpu/float/float.h"

/* What an instruction can change. */
struct outcome {
    struct fr fr[128];
    struct gr gr[32];
    uint8_t pr[64], data[DATA_SIZE];
    uint64_t fpsr, psr, isr;
    int vector; /* -1: none */
};

static void capture(struct outcome *o)
{
    memcpy(o->fr, cpu->fr, sizeof o->fr);
    memcpy(o->gr, cpu->gr, sizeof o->gr);
    memcpy(o->pr, cpu->pr, sizeof o->pr);
    memcpy(o->data, phys_host(cpu->m, DATA, DATA_SIZE), DATA_SIZE);
    o->fpsr = cpu->ar[AR_FPSR];
    o->psr = cpu->psr & (PSR_MFL | PSR_MFH | PSR_DFL | PSR_DFH);
    o->vector = sut->fault ? sut->in.vector : -1;
    o->isr = sut->fault ? sut->in.isr : 0;
}
static void restore(const struct outcome *o)
{
    memcpy(cpu->fr, o->fr, sizeof o->fr);
    memcpy(cpu->gr, o->gr, sizeof o->gr);
    memcpy(cpu->pr, o->pr, sizeof o->pr);
    memcpy(phys_host(cpu->m, DATA, DATA_SIZE), o->data, DATA_SIZE);
    cpu->ar[AR_FPSR] = o->fpsr;
    cpu_set_psr(cpu, o->psr);
    alat_invalidate_all(cpu);
}

static const char *difference(const struct outcome *a, const struct outcome *b)
{
    static char text[120];

    if (a->vector != b->vector || a->isr != b->isr) {
        snprintf(text, sizeof text, "vector %#x isr %#" PRIx64 ", handler %#x %#" PRIx64,
                 (unsigned)a->vector, a->isr, (unsigned)b->vector, b->isr);
        return text;
    }
    for (unsigned f = 0; f < 128; f++) {
        const struct fpv x = fr_unpack(&a->fr[f]), y = fr_unpack(&b->fr[f]);
        if (x.sig != y.sig || x.exp != y.exp || x.sign != y.sign) {
            snprintf(text, sizeof text, "FR[%u] %05x:%016" PRIx64 ", handler %05x:%016" PRIx64, f,
                     x.sign << 17 | x.exp, x.sig, y.sign << 17 | y.exp, y.sig);
            return text;
        }
    }
    if (memcmp(a->gr, b->gr, sizeof a->gr))
        return "general registers";
    if (memcmp(a->pr, b->pr, sizeof a->pr))
        return "predicates";
    if (memcmp(a->data, b->data, sizeof a->data))
        return "memory";
    if (a->fpsr != b->fpsr) {
        snprintf(text, sizeof text, "fpsr %#" PRIx64 ", handler %#" PRIx64, a->fpsr, b->fpsr);
        return text;
    }
    return a->psr != b->psr ? "psr" : NULL;
}

/* Mostly what programs have: normal numbers of middling size; and sometimes anything. */
static void operand(unsigned f, bool single)
{
    static struct fpv last;
    struct fpv v[3] = {last, last, last};

    switch (rnd_n(12)) {
    case 0:
        rnd_operands(v);
        break;
    case 1: /* the same again, perhaps negated */
        v[0].sign ^= rnd_n(2);
        break;
    case 2: /* small integers: exact results */
        v[0] = (struct fpv){1ull << 63 | (uint64_t)rnd_n(256) << 55, 0xffff + rnd_n(9), rnd_n(2)};
        break;
    case 3:
        v[0] = (struct fpv){rnd(), 0x1003e, 0};
        break;
    case 4:
        v[0] = (struct fpv){0, 0, rnd_n(2)};
        break;
    default:
        v[0] = single ? fpv_from_sgl(rnd_single()) : fpv_from_dbl(rnd_double());
    }
    last = v[0];
    set_fr(f, v[0]);
}

static uint64_t usual_fpsr(void)
{
    uint64_t fpsr = 0x9804c0270033full;
    if (rnd_n(4) == 0)
        return rnd_fpsr();
    for (int sf = 0; sf < 4; sf++)
        if (rnd_n(2))
            fpsr |= 0x20ull << (6 + 13 * sf + 7); /* inexact already */
    return fpsr;
}

static void handler(unsigned op, unsigned long n)
{
    const struct isa_row *row = &isa_rows[op];
    const bool single =
        strstr(row->name, ".s") || strstr(row->name, "ldfs") || strstr(row->name, "ps");

    for (unsigned long forms = count(n); forms; forms--) {
        struct isa_insn in = insn(op);
        unsigned f[4];

        for (int k = 0; k < 4; k++)
            f[k] = rnd_n(3) ? 6 + rnd_n(26) : 32 + rnd_n(96);
        in.f1 = (uint8_t)f[0];
        in.f2 = (uint8_t)f[1];
        in.f3 = (uint8_t)f[2];
        in.f4 = (uint8_t)f[3];
        in.sf = (uint8_t)rnd_n(4);
        in.qp = rnd_n(3) ? 0 : 9;
        if (!strcmp(row->format, "F1") && rnd_n(3) == 0)
            in.f2 = 0;
        if (!strcmp(row->format, "F1") && rnd_n(3) == 0)
            in.f4 = 1;
        if (!strcmp(row->format, "F4"))
            in.p1 = 6, in.p2 = (uint8_t)(rnd_n(4) ? 7 : 0);
        if (!strncmp(row->format, "M11", 3) || !strcmp(row->format, "M12"))
            in.f2 = (uint8_t)(32 + rnd_n(48) * 2 + !(in.f1 & 1));
        if (!strcmp(row->format, "M8") || !strcmp(row->format, "M10"))
            in.imm = (uint64_t)(int64_t)(8 * ((int)rnd_n(32) - 16));
        if (!sut_load(sut, &in))
            return;
        for (int i = 0; i < 40; i++) {
            struct outcome before, want, got;

            cpu->cfm.rrb_fr = (uint8_t)rnd_n(96);
            for (int k = 0; k < 4; k++)
                operand(f[k], single);
            cpu->psr = 0;
            for (unsigned r = 8; r < 11; r++)
                cpu->gr[r] = (struct gr){rnd(), rnd_n(20) == 0};
            if (row->attr & (ISA_ATTR_LOAD | ISA_ATTR_STORE)) {
                cpu->gr[10].v = DATA + 8 * rnd_n(32);
                for (int k = 0; k < 32; k++) {
                    const uint64_t d =
                        single ? rnd_single() | (uint64_t)rnd_single() << 32 : rnd_double();
                    memcpy(phys_host(cpu->m, DATA, DATA_SIZE) + 8 * k, &d, 8);
                }
                cpu->gr[9].v = rnd_n(64) * 8;
            }
            for (int p = 1; p < 64; p++)
                cpu->pr[p] = (uint8_t)rnd_n(2);
            cpu->ar[AR_FPSR] = usual_fpsr();
            sut->fault = false;
            capture(&before);
            before.psr = rnd_n(20) ? 0 : rnd_n(2) ? PSR_DFL : PSR_DFH;
            for (int mode = 0; mode < 2; mode++) {
                restore(&before);
                sut->mode = mode ? RUN_BLOCK : RUN_STEP;
                sut_go(sut);
                capture(mode ? &got : &want);
            }
            const char *d = difference(&want, &got);
            expect(!d, "%s fpsr %#" PRIx64 " rrb %u: %s", sut->text, before.fpsr, cpu->cfm.rrb_fr,
                   d ? d : "");
        }
    }
}

void test_handlers(void)
{
    static const struct {
        const char *name;
        uint16_t op[6];
        unsigned n;
    } t[] = {
        {"handlers-fma.d", {ISA_FMA_D_F1, ISA_FMS_D_F1, ISA_FNMA_D_F1}, 2500},
        {"handlers-fma.s", {ISA_FMA_S_F1, ISA_FMS_S_F1, ISA_FNMA_S_F1}, 2500},
        {"handlers-fma", {ISA_FMA_F1, ISA_FMS_F1, ISA_FNMA_F1}, 1000},
        {"handlers-fmerge", {ISA_FMERGE_S_F9, ISA_FMERGE_NS_F9}, 500},
        {"handlers-fcvt", {ISA_FCVT_FX_TRUNC_F10, ISA_FCVT_XF_F11}, 1000},
        {"handlers-xma", {ISA_XMA_L_F2, ISA_XMA_H_F2, ISA_XMA_HU_F2}, 500},
        {"handlers-fcmp",
         {ISA_FCMP_EQ_F4, ISA_FCMP_LT_F4, ISA_FCMP_LE_F4, ISA_FCMP_UNORD_F4, ISA_FCMP_LT_UNC_F4},
         500},
        {"handlers-frcpa", {ISA_FRCPA_F6}, 1000},
        {"handlers-getf", {ISA_GETF_SIG_M19, ISA_GETF_S_M19, ISA_GETF_D_M19}, 500},
        {"handlers-setf", {ISA_SETF_SIG_M18, ISA_SETF_S_M18, ISA_SETF_D_M18}, 500},
        {"handlers-ldfs",
         {ISA_LDFS_M6, ISA_LDFS_M7, ISA_LDFS_M8, ISA_LDFPS_M11, ISA_LDFPS_M12},
         300},
        {"handlers-ldfd",
         {ISA_LDFD_M6, ISA_LDFD_M7, ISA_LDFD_M8, ISA_LDFPD_M11, ISA_LDFPD_M12},
         300},
        {"handlers-ldf8",
         {ISA_LDF8_M6, ISA_LDF8_M7, ISA_LDF8_M8, ISA_LDFP8_M11, ISA_LDFP8_M12},
         300},
        {"handlers-stf",
         {ISA_STFS_M9, ISA_STFS_M10, ISA_STFD_M9, ISA_STFD_M10, ISA_STF8_M9, ISA_STF8_M10},
         300},
    };

    sut_reset(sut);
    fr_reset(cpu);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            for (int k = 0; k < 6 && t[i].op[k]; k++)
                handler(t[i].op[k], t[i].n);
    sut_reset(sut);
}
