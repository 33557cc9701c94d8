/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=cpu/alat: advanced loads and their checks (SDM 1:4.4.5, 3: ld, chk, invala pages): what drops
 * an entry, what must not make one hit falsely: stores of every overlap by any processor, frames
 * and rotation, register banks, a register stack deeper than the 96 physical registers. Entries may
 * vanish at any time by the manual; that ours do not without reason is expected too, since checks
 * that always fail would show nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/rse.h"
#include "tests/cpu/insn.h"

#define UC (1ull << 63)
enum { TARGET = 0x100 }; /* displacement of chk.a's recovery code */
#define STACK 0x200000ull

/* One instruction with r1, r2, r3; returns false when it faulted. */
static bool run(struct sut *s, unsigned op, unsigned r1, unsigned r2, unsigned r3)
{
    struct isa_insn in = insn(op);
    in.r1 = (uint8_t)r1;
    in.r2 = (uint8_t)r2;
    in.r3 = (uint8_t)r3;
    if (!strcmp(isa_rows[op].format, "M6") || !strcmp(isa_rows[op].format, "M23") ||
        !strcmp(isa_rows[op].format, "M27"))
        in.f1 = (uint8_t)r1;
    if (!strncmp(isa_rows[op].name, "chk", 3))
        in.imm = TARGET;
    if (!sut_load(s, &in))
        return false;
    sut_go(s);
    return expect_no_fault(s);
}
/* An access of row op, address in r2.. of the static registers. */
enum { AREG = 20, DREG = 21 };
static void load(struct sut *s, unsigned op, unsigned r1, uint64_t va)
{
    const size_t n = strlen(isa_rows[op].name);
    *gr(s->cpu, AREG) = (struct gr){va, 0};
    if (!strcmp(isa_rows[op].name + n - 3, ".sa")) /* fails in physical mode */
        cpu_set_psr(s->cpu, PSR_DT);
    run(s, op, r1, 0, AREG);
    cpu_set_psr(s->cpu, 0);
}
static void store(struct sut *s, unsigned op, uint64_t va)
{
    *gr(s->cpu, AREG) = (struct gr){va, 0};
    *gr(s->cpu, DREG) = (struct gr){noise(), 0};
    run(s, op, 0, DREG, AREG);
}
/* Does chk.a find the entry? (Not taken: hit.) */
static bool hit_by(struct sut *s, unsigned op, unsigned r)
{
    run(s, op, r, 0, 0);
    const bool taken = s->ip == CODE + TARGET;
    if (!taken)
        expect(s->ip == (s->mode == RUN_STEP ? CODE : CODE + 16), "%s (%s): went to %#" PRIx64,
               s->text, run_mode_name[s->mode], s->ip);
    return !taken;
}
static bool hit(struct sut *s, unsigned r)
{
    return hit_by(s, ISA_CHK_A_NC_M22, r);
}
static bool hit_f(struct sut *s, unsigned f)
{
    return hit_by(s, ISA_CHK_A_NC_M23, f);
}
#define EXPECT_HIT(cond)  expect((cond), "%s: %s: expected a hit", run_mode_name[s->mode], #cond)
#define EXPECT_MISS(cond) expect(!(cond), "%s: %s: expected a miss", run_mode_name[s->mode], #cond)

static const unsigned ld_a[] = {ISA_LD1_A_M1, ISA_LD2_A_M1, ISA_LD4_A_M1, ISA_LD8_A_M1};
static const unsigned ld_sa[] = {ISA_LD1_SA_M1, ISA_LD2_SA_M1, ISA_LD4_SA_M1, ISA_LD8_SA_M1};
static const unsigned ld_clr[] = {ISA_LD1_C_CLR_M1, ISA_LD2_C_CLR_M1, ISA_LD4_C_CLR_M1,
                                  ISA_LD8_C_CLR_M1};
static const unsigned ld_acq[] = {ISA_LD1_C_CLR_ACQ_M1, ISA_LD2_C_CLR_ACQ_M1, ISA_LD4_C_CLR_ACQ_M1,
                                  ISA_LD8_C_CLR_ACQ_M1};
static const unsigned ld_nc[] = {ISA_LD1_C_NC_M1, ISA_LD2_C_NC_M1, ISA_LD4_C_NC_M1,
                                 ISA_LD8_C_NC_M1};
static const unsigned st[] = {ISA_ST1_M4, ISA_ST2_M4, ISA_ST4_M4, ISA_ST8_M4};

static void basic(struct sut *s)
{
    for (unsigned i = 0; i < 4; i++) {
        sut_reset(s);
        EXPECT_MISS(hit(s, 8));
        load(s, ld_a[i], 8, DATA + 64);
        EXPECT_HIT(hit(s, 8));
        EXPECT_HIT(hit(s, 8)); /* nc keeps it */
        EXPECT_MISS(hit(s, 9));
        EXPECT_MISS(hit_f(s, 8)); /* register types are apart */
        EXPECT_HIT(hit_by(s, ISA_CHK_A_CLR_M22, 8));
        EXPECT_MISS(hit(s, 8));
        load(s, ld_sa[i], 40, DATA + 64);
        EXPECT_HIT(hit(s, 40));
        load(s, ISA_LD8_M1, 40, DATA + 72); /* a plain load of the register leaves the entry */
        EXPECT_HIT(hit(s, 40));
        load(s, ISA_LD8_S_M1, 40, DATA + 72);
        EXPECT_HIT(hit(s, 40));
        /* A new advanced load of the register replaces the address. */
        load(s, ld_a[i], 40, DATA + 128);
        store(s, st[i], DATA + 64);
        EXPECT_HIT(hit(s, 40));
        store(s, st[i], DATA + 128);
        EXPECT_MISS(hit(s, 40));
    }
}

/* Bytes [a, a+n) against [b, b+m), every size and relative position. */
static void overlaps(struct sut *s)
{
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned j = 0; j < 4; j++) {
            const unsigned n = 1u << i, m = 1u << j;
            for (unsigned b = 0; b < 32; b += m) {
                for (unsigned a = 8; a < 24; a += n) {
                    sut_reset(s);
                    load(s, ld_a[i], 33, DATA + 64 + a);
                    store(s, st[j], DATA + 64 + b);
                    const bool apart = a + n <= b || b + m <= a;
                    expect(hit(s, 33) == apart, "%s: ld%u.a at +%u, st%u at +%u: expected a %s",
                           run_mode_name[s->mode], n, a, m, b, apart ? "hit" : "miss");
                }
            }
        }
    }
}

/* Every instruction that writes memory; semaphores only when they do. */
static void writers(struct sut *s)
{
    static const unsigned rows[] = {
        ISA_ST1_M4,       ISA_ST8_M5,      ISA_ST4_REL_M4,        ISA_ST8_SPILL_M4,
        ISA_ST16_M4,      ISA_ST16_REL_M4, ISA_XCHG1_M16,         ISA_XCHG2_M16,
        ISA_XCHG4_M16,    ISA_XCHG8_M16,   ISA_FETCHADD4_ACQ_M17, ISA_FETCHADD8_REL_M17,
        ISA_STF8_M9,      ISA_STFS_M9,     ISA_STFD_M9,           ISA_STFE_M9,
        ISA_STF_SPILL_M9, ISA_STF8_M10,
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        sut_reset(s);
        load(s, ISA_LD1_A_M1, 33, DATA + 64);
        *gr(s->cpu, AREG) = (struct gr){DATA + 64, 0};
        struct isa_insn in = insn(rows[i]);
        in.r3 = AREG;
        sut_load(s, &in);
        sut_go(s);
        expect_no_fault(s);
        expect(!hit(s, 33), "%s %s (%s) left the entry", isa_rows[rows[i]].name,
               isa_rows[rows[i]].format, run_mode_name[s->mode]);
    }
    static const unsigned cmp[] = {ISA_CMPXCHG1_ACQ_M16, ISA_CMPXCHG2_REL_M16, ISA_CMPXCHG4_ACQ_M16,
                                   ISA_CMPXCHG8_REL_M16, ISA_CMP8XCHG16_ACQ_M16};
    for (unsigned i = 0; i < 5; i++) {
        for (unsigned equal = 0; equal < 2; equal++) {
            sut_reset(s);
            memset(phys_host(s->m, DATA + 64, 16), 0, 16);
            load(s, ISA_LD1_A_M1, 33, DATA + 64);
            *gr(s->cpu, AREG) = (struct gr){DATA + 64, 0};
            s->cpu->ar[AR_CCV] = equal ? 0 : 1;
            run(s, cmp[i], 8, 9, AREG);
            if (equal)
                expect(!hit(s, 33), "%s left the entry", isa_rows[cmp[i]].name);
        }
        /* cmp8xchg16 by its upper half writes the lower too. */
        sut_reset(s);
        memset(phys_host(s->m, DATA + 64, 16), 0, 16);
        load(s, ISA_LD8_A_M1, 33, DATA + 64);
        *gr(s->cpu, AREG) = (struct gr){DATA + 72, 0};
        s->cpu->ar[AR_CCV] = 0;
        run(s, ISA_CMP8XCHG16_REL_M16, 8, 9, AREG);
        EXPECT_MISS(hit(s, 33));
    }
}

/* ld.c: on a hit the register stays and only the base moves; on a miss it loads. */
static void check_loads(struct sut *s)
{
    for (unsigned i = 0; i < 4; i++) {
        const unsigned clr[] = {ld_clr[i], ld_acq[i]};
        const uint64_t m = i == 3 ? ~0ull : (1ull << (8u << i)) - 1;
        uint8_t *host = phys_host(s->m, DATA + 64, 8);
        for (unsigned k = 0; k < 2; k++) {
            sut_reset(s);
            load(s, ld_a[i], 8, DATA + 64);
            const uint64_t v = gr(s->cpu, 8)->v;
            *host ^= 0xff; /* behind the processor's back: a hit does not look */
            load(s, clr[k], 8, DATA + 64);
            expect_u64(v, gr(s->cpu, 8)->v, "%s (%s), a hit", s->text, run_mode_name[s->mode]);
            EXPECT_MISS(hit(s, 8));
            load(s, clr[k], 8, DATA + 64);
            uint64_t now;
            memcpy(&now, host, 8);
            expect_u64(now & m, gr(s->cpu, 8)->v, "%s (%s), a miss", s->text,
                       run_mode_name[s->mode]);
            EXPECT_MISS(hit(s, 8)); /* clr does not allocate */
        }
        sut_reset(s);
        load(s, ld_nc[i], 8, DATA + 64); /* a miss loads and allocates */
        uint64_t now;
        memcpy(&now, host, 8);
        expect_u64(now & m, gr(s->cpu, 8)->v, "%s (%s), a miss", s->text, run_mode_name[s->mode]);
        EXPECT_HIT(hit(s, 8));
        *host ^= 0xff;
        load(s, ld_nc[i], 8, DATA + 64);
        expect_u64(now & m, gr(s->cpu, 8)->v, "%s (%s), a hit", s->text, run_mode_name[s->mode]);
        EXPECT_HIT(hit(s, 8)); /* and keeps */
        store(s, st[i], DATA + 64);
        EXPECT_MISS(hit(s, 8));
    }
    /* The base moves on a hit; a register whose value went NaT meanwhile stays so. */
    static const unsigned upd[] = {ISA_LD8_C_CLR_M3, ISA_LD8_C_NC_M3, ISA_LD8_C_CLR_ACQ_M3};
    for (unsigned i = 0; i < 3; i++) {
        sut_reset(s);
        load(s, ISA_LD8_A_M1, 8, DATA + 64);
        *gr(s->cpu, 8) = (struct gr){77, 1};
        *gr(s->cpu, AREG) = (struct gr){DATA + 64, 0};
        struct isa_insn in = insn(upd[i]);
        in.r3 = AREG;
        in.imm = 16;
        sut_load(s, &in);
        sut_go(s);
        expect_no_fault(s);
        expect_u64(DATA + 80, gr(s->cpu, AREG)->v, "%s (%s): base", s->text,
                   run_mode_name[s->mode]);
        expect_u64(77, gr(s->cpu, 8)->v, "%s (%s): target", s->text, run_mode_name[s->mode]);
        expect_u64(1, gr(s->cpu, 8)->n, "%s (%s): NaT of the target", s->text,
                   run_mode_name[s->mode]);
        /* A NaT address faults even when it would hit. */
        sut_reset(s);
        load(s, ISA_LD8_A_M1, 8, DATA + 64);
        *gr(s->cpu, AREG) = (struct gr){DATA + 64, 1};
        sut_load(s, &in);
        sut_go(s);
        expect_fault(s, VEC_NAT_CONSUMPTION, ISR_R | 0x10);
        /* On a hit nothing is translated. */
        sut_reset(s);
        load(s, ISA_LD8_A_M1, 8, DATA + 64);
        *gr(s->cpu, AREG) = (struct gr){0x4000000000000000, 0};
        cpu_set_psr(s->cpu, PSR_DT | PSR_IC);
        sut_load(s, &in);
        sut_go(s);
        expect_no_fault(s);
        cpu_set_psr(s->cpu, 0);
    }
}

static void invalidation(struct sut *s)
{
    sut_reset(s);
    load(s, ISA_LD8_A_M1, 8, DATA);
    load(s, ISA_LD8_A_M1, 40, DATA + 8);
    load(s, ISA_LDF8_A_M6, 40, DATA + 16);
    load(s, ISA_LDF8_A_M6, 8, DATA + 24);
    run(s, ISA_INVALA_E_M26, 40, 0, 0);
    EXPECT_MISS(hit(s, 40));
    EXPECT_HIT(hit(s, 8));
    EXPECT_HIT(hit_f(s, 40));
    run(s, ISA_INVALA_E_M27, 8, 0, 0);
    EXPECT_MISS(hit_f(s, 8));
    EXPECT_HIT(hit(s, 8));
    EXPECT_HIT(hit_f(s, 40));
    EXPECT_HIT(hit_by(s, ISA_CHK_A_CLR_M23, 40));
    EXPECT_MISS(hit_f(s, 40));
    load(s, ISA_LDF8_A_M6, 40, DATA + 16);
    run(s, ISA_INVALA_M24, 0, 0, 0);
    EXPECT_MISS(hit(s, 8));
    EXPECT_MISS(hit_f(s, 40));
    /* Nothing is ever entered for r0, f0, f1. */
    EXPECT_MISS(hit(s, 0));
    EXPECT_MISS(hit_f(s, 0));
    EXPECT_MISS(hit_f(s, 1));
}

/* Loads that must leave no entry, and take away the one there was. */
static void no_entry(struct sut *s)
{
    sut_reset(s);
    load(s, ISA_LD8_A_M1, 8, DATA);
    load(s, ISA_LD8_A_M1, 8, DATA | UC);
    expect_u64(0, gr(s->cpu, 8)->v, "%s (%s) of UC memory", s->text, run_mode_name[s->mode]);
    EXPECT_MISS(hit(s, 8));
    load(s, ISA_LD8_A_M1, 8, DATA);
    *gr(s->cpu, AREG) = (struct gr){DATA | UC, 0};
    run(s, ISA_LD8_SA_M1, 8, 0, AREG);
    expect_u64(1, gr(s->cpu, 8)->n, "%s (%s) of UC memory: NaT", s->text, run_mode_name[s->mode]);
    EXPECT_MISS(hit(s, 8));
    load(s, ISA_LD8_A_M1, 8, DATA);
    *gr(s->cpu, AREG) = (struct gr){DATA, 1};
    run(s, ISA_LD8_SA_M1, 8, 0, AREG);
    expect_u64(1, gr(s->cpu, 8)->n, "%s (%s) of a NaT address: NaT", s->text,
               run_mode_name[s->mode]);
    EXPECT_MISS(hit(s, 8));
    load(s, ISA_LD8_C_NC_M1, 8, DATA | UC);
    EXPECT_MISS(hit(s, 8));
    /* A faulting ld.a changes nothing. */
    load(s, ISA_LD8_A_M1, 8, DATA);
    struct isa_insn in = insn(ISA_LD8_A_M1);
    in.r3 = AREG;
    *gr(s->cpu, AREG) = (struct gr){DATA, 1};
    sut_load(s, &in);
    sut_go(s);
    expect_fault(s, VEC_NAT_CONSUMPTION, ISR_R | 0x10);
    EXPECT_HIT(hit(s, 8));
    /* Misaligned and big-endian ones may be entered; a store must then still find them. */
    for (unsigned off = 0; off <= 4; off++) {
        sut_reset(s);
        load(s, ISA_LD4_A_M1, 8, DATA + 64 + off);
        store(s, ISA_ST1_M4, DATA + 64 + off + 3);
        EXPECT_MISS(hit(s, 8));
        load(s, ISA_LD2_A_M1, 8, DATA + 66);
        store(s, ISA_ST4_M4, DATA + 64 + off);
        expect(hit(s, 8) == (off == 4), "%s: st4 %d bytes from ld2.a", run_mode_name[s->mode],
               (int)off - 2);
        load(s, ISA_LD2_A_M1, 8, DATA + 66 + off);
        store(s, ISA_ST2_M4, DATA + 64);
        EXPECT_HIT(hit(s, 8));
    }
}

/* At least the 32 entries there are; never more than that falsely. */
static void capacity(struct sut *s)
{
    sut_reset(s);
    for (unsigned r = 32; r < 64; r++)
        load(s, ISA_LD8_A_M1, r, DATA + 8 * (r - 32));
    for (unsigned r = 32; r < 64; r++)
        EXPECT_HIT(hit(s, r));
    for (unsigned r = 64; r < 128; r++)
        load(s, ISA_LD4_A_M1, r, DATA + 4 * (r - 64));
    unsigned hits = 0;
    for (unsigned r = 32; r < 128; r++)
        hits += hit(s, r);
    expect(hits == ALAT_SIZE, "%u entries of %u", hits, ALAT_SIZE);
    for (unsigned i = 0; i < DATA_SIZE; i += 8)
        store(s, ISA_ST8_M4, DATA + i);
    for (unsigned r = 32; r < 128; r++)
        EXPECT_MISS(hit(s, r));
}

/* Stores of another processor. */
static void other_cpu(struct sut *s)
{
    struct cpu *first = s->cpu;
    sut_reset(s);
    load(s, ISA_LD8_A_M1, 8, DATA);
    load(s, ISA_LD8_A_M1, 9, DATA + 64);
    s->cpu = s->m->cpu[1];
    sut_reset(s);
    EXPECT_MISS(hit(s, 8));
    load(s, ISA_LD8_A_M1, 9, DATA);
    store(s, ISA_ST1_M4, DATA + 7);
    EXPECT_MISS(hit(s, 9));
    s->cpu = first;
    EXPECT_MISS(hit(s, 8));
    EXPECT_HIT(hit(s, 9));
    s->cpu = s->m->cpu[1];
    run(s, ISA_INVALA_M24, 0, 0, 0); /* only its own */
    s->cpu = first;
    EXPECT_HIT(hit(s, 9));
}

/* Entries follow the physical register: frames, rotation, banks. */
static void frame(struct sut *s, unsigned sof, unsigned sol, unsigned sor)
{
    rse_reset(s->cpu);
    s->cpu->ar[AR_RSC] = 0;
    rse_set_bspstore(s->cpu, STACK);
    s->cpu->cfm = (struct cfm){.sof = (uint8_t)sof, .sol = (uint8_t)sol, .sor = (uint8_t)sor};
    for (unsigned r = 32; r < 32 + sof; r++)
        *gr(s->cpu, r) = (struct gr){r, 0};
}
static void calls(struct sut *s)
{
    sut_reset(s);
    frame(s, 20, 10, 0);
    load(s, ISA_LD8_A_M1, 35, DATA);      /* a local */
    load(s, ISA_LD8_A_M1, 43, DATA + 64); /* an output: r33 of the callee */
    const uint64_t pfm = cfm_pack(&s->cpu->cfm);
    rse_call(s->cpu);
    EXPECT_HIT(hit(s, 33));
    rse_alloc(s->cpu, 30, 20, 0);
    EXPECT_HIT(hit(s, 33));
    EXPECT_MISS(hit(s, 35));
    EXPECT_MISS(hit(s, 43));
    load(s, ISA_LD8_A_M1, 35, DATA + 128); /* the callee's own r35 */
    rse_return(s->cpu, pfm);
    EXPECT_HIT(hit(s, 35));
    EXPECT_HIT(hit(s, 43));
    store(s, ISA_ST8_M4, DATA + 128);
    EXPECT_HIT(hit(s, 35));
    store(s, ISA_ST8_M4, DATA);
    EXPECT_MISS(hit(s, 35));
}
static void wrap(struct sut *s)
{
    /* Each frame's registers take the places of an earlier one's in the 96: no check may find the
     * entries left there. */
    enum { DEPTH = 700, SOF = 24 };
    uint64_t pfm[DEPTH];
    sut_reset(s);
    frame(s, SOF, SOF, 0);
    load(s, ISA_LD8_A_M1, 35, DATA);
    for (unsigned d = 0; d < DEPTH; d++) {
        pfm[d] = cfm_pack(&s->cpu->cfm);
        rse_call(s->cpu);
        rse_alloc(s->cpu, SOF, SOF, 0);
        for (unsigned r = 32; r < 32 + SOF; r++)
            expect(!alat_check_gr(s->cpu, r, NULL, 8, false), "false hit of r%u at depth %u", r,
                   d + 1);
        if (d % 100 == 99)
            load(s, ISA_LD8_A_M1, 40, DATA + 64 + d / 100 * 8);
        if (d % 100 == 50)
            EXPECT_MISS(hit(s, 35));
    }
    for (unsigned d = DEPTH; d-- > 0;) {
        rse_return(s->cpu, pfm[d]);
        if (s->cpu->ndirty < 0)
            rse_complete(s->cpu);
        for (unsigned r = 32; r < 32 + SOF; r++) {
            const bool entered = (d && d % 100 == 0 && r == 40) || (d == 0 && r == 35);
            const bool now = alat_check_gr(s->cpu, r, NULL, 8, false);
            expect(now == entered, "r%u at depth %u: %s", r, d, now ? "false hit" : "lost");
        }
    }
    EXPECT_HIT(hit(s, 35));
}
static void rotation(struct sut *s)
{
    sut_reset(s);
    frame(s, 24, 24, 16);
    load(s, ISA_LD8_A_M1, 32, DATA);
    load(s, ISA_LD8_A_M1, 47, DATA + 8);
    load(s, ISA_LD8_A_M1, 50, DATA + 16); /* beyond the rotating region */
    load(s, ISA_LDF8_A_M6, 32, DATA + 24);
    for (unsigned n = 1; n <= 16; n++) {
        /* As br.ctop does: names go up by one. */
        rse_rotate(s->cpu);
        for (unsigned r = 32; r < 48; r++) {
            const bool want = r == 32 + n % 16 || r == 32 + (15 + n) % 16;
            expect(hit(s, r) == want, "%s: r%u after %u rotations", run_mode_name[s->mode], r, n);
        }
        EXPECT_HIT(hit(s, 50));
        EXPECT_HIT(hit_f(s, 32 + n));
        EXPECT_MISS(hit_f(s, 31 + n));
    }
    s->cpu->cfm.rrb_fr = 0;
}
static void banks(struct sut *s)
{
    sut_reset(s);
    *gr(s->cpu, 8) = (struct gr){DATA, 0};
    run(s, ISA_LD8_A_M1, 16, 0, 8);
    EXPECT_HIT(hit(s, 16));
    cpu_set_psr(s->cpu, PSR_BN);
    EXPECT_MISS(hit(s, 16));
    EXPECT_MISS(hit(s, 17));
    cpu_set_psr(s->cpu, 0);
    EXPECT_HIT(hit(s, 16));
}

/* A long random history against a model that knows exactly which entries a store leaves. */
static void history(struct sut *s)
{
    struct {
        bool valid;
        uint64_t a, n;
    } model[32] = {{0}};
    sut_reset(s);
    for (unsigned i = 0; i < 20000; i++) {
        const unsigned k = noise() % 16, size = noise() & 3, r = 32 + k;
        const uint64_t a = DATA + (noise() % DATA_SIZE & ~((1ull << size) - 1));
        switch (noise() % 5) {
        case 0:
        case 1:
            load(s, ld_a[size], r, a);
            model[k].valid = true;
            model[k].a = a;
            model[k].n = 1u << size;
            break;
        case 2:
        case 3:
            store(s, st[size], a);
            for (unsigned j = 0; j < 32; j++)
                if (model[j].a < a + (1u << size) && a < model[j].a + model[j].n)
                    model[j].valid = false;
            break;
        case 4:
            expect(hit_by(s, i & 1 ? ISA_CHK_A_CLR_M22 : ISA_CHK_A_NC_M22, r) == model[k].valid,
                   "%s: step %u: r%u: expected a %s", run_mode_name[s->mode], i, r,
                   model[k].valid ? "hit" : "miss");
            if (i & 1)
                model[k].valid = false;
            break;
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(struct sut *);
    } t[] = {
        {"basic", basic},         {"overlaps", overlaps},
        {"writers", writers},     {"check-loads", check_loads},
        {"invala", invalidation}, {"no-entry", no_entry},
        {"capacity", capacity},   {"other-cpu", other_cpu},
        {"calls", calls},         {"stack-wrap", wrap},
        {"rotation", rotation},   {"banks", banks},
        {"history", history},
    };
    struct sut *s = sut_new();

    suite_begin(argc, argv);
    for (unsigned i = 0; i < sizeof t / sizeof *t; i++)
        if (group(t[i].name))
            for (s->mode = 0; s->mode < RUN_MODES; s->mode++)
                t[i].test(s);
    int status = suite_end();
    sut_free(s);
    return status;
}
