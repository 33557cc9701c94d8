/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The debug port and ski's simulator calls. Console output goes to stdout unbuffered by the guest's
 * lines; input comes from stdin without waiting.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "sim/board/board.h"
#include "sim/board/semihost.h"
#include "sim/cpu/engine.h"
#include "sim/debug/state.h"
#include "sim/debug/stats.h"

/* Numbers of the simulator calls that ski documents in its ssc.h. */
enum {
    SSC_STOP = 0,
    SSC_HALT_LIGHT = 19,
    SSC_CONSOLE_INIT = 20,
    SSC_GETCHAR = 21,
    SSC_PUTCHAR = 31,
    SSC_GET_RTC = 65,
    SSC_EXIT = 66,
    SSC_LOAD_SYMBOLS = 69,
    SSC_GET_TOD = 74,
    SSC_GET_ARGS = 75,
    SSC_CTL_TRACE = 76,
    SSC_GET_INITRAMFS = 77,
};

static struct {
    uint64_t region; /* being measured, 0: none */
    uint64_t insns, branches;
    int64_t cycles;
} mark;

void semihost_exit(struct machine *m, int status)
{
    fflush(stdout);
    m->exit_status = status & 0xff;
    m->stop = true;
    machine_kick(m);
}

static void put_char(int c)
{
    putchar(c & 0xff);
    if (c == '\n')
        fflush(stdout);
}

/* The next character of stdin if there is one now, else -1. */
static int get_char(void)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    unsigned char c;
    fflush(stdout);
    if (poll(&p, 1, 0) == 1 && read(STDIN_FILENO, &c, 1) == 1)
        return c;
    return -1;
}

static void set_mark(struct cpu *cpu, uint64_t v)
{
    struct machine *m = cpu->m;
    uint64_t insns = stats_instructions(m) - cpu->icount + cpu_icount_now(cpu);
    int64_t cycles = cpu_cycles_now(cpu);

    if (mark.region) {
        fflush(stdout);
        fprintf(stderr,
                "region %" PRIu64 ": %" PRIu64 " instructions, %" PRId64 " cycles, %" PRIu64
                " taken branches\n",
                mark.region, insns - mark.insns, cycles - mark.cycles,
                stats_branches(m) - mark.branches);
    }
    mark.region = v;
    mark.insns = insns;
    mark.cycles = cycles;
    mark.branches = stats_branches(m);
}

static uint64_t port_read(void *dev, struct cpu *cpu, uint64_t offset, unsigned size)
{
    (void)dev, (void)size;
    switch (offset) {
    case DEBUG_PORT_ID:
        return DEBUG_PORT_MAGIC;
    case DEBUG_PORT_CHAR:
        return (uint64_t)(int64_t)get_char();
    case DEBUG_PORT_MARK:
        return mark.region;
    case DEBUG_PORT_INSNS:
        return cpu_icount_now(cpu);
    case DEBUG_PORT_CYCLES:
        return (uint64_t)cpu_cycles_now(cpu);
    default:
        fprintf(stderr, "debug port: read of unknown register %#" PRIx64 "\n", offset);
        return 0;
    }
}

static void port_write(void *dev, struct cpu *cpu, uint64_t offset, uint64_t value, unsigned size)
{
    (void)dev, (void)size;
    switch (offset) {
    case DEBUG_PORT_CHAR:
        put_char((int)(value & 0xff));
        break;
    case DEBUG_PORT_EXIT:
        semihost_exit(cpu->m, (int)value);
        break;
    case DEBUG_PORT_MARK:
        set_mark(cpu, value);
        break;
    case DEBUG_PORT_HEX:
        printf("%016" PRIx64 "\n", value);
        fflush(stdout);
        break;
    default:
        fprintf(stderr, "debug port: write of %#" PRIx64 " to unknown register %#" PRIx64 "\n",
                value, offset);
    }
}

void debug_port_add(struct machine *m)
{
    mark.region = 0;
    phys_add_dev(m, &(struct phys_range){.base = BOARD_DEBUG_BASE,
                                         .size = DEBUG_PORT_SIZE,
                                         .read = port_read,
                                         .write = port_write,
                                         .name = "debug port"});
}

/* Argument n of a call. Missing from the frame: 0, as an unwritten stacked register would be. */
static uint64_t arg(struct cpu *cpu, unsigned n)
{
    return n < cpu->cfm.sof ? gr(cpu, 32 + n)->v : 0;
}

static bool copy_out(struct cpu *cpu, uint64_t pa, const void *data, size_t len)
{
    uint8_t *p = phys_host(cpu->m, pa & ~(1ull << 63), len);
    if (!p)
        return false;
    memcpy(p, data, len);
    return true;
}

void ssc_call(struct cpu *cpu, const char *args)
{
    const uint64_t nr = cpu->gr[15].v;
    uint64_t a0 = arg(cpu, 0), ret = 0;
    char why[80];

    switch (nr) {
    case SSC_STOP:
        fflush(stdout);
        state_fatal(cpu, stderr, "SSC_STOP: breakpoint in the guest");
        semihost_exit(cpu->m, 1);
        return;
    case SSC_HALT_LIGHT:
        cpu->halted = true;
        cpu_attention(cpu);
        return;
    case SSC_CONSOLE_INIT:
    case SSC_LOAD_SYMBOLS:
    case SSC_CTL_TRACE:
        return;
    case SSC_GETCHAR: {
        int c = get_char();
        ret = c < 0 ? 0 : (uint64_t)c;
        break;
    }
    case SSC_PUTCHAR:
        put_char((int)(a0 & 0xff));
        return;
    case SSC_EXIT:
        semihost_exit(cpu->m, (int)a0);
        return;
    case SSC_GET_RTC:
        ret = (uint64_t)(cpu_cycles_now(cpu) /
                         (int64_t)BOARD_ITC_HZ); /* repeatable, unlike the host's */
        break;
    case SSC_GET_TOD: {
        uint64_t now = (uint64_t)cpu_cycles_now(cpu);
        uint64_t tv[2] = {now / BOARD_ITC_HZ, now % BOARD_ITC_HZ / 1000};
        ret = copy_out(cpu, a0, tv, sizeof tv) ? 0 : ~0ull;
        break;
    }
    case SSC_GET_ARGS: {
        size_t len = strlen(args) + 1;
        ret = copy_out(cpu, a0, args, len) ? len : 0;
        break;
    }
    case SSC_GET_INITRAMFS:
        break; /* none: length 0 */
    default:
        fflush(stdout);
        snprintf(why, sizeof why, "unimplemented: SSC %" PRIu64, nr);
        state_fatal(cpu, stderr, why);
        semihost_exit(cpu->m, 1);
        return;
    }
    cpu->gr[8] = (struct gr){ret, 0};
}
