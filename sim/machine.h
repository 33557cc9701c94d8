/* SPDX-License-Identifier: GPL-2.0-only
 *
 * One machine: its processors, physical address space, time and observers. The board (sim/board) or
 * the user-mode environment (sim/user) fills it; the CPU knows only this header.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "sim/cpu/cpu.h"
#include "sim/mmu/mem.h"

#define MAX_CPUS 64

/* Who finishes floating-point operations that a processor may hand to software (SDM 1:5.4, Software
 * Assistance): what the manual requires to fault (extreme operands of frcpa, frsqrta) and nothing
 * else; besides those, unnormalized operands and tiny results as an Itanium 2 does; nobody, the
 * simulator completes everything (always so with --user). */
enum fp_swa { FP_SWA_MANDATED, FP_SWA_ITANIUM2, FP_SWA_NEVER };

/* What differs between the full system and --user. */
struct machine_ops {
    bool (*translate)(struct cpu *cpu, uint64_t va, unsigned acc, unsigned pl, struct xlat *x,
                      struct intr *in);
    void (*deliver)(struct cpu *cpu,
                    const struct intr *in); /* intr_deliver, or signals and system calls */
    /* Platform events (cpu->event not 0), between blocks; NULL: there is nobody to serve them.
     * True: the processor has gone elsewhere or is held. */
    bool (*event)(struct cpu *cpu);
    /* A machine check abort, kind by the processor state parameter's bits 63:59 (SDM 2:11.3.2.1).
     * False: nobody serves it. */
    bool (*machine_check)(struct cpu *cpu, uint64_t check, const char *what);
};

/* Observers (SDM-neutral): trace, gdb, comparison. Any non-NULL callback puts the CPUs in
 * single-step or slow-memory mode as needed (machine_observe()). sim/debug/trace.c is the first
 * user. */
struct observer {
    void *arg;
    void (*insn)(void *arg, struct cpu *cpu, uint64_t ip,
                 unsigned slot); /* before each instruction */
    void (*retire)(void *arg, struct cpu *cpu, uint64_t ip, unsigned slot); /* after it */
    void (*mem)(void *arg, struct cpu *cpu, uint64_t va, uint64_t pa, const void *val,
                unsigned size, unsigned acc);
    void (*tlb)(void *arg, struct cpu *cpu, const char *what, uint64_t va, uint64_t pte,
                uint64_t itir);
    void (*intr)(void *arg, struct cpu *cpu, const struct intr *in);
    void (*branch)(void *arg, struct cpu *cpu, uint64_t from, uint64_t to);
};

/* A range of physical memory: RAM (host non-NULL) or a device. Sorted by base. */
struct phys_range {
    uint64_t base, size;
    uint8_t *host;
    void *dev;
    uint64_t (*read)(void *dev, struct cpu *cpu, uint64_t offset, unsigned size);
    void (*write)(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size);
    const char *name;
};

struct machine {
    struct cpu *cpu[MAX_CPUS];
    unsigned ncpu;
    const struct machine_ops *ops;
    struct phys_range *range;
    unsigned nranges;
    struct code_cache *code; /* decoded pages, sim/cpu/engine.c */
    struct observer *obs;    /* NULL: nobody looks */
    bool slow_mem;           /* an observer wants every memory access */
    uint64_t alat_bloom; /* union over CPUs: a store need not look further when its hash is clear */
    int exit_status;
    bool stop; /* leave machine_run */
    void (*poll)(struct machine
                     *m); /* NULL, or called by machine_run between turns (sim/debug/debugger.c) */
    int64_t now;          /* modelled time all CPUs have reached: the start of the current turn */
    int64_t next_event;   /* when `events` wants to be called; INT64_MAX: never */
    void (*events)(struct machine *m,
                   int64_t now);     /* device timers (sim/board/event.c); sets next_event anew */
    bool (*wait)(struct machine *m); /* every CPU idle and nothing scheduled: waits for outside
                                        input; false: none can come */
    /* NULL, or called between turns: outside input, resets. idle: the machine is about to skip to
     * *until, which may be lowered. True: something changed, look again. */
    bool (*turn)(struct machine *m, bool idle, int64_t *until);
    bool user_mode;     /* --user */
    bool privop_native; /* --privop-native: sim/cpu/privop_native.h */
    uint8_t fp_swa;     /* enum fp_swa */
    uint32_t watchdog;  /* interruptions in a row without an rfi that end the simulation; 0: off */
    void *board;        /* struct board or struct user_env */
};

static inline uint8_t machine_fp_swa(const struct machine *m)
{
    return m->user_mode ? FP_SWA_NEVER : m->fp_swa;
}

struct machine *machine_new(unsigned ncpu);
void machine_free(struct machine *m);

/* Physical address space (sim/mmu/phys.c). */
void phys_add_ram(struct machine *m, uint64_t base,
                  uint64_t size); /* sparse, zero-filled host memory */
void phys_add_dev(struct machine *m, const struct phys_range *r);
struct phys_range *phys_find(struct machine *m, uint64_t pa);     /* NULL: nothing there */
uint8_t *phys_host(struct machine *m, uint64_t pa, uint64_t len); /* NULL unless RAM all along */

/* Runs until m->stop; returns exit_status. Steps the CPUs in turn, deterministically
 * (sim/cpu/engine.c). */
int machine_run(struct machine *m);
/* Asks every CPU to leave its block soon (from device code or a signal handler). */
void machine_kick(struct machine *m);
/* Installs an observer (NULL: none) and sets the modes it needs. */
void machine_observe(struct machine *m, struct observer *o);

#endif
