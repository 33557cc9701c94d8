/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Kernels in C of several processors, that run native and as domain 0 (tests/lib/bare for the
 * rest): SAL starts the others, each then does what CPU 0 asks of it. Physical addresses are
 * virtual ones. psr.i is 0 but where a function says otherwise. All CPUs' interruptions come to one
 * handler, which uses bank 0 only: an external interrupt goes to the processor's log, a fault to
 * where the processor expected one.
 */
#ifndef TINY_CPUS_H
#define TINY_CPUS_H

#define MAX_CPUS  4
#define LOG_SIZE  64
#define CPU_STACK 0x10000 /* each: backing store, upwards, and memory stack */

/* struct cpu */
#define CPU_RESUME 0
#define CPU_COUNT  8
#define CPU_VECTOR 16
#define CPU_ISR    24
#define CPU_IFA    32
#define CPU_ITIR   40
#define CPU_IPSR   48
#define CPU_IIP    56
#define CPU_IIM    64
#define CPU_IHA    72
#define CPU_IIPA   80
#define CPU_IFS    88
#define CPU_HOW    96
#define CPU_NLOG   104
#define CPU_PERIOD 112
#define CPU_LOG    120

/* CPU_HOW */
#define HOW_EOI   0 /* an interrupt: into the log, and its EOI */
#define HOW_NOEOI 1 /* without */
#define HOW_TIMER 2 /* only counted, and cr.itm a period on from now */

#ifndef __ASSEMBLER__
#include "bare.h"

typedef unsigned long u64;

/* psr, as run_at() and access.c take it */
#define P_BE     (1ul << 1)
#define P_UP     (1ul << 2)
#define P_AC     (1ul << 3)
#define P_IC     (1ul << 13)
#define P_I      (1ul << 14)
#define P_PK     (1ul << 15)
#define P_DT     (1ul << 17)
#define P_DFL    (1ul << 18)
#define P_DFH    (1ul << 19)
#define P_SP     (1ul << 20)
#define P_PP     (1ul << 21)
#define P_DB     (1ul << 24)
#define P_LP     (1ul << 25)
#define P_TB     (1ul << 26)
#define P_RT     (1ul << 27)
#define P_IT     (1ul << 36)
#define P_ID     (1ul << 37)
#define P_DA     (1ul << 38)
#define P_DD     (1ul << 39)
#define P_SS     (1ul << 40)
#define P_ED     (1ul << 43)
#define P_BN     (1ul << 44)
#define P_IA     (1ul << 45)
#define P_VIRT   (P_IC | P_DT | P_RT | P_IT | P_BN)
#define P_CPL(n) ((u64)(n) << 32)

struct cpu;
typedef u64 work(struct cpu *me, u64 a, u64 b);

struct cpu {
    u64 resume, count, vector, isr, ifa, itir, ipsr, iip, iim, iha, iipa, ifs, how;
    volatile u64 nlog;
    u64 period;
    u64 log[LOG_SIZE];
    /* What it has to do, for whom. */
    work *volatile fn;
    u64 a, b, result;
    u64 id;
    volatile u64 up, flag;
};

extern struct cpu cpus[MAX_CPUS];
extern u64 __boot_r28;

/* cpus.c */
void start_cpus(unsigned int n);                      /* this one included */
u64 on(unsigned int cpu, work *fn, u64 a, u64 b);     /* there, and waits for it */
void begin(unsigned int cpu, work *fn, u64 a, u64 b); /* ... does not wait */
u64 end(unsigned int cpu);
void on_all(const char *what, work *fn, u64 a, u64 b); /* all at once, and prints what each says */
void print(const char *f, ...);                        /* %s %u %x, 64 bits */
#define UC_PIB(cpu) (1ul << 63 | 0xfee00000 | (u64)(cpu) << 12)
void ipi(unsigned int cpu, u64 data);
void pal_halt_light(void);                            /* physical mode */
u64 sal(u64 nr, u64 a, u64 b, u64 c, u64 d, u64 *r9); /* likewise; after start_cpus() */

/* cpus.S */
void go_virtual(void);
void cpu_entry(void);
u64 sal_call(u64 *entry_gp, u64 nr, u64 a, u64 b, u64 c, u64 d, u64 *r9);
void pal_static(u64 entry, u64 index);
void wait_open(volatile u64 *flag, u64 value); /* psr.i 1 until *flag is value */
void open_window(void);                        /* psr.i 1 for a moment */
void wait_open_noic(struct cpu *me, volatile u64 *flag,
                    u64 value); /* with psr.ic 0; ends at an interrupt too */
/* One access; a fault in it is in me->vector, 0 if there was none. */
u64 try_load(struct cpu *me, u64 va);
void try_store(struct cpu *me, u64 va, u64 val);
u64 try_call(struct cpu *me, u64 va);
/* Code at ip and psr, with r14 arg and r15 data, until a fault or a break; its r8. */
u64 run_at(struct cpu *me, u64 psr, u64 ip, u64 arg, void *data);
/* Advanced load from `from`, *ready = 1, until *go is 1, then whether it is still in the ALAT. */
u64 alat_kept(u64 from, volatile u64 *ready, volatile u64 *go);

static inline void mf(void)
{
    __asm__ volatile("mf;;" ::: "memory");
}

static inline void relax(void)
{
    __asm__ volatile("hint @pause" ::: "memory");
}

#define GET_CR(name)                                                                               \
    ({                                                                                             \
        u64 v_;                                                                                    \
        __asm__ volatile("srlz.d;; mov %0=cr." name ";; srlz.d;;" : "=r"(v_)::"memory");           \
        v_;                                                                                        \
    })
#define SET_CR(name, val) __asm__ volatile("mov cr." name "=%0;; srlz.d;;" ::"r"(val) : "memory")
#define GET_AR(name)                                                                               \
    ({                                                                                             \
        u64 v_;                                                                                    \
        __asm__ volatile("mov %0=ar." name ";;" : "=r"(v_)::"memory");                             \
        v_;                                                                                        \
    })

/* The register files read and written by index: set_dbr(i, v), get_dbr(i)... */
#define FILE_OPS(name)                                                                             \
    static inline void set_##name(u64 i, u64 v)                                                    \
    {                                                                                              \
        __asm__ volatile("mov " #name "[%0]=%1;; srlz.i;;" ::"r"(i), "r"(v) : "memory");           \
    }                                                                                              \
    static inline u64 get_##name(u64 i)                                                            \
    {                                                                                              \
        u64 v;                                                                                     \
        __asm__ volatile("srlz.d;; mov %0=" #name "[%1];;" : "=r"(v) : "r"(i) : "memory");         \
        return v;                                                                                  \
    }
FILE_OPS(dbr)
FILE_OPS(ibr)
FILE_OPS(pmc)
FILE_OPS(pmd)
FILE_OPS(pkr)
#undef FILE_OPS

static inline void set_rr(u64 va, u64 val)
{
    __asm__ volatile("mov rr[%0]=%1;; srlz.i;;" ::"r"(va), "r"(val) : "memory");
}

#define INSERT_C(insn)                                                                             \
    __asm__ volatile("rsm psr.ic;; srlz.i;; mov cr.ifa=%0; mov cr.itir=%1;;" insn ";; srlz.i;; "   \
                     "ssm psr.ic;; srlz.i;;" ::"r"(va),                                            \
                     "r"(ps << 2), "r"(pte), "r"(slot)                                             \
                     : "memory")
static inline void itc_d(u64 va, u64 ps, u64 pte)
{
    u64 slot = 0;

    INSERT_C("itc.d %2");
}
static inline void itc_i(u64 va, u64 ps, u64 pte)
{
    u64 slot = 0;

    INSERT_C("itc.i %2");
}
static inline void itr_d(u64 slot, u64 va, u64 ps, u64 pte)
{
    INSERT_C("itr.d dtr[%3]=%2");
}
static inline void itr_i(u64 slot, u64 va, u64 ps, u64 pte)
{
    INSERT_C("itr.i itr[%3]=%2");
}
#define PURGE_C(name, insn)                                                                        \
    static inline void name(u64 va, u64 ps)                                                        \
    {                                                                                              \
        __asm__ volatile(insn " %0,%1;; srlz.i;;" ::"r"(va), "r"(ps << 2) : "memory");             \
    }
PURGE_C(ptc_l, "ptc.l")
PURGE_C(ptc_g, "ptc.g")
PURGE_C(ptc_ga, "ptc.ga")
PURGE_C(ptr_d, "ptr.d")
PURGE_C(ptr_i, "ptr.i")
static inline void ptc_e(u64 va)
{
    __asm__ volatile("ptc.e %0;; srlz.i;;" ::"r"(va) : "memory");
}
#endif
#endif
