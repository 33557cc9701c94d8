/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Performance monitors and debugging at every level: counts of instructions between a sum and a rum
 * of psr.up, which are the guest's own to the last one; overflow, freezing and its interrupt; who
 * may read. Then single steps, taken branches, lower privilege, instruction and data breakpoints
 * over a piece of code, each trap with where it was.
 */
#include "cpus.h"

#define INST_RETIRED            0x08ul
#define PMC(event, plm, oi, pm) ((event) << 8 | (u64)(plm) | (u64)(oi) << 5 | (u64)(pm) << 6)
#define WIDTH                   47 /* of the counters: bits above are the sign */

extern char counted[], read_pmd[], walked[], walked_end[], __trap_handler[];
extern u64 trap_base, trap_log[], __handlers[];

static struct cpu *me = &cpus[0];
u64 monitor_data[8];
#define data monitor_data

static void counts(void)
{
    for (u64 level = 0; level < 4; level += 3)
        for (u64 plm = 0; plm < 16; plm++) {
            /* Levels 1 and 2 are one. */
            if ((plm & 6) != 0 && (plm & 6) != 6)
                continue;
            for (u64 i = 4; i < 8; i++) {
                set_pmc(i, PMC(INST_RETIRED, plm, 0, i & 1));
                set_pmd(i, 1000 * i);
            }
            set_pmc(0, 0);
            run_at(me, P_VIRT | P_CPL(level), (u64)counted, 100, data);
            set_pmc(0, 1);
            /* An unmodified kernel reads 0 of a privileged monitor (docs/sensitive.md 2, pmd). */
            for (u64 i = 5; i < 8; i += 2)
                set_pmc(i, 0);
            print("level %u plm %x: %u %u %u %u\n", level, plm, get_pmd(4), get_pmd(5), get_pmd(6),
                  get_pmd(7));
        }
}

static void overflow(void)
{
    static const u64 before[] = {1, 400, 401, 402, 403, 404, 410};

    SET_CR("pmv", 0xd1ul);
    for (unsigned int oi = 0; oi < 2; oi++)
        for (unsigned int i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
            set_pmc(4, PMC(INST_RETIRED, 8, oi, 0));
            set_pmc(5, PMC(INST_RETIRED, 8, 0, 0));
            set_pmd(4, (1ul << WIDTH) - before[i]);
            set_pmd(5, 7);
            set_pmc(0, 0);
            run_at(me, P_VIRT | P_CPL(3), (u64)counted, 100, data);
            print("oi %u, %u before: pmc0 %x pmd4 %x pmd5 %u", (u64)oi, before[i], get_pmc(0),
                  get_pmd(4) & ((1ul << WIDTH) - 1), get_pmd(5));
            set_pmc(0, 1);
            open_window();
            print(" irr3 %x;", GET_CR("irr3"));
            for (u64 k = 0; k < me->nlog; k++)
                print(" served %x", me->log[k]);
            me->nlog = 0;
            print("\n");
        }
    SET_CR("pmv", 0x10000ul);
    for (u64 i = 0; i < 4; i++)
        set_pmc(i, i ? 0 : 1);
}

/* Users see 0 where psr.sp or the monitor's pm says so; they may switch psr.up only without psr.sp.
 */
static void reading(void)
{
    set_pmc(0, 1);
    for (u64 pm = 0; pm < 2; pm++) {
        set_pmc(4, PMC(INST_RETIRED, 8, 0, pm));
        set_pmd(4, 4711);
        print("user, pm %u: %u", pm, run_at(me, P_VIRT | P_CPL(3), (u64)read_pmd, 4, data));
        print(", psr.sp: %u", run_at(me, P_VIRT | P_CPL(3) | P_SP, (u64)read_pmd, 4, data));
        print("; one that is not there: %u\n",
              run_at(me, P_VIRT | P_CPL(3), (u64)read_pmd, 99, data));
    }
    for (u64 psr = 0; psr < 8; psr++) {
        u64 bits = (psr & 1 ? P_SP : 0) | (psr & 2 ? P_PP : 0) | (psr & 4 ? P_UP : 0);

        set_pmc(4, PMC(INST_RETIRED, 8, 0, 0));
        set_pmd(4, 0);
        set_pmc(0, 0);
        run_at(me, P_VIRT | P_CPL(3) | bits, (u64)counted, 10, data);
        set_pmc(0, 1);
        print("user, sp pp up %x: %u\n", psr, get_pmd(4));
    }
}

static void traps(const char *what, u64 psr, u64 level)
{
    trap_log[0] = 0;
    data[0] = 0x55;
    u64 r8 = run_at(me, P_VIRT | P_CPL(level) | psr, (u64)walked, 0, data);

    print("%s, level %u: r8 %x, %u traps, then %x isr %x\n", what, level, r8, trap_log[0],
          me->vector, me->isr);
    for (u64 i = 0; i < trap_log[0] && i < 120; i++)
        print(" %x %x %x %x;", trap_log[1 + 4 * i], trap_log[2 + 4 * i], trap_log[3 + 4 * i],
              trap_log[4 + 4 * i]);
    print("\n");
}

static void breakpoints(void)
{
    static const unsigned char plms[] = {1, 8, 9, 6, 15};

    for (unsigned int p = 0; p < 5; p++)
        for (u64 level = 0; level < 4; level += 3) {
            set_ibr(0, (u64)walked + 0x30);
            set_ibr(1, 1ul << 63 | (u64)plms[p] << 56 | ((1ul << 56) - 1));
            print("ibr plm %x ", (u64)plms[p]);
            traps("one bundle", P_DB, level);
            set_ibr(1, 0);
            set_ibr(2, (u64)walked);
            set_ibr(3, 1ul << 63 | (u64)plms[p] << 56 | ((1ul << 56) - 64));
            traps("four bundles", P_DB, level);
            traps("with psr.id", P_DB | P_ID, level);
            traps("and single step", P_DB | P_SS, level);
            traps("without psr.db", 0, level);
            set_ibr(3, 0);
            set_dbr(4, (u64)data);
            set_dbr(5, 1ul << 63 | (u64)plms[p] << 56 | ((1ul << 56) - 1));
            traps("dbr r", P_DB, level);
            set_dbr(5, 1ul << 62 | (u64)plms[p] << 56 | ((1ul << 56) - 8));
            traps("dbr w", P_DB, level);
            set_dbr(5, 3ul << 62 | (u64)plms[p] << 56 | ((1ul << 56) - 1));
            traps("dbr rw and taken branches", P_DB | P_TB, level);
            set_dbr(5, 0);
        }
}

int main(void)
{
    start_cpus(1);
    go_virtual();
    /* Debug, taken branch, single step, lower privilege. */
    __handlers[0x59] = __handlers[0x5f] = __handlers[0x60] = __handlers[0x5e] = (u64)__trap_handler;
    trap_base = (u64)walked;
    counts();
    overflow();
    reading();
    for (u64 level = 0; level < 4; level += 3) {
        traps("nothing", 0, level);
        traps("single step", P_SS, level);
        traps("taken branches", P_TB, level);
        traps("both", P_SS | P_TB, level);
        traps("lower privilege", P_LP, level);
    }
    breakpoints();
    return 0;
}
