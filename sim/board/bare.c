/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Bare-metal machine: RAM as on the board, the debug port, and interruptions that find no handler
 * end the simulation with everything there is to know. Start conditions are documented in
 * README.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/board/bare.h"
#include "sim/board/board.h"
#include "sim/board/semihost.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/rse.h"
#include "sim/debug/names.h"
#include "sim/debug/state.h"
#include "sim/debug/stats.h"
#include "sim/debug/symbols.h"
#include "sim/loader/elf.h"

struct bare {
    struct elf_file elf;
    char *args;
};

/* Nobody wrote cr.iva, and there is no code where it points by default. */
static bool no_handler(struct cpu *cpu, unsigned vector)
{
    uint64_t b[2];
    if (cpu->cr[CR_IVA])
        return false;
    const uint8_t *p = phys_host(cpu->m, vector, 16);
    if (!p)
        return true;
    memcpy(b, p, 16);
    return !b[0] && !b[1];
}

static void bare_deliver(struct cpu *cpu, const struct intr *in)
{
    const struct bare *bare = cpu->m->board;

    if (in->vector == VEC_BREAK && ssc_is_break(in->iim)) {
        /* Only break.m, break.i and break.f carry an immediate: never the long instruction of a
         * bundle. */
        cpu_advance(cpu, cpu->ip, (unsigned)(cpu->psr >> PSR_RI_SHIFT & 3), ISA_OP_ILLEGAL);
        ssc_call(cpu, bare && bare->args ? bare->args : "");
        return;
    }
    if (no_handler(cpu, in->vector)) {
        char why[512], names[200];
        size_t n = (size_t)snprintf(why, sizeof why, "%s (vector %#x, isr %016" PRIx64 ": %s",
                                    vector_name(in->vector), in->vector, in->isr,
                                    isr_names(in->isr, names, sizeof names));
        if (in->sets & INTR_IFA && n < sizeof why)
            n += (size_t)snprintf(why + n, sizeof why - n, ", ifa %016" PRIx64, in->ifa);
        if (in->sets & INTR_IIM && n < sizeof why)
            n += (size_t)snprintf(why + n, sizeof why - n, ", iim %" PRIx64, in->iim);
        if (n < sizeof why)
            snprintf(why + n, sizeof why - n, ") and no handler: cr.iva is 0");
        fflush(stdout);
        state_fatal(cpu, stderr, why);
        semihost_exit(cpu->m, 1);
        return;
    }
    intr_deliver(cpu, in);
}

static const struct machine_ops bare_ops = {.translate = mmu_translate, .deliver = bare_deliver};

struct machine *bare_machine(uint64_t ram, unsigned ncpu)
{
    struct machine *m = machine_new(ncpu);
    if (!m)
        return NULL;
    m->ops = &bare_ops;
    phys_add_ram(m, 0, ram < BOARD_LOW_RAM_MAX ? ram : BOARD_LOW_RAM_MAX);
    if (ram > BOARD_LOW_RAM_MAX)
        phys_add_ram(m, BOARD_HIGH_RAM, ram - BOARD_LOW_RAM_MAX);
    debug_port_add(m);
    for (unsigned i = 0; i < ncpu; i++) {
        cpu_reset(m->cpu[i]);
        m->cpu[i]->cr[CR_LID] = (uint64_t)i << 24; /* id 31:24, eid 23:16 */
    }
    return m;
}

void bare_free(struct machine *m)
{
    struct bare *bare = m->board;
    if (bare) {
        elf_close(&bare->elf);
        free(bare->args);
        free(bare);
    }
    stats_free(m);
    machine_free(m);
}

static bool load_segment(void *arg, const struct elf_segment *s, char err[ELF_ERR_SIZE])
{
    struct machine *m = arg;
    if (!s->memsz)
        return true;
    uint8_t *p = phys_host(m, s->paddr, s->memsz);
    if (!p) {
        snprintf(err, ELF_ERR_SIZE,
                 "segment at physical %#" PRIx64 ", %#" PRIx64 " bytes, is not in RAM (see -m)",
                 s->paddr, s->memsz);
        return false;
    }
    memcpy(p, s->data, s->filesz);
    return true;
}

static char *join(int argc, char **argv)
{
    size_t len = 1;
    for (int i = 0; i < argc; i++)
        len += strlen(argv[i]) + 1;
    char *s = calloc(1, len);
    for (int i = 0; s && i < argc; i++) {
        if (i)
            strcat(s, " ");
        strcat(s, argv[i]);
    }
    return s;
}

struct machine *bare_new(const struct bare_options *o, char *err, size_t size)
{
    char elf_err[ELF_ERR_SIZE];
    struct bare *bare = calloc(1, sizeof *bare);
    struct machine *m = NULL;

    if (!bare)
        return NULL;
    if (!elf_open(&bare->elf, o->image, elf_err)) {
        snprintf(err, size, "%s", elf_err);
        free(bare);
        return NULL;
    }
    if (bare->elf.type != ELF_EXEC || bare->elf.interp) {
        snprintf(err, size, "%s: a shared or dynamically linked program; did you mean --user?",
                 o->image);
        goto fail;
    }
    m = bare_machine(o->ram ? o->ram : 64ull << 20, o->ncpu ? o->ncpu : 1);
    if (!m) {
        snprintf(err, size, "out of memory");
        goto fail;
    }
    if (!elf_load(&bare->elf, load_segment, m, elf_err)) {
        snprintf(err, size, "%s: %s", o->image, elf_err);
        goto fail;
    }
    m->board = bare;
    bare->args = join(o->argc, o->argv);
    symbols_add(&bare->elf);
    for (unsigned i = 0; i < m->ncpu; i++) {
        m->cpu[i]->ip = bare->elf.entry & ~15ull;
    }
    return m;
fail:
    elf_close(&bare->elf);
    free(bare);
    if (m)
        machine_free(m);
    return NULL;
}
